"""The writer: values and texts stand in the file as they were given."""

from __future__ import annotations

import io
import math
import re
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import openpyxl
import pytest

from kamxl.excel.reading.book import read
from kamxl.excel.writing.cells import number_text, serial
from kamxl.excel.writing.draw import build, render
from kamxl.excel.writing.xmltext import cell_text, clean, serialise, units
from kamxl.forms.paper.book import (
    Chart,
    Formula,
    Series,
    Slot,
)
from kamxl.forms.paper.raw import RawKind
from kamxl.forms.paper.style import ENTRY
from tests.excel import sample, sample_data
from tests.excel.drawing import drawn, one, parts, sample_bytes, stored

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def data() -> bytes:
    return sample_bytes()


def test_every_formula_has_its_value(data: bytes) -> None:
    card = stored(data, "Score & card")
    assert card["C5"].value == 0
    assert card["D14"].value == pytest.approx(sample_data.total(sample_data.OURS))
    assert [card[f"F{row}"].value for row in (8, 9, 11)] == [7.5, -11, None]
    assert card["D15"].value == "#N/A"
    assert card["E15"].value is True
    assert openpyxl.load_workbook(io.BytesIO(data))["Score & card"]["C5"].value.startswith("=100-")


def test_an_empty_text_is_stored_as_text() -> None:
    xml = parts(drawn(one(Formula('""', ""))))["xl/worksheets/sheet1.xml"]
    assert re.search(r'<c r="A1" s="\d+" t="str"><f>&quot;&quot;</f><v></v></c>', xml)


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!"])
def test_an_error_is_an_error_only_in_a_formula(error: str) -> None:
    book = read(drawn(one(Formula("NA()", error), error)))
    kinds = [book.sheets[0].cells[row, 1].kind for row in (1, 2)]
    assert kinds == [RawKind.ERROR, RawKind.TEXT]


def test_a_formula_without_value_raises() -> None:
    with pytest.raises(ValueError, match=r"A1: the formula has no value"):
        drawn(one(Formula("1+1", None)))
    with pytest.raises(ValueError, match="no value to store"):
        drawn(one(Formula("1+1", Slot("x"))), {"x": None})


def test_a_missing_slot_is_named() -> None:
    with pytest.raises(KeyError, match="the-key"):
        drawn(one(Slot("the-key")), {"other": 1})


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400])
def test_what_is_no_number_raises(value: float) -> None:
    for content in (value, Formula("1", value)):
        with pytest.raises(ValueError, match="no number"):
            drawn(one(content))


def test_numbers_keep_every_digit() -> None:
    numbers = [0.1 + 0.2, 1 / 3, 1e300, 5e-324, -2.5, 123456789012345680, 0, -0.0, 100.0]
    sheet = stored(drawn(one(*numbers)))
    assert [sheet.cell(row, 1).value for row in range(1, len(numbers) + 1)] == numbers
    assert number_text(-0.0) == "0"
    assert number_text(85.0) == "85"


def test_dates_are_numbers_with_a_format() -> None:
    zoned = datetime(2026, 3, 4, 12, tzinfo=timezone(timedelta(hours=6)))
    style = ENTRY.but(format="dd.mm.yyyy")
    sheet = stored(drawn(one(date(2026, 3, 4), datetime(2026, 3, 4, 18), zoned, style=style)))
    assert sheet["A1"].value == datetime(2026, 3, 4)
    assert sheet["A2"].value == datetime(2026, 3, 4, 18)
    assert sheet["A3"].value == datetime(2026, 3, 4, 6)
    assert sheet["A1"].number_format == "dd.mm.yyyy"
    assert serial(date(1900, 3, 1)) == 61
    assert stored(drawn(one(date(1899, 5, 1))))["A1"].value == "1899-05-01"


RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "=cmd|' /C'!A0"]


@pytest.mark.parametrize("text", [*RISKY, "#N/A", "01", "TRUE", "1e5", "{=1}", "  a ", "a\nb"])
@pytest.mark.parametrize("slot", [False, True])
def test_a_text_stays_that_text(text: str, slot: bool) -> None:
    data = drawn(one(Slot("x") if slot else text), {"x": text})
    cell = read(data).sheets[0].cells[1, 1]
    assert (cell.kind, cell.text, cell.formula) == (RawKind.TEXT, clean(text), False)
    loaded = openpyxl.load_workbook(io.BytesIO(data))["One"]["A1"]
    assert loaded.data_type == "s"
    assert bool(loaded.quotePrefix) is (text in RISKY)


def test_a_quoted_text_looks_like_its_neighbours() -> None:
    sheet = stored(drawn(one("=1", "x")))
    quoted, plain = sheet["A1"]._style, sheet["A2"]._style
    assert (quoted.quotePrefix, plain.quotePrefix) == (1, 0)
    quoted.quotePrefix = 0
    assert quoted == plain


def test_texts_are_cleaned_and_cut() -> None:
    assert clean("a\x00\x0b\x1f\r\nb\rc\ud800\ufffe") == "a\nb\nc"
    assert units(clean("x" * 40_000)) == 32_767
    assert clean("😀" * 20_000) == "😀" * 16_383
    assert cell_text("_x0041_<") == "_x005F_x0041_&lt;"
    cells = read(render(build(sample.book()), sample_data.values())).sheets[4].cells
    assert cells[7, 1].text == "_x0041_"
    assert cells[9, 1].text == "ab"


def test_marks_in_a_text_do_no_harm(data: bytes) -> None:
    """The characters that hold a slot's place in the drawn parts are just characters in a text."""
    sheet = one("x", "y")
    series = Series(sheet.ref("A1", "A2"), title="\ue0f00\ue0f1")
    sheet.charts.append(Chart("column", "C1", "F9", (series,), "\ue0f01\ue0f1 & \ue0f0"))
    assert "\ue0f01\ue0f1 &amp; \ue0f0" in parts(drawn(sheet))["xl/charts/chart1.xml"]
    assert "\ue0f0" not in parts(data)["xl/charts/chart1.xml"]


def test_strings_are_shared_and_keep_blanks(data: bytes) -> None:
    found = parts(data)
    assert not any("inlineStr" in text for text in found.values())
    assert (
        '<t xml:space="preserve">You rate us.\nWe get better.  </t>'
        in found["xl/sharedStrings.xml"]
    )


def test_serialising_does_not_depend_on_the_library() -> None:
    from xml.etree import ElementTree

    from lxml import etree

    xml = '<a xmlns="urn:x" xmlns:r="urn:r" r:id="1" b="&quot;&#10;&lt;"><c>&amp;</c><r:d/></a>'
    assert serialise(ElementTree.fromstring(xml)) == serialise(etree.fromstring(xml))
