"""The register is read in a process apart; whatever lies in a workspace ends in one sentence."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kamxl import apart
from kamxl.apart import Allowance, calling
from kamxl.cli.main import main
from kamxl.errors import WorkspaceError
from kamxl.excel.reading.book import read
from kamxl.forms.register import book as form
from kamxl.forms.register.places import Places
from kamxl.store.imports import load as imported
from kamxl.store.issued_log import IssuedLog
from kamxl.store.memory import load
from kamxl.workflow.files import registers
from kamxl.workflow.guard.check_leaks import check_leaks
from kamxl.workflow.incoming.check import check
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.incoming.issued_cards import cards_named
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.writing import remind
from kamxl.workflow.start import register as reading
from kamxl.workflow.start.beside import in_newest
from kamxl.workflow.start.register import raw_register, read_register
from tests.hostile.cases import everything
from tests.workflow.deadly import dies, wants_all, works_on
from tests.workflow.making import NOW, hashes

ROOT = Path(__file__).resolve().parents[2]
EVERYTHING = ("Register.xlsx", "Portfolio.xlsx", ".kamxl", "inbox", "outbox", "plans")
CASES = {name: data for name, (path, data, _) in everything().items() if path.endswith(".xlsx")}
needs_pipes = pytest.mark.skipif(os.name == "nt", reason="Windows has no such things in folders")


def example() -> bytes:
    return (ROOT / "workbooks" / "register.xlsx").read_bytes()


def first_layout() -> bytes:
    with zipfile.ZipFile(Path(__file__).with_name("layout1.zip")) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith("Register.xlsx"))
        return archive.read(name)


# --- good ones come through as they were ---


@pytest.mark.parametrize("register", [example, first_layout])
def test_apart_it_says_what_it_says_here(register: Callable[[], bytes]) -> None:
    data = register()
    raw = read(data)
    direct = form.read(raw)
    found = apart.call(registers.register_with_cells, data, None, reading.MOST)
    assert found.register == direct
    for name in ("findings", "requirements", "segments"):  # a number, too, as it was: 50.0 and 50
        assert repr(getattr(found.register, name)) == repr(getattr(direct, name))
    assert found.raw == raw
    assert found.told == tuple(form.workspaces(raw))
    assert apart.call(registers.places_in, data, None, reading.MOST) == Places.of(raw)


def test_the_workspace_reads_the_same(team) -> None:
    data = team.workspace.register.read_bytes()
    found = raw_register(team.workspace)
    assert found.data == data
    assert found.raw == read(data)
    assert found.register == read_register(team.workspace).register == form.read(read(data))


def test_one_process_for_the_register_and_all_that_came_back(team, monkeypatch) -> None:
    shutil.copy(team.workspace.register, team.root / "inbox" / "other.xlsx")
    started = []

    class Counted(calling.Worker):
        def __init__(self, module: str) -> None:
            started.append(module)
            super().__init__(module)

    monkeypatch.setattr(calling, "Worker", Counted)
    for command in (lambda: remind(team.root), lambda: consolidate(team.root, now=NOW)):
        apart.close()
        started.clear()
        command()
        assert len(started) == 1


# --- strange ones end in a sentence ---


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def listening(path: Path) -> None:
    """A socket: its name is short, as sockets have them."""
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(before)


def circle(path: Path) -> None:
    path.symlink_to(path)


def endless(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10**11)


STRANGE = [pipe, device, folder, listening, circle, endless]


def put(strange: Callable[[Path], None], path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    strange(path)


@needs_pipes
@pytest.mark.parametrize("strange", STRANGE)
def test_what_is_no_file_is_no_register(team, strange, capsys) -> None:
    put(strange, team.workspace.register)
    with pytest.raises(WorkspaceError, match=r"Register\.xlsx"):
        read_register(team.workspace)
    assert main(["-C", str(team.root), "upgrade"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "Errno" not in err


@needs_pipes
@pytest.mark.parametrize("strange", [pipe, device, folder, endless])
def test_what_is_no_file_is_no_memory(team, strange) -> None:
    memory = team.workspace.memory
    record = next((memory / "issued").glob("*.json"))
    put(strange, record)
    put(strange, memory / "issued" / "log")
    put(strange, memory / "imports" / "strange.json")
    assert load(team.workspace).damaged == (record.name,)
    assert IssuedLog(team.workspace).run == 1
    assert imported(team.workspace).layouts == {}
    put(strange, memory / "workspace.json")
    assert main(["-C", str(team.root), "issue"]) == 2


def a_file(path: Path) -> None:
    path.write_bytes(b"x")


def nowhere(path: Path) -> None:
    """A link to a disk that is not there."""
    path.symlink_to(path.parent / "unplugged")


@needs_pipes
@pytest.mark.proof
@pytest.mark.parametrize("strange", [pipe, a_file, nowhere, circle])
@pytest.mark.parametrize("name", ["issued", "keys", "rotated", "sent"])
def test_what_is_no_folder_holds_no_memory(
    team, tmp_path, monkeypatch, strange, name, capsys
) -> None:
    """Going on as if nothing had been issued or sent would be worse than not going on."""
    monkeypatch.setenv("KAMXL_KEY_PASSPHRASE", "a word that nobody guesses")
    memory = team.workspace.memory
    put(strange, memory / name)
    before = hashes(team.root, *EVERYTHING)
    for command in ("doctor", "key backup"):
        argv = [*command.split(), *([str(tmp_path / "b")] if "backup" in command else [])]
        ended = main(["--language", "en", "-C", str(team.root), *argv])
        out, err = capsys.readouterr()
        assert f".kamxl/{name}" in out + err
        assert (ended, err.count("\n")) == ((0, 0) if command == "doctor" else (2, 1))
    assert not (tmp_path / "b").exists()
    if name != "sent":
        assert main(["-C", str(team.root), "consolidate"]) == 2
    assert hashes(team.root, *EVERYTHING) == before
    assert not (team.root / "Portfolio.xlsx").exists()


@needs_pipes
@pytest.mark.parametrize("strange", [pipe, device, folder, listening, endless])
def test_an_identity_that_is_no_file_is_damaged(team, strange, capsys) -> None:
    put(strange, team.workspace.memory / "workspace.json")
    assert main(["--language", "en", "-C", str(team.root), "consolidate"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "damaged" in err
    assert "right to read" not in err


@needs_pipes
@pytest.mark.parametrize("strange", [pipe, device, endless])
def test_what_is_no_file_is_no_card(team, strange) -> None:
    card = next(team.workspace.outbox.rglob("*.xlsx"))
    mail = next(team.workspace.outbox.rglob("*.eml"))
    put(strange, card)
    put(strange, mail)
    put(strange, team.root / "inbox" / "card.xlsx")
    assert {one.state for one in issue(team.root, now=NOW).issued} <= {"changed", "unchanged"}
    assert card.is_file()
    assert card.stat().st_size < 10**6
    assert mail.is_file()
    (file,) = check([team.root / "inbox" / "card.xlsx"], team.root).files
    assert {found.code for found in file.findings} & {"not-a-workbook", "too-large"}
    assert check_leaks([team.root / "inbox" / "card.xlsx"], team.root).files[0].findings


@needs_pipes
@pytest.mark.parametrize("strange", [pipe, device, folder, endless])
@pytest.mark.parametrize("command", ["init --from", "import", "key restore", "check"])
def test_what_is_no_file_is_nothing_to_work_with(team, tmp_path, strange, command, capsys) -> None:
    path = tmp_path / "given.xlsx"
    strange(path)
    where = tmp_path / "new" if command.startswith("init") else team.root
    before = hashes(team.root, *EVERYTHING)
    assert main(["-C", str(where), *command.split(), str(path)]) in (0, 2)
    assert "Traceback" not in capsys.readouterr().err
    assert hashes(team.root, *EVERYTHING) == before


@pytest.mark.proof
@pytest.mark.parametrize("name", CASES)
def test_no_attack_is_a_register(team, name) -> None:
    team.workspace.register.write_bytes(CASES[name])
    with contextlib.suppress(WorkspaceError):
        found = read_register(team.workspace).register
        assert found.accounts == ()  # a workbook in order, and nothing in it
    assert cards_named(CASES[name]) == []


# --- one that ends the process ---


ENDS = {dies: "ends the program", works_on: "too long", wants_all: "too much memory"}


@pytest.mark.parametrize("end", ENDS)
def test_a_register_that_ends_its_reader(team, monkeypatch, capsys, end) -> None:
    monkeypatch.setattr(reading, "register_in", end)
    monkeypatch.setattr(reading, "MOST", Allowance(seconds=0.3))
    before = hashes(team.root, *EVERYTHING)
    with pytest.raises(WorkspaceError, match=ENDS[end]):
        read_register(team.workspace)
    assert main(["-C", str(team.root), "consolidate"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert hashes(team.root, *EVERYTHING) == before


# --- one that kamxl itself would write ---


def test_no_register_is_written_that_is_not_read(team, monkeypatch, capsys) -> None:
    """Nothing that kamxl writes may be too large for it: of each row it draws every column."""
    team.workspace.register.write_bytes(first_layout())
    before = hashes(team.root, *EVERYTHING), sorted(team.root.iterdir())
    little = replace(registers.REGISTER, file=1_000)
    monkeypatch.setattr("kamxl.workflow.start.beside.REGISTER", little)
    assert main(["--language", "en", "-C", str(team.root), "upgrade"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "nothing was written" in err
    assert (hashes(team.root, *EVERYTHING), sorted(team.root.iterdir())) == before
    monkeypatch.undo()
    assert main(["-C", str(team.root), "upgrade"]) == 0


def test_an_earlier_register_that_outgrows_the_newest_layout(team, monkeypatch) -> None:
    team.workspace.register.write_bytes(first_layout())
    found = raw_register(team.workspace)
    monkeypatch.setattr(registers, "REGISTER", replace(registers.REGISTER, cells=1_000))
    with pytest.raises(WorkspaceError) as told:
        in_newest(found, team.workspace, NOW)
    assert told.value.code == "register-grown"
