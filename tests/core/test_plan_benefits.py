"""Benefits as facts: what the customer confirmed, what only we claim, what nobody asked."""

from __future__ import annotations

from datetime import date

from kamxl.core.method.position import Position
from kamxl.core.method.programmes import Actual, Effect, Programme, ProgrammeState, outcome
from kamxl.core.records.benefits import benefits
from kamxl.core.records.page import BenefitAnswer, Seen
from kamxl.core.records.plan import AccountPlan, DiscoveryAnswer, Lever, Returns

ORAL = Lever("V1", "Downtime", amount=100.0, agreed=True, agreed_with="Ada Brill",
             agreed_on=date(2026, 5, 1), seen=Seen.ROUGHLY)  # fmt: skip
TICKED = Lever("V2", "Stock", amount=40.0, agreed=True)
IDEA = Lever("V3", "Risk", amount=7.0)


def plan(*levers: Lever, **more: object) -> AccountPlan:
    return AccountPlan("w", "A", "2026", "en", levers=levers, **more)  # type: ignore[arg-type]


def test_what_nobody_was_asked_is_unknown_and_never_0() -> None:
    found = benefits([TICKED, IDEA])
    assert [one.seen for one in found.unasked] == [None, None]
    assert (found.confirmed, found.confirmed_value) == ((), None)
    assert benefits([]).claimed_value is None


def test_what_was_ticked_before_is_claimed_and_by_word_of_mouth_is_marked() -> None:
    found = benefits([ORAL, TICKED, IDEA])
    assert [(one.lever.id, one.oral) for one in found.confirmed] == [("V1", True)]
    assert [one.lever.id for one in found.claimed] == ["V2"]
    assert (found.confirmed_value, found.claimed_value) == (100, 40)


def test_a_page_goes_before_word_of_mouth_and_the_latest_counts() -> None:
    said = [
        BenefitAnswer("v2", Seen.CONFIRMED, 55.0),
        BenefitAnswer("V1", Seen.CANNOT_SEE),
        BenefitAnswer("v1", None, None, "ask me in May"),
    ]
    found = benefits([ORAL, TICKED], said)
    assert [(one.lever.id, one.oral, one.amount) for one in found.confirmed] == [("V2", False, 55)]
    assert [one.lever.id for one in found.claimed] == ["V1"]  # agreed, and she does not see it
    assert found.rows[0].seen is Seen.CANNOT_SEE


def test_the_measure_keeps_its_formula_and_says_how_much_is_confirmed() -> None:
    mine = plan(ORAL, TICKED, IDEA, returns=Returns(value_target=200.0))
    position = mine.position(Position())
    assert (position.customer_return, position.agreed_value) == (70, 140)
    assert (position.confirmed_value, position.claimed_value) == (100, 40)
    told = mine.position(Position(), [BenefitAnswer("V1", Seen.TOO_EARLY)])
    assert (told.customer_return, told.confirmed_value, told.claimed_value) == (70, None, 140)


def test_barriers_are_what_is_known_of_rows_called_so() -> None:
    rows = (
        DiscoveryAnswer("barriers", "?", "Approvals", owner="Jo", due=date(2026, 9, 1)),
        DiscoveryAnswer("Barrier2", "?", "A second supplier", next_step="Pilot"),
        DiscoveryAnswer("barrier3", "?"),
        DiscoveryAnswer("time", "?", "Long"),
    )
    found = plan(discovery=rows).barriers
    assert [one.id for one in found] == ["barriers", "Barrier2"]
    assert found[0].due == date(2026, 9, 1)


def test_what_came_of_a_programme_stands_beside_what_was_planned_for_just_that() -> None:
    effects = (
        Effect(2026, 100.0, 30.0, None, 50.0, Actual(80.0, None, None, 60.0)),
        Effect(2027, 200.0, 60.0),
    )
    done = Programme("P", "P", ProgrammeState.DONE, 80.0, effects=effects)
    found = outcome([done])
    assert (found.planned.revenue.value, found.actual.revenue.value) == (100, 80)
    assert (found.planned.profit.value, found.actual.profit.value) == (None, None)
    assert (found.planned.customer_profit.value, found.actual.customer_profit.value) == (50, 60)
    assert outcome([done], 2027).actual.revenue.value is None
