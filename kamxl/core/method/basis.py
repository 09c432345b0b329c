"""What a comparison rests on (Grundlage), and what may be said because of it (Aussage).

Seed: 2.3.1.1. A right number that rests on little says more than it knows; so a value and its
basis are one thing here, and below the line there is no verdict.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

from kamxl.core.method.robustness import TIE_DIGITS, is_tie

ENOUGH = 0.5  # the share of the weights (of the revenue) from which on a verdict may be given
LEVEL_WITHIN = 3.0  # points: who is nearer than that is level


class Verdict(IntEnum):
    """We are ahead (Vorsprung), level (Gleichstand) or behind (Rückstand)."""

    AHEAD = 1
    LEVEL = 0
    BEHIND = -1


def enough(share: float | None) -> bool:
    """Whether a share 0..1 reaches the line, to 1e-9."""
    return share is not None and round(share - ENOUGH, TIE_DIGITS) >= 0


def percent_of(share: float) -> int:
    """A share 0..1 in whole per cent, downwards: 49.9 % is no 50 %."""
    return math.floor(round(100 * share, TIE_DIGITS))


def rounded_percent(share: float) -> int:
    """A share 0..1 in whole per cent: rounded, but never up to the line or to all of it."""
    exact = round(100 * share, TIE_DIGITS)
    rounded = math.floor(exact + 0.5)
    beyond = exact < 100 * ENOUGH <= rounded or exact < 100 <= rounded
    return percent_of(share) if beyond else rounded


def verdict_of(points: float, level_within: float) -> Verdict:
    """What a lead that may be judged amounts to."""
    if is_tie(points) or round(abs(points) - level_within, TIE_DIGITS) < 0:
        return Verdict.LEVEL
    return Verdict.AHEAD if points > 0 else Verdict.BEHIND


@dataclass(frozen=True, slots=True)
class Basis:
    """What a verdict rests on.

    ``raters`` who compared ``of`` all who answered; ``weights``: the share 0..1 of the weights that
    was compared, of an account Σ revenue share × share over its compared segments; ``revenue``: the
    share 0..1 of the account's revenue that the compared segments bring, of a segment its own one,
    None: nothing to share.
    """

    raters: int = 0
    of: int = 0
    weights: float = 0.0
    revenue: float | None = None

    @property
    def enough(self) -> bool:
        """Whether there may be a verdict."""
        return self.raters > 0 and enough(self.weights)

    @property
    def percent(self) -> int:
        """The weights in whole per cent, as a sentence says them."""
        return rounded_percent(self.weights)

    @property
    def whole(self) -> bool:
        """Whether everything that has a weight was compared."""
        return round(self.weights - 1, TIE_DIGITS) >= 0


@dataclass(frozen=True, slots=True)
class Lead:
    """Our lead over a rival (Wettbewerbsvorteil) with what it rests on: one thing.

    ``unjudged``: the number in points −100..100 whatever it rests on, None if nothing was compared;
    for figures that stand beside their basis, never for a sentence or a colour. ``level_within``:
    the points below which we are level.
    """

    unjudged: float | None = None
    basis: Basis = Basis()
    level_within: float = LEVEL_WITHIN

    @property
    def points(self) -> float | None:
        """The lead in points, if it rests on enough; else None."""
        return self.unjudged if self.basis.enough else None

    @property
    def verdict(self) -> Verdict | None:
        """Ahead, level or behind; None below the line."""
        lead = self.points
        return None if lead is None else verdict_of(lead, self.level_within)

    @property
    def tied(self) -> bool:
        """Whether there is a verdict and no difference at all, to 1e-9."""
        return self.points is not None and is_tie(self.points)


NOTHING_COMPARED = Lead()
