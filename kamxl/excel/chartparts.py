"""The furniture of charts in openpyxl's terms: texts, titles, axes, labels, room for each."""

from __future__ import annotations

from typing import Any

from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import NumFmt
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend, LegendEntry
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

from kamxl.excel.filling import Holes
from kamxl.excel.references import area
from kamxl.forms.book import Chart, Series, Sheet, Slot
from kamxl.forms.style import FAINT, FONT, INK, LINE, MUTED, TEXT, WHITE

POINT = 12_700  # English metric units in one point
_UPRIGHT = -5_400_000


def characters(size: float, color: str, *, bold: bool = False) -> CharacterProperties:
    """A typeface for a text in a chart."""
    face = Font(typeface=FONT)
    return CharacterProperties(sz=int(size * 100), b=bold, solidFill=color, latin=face)


def text_look(size: float = 9, color: str = MUTED, *, bold: bool = False) -> RichText:
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
    return title(holes.put(content), characters(9, MUTED), upright=upright)


def value_axis(axis: Any, low: float | None, high: float | None, code: str) -> None:
    """Make an axis of numbers quiet: light gridlines, no line of its own."""
    axis.delete = False
    axis.scaling.min, axis.scaling.max = low, high
    axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=line(LINE, 0.5)))
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
    """A legend at the bottom; a series without a name (a crosshair) is not in it."""
    if not chart.legend:
        return None
    hidden = [
        LegendEntry(idx=at, delete=True)
        for at, series in enumerate(chart.series)
        if not series.title and not series.title_ref
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
