"""What is worked out once, or left out because it is sure, is to the last bit what it was before:
the ways that were taken then are kept here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from kamxl.core.ids import US
from kamxl.core.method.panel import Panel, averaged
from kamxl.core.method.respondents import mean_within
from kamxl.core.method.robustness import (
    Difference,
    Reach,
    critical_weights,
    is_tie,
    reach_of,
    weighted_mean,
)
from kamxl.core.method.scoring import Reckoned, Requirement, Scorecard

_ROUND = st.integers(-100, 100).map(float)
_POINTS = st.one_of(_ROUND, st.floats(-100, 100), st.sampled_from([0.0, -0.0, 1e-10, 5e-10]))
_WEIGHT = st.one_of(st.integers(0, 40).map(float), st.floats(0, 40), st.sampled_from([0.0, 12.5]))
_ROWS = st.lists(st.tuples(_WEIGHT, _POINTS), max_size=8)
_MARK = st.one_of(st.none(), st.integers(0, 100).map(float), st.integers(0, 100))
_CARD = st.lists(st.tuples(st.one_of(st.none(), _WEIGHT), _MARK, _MARK, _MARK), max_size=6)


def _rows(pairs: Sequence[tuple[float, float]]) -> list[Difference]:
    return [Difference(f"r{n}", weight, points) for n, (weight, points) in enumerate(pairs)]


def _card(rows: Sequence[tuple[float | None, ...]]) -> Scorecard:
    """A card of weights, and of ratings of us and of two rivals."""
    asked = [Requirement(f"r{n}", "", row[0]) for n, row in enumerate(rows)]
    marks = {
        s: {f"r{n}": row[at] for n, row in enumerate(rows)} for at, s in enumerate(_SUPPLIERS, 1)
    }
    return Scorecard(asked, marks)


_SUPPLIERS = (US, "borel", "cato")


def _told(value: object) -> str:
    """So that 0.0 is another one than -0.0, and 1 than 1.0."""
    return repr(value)


# --- the ways as they were ------------------------------------------------------------------------


def _every_weight(rows: Sequence[Difference]) -> dict[str, float]:
    lead = weighted_mean((weight, difference) for _, weight, difference in rows)
    if lead is None or is_tie(lead):
        return {}
    flips = {}
    for place, (requirement, _, own) in enumerate(rows):
        others = weighted_mean((w, d) for at, (_, w, d) in enumerate(rows) if at != place)
        if others is None or is_tie(others) or is_tie(own) or (others > 0) == (own > 0):
            continue
        flips[requirement] = 100 * others / (others - own)
    return flips


def _slope(rows: Sequence[Difference], requirement: str) -> float | None:
    own = next((row for row in rows if row.requirement == requirement), None)
    if own is None or math.fsum(row.weight for row in rows) <= 0:
        return None
    others = weighted_mean((w, d) for i, w, d in rows if i != requirement)
    return math.nan if others is None else own.points - others


def _every_slope(raters: Sequence[Sequence[Difference]]) -> Reach:
    requirements = {row.requirement for rows in raters for row in rows}
    slopes = [[_slope(rows, one) for rows in raters] for one in sorted(requirements)]
    movable = [not any(s is not None and math.isnan(s) for s in by) for by in slopes]
    if len(raters) > 1:
        return Reach.SHARED if any(movable) else Reach.NONE
    return Reach.ANY if movable and all(movable) else Reach.NONE


# --- are what they are now ------------------------------------------------------------------------


@given(_ROWS)
@settings(max_examples=300)
def test_critical_weights(pairs: list[tuple[float, float]]) -> None:
    rows = _rows(pairs)
    assert critical_weights(rows) == _every_weight(rows)


@given(st.lists(_ROWS, min_size=1, max_size=3))
@settings(max_examples=300)
def test_the_reach_of_a_missing_flip(raters: list[list[tuple[float, float]]]) -> None:
    rows = [_rows(pairs) for pairs in raters]
    assert reach_of(rows) is _every_slope(rows)


def test_reach_is_none_where_only_one_weighs() -> None:
    """Both sides, whatever is drawn above."""
    one, two = _rows([(10, 5), (0, 5)]), _rows([(10, 5), (5, 5)])
    assert (reach_of([one]), reach_of([two])) == (Reach.NONE, Reach.ANY)
    assert (reach_of([one, one]), reach_of([one, two])) == (Reach.SHARED, Reach.SHARED)


@given(st.one_of(st.none(), _POINTS), st.one_of(st.none(), st.floats(0, 1)))
def test_what_one_rater_says_is_the_mean_of_all(own: float | None, share: float | None) -> None:
    found = averaged([(own, share)])
    beside = averaged([(own, share), (None, share)])  # who has nothing is not averaged
    assert found.own == (own,)
    assert _told((found.who, found.value, found.share)) == _told(
        (beside.who, beside.value, beside.share)
    )


@given(_CARD)
@settings(max_examples=200)
def test_a_card_whose_rows_are_kept_says_the_same(rows: list[tuple[float | None, ...]]) -> None:
    card = _card(rows)
    kept = Reckoned(card)
    for _ in range(2):  # the second time out of what was kept
        for figure in ("weights_sum", "provisional", "unsettled"):
            assert _told(getattr(kept, figure)) == _told(getattr(card, figure))
        assert _told(kept.gaps()) == _told(card.gaps())
        assert _told(kept.best_competitor()) == _told(card.best_competitor())
        for supplier in _SUPPLIERS:
            for figure in (
                "covered_total",
                "strength",
                "covered_lead",
                "lead_parts",
                "differences",
            ):
                assert _told(getattr(kept, figure)(supplier)) == _told(
                    getattr(card, figure)(supplier)
                )


@given(_CARD)
@settings(max_examples=200)
def test_parts_and_gaps_of_one_rater_are_her_own(rows: list[tuple[float | None, ...]]) -> None:
    card = _card(rows)
    panel = Panel([card])
    for rival in ("borel", "cato"):
        parts = {i: mean_within([v]) for i, v in card.lead_parts(rival).items()}
        assert _told(panel.parts(rival)) == _told(parts)
    total = card.total(US)  # who has none is not averaged
    gaps = {i: mean_within([v]) for i, v in card.gaps().items()} if total is not None else {}
    assert sorted(map(_told, panel.gaps().items())) == sorted(map(_told, gaps.items()))
