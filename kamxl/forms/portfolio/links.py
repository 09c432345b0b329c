"""Where a click leads: to the rows that a number or a sentence is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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

    def to(self, key: str, **where: object) -> str:
        """The first row of a sheet in which each of the columns says what is wanted."""
        sheet, keys = self._sheets[key], self._keys[key]
        found = [keys[column] for column in where if column in keys]
        row = max((row for row, _ in found or keys.values()), default=4) + 1
        if found and len(found) == len(where):
            rows = {row for row, _ in found}
            wanted = [(column, content) for (_, column), content in
                      zip(found, where.values(), strict=True)]  # fmt: skip
            last = max(r for r, _ in sheet.cells)
            every = range(max(rows) + 1, last + 1)
            row = next((r for r in every if _says(sheet, r, wanted)), row)
        return sheet.ref(a1(row, 1)).replace("$", "")

    def of(self, said: Said) -> str:
        """Where a sentence leads."""
        return self.to(said.sheet, **said.where)


def _says(sheet: Sheet, row: int, wanted: Iterable[tuple[int, object]]) -> bool:
    cells = ((sheet.cells.get((row, column)), content) for column, content in wanted)
    return all(cell is not None and cell.content == content for cell, content in cells)


def _keys(sheet: Sheet) -> dict[str, tuple[int, int]]:
    """The row and column of each machine key; where one stands twice, the upper one."""
    found: dict[str, tuple[int, int]] = {}
    for place, cell in sorted(sheet.cells.items()):
        looks = cell.style.size == KEY.size and cell.style.color == KEY.color
        if looks and isinstance(cell.content, str) and place[0] > 1:
            found.setdefault(cell.content, place)
    return found
