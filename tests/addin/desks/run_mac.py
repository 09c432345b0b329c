"""A scenario on a computer with macOS, to the very end of Python: ``python -m … <plan.json>``."""

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

for _name in ("numpy", "pandas", "matplotlib", "matplotlib.backends.backend_agg"):
    sys.modules[_name] = None  # type: ignore[assignment] they are not needed, and slow
_OF_THIS_SYSTEM = (
    "asyncio", "concurrent.futures", "locale", "multiprocessing", "PIL.Image", "psutil", "socket",
    "tempfile", "uuid", "kamxl.workflow.incoming.consolidate", "kamxl.workflow.outgoing.issue",
    "kamxl.workflow.buttons.status", "kamxl.workflow.incoming.check", "kamxl.workflow.start.init",
)  # fmt: skip

from tests.addin.desks import mac  # noqa: E402 it comes before xlwings

computer = mac.Computer()
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


class _Process:
    """What psutil shows of a running Excel: xlwings' exit hook looks for it by name."""

    def name(self) -> str:
        return "Microsoft Excel"


def _load() -> Any:
    for name in _OF_THIS_SYSTEM:
        importlib.import_module(name)
    mac.install(computer)
    real, sys.platform = sys.platform, "darwin"
    try:
        if PLAN.get("stock"):
            import psutil
            import xlwings

            psutil.process_iter = lambda: [_Process()]  # type: ignore[assignment, misc]
            PLAN["hooks"] = [repr(xlwings._xlmac.cleanup)]
            return None
        from kamxl import addin
        from kamxl.excel.live import bridge
    finally:
        sys.platform = real
    import xlwings.main

    import kamxl.excel.live.opened
    import kamxl.excel.live.program
    import kamxl.excel.live.refresh
    import kamxl.workflow.buttons.desk

    pretended = types.SimpleNamespace(**{**vars(sys), "platform": "darwin"})
    live = kamxl.excel.live
    for module in (
        live.program,
        live.opened,
        live.refresh,
        kamxl.workflow.buttons.desk,
        xlwings.main,
    ):
        module.sys = pretended  # type: ignore[attr-defined]
    import psutil

    psutil.process_iter = lambda: [_Process()]  # type: ignore[assignment, misc]
    PLAN["hooks"] = [repr(hook) for hook in bridge.exit_hooks()]
    return addin


def main() -> None:
    addin = _load()
    for number, about in enumerate(PLAN["programs"]):
        program = computer.start(about.get("pid", 4711 + number))
        for path in about.get("open", ()):
            book = program.shell.books.open(path)
            book._url = about.get("urls", {}).get(path)
    if addin is None:
        return
    from kamxl.excel.addin.places import places_of
    from kamxl.excel.live.synced import Mount
    from kamxl.workflow.buttons.desk import Desk

    places = places_of("darwin", Path(PLAN["home"]), {})
    mounts = tuple(Mount(address, Path(folder)) for address, folder in PLAN.get("mounts", ()))
    for press in PLAN["presses"]:
        program = computer.programs[press.get("at", 0)]
        computer.answers[:] = press.get("answers", [])
        computer.folders[:] = press.get("folders", [])
        desk = partial(Desk, mounts=lambda: mounts, pause=0)
        now = datetime.fromisoformat(PLAN["now"])
        clicked = addin.Clicked(None, press.get("process", program.pid))
        language = press.get("language", "en")
        said.append(addin.press_with(press["word"], language, places, clicked, now, desk))


if __name__ == "__main__":
    main()
