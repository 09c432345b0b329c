"""Whether a text repeats what stands in the workspace's memory.

Compared without blanks, line ends and letters that nobody sees, so that a copy is known however it
was wrapped. A run of ``RUN`` letters is no chance. Most of a memory's files is what separates
values: nobody but such a file says that. A run that lies within one value was typed by the team:
it is some customer's own, and hers may say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from kamxl.core.cards.internal_words import inner_texts
from kamxl.core.records.register import CardOrder, Register
from kamxl.workflow.lettering.disguises import INVISIBLE

RUN = 64  # letters in common that are no chance
_WINDOW = RUN // 2  # a run holds one that begins at a multiple of this
SHORTEST = 24  # letters of a file that says something
_MOST = 50  # passages of a text
_COMPARED = 20_000  # places of the memory at which a text is compared with it
_LETTERS = 6  # different ones in a piece that says something
_BLANK = re.compile(r"\s+")
_BETWEEN = re.compile(r'(?<!\\)"')  # the values of a record
_NUMBERS = re.compile(r"[0-9a-f]+")
_END = "\0"  # between two files
_BITS = 27  # of the sieve: 16 MB


def squeezed(text: str) -> str:
    """A text without what a copy may lose or gain."""
    return INVISIBLE.sub("", _BLANK.sub("", text))


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of letters that a text has in common with a file; ``typed``: within one value."""

    run: str
    typed: bool


@dataclass(frozen=True)
class Memory:
    """The texts of a memory, ready to be looked for.

    ``text``: all files squeezed, each followed by ``_END``. Of the keys it must hold none: it
    travels.
    """

    text: str = field(default="", repr=False)

    @staticmethod
    def of(texts: Iterable[str]) -> Memory:
        """A memory of these files."""
        return Memory("".join(squeezed(text).replace(_END, "") + _END for text in texts))

    def passages(self, text: str, typed: bool = True) -> tuple[Passage, ...]:
        """The longest runs in common with a text, and the short files that stand whole in it.

        ``typed``: those within one value, too.
        """
        told = squeezed(text)
        found = dict.fromkeys(one for one in self._short if one in told)
        found |= dict.fromkeys(self._runs(told))
        every = (Passage(one, _within_a_value(one)) for one in found)
        return tuple(one for one in every if typed or not one.typed)[:_MOST]

    def _runs(self, told: str) -> Iterator[str]:
        """Where a piece of the memory stands in ``told``, as far as both go on alike."""
        at, compared = 0, 0
        while at <= len(told) - _WINDOW and compared < _COMPARED:
            piece = told[at : at + _WINDOW]
            place = self.text.find(piece) if self._maybe(piece) else -1
            end = at + 1
            while place >= 0 and compared < _COMPARED:
                compared += 1
                before, after = _alike(self.text, place, told, at)
                if before + after >= RUN:
                    yield told[at - before : at + after]
                    end = at + after
                    break
                place = self.text.find(piece, place + 1)
            at = end

    def _maybe(self, piece: str) -> bool:
        """Whether a piece may be in the memory, and says more than a line of dashes."""
        place = hash(piece)
        first, second = place & _MASK, place >> _BITS & _MASK
        sieve = self._sieve
        maybe = sieve[first >> 3] >> (first & 7) & 1 and sieve[second >> 3] >> (second & 7) & 1
        return bool(maybe) and len(set(piece)) >= _LETTERS

    @cached_property
    def _sieve(self) -> bytearray:
        """Holds back nearly all that is not in the memory; made for each process anew."""
        sieve = bytearray((_MASK >> 3) + 1)
        for one in self.text.split(_END):
            for at in range(0, len(one) - _WINDOW + 1, _WINDOW):
                place = hash(one[at : at + _WINDOW])
                for bit in (place & _MASK, place >> _BITS & _MASK):
                    sieve[bit >> 3] |= 1 << (bit & 7)
        return sieve

    @cached_property
    def _short(self) -> frozenset[str]:
        files = self.text.split(_END)
        return frozenset(one for one in files if SHORTEST <= len(one) < RUN)


_MASK = (1 << _BITS) - 1


def _within_a_value(run: str) -> bool:
    """Whether a run is of what somebody typed; a list of digests is not."""
    return not _BETWEEN.search(run) and not _NUMBERS.fullmatch(run)


def _alike(one: str, at: int, other: str, place: int) -> tuple[int, int]:
    """How many letters before two places, and from them on, are the same."""
    before = after = 0
    while before < min(at, place) and one[at - before - 1] == other[place - before - 1]:
        if one[at - before - 1] == _END:
            break
        before += 1
    longest = min(len(one) - at, len(other) - place)
    while after < longest and one[at + after] == other[place + after] != _END:
        after += 1
    return before, after


def line_of(text: str, run: str) -> int | None:
    """The line of a text in which a squeezed run begins."""
    at = squeezed(text).find(run)
    ends = accumulate(len(squeezed(line)) for line in text.split("\n"))
    return next((n for n, end in enumerate(ends, 1) if end > at), None) if at >= 0 else None


def said_to_all(register: Register) -> str:
    """What the team says to all of its customers, squeezed: it is no passage of anybody's."""
    catalogue = (one.asked for one in register.requirements if not one.account)
    found = inner_texts((register.settings, tuple(register.team), *catalogue))
    return _joined(one.text for one in found)


def said_to(orders: Iterable[CardOrder]) -> str:
    """What these cards say, squeezed."""
    return _joined(one.text for order in orders for one in inner_texts(order))


def _joined(texts: Iterable[str]) -> str:
    """As a record writes it, and as it is."""
    return _END.join(w for t in texts for w in dict.fromkeys((squeezed(t), _written(t))))


def _written(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return squeezed(escaped.replace("\r", "\\r").replace("\t", "\\t"))
