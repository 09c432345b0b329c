"""The one style module: palette, type sizes and cell styles, as data.

Everything that is drawn takes its looks from here; ``excel/`` turns a ``Style`` into the program's
own objects. Colours are RRGGBB.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

INK = "1B2A41"  # titles, header bands
TEXT = "22303F"
MUTED = "6B7785"  # second-rank text
FAINT = "A9B2BD"  # ids, marks
LINE = "D5DAE1"
SOFT = "F3F5F8"  # calculated cells, tiles
WHITE = "FFFFFF"
ACCENT = "0F7173"  # us, ahead
ACCENT_SOFT = "DCEDEC"
RIVAL = "B9822B"  # competitors
BEHIND = "B5452C"  # behind, errors
BEHIND_SOFT = "F7E0DA"
GAP_BAR = "EBC9BD"  # the length of a gap behind its number
GOOD_SOFT = "DDEFE3"
GOOD = "23704A"
WARN_SOFT = "FCE9BF"
INPUT = "FFF9E6"  # what a person may fill in
INPUT_LINE = "DCC88A"

# What a screen shows instead: small type on every ground has a contrast of 4.5 to 1.
# A key is a colour from above, or a ground: PAGE, BAND (headers), US_BAND and RIVAL_BAND.
LIGHT_SCREEN = {
    "PAGE": WHITE, "BAND": INK, "ON_BAND": WHITE, "US_BAND": ACCENT, "RIVAL_BAND": "8F621A",
    "INK": INK, "TEXT": TEXT, "MUTED": "5C6875", "FAINT": FAINT, "LINE": LINE, "SOFT": SOFT,
    "ACCENT": ACCENT, "ACCENT_SOFT": ACCENT_SOFT, "RIVAL": RIVAL, "BEHIND": "A83E27",
    "BEHIND_SOFT": BEHIND_SOFT, "GOOD": GOOD, "GOOD_SOFT": GOOD_SOFT, "WARN_SOFT": WARN_SOFT,
    "GREY": "8A94A0", "SAGE": "5B8E7D",
}  # fmt: skip
DARK_SCREEN = {
    "PAGE": "10161F", "BAND": "24344B", "ON_BAND": WHITE, "US_BAND": ACCENT, "RIVAL_BAND": "8F621A",
    "INK": "F2F5F8", "TEXT": "E4E9EF", "MUTED": "A3B0BE", "FAINT": "5E6B7A", "LINE": "2D3A49",
    "SOFT": "18212D", "ACCENT": "56BDB7", "ACCENT_SOFT": "143535", "RIVAL": "E0AE5C",
    "BEHIND": "F3937A", "BEHIND_SOFT": "4A231B", "GOOD": "74CB9D", "GOOD_SOFT": "173A28",
    "WARN_SOFT": "473712", "GREY": "7F8B99", "SAGE": "7DB3A1",
}  # fmt: skip

SERIES = (ACCENT, RIVAL, INK, BEHIND, MUTED, "5B8E7D", FAINT)  # one colour a series

FONT = "Calibri"

Align = Literal["left", "center", "right", "centerContinuous"]
Edge = Literal["thin", "medium", "hair"]


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks. ``borders`` names sides out of "tblr", each drawn ``edge`` in ``line``.

    "centerContinuous" across neighbours stands in for merged cells, which break sorting.
    """

    size: float = 10
    bold: bool = False
    italic: bool = False
    underline: bool = False
    color: str = TEXT
    fill: str | None = None
    borders: str = ""
    line: str = LINE
    edge: Edge = "thin"
    align: Align | None = None
    valign: Literal["top", "center", "bottom"] = "center"
    wrap: bool = False
    indent: int = 0
    rotation: int = 0  # degrees that the text is turned to the left: 90 reads upwards
    format: str = "General"
    locked: bool = True

    def but(self, **changes: object) -> Style:
        """This style with some things changed."""
        return _changed(self, tuple(changes.items()))


@lru_cache(maxsize=2_048)  # the same few, for every cell that is drawn
def _changed(style: Style, changes: tuple[tuple[str, object], ...]) -> Style:
    return replace(style, **dict(changes))  # type: ignore[arg-type]


PLAIN = Style()
SUBTITLE = Style(size=11, color=MUTED)
SECTION = Style(size=13, bold=True, color=ACCENT)
NOTE = Style(size=10, color=MUTED, wrap=True, valign="top")
BODY = Style(size=11, wrap=True, valign="top")
BAND = Style(size=22, bold=True, color=WHITE, fill=INK, indent=1)
BAND_SMALL = Style(size=11, color="C9D3DF", fill=INK, indent=1)
MARK = Style(size=6, color=FAINT)
KEY = Style(size=6, color=FAINT, align="center")
HEADER = Style(
    bold=True, color=WHITE, fill=INK, wrap=True, align="center", borders="lr", line="3B4A61"
)
HEADER_LEFT = HEADER.but(align="left", indent=1)
HEADER_US = HEADER.but(fill=ACCENT)
HEADER_RIVAL = HEADER.but(fill=RIVAL)
LABEL = Style(wrap=True, borders="tb", indent=1)
CELL = Style(borders="tb", wrap=True)
NUMBER = Style(borders="tb", align="center", format="0.0;-0.0;0")
CALC = NUMBER.but(fill=SOFT)
ENTRY = Style(fill=INPUT, borders="tblr", line=INPUT_LINE, locked=False, wrap=True)
OFFERED = ENTRY.but(fill=WHITE, edge="hair")  # what may be filled in, and need not
ENTRY_NUMBER = ENTRY.but(align="center", size=11, wrap=False)
ENTRY_TEXT = ENTRY.but(align="left", indent=1)
ENTRY_DATE = ENTRY.but(align="left", indent=1, format="dd.mm.yyyy", wrap=False)
TILE_LABEL = Style(size=10, color=MUTED, fill=SOFT, align="centerContinuous")
TILE_VALUE = Style(size=18, bold=True, color=INK, fill=SOFT, align="centerContinuous")
LINK = Style(color=ACCENT, underline=True)
