"""Register, plan and card on paper: typed full by somebody else, none too small, none lost."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from kamxl.core.records.register import LastAnswer
from kamxl.forms.plan.sheets import FORMS as PLAN
from kamxl.forms.register.sheets import FORMS as REGISTER
from kamxl.forms.scorecard.grid import TableGrid, size_of
from kamxl.forms.tables.columns import Calculated, Column, Kind
from kamxl.forms.tables.declared import Table
from tests.forms import cards, plans, registers
from tests.proof.printed import Printed, missing, printed, too_small

LONG = "Die Ersatzteilverfügbarkeitsgarantie für Hochgeschwindigkeitsabfüllanlagen im Dauerbetrieb "
ROWS = {"accounts": 40, "segments": 50, "contacts": 60, "requirements": 60, "selection": 40}
OF_PLAN = 25
# Keys and marks beside what a person reads: those of single figures, sums, and the weights.
WHOLE = (1, 1, 10**6, 10**6)
KEYS = ("selection:weights", ":", "account", "as_of", "value_target", "cost_", "revenue_",
        "improvement_target")  # fmt: skip


def _typed(table: Table[Any], column: Column, number: int, row: int) -> object:
    if column.kind is Kind.DATE:
        return date(2026, 1, 1 + row % 28)
    if column.kind in (Kind.AMOUNT, Kind.POINTS):
        return row
    long = column.kind is Kind.TEXT and column.width >= 24 and row % 5 == 0
    return f"{LONG if long else ''}{table.key[:3]}{row}x{number}"


def _filled(data: bytes, forms: tuple[Table[Any], ...], rows: Mapping[str, int]) -> bytes:
    """A workbook with something in every cell that one may type into, of so many rows."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for table in forms:
        if table.key == "settings":
            continue
        sheet = book[table.title("de")]
        prepared = max(table.printed, table.spare)  # what is typed below them is said to be so
        for row in range(rows.get(table.key, min(OF_PLAN, prepared))):
            for number, column in enumerate(table.columns, 1):
                cell = sheet.cell(table.first + row, number)
                if not isinstance(column, Calculated) and cell.value in (None, ""):
                    cell.value = _typed(table, column, number, row)
    return _saved(book)


def _saved(book: openpyxl.Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _register() -> bytes:
    return _filled(registers.drawn(None, "de"), REGISTER, ROWS)


def _plan() -> bytes:
    return _filled(plans.drawn(plans.prefill("de"), "de"), PLAN, {})


def _card() -> bytes:
    order = cards.order("de", 12, 3, anchors=True)
    asked = [replace(r, label=f"{LONG}{r.id}") if n % 2 else r
             for n, r in enumerate(order.requirements)]  # fmt: skip
    last = tuple(LastAnswer(r.id, 12.5, 60.0) for r in asked)
    order = replace(order, requirements=tuple(asked), last_period="2026-H1", last=last)
    grid = TableGrid(size_of(order))

    def fill(sheet: Any, _: TableGrid) -> None:
        for at in range(len(asked)):
            row = grid.row(at)
            sheet.cell(row, grid.weight).value, sheet.cell(row, grid.us).value = 8 + at % 2, 50 + at
            sheet.cell(row, grid.comment).value = f"{LONG * (1 + at % 2)}Kommentar {at}"
            sheet.cell(row, grid.good).value = f"{LONG if at % 4 == 0 else ''}gut {at}"

    return cards.edited(cards.filled(order), cards.on_table(order, fill))


def _of_pages(page: Printed, data: bytes) -> Printed:
    """Without what stands beside the printed columns, and hidden sheets."""
    book, cells = openpyxl.load_workbook(io.BytesIO(data)), {}
    for title, shown in page.cells.items():
        area = book[title].print_area
        left, _, right, _ = (
            range_boundaries(area.split("!")[-1].replace("$", "")) if area else WHOLE
        )
        if book[title].sheet_state == "visible":
            cells[title] = [one for one in shown if left <= one[1] <= right and not _key(one[2])]
    return replace(page, cells=cells, small=tuple(s for s in page.small if not _key(s[2])))


def _key(said: str) -> bool:
    return " " not in said and said.startswith(KEYS)


@pytest.mark.proof
@pytest.mark.parametrize("made", [_register, _plan, _card])
def test_all_that_is_typed_can_be_read_on_paper(made: Callable[[], bytes], tmp_path: Path) -> None:
    data = made()
    page = _of_pages(printed(data, tmp_path), data)
    assert too_small(page) == []
    assert missing(page) == []
    assert page.pages < 60
