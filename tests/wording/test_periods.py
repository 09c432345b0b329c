"""Periods and languages as people write them, in whatever language."""

from __future__ import annotations

import pytest

from kamxl.core.period import Period
from kamxl.wording.periods import period_meant, periods_meant
from kamxl.wording.spoken import language_meant

MEANT = {
    "2027": ("2027", "FY 2027", "Geschäftsjahr 2027", "GJ 2027", "Jahr 2027", " 2027 "),
    "2027-H1": (
        "1. Halbjahr 2027", "H1 2027", "2027 H1", "h1/2027", "2027h1", "1H 2027", "1H2027",
        "first half 2027", "1st half of 2027", "Erstes Halbjahr 2027", "1. HJ 2027", "２０２７-H1",
    ),
    "2027-H2": ("zweites Halbjahr 2027", "2. HJ/2027", "second half of the year 2027"),
    "2027-Q3": (
        "Q3/2027", "3. Quartal 2027", "III/2027", "III. Quartal 2027", "third quarter 2027",
        "2027-q3", "3Q2027", "3. Vierteljahr 2027",
    ),
    "2027-Q1": ("I/2027", "I. Quartal 2027"),
    "2027-07": (
        "Juli 2027", "07/2027", "Jul 2027", "Jul. 2027", "July 2027", "7/2027", "2027-7",
        "07.2027", "2027M07", "Monat 7 2027", "im Juli 2027",
    ),
    "2027-03": ("März 2027", "Maerz 2027", "Mrz 2027", "March 2027"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "period"), [(text, period) for period, each in MEANT.items() for text in each]
)
def test_what_people_write_is_understood(text: str, period: str) -> None:
    assert str(period_meant(text)) == period


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "Halbjahr", "1. Halbjahr", "Halbjahr 2027", "Q5 2027", "2027-H3", "13/2027",
        "01.07.2027", "2026/2027", "H1 Q1 2027", "September", "0000", "Juli August 2027", "2027-00",
        "5. Quartal 2027", "x" * 500 + " 2027", "Q3 27", "1. Kunde 2027",
    ],
)  # fmt: skip
def test_what_is_no_period_or_half_of_one_is_not_guessed(text: str) -> None:
    assert periods_meant(text) == ()


def test_what_may_be_several_is_none_and_tells_which() -> None:
    assert period_meant("2027-1") is None
    assert [str(p) for p in periods_meant("2027-1")] == ["2027-01", "2027-Q1", "2027-H1"]
    assert [str(p) for p in periods_meant("3/2027")] == ["2027-03", "2027-Q3"]


def test_every_period_s_own_spelling_means_it() -> None:
    ends = ("", *(f"-H{n}" for n in (1, 2)), *(f"-Q{n}" for n in range(1, 5)))
    for end in (*ends, *(f"-{month:02}" for month in range(1, 13))):
        assert period_meant(f"2031{end}") == Period.parse(f"2031{end}")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((word, "en") for word in ("en", "EN", "en-GB", "en_US.UTF-8", "English", "Englisch")),
        *((word, "de") for word in ("de", " DE ", "de-AT", "Deutsch", "deutsch", "German")),
        *((word, None) for word in ("fr", "Französisch", "", "x", "den")),
    ],
)
def test_a_language_is_known_by_its_code_and_its_names(text: str, code: str | None) -> None:
    assert language_meant(text) == code
