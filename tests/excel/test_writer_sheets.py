"""The writer: sheets, pages, rules, tables and charts, and what a description must keep to."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kamxl.excel.reading.book import read
from kamxl.excel.writing.draw import build
from kamxl.forms.paper.book import (
    Book,
    Cell,
    Chart,
    Conditional,
    Formula,
    Name,
    Series,
    Sheet,
    Slot,
    Table,
    Validation,
)
from kamxl.forms.paper.style import HEADER
from tests.excel import sample_data
from tests.excel.drawing import drawn, one, parts, sample_bytes
from tests.proof import semantics

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def data() -> bytes:
    return sample_bytes()


def test_names_belong_to_the_workbook(data: bytes) -> None:
    names = openpyxl.load_workbook(io.BytesIO(data)).defined_names
    assert set(names) == {"kx_mark", "kx_ids", "kx_weight", "kx_borel"}
    assert names["kx_borel"].attr_text == "'Score & card'!$E$8:$E$13"
    assert read(data).names["kx_weight"] == "'Score & card'!$C$8:$C$13"


@pytest.mark.parametrize("name", ["A1", "r1c1", "R", "1x", "a b", "", "x" * 256, "kx-1", "kx_A"])
def test_what_cannot_be_a_name(name: str) -> None:
    sheet = one("x")
    taken = Name("kx_a", sheet.ref("A1"))
    for content in (name, Slot("n")):
        with pytest.raises(ValueError, match=r"name"):
            drawn(sheet, {"n": name}, [taken, Name(content, sheet.ref("A1"))])


def test_protection_has_no_password_and_lets_people_work(data: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    guard = book["Score & card"].protection
    assert guard.sheet
    assert guard.password is None
    allowed = guard.selectLockedCells, guard.selectUnlockedCells, guard.formatColumns
    assert allowed == (False, False, False)  # in these flags True forbids
    assert guard.sort
    assert not book["Score & card"]["C8"].protection.locked
    assert book["Score & card"]["F8"].protection.locked
    assert not book["Result"].protection.sheet


def test_pages_are_a4_and_one_wide(data: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (9, 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_options.horizontalCentered
        assert not sheet.sheet_view.showGridLines
    assert [sheet.page_setup.fitToHeight for sheet in book.worksheets] == [1, 0, 1, 0, 0]
    card = book["Score & card"]
    assert (card.print_title_rows, card.freeze_panes) == ("$7:$7", "C8")
    assert card.page_setup.orientation == "landscape"
    assert card.sheet_view.tabSelected
    assert book.active.title == card.title
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [card.title]


def test_page_texts_double_the_ampersand(data: bytes) -> None:
    xml = parts(data)["xl/worksheets/sheet1.xml"]
    assert "<oddFooter>&amp;L&amp;10&amp;K6B7785R&amp;&amp;D &amp;&amp;&amp;&amp; more" in xml
    assert "&amp;R&amp;10&amp;K6B7785&amp;P / &amp;N</oddFooter>" in xml
    sheet = one("x")
    sheet.footer = "&" * 300
    footer = re.search(
        r"<oddFooter>(.*)</oddFooter>", parts(drawn(sheet))["xl/worksheets/sheet1.xml"]
    )
    assert footer
    assert len(footer[1].replace("&amp;", "&")) <= 255
    assert footer[1].replace("&amp;", "&").partition("6B7785")[2].index("&R") % 2 == 0


def test_validations_and_looks(data: bytes) -> None:
    card = openpyxl.load_workbook(io.BytesIO(data))["Score & card"]
    rules = {str(rule.sqref): rule for rule in card.data_validations.dataValidation}
    assert rules["D8:E13"].errorStyle == "warning"
    assert rules["H8:H13"].formula1 == '"good,bad,as agreed"'
    assert rules["C8:C13"].showInputMessage
    assert rules["C8:C13"].showErrorMessage
    assert not rules["H14"].showErrorMessage
    looks = [rule for block in card.conditional_formatting for rule in block.rules]
    assert {rule.type for rule in looks} == {"expression", "dataBar", "colorScale"}
    assert looks[0].dxf.fill.bgColor.rgb == "FFF7E0DA"


def test_tables_have_the_headers_of_their_cells(data: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Fields"]
    columns = sheet.tables["tblFields"].tableColumns
    assert columns[0].name == "Field\n(running)"  # openpyxl undoes Excel's way to write it
    assert [column.name for column in columns[1:]] == ["Approach", sample_data.RIVAL_NAME]


def test_two_columns_of_a_table_cannot_have_one_name() -> None:
    sheet = Sheet("one", "One", tables=[Table("t_a", "A1:B2")])
    sheet.put(1, 1, "Alpha", HEADER)
    sheet.put(1, 2, Slot("x"), HEADER)
    assert drawn(sheet, {"x": "Beta"})
    for wrong in ("alpha", "", "x" * 256):
        with pytest.raises(ValueError, match="column"):
            drawn(sheet, {"x": wrong})


def test_links_stay_inside(data: bytes) -> None:
    found = parts(data)
    assert "hyperlink" not in found.get("xl/worksheets/_rels/sheet1.xml.rels", "")
    assert not any("External" in text for text in found.values())
    link = openpyxl.load_workbook(io.BytesIO(data))["Start & Überblick"]["B6"].hyperlink
    assert link.location == "'Score & card'!$C$8"


def test_charts_show_what_the_cells_hold(data: bytes) -> None:
    assert len([name for name in parts(data) if name.startswith("xl/charts/")]) == 7
    assert semantics.problems(data) == []  # compares every cache with its cells


def test_blanks_are_left_out_of_a_chart() -> None:
    sheet = one(5, "", Formula('""', ""), None, "text", Formula("NA()", "#N/A"), Slot("x"))
    series = Series(sheet.ref("A1", "A7"), title_ref=sheet.ref("A5"))
    sheet.charts.append(Chart("column", "C1", "F9", (series,)))
    xml = parts(drawn(sheet, {"x": 2.5}))["xl/charts/chart1.xml"]
    assert re.findall(r'<pt idx="(\d)"><v>([^<]*)', xml) == [
        ("0", "text"), ("0", "5"), ("6", "2.5")
    ]  # fmt: skip
    assert '<ptCount val="7"/>' in xml


def test_drawings_carry_the_prefix_and_the_words(data: bytes) -> None:
    xml = parts(data)["xl/drawings/drawing1.xml"]
    assert xml.count("<xdr:twoCellAnchor") == 7
    assert 'descr="Scorecard for Müller &amp; Söhne"' in xml
    assert 'descr="Importance and performance"' in xml  # no description: the title stands in
    assert "<wsDr" not in xml


def test_no_axis_is_lost(data: bytes) -> None:
    for name, text in parts(data).items():
        if name.startswith("xl/charts/"):
            assert re.findall(r'<delete val="0"/><axPos', text)
            assert '<delete val="1"/><axPos' not in text
            assert '<roundedCorners val="0"/>' in text


SERIES = (Series("One!A1:A2"),)
WRONG: list[tuple[str, dict[str, Any]]] = [
    ("title", {"title": "x" * 32}),
    ("title", {"title": "a/b"}),
    ("title", {"title": "It's"}),
    ("title", {"title": ""}),
    ("title", {"title": "History"}),
    ("32 characters", {"validations": [Validation("A1", "none", prompt_title="x" * 33)]}),
    ("255 characters", {"validations": [Validation("A1", "none", prompt="x" * 256)]}),
    ("255 characters", {"validations": [Validation("A1", "none", error="😀" * 128)]}),
    ("formula", {"validations": [Validation("A1", "list", '"' + "x" * 255 + '"')]}),
    ("formula", {"validations": [Validation("A1", "custom")]}),
    ("reference", {"validations": [Validation("A0", "none")]}),
    ("backwards", {"validations": [Validation("B2:A1", "none")]}),
    ("empty", {"validations": [Validation("", "none")]}),
    ("parentheses", {"conditionals": [Conditional("A1", formula="(A1", bold=True)]}),
    ("changes nothing", {"conditionals": [Conditional("A1", formula="A1=1")]}),
    ("colour", {"conditionals": [Conditional("A1", formula="A1=1", fill="red")]}),
    ("no size", {"charts": [Chart("bar", "C3", "C9", SERIES)]}),
    ("no series", {"charts": [Chart("bar", "C3", "D9", ())]}),
    ("sheet 'Two'", {"charts": [Chart("bar", "C3", "D9", (Series("Two!A1"),))]}),
    ("x values", {"charts": [Chart("scatter", "C3", "D9", SERIES)]}),
    ("sizes", {"charts": [Chart("bubble", "C3", "D9", (Series("One!A1", "One!A2"),))]}),
    ("header", {"tables": [Table("t_a", "A1:B2")]}),
    ("no row", {"tables": [Table("t_a", "A1:A1")]}),
    ("name", {"tables": [Table("A1", "A1:A2")]}),
    ("overlap", {"tables": [Table("t_a", "A1:A2"), Table("t_b", "A1:A3")]}),
    ("taken", {"tables": [Table("t_a", "A1:A2"), Table("T_A", "A4:A5")]}),
    ("'='", {"cells": {(1, 1): Cell(Formula("=1", 1))}}),
    ("parentheses", {"cells": {(1, 1): Cell(Formula("SUM(1))", 1))}}),
    ("sheet 'Two'", {"cells": {(1, 1): Cell("x", link="Two!A1")}}),
    ("row 0", {"cells": {(0, 1): Cell("x")}}),
    ("reference", {"print_area": "A:C"}),
]


@pytest.mark.parametrize(("message", "changes"), WRONG)
def test_a_wrong_description_is_refused(message: str, changes: dict[str, Any]) -> None:
    sheet = one("Head", 2)
    for key, value in changes.items():
        setattr(sheet, key, value)
    with pytest.raises(ValueError, match=re.escape(message)):
        drawn(sheet)


def test_a_book_needs_sheets_of_different_titles() -> None:
    twice = [Sheet("a", "Same"), Sheet("b", "sAME")]
    for sheets, active in ((twice, 0), ([], 0), ([one("x")], 1)):
        with pytest.raises(ValueError, match=r"called|needs|no sheet"):
            build(Book(sheets, sample_data.STAMP, "en", active=active))
