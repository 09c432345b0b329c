"""What must hold for any card."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kamxl.core.ids import US
from kamxl.core.method.scoring import Requirement, Scorecard

RIVALS = ("ardent", "borel", "ceres")
# As people give them: whole numbers and tenths.
NUMBERS = st.integers(0, 100) | st.integers(0, 1000).map(lambda n: n / 10)
BLANK = st.none()
NEAR = {"rel": 1e-9, "abs": 1e-9}


def near(known):
    return None if known is None else pytest.approx(known, **NEAR)


@st.composite
def cards(draw, numbers=NUMBERS | BLANK, smallest=0):
    n = draw(st.integers(smallest, 8))
    weights = [draw(numbers) for _ in range(n)]
    requirements = [Requirement(f"r{i}", f"R{i}", weight) for i, weight in enumerate(weights)]
    ratings = {s: {r.id: draw(numbers) for r in requirements} for s in (US, *RIVALS)}
    return Scorecard(requirements, ratings)


full_cards = cards(NUMBERS, smallest=2)


def reweighted(card, weights):
    """The same ratings under other weights, only those requirements."""
    kept = [Requirement(i, i, weight) for i, weight in weights.items()]
    return Scorecard(kept, {s: {i: by.get(i) for i in weights} for s, by in card.ratings.items()})


def rated_for_both(card, rival):
    """Weights over what is rated for us and the rival, rescaled to 100; empty if they are 0."""
    weights = {
        r.id: r.weight
        for r in card.requirements
        if r.weight is not None
        and card.rating(US, r.id) is not None
        and card.rating(rival, r.id) is not None
    }
    total = math.fsum(weights.values())
    return {i: 100 * w / total for i, w in weights.items()} if total else {}


def moved(weights, requirement, value):
    """One weight set, the others in proportion so that all sum to 100; None if they are 0."""
    others = math.fsum(w for i, w in weights.items() if i != requirement)
    if others == 0:
        return None
    rest = (100 - value) / others
    return {i: value if i == requirement else w * rest for i, w in weights.items()}


def order(card, rival):
    """1 if we lead, -1 if behind, 0 if tied: from the totals, not from the lead."""
    difference = round(card.total(US) - card.total(rival), 9)
    return (difference > 0) - (difference < 0)


@given(cards())
def test_gaps_sum_to_what_is_missing_from_100(card):
    for supplier in card.suppliers:
        total, coverage = card.total(supplier), card.coverage(supplier)
        if total is None:
            assert math.fsum(card.gaps(supplier).values()) == 0
        else:
            gaps = card.gaps(supplier)
            assert math.fsum(gaps.values()) == pytest.approx(coverage * (100 - total), **NEAR)
            assert list(gaps.values()) == pytest.approx(sorted(gaps.values(), reverse=True), **NEAR)


@given(cards())
def test_lead_parts_sum_to_the_difference_of_the_totals_over_both(card):
    for rival in RIVALS:
        both = rated_for_both(card, rival)
        if not both:
            assert card.lead(rival) is None
            continue
        narrow = reweighted(card, both)
        difference = narrow.total(US) - narrow.total(rival)
        assert math.fsum(card.lead_parts(rival).values()) == pytest.approx(difference, **NEAR)
        assert card.lead(rival) == pytest.approx(difference, **NEAR)


@given(cards(), st.sampled_from([0.01, 0.37, 3, 1000]))
def test_scaling_the_weights_changes_nothing(card, factor):
    scaled = Scorecard(
        [
            Requirement(r.id, r.label, None if r.weight is None else r.weight * factor)
            for r in card.requirements
        ],
        card.ratings,
    )
    assert scaled.ranking() == card.ranking()
    for supplier in card.suppliers:
        assert scaled.total(supplier) == near(card.total(supplier))
        assert scaled.coverage(supplier) == near(card.coverage(supplier))
        assert scaled.gaps(supplier) == pytest.approx(card.gaps(supplier), **NEAR)
    for rival in RIVALS:
        assert scaled.lead(rival) == near(card.lead(rival))
        assert scaled.flips(rival) == pytest.approx(card.flips(rival), **NEAR)


@given(full_cards)
def test_at_the_critical_weight_both_are_equal_and_beside_it_they_are_not(card):
    for rival in RIVALS:
        both = rated_for_both(card, rival)
        for requirement, critical in card.flips(rival).items():
            assert 0 < critical < 100
            at = reweighted(card, moved(both, requirement, critical))
            assert at.total(US) == pytest.approx(at.total(rival), rel=0, abs=1e-7)
            step = min(critical, 100 - critical) / 2
            below = order(reweighted(card, moved(both, requirement, critical - step)), rival)
            above = order(reweighted(card, moved(both, requirement, critical + step)), rival)
            assert {below, above} == {1, -1}
            now = below if both[requirement] < critical else above
            assert now == order(reweighted(card, both), rival)


@given(full_cards)
def test_the_winner_of_the_smallest_flip_leads_beyond_it(card):
    for rival in RIVALS:
        flip, flips, both = (
            card.smallest_flip(rival),
            card.flips(rival),
            rated_for_both(card, rival),
        )
        assert (flip is None) == (not flips)
        if flip is None:
            continue
        changes = [abs(critical - both[i]) for i, critical in flips.items()]
        assert flip.critical == flips[flip.requirement]
        assert flip.weight == pytest.approx(both[flip.requirement], **NEAR)
        assert abs(flip.critical - flip.weight) == pytest.approx(min(changes), **NEAR)
        end = 100 if flip.critical > flip.weight else 0
        beyond = moved(both, flip.requirement, (flip.critical + end) / 2)
        assert order(reweighted(card, beyond), rival) == (1 if flip.winner == US else -1)


@given(full_cards, st.integers(1, 99))
def test_without_a_flip_the_order_is_the_same_at_every_weight(card, weight):
    for rival in RIVALS:
        both, flips = rated_for_both(card, rival), card.flips(rival)
        if not both or card.tied(rival):
            assert flips == {}
            continue
        for requirement in both.keys() - flips.keys():
            other = moved(both, requirement, weight)
            if other is not None:
                assert order(reweighted(card, other), rival) == order(card, rival)


@given(cards(), st.randoms())
def test_the_order_of_the_requirements_is_irrelevant(card, random):
    shuffled = list(card.requirements)
    random.shuffle(shuffled)
    other = Scorecard(shuffled, card.ratings)
    assert other.ranking() == card.ranking()
    assert other.best_competitor() == card.best_competitor()
    assert other.best_per_requirement() == card.best_per_requirement()
    assert other.provisional == card.provisional
    for supplier in card.suppliers:
        assert other.total(supplier) == card.total(supplier)
        assert other.coverage(supplier) == card.coverage(supplier)
        assert other.gaps(supplier) == card.gaps(supplier)
    for rival in RIVALS:
        assert other.lead(rival) == card.lead(rival)
        assert other.flips(rival) == card.flips(rival)
        assert other.smallest_flip(rival) == card.smallest_flip(rival)


@given(cards(NUMBERS, smallest=1), st.data())
def test_the_order_of_the_suppliers_is_irrelevant(card, data):
    turned = data.draw(st.permutations(card.suppliers))
    other = Scorecard(card.requirements, {s: card.ratings[s] for s in turned})
    assert other.ranking() == card.ranking()
    assert other.best_competitor() == card.best_competitor()
    assert other.best_per_requirement() == card.best_per_requirement()


@given(full_cards, st.randoms())
def test_ties_stay_ties(card, random):
    """A rival with our weighted points handed round among equal weights is tied with us."""
    assume(any(card.ratings[US].values()))
    equal = {r.id: 0.1 for r in card.requirements}
    points = list(card.ratings[US].values())
    random.shuffle(points)
    tie = Scorecard(
        [Requirement(i, i, w) for i, w in equal.items()],
        {US: card.ratings[US], "twin": dict(zip(equal, points, strict=True))},
    )
    assert tie.ranking() == {US: 1, "twin": 1}
    assert tie.tied("twin")
    assert tie.flips("twin") == {}
    assert tie.smallest_flip("twin") is None


@given(cards())
def test_nothing_known_is_none_and_never_zero(card):
    for supplier in card.suppliers:
        weights = [
            r.weight
            for r in card.requirements
            if r.weight is not None and card.rating(supplier, r.id) is not None
        ]
        if any(weights):
            assert 0 <= card.total(supplier) <= 100 + 1e-9
            assert 0 < card.coverage(supplier) <= 1
        else:
            assert card.total(supplier) is None
            assert card.coverage(supplier) == (0 if card.weights_sum else None)
            assert supplier not in card.ranking()


@given(cards())
def test_ranks_follow_totals(card):
    ranks = card.ranking()
    for supplier, rank in ranks.items():
        assert card.coverage(supplier) >= 0.5 - 1e-9
        totals = [round(card.total(s), 9) for s in ranks]
        assert rank == 1 + sum(total > round(card.total(supplier), 9) for total in totals)
    assert list(ranks.values()) == sorted(ranks.values())


@given(cards())
def test_the_best_competitor_is_the_one_we_lead_least_of_those_compared(card):
    best = card.best_competitor()
    totals = {s: card.total(s) for s in RIVALS if card.total(s) is not None}
    leads = {s: card.lead(s) for s in totals if (card.lead_coverage(s) or 0) >= 0.5 - 1e-9}
    assert (best is None) == (not totals)
    if leads:
        assert leads[best] == near(min(leads.values()))
    elif totals:
        assert totals[best] == near(max(totals.values()))
