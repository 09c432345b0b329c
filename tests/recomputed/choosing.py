"""Selection (which accounts to grow with): score, rank, class, gate and list of each."""

from __future__ import annotations

from typing import Any

from tests.recomputed.method import even
from tests.recomputed.reading import Judged, Register


def selection(register: Register) -> dict[str, dict[str, Any]]:
    """What the answer says about the selection of every account, by its id as compared."""
    keys = [account.casefold() for account in register.accounts]
    judged = {key: register.judged.get(key, Judged()) for key in keys}
    scored = {key: _score(one, register) for key, one in judged.items()}
    known = [even(score) for score, _ in scored.values() if score is not None]
    found = {}
    for key, (score, coverage) in scored.items():
        gate = _gate(judged[key].conditions)
        found[key] = {
            "score": score,
            "rank": None if score is None else 1 + sum(other > even(score) for other in known),
            "abc": _class(key, register),
            "gate": gate,
            "list": _list(gate, score, coverage, register),
        }
    return found


def _score(judged: Judged, register: Register) -> tuple[float | None, float]:
    """(Σ w·r / Σ w, coverage in %)."""
    weights = register.weights
    rated = {key: r for key, r in judged.ratings.items() if weights.get(key)}
    weight = sum(weights[key] for key in rated)
    if not weight:
        return None, 0.0
    return (
        sum(weights[key] * r for key, r in rated.items()) / weight,
        100 * weight / sum(weights.values()),
    )


def _gate(conditions: tuple[str, ...]) -> str:
    if "no" in conditions:
        return "closed"
    return "clarify" if "unknown" in conditions or conditions.count("partly") > 1 else "open"


def _list(gate: str, score: float | None, coverage: float, register: Register) -> str:
    wanted = register.setting("focus_score", 60)
    distance = register.setting("build_up", 10)
    covered = even(coverage) >= register.setting("focus_coverage", 80)
    reached = score is not None and even(score) >= wanted
    near = score is not None and even(score) >= wanted - distance
    if gate == "open":
        return "focus" if reached and covered else "build_up" if near else "serve"
    return "build_up" if gate == "clarify" and (near or not covered) else "serve"


def _class(key: str, register: Register) -> str | None:
    """A while strictly larger accounts bring less than 80 %, B below 95 %, else C."""
    sums = {}
    for account in register.accounts:
        parts = register.revenues.get(account.casefold(), {}).values()
        if known := [r for r in parts if r is not None]:
            sums[account.casefold()] = sum(known)
    if key not in sums:
        return None
    if not sums[key]:
        return "C"
    before = even(sum(r for r in sums.values() if r > sums[key]) / sum(sums.values()))
    return "A" if before < 0.8 else "B" if before < 0.95 else "C"
