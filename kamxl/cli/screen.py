"""The screen that the command line speaks to: a terminal or a pipe, any language's letters."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO


def counter(language: str) -> Callable[[int, int], None] | None:
    """A counter on a terminal, nothing in a pipe."""
    screen = sys.stderr
    if not _is_terminal(screen):
        return None
    from kamxl.wording.texts import texts

    said = texts(language)

    def show(done: int, total: int) -> None:
        line = said("cli.progress", done=done, total=total)
        end = "\r\033[K" if done >= total else ""
        screen.write(f"\r{line}{end}")
        screen.flush()

    return show


def line_teller() -> Callable[[str], None] | None:
    """A way to say a line on a terminal, none in a pipe."""
    screen = sys.stderr
    if not _is_terminal(screen):
        return None
    return lambda line: print(line, file=screen, flush=True)


def attended() -> bool:
    """Whether somebody is there who can be asked, and sees the question."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def speak_utf8() -> None:
    """Names of customers have letters that an old console's code page has not."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            try:
                reconfigure(encoding="utf-8", errors="replace")
            except (ValueError, OSError):
                continue
