"""A scenario on a computer with Windows, to the very end of Python: ``python -m … <plan.json>``.

The plan says which Excels run, what is open in them, and which buttons are pressed; what happened
is written when all exit hooks have run.
"""

from __future__ import annotations

import atexit
import importlib
import json
import sys
import types
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

PLAN = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))

_BEFORE_XLWINGS = ("numpy", "pandas", "matplotlib", "matplotlib.backends.backend_agg")
for _name in _BEFORE_XLWINGS:
    sys.modules[_name] = None  # type: ignore[assignment] they are not needed, and slow
_OF_THIS_SYSTEM = (
    "asyncio", "concurrent.futures", "locale", "multiprocessing", "PIL.Image", "socket",
    "tempfile", "uuid", "kamxl.workflow.incoming.consolidate", "kamxl.workflow.outgoing.issue",
    "kamxl.workflow.buttons.status", "kamxl.workflow.incoming.check", "kamxl.workflow.start.init",
)  # fmt: skip

from tests.addin.desks import windows  # noqa: E402 it comes before the engines

computer = windows.Computer()
said: list[Any] = []


@atexit.register  # the first: it runs when all others have run
def _tell() -> None:
    told = {
        "said": said,
        "messages": computer.messages,
        "events": computer.events,
        "uses": {pid: sorted(calls) for pid, calls in computer.uses.items()},
        "open": {
            p.pid: [[b.name, b._saved] for b in p.shell.books._list] for p in computer.programs
        },
        "hooks": PLAN.get("hooks"),
    }
    Path(PLAN["out"]).write_text(json.dumps(told), encoding="utf-8")


def _load() -> Any:
    """xlwings and kamxl as on Windows; the rest of Python stays where it is."""
    for name in _OF_THIS_SYSTEM:  # what reads the platform on loading has read it by now
        importlib.import_module(name)

    windows.install(computer)
    real = sys.platform
    sys.platform = "win32"
    try:
        from kamxl import addin
        from kamxl.excel.live import bridge
    finally:
        sys.platform = real
    import xlwings.main

    import kamxl.excel.live.opened
    import kamxl.excel.live.program
    import kamxl.excel.live.refresh
    import kamxl.workflow.buttons.desk

    pretended = types.SimpleNamespace(**{**vars(sys), "platform": "win32"})
    live = kamxl.excel.live
    for module in (
        live.program,
        live.opened,
        live.refresh,
        kamxl.workflow.buttons.desk,
        xlwings.main,
    ):
        module.sys = pretended  # type: ignore[attr-defined]
    bridge._PAUSE, bridge._STREAK = 0.0, 0.3
    return addin, bridge


def _stock() -> None:
    """xlwings alone, as any script has it."""
    for name in _OF_THIS_SYSTEM:
        importlib.import_module(name)
    windows.install(computer)
    real, sys.platform = sys.platform, "win32"
    import xlwings

    sys.platform = real
    PLAN["hooks"] = [repr(xlwings._xlwindows.cleanup)]
    for number, about in enumerate(PLAN["programs"]):
        computer.start(about.get("pid", 4711 + number))


def main() -> None:
    if PLAN.get("stock"):
        _stock()
        return
    addin, bridge = _load()
    PLAN["hooks"] = [repr(hook) for hook in bridge.exit_hooks()]
    import xlwings

    assert xlwings.engines.active.name == "excel", xlwings.engines
    from kamxl.excel.addin.places import places_of
    from kamxl.excel.live.synced import Mount
    from kamxl.workflow.buttons.desk import Desk

    for number, about in enumerate(PLAN["programs"]):
        program = computer.start(about.get("pid", 4711 + number))
        for path in about.get("open", ()):
            book = program.shell.books.open(path)
            book._url = about.get("urls", {}).get(path)
            cell = about.get("typed", {}).get(path)
            if cell is not None:
                book.sheets(cell[0]).range(cell[1]).raw_value = cell[2]
                book._saved = bool(about.get("saved", False))
    places = places_of("win32", Path(PLAN["home"]), {})
    mounts = tuple(Mount(address, Path(folder)) for address, folder in PLAN.get("mounts", ()))
    for press in PLAN["presses"]:
        program = computer.programs[press.get("at", 0)]
        computer.answers[:] = press.get("answers", [])
        program.shell.folders[:] = press.get("folders", [])
        computer.printer = press.get("printer", True)
        computer.busy = dict(press.get("busy", {}))
        window = press.get("window", program.hwnd)
        desk = partial(Desk, mounts=lambda: mounts, pause=0)
        now = datetime.fromisoformat(PLAN["now"])
        clicked = addin.Clicked(window)
        said.append(
            addin.press_with(press["word"], press.get("language", "en"), places, clicked, now, desk)
        )


if __name__ == "__main__":
    main()
