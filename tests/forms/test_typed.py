"""Periods and languages in a cell: as people write them, in their one spelling afterwards."""

from __future__ import annotations

import pytest

from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.forms.tables.typed import language_code, period
from kamxl.wording.texts import languages, texts


def text(typed: str) -> RawCell:
    return RawCell(RawKind.TEXT, typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026 h2", "2026-H2"),
        ("2026 / H2", "2026-H2"),
        (" 1. Halbjahr 2027 ", "2027-H1"),
        ("III/2027", "2027-Q3"),
        ("Juli 2027", "2027-07"),
        ("k. A.", None),
    ],
)
def test_a_period_is_normalised(typed: str, meant: str | None) -> None:
    found = period(text(typed))
    assert (found.value, found.code) == (meant, None)


def test_a_year_is_a_number_too_and_a_date_is_no_period() -> None:
    assert period(RawCell(RawKind.NUMBER, "2027", 2027.0)).value == "2027"
    assert period(RawCell(RawKind.NUMBER, "46388", 46388.0, "mmm yy")).code == "period-bad"
    assert period(text("2027-1")).code == "period-bad"  # which of three?


@pytest.mark.parametrize("typed", ["Englisch", "english", "EN", "en-GB"])
def test_a_language_is_known_in_every_column_of_languages(typed: str) -> None:
    assert language_code(text(typed)).value == "en"
    assert language_code(text("Klingonisch")).code == "choice-unknown"


@pytest.mark.parametrize("language", languages())
def test_what_is_no_period_is_explained_with_examples_that_are_understood(language: str) -> None:
    import re

    said = texts(language).source("findings.period-bad").split("{% else %}")[1]
    examples = re.findall(r"[“„]([^“”„]*\d{4})[”“]", said) + re.findall(r"\d{4}-\w+", said)
    assert len(examples) > 4
    assert [one for one in examples if period(text(one)).value is None] == []
