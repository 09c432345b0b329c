"""Books of one shape share a layout: what they say is put into it, nothing is drawn again.

The shape of a book is all of it but what its cells, its pages and its title say, and how high its
rows are. Books whose shape was met before are stamped; the bytes are those of drawing them anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

from kamxl.excel.writing.draw import build
from kamxl.excel.writing.stamping import Stamp
from kamxl.forms.paper.book import Book, Cell, Content, Formula, Sheet, Slot
from kamxl.forms.paper.style import Style

_MOST = 12  # shapes kept in a process


class _Shape:
    """All that makes a shape, of which the hash is found once: it has tens of thousands of parts,
    and a tuple forgets its hash.
    """

    __slots__ = ("_hash", "_parts")

    def __init__(self, parts: tuple[Hashable, ...]) -> None:
        self._parts, self._hash = parts, hash(parts)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shape) and self._parts == other._parts


class Patterns:
    """The shapes that were met last, at most so many, each with its stamp."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._stamps: OrderedDict[_Shape, Stamp] = OrderedDict()
        self._styles: dict[Style, int] = {}
        self._keys: list[str] = []

    def stamped(self, book: Book) -> bytes:
        """A complete book as the bytes of its workbook; ValueError says what a form got wrong."""
        said: list[Content] = [book.title]
        shape = self._shape(book, said)
        for content in said:
            if isinstance(content, Slot | Formula):
                raise TypeError(f"{content!r}: a pattern is no book of values")
        stamp = self._stamps.pop(shape, None) or Stamp(build(_opened(book)))
        self._stamps[shape] = stamp  # as the one that was met last
        if len(self._stamps) > self._most:
            self._stamps.popitem(last=False)
        self._keys += map(_key, range(len(self._keys), len(said)))
        values: Any = dict(zip(self._keys, said, strict=False))
        return stamp.press(values)

    def _shape(self, book: Book, said: list[Content]) -> _Shape:
        """The shape of a book; what it says is put into ``said``, in the order of ``_opened``."""
        seen: dict[int, int] = {}
        sheets = tuple([self._shape_of(sheet, seen, said) for sheet in book.sheets])
        return _Shape((sheets, book.stamp, book.active, tuple(book.names)))

    def _shape_of(self, sheet: Sheet, seen: dict[int, int], said: list[Content]) -> Hashable:
        cells: list[Hashable] = []
        for at, cell in sheet.cells.items():
            content, style = cell.content, seen.get(id(cell.style))
            if style is None:
                known = self._styles
                style = seen[id(cell.style)] = known.setdefault(cell.style, len(known))
            says: str | None = None
            if content is None or content == "":
                pass
            elif isinstance(content, Formula):
                says = content.text
                said.append(content.value)
            else:
                says = ""
                said.append(content)
            cells += (at, style, says, cell.link)  # four for each, and no tuple of its own
        said += sheet.heights.values()
        said += (sheet.header, sheet.footer)
        # A chart is drawn over rows, so that their heights are part of the shape.
        rows = sheet.heights.items() if sheet.charts else sheet.heights
        return tuple(cells), tuple(rows), *_rest(sheet)


def _key(number: int) -> str:
    return f"said {number}"


def _rest(sheet: Sheet) -> Iterator[Hashable]:
    """What else there is of a sheet."""
    yield from (bool(sheet.header), bool(sheet.footer), sheet.key, sheet.title)
    yield from (tuple(sheet.widths.items()), frozenset(sheet.fitting))
    yield from (tuple(sheet.validations), tuple(sheet.conditionals))
    yield from (tuple(sheet.charts), tuple(sheet.tables), tuple(sheet.outline))
    yield from (tuple(sheet.page_breaks), tuple(sheet.column_breaks), tuple(sheet.offers))
    yield from (sheet.freeze, sheet.print_area, sheet.title_rows, sheet.title_columns)
    yield from (sheet.landscape, sheet.scale, sheet.pages_tall, sheet.protected, sheet.hidden)
    yield from (sheet.tab_color, sheet.zoom, sheet.autofilter, sheet.active_cell)


def _opened(book: Book) -> Book:
    """The pattern of a book: slots where it says something."""
    slots = (Slot(_key(number)) for number in count())
    title = next(slots)
    return replace(book, title=title, sheets=[_sheet(sheet, slots) for sheet in book.sheets])


def _sheet(sheet: Sheet, slots: Iterator[Slot]) -> Sheet:
    cells = {at: _cell(cell, slots) for at, cell in sheet.cells.items()}
    given = {row: next(slots) for row in sheet.heights}
    header, footer = next(slots), next(slots)
    return replace(
        sheet,
        cells=cells,
        given=given,
        header=header if sheet.header else "",
        footer=footer if sheet.footer else "",
    )


def _cell(cell: Cell, slots: Iterator[Slot]) -> Cell:
    content = cell.content
    if isinstance(content, Formula):
        return replace(cell, content=Formula(content.text, next(slots)))
    return cell if content is None or content == "" else replace(cell, content=next(slots))
