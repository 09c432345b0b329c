"""A sheet's cells as blocks for an open workbook: whole ranges at once, text that stays text."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby

from kamxl.excel.live.bridge import xw
from kamxl.excel.writing.cells import serial
from kamxl.forms.paper.book import Content, Formula, Sheet, Slot
from kamxl.forms.paper.packed import extent, heights_of

_SHEET = re.compile(r"'((?:[^']|'')+)'!")
_CELLS_AT_ONCE = 20_000
Titles = Mapping[str, str]  # a sheet's title as drawn to its title in the open workbook


def size_of(sheet: Sheet) -> tuple[int, int]:
    """The last row and column of a description."""
    _, _, *last = extent(sheet)
    return last[0], last[1]


def write(live: xw.Sheet, sheet: Sheet, titles: Titles) -> None:
    """Write every cell of a description, from A1 on, in blocks of whole rows."""
    rows, columns = size_of(sheet)
    step = max(_CELLS_AT_ONCE // columns, 1)
    for first in range(1, rows + 1, step):
        last = min(first + step - 1, rows)
        block = [_line(sheet, row, columns, titles) for row in range(first, last + 1)]
        live.range((first, 1), (last, columns)).formula = block


def _line(sheet: Sheet, row: int, columns: int, titles: Titles) -> list[str | float | bool]:
    cells = (sheet.cells.get((row, column)) for column in range(1, columns + 1))
    return [entered(cell.content if cell else None, titles) for cell in cells]


def enter(live: xw.Sheet, cells: Mapping[tuple[int, int], Content], fresh: Iterable[int]) -> None:
    """Enter single cells, and make the rows that are ``fresh`` as high as their texts."""
    for place, content in cells.items():
        live.range(place).value = entered(content, {})
    for row in fresh:
        with contextlib.suppress(Exception):  # it is as high as before, and the text is there
            live.range(f"{row}:{row}").rows.autofit()


def entered(content: Content, titles: Titles) -> str | float | bool:
    """A content as it is entered: only our own formulas become formulas.

    Every text gets Excel's apostrophe: without it "=1+1", "-5" or "2026-05" from outside would
    turn into a formula, a number or a date.
    """
    if content is None or content == "":
        return ""
    if isinstance(content, Formula):
        return "=" + renamed(content.text, titles)
    if isinstance(content, str):
        return "'" + content
    if isinstance(content, Slot):
        raise TypeError(f"the slot {content.key!r} is not filled")
    if isinstance(content, date):
        number = serial(content)
        return "'" + content.isoformat() if number is None else number
    return content


def renamed(text: str, titles: Titles) -> str:
    """A formula or reference in which sheets have the titles of the open workbook."""

    def title(match: re.Match[str]) -> str:
        drawn = match[1].replace("''", "'")
        return "'" + titles.get(drawn, drawn).replace("'", "''") + "'!"

    return _SHEET.sub(title, text)


def set_heights(live: xw.Sheet, sheet: Sheet) -> None:
    """The rows' heights, one call for each run of equal ones."""
    for first, last, height in runs(heights_of(sheet)):
        live.range(f"{first}:{last}").row_height = height


def runs(heights: Mapping[int, float]) -> Iterator[tuple[int, int, float]]:
    """First row, last row and height of each run of neighbours that are equally high."""
    pairs = enumerate(sorted(heights.items()))
    for _, run in groupby(pairs, lambda pair: (pair[1][0] - pair[0], pair[1][1])):
        rows = [row for _, row in run]
        yield rows[0][0], rows[-1][0], rows[0][1]
