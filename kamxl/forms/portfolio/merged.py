"""Which earlier portfolios a portfolio holds, told by itself in a cell that shows nothing.

The dated files beside Portfolio.xlsx stay where they are for ever. What was carried over from one
is not read again: it costs time, and what a manager deleted since would come back. That is told by
the bytes of the file, and in the portfolio itself: one that is restored or deleted knows nothing of
what came later, and a file that changed is another one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum

from kamxl.forms.paper.book import Book, Cell, Sheet
from kamxl.forms.paper.packed import copied, loose
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.portfolio import prints
from kamxl.forms.portfolio.reading import shown_sheets

DIGITS = 32  # of a file's digest
_SHEET = "accounts"  # what is carried over stands there first of all
_MOST = 900  # that are told: a cell holds 32,767 letters
_TOLD = re.compile(rf"([0-9a-f]{{{DIGITS}}})([a-z])")


class Holds(Enum):
    """How much of an earlier portfolio the next one holds."""

    ALL = "a"  # there is nothing else in it
    MOST = "m"  # all that can be carried over; it is kept for the rest, or cannot be read
    PARTLY = "p"  # some of it had no place; there may be one another time


def merged_in(raw: RawBook) -> dict[str, Holds]:
    """The portfolios that one says to hold, by their digests."""
    sheet = shown_sheets(raw).get(_SHEET)
    known = {one.value: one for one in Holds}
    return {
        digest: known[how]
        for cell in (sheet.cells.values() if sheet else ())
        if prints.is_stamp(cell) and cell.text.startswith(prints.OTHER)
        for digest, how in _TOLD.findall(cell.text)
        if how in known
    }


def telling(book: Book, merged: Mapping[str, Holds], like: Book | None = None) -> Book:
    """The book, saying which portfolios it holds; ``like``: one that says it in the same cell.

    As with the prints, the cell is a free one of the first row. A portfolio so large that its sheet
    has no prints says nothing, and the others are read again.
    """
    column = _free((like or book).sheet(_SHEET))
    if not merged or column is None:
        return book
    told = "".join(f"{one}{how.value}" for one, how in sorted(merged.items())[:_MOST])
    return replace(book, sheets=[_with(sheet, column, told) for sheet in book.sheets])


def _with(sheet: Sheet, column: int, told: str) -> Sheet:
    if sheet.key != _SHEET:
        return sheet
    cell = Cell(prints.OTHER + told, prints.UNSEEN)
    made = copied(sheet)
    made.cells[1, column] = cell
    return made


def _free(sheet: Sheet) -> int | None:
    """A column left of the prints."""
    first = {column: cell for (row, column), cell in loose(sheet).items() if row == 1}
    stamps = [c for c, cell in first.items() if str(cell.content).startswith(prints.START)]
    return next((c for c in range(min(stamps, default=0) - 1, 1, -1) if c not in first), None)
