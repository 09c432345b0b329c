# ruff: noqa: N803 the names are Excel's
"""Excel's own objects as pywin32 gives them: the few members that xlwings asks for our buttons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.engines import strict

REJECTED = -2147418111  # RPC_E_CALL_REJECTED: a cell is being edited, or a question stands open
EXCEPTION = -2147352567  # DISP_E_EXCEPTION
NO_ACCESS = -2146777998  # 0x800AC472, as the reason of an exception
FAILED = -2146827284  # 0x800A03EC


class ComError(Exception):
    """``pywintypes.com_error``: number, message, (…, source, text, …, reason), argument."""

    def __init__(self, text: object = "", hresult: int = EXCEPTION, scode: int = FAILED) -> None:
        self.hresult = hresult
        self.excepinfo = (0, "Microsoft Excel", str(text), None, 0, scode)
        about = self.excepinfo if hresult == EXCEPTION else None
        super().__init__(hresult, "Exception occurred.", about, None)


strict.ExcelError = ComError  # type: ignore[misc] what the engine in memory refuses, COM says so


class CDispatch:
    """What ``win32com.client`` calls an object of another program; xlwings wraps these."""


class _Ole:
    def GetIDsOfNames(self, _: int, name: str) -> int:  # noqa: N802
        raise ComError(f"unknown name: {name}", hresult=-2147352570)


def bare(value: Any) -> Any:
    """An object out of xlwings' wrapper."""
    return getattr(value, "_inner", value)


class Com(CDispatch):
    """An object of Excel. Every use of it is seen by the computer it is on."""

    _oleobj_ = _Ole()

    def __init__(self, app: Any, shell: Any) -> None:
        object.__setattr__(self, "_app", app)
        object.__setattr__(self, "_shell", shell)

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_"):
            app = object.__getattribute__(self, "_app")
            app.seen(f"{type(self).__name__}.{name}")
        return object.__getattribute__(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._app.seen(f"{type(self).__name__}.{name}=")
        if not isinstance(getattr(type(self), name, None), property):
            raise AttributeError(f"{type(self).__name__}.{name}=")  # noqa: TRY004 as pywin32 does
        object.__setattr__(self, name, bare(value))

    def __bool__(self) -> bool:
        return True


def _through(name: str, settable: bool = True) -> property:
    """A property that the engine in memory has, too."""

    def put(self: Com, value: Any) -> None:
        setattr(self._shell, name, value)

    return property(lambda self: getattr(self._shell, name), put if settable else None)


class Many(Com):
    """A collection: by number from 1 or by name, counted, gone through; ``_make`` wraps each."""

    def __init__(self, app: Any, shell: Any, make: Callable[[Any, Any], Any]) -> None:
        super().__init__(app, shell)
        object.__setattr__(self, "_make", make)

    @property
    def Count(self) -> int:  # noqa: N802
        return len(self._shell)

    def Item(self, key: int | str) -> Any:  # noqa: N802
        try:
            return self._make(self._app, self._shell(key))
        except KeyError as problem:
            raise ComError(f"Subscript out of range: {key}") from problem

    __call__ = Item

    def __iter__(self) -> Iterator[Any]:
        return iter([self._make(self._app, one) for one in self._shell])


class Books(Many):
    def Open(self, name: str, _links: Any, read_only: Any, *_: Any) -> Any:  # noqa: N802
        self._app.opened.append(name)
        return self._app.book(self._shell.open(name, None, read_only))

    def Add(self) -> Any:  # noqa: N802
        return self._app.book(self._shell.add())

    @property
    def Application(self) -> Any:  # noqa: N802
        return self._app.com


class Application(Com):
    ScreenUpdating, DisplayAlerts = _through("screen_updating"), _through("display_alerts")
    EnableEvents, StatusBar = _through("enable_events"), _through("status_bar")
    Version = _through("version", settable=False)

    @property
    def Application(self) -> Application:  # noqa: N802
        return self

    @property
    def Hwnd(self) -> int:  # noqa: N802
        return self._app.hwnd

    @property
    def Calculation(self) -> int:  # noqa: N802
        if not len(self._shell.books):
            raise ComError("Unable to get the Calculation property")
        return {"automatic": -4105, "manual": -4135, "semiautomatic": 2}[self._shell.calculation]

    @Calculation.setter
    def Calculation(self, value: int) -> None:  # noqa: N802
        words = {-4105: "automatic", -4135: "manual", 2: "semiautomatic"}
        self._shell.calculation = words[value]

    @property
    def CutCopyMode(self) -> int:  # noqa: N802
        return 1 if self._shell.cut_copy_mode else 0

    @CutCopyMode.setter
    def CutCopyMode(self, value: Any) -> None:  # noqa: N802
        self._shell.cut_copy_mode = value

    @property
    def Workbooks(self) -> Books:  # noqa: N802
        return Books(self._app, self._shell.books, lambda app, book: app.book(book))

    @property
    def ActiveWorkbook(self) -> Any:  # noqa: N802
        active = self._shell.books._active
        return None if active is None else self._app.book(active)

    def Calculate(self) -> None:  # noqa: N802
        self._shell.calculate()

    def FileDialog(self, kind: int) -> Any:  # noqa: N802
        return self._shell.api.FileDialog(kind)

    def Quit(self) -> None:  # noqa: N802
        self._app.happened("Quit")


class Workbook(Com):
    Name = _through("name", settable=False)
    FileFormat = 51

    def __init__(self, app: Any, shell: Any) -> None:
        super().__init__(app, shell)

    @property
    def Application(self) -> Any:  # noqa: N802
        return self._app.com

    @property
    def FullName(self) -> str:  # noqa: N802
        return str(self._shell.api.FullName)

    @property
    def Path(self) -> str:  # noqa: N802
        return self.FullName.rpartition("/")[0]

    @property
    def Saved(self) -> bool:  # noqa: N802
        return bool(self._shell.api.Saved)

    @property
    def AutoSaveOn(self) -> bool:  # noqa: N802
        """Excel saves what it has from the web on its own, unless it is told not to."""
        return getattr(self._shell, "_autosave", self._shell._url is not None)

    @AutoSaveOn.setter
    def AutoSaveOn(self, value: bool) -> None:  # noqa: N802
        self._app.happened(f"AutoSaveOn={value}")
        object.__setattr__(self._shell, "_autosave", value)

    @property
    def ReadOnly(self) -> bool:  # noqa: N802
        return bool(self._shell.api.ReadOnly)

    @property
    def Worksheets(self) -> Many:  # noqa: N802
        return Many(self._app, self._shell.sheets, Worksheet)

    def Activate(self) -> None:  # noqa: N802
        self._shell.activate()

    def Save(self) -> None:  # noqa: N802
        self._shell.save()

    def Close(self, SaveChanges: bool) -> None:  # noqa: N802
        assert SaveChanges is False
        self._shell.close()


class Worksheet(Com):
    Name = _through("name")

    @property
    def Parent(self) -> Any:  # noqa: N802
        return self._app.book(self._shell._book)

    def Cells(self, row: int, column: int) -> Range:  # noqa: N802
        return Range(self._app, self._shell.range((row, column)))

    def Range(self, first: Any, last: Any = None) -> Range:  # noqa: N802
        first, last = bare(first), bare(last)
        if isinstance(first, str):
            return Range(self._app, self._shell.range(first))
        found = self._shell.range(first._shell, None if last is None else last._shell)
        return Range(self._app, found)

    @property
    def UsedRange(self) -> Range:  # noqa: N802
        return Range(self._app, self._shell.used_range)

    @property
    def ListObjects(self) -> ListObjects:  # noqa: N802
        return ListObjects(self._app, self._shell.tables, ListObject)

    def ChartObjects(self) -> Many:  # noqa: N802
        return Many(self._app, self._shell.charts, ChartObject)

    @property
    def Shapes(self) -> Many:  # noqa: N802
        return Many(self._app, self._shell.shapes, Com)

    @property
    def PageSetup(self) -> PageSetup:  # noqa: N802
        return PageSetup(self._app, self._shell.page_setup)


class PageSetup(Com):
    """Without any printer, setting anything fails."""

    @property
    def PrintArea(self) -> str:  # noqa: N802
        return self._shell.print_area or ""

    @PrintArea.setter
    def PrintArea(self, value: str) -> None:  # noqa: N802
        self._app.need_printer("PrintArea")
        self._shell.print_area = value

    @property
    def PrintTitleRows(self) -> str:  # noqa: N802
        return str(self._shell.api.PrintTitleRows)

    @PrintTitleRows.setter
    def PrintTitleRows(self, value: str) -> None:  # noqa: N802
        self._app.need_printer("PrintTitleRows")
        self._shell.api.PrintTitleRows = value


class _Counted(Com):
    @property
    def Count(self) -> int:  # noqa: N802
        return int(self._shell)


class Range(Com):
    Row, Column = _through("row", settable=False), _through("column", settable=False)
    Top, Left = _through("top", settable=False), _through("left", settable=False)
    RowHeight, ColumnWidth = _through("row_height"), _through("column_width")
    Value, Formula = _through("raw_value"), _through("formula")

    def __call__(self, row: int, column: int) -> Range:
        return Range(self._app, self._shell(row, column))

    @property
    def Worksheet(self) -> Worksheet:  # noqa: N802
        return Worksheet(self._app, self._shell.sheet)

    @property
    def Rows(self) -> _Counted:  # noqa: N802
        return _Counted(self._app, self._shell.shape[0])

    @property
    def Columns(self) -> _Counted:  # noqa: N802
        return _Counted(self._app, self._shell.shape[1])

    @property
    def Count(self) -> int:  # noqa: N802
        return len(self._shell)

    def ClearContents(self) -> None:  # noqa: N802
        self._shell.clear_contents()

    def ClearFormats(self) -> None:  # noqa: N802
        self._shell.clear_formats()

    def Copy(self, Destination: Any = None) -> None:  # noqa: N802
        assert Destination is None
        self._shell.copy()

    def Cut(self, Destination: Any) -> None:  # noqa: N802
        self._shell.move(_Impl(bare(Destination)._shell))

    def PasteSpecial(  # noqa: N802
        self, Paste: int, Operation: int, SkipBlanks: bool, Transpose: bool
    ) -> None:
        assert (Operation, SkipBlanks, Transpose) == (-4142, False, False)
        self._shell.paste({-4122: "formats", -4104: "all"}[Paste])

    def AutoFilter(  # noqa: N802
        self,
        Field: int,
        Criteria1: Any = None,
        Operator: int | None = None,
    ) -> None:
        table = next(
            (t for t in self._shell.sheet.tables if t.range._box == self._shell._box), None
        )
        found = (table or self._shell).autofilter
        if Criteria1 is None:
            found.clear(Field)
        elif Operator == 7:
            found.apply_values(Field, list(Criteria1))
        else:
            raise NotImplementedError(f"Range.AutoFilter({Criteria1!r}, {Operator!r})")

    @property
    def Hyperlinks(self) -> Hyperlinks:  # noqa: N802
        return Hyperlinks(self._app, self._shell)


class _Impl:
    """What the engine in memory takes for a range of xlwings."""

    def __init__(self, shell: Any) -> None:
        self.impl = shell


class Hyperlinks(Com):
    def Add(self, Anchor: Any, Address: str) -> Any:  # noqa: N802
        bare(Anchor)
        return Hyperlink(self._app, (self._shell, Address))


class Hyperlink(Com):
    """The text to display is set after the link was made, as Excel wants it."""

    @property
    def TextToDisplay(self) -> str:  # noqa: N802
        return str(self._shell[0].raw_value)

    @TextToDisplay.setter
    def TextToDisplay(self, value: str) -> None:  # noqa: N802
        self._shell[0].add_hyperlink(self._shell[1], value, "")

    @property
    def ScreenTip(self) -> str:  # noqa: N802
        return ""

    @ScreenTip.setter
    def ScreenTip(self, value: str) -> None:  # noqa: N802
        pass


class ListObjects(Many):
    def Add(self, Source: Any, XlListObjectHasHeaders: int, **_: Any) -> ListObject:  # noqa: N802
        assert XlListObjectHasHeaders == 1
        return ListObject(self._app, self._shell.add(source=_Impl(bare(Source)._shell)))


class ListObject(Com):
    DisplayName = _through("display_name", settable=False)

    @property
    def Name(self) -> str:  # noqa: N802
        return str(self._shell.name)

    @Name.setter
    def Name(self, value: str) -> None:  # noqa: N802
        tables, table = self._shell._back.sheet.sheet.tables, self._shell._back.table
        del tables[table.name]
        table.name = table.displayName = value
        tables.add(table)

    @property
    def Parent(self) -> Worksheet:  # noqa: N802
        return Worksheet(self._app, self._shell.parent)

    @property
    def Range(self) -> Range:  # noqa: N802
        return Range(self._app, self._shell.range)

    @property
    def HeaderRowRange(self) -> Range:  # noqa: N802
        return Range(self._app, self._shell.header_row_range)

    @property
    def AutoFilter(self) -> Filters:  # noqa: N802
        return Filters(self._app, self._shell.autofilter)

    def Resize(self, place: Any) -> None:  # noqa: N802
        self._shell.resize(_Impl(bare(place)._shell))


class Filters(Com):
    def Filters(self, field: int) -> Filter:  # noqa: N802
        return Filter(self._app, self._shell.criteria[field - 1])


class Filter(Com):
    @property
    def On(self) -> bool:  # noqa: N802
        return bool(self._shell["type"] != "none")

    @property
    def Operator(self) -> int:  # noqa: N802
        return {"values": 7, "comparison": 0}.get(self._shell["type"], 8)  # 8: by colour

    @property
    def Criteria1(self) -> Any:  # noqa: N802
        return tuple(f"={value}" for value in self._shell["values"])

    @property
    def Criteria2(self) -> Any:  # noqa: N802
        raise ComError("there is none")


class ChartObject(Com):
    Name = _through("name", settable=False)
    Top, Left = _through("top"), _through("left")
    Width, Height = _through("width"), _through("height")

    @property
    def Parent(self) -> Worksheet:  # noqa: N802
        return Worksheet(self._app, self._shell.parent)

    @property
    def ShapeRange(self) -> ShapeRange:  # noqa: N802
        return ShapeRange(self._app, self._shell)

    @property
    def Chart(self) -> Chart:  # noqa: N802
        return Chart(self._app, self._shell)


class _ChartOle(_Ole):
    """Whether a chart has an axis is asked by number: every one of ours has."""

    def GetIDsOfNames(self, local: int, name: str) -> int:  # noqa: N802
        return 17 if name == "HasAxis" else super().GetIDsOfNames(local, name)

    def Invoke(self, number: int, *_: Any) -> bool:  # noqa: N802
        assert number == 17
        return True


class ShapeRange(Com):
    @property
    def AlternativeText(self) -> str:  # noqa: N802
        frame = self._shell._back.chart.anchor.graphicFrame
        return str(frame.nvGraphicFramePr.cNvPr.descr or "")


class Chart(Com):
    _oleobj_ = _ChartOle()

    @property
    def ChartType(self) -> int:  # noqa: N802
        from xlwings import _xlwindows

        return int(_xlwindows.chart_types_s2i[self._shell.chart_type])

    def SetSourceData(self, place: Any, plot_by: int) -> None:  # noqa: N802
        self._shell.set_source_data(bare(place)._shell, {1: "rows", 2: "columns"}[plot_by])

    def SeriesCollection(self) -> Many:  # noqa: N802
        return Many(self._app, self._shell.series, Series)

    def Axes(self, kind: int, group: int) -> Axis:  # noqa: N802
        assert (kind, group) == (2, 1)
        return Axis(self._app, self._shell)


class Series(Com):
    @property
    def Name(self) -> str:  # noqa: N802
        return str(self._shell.name)

    @Name.setter
    def Name(self, value: str) -> None:  # noqa: N802
        self._shell.set(name=value)

    @property
    def XValues(self) -> Any:  # noqa: N802
        raise NotImplementedError("Series.XValues")

    @XValues.setter
    def XValues(self, value: Any) -> None:  # noqa: N802
        place = bare(value)._shell
        place.sheet.charts  # noqa: B018 the sheet is there
        self._shell._back.chart.set_categories(place.sheet.name, place._box)

    @property
    def Format(self) -> Look:  # noqa: N802
        return Look(self._app, self._shell)


class Look(Com):
    @property
    def Fill(self) -> Paint:  # noqa: N802
        return Paint(self._app, (self._shell, "fill_color"))

    @property
    def Line(self) -> Paint:  # noqa: N802
        return Paint(self._app, (self._shell, "line_color"))


class Paint(Com):
    @property
    def Visible(self) -> bool:  # noqa: N802
        return True

    @Visible.setter
    def Visible(self, value: bool) -> None:  # noqa: N802
        assert value

    def Solid(self) -> None:  # noqa: N802
        pass

    @property
    def ForeColor(self) -> Colour:  # noqa: N802
        return Colour(self._app, self._shell)


class Colour(Com):
    @property
    def RGB(self) -> int:  # noqa: N802
        raise NotImplementedError("Color.RGB")

    @RGB.setter
    def RGB(self, value: int) -> None:  # noqa: N802
        series, which = self._shell
        series.set(**{which: value})


class Axis(Com):
    @property
    def MinimumScale(self) -> float:  # noqa: N802
        return float(self._shell.value_axis.minimum_scale)

    @MinimumScale.setter
    def MinimumScale(self, value: float) -> None:  # noqa: N802
        self._shell.value_axis.set(minimum_scale=value)

    @property
    def MaximumScale(self) -> float:  # noqa: N802
        return float(self._shell.value_axis.maximum_scale)

    @MaximumScale.setter
    def MaximumScale(self, value: float) -> None:  # noqa: N802
        self._shell.value_axis.set(maximum_scale=value)
