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
    from collections.abc import Iterable, Iterator
    from typing import Any, TextIO

_BEGIN, _CLEAR = "\r", "\033[K"


def say(line: str) -> None:
    """A line of the result, on stdout."""
    _write(sys.stdout, visible(line) + "\n")


def json_pieces(told: dict[str, Any]) -> Iterator[str]:
    """The result as JSON, a piece at a time: that of ten thousand accounts as one text, with what
    it is joined of, would take a gigabyte. It has the same values, whoever parses it.

    A list in ``told`` may be an iterator, whose members are then made one after the other.
    ValueError: a number that has no JSON.
    """
    between = "{\n  "
    for key, value in told.items():
        yield f"{between}{_json(key, 1)}: "
        between = ",\n  "
        if isinstance(value, dict | str) or not hasattr(value, "__iter__"):
            yield _json(value, 1)
        else:
            yield from _json_list(value)
    yield "\n}" if told else "{}"


def _json_list(members: Iterable[Any]) -> Iterator[str]:
    between = "[\n    "
    for one in members:
        yield between + _json(one, 2)
        between = ",\n    "
    yield "[]" if between[0] == "[" else "\n  ]"


def _json(value: object, level: int) -> str:
    """A value within others, ``level`` deep; an end of line is never within a string."""
    from json import dumps

    import msgspec

    try:  # to indent it takes Python ten times as long
        text = escaped(dumps(value, ensure_ascii=False, allow_nan=False))
        text = msgspec.json.format(text, indent=2)
    except msgspec.DecodeError:  # half a letter is one to Python alone
        text = escaped(dumps(value, ensure_ascii=False, indent=2))
    return text.replace("\n", "\n" + "  " * level)


def say_json(pieces: Iterable[str]) -> None:
    """The result as JSON, on stdout."""
    for piece in pieces:
        _write(sys.stdout, piece)
    _write(sys.stdout, "\n")


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
