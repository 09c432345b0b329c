"""The cells that a reference of a book points at."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kamxl.forms.paper.book import Book, Cell
from kamxl.forms.paper.raw import column_number

_AREA = re.compile(r"\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?")


def cells_of(reference: str, book: Book) -> Sequence[Cell | None]:
    """ "'Sheet'!$C$5:$C$9" as cells, row by row; of a place that is not there, none."""
    title, _, area = reference.rpartition("!")
    if title.startswith("'"):
        title = title[1:-1].replace("''", "'")
    sheet = next((sheet for sheet in book.sheets if sheet.title == title), None)
    found = _AREA.fullmatch(area)
    if sheet is None or found is None:
        return []
    left, top, right, bottom = found.groups()
    columns = range(column_number(left), column_number(right or left) + 1)
    rows = range(int(top), int(bottom or top) + 1)
    return [sheet.cells.get((row, column)) for row in rows for column in columns]
