"""What was filled in is what is read: over languages and sizes, and whatever was done to the file.

Rows go by their id and columns by their key, never by position.
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kamxl.core.method.scales import Scale
from kamxl.core.records.register import Answers, CardOrder
from kamxl.core.roles import Role
from kamxl.forms.scorecard.grid import TableGrid
from kamxl.wording.texts import texts
from tests.forms.cards import (
    LANGUAGES,
    ORDERS,
    answers,
    edited,
    filled,
    on_table,
    order,
    random_answers,
    reading,
    with_content_type,
)
from tests.proof import need, recalc
from tests.waiting import PATIENCE

Edit = Callable[[Any, TableGrid], None]
FULL = order("de", 5, 3)
COLUMNS = range(1, 10)  # A to I: all of the table of FULL


@pytest.mark.parametrize("own", [0, 1, 5])
@pytest.mark.parametrize("name", ORDERS)
def test_what_was_filled_in_is_read(name: str, own: int) -> None:
    asked = ORDERS[name]
    told = answers(asked, own)
    read = reading(filled(asked, told), asked)
    assert read.answers == told
    assert read.findings == ()
    assert read.suppliers == asked.suppliers


@pytest.mark.parametrize("name", ORDERS)
def test_a_card_tells_the_same_without_its_record(name: str) -> None:
    asked = ORDERS[name]
    told = answers(asked, 2)
    read = reading(filled(asked, told), None)
    assert read.findings == ()
    assert read.suppliers == asked.suppliers
    assert read.answers is not None
    assert read.answers.scorecard.ratings == told.scorecard.ratings
    assert [(r.id, r.label, r.weight) for r in read.answers.scorecard.requirements] == [
        (r.id, r.label, r.weight) for r in told.scorecard.requirements
    ]
    assert replace(read.answers, scorecard=told.scorecard) == told


@pytest.mark.parametrize("name", ORDERS)
def test_an_empty_card_says_nothing(name: str) -> None:
    asked = ORDERS[name]
    read = reading(filled(asked), asked)
    assert [f.code for f in read.findings] == ["empty-card"]
    assert read.answers is not None
    assert read.answers.empty


@pytest.mark.proof
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_answers_are_read_as_given(data: st.DataObject) -> None:
    asked = ORDERS[data.draw(st.sampled_from(["five, three", "five, clashing ids"]))]
    told = data.draw(random_answers(asked))
    read = reading(filled(asked, told), asked, Scale.POINTS).answers
    assert read is not None
    # a spare row counts once there is anything in it; these have a label at least
    assert read == told


# -- edits of the table ------------------------------------------------------------------------


def content(sheet: Any, row: int) -> list[Any]:
    return [sheet.cell(row, column).value for column in COLUMNS]


def sort_rows(sheet: Any, grid: TableGrid) -> None:
    """The asked requirements upside down, with their ids."""
    rows = [grid.row(i) for i in range(grid.size.requirements)]
    for row, values in zip(rows, [content(sheet, r) for r in reversed(rows)], strict=True):
        for column, value in zip(COLUMNS, values, strict=True):
            sheet.cell(row, column).value = value


def mix_rows(sheet: Any, grid: TableGrid) -> None:
    """All rows of requirements sorted together, the customer's own and the free ones included."""
    rows = list(range(grid.FIRST, grid.last + 1))
    moved = sorted((content(sheet, r) for r in rows), key=lambda c: str(c[1] or ""), reverse=True)
    for row, values in zip(rows, moved, strict=True):
        for column, value in zip(COLUMNS, values, strict=True):
            sheet.cell(row, column).value = value


def insert_rows(sheet: Any, grid: TableGrid) -> None:
    sheet.insert_rows(grid.row(2))
    sheet.insert_rows(grid.STEPS, 3)
    sheet.insert_rows(1)


def insert_columns(sheet: Any, grid: TableGrid) -> None:
    sheet.insert_cols(grid.us)
    sheet.insert_cols(grid.weight)
    sheet.insert_cols(1, 2)


def reorder_columns(sheet: Any, grid: TableGrid) -> None:
    """Every column of the sheet in the opposite order."""
    for row in range(1, sheet.max_row + 1):
        for column, value in enumerate(reversed(content(sheet, row)), 1):
            sheet.cell(row, column).value = value


def reorder_table(sheet: Any, grid: TableGrid) -> None:
    """The columns of the table alone: who rated stays where it was."""
    for row in range(grid.HEADER, grid.last + 1):
        values = content(sheet, row)
        for column, value in zip((1, 2), values[:2], strict=True):
            sheet.cell(row, column).value = value
        for column, value in enumerate(reversed(values[2:]), 3):
            sheet.cell(row, column).value = value


def rename_and_reorder(sheet: Any, grid: TableGrid) -> None:
    book = sheet.parent
    for number, one in enumerate(book.worksheets):
        one.title = f"Müller's {number} & Co!"
    book.move_sheet(sheet, 2)


def other_case(sheet: Any, grid: TableGrid) -> None:
    for row in range(grid.KEYS, sheet.max_row + 1):
        cell = sheet.cell(row, 1)
        cell.value = cell.value and str(cell.value).swapcase()
    for column in COLUMNS:
        cell = sheet.cell(grid.KEYS, column)
        cell.value = cell.value and f" {str(cell.value).swapcase()} "


def hide(sheet: Any, grid: TableGrid) -> None:
    sheet.sheet_state = "hidden"
    sheet.column_dimensions["A"].hidden = True
    sheet.row_dimensions[grid.row(0)].hidden = True


def without_keys(sheet: Any, grid: TableGrid) -> None:
    """The key row deleted; as in Excel, the names go along with their cells."""
    sheet.delete_rows(grid.KEYS)
    for name in sheet.parent.defined_names.values():
        if name.name != "kx_mark":
            name.attr_text = _up(name.attr_text)


def _up(reference: str) -> str:
    sheet, cells = reference.split("!")
    moved = []
    for cell in cells.replace("$", "").split(":"):
        letters = cell.rstrip("0123456789")
        moved.append(f"${letters}${int(cell[len(letters) :]) - 1}")
    return f"{sheet}!{':'.join(moved)}"


def without_keys_stale_names(sheet: Any, grid: TableGrid) -> None:
    """The key row deleted by a program that leaves the names where they were."""
    sheet.delete_rows(grid.KEYS)


def without_keys_and_names(sheet: Any, grid: TableGrid) -> None:
    sheet.delete_rows(grid.KEYS)
    sheet.parent.defined_names.clear()


def key_overwritten(sheet: Any, grid: TableGrid) -> None:
    """Keys of a rival and of the comments are gone: their headers are still there."""
    sheet.cell(grid.KEYS, grid.supplier(2)).value = None
    sheet.cell(grid.KEYS, grid.comment).value = "x"


def weight_key_overwritten(sheet: Any, grid: TableGrid) -> None:
    sheet.cell(grid.KEYS, grid.weight).value = "%"


def percent_signs(sheet: Any, grid: TableGrid) -> None:
    """Some values as percentages: typed with a sign, or as Excel stores them."""
    for cell, style in (("C10", "text"), ("D10", "number"), ("D11", "text"), ("C12", "number")):
        value = sheet[cell].value
        sheet[cell].value = f"{value:g} %" if style == "text" else value / 100
        sheet[cell].number_format = "@" if style == "text" else "0.0%"


def merge(sheet: Any, grid: TableGrid) -> None:
    """Merged blanks, and the name merged over its field, harm nobody."""
    sheet.parent.worksheets[0].merge_cells("B12:D12")
    sheet.merge_cells("B6:B7")


def copied_below(sheet: Any, grid: TableGrid) -> None:
    """The whole table once more below, saying the same."""
    for row in range(grid.HEADER, grid.check_row):
        for column, value in enumerate(content(sheet, row), 1):
            sheet.cell(row + 60, column).value = value


def copied_beside(sheet: Any, grid: TableGrid) -> None:
    for row in range(grid.HEADER, grid.check_row):
        for column, value in enumerate(content(sheet, row), 1):
            sheet.cell(row, column + 12).value = value


def copied_sheet(sheet: Any, grid: TableGrid) -> None:
    sheet.parent.copy_worksheet(sheet)
    sheet.parent.copy_worksheet(sheet.parent.worksheets[3])


def notes_aside(sheet: Any, grid: TableGrid) -> None:
    """A heading between the rows, totals by formula, a remark below."""
    sheet.insert_rows(grid.row(2))
    sheet.cell(grid.row(2), 2).value = "Kosten und Termine"
    sheet.insert_rows(grid.last)
    sheet.cell(grid.last, 2).value = "Summe"
    sheet.cell(grid.last, grid.weight).value = "=SUM(C10:C15)"
    sheet.cell(sheet.max_row + 3, 1).value = "Vielen Dank!"
    sheet.cell(sheet.max_row + 1, 2).value = "Bitte bis 2027 beachten"


EDITS: dict[str, Edit] = {
    name.__name__: name
    for name in (
        sort_rows, mix_rows, insert_rows, insert_columns, reorder_columns, reorder_table,
        rename_and_reorder, other_case, hide, without_keys, without_keys_stale_names,
        without_keys_and_names, key_overwritten, weight_key_overwritten, percent_signs, merge,
        copied_below, copied_beside, copied_sheet, notes_aside,
    )
}  # fmt: skip


def same(read: Answers | None, told: Answers) -> None:
    """The same answers; the customer's own requirements may stand in another order."""
    assert read is not None
    requirements = sorted(read.scorecard.requirements, key=lambda r: r.id)
    assert requirements == sorted(told.scorecard.requirements, key=lambda r: r.id)
    assert read.scorecard.ratings == told.scorecard.ratings
    assert replace(read, scorecard=told.scorecard, beside=()) == told


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_does_no_harm(name: str) -> None:
    told = answers(FULL, 2)
    read = reading(edited(filled(FULL, told), on_table(FULL, EDITS[name])), FULL)
    same(read.answers, told)
    assert [f.cell for f in read.findings if f.code != "words-beside"] == []
    words = {"notes_aside": ["B12", "A30", "B31"]}  # a sum of hers is none
    assert read.answers is not None
    assert [remark.cell for remark in read.answers.beside] == words.get(name, [])


@pytest.mark.parametrize(
    "name", ["insert_rows", "insert_columns", "reorder_columns", "without_keys"]
)
def test_an_edit_does_no_harm_without_the_record(name: str) -> None:
    told = answers(FULL, 2)
    read = reading(edited(filled(FULL, told), on_table(FULL, EDITS[name])), None)
    assert read.findings == ()
    assert read.answers is not None
    ratings = [dict(by) for by in read.answers.scorecard.ratings.values()]
    given_ = [dict(by) for by in told.scorecard.ratings.values()]
    assert sorted(map(str, ratings)) == sorted(map(str, given_))
    assert {s.name for s in read.suppliers} == {s.name for s in FULL.suppliers}


def test_only_the_sheet_with_the_table_is_left() -> None:
    told = answers(FULL, 1)

    def only(sheet: Any, grid: TableGrid) -> None:
        for other in [s for s in sheet.parent.worksheets if s is not sheet]:
            sheet.parent.remove(other)

    read = reading(edited(filled(FULL, told), on_table(FULL, only)), FULL)
    nobody = {"name": "", "function": "", "role": None, "rated_on": None}
    assert read.answers == replace(told, wishes=(), efforts=(), **nobody)
    assert read.findings == ()


@pytest.mark.parametrize("keys", ["with keys", "without keys"])
def test_a_sheet_copied_into_another_book(keys: str) -> None:
    """Values only, at an offset, under another name; there are no defined names any more."""
    told = answers(FULL, 2)
    source = openpyxl.load_workbook(io.BytesIO(filled(FULL, told)), data_only=True)
    book = openpyxl.Workbook()
    names = {1: "scorecard.table.sheet", 2: "scorecard.start.sheet", 3: "scorecard.wishes.sheet"}
    for number, name in names.items():
        target = book.create_sheet(f"Copy {number}")
        for row in source[texts("de")(name)].iter_rows():
            for cell in row:
                if keys == "without keys" and cell.row == {1: 9, 3: 8}.get(number):
                    continue
                target.cell(
                    cell.row + 7, cell.column + number, cell.value
                ).number_format = cell.number_format
    out = io.BytesIO()
    book.save(out)
    read = reading(out.getvalue(), FULL)
    assert read.answers == told
    assert read.findings == ()


def below_the_table(sheet: Any, grid: TableGrid) -> None:
    """As cards of earlier versions ask who rated: below the table, under the weights."""
    start, row = sheet.parent.worksheets[0], grid.check_row + 2
    for at in range(12, 16):
        for column, cell in ((1, start.cell(at, 3)), (2, start.cell(at, 1))):
            sheet.cell(row, column).value = cell.value
        sheet.cell(row, grid.weight).value = start.cell(at, 2).value
        sheet.cell(row, grid.weight).number_format = start.cell(at, 2).number_format
        for column in range(1, 4):
            start.cell(at, column).value = None
        row += 1
    names = sheet.parent.defined_names
    for key in ("name", "function", "role", "date"):
        del names[f"kx_{key}"]


def test_a_card_of_an_earlier_version_says_who_rated_below_its_table() -> None:
    told = answers(FULL, 1)
    read = reading(edited(filled(FULL, told), on_table(FULL, below_the_table)), FULL)
    assert (read.answers, read.findings) == (told, ())


def test_she_is_named_until_somebody_else_says_so_and_that_answers_nothing() -> None:
    asked = replace(FULL, function="Einkauf", role=Role.PURCHASER)
    read = reading(filled(asked), asked)
    assert [f.code for f in read.findings] == ["empty-card"]
    assert read.answers is not None
    who = read.answers.name, read.answers.function, read.answers.role
    assert who == ("Dr. Anke Petersen", "", None)  # what is hers must not become another's

    def other(book: Any) -> None:
        book.worksheets[0]["B12"].value = "Jens Wolter"
        book.worksheets[0]["B13"].value = "Werksleiter"

    read = reading(edited(filled(asked), other), asked)
    assert read.answers is not None
    assert (read.answers.name, read.answers.function) == ("Jens Wolter", "Werksleiter")


def test_an_empty_copy_of_the_sheet_does_no_harm() -> None:
    """The customer keeps the card as it came and fills in a copy."""
    told = answers(FULL, 1)

    def blank_first(sheet: Any, grid: TableGrid) -> None:
        sheet.parent.move_sheet(sheet.parent.copy_worksheet(sheet), -10)
        for row in range(grid.FIRST, grid.last + 1):
            for column in range(grid.weight, grid.comment + 1):
                sheet.parent.worksheets[0].cell(row, column).value = None

    read = reading(edited(filled(FULL, told), on_table(FULL, blank_first)), FULL)
    assert read.answers == told
    assert read.findings == ()


def test_a_row_inserted_without_an_id_is_a_requirement_of_the_customers() -> None:
    told = answers(FULL)

    def insert(sheet: Any, grid: TableGrid) -> None:
        sheet.cell(grid.row(4), grid.weight).value -= 4
        sheet.insert_rows(grid.row(1))
        for column, value in ((2, "Ersatzteile"), (3, 4), (4, 70), (5, "n/a")):
            sheet.cell(grid.row(1), column).value = value

    read = reading(edited(filled(FULL, told), on_table(FULL, insert)), FULL)
    assert read.answers is not None
    own = read.answers.scorecard.requirements[-1]
    assert (own.label, own.weight) == ("Ersatzteile", 4)
    assert read.answers.scorecard.rating("us", own.id) == 70
    assert [(f.code, f.cell) for f in read.findings] == [("requirement-inserted", "B11")]


def test_wishes_survive_their_sheets_edits() -> None:
    told = answers(FULL)

    def edit(book: Any) -> None:
        sheet = book[texts("de")("scorecard.wishes.sheet")]
        sheet["A10"].value = "2."
        sheet.insert_rows(9)
        sheet.insert_cols(1)

    assert reading(edited(filled(FULL, told), edit), FULL).answers == replace(
        told, wishes=(told.wishes[0], replace(told.wishes[1], id=""))
    )

    def below(book: Any) -> None:
        sheet = book[texts("de")("scorecard.wishes.sheet")]
        sheet["B17"].value, sheet["B18"].value = "Noch etwas", "Und noch etwas"

    read = reading(edited(filled(FULL, told), below), FULL).answers
    assert read is not None
    assert [w.issue for w in read.wishes[2:]] == ["Noch etwas", "Und noch etwas"]
    assert read.efforts == told.efforts


# -- other programs ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ORDERS)
def test_saved_again_by_openpyxl(name: str) -> None:
    told = answers(ORDERS[name], 1)
    read = reading(edited(filled(ORDERS[name], told), lambda _: None), ORDERS[name])
    assert read.answers == told
    assert read.findings == ()


def test_saved_as_a_workbook_with_macros() -> None:
    told = answers(FULL)
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    read = reading(with_content_type(filled(FULL, told), plain, macros), FULL)
    assert read.answers == told


def cards_by_language(folder: Path) -> dict[str, tuple[CardOrder, Answers, Path]]:
    found = {}
    for language in LANGUAGES:
        for requirements, rivals in ((1, 0), (5, 3), (12, 6)):
            asked = order(language, requirements, rivals, anchors=rivals == 6)
            told = answers(asked, 2)
            path = folder / f"{language}-{requirements}.xlsx"
            path.write_bytes(filled(asked, told))
            found[path.stem] = (asked, told, path)
    return found


@pytest.mark.proof
@pytest.mark.parametrize("program", ["libreoffice", "gnumeric"])
def test_saved_again_by_another_program(program: str, tmp_path: Path) -> None:
    need([reason for reason in recalc.available() if program in reason])
    cards = cards_by_language(tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    paths = [str(path) for _, _, path in cards.values()]
    if program == "libreoffice":
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out)]
        subprocess.run([*command, *paths], check=True, capture_output=True, timeout=PATIENCE)
    else:
        for path in paths:
            target = str(out / Path(path).name)
            subprocess.run(
                ["ssconvert", path, target], check=True, capture_output=True, timeout=PATIENCE
            )
    for asked, told, path in cards.values():
        read = reading((out / path.name).read_bytes(), asked)
        assert read.answers == told
        assert read.findings == ()
