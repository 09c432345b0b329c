"""What a scenario is on either system: a plan is read, a computer pretended, the end is told.

Imported first: what it keeps from loading has to be kept from xlwings.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import sys
import types
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

PLAN = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))

for _name in ("numpy", "pandas", "matplotlib", "matplotlib.backends.backend_agg"):
    sys.modules[_name] = None  # type: ignore[assignment] they are not needed, and slow
# What reads the platform on loading, and has to read the real one.
_OF_THIS_SYSTEM = (
    "asyncio", "concurrent.futures", "locale", "multiprocessing", "PIL.Image", "socket",
    "tempfile", "uuid", "kamxl.workflow.incoming.consolidate", "kamxl.workflow.outgoing.issue",
    "kamxl.workflow.buttons.status", "kamxl.workflow.incoming.check", "kamxl.workflow.start.init",
    "kamxl.workflow.start.importing",
)  # fmt: skip

said: list[Any] = []


def tell_at_the_end(computer: Any) -> None:
    """Write what happened when all exit hooks have run: called before anything adds one."""

    @atexit.register
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


def load_as_it_is(*more: str) -> None:
    """Load what reads the platform on loading, ``more`` besides."""
    for name in (*_OF_THIS_SYSTEM, *more):
        importlib.import_module(name)


@contextlib.contextmanager
def platform(name: str) -> Iterator[None]:
    """What is loaded in here believes to be on that platform."""
    real, sys.platform = sys.platform, name
    try:
        yield
    finally:
        sys.platform = real


def pretend(name: str) -> None:
    """xlwings and what of kamxl asks for the platform are told this one from now on."""
    import xlwings.main

    import kamxl.excel.live.opened
    import kamxl.excel.live.program
    import kamxl.excel.live.refresh
    import kamxl.workflow.buttons.desk

    pretended = types.SimpleNamespace(**{**vars(sys), "platform": name})
    live = kamxl.excel.live
    for module in (
        live.program,
        live.opened,
        live.refresh,
        kamxl.workflow.buttons.desk,
        xlwings.main,
    ):
        module.sys = pretended  # type: ignore[attr-defined]


def start_programs(computer: Any) -> Iterator[tuple[dict[str, Any], str, Any]]:
    """Start the plan's Excels; each workbook in them, with what the plan says of its Excel."""
    for number, about in enumerate(PLAN["programs"]):
        program = computer.start(about.get("pid", 4711 + number))
        for path in about.get("open", ()):
            book = program.shell.books.open(path)
            book._url = about.get("urls", {}).get(path)
            yield about, path, book


def press_all(
    addin: Any, computer: Any, system: str, clicked: Callable[[dict[str, Any], Any], Any]
) -> None:
    """Press the plan's buttons; ``clicked`` prepares a press and says where it was."""
    from kamxl.excel.addin.places import places_of
    from kamxl.excel.live.synced import Mount
    from kamxl.workflow.buttons.desk import Desk

    places = places_of(system, Path(PLAN["home"]), {})
    mounts = tuple(Mount(address, Path(folder)) for address, folder in PLAN.get("mounts", ()))
    for press in PLAN["presses"]:
        program = computer.programs[press.get("at", 0)]
        computer.answers[:] = press.get("answers", [])
        where = clicked(press, program)
        desk = partial(Desk, mounts=lambda: mounts, pause=0)
        now = datetime.fromisoformat(PLAN["now"])
        language = press.get("language", "en")
        said.append(addin.press_with(press["word"], language, places, where, now, desk))
