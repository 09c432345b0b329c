"""What is worked out once, or left out because it is sure, is to the last bit what it was before:
the ways that were taken then are kept here.
"""

from __future__ import annotations

import math
import pickle
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamxl.core.ids import US, is_spare, same_id, same_name
from kamxl.core.method.by_id import ById
from kamxl.core.method.panel import Panel, averaged
from kamxl.core.method.respondents import mean_within, profile_of
from kamxl.core.method.robustness import (
    Difference,
    Reach,
    critical_weights,
    is_tie,
    reach_of,
    weighted_mean,
)
from kamxl.core.method.scoring import Reckoned, Requirement, Scorecard, best_per_requirement
from kamxl.core.portfolio import changing
from kamxl.core.portfolio.improving import improvements
from kamxl.core.portfolio.results import SegmentResult
from kamxl.core.portfolio.topics import _Groups, topics
from kamxl.core.portfolio.whatif import Raised, Scenario, what_if
from kamxl.core.portfolio.whole import Portfolio
from tests.forms import portfolio_sample as sample

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


@given(st.dictionaries(st.text(max_size=3), st.one_of(_MARK, _POINTS), max_size=6))
def test_numbers_by_id_are_the_mapping_they_were_made_of(by: dict[str, float | None]) -> None:
    made = ById(by)
    assert _told(made) == _told(by)
    assert _told(list(made.items())) == _told(list(by.items()))
    assert (list(made), len(made)) == (list(by), len(by))
    assert (list(made.keys()), list(made.values())) == (list(by), list(by.values()))
    assert made == by == made
    assert _told([made[one] for one in by]) == _told(list(by.values()))
    assert _told(pickle.loads(pickle.dumps(made))) == _told(by)  # noqa: S301 our own
    assert "none such" not in made
    assert made.get("none such") is None
    with pytest.raises(KeyError):
        made["none such"]


def test_numbers_by_id_do_not_change_with_what_they_were_made_of() -> None:
    by = {"a": 1.5}
    made = ById(by)
    by["a"] = 2.5
    assert made == {"a": 1.5}


@given(_CARD)
@settings(max_examples=200)
def test_one_rater_s_profile_is_that_of_all(rows: list[tuple[float | None, ...]]) -> None:
    """The same beside a card that says nothing, and weighs nothing."""
    card, nobody = _card(rows), Scorecard([], {})
    found, whole = profile_of([card]), profile_of([card, nobody])
    assert type(found) is not type(whole)
    assert _told(found.requirements) == _told(whole.requirements)
    assert _told({s: dict(by) for s, by in found.spreads.items()}) == _told(
        {s: dict(by) for s, by in whole.spreads.items()}
    )
    assert (found.suppliers, found.competitors) == (whole.suppliers, whole.competitors)
    asked = [*(r.id for r in card.requirements), "R0", "none"]
    for supplier in (*_SUPPLIERS, "BOREL", "none"):
        assert _told(dict(found.spread(supplier))) == _told(dict(whole.spread(supplier)))
        for one in asked:
            assert _told(found.rating(supplier, one)) == _told(whole.rating(supplier, one))
    best = best_per_requirement([r.id for r in card.requirements], whole.competitors, whole.rating)
    for profile in (found, whole, pickle.loads(pickle.dumps(found))):  # noqa: S301 our own
        assert _told(dict(profile.best_per_requirement())) == _told(best)
        assert len(profile.best_per_requirement()) == len(best)
        assert profile.best_per_requirement().get("R0") is None
    assert found.disagreements(-1) == whole.disagreements(-1)


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


# --- what one sheet says already is not worked out for another ------------------------------------


def test_a_course_takes_what_the_segment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = sample.full()
    asked: list[bool] = []
    was = changing._is_made_of

    def never(known: SegmentResult, cards: Sequence[Scorecard]) -> bool:
        asked.append(was(known, cards))
        return False

    monkeypatch.setattr(changing, "_is_made_of", never)
    assert _told(sample.full().history) == _told(taken.history)
    assert True in asked


def test_other_cards_are_not_taken_for_the_segment_s() -> None:
    segment = next(s for a in sample.full().accounts for s in a.segments if len(s.replies) > 1)
    cards = [reply.answers.scorecard for reply in segment.replies]
    assert changing._is_made_of(segment, cards)
    assert not changing._is_made_of(segment, cards[:-1])
    assert not changing._is_made_of(segment, cards[::-1])


@pytest.mark.parametrize("to", [40.0, 75.0, 100.0])
def test_what_would_be_is_what_two_panels_say(to: float) -> None:
    accounts = sample.full().accounts
    found = improvements(accounts, "en")
    label = found.found[0].label
    every = what_if(accounts, found, Scenario(label, to)).every
    assert len({one.gained for one in every}) == 2 or to == 100
    for one in every:
        before, after = _panels(
            one, {k.requirement for k, v in found.labels.items() if v == label}, to
        )
        for told, panel in ((one.now, before), (one.then, after)):
            leads = [
                p for rival in panel.competitors if (p := panel.lead(rival).points) is not None
            ]
            best = panel.best_competitor()
            lead = one.segment.lead if best is None else panel.lead(best, one.segment.share)
            place = 1 + sum(round(p, 9) < 0 for p in leads) if leads else None
            assert _told((told.total, told.place, told.of, told.lead)) == _told(
                (panel.total().value, place, len(leads) + 1 if leads else 0, lead)
            )
        for supplier in (US, *(rival.id for rival in one.segment.rivals)):
            was, own = (
                (p.total() if supplier == US else p.leads(supplier)).own for p in (before, after)
            )
            rises = [
                0.0 if a is None or b is None else b - a for a, b in zip(was, own, strict=True)
            ]
            if supplier != US:
                assert _told(one.after.lead(supplier).points) == _told(after.lead(supplier).points)
            assert [one.won(supplier, at) for at in range(len(was))] == rises


def _panels(one: Raised, wanted: set[str], to: float) -> tuple[Panel, Panel]:
    """A segment's cards as they are, and with our ratings raised."""
    within, people = one.segment.lead.level_within, one.segment.respondents
    cards = [reply.answers.scorecard for reply in one.segment.replies]
    better = [
        Scorecard(card.requirements, {**card.ratings, US: {
            i: max(r, to) if r is not None and same_id(i) in wanted else r
            for i, r in card.ratings[US].items()
        }})
        for card in cards
    ]  # fmt: skip
    return (
        Panel(cards, level_within=within, people=people),
        Panel(better, level_within=within, people=people),
    )


# --- requirements of different customers are the same ones as before ------------------------------


def _topics(segments: Sequence[SegmentResult]) -> list[list[tuple[str, str, str]]]:
    """Each requirement of each segment joined with its text and its id, one after the other."""
    uses = []
    for segment in segments:
        for reply in segment.replies:
            asked = {same_id(r.id): r.label for r in reply.order.requirements}
            for found in reply.answers.scorecard.requirements:
                key = (same_id(segment.account), same_id(segment.id), same_id(found.id))
                said = same_name(asked.get(key[2], found.label))
                uses.append((key, reply.order.language, said))
    texts = defaultdict(set)
    for key, language, said in uses:
        texts[key[2], language].add(said)
    ambiguous = {own for (own, _), some in texts.items() if len(some) > 1}
    groups, members = _Groups(), defaultdict(dict)
    for key, _, said in uses:
        groups.join(("here", *key), ("text", said))
        if key[2] not in ambiguous and not is_spare(key[2]):
            groups.join(("here", *key), ("id", key[2]))
    for key, _, _ in uses:
        members[groups.root(("here", *key))][key] = None
    return sorted(map(list, members.values()), key=lambda some: -len(some))


@pytest.mark.parametrize("made", [sample.full, sample.odd, sample.crowd])
def test_topics_are_those_that_are_joined_one_by_one(made: Callable[[], Portfolio]) -> None:
    segments = [segment for account in made().accounts for segment in account.segments]
    found = [
        [tuple(map(same_id, (m.segment.account, m.segment.id, m.requirement))) for m in one.members]
        for one in topics(segments, "en")
    ]
    assert found == _topics(segments)
    assert any(len(one) > 1 for one in found)


def test_two_texts_under_one_id_of_a_segment_are_one_thing() -> None:
    """Two raters were asked in two languages, and elsewhere one of these texts stands alone."""
    segment = next(s for a in sample.full().accounts for s in a.segments if len(s.replies) > 1)
    one, other = segment.replies[:2]
    asked = tuple(replace(r, label=f"{r.label} (en)") for r in one.order.requirements)
    foreign = replace(other, order=replace(one.order, requirements=asked, language="en"))
    both = replace(segment, replies=(one, foreign))
    alone = replace(segment, id="other", replies=(foreign,))
    found = topics([both, alone], "en")
    assert {len(topic.members) for topic in found} == {2}
    assert [[same_id(m.segment.id) for m in t.members] for t in found] == [
        [segment for _, segment, _ in some] for some in _topics([both, alone])
    ]
