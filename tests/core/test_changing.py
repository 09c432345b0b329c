"""What changed at an account since it last answered: one cause alone gets the whole change."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kamxl.core.ids import US
from kamxl.core.method.scoring import Requirement, Scorecard
from kamxl.core.method.trend import Cause
from kamxl.core.portfolio.changing import AccountChange, Presence, Revenues
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.register import (
    Account,
    Answers,
    AskedRequirement,
    CardOrder,
    Competitor,
    ListedCompetitor,
    Register,
    Reply,
    Segment,
    Settings,
)
from tests.forms import portfolio_sample

NOW, THEN, LONG_AGO = "2026-H2", "2026-H1", "2025"
Rows = dict[str, tuple[float | None, float | None, float | None]]  # id → weight, us, rival
BOREL = Competitor("BOREL", "Borel")
ROWS: Rows = {"R1": (60.0, 80.0, 70.0), "R2": (40.0, 50.0, 90.0)}  # 68 and 78
PUMPS, VALVES = Segment("A", "P", "Pumps", 300.0), Segment("A", "V", "Valves", 100.0)


def reply(
    rows: Rows,
    who: str = "Pia",
    *,
    period: str = NOW,
    segment: str = "P",
    labels: dict[str, str] | None = None,
    contact: str = "",
) -> Reply:
    """A card of one respondent, who typed the name ``who``."""
    named = {i: (labels or {}).get(i, f"Text {i}") for i in rows}
    asked = tuple(AskedRequirement(i, text) for i, text in named.items())
    order = CardOrder(
        "A", "Account", segment, f"Segment {segment}", contact or who.upper(), who, period, "en",
        "We", asked, (BOREL,),
    )  # fmt: skip
    card = Scorecard(
        tuple(Requirement(i, named[i], weight) for i, (weight, _, _) in rows.items()),
        {US: {i: r[1] for i, r in rows.items()}, "BOREL": {i: r[2] for i, r in rows.items()}},
    )
    return Reply(f"{segment}{who}{period}.xlsx", order, Answers(card, name=who))


def assembled(
    *replies: Reply,
    segments: tuple[Segment, ...] = (PUMPS,),
    revenues: Revenues | None = None,
) -> Portfolio:
    rivals = (ListedCompetitor("", "", BOREL),)
    of = Register(Settings("We", "en", NOW), (Account("A", "Account"),), segments, (), (), rivals)
    return assemble(of, NOW, replies, [], revenues=revenues)


def change(portfolio: Portfolio) -> AccountChange:
    return portfolio.changes["A"]


def only(found: AccountChange, *causes: Cause) -> None:
    """These causes alone have the whole change."""
    assert found.trend.sum_of(*causes) == pytest.approx(found.trend.points)
    others = [p for p in found.trend.parts if p.cause not in causes]
    assert all(part.points == pytest.approx(0.0, abs=1e-9) for part in others)


# --- one cause alone -----------------------------------------------------------------------------


def test_a_rating_that_changed_is_opinion_alone() -> None:
    better: Rows = ROWS | {"R2": (40.0, 75.0, 90.0)}
    found = change(assembled(reply(ROWS, period=THEN), reply(better)))
    assert (found.since, found.period, found.points) == (THEN, NOW, pytest.approx(10.0))
    only(found, Cause.OPINION)
    assert found.moved_most == ("Text R2", pytest.approx(10.0))


def test_a_rater_whose_name_is_spelled_otherwise_is_the_same() -> None:
    full, short = "Pia Lorentz", "P. Lorentz"
    for then, now in ((full, short), (short, full), (full, "Lorentz, Pia")):
        before, after = (
            reply(ROWS, who, period=at, contact="C1") for who, at in ((then, THEN), (now, NOW))
        )
        only(change(assembled(before, after)), Cause.OPINION)
    other = reply(ROWS, "Ute Lorentz", contact="C1")
    found = change(assembled(reply(ROWS, full, period=THEN, contact="C1"), other))
    assert found.trend.common == 0


def test_other_weights_are_weights_alone() -> None:
    other: Rows = {"R1": (90.0, 80.0, 70.0), "R2": (10.0, 50.0, 90.0)}
    found = change(assembled(reply(ROWS, period=THEN), reply(other)))
    assert found.points == pytest.approx(9.0)
    only(found, Cause.WEIGHTS)


def test_a_rater_who_no_longer_answers_is_that_alone() -> None:
    severe: Rows = {"R1": (60.0, 40.0, 70.0), "R2": (40.0, 10.0, 90.0)}
    before = reply(ROWS, "Rolf", period=THEN), reply(severe, "Pia", period=THEN)
    found = change(assembled(*before, reply(ROWS, "Rolf")))
    assert found.points == pytest.approx(20.0)
    only(found, Cause.RATER_WENT)
    (part,) = (p for p in found.trend.parts if p.cause is Cause.RATER_WENT)
    assert found.raters[part.rater] == "Pia"
    assert found.presence(part) is Presence.ABSENT
    back = change(assembled(replace_period(before[1], NOW), *both("Rolf")))
    only(back, Cause.RATER_CAME)
    assert back.points == pytest.approx(-20.0)


def replace_period(of: Reply, period: str) -> Reply:
    return replace(of, order=replace(of.order, period=period))


def both(who: str, segment: str = "P", rows: Rows = ROWS) -> tuple[Reply, Reply]:
    return reply(rows, who, period=THEN, segment=segment), reply(rows, who, segment=segment)


def test_who_answered_on_less_than_half_of_her_weights_does_not_count_and_is_not_absent() -> None:
    severe: Rows = {"R1": (60.0, 40.0, 70.0), "R2": (40.0, 10.0, 90.0)}
    little: Rows = {"R1": (60.0, None, 70.0), "R2": (40.0, 10.0, 90.0)}
    found = change(assembled(*both("Rolf"), reply(severe, period=THEN), reply(little)))
    only(found, Cause.RATER_WENT)
    (part,) = (p for p in found.trend.parts if p.cause is Cause.RATER_WENT)
    assert found.presence(part) is Presence.UNCOUNTED
    # alone she counts: what she left out went
    alone = change(assembled(reply(severe, period=THEN), reply(little)))
    only(alone, Cause.REQUIREMENT_WENT)


def test_who_answered_about_another_segment_only_is_elsewhere() -> None:
    replies = [
        *both("Rolf"), *both("Rolf", "V"), *both("Pia", "V"),
        reply({"R1": (100.0, 20.0, 70.0)}, "Pia", period=THEN),
    ]  # fmt: skip
    found = change(assembled(*replies, segments=(PUMPS, VALVES)))
    (part,) = (p for p in found.trend.parts if p.cause is Cause.RATER_WENT)
    assert (part.segment, found.presence(part)) == ("p", Presence.ELSEWHERE)
    only(found, Cause.RATER_WENT)


def test_a_segment_not_answered_now_went_and_no_earlier_answer_stands_in() -> None:
    poor: Rows = {"R1": (100.0, 20.0, 50.0)}
    replies = [*both("Rolf"), reply(poor, "Rolf", segment="V", period=THEN)]
    portfolio = assembled(*replies, segments=(PUMPS, VALVES))
    found = change(portfolio)
    assert (found.trend.before, found.trend.now) == (pytest.approx(56.0), pytest.approx(68.0))
    only(found, Cause.SEGMENT_WENT)
    assert found.enough  # three quarters of the account are there both times
    assert portfolio.accounts[0].total == pytest.approx(56.0)  # marked as earlier there
    assert [point.total for point in portfolio.history] == [
        pytest.approx(56.0), pytest.approx(68.0)
    ]  # fmt: skip


def test_a_requirement_rated_for_the_first_time_came() -> None:
    more: Rows = {"R1": (60.0, 80.0, 70.0), "R2": (40.0, 50.0, 90.0), "R3": (100.0, 28.0, 1.0)}
    found = change(assembled(reply(ROWS, period=THEN), reply(more)))
    assert found.points == pytest.approx(-20.0)
    only(found, Cause.REQUIREMENT_CAME)


def test_our_revenue_is_the_mix_where_it_is_remembered_and_today_s_else() -> None:
    poor: Rows = {"R1": (100.0, 20.0, 50.0)}
    replies = [*both("Rolf"), *both("Rolf", "V", poor)]
    segments = (PUMPS, VALVES)
    still = change(assembled(*replies, segments=segments))
    assert still.trend.points == pytest.approx(0.0)
    remembered = {THEN: {("a", "p"): 100.0, ("a", "v"): 100.0}}
    found = change(assembled(*replies, segments=segments, revenues=remembered))
    assert (found.trend.before, found.trend.now) == (pytest.approx(44.0), pytest.approx(56.0))
    only(found, Cause.MIX)
    # a segment that was not there then has no revenue of then, and moves nothing
    partly = {THEN: {("a", "p"): 300.0}}
    assert change(assembled(*both("Rolf"), segments=segments, revenues=partly)).points == 0.0


@pytest.mark.parametrize("unknown", [THEN, NOW])
def test_a_revenue_that_became_known_is_no_shift_of_it(unknown: str) -> None:
    poor: Rows = {"R1": (100.0, 20.0, 50.0)}
    replies = [*both("Rolf"), *both("Rolf", "V", poor)]
    known: dict[tuple[str, str], float | None] = {("a", "p"): 10.0, ("a", "v"): 900.0}
    remembered = {THEN: known | ({("a", "p"): None} if unknown == THEN else {})}
    today = (replace(PUMPS, revenue=None), VALVES) if unknown == NOW else (PUMPS, VALVES)
    found = change(assembled(*replies, segments=today, revenues=remembered))
    assert (found.trend.mix, found.trend.points) == (0, pytest.approx(0.0))


def test_a_segment_given_up_since_counts_with_what_it_brought() -> None:
    replies = [*both("Rolf"), reply({"R1": (100.0, 20.0, 0.0)}, "Rolf", segment="V", period=THEN)]
    remembered = {THEN: {("a", "p"): 300.0, ("a", "v"): 100.0}}
    found = change(assembled(*replies, revenues=remembered))
    assert found.trend.before == pytest.approx(56.0)
    only(found, Cause.SEGMENT_WENT)


def test_a_customer_s_own_requirement_is_the_same_if_its_text_is() -> None:
    rows: Rows = {"R1": (50.0, 50.0, 50.0), "own1": (50.0, 50.0, 50.0)}
    moved: Rows = {"R1": (50.0, 50.0, 50.0), "own3": (50.0, 70.0, 50.0)}
    before = reply(rows, period=THEN, labels={"own1": "Noise"})
    found = change(assembled(before, reply(moved, labels={"own3": "noise "})))
    only(found, Cause.OPINION)
    other = change(assembled(before, reply(moved, labels={"own3": "Colour"})))
    assert other.trend.opinion == 0
    assert {Cause.REQUIREMENT_CAME, Cause.REQUIREMENT_WENT} < {p.cause for p in other.trend.parts}


def test_one_id_may_mean_two_things_in_two_segments() -> None:
    replies = []
    for segment, text, rating in (("P", "Price", 60.0), ("V", "Noise", 58.0)):
        for period, points in ((THEN, 50.0), (NOW, rating)):
            rows: Rows = {"R1": (100.0, points, None)}
            replies.append(
                reply(rows, period=period, segment=segment, labels={"R1": text})
            )  # fmt: skip
    found = change(assembled(*replies, segments=(PUMPS, replace(VALVES, revenue=300.0))))
    assert found.moved_most == ("Price", pytest.approx(5.0))


# --- which periods, and what they rest on --------------------------------------------------------


def test_without_an_answer_now_or_before_there_is_no_change() -> None:
    assert assembled(reply(ROWS)).changes == {}
    assert assembled(reply(ROWS, period=LONG_AGO), reply(ROWS, period=THEN)).changes == {}
    blank: Rows = {"R1": (100.0, None, None)}
    assert assembled(reply(ROWS, period=THEN), reply(blank)).changes == {}
    # a period without a total is passed over
    replies = [reply(ROWS, period=LONG_AGO), reply(blank, period=THEN), reply(ROWS)]
    assert change(assembled(*replies)).since == LONG_AGO


def test_below_the_line_nothing_is_told() -> None:
    strangers = change(assembled(reply(ROWS, "Rolf", period=THEN), reply(ROWS, "Uwe")))
    assert (strangers.trend.common, strangers.points) == (0, None)
    small = (PUMPS, replace(VALVES, revenue=10.0))
    found = change(assembled(*both("Rolf", "V"), segments=small))
    assert found.trend.common == pytest.approx(1.0)
    assert found.covered == pytest.approx(10 / 310)
    assert found.points is None


def test_the_best_competitor_stands_beside_like_with_like() -> None:
    now: Rows = {"R1": (60.0, 80.0, 80.0), "R2": (40.0, 50.0, 90.0)}
    rival = change(assembled(reply(ROWS, period=THEN), reply(now))).rival
    assert rival is not None
    assert (rival.id, rival.name, rival.points) == ("BOREL", "Borel", pytest.approx(6.0))
    assert (rival.basis.raters, rival.basis.of) == (1, 1)
    # a second rater, who does not compare, changes neither and is counted
    silent: Rows = {i: (w, us, None) for i, (w, us, _) in ROWS.items()}
    two = change(assembled(reply(ROWS, period=THEN), reply(now), *both("Uwe", rows=silent))).rival
    assert two is not None
    assert (two.points, two.basis.raters, two.basis.of) == (pytest.approx(6.0), 1, 2)


def test_a_rival_rated_both_times_on_little_of_the_account_is_not_told() -> None:
    alone: Rows = {i: (w, us, None) for i, (w, us, _) in ROWS.items()}
    replies = [*both("Rolf", rows=alone), *both("Rolf", "V")]
    found = change(assembled(*replies, segments=(PUMPS, VALVES))).rival
    assert found is not None
    assert (found.basis.revenue, found.points) == (0.25, None)


# --- whatever the answers ------------------------------------------------------------------------


def test_parts_sum_and_agree_with_the_points_of_the_sample() -> None:
    portfolio = portfolio_sample.full()
    points = {(p.account, p.period): p.total for p in portfolio.history}
    assert len(portfolio.changes) > 8
    for account, found in portfolio.changes.items():
        before, now = points[account, found.since], points[account, found.period]
        assert (found.trend.before, found.trend.now) == (pytest.approx(before), pytest.approx(now))
        parts = math.fsum(part.points for part in found.trend.parts)
        assert parts == pytest.approx(now - before, abs=1e-9)
    whole = {a.id: a for a in portfolio.accounts if not a.earlier}
    for account, found in portfolio.changes.items():
        if account in whole:
            assert found.trend.now == pytest.approx(whole[account].total)


POINTS = st.integers(0, 100).map(float) | st.none()
WEIGHTS = st.sampled_from([0.0, 10.0, 45.0]) | st.none()
CARDS = st.dictionaries(
    st.sampled_from(["R1", "R2", "own1"]), st.tuples(WEIGHTS, POINTS, POINTS), min_size=1
)
REPLIES = st.lists(
    st.builds(
        lambda rows, who, period, segment: reply(rows, who, period=period, segment=segment),
        CARDS,
        st.sampled_from(["Pia", "Rolf", "Uwe"]),
        st.sampled_from([NOW, THEN, LONG_AGO]),
        st.sampled_from(["P", "V", "GONE"]),
    ),
    max_size=9,
    unique_by=lambda made: made.source,
)


@settings(max_examples=25)
@given(REPLIES, st.integers(0, 99))
def test_any_answers_give_parts_that_sum_in_any_order(replies: list[Reply], seed: int) -> None:
    portfolio = assembled(*replies, segments=(PUMPS, VALVES))
    shuffled = list(replies)
    random.Random(seed).shuffle(shuffled)  # noqa: S311
    again = assembled(*shuffled, segments=(PUMPS, VALVES))
    assert again.changes == portfolio.changes
    assert again.history == portfolio.history
    for found in portfolio.changes.values():
        parts = math.fsum(part.points for part in found.trend.parts)
        assert parts == pytest.approx(found.trend.points, abs=1e-9)
        totals = {point.period: point.total for point in portfolio.history}
        assert found.trend.points == pytest.approx(totals[NOW] - totals[found.since], abs=1e-9)
