"""The growth gate: three conditions a customer to grow with has to meet. Seed: 2.1, Tab. 2.1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

PARTLY_ALLOWED = 1  # "partly" answers that still leave the gate open


class GrowthCondition(StrEnum):
    """What a customer to grow with must bring along (Tab. 2.1)."""

    POTENTIAL = "potential"  # Potenziale für eine Ausweitung der eigenen Geschäfte
    GROWING = "growing"  # wächst oder will und kann wachsen
    WILLING = "willing"  # bereit, dies mit uns als Lieferant zu tun


class Answer(StrEnum):
    """An answer to a growth condition; not answered is UNKNOWN."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


class Gate(StrEnum):
    """CLOSED: a condition is not met. CLARIFY: ask first. OPEN: nothing speaks against growth."""

    OPEN = "open"
    CLARIFY = "clarify"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class GateResult:
    """The gate and its reasons: the ids of the conditions answered so, in the order of the enum."""

    gate: Gate
    no: tuple[GrowthCondition, ...] = ()
    unknown: tuple[GrowthCondition, ...] = ()
    partly: tuple[GrowthCondition, ...] = ()


def gate_of(conditions: Mapping[str, Answer | None]) -> GateResult:
    """CLOSED if any condition is NO; CLARIFY if any is UNKNOWN or two are PARTLY; else OPEN.

    ``conditions``: growth condition id to answer; absent or None is UNKNOWN. ValueError: an unknown
    condition, or something that is no answer.
    """
    if strangers := set(conditions) - set(GrowthCondition):
        raise ValueError(f"not a growth condition: {sorted(strangers)}")
    answers = {c: Answer(conditions.get(c) or Answer.UNKNOWN) for c in GrowthCondition}

    def answered(wanted: Answer) -> tuple[GrowthCondition, ...]:
        return tuple(condition for condition, answer in answers.items() if answer is wanted)

    no, unknown, partly = map(answered, (Answer.NO, Answer.UNKNOWN, Answer.PARTLY))
    gate = Gate.OPEN
    if no:
        gate = Gate.CLOSED
    elif unknown or len(partly) > PARTLY_ALLOWED:
        gate = Gate.CLARIFY
    return GateResult(gate, no, unknown, partly)
