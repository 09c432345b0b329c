"""What a command asks at a terminal: on stderr, for stdout may be for a program."""

from __future__ import annotations

from kamxl.commands.parts.speaking import ask, tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_DIGITS = 9


def typed(lines: Iterable[str], question: str) -> str:
    """What is typed after these lines and this question; "" at the end of what there is."""
    tell(lines)
    return ask(question)


def agreed(lines: Iterable[str], question: str, yes: str) -> bool:
    """Whether the answer is one of the words in ``yes``."""
    return typed(lines, question).casefold() in yes.split()


def number(text: str) -> int | None:
    """The number that is typed, as the help and the questions write theirs; None: it is none.

    0, 1 … 9 alone: ``int`` takes digits of any writing, blanks and lines in between too, and fails
    at thousands of digits.
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None
