"""What the portfolio says in words of a comparison: who, over what, and how firmly."""

from __future__ import annotations

import pytest

from kamxl.core.method.basis import Basis, Lead
from kamxl.core.method.robustness import Reach
from kamxl.core.method.weightings import Outlook
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import assemble
from kamxl.core.records.register import Segment
from kamxl.forms.portfolio.grounds import grounds_of_account, verdict_said, verdict_word
from kamxl.forms.portfolio.words import (
    account_flip,
    best_name,
    knockouts,
    outlook_sentence,
    rival_sentence,
)
from kamxl.wording.texts import texts
from tests.core.test_portfolio import NOW, Rows, account, register, reply
from tests.forms.judged_portfolios import made

DE, EN = texts("de"), texts("en")
AHEAD: Rows = {"R1": (60.0, 80.0, 60.0), "R2": (40.0, 80.0, 70.0)}


def answered(*cards: Rows, minimum: float | None = None) -> AccountResult:
    """One account with one segment, rated by as many persons as there are cards."""
    replies = [reply(rows, respondent=f"P{n}", minimum=minimum) for n, rows in enumerate(cards, 1)]
    return account(assemble(register(Segment("A", "S", "Segment S", 1.0)), NOW, replies, []))


def firm(of: AccountResult) -> str:
    (segment,) = of.segments
    return rival_sentence(DE, segment, segment.rivals[0])


def test_one_rater_of_everything_may_speak_of_every_weight() -> None:
    found = answered(AHEAD)
    assert firm(found) == "Kein einzelnes Gewicht ändert das: Wir bleiben vor Borel."
    assert account_flip(DE, found) == (
        "Gute Nachricht: Kein einzelnes Gewicht kostet uns den ersten Platz."
    )
    assert account_flip(EN, found) == "Good news: no single weight costs us first place."


def test_several_raters_speak_of_shifts_that_all_of_them_allow() -> None:
    """With weights of 95 and 5 that is no more than 5 points."""
    other: Rows = {"R1": (5.0, 80.0, 60.0), "R2": (95.0, 80.0, 70.0)}
    found = answered(AHEAD, other)
    assert firm(found) == (
        "Kein einzelnes Gewicht, bei allen Befragten gleich weit verschoben, ändert das: "
        "Wir bleiben vor Borel."
    )
    assert "bei allen Befragten" in account_flip(DE, found)


def test_what_is_not_compared_is_not_spoken_of() -> None:
    part = AHEAD | {"R3": (50.0, 80.0, None)}
    assert firm(answered(part)).startswith("Kein einzelnes Gewicht der verglichenen Anforderungen")


def test_where_no_weight_can_move_nothing_is_firm() -> None:
    found = answered({"R1": (100.0, 45.0, 60.0)})
    assert found.segments[0].rivals[0].reach is Reach.NONE
    said = "Mit Borel nur in einer gewichteten Anforderung verglichen: Ob eine Gewichtsänderung"
    assert firm(found).startswith(said)
    assert account_flip(DE, found).startswith(said)
    ahead = answered({"R1": (100.0, 90.0, 60.0)})
    assert ahead.first
    assert not ahead.firm
    assert account_flip(DE, ahead).startswith(said)


def test_an_account_without_a_verdict_has_no_order_that_is_firm() -> None:
    """A rival in the segment of 3 % of the revenue says nothing of the account."""
    segments = (Segment("A", "S", "Small", 3.0), Segment("A", "L", "Large", 97.0))
    replies = [reply(AHEAD), reply({"R1": (100.0, 50.0, None)}, segment="L")]
    found = account(assemble(register(*segments), NOW, replies, []))
    assert found.lead.verdict is None
    assert account_flip(DE, found) == grounds_of_account(DE, found)
    turning = [reply({"R1": (60.0, 80.0, 60.0), "R2": (40.0, 40.0, 60.0)}), *replies[1:]]
    found = account(assemble(register(*segments), NOW, turning, []))
    assert account_flip(DE, found).startswith("Small: ")


def test_a_name_without_a_verdict_says_so() -> None:
    thin: Rows = {"R1": (10.0, 90.0, 50.0), "R2": (90.0, 40.0, None)}
    assert best_name(DE, answered(thin)) == "Borel (nicht vergleichbar)"
    assert best_name(DE, answered(AHEAD)) == "Borel"
    assert best_name(DE, answered({"R1": (100.0, 90.0, None)})) == ""


def test_a_lead_over_several_says_so() -> None:
    """The mean of leads over different rivals is not one over the largest segment's alone."""
    portfolios = (made(seed)[1] for seed in range(40))
    several = [
        found
        for portfolio in portfolios
        for found in portfolio.accounts
        if found.lead.verdict is not None
        and len({s.best_competitor for s in found.segments if s.lead.points is not None}) > 1
    ]
    assert several
    assert all(best_name(DE, found).endswith(" u.\u00a0a.") for found in several)


def test_a_missed_minimum_says_who() -> None:
    low: Rows = {"R1": (60.0, 30.0, 60.0), "R2": (40.0, 80.0, 70.0)}
    found = answered(AHEAD, low, AHEAD, minimum=40.0)
    assert knockouts(DE, found.segments) == "Requirement R1: 30 (mindestens 40; P2, 1 von 3)"


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (0.1, "10 %"), (0.4999, "49 %"), (0.5, "50 %"),
        (0.775, "78 %"), (0.995, "99 %"), (1.0, "100 %"),
    ],
)  # fmt: skip
def test_a_share_is_never_said_to_be_more(weights: float, said: str) -> None:
    thin = 100 * weights
    rows: Rows = {"R1": (thin, 90.0, 50.0), "R2": (100 - thin, 40.0, None)}
    assert said in grounds_of_account(DE, answered(rows))


def test_which_way_is_said_by_the_word_not_by_the_sign() -> None:
    assert [verdict_word(DE, p, 3.0) for p in (21.8, -21.8, 2.9, -2.9)] == [
        "Vorsprung 21,8", "Rückstand 21,8", "gleichauf", "gleichauf",
    ]  # fmt: skip
    behind, basis = -21.84, Basis(1, 3, 0.8, 1.0)
    assert verdict_said(DE, Lead(behind, basis), "Borel", "laut Einkauf") == (
        "Rückstand 21,8 auf Borel, laut Einkauf"
    )
    assert verdict_said(EN, Lead(behind, basis), "Borel", "says Purchasing") == (
        "21.8 behind Borel, says Purchasing"
    )
    hollow = Lead(behind, Basis(1, 3, 0.2, 1.0))
    assert verdict_said(DE, hollow, "Borel", "noch nicht vergleichbar") == "noch nicht vergleichbar"


@pytest.mark.parametrize(
    ("shares", "exact", "said"),
    [
        ((1.0, 0.0, 0.0), True, "Ahead in all weightings within ±20%."),
        ((1.0, 0.0, 0.0), False, "Ahead in more than 99% of all weightings within ±20%."),
        ((0.997, 0.003, 0.0), True, "Ahead in 99% of all weightings within ±20%, level in 1%."),
        (
            (0.997, 0.002, 0.001),
            True,
            "Ahead in 98% of all weightings within ±20%, level in 1%, behind in 1%.",
        ),
        (
            (0.826, 0.087, 0.087),
            False,
            "About: Ahead in 83% of all weightings within ±20%, level in 9%, behind in 8%.",
        ),
        ((0.0, 0.001, 0.999), True, "Level in 1% of all weightings within ±20%, behind in 99%."),
    ],
)
def test_all_is_only_said_of_all_and_the_shares_sum_to_100(
    shares: tuple[float, float, float], exact: bool, said: str
) -> None:
    assert outlook_sentence(EN, Outlook(*shares, 4000, exact)) == said
