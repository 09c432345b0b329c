"""Several segments of one account."""

from __future__ import annotations

import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.method.segments import AccountTotal, SegmentTotal, combine_segments

PUMPS = SegmentTotal("pumps", 300_000, 80, 1.0, 5, "borel")
VALVES = SegmentTotal("valves", 100_000, 60, 0.5, -15, "ceres")


def test_weighted_by_running_revenue():
    assert combine_segments([PUMPS, VALVES]) == AccountTotal(
        total=75,
        coverage=0.875,
        lead=0,
        best_competitor="borel",
        equal_weights=False,
        weights={"pumps": 0.75, "valves": 0.25},
    )


def test_one_segment_is_the_account():
    alone = combine_segments([VALVES])
    assert (alone.total, alone.coverage, alone.lead) == (60, 0.5, -15)
    assert alone.best_competitor == "ceres"
    assert alone.weights == {"valves": 1}


@pytest.mark.parametrize("revenues", [(None, 100), (None, None), (0, 0), (0, None)])
def test_equal_weights_if_a_revenue_is_unknown_or_all_are_nothing(revenues):
    first, second = revenues
    found = combine_segments(
        [SegmentTotal("a", first, 80, 1, 10, "x"), SegmentTotal("b", second, 60, 1, 20, "x")]
    )
    assert found.equal_weights
    assert found.weights == {"a": 0.5, "b": 0.5}
    assert (found.total, found.lead) == (70, 15)


def test_a_segment_without_revenue_weighs_nothing_beside_others():
    found = combine_segments([PUMPS, SegmentTotal("new", 0, 10, 1, -90, "x")])
    assert not found.equal_weights
    assert (found.total, found.lead, found.best_competitor) == (80, 5, "borel")
    # all that is known weighs nothing: the total is unknown, not 0 and not 10
    hollow = combine_segments([SegmentTotal("old", 9), SegmentTotal("new", 0, 10, 1, -90, "x")])
    assert (hollow.total, hollow.lead, hollow.coverage) == (None, None, 0)


def test_an_unrated_segment_lowers_the_coverage_only():
    found = combine_segments([PUMPS, SegmentTotal("valves", 100_000, None, 0.0)])
    assert (found.total, found.lead, found.coverage) == (80, 5, 0.75)
    # whatever coverage it claims without a total
    claims = SegmentTotal("valves", 100_000, None, 0.5)
    assert combine_segments([PUMPS, claims]).coverage == 0.75


def test_the_lead_is_over_those_that_have_one():
    found = combine_segments([PUMPS, SegmentTotal("valves", 100_000, 60, 0.5)])
    assert (found.total, found.lead) == (75, 5)


def test_nothing_known_is_none():
    unrated = combine_segments([SegmentTotal("a", 1), SegmentTotal("b", 2, None, 0.0)])
    assert (unrated.total, unrated.coverage, unrated.lead) == (None, None, None)
    assert unrated.best_competitor is None
    assert combine_segments([]) == AccountTotal(None, None, None, None, False, {})


@pytest.mark.parametrize(
    ("named", "best"),
    [
        ([("a", 10, None), ("b", 5, "x"), ("c", 1, "y")], "x"),  # the largest that names one
        ([("B", 10, "x"), ("a", 10, "y")], "y"),  # a tie, by id without case
        ([("a", None, "x"), ("b", 5, "y"), ("c", 9, "z")], "z"),  # unknown is the smallest
        ([("b", None, "x"), ("a", None, "y")], "y"),
        ([("a", None, "x"), ("b", 0, "y")], "y"),
    ],
)
def test_best_competitor_is_that_of_the_largest_segment(named, best):
    segments = [SegmentTotal(i, revenue, 50, 1, 0, rival) for i, revenue, rival in named]
    assert combine_segments(segments).best_competitor == best
    assert combine_segments(segments[::-1]).best_competitor == best


def test_ids_are_unique_and_revenues_are_numbers():
    with pytest.raises(ValueError, match="twice"):
        combine_segments([SegmentTotal("a"), SegmentTotal("A")])
    for bad in (-1, math.nan, math.inf):
        with pytest.raises(ValueError, match="revenue of a"):
            combine_segments([SegmentTotal("a", bad)])


def test_account_total_travels_between_processes():
    found = combine_segments([PUMPS, VALVES])
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301
    with pytest.raises(TypeError):
        found.weights["pumps"] = 1


POINTS = st.none() | st.integers(0, 100)
ROWS = st.lists(st.tuples(st.none() | st.integers(0, 1000), POINTS, POINTS), max_size=6)


@given(ROWS, st.randoms())
def test_order_is_irrelevant_and_totals_lie_between(rows, random):
    segments = [
        SegmentTotal(f"s{n}", revenue, total, None if total is None else 1.0, lead, f"k{n}")
        for n, (revenue, total, lead) in enumerate(rows)
    ]
    found = combine_segments(segments)
    random.shuffle(segments)
    assert combine_segments(segments) == found
    totals = [s.total for s in segments if s.total is not None]
    if found.total is not None:
        assert min(totals) - 1e-9 <= found.total <= max(totals) + 1e-9
    assert (found.coverage is None) == (not totals)
    if segments:
        assert math.fsum(found.weights.values()) == pytest.approx(1)
        unknown = any(s.revenue is None for s in segments)
        assert found.equal_weights == (unknown or not any(s.revenue for s in segments))
