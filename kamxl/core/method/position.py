"""How firm is our position as a supplier: the five measures (fünf Maßstäbe). Seed: 2.3.1.1.

Each is 0..100 or None (unknown), and stands beside the evidence it was made of.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kamxl.core.method.basis import NOTHING_COMPARED, Lead
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.scoring import WEIGHTS_SUM, WEIGHTS_TOLERANCE, Scorecard

LEVEL = 50.0  # what "as good as the best rival" and "no better than last year" are worth
PER_POINT = 2.5  # a lead of 20 points is all one can have


class PositionMeasure(StrEnum):
    """The five, in the seed's order; the values are names of ``Position``'s properties."""

    REQUIREMENTS_KNOWN = "requirements_known"  # Anforderungsprofil des Kunden
    FULFILMENT = "fulfilment"  # Erfüllungsgrad
    RELATIVE = "relative"  # Verhältnis zu den Leistungsprofilen der Mitbewerber
    CUSTOMER_RETURN = "customer_return"  # Beitrag zur Renditeverbesserung des Kunden
    OWN_RETURN = "own_return"  # Verbesserung der eigenen Rendite


@dataclass(frozen=True, slots=True)
class Position:
    """The evidence, as fields, and the five measures made of it, as properties.

    ``profiles``: the share 0..1 of the account's revenue in the segments whose requirement profile
    the customer completed (``completed`` of ``segments``), None without any answer; ``total``
    (points 0..100) and ``lead`` of the account; ``agreed_value`` and ``value_target``: what the
    customer gains from us a year, in money (at least, if ``agreed_unvalued`` agreed ones do not say
    what), of which it confirmed ``confirmed_value`` and only we claim ``claimed_value`` (the
    rest it does not see, or not yet);
    ``margin``, ``last_margin`` in % and ``improvement_target`` in percentage points a year.
    None: unknown.
    """

    completed: int = 0
    segments: int = 0
    profiles: float | None = None
    total: float | None = None
    lead: Lead = NOTHING_COMPARED
    agreed_value: float | None = None
    agreed_unvalued: int = 0
    confirmed_value: float | None = None
    claimed_value: float | None = None
    value_target: float | None = None
    margin: float | None = None
    last_margin: float | None = None
    improvement_target: float | None = None

    @property
    def requirements_known(self) -> float | None:
        """The revenue share of the segments with a completed profile, 0..100."""
        return None if self.profiles is None else _clipped(100 * self.profiles)

    @property
    def fulfilment(self) -> float | None:
        """The account's total."""
        return self.total

    @property
    def relative(self) -> float | None:
        """50 is level with the best competitor; each point of lead counts 2.5.

        Whatever it rests on: where the lead has no verdict, neither has this, see ``firm``.
        """
        return relative_of(self.lead.unjudged)

    @property
    def firm(self) -> bool:
        """Whether the relative position rests on enough; else it is drawn hollow."""
        return self.lead.basis.enough

    @property
    def customer_return(self) -> float | None:
        """The agreed value a year in % of the target; None without a (positive) target."""
        if self.agreed_value is None or self.value_target is None or self.value_target <= 0:
            return None
        return _clipped(100 * self.agreed_value / self.value_target)

    @property
    def own_return(self) -> float | None:
        """50 is last year's margin, 100 the target reached: it measures that it *improved*."""
        if self.margin is None or self.last_margin is None or self.improvement_target is None:
            return None
        if self.improvement_target <= 0:  # nothing to measure against
            return None
        change = self.margin - self.last_margin
        return _clipped(LEVEL + LEVEL * change / self.improvement_target)

    @property
    def measures(self) -> dict[PositionMeasure, float | None]:
        """All five, in the seed's order."""
        return {measure: getattr(self, measure.value) for measure in PositionMeasure}

    @property
    def mean(self) -> float | None:
        """The mean of the known measures, 0..100; None if none is known.

        For programs that ask for it. No sheet shows it: leaving measures blank would raise it.
        """
        known = [value for value in self.measures.values() if value is not None]
        return math.fsum(known) / len(known) if known else None

    @property
    def known(self) -> int:
        """How many of the five are known: the n of "n of 5"."""
        return sum(value is not None for value in self.measures.values())


def relative_of(lead: float | None) -> float | None:
    """The relative position 0..100 that a lead in points amounts to; None: nothing compared."""
    return None if lead is None else _clipped(LEVEL + PER_POINT * lead)


def _clipped(value: float) -> float:
    return min(max(value, 0.0), 100.0)


def profile_completed(cards: Sequence[Scorecard]) -> bool:
    """Whether one respondent to a segment weighed every requirement, summing to 100.

    ``cards`` are the respondents' own ones.
    """
    return any(_complete(card) for card in cards)


def _complete(card: Scorecard) -> bool:
    off = round(abs(card.weights_sum - WEIGHTS_SUM), TIE_DIGITS)
    return off <= WEIGHTS_TOLERANCE and all(r.weight is not None for r in card.requirements)
