"""As JSON: where an account stood before, and where several of its people see us differently."""

from __future__ import annotations

from collections.abc import Sequence

from kamxl.core.portfolio.disagreeing import disagreements
from kamxl.core.portfolio.whole import HistoryPoint, Portfolio
from kamxl.workflow.shown.json import Json, basis_json, lead_json


def before_json(point: HistoryPoint | None) -> Json | None:
    """The place on the map at the answer before, where it was compared then."""
    if point is None:
        return None
    return {
        "period": point.period,
        "relative": point.relative,
        "lead": point.lead.points,
        "basis": basis_json(point.lead.basis),
    }


def history_json(course: Sequence[HistoryPoint]) -> list[Json]:
    """Where an account stood in each period in which it answered, by today's method."""
    return [
        {
            "period": point.period,
            "total": point.total,
            "coverage": point.coverage,
            **lead_json(point.lead),
            "earlier": point.earlier,
        }
        for point in course
    ]


def disagreements_json(portfolio: Portfolio) -> list[Json]:
    """Every requirement on which ratings of us lie too far apart, as *Voices* has it."""
    return [
        {
            "account": one.account.id,
            "segment": one.segment.id,
            "requirement": one.spoken.requirement,
            "label": one.spoken.label,
            "period": one.segment.period,
            "earlier": one.segment.earlier,
            "raters": one.spoken.seen.n,
            "low": one.spoken.seen.low,
            "high": one.spoken.seen.high,
            "range": one.spoken.seen.range,
            "requirers": one.spoken.requirers,
            "purchasers": one.spoken.purchasers,
            "ours": one.spoken.ours,
            "says": [
                {
                    "name": said.name,
                    "function": said.function,
                    "role": said.role.value if said.role else None,
                    "rating": said.rating,
                }
                for said in one.spoken.says
            ],
            "owner": one.owner or None,
            "open": one.open,
            "actions": [action.id for action in one.actions],
        }
        for one in disagreements(portfolio)
    ]
