"""What a refresh of a plan says: what changes in it, and what only its companion tells."""

from __future__ import annotations

from typing import Any

from kamxl.core.portfolio.companion import Companion
from kamxl.wording.texts import Texts, texts
from kamxl.workflow.incoming.refresh import RefreshResult


def beside_lines(of: Companion, said: Texts) -> list[str]:
    """What came back and goes into no cell: the manager decides what becomes of it."""
    counted = (
        ("corrections", len(of.corrections)),
        ("replied", len(of.rows) + len(of.benefits) + len(of.programmes)),
        ("steps", len(of.steps)),
    )
    return [said(f"refresh.lines.{key}", count=count) for key, count in counted if count]


def refresh_lines(result: RefreshResult) -> list[str]:
    """What a plan does not know yet."""
    said, of = texts(result.language), result.companion
    counted = (
        ("wishes", len(of.new_wishes)),
        ("requirements", len(of.new_requirements)),
        ("changed", len(of.changed)),
    )
    lines = [said(f"refresh.lines.{key}", count=count) for key, count in counted if count]
    lines += beside_lines(of, said)
    if not lines:
        return [said("refresh.nothing")]
    return [said("refresh.lacking", path=result.path), *(f"  {line}" for line in lines),
            said("refresh.how")]  # fmt: skip


def refresh_json(result: RefreshResult) -> dict[str, Any]:
    """The same in figures: what is not known is null, nothing is rounded."""
    of = result.companion
    return {
        "path": result.path,
        "kind": "companion",
        "account": of.whose.account,
        "period": of.whose.period,
        "answers_to": of.period,
        "total": of.total.total,
        "earlier_total": of.total.earlier_total,
        "wishes": [
            {"id": one.wish.id, "who": one.wish.who, "issue": one.wish.issue,
             "remedy": one.wish.remedy, "importance": one.importance.now, "in_plan": one.known}
            for one in of.wishes
        ],
        "requirements": [
            {"segment": one.segment, "id": one.id, "label": one.label, "own": one.own,
             "in_plan": one.known, "weight": one.weight.now, "weight_in_plan": one.weight.then,
             "rating": one.rating.now, "rating_in_plan": one.rating.then, "gap": one.gap,
             "requirers": one.requirers, "purchasers": one.purchasers}
            for one in of.requirements
        ],
        "corrections": [
            {"id": one.shown.id, "who": one.who, "statement": one.shown.text,
             "view": one.said.view.value if one.said.view else None,
             "correction": one.said.correction}
            for one in of.corrections
        ],
        "steps": [
            {"who": one.who, "what": one.step.what, "by": one.step.who,
             "due": one.step.due.isoformat() if one.step.due else None}
            for one in of.steps
        ],
    }  # fmt: skip
