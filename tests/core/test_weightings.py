"""In which share of all weightings we are ahead: counted, enumerated, drawn: the same."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamxl.core.method import weightings
from kamxl.core.method.panel import Panel
from kamxl.core.method.robustness import Difference
from kamxl.core.method.scoring import Requirement, Scorecard
from kamxl.core.method.weightings import Outlook, outlook

_FACTORS = [Fraction(n, 10) for n in (8, 9, 10, 11, 12)]


def naive(raters: list[list[Difference]], within: int) -> tuple[Fraction, Fraction, Fraction]:
    """Every weighting one after the other, in fractions: shares ahead, level, behind."""
    names = list(dict.fromkeys(row.requirement for rows in raters for row in rows))
    tally = [0, 0, 0]
    for factors in product(_FACTORS, repeat=len(names)):
        moved = dict(zip(names, factors, strict=True))
        leads = []
        for rows in raters:
            weights = {row.requirement: moved[row.requirement] * int(row.weight) for row in rows}
            whole = sum(weights.values())
            if whole:
                told = sum(weights[row.requirement] * int(row.points) for row in rows)
                leads.append(Fraction(told) / whole)
        lead = sum(leads, Fraction()) / len(leads)
        place = 1 if lead == 0 or abs(lead) < within else 0 if lead > 0 else 2
        tally[place] += 1
    ahead, level, behind = (Fraction(one, len(_FACTORS) ** len(names)) for one in tally)
    return ahead, level, behind


def _shares(found: Outlook | None) -> tuple[float, float, float]:
    assert found is not None
    return found.ahead, found.level, found.behind


def rows(*pairs: tuple[int, int]) -> list[Difference]:
    """Differences "a", "b", ... of weights and points."""
    return [Difference(name, w, d) for name, (w, d) in zip("abcdefghijklmnop", pairs, strict=False)]


_ROW = st.tuples(st.integers(0, 60), st.integers(-100, 100))
_CARD = st.lists(_ROW, min_size=1, max_size=3).filter(lambda card: any(w for w, _ in card))


@given(st.lists(_CARD, min_size=1, max_size=2), st.sampled_from([0, 3]))
@settings(max_examples=25, deadline=None)
def test_all_weightings_are_those_that_a_naive_count_finds(
    cards: list[list[tuple[int, int]]], within: int
) -> None:
    raters = [rows(*card) for card in cards]
    found = outlook(raters, within)
    assert found is not None
    assert found.exact
    expected = [float(share) for share in naive(raters, within)]
    # requirements without a weight move nothing, so that fewer combinations have the same shares
    assert _shares(found) == pytest.approx(expected, abs=1e-12)


def _one_after_the_other(values: list[float]) -> int:
    """The count as it was made before it left out what is sure, and before anything was sorted."""
    half = len(values) // 2
    first, second = (weightings._combined(part) for part in (values[:half], values[half:]))
    return sum(a + b >= 0 for a in first for b in second)


_VALUE = st.one_of(st.integers(-60, 60).map(float), st.floats(-1e4, 1e4))


@given(st.lists(_VALUE, min_size=1, max_size=7), st.sampled_from([0.0, 300.0, -300.0, 1e6, -1e6]))
@settings(max_examples=60, deadline=None)
def test_sums_that_reach_zero_are_as_many_as_one_by_one(values: list[float], more: float) -> None:
    assert weightings._reaching([*values, more]) == _one_after_the_other([*values, more])


def test_what_can_only_go_one_way_is_counted_that_way_alone() -> None:
    """The lead may fall below the line, and never below minus the line: nobody counts that."""
    card = rows((40, 20), (30, -6), (30, -6))
    found, everywhere = outlook([card], 3), naive([card], 3)
    assert _shares(found) == pytest.approx([float(share) for share in everywhere], abs=1e-12)
    assert found is not None
    assert 0 < found.ahead < 1
    assert found.behind == 0


def test_exactly_level_is_told_from_nearly_so() -> None:
    assert _shares(outlook([rows((50, 10), (50, -10))], 0)) == pytest.approx((0.4, 0.2, 0.4))
    assert _shares(outlook([rows((50, 3), (50, 3))], 3)) == (1, 0, 0)  # by 3 points is ahead
    assert _shares(outlook([rows((50, 0), (50, 0))], 0)) == (0, 1, 0)


def test_several_raters_are_never_mixed() -> None:
    """Two cards of −4 each, whose averaged weights and ratings would say +20, are behind."""
    cards = [
        Scorecard(
            [Requirement("a", "", weight), Requirement("b", "", 100 - weight)],
            {"us": {"a": us, "b": 100 - us}, "r": {"a": 50, "b": 50 + extra}},
        )
        for weight, us, extra in ((90, 40, 0), (10, 60, 0))
    ]
    panel = Panel(cards)
    found = panel.outlook("r")
    assert found is not None
    assert panel.leads("r").value == pytest.approx(-8)
    assert found.behind == 1
    assert found.weightings == 25


def test_a_sample_says_what_counting_says_within_its_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = Random(5)  # noqa: S311 not for secrets
    for _ in range(5):
        card = rows(*((chance.randint(5, 30), chance.randint(-30, 30)) for _ in range(6)))
        counted = outlook([card], 3)
        with monkeypatch.context() as patch:
            patch.setattr(weightings, "COUNTED", 0)
            enumerated = outlook([card], 3)
            patch.setattr(weightings, "ENUMERATED", 0)
            drawn = outlook([card], 3)
            again = outlook([card], 3)
        assert counted is not None
        assert drawn is not None
        assert counted == enumerated
        assert drawn == again
        if not drawn.exact:  # no weighting changes anything: nothing was drawn
            error = max(drawn.error, 0.002)
            assert abs(drawn.ahead - counted.ahead) <= 4 * error
            assert drawn.weightings == weightings.DRAWS


def test_twelve_requirements_are_counted_and_more_of_several_raters_drawn() -> None:
    many = [(8, d) for d in (9, -8, 7, -6, 5, -4, 3, -2, 1, 0, -1, -3)]
    counted, drawn = outlook([rows(*many)], 0), outlook([rows(*many), rows(*many[:7])], 0)
    assert counted is not None
    assert counted.exact
    assert counted.weightings == 5**12
    assert drawn is not None
    assert not drawn.exact
    assert 0 < drawn.error < 0.01


def test_without_a_verdict_there_is_no_outlook() -> None:
    card = Scorecard(
        [Requirement("a", "", 40), Requirement("b", "", 60)],
        {"us": {"a": 90, "b": 50}, "r": {"a": 20, "b": None}},
    )
    assert Panel([card]).outlook("r") is None
    assert outlook([], 3) is None
