"""Whose a file is that nobody could read: by its mark, by its name, or by who sent it.

None of these proves anything. They are enough not to write to somebody as if she had been silent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from kamxl.core.finding import Fate
from kamxl.core.period import Period
from kamxl.core.records.page import Asks
from kamxl.core.records.register import CardKey, CardOrder, FileResult, MailNote, Reply
from kamxl.mail.message import short_name
from kamxl.workflow.incoming.issued_cards import CardOut

_BREAKS = re.compile(r"[^0-9a-z]+")
_LETTERS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")
_PAGE = re.compile(rf"[+_]{Asks.REPLY}(?![0-9a-z])")  # how the name of a reply page ends
# Not used and left alone, but sent by somebody who may think to have answered.
_NAMED = frozenset({"not-ours", "not-a-workbook", "left-out"})
# A mail or zip file as a whole.
_WHOLE = frozenset({"mail-without-workbook", "zip-without-workbook", "cloud-link"})
_NOTICES = frozenset(
    {"mail-undelivered", "mail-delayed", "mail-automatic", "came-along", "test-undelivered"}
)


class Whose:
    """The cards of a period, by all that a file can say of whose it is.

    ``known``: all cards ever issued; a file that names another one is of that one. ``now``: the
    address that the register has for a card's respondent today.
    """

    def __init__(
        self, cards: Iterable[CardOut], known: Iterable[CardOrder], now: Mapping[CardKey, str]
    ) -> None:
        self._known = {order.key for order in known}
        self._exact: dict[str, set[CardKey]] = {}
        self._words: dict[str, set[CardKey]] = {}
        self._senders: dict[str, set[CardKey]] = {}
        for card in cards:
            key, stem = card.order.key, _folded(card.path.stem)
            self._exact.setdefault(stem, set()).add(key)
            short = _folded(short_name(card.path.name).removesuffix(card.path.suffix))
            for name in {stem, short}:
                self._words.setdefault(_words(name), set()).add(key)
            for address in card.addresses | {now.get(key, "").casefold()}:
                self._senders.setdefault(address, set()).add(key)
        self._senders.pop("", None)

    def of_all(self, files: Sequence[FileResult]) -> Iterator[tuple[FileResult, set[CardKey]]]:
        """Each file that may be an answer, with the cards of the period it may be one to."""
        by_source: dict[str, list[FileResult]] = {}
        for file in files:
            by_source.setdefault(file.source, []).append(file)
        for file in files:
            found = self.of(file)
            if any(one.code in _WHOLE for one in file.findings):
                # What is in it may say more than who sent it.
                inside = (f for f in by_source[file.source] if f.path != file.path)
                named = set().union(*(self._told(f) or set() for f in inside))
                found = named & found or found
            if found:
                yield file, found

    def of(self, file: FileResult) -> set[CardKey]:
        """The cards of the period that a file may be an answer to; all if it does not say which."""
        codes = {found.code for found in file.findings}
        needed = file.fate is Fate.ATTENTION
        ours = file.kind in ("plan", "register", "portfolio", "reply") or self._is_page(file.path)
        if ours or codes & _NOTICES or not (needed or codes & _NAMED):
            return set()
        told = self._told(file)
        if told is not None or not (needed or "not-ours" in codes):
            return told or set()
        return self._sent(file.mail) if file.mail else set()

    def _is_page(self, path: str) -> bool:
        """Whether a file is called as a reply page of ours, or as one is attached: whatever became
        of it, it is no answer to a card.
        """
        name = _folded(path)
        ends = (found.start() for found in _PAGE.finditer(name))
        return any(name[begin:end] in self._exact for end in ends for begin in range(end))

    def _told(self, file: FileResult) -> set[CardKey] | None:
        """The cards that a file names by itself; None: it names none."""
        marked = self._marked(file)
        return marked if marked is not None else self._named(file.path) or None

    def _marked(self, file: FileResult) -> set[CardKey] | None:
        """By marks in it; None: it has none, or one that names no card of ours."""
        told = {file.order.key} if file.order else set(file.named)
        return told if told & self._known else None

    def _named(self, path: str) -> set[CardKey]:
        """By its name, as people and programs change it: copies, numbers, other separators."""
        name = _folded(path)
        index = self._exact
        found = _inside(name, index, lambda sign: sign in _LETTERS)
        if not found:
            name, index = _words(name), self._words
            found = _inside(name, index, lambda sign: sign != " ")
        longest = (one for one in found if not any(one != o and one in o for o in found))
        # Short names are cut: what stands for two people's cards tells of neither.
        named = [index[one] for one in longest]
        return {key for keys in named if len({k.person for k in keys}) == 1 for key in keys}

    def _sent(self, mail: MailNote) -> set[CardKey]:
        """By who sent it, or whose mail was passed on."""
        if mail.automatic:
            return set()
        own = self._senders.get(mail.address.casefold())
        passed_on = (self._senders.get(address.casefold(), set()) for address in mail.others)
        return own if own is not None else next(filter(None, passed_on), set())


def is_of_earlier(file: FileResult, period: str, own: Iterable[Reply]) -> bool:
    """Whether a file that names no period is about an earlier one.

    It is if it came before this one began, and the same person answered afterwards (``own`` are her
    answers, of all periods), or it came in a mail from before the period before.
    """
    parsed, came = Period.parse(period), file.saved
    if parsed is None or came is None or file.named or file.order is not None:
        return False
    begin = datetime.combine(parsed.first_day, datetime.min.time(), came.tzinfo)
    if came >= begin:
        return False
    answered = any(
        r.order.period != period and r.saved is not None and r.saved >= came for r in own
    )
    mailed = file.mail is not None and file.mail.date == came
    return answered or (mailed and came < begin - (parsed.last_day - parsed.first_day))


def _inside(name: str, parts: Mapping[str, object], is_letter: Callable[[str], bool]) -> set[str]:
    """Which of ``parts`` a name holds so that no letter continues them on either side.

    Asked by the places of the name, not by the parts: of those there are as many as cards.
    """
    places = range(len(name) + 1)
    begins = [at for at in places if at == 0 or not is_letter(name[at - 1])]
    ends = [at for at in places if at == len(name) or not is_letter(name[at])]
    held = (name[begin:end] for begin in begins for end in ends if begin <= end)
    return {part for part in held if part in parts}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _words(text: str) -> str:
    return _BREAKS.sub(" ", text).strip()
