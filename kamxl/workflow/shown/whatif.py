"""What the sheet *What if* tries when it is written, as JSON: nothing is rounded."""

from __future__ import annotations

from typing import Any

from kamxl.core.portfolio.whatif import Raised, Standing, WhatIf

Json = dict[str, Any]


def what_if_json(tried: WhatIf | None) -> Json | None:
    """The requirement that is tried, raised; None: nothing is left to improve."""
    if tried is None:
        return None
    scenario = tried.scenario
    return {
        "requirement": scenario.requirement,
        "to": scenario.to,
        "list": scenario.list.value if scenario.list else None,
        "segments": tried.segments,
        "accounts": tried.accounts,
        "points": tried.points,
        "money": tried.money,
        "unvalued_segments": tried.unvalued,
        "newly_ahead": tried.turned(1),
        "newly_level": tried.turned(0),
        "raised": [_raised(one) for one in tried.raised],
    }


def _raised(one: Raised) -> Json:
    return {
        "account": one.account.id,
        "segment": one.segment.id,
        "weight": one.weight,
        "rating": one.rating,
        "points": one.points,
        "money": one.money,
        "now": _standing(one.now),
        "then": _standing(one.then),
    }


def _standing(found: Standing) -> Json:
    verdict = found.lead.verdict
    return {
        "total": found.total,
        "rank": found.place,
        "of": found.of,
        "lead": found.lead.points,
        "verdict": None if verdict is None else verdict.name.lower(),
    }
