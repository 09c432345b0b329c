"""``kamxl doctor``: each fault is made for real, and seen; where all is well, that is said."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kamxl.apart import close
from kamxl.cli.main import main
from kamxl.core.cards.asking import orders
from kamxl.core.records.register import Settings
from kamxl.errors import MailError
from kamxl.excel.reading import office
from kamxl.fences import landlock
from kamxl.store import atomic, memory
from kamxl.store.cache import OFF, VARIABLE, Cache
from kamxl.wording.texts import languages, texts
from kamxl.workflow.demo.beginning import small
from kamxl.workflow.health import computer, contents, folder
from kamxl.workflow.health import doctor as health
from kamxl.workflow.health.looks import Look
from kamxl.workflow.incoming.answering import alternative
from kamxl.workflow.start.identity import opened
from kamxl.workflow.start.init import init
from kamxl.workflow.start.key import backup
from kamxl.workflow.start.register import read_register
from tests.examples import KEY, NOW
from tests.wording.test_mistakes import STEPS

Break = Callable[[Path], object]


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in order: made, its keys backed up."""
    root = tmp_path_factory.mktemp("doctor") / "Team"
    init(root, "de", workspace_id="ws-d", key=KEY, now=NOW, filled=small("de"))
    backup(root, root.parent / "keys.kamxl", "a sentence", chance=os.urandom)
    return root


@pytest.fixture
def root(pattern: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pattern, tmp_path / "Team"))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the computer is like is looked at by tests of its own."""
    monkeypatch.setattr(health, "_computer", lambda now: iter(()))


def found(root: Path, now: datetime = NOW, *, named: bool = True) -> dict[tuple[str, str], Look]:
    result = health.doctor(root, "de", now=now, named=named)
    return {(look.part, look.case): look for look in result.looks}


def snapshot(root: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {str(p.relative_to(root)): (p.read_bytes(), p.stat().st_mtime_ns) for p in files}


# --- all well -------------------------------------------------------------------------------------


def test_where_all_is_well_it_is_said_and_nothing_is_changed(root: Path, quick: None) -> None:
    before = snapshot(root)
    result = health.doctor(root, "de", now=NOW, named=True)
    assert [look for look in result.looks if look.state != "well"] == []
    assert not result.attention
    assert result.root == str(root)
    assert {"write", "disk", "conflict", "open", "register", "keys", "mail"} <= {
        look.part for look in result.looks
    }
    assert snapshot(root) == before


def test_outside_of_a_workspace_the_computer_alone_is_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(computer, "libreoffice", lambda: Look("office", "missing", "less"))
    assert main(["doctor", "--language", "de"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("! LibreOffice: Nicht installiert; ")
    assert "nennen Sie einen mit -C" in said
    assert said.endswith("1 Punkt ist zu klären.\n")
    assert main(["doctor", "--strict", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["well"], told["workspace"]) == (False, None)
    assert {"part", "state", "case", "message"} == set(told["looks"][0])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_named_has_to_be_a_workspace(tmp_path: Path, quick: None) -> None:
    (look,) = found(tmp_path).values()
    assert (look.part, look.state) == ("workspace", "blocked")
    assert "kamxl init" in look.told(texts("de"))


# --- the folder -----------------------------------------------------------------------------------


def locked(root: Path) -> None:
    (root / "~$Portfolio.xlsx").write_bytes(b"x")


def template(root: Path) -> None:
    own = root / "templates" / "mail" / "de"
    own.mkdir(parents=True)
    (own / "invitation.txt").write_text("Guten Tag {{ letter.nombre }}")


def renamed_register(root: Path) -> None:
    (root / "Register.xlsx").rename(root / "Register.ods")


def damaged_record(root: Path) -> None:
    (root / ".kamxl" / "issued").mkdir(exist_ok=True)
    (root / ".kamxl" / "issued" / f"{'ab' * 16}.json").write_text("{")


FAULTS: tuple[tuple[Break, tuple[str, str], str, str], ...] = (
    (lambda r: (r / "Register (1).xlsx").write_bytes(b"x"), ("conflict", "copy"), "less",
     "Register (1).xlsx ist eine Kopie"),
    (lambda r: (r / "Register-DESKTOP-4F2K1.xlsx").write_bytes(b"x"), ("conflict", "copy"), "less",
     "Vergleichen Sie"),
    (lambda r: (r / ".kamxl" / "workspace (conflict).json").write_bytes(b"{}"),
     ("conflict", "copy"), "less", ".kamxl/workspace (conflict).json"),
    (lambda r: (r / "Register.xls").write_bytes(b"x"), ("conflict", "format"), "less",
     "Register.xls wird nicht gelesen"),
    (lambda r: (r / "inbox" / ".Antwort.xlsx.icloud").write_bytes(b"x"), ("placeholder", "held"),
     "blocked", "inbox/.Antwort.xlsx.icloud"),
    (locked, ("open", "portfolio"), "less", "Schließen Sie die Datei"),
    (lambda r: (r / ".~lock.Register.xlsx#").write_bytes(b"x"), ("open", "register"), "less",
     "Speichern Sie"),
    (lambda r: shutil.rmtree(r / "plans"), ("write", "missing"), "less", "Ordner plans fehlt"),
    (lambda r: (r / "Register.xlsx").unlink(), ("register", "no-register"), "blocked",
     "Legen Sie die Datei zurück"),
    (renamed_register, ("register", "register-other-format"), "blocked", "Register.ods"),
    (lambda r: (r / "Register.xlsx").write_bytes(b"PK broken"), ("register", "register-unreadable"),
     "blocked", "Öffnen Sie die Datei in Excel"),
    (lambda r: (r / ".kamxl" / "backed-up.json").unlink(), ("keys", "unsaved"), "less",
     "kamxl key backup"),
    (lambda r: opened(r).rotate(b"k" * 32, NOW.date()), ("keys", "saved_before"), "less",
     "älter als der neueste von 2"),
    (damaged_record, ("keys", "damaged"), "less", ".kamxl/issued/"),
    (lambda r: (r / ".kamxl" / "workspace.json").write_text("{"), ("workspace", "memory-damaged"),
     "blocked", "Benennen Sie die beschädigte Datei um"),
    (lambda r: (r / ".kamxl" / "workspace.json").unlink(), ("workspace", "identity-lost"),
     "blocked", "kamxl key restore"),
    (template, ("templates", "template-broken"), "blocked", "invitation.txt"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "place", "state", "words"),
    FAULTS,
    ids=[f"{f[1][1]}{n}" for n, f in enumerate(FAULTS)],
)
def test_each_fault_is_named_with_the_mend(
    root: Path, quick: None, fault: Break, place: tuple[str, str], state: str, words: str
) -> None:
    assert place not in found(root)
    fault(root)
    before = snapshot(root)
    look = found(root)[place]
    assert look.state == state
    assert words in look.told(texts("de"))
    for language in languages():
        assert "\n" not in look.told(texts(language))
    assert snapshot(root) == before


def test_where_the_cache_is_and_how_much_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "kept"))
    own = Cache(KEY)
    for name in ("a", "b"):
        own.keep(own.name(name), bytes(600_000))
    look = computer.kept()
    assert (look.state, look.values["entries"], look.values["room"]) == ("well", 2, 2)
    assert look.told(texts("de")).startswith(f"{tmp_path / 'kept' / 'entries'}: 2 Einträge, 2 MB.")
    monkeypatch.setenv(VARIABLE, OFF)
    assert (computer.kept().state, computer.kept().case) == ("well", "none")


def test_where_nothing_can_be_kept_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"x")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file"))
    look = computer.kept()
    assert (look.state, look.case) == ("less", "closed")
    for language in languages():
        assert VARIABLE in look.told(texts(language))


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_folder_that_takes_no_file(
    root: Path, quick: None, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """As the system refuses it: who runs the tests may be allowed everything."""
    real = os.open

    def refuses(path: str, *given: int, **named: int) -> int:
        if Path(path).parent == root / "plans":
            raise OSError(number, os.strerror(number), str(path))
        return real(path, *given, **named)

    monkeypatch.setattr(os, "open", refuses)
    look = found(root)["write", "closed"]
    assert look.state == "blocked"
    assert "In plans lässt sich nichts schreiben" in look.told(texts("de"))


def test_a_read_only_folder_is_found_by_trying(root: Path, quick: None) -> None:
    (root / "plans").chmod(0o555)
    try:
        try:
            (root / "plans" / "x").touch()
        except PermissionError:
            assert found(root)["write", "closed"].state == "blocked"
        else:
            pytest.skip("needs modes that bind")
    finally:
        (root / "plans").chmod(0o755)


def test_a_lost_key_is_named(root: Path, quick: None) -> None:
    opened(root).rotate(b"k" * 32, NOW.date())
    (root / ".kamxl" / "keys" / "0002.json").unlink()
    look = found(root)["workspace", "key-lost"]
    assert "Schlüssel 2" in look.told(texts("de"))


def test_a_full_disk(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(root)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=5_000_000))
    look = folder.disk(opened(root))
    assert (look.case, look.state) == ("full", "blocked")
    assert "5 MB" in look.told(texts("de"))


def test_a_card_from_the_future(root: Path, quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = opened(root)
    register = read_register(workspace).register
    memory.remember(workspace, orders(register, register.settings.period, alternative)[0])
    for path in (root / ".kamxl" / "issued").glob("*.json"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert ("clock", "behind") not in found(root, NOW)
    look = found(root, NOW - timedelta(days=40))["clock", "behind"]
    assert look.state == "blocked"
    assert "Stellen Sie die Uhr" in look.told(texts("de"))


# --- the computer ---------------------------------------------------------------------------------


def test_this_computer_is_well() -> None:
    looks = [computer.python(), computer.temporary(), computer.shipped(), computer.clock(NOW)]
    assert {look.state for look in looks} == {"well"}


def test_an_old_or_narrow_python_and_an_early_clock() -> None:
    assert computer.python((3, 10)).state == "blocked"
    assert computer.python(widest=2**31 - 1).case == "narrow"
    look = computer.clock(datetime(1980, 1, 1, tzinfo=UTC))
    assert "01.01.1980" in look.told(texts("de"))


def program(tmp_path: Path, lines: str) -> str:
    path = tmp_path / "soffice"
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
    return str(path)


WORKS = "mkdir -p $HOME/out && echo x > $HOME/out/in.xlsx"
FREE = "$HOME/../kamxl-free"  # outside of its own folder
HELD = sys.platform == "linux" and landlock.version() >= 3
NEEDS_MORE = ("free", "Snap") if HELD else ("well", "24.2.7.2")


@pytest.mark.skipif(os.name == "nt", reason="the programs are shell scripts")
@pytest.mark.parametrize(
    ("lines", "case", "told"),
    [
        (f"echo LibreOffice 24.2.7.2 420; {WORKS}", "well", "24.2.7.2"),
        (f"echo LibreOffice 24.2.7.2 420; echo > {FREE} && {WORKS}", *NEEDS_MORE),
        ("echo LibreOffice 24.2.7.2 420", "broken", "arbeitet nicht"),
        ("exit 3", "broken", "arbeitet nicht"),
        (None, "missing", "Installieren Sie LibreOffice"),
    ],
)
def test_libreoffice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str | None, case: str, told: str
) -> None:
    path = program(tmp_path, lines) if lines else None
    monkeypatch.setattr(office.shutil, "which", lambda name: path)
    monkeypatch.setattr(office, "_PLACES", ())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    look = computer.libreoffice()
    assert look.case == case
    assert told in look.told(texts("de"))


def test_children_that_are_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    close()
    monkeypatch.setattr(subprocess, "Popen", refused)
    look = computer.processes()
    assert look.state == "blocked"
    assert "(Permission denied)" in look.told(texts("de"))


def test_no_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / "gone"))
    look = computer.temporary()
    assert (look.case, look.state) == ("closed", "blocked")
    assert "nicht vorhanden" in look.told(texts("de"))


def test_templates_that_are_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computer, "templates_folder", lambda: tmp_path)
    assert "thanks.html" in computer.shipped().told(texts("de"))


# --- mail -----------------------------------------------------------------------------------------


class Keyring:
    def __init__(self, password: str | None) -> None:
        self.password = password

    def get_password(self, service: str, entry: str) -> str | None:
        return self.password


def test_how_mails_would_go_out_and_no_secret_is_told() -> None:
    blank = Settings("Muster", "de", "2026-H1", sender_email="kam@muster.example")
    assert contents.mail(blank).case == "drafts"
    from dataclasses import replace

    ready = replace(blank, smtp_host="mail.muster.example", smtp_user="kam")
    look = contents.mail(ready, {}, lambda: Keyring("s3cret"))
    assert look.state == "well"
    assert "s3cret" not in look.told(texts("de")) + repr(look)
    look = contents.mail(ready, {}, lambda: Keyring(None))
    assert (look.case, look.state) == ("password-missing", "less")
    assert isinstance(look.problem, MailError)
    assert "keyring set kamxl kam@mail.muster.example" in look.told(texts("de"))


# --- the sentences --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", sorted(STEPS))
def test_what_is_not_well_has_a_next_step(language: str) -> None:
    said = texts(language)
    fine = {"well", "own", "drafts", "none", "name", "elsewhere"}
    each = [key for key in said.keys("doctor") if key.count(".") == 2]
    wrong = [key for key in each if key.rpartition(".")[2] not in fine]
    assert len(wrong) > 15
    assert [key for key in wrong if not STEPS[language].search(said.source(key))] == []


def test_what_is_tried_is_removed_even_if_it_cannot_be_written_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        atomic.try_out(tmp_path)
    assert list(tmp_path.iterdir()) == []
