"""The add-in's own VBA run by pyOpenVBA's emulator, with only the operating system played.

Played are: environment, file system, WScript.Shell, AppleScriptTask, MsgBox (recorded by the
emulator), and what Application tells of its window and language. All else is the shipped source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel._model import Application, Workbook
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import EMPTY, VBAInt, VBAObject, member, to_text
from pyopenvba.interpreter import _preprocess as preprocess

HWND = 264822
HOME = r"C:\Users\Jo Frei"
PYTHON = HOME + r"\kamxl\.venv\Scripts\python.exe"
CONF = HOME + r"\.kamxl-addin\kamxl-addin.conf"
PROGRAMS = r"C:\Program Files"
MACHINE_CONF = PROGRAMS + r"\kamxl-addin\kamxl-addin.conf"
TEMP = HOME + r"\AppData\Local\Temp"
LOG = rf"{TEMP}\kamxl-{HWND}.log"
GERMAN, AUSTRIAN, ENGLISH, FRENCH = 1031, 3079, 1033, 1036

# The leaves that VBA writes as statements, which the emulator does not run.
_LEAVES = {
    r"Function ReadFile\(.*?^End Function": (
        "Function ReadFile(ByVal FileName As String)\nReadFile = PlayedRead(FileName)\nEnd Function"
    ),
    r"Sub RemoveFile\(.*?^End Sub": (
        "Sub RemoveFile(ByVal FileName As String)\nPlayedRemove FileName\nEnd Sub"
    ),
}


@dataclass
class Machine:
    """What the operating system answers, and what it was asked to run."""

    files: dict[str, str] = field(
        default_factory=lambda: {PYTHON: "", CONF: f'"INTERPRETER_WIN","{PYTHON}"\r\n'}
    )
    language: int = GERMAN
    country: int = 49
    exit_code: int = 0
    stderr: str = ""
    forbidden: bool = False
    script_answer: str = ""
    mac: bool = False
    programs: dict[str, str] = field(default_factory=lambda: {"programw6432": PROGRAMS})
    ran: list[tuple[str, int, bool]] = field(default_factory=list)
    scripts: list[tuple[str, str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def environ(self, name: str) -> str:
        known = {"temp": TEMP, "userprofile": HOME, "systemroot": r"C:\Windows"}
        known |= {"programw6432": "", "programfiles": "", **self.programs}
        return known[name.lower()]


class Shell(VBAObject):
    """WScript.Shell."""

    machine: Machine

    @member
    def Run(self, Command: object, Style: object, Wait: object) -> object:  # noqa: N802, N803
        if self.machine.forbidden:
            raise VBARuntimeError(70, "Permission denied")
        self.machine.ran.append((to_text(Command), int(Style), bool(Wait)))  # type: ignore[call-overload]
        self.machine.files[LOG] = self.machine.stderr
        return VBAInt(self.machine.exit_code, "Long")


class LanguageSettings(VBAObject):
    """Application.LanguageSettings."""

    machine: Machine

    @member
    def LanguageID(self, Id: object) -> object:  # noqa: N802, N803
        if self.machine.mac:
            raise VBARuntimeError(445, "Object doesn't support this action")
        assert int(Id) == 2  # type: ignore[call-overload]  # msoLanguageIDUI
        return VBAInt(self.machine.language, "Long")


class Excel(Application):
    """Application, as far as the add-in may look at it; every look is recorded."""

    machine: Machine

    def vba_get(self, name: str, args: Any = (), named: Any = None) -> object:
        self.machine.asked.append(name.lower())
        return super().vba_get(name, args, named)

    @member
    def Hwnd(self) -> object:  # noqa: N802
        return VBAInt(HWND, "Long")

    @member
    def LanguageSettings(self) -> object:  # noqa: N802
        found = LanguageSettings()
        found.machine = self.machine
        return found

    @member
    def International(self, Index: object) -> object:  # noqa: N802, N803
        assert int(Index) == 1  # type: ignore[call-overload]  # xlCountryCode
        return VBAInt(self.machine.country, "Long")


class Control(VBAObject):
    """IRibbonControl."""

    vba_type_name = "IRibbonControl"

    def __init__(self, name: str) -> None:
        self.name = name

    @member
    def ID(self) -> object:  # noqa: N802
        return self.name


class AddIn:
    """kamxl.xlam loaded in the emulator, with ``active`` as the workbook in front (None: none)."""

    def __init__(
        self,
        xlam: Path,
        machine: Machine,
        active: Path | None = None,
        change: Mapping[str, str] | None = None,
    ) -> None:
        self.machine = machine
        self.app = ExcelApplication()
        self.app.application.__class__ = Excel
        self.app.application.machine = machine
        self.app.application._this_workbook = self.app.open_workbook(xlam)
        self.app.application.active_book = self.app.open_workbook(active) if active else None
        self._play()
        constants = {**preprocess.DEFAULT_CONSTANTS, "Mac": machine.mac}
        with pytest.MonkeyPatch.context() as patch, ExcelFile(xlam) as file:
            patch.setattr(preprocess, "DEFAULT_CONSTANTS", constants)
            for name, source in file.vba_modules().items():
                if name not in ("ThisWorkbook", "Sheet1"):
                    self.app.add_module(_played(source, name, change or {}), name=name)
        machine.asked.clear()

    @property
    def active(self) -> Workbook | None:
        return self.app.application.active_book

    @property
    def told(self) -> list[str]:
        """The messages that were shown."""
        return [prompt for _, prompt, _, _ in self.app.dialogs]

    def press(self, button: str) -> None:
        """What Excel does on a click: onAction."""
        self.app.run("KamxlPress", Control(button))

    def text(self, callback: str, control: str) -> str:
        """What Excel gets of getLabel and the like."""
        self.app.add_module(
            f"Function PlayedGet(c)\nDim v\n{callback} c, v\nPlayedGet = v\nEnd Function",
            name="Ask",
        )
        return str(self.app.run("PlayedGet", Control(control)))

    def _play(self) -> None:
        machine = self.machine
        host = self.app.interpreter.host

        def create(class_name: str) -> object:
            assert class_name == "WScript.Shell"
            shell = Shell()
            shell.machine = machine
            return shell

        def attributes(name: str) -> object:
            if name not in machine.files:
                raise VBARuntimeError(53, "File not found")
            return VBAInt(32, "Integer")

        def script(file: str, handler: str, parameter: str) -> str:
            if machine.forbidden:
                raise VBARuntimeError(5, "Invalid procedure call or argument")
            machine.scripts.append((file, handler, parameter))
            return machine.script_answer

        host.create = create  # type: ignore[method-assign]
        played: dict[str, Callable[..., object]] = {
            "environ": machine.environ,
            "getattr": attributes,
            "filelen": lambda name: VBAInt(len(machine.files[name]), "Long"),
            "playedread": lambda name: machine.files[name],
            "playedremove": lambda name: machine.removed.append(name) or EMPTY,
            "applescripttask": script,
        }
        own = {name: _intrinsic(function) for name, function in played.items()}
        self.app.interpreter._intrinsics = {**self.app.interpreter._intrinsics, **own}


def _intrinsic(function: Callable[..., object]) -> Callable[..., object]:
    def call(_: object, args: Sequence[object], named: object) -> object:
        assert not named
        return function(*(to_text(arg) for arg in args))

    return call


def _played(source: str, name: str, change: Mapping[str, str]) -> str:
    """The shipped source with its leaves played, and ``change`` for tests of the tests."""
    text = source.replace("\r\n", "\n")
    if name == "xlwings":
        for pattern, leaf in _LEAVES.items():
            text, count = re.subn(pattern, leaf, text, flags=re.S | re.M)
            assert count == 1, pattern
    for old, new in change.items():
        text = text.replace(old, new)
    return text
