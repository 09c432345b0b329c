"""The screen that the command line speaks to: a terminal or a pipe, any language's letters."""

from __future__ import annotations

import sys

from kamxl.commands.parts.speaking import show_progress, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import TextIO

    from kamxl.workflow.pace import Pace


def counter(language: str) -> Callable[[int, int], None] | None:
    """How work gets on, on a terminal; nothing in a pipe."""
    screen = sys.stderr
    if not _is_terminal(screen):
        return None
    import time

    from kamxl.wording.texts import texts
    from kamxl.workflow.pace import Pace

    return _Counter(Pace(texts(language), time.monotonic), screen)


class _Counter:
    """A line on a terminal that says how work gets on."""

    def __init__(self, pace: Pace, screen: TextIO) -> None:
        self._pace, self._screen = pace, screen
        self._stands = False

    def __call__(self, done: int, total: int) -> None:
        line = self._pace.line(done, total)
        if line is not None:
            self._show(line, last=done >= total)

    def step(self, name: str) -> None:
        line = self._pace.step(name)
        if line or self._stands:
            self._show(line, last=not line)

    def _show(self, line: str, *, last: bool) -> None:
        show_progress(line, self._screen, last=last)
        self._stands = not last


def line_teller() -> Callable[[str], None] | None:
    """A way to say a line on a terminal, none in a pipe."""
    return (lambda line: tell([line])) if _is_terminal(sys.stderr) else None


def attended() -> bool:
    """Whether somebody is there who can be asked, and sees the question."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def tell_mistakes() -> None:
    """A mistake of our own is a traceback, whose last line may say what a file said."""
    sys.excepthook = _told


def _told(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
    import traceback

    parts = traceback.format_exception(kind, problem, trace)
    tell(line for part in parts for line in part.rstrip("\n").split("\n"))


def speak_utf8() -> None:
    """Names of customers have letters that an old console's code page has not."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            try:
                reconfigure(encoding="utf-8", errors="replace")
            except (ValueError, OSError):
                continue
