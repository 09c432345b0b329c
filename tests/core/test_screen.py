"""The manager's screen: what it counts, and that it says no more than it knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.finding import Fate, finding
from kamxl.core.method.basis import Basis
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.chasing import Chase, Reached
from kamxl.core.portfolio.screen import (
    FIGURES,
    SQUARES,
    Screen,
    Why,
    monday_of,
    screen_of,
    squares_of,
)
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.register import FileResult
from tests.forms import portfolio_sample as sample


@pytest.fixture(scope="module")
def full() -> Portfolio:
    return sample.full()


@pytest.fixture(scope="module")
def screen(full: Portfolio) -> Screen:
    return screen_of(full, "en")


def test_with_whom_counts_the_focus_list(full: Portfolio, screen: Screen) -> None:
    assert full.selection is not None
    focus = {one.candidate.account for one in full.selection.on(AccountList.FOCUS)}
    assert {row.account.id for row in screen.rows} == focus
    assert screen.whom.focus == len(focus) == 7
    planned = [row.account for row in screen.rows if row.account.standing.plan]
    assert screen.whom.unplanned == len(focus) - len(planned)
    active = [a for a in planned if (s := a.standing.programmes) is not None and s.active]
    assert screen.whom.selling == len(planned) - len(active)
    revenues = [row.revenue or 0.0 for row in screen.rows]
    assert revenues == sorted(revenues, reverse=True)


def test_the_figures_are_those_of_the_accounts(full: Portfolio, screen: Screen) -> None:
    assert tuple(one.key for one in screen.figures) == FIGURES
    leads = [a.counted_lead for a in full.accounts if a.counted_lead is not None]
    lead = screen.figure("mean_lead")
    assert lead.value == pytest.approx(sum(leads) / len(leads))
    assert sum(screen.figure("ahead_behind").parts) == lead.n == len(leads)
    then = {p.account: p for p in full.history if p.period == screen.since}
    moved = [a.counted - was for a in full.accounts if a.counted is not None
             and a.id in then and (was := then[a.id].counted) is not None]  # fmt: skip
    total = screen.figure("mean_total")
    assert (total.change, total.common) == (pytest.approx(sum(moved) / len(moved)), len(moved))
    assert sum(screen.figure("ahead_behind").before) > 0


def test_what_an_earlier_answer_stood_in_for_then_moves_no_figure(full: Portfolio) -> None:
    """It was in no mean of its period, so it is in no change of one."""
    since = screen_of(full, "en").since
    held = tuple(replace(p, earlier=True) if p.period == since else p for p in full.history)
    found = screen_of(replace(full, history=held), "en")
    for key in ("mean_total", "mean_lead", "ahead_behind"):
        before, after = screen_of(full, "en").figure(key), found.figure(key)
        assert (before.common > 0, after.common, after.change) == (True, 0, None)
        assert after.value == before.value


def test_nothing_is_known_before_anybody_answers() -> None:
    found = screen_of(sample.empty(), "de")
    assert (found.what, found.rows, found.since) == (None, (), None)
    assert found.monday.nothing
    assert not found.whom.chosen
    assert [one.value for one in found.figures] == [0.0, None, None, None, None]


def test_without_a_focus_list_who_has_most_to_say_comes_first() -> None:
    found = screen_of(sample.unchosen(), "de")
    assert not found.focused
    said = [row.concerns for row in found.rows]
    assert said == sorted(said, reverse=True)
    assert all(row.account.answered for row in found.rows)


def test_the_cause_is_the_largest_part_that_goes_its_way(screen: Screen) -> None:
    told = [row for row in screen.rows if row.change is not None and row.moved.points is not None]
    assert told
    for row in told:
        assert row.change is not None
        assert row.moved.points == row.change.points
        parts = row.change.trend
        sums = {Why.OPINION: parts.opinion, Why.WEIGHTS: parts.weights, Why.MIX: parts.mix}
        way = 1 if row.moved.up else -1
        if row.moved.why in sums:
            assert way * sums[row.moved.why] == pytest.approx(max(way * s for s in sums.values()))
        assert row.moved.requirement == "" or row.moved.why is Why.OPINION
    few = [row.moved for row in screen.rows if row.moved.why in (Why.FEW, Why.NEVER)]
    assert all(moved.up is None for moved in few)


def card(reached: Reached, due: date | None) -> Chase:
    return Chase("M", "A", "A", "S", "S", "P", "P", "p@example.com", due, reached)


def test_monday_counts_who_is_late_and_whose_mail_came_back(full: Portfolio) -> None:
    day, early, late = date(2026, 11, 2), date(2026, 11, 30), date(2026, 10, 1)
    cards = (
        card(Reached.OPEN, late), card(Reached.OPEN, early), card(Reached.OPEN, None),
        card(Reached.UNDELIVERED, early), card(Reached.ANSWERED, late), card(Reached.LEFT, late),
    )  # fmt: skip
    doubt = (finding("scale-doubt"),)
    files = (
        FileResult("a", "a", "scorecard", Fate.ATTENTION, findings=doubt),
        FileResult("b", "b", "scorecard", Fate.SUPERSEDED, findings=doubt),
        FileResult("c", "c", "unknown", Fate.ATTENTION),
    )
    found = monday_of(replace(full, chase=cards, files=files, as_of=day))
    assert (found.call, found.decide) == (2, 1)
    assert monday_of(replace(full, chase=cards, files=(), as_of=None)).call == 1


@given(st.floats(0, 1), st.integers(0, 3))
def test_squares_reach_the_line_and_all_five_only_with_the_basis(share: float, raters: int) -> None:
    basis = Basis(raters, max(raters, 1), share if raters else 0.0)
    found = squares_of(basis)
    assert 0 <= found <= SQUARES
    assert (found >= 3) == basis.enough
    assert (found == SQUARES) == (basis.enough and basis.whole)
    assert abs(found - SQUARES * basis.weights) <= 1
