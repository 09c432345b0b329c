"""Benefits as facts: what the customer confirmed, what only we claim, what nobody asked."""

from __future__ import annotations

from datetime import date

from kamxl.core.method.position import Position
from kamxl.core.method.programmes import Actual, Effect, Programme, ProgrammeState, outcome
from kamxl.core.records.page import BenefitAnswer, Seen
from kamxl.core.records.plan import AccountPlan, Lever, Returns

ORAL = Lever("V1", "Downtime", amount=100.0, agreed=True, agreed_with="Ada Brill",
             agreed_on=date(2026, 5, 1), seen=Seen.ROUGHLY)  # fmt: skip
TICKED = Lever("V2", "Stock", amount=40.0, agreed=True)
IDEA = Lever("V3", "Risk", amount=7.0)


def plan(*levers: Lever, **more: object) -> AccountPlan:
    return AccountPlan("w", "A", "2026", "en", levers=levers, **more)  # type: ignore[arg-type]


def test_the_measure_keeps_its_formula_and_says_how_much_is_confirmed() -> None:
    mine = plan(ORAL, TICKED, IDEA, returns=Returns(value_target=200.0))
    position = mine.position(Position())
    assert (position.customer_return, position.agreed_value) == (70, 140)
    assert (position.confirmed_value, position.claimed_value) == (100, 40)
    on = date(2026, 5, 1)  # the day of what was heard: the written word counts
    told = mine.position(Position(), [("Ada Brill", on, BenefitAnswer("v1", Seen.TOO_EARLY))])
    assert (told.customer_return, told.confirmed_value, told.claimed_value) == (70, None, 40)
    before = [("Ada Brill", date(2026, 4, 30), BenefitAnswer("V1", Seen.TOO_EARLY))]
    assert mine.position(Position(), before) == position
    mute = [("Ada Brill", date(2026, 6, 1), BenefitAnswer("V1", None, 5.0, "ask me in May"))]
    assert mine.position(Position(), mute) == position
    heard = mine.position(Position(), [("Bo", None, BenefitAnswer("V2", Seen.CONFIRMED, 55.0))])
    assert (heard.confirmed_value, heard.claimed_value) == (140, None)  # what we reckon, not hers


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
