"""Texts typed into a finished workbook: that one cell changes, and nothing else."""

from __future__ import annotations

import io
import zipfile

import pytest

from kamxl.excel.reading.book import LIMITS, read
from kamxl.excel.writing.draw import build, render
from kamxl.excel.writing.replacing import Unsuitable, with_typed
from kamxl.forms.paper.book import Book, Formula, Sheet
from kamxl.forms.paper.style import Style
from tests.examples import NOW


def workbook() -> bytes:
    first, second = Sheet("first", "First & foremost"), Sheet("second", "Second")
    for sheet in (first, second):
        sheet.put(1, 1, "Rating")
        sheet.put(1, 2, None, Style(bold=True))
        sheet.put(1, 3, Formula("SUM(B1)", 0))
    return render(build(Book([first, second], NOW, "en")))


@pytest.mark.parametrize("text", ["ca. 80", "85 %", "<b>&amp;", r"\\g<1> \\1", " =1+1"])
def test_a_text_is_typed_into_one_cell_and_all_else_stays(text: str) -> None:
    before = workbook()
    after = with_typed(before, "First & foremost", "B1", text)
    (first, second), (_, untouched) = read(after, LIMITS).sheets, read(before, LIMITS).sheets
    assert first.cells[1, 2].text == text
    assert second.cells == untouched.cells
    old, new = (zipfile.ZipFile(io.BytesIO(data)) for data in (before, after))
    changed = [name for name in old.namelist() if old.read(name) != new.read(name)]
    assert changed == ["xl/worksheets/sheet1.xml"]
    assert new.namelist() == old.namelist()


@pytest.mark.parametrize(("sheet", "cell"), [("Third", "B1"), ("Second", "A1"), ("Second", "Z9")])
def test_what_is_there_is_never_typed_over(sheet: str, cell: str) -> None:
    with pytest.raises(Unsuitable):
        with_typed(workbook(), sheet, cell, "x")
