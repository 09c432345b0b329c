"""What people and their programs type: the table [typed] of every language file, taken together.

A workbook is filled in by whoever has it: a German types "k. A." into an English card, and a server
in Boston answers a mail from Berlin. So a word of any file is understood everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from kamxl.wording.texts import FALLBACK, languages, texts


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
    """The words of a kind as typed ones are compared with them: composed, without case."""
    return frozenset(unicodedata.normalize("NFKC", word).casefold() for word in understood(kind))


@cache
def any_of(kind: str) -> str:
    """A regular expression for any word of a kind, the longest first: "euro" before "eur"."""
    words = sorted(understood(kind), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(re.escape, words))})"
