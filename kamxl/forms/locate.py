"""Finding a table again in a sheet that has been through many hands.

Each of our tables carries a *key row* (small grey ids under its headers: "id", "weight", "us", ...)
and an id column. Both are cell values: the only anchor that every program, a copied sheet and a CSV
keep. Nothing here depends on a position.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kamxl.forms.fields import plain
from kamxl.forms.raw import RawBook, RawCell, RawSheet


@dataclass(frozen=True, slots=True)
class Located:
    """A table found: ``columns`` maps each key (casefolded) to its columns, left to right.

    More than one column for a key means that somebody copied a column. Data stands below ``row``.
    """

    sheet: RawSheet
    row: int
    columns: Mapping[str, tuple[int, ...]]

    def cell(self, row: int, key: str) -> RawCell | None:
        """The cell of a row under a key; None if it is empty or there is no such column."""
        columns = self.columns.get(key.casefold())
        return self.sheet.cells.get((row, columns[0])) if columns else None

    def column(self, key: str) -> int | None:
        """The first column of a key."""
        columns = self.columns.get(key.casefold())
        return columns[0] if columns else None

    @property
    def last_row(self) -> int:
        """The last row with anything in it."""
        return max((row for row, _ in self.sheet.cells), default=self.row)

    def rows(self) -> Iterable[int]:
        """The rows below the key row that hold anything, from the top."""
        return sorted({row for row, _ in self.sheet.cells if row > self.row})


def rows_of(sheet: RawSheet) -> dict[int, dict[int, str]]:
    """The texts of a sheet by row and column, as a person sees them."""
    found: dict[int, dict[int, str]] = {}
    for (row, column), cell in sheet.cells.items():
        if cell.text:
            found.setdefault(row, {})[column] = plain(cell.text)
    return found


def find_table(sheet: RawSheet, needed: Iterable[str]) -> Located | None:
    """The first row that holds all ``needed`` keys (compared without case), or None."""
    wanted = {key.casefold() for key in needed}
    for row, texts in sorted(rows_of(sheet).items()):
        keys: dict[str, tuple[int, ...]] = {}
        for column, seen in sorted(texts.items()):
            folded = seen.casefold()
            keys[folded] = (*keys.get(folded, ()), column)
        if wanted <= keys.keys():
            return Located(sheet, row, keys)
    return None


def find_sheet(book: RawBook, needed: Iterable[str]) -> Located | None:
    """The first table of the book with these keys."""
    keys = tuple(needed)
    for sheet in book.sheets:
        located = find_table(sheet, keys)
        if located:
            return located
    return None


def find_texts(book: RawBook, pattern: re.Pattern[str]) -> list[tuple[RawSheet, int, int, str]]:
    """Every cell whose whole text matches: (sheet, row, column, text), in reading order."""
    found = []
    for sheet in book.sheets:
        for (row, column), cell in sorted(sheet.cells.items()):
            if cell.text and pattern.fullmatch(cell.text.strip()):
                found.append((sheet, row, column, cell.text.strip()))
    return found


def name_target(book: RawBook, name: str) -> tuple[RawSheet, int, int, int, int] | None:
    """Where a defined name points: (sheet, first row, first column, last row, last column)."""
    reference = book.names.get(name.lower(), "")
    match = re.fullmatch(
        r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?",
        reference.lstrip("="),
    )
    if match is None:
        return None
    title = (match[1] or match[2]).replace("''", "'")
    sheet = next((s for s in book.sheets if s.title == title), None)
    if sheet is None:
        return None
    row, column = int(match[4]), column_index(match[3])
    return sheet, row, column, int(match[6] or row), column_index(match[5] or match[3])


def column_index(letters: str) -> int:
    """ "A" is 1, "AA" is 27."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index
