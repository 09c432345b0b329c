"""The words of which a card's layout is made: those of its texts, of its keys and its formulas.

A layout never sees a register; that it says nothing else is held against this list all the same.
A word that a form adds in code, as the key of a column or as a function, is added here as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from kamxl.forms.reply.grid import KEYS as PAGE_KEYS
from kamxl.forms.scorecard.grid import EFFORTS, OWN_KEYS, WHO
from kamxl.forms.tables.fields import every_blank
from kamxl.wording.texts import languages, texts

_WORD = re.compile(r"[^\W\d_]{3,}")
_KEYS = {
    *OWN_KEYS, *EFFORTS, *WHO, "mark", "ids", "sum", "total", "coverage", "rank", "check",
    "good", "last", "issue", "remedy", "importance", "question", "rating", "reason",
    *(key[1:] for key in PAGE_KEYS),
    "step", "who",
}  # fmt: skip
_FUNCTIONS = {
    "abs", "and", "ceiling", "cell", "choose", "count", "countif", "countifs", "false", "find",
    "format", "iferror", "index", "int", "iserror", "islogical", "isnumber", "istext", "left",
    "len", "lower", "match", "max", "min", "mod", "not", "rank", "right", "round", "row", "sign",
    "substitute", "sum", "sumif", "sumproduct", "trim", "true", "value",
}  # fmt: skip
_FILE = {
    "kamxl", "chart", "xlnm", "print", "area", "titles",
    "calibri", "normal", "general", "mmm", "yyyy",  # typeface, style and formats
}  # fmt: skip


@cache
def _known() -> frozenset[str]:
    said = (texts(one) for one in languages())
    sources = (one.source(key) for one in said for key in one.keys("scorecard"))
    blanks = every_blank()  # a rating may be one of them
    own = {word.casefold() for text in (*sources, *blanks) for word in _WORD.findall(text)}
    return frozenset(own | _KEYS | _FUNCTIONS | _FILE)


def strange(said: Iterable[tuple[str, str]]) -> str | None:
    """The first word that belongs to no card, with its part: of (part, text) pairs."""
    known = _known()
    for part, text in said:
        for word in _WORD.findall(text):
            if word.casefold() not in known:
                return f"{part}: {word}"
    return None
