"""The mails that go out with cards: what each may say, and the draft on disk."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

from kamxl.core.cards import seal
from kamxl.core.cards.addressing import addressed, contacts_of
from kamxl.core.cards.writers import Writers
from kamxl.core.ids import US, same_id
from kamxl.core.records.page import Asks
from kamxl.core.records.register import Answers, CardOrder, PersonKey, Register
from kamxl.core.roles import Source
from kamxl.forms.letters.letter import (
    AskedCard,
    Invitation,
    Letter,
    OurReply,
    Reminder,
    ResultRow,
    SegmentResult,
    Sender,
    SupplierTotal,
    Thanks,
    listed,
    picture_id,
    salutation,
    side_by_side,
)
from kamxl.forms.paper.style import LINE, MUTED, SERIES
from kamxl.mail.message import Draft, Person, draft, short_names
from kamxl.mail.picture import dots
from kamxl.store import atomic, memory
from kamxl.store.reading import beginning
from kamxl.store.workspace import Workspace
from kamxl.workflow.lettering.saying import Saying
from kamxl.workflow.lettering.sources import team_templates
from kamxl.workflow.results import Carried, Kind, Outgoing

_SHAPING = (  # or blank
    "due",
    "respondent_name",
    "sender_name",
    "sender_email",
    "sender_phone",
    "sender_function",
    "keep_years",
)


_ASKING: Mapping[Kind, type[Invitation]] = {"reminder": Reminder, "reply": OurReply}


def by_mail(order: CardOrder) -> bool:
    """Whether a card goes out by mail: its respondent has an address, and is asked that way."""
    return bool(order.respondent_email) and order.source is Source.MAILED


def by_person(orders: Iterable[CardOrder]) -> dict[PersonKey, list[CardOrder]]:
    """The orders of each person together, in the order in which they first come."""
    found: dict[PersonKey, list[CardOrder]] = {}
    for order in orders:
        found.setdefault(order.key.person, []).append(order)
    return found


class Desk:
    """Writes the mails of a workspace, with its team's own templates if there are any.

    ``issued``: digests of the records there are, to name the cards a mail is about.
    """

    def __init__(
        self, workspace: Workspace, register: Register, issued: Container[str] = ()
    ) -> None:
        self._workspace, self._issued = workspace, issued
        self._writers, self._contacts = Writers(register), contacts_of(register)
        self._letters = Saying(team_templates(workspace).sources)

    def carried(
        self,
        order: CardOrder,
        path: Path,
        card: bytes | None = None,
        *,
        issued: CardOrder | None = None,
        answers: Answers | None = None,
    ) -> Carried:
        """One card for a mail: to be filled in, or thanked for with its ``answers``.

        ``issued``: the card's record, where ``order`` has newer names or addresses.
        """
        record = issued or order
        about = seal.digest(record, memory.key_for(self._workspace, record, self._issued))
        picture = None
        if answers is not None:
            result = result_of(order, answers)
            picture = _picture(result) if result.suppliers else None
        return Carried(order, record, path, about, card, answers, picture)

    def mail(self, kind: Kind, path: Path, cards: Sequence[Carried]) -> Outgoing:
        """The mail of a kind to one person about these cards, for a draft at ``path``."""
        order = cards[0].order
        words = self._letters.render(self._letter(kind, cards), order.language)
        names = short_names(one.path.name for one in cards)
        drawn = [(picture_id(n), c.picture) for n, c in enumerate(cards) if c.picture is not None]
        data = draft(
            Draft(
                words.subject,
                words.text,
                words.html,
                # mail programs remember whose address it is: the customer's name is not the team's
                Person("" if order.test else order.respondent_name, order.respondent_email),
                Person(order.sender_name or order.company, order.sender_email)
                if order.sender_email
                else None,
                tuple((n, c.card) for n, c in zip(names, cards, strict=True) if c.card is not None),
                # a team's own template may show none
                tuple(one for one in drawn if f"cid:{one[0]}" in words.html),
                tuple(one.about for one in cards),
                order.reply_to,
            )
        )
        return Outgoing(kind, path, data, order.respondent_email, words.subject, tuple(cards))

    def prove(self, orders: Iterable[CardOrder]) -> None:
        """Find the words of an invitation of each shape (TemplateError: not all can be made)."""
        shapes = {}
        for own in by_person(orders).values():
            given = (bool(getattr(own[0], name)) for name in _SHAPING)
            profile = all(order.asks is Asks.PROFILE for order in own)
            shapes[own[0].language, len(own), profile, *given] = own
        for own in shapes.values():
            self._letters.render(self._about(own, "invitation"), own[0].language)

    def subject(self, orders: Sequence[CardOrder], kind: Kind = "invitation") -> str:
        """What the subject of one person's mail is, sent or not."""
        return self._letters.subject(self._about(orders, kind), orders[0].language)

    def _about(self, orders: Sequence[CardOrder], kind: Kind) -> Letter:
        cards = [Carried(order, order, Path("card.xlsx"), "") for order in orders]
        return self._letter(kind, cards)

    def _letter(self, kind: Kind, cards: Sequence[Carried]) -> Letter:
        if kind == "thanks":
            return self._thanks(cards)
        return self._asked(_ASKING.get(kind, Invitation), cards)

    def _asked(self, kind: type[Invitation], cards: Sequence[Carried]) -> Invitation:
        order = cards[0].order
        files = short_names(one.path.name for one in cards)
        dues = [one.order.due for one in cards if one.order.due is not None]
        profiles = {one.order.asks is Asks.PROFILE for one in cards}
        return kind(
            name=order.respondent_name,
            salutation=self._salutation(order),
            segment=self._segments(cards),
            period=order.period,
            file=listed(files, order.language),
            due=max(dues) if len(dues) == len(cards) else None,
            sender=self._sender(order),
            test=bool(order.test),
            profile=profiles == {True},
            mixed=len(profiles) > 1,
            cards=tuple(
                AskedCard(one.order.segment_name, file)
                for one, file in zip(cards, files, strict=True)
            ),
            keep_years=order.keep_years,
        )

    def _thanks(self, cards: Sequence[Carried]) -> Thanks:
        order = cards[0].order
        results = tuple(
            result_of(one.order, one.answers, picture_id(number) if one.picture else "")
            for number, one in enumerate(cards)
            if one.answers is not None
        )
        rows, suppliers = side_by_side(results)
        return Thanks(
            name=order.respondent_name,
            salutation=self._salutation(order),
            segment=self._segments(cards),
            period=order.period,
            rows=rows,
            suppliers=suppliers,
            sender=self._sender(order),
            picture=len(results) == 1 and bool(results[0].picture),
            results=results,
        )

    def _segments(self, cards: Sequence[Carried]) -> str:
        return listed([one.order.segment_name for one in cards], cards[0].order.language)

    def _sender(self, order: CardOrder) -> Sender:
        return Sender(
            order.sender_name,
            order.sender_email,
            order.sender_phone,
            order.company,
            self._writers.of(order.account).signature,
            order.sender_function,
        )

    def _salutation(self, order: CardOrder) -> str:
        """How today's register says that she is addressed: a card does not depend on it."""
        contact = self._contacts.get((same_id(order.account), same_id(order.respondent)))
        return salutation(addressed(contact), order.language)


def write(mail: Outgoing) -> str:
    """Put a draft where it stands; "new", "changed" or "unchanged" (OSError: it is not there)."""
    state = state_of(mail)
    if state != "unchanged":
        atomic.write(mail.path, mail.data)
    return state


def state_of(mail: Outgoing) -> str:
    """What is to become of a draft: "new", "changed", or "unchanged" if it stands there already."""
    before = None
    with contextlib.suppress(OSError):
        before = beginning(mail.path, len(mail.data) + 1)
    if before == mail.data:
        return "unchanged"
    return "new" if before is None else "changed"


def result_of(order: CardOrder, answers: Answers, picture: str = "") -> SegmentResult:
    """What one respondent may see of the result: her own answers, and what follows from them.

    A supplier she did not rate at all is nobody she spoke of. ``picture``: its content id.
    """
    card = answers.scorecard
    names = {supplier.id: supplier.name for supplier in order.suppliers}
    suppliers = [s for s in (US, *(s for s in names if s != US)) if _spoken_of(answers, s)]
    asked = [r for r in card.requirements if r.weight is not None or _rated(answers, r.id)]
    ranks = card.ranking()
    ranks = ranks if len(ranks) > 1 else {}  # one alone is first of nobody
    return SegmentResult(
        order.segment_name,
        tuple(
            ResultRow(n, r.label, r.weight, tuple(card.rating(s, r.id) for s in suppliers))
            for n, r in enumerate(asked, 1)
        ),
        tuple(
            SupplierTotal(names[s], card.total(s), ranks.get(s), card.coverage(s))
            for s in suppliers
        ),
        picture,
    )


def _picture(result: SegmentResult) -> bytes:
    """The points of a result, a row for each of its rows."""
    colors = SERIES * (len(result.suppliers) // len(SERIES) + 1)
    return dots([row.ratings for row in result.rows], colors, ink=MUTED, line=LINE)


def _spoken_of(answers: Answers, supplier: str) -> bool:
    card = answers.scorecard
    return any(card.rating(supplier, r.id) is not None for r in card.requirements)


def _rated(answers: Answers, requirement: str) -> bool:
    card = answers.scorecard
    return any(card.rating(s, requirement) is not None for s in card.suppliers)
