"""What people do to the rows of a sheet, done by LibreOffice, and what is wrong afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from tests.engines.office import OfficeBook

_ERRORS = 4  # of the kinds of results of formulas


class Error(NamedTuple):
    """A cell that shows an error."""

    sheet: str
    row: int
    column: int


class Rows:
    """The rows of one sheet, from 1, the records of its table from ``first`` on."""

    def __init__(self, book: OfficeBook, title: str, first: int) -> None:
        self.book, self.title, self.first = book, title, first
        self.sheet = book.sheet(title).sheet

    @property
    def _used(self) -> Any:
        cursor = self.sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        return cursor.RangeAddress

    @property
    def last(self) -> int:
        """The last row that holds anything, be it prepared."""
        return int(self._used.EndRow) + 1

    @property
    def columns(self) -> int:
        """How many columns hold anything."""
        return int(self._used.EndColumn) + 1

    def values(self) -> list[tuple[Any, ...]]:
        """All cells, from A1 on."""
        whole = self._cells(1, self.last)
        return list(whole.getDataArray())

    def filled(self) -> list[int]:
        """The rows of the records: those with anything in the first three columns."""
        rows = enumerate(self.values(), 1)
        return [at for at, row in rows if at >= self.first and any(v != "" for v in row[:3])]

    def _cells(self, first: int, last: int) -> Any:
        return self.sheet.getCellRangeByPosition(0, first - 1, self.columns - 1, last - 1)

    def delete(self, row: int, count: int = 1) -> None:
        self.sheet.Rows.removeByIndex(row - 1, count)

    def insert(self, row: int, *values: object) -> None:
        """A row above this one, with something typed into its first cells."""
        self.sheet.Rows.insertByIndex(row - 1, 1)
        for column, value in enumerate(values):
            self.write(row, column + 1, value)

    def write(self, row: int, column: int, value: object) -> None:
        cell = self.sheet.getCellByPosition(column - 1, row - 1)
        if isinstance(value, str):
            cell.setString(value)
        elif value is not None:
            cell.setValue(value)

    def sort(self, column: int) -> None:
        """All rows from the first on by a column, the last first."""
        office = self.book.office
        by = office.struct("table.TableSortField")
        by.Field, by.IsAscending = column - 1, False
        fields = office.any("[]com.sun.star.table.TableSortField", (by,))
        given = office.properties(SortFields=fields, ContainsHeader=False)
        self._cells(self.first, self.last).sort(given)

    def cut(self, row: int, to: int) -> None:
        """A whole row cut and pasted into another one."""
        target = self.sheet.getCellByPosition(0, to - 1).CellAddress
        self.sheet.moveRange(target, self._cells(row, row).RangeAddress)


Change = tuple[str, Callable[[], None]]


def worst(rows: Rows) -> Iterator[Change]:
    """What breaks most, of ``everything``."""
    filled = rows.filled() or [rows.first]
    first, middle, last = filled[0], filled[len(filled) // 2], filled[-1]
    yield "delete the first", lambda: rows.delete(first)
    yield "delete the last", lambda: rows.delete(last)
    yield "delete all", lambda: rows.delete(first, last - first + 1)
    yield "insert in the middle", lambda: rows.insert(middle)
    yield "sort by the second column", lambda: rows.sort(2)


def everything(rows: Rows) -> Iterator[Change]:
    """What is tried with a sheet: a name, and how it is done."""
    yield from worst(rows)
    filled = rows.filled() or [rows.first]
    yield "delete one in the middle", lambda: rows.delete(filled[len(filled) // 2])
    yield "delete several", lambda: rows.delete(filled[0], 3)
    yield "insert above the first", lambda: rows.insert(filled[0])
    yield "insert above the last prepared", lambda: rows.insert(rows.last)
    yield "insert below the last prepared", lambda: rows.insert(rows.last + 1)


@contextmanager
def undone(book: OfficeBook) -> Iterator[None]:
    """All that is done inside is taken back afterwards."""
    known = book.document.UndoManager
    before = len(known.getAllUndoActionTitles())
    yield
    while len(known.getAllUndoActionTitles()) > before:
        known.undo()


def errors(book: OfficeBook) -> list[Error]:
    """The cells that show an error once everything is calculated again."""
    book.document.calculateAll()
    found = []
    for title in book.document.Sheets.ElementNames:
        wrong = book.document.Sheets.getByName(title).queryFormulaCells(_ERRORS)
        for area in wrong.RangeAddresses:
            for row in range(area.StartRow, area.EndRow + 1):
                for column in range(area.StartColumn, area.EndColumn + 1):
                    found.append(Error(title, row + 1, column + 1))
    return found
