"""The back end that is a real LibreOffice: it calculates, and it writes files of its own."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from tests.engines.cells import Box
from tests.engines.office_charts import OfficeChart, charts_of
from tests.engines.office_filter import OfficeFilter
from tests.engines.office_sheet import OfficeSheet, address_of, box_of_address
from tests.engines.office_start import import_uno
from tests.engines.office_text import to_excel, to_office

_FILTER = "Calc MS Excel 2007 XML"


class Office:
    """Opens and makes books in a running LibreOffice."""

    name = "office"

    def __init__(self, context: Any, folder: Path) -> None:
        self._uno, self._folder, self._number = import_uno(), folder, itertools.count(1)
        manager = context.ServiceManager
        self._desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        self._dispatcher = manager.createInstanceWithContext(
            "com.sun.star.frame.DispatchHelper", context
        )
        self._manager, self._context = manager, context

    def open(self, path: Path) -> OfficeBook:
        """From a copy: no lock file appears beside the original, nothing is locked."""
        copy = self._folder / f"{next(self._number)}{path.suffix}"
        shutil.copyfile(path, copy)
        copy.chmod(0o600)
        document = self._load(copy.as_uri())
        copy.unlink()
        if document is None:
            raise ValueError(f"LibreOffice cannot open {path.name}")
        return OfficeBook(self, document)

    def new(self) -> OfficeBook:
        return OfficeBook(self, self._load("private:factory/scalc"))

    def _load(self, url: str) -> Any:
        given = self.properties(Hidden=True, MacroExecutionMode=0, UpdateDocMode=0)
        return self._desktop.loadComponentFromURL(url, "_blank", 0, given)

    def properties(self, **values: Any) -> tuple[Any, ...]:
        """Named values as UNO takes them."""
        found = []
        for name, value in values.items():
            one = self.struct("beans.PropertyValue")
            one.Name, one.Value = name, value
            found.append(one)
        return tuple(found)

    def struct(self, name: str) -> Any:
        """An empty structure of UNO."""
        return self._uno.createUnoStruct(f"com.sun.star.{name}")

    def any(self, kind: str, value: Any) -> Any:
        """A value with its type, where UNO cannot tell it."""
        return self._uno.Any(kind, value)

    def instance(self, name: str) -> Any:
        """A service of LibreOffice."""
        return self._manager.createInstanceWithContext(f"com.sun.star.{name}", self._context)

    def enum(self, kind: str, value: str) -> Any:
        """A member of an enumeration of UNO."""
        return self._uno.Enum(f"com.sun.star.{kind}", value)

    def do(self, document: Any, command: str, **values: Any) -> None:
        """A command of a document's menu."""
        frame = document.CurrentController.Frame
        self._dispatcher.executeDispatch(frame, f".uno:{command}", "", 0, self.properties(**values))


class OfficeBook:
    """A workbook in LibreOffice."""

    def __init__(self, office: Office, document: Any) -> None:
        self.office, self.document = office, document
        self._kinds: dict[int, int] = {}

    def kind_of_format(self, key: int) -> int:
        """What a number format shows: dates, times, texts, truth values, … as bits."""
        if key not in self._kinds:
            self._kinds[key] = int(self.document.NumberFormats.getByKey(key).Type)
        return self._kinds[key]

    def sheets(self) -> list[OfficeSheet]:
        names = self.document.Sheets.ElementNames
        return [OfficeSheet(self, self.document.Sheets.getByName(name)) for name in names]

    def sheet(self, title: str) -> OfficeSheet:
        return OfficeSheet(self, self.document.Sheets.getByName(title))

    def add_sheet(self, title: str, index: int) -> OfficeSheet:
        self.document.Sheets.insertNewByName(title, index)
        return self.sheet(title)

    def copy_sheet(self, source: OfficeSheet, title: str, index: int) -> OfficeSheet:
        if source.book is not self:
            used = source.used()
            cells = itertools.chain(*source.formulas(used))
            if any(isinstance(v, str) and v.startswith("=") and "!" in v for v in cells):
                raise NotImplementedError("Excel would make a link to the other file of it")
            self.document.Sheets.importSheet(source.book.document, source.title, index)
            self.document.Sheets.getByIndex(index).Name = title
        else:
            self.document.Sheets.copyByName(source.title, title, index)
        return self.sheet(title)

    def remove_sheet(self, sheet: OfficeSheet) -> None:
        self.document.Sheets.removeByName(sheet.title)

    def names(self) -> dict[str, str]:
        known = self.document.NamedRanges
        found = {name: known.getByName(name).Content for name in known.ElementNames}
        return {
            name: "=" + to_excel(content)
            for name, content in found.items()
            if not name.startswith("_xlnm")
        }

    def set_name(self, name: str, refers_to: str | None) -> None:
        known = self.document.NamedRanges
        if known.hasByName(name):
            known.removeByName(name)
        if refers_to is not None:
            origin = self.office.struct("table.CellAddress")
            known.addNewByName(name, to_office(refers_to.lstrip("=")), origin, 0)

    def calculate(self) -> None:
        self.document.calculate()

    def calculation(self, automatic: bool) -> None:
        self.document.enableAutomaticCalculation(automatic)

    def save(self, path: Path, active: int) -> None:
        controller = self.document.CurrentController
        controller.setActiveSheet(self.document.Sheets.getByIndex(active))
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=path.suffix)
        os.close(handle)
        self.document.storeToURL(Path(name).as_uri(), self.office.properties(FilterName=_FILTER))
        Path(name).replace(path)

    def close(self) -> None:
        self.document.close(True)

    # --- tables ---

    def tables(self, sheet: OfficeSheet) -> list[OfficeTable]:
        known = self.document.DatabaseRanges
        found = [known.getByName(name) for name in known.ElementNames]
        own = sheet.sheet.RangeAddress.Sheet
        return [
            OfficeTable(sheet, one)
            for one in found
            if one.DataArea.Sheet == own and not one.Name.startswith(("__", "_xlnm"))
        ]

    def add_table(self, sheet: OfficeSheet, name: str, box: Box) -> OfficeTable:
        self.document.DatabaseRanges.addNewByName(name, address_of(sheet, box))
        one = self.document.DatabaseRanges.getByName(name)
        one.ContainsHeader = one.AutoFilter = True
        found = OfficeTable(sheet, one)
        found.name_columns()
        return found

    def charts(self, sheet: OfficeSheet) -> list[OfficeChart]:
        return charts_of(sheet)


class OfficeTable:
    """A table: in LibreOffice a database range."""

    def __init__(self, sheet: OfficeSheet, area: Any) -> None:
        self.sheet, self.area = sheet, area

    @property
    def name(self) -> str:
        return str(self.area.Name)

    @property
    def shows_filter(self) -> bool:
        return bool(self.area.AutoFilter)

    @shows_filter.setter
    def shows_filter(self, value: bool) -> None:
        if not value:
            for field in range(1, self.box().columns + 1):
                self.filter().apply(field, None)
        self.area.AutoFilter = value

    def box(self) -> Box:
        return box_of_address(self.area.DataArea)

    def resize(self, box: Box) -> None:
        old = self.box()
        if old.last_row > box.last_row:
            rest = Box(box.last_row + 1, 1, old.last_row - box.last_row)
            self.sheet.hide(rest, rows=True, hidden=False)
        shown = self.shows_filter
        self.area.DataArea = address_of(self.sheet, box)
        self.area.AutoFilter = shown
        self.name_columns()

    def name_columns(self) -> None:
        """What Excel does: a column without a header gets one."""
        header = self.box()._replace(rows=1)
        for at, value in enumerate(self.sheet.read(header)[0]):
            if value is None:
                cell = self.sheet.cells(Box(header.row, header.column + at))
                cell.setFormula(f"Column{at + 1}")

    def filter(self) -> Any:
        return OfficeFilter(self.sheet, self.box(), self.area)
