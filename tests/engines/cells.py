"""Addresses, and what Excel makes of a text that is entered into a cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from openpyxl.utils import column_index_from_string, get_column_letter

from tests.engines.strict import ExcelError

ROWS, COLUMNS = 1048576, 16384
EPOCH = dt.datetime(1899, 12, 30)
# as COM hands them out
ERRORS = {
    "#DIV/0!": -2146826281,
    "#N/A": -2146826246,
    "#NAME?": -2146826259,
    "#NULL!": -2146826288,
    "#NUM!": -2146826252,
    "#REF!": -2146826265,
    "#VALUE!": -2146826273,
}


class Box(NamedTuple):
    """A rectangle of cells: its first row and column, both from 1, and its size."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @property
    def last_row(self) -> int:
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        return self.column + self.columns - 1

    def address(self, absolute_row: bool = True, absolute_column: bool = True) -> str:
        """The reference as Excel writes it: $A$1, $A$1:$B$2."""
        row, column = "$" * absolute_row, "$" * absolute_column
        first = f"{column}{get_column_letter(self.column)}{row}{self.row}"
        last = f"{column}{get_column_letter(self.last_column)}{row}{self.last_row}"
        return first if (self.rows, self.columns) == (1, 1) else f"{first}:{last}"

    @property
    def plain(self) -> str:
        """A1:B2, as files write it."""
        return self.address(False, False)

    def cells(self) -> Iterator[tuple[int, int]]:
        """All (row, column), row by row."""
        for row in range(self.row, self.last_row + 1):
            for column in range(self.column, self.last_column + 1):
                yield row, column

    def meet(self, other: Box) -> Box | None:
        """The part both have, or nothing."""
        row, column = max(self.row, other.row), max(self.column, other.column)
        last_row = min(self.last_row, other.last_row)
        last_column = min(self.last_column, other.last_column)
        if last_row < row or last_column < column:
            return None
        return Box(row, column, last_row - row + 1, last_column - column + 1)

    def without(self, other: Box) -> list[Box]:
        """What is left of this one when the other is cut out."""
        cut = self.meet(other)
        if cut is None:
            return [self]
        below, right = self.last_row - cut.last_row, self.last_column - cut.last_column
        parts = [
            Box(self.row, self.column, cut.row - self.row, self.columns),
            Box(cut.last_row + 1, self.column, below, self.columns),
            Box(cut.row, self.column, cut.rows, cut.column - self.column),
            Box(cut.row, cut.last_column + 1, cut.rows, right),
        ]
        return [part for part in parts if part.rows > 0 and part.columns > 0]


def spanning(first: Box, second: Box) -> Box:
    """The smallest rectangle that holds both."""
    row, column = min(first.row, second.row), min(first.column, second.column)
    last_row = max(first.last_row, second.last_row)
    last_column = max(first.last_column, second.last_column)
    return Box(row, column, last_row - row + 1, last_column - column + 1)


_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")
_COLUMN = re.compile(r"\$?([A-Za-z]{1,3})")
_ROW = re.compile(r"\$?([1-9]\d{0,6})")


def box_of(address: str) -> Box:
    """The rectangle of A1, $A$1:B2, A:C or 1:3 (without a sheet); KeyError if it is none."""
    ends = address.split(":")
    if len(ends) > 2:
        raise KeyError(address)
    parts = [_end(end, last) for end, last in zip(ends, (False, True), strict=False)]
    boxes = [part for part in parts if part]
    if len(boxes) != len(ends):
        raise KeyError(address)
    return spanning(boxes[0], boxes[-1])


def _end(text: str, last: bool) -> Box | None:
    if match := _CELL.fullmatch(text):
        return Box(int(match[2]), column_index_from_string(match[1].upper()))
    if match := _COLUMN.fullmatch(text):
        return Box(ROWS if last else 1, column_index_from_string(match[1].upper()))
    if match := _ROW.fullmatch(text):
        return Box(int(match[1]), COLUMNS if last else 1)
    return None


def split_reference(reference: str) -> tuple[str, Box]:
    """'My sheet'!$A$1:$B$2 as (sheet, rectangle)."""
    sheet, _, address = reference.lstrip("=").rpartition("!")
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return sheet, box_of(address)


def quoted(sheet: str) -> str:
    """A sheet's name as it stands in a reference."""
    return "'" + sheet.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a cell gets: a value, and what Excel makes of the cell with it.

    A formula is a text with ``formula``; ``quoted`` a text entered with an apostrophe;
    ``number_format`` what Excel sets while the cell still is General (dates, per cent).
    """

    value: float | str | bool | None
    formula: bool = False
    quoted: bool = False
    number_format: str | None = None


EMPTY = Entry(None)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+|\d{1,3}(,\d{3})+(\.\d*)?)([eE][+-]?\d+)?")
# month first, as VBA and COM read it
_DATES = (
    ("%Y-%m-%d", "yyyy-mm-dd"),
    ("%Y/%m/%d", "yyyy-mm-dd"),
    ("%m/%d/%Y", "m/d/yyyy"),
    ("%m-%d-%Y", "m/d/yyyy"),
    ("%Y-%m", "mmm-yy"),
    ("%m/%Y", "mmm-yy"),
    ("%H:%M", "h:mm"),
    ("%H:%M:%S", "h:mm:ss"),
)
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})")


def serial(moment: dt.date) -> float:
    """The number that stands for a date."""
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime(moment.year, moment.month, moment.day)
    return (moment.replace(tzinfo=None) - EPOCH) / dt.timedelta(days=1)


def entry_of(value: Any, text_format: bool = False) -> Entry:
    """What Excel makes of a value handed to ``Range.Value`` or ``Range.Formula``."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return Entry(value)
    if isinstance(value, int | float):
        return Entry(float(value))
    if isinstance(value, dt.date):
        return Entry(serial(value), number_format="m/d/yyyy")
    if not isinstance(value, str):
        raise ExcelError(f"Excel takes no {type(value).__name__}")
    if len(value) > 32767:
        raise ExcelError("a cell holds 32767 characters")
    if text_format:
        return Entry(value.removeprefix("'"), quoted=value.startswith("'"))
    return _typed(value)


def _typed(text: str) -> Entry:
    if text.startswith("'"):
        return Entry(text[1:], quoted=True)
    bare = text.strip()
    if found := _number(bare) or _moment(bare):
        return found
    if bare.upper() in ("TRUE", "FALSE"):
        return Entry(bare.upper() == "TRUE")
    if len(text) > 1 and text[0] in "=+-@":
        formula = "=" + text.lstrip("=@") if text[0] in "=@" else "=" + text
        if len(formula) > 8192:
            raise ExcelError("a formula holds 8192 characters")
        return Entry(formula, formula=True)
    return Entry("=" + bare, formula=True) if bare.upper() in ERRORS else Entry(text)


def _number(text: str) -> Entry | None:
    percent = text.endswith("%")
    digits = text.removesuffix("%").strip()
    if not _NUMBER.fullmatch(digits):
        return None
    number = float(digits.replace(",", ""))
    return Entry(number / 100, number_format="0%") if percent else Entry(number)


def _moment(text: str) -> Entry | None:
    if not text[:1].isdigit():
        return None
    for pattern, shown in _DATES:
        try:
            moment = dt.datetime.strptime(text, pattern)
        except ValueError:
            continue
        number = serial(moment)
        if pattern.startswith("%H"):
            number = (moment - moment.replace(hour=0, minute=0, second=0)) / dt.timedelta(days=1)
        return Entry(number, number_format=shown)
    match = _DAY.fullmatch(text)
    if match and int(match[1]) <= 12 and 1 <= int(match[2]) <= 28:
        this_year = dt.date.today().year
        day = dt.date(this_year, max(int(match[1]), 1), int(match[2]))
        return Entry(serial(day), number_format="d-mmm")
    return None


def shown(value: Any) -> str:
    """A constant as ``Range.Formula`` gives it: always a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.datetime):
        value = serial(value)
    if isinstance(value, int | float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
    return str(value)


def block(rows: Iterable[Iterable[Any]]) -> Any:
    """Values as COM hands them out: one alone, more as a tuple of tuples."""
    found = tuple(tuple(row) for row in rows)
    return found[0][0] if len(found) == 1 and len(found[0]) == 1 else found
