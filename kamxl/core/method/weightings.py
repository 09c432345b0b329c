"""How firm an order is if the weights were a little different: in which share of all weightings.

Rank acceptability (SMAA; Lahdelma, Hokkanen and Salminen 1998: the share of the possible weights
that puts an alternative first) around the weights a customer gave: each times 0.8, 0.9, 1, 1.1 or
1.2, rescaled to 100, all combinations counting alike. The critical weight moves one weight as far
as it takes; here all move a little, at once. Several raters: requirement i has the same factor on
every rater's own card, and their leads are averaged. Seed: 2.3.1.1.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import shake_256
from itertools import repeat
from operator import neg
from typing import NamedTuple

from kamxl.core.method.basis import Verdict
from kamxl.core.method.robustness import TIE_DIGITS, Difference

WITHIN = 20  # % that a weight is moved by, either way
FACTORS = (0.8, 0.9, 1.0, 1.1, 1.2)
COUNTED = 12  # requirements of one rater up to which all combinations are counted, half by half
ENUMERATED = 20_000  # combinations of several raters' weights that are all tried: 6 requirements
DRAWS = 4_000  # of a sample beyond; its shares have a standard error of 0.8 points in 100 at most
SEED = 231  # of the sample, the same for everybody: equal cards have equal shares


@dataclass(frozen=True, slots=True)
class Outlook:
    """In which shares 0..1 of all weightings we are ahead, level and behind.

    ``weightings``: how many were tried; ``exact``: these are all there are, else a sample.
    """

    ahead: float
    level: float
    behind: float
    weightings: int
    exact: bool = True

    @property
    def error(self) -> float:
        """The standard error of ``ahead``, 0..1; 0 where all were tried."""
        return 0.0 if self.exact else math.sqrt(self.ahead * (1 - self.ahead) / self.weightings)


class _Terms(NamedTuple):
    """Of one rater, by requirement: w·d and w, 0 where she does not compare."""

    products: Sequence[float]
    weights: Sequence[float]


def outlook(
    raters: Sequence[Sequence[Difference]], level_within: float, seed: int = SEED
) -> Outlook | None:
    """How firmly we are ahead of a rival, from who compares us with it; None: nobody does.

    Nearer than ``level_within`` points is level, to 1e-9 as in a verdict.
    """
    terms, count = _terms(raters)
    if not terms:
        return None
    # who leads by the line is ahead; by ``level_within`` itself, too, and never by nothing
    line = max(level_within, 10**-TIE_DIGITS) - 10**-TIE_DIGITS / 2
    every = len(FACTORS) ** count
    least, most = _bounds(terms)
    sure = _sure(least, most, line)
    if sure is not None:
        ahead, behind = (every if sure is one else 0 for one in (Verdict.AHEAD, Verdict.BEHIND))
        return _outlook(ahead, behind, every, exact=True)
    if len(terms) == 1 and count <= COUNTED:
        ahead = _ahead(terms[0], line) if most >= line else 0
        behind = _behind(terms[0], line) if least <= -line else 0
        return _outlook(ahead, behind, every, exact=True)
    exact = every <= ENUMERATED
    return _tried(_leads(terms, None if exact else seed), line * len(terms), exact=exact)


def _terms(raters: Sequence[Sequence[Difference]]) -> tuple[list[_Terms], int]:
    """Each rater's terms, and how many requirements weigh anything with any of them."""
    found = [rows for given in raters if (rows := [row for row in given if row.weight > 0])]
    names = sorted({row.requirement for rows in found for row in rows})
    terms = []
    for rows in found:
        own = {row.requirement: row for row in rows}
        weights = [own[name].weight if name in own else 0.0 for name in names]
        points = [own[name].points if name in own else 0.0 for name in names]
        terms.append(_Terms([w * d for w, d in zip(weights, points, strict=True)], weights))
    return terms, len(names)


# --- where no weighting changes anything ---------------------------------------------------------


def _bounds(raters: Sequence[_Terms]) -> tuple[float, float]:
    """The smallest and the largest lead that any weighting gives."""
    least = math.fsum(-_most([-p for p in one.products], one.weights) for one in raters)
    most = math.fsum(_most(*one) for one in raters)
    return least / len(raters), most / len(raters)


def _sure(least: float, most: float, line: float) -> Verdict | None:
    """The verdict that every weighting leaves as it is; None: there may be others."""
    if least >= line:
        return Verdict.AHEAD
    if most <= -line:
        return Verdict.BEHIND
    return Verdict.LEVEL if -line < least and most < line else None


def _most(products: Sequence[float], weights: Sequence[float]) -> float:
    """The largest lead of one rater: the requirements where we are best weigh the most."""
    rows = [(p / w, p, w) for p, w in zip(products, weights, strict=True) if w > 0]
    low, high = FACTORS[0], FACTORS[-1]
    above, weight = (low * math.fsum(row[at] for row in rows) for at in (1, 2))
    best = above / weight
    for _, product, own in sorted(rows, reverse=True):
        above += (high - low) * product
        weight += (high - low) * own
        best = max(best, above / weight)
    return best


# --- counted, tried, or drawn --------------------------------------------------------------------


def _ahead(rater: _Terms, line: float) -> int:
    """In how many of all combinations one rater's lead reaches the line: there Σ f·w·(d − line)
    does 0.
    """
    return _reaching([p - line * w for p, w in zip(*rater, strict=True)])


def _behind(rater: _Terms, line: float) -> int:
    """The same of the rival's lead over us."""
    return _reaching([-p - line * w for p, w in zip(*rater, strict=True)])


def _reaching(values: Sequence[float]) -> int:
    """How many combinations of factors bring the sum of factor times value to 0 or more."""
    half = len(values) // 2
    first, second = _in_order(values[:half]), _in_order(values[half:])
    # none of those below reaches 0 with any of the second half, and from ``above`` on all do
    below = bisect_left(first, -second[-1])
    above = bisect_left(first, -second[0], below)
    short = sum(map(bisect_left, repeat(second), map(neg, first[below:above])))
    return len(first) * len(second) - short - below * len(second)


def _combined(values: Iterable[float]) -> list[float]:
    """Σ factor times value for all combinations, in one order whatever the values are."""
    sums = [0.0]
    for value in values:
        moved = [factor * value for factor in FACTORS]
        sums = [one + more for one in sums for more in moved]
    return sums


def _in_order(values: Iterable[float]) -> list[float]:
    """The same, the smallest first: what is sorted in between is soon sorted in the end."""
    sums = [0.0]
    for value in values:
        moved = [factor * value for factor in FACTORS]
        sums = [one + more for more in moved for one in sums]
        sums.sort()
    return sums


def _sampled(values: Iterable[float], seed: int) -> list[float]:
    """The same for the combinations of a sample."""
    sums = [0.0] * DRAWS
    for place, value in enumerate(values):
        sums = [one + f * value for one, f in zip(sums, _drawn(seed, place), strict=True)]
    return sums


@lru_cache(maxsize=64)
def _drawn(seed: int, place: int) -> tuple[float, ...]:
    """The factors of one requirement in all draws."""
    # a stream of bytes that no version of Python draws otherwise, with some to spare
    stream = shake_256(f"{seed}:{place}".encode()).digest(DRAWS * 9 // 8)
    whole = 256 - 256 % len(FACTORS)  # of a byte beyond one factor would be drawn more often
    return tuple(FACTORS[one % len(FACTORS)] for one in stream if one < whole)[:DRAWS]


def _leads(raters: Sequence[_Terms], seed: int | None) -> list[float]:
    """The sum of the leads under each combination; ``seed`` None: under all of them."""
    leads: list[float] = []
    for one in raters:
        parts = (_combined(part) if seed is None else _sampled(part, seed) for part in one)
        own = [p / w for p, w in zip(*parts, strict=True)]
        leads = [a + b for a, b in zip(leads, own, strict=True)] if leads else own
    return leads


def _tried(leads: Sequence[float], line: float, *, exact: bool) -> Outlook:
    ahead = len([1 for lead in leads if lead >= line])
    behind = len([1 for lead in leads if lead <= -line])
    return _outlook(ahead, behind, len(leads), exact=exact)


def _outlook(ahead: int, behind: int, of: int, *, exact: bool) -> Outlook:
    return Outlook(ahead / of, (of - ahead - behind) / of, behind / of, of, exact)
