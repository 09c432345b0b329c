"""The portfolio: which replies it shows, and what accounts, segments and rows amount to."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from kamxl.core.ids import US, same_id
from kamxl.core.method.basis import Basis, Verdict
from kamxl.core.method.scoring import Requirement, Scorecard
from kamxl.core.portfolio.evidence import evidence, raters, segment_shares
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.topics import topics
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

NOW, BEFORE, LATER = "2026-H2", "2026-H1", "2027"
Rows = dict[str, tuple[float | None, float | None, float | None]]  # id → weight, us, rival


def register(*segments: Segment) -> Register:
    accounts = tuple(Account(i, f"Account {i}") for i in dict.fromkeys(s.account for s in segments))
    rivals = (ListedCompetitor("", "", Competitor("BOREL", "Borel")),)
    return Register(Settings("We", "en", NOW), accounts, segments, (), (), rivals)


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
    assert (found.total, found.coverage, found.best_competitor) == (None,) * 3
    assert (found.lead.unjudged, found.lead.verdict) == (None, None)
    assert found.lead.basis == Basis(0, 0, 0, 0)
    assert (found.gap, found.flip, found.provisional, found.respondents) == (None, None, False, 0)
    assert [s.id for s in found.segments] == ["S"]


def test_a_single_reply_gives_its_own_figures() -> None:
    found = account(assemble(register(ONE), NOW, [reply(ROWS)], []))
    assert found.total == pytest.approx(68.0)
    assert found.lead.points == pytest.approx(60 * 0.1 - 40 * 0.4)
    assert found.lead.basis == Basis(1, 1, 1, 1)
    assert found.lead.verdict is Verdict.BEHIND
    assert (found.best_competitor, found.best and found.best.name) == ("BOREL", "Borel")
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


def test_the_results_of_several_respondents_are_averaged() -> None:
    second: Rows = {"R1": (25.0, 40.0, None), "R2": (25.0, 60.0, 70.0)}  # weights sum to 50
    found = account(assemble(register(ONE), NOW, [reply(ROWS), reply(second, respondent="Q")], []))
    segment = found.segments[0]
    assert segment.respondents == found.respondents == 2
    assert segment.rated.own == (pytest.approx(68.0), 50.0)
    assert found.total == pytest.approx((68 + 50) / 2)
    assert (segment.rated.low, segment.rated.high) == (50.0, pytest.approx(68.0))
    # the second compares R2 alone, half of the weights
    assert found.lead.points == pytest.approx((-10 + -10) / 2)
    assert found.lead.basis == Basis(2, 2, pytest.approx(0.75), 1)
    assert segment.gaps == pytest.approx({"R2": (20 + 20) / 2, "R1": (12 + 30) / 2})
    assert segment.disagreements == ("R1",)
    assert segment.provisional
    assert found.provisional


def test_who_does_not_compare_has_no_say_in_the_lead() -> None:
    """Pia rates only us, at 95; Rolf rates us 45 and Borel 60."""
    pia, rolf = {"R1": (100.0, 95.0, None)}, {"R1": (100.0, 45.0, 60.0)}
    replies = [reply(pia, respondent="PIA"), reply(rolf, respondent="ROLF")]
    found = account(assemble(register(ONE), NOW, replies, []))
    assert found.total == 70
    assert found.lead.points == -15
    assert found.lead.verdict is Verdict.BEHIND
    assert found.lead.basis == Basis(1, 2, 1, 1)
    assert [r.order.respondent for r in found.segments[0].comparing] == ["ROLF"]
    assert found.flip is None  # no weight decides it, for there is one requirement only


def test_below_half_of_the_weights_there_is_a_number_and_no_verdict() -> None:
    thin: Rows = {"R1": (10.0, 90.0, 50.0), "R2": (90.0, 40.0, None)}
    found = account(assemble(register(ONE), NOW, [reply(thin)], []))
    segment = found.segments[0]
    assert (segment.best_competitor, segment.lead.unjudged) == ("BOREL", 40)
    assert segment.lead.basis == Basis(1, 1, pytest.approx(0.1), 1)
    assert (segment.lead.points, segment.lead.verdict) == (None, None)
    assert (found.lead.unjudged, found.lead.verdict, found.counted_lead) == (None, None, None)
    assert (found.flip, found.best and found.best.name) == (None, "Borel")


def test_most_of_the_revenue_without_a_rival_is_no_verdict() -> None:
    segments = Segment("A", "S", "S", 97.0), Segment("A", "T", "T", 3.0)
    replies = [
        reply({"R1": (100.0, 50.0, None)}),
        reply({"R1": (100.0, 90.0, 50.0)}, segment="T", respondent="Q"),
    ]
    found = account(assemble(register(*segments), NOW, replies, []))
    assert found.lead.unjudged == 40
    assert found.lead.basis == Basis(1, 2, 0.03, 0.03)
    assert (found.lead.verdict, found.counted_lead) == (None, None)
    # the segment itself is compared, and says so
    assert found.segments[1].lead.verdict is Verdict.AHEAD
    assert found.segments[1].lead.basis == Basis(1, 1, 1, 0.03)


def test_who_compared_in_two_segments_is_one_rater_of_the_account() -> None:
    segments = Segment("A", "S", "S", 50.0), Segment("A", "T", "T", 50.0)
    replies = [
        reply(ROWS),
        reply(ROWS, segment="T"),
        reply({"R1": (100.0, 50.0, None)}, segment="T", respondent="Q"),
    ]
    found = account(assemble(register(*segments), NOW, replies, []))
    assert (found.lead.basis.raters, found.lead.basis.of) == (1, 2)
    assert (found.lead.basis.weights, found.lead.basis.revenue) == (1, 1)


@pytest.mark.parametrize(
    ("names", "people"),
    [
        (("", ""), 1),
        (("Pia Keller", ""), 1),  # a blank is the only one who typed a name
        (("Pia Müller", "pia  Mu\u0308ller"), 1),  # the same ü, typed on another system
        (("Pia", "Rolf"), 2),
        (("P", "Rolf"), 2),
    ],
)
def test_a_person_is_counted_once_over_the_segments(names: tuple[str, str], people: int) -> None:
    segments = Segment("A", "S", "S", 50.0), Segment("A", "T", "T", 50.0)
    replies = [
        replace(one, answers=replace(one.answers, name=name))
        for one, name in zip((reply(ROWS), reply(ROWS, segment="T")), names, strict=True)
    ]
    found = account(assemble(register(*segments), NOW, replies, []))
    assert found.respondents == people
    assert (found.lead.basis.raters, found.lead.basis.of) == (people, people)


def test_who_compared_too_little_is_no_rater_of_the_account() -> None:
    """Q compares 10 % of the weights of T, which is not compared: the lead is P's alone."""
    segments = Segment("A", "S", "S", 90.0), Segment("A", "T", "T", 10.0)
    thin: Rows = {"R1": (10.0, 90.0, 50.0), "R2": (90.0, 40.0, None)}
    replies = [reply(ROWS), reply(thin, segment="T", respondent="Q")]
    found = account(assemble(register(*segments), NOW, replies, []))
    assert found.lead.points == pytest.approx(-10)
    assert found.lead.basis == Basis(1, 2, pytest.approx(0.9), pytest.approx(0.9))


def test_first_is_ahead_of_everybody_asked_about_everywhere() -> None:
    two = ONE, Segment("A", "T", "T", 1.0)
    ahead: Rows = {"R1": (100.0, 80.0, 60.0)}
    level: Rows = {"R1": (100.0, 62.0, 60.0)}
    thin: Rows = {"R1": (10.0, 80.0, 60.0), "R2": (90.0, 80.0, None)}
    unrated: Rows = {"R1": (100.0, 80.0, None)}
    assert account(assemble(register(ONE), NOW, [reply(ahead)], [])).first
    for rows in (level, thin, unrated):
        assert not account(assemble(register(ONE), NOW, [reply(rows)], [])).first
        both = [reply(ahead), reply(rows, segment="T")]
        assert not account(assemble(register(*two), NOW, both, [])).first
    # nobody answered for the other segment, or for any
    assert not account(assemble(register(*two), NOW, [reply(ahead)], [])).first
    assert not account(assemble(register(ONE), NOW, [], [])).first


def test_level_is_what_the_settings_say() -> None:
    rows: Rows = {"R1": (100.0, 60.0, 56.0)}
    of = register(ONE)
    assert account(assemble(of, NOW, [reply(rows)], [])).lead.verdict is Verdict.AHEAD
    wide = replace(of, settings=replace(of.settings, level_within=5.0))
    found = account(assemble(wide, NOW, [reply(rows)], []))
    assert found.lead.verdict is found.segments[0].lead.verdict is Verdict.LEVEL


def test_what_stands_in_means_over_accounts() -> None:
    segments = (ONE, Segment("A", "T", "T", 300.0))
    alone = account(assemble(register(ONE), NOW, [reply(ROWS)], []))
    assert (alone.counted, alone.counted_lead) == (alone.total, alone.lead.points)
    # a quarter of the revenue is rated: shown, and in no mean
    thin = account(assemble(register(*segments), NOW, [reply(ROWS)], []))
    assert thin.total == pytest.approx(68)
    assert (thin.counted, thin.counted_lead) == (None, None)
    # an earlier answer stands in, and in no mean of this period
    old = account(assemble(register(ONE), NOW, [reply(ROWS, period=BEFORE)], []))
    assert old.lead.verdict is Verdict.BEHIND
    assert (old.counted, old.counted_lead) == (None, None)
    assert (old.fresh, len(old.answered)) == ((), 1)


def test_a_missed_minimum_of_one_rater_is_one_of_the_account() -> None:
    content: Rows = {"R1": (60.0, 80.0, 70.0), "R2": (40.0, 90.0, 90.0)}
    replies = [reply(content, minimum=60.0), reply(ROWS, minimum=60.0, respondent="Q")]
    found = account(assemble(register(ONE), NOW, replies, []))
    assert found.segments[0].knockouts == {"R2": 50.0}  # their mean of 70 would hide it
    assert found.missed
    assert not account(assemble(register(ONE), NOW, replies[:1], [])).missed


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
    assert found.lead.points == pytest.approx(share * -10 + (1 - share) * -30)
    assert found.lead.basis == Basis(1, 1, 1, 1)
    assert [s.lead.basis.revenue for s in found.segments] == [share, 1 - share]
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
    profile = account(portfolio).segments[0].profile
    assert profile is not None
    assert [r.id for r in profile.requirements] == ["R1", "R2"]
    assert account(portfolio).total == pytest.approx(58.0)
    assert account(portfolio).lead.basis == Basis(2, 2, 1, 1)
    segment = account(portfolio).segments[0]
    parts = math.fsum(r.part or 0 for r in evidence(segment))
    assert parts == pytest.approx(segment.lead.points)
    assert math.fsum(r.gap or 0 for r in evidence(segment)) == pytest.approx(100 - 58)


@pytest.mark.parametrize(
    ("second", "ids"), [("Noise", ["R1", "own1"]), ("Size", ["R1", "own1", "own2"])]
)
def test_own_requirements_are_the_same_if_their_texts_are(second: str, ids: list[str]) -> None:
    rows: Rows = {"R1": (50.0, 50.0, 50.0), "own1": (50.0, 50.0, 50.0)}
    replies = [
        reply(rows, labels={"own1": "noise "}),
        reply(rows, respondent="Q", labels={"own1": second}),
    ]
    profile = account(assemble(register(ONE), NOW, replies, [])).segments[0].profile
    assert profile is not None
    assert [r.id for r in profile.requirements] == ids


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


def _mean(values: list[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def _near(value: float | None) -> object:
    return None if value is None else pytest.approx(value, abs=1e-9)


def test_the_raters_rows_give_totals_and_leads() -> None:
    portfolio = portfolio_sample.full()
    compared = 0
    for segment in (s for a in portfolio.accounts for s in a.segments):
        rows = list(raters(segment))
        ours = [row for row in rows if row.supplier == US]
        assert len(ours) == len(segment.replies)
        assert all(row.in_total or row.total is None or (row.coverage or 0) < 0.5 for row in ours)
        totals = [row.total for row in ours if row.in_total and row.total is not None]
        assert segment.total == _near(_mean(totals))
        assert segment.coverage == _near(_mean([r.coverage or 0 for r in ours if r.in_total]))
        assert all((r.lead, r.compared, r.in_lead) == (None, None, False) for r in ours)
        for rival in segment.rivals:
            of = [row for row in rows if row.supplier == rival.id]
            leads = [row.lead for row in of if row.in_lead and row.lead is not None]
            assert rival.lead.unjudged == _near(_mean(leads))
            assert rival.lead.basis.raters == len(leads)
            assert rival.lead.basis.of == len(of)
            shares = [row.compared or 0 for row in of if row.in_lead]
            assert rival.lead.basis.weights == pytest.approx(_mean(shares) or 0)
            compared += rival.lead.verdict is not None
    assert compared > 10


def test_a_rater_who_is_not_averaged_stands_in_the_rows_and_adds_nothing() -> None:
    replies = [
        reply({"R1": (10.0, 90.0, 10.0), "R2": (90.0, None, None)}, respondent="P"),
        reply(ROWS, respondent="Q"),
        reply({"R1": (100.0, 95.0, None)}, respondent="R"),
    ]
    segment = account(assemble(register(ONE), NOW, replies, [])).segments[0]
    rows = [r for r in raters(segment) if r.supplier == "BOREL"]
    assert [(r.answer, r.respondent, r.lead, r.in_lead) for r in rows] == [
        (1, "P", 80, False),  # over 10 % of the weights
        (2, "Q", pytest.approx(-10), True),
        (3, "R", None, False),
    ]
    assert [r.compared for r in rows] == [pytest.approx(0.1), 1, 0]
    ours = [r for r in raters(segment) if r.supplier == US]
    assert [(r.total, r.in_total) for r in ours] == [
        (90, False),
        (pytest.approx(68), True),
        (95, True),
    ]
    parts = {(r.answer, r.requirement): (r.gap, r.part) for r in evidence(segment)}
    assert parts == {
        (1, "R1"): (None, None),
        (2, "R1"): (pytest.approx(12 / 2), pytest.approx(6)),
        (3, "R1"): (pytest.approx(5 / 2), None),
        (1, "R2"): (None, None),
        (2, "R2"): (pytest.approx(20 / 2), pytest.approx(-16)),
    }


def test_evidence_adds_up() -> None:
    portfolio = portfolio_sample.full()
    compared = 0
    for found in portfolio.accounts:
        shares = segment_shares(found)
        total, lead = [], []
        for segment in found.segments:
            rows, share = list(evidence(segment)), shares[segment.id]
            gaps = math.fsum(row.gap for row in rows if row.gap is not None)
            parts = math.fsum(row.part for row in rows if row.part is not None)
            for of in segment.gaps:
                own = [r.gap for r in rows if same_id(r.requirement) == same_id(of) and r.gap]
                assert math.fsum(own) == pytest.approx(segment.gaps[of], abs=1e-9)
            sums = math.fsum(segment.gaps.values())
            assert gaps == pytest.approx(sums, abs=1e-9)
            if segment.best is not None:
                assert parts == pytest.approx(segment.lead.unjudged or 0, abs=1e-9)
                assert math.fsum(segment.best.parts.values()) == pytest.approx(parts, abs=1e-9)
            if segment.total is not None and share.total is not None:
                total.append(share.total * segment.total)
            if share.lead is not None:
                lead.append(share.lead * parts)
        if found.total is not None:
            assert math.fsum(total) == pytest.approx(found.total, abs=1e-9)
        if found.lead.unjudged is not None:
            assert math.fsum(lead) == pytest.approx(found.lead.unjudged, abs=1e-9)
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
