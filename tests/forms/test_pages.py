"""How sheets come to paper: the scale, the pages, what stands on each of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Book, Sheet
from kamxl.forms.paper.pages import LEAST, paged, said_once
from kamxl.forms.paper.parts import tile
from kamxl.forms.plan.sheets import FORMS as PLAN
from kamxl.forms.register.sheets import FORMS as REGISTER
from tests.excel.drawing import parts
from tests.excel.sample import STAMP

_A4 = 752.0  # points between the margins of a landscape page, a little less than there are
_LETTER = 0.9  # units of width that a letter of the line below a title takes
_UNIT = 5.55  # points that LibreOffice gives a unit of width; Excel gives 5.25


def _pages(sheet: Sheet, last: int) -> list[list[int]]:
    ends = [*sheet.column_breaks, last]
    return [list(range(a + 1, b + 1)) for a, b in zip([0, *ends], ends, strict=False)]


@given(
    st.lists(st.floats(2, 60), min_size=1, max_size=40),
    st.integers(0, 3),
    st.sets(st.integers(1, 40), max_size=4),
)
def test_each_page_holds_its_columns_at_a_size_one_can_read(
    widths: list[float], repeated: int, starts: set[int]
) -> None:
    sheet = Sheet("a", "A", landscape=True, widths=dict(enumerate(widths, 1)))
    last = len(widths)
    paged(sheet, last, min(repeated, last), starts)
    assert sheet.scale is not None
    assert LEAST <= sheet.scale <= 100
    pages = _pages(sheet, last)
    assert [number for page in pages for number in page] == list(range(1, last + 1))
    keys = sum(widths[: sheet.title_columns])
    for place, page in enumerate(pages):
        wide = sum(widths[number - 1] for number in page) + (keys if place else 0)
        own = [number for number in page if number > sheet.title_columns]
        assert wide * _UNIT * sheet.scale / 100 <= _A4 or len(own) <= 1
    if len(pages) > 1:
        assert sheet.title_columns == min(repeated, last)


def test_what_fits_on_one_page_is_not_split() -> None:
    sheet = Sheet("a", "A", landscape=True, widths={1: 40, 2: 40, 3: 40})
    paged(sheet, 3, 1, {2, 3})
    assert (sheet.column_breaks, sheet.title_columns) == ([], 0)


def test_a_group_of_meaning_begins_a_page() -> None:
    sheet = Sheet("a", "A", landscape=True, widths=dict.fromkeys(range(1, 12), 20))
    paged(sheet, 11, 1, {5})
    assert 4 in sheet.column_breaks


def test_a_long_text_stands_on_the_first_page_alone() -> None:
    sheet = Sheet("a", "A", landscape=True, widths=dict.fromkeys(range(1, 12), 20))
    sheet.put(3, 1, "long " * 40)
    paged(sheet, 11, 2)
    said_once(sheet, 3)
    assert sheet.cells[3, 1].content is None
    assert str(sheet.cells[3, 3].content).startswith("long")
    assert all(sheet.cells[3, end + 1].content == " " for end in sheet.column_breaks)


@pytest.mark.parametrize("table", [*REGISTER[1:], *PLAN], ids=lambda table: table.key)
def test_no_column_is_wider_than_a_page(table) -> None:  # type: ignore[no-untyped-def]
    keys = sum(one.width for one in table.columns[: table.repeated or table.freeze])
    widest = max(one.width for one in table.columns)
    assert (keys + widest) * _UNIT * LEAST / 100 <= _A4


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("table", [*REGISTER, *PLAN], ids=lambda table: table.key)
def test_what_is_said_below_a_title_ends_with_the_first_page(table, language) -> None:  # type: ignore[no-untyped-def]
    sheet = Sheet(table.key, "A", landscape=True)
    sheet.widths = {number: one.width for number, one in enumerate(table.columns, 1)}
    starts = [table.index(one.id) for one in table.columns if one.page]
    last = table.index(table.print_to) if table.print_to else len(table.columns)
    paged(sheet, last, table.freeze if table.repeated is None else table.repeated, starts)
    first, *_ = _pages(sheet, last)
    if not table.paper:  # nothing of it is printed: it ends with the table
        first, sheet.title_columns = range(1, last + 1), 0
    room = sum(sheet.widths[n] for n in first if n > sheet.title_columns)
    assert len(table.text(language, "intro")) * _LETTER <= room


def test_a_tile_ends_where_the_page_does() -> None:
    """Where that is may depend on what people typed, so it never raises."""
    sheet = Sheet("a", "A", column_breaks=[3])
    tile(sheet, 5, (2, 3, 4), "a", 1)
    assert sorted(column for row, column in sheet.cells if row == 6) == [2, 3]
    tile(sheet, 8, (4, 5), "b", 2)
    assert sorted(column for row, column in sheet.cells if row == 9) == [4, 5]


def test_the_file_says_scale_breaks_and_repeated_columns() -> None:
    sheet = Sheet("a", "A", landscape=True, widths=dict.fromkeys(range(1, 12), 20))
    sheet.put(5, 1, "head")
    sheet.put(6, 1, "row")
    sheet.title_rows, sheet.print_area = (5, 5), "A1:K9"
    sheet.heights, sheet.fitting = {5: 30, 6: 17}, {6}
    sheet.outline = [(3, 4)]
    paged(sheet, 11, 2)
    found = parts(render(build(Book([sheet], STAMP, "en"))))
    xml, book = found["xl/worksheets/sheet1.xml"], found["xl/workbook.xml"]
    assert f'scale="{sheet.scale}"' in xml
    assert 'fitToPage="1"' not in xml
    for column in sheet.column_breaks:
        assert f'<brk id="{column}"' in xml
    assert "'A'!$A:$B" in book
    assert "$5:$5" in book
    # a row that grows with its text has a height, which is not its own
    assert re.search(r'<row r="5" ht="30" customHeight="1">', xml)
    assert re.search(r'<row r="6" ht="17">', xml)
    assert 'outlineLevel="1"' in xml
