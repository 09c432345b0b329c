"""The cells of a sheet and the shared strings, read back and held against what belongs there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kamxl.excel.proof.texts import (
    ERRORS,
    UnprovenError,
    cell_decoded,
    given,
    is_number,
    says,
)
from kamxl.excel.writing.cells import Place, Rows
from kamxl.forms.paper.book import Content, Formula, Scalar
from kamxl.forms.paper.parts import fitted

_BEGIN, _END = "<sheetData>", "</sheetData>"
# Whole, address, style, type, formula, value: the last five of a cell that holds something.
_TOKEN = re.compile(
    '(<row r="\\d+"(?: ht="[\\d.]+"(?: customHeight="1")?)?>|</row>|<c r="[A-Z]+\\d+" s="\\d+"/>|'
    '<c r="([A-Z]+\\d+)" s="(\\d+)"(?: t="(s|b|e|str)")?>(?:<f>([^<]*)</f>)?<v>([^<]*)</v></c>)'
)
_STRINGS = re.compile('count="(\\d+)" uniqueCount="(\\d+)">')
_ITEM = re.compile('<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Token = tuple[str, str, str, str, str, str]


@dataclass(slots=True)
class StringTable:
    """The shared strings by their numbers, and which of them cells have named so far."""

    texts: dict[str, str]
    count: int
    used: set[str] = field(default_factory=set)
    uses: int = 0

    @classmethod
    def read(cls, head: str, text: str) -> StringTable:
        """The strings of a part that begins as the layout says (UnprovenError)."""
        counts = _STRINGS.match(text, len(head))
        if not text.startswith(head) or not counts:
            raise UnprovenError("differs from the layout")
        body = text[counts.end() : -len("</sst>")]
        items = _ITEM.findall(body)
        if not text.endswith("</sst>") or _ITEM.sub("", body):
            raise UnprovenError("something stands beside the strings")
        texts = {str(at): cell_decoded(raw) for at, raw in enumerate(items)}
        if int(counts[2]) != len(items) or len(set(texts.values())) != len(items):
            raise UnprovenError("the strings are counted otherwise")
        return cls(texts, int(counts[1]))

    def take(self, number: str) -> str | None:
        """The text a cell names."""
        self.used.add(number)
        self.uses += 1
        return self.texts.get(number)

    def all_used(self) -> None:
        """UnprovenError: a string that no cell shows."""
        if self.used != self.texts.keys() or self.uses != self.count:
            raise UnprovenError("a text stands in no cell")


@dataclass(frozen=True, slots=True)
class RowsProof:
    """The cells of one sheet: those that are always the same as text, the open ones by number."""

    fixed: tuple[str | None, ...]
    open: tuple[tuple[int, Place, str], ...]  # where, the cell, its formula as it is written
    heads: tuple[tuple[int, int], ...]  # where a row begins whose height is that of its texts
    source: Rows

    @classmethod
    def of(cls, rows: Rows) -> RowsProof:
        """Prepared once for a layout's rows."""
        fixed: list[str | None] = []
        opened: list[tuple[int, Place, str]] = []
        heads: list[tuple[int, int]] = []
        for number, places in rows.rows:
            if number in rows.wrapping:
                heads.append((len(fixed), number))
                fixed.append(None)
            else:
                fixed.append(_begin(rows, number, {}))
            for place in places:
                written = _fixed(place)
                if written is None:
                    opened.append((len(fixed), place, _formula(place.content)))
                fixed.append(written)
            fixed.append("</row>")
        return cls(tuple(fixed), tuple(opened), tuple(heads), rows)

    def read(self, text: str, at: int, values: Mapping[str, Scalar], strings: StringTable) -> int:
        """Hold the rows at a place against their values; where they end (UnprovenError)."""
        end = text.find(_END, at)
        if not text.startswith(_BEGIN, at) or end < 0:
            raise UnprovenError("the rows are missing")
        tokens: list[Token] = _TOKEN.findall(text, at + len(_BEGIN), end)
        seen: list[str | None] = [token[0] for token in tokens]
        if sum(map(len, filter(None, seen))) != end - at - len(_BEGIN):
            raise UnprovenError("something stands between the cells")
        if len(seen) != len(self.fixed):
            raise UnprovenError("there are other cells than in the layout")
        for where, place, formula in self.open:
            if not _holds(tokens[where], place, formula, values, strings):
                raise UnprovenError(f"the cell {place.address} holds something else")
            seen[where] = None
        for where, number in self.heads:  # no more than the texts that are proven above say
            if seen[where] != _begin(self.source, number, values):
                raise UnprovenError(f"the row {number} has another height")
            seen[where] = None
        if tuple(seen) != self.fixed:
            raise UnprovenError("a cell differs from the layout")
        return end + len(_END)


def _begin(rows: Rows, number: int, values: Mapping[str, Scalar]) -> str:
    """How a row has to begin: with its height, or with that of the texts that belong there."""
    high = rows.heights.get(number)
    if high is None:
        return f'<row r="{number}">'
    texts = rows.wrapping.get(number)
    if texts:
        high = fitted(texts, lambda content: given(content, values), high)
    kept = "" if number in rows.fitting else ' customHeight="1"'
    return f'<row r="{number}" ht="{high:g}"{kept}>'


def _formula(content: Content) -> str:
    if not isinstance(content, Formula):
        return ""
    text = content.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


def _fixed(place: Place) -> str | None:
    """A cell that is the same on every card; None: it holds a text or depends on a slot."""
    content = place.content
    if content is None or content == "":
        return f'<c r="{place.address}" s="{place.style}"/>'
    return None


def _holds(
    token: Token,
    place: Place,
    formula: str,
    values: Mapping[str, Scalar],
    strings: StringTable,
) -> bool:
    """Whether a cell says its value, and nothing else."""
    whole, address, style, kind, written, raw = token
    value = given(place.content, values)
    if not isinstance(place.content, Formula):
        if value is None or value == "":
            return whole == f'<c r="{place.address}" s="{place.style}"/>'
        if isinstance(value, str):
            expected = place.style + value.startswith(_RISKY)
            if (address, style, kind, written) != (place.address, str(expected), "s", ""):
                return False
            found = strings.take(raw)
            return found is not None and (found == value or says(found, value))
    if (address, style, written) != (place.address, str(place.style), formula):
        return False
    if isinstance(value, str):
        return kind == ("e" if value in ERRORS else "str") and says(cell_decoded(raw), value)
    if isinstance(value, bool):
        return kind == "b" and raw == f"{value:d}"
    return value is not None and not kind and is_number(raw, value)
