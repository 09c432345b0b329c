"""The portfolio: which replies it shows, and what accounts, segments and rows amount to."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from kamxl.core.ids import US
from kamxl.core.method.scoring import Requirement, Scorecard
from kamxl.core.portfolio.evidence import evidence, segment_shares
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.topics import topics
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.register import (
    Account,
    Answers,
    AskedRequirement,
    CardOrder,
    Competitor,
    Register,
    Reply,
    Segment,
    Settings,
)
from tests.forms import portfolio_sample

NOW, BEFORE, LATER = "2026-H2", "2026-H1", "2027"
Rows = dict[str, tuple[float | None, float | None, float | None]]  # id → weight, us, rival


def register(*segments: Segment) -> Register:
    accounts = tuple(Account(i, f"Account {i}") for i in dict.fromkeys(s.account for s in segments))
    return Register(Settings("We", "en", NOW), accounts, segments, (), (), ())


def reply(
    rows: Rows,
    *,
    account: str = "A",
    segment: str = "S",
    respondent: str = "P",
    period: str = NOW,
    minimum: float | None = None,
    labels: dict[str, str] | None = None,
    language: str = "en",
) -> Reply:
    named = {i: (labels or {}).get(i, f"Requirement {i}") for i in rows}
    asked = tuple(
        AskedRequirement(i, named[i], minimum) for i in rows if not i.lower().startswith("own")
    )
    order = CardOrder(
        account, f"Account {account}", segment, f"Segment {segment}", respondent, respondent,
        period, language, "We", asked, (Competitor("BOREL", "Borel"),),
    )  # fmt: skip
    card = Scorecard(
        tuple(Requirement(i, named[i], weight) for i, (weight, _, _) in rows.items()),
        {US: {i: r[1] for i, r in rows.items()}, "BOREL": {i: r[2] for i, r in rows.items()}},
    )
    return Reply(f"{account}{segment}{respondent}{period}.xlsx", order, Answers(card))


def account(portfolio: Portfolio, wanted: str = "A") -> AccountResult:
    return next(a for a in portfolio.accounts if a.id == wanted)


ROWS: Rows = {"R1": (60.0, 80.0, 70.0), "R2": (40.0, 50.0, 90.0)}
ONE = Segment("A", "S", "Segment S", 100.0)


def test_an_account_without_a_reply_is_there_and_unknown() -> None:
    found = account(assemble(register(ONE), NOW, [], []))
    assert (found.total, found.coverage, found.lead, found.best_competitor) == (None,) * 4
    assert (found.gap, found.flip, found.provisional, found.respondents) == (None, None, False, 0)
    assert [s.id for s in found.segments] == ["S"]


def test_a_single_reply_gives_its_own_figures() -> None:
    found = account(assemble(register(ONE), NOW, [reply(ROWS)], []))
    assert found.total == pytest.approx(68.0)
    assert found.lead == pytest.approx(60 * 0.1 - 40 * 0.4)
    assert (found.best_competitor, found.best_name) == ("BOREL", "Borel")
    assert found.gap is not None
    assert (found.gap.requirement, found.gap.points) == ("R2", pytest.approx(20.0))
    segment, rival, flip = found.flip or pytest.fail("a flip exists")
    assert (segment.id, rival.id, flip.requirement, flip.winner) == ("S", "BOREL", "R1", US)
    assert flip.critical == pytest.approx(80.0)
    assert not found.provisional


def test_an_earlier_reply_stands_in_and_is_marked_a_later_one_never() -> None:
    replies = [
        reply(ROWS, period="2025", respondent="Q"),
        reply(ROWS, period=BEFORE, respondent="P"),
        reply(ROWS, period=LATER),
    ]
    found = account(assemble(register(ONE), NOW, replies, [])).segments[0]
    assert (found.period, found.earlier) == (BEFORE, True)
    assert [r.order.respondent for r in found.replies] == ["P"]
    current = account(assemble(register(ONE), NOW, [*replies, reply(ROWS)], []))
    assert (current.segments[0].period, current.earlier) == (NOW, False)


def test_several_respondents_are_combined() -> None:
    second: Rows = {"R1": (25.0, 40.0, None), "R2": (25.0, 60.0, 70.0)}  # weights sum to 50
    found = account(assemble(register(ONE), NOW, [reply(ROWS), reply(second, respondent="Q")], []))
    segment = found.segments[0]
    assert segment.respondents == found.respondents == 2
    # weights 55 and 45; our means 60 and 55; Borel 70 and 80
    assert found.total == pytest.approx(0.55 * 60 + 0.45 * 55)
    assert found.lead == pytest.approx(0.55 * -10 + 0.45 * -25)
    assert segment.disagreements == ("R1",)
    assert segment.provisional
    assert found.provisional


@pytest.mark.parametrize(
    ("revenues", "share", "equal"),
    [((300.0, 100.0), 0.75, False), ((300.0, None), 0.5, True), ((0.0, 0.0), 0.5, True)],
)
def test_segments_count_by_revenue(
    revenues: tuple[float | None, float | None], share: float, equal: bool
) -> None:
    segments = [Segment("A", i, i, r) for i, r in zip("ST", revenues, strict=True)]
    replies = [reply(ROWS), reply({"R1": (100.0, 20.0, 50.0)}, segment="T")]
    found = account(assemble(register(*segments), NOW, replies, []))
    assert found.total == pytest.approx(share * 68 + (1 - share) * 20)
    assert found.lead == pytest.approx(share * -10 + (1 - share) * -30)
    assert found.result.equal_weights is equal
    assert found.gap is not None
    assert found.gap.points == pytest.approx(max(share * 20, (1 - share) * 80))


def test_an_unrated_segment_lowers_coverage_and_keeps_the_total_provisional() -> None:
    segments = (ONE, Segment("A", "T", "T", 300.0))
    found = account(assemble(register(*segments), NOW, [reply(ROWS)], []))
    assert found.total == pytest.approx(68.0)
    assert found.coverage == pytest.approx(0.25)
    assert found.provisional


def test_accounts_and_segments_the_register_lost_are_kept() -> None:
    replies = [reply(ROWS, segment="OLD"), reply(ROWS, account="GONE")]
    portfolio = assemble(register(ONE), NOW, replies, [])
    assert [a.id for a in portfolio.accounts] == ["A", "GONE"]
    assert [(s.id, s.in_register) for s in account(portfolio).segments] == [
        ("OLD", False),
        ("S", True),
    ]
    assert not account(portfolio, "GONE").in_register
    assert [(f.code, f.value) for f in portfolio.findings] == [("account-not-in-register", "GONE")]


def test_a_blocked_account_is_no_stranger() -> None:
    of = replace(register(ONE), accounts=(), blocked=frozenset({"a"}))
    assert assemble(of, NOW, [reply(ROWS)], []).findings == ()


def test_ids_are_compared_without_case() -> None:
    second: Rows = {"r1": (60.0, 60.0, 70.0), "r2": (40.0, 30.0, 90.0)}
    replies = [reply(ROWS), reply(second, account="a", segment="s", respondent="Q")]
    portfolio = assemble(register(ONE), NOW, replies, [])
    assert [a.id for a in portfolio.accounts] == ["A"]
    card = account(portfolio).segments[0].card
    assert card is not None
    assert [r.id for r in card.requirements] == ["R1", "R2"]
    assert account(portfolio).total == pytest.approx(58.0)


@pytest.mark.parametrize(
    ("second", "ids"), [("Noise", ["R1", "own1"]), ("Size", ["R1", "own1", "own2"])]
)
def test_own_requirements_are_the_same_if_their_texts_are(second: str, ids: list[str]) -> None:
    rows: Rows = {"R1": (50.0, 50.0, 50.0), "own1": (50.0, 50.0, 50.0)}
    replies = [
        reply(rows, labels={"own1": "noise "}),
        reply(rows, respondent="Q", labels={"own1": second}),
    ]
    card = account(assemble(register(ONE), NOW, replies, [])).segments[0].card
    assert card is not None
    assert [r.id for r in card.requirements] == ids


def test_own_requirements_of_one_card_stay_apart() -> None:
    rows: Rows = {"own1": (50.0, 50.0, 50.0), "own2": (50.0, 70.0, 50.0)}
    same = {"own1": "Noise", "own2": "Noise"}
    replies = [reply(rows, labels=same), reply(rows, respondent="Q", labels=same)]
    found = account(assemble(register(ONE), NOW, replies, []))
    assert found.total == pytest.approx(60.0)


def test_minimums_come_from_the_issued_record() -> None:
    found = account(assemble(register(ONE), NOW, [reply(ROWS, minimum=60.0)], []))
    assert found.segments[0].knockouts == {"R2": 50.0}


def test_history_has_each_period_s_own_answers_alone() -> None:
    segments = (ONE, Segment("A", "T", "T", 100.0))
    replies = [
        reply(ROWS, period="2025"),
        reply({"R1": (100.0, 20.0, None)}, segment="T", period=BEFORE),
        reply(ROWS, period=LATER),
    ]
    portfolio = assemble(register(*segments), NOW, replies, [])
    assert portfolio.periods == ("2025", BEFORE)
    shown = [(h.period, h.total, h.coverage) for h in portfolio.history]
    assert shown == [("2025", pytest.approx(68.0), 0.5), (BEFORE, pytest.approx(20.0), 0.5)]
    # what stands in for the missing answer is in the account's total of then, and in no point
    assert account(assemble(register(*segments), BEFORE, replies, [])).total == pytest.approx(44.0)


def test_the_order_of_replies_does_not_matter() -> None:
    of = portfolio_sample.register()
    answered = portfolio_sample.replies(of)
    first = assemble(of, portfolio_sample.PERIOD, answered, ())
    shuffled = list(answered)
    random.Random(7).shuffle(shuffled)  # noqa: S311
    assert assemble(of, portfolio_sample.PERIOD, shuffled, ()) == first


def test_evidence_adds_up() -> None:
    portfolio = portfolio_sample.full()
    compared = 0
    for found in portfolio.accounts:
        shares = segment_shares(found)
        rows = [row for s in found.segments for row in evidence(s, shares[s.id])]
        if found.total is None:
            assert not rows
            continue
        total = math.fsum(row.in_total * row.us for row in rows if row.in_total is not None)
        lead = math.fsum(r.in_lead * r.difference for r in rows if r.in_lead is not None)
        assert total == pytest.approx(found.total, abs=1e-9)
        assert lead == pytest.approx(found.lead, abs=1e-9)
        assert math.fsum(r.in_total for r in rows if r.in_total is not None) == pytest.approx(1)
        compared += 1
    assert compared > 10


def test_topics_join_texts_and_ids_but_not_ids_that_mean_two_things() -> None:
    replies = [
        reply({"P": (50.0, 1.0, None), "Q": (50.0, 1.0, None)}, labels={"P": "Preis", "Q": "A"},
              account="X", language="de"),
        reply({"P": (50.0, 1.0, None), "Q": (50.0, 1.0, None)}, labels={"P": "Price", "Q": "B"},
              account="Y"),
        reply({"COST": (50.0, 1.0, None), "Q": (50.0, 1.0, None)},
              labels={"COST": "price", "Q": "C"}, account="Z"),
    ]  # fmt: skip
    portfolio = assemble(register(), NOW, replies, [])
    segments = [s for a in portfolio.accounts for s in a.segments]
    found = {t.label: {(s.account, i) for s, i in t.members} for t in topics(segments, "de")}
    assert found == {
        "Preis": {("X", "P"), ("Y", "P"), ("Z", "COST")},
        "A": {("X", "Q")},
        "B": {("Y", "Q")},
        "C": {("Z", "Q")},
    }
