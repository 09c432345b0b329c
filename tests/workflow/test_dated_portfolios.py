"""Portfolio.xlsx and the dated ones beside it: read apart, each once, and what it held is known."""

import io
import os
import re
import shutil
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from kamxl.apart import Died
from kamxl.excel.reading.book import Refused, read
from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.forms.portfolio.earlier import Earlier, without_rows
from kamxl.forms.portfolio.merged import Holds, merged_in
from kamxl.forms.portfolio.own import Entry, Hers
from kamxl.store import atomic
from kamxl.wording.texts import languages, texts
from kamxl.workflow.incoming import looking, portfolios
from kamxl.workflow.incoming.looking import PORTFOLIO
from tests.hostile import workbooks
from tests.workflow.making import NOW, Team, loaded
from tests.workflow.test_consolidate import column_of, found_codes, remark, remarks_in, run

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def answered_root(issued_root, tmp_path_factory):
    root = tmp_path_factory.mktemp("answered") / "w"
    shutil.copytree(issued_root, root)
    team = Team(root)
    team.put("ALPHA.xlsx", team.filled(team.order("ALPHA", "pumps", "c1")))
    run(team)
    return root


@pytest.fixture
def answered(answered_root, tmp_path):
    """A workspace with an answer and its portfolio."""
    root = tmp_path / "w"
    shutil.copytree(answered_root, root)
    return Team(root)


@pytest.fixture
def looks(monkeypatch):
    """How many portfolios were read."""
    seen = []
    real = portfolios.look_at_portfolio

    def counted(data, keys, **more):
        seen.append(len(data))
        return real(data, keys, **more)

    monkeypatch.setattr(portfolios, "look_at_portfolio", counted)
    return seen


def dated(team, number: int) -> Path:
    return team.root / f"Portfolio-2026-{number // 28 + 1:02}-{number % 28 + 1:02}.xlsx"


def saved_at(data: bytes, moment: str) -> bytes:
    """The same workbook, last saved at another time."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                changed = re.sub(rb"(modified[^>]*>)[^<]+", rb"\g<1>" + moment.encode(), part)
                assert changed != part
                part = changed
            new.writestr(name, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def portfolio(team) -> bytes:
    return (team.root / "Portfolio.xlsx").read_bytes()


# --- read once -----------------------------------------------------------------------------------


@pytest.mark.proof
def test_sixty_dated_ones_are_read_once(answered, looks):
    first = portfolio(answered)
    for number in range(60):
        dated(answered, number).write_bytes(saved_at(first, f"2026-01-01T10:00:{number:02}Z"))
    names = sorted(answered.root.iterdir())
    made = []
    for _ in range(5):
        looks.clear()
        run(answered)
        made.append((len(looks), portfolio(answered)))
    assert [count for count, _ in made] == [61, 1, 1, 1, 1]
    assert {data for _, data in made[1:]} == {made[0][1]}
    assert sorted(answered.root.iterdir()) == names
    assert set(merged_in(read(made[0][1])).values()) == {Holds.ALL}


@pytest.mark.proof
def test_a_restored_portfolio_knows_only_what_it_held(answered, looks):
    before = portfolio(answered)
    for number in range(2):
        dated(answered, number).write_bytes(saved_at(before, f"2026-01-0{number + 1}T10:00:00Z"))
    run(answered)
    for there in (before, None, b"damaged"):
        looks.clear()
        if there is None:
            (answered.root / "Portfolio.xlsx").unlink()
        else:
            (answered.root / "Portfolio.xlsx").write_bytes(there)
        run(answered)
        assert len(looks) == 2 + (there is not None)
        looks.clear()
        run(answered)
        assert len(looks) == 1


@pytest.mark.proof
def test_what_was_deleted_stays_deleted_and_a_changed_file_is_read_again(answered):
    workbook = loaded(answered.root / "Portfolio.xlsx")
    sheet = workbook["Kunden"]
    column = sheet.max_column + 1
    sheet.cell(5, column).value, sheet.cell(7, column).value = "Nächster Anruf", "3.11."
    workbook.save(answered.root / "Portfolio.xlsx")
    remark(answered, ALPHA="alt", BETA="bleibt")
    older = dated(answered, 3)
    older.write_bytes(portfolio(answered))
    run(answered)
    assert remarks_in(answered) == {"ALPHA": "alt", "BETA": "bleibt"}
    assert column_of(answered.root / "Portfolio.xlsx", "Nächster Anruf") == ["3.11."]
    workbook = loaded(answered.root / "Portfolio.xlsx")
    for row in workbook["Kunden"].iter_rows():
        for cell in row:
            if cell.value in ("alt", "3.11.", "Nächster Anruf"):
                cell.value = None
    workbook.save(answered.root / "Portfolio.xlsx")
    for _ in range(2):
        run(answered)
        assert remarks_in(answered) == {"BETA": "bleibt"}
        stored = next(s for s in read(portfolio(answered)).sheets if s.title == "Kunden").cells
        assert not {"3.11.", "Nächster Anruf"} & {cell.text for cell in stored.values()}
    remark(answered, older.name, GAMMA="später dort eingetragen")
    run(answered)
    assert remarks_in(answered) == {
        "ALPHA": "alt", "BETA": "bleibt", "GAMMA": "später dort eingetragen",
    }  # fmt: skip


@pytest.mark.proof
def test_what_found_no_row_finds_it_later_and_brings_nothing_else_back(answered):
    """A file of which not all could be carried over is read again, for that alone."""
    workbook = loaded(answered.root / "Portfolio.xlsx")
    sheet = workbook["Kunden"]
    column = sheet.max_column + 1
    sheet.cell(5, column).value = "Anruf"
    for row in range(7, 10):
        sheet.cell(row, column).value = f"bei {sheet.cell(row, 1).value}"
    workbook.save(answered.root / "Portfolio.xlsx")
    remark(answered, ALPHA="Anrufen")
    rename(answered, "BETA", "DELTA")
    result = run(answered)
    assert "portfolio-set-aside" in found_codes(result)  # DELTA is not BETA
    kept = answered.root / f"Portfolio-{NOW.date()}.xlsx"
    assert kept.exists()
    assert Holds.PARTLY in merged_in(read(portfolio(answered))).values()
    workbook = loaded(answered.root / "Portfolio.xlsx")
    for row in workbook["Kunden"].iter_rows():
        for cell in row:
            if cell.value in ("bei ALPHA", "Anrufen"):
                cell.value = None
    workbook.save(answered.root / "Portfolio.xlsx")
    rename(answered, "DELTA", "BETA")
    for _ in range(2):
        assert "portfolio-set-aside" not in found_codes(run(answered))
        assert sorted(filter(None, column_of(answered.root / "Portfolio.xlsx", "Anruf"))) == [
            "bei BETA", "bei GAMMA",
        ]  # fmt: skip
        assert remarks_in(answered) == {}
    assert kept.exists()


def rename(team, old: str, new: str) -> None:
    """An account gets another id in the register."""
    workbook = loaded(team.root / "Register.xlsx")
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == old:
                    cell.value = new
    workbook.save(team.root / "Register.xlsx")


@pytest.mark.proof
def test_a_portfolio_set_aside_is_known_to_the_one_in_its_place(answered, looks):
    workbook = loaded(answered.root / "Portfolio.xlsx")
    workbook.create_sheet("Meine Rechnung")["A1"] = "wichtig"
    workbook.save(answered.root / "Portfolio.xlsx")
    remark(answered, ALPHA="Anrufen")
    run(answered)
    assert set(merged_in(read(portfolio(answered))).values()) == {Holds.MOST}
    looks.clear()
    run(answered)
    assert len(looks) == 1
    assert remarks_in(answered) == {"ALPHA": "Anrufen"}


@pytest.mark.proof
def test_one_written_beside_is_the_same_each_time(answered, monkeypatch):
    real = os.replace

    def refuses(source, target):
        if str(target).endswith("Portfolio.xlsx"):
            raise PermissionError(13, "in use")
        real(source, target)

    dated(answered, 1).write_bytes(saved_at(portfolio(answered), "2026-01-02T10:00:00Z"))
    monkeypatch.setattr(atomic, "_RETRY_SECONDS", 0)
    monkeypatch.setattr(os, "replace", refuses)
    made = set()
    for _ in range(3):
        result = run(answered)
        assert result.written == "Portfolio-2026-05-04.xlsx"
        made.add((answered.root / result.written).read_bytes())
    assert len(made) == 1


# --- which is the newest -------------------------------------------------------------------------


@pytest.mark.proof
@pytest.mark.parametrize(
    ("moment", "wins"),
    [("2199-01-01T00:00:00Z", "here"), ("2026-05-03T00:00:00Z", "there"),
     ("2026-05-01T00:00:00Z", "here"), (f"{NOW + DAY:%Y-%m-%dT%H:%M:%SZ}", "here")],
)  # fmt: skip
def test_a_time_to_come_makes_no_file_the_newest(answered, moment, wins):
    first = portfolio(answered)
    remark(answered, ALPHA="there", BETA="only there")
    dated(answered, 5).write_bytes(saved_at(portfolio(answered), moment))
    os.utime(dated(answered, 5), (4e9, 4e9))  # nor does the disk know
    (answered.root / "Portfolio.xlsx").write_bytes(first)
    remark(answered, ALPHA="here")
    data = saved_at(portfolio(answered), "2026-05-02T00:00:00Z")
    (answered.root / "Portfolio.xlsx").write_bytes(data)
    run(answered)
    assert remarks_in(answered) == {"ALPHA": wins, "BETA": "only there"}


@pytest.mark.proof
def test_a_portfolio_from_the_future_is_not_older_than_what_it_lies_beside(answered):
    first = portfolio(answered)
    remark(answered, ALPHA="there")
    dated(answered, 5).write_bytes(saved_at(portfolio(answered), "2026-05-03T00:00:00Z"))
    (answered.root / "Portfolio.xlsx").write_bytes(first)
    remark(answered, ALPHA="here")
    path = answered.root / "Portfolio.xlsx"
    path.write_bytes(saved_at(path.read_bytes(), "2199-01-01T00:00:00Z"))
    os.utime(path, (4e9, 4e9))
    run(answered)
    assert remarks_in(answered) == {"ALPHA": "here"}


# --- strange ones --------------------------------------------------------------------------------

DAMAGED = {
    "no workbook": b"PK\x03\x04 damaged",
    "empty": b"",
    "bomb": workbooks.workbook({workbooks.SHEET: workbooks.sheet() + " " * (PORTFOLIO.part + 1)}),
    "too large": b"PK\x03\x04" + bytes(PORTFOLIO.file),
}
SPECIAL = ["fifo", "/dev/zero", "/dev/full", "folder", "nowhere"]


def lay(path: Path, kind: str) -> None:
    """Something strange in the place of a portfolio."""
    if kind in DAMAGED:
        path.write_bytes(DAMAGED[kind])
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(kind if kind.startswith("/") else path.parent / "nowhere.xlsx")


@pytest.mark.proof
@pytest.mark.parametrize("kind", [*DAMAGED, *SPECIAL])
def test_a_strange_portfolio_costs_one_sentence(answered, kind):
    if kind in SPECIAL and sys.platform == "win32":
        pytest.skip("no such things there")
    told = dated(answered, 7)
    lay(told, kind)
    (answered.root / "Portfolio.xlsx").unlink()
    lay(answered.root / "Portfolio.xlsx", kind)
    result = run(answered)
    found = [f for f in result.findings if f.code.startswith("portfolio-")]
    assert [f.code for f in found] == ["portfolio-unread", "portfolio-set-aside"]
    assert found[0].value == told.name
    for language in languages():
        assert told.name in texts(language).sentence(found[0])
    assert dict(found[1].details)["why"] == "unreadable"
    assert result.written == "Portfolio.xlsx"
    assert remarks_in(answered) == {}
    there = {path.name for path in answered.root.iterdir()}
    assert {told.name, f"Portfolio-{NOW.date()}.xlsx"} <= there
    again = [f.code for f in run(answered).findings if f.code.startswith("portfolio-")]
    # what has bytes is known by them; of the rest nobody can tell whether it is the same
    assert again == ([] if kind in DAMAGED and kind != "too large" else ["portfolio-unread"] * 2)


@pytest.mark.proof
def test_one_that_ends_its_process_is_set_aside(answered, monkeypatch):
    from kamxl.workflow.incoming import looking

    real = looking.call

    def dies(function, argument, *more):
        if function in (looking._portfolio, looking._portfolio_alone):
            raise Died("memory")
        return real(function, argument, *more)

    monkeypatch.setattr(looking, "call", dies)
    kept = portfolio(answered)
    (found,) = [f for f in run(answered).findings if f.code == "portfolio-set-aside"]
    assert (answered.root / dict(found.details)["kept"]).read_bytes() == kept


def test_a_mistake_of_ours_costs_no_run(answered, monkeypatch):
    def wrong(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(looking, "earlier", wrong)
    monkeypatch.delenv("KAMXL_DEBUG", raising=False)
    with pytest.raises(Refused, match="unexpected"):
        looking._portfolio(portfolio(answered), {})


@pytest.mark.proof
def test_dated_ones_with_more_than_anybody_types_wait_outside(answered, monkeypatch):
    dated(answered, 1).write_bytes(saved_at(portfolio(answered), "2026-01-02T10:00:00Z"))
    monkeypatch.setattr(portfolios, "_ROOM", 0)
    (found,) = [f for f in run(answered).findings if f.code == "portfolio-unread"]
    assert found.value == dated(answered, 1).name
    monkeypatch.undo()
    assert "portfolio-unread" not in found_codes(run(answered))
    assert set(merged_in(read(portfolio(answered))).values()) == {Holds.ALL}


def test_all_that_a_dated_one_says_is_weighed():
    """A portfolio of accounts without end must not fill the memory once for each dated one."""
    many = 1_000
    numbered = [f"{n:05}" for n in range(many)]
    entry = Entry("accounts", "x", (("a",), 0), cell=RawCell(RawKind.TEXT, "text"))
    for said in (
        Earlier(names=dict.fromkeys(numbered, "")),
        Earlier(remarks=dict.fromkeys(numbered, "")),
        Earlier(used=frozenset(numbered)),
        Earlier(foreign=tuple(numbered)),
        Earlier(merged=dict.fromkeys(numbered, Holds.ALL)),
        Earlier(hers=Hers((entry,) * many)),
        Earlier(hers=Hers(titles={"accounts": tuple(numbered)})),
    ):
        assert portfolios._weight(said) > many * 60
    # its rows are not kept: a large team has as many in every one of sixty
    rows = Earlier(hers=Hers(rows={"accounts": frozenset(numbered)}))
    assert portfolios._weight(without_rows(rows)) < 2_000
