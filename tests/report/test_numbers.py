"""Cells as texts: the workbook's formats, in the reader's language, rounded as on the sheet."""

from datetime import UTC, date, datetime

import pytest

from kamxl.forms.paper.book import Cell, Formula, Slot
from kamxl.forms.paper.style import PLAIN
from kamxl.report.numbers import Shown, number_of
from kamxl.wording.texts import texts

EN, DE = Shown(texts("en")), Shown(texts("de"))
SIGNED = "+0.0;-0.0;0.0"


@pytest.mark.parametrize(
    ("value", "pattern", "english", "german"),
    [
        (66.25, "0.0", "66.3", "66,3"),  # half away from zero, as in the sheet
        (0.15, "0.0", "0.2", "0,2"),
        (-2.5, "0", "-3", "-3"),
        (1540000.0, "#,##0", "1,540,000", "1.540.000"),
        (-1234.5, "#,##0", "-1,235", "-1.235"),
        (12, "#,##0", "12", "12"),
        (0.853, "0%", "85%", "85%"),
        (0.8535, "0.0%", "85.4%", "85,4%"),
        (7.25, SIGNED, "+7.3", "+7,3"),
        (-7.25, SIGNED, "-7.3", "-7,3"),
        (0.0, SIGNED, "0.0", "0,0"),
        (0.0, "0.0;-0.0;0", "0", "0"),
        (2, '[=2]"●";[=1]"○";"–"', "●", "●"),
        (1, '[=2]"●";[=1]"○";"–"', "○", "○"),
        (0, '[=2]"●";[=1]"○";"–"', "–", "–"),
        (5, '0" of 5"', "5 of 5", "5 of 5"),
        (1, '"ahead";"behind";"a;b"', "ahead", "ahead"),
        (-1, '"ahead";"behind";"a;b"', "behind", "behind"),
        (0, '"ahead";"behind";"a;b"', "a;b", "a;b"),
        (13, "0;;", "13", "13"),
        (0, "0;;", "", ""),
        (5, ";;;", "", ""),
        (40.0, "0.#", "40", "40"),
        (40.25, "0.#", "40.3", "40,3"),
        (100.0, "0.##", "100", "100"),
        (0.0, "0.#", "0", "0"),
        (3, "General", "3", "3"),
        (300.0, "General", "300", "300"),
        (12.5, "General", "12.5", "12,5"),
        (1e300, "#,##0.0", "1" + ",000" * 100 + ".0", "1" + ".000" * 100 + ",0"),
        (float("nan"), "0.0", "", ""),
        (float("inf"), "0.0", "", ""),
    ],
)
def test_formats(value, pattern, english, german):
    assert EN.number(value, pattern) == english
    assert DE.number(value, pattern) == german


def test_contents():
    assert EN.cell(None) == EN.cell(Cell()) == EN.cell(Cell(Formula("A1", ""))) == ""
    assert DE.cell(Cell(Formula("A1", 66.25), PLAIN.but(format="0.0"))) == "66,3"
    assert DE.cell(Cell(date(2026, 5, 4))) == "04.05.2026"
    assert EN.cell(Cell(datetime(2026, 5, 4, 9, 7, tzinfo=UTC))) == "04 May 2026 09:07"
    assert EN.cell(Cell("=1+1")) == "=1+1"
    with pytest.raises(TypeError, match="no value"):
        EN.cell(Cell(Slot("x")))


@pytest.mark.parametrize(
    ("content", "found"),
    [(3, 3.0), (Formula("A1", 2.5), 2.5), ("3", None), (True, None), (float("nan"), None)],
)
def test_what_is_a_number(content, found):
    assert number_of(Cell(content)) == found
