"""The first screen as JSON: the numbers of sheet and page, unrounded, unknown is null."""

from __future__ import annotations

from typing import Any

from kamxl.core.portfolio.ahead import ahead
from kamxl.core.portfolio.improving import Improvement
from kamxl.core.portfolio.screen import Figure, Row, screen_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.workflow.shown.json import basis_json

Json = dict[str, Any]


def screen_json(portfolio: Portfolio, language: str) -> Json:
    """With whom, what, Monday; the headline numbers; a row for each focus account; what the map
    shows.
    """
    screen = screen_of(portfolio, language)
    whom, monday, compared = screen.whom, screen.monday, ahead(portfolio)
    return {
        "whom": {
            "chosen": whom.chosen,
            "focus": whom.focus,
            "build_up": whom.build_up,
            "selling_only": whom.selling,
            "without_plan": whom.unplanned,
        },
        "what": _what(screen.what),
        "monday": {"overdue": monday.overdue, "call": monday.call, "decide": monday.decide},
        "since": screen.since,
        "figures": {figure.key: _figure(figure) for figure in screen.figures},
        "focused": screen.focused,
        "accounts": [_row(row) for row in screen.rows],
        "map": {"focus": compared.focus, "ahead": compared.ahead, "of": compared.of},
        "gaps": {"without_action": screen.unacted[0], "of": screen.unacted[1]},
    }


def _what(found: Improvement | None) -> Json | None:
    if found is None:
        return None
    return {
        "requirement": found.label,
        "segments": found.segments,
        "accounts": found.accounts,
        "money": found.money,
        "points": found.points,
        "segments_with_action": found.acted,
    }


def _figure(figure: Figure) -> Json:
    made: Json = {
        "value": figure.value,
        "n": figure.n,
        "of": figure.of,
        "change": figure.change,
        "common": figure.common,
    }
    if figure.parts:
        made |= {"parts": list(figure.parts), "before": list(figure.before)}
    return made


def _row(row: Row) -> Json:
    account, apart = row.account, row.apart
    return {
        "id": account.id,
        "lead": account.lead.points,
        "basis": basis_json(account.lead.basis),
        "squares": row.squares,
        "gap": account.gap.points if account.gap else None,
        "gap_requirement": account.gap.label if account.gap else None,
        "actions": len(row.actions),
        "apart": apart.range if apart else None,
        "apart_requirement": apart.label if apart else None,
        "change": row.moved.points,
        "cause": row.moved.why.value,
        "cause_requirement": row.moved.requirement or None,
    }
