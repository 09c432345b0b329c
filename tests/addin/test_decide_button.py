"""The button Decide: what waits, as begun rows in the open register; nothing is saved."""

from __future__ import annotations

import pytest

from kamxl.excel.live.reading import raw_book
from kamxl.forms.register.sheets import DECISIONS, FORMS, MARK
from kamxl.forms.tables.reading import read_tables
from tests.addin.pressing import Office
from tests.workflow.making import Team, hashes, prepared
from tests.workflow.test_deciding import without_mark
from tests.workflow.test_own_requirements import adding

CARD = "ALPHA--pumps--c1.xlsx"


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr("kamxl.apart.child.apart", True)
    with prepared(40):
        yield


def rows(desk: Office) -> list[dict[str, str]]:
    """What is typed on the sheet Decisions, as it is open."""
    located = read_tables(raw_book(desk.app.books.active), FORMS, MARK)[DECISIONS.key].located
    typed = [column.id for column in DECISIONS.columns if column.read]
    found = [
        {key: cell.text for key in typed if (cell := located.cell(number, key)) is not None}
        for number in located.rows()
    ]
    return [row for row in found if any(row.values())]


def test_what_waits_begins_a_row_and_is_not_begun_twice(desk: Office, team: Team) -> None:
    team.put(CARD, without_mark(team))
    desk.open(team.root / "Register.xlsx")
    before = hashes(team.root, "")
    said = desk.press("decide", "de")
    assert CARD in said
    assert "Prüfzeile" in said
    assert desk.app.books.active.name == "Register.xlsx"
    assert desk.app.books.active.sheets.active.name == "Entscheidungen"
    assert rows(desk) == [{"file": CARD}]
    assert hashes(team.root, "") == before  # nothing is saved
    desk.excel.answers.append("no")  # whether to save first what was begun
    assert "Entscheidungen" in desk.press("decide", "de")
    assert rows(desk) == [{"file": CARD}]


def test_a_requirement_of_her_own_begins_a_row_with_its_text(desk: Office, team: Team) -> None:
    order = team.order(respondent="c2")
    team.put("bo.xlsx", team.filled(order, adding(order)))
    desk.open(team.root / "Register.xlsx")
    said = desk.press("decide", "de")
    assert "„Rücknahme“" in said
    row = {"account": "ALPHA", "segment": "pumps", "requirement": "Rücknahme",
           "under": "RUECKNAHME"}  # fmt: skip
    assert rows(desk) == [row]
    desk.excel.answers.append("no")
    desk.press("decide", "de")
    assert rows(desk) == [row]


def test_nothing_waits(desk: Office, team: Team) -> None:
    desk.open(team.root / "Register.xlsx")
    assert desk.press("decide", "de") == "Keine Antwort wartet auf eine Entscheidung."
    assert rows(desk) == []
