"""How contacts are addressed: which part of a name follows the form, and when nobody can say."""

from dataclasses import replace

import pytest

from kamxl.core.cards.addressing import Addressed, addressed, family_name
from kamxl.core.records.register import Contact
from kamxl.core.roles import Form


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Dietmar Heimrath", "Heimrath"),
        ("Anna von der Heide", "von der Heide"),
        ("Anna Maria von Rohe", "von Rohe"),
        ("Van Damme, Jan", "Van Damme"),
        ("Heide, Anna von der", "von der Heide"),
        ("Keller A.", "Keller"),
        ("Anna-Lena Meyer-Schmidt", "Meyer-Schmidt"),
        ("Heimrath, Dietmar", "Heimrath"),
        ("von der Heide, Anna", "von der Heide"),
        ("John F. Kennedy", "Kennedy"),
        ("Ann Smith, MBA", "Smith"),
        ("Martin King Jr.", "King"),
        ("NAGY Ilona", "NAGY"),
        # not sure: nothing is guessed
        ("Anna Maria Huber", ""),
        ("María García López", ""),
        ("Mohammed bin Salman", ""),
        ("山田 太郎", ""),
        ("Cher", ""),
        ("", ""),
        ("Jan Van Damme", ""),  # as is
        ("Nguyen Van An", ""),  # whose family name comes first
        ("von Stein", ""),  # not "Stein": no first name stands before it
        ("De Vries", ""),
        ("A. M.", ""),
    ],
)
def test_the_family_name_is_taken_only_where_it_is_sure(name, family):
    assert family_name(name) == family


@pytest.mark.parametrize(
    ("name", "given", "found"),
    [
        ("Dr. Anna von der Heide", {}, Addressed(None, "Dr.", "von der Heide")),
        ("Prof. Dr. habil. Heinz Weber", {"title": "Dr."}, Addressed(None, "Dr.", "Weber")),
        ("Dipl.-Ing. (FH) Ute Klein", {"form": Form.MS}, Addressed(Form.MS, "", "Klein")),
        ("Frau Dr. Heimrath", {}, Addressed(Form.MS, "Dr.", "Heimrath")),
        ("Herr Kurt Weber", {"form": Form.MX}, Addressed(Form.MX, "", "Weber")),
        ("Heimrath, Dr. Dietmar", {}, Addressed(None, "Dr.", "Heimrath")),
        ("Anna Maria Huber", {"form": Form.MS}, Addressed(Form.MS, "", "Anna Maria Huber")),
        ("Drea Magers", {}, Addressed(None, "", "Magers")),
        ("Frau von Stein", {}, Addressed(Form.MS, "", "von Stein")),
        ("Dr.Anna Schulz", {}, Addressed(None, "Dr.", "Schulz")),
        ("Frau Doktor Schulz", {}, Addressed(Form.MS, "Doktor", "Schulz")),
        ("Madame Marie Curie", {"form": Form.MS}, Addressed(Form.MS, "", "Curie")),
        ("Anna Schulz (Einkauf)", {"form": Form.MS}, Addressed(Form.MS, "", "Schulz")),
        ("Anna Schulz", {"title": "Frau Dr."}, Addressed(Form.MS, "Dr.", "Schulz")),
        ("Anna Schulz", {"form": Form.MS, "title": "PhD"}, Addressed(Form.MS, "", "Schulz")),
        (
            "Dietmar Heimrath",
            {"form": Form.MR, "salutation": "Lieber  Dietmar, "},
            Addressed(Form.MR, "", "Heimrath", "Lieber Dietmar"),
        ),
    ],
)
def test_titles_and_forms_in_a_name_count_where_their_columns_are_blank(name, given, found):
    assert addressed(Contact("A", "c", name, **given)) == found


@pytest.mark.parametrize(
    "name",
    ["Mr. & Mrs. Smith", "Dietmar und Anna Heimrath", "D. Heim / A. Keller", "einkauf@a.example"],
)
def test_who_is_not_one_person_is_addressed_by_no_name(name):
    contact = Contact("A", "c", name, form=Form.MR, title="Dr.")
    assert addressed(contact) == Addressed()
    assert addressed(replace(contact, salutation="Liebes Team!")).salutation == "Liebes Team"


@pytest.mark.parametrize("name", ["Andrea Sandberg", "Yves Etienne", "Undine Anders"])
def test_a_name_that_only_holds_such_letters_is_one_person(name):
    assert addressed(Contact("A", "c", name)).name == name.split()[1]


def test_of_nobody_nothing_is_known():
    assert addressed(None) == Addressed()
