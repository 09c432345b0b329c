"""Charts in memory, as openpyxl keeps them when it loads a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from openpyxl.chart import Reference, Series
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing

from tests.engines.backend import Line, Place
from tests.engines.cells import Box, quoted, split_reference

_GROUPED = {"clustered": "clustered", "stacked": "stacked", "percentStacked": "stacked_100"}
_PLAIN = {
    "PieChart": "pie",
    "DoughnutChart": "doughnut",
    "ScatterChart": "xy_scatter",
    "BubbleChart": "bubble",
    "RadarChart": "radar",
}
_LINES = {"standard": "", "stacked": "_stacked", "percentStacked": "_stacked_100"}


def _frame(chart: Any) -> Any:
    """Where a loaded chart has its name, if it has one."""
    frame = getattr(chart.anchor, "graphicFrame", None)
    return frame.nvGraphicFramePr.cNvPr if frame is not None else None


@contextmanager
def named_charts() -> Iterator[None]:
    """While saving, charts keep their names; openpyxl would number them anew."""
    original = SpreadsheetDrawing._chart_frame

    def keeping(self: Any, number: int) -> Any:
        frame = original(self, number)
        name = names.get(id(self.charts[number - 1]))
        if name:
            frame.nvGraphicFramePr.cNvPr.name = name
        return frame

    names: dict[int, str] = {}
    write = SpreadsheetDrawing._write

    def writing(self: Any) -> Any:
        names.update({id(c): f.name for c in self.charts if (f := _frame(c)) is not None})
        return write(self)

    SpreadsheetDrawing._chart_frame, SpreadsheetDrawing._write = keeping, writing
    try:
        yield
    finally:
        SpreadsheetDrawing._chart_frame, SpreadsheetDrawing._write = original, write


class MemoryChart:
    """A chart in memory."""

    def __init__(self, sheet: Any, chart: Any) -> None:
        self.sheet, self.chart = sheet, chart

    @property
    def name(self) -> str:
        frame = _frame(self.chart)
        return frame.name if frame is not None else f"Chart {self._number}"

    @property
    def _number(self) -> int:
        return 1 + [id(c) for c in self.sheet.sheet._charts].index(id(self.chart))

    @property
    def kind(self) -> str:
        chart, parts = self.chart, {type(one).__name__ for one in self.chart._charts}
        kind = type(chart).__name__
        if len(parts) > 1:
            return "combination"
        if kind == "BarChart":
            direction = "column" if chart.barDir == "col" else "bar"
            return f"{direction}_{_GROUPED[chart.grouping or 'clustered']}"
        if kind == "LineChart":
            marked = any(s.marker is None or s.marker.symbol != "none" for s in chart.ser)
            return f"line{'_markers' * marked}{_LINES[chart.grouping or 'standard']}"
        if kind == "AreaChart":
            return f"area{_LINES[chart.grouping or 'standard']}"
        if kind in _PLAIN:
            return _PLAIN[kind]
        raise NotImplementedError(f"Chart.chart_type of a {kind}")

    def series(self) -> list[MemorySeries]:
        return [MemorySeries(self, one) for part in self.chart._charts for one in part.ser]

    def point(self, lines: Sequence[Line]) -> None:
        """Series anew; what stays keeps its look, as in Excel."""
        series = self.chart.ser
        del series[len(lines) :]
        for at, line in enumerate(lines):
            if at == len(series):
                series.append(self._new(line.values))
            one = series[at]
            one.val = NumDataSource(numRef=NumRef(f=_reference(*line.values)))
            one.tx = _label(line.name)
            if line.categories:
                one.cat = _categories(*line.categories)

    def _new(self, place: Place) -> Any:
        sheet, box = place
        worksheet = self.sheet.book.book[sheet]
        return Series(Reference(worksheet, box.column, box.row, box.last_column, box.last_row))

    def set_categories(self, sheet: str, box: Box) -> None:
        if self.kind in ("bubble", "xy_scatter"):
            for one in self.chart.ser:
                one.xVal = AxDataSource(numRef=NumRef(f=_reference(sheet, box)))
            return
        for part in self.chart._charts:
            for one in part.ser:
                one.cat = _categories(sheet, box)

    def scale(self) -> tuple[float | None, float | None]:
        scaling = self.chart.y_axis.scaling
        return scaling.min, scaling.max

    def set_scale(self, minimum: float | None, maximum: float | None) -> None:
        self.chart.y_axis.scaling.min, self.chart.y_axis.scaling.max = minimum, maximum

    def place(self) -> tuple[float, float, float, float]:
        """Points from the left and the top; width and height."""
        anchor = self.chart.anchor
        if not hasattr(anchor, "_from"):
            raise NotImplementedError("the place of a chart that is not tied to a cell")
        left, top = self._at(anchor._from)
        if hasattr(anchor, "to"):
            right, bottom = self._at(anchor.to)
            return left, top, right - left, bottom - top
        return left, top, anchor.ext.width / _EMU, anchor.ext.height / _EMU

    def _at(self, marker: Any) -> tuple[float, float]:
        left = self.sheet.left(marker.col + 1) + marker.colOff / _EMU
        return left, self.sheet.top(marker.row + 1) + marker.rowOff / _EMU

    def set_place(self, left: float, top: float, width: float, height: float) -> None:
        anchor = self.chart.anchor
        self._mark(anchor._from, left, top)
        if hasattr(anchor, "to"):
            self._mark(anchor.to, left + width, top + height)
        else:
            anchor.ext.width, anchor.ext.height = round(width * _EMU), round(height * _EMU)

    def _mark(self, marker: Any, left: float, top: float) -> None:
        marker.col, rest = _found(self.sheet.left, left)
        marker.colOff = round(rest * _EMU)
        marker.row, rest = _found(self.sheet.top, top)
        marker.rowOff = round(rest * _EMU)


_EMU = 12700  # of a point


def _found(start: Callable[[int], float], at: float) -> tuple[int, float]:
    """The column or row (from 0) that a distance in points falls into, and the rest."""
    number = 1
    while start(number + 1) <= at + 1e-6:
        number += 1
    return number - 1, max(at - start(number), 0)


def _label(name: Place | str | None) -> SeriesLabel | None:
    if name is None:
        return None
    if isinstance(name, str):
        return SeriesLabel(v=name)
    return SeriesLabel(strRef=StrRef(f=_reference(*name)))


def _reference(sheet: str, box: Box) -> str:
    return f"{quoted(sheet)}!{box.address()}"


def _categories(sheet: str, box: Box) -> AxDataSource:
    return AxDataSource(strRef=StrRef(f=_reference(sheet, box)))


def _said(source: Any) -> str | None:
    """The reference of a series' data."""
    return _absolute(source and (source.numRef or getattr(source, "strRef", None)))


def _absolute(found: Any) -> str | None:
    return _reference(*split_reference(found.f)) if found else None


class MemorySeries:
    """A series in memory."""

    def __init__(self, chart: MemoryChart, series: Any) -> None:
        self.chart, self.one = chart, series

    def name(self) -> str | None:
        title = self.one.tx
        if title is None:
            return None
        if title.strRef is None:
            return str(title.v)
        sheet, box = split_reference(title.strRef.f)
        found = next(s for s in self.chart.sheet.book.sheets() if s.title == sheet)
        return found.read(box)[0][0]

    def references(self) -> dict[str, str | None]:
        one = self.one
        title = _absolute(one.tx.strRef) if one.tx is not None else None
        found = {
            "values": _said(one.val) or _said(one.yVal),
            "categories": _said(one.cat) or _said(one.xVal),
            "name": title,
        }
        sizes = _said(getattr(one, "bubbleSize", None))
        return {**found, "sizes": sizes} if sizes else found

    def rename(self, name: Place | str) -> None:
        self.one.tx = _label(name)

    def _shape(self) -> Any:
        if self.one.graphicalProperties is None:
            self.one.graphicalProperties = GraphicalProperties()
        return self.one.graphicalProperties

    @property
    def fill(self) -> str | None:
        return _colour(self._shape().solidFill)

    @fill.setter
    def fill(self, value: str | None) -> None:
        self._shape().solidFill = value

    @property
    def line(self) -> str | None:
        return _colour(self._shape().ln.solidFill) if self._shape().ln else None

    @line.setter
    def line(self, value: str | None) -> None:
        if self._shape().ln is None:
            self._shape().ln = LineProperties()
        self._shape().ln.solidFill = value


def _colour(found: Any) -> str | None:
    found = found.srgbClr if found is not None else None
    return str(getattr(found, "val", found)).upper() if found is not None else None
