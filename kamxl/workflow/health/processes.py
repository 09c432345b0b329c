"""Whether this computer starts the processes in which files from outside are read."""

from __future__ import annotations

from kamxl.apart import Allowance, Died, call
from kamxl.errors import KamxlError
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
