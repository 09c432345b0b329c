"""The answer of ``consolidate --json`` about accounts and segments, recomputed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.recomputed import planned
from tests.recomputed.choosing import selection
from tests.recomputed.method import (
    Comparison,
    Segment,
    clipped,
    complete,
    enough,
    largest,
    over,
    shares,
    weighted,
)
from tests.recomputed.reading import (
    US,
    Card,
    Plan,
    Register,
    read_cards,
    read_plans,
    read_register,
)

COUNTING = ("accepted", "provisional")
NO_PLAN = {
    "status": None,
    "contacts": {"breadth": None, "requirers": None},
    "programmes": {"active": None, "expected_revenue": None, "expected_profit": None},
}


def accounts(
    root: Path, files: Iterable[Mapping[str, Any]], period: str | None = None
) -> list[dict[str, Any]]:
    """What the answer must say about every account; ``files`` tells which files count."""
    register = read_register(root / "Register.xlsx")
    shown = period or register.period
    counting = [file for file in files if file["status"] in COUNTING]
    cards = read_cards(root, _paths(counting, "scorecard"), register)
    plans = read_plans(root, _paths(counting, "plan"))
    selected = selection(register)
    made = []
    for account in register.accounts:
        key = account.casefold()
        plan = _newest([p for p in plans if p.account == key], shown)
        segments = _segments(register, key, [c for c in cards if c.account == key], shown)
        made.append(
            {"id": account, "selection": selected[key], **_account(segments, plan, register)}
        )
    return made


def _paths(files: Iterable[Mapping[str, Any]], kind: str) -> list[str]:
    return [file["path"] for file in files if file["kind"] == kind]


def last_day(period: str) -> tuple[int, int]:
    """(year, last month): a period is as late as its last day, and the shorter one within it."""
    found = re.fullmatch(r"(\d{4})(?:-H([12])|-Q([1-4])|-(\d\d))?", period)
    assert found, period
    year, half, quarter, month = found.groups()
    return int(year), int(half or 0) * 6 or int(quarter or 0) * 3 or int(month or 0) or 12


def _shown(cards: list[Card], period: str) -> list[Card]:
    """Those of the period, or of the latest before it with any."""
    past = [card for card in cards if last_day(card.period) <= last_day(period)]
    if any(card.period == period for card in past):
        return [card for card in past if card.period == period]
    latest = max((last_day(card.period) for card in past), default=None)
    return [card for card in past if last_day(card.period) == latest]


def _newest(plans: list[Plan], period: str) -> Plan | None:
    past = [plan for plan in plans if last_day(plan.period) <= last_day(period)]
    return max(past, key=lambda plan: last_day(plan.period), default=None)


def _segments(register: Register, account: str, cards: list[Card], period: str) -> list[Segment]:
    revenues = register.revenues.get(account, {})
    share = shares(revenues) if revenues else {}
    made = []
    for key in sorted(revenues, key=str.casefold):
        own = [card for card in cards if card.segment == key.casefold()]
        made.append(Segment(key, revenues[key], share[key], tuple(_shown(own, period))))
    return made


def _account(segments: list[Segment], plan: Plan | None, register: Register) -> dict[str, Any]:
    ahead = _ahead(segments)
    figures = {
        "total": over(segments, lambda s: s.mean(US)[0]),
        "coverage": _coverage(segments),
        **ahead,
        "position": _position(segments, ahead["lead"], plan),
        "segments": [_segment(one) for one in segments],
    }
    if plan is None:
        return {**NO_PLAN, **figures}
    return {
        **figures,
        "status": planned.status(plan),
        "contacts": planned.contacts(plan, register),
        "programmes": planned.programmes(plan),
    }


def _coverage(segments: list[Segment]) -> float | None:
    """Unrated segments lower it; without any answer there is none."""
    if all(s.mean(US)[1] is None for s in segments):
        return None
    return sum(s.share * (s.mean(US)[1] or 0.0) for s in segments)


def _ahead(segments: list[Segment]) -> dict[str, Any]:
    """Lead, best competitor and basis of the account, over the segments that are compared."""
    compared = [(s, best) for s in segments if (best := s.compared()) is not None]
    of = largest(s for s, _ in compared) or largest(s for s in segments if s.best() is not None)
    best = of.best() if of else None
    weights = sum(s.share * best.weights for s, best in compared)
    persons: frozenset[str] = frozenset().union(*(best.raters for _, best in compared))
    return {
        "lead": weighted((s.share, b.lead) for s, b in compared if b.lead is not None),
        "best_competitor": of.spelled(best.rival) if of and best else None,
        "basis": {
            "raters": len(persons),
            "of": len(frozenset().union(*(s.raters for s in segments))),
            "weights": weights,
            "revenue": sum(s.share for s, _ in compared),
            "enough": enough(weights),
        },
    }


def _segment(segment: Segment) -> dict[str, Any]:
    number, coverage = segment.mean(US)
    best: Comparison | None = segment.best()
    return {
        "id": segment.id,
        "total": number,
        "coverage": coverage,
        "lead": best.lead if best else None,
        "best_competitor": segment.spelled(best.rival) if best else None,
        "respondents": len(segment.cards),
        "basis": {
            "raters": len(best.raters) if best else 0,
            "of": len(segment.raters),
            "weights": best.weights if best else 0.0,
            "revenue": segment.share,
            "enough": best.enough if best else False,
        },
    }


def _position(segments: list[Segment], lead: float | None, plan: Plan | None) -> dict[str, Any]:
    answered = any(segment.cards for segment in segments)
    known = sum(s.share for s in segments if any(map(complete, s.cards)))
    theirs, ours = planned.returns(plan) if plan else (None, None)
    measures = {
        "requirements_known": 100 * known if answered else None,
        "fulfilment": over(segments, lambda s: s.mean(US)[0]),
        "relative": None if lead is None else clipped(50 + 2.5 * lead),
        "customer_return": theirs,
        "own_return": ours,
    }
    given = [value for value in measures.values() if value is not None]
    return {
        **measures,
        "mean": sum(given) / len(given) if given else None,
        "known": len(given),
    }
