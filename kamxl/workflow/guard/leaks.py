"""Looks through a file that somebody wants to send, for words that only the team may know.

For files given by hand: what kamxl itself writes is proven instead (``proving``). A file is
compared with all the team knows (``core.internal``) but for what its own card says anyway and what
the layouts of cards and mails say; and it must not hold what files for outsiders never hold.
Figures are never looked for: the same ones stand everywhere.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from io import BytesIO
from itertools import chain
from pathlib import Path

from kamxl.core.cards.internal import Secret, open_texts, secrets_of
from kamxl.core.cards.internal_words import words_of
from kamxl.core.finding import Finding, finding
from kamxl.core.ids import same_id
from kamxl.core.portfolio.handout import Handout
from kamxl.core.records.page import PageProgramme, PageRow, RowKind
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import AskedRequirement, CardOrder, Competitor, Register
from kamxl.errors import TemplateError
from kamxl.excel.proof.outgoing import Seen, every_way, oddities, texts_around, texts_in, texts_of
from kamxl.excel.reading.book import read
from kamxl.excel.reading.limits import LIMITS, Refused
from kamxl.excel.reading.package import open_package
from kamxl.excel.reading.sniff import kind_of
from kamxl.forms.letters.letter import (
    AskedCard,
    Invitation,
    Letter,
    Letters,
    OurReply,
    Reminder,
    ResultRow,
    SegmentResult,
    Sender,
    SupplierTotal,
    Thanks,
)
from kamxl.forms.paper.raw import a1
from kamxl.forms.portfolio.handout import handout_page
from kamxl.forms.tables.mark import Mark, find_marks
from kamxl.mail.message import CARD_HEADER
from kamxl.mail.outgoing import Piece, pieces, texts_of_picture
from kamxl.report.html import render_page
from kamxl.store import memory
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import languages, texts
from kamxl.wording.understood import folded
from kamxl.workflow.cards import CardPress
from kamxl.workflow.incoming.intake import take_in_plans
from kamxl.workflow.incoming.plans import plan_of
from kamxl.workflow.lettering.passages import Passage, said_to, said_to_all
from kamxl.workflow.lettering.secrets import Splinters
from kamxl.workflow.lettering.sources import Memories


@cache
def own_texts() -> frozenset[tuple[str, ...]]:
    """The words of each text that account plans begin with: questions, functions, indicators."""
    found = set()
    for said in map(texts, languages()):
        for key in said.keys("plan"):
            try:
                found.add(words_of(said(key)))
            except (TemplateError, TypeError):  # it needs something to speak of
                continue
    return frozenset(found)


@cache
def vocabulary(markup: bool) -> str:
    """The words of every card and mail as one text, with a space at both ends.

    ``markup``: the words of their markup as well.
    """
    seen = (one for language in languages() for one in _every(language))
    said = (words_of(one.text) for one in seen if markup or not one.attribute)
    return " | ".join(["", *(" ".join(words) for words in said), ""])


def _every(language: str) -> Iterator[Seen]:
    """What cards and mails to nobody in particular say, and every text of which they are made."""
    nobody = Mark("kx", "2000", "kx", "kx", "kx", "0" * 32, "0" * 32)
    for named in (True, False):
        order = CardOrder(
            "kx", "", "kx", "", "kx", "", "2000", language, "kx",
            (AskedRequirement("kx", "kx", None, ("kx", "kx", "kx")),), (Competitor("kx", "kx"),),
            named_rivals=named,
        )  # fmt: skip
        yield from texts_in(CardPress().press(order, nobody))
    said = texts(language)
    blank = PageRow("kx", RowKind.GAP, "kx", "kx"), PageProgramme("kx", "kx", "kx", "kx")
    page = Handout("kx", "kx", "2000", language, blank[:1], programmes=blank[1:])
    yield Seen("page", render_page(handout_page(page, ("kx",))).decode(), attribute=True)
    for table in ("scorecard", "mail", "handout"):
        yield from (Seen(key, said.source(key)) for key in said.keys(table))
    sender, letters = Sender("kx", "kx", "kx", "kx", "kx", "kx"), Letters()
    one = AskedCard("kx", "kx")
    asked = (
        kind("kx", "kx", "kx", "kx", "kx", None, sender, cards=(one,) * count)
        for kind in (Invitation, Reminder, OurReply)
        for count in (1, 2, _MANY)
    )
    rows, totals = (ResultRow(1, "kx", 1, (1, 1)),), (SupplierTotal("kx", 1, 1),) * 2
    rated = SegmentResult("kx", rows, totals, "kx")
    weighted = SegmentResult("kx", (ResultRow(1, "kx", None, ()),), ())
    thanks = (
        Thanks("kx", "kx", "kx", "kx", of.rows, of.suppliers, sender, results=(of,) * count)
        for of in (rated, weighted)
        for count in (1, 2, _MANY)
    )
    every: tuple[Letter, ...] = (*asked, *thanks)
    for letter in every:
        words = letters.render(letter, language)
        yield Seen("subject", words.subject)
        yield Seen("text", words.text)
        yield Seen("html", words.html, attribute=True)


_MANY = 9  # cards of one mail, more than its subject names
_DEEP = 3  # a workbook in a mail in a zip
_MEMBERS = 200
_SHORT = 6  # letters: in pictures and the like, shorter words stand by chance
_ZIPS = frozenset({"zip", "ods", "xlsb"})
_TEXTS = frozenset({"text", "html", "xml", "fods", "empty"})
_CLOSED = frozenset(  # packed in ways that are not unpacked here
    {"encrypted", "rights", "pgp", "cms", "pdf", "ole", "archive", "gzip", "bzip2", "xz", "tar"}
)

_HEAD = 8192  # bytes of a page that say whose it is
_HANDOUT = re.compile(rb'<meta name="kamxl-cards" content="([0-9a-f ]*)">')
# A secret, a passage of the memory, or the code of what nobody may see; as the text has it, and the
# part of the file.
Hit = tuple[Secret | Passage | str, str, str]


@dataclass(frozen=True)
class Guard:
    """Knows what is internal; ``orders`` are the issued records, by digest.

    ``spoken``: what the team says to every customer, its signature; ``folder``: where it works.
    ``splinters`` are of its keys; ``memories``: what stands in .kamxl, and ``to_all`` what of it is
    said to everybody.
    """

    secrets: tuple[Secret, ...] = ()
    orders: Mapping[str, CardOrder] = field(default_factory=dict, repr=False)
    spoken: str = ""
    folder: str = ""
    splinters: Splinters = field(default_factory=Splinters, repr=False)
    memories: Memories = field(default_factory=Memories, repr=False)
    to_all: str = field(default="", repr=False)

    @staticmethod
    def of(
        register: Register, plans: Iterable[AccountPlan] = (), folder: Path | None = None
    ) -> Guard:
        """A guard that knows this register, these plans and where the workspace stands."""
        own = own_texts()
        every = secrets_of(register, plans, folded("legal_forms"))
        secrets = tuple(s for s in every if s.words not in own)
        return Guard(secrets, {}, register.settings.signature, str(folder or ""))

    def findings(self, data: bytes, order: CardOrder | None, name: str) -> tuple[Finding, ...]:
        """What must not leave in a file called ``name``; nothing: it may go out.

        ``order``: whose file it is (None: as the mark inside says, if there is one).
        """
        whose = self._open((order,) if order else self.orders_in(data))
        if _HANDOUT.search(data[:_HEAD]):
            whose = replace(whose, handout=True)
        return _told_once(self._look(data, whose, name, _DEEP))

    def orders_in(self, data: bytes) -> tuple[CardOrder, ...]:
        """What the card in a file asks, or those that a mail to one person is about; none: nothing.

        Whose it is, says the first of them: a card of somebody else is nothing she may see.
        """
        found = [self.orders[d] for d in dict.fromkeys(_cards_in(data)) if d in self.orders]
        if _HANDOUT.search(data[:_HEAD]):  # which everybody at one customer's may read
            return tuple(one for one in found if one.key.account == found[0].key.account)
        return tuple(one for one in found if one.key.person == found[0].key.person)

    def _open(self, orders: tuple[CardOrder, ...]) -> _Open:
        return _Open(orders, self.spoken, self.to_all)

    def _look(self, data: bytes, whose: _Open, name: str, deep: int) -> Iterator[Finding]:
        kind = kind_of(data)
        if self.splinters.are_in_bytes(data) or self.splinters.are_in(name):
            yield finding("leak-key", part=name)
        if kind in _CLOSED or (kind in _ZIPS | {"mail"} and not deep):
            yield finding("leak-unreadable", value=name, reason=kind)
            return
        try:
            if kind == "xlsx":
                yield from self._workbook(data, whose)
            elif kind == "mail":
                yield from self._mail(data, whose, deep)
            elif kind in _ZIPS:
                yield from self._zip(data, whose, deep)
            else:
                yield from self._raw(data, whose, name, kind)
        except (Refused, ValueError, OSError, RuntimeError, zipfile.BadZipFile) as problem:
            yield finding("leak-unreadable", value=name, reason=str(problem)[:100])

    def _workbook(self, data: bytes, whose: _Open) -> Iterator[Finding]:
        parts = open_package(data, LIMITS)
        for odd in oddities(data, parts):
            yield finding(odd.code, sheet=odd.sheet, value=odd.value, part=odd.part)
        hits = [hit for seen in texts_around(data) for hit in self._hits(seen)]
        for part, content in parts.items():
            hits += (hit for seen in texts_of(part, content) for hit in self._hits(seen))
        found = list(_leaks(hits, whose))
        yield from _placed(found, data) if found else ()

    def _mail(self, data: bytes, whose: _Open, deep: int) -> Iterator[Finding]:
        for piece in pieces(data):
            if piece.data is not None:
                yield from self._of_others(piece, whose)
                yield from self._look(piece.data, whose, piece.where, deep - 1)
            else:
                yield from self._words(_seen(piece), whose)

    def _of_others(self, piece: Piece, whose: _Open) -> Iterator[Finding]:
        """A card of somebody else that is attached, be it a colleague's."""
        for order in self.orders_in(piece.data or b"") if whose.orders else ():
            if order.key.person not in {one.key.person for one in whose.orders}:
                name = order.respondent_name or order.respondent
                yield finding("leak-word", value=name, what="contact", part=piece.where)

    def _zip(self, data: bytes, whose: _Open, deep: int) -> Iterator[Finding]:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > _MEMBERS or sum(m.file_size for m in members) > LIMITS.inflated:
                raise ValueError("too much in it")
            remarks = (archive.comment, *(member.comment for member in members))
            for text in (r.decode("utf-8", "replace") for r in remarks if r):
                yield from self._words(Seen("zip", text), whose)
            for member in members:
                content = archive.read(member)
                own = whose if whose.orders else self._open(self.orders_in(content))
                yield from self._words(Seen("zip", member.filename), own)
                if content:
                    yield from self._look(content, own, member.filename, deep - 1)

    def _raw(self, data: bytes, whose: _Open, name: str, kind: str) -> Iterator[Finding]:
        for text in texts_of_picture(data):
            yield from self._words(Seen(name, text), whose)
        shortest = 0 if kind in _TEXTS else _SHORT
        for text in every_way(data):
            yield from self._words(Seen(name, text), whose, shortest)

    def _words(self, seen: Seen, whose: _Open, shortest: int = 0) -> Iterator[Finding]:
        yield from _leaks(self._hits(seen, shortest), whose)

    def _hits(self, seen: Seen, shortest: int = 0) -> Iterator[Hit]:
        """Everything internal in a text, whoever may see it."""
        index, words = self._indexes[seen.attribute], words_of(seen.text)
        for at, word in enumerate(words):
            for secret in index.get(word, ()):
                same = words[at : at + len(secret.words)] == secret.words
                if same and sum(map(len, secret.words)) >= shortest:
                    yield secret, secret.shown, seen.part
        if len(self.folder) > _SHORT and self.folder in seen.text:
            yield "leak-path", self.folder, seen.part
        if self.splinters.are_in(seen.text):
            yield "leak-key", "", seen.part
        for passage in self.memories.passages(seen.text):
            yield passage, passage.run, seen.part

    @cached_property
    def _indexes(self) -> tuple[dict[str, list[Secret]], dict[str, list[Secret]]]:
        """The secrets by their first word: one look at each word of a file is enough.

        What every card and mail says anyway is none; the second is for markup, which says more.
        """
        made: tuple[dict[str, list[Secret]], dict[str, list[Secret]]] = ({}, {})
        for secret in self.secrets:
            for markup in (False, True):
                if not _within(secret.words, vocabulary(markup)):
                    made[markup].setdefault(secret.words[0], []).append(secret)
        return made


def _leaks(hits: Iterable[Hit], whose: _Open) -> Iterator[Finding]:
    for secret, shown, part in hits:
        if isinstance(secret, str):
            yield finding(secret, value=shown, part=part)
        elif isinstance(secret, Passage):
            if not whose.repeats(secret):
                yield finding("leak-memory", value=shown, part=part, line=0)
        elif not whose.says(secret):
            yield finding("leak-word", value=shown, what=secret.what, part=part)


def _told_once(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each hit once, however often it is in the file: where it is seen in a cell, else first."""
    by: dict[tuple[object, ...], Finding] = {}
    for one in found:
        word = one.code == "leak-word"
        key = (one.code, words_of(one.value or ""), word or (one.sheet, one.value, one.details))
        if key not in by or (word and one.cell and not by[key].cell):
            by[key] = one
    return tuple(by.values())


def _seen(piece: Piece) -> Seen:
    return Seen(piece.where, piece.text, piece.markup)


@dataclass(frozen=True)
class _Open:
    """What the cards of one person say anyway; without any, only what is ``spoken`` to all."""

    orders: tuple[CardOrder, ...] = ()
    spoken: str = ""
    to_all: str = ""
    handout: bool = False

    def repeats(self, passage: Passage) -> bool:
        """Whether a passage of the memory is what these cards, or all of them, say."""
        return passage.typed and (passage.run in self.to_all or passage.run in self._said)

    @cached_property
    def _said(self) -> str:
        return said_to(self.orders)

    @cached_property
    def _text(self) -> str:
        return _joined((*chain.from_iterable(map(open_texts, self.orders)), self.spoken))

    def says(self, secret: Secret) -> bool:
        """Whether a secret is none to this recipient."""
        if _within(secret.words, self._text):
            return True
        if not self.orders or secret.account != same_id(self.orders[0].account):
            return False
        if secret.what in ("segment", "contact"):  # her colleagues, but not their addresses
            return "@" not in secret.shown
        if secret.what == "manager":  # named beside what we do
            return self.handout
        if secret.what == "note":
            return _within(secret.words, _joined(one.feedback for one in self.orders))
        return secret.what in ("wish", "share")


def _joined(texts: Iterable[str]) -> str:
    """Texts as their words, with something between them that is no word."""
    return " | ".join(["", *(" ".join(words_of(text)) for text in texts), ""])


def _within(words: Sequence[str], text: str) -> bool:
    return f" {' '.join(words)} " in text


def _placed(found: Iterable[Finding], data: bytes) -> Iterator[Finding]:
    """Each finding with the first cell in which its words stand, if they stand in one."""
    try:
        sheets = read(data, LIMITS).sheets
    except Refused:
        sheets = ()
    cells = [
        (_joined((cell.text,)), sheet.title, a1(*place))
        for sheet in sheets
        for place, cell in sheet.cells.items()
    ]
    for one in found:
        words = words_of(one.value or "")
        where = next((at for text, *at in cells if _within(words, text)), (None, None))
        yield one.at(*where)


def _cards_in(data: bytes) -> Iterator[str]:
    """The digests of the cards in a workbook, or of those a mail is about."""
    kind = kind_of(data)
    try:
        if kind == "xlsx":
            yield from (found.mark.digest for found in find_marks(read(data, LIMITS)))
        elif kind == "html" and (handout := _HANDOUT.search(data[:_HEAD])):
            yield from handout[1].decode().split()
        elif kind == "mail":
            found = list(pieces(data))
            about = (p.text for p in found if p.where.casefold() == CARD_HEADER.casefold())
            yield from (card for text in about for card in text.split())
            for piece in found:
                if piece.data is not None and kind_of(piece.data) == "xlsx":
                    yield from _cards_in(piece.data)
    except (Refused, ValueError):
        return


def guard_of(workspace: Workspace, register: Register) -> Guard:
    """A guard that knows all that a workspace knows, account plans included."""
    plans = (plan_of(file) for file in take_in_plans(workspace, register))
    known = Guard.of(register, (p for p in plans if p is not None), workspace.root)
    orders = dict(memory.load(workspace).orders)
    return Guard(
        known.secrets,
        orders,
        known.spoken,
        known.folder,
        Splinters.of(workspace.keys),
        Memories.at(workspace),
        said_to_all(register),
    )
