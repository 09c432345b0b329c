"""The cells of one worksheet, wherever they say they are: nothing is trusted, nothing is lost.

What has two meanings is refused rather than guessed: two cells at one address, two values in one
cell, a number that is none, a pointer to a text that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from math import isfinite
from xml.parsers.expat import ExpatError

from kamxl.excel.reading.alike import Alike
from kamxl.excel.reading.limits import Meter, Refused, too_large, unreadable
from kamxl.excel.reading.parts import RichText, Strings, is_true
from kamxl.excel.reading.plain import sheet_in
from kamxl.excel.reading.told import ToldCells
from kamxl.excel.reading.xml import Node, main, parse, unescape
from kamxl.forms.paper.raw import Place, RawCell, RawKind, a1, column_number

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}))?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
_LONGEST_NUMBER = 400  # 1e308 written out has 309 digits
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_BLANKS = " \t\r\n"
_TRUTHS = ("0", "1", "true", "false")  # xsd:boolean
_AREA_WORK = 2_000_000  # cells looked at for the areas of array formulas, or merged ones

Area = tuple[int, int, int, int]  # top, left, bottom, right
Cells = dict[Place, RawCell]
_Value = tuple[RawKind, str, float | None]


def read_cells(
    content: bytes,
    strings: Strings,
    styles: Mapping[str, tuple[str, bool]],
    meter: Meter,
    since_1904: bool = False,
) -> Mapping[Place, RawCell]:
    """Every cell with content, by (row, column)."""
    found = _read_plain(content, strings, styles, meter, since_1904)
    return found if found is not None else read_any(content, strings, styles, meter, since_1904)


def read_any(
    content: bytes,
    strings: Strings,
    styles: Mapping[str, tuple[str, bool]],
    meter: Meter,
    since_1904: bool = False,
) -> Cells:
    """The same the long way, which understands whatever a sheet may be spelled like."""
    reader = _Reader(strings, styles, meter)
    data, merged = Node(main(row=reader.tree())), main(mergeCell=Node(begin=reader.merge))
    parse(content, main(worksheet=Node(main(sheetData=data, mergeCells=Node(merged)))), meter)
    mark_results(reader.cells, reader.areas)
    mark_covered(reader.cells, reader.merged)
    if since_1904:
        count_from_1904(reader.cells)
    return reader.cells


def _read_plain(
    content: bytes,
    strings: Strings,
    styles: Mapping[str, tuple[str, bool]],
    meter: Meter,
    since_1904: bool,
) -> ToldCells | None:
    """The same the quick way; None: that cannot be, or the sheet is refused, and nothing is said

    of why. What is counted then is taken back.
    """
    before = meter.counted()
    try:
        sheet = sheet_in(content, strings, styles, meter, since_1904)
        if sheet is not None:
            often, merged = _around(sheet.rest, meter)
            if often == 1:
                cells, areas = sheet.cells, map(_area, sheet.areas)
                cells.mark(_within(cells, areas, "array-formulas"), _covered(cells, merged))
                return cells
    except (Refused, ExpatError):
        pass
    meter.count_from(before)
    return None


@Alike
def _around(content: bytes, meter: Meter) -> tuple[int, tuple[Area, ...]]:
    """What stands around the cells of a sheet: how often they do, and what is merged."""
    merged: list[Area] = []
    often: list[dict[str, str]] = []

    def merge(attributes: dict[str, str]) -> None:
        merged.append(_area(attributes.get("ref", "")))

    areas = Node(main(mergeCell=Node(begin=merge)))
    tree = main(worksheet=Node(main(sheetData=Node(begin=often.append), mergeCells=areas)))
    parse(content, tree, meter)
    return len(often), tuple(merged)


def _area(reference: str) -> Area:
    """The cells that a reference names; what names no area is one cell."""
    match = _AREA.fullmatch(reference)
    if match is None:
        return 1, 1, 1, 1
    left, top = column_number(match[1]), int(match[2])
    return top, left, int(match[4] or top), column_number(match[3] or match[1])


def count_from_1904(cells: Cells) -> None:
    """Of each number it is known how it counts its days, if it is a date."""
    for place, cell in cells.items():
        if cell.kind is RawKind.NUMBER:  # an existing key: the walk is not disturbed
            cells[place] = replace(cell, since_1904=True)


def mark_results(cells: Cells, areas: Iterable[Area]) -> None:
    """An array formula stands in one cell and fills its area: those are results as well."""
    for place in _within(cells, areas, "array-formulas"):
        if not cells[place].formula:
            cells[place] = replace(cells[place], formula=True)


def mark_covered(cells: Cells, areas: Iterable[Area]) -> None:
    """Of a merged area only the first cell is seen."""
    for place in _covered(cells, list(areas)):
        cells[place] = replace(cells[place], covered=True)


def _covered(cells: Collection[Place], areas: Collection[Area]) -> list[Place]:
    """The cells under merged ones."""
    firsts = {(top, left) for top, left, _, _ in areas}
    return [place for place in _within(cells, areas, "merged-cells") if place not in firsts]


def _within(cells: Collection[Place], areas: Iterable[Area], reason: str) -> list[Place]:
    """The cells in these areas; the shorter of two ways to each, and all of it bounded."""
    work, found = 0, []
    for top, left, bottom, right in areas:
        size = (bottom - top + 1) * (right - left + 1)
        if size <= 1:
            continue
        work += min(size, len(cells))
        if work > _AREA_WORK:
            raise too_large(reason)
        if size <= len(cells):
            places = ((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))
            found += [place for place in places if place in cells]
        else:
            found += [  # themselves, and no copies: there may be a million
                at for at in cells if top <= at[0] <= bottom and left <= at[1] <= right
            ]
    return found


def as_number(text: str) -> float | None:
    """A number as files spell it, always finite; None: it is none."""
    if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text):
        number = float(text)
        if isfinite(number):
            return number
    return None


class _Reader:
    """The state while walking: the current row, and the current cell's pieces."""

    def __init__(
        self, strings: Strings, styles: Mapping[str, tuple[str, bool]], meter: Meter
    ) -> None:
        self.strings, self.styles, self.meter = strings, styles, meter
        self.cells: Cells = {}
        self.styled: set[tuple[int, int]] = set()  # cells without content: their address is taken
        self.areas: list[Area] = []
        self.merged: list[Area] = []
        self.columns: dict[str, int] = {}
        self.row = self.column = 0
        self.row_is_given = False
        self.type = self.format = ""
        self.formula = self.struck = False
        self.value: str | None = None
        self.inline: str | None = None
        self.rich = RichText()

    def tree(self) -> Node:
        """What is wanted of a row."""
        cell = main(
            v=Node(end=self.end_value, text=True),
            f=Node(begin=self.begin_formula),
            **{"is": Node(self.rich.tree(), end=self.end_inline)},
        )
        return Node(main(c=Node(cell, self.begin_cell, self.end_cell)), begin=self.begin_row)

    def begin_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r")
        self.row_is_given = given is not None
        if given is None:
            self.row += 1
        elif _ROW.fullmatch(given):
            self.row = int(given)
        else:
            raise unreadable("address", given)
        if self.row > LAST_ROW:
            raise unreadable("address", str(self.row))
        self.column = 0

    def begin_cell(self, attributes: dict[str, str]) -> None:
        self.meter.count_cell()
        given = attributes.get("r")
        if given is None:
            self.column += 1
            if self.column > LAST_COLUMN:
                raise unreadable("address", f"row {self.row}")
        else:
            self.go_to(given)
        style = attributes.get("s", "0")
        look = self.styles.get(style)
        if look is None:
            raise unreadable("style-index", given or style)
        self.format, self.struck = look
        self.type = attributes.get("t", "n")
        self.formula, self.value, self.inline = False, None, None

    def go_to(self, address: str) -> None:
        """Take a cell's own address; it must not contradict its row's."""
        match = _ADDRESS.fullmatch(address)
        if match is None:
            raise unreadable("address", address)
        letters, row = match[1], int(match[2])
        column = self.columns.get(letters)
        if column is None:
            column = self.columns[letters] = column_number(letters)
        if row > LAST_ROW or column > LAST_COLUMN or (self.row_is_given and row != self.row):
            raise unreadable("address", address)
        self.row, self.column = row, column

    def begin_formula(self, attributes: dict[str, str]) -> None:
        self.formula = True
        if attributes.get("t") in ("array", "dataTable"):
            self.areas.append(_area(attributes.get("ref", "")))

    def merge(self, attributes: dict[str, str]) -> None:
        self.merged.append(_area(attributes.get("ref", "")))

    def end_value(self, text: str) -> None:
        if self.value is not None:
            raise unreadable("two-values", a1(self.row, self.column))
        self.value = text

    def end_inline(self, _: str) -> None:
        if self.inline is not None:
            raise unreadable("two-values", a1(self.row, self.column))
        self.inline, struck = self.rich.take()
        self.struck = self.struck if struck is None else struck

    def end_cell(self, _: str) -> None:
        place = (self.row, self.column)
        if place in self.cells or place in self.styled:
            raise unreadable("duplicate-cell", a1(*place))
        value = self.read_value()
        if value is None and not self.formula:
            self.styled.add(place)
            return
        kind, text, number = value or (RawKind.TEXT, "", None)
        self.cells[place] = RawCell(kind, text, number, self.format, self.formula, self.struck)

    def read_value(self) -> _Value | None:
        """The current cell's value; None if there is none, or an empty text."""
        text, kind = self.value, self.type
        if self.inline is not None:
            if kind != "inlineStr":
                raise unreadable("cell-type", self.place())
            # The type says where the value is; some writers leave an older one in <v>.
            return (RawKind.TEXT, self.inline, None) if self.inline else None
        if not text:
            return None
        if kind in ("str", "inlineStr"):
            return RawKind.TEXT, unescape(text), None
        text = text.strip(_BLANKS)
        return self.strict_value(kind, text) if text else None

    def strict_value(self, kind: str, text: str) -> _Value | None:
        """A value that has one spelling: a number, a pointer to a text, a truth."""
        if kind == "n":
            return RawKind.NUMBER, text, self.number(text)
        if kind == "s":
            shared = self.shared(text)
            return (RawKind.TEXT, shared, None) if shared else None
        if kind == "b" and text in _TRUTHS:
            return RawKind.BOOLEAN, "TRUE" if is_true(text) else "FALSE", None
        if kind == "e":
            return RawKind.ERROR, text, None
        if kind == "d":
            return RawKind.DATE, text, None
        raise unreadable("boolean" if kind == "b" else "cell-type", self.place())

    def number(self, text: str) -> float:
        number = as_number(text)
        if number is None:
            raise unreadable("number", self.place())
        return number

    def shared(self, text: str) -> str:
        # Python's own int() takes "-1", "1_0" and digits of other scripts.
        texts = self.strings.texts
        if text.isascii() and text.isdigit() and len(text) < 10 and int(text) < len(texts):
            shared = texts[int(text)]
            self.struck = self.strings.struck.get(int(text), self.struck)
            self.meter.count_shown(shared)
            return shared
        raise unreadable("shared-string", self.place())

    def place(self) -> str:
        return a1(self.row, self.column)
