"""What became of what customers said: said, answered, acted on, done, and what they say next.

One thread is one thing that one person said of one segment: a requirement that she rated below 100
points, or a wish. Whether anything moved is asked of the same person: her change on a requirement
beside her mean change on those about which nothing was done. Why it moved, no figure tells.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from kamxl.core.cards.common_ids import one_language
from kamxl.core.cards.persons import told_apart
from kamxl.core.cards.replies import is_hers, person_of
from kamxl.core.ids import US, same_id, same_name
from kamxl.core.method.basis import LEVEL_WITHIN
from kamxl.core.method.programmes import (
    Action,
    ActionState,
    RequirementKey,
    WishKey,
    answering,
    closing,
)
from kamxl.core.period import in_order
from kamxl.core.portfolio.moved import Compared, Moved, compared
from kamxl.core.portfolio.standing import in_their_order, of_account, wish_id
from kamxl.core.records.page import Asks, Fit, Outcome, PageRow, RowAnswer, RowKind
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import CardOrder, Reply


class Handled(StrEnum):
    """What was done about it before she was asked again (or until now).

    REPLIED: a page of ours had reached her, no action is done; OPEN: something is under way.
    """

    DONE = "done"
    REPLIED = "replied"
    OPEN = "open"
    NONE = "none"


FOLLOWED = frozenset({Handled.DONE, Handled.REPLIED})


@dataclass(frozen=True, slots=True)
class PageOut:
    """A reply page that went out: the record of what it is on, and when that was made."""

    order: CardOrder
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """One thing that one person said in ``period``, and what became of it.

    ``rater``: her number, from 1; ``id``: the requirement's or the wish's. ``rating`` of us in
    points and ``weight`` in %, of a wish its importance. ``row``: what we replied (None: nothing),
    ``on`` that day; ``fit`` and ``result``: what she says of it. ``next``: her next rating, given
    in ``next_period`` ("": she was not asked again, or has not answered). ``elsewhere``: her mean
    change on the requirements about which nothing was done.
    """

    rater: int
    account: str
    segment: str
    segment_name: str
    respondent: str
    name: str
    period: str
    kind: RowKind
    id: str
    label: str
    rating: float | None = None
    weight: float | None = None
    row: PageRow | None = None
    on: date | None = None
    fit: Fit | None = None
    result: Outcome | None = None
    actions: tuple[Action, ...] = ()
    handled: Handled = Handled.NONE
    next_period: str = ""
    next: float | None = None
    elsewhere: float | None = None

    @property
    def change(self) -> float | None:
        """Her next rating minus this one, in points."""
        if self.rating is None or self.next is None:
            return None
        return self.next - self.rating

    @property
    def more(self) -> float | None:
        """How much more than elsewhere it changed."""
        if self.change is None or self.elsewhere is None:
            return None
        return self.change - self.elsewhere

    @property
    def followed(self) -> bool | None:
        """In which group it counts: with something done, or without; None: in neither."""
        if self.handled is Handled.OPEN:
            return None
        return self.handled in FOLLOWED


@dataclass(frozen=True, slots=True)
class FollowUp:
    """All threads, those first about which something was done or is under way, in both parts each

    person's together; and whether what was followed moved more.
    """

    threads: tuple[Thread, ...] = ()
    compared: Compared = field(default_factory=Compared)

    @property
    def wishes(self) -> Mapping[tuple[str, str], Thread]:
        """The threads of wishes by account and wish (as compared); the last that was replied to."""
        found: dict[tuple[str, str], Thread] = {}
        for one in self.threads:
            key = same_id(one.account), same_id(one.id)
            if one.kind is RowKind.WISH and (one.row or key not in found):
                found[key] = one
        return found


class _Replied(NamedTuple):
    """A row of ours with what she says of it; ``early``: it came before she was asked again."""

    row: PageRow
    page: PageOut
    answer: RowAnswer


_Key = tuple[str, ...]  # account, segment, respondent, period, kind, id: as compared


def follow_up(
    replies: Iterable[Reply],
    period: str,
    plans: Iterable[AccountPlan] = (),
    sent: Iterable[PageOut] = (),
    pages: Iterable[Reply] = (),
    level_within: float = LEVEL_WITHIN,
) -> FollowUp:
    """The threads up to ``period``, of replies that count.

    A person's last answer before ``period`` is held against her answer of ``period``; where she
    gave none it stands as her last word. Of what she said, requirements are listed that something
    was done about or that she rated again, and every wish. ``sent``: reply pages that went out;
    ``pages``: replies that say something of one.
    """
    until = in_order(period)
    book = _Book(
        period,
        plans,
        _rows(
            [out for out in sent if in_order(out.order.period) <= until],
            [page for page in pages if in_order(page.order.period) <= until],
        ),
    )
    by: defaultdict[str, list[Reply]] = defaultdict(list)
    for reply in sorted(replies, key=_reading_order):
        if in_order(reply.order.period) <= in_order(period):
            by[same_id(reply.order.account)].append(reply)
    threads: list[Thread] = []
    number = 0
    for account in sorted(by):
        for own in _persons(by[account]):
            number += 1
            threads += _with_elsewhere(list(book.threads(number, own)))
    moved = [
        Moved(one.rater, one.rating, one.change, one.elsewhere, one.followed)
        for one in threads
        if one.rating is not None and one.change is not None and one.followed is not None
    ]
    threads.sort(key=lambda one: one.handled is Handled.NONE)
    return FollowUp(tuple(threads), compared(moved, level_within))


def _reading_order(reply: Reply) -> tuple[object, ...]:
    order = reply.order
    return (
        in_order(order.period), same_id(order.segment), same_id(order.respondent),
        person_of(reply).casefold(), reply.source,
    )  # fmt: skip


def _persons(replies: Iterable[Reply]) -> Iterator[list[Reply]]:
    """One account's replies by who gave them, however her name was spelled."""
    of: defaultdict[str, list[Reply]] = defaultdict(list)
    for reply in replies:
        of[same_id(reply.order.respondent)].append(reply)
    for respondent in sorted(of):
        heads = told_apart(map(person_of, of[respondent]))
        found: defaultdict[str, list[Reply]] = defaultdict(list)
        for reply in of[respondent]:
            found[heads[same_name(person_of(reply))]].append(reply)
        yield from (found[head] for head in sorted(found))


def _with_elsewhere(threads: Sequence[Thread]) -> Iterator[Thread]:
    """One person's threads with her mean change on those about which nothing was done."""
    changes = {
        n: one.change
        for n, one in enumerate(threads)
        if one.handled is Handled.NONE and one.change is not None
    }
    for n, one in enumerate(threads):
        others = [change for at, change in changes.items() if at != n]
        known = one.change is not None and one.followed is not None and others
        yield replace(one, elsewhere=math.fsum(others) / len(others)) if known else one


# --- what we replied -----------------------------------------------------------------------------


def _rows(sent: Iterable[PageOut], pages: Iterable[Reply]) -> dict[_Key, _Replied]:
    """Each thing that we replied to, the last time we did, with what she says of it."""
    answers: dict[_Key, RowAnswer] = {}
    for reply in sorted(filter(is_hers, pages), key=_reading_order):  # a colleague is another one
        for said in reply.answers.page.rows:
            for key in _keys_of(reply.order, said.id):
                before = answers.get(key, RowAnswer(said.id))
                answers[key] = RowAnswer(
                    said.id, said.fit or before.fit, said.result or before.result,
                    said.comment or before.comment,
                )  # fmt: skip
    found: dict[_Key, _Replied] = {}
    for out in sorted(sent, key=_out_order):
        if out.order.test or out.order.page is None:
            continue
        for row in out.order.page.rows:
            for key in _keys_of(out.order, row.id):
                # the day she first read of it, and the words she read last
                page = found[key].page if key in found else out
                found[key] = _Replied(row, page, answers.get(key, RowAnswer(row.id)))
    return found


def _out_order(out: PageOut) -> tuple[object, ...]:
    order = out.order
    card = order.asks is not Asks.REPLY  # a card comes after what was sent between
    return in_order(order.period), card, out.on or date.min, same_id(order.respondent)


def _keys_of(order: CardOrder, wanted: str) -> Iterator[_Key]:
    """By what a row of a page is found: whose card it answers, and what it is about."""
    for row in order.page.rows if order.page else ():
        if order.page and same_id(row.id) == same_id(wanted):
            yield (*order.key[:3], order.page.period, row.kind.value, same_id(row.id))


# --- one person ----------------------------------------------------------------------------------


@dataclass
class _Book:
    """What is known besides the answers."""

    period: str
    plans: Iterable[AccountPlan]
    rows: Mapping[_Key, _Replied]
    _of: dict[str, list[AccountPlan]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for plan in in_their_order(self.plans):
            if in_order(plan.period) <= in_order(self.period):
                self._of[same_id(plan.account)].append(of_account(plan, plan.account))

    def threads(self, rater: int, replies: Sequence[Reply]) -> Iterator[Thread]:
        """One person's, segment by segment; ``replies`` from the earliest on."""
        segments: defaultdict[str, list[Reply]] = defaultdict(list)
        for reply in replies:
            segments[same_id(reply.order.segment)].append(reply)
        for segment in sorted(segments):
            own = segments[segment]
            # a profile rates nothing: it is no answer against which a rating is held
            rated = [r for r in own if not r.profile_only] or own[-1:]
            now = rated[-1] if rated[-1].order.period == self.period else None
            before = [r for r in rated if r.order.period != self.period]
            if before:
                yield from self._of_reply(rater, before[-1], now, before[:-1])
            if now is not None:
                yield from self._of_reply(rater, now, None, before, again=bool(before))

    def _of_reply(
        self,
        rater: int,
        said: Reply,
        then: Reply | None,
        before: Sequence[Reply] = (),
        *,
        again: bool = False,
    ) -> Iterator[Thread]:
        """``then``: her next answer; ``before``: all earlier ones. ``again``: against the last of

        these it is held already, so that of requirements only what we replied to since is new. A
        wish that she repeats stands once, where she said it last, with the last that we replied.
        """
        both = one_language([said, then] if then else [said])
        next_card = both[1].answers.scorecard if then else None
        card, found = both[0].answers.scorecard, []
        for asked in () if self._quiet(said, then) else card.requirements:
            rating = card.rating(US, asked.id)
            after = next_card.rating(US, asked.id) if next_card and rating is not None else None
            base = self._base(rater, said, RowKind.GAP, asked.id, asked.label or asked.id)
            base = replace(base, rating=rating, weight=asked.weight)
            if then is not None and after is not None:
                base = replace(base, next_period=then.order.period, next=after)
            key = RequirementKey(said.order.account, said.order.segment, asked.id)
            one = self._handled(base, said, then, key)
            told = one.row is not None if again else one.handled is not Handled.NONE
            if rating is not None and (told or after is not None):
                found.append(one)
        repeated = {wish_id(then, wish) for wish in then.answers.wishes} if then else set()
        for wish in said.answers.wishes:
            own = wish_id(said, wish)
            if (wish.issue or wish.remedy) and own not in repeated:
                base = self._base(rater, said, RowKind.WISH, own, wish.issue or wish.remedy)
                base = replace(base, weight=wish.importance)
                wanted = WishKey(said.order.account, own)
                one = self._handled(base, said, then, wanted)
                found.append(self._wish(one, said, then, before, wanted))
        order = list(Handled)
        yield from sorted(found, key=lambda one: (order.index(one.handled), -(one.weight or 0.0)))

    def _quiet(self, said: Reply, then: Reply | None) -> bool:
        """Whether nothing can have come of what she rated: no answer since, no reply, no plan."""
        order = said.order
        planned = same_id(order.account) in self._of
        return then is None and not planned and order.key[:4] not in self._replied

    @cached_property
    def _replied(self) -> frozenset[tuple[object, ...]]:
        """The cards to which a page of ours replied."""
        return frozenset(place[:4] for place in self.rows)

    def _wish(
        self, one: Thread, said: Reply, then: Reply | None, before: Sequence[Reply], key: WishKey
    ) -> Thread:
        """What became of a wish, also where she said it before and we replied then."""
        told = (self._handled(one, earlier, then, key) for earlier in reversed(before))
        earlier = None if one.row else next((found for found in told if found.row), None)
        return replace(earlier, actions=one.actions or earlier.actions) if earlier else one

    def _base(self, rater: int, said: Reply, kind: RowKind, own: str, label: str) -> Thread:
        order = said.order
        return Thread(
            rater, order.account, order.segment, order.segment_name, order.respondent,
            person_of(said), order.period, kind, own, label,
        )  # fmt: skip

    def _handled(
        self, one: Thread, said: Reply, then: Reply | None, key: RequirementKey | WishKey
    ) -> Thread:
        """The thread with what we replied and did; see ``Handled``."""
        actions, done = self._actions(said, then, key)
        place = (*said.order.key[:4], one.kind.value, same_id(one.id))
        replied = self.rows.get(place) if is_hers(said) else None
        if replied is None:
            state = Handled.DONE if done else Handled.OPEN if actions else Handled.NONE
            return replace(one, actions=actions, handled=state)
        early = then is None or _is_before(replied.page, then)
        state = Handled.DONE if done else Handled.REPLIED if early else Handled.OPEN
        answer = replied.answer
        return replace(
            one, actions=actions, handled=state, row=replied.row, on=replied.page.on,
            fit=answer.fit, result=answer.result,
        )  # fmt: skip

    def _actions(
        self, said: Reply, then: Reply | None, key: RequirementKey | WishKey
    ) -> tuple[tuple[Action, ...], bool]:
        """The actions that aim at something, as last planned; whether one was done in time."""
        until = then.order.period if then else self.period
        latest: dict[str, Action] = {}
        done = False
        for plan in self._of.get(same_id(said.order.account), ()):
            if not in_order(said.order.period) <= in_order(plan.period) <= in_order(until):
                continue
            aiming = (
                closing(plan.actions, [key])[key]
                if isinstance(key, RequirementKey)
                else answering(plan.actions, [key])[key]
            )
            for action in aiming:
                latest[same_id(action.id)] = action
                done = done or _was_done(action, plan, then)
        return tuple(latest.values()), done


def _is_before(page: PageOut, then: Reply) -> bool:
    """Whether a page had reached her before she rated next: not with the very card she rated on."""
    if in_order(page.order.period) < in_order(then.order.period):
        return True
    rated = _rated(then)
    between = page.order.asks is Asks.REPLY and page.on is not None and rated is not None
    return between and page.on < rated  # type: ignore[operator]


def _was_done(action: Action, plan: AccountPlan, then: Reply | None) -> bool:
    """Whether it was done before she rated next: a plan of that very period may be later."""
    if action.state is not ActionState.DONE:
        return False
    if then is None or plan.period != then.order.period:
        return True
    rated = _rated(then)
    return action.due is not None and rated is not None and action.due <= rated


def _rated(reply: Reply) -> date | None:
    return reply.answers.rated_on or (reply.saved.date() if reply.saved else None)
