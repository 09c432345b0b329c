"""The portfolio's columns in another order: every formula still says what the core says, or the
book is not made at all. And a column that is gone is missed at once, with data or without."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from kamxl.excel.reading.book import read
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Formula
from kamxl.forms.paper.places import At, Ref, UnknownReferenceError
from kamxl.forms.portfolio.book import book
from kamxl.forms.tables.shown import ShownTable
from tests.forms import portfolio_sample as sample
from tests.proof import recalc, witness

NONE: Mapping[str, str] = {}
Columns = Sequence[Any]


def reorder(monkeypatch: pytest.MonkeyPatch, order: Callable[[str, Columns], Columns]) -> None:
    """Every table is declared in another order from here on."""
    real = ShownTable.__post_init__

    def changed(table: ShownTable[Any, Any]) -> None:
        table.columns = order(table.key, table.columns)
        real(table)

    monkeypatch.setattr(ShownTable, "__post_init__", changed)


def wrong(data: bytes) -> list[tuple[str, str, str]]:
    """The formulas that say something else than what is stored with them: in a quick engine."""
    poisoned, places = witness.poisoned(data)
    engine = witness.Ironcalc(poisoned)
    raw = {sheet.title: sheet for sheet in read(data).sheets}
    found = []
    for place in places:
        stored = raw[place.sheet].cells.get((place.row, place.column))
        value = None if stored is None else stored.text if stored.number is None else stored.number
        said = engine.value(place)
        if place.formula and not recalc.agree(value, said):
            found.append((place.sheet, place.cell, f"{value} is {said}"))
    assert sum(place.formula for place in places) > 100
    return found


@pytest.mark.proof
def test_a_formula_over_another_column_is_found() -> None:
    made = book(sample.single(), "en", sample.STAMP, NONE)
    cells = made.sheet("segments").cells
    place = next(p for p, cell in cells.items() if isinstance(cell.content, Formula))
    formula = cells[place].content
    assert isinstance(formula, Formula)
    moved = formula.text.replace("$J$", "$I$")  # the coverage instead of the total
    assert moved != formula.text
    cells[place] = replace(cells[place], content=replace(formula, text=moved))
    assert "Segments" in {sheet for sheet, _, _ in wrong(render(build(made)))}


def test_the_tables_backwards_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    portfolio = sample.full()
    usual = book(portfolio, "en", sample.STAMP, NONE)
    reorder(monkeypatch, lambda _, columns: tuple(reversed(columns)))
    made = book(portfolio, "en", sample.STAMP, NONE)
    head = [made.sheet("data").cells[6, n].content for n in (1, 2)]
    assert head == ["order", "source"]
    below = [sum(row > 4 for row, _ in one.sheet("accounts").cells) for one in (made, usual)]
    assert below[0] == below[1]
    assert wrong(render(build(made))) == []


SWAPPED = {
    "data": ("share", "gap"),
    "segments": ("total", "profile"),
    "accounts": ("id", "lead"),
    "selection": ("id", "c:return"),
    "position": ("completed", "plan"),
    "drivers": ("weight", "points"),
    "competitors": ("number", "lead"),
}


@pytest.mark.parametrize("table", SWAPPED)
def test_two_columns_swapped_say_the_same_or_are_refused(
    monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    def swapped(name: str, columns: Columns) -> Columns:
        found, keys = list(columns), [column.id for column in columns]
        if name == table:
            one, other = map(keys.index, SWAPPED[table])
            found[one], found[other] = found[other], found[one]
        return found

    reorder(monkeypatch, swapped)
    if table == "selection":  # the ratings, which are weighed as one range, would be apart
        with pytest.raises(UnknownReferenceError, match="are apart"):
            book(sample.single(), "en", sample.STAMP, NONE)
        return
    made = book(sample.single(), "en", sample.STAMP, NONE)
    assert wrong(render(build(made))) == []


@pytest.mark.proof
def test_every_column_that_is_asked_for_is_missed_without_data(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: set[tuple[str, str]] = set()
    real = At.column

    def noted(at: At, table: str, key: str) -> Ref:
        asked.add((table, key))
        return real(at, table, key)

    with monkeypatch.context() as patched:
        patched.setattr(At, "column", noted)
        book(sample.empty(), "en", sample.STAMP, NONE)
    assert len(asked) > 60
    assert {table for table, _ in asked} >= {"data", "segments", "accounts", "selection",
                                             "position", "programmes", "actions"}  # fmt: skip
    for table, key in sorted(asked):

        def without(name: str, columns: Columns, gone: tuple[str, str] = (table, key)) -> Columns:
            return [
                replace(one, id="gone", title="gone") if (name, one.id) == gone else one
                for one in columns
            ]

        with monkeypatch.context() as patched:
            reorder(patched, without)
            with pytest.raises(
                UnknownReferenceError, match=rf"no column {key} in the table {table}"
            ):
                book(sample.empty(), "en", sample.STAMP, NONE)
