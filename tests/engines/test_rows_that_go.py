"""Rows deleted, inserted, sorted and cut in LibreOffice, on every sheet where people may do so.

No cell may show an error afterwards, and the register says what a register says that is freshly
drawn from its rows. The rule behind it is held by ``tests/forms/test_rows_that_go.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kamxl.excel.reading.book import read as read_workbook
from kamxl.forms.paper.book import Book, Formula
from kamxl.forms.register.book import read as read_register
from kamxl.forms.register.calculation import FACT_COLUMN, LEFT
from kamxl.forms.register.carrying import carried
from kamxl.forms.register.sheets import (
    ACCOUNTS,
    CONTACTS,
    FORMS,
    PICTURE,
    SEGMENTS,
    SELECTION,
    SETTINGS,
    TEAM,
)
from kamxl.forms.tables.columns import Calculated
from kamxl.forms.tables.declared import Table
from kamxl.wording.texts import texts
from tests import examples
from tests.engines.office import Office, OfficeBook
from tests.engines.office_rows import (
    Change,
    Error,
    Rows,
    errors,
    everything,
    undone,
    worst,
)
from tests.proof.recalc import agree

pytestmark = pytest.mark.proof

PLAN = "plans/MOLTIDE--2026-H2.xlsx"
_KEYS = {"id", "account", "level", "name", "programme", "number", "place"}  # in some key row
_FIRST = 7  # below key rows that say something else


@pytest.fixture
def opened(
    office_back: Office, demos: Callable[[str], Path]
) -> Iterator[Callable[..., OfficeBook]]:
    """A workbook of the demo, opened in LibreOffice."""
    books: list[OfficeBook] = []

    def one(place: str, language: str = "de") -> OfficeBook:
        books.append(office_back.open(demos(language) / place))
        return books[-1]

    yield one
    for book in books:
        book.close()


def first_rows(book: OfficeBook) -> Iterator[Rows]:
    """The rows of every sheet, from below its key row on: keys are small letters side by side."""
    for title in book.document.Sheets.ElementNames:
        whole = Rows(book, title, 1).values()
        found = [
            at
            for at, row in enumerate(whole, 1)
            if (said := [one for one in row if one != ""])
            and len(said) > 2
            and len(set(said)) == len(said)
            and all(isinstance(one, str) and one == one.lower() and one.isascii() for one in said)
        ]
        yield Rows(book, title, found[-1] + 1 if found else _FIRST)


Tried = Callable[[Rows], Iterator[Change]]


def broken(book: OfficeBook, tried: Tried) -> dict[tuple[str, str], list[Error]]:
    """What breaks on which sheet by which change; each is undone before the next."""
    assert errors(book) == []
    found = {}
    for rows in first_rows(book):
        if rows.sheet.isProtected():
            continue
        for name, change in tried(rows):
            with undone(book):
                change()
                if wrong := errors(book):
                    found[rows.title, name] = wrong[:3]
    return found


@pytest.mark.parametrize(
    ("place", "tried"),
    [
        pytest.param("Register.xlsx", everything, marks=pytest.mark.long),
        pytest.param(PLAN, everything, marks=pytest.mark.long),
        (PLAN, worst),
        ("Portfolio.xlsx", worst),
    ],
)
def test_no_change_of_rows_leaves_an_error(
    opened: Callable[..., OfficeBook], place: str, tried: Tried
) -> None:
    book = opened(place)
    assert len(book.document.Sheets.ElementNames) >= 9
    assert broken(book, tried) == {}


def test_whole_rows_cut_and_pasted_leave_none(opened: Callable[..., OfficeBook]) -> None:
    for place in ("Register.xlsx", PLAN):
        book = opened(place)
        for rows in first_rows(book):
            if not rows.sheet.isProtected() and (filled := rows.filled()):
                rows.cut(filled[0], filled[-1] + 1)
                rows.cut(filled[-1], filled[len(filled) // 2])
                assert errors(book) == [], rows.title


# --- the register says what it would say if it were drawn anew -----------------------------------


class Changed:
    """A register of the demo, and its tables by their keys."""

    def __init__(self, book: OfficeBook, language: str) -> None:
        self.book, self.language = book, language

    def rows(self, form: Table[Any]) -> Rows:
        return Rows(self.book, form.title(self.language), form.first)

    def insert(self, form: Table[Any], row: int, **typed: object) -> None:
        rows = self.rows(form)
        rows.insert(row)
        for key, value in typed.items():
            rows.write(row, form.index(key), value)

    def without(self, account: str) -> None:
        """All rows of an account deleted, on all sheets."""
        for form in FORMS:
            if form in (SETTINGS, TEAM):
                continue
            key = "id" if form is ACCOUNTS else "account"
            rows, place = self.rows(form), form.index(key) - 1
            held = [at for at, row in enumerate(rows.values(), 1) if row[place] == account]
            for row in reversed(held):
                rows.delete(row)


def calculated(book: OfficeBook, drawn: Book, language: str) -> Iterator[tuple[str, Any, Formula]]:
    """Where something is calculated: what LibreOffice says now, and what is drawn."""
    for form in FORMS[1:]:
        live = [one.id for one in form.columns if isinstance(one, Calculated)]
        now = Rows(book, form.title(language), form.first).values()
        said, cells = {_key(form, row): row for row in now}, drawn.sheet(form.key).cells
        for at in range(form.first, form.last + 1):
            row = [cells[at, column].content for column in range(1, form.width + 1)]
            key, places = _key(form, row), [form.index(one) - 1 for one in live]
            if row[0] and any(said[key][place] != "" for place in places):  # not an inserted one
                yield from ((f"{form.key} {key}", said[key][at], row[at]) for at in places)
    for key, title, beside in (
        (PICTURE, texts(language)("register.picture.title"), _on_picture),
        (SELECTION.key, SELECTION.title(language), lambda at, _: at < SELECTION.key_row),
        (SETTINGS.key, SETTINGS.title(language), lambda *_: True),
    ):
        values = Rows(book, title, 1).values()
        for (at, column), cell in drawn.sheet(key).cells.items():
            if isinstance(cell.content, Formula) and beside(at, column):
                yield f"{key} {at} {column}", values[at - 1][column - 1], cell.content


def _on_picture(_: int, column: int) -> bool:
    """Between them stands what follows the rows of *Accounts*, blank ones among them."""
    return column < LEFT or column >= FACT_COLUMN


def _key(form: Table[Any], row: Any) -> tuple[Any, ...]:
    return tuple(row[form.index(one) - 1] or "" for one in form.unique or (form.columns[0].id,))


def test_a_register_whose_rows_went_and_came_says_what_a_new_one_says(
    opened: Callable[..., OfficeBook], tmp_path: Path
) -> None:
    language = "en"
    book = opened("Register.xlsx", language)
    changed = Changed(book, language)
    accounts = [row[0] for row in changed.rows(ACCOUNTS).values()[ACCOUNTS.key_row :] if row[0]]
    kept = accounts[1]
    changed.without(accounts[0])
    changed.without(accounts[len(accounts) // 2])
    changed.insert(SEGMENTS, SEGMENTS.first, account=kept, id="NEW1", name="One", revenue=1e6)
    changed.insert(SEGMENTS, SEGMENTS.last, account=kept, id="NEW2", name="Two", revenue=2e6)
    changed.insert(ACCOUNTS, ACCOUNTS.first)
    changed.insert(ACCOUNTS, ACCOUNTS.first, id="NEWCOMER", name="A newcomer")
    changed.insert(
        SEGMENTS, SEGMENTS.first, account="NEWCOMER", id="NEW3", name="Three", revenue=9e6
    )
    selection = changed.rows(SELECTION)
    selection.write(selection.filled()[-1] + 1, SELECTION.index("account"), "NEWCOMER")
    for form, column in (
        (ACCOUNTS, "name"),
        (SELECTION, "account"),
        (SEGMENTS, "id"),
        (TEAM, "id"),
    ):
        changed.rows(form).sort(form.index(column))
    contacts = changed.rows(CONTACTS).filled()
    changed.rows(CONTACTS).cut(contacts[0], contacts[-1] + 2)
    assert errors(book) == []

    path = tmp_path / "Register.xlsx"
    book.save(path, 0)
    raw = read_workbook(path.read_bytes())
    anew = carried(raw, "ws-test", examples.NOW)
    assert {one.id for one in read_register(raw).segments} >= {"NEW1", "NEW2", "NEW3"}
    said = list(calculated(book, anew.book, language))
    assert len(said) > 500
    wrong = [(place, now, made) for place, now, made in said if not agree(now, made.value)]
    assert wrong == []


# --- the portfolio says when its rows stand elsewhere --------------------------------------------


@pytest.mark.parametrize("key", ["segments", "raters", "data"])
def test_rows_sorted_in_the_portfolio_are_said(opened: Callable[..., OfficeBook], key: str) -> None:
    t = texts("de")
    title, first = (t(f"portfolio.{one}.sheet") for one in (key, "dashboard"))
    changes: tuple[Callable[[Rows], None], ...] = (
        lambda rows: rows.sort(2),
        lambda rows: rows.sort(rows.columns),  # the other way round
        lambda rows: rows.delete(rows.last),
        lambda rows: rows.insert(_FIRST + 1),
    )
    book = opened("Portfolio.xlsx")
    own, dashboard = Rows(book, title, _FIRST), Rows(book, first, _FIRST)

    def alarms() -> list[str]:
        assert errors(book) == []
        return [str(one.values()[0][3]) for one in (own, dashboard)]

    for change in changes:
        assert alarms() == ["", ""]
        with undone(book):
            change(own)
            assert all(alarms())
