"""The picture of the map: bubbles with names and numbers, thresholds, and where each stood before.

It reads fixed cells: the block of *Map*, and right of its page what a bubble chart knows no other
way to draw, lines as dots.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kamxl.core.method.position import LEVEL
from kamxl.core.portfolio.ahead import ahead
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Chart, Content, Series, Sheet, fixed
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.raw import a1, place_of
from kamxl.forms.paper.style import FAINT, MUTED, PLAIN
from kamxl.forms.portfolio.labels import Bubble, Placed, placed
from kamxl.forms.portfolio.spots import (
    COLORS,
    FIRST,
    HEAD,
    QUADRANTS,
    TOP,
    Spot,
    most_revenue,
    spots_of,
)
from kamxl.forms.tables.shown import ShownTable
from kamxl.wording.texts import Texts

DOTS = 33  # of a threshold
_TRAIL = 4  # dots from then to now
_BESIDE = 3  # columns right of the table, where the dots begin
_TRAILS, _MARKS, _LABELS = 5, 8, 9  # columns right of that: of the way from then to now, of the
# sizes of its ends, and of the names in the picture
_DOT = 0.0012  # of the largest bubble
_MARK = 0.02
_PALE = 0.5  # how much is left of a color
_AROUND = 9  # points of room beside the outermost accounts
_NAME = 12  # points of room for a name behind the last one
_LEAST = 40  # points that an axis shows at least
_WORD, _BY = (
    34,
    6,
)  # % of the smaller picture: how wide a quadrant's name is, and how far from lines
_WIDEST = 11  # % of the plot: the radius of the largest bubble
_TYPE = PLAIN.but(size=6, color=FAINT)

MapTable = ShownTable[Spot, Any]


@dataclass(frozen=True, slots=True)
class Axis:
    """The part of 0 to 100 points that an axis shows: all would leave most of it empty."""

    low: float
    high: float

    def share(self, value: float) -> float:
        """Where a value lies, in % of the axis."""
        return 100 * (value - self.low) / (self.high - self.low)

    def at(self, share: float) -> float:
        """The value at so many % of the axis."""
        return self.low + (self.high - self.low) * share / 100


def axis_of(values: Sequence[float], beside: float = 0) -> Axis:
    """The whole tens around some values; ``beside``: points of room for names behind the last."""
    low = max(0, math.floor((min(values) - _AROUND) / 10) * 10)
    high = min(100, math.ceil((max(values) + _AROUND + beside) / 10) * 10)
    while high - low < _LEAST:
        low, high = max(0, low - 10), min(100, high + 10)
    return Axis(low, high)


def axes_of(portfolio: Portfolio, spots: Sequence[Spot]) -> tuple[Axis, Axis]:
    """Across and upwards, both thresholds and all places shown, those of before, too."""
    then = (spot.then for spot in spots if spot.then is not None)
    return (
        axis_of([portfolio.settings.focus_score, *(spot.score for spot in spots)], _NAME),
        axis_of([LEVEL, *(spot.relative for spot in spots), *then]),
    )


def beside(table: MapTable) -> int:
    """The first column of what stands right of the page."""
    return table.width + _BESIDE


def dotted(table: MapTable, portfolio: Portfolio, t: Texts) -> None:
    """Dots along both thresholds, the quadrants' names, and the way from then to now."""
    sheet, score, left = table.sheet, portfolio.settings.focus_score, beside(table)
    across, upwards = axes_of(portfolio, table.records)
    sheet.put(HEAD, left, t("portfolio.map.helper"), _TYPE)
    most = most_revenue(table.records)
    for at in range(DOTS):
        share = 100 * at / (DOTS - 1)
        contents = (score, upwards.at(share), across.at(share), LEVEL, most * _DOT)
        for column, content in enumerate(contents, left):
            sheet.put(FIRST + at, column, content, _TYPE)
    corners = _corners(portfolio, table.records, across, upwards)
    for row, (key, (x, y)) in enumerate(corners, FIRST + DOTS):
        named: tuple[float | str, ...] = (x, y, most * _DOT / 10, t(f"portfolio.map.{key}"))
        for column, said in enumerate(named, left):
            sheet.put(row, column, said, _TYPE)
    for place, spot in enumerate(table.records):
        for column, label in enumerate(spot.labels[:2], left + _LABELS):
            sheet.put(FIRST + place, column, label, _TYPE)
        if spot.then is not None:
            sheet.put(FIRST + place, left + _MARKS, most * _MARK, _TYPE)
            _trail(table, place, spot, spot.then, most)


def _trail(table: MapTable, place: int, spot: Spot, then: float, most: float) -> None:
    """Dots between where an account stands and where it stood."""
    sheet, left, row = table.sheet, beside(table) + _TRAILS, FIRST + place
    score, now, was = (fixed(row, table.index(key)) for key in ("score", "relative", "before"))
    for dot in range(_TRAIL):
        step = (dot + 1) / (_TRAIL + 1)
        upwards = live(
            f"{now}+({was}-{now})*{step:g}", spot.relative + (then - spot.relative) * step
        )
        contents: tuple[Content, ...] = (live(f"{score}+0", spot.score), upwards, most * _DOT)
        for column, content in enumerate(contents, left):
            sheet.put(FIRST + place * _TRAIL + dot, column, content, _TYPE)


def _corners(
    portfolio: Portfolio, spots: Sequence[Spot], across: Axis, upwards: Axis
) -> list[tuple[str, tuple[float, float]]]:
    """Where the name of each quadrant begins: at the one of its corners that hides least."""
    score = portfolio.settings.focus_score
    level, suited = upwards.share(LEVEL), across.share(score)
    found = []
    for at, key in enumerate(QUADRANTS):
        left, right = (suited, 100.0) if at % 2 else (0.0, suited)
        outer, inner = (96.0, level + _BY) if at < len(QUADRANTS) // 2 else (4.0, level - _BY)
        far = max(right - _WORD, left + _BY / 2)
        corners = [(x, y) for y in (outer, inner) for x in (left + _BY / 4, far)]
        x, y = min(corners, key=lambda corner: _hidden(corner, spots, across, upwards))
        found.append((key, (across.at(x), upwards.at(y))))
    return found


def _hidden(
    corner: tuple[float, float], spots: Sequence[Spot], across: Axis, upwards: Axis
) -> float:
    """How much of the bubbles a quadrant's name covers that begins at a corner, about."""
    most, covered = most_revenue(spots), 0.0
    for spot in spots:
        radius = _WIDEST * math.sqrt((spot.revenue or 0.0) / most)
        x, y = across.share(spot.score), upwards.share(spot.relative)
        beside = max(corner[0] - x, x - corner[0] - _WORD, 0.0)
        covered += max(radius - math.hypot(beside, y - corner[1]) + _BY / 2, 0.0)
    return round(covered, 6)


def size_of(sheet: Sheet, corners: tuple[str, str]) -> tuple[float, float]:
    """How wide and how high a chart is, in points, as far as that is known before it is drawn."""
    (top, first), (end, last) = map(place_of, corners)
    wide = sum(sheet.widths[column] for column in range(first, last))
    return wide * 5.25, sum(sheet.heights.get(row, 15.0) for row in range(top, end))


def labelled(
    table: MapTable, portfolio: Portfolio, t: Texts, wide: float, high: float
) -> list[Placed | None]:
    """What each account on the map is called beside its bubble, and where; None: no room."""
    across, upwards = axes_of(portfolio, table.records)
    named = [
        Bubble(across.share(x), upwards.share(y), 0.0, (t(f"portfolio.map.{key}"),))
        for key, (x, y) in _corners(portfolio, table.records, across, upwards)
    ]
    bubbles = [
        Bubble(
            across.share(one.score),
            upwards.share(one.relative),
            one.revenue or 0.0,
            tuple(dict.fromkeys(one.labels)),
        )
        for one in table.records
    ]
    return placed(bubbles, wide, high, named)


def map_chart(
    table: MapTable, portfolio: Portfolio, t: Texts, corners: tuple[str, str], sheet: Sheet
) -> Chart:
    """The picture of the block ``table``; ``sheet``: on which it stands, its measures known.

    It reads all rows of the block, empty ones too: a portfolio open in Excel can be refreshed.
    """
    spots = {spot.number: spot for spot in table.records}
    places = dict(enumerate(labelled(table, portfolio, t, *size_of(sheet, corners)), 1))
    across, upwards = axes_of(portfolio, table.records)
    bubbles = (_bubble(table, n, spots.get(n), places.get(n)) for n in range(1, TOP + 1))
    series = [*_lines(table), *bubbles, *_before(table)]
    shown, every = len(table.records), len(spots_of(portfolio))
    key = "across" if every == shown else "across_some"
    return Chart(
        "bubble", *corners, tuple(series), title=finding(portfolio, t),
        x_title=t(f"portfolio.map.{key}", count=shown, of=every),
        y_title=t("portfolio.map.upwards"),
        x_min=across.low, x_max=across.high, y_min=upwards.low, y_max=upwards.high, legend=False,
        description=t("portfolio.map.described", count=len(table.records)),
    )  # fmt: skip


def called(sheet: Sheet, columns: int) -> dict[str, tuple[str, ...]]:
    """What each account on the sheet *Map* may be called, by each of these: its name comes first.

    ``columns``: of the block, right of which that stands.
    """
    first = columns + _BESIDE + _LABELS
    found: dict[str, tuple[str, ...]] = {}
    for row in range(FIRST, FIRST + TOP):
        cells = (sheet.cells.get((row, column)) for column in (first, first + 1, 1))
        said = tuple(dict.fromkeys(str(cell.content) for cell in cells if cell and cell.content))
        found |= dict.fromkeys(said, said)
    return found


def finding(portfolio: Portfolio, t: Texts) -> str:
    """What the map shows, in one line."""
    found = ahead(portfolio)
    if not found.of:
        return t("portfolio.map.none_compared")
    whose = "focus" if found.focus else "all"
    return t(f"portfolio.map.found_{whose}", ahead=found.ahead, of=found.of)


def color_of(spot: Spot) -> str:
    """Its list's; what an earlier period says is pale."""
    color = COLORS[spot.selected.list]
    if not spot.account.earlier:
        return color
    parts = (int(color[at : at + 2], 16) for at in (0, 2, 4))
    return "".join(f"{round(255 - (255 - part) * _PALE):02X}" for part in parts)


def _lines(table: MapTable) -> Iterator[Series]:
    """Both thresholds, and the names of the quadrants."""
    sheet, left = table.sheet, beside(table)
    for across, upwards in ((0, 1), (2, 3)):
        x, y, size = (_column(table, at, DOTS) for at in (across, upwards, 4))
        yield Series(y, x, color=MUTED, sizes=size)
    for place in range(len(QUADRANTS)):
        row = FIRST + DOTS + place
        x, y, size, name = (sheet.ref(a1(row, left + at)) for at in range(4))
        yield Series(y, x, title_ref=name, color=FAINT, sizes=size, label="name")


def _before(table: MapTable) -> Iterator[Series]:
    """The way from then to now, and the places of then."""
    x, y, size = (_column(table, _TRAILS + at, TOP * _TRAIL) for at in range(3))
    yield Series(y, x, color=MUTED, sizes=size)

    def cells(key: str) -> str:
        column = table.index(key)
        return table.sheet.ref(a1(FIRST, column), a1(FIRST + TOP - 1, column))

    size = _column(table, _MARKS, TOP)
    yield Series(cells("before"), cells("score"), color=FAINT, sizes=size)


def _column(table: MapTable, at: int, rows: int) -> str:
    column = beside(table) + at
    return table.sheet.ref(a1(FIRST, column), a1(FIRST + rows - 1, column))


def _bubble(table: MapTable, number: int, spot: Spot | None, label: Placed | None) -> Series:
    row = HEAD + number

    def cell(key: str) -> str:
        return table.sheet.ref(a1(row, table.index(key)))

    name = cell("number")
    if spot and label and label.text != str(number):
        name = table.sheet.ref(a1(row, beside(table) + _LABELS + spot.labels.index(label.text)))
    return Series(
        cell("relative"), cell("score"), title_ref=name,
        sizes=cell("size"), color=color_of(spot) if spot else FAINT,
        hollow=spot is not None and not spot.judged,
        label="name" if label or spot is None else "", label_at=label.at if label else "r",
    )  # fmt: skip
