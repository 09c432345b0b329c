"""The Excel add-in: its sources, what is built from them, and how an installer gets at both.

Built and shipped is kamxl.xlam (see ``build``). On macOS it needs an AppleScript beside, which
holds the interpreter and is therefore made at installation. Only the use cases behind the buttons
and the installation come in.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from string import Template

from kamxl.wording.texts import languages, texts

XLAM = Path(__file__).with_name("kamxl.xlam")
_SCRIPT = Path(__file__).with_name("kamxl.applescript")


def xlam() -> bytes:
    """The add-in as it ships."""
    return XLAM.read_bytes()


def applescript(interpreter: str) -> str:
    """The script that Excel on macOS starts ``interpreter`` with (an absolute path); plain ASCII.

    What goes wrong before Python runs, it tells in the language of the button that was pressed.
    """
    return Template(_SCRIPT.read_text(encoding="ascii")).substitute(
        interpreter=literal(interpreter), languages=", ".join(map(_record, languages()))
    )


def literal(text: str) -> str:
    """A text as an AppleScript expression in ASCII: no letter of it can end the string."""
    parts = []
    for plain, letters in groupby(text, lambda letter: " " <= letter <= "~"):
        if plain:
            kept = "".join(letters).replace("\\", "\\\\").replace('"', '\\"')
            parts.append(f'"{kept}"')
        else:
            parts += [f"(character id {ord(letter)})" for letter in letters]
    return " & ".join(parts) or '""'


def _record(language: str) -> str:
    said = texts(language)
    sentence = f"{said('ribbon.messages.broken')} {said('ribbon.messages.details')}"
    return f"{{kamxlLanguage:{literal(language)}, kamxlSentence:{literal(sentence)}}}"
