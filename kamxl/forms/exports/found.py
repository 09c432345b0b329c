"""Where the table stands in a sheet of another program's: its header, columns and rows.

Titles stand above it, sums and remarks below, rows and columns in between are empty. What is left
out as no row of the table is told with its rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kamxl.forms.exports import contents
from kamxl.forms.exports.headers import is_known
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet, column_letters
from kamxl.forms.tables.fields import plain, sum_words

_TOP = 60  # filled rows among which the header is looked for
_LONGEST = 80  # characters of a header
_SAMPLE = 300  # cells that tell what a column looks like
_FEW = 3  # cells: a row of sums has hardly more

Cells = Mapping[int, RawCell]


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """One column: ``header`` as it stands there, or its letter where there are no headers."""

    at: int
    header: str
    cells: Mapping[int, RawCell]  # by row

    @property
    def filled(self) -> list[RawCell]:
        """What stands in it."""
        return list(self.cells.values())

    @property
    def sample(self) -> list[RawCell]:
        """Some of it from all over the column: what a column looks like, few cells tell."""
        filled = self.filled
        return filled[:: len(filled) // _SAMPLE + 1]


@dataclass(frozen=True, slots=True)
class FoundTable:
    """One table: ``sheet`` ("" in a text file), the row of its headers (0: it has none), its rows.

    ``left``: rows below the header that are none of its own (sums, remarks).
    """

    sheet: str
    head: int
    columns: tuple[FoundColumn, ...]
    rows: tuple[int, ...]
    left: tuple[int, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """What its columns are called, from the left."""
        return tuple(column.header for column in self.columns)

    def column(self, at: int) -> FoundColumn:
        """The column that stands there (KeyError: none)."""
        for column in self.columns:
            if column.at == at:
                return column
        raise KeyError(at)


def tables_in(book: RawBook) -> list[FoundTable]:
    """The table of each sheet that has one, of two columns and a row at least."""
    found = (_table(sheet) for sheet in book.sheets)
    return [table for table in found if table is not None]


def _table(sheet: RawSheet) -> FoundTable | None:
    rows: dict[int, dict[int, RawCell]] = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        if plain(cell.text):
            rows.setdefault(row, {})[column] = cell
    head = _head(rows)
    if head is None:
        return None
    labels = dict(rows.get(head, {}))
    below = {row: cells for row, cells in rows.items() if row > head}
    first = min(below, default=0)
    if head and first and all(map(_is_year, below[first].values())):
        labels = _with_years(labels, below.pop(first))
    # a column without a header belongs to it where it is filled: its letter stands for it
    places = sorted({*labels, *(at for cells in below.values() for at in cells)})
    own, left = _parted(below, set(places))
    columns = tuple(
        FoundColumn(at, _header(labels, at), {r: own[r][at] for r in own if at in own[r]})
        for at in places
    )
    columns = tuple(one for one in columns if one.cells or at_header(one))
    if len(columns) < 2 or not own:
        return None
    return FoundTable(sheet.title, head, columns, tuple(own), tuple(left))


def _with_years(labels: Cells, years: Cells) -> dict[int, RawCell]:
    """Headers over two rows: "Umsatz" over 2025 and 2026 is two columns."""
    made = dict(labels)
    for at, year in years.items():
        over = max((other for other in labels if other <= at), default=None)
        text = f"{plain(labels[over].text)} {plain(year.text)}" if over else plain(year.text)
        made[at] = RawCell(RawKind.TEXT, text)
    return made


def at_header(column: FoundColumn) -> bool:
    """Whether a column has a header of its own, not only its letter."""
    return column.header != column_letters(column.at)


def _header(cells: Cells, at: int) -> str:
    text = plain(cells[at].text) if at in cells else ""
    return text[:_LONGEST] or column_letters(at)


def _head(rows: Mapping[int, Cells]) -> int | None:
    """The row of the headers, 0 if there is none above the data, None if there is no table."""
    top = [row for row in sorted(rows)[:_TOP] if len(rows[row]) > 1]
    if not top:
        return None
    scores = {row: _like_headers(rows[row]) for row in top}
    best = max(top, key=lambda row: (scores[row], -row))
    valued = any(map(_is_value, rows[best].values()))
    if valued and not any(map(_is_label, rows[best].values())):
        return 0
    return best


def _like_headers(cells: Cells) -> int:
    known = sum(map(_is_label, cells.values()))
    values = sum(map(_is_value, cells.values()))
    return 3 * known + len(cells) - 4 * values


def _is_label(cell: RawCell) -> bool:
    return len(cell.text) <= _LONGEST and is_known(plain(cell.text))


def _is_value(cell: RawCell) -> bool:
    """Whether it is what no header is: an amount, an address, a date. A year may be one."""
    if cell.kind is not RawKind.TEXT:
        return not _is_year(cell)
    if len(cell.text) > _LONGEST:
        return True
    value = contents.is_email(cell) or contents.is_phone(cell) or contents.is_amount(cell)
    return value and not _is_year(cell)


def _is_year(cell: RawCell) -> bool:
    text = plain(cell.text)
    return text.isascii() and text.isdigit() and 1990 <= int(text[:9]) <= 2100


def _parted(rows: Mapping[int, Cells], places: set[int]) -> tuple[dict[int, Cells], list[int]]:
    """The rows of the table, and those that are sums and remarks."""
    own: dict[int, Cells] = {}
    left: list[int] = []
    for row, cells in rows.items():
        inside = {at: cell for at, cell in cells.items() if at in places}
        if not inside or _is_sum(inside, len(places)):
            left.append(row)
        else:
            own[row] = inside
    # a remark below the table stands alone in its row; a lonely name further up is a short record
    for row in sorted(own, reverse=True):
        if len(own[row]) > 1 or len(places) < _FEW:
            break
        left.append(row)
        del own[row]
    return own, sorted(left)


def _is_sum(cells: Cells, width: int) -> bool:
    first = plain(cells[min(cells)].text).casefold().rstrip(":")
    few = len(cells) <= max(_FEW, width // 2)
    return few and (
        first in sum_words() or (first.split(" ")[0] in sum_words() and len(cells) < width)
    )
