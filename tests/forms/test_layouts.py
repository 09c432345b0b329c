"""Layouts have numbers: what an earlier one lacks is blank, what ended stays readable."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kamxl.core.finding import Severity
from kamxl.excel.reading.book import read as read_workbook
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet
from kamxl.forms.plan.sheets import LAYOUT as PLAN_LAYOUT
from kamxl.forms.register import book as form
from kamxl.forms.register.sheets import CONTACTS, FIELDS, FORMS, LAYOUT, MARK, TEAM, mark_text
from kamxl.forms.tables.columns import Column, Kind
from kamxl.forms.tables.declared import Line, Table, placed
from kamxl.forms.tables.layouts import Layouts, newest
from kamxl.forms.tables.mark import parse
from kamxl.forms.tables.reading import read_table
from tests.forms.cards import MARK as CARD_MARK
from tests.forms.registers import SMALL, WORKSPACE, drawn, small, spoiled

_T = Kind.TEXT


def text(value: str) -> RawCell:
    return RawCell(RawKind.TEXT, value)


def changed(raw: RawBook, marks: dict[str, str]) -> RawBook:
    """The book with other marks in A1."""
    sheets = []
    for sheet in raw.sheets:
        cells = dict(sheet.cells)
        cells[1, 1] = text(marks.get(cells[1, 1].text, cells[1, 1].text))
        sheets.append(RawSheet(sheet.title, cells))
    return replace(raw, sheets=tuple(sheets))


def at_layout(raw: RawBook, layout: int) -> RawBook:
    marks = [MARK.fullmatch(s.cells[1, 1].text) for s in raw.sheets]
    return changed(raw, {m[0]: mark_text(m[1], m[2], layout) for m in marks if m})


def without(raw: RawBook, table: Table, *keys: str) -> RawBook:
    """The book with these columns emptied, as somebody deletes them."""
    gone = {table.index(key) for key in keys}
    sheets = [
        RawSheet(s.title, {p: c for p, c in s.cells.items() if p[1] not in gone})
        if f":{table.key}:" in s.cells[1, 1].text
        else s
        for s in raw.sheets
    ]
    return replace(raw, sheets=tuple(sheets))


NEW = tuple(column.id for column in CONTACTS.columns if column.since == 2)


def test_the_number_follows_from_what_is_declared() -> None:
    assert LAYOUT == newest(FORMS, FIELDS) == 6
    assert PLAN_LAYOUT == 2
    later = Table("contacts", (Column("a", _T, 9), Column("b", _T, 9, since=5)), "register")
    over = Table("contacts", (Column("a", _T, 9), Column("b", _T, 9, until=5)), "register")
    assert (newest([later]), newest([over]), newest([], [Column("x", _T, 0, since=3)])) == (5, 6, 3)


@pytest.mark.proof
def test_the_mark_says_it_at_its_end_and_begins_as_ever() -> None:
    assert mark_text("accounts", "ws-1", 1) == "kamxl:register:accounts:ws-1"
    assert mark_text("accounts", "ws-1") == "kamxl:register:accounts:ws-1:6"
    for layout in (1, 2, 13):
        match = MARK.fullmatch(mark_text("team", "ws-1", layout))
        assert match is not None
        assert (match[1], match[2], int(match[3] or 1)) == ("team", "ws-1", layout)
    assert form.workspaces(small("de"))[0][0] == WORKSPACE
    copied = form.renamed_marks(at_layout(small("de"), 1), "ws-2")
    assert copied[f"kamxl:register:accounts:{WORKSPACE}"] == "kamxl:register:accounts:ws-2"
    copied = form.renamed_marks(small("de"), "ws-2")
    assert copied[f"kamxl:register:accounts:{WORKSPACE}:6"] == "kamxl:register:accounts:ws-2:6"


def test_a_card_tells_its_layout_behind_its_signature() -> None:
    first, later = parse(CARD_MARK), parse(f"{CARD_MARK}|3")
    assert first is not None
    assert later is not None
    assert (first.layout, later.layout) == (1, 3)
    assert first == later  # whose card it is does not depend on it
    assert (first.text, later.text) == (CARD_MARK, f"{CARD_MARK}|3")
    assert parse(f"{CARD_MARK}|0") is None


@pytest.mark.parametrize("key", NEW)
def test_what_layout_1_lacks_is_blank_and_no_finding_and_deleted_later_it_is_one(key: str) -> None:
    lacking = without(small("de"), CONTACTS, key)
    assert [f.code for f in form.read(at_layout(lacking, 1)).findings] == []
    found = form.read(lacking)
    assert [(f.code, f.value) for f in found.findings] == [
        ("column-missing", CONTACTS.header(CONTACTS.column(key), "de"))
    ]
    assert found.held == ()  # a mail says it, no card does


@pytest.mark.proof
def test_a_column_that_everybody_has_is_missed_in_every_layout() -> None:
    lacking = without(small("de"), CONTACTS, "function")
    for layout in (1, 2):
        found = form.read(at_layout(lacking, layout)).findings
        assert [f.code for f in found] == ["column-missing"]


def test_a_column_typed_by_hand_into_an_earlier_layout_is_read() -> None:
    raw = spoiled(at_layout(small("de"), 1), {("contacts", "title", 0): "Dr."})
    assert form.read(raw).contacts[0].title == "Dr."


@pytest.mark.proof
def test_a_register_of_layout_1_has_no_team_and_one_of_layout_2_misses_it() -> None:
    raw = small("en")
    sheets = tuple(s for s in raw.sheets if s.title != TEAM.title("en"))
    lacking = replace(raw, sheets=sheets)
    register = form.read(at_layout(lacking, 1))
    assert (register.findings, register.team, register.layout) == ((), (), 1)
    register = form.read(lacking)
    assert [(f.code, f.value) for f in register.findings] == [("sheet-missing", "Team")]
    assert len(register.held) > 0  # nobody knows who writes


def test_a_sheet_without_a_mark_has_the_layout_of_its_workbook() -> None:
    raw = small("en")
    bare = tuple(
        RawSheet(s.title, {p: c for p, c in s.cells.items() if p != (1, 1)})
        if s.title == "Contacts"
        else s
        for s in raw.sheets
    )
    layouts = Layouts.of(replace(raw, sheets=bare), MARK)
    assert [layouts.of_sheet(s) for s in bare] == [LAYOUT] * len(bare)
    assert form.read(replace(raw, sheets=bare)).contacts == form.read(raw).contacts


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_newer_layout_is_said_and_nothing_goes_out(language: str) -> None:
    raw = at_layout(small(language), LAYOUT + 1)
    register = form.read(raw)
    (found,) = register.findings
    assert (found.code, found.severity, found.cell) == ("layout-newer", Severity.ERROR, "A1")
    assert (found.value, dict(found.details)["known"]) == (str(LAYOUT + 1), LAYOUT)
    assert len(register.held) == 4
    assert register.accounts == SMALL.accounts  # what is known is read all the same


# --- what ended ----------------------------------------------------------------------------------

ENDING = Table(
    "competitors",
    (
        Column("id", Kind.ID, 9, required=True),
        Column("name", _T, 9),
        Column("account", Kind.AMOUNT, 9, until=1),
        Column("remark", Kind.NOTE, 9),
    ),
    "register",
)


def test_an_ended_column_is_not_drawn_and_what_was_typed_is_read() -> None:
    sheet = ENDING.draw(placed((ENDING,), "en"), [Line(None, {"id": "A", "name": "x"})], mark="m")
    keys = [c.content for (row, _), c in sheet.cells.items() if row == ENDING.header_row + 1]
    assert keys == ["id", "name", "remark"]
    assert ENDING.index("remark") == 3
    assert [column.id for column in ENDING.known] == ["id", "name", "remark", "account"]
    cells = {(1, i): text(k) for i, k in enumerate(("id", "account", "name", "remark"), 1)}
    cells |= {(2, 1): text("A"), (2, 2): text("7"), (3, 1): text("B"), (3, 2): text("many")}
    for layout in (1, 2):
        read = read_table(RawSheet("S", cells), ENDING, layout=layout)
        assert [row["account"] for row in read.rows] == [7.0, None]
        assert [row.seen("account") for row in read.rows] == ["7", "many"]
        assert [row.findings for row in read.rows] == [(), ()]
        assert read.findings == ()
    gone = {place: cell for place, cell in cells.items() if place[1] != 2}
    assert read_table(RawSheet("S", gone), ENDING, layout=1).findings == ()


def test_a_copy_with_other_rows_keeps_what_ended() -> None:
    again = replace(ENDING, rows=7)
    assert (again.columns, again.ended, again.rows) == (ENDING.columns, ENDING.ended, 7)


def test_a_drawn_register_is_of_the_newest_layout() -> None:
    raw = read_workbook(drawn(SMALL, "en"))
    assert form.read(raw).layout == LAYOUT
    assert Layouts.of(raw, MARK).place == ("Start", "A1")
