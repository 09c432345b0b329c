"""Declared input tables: one declaration from which drawing, reading and documentation come.

A table stands on a sheet of its own: title band, header row, the small grey key row right under it,
then prepared input rows. ``table_reading`` finds it again wherever people have moved it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from kamxl.forms.paper.book import (
    LONGEST_RULE,
    Conditional,
    Formula,
    Sheet,
    Validation,
    absolute,
    span,
)
from kamxl.forms.paper.parts import band, headers
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import ACCENT, BEHIND_SOFT, HEADER_LEFT, MUTED
from kamxl.forms.tables.columns import Choices, Column, Kind
from kamxl.wording.texts import texts
from kamxl.wording.understood import understood

HEADER_ROW, KEY_ROW, FIRST_ROW = 5, 6, 7
PREPARED_ROWS = 500
ROWS_ON_A_PAGE = 24
SPARE_PRINTED_ROWS = 8
LINE_HEIGHT = 17.0
EARLIEST_DAY = 36526  # 1 January 2000, as spreadsheets count
_SLIPS = " ,/"  # what people put into ids and must not; which letters, the language files know

Values = Mapping[str, Any]
Live = Callable[[int, Values], Formula]  # (row of the sheet, what stands in it) to its formula


@dataclass(frozen=True, slots=True)
class TableForm:
    """A table: ``key`` names its sheet, ``texts`` the place of its wording ("register").

    ``unique`` are the columns that together tell one row from another, without case: a second one
    turns red while it is typed. ``freeze`` is the number of columns that stay in view.
    """

    key: str
    columns: tuple[Column, ...]
    texts: str
    unique: tuple[str, ...] = ()
    rows: int = PREPARED_ROWS
    freeze: int = 1

    # --- wording ---------------------------------------------------------------------------------

    def text(self, language: str, name: str) -> str:
        """One of its texts: text("de", "title")."""
        return texts(language)(f"{self.texts}.{self.key}.{name}")

    def title(self, language: str) -> str:
        """What its sheet is called."""
        return self.text(language, "title")

    def header(self, column: Column, language: str) -> str:
        """What stands above a column."""
        return self.text(language, f"columns.{column.id}.header")

    def help(self, column: Column, language: str) -> str:
        """What a person should know before typing into a column."""
        return self.text(language, f"columns.{column.id}.help")

    def documentation(self, language: str) -> tuple[tuple[str, str, str], ...]:
        """(key, header, help) of every column, for whoever documents the workbook."""
        return tuple((c.id, self.header(c, language), self.help(c, language)) for c in self.columns)

    # --- places ----------------------------------------------------------------------------------

    def column(self, key: str) -> Column:
        """The column with this key (KeyError: none)."""
        for column in self.columns:
            if column.id == key:
                return column
        raise KeyError(key)

    def index(self, key: str) -> int:
        """Its column on the sheet as drawn, from 1."""
        return self.columns.index(self.column(key)) + 1

    @property
    def header_row(self) -> int:
        """Where its headers stand as drawn; the key row is the one below."""
        return HEADER_ROW

    @property
    def first_row(self) -> int:
        """Its first row of input as drawn."""
        return self.header_row + 2

    @property
    def last_row(self) -> int:
        """The last prepared row as drawn."""
        return self.first_row + self.rows - 1

    def cells(self, key: str) -> str:
        """All prepared cells of a column, without sheet: "A7:A506"."""
        index = self.index(key)
        return span(self.first_row, index, self.last_row, index)

    def fixed(self, key: str) -> str:
        """The same, absolute: "$A$7:$A$506"."""
        first, last = self.cells(key).split(":")
        return f"{absolute(first)}:{absolute(last)}"

    def reference(self, key: str, language: str) -> str:
        """The same, from any sheet: "'Konten'!$A$7:$A$506"."""
        first, last = self.cells(key).split(":")
        return Sheet(self.key, self.title(language)).ref(first, last)

    # --- drawing ---------------------------------------------------------------------------------

    def draw(
        self,
        language: str,
        rows: Sequence[Values],
        *,
        mark: str,
        refs: Mapping[str, str] | None = None,
        live: Mapping[str, Live] | None = None,
    ) -> Sheet:
        """Its sheet with ``rows`` filled in, each by column key.

        ``refs``: the range each ``Column.ref`` offers; ``live``: the formula of each LIVE column.
        """
        sheet = Sheet(self.key, self.title(language), landscape=True, tab_color=ACCENT)
        whole = range(1, len(self.columns) + 1)
        band(sheet, whole, self.title(language), self.text(language, "intro"), mark)
        headers(
            sheet,
            self.header_row,
            [
                (i, self.header(c, language), c.id, _header_style(c))
                for i, c in enumerate(self.columns, 1)
            ],
        )
        sheet.widths = {i: c.width for i, c in enumerate(self.columns, 1)}
        self._draw_rows(sheet, language, rows, live or {})
        for column in self.columns:
            title, note = self.header(column, language), self.help(column, language)
            ranges = self.cells(column.id)
            sheet.validations.append(
                cell_validation(column, ranges, language, title, note, refs or {})
            )
        sheet.conditionals += self._doubles()
        self._lay_out(sheet, len(rows))
        return sheet

    def _draw_rows(
        self, sheet: Sheet, language: str, rows: Sequence[Values], live: Mapping[str, Live]
    ) -> None:
        styles = {c.id: c.style(language) for c in self.columns}
        for number in range(max(self.rows, len(rows))):
            row, values = self.first_row + number, rows[number] if number < len(rows) else {}
            sheet.heights[row] = self.height(values)
            for index, column in enumerate(self.columns, 1):
                if column.kind is Kind.LIVE:
                    sheet.put(row, index, live[column.id](row, values), styles[column.id])
                else:
                    shown = column.show(values.get(column.id), language)
                    sheet.put(row, index, shown, styles[column.id])

    def height(self, values: Values) -> float:
        """Room for the longest text of a row, by rule of thumb: nobody measures it for us."""
        wrapped = (c for c in self.columns if c.kind is Kind.TEXT)
        lines = max((ceil(len(str(values.get(c.id) or "")) / c.width) for c in wrapped), default=1)
        return LINE_HEIGHT + 13 * (max(lines, 1) - 1)

    def _lay_out(self, sheet: Sheet, filled: int) -> None:
        """What stays in view and what is printed: the filled rows and some, not 30 empty pages."""
        printed = max(filled + SPARE_PRINTED_ROWS, ROWS_ON_A_PAGE)
        last = min(self.first_row + printed - 1, max(self.last_row, self.first_row + filled - 1))
        sheet.print_area = span(1, 1, last, len(self.columns))
        sheet.title_rows = (self.header_row, self.header_row + 1)
        sheet.freeze = a1(self.first_row, self.freeze + 1)
        sheet.active_cell = a1(self.first_row, 1)

    def _doubles(self) -> list[Conditional]:
        if not self.unique:
            return []
        last = self.unique[-1]
        ranges = [self.fixed(key) for key in self.unique]
        cells = ["$" + a1(self.first_row, self.index(key)) for key in self.unique]
        same = ",".join(f"--({r}={c})" for r, c in zip(ranges, cells, strict=True))
        formula = f'AND({cells[-1]}<>"",SUMPRODUCT({same})>1)'
        return [Conditional(self.cells(last), formula=formula, fill=BEHIND_SOFT)]


def _header_style(column: Column) -> Any:
    return HEADER_LEFT.but(fill=MUTED, align="center") if column.kind is Kind.LIVE else HEADER_LEFT


def cell_validation(
    column: Column,
    ranges: str,
    language: str,
    title: str,
    note: str,
    refs: Mapping[str, str] | None = None,
) -> Validation:
    """What may be typed into cells of a column's type, with the help shown beside them."""
    words = texts(language)
    rule = dict(_rule(column, ranges.split(":")[0], language, refs or {}))
    return Validation(
        ranges=ranges,
        prompt_title=title[:32],
        prompt=note[:255],
        error_title=words("tables.error_title"),
        error=words(f"tables.errors.{column.kind.value}", length=column.length),
        stop=column.strict,
        **rule,  # type: ignore[arg-type]
    )


def _rule(
    column: Column, cell: str, language: str, refs: Mapping[str, str]
) -> list[tuple[str, object]]:
    """What may be typed into a column whose first cell is ``cell``, as fields of a Validation."""
    options = column.options(language)
    if options:
        return [("kind", "list"), ("formula", '"' + ",".join(options) + '"')]
    if column.ref is not None:
        return [("kind", "list"), ("formula", refs[column.ref])]
    match column.kind:
        case Kind.ID:
            return [("kind", "custom"), ("formula", id_formula(cell))]
        case Kind.EMAIL:
            formula = (
                f'AND(ISNUMBER(FIND(".",{cell},FIND("@",{cell})+2)),ISERROR(FIND(" ",{cell})))'
            )
            return [("kind", "custom"), ("formula", formula)]
        case Kind.PERIOD:
            formula = f"AND(LEN({cell})>=4,LEN({cell})<=7,ISNUMBER(VALUE(LEFT({cell},4))))"
            return [("kind", "custom"), ("formula", formula)]
        case Kind.AMOUNT:
            return [("kind", "decimal"), ("operator", "greaterThanOrEqual"), ("formula", "0")]
        case Kind.POINTS:
            return [("kind", "decimal"), ("formula", "0"), ("formula2", "100")]
        case Kind.DATE:
            earliest = str(EARLIEST_DAY)
            return [("kind", "date"), ("operator", "greaterThanOrEqual"), ("formula", earliest)]
        case Kind.TEXT | Kind.VERBATIM:
            limit = str(column.length)
            return [("kind", "textLength"), ("operator", "lessThanOrEqual"), ("formula", limit)]
        case _:
            return [("kind", "none")]


def id_formula(cell: str) -> str:
    """Refuses the usual slips in an id while it is typed; the rest (``ids.is_id``) is the reader's.

    A check of every character would need arrays, and the three programs take those differently.
    """
    formula = f"AND(LEN({cell})<=32"
    for slip in (*_SLIPS, *understood("id_slips")):
        more = f',ISERROR(FIND("{slip}",LOWER({cell})))'
        if len(formula) + len(more) < LONGEST_RULE:  # the rest is the reader's
            formula += more
    return formula + ")"


__all__ = ["Choices", "Column", "Kind", "TableForm", "id_formula"]
