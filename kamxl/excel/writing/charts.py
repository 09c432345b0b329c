"""Charts as openpyxl's objects: one way to draw each kind, and the look they share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openpyxl.chart import BarChart, BubbleChart, LineChart, ScatterChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumFmt, NumRef, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend, LegendEntry
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series as XlSeries
from openpyxl.chart.series import SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)

from kamxl.excel.writing.filling import Holes
from kamxl.excel.writing.references import area
from kamxl.forms.paper.book import UNSCALED, Chart, Series, Sheet, Slot, Symbol
from kamxl.forms.paper.style import FAINT, FONT, INK, LINE, MUTED, TEXT, WHITE

POINT = 12_700  # English metric units in one point
_UPRIGHT = -5_400_000


def characters(size: float, color: str, *, bold: bool = False) -> CharacterProperties:
    """A typeface for a text in a chart."""
    face = Font(typeface=FONT)
    return CharacterProperties(sz=int(size * 100), b=bold, solidFill=color, latin=face)


def text_look(size: float = 10, color: str = MUTED, *, bold: bool = False) -> RichText:
    """How an axis, a legend or labels are written."""
    look = characters(size, color, bold=bold)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)
    return RichText(bodyPr=RichTextProperties(), p=[paragraph])


def line(color: str, width: float, *, dashed: bool = False) -> LineProperties:
    """A line so many points wide."""
    return LineProperties(
        w=int(width * POINT), solidFill=color, prstDash="dash" if dashed else "solid"
    )


def no_line() -> LineProperties:
    """The border that nobody sees."""
    return LineProperties(noFill=True)


def title(
    mark: str, look: CharacterProperties, layout: Layout | None = None, *, upright: bool = False
) -> Title:
    """A title of a chart or an axis."""
    body = RichTextProperties(rot=_UPRIGHT, vert="horz") if upright else RichTextProperties()
    run = RegularTextRun(rPr=look, t=mark)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[run])
    return Title(tx=Text(rich=RichText(bodyPr=body, p=[paragraph])), overlay=False, layout=layout)


def axis_title(content: str | Slot, holes: Holes, *, upright: bool = False) -> Title | None:
    """An axis' title, if it has one."""
    if not content:
        return None
    return title(holes.put(content), characters(10, MUTED), upright=upright)


def value_axis(axis: Any, low: float | None, high: float | None, code: str) -> None:
    """Make an axis of numbers quiet: light gridlines, no line of its own."""
    axis.delete = False
    axis.scaling.min, axis.scaling.max = low, high
    grid = ChartLines(spPr=GraphicalProperties(ln=line(LINE, 0.5)))
    axis.majorGridlines = None if code == UNSCALED else grid
    axis.numFmt = NumFmt(formatCode=code, sourceLinked=False)
    axis.majorTickMark = axis.minorTickMark = "none"
    axis.tickLblPos = "nextTo"
    axis.spPr = GraphicalProperties(ln=no_line())
    axis.txPr = text_look()


def category_axis(axis: Any) -> None:
    """An axis of texts: a fine line, and its labels beside the plot even if bars go below zero."""
    axis.delete = False
    axis.majorTickMark = axis.minorTickMark = "none"
    axis.tickLblPos = "low"
    axis.majorGridlines = None
    axis.spPr = GraphicalProperties(ln=line(FAINT, 0.75))
    axis.txPr = text_look(color=TEXT)
    axis.noMultiLvlLbl = True
    axis.numFmt = NumFmt(formatCode="General", sourceLinked=False)


def labels(series: Series, position: str, color: str = TEXT) -> DataLabelList | None:
    """Labels with the value or with the name of the series."""
    if not series.label:
        return None
    return DataLabelList(
        numFmt=series.label_format,
        spPr=GraphicalProperties(noFill=True, ln=no_line()),
        txPr=text_look(color=color),
        dLblPos=position,
        showLegendKey=False,
        showVal=series.label == "value",
        showCatName=False,
        showSerName=series.label == "name",
        showPercent=False,
        showBubbleSize=False,
    )


def on(color: str) -> str:
    """The colour of a text that is read on another colour."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (0, 2, 4))
    return WHITE if 0.299 * red + 0.587 * green + 0.114 * blue < 150 else TEXT


def legend(chart: Chart) -> Legend | None:
    """A legend at the bottom; what is not drawn or has no name (a crosshair) is not in it."""
    if not chart.legend:
        return None
    hidden = [
        LegendEntry(idx=at, delete=True)
        for at, series in enumerate(chart.series)
        if series.unseen or (not series.title and not series.title_ref)
    ]
    found = Legend()
    found.position = "b"
    found.overlay = False
    found.legendEntry = hidden
    found.txPr = text_look(color=TEXT)
    return found


def size(chart: Chart, sheet: Sheet) -> tuple[float, float]:
    """How wide and how high a chart is, in points, on its sheet's columns and rows."""
    first, last = area(chart.top_left), area(chart.bottom_right)
    columns = range(first.column, last.column)
    rows = range(first.row, last.row)
    wide = sum(sheet.widths.get(column, 9.14) * 5.25 for column in columns)
    return max(wide, 60), max(sum(sheet.heights.get(row, 15) for row in rows), 40)


def chart_title(chart: Chart, holes: Holes, wide: float, high: float) -> Title | None:
    """The chart's title at the top left."""
    if not chart.title:
        return None
    place = ManualLayout(xMode="edge", yMode="edge", x=round(8 / wide, 4), y=round(6 / high, 4))
    return title(holes.put(chart.title), characters(12, INK, bold=True), Layout(place))


def plot_layout(chart: Chart, wide: float, high: float) -> Layout:
    """Where the plot stands, axis labels included, so that every text has its room."""
    left = 8 + (16 if chart.y_title else 0)
    top = 34 if chart.title else 12
    bottom = 8 + (22 if chart.legend else 0) + (16 if chart.x_title else 0)
    place = ManualLayout(
        layoutTarget="outer",
        xMode="edge",
        yMode="edge",
        x=round(left / wide, 4),
        y=round(top / high, 4),
        w=round(max(wide - left - 16, 20) / wide, 4),
        h=round(max(high - top - bottom, 20) / high, 4),
    )
    return Layout(place)


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
        series.spPr = _bar_look(description)
        series.invertIfNegative = False
        if stacked:
            series.dLbls = labels(description, "ctr", on(description.color))
        else:
            series.dLbls = labels(description, "outEnd")
        found.series.append(series)
    return found


def _bar_look(description: Series) -> GraphicalProperties:
    if description.unseen:
        return GraphicalProperties(noFill=True, ln=no_line())
    return GraphicalProperties(solidFill=description.color, ln=no_line())


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
            stroke = line(description.color, description.width, dashed=description.dashed)
            series.spPr = GraphicalProperties(ln=stroke)
            series.marker = Marker("none")
        else:
            series.spPr = GraphicalProperties(ln=no_line())
            unseen = Marker("none")
            series.marker = (
                unseen if description.unseen else _dot(description.color, 8, description.mark)
            )
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
        series.spPr = _bubble_look(description)
        series.dLbls = labels(description, description.label_at)
        found.series.append(series)
    return found


def _bubble_look(description: Series) -> GraphicalProperties:
    if description.hollow:
        return GraphicalProperties(noFill=True, ln=line(description.color, 1.75, dashed=True))
    return GraphicalProperties(solidFill=description.color, ln=line(WHITE, 1))


def _both_axes(found: Any, chart: Chart, holes: Holes) -> None:
    """Two axes of numbers; each stands at the low end of the other."""
    found.varyColors = False
    value_axis(found.x_axis, chart.x_min, chart.x_max, chart.x_format)
    code = UNSCALED if chart.bare_y else chart.y_format
    value_axis(found.y_axis, chart.y_min, chart.y_max, code)
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


def _dot(color: str, across: int, symbol: Symbol = "circle") -> Marker:
    look = GraphicalProperties(solidFill=color, ln=line(WHITE, 0.75))
    return Marker(symbol=symbol, size=across, spPr=look)


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
    for body in tree.findall(f".//dLbls/txPr/{_DRAWINGML}bodyPr"):
        body.set("wrap", "none")  # labels are no longer than there is room for; openpyxl drops it
    for paragraph in tree.findall(f".//txPr/{_DRAWINGML}p"):
        for run in paragraph.findall(f"{_DRAWINGML}r"):  # openpyxl's empty one
            paragraph.remove(run)
    if isinstance(chart, BubbleChart):
        for color in tree.findall(f".//ser/spPr/{_DRAWINGML}solidFill/{_DRAWINGML}srgbClr"):
            color.append(color.makeelement(f"{_DRAWINGML}alpha", {"val": _OPACITY}))
    return tree
