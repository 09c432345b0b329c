"""What changed at an account since it last answered: its own answers of two periods, compared.

Only what was answered in a period belongs to it: an earlier answer that stands in elsewhere for a
missing one is no part of it here. All periods are worked out by today's method, over all segments
that are known today, each with the revenue it had in the period where that is remembered. Seed:
the customer is asked again and again, 2.3.1.1.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import is_

from kamxl.core.cards.common_ids import one_language
from kamxl.core.cards.persons import told_apart
from kamxl.core.cards.replies import person_of
from kamxl.core.ids import US, same_id, same_name
from kamxl.core.method.basis import LEVEL_WITHIN, NOTHING_COMPARED, Basis, Lead, enough
from kamxl.core.method.panel import Averaged, Panel
from kamxl.core.method.respondents import mean_within
from kamxl.core.method.scoring import Scorecard
from kamxl.core.method.segments import AccountTotal, SegmentTotal, combine_segments, shares_of
from kamxl.core.method.trend import (
    Cause,
    Cell,
    Change,
    Part,
    RatedSegment,
    Trend,
    in_both,
    like_with_like,
    trend,
)
from kamxl.core.period import in_order
from kamxl.core.portfolio.results import SegmentResult, persons
from kamxl.core.records.register import Competitor, Reply, Segment

# Period to the revenues that were known then, by account and segment (as compared).
Revenues = Mapping[str, Mapping[tuple[str, str], float | None]]
Heard = frozenset[tuple[str, str]]  # segment and rater of every reply, counting or not


class Presence(StrEnum):
    """How a rater who does not count in a segment in one of two periods was there then."""

    UNCOUNTED = "uncounted"  # answered about it, on less than half of her weights
    ELSEWHERE = "elsewhere"  # answered about other segments only
    ABSENT = "absent"  # did not answer, be it that she was not asked


@dataclass(frozen=True, slots=True)
class RivalChange:
    """How one rival's total changed, over what was rated both times, with what that rests on.

    ``in_register`` False: the register does not have this competitor any more.
    """

    id: str
    name: str
    change: Change
    basis: Basis
    in_register: bool = True

    @property
    def points(self) -> float | None:
        """The change in points, if it rests on half of the account and of the rival's ratings."""
        firm = self.basis.enough and enough(self.change.common)
        return self.change.points if firm else None


@dataclass(frozen=True)
class AccountChange:
    """Why an account's total is another one than in ``since``, the period it answered before.

    ``covered``: the smaller of the shares 0..1 of the account that the two totals rest on. Names
    by the keys of the trend's parts: ``segments``, ``raters``, ``requirements`` (by segment and
    requirement). ``heard``: who answered about what then, and now.
    """

    account: str
    since: str
    period: str
    trend: Trend
    covered: float
    segments: Mapping[str, str] = field(default_factory=dict)
    raters: Mapping[str, str] = field(default_factory=dict)
    requirements: Mapping[tuple[str, str], str] = field(default_factory=dict)
    heard: tuple[Heard, Heard] = (frozenset(), frozenset())
    rival: RivalChange | None = None

    @property
    def enough(self) -> bool:
        """Whether the totals may be compared: half of them is of the same raters and requirements,
        and each rests on half of the account.
        """
        return enough(self.trend.common) and enough(self.covered)

    @property
    def points(self) -> float | None:
        """The change in points if it may be told, else None."""
        return self.trend.points if self.enough else None

    @property
    def moved_most(self) -> tuple[str, float] | None:
        """The requirement (its text) whose ratings moved the total most, over all segments, and by
        how many points; None if no rating moved anything.

        By its text, because two segments may use one id for two things.
        """
        texts: dict[str, str] = {}

        def compared(part: Part) -> str:
            text = self.label(part)
            return texts.setdefault(same_name(text), text)

        return self.trend.moved_most(compared)

    def label(self, part: Part) -> str:
        """What a part's requirement is called."""
        return self.requirements.get((part.segment, part.requirement)) or part.requirement

    def presence(self, part: Part) -> Presence:
        """How the rater of a part who came or went was there in the other period."""
        heard = self.heard[0 if part.cause is Cause.RATER_CAME else 1]
        if (part.segment, part.rater) in heard:
            return Presence.UNCOUNTED
        elsewhere = any(rater == part.rater for _, rater in heard)
        return Presence.ELSEWHERE if elsewhere else Presence.ABSENT


@dataclass(frozen=True, slots=True)
class _Answered:
    """A segment in one period: the replies, each with the key of who gave it."""

    id: str
    revenue: float | None
    replies: tuple[tuple[str, Reply], ...]

    def rated(self, supplier: str) -> RatedSegment:
        """What counts of it for one supplier: raters of half of their weights, or else all."""
        if not self.replies:
            return RatedSegment(self.id, self.revenue, {})
        panel = Panel([reply.answers.scorecard for _, reply in self.replies])
        counting = (self.replies[at] for at in panel.total(supplier).who)
        raters = {rater: _cells(reply, supplier) for rater, reply in counting}
        return RatedSegment(self.id, self.revenue, raters)


class Course:
    """An account's own answers, period by period.

    ``segments``: the register's of today; ``replies``: in reading order, those that count.
    """

    def __init__(
        self,
        account: str,
        segments: Iterable[Segment],
        replies: Iterable[Reply],
        revenues: Revenues | None = None,
        level_within: float = LEVEL_WITHIN,
    ) -> None:
        self.account, self._level_within = account, level_within
        self._registered = {same_id(segment.id): segment for segment in segments}
        self._revenues = self._remembered(revenues or {})
        self._names = {key: segment.name for key, segment in self._registered.items()}
        self._replies: defaultdict[str, defaultdict[str, list[Reply]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._said: defaultdict[str, list[Reply]] = defaultdict(list)
        for reply in replies:
            self._said[same_id(reply.order.segment)].append(reply)
            if reply.profile_only:  # it rates nobody: no total of the period, and no change of one
                continue
            key = same_id(reply.order.segment)
            self._replies[reply.order.period][key].append(reply)
            if key not in self._registered:
                self._names[key] = reply.order.segment_name
        self._segments = sorted(self._names)
        answered: defaultdict[str, list[str]] = defaultdict(list)
        for by in self._replies.values():
            for one in (reply for own in by.values() for reply in own):
                answered[_of(one)].append(person_of(one))
        self._persons = {of: told_apart(names) for of, names in answered.items()}

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods in which the account answered, in their order."""
        return tuple(sorted(self._replies, key=in_order))

    def total(self, period: str, shown: Iterable[SegmentResult] = ()) -> AccountTotal:
        """What the answers of one period amount to. ``shown``: what is known of segments already,
        which stands for those of which it is made of the same cards.
        """
        totals, compared = [], []
        answers: Mapping[str, list[Reply]] = self._replies.get(period, {})
        known = {same_id(segment.id): segment for segment in shown}
        for key in self._segments:
            replies = answers.get(key, [])
            rated, best, lead, who = self._of_segment(replies, known.get(key))
            if best and lead.points is not None:
                compared += [replies[at] for at in who]
            revenue = self._revenue(key, period)
            totals.append(SegmentTotal(key, revenue, rated.value, rated.share, lead, best))
        every = (reply for own in answers.values() for reply in own)
        return combine_segments(totals, raters=persons(compared), of=persons(every))

    def _of_segment(
        self, replies: Sequence[Reply], known: SegmentResult | None
    ) -> tuple[Averaged, str | None, Lead, Sequence[int]]:
        """Our total over some replies, the best competitor, the lead and who gave it."""
        cards = [reply.answers.scorecard for reply in replies]
        if known is not None and replies and _is_made_of(known, cards):
            who = known.best.leads.who if known.best else ()
            return known.rated, known.best_competitor, known.lead, who
        panel = Panel(cards, level_within=self._level_within, people=persons(replies))
        best = panel.best_competitor()
        if best is None:
            return panel.total(), None, NOTHING_COMPARED, ()
        return panel.total(), best, panel.lead(best), panel.leads(best).who

    def earlier(self, period: str) -> bool:
        """Whether an answer from before stands in, in a period, for one that did not come."""
        for replies in self._said.values():
            until = [r for r in replies if in_order(r.order.period) <= in_order(period)]
            rated = [reply for reply in until if not reply.profile_only] or until
            if rated and all(reply.order.period != period for reply in rated):
                return True
        return False

    def change(self, period: str, rival: Competitor | None = None) -> AccountChange | None:
        """Why the total of a period is another one than that of the latest before it.

        ``rival``: whose change stands beside. None: nothing to compare.
        """
        before = [p for p in self.periods if in_order(p) < in_order(period)]
        known = [p for p in before if self.total(p).total is not None]
        if period not in self._replies or not known:
            return None
        since = known[-1]
        then, now = self._both(since, period)
        found = trend([s.rated(US) for s in then], [s.rated(US) for s in now])
        if found is None:
            return None
        return AccountChange(
            account=self.account,
            since=since,
            period=period,
            trend=found,
            covered=min(self.total(p).coverage or 0.0 for p in (since, period)),
            segments=dict(self._names),
            raters=_raters([*then, *now]),
            requirements=_requirements([*then, *now]),
            heard=(_heard(then), _heard(now)),
            rival=_rival_change(then, now, rival) if rival else None,
        )

    def _remembered(self, revenues: Revenues) -> dict[str, dict[str, float | None]]:
        """Period to the account's revenues by segment, where all are known, then and today.

        Else a revenue that became known would look like one that shifted.
        """
        if not _all_known(segment.revenue for segment in self._registered.values()):
            return {}
        own = {
            period: {segment: r for (of, segment), r in by.items() if of == same_id(self.account)}
            for period, by in revenues.items()
        }
        return {period: by for period, by in own.items() if _all_known(by.values())}

    def _revenue(self, key: str, period: str) -> float | None:
        """A segment's revenue in a period: as remembered, else today's."""
        known = self._revenues.get(period, {})
        if key in known:
            return known[key]
        if key in self._registered:
            return self._registered[key].revenue
        if period in self._replies and self._replies[period][key]:
            return None
        # Given up since: what was last known of it. Unknown would make all segments count alike.
        last = [p for p in self._revenues if key in self._revenues[p]]
        return self._revenues[max(last, key=in_order)][key] if last else None

    def _told_apart(self, replies: Iterable[Reply]) -> tuple[tuple[str, Reply], ...]:
        """Each reply with who gave it, as persons are told apart; nobody stands twice.

        In whatever period she answered, and however her name was spelled then.
        """
        found: dict[str, Reply] = {}
        for reply in replies:
            name = same_name(person_of(reply))
            key = same_id(f"{reply.order.respondent} {self._persons[_of(reply)].get(name, name)}")
            while key in found:
                key += "'"
            found[key] = reply
        return tuple(found.items())

    def _both(self, since: str, period: str) -> tuple[list[_Answered], list[_Answered]]:
        """All segments in both periods, with one set of requirement ids over both."""
        then: list[_Answered] = []
        now: list[_Answered] = []
        for key in self._segments:
            earlier, later = self._replies[since][key], self._replies[period][key]
            common = one_language([*earlier, *later])
            sides = common[: len(earlier)], common[len(earlier) :]
            for made, of, replies in zip((then, now), (since, period), sides, strict=True):
                made.append(_Answered(key, self._revenue(key, of), self._told_apart(replies)))
        return then, now


def _is_made_of(known: SegmentResult, cards: Sequence[Scorecard]) -> bool:
    """Whether it is made of these very cards, in this order."""
    own = [reply.answers.scorecard for reply in known.replies]
    return len(own) == len(cards) and all(map(is_, own, cards))


def _of(reply: Reply) -> str:
    """The compared id of whom a card was issued to."""
    return same_id(reply.order.respondent)


def _all_known(revenues: Iterable[float | None]) -> bool:
    """Whether they give shares: all of them are known, and there is some."""
    found = list(revenues)
    return None not in found and any(found)


def _cells(reply: Reply, supplier: str) -> dict[str, Cell]:
    card = reply.answers.scorecard
    return {
        requirement.id: Cell(requirement.weight, rating)
        for requirement in card.requirements
        if requirement.weight is not None
        and (rating := card.rating(supplier, requirement.id)) is not None
    }


def _heard(segments: Iterable[_Answered]) -> Heard:
    return frozenset((segment.id, rater) for segment in segments for rater, _ in segment.replies)


def _raters(segments: Iterable[_Answered]) -> dict[str, str]:
    """Their names by key, as last typed."""
    return {rater: person_of(reply) for segment in segments for rater, reply in segment.replies}


def _requirements(segments: Iterable[_Answered]) -> dict[tuple[str, str], str]:
    """The text of each requirement, as the last card that has it says."""
    return {
        (segment.id, same_id(requirement.id)): requirement.label
        for segment in segments
        for _, reply in segment.replies
        for requirement in reply.answers.scorecard.requirements
    }


def _rival_change(
    then: Sequence[_Answered], now: Sequence[_Answered], rival: Competitor
) -> RivalChange | None:
    """Like with like; its basis is what was compared both times of all who answer now."""
    sides = [[segment.rated(rival.id) for segment in side] for side in (then, now)]
    change = like_with_like(*sides)
    if change is None:
        return None
    _, kept = in_both(*sides)
    shares, _ = shares_of([segment.revenue for segment in now])
    weights, revenue = [], []
    raters: set[str] = set()
    for share, segment, both in zip(shares, now, kept, strict=True):
        if both.raters:
            cards = dict(segment.replies)
            own = [_share(cards[rater], cells) for rater, cells in both.raters.items()]
            weights.append(share * mean_within(own))
            revenue.append(share)
            raters |= both.raters.keys()
    answered = persons(reply for segment in now for _, reply in segment.replies)
    basis = Basis(len(raters), answered, math.fsum(weights), math.fsum(revenue))
    return RivalChange(rival.id, rival.name, change, basis)


def _share(reply: Reply, cells: Mapping[str, Cell]) -> float:
    """The share 0..1 of the weights of a card that some of its cells have."""
    whole = reply.answers.scorecard.weights_sum
    return math.fsum(cell.weight for cell in cells.values()) / whole if whole > 0 else 0.0
