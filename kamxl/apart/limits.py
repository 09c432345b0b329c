"""What a process apart may use, and who watches that it does."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from kamxl.apart.families import Family
from kamxl.errors import MachineError, machine_fault

MB = 1024 * 1024
UNWATCHED = "unwatched"
_EVERY = 0.02  # seconds between two looks at a process
_STARVED = 0.01  # of its patience on the clock: who gets so much of a busy computer does not wait


@dataclass(frozen=True, slots=True)
class Allowance:
    """The most that one piece of work may use.

    ``seconds`` of processor time, which a busy computer does not shorten; ``memory`` in bytes;
    ``patience``: seconds on the clock, for work that waits instead of working; they begin again
    as long as it gets on.
    """

    seconds: float = 2.0
    memory: int = 200 * MB
    patience: float = 30.0


ALLOWANCE = Allowance()


class Died(Exception):  # noqa: N818 what came in is to blame, not we
    """The process ended before the work.

    ``reason`` is "time", "memory", "crashed", "killed": somebody else on this computer ended it,
    "strange": what it answered is not what the work gives, or "source": it was not even begun, or
    not ended, for all of its source took more than one may (``Purse``).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Watch:
    """``reason``: why the process was killed, None if it was not.

    "memory", "time", "waiting": it let time go by without working; UNWATCHED: nobody could look
    at it any more, and that is not its fault. ``seconds`` of processor time that the block took
    them, whether they live or not.
    """

    reason: str | None = None
    seconds: float = 0.0


@contextlib.contextmanager
def watched(family: Family, allowance: Allowance, watch: Watch | None = None) -> Iterator[Watch]:
    """While the block runs, the family is killed once it uses more than it may.

    ``watch``: where that is told, for whoever wants to know it whatever else is raised.

    MachineError: this computer has not even a thread or an open file left to watch with.
    """
    watch, done = watch or Watch(), threading.Event()
    begin = _seconds(family)

    def look() -> None:
        try:
            _look()
        except Exception:  # no memory, no open file left: what nobody looks at must not go on
            watch.reason = UNWATCHED
        if watch.reason is not None:
            family.kill()

    def _look() -> None:
        worked, deadline = begin, time.monotonic() + allowance.patience
        while watch.reason is None and not done.wait(_EVERY):
            seconds, memory = family.used()
            if memory > allowance.memory:
                watch.reason = "memory"
            elif seconds - begin > allowance.seconds:
                watch.reason = "time"
            elif seconds - worked > allowance.patience * _STARVED:
                worked, deadline = seconds, time.monotonic() + allowance.patience
            elif time.monotonic() > deadline:
                watch.reason = "waiting"

    thread = threading.Thread(target=look, name="kamxl-watch", daemon=True)
    try:
        thread.start()
    except RuntimeError as problem:
        raise MachineError("no-threads", reason=str(problem)) from problem
    try:
        yield watch
    finally:
        done.set()
        thread.join()
        with contextlib.suppress(OSError):
            watch.seconds = family.used()[0] - begin


def _seconds(family: Family) -> float:
    try:
        return family.used()[0]
    except OSError as problem:
        raise machine_fault(problem) or MachineError(
            "processes-unseen", reason=problem
        ) from problem
