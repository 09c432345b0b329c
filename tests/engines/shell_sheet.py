"""Worksheets and names, as xlwings asks for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from tests.engines.backend import SheetBack
from tests.engines.cells import COLUMNS, ROWS, Box, box_of, quoted, spanning, split_reference
from tests.engines.shell_range import Range
from tests.engines.shell_things import Charts, Tables
from tests.engines.strict import ExcelError, Strict

if TYPE_CHECKING:
    from tests.engines.shell import Book

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


class Sheets(Strict, stands_for=base_classes.Sheets):
    """The worksheets of a book, from 1."""

    def __init__(self, book: Book) -> None:
        self._book, self._faults = book, book._faults

    @property
    def _backs(self) -> list[SheetBack]:
        return self._book._back.sheets()

    @property
    def active(self) -> Sheet:
        return Sheet(self._book, self._backs[min(self._book._at, len(self._backs) - 1)])

    def __call__(self, name_or_index: int | str) -> Sheet:
        backs = self._backs
        if isinstance(name_or_index, int):
            if 1 <= name_or_index <= len(backs):
                return Sheet(self._book, backs[name_or_index - 1])
            raise ExcelError(f"there is no sheet {name_or_index}")
        for back in backs:
            if back.title.casefold() == name_or_index.casefold():
                return Sheet(self._book, back)
        raise ExcelError(f"there is no sheet {name_or_index!r}")

    def __contains__(self, key: Any) -> bool:
        name = getattr(key, "name", key)
        return any(back.title.casefold() == str(name).casefold() for back in self._backs)

    def __len__(self) -> int:
        return len(self._backs)

    def __iter__(self) -> Iterator[Sheet]:
        return iter([Sheet(self._book, back) for back in self._backs])

    def add(
        self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None
    ) -> Sheet:
        """A new sheet, before the active one if no place is given; it becomes the active one."""
        behind = after.index if after else self._book._at
        index = before.index - 1 if before else behind
        title = name or self._free()
        _check_title(title, self._backs)
        back = self._book._back.add_sheet(title, index)
        self._book._at = index
        self._book._changed()
        return Sheet(self._book, back)

    def _free(self) -> str:
        taken = {back.title.casefold() for back in self._backs}
        return next(n for i in range(1, 9999) if (n := f"Sheet{i}").casefold() not in taken)


def _check_title(title: str, others: list[SheetBack]) -> None:
    if not title or len(title) > 31 or _FORBIDDEN.search(title) or "'" in (title[0], title[-1]):
        raise ExcelError(f"no name for a sheet: {title!r}")
    if any(other.title.casefold() == title.casefold() for other in others):
        raise ExcelError(f"the name is taken: {title!r}")


class Sheet(Strict, stands_for=base_classes.Sheet):
    """A worksheet."""

    def __init__(self, book: Book, back: SheetBack) -> None:
        self._book, self._back, self._faults = book, back, book._faults

    @property
    def api(self) -> SheetApi:
        return SheetApi(self)

    @property
    def book(self) -> Book:
        return self._book

    @property
    def name(self) -> str:
        return self._back.title

    @name.setter
    def name(self, value: str) -> None:
        title = self._back.title
        _check_title(value, [b for b in self._book._back.sheets() if b.title != title])
        self._back.title = value
        self._book._changed()

    @property
    def index(self) -> int:
        title = self._back.title
        titles = [back.title for back in self._book._back.sheets()]
        return titles.index(title) + 1

    @property
    def visible(self) -> bool:
        return self._back.visible

    @visible.setter
    def visible(self, value: bool) -> None:
        if not value and not self._others_visible():
            raise ExcelError("a workbook must show at least one sheet")
        self._back.visible = bool(value)
        self._book._changed()

    def _others_visible(self) -> bool:
        backs = self._book._back.sheets()
        return any(b.visible for b in backs if b.title != self._back.title)

    @property
    def cells(self) -> Range:
        return Range(self, Box(1, 1, ROWS, COLUMNS))

    @property
    def used_range(self) -> Range:
        return Range(self, self._back.used())

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        """From addresses, (row, column) tuples, ranges, numbers or names."""
        if isinstance(arg1, int) and isinstance(arg2, int):
            return Range(self, self._box((arg1, arg2)))
        first = self._box(arg1)
        return Range(self, first if arg2 is None else spanning(first, self._box(arg2)), str(arg1))

    def _box(self, arg: Any) -> Box:
        if isinstance(arg, Range):
            return arg._box
        if isinstance(arg, tuple):
            if 0 in arg[:2]:
                raise IndexError("ranges count from 1")
            return Box(*arg)
        try:
            return box_of(arg)
        except KeyError:
            return self._named(arg)

    def _named(self, text: str) -> Box:
        reference = self._book._back.names().get(text, text)
        if "!" in reference:
            title, box = split_reference(reference)
            if title.casefold() == self._back.title.casefold():
                return box
        raise ExcelError(f"no range of this sheet: {text!r}")

    def activate(self) -> None:
        """Becomes the active sheet of its book; a hidden one cannot."""
        if not self._back.visible:
            raise ExcelError(f"the sheet {self._back.title!r} is hidden")
        self._book._at = self.index - 1

    def select(self) -> None:
        if self._book._app._books._active is not self._book:
            raise ExcelError("Select works on the active workbook only")
        self.activate()

    def clear(self) -> None:
        self.cells.clear()

    def clear_contents(self) -> None:
        self.cells.clear_contents()

    def clear_formats(self) -> None:
        self.cells.clear_formats()

    def delete(self) -> None:
        if not self._others_visible():
            raise ExcelError("a workbook must show at least one sheet")
        at = self.index - 1
        self._book._back.remove_sheet(self._back)
        self._book._at = min(self._book._at - (at < self._book._at), len(self._book.sheets) - 1)
        self._book._changed()

    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        """Copies it into the book of ``before`` or ``after``; a taken name gets a number."""
        place = before or after
        if place is None:
            raise NotImplementedError("Sheet.copy into a new book")
        book, index = place._book, place.index - 1 if before else place.index
        titles = {back.title.casefold() for back in book._back.sheets()}
        title, number = self._back.title, 2
        while title.casefold() in titles:
            title, number = f"{self._back.title[:26]} ({number})", number + 1
        book._back.copy_sheet(self._back, title, index)
        book._at = index
        book._changed()

    @property
    def tables(self) -> Tables:
        return Tables(self)

    @property
    def charts(self) -> Charts:
        return Charts(self)

    @property
    def shapes(self) -> Shapes:
        return Shapes(self)

    @property
    def page_setup(self) -> PageSetup:
        return PageSetup(self)


class Shapes(Strict, stands_for=base_classes.Collection):
    """All that is drawn on a sheet: of its charts and pictures, how many."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self._faults = sheet, sheet._faults

    def __len__(self) -> int:
        return len(self._sheet.charts) + self._sheet._back.pictures()


class SheetApi(Strict):
    """Excel's own Worksheet object: nothing of it is needed but that it is there."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self._faults = sheet, sheet._faults

    def __bool__(self) -> bool:
        return True


class PageSetup(Strict, stands_for=base_classes.PageSetup):
    """How a sheet is printed: the print area only."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self._faults = sheet, sheet._faults

    @property
    def print_area(self) -> str | None:
        return self._sheet._back.print_area

    @print_area.setter
    def print_area(self, value: str | None) -> None:
        self._sheet._back.print_area = box_of(value).address() if value else None
        self._sheet._book._changed()

    @property
    def api(self) -> PageSetupApi:
        return PageSetupApi(self._sheet)


class PageSetupApi(Strict):
    """The one member of Excel's own PageSetup object that the add-in needs."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self._faults = sheet, sheet._faults

    def __bool__(self) -> bool:
        return True

    @property
    def PrintTitleRows(self) -> str:  # noqa: N802 - Excel's own name
        rows = self._sheet._back.title_rows
        return "${}:${}".format(*rows) if rows else ""

    @PrintTitleRows.setter
    def PrintTitleRows(self, value: str) -> None:  # noqa: N802
        first, _, last = value.replace("$", "").partition(":")
        self._sheet._back.title_rows = (int(first), int(last)) if value else None
        self._sheet._book._changed()


class Names(Strict, stands_for=base_classes.Names):
    """The names of a workbook."""

    def __init__(self, book: Book) -> None:
        self._book, self._faults = book, book._faults

    def snapshot(self) -> list[tuple[str, Name]]:
        return [(name, Name(self._book, name)) for name in self._book._back.names()]

    def __call__(self, name_or_index: str) -> Name:
        for name, found in self.snapshot():
            if name.casefold() == name_or_index.casefold():
                return found
        raise KeyError(name_or_index)

    def contains(self, name_or_index: str) -> bool:
        return any(n.casefold() == name_or_index.casefold() for n in self._book._back.names())

    def __len__(self) -> int:
        return len(self._book._back.names())

    def add(self, name: str, refers_to: str) -> Name:
        self._book._back.set_name(name, refers_to)
        self._book._changed()
        return Name(self._book, name)


class Name(Strict, stands_for=base_classes.Name):
    """A name of a workbook."""

    def __init__(self, book: Book, name: str) -> None:
        self._book, self._name, self._faults = book, name, book._faults

    @property
    def name(self) -> str:
        return self._name

    @property
    def refers_to(self) -> str:
        return self._book._back.names()[self._name]

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self._book._back.set_name(self._name, value)
        self._book._changed()

    @property
    def refers_to_range(self) -> Range:
        title, box = split_reference(self.refers_to)
        return Range(self._book.sheets(title), box)

    def delete(self) -> None:
        self._book._back.set_name(self._name, None)
        self._book._changed()


def reference(sheet: Sheet, box: Box) -> str:
    """'Sheet'!$A$1, as names and charts hold it."""
    return f"{quoted(sheet._back.title)}!{box.address()}"
