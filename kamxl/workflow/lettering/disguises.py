"""The ways in which a text may say another one: backwards, shifted by half the alphabet, packed.

Whoever copies something out of the memory may hide it so, in a comment of a template or in a mail.
"""

from __future__ import annotations

import base64
import re
from codecs import encode
from collections.abc import Iterator
from html import unescape

# Letters that nobody sees, and that would end a run of digits.
INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
                       "\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+")  # fmt: skip
_SHORTEST = 32  # letters of something packed that is looked into
_PACKED = re.compile(f"[A-Za-z0-9+/_-]{{{_SHORTEST},}}")
_NOUGHTS = re.compile("&#0+(?=[0-9])")
_FAR = re.compile("&#[0-9]{8,}")  # such a number is no letter's, and Python counts only so far
_HEXADECIMAL = re.compile("[0-9a-fA-F]+")
_URL_SAFE = str.maketrans("-_", "+/")


def ways(text: str) -> Iterator[str]:
    """The text as a reader of HTML has it, and what it is when read otherwise; each once."""
    plain = unescaped(unescaped(text))
    yield from dict.fromkeys((text, plain, plain[::-1], encode(plain, "rot13")))


def unescaped(text: str) -> str:
    """The text with the letters that stand in it as references."""
    return unescape(_FAR.sub("", _NOUGHTS.sub("&#", text)))


def packed(text: str) -> Iterator[str]:
    """The texts that stand in a text as base64 or as hexadecimal digits, perhaps in several lines.

    A picture is none: what is no letter in it is left out.
    """
    lines = (line.strip().removesuffix("=") for line in text.splitlines())
    for run in _PACKED.findall("".join(lines)):
        for data in _unpacked(run):
            inner = data.decode("utf-8", "ignore")
            if len(inner) * 2 > len(data):
                yield inner


def _unpacked(run: str) -> Iterator[bytes]:
    if _HEXADECIMAL.fullmatch(run):
        yield bytes.fromhex(run[: len(run) // 2 * 2])
    yield from_base64(run)


def from_base64(run: str) -> bytes:
    """The bytes of a run of base64's letters, as far as they are whole."""
    return base64.b64decode(run[: len(run) // 4 * 4].translate(_URL_SAFE))
