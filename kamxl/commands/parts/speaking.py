"""The one writer to the terminal: whatever is printed passes here, and cannot move the cursor.

What enters a sentence was made visible there already (``wording.visible``); here it is what was put
beside a sentence, or what nobody thought of. Only our own ends of lines are any, and the progress'
way back to the beginning of its line. A test sees to it that nobody prints without it.
"""

from __future__ import annotations

import sys

from kamxl.wording.visible import escaped, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TextIO

_BEGIN, _CLEAR = "\r", "\033[K"


def say(line: str) -> None:
    """A line of the result, on stdout."""
    _write(sys.stdout, visible(line) + "\n")


def json_text(told: dict[str, Any]) -> str:
    """The result as JSON (ValueError: a number that has none)."""
    from json import dumps

    return dumps(told, ensure_ascii=False, indent=2, allow_nan=False)


def say_json(text: str) -> None:
    """The result as JSON, on stdout: with the same values, whoever parses it."""
    _write(sys.stdout, escaped(text) + "\n")


def tell(lines: Iterable[str]) -> None:
    """Lines beside the result, on stderr: stdout may be for a program."""
    for line in lines:
        _write(sys.stderr, visible(line) + "\n")
    sys.stderr.flush()


def ask(question: str) -> str:
    """What is typed after a question, which stands on stderr; "" at the end of what there is."""
    _write(sys.stderr, visible(question) + " ")
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def show(text: str, to: TextIO | None) -> None:
    """A text of several lines, as a help is."""
    if to is not None:
        _write(to, visible(text, lines=True))


def show_progress(line: str, screen: TextIO, *, last: bool) -> None:
    """A line that is written over by the next one, and gone after the last."""
    _write(screen, f"{_BEGIN}{visible(line)}{_CLEAR}{_BEGIN + _CLEAR if last else ''}")
    screen.flush()


def _write(stream: TextIO, text: str) -> None:
    stream.write(text)
