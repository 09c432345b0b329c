"""What selection and plan say of an account, and how a portfolio takes plans in."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from kamxl.core.method.breadth import DEFAULT_FUNCTIONS
from kamxl.core.method.ladder import SupplierStatus
from kamxl.core.method.programmes import Action, ActionState, Effect, ProgrammeState
from kamxl.core.method.selection import Answer, Candidate
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.standing import WhiteSpot, plan_wishes, wish_id
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.plan import (
    AccountPlan,
    ContactCare,
    DiscoveryAnswer,
    Idea,
    Lever,
    OwnRating,
    PlanFunction,
    PlanIndicator,
    PlanProgramme,
    Returns,
)
from kamxl.core.records.register import Contact, Register, Reply, Segment, Wish
from kamxl.core.roles import Role
from tests.core.test_portfolio import BEFORE, LATER, NOW, ONE, ROWS, account, register, reply

DAY = date(2026, 11, 2)
YES = dict.fromkeys(("potential", "growing", "willing"), Answer.YES)
GOOD = dict.fromkeys(
    ("revenue", "philosophy", "base_load", "potential", "return", "openness", "barriers"), 80.0
)


def plan(of: str = "A", period: str = NOW, **fields: object) -> AccountPlan:
    return replace(AccountPlan("w", of, period, "en", f"Account {of}"), **fields)  # type: ignore[arg-type]


def chosen(ratings: dict[str, float | None] | None = None) -> Register:
    candidate = Candidate("A", "", GOOD if ratings is None else ratings, YES)
    return replace(register(ONE), candidates=(candidate,))


def made(
    *plans: AccountPlan, of: Register | None = None, replies: tuple[Reply, ...] = ()
) -> AccountResult:
    found = assemble(of or register(ONE), NOW, replies, (), plans, DAY)
    return account(found)


# --- which plan ----------------------------------------------------------------------------------


def test_without_plan_and_selection_everything_of_them_is_unknown() -> None:
    standing = made().standing
    assert (standing.plan, standing.ladder, standing.breadth, standing.programmes) == (None,) * 4
    assert (standing.overdue, standing.white_spots, standing.views) == ((), (), ())
    assert standing.selected is not None
    assert standing.selected.score is None
    assert not standing.placed


def test_the_latest_plan_up_to_the_period_counts_and_an_earlier_one_is_marked() -> None:
    plans = [plan(period="2025"), plan(period=BEFORE), plan(period=LATER)]
    standing = made(*plans).standing
    assert standing.plan is not None
    assert (standing.plan.period, standing.plan_earlier) == (BEFORE, True)
    current = made(*plans, plan(period=NOW)).standing
    assert current.plan is not None
    assert (current.plan.period, current.plan_earlier) == (NOW, False)


def test_the_order_of_plans_does_not_matter() -> None:
    plans = [plan(period=p, actions=(Action("a", p),)) for p in ("2025", BEFORE, NOW)]
    plans.append(plan(period=NOW, actions=(Action("a", "another"),)))  # the same period twice
    first = made(*plans)
    for seed in range(5):
        random.Random(seed).shuffle(plans)  # noqa: S311
        assert made(*plans) == first


def test_a_plan_without_an_account_in_the_register_is_kept_and_said() -> None:
    portfolio = assemble(register(ONE), NOW, (), (), [plan("GONE"), plan("a")], DAY)
    assert [a.id for a in portfolio.accounts] == ["A", "GONE"]
    gone = account(portfolio, "GONE")
    assert (gone.name, gone.in_register, gone.total) == ("Account GONE", False, None)
    found = [(f.code, f.value, dict(f.details)["only_plan"]) for f in portfolio.findings]
    assert found == [("account-not-in-register", "GONE", "yes")]


def test_one_account_gone_with_a_reply_and_a_plan_is_one_finding() -> None:
    portfolio = assemble(register(ONE), NOW, [reply(ROWS, account="GONE")], (), [plan("gone")], DAY)
    assert [f.value for f in portfolio.findings] == ["GONE"]
    assert account(portfolio, "GONE").standing.plan is not None


def test_a_blocked_account_s_plan_is_no_stranger() -> None:
    of = replace(register(ONE), accounts=(), blocked=frozenset({"a"}))
    assert assemble(of, NOW, (), (), [plan()], DAY).findings == ()


# --- figures -------------------------------------------------------------------------------------


def test_the_five_measures_come_from_replies_and_plan() -> None:
    own = plan(
        returns=Returns(200.0, 100.0, 90.0, 100.0, 88.0, 4.0),
        levers=(Lever("v", "less", amount=50.0, agreed=True), Lever("w", "x", amount=9.0)),
    )
    two = register(ONE, Segment("A", "T", "T", 100.0))
    position = made(own, of=two, replies=(reply(ROWS),)).standing.position
    assert position.requirements_known == pytest.approx(50.0)
    assert position.fulfilment == pytest.approx(68.0)
    assert position.relative == pytest.approx(50 - 2.5 * 10)
    assert position.customer_return == pytest.approx(25.0)
    assert position.own_return == pytest.approx(75.0)  # margin 12 after 10, target 4
    assert position.known == 5
    assert made(of=two, replies=(reply(ROWS),)).standing.position.known == 3


def test_requirements_known_is_the_revenue_share_of_the_completed_profiles() -> None:
    two = register(ONE, Segment("A", "T", "T", 300.0))
    position = made(of=two, replies=(reply(ROWS),)).standing.position
    assert (position.completed, position.segments, position.requirements_known) == (1, 2, 25.0)
    assert made(of=two).standing.position.requirements_known is None
    half = reply({"R1": (60.0, 80.0, None), "R2": (None, 50.0, None)})
    assert made(replies=(half,)).standing.position.requirements_known == 0


def test_an_incomplete_profile_is_not_known() -> None:
    half = reply({"R1": (60.0, 80.0, None), "R2": (None, 50.0, None)})
    off = reply({"R1": (60.0, 80.0, None), "R2": (30.0, 50.0, None)})
    for one in (half, off):
        assert made(replies=(one,)).standing.position.completed == 0


def test_ladder_breadth_and_programmes_are_the_plan_s() -> None:
    own = plan(
        indicators=(PlanIndicator("i", SupplierStatus.REGULAR, True),),
        functions=tuple(PlanFunction(f.id, f.revenue_responsible) for f in DEFAULT_FUNCTIONS),
        contacts=(ContactCare("c", function="Sales", role=Role.REQUIRER, rhythm="weekly",
                              counterpart="J"),),
        programmes=(PlanProgramme("p", "P", ProgrammeState.RUNNING, 50.0,
                                  effects=(Effect(2027, 10.0, 4.0),)),),
    )  # fmt: skip
    standing = made(own).standing
    assert standing.ladder is not None
    assert standing.ladder.status is SupplierStatus.REGULAR
    assert standing.breadth is not None
    assert standing.breadth.covered == ("sales",)
    assert standing.programmes is not None
    assert standing.programmes.active == 1
    assert standing.programmes.expected.revenue.value == pytest.approx(5.0)
    assert standing.programmes.expected.profit.value == pytest.approx(2.0)


def test_the_records_of_a_plan_know_their_account() -> None:
    own = plan(
        "a", actions=(Action("x", "t"),), programmes=(PlanProgramme("p", "P", ProgrammeState.IDEA),)
    )
    standing = made(own).standing
    assert [a.account for a in standing.actions] == ["A"]
    assert standing.plan is not None
    assert [p.account for p in standing.plan.programmes] == ["A"]


def test_overdue_by_the_day_of_the_portfolio_else_by_the_latest_plan_s() -> None:
    actions = (
        Action("late", "t", due=date(2026, 10, 1)),
        Action("today", "t", due=DAY),
        Action("done", "t", due=date(2026, 1, 1), state=ActionState.DONE),
        Action("later", "t", due=date(2026, 9, 1)),
    )
    own = plan(actions=actions, as_of=date(2026, 9, 15))
    assert [a.id for a in made(own).standing.overdue] == ["later", "late"]
    undated = assemble(register(ONE), NOW, (), (), [own])
    assert undated.as_of == date(2026, 9, 15)
    assert [a.id for a in account(undated).standing.overdue] == ["later"]
    unknown = assemble(register(ONE), NOW, (), (), [replace(own, as_of=None)])
    assert unknown.as_of is None
    assert account(unknown).standing.overdue == ()


# --- white spots ---------------------------------------------------------------------------------


def test_a_focus_account_without_a_plan_has_every_white_spot() -> None:
    spots = made(of=chosen(), replies=(reply(ROWS),)).standing.white_spots
    assert spots == tuple(WhiteSpot)


def test_an_account_that_is_only_served_owes_us_no_plan() -> None:
    assert (
        made(of=chosen(dict.fromkeys(GOOD, 10.0)), replies=(reply(ROWS),)).standing.white_spots
        == ()
    )


def test_each_white_spot_is_filled_by_what_was_missing() -> None:
    # R2 is the largest gap of ROWS
    actions = (Action("a", "t", segment="s", requirement="r2"),)
    programmes = (PlanProgramme("p", "P", ProgrammeState.AGREED),)
    contacts = (ContactCare("c", role=Role.REQUIRER),)
    discovery = (DiscoveryAnswer("earns", "?", "Own brands"),)
    whole = plan(actions=actions, programmes=programmes, contacts=contacts, discovery=discovery)
    cases = {
        WhiteSpot.NO_ACTION_FOR_LARGEST_GAP: replace(
            whole, actions=(Action("a", "t", requirement="R1"),)
        ),
        WhiteSpot.SELLING_ONLY: replace(
            whole, programmes=(PlanProgramme("p", "P", ProgrammeState.IDEA),)
        ),
        WhiteSpot.NO_REQUIRER_CONTACT: replace(
            whole, contacts=(ContactCare("c", role=Role.PURCHASER),)
        ),
        WhiteSpot.NO_DISCOVERY: replace(
            whole, discovery=(DiscoveryAnswer("cost", "?", "said by them"),)
        ),
    }
    assert made(whole, replies=(reply(ROWS),)).standing.white_spots == ()
    for spot, own in cases.items():
        assert made(own, replies=(reply(ROWS),)).standing.white_spots == (spot,)
    explored = replace(cases[WhiteSpot.NO_DISCOVERY], ideas=(Idea("n", "rent"),))
    assert made(explored, replies=(reply(ROWS),)).standing.white_spots == ()


def test_a_requirer_in_the_register_is_a_contact() -> None:
    contact = Contact("a", "P", "Pat", role=Role.REQUIRER)
    of = replace(register(ONE), contacts=(contact,))
    assert WhiteSpot.NO_REQUIRER_CONTACT not in made(plan(), of=of).standing.white_spots
    assert WhiteSpot.NO_REQUIRER_CONTACT in made(plan()).standing.white_spots


# --- the map -------------------------------------------------------------------------------------


def test_a_place_on_the_map_takes_a_score_and_a_comparison() -> None:
    assert not made(of=chosen()).standing.placed  # nobody answered
    assert made(of=chosen(), replies=(reply(ROWS),)).standing.placed
    assert not made(replies=(reply(ROWS),)).standing.placed
    alone = reply({"R1": (60.0, 80.0, None), "R2": (40.0, 50.0, None)})
    assert not made(of=chosen(), replies=(alone,)).standing.placed
    # our own figures say nothing of where the customer sees us
    own = plan(returns=Returns(None, 100.0, 90.0, 100.0, 88.0, 4.0))
    assert not made(own, of=chosen()).standing.placed
    assert not made(own, of=chosen(), replies=(alone,)).standing.placed


def test_a_place_on_the_map_is_hollow_below_the_line() -> None:
    two = replace(chosen(), segments=(ONE, Segment("A", "T", "T", 150.0)))
    hollow = made(of=two, replies=(reply(ROWS),)).standing
    assert hollow.placed
    assert not hollow.position.firm
    assert hollow.position.relative == pytest.approx(25.0)
    assert made(of=chosen(), replies=(reply(ROWS),)).standing.position.firm


# --- views ---------------------------------------------------------------------------------------


def _as(
    role: Role, rows: dict[str, tuple[float | None, float | None, float | None]], who: str
) -> Reply:
    one = reply(rows, respondent=who)
    return replace(one, answers=replace(one.answers, role=role))


def test_both_views_where_both_rated_and_the_perception_gap() -> None:
    needs = _as(Role.REQUIRER, ROWS, "P")
    buys = _as(Role.PURCHASER, {"R1": (20.0, 60.0, None), "R2": (80.0, 70.0, None)}, "Q")
    own = plan(ratings=(OwnRating("S", "R1", "One", rating=85.0), OwnRating("S", "R2")))
    standing = made(own, replies=(needs, buys)).standing
    (found,) = standing.views
    assert found.segment == "S"
    both = found.views
    assert [row.rating_difference for row in both.rows] == [20.0, -20.0]
    assert [row.weight_difference for row in both.rows] == [40.0, -40.0]
    (row,) = found.perception
    assert (row.requirement, row.ours, row.theirs, row.gap) == ("R1", 85.0, 70.0, 15.0)
    alone = made(own, replies=(needs,)).standing
    (found,) = alone.views
    assert found.views is None
    assert [row.theirs for row in found.perception] == [80.0]


# --- wishes --------------------------------------------------------------------------------------


def test_a_wish_keeps_its_id_over_the_periods_and_another_gets_another() -> None:
    wish = Wish("w1", "Late parts", "A stock", 80.0)
    first, later = reply(ROWS, period=BEFORE), reply(ROWS)
    own = wish_id(first, wish)
    assert own == wish_id(later, replace(wish, id="w3", issue=" late  PARTS", importance=None))
    others = [replace(wish, issue="Late papers"), replace(wish, remedy="")]
    ids = {own, *(wish_id(later, other) for other in others)}
    ids |= {wish_id(reply(ROWS, respondent="Q"), wish), wish_id(reply(ROWS, segment="T"), wish)}
    assert len(ids) == 5


def test_a_plan_lists_each_wish_once() -> None:
    wishes = (Wish("w1", "Late parts", ""), Wish("w2", "Late parts", ""), Wish("w3", "", ""))
    one = reply(ROWS)
    found = plan_wishes([replace(one, answers=replace(one.answers, wishes=wishes, name="Pat"))])
    assert [(w.who, w.issue) for w in found] == [("Pat", "Late parts")]


def test_a_portfolio_knows_whether_anybody_chose() -> None:
    def portfolio(candidate: Candidate) -> Portfolio:
        return assemble(replace(register(ONE), candidates=(candidate,)), NOW, (), ())

    assert portfolio(Candidate("A", "", {"revenue": 0.0})).chosen
    assert portfolio(Candidate("A", "", {}, {"growing": Answer.NO})).chosen
    assert not portfolio(
        Candidate("A", "", {"revenue": None}, {"growing": Answer.UNKNOWN}, days=3.0)
    ).chosen
