"""Whom a typed name names: nothing that only stands around names, whatever language it is in."""

from __future__ import annotations

import pytest

from kamxl.core.records.person import Called
from kamxl.wording.people import LONGEST, called

EVA = Called(("Eva Kern",))


@pytest.mark.parametrize(
    "text",
    ["Eva Kern", "Frau Eva Kern", "Dr. Eva Kern", "Prof. Dr. Eva Kern", "Ms. Eva Kern",
     "Dr.Eva Kern", "Kern, Eva", "Kern, Dr. Eva", "Eva Kern, Dr.", "Eva Kern, Einkauf",
     "Eva Kern (Purchasing)", "Eva Kern - Einkauf", "Eva Kern/Einkauf", "Einkauf, Eva Kern",
     "Eva\u200b Kern", "gez. Eva Kern", "Eva Kern <e.k@werk.example>"],
)  # fmt: skip
def test_one_person(text: str) -> None:
    assert called(text) == EVA


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "n/a", "N / A", "k. A.", "s.o.", "S. O.", "siehe oben", "see above", "?", "...",
     "ich", "Frau", "Frau Dr.", "12.3.", "anonym"],
)  # fmt: skip
def test_nobody(text: str) -> None:
    assert called(text) == Called()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Kern / Voss", ("Kern", "Voss")),
        ("Eva Kern und Jo Voss", ("Eva Kern", "Jo Voss")),
        ("Eva Kern, Jo Voss", ("Eva Kern", "Jo Voss")),
        ("Eva Voss (geb. Kern)", ("Eva Voss geb. Kern",)),
        ("Eva Voss, née Kern", ("Eva Voss née Kern",)),
        ("Eva Kern & Jo Voss", ("Eva Kern", "Jo Voss")),
        ("Jo Voss (Einkauf), Eva Kern", ("Jo Voss", "Eva Kern")),
    ],
)
def test_two_persons(text: str, names: tuple[str, ...]) -> None:
    assert set(called(text).names) == set(names)
    assert called(text).sure


@pytest.mark.parametrize(
    "text",
    ["Einkauf", "Leitung Einkauf", "Purchasing", "Team Einkauf", "Abt. 4", "i. A. Kern",
     "i.A. Kern", "p.p. Kern", "für Kern", "info@werk.example", "einkauf@werk.example", "wir",
     "Jo Voss für Eva Kern", "x" * (LONGEST + 1)],
)  # fmt: skip
def test_what_may_be_somebody_else(text: str) -> None:
    assert called(text).names
    assert not called(text).sure


@pytest.mark.parametrize("text", ["Anna Fürst", "Fürst", "Ian Iver", "Und Unger", "NA", "KA"])
def test_a_name_that_begins_like_such_a_word(text: str) -> None:
    assert called(text) == Called((text,))
