"""Which decision is meant by which answer, and what goes together."""

from __future__ import annotations

from itertools import permutations

import pytest

from kamxl.core.cards.deciding import (
    SCALES,
    WAITING,
    Decided,
    contradict,
    decided,
    fits,
    meant_by,
    names_file,
    rulings_for,
    same_answer,
    waiting,
)
from kamxl.core.finding import Finding, Severity
from kamxl.core.records.decision import Decision, Ruling
from kamxl.core.records.register import CardKey
from tests.core.test_replies import ORDER

KEY = CardKey("dorn", "pumps", "meyer", "2026-H1")
IDS = ("DORN", "Pumps", "MEYER", "2026-H1")
PATH = "inbox/Mai/mail.eml!Karten/Antwort.xlsx"
FIVE = Decision(Ruling.FIVE, *IDS)


def of(*decisions: Decision, name: str = "Anna Meyer", path: str = PATH) -> Decided:
    """What counts, whatever order they stand in."""
    found = {decided(some, KEY, name, path) for some in permutations(decisions)}
    assert len({(one.reading, one.person, one.out) for one in found}) == 1
    return found.pop()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Antwort.xlsx", True),
        ("antwort.XLSX", True),
        ("mail.eml", True),
        ("Mai/mail.eml", True),
        ("mail.eml!Karten/Antwort.xlsx", True),
        ("inbox\\Mai\\mail.eml", True),
        (PATH, True),
        ("wort.xlsx", False),
        ("Juni/mail.eml", False),
        ("mail.eml!Antwort.xlsx", False),
        ("Mai", False),
    ],
)
def test_a_file_is_named_by_its_name_or_with_its_folders(typed: str, meant: bool) -> None:
    assert names_file(typed, PATH) is meant


@pytest.mark.parametrize(
    ("one", "is_meant"),
    [
        (FIVE, True),
        (Decision(Ruling.FIVE, "DORN", "pumps", "meyer", "2026-H2"), False),
        (Decision(Ruling.FIVE, "DORN", "pumps", "", "2026-H1"), False),  # of nobody in particular
        (Decision(Ruling.FIVE, "DORN", file="Antwort.xlsx"), True),
        (Decision(Ruling.FIVE, "KNOBEL", file="Antwort.xlsx"), False),
        (Decision(Ruling.FIVE, *IDS, name="anna  MEYER"), True),
        (Decision(Ruling.FIVE, *IDS, name="Bernd Meyer"), False),
        (Decision(Ruling.FIVE), False),
    ],
)
def test_the_card_or_the_file_has_to_be_said(one: Decision, is_meant: bool) -> None:
    assert fits(one, KEY, "Anna Meyer", PATH) is is_meant


def test_of_a_file_that_says_not_whose_it_is_only_its_name_tells() -> None:
    assert not fits(FIVE, None, "", PATH)
    assert fits(Decision(Ruling.LEAVE_OUT, file="mail.eml"), None, "", PATH)


def test_a_scale_and_a_person_go_together() -> None:
    same = Decision(Ruling.SAME_PERSON, *IDS, person="Anna Meyer")
    found = of(FIVE, same)
    assert (found.reading, found.person, found.out) == (FIVE, same, None)
    assert not contradict(FIVE, same)
    assert found.settles("scale-doubt")
    assert found.settles("name-doubt")
    assert not found.settles("mark-missing")


def test_two_scales_of_one_answer_leave_it_undecided() -> None:
    ten = Decision(Ruling.TEN, *IDS)
    assert contradict(FIVE, ten)
    found = of(FIVE, ten)
    assert found.every == ()
    assert set(found.contradicting) == {FIVE, ten}


def test_the_same_said_twice_counts_once() -> None:
    again = Decision(Ruling.FIVE, *IDS, who="Jana", why="Anruf")
    assert not contradict(FIVE, again)
    assert decided((FIVE, again), KEY, "", PATH).reading is FIVE  # the first row is the one shown
    one, other = (Decision(Ruling.SAME_PERSON, *IDS, person=p) for p in ("meyer", "Hartmann"))
    assert contradict(one, other)


def test_what_names_the_file_counts_before_what_names_the_rater_and_the_card() -> None:
    named = Decision(Ruling.TEN, *IDS, name="Anna Meyer")
    of_file = Decision(Ruling.GRADES, file="Antwort.xlsx")
    assert of(FIVE, named).reading is named
    assert of(FIVE, named, of_file).reading is of_file
    assert of(FIVE, named, of_file, path="inbox/b.xlsx", name="B").reading is FIVE


def test_left_out_stands_alone_unless_something_closer_is_said() -> None:
    out = Decision(Ruling.LEAVE_OUT, *IDS)
    of_file = Decision(Ruling.LEAVE_OUT, file="Antwort.xlsx")
    assert of(FIVE, of_file) == Decided(out=of_file)
    assert of(out, Decision(Ruling.AS_TYPED, file="Antwort.xlsx")).out is None
    both = of(out, FIVE)
    assert both.every == ()
    assert set(both.contradicting) == {out, FIVE}
    assert contradict(out, FIVE)


def test_what_waits_is_said_once_and_not_once_it_is_settled() -> None:
    codes = ("scale-doubt", "scale-doubt", "weights-sum", "mark-missing")
    found = [Finding(code, Severity.ERROR) for code in codes]
    assert [f.code for f in waiting(found, Decided())] == ["scale-doubt", "mark-missing"]
    assert [f.code for f in waiting(found, of(FIVE))] == ["mark-missing"]
    assert waiting(found, Decided(out=Decision(Ruling.LEAVE_OUT, *IDS))) == ()
    likely = Finding("scale-doubt", Severity.ERROR, details=(("scales", "grades 1-5"),))
    assert rulings_for([likely])[:3] == (Ruling.GRADES, Ruling.FIVE, Ruling.TEN)
    offered = rulings_for(found)
    assert offered[: len(SCALES)] == SCALES
    assert offered[-2:] == (Ruling.ANSWER_OF, Ruling.LEAVE_OUT)


def test_every_ruling_settles_something() -> None:
    settling = {ruling for some in WAITING.values() for ruling in some} | {Ruling.LEAVE_OUT}
    assert settling == set(Ruling)


def test_a_person_is_meant_by_id_before_name() -> None:
    assert meant_by("MEYER", [ORDER]) is ORDER
    assert meant_by(" anna meyer", [ORDER]) is ORDER
    assert meant_by("Anna", [ORDER]) is None


def test_what_is_about_the_same_answer_is_told_without_case() -> None:
    assert same_answer(FIVE) == same_answer(Decision(Ruling.TEN, *map(str.lower, IDS[:3]), IDS[3]))
    assert same_answer(FIVE) != same_answer(Decision(Ruling.FIVE, *IDS, file="a.xlsx"))
