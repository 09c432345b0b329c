"""What a process apart may use, and who watches that it does."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from kamxl.apart.families import Family
from kamxl.errors import MachineError

MB = 1024 * 1024
_LOOK = 0.02  # seconds between two looks at a process


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
    """The process ended before the work.

    ``reason`` is "time", "memory", "crashed", or "killed": somebody else on this computer ended it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Watch:
    """``reason``: why the process was killed, None if it was not.

    "memory", "time", or "waiting": it let time go by without working.
    """

    reason: str | None = None


@contextlib.contextmanager
def watched(family: Family, allowance: Allowance) -> Iterator[Watch]:
    """While the block runs, the family is killed once it uses more than it may.

    MachineError: this computer has not even a thread left to watch with.
    """
    watch, done = Watch(), threading.Event()
    begin, deadline = family.used()[0], time.monotonic() + allowance.patience

    def look() -> None:
        while watch.reason is None and not done.wait(_LOOK):
            seconds, memory = family.used()
            if memory > allowance.memory:
                watch.reason = "memory"
            elif seconds - begin > allowance.seconds:
                watch.reason = "time"
            elif time.monotonic() > deadline:
                watch.reason = "waiting"
        if watch.reason is not None:
            family.kill()

    thread = threading.Thread(target=look, name="kamxl-watch", daemon=True)
    try:
        thread.start()
    except RuntimeError as problem:
        raise MachineError(
            f"This computer starts no more threads ({problem}).",
            "Close other programs and run it again.",
        ) from problem
    try:
        yield watch
    finally:
        done.set()
        thread.join()
