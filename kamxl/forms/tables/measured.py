"""How wide columns and how high rows have to be for the texts that stand in them."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence

from kamxl.forms.paper.book import Content, Formula
from kamxl.forms.paper.parts import PER_WIDTH, lines_of, row_height, upright_height
from kamxl.forms.paper.style import Style

_WIDEST = 22  # how far a header may widen its column
_PAGE_WIDE = 110  # how far a text may widen it: what a page has beside the repeated columns
_STRETCH, _KEY_STRETCH = 1.15, 1.0  # how much wider than declared texts may make a column
_HEAD_LINES = 4  # of a header
_CAPITAL = 0.25  # how much wider a capital is than another letter
_MOST_LINES = 25  # of a row: Excel knows none higher than 409 points
_CAPITALS = bytes(code for code in range(256) if chr(code).isupper())
_KNOWN = 1_000  # texts of a column that are remembered: the same ones come again and again


class Needs:
    """What the texts of one column need: of each how wide it is, and those that are very long.

    ``least``: the width of the column is no smaller.
    """

    def __init__(self, least: float) -> None:
        self.least = least
        self.typed = False  # whether any is there to be written over
        self.needed = array("d")  # the width in which no line of it breaks
        self.long: list[tuple[str, Style]] = []  # more lines in the least width than a row may have
        self._known: dict[str, tuple[Style, float]] = {}  # what short texts need in a style

    def add(self, text: str, style: Style) -> None:
        """One more text."""
        self.typed = self.typed or not style.locked
        known = self._known.get(text)
        if known is not None and known[0] is style:
            self.needed.append(known[1])
            return
        needed = _one_line(text, style)
        self.needed.append(needed)
        if _most_lines(text, self.least, style) > _MOST_LINES:
            self.long.append((text, style))
            return
        if len(self._known) >= _KNOWN:
            self._known.clear()
        self._known[text] = style, needed

    def width(self, declared: float, *, repeated: bool) -> float:
        """The column's: nearly all texts on one line each.

        Texts may widen it a little (``_STRETCH``; a repeated one takes its width from every page),
        and further where a row could not be as high as they are.
        """
        if not self.needed:
            return max(declared, self.least)
        needed = sorted(self.needed)
        most = max(needed[(len(needed) - 1) * 9 // 10], needed[-1] / 2)
        width = max(
            self.least,
            min(most, declared * (_KEY_STRETCH if repeated else _STRETCH)),
            declared if self.typed else 0.0,
        )
        for text, style in self.long:
            while width < _PAGE_WIDE and lines(text, width, style) > _MOST_LINES:
                width = min(width * 1.25, _PAGE_WIDE)
        return width


def said(content: Content, style: Style) -> str:
    """The text of a cell that breaks into lines; empty if it does not."""
    seen = content.value if isinstance(content, Formula) else content
    return seen if style.wrap and isinstance(seen, str) else ""


def lines(text: str, width: float, style: Style) -> float:
    """How many lines a text takes in a cell so wide."""
    return lines_of(text, _letters_in(text, width, style), style.size)


class Lines:
    """How many lines texts take in cells of one width and style, as ``lines`` tells."""

    def __init__(self, width: float, style: Style) -> None:
        self._width, self._style, self._one = width, style, style.size / 10
        # of whatever letters it is, a text no longer than that takes one line: nearly all do
        narrow = _room(width, style) / (1 + _CAPITAL)
        self._short = int(narrow * PER_WIDTH * 10 / style.size) - 1

    def of(self, text: str) -> float:
        """Those of a text."""
        if len(text) <= self._short and "\n" not in text:
            return self._one
        return lines(text, self._width, self._style)


def _letters_in(text: str, width: float, style: Style) -> float:
    """How many of its letters a cell so wide has room for in a line."""
    return _room(width, style) * len(text) / _letters(text)


def _most_lines(text: str, width: float, style: Style) -> float:
    """So many lines it takes at the most: two that follow one another hold more than one has room.

    Reckoned without breaking it, which takes long.
    """
    room = max(int(_letters_in(text, width, style) * PER_WIDTH * 10 / style.size), 3)
    return (text.count("\n") + 1 + math.ceil(2 * len(text) / room)) * style.size / 10


def _letters(text: str) -> float:
    """How long a text is, in letters of usual width: capitals are wider."""
    try:
        plain = text.encode("latin-1")
    except UnicodeEncodeError:
        return len(text) + _CAPITAL * sum(map(str.isupper, text))
    return len(text) + _CAPITAL * (len(plain) - len(plain.translate(None, _CAPITALS)))


def _room(width: float, style: Style) -> float:
    """What a cell has for its text; bold type takes more."""
    return width * (0.93 if style.bold else 1) - style.indent


def _one_line(text: str, style: Style) -> float:
    """The width of a column in which no line of a text breaks."""
    lines = text.split("\n")
    longest = (max(map(_letters, lines)) if len(lines) > 1 else _letters(text)) + 1
    return (longest / PER_WIDTH + style.indent) / (0.93 if style.bold else 1)


def for_header(width: float, title: str, header: Style, *, named: bool) -> float:
    """The width that no word of a header breaks in, nor the header into too many lines.

    ``named``: a name from outside may be of any length, and has the declared ``width``.
    """
    if named:
        return width
    longest = max((len(word) for word in title.replace("-", " ").split()), default=0)
    found = min(longest * header.size / 10 + 1.2, _WIDEST)
    while lines_of(title, found * 0.92) > _HEAD_LINES:
        found += 1
    return found


def head_height(titles: Sequence[str], widths: Sequence[float], styles: Sequence[Style]) -> float:
    """Points the headers need; those that stand upright as many as their longest line."""
    high = [34.0]
    for title, width, style in zip(titles, widths, styles, strict=True):
        if style.rotation:
            high.append(upright_height(title, width))
        else:
            high.append(row_height(lines_of(title, width * 0.92, style.size), edge=8))
    return max(high)
