"""A layout as a stamp: what all its workbooks share is prepared once, and packed once.

The bytes are those of ``draw.render``, which fills every piece anew. Here a part that has no slot
is kept packed; of a sheet the rows are kept packed for as long as they say the same, and only what
stands behind them is packed for each workbook.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from kamxl.excel.writing import cells
from kamxl.excel.writing.caches import Cache
from kamxl.excel.writing.cells import Place, Rows, Strings
from kamxl.excel.writing.draw import Layout
from kamxl.excel.writing.filling import Filling, Piece
from kamxl.excel.writing.packing import Packed, Stretch, package, packed
from kamxl.excel.writing.xmltext import cell_text
from kamxl.forms.paper.book import Content, Formula, Scalar, Slot

_MOST_HEADS = 4_096  # beginnings of rows kept for a sheet
_MOST = 96  # stretches kept packed in a process: each takes a third of a megabyte


class Kept:
    """The stretches that were packed last, at most so many, by what they say."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, Stretch] = OrderedDict()

    def stretch(self, key: Hashable, text: Callable[[], str]) -> Stretch:
        """The stretch that says this, packed now if it is not at hand."""
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = Stretch(text())
            if len(self._found) > self._most:
                self._found.popitem(last=False)
        else:
            self._found.move_to_end(key)
        return found


_KEPT = Kept()


@dataclass(slots=True)
class _Text:
    """A cell that is a text, or may be one: the number of its piece, and its text if it has one."""

    at: int
    place: Place
    before: str = ""  # of the text's number
    text: str | None = None  # cleaned and escaped
    key: str = ""  # of the slot, where there is no text


@dataclass(slots=True)
class _Result:
    """A formula whose value is given: the number of its piece, and how it is written."""

    at: int
    place: Place
    head: str
    formula: str


@dataclass(slots=True)
class StampedRows:
    """The rows of a sheet: pieces of text, and what is put between them."""

    rows: Rows
    _pieces: list[str] = field(default_factory=list)
    _texts: list[_Text] = field(default_factory=list)
    _heads: list[tuple[int, int]] = field(default_factory=list)  # where rows begin that grow
    _begun: dict[Hashable, str] = field(default_factory=dict)  # how they begin, by what they hold
    _results: list[_Result] = field(default_factory=list)
    _given: Given = field(init=False)

    @classmethod
    def of(cls, rows: Rows) -> StampedRows:
        """Prepared once for a layout's rows."""
        made, keys = cls(rows), []
        made._say("<sheetData>")
        for number, places in rows.rows:
            if number in rows.wrapping or number in rows.given:
                made._heads.append((made._open(), number))
            else:
                made._say(rows.head(number, lambda _: None))
            for place in places:
                keys += made._add(place)
            made._say("</row>")
        made._say("</sheetData>")
        made._given = Given(keys)
        return made

    def _say(self, text: str) -> None:
        if self._pieces and self._pieces[-1]:
            self._pieces[-1] += text
        else:
            self._pieces.append(text)

    def _open(self) -> int:
        """The number of a piece that is put in later, and what follows begins anew."""
        self._pieces += ("", "")
        return len(self._pieces) - 2

    def _add(self, place: Place) -> list[str]:
        """Prepare a cell; the keys of the values it needs beside those of its texts."""
        content = place.content
        head = f'<c r="{place.address}" s="{place.style}"'
        if isinstance(content, Slot):
            self._texts.append(_Text(self._open(), place, key=content.key))
        elif isinstance(content, str) and content:
            style = cells.looks(place, content)
            before = f'<c r="{place.address}" s="{style}" t="s"><v>'
            self._texts.append(_Text(self._open(), place, before, cell_text(content)))
        elif isinstance(content, Formula) and isinstance(content.value, Slot):
            made = _Result(self._open(), place, head, cells.formula_text(content))
            self._results.append(made)
            return [content.value.key]
        else:
            self._say(cells.cell(place, _NOTHING))
        return []

    def said(self, filling: Filling) -> tuple[Hashable, ...]:
        """What the rows say: their texts by number, how high they are, the values of formulas.

        It numbers the shared strings, so the sheets come in their order.
        """
        heads = tuple([self._head(number, filling) for _, number in self._heads])
        return tuple(self._numbered(filling)), heads, self._given.of(filling.values)

    def _head(self, number: int, filling: Filling) -> str:
        if number in self.rows.given:
            return self.rows.head(number, filling.value)
        texts = tuple([filling.value(content) for content, _, _ in self.rows.wrapping[number]])
        head = self._begun.get((number, texts))
        if head is None:
            if len(self._begun) > _MOST_HEADS:
                self._begun.clear()
            head = self._begun[number, texts] = self.rows.head(number, filling.value)
        return head

    def _numbered(self, filling: Filling) -> list[str]:
        values, strings, said = filling.values, filling.strings, []
        for one in self._texts:
            text = one.text
            if text is None:
                said.append(cells.held(one.place, values[one.key], filling))
            else:
                number = strings.setdefault(text, len(strings))
                filling.uses += 1
                said.append(f"{one.before}{number}</v></c>")
        return said

    def fill(self, said: Sequence[Any]) -> str:
        """The rows as text, of what they say (``said``)."""
        texts, heads, (results, _) = said
        pieces = self._pieces.copy()
        for one, text in zip(self._texts, texts, strict=True):
            pieces[one.at] = text
        for (at, _), head in zip(self._heads, heads, strict=True):
            pieces[at] = head
        for result, value in zip(self._results, results, strict=True):
            pieces[result.at] = result.head + cells.calculated(result.place, result.formula, value)
        return "".join(pieces)


_NOTHING = Filling({})


class Given:
    """The values of some slots, and of which types they are: 1, 1.0 and True are not the same."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._get: Any = itemgetter(*keys) if keys else lambda _: ()
        self._one = len(keys) == 1

    def of(self, values: Mapping[str, Scalar]) -> tuple[tuple[Scalar, ...], tuple[type, ...]]:
        """The values in the order of their keys, and their types (KeyError: one is not there)."""
        found = (self._get(values),) if self._one else self._get(values)
        return found, tuple(map(type, found))


@dataclass(slots=True)
class _StampedCache:
    """What a chart shows until somebody calculates."""

    cache: Cache
    _given: Given = field(init=False)

    def __post_init__(self) -> None:
        self._given = Given([key for one in self.cache.contents for key in _keys(one)])

    def said(self, filling: Filling) -> Hashable:
        return self._given.of(filling.values)

    def fill(self, filling: Filling) -> str:
        return self.cache.fill(filling)


def _keys(content: Content) -> list[str]:
    if isinstance(content, Formula):
        content = content.value
    return [content.key] if isinstance(content, Slot) else []


_Open = str | Piece | StampedRows | _StampedCache


@dataclass(slots=True, eq=False)
class _Part:
    """A part with slots: ``head`` ends behind what is long and mostly the same."""

    name: str
    head: list[_Open]
    tail: list[str | Piece]

    @classmethod
    def of(cls, name: str, pieces: Sequence[str | Piece]) -> _Part:
        found = [_stamped(piece) for piece in pieces]
        long = [at for at, one in enumerate(found) if isinstance(one, StampedRows | _StampedCache)]
        cut = long[-1] + 1 if long else len(found)
        while cut < len(found) and isinstance(found[cut], str):  # and the finished ones behind it
            cut += 1
        return cls(name, found[:cut], list(pieces[cut:]))

    def packed(self, filling: Filling) -> Packed:
        """The part with its values, packed."""
        said = [_said(piece, filling) for piece in self.head]

        def whole() -> str:
            told = zip(self.head, said, strict=True)
            return "".join([_filled(piece, one, filling) for piece, one in told])

        stretch = _KEPT.stretch((self, *said), whole)
        return stretch.ended("".join([_text(piece, filling) for piece in self.tail]))


def _stamped(piece: str | Piece) -> _Open:
    if isinstance(piece, Rows):
        return StampedRows.of(piece)
    return _StampedCache(piece) if isinstance(piece, Cache) else piece


def _said(piece: _Open, filling: Filling) -> Hashable:
    if isinstance(piece, StampedRows | _StampedCache):
        return piece.said(filling)
    return None if isinstance(piece, str) else piece.fill(filling)


def _filled(piece: _Open, said: Any, filling: Filling) -> str:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, StampedRows):
        return piece.fill(said)
    return piece.fill(filling) if isinstance(piece, _StampedCache) else said


def _text(piece: str | Piece, filling: Filling) -> str:
    return piece if isinstance(piece, str) else piece.fill(filling)


class Stamp:
    """One layout, prepared for any number of workbooks."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._parts = [(name, _prepared(name, pieces)) for name, pieces in layout.parts]

    def press(self, values: Mapping[str, Scalar]) -> bytes:
        """The workbook with its slots filled; KeyError names a slot that got no value."""
        filling = Filling(values)
        try:
            parts = [
                (name, part if isinstance(part, Packed) else part.packed(filling))
                for name, part in self._parts
            ]
        except KeyError as missing:
            raise KeyError(f"no value given for slot {missing}") from None
        return package(parts)


class _Shared:
    """The shared strings, which are others in each workbook."""

    def __init__(self, pieces: Sequence[str | Piece]) -> None:
        self._pieces = pieces

    def packed(self, filling: Filling) -> Packed:
        return packed("".join([_text(piece, filling) for piece in self._pieces]))


def _prepared(name: str, pieces: Sequence[str | Piece]) -> Packed | _Part | _Shared:
    if all(isinstance(piece, str) for piece in pieces):
        return packed("".join(map(str, pieces)))
    if any(isinstance(piece, Strings) for piece in pieces):
        return _Shared(pieces)
    return _Part.of(name, pieces)
