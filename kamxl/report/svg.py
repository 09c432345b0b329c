"""The parts that the page's pictures are made of: shapes and texts of SVG, and axes of numbers.

Colours are classes, so that a dark screen gets its own; every text is escaped here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from kamxl.forms.paper import style
from kamxl.report.numbers import Shown
from kamxl.report.plain import plain

# A colour of a chart: its name on a screen, where it may be another one.
_COLORS = {value: name for name, value in style.LIGHT_SCREEN.items()} | {
    value: name for name, value in vars(style).items()
    if name in style.LIGHT_SCREEN and isinstance(value, str)
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Axis:
    """Numbers along a line of the picture: from ``low`` at ``start`` to ``high`` at ``end``."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...] = field(default=())

    def at(self, value: float) -> float:
        """Where a value is drawn."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + (self.end - self.start) * share


def look_of(color: str) -> str:
    """What the class of a colour ends in; of one that is half as strong, "pale" stands behind it.

    A colour that the style does not know is that of second-rank text.
    """
    if name := _COLORS.get(color) or _PALE.get(color):
        pale = "" if color in _COLORS else " pale"
        return name.lower().replace("_", "-") + pale
    return "muted"


def _paled(color: str) -> str:
    parts = (int(color[at : at + 2], 16) for at in (0, 2, 4))
    return "".join(f"{round(255 - (255 - part) / 2):02X}" for part in parts)


_PALE = {_paled(color): name for color, name in _COLORS.items()}


def element(tag: str, said: str = "", **attributes: object) -> Markup:
    """An element of SVG around a text, or around a title if it is no text itself."""
    pairs = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    texts = ((n, number(v) if isinstance(v, float) else v) for n, v in pairs if v is not None)
    inner = escape(plain(said))
    if said and tag not in ("text", "tspan"):
        inner = Markup("<title>{}</title>").format(inner)
    start = Markup("").join(Markup(' {}="{}"').format(n, v) for n, v in texts)
    return Markup("<{}{}>{}</{}>").format(tag, start, inner, tag)


def number(value: float) -> str:
    """A coordinate, as short as it gets."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def axis(
    values: Sequence[float], low: float | None, high: float | None, start: float, end: float
) -> Axis:
    """An axis over some values, at whole steps, zero included where nothing else is asked for."""
    least, most = min([*values, 0.0]), max([*values, 0.0])
    bottom, top = least if low is None else low, most if high is None else high
    if top <= bottom:
        top = bottom + 1
    step = _step((top - bottom) / 5)
    if low is None:
        bottom = math.floor(bottom / step) * step
    if high is None:
        top = math.ceil(top / step) * step
    count = int((top - bottom) / step + 1e-9)
    first = math.ceil(bottom / step - 1e-9) * step
    ticks = tuple(t for at in range(count + 1) if (t := first + at * step) <= top + 1e-9)
    return Axis(bottom, top, start, end, ticks)


def _step(rough: float) -> float:
    """The next larger one of 1, 2, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9))


def tick(shown: Shown, value: float, pattern: str) -> str:
    """The number beside a step of an axis."""
    whole = abs(value - round(value)) < 1e-9
    pattern = pattern if pattern != "General" and (whole or "." in pattern) else "0.##"
    return shown.number(value + 0.0, pattern)


def words(x: float, y: float, said: str, anchor: str, look: str = "f-text", **more: str) -> Markup:
    """A text at a place; ``anchor`` as SVG calls it."""
    return element("text", said, x=x, y=y, text_anchor=anchor, class_=look, **more)


def stroke(path: str, look: str, *, dashed: bool = False, width: float = 1.0) -> Markup:
    """A line along a path."""
    dashes = "5 4" if dashed else None
    return element(
        "path", d=path, class_=f"s-{look}", fill="none", stroke_width=width,
        stroke_dasharray=dashes,
    )  # fmt: skip


def points(path: Sequence[tuple[float, float]]) -> str:
    """A path through some points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in path)
