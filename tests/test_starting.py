"""What a start may load: a click waits for it. By names of modules; no clock is looked at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kamxl.apart import close
from kamxl.excel.addin.compiling import compiled
from kamxl.workflow.buttons import able as addin_able

# Libraries that only reading, drawing, mailing or the keyring need, and the rooms that use them.
HEAVY = {
    "PIL.Image", "babel", "jinja2", "keyring", "olefile", "openpyxl", "psutil",
    "filelock", "email", "smtplib", "lxml", "asyncio", "multiprocessing", "xml.etree.ElementTree",
    "kamxl.apart", "kamxl.core.portfolio.whole", "kamxl.core.records.register",
    "kamxl.excel.writing.draw", "kamxl.excel.reading.book", "kamxl.excel.writing.writer",
    "kamxl.forms.paper.book", "kamxl.mail", "kamxl.report", "kamxl.workflow.incoming.check",
    "kamxl.workflow.incoming.consolidate", "kamxl.workflow.demo.play", "kamxl.workflow.start.init",
    "kamxl.workflow.incoming.intake", "kamxl.workflow.outgoing.issue",
}  # fmt: skip

# Of the standard library what costs more than all the help needs, and a help does not need.
SPARED = {
    "dataclasses", "datetime", "decimal", "email", "hashlib", "inspect", "json", "logging",
    "pathlib", "pkgutil", "secrets", "shutil", "subprocess", "tempfile", "tomllib", "typing",
    "urllib", "xlwings",
}  # fmt: skip

# What is loaded when a button's use case begins, each played by one that says so.
PRESS = """
import json, sys
import kamxl.addin
from kamxl.excel.live import program
from kamxl.workflow.buttons.desk import Said
class Excel:
    def alert(self, *_): pass
program.running = lambda window, process: Excel()
loaded = []
for word in kamxl.addin.BUTTONS:
    kamxl.addin.BUTTONS[word] = lambda desk, chance: loaded.append(sorted(sys.modules)) or Said("")
from kamxl.__main__ import main
assert main(["--kamxl-press", sys.argv[1], "de", "--hwnd=1"]) == 0
(names,) = loaded
print(json.dumps(names))
"""
COMMAND = """
import sys
from kamxl.__main__ import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
names = sorted(sys.modules)
import json
print(json.dumps(names))
"""


def loaded(code: str, *words: str, home: Path) -> set[str]:
    """The modules of a new Python after this."""
    home_of = {"HOME": str(home), "USERPROFILE": str(home), "PATH": ""}
    home_of["SYSTEMROOT"] = os.environ.get("SYSTEMROOT", "")
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True, text=True, check=True, env=home_of, encoding="utf-8",
        cwd=Path(__file__).resolve().parents[1],
    )  # fmt: skip
    return set(json.loads(done.stdout.splitlines()[-1]))


def heavy(names: set[str]) -> set[str]:
    return {name for name in names for one in HEAVY if name == one or name.startswith(one + ".")}


@pytest.mark.parametrize(
    "word",
    [
        "new",
        "import",
        "issue",
        "reply",
        "check",
        "consolidate",
        "refresh",
        "decide",
        "open",
        "about",
    ],
)
def test_a_button_begins_without_what_others_need(word: str, tmp_path: Path) -> None:
    names = loaded(PRESS, word, home=tmp_path)
    assert "kamxl.workflow.buttons.desk" in names
    assert not heavy(names)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["consolidate", "--help"]])
def test_help_loads_no_use_case(words: list[str], tmp_path: Path) -> None:
    names = loaded(COMMAND, *words, home=tmp_path)
    assert "kamxl.commands.consolidate" in names
    assert not heavy(names)
    assert not {name for name in names if name.split(".")[0] in SPARED}
    rooms = {".".join(name.split(".")[:2]) for name in names if name.startswith("kamxl.")}
    rooms -= {"kamxl.errors"}  # which imports nothing
    assert rooms == {"kamxl.__main__", "kamxl.cli", "kamxl.commands", "kamxl.wording"}
    assert "kamxl.wording.texts" not in names  # the names of the languages are enough


def test_a_command_does_load_what_it_needs(tmp_path: Path) -> None:
    """The tests above can fail."""
    names = loaded(COMMAND, "init", str(tmp_path / "w"), home=tmp_path)
    assert {"openpyxl", "kamxl.workflow.start.init"} <= heavy(names)
    assert {"dataclasses", "pathlib", "typing"} <= names & SPARED
    assert "kamxl.workflow.incoming.consolidate" not in names


def test_compiling_reaches_kamxl_and_what_it_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    monkeypatch.setattr("compileall.compile_file", lambda path, quiet: done.append(path))
    compiled()
    parts = {Path(path).parent.name for path in done}
    assert {"kamxl", "workflow", "openpyxl", "xlwings", "jinja2"} <= parts
    assert not any("pytest" in Path(path).parts for path in done)  # that is for an extra


def test_processes_apart_are_tried_for_real(monkeypatch: pytest.MonkeyPatch) -> None:
    assert addin_able.able()["apart"] == "ok"
    close()

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(subprocess, "Popen", refused)
    assert addin_able.able()["apart"] == "Permission denied"  # a few words within a sentence


@pytest.mark.parametrize(
    ("program", "why"),
    [("/bin/false", "it ended with status 1"), ("/nowhere/python", "No such file or directory")],
)
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such programs")
def test_why_no_process_apart_starts_is_told_in_a_few_words(
    monkeypatch: pytest.MonkeyPatch, program: str, why: str
) -> None:
    close()
    monkeypatch.setattr("kamxl.apart.calling._PAUSE", 0.0)
    monkeypatch.setattr(sys, "executable", program)
    assert addin_able.able()["apart"] == why


def test_the_standalone_program_starts_its_children_with_one_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[list[str]] = []

    def start(command: list[str], **_: object) -> None:
        started.append(command)
        raise PermissionError(13, "Permission denied")

    close()
    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert addin_able.able()["apart"] != "ok"
    assert started
    assert all(command == [sys.executable, "--kamxl-apart"] for command in started)
