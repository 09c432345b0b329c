"""Where a click leads: to the rows that a number or a sentence is about."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from kamxl.forms.paper.book import Sheet
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import KEY


class Said(str):
    """A sentence that knows the rows it is about: on which sheet, and what their columns say.

    ``where``: column key to content; without any, or if no such row is shown, the first row of the
    sheet's table.
    """

    sheet: str
    where: Mapping[str, object]

    def __new__(cls, text: str, sheet: str, **where: object) -> Said:
        """Anything else than a ``sheet`` of the portfolio has no place."""
        made = super().__new__(cls, text)
        made.sheet, made.where = sheet, where
        return made


class Links:
    """Places on the sheets of a book, which are drawn already."""

    def __init__(self, sheets: Iterable[Sheet]) -> None:
        self._sheets = {sheet.key: sheet for sheet in sheets}
        self._keys = {key: _keys(sheet) for key, sheet in self._sheets.items()}
        self._rows: dict[tuple[str, int], dict[object, list[int]]] = {}

    def to(self, key: str, **where: object) -> str:
        """The first row of a sheet in which each of the columns says what is wanted."""
        sheet, keys = self._sheets[key], self._keys[key]
        found = [keys[column] for column in where if column in keys]
        row = max((row for row, _ in found or keys.values()), default=4) + 1
        if found and len(found) == len(where):
            head = max(row for row, _ in found)
            row = self._row(
                key, tuple(column for _, column in found), (*where.values(),), head, row
            )
        return sheet.ref(a1(row, 1)).replace("$", "")

    def _row(
        self, key: str, columns: tuple[int, ...], wanted: tuple[object, ...], head: int, none: int
    ) -> int:
        """The first row below ``head`` in which the columns say what is ``wanted``; else ``none``.

        Rows are found by what the first of the columns says: a sheet has as many as there are
        accounts, and as many sentences lead there.
        """
        sheet, place = self._sheets[key], (key, columns[0])
        if place not in self._rows:
            rows = self._rows[place] = {}
            for row, column in sorted(at for at in sheet.cells if at[1] == columns[0]):
                content = sheet.cells[row, column].content
                if isinstance(content, Hashable):
                    rows.setdefault(content, []).append(row)
        pairs = list(zip(columns, wanted, strict=True))
        every = self._rows[place].get(wanted[0], ())
        return next((row for row in every if row > head and _says(sheet, row, pairs)), none)

    def of(self, said: Said) -> str:
        """Where a sentence leads."""
        return self.to(said.sheet, **said.where)


def _says(sheet: Sheet, row: int, wanted: Iterable[tuple[int, object]]) -> bool:
    cells = ((sheet.cells.get((row, column)), content) for column, content in wanted)
    return all(cell is not None and cell.content == content for cell, content in cells)


def _keys(sheet: Sheet) -> dict[str, tuple[int, int]]:
    """The row and column of each machine key; where one stands twice, the upper one."""
    found: dict[str, tuple[int, int]] = {}
    keys = [
        (place, cell.content)
        for place, cell in sheet.cells.items()
        if place[0] > 1
        and isinstance(cell.content, str)
        and (cell.style.size, cell.style.color) == (KEY.size, KEY.color)
    ]
    for place, content in sorted(keys):
        found.setdefault(content, place)
    return found
