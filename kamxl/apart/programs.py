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
from kamxl.apart.limits import UNWATCHED, Allowance, Died, watched
from kamxl.apart.starting import holding
from kamxl.errors import too_little_memory
from kamxl.fences.launching import others

_ORPHAN = 3  # seconds of work beyond what it may


def program(
    command: Sequence[str],
    most: Allowance,
    environment: Mapping[str, str],
    within: Path | None = None,
) -> int:
    """Run it to its end, without input, and give its exit status (Died; OSError: no such one).

    ``within``: hold it, where the system offers that: it writes into this folder alone, reads what
    is installed, and reaches no net. The status is then ABSENT where there is no such program.
    """
    held = within is not None and sys.platform == "linux"
    with _windows_as_others_find_it():
        process = subprocess.Popen(  # noqa: S603
            holding(within, command) if within is not None else command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environment) if held else others(environment),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    _hold_time(process.pid, most.seconds)
    try:
        family = Family(psutil.Process(process.pid), growing=True)
    except psutil.Error:  # it ended before anybody could look
        return process.wait()
    try:
        with watched(family, most) as watch:
            status = process.wait()
    finally:
        family.kill()
        process.poll()
    if watch.reason == UNWATCHED:
        raise too_little_memory()
    if watch.reason is not None:
        raise Died("time" if watch.reason == "waiting" else watch.reason)
    return status


def _hold_time(process: int, seconds: float) -> None:
    """We may be killed: what it starts from now on, or does itself, must not outlive us for long.

    Linux alone lets the limits of another process be set.
    """
    if sys.platform == "linux":
        import resource

        with contextlib.suppress(OSError, ValueError):
            hard = resource.prlimit(process, resource.RLIMIT_CPU)[1]
            most = int(seconds) + _ORPHAN
            if hard == resource.RLIM_INFINITY or most < hard:
                resource.prlimit(process, resource.RLIMIT_CPU, (most, hard))


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
