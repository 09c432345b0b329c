"""The cells of one worksheet, wherever they say they are: nothing is trusted, nothing is lost.

What has two meanings is refused rather than guessed: two cells at one address, two values in one
cell, a number that is none, a pointer to a text that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import isfinite

from kamxl.excel.reading.limits import Meter, too_large, unreadable
from kamxl.excel.reading.parts import rich_text
from kamxl.excel.reading.xml import Node, main, parse, unescape
from kamxl.forms.paper.raw import RawCell, RawKind, a1, column_number

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})(?::\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6}))?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
_LONGEST_NUMBER = 400  # 1e308 written out has 309 digits
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_BLANKS = " \t\r\n"
_AREA_WORK = 2_000_000  # cells looked at for the areas of array formulas

_Value = tuple[RawKind, str, float | None]


def read_cells(
    content: bytes, strings: Sequence[str], formats: Mapping[str, str], meter: Meter
) -> dict[tuple[int, int], RawCell]:
    """Every cell with content, by (row, column)."""
    reader = _Reader(strings, formats, meter)
    parse(content, main(worksheet=Node(main(sheetData=Node(main(row=reader.tree()))))), meter)
    reader.mark_areas()
    return reader.cells


class _Reader:
    """The state while walking: the current row, and the current cell's pieces."""

    def __init__(self, strings: Sequence[str], formats: Mapping[str, str], meter: Meter) -> None:
        self.strings, self.formats, self.meter = strings, formats, meter
        self.cells: dict[tuple[int, int], RawCell] = {}
        self.styled: set[tuple[int, int]] = set()  # cells without content: their address is taken
        self.areas: list[tuple[int, int, int, int]] = []
        self.columns: dict[str, int] = {}
        self.row = self.column = 0
        self.row_is_given = False
        self.type = self.format = ""
        self.formula = False
        self.value: str | None = None
        self.inline: str | None = None
        self.runs: list[str] = []

    def tree(self) -> Node:
        """What is wanted of a row."""
        cell = main(
            v=Node(end=self.end_value, text=True),
            f=Node(begin=self.begin_formula),
            **{"is": Node(rich_text(self.runs), end=self.end_inline)},
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
        if self.row > _LAST_ROW:
            raise unreadable("address", str(self.row))
        self.column = 0

    def begin_cell(self, attributes: dict[str, str]) -> None:
        self.meter.count_cell()
        given = attributes.get("r")
        if given is None:
            self.column += 1
            if self.column > _LAST_COLUMN:
                raise unreadable("address", f"row {self.row}")
        else:
            self.go_to(given)
        style = attributes.get("s", "0")
        code = self.formats.get(style)
        if code is None:
            raise unreadable("style-index", given or style)
        self.format, self.type = code, attributes.get("t", "n")
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
        if row > _LAST_ROW or column > _LAST_COLUMN or (self.row_is_given and row != self.row):
            raise unreadable("address", address)
        self.row, self.column = row, column

    def begin_formula(self, attributes: dict[str, str]) -> None:
        self.formula = True
        if attributes.get("t") in ("array", "dataTable"):
            self.areas.append(self.area(attributes.get("ref", "")))

    def area(self, reference: str) -> tuple[int, int, int, int]:
        match = _AREA.fullmatch(reference)
        if match is None:
            return self.row, self.column, self.row, self.column
        left, top = column_number(match[1]), int(match[2])
        return top, left, int(match[4] or top), column_number(match[3] or match[1])

    def end_value(self, text: str) -> None:
        if self.value is not None:
            raise unreadable("two-values", a1(self.row, self.column))
        self.value = text

    def end_inline(self, _: str) -> None:
        if self.inline is not None:
            raise unreadable("two-values", a1(self.row, self.column))
        self.inline = unescape("".join(self.runs))
        self.runs.clear()

    def end_cell(self, _: str) -> None:
        place = (self.row, self.column)
        if place in self.cells or place in self.styled:
            raise unreadable("duplicate-cell", a1(*place))
        value = self.read_value()
        if value is None and not self.formula:
            self.styled.add(place)
            return
        kind, text, number = value or (RawKind.TEXT, "", None)
        self.cells[place] = RawCell(kind, text, number, self.format, self.formula)

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
        if kind == "b" and text in ("0", "1"):
            return RawKind.BOOLEAN, "TRUE" if text == "1" else "FALSE", None
        if kind == "e":
            return RawKind.ERROR, text, None
        if kind == "d":
            return RawKind.DATE, text, None
        raise unreadable("boolean" if kind == "b" else "cell-type", self.place())

    def number(self, text: str) -> float:
        if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text):
            number = float(text)
            if isfinite(number):
                return number
        raise unreadable("number", self.place())

    def shared(self, text: str) -> str:
        # Python's own int() takes "-1", "1_0" and digits of other scripts.
        if text.isascii() and text.isdigit() and len(text) < 10 and int(text) < len(self.strings):
            shared = self.strings[int(text)]
            self.meter.count_shown(shared)
            return shared
        raise unreadable("shared-string", self.place())

    def place(self) -> str:
        return a1(self.row, self.column)

    def mark_areas(self) -> None:
        """An array formula stands in one cell and fills its area: those are results as well."""
        work = 0
        for top, left, bottom, right in self.areas:
            if (top, left) == (bottom, right):
                continue
            work += len(self.cells)
            if work > _AREA_WORK:
                raise too_large("array-formulas")
            for (row, column), cell in self.cells.items():
                if not cell.formula and top <= row <= bottom and left <= column <= right:
                    # An existing key: the walk is not disturbed.
                    self.cells[row, column] = _as_formula(cell)


def _as_formula(cell: RawCell) -> RawCell:
    return RawCell(cell.kind, cell.text, cell.number, cell.number_format, formula=True)
