"""An open workbook as raw cells, like a file that was read: the forms find their tables in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from kamxl.excel.live.bridge import xw
from kamxl.forms.raw import RawCell, RawKind, RawSheet


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
