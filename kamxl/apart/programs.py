"""Running another program on a file from outside, within limits; all it started ends with it."""

from __future__ import annotations

import subprocess  # S404: the caller names the program, a file never does
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
        env=dict(environment),
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
