"""What the two binary kinds of workbook, .xls and .xlsb, have in common."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import isfinite

from kamxl.excel.reading.limits import Meter, too_large, unreadable
from kamxl.excel.reading.parts import BUILTIN, Strings, struck_of
from kamxl.excel.reading.sheet import (
    LAST_COLUMN,
    LAST_ROW,
    Area,
    Cells,
    count_from_1904,
    mark_covered,
    mark_results,
)
from kamxl.forms.paper.raw import RawCell, RawKind, RawNote, RawSheet, a1

STRUCK = 0x8  # among the flags of a font
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}

Value = tuple[RawKind, str, float | None]


def a_number(value: float) -> Value:
    """A stored number; only finite ones are."""
    if not isfinite(value):
        raise unreadable("number")
    return RawKind.NUMBER, f"{value:.15g}", value


def of_rk(packed: int) -> Value:
    """A number packed into 32 bits: whole or the upper half of a real one, perhaps a hundredth."""
    if packed & 2:
        value = float((packed ^ 0x80000000) - 0x80000000 >> 2)
    else:
        value = struct.unpack("<d", bytes(4) + struct.pack("<I", packed & 0xFFFFFFFC))[0]
    return a_number(value / 100 if packed & 1 else value)


def a_truth(value: int) -> Value:
    """A stored truth."""
    return RawKind.BOOLEAN, "TRUE" if value else "FALSE", None


def an_error(code: int) -> Value:
    """A stored error."""
    return RawKind.ERROR, _ERRORS.get(code, "#?"), None


@dataclass
class Looks:
    """Fonts (struck out or not), format codes, and how each style of cells puts them together."""

    fonts: list[bool] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=lambda: dict(BUILTIN))
    styles: list[tuple[int, int]] = field(default_factory=list)  # font, format

    def look(self, style: int) -> tuple[str, bool]:
        """Format code and whether it strikes out."""
        font, number = self.styles[style]
        return self.formats.get(number) or "General", self.strikes(font)

    def strikes(self, font: int) -> bool:
        """Whether a font strikes out."""
        return font < len(self.fonts) and self.fonts[font]

    def add(
        self, strings: Strings, text: str, runs: Sequence[tuple[int, int]], meter: Meter
    ) -> None:
        """One more shared text; ``runs``: where a font begins."""
        meter.count_string()
        meter.text += len(text)
        if meter.text > meter.limits.text:
            raise too_large("text")
        struck = self.struck(text, runs)
        if struck is not None:
            strings.struck[len(strings.texts)] = struck
        strings.texts.append(text)

    def struck(self, text: str, runs: Sequence[tuple[int, int]]) -> bool | None:
        """Whether a text is struck out by its runs; None: as its cell is."""
        if not any(self.strikes(font) for _, font in runs):
            return False if runs and runs[0][0] == 0 else None
        edges = [(0, None), *((at, self.strikes(font)) for at, font in runs), (len(text), None)]
        said = [struck for (at, struck), (end, _) in pairwise(edges) if text[at:end].strip()]
        return struck_of(text, said)


class BinarySheet:
    """One sheet while its records are read."""

    def __init__(self, title: str, strings: Strings, looks: Looks, meter: Meter) -> None:
        self.title, self.strings, self.looks, self.meter = title, strings, looks, meter
        self.cells: Cells = {}
        self.results: list[Area] = []
        self.merged: list[Area] = []

    def put(
        self, row: int, column: int, style: int, value: Value | None, *, formula: bool = False
    ) -> None:
        """A cell with content; ``value`` None: a formula's that is not there."""
        self.meter.count_cell()
        place = row, column
        if not (0 < row <= LAST_ROW and 0 < column <= LAST_COLUMN):
            raise unreadable("address", str(place))
        if place in self.cells:
            raise unreadable("duplicate-cell", a1(*place))
        code, struck = self.looks.look(style)
        kind, text, number = value or (RawKind.TEXT, "", None)
        if kind is RawKind.TEXT:
            self.meter.count_shown(text)
            if not (text or formula):
                return
        self.cells[place] = RawCell(kind, text, number, code, formula, struck)

    def put_shared(self, row: int, column: int, style: int, index: int) -> None:
        """A cell that points to a shared text."""
        self.put(row, column, style, (RawKind.TEXT, self.strings.texts[index], None))
        struck = self.strings.struck.get(index)
        self.strike(row, column, struck)

    def strike(self, row: int, column: int, struck: bool | None) -> None:
        """What a text says of itself goes before what its cell says."""
        cell = self.cells.get((row, column))
        if cell is not None and struck not in (None, cell.struck):
            self.cells[row, column] = RawCell(
                cell.kind, cell.text, cell.number, cell.number_format, cell.formula, bool(struck)
            )

    def done(self, notes: tuple[RawNote, ...], since_1904: bool) -> RawSheet:
        """The sheet, whole."""
        mark_results(self.cells, self.results)
        mark_covered(self.cells, self.merged)
        if since_1904:
            count_from_1904(self.cells)
        return RawSheet(self.title, self.cells, notes)


def one_title_each(titles: Sequence[str], meter: Meter) -> None:
    """Refused: two sheets of one title, or more sheets than anybody has."""
    if len(titles) > meter.limits.sheets:
        raise too_large("sheets")
    if len({title.lower() for title in titles}) < len(titles):
        raise unreadable("duplicate-sheet")
