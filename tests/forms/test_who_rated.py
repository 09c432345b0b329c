"""Who rated, as people write it: a name, a role and a day in whatever words have one meaning."""

from __future__ import annotations

from datetime import date

import pytest

from kamxl.core.records.person import Called
from kamxl.core.roles import Role
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet
from kamxl.forms.scorecard.about import Who, read_who
from kamxl.forms.scorecard.grid import ID, WEIGHT
from kamxl.forms.tables.locate import Located


def said(**typed: str) -> tuple[Who, list[str]]:
    """What the rows below a table say, and the codes of what is wrong with them."""
    cells = {}
    for row, (key, text) in enumerate(typed.items(), 2):
        cells[row, 1] = RawCell(RawKind.TEXT, f":{key}")
        cells[row, 2] = RawCell(RawKind.TEXT, text)
    sheet = RawSheet("Scorecard", cells)
    who, found = read_who(RawBook((sheet,)), Located(sheet, 1, {ID: (1,), WEIGHT: (2,)}))
    return who, [one.code for one in found]


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        ("Einkäufer", Role.PURCHASER),
        ("EINKÄUFERIN", Role.PURCHASER),
        ("Einkaeufer", Role.PURCHASER),
        ("Einkauf", Role.PURCHASER),
        ("Buyer", Role.PURCHASER),
        ("strategischer Einkäufer", Role.PURCHASER),
        ("Head of Purchasing", Role.PURCHASER),
        ("Bedarfsträger", Role.REQUIRER),
        ("Bedarfsträgerin", Role.REQUIRER),
        ("user", Role.REQUIRER),
        ("beides", Role.BOTH),
        ("both", Role.BOTH),
        ("Bedarfsträger und Einkäufer", Role.BOTH),
        ("I’ll buy it", None),
        ("k. A.", None),
        ("", None),
    ],
)
def test_a_role(typed: str, role: Role | None) -> None:
    who, found = said(role=typed)
    assert who["role"] is role
    assert found == (["choice-unknown"] if typed == "I’ll buy it" else [])


def test_two_roles_that_nobody_listed_are_asked_about() -> None:
    who, found = said(role="Anwender mit Einkauf")
    assert (who["role"], found) == (None, ["choice-unknown"])


def test_a_name_as_typed_and_as_compared() -> None:
    who, found = said(name=" Frau Dr.  Eva\u200b Kern ", date="Mi., 30. September 2026")
    assert (who["name"], who["called"]) == ("Frau Dr. Eva Kern", Called(("Eva Kern",)))
    assert (who["rated_on"], found) == (date(2026, 9, 30), [])
    assert said(name="-")[0]["called"] == Called()
