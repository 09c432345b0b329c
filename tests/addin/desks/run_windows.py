"""A scenario on a computer with Windows, to the very end of Python: ``python -m … <plan.json>``.

The plan says which Excels run, what is open in them, and which buttons are pressed; what happened
is written when all exit hooks have run.
"""

from __future__ import annotations

from typing import Any

from tests.addin.desks.scenario import (
    PLAN,
    load_as_it_is,
    platform,
    press_all,
    pretend,
    start_programs,
    tell_at_the_end,
)

from tests.addin.desks import windows  # isort: skip it comes before the engines

computer = windows.Computer()
tell_at_the_end(computer)


def _load() -> Any:
    """xlwings and kamxl as on Windows; the rest of Python stays where it is."""
    load_as_it_is()
    windows.install(computer)
    with platform("win32"):
        from kamxl import addin
        from kamxl.excel.live import bridge
    pretend("win32")
    bridge._PAUSE, bridge._STREAK = 0.0, 0.3
    return addin, bridge


def _stock() -> None:
    """xlwings alone, as any script has it."""
    load_as_it_is()
    windows.install(computer)
    with platform("win32"):
        import xlwings
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
    for about, path, book in start_programs(computer):
        cell = about.get("typed", {}).get(path)
        if cell is not None:
            book.sheets(cell[0]).range(cell[1]).raw_value = cell[2]
            book._saved = bool(about.get("saved", False))

    def clicked(press: dict[str, Any], program: Any) -> Any:
        program.shell.folders[:] = press.get("folders", [])
        computer.printer = press.get("printer", True)
        computer.busy = dict(press.get("busy", {}))
        return addin.Clicked(press.get("window", program.hwnd))

    press_all(addin, computer, "win32", clicked)


if __name__ == "__main__":
    main()
