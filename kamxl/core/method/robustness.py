"""Robustness of an order: at which weight of one requirement do two suppliers change places?

The weighted mean stands here, too: the whole method shares this one piece of arithmetic.
Seed: 2.3.1.1; who knows the critical weight knows what to ask the customer again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

TIE_DIGITS = 9  # figures that agree to 1e-9 are the same figure, so that ties stay ties
_UNSURE = 1e-9  # of a sum's terms: so near to 0 its sign is looked at more closely


class Difference(NamedTuple):
    """A requirement's weight (>= 0), and by how many ``points`` our rating is above the rival's."""

    requirement: str
    weight: float
    points: float


@dataclass(frozen=True, slots=True)
class Flip:
    """The order of us and a rival flips when one requirement's weight becomes ``critical``.

    ``weight`` (today's) and ``critical`` are in % of 100 over the requirements rated for both;
    ``winner`` is the id of the supplier who overtakes there.
    """

    requirement: str
    weight: float
    critical: float
    winner: str


class Reach(Enum):
    """Which shifts of one weight were tried before it is said that none flips the order."""

    ANY = "any"  # one rater: every requirement compared, from 0 to 100 %
    SHARED = "shared"  # several: by the same points with all, as far as each one's weights allow
    NONE = "none"  # a requirement that is the only one with a weight has nothing to give or take


def weighted_mean(pairs: Iterable[tuple[float, float]]) -> float | None:
    """Σ w·x / Σ w of (w, x) pairs; None if no weight is positive: nothing known is not zero."""
    known = list(pairs)
    weights = math.fsum([weight for weight, _ in known])
    if weights <= 0:
        return None
    return math.fsum([weight * value for weight, value in known]) / weights


def is_tie(difference: float) -> bool:
    """Whether a difference is none, to 1e-9: sums of floats that ought to agree rarely do."""
    return round(difference, TIE_DIGITS) == 0


def critical_weights(rows: Sequence[Difference]) -> dict[str, float]:
    """Requirement id to c* in % (0 < c* < 100), in the order of ``rows``, where there is one.

    c* = 100·D/(D − dᵢ), D being the weighted mean of the other differences: the others keep their
    proportions. Between 0 and 100 the lead moves on a straight line from D to dᵢ, so that the order
    flips once if these have opposite signs and never otherwise. Tied now: empty.
    """
    lead = weighted_mean((weight, difference) for _, weight, difference in rows)
    if lead is None or is_tie(lead):
        return {}
    flips = {}
    parts = [weight * difference for _, weight, difference in rows]
    whole, unsure = math.fsum(parts), _UNSURE * math.fsum(map(abs, parts))
    for place, (requirement, _, own) in enumerate(rows):
        rest = whole - parts[place]
        if abs(rest) > unsure and (rest > 0) == (own > 0):  # of one sign: no need to know it well
            continue
        others = weighted_mean((w, d) for at, (_, w, d) in enumerate(rows) if at != place)
        if others is None or is_tie(others) or is_tie(own) or (others > 0) == (own > 0):
            continue
        flips[requirement] = 100 * others / (others - own)
    return flips


class Turning(NamedTuple):
    """Today's weight of a requirement and the critical one, in % of 100."""

    weight: float
    critical: float


def shared_critical_weights(raters: Sequence[Sequence[Difference]]) -> dict[str, Turning]:
    """Where the mean lead of several raters turns, as the weight of one requirement moves.

    It moves by the same t points on each card that compares it, the others there in proportion; of
    that card's lead without it, D, and its difference d: t* = −100·lead ÷ (1/n)Σ(d − D) over all n
    raters. Only where each weight moved stays between 0 and 100: at an end they are level, beyond
    it there is nothing. Tied now: empty. ``weight`` is the mean on the cards that compare it. For
    one rater it is ``critical_weights``.
    """
    leads = [weighted_mean((w, d) for _, w, d in rows) for rows in raters]
    known = [lead for lead in leads if lead is not None]
    lead = math.fsum(known) / len(known) if known else 0.0
    if is_tie(lead):
        return {}
    turns = {}
    for requirement in dict.fromkeys(row.requirement for rows in raters for row in rows):
        found = [_slope(rows, requirement) for rows in raters]
        moved = [slope for slope in found if slope is not None]
        steep = math.fsum(slope for _, slope in moved) / len(known)
        if not moved or any(math.isnan(slope) for _, slope in moved) or is_tie(steep):
            continue
        change = -100 * lead / steep
        if all(0 < round(weight + change, TIE_DIGITS) < 100 for weight, _ in moved):
            weight = math.fsum(weight for weight, _ in moved) / len(moved)
            turns[requirement] = Turning(weight, weight + change)
    return turns


def _slope(rows: Sequence[Difference], requirement: str) -> tuple[float, float] | None:
    """A card's weight of a requirement in % of 100, and d − D; None: it does not compare it.

    Not a number: the card has nothing else that could give or take weight.
    """
    own = next((row for row in rows if row.requirement == requirement), None)
    whole = math.fsum(row.weight for row in rows)
    if own is None or whole <= 0:
        return None
    others = weighted_mean((w, d) for i, w, d in rows if i != requirement)
    slope = math.nan if others is None else own.points - others
    return 100 * own.weight / whole, slope


def reach_of(raters: Sequence[Sequence[Difference]]) -> Reach:
    """How much a missing flip says, for one rater or several."""
    weighing = [{row.requirement for row in rows if row.weight > 0} for rows in raters]
    asked = {row.requirement for rows in raters for row in rows}
    # the only one with a weight on a card has nothing to give there, and nothing to take
    movable = [{one} not in weighing for one in asked]
    if len(raters) > 1:
        return Reach.SHARED if any(movable) else Reach.NONE
    return Reach.ANY if movable and all(movable) else Reach.NONE


def nearest_flip(rows: Sequence[Difference], us: str, rival: str) -> Flip | None:
    """The flip that needs the smallest change of a weight, or None.

    On a tie the heavier requirement, then by id. ``winner`` is the rival if we lead, else us.
    """
    critical = critical_weights(rows)
    lead = weighted_mean((weight, difference) for _, weight, difference in rows)
    if not critical or lead is None:
        return None
    total = math.fsum(weight for _, weight, _ in rows)
    turns = {i: Turning(100 * w / total, critical[i]) for i, w, _ in rows if i in critical}
    return nearest_of(turns, rival if lead > 0 else us)


def nearest_of(turns: Mapping[str, Turning], winner: str) -> Flip | None:
    """The nearest of several turns as a flip; ``winner`` overtakes there."""
    flips = [Flip(i, turn.weight, turn.critical, winner) for i, turn in turns.items()]
    return min(
        flips,
        key=lambda flip: (
            round(abs(flip.critical - flip.weight), TIE_DIGITS),
            -round(flip.weight, TIE_DIGITS),
            flip.requirement.casefold(),
        ),
        default=None,
    )
