"""What people type is understood in every language; numbers and days look as they always did."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext

import pytest

from kamxl.core.cards.internal_words import short_names
from kamxl.core.finding import finding
from kamxl.core.roles import Role
from kamxl.excel.writing.checks import check_formula
from kamxl.forms.exports.headers import NOT_NOW, OTHER, OWN_REVENUE, Part
from kamxl.forms.paper.book import LONGEST_RULE
from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.forms.register.fields import RIVALS
from kamxl.forms.register.sheets import DECISION, FORM
from kamxl.forms.reply.choices import CHOICES
from kamxl.forms.scorecard import words as card_words
from kamxl.forms.scorecard.grid import COMMENT, GAP
from kamxl.forms.tables import fields
from kamxl.forms.tables.figures import FACTORS
from kamxl.forms.tables.typed import typed_text
from kamxl.forms.tables.validation import id_formula
from kamxl.mail import delivery
from kamxl.wording.functions import FUNCTION_IDS, NO_FUNCTION
from kamxl.wording.manner import Manner
from kamxl.wording.texts import languages, texts
from kamxl.wording.understood import BLANKS, any_of, folded, is_blank, understood
from tests.wording.asked import PACKAGE

GERMAN, ENGLISH = texts("de").manner, texts("en").manner


def typed(text: str) -> RawCell:
    return RawCell(RawKind.TEXT, text)


@pytest.mark.parametrize(
    "blank",
    ["k. A.", "K.A.", "keine angabe", "Weiß nicht", "weiss nicht", "N/A", "don't know", "–"],
)
def test_blanks_of_every_language_are_blanks(blank: str) -> None:
    assert fields.number(typed(blank)).deliberate
    assert typed_text(typed(blank)) is None


def test_what_may_be_a_name_is_a_blank_among_numbers_only() -> None:
    for short in ("na", "kA"):
        assert fields.number(typed(short)).deliberate
        assert typed_text(typed(short)) == short


@pytest.mark.parametrize(
    ("text", "value"),
    [("85 Punkte", 85), ("85 Pkt.", 85), ("1 Punkt", 1), ("85 pts", 85), ("85%", 85)],
)
def test_units(text: str, value: float) -> None:
    assert fields.number(typed(text)).value == value


@pytest.mark.parametrize(
    "text", ["1 200 €", "€ 1 200", "1 200 Euro", "1 200 EUR", "$1 200", "1 200 usd", "CHF 1’200"]
)
def test_currencies(text: str) -> None:
    assert fields.amount(typed(text)).value == 1200


def test_sum_words_and_legal_forms() -> None:
    assert {"summe", "total", "gesamt", "∑"} <= fields.sum_words()
    legal = folded("legal_forms")
    assert short_names("Gamma Foods GmbH & Co. KG", legal)[1] == "Gamma Foods"
    assert short_names("Gamma Foods Ltd", legal)[1] == "Gamma Foods"


def test_a_longer_word_comes_before_one_it_begins_with() -> None:
    assert re.match(any_of("currencies"), "Euro 5", re.IGNORECASE)[0] == "Euro"  # type: ignore[index]
    with pytest.raises(KeyError):
        understood("nothing of the kind")


@pytest.mark.parametrize(
    ("subject", "automatic"),
    [("Automatische Antwort: Urlaub", True), ("Out of office", True), ("Réponse automatique", True),
     ("Gelesen: Bogen", True), ("Bogen gelesen: ja", False), ("Unsere Antwort", False)],
)  # fmt: skip
def test_mails_that_no_person_wrote(subject: str, automatic: bool) -> None:
    assert delivery.automatic(delivery.Signs(subject=subject)) is automatic


def test_no_list_of_words_stands_in_the_code() -> None:
    """Every kind that the code asks for has words, and every kind in a file is asked for."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    asked = set(re.findall(r'(?:understood|folded|any_of)\(\W?"(\w+)"', source))
    asked |= set(re.findall(r"any_of\('(\w+)'\)", source))
    asked |= {f"mail_{kind}" for kind in re.findall(r'_words_of\("(\w+)"\)', source)}
    choices = (FORM, RIVALS, DECISION, *CHOICES.values())
    asked |= {f"{one.typed}_{code}" for one in choices for code in one.codes}
    asked |= {f"role_{role}" for role in Role} | {f"header_{key}" for key in (GAP, COMMENT)}
    asked |= {f"function_{one}" for one in (*FUNCTION_IDS, NO_FUNCTION)}
    asked |= {f"export_{kind}" for kind in (*Part, OTHER, NOT_NOW, OWN_REVENUE)}
    asked |= {kind for kind, _ in FACTORS} | set(BLANKS)  # asked for in a loop
    asked |= set(re.findall(r'typed\.get\("(\w+)"', source))
    asked |= {f"period_{kind}" for kind in re.findall(r'_said\("(\w+)"\)', source)}
    asked |= {f"period_{kind}" for kind in ("half", "quarter", "month")}
    asked |= {f"period_month_{n}" for n in range(1, 13)} | {
        f"period_ordinal_{n}" for n in range(1, 5)
    }
    asked |= {f"language_{one}" for one in languages()}
    in_files = {kind for one in languages() for kind in texts(one).typed}
    assert asked == in_files
    assert {"de", "en"} <= set(languages())
    assert all(set(texts(one).typed) <= in_files for one in languages())


def test_what_excel_lets_pass_fits_into_a_rule_and_belongs_to_a_card() -> None:
    assert all(is_blank(blank, among_numbers=True) for blank in fields.spelled_blanks() if blank)
    assert card_words.strange([("formula", blank) for blank in fields.spelled_blanks()]) is None
    rule = id_formula("A7")
    assert len(rule) <= LONGEST_RULE
    assert all(f'"{letter}"' in rule for letter in "äöü")
    check_formula(rule, LONGEST_RULE)


def test_a_rule_takes_no_more_letters_than_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    every = tuple("äöüéèêàâçñõãåøæœ")
    monkeypatch.setattr("kamxl.forms.tables.validation.understood", lambda _: every)
    rule = id_formula("A7")
    assert len(rule) <= LONGEST_RULE
    assert rule.count("(") == rule.count(")")


# --- numbers and days ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [
        (0, 0, "0"), (0, 2, "0.00"), (85, 1, "85.0"), (1234.56, 1, "1234.6"), (0.05, 1, "0.1"),
        (-0.04, 1, "0.0"), (2.25, 1, "2.3"), (-7.25, 1, "-7.3"), (0.5, 0, "1"), (2.35, 1, "2.4"),
        (1.005, 2, "1.01"), (8.2 + 0.05 - 1e-15, 1, "8.3"), (1e15, 0, "1" + 15 * "0"),
        (1e300, 1, "1" + 300 * "0" + ".0"),
    ],
)  # fmt: skip
def test_numbers_are_rounded_as_sheets_do(value: float, digits: int, said: str) -> None:
    assert ENGLISH.number(value, digits) == said
    assert GERMAN.number(value, digits) == said.replace(".", ",")


def test_other_numbers() -> None:
    assert GERMAN.number(None) == "–"
    assert (GERMAN.shortest(12.5), GERMAN.shortest(90.0), ENGLISH.shortest(0.25)) == (
        "12,5", "90", "0.25",
    )  # fmt: skip
    with localcontext() as exact:
        exact.prec = 5
        assert GERMAN.exact(Decimal("1234567.25"), "#,##0.00") == "1.234.567,25"


def test_days_and_months() -> None:
    days = [date(2026, month, 5) for month in range(1, 13)]
    english = re.findall("...", "JanFebMarAprMayJunJulAugSepOctNovDec")
    assert [ENGLISH.day(day) for day in days] == [f"05 {month} 2026" for month in english]
    assert [GERMAN.day(day) for day in days] == [f"05.{month:02}.2026" for month in range(1, 13)]
    assert GERMAN.day(None) == ""
    assert ENGLISH.moment(datetime(2026, 5, 4, 9, 7, tzinfo=UTC)) == "04 May 2026 09:07"
    assert Manner("fr", "d MMMM yyyy").day(days[1]) == "5 février 2026"
    # a locale that nobody knows writes as English does
    assert Manner("no such", "d MMM yyyy").day(days[0]) == "5 Jan 2026"


def test_findings_write_their_sums_in_the_language() -> None:
    values = {"value": "90.5", "sum": 90.5, "left": 9.5}
    assert "ergeben 90,5 statt 100; 9,5 sind" in texts("de")("findings.weights-sum", **values)
    assert "up to 90.5 instead of 100; 9.5 are" in texts("en")("findings.weights-sum", **values)


@pytest.mark.parametrize(
    ("stored", "german", "english"),
    [
        ("0.59999999999999998", "0,6", "0.6"), ("-3.25", "-3,25", "-3.25"), ("120", "120", "120"),
        ("1.5E2", "150", "150"), ("1E-3", "0,001", "0.001"), ("1e999", "1e999", "1e999"),
        ("-0", "0", "0"), ("123456789012345", "123456789012345", "123456789012345"),
        ("3.2.2026", "3.2.2026", "3.2.2026"), ("1,5", "1,5", "1,5"), ("85 %", "85 %", "85 %"),
        ("n/a", "n/a", "n/a"), ("", "", ""), ("+5", "+5", "+5"), ("1_000", "1_000", "1_000"),
        ("٣", "٣", "٣"),
    ],
)  # fmt: skip
def test_a_stored_number_is_written_in_the_language_and_nothing_else_is_touched(
    stored: str, german: str, english: str
) -> None:
    assert (GERMAN.figure(stored), ENGLISH.figure(stored)) == (german, english)


@pytest.mark.parametrize(
    "code", ["rating-scale", "weight-scale", "number-negative", "number-range", "formula-value"]
)
def test_findings_write_the_number_of_the_cell_in_the_language(code: str) -> None:
    found = finding(code, value="0.59999999999999998")
    assert texts("de").sentence(found).startswith("0,6 ")
    assert texts("en").sentence(found).startswith("0.6 ")


def test_a_text_of_figures_is_quoted_as_it_was_typed() -> None:
    assert "„1.000“" in texts("de").sentence(finding("number-ambiguous", value="1.000"))
