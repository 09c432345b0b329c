"""A process that really runs kamxl, and stops where its run is about to write for the first time.

``python -m tests.faults.driver consolidate ROOT [WARM...]`` (or ``issue``): does the run in ROOT up
to there, after one in each WARM, so that caches are filled. Then each line on the standard input
(the largest size of a file, 0 for any, and the seconds to wait for a file that others keep) lets a
fork of the process say who it is, wait for another line, and go on; it ends as the run ends.

So every fork makes the same calls in the same order, whatever the run did and started before, and a
tracer attached to it sees nothing but the write phase.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from kamxl import apart
from kamxl.errors import KamxlError
from kamxl.store import atomic
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.start import identity
from tests.workflow.making import NOW, PRESS

LATER = NOW + timedelta(days=1)
WORK: dict[str, Callable[[str], Any]] = {
    "issue": lambda root: issue(root, press=PRESS, now=NOW),
    "consolidate": lambda root: consolidate(root, now=LATER),
}
REFUSED = 100  # exit codes above are OSErrors: this and the errno
SAID, BROKEN = 3, 4  # exit codes for a KamxlError, and for an exception nobody announced

_MAY_TRACE = 0x59616D61  # PR_SET_PTRACER: some systems let only a parent trace


def main(what: str, root: str, *warm: str) -> None:
    """Do the run, as the docstring of the module says."""
    for scrap in warm:
        WORK[what](scrap)
    apart.close()
    # A turn taken before the fork would be that of every fork, and the run after it would wait.
    identity.one_at_a_time = lambda *_: contextlib.nullcontext()  # type: ignore[assignment]
    _stop_before_writing()
    code = BROKEN
    try:
        WORK[what](root)
        code = 0
    except OSError as problem:
        code = REFUSED + (problem.errno or errno.ENOMSG)
    except KamxlError:
        code = SAID
    finally:
        os._exit(code)  # the code says it all: a disturbed process may be unable to write


def _stop_before_writing() -> None:
    """Let the first call that writes take orders."""
    stopped: list[bool] = []

    def stopping(real: Callable[..., Any]) -> Callable[..., Any]:
        def write(*given: Any, **named: Any) -> Any:
            if not stopped:
                stopped.append(True)
                _take_orders()
            return real(*given, **named)

        return write

    for name in ("write", "create", "move_aside"):
        setattr(atomic, name, stopping(getattr(atomic, name)))


def _take_orders() -> None:
    """Fork for each line; only a fork returns."""
    os.write(1, b"ready\n")
    while line := os.read(0, 100):
        child = os.fork()
        if child == 0:
            _announce(*map(float, line.split()))
            return
        _, status = os.waitpid(child, 0)
        os.write(1, f"ended {os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _announce(largest: float, patience: float) -> None:
    atomic._RETRY_SECONDS = patience
    if largest:
        import resource  # not on Windows, where this module is imported but never run

        # A write beyond is cut short, and the one after it refused.
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest), int(largest)))
    ctypes.CDLL(None).prctl(_MAY_TRACE, -1, 0, 0, 0)
    os.write(1, f"here {os.getpid()}\n".encode())
    os.read(0, 100)


if __name__ == "__main__":
    main(*sys.argv[1:])
