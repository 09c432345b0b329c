"""The revenue classes of all accounts (20:80, ABC). Seed: 2.1: needed, and not enough to choose by.

Shares are of the known revenues; an unknown one has no share and no class.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kamxl.core.method.robustness import TIE_DIGITS

PARETO = 0.8  # the 80 of 80:20, and where class A ends
B_BEFORE = 0.95  # where class B ends


class Abc(StrEnum):
    """The revenue class by what the larger accounts bring: A below 80 %, B below 95 %, else C."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class Pareto:
    """``largest`` accounts (the fewest that do) of ``of`` bring ``brings`` (0.8..1) of the revenue.

    ``of`` counts all accounts, ``unknown`` those whose revenue is not known, ``partly`` those of
    whose revenue a part is known: it is at least that.
    """

    largest: int
    of: int
    unknown: int
    brings: float
    partly: int = 0

    @property
    def share(self) -> float:
        """The share 0..1 of the accounts: the 20 of 80:20."""
        return self.largest / self.of


def at_least(value: float | None, limit: float) -> bool:
    """Whether a value is known and reaches a limit, to 1e-9."""
    return value is not None and round(value - limit, TIE_DIGITS) >= 0


class Revenues:
    """The revenues of all candidates: shares are of the known ones (20:80, ABC).

    ``partly``: how many of them are only the known part.
    """

    def __init__(self, revenues: Iterable[float | None], partly: int = 0) -> None:
        given = list(revenues)
        self.of, self.partly = len(given), partly
        self.known = sorted(revenue for revenue in given if revenue is not None)
        self.whole = math.fsum(self.known)

    def _largest(self, place: int) -> float:
        """The share of those from ``place`` on, smallest first."""
        return math.fsum(self.known[place:]) / self.whole

    def share(self, revenue: float | None) -> float | None:
        """Its share 0..1 of the whole; None if unknown, or if there is no revenue at all."""
        return None if revenue is None or self.whole <= 0 else revenue / self.whole

    def cumulated(self, revenue: float | None) -> float | None:
        """The share 0..1 of all that are as large or larger: ties have the same."""
        if revenue is None or self.whole <= 0:
            return None
        return self._largest(bisect_left(self.known, revenue))

    def abc(self, revenue: float | None) -> Abc | None:
        """Its class by the share of the strictly larger ones: the largest is always A."""
        if revenue is None:
            return None
        if revenue <= 0:
            return Abc.C
        before = self._largest(bisect_right(self.known, revenue))
        if not at_least(before, PARETO):
            return Abc.A
        return Abc.C if at_least(before, B_BEFORE) else Abc.B

    def pareto(self) -> Pareto | None:
        """The fewest largest accounts that bring 80 %; None if there is no revenue at all."""
        if self.whole <= 0:
            return None
        places = range(len(self.known) - 1, -1, -1)
        place = next(place for place in places if at_least(self._largest(place), PARETO))
        count, unknown = len(self.known) - place, self.of - len(self.known)
        return Pareto(count, self.of, unknown, self._largest(place), self.partly)
