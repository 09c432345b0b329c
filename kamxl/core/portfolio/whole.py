"""The portfolio: every account, from the register and the replies that count.

Pure: the same register and replies give the same portfolio, in whatever order they are met.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from kamxl.core.cards.common_ids import one_language
from kamxl.core.cards.replies import person_of
from kamxl.core.cards.writers import Writers
from kamxl.core.finding import Finding, finding
from kamxl.core.ids import ALTERNATIVE, same_id
from kamxl.core.method.basis import NOTHING_COMPARED, Lead, enough
from kamxl.core.method.position import relative_of
from kamxl.core.method.programmes import RequirementKey
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.segments import AccountTotal, combine_segments, shares_of
from kamxl.core.method.selection import Selection
from kamxl.core.period import in_order
from kamxl.core.portfolio.benefits import answers_of
from kamxl.core.portfolio.changing import AccountChange, Course, Revenues
from kamxl.core.portfolio.chasing import Chase
from kamxl.core.portfolio.choosing import selection_of
from kamxl.core.portfolio.following import FollowUp, PageOut, follow_up
from kamxl.core.portfolio.once import Accounts
from kamxl.core.portfolio.results import (
    AccountResult,
    Gap,
    RivalResult,
    SegmentResult,
    change_of,
    of_replies,
    persons,
    smallest_flip,
)
from kamxl.core.portfolio.standing import in_their_order, is_judged, standing_of
from kamxl.core.records.benefits import Benefit
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import (
    Account,
    Competitor,
    Contact,
    FileResult,
    Register,
    Reply,
    Segment,
    Settings,
)


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """An account's total (points, None: unknown) over its own answers of ``period``, by today's
    method: what stands in elsewhere for a missing answer is no part of it. ``coverage``: the share
    0..1 of the account that it rests on; ``lead``: over the best competitor then, with its basis.
    ``earlier``: an answer from before stood in for a missing one then.
    """

    account: str
    period: str
    total: float | None
    coverage: float | None = None
    lead: Lead = NOTHING_COMPARED
    earlier: bool = False

    @property
    def counted(self) -> float | None:
        """The total where it rests on half of the account; else None."""
        return self.total if enough(self.coverage) else None

    @property
    def in_mean(self) -> float | None:
        """The total where it stood in the mean over accounts of its period; else None."""
        return None if self.earlier else self.counted

    @property
    def lead_in_mean(self) -> float | None:
        """The lead where it stood in the mean over accounts of its period; else None."""
        return None if self.earlier else self.lead.points

    @property
    def relative(self) -> float | None:
        """Its height on the map then, if it was compared; else None."""
        return relative_of(self.lead.points)


@dataclass(frozen=True)
class Portfolio:
    """Everything that Portfolio.xlsx, the report and the JSON show.

    ``accounts`` are sorted by id; ``findings`` are the register's and those made here; ``history``
    is sorted by account and period and holds periods up to the current one. ``changes``: account id
    to what changed since it last answered, of those that answered now and before. ``selection``
    judges the register's accounts by ``selection_weights`` (criterion id to weight). ``as_of``: the
    day for which actions are overdue, None: no plan and no day was given. ``asked``: account and
    segment (compared) of the cards of this period that went out, None: unknown; ``sent``: accounts
    from which something came that is no answer yet. ``follow``: what became of what was said;
    ``benefits`` by account, of those that have a plan; ``chase``: every card of the period that is
    out, by account manager.
    """

    settings: Settings
    period: str
    accounts: tuple[AccountResult, ...]
    files: tuple[FileResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    history: tuple[HistoryPoint, ...] = ()
    changes: Mapping[str, AccountChange] = field(default_factory=dict)
    selection: Selection | None = None
    selection_weights: Mapping[str, float | None] = field(default_factory=dict)
    as_of: date | None = None
    asked: frozenset[tuple[str, str]] | None = None
    sent: frozenset[str] = frozenset()
    follow: FollowUp = field(default_factory=FollowUp)
    benefits: Mapping[str, tuple[Benefit, ...]] = field(default_factory=dict)
    chase: tuple[Chase, ...] = ()

    @property
    def chosen(self) -> bool:
        """Whether the team has judged any account: rated a criterion or answered a condition."""
        accounts = self.selection.accounts if self.selection else ()
        return any(is_judged(found.candidate) for found in accounts)

    @property
    def planned(self) -> tuple[AccountResult, ...]:
        """The accounts that have a plan."""
        return tuple(account for account in self.accounts if account.standing.plan)

    def course(self, account: AccountResult) -> Sequence[HistoryPoint]:
        """Where an account stood in each period in which it answered, this one last."""
        return self._courses.get(same_id(account.id), ())

    def before(self, account: AccountResult) -> HistoryPoint | None:
        """Where an account that answered in this period stood when it last answered before.

        None: this is its first answer, it shows an earlier one, or it was not compared then.
        """
        own = self.course(account)
        if len(own) < 2 or own[-1].period != self.period:
            return None
        return own[-2] if own[-2].relative is not None else None

    def asked_of(self, account: str, segment: str | None = None) -> bool:
        """Whether a card went out to an account, or about one of its segments; unknown: so taken.

        Both by their ids.
        """
        if self.asked is None:
            return True
        own = self._asked.get(same_id(account), ())
        return bool(own) if segment is None else same_id(segment) in own

    @cached_property
    def _asked(self) -> Mapping[str, set[str]]:
        """The segments about which cards went out, by account."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for account, segment in self.asked or ():
            found[account].add(segment)
        return found

    @cached_property
    def _courses(self) -> Mapping[str, Sequence[HistoryPoint]]:
        """The history by account."""
        found: defaultdict[str, list[HistoryPoint]] = defaultdict(list)
        for point in self.history:
            found[same_id(point.account)].append(point)
        return found

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods of the history, each once, in their order."""
        return tuple(sorted({point.period for point in self.history}, key=in_order))


def assemble(
    register: Register,
    period: str,
    replies: Sequence[Reply],
    files: Sequence[FileResult],
    plans: Sequence[AccountPlan] = (),
    as_of: date | None = None,
    revenues: Revenues | None = None,
    pages: Sequence[Reply] = (),
    sent: Sequence[PageOut] = (),
) -> Portfolio:
    """The portfolio of ``period``; ``replies`` are verified and count within their own period.

    A segment without a reply in the period shows its latest earlier one, never a later one; so
    does an account without a plan of the period. ``as_of``: the day of this portfolio, by which
    actions are overdue; without it the latest that a plan names. ``revenues``: those of earlier
    periods, where they are remembered; else they are taken to be today's. ``sent``: reply pages
    that went out; ``pages``: what came back that says something of one.
    """
    book = _Book(
        register,
        [r for r in replies if in_order(r.order.period) <= in_order(period)],
        [p for p in plans if in_order(p.period) <= in_order(period)],
        as_of,
        revenues,
        [page for page in pages if in_order(page.order.period) <= in_order(period)],
    )
    accounts = Accounts(book.account(key, period) for key in book.keys)
    return Portfolio(
        settings=register.settings,
        period=period,
        accounts=accounts,
        files=tuple(files),
        findings=(*register.findings, *book.strangers()),
        history=tuple(book.history(accounts, period)),
        changes=book.changes(accounts, period),
        selection=book.selection,
        selection_weights=register.selection_weights,
        as_of=book.as_of,
        follow=follow_up(replies, period, plans, sent, pages, register.settings.level_within),
        benefits={one.id: one.standing.benefits for one in accounts if one.standing.plan},
    )


def _by_account(revenues: Revenues) -> dict[str, dict[str, dict[tuple[str, str], float | None]]]:
    """What is remembered of each account alone."""
    found: dict[str, dict[str, dict[tuple[str, str], float | None]]] = {}
    for period, by in revenues.items():
        for of, revenue in by.items():
            found.setdefault(of[0], {}).setdefault(period, {})[of] = revenue
    return found


class _Book:
    """Register and replies, by account and segment."""

    def __init__(
        self,
        register: Register,
        replies: Sequence[Reply],
        plans: Sequence[AccountPlan],
        as_of: date | None,
        revenues: Revenues | None,
        pages: Sequence[Reply],
    ) -> None:
        self.register, self.selection = register, selection_of(register)
        self.revenues = _by_account(revenues or {})
        self.writers = Writers(register)
        self.rivals = {ALTERNATIVE, *(same_id(one.competitor.id) for one in register.competitors)}
        self.known = {same_id(account.id): account for account in register.accounts}
        self.replies: defaultdict[str, list[Reply]] = defaultdict(list)
        for reply in sorted(replies, key=_reading_order):
            self.replies[same_id(reply.order.account)].append(reply)
        self.segments: defaultdict[str, list[Segment]] = defaultdict(list)
        for segment in register.segments:
            self.segments[same_id(segment.account)].append(segment)
        self.pages: defaultdict[str, list[Reply]] = defaultdict(list)
        for page in pages:
            self.pages[same_id(page.order.account)].append(page)
        self.contacts: defaultdict[str, list[Contact]] = defaultdict(list)
        for contact in register.contacts:
            self.contacts[same_id(contact.account)].append(contact)
        self.plans = {same_id(plan.account): plan for plan in in_their_order(plans, by_day=True)}
        days = [plan.as_of for plan in self.plans.values() if plan.as_of]
        self.as_of = as_of or max(days, default=None)
        self.selected = {same_id(a.candidate.account): a for a in self.selection.accounts}
        self.keys = sorted(self.known.keys() | self.replies.keys() | self.plans.keys())
        self.courses = {key: self._course(key) for key in self.keys}

    def _course(self, key: str) -> Course:
        segments, replies = self.segments.get(key, []), self.replies.get(key, [])
        within = self.register.settings.level_within
        return Course(self._account(key).id, segments, replies, self.revenues.get(key), within)

    def _account(self, key: str) -> Account:
        """The account as the register has it; else as its last reply or its plan calls it."""
        if key in self.known:
            return self.known[key]
        if self.replies.get(key):
            return _from_reply(self.replies[key][-1])
        plan = self.plans[key]
        return Account(plan.account, plan.account_name or plan.account, plan.language)

    def account(self, key: str, period: str) -> AccountResult:
        """One account as it stands in ``period``."""
        account, replies = self._account(key), self.replies.get(key, [])
        segments = self._segments(account, replies, period)
        result = _combined(segments)
        gap, plan = _most_valuable(segments, result), self.plans.get(key)
        return AccountResult(
            id=account.id,
            name=account.name,
            manager=self.writers.manager(account),
            in_register=key in self.known,
            segments=segments,
            result=result,
            gap=gap,
            flip=smallest_flip(segments),
            provisional=_provisional(segments),
            standing=standing_of(
                account.id,
                segments,
                result,
                RequirementKey(account.id, gap.segment, gap.requirement) if gap else None,
                selected=self.selected.get(key),
                plan=plan,
                plan_earlier=plan is not None and plan.period != period,
                contacts=self.contacts[key],
                as_of=self.as_of,
                said=answers_of(account.id, self.pages.get(key, ())),
            ),
        )

    def _segments(
        self, account: Account, replies: Iterable[Reply], period: str
    ) -> tuple[SegmentResult, ...]:
        settings = self.register.settings
        found = list(self._counting(account, replies, period))
        shares, _ = shares_of([blank.revenue for blank, _, _ in found])
        return tuple(
            of_replies(
                replace(blank, share=share),
                counting,
                earlier=earlier,
                threshold=settings.disagreement,
                level_within=settings.level_within,
                known=self.rivals,
            )
            if counting
            else replace(blank, share=share)
            for share, (blank, counting, earlier) in zip(shares, found, strict=True)
        )

    def _counting(
        self, account: Account, replies: Iterable[Reply], period: str
    ) -> Iterator[tuple[SegmentResult, tuple[Reply, ...], bool]]:
        """Each segment of an account, blank, with the replies that count; whether from earlier."""
        blanks = {
            same_id(s.id): SegmentResult(account.id, s.id, s.name, s.revenue)
            for s in self.segments[same_id(account.id)]
        }
        answers: defaultdict[str, list[Reply]] = defaultdict(list)
        for reply in replies:
            if in_order(reply.order.period) <= in_order(period):
                answers[same_id(reply.order.segment)].append(reply)
        for key in sorted(blanks.keys() | answers.keys()):
            # a profile asks for no rating: until the card comes, the ratings before it stand
            rated = [r for r in answers[key] if not r.profile_only] or answers[key]
            latest = max((r.order.period for r in rated), key=in_order, default=period)
            counting = one_language([r for r in answers[key] if r.order.period == latest])
            blank = blanks.get(key) or _gone(account.id, counting[-1])
            newer = [r for r in answers[key] if in_order(r.order.period) > in_order(latest)]
            yield replace(blank, newer=tuple(newer)), counting, latest != period

    def strangers(self) -> Iterable[Finding]:
        """A warning for each account with a reply or a plan that the register does not have."""
        for key in self.keys:
            if key not in self.known and key not in self.register.blocked:
                account, plan = self._account(key), "" if self.replies.get(key) else "yes"
                code = "account-not-in-register"
                yield finding(code, value=account.id, name=account.name, only_plan=plan)

    def history(self, accounts: Iterable[AccountResult], now: str) -> Iterable[HistoryPoint]:
        """Each account's total in every period it answered in; ``now``: that of the accounts."""
        for key, account in zip(self.keys, accounts, strict=True):
            course = self.courses[key]
            for period in course.periods:
                found = course.total(period, account.segments if period == now else ())
                earlier, total = course.earlier(period), (found.total, found.coverage)
                yield HistoryPoint(course.account, period, *total, found.lead, earlier)

    def changes(
        self, accounts: Iterable[AccountResult], period: str
    ) -> Mapping[str, AccountChange]:
        """What changed at each account, beside the change of who is its best competitor today."""
        found = {}
        for account in accounts:
            best = account.best
            rival = Competitor(best.id, best.name) if best else None
            change = self.courses[same_id(account.id)].change(period, rival)
            if change is None:
                continue
            if change.rival is not None and best is not None:
                change = replace(change, rival=replace(change.rival, in_register=best.in_register))
            found[account.id] = change
        return found


def _gone(account: str, reply: Reply) -> SegmentResult:
    """A segment that was answered and that the register does not have any more."""
    order = reply.order
    return SegmentResult(account, order.segment, order.segment_name, in_register=False)


def _reading_order(reply: Reply) -> tuple[object, ...]:
    order = reply.order
    return (
        same_id(order.account),
        in_order(order.period),
        same_id(order.segment),
        same_id(order.respondent),
        person_of(reply).casefold(),
        reply.source,
    )


def _from_reply(reply: Reply) -> Account:
    return Account(reply.order.account, reply.order.account_name, reply.order.language)


def _combined(segments: Sequence[SegmentResult]) -> AccountTotal:
    """What the segments amount to, with who compared in those that are compared."""
    compared = [segment for segment in segments if segment.lead.points is not None]
    return combine_segments(
        [segment.as_total for segment in segments],
        raters=persons(reply for segment in compared for reply in segment.comparing),
        of=persons(reply for segment in segments for reply in segment.replies),
    )


def _provisional(segments: Sequence[SegmentResult]) -> bool:
    if not any(segment.replies for segment in segments):
        return False
    return any(segment.provisional or segment.total is None for segment in segments)


def _most_valuable(segments: Sequence[SegmentResult], result: AccountTotal) -> Gap | None:
    """The largest gap g × the segment's share of the account; on a tie the earlier segment."""
    found = [
        Gap(s.id, i, s.requirement(i).label, gap * result.weights[s.id])
        for s in segments
        for i, gap in s.gaps.items()
    ]
    largest = max(found, key=lambda gap: round(gap.points, TIE_DIGITS), default=None)
    return largest if largest and round(largest.points, TIE_DIGITS) > 0 else None


__all__ = [
    "AccountResult",
    "Gap",
    "HistoryPoint",
    "Portfolio",
    "RivalResult",
    "SegmentResult",
    "assemble",
    "change_of",
]
