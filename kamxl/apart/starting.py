"""How a process apart is started: which program with which words. All ways to fail end here."""

from __future__ import annotations

import errno
import subprocess  # S404: our own Python, our own module
import sys
from collections.abc import Sequence
from pathlib import Path

from kamxl.apart.surroundings import surroundings
from kamxl.errors import MachineError, too_little_memory

FLAG = "--kamxl-apart"  # the hidden argument of a standalone build; __main__ listens to it
# -P: what lies in the current folder, an inbox perhaps, is never imported.
_COMMAND = "import sys; sys.path[:] = sys.argv[1:]; from kamxl.apart.child import serve; serve()"
HOLD = "--kamxl-hold"  # the other one: it becomes the program that is named, within its fences
_LAUNCH = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from kamxl.fences.launching import launch; sys.exit(launch(sys.argv[2:]))"
)
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows would show a black one


def command_line() -> list[str]:
    """The program and arguments of a process apart: this Python, or this standalone program."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FLAG]
    return [_interpreter(), "-P", "-c", _COMMAND, *filter(None, sys.path)]


def holding(folder: Path, command: Sequence[str]) -> list[str]:
    """The same command, held so that it writes into ``folder`` alone and reaches no net."""
    if sys.platform != "linux":  # elsewhere nothing is offered that is there to stay
        return list(command)
    if getattr(sys, "frozen", False):
        return [sys.executable, HOLD, str(folder), *command]
    ours = str(Path(__file__).parents[2])
    return [_interpreter(), "-P", "-s", "-S", "-c", _LAUNCH, ours, str(folder), *command]


def _interpreter() -> str:
    """The Python itself: what stands in an environment on Windows only launches it.

    A launcher's time and memory are not those of the work, and its end is not the work's end.
    """
    base = getattr(sys, "_base_executable", None)
    if sys.platform == "win32" and base and Path(base).is_file():
        return str(base)
    return sys.executable


def _environment(program: str) -> dict[str, str]:
    known = surroundings()
    if sys.platform == "win32" and program != sys.executable:
        known["__PYVENV_LAUNCHER__"] = sys.executable  # it is still the environment's Python
    return known


def started() -> subprocess.Popen[bytes]:
    """A new process that was told to work (MachineError: this computer starts none)."""
    try:
        command = command_line()
        return subprocess.Popen(  # noqa: S603 nothing from outside is in the command
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(command[0]),
            creationflags=_NO_WINDOW,
        )
    except (OSError, ValueError, TypeError, RuntimeError, subprocess.SubprocessError) as problem:
        if getattr(problem, "errno", None) == errno.ENOMEM:
            raise too_little_memory() from problem
        raise cannot_start(problem if isinstance(problem, OSError) else str(problem)) from problem
    except MemoryError as problem:
        raise too_little_memory() from problem


def cannot_start(why: object) -> MachineError:
    """The error that no process apart can be had; ``why``: in a few words, or what says them."""
    return MachineError("no-process", reason=why, program=sys.executable or "Python")
