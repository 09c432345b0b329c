"""Values that slipped out of their rows: "insert cells, shift down" in one column of the table.

Ids and labels stay where they are, so every value below stands beside another requirement than the
one it was given for. What tells of it is a value beside our own heading, in a row without any
requirement or next to the sums while a requirement has lost its own, and our own results, which
slip along.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import US, is_id
from kamxl.forms.paper.raw import RawCell, a1
from kamxl.forms.scorecard.grid import CHECK, COVERAGE, ID, LABEL, RANK, SUM, TOTAL, WEIGHT
from kamxl.forms.scorecard.headers import header_of
from kamxl.forms.scorecard.identity import OWN_HEADING, captions, same_text
from kamxl.forms.tables import fields
from kamxl.forms.tables.fields import plain
from kamxl.forms.tables.locate import Located

_FARTHEST = 20  # rows that anybody shifts cells by
_NEAR = 0.06  # half of what a rounded mean of hers may be off


class Shifts:
    """The columns of one table whose values slipped, each said once."""

    def __init__(self, table: Located, asked: Collection[str]) -> None:
        """``asked``: the ids of the requirements (folded), whose rows must hold values."""
        self._table = table
        self._cells = table.sheet.cells
        ids = {
            row: plain(cell.text).casefold()
            for row in table.rows()
            if (cell := table.cell(row, ID)) and cell.text
        }
        self._rows = {id_: row for row, id_ in ids.items()}
        labels = ((row, table.cell(row, LABEL)) for row in table.rows())
        said = ((row, captions().get(same_text(cell.text))) for row, cell in labels if cell)
        self._captions = {id_: row for row, id_ in said if id_}
        self._sum = self._rows.get(SUM, table.last_row + 1)
        self._asked = [row for row, id_ in ids.items() if id_ in asked and row < self._sum]
        named = {row for row, id_ in ids.items() if is_id(id_) or id_.startswith(":")}
        nameless = (row for row in table.rows() if row < self._sum and row not in named)
        self._nameless = [row for row in nameless if not self._says(row)]
        self._heading = self._rows.get(OWN_HEADING)

    def found(
        self, suppliers: Mapping[str, int | None]
    ) -> tuple[dict[str, int | None], list[Finding]]:
        """The column of each supplier, None where a rival's slipped, and one sentence for all."""
        columns = [(None, self._table.column(WEIGHT)), *suppliers.items()]
        # ids and labels that slipped leave the last of their rows without any value; a row she
        # inserted for something of her own does not
        last = max(self._asked, default=0)
        if any(self._value(last, column) is not None for _, column in columns if column):
            self._nameless = []
        slipped = {
            supplier: (place, column)
            for supplier, column in columns
            if column and self._asked and (place := self._first(column, supplier))
        }
        if not slipped:
            return dict(suppliers), []
        ours = not slipped.keys().isdisjoint((None, US))
        left = {id_: None if id_ in slipped and id_ != US else at for id_, at in suppliers.items()}
        return left, [self._finding("rows-shifted" if ours else "column-shifted", slipped.values())]

    def _finding(self, code: str, places: Collection[tuple[int, int]]) -> Finding:
        headers = (header_of(self._table, column)[1] for _, column in places)
        names = ", ".join(name for name in headers if name)
        row, column = next(iter(places))
        where = {"sheet": self._table.sheet.title, "cell": a1(row, column)}
        cell = self._cells.get((row, column))
        return finding(code, value=cell.text if cell else "", names=names, **where)

    def _first(self, column: int, supplier: str | None) -> int | None:
        return next(self._slipped(column, (SUM,) if supplier is None else None), None)

    def _slipped(self, column: int, results: Sequence[str] | None) -> Iterator[int]:
        """The rows with a value that can only have come there by a shift."""
        values = {row: v for row in self._asked if (v := self._value(row, column)) is not None}
        lost = len(values) < len(self._asked)
        for row in (*self._nameless, *([self._heading] if self._heading else [])):
            value = self._value(row, column)
            if value is not None and not _adds_up(value, values.values()):
                yield row
        below = self._value(self._sum, column) if results is None else None
        if below is not None and lost and not _adds_up(below, values.values()):
            yield self._sum
        checked = (CHECK,) if CHECK in self._rows else ()  # earlier cards had none
        yield from self._results(column, results or (TOTAL, COVERAGE, RANK, *checked))

    def _results(self, column: int, ids: Sequence[str]) -> Iterator[int]:
        """Where our own results in a column stand, if all stand as many rows too low or high."""
        theirs = [row for id_ in ids if (row := self._captions.get(id_, self._rows.get(id_)))]
        if len(theirs) < len(ids) or all(self._counts(row, column) for row in theirs):
            return
        first, known = min(self._asked), set(theirs)
        there = {row for row in range(first, max(theirs) + _FARTHEST) if self._counts(row, column)}
        by = min(there, default=0) - min(theirs)
        if by and there == {row + by for row in known} and there.isdisjoint(self._asked):
            yield min(there)

    def _counts(self, row: int, column: int) -> bool:
        cell = self._cells.get((row, column))
        return cell is not None and cell.formula

    def _value(self, row: int, column: int) -> float | None:
        """A number that somebody typed."""
        cell: RawCell | None = self._cells.get((row, column))
        return None if cell is None or cell.formula else fields.number(cell).value

    def _says(self, row: int) -> bool:
        """Whether a row is labelled: a requirement of her own, in an inserted row."""
        cell = self._table.cell(row, LABEL)
        return bool(cell and plain(cell.text))


def _adds_up(value: float, values: Collection[float]) -> bool:
    """Whether a number is the sum or the mean of the others: she reckoned it herself."""
    if not values:
        return False
    total = sum(values)
    return any(abs(value - own) <= _NEAR for own in (total, total / len(values)))
