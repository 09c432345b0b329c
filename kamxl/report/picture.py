"""The picture of the portfolio map, from the cells the workbook's chart reads: only geometry."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from kamxl.forms.paper.book import Cell, Sheet
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import FAINT
from kamxl.forms.portfolio.map import DOTS, FIRST, HELP, KEYS, QUADRANTS, TOP
from kamxl.report.numbers import Shown, number_of

WIDTH, HEIGHT = 560, 430
_LEFT, _RIGHT, _UPPER, _LOWER = 44, 10, 10, 42
_LARGEST, _SMALLEST = 28.0, 6.0  # radius
_INSIDE = 10.0  # from this radius on, a number stands white in its bubble


@dataclass(frozen=True, slots=True)
class Scale:
    """The part of 0 to 100 points that an axis shows, and where its ends are drawn."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value is drawn."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + (self.end - self.start) * share, 2)

    @property
    def ticks(self) -> range:
        """The values written beside the axis."""
        return range(int(self.low), int(self.high) + 1, 10)


@dataclass(frozen=True, slots=True)
class Bubble:
    """An account on the picture; ``said``: its name, its numbers and what they mean."""

    x: float
    y: float
    radius: float
    color: str
    number: str
    said: str
    hollow: bool

    @property
    def inside(self) -> bool:
        """Whether its number fits into it."""
        return self.radius >= _INSIDE


@dataclass(frozen=True, slots=True)
class Mark:
    """A text beside an axis or in a corner; ``anchor`` as SVG calls it."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn, in units of the picture, large bubbles first."""

    described: str
    across: str
    upwards: str
    area: tuple[float, float, float, float]  # left, upper, right, lower
    threshold: float  # where the upright line stands
    level: float
    ticks_across: tuple[Mark, ...]
    ticks_upwards: tuple[Mark, ...]
    corners: tuple[Mark, ...]
    bubbles: tuple[Bubble, ...]
    width: int = WIDTH
    height: int = HEIGHT


def picture_of(sheet: Sheet, shown: Shown) -> Picture | None:
    """The map on the sheet *Map*; None if no account has a place on it."""
    if not sheet.charts:
        return None
    chart = sheet.charts[0]
    threshold, level = (number_of(sheet.cells[FIRST, HELP + at]) or 0.0 for at in (0, 3))
    spots = list(_spots(sheet))
    across = Scale(chart.x_min or 0, chart.x_max or 100, _LEFT, WIDTH - _RIGHT)
    upwards = Scale(chart.y_min or 0, chart.y_max or 100, HEIGHT - _LOWER, _UPPER)
    looks = {series.values: series for series in chart.series}
    height = KEYS.index("relative") + 1
    most = max((spot.size for spot in spots), default=0.0) or 1.0

    def bubble(spot: _Spot) -> Bubble:
        radius = max(_LARGEST * math.sqrt(spot.size / most), _SMALLEST)
        said = [
            shown.cell(_cell(sheet, spot.row, key))
            for key in ("name", "score", "relative", "quadrant")
        ]
        look = looks.get(sheet.ref(a1(spot.row, height)))
        color, hollow = (look.color, look.hollow) if look else (FAINT, False)
        number = shown.cell(_cell(sheet, spot.row, "number"))
        place = across.at(spot.score), upwards.at(spot.relative)
        words = f"{said[0]}: {said[1]} / {said[2]}; {said[3]}"
        return Bubble(*place, round(radius, 2), color, number, words, hollow)

    return Picture(
        str(chart.description),
        str(chart.x_title),
        str(chart.y_title),
        (_LEFT, _UPPER, WIDTH - _RIGHT, HEIGHT - _LOWER),
        across.at(threshold),
        upwards.at(level),
        tuple(Mark(across.at(tick), HEIGHT - _LOWER + 15, str(tick)) for tick in across.ticks),
        tuple(Mark(_LEFT - 6, upwards.at(tick) + 4, str(tick), "end") for tick in upwards.ticks),
        tuple(_corners(sheet, shown)),
        tuple(sorted((bubble(spot) for spot in spots), key=lambda b: -b.radius)),
    )


def _corners(sheet: Sheet, shown: Shown) -> Iterator[Mark]:
    """The names of the four fields, each in its corner."""
    left, right, upper, lower = _LEFT + 7, WIDTH - _RIGHT - 7, _UPPER + 17, HEIGHT - _LOWER - 9
    places = ((left, upper), (right, upper), (left, lower), (right, lower))
    for at, (x, y) in enumerate(places[: len(QUADRANTS)]):
        text = shown.cell(sheet.cells.get((FIRST + DOTS + at, HELP + 3)))
        yield Mark(x, y, text, "start" if x == left else "end")


@dataclass(frozen=True, slots=True)
class _Spot:
    row: int
    score: float
    relative: float
    size: float


def _spots(sheet: Sheet) -> Iterator[_Spot]:
    for row in range(FIRST, FIRST + TOP):
        numbers = (number_of(_cell(sheet, row, k)) for k in ("score", "relative", "size"))
        score, relative, size = numbers
        if score is not None and relative is not None:
            yield _Spot(row, score, relative, max(size or 0.0, 0.0))


def _cell(sheet: Sheet, row: int, key: str) -> Cell | None:
    return sheet.cells.get((row, KEYS.index(key) + 1))
