"""Nothing internal leaves, proven by construction: each card and mail, before it is written.

Whatever stands in a card is, byte for byte, the layout of its language and size, which never saw a
register, or a value of the order that its respondent may see, in its slot; whatever stands in a
mail is a word of its template or a field of its letter. Nothing is looked for, so no figure and no
name of the register can hold a card back; what is proven here was not written by what is used here.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

from kamxl.core.cards import seal
from kamxl.core.cards.addressing import addressed, contacts_of
from kamxl.core.cards.shown import ShownCard, shown_card
from kamxl.core.cards.writers import Writers
from kamxl.core.finding import Finding, Severity, finding
from kamxl.core.ids import US, same_id
from kamxl.core.records.register import Answers, CardOrder, Contact, Register
from kamxl.excel.proof.layout import odd, sayings
from kamxl.excel.proof.workbook import Doubt, Proof
from kamxl.forms.letters.letter import (
    PICTURE_ID,
    Invitation,
    Letter,
    Reminder,
    ResultRow,
    Sender,
    SupplierTotal,
    Thanks,
)
from kamxl.forms.letters.reading import LetterReading
from kamxl.forms.paper.style import LINE, MUTED, SERIES
from kamxl.forms.scorecard.grid import size_of
from kamxl.forms.scorecard.slots import slots
from kamxl.forms.scorecard.words import strange
from kamxl.mail.message import Draft, Person
from kamxl.mail.picture_proof import picture_doubt
from kamxl.mail.proof import doubt as mail_doubt
from kamxl.store import memory
from kamxl.store.workspace import Workspace
from kamxl.workflow.cards import LayoutKey, layout_of
from kamxl.workflow.guard.freetexts import FreeTexts
from kamxl.workflow.results import Outgoing

_NAME = 60  # letters of the name of an attached file


class _Proven(NamedTuple):
    """The proof of a layout, and what is strange in the layout itself."""

    proof: Proof
    strange: str | None


@dataclass(slots=True)
class WayOut:
    """What every card and every mail of a workspace passes before it is written.

    ``issued``: digests of the records there are; ``warnings``: what was seen and holds nothing
    back, each once.
    """

    workspace: Workspace
    register: Register
    issued: Container[str] = ()
    warnings: dict[Finding, None] = field(default_factory=dict)
    _texts: FreeTexts = field(init=False, repr=False)
    _letters: LetterReading = field(init=False, repr=False)
    _writers: Writers = field(init=False, repr=False)
    _contacts: dict[tuple[str, str], Contact] = field(init=False, repr=False)
    _proofs: dict[LayoutKey, _Proven] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._texts = FreeTexts(self.workspace, self.register)
        self._letters = LetterReading(self.workspace.root / "templates" / "mail")
        self._writers, self._contacts = Writers(self.register), contacts_of(self.register)

    def findings(
        self, order: CardOrder, path: Path, card: bytes | None, mail: Outgoing | None
    ) -> tuple[Finding, ...]:
        """Why a card (None: there is none) and its mail must not go out; nothing: they may.

        ``path``: where the card stands. A mail carries the very card that is proven, or none.
        """
        record = (mail.issued if mail else None) or order
        typed = self._texts.findings(order, mail.letter_kind if mail else None)
        self.warnings |= dict.fromkeys(f for f in typed if f.severity is Severity.WARNING)
        held = [f for f in typed if f.severity is Severity.ERROR]
        doubts = [_name_doubt(order, path)]
        doubts += [self._card(record, card)] if card is not None else []
        doubts += [self._mail(order, path, card, mail)] if mail is not None else []
        return (*held, *(_unproven(order, doubt) for doubt in doubts if doubt is not None))

    def _card(self, order: CardOrder, data: bytes) -> Doubt | None:
        shown = shown_card(order)
        if not _is_shown(order, shown):
            return Doubt("order", "the card shows another order")
        key = LayoutKey(shown.language, size_of(shown), shown.period)
        if key not in self._proofs:
            layout = layout_of(key)
            self._proofs[key] = _Proven(Proof(layout), odd(layout) or strange(sayings(layout)))
        of_layout = self._proofs[key]
        if of_layout.strange:
            return Doubt("layout", of_layout.strange)
        try:
            return of_layout.proof.doubt(data, slots(shown, self._mark(order)))
        except ValueError as problem:
            return Doubt("texts", str(problem))

    def _mark(self, order: CardOrder) -> str:
        digest, key = self._digest(order)
        signed = seal.signature(key, self.workspace.id, digest)
        ids = order.period, order.account, order.segment, order.respondent
        return "|".join(("kx1", self.workspace.id, *ids, digest, signed))

    def _digest(self, order: CardOrder) -> tuple[str, bytes]:
        key = memory.key_for(self.workspace, order, self.issued)
        return seal.digest(order, key), key

    def _mail(
        self, order: CardOrder, path: Path, card: bytes | None, mail: Outgoing
    ) -> Doubt | None:
        name = _attached(path)
        ending = ".eml" if mail.letter_kind == "invitation" else f"--{mail.kind}.eml"
        if mail.path != path.with_name(path.stem + ending):
            return Doubt(mail.path.name, "the draft has another name")
        try:
            letter = self._letter(order, mail, name)
            words = self._letters.wording(letter, order.language)
        except ValueError as problem:
            return Doubt("templates", str(problem))
        sender = Person(order.sender_name or order.company, order.sender_email)
        expected = Draft(
            words.subject,
            words.text,
            words.html,
            Person("" if order.test else order.respondent_name, order.respondent_email),
            sender if order.sender_email else None,
            None if card is None else (name, card),
            None if mail.picture is None else (PICTURE_ID, mail.picture),
            self._digest(mail.issued or order)[0],
        )
        found = mail_doubt(mail.data, expected) or _picture(letter, mail.picture)
        about = order, order.respondent_email, words.subject, expected.card
        if about != (mail.order, mail.recipient, mail.subject, mail.about):
            found = found or "it would be sent as another mail"
        return Doubt(mail.path.name, found) if found else None

    def _letter(self, order: CardOrder, mail: Outgoing, file: str) -> Letter:
        sender = Sender(
            order.sender_name,
            order.sender_email,
            order.sender_phone,
            order.company,
            self._writers.of(order.account).signature,
        )
        whom = addressed(self._contacts.get((same_id(order.account), same_id(order.respondent))))
        begin = self._letters.salutation(whom, order.language)
        if mail.kind == "thanks":
            if mail.answers is None:
                raise ValueError("thanks for no answer")
            return _thanks(order, mail.answers, sender, begin)
        asked: dict[str, Any] = {"file": file, "due": order.due}
        kind = Reminder if mail.kind == "reminder" else Invitation
        about = order.respondent_name, begin, order.segment_name, order.period
        return kind(*about, **asked, sender=sender, test=order.test != "")


def _thanks(order: CardOrder, answers: Answers, sender: Sender, begin: str) -> Thanks:
    """What her own answers say: of nobody else's is anything at hand here."""
    card = answers.scorecard
    names = {US: order.company} | {rival.id: rival.name for rival in order.competitors}
    ids = [one for one in names if any(v is not None for v in card.ratings.get(one, {}).values())]
    ranks = card.ranking()
    rows: list[ResultRow] = []
    for requirement in card.requirements:
        ratings = tuple(card.rating(one, requirement.id) for one in ids)
        if requirement.weight is not None or _anybody(card.ratings, requirement.id):
            rows.append(ResultRow(len(rows) + 1, requirement.label, requirement.weight, ratings))
    totals = (
        SupplierTotal(
            names[one],
            card.total(one),
            None if len(ranks) < 2 else ranks.get(one),
            card.coverage(one),
        )
        for one in ids
    )
    about = order.respondent_name, begin, order.segment_name, order.period
    return Thanks(*about, tuple(rows), tuple(totals), sender, picture=bool(ids))


def _anybody(ratings: Any, requirement: str) -> bool:
    return any(by.get(requirement) is not None for by in ratings.values())


def _picture(letter: Letter, data: bytes | None) -> str | None:
    if not isinstance(letter, Thanks) or not letter.picture:
        return None if data is None else "there is a picture"
    if data is None:
        return "there is no picture"
    colors = [SERIES[at % len(SERIES)] for at in range(len(letter.suppliers))]
    return picture_doubt(data, [r.ratings for r in letter.rows], colors, ink=MUTED, line=LINE)


def _is_shown(order: CardOrder, shown: ShownCard) -> bool:
    """Whether a shown card is the order's, field by field; of requirements what is asked."""
    asked = [(r.id, r.label, r.anchors) for r in order.requirements]
    same = (f.name for f in fields(ShownCard) if f.name != "requirements")
    return asked == [astuple(r) for r in shown.requirements] and all(
        getattr(shown, name) == getattr(order, name) for name in same
    )


def _name_doubt(order: CardOrder, path: Path) -> Doubt | None:
    """A card's file is named by its three ids, and eight digits where these do not suffice."""
    ids = re.escape("--".join((order.account, order.segment, order.respondent)))
    test = "test--" if order.test else ""
    pattern = rf"{test}(?:{ids}|card--{ids}--[0-9a-f]{{8}})\.xlsx"
    named = re.fullmatch(pattern, path.name, re.IGNORECASE)
    return None if named else Doubt(path.name, "the file has another name")


def _attached(path: Path) -> str:
    """The name under which a card is attached: short enough for every mail program."""
    return f"{path.stem[: _NAME - 5].strip('._') or 'file'}.xlsx"


def _unproven(order: CardOrder, doubt: Doubt) -> Finding:
    value = "--".join((order.account, order.segment, order.respondent))
    return finding("leak-unproven", value=value, part=doubt.part, reason=doubt.reason)
