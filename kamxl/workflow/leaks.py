"""Nothing internal leaves: looks through whatever goes out, before it is written.

A file is compared with all the team knows (``core.internal``) but for what its own card says anyway
and what every card says; and it must not hold what files for outsiders never hold.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import same_id
from kamxl.core.internal import Secret, open_texts, secrets_of, words_of
from kamxl.core.plan import AccountPlan
from kamxl.core.records import AskedRequirement, CardOrder, Competitor, Register
from kamxl.excel.limits import LIMITS, Refused
from kamxl.excel.outgoing import Seen, decoded, oddities, texts_in
from kamxl.excel.reader import read
from kamxl.excel.sniff import kind_of
from kamxl.forms.letters import Invitation, Letter, Letters, Reminder, Sender, Thanks
from kamxl.forms.mark import Mark, find_marks
from kamxl.forms.texts import languages
from kamxl.mail.message import CARD_HEADER
from kamxl.mail.outgoing import pieces
from kamxl.store import memory
from kamxl.store.workspace import Workspace
from kamxl.workflow.cards import CardPress
from kamxl.workflow.intake import take_in_plans
from kamxl.workflow.plans_in import plan_of

_DEEP = 3  # a workbook in a mail in a zip
_MEMBERS = 200
_SHORT = 6  # letters: in pictures and the like, shorter words stand by chance


@dataclass(frozen=True)
class Guard:
    """Knows what is internal; ``orders`` are the issued records, by digest."""

    secrets: tuple[Secret, ...] = ()
    orders: Mapping[str, CardOrder] = field(default_factory=dict, repr=False)

    @staticmethod
    def of(register: Register, plans: Iterable[AccountPlan] = ()) -> Guard:
        """A guard that knows this register and these plans."""
        return Guard(secrets_of(register, plans))

    def findings(self, data: bytes, order: CardOrder | None, name: str) -> tuple[Finding, ...]:
        """What must not leave in a file called ``name``; nothing: it may go out.

        ``order``: whose file it is (None: as the mark inside says, if there is one).
        """
        whose = _Open(order or self._order_in(data))
        return tuple(dict.fromkeys(self._look(data, whose, name, _DEEP)))

    def _look(self, data: bytes, whose: _Open, name: str, deep: int) -> Iterator[Finding]:
        kind = kind_of(data)
        try:
            if kind == "xlsx":
                yield from self._workbook(data, whose)
            elif kind == "mail":
                yield from self._mail(data, whose, deep)
            elif kind == "zip" and deep:
                yield from self._zip(data, whose, deep)
            else:
                yield from self._raw(data, whose, name)
        except (Refused, ValueError, OSError, zipfile.BadZipFile) as problem:
            yield finding("leak-unreadable", value=name, reason=str(problem)[:100])

    def _workbook(self, data: bytes, whose: _Open) -> Iterator[Finding]:
        for odd in oddities(data):
            yield finding(odd.code, value=odd.value, part=odd.part)
        for seen in texts_in(data):
            yield from self._words(seen, whose)

    def _mail(self, data: bytes, whose: _Open, deep: int) -> Iterator[Finding]:
        for piece in pieces(data):
            if piece.data is not None and deep:
                yield from self._look(piece.data, whose, piece.where, deep - 1)
            else:
                yield from self._words(Seen(piece.where, piece.text), whose)

    def _zip(self, data: bytes, whose: _Open, deep: int) -> Iterator[Finding]:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > _MEMBERS or sum(m.file_size for m in members) > LIMITS.inflated:
                raise ValueError("too much in it")
            for member in members:
                if not member.is_dir():
                    content = archive.read(member)
                    own = whose if whose.order else _Open(self._order_in(content))
                    yield from self._look(content, own, member.filename, deep - 1)

    def _raw(self, data: bytes, whose: _Open, name: str) -> Iterator[Finding]:
        for text in (decoded(data), data.decode("utf-16-le", "replace")):
            yield from self._words(Seen(name, text), whose, _SHORT)

    def _words(self, seen: Seen, whose: _Open, shortest: int = 0) -> Iterator[Finding]:
        words = words_of(seen.text)
        for at, word in enumerate(words):
            for secret in self._index.get(word, ()):
                if words[at : at + len(secret.words)] != secret.words or whose.says(secret):
                    continue
                if secret.what == "number" and seen.attribute:  # a size or a colour, by chance
                    continue
                if sum(map(len, secret.words)) >= shortest:
                    details = {"what": secret.what, "part": seen.part}
                    yield finding("leak-word", value=secret.shown, **details)

    @cached_property
    def _index(self) -> dict[str, list[Secret]]:
        """The secrets by their first word: one look at each word of a file is enough.

        What every card and mail says anyway is none.
        """
        index: dict[str, list[Secret]] = {}
        for secret in self.secrets:
            if not _within(secret.words, _vocabulary()):
                index.setdefault(secret.words[0], []).append(secret)
        return index

    def _order_in(self, data: bytes) -> CardOrder | None:
        found = (self.orders[digest] for digest in _cards_in(data) if digest in self.orders)
        return next(found, None)


@dataclass(frozen=True)
class _Open:
    """What the card of an order says anyway; without an order, nothing."""

    order: CardOrder | None

    @cached_property
    def _text(self) -> str:
        said = open_texts(self.order) if self.order else ()
        return f" {' '.join(words_of(' | '.join(said)))} "

    def says(self, secret: Secret) -> bool:
        """Whether a secret is none to this recipient."""
        if self.order is None:
            return False
        if secret.account == same_id(self.order.account) and secret.what in ("segment", "contact"):
            return "@" not in secret.shown or secret.shown == self.order.respondent_email
        return _within(secret.words, self._text) or secret.shown == self.order.feedback


def _within(words: Sequence[str], text: str) -> bool:
    return f" {' '.join(words)} " in text


def _cards_in(data: bytes) -> Iterator[str]:
    """The digests of the cards in a workbook, or of the one a mail is about."""
    kind = kind_of(data)
    try:
        if kind == "xlsx":
            yield from (mark.digest for mark, _, _ in find_marks(read(data, LIMITS)))
        elif kind == "mail":
            found = list(pieces(data))
            yield from (p.text for p in found if p.where.casefold() == CARD_HEADER.casefold())
            for piece in found:
                if piece.data is not None and kind_of(piece.data) == "xlsx":
                    yield from _cards_in(piece.data)
    except (Refused, ValueError):
        return


def guard_of(workspace: Workspace, register: Register) -> Guard:
    """A guard that knows all that a workspace knows, account plans included."""
    plans = (plan_of(file) for file in take_in_plans(workspace, register))
    known = Guard.of(register, (plan for plan in plans if plan is not None))
    return Guard(known.secrets, dict(memory.load(workspace).orders))


_VOCABULARY: list[str] = []


def _vocabulary() -> str:
    """The words that stand on every card and in every mail, as one text."""
    if not _VOCABULARY:
        said = [text for language in languages() for text in _every(language)]
        _VOCABULARY.append(" " + " ".join(words_of(" | ".join(said))) + " ")
    return _VOCABULARY[0]


def _every(language: str) -> Iterator[str]:
    nobody = Mark("kx", "2000", "kx", "kx", "kx", "0" * 32, "0" * 32)
    order = CardOrder(
        "kx", "", "kx", "", "kx", "", "2000", language, "kx",
        (AskedRequirement("kx", "kx"),), (Competitor("kx", "kx"),),
    )  # fmt: skip
    yield from (seen.text for seen in texts_in(CardPress().press(order, nobody)))
    sender, letters = Sender("", "", "", ""), Letters()
    asked = (kind("", "", "", "", None, sender) for kind in (Invitation, Reminder))
    every: tuple[Letter, ...] = (*asked, Thanks("", "", "", (), (), sender))
    for letter in every:
        words = letters.render(letter, language)
        yield from (words.subject, words.text, words.html)
