"""Issuing: one card per account, segment and respondent; running it again changes nothing.

A person asked about several segments gets one mail with all her cards. A card that is out is issued
again when it would ask something else, and not because another one writes, or to another address.

The record of what a card asks is on the disk before the card itself is seen: there is never a card
outside that nobody can verify. Account plans that are missing are made afterwards.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from kamxl.core.cards import seal
from kamxl.core.cards.asking import orders
from kamxl.core.cards.changes import Change, asks_the_same
from kamxl.core.cards.last import Memories
from kamxl.core.cards.persons import same_person
from kamxl.core.finding import Finding
from kamxl.core.ids import same_id
from kamxl.core.period import in_order as by_period
from kamxl.core.records.page import Asks
from kamxl.core.records.register import CardOrder, Register
from kamxl.excel.reading.limits import LIMITS
from kamxl.store import atomic, inbox, memory
from kamxl.store.batch import Batch
from kamxl.store.issued_log import IssuedLog
from kamxl.store.reading import beginning
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import texts
from kamxl.workflow.cards import CardPress, mark_of, paths_of
from kamxl.workflow.guard.proving import WayOut
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming.answering import alternative, cards_of, wanted_accounts
from kamxl.workflow.incoming.intake import Intake, take_in
from kamxl.workflow.incoming.issued_cards import named_by
from kamxl.workflow.outgoing import letters
from kamxl.workflow.outgoing.drafts import Drafts
from kamxl.workflow.outgoing.letters import Desk, by_mail
from kamxl.workflow.outgoing.pages import Pages
from kamxl.workflow.outgoing.plans import focus_accounts, issue_plans
from kamxl.workflow.outgoing.posting import Posting, Wanted
from kamxl.workflow.outgoing.recipients import keep_list
from kamxl.workflow.outgoing.records_out import by_card, in_order
from kamxl.workflow.outgoing.testing import as_tests, place_of_test
from kamxl.workflow.outgoing.why_changed import why_changed
from kamxl.workflow.results import (
    Carried,
    IssuedCard,
    IssueResult,
    Kind,
    Progress,
)
from kamxl.workflow.start import remembered
from kamxl.workflow.start.identity import in_turn
from kamxl.workflow.start.register import period_of, read_register

_AT_ONCE = 750  # files, of about 250 cards: together they get to the disk, and to their places


def issue(
    root: str | os.PathLike[str],
    accounts: Iterable[str] = (),
    period: str | None = None,
    language: str | None = None,
    progress: Progress | None = None,
    *,
    press: CardPress | None = None,
    planned: Iterable[str] | None = None,
    now: datetime | None = None,
    test: str | None = None,
    profile: bool = False,
) -> IssueResult:
    """Make the scorecards of a period (default: that of the settings), and missing account plans.

    ``accounts``: only these ids (default: all). Cards that show a mistake of the register wait, all
    others go out. ``test``: an address of the team that gets what one account would get (the first
    of ``accounts``, else the first that can be issued), marked as a test; nobody else is asked.
    ``profile``: weights and what is good are asked, and nobody is rated; ratings come with a card.
    ``press``: one to share with other makers of cards. ``planned``: accounts that are to have a
    plan (default: ``accounts``, else those on the focus list); ``now``: the moment for which new
    plans say what is due, and after which nothing can have come back (default: the clock's).
    KamxlError: no workspace, no readable register, an unknown account, a bad period or address, a
    missing text or template, a computer on which what came back cannot be looked into, somebody
    else at work there: nothing was written.
    """
    with in_turn(root, "issue") as workspace:
        asks = Asks.PROFILE if profile else Asks.CARD
        asked = _Wanted(tuple(accounts), period, language, planned, now, test, asks)
        return _issued(workspace, asked, press or CardPress(), progress)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What ``issue`` is asked for."""

    accounts: tuple[str, ...]
    period: str | None
    language: str | None
    planned: Iterable[str] | None
    now: datetime | None
    test: str | None
    asks: Asks


def _issued(
    workspace: Workspace, about: _Wanted, press: CardPress, progress: Progress | None
) -> IssueResult:
    looking.ready_for(workspace)
    read = read_register(workspace)
    register = read.register
    chosen = period_of(register, about.period)
    spoken = about.language or register.settings.language
    wanted = wanted_accounts(register, asked := about.accounts)
    every = orders(register, chosen, alternative, about.asks)
    cards = [order for order in every if same_id(order.account) in wanted]
    held = tuple(_held(register, wanted if asked else None))
    moment = about.now or datetime.now(UTC)
    desk = _Desk(workspace, register, press, "invitation", chosen, moment)
    cards = desk.with_last(cards)
    if about.test is not None:
        tests = as_tests(register, cards, about.test)
        return _test(workspace, register, tests, held, chosen, spoken)
    paths = paths_of(workspace, cards)
    memory.check_room(workspace, chosen)
    desk.prove(cards)
    _sweep(workspace, chosen)
    memory.keep_register(workspace, chosen, read.data)
    issued: list[IssuedCard] = []
    with desk.batch:
        for _, own in groupby(zip(cards, paths, strict=True), lambda one: same_id(one[0].account)):
            issued += desk.issue(list(own))
            if progress:
                progress(len(issued), len(cards))
        desk.finish()
    keep_list(cards_of(workspace, register, chosen, intake=desk.intake, now=moment))
    to_plan = (asked or focus_accounts(register)) if about.planned is None else about.planned
    made = IssueResult(
        chosen,
        spoken,
        (*issued, *held),
        (*register.findings, *desk.way_out.warnings),
        issue_plans(workspace, register, chosen, to_plan, moment),
        desk.outgoing,
        desk.of_memory(),
    )
    desk.must_be_there()
    return made


@dataclass(frozen=True, slots=True)
class _Made:
    """A card that is made and not yet written: of ``order``, in a mail as ``today`` says.

    ``leaks``: why it must not go out.
    """

    order: CardOrder
    today: CardOrder
    path: Path
    key: bytes
    data: bytes
    leaks: tuple[Finding, ...]


class _Desk:
    """Issues cards, those of an account at a time, with one mail to each person."""

    def __init__(
        self, workspace: Workspace, register: Register, press: CardPress, kind: Kind, period: str,
        now: datetime | None = None,
    ) -> None:  # fmt: skip
        self._workspace, self._press, self._now = workspace, press, now
        self._language = register.settings.language
        issued = memory.load(workspace)
        self._damaged = {Path(name).stem: name for name in issued.damaged}
        # A card whose record is damaged went out: it keeps its key, and gets its record again.
        self._known = {*issued.orders, *self._damaged}
        self._mended: set[str] = set()
        self._issued = by_card(issued.orders)
        self._log = IssuedLog(workspace)
        self._letters = Desk(workspace, register, self._known)
        self.way_out = WayOut(workspace, register, self._known)
        self._posting = Posting.of(
            workspace, register, self._letters, self.way_out, kind, period, issued.orders
        )
        self.intake: Intake | None = None
        self.batch, self.outgoing = Batch(), Drafts(workspace)
        self._lost: dict[Path, OSError] = {}
        self._decisions = register.decisions

    def with_last(self, orders: Sequence[CardOrder]) -> list[CardOrder]:
        """The orders, each with what the same respondent said the last time, and our reply to it.

        A card that is out in its period keeps what it shows: an answer that came late, or a newer
        kamxl, makes no other card of it.
        """
        new = [o for o in orders if o.key not in self._issued and not self._is_damaged(o)]
        memories = self._memories() if new else None
        pages = self._pages(orders)
        wanted = {order.key for order in new}
        found = []
        for order in orders:
            before = self._issued.get(order.key)
            if before:
                *_, newest = in_order(self._workspace, before, self._log.newest(before)).values()
                order = _as_before(order, newest)
            elif memories is not None and order.key in wanted:
                order = self._with_page(memories.with_last(order), memories, pages)
            pages.stands(order)
            found.append(order)
        return found

    def _pages(self, orders: Sequence[CardOrder]) -> Pages:
        intake = self.intake or Intake((), ())
        records = {
            key: in_order(self._workspace, before, self._log.newest(before))
            for key, before in self._issued.items()
        } if intake.plans else {}  # fmt: skip
        return Pages(intake, records, max((o.period for o in orders), key=by_period, default=""))

    def _with_page(self, order: CardOrder, memories: Memories, pages: Pages) -> CardOrder:
        """The order with our reply to what the same respondent said the last time."""
        said = memories.own(order) if order.asks is Asks.CARD else None
        return order if said is None else replace(order, page=pages.page(order, said))

    def _is_damaged(self, order: CardOrder) -> bool:
        """Whether the order went out as it is, and only its record cannot be read any more."""
        if not self._damaged:
            return False
        key = memory.key_for(self._workspace, order, self._known)
        return seal.digest(order, key) in self._damaged

    def _memories(self) -> Memories | None:
        """What came back in earlier periods; None: nothing was issued in any, or none came."""
        if not self._issued or not inbox.listing(self._workspace.inbox):
            return None
        self.intake = take_in(self._workspace, now=self._now, decisions=self._decisions)
        return Memories(self.intake.replies, self.intake.files)

    def prove(self, orders: Iterable[CardOrder]) -> None:
        """That all can be made, before the first is written (KamxlError: it cannot)."""
        orders = list(orders)
        looking.ready_for(self._workspace)  # plans and the list of recipients will ask
        texts(self._language)
        self._press.prove(orders)
        self._letters.prove(orders)

    def issue(self, cards: Sequence[tuple[CardOrder, Path]]) -> list[IssuedCard]:
        """Remember what each card of an account asks, then make it, if it is not there already.

        All of it, and the mails that hold the cards, gets to its place with many others: at the
        latest in ``finish``. OSError: nothing of its batch did (single files: ``must_be_there``).
        """
        made = [self._made(order, path) for order, path in cards]
        self._posting.add([Wanted(one.today, self._mailed(one)) for one in made if not one.leaks])
        issued = [self._issued_card(one) for one in made]
        for mail in self._posting.taken():
            if letters.state_of(mail) != "unchanged":
                self.batch.put(mail.path, mail.data)
            self.outgoing.add(mail)
        if len(self.batch) >= _AT_ONCE:
            self._place()
        return issued

    def finish(self) -> None:
        """Get what is left to its place, and take back the drafts that nobody wants any more."""
        self._place()
        if not self._lost:
            self._posting.gathering.take_back()

    def must_be_there(self) -> None:
        """OSError: a card or a mail is not, for somebody has it open; all others are."""
        for problem in self._lost.values():
            raise problem

    def _place(self) -> None:
        """The records, then the log, then cards and mails: no card is seen before its record."""
        self._lost |= self.batch.place(self._log.write)

    def _made(self, today: CardOrder, path: Path) -> _Made:
        order = self._as_issued(today, path)
        key = memory.key_for(self._workspace, order, self._known)
        data = self._press.press(order, mark_of(self._workspace, order, key))
        leaks = self.way_out.of_card(today, path, data, order)
        return _Made(order, today, path, key, data, leaks)

    def _as_issued(self, today: CardOrder, path: Path) -> CardOrder:
        """What a card asks: the newest record of it, if it asks the same.

        A card that is out keeps the sender it names, and is none that changed, when another one
        writes to the account by now, or the respondent has another address.
        """
        before = {} if today.test else self._issued.get(today.key, {})
        if not before or self._is_damaged(today):
            return today
        newest = self._log.newest(before) or named_by(path, before)
        found = next(reversed(in_order(self._workspace, before, newest).values()))
        return found if asks_the_same(found, today) else today

    def _mailed(self, made: _Made) -> Carried | None:
        """The card for a mail; None if none goes out: no address, or not by mail."""
        if not by_mail(made.today):
            return None
        return self._letters.carried(made.today, made.path, made.data, issued=made.order)

    def _issued_card(self, made: _Made) -> IssuedCard:
        leaks = made.leaks or self._posting.held.get(made.today.key, ())
        if leaks:
            return IssuedCard(*_ids(made.order), None, "skipped", findings=leaks)
        state, changed = self._write(made.order, made.path, made.data, made.key)
        mail = self._posting.by_card.get(made.today.key)
        relative = self._workspace.relative
        where = None if mail is None else relative(mail.path)
        return IssuedCard(*_ids(made.order), relative(made.path), state, where, changed=changed)

    def _write(
        self, order: CardOrder, path: Path, data: bytes, key: bytes
    ) -> tuple[str, tuple[Change, ...]]:
        """The card's state, and what changed about it."""
        digest, there = seal.digest(order, key), _there(path)
        before = {} if order.test else self._issued.get(order.key, {})
        newest = self._log.newest(before)
        if digest not in before:
            record = memory.record_of(self._workspace, order, key)
            if record is not None:
                self.batch.put(*record, first=True)
            if digest in self._damaged:
                self._mended.add(digest)
                self.intake = None  # what answers it was unknown before
        if not order.test:
            self._log.note(digest, before)
        if there != data:
            self.batch.put(path, data)
        if order.test:
            return "test", ()
        if digest in self._known and there == data:
            return "unchanged", ()
        if there is None and not before and digest not in self._known:
            return "new", ()
        return "changed", why_changed(
            order, digest, there, in_order(self._workspace, before, newest)
        )

    def of_memory(self) -> tuple[Finding, ...]:
        """Which records are damaged, and which of them were written again."""
        return tuple(
            remembered.mended(name) if digest in self._mended else remembered.damaged(name)
            for digest, name in sorted(self._damaged.items())
        )


def _as_before(order: CardOrder, out: CardOrder) -> CardOrder:
    """The order with what kamxl itself once put on the card that is out, in the words of then.

    Somebody else who answers under the same id by now does not see what her predecessor said.
    """
    if same_person(order.respondent_name, out.respondent_name):
        order = replace(order, last_period=out.last_period, last=out.last, page=out.page)
    unnamed = not (order.named_rivals or out.named_rivals)
    if unnamed and order.language == out.language:
        order = replace(order, competitors=out.competitors)
    return order


def _ids(order: CardOrder) -> tuple[str, str, str]:
    return order.account, order.segment, order.respondent


def _there(path: Path) -> bytes | None:
    """The card that stands in outbox, as far as a card can reach; None: there is no file."""
    with contextlib.suppress(OSError):
        return beginning(path, LIMITS.file + 1)
    return None


def _sweep(workspace: Workspace, period: str) -> None:
    memory.sweep(workspace)
    atomic.sweep(workspace.outbox / period)


def _held(register: Register, wanted: set[str] | None) -> Iterator[IssuedCard]:
    """The cards that wait, of the accounts ``wanted`` (None: all); each says why."""
    for card in register.held:
        if wanted is None or same_id(card.account) in wanted:
            ids = card.account, card.segment, card.respondent
            yield IssuedCard(*ids, None, "skipped", findings=card.findings)


def _test(
    workspace: Workspace,
    register: Register,
    cards: Sequence[CardOrder],
    held: Iterable[IssuedCard],
    period: str,
    language: str,
) -> IssueResult:
    """The cards of one account as tests, in a folder of their own; what else is there stays."""
    atomic.sweep(workspace.outbox / period / "test")
    desk = _Desk(workspace, register, CardPress(), "test", period)
    desk.prove(cards)
    with desk.batch:
        issued = desk.issue([(order, place_of_test(workspace, order)) for order in cards])
        desk.finish()
    desk.must_be_there()
    own = {same_id(order.account) for order in cards}
    waiting = [card for card in held if not own or same_id(card.account) in own]
    found = (*register.findings, *desk.way_out.warnings)
    made = (*issued, *waiting)
    return IssueResult(period, language, made, found, (), desk.outgoing, desk.of_memory())
