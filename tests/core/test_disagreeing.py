"""Where several people see us differently: ranges, who says what, until an action names it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kamxl.core.method.basis import Basis
from kamxl.core.method.position import LEVEL, PER_POINT
from kamxl.core.method.programmes import Action
from kamxl.core.portfolio.ahead import Ahead, ahead
from kamxl.core.portfolio.disagreeing import disagreements, voices
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.plan import AccountPlan, OwnRating
from kamxl.core.records.register import Reply, Segment
from kamxl.core.roles import Role
from tests.core.test_portfolio import BEFORE, NOW, ONE, Rows, account, register, reply

WHO = {
    "P": (90.0, "Production", Role.REQUIRER),
    "Q": (70.0, "Quality", Role.REQUIRER),
    "E": (30.0, "Purchasing", Role.PURCHASER),
}


def said(respondent: str, *, period: str = NOW, segment: str = "S") -> Reply:
    rating, function, role = WHO[respondent]
    rows: Rows = {"R1": (60.0, rating, 50.0), "R2": (40.0, 80.0, 50.0)}
    made = reply(rows, respondent=respondent, period=period, segment=segment)
    return replace(made, answers=replace(made.answers, function=function, role=role))


def portfolio(*replies: Reply, plans: tuple[AccountPlan, ...] = ()) -> Portfolio:
    return assemble(register(ONE), NOW, replies, [], plans)


def test_a_disagreement_says_who_says_what_and_mixes_nothing() -> None:
    plan = AccountPlan("W", "A", NOW, "en", ratings=(OwnRating("S", "R1", rating=95.0),))
    (found,) = disagreements(portfolio(*map(said, WHO), plans=(plan,)))
    spoken = found.spoken
    assert (found.account.id, found.segment.id, spoken.requirement) == ("A", "S", "R1")
    assert (spoken.seen.n, spoken.seen.low, spoken.seen.high) == (3, 30, 90)
    assert (spoken.requirers, spoken.purchasers, spoken.ours) == (80, 30, 95)
    assert [(one.function, one.rating) for one in spoken.says] == [
        ("Purchasing", 30), ("Quality", 70), ("Production", 90),
    ]  # fmt: skip
    assert found.open
    assert found.owner == found.account.manager


def test_all_that_several_rated_is_shown_the_widest_range_first() -> None:
    (found,) = voices(portfolio(*map(said, WHO)))
    assert [(row.requirement, row.seen.range) for row in found.rows] == [("R1", 60), ("R2", 0)]


def test_one_person_is_no_range() -> None:
    assert voices(portfolio(said("P"))) == ()
    assert disagreements(portfolio(said("P"))) == ()


@pytest.mark.parametrize(("action", "is_open"), [
    (Action("M1", "Ask both", requirement="r1", segment="S", owner="Kim"), False),
    (Action("M1", "Ask both", requirement="R1", owner="Kim"), False),
    (Action("M1", "Ask both", requirement="R2", segment="S", owner="Kim"), True),
    (Action("M1", "Ask both", requirement="R1", segment="T", owner="Kim"), True),
])  # fmt: skip
def test_an_action_that_names_the_requirement_closes_it(action: Action, is_open: bool) -> None:
    plan = AccountPlan("W", "A", NOW, "en", actions=(action,))
    (found,) = disagreements(portfolio(*map(said, WHO), plans=(plan,)))
    assert found.open is is_open
    assert (found.owner == "Kim") is not is_open


def test_the_threshold_is_the_team_s() -> None:
    of = register(ONE)
    wide = replace(of, settings=replace(of.settings, disagreement=60.0))
    assert disagreements(assemble(wide, NOW, list(map(said, WHO)), [])) == ()
    narrow = replace(of, settings=replace(of.settings, disagreement=59.0))
    assert len(disagreements(assemble(narrow, NOW, list(map(said, WHO)), []))) == 1


# --- where it stood before -----------------------------------------------------------------------

THEN: Rows = {"R1": (100.0, 60.0, 50.0)}
TODAY: Rows = {"R1": (100.0, 60.0, 70.0)}


def test_the_place_before_is_the_last_answer_s() -> None:
    replies = [reply({"R1": (100.0, 0.0, 50.0)}, period="2025-H2"), reply(THEN, period=BEFORE),
               reply(TODAY)]  # fmt: skip
    made = assemble(register(ONE), NOW, replies, [])
    before = made.before(account(made))
    assert before is not None
    assert before.period == BEFORE
    assert before.lead.points == pytest.approx(10)
    assert before.lead.basis == Basis(1, 1, 1, 1)
    assert before.relative == pytest.approx(LEVEL + 10 * PER_POINT)


@pytest.mark.parametrize("replies", [
    [reply(TODAY)],  # a first answer
    [reply(THEN, period=BEFORE)],  # shows an earlier one
    [reply({"R1": (100.0, 60.0, None)}, period=BEFORE), reply(TODAY)],  # not compared then
    [reply({"R1": (40.0, 60.0, 50.0), "R2": (60.0, 60.0, None)}, period=BEFORE), reply(TODAY)],
])  # fmt: skip
def test_no_place_before_where_nothing_can_be_held_against_it(replies: list[Reply]) -> None:
    made = assemble(register(ONE), NOW, replies, [])
    assert made.before(account(made)) is None


def test_an_earlier_lead_rests_on_the_segments_answered_then() -> None:
    """The larger segment was not asked then: nothing is said of the account."""
    segments = register(Segment("A", "S", "Small", 20.0), Segment("A", "L", "Large", 80.0))
    replies = [reply(THEN, period=BEFORE), reply(TODAY), reply(TODAY, segment="L")]
    made = assemble(segments, NOW, replies, [])
    assert made.before(account(made)) is None
    assert made.history[0].lead.unjudged == pytest.approx(10)
    assert not made.history[0].lead.basis.enough


def test_at_how_many_accounts_we_are_ahead() -> None:
    segments = [Segment(i, "S", "Segment S", 1.0) for i in "ABC"]
    replies = [reply(THEN, account="A"), reply(TODAY, account="B"),
               reply(THEN, account="C", period=BEFORE)]  # fmt: skip
    assert ahead(assemble(register(*segments), NOW, replies, [])) == Ahead(False, 1, 2)
    assert ahead(assemble(register(*segments), NOW, [], [])) == Ahead(False, 0, 0)
