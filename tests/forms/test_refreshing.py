"""What goes into an open plan: by ids, into our own cells, into prepared rows that hold nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from kamxl.core.method.programmes import Action
from kamxl.core.portfolio.companion import Companion
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import Account, AskedRequirement, Segment
from kamxl.excel.reading.book import read as read_workbook
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet
from kamxl.forms.plan import book as form
from kamxl.forms.plan.book import PlanPrefill, SegmentKnown
from kamxl.forms.plan.lists import ROOM
from kamxl.forms.plan.refreshing import Refreshed, refreshed
from kamxl.forms.plan.sheets import SELF, WISHES
from kamxl.wording.texts import texts
from tests.forms.companions import ASKED, companion, known_wish, plan, reply
from tests.forms.plans import AS_OF, STAMP, raw_cell

LANGUAGES = ("de", "en")
KNOWN = replace(known_wish(), importance=50.0, reply="Kommt im Mai")


def made() -> AccountPlan:
    """A plan with one of the two wishes, and no row for the price."""
    return plan(wishes=(KNOWN,), actions=(Action("A1", "Lager einrichten", wish=KNOWN.id),))


@cache
def drawn(language: str) -> RawBook:
    """It as a workbook, read back."""
    asked = tuple(AskedRequirement(*one) for one in ASKED[:2])
    known = SegmentKnown(Segment("ALPHA", "pumps", "Pumpen", 900.0), asked)
    given = PlanPrefill(
        Account("ALPHA", "Alpha Werke", language), "2026-H1", AS_OF, segments=(known,),
        wishes=(KNOWN,), earlier=made(), total=70.0, earlier_total=60.0,
    )  # fmt: skip
    book = form.book(given, language, "w", STAMP)
    return _with_figures(read_workbook(render(build(book))), language)


def _with_figures(raw: RawBook, language: str) -> RawBook:
    """With the figures that the customer had given when it was made."""
    rows = ((50.0, 80.0), (35.0, 55.0))
    cells: dict[tuple[int, int], object] = {}
    for place, (weight, customer) in enumerate(rows, SELF.first):
        cells[place, SELF.index("weight")] = weight
        cells[place, SELF.index("customer")] = customer
    return typed(raw, SELF.title(language), cells)


def typed(raw: RawBook, title: str, cells: Mapping[tuple[int, int], object]) -> RawBook:
    """The book with other cells on one sheet."""

    def changed(sheet: RawSheet) -> RawSheet:
        if sheet.title != title:
            return sheet
        return replace(sheet, cells={**sheet.cells, **{k: raw_cell(v) for k, v in cells.items()}})

    return replace(raw, sheets=tuple(map(changed, raw.sheets)))


def rows_with_formulas(raw: RawBook) -> dict[str, frozenset[int]]:
    return {
        sheet.title: frozenset(row for (row, _), cell in sheet.cells.items() if cell.formula)
        for sheet in raw.sheets
    }


def into(raw: RawBook, of: Companion | None = None) -> Refreshed:
    return refreshed(raw, rows_with_formulas(raw), of or companion(made=made()))


def after(raw: RawBook, done: Refreshed) -> AccountPlan:
    """The plan as it is read once all of it is entered."""
    for title, cells in done.cells.items():
        raw = typed(raw, title, {k: v for k, v in cells.items() if v is not None})
    found, findings = form.read(raw)
    assert found is not None
    assert not findings
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_cells_by_id_and_hers_stay(language: str) -> None:
    raw = drawn(language)
    done = into(raw)
    old, _ = form.read(raw)
    new = after(raw, done)
    assert old is not None
    assert [(r.id, r.label, r.weight, r.customer) for r in new.ratings] == [
        ("q", "Qualität", 45.0, 80.0), ("t", "Termintreue", 30.0, 70.0),
        ("p", "Preis", 20.0, 30.0), ("own1", "Nähe zum Werk", 5.0, 30.0),
    ]  # fmt: skip
    assert [(r.rating, r.remark) for r in new.ratings[:2]] == [
        (r.rating, r.remark) for r in old.ratings
    ]
    assert [(w.id, w.importance, w.reply) for w in new.wishes] == [
        (KNOWN.id, 90.0, "Kommt im Mai"), (known_wish(1).id, 40.0, ""),
    ]  # fmt: skip
    assert new.wishes[1].issue == "=zu viele Ansprechpartner"
    assert replace(new, ratings=old.ratings, wishes=old.wishes) == old
    assert (done.changed, done.requirements, done.wishes, done.reweighed) == (2, 2, 1, 1)
    assert not done.crowded
    assert not done.unoffered


@pytest.mark.parametrize("language", LANGUAGES)
def test_once_more_is_nothing(language: str) -> None:
    raw = drawn(language)
    for title, cells in into(raw).cells.items():
        raw = typed(raw, title, {k: v for k, v in cells.items() if v is not None})
    assert into(raw).nothing


def test_an_action_can_aim_at_what_is_new() -> None:
    raw, done = drawn("de"), into(drawn("de"))
    lists = done.cells[texts("de")("plan.lists.sheet")]
    offered = {value for (_, column), value in lists.items() if column == 4}
    assert offered == {"pumps/p", "pumps/own1", known_wish(1).id}
    assert all(row > 6 for row, _ in lists)
    for title, cells in done.cells.items():
        raw = typed(raw, title, {k: v for k, v in cells.items() if v is not None})
    closes = form.read(raw)
    assert closes[0] is not None
    assert closes[0].actions[0].wish == KNOWN.id


def test_rows_that_moved_are_found() -> None:
    title = SELF.title("de")
    raw = drawn("de")

    def moved(sheet: RawSheet) -> RawSheet:
        if sheet.title != title:
            return sheet
        cells: dict[tuple[int, int], RawCell] = {}
        for (row, column), cell in sheet.cells.items():
            swapped = {SELF.first: SELF.first + 1, SELF.first + 1: SELF.first}.get(row, row)
            cells[swapped + 3, column] = cell  # and three rows were inserted above
        return replace(sheet, cells=cells)

    raw = replace(raw, sheets=tuple(map(moved, raw.sheets)))
    new = after(raw, into(raw))
    assert [(r.id, r.customer) for r in new.ratings] == [
        ("t", 70.0), ("q", 80.0), ("p", 30.0), ("own1", 30.0),
    ]  # fmt: skip


def test_without_a_free_row_it_is_said() -> None:
    raw = drawn("de")
    title = SELF.title("de")
    prepared = {**rows_with_formulas(raw), title: frozenset({SELF.first, SELF.first + 1})}
    done = refreshed(raw, prepared, companion(made=made()))
    assert done.crowded == ["pumps/p", "pumps/own1"]
    assert done.changed == 2
    assert {row for row, _ in done.cells[title]} == {SELF.first, SELF.first + 1}
    offered = done.cells[texts("de")("plan.lists.sheet")].values()
    assert "pumps/p" not in offered  # of what has no row, none is offered


def test_without_a_sheet_the_others_are_refreshed() -> None:
    raw = drawn("de")
    bare = replace(raw, sheets=tuple(s for s in raw.sheets if s.title != WISHES.title("de")))
    done = into(bare)
    assert done.changed == 2
    assert done.crowded == [one.wish.id for one in companion(made=made()).wishes]


def test_a_plan_of_before_has_no_room_for_more_to_choose_from() -> None:
    raw = drawn("de")
    lists = texts("de")("plan.lists.sheet")
    room = [
        (place, cell)
        for sheet in raw.sheets
        if sheet.title == lists
        for place, cell in sheet.cells.items()
        if ROOM.fullmatch(cell.text)
    ]
    assert len(room) == 1
    older = typed(raw, lists, {room[0][0]: RawCell(RawKind.TEXT, "")})
    done = into(older)
    assert set(done.unoffered) == {"pumps/p", "pumps/own1", known_wish(1).id}
    assert done.requirements == 2
    full = typed(raw, lists, {room[0][0]: RawCell(RawKind.TEXT, "room:4")})
    assert into(full).unoffered == ["pumps/own1", known_wish(1).id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_knows_the_totals(language: str) -> None:
    done = into(drawn(language))
    visit = done.cells[texts(language)("plan.visit.sheet")]
    numbers: list[Any] = [value for value in visit.values() if isinstance(value, float)]
    found = companion(made=made())
    assert numbers == [
        found.total.earlier_total, found.total.total,
        found.segments[0].earlier_total, found.segments[0].total,
    ]  # fmt: skip
    said = texts(language)("plan.visit.dated", now="2026-H1", then="2025-H2")
    assert said in visit.values()


def test_nothing_came_back_changes_nothing() -> None:
    assert into(drawn("de"), companion([], made())).nothing
    kept = companion([reply(period="2025-H2", us=(80.0, 55.0, 10.0))], made())
    assert into(drawn("de"), kept).changed == 1  # the answers of before, where none are newer
