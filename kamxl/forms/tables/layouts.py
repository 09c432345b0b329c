"""Layouts: the numbered versions of a workbook's columns, told at the end of the mark in A1.

A mark without a number is layout 1, so a workbook of that layout looks as it always did. What a
layout does not have is declared with the columns and tables themselves (``since``, ``until``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kamxl.core.finding import Finding, finding
from kamxl.forms.paper.raw import RawBook, RawSheet, a1
from kamxl.forms.tables.columns import Column
from kamxl.forms.tables.declared import Table
from kamxl.forms.tables.locate import find_texts

FIRST = 1


def ending(layout: int, before: str = ":") -> str:
    """What stands at the end of a mark: nothing in layout 1, else its number."""
    return "" if layout == FIRST else f"{before}{layout}"


def newest(forms: Iterable[Table[Any]], others: Iterable[Column] = ()) -> int:
    """The layout that declarations amount to; ``others``: columns outside of any table."""
    columns = [*others]
    numbers = [FIRST]
    for form in forms:
        numbers.append(form.since)
        columns += form.known
    numbers += [column.since for column in columns]
    return max(numbers + [column.until + 1 for column in columns if column.until is not None])


@dataclass(frozen=True, slots=True)
class Layouts:
    """The layouts that a workbook's sheets tell; ``newest`` is that of the workbook.

    ``place`` is where the newest one stands: (sheet title, cell).
    """

    newest: int = FIRST
    place: tuple[str, str] | None = None
    _by_sheet: dict[int, int] = field(default_factory=dict)  # by identity: a sheet has no hash

    @classmethod
    def of(cls, book: RawBook, mark: re.Pattern[str]) -> Layouts:
        """As its marks tell: the number is the third group of ``mark``, if it has one."""
        by_sheet: dict[int, int] = {}
        found = cls()
        for sheet, row, column, text in find_texts(book, mark):
            match = mark.fullmatch(text)
            number = int(match[3]) if match and mark.groups > 2 and match[3] else FIRST
            by_sheet[id(sheet)] = max(number, by_sheet.get(id(sheet), FIRST))
            if found.place is None or number > found.newest:
                found = cls(number, (sheet.title, a1(row, column)))
        return cls(found.newest, found.place, by_sheet)

    def of_sheet(self, sheet: RawSheet) -> int:
        """The layout of one sheet: its own mark's, else the workbook's."""
        return self._by_sheet.get(id(sheet), self.newest)

    def too_new(self, known: int) -> tuple[Finding, ...]:
        """What is said of a workbook that a later kamxl made than the one that knows ``known``."""
        return (too_new(self.newest, known, self.place),) if self.newest > known else ()


def too_new(layout: int, known: int, place: tuple[str, str] | None) -> Finding:
    """That a layout is newer than what this kamxl knows."""
    sheet, cell = place or (None, None)
    return finding("layout-newer", sheet=sheet, cell=cell, value=layout, known=known)
