"""How large a portfolio may be for its tables to be formulas, and for its answers to be a sheet.

A formula takes some times the room of what it comes to, and a spreadsheet calculates all of them
anew. A team's portfolio is far below these sizes; in a larger one the tables hold the values that
their formulas would come to, which the core has reckoned anyway, and each of their sheets says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kamxl.forms.paper.book import Cell, Sheet
from kamxl.forms.tables.shown import LONG, ShownTable
from kamxl.wording.texts import Texts


@dataclass(frozen=True, slots=True)
class Sizes:
    """The most ``accounts`` and rows of ``answers`` with which tables are formulas.

    ``rows`` of answers that stand on the sheet *Data*: more are written beside the workbook.
    ``packed``: of more records a table's rows are packed. ``compact``: of more accounts, or of
    more answers in proportion, no value says where it stands: the file is half as large, and
    Gnumeric does not find its cells.
    """

    accounts: int = 1_000
    answers: int = 25_000
    rows: int = 200_000
    packed: int = LONG
    compact: int = 5_000

    def exceeded(self, accounts: int, answers: int) -> bool:
        """Whether the tables hold values."""
        return accounts > self.accounts or answers > min(self.answers, self.rows)

    def overfull(self, accounts: int, answers: int) -> bool:
        """Whether the values do not say where they stand."""
        return accounts > self.compact or answers * self.accounts > self.compact * self.answers

    def away(self, data: ShownTable[Any, Any]) -> bool:
        """Whether the rows of answers are written beside the workbook."""
        return len(data.records) > self.rows


SIZES = Sizes()


def settle(tables: Iterable[ShownTable[Any, Any]], of: Sizes, accounts: int, answers: int) -> None:
    """Tell tables that are not drawn yet whether they hold the values of their formulas."""
    for table in tables:
        table.settled, table.long = of.exceeded(accounts, answers), of.packed
        table.compact = table.settled and of.overfull(accounts, answers)


def told(
    sheets: Sequence[Sheet], tables: Iterable[ShownTable[Any, Any]], t: Texts, of: Sizes
) -> None:
    """Say on each sheet whose table holds values that it does."""
    settled = {table.key for table in tables if table.settled}
    for sheet in sheets:
        if sheet.key in settled:
            own = f"portfolio.{sheet.key}.values"
            key = own if t.has(own) else "portfolio.values"
            said = t(key, accounts=of.accounts, answers=of.answers)
            band = sheet.cells[3, 1]
            sheet.cells[3, 1] = Cell(f"{band.content} {said}", band.style)
