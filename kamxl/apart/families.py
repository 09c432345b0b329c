"""A process and what it started, looked at and ended together."""

from __future__ import annotations

import contextlib

import psutil

_GONE = (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied)


class Family:
    """``growing``: what its members start belongs to it (to find that takes some milliseconds).

    Members are remembered: a launcher's end is not the end of what it launched.
    """

    def __init__(self, *members: psutil.Process, growing: bool = False) -> None:
        self._members = {member.pid: member for member in members}
        self._growing = growing
        self._seconds: dict[int, float] = {}

    def used(self) -> tuple[float, int]:
        """Processor seconds so far, and bytes now; those that ended have used what they used."""
        if self._growing:
            self._look()
        memory = 0
        for pid, one in self._members.items():
            with contextlib.suppress(*_GONE):
                times = one.cpu_times()
                self._seconds[pid] = times.user + times.system
                memory += one.memory_info().rss
        return sum(self._seconds.values()), memory

    def kill(self) -> None:
        """End all of it, what was started last first."""
        if self._growing:
            self._look()
        for one in reversed(self._members.values()):
            with contextlib.suppress(psutil.Error, OSError):
                one.kill()

    def _look(self) -> None:
        for one in list(self._members.values()):
            with contextlib.suppress(psutil.Error, OSError):
                for child in one.children(recursive=True):
                    self._members.setdefault(child.pid, child)


def family_of(launched: int, working: int) -> Family:
    """That of a process we started and of the one that says it is the worker.

    Where a launcher stands between, both belong to it, and need not be looked for again. A number
    that is none of its descendants' (a container counts by itself) is not believed.
    """
    root = psutil.Process(launched)
    if working == launched:
        return Family(root)
    with contextlib.suppress(psutil.Error, OverflowError, ValueError):
        worker = psutil.Process(working)
        between = worker.parents()
        numbers = [parent.pid for parent in between]
        if launched in numbers:
            return Family(*reversed(between[: numbers.index(launched) + 1]), worker)
    return Family(root, growing=True)
