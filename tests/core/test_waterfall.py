"""The bars from last time's total to today's: they sum exactly, of one account and of all."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from kamxl.core.method.trend import CAME_WENT
from kamxl.core.portfolio.waterfall import CAUSES, Bar, in_means, overall, waterfall_of
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.register import Account, Register, Reply, Segment, Settings
from tests.core.test_changing import NOW, THEN, Rows, reply
from tests.forms import portfolio_sample

LOW: Rows = {"R1": (50.0, 60.0, None), "R2": (50.0, 40.0, None)}  # 50
HIGH: Rows = {"R1": (50.0, 80.0, None), "R2": (50.0, 40.0, None)}  # 60: R1 rated better
OTHER: Rows = {"R3": (50.0, 90.0, None), "R4": (50.0, 90.0, None)}  # 90, of nothing that LOW has


def given(account: str, rows: Rows, period: str = NOW, segment: str = "P") -> Reply:
    one = reply(rows, period=period, segment=segment)
    return replace(one, order=replace(one.order, account=account, account_name=account))


def assembled(*replies: Reply, period: str = NOW, more: tuple[Segment, ...] = ()) -> Portfolio:
    ids = sorted({one.order.account for one in replies})
    register = Register(
        Settings("We", "en", NOW),
        tuple(Account(i, i) for i in ids),
        (*(Segment(i, "P", "Pumps", 100.0) for i in ids), *more),
        (),
        (),
        (),
    )
    return assemble(register, period, replies, [])


def test_every_cause_is_in_one_bar() -> None:
    causes = [cause for bar in CAUSES.values() for cause in bar]
    assert len(causes) == len(set(causes))
    assert set(causes) > CAME_WENT
    assert list(CAUSES) == list(Bar)[:-1]


def test_the_bars_of_each_account_and_of_all_sum_exactly_on_much_data() -> None:
    portfolio = portfolio_sample.full()
    whole = overall(portfolio)
    assert whole is not None
    found = [waterfall_of(change) for change in portfolio.changes.values()]
    assert len(found) > 8
    for one in (*found, whole, whole.alike):
        assert one.start + math.fsum(one.bars.values()) == pytest.approx(one.end, abs=1e-9)
    counted = [a.counted for a in portfolio.accounts if a.counted is not None]
    assert whole.end == pytest.approx(math.fsum(counted) / len(counted), abs=1e-9)


def test_a_start_is_what_the_headline_said_then() -> None:
    """Of the portfolio as it was made in the period before, out of the same answers."""
    full = portfolio_sample.full()
    whole = overall(full)
    register = portfolio_sample.register()
    then = assemble(register, portfolio_sample.EARLIER, portfolio_sample.replies(register), [])
    counted = [a.counted for a in then.accounts if a.counted is not None]
    assert whole is not None
    assert whole.start == pytest.approx(math.fsum(counted) / len(counted), abs=1e-9)


def test_the_like_have_the_causes_and_the_others_a_bar_of_their_own() -> None:
    found = overall(
        assembled(
            given("A", LOW, THEN), given("A", HIGH),
            given("B", LOW, THEN), given("B", LOW),
            given("WENT", {"R1": (100.0, 20.0, None)}, THEN),
            given("CAME", {"R1": (100.0, 90.0, None)}),
        )
    )  # fmt: skip
    assert found is not None
    assert (found.start, found.end) == (40.0, pytest.approx(200 / 3))
    assert found.bars[Bar.OPINION] == pytest.approx(5.0)  # 10 at A, 0 at B
    assert found.bars[Bar.ACCOUNTS] == pytest.approx(200 / 3 - 40 - 5)
    assert all(found.bars[b] == 0 for b in (Bar.WEIGHTS, Bar.MIX, Bar.RATERS, Bar.SEGMENTS))
    assert (found.accounts, found.of, found.common) == (2, 4, pytest.approx(2 / 3))
    assert found.firm
    assert found.most == ("Text R1", pytest.approx(5.0))
    assert (found.alike.start, found.alike.end) == (50.0, 55.0)
    assert Bar.ACCOUNTS not in found.alike.bars


def test_who_cannot_be_compared_is_in_no_cause_and_few_say_nothing_of_all() -> None:
    replies = [given("A", LOW, THEN), given("A", HIGH), given("B", LOW, THEN), given("B", OTHER)]
    found = overall(assembled(*replies))
    assert found is not None
    assert (found.accounts, found.of, found.common, found.firm) == (1, 2, 0.5, True)
    assert found.bars[Bar.OPINION] == pytest.approx(10.0)
    assert found.bars[Bar.ACCOUNTS] == pytest.approx(75 - 50 - 10)
    few = overall(assembled(*replies, given("C", HIGH)))
    assert few is not None
    assert (few.common, few.firm, few.alike.firm) == (pytest.approx(1 / 3), False, True)
    assert overall(assembled(given("B", LOW, THEN), given("B", OTHER))) is None
    assert overall(assembled(given("A", LOW))) is None  # one period


def test_an_answer_that_stands_in_is_in_no_mean_then_either() -> None:
    second = (Segment("A", "V", "Valves", 100.0),)
    replies = [
        given("A", LOW, "2025"), given("A", LOW, "2025", "V"),
        given("A", LOW, THEN), given("A", HIGH), given("A", HIGH, segment="V"),
        given("B", LOW, THEN), given("B", LOW),
    ]  # fmt: skip
    portfolio = assembled(*replies, more=second)
    then = {p.account: (p.counted, p.in_mean) for p in portfolio.history if p.period == THEN}
    assert then == {"A": (50.0, None), "B": (50.0, 50.0)}
    assert {one.account.id: one.change is not None for one in in_means(portfolio)} == {
        "A": False,
        "B": True,
    }
