"""The open portfolio and what a manager did to it: kept, or left alone and said why."""

import pytest

from kamxl.excel.reading.book import read
from kamxl.forms.portfolio import reading as portfolio_reading
from kamxl.store import atomic
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from tests.addin.pressing import cell_of, formulas, sheet
from tests.engines.strict import ExcelError
from tests.workflow.making import NOW, focused, hashes, new_team

pytestmark = pytest.mark.proof  # a screen is drawn for each

SIBLING = "Portfolio-2026-05-05.xlsx"
REJECTED = "(-2147418111, 'Call was rejected by callee.', None, None)"


@pytest.fixture
def more(team):
    """Since the portfolio was written, another answer came."""
    team.put("beta.xlsx", team.filled(team.order("BETA")))
    return team


@pytest.fixture
def unanswered(tmp_path):
    """A portfolio without a single answer, and then the first one."""
    team = new_team(tmp_path / "w", focused("ALPHA", "GAMMA"))
    issue(team.root, now=NOW)
    consolidate(team.root, now=NOW)
    team.put("alpha.xlsx", team.filled(team.order("ALPHA")))
    return team


# --- first answers -------------------------------------------------------------------------------


@pytest.mark.proof
def test_the_first_answers_are_shown_though_there_was_no_chart(office, unanswered):
    office.open(unanswered.root / "Portfolio.xlsx")
    said = office.press("consolidate")
    assert "up to date" in said
    assert "missing or was moved" not in said
    assert office.names() == ["Portfolio.xlsx"]
    book = office.app.books["Portfolio.xlsx"]
    assert len(sheet(book, "dashboard").charts)
    assert not list(unanswered.root.glob("Portfolio-*"))


def test_the_first_answers_leave_what_a_manager_typed_meanwhile(desk, unanswered):
    """Not saved yet: it is not closed, the new one stands beside, and its remark is in it."""
    book = desk.open(unanswered.root / "Portfolio.xlsx")
    cell_of(sheet(book, "accounts"), "ALPHA", "remarks").value = "Ring them"
    said = desk.press("consolidate")
    assert SIBLING in said
    assert cell_of(sheet(book, "accounts"), "ALPHA", "remarks").value == "Ring them"
    raw = read((unanswered.root / SIBLING).read_bytes())
    assert portfolio_reading.remarks(raw) == {"ALPHA": "Ring them"}


def test_an_own_sheet_or_note_is_never_closed_away(desk, unanswered):
    book = desk.open(unanswered.root / "Portfolio.xlsx")
    book.sheets.add("Mine", after=book.sheets[0])
    book.save()
    assert SIBLING in desk.press("consolidate")
    assert "Mine" in [s.name for s in desk.app.books["Portfolio.xlsx"].sheets]


# --- own columns, rows in another order -----------------------------------------------------------


def note_beside(live, account, text, ids="id"):
    """Something typed right of a table's last column, in the row of an account."""
    cell = cell_of(live, account, ids, ids=ids)
    wide = live.used_range.last_cell.column
    place = live.range((cell.row, wide + 1 if wide < 40 else wide))
    place.value = text
    return place.column


def test_a_note_beside_a_row_goes_with_it(office, more):
    book = office.open(more.root / "Portfolio.xlsx")
    live = sheet(book, "segments")
    rows = {a: cell_of(live, a, "account", ids="account").row for a in ("ALPHA", "GAMMA")}
    column = note_beside(live, "GAMMA", "'007", ids="account")
    live.range((rows["ALPHA"], column)).value = "first"
    said = office.press("consolidate")
    assert "up to date" in said
    assert not list(more.root.glob("Portfolio-*"))
    found = {a: cell_of(live, a, "account", ids="account").row for a in ("ALPHA", "GAMMA")}
    beside = {a: live.range((row, column)).value for a, row in found.items()}
    assert beside == {"ALPHA": "first", "GAMMA": "007"}
    assert [c for (_, c) in formulas(live) if c == column] == [column, column]


def test_a_column_added_to_a_table_goes_with_its_rows_and_stays_in_it(office, more):
    """Excel makes what is typed right of a table a column of it, with a header in its first row."""
    book = office.open(more.root / "Portfolio.xlsx")
    live = sheet(book, "accounts")
    table = live.tables["kx_accounts"]
    place = table.range
    column, last = place.last_cell.column + 1, place.last_cell.row
    live.range((place.row, column)).value = "Spalte1"
    table.resize(live.range((place.row, place.column), (last, column)))
    for account in ("ALPHA", "GAMMA"):
        live.range((cell_of(live, account, "id").row, column)).value = f"of {account}"
    rows = live.range((place.row + 1, 1), (last, column)).formula
    live.range((place.row + 1, 1), (last, column)).formula = [list(r) for r in reversed(rows)]
    said = office.press("consolidate")
    assert "up to date" in said
    assert not list(more.root.glob("Portfolio-*"))
    for account in ("ALPHA", "GAMMA"):
        cell = live.range((cell_of(live, account, "id").row, column))
        assert cell.value == f"of {account}"
    table = live.tables["kx_accounts"]
    assert table.range.last_cell.column == column
    assert live.range((table.range.row, column)).value == "Spalte1"


@pytest.mark.proof
def test_entries_that_go_with_their_rows_stay_what_they_are(office, more):
    """A text that looks like a number stays one, and a number does."""
    book = office.open(more.root / "Portfolio.xlsx")
    live = sheet(book, "accounts")
    table = live.tables["kx_accounts"].range
    column, last = table.last_cell.column + 2, table.last_cell.row
    rows = live.range((table.row + 1, 1), (last, column)).formula
    live.range((table.row + 1, 1), (last, column)).formula = [list(r) for r in reversed(rows)]
    wanted = {"ALPHA": ("'007", 7.5), "GAMMA": ("'=x", 3)}
    before = {}
    for account, entries in wanted.items():
        before[account] = row = cell_of(live, account, "id").row
        for place, entry in enumerate(entries, column):
            live.range((row, place)).value = entry
    assert "up to date" in office.press("consolidate")
    assert not list(more.root.glob("Portfolio-*"))
    for account, (text, other) in wanted.items():
        row = cell_of(live, account, "id").row
        assert row != before[account]
        found = [live.range((row, place)).value for place in (column, column + 1)]
        assert found == [text[1:], other]


def test_a_note_whose_row_is_gone_stops_the_refresh(desk, more):
    book = desk.open(more.root / "Portfolio.xlsx")
    live = sheet(book, "segments")
    cell = cell_of(live, "GAMMA", "account", ids="account")
    column = note_beside(live, "GAMMA", "mine", ids="account")
    cell.value = "NOWHERE"
    before = formulas(live)
    said = desk.press("consolidate")
    assert "something of yours" in said
    assert formulas(live) == before
    assert live.range((cell.row, column)).value == "mine"


def test_a_note_below_a_table_stops_the_refresh(desk, more):
    book = desk.open(more.root / "Portfolio.xlsx")
    live = sheet(book, "accounts")
    below = live.tables["kx_accounts"].range.last_cell.row + 2
    live.range((below, 2)).value = "my own sum"
    said = desk.press("consolidate", "de")
    assert "steht Eigenes" in said
    assert live.range((below, 2)).value == "my own sum"


def test_a_column_put_between_ours_stops_the_refresh(desk, more):
    book = desk.open(more.root / "Portfolio.xlsx")
    live = sheet(book, "accounts")
    key = cell_of(live, "ALPHA", "id").row
    header = next(r for r in range(1, key) if live.range((r, 1)).value == "id")
    live.range((header, 3)).value = None  # what an inserted column looks like in the row of keys
    live.range((key, 3)).value = "mine"
    assert "Portfolio.xlsx is open" in desk.press("consolidate")
    assert live.range((key, 3)).value == "mine"


def test_a_table_sorted_by_hand_keeps_its_remarks(office, more):
    book = office.open(more.root / "Portfolio.xlsx")
    live = sheet(book, "accounts")
    table = live.tables["kx_accounts"].range
    top, last, wide = table.row + 1, table.last_cell.row, table.last_cell.column
    cell_of(live, "GAMMA", "remarks").value = "Ring them"
    rows = live.range((top, 1), (last, wide)).formula
    live.range((top, 1), (last, wide)).formula = list(reversed([list(row) for row in rows]))
    assert "up to date" in office.press("consolidate")
    assert cell_of(live, "GAMMA", "remarks").value == "Ring them"
    assert cell_of(live, "ALPHA", "remarks").value in (None, "")


def test_an_own_chart_is_not_closed_away(desk, unanswered, monkeypatch):
    """Excel counts charts from one: hers may have a name that ours will have."""
    book = desk.open(unanswered.root / "Portfolio.xlsx")
    live = sheet(book, "intake")
    add_chart(live)
    book.save()
    assert SIBLING in desk.press("consolidate")
    assert len(sheet(book, "intake").charts) == 1


def add_chart(live):
    from openpyxl.chart import BarChart

    chart = BarChart()
    chart.anchor = "B40"
    live.impl._back.sheet.add_chart(chart)


# --- pages and printers ---------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["PageSetup.print_area=", "PageSetupApi.PrintTitleRows="])
def test_without_a_printer_all_but_the_pages_is_done(desk, more, call):
    book = desk.open(more.root / "Portfolio.xlsx")
    desk.excel.faults[call] = ExcelError("Unable to set the property of the PageSetup class")
    said = desk.press("consolidate")
    assert "up to date" in said
    assert "no printer" in said
    assert cell_of(sheet(book, "accounts"), "BETA", "total").formula.startswith("=")


def test_what_is_printed_grows_with_the_table(office, more):
    book = office.open(more.root / "Portfolio.xlsx")
    data = sheet(book, "data")
    before = int(data.page_setup.print_area.rpartition("$")[2])
    office.press("consolidate")
    assert int(data.page_setup.print_area.rpartition("$")[2]) > before


# --- one file for one reason ----------------------------------------------------------------------


@pytest.mark.proof
def test_pressing_again_does_not_make_another_file(desk, more):
    book = desk.open(more.root / "Portfolio.xlsx")
    sheet(book, "heatmap").delete()
    assert SIBLING in desk.press("consolidate")  # which is open now, too
    (more.root / "inbox" / "beta.xlsx").unlink()
    said = desk.press("consolidate")
    assert SIBLING in said
    assert [p.name for p in more.root.glob("Portfolio-*")] == [SIBLING]
    shown = desk.app.books[SIBLING]
    assert shown.name in desk.names()
    data = {str(one) for one in formulas(sheet(shown, "data")).values()}
    assert "BETA" not in data
    shown.close()
    (more.root / "inbox" / "GAMMA.xlsx").unlink()
    desk.press("consolidate")
    assert [p.name for p in more.root.glob("Portfolio-*")] == [SIBLING]
    data = {str(one) for one in formulas(sheet(desk.app.books[SIBLING], "data")).values()}
    assert "GAMMA" not in data


def test_a_sibling_with_something_own_is_not_written_over(desk, more):
    book = desk.open(more.root / "Portfolio.xlsx")
    sheet(book, "heatmap").delete()
    desk.press("consolidate")
    shown = desk.app.books[SIBLING]
    shown.sheets.add("Mine")
    shown.save()
    shown.close()
    before = hashes(more.root, SIBLING)
    said = desk.press("consolidate")
    assert "Portfolio-2026-05-05-2.xlsx" in said
    assert hashes(more.root, SIBLING) == before


def test_a_locked_portfolio_gets_one_sibling_a_day(more, monkeypatch):
    real = atomic._place

    def locked(path, data, mode):
        if path.name in ("Portfolio.xlsx", "Portfolio.html"):
            raise PermissionError(13, "Permission denied", str(path))
        real(path, data, mode)

    monkeypatch.setattr(atomic, "_place", locked)
    for _ in range(3):
        consolidate(more.root, now=NOW)
    found = sorted(p.name for p in more.root.glob("Portfolio-*"))
    assert found == ["Portfolio-2026-05-04.html", "Portfolio-2026-05-04.xlsx"]


# --- a cell that is being edited --------------------------------------------------------------


@pytest.mark.parametrize("call", ["Book.api", "Range.formula=", "App.calculation="])
def test_a_cell_that_is_being_edited_is_said(desk, more, call):
    desk.open(more.root / "Portfolio.xlsx")
    disk = hashes(more.root, "Portfolio.xlsx")
    desk.excel.faults[call] = ExcelError(REJECTED)
    said = desk.press("consolidate")
    desk.excel.faults.clear()
    assert said
    if call == "Range.formula=":
        assert "could not be refreshed completely" in said
    elif call == "Book.api":
        assert "Press Enter" in said
    if call != "App.calculation=":  # that one is only for speed
        assert hashes(more.root, "Portfolio.xlsx") == disk
