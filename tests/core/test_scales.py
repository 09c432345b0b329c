"""Scales: what a column of ratings looks like, when it is in doubt, and what it is in points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.method.scales import (
    Scale,
    efforts_judged,
    guessed,
    importance_judged,
    in_percent,
    in_points,
    judged,
    looks_like,
    weights_like,
)

FIVE, TEN, ZERO, GRADES = Scale.FIVE, Scale.TEN, Scale.FROM_ZERO, Scale.GRADES
SHARES, THOUSAND = Scale.SHARES, Scale.THOUSAND
LIKE = {
    (4, 2, 5, 3): (FIVE, GRADES, TEN),
    (2, 6, 1): (GRADES, TEN),
    (1.7, 2.3, 1.3): (FIVE, GRADES, TEN),
    (7, 8): (TEN,),
    (7.5, 9.25, 10): (TEN,),
    (0, 5, 10): (ZERO,),
    (0.7, 0.85, 1): (SHARES,),
    (0, 1, 1): (SHARES, ZERO),
    (1, 1, 1): (SHARES, FIVE, GRADES, TEN),
    (850, 720, 90): (THOUSAND,),
    (-2, 1, 2): (ZERO,),
    (1, 5, 4, 3, 720): (FIVE, GRADES, TEN),  # a slip hides no scale
}
POINTS = ((), (4,), (0, 0, 0), (0, 11), (4, 5, 3, 60), (850, 80, 70), (100, 100), (10.5, 0),
          (4, 400))  # fmt: skip


@pytest.mark.parametrize(("ratings", "scales"), LIKE.items())
def test_what_a_column_looks_like(ratings: tuple[float, ...], scales: tuple[Scale, ...]) -> None:
    assert looks_like(ratings) == scales


@pytest.mark.parametrize("ratings", POINTS)
def test_an_opinion_or_a_slip_is_no_scale(ratings: tuple[float, ...]) -> None:
    assert looks_like(ratings) == ()


@given(st.lists(st.floats(-1e308, 1e308) | st.integers(0, 12).map(float), max_size=8))
def test_the_rule_is_what_the_sheet_can_say(ratings: list[float]) -> None:
    sound = [rating for rating in ratings if rating <= 100]
    low = len(sound) >= 2 and max(sound) <= 10 and any(sound)
    high = sum(rating > 100 for rating in ratings) >= 2
    assert bool(looks_like(ratings)) == (low or high)
    assert judged([ratings]) == [low or high]
    guessed([ratings])
    weights_like(ratings, 3)


@pytest.mark.parametrize(
    ("columns", "doubted"),
    [
        ([[4, 2, 5], [60, 80, 70]], [True, False]),
        ([[4], [3], [5]], [True, True, True]),  # a card with one requirement
        ([[4], [80], [5]], [False, False, False]),
        ([[4], [3, 5, 2]], [True, True]),
        ([[0], [3, 5, 2]], [False, True]),  # zero is zero on any scale
        ([[85], [850, 900]], [False, True]),
        ([[850], [700]], [True, True]),
        ([[5]], [False]),
        ([[], []], [False, False]),
    ],
)
def test_a_short_column_is_judged_with_the_card(
    columns: list[list[float]], doubted: list[bool]
) -> None:
    assert judged(columns) == doubted


def test_low_efforts_are_praise_unless_the_card_is_low() -> None:
    assert efforts_judged([2, 4, 1], [60, 80])
    assert efforts_judged([5, 5, 5], [60, 80])  # very much on 1 to 5, little on 0 to 100
    assert not efforts_judged([0, 5, 10], [60, 80])
    assert efforts_judged([0, 5, 10], [6, 8])
    assert efforts_judged([4], [6, 8])
    assert not efforts_judged([40], [6, 8])
    assert not efforts_judged([4], [60, 80])
    assert importance_judged([8, 10], [60, 80])
    assert not importance_judged([8], [60, 80])
    assert not importance_judged([], [6, 8])


def test_neighbours_tell_which_scale_it_is() -> None:
    assert guessed([[4, 2, 5], [9, 3, 1]]) == (TEN,)
    assert guessed([[4, 2, 5], [6, 3, 1]]) == (GRADES, TEN)
    assert guessed([[4]]) == (FIVE, GRADES, TEN)
    assert guessed([[850, 400, 90]]) == (THOUSAND,)
    assert guessed([[8500, 9000]]) == ()
    assert guessed([[850, 720, 60, 70, 90]]) == ()  # slips among points
    assert guessed([[-2, 1, 2]]) == ()


@pytest.mark.parametrize(
    ("weights", "asked", "scales"),
    [
        ([20, 30, 50], 3, ()),
        ([8] * 12, 12, ()),  # 96: a slip in adding
        ([8, 9] * 6, 12, ()),  # 102
        ([2.5] * 40, 40, ()),
        ([8, 5, 9, 3], 4, (TEN,)),
        ([8, 5, 9, 3], 9, ()),  # somebody did not finish
        ([8, 5, 9, 3], 8, (TEN,)),
        ([0.2] * 5, 5, (SHARES,)),
        ([0.25], 5, ()),
        ([200, 300, 500], 3, (THOUSAND,)),
        ([90, 85, 75] * 4, 12, (THOUSAND,)),  # none above 100, but 1000 in all
        ([90, 80, 70], 3, ()),
        ([0, 0, 0], 3, ()),
        ([1e308, 1e308], 2, (THOUSAND,)),
    ],
)
def test_weights(weights: list[float], asked: int, scales: tuple[Scale, ...]) -> None:
    assert weights_like(weights, asked) == scales


def test_weights_stay_as_typed_unless_they_lost_their_sign() -> None:
    assert in_percent(FIVE, [4, 2, 5]) == [4, 2, 5]
    assert in_percent(FIVE, [0.2, 0.3, 0.5]) == [20, 30, 50]
    assert in_percent(FIVE, [0.33, 0.33, 0.33]) == [33, 33, 33]
    assert in_percent(TEN, [2, 3, 5]) == [20, 30, 50]
    assert in_percent(THOUSAND, [200, 300, 450]) == [20, 30, 45]
    assert in_percent(SHARES, [0.2, 0.2]) == [20, 20]
    assert in_percent(Scale.POINTS, [0.2, 0.8]) == [0.2, 0.8]


@pytest.mark.parametrize("scale", Scale)
def test_each_scale_runs_from_0_to_100_and_no_further(scale: Scale) -> None:
    ends = {SHARES: (0, 1), THOUSAND: (0, 1000), ZERO: (0, 10), TEN: (1, 10), FIVE: (1, 5),
            GRADES: (6, 1), Scale.POINTS: (0, 100)}[scale]  # fmt: skip
    worst, best = ends
    assert [in_points(scale, one) for one in (worst, (worst + best) / 2, best)] == [0, 50, 100]
    assert in_points(scale, min(ends) - 0.01) is None
    assert in_points(scale, max(ends) + 0.01) is None
