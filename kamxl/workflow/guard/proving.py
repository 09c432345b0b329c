"""Nothing internal leaves, proven by construction: each card and mail, before it is written.

Whatever stands in a card is, byte for byte, the layout of its language and size, which never saw a
register, or a value of the order that its respondent may see, in its slot; whatever stands in a
mail is a word of its template or a field of its letter. Nothing is looked for, so no figure and no
name of the register can hold a card back; what is proven here was not written by what is used here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

from kamxl.core.cards import seal
from kamxl.core.cards.addressing import addressed, contacts_of
from kamxl.core.cards.shown import ShownCard, ShownRequirement, shown_card
from kamxl.core.cards.writers import Writers
from kamxl.core.finding import Finding, Severity, finding
from kamxl.core.ids import US, same_id
from kamxl.core.portfolio.handout import Handout
from kamxl.core.records.page import Asks, ReplyPage
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import CardOrder, Contact, Register
from kamxl.excel.proof.layout import odd, sayings
from kamxl.excel.proof.workbook import Doubt, Proof
from kamxl.forms.letters.letter import (
    PICTURE_ID,
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
    Wording,
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
from kamxl.workflow.guard.handouts import handout_doubt
from kamxl.workflow.guard.kept import KeptBack
from kamxl.workflow.lettering.saying import Saying
from kamxl.workflow.lettering.sources import team_templates
from kamxl.workflow.results import Carried, Outgoing

_NAME = 60  # letters of the name of an attached file
_ASKED = tuple(f.name for f in fields(ShownRequirement))
_SAME = tuple(f.name for f in fields(ShownCard) if f.name != "requirements")


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
    _kept: KeptBack = field(init=False, repr=False)
    _saying: Saying = field(init=False, repr=False)
    _letters: LetterReading = field(init=False, repr=False)
    _writers: Writers = field(init=False, repr=False)
    _contacts: dict[tuple[str, str], Contact] = field(init=False, repr=False)
    _proofs: dict[LayoutKey, _Proven] = field(init=False, default_factory=dict, repr=False)
    _passed: set[tuple[str, bytes]] = field(init=False, default_factory=set, repr=False)
    _last: tuple[CardOrder, tuple[str, bytes]] | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        own = team_templates(self.workspace)
        self._saying, self._letters = Saying(own.sources), LetterReading()
        self._texts = FreeTexts(self.workspace, self.register, self._saying)
        self._kept = KeptBack(self.workspace, self.register, own, self._saying)
        self._writers, self._contacts = Writers(self.register), contacts_of(self.register)

    def of_card(
        self, order: CardOrder, path: Path, card: bytes | None, issued: CardOrder
    ) -> tuple[Finding, ...]:
        """Why a card must not go out, nor a mail about it; nothing: it may.

        ``card`` None: there is none. ``issued``: its record, where ``order`` has newer names or
        addresses; ``path``: where the card stands.
        """
        doubts = [_name_doubt(order, path)]
        doubts += [self._card(issued, card)] if card is not None else []
        typed = self._typed(order, None)
        return (*typed, *self._kept.of_order(issued), *_unproven(order, doubts))

    def of_mail(self, mail: Outgoing) -> tuple[Finding, ...]:
        """Why a mail must not go out; nothing: it may.

        It is all to one person, carries her very cards that are proven, and says no more than its
        letter.
        """
        typed = dict.fromkeys(
            found for one in mail.cards for found in self._typed(one.order, mail.letter_kind)
        )
        doubts = [_name_doubt(one.order, one.path) for one in mail.cards]
        doubts += [self._card(o.issued, o.card) for o in mail.cards if o.card is not None]
        doubt, words = self._mail(mail)
        unproven = _unproven(mail.order, (*doubts, doubt))
        return (*typed, *self._memory_in(mail, words), *unproven)

    def of_handout(
        self, handout: Handout, account: str, plan: AccountPlan, cards: Sequence[str], data: bytes
    ) -> tuple[Finding, ...]:
        """Why a page for a meeting must not go out; nothing: it may. ``cards``: its digests."""
        of = memory.load(self.workspace).orders
        page = ReplyPage(
            "", handout.period, handout.rows, handout.benefits, handout.statements,
            handout.programmes,
        )  # fmt: skip
        order = CardOrder(
            account, handout.account, "", "", "", "", handout.period, handout.language,
            handout.company, (), page=page,
        )  # fmt: skip
        doubt = handout_doubt(handout, account, plan, {one: of[one] for one in cards}, data)
        return (*self._typed(order, None), *self._kept.of_order(order), *_unproven(order, [doubt]))

    def _memory_in(self, mail: Outgoing, words: Wording | None) -> Iterator[Finding]:
        """What of the workspace's memory would leave with a mail."""
        orders = [each for one in mail.cards for each in (one.order, one.issued)]
        found = dict.fromkeys(f for order in orders for f in self._kept.of_order(order))
        if words is not None:
            said = self._kept.of_words(orders, mail.letter_kind, words, mail.path.name)
            found |= dict.fromkeys(said)
        yield from found

    def _typed(self, order: CardOrder, kind: str | None) -> list[Finding]:
        """Other customers in what the team typed; warnings are noted, and hold nothing back."""
        typed = self._texts.findings(order, kind)
        self.warnings |= dict.fromkeys(f for f in typed if f.severity is Severity.WARNING)
        return [f for f in typed if f.severity is Severity.ERROR]

    def _card(self, order: CardOrder, data: bytes) -> Doubt | None:
        """What of a card is not proven; one that was is known again by its bytes."""
        known = self._digest(order)[0], hashlib.sha256(data).digest()
        if known in self._passed:
            return None
        doubt = self._doubt(order, data)
        if doubt is None:
            self._passed.add(known)
        return doubt

    def _doubt(self, order: CardOrder, data: bytes) -> Doubt | None:
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
        kind = f"kx1-{order.asks}" if order.asks else "kx1"
        return "|".join((kind, self.workspace.id, *ids, digest, signed))

    def _digest(self, order: CardOrder) -> tuple[str, bytes]:
        if self._last is None or self._last[0] is not order:  # it is asked for again and again
            key = memory.key_for(self.workspace, order, self.issued)
            self._last = order, (seal.digest(order, key), key)
        return self._last[1]

    def _mail(self, mail: Outgoing) -> tuple[Doubt | None, Wording | None]:
        """What of a mail is not proven, and what it says."""
        order, cards = mail.order, mail.cards
        found = self._put_together(mail)
        if found:
            return Doubt(mail.path.name, found), None
        names = _attached([one.path for one in cards])
        try:
            letter = self._letter(mail, names)
            words = self._saying.wording(letter, order.language)
        except ValueError as problem:
            return Doubt("templates", str(problem)), None
        sender = Person(order.sender_name or order.company, order.sender_email)
        drawn = [(_picture_id(n), o.picture) for n, o in enumerate(cards) if o.picture is not None]
        expected = Draft(
            words.subject,
            words.text,
            words.html,
            Person("" if order.test else order.respondent_name, order.respondent_email),
            sender if order.sender_email else None,
            tuple((n, o.card) for n, o in zip(names, cards, strict=True) if o.card is not None),
            tuple(one for one in drawn if f"cid:{one[0]}" in words.html),
            tuple(self._digest(one.issued)[0] for one in cards),
            order.reply_to,
        )
        found = mail_doubt(mail.data, expected) or _pictures(letter, cards)
        about = order.respondent_email, words.subject, expected.cards
        if about != (mail.recipient, mail.subject, tuple(one.about for one in cards)):
            found = found or "it would be sent as another mail"
        return (Doubt(mail.path.name, found) if found else None), words

    def _put_together(self, mail: Outgoing) -> str | None:
        """Whether what is in a mail belongs together: one person's cards, and her mail's name."""
        orders = [order for one in mail.cards for order in (one.order, one.issued)]
        of_one = {(*o.key.person, o.period, bool(o.test)) for o in orders}
        to_one = {(o.respondent_email, o.sender_email, o.reply_to) for o in orders[::2]}
        if len(of_one) != 1 or len(to_one) != 1:
            return "there is something of somebody else in it"
        if any(one.order.key != one.issued.key for one in mail.cards):
            return "a card is not the one that was issued"
        attached = {one.card is not None for one in mail.cards}
        if attached != {mail.kind != "thanks"}:
            return "other files are attached than belong to it"
        return None if _is_called(mail) else "the draft has another name"

    def _letter(self, mail: Outgoing, files: Sequence[str]) -> Letter:
        order, cards = mail.order, mail.cards
        sender = Sender(
            order.sender_name,
            order.sender_email,
            order.sender_phone,
            order.company,
            self._writers.of(order.account).signature,
            order.sender_function,
        )
        whom = addressed(self._contacts.get((same_id(order.account), same_id(order.respondent))))
        begin = self._letters.salutation(whom, order.language)
        segments = [one.order.segment_name for one in cards]
        about = order.respondent_name, begin, self._letters.listed(segments, order.language)
        if mail.kind == "thanks":
            return _thanks(cards, (*about, order.period), sender)
        dues = [one.order.due for one in cards]
        asked: dict[str, Any] = {
            "file": self._letters.listed(files, order.language),
            "due": None if None in dues else max(filter(None, dues)),
            "cards": tuple(map(AskedCard, segments, files)),
            "keep_years": order.keep_years,
            "profile": {one.order.asks for one in cards} == {Asks.PROFILE},
            "mixed": len({one.order.asks is Asks.PROFILE for one in cards}) == 2,
        }
        kinds = {"reminder": Reminder, "reply": OurReply}
        return kinds.get(mail.kind, Invitation)(
            *about, order.period, **asked, sender=sender, test=order.test != ""
        )


def _thanks(cards: Sequence[Carried], about: tuple[str, str, str, str], sender: Sender) -> Thanks:
    """What her own answers say: of nobody else's is anything at hand here."""
    results = [_result(one, _picture_id(at)) for at, one in enumerate(cards)]
    if len(results) == 1:
        (one,) = results
        return Thanks(
            *about, one.rows, one.suppliers, sender, picture=one.picture != "", results=(one,)
        )
    offset, width = 0, sum(len(one.suppliers) for one in results)
    rows: list[ResultRow] = []
    suppliers: list[SupplierTotal] = []
    for result in results:
        for row in result.rows:
            beside: list[float | None] = [None] * width
            beside[offset : offset + len(row.ratings)] = row.ratings
            rows.append(replace(row, number=len(rows) + 1, ratings=tuple(beside)))
        for one_of in result.suppliers:
            suppliers.append(replace(one_of, name=f"{one_of.name} ({result.segment})"))
        offset += len(result.suppliers)
    return Thanks(*about, tuple(rows), tuple(suppliers), sender, results=tuple(results))


def _result(one: Carried, picture: str) -> SegmentResult:
    order = one.order
    if one.answers is None:
        raise ValueError("thanks for no answer")
    card = one.answers.scorecard
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
    drawn = picture if ids else ""
    return SegmentResult(order.segment_name, tuple(rows), tuple(totals), drawn)


def _picture_id(at: int) -> str:
    """Under which id the picture of a result is in a mail, counted from 0."""
    name, _, rest = PICTURE_ID.partition("@")
    return f"{name}{at + 1 if at else ''}@{rest}"


def _anybody(ratings: Any, requirement: str) -> bool:
    return any(by.get(requirement) is not None for by in ratings.values())


def _pictures(letter: Letter, cards: Sequence[Carried]) -> str | None:
    """What is wrong with the pictures of the results, if there are to be any."""
    results = letter.results if isinstance(letter, Thanks) else (None,) * len(cards)
    found = (_picture(of, one.picture) for of, one in zip(results, cards, strict=True))
    return next(filter(None, found), None)


def _picture(result: SegmentResult | None, data: bytes | None) -> str | None:
    if result is None or not result.picture:
        return None if data is None else "there is a picture"
    if data is None:
        return "there is no picture"
    colors = [SERIES[at % len(SERIES)] for at in range(len(result.suppliers))]
    return picture_doubt(data, [r.ratings for r in result.rows], colors, ink=MUTED, line=LINE)


def _is_shown(order: CardOrder, shown: ShownCard) -> bool:
    """Whether a shown card is the order's, field by field; of requirements what is asked."""
    asked = [(r.id, r.label, r.anchors) for r in order.requirements]
    said = [tuple(getattr(r, name) for name in _ASKED) for r in shown.requirements]
    return asked == said and all(getattr(shown, name) == getattr(order, name) for name in _SAME)


def _name_doubt(order: CardOrder, path: Path) -> Doubt | None:
    """A card's file is named by its three ids, and eight digits where these do not suffice."""
    plain = "--".join((order.account, order.segment, order.respondent))
    test, asks = "test--" if order.test else "", f"+{order.asks}" if order.asks else ""
    if path.name == f"{test}{plain}{asks}.xlsx":
        return None
    ids = re.escape(plain)
    more = rf"\+{order.asks}" if order.asks else ""
    pattern = rf"{test}(?:{ids}|card--{ids}--[0-9a-f]{{8}}){more}\.xlsx"
    named = re.fullmatch(pattern, path.name, re.IGNORECASE)
    return None if named else Doubt(path.name, "the file has another name")


def _is_called(mail: Outgoing) -> bool:
    """A draft is named by its person's ids, its kind and perhaps a number.

    One about a single card may be called as earlier versions did: by that card.
    """
    order, one = mail.order, mail.cards[0]
    test = "test--" if order.test else ""
    if mail.path.parent != one.path.parent:
        return False
    plain = "--".join((order.account, order.respondent))
    if mail.letter_kind == "invitation" and mail.path.name == f"{test}{plain}.eml":
        return True
    ids = re.escape(plain)
    kind = "" if mail.letter_kind == "invitation" else rf"\+{mail.kind}"
    pattern = rf"{test}(?:{ids}|mail--{ids}--[0-9a-f]{{8}}){kind}(?:\+[0-9]+)?\.eml"
    if re.fullmatch(pattern, mail.path.name, re.IGNORECASE):
        return True
    ending = ".eml" if mail.letter_kind == "invitation" else f"--{mail.kind}.eml"
    return len(mail.cards) == 1 and mail.path.name.casefold() == (one.path.stem + ending).casefold()


def _attached(paths: Sequence[Path]) -> list[str]:
    """The names under which cards are attached: short for all mail programs, no two alike."""
    found: list[str] = []
    for path in paths:
        plain = path.stem.replace("+", "_")  # before what a card asks, if that is not all
        stem, number = plain[: _NAME - 5].strip("._") or "file", 1
        name = f"{stem}.xlsx"
        while name.casefold() in (other.casefold() for other in found):
            number += 1
            name = f"{stem[: _NAME - 8]}-{number}.xlsx"
        found.append(name)
    return found


def _unproven(order: CardOrder, doubts: Iterable[Doubt | None]) -> Iterator[Finding]:
    value = "--".join((order.account, order.segment, order.respondent))
    for doubt in dict.fromkeys(doubts):
        if doubt is not None:
            yield finding("leak-unproven", value=value, part=doubt.part, reason=doubt.reason)
