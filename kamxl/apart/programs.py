"""Running another program on a file from outside, within limits; all it started ends with it."""

from __future__ import annotations

import contextlib
import ctypes
import subprocess  # S404: the caller names the program, a file never does
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from kamxl.apart.families import Family
from kamxl.apart.limits import UNWATCHED, Allowance, Died, Watch, watched
from kamxl.apart.purses import SOURCE, Purse, endless
from kamxl.apart.starting import holding
from kamxl.errors import too_little_memory
from kamxl.fences.launching import others

_ORPHAN = 3  # seconds of work beyond what it may
_LATE = 2  # times the memory that it may; who watches on a busy computer is late


def program(
    command: Sequence[str],
    most: Allowance,
    environment: Mapping[str, str],
    purse: Purse | None = None,
    within: Path | None = None,
) -> int:
    """Run it to its end, without input, and give its exit status (Died; OSError: no such one).

    ``purse``: of the source on which it works, which pays for it. ``within``: hold it, where the
    system offers that: it works in this folder and writes there alone, reads what is installed, and
    reaches no net. The status is then ABSENT where there is no such program.
    """
    paid = endless() if purse is None else purse
    may = paid.allowed(most)
    watch = Watch()
    try:
        status = _run(command, may, environment, within, watch)
    finally:
        paid.charge_all(watch.seconds)
    if watch.reason == UNWATCHED:
        raise too_little_memory()
    if watch.reason is not None:
        paid.died(watch.reason)
        short = may.seconds < most.seconds and watch.reason == "time"
        raise Died(SOURCE if short else "time" if watch.reason == "waiting" else watch.reason)
    return status


def _run(
    command: Sequence[str],
    most: Allowance,
    environment: Mapping[str, str],
    within: Path | None,
    watch: Watch,
) -> int:
    """The exit status; ``watch`` tells whether it was killed, and what it took."""
    held = within is not None and sys.platform == "linux"
    with _windows_as_others_find_it():
        process = subprocess.Popen(  # noqa: S603
            holding(within, command) if within is not None else command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environment) if held else others(environment),
            cwd=within if held else None,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    _hold(process.pid, most)
    try:
        family = Family(psutil.Process(process.pid), growing=True)
    except psutil.Error:  # it ended before anybody could look
        return process.wait()
    try:
        with watched(family, most, watch):
            return process.wait()
    finally:
        family.kill()
        process.poll()
        with contextlib.suppress(OSError):
            watch.seconds = family.used()[0]  # from its first moment on


def _hold(process: int, most: Allowance) -> None:
    """A second fence for the process and what it starts from now on, should we be late or killed.

    Linux alone lets the limits of another process be set.
    """
    if sys.platform == "linux":
        import resource

        fences = (
            (resource.RLIMIT_CPU, int(most.seconds) + _ORPHAN),
            (resource.RLIMIT_DATA, most.memory * _LATE),
        )
        for limit, value in fences:
            with contextlib.suppress(OSError, ValueError):
                hard = resource.prlimit(process, limit)[1]
                if hard == resource.RLIM_INFINITY or value < hard:
                    resource.prlimit(process, limit, (value, hard))


@contextlib.contextmanager
def _windows_as_others_find_it() -> Iterator[None]:
    """On Windows the standalone program says by a call where its libraries are; children inherit.

    LibreOffice would find our runtime libraries before its own.
    """
    if sys.platform != "win32" or not getattr(sys, "frozen", False):
        yield
        return
    kernel: Any = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    kernel.SetDllDirectoryW(None)
    try:
        yield
    finally:
        kernel.SetDllDirectoryW(ctypes.c_wchar_p(getattr(sys, "_MEIPASS", None)))
