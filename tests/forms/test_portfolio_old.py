"""What an earlier period says looks old, and says so, wherever it stands; a rival that left, too.

A answered in this period; B only before it; C in one segment now, in the other before. Ceres left
the register since.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kamxl.core.method.selection import Answer, Candidate, GrowthCondition, SelectionCriterion
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.register import (
    Account,
    Competitor,
    ListedCompetitor,
    Register,
    Reply,
    Segment,
    Settings,
)
from kamxl.forms.paper.book import Book, Cell, Sheet
from kamxl.forms.paper.raw import column_number
from kamxl.forms.portfolio.book import book
from kamxl.forms.portfolio.dashboard import NAME
from kamxl.forms.portfolio.map import COLORS
from kamxl.forms.portfolio.news import concerns, flips, news, unknowns
from kamxl.forms.portfolio.position import MEASURES
from kamxl.report.html import render
from kamxl.report.looks import is_old
from kamxl.wording.texts import Texts, languages, texts
from tests.core.test_improving import BEFORE, NOW, reply
from tests.forms import portfolio_sample as sample
from tests.forms.test_portfolio_growth import rows

AHEAD = {"P": (60.0, 90.0, 50.0, 60.0), "D": (40.0, 80.0, 70.0, 60.0)}
BEHIND = {"P": (60.0, 30.0, 40.0, 70.0), "D": (40.0, 40.0, 30.0, 60.0)}
OPEN = dict.fromkeys(GrowthCondition, Answer.YES)
SCORED = dict.fromkeys(SelectionCriterion, 70.0)


@pytest.fixture(scope="module")
def old() -> Portfolio:
    where = (("A", "S"), ("B", "S"), ("C", "S"), ("C", "T"))
    register = Register(
        Settings("We", "en", NOW),
        tuple(Account(i, f"Account {i}") for i in "ABC"),
        tuple(Segment(a, s, f"Segment {s}", 100.0) for a, s in where),
        (),
        (),
        (ListedCompetitor("", "", Competitor("BOREL", "Borel")),),
        candidates=tuple(Candidate(i, revenue=9.0, ratings=SCORED, conditions=OPEN) for i in "ABC"),
        selection_weights=dict.fromkeys(SelectionCriterion, 1.0),
    )
    replies = [
        reply(AHEAD, "A"),
        reply(BEHIND, "A", period=BEFORE),
        reply(BEHIND, "B", period=BEFORE),
        reply(AHEAD, "C", "S"),
        reply(BEHIND, "C", "T", period=BEFORE),
    ]
    return assemble(register, NOW, replies, ())


@pytest.fixture(scope="module", params=languages())
def made(request: pytest.FixtureRequest, old: Portfolio) -> tuple[Book, Texts]:
    return book(old, request.param, sample.STAMP, {}), texts(request.param)


def row_of(sheet: Sheet, *told: str) -> list[list[Cell]]:
    """The rows of a sheet in which all of these are said, each with its cells that say anything."""
    by: dict[int, list[Cell]] = {}
    for (row, _), cell in sorted(sheet.cells.items()):
        if cell.content is not None:
            by.setdefault(row, []).append(cell)
    said = {row: [str(cell.content) for cell in cells] for row, cells in by.items()}
    return [cells for row, cells in by.items() if all(any(t in s for s in said[row]) for t in told)]


SHEETS = ("accounts", "position", "map")


def test_every_row_of_an_account_with_earlier_answers_looks_old(made: tuple[Book, Texts]) -> None:
    for key in SHEETS:
        for account, wanted in (("A", False), ("B", True), ("C", True)):
            *_, cells = row_of(made[0].sheet(key), f"Account {account}")
            names = [cell for cell in cells if str(cell.content).startswith(f"Account {account}")]
            assert [is_old(cell) for cell in names] == [wanted], (key, account)


@pytest.mark.parametrize("key", ["segments", "drivers", "competitors"])
def test_every_row_of_a_segment_with_earlier_answers_looks_old(
    made: tuple[Book, Texts], key: str
) -> None:
    sheet, t = made[0].sheet(key), made[1]
    before = t("portfolio.words.earlier", period=BEFORE)
    marked = row_of(sheet, before)
    assert marked
    for cells in marked:
        assert all(is_old(cell) for cell in cells if not isinstance(cell.content, int)), key
    for cells in row_of(sheet, NOW):
        told = [str(cell.content) for cell in cells]
        if NOW in told:
            assert not any(is_old(cell) for cell in cells if "Account" in str(cell.content)), key


def test_charts_and_blocks_name_the_period(made: tuple[Book, Texts], old: Portfolio) -> None:
    found, t = made
    as_of = {
        account.name: t("portfolio.words.as_of", name=account.name, period=BEFORE, partly=partly)
        for account, partly in zip(old.accounts[1:], (False, True), strict=True)
    }
    first = found.sheet("dashboard")
    lines = [str(cell.content) for (_, c), cell in sorted(first.cells.items()) if c == NAME]
    assert all(whole in " ".join(lines) for whole in as_of.values())  # it may take two lines
    for key in ("map", "heatmap"):
        said = [str(cell.content) for cell in found.sheet(key).cells.values()]
        for name, whole in as_of.items():
            assert any(whole in one for one in said), key
            assert not any(one.endswith(name) for one in said), key
        assert any(one.endswith("Account A") for one in said), key
    colors = {s.color for s in found.sheet("map").charts[0].series if s.title_ref}
    assert len(colors - {*COLORS.values()}) > 1  # a pale one, and those of the crosshair
    assert t("portfolio.map.pale") in [c.content for c in found.sheet("map").cells.values()]


@pytest.mark.parametrize("language", languages())
def test_sentences_say_of_which_period_they_are(old: Portfolio, language: str) -> None:
    t = texts(language)
    whole = t("portfolio.words.as_of", name="Account B", period=BEFORE, partly=False)
    behind = [said for said in concerns(old, t) if "Account B" in said]
    assert behind
    assert all(said.startswith(whole) for said in behind)
    turning = [said for said in flips(old, t) if "Account" in said]
    assert not any("Account B:" in said for said in turning)
    assert any(NOW not in said and "Account B" in said for said in unknowns(old, t))


def test_a_rival_that_left_is_marked_wherever_it_is_named(made: tuple[Book, Texts]) -> None:
    named = 0
    for sheet in made[0].sheets:
        for cell in sheet.cells.values():
            said = str(getattr(cell.content, "value", cell.content))
            if "Ceres" in said:
                named += 1
                assert not re.search(r"Ceres(?! \()", said), (sheet.key, said)
    assert named > 10


def test_competitors_are_counted_in_this_period(made: tuple[Book, Texts]) -> None:
    shown = rows(made[0].sheet("competitors"), "sum_number", "sum_earlier", last="sum_number")
    counts = [
        (row["sum_compared"], row["sum_ahead"], row["sum_behind"], row["sum_earlier"])
        for row in shown
        if isinstance(row["sum_number"], int)
    ][:2]
    assert counts == [(2, 0, 2, 2), (2, 0, 2, 2)]


def test_the_page_looks_old_too(made: tuple[Book, Texts], old: Portfolio) -> None:
    found, t = made
    said = render(found, news(old, t)).decode()
    leads = re.sub(r'(?s)<section[^>]*id="selection".*?</section>', "", said)  # the team's ratings
    looks = {
        account: {"old" in one.split() for one in re.findall(
            rf'<td class="([^"]*)"[^>]*>Account {account}<', leads)}
        for account in "ABC"
    }  # fmt: skip
    assert looks == {"A": {False}, "B": {True}, "C": {False, True}}  # C: one of its segments
    assert t("portfolio.words.earlier", period=BEFORE) in said


# --- how firm a position is ----------------------------------------------------------------------


def test_a_relative_position_on_too_little_has_no_bar_and_a_missed_minimum_stands_beside() -> None:
    alone = {"P": (60.0, 90.0, None, None), "D": (40.0, 80.0, None, None)}
    small = {"P": (60.0, 90.0, 80.0, None), "D": (40.0, 80.0, 70.0, None)}
    low = {"P": (60.0, 30.0, 20.0, None), "D": (40.0, 80.0, 70.0, None)}
    replies = [
        reply(small, "A", "S"),
        reply(alone, "A", "T"),
        with_minimum(reply(low, "B"), "P", 50.0),
    ]
    register = Register(
        Settings("We", "en", NOW),
        tuple(Account(i, f"Account {i}") for i in "ABC"),
        (Segment("A", "T", "Large", 900.0),
         *(Segment(a, "S", "Segment", 100.0) for a in "ABC")),
        (), (), (),
    )  # fmt: skip
    made = book(assemble(register, NOW, replies, ()), "en", sample.STAMP, {})
    sheet = made.sheet("position")
    a, b, c = rows(sheet, "id", "missed")
    assert (a["relative"], a["lead_coverage"], a["missed"]) == (75, pytest.approx(0.1), None)
    assert (b["missed"], b["lead_coverage"]) == ("Price: 30 (minimum 50; Person, 1 of 1)", 1)
    silent = (*MEASURES, "total", "lead", "lead_coverage")
    assert {c[key] for key in silent} <= {None, ""}
    hollow, bars = sheet.conditionals[-2:]
    assert (hollow.stops, hollow.kind, bars.kind) == (True, "formula", "bar")
    assert sheet.cells[6, column_of(hollow.formula)].content == "lead_coverage"
    accounts = {str(row["id"]): row for row in rows(made.sheet("accounts"), "id", "missed")}
    assert [accounts[i]["missed"] for i in "ABC"] == [None, 1, None]
    (found,) = [row for row in rows(made.sheet("drivers"), "number", "knockout") if row["knockout"]]
    assert found["knockout"] == "30, below minimum 50"


def with_minimum(one: Reply, requirement: str, minimum: float) -> Reply:
    """The reply, to a card with a minimum."""
    asked = tuple(
        replace(r, minimum=minimum) if r.id == requirement else r for r in one.order.requirements
    )
    return replace(one, order=replace(one.order, requirements=asked))


def column_of(formula: str) -> int:
    """The one column that a rule reads."""
    (found,) = set(re.findall(r"\$([A-Z]+)\d", formula))
    return column_number(found)
