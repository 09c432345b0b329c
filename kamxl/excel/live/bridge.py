"""xlwings without what it does beside: the only door to it, so that no Excel is ever ended by us.

xlwings is made for scripts that start an Excel of their own. On loading it registers an exit hook:
on Windows that ends every Excel without a visible workbook, on macOS it runs a macro ``CleanUp`` of
whatever workbook is open. It looks for a licence of its paid part, in files and in a workbook. And
it asks an Excel that is busy again and again, without a pause and without an end.
"""

from __future__ import annotations

import atexit
import importlib
import sys
import time
from collections.abc import Callable
from typing import Any

_NAME = "xlwings"
# None there makes its import fail at once, as it does without a licence; xlwings goes on without.
sys.modules.setdefault(f"{_NAME}.pro", None)  # type: ignore[arg-type]

import xlwings as xw  # noqa: E402 what stands above has to be there first

__all__ = ["exit_hooks", "part", "xw"]

_PAUSE = 0.02  # seconds before a busy Excel is asked again
_STREAK = 10.0  # seconds: as long as a recalculation or a saving may take
_GAP = 1.0  # seconds without a refusal, after which it is patient anew
_TRIES = 100_000  # more than fit into that time


class _Patience(int):
    """How often xlwings asks a busy Excel; each comparison with what was tried is a short wait.

    When Excel has refused everything for a while, it is not waited for again with every call.
    """

    _since = _last = float("-inf")

    def __gt__(self, tried: int) -> bool:
        now = time.monotonic()
        if now - self._last > _GAP:
            self._since = now
        self._last = now
        if now - self._since > _STREAK:
            return False
        time.sleep(_PAUSE)
        self._last = time.monotonic()
        return True


class _Listener:
    """Equal to nothing: whoever compares all hooks with it shows them."""

    def __init__(self) -> None:
        self.seen: list[Callable[..., Any]] = []

    def __eq__(self, other: object) -> bool:
        self.seen.append(other)  # type: ignore[arg-type]
        return False

    __hash__ = object.__hash__


def exit_hooks() -> list[Callable[..., Any]]:
    """What of xlwings would run when Python ends: nothing, once this module is loaded."""
    listener = _Listener()
    atexit.unregister(listener)  # type: ignore[arg-type]  # which compares it with every hook, and finds none
    return [hook for hook in listener.seen if _of_xlwings(hook)]


def part(name: str) -> Any:
    """One of xlwings' modules for a system: "_xlwindows" or "_xlmac", untyped as they are."""
    return importlib.import_module(f"{_NAME}.{name}")


def _of_xlwings(hook: Callable[..., Any]) -> bool:
    module = getattr(hook, "__module__", None) or ""
    return str(module).partition(".")[0] == _NAME


def _tame() -> None:
    """Take the hooks out, and what they would call, should anybody put one in again."""
    for hook in exit_hooks():
        atexit.unregister(hook)
    if exit_hooks():
        raise ImportError("xlwings keeps its exit hook, which ends Excel")
    windows: Any = sys.modules.get(f"{_NAME}._xlwindows")
    mac: Any = sys.modules.get(f"{_NAME}._xlmac")
    if windows is not None:
        windows.Apps.cleanup = staticmethod(_nothing)
        windows.N_COM_ATTEMPTS = _Patience(_TRIES)
    if mac is not None:
        mac.is_excel_running = _nothing


def _nothing() -> bool:
    return False


_tame()
