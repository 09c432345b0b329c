"""Scales that people rate on although 0 to 100 points were asked, and what they are in points.

A column is judged as a whole: one low rating is an opinion, a column without any above 10 is
another scale until somebody decides. Nothing is converted unless a person said which scale it is.

When a column is doubted, in a sentence that the sheet's own formulas say with COUNT, MAX and
COUNTIF: it has at least two ratings up to 100, none of them above 10 and not all of them 0; or at
least two above 100 (``looks_like``; ``judged`` for a column of one rating, ``weights_like`` for
weights).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import chain

from kamxl.core.method.scoring import WEIGHTS_SUM


class Scale(StrEnum):
    """A scale of ratings; all but the first are read only where somebody decided so."""

    POINTS = "points"  # 0 to 100, as asked
    FIVE = "1-5"  # 5 is best
    TEN = "1-10"
    FROM_ZERO = "0-10"
    GRADES = "grades"  # school grades, 1 to 6: 1 is best
    SHARES = "0-1"
    THOUSAND = "0-1000"


# The worst and the best on each scale: 0 and 100 points.
_ENDS = {
    Scale.POINTS: (0.0, 100.0),
    Scale.FIVE: (1.0, 5.0),
    Scale.TEN: (1.0, 10.0),
    Scale.FROM_ZERO: (0.0, 10.0),
    Scale.GRADES: (6.0, 1.0),
    Scale.SHARES: (0.0, 1.0),
    Scale.THOUSAND: (0.0, 1000.0),
}
SEVERAL = 2  # so few ratings already make a column
LOW, HIGH = 10.0, 100.0
SLIP = 20.0  # weights that miss 100 by less are a slip in adding, not another scale
_ROUNDED = 0.05  # shares as people round them make nearly a whole: 0.33 three times
_EASY = frozenset({0.0, 5.0, 10.0})


def in_points(scale: Scale, rating: float) -> float | None:
    """A rating on a scale in points, 0..100, even steps; None: there is none such on the scale."""
    worst, best = _ENDS[scale]
    if not min(worst, best) <= rating <= max(worst, best):
        return None
    return round(100.0 * (rating - worst) / (best - worst), 9)


def looks_like(ratings: Iterable[float]) -> tuple[Scale, ...]:
    """The scales that a column may be on, likeliest first; (): nothing speaks against 0 to 100.

    Zeros alone are zero on any scale; a single rating above 100 is a slip, not a scale: what the
    others look like is asked without it.
    """
    given = without_slip(ratings)
    if len(given) < SEVERAL or not any(given):
        return ()
    most, least = max(given), min(given)
    if most > LOW:
        several = sum(rating > HIGH for rating in given) >= SEVERAL
        return (Scale.THOUSAND,) if several else ()
    if most <= 1 and any(0 < rating < 1 for rating in given):
        return (Scale.SHARES,)
    likely = [Scale.SHARES] if most <= 1 else []
    if least >= 1:
        likely += [Scale.FIVE] if most <= 5 else []
        likely += [Scale.GRADES] if most <= 6 else []
    likely.append(Scale.TEN if least >= 1 else Scale.FROM_ZERO)
    return tuple(likely)


def without_slip(ratings: Iterable[float]) -> list[float]:
    """Ratings without the one that is above 100; two of those are no slip."""
    given = list(ratings)
    high = [rating for rating in given if rating > HIGH]
    return given if len(high) >= SEVERAL else [rating for rating in given if rating <= HIGH]


def judged(columns: Sequence[Sequence[float]]) -> list[bool]:
    """Which columns of one card are in doubt: each by itself, or all suppliers' ratings together.

    A column too short to tell anything goes with the others: the one rating of a card that is low
    throughout, but not one low rating on a card whose other columns know 0 to 100.
    """
    together = looks_like(chain(*columns))
    return [bool(looks_like(column)) or _goes_along(column, together) for column in columns]


def _goes_along(column: Sequence[float], together: tuple[Scale, ...]) -> bool:
    if not (together and any(column)) or len(column) >= SEVERAL:
        return False
    return max(column) > HIGH if Scale.THOUSAND in together else max(column) <= LOW


def importance_judged(ratings: Sequence[float], others: Sequence[float]) -> bool:
    """Whether what wishes matter is in doubt, beside the ratings of all suppliers on the card."""
    return bool(looks_like(ratings)) or _goes_along(ratings, looks_like(others))


def efforts_judged(ratings: Sequence[float], others: Sequence[float]) -> bool:
    """Whether ratings of an effort are in doubt, beside the ratings of all suppliers on the card.

    Low ones are praise here: 0, 5 and 10 are what somebody says who finds us easy, unless the card
    is on another scale throughout.
    """
    low = bool(looks_like(others)) and max(without_slip(others)) <= LOW
    praise = set(ratings) <= _EASY and len(set(ratings)) > 1
    return importance_judged(ratings, others) and (low or not praise)


def guessed(columns: Iterable[Sequence[float]]) -> tuple[Scale, ...]:
    """What columns in doubt are on, looked at together, likeliest first; (): on no scale we know.

    Four ratings of 1 to 5 may be on 1 to 10; a neighbour with a 9 tells.
    """
    doubted = [given for column in columns if (given := without_slip(column))]
    low = [*chain(*(column for column in doubted if max(column) <= LOW))]
    high = [*chain(*(column for column in doubted if max(column) > LOW))]
    mostly = 2 * sum(one > HIGH for one in high) > len(high)  # fewer are slips: a 0 too many
    likely = looks_like([*low, *low]) + ((Scale.THOUSAND,) if mostly else ())
    on = {Scale.THOUSAND: high}
    return tuple(s for s in likely if all(in_points(s, one) is not None for one in on.get(s, low)))


def weights_like(weights: Sequence[float], asked: int) -> tuple[Scale, ...]:
    """The scales that weights may be on, likeliest first; (): nothing speaks against per cent.

    As ``looks_like`` of ratings, but never if they nearly make 100 (twelve may well be around 8),
    nor of low ones with which less than half of the requirements ``asked`` was weighted: somebody
    did not finish. Weights that make 1000 are per mille, be none above 100.
    """
    whole = sum(weights)
    if round(abs(whole - 10 * WEIGHTS_SUM), 6) <= 0.1:
        return (Scale.THOUSAND,)
    unfinished = 2 * len(weights) < asked and max(without_slip(weights), default=0) <= LOW
    if abs(whole - WEIGHTS_SUM) <= SLIP or unfinished:
        return ()
    return looks_like(weights)


def in_percent(scale: Scale, weights: Sequence[float]) -> list[float]:
    """Weights in doubt in per cent, as far as somebody's decision on the card's scale tells.

    Those that make 1, 10 or 1000 are parts of a whole that lost their sign; any others stay as
    they were typed (1 to 5 says how to read ratings; a weight is none), and their sum is said.
    """
    if scale is Scale.POINTS:
        return list(weights)
    whole = sum(weights)
    wholes = [10.0**power for power in (0, 1, 3)]
    part = next((one for one in wholes if abs(whole - one) <= _ROUNDED * one), None)
    if part is None:
        part = {Scale.SHARES: 1.0, Scale.THOUSAND: 1000.0}.get(scale, WEIGHTS_SUM)
    return [round(WEIGHTS_SUM * one / part, 9) for one in weights]
