"""The register as it is drawn: what is prepared, offered, printed, and whether it calculates."""

from __future__ import annotations

from pathlib import Path

import pytest

from kamxl.forms import register as form
from kamxl.forms.raw import a1
from kamxl.forms.register_forms import FORMS
from kamxl.forms.tables import FIRST_ROW, HEADER_ROW, KEY_ROW, TableForm
from kamxl.workflow.sample import sample
from tests.forms.registers import (
    LANGUAGES,
    SMALL,
    STAMP,
    WORKSPACE,
    drawn,
)
from tests.proof import need, recalc, semantics, validate


def test_each_sheet_carries_its_mark_and_is_not_protected() -> None:
    book = form.book("en", None, WORKSPACE, STAMP)
    for sheet, one in zip(book.sheets, FORMS, strict=True):
        assert sheet.cells[1, 1].content == f"kamxl:register:{one.key}:{WORKSPACE}"
        assert not sheet.protected
        assert sheet.landscape
        assert sheet.freeze
        assert sheet.title_rows == (HEADER_ROW, KEY_ROW)


@pytest.mark.parametrize("one", FORMS[1:], ids=lambda one: one.key)
def test_five_hundred_rows_are_prepared_and_few_are_printed(one: TableForm) -> None:
    sheet = form.book("de", None, WORKSPACE, STAMP).sheet(one.key)
    assert (FIRST_ROW + 499, 1) in sheet.cells
    assert (FIRST_ROW + 500, 1) not in sheet.cells
    ranges = {v.ranges for v in sheet.validations}
    assert ranges == {one.cells(c.id) for c in one.columns}
    assert sheet.print_area == f"A1:{a1(FIRST_ROW + 23, len(one.columns))}"


def test_drop_downs_offer_what_other_sheets_hold() -> None:
    book = form.book("de", None, WORKSPACE, STAMP)
    offered = {
        (sheet.key, v.ranges): v.formula
        for sheet in book.sheets
        for v in sheet.validations
        if v.kind == "list"
    }
    assert offered["segments", "A7:A506"] == "'Kunden'!$A$7:$A$506"
    assert offered["requirements", "C7:C506"] == "'Segmente'!$B$7:$B$506"
    assert offered["segments", "E7:E506"] == "'Einstellungen'!$B$19:$B$30"
    assert offered["contacts", "H7:H506"] == '"Ja,Nein"'
    assert offered["settings", "C8"] == '"Deutsch,English"'


def test_equal_input_gives_equal_bytes() -> None:
    assert drawn(SMALL, "de") == drawn(SMALL, "de")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("registers")
    made = []
    for language in LANGUAGES:
        for name, held in (("empty", None), ("small", SMALL), ("sample", sample(language))):
            path = folder / f"{name}-{language}.xlsx"
            path.write_bytes(drawn(held, language))
            made.append(path)
    return made


def test_every_formula_calculates_to_its_stored_value(files: list[Path]) -> None:
    need(recalc.available())
    assert sum(len(cells) for cells in recalc.formulas(files[0]).values()) > 1500
    assert recalc.differences(*files) == []


def test_the_workbooks_are_valid(files: list[Path]) -> None:
    need(validate.available())
    assert {p.name: p_ for p, p_ in validate.problems_of(files).items() if p_} == {}


def test_the_workbooks_make_sense(files: list[Path]) -> None:
    assert {path.name: bad for path in files if (bad := semantics.problems(path))} == {}
