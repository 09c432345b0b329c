"""Where the numbers of the bubbles stand on the map, so that none covers another.

Reckoned, not measured: no program tells where it draws. Bubbles are as Excel makes them, their
areas as the values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

At = Literal["r", "l", "t", "b", "ctr"]
_ORDER: tuple[At, ...] = ("ctr", "r", "l", "t", "b")
_LETTER, _HIGH = 6.2, 13.0  # points of a digit, and of a line, in the type of labels
_GAP = 2.0
_LARGEST = 0.15  # across, of the plot's shorter side: what Excel makes of 60 %
_AROUND = (44.0, 34.0, 16.0, 38.0)  # points that are not plot: left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Bubble:
    """A bubble with its label: its place from 0 to 100 each way, its size, what it is called."""

    across: float
    upwards: float
    size: float
    label: str


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    low: float
    right: float
    high: float

    def covers(self, other: _Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.low < other.high
            and other.low < self.high
        )


def placed(
    bubbles: Sequence[Bubble], wide: float, high: float, fixed: Sequence[Bubble] = ()
) -> list[At | None]:
    """Where the label of each bubble stands, None: there is no room for it.

    ``wide``, ``high``: of the whole chart, in points. ``fixed``: labels right of their points,
    which are there already. The first bubbles choose first.
    """
    left, top, right, bottom = _AROUND
    plot = max(wide - left - right, 50.0), max(high - top - bottom, 50.0)
    most = max((bubble.size for bubble in bubbles), default=1.0) or 1.0
    widest = _LARGEST * min(plot) / 2
    taken = [_label(bubble, "r", 0.0, plot) for bubble in fixed]
    found: list[At | None] = []
    for bubble in bubbles:
        radius = widest * (max(bubble.size, 0.0) / most) ** 0.5
        boxes = {at: _label(bubble, at, radius, plot) for at in _ORDER if _fits(bubble, at, radius)}
        free = [at for at, box in boxes.items() if not any(box.covers(one) for one in taken)]
        found.append(free[0] if free else None)
        if free:
            taken.append(boxes[free[0]])
    return found


def _fits(bubble: Bubble, at: At, radius: float) -> bool:
    """A label stands in its bubble only if it is not wider."""
    return at != "ctr" or 2 * radius >= _LETTER * len(bubble.label) + _GAP


def _label(bubble: Bubble, at: At, radius: float, plot: tuple[float, float]) -> _Box:
    x, y = bubble.across / 100 * plot[0], bubble.upwards / 100 * plot[1]
    wide, away = _LETTER * len(bubble.label), radius + _GAP
    if at == "r":
        x += away + wide / 2
    elif at == "l":
        x -= away + wide / 2
    elif at == "t":
        y += away + _HIGH / 2
    elif at == "b":
        y -= away + _HIGH / 2
    return _Box(x - wide / 2, y - _HIGH / 2, x + wide / 2, y + _HIGH / 2)
