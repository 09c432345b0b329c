"""What getting better at one thing is worth over all accounts: every sum is that of its gaps."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kamxl.core.ids import US
from kamxl.core.method.programmes import Action, ActionState
from kamxl.core.method.scoring import Requirement, Scorecard
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.improving import Improvement, improvements
from kamxl.core.portfolio.results import SegmentResult
from kamxl.core.portfolio.standing import wish_id
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.plan import AccountPlan
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
    Wish,
)
from tests.forms import portfolio_sample

NOW, BEFORE = "2026-H2", "2026-H1"
Row = tuple[float | None, float | None, float | None, float | None]  # weight, us, Borel, Ceres
LABELS = {"P": "Price", "D": "Delivery", "p2": "price", "X": "Service"}
RIVALS = ("BOREL", "CERES")


def reply(
    rows: dict[str, Row],
    account: str = "A",
    segment: str = "S",
    *,
    period: str = NOW,
    wishes: tuple[Wish, ...] = (),
) -> Reply:
    """An answer to a card with these requirements (see ``LABELS``)."""
    asked = tuple(AskedRequirement(i, LABELS[i]) for i in rows)
    order = CardOrder(
        account, f"Account {account}", segment, f"Segment {segment}", "P1", "Person", period, "en",
        "We", asked, tuple(Competitor(rival, rival.title()) for rival in RIVALS),
    )  # fmt: skip
    card = Scorecard(
        tuple(Requirement(i, LABELS[i], row[0]) for i, row in rows.items()),
        {s: {i: row[n] for i, row in rows.items()} for n, s in enumerate((US, *RIVALS), 1)},
    )
    return Reply(f"{account}-{segment}-{period}.xlsx", order, Answers(card, wishes=wishes))


def portfolio(
    replies: list[Reply],
    revenues: dict[tuple[str, str], float | None],
    *plans: AccountPlan,
) -> Portfolio:
    """Answers, and a register with a segment for each of ``revenues``."""
    accounts = tuple(Account(i, f"Account {i}") for i in sorted({a for a, _ in revenues}))
    segments = tuple(Segment(*key, f"Segment {key[1]}", r) for key, r in revenues.items())
    rivals = tuple(ListedCompetitor("", "", Competitor(i, i.title())) for i in RIVALS)
    of = Register(Settings("We", "en", NOW), accounts, segments, (), (), rivals)
    return assemble(of, NOW, replies, (), plans)


def named(made: Portfolio, label: str) -> Improvement:
    return next(one for one in improvements(made.accounts, "en").found if one.label == label)


# --- any portfolio -------------------------------------------------------------------------------

points = some.one_of(some.none(), some.integers(0, 100).map(float))
rows = some.dictionaries(
    some.sampled_from(sorted(LABELS)), some.tuples(points, points, points, points), min_size=1
)
revenues = some.one_of(some.none(), some.sampled_from([0.0, 1e5, 2.5e6]))
places = [(account, segment) for account in "ABC" for segment in "ST"]


@some.composite
def portfolios(draw: some.DrawFn) -> Portfolio:
    answered = []
    for place in draw(some.lists(some.sampled_from(places), unique=True)):
        period = draw(some.sampled_from([NOW, NOW, BEFORE]))
        answered.append(reply(draw(rows), *place, period=period))
    return portfolio(answered, {place: draw(revenues) for place in places})


def open_gaps(made: Portfolio, *, earlier: bool) -> list[tuple[SegmentResult, str, float]]:
    return [
        (segment, requirement, gap)
        for account in made.accounts
        for segment in account.segments
        if segment.earlier is earlier
        for requirement, gap in segment.gaps.items()
        if round(gap, 9) > 0
    ]


@settings(max_examples=40)
@given(portfolios())
def test_every_sum_is_that_of_the_gaps_of_the_period(made: Portfolio) -> None:
    found = improvements(made.accounts, "en").found
    gaps = open_gaps(made, earlier=False)
    assert math.fsum(one.points for one in found) == pytest.approx(sum(g for _, _, g in gaps))
    assert sum(len(one.gaps) for one in found) == len(gaps)
    for one in found:
        own = [g for g in gaps if LABELS[g[1]].casefold() == one.label.casefold()]
        segments = {(s.account, s.id): s.revenue for s, _, _ in own}
        known = [revenue for revenue in segments.values() if revenue is not None]
        assert one.points == pytest.approx(sum(gap for _, _, gap in own))
        worth = [s.revenue * gap / 100 for s, _, gap in own if s.revenue is not None]
        assert one.money == (pytest.approx(sum(worth)) if worth else None)
        assert one.revenue.value == (pytest.approx(sum(known)) if known else None)
        assert one.segments == len(segments) == one.revenue.of
        assert one.unvalued == len(segments) - len(known)
        assert one.accounts == len({account for account, _ in segments})
        assert one.rival is None or 1 <= one.rival.segments <= one.segments


@settings(max_examples=40)
@given(portfolios())
def test_what_is_from_before_is_counted_and_in_no_sum(made: Portfolio) -> None:
    found = improvements(made.accounts, "en")
    assert found.earlier == sum(s.earlier for a in made.accounts for s in a.segments)
    assert not any(gap.segment.earlier for one in found.found for gap in one.gaps)
    old = open_gaps(made, earlier=True)
    for one in found.found:
        own = {(s.account, s.id) for s, i, _ in old if LABELS[i].casefold() == one.label.casefold()}
        assert one.earlier == len(own)


@settings(max_examples=40)
@given(portfolios())
def test_the_most_money_stands_first_then_the_most_points(made: Portfolio) -> None:
    found = improvements(made.accounts, "en").found
    order = [
        (-math.inf if o.money is None else round(o.money, 9), round(o.points, 9)) for o in found
    ]
    assert order == sorted(order, reverse=True)
    assert [one.place for one in found] == list(range(1, len(found) + 1))


@settings(max_examples=40)
@given(portfolios(), some.randoms(use_true_random=False))
def test_the_order_of_accounts_and_segments_is_irrelevant(
    made: Portfolio, by: random.Random
) -> None:
    shuffled = [
        replace(account, segments=tuple(by.sample(account.segments, len(account.segments))))
        for account in by.sample(made.accounts, len(made.accounts))
    ]

    def figures(found: tuple[Improvement, ...]) -> list[object]:
        return [
            (o.label, o.ids, o.points, o.money, o.revenue, o.accounts, o.segments, o.rival)
            for o in found
        ]

    assert figures(improvements(shuffled, "en").found) == figures(
        improvements(made.accounts, "en").found
    )


def test_lists_split_a_sum() -> None:
    made = portfolio_sample.full()
    found = improvements(made.accounts, "de").found
    assert len(found) > 20
    for one in found:
        parts = [one.within(wanted) for wanted in AccountList]
        assert math.fsum(part.points for part in parts) == pytest.approx(one.points)
        assert sum(part.accounts for part in parts) == one.accounts
        assert sum(part.segments for part in parts) == one.segments
        assert sum(part.money or 0.0 for part in parts) == pytest.approx(one.money or 0.0)


# --- single cases --------------------------------------------------------------------------------


def test_one_thing_asked_twice_is_one_segment_with_both_gaps() -> None:
    twice: dict[str, Row] = {"P": (50.0, 60.0, None, None), "p2": (50.0, 80.0, None, None)}
    found = named(portfolio([reply(twice)], {("A", "S"): 1000.0}), "Price")
    assert (found.points, found.money) == (pytest.approx(30.0), pytest.approx(300.0))
    assert (found.segments, found.accounts, found.revenue.value) == (1, 1, 1000.0)


def test_a_full_mark_leaves_nothing_to_improve() -> None:
    full: dict[str, Row] = {"P": (50.0, 100.0, None, None), "D": (50.0, None, 80.0, None)}
    made = portfolio([reply(full)], {("A", "S"): 1000.0})
    assert improvements(made.accounts, "en").found == ()


def three(borel: float, ceres: float) -> dict[str, Row]:
    return {"P": (100.0, 50.0, borel, ceres)}


@pytest.mark.parametrize(
    ("known", "largest"),
    [
        ((100.0, 100.0, 900.0), ("CERES", 1)),  # the revenue decides
        ((100.0, 100.0, None), ("BOREL", 2)),  # unknown: each segment counts the same
        ((100.0, 100.0, 200.0), ("BOREL", 2)),  # level: in more segments
        ((0.0, 0.0, 0.0), ("BOREL", 2)),
    ],
)
def test_the_largest_rival_is_rated_best_where_most_revenue_is(
    known: tuple[float | None, ...], largest: tuple[str, int]
) -> None:
    answered = [
        reply(three(80, 60), "A"), reply(three(70, 60), "B"), reply(three(60, 90), "C"),
    ]  # fmt: skip
    made = portfolio(answered, {(a, "S"): r for a, r in zip("ABC", known, strict=True)})
    found = named(made, "Price").rival
    assert found is not None
    assert (found.id, found.segments) == largest


def test_without_a_rated_competitor_there_is_no_rival() -> None:
    made = portfolio([reply({"P": (100.0, 50.0, None, None)})], {("A", "S"): None})
    found = named(made, "Price")
    assert (found.rival, found.money, found.revenue.value, found.unvalued) == (None, None, None, 1)


def plan(*actions: Action) -> AccountPlan:
    return AccountPlan("w", "A", NOW, "en", "Account A", date(2026, 11, 2), actions=actions)


def test_actions_are_counted_by_segment() -> None:
    rows: dict[str, Row] = {"P": (50.0, 50.0, None, None), "D": (50.0, 50.0, None, None)}
    answered = [reply(rows, "A", "S"), reply(rows, "A", "T"), reply(rows, "B", "S")]
    done = Action("2", "Done", requirement="D", state=ActionState.DONE)
    made = portfolio(
        answered, {("A", "S"): 1.0, ("A", "T"): 1.0, ("B", "S"): 1.0},
        plan(Action("1", "Call", segment="S", requirement="P"), done),
    )  # fmt: skip
    price, delivery = named(made, "Price"), named(made, "Delivery")
    assert (price.acted, price.segments, price.all_done) == (1, 3, False)
    assert (delivery.acted, delivery.all_done) == (2, True)
    assert [action.id for action in delivery.actions] == ["2"]


def test_wishes_are_linked_by_their_action_or_their_own_words_only() -> None:
    rows: dict[str, Row] = {"P": (50.0, 50.0, None, None), "D": (50.0, 50.0, None, None)}
    wishes = (
        Wish("1", "Nobody answers", "Somebody on call"),  # by its action
        Wish("2", "Your DELIVERY is late", ""),  # says the very word
        Wish("3", "Delivery at this price", ""),  # two: none
        Wish("4", "Deliveryman is rude, pricey too", ""),  # parts of words are none
        Wish("5", "", ""),
    )
    answered = reply(rows, wishes=wishes)
    action = Action("1", "Hotline", requirement="p", wish=wish_id(answered, wishes[0]))
    made = portfolio([answered], {("A", "S"): 1.0}, plan(action))
    assert (named(made, "Price").wishes, named(made, "Delivery").wishes) == (1, 1)
