"""The button Account brief: the customer of the row that is chosen, or of the plan in front."""

from __future__ import annotations

import webbrowser

import pytest

from kamxl.report import printing
from tests.addin.pressing import Office, cell_of, sheet
from tests.workflow.making import Team, hashes, prepared


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr("kamxl.apart.child.apart", True)
    monkeypatch.setattr(printing, "browser", lambda: None)
    with prepared(40):
        yield


@pytest.fixture
def shown(monkeypatch) -> list[str]:
    """What is opened in the browser."""
    found: list[str] = []
    monkeypatch.setattr(webbrowser, "open", found.append)
    return found


def test_the_row_of_the_portfolio_says_which(desk: Office, team: Team, shown: list[str]) -> None:
    book = desk.open(team.root / "Portfolio.xlsx")
    live = sheet(book, "accounts")
    live.activate()
    cell_of(live, "GAMMA", "name").select()
    said = desk.press("brief", "de")
    assert "briefs/GAMMA--2026-H1.html" in said
    assert "Ein PDF gibt es nicht" in said
    assert [address.rsplit("/", 1)[-1] for address in shown] == ["GAMMA--2026-H1.html"]


def test_the_plan_in_front_says_which(desk: Office, team: Team, shown: list[str]) -> None:
    plan = team.root / "plans" / "ALPHA--2026-H1.xlsx"
    plan.write_bytes(team.plan())
    desk.open(plan)
    assert "briefs/ALPHA--2026-H1.html" in desk.press("brief", "en")
    assert len(shown) == 1


def test_where_nothing_says_which_nothing_is_written(
    desk: Office, team: Team, shown: list[str]
) -> None:
    desk.open(team.root / "Register.xlsx")
    before = hashes(team.root, ".")
    assert "Which account?" in desk.press("brief", "en")
    assert hashes(team.root, ".") == before
    assert shown == []
