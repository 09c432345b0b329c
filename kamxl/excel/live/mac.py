"""Excel on macOS by the number of its process: that very one, or none."""

from __future__ import annotations

import contextlib
import subprocess
from typing import Any

from kamxl.excel.live.bridge import part

_TELL = ("-e", "on run argv", "-e", "display alert (item 1 of argv)", "-e", "end run")


def excel_of(process: int | None) -> Any | None:
    """xlwings' application of this process, or of the only Excel there is; None: neither.

    A script of an earlier version tells no process. Where one Excel runs, it was clicked there.
    """
    with contextlib.suppress(Exception):
        running = part("_xlmac").Apps().keys()
        if process is None and len(running) == 1:
            process = running[0]
        if process in running:
            return part("_xlmac").App(xl=process)
    return None


def tell(text: str) -> None:
    """A message without any Excel: the text is an argument, never part of a script."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        command = ["/usr/bin/osascript", *_TELL, text]
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603 a fixed program
