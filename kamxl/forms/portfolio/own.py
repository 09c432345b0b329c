"""What a manager typed into Portfolio.xlsx, found by whose row it is, wherever it stands by now.

Hers is what stands in a column without a key of ours, what stands in a cell of ours and was not
written by us (see ``prints``), and every note. What belongs to no row of ours is only named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from kamxl.forms.paper.raw import RawBook, RawCell, RawSheet, a1
from kamxl.forms.portfolio import prints
from kamxl.forms.portfolio.prints import Identity
from kamxl.forms.portfolio.reading import shown_sheets
from kamxl.forms.portfolio.trying import inputs
from kamxl.forms.tables.fields import plain
from kamxl.forms.tables.locate import Located, find_tables

# By which columns the rows of a sheet's table are told apart; a sheet without has no such rows.
TELLING: Mapping[str, tuple[str, ...]] = {
    "accounts": ("id",),
    "segments": ("account", "segment"),
    "heatmap": ("id",),
    "drivers": ("account", "segment", "requirement"),
    "whatif": ("account", "segment"),
    "competitors": ("competitor", "account", "segment"),
    "trend": ("id",),
    "benchmark": ("account_id", "requirement"),
    "wishes": ("account", "segment", "name", "issue", "remedy"),
    "follow": ("account", "segment", "name", "period", "label"),
    "views": ("account", "segment", "requirement"),
    "voices": ("account", "segment", "requirement"),
    "selection": ("id",),
    "position": ("id",),
    "fields": ("account", "id", "name"),
    "contacts": ("id",),
    "programmes": ("account", "id", "name"),
    "benefits": ("account_id", "id", "lever"),
    "actions": ("account", "id", "text"),
    "chase": ("account_id", "segment_id", "respondent"),
    "intake": ("path", "place", "finding"),
    "raters": ("account", "segment", "supplier", "name"),
    "data": ("account", "segment", "respondent", "requirement"),
}
REPLY = ("wishes", "reply")  # what kamxl leaves empty there is there to be filled in
_REMARKS = ("accounts", "remarks")  # carried by themselves
_FORMER = frozenset({"mean", "sum_id", "sum_known", "difference", "in_lead", "in_total"})
_PASSING = re.compile(r"[a-z]+:.+|q\d+")  # keys of columns that come and go
_TITLE = 200  # letters of a header
_OWN = re.compile(r"own \d+|(?:column|spalte|colonne|columna|colonna|kolumna|kolom)\s?\d+", re.I)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a sheet's table, and those whose cells are formulas."""

    all: frozenset[str]
    live: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a manager typed; ``place`` says where ("Accounts!AX7").

    ``identity``: whose row it is in, and which of those that are called alike (from 0); None: no
    row of ours. ``key``: the column of ours, "": one of hers, called ``title``. ``cell`` None: a
    note, which says ``note``.
    """

    sheet: str
    place: str
    identity: tuple[Identity, int] | None = None
    key: str = ""
    title: str = ""
    cell: RawCell | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hers:
    """All that is hers in one portfolio, sheet by sheet; of copied sheets in the first.

    ``titles``: of her columns, from the left; ``rows``: the prints of the rows that there were.
    """

    entries: tuple[Entry, ...] = ()
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, frozenset[str]] = field(default_factory=dict)


def hers(raw: RawBook, keys: Mapping[str, Keys]) -> Hers:
    """All that is hers, as the sheets of ``keys`` tell."""
    calculated = any(cell.formula for sheet in raw.sheets for cell in sheet.cells.values())
    readers = {
        key: _Reader(sheet, key, keys[key], calculated=calculated)
        for key, sheet in shown_sheets(raw).items()
        if key in keys
    }
    found = [entry for reader in readers.values() for entry in reader.entries()]
    if "notes" in raw.flags and not any(sheet.notes for sheet in raw.sheets):
        found.append(Entry("", raw.sheets[0].title, note="?"))
    titles = {key: tuple(reader.own.values()) for key, reader in readers.items()}
    rows = {
        key: frozenset(prints.of_row(identity) for identity, _ in reader.rows.values())
        for key, reader in readers.items()
    }
    return Hers(tuple(found), titles, rows)


class _Reader:
    """One sheet of ours."""

    def __init__(self, sheet: RawSheet, key: str, keys: Keys, *, calculated: bool) -> None:
        self.sheet, self.key, self.keys, self.calculated = sheet, key, keys, calculated
        self.prints = prints.found(sheet.cells)
        tables = find_tables(sheet, TELLING[key]) if key in TELLING else []
        # a header may read like its key ("ID")
        self.table = max(tables, key=lambda one: len(keys.all & one.columns.keys()), default=None)
        self.ours: dict[int, str] = {}  # column number to key
        self.own: dict[int, str] = {}  # column number to title
        if self.table is not None:
            self._columns(self.table)
        self.rows = self._rows(self.table) if self.table else {}  # whose each row is
        self.formulas = {c for (_, c), cell in sheet.cells.items() if cell.formula}
        # Of so many cells there are no prints: a value of ours would be taken for hers, and stay.
        self.large = self.prints is None and len(sheet.cells) > prints.MOST
        self.lines: dict[int, list[int]] = {}  # row to its columns
        for row, column in sorted(sheet.cells):
            self.lines.setdefault(row, []).append(column)

    def _columns(self, table: Located) -> None:
        used = sorted({c for r, c in self.sheet.cells if r >= table.row - 1})
        for column in used:
            key = prints.said_in(self.sheet.cells.get((table.row, column)))
            known = key in self.keys.all or key in _FORMER or _PASSING.fullmatch(key)
            if known and key not in self.ours.values():
                self.ours[column] = key
        taken: Counter[str] = Counter()
        for column in (c for c in used if c not in self.ours):
            title = self._title(table.row, column)
            taken[title] += 1
            self.own[column] = title if taken[title] == 1 else f"{title} ({taken[title]})".strip()

    def _title(self, row: int, column: int) -> str:
        """What she called a column: above the keys, else in their row, which Excel fills itself."""
        above, beside = (
            plain(cell.text)[:_TITLE] if (cell := self.sheet.cells.get(at)) else ""
            for at in ((row - 1, column), (row, column))
        )
        return above or ("" if _OWN.fullmatch(beside) else beside)

    def entries(self) -> Iterator[Entry]:
        """What is hers on it."""
        if self.table is None and self.key in TELLING:
            yield Entry(self.key, self.sheet.title)  # somebody took the row of keys away
            return
        for row, whose in self.rows.items():
            yield from self._of_row(row, whose)
        if self.prints is not None and self.calculated:
            yield from self._loose(self.rows.keys())
        for note in self.sheet.notes:
            place = f"{self.sheet.title}!{a1(note.row, note.column)}" if note.row else ""
            identity = self.rows.get(note.row)
            key = self.ours.get(note.column, "")
            told = identity is None or key in TELLING.get(self.key, ())
            head = self._title(self.table.row, note.column) if self.table and not told else ""
            said = f"{head}: {note.text}" if head else note.text
            yield Entry(self.key, place or self.sheet.title, identity, note=said)

    def _rows(self, table: Located) -> dict[int, tuple[Identity, int]]:
        """Whose each row below the keys is."""
        found, seen = {}, Counter[Identity]()
        for row in table.rows():
            texts = [prints.said_in(table.cell(row, key)) for key in TELLING[self.key]]
            identity = prints.whose(texts)
            found[row] = (identity, seen[identity])
            seen[identity] += 1
        return found

    def _of_row(self, row: int, identity: tuple[Identity, int]) -> Iterator[Entry]:
        columns = [c for c in self.lines[row] if c in self.ours or c in self.own]
        if not self._is_ours(identity[0]):
            if columns and not self._says_empty(row):
                yield Entry(self.key, f"{self.sheet.title}!{a1(row, columns[0])}")
            return
        for column in columns:
            cell, key = self.sheet.cells[row, column], self.ours.get(column, "")
            if key and not self._typed(cell, column, identity[0]):
                continue
            place = f"{self.sheet.title}!{a1(row, column)}"
            title = self.own.get(column) or self._title(self.table.row if self.table else 0, column)
            yield Entry(self.key, place, identity, key, title, cell)

    def _is_ours(self, identity: Identity) -> bool:
        """Whether we wrote a row."""
        if self.prints is None:
            return any(identity)
        return prints.of_row(identity) in self.prints

    def _says_empty(self, row: int) -> bool:
        """Whether a row is the line by which we say that a table has none."""
        if self.prints is None:
            first = self.table is not None and row == self.table.row + 1
            return first and len(self.lines[row]) == 1
        return all(self._bare(self.sheet.cells[row, column]) for column in self.lines[row])

    def _bare(self, cell: RawCell) -> bool:
        """Whether we wrote what stands outside of a table's rows."""
        text = prints.said_in(cell)
        known = self.prints or frozenset()
        return not text or cell.formula or prints.of_cell((), "", text) in known

    def _typed(self, cell: RawCell, column: int, identity: Identity) -> bool:
        """Whether what stands in a column of ours is hers."""
        key, text = self.ours[column], prints.said_in(cell)
        if cell.formula or not text or (self.key, key) == _REMARKS:
            return False
        ours = self.prints is not None and prints.of_cell(identity, key, text) in self.prints
        # programs that keep only values keep no formula at all
        if key in self.keys.live and not self.large:
            return column in self.formulas and not ours  # where there is nothing to count: a 0
        if self.prints is None:
            return (self.key, key) == REPLY
        return not ours

    def _loose(self, rows: Collection[int]) -> Iterator[Entry]:
        """What stands outside of the table's rows, and is not ours."""
        typed = set(inputs(self.sheet).values()) if self.key == "whatif" else set()
        heads = {self.table.row, self.table.row - 1} if self.table else set()
        for (row, column), cell in sorted(self.sheet.cells.items()):
            if row in rows or (row in heads and column in self.own) or (row, column) in typed:
                continue
            if not prints.is_stamp(cell) and not self._bare(cell):
                yield Entry(self.key, f"{self.sheet.title}!{a1(row, column)}", cell=cell)
