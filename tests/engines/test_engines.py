"""The engines themselves: one list of what Excel does, held against both."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.table import Table

from tests.engines.cells import entry_of
from tests.engines.fixtures import Excel
from tests.engines.office_text import to_excel, to_office
from tests.engines.strict import ExcelError


@pytest.fixture
def sheet(excel: Excel) -> xw.Sheet:
    """The sheet of a new workbook."""
    return excel.app.books.add().sheets[0]


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A workbook with formats, a table, a filter button, a chart, a rule and a date."""
    book = openpyxl.Workbook()
    first = book.active
    first.title = "My data"
    for row in (["Name", "North", "South"], ["a", 1, 5], ["b", 2, 6], ["c", 3, 7], ["d", 4, 8]):
        first.append(row)
    first["A7"], first["B7"] = "Sum", "=SUM(B2:B5)"
    first["A8"], first["A8"].number_format = dt.datetime(2026, 3, 1), "yyyy-mm-dd"
    first["A9"] = "=1+1"
    first["A9"].data_type = "s"
    head = first["B1"]
    head.font, head.fill = (
        Font(bold=True, size=14, color="FF0000"),
        PatternFill("solid", fgColor="00FF00"),
    )
    head.border, head.alignment = Border(bottom=Side("thin")), Alignment("center", wrap_text=True)
    first["B2"].number_format = "0.00"
    red = PatternFill("solid", bgColor="FF0000")
    first.conditional_formatting.add("B2:C5", CellIsRule("greaterThan", ["$A$20"], fill=red))
    first.add_table(Table(displayName="kx_data", ref="A1:C5"))
    chart = BarChart()
    chart.add_data(Reference(first, 2, 1, 2, 5), titles_from_data=True)
    chart.set_categories(Reference(first, 1, 2, 1, 5))
    first.add_chart(chart, "E2")
    first.print_area = "A1:C9"
    first.column_dimensions["A"].width = 30.71
    book.create_sheet("Second")["A1"] = "='My data'!B7"
    path = tmp_path / "sample.xlsx"
    book.save(path)
    return path


def opened(excel: Excel, path: Path) -> xw.Book:
    return excel.app.books.open(path)


# --- values and formulas ---


def test_values_come_back_as_excel_gives_them(sheet: xw.Sheet) -> None:
    sheet["A1"].value = [[1, "two", None], [True, dt.datetime(2026, 3, 1, 12), 2.5]]
    raw = sheet["A1:C2"].raw_value
    assert raw == ((1.0, "two", None), (True, dt.datetime(2026, 3, 1, 12), 2.5))
    assert isinstance(raw[0][0], float)
    assert raw[1][0] is True
    assert sheet["A1:A2"].value == [1.0, True]
    assert sheet["B1"].value == "two"
    assert sheet["A1:C1"].options(ndim=2).value == [[1.0, "two", None]]
    assert sheet["A9"].value is None


def test_a_block_of_formulas_is_read_as_it_was_written(sheet: xw.Sheet) -> None:
    block = [["=1+1", "text", "12.5", ""], ['=IF($A1=2,TRUE,"a;b,c")', "='Sheet1'!A1*2", "", "x y"]]
    sheet["B2"].formula = block
    assert sheet["B2:E3"].formula == tuple(map(tuple, block))
    assert sheet["D2"].value == 12.5


def test_a_block_must_fit(sheet: xw.Sheet) -> None:
    with pytest.raises(ExcelError):
        sheet["A1:B2"].impl.formula = [["a", "b", "c"]]


def test_one_value_fills_a_range(sheet: xw.Sheet) -> None:
    sheet["A1:B2"].value = "x"
    assert sheet["A1:B2"].value == [["x", "x"], ["x", "x"]]


def test_the_stored_values_of_formulas_are_there(
    excel: Excel, tmp_path: Path, sample: Path
) -> None:
    book = opened(excel, sample)
    expected = 10.0 if excel.calculates else None  # openpyxl wrote no value for it
    assert book.sheets["My data"]["B7"].value == expected
    assert book.sheets["Second"]["A1"].value == expected
    assert book.sheets["My data"]["A8"].value == dt.datetime(2026, 3, 1)


def test_libreoffice_recalculates(office_excel: Excel) -> None:
    sheet = office_excel.app.books.add().sheets[0]
    sheet["A1"].value, sheet["B1"].formula = 2, "=A1*3"
    sheet["A1"].value = 5
    assert sheet["B1"].value == 15
    sheet["C1"].formula = [["=1/0", "=NA()", "=nothing()"]]
    errors = sheet["C1:E1"].options(err_to_str=True).value
    assert errors == ["#DIV/0!", "#N/A", "#NAME?"]
    assert sheet["C1"].value is None


# --- what Excel makes of texts ---


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "=1+1", "+x", "-x", "@x", "12", "2026-03"])
def test_an_apostrophe_keeps_a_text_and_is_no_part_of_it(sheet: xw.Sheet, text: str) -> None:
    sheet["A1"].formula = "'" + text
    assert sheet["A1"].value == text
    assert sheet["A1"].formula == text


def test_a_text_read_as_a_formula_and_written_back_is_no_text_any_more(
    excel: Excel, sheet: xw.Sheet
) -> None:
    sheet["A1"].formula = "'=1+1"
    sheet["A2"].formula = sheet["A1"].formula
    assert sheet["A2"].formula == "=1+1"
    assert sheet["A2"].value == (2 if excel.calculates else None)


@pytest.mark.parametrize(
    ("typed", "formula"), [("=x1", "=x1"), ("+x1", "=+x1"), ("-x1", "=-x1"), ("@x1", "=x1")]
)
def test_unsafe_texts_become_formulas(sheet: xw.Sheet, typed: str, formula: str) -> None:
    sheet["A1"].value = [[typed, "safe"]]
    assert sheet["A1"].formula.upper() == formula.upper()
    assert sheet["A1"].value != typed


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12", 12.0),
        (" -1 ", -1.0),
        ("+1", 1.0),
        ("1,000", 1000.0),
        ("1e3", 1000.0),
        ("85%", 0.85),
        ("TRUE", True),
        ("2026-03", dt.datetime(2026, 3, 1)),
        ("3/4/2026", dt.datetime(2026, 3, 4)),
        ("2026-H1", "2026-H1"),
        ("-", "-"),
        ("1.000.000", "1.000.000"),
    ],
)
def test_typed_texts_become_what_they_look_like(sheet: xw.Sheet, typed: str, value: Any) -> None:
    sheet["A1"].formula = typed
    assert sheet["A1"].value == value


def test_a_cell_for_texts_keeps_them(sheet: xw.Sheet) -> None:
    sheet["A1"].number_format = "@"
    sheet["A1"].formula = [["12", "12"]]
    assert sheet["A1:B1"].value == ["12", 12.0]


def test_lengths_are_limited() -> None:
    with pytest.raises(ExcelError):
        entry_of("x" * 32768)
    with pytest.raises(ExcelError):
        entry_of("=" + "1+" * 4096 + "1")


def test_formulas_are_spelled_both_ways() -> None:
    excel = "=IF('My ''own'' data'!$A$1:B2=TRUE,SUM('a,b'!C3,2),\"x;y,'z'!A1\")"
    office = to_office(excel)
    expected = "=IF($'My ''own'' data'.$A$1:B2=TRUE();SUM($'a,b'.C3;2);\"x;y,'z'!A1\")"
    assert office == expected
    assert to_excel(office) == excel


# --- clearing and formats ---


def test_clearing_takes_contents_or_formats(excel: Excel, sample: Path) -> None:
    sheet = opened(excel, sample).sheets["My data"]
    sheet["B1"].clear_contents()
    assert sheet["B1"].value is None
    assert sheet["B1"].font.bold is True
    sheet["B1:C5"].clear_formats()
    assert sheet["B1"].font.bold is False
    assert sheet["B1"].color is None
    assert sheet["B2"].value == 1
    sheet["B2"].clear()
    assert sheet["B2"].value is None


def test_formats_are_read_and_set(sheet: xw.Sheet) -> None:
    block = sheet["A1:B2"]
    block.font.bold, block.font.size, block.font.color = True, 12, "#102030"
    block.color, block.wrap_text, block.number_format = (255, 0, 0), True, "0.0%"
    block.horizontal_alignment = "center"
    assert (block.font.bold, block.font.size, block.font.color) == (True, 12, (16, 32, 48))
    assert (block.color, block.wrap_text, block.number_format) == ((255, 0, 0), True, "0.0%")
    assert block.horizontal_alignment == "center"
    assert sheet["A1:C1"].font.bold is None
    block.color = None
    assert sheet["A1"].color is None


def test_sizes_and_hidden_rows(sheet: xw.Sheet) -> None:
    sheet["A1:B1"].column_width = 20
    sheet["3:5"].row_height = 30
    sheet["A4:A4"].rows.hidden = True
    assert sheet["B1"].column_width == pytest.approx(20, abs=0.1)
    assert sheet["A1:C1"].column_width is None
    assert sheet["A3"].row_height == pytest.approx(30, abs=0.1)
    assert [sheet[f"A{row}:A{row}"].rows.hidden for row in (3, 4)] == [False, True]
    assert sheet["A3:A4"].rows.hidden is None
    assert sheet["A4"].top - sheet["A3"].top == pytest.approx(30, abs=0.1)
    assert sheet["A5"].top == pytest.approx(sheet["A4"].top, abs=0.1)


# --- copying ---


def test_formats_are_pasted_into_another_book(excel: Excel, sample: Path) -> None:
    target = excel.app.books.add().sheets[0]
    target["D4"].value = "stays"
    source = opened(excel, sample).sheets["My data"]
    source["A1:C8"].copy()
    assert excel.app.cut_copy_mode == "copy"
    target["C4"].paste(paste="formats")
    head = target["D4"]
    assert head.value == "stays"
    assert (head.font.bold, head.font.size, head.font.color) == (True, 14, (255, 0, 0))
    assert (head.color, head.wrap_text, head.horizontal_alignment) == ((0, 255, 0), True, "center")
    assert target["D5"].number_format == "0.00"
    assert target["C5"].value is None


def test_rules_and_borders_come_along(excel: Excel, sample: Path, tmp_path: Path) -> None:
    book = excel.app.books.add()
    opened(excel, sample).sheets["My data"]["A1:C4"].copy()
    book.sheets[0]["C11"].paste(paste="formats")
    book.save(tmp_path / "out.xlsx")
    written = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    assert written["D11"].border.bottom.style == "thin"
    (rule,) = written.conditional_formatting
    assert str(rule.sqref) == "D12:E14"
    assert rule.rules[0].formula == ["$A$20"]


def test_an_entry_ends_copying(excel: Excel, sheet: xw.Sheet) -> None:
    sheet["A1"].copy()
    sheet["B1"].value = 1
    assert excel.app.cut_copy_mode is None
    with pytest.raises(ExcelError):
        sheet["C1"].paste(paste="formats")


def test_closing_the_source_ends_copying(excel: Excel, sample: Path) -> None:
    target = excel.app.books.add().sheets[0]
    book = opened(excel, sample)
    book.sheets[0]["A1"].copy()
    book.close()
    with pytest.raises(ExcelError):
        target["C1"].paste(paste="formats")


def test_a_range_is_copied_with_its_formulas(sheet: xw.Sheet) -> None:
    sheet["A1"].formula = [["1", "=A1+1"]]
    sheet["A1:B1"].copy(sheet["C5"])
    assert sheet["C5:D5"].formula == (("1", "=C5+1"),)


def test_formulas_to_other_sheets_are_not_carried_to_another_book(
    excel: Excel, sample: Path
) -> None:
    target = excel.app.books.add().sheets[0]
    source = opened(excel, sample).sheets["Second"]
    with pytest.raises(NotImplementedError, match="link to the other file"):
        source["A1"].copy(target["A1"])


# --- tables, filters ---


def test_a_table_is_found_and_resized(excel: Excel, sample: Path, tmp_path: Path) -> None:
    book = opened(excel, sample)
    sheet = book.sheets["My data"]
    table = sheet.tables["kx_data"]
    assert [one.name for one in sheet.tables] == ["kx_data"]
    assert table.range.address == "$A$1:$C$5"
    assert table.header_row_range.value == ["Name", "North", "South"]
    assert table.data_body_range.address == "$A$2:$C$5"
    sheet["A6"].value = [["e", 9, 9]]
    table.resize(sheet["A1:D6"])
    assert table.range.address == "$A$1:$D$6"
    assert sheet["D1"].value == "Column4"
    book.save(tmp_path / "out.xlsx")
    written = openpyxl.load_workbook(tmp_path / "out.xlsx")["My data"].tables["kx_data"]
    assert written.ref == "A1:D6"
    assert [one.name for one in written.tableColumns] == ["Name", "North", "South", "Column4"]


def test_a_table_cannot_leave_its_header(excel: Excel, sample: Path) -> None:
    sheet = opened(excel, sample).sheets["My data"]
    for wrong in ("A2:C6", "A1:C1", "H1:J5"):
        with pytest.raises(ExcelError):
            sheet.tables["kx_data"].resize(sheet[wrong])


def test_a_filter_hides_rows_and_survives_resizing(excel: Excel, sample: Path) -> None:
    sheet = opened(excel, sample).sheets["My data"]
    table = sheet.tables["kx_data"]
    table.show_autofilter = True
    table.autofilter.apply_values(1, ["a", "c"])
    table.autofilter.apply_comparison(2, "greater_than", 1)
    assert hidden(sheet, 6) == [2, 3, 5]
    table.resize(sheet["A1:C6"])
    criteria = table.autofilter.criteria
    assert [one.type for one in criteria] == ["values", "comparison", "none"]
    assert sorted(criteria[0].values) == ["a", "c"]
    assert (criteria[1].operator, criteria[1].value1) == ("greater_than", "1")
    table.autofilter.clear(2)
    assert 2 not in hidden(sheet, 5)
    table.autofilter.clear()
    assert hidden(sheet, 6) == []
    assert {one.type for one in table.autofilter.criteria} == {"none"}


@pytest.mark.parametrize(
    ("operator", "values", "rows"),
    [
        ("between", (2, 3), [2, 5]),
        ("not_between", (2, 3), [3, 4]),
        ("equal_to", (None,), [2, 3, 4, 5]),
        ("not_equal_to", (None,), []),
        ("less_than_or_equal", (2,), [4, 5]),
    ],
)
def test_comparisons_of_filters(
    excel: Excel, sample: Path, operator: Any, values: Any, rows: list[int]
) -> None:
    sheet = opened(excel, sample).sheets["My data"]
    filters = sheet.tables["kx_data"].autofilter
    filters.apply_comparison(2, operator, *values)
    assert hidden(sheet, 5) == rows
    found = filters.criteria[1]
    assert (found.type, found.operator) == ("comparison", operator)
    assert [found.value1, found.value2] == [*(v if v is None else str(v) for v in values), None][:2]


def hidden(sheet: xw.Sheet, last: int) -> list[int]:
    return [row for row in range(2, last + 1) if sheet[f"A{row}:A{row}"].rows.hidden]


def test_a_sheet_has_one_filter(memory_excel: Excel) -> None:
    sheet = memory_excel.app.books.add().sheets[0]
    sheet["A1"].value = [["x", "y"], [1, 2], [3, 4]]
    sheet["A1:B3"].autofilter.apply_values(1, [3])
    assert hidden(sheet, 3) == [2]
    with pytest.raises(ExcelError):
        sheet["E1:F3"].autofilter.apply_values(1, [3])


def test_a_table_is_added_and_moved(sheet: xw.Sheet) -> None:
    sheet["B2"].value = [["x", "y"], [1, 2]]
    sheet.tables.add(sheet["B2:C3"], name="kx_new", has_headers=True)
    with pytest.raises(ExcelError):
        sheet.tables.add(sheet["C3:D5"])
    sheet["B2:C3"].move(sheet["B4"])
    assert sheet.tables["kx_new"].range.address == "$B$4:$C$5"
    assert sheet["B2:C5"].value[1:] == [[None, None], ["x", "y"], [1, 2]]


# --- charts ---


@pytest.mark.proof
def test_a_chart_is_read_and_pointed_elsewhere(excel: Excel, sample: Path, tmp_path: Path) -> None:
    book = opened(excel, sample)
    sheet = book.sheets["My data"]
    (chart,) = sheet.charts
    name = chart.name
    assert chart.chart_type == "column_clustered"
    assert [one.name for one in chart.series] == ["North"]
    assert chart.series[0].impl.references == {
        "values": "'My data'!$B$2:$B$5",
        "categories": "'My data'!$A$2:$A$5",
        "name": "'My data'!$B$1",
    }
    chart.set_source_data(sheet["A1:C4"], plot_by="columns")
    assert [one.name for one in chart.series] == ["North", "South"]
    assert chart.series[1].impl.references["values"] == "'My data'!$C$2:$C$4"
    chart.set_source_data(sheet["B2:C3"], plot_by="rows")
    chart.set_x_axis_values(sheet["B1:C1"])
    chart.series[0].set(name="='My data'!$A$2", fill_color="#102030")
    chart.series[1].set(name="mine")
    chart.value_axis.maximum_scale = 10
    chart.top, chart.height = 60, 120
    book.save(tmp_path / "out.xlsx")
    (again,) = opened(excel, tmp_path / "out.xlsx").sheets["My data"].charts
    assert again.name == name
    assert [one.name for one in again.series] == ["a", "mine"]
    assert [one.impl.references["values"] for one in again.series] == [
        "'My data'!$B$2:$C$2",
        "'My data'!$B$3:$C$3",
    ]
    assert again.series[0].impl.references["categories"] == "'My data'!$B$1:$C$1"
    assert again.series[0].fill_color == (16, 32, 48)
    assert again.value_axis.maximum_scale == 10
    assert (again.top, again.height) == (pytest.approx(60, abs=1), pytest.approx(120, abs=1))


# --- books and sheets ---


def test_without_a_book_excel_is_as_on_windows(excel: Excel) -> None:
    app = excel.app
    assert len(app.books) == 0
    with pytest.raises(AttributeError):
        _ = app.books.active.name
    with pytest.raises(ExcelError):
        app.calculation = "manual"
    assert app.calculation == "automatic"


def test_books_are_opened_once_and_saved(excel: Excel, sample: Path, tmp_path: Path) -> None:
    book = opened(excel, sample)
    assert opened(excel, sample).impl is book.impl
    assert Path(book.api.FullName) == Path(book.fullname) == sample
    assert (book.api.Saved, book.api.ReadOnly) == (True, False)
    before = sample.read_bytes()
    book.sheets[0]["A2"].value = "new"
    assert book.api.Saved is False
    assert sample.read_bytes() == before
    book.save()
    assert book.api.Saved is True
    assert openpyxl.load_workbook(sample)["My data"]["A2"].value == "new"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["sample.xlsx"]
    book.close()
    assert len(excel.app.books) == 0


def test_what_was_written_is_there_when_opened_again(excel: Excel, tmp_path: Path) -> None:
    book = excel.app.books.add()
    assert (book.fullname, book.api.Path) == (book.name, "")
    block = [["'=1+1", "=1+1", "'12", "12"], ["'a\nb", "TRUE", "Ä„“", ""]]
    book.sheets[0]["A1"].formula = block
    book.save(tmp_path / "new.xlsx")
    assert book.name == "new.xlsx"
    written = openpyxl.load_workbook(tmp_path / "new.xlsx").worksheets[0]
    kinds = [[cell.data_type for cell in row] for row in written["A1:D1"]]
    assert kinds == [["s", "f", "s", "n"]]
    book.close()
    again = opened(excel, tmp_path / "new.xlsx").sheets[0]
    assert again["A1:D1"].formula == (("=1+1", "=1+1", "12", "12"),)
    assert again["A1"].value == "=1+1"
    assert again["A2:D2"].value == ["a\nb", True, "Ä„“", None]


def test_a_read_only_book_is_not_saved(excel: Excel, sample: Path, tmp_path: Path) -> None:
    book = excel.app.books.open(sample, read_only=True)
    assert book.api.ReadOnly is True
    with pytest.raises(ExcelError):
        book.save()
    book.save(tmp_path / "other.xlsx")
    assert book.api.ReadOnly is False
    book.close()
    sample.chmod(0o444)
    assert opened(excel, sample).api.ReadOnly is True


def test_sheets_are_added_named_hidden_and_deleted(excel: Excel, sample: Path) -> None:
    book = opened(excel, sample)
    added = book.sheets.add("Third", after=book.sheets["My data"])
    assert [one.name for one in book.sheets] == ["My data", "Third", "Second"]
    assert book.sheets.active.name == "Third"
    assert added.index == 2
    with pytest.raises(ExcelError):
        added.name = "second"
    with pytest.raises(ExcelError):
        added.name = "a:b"
    book.sheets["Second"].visible = False
    with pytest.raises(ExcelError):
        book.sheets["Second"].activate()
    book.sheets["My data"].activate()
    added.delete()
    assert [one.name for one in book.sheets] == ["My data", "Second"]
    assert book.sheets.active.name == "My data"
    with pytest.raises(ExcelError):
        book.sheets["My data"].delete()
    assert book.sheets["My data"].page_setup.print_area == "$A$1:$C$9"
    setup = book.sheets["My data"].page_setup.api
    setup.PrintTitleRows = "$2:$3"
    assert setup.PrintTitleRows == "$2:$3"
    book.sheets["My data"].page_setup.print_area = "A1:B2"
    assert book.sheets["My data"].page_setup.print_area == "$A$1:$B$2"


def test_the_used_range_and_addresses(excel: Excel, sample: Path) -> None:
    sheet = opened(excel, sample).sheets["My data"]
    assert sheet.used_range.address == "$A$1:$C$9"
    cells = sheet["B2:C3"]
    assert (cells.row, cells.column, cells.shape, cells.count) == (2, 2, (2, 2), 4)
    assert cells.offset(1, 1).resize(1, 3).address == "$C$3:$E$3"
    assert sheet["A1"].end("down").address == "$A$5"
    assert sheet["A7"].column_width is not None


def test_links(sheet: xw.Sheet) -> None:
    sheet["A1"].add_hyperlink("https://example.org/a", "shown", "tip")
    assert sheet["A1"].value == "shown"
    assert sheet["A1"].hyperlink == "https://example.org/a"
    sheet["A2"].value = "plain"
    with pytest.raises(ExcelError):
        _ = sheet["A2"].hyperlink


def test_names(excel: Excel, sample: Path) -> None:
    book = opened(excel, sample)
    book.names.add("kx_here", "='My data'!$B$2:$B$3")
    assert book.names["kx_here"].refers_to_range.address == "$B$2:$B$3"
    assert book.sheets["My data"]["kx_here"].value == [1.0, 2.0]
    book.names["kx_here"].delete()
    assert "kx_here" not in book.names


# --- the application ---


def test_settings_are_kept_and_remembered(excel: Excel, sheet: xw.Sheet) -> None:
    app = excel.app
    assert app.status_bar is False
    with app.properties(status_bar="busy", screen_updating=False, calculation="manual"):
        assert (app.status_bar, app.screen_updating) == ("busy", False)
        assert app.calculation == "manual"
    assert (app.status_bar, app.screen_updating, app.calculation) == (False, True, "automatic")
    assert ("status_bar", "busy") in excel.history


def test_questions_are_answered_by_the_test(excel: Excel) -> None:
    excel.answers += ["no"]
    assert excel.app.alert("Really?", "kamxl", "yes_no") == "no"
    assert excel.app.alert("Done.") == "ok"
    assert [(one.prompt, one.answer) for one in excel.alerts] == [
        ("Really?", "no"),
        ("Done.", "ok"),
    ]
    with pytest.raises(AssertionError):
        excel.app.alert("Really?", None, "yes_no")
    excel.answers += ["perhaps"]
    with pytest.raises(AssertionError):
        excel.app.alert("Really?", None, "yes_no")


def test_a_folder_is_chosen_by_the_test(excel: Excel) -> None:
    excel.folders += ["somewhere", None]
    dialog = excel.app.api.FileDialog(4)
    assert (dialog.Show(), dialog.SelectedItems(1)) == (-1, "somewhere")
    assert excel.app.api.FileDialog(4).Show() == 0


def test_calls_fail_on_demand(excel: Excel, sheet: xw.Sheet) -> None:
    excel.faults["Range.formula="] = OSError("busy")
    with pytest.raises(OSError, match="busy"):
        sheet["A1"].formula = "x"
    assert sheet["A1"].formula == ""
    excel.faults.clear()
    excel.faults["App.status_bar="] = ExcelError("no")
    with pytest.raises(ExcelError):
        excel.app.status_bar = "x"


def test_what_is_not_there_says_so(excel: Excel, sheet: xw.Sheet) -> None:
    with pytest.raises(NotImplementedError, match=r"Sheet\.pictures"):
        _ = sheet.pictures
    with pytest.raises(NotImplementedError, match=r"Range\.sort"):
        sheet["A1:B2"].sort(1)
    with pytest.raises(NotImplementedError, match=r"Sheet\.show_gridlines"):
        sheet.show_gridlines = False
    with pytest.raises(NotImplementedError, match=r"BookApi\.Windows"):
        _ = sheet.book.api.Windows


def test_the_engine_before_is_back_afterwards(excel: Excel) -> None:
    assert xw.apps.active == excel.app
    assert xw.engines.active.name == excel.name
