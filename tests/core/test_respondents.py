"""Several respondents: mean card, spread, disagreements, perception gap."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.ids import US
from kamxl.core.method.respondents import Spread, combine, spread
from kamxl.core.method.scoring import Requirement, Scorecard


def card(weights, **ratings):
    """{id: weight} and, per supplier, {id: rating}."""
    return Scorecard([Requirement(i, i.upper(), w) for i, w in weights.items()], ratings)


def weights_of(combined):
    return {r.id: r.weight for r in combined.card.requirements}


ANNA = card({"price": 60, "quality": 40}, us={"price": 80, "quality": 60}, borel={"price": 90})
BERND = card({"price": 10, "quality": 30}, us={"price": 40, "quality": 70})


def test_each_has_the_same_say():
    both = combine([ANNA, BERND])
    # Bernd's 10 and 30 are 25 and 75 of his 40
    assert weights_of(both) == {"price": 42.5, "quality": 57.5}
    assert both.card.weights_sum == 100
    assert both.respondents == 2


def test_ratings_are_averaged_over_those_who_rated():
    both = combine([ANNA, BERND]).card
    assert both.ratings == {US: {"price": 60, "quality": 65}, "borel": {"price": 90}}
    assert both.total(US) == pytest.approx(0.425 * 60 + 0.575 * 65)
    assert both.lead("borel") == -30


def test_a_requirement_that_is_not_on_a_card_weighs_nothing_there():
    other = card({"price": 100, "safety": None}, us={"price": 50})
    assert weights_of(combine([ANNA, other])) == {"price": 80, "quality": 20, "safety": None}
    # given as nothing is given
    assert weights_of(combine([ANNA, card({"price": 100, "safety": 0})]))["safety"] == 0


@pytest.mark.parametrize("weight", [None, 0])
def test_a_card_without_weights_has_no_say_in_them_but_rates(weight):
    silent = card({"price": weight, "extra": weight}, us={"price": 20})
    both = combine([ANNA, silent])
    assert weights_of(both) == {"price": 60, "quality": 40, "extra": None}
    assert both.card.ratings[US]["price"] == 50
    assert both.provisional
    alone = combine([silent])
    assert weights_of(alone) == {"price": None, "extra": None}
    assert alone.card.total(US) is None


def test_first_seen_order_spelling_label_and_minimum():
    first = Scorecard([Requirement("Price", "Preis", 100, 50)], {"us": {"Price": 1}, "Borel": {}})
    second = Scorecard(
        [Requirement("new", "Neu", 50), Requirement("PRICE", "Price", 50, 70)],
        {"us": {"new": 3, "PRICE": 3}, "BOREL": {"price": 9}},
    )
    both = combine([first, second]).card
    assert both.requirements == (
        Requirement("Price", "Preis", 75, 50),
        Requirement("new", "Neu", 25),
    )
    assert both.ratings == {"us": {"Price": 2, "new": 3}, "Borel": {"Price": 9}}


@given(st.lists(st.integers(0, 1000).map(lambda n: n / 10), min_size=1, max_size=8))
def test_one_respondent_is_that_card(weights):
    alone = card(
        {f"r{i}": w for i, w in enumerate(weights)}, us={f"r{i}": 7 for i in range(len(weights))}
    )
    again = combine([alone]).card
    assert again.ratings == alone.ratings
    assert again.ranking() == alone.ranking()
    if alone.weights_sum == 100:
        assert again == alone
    elif alone.weights_sum:
        assert again.weights_sum == pytest.approx(100)


def test_weights_that_sum_to_100_are_left_as_they_are_to_the_last_bit():
    third = 100 / 300
    assert 100 * third / 100 != third
    alone = card({"a": third, "b": 100 - third})
    assert alone.weights_sum == 100
    assert weights_of(combine([alone])) == {"a": third, "b": 100 - third}


def test_nobody_answered():
    nobody = combine([])
    assert nobody.card == Scorecard([], {})
    assert nobody.respondents == 0
    assert nobody.provisional
    assert nobody.spread == {}
    assert nobody.disagreements() == ()


def test_provisional_if_any_is():
    whole = card({"price": 100}, us={"price": 50})
    assert not combine([whole, whole]).provisional
    assert combine([whole, BERND]).provisional
    assert combine([whole, BERND]).card.weights_sum == 100


def test_spread_of_our_ratings():
    rated = [card({"a": 100, "b": 0}, us={"a": r}, borel={"b": r}) for r in (10, 20, 60)]
    combined = combine(rated)
    assert combined.spread == {"a": Spread(3, 10, 60, 30, pytest.approx(26.4575131106))}
    assert combined.spread["a"].range == 50
    assert spread(rated, "BOREL").keys() == {"b"}
    assert spread(rated, "nobody") == {}


def test_a_standard_deviation_needs_three():
    assert combine([ANNA, BERND]).spread["price"] == Spread(2, 40, 80, 60, None)
    assert combine([ANNA]).spread["price"] == Spread(1, 80, 80, 80, None)


def test_the_mean_lies_in_the_range():
    thirds = [card({"a": 100}, us={"a": 0.1}) for _ in range(3)]
    found = combine(thirds).spread["a"]
    assert (found.low, found.mean, found.high) == (0.1, 0.1, 0.1)


def test_disagreements_strictly_above_the_threshold_largest_first():
    low = card({"a": 25, "b": 25, "c": 25, "d": 25}, us={"a": 0, "b": 7.2, "c": 0, "d": 10})
    high = card({"a": 25, "b": 25, "c": 25, "d": 25}, us={"a": 26, "b": 32.2, "c": 80, "d": 36})
    combined = combine([low, high])
    assert combined.disagreements() == ("c", "a", "d")  # b: exactly 25
    assert combined.disagreements(26) == ("c",)
    assert combined.disagreements(24) == ("c", "a", "d", "b")
    assert 32.2 - 7.2 > 25  # and yet the same figure


def test_combined_travels_between_processes():
    both = combine([ANNA, BERND])
    assert pickle.loads(pickle.dumps(both)) == both  # noqa: S301
    with pytest.raises(TypeError):
        both.spread["price"] = None
