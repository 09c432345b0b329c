"""What a file costs whoever looks into it: all processes that were started for it, killed ones too.

``python -m tests.hostile.measure`` prints the costliest of all cases; with files, what those cost.
It measures with LibreOffice where that is installed.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from kamxl import apart
from kamxl.core.records.register import FileResult
from kamxl.store.inbox import read
from kamxl.workflow.incoming import looking
from tests.hostile.cases import everything
from tests.hostile.sources import costly

MB = 1024 * 1024
ROOT = Path(__file__).parents[2]
_EVERY = 0.02  # seconds between two looks at the memory
_ADOPT = 36  # PR_SET_CHILD_SUBREAPER: what a killed program leaves behind is ours to wait for
_GONE = (psutil.Error, OSError, ValueError, IndexError)


@dataclass(frozen=True)
class Cost:
    """Of all processes together: processor seconds, and the most memory at one time in bytes."""

    seconds: float
    memory: int


def first_of(judged: FileResult) -> str:
    """Its first finding's code, with the reason: "unreadable/crc"; "none"."""
    if not judged.findings:
        return "none"
    found = judged.findings[0]
    reason = dict(found.details).get("reason")
    return f"{found.code}/{reason}" if reason else found.code


def measured_source(path: Path) -> tuple[list[str], Cost]:
    """What one file on the disk costs, and the first finding's code of each file in it."""
    return measured_sources([path])[0]


def measured_sources(paths: Iterable[Path]) -> list[tuple[list[str], Cost]]:
    """The same of several, one after the other in a program of its own: each alone (Linux)."""
    command = [sys.executable, "-m", "tests.hostile.measure", "--as-data", *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return [(codes, Cost(*cost)) for codes, *cost in map(json.loads, done.stdout.splitlines())]


def measured_cases() -> dict[str, tuple[list[str], Cost]]:
    """What each attack and each costly source costs, by its name."""
    cases = {name: (path, data) for name, (path, data, _) in everything().items()}
    cases |= costly()
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, (name, data) in enumerate(cases.values()):
            path = Path(folder) / str(number) / name
            path.parent.mkdir()
            path.write_bytes(data)
            paths.append(path)
        return dict(zip(cases, measured_sources(paths), strict=True))


# --- the program that measures ---


def _measured(path: Path) -> tuple[list[str], Cost]:
    apart.close()
    looking.ready()
    entry = read(path, path.name, None, looking.LIMITS.file)
    with _adopted() as before, _most() as most:
        codes = [first_of(judged) for _, judged in looking.looked_into([entry], None)]
        apart.close()
        while _reaped():
            pass
        seconds = _waited_for() - before
    return codes, Cost(seconds, most[0])


@contextlib.contextmanager
def _adopted() -> Iterator[float]:
    """What children used that are not the file's: those before it, and to make one ready."""
    ctypes.CDLL(None).prctl(_ADOPT, 1, 0, 0, 0)
    living = (child.cpu_times() for child in psutil.Process().children(recursive=True))
    yield _waited_for() + sum(times.user + times.system for times in living)


def _waited_for() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _reaped() -> bool:
    """One that a killed program left behind, if there is one left."""
    try:
        os.waitpid(-1, 0)
    except ChildProcessError:
        return False
    return True


@contextlib.contextmanager
def _most() -> Iterator[list[int]]:
    """The most memory of all children together, and of one of them between two looks."""
    most, done = [0], threading.Event()

    def look() -> None:
        while not done.wait(_EVERY):
            for memory in _memory():
                most[0] = max(most[0], memory)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield most
    finally:
        done.set()
        thread.join()


def _memory() -> Iterator[int]:
    together = 0
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(*_GONE):
            status = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
            peak, now = (int(status.split(f"{key}:")[1].split()[0]) for key in ("VmHWM", "VmRSS"))
            yield peak * 1024
            together += now * 1024
    yield together


def main() -> None:
    """Print what the files cost that are named, else the costliest of all cases."""
    if sys.argv[1:2] == ["--as-data"]:
        for name in sys.argv[2:]:
            codes, cost = _measured(Path(name))
            print(json.dumps([codes, cost.seconds, cost.memory]), flush=True)
        return
    named = [Path(name) for name in sys.argv[1:]]
    found = dict(zip(sys.argv[1:], measured_sources(named), strict=True)) if named else None
    rows = [(cost, name, codes) for name, (codes, cost) in (found or measured_cases()).items()]
    for title, key in (("seconds", lambda r: r[0].seconds), ("memory", lambda r: r[0].memory)):
        print(f"the most {title} of {len(rows)}:")
        for cost, name, codes in sorted(rows, key=key, reverse=True)[:8]:
            print(f"  {cost.seconds:6.2f} s {cost.memory / MB:6.0f} MB  {name}: {_shortly(codes)}")


def _shortly(codes: list[str]) -> str:
    return ", ".join(f"{codes.count(code)} x {code}" for code in dict.fromkeys(codes))


if __name__ == "__main__":
    main()
