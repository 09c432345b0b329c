"""Text from outside, made harmless to look at. That it stays text, the template's escaping sees to.

What cannot be seen is removed or made visible: a control character is no part of any name, and one
that turns the direction of writing can make "exe.txt" out of "txt.exe".
"""

from __future__ import annotations

import re

SUBSTITUTE = "\N{REPLACEMENT CHARACTER}"

_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Controls, and what only programs see: soft marks of a byte order, interlinear and tag characters.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
# Embeddings, overrides and isolates; halves of characters; what Unicode calls no character.
_TURNING = "\u202a-\u202e\u2066-\u2069"
_BROKEN = "\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)
)
_SHOWN = re.compile(f"[{_TURNING}{_BROKEN}]")


def plain(text: str) -> str:
    """The text without control characters; what turns or breaks it is shown as a substitute."""
    if text.isprintable():  # nearly always, and much quicker to see
        return text
    text = _BREAKS.sub("\n", text)
    return _SHOWN.sub(SUBSTITUTE, _UNSEEN.sub("", text))
