"""Tables of the account plan: declared like the register's, with a block of live figures above.

``PlanForm`` adds to ``TableForm`` where its table begins, ``PlanColumn`` what a plan's cells need:
cells that kamxl prefills, numbers below zero, formats, helper columns in small type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from kamxl.forms.paper.book import Conditional, Sheet, Validation, span
from kamxl.forms.paper.parts import band, headers
from kamxl.forms.paper.raw import RawCell, a1
from kamxl.forms.paper.style import (
    ACCENT,
    BAND_SMALL,
    BEHIND_SOFT,
    FAINT,
    HEADER_LEFT,
    MUTED,
    SOFT,
    Style,
)
from kamxl.forms.tables import fields
from kamxl.forms.tables.columns import Column, Kind
from kamxl.forms.tables.declared import LINE_HEIGHT, Live, TableForm, Values, cell_validation
from kamxl.forms.tables.fields import Parsed
from kamxl.wording.texts import texts

HEADER_ROW = 5  # of a table that stands alone on its sheet
GIVEN = Style(fill=SOFT, borders="tblr", align="left", indent=1, wrap=True)
HELPER = Style(size=7, color=FAINT, align="center", borders="tb", format="0")
ONE_PAGE = 20  # so many filled rows are printed on one page
LARGEST = 10**12  # the largest amount anybody types, of either sign


@dataclass(frozen=True, slots=True)
class PlanColumn(Column):
    """A column of the plan.

    ``given``: prefilled by kamxl from what is known, and looking so; ``signed``: may be below zero;
    ``percent``: in % of 100; ``helper``: small type; ``shown``: its number format.
    """

    given: bool = False
    signed: bool = False
    helper: bool = False
    shown: str = ""
    align: str = ""

    def style(self, language: str) -> Style:
        """How its cells look."""
        if self.helper:
            return HELPER
        base = Column.style(self, language)
        if self.kind is Kind.ID:  # a longer one than there is room for stays whole
            base = base.but(shrink=True)
        if self.given:
            numbers = self.kind in (Kind.POINTS, Kind.AMOUNT)
            shown = "#,##0.##" if numbers else base.format
            base = GIVEN.but(format=shown, shrink=base.shrink, wrap=not base.shrink)
            base = base.but(align="center", indent=0) if numbers else base
        changes: dict[str, object] = {"format": self.shown} if self.shown else {}
        if self.align:
            changes |= {"align": self.align, "indent": 1 if self.align == "left" else 0}
            changes |= {"wrap": self.align == "left"}
        return base.but(**changes) if changes else base

    def parse(self, cell: RawCell | None) -> Parsed[Any]:
        """What a cell means; as ``Column.parse``, but a signed number may be below zero."""
        if not self.signed or cell is None:
            return Column.parse(self, cell)
        parsed = fields.amount(cell)
        if parsed.code != "number-negative":
            return parsed
        return fields.number(cell)


@dataclass(frozen=True, slots=True)
class PlanForm(TableForm):
    """A table of the plan; ``top`` rows for live figures stand between title and headers."""

    top: int = 0
    printed: int = 12  # rows that are printed at least
    lines: int = 1  # lines of text a row has room for at least

    @property
    def header_row(self) -> int:
        """Where its headers stand; the key row is the one below."""
        return HEADER_ROW + self.top

    def here(self, key: str, row: int) -> str:
        """The cell of a column in a row, as seen from the row: "$C7"."""
        return "$" + a1(row, self.index(key))

    def drawn(
        self,
        language: str,
        rows: Sequence[Values],
        *,
        mark: str,
        whose: str = "",
        refs: Mapping[str, str] | None = None,
        live: Mapping[str, Live] | None = None,
    ) -> Sheet:
        """Its sheet with ``rows`` filled in; what stands in the ``top`` rows comes after.

        ``whose`` stands at the right end of the title band: the account and the period.
        """
        sheet = Sheet(self.key, self.title(language), landscape=True, tab_color=ACCENT)
        last = len(self.columns)
        sheet.put(2, last, whose, BAND_SMALL.but(align="right"))
        band(sheet, range(1, last + 1), self.title(language), self.text(language, "intro"), mark)
        titles = [
            (i, self.header(c, language), c.id, _header_style(c))
            for i, c in enumerate(self.columns, 1)
        ]
        headers(sheet, self.header_row, titles, height=44)
        sheet.widths = {i: c.width for i, c in enumerate(self.columns, 1)}
        self._draw_rows(sheet, language, rows, live or {})
        for column in self.columns:
            sheet.validations.append(self._validation(column, language, refs or {}))
        sheet.conditionals += self._twice()
        self._page(sheet, len(rows))
        return sheet

    def height(self, values: Values) -> float:
        """Room for the longest text of a row, by rule of thumb: nobody measures it for us."""
        wrapped = (c for c in self.columns if c.kind in (Kind.TEXT, Kind.REF) and c.width >= 8)
        lines = max((lines_of(values.get(c.id), c.width) for c in wrapped), default=1)
        lines = max(lines, self.lines)
        return max(LINE_HEIGHT + 2, 13.2 * lines + 5)

    def _validation(self, column: Column, language: str, refs: Mapping[str, str]) -> Validation:
        title, note = self.header(column, language), self.help(column, language)
        made = cell_validation(column, self.cells(column.id), language, title, note, refs)
        if not (isinstance(column, PlanColumn) and column.signed):
            return made
        error = texts(language)("plan.errors.signed")
        return replace(
            made, operator="between", formula=str(-LARGEST), formula2=str(LARGEST), error=error
        )

    def _twice(self) -> list[Conditional]:
        """An id that stands there twice turns red while it is typed."""
        if not self.unique:
            return []
        cells = ["$" + a1(self.first_row, self.index(key)) for key in self.unique]
        pairs = zip((self.fixed(key) for key in self.unique), cells, strict=True)
        same = ",".join(f"--({column}={cell})" for column, cell in pairs)
        formula = f'AND({cells[-1]}<>"",SUMPRODUCT({same})>1)'
        return [Conditional(self.cells(self.unique[-1]), formula=formula, fill=BEHIND_SOFT)]

    def _page(self, sheet: Sheet, filled: int) -> None:
        """What stays in view and what is printed: the filled rows and some, not empty pages."""
        last = min(self.first_row + max(filled + 3, self.printed) - 1, self.last_row)
        sheet.print_area = span(1, 1, last, len(self.columns))
        if filled <= ONE_PAGE:  # no page of its own for two rows that are still free
            sheet.pages_tall = 1
        sheet.title_rows = (self.header_row, self.header_row + 1)
        # with figures above the headers only the first columns stay: half the screen would stand
        sheet.freeze = a1(1 if self.top else self.first_row, self.freeze + 1)
        sheet.active_cell = a1(self.first_row, 1)


def lines_of(content: object, width: float) -> int:
    """How many lines a text takes in a column so many characters wide."""
    return max(ceil(len(str(content or "")) * 1.12 / max(width - 2, 1)), 1)


def _header_style(column: Column) -> Style:
    if isinstance(column, PlanColumn) and column.helper:
        return HELPER.but(borders="")
    if column.kind is Kind.LIVE or (isinstance(column, PlanColumn) and column.given):
        return HEADER_LEFT.but(fill=MUTED, align="left" if _wide(column) else "center")
    return HEADER_LEFT if _wide(column) else HEADER_LEFT.but(align="center", indent=0)


def _wide(column: Column) -> bool:
    return column.kind in (Kind.TEXT, Kind.REF, Kind.CHOICE, Kind.ID, Kind.IDS, Kind.NOTE)
