"""The cells of a card: what every peer that writes has to write, and every one that reads, to read.

What only kamxl writes besides (rules for what may be typed, conditional formats, pictures, page
setup) is asked of nobody else: that makes it easier for the others.
"""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

CARD, CELLS, ANSWER, TITLES = "card.xlsx", "cells.json", "answer.xlsx", "titles.json"
Value = str | float | bool | None
Places = dict[str, dict[tuple[int, int], Value]]  # by sheet, row and column


class Style(NamedTuple):
    """How a cell looks, as people write it."""

    bold: bool
    size: float | None
    color: str | None
    fill: str | None
    number: str
    across: str | None
    wrap: bool
    line: str | None
    locked: bool


class Sheet(NamedTuple):
    """A sheet; ``cells``: row, column, value, style; widths by letter, heights by row."""

    title: str
    cells: list[tuple[int, int, Value, Style]]
    widths: dict[str, float]
    heights: dict[int, float]


def loaded(data: bytes, **options: bool) -> Any:
    """The workbook as openpyxl has it, which tells what it does not keep."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data), **options)


def sheets_of(card: bytes) -> list[Sheet]:
    """All cells of a card that say something or look like something."""
    return [
        Sheet(
            sheet.title,
            [
                (cell.row, cell.column, cell.value, _style(cell))
                for row in sheet.iter_rows()
                for cell in row
                if cell.value is not None or cell.has_style
            ],
            {key: one.width for key, one in sheet.column_dimensions.items()},
            {key: one.height for key, one in sheet.row_dimensions.items() if one.height},
        )
        for sheet in loaded(card).worksheets
    ]


def _style(cell: Any) -> Style:
    color = cell.font.color.rgb if cell.font.color is not None else None
    return Style(
        bool(cell.font.b),
        cell.font.sz,
        color if isinstance(color, str) else None,
        cell.fill.fgColor.rgb if cell.fill.fill_type else None,
        cell.number_format,
        cell.alignment.horizontal,
        bool(cell.alignment.wrap_text),
        cell.border.bottom.style if cell.border.bottom else None,
        bool(cell.protection.locked),
    )


def kept(folder: Path, card: bytes, answer: bytes) -> int:
    """Put there what the peers need: an empty card, its cells, an answer; how many cells it has."""
    sheets = sheets_of(card)
    (folder / CARD).write_bytes(card)
    (folder / ANSWER).write_bytes(answer)
    (folder / CELLS).write_text(json.dumps(sheets), encoding="utf-8")
    (folder / TITLES).write_text(json.dumps(_typed_in(sheets)), encoding="utf-8")
    return sum(len(sheet.cells) for sheet in sheets)


def _typed_in(sheets: Iterable[Sheet]) -> list[str]:
    """The sheets that a customer types into, the one with the most cells to type into first."""
    free = {s.title: sum(not style.locked for *_, style in s.cells) for s in sheets}
    return sorted((title for title in free if free[title]), key=lambda title: -free[title])


def sheets_in(folder: Path) -> list[Sheet]:
    """The cells that were kept there."""
    return [
        Sheet(
            title,
            [(row, column, value, Style(*style)) for row, column, value, style in cells],
            widths,
            {int(row): height for row, height in heights.items()},
        )
        for title, cells, widths, heights in json.loads((folder / CELLS).read_text("utf-8"))
    ]


def titles_in(folder: Path) -> list[str]:
    """The sheets that are typed into; the table is the first."""
    return [str(title) for title in json.loads((folder / TITLES).read_text(encoding="utf-8"))]


def places(rows: Iterable[Sequence[Any]], row: int = 1, column: int = 1) -> dict[Any, Value]:
    """What rows of values say, by place; blank is nothing. ``row``, ``column``: of the first."""
    return {
        (row + r, column + c): value
        for r, line in enumerate(rows)
        for c, value in enumerate(line)
        if value not in (None, "")
    }


def written(data: bytes) -> Places:
    """What a workbook says, formulas as such, by sheet and place."""
    return {
        sheet.title: places(sheet.iter_rows(min_row=1, min_col=1, values_only=True))
        for sheet in loaded(data).worksheets
    }
