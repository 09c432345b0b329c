"""Several respondents on one segment: one card out of many, and where they disagree.

Each respondent has the same say. Requirers' and purchasers' views (Bedarfsträger, Bedarfsdecker)
stand side by side by combining each group on its own. Our self-assessment is never mixed in; it has
its own comparison, see ``core.portfolio.views``. Seed: 2.2.2, 2.3.1.1.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from kamxl.core.ids import US, same_id
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.scoring import WEIGHTS_SUM, Requirement, Scorecard

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


@dataclass(frozen=True)
class Combined:
    """The one card of several respondents; its weights sum to 100 if anybody gave any.

    ``spread``: requirement id to the spread of the ratings of *us*, in the order of the card.
    """

    card: Scorecard
    respondents: int
    provisional: bool
    spread: Mapping[str, Spread] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spread", MappingProxyType(dict(self.spread)))

    def __reduce__(self) -> tuple[object, ...]:
        # A mapping proxy does not pickle.
        return Combined, (self.card, self.respondents, self.provisional, dict(self.spread))

    def disagreements(self, threshold: float = DISAGREEMENT) -> tuple[str, ...]:
        """Ids of the requirements rated more than ``threshold`` points apart, largest first."""
        ranges = {i: round(found.range, TIE_DIGITS) for i, found in self.spread.items()}
        return tuple(sorted((i for i in ranges if ranges[i] > threshold), key=lambda i: -ranges[i]))


def combine(cards: Sequence[Scorecard]) -> Combined:
    """The mean card: each one's weights rescaled to 100, then averaged; ratings by who rated.

    Requirements and suppliers in first-seen order under the first spelling; label and minimum of
    the first seen. A requirement that is not on a card, or has no weight there, weighs 0 there; a
    card without a positive weight has no say in the weights. Nobody gave a weight: None.
    """
    shares = [_shares(card) for card in cards if card.weights_sum > 0]
    requirements = tuple(
        replace(found, weight=_mean_weight(key, shares))
        for key, found in _first_seen(cards).items()
    )
    suppliers: dict[str, str] = {}
    for card in cards:
        for supplier in card.suppliers:
            suppliers.setdefault(same_id(supplier), supplier)
    spreads = {supplier: spread(cards, supplier) for supplier in suppliers.values()}
    ratings = {s: {i: found.mean for i, found in by.items()} for s, by in spreads.items()}
    provisional = not cards or any(card.provisional for card in cards)
    return Combined(Scorecard(requirements, ratings), len(cards), provisional, spreads.get(US, {}))


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


def spread(cards: Sequence[Scorecard], supplier: str) -> dict[str, Spread]:
    """Requirement id to the spread of the ratings of ``supplier``, where anybody rated it."""
    spreads = {}
    for requirement in _first_seen(cards).values():
        rated = [card.rating(supplier, requirement.id) for card in cards]
        known = [rating for rating in rated if rating is not None]
        if known:
            spreads[requirement.id] = _spread(known)
    return spreads


def _spread(ratings: Sequence[float]) -> Spread:
    n, low, high = len(ratings), min(ratings), max(ratings)
    # Rounding must not carry the mean out of the range it is shown in.
    mean = min(max(math.fsum(ratings) / n, low), high)
    stdev = statistics.stdev(map(float, ratings)) if n >= STDEV_FROM else None
    return Spread(n, low, high, mean, stdev)
