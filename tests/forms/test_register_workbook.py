"""The register as it is drawn: what is prepared, offered, printed, and whether it calculates."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kamxl.excel.reading.book import read as read_workbook
from kamxl.forms.paper.book import Formula
from kamxl.forms.paper.raw import a1
from kamxl.forms.register import book as form
from kamxl.forms.register.fields import ROWS
from kamxl.forms.register.sheets import CONTACTS, FORMS, LAYOUT, SEGMENTS, SELECTION, WEIGHTS_ROW
from kamxl.forms.tables.columns import Calculated
from kamxl.forms.tables.declared import HEADER_ROW, KEY_ROW, Table
from kamxl.forms.tables.prepared import SOME_ROW
from kamxl.workflow.start.sample import sample
from tests.forms.registers import (
    GAPS,
    SHEETS,
    SMALL,
    STAMP,
    WORKSPACE,
    drawn,
)
from tests.proof import need, recalc, semantics, validate
from tests.workflow.making import FEW, drawn_register, prepared


@pytest.mark.proof
def test_each_sheet_carries_its_mark_and_is_not_protected() -> None:
    book = form.book("en", None, WORKSPACE, STAMP)
    for sheet, key in zip(book.sheets, SHEETS, strict=True):
        assert sheet.cells[1, 1].content == f"kamxl:register:{key}:{WORKSPACE}:{LAYOUT}"
        assert sheet.protected == (key in ("start", "picture"))  # all of it is calculated
        assert sheet.landscape
        assert sheet.freeze
    titles = {sheet.key: sheet.title_rows for sheet in book.sheets}
    assert titles.pop("picture") is None  # three pages, each with its own headers
    assert titles.pop("start") is None  # one page
    assert titles.pop("settings") == titles.pop("decisions") == (HEADER_ROW, KEY_ROW)
    assert titles.pop("selection") == (WEIGHTS_ROW, SELECTION.header_row + 1)
    # with the word above what must be filled in
    assert set(titles.values()) == {(HEADER_ROW - 1, KEY_ROW)}


@pytest.mark.proof
@pytest.mark.parametrize("one", FORMS[1:], ids=lambda one: one.key)
def test_five_hundred_rows_are_prepared_and_few_are_printed(one: Table) -> None:
    sheet = form.book("de", None, WORKSPACE, STAMP).sheet(one.key)
    assert (one.first + 499, 1) in sheet.cells
    assert (one.first + 500, 1) not in sheet.cells
    ranges = {v.ranges for v in sheet.validations}
    weights = {"D9:J9"} if one is SELECTION else set()
    assert ranges == {one.cells(c.id) for c in one.columns} | weights
    # without the helpers at the right end
    helpers = {n for n, c in enumerate(one.columns, 1) if isinstance(c, Calculated) and c.helper}
    shown = len(one.columns) - len(helpers)
    assert helpers == set(range(shown + 1, len(one.columns) + 1))
    assert sheet.print_area == f"A1:{a1(one.first + one.printed - 1, shown)}"
    assert one.printed <= 100


@pytest.mark.proof
def test_drop_downs_offer_what_other_sheets_hold() -> None:
    book = form.book("de", None, WORKSPACE, STAMP)
    offered = {
        (sheet.key, v.ranges): v.formula
        for sheet in book.sheets
        for v in sheet.validations
        if v.kind == "list"
    }
    assert offered["segments", "A7:A506"] == "INDEX('Kunden'!$A$6:$A$507,2,1):'Kunden'!$A$507"
    assert (
        offered["requirements", "C7:C506"] == "INDEX('Segmente'!$B$6:$B$507,2,1):'Segmente'!$B$507"
    )
    assert offered["segments", SEGMENTS.cells("catalogue")] == "'Auswahlbild'!$AR$40:$AR$51"
    assert offered["contacts", CONTACTS.cells("asked")] == '"Ja,Nein"'
    assert offered["settings", f"C{ROWS['language']}"] == '"Deutsch,English"'


@pytest.mark.proof
def test_equal_input_gives_equal_bytes() -> None:
    assert drawn(SMALL, "de") == drawn(SMALL, "de")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("registers")
    made = []
    cases = {
        "empty-de": drawn(form.empty_register("de", STAMP), "de"),  # all prepared rows once
        "empty-en": drawn_register(form.empty_register("en", STAMP), "en", FEW),
        "small-de": drawn_register(SMALL, "de", FEW),
        "sample-en": drawn_register(sample("en"), "en", FEW),
    }
    for name, data in cases.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(data)
        made.append(path)
    path = folder / "gaps-de.xlsx"
    path.write_bytes(drawn_register(GAPS, "de", FEW))
    return [*made, path]


@pytest.mark.proof
@pytest.mark.long
def test_every_formula_calculates_to_its_stored_value(files: list[Path]) -> None:
    need(recalc.available())
    assert sum(len(cells) for cells in recalc.formulas(files[0]).values()) > 1500
    assert recalc.differences(*files[1:]) == []
    assert recalc.differences_in_libreoffice(files[0]) == []  # all prepared rows


@pytest.mark.proof
def test_the_workbooks_are_valid(files: list[Path]) -> None:
    need(validate.available())
    assert {p.name: p_ for p, p_ in validate.problems_of(files).items() if p_} == {}


@pytest.mark.proof
def test_the_workbooks_make_sense(files: list[Path]) -> None:
    assert {path.name: bad for path in files if (bad := semantics.problems(path))} == {}


def reordered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table but the one of the settings declared with its columns the other way round."""
    turned = (FORMS[0], *(replace(one, columns=one.columns[::-1]) for one in FORMS[1:]))
    monkeypatch.setattr(form, "FORMS", tuple(replace(one, print_to="") for one in turned))


@pytest.mark.proof
def test_columns_in_another_order_are_drawn_and_read_as_the_same_register(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reordered(monkeypatch)
    book = read_workbook(drawn(SMALL, "de"))
    assert book.sheets[2].cells[KEY_ROW, 1].text == FORMS[1].columns[-1].id
    assert form.read(book) == SMALL


@pytest.mark.proof
def test_columns_in_another_order_are_calculated_alike(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    need(recalc.available())
    path = tmp_path / "turned.xlsx"
    with prepared(FEW):  # before they are turned: those are others
        reordered(monkeypatch)
        path.write_bytes(drawn(SMALL, "de"))
    assert recalc.differences(path) == []


def test_a_free_row_says_what_it_would_say_by_itself() -> None:
    """Its formulas are made once for all free rows; each speaks of its own row."""
    drawn = form.book("de", SMALL, WORKSPACE, STAMP)
    for table in FORMS[1:]:
        cells, rows = drawn.sheet(table.key).cells, (table.last - 1, table.last)
        for number in range(1, len(table.columns) + 1):
            one, other = (cells[row, number].content for row in rows)
            if not isinstance(one, Formula) or not isinstance(other, Formula):
                continue
            assert str(SOME_ROW) not in one.text
            own = rf"(?<=[A-Z]){rows[0]}(?!\d)"
            assert re.sub(own, str(rows[1]), one.text) == other.text
