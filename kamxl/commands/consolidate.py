"""``kamxl consolidate`` and its button: what came back, and the portfolio made of it."""

from __future__ import annotations

from kamxl.commands.parts.declared import Button, Command, Option
from kamxl.commands.parts.options import PERIOD
from kamxl.commands.parts.speaking import json_pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import Any

    from kamxl.commands.parts.given import Chance, Given
    from kamxl.core.finding import Finding
    from kamxl.core.method.breadth import Breadth
    from kamxl.core.method.position import Position
    from kamxl.core.method.programmes import ProgrammeSummary
    from kamxl.core.method.selection import SelectedAccount
    from kamxl.core.portfolio.changing import AccountChange
    from kamxl.core.portfolio.results import AccountResult
    from kamxl.core.portfolio.whole import Portfolio
    from kamxl.core.records.plan import PlanField
    from kamxl.wording.texts import Texts
    from kamxl.workflow.buttons.desk import Desk, Said
    from kamxl.workflow.buttons.onscreen import OpenPortfolio
    from kamxl.workflow.incoming.standing import Standing
    from kamxl.workflow.results import ConsolidateResult

    Json = dict[str, Any]

_MOST = 61  # processes: Windows waits for no more
_UNSEATED = "no-longer-used"  # about files, and said above all else
_OF_PORTFOLIO = frozenset(
    {
        "portfolio-set-aside",
        "portfolio-unread",
        "portfolio-locked",
        "portfolio-not-refreshed",
        "report-locked",
        "remarks-orphaned",
    }
)
_OF_PLANS = frozenset({"companion-not-written", "companion-beside"})


def run(given: Given) -> ConsolidateResult | Standing:
    """Read what lies in the workspace, and write its portfolio, unless nothing at all is new."""
    from kamxl.workflow.incoming.standing import consolidated

    workers, share = given.options.workers, given.options.share
    _check(workers, share)
    return consolidated(
        given.folder,
        given.language,
        given.options.period,
        workers,
        share=share,
        now=given.now(),
        words=_words,
        pieces=_pieces,
        json=getattr(given.options, "json", False),
        progress=given.progress,
    )


def _check(workers: int | str, share: bool) -> None:
    """What was typed is asked first, though nothing may have to be read (KamxlError)."""
    from kamxl.errors import KamxlError

    if isinstance(workers, str):
        from kamxl.workflow.incoming.cluster import is_address

        if not is_address(workers):
            raise KamxlError("cluster-address", address=workers)
    elif share:
        raise KamxlError("option-of-another", option="--share", action="--workers dask://HOST:PORT")


# --- as JSON -------------------------------------------------------------------------------------


def as_json(result: ConsolidateResult | Standing) -> Json:
    """Every file and its fate, and each account as the portfolio shows it."""
    from kamxl.workflow.incoming.standing import Standing

    if not isinstance(result, Standing):
        return _as_json(result)
    from json import loads

    told: Json = loads("".join(result.json or ("{}",)))
    return told


def _pieces(result: ConsolidateResult) -> Iterator[str]:
    """The same as it is written, of which never more than one account is there at a time."""
    return json_pieces(_as_json(result, iter))


def _as_json(
    result: ConsolidateResult, each: Callable[[Iterable[Json]], Iterable[Json]] = list
) -> Json:
    from kamxl.wording.texts import texts
    from kamxl.workflow.results import counts
    from kamxl.workflow.shown.followed import benefits_json, chase_json, follow_json
    from kamxl.workflow.shown.heard import disagreements_json
    from kamxl.workflow.shown.json import file_json, findings_json
    from kamxl.workflow.shown.moved import benchmarks_json, overall_json
    from kamxl.workflow.shown.screen import screen_json
    from kamxl.workflow.shown.whatif import what_if_json

    speech = texts(result.language)
    compared = benchmarks_json(result.portfolio, result.language)
    return {
        "counts": counts(result.files),
        "register": findings_json((*result.findings, *result.memory), speech),
        "files": each(file_json(file, speech) for file in result.files),
        "accounts": each(
            _account(account, result.portfolio, compared.get(account.id))
            for account in result.portfolio.accounts
        ),
        "waterfall": overall_json(result.portfolio, result.language),
        "improvements": _improvements(result.portfolio, result.language),
        "disagreements": disagreements_json(result.portfolio),
        "screen": screen_json(result.portfolio, result.language),
        "what_if": what_if_json(result.tried),
        "follow_up": follow_json(result.portfolio),
        "benefits": benefits_json(result.portfolio),
        "chase": chase_json(result.portfolio),
        "portfolio": result.written,
        "companions": [
            {"account": one.account, "path": one.path, "state": one.state}
            for one in result.companions
        ],
    }


def _account(account: AccountResult, portfolio: Portfolio, benchmark: Json | None) -> Json:
    from kamxl.workflow.shown.heard import before_json, history_json
    from kamxl.workflow.shown.json import lead_json
    from kamxl.workflow.shown.moved import waterfall_json
    from kamxl.workflow.shown.segments import segment_json

    standing, change = account.standing, portfolio.changes.get(account.id)
    return {
        "id": account.id,
        "name": account.name,
        "selection": _selection(standing.selected),
        "total": account.total,
        "coverage": account.coverage,
        **lead_json(account.lead),
        "best_competitor": account.best_competitor,
        "trend": _trend(change) if change else None,
        "waterfall": waterfall_json(change) if change else None,
        "benchmark": benchmark,
        "status": standing.ladder.status.id if standing.ladder else None,
        "position": _position(standing.position),
        "before": before_json(portfolio.before(account)),
        "history": history_json(portfolio.course(account)),
        "contacts": _contacts(standing.breadth),
        "programmes": _programmes(standing.programmes),
        "fields": [_field(field) for field in standing.plan.fields] if standing.plan else None,
        "segments": [segment_json(segment, account) for segment in account.segments],
    }


def _trend(change: AccountChange) -> Json:
    """Why the total is another one than last time: parts that sum to the change, and whether the
    two periods have enough in common for it to be told.
    """
    trend, rival = change.trend, change.rival
    return {
        "since": change.since,
        "change": trend.points,
        "opinion": trend.opinion,
        "weights": trend.weights,
        "mix": trend.mix,
        "came_went": trend.came_went,
        "common": trend.common,
        "enough": change.enough,
        "rival": rival.id if rival else None,
        "rival_change": rival.change.points if rival else None,
        "rival_enough": rival is not None and rival.points is not None,
    }


def _selection(found: SelectedAccount | None) -> Json:
    if found is None:
        shares = ("revenue", "revenue_share", "cumulated_share", "coverage")
        return dict.fromkeys((*shares, "score", "rank", "abc", "gate", "list"))
    return {
        "revenue": found.candidate.revenue,
        "revenue_share": found.revenue_share,
        "cumulated_share": found.cumulated_share,
        "coverage": found.coverage,
        "score": found.score,
        "rank": found.rank,
        "abc": found.abc.value if found.abc else None,
        "gate": found.gate.gate.value,
        "list": found.list.value,
    }


def _position(position: Position) -> Json:
    measures = {measure.value: value for measure, value in position.measures.items()}
    return {**measures, "mean": position.mean, "known": position.known}


def _contacts(breadth: Breadth | None) -> Json:
    if breadth is None:
        return {"breadth": None, "requirers": None}
    return {"breadth": breadth.breadth, "requirers": breadth.requirers}


def _programmes(programmes: ProgrammeSummary | None) -> Json:
    if programmes is None:
        keys = (
            "active",
            "expected_revenue",
            "expected_profit",
            "unvalued_revenue",
            "unvalued_profit",
        )
        return dict.fromkeys(keys)
    expected = programmes.expected
    return {
        "active": programmes.active,
        "expected_revenue": expected.revenue.value,
        "expected_profit": expected.profit.value,
        "unvalued_revenue": len(programmes.unvalued_revenue),
        "unvalued_profit": len(programmes.unvalued_profit),
    }


def _field(field: PlanField) -> Json:
    return {
        "id": field.id,
        "name": field.name,
        "kind": field.kind.value,
        "segment": field.segment or None,
        "revenue_last": field.revenue_last,
        "revenue_now": field.revenue_now,
        "potential": field.potential,
        "white_space": field.white_space,
        "share_of_wallet": field.share_of_wallet,
        "margin": field.margin,
        "developable": field.developable.value,
    }


def _improvements(portfolio: Portfolio, language: str) -> list[Json]:
    """What getting better at each requirement is worth, as *Value drivers* has it."""
    from kamxl.core.method.selection import AccountList
    from kamxl.core.portfolio.improving import improvements

    return [
        {
            "requirement": one.label,
            "ids": list(one.ids),
            "points": one.points,
            "money": one.money,
            "revenue": one.revenue.value,
            "segments": one.segments,
            "unvalued_segments": one.unvalued,
            "earlier_segments": one.earlier,
            "accounts": one.accounts,
            "lists": {
                of.value: {"points": part.points, "money": part.money}
                for of in AccountList
                for part in (one.within(of),)
            },
            "rival": one.rival._asdict() if one.rival else None,
            "actions": [{"account": a.account, "id": a.id} for a in one.actions],
            "acted_segments": one.acted,
            "wishes": one.wishes,
        }
        for one in improvements(portfolio.accounts, language).found
    ]


# --- in words ------------------------------------------------------------------------------------


def words(result: ConsolidateResult | Standing) -> list[str]:
    """How many files met which fate, what needs somebody, and what to open."""
    from kamxl.workflow.incoming.standing import Standing

    return list(result.lines) if isinstance(result, Standing) else _words(result)


def _words(result: ConsolidateResult) -> list[str]:
    from kamxl.core.finding import Fate
    from kamxl.wording.texts import texts
    from kamxl.workflow.results import needs_attention
    from kamxl.workflow.shown.summary import (
        MEMORY,
        counts_line,
        file_lines,
        finding_lines,
        findings_lines,
    )

    said = texts(result.language)
    unseated = [f for f in result.findings if f.code == _UNSEATED]
    lines = [counts_line(result.files, said), *finding_lines(unseated, said)]
    lines += [said("cli.read_here", count=result.read_here)] if result.read_here else []
    for file in result.files:
        if needs_attention(file) or file.fate is Fate.PROVISIONAL:
            lines += file_lines(file, said)
    of_portfolio = [f for f in result.findings if f.code in _OF_PORTFOLIO]
    of_plans = [f for f in result.findings if f.code in _OF_PLANS]
    others = {_UNSEATED, *_OF_PORTFOLIO, *_OF_PLANS}
    of_register = [f for f in result.findings if f.code not in others]
    lines += findings_lines(of_register, "Register.xlsx", said)
    lines += findings_lines(of_portfolio, "Portfolio.xlsx", said)
    lines += findings_lines(of_plans, "plans/", said)
    lines += findings_lines(result.memory, MEMORY, said)
    if fresh := [one for one in result.companions if one.state != "unchanged"]:
        lines.append(said("cli.companions", count=len(fresh), path=fresh[0].path))
    return [*lines, said("cli.portfolio", path=result.written, page=result.report)]


# --- the button ----------------------------------------------------------------------------------


def press(desk: Desk, chance: Chance) -> Said:
    """Consolidate, and refresh the portfolio where it is open; else write and open it."""
    from kamxl.errors import KamxlError
    from kamxl.workflow.buttons.desk import told
    from kamxl.workflow.buttons.onscreen import OpenPortfolio
    from kamxl.workflow.incoming.consolidate import consolidate

    root = desk.workspace()
    desk.settle(root / "Register.xlsx")
    there = desk.shown_at(root / "Portfolio.xlsx")
    screen = OpenPortfolio(there, desk.places.scratch, desk.opened) if there is not None else None
    try:
        with desk.at_work() as progress:
            result = consolidate(root, progress=progress, screen=screen, now=desk.now)
    except Exception as problem:
        if _refreshed(screen) is None:
            raise
        raise KamxlError("half-done") from problem
    shown = _refreshed(screen)
    said = "\n".join(_message(desk.said, result, shown, root))
    if shown is not None:  # and whose it is, was settled
        shown.book.activate()
        return told(said)
    return told(said, desk.show(root / result.written))


def _refreshed(screen: OpenPortfolio | None) -> OpenPortfolio | None:
    """The open workbook that is no longer the old one: the portfolio, or its dated sibling."""
    found = (one for one in (screen, screen and screen.sibling) if one is not None and one.begun)
    return next(found, None)


def _message(
    said: Texts, result: ConsolidateResult, shown: OpenPortfolio | None, root: Path
) -> list[str]:
    """One sentence, then what needs attention."""
    from kamxl.workflow.shown.summary import counts_line

    period, files = result.portfolio.period, counts_line(result.files, said)
    lines = [said("addin.consolidated", period=period, files=files)]
    if not (root / "inbox").is_dir():
        lines.append(said("addin.no_inbox"))
    if shown is not None and not shown.saved:
        lines.append(said("addin.save_yourself"))
    if shown is not None and shown.lost:
        lines.append(said("addin.lost_filters", columns=", ".join(shown.lost)))
    if shown is not None and shown.pages_lost:
        lines.append(said("addin.lost_pages"))
    return lines + _attention(said, result)


def _attention(said: Texts, result: ConsolidateResult) -> list[str]:
    from kamxl.wording.visible import visible
    from kamxl.workflow.buttons.desk import SHOWN
    from kamxl.workflow.results import needs_attention
    from kamxl.workflow.shown.summary import first_reason

    waiting = [file for file in result.files if needs_attention(file)]
    own = [found for found in (*result.memory, *result.findings) if _speaks(found)]
    sentences = [said.sentence(found) for found in own]
    sentences += [f"{visible(f.path)}: {said.sentence(first_reason(f))}" for f in waiting]
    if not sentences:
        return [said("addin.all_well")]
    shown = [f"• {sentence}" for sentence in sentences[:SHOWN]]
    rest = len(sentences) - len(shown)
    more = [said("addin.more_in_intake", count=rest)] if rest else []
    return ["", said("addin.attention", count=len(sentences)), *shown, *more]


def _speaks(found: Finding) -> bool:
    """An error, or something about the portfolio itself, is said; other warnings are on a sheet."""
    from kamxl.core.finding import Severity

    return found.severity is Severity.ERROR or found.code in {_UNSEATED, *_OF_PORTFOLIO, *_OF_PLANS}


# -------------------------------------------------------------------------------------------------


def _workers(text: str) -> int | str:
    """How many, or where they are."""
    from argparse import ArgumentTypeError

    from kamxl.commands.parts.asking import number

    if text.startswith(("dask://", "dask+tls://")):
        return text
    many = number(text)
    if many is None or not 1 <= many <= _MOST:
        raise ArgumentTypeError(
            f"{text} is none of 1 … {_MOST}, dask://HOST:PORT"
        )  # cli.mistyped knows it
    return many


COMMAND = Command(
    "consolidate",
    place=70,
    help="read inbox/ and plans/, write Portfolio.xlsx and Portfolio.html",
    options=(
        PERIOD,
        Option(
            "--workers",
            type=_workers,
            default=1,
            metavar="N",
            help="read with N processes, or with those of a cluster: dask://HOST:PORT",
        ),
        Option(
            "--share",
            action="store_true",
            help="the workspace is on a share that the cluster's workers see under the same path: "
            "files are not sent to them",
        ),
    ),
    run=run,
    as_json=as_json,
    words=words,
    guided=True,
    button=Button(
        "consolidate", group="portfolio", place=70, image="RefreshAll", large=True, press=press
    ),
)
