"""A computer with Windows: Excels with windows and processes, and pywin32 that leads to them."""

from __future__ import annotations

import ctypes
import datetime as dt
import subprocess
import sys
import types
from collections.abc import Iterator
from typing import Any

from tests.addin.desks import com
from tests.addin.desks.com import Application, CDispatch, ComError, Workbook

EXCEL = "{00024500-0000-0000-C000-000000000046}"


class Program:
    """One running Excel: its process, its windows, and the engine in memory behind it."""

    def __init__(self, computer: Computer, pid: int, shell: Any) -> None:
        self.computer, self.pid, self.shell = computer, pid, shell
        self.com = Application(self, shell)
        self.opened: list[str] = []
        self._handles: dict[int, int] = {}
        self.running = True

    def book(self, shell: Any) -> Workbook:
        return Workbook(self, shell)

    @property
    def windows(self) -> list[int]:
        """A window for each workbook; without any, the empty one."""
        books = self.shell.books._list
        if not books:
            return [self.pid * 1000]
        for book in books:
            self._handles.setdefault(id(book), self.pid * 1000 + 10 * (len(self._handles) + 1))
        return [self._handles[id(book)] for book in books]

    @property
    def hwnd(self) -> int:
        windows, active = self.windows, self.shell.books._active
        return windows[0] if active is None else self._handles[id(active)]

    def seen(self, call: str) -> None:
        """Every use of one of its objects."""
        self.computer.used(self, call)

    def happened(self, what: str) -> None:
        self.computer.events.append([what, self.pid])

    def need_printer(self, name: str) -> None:
        if not self.computer.printer:
            raise ComError(f"Unable to set the {name} property of the PageSetup class")


class Computer:
    """What runs on it, what was asked of it, and what it refuses."""

    def __init__(self) -> None:
        self.programs: list[Program] = []
        self.events: list[list[Any]] = []
        self.uses: dict[int, set[str]] = {}
        self.messages: list[list[Any]] = []
        self.answers: list[int] = []
        self.printer = True
        self.busy: dict[str, int] = {}  # call: how often it is refused (-1: for good)
        self.coinit = 0

    def start(self, pid: int) -> Program:
        from tests.engines.memory import Memory
        from tests.engines.shell import Engine

        found = Program(self, pid, Engine(Memory()).apps.add(add_book=False))
        self.programs.append(found)
        return found

    def used(self, program: Program, call: str) -> None:
        self.uses.setdefault(program.pid, set()).add(call)
        left = self.busy.get(call, 0)
        if left:
            self.busy[call] = left - 1 if left > 0 else left
            raise ComError("Call was rejected by callee.", hresult=com.REJECTED)

    def of_window(self, window: int) -> Program | None:
        return next((p for p in self.programs if window in p.windows), None)

    # --- what pywin32 asks ---

    def find_window(self, parent: int, after: int, name: str, _: Any) -> int:
        if name == "XLMAIN":
            every = [0, *(w for p in self.programs for w in p.windows)]
            return [*every, 0][every.index(after) + 1] if parent == 0 else 0
        if name == "XLDESK":
            return parent + 1 if self.of_window(parent) else 0
        if name == "EXCEL7":
            found = self.of_window(parent - 1)
            return parent + 1 if found and found.shell.books._list else 0
        return 0

    def process_of(self, window: int) -> tuple[int, int]:
        found = self.of_window(window)
        if found is None:
            raise ComError("Invalid window handle.", hresult=1400)
        return 1, found.pid

    def message(self, window: int, text: str, title: str, style: int) -> int:
        if window:
            self.process_of(window)
        self.messages.append([window, text, style])
        return self.answers.pop(0) if style & 15 else 1

    def moved(self, window: int) -> None:
        found = self.of_window(window)
        assert found is not None
        self.uses.setdefault(found.pid, set()).add("to the front")

    def next_window(self, window: int) -> int:
        return self.find_window(0, window, "XLMAIN", None)

    def run(self, command: Any, *rest: Any, **options: Any) -> Any:
        words = command if isinstance(command, list) else [command]
        if words[0] not in ("tasklist", "taskkill"):
            return _run(command, *rest, **options)
        self.events.append([*words])
        lines = [f"EXCEL.EXE {p.pid} Console 1 120,000 K" for p in self.programs]
        return types.SimpleNamespace(stdout="\n".join(["", "Image", "====", *lines]))

    def object_at(self, child: int) -> Any:
        """What a window of a workbook (EXCEL7) gives: something with an Application."""
        found = self.of_window(child - 2)
        if found is None:
            raise ComError("no such window")
        return found.com

    def table(self) -> list[Moniker]:
        """The running objects: each Excel under one and the same name, each saved workbook."""
        found = [Moniker("!" + EXCEL, self.programs[0].com) for _ in self.programs[:1]]
        found += [Moniker("!" + EXCEL, self.programs[0].com) for _ in self.programs[1:]]
        for program in self.programs:
            paths = (book._path for book in program.shell.books._list)
            found += [Moniker(str(path), program.com) for path in paths if path]
        return [Moniker("!{00000000-0000-0000-0000-000000000000}", None), *found]


_run = subprocess.run


class Moniker:
    def __init__(self, name: str, leads_to: Any) -> None:
        self.name, self.leads_to = name, leads_to

    def GetDisplayName(self, _context: Any, _left: Any) -> str:  # noqa: N802
        return self.name


class _Unknown:
    def __init__(self, found: Any) -> None:
        self.found = found

    def QueryInterface(self, _: Any) -> Any:  # noqa: N802
        if self.found is None:
            raise ComError("no such interface")
        return self.found


class _Table:
    def __init__(self, computer: Computer) -> None:
        self.computer = computer

    def EnumRunning(self) -> Iterator[Moniker]:  # noqa: N802
        return iter(self.computer.table())

    def GetObject(self, moniker: Moniker) -> _Unknown:  # noqa: N802
        return _Unknown(moniker.leads_to)


class _Any:
    """Anything: a value, a function, even a class to inherit from."""

    def __init__(self, *_: Any) -> None:
        pass

    def __getattr__(self, name: str) -> _Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Any()

    def __getitem__(self, _: Any) -> _Any:
        return _Any()

    def __call__(self, *_: Any, **__: Any) -> _Any:
        return _Any()


def _module(name: str, **members: Any) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module
    return module


def _blank(name: str) -> None:
    """A module of which anything may be imported; nothing of it is used."""
    _module(name, __getattr__=_anything, __path__=[])


def _anything(attribute: str) -> Any:
    if attribute.startswith("__"):
        raise AttributeError(attribute)
    return _Any()


def install(computer: Computer) -> None:
    """pywin32 and the system's libraries, as far as xlwings and kamxl ask them."""
    _module("pywintypes", com_error=ComError, error=ComError, TimeType=dt.datetime, IID=lambda s: s)
    _module(
        "win32con", MB_OK=0, MB_OKCANCEL=1, MB_YESNOCANCEL=3, MB_YESNO=4,
        MB_ICONINFORMATION=64, MB_ICONWARNING=48,
    )  # fmt: skip
    _module("win32api", MessageBox=computer.message)
    _module("win32gui", FindWindowEx=computer.find_window)
    _module("win32process", GetWindowThreadProcessId=computer.process_of)
    _module("win32timezone")
    _module(
        "pythoncom", CoInitialize=lambda: _counted(computer), ole_error=ComError, __file__="x",
        CreateBindCtx=lambda _: None, GetRunningObjectTable=lambda: _Table(computer),
        IID_IDispatch="IDispatch", DISPATCH_PROPERTYGET=2, __getattr__=_anything,
    )  # fmt: skip
    plain = {name: type(name, (), {}) for name in ("CoClassBaseClass", "DispatchBaseClass")}
    made = lambda *_: computer.events.append(["DispatchEx"])  # noqa: E731
    gencache = types.SimpleNamespace(
        EnsureModule=lambda *_, **__: computer.events.append(["gencache.EnsureModule"])
    )
    client = _module(
        "win32com.client", CDispatch=CDispatch, Dispatch=lambda one: one, DispatchEx=made,
        gencache=gencache, **plain,
    )  # fmt: skip
    _module("win32com", client=client, __path__=[])
    for name in (
        "win32event", "win32com.server", "win32com.server.util", "win32com.universal",
        "win32com.server.dispatcher", "win32com.server.policy", "win32com.util",
        "win32com.client.dynamic",
    ):  # fmt: skip
        _blank(name)
    _libraries(computer)
    subprocess.run = computer.run
    subprocess.CREATE_NO_WINDOW = 0  # type: ignore[attr-defined]


def _counted(computer: Computer) -> None:
    computer.coinit += 1


def _libraries(computer: Computer) -> None:
    last: list[int] = []
    user = types.SimpleNamespace(
        GetTopWindow=lambda _: computer.next_window(0),
        GetWindow=lambda window, _: computer.next_window(window),
        GetForegroundWindow=lambda: computer.programs[0].hwnd,
        SetForegroundWindow=lambda window: computer.moved(window),
        SetWindowPos=lambda window, *_: computer.moved(window),
    )
    ctypes.windll = types.SimpleNamespace(user32=user)  # type: ignore[attr-defined]
    ctypes.oledll = types.SimpleNamespace(  # type: ignore[attr-defined]
        ole32=types.SimpleNamespace(CLSIDFromString=lambda *_: 0),
        oleacc=types.SimpleNamespace(AccessibleObjectFromWindow=lambda w, *_: last.append(w)),
    )

    class Library:
        def __init__(self, _: str) -> None:
            def found(*_: Any) -> Any:
                return computer.object_at(last[-1])

            self.PyCom_PyObjectFromIUnknown = types.SimpleNamespace()
            self.PyCom_PyObjectFromIUnknown = _Function(found)

    ctypes.PyDLL = Library  # type: ignore[misc, assignment]


class _Function:
    restype: Any = None

    def __init__(self, call: Any) -> None:
        self.call = call

    def __call__(self, *arguments: Any) -> Any:
        return self.call(*arguments)
