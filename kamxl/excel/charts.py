"""Charts as openpyxl's objects: one way to draw each kind, and the look they share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openpyxl.chart import BarChart, BubbleChart, LineChart, ScatterChart
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series as XlSeries
from openpyxl.chart.series import SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties

from kamxl.excel.chartparts import (
    axis_title,
    category_axis,
    chart_title,
    labels,
    legend,
    line,
    no_line,
    on,
    plot_layout,
    size,
    text_look,
    value_axis,
)
from kamxl.excel.filling import Holes
from kamxl.forms.book import Chart, Series, Sheet
from kamxl.forms.style import WHITE

_DRAWINGML = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_OPACITY = "70000"  # bubbles lie over one another: 70 %


def draw(chart: Chart, sheet: Sheet, holes: Holes) -> Any:
    """A chart of openpyxl, with its ``corners`` and a mark for its ``description``."""
    found = _KINDS[chart.kind](chart, holes)
    wide, high = size(chart, sheet)
    found.title = chart_title(chart, holes, wide, high)
    found.layout = plot_layout(chart, wide, high)
    found.legend = legend(chart)
    found.style = None
    found.roundedCorners = False
    found.display_blanks = "gap"
    found.visible_cells_only = False  # helper columns may be hidden
    found.graphical_properties = GraphicalProperties(solidFill=WHITE, ln=no_line())
    found.plot_area.spPr = GraphicalProperties(noFill=True, ln=no_line())
    found.corners = (chart.top_left, chart.bottom_right)
    found.description = holes.put(chart.description or chart.title)
    return found


def _bar(chart: Chart, holes: Holes) -> BarChart:
    """Horizontal bars, the first category on top, the scale at the bottom."""
    found = _bars(chart, holes)
    found.type = "bar"
    found.x_axis.axPos, found.y_axis.axPos = "l", "b"
    found.x_axis.scaling.orientation = "maxMin"
    found.y_axis.crosses = "max"
    # x is what lies horizontally, here the values; y is accepted for them as well.
    low = chart.x_min if chart.x_min is not None else chart.y_min
    high = chart.x_max if chart.x_max is not None else chart.y_max
    code = chart.x_format if chart.x_format != "0" else chart.y_format
    value_axis(found.y_axis, low, high, code)
    found.y_axis.title = axis_title(chart.x_title, holes)
    found.x_axis.title = axis_title(chart.y_title, holes, upright=True)
    return found


def _stacked(chart: Chart, holes: Holes) -> BarChart:
    found = _bar(chart, holes)
    found.grouping = "stacked"
    found.overlap = 100
    return found


def _column(chart: Chart, holes: Holes) -> BarChart:
    found = _bars(chart, holes)
    found.type = "col"
    value_axis(found.y_axis, chart.y_min, chart.y_max, chart.y_format)
    found.x_axis.title = axis_title(chart.x_title, holes)
    found.y_axis.title = axis_title(chart.y_title, holes, upright=True)
    return found


def _bars(chart: Chart, holes: Holes) -> BarChart:
    found = BarChart()
    found.gapWidth = 60
    found.varyColors = False
    category_axis(found.x_axis)
    stacked = chart.kind == "stacked"
    for at, description in enumerate(chart.series):
        series = _categorised(description, at, holes)
        series.spPr = GraphicalProperties(solidFill=description.color, ln=no_line())
        series.invertIfNegative = False
        if stacked:
            series.dLbls = labels(description, "ctr", on(description.color))
        else:
            series.dLbls = labels(description, "outEnd")
        found.series.append(series)
    return found


def _line(chart: Chart, holes: Holes) -> LineChart:
    found = LineChart()
    found.varyColors = False
    category_axis(found.x_axis)
    value_axis(found.y_axis, chart.y_min, chart.y_max, chart.y_format)
    found.x_axis.title = axis_title(chart.x_title, holes)
    found.y_axis.title = axis_title(chart.y_title, holes, upright=True)
    for at, description in enumerate(chart.series):
        series = _categorised(description, at, holes)
        stroke = line(description.color, 2.25, dashed=description.dashed)
        series.spPr = GraphicalProperties(ln=stroke)
        series.marker = Marker("none") if description.line else _dot(description.color, 6)
        series.smooth = False
        series.dLbls = labels(description, "t")
        found.series.append(series)
    return found


def _scatter(chart: Chart, holes: Holes) -> ScatterChart:
    found = ScatterChart()
    found.style = None
    found.scatterStyle = "lineMarker"
    _both_axes(found, chart, holes)
    for at, description in enumerate(chart.series):
        series = _crossed(description, at, holes)
        if description.line:
            stroke = line(description.color, 1, dashed=description.dashed)
            series.spPr = GraphicalProperties(ln=stroke)
            series.marker = Marker("none")
        else:
            series.spPr = GraphicalProperties(ln=no_line())
            series.marker = _dot(description.color, 8)
        series.smooth = False
        series.dLbls = labels(description, "r")
        found.series.append(series)
    return found


def _bubble(chart: Chart, holes: Holes) -> BubbleChart:
    found = BubbleChart()
    found.bubbleScale = 60
    found.showNegBubbles = False
    found.sizeRepresents = "area"
    _both_axes(found, chart, holes)
    for at, description in enumerate(chart.series):
        series = _crossed(description, at, holes)
        series.bubbleSize = NumDataSource(numRef=NumRef(f=description.sizes))
        series.bubble3D = False
        series.invertIfNegative = False
        series.spPr = GraphicalProperties(solidFill=description.color, ln=line(WHITE, 1))
        series.dLbls = labels(description, "r")
        found.series.append(series)
    return found


def _both_axes(found: Any, chart: Chart, holes: Holes) -> None:
    """Two axes of numbers; each stands at the low end of the other."""
    found.varyColors = False
    value_axis(found.x_axis, chart.x_min, chart.x_max, chart.x_format)
    value_axis(found.y_axis, chart.y_min, chart.y_max, chart.y_format)
    found.x_axis.crosses = found.y_axis.crosses = "min"
    found.x_axis.title = axis_title(chart.x_title, holes)
    found.y_axis.title = axis_title(chart.y_title, holes, upright=True)


def _categorised(description: Series, at: int, holes: Holes) -> Any:
    series: Any = XlSeries(idx=at, order=at, tx=_name(description, holes))
    series.val = NumDataSource(numRef=NumRef(f=description.values))
    if description.categories:
        series.cat = AxDataSource(strRef=StrRef(f=description.categories))
    return series


def _crossed(description: Series, at: int, holes: Holes) -> Any:
    series: Any = XYSeries(idx=at, order=at, tx=_name(description, holes))
    series.xVal = AxDataSource(numRef=NumRef(f=description.categories))
    series.yVal = NumDataSource(numRef=NumRef(f=description.values))
    return series


def _name(description: Series, holes: Holes) -> SeriesLabel | None:
    if description.title_ref:
        return SeriesLabel(strRef=StrRef(f=description.title_ref))
    return SeriesLabel(v=holes.put(description.title)) if description.title else None


def _dot(color: str, across: int) -> Marker:
    look = GraphicalProperties(solidFill=color, ln=line(WHITE, 0.75))
    return Marker(symbol="circle", size=across, spPr=look)


_KINDS: dict[str, Callable[[Chart, Holes], Any]] = {
    "bar": _bar,
    "stacked": _stacked,
    "column": _column,
    "line": _line,
    "scatter": _scatter,
    "bubble": _bubble,
}


def part(chart: Any) -> Any:
    """The element tree of a chart's part, with what openpyxl offers no way to say."""
    tree = chart._write()
    tree.append(text_look().to_tree("txPr"))
    if chart.title is None:  # else Excel shows the name of an only series as title
        inner = tree.find("chart")
        inner.insert(0, inner.makeelement("autoTitleDeleted", {"val": "1"}))
    for node in tree.iter():
        if node.tag == "numFmt" and "sourceLinked" not in node.attrib:
            node.set("sourceLinked", "0")
    for paragraph in tree.findall(f".//txPr/{_DRAWINGML}p"):
        for run in paragraph.findall(f"{_DRAWINGML}r"):  # openpyxl's empty one
            paragraph.remove(run)
    if isinstance(chart, BubbleChart):
        for color in tree.findall(f".//ser/spPr/{_DRAWINGML}solidFill/{_DRAWINGML}srgbClr"):
            color.append(color.makeelement(f"{_DRAWINGML}alpha", {"val": _OPACITY}))
    return tree
