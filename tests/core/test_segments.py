"""Several segments of one account."""

from __future__ import annotations

import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.method.basis import Basis, Lead, Verdict
from kamxl.core.method.segments import AccountTotal, SegmentTotal, combine_segments, shares_of


def over(points, share=1.0, within=3.0):
    """A lead that one rater of one saw, over a share of the weights."""
    return Lead(points, Basis(1, 1, share), within)


PUMPS = SegmentTotal("pumps", 300_000, 80, 1.0, over(5), "borel")
VALVES = SegmentTotal("valves", 100_000, 60, 0.5, over(-15, 0.5), "ceres")


def test_weighted_by_running_revenue():
    assert combine_segments([PUMPS, VALVES], raters=2, of=3) == AccountTotal(
        total=75,
        coverage=0.875,
        lead=Lead(0, Basis(2, 3, 0.75 * 1 + 0.25 * 0.5, 1)),
        best_competitor="borel",
        equal_weights=False,
        weights={"pumps": 0.75, "valves": 0.25},
    )


def test_one_segment_is_the_account():
    alone = combine_segments([VALVES], raters=1, of=1)
    assert (alone.total, alone.coverage, alone.lead) == (60, 0.5, Lead(-15, Basis(1, 1, 0.5, 1)))
    assert alone.lead.verdict is Verdict.BEHIND
    assert alone.best_competitor == "ceres"
    assert alone.weights == {"valves": 1}


@pytest.mark.parametrize("revenues", [(None, 100), (None, None), (0, 0), (0, None)])
def test_equal_weights_if_a_revenue_is_unknown_or_all_are_nothing(revenues):
    first, second = revenues
    found = combine_segments(
        [
            SegmentTotal("a", first, 80, 1, over(10), "x"),
            SegmentTotal("b", second, 60, 1, over(20, 0.6), "x"),
        ],
        raters=1,
        of=1,
    )
    assert found.equal_weights
    assert found.weights == {"a": 0.5, "b": 0.5}
    assert (found.total, found.lead.points) == (70, 15)
    assert found.lead.basis == Basis(1, 1, 0.8, 1)


def test_a_segment_without_revenue_weighs_nothing_beside_others():
    found = combine_segments([PUMPS, SegmentTotal("new", 0, 10, 1, over(-90), "x")])
    assert not found.equal_weights
    assert (found.total, found.lead.unjudged, found.best_competitor) == (80, 5, "borel")
    # all that is known weighs nothing: the total is unknown, not 0 and not 10
    new = SegmentTotal("new", 0, 10, 1, over(-90), "x")
    hollow = combine_segments([SegmentTotal("old", 9), new], raters=1, of=1)
    assert (hollow.total, hollow.coverage) == (None, 0)
    assert (hollow.lead.unjudged, hollow.lead.verdict) == (None, None)
    assert hollow.lead.basis == Basis(1, 1, 0, 0)


def test_an_unrated_segment_lowers_the_coverage_only():
    found = combine_segments([PUMPS, SegmentTotal("valves", 100_000, None, 0.0)])
    assert (found.total, found.lead.unjudged, found.coverage) == (80, 5, 0.75)
    # whatever coverage it claims without a total
    claims = SegmentTotal("valves", 100_000, None, 0.5)
    assert combine_segments([PUMPS, claims]).coverage == 0.75


@pytest.mark.parametrize("thin", [Lead(), over(-90, 0.499), Lead(-90, Basis(0, 1, 1.0))])
def test_the_lead_is_over_those_that_are_compared(thin):
    valves = SegmentTotal("valves", 100_000, 60, 0.5, thin, "ceres")
    found = combine_segments([PUMPS, valves], raters=1, of=1)
    assert found.total == 75
    assert found.lead == Lead(5, Basis(1, 1, 0.75, 0.75))
    assert found.lead.verdict is Verdict.AHEAD


def test_half_of_the_revenue_compared_on_half_of_the_weights_is_no_verdict():
    pumps = SegmentTotal("pumps", 300_000, 80, 1.0, over(40, 0.6), "borel")
    found = combine_segments([pumps, SegmentTotal("valves", 100_000, 60, 1)], raters=1, of=1)
    assert found.lead.basis == Basis(1, 1, pytest.approx(0.45), 0.75)
    assert (found.lead.unjudged, found.lead.points, found.lead.verdict) == (40, None, None)


def test_three_percent_of_the_revenue_say_nothing_of_the_account():
    """97 % of the revenue have no rival rated; the rest is 40 points ahead."""
    main = SegmentTotal("main", 970_000, 50, 1.0, Lead(basis=Basis(0, 2)))
    side = SegmentTotal("side", 30_000, 90, 1.0, over(40), "borel")
    found = combine_segments([main, side], raters=1, of=3)
    assert found.lead == Lead(40, Basis(1, 3, 0.03, 0.03))
    assert not found.lead.basis.enough
    assert (found.lead.points, found.lead.verdict) == (None, None)
    # the other way round it speaks for the account, with what it rests on
    turned = combine_segments(
        [
            SegmentTotal("main", 970_000, 90, 1.0, over(40), "borel"),
            SegmentTotal("side", 30_000, 50, 1.0, Lead(basis=Basis(0, 2))),
        ],
        raters=1,
        of=3,
    )
    assert turned.lead == Lead(40, Basis(1, 3, 0.97, 0.97))
    assert turned.lead.verdict is Verdict.AHEAD


def test_the_points_of_level_are_those_of_the_segments():
    found = combine_segments([SegmentTotal("a", 1, 50, 1, over(4, within=5), "x")], raters=1, of=1)
    assert found.lead.verdict is Verdict.LEVEL


def test_shares_never_sum_to_more_than_one():
    revenues = [269.0, 111.8, 265.6, 291.5, 120.7]
    assert math.fsum(shares_of(revenues)[0]) > 1
    segments = [SegmentTotal(f"s{n}", r, 50, 1, over(9), "x") for n, r in enumerate(revenues)]
    basis = combine_segments(segments, raters=1, of=1).lead.basis
    assert (basis.weights, basis.revenue) == (1, 1)


def test_nothing_known_is_none():
    unrated = combine_segments([SegmentTotal("a", 1), SegmentTotal("b", 2, None, 0.0)])
    assert (unrated.total, unrated.coverage, unrated.lead.unjudged) == (None, None, None)
    assert unrated.best_competitor is None
    nothing = Lead(basis=Basis(0, 0, 0, 0))
    assert combine_segments([]) == AccountTotal(None, None, nothing, None, False, {})


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
    segments = [SegmentTotal(i, revenue, 50, 1, over(0), rival) for i, revenue, rival in named]
    assert combine_segments(segments).best_competitor == best
    assert combine_segments(segments[::-1]).best_competitor == best


def test_a_compared_segment_names_the_best_competitor_before_a_larger_one():
    segments = [
        SegmentTotal("large", 100, 50, 1, over(0, 0.4), "named"),
        SegmentTotal("small", 10, 50, 1, over(0), "compared"),
    ]
    assert combine_segments(segments).best_competitor == "compared"
    assert combine_segments(segments[:1]).best_competitor == "named"


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
SHARES = st.sampled_from([0.0, 0.1, 0.499, 0.5, 0.8, 1.0])
ROWS = st.lists(st.tuples(st.none() | st.integers(0, 1000), POINTS, POINTS, SHARES), max_size=6)


@given(ROWS, st.randoms())
def test_order_is_irrelevant_and_figures_lie_between(rows, random):
    segments = [
        SegmentTotal(
            f"s{n}", revenue, total, None if total is None else 1.0, over(lead, share), f"k{n}"
        )
        for n, (revenue, total, lead, share) in enumerate(rows)
    ]
    found = combine_segments(segments, raters=1, of=1)
    random.shuffle(segments)
    assert combine_segments(segments, raters=1, of=1) == found
    totals = [s.total for s in segments if s.total is not None]
    if found.total is not None:
        assert min(totals) - 1e-9 <= found.total <= max(totals) + 1e-9
    assert (found.coverage is None) == (not totals)
    leads = [s.lead.points for s in segments if s.lead.points is not None]
    if found.lead.unjudged is not None:
        assert min(leads) - 1e-9 <= found.lead.unjudged <= max(leads) + 1e-9
    basis = found.lead.basis
    assert 0 <= basis.weights <= basis.revenue <= 1
    expected = math.fsum(
        found.weights[s.id] * s.lead.basis.weights for s in segments if s.lead.points is not None
    )
    assert basis.weights == pytest.approx(expected)
    assert (found.lead.verdict is None) == (expected < 0.5 - 1e-9)
    if segments:
        assert math.fsum(found.weights.values()) == pytest.approx(1)
        unknown = any(s.revenue is None for s in segments)
        assert found.equal_weights == (unknown or not any(s.revenue for s in segments))
