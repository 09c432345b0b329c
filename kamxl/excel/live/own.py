"""What a manager wrote beside our tables: it goes with its rows, or nothing is done.

Rows come, go and change places. What stands to the right of a table belongs to a row of it, which
is known by its ids; what stands below would be overwritten as the table grows.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import starmap, takewhile
from typing import NamedTuple

from kamxl.excel.live.blocks import entered, size_of
from kamxl.excel.live.bridge import xw
from kamxl.excel.live.reading import extent, raw_sheet
from kamxl.excel.writing.references import area
from kamxl.forms.paper.book import Formula, Sheet
from kamxl.forms.paper.packed import loose, row_of
from kamxl.forms.paper.raw import RawCell

# the columns whose texts tell one row from another; which of them a table has, differs
_TELLING = frozenset(
    {
        *("path", "id", "account", "segment", "respondent", "requirement", "competitor", "name"),
        *("period", "issue", "kind", "place", "finding"),
    }
)
_KEYS = frozenset({"id", "account", "path"})  # one of which each row of keys has
_HEAD = 60  # rows: every row of keys stands above
Identity = tuple[str, ...]
Line = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands right of a table: the columns, and of each row that has any its entries.

    ``moves``: the row that each of them has to go to; ``lost``: that cannot be done, or something
    stands where the new table will be.
    """

    first: int = 0
    last: int = 0
    lines: Mapping[int, Line] = field(default_factory=dict)
    moves: Mapping[int, int] = field(default_factory=dict)
    lost: bool = False

    @property
    def stays(self) -> bool:
        """Whether nothing has to be moved."""
        return all(old == new for old, new in self.moves.items())


def beside(live: xw.Sheet, sheet: Sheet, columns: int) -> Beside:
    """What a manager wrote on a sheet of ours, whose block is ``columns`` wide now.

    A sheet has up to 200,000 rows: only what stands outside our block is read.
    """
    if not _tabled(sheet):
        return Beside()
    there = _keys(raw_sheet(live, _HEAD).cells, columns)
    if there is None:
        return Beside(lost=True)
    row, keys = there.row, there.columns
    end, (last_row, last) = _end(live, row), extent(live)
    if last_row > end and _filled(live, (end + 1, 1), (last_row, columns)):
        return Beside(lost=True)
    first = columns + 1
    # above the keys the sheet may be wider by itself
    found = _filled(live, (row, first), (last_row, last)) if last >= first else set()
    if size_of(sheet)[1] != columns and found:
        return Beside(lost=True)  # the new table ends elsewhere
    named = sorted(r for r in found if row < r <= end)
    return _moved(live, sheet, keys, (first, last), named) if named else Beside()


def _filled(live: xw.Sheet, first: tuple[int, int], last: tuple[int, int]) -> set[int]:
    """The rows of a rectangle in which anything stands."""
    block = live.range(first, last).options(ndim=2).value
    blank = (None, "")
    return {r for r, line in enumerate(block, first[0]) if any(v not in blank for v in line)}


def anything(live: xw.Sheet, sheet: Sheet) -> bool:
    """Whether a sheet of ours holds anything of a manager's: cells, charts, notes, pictures.

    ``sheet``: what will stand in its place. What cannot be asked counts as something.
    """
    try:
        if len(live.shapes) > len(live.charts):  # notes are shapes, too
            return True
    except Exception:  # each platform's bridge has exceptions of its own
        return True
    ours = {f"Chart {number}" for number, _ in enumerate(sheet.charts, 1)}
    if any(chart.name not in ours for chart in live.charts):
        return True
    cells = raw_sheet(live).cells
    height, width = size_of(sheet)
    if not _tabled(sheet):  # nothing says how large it was
        return any(r > height or c > width for r, c in cells)
    there = _key_row(cells)
    if there is None:
        return True
    row, wide, end = there.row, max(there.columns.values()), _end(live, there.row)
    # above the keys the sheet may be wider by itself
    return any(r > end or c > (wide if r >= row else max(wide, width)) for r, c in cells)


def _moved(
    live: xw.Sheet,
    sheet: Sheet,
    keys: Mapping[str, int],
    columns: tuple[int, int],
    rows: list[int],
) -> Beside:
    cells = raw_sheet(live).cells
    telling = _telling(sheet, keys)
    old = {r: tuple(_said(cells.get((r, keys[k]))) for k in telling) for r in rows}
    new = _new_rows(sheet, telling)
    counted = Counter(identity for _, identity in new)
    place = {identity: row for row, identity in new}
    twice = Counter(old.values())
    if any(counted[one] != 1 or twice[one] != 1 for one in old.values()):
        return Beside(lost=True)
    moves = {row: place[identity] for row, identity in old.items()}
    lines = _lines(live, columns, rows)
    found = Beside(*columns, lines, moves)
    formulas = any(str(entry).startswith("=") for line in lines.values() for entry in line)
    # a formula in another row would have to read other cells
    return found if found.stays or not formulas else Beside(lost=True)


def move(live: xw.Sheet, found: Beside) -> None:
    """Bring what stands beside a table to the rows that it belongs to."""
    if found.stays:
        return
    for row in found.lines:
        _cells(live, row, found).clear_contents()
    for row, line in found.lines.items():
        _cells(live, found.moves[row], found).formula = [list(line)]


def _cells(live: xw.Sheet, row: int, found: Beside) -> xw.Range:
    return live.range((row, found.first), (row, found.last))


def _lines(live: xw.Sheet, columns: tuple[int, int], rows: list[int]) -> dict[int, Line]:
    """What stands in these rows, as it is entered again."""
    block = live.range((rows[0], columns[0]), (rows[-1], columns[1]))
    values, said = block.options(ndim=2).value, block.formula
    lines = {row: (_row(said, row - rows[0]), values[row - rows[0]]) for row in rows}
    return {row: tuple(starmap(_entry, zip(*both, strict=True))) for row, both in lines.items()}


def _row(block: object, number: int) -> Sequence[object]:
    """A row of what ``formula`` gave: of one cell the entry alone, of one row a line alone."""
    if not isinstance(block, list | tuple):
        return (block,)
    line: Sequence[object] = block[number] if isinstance(block[0], list | tuple) else block
    return line


def _entry(said: object, value: object) -> object:
    """An entry as it was: "007" stays a text, "=x" with an apostrophe before it, too."""
    if isinstance(value, bool):
        return value
    return entered(value, {}) if isinstance(value, str) and str(said) == value else said


class _KeyRow(NamedTuple):
    """The row of keys, and the column of each."""

    row: int
    columns: dict[str, int]


def _keys(cells: Mapping[tuple[int, int], RawCell], columns: int) -> _KeyRow | None:
    """The row of keys of a block so wide; None if a column was put between them."""
    found = _key_row({(r, c): cell for (r, c), cell in cells.items() if c <= columns})
    return found if found is not None and len(found.columns) == columns else None


def _key_row(cells: Mapping[tuple[int, int], RawCell]) -> _KeyRow | None:
    rows: dict[int, dict[str, int]] = {}
    for (row, column), cell in cells.items():
        rows.setdefault(row, {})[cell.text] = column
    telling = (row for row in sorted(rows) if _KEYS & rows[row].keys())
    return next((_KeyRow(row, rows[row]) for row in telling), None)


def _tabled(sheet: Sheet) -> bool:
    """Whether a sheet of ours has a table: rows alone may be repeated on each page, too."""
    if sheet.title_rows is None:
        return False
    row = sheet.title_rows[1]
    return any(r == row and str(cell.content) in _KEYS for (r, _), cell in loose(sheet).items())


def _end(live: xw.Sheet, key_row: int) -> int:
    """The last row of our block: that of its table, else of what is printed or filled of it."""
    ours = (table.range for table in live.tables if table.name.startswith("kx_"))
    ends = [one.row + one.shape[0] - 1 for one in ours if one.row == key_row]
    if ends:
        return max(ends)
    last = max(extent(live)[0], key_row)
    column = live.range((key_row, 1), (last, 1)).options(ndim=1).value
    filled = takewhile(lambda value: value not in (None, ""), column)
    end = key_row + len(list(filled)) - 1
    with contextlib.suppress(Exception):  # without a printer Excel knows nothing of pages
        return max(area(str(live.page_setup.print_area)).last_row, end)
    return end


def _telling(sheet: Sheet, keys: Mapping[str, int]) -> list[str]:
    """The columns that tell rows apart, now and before; a formula's result is not known yet."""
    key_row = sheet.title_rows[1] if sheet.title_rows else 0
    found = {}
    for column, cell in row_of(sheet, key_row).items():
        if str(cell.content) in _TELLING and str(cell.content) in keys:
            found[str(cell.content)] = column
    calculated = {
        c for (r, c), x in sheet.cells.items() if r > key_row and type(x.content) is Formula
    }
    return sorted(key for key, column in found.items() if column not in calculated)


def _new_rows(sheet: Sheet, telling: list[str]) -> list[tuple[int, Identity]]:
    key_row = sheet.title_rows[1] if sheet.title_rows else 0
    columns = {str(x.content): c for c, x in row_of(sheet, key_row).items()}
    rows = sorted({row for row, _ in sheet.cells if row > key_row})
    return [(row, tuple(_content(sheet, row, columns[key]) for key in telling)) for row in rows]


def _content(sheet: Sheet, row: int, column: int) -> str:
    cell = sheet.cells.get((row, column))
    return "" if cell is None or cell.content is None else str(cell.content).casefold()


def _said(cell: RawCell | None) -> str:
    return "" if cell is None else cell.text.casefold()
