"""Trend: why an account's total is another one than last time, in parts that sum to the change.

A total can move although nobody changed her mind: a severe rater no longer answers, the customer
weighs otherwise, we sell more where we are good. Each is its own cause, and one that acts alone
gets the whole change. The total is a mean in three levels (segments by revenue, raters alike,
requirements by weight), so that a cell, one rater's rating of one requirement in one segment, has
the share a = S·(1/n)·v of it, Σ a = 1. For the cells rated both times

    opinion = Σ ½(a₀ + a₁)(r₁ − r₀)

and what is left, Σ r·(a₁ − a₀) with r = ½(r₀ + r₁) for these, moves with five shares: our revenue
mix and her weights (both among what is there both times), and which segments, raters and
requirements are there. Each gets its Shapley value: all five move from then to now at one pace,
and each is given what it moved on the way (Owen 1972: for a product of shares that is the Shapley
value). With nothing come or gone the two that remain split evenly, as for any two factors.

A share is taken from somebody: a part is therefore told against those who are there both times
("Pia, who was 40 below the others, no longer answers: +20"), or against the whole if nobody is.
Neither the seed nor this module knows more than these numbers; ids and keys are returned in the
form in which ids are compared (``same_id``). The seed asks the customer again and again: 2.3.1.1.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeVar

from kamxl.core.ids import same_id
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.segments import SegmentTotal, combine_segments

T = TypeVar("T")
Span = tuple[float, float]  # a number in the earlier and in the later period
Place = tuple[str, ...]  # segment; segment and rater; segment, rater and requirement

# Gauss-Legendre on 0..1, exact up to degree 5: all that is integrated here has at most that.
_FAR = math.sqrt(0.15)
_STEPS = ((0.5 - _FAR, 5 / 18), (0.5, 8 / 18), (0.5 + _FAR, 5 / 18))


class Cell(NamedTuple):
    """A requirement that a rater both weighted (any unit, >= 0) and rated (points 0..100)."""

    weight: float
    rating: float


@dataclass(frozen=True, slots=True)
class RatedSegment:
    """One segment of an account in a period: what counts of its cards for one supplier.

    ``revenue``: a year, in the team's currency, None unknown. ``raters``: rater key to requirement
    key to cell, only raters who count (coverage), only cells with weight and rating, and only
    answers of the period, none that stand in from before. A segment that nobody rated belongs in,
    too, with no raters: an unknown revenue makes all count equally.
    A key has to mean the same in both periods and for all raters: a customer's own requirement
    ("own1") needs one that follows its text.
    """

    id: str
    revenue: float | None
    raters: Mapping[str, Mapping[str, Cell]]


class Cause(StrEnum):
    """What moved a total, in the order in which it is told."""

    OPINION = "opinion"  # a rating is another one
    WEIGHTS = "weights"  # a rater weighs otherwise what she rated both times
    MIX = "mix"  # our revenue with the segments rated both times, or whether it is known
    RATER_CAME = "rater-came"  # who counts now and did not, in a segment rated both times
    RATER_WENT = "rater-went"
    SEGMENT_CAME = "segment-came"  # rated now, not rated (or not there) before
    SEGMENT_WENT = "segment-went"
    REQUIREMENT_CAME = "requirement-came"  # a rater of both times rates it for the first time
    REQUIREMENT_WENT = "requirement-went"


CAME_WENT = frozenset(Cause) - {Cause.OPINION, Cause.WEIGHTS, Cause.MIX}


class Part(NamedTuple):
    """One part of a change, in points of the account's total (−100..100).

    ``rater`` is "" for the revenue mix; ``requirement`` too where segments or raters came or went.
    """

    cause: Cause
    segment: str
    rater: str
    requirement: str
    points: float


@dataclass(frozen=True, slots=True)
class Change:
    """Two totals in points 0..100, and ``common``, what is the same in them: the smaller of the two
    shares 0..1 that the cells rated both times have of their period's total.
    """

    before: float
    now: float
    common: float

    @property
    def points(self) -> float:
        """Now minus before, in points −100..100."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Trend(Change):
    """The change of a total and the parts that sum to it, by cause, largest first."""

    parts: tuple[Part, ...]

    @property
    def opinion(self) -> float:
        """What other ratings did, in points."""
        return self.sum_of(Cause.OPINION)

    @property
    def weights(self) -> float:
        """What the raters' other weights did, in points."""
        return self.sum_of(Cause.WEIGHTS)

    @property
    def mix(self) -> float:
        """What our revenue did that is distributed otherwise, in points."""
        return self.sum_of(Cause.MIX)

    @property
    def came_went(self) -> float:
        """What raters, segments and requirements did that came or went, in points."""
        return self.sum_of(*CAME_WENT)

    def sum_of(self, *causes: Cause) -> float:
        """The points of some causes together."""
        return math.fsum(part.points for part in self.parts if part.cause in causes)

    def by(self, key: Callable[[Part], T], *causes: Cause) -> dict[T, float]:
        """The points of some causes per key, in the order of ``parts``: who, where, about what."""
        found: defaultdict[T, list[float]] = defaultdict(list)
        for part in self.parts:
            if part.cause in causes:
                found[key(part)].append(part.points)
        return {made: math.fsum(points) for made, points in found.items()}

    def moved_most(self, named: Callable[[Part], str]) -> tuple[str, float] | None:
        """The requirement whose ratings moved the total most, over all raters and segments, and by
        how many points; None if no rating moved anything. On a tie the first by name.
        """
        moved = self.by(named, Cause.OPINION)
        most = min(moved.items(), key=lambda item: _largest_first(item[1], item[0]), default=None)
        return None if most is None or round(most[1], TIE_DIGITS) == 0 else most


def trend(earlier: Sequence[RatedSegment], later: Sequence[RatedSegment]) -> Trend | None:
    """Why the later total is another one than the earlier; None if either is unknown.

    Exchanging the periods changes each sign (and who came went); order is irrelevant. Of a rival it
    is the same with the rival's cells. Over several accounts a mean with fixed account weights has
    the mean of the parts. ValueError: an id twice, a number negative or not finite.
    """
    old, new = _mean_of(earlier), _mean_of(later)
    if old is None or new is None:
        return None
    gathered: defaultdict[tuple[Cause, Place], list[float]] = defaultdict(list)
    before, now = _cells(old), _cells(new)
    for place in before.keys() & now.keys():
        (share, rating), (share_now, rating_now) = before[place], now[place]
        gathered[Cause.OPINION, place].append((share + share_now) / 2 * (rating_now - rating))
    both = _Both(old, new)
    for t, width in _STEPS:
        for cause, place, points in _moved(both, t, 1.0):
            gathered[cause, place].append(width * points)
    parts = [_part(*what, math.fsum(points)) for what, points in gathered.items()]
    order = list(Cause)
    parts.sort(key=lambda p: (order.index(p.cause), _largest_first(p.points, *p[1:4])))
    return Trend(_value(old), _value(new), _common(before, now), tuple(parts))


def like_with_like(earlier: Sequence[RatedSegment], later: Sequence[RatedSegment]) -> Change | None:
    """The totals of both periods over the cells rated in both; None if there are none.

    For the rival beside ("+4, but Borel +10"): it moves with ratings, weights and revenues, not
    with who answers. ``common`` says how much of the rival's full totals that is: without enough of
    it nothing may be said. ``trend(*in_both(...))`` takes it apart.
    """
    old, new = (_mean_of(period) for period in (earlier, later))
    then, today = (_mean_of(period) for period in in_both(earlier, later))
    if old is None or new is None or then is None or today is None:
        return None
    return Change(_value(then), _value(today), _common(_cells(old), _cells(new)))


def in_both(
    earlier: Sequence[RatedSegment], later: Sequence[RatedSegment]
) -> tuple[tuple[RatedSegment, ...], tuple[RatedSegment, ...]]:
    """Both periods with the cells of both alone; a card without weight on them is in neither."""
    weights: defaultdict[Place, list[float]] = defaultdict(list)
    for place, cell in (*_typed(earlier), *_typed(later)):
        weights[place].append(cell.weight)
    by_card: defaultdict[Place, list[list[float]]] = defaultdict(list)
    for place, pair in weights.items():
        if len(pair) > 1:
            by_card[place[:2]].append(pair)
    weighed = {card for card, pairs in by_card.items() if all(map(any, zip(*pairs, strict=True)))}
    kept = {place for place, pair in weights.items() if len(pair) > 1 and place[:2] in weighed}
    return _only(earlier, kept), _only(later, kept)


def _typed(period: Sequence[RatedSegment]) -> Iterator[tuple[Place, Cell]]:
    for segment in period:
        for rater, cells in segment.raters.items():
            for requirement, cell in cells.items():
                yield (same_id(segment.id), same_id(rater), same_id(requirement)), cell


def _only(period: Sequence[RatedSegment], kept: set[Place]) -> tuple[RatedSegment, ...]:
    made = []
    for segment in period:
        raters: defaultdict[str, dict[str, Cell]] = defaultdict(dict)
        for place, cell in _typed([segment]):
            if place in kept:
                raters[place[1]][place[2]] = cell
        made.append(RatedSegment(segment.id, segment.revenue, dict(raters)))
    return tuple(made)


def _part(cause: Cause, place: Place, points: float) -> Part:
    segment, rater, requirement = (*place, "", "")[:3]
    return Part(cause, segment, rater, requirement, points)


def _largest_first(points: float, *ids: str) -> tuple[object, ...]:
    return -round(abs(points), TIE_DIGITS), ids


# --- one period: a mean of means ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Mean:
    """A weighted mean: key to share (Σ = 1), and key to what it is the mean of."""

    shares: Mapping[str, float]
    of: Mapping[str, _Mean | float]


def _value(of: _Mean | float) -> float:
    if not isinstance(of, _Mean):
        return of
    return math.fsum(share * _value(of.of[key]) for key, share in of.shares.items())


def _mean_of(period: Sequence[RatedSegment]) -> _Mean | None:
    """Segments, raters, requirements; None if nothing is rated (or only what has no revenue)."""
    segments = {key: _segment(s.raters) for key, s in _keyed((s.id, s) for s in period).items()}
    totals = [
        SegmentTotal(s.id, s.revenue, None if found is None else _value(found))
        for s, found in zip(period, segments.values(), strict=True)
    ]
    whole = combine_segments(totals)
    weights = {same_id(segment): share for segment, share in whole.weights.items()}
    return _weighted({k: (weights[k], found) for k, found in segments.items() if found is not None})


def _segment(raters: Mapping[str, Mapping[str, Cell]]) -> _Mean | None:
    """The mean of the raters' own totals; a card without a positive weight has none."""
    cards = {}
    for rater, cells in _keyed(raters.items()).items():
        for cell in cells.values():
            if not (math.isfinite(cell.weight) and cell.weight >= 0 and math.isfinite(cell.rating)):
                raise ValueError(f"{cell!r} is negative or not finite")
        card = _weighted(_keyed(cells.items()))
        if card is not None:
            cards[rater] = (1.0, card)
    return _weighted(cards)


def _weighted(weighted: Mapping[str, tuple[float, _Mean | float]]) -> _Mean | None:
    whole = math.fsum(weight for weight, _ in weighted.values())
    if whole <= 0:
        return None
    shares = {key: weight / whole for key, (weight, _) in weighted.items()}
    return _Mean(shares, {key: of for key, (_, of) in weighted.items()})


def _keyed(items: Iterable[tuple[str, T]]) -> dict[str, T]:
    """By compared key; ValueError if one stands twice."""
    found: dict[str, T] = {}
    for key, item in items:
        if same_id(key) in found:
            raise ValueError(f"{key!r} stands twice")
        found[same_id(key)] = item
    return found


def _cells(of: _Mean | float, place: Place = (), share: float = 1.0) -> dict[Place, Span]:
    """Place of each cell to its share of the whole and its rating."""
    if not isinstance(of, _Mean):
        return {place: (share, of)}
    cells: dict[Place, Span] = {}
    for key, own in of.shares.items():
        cells |= _cells(of.of[key], (*place, key), share * own)
    return cells


def _common(before: Mapping[Place, Span], now: Mapping[Place, Span]) -> float:
    kept = before.keys() & now.keys()
    return min(math.fsum(cells[place][0] for place in kept) for cells in (before, now))


# --- two periods: from then to now ----------------------------------------------------------------


class _Both:
    """The same mean in two periods, and what it is at any time t between them (0..1).

    ``held``: the share of all who are there both times, ``own``: each one's share of that, so that
    who comes or goes takes from all in proportion. Nothing held: the own shares of the other time.
    """

    def __init__(self, old: _Mean, new: _Mean) -> None:
        self.old, self.new = old, new
        kept = old.shares.keys() & new.shares.keys()
        self.held: Span = _sum_of(old, kept), _sum_of(new, kept)
        self.own = {key: self._own(key) for key in kept}
        self.inside = {key: _both(old.of[key], new.of[key]) for key in kept}

    def _own(self, key: str) -> Span:
        pairs = zip((self.old, self.new), self.held, strict=True)
        known = [mean.shares[key] / held for mean, held in pairs if held > 0] or [0.0]
        return known[0], known[-1]

    def held_at(self, t: float) -> float:
        return _between(self.held, t)

    def others(self) -> Iterator[tuple[str, Span, _Mean | float]]:
        """Who went and who came: key, share, and what was or is there."""
        for key in self.old.shares.keys() - self.own.keys():
            yield key, (self.old.shares[key], 0.0), self.old.of[key]
        for key in self.new.shares.keys() - self.own.keys():
            yield key, (0.0, self.new.shares[key]), self.new.of[key]

    def value(self, t: float) -> float:
        others = (_between(share, t) * _value(of) for _, share, of in self.others())
        return math.fsum([self.held_at(t) * self.kept_value(t), *others])

    def kept_value(self, t: float) -> float:
        return math.fsum(_between(own, t) * self.inside_at(key, t) for key, own in self.own.items())

    def inside_at(self, key: str, t: float) -> float:
        inside = self.inside[key]
        return inside.value(t) if isinstance(inside, _Both) else inside

    def against(self, t: float) -> float:
        """What a part is told against: those there both times, or all if these have no share."""
        return self.kept_value(t) if any(self.held) else self.value(t)


def _sum_of(mean: _Mean, keys: Iterable[str]) -> float:
    return math.fsum(mean.shares[key] for key in keys)


def _both(old: _Mean | float, new: _Mean | float) -> _Both | float:
    """A rating stands for both times by its mean: its change is the opinion's."""
    if isinstance(old, _Mean) and isinstance(new, _Mean):
        return _Both(old, new)
    return (_value(old) + _value(new)) / 2


def _between(span: Span, t: float) -> float:
    return span[0] * (1 - t) + span[1] * t


# Per level: the cause if own shares move (raters count alike: there is none), who came, who went.
_LEVELS = (
    (Cause.MIX, Cause.SEGMENT_CAME, Cause.SEGMENT_WENT),
    (None, Cause.RATER_CAME, Cause.RATER_WENT),
    (Cause.WEIGHTS, Cause.REQUIREMENT_CAME, Cause.REQUIREMENT_WENT),
)


def _moved(
    both: _Both, t: float, share: float, place: Place = ()
) -> Iterator[tuple[Cause, Place, float]]:
    """How fast each cause moves the whole at the time t; ``share``: what the mean has of it."""
    redistributed, came, went = _LEVELS[len(place)]
    against, held = both.against(t), both.held_at(t)
    for key, own in both.own.items():
        here, inside = (*place, key), both.inside[key]
        if redistributed is not None:
            speed = (own[1] - own[0]) * (both.inside_at(key, t) - against)
            yield redistributed, here, share * held * speed
        if isinstance(inside, _Both):
            yield from _moved(inside, t, share * held * _between(own, t), here)
    for key, span, of in both.others():
        cause, change = (went if key in both.old.shares else came), span[1] - span[0]
        for inner, part, value in _told(of, place):
            yield cause, (*place, key, *inner), share * change * part * (value - against)


def _told(of: _Mean | float, place: Place) -> Iterator[tuple[Place, float, float]]:
    """Who or what came or went, with share and value: a segment is told rater by rater."""
    if isinstance(of, _Mean) and not place:
        yield from (((rater,), share, _value(of.of[rater])) for rater, share in of.shares.items())
    else:
        yield (), 1.0, _value(of)
