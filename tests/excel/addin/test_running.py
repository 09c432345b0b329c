"""What a click runs: exactly this command line, whatever workbook is open."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import kamxl
from kamxl.excel.addin import XLAM
from kamxl.excel.addin.installing import conf_bytes, interpreter_in
from kamxl.excel.addin.places import places_of
from kamxl.wording.texts import texts
from tests.excel.addin.emulator import (
    CONF,
    ENGLISH,
    GERMAN,
    HOME,
    HWND,
    LOG,
    MACHINE_CONF,
    PROGRAMS,
    PYTHON,
    AddIn,
    Machine,
)
from tests.excel.addin.test_ribbon import BUTTONS

EVIL = r"\\evil\share\python.exe"


def command(word: str, language: str, python: str = PYTHON) -> str:
    folder = python.rpartition("\\")[0]
    to_folder = f'C: & cd "{folder}" & ' if python[1] == ":" else f'pushd "{folder}" & '
    return (
        rf"C:\Windows\System32\cmd.exe /C {to_folder}"
        f'"{python}" -P -m kamxl --kamxl-press {word} {language} --hwnd={HWND} 2> "{LOG}"'
    )


def hostile(folder: Path) -> Path:
    """A workbook of an outsider, in a folder of an outsider, with all that stock xlwings heeds."""
    book = openpyxl.Workbook()
    for name in ("xlwings.conf", "kamxl-addin.conf", "myaddin.conf"):
        sheet = book.create_sheet(name)
        for row in (("INTERPRETER_WIN", EVIL), ("INTERPRETER", EVIL), ("PYTHONPATH", EVIL)):
            sheet.append(row)
    book.create_sheet("x.py")["A1"] = "import os; os.system('calc')"
    path = folder / "a\" & calc & $(calc) `calc` %TEMP% '=x.xlsx"
    book.save(path)
    (folder / "openpyxl.py").write_text("raise SystemExit('planted')\n")
    (folder / "kamxl-addin.conf").write_text(f'"INTERPRETER_WIN","{EVIL}"\n')
    return path


def machine_with_evil(folder: Path, language: int = GERMAN) -> Machine:
    machine = Machine(language=language)
    machine.files[EVIL] = ""
    for path in folder.iterdir():
        for separator in "/\\":
            machine.files[f"{folder}{separator}{path.name}"] = f'"INTERPRETER_WIN","{EVIL}"\n'
    return machine


@pytest.mark.parametrize("language", [GERMAN, ENGLISH])
@pytest.mark.parametrize("word", BUTTONS)
def test_a_click_runs_exactly_this(word: str, language: int) -> None:
    machine = Machine(language=language)
    addin = AddIn(XLAM, machine)
    addin.press(word)
    # hidden, and Excel waits
    assert machine.ran == [(command(word, "de" if language == GERMAN else "en"), 0, True)]
    assert addin.told == []
    assert machine.removed == [LOG]


@pytest.mark.parametrize("word", BUTTONS)
def test_a_hostile_workbook_in_front_changes_nothing(word: str, tmp_path: Path) -> None:
    path = hostile(tmp_path)
    machine = machine_with_evil(tmp_path)
    addin = AddIn(XLAM, machine, path)
    assert addin.active is not None
    addin.press(word)
    assert machine.ran == [(command(word, "de"), 0, True)]
    assert set(machine.asked) <= {"hwnd", "languagesettings", "international"}


def test_the_hostile_workbook_is_really_there(tmp_path: Path) -> None:
    """Less hardened code does take the bait here: the test above can fail."""
    path = hostile(tmp_path)
    for old, new in (
        ('& " --hwnd="', '& " --wb=" & ActiveWorkbook.Name & " --hwnd="'),
        (
            'GetConfig("INTERPRETER_WIN")',
            'CStr(ActiveWorkbook.Sheets("kamxl-addin.conf").Range("B1").Value)',
        ),
        (
            "GetConfigFilePath = Environ",
            'GetConfigFilePath = ActiveWorkbook.Path & "\\kamxl-addin.conf"\n'
            "Exit Function\nxyz = Environ",
        ),
    ):
        machine = machine_with_evil(tmp_path)
        AddIn(XLAM, machine, path, {old: new, "Option Explicit": ""}).press("new")
        (ran,) = (line for line, _, _ in machine.ran)
        assert EVIL in ran or f"--wb={path.name}" in ran
        assert "activeworkbook" in machine.asked


def test_without_any_workbook_it_works_as_well() -> None:
    """Nothing open, or only a workbook in Protected View, which is no active workbook either."""
    machine = Machine()
    addin = AddIn(XLAM, machine)
    assert addin.active is None
    addin.press("consolidate")
    assert machine.ran == [(command("consolidate", "de"), 0, True)]


def test_other_words_run_nothing() -> None:
    machine = Machine()
    addin = AddIn(XLAM, machine)
    for word in ("", "New", "new','de'); import os; os.system('calc", "tab"):
        addin.press(word)
    assert machine.ran == []


def test_an_interpreter_on_a_share_is_reached_by_pushd() -> None:
    python = r"\\server\home\jo\python.exe"
    machine = Machine(files={python: "", CONF: f'"INTERPRETER_WIN","{python}"\r\n'})
    AddIn(XLAM, machine).press("open")
    assert machine.ran == [(command("open", "de", python), 0, True)]


@pytest.mark.parametrize(
    "conf",
    [
        f'\r\n\r\n"INTERPRETER_WIN","{PYTHON}"\r\n\r\n',
        f'"OTHER","x"\r\nnonsense\r\n,\r\n"interpreter_win","{PYTHON}"',
        f'"OTHER","x"\n"INTERPRETER_WIN","{PYTHON}"\n',
        f'  "INTERPRETER_WIN","{PYTHON}"  \r\n"INTERPRETER_WIN","{EVIL}"\r\n',
    ],
)
def test_the_configuration_may_have_blank_and_other_lines(conf: str) -> None:
    machine = Machine(files={PYTHON: "", CONF: conf})
    AddIn(XLAM, machine).press("new")
    assert [ran for ran, _, _ in machine.ran] == [command("new", "de")]


@pytest.mark.parametrize(
    "files",
    [
        {PYTHON: ""},  # no configuration
        {PYTHON: "", CONF: ""},
        {PYTHON: "", CONF: f'"INTERPRETER_MAC","{PYTHON}"\r\n'},
        {CONF: f'"INTERPRETER_WIN","{PYTHON}"\r\n'},  # the interpreter is gone
        {PYTHON: "", CONF: '"INTERPRETER_WIN",""\r\n'},
        {"python": "", CONF: '"INTERPRETER_WIN","python"\r\n'},  # in the folder last opened
        {"C:python.exe": "", CONF: '"INTERPRETER_WIN","C:python.exe"\r\n'},
        {"\\python.exe": "", CONF: '"INTERPRETER_WIN","\\python.exe"\r\n'},
    ],
)
@pytest.mark.parametrize("language", [GERMAN, ENGLISH])
def test_without_an_interpreter_it_says_what_to_do(files: dict[str, str], language: int) -> None:
    machine = Machine(files=dict(files), language=language)
    addin = AddIn(XLAM, machine)
    addin.press("new")
    assert machine.ran == []
    said = texts("de" if language == GERMAN else "en")
    (told,) = addin.told
    assert told.partition("\n")[0] == said("ribbon.messages.missing")
    assert "kamxl addin install" in told


@pytest.mark.parametrize(
    "programs",
    [
        {"programw6432": PROGRAMS, "programfiles": r"C:\Program Files (x86)"},  # a 32-bit Excel
        {"programfiles": PROGRAMS},  # Windows without two kinds of programs
    ],
)
def test_the_configuration_for_all_users_counts_where_the_user_has_none(
    programs: dict[str, str],
) -> None:
    shared = PROGRAMS + r"\kamxl-0.1.0\kamxl.exe"
    files = {shared: "", PYTHON: "", MACHINE_CONF: f'"INTERPRETER_WIN","{shared}"\r\n'}
    machine = Machine(files=dict(files), programs=programs)
    AddIn(XLAM, machine).press("new")
    assert [ran for ran, _, _ in machine.ran] == [command("new", "de", shared)]
    own = Machine(files={**files, CONF: f'"INTERPRETER_WIN","{PYTHON}"\r\n'}, programs=programs)
    AddIn(XLAM, own).press("new")
    assert [ran for ran, _, _ in own.ran] == [command("new", "de")]


@pytest.mark.parametrize(("exit_code", "stderr"), [(1, ""), (0, "No module named kamxl"), (9, "x")])
def test_a_python_that_does_not_start_is_told(exit_code: int, stderr: str) -> None:
    machine = Machine(exit_code=exit_code, stderr=stderr)
    addin = AddIn(XLAM, machine)
    addin.press("new")
    said = texts("de")
    details = f"{said('ribbon.messages.details')} {LOG}"
    assert addin.told == [f"{said('ribbon.messages.broken')}\n\n{details}"]
    assert machine.removed == []  # the log stays for whoever looks into it


def test_a_rule_that_forbids_child_processes_is_told() -> None:
    machine = Machine(forbidden=True, language=ENGLISH)
    addin = AddIn(XLAM, machine)
    addin.press("new")
    (told,) = addin.told
    assert told.startswith(texts("en")("ribbon.messages.blocked"))


@pytest.mark.parametrize("word", BUTTONS)
def test_on_macos_a_click_gives_two_words_to_our_script(word: str, tmp_path: Path) -> None:
    for active in (None, hostile(tmp_path)):
        machine = machine_with_evil(tmp_path)
        machine.mac = True
        addin = AddIn(XLAM, machine, active)
        addin.press(word)
        assert machine.scripts == [("kamxl.applescript", "Press", f"{word}|de")]
        assert machine.ran == []
        assert set(machine.asked) <= {"languagesettings", "international"}
        assert addin.told == []


def test_on_macos_a_missing_script_or_interpreter_is_told() -> None:
    said = texts("de")
    missing = AddIn(XLAM, Machine(mac=True, script_answer="missing"))
    missing.press("new")
    assert missing.told == [said("ribbon.messages.missing")]
    refused = AddIn(XLAM, Machine(mac=True, forbidden=True))
    refused.press("new")
    (told,) = refused.told
    assert told.startswith(said("ribbon.messages.script"))


def test_python_takes_no_module_from_the_folder_it_is_started_in(tmp_path: Path) -> None:
    """The very flags of the captured command line, with this Python in a hostile folder."""
    machine = Machine()
    AddIn(XLAM, machine).press("new")
    match = re.search(r'python\.exe" (.+) -m kamxl ', machine.ran[0][0])
    assert match
    flags = match[1].split()
    assert flags == ["-P"]
    for name in ("openpyxl", "kamxl", "xlwings"):
        (tmp_path / f"{name}.py").write_text("planted = True\n")
    ask = "import openpyxl, kamxl; print(openpyxl.__file__); print(kamxl.__file__)"

    def found(*given: str) -> list[str]:
        words = [sys.executable, *given, "-c", ask]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    assert found(*flags) == [openpyxl.__file__, kamxl.__file__]
    assert not list(tmp_path.glob("__pycache__"))
    # without -P both planted modules are taken
    assert found() == [str(tmp_path / "openpyxl.py"), str(tmp_path / "kamxl.py")]


def test_the_users_own_configuration_is_where_it_is_written() -> None:
    environ = {"USERPROFILE": HOME, "APPDATA": HOME + r"\AppData\Roaming"}
    conf = places_of("win32", Path(HOME), environ).conf
    assert str(conf).replace("/", "\\") == CONF
    assert interpreter_in(conf_bytes("win32", PYTHON, "cp1252"), "win32", "cp1252") == PYTHON
    machine = Machine(
        files={PYTHON: "", CONF: conf_bytes("win32", PYTHON, "cp1252").decode("cp1252")}
    )
    AddIn(XLAM, machine).press("new")
    assert [ran for ran, _, _ in machine.ran] == [command("new", "de")]
