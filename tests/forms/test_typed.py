"""Periods and languages in a cell: as people write them, in their one spelling afterwards."""

from __future__ import annotations

import pytest

from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.forms.tables.columns import Column, Kind
from kamxl.forms.tables.typed import an_id, email, language_code, period, some_ids, typed_text
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


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (123, "00000", "00123"),
        (123, '"K-"000', "K-123"),
        (7, 'K"-"000', "7"),  # a letter without quotes may be anything
        (7, "\\K\\-000", "K-007"),
        (12345678, "000-000", "12345-678"),
        (1234, "##0000", "1234"),
        (1234567, "0000", "1234567"),
        (42, "[Red]00000;-0", "00042"),
        (123, "00000_)", "00123"),
        (123, "General", "123"),
        (123, "#,##0", "123"),
        (123, "0", "123"),
        (123, "@", "123"),
        (0, "000", "000"),
    ],
)
def test_an_id_is_what_the_cell_shows(number: float, code: str, shown: str) -> None:
    cell = RawCell(RawKind.NUMBER, f"{number:g}", float(number), code)
    assert typed_text(cell) == shown
    assert an_id(cell).value == shown
    assert some_ids(cell).value == (shown,)


def test_what_shows_no_id_is_none() -> None:
    assert an_id(RawCell(RawKind.NUMBER, "123", 123.0, '"Nr. "000')).code == "id-bad"
    assert an_id(RawCell(RawKind.NUMBER, "46388", 46388.0, "dd.mm.yyyy")).code == "id-bad"
    assert an_id(RawCell(RawKind.NUMBER, "0.5", 0.5, "000")).value == "0.5"
    assert an_id(RawCell(RawKind.NUMBER, "-5", -5.0, "000")).code == "id-bad"


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\xad", "\u2060", "\u200e", "\u200d"])
def test_nobody_sees_it_so_it_is_not_there(unseen: str) -> None:
    assert an_id(text(f"NULL{unseen}BERG")).value == "NULLBERG"
    assert some_ids(text(f"A{unseen}; {unseen},B")).value == ("A", "B")
    assert email(text(f"{unseen}eva@kern.example{unseen}")).value == "eva@kern.example"
    assert typed_text(text(unseen)) is None


def test_a_name_keeps_what_its_script_needs() -> None:
    line = Column("name", Kind.TEXT, 20)
    assert line.parse(text("Preis\xadliste\u200b")).value == "Preisliste"
    assert line.parse(text("می\u200cخواهم")).value == "می\u200cخواهم"


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
