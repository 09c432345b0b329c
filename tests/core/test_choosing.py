"""From the register to the selection: every account is a candidate, its revenue that of segments"""

from __future__ import annotations

from dataclasses import replace

import pytest

import kamxl
from kamxl.core.method.gate import Answer, Gate
from kamxl.core.method.selection import AccountList, Candidate, SelectionCriterion
from kamxl.core.portfolio.choosing import candidates_of, revenues_of, selection_of
from kamxl.core.records.register import SELECTION_WEIGHTS, Account, Register, Segment, Settings

RATED = dict.fromkeys(SelectionCriterion, 70.0)
OPEN = dict.fromkeys(("potential", "growing", "willing"), Answer.YES)
REGISTER = Register(
    Settings("We", "en", "2026"),
    tuple(Account(own, own.title()) for own in ("A", "B", "C", "D")),
    (
        Segment("A", "S1", "", 100.0),
        Segment("a", "S2", "", None),
        Segment("B", "S1", "", None),
        Segment("C", "S1", "", 50.0),
        Segment("C", "S2", "", 1e300),
        Segment("X", "S1", "", 10.0),
    ),
    (),
    (),
    (),
    candidates=(
        Candidate("c", "old name", {**RATED, "revenue": None}, OPEN, 7.0, 3.0),
        Candidate("A", "", RATED, OPEN),
        Candidate("C", "again"),
        Candidate("X", "no account", RATED),
    ),
)


def test_the_revenue_is_the_sum_of_what_is_known_of_the_segments() -> None:
    assert revenues_of(REGISTER) == {"a": (100, True), "c": (50, True), "x": (10, False)}


def test_a_revenue_of_which_a_part_is_unknown_is_at_least_that() -> None:
    chosen = selection_of(REGISTER)
    assert [(a.candidate.account, a.candidate.at_least, a.abc) for a in chosen.accounts] == [
        ("C", True, "A"),
        ("A", True, "A"),
        ("B", False, None),
        ("D", False, None),
    ]
    assert chosen.pareto is not None
    assert (chosen.pareto.unknown, chosen.pareto.partly) == (2, 2)


def test_every_account_is_a_candidate_once_the_judged_ones_first() -> None:
    found = candidates_of(REGISTER)
    assert [(c.account, c.name, c.revenue, c.days) for c in found] == [
        ("C", "C", 50, 3.0),
        ("A", "A", 100, None),
        ("B", "B", None, None),
        ("D", "D", None, None),
    ]
    assert set(found[0].ratings) == set(SelectionCriterion) - {"revenue"}  # None is no rating
    assert found[2] == Candidate("B", "B")


def test_what_is_not_judged_is_to_be_clarified() -> None:
    chosen = selection_of(REGISTER)
    assert chosen.account("d").gate.gate is Gate.CLARIFY
    assert chosen.account("B").list is AccountList.BUILD_UP
    assert chosen.pareto is not None
    assert (chosen.pareto.of, chosen.pareto.unknown) == (4, 2)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, AccountList.FOCUS),
        ({"focus_score": 70.0}, AccountList.FOCUS),
        ({"focus_score": 70.5}, AccountList.BUILD_UP),
        ({"focus_score": 70.5, "build_up": 0.4}, AccountList.SERVE),
        ({"focus_coverage": 85.0}, AccountList.FOCUS),
        ({"focus_coverage": 85.5}, AccountList.BUILD_UP),
    ],
)
def test_the_thresholds_come_from_the_settings(
    changes: dict[str, float], expected: AccountList
) -> None:
    made = replace(REGISTER, settings=replace(REGISTER.settings, **changes))  # type: ignore[arg-type]
    assert selection_of(made).account("C").list is expected


def test_the_weights_are_those_of_the_register() -> None:
    assert sum(SELECTION_WEIGHTS.values()) == 100
    assert set(SELECTION_WEIGHTS) == set(SelectionCriterion)
    lone = replace(REGISTER, selection_weights={"revenue": 20.0})
    assert selection_of(lone).weights_sum == 20
    assert selection_of(lone).account("C").score is None


def test_ranking_accounts_is_public() -> None:
    found = kamxl.rank_accounts([kamxl.Candidate("A", ratings={"return": 40})], {"return": 100})
    assert found.accounts[0].score == 40
