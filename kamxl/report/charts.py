"""A workbook's charts as pictures of the page: any ``Chart`` drawn from the cells that it reads.

The declaration is the workbook's own, so both show the same.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kamxl.forms.paper import style
from kamxl.forms.paper.book import UNSCALED, Book, Chart
from kamxl.report.beside import Box, Dot, Place, box_of, cleared, placed
from kamxl.report.lines import Line, in_words, line_of
from kamxl.report.numbers import Shown
from kamxl.report.plain import plain
from kamxl.report.svg import Axis, axis, element, number, points, stroke, tick, words

WIDTH = 520.0
_LETTER = 7.4  # how wide a letter is at most, on a phone
_LINE = 16.0  # from one line of text to the next
_BAR, _GAP = 18.0, 10.0
_PLOT = 210.0  # how high a plot is that does not grow with its categories
_USUAL = (420.0, 310.0)  # points: the size of a picture over two axes of numbers
_AROUND = (60.0, 72.0)  # points of it that are not plot, across and upwards
_TINY = 1.2  # the radius of a dot that is only there to make a line, or to carry a name
_SMALL = 3.0  # from this radius on a bubble has a rim
_PLAIN = 5.0  # the radius of a dot without a size
_LARGEST = 0.16  # the largest bubble, across, of the plot's shorter side
_LABEL = 22  # letters of a category beside a bar before it breaks


@dataclass(frozen=True, slots=True)
class Legend:
    """A series by name; ``look``: its colour's class."""

    name: str
    look: str
    mark: str = ""  # "line", "circle", "diamond", "triangle"; else a square


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart for the page: its title, what it shows in words, its picture and its legend.

    ``said``: a sentence above the picture.
    """

    title: str
    described: str
    width: int
    height: int
    body: Markup
    legend: tuple[Legend, ...] = ()
    said: str = ""


def drawing_of(
    chart: Chart, book: Book, shown: Shown, size: tuple[float, float] = _USUAL,
    called: Mapping[str, Sequence[str]] | None = None,
) -> Drawing | None:  # fmt: skip
    """A chart as it is drawn on the page; None: no cell of it holds a number.

    ``size``: of the workbook's chart in points. ``called``: by a series' name all that its dot may
    be called, the one that says most first; such a name gets a place of its own.
    """
    lines = [line_of(series, book, shown) for series in chart.series]
    if not any(value is not None for line in lines for value in line.values):
        return None
    if chart.kind in ("bar", "stacked"):
        body, height = _across(chart, lines, shown)
    elif chart.kind in ("column", "line"):
        body, height = _upright(chart, lines, shown)
    else:
        body, height = _crossed(chart, lines, shown, size, called or {})
    title = plain(str(chart.title or chart.description))
    told = in_words(chart, lines, shown)
    described = plain(". ".join(filter(None, (str(chart.description or title).rstrip("."), told))))
    legend = tuple(_legend(chart, lines)) if chart.legend else ()
    return Drawing(title, described, int(WIDTH), round(height), Markup("").join(body), legend)


def _legend(chart: Chart, lines: Sequence[Line]) -> Iterator[Legend]:
    """The names of the series, each behind what it is drawn with."""
    for line in lines:
        if line.name and not line.of.unseen and any(v is not None for v in line.values):
            mark = "" if chart.kind in ("bar", "stacked", "column") else line.of.mark
            yield Legend(plain(line.name), f"f-{line.look}", "line" if line.of.line else mark)


# -- bars from the left to the right ---------------------------------------------------------------


def _across(chart: Chart, lines: Sequence[Line], shown: Shown) -> tuple[list[Markup], float]:
    names = next((line.labels for line in lines if line.labels), ())
    count = max(len(line.values) for line in lines)
    used = [at for at in range(count) if _used(lines, names, at)]
    broken = {at: textwrap.wrap(names[at], _LABEL) if at < len(names) else [] for at in used}
    left = 8 + _LETTER * max((len(part) for parts in broken.values() for part in parts), default=0)
    stacked = chart.kind == "stacked"
    drawn = [line for line in lines if not line.of.unseen]
    thick = _BAR if stacked else max(_BAR / max(len(drawn), 1), 9.0)
    ends = [end for at in used for end in _ends(lines, at, stacked=stacked)]
    low = chart.x_min if chart.x_min is not None else chart.y_min
    high = chart.x_max if chart.x_max is not None else chart.y_max
    scale = axis(ends, low, high, left, WIDTH - 40)
    pattern = chart.x_format if chart.x_format != "0" else chart.y_format
    body: list[Markup] = []
    y = 6.0
    for at in used:
        parts = broken[at]
        high_row = max(thick * (1 if stacked else len(drawn)), _LINE * len(parts)) + _GAP
        middle = y + high_row / 2
        for n, part in enumerate(parts):
            line_at = middle + 4.5 + _LINE * (n - (len(parts) - 1) / 2)
            body.append(words(left - 8, line_at, part, "end"))
        body += _row(lines, at, scale, middle, thick, shown, stacked=stacked)
        y += high_row
    return [*_grid(scale, pattern, shown, 4.0, y, chart.x_title), *body], y + _below(chart)


def _used(lines: Sequence[Line], names: Sequence[str], at: int) -> bool:
    known = any(at < len(line.values) and line.values[at] is not None for line in lines)
    return known or (at < len(names) and bool(names[at]))


def _below(chart: Chart) -> float:
    return 42.0 if chart.x_title else 24.0


def _grid(
    scale: Axis, pattern: str, shown: Shown, top: float, bottom: float, title: object
) -> Iterator[Markup]:
    """Upright lines at an axis' steps, their numbers below, and what they count."""
    for step in scale.ticks if pattern != UNSCALED else ():
        x = scale.at(step)
        look = "faint" if abs(step) < 1e-9 else "line"
        yield stroke(points([(x, top), (x, bottom)]), look)
        yield words(x, bottom + 17, tick(shown, step, pattern), "middle", "f-muted")
    if title:
        middle = (scale.start + scale.end) / 2
        yield words(middle, bottom + 36, str(title), "middle", "f-muted")


def _ends(lines: Sequence[Line], at: int, *, stacked: bool) -> Iterator[float]:
    """How far the bars of a category reach."""
    values = [line.values[at] or 0.0 for line in lines if at < len(line.values)]
    if stacked:
        yield sum(value for value in values if value > 0)
        yield sum(value for value in values if value < 0)
    else:
        yield from values


def _row(
    lines: Sequence[Line], at: int, scale: Axis, middle: float, thick: float, shown: Shown,
    *, stacked: bool,
) -> Iterator[Markup]:  # fmt: skip
    """The bars of one category: one after the other, or below one another."""
    ahead, behind = 0.0, 0.0
    drawn = [line for line in lines if not line.of.unseen]
    for line in lines:
        value = line.values[at] if at < len(line.values) else None
        if value is None:
            continue
        begin, y = 0.0, middle - thick / 2
        if stacked:
            begin = ahead if value > 0 else behind
            ahead, behind = ahead + max(value, 0.0), behind + min(value, 0.0)
        else:
            y = middle + thick * (drawn.index(line) - len(drawn) / 2)
        if line.of.unseen:
            continue
        yield from _bar(line, value, (scale.at(begin), scale.at(begin + value)), y, thick, shown)


def _bar(
    line: Line, value: float, ends: tuple[float, float], y: float, thick: float, shown: Shown
) -> Iterator[Markup]:
    x, wide = min(ends), abs(ends[1] - ends[0])
    text = shown.number(value, line.of.label_format)
    said = f"{line.name}: {text}" if line.name else text
    yield element(
        "rect", said, x=x, y=y, width=wide, height=thick - 1, class_=f"f-{line.look}",
    )  # fmt: skip
    if line.of.label == "value" and text:
        right = value >= 0
        place = max(ends) + 5 if right else min(ends) - 5
        yield words(place, y + thick / 2 + 4.5, text, "start" if right else "end", "f-text strong")


# -- categories from the left to the right ---------------------------------------------------------


def _upright(chart: Chart, lines: Sequence[Line], shown: Shown) -> tuple[list[Markup], float]:
    names = next((line.labels for line in lines if line.labels), ())
    used = [at for at in range(max(len(line.values) for line in lines)) if _used(lines, names, at)]
    values = [v for line in lines for v in line.values if v is not None]
    top, bottom = 18.0, 18.0 + _PLOT
    scale = axis(values, chart.y_min, chart.y_max, bottom, top)
    left = _left(scale, chart, shown)
    body = list(_levels(scale, chart, shown, left))
    wide = (WIDTH - 12 - left) / max(len(used), 1)
    broken = [textwrap.wrap(names[at], max(int(wide / _LETTER), 4)) if at < len(names) else []
              for at in used]  # fmt: skip
    for n, parts in enumerate(broken):
        for row, part in enumerate(parts):
            x, y = left + wide * (n + 0.5), bottom + 18 + _LINE * row
            body.append(words(x, y, part, "middle"))
    draw = _columns if chart.kind == "column" else _lines
    body += draw(lines, used, scale, left, wide, shown)
    down = bottom + 10 + _LINE * max(map(len, broken), default=0)
    if chart.x_title:
        down += _LINE
        body.append(words((left + WIDTH) / 2, down, str(chart.x_title), "middle", "f-muted"))
    return body, down + 8


def _left(scale: Axis, chart: Chart, shown: Shown) -> float:
    """How far from the left a plot begins, so that the numbers beside it have their room."""
    longest = max(len(tick(shown, step, chart.y_format)) for step in scale.ticks)
    return 14 + _LETTER * longest + (_LINE + 2) * len(_beside(chart, scale))


def _levels(scale: Axis, chart: Chart, shown: Shown, left: float) -> Iterator[Markup]:
    """Level lines at an axis' steps, with their numbers, and what they count."""
    for step in () if chart.bare_y else scale.ticks:
        y = scale.at(step)
        yield stroke(points([(left, y), (WIDTH - 12, y)]), "faint" if not step else "line")
        yield words(left - 7, y + 4.5, tick(shown, step, chart.y_format), "end", "f-muted")
    y = (scale.start + scale.end) / 2
    for at, line in enumerate(_beside(chart, scale)):
        x = 14 + _LINE * at
        turned = f"rotate(-90 {number(x)} {number(y)})"
        yield words(x, y, line, "middle", "f-muted", transform=turned)


def _beside(chart: Chart, scale: Axis) -> list[str]:
    """The title of an upright axis, in as many lines as its height asks for."""
    letters = int(abs(scale.start - scale.end) / _LETTER)
    return textwrap.wrap(str(chart.y_title or ""), max(letters, 8))


def _columns(
    lines: Sequence[Line], used: Sequence[int], scale: Axis, left: float, wide: float, shown: Shown
) -> Iterator[Markup]:
    thick = min(wide * 0.7 / len(lines), 42.0)
    for n, at in enumerate(used):
        for m, line in enumerate(lines):
            value = line.values[at] if at < len(line.values) else None
            if value is None or line.of.unseen:
                continue
            x = left + wide * (n + 0.5) + thick * (m - len(lines) / 2)
            y, zero = scale.at(value), scale.at(max(min(0.0, scale.high), scale.low))
            text = shown.number(value, line.of.label_format)
            yield element(
                "rect", f"{line.name}: {text}", x=x, y=min(y, zero), width=thick - 1,
                height=abs(zero - y), class_=f"f-{line.look}",
            )  # fmt: skip
            if line.of.label == "value":
                yield words(x + thick / 2, min(y, zero) - 5, text, "middle", "f-text strong")


def _lines(
    lines: Sequence[Line], used: Sequence[int], scale: Axis, left: float, wide: float, shown: Shown
) -> Iterator[Markup]:
    for line in lines:
        known = {n: v for n, at in enumerate(used)
                 if at < len(line.values) and (v := line.values[at]) is not None}  # fmt: skip
        spots = {n: (left + wide * (n + 0.5), scale.at(value)) for n, value in known.items()}
        for run in _runs(sorted(spots)):
            if len(run) > 1:
                path = points([spots[n] for n in run])
                yield stroke(path, line.look, dashed=line.of.dashed, width=2.25)
        for n, (x, y) in spots.items():
            text = shown.number(known[n], line.of.label_format)
            if not line.of.line:
                said = f"{line.name}: {text}"
                yield element("circle", said, cx=x, cy=y, r=4.0, class_=f"f-{line.look}")
            if line.of.label == "value":
                yield words(x, y - 9, text, "middle", "f-text strong")


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Numbers without a gap: where a value is missing, no line is drawn."""
    run: list[int] = []
    for at in numbers:
        if run and at != run[-1] + 1:
            yield run
            run = []
        run.append(at)
    if run:
        yield run


# -- two axes of numbers ---------------------------------------------------------------------------


def _crossed(
    chart: Chart, lines: Sequence[Line], shown: Shown, size: tuple[float, float],
    called: Mapping[str, Sequence[str]],
) -> tuple[list[Markup], float]:  # fmt: skip
    across = [x for line in lines for x in line.across if x is not None]
    upwards = [y for line in lines for y in line.values if y is not None]
    scale = WIDTH / size[0]
    top, bottom = 14.0, 14.0 + (size[1] - _AROUND[1]) * scale
    upright = axis(upwards, chart.y_min, chart.y_max, bottom, top)
    left = 12.0 if chart.bare_y else _left(upright, chart, shown)
    level = axis(across, chart.x_min, chart.x_max, left, WIDTH - 16)
    largest = min(bottom - top, WIDTH - left) * _LARGEST / 2
    body = [*_levels(upright, chart, shown, left),
            *_grid(level, chart.x_format, shown, top, bottom, chart.x_title)]  # fmt: skip
    most = max((s for line in lines for s in line.sizes if s), default=1.0)
    texts: list[Markup] = []  # above all that is drawn
    dots: list[Dot] = []
    fixed: list[Place] = []  # the names of parts of the plot
    for line in lines:
        pairs = zip(line.across, line.values, strict=False)
        spots = [(x, y, n) for n, (x, y) in enumerate(pairs) if x is not None and y is not None]
        if line.of.line:
            path = points([(level.at(x), upright.at(y)) for x, y, _ in spots])
            if len(spots) > 1:
                body.append(stroke(path, line.look, dashed=line.of.dashed, width=line.of.width))
            continue
        for x, y, n in spots:
            text = f"{line.labels[n]} / {line.told[n]}"
            names = tuple(called.get(line.name, ()))
            radius = _radius_of(line, n, largest, most, named=bool(names))
            dot = Dot(level.at(x), upright.at(y), radius, names)
            body += _dot(line, dot, text)
            dots.append(dot)
            if line.of.label and not dot.labels:
                place = _place(line, dot, text)
                if called:
                    fixed.append(place)
                else:
                    texts.append(_written(line, place))
    plot = Box(left, top, WIDTH - 4, bottom)
    fixed = cleared(fixed, dots, plot)
    texts += [words(*one[1:3], one.text, one.anchor, "f-muted strong halo") for one in fixed]
    taken = [box_of(one) for one in fixed]
    texts += [words(place.x, place.y, place.text, place.anchor, "f-ink strong halo")
              for place in placed(dots, plot, taken) if place is not None]  # fmt: skip
    return [*body, *texts], bottom + _below(chart)


def _radius_of(line: Line, n: int, largest: float, most: float, *, named: bool) -> float:
    """A dot that is named is seen; those that make a line stay dots."""
    if n >= len(line.sizes) or (area := line.sizes[n]) is None:
        return _PLAIN
    exact = largest * math.sqrt(max(area, 0.0) / most)
    return max(exact, _SMALL + 0.5) if named or exact > _TINY else _TINY


def _dot(line: Line, dot: Dot, text: str) -> Iterator[Markup]:
    said = f"{line.name}: {text}" if line.name else text
    if line.of.hollow:
        yield element(
            "circle", said, cx=dot.x, cy=dot.y, r=dot.radius, class_=f"s-{line.look}", fill="none",
            stroke_width=1.75, stroke_dasharray="4 3",
        )  # fmt: skip
    elif not line.of.unseen and not (line.of.label and not dot.labels and dot.radius <= _TINY):
        yield _mark(line, dot.x, dot.y, dot.radius, said)


def _place(line: Line, dot: Dot, text: str) -> Place:
    """Where the workbook's chart has the text of a dot, or in it."""
    shown = line.name if line.of.label == "name" else text.rpartition(" / ")[2]
    x, y, away = dot.x, dot.y, dot.radius + 4
    places = {
        "r": (x + away, y + 4.5, "start"), "l": (x - away, y + 4.5, "end"),
        "t": (x, y - away, "middle"), "b": (x, y + away + 10, "middle"),
        "ctr": (x, y + 4.5, "middle"),
    }  # fmt: skip
    return Place(shown, *places[line.of.label_at])


def _written(line: Line, place: Place) -> Markup:
    look = "f-muted strong halo" if line.of.color == style.FAINT else "f-ink strong halo"
    if line.of.label_at == "ctr" and not line.of.hollow:
        look = "f-page strong"
    return words(place.x, place.y, place.text, place.anchor, look)


def _mark(line: Line, x: float, y: float, radius: float, said: str) -> Markup:
    """A dot; or what tells it from others by more than its colour."""
    kind = line.of.mark
    look = f"f-{line.look}"
    if kind == "diamond":
        r = radius + 1.5
        path = points([(x, y - r), (x + r, y), (x, y + r), (x - r, y)]) + "Z"
        return element("path", said, d=path, class_=look)
    if kind == "triangle":
        r = radius + 1
        path = points([(x, y - r), (x + r, y + r), (x - r, y + r)]) + "Z"
        return element("path", said, d=path, class_=look)
    if kind == "square":
        return element(
            "rect", said, x=x - radius, y=y - radius, width=2 * radius, height=2 * radius,
            class_=look,
        )  # fmt: skip
    over = "0.8" if line.of.sizes and radius > _SMALL else None  # bubbles lie over one another
    return element(
        "circle", said, cx=x, cy=y, r=radius, class_=f"{look} s-page" if over else look,
        fill_opacity=over,
    )  # fmt: skip
