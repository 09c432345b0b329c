"""What came back since a plan was made: one record per account, beside its plan (Begleitdatei).

It tells what its customer says now, and marks what the plan does not know yet: by comparing what
was filled in when it was made with what is said today. Nothing of it is written for the customer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Generic, Protocol, TypeVar

from kamxl.core.cards.common_ids import one_language
from kamxl.core.cards.replies import person_of
from kamxl.core.ids import US, is_spare, same_id, same_name
from kamxl.core.method.basis import Lead
from kamxl.core.period import in_order
from kamxl.core.portfolio.disagreeing import Opinion, disagreements_of
from kamxl.core.portfolio.results import AccountResult, SegmentResult, total_of
from kamxl.core.portfolio.standing import plan_wishes
from kamxl.core.portfolio.views import View, views_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.page import (
    BenefitAnswer,
    PageAnswers,
    PageBenefit,
    PageProgramme,
    PageRow,
    PageStatement,
    ProgrammeAnswer,
    ReplyPage,
    RowAnswer,
    StatementAnswer,
    Step,
)
from kamxl.core.records.page import View as Understood
from kamxl.core.records.plan import AccountPlan, PlanIdentity, PlanWish
from kamxl.core.records.register import Reply


class Identified(Protocol):
    """An entry of a page, or what was said to it."""

    @property
    def id(self) -> str:
        """By which the two find each other."""


S = TypeVar("S", bound=Identified)
A = TypeVar("A", bound=Identified)
_DIGITS = 6  # to which two numbers are the same: some programs keep no more than fifteen


@dataclass(frozen=True, slots=True)
class Given:
    """A figure as the plan has it and as it is now; None: nobody said."""

    then: float | None
    now: float | None

    @property
    def differs(self) -> bool:
        """Whether it is another one now; that nobody says it any more is no news."""
        if self.now is None:
            return False
        return self.then is None or round(self.then, _DIGITS) != round(self.now, _DIGITS)


@dataclass(frozen=True, slots=True)
class RequirementNow:
    """One requirement as the customer sees it now; ``weight`` in % of 100, ``rating`` of us 0..100.

    ``gap``: points of the segment's total that closing it is worth (None: unknown); ``raters``: how
    many rated us on it; ``requirers`` and ``purchasers``: the rating in their eyes alone. ``own``:
    she added it herself. ``known``: the plan has a row of it. ``taken``: the plan has another one
    under this id, so that nothing can aim at it until somebody decides what it is.
    """

    segment: str
    segment_name: str
    id: str
    label: str
    weight: Given
    rating: Given
    gap: float | None = None
    raters: int = 0
    requirers: float | None = None
    purchasers: float | None = None
    own: bool = False
    known: bool = False
    taken: bool = False

    @property
    def differs(self) -> bool:
        """Whether the plan has another weight or rating of it, or none."""
        return self.weight.differs or self.rating.differs


@dataclass(frozen=True, slots=True)
class TalkNow:
    """A requirement on which her people rate us ``range`` points apart; ``says``: lowest first.

    ``planned``: an action of the plan names it.
    """

    segment: str
    segment_name: str
    id: str
    label: str
    says: tuple[Opinion, ...]
    range: float
    planned: bool


@dataclass(frozen=True, slots=True)
class WishNow:
    """A wish as it stands now; ``known``: the plan has it, with its ``importance`` of then."""

    wish: PlanWish
    known: bool
    importance: Given

    @property
    def differs(self) -> bool:
        """Whether the plan lacks it, or has another importance of it."""
        return not self.known or self.importance.differs


@dataclass(frozen=True, slots=True)
class SegmentNow:
    """A segment's total of ``period`` in points, beside that of the ``earlier`` one ("": none)."""

    id: str
    name: str
    total: float | None
    period: str
    earlier_total: float | None = None
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class ReplyNow:
    """An answer that counts now: who gave it about which segment, on which day (None: untold)."""

    segment: str
    who: str
    period: str
    day: date | None = None


@dataclass(frozen=True)  # no slots: with them a generic class cannot be called in Python 3.11
class Told(Generic[S, A]):
    """What somebody said to an entry of her reply page: ``shown`` stood there, ``said`` is hers.

    ``segment``: of the card that the page answers.
    """

    who: str
    segment: str
    shown: S
    said: A


@dataclass(frozen=True, slots=True)
class NotedStep:
    """A next step that a meeting with somebody noted."""

    who: str
    step: Step


@dataclass(frozen=True)
class Companion:
    """What came back at the account of a plan. ``period``: up to which answers count.

    ``total`` as ``SegmentNow``'s, of the account; ``rival``: the best competitor's name (""). New
    wishes stand before those that the plan has; requirements in the order of their segments.
    """

    whose: PlanIdentity
    name: str
    period: str
    total: SegmentNow
    lead: Lead
    rival: str = ""
    segments: tuple[SegmentNow, ...] = ()
    replies: tuple[ReplyNow, ...] = ()
    requirements: tuple[RequirementNow, ...] = ()
    talks: tuple[TalkNow, ...] = ()
    wishes: tuple[WishNow, ...] = ()
    statements: tuple[Told[PageStatement, StatementAnswer], ...] = ()
    rows: tuple[Told[PageRow, RowAnswer], ...] = ()
    benefits: tuple[Told[PageBenefit, BenefitAnswer], ...] = ()
    programmes: tuple[Told[PageProgramme, ProgrammeAnswer], ...] = ()
    steps: tuple[NotedStep, ...] = ()

    @property
    def new_wishes(self) -> tuple[WishNow, ...]:
        """Those that the plan does not have."""
        return tuple(one for one in self.wishes if not one.known)

    @property
    def new_requirements(self) -> tuple[RequirementNow, ...]:
        """Those that the plan has no row of, and may have one of."""
        return tuple(one for one in self.requirements if not (one.known or one.taken))

    @property
    def changed(self) -> tuple[RequirementNow, ...]:
        """Those of the plan of which the customer says something else now."""
        return tuple(one for one in self.requirements if one.known and one.differs)

    @property
    def own(self) -> tuple[RequirementNow, ...]:
        """What she added herself."""
        return tuple(one for one in self.requirements if one.own)

    @property
    def corrections(self) -> tuple[Told[PageStatement, StatementAnswer], ...]:
        """Where we are to understand her otherwise: proposals for the plan's Discovery.

        Whether one is taken over, the manager decides.
        """
        return tuple(
            one
            for one in self.statements
            if one.said.correction or one.said.view in (Understood.PARTLY, Understood.NO)
        )

    @property
    def silent(self) -> bool:
        """Whether nothing came back at all."""
        return not (self.replies or self.rows or self.benefits or self.statements
                    or self.programmes or self.steps)  # fmt: skip


def companions(
    portfolio: Portfolio, replies: Sequence[Reply], pages: Sequence[Reply]
) -> tuple[Companion, ...]:
    """One for each account with a plan. ``replies``: all that count, of any period; ``pages``: all
    that say something of a reply page.
    """
    answers, said = by_account(replies), by_account(pages)
    return tuple(
        companion_of(portfolio, account, account.standing.plan, answers.get(key, ()),
                     said.get(key, ()))
        for account in portfolio.accounts
        if account.standing.plan is not None and (key := same_id(account.id))
    )  # fmt: skip


def by_account(replies: Iterable[Reply]) -> dict[str, list[Reply]]:
    """Replies by their (folded) account, in their order: none is looked through for all others."""
    found: dict[str, list[Reply]] = {}
    for reply in replies:
        found.setdefault(same_id(reply.order.account), []).append(reply)
    return found


def companion_of(
    portfolio: Portfolio,
    account: AccountResult,
    plan: AccountPlan,
    replies: Sequence[Reply],
    pages: Sequence[Reply],
) -> Companion:
    """What came back at one account since ``plan`` was made."""
    heard = [reply for segment in account.segments for reply in segment.replies]
    said = [one for one in pages if _is_of(one, account) and not _later(one, portfolio.period)]
    return Companion(
        whose=plan.identity,
        name=account.name or plan.account_name,
        period=portfolio.period,
        total=account_now(portfolio, account),
        lead=account.lead,
        rival=account.best.name if account.best else "",
        segments=tuple(segment_now(s, replies) for s in account.answered),
        replies=tuple(map(reply_now, heard)),
        requirements=tuple(_requirements(account, plan)),
        talks=tuple(_talks(account)),
        wishes=_wishes(heard, plan),
        statements=tuple(_told(said, lambda p: p.statements, lambda a: a.statements)),
        rows=tuple(_told(said, lambda p: p.rows, lambda a: a.rows)),
        benefits=tuple(_told(said, lambda p: p.benefits, lambda a: a.benefits)),
        programmes=tuple(_told(said, lambda p: p.programmes, lambda a: a.programmes)),
        steps=tuple(NotedStep(person_of(r), step) for r in heard for step in r.answers.steps),
    )


def segment_now(segment: SegmentResult, replies: Iterable[Reply]) -> SegmentNow:
    """A segment's total, beside that of the period before it with answers."""
    own = [
        reply
        for reply in replies
        if same_id(reply.order.account) == same_id(segment.account)
        and same_id(reply.order.segment) == same_id(segment.id)
        and in_order(reply.order.period) < in_order(segment.period or "")
    ]
    earlier = max((reply.order.period for reply in own), key=in_order, default="")
    counting = one_language([reply for reply in own if reply.order.period == earlier])
    before = total_of(counting) if counting else None
    period = segment.period or ""
    return SegmentNow(segment.id, segment.name, segment.total, period, before, earlier)


def account_now(portfolio: Portfolio, account: AccountResult) -> SegmentNow:
    """The account's own total; the one before is that of the period before its answers."""
    period = max(account.periods, key=in_order, default="")
    points = [
        point
        for point in portfolio.course(account)
        if point.total is not None and in_order(point.period) < in_order(period)
    ]
    last = max(points, key=lambda point: in_order(point.period), default=None)
    before = (last.total, last.period) if last else (None, "")
    return SegmentNow("", account.name, account.total, period, *before)


def _is_of(reply: Reply, account: AccountResult) -> bool:
    return same_id(reply.order.account) == same_id(account.id)


def _later(reply: Reply, period: str) -> bool:
    return in_order(reply.order.period) > in_order(period)


def reply_now(reply: Reply) -> ReplyNow:
    """Who gave an answer, about what and when."""
    return ReplyNow(reply.order.segment, person_of(reply), reply.order.period, _day(reply))


def _day(reply: Reply) -> date | None:
    saved = reply.saved or reply.claimed
    return reply.answers.rated_on or (saved.date() if saved else None)


# --- requirements and wishes ---------------------------------------------------------------------


def _requirements(account: AccountResult, plan: AccountPlan) -> Iterator[RequirementNow]:
    held = {(same_id(r.segment), same_id(r.id)): r for r in plan.ratings}
    for segment in account.answered:
        views = views_of(segment.replies)
        sides = {same_id(row.requirement): (row.requirers, row.purchasers) for row in views.rows}
        for asked in segment.profile.requirements if segment.profile else ():
            row = held.get((same_id(segment.id), same_id(asked.id)))
            own = is_spare(asked.id)
            # "own1" may have been another requirement when the plan was made
            other = row is not None and own and same_name(row.label) != same_name(asked.label)
            known = None if other else row
            theirs, buying = sides.get(same_id(asked.id), (_UNSEEN, _UNSEEN))
            spread = segment.spread.get(asked.id)
            yield RequirementNow(
                segment.id,
                segment.name,
                asked.id,
                asked.label,
                Given(known.weight if known else None, asked.weight),
                Given(known.customer if known else None, _rating(segment, asked.id)),
                segment.gaps.get(asked.id),
                spread.n if spread else 0,
                theirs.rating if views.both else None,
                buying.rating if views.both else None,
                own,
                known is not None,
                other,
            )


def _talks(account: AccountResult) -> Iterator[TalkNow]:
    for one in disagreements_of(account):
        spoken, segment = one.spoken, one.segment
        yield TalkNow(segment.id, segment.name, spoken.requirement, spoken.label, spoken.says,
                      spoken.seen.range, not one.open)  # fmt: skip


_UNSEEN = View(None, None)


def _rating(segment: SegmentResult, requirement: str) -> float | None:
    return segment.profile.rating(US, requirement) if segment.profile else None


def _wishes(replies: Iterable[Reply], plan: AccountPlan) -> tuple[WishNow, ...]:
    held = {same_id(wish.id): wish for wish in plan.wishes}
    found = []
    for wish in plan_wishes(replies):
        known = held.get(same_id(wish.id))
        importance = Given(known.importance if known else None, wish.importance)
        found.append(WishNow(wish, known is not None, importance))
    return tuple(sorted(found, key=lambda one: one.known))


# --- what was said to our replies ----------------------------------------------------------------


def _told(
    pages: Iterable[Reply],
    shown: Callable[[ReplyPage], Iterable[S]],
    said: Callable[[PageAnswers], Iterable[A]],
) -> Iterator[Told[S, A]]:
    """Who said what to which entry of a part of her page; what was not on it is left out.

    Each person's latest word; where that leaves open whether it fits, what she said before of the
    same text goes on.
    """
    found: dict[tuple[str, ...], Told[S, A]] = {}
    for reply in sorted(pages, key=_lateness):
        page, segment, who = reply.order.page or ReplyPage("", ""), reply.order.segment, None
        there = {same_id(one.id): one for one in shown(page)}
        for one in said(reply.answers.page):
            if (entry := there.get(same_id(one.id))) is None:
                continue
            who = who or person_of(reply)
            own = isinstance(entry, PageRow)  # of all else she is asked once for the account
            key = same_name(who), same_id(segment) if own else "", same_id(one.id)
            before = found.get(key)
            same = before is not None and _as_written(before.shown) == _as_written(entry)
            newest = _joined(before.said, one) if before and same else one
            found[key] = Told(who, segment, entry, newest)
    yield from found.values()


def _joined(before: A, now: A) -> A:
    """What is said now; if that is no verdict, with what was said before where it is blank."""
    if any(getattr(now, name, None) is not None for name in ("fit", "seen", "view")):
        return now
    names = [one.name for one in fields(now)]  # type: ignore[arg-type]
    left = {name: getattr(before, name) for name in names if getattr(now, name) in (None, "")}
    return replace(now, **left)  # type: ignore[type-var]


def _as_written(shown: object) -> object:
    return replace(shown, said=None) if isinstance(shown, PageRow) else shown


def _lateness(reply: Reply) -> tuple[object, ...]:
    return in_order(reply.order.period), _day(reply) or date.min, reply.source
