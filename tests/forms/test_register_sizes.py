"""Registers of many accounts: rows for all of them, and beyond some no formulas any more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kamxl.core.records.register import Account, Contact, Register, Segment
from kamxl.forms.paper.book import Book, Formula
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.register import book as form
from kamxl.forms.register.needs import READY
from kamxl.forms.register.sheets import ACCOUNTS, CONTACTS, LIVE_ROWS, SEGMENTS, SELECTION
from kamxl.forms.tables.declared import PREPARED_ROWS, Table
from kamxl.wording.texts import texts
from tests.forms.registers import LANGUAGES, SMALL, STAMP, small, spoiled, table

MOST = 60  # rows of a table that are read, for these tests


def many(count: int) -> Register:
    """A register of so many accounts, each with a segment and somebody who is asked."""
    return replace(
        SMALL,
        accounts=tuple(Account(f"A{n}", f"Firma {n}") for n in range(count)),
        segments=tuple(Segment(f"A{n}", "S", "Teile", 10.0 + n, "Kern") for n in range(count)),
        contacts=tuple(Contact(f"A{n}", "K", f"K {n}", f"k{n}@a.example") for n in range(count)),
        candidates=(),
    )


def drawn(count: int) -> Book:
    return form.book("de", many(count), "ws", STAMP)


def live(book: Book, one: Table, column: str, number: int) -> object:
    """What stands in the n-th row of a table, from 0."""
    return book.sheet(one.key).cells[one.first + number, one.index(column)].content


def test_up_to_the_prepared_rows_a_register_is_as_it_was() -> None:
    assert ACCOUNTS.for_rows(PREPARED_ROWS) is ACCOUNTS
    assert ACCOUNTS.for_rows(PREPARED_ROWS + 1).rows == PREPARED_ROWS + 200
    assert ACCOUNTS.for_rows(PREPARED_ROWS + 100).rows == PREPARED_ROWS + 200


@pytest.mark.proof
def test_more_rows_are_prepared_where_more_are_filled() -> None:
    count = PREPARED_ROWS + 50
    book, rows = drawn(count), PREPARED_ROWS + 200
    for one in (ACCOUNTS, SEGMENTS, CONTACTS, SELECTION):
        sheet = book.sheet(one.key)
        last = one.first + rows - 1
        assert max(row for row, _ in sheet.cells) == last
        first = one.cells(one.columns[0].id).partition(":")[0]
        (typed,) = [v.ranges for v in sheet.validations if v.ranges.startswith(f"{first}:")]
        assert typed.endswith(str(last))
    last_needs = live(book, ACCOUNTS, "needs", count - 1)
    assert isinstance(last_needs, Formula)
    assert last_needs.value == READY
    counted = live(book, ACCOUNTS, "segments", count - 1)
    assert isinstance(counted, Formula)
    assert f"${ACCOUNTS.first + rows}" in counted.text  # the row below the last of the segments
    empty = live(book, ACCOUNTS, "segments", rows - 1)
    assert isinstance(empty, Formula)
    assert empty.value == ""
    name = live(book, SELECTION, "rank", count - 1)
    assert isinstance(name, Formula)


@pytest.mark.proof
def test_with_very_many_rows_values_stand_where_formulas_would(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alive = drawn(30)
    monkeypatch.setattr("kamxl.forms.register.book.LIVE_ROWS", 20)
    still = drawn(30)
    for one in (ACCOUNTS, SEGMENTS, CONTACTS, SELECTION):
        before, after = (book.sheet(one.key).cells for book in (alive, still))
        for place, cell in after.items():
            assert place[0] < one.first or not isinstance(cell.content, Formula), place
            then = before[place].content
            if place[0] >= one.first and isinstance(then, Formula):
                assert cell.content == (None if then.value == "" else then.value), place
        told = [str(cell.content) for (row, _), cell in after.items() if row == 1]
        assert texts("de")("tables.settled") in told
    assert LIVE_ROWS > PREPARED_ROWS


# --- rows beyond those that are read -------------------------------------------------------------


def over(raw: RawBook, key: str, row: dict[str, object]) -> RawBook:
    """The small register with a table filled up to all rows that are read, and one more."""
    one = table(key)
    fill: dict[tuple[str, str, int], object] = {}
    columns = [column.id for column in one.columns if column.read]
    for number in range(2 if key == "accounts" else 6, MOST + 10):
        values: dict[str, object] = {"catalogue": "Fill", "id": f"F{number}", "label": "Etwas"}
        if key == "accounts":
            values = {"id": f"F{number}", "name": f"Firma {number}"}
        last = number == MOST + 9
        fill |= {(key, c, number): v for c, v in (row if last else values).items() if c in columns}
    return spoiled(raw, fill)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("row", "held"),
    [
        ({"catalogue": "Kern", "id": "NEW", "label": "Neu"}, {"ALFA"}),
        ({"catalogue": "Fill", "id": "NEW", "label": "Neu"}, set()),
        ({"account": "007", "segment": "1.2", "id": "NEW", "label": "Neu"}, {"007"}),
    ],
    ids=["of a catalogue", "of one that nobody uses", "of a segment"],
)
def test_a_row_too_many_costs_its_cards_and_no_others(
    language: str, row: dict[str, object], held: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kamxl.forms.tables.reading.MOST_ROWS", MOST)
    register = form.read(over(small(language), "requirements", row))
    (told,) = [one for one in register.findings if one.code == "too-many-rows"]
    assert dict(told.details)["limit"] == MOST
    assert told.cell is not None
    assert {card.account for card in register.held} == held
    assert all(told in card.findings for card in register.held)


def test_an_account_too_many_is_lost_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kamxl.forms.tables.reading.MOST_ROWS", MOST)
    register = form.read(over(small("de"), "accounts", {"id": "LAST", "name": "Letzte"}))
    assert len(register.accounts) == MOST
    assert "LAST" in {card.account for card in register.held}
    assert not {"ALFA", "007"} & {card.account for card in register.held}
