"""What a respondent said the last time: her own answers to what is asked again, nobody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.cards import seal
from kamxl.core.cards.changes import changes
from kamxl.core.cards.last import Memories
from kamxl.core.finding import Fate
from kamxl.core.records.register import (
    Answers,
    AskedRequirement,
    CardOrder,
    FileResult,
    LastAnswer,
    Reply,
    Requirement,
    Scorecard,
)

ADA, BO = "Ada Beispiel", "Bo Muster"
NOW, BEFORE, LONG_AGO = "2026-H2", "2026-H1", "2025"


def order(period: str = NOW, name: str = ADA, respondent: str = "c1") -> CardOrder:
    asked = (AskedRequirement("price", "Preis"), AskedRequirement("speed", "Tempo"))
    return CardOrder(
        "A", "Alpha", "S", "Pumpen", respondent, name, period, "de", "Wir", requirements=asked
    )


def reply(
    asked: CardOrder, name: str = ADA, weight: float = 60.0, rating: float | None = 80.0
) -> Reply:
    rows = (Requirement("price", "Preis", weight), Requirement("own1", "Eigenes", 40.0))
    card = Scorecard(rows, {"us": {"price": rating, "own1": 7.0}})
    return Reply(f"{asked.period} {name}", asked, Answers(card, name=name))


def last(to: CardOrder, *replies: Reply, files: tuple[FileResult, ...] = ()) -> tuple[str, object]:
    made = Memories(replies, files).with_last(to)
    assert replace(made, last_period="", last=()) == to  # nothing else is touched
    return made.last_period, made.last


HERS = (BEFORE, (LastAnswer("price", 60.0, 80.0),))


@pytest.mark.parametrize("typed", [ADA, " ada  BEISPIEL", "", "A. Beispiel", "Beispiel, Ada"])
def test_her_own_answers_are_hers(typed: str) -> None:
    assert last(order(), reply(order(BEFORE), typed)) == HERS


@pytest.mark.parametrize(
    ("asked", "typed"),
    [
        (order(BEFORE), BO),  # a colleague filled in her card
        (order(BEFORE), "Bo Beispiel"),  # perhaps one
        (order(BEFORE, "Bo Beispiel"), "Bo Beispiel"),
        (order(BEFORE, BO), BO),  # the id was somebody else's then
        (order(BEFORE, BO), ""),
        (order(BEFORE, respondent="c2"), ADA),  # another card
        (replace(order(BEFORE), segment="T"), ADA),
        (replace(order(BEFORE), account="B"), ADA),
        (order(NOW), ADA),  # not an earlier period
        (order("2027"), ADA),
    ],
)
def test_a_colleagues_answers_and_other_cards_are_not(asked: CardOrder, typed: str) -> None:
    assert last(order(), reply(asked, typed)) == ("", ())


def test_an_answer_without_a_name_is_hers_only_if_nobody_else_answered_on_her_card() -> None:
    nameless, colleague = reply(order(BEFORE), ""), reply(order(BEFORE), BO)
    assert last(order(), nameless, colleague) == ("", ())
    # not even if the colleague's file was superseded by the nameless one
    file = FileResult("a", "a", "scorecard", Fate.SUPERSEDED, order=colleague.order,
                      answers=colleague.answers)  # fmt: skip
    assert last(order(), nameless, files=(file,)) == ("", ())
    # her earlier answer, which surely is hers, is shown instead
    earlier = reply(order(LONG_AGO), ADA, weight=30.0)
    assert last(order(), nameless, colleague, earlier)[0] == LONG_AGO


def test_the_latest_period_counts_in_whatever_order_files_are_met() -> None:
    old, new = reply(order(LONG_AGO), weight=10.0), reply(order(BEFORE))
    assert last(order(), old, new) == last(order(), new, old) == HERS


def test_what_was_not_said_is_not_shown() -> None:
    assert last(order(), reply(order(BEFORE), rating=None)) == (
        BEFORE, (LastAnswer("price", 60.0, None),)
    )  # fmt: skip
    asked = replace(
        order(), requirements=(AskedRequirement("own1", "x"), AskedRequirement("z", "z"))
    )
    assert last(replace(asked, requirements=asked.requirements[1:]), reply(order(BEFORE))) == (
        "",
        (),
    )


# --- the record ----------------------------------------------------------------------------------

NUMBERS = st.none() | st.floats(0, 100)
LAST = st.lists(st.builds(LastAnswer, st.sampled_from(["price", "speed"]), NUMBERS, NUMBERS))


@given(LAST)
def test_the_record_keeps_it(said: list[LastAnswer]) -> None:
    made = replace(order(), last_period=BEFORE, last=tuple(said))
    assert seal.from_canonical(seal.canonical(made)) == made
    assert (seal.digest(made) == seal.digest(order())) is False


def test_a_record_from_before_has_its_digest() -> None:
    assert "last" not in seal.canonical(order())
    assert "last_period" not in seal.canonical(order())
    assert (
        seal.digest(order()) == "48a48f3db9592011386dc20cd9884a73"
    )  # as it was before there was any


@pytest.mark.parametrize("wrong", [{"weight": "60"}, {"rating": []}, {"id": 7}])
def test_a_damaged_one_is_damaged(wrong: dict[str, object]) -> None:
    record = seal.canonical(replace(order(), last=(LastAnswer("price", 60.0, 80.0),)))
    record["last"][0] |= wrong
    with pytest.raises(ValueError, match="damaged"):
        seal.from_canonical(record)


def test_it_is_no_change_of_what_is_asked() -> None:
    assert changes(order(), replace(order(), last_period=BEFORE, last=HERS[1])) == ()
