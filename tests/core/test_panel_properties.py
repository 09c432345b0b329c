"""What must hold for the raters of any segment."""

from __future__ import annotations

import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.ids import US
from kamxl.core.method.panel import Panel
from kamxl.core.method.robustness import shared_critical_weights
from kamxl.core.method.scoring import Requirement, Scorecard
from tests.core.test_properties import NEAR, NUMBERS, RIVALS, cards, near

pytestmark = pytest.mark.proof

PANELS = st.lists(cards(), min_size=1, max_size=4)
RATED = st.lists(cards(NUMBERS, smallest=2), min_size=1, max_size=4)
LINE = 0.5 - 1e-9
FINE = {"rel": 0, "abs": 1e-12}


def within(value, own):
    """Whether a figure lies within what the raters' own cards say."""
    return min(own) <= value <= max(own)


def close(known):
    """The same figure, to 1e-12."""
    return None if known is None else pytest.approx(known, **FINE)


def all_of(panel):
    """Every figure of a panel but the flips, with ids compared and in no order."""
    suppliers = {s.lower() for s in panel.profile.suppliers}
    best = panel.best_competitor()
    return {
        **{("total", s): panel.total(s).value for s in suppliers},
        **{("coverage", s): panel.total(s).share for s in suppliers},
        **{("lead", s): panel.lead(s).unjudged for s in suppliers},
        **{("weights", s): panel.lead(s).basis.weights for s in suppliers},
        **{("raters", s): panel.lead(s).basis.raters for s in suppliers},
        **{("part", s, i.lower()): v for s in suppliers for i, v in panel.parts(s).items()},
        **{("gap", i.lower()): v for i, v in panel.gaps().items()},
        **{("minimum", i.lower()): v for i, v in panel.knockouts().items()},
        "best": best and sum(ord(letter) for letter in best.lower()),
    }


def figures_close(panel, expected):
    found = all_of(panel)
    assert found.keys() == expected.keys()
    for figure, value in expected.items():
        assert found[figure] == close(value), figure


# --- within, sums, one rater ---------------------------------------------------------------------


@given(PANELS)
def test_every_figure_lies_within_the_raters_own(of):
    panel = Panel(of)
    for supplier in (US, *RIVALS):
        total = panel.total(supplier)
        if total.value is None:
            assert not any(c.total(supplier) is not None for c in of)
            continue
        assert within(total.value, [c.total(supplier) for c in of if c.total(supplier) is not None])
        assert total.low <= total.value <= total.high
        assert within(total.share, [c.coverage(supplier) or 0 for c in of])
    for rival in RIVALS:
        lead = panel.lead(rival)
        leads = [c.lead(rival) for c in of if c.lead(rival) is not None]
        assert (lead.unjudged is None) == (not leads)
        if leads:
            assert within(lead.unjudged, leads)
            assert within(lead.basis.weights, [c.lead_coverage(rival) or 0 for c in of])
        for requirement, part in panel.parts(rival).items():
            assert within(part, [c.lead_parts(rival).get(requirement, 0.0) for c in of])
    for requirement, gap in panel.gaps().items():
        assert within(gap, [c.gaps().get(requirement, 0.0) for c in of])


@given(PANELS)
def test_parts_sum_to_their_lead_and_gaps_to_theirs(of):
    panel = Panel(of)
    for rival in RIVALS:
        lead = panel.lead(rival).unjudged
        parts = math.fsum(panel.parts(rival).values())
        assert parts == pytest.approx(0.0 if lead is None else lead, **NEAR)
    total = panel.total()
    missing = [of[at].coverage(US) * (100 - of[at].total(US)) for at in total.who]
    expected = math.fsum(missing) / len(missing) if missing else 0
    assert math.fsum(panel.gaps().values()) == pytest.approx(expected, **NEAR)
    gaps = list(panel.gaps().values())
    assert gaps == pytest.approx(sorted(gaps, reverse=True), **NEAR)


@given(PANELS)
def test_the_mean_is_over_those_with_half_of_the_weights_unless_there_is_none(of):
    panel = Panel(of)
    for supplier in (US, *RIVALS):
        having = [c for c in of if c.total(supplier) is not None]
        firm = [c for c in having if c.coverage(supplier) >= LINE] or having
        means = [c.total(supplier) for c in firm]
        assert panel.total(supplier).value == near(sum(means) / len(means) if means else None)
    for rival in RIVALS:
        compared = [c for c in of if c.lead(rival) is not None]
        firm = [c for c in compared if c.lead_coverage(rival) >= LINE] or compared
        lead = panel.lead(rival)
        assert lead.unjudged == near(sum(c.lead(rival) for c in firm) / len(firm) if firm else None)
        assert (lead.basis.raters, lead.basis.of) == (len(firm), len(of))
        share = sum(c.lead_coverage(rival) for c in firm) / len(firm) if firm else 0
        assert lead.basis.weights == pytest.approx(share, **NEAR)
        assert (lead.verdict is None) == (share < LINE)


@given(cards())
def test_one_rater_is_that_card_to_the_last_bit(card):
    panel = Panel([card])
    for supplier in card.suppliers:
        assert panel.total(supplier).value == card.total(supplier)
        if card.total(supplier) is not None:
            assert panel.total(supplier).share == card.coverage(supplier)
    for rival in RIVALS:
        lead = panel.lead(rival)
        assert lead.unjudged == card.lead(rival)
        if lead.unjudged is not None:
            assert lead.basis.weights == card.lead_coverage(rival)
        assert list(panel.parts(rival).items()) == list(card.lead_parts(rival).items())
        judged = lead.verdict is not None
        assert panel.flip(rival) == (card.smallest_flip(rival) if judged else None)
    if card.total(US) is None:  # what weighs nothing has a gap of nothing, which adds nothing
        assert panel.gaps() == {}
        assert not any(card.gaps().values())
    else:
        assert list(panel.gaps().items()) == list(card.gaps().items())
    assert panel.knockouts() == card.knockouts()
    assert panel.best_competitor() == card.best_competitor()
    assert panel.provisional == card.provisional


@given(cards(), st.integers(2, 4))
def test_several_of_one_mind_are_one(card, n):
    one, several = Panel([card]), Panel([card] * n)
    expected = {f: v for f, v in all_of(one).items() if f[0] != "raters"}
    found = {f: v for f, v in all_of(several).items() if f[0] != "raters"}
    assert found.keys() == expected.keys()
    for figure, value in expected.items():
        assert found[figure] == near(value), figure
    for rival in RIVALS:
        alone, together = one.flip(rival), several.flip(rival)
        assert (alone is None) == (together is None)
        if alone is not None:
            assert (together.requirement, together.winner) == (alone.requirement, alone.winner)
            assert together.weight == near(alone.weight)
            assert together.critical == pytest.approx(alone.critical, rel=0, abs=1e-6)


# --- what is irrelevant --------------------------------------------------------------------------


@given(PANELS, st.randoms(use_true_random=False))
def test_the_order_of_raters_rows_and_suppliers_is_irrelevant(of, random):
    def turned(card):
        rows, suppliers = list(card.requirements), list(card.suppliers)
        random.shuffle(rows)
        random.shuffle(suppliers)
        return Scorecard(rows, {s: card.ratings[s] for s in suppliers})

    shuffled = [turned(card) for card in of]
    random.shuffle(shuffled)
    figures_close(Panel(shuffled), all_of(Panel(of)))
    for rival in RIVALS:
        expected, found = Panel(of).flip(rival), Panel(shuffled).flip(rival)
        assert (expected is None) == (found is None)
        if expected is not None:
            assert (found.requirement, found.winner) == (expected.requirement, expected.winner)
            assert found.critical == pytest.approx(expected.critical, **NEAR)


@given(PANELS, st.data())
def test_the_case_of_ids_is_irrelevant(of, data):
    def spelled(text):
        return text.upper() if data.draw(st.booleans()) else text

    other = []
    for card in of:
        ids = {r.id: spelled(r.id) for r in card.requirements}
        rows = [Requirement(ids[r.id], r.label, r.weight, r.minimum) for r in card.requirements]
        by = {spelled(s): {spelled(i): v for i, v in rated.items()}
              for s, rated in card.ratings.items()}  # fmt: skip
        other.append(Scorecard(rows, by))
    figures_close(Panel(other), all_of(Panel(of)))


@given(PANELS, st.sampled_from([0.01, 0.37, 3, 1000]))
def test_how_much_a_rater_s_weights_sum_to_is_irrelevant(of, factor):
    scaled = [
        Scorecard(
            [
                Requirement(r.id, r.label, None if r.weight is None else r.weight * factor)
                for r in card.requirements
            ],
            card.ratings,
        )
        for card in of[:1]
    ]
    expected, found = all_of(Panel(of)), all_of(Panel([*scaled, *of[1:]]))
    for figure, value in expected.items():
        assert found[figure] == near(value), figure


@given(PANELS)
def test_a_panel_travels_between_processes(of):
    again = pickle.loads(pickle.dumps(Panel(of)))  # noqa: S301
    assert all_of(again) == all_of(Panel(of))


# --- robustness ----------------------------------------------------------------------------------


def comparing(of, rival):
    """The cards the lead rests on, each by what it compares: id → (weight of 100, difference)."""
    found = []
    for at in Panel(of).leads(rival).who:
        rows = of[at].differences(rival)
        whole = math.fsum(row.weight for row in rows)
        found.append({i: (100 * weight / whole, points) for i, weight, points in rows})
    return found


def moved_lead(rows, requirement, t):
    """The mean lead when each card's weight of a requirement is t more, the others in proportion.

    From new weights on every card, not from a slope.
    """
    leads = []
    for by in rows:
        weights = {i: weight for i, (weight, _) in by.items()}
        if requirement in by:
            now, rest = weights[requirement], math.fsum(weights.values()) - weights[requirement]
            weights = {
                i: now + t if i == requirement else w * (100 - now - t) / rest
                for i, w in weights.items()
            }
        leads.append(math.fsum(weights[i] * by[i][1] for i in by) / math.fsum(weights.values()))
    return math.fsum(leads) / len(leads)


def room(rows, requirement):
    """How far a weight can move on all cards that compare it; None: one has nothing else."""
    mine = [by[requirement][0] for by in rows if requirement in by]
    others = [
        math.fsum(w for i, (w, _) in by.items() if i != requirement)
        for by in rows
        if requirement in by
    ]
    return None if min(others) <= 0 else (-min(mine), 100 - max(mine))


def sign(value):
    """1, 0, −1; ties to 1e-6, for these leads come from sums of their own."""
    return (value > 1e-6) - (value < -1e-6)


@given(RATED)
def test_at_the_critical_weight_the_mean_lead_is_none_and_beyond_it_turns(of):
    for rival in RIVALS:
        rows = comparing(of, rival)
        lead = Panel(of).lead(rival).unjudged
        differences = [of[at].differences(rival) for at in Panel(of).leads(rival).who]
        for requirement, turn in shared_critical_weights(differences).items():
            low, high = room(rows, requirement)
            t = turn.critical - turn.weight
            mine = [by[requirement][0] for by in rows if requirement in by]
            assert turn.weight == pytest.approx(sum(mine) / len(mine), **NEAR)
            assert low < t < high
            assert moved_lead(rows, requirement, t) == pytest.approx(0, abs=1e-6)
            before = moved_lead(rows, requirement, t / 2)
            end = high if t > 0 else low
            beyond = moved_lead(rows, requirement, (t + end) / 2)
            assert before * lead > 0
            assert beyond * lead < 0


@given(RATED)
def test_no_smaller_change_of_any_single_weight_turns_the_order(of):
    """By brute force: every requirement on a grid, far enough and over the smallest change."""
    panel = Panel(of)
    for rival in RIVALS:
        lead = panel.lead(rival)
        flip = panel.flip(rival)
        if lead.verdict is None or lead.tied:
            assert flip is None
            continue
        rows = comparing(of, rival)
        change = math.inf if flip is None else abs(flip.critical - flip.weight)
        for requirement in {i for by in rows for i in by}:
            span = room(rows, requirement)
            if span is None:
                continue
            low, high = max(span[0], -change), min(span[1], change)
            for step in range(1, 20):
                t = low + (high - low) * step / 20
                assert sign(moved_lead(rows, requirement, t)) * lead.unjudged >= 0
        if flip is not None:
            assert flip.winner == (rival if lead.unjudged > 0 else US)
            low, high = room(rows, flip.requirement)
            t = flip.critical - flip.weight
            beyond = moved_lead(rows, flip.requirement, (t + (high if t > 0 else low)) / 2)
            assert beyond * lead.unjudged < 0


@given(RATED)
def test_a_tied_mean_has_no_critical_weight(of):
    """Beside each rater one who sees it the other way round."""
    swapped = [
        Scorecard(c.requirements, {US: c.ratings["borel"], "borel": c.ratings[US]}) for c in of
    ]
    kept = [Scorecard(c.requirements, {s: c.ratings[s] for s in (US, "borel")}) for c in of]
    panel = Panel([*kept, *swapped])
    lead = panel.lead("borel")
    assert lead.unjudged is None or lead.unjudged == pytest.approx(0, abs=1e-9)
    assert panel.flip("borel") is None
