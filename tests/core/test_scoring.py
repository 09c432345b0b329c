"""One card: totals, coverage, gaps, leads, ranks, knock-outs, robustness."""

from __future__ import annotations

import copy
import math
import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

from kamxl.core.ids import US
from kamxl.core.method.scoring import Flip, Requirement, Scorecard


def card(weights, ratings, minimums=None):
    """Requirements a, b, c, ... with these weights; ratings as lists in the same order."""
    names = "abcdefgh"[: len(weights)]
    minimums = minimums or [None] * len(weights)
    rows = zip(names, weights, minimums, strict=True)
    requirements = [Requirement(n, n.upper(), w, m) for n, w, m in rows]
    return Scorecard(
        requirements, {s: dict(zip(names, by, strict=True)) for s, by in ratings.items()}
    )


FULL = card([50, 30, 20], {US: [80, 60, 100], "borel": [70, 90, 50], "ceres": [75, None, None]})


def test_total_is_the_weighted_mean():
    assert FULL.total(US) == 78
    assert FULL.total("borel") == 72


def test_missing_is_not_zero():
    assert FULL.total("ceres") == 75
    assert FULL.coverage("ceres") == 0.5
    assert FULL.coverage(US) == 1


def test_total_divides_by_the_sum_it_has():
    assert card([40, 40], {US: [50, 100]}).total(US) == 75
    assert card([40, 40], {US: [50, 100]}).weights_sum == 80


def test_a_requirement_without_weight_does_not_enter():
    half = card([50, None], {US: [80, 10], "borel": [70, 90]})
    assert half.total(US) == 80
    assert half.coverage(US) == 1
    assert half.gaps() == {"a": 20}
    assert half.lead("borel") == 10
    assert half.lead_parts("borel") == {"a": 10}


def test_a_zero_weight_enters_and_weighs_nothing():
    zero = card([100, 0], {US: [80, 10]})
    assert zero.total(US) == 80
    assert zero.gaps() == {"a": 20, "b": 0}
    assert card([100, 0], {US: [None, 10]}).total(US) is None


@pytest.mark.parametrize(
    "unknown",
    [
        card([], {}),
        card([], {US: [], "borel": []}),
        card([None, None], {US: [10, 20], "borel": [10, 20]}),
        card([0, 0], {US: [10, 20], "borel": [10, 20]}),
    ],
)
def test_without_a_positive_weight_nothing_is_known(unknown):
    assert unknown.weights_sum == 0
    assert unknown.total(US) is None
    assert unknown.coverage(US) is None
    assert unknown.gaps() == {}
    assert unknown.lead("borel") is None
    assert unknown.lead_parts("borel") == {}
    assert unknown.lead_coverage("borel") is None
    assert unknown.ranking() == {}
    assert unknown.best_competitor() is None
    assert unknown.flips("borel") == {}
    assert unknown.smallest_flip("borel") is None
    assert not unknown.tied("borel")
    assert unknown.provisional


def test_a_supplier_who_is_not_on_the_card_is_not_rated():
    assert FULL.total("dacia") is None
    assert FULL.coverage("dacia") == 0
    assert FULL.lead("dacia") is None
    assert FULL.rating("dacia", "a") is None


def test_ids_are_compared_without_case_and_kept_as_spelled():
    mixed = Scorecard(
        [Requirement("Price", "Price", 100)], {"US": {"PRICE": 80}, "Borel": {"price": 90}}
    )
    assert mixed.suppliers == (US, "Borel")
    assert mixed.competitors == ("Borel",)
    assert mixed.total("Us") == 80
    assert mixed.lead("bOREL") == -10
    assert mixed.gaps() == {"Price": 20}
    assert mixed.rating("BOREL", "pRICE") == 90


def test_gaps_are_the_value_drivers_largest_first():
    gaps = FULL.gaps()
    assert list(gaps.items()) == [("b", 12), ("a", 10), ("c", 0)]
    assert FULL.gaps("ceres") == {"a": 12.5}


def test_equal_gaps_go_by_weight_then_by_the_card():
    tie = card([10, 20, 10, 60], {US: [50, 75, 50, 100]})
    assert list(tie.gaps()) == ["b", "a", "c", "d"]
    # a and b both gap 0.9, but for the last bit: the heavier comes first
    noisy = card([0.01, 0.03, 0.96], {US: [10, 70, 100]})
    assert noisy.gaps()["a"] > noisy.gaps()["b"]
    assert list(noisy.gaps()) == ["b", "a", "c"]


def test_lead_is_taken_over_what_is_rated_for_both():
    assert FULL.lead("ceres") == 5  # over a alone; the totals differ by 3
    assert FULL.lead_coverage("ceres") == 0.5
    assert FULL.lead_parts("ceres") == {"a": 5}
    assert FULL.lead_parts("borel") == {"a": 5, "b": -9, "c": 10}
    assert FULL.lead("borel") == 6
    assert FULL.lead_coverage("borel") == 1


def test_nothing_rated_for_both_is_no_lead():
    apart = card([50, 50], {US: [80, None], "borel": [None, 80]})
    assert apart.lead("borel") is None
    assert apart.lead_coverage("borel") == 0
    assert not apart.tied("borel")


def test_ranks_are_shared_on_ties():
    ranked = card([100], {"d": [50], "a": [90], "b": [70], US: [70]}).ranking()
    assert ranked == {"a": 1, "b": 2, US: 2, "d": 4}
    assert list(ranked) == ["a", "b", US, "d"]


def test_ties_stay_ties_in_floats():
    tie = card([0.1, 0.2, 0.7], {US: [30, 30, 30.3], "borel": [30.3, 30.3, 30.171428571428571]})
    assert tie.total(US) != tie.total("borel")
    assert tie.ranking() == {US: 1, "borel": 1}
    assert tie.tied("borel")
    assert tie.flips("borel") == {}


def test_ranked_from_half_the_weights():
    ranked = card([49, 51], {US: [10, 10], "low": [100, None], "high": [None, 5]})
    assert ranked.ranking() == {US: 1, "high": 2}
    # half is half, whatever the last bit says
    tenths = card([0.1, 0.7, 0.8], {"half": [1, 1, None], US: [None, None, 2]})
    assert tenths.coverage("half") < 0.5
    assert tenths.ranking() == {US: 1, "half": 2}


def test_best_competitor_is_the_one_we_lead_least():
    # ahead of Ceres by 5 over half of the weights, of Borel by 6
    assert FULL.best_competitor() == "ceres"
    assert card([100], {US: [50]}).best_competitor() is None
    # not the higher total: y rates 80 where we have 100, x 90 where we have 100 and 20 where 0
    split = card([50, 50], {US: [100, 0], "x": [90, 20], "y": [80, None]})
    assert (split.lead("x"), split.lead("y")) == (-5, 20)
    assert split.total("y") > split.total("x")
    assert split.best_competitor() == "x"


def test_best_competitor_is_one_who_is_compared_if_anybody_is():
    few = card([60, 40], {US: [90, 90], "x": [None, 100], "y": [1, 1]})
    assert few.best_competitor() == "y"
    # exactly half of the weights is enough, a little less is not
    assert card([50, 50], {US: [9, 9], "x": [8, None], "y": [1, 1]}).best_competitor() == "x"
    assert card([49, 51], {US: [9, 9], "x": [8, None], "y": [1, 1]}).best_competitor() == "y"
    # x is rated on everything, and yet not compared: there it is us who are not rated
    apart = card([40, 60, 20], {US: [9, None, 9], "x": [8, 99, None], "y": [1, None, 1]})
    assert (apart.coverage("x"), apart.lead_coverage("x")) == (100 / 120, 40 / 120)
    assert apart.best_competitor() == "y"


def test_best_competitor_without_a_comparison_has_the_highest_total():
    alone = card([60, 40], {US: [None, None], "x": [50, 60], "y": [70, 80], "z": [None, None]})
    assert alone.best_competitor() == "y"
    thin = card([60, 40], {US: [None, 9], "x": [50, 60], "y": [None, 80]})
    assert thin.best_competitor() == "y"
    assert thin.lead_coverage("y") < 0.5
    assert card([60, 40], {US: [9, 9], "x": [None, None]}).best_competitor() is None


def test_best_competitor_on_a_tie_is_strong_on_the_heavy_requirements():
    # both have 60 in total
    tie = card([60, 40], {US: [0, 0], "a": [40, 90], "z": [80, 30]})
    assert tie.total("a") == tie.total("z") == 60
    assert tie.best_competitor() == "z"
    tiny = card([60e-310, 40e-310], {US: [0, 0], "a": [40, 90], "z": [80, 30]})
    assert tiny.best_competitor() == "z"


def test_best_competitor_by_id_at_last():
    assert card([100], {US: [1], "B": [50], "a": [50]}).best_competitor() == "a"


def test_best_per_requirement_is_another_measure():
    assert FULL.best_per_requirement() == {
        "a": ("ceres", 75),
        "b": ("borel", 90),
        "c": ("borel", 50),
    }
    tie = card([1, None, 1], {US: [99, 99, 99], "B": [5, 0, None], "a": [5, None, None]})
    assert tie.best_per_requirement() == {"a": ("a", 5), "b": ("B", 0)}


def test_knockouts_whatever_weight_and_total():
    knocked = card(
        [100, 0, None, 0], {US: [100, 59, 10, 60], "borel": [1, 99, 99, 99]}, [50, 60, 20, 60]
    )
    assert knocked.knockouts() == {"b": 59, "c": 10}
    assert knocked.knockouts("borel") == {"a": 1}
    assert card([100], {US: [None]}, [50]).knockouts() == {}
    # a mean of ratings may miss the minimum by its last bit only
    assert card([100], {US: [49.99999999999999]}, [50]).knockouts() == {}


@pytest.mark.parametrize(
    ("weights", "ratings", "provisional"),
    [
        ([60, 40], [1, 2], False),
        ([60, 40.01], [1, 2], False),
        ([60, 39.99], [1, 2], False),
        ([60, 40.02], [1, 2], True),
        ([60, 39.98], [1, 2], True),
        ([33.33, 33.33, 33.33], [1, 2, 3], False),
        ([60, 40], [1, None], True),
        ([100, 0], [1, None], False),  # our coverage is 100 %
        ([100, None], [1, 2], True),
    ],
)
def test_provisional(weights, ratings, provisional):
    assert card(weights, {US: ratings}).provisional is provisional


def test_what_was_left_out_on_purpose_is_not_missing():
    rated, weighted = card([60, 40], {US: [1, None]}), card([100, None], {US: [1, 2]})
    assert not replace(rated, unrated=frozenset("b")).provisional
    assert not replace(weighted, unweighted=frozenset("b")).provisional
    # another one, or another cell of the same one, is
    assert replace(rated, unrated=frozenset("a"), unweighted=frozenset("b")).provisional
    assert replace(weighted, unweighted=frozenset("a"), unrated=frozenset("b")).provisional
    # and without a total there is nothing that is final
    assert replace(card([60, 40], {US: [None] * 2}), unrated=frozenset("ab")).provisional
    left = replace(rated, unrated=frozenset("b"))
    assert copy.copy(left).unrated == {"b"}  # as a process hands it on
    assert left.coverage(US) == 0.6


def test_ratings_of_rivals_are_optional():
    assert not card([100], {US: [50], "borel": [None]}).provisional


# --- robustness ----------------------------------------------------------------------------------

PRICE = Scorecard(
    [
        Requirement("performance", "Leistungsfähigkeit des Systems", 30),
        Requirement("safety", "Sicherheit des Systems", 30),
        Requirement("price", "Preis", 20),
        Requirement("delivery", "Lieferzuverlässigkeit", 20),
    ],
    {
        US: {"performance": 80, "safety": 80, "price": 60, "delivery": 80},
        "Borel": {"performance": 64.5, "safety": 64.5, "price": 94.5, "delivery": 64.5},
    },
)


def test_price_from_20_to_31_percent_borel_overtakes_us():
    assert PRICE.lead("Borel") == pytest.approx(5.5)
    flip = PRICE.smallest_flip("borel")
    assert flip == Flip("price", 20, pytest.approx(31), "Borel")
    # without the price the others lead by 5.5 and more, whatever the weight of any of them
    assert PRICE.flips("Borel").keys() == {"price"}


def test_behind_it_is_the_weight_at_which_we_overtake():
    ratings = {US: PRICE.ratings["Borel"], "Borel": PRICE.ratings[US]}
    behind = Scorecard(PRICE.requirements, ratings)
    assert behind.lead("Borel") < 0
    assert behind.smallest_flip("Borel") == Flip("price", 20, pytest.approx(31), US)


def test_flips_are_over_what_is_rated_for_both():
    # b is not rated for the rival: over a and c the weights are 75 and 25
    part = card([30, 60, 10], {US: [80, 0, 20], "borel": [60, None, 60]})
    assert part.lead("borel") == 5
    assert part.flips("borel") == {
        "a": pytest.approx(100 * 40 / 60),
        "c": pytest.approx(100 * 20 / 60),
    }
    assert part.smallest_flip("borel") == Flip("a", 75, pytest.approx(66.6666666667), "borel")


def test_no_flip_where_we_are_better_everywhere():
    better = card([60, 40], {US: [80, 90], "borel": [70, 80]})
    assert better.flips("borel") == {}
    assert better.smallest_flip("borel") is None
    assert not better.tied("borel")


def test_no_flip_if_the_others_weigh_nothing():
    lone = card([100, 0], {US: [80, 10], "borel": [70, 90]})
    # only b has others; given weight, it turns the order at 1/9 of 100
    assert lone.flips("borel") == {"b": pytest.approx(100 * 10 / 90)}
    assert card([100], {US: [80], "borel": [70]}).flips("borel") == {}


def test_tied_now_has_no_flips():
    tie = card([50, 50], {US: [80, 60], "borel": [60, 80]})
    assert tie.tied("borel")
    assert tie.flips("borel") == {}
    assert tie.smallest_flip("borel") is None


def test_of_equal_changes_the_heavier_is_named_then_by_id():
    # differences +10 and -10 with weights 60 and 40: both flip at 50, 10 away
    even = card([60, 40], {US: [80, 60], "borel": [70, 70]})
    assert even.flips("borel") == {"a": pytest.approx(50), "b": pytest.approx(50)}
    assert even.smallest_flip("borel").requirement == "a"
    # 66.7 and 33.3 %: equal changes but for the last bit, by which b would be nearer
    assert card([2, 1], {US: [80, 60], "borel": [70, 70]}).smallest_flip("borel").requirement == "a"
    ratings = {US: [30, 30, 70, 70], "borel": [70, 70, 50, 50]}
    twins = card([10, 10, 40, 40], ratings)
    assert twins.flips("borel").keys() == {"a", "b"}
    turned = Scorecard(tuple(reversed(twins.requirements)), twins.ratings)
    assert twins.smallest_flip("borel").requirement == "a"
    assert turned.smallest_flip("borel").requirement == "a"


# --- the value itself ----------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [-1, -0.001, math.nan, math.inf])
def test_bad_numbers_are_programming_errors(bad):
    with pytest.raises(ValueError, match="weight of a"):
        Requirement("a", "A", bad)
    with pytest.raises(ValueError, match="minimum of a"):
        Requirement("a", "A", 1, bad)
    with pytest.raises(ValueError, match="rating of a"):
        card([1], {US: [bad]})


def test_ids_are_unique():
    with pytest.raises(ValueError, match="requirement stands twice"):
        Scorecard([Requirement("a", "A"), Requirement("A", "A")], {})
    with pytest.raises(ValueError, match="supplier stands twice"):
        Scorecard([], {"borel": {}, "Borel": {}})
    with pytest.raises(ValueError, match="rated twice"):
        Scorecard([Requirement("a", "A")], {US: {"a": 1, "A": 2}})
    with pytest.raises(ValueError, match="not on the card"):
        Scorecard([Requirement("a", "A")], {US: {"b": 1}})


def test_a_card_is_copied_and_read_only():
    requirements, ratings = [Requirement("a", "A", 100)], {US: {"a": 50}}
    taken = Scorecard(requirements, ratings)
    requirements.append(Requirement("b", "B", 100))
    ratings[US]["a"] = 0
    ratings["borel"] = {}
    assert taken.total(US) == 50
    assert taken.suppliers == (US,)
    assert taken.weights_sum == 100
    with pytest.raises(TypeError):
        taken.ratings[US]["a"] = 0
    with pytest.raises(TypeError):
        taken.ratings["borel"] = {}
    with pytest.raises(FrozenInstanceError):
        taken.requirements = ()


def test_a_card_travels_between_processes():
    for again in (pickle.loads(pickle.dumps(FULL)), copy.deepcopy(FULL)):  # noqa: S301
        assert again == FULL
        assert again.total(US) == 78
    assert card([1], {US: [1]}) != card([1], {US: [2]})
