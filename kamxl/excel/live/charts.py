"""Charts of an open workbook: made to read the rows where their numbers stand now."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from kamxl.excel.live.blocks import Titles, renamed
from kamxl.excel.live.bridge import xw
from kamxl.excel.writing.references import Area, area
from kamxl.forms.paper.book import Chart, Series, Sheet
from kamxl.forms.paper.raw import a1

_TYPES = {
    "bar": "bar",
    "stacked": "bar",
    "column": "column",
    "line": "line",
    "scatter": "xy",
    "bubble": "bubble",
}


def followed(chart: Chart) -> bool:
    """Whether a chart can be made to read other cells: its values stand side by side.

    A bubble chart cannot; it has to read the same cells for good.
    """
    return chart.kind != "bubble" and _source(chart.series) is not None


def fit(live: xw.Sheet, sheet: Sheet, *, moved: bool) -> bool:
    """Whether the charts that stand there can show a description's; ``moved``: other columns."""
    there = {chart.name: chart for chart in live.charts}
    pairs = [(chart, there.get(f"Chart {n}")) for n, chart in enumerate(sheet.charts, 1)]
    if pairs and not any(found for _, found in pairs):
        return False  # there was nothing to show yet
    for chart, found in pairs:
        if found is not None and not found.chart_type.startswith(_TYPES[chart.kind]):
            return False
        if found is not None and _somebody_elses(found, chart):
            return False
        if moved and chart.kind != "bubble" and not followed(chart):
            return False
    return True


def _somebody_elses(found: xw.Chart, chart: Chart) -> bool:
    """Whether a chart only has the name of ours, which Excel gives to any: ours are described.

    Only Excel on Windows tells; elsewhere the name counts.
    """
    with contextlib.suppress(Exception):
        text = found.api[0].ShapeRange.AlternativeText
        return bool(chart.description) and isinstance(text, str) and not text.strip()
    return False


def follow(live: xw.Sheet, sheet: Sheet, titles: Titles) -> None:
    """Bring the sheet's charts up to date; one that somebody deleted stays away."""
    there = {chart.name: chart for chart in live.charts}
    for number, chart in enumerate(sheet.charts, 1):
        found = there.get(f"Chart {number}")
        if found is None:
            continue
        if followed(chart):
            _point(live, found, chart, titles)
        elif chart.kind == "bubble":
            _scale(found, chart)  # else a bubble might lie where the axis does not reach any more
        _color(found, chart)


def _point(live: xw.Sheet, found: xw.Chart, chart: Chart, titles: Titles) -> None:
    source = _source(chart.series)
    if source is None:
        raise ValueError("the values of a chart do not stand side by side")
    block, across = source
    target = live.book.sheets[titles.get(block.sheet, block.sheet)]
    found.set_source_data(target.range(_cells(block)), plot_by="rows" if across else "columns")
    categories = chart.series[0].categories
    if categories is not None:
        place = area(categories)
        named = live.book.sheets[titles.get(place.sheet, place.sheet)]
        found.set_x_axis_values(named.range(_cells(place)))
    for series, live_series in zip(chart.series, found.series, strict=True):
        live_series.set(name=_name(series, titles))
    _scale(found, chart)
    _place(live, found, chart)


def _name(series: Series, titles: Titles) -> str:
    if series.title_ref is not None:
        return "=" + renamed(series.title_ref, titles)
    return str(series.title)


def _source(series: Sequence[Series]) -> tuple[Area, bool] | None:
    """The block in which the values stand side by side, and whether each is a row of it."""
    areas = [area(one.values) for one in series]
    first = areas[0]
    down = [(a.row, a.last_row, a.column) for a in areas]
    across = [(a.column, a.last_column, a.row) for a in areas]
    is_row = first.row == first.last_row and first.column != first.last_column
    ends, steps = (across, first.row) if is_row else (down, first.column)
    expected = [(ends[0][0], ends[0][1], steps + n) for n in range(len(areas))]
    if ends != expected or any(a.sheet != first.sheet for a in areas):
        return None
    last = areas[-1]
    return Area(first.sheet, first.row, first.column, last.last_row, last.last_column), is_row


def _cells(place: Area) -> str:
    return f"{a1(place.row, place.column)}:{a1(place.last_row, place.last_column)}"


def _scale(found: xw.Chart, chart: Chart) -> None:
    """The ends of the value axis, which bars have across."""
    low, high = (chart.y_min, chart.y_max)
    if chart.kind in ("bar", "stacked"):
        low, high = chart.x_min, chart.x_max
    if low is not None:
        found.value_axis.minimum_scale = low
    if high is not None:
        found.value_axis.maximum_scale = high


def _place(live: xw.Sheet, found: xw.Chart, chart: Chart) -> None:
    """From its first row to its last one: rows may have moved. Columns are the manager's."""
    top, end = live.range(chart.top_left).top, live.range(chart.bottom_right).top
    found.top, found.height = top, end - top


def _color(found: xw.Chart, chart: Chart) -> None:
    for series, live_series in zip(chart.series, found.series, strict=False):
        color = f"#{series.color}"
        if chart.kind == "line":
            live_series.set(line_color=color)
        elif not series.line:
            live_series.set(fill_color=color)
