"""What the replies to one segment or one account say, worked out: the records of a portfolio.

Made by ``portfolio.assemble`` and ``of_replies``; sheets, report and JSON read them and calculate
nothing of their own. None means unknown, never zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from kamxl.core.cards.replies import persons_of
from kamxl.core.ids import US, same_id
from kamxl.core.method.basis import LEVEL_WITHIN, Basis, Lead, Verdict, enough
from kamxl.core.method.by_id import ById
from kamxl.core.method.panel import Averaged, Panel
from kamxl.core.method.respondents import DISAGREEMENT, Profile, Spread
from kamxl.core.method.robustness import TIE_DIGITS, Flip, Reach
from kamxl.core.method.scoring import BestRating, Requirement
from kamxl.core.method.segments import AccountTotal, SegmentTotal
from kamxl.core.method.weightings import Outlook
from kamxl.core.portfolio.standing import Standing
from kamxl.core.records.register import Competitor, Reply

_NOTHING = ById[float]({})


@dataclass(frozen=True, slots=True)
class RivalResult:
    """Us against one competitor in one segment (Wettbewerbsvorteil).

    ``rated``: its own totals in points 0..100; ``lead``: ours with its basis; ``leads``: each
    rater's own; ``parts``: requirement id to what it adds to the lead. ``flip``: the smallest
    change of one weight that turns the order, None below the line or if none does, of those in
    ``reach``; ``outlook``: how firm it is if all weights move a little, None below the line.
    ``in_register`` False: the register does not have this competitor any more.
    """

    id: str
    name: str
    rated: Averaged
    lead: Lead
    leads: Averaged
    flip: Flip | None
    parts: Mapping[str, float]
    in_register: bool = True
    reach: Reach = Reach.NONE
    outlook: Outlook | None = None

    @property
    def total(self) -> float | None:
        """The rival's total in points."""
        return self.rated.value

    @property
    def coverage(self) -> float | None:
        """The share 0..1 of the weights it rests on."""
        return self.rated.share


@dataclass(frozen=True, slots=True)
class SegmentResult:
    """One segment: the replies that count (of one ``period``) and what they say together.

    ``earlier``: none came in the current period, these are the latest before it. ``share``: its
    part 0..1 of the account. ``profile``: what the respondents wanted and rated, side by side,
    None without a reply. ``rated``: each rater's total of us. ``gaps`` and ``knockouts`` are ours.
    ``disagreements``: requirement ids where the raters lie too far apart, largest range first.
    ``best_per_requirement`` is another measure than ``best``, the best rival overall, who may be
    named without a verdict. ``newer``: profiles that came since; they rate nobody.
    """

    account: str
    id: str
    name: str
    revenue: float | None = None
    in_register: bool = True
    share: float | None = None
    period: str | None = None
    earlier: bool = False
    replies: tuple[Reply, ...] = ()
    profile: Profile | None = None
    rated: Averaged = field(default_factory=Averaged)
    best: RivalResult | None = None
    provisional: bool = False
    rivals: tuple[RivalResult, ...] = ()
    gaps: Mapping[str, float] = field(default_factory=dict)
    knockouts: Mapping[str, float] = field(default_factory=dict)
    disagreements: tuple[str, ...] = ()
    newer: tuple[Reply, ...] = ()

    def __post_init__(self) -> None:
        for name in ("gaps", "knockouts"):
            own = getattr(self, name)
            if not isinstance(own, ById):
                object.__setattr__(self, name, ById(own) if own else _NOTHING)

    @property
    def total(self) -> float | None:
        """Our total in points 0..100: the mean of the raters' own."""
        return self.rated.value

    @property
    def coverage(self) -> float | None:
        """The share 0..1 of the weights it rests on."""
        return self.rated.share

    @property
    def best_per_requirement(self) -> Mapping[str, BestRating]:
        """Requirement id to the competitor rated best on *it*, and that mean rating."""
        return self.profile.best_per_requirement() if self.profile else {}

    @property
    def spread(self) -> Mapping[str, Spread]:
        """Requirement id to how the ratings of us lie."""
        return self.profile.spread(US) if self.profile else {}

    @property
    def respondents(self) -> int:
        """How many persons' replies count here."""
        return persons(self.replies)

    @property
    def lead(self) -> Lead:
        """Our lead over the segment's best competitor, with its basis."""
        if self.best is not None:
            return self.best.lead
        return Lead(basis=Basis(of=self.respondents, revenue=self.share))

    @property
    def outlook(self) -> Outlook | None:
        """How firmly we are ahead of the best competitor under other weights; None: no verdict."""
        return self.best.outlook if self.best else None

    @property
    def best_competitor(self) -> str | None:
        """The id of the best competitor overall, named with or without a verdict."""
        return self.best.id if self.best else None

    @property
    def profiles(self) -> int:
        """How many replies rate nobody, by intent: weights alone were asked."""
        return sum(reply.profile_only for reply in (*self.replies, *self.newer))

    @property
    def comparing(self) -> tuple[Reply, ...]:
        """The replies the lead rests on."""
        return tuple(self.replies[at] for at in self.best.leads.who) if self.best else ()

    @property
    def as_total(self) -> SegmentTotal:
        """What the account's total takes from this segment."""
        return SegmentTotal(
            self.id, self.revenue, self.total, self.coverage, self.lead, self.best_competitor
        )

    def worth(self, gap: float) -> float | None:
        """Revenue times a gap (points of our total), in money a year; None: revenue unknown."""
        return None if self.revenue is None else self.revenue * gap / 100

    def lead_part(self, requirement: str) -> float | None:
        """What a requirement adds to our lead over the best competitor; None below the line."""
        return self.best.parts.get(requirement) if self.lead.basis.enough and self.best else None

    def requirement(self, wanted: str) -> Requirement:
        """A requirement of the cards (KeyError: there is none with this id)."""
        for requirement in self.profile.requirements if self.profile else ():
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


@dataclass(frozen=True, slots=True)
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
    def lead(self) -> Lead:
        """Our lead, each compared segment's over its own best competitor, with its basis."""
        return self.result.lead

    @property
    def best_competitor(self) -> str | None:
        """The id of the best competitor of the largest compared segment, else of the largest."""
        return self.result.best_competitor

    @property
    def best(self) -> RivalResult | None:
        """That competitor, in a segment where it is the best one."""
        wanted = self.best_competitor
        return next((s.best for s in self.segments if s.best and s.best.id == wanted), None)

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
    def fresh(self) -> tuple[SegmentResult, ...]:
        """The segments answered in this period."""
        return tuple(segment for segment in self.answered if not segment.earlier)

    @property
    def missed(self) -> bool:
        """Whether a rating of us is below its minimum: no total makes up for that."""
        return any(segment.knockouts for segment in self.segments)

    @property
    def first(self) -> bool:
        """Whether we are ahead of every rival asked about, everywhere: with a verdict each."""
        verdicts = [
            {rival.lead.verdict for rival in segment.rivals} or {None} for segment in self.segments
        ]
        return bool(verdicts) and all(found == {Verdict.AHEAD} for found in verdicts)

    @property
    def firm(self) -> bool:
        """Whether we are first, and no shift of a weight that could be tried changes that."""
        rivals = [rival for segment in self.segments for rival in segment.rivals]
        return self.first and self.flip is None and all(r.reach is not Reach.NONE for r in rivals)

    @property
    def counted(self) -> float | None:
        """The total where it may stand in a mean or ranking over accounts; else None.

        It rests on half of the account's weights, and on nothing that an earlier period said.
        """
        return self.total if enough(self.coverage) and not self.earlier else None

    @property
    def counted_lead(self) -> float | None:
        """The lead where it may stand in a mean over accounts; else None."""
        return None if self.earlier else self.lead.points

    @property
    def respondents(self) -> int:
        """How many persons answered, each counted once per account."""
        return persons(reply for segment in self.segments for reply in segment.replies)


def persons(replies: Iterable[Reply]) -> int:
    """How many persons gave these replies of one account, whatever segments they are on."""
    by: defaultdict[str, list[Reply]] = defaultdict(list)
    for reply in replies:
        by[same_id(reply.order.respondent)].append(reply)
    return sum(len(set(persons_of(own))) if len(own) > 1 else 1 for own in by.values())


def of_replies(
    blank: SegmentResult,
    replies: Sequence[Reply],
    *,
    earlier: bool = False,
    threshold: float = DISAGREEMENT,
    level_within: float = LEVEL_WITHIN,
    known: Collection[str] | None = None,
) -> SegmentResult:
    """``blank`` with what ``replies`` say: at least one, of one period, each person once (or with
    a profile and a card on which she weighs nothing).

    ``known``: the competitors (compared ids) that the register has, None: all.
    """
    cards = [reply.answers.scorecard for reply in replies]
    panel = Panel(cards, level_within=level_within, people=persons(replies))
    rivals = tuple(
        _rival(panel, one, blank.share, known is None or same_id(one.id) in known)
        for one in _competitors(panel.competitors, replies)
    )
    best = panel.best_competitor()
    return replace(
        blank,
        period=replies[0].order.period,
        earlier=earlier,
        replies=tuple(replies),
        profile=panel.profile,
        rated=panel.total(),
        best=next((rival for rival in rivals if rival.id == best), None),
        provisional=panel.provisional,
        rivals=rivals,
        gaps=panel.gaps(),
        knockouts=panel.knockouts(),
        disagreements=panel.profile.disagreements(threshold),
    )


def total_of(replies: Sequence[Reply]) -> float | None:
    """Our total over some replies to one segment, in points; None if they give none."""
    return Panel([reply.answers.scorecard for reply in replies]).total().value


def _competitors(rivals: Sequence[str], replies: Sequence[Reply]) -> list[Competitor]:
    """The cards' competitors by id, under the names they were issued with."""
    names = {
        same_id(competitor.id): competitor.name
        for reply in reversed(replies)
        for competitor in reply.order.competitors
    }
    ids = sorted(rivals, key=same_id)
    return [Competitor(i, names.get(same_id(i)) or i) for i in ids]


def _rival(
    panel: Panel, competitor: Competitor, share: float | None, in_register: bool
) -> RivalResult:
    rival = competitor.id
    return RivalResult(
        id=rival,
        name=competitor.name,
        rated=panel.total(rival),
        lead=panel.lead(rival, share),
        leads=panel.leads(rival),
        flip=panel.flip(rival),
        parts=ById(panel.parts(rival)),
        in_register=in_register,
        reach=panel.reach(rival),
        outlook=panel.outlook(rival),
    )


def smallest_flip(segments: Sequence[SegmentResult]) -> AccountFlip | None:
    """The flip that needs the smallest change of a weight; ties in the order of the segments."""
    found = [AccountFlip(s, r, r.flip) for s in segments for r in s.rivals if r.flip is not None]
    return min(found, key=lambda f: round(change_of(f.flip), TIE_DIGITS), default=None)


def change_of(flip: Flip) -> float:
    """How far the weight has to move, in % of 100."""
    return abs(flip.critical - flip.weight)
