"""A process that holds itself, then becomes another program: nothing is done between two threads.

What starts a program here has threads, where only another program may be started in one go.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from kamxl.fences.held import converting

ABSENT = 127  # the exit status where there is no such program, as shells have it


def launch(words: Sequence[str]) -> int:
    """Become the program that ``words[1:]`` say, with the folder ``words[0]`` to write in."""
    folder, *command = words
    converting(folder, command[0])
    try:
        os.execve(command[0], command, others(os.environ))  # noqa: S606 no shell: that is wanted
    except OSError:
        return ABSENT


def others(environment: Mapping[str, str]) -> dict[str, str]:
    """Without what our Python and the standalone program find their own parts by."""
    clean = dict(environment)
    if getattr(sys, "frozen", False):
        for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
            clean.pop(name, None)
            if before := clean.pop(f"{name}_ORIG", ""):
                clean[name] = before
    return {
        name: value for name, value in clean.items() if not name.startswith(("PYTHON", "_PYI_"))
    }
