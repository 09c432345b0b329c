"""Programmes and actions: expected values, warnings, what is overdue, what closes a gap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.method.economics import Sum
from kamxl.core.method.programmes import (
    Action,
    ActionState,
    Effect,
    Programme,
    ProgrammeState,
    RequirementKey,
    WishKey,
    answering,
    closing,
    overdue,
    summarise,
)

IDEA, AGREED, RUNNING, DONE, STOPPED = ProgrammeState
MID_JUNE = date(2026, 6, 15)


def programme(name, state=RUNNING, probability=50, *effects, **more):
    return Programme(name, name.upper(), state, probability, effects=effects, **more)


# --- expected values ----------------------------------------------------------------------------


def test_expected_is_effect_times_probability():
    found = programme("p", RUNNING, 40, Effect(2026, 100, None, 50, -5), Effect(2027, 0))
    assert found.expected == (Effect(2026, 40, None, 20, -2), Effect(2027, 0))


def test_without_a_probability_nothing_is_expected_and_nothing_is_zero():
    found = programme("p", RUNNING, None, Effect(2026, 100, 10))
    assert found.expected == (Effect(2026),)
    assert programme("p", RUNNING, 0, Effect(2026, 100)).expected == (Effect(2026, 0),)
    summary = summarise([found])
    assert (summary.active, summary.expected.revenue) == (1, Sum(None, 0, 1))


@pytest.mark.parametrize("probability", [-1, 100.5, float("nan")])
def test_a_probability_is_0_to_100(probability):
    with pytest.raises(ValueError, match="probability of p"):
        programme("p", RUNNING, probability)


def test_a_year_stands_once():
    with pytest.raises(ValueError, match="year"):
        programme("p", RUNNING, 50, Effect(2026), Effect(2026))


def test_sums_of_a_year_count_what_is_not_known():
    found = [
        programme("a", RUNNING, 50, Effect(2027, 100, 10), Effect(2026, 60)),
        programme("b", AGREED, 100, Effect(2027, 30)),
        programme("c", IDEA, 10, Effect(2027, 1000, customer_profit=200)),
        programme("d", AGREED, 50),
    ]
    of_2027 = summarise(found, 2027).expected
    assert (of_2027.revenue, of_2027.profit) == (Sum(80, 2, 2), Sum(5, 1, 2))
    assert of_2027.customer_profit == Sum(None, 0, 2)
    assert summarise(found, 2026).expected.profit == Sum(None, 0, 1)


def test_only_active_programmes_are_expected_in_the_summary():
    effects = (Effect(2026, 100, 10), Effect(2027, 200, 20))
    each = [programme(state.value, state, 50, *effects) for state in ProgrammeState]
    summary = summarise(each)
    assert summary.active == 2
    assert summary.expected.revenue == Sum(300, 4, 4)
    assert summary.expected.profit == Sum(30, 4, 4)
    assert summarise(each, 2027).expected.revenue == Sum(200, 2, 2)
    assert summarise(each, 2030).expected.revenue == Sum(None, 0, 0)


@pytest.mark.parametrize(
    ("found", "revenue", "profit"),
    [
        (programme("p", RUNNING, 50, Effect(2026, 100, 10)), True, True),
        (programme("p", RUNNING, 0, Effect(2026, 0, 0)), True, True),
        (programme("p", RUNNING, None, Effect(2026, 100, 10)), False, False),
        (programme("p", AGREED, 50), False, False),
        (programme("p", AGREED, 50, Effect(2026, customer_profit=9)), False, False),
        (programme("p", AGREED, 50, Effect(2026, 100), Effect(2027, None)), True, False),
        (programme("p", AGREED, 50, Effect(2026), Effect(2027, None, -4)), False, True),
    ],
)
def test_what_could_not_be_valued_is_named_per_measure(found, revenue, profit):
    summary = summarise([found])
    assert (found not in summary.unvalued_revenue) is revenue
    assert (found not in summary.unvalued_profit) is profit
    for state in (IDEA, DONE, STOPPED):  # in no sum anyway
        idle = summarise([replace(found, state=state)])
        assert (idle.unvalued_revenue, idle.unvalued_profit) == ((), ())


VALUED = st.none() | st.integers(-9, 9)
EFFECTS = st.builds(Effect, st.integers(2026, 2029), VALUED, VALUED)
PROGRAMMES = st.builds(
    Programme,
    st.sampled_from("abc"),
    st.just("P"),
    st.sampled_from(ProgrammeState),
    st.none() | st.integers(0, 100),
    effects=st.lists(EFFECTS, unique_by=lambda e: e.year, max_size=3).map(tuple),
)


@given(st.lists(PROGRAMMES, max_size=5))
def test_the_years_add_up_and_each_active_programme_is_in_the_sum_or_named(found):
    whole = summarise(found)
    for key in ("revenue", "profit"):
        years = [getattr(summarise(found, year).expected, key) for year in range(2026, 2030)]
        known = [one.value for one in years if one.value is not None]
        total = getattr(whole.expected, key).value
        assert total == (pytest.approx(sum(known)) if known else None)
        unvalued = getattr(whole, f"unvalued_{key}")
        valued = [p for p in found if p.active and getattr(p.value, key).value is not None]
        assert len(unvalued) + len(valued) == whole.active
        assert (total is None) == (not valued)


@given(st.lists(st.tuples(st.sampled_from(ProgrammeState), st.integers(0, 100)), max_size=6))
def test_the_active_ones_add_up(made):
    found = [programme(f"p{i}", s, p, Effect(2026, 10)) for i, (s, p) in enumerate(made)]
    active = sum(p * 0.1 for s, p in made if s in (AGREED, RUNNING))
    assert summarise(found).expected.revenue.value == (
        pytest.approx(active) if summarise(found).active else None
    )


# --- warnings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "selling"),
    [
        ((), True),
        ((IDEA, DONE, STOPPED), True),
        ((IDEA, AGREED), False),
        ((RUNNING,), False),
    ],
)
def test_selling_only(states, selling):
    found = [programme(f"p{i}", state) for i, state in enumerate(states)]
    assert summarise(found).selling_only is selling


@pytest.mark.parametrize(
    ("effects", "benefit"),
    [
        ((), None),
        ((Effect(2026, 100, 10),), None),
        ((Effect(2026, customer_revenue=0),), False),
        ((Effect(2026, customer_profit=-5), Effect(2027, customer_profit=5)), False),
        ((Effect(2026, customer_profit=-5), Effect(2027, customer_profit=6)), True),
        ((Effect(2026, customer_revenue=0, customer_profit=3),), True),
        ((Effect(2026, customer_revenue=3),), True),
    ],
)
def test_benefit_for_the_customer(effects, benefit):
    found = programme("p", AGREED, 50, *effects)
    assert found.customer_benefit is benefit
    assert bool(summarise([found]).without_customer_benefit) == (benefit is not True)


def test_what_is_over_is_not_warned_of():
    found = [programme(state.value, state) for state in ProgrammeState]
    poor = summarise(found).without_customer_benefit
    assert [p.state for p in poor] == [IDEA, AGREED, RUNNING]


# --- actions ------------------------------------------------------------------------------------


def test_overdue_is_before_the_day_and_open():
    assert Action("a", "Call", due=date(2026, 6, 14)).overdue(MID_JUNE)
    assert not Action("a", "Call", due=MID_JUNE).overdue(MID_JUNE)
    assert not Action("a", "Call").overdue(MID_JUNE)
    done = Action("a", "Call", due=date(2026, 1, 1), state=ActionState.DONE)
    assert not done.overdue(MID_JUNE)


def test_the_longest_overdue_first():
    late = [Action(str(day), "", due=date(2026, 6, day)) for day in (9, 2, 20, 5)]
    assert [a.id for a in overdue(late, MID_JUNE)] == ["2", "5", "9"]


def test_each_requirement_to_the_actions_that_close_it():
    actions = [
        Action("undated", "", account="Acme", segment="s1", requirement="PRICE"),
        Action("late", "", account="acme", segment="s1", requirement="price", due=MID_JUNE),
        Action("all", "", account="ACME", requirement="price", due=date(2026, 1, 1)),
        Action(
            "done",
            "",
            account="acme",
            segment="S1",
            requirement="price",
            due=date(2025, 1, 1),
            state=ActionState.DONE,
        ),
        Action("other", "", account="acme", segment="s2", requirement="price"),
        Action("elsewhere", "", account="borel", segment="s1", requirement="price"),
        Action("none", "", account="acme", segment="s1"),
    ]
    keys = [
        RequirementKey("Acme", "s1", "price"),
        RequirementKey("acme", "s3", "price"),
        RequirementKey("acme", "s1", "quality"),
    ]
    found = closing(actions, keys)
    assert list(found) == keys
    assert [a.id for a in found[keys[0]]] == ["all", "late", "undated", "done"]
    assert [a.id for a in found[keys[1]]] == ["all"]
    assert found[keys[2]] == ()  # none yet


def test_an_action_for_a_requirement_without_a_segment_stands_once():
    action = Action("a", "", account="acme", requirement="price")
    wanted = RequirementKey("acme", "", "price")
    assert closing([action], [wanted]) == {wanted: (action,)}


def test_each_wish_to_the_actions_that_answer_it():
    actions = [
        Action("a", "", account="acme", wish="W1"),
        Action("b", "", account="acme", requirement="w1"),
    ]
    wishes = (("acme", "w1"), ("acme", "w2"), ("borel", "w1"))
    found = answering(actions, [WishKey(*wish) for wish in wishes])
    assert [[a.id for a in answers] for answers in found.values()] == [["a"], [], []]
