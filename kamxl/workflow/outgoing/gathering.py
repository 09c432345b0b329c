"""Which cards of a person go together: one mail with all of them, and no card in two.

A card that went out in a mail, or may have, is never put into another one. Whether it did tells the
log of what was sent. A team whose settings name no mail server sends from its own mail program, of
which nobody tells us: there a draft that lies in outbox/ counts as sent, and what comes later gets
a mail of its own. Reminders alone are made up anew each time: of all cards still open.

So drafts of earlier versions, one for each card, stay the mails of their cards where they may have
been sent, and are taken back where they were not. A draft that no card belongs to any more is taken
back, too: nobody shall send it by mistake.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from pathlib import Path

from kamxl.core.records.register import CardKey, CardOrder, PersonKey
from kamxl.mail.message import CARD_HEADER
from kamxl.store.paths import folded
from kamxl.store.reading import beginning
from kamxl.store.workspace import Workspace
from kamxl.workflow.cards import place_of
from kamxl.workflow.outgoing.testing import tested_place
from kamxl.workflow.results import Carried, Kind

_MORE: Mapping[Kind, str] = {
    "invitation": "",
    "reminder": "reminder",
    "thanks": "thanks",
    "reply": "reply",
    "test": "",
}
_OF_ONE: Mapping[Kind, str] = {  # how earlier versions called the mail about one card
    "invitation": ".eml",
    "reminder": "--reminder.eml",
    "thanks": "--thanks.eml",
    "reply": "--reply.eml",
    "test": ".eml",
}
REMINDER = re.compile(r"(?:--|\+)reminder(?:\+[0-9]+)?\.eml$", re.IGNORECASE)  # in names of drafts
_BLANK = re.compile(rb"\r?\n\r?\n")
_HEAD = 64 * 1024  # bytes, far more than the headers of a draft

Together = tuple[Path, list[Carried]]


@dataclass(frozen=True, slots=True)
class Lying:
    """A draft in outbox/, and the digests of the cards it is about."""

    path: Path
    cards: tuple[str, ...]


def drafts_in(folder: Path, named: re.Pattern[str] | None = None) -> list[Lying]:
    """The drafts of ours in a folder, by name: they say so, and which cards they are about.

    ``named``: only those in whose names this is found; no other is opened.
    """
    found = []
    with contextlib.suppress(OSError):
        for path in sorted(folder.glob("*.eml")):
            cards = _cards_of(path) if named is None or named.search(path.name) else ()
            if cards:
                found.append(Lying(path, cards))
    return found


def _cards_of(path: Path) -> tuple[str, ...]:
    with contextlib.suppress(OSError):
        begun, *_ = _BLANK.split(beginning(path, _HEAD), maxsplit=1)  # a parser would read it all
        head = BytesHeaderParser().parsebytes(begun + b"\n\n")
        if head["X-Unsent"] == "1":
            return tuple(str(head[CARD_HEADER] or "").split())
    return ()


@dataclass(slots=True)
class Gathering:
    """The mails of one ``kind`` in a period: which cards stand in which.

    ``records``: all issued records by digest. ``gone``: whether a mail about a card was sent, or
    may have been. ``settled``: a draft that lies there counts as sent. ``stale`` are the drafts to
    take back once the mails are written.
    """

    workspace: Workspace
    period: str
    kind: Kind
    records: Mapping[str, CardOrder]
    gone: Callable[[Carried], bool]
    settled: bool
    stale: list[Path] = field(default_factory=list)
    _lying: dict[PersonKey, list[Lying]] | None = field(default=None, repr=False)

    def mails(
        self, person: CardOrder, cards: Sequence[Carried], looked_at: Container[CardKey]
    ) -> list[Together]:
        """The mails to one person about these of her cards, each with the place of its draft.

        ``looked_at``: all cards of hers of which it is known whether there is to be a mail; a draft
        about others stays as it is.
        """
        lying, free = self._of(person), list(cards)
        gone = {card.about for card in cards if self.gone(card)}
        together: list[Together] = []
        for one in lying:
            fixed = set(one.cards) if self.settled else gone & set(one.cards)
            there = [card for card in free if card.about in fixed]
            if there:
                together.append((one.path, there))
                free = [card for card in free if card.about not in fixed]
        lost = [card for card in free if card.about in gone]  # its draft was cleared away
        rest = [card for card in free if card.about not in gone]
        others = {one.path for one in lying if self._is_of_others(one, looked_at)}
        places = self._places(person, others | {path for path, _ in together})
        together += [(next(places), group) for group in (lost, rest) if group]
        used = {path for path, _ in together}
        for one in lying:
            if one.path not in used and one.path not in others:
                self.stale.append(one.path)
        first = {card.about: place for place, card in enumerate(cards)}
        return sorted(together, key=lambda one: first[one[1][0].about])

    def _is_of_others(self, one: Lying, looked_at: Container[CardKey]) -> bool:
        """Whether a draft is about a card of which nobody asks now: her profile, or her card."""
        return any(self.records[card].key not in looked_at for card in one.cards)

    def take_back(self) -> None:
        """Remove the drafts that no card belongs to any more."""
        for path in self.stale:
            with contextlib.suppress(OSError):  # it is open in a mail program: the next run again
                path.unlink(missing_ok=True)
        self.stale.clear()

    def _places(self, person: CardOrder, taken: set[Path]) -> Iterator[Path]:
        """Where the next mails to a person stand; a draft that is there keeps its spelling."""
        there = {folded(one.path.name): one.path for one in self._of(person)}
        number = 1
        while True:
            path = self._place(person, number)
            path = there.get(folded(path.name), path)
            if path not in taken:
                yield path
            number += 1

    def _place(self, person: CardOrder, number: int) -> Path:
        more = "+".join(filter(None, (_MORE[self.kind], str(number) if number > 1 else "")))
        path = self.workspace.mail_path(self.period, person.account, person.respondent, more)
        return tested_place(path) if self.kind == "test" else path

    def _of(self, person: CardOrder) -> list[Lying]:
        """Her drafts of this kind: by their names, and by the cards that they say to be about."""
        if self._lying is None:
            folder = self._place(person, 1).parent
            self._lying = {}
            for one in drafts_in(folder):
                orders = [self.records.get(card) for card in one.cards]
                people = {o.key.person for o in orders if o is not None}
                if len(people) == 1 and None not in orders and self._named(one, orders[0]):
                    self._lying.setdefault(people.pop(), []).append(one)
        return self._lying.get(person.key.person, [])

    def _named(self, one: Lying, order: CardOrder | None) -> bool:
        """Whether a draft is called as one of this kind to this person is, or was."""
        if (
            order is None
            or order.period != self.period
            or bool(order.test) != (self.kind == "test")
        ):
            return False
        first, name = self._place(order, 1), folded(one.path.name)
        again = rf"{re.escape(folded(first.stem))}(\+[0-9]+)?\.eml"
        if re.fullmatch(again, name):
            return True
        card = place_of(self.workspace, order)
        card = tested_place(card) if self.kind == "test" else card
        return len(one.cards) == 1 and name == folded(card.stem + _OF_ONE[self.kind])
