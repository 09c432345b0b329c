"""Several respondents side by side: profile, spread, disagreements."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.ids import US
from kamxl.core.method.respondents import Profile, Spread, mean_within, profile_of
from kamxl.core.method.scoring import Requirement, Scorecard


def card(weights, **ratings):
    """{id: weight} and, per supplier, {id: rating}."""
    return Scorecard([Requirement(i, i.upper(), w) for i, w in weights.items()], ratings)


def weights_of(profile):
    return {r.id: r.weight for r in profile.requirements}


def means_of(profile):
    return {s: {i: found.mean for i, found in by.items()} for s, by in profile.spreads.items()}


ANNA = card({"price": 60, "quality": 40}, us={"price": 80, "quality": 60}, borel={"price": 90})
BERND = card({"price": 10, "quality": 30}, us={"price": 40, "quality": 70})


def test_each_has_the_same_say():
    both = profile_of([ANNA, BERND])
    # Bernd's 10 and 30 are 25 and 75 of his 40
    assert weights_of(both) == {"price": 42.5, "quality": 57.5}


def test_ratings_are_averaged_over_those_who_rated():
    both = profile_of([ANNA, BERND])
    assert means_of(both) == {US: {"price": 60, "quality": 65}, "borel": {"price": 90}}
    assert both.suppliers == (US, "borel")
    assert both.competitors == ("borel",)


def test_there_is_no_total_and_no_lead_of_means():
    for figure in ("total", "coverage", "lead", "gaps", "ranking", "best_competitor", "flips"):
        assert not hasattr(profile_of([ANNA, BERND]), figure)


def test_a_requirement_that_is_not_on_a_card_weighs_nothing_there():
    other = card({"price": 100, "safety": None}, us={"price": 50})
    assert weights_of(profile_of([ANNA, other])) == {"price": 80, "quality": 20, "safety": None}
    # given as nothing is given
    assert weights_of(profile_of([ANNA, card({"price": 100, "safety": 0})]))["safety"] == 0


@pytest.mark.parametrize("weight", [None, 0])
def test_a_card_without_weights_has_no_say_in_them_but_rates(weight):
    silent = card({"price": weight, "extra": weight}, us={"price": 20})
    both = profile_of([ANNA, silent])
    assert weights_of(both) == {"price": 60, "quality": 40, "extra": None}
    assert both.rating(US, "price") == 50
    assert weights_of(profile_of([silent])) == {"price": None, "extra": None}


def test_first_seen_order_spelling_label_and_minimum():
    first = Scorecard([Requirement("Price", "Preis", 100, 50)], {"us": {"Price": 1}, "Borel": {}})
    second = Scorecard(
        [Requirement("new", "Neu", 50), Requirement("PRICE", "Price", 50, 70)],
        {"us": {"new": 3, "PRICE": 3}, "BOREL": {"price": 9}},
    )
    both = profile_of([first, second])
    assert both.requirements == (
        Requirement("Price", "Preis", 75, 50),
        Requirement("new", "Neu", 25),
    )
    assert means_of(both) == {"us": {"Price": 2, "new": 3}, "Borel": {"Price": 9}}
    assert both.rating("bOREL", "pRICE") == 9
    assert both.spread("US").keys() == {"Price", "new"}


@given(st.lists(st.integers(0, 1000).map(lambda n: n / 10), min_size=1, max_size=8))
def test_one_respondent_is_that_card(weights):
    alone = card(
        {f"r{i}": w for i, w in enumerate(weights)}, us={f"r{i}": 7 for i in range(len(weights))}
    )
    again = profile_of([alone])
    assert means_of(again) == alone.ratings
    assert again.best_per_requirement() == alone.best_per_requirement()
    if alone.weights_sum == 100:
        assert again.requirements == alone.requirements
    elif alone.weights_sum:
        assert sum(weights_of(again).values()) == pytest.approx(100)


def test_weights_that_sum_to_100_are_left_as_they_are_to_the_last_bit():
    third = 100 / 300
    assert 100 * third / 100 != third
    alone = card({"a": third, "b": 100 - third})
    assert alone.weights_sum == 100
    assert weights_of(profile_of([alone])) == {"a": third, "b": 100 - third}


def test_nobody_answered():
    nobody = profile_of([])
    assert nobody == Profile((), {})
    assert (nobody.suppliers, nobody.competitors, nobody.disagreements()) == ((), (), ())
    assert (nobody.rating(US, "a"), dict(nobody.spread(US))) == (None, {})
    assert nobody.best_per_requirement() == {}


def test_spread_of_ratings():
    rated = [card({"a": 100, "b": 0}, us={"a": r}, borel={"b": r}) for r in (10, 20, 60)]
    profile = profile_of(rated)
    assert profile.spread(US) == {"a": Spread(3, 10, 60, 30, pytest.approx(26.4575131106))}
    assert profile.spread(US)["a"].range == 50
    assert profile.spread("BOREL").keys() == {"b"}
    assert profile.spread("nobody") == {}


def test_a_standard_deviation_needs_three():
    assert profile_of([ANNA, BERND]).spread(US)["price"] == Spread(2, 40, 80, 60, None)
    assert profile_of([ANNA]).spread(US)["price"] == Spread(1, 80, 80, 80, None)


def test_the_mean_lies_in_the_range():
    thirds = [card({"a": 100}, us={"a": 0.1}) for _ in range(3)]
    found = profile_of(thirds).spread(US)["a"]
    assert (found.low, found.mean, found.high) == (0.1, 0.1, 0.1)
    assert mean_within([0.1, 0.1, 0.1]) == 0.1
    assert mean_within([7]) == 7


def test_disagreements_strictly_above_the_threshold_largest_first():
    low = card({"a": 25, "b": 25, "c": 25, "d": 25}, us={"a": 0, "b": 7.2, "c": 0, "d": 10})
    high = card({"a": 25, "b": 25, "c": 25, "d": 25}, us={"a": 26, "b": 32.2, "c": 80, "d": 36})
    profile = profile_of([low, high])
    assert profile.disagreements() == ("c", "a", "d")  # b: exactly 25
    assert profile.disagreements(26) == ("c",)
    assert profile.disagreements(24) == ("c", "a", "d", "b")
    assert 32.2 - 7.2 > 25  # and yet the same figure


def test_best_per_requirement_is_by_the_means_ties_by_id():
    first = card({"a": 50, "b": 50}, us={"a": 99}, B={"a": 60, "b": 5}, a={"a": 20})
    second = card({"a": 50, "b": 50}, B={"a": 40}, a={"a": 80, "b": 5})
    best = profile_of([first, second]).best_per_requirement()
    assert best == {"a": ("a", 50), "b": ("a", 5)}  # B has 50 and 5, too


def test_a_profile_travels_between_processes_and_is_read_only():
    both = profile_of([ANNA, BERND])
    assert pickle.loads(pickle.dumps(both)) == both  # noqa: S301
    with pytest.raises(TypeError):
        both.spreads["us"] = {}
    with pytest.raises(TypeError):
        both.spreads["us"]["price"] = None
