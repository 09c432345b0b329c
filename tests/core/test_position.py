"""The five measures of how firm our position is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.method.basis import Basis, Lead
from kamxl.core.method.position import Position, PositionMeasure, profile_completed
from kamxl.core.method.scoring import Requirement, Scorecard


def lead_of(points, share=1.0):
    return Lead(points, Basis(1, 1, share))


def test_all_five_and_their_mean():
    position = Position(
        completed=3,
        segments=4,
        profiles=0.75,
        total=72,
        lead=lead_of(4),
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
    some = Position(completed=0, segments=2, profiles=0.0, total=80)
    assert (some.requirements_known, some.fulfilment) == (0, 80)
    assert (some.mean, some.known) == (40, 2)


@pytest.mark.parametrize(
    ("lead", "relative"), [(0, 50), (20, 100), (20.1, 100), (-20, 0), (-55, 0), (None, None)]
)
def test_relative_position(lead, relative):
    assert Position(lead=lead_of(lead)).relative == relative


def test_requirements_known_is_a_share_of_the_revenue_not_of_the_segments():
    # one of two segments, which brings 90 %
    assert Position(completed=1, segments=2, profiles=0.9).requirements_known == 90
    assert Position(completed=1, segments=1, profiles=1.0000000000000002).requirements_known == 100
    # nobody answered: unknown, not nothing
    assert Position(completed=0, segments=2).requirements_known is None


def test_the_height_on_the_map_is_hollow_below_the_line():
    firm, hollow, nothing = Position(lead=lead_of(4)), Position(lead=lead_of(4, 0.4)), Position()
    assert (firm.relative, firm.firm) == (60, True)
    assert (hollow.relative, hollow.firm) == (60, False)
    assert (nothing.relative, nothing.firm) == (None, False)


def test_only_the_comparison_moves_the_height():
    """A better margin of ours, or a measure left blank, makes the customer's view no firmer."""
    known = Position(1, 1, 1.0, 45, lead_of(-2), 10, 100, 9, 12, 2)
    blank = Position(1, 1, 1.0, 45, lead_of(-2))
    richer = Position(1, 1, 1.0, 45, lead_of(-2), 10, 100, 30, 12, 2)
    assert known.relative == blank.relative == richer.relative == 45


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
SHARE = st.floats(0, 1)
LEAD = st.builds(lead_of, st.none() | st.floats(-100, 100), SHARE)


@given(
    st.builds(
        Position,
        st.integers(0, 3),
        st.integers(3, 5),
        st.none() | SHARE,
        NUMBER,
        LEAD,
        *[NUMBER] * 5,
    )
)
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
    # two halves are not one whole
    assert not profile_completed([card(60, None), card(None, 40)])
    assert not profile_completed([card()])
    assert not profile_completed([])
