"""Why a total moved: one cause alone gets it all, parts always sum to the change."""

from __future__ import annotations

import itertools
import math
from operator import attrgetter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kamxl.core.method.scoring import Requirement, Scorecard
from kamxl.core.method.segments import SegmentTotal, combine_segments
from kamxl.core.method.trend import (
    CAME_WENT,
    Cause,
    Cell,
    RatedSegment,
    in_both,
    like_with_like,
    trend,
)

NEAR = {"rel": 1e-9, "abs": 1e-9}
MIRRORED = {
    Cause.RATER_CAME: Cause.RATER_WENT,
    Cause.SEGMENT_CAME: Cause.SEGMENT_WENT,
    Cause.REQUIREMENT_CAME: Cause.REQUIREMENT_WENT,
}
MIRRORED |= {went: came for came, went in MIRRORED.items()}


def card(**cells):
    """Requirement to (weight, rating)."""
    return {requirement: Cell(*cell) for requirement, cell in cells.items()}


def segment(key, revenue=None, **raters):
    return RatedSegment(key, revenue, raters)


def near(value):
    return pytest.approx(value, **NEAR)


def told(found):
    """The parts that are not 0: (cause, segment, rater, requirement) to points."""
    return {part[:4]: near(part.points) for part in found.parts if abs(part.points) > 1e-9}


ROLF = card(price=(60, 80), delivery=(40, 80))  # 80
PIA = card(price=(50, 30), delivery=(50, 50))  # 40
REQUIREMENT = attrgetter("requirement")
BEFORE = [
    segment("pumps", 300, rolf=ROLF, pia=PIA),  # 60
    segment("valves", 100, rolf=card(price=(100, 20))),  # 20
]


def pumps(*rest, **raters):
    return [segment("pumps", 300, **raters), *(rest or BEFORE[1:])]


# --- one cause alone ------------------------------------------------------------------------------

ONE_CAUSE = {
    "nothing": (BEFORE, BEFORE, {}),
    "a rating": (
        BEFORE,
        pumps(rolf=card(price=(60, 80), delivery=(40, 100)), pia=PIA),
        {(Cause.OPINION, "pumps", "rolf", "delivery"): 0.75 * 0.5 * 0.4 * 20},
    ),
    "her weights": (
        BEFORE,
        pumps(rolf=ROLF, pia=card(price=(25, 30), delivery=(75, 50))),
        # Her total rises from 40 to 45; told against her own mean, 42.5.
        {
            (Cause.WEIGHTS, "pumps", "pia", "price"): 0.375 * -0.25 * (30 - 42.5),
            (Cause.WEIGHTS, "pumps", "pia", "delivery"): 0.375 * 0.25 * (50 - 42.5),
        },
    ),
    "weights of another sum": (
        BEFORE,
        pumps(rolf=card(price=(6, 80), delivery=(4, 80)), pia=PIA),
        {},
    ),
    "our revenue": (
        BEFORE,
        [segment("pumps", 100, rolf=ROLF, pia=PIA), BEFORE[1]],
        # From 50 to 40; the mean of both mixes is 45.
        {
            (Cause.MIX, "pumps", "", ""): -0.25 * (60 - 45),
            (Cause.MIX, "valves", "", ""): 0.25 * (20 - 45),
        },
    ),
    "a revenue becomes unknown": (
        BEFORE,
        [segment("pumps", None, rolf=ROLF, pia=PIA), BEFORE[1]],
        {
            (Cause.MIX, "pumps", "", ""): -0.25 * (60 - 45),
            (Cause.MIX, "valves", "", ""): 0.25 * (20 - 45),
        },
    ),
    "all revenues double": (
        BEFORE,
        [RatedSegment(s.id, s.revenue * 2, s.raters) for s in BEFORE],
        {},
    ),
    "a rater went": (
        BEFORE,
        pumps(rolf=ROLF),
        {(Cause.RATER_WENT, "pumps", "pia", ""): 0.75 * 20},
    ),
    "two raters went": (
        [segment("pumps", 1, rolf=ROLF, pia=PIA, uwe=card(price=(1, 60)))],
        [segment("pumps", 1, rolf=ROLF)],
        {
            (Cause.RATER_WENT, "pumps", "pia", ""): 40 / 3,
            (Cause.RATER_WENT, "pumps", "uwe", ""): 20 / 3,
        },
    ),
    "other raters throughout": (
        [segment("pumps", 1, rolf=ROLF)],
        [segment("pumps", 1, pia=PIA)],
        {
            (Cause.RATER_WENT, "pumps", "rolf", ""): -20,
            (Cause.RATER_CAME, "pumps", "pia", ""): -20,
        },
    ),
    "a segment came, rated by two": (
        BEFORE,
        [*BEFORE, segment("seals", 400, pia=card(price=(1, 100)), uwe=card(price=(1, 60)))],
        {
            (Cause.SEGMENT_CAME, "seals", "pia", ""): 0.25 * (100 - 50),
            (Cause.SEGMENT_CAME, "seals", "uwe", ""): 0.25 * (60 - 50),
        },
    ),
    "a segment is no longer rated": (
        BEFORE,
        pumps(segment("valves", 100), rolf=ROLF, pia=PIA),
        {(Cause.SEGMENT_WENT, "valves", "rolf", ""): 10},
    ),
    "other segments throughout": (
        BEFORE[:1],
        BEFORE[1:],
        {
            (Cause.SEGMENT_WENT, "pumps", "rolf", ""): -0.5 * (80 - 40),
            (Cause.SEGMENT_WENT, "pumps", "pia", ""): 0.0,
            (Cause.SEGMENT_CAME, "valves", "rolf", ""): 20 - 40,
        },
    ),
    "a requirement rated for the first time": (
        pumps(rolf=card(price=(60, 80)), pia=PIA),
        pumps(rolf=card(price=(60, 80), delivery=(40, 30)), pia=PIA),
        {(Cause.REQUIREMENT_CAME, "pumps", "rolf", "delivery"): 0.375 * 0.4 * -50},
    ),
    "a requirement added, the others give alike": (
        BEFORE,
        pumps(rolf=ROLF, pia=card(price=(40, 30), delivery=(40, 50), service=(20, 90))),
        {(Cause.REQUIREMENT_CAME, "pumps", "pia", "service"): 0.375 * 0.2 * 50},
    ),
    "a requirement no longer rated": (
        BEFORE,
        pumps(rolf=ROLF, pia=card(price=(50, 30))),
        {(Cause.REQUIREMENT_WENT, "pumps", "pia", "delivery"): 0.375 * 0.5 * -20},
    ),
    "a rater rates something else altogether": (
        [segment("pumps", 1, rolf=card(price=(1, 80)))],
        [segment("pumps", 1, rolf=card(delivery=(1, 60)))],
        {
            (Cause.REQUIREMENT_WENT, "pumps", "rolf", "price"): -10,
            (Cause.REQUIREMENT_CAME, "pumps", "rolf", "delivery"): -10,
        },
    ),
}


@pytest.mark.parametrize(("before", "now", "expected"), ONE_CAUSE.values(), ids=ONE_CAUSE)
def test_one_cause_alone_gets_the_whole_change(before, now, expected):
    found = trend(before, now)
    assert told(found) == {what: near(v) for what, v in expected.items() if v}
    assert math.fsum(expected.values()) == near(found.points)


def test_more_raters_of_the_same_opinion_move_nothing():
    assert told(trend(BEFORE, pumps(rolf=ROLF, pia=PIA, uwe=card(price=(1, 60))))) == {}


# --- the whole ------------------------------------------------------------------------------------


def test_without_a_total_there_is_nothing_to_compare():
    unrated = [segment("pumps", 300)]
    weightless = [segment("pumps", 300, rolf=card(price=(0, 80)))]
    for nothing in ([], unrated, weightless, [segment("a", 0, rolf=ROLF), segment("b", 9)]):
        assert trend(nothing, BEFORE) is None
        assert trend(BEFORE, nothing) is None
        assert like_with_like(BEFORE, nothing) is None


def test_nothing_in_common_has_no_opinion_and_says_so():
    found = trend(BEFORE, [segment("seals", 5, uwe=ROLF)])
    assert found.common == 0
    assert {part.cause for part in found.parts} == {Cause.SEGMENT_CAME, Cause.SEGMENT_WENT}
    assert found.moved_most(REQUIREMENT) is None
    assert like_with_like(BEFORE, [segment("seals", 5, uwe=ROLF)]) is None


def test_ids_are_compared_without_case():
    shouted = [
        RatedSegment(
            s.id.upper(),
            s.revenue,
            {r.upper(): {i.upper(): c for i, c in by.items()} for r, by in s.raters.items()},
        )
        for s in BEFORE
    ]
    assert trend(BEFORE, shouted) == trend(BEFORE, BEFORE)
    assert trend(BEFORE, shouted).common == near(1)


@pytest.mark.parametrize(
    "wrong",
    [
        [segment("a", 1, rolf=ROLF), segment("A", 1)],
        [segment("a", 1, rolf=ROLF, Rolf=ROLF)],
        [segment("a", 1, rolf=card(price=(1, 1), Price=(1, 1)))],
        [segment("a", 1, rolf=card(price=(-1, 1)))],
        [segment("a", 1, rolf=card(price=(1, math.nan)))],
        [segment("a", -1, rolf=ROLF)],
    ],
)
def test_what_readers_have_to_report_is_an_error_here(wrong):
    with pytest.raises(ValueError, match=r"twice|negative"):
        trend(wrong, BEFORE)


def test_the_requirement_that_moved_most_over_raters_and_segments():
    now = [
        segment(
            "pumps",
            300,
            rolf=card(price=(60, 75), delivery=(40, 95)),
            pia=card(price=(50, 25), delivery=(50, 52)),
        ),
        segment("valves", 100, rolf=card(price=(100, 10))),
    ]
    found = trend(BEFORE, now)
    price = 0.375 * (0.6 * -5 + 0.5 * -5) + 0.25 * -10
    assert found.moved_most(REQUIREMENT) == ("price", near(price))
    assert found.by(lambda part: (part.segment, part.requirement), Cause.OPINION) == {
        ("pumps", "price"): near(0.375 * (0.6 * -5 + 0.5 * -5)),
        ("pumps", "delivery"): near(0.375 * (0.4 * 15 + 0.5 * 2)),
        ("valves", "price"): near(-2.5),
    }
    assert trend(BEFORE, BEFORE).moved_most(REQUIREMENT) is None


def test_a_rivals_change_is_that_of_who_rated_it_both_times():
    before = [segment("pumps", 1, rolf=card(price=(1, 50)), pia=card(price=(1, 10)))]
    now = [segment("pumps", 1, rolf=card(price=(1, 60), delivery=(1, 0)), uwe=card(price=(1, 0)))]
    found = like_with_like(before, now)
    assert (found.before, found.now, found.points) == (50, 60, 10)
    assert found.common == near(0.25)  # half of Rolf's card, who is one of two
    assert told(trend(*in_both(before, now))) == {
        (Cause.OPINION, "pumps", "rolf", "price"): near(10)
    }


# --- whatever the periods -------------------------------------------------------------------------

NUMBERS = st.integers(0, 100).map(float)
CARDS = st.dictionaries(
    st.sampled_from("pqr"), st.builds(Cell, st.sampled_from([0.0, 5.0, 20.0, 60.0]), NUMBERS)
)
REVENUES = st.sampled_from([0.0, 1.0, 50.0, 200.0])
SEGMENTS = st.builds(
    RatedSegment,
    st.sampled_from(["x", "y", "z"]),
    REVENUES | st.none(),
    st.dictionaries(st.sampled_from(["a", "b", "c"]), CARDS),
)
PERIODS = st.lists(SEGMENTS, max_size=3, unique_by=lambda s: s.id)


def total(period):
    """By the method's other pieces: each card's own total, their mean, the segments' mean."""
    totals = []
    for part in period:
        cards = [
            Scorecard(
                [Requirement(i, i, cell.weight) for i, cell in by.items()],
                {"us": {i: cell.rating for i, cell in by.items()}},
            ).total("us")
            for by in part.raters.values()
        ]
        known = [found for found in cards if found is not None]
        mean = math.fsum(known) / len(known) if known else None
        totals.append(SegmentTotal(part.id, part.revenue, mean))
    return combine_segments(totals).total


@given(PERIODS, PERIODS)
def test_parts_sum_to_the_change_of_the_totals(before, now):
    then, today, found = total(before), total(now), trend(before, now)
    if then is None or today is None:
        assert found is None
        return
    assert (found.before, found.now) == (near(then), near(today))
    assert math.fsum(part.points for part in found.parts) == near(today - then)
    kinds = (found.opinion, found.weights, found.mix, found.came_went)
    assert math.fsum(kinds) == near(found.points)
    assert -1e-9 <= found.common <= 1 + 1e-9
    assert len({part[:4] for part in found.parts}) == len(found.parts)


@given(PERIODS, PERIODS)
def test_backwards_each_part_has_the_other_sign(before, now):
    there, back = trend(before, now), trend(now, before)
    if there is None:
        assert back is None
        return
    mirrored = {
        (MIRRORED.get(part.cause, part.cause), *part[1:4]): near(-part.points)
        for part in there.parts
    }
    assert {part[:4]: part.points for part in back.parts} == mirrored
    assert back.common == there.common


def turned(period):
    return [
        RatedSegment(
            s.id,
            s.revenue,
            {r: dict(reversed(by.items())) for r, by in reversed(s.raters.items())},
        )
        for s in reversed(period)
    ]


@given(PERIODS, PERIODS)
def test_order_is_irrelevant(before, now):
    found, other = trend(before, now), trend(turned(before), turned(now))
    if found is None:
        assert other is None
        return
    assert {p[:4]: p.points for p in other.parts} == {p[:4]: near(p.points) for p in found.parts}


@given(PERIODS, PERIODS)
def test_like_with_like_nobody_came_or_went(before, now):
    change = like_with_like(before, now)
    kept = in_both(before, now)
    found = trend(*kept)
    assert (change is None) == (found is None)
    if change is None or found is None:
        return
    assert (change.before, change.now) == (near(found.before), near(found.now))
    assert not {part.cause for part in found.parts} & CAME_WENT
    assert found.common == near(1)
    # Everything is in it that both periods have: once more changes nothing.
    assert in_both(*kept) == kept


# --- against the definition -----------------------------------------------------------------------


def shares(period):
    """(segment, rater, requirement) to (S, 1/n, v, r) over what counts."""
    counting = {
        s.id: {r: by for r, by in s.raters.items() if sum(c.weight for c in by.values()) > 0}
        for s in period
    }
    revenues = [s.revenue for s in period]
    equal = None in revenues or not any(revenues)
    size = {s.id: 1 if equal else s.revenue for s in period if counting[s.id]}
    return {
        (s, r, i): (
            size[s] / sum(size.values()),
            1 / len(counting[s]),
            cell.weight / sum(c.weight for c in by.values()),
            cell.rating,
        )
        for s in size
        for r, by in counting[s].items()
        for i, cell in by.items()
    }


@given(PERIODS, PERIODS)
def test_opinion_is_the_formula(before, now):
    found = trend(before, now)
    if found is None:
        return
    then, today = shares(before), shares(now)
    for part in found.parts:
        if part.cause is Cause.OPINION:
            *old, rating = then[part[1:4]]
            *new, rating_now = today[part[1:4]]
            a = (math.prod(old) + math.prod(new)) / 2
            assert part.points == near(a * (rating_now - rating))
    opinions = {part[1:4] for part in found.parts if part.cause is Cause.OPINION}
    assert opinions == then.keys() & today.keys()
    assert found.common == near(
        min(math.fsum(math.prod(by[k][:3]) for k in opinions) for by in (then, today))
    )


FULL_CARD = st.fixed_dictionaries(
    {i: st.builds(Cell, st.sampled_from([5.0, 20.0, 60.0]), NUMBERS) for i in "pq"}
)


@st.composite
def same_people(draw):
    """Two periods with the same cells."""
    return [
        [
            RatedSegment(s, draw(st.sampled_from([1.0, 50.0, 200.0])), {
                r: draw(FULL_CARD) for r in raters
            })
            for s, raters in (("x", "ab"), ("y", "a"))
        ]
        for _ in range(2)
    ]  # fmt: skip


@given(same_people())
def test_weights_and_mix_share_evenly_what_both_moved(periods):
    found, (then, today) = trend(*periods), map(shares, periods)
    weights = mix = 0.0
    for place in then:
        (s0, n, v0, r0), (s1, _, v1, r1) = then[place], today[place]
        weights += (r0 + r1) / 2 * n * (s0 + s1) / 2 * (v1 - v0)
        mix += (r0 + r1) / 2 * n * (v0 + v1) / 2 * (s1 - s0)
    assert (found.weights, found.mix, found.came_went) == (near(weights), near(mix), near(0))


def own_and_held(then, today, level):
    """Of each node at a level: its share among those of both times, and that of all of these."""
    spans = {}
    for which, cells in enumerate((then, today)):
        for place, shown in cells.items():
            spans.setdefault(place[: level + 1], [None, None])[which] = shown[level]
    parents = {node[:-1] for node in spans}
    found = {}
    for parent in parents:
        inside = {n: span for n, span in spans.items() if n[:-1] == parent}
        kept = [span for span in inside.values() if None not in span]
        held = [math.fsum(span[which] for span in kept) for which in (0, 1)]
        for node, span in inside.items():
            if None in span:
                # Who came or went has no share of its own to move: it is there or not.
                found[node] = ((1.0, 1.0), tuple(value or 0.0 for value in span))
            else:
                own = [span[w] / held[w] if held[w] else None for w in (0, 1)]
                own = [next((o for o in (mine, *own) if o is not None), 0.0) for mine in own]
                found[node] = (tuple(own), tuple(held))
    return found


def shapley(then, today):
    """What each of five factors moves, by all 120 orders in which they may change."""
    places = then.keys() | today.keys()
    levels = [own_and_held(then, today, level) for level in range(3)]
    factors = {}
    for place in places:
        # A node of one time only brings along all that is in it.
        spans = []
        for level in range(3):
            node = place[: level + 1]
            outer = [n for n in (place[:1], place[:2]) if len(n) <= level]
            once = any(
                not all(any(p[: len(n)] == n for p in cells) for cells in (then, today))
                for n in outer
            )
            if once:
                value = (then.get(place) or today.get(place))[level]
                spans += [(value, value), (1.0, 1.0)]
            else:
                spans += levels[level][node]
        rating = [cells[place][3] for cells in (then, today) if place in cells]
        factors[place] = (spans, math.fsum(rating) / len(rating))

    def whole(state):
        return math.fsum(
            rating * math.prod(span[now] for span, now in zip(spans, state, strict=True))
            for spans, rating in factors.values()
        )

    names = ("mix", "segments", "none", "raters", "weights", "requirements")
    moved = dict.fromkeys(names, 0.0)
    orders = list(itertools.permutations([0, 1, 3, 4, 5]))
    states = {s: whole(s) for s in itertools.product((0, 1), repeat=6)}
    for order in orders:
        state = [0] * 6
        for factor in order:
            earlier = states[tuple(state)]
            state[factor] = 1
            moved[names[factor]] += (states[tuple(state)] - earlier) / len(orders)
    return moved


@example(BEFORE, [segment("pumps", 10, pia=ROLF), segment("valves", 1, rolf=PIA, uwe=PIA)])
@given(PERIODS, PERIODS)
def test_all_that_is_not_opinion_is_the_shapley_value(before, now):
    found = trend(before, now)
    if found is None:
        return
    moved = shapley(shares(before), shares(now))
    assert found.mix == near(moved["mix"])
    assert found.weights == near(moved["weights"])
    came = {
        "segments": (Cause.SEGMENT_CAME, Cause.SEGMENT_WENT),
        "raters": (Cause.RATER_CAME, Cause.RATER_WENT),
        "requirements": (Cause.REQUIREMENT_CAME, Cause.REQUIREMENT_WENT),
    }
    assert {name: found.sum_of(*causes) for name, causes in came.items()} == {
        name: near(moved[name]) for name in came
    }
