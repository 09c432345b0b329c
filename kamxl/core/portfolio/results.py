"""What the replies to one segment or one account say, worked out: the records of a portfolio.

Made by ``portfolio.assemble`` and ``of_replies``; sheets, report and JSON read them and calculate
nothing of their own. None means unknown, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from kamxl.core.ids import US, same_id
from kamxl.core.method.respondents import DISAGREEMENT, Spread, combine
from kamxl.core.method.robustness import TIE_DIGITS, Flip
from kamxl.core.method.scoring import BestRating, Requirement, Scorecard
from kamxl.core.method.segments import AccountTotal, SegmentTotal
from kamxl.core.portfolio.standing import Standing
from kamxl.core.records.register import Competitor, Reply


@dataclass(frozen=True)
class RivalResult:
    """Us against one competitor in one segment (Wettbewerbsvorteil).

    ``total`` points 0..100 and ``coverage`` 0..1 are the rival's own; ``lead`` (ours, −100..100)
    rests on ``lead_coverage`` of the weights; ``parts``: requirement id to what it adds to it.
    ``tied``: level today. ``flip``: the smallest change of one weight that turns the order.
    """

    id: str
    name: str
    total: float | None
    coverage: float | None
    lead: float | None
    lead_coverage: float | None
    tied: bool
    flip: Flip | None
    parts: Mapping[str, float]

    @property
    def ahead(self) -> int | None:
        """1: we lead, −1: they do, 0: level; None if nothing was rated for both."""
        return sign_of(self.lead)


def sign_of(lead: float | None) -> int | None:
    """1, 0 or −1 for a lead, ties being ties to 1e-9."""
    if lead is None:
        return None
    shown = round(lead, TIE_DIGITS)
    return (shown > 0) - (shown < 0)


@dataclass(frozen=True)
class SegmentResult:
    """One segment: the replies that count (of one ``period``) and what they say together.

    ``earlier``: none came in the current period, these are the latest before it. ``card`` is the
    respondents' common card, None without a reply. ``gaps`` and ``knockouts`` are ours.
    ``disagreements``: requirement ids where the raters lie too far apart, largest range first.
    ``best_per_requirement`` is another measure than ``best``, the best rival overall.
    """

    account: str
    id: str
    name: str
    revenue: float | None = None
    in_register: bool = True
    period: str | None = None
    earlier: bool = False
    replies: tuple[Reply, ...] = ()
    card: Scorecard | None = None
    total: float | None = None
    coverage: float | None = None
    best: RivalResult | None = None
    provisional: bool = False
    rivals: tuple[RivalResult, ...] = ()
    gaps: Mapping[str, float] = field(default_factory=dict)
    knockouts: Mapping[str, float] = field(default_factory=dict)
    spread: Mapping[str, Spread] = field(default_factory=dict)
    disagreements: tuple[str, ...] = ()
    best_per_requirement: Mapping[str, BestRating] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("gaps", "knockouts", "spread", "best_per_requirement"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def respondents(self) -> int:
        """How many persons' replies count here."""
        return len(self.replies)

    @property
    def lead(self) -> float | None:
        """Our lead over the segment's best competitor, in points."""
        return self.best.lead if self.best else None

    @property
    def lead_coverage(self) -> float | None:
        """The share 0..1 of the weights that the lead rests on."""
        return self.best.lead_coverage if self.best else None

    @property
    def best_competitor(self) -> str | None:
        """The id of the best competitor overall."""
        return self.best.id if self.best else None

    @property
    def as_total(self) -> SegmentTotal:
        """What the account's total takes from this segment."""
        return SegmentTotal(
            self.id, self.revenue, self.total, self.coverage, self.lead, self.best_competitor
        )

    def requirement(self, wanted: str) -> Requirement:
        """A requirement of the common card (KeyError: there is none with this id)."""
        for requirement in self.card.requirements if self.card else ():
            if same_id(requirement.id) == same_id(wanted):
                return requirement
        raise KeyError(wanted)

    def rival(self, wanted: str) -> RivalResult:
        """A competitor of this segment (KeyError: there is none with this id)."""
        for rival in self.rivals:
            if same_id(rival.id) == same_id(wanted):
                return rival
        raise KeyError(wanted)


@dataclass(frozen=True, slots=True)
class Gap:
    """The most valuable gap of an account: ``points`` of the account's total if it were closed."""

    segment: str
    requirement: str
    label: str
    points: float


class AccountFlip(NamedTuple):
    """The smallest flip of an account: in which segment, and with which rival."""

    segment: SegmentResult
    rival: RivalResult
    flip: Flip


@dataclass(frozen=True)
class AccountResult:
    """One account: its segments (register's and answered ones, by id) and what they amount to.

    ``provisional``: a card is, or a segment without a rating may still move the total. ``earlier``:
    at least one segment shows an earlier period. ``flip`` is the smallest of its segments and
    rivals. ``in_register`` False: only its replies and plans are
    left. ``standing`` is what the selection and its plan say.
    """

    id: str
    name: str
    manager: str
    in_register: bool
    segments: tuple[SegmentResult, ...]
    result: AccountTotal
    gap: Gap | None
    flip: AccountFlip | None
    provisional: bool
    standing: Standing = field(default_factory=Standing)

    @property
    def total(self) -> float | None:
        """N in points 0..100, over the segments that have one."""
        return self.result.total

    @property
    def coverage(self) -> float | None:
        """The share 0..1 that the total rests on."""
        return self.result.coverage

    @property
    def lead(self) -> float | None:
        """Our lead in points, each segment's over its own best competitor."""
        return self.result.lead

    @property
    def best_competitor(self) -> str | None:
        """The id of the best competitor of the largest segment that names one."""
        return self.result.best_competitor

    @property
    def best_name(self) -> str | None:
        """That competitor's name."""
        wanted = self.best_competitor
        return next((s.best.name for s in self.segments if s.best and s.best.id == wanted), None)

    @property
    def answered(self) -> tuple[SegmentResult, ...]:
        """The segments with at least one reply."""
        return tuple(segment for segment in self.segments if segment.replies)

    @property
    def earlier(self) -> bool:
        """Whether some of it is from an earlier period."""
        return any(segment.earlier for segment in self.segments)

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods its figures come from, each once, in the order of the segments."""
        return tuple(dict.fromkeys(s.period for s in self.answered if s.period))

    @property
    def respondents(self) -> int:
        """How many persons answered, each counted once per account."""
        persons = {
            (same_id(reply.order.respondent), " ".join(person_of(reply).casefold().split()))
            for segment in self.segments
            for reply in segment.replies
        }
        return len(persons)


def person_of(reply: Reply) -> str:
    """The name of who answered: as typed, else the one the card was issued to."""
    return reply.answers.name.strip() or reply.order.respondent_name


def of_replies(
    blank: SegmentResult,
    replies: Sequence[Reply],
    *,
    earlier: bool = False,
    threshold: float = DISAGREEMENT,
) -> SegmentResult:
    """``blank`` with what ``replies`` say: at least one, of one period, of different persons."""
    combined = combine([reply.answers.scorecard for reply in replies])
    card = combined.card
    rivals = tuple(_rival(card, competitor) for competitor in _competitors(card, replies))
    best = card.best_competitor()
    return SegmentResult(
        account=blank.account,
        id=blank.id,
        name=blank.name,
        revenue=blank.revenue,
        in_register=blank.in_register,
        period=replies[0].order.period,
        earlier=earlier,
        replies=tuple(replies),
        card=card,
        total=card.total(US),
        coverage=card.coverage(US),
        best=next((rival for rival in rivals if rival.id == best), None),
        provisional=combined.provisional,
        rivals=rivals,
        gaps=card.gaps(),
        knockouts=card.knockouts(),
        spread=combined.spread,
        disagreements=combined.disagreements(threshold),
        best_per_requirement=card.best_per_requirement(),
    )


def total_of(replies: Sequence[Reply]) -> float | None:
    """Our total over some replies to one segment, in points; None if they give none."""
    return combine([reply.answers.scorecard for reply in replies]).card.total(US)


def _competitors(card: Scorecard, replies: Sequence[Reply]) -> list[Competitor]:
    """The card's competitors by id, under the names they were issued with."""
    names = {
        same_id(competitor.id): competitor.name
        for reply in reversed(replies)
        for competitor in reply.order.competitors
    }
    ids = sorted(card.competitors, key=same_id)
    return [Competitor(i, names.get(same_id(i)) or i) for i in ids]


def _rival(card: Scorecard, competitor: Competitor) -> RivalResult:
    rival = competitor.id
    return RivalResult(
        id=rival,
        name=competitor.name,
        total=card.total(rival),
        coverage=card.coverage(rival),
        lead=card.lead(rival),
        lead_coverage=card.lead_coverage(rival),
        tied=card.tied(rival),
        flip=card.smallest_flip(rival),
        parts=MappingProxyType(card.lead_parts(rival)),
    )


def smallest_flip(segments: Sequence[SegmentResult]) -> AccountFlip | None:
    """The flip that needs the smallest change of a weight; ties in the order of the segments."""
    found = [AccountFlip(s, r, r.flip) for s in segments for r in s.rivals if r.flip is not None]
    return min(found, key=lambda f: round(change_of(f.flip), TIE_DIGITS), default=None)


def change_of(flip: Flip) -> float:
    """How far the weight has to move, in % of 100."""
    return abs(flip.critical - flip.weight)
