"""Consolidate, pressed in Excel: the open portfolio becomes what the command would write."""

import shutil

import pytest

from kamxl.excel.reading.book import read
from kamxl.forms.portfolio import reading as portfolio_reading
from kamxl.forms.portfolio.parts import KEYS
from kamxl.store import atomic
from kamxl.workflow.buttons import desk
from kamxl.workflow.incoming.consolidate import consolidate
from tests.addin.pressing import LATER, Office, cell_of, formulas, sheet
from tests.engines.strict import ExcelError
from tests.waiting import busy
from tests.workflow.making import NOW, answers_to, hashes

pytestmark = pytest.mark.proof  # a screen is drawn for each


@pytest.fixture
def more(team):
    """Since the portfolio was written, another answer came."""
    team.put("beta.xlsx", team.filled(team.order("BETA")))
    return team


def afresh(team, tmp_path, remarks=None):
    """The portfolio that the command would write of the same workspace."""
    root = tmp_path / "fresh"
    shutil.copytree(team.root, root)
    consolidate(root, now=LATER)
    return root / "Portfolio.xlsx"


def test_the_screen_shows_what_the_command_would_write(office, more, tmp_path):
    book = office.open(more.root / "Portfolio.xlsx")
    before = office.state()
    said = office.press("consolidate")
    assert "up to date" in said
    assert "5 files" in said
    statuses = [str(value) for name, value in office.excel.history if name == "status_bar"]
    assert [one for one in statuses if "portfolio" in one] == ["kamxl: Writing the portfolio …"]
    assert office.names() == ["Portfolio.xlsx"]
    assert office.state() == before
    drawn = office.open(shutil.copy(afresh(more, tmp_path), tmp_path / "drawn.xlsx"))
    for fresh in drawn.sheets:
        live = book.sheets[fresh.name]
        assert formulas(live) == formulas(fresh), fresh.name
        assert {t.name: t.range.address for t in live.tables} == {
            t.name: t.range.address for t in fresh.tables
        }
        setup, other = live.page_setup, fresh.page_setup
        assert (setup.print_area, setup.api.PrintTitleRows) == (
            other.print_area,
            other.api.PrintTitleRows,
        )
        assert [c.name for c in live.charts] == [c.name for c in fresh.charts]
        for one, other in zip(live.charts, fresh.charts, strict=True):
            assert [s.impl.references for s in one.series] == [
                s.impl.references for s in other.series
            ], (fresh.name, one.name)


def test_a_saved_portfolio_is_saved_again_and_can_be_read(office, more):
    office.open(more.root / "Portfolio.xlsx")
    said = office.press("consolidate")
    assert "Save" not in said
    raw = read((more.root / "Portfolio.xlsx").read_bytes())
    data = portfolio_reading.shown_sheets(raw)["data"]
    assert any(cell.text == "BETA" for cell in data.cells.values())
    assert not list(more.root.glob("Portfolio-*"))
    assert not list(office.places.scratch.iterdir())


def test_that_somebody_else_is_at_work_is_said_in_a_box(office, more, monkeypatch):
    """Soon, and nothing is changed: Excel does nothing else meanwhile."""
    monkeypatch.setattr(desk, "IN_EXCEL", 0.0)
    office.open(more.root / "Portfolio.xlsx")
    before = office.state()
    busy(more.root)
    kept = hashes(more.root, ".")
    said = office.press("consolidate")
    assert "jana on " in said
    assert "is at work in the folder" in said
    assert hashes(more.root, ".") == kept
    assert office.state() == before


@pytest.mark.proof
def test_what_the_manager_did_to_it_stays(office, more):
    book = office.open(more.root / "Portfolio.xlsx")
    accounts = sheet(book, "accounts")
    cell_of(accounts, "ALPHA", "remarks").value = "'=Ring them"
    own = book.sheets.add("Mine", after=book.sheets[0])
    total = cell_of(accounts, "ALPHA", "total").address
    own.range("A1").formula = f"='{accounts.name}'!{total}"
    accounts.range("B:B").column_width = 41
    table = accounts.tables["kx_accounts"]
    table.autofilter.apply_values(1, ["ALPHA", "BETA"])
    disk = hashes(more.root, "Portfolio.xlsx")
    said = office.press("consolidate")
    assert "not saved yet" in said  # it was not before, either
    assert hashes(more.root, "Portfolio.xlsx") == disk
    assert cell_of(accounts, "ALPHA", "remarks").value == "=Ring them"
    assert "Mine" in [s.name for s in book.sheets]
    assert own.range("A1").formula == f"='{accounts.name}'!{total}"
    assert accounts.range("B:B").column_width == pytest.approx(41, abs=0.5)
    kept = [one for one in accounts.tables["kx_accounts"].autofilter.criteria if one.type != "none"]
    assert [(one.field, sorted(one.values)) for one in kept] == [(1, ["ALPHA", "BETA"])]
    gamma = cell_of(accounts, "GAMMA", "id")
    assert accounts.range(f"{gamma.row}:{gamma.row}").rows.hidden


@pytest.mark.proof
def test_a_renamed_sheet_keeps_its_name_and_formulas_follow(office_excel, more, tmp_path):
    office = Office(office_excel, tmp_path / "home")  # in memory, formulas know no renaming
    book = office.open(more.root / "Portfolio.xlsx")
    title = "Ada's answers"
    sheet(book, "data").name = title
    office.press("consolidate")
    entered = formulas(sheet(book, "accounts")).values()
    assert any("'Ada''s answers'!" in str(one) for one in entered)
    assert title in [s.name for s in book.sheets]


@pytest.mark.proof
def test_fewer_answers_leave_nothing_of_the_old_ones(office, more):
    book = office.open(more.root / "Portfolio.xlsx")
    office.press("consolidate")
    (more.root / "inbox" / "beta.xlsx").unlink()
    (more.root / "inbox" / "GAMMA.xlsx").unlink()
    office.press("consolidate")
    for key in ("data", "drivers", "heatmap", "competitors"):
        shown = {str(one) for one in formulas(sheet(book, key)).values()}
        assert not shown & {"BETA", "GAMMA"}, key


def test_text_from_outside_stays_text(office, more):
    order = more.order("ALPHA")
    answers = answers_to(order, name="=Jens+Hartmann")
    more.put("ALPHA.xlsx", more.filled(order, answers))
    book = office.open(more.root / "Portfolio.xlsx")
    office.press("consolidate")
    data = sheet(book, "data")
    cell = cell_of(data, "ALPHA", "name", ids="account")
    assert cell.value == "=Jens+Hartmann"


def test_a_portfolio_that_is_not_open_is_written_and_opened(office, more):
    (more.root / "Portfolio.xlsx").unlink()
    office.open(more.root / "Register.xlsx")
    assert "up to date" in office.press("consolidate")
    assert office.names() == ["Register.xlsx", "Portfolio.xlsx"]
    assert office.app.books.active.name == "Portfolio.xlsx"


@pytest.mark.proof
def test_formulas_on_screen_have_the_numbers_of_the_core(office_excel, more, tmp_path):
    """LibreOffice calculates what was written into it."""
    office = Office(office_excel, tmp_path / "home")
    book = office.open(more.root / "Portfolio.xlsx")
    office.press("consolidate")
    accounts = sheet(book, "accounts")
    saved = read((more.root / "Portfolio.xlsx").read_bytes())
    stored = portfolio_reading.shown_sheets(saved)["accounts"]
    result = consolidate(more.root, now=LATER)
    assert result.portfolio.accounts
    for account in result.portfolio.accounts:
        cell = cell_of(accounts, account.id, "total")
        number = pytest.approx(account.total, abs=1e-9)
        assert cell.value == (number if account.answered else None)
        if account.answered:  # and they were calculated before it was saved
            assert stored.cells[cell.row, cell.column].number == number


# --- questions, and what can go wrong -----------------------------------------------------------


def test_an_unsaved_register_is_saved_if_the_user_wants(desk, more):
    book = desk.open(more.root / "Register.xlsx")
    before = hashes(more.root, "Register.xlsx")
    book.sheets[0].range("H40").value = "a note"
    desk.excel.answers.append("cancel")
    assert desk.press("consolidate") is None
    desk.excel.answers.append("no")
    assert "up to date" in desk.press("consolidate")
    assert hashes(more.root, "Register.xlsx") == before
    book.activate()
    desk.excel.answers.append("yes")
    desk.press("consolidate")
    assert hashes(more.root, "Register.xlsx") != before
    assert book.api.Saved


def test_a_portfolio_that_lost_a_sheet_is_written_beside(desk, more):
    book = desk.open(more.root / "Portfolio.xlsx")
    sheet(book, "heatmap").delete()
    said = desk.press("consolidate")
    assert "cannot be refreshed" in said
    assert desk.names() == ["Portfolio.xlsx", "Portfolio-2026-05-05.xlsx"]
    assert len(book.sheets) == len(KEYS) - 1  # untouched


def test_a_portfolio_open_elsewhere_is_written_beside(desk, more, monkeypatch):
    real = atomic._place

    def locked(path, data, mode):
        if path.name == "Portfolio.xlsx":
            raise PermissionError(13, "Permission denied", str(path))
        real(path, data, mode)

    monkeypatch.setattr(atomic, "_place", locked)
    desk.open(more.root / "Register.xlsx")
    assert "open in another program" in desk.press("consolidate")
    assert "Portfolio-2026-05-05.xlsx" in desk.names()
    assert "open in another program" in desk.log()


def test_a_refresh_that_breaks_off_leaves_the_file_and_excel_as_they_were(desk, more):
    desk.open(more.root / "Portfolio.xlsx")
    before, disk = desk.state(), hashes(more.root, "Portfolio.xlsx")
    desk.excel.faults["Range.formula="] = ExcelError("out of memory")
    said = desk.press("consolidate")
    desk.excel.faults.clear()
    assert "could not be refreshed completely" in said
    assert "\n" not in said
    assert desk.state() == before
    assert hashes(more.root, "Portfolio.xlsx") == disk
    assert "ExcelError: out of memory" in desk.log()  # the traceback is there, and only there
    assert "Traceback" not in said
    assert desk.names() == ["Portfolio.xlsx"]


def test_a_workspace_without_inbox_says_so(desk, more):
    shutil.rmtree(more.root / "inbox")
    desk.open(more.root / "Portfolio.xlsx")
    assert "no folder “inbox”" in desk.press("consolidate")


def test_a_folder_that_takes_no_files_is_one_sentence(desk, more, monkeypatch):
    def refused(path, data, today=None, *, mode=0o666):
        raise PermissionError(13, "Permission denied", str(path))

    desk.open(more.root / "Register.xlsx")
    monkeypatch.setattr(atomic, "write", refused)
    monkeypatch.setattr(atomic, "in_use", lambda path: False)  # it is the folder, not a program
    said = desk.press("consolidate")
    assert "Portfolio.xlsx cannot be used: Permission denied" in said
    assert desk.excel.alerts[-1].mode == "critical"
    assert "ERROR consolidate" in desk.log()


def test_a_read_only_portfolio_is_refreshed_but_not_saved(desk, more):
    path = more.root / "Portfolio.xlsx"
    disk = hashes(more.root, "Portfolio.xlsx")
    desk.app.books.open(str(path), read_only=True)
    assert "not saved yet" in desk.press("consolidate")
    assert hashes(more.root, "Portfolio.xlsx") == disk


def test_the_same_time_gives_the_same_message(desk, more):
    desk.open(more.root / "Portfolio.xlsx")
    first = desk.press("consolidate", now=NOW)
    assert desk.press("consolidate", now=NOW) == first
