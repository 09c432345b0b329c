"""The account brief (Kundenblatt): what to know before a visit, picked out of the portfolio.

Pure, and nothing is worked out anew: every figure is one of the portfolio's records, with its
basis. Internal; what a customer may have of it is ``handout``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kamxl.core.cards.replies import person_of
from kamxl.core.ids import US, is_spare, same_id, same_name
from kamxl.core.method.programmes import Action, ActionState
from kamxl.core.method.respondents import Spread
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.period import in_order
from kamxl.core.portfolio.changing import AccountChange
from kamxl.core.portfolio.chasing import CHASED, Chase, Reached
from kamxl.core.portfolio.companion import ReplyNow, reply_now
from kamxl.core.portfolio.following import Thread
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.portfolio.standing import wish_id
from kamxl.core.portfolio.whole import HistoryPoint, Portfolio
from kamxl.core.records.benefits import Benefit
from kamxl.core.records.plan import ContactCare, DiscoveryAnswer, PlanProgramme
from kamxl.core.records.register import Contact, Reply, Wish


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the customer's: ``function`` as it is called there, ``counterpart`` of ours.

    ``last``: her last answer of all periods, None: she never gave one. ``open``: her cards of the
    period that nobody answered.
    """

    id: str
    name: str
    function: str = ""
    counterpart: str = ""
    rhythm: str = ""
    strength: float | None = None
    last: ReplyNow | None = None
    open: tuple[Chase, ...] = ()


@dataclass(frozen=True, slots=True)
class Want:
    """A requirement of a segment: ``weight`` in % of 100, ``rating`` of us and ``best`` of a
    competitor (its id ``rival``) in points, ``gap`` in points of the segment's total.

    ``lost``: points of the segment's total that the rival is ahead here by those who rated both,
    0 if it is not or there is no verdict over it. ``good``: who calls what good, in her words;
    ``own``: she added it herself; ``period``: of the answers; ``share`` of the segment in the
    account 0..1.
    """

    segment: str
    segment_name: str
    id: str
    label: str
    weight: float | None
    rating: float | None
    gap: float | None = None
    rival: str = ""
    rival_name: str = ""
    best: float | None = None
    lost: float = 0.0
    good: tuple[tuple[str, str], ...] = ()
    own: bool = False
    period: str = ""
    share: float | None = None

    def of_account(self, points: float | None) -> float:
        """Points (or %) of its segment as those of the account."""
        return (points or 0.0) * (1.0 if self.share is None else self.share)


@dataclass(frozen=True, slots=True)
class Wished:
    """A wish, in her words, of an answer of ``period``; ``thread``: what became of it."""

    id: str
    who: str
    segment: str
    period: str
    wish: Wish
    thread: Thread | None = None


@dataclass(frozen=True)
class Apart:
    """A requirement on which the raters of a segment lie too far apart; ``low`` and ``high``: the
    replies at both ends.
    """

    segment: SegmentResult
    id: str
    label: str
    spread: Spread
    low: Reply
    high: Reply


@dataclass(frozen=True)
class Brief:
    """One account before a visit, as the portfolio of ``period`` has it on the day ``as_of``.

    ``wants``: the heaviest for the account first, ``own`` those of them that she added;
    ``actions``: the longest overdue first, what is done last; ``replied``: what we wrote to her,
    and no action of ours stands for. ``uncompared``: answered
    segments without a verdict.
    """

    period: str
    as_of: date | None
    account: AccountResult
    people: tuple[Person, ...] = ()
    wants: tuple[Want, ...] = ()
    change: AccountChange | None = None
    history: tuple[HistoryPoint, ...] = ()
    wishes: tuple[Wished, ...] = ()
    actions: tuple[Action, ...] = ()
    replied: tuple[Thread, ...] = ()
    programmes: tuple[PlanProgramme, ...] = ()
    questions: tuple[DiscoveryAnswer, ...] = ()
    barriers: tuple[DiscoveryAnswer, ...] = ()
    uncompared: tuple[SegmentResult, ...] = ()
    apart: tuple[Apart, ...] = ()
    benefits: tuple[Benefit, ...] = ()

    @property
    def revenue(self) -> float | None:
        """What it brings a year, as the selection has it; None: unknown."""
        selected = self.account.standing.selected
        return selected.candidate.revenue if selected else None

    @property
    def own(self) -> tuple[Want, ...]:
        """The requirements that she added herself."""
        return tuple(one for one in self.wants if one.own)

    @property
    def lost(self) -> tuple[Want, ...]:
        """The requirements on which a competitor is ahead, the costliest for the account first."""
        found = [one for one in self.wants if one.lost > 0]
        return tuple(sorted(found, key=lambda one: -one.of_account(one.lost)))

    @property
    def silent(self) -> tuple[Person, ...]:
        """Who was asked in the period and sent nothing."""
        return tuple(
            one for one in self.people if any(card.reached is not Reached.SENT for card in one.open)
        )

    def late(self, action: Action) -> int | None:
        """By how many days an open action is overdue, 0: it is not; None: no day to tell by."""
        if self.as_of is None or action.due is None or action.state is ActionState.DONE:
            return None
        return max((self.as_of - action.due).days, 0)


def brief_of(
    portfolio: Portfolio,
    wanted: str,
    contacts: Iterable[Contact] = (),
    replies: Iterable[Reply] = (),
) -> Brief:
    """The brief of an account (KeyError: the portfolio has none with this id).

    ``contacts``: the register's; ``replies``: all that count, of whatever account and period.
    """
    own = same_id(wanted)
    account = next((one for one in portfolio.accounts if same_id(one.id) == own), None)
    if account is None:
        raise KeyError(wanted)
    plan = account.standing.plan
    answers = [
        one
        for one in replies
        if same_id(one.order.account) == own
        and in_order(one.order.period) <= in_order(portfolio.period)
    ]
    threads = [one for one in portfolio.follow.threads if same_id(one.account) == own]
    made = Brief(
        period=portfolio.period,
        as_of=portfolio.as_of,
        account=account,
        people=tuple(_people(account, contacts, answers, _chased(portfolio, own))),
        wants=_wants(account),
        change=portfolio.changes.get(account.id),
        history=tuple(one for one in portfolio.history if same_id(one.account) == own),
        wishes=tuple(_wishes(account, portfolio.follow.wishes)),
        programmes=tuple(one for one in plan.programmes if one.active) if plan else (),
        questions=plan.unsure if plan else (),
        barriers=tuple(b for b in plan.discovery if b.barrier and b.answered) if plan else (),
        uncompared=tuple(s for s in account.answered if s.lead.verdict is None),
        apart=tuple(_apart(account)),
        benefits=account.standing.benefits,
        replied=tuple(one for one in threads if one.row and not one.actions),
    )
    return replace(made, actions=_to_do(made))


def _to_do(brief: Brief) -> tuple[Action, ...]:
    """The plan's actions: the longest overdue first, then by day; what is done stands last."""

    def turn(action: Action) -> tuple[bool, date, str]:
        done = action.state is ActionState.DONE
        return done, action.due or date.max, same_id(action.id)

    return tuple(sorted(brief.account.standing.actions, key=turn))


# --- who they are --------------------------------------------------------------------------------


def _chased(portfolio: Portfolio, account: str) -> list[Chase]:
    return [one for one in portfolio.chase if same_id(one.account) == account]


def _people(
    account: AccountResult,
    contacts: Iterable[Contact],
    replies: Sequence[Reply],
    cards: Sequence[Chase],
) -> Iterator[Person]:
    """The plan's contacts and those that only the register or a card knows: who has not answered,
    then by function.
    """
    plan, own = account.standing.plan, same_id(account.id)
    cared = {same_id(one.id): one for one in (plan.contacts if plan else ())}
    listed = {same_id(one.id): one for one in contacts if same_id(one.account) == own}
    asked = {same_id(one.respondent): one.name for one in cards}
    heard = {same_id(one.order.respondent): one for one in replies}
    found = []
    for key in dict.fromkeys((*cared, *listed, *asked, *heard)):
        care, contact = cared.get(key, ContactCare(key)), listed.get(key)
        last = [reply_now(one) for one in replies if same_id(one.order.respondent) == key]
        order = heard[key].order if key in heard else None
        name = (contact.name if contact else "") or care.name or asked.get(key, "")
        function = care.function or (contact.function if contact else "")
        found.append(Person(
            contact.id if contact else care.id,
            name or (order.respondent_name if order else ""),
            function or (order.function if order else ""),
            care.counterpart, care.rhythm, care.strength,
            max(last, key=_lately, default=None),
            tuple(one for one in cards
                  if same_id(one.respondent) == key and one.reached in CHASED),
        ))  # fmt: skip
    yield from sorted(
        found, key=lambda one: (not one.open, not one.function, one.function.casefold())
    )


def _lately(reply: ReplyNow) -> tuple[object, ...]:
    return in_order(reply.period), reply.day or date.min


# --- what they want, and where we stand ----------------------------------------------------------


def _wants(account: AccountResult) -> tuple[Want, ...]:
    found = [want for segment in account.answered for want in _of_segment(segment)]
    return tuple(sorted(found, key=lambda one: -one.of_account(one.weight)))


def _of_segment(segment: SegmentResult) -> Iterator[Want]:
    profile, names = segment.profile, {same_id(one.id): one.name for one in segment.rivals}
    for asked in profile.requirements if profile else ():
        best = segment.best_per_requirement.get(asked.id)
        rated = profile.rating(best.supplier, asked.id) if best and profile else None
        yield Want(
            segment.id, segment.name, asked.id, asked.label, asked.weight,
            profile.rating(US, asked.id) if profile else None,
            segment.gaps.get(asked.id),
            best.supplier if best else "",
            names.get(same_id(best.supplier), "") if best else "",
            rated,
            _lost(segment, best.supplier, asked.id) if best else 0.0,
            tuple(_good(segment.replies, asked.id)),
            is_spare(asked.id),
            segment.period or "",
            segment.share,
        )  # fmt: skip


def _lost(segment: SegmentResult, rival: str, requirement: str) -> float:
    """By how many points of the total a rival is ahead on a requirement, never below the line."""
    found = segment.rival(rival)
    part = found.parts.get(requirement, 0.0) if found.lead.verdict is not None else 0.0
    return max(0.0, -round(part, TIE_DIGITS))


def _good(replies: Iterable[Reply], requirement: str) -> Iterator[tuple[str, str]]:
    for reply in replies:
        if said := reply.answers.good.get(requirement, "").strip():
            yield person_of(reply), said


def _apart(account: AccountResult) -> Iterator[Apart]:
    """The requirements that the raters disagree on, the widest first."""
    found = [
        one
        for segment in account.answered
        for i in segment.disagreements
        if (one := _both_ends(segment, i)) is not None
    ]
    yield from sorted(found, key=lambda one: -one.spread.range)


def _both_ends(segment: SegmentResult, requirement: str) -> Apart | None:
    rated = [
        (rating, reply)
        for reply in segment.replies
        if (rating := reply.answers.scorecard.rating(US, requirement)) is not None
    ]
    if not rated:
        return None
    low, high = min(rated, key=lambda one: one[0]), max(rated, key=lambda one: one[0])
    label = segment.requirement(requirement).label
    return Apart(segment, requirement, label, segment.spread[requirement], low[1], high[1])


def _wishes(account: AccountResult, threads: Mapping[tuple[str, str], Thread]) -> Iterator[Wished]:
    """Every wish of the answers that count, the most important first; what somebody says of several
    segments in the same words stands there once.
    """
    found: dict[tuple[str, ...], Wished] = {}
    for segment in account.answered:
        for reply in (*segment.replies, *segment.newer):
            for wish in reply.answers.wishes:
                if wish.issue.strip() or wish.remedy.strip():
                    own, who = wish_id(reply, wish), person_of(reply)
                    thread = threads.get((same_id(account.id), same_id(own)))
                    key = tuple(map(same_name, (who, wish.issue, wish.remedy)))
                    made = Wished(own, who, segment.name, reply.order.period, wish, thread)
                    if key not in found or (thread and thread.row and not _told(found[key])):
                        found[key] = made
    yield from sorted(found.values(), key=lambda one: -(one.wish.importance or 0.0))


def _told(one: Wished) -> bool:
    return one.thread is not None and one.thread.row is not None
