"""What stands in a text from outside and nobody would see, made visible: it is shown, never obeyed.

The name of a file, a subject or a cell may hold what moves a terminal's cursor, ends a line of a
log, turns the direction of writing or takes no room at all. Such a character is shown as its sign
(``␛``, ``⏎``) or, where it has none, by its number (``⟨U+202E⟩``), so that two names that differ
look different. What people need to write their names stays: letters of any direction, accents that
are joined on, and the joiners within Indic and Persian words and within emoji.

A text enters a sentence of ours through here (``wording.texts``, ``wording.mistakes``); what goes
to a screen or a log passes once more (``commands.parts.speaking``, ``addin``). Twice is as once.
"""

from __future__ import annotations

import re
import unicodedata

LINE_END = "⏎"
_JOINERS = "\u200c\u200d"
_PICTURES, _DELETE = 0x2400, 0x7F  # where Unicode has signs for the controls
# Controls; what joins, parts or turns without being seen; letters that are blanks; halves.
_UNSEEN = (
    "\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_NOBODY = "".join(f"{chr(n << 16 | 0xFFFE)}{chr(n << 16 | 0xFFFF)}" for n in range(17))
_STRANGE = re.compile(f"\r\n|[{_UNSEEN}{_NOBODY}]")
_ENDS = frozenset(("\r\n", "\n", "\r", "\x85", "\u2028", "\u2029"))
_LONG_FLAG = 16  # letters of a region's flag, and to spare: "gbeng" has five
_BLACK_FLAG = "\U0001f3f4"  # before the tags that make a region's flag of it


def visible(text: str, *, lines: bool = False) -> str:
    """The text in one line, with nothing in it that is not seen; ``lines``: its own lines stay."""
    if text.isprintable() and text.isascii():  # nearly always, and much quicker to see
        return text
    if lines:
        return "\n".join(visible(line) for line in re.split("\r\n|[\n\r\x85\u2028\u2029]", text))
    return _STRANGE.sub(_shown, text)


def escaped(json: str) -> str:
    """The same JSON, with what is not seen as ``\\uXXXX``: whoever parses it gets the same values.

    Below U+007F ``json.dumps`` has done so.
    """
    if json.isascii() and "\x7f" not in json:
        return json
    return _STRANGE.sub(_escape, json)


def _shown(match: re.Match[str]) -> str:
    found = match[0]
    if found in _ENDS:
        return LINE_END
    if _belongs(match.string, match.start()):
        return found
    code = ord(found)
    if code < 0x20:
        return chr(_PICTURES + code)
    return "\N{SYMBOL FOR DELETE}" if code == _DELETE else f"\u27e8U+{code:04X}\u27e9"


def _escape(match: re.Match[str]) -> str:
    found = match[0]
    if found < "\x7f" or _belongs(match.string, match.start()):
        return found
    pairs = found.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{pairs[at]:02x}{pairs[at + 1]:02x}" for at in range(0, len(pairs), 2))


def _belongs(text: str, at: int) -> bool:
    """Whether it is a part of a word or an emoji there, as people write it."""
    found, before, after = text[at], text[max(at - 1, 0) : at], text[at + 1 : at + 2]
    if found in _JOINERS:
        return _joins(text, at) and _kind(after) in ("Lo", "So")
    if found == "\xad":  # where a word may be broken, in texts from a word processor
        return before.isalpha() and after.isalpha()
    if "\ufe00" <= found <= "\ufe0f" or "\u180b" <= found <= "\u180d":  # the look of what is before
        return bool(before) and _kind(before) in ("Lo", "So", "Sm", "Po", "Nd", "Mn", "Pd")
    if "\U000e0100" <= found <= "\U000e01ef":
        return _kind(before) == "Lo"
    if "\U000e0020" <= found <= "\U000e007f":
        sign = text[max(at - _LONG_FLAG, 0) : at]
        return sign.rstrip("".join(map(chr, range(0xE0020, 0xE007F))))[-1:] == _BLACK_FLAG
    return False


def _joins(text: str, at: int) -> bool:
    """Whether what stands before is of a writing that has joiners: Latin and the like have none."""
    while at > 0:
        at -= 1
        kind = _kind(text[at])
        if kind not in ("Mn", "Mc", "Sk"):  # accents, looks, and colours of skin
            return kind in ("Lo", "So")
    return False


def _kind(letter: str) -> str:
    return unicodedata.category(letter) if letter else ""
