"""Several respondents on one segment: what they wanted and rated side by side, where they differ.

For looking at, requirement by requirement; it has no total and no lead, for those are never made of
averaged inputs: ``panel`` averages each rater's own results. Requirers and purchasers
(Bedarfsträger, Bedarfsdecker) stand side by side by a profile of each group. Seed: 2.2.2, 2.3.1.1.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from kamxl.core.ids import US, same_id
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.scoring import (
    WEIGHTS_SUM,
    BestRating,
    Requirement,
    Scorecard,
    best_per_requirement,
)

DISAGREEMENT = 25.0  # points: a range of ratings above it is something to talk about
STDEV_FROM = 3  # two values have a range; a standard deviation of them says nothing more


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the ratings of one requirement lie apart: n raters, low, high and mean in points.

    ``stdev`` is the sample standard deviation in points, None below three raters.
    """

    n: int
    low: float
    high: float
    mean: float
    stdev: float | None

    @property
    def range(self) -> float:
        """High minus low, in points 0..100."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Profile:
    """The requirement and performance profiles of some raters together.

    ``requirements`` in first-seen order, each with the mean of its weights as % of 100 of who gave
    any; ``spreads``: supplier id to requirement id to how its ratings lie.
    """

    requirements: tuple[Requirement, ...]
    spreads: Mapping[str, Mapping[str, Spread]]

    def __post_init__(self) -> None:
        frozen = {s: MappingProxyType(dict(by)) for s, by in self.spreads.items()}
        object.__setattr__(self, "spreads", MappingProxyType(frozen))

    def __reduce__(self) -> tuple[object, ...]:
        # A mapping proxy does not pickle.
        return Profile, (self.requirements, {s: dict(by) for s, by in self.spreads.items()})

    @property
    def suppliers(self) -> tuple[str, ...]:
        """All supplier ids, in first-seen order."""
        return tuple(self.spreads)

    @property
    def competitors(self) -> tuple[str, ...]:
        """All supplier ids but ours."""
        return tuple(supplier for supplier in self.spreads if supplier != US)

    def rating(self, supplier: str, requirement: str) -> float | None:
        """The mean rating of a supplier by who rated it on this, in points; None: nobody did."""
        by = self.spread(supplier)
        if (own := by.get(requirement)) is not None:
            return own.mean
        wanted = same_id(requirement)
        return next((found.mean for i, found in by.items() if same_id(i) == wanted), None)

    def spread(self, supplier: str) -> Mapping[str, Spread]:
        """Requirement id to how the ratings of a supplier lie, where anybody rated it."""
        if (found := self.spreads.get(supplier)) is not None:
            return found
        wanted = same_id(supplier)
        return next((by for s, by in self.spreads.items() if same_id(s) == wanted), {})

    def disagreements(self, threshold: float = DISAGREEMENT) -> tuple[str, ...]:
        """Ids of the requirements on which *we* are rated more than ``threshold`` points apart.

        The largest range first.
        """
        ranges = {i: round(found.range, TIE_DIGITS) for i, found in self.spread(US).items()}
        return tuple(sorted((i for i in ranges if ranges[i] > threshold), key=lambda i: -ranges[i]))

    def best_per_requirement(self) -> Mapping[str, BestRating]:
        """Requirement id to the competitor rated best on *it* and that mean rating.

        Another measure than the best competitor overall: nobody has to be this good everywhere.
        """
        return _Best(self)


class _Best(Mapping[str, BestRating]):
    """Looked for where it is asked for: to keep it for all would take more than the ratings."""

    __slots__ = ("_profile",)

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def __getitem__(self, requirement: str) -> BestRating:
        """Who is best on it (KeyError: nobody is rated on it)."""
        if all(asked.id != requirement for asked in self._profile.requirements):
            raise KeyError(requirement)
        return self._of([requirement])[requirement]

    def __iter__(self) -> Iterator[str]:
        """The requirements on which anybody is rated."""
        return iter(self._of([asked.id for asked in self._profile.requirements]))

    def __len__(self) -> int:
        """How many they are."""
        return len(list(iter(self)))

    def _of(self, asked: Iterable[str]) -> dict[str, BestRating]:
        return best_per_requirement(asked, self._profile.competitors, self._profile.rating)


class _OfOne(Profile):
    """The profile of one rater: her card says it all."""

    __slots__ = ("_card",)
    _card: Scorecard

    def __init__(self, card: Scorecard) -> None:
        object.__setattr__(self, "requirements", requirements_of([card]))
        object.__setattr__(self, "_card", card)

    def __reduce__(self) -> tuple[object, ...]:
        return _OfOne, (self._card,)

    @property
    def spreads(self) -> Mapping[str, Mapping[str, Spread]]:
        """Supplier id to requirement id to how its ratings lie."""
        return {supplier: self.spread(supplier) for supplier in self.suppliers}

    @property
    def suppliers(self) -> tuple[str, ...]:
        """All supplier ids."""
        return self._card.suppliers

    @property
    def competitors(self) -> tuple[str, ...]:
        """All supplier ids but ours."""
        return self._card.competitors

    def rating(self, supplier: str, requirement: str) -> float | None:
        """Her rating."""
        found = self._card.rating(supplier, requirement)
        return None if found is None else mean_within([found])

    def spread(self, supplier: str) -> Mapping[str, Spread]:
        """Each of her ratings as one of one."""
        names = [requirement.id for requirement in self.requirements]
        return MappingProxyType(_spreads([self._card], supplier, names))


def profile_of(cards: Sequence[Scorecard]) -> Profile:
    """The profile of some raters' cards.

    Requirements and suppliers under the first spelling; label and minimum of the first seen. A
    requirement that is not on a card, or has no weight there, weighs 0 there; a card without a
    positive weight has no say in the weights. Nobody gave a weight: None.
    """
    if len(cards) == 1:
        return _OfOne(cards[0])
    requirements = requirements_of(cards)
    names = [requirement.id for requirement in requirements]
    return Profile(requirements, {s: _spreads(cards, s, names) for s in suppliers_of(cards)})


def requirements_of(cards: Sequence[Scorecard]) -> tuple[Requirement, ...]:
    """The requirements of ``profile_of`` alone: what everybody rated need not be known for them."""
    shares = [_shares(card) for card in cards if card.weights_sum > 0]
    first_seen = _first_seen(cards)
    return tuple(_weighing(found, _mean_weight(key, shares)) for key, found in first_seen.items())


def _weighing(requirement: Requirement, weight: float | None) -> Requirement:
    """The requirement with another weight; where it is no other, itself: there are many of them."""
    own = requirement.weight
    same = own is weight or (isinstance(own, float) and own > 0 and own == weight)
    return requirement if same else replace(requirement, weight=weight)


def suppliers_of(cards: Sequence[Scorecard]) -> tuple[str, ...]:
    """All supplier ids on the cards, under the first spelling, in first-seen order."""
    suppliers: dict[str, str] = {}
    for card in cards:
        for supplier in card.suppliers:
            suppliers.setdefault(same_id(supplier), supplier)
    return tuple(suppliers.values())


def _first_seen(cards: Sequence[Scorecard]) -> dict[str, Requirement]:
    """Compared id to the requirement as first seen, in that order."""
    found: dict[str, Requirement] = {}
    for card in cards:
        for requirement in card.requirements:
            found.setdefault(same_id(requirement.id), requirement)
    return found


def _shares(card: Scorecard) -> dict[str, float]:
    """Compared id to weight, rescaled to 100; a sum of 100 is left as it is, to the last bit."""
    whole = card.weights_sum
    return {
        same_id(r.id): r.weight if whole == WEIGHTS_SUM else WEIGHTS_SUM * r.weight / whole
        for r in card.requirements
        if r.weight is not None
    }


def _mean_weight(key: str, shares: Sequence[Mapping[str, float]]) -> float | None:
    given = [by[key] for by in shares if key in by]
    return math.fsum(given) / len(shares) if given else None


def _spreads(
    cards: Sequence[Scorecard], supplier: str, requirements: Sequence[str]
) -> dict[str, Spread]:
    spreads = {}
    for requirement in requirements:
        rated = [card.rating(supplier, requirement) for card in cards]
        known = [rating for rating in rated if rating is not None]
        if known:
            spreads[requirement] = _spread(known)
    return spreads


@lru_cache(maxsize=1_024, typed=True)
def _alone(rating: float) -> Spread:
    """How one rating lies: most are round figures, and a portfolio has hundreds of thousands."""
    return Spread(1, rating, rating, mean_within([rating]), None)


def _spread(ratings: Sequence[float]) -> Spread:
    if len(ratings) == 1 and ratings[0]:  # 0.0 and -0.0 are one to a cache
        return _alone(ratings[0])
    stdev = statistics.stdev(map(float, ratings)) if len(ratings) >= STDEV_FROM else None
    return Spread(len(ratings), min(ratings), max(ratings), mean_within(ratings), stdev)


def mean_within(values: Sequence[float]) -> float:
    """The mean of at least one value; rounding must not carry it out of their range."""
    if len(values) == 1 and isinstance(own := values[0], float) and own:
        return own
    return min(max(math.fsum(values) / len(values), min(values)), max(values))
