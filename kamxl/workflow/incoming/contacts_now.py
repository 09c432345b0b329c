"""What today's register still says of those who were asked: names, addresses, who left."""

from __future__ import annotations

from dataclasses import replace

from kamxl.core.cards.writers import Writers, signed
from kamxl.core.finding import Severity
from kamxl.core.ids import same_id
from kamxl.core.records.register import CardOrder, Contact, Register
from kamxl.core.roles import Source
from kamxl.wording.texts import languages, texts


class ContactsNow:
    """The contacts of a register, to be asked about issued records."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._writers = Writers(register)
        self._accounts = {same_id(a.id): n for n, a in enumerate(register.accounts)}
        self._segments = {
            (same_id(s.account), same_id(s.id)): n for n, s in enumerate(register.segments)
        }
        self._contacts = {
            (same_id(c.account), same_id(c.id)): (n, c) for n, c in enumerate(register.contacts)
        }
        titles = {texts(language)("register.contacts.title") for language in languages()}
        # A row with a mistake in it was not read: nobody can say that its contact left.
        self._doubtful = any(
            found.severity is Severity.ERROR and found.sheet in titles
            for found in register.findings
        )

    def addressed(self, order: CardOrder) -> CardOrder:
        """A record with the names and addresses of today, on both sides."""
        writer, contact = self._writers.of(order.account), self._contact(order)
        if writer.email:
            order = signed(order, writer)
        if contact is None:
            return order
        name = contact.name or order.respondent_name
        email = contact.email or order.respondent_email
        if (name, email) == (order.respondent_name, order.respondent_email):
            return order
        return replace(order, respondent_name=name, respondent_email=email)

    def left(self, order: CardOrder) -> str:
        """The code of why somebody who was asked is not asked any more, "" if she is.

        That her segment is gone says nothing about her: she has the card, and may answer it.
        """
        account, contact = same_id(order.account), self._contact(order)
        doubtful = self._doubtful or account in self._register.blocked
        if contact is None:
            return "" if doubtful else "not-in-register"
        if not contact.asked or self._left_out(contact, order):
            return "no-longer-asked"
        mailed = order.source is Source.MAILED and bool(order.respondent_email)
        by_mail = contact.source is Source.MAILED and (bool(contact.email) or doubtful)
        return "asked-otherwise" if mailed and not by_mail else ""

    def place(self, order: CardOrder) -> tuple[object, ...]:
        """Where a card stands among others: as in the register, what it does not have last."""
        account, segment = same_id(order.account), same_id(order.segment)
        contact, last = (account, same_id(order.respondent)), 1_000_000
        return (
            self._accounts.get(account, last),
            self._segments.get((account, segment), last),
            self._contacts[contact][0] if contact in self._contacts else last,
            order.key,
        )

    def _contact(self, order: CardOrder) -> Contact | None:
        found = self._contacts.get((same_id(order.account), same_id(order.respondent)))
        return found[1] if found else None

    def _left_out(self, contact: Contact, order: CardOrder) -> bool:
        """Whether she is asked about other segments than this one, which there still is."""
        segment = same_id(order.segment)
        there = (same_id(order.account), segment) in self._segments
        return there and bool(contact.segments) and segment not in map(same_id, contact.segments)
