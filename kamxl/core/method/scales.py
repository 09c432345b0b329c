"""Scales that people rate on although 0 to 100 points were asked, and what they are in points.

A column is judged as a whole: one low rating is an opinion, a column without any above 10 is
another scale until somebody decides. Nothing is converted unless a person said which scale it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


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


def in_points(scale: Scale, rating: float) -> float | None:
    """A rating on a scale in points, 0..100, even steps; None: there is none such on the scale."""
    worst, best = _ENDS[scale]
    if not min(worst, best) <= rating <= max(worst, best):
        return None
    return round(100.0 * (rating - worst) / (best - worst), 9)


def looks_like(ratings: Iterable[float]) -> tuple[Scale, ...]:
    """The scales that a column may be on, likeliest first; (): nothing speaks against 0 to 100.

    Zeros alone are zero on any scale; a single rating above 100 is a slip, not a scale.
    """
    given = list(ratings)
    if len(given) < SEVERAL or not any(given):
        return ()
    most, least = max(given), min(given)
    if most > 10:
        return (Scale.THOUSAND,) if sum(rating > 100 for rating in given) >= SEVERAL else ()
    likely = []
    if most <= 1:
        likely.append(Scale.SHARES)
    elif all(rating in range(1, 7) for rating in given):
        likely += [Scale.FIVE] if most <= 5 else []
        likely.append(Scale.GRADES)
    likely.append(Scale.TEN if least >= 1 else Scale.FROM_ZERO)
    return tuple(likely)
