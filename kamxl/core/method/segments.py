"""Several segments (Beschaffungssegmente) of one account, weighted by running revenue.

Seed: 2.3.1.1. What is unknown stays visible: an unrated segment does not touch the total
and lowers the coverage; one that is not compared does not touch the lead and lowers its basis.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from kamxl.core.ids import same_id
from kamxl.core.method.basis import NOTHING_COMPARED, Basis, Lead
from kamxl.core.method.robustness import weighted_mean


@dataclass(frozen=True, slots=True)
class SegmentTotal:
    """What is known of one segment: revenue a year in the team's currency, total in points 0..100,
    coverage 0..1, lead over its own best competitor, that competitor's id.
    """

    id: str
    revenue: float | None = None
    total: float | None = None
    coverage: float | None = None
    lead: Lead = NOTHING_COMPARED
    best_competitor: str | None = None


@dataclass(frozen=True)
class AccountTotal:
    """An account's total in points 0..100, coverage 0..1, lead and best competitor.

    ``weights``: segment id to its share 0..1 of the account. ``equal_weights``: the segments count
    the same because a revenue is unknown or all are 0; that has to be said beside the total.
    """

    total: float | None
    coverage: float | None
    lead: Lead
    best_competitor: str | None
    equal_weights: bool
    weights: Mapping[str, float]

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", MappingProxyType(dict(self.weights)))

    def __reduce__(self) -> tuple[object, ...]:
        # A mapping proxy does not pickle.
        fields = (self.total, self.coverage, self.lead, self.best_competitor, self.equal_weights)
        return AccountTotal, (*fields, dict(self.weights))


def combine_segments(
    segments: Sequence[SegmentTotal], *, raters: int = 0, of: int = 0
) -> AccountTotal:
    """Total over the rated segments, lead over the compared ones, coverage over all of them.

    ``raters`` compared in a compared segment, ``of`` all persons who answered. The account's lead
    is a mean of leads over rivals who may differ; its best competitor is the one of its largest
    compared segment, without any of the largest that names one. ValueError: an id twice, a revenue
    that is negative.
    """
    _check(segments)
    shares, equal = shares_of([segment.revenue for segment in segments])
    pairs = list(zip(shares, segments, strict=True))
    rated = any(segment.total is not None for segment in segments)
    covered = ((w, s.coverage or 0.0 if s.total is not None else 0.0) for w, s in pairs)
    return AccountTotal(
        total=weighted_mean((w, s.total) for w, s in pairs if s.total is not None),
        coverage=weighted_mean(covered) if rated else None,
        lead=_lead(pairs, raters, of),
        best_competitor=_best_competitor(segments),
        equal_weights=equal,
        weights={segment.id: share for share, segment in pairs},
    )


def _lead(pairs: Iterable[tuple[float, SegmentTotal]], raters: int, of: int) -> Lead:
    compared = [(share, s.lead) for share, s in pairs if s.lead.points is not None]
    lead = weighted_mean((w, found.unjudged or 0.0) for w, found in compared)
    basis = Basis(
        raters=raters,
        of=of,
        # Shares that ought to sum to 1 may be more by their last bit.
        weights=min(1.0, math.fsum(w * found.basis.weights for w, found in compared)),
        revenue=min(1.0, math.fsum(w for w, _ in compared)),
    )
    within = next((found.level_within for _, found in compared), None)
    made = Lead(lead, basis)
    return made if within is None else replace(made, level_within=within)


def _check(segments: Sequence[SegmentTotal]) -> None:
    if len({same_id(segment.id) for segment in segments}) != len(segments):
        raise ValueError("a segment stands twice in the account")
    for segment in segments:
        revenue = segment.revenue
        if revenue is not None and not (math.isfinite(revenue) and revenue >= 0):
            raise ValueError(f"revenue of {segment.id}: {revenue!r} is negative or not finite")


def shares_of(revenues: Sequence[float | None]) -> tuple[list[float], bool]:
    """The segments' shares of the account, and whether they are equal for want of revenues."""
    known = [revenue for revenue in revenues if revenue is not None]
    whole = math.fsum(known)
    if len(known) < len(revenues) or whole <= 0:
        return [1 / len(revenues) for _ in revenues], bool(revenues)
    return [revenue / whole for revenue in known], False


def _best_competitor(segments: Sequence[SegmentTotal]) -> str | None:
    """That of the largest segment naming one, compared ones first; ties by id."""
    naming = [segment for segment in segments if segment.best_competitor is not None]
    largest = min(naming, key=_largest_first, default=None)
    return None if largest is None else largest.best_competitor


def _largest_first(segment: SegmentTotal) -> tuple[bool, float, str]:
    """An unknown revenue is the smallest."""
    revenue = segment.revenue
    size = math.inf if revenue is None else -revenue
    return segment.lead.points is None, size, same_id(segment.id)
