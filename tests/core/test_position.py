"""The five measures of how firm our position is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.method.position import Position, PositionMeasure, profile_completed
from kamxl.core.method.scoring import Requirement, Scorecard


def test_all_five_and_their_mean():
    position = Position(
        completed=3,
        segments=4,
        total=72,
        lead=4,
        agreed_value=30_000,
        value_target=40_000,
        margin=13,
        last_margin=12,
        improvement_target=2,
    )
    assert list(position.measures.values()) == [75, 72, 60, 75, 75]
    assert list(position.measures) == list(PositionMeasure)
    assert position.mean == pytest.approx(71.4)
    assert position.known == 5


def test_nothing_known():
    nothing = Position()
    assert set(nothing.measures.values()) == {None}
    assert (nothing.mean, nothing.known) == (None, 0)


def test_the_mean_is_over_the_known_ones():
    some = Position(completed=0, segments=2, total=80)
    assert (some.requirements_known, some.fulfilment) == (0, 80)
    assert (some.mean, some.known) == (40, 2)


@pytest.mark.parametrize(
    ("lead", "relative"), [(0, 50), (20, 100), (20.1, 100), (-20, 0), (-55, 0), (None, None)]
)
def test_relative_position(lead, relative):
    assert Position(lead=lead).relative == relative


@pytest.mark.parametrize(
    ("agreed", "target", "measure"),
    [
        (50, 100, 50),
        (0, 100, 0),
        (130, 100, 100),
        (-10, 100, 0),
        (None, 100, None),
        (50, None, None),
        (50, 0, None),
        (50, -100, None),
    ],
)
def test_the_customers_return(agreed, target, measure):
    assert Position(agreed_value=agreed, value_target=target).customer_return == measure


@pytest.mark.parametrize(
    ("margin", "last", "target", "measure"),
    [
        (12, 12, 2, 50),
        (14, 12, 2, 100),
        (15, 12, 2, 100),
        (10, 12, 2, 0),
        (-3, -4, 2, 75),
        (None, 12, 2, None),
        (12, None, 2, None),
        (12, 12, None, None),
        (12, 12, 0, None),
        (14, 12, -2, None),
    ],
)
def test_our_own_return_is_measured_by_its_improvement(margin, last, target, measure):
    position = Position(margin=margin, last_margin=last, improvement_target=target)
    assert position.own_return == measure


NUMBER = st.none() | st.floats(-1e6, 1e6)


@given(st.builds(Position, st.integers(0, 3), st.integers(3, 5), *[NUMBER] * 7))
def test_each_is_0_to_100_or_unknown(position):
    known = [v for m, v in position.measures.items() if v is not None and m != "fulfilment"]
    assert all(0 <= value <= 100 for value in known)
    assert position.known == len(known) + (position.total is not None)


def card(*weights):
    return Scorecard([Requirement(f"r{i}", "R", w) for i, w in enumerate(weights)], {})


def test_a_profile_is_completed_when_one_respondent_weighed_it_all():
    assert profile_completed([card(60, 40)])
    assert profile_completed([card(33.33, 33.33, 33.33)])
    assert profile_completed([card(60, None), card(50, 50)])
    assert not profile_completed([card(60, 30)])
    assert not profile_completed([card(100, None)])
    # two halves are not one whole, even though their common card sums to 100
    assert not profile_completed([card(60, None), card(None, 40)])
    assert not profile_completed([card()])
    assert not profile_completed([])
