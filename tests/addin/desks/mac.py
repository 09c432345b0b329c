"""A computer with macOS: Excels by their processes, and appscript that leads to them.

Only what the buttons need without refreshing in place; anything else fails with its name.
"""

from __future__ import annotations

import struct
import subprocess
import sys
import types
from collections.abc import Callable
from typing import Any

_run = subprocess.check_output


class CommandError(Exception):
    """What appscript raises where a program refuses."""


class Keyword:
    """A word of AppleScript, equal to itself."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"k.{self.name}"


class Keywords:
    """``appscript.k``."""

    def __init__(self) -> None:
        self._all: dict[str, Keyword] = {}

    def __getattr__(self, name: str) -> Keyword:
        return self._all.setdefault(name, Keyword(name))


k = Keywords()


class Value:
    """A property: asked by ``get``, set by ``set``."""

    def __init__(self, get: Callable[[], Any], put: Callable[[Any], None] | None = None) -> None:
        self._get, self._put = get, put

    def get(self) -> Any:
        return self._get()

    def set(self, value: Any) -> None:
        assert self._put is not None
        self._put(value)


class Things:
    """Elements, by number from 1 or by name."""

    def __init__(self, take: Callable[[Any], Any]) -> None:
        self._take = take

    def __getitem__(self, key: Any) -> Any:
        return self._take(key)


def _setting(program: Program, name: str) -> Value:
    return Value(
        lambda: getattr(program.shell, name), lambda value: setattr(program.shell, name, value)
    )


class Program:
    """One running Excel."""

    def __init__(self, computer: Computer, pid: int, shell: Any) -> None:
        self.computer, self.pid, self.shell = computer, pid, shell


class AppRef:
    """``appscript.app(pid=…)``: every use is seen by the computer."""

    def __init__(self, program: Program) -> None:
        self.__dict__["_program"] = program

    def __getattr__(self, name: str) -> Any:
        program = self._program
        program.computer.uses.setdefault(program.pid, set()).add(name)
        if name == "AS_appdata":
            return _Address(program.pid)
        if name in ("screen_updating", "display_alerts", "enable_events", "status_bar"):
            return _setting(program, name)
        if name == "cut_copy_mode":
            return _setting(program, name)
        if name == "version":
            return Value(lambda: "16.90")
        if name == "calculation":
            return Value(self._no_calculation)
        if name == "workbooks":
            return Things(lambda key: BookRef(program, key))
        if name == "active_workbook":
            return BookRef(program, None)
        if name == "selection":
            return SelectionRef(program)
        raise NotImplementedError(f"application.{name}")

    def _no_calculation(self) -> Any:
        raise CommandError("-50")

    def count(self, each: Keyword) -> int:
        assert each is k.workbook
        return len(self._program.shell.books)

    def calculate(self) -> None:
        self._program.shell.calculate()

    def open_workbook(self, workbook_file_name: str, **_: Any) -> None:
        self._program.shell.books.open(workbook_file_name)

    def run_VB_macro(self, name: str, **_: Any) -> None:  # noqa: N802
        self._program.computer.events.append(["run_VB_macro", name, self._program.pid])

    def quit(self, **_: Any) -> None:
        self._program.computer.events.append(["quit", self._program.pid])


class _Address:
    """How appscript keeps a process: packed."""

    def __init__(self, pid: int) -> None:
        self.data = struct.pack("i", pid)

    def target(self) -> Any:
        return types.SimpleNamespace(addressdesc=types.SimpleNamespace(coerce=lambda _: self))


class BookRef:
    """A workbook by its number or name; None: the active one."""

    def __init__(self, program: Program, key: Any) -> None:
        self._program, self._key = program, key

    def _shell(self) -> Any:
        books = self._program.shell.books
        found = books._active if self._key is None else None
        if self._key is not None:
            try:
                found = books(self._key)
            except KeyError as problem:
                raise CommandError(f"no workbook {self._key!r}") from problem
        if found is None:
            raise CommandError("missing value")
        return found

    def exists(self) -> bool:
        try:
            self._shell()
        except CommandError:
            return False
        return True

    @property
    def name(self) -> Value:
        return Value(lambda: self._shell().name)

    @property
    def full_name(self) -> Value:
        return Value(lambda: self._shell().api.FullName)

    @property
    def saved(self) -> Value:
        return Value(lambda: self._shell().api.Saved)

    @property
    def read_only(self) -> Value:
        return Value(lambda: self._shell().api.ReadOnly)

    def properties(self) -> dict[Keyword, Any]:
        shell = self._shell()
        path = shell.api.FullName.rpartition("/")[0]
        return {k.path: path, k.full_name: shell.api.FullName, k.file_format: "xlsx"}

    def save(self, timeout: int) -> None:
        assert timeout
        self._shell().save()

    def close(self, saving: Keyword) -> None:
        assert saving is k.no
        self._shell().close()

    def activate_object(self) -> None:
        self._shell().activate()

    def count(self, each: Keyword) -> int:
        assert each is k.worksheet
        return len(self._shell().sheets)

    @property
    def worksheets(self) -> Things:
        return Things(lambda key: SheetRef(self, key))

    @property
    def active_sheet(self) -> SheetRef:
        return SheetRef(self, self._shell().sheets.active.name)


class SelectionRef:
    """What is chosen: cells have an address, all else (here: nothing) has none."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def get_address(self) -> str:
        chosen = self._program.shell.selection
        if chosen is None:
            raise CommandError("-1708")
        return str(chosen.address)


class SheetRef:
    """A worksheet."""

    def __init__(self, book: BookRef, key: Any) -> None:
        self._book, self._key = book, key

    def _shell(self) -> Any:
        return self._book._shell().sheets(self._key)

    @property
    def name(self) -> Value:
        return Value(lambda: self._shell().name)

    @property
    def rows(self) -> Things:
        return Things(
            lambda row: types.SimpleNamespace(
                columns=Things(lambda column: CellsRef(self, (row, column)))
            )
        )

    @property
    def cells(self) -> Things:
        return Things(lambda address: CellsRef(self, address))

    @property
    def used_range(self) -> CellsRef:
        return CellsRef(self, self._shell().used_range.address)


class CellsRef:
    """A range."""

    def __init__(self, sheet: SheetRef, place: Any) -> None:
        self._sheet, self._place = sheet, place

    def _shell(self) -> Any:
        return self._sheet._shell().range(self._place)

    def get_address(self) -> str:
        return str(self._shell().address)

    @property
    def first_row_index(self) -> Value:
        return Value(lambda: self._shell().row)

    @property
    def first_column_index(self) -> Value:
        return Value(lambda: self._shell().column)

    def count(self, each: Keyword) -> int:
        return int(self._shell().shape[0 if each is k.row else 1])

    @property
    def value(self) -> Value:
        return Value(lambda: _lists(self._shell().raw_value))

    @property
    def formula(self) -> Value:
        return Value(lambda: _lists(self._shell().formula))

    def make(self, at: CellsRef, new: Keyword, with_properties: dict[Keyword, Any]) -> None:
        assert new is k.hyperlink
        found = with_properties
        at._shell().add_hyperlink(found[k.address], found[k.text_to_display], "")


def _lists(block: Any) -> Any:
    """AppleScript gives lists, and what is blank as an empty text."""
    if isinstance(block, tuple):
        return [_lists(line) for line in block]
    return "" if block is None else block


class Computer:
    """What runs on it, and what was asked of it."""

    def __init__(self) -> None:
        self.programs: list[Program] = []
        self.events: list[list[Any]] = []
        self.uses: dict[int, set[str]] = {}
        self.messages: list[list[Any]] = []
        self.answers: list[str] = []
        self.folders: list[str | None] = []

    def start(self, pid: int) -> Program:
        from tests.engines.memory import Memory
        from tests.engines.shell import Engine

        found = Program(self, pid, Engine(Memory()).apps.add(add_book=False))
        self.programs.append(found)
        return found

    def app(self, name: str | None = None, pid: int | None = None, **_: Any) -> Any:
        if name == "System Events":
            return _Events()
        if pid is None:
            raise AssertionError("a new Excel is started")
        return AppRef(next(program for program in self.programs if program.pid == pid))

    def output(self, command: list[str], **rest: Any) -> bytes:
        if command[0] != "lsappinfo":
            return _run(command, **rest)
        if command[1] == "visibleprocesslist":
            names = [f'ASN:0x0-{p.pid}-"Microsoft_Excel":' for p in self.programs]
            return " ".join([*names, 'ASN:0x0-1-"Finder":']).encode()
        return f'"pid"={command[-1].split("-")[1]}\n'.encode()

    def run(self, command: Any, *rest: Any, **options: Any) -> Any:
        words = command if isinstance(command, list) else [command]
        if str(words[0]) != "/usr/bin/osascript":
            return _real_run(command, *rest, **options)
        self.messages.append(["osascript", words[-1]])
        return types.SimpleNamespace(returncode=0)


_real_run = subprocess.run


class _Events:
    """The program System Events, which may show and hide others."""

    @property
    def processes(self) -> Things:
        frame = Value(lambda: [True], lambda _: None)
        return Things(lambda _: types.SimpleNamespace(visible=frame, frontmost=frame))


def install(computer: Computer) -> None:
    """appscript and what belongs to it, as far as xlwings and kamxl ask them."""

    class Dialogs:
        def __init__(self, pid: int) -> None:
            self.pid = pid

        def activate(self) -> None:
            computer.uses.setdefault(self.pid, set()).add("to the front")

        def display_alert(self, _title: str, message: str, buttons: Any, as_: Any) -> Any:
            computer.messages.append([self.pid, message])
            if isinstance(buttons, str):
                return {k.button_returned: "OK"}
            # The answer is the button's meaning; what stands on it is in the language of Excel.
            meant = ("Cancel", "No", "Yes").index(computer.answers.pop(0))
            return {k.button_returned: buttons[meant]}

        def choose_folder(self, with_prompt: str) -> Any:
            folder = computer.folders.pop(0)
            if folder is None:
                raise CommandError("User canceled.")
            return types.SimpleNamespace(path=folder)

        choose_file = choose_folder

    def module(name: str, **members: Any) -> types.ModuleType:
        made = types.ModuleType(name)
        made.__dict__.update(members)
        sys.modules[name] = made
        return made

    send = types.SimpleNamespace(EventError=CommandError)
    module("aem", kae=types.SimpleNamespace(typeKernelProcessID=1), aemsend=send)
    module("osax", OSAX=Dialogs)
    its = types.SimpleNamespace(unix_id=object())
    reference = module(
        "appscript.reference", CommandError=CommandError, Reference=type("R", (), {})
    )
    module(
        "appscript", app=computer.app, its=its, k=k, mactypes=types.SimpleNamespace(),
        reference=reference, __path__=[],
    )  # fmt: skip
    subprocess.check_output = computer.output  # type: ignore[assignment]
    subprocess.run = computer.run
