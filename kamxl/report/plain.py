"""Text from outside, made harmless to look at. That it stays text, the template's escaping sees to.

What cannot be seen is made visible, as everywhere: a control character is no part of any name, and
one that turns the direction of writing can make "exe.txt" out of "txt.exe".
"""

from __future__ import annotations

from kamxl.wording.visible import visible


def plain(text: str) -> str:
    """The text with its own lines and tabs, and nothing else in it that is not seen."""
    if text.isprintable() and text.isascii():  # nearly always, and much quicker to see
        return text
    return "\t".join(visible(part, lines=True) for part in text.split("\t"))
