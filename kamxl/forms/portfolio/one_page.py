"""One page of paper, whatever people typed: what fits stands on it, the rest is counted and said.

Nobody measures it for us: lines are reckoned from the letters of Calibri, which comes with Excel,
with some room to spare. An item stands there whole, or with whole sentences of it, or not at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kamxl.wording.visible import visible

SIZE = 9.5  # points of the type of all that is not a heading; nothing is smaller
LINE = 12.0  # points from line to line
GAP = 2.5  # below an item
HEAD = 25.0  # a part's heading, with the room around it
WIDTHS = (262.0, 226.0)  # points of text in the two columns
PAGE = 760.0  # points between the margins, of 785: a font may be another one
WHOLE = 532.0  # points from margin to margin
_FIGURE, _LAST = 80.0, 140.0  # points of text in a headline, and in the last one
_SHORT = 300  # letters from which an item is told by its first sentences
_ENDS = re.compile(r"(?<=[.!?…])\s+")
_NARROW, _BROAD = frozenset("iljtI.,:;'|!"), frozenset("mwMW@%ÆŒ—…")


@dataclass(frozen=True, slots=True)
class Item:
    """One line or more: ``head`` in bold, ``note`` beside it. ``look``: "bad", "good" or ""."""

    head: str = ""
    text: str = ""
    note: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands below it; ``none``: said if there is nothing; ``more``: said of

    what did not fit.
    """

    key: str
    title: str
    items: tuple[Item, ...] = ()
    none: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline: its ``label`` and ``value``; ``note``: what it rests on."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class OnePage:
    """All that a template gets. ``cards``: digests by which is known whose page it is; ``look``:
    "brief" or "handout", in larger type.
    """

    language: str
    title: str
    over: tuple[str, str]
    heading: str
    sentence: str
    figures: tuple[Figure, ...]
    columns: tuple[tuple[Part, ...], ...]
    foot: str = ""
    cards: str = ""
    look: str = "brief"


def told(text: str) -> str:
    """A text from outside as it stands on the page: in one line, nothing in it unseen."""
    return visible(" ".join(text.split()))


def lines(text: str, width: float, size: float = SIZE) -> int:
    """How many lines a text takes in so many points, words kept whole where they can be."""
    count, used = 1, 0.0
    for word in text.split(" "):
        long = sum(map(_wide, word)) * size
        if used + long > width and used:
            count, used = count + 1, 0.0
        if long > width:
            count += int(long // width)
            long %= width
        used += long + 0.26 * size
    return count


def _wide(letter: str) -> float:
    """The width of a letter, in parts of the size of the type."""
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.1
    if letter in _NARROW:
        return 0.3
    if letter in _BROAD or ord(letter) > 0x24F:
        return 0.92 if letter not in "–“”„‘’·" else 0.5
    return 0.62 if letter.isupper() else 0.475


def height(item: Item, width: float, size: float = SIZE, line: float = LINE) -> float:
    """Points that an item takes, the room below it included."""
    whole = " ".join(filter(None, (item.head, item.text, item.note)))
    return lines(whole, width, size) * line + GAP


def height_of_figures(figures: Sequence[Figure]) -> float:
    """Points of the row of headlines: all alike wide, but for the last."""
    cells = [_FIGURE] * (len(figures) - 1) + [_LAST]
    tall = (
        (lines(f.label, wide, 9) + lines(f.note, wide, 9)) * 11.5 + lines(f.value, wide, 11.5) * 14
        for f, wide in zip(figures, cells, strict=True)
    )
    return max(tall) + 14


def fitted(
    parts: Sequence[Part], room: float, width: float, more: Callable[[int], str]
) -> tuple[Part, ...]:
    """The parts of one column with as many of their items as fit into ``room`` points.

    Each part gets its first item before any gets a second one; ``more`` says how many are left.
    """
    taken: list[list[Item]] = [[] for _ in parts]
    left = room - sum(HEAD + LINE + GAP for _ in parts)  # heading, and "none" or "more"
    left -= sum((lines(p.none, width) - 1) * LINE for p in parts if not p.items)
    for turn in range(max((len(part.items) for part in parts), default=0)):
        for at, part in enumerate(parts):
            if turn < len(part.items):
                item = shortened(part.items[turn])
                if (tall := height(item, width)) <= left:
                    left -= tall
                    taken[at].append(item)
    return tuple(
        replace(
            part,
            items=tuple(own),
            none="" if part.items else part.none,
            more=more(rest) if (rest := len(part.items) - len(own)) else "",
        )
        for part, own in zip(parts, taken, strict=True)
    )


def shortened(item: Item) -> Item:
    """An item with a very long text by its first whole sentences; as it is, if it has no such."""
    if len(item.text) <= _SHORT:
        return item
    said = ""
    for sentence in _ENDS.split(item.text):
        if len(said) + len(sentence) >= _SHORT:
            break
        said = f"{said} {sentence}".lstrip()
    return replace(item, text=f"{said} […]") if said else item
