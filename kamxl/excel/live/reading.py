"""An open workbook as raw cells, like a file that was read: the forms find their tables in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from kamxl.excel.live.bridge import xw
from kamxl.excel.writing.cells import serial
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet

Cells = Mapping[tuple[int, int], RawCell]


def raw_sheet(sheet: xw.Sheet, rows: int | None = None) -> RawSheet:
    """The values of a sheet (its first ``rows``), read in one block."""
    used = sheet.used_range
    top, left = used.row, used.column
    height, width = used.shape
    if rows is not None:
        height = max(min(height, rows - top + 1), 1)
    block = sheet.range((top, left), (top + height - 1, left + width - 1))
    cells = {}
    for r, line in enumerate(block.options(ndim=2).value):
        for c, value in enumerate(line):
            cell = _cell(value)
            if cell is not None:
                cells[top + r, left + c] = cell
    return RawSheet(sheet.name, cells)


def raw_book(book: xw.Book) -> RawBook:
    """All sheets of an open workbook."""
    return RawBook(tuple(raw_sheet(sheet) for sheet in book.sheets))


def says_the_same(live: RawBook, stored: RawBook) -> bool:
    """Whether what was entered into an open workbook is what a file of it holds.

    Formulas are left out: each program keeps results of its own.
    """
    there, file = ({s.title: s.cells for s in book.sheets} for book in (live, stored))
    return there.keys() == file.keys() and all(
        _entries_match(there[title], file[title]) for title in file
    )


def _entries_match(live: Cells, file: Cells) -> bool:
    entered = {place for place, cell in file.items() if not _unclear(cell)}
    told = {place for place in live if place not in file or not _unclear(file[place])}
    return all(
        _entry(live.get(place)) == _entry(file.get(place)) for place in sorted(entered | told)
    )


def _unclear(cell: RawCell) -> bool:
    return cell.formula or cell.kind is RawKind.ERROR


def _entry(cell: RawCell | None) -> str | float | None:
    """What a cell holds, whichever type it came as."""
    if cell is None or cell.text == "":
        return None
    if cell.kind is RawKind.DATE:
        counted = serial(datetime.fromisoformat(cell.text))
        return cell.text if counted is None else round(counted, 4)
    if cell.number is not None:
        return round(cell.number, 4) if abs(cell.number) < 1e9 else float(f"{cell.number:.12g}")
    if cell.kind is RawKind.BOOLEAN:
        return str(cell.text in ("1", "TRUE"))
    return cell.text.replace("\r\n", "\n")


def extent(sheet: xw.Sheet) -> tuple[int, int]:
    """The last row and column that hold, or held, anything."""
    used = sheet.used_range
    return used.row + used.shape[0] - 1, used.column + used.shape[1] - 1


def _cell(value: Any) -> RawCell | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return RawCell(RawKind.BOOLEAN, str(value).upper())
    if isinstance(value, int | float):
        return RawCell(RawKind.NUMBER, f"{value:.15g}", float(value))
    if isinstance(value, date | datetime):
        return RawCell(RawKind.DATE, value.isoformat())
    return RawCell(RawKind.TEXT, str(value))


def formula_rows(sheet: xw.Sheet) -> frozenset[int]:
    """The rows of a sheet in which a formula stands."""
    used = sheet.used_range
    found: Any = used.formula
    lines = found if isinstance(found, list | tuple) else ((found,),)
    if lines and not isinstance(lines[0], list | tuple):  # a single row, or a single column
        lines = (lines,) if used.shape[0] == 1 else [(one,) for one in lines]
    return frozenset(
        used.row + n
        for n, line in enumerate(lines)
        if any(isinstance(one, str) and one.startswith("=") for one in line)
    )
