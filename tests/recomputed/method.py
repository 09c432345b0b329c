"""The method on numbers: one card, the raters of one segment, the segments of one account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from tests.recomputed.reading import US, Card, Line

HALF = 0.5


def even(value: float) -> float:
    """As numbers are compared: ties stay ties."""
    return round(value, 9)


def enough(share: float | None) -> bool:
    return share is not None and even(share) >= HALF


# -- one card ----------------------------------------------------------------------------------


def _weighted(card: Card) -> list[tuple[float, Line]]:
    return [(one.weight, one) for one in card.lines if one.weight]


def _weight(card: Card) -> float:
    return sum(w for w, _ in _weighted(card))


def total(card: Card, supplier: str) -> float | None:
    """N = Σ w·r / Σ w over what has both."""
    both = [(w, one.ratings[supplier]) for w, one in _weighted(card) if supplier in one.ratings]
    return sum(w * r for w, r in both) / sum(w for w, _ in both) if both else None


def coverage(card: Card, supplier: str) -> float | None:
    """Σ w(rated) / W."""
    rated = sum(w for w, one in _weighted(card) if supplier in one.ratings)
    return rated / _weight(card) if _weight(card) else None


def lead(card: Card, rival: str) -> tuple[float, float] | None:
    """(points ahead of a rival, share of the weights compared), over what both were rated for."""
    both = [(w, one.ratings) for w, one in _weighted(card) if {US, rival} <= set(one.ratings)]
    if not both:
        return None
    compared = sum(w for w, _ in both)
    ahead = sum(w * (r[US] - r[rival]) for w, r in both)
    return ahead / compared, compared / _weight(card)


def heavy(card: Card, supplier: str) -> float | None:
    """Σ w²r / Σ w²: strength where it weighs."""
    both = [(w * w, one.ratings[supplier]) for w, one in _weighted(card) if supplier in one.ratings]
    return sum(v * r for v, r in both) / sum(v for v, _ in both) if both else None


def complete(card: Card) -> bool:
    """Whether she weighed every requirement, with a sum of 100."""
    weights = [one.weight for one in card.lines]
    return None not in weights and abs(even(sum(w or 0 for w in weights) - 100)) <= 0.01


# -- one segment -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """Us and one rival in one segment, as those who compared see it."""

    rival: str
    lead: float | None
    weights: float
    raters: frozenset[str]
    heavy: float
    total: float | None

    @property
    def enough(self) -> bool:
        return enough(self.weights)


@dataclass(frozen=True)
class Segment:
    id: str
    revenue: float | None
    share: float  # of the account's revenue
    cards: tuple[Card, ...]

    @property
    def raters(self) -> frozenset[str]:
        return frozenset(card.person for card in self.cards)

    def mean(self, supplier: str) -> tuple[float | None, float | None]:
        """(total, coverage) of the raters who cover a half; if nobody does, of all with a total."""
        seen = [
            (n, coverage(card, supplier) or 0.0)
            for card in self.cards
            if (n := total(card, supplier)) is not None
        ]
        averaged = [one for one in seen if enough(one[1])] or seen
        if not averaged:
            return None, None
        return fmean(n for n, _ in averaged), fmean(c for _, c in averaged)

    def against(self, rival: str) -> Comparison:
        seen = [(card, found) for card in self.cards if (found := lead(card, rival)) is not None]
        averaged = [one for one in seen if enough(one[1][1])] or seen
        number = self.mean(rival)[0]
        if not averaged:
            return Comparison(rival, None, 0.0, frozenset(), 0.0, number)
        return Comparison(
            rival,
            fmean(ahead for _, (ahead, _) in averaged),
            fmean(share for _, (_, share) in averaged),
            frozenset(card.person for card, _ in averaged),
            fmean(heavy(card, rival) or 0.0 for card, _ in averaged),
            number,
        )

    def best(self) -> Comparison | None:
        rivals = sorted({rival for card in self.cards for rival in card.rivals})
        against = [self.against(rival) for rival in rivals]
        if compared := [one for one in against if one.enough and one.lead is not None]:
            return min(compared, key=lambda o: (even(o.lead or 0.0), -even(o.heavy), o.rival))
        named = [one for one in against if one.total is not None]
        return min(named, key=lambda o: (-even(o.total or 0.0), o.rival), default=None)

    def spelled(self, rival: str) -> str:
        return next(card.rivals[rival] for card in self.cards if rival in card.rivals)

    def compared(self) -> Comparison | None:
        """The best competitor, where a verdict may be given."""
        best = self.best()
        return best if best is not None and best.enough else None


# -- one account -------------------------------------------------------------------------------


def shares(revenues: Mapping[str, float | None]) -> dict[str, float]:
    """Each segment's share of the revenue; equal where that says nothing."""
    known = [r for r in revenues.values() if r is not None]
    if len(known) < len(revenues) or not sum(known):
        return dict.fromkeys(revenues, 1 / len(revenues))
    return {key: (revenue or 0.0) / sum(known) for key, revenue in revenues.items()}


def weighted(pairs: Iterable[tuple[float, float]]) -> float | None:
    """The mean of (share, value); there is none of nothing, nor of shares that are all zero."""
    given = list(pairs)
    whole = sum(share for share, _ in given)
    return sum(share * value for share, value in given) / whole if whole else None


def over(segments: Sequence[Segment], of: Callable[[Segment], float | None]) -> float | None:
    """The mean of a figure over the segments that have it."""
    return weighted((s.share, value) for s in segments if (value := of(s)) is not None)


def largest(segments: Iterable[Segment]) -> Segment | None:
    """By revenue; unknown ones come last."""
    return min(segments, key=_smaller, default=None)


def _smaller(segment: Segment) -> tuple[float, str]:
    revenue = -1.0 if segment.revenue is None else segment.revenue
    return -revenue, segment.id.casefold()


def clipped(value: float) -> float:
    return min(max(value, 0.0), 100.0)
