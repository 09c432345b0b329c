"""An account beside all others: against a second reckoning, and what may not be said."""

from __future__ import annotations

import math

import pytest
from hypothesis import given as given_some
from hypothesis import strategies as st

from kamxl.core.ids import US, same_id
from kamxl.core.portfolio.benchmark import LEAST, _partials, benchmarks
from kamxl.core.portfolio.topics import topics
from kamxl.core.portfolio.whole import Portfolio
from tests.core.test_changing import THEN, Rows
from tests.core.test_waterfall import assembled, given
from tests.forms import portfolio_sample


def rated(first: float, second: float) -> Rows:
    return {"R1": (60.0, first, None), "R2": (40.0, second, None)}


def test_an_account_is_held_against_the_mean_of_the_others() -> None:
    portfolio = assembled(
        given("A", rated(90, 50)), given("B", rated(60, 50)),
        given("C", rated(70, 60)), given("D", rated(80, 70)),
    )  # fmt: skip
    found = benchmarks(portfolio.accounts, "en")
    line = found.accounts["A"]
    assert [(r.own, r.others, r.n, r.weight) for r in line.requirements] == [
        (90.0, 70.0, 3, 60.0),
        (50.0, 60.0, 3, 40.0),
    ]
    assert (line.own, line.others, line.difference) == (74.0, 66.0, pytest.approx(8.0))
    assert (line.weights, line.enough, line.n) == (1.0, True, 3)
    assert found.requirements[0] == ("Text R1", 4, 75.0)


def test_fewer_than_three_others_would_tell_who_it_was() -> None:
    three = [given(name, rated(50, 50)) for name in "ABC"]
    assert not benchmarks(assembled(*three).accounts, "en").accounts
    before = given("D", rated(50, 50), THEN)  # an answer from before is no other account
    assert not benchmarks(assembled(*three, before).accounts, "en").accounts
    blank = given("D", {"R1": (60.0, None, None), "R2": (40.0, 50.0, None)})
    found = benchmarks(assembled(*three, blank).accounts, "en").accounts
    assert [r.requirement for r in found["A"].requirements] == ["Text R2"]
    assert (found["A"].weights, found["A"].enough) == (0.4, False)  # under half: no verdict


def test_what_nobody_weighs_is_compared_and_weighs_nothing() -> None:
    rows: Rows = {"R1": (None, 60.0, None), "R2": (100.0, 50.0, None)}
    found = benchmarks(assembled(*(given(n, rows) for n in "ABCD")).accounts, "en").accounts["A"]
    assert [r.weight for r in found.requirements] in ([None, 100.0], [0.0, 100.0])
    assert found.own == 50.0


def test_all_of_it_against_a_second_reckoning() -> None:
    portfolio = portfolio_sample.full()
    found = benchmarks(portfolio.accounts, "de")
    ratings = _ratings(portfolio)
    seen = 0
    for account, line in found.accounts.items():
        for one in line.requirements:
            of = ratings[one.requirement]
            others = [rating for other, rating in of.items() if other != same_id(account)]
            assert len(others) == one.n >= LEAST
            assert one.own == pytest.approx(of[same_id(account)])
            assert one.others == pytest.approx(sum(others) / len(others))
            seen += 1
        assert 0 < line.weights <= 1
    assert seen == sum(len(of) for of in ratings.values() if len(of) > LEAST) > 40


def _ratings(portfolio: Portfolio) -> dict[str, dict[str, float]]:
    """Requirement to account to rating: revenue by revenue, out of the segments' profiles."""
    fresh = [s for a in portfolio.accounts for s in a.fresh]
    found: dict[str, dict[str, float]] = {}
    for topic in topics(fresh, "de"):
        sums: dict[str, tuple[float, float]] = {}
        for segment, requirement in topic.members:
            rating = segment.profile.rating(US, requirement) if segment.profile else None
            if rating is not None:
                total, shares = sums.get(same_id(segment.account), (0.0, 0.0))
                share = segment.share or 0.0
                sums[same_id(segment.account)] = (total + share * rating, shares + share)
        found[topic.label] = {a: total / shares for a, (total, shares) in sums.items()}
    return found


@given_some(st.lists(st.floats(0, 100) | st.sampled_from((0.1, 1e-300, 33.33)), min_size=2))
def test_the_sum_of_all_others_is_told_to_the_last_bit(ratings) -> None:
    partials = _partials(ratings)
    for at, own in enumerate(ratings):
        others = ratings[:at] + ratings[at + 1 :]
        assert math.fsum((*partials, -own)) == math.fsum(others)
