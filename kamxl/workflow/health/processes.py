"""Whether this computer starts the processes in which files from outside are read."""

from __future__ import annotations

import sys
import tempfile

from kamxl.apart import Allowance, Died, call
from kamxl.errors import KamxlError
from kamxl.fences.held import tried
from kamxl.wording.mistakes import cause

_PATIENCE = Allowance(seconds=10, patience=30)


def apart() -> str:
    """ "ok", or in a few words why none can be started and answers: one is tried for real."""
    try:
        return call(_answer, "ok", None, _PATIENCE)
    except Died as died:
        return died.reason
    except OSError as problem:  # a rule of the computer forbids it, or it has no room
        return _in_a_line(problem.strerror or str(problem))
    except KamxlError as problem:
        return _in_a_line(cause(problem) or problem.why().rstrip("."))


def _in_a_line(reason: str) -> str:
    """A few words that stand within another sentence."""
    return " ".join(reason.split())


def _answer(word: str, _: object) -> str:
    return word


def fences() -> str:
    """What such a process is kept from, as it finds when it tries, in a word.

    "well": from the network, from writing, from starting others, and from reading what is none of
    its business; "read": from all but the last; "loose": from less; "elsewhere": only Linux has
    such fences that are there to stay.
    """
    if sys.platform != "linux":
        return "elsewhere"
    try:
        found = call(_tried, tempfile.gettempdir(), None, _PATIENCE)
    except (Died, OSError, KamxlError):  # that no such process can be had is said elsewhere
        return "loose"
    others = found["network"] and found["writing"] and found["starting"]
    return "loose" if not others else "well" if found["reading"] else "read"


def _tried(folder: str, _: object) -> dict[str, bool]:
    return tried(folder)
