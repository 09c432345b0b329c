"""The scorecard (BSC, Arbeitsblatt nach dem Kgb-System): weigh criteria and rate suppliers on them.

The customer weighs its requirements and rates how well each supplier fulfils them; what follows
from that is here. Missing is not zero: what nobody rated stands in no total, only in the coverage.
Nothing is rounded but for comparing. Seed: 2.3.1.1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern
from types import MappingProxyType
from typing import NamedTuple

from kamxl.core.ids import US, same_id
from kamxl.core.method.basis import enough
from kamxl.core.method.by_id import ById
from kamxl.core.method.robustness import (
    TIE_DIGITS,
    Difference,
    Flip,
    critical_weights,
    is_tie,
    nearest_flip,
    weighted_mean,
)

WEIGHTS_SUM = 100.0
WEIGHTS_TOLERANCE = 0.01  # in %: three weights of 33.33 are meant to be 100


class Rated(NamedTuple):
    """A requirement that has a weight (in %) and a rating (in points)."""

    requirement: str
    weight: float
    rating: float


class BestRating(NamedTuple):
    """Who is rated best on a requirement, and the rating in points."""

    supplier: str
    rating: float


class Contender(NamedTuple):
    """A competitor who may be the best one.

    ``total`` and our ``lead`` in points, ``compared`` the share 0..1 of the weights the lead rests
    on; ``strength``: the total with the heavier requirements heavier still.
    """

    id: str
    total: float | None
    lead: float | None
    compared: float | None
    strength: float | None


_NONE: frozenset[str] = frozenset()


def _check(value: float | None, what: str, whose: str) -> None:
    if value is not None and not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{what} of {whose}: {value!r} is negative or not finite")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A criterion of the customer for one segment (Anforderung, Kriterium).

    ``weight``: its importance in % of 100 (Gewichtung im Hundert), None if the customer gave none.
    ``minimum``: the rating in points 0..100 below which nothing else helps (knock-out), None if no.
    """

    id: str
    label: str
    weight: float | None = None
    minimum: float | None = None

    def __post_init__(self) -> None:
        _check(self.weight, "weight", self.id)
        _check(self.minimum, "minimum", self.id)
        if type(self.id) is type(self.label) is str:  # ten thousand cards ask the same
            object.__setattr__(self, "id", intern(self.id))
            object.__setattr__(self, "label", intern(self.label))


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Requirements with weights, and ratings of suppliers on them: one respondent, one segment.

    ``ratings``: ``{supplier id: {requirement id: points 0..100 or None}}``, us first by convention;
    absent or None is "not rated". Ids are compared without case and kept as the card spells them.
    Two equal ids, a rating of a requirement that is not on the card, and a number that is negative
    or not finite are ValueErrors: whoever reads files has to have reported them before.
    ``unweighted``, ``unrated``: ids of requirements to which the respondent gave no weight, or us
    no rating, on purpose. That is an answer, and does not come any more.
    """

    requirements: Sequence[Requirement]
    ratings: Mapping[str, Mapping[str, float | None]]
    unweighted: frozenset[str] = field(default=frozenset(), compare=False)
    unrated: frozenset[str] = field(default=frozenset(), compare=False)

    def __post_init__(self) -> None:
        requirements = tuple(self.requirements)
        spelling = {same_id(r.id): r.id for r in requirements}
        if len(spelling) != len(requirements):
            raise ValueError("a requirement stands twice on the card")
        suppliers = {same_id(supplier) for supplier in self.ratings}
        if len(suppliers) != len(self.ratings):
            raise ValueError("a supplier stands twice on the card")
        ratings = {
            US if same_id(supplier) == US else supplier: _spelled(by, spelling)
            for supplier, by in self.ratings.items()
        }
        object.__setattr__(self, "requirements", requirements)
        object.__setattr__(self, "ratings", MappingProxyType(ratings))
        for name in ("unweighted", "unrated"):  # each empty set would be one of its own
            object.__setattr__(self, name, getattr(self, name) or _NONE)

    def __reduce__(self) -> tuple[object, ...]:
        # A mapping proxy does not pickle, and cards travel between processes.
        ratings = {s: dict(by) for s, by in self.ratings.items()}
        return Scorecard, (self.requirements, ratings, self.unweighted, self.unrated)

    # --- what stands on the card -----------------------------------------------------------------

    @property
    def suppliers(self) -> tuple[str, ...]:
        """All supplier ids, in the order of the card."""
        return tuple(self.ratings)

    @property
    def competitors(self) -> tuple[str, ...]:
        """All supplier ids but ours (Mitbewerber)."""
        return tuple(supplier for supplier in self.ratings if supplier != US)

    def rating(self, supplier: str, requirement: str) -> float | None:
        """One rating (Erfüllungsgrad) in points 0..100; None if not rated."""
        by = self._by(supplier)
        if requirement in by:  # as the card spells it, which is nearly always so
            return by[requirement]
        wanted = same_id(requirement)
        return next((r for i, r in by.items() if same_id(i) == wanted), None)

    def _by(self, supplier: str) -> Mapping[str, float | None]:
        if (by := self.ratings.get(supplier)) is not None:
            return by
        wanted = same_id(supplier)
        return next((by for s, by in self.ratings.items() if same_id(s) == wanted), {})

    def _rated(self, supplier: str) -> list[Rated]:
        """The requirements that have a weight and a rating, in the order of the card."""
        by = dict(self._by(supplier).items())
        return [
            Rated(r.id, r.weight, rating)
            for r in self.requirements
            if r.weight is not None and (rating := by.get(r.id)) is not None
        ]

    def differences(self, competitor: str) -> list[Difference]:
        """B: by how much we differ on the weighted requirements rated for both."""
        theirs = {found.requirement: found.rating for found in self._rated(competitor)}
        return [
            Difference(i, weight, rating - theirs[i])
            for i, weight, rating in self._rated(US)
            if i in theirs
        ]

    # --- totals ----------------------------------------------------------------------------------

    @property
    def weights_sum(self) -> float:
        """W, the sum of the weights that were given, in %; it ought to be 100."""
        return math.fsum([r.weight for r in self.requirements if r.weight is not None])

    def total(self, supplier: str) -> float | None:
        """N, in points 0..100: Σ w·r / Σ w over what is weighted and rated (seed: 2.3.1.1)."""
        return weighted_mean((found.weight, found.rating) for found in self._rated(supplier))

    def covered_total(self, supplier: str) -> tuple[float | None, float | None]:
        """``total`` and ``coverage`` at once."""
        rated = self._rated(supplier)
        total = weighted_mean((found.weight, found.rating) for found in rated)
        return total, self._share([found.weight for found in rated])

    def coverage(self, supplier: str) -> float | None:
        """The share 0..1 of the weights that the total rests on; None without any weight."""
        return self._share([found.weight for found in self._rated(supplier)])

    def _share(self, weights: Sequence[float]) -> float | None:
        whole = self.weights_sum
        return math.fsum(weights) / whole if whole > 0 else None

    def gaps(self, supplier: str = US) -> dict[str, float]:
        """What closing each gap is worth, in points of the total: w(100 − r)/W, largest first.

        The list of value drivers (Werttreiber). On a tie the heavier, then the order of the card.
        """
        whole = self.weights_sum
        if whole <= 0:
            return {}
        rated = self._rated(supplier)
        gaps = {r.requirement: r.weight * (100 - r.rating) / whole for r in rated}
        rated = sorted(rated, key=lambda r: (-round(gaps[r.requirement], TIE_DIGITS), -r.weight))
        return {r.requirement: gaps[r.requirement] for r in rated}

    def knockouts(self, supplier: str = US) -> dict[str, float]:
        """Requirement id to rating where it is below the minimum, whatever the weight and total.

        A weighted sum forgives; a customer may not.
        """
        by = self._by(supplier)
        return {
            r.id: rating
            for r in self.requirements
            if r.minimum is not None
            and (rating := by.get(r.id)) is not None
            and round(rating - r.minimum, TIE_DIGITS) < 0
        }

    @property
    def provisional(self) -> bool:
        """Whether the totals may still move: a rating of us or a weight missing, the sum off.

        What was left out on purpose is not missing, unless nothing is left that makes a total.
        Ratings of rivals are optional and do not count here.
        """
        by = self._by(US)
        return (
            self.total(US) is None
            or self.unsettled
            or any(
                r.weight and by.get(r.id) is None and r.id not in self.unrated
                for r in self.requirements
            )
        )

    @property
    def unsettled(self) -> bool:
        """Whether the weights may still move: one is missing, or the sum off."""
        missing = any(r.weight is None and r.id not in self.unweighted for r in self.requirements)
        off = round(abs(self.weights_sum - WEIGHTS_SUM), TIE_DIGITS)
        return missing or off > WEIGHTS_TOLERANCE

    # --- us against a competitor -----------------------------------------------------------------

    def lead(self, competitor: str) -> float | None:
        """N_us − N_competitor in points −100..100, over what is rated for both; None if nothing is.

        (Wettbewerbsvorteil.) It may differ from the difference of the two totals.
        """
        return weighted_mean((row.weight, row.points) for row in self.differences(competitor))

    def covered_lead(self, competitor: str) -> tuple[float | None, float | None]:
        """``lead`` and ``lead_coverage`` at once."""
        rows = self.differences(competitor)
        lead = weighted_mean((row.weight, row.points) for row in rows)
        return lead, self._share([row.weight for row in rows])

    def lead_parts(self, competitor: str) -> dict[str, float]:
        """What each requirement adds to the lead, in points, in the order of the card."""
        rows = self.differences(competitor)
        weights = math.fsum(row.weight for row in rows)
        if weights <= 0:
            return {}
        return {row.requirement: row.weight * row.points / weights for row in rows}

    def lead_coverage(self, competitor: str) -> float | None:
        """The share 0..1 of the weights that the lead rests on; None without any weight."""
        return self._share([row.weight for row in self.differences(competitor)])

    def tied(self, competitor: str) -> bool:
        """Whether the lead is known and none, to 1e-9."""
        lead = self.lead(competitor)
        return lead is not None and is_tie(lead)

    def flips(self, competitor: str) -> dict[str, float]:
        """Requirement id to c*: the weight in % at which the order of us and them flips.

        Over what is rated for both, weights rescaled to 100, the others in proportion. Only where
        there is such a weight; none at all if we are tied now, see ``tied``.
        """
        return critical_weights(self.differences(competitor))

    def smallest_flip(self, competitor: str) -> Flip | None:
        """The flip nearest to today's weights ("Price from 20 to 31 %: Borel overtakes us")."""
        spelled = next((s for s in self.ratings if same_id(s) == same_id(competitor)), competitor)
        return nearest_flip(self.differences(competitor), US, spelled)

    # --- all suppliers ---------------------------------------------------------------------------

    def ranking(self) -> dict[str, int]:
        """Supplier id to rank from 1, best first; ties share a rank (1, 2, 2, 4).

        Only suppliers rated on at least half of the weights: a total of two easy criteria is none.
        """
        totals = {
            s: round(total, TIE_DIGITS)
            for s in self.ratings
            if (total := self.total(s)) is not None and enough(self.coverage(s))
        }
        order = sorted(totals, key=lambda supplier: -totals[supplier])
        return {s: 1 + sum(other > totals[s] for other in totals.values()) for s in order}

    def best_competitor(self) -> str | None:
        """The competitor over whom our lead is smallest, of those compared on half of the weights.

        None of them is: the one with the highest total, whom to name without a verdict. On a tie
        the one stronger on the heavier requirements, then by id. None: no competitor is rated.
        """
        return best_of(self.contender(rival) for rival in self.competitors)

    def contender(self, competitor: str) -> Contender:
        """What decides whether a competitor is the best one."""
        return Contender(
            competitor,
            self.total(competitor),
            self.lead(competitor),
            self.lead_coverage(competitor),
            self.strength(competitor),
        )

    def strength(self, supplier: str) -> float | None:
        """Σ w²r / Σ w² of a supplier; None without a total."""
        rated = self._rated(supplier)
        heaviest = max((found.weight for found in rated), default=0.0)
        if heaviest <= 0:
            return None
        # Divided by the heaviest first: the square of a tiny weight is no number any more.
        return weighted_mean(((r.weight / heaviest) ** 2, r.rating) for r in rated)

    def best_per_requirement(self) -> dict[str, BestRating]:
        """Requirement id to the best competitor on *it* and that rating, in the order of the card.

        A different measure from ``best_competitor``: nobody has to be this good everywhere. Ties by
        id; requirements that no competitor is rated on are left out, weighted or not.
        """
        asked = [requirement.id for requirement in self.requirements]
        return best_per_requirement(asked, self.competitors, self.rating)


class Reckoned(Scorecard):
    """A card of which many figures are asked: its rows are looked for once.

    For as long as they are: the rows take more room than the card itself.
    """

    __slots__ = ("_differing", "_found", "_whole")
    _whole: float
    _found: dict[str, list[Rated]]
    _differing: dict[str, list[Difference]]

    def __init__(self, card: Scorecard) -> None:
        put = object.__setattr__  # nothing is checked or copied again
        for name in ("requirements", "ratings", "unweighted", "unrated"):
            put(self, name, getattr(card, name))
        put(self, "_whole", card.weights_sum)
        put(self, "_found", {})
        put(self, "_differing", {})

    @property
    def weights_sum(self) -> float:
        """As of any card."""
        return self._whole

    def _rated(self, supplier: str) -> list[Rated]:
        if supplier not in self._found:
            self._found[supplier] = super()._rated(supplier)
        return self._found[supplier]

    def differences(self, competitor: str) -> list[Difference]:
        """As of any card; nobody changes them."""
        if competitor not in self._differing:
            self._differing[competitor] = super().differences(competitor)
        return self._differing[competitor]


def best_of(contenders: Iterable[Contender]) -> str | None:
    """Whom to name as the best competitor, see ``Scorecard.best_competitor``."""
    rated = [(c, c.total) for c in contenders if c.total is not None]
    compared = [(c, c.lead) for c, _ in rated if c.lead is not None and enough(c.compared)]
    # our smallest lead; else, without a verdict, the highest total
    ordered = compared or [(c, -total) for c, total in rated]
    best = min(
        ordered,
        key=lambda found: (
            round(found[1], TIE_DIGITS),
            -round(found[0].strength or 0.0, TIE_DIGITS),
            same_id(found[0].id),
        ),
        default=None,
    )
    return None if best is None else best[0].id


def best_per_requirement(
    requirements: Iterable[str],
    competitors: Iterable[str],
    rating: Callable[[str, str], float | None],
) -> dict[str, BestRating]:
    """Requirement id to the best competitor on it, by whatever ``rating`` says of each."""
    rivals = sorted(competitors, key=same_id)
    best: dict[str, BestRating] = {}
    for requirement in requirements:
        rated = [BestRating(s, r) for s in rivals if (r := rating(s, requirement)) is not None]
        if rated:
            best[requirement] = max(rated, key=lambda found: found.rating)
    return best


def _spelled(
    ratings: Mapping[str, float | None], spelling: Mapping[str, str]
) -> Mapping[str, float | None]:
    """A read-only copy under the card's own spelling of the requirement ids, checked."""
    spelled: dict[str, float | None] = {}
    for requirement, rating in ratings.items():
        known = spelling.get(same_id(requirement))
        if known is None:
            raise ValueError(f"{requirement!r} is rated and not on the card")
        if known in spelled:
            raise ValueError(f"{requirement!r} is rated twice")
        _check(rating, "rating", requirement)
        spelled[known] = rating
    return ById(spelled)


__all__ = ["Flip", "Requirement", "Scorecard", "weighted_mean"]
