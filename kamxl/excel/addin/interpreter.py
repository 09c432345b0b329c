"""Asking the Python that the add-in starts what it has: as Excel would start it, without Excel."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from kamxl.apart import surroundings

_SECONDS = 60  # the first start after an update is slow where a virus scanner looks at every file
_OURS = ["-P", "-m", "kamxl"]  # as the add-in starts it; the standalone program takes it, too


@dataclass(frozen=True, slots=True)
class Answer:
    """The versions an interpreter has, None: it cannot import that; ``starts`` if it ran at all.

    ``apart`` is "ok" if it can start processes for files from outside, else why not; None: unknown.
    """

    starts: bool = False
    kamxl: str | None = None
    xlwings: str | None = None
    python: str | None = None
    apart: str | None = None


def ask(interpreter: str) -> Answer:
    """Start ``interpreter`` once and see what it can do; whatever goes wrong is an answer."""
    said, complaint = _told(interpreter, "--kamxl-able")
    if not said and complaint.startswith("kamxl:"):  # an earlier one does not know the question
        said, complaint = _told(interpreter, "--version")
    starts = bool(said) or "No module named" in complaint or "ModuleNotFoundError" in complaint
    return Answer(
        starts, said.get("kamxl"), said.get("xlwings"), said.get("python"), said.get("apart")
    )


def _told(interpreter: str, question: str) -> tuple[dict[str, str], str]:
    """What it prints, by the first word of each line, and what it complains about."""
    # What a terminal sets for Python, a program started by Excel does not get.
    clean = {k: v for k, v in surroundings().items() if not k.upper().startswith("PYTHON")}
    command = [interpreter, *_OURS, question]
    try:
        done = subprocess.run(  # noqa: S603 our own question to the Python the user installed
            command, capture_output=True, env=clean, cwd=Path.home(), timeout=_SECONDS, check=False
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return {}, ""
    lines = (line.partition(" ") for line in done.stdout.decode("utf-8", "replace").splitlines())
    said = {name: rest.strip() for name, _, rest in lines if rest.strip()}
    return said, done.stderr.decode("utf-8", "replace")


def xlwings_here() -> str | None:
    """The version of xlwings in this interpreter, None if it cannot be loaded."""
    try:
        from kamxl.excel.live.bridge import xw
    except ImportError:
        return None
    return str(xw.__version__)
