"""Several raters of one segment: each one's own results, averaged."""

from __future__ import annotations

import pickle

import pytest

from kamxl.core.ids import US
from kamxl.core.method.basis import Basis, Lead, Verdict
from kamxl.core.method.panel import Averaged, Panel, averaged
from kamxl.core.method.robustness import Difference, Flip, shared_critical_weights
from kamxl.core.method.scoring import Requirement, Scorecard


def card(weights, minimums=(), **ratings):
    """Requirements a, b, c, ... with these weights; ratings as lists in the same order."""
    names = "abcdefgh"[: len(weights)]
    least = [*minimums, *[None] * len(weights)]
    requirements = [
        Requirement(n, n.upper(), w, m) for n, w, m in zip(names, weights, least, strict=False)
    ]
    return Scorecard(
        requirements, {s: dict(zip(names, by, strict=True)) for s, by in ratings.items()}
    )


# --- never average inputs ------------------------------------------------------------------------


def test_who_rates_only_us_has_no_say_in_the_lead():
    """Pia rates only us, at 95; Rolf rates us 45 and Borel 60: 15 behind, not 10 ahead."""
    pia = card([60, 40], us=[95, 95], borel=[None, None])
    rolf = card([60, 40], us=[45, 45], borel=[60, 60])
    panel = Panel([pia, rolf])
    assert panel.total().value == 70
    assert panel.total("borel").value == 60
    assert panel.lead("borel") == Lead(-15, Basis(1, 2, 1.0))
    assert panel.lead("borel").verdict is Verdict.BEHIND
    assert panel.leads("borel").own == (None, -15)
    assert sum(panel.parts("borel").values()) == -15
    assert panel.flip("borel") is None


def test_two_who_see_us_at_84_see_us_at_84():
    """Means of the weights, 50 and 50, and of the ratings, 60 and 60, would make it 60."""
    one, other = card([90, 10], us=[90, 30]), card([10, 90], us=[30, 90])
    assert (one.total(US), other.total(US)) == (84, 84)
    found = Panel([one, other]).total()
    assert (found.value, found.low, found.high, found.own) == (84, 84, 84, (84, 84))
    assert sum(Panel([one, other]).gaps().values()) == 16


def test_two_who_see_us_4_behind_see_us_4_behind():
    """Means of the inputs would put us 20 ahead."""
    one = card([90, 10], us=[40, 90], borel=[50, 40])
    other = card([10, 90], us=[90, 40], borel=[40, 50])
    panel = Panel([one, other])
    assert panel.leads("borel").own == (-4, -4)
    assert panel.lead("borel") == Lead(-4, Basis(2, 2, 1.0))
    assert panel.parts("borel") == {"a": (-9 + 5) / 2, "b": (5 - 9) / 2}


# --- who is averaged -----------------------------------------------------------------------------


def test_who_covers_less_than_half_is_shown_and_not_averaged():
    little = card([10, 90], us=[100, None], borel=[0, None])
    whole, another = card([50, 50], us=[40, 60], borel=[50, 80]), card([50, 50], us=[60, 80])
    panel = Panel([little, whole, another])
    assert panel.total() == Averaged((100, 50, 70), (1, 2), 60, 1)
    assert (panel.total().low, panel.total().high) == (50, 70)
    assert panel.leads("borel") == Averaged((100, -15, None), (1,), -15, 1)
    assert panel.lead("borel").basis == Basis(1, 3, 1.0)
    assert panel.gaps() == {"a": (30 + 20) / 2, "b": (20 + 10) / 2}


def test_unless_there_is_no_other():
    little, less = card([40, 60], us=[100, None]), card([20, 80], us=[80, None])
    found = Panel([little, less]).total()
    assert (found.value, found.who, found.share) == (90, (0, 1), pytest.approx(0.3))
    lead = Panel([card([10, 90], us=[90, 40], borel=[50, None])]).lead("borel")
    assert lead == Lead(40, Basis(1, 1, 0.1))
    assert (lead.points, lead.verdict) == (None, None)


def test_the_basis_is_the_mean_share_of_those_who_compared():
    cards = [
        card([60, 40], us=[50, 50], borel=[40, None]),
        card([60, 40], us=[50, 50], borel=[40, 40]),
        card([60, 40], us=[50, 50]),
    ]
    assert Panel(cards).lead("borel", 0.25).basis == Basis(2, 3, pytest.approx(0.8), 0.25)


def test_exactly_half_is_enough_whatever_the_last_bit_says():
    half = card([0.1, 0.7, 0.8], us=[1, 1, 5], borel=[9, 9, None])
    assert half.lead_coverage("borel") < 0.5
    assert Panel([half]).lead("borel").verdict is Verdict.BEHIND
    assert Panel([half, card([1, 1, 1], us=[5, 5, 5])]).leads("borel").who == (0,)


def test_averaged_of_nothing():
    assert averaged([]) == Averaged() == Averaged((), (), None, None)
    assert averaged([(None, None), (None, 0.0)]) == Averaged((None, None))
    assert (Averaged().low, Averaged().high) == (None, None)


def test_who_gave_no_weights_has_no_results():
    silent = card([None, 0], us=[1, 1], borel=[99, 99])
    loud = card([50, 50], us=[60, 70], borel=[50, 50])
    panel = Panel([silent, loud])
    assert panel.total().value == 65
    assert panel.lead("borel") == Lead(15, Basis(1, 2, 1.0))
    assert panel.provisional
    assert panel.gaps() == loud.gaps()


# --- gaps, parts, knock-outs ---------------------------------------------------------------------


def test_gaps_are_the_mean_of_the_raters_own_largest_first():
    one = card([50, 30, 20], us=[80, 60, 100])  # gaps 10, 12, 0
    other = card([20, 0, 80], us=[50, 10, None])  # of 20 % only
    third = card([100], us=[94])  # was not asked the rest: 6
    panel = Panel([one, other, third])
    assert panel.total().who == (0, 2)
    assert list(panel.gaps().items()) == [("a", 8), ("b", 6), ("c", 0)]


def test_of_equal_gaps_the_heavier_comes_first_then_the_order_of_the_cards():
    tie = card([10, 20, 10, 60], us=[50, 75, 50, 100])
    assert list(Panel([tie, tie]).gaps()) == ["b", "a", "c", "d"]


def test_one_rater_below_the_minimum_suffices():
    low = card([50, 50], [60, 30], us=[40, 90])
    lower = card([50, 50], [60, 30], us=[30, 20])
    high = card([50, 50], [60, 30], us=[100, 100])
    assert Panel([high, low, lower]).knockouts() == {"a": 30, "b": 20}
    assert Panel([high]).knockouts() == {}
    # whoever is not averaged has missed it all the same
    thin = card([10, 90], [60], us=[0, None])
    assert Panel([high, thin]).knockouts() == {"a": 0}


# --- best competitor -----------------------------------------------------------------------------


def test_the_best_competitor_is_compared_by_leads_not_by_totals():
    """Ardent was rated by a generous rater only, who sees us far ahead of it."""
    generous = card([50, 50], us=[99, 99], ardent=[80, 80])
    strict = card([50, 50], us=[40, 40], borel=[60, 60])
    panel = Panel([generous, strict])
    assert panel.total("ardent").value > panel.total("borel").value
    assert panel.best_competitor() == "borel"


def test_a_compared_one_comes_before_one_who_is_not():
    thin = card([10, 90], us=[10, 50], ardent=[100, None], borel=[None, 40])
    assert thin.lead("ardent") == -90
    assert Panel([thin, thin]).best_competitor() == "borel"


def test_none_compared_the_highest_total_is_named_without_a_verdict():
    panel = Panel(
        [
            card([50, 50], us=[None, None], ardent=[50, 60], borel=[60, 70]),
            card([50, 50], us=[50, 50], ardent=[None, None], borel=[None, None]),
        ]
    )
    assert panel.best_competitor() == "borel"
    assert panel.lead("borel") == Lead(None, Basis(0, 2, 0.0))
    assert panel.lead("borel").verdict is None


def test_a_tie_is_named_by_strength_on_what_is_heavy_then_by_id():
    one = card([60, 40], us=[0, 0], a=[40, 90], z=[80, 30])
    assert Panel([one, one]).best_competitor() == "z"
    # who does not compare says nothing of it either: on her card a is the stronger one
    apart = card([60, 40], us=[None, None], a=[90, 20], z=[10, 80])
    assert Panel([one, apart]).best_competitor() == "z"
    even = card([50, 50], us=[9, 9], B=[5, 5], a=[5, 5])
    assert Panel([even, even]).best_competitor() == "a"
    # 0.1 and 0.2 against 0.3: the same lead but for the last bit
    noisy = card([1, 1, 1], us=[9, 9, 9], B=[0.1, 0.2, 0], a=[0.3, 0, 0])
    assert Panel([noisy]).best_competitor() == "a"


# --- robustness ----------------------------------------------------------------------------------


def test_the_weight_moves_by_as_many_points_on_each_card():
    # leads: 0.2·10 + 0.8·20 = 18 and 0.4·(−10) + 0.6·0 = −4: 7 together
    one = card([20, 80], us=[60, 70], borel=[50, 50])
    other = card([40, 60], us=[40, 50], borel=[50, 50])
    panel = Panel([one, other])
    assert panel.lead("borel").unjudged == pytest.approx(7)
    # slopes 10 − 20 and −10 − 0, a mean of −10: t* = 70, which is too far for 40 + 70 %;
    # those of b are the negatives: t* = −70, which is too far for 60 − 70 %
    assert panel.flip("borel") is None
    mild = card([10, 90], us=[40, 50], borel=[80, 45])  # −4 + 4.5; slope −45
    panel = Panel([one, mild])  # lead 9.25, slope −27.5: t* = 33.6
    t = 100 * 9.25 / 27.5
    # b moves as far, the other way, and is heavier
    assert panel.flip("borel") == Flip("b", 85, pytest.approx(85 - t), "borel")
    turning = shared_critical_weights([c.differences("borel") for c in (one, mild)])
    assert turning["a"] == (15, pytest.approx(15 + t))


def test_behind_it_is_we_who_overtake():
    one = card([50, 50], us=[30, 60], borel=[60, 50])  # −10, slope of b 40
    other = card([60, 40], us=[50, 70], borel=[60, 60])  # −2, slope of b 20
    flip = Panel([one, other]).flip("BOREL")
    # t* = 100·6/30; of a it is the same change, and a is heavier
    assert flip == Flip("a", 55, pytest.approx(35), US)


def test_who_does_not_compare_a_requirement_does_not_move():
    one = card([50, 50], us=[60, 40], borel=[50, 45])  # 2.5
    other = card([0, 100], us=[None, 50], borel=[None, 49])  # 1, compares b alone
    turning = shared_critical_weights([one.differences("borel"), other.differences("borel")])
    # b has nothing to give its weight to on the other card; a moves on one card of two
    assert turning.keys() == {"a"}
    t = -100 * 1.75 / ((10 - -5) / 2)
    assert turning["a"] == (50, pytest.approx(50 + t))


def test_at_an_end_they_are_level_and_nothing_lies_beyond():
    """One's others are all level: without a we are, too, and nobody overtakes."""
    one = card([40, 60], us=[60, 50], borel=[50, 50])
    assert one.flips("borel") == {}
    assert Panel([one, one]).flip("borel") is None


def test_below_the_line_or_tied_there_is_no_flip():
    thin = card([20, 20, 60], us=[90, 10, None], borel=[50, 40, None])
    assert thin.smallest_flip("borel") is not None
    assert Panel([thin]).flip("borel") is None
    up, down = (
        card([50, 50], us=[60, 40], borel=[40, 50]),
        card([50, 50], us=[40, 50], borel=[60, 40]),
    )
    assert Panel([up, down]).lead("borel").tied
    assert Panel([up, down]).flip("borel") is None
    assert Panel([up]).flip("nobody") is None


def test_of_nobody_there_is_no_critical_weight():
    assert shared_critical_weights([]) == {}
    assert shared_critical_weights([[]]) == {}
    assert shared_critical_weights([[Difference("a", 0, 5)]]) == {}


# --- the panel itself ----------------------------------------------------------------------------


def test_nobody_answered():
    nobody = Panel([])
    assert nobody.total() == nobody.leads("borel") == Averaged()
    assert nobody.lead("borel") == Lead(None, Basis(0, 0, 0.0))
    assert (nobody.gaps(), nobody.parts("borel"), nobody.knockouts()) == ({}, {}, {})
    assert (nobody.best_competitor(), nobody.flip("borel"), nobody.provisional) == (
        None,
        None,
        True,
    )


@pytest.mark.parametrize(
    "empty",
    [
        Scorecard([], {}),
        Scorecard([], {US: {}, "borel": {}}),
        card([None, None], us=[1, 2], borel=[1, 2]),
        card([0, 0], us=[1, 2], borel=[1, 2]),
        card([50, 50], us=[None, None], borel=[None, None]),
    ],
)
def test_cards_that_say_nothing(empty):
    panel = Panel([empty, empty])
    assert panel.total().value is None
    assert panel.lead("borel") == Lead(None, Basis(0, 2, 0.0))
    assert (panel.gaps(), panel.parts("borel")) == ({}, {})
    assert (panel.best_competitor(), panel.flip("borel")) == (None, None)
    # beside somebody who says something they change nothing
    loud = card([50, 50], us=[60, 70], borel=[80, 60])
    assert Panel([empty, loud]).total().value == 65
    assert Panel([loud, empty]).flip("borel") == loud.smallest_flip("borel")


@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1, 1e9, 1e300])
def test_how_large_the_weights_are_is_irrelevant(scale):
    one = card([20 * scale, 80 * scale], us=[60, 70], borel=[50, 50])
    mild = card([10, 90], us=[40, 50], borel=[80, 45])
    panel = Panel([one, mild])
    assert panel.total().value == pytest.approx((68 + 49) / 2)
    assert panel.lead("borel").unjudged == pytest.approx(9.25)
    assert panel.flip("borel").weight == pytest.approx(85)
    assert panel.gaps() == pytest.approx({"a": (8 + 6) / 2, "b": (24 + 45) / 2})


def test_ids_are_compared_without_case():
    one = Scorecard(
        [Requirement("Price", "Price", 40, 30), Requirement("Safety", "Safety", 60)],
        {"US": {"price": 20, "SAFETY": 80}, "Borel": {"price": 60, "Safety": 60}},
    )
    other = Scorecard(
        [Requirement("SAFETY", "Safety", 50), Requirement("price", "Price", 50)],
        {"us": {"PRICE": 60, "safety": 70}, "BOREL": {"Price": 40, "safety": 60}},
    )
    panel = Panel([one, other])
    assert panel.profile.suppliers == (US, "Borel")
    assert panel.parts("bOREL") == {"Price": (-16 + 10) / 2, "Safety": (12 + 5) / 2}
    assert panel.gaps().keys() == {"Price", "Safety"}
    assert panel.knockouts() == {"Price": 20}
    assert panel.best_competitor() == "Borel"
    assert panel.lead("BOREL").unjudged == 5.5
    flip = panel.flip("BOREL")
    assert (flip.requirement, flip.winner) in {("Price", "Borel"), ("Safety", "Borel")}
    assert panel.lead("BOREL") == panel.lead("borel")


def test_level_is_what_the_panel_was_told():
    one = card([100], us=[54], borel=[50])
    assert Panel([one]).lead("borel").verdict is Verdict.AHEAD
    assert Panel([one], level_within=5).lead("borel").verdict is Verdict.LEVEL


def test_a_panel_is_a_copy_and_travels_between_processes():
    cards = [card([100], us=[54], borel=[50])]
    panel = Panel(cards)
    cards.clear()
    assert panel.total().value == 54
    again = pickle.loads(pickle.dumps(panel))  # noqa: S301
    assert again == panel
    assert again.lead("borel") == panel.lead("borel")
