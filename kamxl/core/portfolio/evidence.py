"""What every total is made of: one row per reply and requirement, with what it counts.

A manager who doubts a number finds here the answers behind it; the sheets' formulas are written
over these rows, and the figures below are the values those formulas have.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kamxl.core.ids import US, same_id
from kamxl.core.portfolio.results import AccountResult, SegmentResult, person_of
from kamxl.core.portfolio.views import role_of
from kamxl.core.records.register import Reply, Requirement
from kamxl.core.roles import Role


@dataclass(frozen=True, slots=True)
class SegmentShare:
    """How a segment counts in its account, 0..1: overall, in the total, in the lead.

    The last two are shares of the segments that have a total or a lead; None: it has none.
    """

    overall: float
    total: float | None
    lead: float | None


class _Weights(NamedTuple):
    """The common weights of a segment that its total rests on, and those that its lead does."""

    rated: float
    compared: float


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One requirement on one reply. ``answer`` numbers the segment's replies from 1.

    ``weight`` is as given in %, ``weights_sum`` all of that reply's, ``share`` what the row adds to
    the common weight of the requirement in % of 100; ``us`` and ``best`` are the mean ratings over
    all replies, ``difference`` is us − best; ``in_total`` and ``in_lead`` (0..1) are the factors of
    ``us`` and ``difference`` whose products add up to the account's total and lead.
    ``ratings``: supplier id to points as given; ``role`` is that of who answered.
    """

    account: str
    segment: str
    respondent: str
    name: str
    period: str
    answer: int
    requirement: str
    label: str
    weight: float | None
    weights_sum: float
    weighing: int
    share: float | None
    us: float | None
    best: float | None
    difference: float | None
    in_total: float | None
    in_lead: float | None
    ratings: Mapping[str, float | None] = field(default_factory=dict)
    comment: str = ""
    source: str = ""
    role: Role | None = None


def segment_shares(account: AccountResult) -> dict[str, SegmentShare]:
    """Segment id to how it counts in the account."""
    weights = account.result.weights
    rated = math.fsum(weights[s.id] for s in account.segments if s.total is not None)
    led = math.fsum(weights[s.id] for s in account.segments if s.lead is not None)
    return {
        s.id: SegmentShare(
            weights[s.id],
            weights[s.id] / rated if s.total is not None and rated > 0 else None,
            weights[s.id] / led if s.lead is not None and led > 0 else None,
        )
        for s in account.segments
    }


def evidence(segment: SegmentResult, share: SegmentShare) -> Iterator[EvidenceRow]:
    """The rows of one segment, by requirement in the order of the card, then by reply."""
    if segment.card is None:
        return
    sums = [reply.answers.scorecard.weights_sum for reply in segment.replies]
    rated = _rated(segment)
    compared = {i: w for i, w in rated.items() if _best(segment, i) is not None}
    wholes = _Weights(math.fsum(rated.values()), math.fsum(compared.values()))
    for requirement in segment.card.requirements:
        for place, reply in enumerate(segment.replies):
            asked = _asked(reply, requirement.id)
            if asked is not None:
                yield _row(segment, share, wholes, place, asked, sums)


def _rated(segment: SegmentResult) -> dict[str, float]:
    """Requirement id to common weight, of those with a weight and a rating of us."""
    card = segment.card
    requirements = card.requirements if card else ()
    return {
        r.id: r.weight
        for r in requirements
        if card and r.weight is not None and card.rating(US, r.id) is not None
    }


def _asked(reply: Reply, wanted: str) -> Requirement | None:
    requirements = reply.answers.scorecard.requirements
    return next((r for r in requirements if same_id(r.id) == same_id(wanted)), None)


def _best(segment: SegmentResult, requirement: str) -> float | None:
    if segment.card is None or segment.best is None:
        return None
    return segment.card.rating(segment.best.id, requirement)


def _row(
    segment: SegmentResult,
    share: SegmentShare,
    wholes: _Weights,
    place: int,
    asked: Requirement,
    sums: Sequence[float],
) -> EvidenceRow:
    reply = segment.replies[place]
    card = reply.answers.scorecard
    weighing = sum(whole > 0 for whole in sums)
    own = None
    if asked.weight is not None and sums[place] > 0:
        own = 100 * asked.weight / sums[place] / weighing
    us = segment.card.rating(US, asked.id) if segment.card else None
    best = _best(segment, asked.id)
    difference = us - best if us is not None and best is not None else None
    return EvidenceRow(
        account=segment.account,
        segment=segment.id,
        respondent=reply.order.respondent,
        name=person_of(reply),
        period=reply.order.period,
        answer=place + 1,
        requirement=asked.id,
        label=asked.label,
        weight=asked.weight,
        weights_sum=sums[place],
        weighing=weighing,
        share=own,
        us=us,
        best=best,
        difference=difference,
        in_total=_factor(share.total, own, us, wholes.rated),
        in_lead=_factor(share.lead, own, difference, wholes.compared),
        ratings={s: card.rating(s, asked.id) for s in card.suppliers},
        comment=reply.answers.comments.get(asked.id, ""),
        source=reply.source,
        role=role_of(reply),
    )


def _factor(
    segment: float | None, share: float | None, value: float | None, whole: float
) -> float | None:
    """What a row counts; None unless segment, weight and value are all known."""
    if segment is None or share is None or value is None or whole <= 0:
        return None
    return segment * share / whole
