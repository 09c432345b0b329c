"""References as text: taken apart, and what they point at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kamxl.forms.paper.raw import column_number

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, rows and columns from 1, on a sheet ("": not said)."""

    sheet: str
    row: int
    column: int
    last_row: int
    last_column: int

    @property
    def places(self) -> list[tuple[int, int]]:
        """All cells, row by row."""
        columns = range(self.column, self.last_column + 1)
        return [(row, column) for row in range(self.row, self.last_row + 1) for column in columns]

    def meets(self, other: Area) -> bool:
        """Whether two areas of the same sheet share a cell."""
        return (
            self.row <= other.last_row
            and other.row <= self.last_row
            and self.column <= other.last_column
            and other.column <= self.last_column
        )


def area(text: str) -> Area:
    """ "'Sheet'!$B$4:$C$9", with or without sheet, as an area; ValueError: it is none."""
    sheet, _, cells = text.rpartition("!")
    if sheet.startswith("'") and sheet.endswith("'") and len(sheet) > 2:
        sheet = sheet[1:-1].replace("''", "'")
    first, colon, last = cells.partition(":")
    row, column = _cell(first, text)
    last_row, last_column = _cell(last, text) if colon else (row, column)
    if last_row < row or last_column < column:
        raise ValueError(f"{text!r} runs backwards")
    return Area(sheet, row, column, last_row, last_column)


def areas(text: str) -> list[Area]:
    """ "D10:D20 F10:F20" as areas."""
    found = [area(part) for part in text.split()]
    if not found:
        raise ValueError("a range is empty")
    return found


def _cell(text: str, whole: str) -> tuple[int, int]:
    match = _CELL.fullmatch(text)
    if match:
        column = column_number(match[1].upper())
        if column <= LAST_COLUMN and int(match[2]) <= LAST_ROW:
            return int(match[2]), column
    raise ValueError(f"{whole!r} is no reference to cells")
