"""Where a text names another customer: the one thing that is looked for in what a team types.

A team's own sentences go to its customers as they stand. That another customer, or somebody there,
is named in one is found at its source, and tells in words how sure it is: a full address or a name
of two words and more is no chance; a single word ("Ring", "Plan") may well be just a word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from kamxl.core.cards.internal_words import short_names, words_of
from kamxl.core.ids import same_id
from kamxl.core.records.register import CardOrder, Register

_RUN = re.compile(r"[^\s<>()\[\],;:\"'„“”‚‘’|]+")  # what may be an address
_SHORTEST = 2  # letters of a single word that can be somebody's name
_ID = 4  # letters of an id that a text can mean
_INITIALS = 3  # letters: "E.ON" and "H&M" are two words each, and yet "e on" is found by chance


@dataclass(frozen=True, slots=True)
class Named:
    """A customer, or somebody there, by name or address; ``account``: the compared id.

    ``shown`` is spelled as in the register; ``sure``: a full address, or two words and more.
    """

    words: tuple[str, ...]
    account: str
    shown: str
    what: Literal["account", "contact", "address"]

    @property
    def sure(self) -> bool:
        chance = len(self.words) == 1 or sum(map(len, self.words)) <= _INITIALS
        return self.what == "address" or not chance


class Names:
    """The names and addresses of all customers, ready to be looked for.

    ``legal_forms``: see ``short_names``.
    """

    def __init__(self, register: Register, legal_forms: Collection[str]) -> None:
        self._first: dict[str, list[Named]] = {}
        self._addresses: dict[str, list[Named]] = {}
        self._own: dict[str, list[tuple[str, ...]]] = {}
        self._met: dict[str, tuple[Named, ...]] = {}
        for account in register.accounts:
            for name in short_names(account.name, legal_forms):
                self._add(name, same_id(account.id), "account")
            if account.id.isalpha() and len(account.id) >= _ID:  # as a team calls it, often
                self._add(account.id, same_id(account.id), "account")
        for contact in register.contacts:
            self._add(contact.name, same_id(contact.account), "contact")
            if contact.email:
                self._add(contact.email, same_id(contact.account), "address")

    def _add(self, name: str, account: str, what: Literal["account", "contact", "address"]) -> None:
        words = words_of(name)
        if sum(map(len, words)) < _SHORTEST:
            return
        named = Named(words, account, name, what)
        self._own.setdefault(account, []).append(words)
        if what == "address":
            self._addresses.setdefault(_folded(name), []).append(named)
        else:
            self._first.setdefault(words[0], []).append(named)

    def met(self, text: str) -> tuple[Named, ...]:
        """Every customer a text names, in whole words, whoever may read it."""
        if text not in self._met:
            self._met[text] = tuple(dict.fromkeys(self._look(text)))
        return self._met[text]

    def _look(self, text: str) -> Iterator[Named]:
        if "@" in text:
            for run in _RUN.findall(text):
                yield from self._addresses.get(_folded(_address(run)), ())
            # an address holds words that are nobody's name
            text = _RUN.sub(lambda run: " | " if _address(run[0]) else run[0], text)
        words = words_of(text)
        for at, word in enumerate(words):
            for named in self._first.get(word, ()):
                if words[at : at + len(named.words)] == named.words:
                    yield named

    def others(self, text: str, order: CardOrder) -> tuple[Named, ...]:
        """Those of them who are neither the card's customer nor named on the card anyway.

        Of a name inside a longer one that was met, only the longer one is told.
        """
        found = self.met(text)
        if not found:
            return ()
        own = [*self._own.get(same_id(order.account), ()), *map(words_of, _open_names(order))]
        others = [
            one
            for one in found
            if one.account != same_id(order.account) and not any(_in(one.words, o) for o in own)
        ]
        told = [o for o in others if not any(_in(o.words, b.words) and o != b and
                len(o.words) < len(b.words) for b in others)]  # fmt: skip
        return tuple({one.words: one for one in reversed(told)}.values())[::-1]


def _open_names(order: CardOrder) -> Iterable[str]:
    """Who is named on a card whatever is typed: its customer, us, the sender, the rivals."""
    return (
        order.account_name,
        order.respondent_name,
        order.respondent_email,
        order.company,
        order.sender_name,
        order.sender_email,
        order.reply_to,
        *(rival.name for rival in order.competitors),
    )


def _in(words: tuple[str, ...], among: tuple[str, ...]) -> bool:
    size = len(words)
    return any(among[at : at + size] == words for at in range(len(among) - size + 1))


def _address(run: str) -> str:
    """The address that a run of letters is, but for what ends a sentence; "" if it is none."""
    end = len(run)
    while end and not run[end - 1].isalnum():
        end -= 1
    return run[:end] if "@" in run[1 : max(end - 2, 0)] else ""


def _folded(address: str) -> str:
    return address.strip().casefold()
