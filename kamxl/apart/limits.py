"""What a process apart may use, and who watches that it does."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psutil

MB = 1024 * 1024
_LOOK = 0.02  # seconds between two looks at a process
_GONE = (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied)


@dataclass(frozen=True, slots=True)
class Allowance:
    """The most that one piece of work may use.

    ``seconds`` of processor time, which a busy computer does not shorten; ``memory`` in bytes;
    ``patience``: seconds on the clock, for work that waits instead of working.
    """

    seconds: float = 2.0
    memory: int = 200 * MB
    patience: float = 30.0


ALLOWANCE = Allowance()


class Died(Exception):  # noqa: N818 what came in is to blame, not we
    """The process ended before the work; ``reason`` is "time", "memory" or "crashed"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class _Watch:
    reason: str | None = None


def used_by(process: psutil.Process, family: bool) -> tuple[float, int]:
    """Processor seconds so far, and bytes now, of a process (``family``: and those it started)."""
    seconds, memory = 0.0, 0
    for one in (process, *(process.children(recursive=True) if family else ())):
        with contextlib.suppress(*_GONE):
            times = one.cpu_times()
            seconds += times.user + times.system
            memory += one.memory_info().rss
    return seconds, memory


@contextlib.contextmanager
def watched(
    process: psutil.Process,
    allowance: Allowance,
    kill: Callable[[], None],
    *,
    family: bool = False,
) -> Iterator[_Watch]:
    """While the block runs, ``kill`` is called once the process uses more than it may.

    What is yielded says which of it that was, None if nothing. ``family``: what it starts counts,
    too (to find them takes some milliseconds).
    """
    watch, done = _Watch(), threading.Event()
    begin, deadline = _seconds(process, family), time.monotonic() + allowance.patience

    def look() -> None:
        while watch.reason is None and not done.wait(_LOOK):
            try:
                seconds, memory = used_by(process, family)
            except _GONE:
                return
            if memory > allowance.memory:
                watch.reason = "memory"
            elif seconds - begin > allowance.seconds or time.monotonic() > deadline:
                watch.reason = "time"
        if watch.reason is not None:
            kill()

    thread = threading.Thread(target=look, name="kamxl-watch", daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        done.set()
        thread.join()


def _seconds(process: psutil.Process, family: bool) -> float:
    with contextlib.suppress(*_GONE):
        return used_by(process, family)[0]
    return 0.0
