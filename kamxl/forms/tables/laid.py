"""What tables that are filled in and tables that are shown have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.parts import headers
from kamxl.forms.paper.places import Key, Place, Rows
from kamxl.forms.paper.style import Style


class Declared(Protocol):
    """A column as its declaration tells it: key, width in characters, whether it folds away."""

    @property
    def id(self) -> str: ...

    @property
    def width(self) -> float: ...

    @property
    def fold(self) -> bool: ...


class Laid:
    """Headers, the key row right below them, then rows, all in the order of the columns.

    Two kinds of tables rest on it, as they differ in all else. ``declared.Table`` is one for every
    workbook and language, has rows prepared for what people type, and is read back by its keys;
    ``shown.ShownTable`` is made for the records of one book and never read, so its columns may
    follow from those records. A column of the one knows a kind of input, of the other a record.
    """

    if TYPE_CHECKING:  # each kind has these as a field or as a property

        @property
        def key(self) -> str: ...

        @property
        def columns(self) -> Sequence[Declared]: ...

        @property
        def key_row(self) -> int: ...

        @property
        def last(self) -> int: ...

    @property
    def header_row(self) -> int:
        """The row of its headers."""
        return self.key_row - 1

    @property
    def first(self) -> int:
        """Its first row below the key row."""
        return self.key_row + 1

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.columns)

    def index(self, key: str) -> int:
        """The number of a column on the sheet, from 1 (UnknownReferenceError: none such)."""
        return self._placed(Sheet(self.key, "")).number(key)

    def cells(self, *keys: str) -> str:
        """All rows of columns side by side: "C7:E20" (UnknownReferenceError: not so)."""
        return self._placed(Sheet(self.key, "")).cells(*keys)

    def _placed(
        self,
        sheet: Sheet,
        groups: Mapping[Key, Rows] | None = None,
        last: int | None = None,
        *,
        grows: bool = False,
    ) -> Place:
        """Its place on a sheet; ``last``: of the rows that formulas read, if not of all."""
        numbers = {column.id: number for number, column in enumerate(self.columns, 1)}
        return Place(
            self.key,
            sheet,
            self.key_row,
            numbers,
            {} if groups is None else groups,
            last or self.last,
            grows,
        )

    def _folds(self) -> list[tuple[int, int]]:
        """The first and the last column of each group that folds."""
        runs = groupby(enumerate(self.columns, 1), lambda pair: pair[1].fold)
        folding = [[number for number, _ in run] for folds, run in runs if folds]
        return [(numbers[0], numbers[-1]) for numbers in folding]

    def _told_apart(self, columns: Iterable[Declared]) -> None:
        """ValueError: two columns are called alike."""
        ids = [column.id for column in columns]
        if twice := {one for one in ids if ids.count(one) > 1}:
            raise ValueError(f"table {self.key!r} has two columns {', '.join(sorted(twice))}")

    def _draw_heads(
        self, sheet: Sheet, titles: Sequence[Content], styles: Sequence[Style], height: float = 34
    ) -> None:
        """Its headers and its key row."""
        heads = zip(self.columns, titles, styles, strict=True)
        cells = [(n, title, c.id, style) for n, (c, title, style) in enumerate(heads, 1)]
        headers(sheet, self.header_row, cells, height)
