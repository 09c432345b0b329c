"""What every total is made of: each rater's own results, and the answers behind them.

A manager who doubts a number finds here the answers behind it; the sheets' formulas are written
over these rows, and the figures below are the values those formulas have.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kamxl.core.cards.replies import person_of
from kamxl.core.ids import US, same_id
from kamxl.core.method.panel import Averaged
from kamxl.core.portfolio.results import AccountResult, RivalResult, SegmentResult
from kamxl.core.portfolio.views import role_of
from kamxl.core.records.register import Reply, Requirement
from kamxl.core.roles import Role, Source


@dataclass(frozen=True, slots=True)
class SegmentShare:
    """How a segment counts in its account, 0..1: overall, in the total, in the lead.

    The last two are shares of the segments that have a total or are compared; None: it is not.
    """

    overall: float
    total: float | None
    lead: float | None


@dataclass(frozen=True, slots=True)
class RaterRow:
    """What one reply says of one supplier; ``answer`` numbers the segment's replies from 1.

    ``weights_sum`` in %; ``coverage`` 0..1 of the weights that ``total`` (points) rests on;
    ``compared`` 0..1 of those that ``lead`` over this rival does. ``in_total``, ``in_lead``:
    whether it is averaged into the segment's. Of us, the lead's figures are None. ``how``: she was
    asked; ``profile_only``: as ``Reply`` has it.
    """

    account: str
    segment: str
    supplier: str
    respondent: str
    name: str
    role: Role | None
    period: str
    earlier: bool
    answer: int
    weights_sum: float
    coverage: float | None
    total: float | None
    in_total: bool
    compared: float | None
    lead: float | None
    in_lead: bool
    source: str
    how: Source = Source.MAILED
    profile_only: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One requirement on one reply. ``answer`` numbers the segment's replies from 1.

    ``weight`` is as given in %, ``weights_sum`` all of that reply's, ``share`` what the row adds to
    the mean weight of the requirement in % of 100 over ``weighing`` replies; ``us`` and ``best``
    are the mean ratings over all replies, to look at. ``gap`` and ``part``: what the row adds to
    the segment's gap of the requirement and to the lead over its best competitor, in points; None:
    it is in neither. ``ratings``: supplier id to points as given; ``role`` is that of who answered,
    ``good`` what she calls good.
    """

    account: str
    segment: str
    respondent: str
    name: str
    period: str
    earlier: bool
    answer: int
    requirement: str
    label: str
    weight: float | None
    weights_sum: float
    weighing: int
    share: float | None
    us: float | None
    best: float | None
    gap: float | None
    part: float | None
    ratings: Mapping[str, float | None] = field(default_factory=dict)
    comment: str = ""
    source: str = ""
    role: Role | None = None
    good: str = ""


def segment_shares(account: AccountResult) -> dict[str, SegmentShare]:
    """Segment id to how it counts in the account."""
    weights = account.result.weights
    rated = math.fsum(weights[s.id] for s in account.segments if s.total is not None)
    led = math.fsum(weights[s.id] for s in account.segments if s.lead.points is not None)
    return {
        s.id: SegmentShare(
            weights[s.id],
            weights[s.id] / rated if s.total is not None and rated > 0 else None,
            weights[s.id] / led if s.lead.points is not None and led > 0 else None,
        )
        for s in account.segments
    }


# --- each rater's own results --------------------------------------------------------------------


def raters(segment: SegmentResult) -> Iterator[RaterRow]:
    """The rows of one segment: of us, then of each rival, by reply."""
    names = [person_of(reply) for reply in segment.replies]
    for rival in (None, *segment.rivals):
        for place, name in enumerate(names):
            yield _rater(segment, place, name, rival)


def _rater(segment: SegmentResult, place: int, name: str, rival: RivalResult | None) -> RaterRow:
    reply = segment.replies[place]
    card, supplier = reply.answers.scorecard, rival.id if rival else US
    rated = rival.rated if rival else segment.rated
    return RaterRow(
        account=segment.account,
        segment=segment.id,
        supplier=supplier,
        respondent=reply.order.respondent,
        name=name,
        role=role_of(reply),
        period=reply.order.period,
        earlier=segment.earlier,
        answer=place + 1,
        weights_sum=card.weights_sum,
        coverage=card.coverage(supplier),
        total=rated.own[place],
        in_total=place in rated.who,
        compared=card.lead_coverage(supplier) if rival else None,
        lead=rival.leads.own[place] if rival else None,
        in_lead=place in rival.leads.who if rival else False,
        source=reply.source,
        how=reply.order.source,
        profile_only=reply.profile_only,
    )


# --- the answers behind them ---------------------------------------------------------------------


def evidence(segment: SegmentResult) -> Iterator[EvidenceRow]:
    """The rows of one segment, by requirement in the order of the card, then by reply."""
    if segment.profile is None:
        return
    sums = [reply.answers.scorecard.weights_sum for reply in segment.replies]
    parts = [_parts(segment, place) for place in range(len(segment.replies))]
    cards = [_asked(reply) for reply in segment.replies]
    names = [person_of(reply) for reply in segment.replies]
    for requirement in segment.profile.requirements:
        for place, card in enumerate(cards):
            asked = card.get(same_id(requirement.id))
            if asked is not None:
                yield _row(segment, place, asked, sums, parts[place], names[place])


@dataclass(frozen=True, slots=True)
class _Parts:
    """What one reply adds: compared requirement id to points."""

    gaps: Mapping[str, float]
    lead: Mapping[str, float]


def _parts(segment: SegmentResult, place: int) -> _Parts:
    card = segment.replies[place].answers.scorecard
    best = segment.best
    return _Parts(
        _averaged_parts(card.gaps(), segment.rated, place),
        _averaged_parts(card.lead_parts(best.id), best.leads, place) if best else {},
    )


def _averaged_parts(own: Mapping[str, float], of: Averaged, place: int) -> dict[str, float]:
    """What a reply's own parts are in the mean; none if it is not averaged."""
    if place not in of.who:
        return {}
    return {same_id(i): points / len(of.who) for i, points in own.items()}


def _asked(reply: Reply) -> dict[str, Requirement]:
    """What a card asks, by compared id: a card has each once."""
    return {same_id(r.id): r for r in reply.answers.scorecard.requirements}


def _row(
    segment: SegmentResult,
    place: int,
    asked: Requirement,
    sums: Sequence[float],
    parts: _Parts,
    name: str,
) -> EvidenceRow:
    reply = segment.replies[place]
    card = reply.answers.scorecard
    weighing = sum(whole > 0 for whole in sums)
    own = None
    if asked.weight is not None and sums[place] > 0:
        own = 100 * asked.weight / sums[place] / weighing
    seen, best = segment.profile, segment.best
    return EvidenceRow(
        account=segment.account,
        segment=segment.id,
        respondent=reply.order.respondent,
        name=name,
        period=reply.order.period,
        earlier=segment.earlier,
        answer=place + 1,
        requirement=asked.id,
        label=asked.label,
        weight=asked.weight,
        weights_sum=sums[place],
        weighing=weighing,
        share=own,
        us=seen.rating(US, asked.id) if seen else None,
        best=seen.rating(best.id, asked.id) if seen and best else None,
        gap=parts.gaps.get(same_id(asked.id)),
        part=parts.lead.get(same_id(asked.id)),
        ratings={s: card.rating(s, asked.id) for s in card.suppliers},
        comment=reply.answers.comments.get(asked.id, ""),
        good=reply.answers.good.get(asked.id, ""),
        source=reply.source,
        role=role_of(reply),
    )
