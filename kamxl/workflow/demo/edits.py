"""What customers do to a card in their own program: here with openpyxl, which saves it its own way.

Charts and stored results are lost on the way, as they are in some customers' programs.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import openpyxl

from kamxl.core.records.register import CardOrder
from kamxl.forms.scorecard.grid import TableGrid, size_of
from kamxl.wording.texts import texts

Edit = Callable[[Any, TableGrid], None]


def edited(data: bytes, order: CardOrder, saved: datetime, edit: Edit) -> bytes:
    """The card after ``edit`` on its table, saved at ``saved``."""
    grid = TableGrid(size_of(order))
    sheet = texts(order.language)("scorecard.table.sheet")
    return edited_sheet(data, sheet, saved, lambda found: edit(found, grid))


def edited_sheet(data: bytes, sheet: str, saved: datetime, edit: Callable[[Any], None]) -> bytes:
    """A workbook after ``edit`` on the sheet with this title, saved at ``saved``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells what it does not keep
        workbook = openpyxl.load_workbook(io.BytesIO(data))
        edit(workbook[sheet])
        made = io.BytesIO()
        workbook.save(made)
    return _saved_at(made.getvalue(), saved)


def typed(key: str, text: str) -> Callable[[Any], None]:
    """Somebody types ``text`` over the first value in the column with this key."""

    def edit(sheet: Any) -> None:
        heads = (cell for row in sheet.iter_rows() for cell in row if cell.value == key)
        head = next(heads)
        below = (sheet.cell(row, head.column) for row in range(head.row + 1, sheet.max_row + 1))
        next(cell for cell in below if cell.value is not None).value = text

    return edit


def percent_text(sheet: Any, grid: TableGrid) -> None:
    """The first rating typed as a text with a percent sign, in a column formatted as text."""
    cell = sheet.cell(grid.row(0), grid.us)
    cell.number_format = "@"
    cell.value = f"{cell.value:g} %"


def vague_rating(sheet: Any, grid: TableGrid) -> None:
    """A rating that is no number."""
    cell = sheet.cell(grid.row(1), grid.us)
    cell.value = f"ca. {cell.value:g}"


def sorted_by_weight(sheet: Any, grid: TableGrid) -> None:
    """The asked requirements sorted by weight, heaviest first, with all that is typed beside."""
    rows = [grid.row(i) for i in range(grid.size.requirements)]
    columns = [c for c in range(1, grid.comment + 1) if c != grid.gap]
    content = [[sheet.cell(row, column).value for column in columns] for row in rows]
    content.sort(key=lambda values: -(values[columns.index(grid.weight)] or 0))
    for row, values in zip(rows, content, strict=True):
        for column, value in zip(columns, values, strict=True):
            sheet.cell(row, column).value = value


def marked_as(account: str) -> Edit:
    """Somebody wrote another account into the mark."""

    def edit(sheet: Any, grid: TableGrid) -> None:
        cell = sheet.cell(grid.MARK_ROW, 1)
        parts = str(cell.value).split("|")
        cell.value = "|".join([*parts[:3], account, *parts[4:]])

    return edit


def _saved_at(data: bytes, moment: datetime) -> bytes:
    """The same workbook with ``moment`` in place of the clock that openpyxl asked."""
    stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                text = re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{stamp}", part.decode())
                part = text.encode()
            entry = zipfile.ZipInfo(name)  # dated 1980, whenever it was made
            target.writestr(entry, part, zipfile.ZIP_DEFLATED)
    return made.getvalue()
