"""What an installation of kamxl can do, asked of itself: its versions, and processes apart."""

from __future__ import annotations

import platform

from kamxl import __version__
from kamxl.apart import Allowance, Died, call
from kamxl.errors import KamxlError
from kamxl.excel.addin.interpreter import xlwings_here
from kamxl.wording.mistakes import cause

_PATIENCE = Allowance(seconds=10, patience=30)


def able() -> dict[str, str]:
    """``kamxl``, ``python``, ``xlwings`` with their versions and ``apart``: "ok" or why not.

    What is missing has no entry. xlwings is loaded for it: that it is there is not enough.
    """
    found = {"kamxl": __version__, "python": platform.python_version(), "apart": _apart()}
    xlwings = xlwings_here()
    return {**found, "xlwings": xlwings} if xlwings else found


def _apart() -> str:
    """Whether a process for files from outside can be started and answers."""
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
