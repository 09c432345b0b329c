"""How things are measured: processor time with that of all children, and peak memory of the tree.

For Linux and macOS: elsewhere nobody tells what a process that has ended used.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import psutil

ROOT = Path(__file__).resolve().parents[2]
MB = 1_000_000
_LOOK = 0.1  # seconds between two looks at the memory: what is shorter is not seen


class Cost(NamedTuple):
    """``seconds`` of the processor, ``wall`` seconds, ``memory``: MB of all processes, at most."""

    seconds: float
    wall: float
    memory: float


class Row(NamedTuple):
    """A line of the table: milliseconds of the processor for one, and what it is compared with.

    ``ratio``: how often ``seconds`` goes into that of the group's first line. ``memory``: MB.
    """

    name: str
    seconds: float
    ratio: float | None = None
    memory: float | None = None
    note: str = ""


class FailedError(RuntimeError):
    """What was to be measured did not do what it should: in words."""


def used() -> float:
    """Processor seconds of this process and of all its children, those that work on included."""
    own = os.times()
    return sum(own[:4]) + sum(_of(child) for child in psutil.Process().children(recursive=True))


def _of(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.Error):
        return float(sum(process.cpu_times()[:4]))
    return 0.0


def peak() -> float:
    """The most memory that this process had, MB; that of its parent does not count."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / MB
    told = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return told * (1 if sys.platform == "darwin" else 1024) / MB


class _Watch(threading.Thread):
    """Looks again and again how much memory a process and all its children have."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.most, self._pid, self._over = 0.0, pid, threading.Event()

    def run(self) -> None:
        while not self._over.wait(_LOOK):
            with contextlib.suppress(psutil.Error):
                top = psutil.Process(self._pid)
                every = (top, *top.children(recursive=True))
                self.most = max(self.most, sum(map(_memory, every)) / MB)

    def end(self) -> float:
        self._over.set()
        self.join()
        return self.most


def _memory(process: psutil.Process) -> int:
    """Bytes; what processes share counts once, where the system can tell."""
    with contextlib.suppress(psutil.Error):
        told = process.memory_full_info()
        return int(getattr(told, "pss", told.rss))
    return 0


def run(*words: str, cache: Path | None = None, status: Sequence[int] = (0,)) -> tuple[str, Cost]:
    """What a new Python with these words prints, and what it cost (FailedError: another status).

    ``cache``: where it keeps what can be made again. If we end before, it ends, too.
    """
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    if cache is not None:
        environment["XDG_CACHE_HOME"] = str(cache)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        process = subprocess.Popen(
            [sys.executable, *words], stdout=out, stderr=said, env=environment, cwd=ROOT
        )
        watch = _Watch(process.pid)
        try:
            watch.start()
            process.wait()
        except BaseException:
            _end(process)
            raise
        finally:
            memory = watch.end()
        wall, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        texts = [_whole(file) for file in (out, said)]
    if process.returncode not in status:
        raise FailedError(f"exit status {process.returncode}: {texts[1].strip()[-300:]}")
    return texts[0], Cost(seconds, wall, memory)


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
    process.kill()
    process.wait()


def _whole(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode("utf-8", "replace"))


def peers(
    group: str, names: Sequence[str], folder: Path, rounds: int, sweeps: int
) -> dict[str, tuple[float, float]]:
    """Median processor seconds and peak MB of each, always in a fresh process, in turn.

    In turn, because a computer gets slower and faster while it works: that hits all alike.
    """
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for _ in range(sweeps):
        for name in names:
            text, _cost = run("-m", "tests.bench.child", group, name, str(folder), str(rounds))
            told[name].append(json.loads(text))
    return {
        name: (
            median(seconds for one in some for seconds in one["seconds"]),
            median(one["memory"] for one in some),
        )
        for name, some in told.items()
    }


def rows(costs: Mapping[str, tuple[float, float]], notes: Mapping[str, str]) -> Iterator[Row]:
    """Lines of a table, all compared with the first."""
    base = next(iter(costs.values()))[0]
    for name, (seconds, memory) in costs.items():
        yield Row(name, seconds, base / seconds, memory, notes.get(name, ""))
