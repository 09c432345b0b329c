"""Tables and charts, as xlwings asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes
from xlwings.utils import hex_to_rgb, int_to_rgb

from tests.engines.backend import ChartBack, Line, SeriesBack, TableBack
from tests.engines.cells import Box, split_reference
from tests.engines.shell_range import AutoFilter, Range
from tests.engines.strict import ExcelError, Strict

if TYPE_CHECKING:
    from tests.engines.shell_sheet import Sheet

_UNSET = base_classes._UNSET


class _Collection(Strict, stands_for=base_classes.Collection):
    """Things by name or number, from 1."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self._faults = sheet, sheet._faults

    def _all(self) -> list[Any]:
        raise NotImplementedError

    @property
    def parent(self) -> Sheet:
        return self._sheet

    def __call__(self, key: int | str) -> Any:
        found = self._all()
        if isinstance(key, int):
            if 1 <= key <= len(found):
                return found[key - 1]
            raise KeyError(key)
        for one in found:
            if one.name.casefold() == key.casefold():
                return one
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Any]:
        return iter(self._all())

    def __contains__(self, key: int | str) -> bool:
        try:
            self(key)
        except KeyError:
            return False
        return True


class Tables(_Collection, stands_for=base_classes.Tables):
    """The tables of a sheet."""

    def _all(self) -> list[Any]:
        return [Table(self._sheet, back) for back in self._sheet._back.tables()]

    def add(
        self,
        source_type: Any = None,
        source: Any = None,
        link_source: Any = None,
        has_headers: Any = True,
        destination: Any = None,
        table_style_name: Any = None,
        name: str | None = None,
    ) -> Table:
        if source_type or link_source or destination or not has_headers:
            raise NotImplementedError("Tables.add with anything but a range with a header")
        box = source.impl._box
        if any(table._back.box().meet(box) for table in self._all()):
            raise ExcelError("a table cannot overlap another")
        taken = {
            table.name.casefold() for sheet in self._sheet._book.sheets for table in sheet.tables
        }
        name = name or next(n for i in range(1, 9999) if (n := f"Table{i}").casefold() not in taken)
        if name.casefold() in taken:
            raise ExcelError(f"the name is taken: {name!r}")
        back = self._sheet._back.add_table(name, box)
        self._sheet._book._changed()
        return Table(self._sheet, back)


class Table(Strict, stands_for=base_classes.Table):
    """A table (ListObject) with a header row and without a totals row."""

    def __init__(self, sheet: Sheet, back: TableBack) -> None:
        self._sheet, self._back, self._faults = sheet, back, sheet._faults

    def __bool__(self) -> bool:
        return True

    @property
    def api(self) -> Any:
        raise NotImplementedError("Table.api")

    @property
    def parent(self) -> Sheet:
        return self._sheet

    @property
    def name(self) -> str:
        return self._back.name

    @property
    def display_name(self) -> str:
        return self._back.name

    @property
    def range(self) -> Range:
        return Range(self._sheet, self._back.box())

    @property
    def header_row_range(self) -> Range:
        return Range(self._sheet, self._back.box()._replace(rows=1))

    @property
    def data_body_range(self) -> Range | None:
        box = self._back.box()
        body = Box(box.row + 1, box.column, box.rows - 1, box.columns)
        return Range(self._sheet, body) if body.rows else None

    @property
    def show_autofilter(self) -> bool:
        return self._back.shows_filter

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        self._back.shows_filter = bool(value)
        self._sheet._book._changed()

    @property
    def autofilter(self) -> AutoFilter:
        return AutoFilter(self._sheet, self._back.box(), self._back.filter())

    def resize(self, range: Any) -> None:
        """The header row must stay where it is, at least one row must follow it."""
        old, new = self._back.box(), range.impl._box
        if range.impl._sheet.name != self._sheet.name or new.row != old.row:
            raise ExcelError("Resize: the header row must stay where it is")
        if new.rows < 2 or new.meet(old) is None:
            raise ExcelError("Resize: a table needs a row of data and must overlap its old place")
        others = (t for t in self._sheet.tables if t._back.name != self._back.name)
        if any(other._back.box().meet(new) for other in others):
            raise ExcelError("a table cannot overlap another")
        self._back.resize(new)
        self._sheet._book._changed(entered=True)


class Charts(_Collection, stands_for=base_classes.Charts):
    """The charts of a sheet."""

    def _all(self) -> list[Any]:
        return [Chart(self._sheet, back) for back in self._sheet._back.charts()]


def _side(number: int) -> Any:
    """A property for left, top, width or height, in points."""

    def get(self: Chart) -> float:
        return self._back.place()[number]

    def put(self: Chart, value: float) -> None:
        if value < 0:
            raise ExcelError(f"outside the sheet: {value}")
        place = list(self._back.place())
        place[number] = value
        self._back.set_place(*place)
        self._sheet._book._changed()

    return property(get, put)


class Chart(Strict, stands_for=base_classes.Chart):
    """A chart."""

    def __init__(self, sheet: Sheet, back: ChartBack) -> None:
        self._sheet, self._back, self._faults = sheet, back, sheet._faults

    @property
    def name(self) -> str:
        return self._back.name

    @property
    def parent(self) -> Sheet:
        return self._sheet

    @property
    def chart_type(self) -> str:
        return self._back.kind

    left, top, width, height = (_side(number) for number in range(4))

    @property
    def series(self) -> SeriesCollection:
        return SeriesCollection(self._sheet, self._back)

    @property
    def value_axis(self) -> Axis:
        return Axis(self._sheet, self._back)

    def set_source_data(self, rng: Range, plot_by: str | None = None) -> None:
        """Excel decides by the shape: more rows than columns are plotted by columns."""
        if self._back.kind in ("bubble", "xy_scatter", "combination"):
            raise NotImplementedError(f"Chart.set_source_data of a {self._back.kind}")
        rows, columns = rng._box.rows, rng._box.columns
        by_columns = rows >= columns if plot_by is None else plot_by == "columns"
        self._back.point(lines_of(rng._sheet, rng._box, by_columns))
        self._sheet._book._changed()

    def set_x_axis_values(self, rng: Range) -> None:
        self._back.set_categories(rng._sheet.name, rng._box)
        self._sheet._book._changed()


def lines_of(sheet: Sheet, box: Box, columns: bool) -> list[Line]:
    """The series that Excel makes of a block: texts on its edges are names and categories."""
    kinds = _kinds(sheet, box)
    if not columns:
        kinds = [list(row) for row in zip(*kinds, strict=True)]
    heads, labels = _edges(kinds)
    title, turned = sheet._back.title, (lambda b: b) if columns else _turned
    whole = turned(box)
    top, left = whole.row + heads, whole.column + labels
    height = whole.last_row - top + 1
    beside = (title, turned(Box(top, whole.column, height))) if labels else None
    return [
        Line(
            (title, turned(Box(top, at, height))),
            (title, turned(Box(whole.row, at))) if heads else None,
            beside,
        )
        for at in range(left, whole.last_column + 1)
    ]


def _turned(box: Box) -> Box:
    return Box(box.column, box.row, box.columns, box.rows)


def _kinds(sheet: Sheet, box: Box) -> list[list[str]]:
    """Of each cell: is it blank, a text, or something to draw?"""
    values, formulas = sheet._back.read(box), sheet._back.formulas(box)

    def kind(value: Any, formula: Any) -> str:
        if formula is None:
            return "blank"
        return "text" if isinstance(value, str) else "number"

    return [
        [kind(v, f) for v, f in zip(row, said, strict=True)]
        for row, said in zip(values, formulas, strict=True)
    ]


def _edges(kinds: list[list[str]]) -> tuple[bool, bool]:
    """Whether the first row holds names and the first column categories, plotted by columns."""
    corner = kinds[0][0] == "blank" and len(kinds) > 1 and len(kinds[0]) > 1
    first_row = kinds[0][1:] or kinds[0]
    heads = len(kinds) > 1 and (corner or all(kind == "text" for kind in first_row))
    first_column = [row[0] for row in kinds[heads:]]
    labels = len(kinds[0]) > 1 and (corner or "text" in first_column)
    return heads, labels


class SeriesCollection(_Collection, stands_for=base_classes.ChartSeriesCollection):
    """The series of a chart."""

    def __init__(self, sheet: Sheet, back: ChartBack) -> None:
        super().__init__(sheet)
        self._back = back

    def _all(self) -> list[Any]:
        found = enumerate(self._back.series(), 1)
        return [Series(self._sheet, back, number) for number, back in found]


class Series(Strict, stands_for=base_classes.ChartSeries):
    """A series; ``references`` is for the tests' eyes."""

    def __init__(self, sheet: Sheet, back: SeriesBack, number: int) -> None:
        self._sheet, self._back, self._faults = sheet, back, sheet._faults
        self._number = number

    @property
    def name(self) -> str:
        found = self._back.name()
        return f"Series{self._number}" if found is None else found

    @property
    def references(self) -> dict[str, str | None]:
        """What it draws: "values", "categories", "name" (and "sizes") as A1 references."""
        return self._back.references()

    @property
    def fill_color(self) -> tuple[int, int, int] | None:
        return _seen(self._back.fill)

    @property
    def line_color(self) -> tuple[int, int, int] | None:
        return _seen(self._back.line)

    def set(self, **given: Any) -> None:
        """Name ("=Sheet!A1" is a cell), fill and line colour can be set."""
        wanted = {key: value for key, value in given.items() if value is not _UNSET}
        name = wanted.pop("name", None)
        if name is not None:
            self._back.rename(split_reference(name) if name.startswith("=") else name)
        if "fill_color" in wanted:
            self._back.fill = _hex(wanted.pop("fill_color"))
        if "line_color" in wanted:
            self._back.line = _hex(wanted.pop("line_color"))
        if wanted:
            raise NotImplementedError(f"ChartSeries.set({', '.join(wanted)})")
        self._sheet._book._changed()


def _seen(colour: str | None) -> tuple[int, int, int] | None:
    return hex_to_rgb("#" + colour) if colour else None


def _hex(colour: Any) -> str | None:
    if isinstance(colour, str):
        colour = hex_to_rgb(colour)
    elif isinstance(colour, int):
        colour = int_to_rgb(colour)
    return None if colour is None else bytes(colour).hex().upper()


class Axis(Strict, stands_for=base_classes.ChartAxis):
    """The value axis: its scale."""

    def __init__(self, sheet: Sheet, back: ChartBack) -> None:
        self._sheet, self._back, self._faults = sheet, back, sheet._faults

    @property
    def minimum_scale(self) -> float | None:
        return self._back.scale()[0]

    @property
    def maximum_scale(self) -> float | None:
        return self._back.scale()[1]

    def set(self, **given: Any) -> None:
        """Only the scale can be set; None is automatic."""
        wanted = {key: value for key, value in given.items() if value is not _UNSET}
        low, high = self._back.scale()
        low, high = wanted.pop("minimum_scale", low), wanted.pop("maximum_scale", high)
        if wanted:
            raise NotImplementedError(f"ChartAxis.set({', '.join(wanted)})")
        self._back.set_scale(low, high)
        self._sheet._book._changed()
