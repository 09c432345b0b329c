"""Which texts on a returned card are our own: whatever language or version it was made in.

Everything else that stands there somebody typed. A text is ours if it is one of the card's texts,
or one of its templates filled with nothing but what this card was issued with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from kamxl.core.ids import SPARE_PREFIX
from kamxl.core.records.register import CardOrder
from kamxl.forms.scorecard.grid import EFFORT_IDS, EFFORTS, OWN_KEYS, WHO
from kamxl.forms.tables.fields import harmless, plain
from kamxl.wording.texts import languages, texts
from kamxl.wording.understood import understood

_PIECE = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)
_QUOTED = re.compile(r"'([^']*)'")
_SPAN = "(.{0,400}?)"  # what stands in a template's place
_MOST = 2_000  # letters of a text that can be ours
_KEPT = 500  # letters of a text that is worth remembering
_SURE = 20  # letters that no customer types by chance as we do
_AROUND = " →←▸►•·:–—-…"  # what earlier versions set beside a text in code
_KEY = re.compile(rf"kx1(?:-[a-z]+)?\|.*|:[a-z]+|{SPARE_PREFIX}\d{{1,3}}|[sw]\d{{1,3}}", re.DOTALL)
# what our formulas look blanks up in, of any version: "||n/a|-|k. a.|"
_LOOKED_UP = re.compile(r"\|(?:[^|]{0,40}\|){5,}")
_KEYS = {
    *OWN_KEYS, *EFFORTS, *EFFORT_IDS, "issue", "remedy", "importance", "question", "rating",
    "reason", "step", "who", "by",
}  # fmt: skip


def folded_text(text: str) -> str:
    """The form under which texts of a card are compared."""
    return _folded(text) if len(text) <= _KEPT else plain(harmless(text)).casefold()


@lru_cache(2_000)  # most texts are the same on every card
def _folded(text: str) -> str:
    return plain(harmless(text)).casefold()


def has_letters(text: str) -> bool:
    """Whether a text has more than one letter."""
    return next(islice(filter(str.isalpha, text), 1, None), None) is not None


def letters(text: str) -> int:
    """How many letters a text has."""
    return sum(map(str.isalpha, text))


@dataclass(frozen=True)
class _Template:
    """A text with places for values: ``literal`` is the longest piece that it never goes without,

    ``spoken`` what its own expressions say besides the values ("Guten Tag ").
    """

    pattern: re.Pattern[str]
    literal: str
    spoken: tuple[str, ...]
    sure: bool


@cache
def _said() -> tuple[frozenset[str], tuple[_Template, ...]]:
    """The card's texts in all languages and versions (folded), and its templates."""
    every = [texts(one) for one in languages()]
    sources = {
        source
        for one in every
        for key in one.keys("scorecard")
        for source in (one.source(key), *one.before(key))
    }
    sources |= set(understood("card_said"))
    fixed = {folded_text(one) for one in sources if "{" not in one}
    keys = {*_KEYS, *(f":{key}" for key in WHO)}
    made = (_template(one) for one in sorted(sources) if "{" in one)
    return frozenset(fixed | keys), tuple(one for one in made if one)


def sentences() -> frozenset[str]:
    """Our texts that are long enough to be nobody else's (folded)."""
    return frozenset(said for said in _said()[0] if letters(said) >= _SURE and " " in said)


def _template(source: str) -> _Template | None:
    """A template as a pattern: what may be left out may, and any value stands for any other."""
    pattern, spoken, depth = "", [], 0
    literals, always = [""], [""]
    for piece in _PIECE.split(" ".join(source.split())):
        if piece.startswith("{{"):
            pattern += _SPAN
            spoken += [folded_text(one) for one in _QUOTED.findall(piece)]
        elif piece.startswith("{%"):
            word = piece[2:-2].strip(" -+").split(" ", 1)[0]
            depth += {"if": 1, "endif": -1}.get(word, 0)
            pattern += {"if": "(?:", "else": "|", "elif": "|", "endif": ")?"}.get(word, "")
            depth += {"if": 1, "endif": -1}.get(word, 0)
        else:
            # spaces at a seam are single in what is read, wherever they came from
            pattern += re.sub(r"(?:\\ )+", " ?", re.escape(piece.casefold()))
            literals.append(piece.strip().casefold())
            always += [] if depth else literals[-1:]
    longest = max(always, key=len)
    try:
        compiled = re.compile(pattern, re.DOTALL)
    except re.error:  # a language that somebody added says it in some other way
        return None
    sure = letters("".join(literals)) >= _SURE
    return _Template(compiled, longest, tuple(s for s in spoken if letters(s)), sure)


def _is_known_anywhere(folded: str) -> bool:
    """Whether a text is ours on any card: our wording, a key, what our formulas look up."""
    fixed, bare = _said()[0], folded.strip(_AROUND)
    known = not fixed.isdisjoint((folded, bare)) or _KEY.fullmatch(folded) is not None
    return known or _LOOKED_UP.fullmatch(folded) is not None


def is_nobodys(text: str) -> bool:
    """Whether a text as it stands in a cell is no customer's word on any card: ours, or none."""
    return _nobodys(text) if len(text) <= _KEPT else not has_letters(text)


@lru_cache(5_000)  # most texts are the same on every card
def _nobodys(text: str) -> bool:
    return not has_letters(text) or _is_known_anywhere(_folded(text))


_known_anywhere = lru_cache(2_000)(_is_known_anywhere)


class Ours:
    """Knows the texts of one card by what it was issued with (None: by its wording alone)."""

    def __init__(self, order: CardOrder | None) -> None:
        given = {folded_text(one) for one in _strings(order)} if order else set()
        self._given = {one for one in given if letters(one)}
        self._longest = sorted(self._given, key=lambda one: (-len(one), one))
        self._known = order is not None

    def __contains__(self, folded: str) -> bool:
        """Whether a text, as ``folded_text`` makes it, is ours."""
        if folded in self._given:
            return True
        if _known_anywhere(folded) if len(folded) <= _KEPT else _is_known_anywhere(folded):
            return True
        if len(folded) > _MOST:
            return False
        if self._given and not letters(self._rest(folded)):
            return True
        return any(self._fills(one, folded) for one in _said()[1] if one.literal in folded)

    def _fills(self, template: _Template, folded: str) -> bool:
        """Whether a text is this template, filled with what we know or with mere numbers."""
        if not self._known and not template.sure:
            return False
        found = template.pattern.fullmatch(folded)
        if found is None:
            return False
        return not self._known or all(
            not letters(self._rest(value or "", template.spoken)) for value in found.groups()
        )

    def _rest(self, folded: str, spoken: tuple[str, ...] = ()) -> str:
        """What is left of a text without what the card was issued with."""
        for one in (*spoken, *self._longest):
            if one in folded:
                folded = folded.replace(one, " ")
        return folded


def _strings(record: object) -> Iterator[str]:
    """Every text in a record, however deep, and its dates as each language writes them."""
    if isinstance(record, str):
        yield record
        yield from record.splitlines()
    elif isinstance(record, date):
        yield from (texts(one).day(record) for one in languages())
    elif isinstance(record, tuple):
        for one in record:
            yield from _strings(one)
    elif is_dataclass(record):
        kind: Any = type(record)
        for name in _fields(kind):
            yield from _strings(getattr(record, name))


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(declared.name for declared in fields(kind))
