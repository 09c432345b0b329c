"""How large a portfolio may be for its tables to be formulas, and for its answers to be a sheet.

A formula takes some times the room of what it comes to, and a spreadsheet calculates all of them
anew. A team's portfolio is far below these sizes; in a larger one the tables hold the values that
their formulas would come to, which the core has reckoned anyway, and each of their sheets says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kamxl.forms.paper.book import Sheet
from kamxl.forms.paper.style import MUTED, Style
from kamxl.forms.portfolio.parts import ALARM_AT
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
_NOTE = Style(color=MUTED)


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
            accounts, answers = (
                t.manner.exact(Decimal(n), "#,##0") for n in (of.accounts, of.answers)
            )
            # above the title, where an alarm stands if there are formulas: the band is full
            column = max(ALARM_AT[1], sheet.title_columns + 1)
            sheet.put(ALARM_AT[0], column, t(key, accounts=accounts, answers=answers), _NOTE)
