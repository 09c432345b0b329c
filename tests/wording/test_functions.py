"""Functions of customers: every spelling means one of them in every language, or is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.method.breadth import DEFAULT_FUNCTIONS
from kamxl.wording.functions import (
    BETWEEN,
    FUNCTION_IDS,
    folded_words,
    function_of,
    label,
    meant,
    nearest,
    patterns,
)
from kamxl.wording.texts import languages
from kamxl.wording.understood import understood

SAID = [
    (word.strip("*=").lower(), one)
    for one in FUNCTION_IDS
    for word in understood(f"function_{one}")
]


@given(st.sampled_from(SAID), st.sampled_from((str.upper, str.title, str)), st.data())
def test_every_word_of_the_files_means_its_function(
    said: tuple[str, str], case: type[str], data: st.DataObject
) -> None:
    word, function = said
    blank = st.sampled_from(("", " ", "  ", *BETWEEN))
    typed = data.draw(blank) + case(word) + data.draw(blank)
    assert function_of(typed) == function


@pytest.mark.parametrize("language", languages())
def test_every_name_means_its_function(language: str) -> None:
    assert [one.id for one in DEFAULT_FUNCTIONS] == list(FUNCTION_IDS)
    assert [function_of(label(one, language)) for one in FUNCTION_IDS] == list(FUNCTION_IDS)


@pytest.mark.parametrize(
    ("typed", "function"),
    [
        ("Fertigung", "production"), ("Werksleiterin", "production"),
        ("Head of Operations", "production"), ("Produktions-Leitung", "production"),
        ("Leiter Einkauf", "purchasing"), ("Einkaufsleitung", "purchasing"),
        ("strategischer Einkauf", "purchasing"), ("Technischer Einkauf", "purchasing"),
        ("Zentraleinkauf", "purchasing"), ("Head of Purchasing", "purchasing"),
        ("Supply Management", "purchasing"), ("Supply Chain Management", "logistics"),
        ("SCM", "logistics"), ("Leiter Versand", "logistics"),
        ("Qualitätsmanagement", "quality"), ("QS / QM", "quality"), ("Quality Mgmt.", "quality"),
        ("F&E", "development"), ("R & D", "development"), ("Konstruktion", "development"),
        ("Leiter Technik", "development"), ("VP Engineering", "development"),
        ("Finanzen & Controlling", "finance"), ("Leitung Buchhaltung", "finance"),
        ("GF", "management"), ("Management", "management"), ("Leitung", "management"),
        ("Vertriebsinnendienst", "sales"), ("Online-Marketing", "marketing"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER Q}S", "quality"),
        # nobody knows, or it is two: never guessed
        ("Abteilung 7", ""), ("Instandhaltung", ""), ("IT", ""), ("", ""), (" / ", ""),
        ("Vertrieb & Marketing", ""), ("Produktionslogistik", ""), ("Einkauf/Logistik", ""),
        ("Geschäftsführer Technik", ""), ("Business Development", ""), ("Betriebsrat", ""),
        ("Personalentwicklung", ""), ("Marketingcontrolling", ""), ("After Sales", ""),
        ("Medizintechnik", ""), ("Produktmanagement", ""),
    ],
)  # fmt: skip
def test_what_people_type(typed: str, function: str) -> None:
    assert function_of(typed) == function


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Produkton", ("production",)), ("Fertigng Halle 2", ("production",)),
        ("Werk 2", ("production",)), ("Purchsing", ("purchasing",)), ("Einkuaf", ("purchasing",)),
        ("Vertrieb & Marketing", ("sales", "marketing")), ("Business Development", ()),
        ("Abteilung 7", ()), ("", ()),
    ],
)  # fmt: skip
def test_the_nearest_is_suggested(typed: str, near: tuple[str, ...]) -> None:
    assert function_of(typed) == ""
    assert nearest(typed) == near


@given(st.text())
def test_any_text_means_one_or_none(text: str) -> None:
    found = function_of(text)
    assert found in ("", *FUNCTION_IDS)
    assert found == (function_of(folded_words(text)) if text.strip() else "")
    assert set(nearest(text)) <= set(FUNCTION_IDS)
    if found:
        assert meant(text) == (found,)


def test_formulas_can_look_for_the_patterns() -> None:
    """No letter that a search takes for another, and not more than a function may be given."""
    assert not any(letter in pattern for pattern, _ in patterns() for letter in '*?~"')
    of = [function for _, function in patterns()]
    assert max(map(of.count, of)) < 255
    assert len({pattern for pattern, _ in patterns()}) == len(of)
