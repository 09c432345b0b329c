"""Installing the add-in, looking at it, removing it: on folders like those of Windows and macOS."""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import kamxl
from kamxl.errors import SetupError
from kamxl.excel.addin import applescript, xlam
from kamxl.excel.addin.interpreter import Answer, ask
from kamxl.excel.addin.places import places_of
from kamxl.wording.texts import texts
from kamxl.workflow.buttons import setup as addin_setup
from kamxl.workflow.buttons.setup import Setup, install, uninstall
from kamxl.workflow.buttons.status import status
from kamxl.workflow.results import SetupResult
from tests.workflow.making import hashes

VERSION = "0.1.0"
WELL = Answer(starts=True, kamxl=VERSION, xlwings="0.37.8", python="3.11.7", apart="ok")


def package(code: bytes, **parts: bytes) -> bytes:
    """A package with ``code``, the shipped ribbon, and further ``parts``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("xl/vbaProject.bin", code)
        made.writestr("customUI/customUI14.xml", _RIBBON)
        made.writestr("[Content_Types].xml", str(sorted(parts)))
        for name, data in parts.items():
            made.writestr(f"xl/{name}.bin", data)
    return buffer.getvalue()


def signed(data: bytes) -> bytes:
    """The package with the part that signing adds."""
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as made:
        made.writestr("xl/vbaProjectSignatureAgile.bin", b"signature")
    return buffer.getvalue()


XLAM = xlam()
SIGNED = signed(XLAM)
_CODE = zipfile.ZipFile(io.BytesIO(XLAM)).read("xl/vbaProject.bin")
_RIBBON = zipfile.ZipFile(io.BytesIO(XLAM)).read("customUI/customUI14.xml")


def script(interpreter: str) -> str:
    return f'property python : "{interpreter}"\n'


def machine(platform: str, root: Path) -> Setup:
    """A user with an umlaut, on a machine where Excel ran before."""
    home = root / "Jörg Müller"
    python = home / "py" / "python.exe"
    python.parent.mkdir(parents=True)
    python.touch()
    places = places_of(platform, home, {})
    if platform == "darwin":
        places.conf.parent.parent.mkdir(parents=True)
    encoding = "cp1252" if platform == "win32" else "utf-8"
    return Setup(platform, places, str(python), encoding, XLAM, script, lambda _: WELL, VERSION)


@pytest.fixture(params=["win32", "darwin"])
def setup(request: pytest.FixtureRequest, tmp_path: Path) -> Setup:
    return machine(request.param, tmp_path)


@pytest.fixture
def windows(tmp_path: Path) -> Setup:
    return machine("win32", tmp_path)


def states(result: SetupResult) -> dict[str, str]:
    return {part.part: part.state for part in result.parts}


def snapshot(setup: Setup) -> dict[str, str]:
    return hashes(setup.places.conf.parents[0], ".") | {
        str(p): p.read_bytes().hex() for p in files(setup) if p.is_file()
    }


def files(setup: Setup) -> list[Path]:
    places = setup.places
    return [p for p in (places.addin, places.conf, places.script) if p is not None]


# --- installing ----------------------------------------------------------------------------------


def test_install_writes_all_parts(setup: Setup) -> None:
    result = install(setup, "en")
    assert set(states(result).values()) == {"new"}
    assert [part.path for part in result.parts] == [str(path) for path in files(setup)]
    assert setup.places.addin.read_bytes() == XLAM
    assert setup.places.scratch.is_dir()
    if setup.places.script:
        assert setup.places.script.read_text("utf-8") == script(setup.interpreter)


def test_the_configuration_is_one_line_in_the_code_page_of_vba(setup: Setup) -> None:
    install(setup, "de")
    found = setup.places.conf.read_bytes()
    key, end, encoding = {
        "win32": ("INTERPRETER_WIN", "\r\n", "cp1252"),
        "darwin": ("INTERPRETER_MAC", "\n", "utf-8"),
    }[setup.platform]
    assert found == f'"{key}","{setup.interpreter}"{end}'.encode(encoding)
    assert "Jörg Müller".encode(encoding) in found


def test_installing_again_changes_nothing(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    install(setup, "en")
    monkeypatch.setattr("kamxl.store.atomic.write", None)  # not one write
    assert set(states(install(setup, "en")).values()) == {"unchanged"}


def test_what_an_older_kamxl_wrote_is_replaced(setup: Setup) -> None:
    install(replace(setup, xlam=package(b"older"), version="0.0.9"), "en")
    found = states(install(setup, "en"))
    assert found.pop("addin") == "updated"
    assert set(found.values()) == {"unchanged"}
    assert setup.places.addin.read_bytes() == XLAM


def test_another_python_is_written_down(setup: Setup, tmp_path: Path) -> None:
    install(setup, "en")
    found = states(install(replace(setup, interpreter=str(tmp_path / "other")), "en"))
    assert found == {name: "unchanged" if name == "addin" else "updated" for name in found}
    assert str(tmp_path / "other").encode() in setup.places.conf.read_bytes()


def test_a_foreign_file_is_never_overwritten(setup: Setup) -> None:
    for path in files(setup):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"not ours")
        before = snapshot(setup)
        with pytest.raises(SetupError, match=r"not written by kamxl.*Move the file away") as told:
            install(setup, "en")
        assert str(path) in told.value.message
        assert snapshot(setup) == before
        path.unlink()


def test_neither_is_one_that_was_changed_since(setup: Setup) -> None:
    install(setup, "en")
    setup.places.addin.write_bytes(XLAM + b"edited")
    with pytest.raises(SetupError, match="changed since"):
        install(setup, "en")
    assert setup.places.addin.read_bytes() == XLAM + b"edited"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_nor_is_a_link_that_leads_nowhere(windows: Setup) -> None:
    windows.places.addin.parent.mkdir(parents=True)
    windows.places.addin.symlink_to("nowhere")
    with pytest.raises(SetupError, match="not written by kamxl"):
        install(windows, "en")
    assert windows.places.addin.is_symlink()


def test_a_signature_stays(setup: Setup) -> None:
    install(setup, "en")
    setup.places.addin.write_bytes(SIGNED)
    assert states(install(setup, "en"))["addin"] == "unchanged"
    assert setup.places.addin.read_bytes() == SIGNED
    assert states(status(setup, "en"))["addin"] == "signed"
    assert not status(setup, "en").attention


@pytest.mark.parametrize(
    "found",
    [
        package(b"other code", vbaProjectSignature=b"signature"),
        package(_CODE, vbaProjectSignature=b"signature", activeX1=b"more code"),
        package(_CODE, other=b"no signature"),
        SIGNED[:-9],
    ],
)
def test_a_signature_on_other_code_is_foreign(windows: Setup, found: bytes) -> None:
    install(windows, "en")
    windows.places.addin.write_bytes(found)
    assert states(status(windows, "en"))["addin"] == "foreign"


@pytest.mark.parametrize(
    "name", ["Łukasz", "山田", 'a"b', "a%TEMP%b", "a\nb"], ids=lambda n: ascii(n)
)
def test_a_path_that_vba_cannot_read_is_told_and_nothing_written(windows: Setup, name: str) -> None:
    before = snapshot(windows)
    for language, told in (("en", "plain letters"), ("de", "gewöhnlichen Buchstaben")):
        with pytest.raises(SetupError) as problem:
            install(replace(windows, interpreter=f"/{name}/python.exe"), language)
        assert told in problem.value.said(language)
    assert snapshot(windows) == before
    assert not windows.places.addin.exists()


def test_a_python_that_does_not_know_itself_is_told(windows: Setup) -> None:
    with pytest.raises(SetupError, match="cannot read the path"):
        install(replace(windows, interpreter=""), "en")


def test_while_excel_is_open_one_sentence_says_so(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(replace(setup, xlam=package(b"older")), "en")
    real = os.replace

    def refuses(source: str, target: str) -> None:
        if Path(target) == setup.places.addin:
            raise PermissionError(13, "Permission denied", str(target))
        real(source, target)

    monkeypatch.setattr(os, "replace", refuses)
    monkeypatch.setattr("kamxl.store.atomic._RETRY_SECONDS", 0)
    with pytest.raises(SetupError, match=r"kamxl\.xlam is in use\. Close Excel"):
        install(setup, "en")
    assert setup.places.addin.read_bytes() == package(b"older")
    monkeypatch.setattr(os, "replace", real)
    assert states(install(setup, "en"))["addin"] == "updated"  # known as ours all the same


def test_a_folder_that_takes_no_file_is_one_sentence(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def refuses(path: str, *rest: int) -> int:
        if Path(path).parent == setup.places.addin.parent:
            raise PermissionError(1, "Operation not permitted", str(path))
        return real(path, *rest)

    monkeypatch.setattr(os, "open", refuses)
    told = {"win32": "may write to this folder", "darwin": "Privacy & Security"}
    with pytest.raises(SetupError, match=told[setup.platform]):
        install(setup, "en")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs modes that bind")
def test_so_is_a_read_only_folder(windows: Setup) -> None:
    windows.places.addin.parent.mkdir(parents=True)
    windows.places.addin.parent.chmod(0o500)
    with pytest.raises(SetupError, match="may write to this folder"):
        install(windows, "en")


def test_on_a_mac_excel_makes_its_container_itself(tmp_path: Path) -> None:
    setup = machine("darwin", tmp_path)
    container = setup.places.conf.parent.parent
    container.rmdir()
    with pytest.raises(SetupError, match="Start Excel once"):
        install(setup, "en")
    assert not container.exists()


# --- looking at it -------------------------------------------------------------------------------


def test_status_after_installing_is_well(setup: Setup) -> None:
    install(setup, "en")
    result = status(setup, "en")
    assert not result.attention
    assert set(states(result).values()) == {"ok"}
    windows = ("mark", "start", "rule") if setup.platform == "win32" else ()
    script = () if setup.platform == "win32" else ("script",)
    assert [part.part for part in result.parts] == [
        "addin", *windows, "conf", *script, "interpreter", "xlwings", "apart", "folder",
    ]  # fmt: skip


def test_status_before_installing_says_what_to_run(setup: Setup) -> None:
    result = status(setup, "en")
    found = states(result)
    assert {found.pop(name) for name in ("interpreter", "xlwings", "apart")} == {"unknown"}
    assert {found.pop(name, "ok") for name in ("start", "rule")} == {"ok"}
    assert set(found.values()) == {"missing"}
    told = [p.sentence for p in result.parts if p.state == "missing"]
    assert all("kamxl addin install" in sentence for sentence in told)


Break = Callable[[Setup], object]
FAULTS: dict[str, tuple[Break, str, str]] = {
    "add-in gone": (lambda s: s.places.addin.unlink(), "addin", "missing"),
    "add-in edited": (lambda s: s.places.addin.write_bytes(b"edited"), "addin", "foreign"),
    "configuration gone": (lambda s: s.places.conf.unlink(), "conf", "missing"),
    "configuration empty": (lambda s: s.places.conf.write_bytes(b""), "conf", "unreadable"),
    "no interpreter": (
        lambda s: s.places.conf.write_bytes(b'"INTERPRETER_WIN",""\r\n"INTERPRETER_MAC",\n'),
        "conf",
        "unreadable",
    ),
    "python gone": (lambda s: Path(s.interpreter).unlink(), "interpreter", "missing"),
    "no scratch folder": (lambda s: s.places.scratch.rmdir(), "folder", "missing"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_status_names_each_fault(setup: Setup, fault: str) -> None:
    install(setup, "en")
    harm, part, state = FAULTS[fault]
    harm(setup)
    result = status(setup, "en")
    assert result.attention
    assert states(result)[part] == state


@pytest.mark.parametrize(
    ("answer", "interpreter", "xlwings"),
    [
        (Answer(), "failing", "unknown"),
        (Answer(starts=True), "incomplete", "unknown"),
        (Answer(True, "0.0.9", "0.37.8"), "outdated", "ok"),
        (Answer(True, VERSION, None), "ok", "missing"),
    ],
)
def test_status_asks_the_python_of_the_configuration(
    setup: Setup, answer: Answer, interpreter: str, xlwings: str
) -> None:
    install(setup, "en")
    asked: list[str] = []

    def told(path: str) -> Answer:
        asked.append(path)
        return answer

    # Whoever looks may use another Python: what counts is the one the buttons start.
    found = states(status(replace(setup, ask=told, interpreter="/other/python"), "en"))
    assert (found["interpreter"], found["xlwings"]) == (interpreter, xlwings)
    assert asked == [setup.interpreter]


def test_a_relative_python_is_never_started(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    install(setup, "en")
    monkeypatch.chdir(Path(setup.interpreter).parent)
    Path("python").touch()
    setup.places.conf.write_bytes(b'"INTERPRETER_WIN","python"\n"INTERPRETER_MAC","python"\n')
    asked: list[str] = []
    found = states(status(replace(setup, ask=lambda p: asked.append(p) or WELL), "en"))
    assert (found["interpreter"], asked) == ("missing", [])


def test_an_older_add_in_and_script_are_told(setup: Setup) -> None:
    install(replace(setup, xlam=package(b"older"), script=lambda i: f"older {i}"), "en")
    found = states(status(setup, "en"))
    assert found["addin"] == "outdated"
    if setup.platform == "darwin":
        assert found["script"] == "outdated"
        setup.places.script.unlink()
        assert states(status(setup, "en"))["script"] == "missing"


def test_a_closed_folder_is_told(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    install(setup, "en")
    real = Path.open

    def refuses(path: Path, mode: str = "r", *rest: object, **named: object) -> object:
        if "x" in mode:
            raise PermissionError(13, "Permission denied")
        return real(path, mode, *rest, **named)

    monkeypatch.setattr(Path, "open", refuses)
    assert states(status(setup, "en"))["folder"] == "closed"


def test_looking_changes_nothing(setup: Setup) -> None:
    install(setup, "en")
    before = snapshot(setup)
    status(setup, "en")
    assert snapshot(setup) == before


def test_this_python_answers_for_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "kamxl.py").write_text("__version__ = 'planted'")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))  # a terminal's, which Excel does not have
    monkeypatch.chdir(tmp_path)
    answer = ask(sys.executable)
    assert (answer.starts, answer.kamxl) == (True, kamxl.__version__)
    assert answer.xlwings
    assert answer.xlwings.startswith("0.")


def test_what_is_no_python_is_an_answer_too(tmp_path: Path) -> None:
    (tmp_path / "python").write_text("no program")
    assert ask(str(tmp_path / "python")) == Answer()
    assert ask(str(tmp_path / "nothing")) == Answer()


@pytest.mark.proof
def test_all_that_ships_works_together(setup: Setup) -> None:
    real = replace(
        setup, interpreter=sys.executable, script=applescript, ask=ask, version=kamxl.__version__
    )
    install(real, "en")
    assert set(states(status(real, "en")).values()) == {"ok"}
    found = [path.read_bytes() for path in files(real)]
    assert found[0] == xlam()
    assert sys.executable.encode() in found[1]
    assert all(sys.executable in script.decode("ascii") for script in found[2:])


# --- removing it ---------------------------------------------------------------------------------


def test_uninstall_leaves_nothing_of_ours(setup: Setup) -> None:
    install(setup, "en")
    setup.places.memory.write_text("{}")
    for log in (setup.places.log, setup.places.log.with_name("addin.log.1")):
        log.write_text("a line")
    for name in ("kamxl-drawn.xlsx", "Findings.xlsx"):
        (setup.places.scratch / name).write_bytes(b"made anew each time")
    result = uninstall(setup, "en")
    assert set(states(result).values()) == {"removed"}
    assert not result.attention
    assert not setup.places.conf.parent.exists()
    assert not any(path.exists() for path in files(setup))
    assert set(states(uninstall(setup, "en")).values()) == {"absent"}


def test_uninstall_leaves_what_was_changed_since(setup: Setup) -> None:
    install(setup, "en")
    setup.places.addin.write_bytes(SIGNED)
    setup.places.conf.write_bytes(b'"INTERPRETER_WIN","mine"\r\n')
    result = uninstall(setup, "en")
    found = states(result)
    assert (found["addin"], found["conf"], found["folder"]) == ("kept", "kept", "kept")
    assert result.attention
    assert setup.places.addin.read_bytes() == SIGNED
    assert os.listdir(setup.places.conf.parent) == [setup.places.conf.name]  # noqa: PTH208
    assert setup.places.conf.name in result.parts[-1].sentence


def test_uninstall_leaves_the_files_of_others(setup: Setup) -> None:
    for path in files(setup):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"not ours")
    neighbour = setup.places.addin.with_name("PERSONAL.XLSB")
    neighbour.write_bytes(b"macros of the user")
    found = states(uninstall(setup, "en"))
    assert set(found.values()) == {"kept"}
    assert all(path.read_bytes() == b"not ours" for path in files(setup))
    assert neighbour.exists()


def test_uninstall_keeps_a_workbook_in_the_scratch_folder(setup: Setup) -> None:
    install(setup, "en")
    (setup.places.scratch / "new.xlsx").write_bytes(b"perhaps unsaved")
    result = uninstall(setup, "de")
    assert states(result)["folder"] == "kept"
    assert "scratch" in result.parts[-1].sentence
    assert (setup.places.scratch / "new.xlsx").exists()


def test_uninstall_removes_what_an_older_kamxl_wrote(setup: Setup) -> None:
    install(replace(setup, xlam=package(b"older")), "en")
    install(replace(setup, interpreter="/another/python"), "en")
    assert set(states(uninstall(setup, "en")).values()) == {"removed"}


def test_uninstall_while_excel_is_open(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    install(setup, "en")

    def refuses(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "The process cannot access the file")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuses)
        with pytest.raises(SetupError, match="Close Excel"):
            uninstall(setup, "en")
    assert states(status(setup, "en"))["addin"] == "ok"
    assert set(states(uninstall(setup, "en")).values()) == {"removed"}


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"files": []}', '{"files": {"a": 1}}'])
def test_a_damaged_record_makes_careful(windows: Setup, damage: str) -> None:
    install(windows, "en")
    windows.places.record.write_text(damage)
    found = states(uninstall(windows, "en"))
    assert found["addin"] == "removed"  # byte for byte the shipped one
    assert found["conf"] == "kept"


def test_the_record_holds_digests_only(windows: Setup) -> None:
    install(windows, "en")
    record = json.loads(windows.places.record.read_text("utf-8"))
    assert record["version"] == VERSION
    assert set(record["files"]) == {str(path) for path in files(windows)}
    assert all(len(d) == 64 for digests in record["files"].values() for d in digests)


# --- words ---------------------------------------------------------------------------------------


def test_each_state_has_its_words_in_both_languages(setup: Setup) -> None:
    for language in ("de", "en"):
        said = texts(language)
        harmed = [status(setup, language), install(setup, language), status(setup, language)]
        for result in harmed:
            for part in result.parts:
                assert part.sentence.endswith(".")
                assert said.has(f"setup.state_{part.state}")
                assert said.has(f"setup.part_{part.part}")
        uninstall(setup, language)


@pytest.mark.skipif(addin_setup.supported(sys.platform), reason="Excel runs here")
def test_where_no_excel_runs_one_sentence_says_so() -> None:
    with pytest.raises(SetupError, match=r"Windows and macOS only.*kamxl --help"):
        addin_setup.this_machine()
