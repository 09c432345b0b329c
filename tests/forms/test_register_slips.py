"""One slip stops what it touches: exactly the cards that show the cell, and no other, wait.

What a card shows is asked of the cards themselves: one that comes out otherwise when something
else, as right, stands in the cell shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from kamxl.core.cards.asking import orders
from kamxl.core.finding import Severity
from kamxl.core.records.register import CardOrder, Competitor, ListedCompetitor, Register
from kamxl.excel.reading.book import read as read_workbook
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind
from kamxl.forms.register import book as form
from kamxl.forms.register.settings import VALUE_COLUMN
from kamxl.forms.register.sheets import (
    COMPETITORS,
    DECISIONS,
    FIELDS,
    FORMS,
    SELECTION,
    SETTINGS,
)
from kamxl.forms.tables.columns import Column, Kind
from tests.forms.registers import SMALL, spoiled, table
from tests.workflow.making import drawn_register

# rivals of ids of their own, and a catalogue that one segment alone has
GOOD = replace(
    SMALL,
    segments=tuple(
        replace(s, catalogue="Teile" if s.id == "PARTS" else s.catalogue) for s in SMALL.segments
    ),
    requirements=(
        *SMALL.requirements,
        replace(SMALL.requirements[0], catalogue="Teile"),
    ),
    competitors=(
        *SMALL.competitors[:2],
        ListedCompetitor("007", "1.2", Competitor("NOVA", "Nova")),
    ),
)
ROWS = {
    key: len(getattr(GOOD, key))
    for key in ("team", "accounts", "segments", "contacts", "requirements", "competitors")
}
Slip = tuple[str, str, int]
# Whose row it is says nothing on the card; that is tried apart.
APART = {("requirements", c) for c in ("catalogue", "account", "segment")} | {
    (key, c) for key in ("segments", "contacts", "competitors") for c in ("account", "segment")
}


@cache
def good(language: str) -> RawBook:
    return read_workbook(drawn_register(GOOD, language))


def cells() -> Iterator[tuple[Slip, Column]]:
    """Every cell that is read, but those of Selection, and of Decisions, which no card shows."""
    for row, field in enumerate(FIELDS):
        yield (SETTINGS.key, "value", row), field
    for one in FORMS:
        if one in (SETTINGS, SELECTION, DECISIONS):
            continue
        for row in range(ROWS[one.key]):
            for column in one.columns:
                if column.read and (one.key, column.id) not in APART:
                    yield (one.key, column.id, row), column


RIGHT = {
    Kind.POINTS: (12,),
    Kind.AMOUNT: (12,),
    Kind.EMAIL: ("zz@zz.example",),
    Kind.DATE: ("2026-10-01",),
    Kind.PERIOD: ("2027",),
    Kind.REF: ("Kern", "Teile"),
    Kind.IDS: ("LINES", "PARTS"),
}


def others(column: Column, language: str) -> tuple[object, ...]:
    """What else may stand in a cell."""
    return column.options(language) or RIGHT.get(column.kind, ("ZZ9",))


def wrong(column: Column) -> Iterator[object]:
    """What people and programs leave in a cell."""
    yield RawCell(RawKind.ERROR, "#REF!")
    yield RawCell(RawKind.TEXT, "", formula=True)
    if column.required:
        yield None
    if column.kind not in (Kind.TEXT, Kind.VERBATIM, Kind.REF):
        yield "?? 1 !!"


def out(register: Register) -> dict[tuple[str, ...], tuple[CardOrder, str]]:
    """The cards that go out, as far as a customer sees them, each with its mail's last line."""
    return {
        (o.account, o.segment, o.respondent): (
            replace(
                o,
                respondent_email="",
                requirements=tuple(replace(r, minimum=None) for r in o.requirements),
            ),
            register.settings.signature,
        )
        for o in orders(register, "2026-H2", str)
    }


def seen(raw: RawBook, slip: Slip) -> str:
    cell = held(raw, slip)
    return cell.text if cell else ""


def held(raw: RawBook, slip: Slip) -> RawCell | None:
    key, column, row = slip
    sheet = next(
        s for s in raw.sheets if s.cells.get((1, 1), _NONE).text.startswith(f"kamxl:register:{key}")
    )
    at = VALUE_COLUMN if key == SETTINGS.key else table(key).index(column)
    return sheet.cells.get((table(key).first + row, at))


_NONE = RawCell(RawKind.TEXT, "")


@pytest.mark.proof
@pytest.mark.long
@pytest.mark.parametrize("language", ["de"])  # 1,400 readings; what differs is proven elsewhere
def test_a_slip_keeps_back_the_cards_that_show_it_and_all_others_go_out_as_they_were(
    language: str,
) -> None:
    raw = good(language)
    before = out(form.read(raw))
    assert len(before) == 4
    touched = 0
    for slip, column in cells():
        right = [out(form.read(spoiled(raw, {slip: one}))) for one in others(column, language)]
        shows = {c for c, order in before.items() if any(o.get(c) != order for o in right)}
        if slip[0] == SETTINGS.key and column.id == "rivals":
            shows = set(before)  # whether somebody may be named has to be understood, then all go
        touched += bool(shows)
        for value in wrong(column):
            register = form.read(spoiled(raw, {slip: value}))
            now = out(register)
            assert now == {c: o for c, o in before.items() if c not in shows}, (slip, value)
            assert any(f.severity is Severity.ERROR for f in register.findings), (slip, value)
            waiting = {(h.account, h.segment, h.respondent) for h in register.held}
            assert not waiting & now.keys(), (slip, value)
            if shows & waiting != shows:  # its id is gone, so less is known of it; but it is there
                assert any(None in card for card in waiting), (slip, value)
    assert touched > 30


@pytest.mark.proof
@pytest.mark.parametrize("key", ROWS)
def test_a_row_typed_twice_stops_nothing(key: str) -> None:
    for row in range(ROWS[key]):
        raw = good("de")
        again = {
            (key, c.id, ROWS[key]): held(raw, (key, c.id, row))
            for c in table(key).columns
            if c.read
        }
        register = form.read(spoiled(raw, again))
        assert out(register) == out(form.read(raw))
        assert [f.code for f in register.findings] == ["row-repeated"]
        assert not register.held


def test_a_requirement_of_the_catalogue_typed_again_for_a_segment_is_asked_once() -> None:
    raw = good("de")
    cells = [c.id for c in table("requirements").columns if c.read]
    row = {c: seen(raw, ("requirements", c, 1)) or None for c in cells}
    row |= {"catalogue": None, "account": "ALFA", "segment": "LINES"}
    changes = {("requirements", c, ROWS["requirements"]): value for c, value in row.items()}
    register = form.read(spoiled(raw, changes))
    assert out(register) == out(form.read(raw))
    assert [f.code for f in register.findings] == ["row-repeated"]


def test_a_second_name_of_a_rival_stops_the_cards_on_which_it_stands() -> None:
    raw = good("de")
    row = {"account": "ALFA", "id": "ombra", "name": "Ombra SE"}
    register = form.read(spoiled(raw, {(COMPETITORS.key, c, 3): v for c, v in row.items()}))
    assert {(h.account, h.segment) for h in register.held} == {("ALFA", "LINES")}
    assert {f.code for h in register.held for f in h.findings} == {"id-duplicate"}


LOST = {
    ("accounts", "manager"): 4,
    ("segments", "revenue"): 4,
    ("contacts", "email"): 4,
    ("requirements", "minimum"): 4,
    ("segments", "feedback"): 0,
    ("requirements", "anchor50"): 0,
    ("competitors", "name"): 2,  # those that name no rivals
    ("accounts", "language"): 0,
}


@pytest.mark.proof
@pytest.mark.parametrize(("key", "column"), LOST)
def test_a_lost_column_stops_the_cards_that_show_it(key: str, column: str) -> None:
    raw = good("en")
    head = {(key, column, row - table(key).first): None for row in (1, 2, 3, 4, 5, 6)}
    register = form.read(spoiled(raw, head))
    assert [f.code for f in register.findings] == ["column-missing"]
    assert len(out(register)) == LOST[key, column]
    assert len(register.held) == 4 - LOST[key, column]
    assert all(order == out(form.read(raw))[card] for card, order in out(register).items())


@pytest.mark.parametrize("key", ["settings", *ROWS, "selection"])
def test_a_lost_sheet_stops_the_cards_that_show_anything_of_it(key: str) -> None:
    raw = good("de")
    kept = tuple(
        s for s in raw.sheets
        if not s.cells.get((1, 1), _NONE).text.startswith(f"kamxl:register:{key}")
    )  # fmt: skip
    register = form.read(replace(raw, sheets=kept))
    expected = {"selection": 4, "competitors": 2}.get(key, 0)
    assert len(out(register)) == expected
    assert bool(register.held) == (expected < 4)
    # Every customer who gets nothing is named.
    got = {card[0] for card in out(register)}
    assert got | {h.account for h in register.held} == {"ALFA", "007"}


@pytest.mark.parametrize("typed", ["2,4 Mio. €", "420 T€", "€ 1.9m", "1.250.000,50"])
def test_a_revenue_that_cannot_be_read_is_unknown_and_said_and_the_card_goes_out(
    typed: str,
) -> None:
    register = form.read(spoiled(good("de"), {("segments", "revenue", 0): typed}))
    assert len(out(register)) == 4
    assert not register.held
    if register.segments[0].revenue is None:
        assert [(f.code[:6], f.cell) for f in register.findings] == [("number", "G7")]
