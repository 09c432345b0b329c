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
_ADOPT = 36  # PR_SET_CHILD_SUBREAPER: what a killed program leaves behind is ours to count
_FORGET = "5"  # the most memory that a process had until now
_GONE = (psutil.Error, OSError, ValueError, IndexError)


@dataclass
class Cost:
    """Of all processes together: processor seconds, and the most memory at one time in bytes."""

    seconds: float = 0.0
    memory: int = 0


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


@contextlib.contextmanager
def measured() -> Iterator[Cost]:
    """What all processes cost that work in the block, told after it; those killed as well (Linux).

    Of one that was there before, only what it does in the block.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_ADOPT, 1, 0, 0, 0)
    cost, done = Cost(), threading.Event()

    def look() -> None:
        while not done.wait(_EVERY):
            cost.memory = max(cost.memory, *_memory())

    for child in _children():
        with contextlib.suppress(*_GONE):
            Path(f"/proc/{child.pid}/clear_refs").write_text(_FORGET, encoding="ascii")
    before = _seconds()
    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield cost
    finally:
        done.set()
        thread.join()
        cost.seconds = _seconds() - before
        _bury()


def _children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _bury() -> None:
    """What a killed program left behind ends; it was adopted, and nobody else waits for it."""
    for child in _children():
        with contextlib.suppress(*_GONE):
            if child.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(child.pid, os.WNOHANG)


def _seconds() -> float:
    """Of all that was waited for, and of what still lives."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = ended.ru_utime + ended.ru_stime
    for child in _children():
        with contextlib.suppress(*_GONE):
            total += sum(child.cpu_times()[:4])
    return total


def _memory() -> Iterator[int]:
    """Of all together now, and the most of each."""
    together = 0
    for child in _children():
        with contextlib.suppress(*_GONE):
            status = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
            peak, now = (int(status.split(f"{key}:")[1].split()[0]) for key in ("VmHWM", "VmRSS"))
            yield peak * 1024
            together += now * 1024
    yield together


# --- the program that measures ---


def _measured(path: Path) -> tuple[list[str], Cost]:
    apart.close()
    looking.ready()
    entry = read(path, path.name, None, looking.LIMITS.file)
    with measured() as cost:
        codes = [first_of(judged) for _, judged in looking.looked_into([entry], None)]
    return codes, cost


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
