"""What moved the totals since last time, and each account beside all others, as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from kamxl.core.portfolio.benchmark import Benchmark, benchmarks
from kamxl.core.portfolio.changing import AccountChange
from kamxl.core.portfolio.improving import improvements
from kamxl.core.portfolio.waterfall import Waterfall, overall, waterfall_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.workflow.shown.json import Json


def waterfall_json(change: AccountChange) -> Json:
    """The bars of one account: they sum from start to end."""
    return _bars(waterfall_of(change))


def overall_json(portfolio: Portfolio, language: str) -> Json | None:
    """The bars over all accounts, with who is compared; null: nobody is."""
    whole = overall(portfolio, improvements(portfolio.accounts, language).label)
    if whole is None:
        return None
    alike = whole.alike
    return {
        **_bars(whole),
        "accounts": whole.accounts,
        "of": whole.of,
        "compared": {"start": alike.start, "end": alike.end},
    }


def _bars(found: Waterfall) -> Json:
    return {
        "since": found.since,
        "start": found.start,
        "bars": {bar.value: points for bar, points in found.bars.items()},
        "end": found.end,
        "most": {"requirement": found.most[0], "points": found.most[1]} if found.most else None,
        "common": found.common,
        "enough": found.firm,
    }


def benchmarks_json(portfolio: Portfolio, language: str) -> Mapping[str, Json]:
    """By account, of those with a requirement that enough others rate, too."""
    found = benchmarks(portfolio.accounts, language).accounts
    return {account: _benchmark(line) for account, line in found.items()}


def _benchmark(line: Benchmark) -> Json:
    return {
        "own": line.own,
        "others": line.others,
        "difference": line.difference,
        "n": line.n,
        "weights": line.weights,
        "enough": line.enough,
        "requirements": [
            {
                "requirement": one.requirement,
                "ids": list(one.ids),
                "own": one.own,
                "others": one.others,
                "difference": one.difference,
                "n": one.n,
                "weight": one.weight,
            }
            for one in line.requirements
        ],
    }
