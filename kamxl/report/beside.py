"""Where the names of a picture's dots stand, so that each can be read and none covers another.

The page is drawn here, so places are measured here: those of the workbook's chart fit its own size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_LETTER, _HIGH = 6.8, 16.0  # of a label: how wide a letter is, how high its line
_GAP = 4.0
_RISE = 4.5  # from the middle of a line down to where its letters stand
_SLANT = 0.75  # of a radius, to a label that stands at an angle
_COVERS = 0.1  # of a label: lies over other dots, so that a shorter one is better
_APART = 4.0  # from a label to another dot than its own


@dataclass(frozen=True, slots=True)
class Dot:
    """A dot, and what it may be called, the one that says most first; nothing: it is in the way."""

    x: float
    y: float
    radius: float
    labels: tuple[str, ...] = ()


class Place(NamedTuple):
    """Where a text begins, ends or has its middle, as SVG calls it."""

    text: str
    x: float
    y: float
    anchor: str


class Box(NamedTuple):
    """A part of the picture."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: Box) -> float:
        """The area that both cover."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(wide, 0.0) * max(high, 0.0)

    def holds(self, other: Box) -> bool:
        """Whether the other one lies within."""
        return (self.left <= other.left and other.right <= self.right
                and self.top <= other.top and other.bottom <= self.bottom)  # fmt: skip


def box_of(place: Place) -> Box:
    """What a text covers, as far as that is known before it is drawn."""
    wide = _LETTER * len(place.text)
    left = place.x - {"start": 0.0, "middle": wide / 2, "end": wide}[place.anchor]
    middle = place.y - _RISE
    return Box(left, middle - _HIGH / 2, left + wide, middle + _HIGH / 2)


def placed(dots: Sequence[Dot], plot: Box, taken: Sequence[Box]) -> list[Place | None]:
    """The label of each dot; None: it has none. ``taken``: texts that stand there already.

    Who has most to say chooses first. Where all there is would cover another text, the shortest
    one stands where it covers least: a dot that nobody can name says nothing.
    """
    bodies = [_body(dot, _APART if dot.labels else 0.0) for dot in dots]
    texts = list(taken)
    found: list[Place | None] = [None] * len(dots)
    for n in sorted(range(len(dots)), key=lambda n: -len(dots[n].labels)):
        if not dots[n].labels:
            continue
        others = [body for at, body in enumerate(bodies) if at != n]
        chosen = _chosen(dots[n], plot, others, texts)
        found[n] = chosen
        texts.append(box_of(chosen))
    return found


def _chosen(dot: Dot, plot: Box, dots: Sequence[Box], texts: Sequence[Box]) -> Place:
    best: list[tuple[float, Place]] = []
    for label in dot.labels:
        free = []
        for place in _around(dot, label):
            box = box_of(place)
            over = sum(map(box.shared, texts))
            hides = sum(map(box.shared, dots))
            best.append((over + hides + (0 if plot.holds(box) else 9e9), place))
            if plot.holds(box) and not over:
                free.append((hides, place))
        least = min(free, key=lambda one: one[0], default=None)
        if least and least[0] <= _COVERS * _LETTER * _HIGH * len(label):
            return least[1]
    return min(best, key=lambda one: one[0])[1]


def _around(dot: Dot, label: str) -> Iterator[Place]:
    """The places beside a dot, the usual ones first."""
    away = dot.radius + _GAP
    slant = _SLANT * dot.radius + _GAP / 2
    middle = dot.y + _RISE
    yield Place(label, dot.x + away, middle, "start")
    yield Place(label, dot.x - away, middle, "end")
    yield Place(label, dot.x, middle - away - _HIGH / 2, "middle")
    yield Place(label, dot.x, middle + away + _HIGH / 2, "middle")
    for down in (-slant - _HIGH / 3, slant + _HIGH / 3):
        yield Place(label, dot.x + slant, middle + down, "start")
        yield Place(label, dot.x - slant, middle + down, "end")


def cleared(places: Sequence[Place], dots: Sequence[Dot], plot: Box) -> list[Place]:
    """Texts that belong to a part of the plot: the last of a line goes to its end, out of the way
    of dots, if it hides fewer there.
    """
    bodies = [_body(dot) for dot in dots]
    return [_cleared(place, places, bodies, plot) for place in places]


def _cleared(
    place: Place, places: Sequence[Place], bodies: Sequence[Box], plot: Box
) -> Place:  # fmt: skip
    if any(one.y == place.y and one.x > place.x for one in places):
        return place
    other = Place(place.text, plot.right - 2 * _GAP, place.y, "end")
    return min(place, other, key=lambda one: sum(map(box_of(one).shared, bodies)))


def _body(dot: Dot, beside: float = 0.0) -> Box:
    away = dot.radius + beside
    return Box(dot.x - away, dot.y - away, dot.x + away, dot.y + away)
