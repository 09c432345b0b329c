"""The portfolio is written whole; what a manager added to the old one is never lost."""

import os
from datetime import timedelta

import pytest

from kamxl.core.finding import Fate
from kamxl.errors import KamxlError, WorkspaceError
from kamxl.excel.reading.book import read
from kamxl.forms.portfolio import reading as portfolio_reading
from kamxl.store import atomic
from kamxl.wording.texts import texts
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.results import counts
from tests.workflow.making import NOW, hashes, loaded

DAY = timedelta(days=1)


def run(team, **options):
    return consolidate(team.root, **{"now": NOW, **options})


def found_codes(result):
    return {f.code for f in result.findings}


@pytest.fixture
def answered(team):
    for key in (("ALPHA", "pumps", "c1"), ("GAMMA", "pumps", "c1")):
        team.put(f"{key[0]}.xlsx", team.filled(team.order(*key)))
    return team


def remark(team, name="Portfolio.xlsx", **remarks):
    """A manager types remarks, finding the cells as she would: by the account's id."""
    path = team.root / name
    raw = read(path.read_bytes())
    sheet, row, columns = next(
        (s, r, {s.cells[r, c].text: c for rr, c in s.cells if rr == r})
        for s in raw.sheets
        for r in {row for row, _ in s.cells}
        if {"id", "remarks"} <= {s.cells[r, c].text for rr, c in s.cells if rr == r}
    )
    workbook = loaded(path)
    written = set()
    for number in range(row + 1, workbook[sheet.title].max_row + 1):
        account = workbook[sheet.title].cell(number, columns["id"]).value
        if account in remarks:
            cell = workbook[sheet.title].cell(number, columns["remarks"])
            cell.value = remarks[account]
            cell.data_type = "s"  # typed with a leading apostrophe if it begins with "="
            written.add(account)
    assert written == set(remarks)
    workbook.save(path)


def remarks_in(team, name="Portfolio.xlsx"):
    return portfolio_reading.remarks(read((team.root / name).read_bytes()))


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_portfolio_of_what_came_back(answered, language):
    before = hashes(answered.root, "inbox", "Register.xlsx", "outbox", ".kamxl")
    result = run(answered, language=language)
    assert result.written == "Portfolio.xlsx"
    assert counts(result.files)["accepted"] == counts(result.files)["files"] == 2
    totals = {a.id: a.total for a in result.portfolio.accounts}
    assert totals == {"ALPHA": 66.0, "BETA": None, "GAMMA": 66.0}
    assert (
        portfolio_reading.foreign_sheets(read((answered.root / "Portfolio.xlsx").read_bytes()))
        == ()
    )
    assert hashes(answered.root, "inbox", "Register.xlsx", "outbox", ".kamxl") == before


@pytest.mark.proof
def test_twice_the_same_is_the_same_bytes(answered):
    run(answered)
    first = (answered.root / "Portfolio.xlsx").read_bytes()
    run(answered)
    assert (answered.root / "Portfolio.xlsx").read_bytes() == first
    run(answered, workers=2)
    assert (answered.root / "Portfolio.xlsx").read_bytes() == first


def test_without_any_reply(team):
    result = run(team)
    assert counts(result.files)["files"] == 0
    assert all(a.total is None for a in result.portfolio.accounts)


@pytest.mark.proof
def test_an_earlier_period_is_shown_where_there_is_none(answered):
    issue(answered.root, period="2026-H2")
    answered.put("new.xlsx", answered.filled(answered.order("GAMMA", period="2026-H2")))
    result = run(answered, period="2026-H2")
    by = {a.id: a for a in result.portfolio.accounts}
    assert by["ALPHA"].earlier
    assert by["ALPHA"].periods == ("2026-H1",)
    assert not by["GAMMA"].earlier
    assert [f.fate for f in result.files] == [Fate.ACCEPTED] * 3
    with pytest.raises(KamxlError, match="no period"):
        run(answered, period="next")


# --- what a manager added ------------------------------------------------------------------------


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_remarks_survive(answered, language):
    run(answered, language=language)
    assert remarks_in(answered) == {}
    remark(answered, ALPHA="Anrufen", GAMMA="=1+1")
    for _ in range(2):
        result = run(answered, language=language)
        assert remarks_in(answered) == {"ALPHA": "Anrufen", "GAMMA": "=1+1"}
        assert found_codes(result).isdisjoint({"portfolio-set-aside", "remarks-orphaned"})
    other = "en" if language == "de" else "de"
    run(answered, language=other)
    assert remarks_in(answered) == {"ALPHA": "Anrufen", "GAMMA": "=1+1"}


@pytest.mark.proof
def test_the_newest_remark_wins_and_the_older_ones_stay(answered):
    run(answered)
    remark(answered, ALPHA="alt", BETA="bleibt")
    older = answered.root / "Portfolio-2026-01-05.xlsx"
    (answered.root / "Portfolio.xlsx").rename(older)
    run(answered)
    remark(answered, ALPHA="neu")
    run(answered)
    assert remarks_in(answered) == {"ALPHA": "neu", "BETA": "bleibt"}


@pytest.mark.proof
def test_remarks_on_an_account_that_is_gone_are_kept(answered):
    run(answered)
    remark(answered, BETA="war wichtig")
    workbook = loaded(answered.root / "Register.xlsx")
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "BETA":
                    cell.value = "DELTA"
    workbook.save(answered.root / "Register.xlsx")
    for _ in range(2):
        result = run(answered)
        assert "remarks-orphaned" in found_codes(result)
        assert remarks_in(answered)["BETA"] == "war wichtig"


@pytest.mark.proof
def test_foreign_sheets_are_set_aside_whole(answered):
    run(answered)
    remark(answered, ALPHA="Anrufen")
    path = answered.root / "Portfolio.xlsx"
    workbook = loaded(path)
    workbook.create_sheet("Meine Rechnung")["A1"] = "wichtig"
    workbook.save(path)
    kept = path.read_bytes()
    for name in ("Portfolio-2026-05-04.xlsx", "Portfolio-2026-05-04-2.xlsx"):
        result = run(answered)
        assert (answered.root / name).read_bytes() == kept
        assert result.written == "Portfolio.xlsx"
        (found,) = [f for f in result.findings if f.code == "portfolio-set-aside"]
        told = dict(found.details)
        assert (told["kept"], told["sheets"]) == (name, "Meine Rechnung")
        assert told["why"] == "foreign"
        assert remarks_in(answered) == {"ALPHA": "Anrufen"}
        path.write_bytes(kept)


@pytest.mark.proof
def test_what_a_manager_typed_beside_ours_is_carried_and_the_rest_set_aside(answered):
    run(answered)
    path = answered.root / "Portfolio.xlsx"
    workbook = loaded(path)
    sheet = workbook["Kunden"]
    column = sheet.max_column + 1
    sheet.cell(5, column).value, sheet.cell(7, column).value = "Nächster Anruf", "3.11. um 10 Uhr"
    workbook.save(path)
    assert found_codes(run(answered)).isdisjoint({"portfolio-set-aside"})
    assert column_of(path, "Nächster Anruf") == ["3.11. um 10 Uhr"]
    workbook = loaded(path)
    workbook["Kunden"].cell(40, 2).value = "eigene Zeile"
    workbook.save(path)
    kept = path.read_bytes()
    (found,) = [f for f in run(answered).findings if f.code == "portfolio-set-aside"]
    told = dict(found.details)
    assert (told["why"], told["places"], told["more"]) == ("own", "Kunden!B40", 0)
    assert (answered.root / told["kept"]).read_bytes() == kept
    assert "Kunden!B40" in texts("de").sentence(found)
    assert found_codes(run(answered)).isdisjoint({"portfolio-set-aside"})
    assert column_of(path, "Nächster Anruf") == ["3.11. um 10 Uhr"]


def column_of(path, header):
    """What stands below a header on Kunden."""
    cells = next(s for s in read(path.read_bytes()).sheets if s.title == "Kunden").cells
    row, column = next(at for at, one in cells.items() if one.text == header)
    below = sorted(at for at in cells if at[1] == column and at[0] > row + 1)
    return [cells[at].text for at in below]


@pytest.mark.proof
def test_a_file_that_counted_and_no_longer_does_is_named_once(answered):
    assert "no-longer-used" not in found_codes(run(answered))
    broken = answered.root / "inbox" / "GAMMA.xlsx"
    broken.write_bytes(b"PK no workbook any more")
    result = run(answered, language="en")  # another language reads the words of the last one
    (found,) = [f for f in result.findings if f.code == "no-longer-used"]
    assert found.value == "inbox/GAMMA.xlsx"
    (file,) = [f for f in result.files if f.path == found.value]
    assert texts("en").sentence(file.findings[0]) in texts("en").sentence(found)
    intake = next(
        s for s in read((answered.root / result.written).read_bytes()).sheets if s.title == "Intake"
    )
    assert any("counted in the last portfolio" in one.text for one in intake.cells.values())
    assert result.portfolio.findings[0] is found
    again = run(answered, language="en")
    assert "no-longer-used" not in found_codes(again)
    broken.unlink()  # what is taken out is no news, nor what a later answer stands for
    answered.put("later.xlsx", answered.filled(answered.order("ALPHA", "pumps", "c1")))
    assert "no-longer-used" not in found_codes(run(answered))


@pytest.mark.proof
@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 damaged"])
def test_an_unreadable_portfolio_is_set_aside(answered, content):
    (answered.root / "Portfolio.xlsx").write_bytes(content)
    result = run(answered)
    assert "portfolio-set-aside" in found_codes(result)
    assert (answered.root / "Portfolio-2026-05-04.xlsx").read_bytes() == content
    assert "portfolio-set-aside" not in found_codes(run(answered))


def test_a_portfolio_that_cannot_be_moved_is_not_replaced(answered, monkeypatch):
    (answered.root / "Portfolio.xlsx").write_bytes(b"mine")

    def refuses(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(atomic, "_RETRY_SECONDS", 0)
    monkeypatch.setattr(os, "replace", refuses)
    with pytest.raises(WorkspaceError, match="renamed"):
        run(answered)
    assert (answered.root / "Portfolio.xlsx").read_bytes() == b"mine"


@pytest.mark.proof
def test_a_portfolio_open_in_excel_gets_a_dated_sibling(answered, monkeypatch):
    run(answered)
    before = (answered.root / "Portfolio.xlsx").read_bytes()
    real = os.replace

    def refuses(source, target):
        if str(target).endswith("Portfolio.xlsx"):
            raise PermissionError(13, "in use")
        real(source, target)

    monkeypatch.setattr(atomic, "_RETRY_SECONDS", 0)
    monkeypatch.setattr(os, "replace", refuses)
    result = run(answered, now=NOW + DAY)
    assert result.written == "Portfolio-2026-05-05.xlsx"
    assert "portfolio-locked" in found_codes(result)
    assert (answered.root / "Portfolio.xlsx").read_bytes() == before


@pytest.mark.proof
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_portfolio(answered, monkeypatch, call):
    run(answered)
    before = (answered.root / "Portfolio.xlsx").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="space"):
        run(answered)
    monkeypatch.undo()
    assert (answered.root / "Portfolio.xlsx").read_bytes() == before
    assert not list(answered.root.rglob(".kamxl-tmp-*"))


@pytest.mark.proof
def test_leftovers_of_a_killed_run_are_swept(answered):
    leftover = answered.root / ".kamxl-tmp-123-4"
    leftover.write_bytes(b"half")
    os.utime(leftover, (1_700_000_000, 1_700_000_000))
    run(answered)
    assert not leftover.exists()


class Screen:
    """A Portfolio.xlsx that is open: it has an unsaved remark, and takes a new one in or not."""

    why = "own"

    def __init__(self, team, takes, closes=False):
        self.team, self.takes, self.shown, self.closes = team, takes, [], closes

    def read(self):
        return read((self.team.root / "open.xlsx").read_bytes())

    def refresh(self, book, data):
        self.shown.append(data)
        return self.takes

    def release(self):
        return self.closes

    def beside(self, path):
        return None


@pytest.fixture
def opened(answered):
    run(answered)
    remark(answered, ALPHA="on the disk", GAMMA="kept")
    (answered.root / "Portfolio.xlsx").rename(answered.root / "open.xlsx")
    remark(answered, "open.xlsx", ALPHA="on the screen")
    run(answered)
    remark(answered, ALPHA="on the disk")
    return answered


@pytest.mark.proof
def test_an_open_portfolio_is_refreshed_and_counts_as_the_newest(opened):
    screen = Screen(opened, takes=True)
    before = hashes(opened.root, "Portfolio.xlsx")
    result = run(opened, screen=screen)
    assert hashes(opened.root, "Portfolio.xlsx") == before
    assert result.written == "Portfolio.xlsx"
    (data,) = screen.shown
    assert portfolio_reading.remarks(read(data)) == {"ALPHA": "on the screen", "GAMMA": "kept"}


@pytest.mark.proof
def test_an_open_portfolio_that_cannot_be_refreshed(opened):
    before = hashes(opened.root, "Portfolio.xlsx")
    result = run(opened, screen=Screen(opened, takes=False))
    assert "portfolio-not-refreshed" in found_codes(result)
    assert result.written == "Portfolio-2026-05-04.xlsx"
    assert hashes(opened.root, "Portfolio.xlsx") == before
    assert remarks_in(opened, result.written)["ALPHA"] == "on the screen"


@pytest.mark.proof
def test_an_open_portfolio_that_may_be_closed_is_written_anew(opened):
    result = run(opened, screen=Screen(opened, takes=False, closes=True))
    assert result.written == "Portfolio.xlsx"
    assert "portfolio-not-refreshed" not in found_codes(result)
    assert remarks_in(opened, result.written) == {"ALPHA": "on the screen", "GAMMA": "kept"}
    assert not list(opened.root.glob("Portfolio-*"))


@pytest.mark.proof
def test_what_could_not_be_refreshed_gets_one_file_a_day(opened):
    for _ in range(3):
        result = run(opened, screen=Screen(opened, takes=False))
    assert result.written == "Portfolio-2026-05-04.xlsx"
    assert [p.name for p in opened.root.glob("Portfolio-*")] == [result.written]
    (note,) = [f for f in result.findings if f.code == "portfolio-not-refreshed"]
    assert texts("en").sentence(note).startswith("Portfolio.xlsx is open and was left as it is")
