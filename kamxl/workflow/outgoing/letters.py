"""The mails that go out with cards: what each may say, and the draft on disk."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from kamxl.core.cards import seal
from kamxl.core.cards.addressing import addressed, contacts_of
from kamxl.core.cards.writers import Writers
from kamxl.core.ids import US, same_id
from kamxl.core.records.register import Answers, CardOrder, Register
from kamxl.core.roles import Source
from kamxl.forms.letters.letter import (
    PICTURE_ID,
    Invitation,
    Letter,
    Letters,
    Reminder,
    ResultRow,
    Sender,
    SupplierTotal,
    Thanks,
    salutation,
)
from kamxl.forms.paper.style import LINE, MUTED, SERIES
from kamxl.mail.message import Draft, Person, draft, short_name
from kamxl.mail.picture import dots
from kamxl.store import atomic, memory
from kamxl.store.paths import check_length
from kamxl.store.workspace import Workspace
from kamxl.workflow.results import Kind, Outgoing

_ENDINGS: dict[Kind, str] = {
    "invitation": ".eml",
    "reminder": "--reminder.eml",
    "thanks": "--thanks.eml",
    "test": ".eml",
}


_SHAPING = ("due", "respondent_name", "sender_name", "sender_email", "sender_phone")  # or blank


class Desk:
    """Writes the mails of a workspace, with its team's own templates if there are any.

    ``issued``: digests of the records there are, to name the card a mail is about.
    """

    def __init__(
        self, workspace: Workspace, register: Register, issued: Container[str] = ()
    ) -> None:
        self._workspace, self._issued = workspace, issued
        self._writers, self._contacts = Writers(register), contacts_of(register)
        self._letters = Letters(workspace.root / "templates" / "mail")

    def invite(self, order: CardOrder, path: Path, card: bytes) -> Outgoing | None:
        """The mail that goes out with a card; None if none does: no address, or not by mail."""
        if not _by_mail(order):
            return None
        letter = Invitation(**self._asked(order, path))
        return self._made("test" if order.test else "invitation", letter, order, path, card)

    def remind(
        self, order: CardOrder, path: Path, card: bytes, issued: CardOrder | None = None
    ) -> Outgoing | None:
        """The same request again; ``issued``: the card's record, where ``order`` has a newer
        address or name.
        """
        if not _by_mail(order):
            return None
        letter = Reminder(**self._asked(order, path))
        return self._made("reminder", letter, order, path, card, issued=issued)

    def thank(
        self, order: CardOrder, path: Path, answers: Answers, issued: CardOrder | None = None
    ) -> Outgoing | None:
        """Thanks for an answer, with the result of this very answer; None without an address."""
        if not order.respondent_email:
            return None
        letter = result_of(order, answers, self._sender(order), self._salutation(order))
        picture = _picture(letter) if letter.picture else None
        made = self._made("thanks", letter, order, path, None, picture, issued)
        return replace(made, answers=answers)

    def prove(self, orders: Iterable[CardOrder]) -> None:
        """Find the words of an invitation of each shape (TemplateError: not all can be made)."""
        shapes = {(o.language, *(bool(getattr(o, n)) for n in _SHAPING)): o for o in orders}
        for order in shapes.values():
            self.subject(order)

    def subject(self, order: CardOrder) -> str:
        """What the invitation's subject is, sent by mail or not."""
        letter = Invitation(**self._asked(order, Path("card.xlsx")))
        return self._letters.render(letter, order.language).subject

    def _asked(self, order: CardOrder, path: Path) -> dict[str, Any]:
        return {
            "name": order.respondent_name,
            "salutation": self._salutation(order),
            "segment": order.segment_name,
            "period": order.period,
            "file": short_name(path.name),
            "due": order.due,
            "sender": self._sender(order),
            "test": bool(order.test),
        }

    def _sender(self, order: CardOrder) -> Sender:
        return Sender(
            order.sender_name,
            order.sender_email,
            order.sender_phone,
            order.company,
            self._writers.of(order.account).signature,
        )

    def _salutation(self, order: CardOrder) -> str:
        """How today's register says that she is addressed: a card does not depend on it."""
        contact = self._contacts.get((same_id(order.account), same_id(order.respondent)))
        return salutation(addressed(contact), order.language)

    def _made(
        self,
        kind: Kind,
        letter: Letter,
        order: CardOrder,
        card_path: Path,
        card: bytes | None,
        picture: bytes | None = None,
        issued: CardOrder | None = None,
    ) -> Outgoing:
        words = self._letters.render(letter, order.language)
        sender = Person(order.sender_name or order.company, order.sender_email)
        about = self._digest(issued or order)
        data = draft(
            Draft(
                words.subject,
                words.text,
                words.html,
                # mail programs remember whose address it is: the customer's name is not the team's
                Person("" if order.test else order.respondent_name, order.respondent_email),
                sender if order.sender_email else None,
                (card_path.name, card) if card is not None else None,
                (PICTURE_ID, picture) if picture is not None else None,
                about,
            )
        )
        path = check_length(card_path.with_name(card_path.stem + _ENDINGS[kind]))
        to = order.respondent_email
        return Outgoing(
            kind, order, path, data, to, words.subject, about, card, picture, issued=issued
        )

    def _digest(self, order: CardOrder) -> str:
        return seal.digest(order, memory.key_for(self._workspace, order, self._issued))


def write(mail: Outgoing) -> str:
    """Put a draft where it stands; "new", "changed" or "unchanged" (OSError: it is not there)."""
    before = None
    with contextlib.suppress(OSError):
        before = mail.path.read_bytes()
    if before == mail.data:
        return "unchanged"
    atomic.write(mail.path, mail.data)
    return "new" if before is None else "changed"


def result_of(order: CardOrder, answers: Answers, sender: Sender, begin: str) -> Thanks:
    """What one respondent may see of the result: her own answers, and what follows from them.

    A supplier she did not rate at all is nobody she spoke of. ``begin``: the salutation.
    """
    card = answers.scorecard
    names = {supplier.id: supplier.name for supplier in order.suppliers}
    suppliers = [s for s in (US, *(s for s in names if s != US)) if _spoken_of(answers, s)]
    asked = [r for r in card.requirements if r.weight is not None or _rated(answers, r.id)]
    ranks = card.ranking()
    ranks = ranks if len(ranks) > 1 else {}  # one alone is first of nobody
    return Thanks(
        name=order.respondent_name,
        salutation=begin,
        segment=order.segment_name,
        period=order.period,
        rows=tuple(
            ResultRow(n, r.label, r.weight, tuple(card.rating(s, r.id) for s in suppliers))
            for n, r in enumerate(asked, 1)
        ),
        suppliers=tuple(
            SupplierTotal(names[s], card.total(s), ranks.get(s), card.coverage(s))
            for s in suppliers
        ),
        sender=sender,
        picture=bool(suppliers),
    )


def _picture(letter: Thanks) -> bytes:
    """The points of the letter, a row for each of its rows."""
    colors = SERIES * (len(letter.suppliers) // len(SERIES) + 1)
    return dots([row.ratings for row in letter.rows], colors, ink=MUTED, line=LINE)


def _spoken_of(answers: Answers, supplier: str) -> bool:
    card = answers.scorecard
    return any(card.rating(supplier, r.id) is not None for r in card.requirements)


def _rated(answers: Answers, requirement: str) -> bool:
    card = answers.scorecard
    return any(card.rating(s, requirement) is not None for s in card.suppliers)


def _by_mail(order: CardOrder) -> bool:
    return bool(order.respondent_email) and order.source is Source.MAILED
