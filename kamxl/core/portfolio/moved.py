"""Whether ratings of what was followed up moved more than others, beyond what chance does.

Each rater is her own yardstick, so a customer who rates everything higher this year shows nothing.
Low ratings rise by themselves as often as high ones fall: what the untouched requirements say of
that is taken off before anything is claimed. And a claim needs a difference of more than three
standard errors over raters, which chance alone makes in fewer than one of 300 portfolios.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from kamxl.core.method.basis import LEVEL_WITHIN

LEAST = 5  # cases on either side, and raters, for a sentence
_ERRORS = 3.0  # standard errors that a difference has to exceed


class Moved(NamedTuple):
    """One requirement that one person rated twice: points then, change, her change elsewhere."""

    rater: int
    rating: float
    change: float
    elsewhere: float | None
    followed: bool


class Difference(StrEnum):
    """What may be said."""

    FEW = "few"  # nothing
    NONE = "none"  # no difference beyond chance
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Group:
    """``n`` cases (person and requirement) with their mean changes in points, None: no case."""

    n: int = 0
    change: float | None = None
    elsewhere: float | None = None

    @property
    def more(self) -> float | None:
        """How much more than elsewhere it changed."""
        if self.change is None or self.elsewhere is None:
            return None
        return self.change - self.elsewhere


@dataclass(frozen=True, slots=True)
class Compared:
    """With and without something done; ``raters``: persons with a case of the former."""

    followed: Group = Group()
    others: Group = Group()
    raters: int = 0
    said: Difference = Difference.FEW


def compared(cases: Iterable[Moved], level_within: float = LEVEL_WITHIN) -> Compared:
    """The two groups, and what may be said: nothing under five cases (or raters)."""
    every = list(cases)
    known = [one for one in every if one.elsewhere is not None]
    acted = [one for one in known if one.followed]
    groups = _group(acted), _group([one for one in known if not one.followed])
    raters = len({one.rater for one in acted})
    said = Difference.FEW
    if min(groups[0].n, groups[1].n, raters) >= LEAST:
        said = _said(every, groups[0].more or 0.0, level_within)
    return Compared(*groups, raters, said)


def _group(cases: Sequence[Moved]) -> Group:
    if not cases:
        return Group()
    return Group(
        len(cases), _mean([c.change for c in cases]), _mean([c.elsewhere or 0.0 for c in cases])
    )


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _said(cases: Sequence[Moved], shown: float, level_within: float) -> Difference:
    """``shown``: the figure that a sentence would name; level is level, however sure."""
    mean, error, raters = _beyond(cases)
    limit = _ERRORS * _few(raters - 1) * error
    if abs(mean) <= limit or abs(shown) < level_within or mean * shown <= 0:
        return Difference.NONE
    return Difference.MORE if shown > 0 else Difference.LESS


def _beyond(cases: Sequence[Moved]) -> tuple[float, float, int]:
    """How much more the followed ones changed than untouched ones rated as they were would have,

    as a mean over raters; its standard error; how many raters.
    """
    by: defaultdict[int, list[Moved]] = defaultdict(list)
    for one in cases:
        by[one.rater].append(one)
    plain: list[tuple[float, float]] = []  # of untouched ones: from her mean rating and change
    acted: list[tuple[float, float]] = []  # the same of each rater's followed ones
    for own in by.values():
        still = [one for one in own if not one.followed]
        done = [one for one in own if one.followed]
        if not still:
            continue
        level, change = _mean([o.rating for o in still]), _mean([o.change for o in still])
        plain += [(one.rating - level, one.change - change) for one in still]
        if done:
            acted.append((
                _mean([one.rating - level for one in done]),
                _mean([one.change - change for one in done]),
            ))  # fmt: skip
    slope, of_slope = _slope(plain, len(by))
    effects = [y - slope * x for x, y in acted]
    mean, n = _mean(effects), len(effects)
    spread = math.fsum((e - mean) ** 2 for e in effects) / (n - 1)
    away = _mean([x for x, _ in acted])
    return mean, math.sqrt(spread / n + away**2 * of_slope), n


def _slope(points: Sequence[tuple[float, float]], raters: int) -> tuple[float, float]:
    """How ratings fall back by themselves, per point that they were higher; and its variance."""
    wide = math.fsum(x * x for x, _ in points)
    free = len(points) - raters - 1
    if wide <= 0 or free < 1:
        return 0.0, 0.0
    slope = math.fsum(x * y for x, y in points) / wide
    rest = math.fsum((y - slope * x) ** 2 for x, y in points)
    return slope, rest / free / wide


def _few(free: int) -> float:
    """How much wider Student's distribution is than the normal one, three errors out."""
    return 1 + 2.5 / free + 5.75 / free**2 + 10.1 / free**3 + 16 / free**4
