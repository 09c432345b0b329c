"""Running another program on a file from outside, within limits; all it started ends with it."""

from __future__ import annotations

import subprocess  # S404: the caller names the program, a file never does
import sys
from collections.abc import Mapping, Sequence

import psutil

from kamxl.apart.families import Family
from kamxl.apart.limits import UNWATCHED, Allowance, Died, watched
from kamxl.errors import too_little_memory


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


def _without_our_libraries(environment: Mapping[str, str]) -> dict[str, str]:
    """Without what the standalone program finds its own libraries by: others have their own."""
    clean = dict(environment)
    if getattr(sys, "frozen", False):
        for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
            clean.pop(name, None)
            if before := clean.pop(f"{name}_ORIG", ""):
                clean[name] = before
    return clean
