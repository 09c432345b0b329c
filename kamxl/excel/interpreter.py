"""Asking the Python that the add-in starts what it has: as Excel would start it, without Excel."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 60  # the first start after an update is slow where a virus scanner looks at every file
# It ends at once: what xlwings registers for the end of Python ends Excels, and runs macros.
_QUESTION = (
    "import os, kamxl; print('kamxl', kamxl.__version__, flush=True); "
    "import xlwings; print('xlwings', xlwings.__version__, flush=True); os._exit(0)"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The versions an interpreter has, None: it cannot import that; ``starts`` if it ran at all."""

    starts: bool = False
    kamxl: str | None = None
    xlwings: str | None = None


def ask(interpreter: str) -> Answer:
    """Start ``interpreter`` once and see what it can import; whatever goes wrong is an answer."""
    # What a terminal sets for Python, a program started by Excel does not get.
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    command = [interpreter, "-B", "-P", "-c", _QUESTION]
    try:
        done = subprocess.run(  # noqa: S603 our own question to the Python the user installed
            command, capture_output=True, env=clean, cwd=Path.home(), timeout=_SECONDS, check=False
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return Answer()
    lines = (line.split() for line in done.stdout.decode("utf-8", "replace").splitlines())
    said = {words[0]: words[1] for words in lines if len(words) == 2}
    kamxl = said.get("kamxl")
    starts = kamxl is not None or b"ModuleNotFoundError" in done.stderr
    return Answer(starts, kamxl, said.get("xlwings"))
