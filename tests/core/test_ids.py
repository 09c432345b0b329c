"""Ids made from names: valid, free, short, and the same whenever they are asked for again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.ids import TakenIds, is_id, is_spare, proposed, proposed_person, same_id

FORMS = frozenset({"gmbh", "ag", "co", "kg", "se", "sa", "inc"})
NAMES = st.text(min_size=0, max_size=60)
WORDS = st.lists(st.sampled_from(["Meier", "Müller", "GmbH", "& Co.", "KG", "日本", "Öl", "3M"]))


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("Müller & Söhne GmbH & Co. KG", "MUELLER-SOEHNE"),
        ("Groß AG", "GROSS"),
        ("L’Oréal S.A.", "LOREAL"),
        ("Łódź Ørsted", "LODZ-OERSTED"),
        ("3M", "3M"),
        ("AG", "AG"),  # nothing would be left
        ("Kraftanlagen Süd GmbH", "KRAFTANLAGEN"),  # whole words as long as they fit
        ("Donaudampfschifffahrt", "DONAUDAMPFSCHI"),
        ("ООО Siemens", "SIEMENS"),
    ],
)
def test_an_id_says_the_name_in_plain_letters(name: str, own: str) -> None:
    assert proposed(name, (), FORMS) == own


def test_doubles_are_told_apart_by_the_legal_form_then_by_a_number() -> None:
    first = proposed("Meier GmbH", (), FORMS)
    second = proposed("Meier AG", (first,), FORMS)
    third = proposed("Meier AG", (first, second.lower()), FORMS)
    assert (first, second, third) == ("MEIER", "MEIER-AG", "MEIER-2")


@pytest.mark.parametrize("name", ["Газпром", "中国石油", "…", ""])
def test_a_name_without_latin_letters_gets_a_valid_one_of_its_own(name: str) -> None:
    assert is_id(proposed(name))
    assert proposed(name) == proposed(name)
    assert proposed("Газпром") != proposed("Роснефть")


def test_what_was_cut_off_tells_apart_too() -> None:
    first = proposed("Kraftanlagen Süd GmbH", (), FORMS)
    second = proposed("Kraftanlagen Nord GmbH", (first,), FORMS)
    third = proposed("Meier GmbH & Co. KG", ("MEIER",), FORMS)
    assert (first, second, third) == ("KRAFTANLAGEN", "KRAFTANLAGEN-NORD", "MEIER-KG")


def test_people_get_their_initials_then_more_of_their_name() -> None:
    assert proposed_person("Anke Keller") == "AK"
    assert proposed_person("Anton Kurz", ("ak",)) == "AKU"
    assert proposed_person("Ursula von der Leyen") == "UVDL"
    assert proposed_person("Anke Keller", ("AK", "AKE", "AKEL", "AKELL", "AKELLE", "AKELLER")) == (
        "AK-2"
    )
    assert proposed_person("Ö") == "OE"


@given(st.one_of(NAMES, WORDS.map(" ".join)), st.lists(NAMES, max_size=5))
def test_every_id_is_valid_free_and_stable(name: str, others: list[str]) -> None:
    for make in (lambda n, taken: proposed(n, taken, FORMS), proposed_person):
        taken = [make(other, ()) for other in others]
        own = make(name, taken)
        assert is_id(own)
        assert not is_spare(own)
        assert same_id(own) not in {*map(same_id, taken), "us", "alternative"}
        assert own == make(name, list(reversed(taken)))


@pytest.mark.parametrize("name", ["Meier AG", "Us", "Alternative", "Own1", "Özil"])
def test_ids_that_are_folded_once_are_taken_as_well(name):
    """Whoever asks for many names keeps them; each name gets what it gets alone."""
    listed: list[str] = []
    taken = TakenIds()
    for make in (proposed, proposed_person, proposed, proposed_person):
        own = make(name, taken)
        assert own == make(name, listed)
        assert same_id(own) not in taken
        listed.append(own)
        taken.add(same_id(own))
    assert len(taken) == 4
