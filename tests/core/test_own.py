"""A customer's own requirements: what was decided of each, and what waits for that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kamxl.core.cards.asking import Asking, orders
from kamxl.core.cards.common_ids import one_language
from kamxl.core.cards.deciding import contradict, decided, fits, same_answer
from kamxl.core.cards.internal import secrets_of
from kamxl.core.cards.own import confirmed, continued, likely, undecided, unused
from kamxl.core.finding import Fate, finding
from kamxl.core.ids import MAX_REQUIREMENTS
from kamxl.core.method.scoring import Requirement, Scorecard
from kamxl.core.records.decision import Decision, Ruling
from kamxl.core.records.register import (
    Answers,
    AskedRequirement,
    CardOrder,
    FileResult,
    ListedRequirement,
    Reply,
)
from tests.core.test_replies import ORDER
from tests.workflow.making import register

ASKED = replace(
    ORDER,
    requirements=(AskedRequirement("price", "Preis"), AskedRequirement("service", "Service")),
)
NEW = Decision(
    Ruling.REQUIREMENT_NEW, "DORN", "PUMPS", requirement="recycling  ", under="RECYCLE",
    who="Jana", why="Telefon",
)  # fmt: skip
SAME = replace(NEW, ruling=Ruling.REQUIREMENT_SAME, under="SERVICE")
LEFT = replace(NEW, ruling=Ruling.LEAVE_OUT, under="")


def said(
    *, service: float | None = 60.0, own: str = "Recycling", weight: float | None = 10.0
) -> Answers:
    """Price and service, and a row of her own."""
    rows = [
        Requirement("price", "Preis", 60.0),
        Requirement("service", "Service", None if service is None else 30.0),
        Requirement("own1", own, weight),
    ]
    ratings = {
        "us": {"price": 80.0, "service": service, "own1": 40.0},
        "borel": {"price": 70.0, "service": None, "own1": 90.0},
    }
    return Answers(
        Scorecard(rows, ratings, unrated=frozenset({"own1"})),
        comments={"own1": "zurück", "service": "langsam"},
        good={"own1": "alles"},
    )


def file_of(
    answers: Answers, order: CardOrder = ASKED, fate: Fate = Fate.ACCEPTED, path: str = "inbox/a"
) -> FileResult:
    return FileResult(path, path, "scorecard", fate, order=order, answers=answers, name="Anna")


def codes(found) -> list[str]:
    return [one.code for one in found.findings]


def test_what_stays_has_its_id_in_everything_she_said_of_it() -> None:
    found = continued(said(), ASKED, [NEW])
    card = found.answers.scorecard
    assert [(r.id, r.label, r.weight) for r in card.requirements][2] == (
        "RECYCLE", "Recycling", 10.0
    )  # fmt: skip
    assert (card.rating("us", "recycle"), card.rating("borel", "RECYCLE")) == (40.0, 90.0)
    assert card.unrated == {"RECYCLE"}
    assert (found.answers.comments["RECYCLE"], found.answers.good) == (
        "zurück",
        {"RECYCLE": "alles"},
    )
    assert "own1" not in found.answers.comments
    (told,) = found.findings
    assert (told.code, told.value, dict(told.details)["under"]) == (
        "own-decided", "Recycling", "RECYCLE"
    )  # fmt: skip
    assert card.total("us") == said().scorecard.total("us")


@pytest.mark.parametrize(
    "other",
    [
        replace(NEW, segment="valves"),
        replace(NEW, account="KNOBEL"),
        replace(NEW, requirement="Recycling-Quote"),
        Decision(Ruling.FIVE, "DORN", "PUMPS", "MEYER", "2026-H1", requirement="Recycling"),
    ],
)
def test_what_is_decided_of_another_one_changes_nothing(other: Decision) -> None:
    assert continued(said(), ASKED, [other]) == continued(said(), ASKED, [])
    assert continued(said(), ASKED, []).answers == said()


def test_the_same_counts_as_the_asked_one_that_she_left_blank() -> None:
    found = continued(said(service=None), ASKED, [SAME])
    card = found.answers.scorecard
    assert [(r.id, r.label, r.weight) for r in card.requirements] == [
        ("price", "Preis", 60.0), ("service", "Service", 10.0)
    ]  # fmt: skip
    assert card.ratings == {
        "us": {"price": 80.0, "service": 40.0}, "borel": {"price": 70.0, "service": 90.0}
    }  # fmt: skip
    assert found.answers.comments == {"service": "langsam · zurück"}
    assert found.answers.good == {"service": "alles"}
    assert codes(found) == ["own-decided"]
    missing = [finding(code, label=label) for code in ("weight-missing", "rating-missing")
               for label in ("Service", "Preis")]  # fmt: skip
    assert {dict(f.details)["label"] for f in found.without_filled(missing)} == {"Preis"}


def test_the_same_beside_an_answered_one_stays_and_is_said() -> None:
    found = continued(said(), ASKED, [SAME])
    assert found.answers == said()
    assert codes(found) == ["own-twice"]
    assert undecided([file_of(found.answers)], [SAME]) == ()  # it was decided all the same


def test_a_requirement_that_is_asked_by_now_and_typed_once_more() -> None:
    later = replace(ASKED, requirements=(*ASKED.requirements, AskedRequirement("RECYCLE", "R")))
    row = Requirement("RECYCLE", "R", None)
    card = said().scorecard
    again = replace(said(), scorecard=Scorecard((*card.requirements, row), card.ratings))
    found = continued(again, later, [NEW])
    assert [r.id for r in found.answers.scorecard.requirements] == ["price", "service", "RECYCLE"]
    assert found.answers.scorecard.rating("us", "RECYCLE") == 40.0


def test_two_rows_of_one_card_never_get_one_id() -> None:
    card = said().scorecard
    twice = Scorecard((*card.requirements, Requirement("own2", "RECYCLING", 5.0)), card.ratings)
    found = continued(replace(said(), scorecard=twice), ASKED, [NEW])
    assert [r.id for r in found.answers.scorecard.requirements][2:] == ["RECYCLE", "own2"]
    assert codes(found) == ["own-decided", "own-twice"]


def test_what_is_not_continued_stays_on_her_answer_and_waits_no_more() -> None:
    found = continued(said(), ASKED, [LEFT])
    assert (found.answers, codes(found)) == (said(), ["own-decided"])
    assert undecided([file_of(found.answers)], [LEFT]) == ()
    assert list(confirmed([LEFT])) == []


def test_several_who_typed_the_same_share_the_id() -> None:
    both = [
        Reply(str(n), ASKED, continued(said(own=own), ASKED, [NEW]).answers)
        for n, own in enumerate(("Recycling", "RECYCLING"))
    ]
    common = one_language(both)
    assert {r.answers.scorecard.requirements[2].id for r in common} == {"RECYCLE"}


def test_each_waits_once_whoever_typed_it() -> None:
    other = replace(ASKED, segment="valves")
    files = [
        file_of(said(), path="inbox/a"),
        file_of(said(own="RECYCLING"), replace(ASKED, period="2025-H2"), path="inbox/b"),
        file_of(said(), other, path="inbox/c"),
        file_of(said(own="own1"), path="inbox/d"),  # without a text there is nothing to decide
        file_of(said(own="Lager"), fate=Fate.SUPERSEDED),
        file_of(said(own="Lager"), fate=Fate.ATTENTION),
    ]
    found = undecided(files, [])
    assert [(one.key.segment, one.label, one.file.path) for one in found] == [
        ("pumps", "Recycling", "inbox/a"), ("valves", "Recycling", "inbox/c")
    ]  # fmt: skip
    assert [one.key.segment for one in undecided(files, [NEW])] == ["valves"]


def test_one_without_weight_and_points_is_not_lost() -> None:
    bare = Answers(Scorecard([Requirement("own1", "Recycling")], {"us": {}}))
    assert [one.label for one in undecided([file_of(bare)], [])] == ["Recycling"]


def test_what_is_called_as_an_asked_one_is_most_likely_the_same() -> None:
    (one,) = undecided([file_of(said(own="SERVICE "))], [])
    assert likely(one, ASKED.requirements, ()) == (Ruling.REQUIREMENT_SAME, "service")
    (one,) = undecided([file_of(said())], [])
    assert likely(one, ASKED.requirements, ()) == (Ruling.REQUIREMENT_NEW, "RECYCLING")
    assert likely(one, ASKED.requirements, ("recycling",))[1] == "RECYCLING-2"


def test_a_decision_that_fits_nothing_is_known() -> None:
    judged = file_of(said())
    judged = replace(judged, findings=continued(said(), ASKED, [NEW]).findings)
    other = replace(NEW, segment="valves")
    answer = Decision(Ruling.FIVE, file="b.xlsx")
    assert unused([NEW, other, answer], [judged]) == (other,)
    long = replace(NEW, requirement="R" * 300)
    told = continued(said(own="R" * 300), ASKED, [long]).findings
    assert unused([long], [replace(judged, findings=told)]) == ()


def test_it_is_about_no_answer_and_contradicts_only_its_like() -> None:
    whole = replace(NEW, respondent="MEYER", period="2026-H1")
    assert not fits(whole, ASKED.key, "Anna", "inbox/a")
    left = replace(LEFT, respondent="MEYER", period="2026-H1", file="a")
    assert decided([whole, left], ASKED.key, "Anna", "inbox/a").every == ()
    assert same_answer(NEW) == same_answer(replace(SAME, requirement="RECYCLING"))
    assert same_answer(NEW) != same_answer(replace(NEW, segment="valves"))
    assert contradict(NEW, SAME)
    assert contradict(NEW, LEFT)
    assert contradict(NEW, replace(NEW, under="OTHER"))
    assert not contradict(NEW, replace(NEW, under="recycle", who="Bo"))
    assert not contradict(LEFT, replace(LEFT, under="X"))


# --- the next card -------------------------------------------------------------------------------

STAYS = Decision(
    Ruling.REQUIREMENT_NEW, "alpha", "PUMPS", requirement="Rücknahme", under="BACK"
)  # fmt: skip


def labels(made) -> dict[str, list[str]]:
    return {f"{o.account}/{o.segment}": [r.id for r in o.requirements] for o in made}


def test_what_stays_is_on_the_next_card_of_its_segment_and_on_no_other() -> None:
    plain = labels(orders(register(), "2026-H2", str))
    held = replace(register(), decisions=(STAYS, replace(STAYS, requirement="Retouren")))
    made = orders(held, "2026-H2", str)
    assert labels(made) == plain | {"ALPHA/pumps": ["q", "t", "p", "BACK"]}
    (own,) = {o.requirements[-1] for o in made if (o.account, o.segment) == ("ALPHA", "pumps")}
    assert own == AskedRequirement("BACK", "Rücknahme")
    same = replace(STAYS, ruling=Ruling.REQUIREMENT_SAME, under="q")
    left = replace(STAYS, ruling=Ruling.LEAVE_OUT, under="")
    for other in (same, left):
        assert labels(orders(replace(held, decisions=(other,)), "2026-H2", str)) == plain


def test_what_the_register_has_by_now_is_asked_once_and_as_it_says() -> None:
    listed = ListedRequirement("", "ALPHA", "pumps", AskedRequirement("back", "Rücknahme (neu)"))
    held = register()
    held = replace(held, decisions=(STAYS,), requirements=(*held.requirements, listed))
    made = orders(held, "2026-H2", str)
    assert labels(made)["ALPHA/pumps"] == ["q", "t", "p", "back"]


def test_a_card_has_no_more_rows_than_it_has_room_for() -> None:
    many = tuple(replace(STAYS, requirement=f"R{n}", under=f"R{n}") for n in range(50))
    held = replace(register(), decisions=many)
    asking, segment = Asking(held), held.segments[0]
    asked = asking.requirements(segment)
    assert [r.id for r in asked[:4]] == ["q", "t", "p", "R0"]
    assert len(asked) == MAX_REQUIREMENTS
    assert len(asking.added(segment)) == 50


def test_what_one_customer_calls_it_is_no_other_customers_business() -> None:
    said_ = replace(STAYS, requirement="Rücknahme alter Pumpen")
    made = secrets_of(replace(register(), decisions=(said_,)), (), ())
    assert [s.account for s in made if s.shown == "Rücknahme alter Pumpen"] == ["alpha"]
