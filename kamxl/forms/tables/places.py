"""Where the tables of one book stand: references are asked for by table and column.

An unknown one raises while the book is built, so no formula of a book can refer to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kamxl.forms.paper.book import Sheet, absolute
from kamxl.forms.paper.raw import a1

if TYPE_CHECKING:
    from kamxl.forms.tables.declared import Table


class UnknownReferenceError(LookupError):
    """A formula, a drop-down or a rule names a table or a column that there is not."""


def here(row: int, column: int) -> str:
    """A cell as seen from its own row: "$C7"."""
    return "$" + a1(row, column)


def fixed(row: int, column: int) -> str:
    """A cell wherever it is named on its own sheet: "$C$7"."""
    return absolute(a1(row, column))


def fixed_span(row: int, column: int, last_row: int, last_column: int) -> str:
    """Cells wherever they are named on their own sheet: "$C$7:$C$9"."""
    return f"{fixed(row, column)}:{fixed(last_row, last_column)}"


class At:
    """The tables of one book in one language, and the ranges that drop-downs take besides."""

    def __init__(
        self,
        tables: Iterable[Table[Any]],
        language: str,
        offers: Mapping[str, str] | None = None,
    ) -> None:
        self._tables = {table.key: table for table in tables}
        self._offers = offers or {}
        self.language = language

    def table(self, key: str) -> Table[Any]:
        """A table by its key."""
        if key not in self._tables:
            raise UnknownReferenceError(f"no table {key!r}; there are {', '.join(self._tables)}")
        return self._tables[key]

    def index(self, table: str, column: str) -> int:
        """The column on its sheet, from 1."""
        held = self.table(table)
        for place, one in enumerate(held.columns, 1):
            if one.id == column:
                return place
        names = ", ".join(one.id for one in held.columns)
        raise UnknownReferenceError(f"no column {column!r} in {table!r}; there are {names}")

    def side_by_side(self, table: str, columns: Sequence[str]) -> tuple[int, int]:
        """The first and the last of some columns, which must have no other between them."""
        places = sorted(self.index(table, column) for column in columns)
        if places[-1] - places[0] >= len(places):
            raise UnknownReferenceError(f"{', '.join(columns)} do not stand together in {table!r}")
        return places[0], places[-1]

    def own(self, table: str, column: str) -> str:
        """All prepared cells of a column, from its own sheet: "$A$7:$A$506"."""
        held, index = self.table(table), self.index(table, column)
        return fixed_span(held.first_row, index, held.last_row, index)

    def all(self, table: str, column: str) -> str:
        """The same, from any sheet: "'Konten'!$A$7:$A$506"."""
        held = self.table(table)
        return self._sheet(held).ref(*self.own(table, column).replace("$", "").split(":"))

    def first(self, table: str, column: str, rows: int) -> str:
        """The first so many cells of a column, from any sheet."""
        held, index = self.table(table), self.index(table, column)
        last = held.first_row + rows - 1
        return self._sheet(held).ref(a1(held.first_row, index), a1(last, index))

    def cell(self, table: str, column: str, row: int) -> str:
        """The cell of a column in a row of its sheet, from any sheet."""
        return self._sheet(self.table(table)).ref(a1(row, self.index(table, column)))

    def on(self, table: str, cell: str) -> str:
        """A cell on the sheet of a table, from any sheet."""
        return self._sheet(self.table(table)).ref(cell.replace("$", ""))

    def row(self, table: str, row: int | None = None) -> Here:
        """One row of a table, the first if none is named."""
        return Here(self, table, row or self.table(table).first_row)

    def offered(self, ref: str) -> str:
        """The range whose values a drop-down offers: "accounts.id", or one given besides."""
        if ref in self._offers:
            return self._offers[ref]
        table, _, column = ref.partition(".")
        return self.all(table, column)

    def _sheet(self, table: Table[Any]) -> Sheet:
        return Sheet(table.key, table.title(self.language))


@dataclass(frozen=True, slots=True)
class Here:
    """One row of a table: ``at("name")`` is its cell of a column as seen from the row, "$B7"."""

    book: At
    key: str
    row: int

    def __call__(self, column: str) -> str:
        return here(self.row, self.book.index(self.key, column))

    @property
    def table(self) -> Table[Any]:
        """The table itself."""
        return self.book.table(self.key)

    def own(self, column: str) -> str:
        """All cells of a column of its own table, from its own sheet."""
        return self.book.own(self.key, column)

    def all(self, table: str, column: str) -> str:
        """All cells of a column of any table, from any sheet."""
        return self.book.all(table, column)

    def span(self, columns: Sequence[str]) -> str:
        """Its cells of columns that stand side by side: "$D7:$J7"."""
        first, last = self.book.side_by_side(self.key, columns)
        return f"{here(self.row, first)}:{here(self.row, last)}"
