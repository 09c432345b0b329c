"""Whether a typed name is the person who was asked: the same, another, or nobody knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.cards.persons import Addressee, Who, same_person, told_apart, who
from kamxl.core.records.person import Called

ASKED = Addressee("Sabine Reichelt", "SREI", "sabine.reichelt@werk.example")


def seen(typed: str, asked: Addressee | str = ASKED, *, sure: bool = True) -> Who:
    return who(Called((typed,), sure), Addressee(asked) if isinstance(asked, str) else asked)


@pytest.mark.parametrize(
    "typed",
    ["sabine reichelt", "S. Reichelt", "S Reichelt", "Reichelt", "REICHELT", "Reichelt, Sabine",
     "Reichelt Sabine", "Reichelt S.", "Sabine R.", "Sab. Reichelt", "Reichel", "Reicheltt",
     "Riechelt", "Sabbine Reichelt", "Sabine Maria Reichelt", "Sabine Reichelt-Voss", "SR", "S.R.",
     "S. R.", "RS", "SRe", "srei", "Sabine.Reichelt@Werk.example", "reichelt@anderswo.example",
     "Sábine Reichelt"],
)  # fmt: skip
def test_she_herself(typed: str) -> None:
    assert seen(typed) is Who.SAME
    assert seen(typed, sure=False) is Who.SAME


@pytest.mark.parametrize(
    "typed",
    ["Tilo Brandner", "Brandner", "S. Brandner", "R. Brandner", "TB", "t.brandner@werk.example",
     "Reich", "Richter", "Sven"],
)  # fmt: skip
def test_clearly_another(typed: str) -> None:
    assert seen(typed) is Who.OTHER
    assert seen(typed, sure=False) is Who.DOUBT


@pytest.mark.parametrize(
    "typed",
    ["Peter Reichelt", "P. Reichelt", "Sabine", "S.", "Sabine Brandner", "Peter Reichel", "王伟",
     "Сабина Райхельт"],
)  # fmt: skip
def test_only_a_person_can_tell(typed: str) -> None:
    assert seen(typed) is Who.DOUBT


@pytest.mark.parametrize(
    ("asked", "typed", "expected"),
    [
        ("Jörg Müßig", "Joerg Muessig", Who.SAME),
        ("Jörg Müßig", "Mussig", Who.SAME),
        ("Jo\u0308rg Mu\u0308ller", "J. Müller", Who.SAME),
        ("Anna Meyer", "Anna Maier", Who.SAME),  # as somebody heard it
        ("Anna Meyer", "Maier", Who.DOUBT),
        ("Stephan Gross", "Stefan Groß", Who.SAME),
        ("Karin Meyer", "Katrin Meyer", Who.DOUBT),
        ("Christian Bauer", "Christina Bauer", Who.DOUBT),
        ("Hans-Peter Gross", "H.-P. Gross", Who.SAME),
        ("Hans-Peter Gross", "Hans Gross", Who.SAME),
        ("Eva Berg-Kern", "Kern", Who.SAME),
        ("Eva Berg-Kern", "Eva Berg", Who.SAME),
        ("Dr. Eva Kern", "Eva Kern", Who.SAME),
        ("Hans Meyer sen.", "Hans Meyer jun.", Who.DOUBT),
        ("Anna von Berg", "von Berg, Anna", Who.SAME),
        ("Sean O'Brien", "OBrien", Who.SAME),
        ("王伟", "王伟", Who.SAME),
        ("Eva Berg-Kern", "Eva Bergkern", Who.SAME),
        ("Eva Kern", "EvaKern", Who.SAME),  # pasted with a space that nobody sees
        ("Kern", "Eva Kern", Who.SAME),
        ("", "Eva Kern", Who.OTHER),
        ("Person 1", "person 1", Who.SAME),
        ("Person 1", "Person 2", Who.DOUBT),
        ("Person 1", "Person 12", Who.DOUBT),
        ("Person1", "Person2", Who.OTHER),
    ],
)
def test_other_names(asked: str, typed: str, expected: Who) -> None:
    assert seen(typed, asked) is expected


def test_nobody_is_she_and_two_names_are_asked_about() -> None:
    assert who(Called(), ASKED) is Who.SAME
    assert who(Called(("Reichelt", "SR")), ASKED) is Who.SAME
    assert who(Called(("Reichelt", "Brandner")), ASKED) is Who.DOUBT
    assert who(Called(("Brandner", "Voss")), ASKED) is Who.OTHER


def test_spellings_of_one_person_are_told_apart_from_others() -> None:
    names = ["Hartmann", "Jens Hartmann", "hartmann, jens", "J. Hartmann", "Eva Kern"]
    found = told_apart(names)
    assert len(set(found.values())) == 2
    # what fits two is neither
    both = told_apart([*names, "Bernd Hartmann"])
    assert len({both[n] for n in ("jens hartmann", "bernd hartmann", "hartmann")}) == 3


NAMES = st.text("aeikö .,-'’A", max_size=12) | st.text(max_size=12)


@given(st.lists(NAMES, max_size=5), st.randoms())
def test_any_names_in_any_order(names: list[str], random) -> None:  # type: ignore[no-untyped-def]
    found = told_apart(names)
    assert set(found.values()) <= set(found)
    random.shuffle(names)
    assert told_apart(names) == found
    for name in names:
        assert same_person(name, name)
        assert seen(name) in Who
