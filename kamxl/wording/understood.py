"""What people and their programs type: the table [typed] of every language file, taken together.

A workbook is filled in by whoever has it: a German types "k. A." into an English card, and a server
in Boston answers a mail from Berlin. So a word of any file is understood everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from kamxl.wording.texts import FALLBACK, languages, texts

_SIGNS = frozenset("-‐‑‒–—―−_/\\.…? ")  # "–", "./.", "...", "?"
BLANKS = ("blanks", "more_blanks", "short_blanks", "number_blanks")  # two are for numbers only
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ`´′"), "'")


@cache
def understood(kind: str) -> tuple[str, ...]:
    """The words of a kind ("blanks") as the files spell them, each once, the English ones first.

    KeyError: no language has such a kind of words.
    """
    first = (FALLBACK, *(one for one in languages() if one != FALLBACK))
    files = [typed for one in first if (typed := texts(one).typed.get(kind)) is not None]
    if not files:
        raise KeyError(kind)
    return tuple(dict.fromkeys(word for words in files for word in words))


@cache
def folded(kind: str) -> frozenset[str]:
    """The words of a kind as typed ones are compared with them, see ``folded_word``."""
    return frozenset(folded_word(word) for word in understood(kind))


def folded_word(text: str) -> str:
    """A typed word as it is compared: composed, without case, its apostrophes alike, spaces single,
    and without the marks that nobody sees.
    """
    composed = unicodedata.normalize("NFKC", as_seen(text)).translate(_APOSTROPHES)
    return " ".join(composed.casefold().split())


def as_seen(text: str) -> str:
    """Text without the marks that nobody sees and that come along when one pastes from the web."""
    if text.isascii():
        return text
    return "".join(c for c in text if unicodedata.category(c) != "Cf")


# Of those, what no script needs between its letters: no joiners, no marks of direction.
_UNSEEN = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF), "")


def unseen(text: str) -> str:
    """A name or a label without what nobody sees; every letter of every script stays."""
    return text if text.isascii() else text.translate(_UNSEEN)


def is_blank(text: str, *, among_numbers: bool = False) -> bool:
    """Whether a text says "I leave this out on purpose": "k. A.", "n/a", "–", "...", "?".

    ``among_numbers``: also what may be somebody's name or an answer elsewhere ("na", "none").
    """
    word = _as_blank(text)
    return bool(word) and (word in _blanks(among_numbers) or _SIGNS.issuperset(word))


@cache
def _blanks(among_numbers: bool) -> frozenset[str]:
    kinds = BLANKS if among_numbers else BLANKS[:2]
    words = (word for kind in kinds for word in understood(kind))
    return frozenset(map(_as_blank, words))


def _as_blank(text: str) -> str:
    """ "K. A." and "k.a" are one, as are "n / a" and "N/A!"."""
    word = re.sub(r"\s*([./])\s*", r"\1", folded_word(text)).rstrip("!")
    return word.rstrip(".") or word


@cache
def any_of(kind: str) -> str:
    """A regular expression for any word of a kind, the longest first: "euro" before "eur"."""
    words = sorted(understood(kind), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, words))})"
