"""What came back since a plan was made: what is new, what is another now, what was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kamxl.core.portfolio.companion import Given, companions
from kamxl.core.records.page import (
    NOTHING,
    BenefitAnswer,
    Fit,
    Outcome,
    PageAnswers,
    ReplyPage,
    RowAnswer,
    Seen,
    StatementAnswer,
    View,
)
from kamxl.core.records.plan import OwnRating
from tests.forms.companions import (
    PAGE,
    SAID,
    companion,
    known_wish,
    plan,
    portfolio,
    replies,
    reply,
)


@pytest.mark.parametrize(
    ("then", "now", "differs"),
    [(None, None, False), (None, 3.0, True), (3.0, 3.0, False), (3.0, None, False),
     (100 / 3, 33.3333333333333, False), (3.0, 3.1, True), (0.0, None, False), (None, 0.0, True)],
)  # fmt: skip
def test_what_is_another_figure(then: Any, now: Any, differs: bool) -> None:
    """That nobody says it any more is no news; what a program rounded is the same."""
    assert Given(then, now).differs is differs


def test_requirements_with_the_plan_s_figures_beside() -> None:
    found = {one.id: one for one in companion().requirements}
    assert list(found) == ["q", "t", "p", "own1"]
    late = found["t"]
    assert (late.weight, late.rating) == (Given(35.0, 30.0), Given(55.0, 70.0))
    assert (late.requirers, late.purchasers, late.raters) == (60.0, 80.0, 2)
    assert late.gap == pytest.approx(30 * 40 / 100 / 2 + 30 * 20 / 100 / 2)
    assert [one.id for one in companion().changed] == ["q", "t"]
    assert [one.id for one in companion().new_requirements] == ["p", "own1"]
    assert [(one.id, one.label) for one in companion().own] == [("own1", "Nähe zum Werk")]


def test_figures_are_those_of_the_portfolio() -> None:
    (account,), found = portfolio().accounts, companion()
    assert found.total.total == account.total
    assert found.lead == account.lead
    assert (found.total.period, found.total.earlier) == ("2026-H1", "2025-H2")
    assert found.total.earlier_total == pytest.approx(85 * 0.5 + 70 * 0.3 + 60 * 0.2)
    (segment,) = account.segments
    assert found.segments[0].total == segment.total
    assert {one.id: one.gap for one in found.requirements} == dict(segment.gaps)


def test_an_own_requirement_of_another_text_is_not_the_plan_s() -> None:
    """ "own1" is a row of a card, and another period's card may say something else there."""
    row = OwnRating("pumps", "own1", "Verpackung", 10.0, None, 60.0)
    found = companion(made=plan(ratings=(row,))).own[0]
    assert (found.taken, found.known) == (True, False)
    assert (found.weight.then, found.rating.then) == (None, None)
    assert "own1" not in [one.id for one in companion(made=plan(ratings=(row,))).new_requirements]
    same = replace(row, label="nähe zum  WERK")
    assert companion(made=plan(ratings=(same,))).own[0].known


def test_only_one_view_is_none() -> None:
    found = companion([reply(), reply("c2")])
    assert {(one.requirers, one.purchasers) for one in found.requirements} == {(None, None)}


def test_wishes_by_id_new_ones_first() -> None:
    known = replace(known_wish(), importance=50.0, reply="Kommt")
    found = companion(made=plan(wishes=(known,)))
    assert [(one.known, one.wish.issue) for one in found.wishes] == [
        (False, "=zu viele Ansprechpartner"), (True, "Ersatzteile kommen zu spät"),
    ]  # fmt: skip
    assert found.wishes[1].importance == Given(50.0, 90.0)
    assert [one.wish.id for one in found.new_wishes] == [known_wish(1).id]


def test_what_was_said_to_the_page_is_paired_with_it() -> None:
    found = companion()
    (row,), (benefit,), (statement,), (programme,) = (
        found.rows, found.benefits, found.statements, found.programmes,
    )  # fmt: skip
    assert (row.who, row.shown.doing) == ("Person c1", "Fester Ansprechpartner für Termine")
    assert (row.said.fit, row.said.result) == (Fit.YES, Outcome.PARTLY)
    assert (benefit.shown.now, benefit.said.seen) == (25.0, Seen.CONFIRMED)
    assert (statement.said.view, statement.said.correction) == (
        View.PARTLY, "Im Norden und in Dänemark",
    )  # fmt: skip
    assert programme.said.comment == "Nach dem Umbau"
    assert [one.step.what for one in found.steps] == ["Lager besichtigen"]
    assert found.corrections == found.statements


def test_right_is_no_correction_and_what_was_not_asked_is_left_out() -> None:
    right = replace(SAID.statements[0], view=View.RIGHT, correction="")
    strange = replace(SAID, statements=(right,), rows=(RowAnswer("other", Fit.NO),))
    found = companion([reply(page=strange)])
    assert (found.corrections, found.rows, len(found.statements)) == ((), (), 1)


def test_each_person_s_latest_word_stands_and_what_it_leaves_open_goes_on() -> None:
    def paged(said: PageAnswers, day: int, **more: Any) -> Any:
        made = reply(page=said)
        on = replace(made.answers, rated_on=date(2026, 5, day))
        return replace(made, answers=on, order=replace(made.order, **more))

    right = PageAnswers(
        (RowAnswer("t", None, Outcome.SOLVED),),
        (BenefitAnswer("v1", Seen.TOO_EARLY),),
        (StatementAnswer("growth", View.RIGHT),),
    )
    first, last = paged(SAID, 1), paged(right, 9)
    found = companion([last, first])  # in whatever order they lie there
    assert [one.said for one in found.rows] == [
        RowAnswer("t", Fit.YES, Outcome.SOLVED, "Freitags fehlt noch jemand")
    ]
    assert [one.said for one in found.benefits] == [BenefitAnswer("v1", Seen.TOO_EARLY)]
    assert (found.corrections, len(found.statements), len(found.programmes)) == ((), 1, 1)
    other = replace(PAGE, rows=(replace(PAGE.rows[0], doing="Zwei Ansprechpartner"),))
    found = companion([first, paged(right, 9, page=other)])
    assert [one.said.fit for one in found.rows] == [None]  # it was said of another text
    colleague = replace(last, answers=replace(last.answers, name="Bo"))
    assert len(companion([first, colleague]).rows) == 2


def test_a_reply_without_a_page_or_of_another_account_says_nothing() -> None:
    one = reply(page=SAID)
    without = replace(one, order=replace(one.order, page=None))
    other = replace(one, order=replace(one.order, account="BETA"))
    empty = replace(one, order=replace(one.order, page=ReplyPage("", "")))
    for page in (without, other, empty):
        whole = portfolio([reply()])
        (found,) = companions(whole, [reply()], [page])
        assert [*found.rows, *found.benefits, *found.statements, *found.programmes] == []
    later = replace(one, order=replace(one.order, period="2026-H2"))
    (found,) = companions(portfolio([reply()]), [reply()], [later])
    assert not found.rows


def test_nothing_came_back() -> None:
    found = companion([])
    assert found.silent
    assert (found.requirements, found.wishes, found.total.total) == ((), (), None)
    assert not companion([reply(page=NOTHING)]).silent


def test_an_account_without_a_plan_has_none() -> None:
    whole = portfolio()
    (account,) = whole.accounts
    bare = replace(account, standing=replace(account.standing, plan=None))
    assert companions(replace(whole, accounts=(bare,)), replies(), []) == ()
