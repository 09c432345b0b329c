"""Where tables stand in a workbook, and the references to their columns that formulas need.

A table tells its place from the declaration that draws it, so the two cannot get out of step. Who
writes formulas asks for columns by name when the book is built: one that there is not raises there.
Where there may be no rows to write, that is before any is drawn (``At.close``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Sheet, fixed_span, here, span
from kamxl.forms.paper.raw import a1

Key = tuple[str, ...]  # whose row it is: an account, its segment, a requirement in that
Rows = tuple[int, int]  # first and last
_ANY = "$A$1"  # a reference that nobody reads


class Groups(Mapping[Key, Rows]):
    """The rows of each key of a long table, found when somebody first asks for one."""

    def __init__(self, keys: Callable[[], Iterable[Key | None]], first: int) -> None:
        self._keys, self._first = keys, first

    @cached_property
    def _found(self) -> dict[Key, Rows]:
        return groups_of(self._keys(), self._first)[0]

    def __getitem__(self, key: Key) -> Rows:
        return self._found[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


class UnknownReferenceError(LookupError):
    """A formula, a drop-down or a rule names a table, a column or a range that there is not."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one table stands: its sheet, its key row (rows begin below it), its columns.

    ``groups``: the rows of each key and of each key's beginning: of an account, of a segment.
    ``last``: of the rows that formulas read; there is always one, blank if nothing is known. Those
    of a table that people fill in are the rows prepared for it. In such a table (``grows``) rows
    are deleted, inserted, sorted and cut. Formulas read it from its key row to the row below the
    last, so that what is inserted at either end is read, too, and no reference ends in a row that
    may go; to single rows of it nobody refers.
    """

    name: str
    sheet: Sheet
    key_row: int
    columns: Mapping[str, int]
    groups: Mapping[Key, Rows]
    last: int
    grows: bool = False

    @property
    def read(self) -> Rows:
        """The rows that formulas read."""
        return (self.key_row, self.last + 1) if self.grows else (self.first, self.last)

    @property
    def first(self) -> int:
        """The row of the first record."""
        return self.key_row + 1

    def run(self, *keys: str) -> Run:
        """Some columns as one range (UnknownReferenceError: they are apart, or one is none)."""
        numbers = sorted(self.number(key) for key in keys)
        if numbers != list(range(numbers[0], numbers[-1] + 1)):
            raise UnknownReferenceError(f"the columns {', '.join(keys)} of {self.name} are apart")
        return Run(numbers[0], numbers[-1])

    def number(self, key: str) -> int:
        """The number of a column on the sheet (UnknownReferenceError: there is none such)."""
        if key not in self.columns:
            there = ", ".join(self.columns)
            raise UnknownReferenceError(f"no column {key} in the table {self.name}, only {there}")
        return self.columns[key]

    def cells(self, *keys: str) -> str:
        """All rows of columns side by side, as their sheet itself names them: "C7:E20"."""
        run = self.run(*keys)
        return span(self.first, run.first, self.last, run.last)


def groups_of(keys: Iterable[Key | None], first: int) -> tuple[dict[Key, Rows], int]:
    """The rows of each key's beginnings, from the keys of all rows; and the last row that has one.

    A row without a key (None) is nobody's. Rows of one key stand together: ValueError if not.
    """
    found: dict[Key, Rows] = {}
    last = first
    for row, key in enumerate(keys, first):
        if key is None:
            continue
        last = row
        for length in range(1, len(key) + 1):
            begun, ended = found.get(key[:length], (row, row - 1))
            if ended != row - 1:
                raise ValueError(f"the rows of {key[:length]} are apart")
            found[key[:length]] = (begun, row)
    return found, last


@dataclass(frozen=True, slots=True)
class Ref:
    """A column of a table, as seen from one sheet: from its own without the sheet's name.

    ``unsaid``: nobody reads the formulas, only what they come to; each reference is the same then.
    """

    place: Place
    column: int
    local: bool
    unsaid: bool = False

    def here(self, row: int) -> str:
        """The cell in the row being written, "$C7"."""
        if not self.local:
            raise ValueError(f"{self.place.name} stands on another sheet")
        return _ANY if self.unsaid else here(row, self.column)

    def fixed(self, row: int) -> str:
        """The cell in a fixed row of the sheet, be it beside the table: "$C$4"."""
        return self._cells(row)

    @property
    def only(self) -> str:
        """The cell of the one record of a block, wherever it is named."""
        return self._cells(self.place.first)

    def has(self, *key: str) -> bool:
        """Whether any row is of this key."""
        return key in self.place.groups

    def of(self, *key: str) -> str:
        """The cells of a key, "'Data'!$C$7:$C$9" (KeyError: no row is)."""
        return _ANY if self.unsaid else self._cells(*self.place.groups[key])

    def cell(self, *key: str) -> str:
        """The first cell of a key, "'Data'!$C$7" (KeyError: no row is)."""
        return _ANY if self.unsaid else self._cells(self.place.groups[key][0])

    def rows_of(self, *key: str) -> int:
        """How many rows are of a key (KeyError: none is)."""
        first, last = self.place.groups[key]
        return last - first + 1

    def all(self) -> str:
        """The cells of all records, at least one; of a table that grows with its key row."""
        return self._cells(*self.place.read)

    def offered(self) -> str:
        """The same without a key row, for a drop-down."""
        if not self.place.grows:
            return self.all()
        whole, last = self.all(), self._cells(self.place.last + 1)
        return f"{idioms.item(whole, 2)}:{last}"

    def some(self, first: int, last: int) -> str:
        """The cells of some records by their places, from 0."""
        return self._cells(self.place.first + first, self.place.first + last)

    def and_below(self) -> str:
        """The cells of all records and the one below them."""
        return self._cells(self.place.read[0], self.place.last + 1)

    def _cells(self, first: int, last: int | None = None) -> str:
        if self.unsaid:
            return _ANY
        end = a1(last, self.column) if last else None
        whole = self.place.sheet.ref(a1(first, self.column), end)
        return whole.rsplit("!", 1)[1] if self.local else whole


@dataclass(frozen=True, slots=True)
class Lookup:
    """A column in which a value is found by the id of its row (the table's column "id")."""

    values: Ref
    ids: Ref

    def of(self, cell: str) -> str:
        """What stands in the row whose id is that in ``cell``.

        One row more is looked through: in Gnumeric, INDEX of a single cell with a column number is
        #REF!. A blank there would be 0: only for cells that hold something.
        """
        return idioms.looked_up(self.values.and_below(), cell, self.ids.and_below())


@dataclass(frozen=True, slots=True)
class Run:
    """Columns that stand side by side, as one range over a row of their sheet."""

    first: int
    last: int

    def across(self, row: int) -> str:
        """The cells in the row being written, "$C7:$F7"."""
        return f"{here(row, self.first)}:{here(row, self.last)}"

    def above(self, row: int) -> str:
        """The cells in a fixed row beside the table, "$C$4:$F$4"."""
        return fixed_span(row, self.first, row, self.last)


class At:
    """The places of a book's tables, as seen from one of them (or from a sheet without any).

    ``language``: the one in which the book's sheets are named. ``offers``: the ranges besides the
    columns of tables that drop-downs take.
    """

    def __init__(
        self,
        places: Iterable[Place],
        language: str,
        offers: Mapping[str, str] | None = None,
        viewer: str = "",
        sheet: Sheet | None = None,
        *,
        unsaid: bool = False,
    ):
        self._places = {place.name: place for place in places}
        self.language, self._offers = language, offers or {}
        self._viewer, self._sheet = viewer, sheet
        self._closed, self._unsaid = False, unsaid

    def seen_from(self, sheet: Sheet, viewer: str = "") -> At:
        """The same places as seen from a sheet; ``viewer``: the table whose columns are its own."""
        return At(self._places.values(), self.language, self._offers, viewer, sheet)

    def inside(self, table: str, *, unsaid: bool = False) -> At:
        """The same places as seen from a table; ``unsaid``: see ``Ref``."""
        sheet = self.place(table).sheet
        return At(self._places.values(), self.language, self._offers, table, sheet, unsaid=unsaid)

    def row(self, table: str, row: int | None = None) -> Here:
        """One row of a table, the first if none is named."""
        place = self.place(table)
        return Here(self.inside(table), place, row or place.first)

    def place(self, table: str) -> Place:
        """Where a table stands (UnknownReferenceError: there is none such)."""
        if table not in self._places:
            there = ", ".join(self._places)
            raise UnknownReferenceError(f"no table {table}, only {there}")
        return self._places[table]

    def column(self, table: str, key: str) -> Ref:
        """A column of a table (UnknownReferenceError: it has none such, whatever others have)."""
        if self._closed:
            raise RuntimeError(f"{key} of {table} is asked for too late: ask before rows are drawn")
        place = self.place(table)
        return Ref(place, place.number(key), place.sheet is self._sheet, self._unsaid)

    def columns(self, table: str, *keys: str) -> tuple[Ref, ...]:
        """Several columns of a table."""
        return tuple(self.column(table, key) for key in keys)

    def all(self, table: str, key: str) -> str:
        """The cells of a column of a table."""
        return self.column(table, key).all()

    def own(self, *keys: str) -> tuple[Ref, ...]:
        """Columns of the very table whose formulas are being made."""
        return self.columns(self._viewer, *keys)

    def lookups(self, table: str, *keys: str) -> tuple[Lookup, ...]:
        """Columns in which values are found by id (UnknownReferenceError: none such, or no id)."""
        ids = self.column(table, "id")
        return tuple(Lookup(self.column(table, key), ids) for key in keys)

    def run(self, *keys: str) -> Run:
        """Columns of the very table, side by side (UnknownReferenceError: they are not)."""
        self.own(*keys)
        return self.place(self._viewer).run(*keys)

    def on(self, table: str, cell: str) -> str:
        """A cell on the sheet of a table, from any sheet."""
        return self.place(table).sheet.ref(cell.replace("$", ""))

    def offered(self, ref: str) -> str:
        """The range whose values a drop-down offers: "accounts.id", or one given besides."""
        table, _, column = ref.partition(".")
        return self._offers.get(ref) or self.column(table, column).offered()

    def close(self) -> None:
        """From here on rows are drawn: nothing can be asked for any more (RuntimeError)."""
        self._closed = True


@dataclass(frozen=True, slots=True)
class Here:
    """One row of a table, seen from it: ``at("name")`` is its cell of a column, "$B7"."""

    at: At
    place: Place
    row: int

    def __call__(self, column: str) -> str:
        return self.at.own(column)[0].here(self.row)

    def own(self, column: str) -> str:
        """All cells of a column of its own table."""
        return self.at.own(column)[0].all()

    def all(self, table: str, column: str) -> str:
        """All cells of a column of any table."""
        return self.at.all(table, column)

    def span(self, columns: Sequence[str]) -> str:
        """Its cells of columns that stand side by side: "$D7:$J7"."""
        return self.at.run(*columns).across(self.row)
