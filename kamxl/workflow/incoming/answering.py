"""Who was asked in a period, and who has answered: for reminders, thanks and the list of both.

Asked is who has an issued record; today's register only knows newer names and addresses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from kamxl.core.cards.asking import orders
from kamxl.core.cards.replies import is_hers
from kamxl.core.ids import same_id
from kamxl.core.records.page import Asks
from kamxl.core.records.register import CardKey, CardOrder, FileResult, PersonKey, Register, Reply
from kamxl.errors import KamxlError
from kamxl.store import memory
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import texts
from kamxl.workflow.cards import CardPress, mark_of
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming.contacts_now import ContactsNow
from kamxl.workflow.incoming.intake import Intake, take_in
from kamxl.workflow.incoming.issued_cards import CardOut, cards_out
from kamxl.workflow.incoming.issued_records import IssuedRecords
from kamxl.workflow.incoming.undelivered import Failed, Failures
from kamxl.workflow.incoming.whose import Whose, is_of_earlier
from kamxl.workflow.start.identity import opened
from kamxl.workflow.start.register import period_of, read_register

Standing = Literal["answered", "sent", "left", "undelivered", "open"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One issued card of the period: what it asked, what came of it, and who is written to now.

    ``digest`` is that of its record, ``order``; ``to`` is ``order`` with the name and address of
    today's register. ``replies`` to it, or to an earlier record of it, count; ``sent`` are files
    that need attention and may be hers. ``failed``: a mail to her present address did not arrive.
    ``left``: the code of why she is not asked any more, "" if she is.
    """

    order: CardOrder
    digest: str
    to: CardOrder
    path: Path
    replies: tuple[Reply, ...] = ()
    sent: tuple[FileResult, ...] = ()
    failed: Failed | None = None
    left: str = ""

    @property
    def standing(self) -> Standing:
        """Where it stands; "open": nothing is known of it, and she is to be reminded."""
        if self.replies:
            return "answered"
        if self.sent:
            return "sent"
        if self.left:
            return "left"
        return "undelivered" if self.failed is not None and self.failed.permanent else "open"


@dataclass(frozen=True, slots=True)
class Period:
    """The cards of a period that are out, in the order of the register; those it does not have
    any more stand last.

    ``asked``: those of the accounts that were asked for, of ``everybody``. ``issued``: all records
    there are, by digest; ``intake``: what came back.
    """

    workspace: Workspace
    register: Register
    period: str
    everybody: tuple[Asked, ...]
    asked: tuple[Asked, ...]
    issued: Mapping[str, CardOrder] = field(repr=False)
    intake: Intake = field(repr=False)

    def card(self, asked: Asked, press: CardPress) -> bytes:
        """The card's bytes, as they were issued."""
        key = memory.key_for(self.workspace, asked.order, self.issued)
        return press.press(asked.order, mark_of(self.workspace, asked.order, key))


def asked_in(
    root: Path, accounts: Iterable[str] = (), period: str | None = None, *, now: datetime | None
) -> Period:
    """The cards of a period that went out (KamxlError: no workspace, register, account or period).

    ``accounts``: only these ids (default: all); ``now``: the run's clock (default: the computer's).
    """
    workspace = opened(root)
    looking.ready_for(workspace)
    register = read_register(workspace).register
    moment = now or datetime.now(UTC)
    found = cards_of(workspace, register, period_of(register, period), now=moment)
    asked = list(accounts)
    wanted = wanted_accounts(register, asked, [one.order.account for one in found.everybody])
    if not asked:
        return found
    chosen = (one for one in found.everybody if same_id(one.order.account) in wanted)
    return replace(found, asked=tuple(chosen))


def cards_of(
    workspace: Workspace, register: Register, chosen: str, *,
    intake: Intake | None = None, now: datetime | None = None, issued: memory.Issued | None = None,
) -> Period:  # fmt: skip
    """The same of a register that is read already, and perhaps of what came back.

    ``issued``: the records, if none was written or forgotten since they were read.
    """
    issued = issued or memory.load(workspace)
    # nobody is chased for a reply page: it asks nothing that she has to answer; and nobody writes
    # to who was forgotten
    records = {
        digest: order
        for digest, order in issued.orders.items()
        if not order.test and order.asks is not Asks.REPLY and order.forgotten is None
    }
    cards = cards_out(workspace, records, chosen, _Today(register, chosen))
    contacts = ContactsNow(register)
    to = {card.order.key: contacts.addressed(card.order) for card in cards}
    intake = intake or take_in(workspace, now=now, register=register)
    answers: dict[CardKey, list[Reply]] = {}
    for reply in intake.replies:
        answers.setdefault(reply.order.key, []).append(reply)
    sent = _sent(cards, records.values(), to, intake.files, intake.replies)
    failures = Failures(intake.files, intake.replies, IssuedRecords(records))
    asked = [
        Asked(
            card.order,
            card.digest,
            to[card.order.key],
            card.path,
            tuple(
                reply for reply in answers.get(card.order.key, ()) if reply.order.forgotten is None
            ),
            tuple(sent.get(card.order.key, ())),
            failures.of(to[card.order.key]),
            contacts.left(card.order),
        )
        for card in cards
    ]
    asked = _without_old_profiles(asked)
    everybody = tuple(sorted(asked, key=lambda one: contacts.place(one.order)))
    return Period(workspace, register, chosen, everybody, everybody, issued.orders, intake)


class _Today:
    """The cards that the register asks for, made only if anybody asks for one."""

    def __init__(self, register: Register, period: str) -> None:
        self._register, self._period = register, period

    def get(self, key: CardKey) -> CardOrder | None:
        return self._orders.get(key)

    @cached_property
    def _orders(self) -> Mapping[CardKey, CardOrder]:
        return {order.key: order for order in orders(self._register, self._period, alternative)}


def _without_old_profiles(asked: Sequence[Asked]) -> list[Asked]:
    """Without the profiles that nobody answered and whose card is out by now: it asks for all."""
    keys = {one.order.key for one in asked}
    return [
        one
        for one in asked
        if one.order.asks is Asks.CARD
        or one.replies
        or one.order.key._replace(asks=Asks.CARD) not in keys
    ]


def _sent(
    cards: Sequence[CardOut],
    records: Collection[CardOrder],
    now: Mapping[CardKey, CardOrder],
    files: Sequence[FileResult],
    replies: Collection[Reply],
) -> dict[CardKey, list[FileResult]]:
    """The files that need attention, by the cards they may be answers to."""
    whose = Whose(cards, records, {key: order.respondent_email for key, order in now.items()})
    orders_of = {card.order.key: card.order for card in cards}
    hers: dict[PersonKey, list[Reply]] = {}
    for reply in replies:
        hers.setdefault(reply.order.key.person, []).append(reply)
    found: dict[CardKey, list[FileResult]] = {}
    for file, keys in whose.of_all(files):
        for key in keys & orders_of.keys():
            order = orders_of[key]
            if not is_of_earlier(file, order.period, hers.get(key.person, ())):
                found.setdefault(key, []).append(file)
    return found


def alternative(language: str) -> str:
    """What the one unnamed rival is called."""
    return texts(language)("scorecard.alternative")


def wanted_accounts(
    register: Register, asked: Sequence[str], issued: Iterable[str] = ()
) -> set[str]:
    """The compared ids of the accounts asked for, of all if none is (KamxlError: unknown).

    ``issued``: ids of accounts that have cards, in the register or not.
    """
    known = {same_id(account.id) for account in register.accounts} | register.blocked
    known |= set(map(same_id, issued))
    unknown = [account for account in asked if same_id(account) not in known]
    if unknown:
        raise KamxlError("account-unknown", value=unknown[0])
    return {same_id(account) for account in asked} or known


def own_reply(asked: Asked) -> Reply | None:
    """The reply of the person the card was issued to: by her name, or without one.

    Another name on the same card is a further respondent, whose answers are not hers. Her name may
    have been corrected since.
    """
    names = [order.respondent_name for order in (asked.order, asked.to)]
    own = [reply for reply in asked.replies if is_hers(reply, *names)]
    return own[-1] if own else None
