"""Charts in LibreOffice, through the model behind the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.engines.backend import Line, Place
from tests.engines.cells import Box, quoted, split_reference
from tests.engines.office_text import office_reference, to_excel

if TYPE_CHECKING:
    from tests.engines.office_sheet import OfficeSheet

_KINDS = {
    "PieChartType": "pie",
    "DonutChartType": "doughnut",
    "ScatterChartType": "xy_scatter",
    "BubbleChartType": "bubble",
    "NetChartType": "radar",
    "AreaChartType": "area",
    "LineChartType": "line",
}
_POINTS = 72 / 2540  # of a hundredth of a millimetre


def charts_of(sheet: OfficeSheet) -> list[OfficeChart]:
    """The charts on a sheet's drawing layer, from the back to the front."""
    page = sheet.sheet.DrawPage
    shapes = [page.getByIndex(number) for number in range(page.Count)]
    objects = [shape for shape in shapes if shape.ShapeType.endswith("OLE2Shape")]
    return [OfficeChart(sheet, shape) for shape in objects if hasattr(shape.Model, "FirstDiagram")]


class OfficeChart:
    """A chart in LibreOffice."""

    def __init__(self, sheet: OfficeSheet, shape: Any) -> None:
        self.sheet, self.shape, self.model = sheet, shape, shape.Model

    @property
    def name(self) -> str:
        return str(self.shape.Name)

    @property
    def _system(self) -> Any:
        return self.model.getFirstDiagram().getCoordinateSystems()[0]

    @property
    def _types(self) -> Sequence[Any]:
        return [t for t in self._system.getChartTypes() if t.getDataSeries()]

    @property
    def kind(self) -> str:
        types = self._types or self._system.getChartTypes()
        if len({one.getChartType() for one in types}) > 1:
            return "combination"
        name = types[0].getChartType().rpartition(".")[2]
        series = types[0].getDataSeries()
        if name == "ColumnChartType":
            direction = "bar" if self._system.SwapXAndYAxis else "column"
            stacked = series and series[0].StackingDirection.value != "NO_STACKING"
            return f"{direction}_{'stacked' if stacked else 'clustered'}"
        if name == "LineChartType":
            marked = any(one.Symbol.Style.value != "NONE" for one in series)
            return "line_markers" if marked else "line"
        if name in _KINDS:
            return _KINDS[name]
        raise NotImplementedError(f"Chart.chart_type of a {name}")

    def series(self) -> list[OfficeSeries]:
        return [OfficeSeries(self, one) for kind in self._types for one in kind.getDataSeries()]

    def point(self, lines: Sequence[Line]) -> None:
        """Series anew; what stays keeps its look."""
        kind = self._types[0]
        there = list(kind.getDataSeries())
        for surplus in there[len(lines) :]:
            kind.removeDataSeries(surplus)
        for at, line in enumerate(lines):
            if at < len(there):
                series = there[at]
            else:
                series = self.sheet.book.office.instance("chart2.DataSeries")
                kind.addDataSeries(series)
            series.setData((self._labelled(line.values, "values-y", line.name),))
        if lines and lines[0].categories:
            self._set_categories(lines[0].categories)

    def set_categories(self, sheet: str, box: Box) -> None:
        if self.kind in ("xy_scatter", "bubble"):
            raise NotImplementedError(f"Chart.set_x_axis_values of a {self.kind}")
        self._set_categories((sheet, box))

    def _set_categories(self, place: Place) -> None:
        axis = self._system.getAxisByDimension(0, 0)
        scale = axis.getScaleData()
        scale.Categories = self._labelled(place, "categories", None)
        axis.setScaleData(scale)

    def _sequence(self, text: str, role: str) -> Any:
        found = self.model.getDataProvider().createDataSequenceByRangeRepresentation(text)
        found.Role = role
        return found

    def _labelled(self, place: Place, role: str, name: Place | str | None) -> Any:
        pair = self.sheet.book.office.instance("chart2.data.LabeledDataSequence")
        pair.setValues(self._sequence(office_reference(*place), role))
        if name is not None:
            text = f'"{name}"' if isinstance(name, str) else office_reference(*name)
            pair.setLabel(self._sequence(text, "label"))
        return pair

    def rename(self, series: Any, name: Place | str) -> None:
        """Give a series a name: a text or a cell."""
        text = f'"{name}"' if isinstance(name, str) else office_reference(*name)
        pairs = series.getDataSequences()
        chosen = next((p for p in pairs if p.getValues().Role == "values-y"), pairs[0])
        chosen.setLabel(self._sequence(text, "label"))

    def scale(self) -> tuple[float | None, float | None]:
        scale = self._system.getAxisByDimension(1, 0).getScaleData()
        return scale.Minimum, scale.Maximum

    def set_scale(self, minimum: float | None, maximum: float | None) -> None:
        axis = self._system.getAxisByDimension(1, 0)
        scale = axis.getScaleData()
        scale.Minimum, scale.Maximum = minimum, maximum
        axis.setScaleData(scale)

    def place(self) -> tuple[float, float, float, float]:
        at, size = self.shape.Position, self.shape.Size
        return at.X * _POINTS, at.Y * _POINTS, size.Width * _POINTS, size.Height * _POINTS

    def set_place(self, left: float, top: float, width: float, height: float) -> None:
        at, size = self.shape.Position, self.shape.Size
        at.X, at.Y = round(left / _POINTS), round(top / _POINTS)
        size.Width, size.Height = round(width / _POINTS), round(height / _POINTS)
        self.shape.setPosition(at)
        self.shape.setSize(size)


class OfficeSeries:
    """A series in LibreOffice."""

    def __init__(self, chart: OfficeChart, series: Any) -> None:
        self.chart, self.one = chart, series

    def _roles(self) -> dict[str, Any]:
        return {pair.getValues().Role: pair for pair in self.one.getDataSequences()}

    def name(self) -> str | None:
        label = self._roles()["values-y"].getLabel()
        if label is None:
            return None
        text = str(label.SourceRangeRepresentation)
        if text.startswith('"'):
            return text[1:-1]
        sheet, box = split_reference(to_excel(text))
        return str(self.chart.sheet.book.sheet(sheet).read(box)[0][0])

    def rename(self, name: Place | str) -> None:
        self.chart.rename(self.one, name)

    def references(self) -> dict[str, str | None]:
        roles = self._roles()
        label = roles["values-y"].getLabel()
        name = str(label.SourceRangeRepresentation) if label else ""
        x = (
            roles.get("values-x")
            or self.chart._system.getAxisByDimension(0, 0).getScaleData().Categories
        )
        found = {
            "values": _said(roles["values-y"]),
            "categories": _said(x) if x else None,
            "name": _absolute(name) if name and not name.startswith('"') else None,
        }
        sizes = roles.get("values-size")
        return {**found, "sizes": _said(sizes)} if sizes else found

    @property
    def fill(self) -> str | None:
        return f"{self.one.Color & 0xFFFFFF:06X}"

    @fill.setter
    def fill(self, value: str | None) -> None:
        if value is None:
            raise NotImplementedError("ChartSeries.fill_color = None")
        self.one.Color = int(value, 16)

    @property
    def line(self) -> str | None:
        return self.fill

    @line.setter
    def line(self, value: str | None) -> None:
        if not self.chart.kind.startswith("line"):
            raise NotImplementedError(f"ChartSeries.line_color of a {self.chart.kind}")
        self.fill = value


def _said(pair: Any) -> str:
    return _absolute(str(pair.getValues().SourceRangeRepresentation))


def _absolute(text: str) -> str:
    sheet, box = split_reference(to_excel(text))
    return f"{quoted(sheet)}!{box.address()}"
