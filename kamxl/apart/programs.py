"""Running another program on a file from outside, within limits; all it started ends with it."""

from __future__ import annotations

import contextlib
import subprocess  # S404: the caller names the program, a file never does
import sys
from collections.abc import Mapping, Sequence

import psutil

from kamxl.apart.limits import Allowance, Died, watched


def program(command: Sequence[str], most: Allowance, environment: Mapping[str, str]) -> int:
    """Run it to its end, without input, and give its exit status (Died; OSError: no such one)."""
    process = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_without_our_libraries(environment),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    root = psutil.Process(process.pid)
    try:
        with watched(root, most, lambda: _kill_all(root), family=True) as watch:
            status = process.wait()
    finally:
        _kill_all(root)
    if watch.reason is not None:
        raise Died(watch.reason)
    return status


def _without_our_libraries(environment: Mapping[str, str]) -> dict[str, str]:
    """Without what the standalone program finds its own libraries by: others have their own."""
    clean = dict(environment)
    if getattr(sys, "frozen", False):
        for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
            clean.pop(name, None)
            if before := clean.pop(f"{name}_ORIG", ""):
                clean[name] = before
    return clean


def _kill_all(root: psutil.Process) -> None:
    """The program and all it started: a launcher's end is not the end of what it launched."""
    with contextlib.suppress(psutil.Error):
        family = [*root.children(recursive=True), root]
        for one in family:
            with contextlib.suppress(psutil.Error):
                one.kill()
