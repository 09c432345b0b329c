"""A scenario on a computer with macOS, to the very end of Python: ``python -m … <plan.json>``."""

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

from tests.addin.desks import mac  # isort: skip it comes before xlwings

computer = mac.Computer()
tell_at_the_end(computer)


class _Process:
    """What psutil shows of a running Excel: xlwings' exit hook looks for it by name."""

    def name(self) -> str:
        return "Microsoft Excel"


def _load() -> Any:
    load_as_it_is("psutil")
    import psutil

    mac.install(computer)
    with platform("darwin"):
        if PLAN.get("stock"):
            import xlwings

            psutil.process_iter = lambda: [_Process()]  # type: ignore[assignment, misc]
            PLAN["hooks"] = [repr(xlwings._xlmac.cleanup)]
            return None
        from kamxl import addin
        from kamxl.excel.live import bridge
    pretend("darwin")
    psutil.process_iter = lambda: [_Process()]  # type: ignore[assignment, misc]
    PLAN["hooks"] = [repr(hook) for hook in bridge.exit_hooks()]
    return addin


def main() -> None:
    addin = _load()
    list(start_programs(computer))
    if addin is None:
        return

    def clicked(press: dict[str, Any], program: Any) -> Any:
        computer.folders[:] = press.get("folders", [])
        return addin.Clicked(None, press.get("process", program.pid))

    press_all(addin, computer, "darwin", clicked)


if __name__ == "__main__":
    main()
