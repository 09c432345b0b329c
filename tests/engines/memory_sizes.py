"""Columns of a worksheet in memory: files describe neighbours that are alike as one group."""

from __future__ import annotations

from copy import copy
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension


def column(sheet: Any, at: int) -> Any:
    """The description that holds for a column, if there is one."""
    for found in sheet.column_dimensions.values():
        low, high = _span(found)
        if low <= at <= high:
            return found
    return None


def _span(found: Any) -> tuple[int, int]:
    found.reindex()
    return found.min, found.max


def group_apart(sheet: Any, at: int) -> Any:
    """The column's own description, taken out of its group."""
    found = column(sheet, at)
    if found is None:
        return sheet.column_dimensions[get_column_letter(at)]
    low, high = _span(found)
    if low == high:
        return found
    sheet.column_dimensions.pop(found.index)
    for first, last in ((low, at - 1), (at, at), (at + 1, high)):
        if first <= last:
            _part(sheet, found, first, last)
    return sheet.column_dimensions[get_column_letter(at)]


def _part(sheet: Any, found: Any, first: int, last: int) -> None:
    letter = get_column_letter(first)
    part = ColumnDimension(
        sheet, letter, found.width, found.bestFit, found.hidden, found.outlineLevel,
        None, found.collapsed, None, first, last,
    )  # fmt: skip
    part._style = copy(found._style)
    sheet.column_dimensions[letter] = part
