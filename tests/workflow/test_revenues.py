"""What segments brought in earlier periods: as the register said that went with their cards."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from kamxl.store import memory
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.start.revenues import remembered_revenues
from tests.workflow.making import NOW, Team, answers_to, drawn_register, new_team, register

EARLIER = {"pumps": 300.0, "valves": 700.0}


def of_then(earlier: dict[str, float | None] = EARLIER) -> bytes:
    """The register when other segments of ALPHA were the large ones."""
    made = register()
    segments = tuple(
        replace(s, revenue=earlier[s.id]) if s.account == "ALPHA" else s for s in made.segments
    )
    return drawn_register(replace(made, segments=segments))


@pytest.fixture
def fresh(tmp_path) -> Team:
    return new_team(tmp_path / "w")


def test_the_register_kept_last_for_a_period_is_asked(fresh):
    space = fresh.workspace
    first = memory.keep_register(space, "2025-H2", of_then({"pumps": 1.0, "valves": 1.0}))
    os.utime(first, (1, 1))
    memory.keep_register(space, "2025-H2", of_then())
    found = remembered_revenues(space, ["2025-H2", "2026-H1"], "2026-H1")
    assert list(found) == ["2025-H2"]
    assert found["2025-H2"]["alpha", "pumps"] == 300.0
    assert found["2025-H2"]["beta", "pumps"] == 500.0
    assert remembered_revenues(space, ["2026-H1"], "2026-H1") == {}
    assert remembered_revenues(space, ["../2025-H2", ""], "2026-H1") == {}


def test_what_is_today_s_or_cannot_be_read_says_nothing(fresh):
    space = fresh.workspace
    memory.keep_register(space, "2025-H2", space.register.read_bytes())
    memory.keep_register(space, "2025-H1", b"no workbook")
    (space.memory / "periods" / "2024" / "Register-00000000.xlsx").mkdir(parents=True)
    assert remembered_revenues(space, ["2025-H2", "2025-H1", "2024", "2023"], "2026-H1") == {}


@pytest.mark.proof
def test_a_shift_of_our_revenue_is_told_as_one(fresh):
    (fresh.root / "Register.xlsx").write_bytes(of_then())
    for period, data in (("2025-H2", of_then()), ("2026-H1", drawn_register(register()))):
        (fresh.root / "Register.xlsx").write_bytes(data)
        issue(fresh.root, period=period)
        for n, segment in enumerate(("pumps", "valves")):
            order = fresh.order(segment=segment, period=period)
            answers = answers_to(order, us=(80.0, 60.0, 40.0 + 30 * n))
            fresh.put(f"{period}{n}.xlsx", fresh.filled(order, answers))
    portfolio = consolidate(fresh.root, now=NOW).portfolio
    trend = portfolio.changes["ALPHA"].trend
    (pumps, valves) = (s.total for s in portfolio.accounts[0].segments)
    assert trend.before == pytest.approx(0.3 * pumps + 0.7 * valves)
    assert trend.now == pytest.approx(0.9 * pumps + 0.1 * valves)
    assert trend.points == pytest.approx(trend.mix) == pytest.approx(0.6 * (pumps - valves))
    assert pumps != valves
