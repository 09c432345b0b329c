"""A plan of the first layout is read as it always was; the second one shows what is filled in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kamxl.core.records.plan import AccountPlan, carried_over
from kamxl.forms.paper.raw import RawBook, RawSheet
from kamxl.forms.plan import book as form
from kamxl.forms.plan.rows import forms_for
from kamxl.forms.plan.sheets import FORMS, LISTS, VISIT
from kamxl.forms.plan.showing import hidden
from tests.forms.plans import STAMP, WORKSPACE, filled, of, prefill, raw, raw_cell
from tests.forms.test_plan import DECLARED, KEYS, at, full, spoiled, taken

FREE = 40  # a column right of all tables


def first_layout(book: RawBook, typed: dict[tuple[str, str, int], str]) -> RawBook:
    """The book without what the second layout brought, and with ``typed`` in columns that ended."""
    sheets = []
    for key, sheet in zip(KEYS, book.sheets, strict=True):
        table = DECLARED.get(key)
        new = {table.index(c.id) for c in table.columns if c.since > 1} if table else set()
        cells = {place: cell for place, cell in sheet.cells.items() if place[1] not in new}
        cells[1, 1] = raw_cell(cells[1, 1].text.removesuffix(":2"))
        for column in table.ended if table else ():
            place = FREE + table.ended.index(column) if table else FREE
            cells[table.key_row if table else 1, place] = raw_cell(column.id)
            for (where, which, row), text in typed.items():
                if (where, which) == (key, column.id) and table:
                    cells[table.first + row, place] = raw_cell(text)
        sheets.append(RawSheet(sheet.title, cells))
    return replace(book, sheets=tuple(sheets))


def old() -> tuple[AccountPlan | None, tuple[object, ...]]:
    typed = {("discovery", "shared", 0): "Unsere Zahlen", ("value", "proof", 0): "Messung"}
    return form.read(first_layout(full("de"), typed))


def test_a_plan_of_the_first_layout_is_read_without_a_finding() -> None:
    plan, found = old()
    assert found == ()
    assert plan is not None
    assert plan.discovery[0].shared == "Unsere Zahlen"  # typed values stay readable
    assert plan.levers[0].proof == "Messung"
    assert (plan.levers[0].seen, plan.levers[0].share, plan.levers[0].agreed) == (None, "", True)
    assert not any(w.share for w in plan.wishes)
    assert not any(e.actual for p in plan.programmes for e in p.effects)


def test_a_new_period_carries_it_into_the_second_layout() -> None:
    earlier, _ = old()
    assert earlier is not None
    given = replace(prefill(), period="2027-H1", earlier=earlier)
    plan, found = form.read(raw(given, "de"))
    assert found == ()
    assert plan is not None
    held = carried_over(earlier, "2027-H1")
    assert [a.text for a in plan.actions] == [a.text for a in held.actions]
    assert plan.levers[0].agreed
    assert not any(one.share for one in (*plan.discovery, *plan.actions, *plan.wishes))


def test_what_was_typed_into_columns_that_ended_is_carried_on_and_no_other_plan_has_them() -> None:
    earlier, _ = old()
    given = replace(prefill(), period="2027-H1", earlier=earlier)
    book = raw(given, "de")
    plan, found = form.read(book)
    assert plan is not None
    assert found == ()
    assert (plan.discovery[0].shared, plan.levers[0].proof) == ("Unsere Zahlen", "Messung")
    again, _ = form.read(raw(replace(given, period="2027-H2", earlier=plan), "en"))
    assert again is not None
    assert (again.discovery[0].shared, again.levers[0].proof) == ("Unsere Zahlen", "Messung")
    drawn = {one.key: [c.id for c in one.columns] for one in forms_for(plan)}
    assert {key: {*drawn[key]} - {c.id for c in DECLARED[key].columns} for key in drawn} == {
        **{key: set() for key in drawn}, "discovery": {"shared"}, "value": {"proof"},
    }  # fmt: skip
    assert forms_for(filled()) == FORMS


def test_what_is_written_for_the_customer_is_carried_over_and_nothing_internal_gets_there() -> None:
    given = replace(prefill(), period="2027-H1", earlier=filled())
    plan = form.first_plan(given, "de", WORKSPACE)
    assert [w.share for w in plan.wishes] == [w.share for w in filled().wishes]
    fresh = form.first_plan(prefill(), "de", WORKSPACE)
    shares = (*fresh.discovery, *fresh.wishes, *fresh.actions, *fresh.levers)
    assert not any(one.share for one in shares)


def test_who_is_asked_and_unknown_is_said_and_nobody_is_asked_instead() -> None:
    book = spoiled(full("de"), {("value", "asks", 0): "XY"})
    plan, found = form.read(book)
    assert plan is not None
    assert [(one.code, one.cell) for one in found] == [("choice-unknown", at("value", "asks", 0))]
    assert plan.levers[0].asks == "XY"  # blank would ask everybody
    assert taken(spoiled(full("de"), {("value", "asks", 0): "bh"})).levers[0].asks == "BH"


@pytest.mark.parametrize("language", ["de", "en"])
def test_empty_sheets_wait_hidden_and_filled_ones_are_shown(language: str) -> None:
    assert hidden(filled(language)) == (LISTS,)
    new = form.first_plan(prefill(language), language, WORKSPACE)
    assert hidden(new) == (
        "ladder", "discovery", "economics", "ideas", "functions", "value", "programmes", "effects",
        LISTS,
    )  # fmt: skip
    book = form.book(prefill(language), language, WORKSPACE, STAMP)
    assert tuple(s.key for s in book.sheets if s.hidden) == hidden(new)
    assert not book.sheets[book.active].hidden
    assert book.sheets[book.active].key == VISIT


def test_few_sheets_are_for_paper_and_the_others_say_so() -> None:
    book = form.book(of(filled()), "de", WORKSPACE, STAMP)
    printed = [s.key for s in book.sheets if ":" in (s.print_area or "")]
    assert printed == [VISIT, "discovery", "programmes", "actions"]
    for table in FORMS:
        sheet = book.sheet(table.key)
        told = {cell.content for (row, _), cell in sheet.cells.items() if row == 1}
        assert any("Auswahl drucken" in str(one) for one in told) is (table.key not in printed)
        if table.key not in printed:  # nothing stands in what is printed
            assert sheet.print_area
            assert f"{sheet.print_area}" not in {f"{c}" for c in sheet.cells}
