"""The cells of a sheet and the shared strings, read back and held against what belongs there."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from kamxl.excel.proof.texts import (
    ERRORS,
    Picked,
    UnprovenError,
    cell_decoded,
    given,
    is_number,
    says,
)
from kamxl.excel.writing.cells import Place, Rows
from kamxl.forms.paper.book import Content, Formula, Scalar, Slot
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

_MOST = 8  # rows of a sheet that are remembered
_MOST_HEADS = 4_096

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

    def take_all(self, numbers: Sequence[str]) -> None:
        """The same for cells whose texts are known."""
        self.used.update(numbers)
        self.uses += len(numbers)

    def all_used(self) -> None:
        """UnprovenError: a string that no cell shows."""
        if self.used != self.texts.keys() or self.uses != self.count:
            raise UnprovenError("a text stands in no cell")


@dataclass(frozen=True, slots=True)
class _Told:
    """Rows that were proven once: their text, and what has to hold where they stand again.

    ``labels`` are the numbers of the layout's own texts, and what stands under each; ``texts`` are
    those of given texts, their slots, and whether one might be taken for a formula; all else that
    is given is the ``same``, and of the same types, in the slots of ``rest``.
    """

    text: str
    heads: tuple[str, ...]
    labels: tuple[tuple[str, ...], tuple[str | None, ...]]
    texts: tuple[tuple[str, str, bool], ...]
    rest: Picked
    same: tuple[tuple[Scalar, ...], tuple[type, ...]]

    def holds(self, values: Mapping[str, Scalar], strings: StringTable) -> bool:
        """Whether the rows may stand here, too: what can be another text is looked at anew."""
        numbers, said = self.labels
        if tuple(map(strings.texts.get, numbers)) != said or self.rest.of(values) != self.same:
            return False
        for number, key, quoted in self.texts:
            value, found = values.get(key), strings.texts.get(number)
            if not isinstance(value, str) or not value or found is None:
                return False
            if value.startswith(_RISKY) != quoted or not (found == value or says(found, value)):
                return False
        strings.take_all(numbers)
        strings.take_all([number for number, _, _ in self.texts])
        return True


@dataclass(frozen=True, slots=True)
class RowsProof:
    """The cells of one sheet: those that are always the same as text, the open ones by number.

    ``told``: rows that were proven, the newest first. What says the same again letter by letter,
    with the same values in the same cells, is proven but for its shared strings.
    """

    fixed: tuple[str | None, ...]
    open: tuple[tuple[int, Place, str], ...]  # where, the cell, its formula as it is written
    heads: tuple[tuple[int, int], ...]  # where a row begins whose height is that of its texts
    source: Rows
    told: list[_Told] = field(default_factory=list)
    begun: dict[Hashable, str] = field(default_factory=dict)  # heads by the texts of their rows

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
        heads = tuple([self._head(number, values) for _, number in self.heads])
        for told in self.told:
            alike = told.heads == heads and text.startswith(told.text, at)
            if alike and told.holds(values, strings):
                return at + len(told.text)
        end = text.find(_END, at)
        if not text.startswith(_BEGIN, at) or end < 0:
            raise UnprovenError("the rows are missing")
        tokens: list[Token] = _TOKEN.findall(text, at + len(_BEGIN), end)
        self._read(tokens, end - at - len(_BEGIN), heads, values, strings)
        end += len(_END)
        self._remember(text[at:end], tokens, heads, values, strings)
        return end

    def _head(self, number: int, values: Mapping[str, Scalar]) -> str:
        """How a row has to begin, with as much as its texts need."""
        texts = tuple([given(content, values) for content, _, _ in self.source.wrapping[number]])
        head = self.begun.get((number, texts))
        if head is None:
            if len(self.begun) > _MOST_HEADS:
                self.begun.clear()
            head = self.begun[number, texts] = _begin(self.source, number, values)
        return head

    def _read(
        self,
        tokens: list[Token],
        letters: int,
        heads: Sequence[str],
        values: Mapping[str, Scalar],
        strings: StringTable,
    ) -> None:
        """Hold each cell against what belongs there (UnprovenError)."""
        seen: list[str | None] = [token[0] for token in tokens]
        if sum(map(len, filter(None, seen))) != letters:
            raise UnprovenError("something stands between the cells")
        if len(seen) != len(self.fixed):
            raise UnprovenError("there are other cells than in the layout")
        for where, place, formula in self.open:
            if not _holds(tokens[where], place, formula, values, strings):
                raise UnprovenError(f"the cell {place.address} holds something else")
            seen[where] = None
        for (where, number), head in zip(self.heads, heads, strict=True):
            if seen[where] != head:  # no more than the texts that are proven above say
                raise UnprovenError(f"the row {number} has another height")
            seen[where] = None
        if tuple(seen) != self.fixed:
            raise UnprovenError("a cell differs from the layout")

    def _remember(
        self,
        text: str,
        tokens: list[Token],
        heads: tuple[str, ...],
        values: Mapping[str, Scalar],
        strings: StringTable,
    ) -> None:
        """What was proven of rows, for those that say the same."""
        labels: list[str] = []
        texts: list[tuple[str, str, bool]] = []
        rest: list[str] = []
        for where, place, _ in self.open:
            content, number = place.content, tokens[where][5]
            key = content.value if isinstance(content, Formula) else content
            if tokens[where][3] != "s":
                rest += [key.key] if isinstance(key, Slot) else []
            elif isinstance(content, Slot):
                texts.append((number, content.key, str(values[content.key]).startswith(_RISKY)))
            else:
                labels.append(number)
        said = tuple(map(strings.texts.get, labels))
        picked = Picked.of_slots(rest)
        told = _Told(text, heads, (tuple(labels), said), tuple(texts), picked, picked.of(values))
        self.told.insert(0, told)
        del self.told[_MOST:]


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
