"""Reads .ods, .xls and .xlsb with calamine, behind checks of our own; only in a process apart.

calamine is quick and reads much, but a far cell or a lie about a size ends the process it runs in.
It tells neither number formats nor formulas, and an error such as #DIV/0! is an empty cell to it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from math import isfinite
from typing import Any

import olefile
from python_calamine import CalamineError, CalamineWorkbook

from kamxl.excel.reading.limits import LIMITS, MEMORY, Limits, Meter, Refused, too_large, unreadable
from kamxl.excel.reading.opendocument import sheets_of
from kamxl.excel.reading.package import open_package
from kamxl.excel.reading.parts import flags, modified, saved_as_ods
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet

OTHERS = frozenset({"ods", "xls", "xlsb"})
_WIDE = 4_000_000  # places between the first and the last cell: empty ones are walked over, too
_NEWER = "Workbook\0".encode("utf-16-le")
_EARLIEST = 1990  # no workbook was saved before


def read_other(data: bytes, kind: str, limits: Limits = LIMITS) -> RawBook:
    """The workbook in ``data`` (``kind``: one of ``OTHERS``), or Refused and nothing else.

    Whoever calls it must be ready to be killed: an abort is no exception.
    """
    try:
        return _read(data, kind, limits)
    except Refused as refused:
        problem = refused
    except MemoryError:
        problem = too_large(MEMORY)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # calamine's panics are no Exception
        problem = unreadable("damaged", f"{type(error).__name__}: {error}")
    raise Refused(problem.code, problem.reason, problem.detail)


def _read(data: bytes, kind: str, limits: Limits) -> RawBook:
    if len(data) > limits.file:
        raise too_large("file")
    meter = Meter(limits)
    if kind == "ods":
        return _read_ods(open_package(data, limits), limits, meter)
    saved, seen = _about_ole(data) if kind == "xls" else _about_zip(data, limits, meter)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError as error:
        # It says that of damaged ones as well: only of Excel 95 and before is it a kind of its own.
        if "detect" in str(error) and kind == "xls" and _NEWER not in data:
            raise unreadable("unknown-format") from None
        raise
    if len(book.sheet_names) > limits.sheets:
        raise too_large("sheets")
    if len(set(book.sheet_names)) < len(book.sheet_names):
        raise unreadable("duplicate-sheet")
    sheets = [RawSheet(name, _cells(book, name, meter)) for name in book.sheet_names]
    return RawBook(tuple(sheets), modified=saved, flags=seen)


def _read_ods(parts: Mapping[str, bytes], limits: Limits, meter: Meter) -> RawBook:
    if b"encryption-data" in parts.get("meta-inf/manifest.xml", b""):
        raise Refused("password", "encrypted")
    sheets, seen = sheets_of(parts, limits, meter)
    if any(name.startswith(("basic/", "scripts/")) for name in parts):
        seen |= {"macros"}
    return RawBook(sheets, modified=saved_as_ods(parts.get("meta.xml"), meter), flags=seen)


def _about_zip(
    data: bytes, limits: Limits, meter: Meter
) -> tuple[datetime | None, frozenset[str]]:
    """When it was saved and what it carries; every part is inflated and proved on the way."""
    parts = open_package(data, limits)
    return modified(parts.get("docprops/core.xml"), meter), flags(parts, meter)


def _about_ole(data: bytes) -> tuple[datetime | None, frozenset[str]]:
    """The same of an .xls; what its properties do not say is no reason to lose it."""
    macros = "_VBA_PROJECT_CUR\0".encode("utf-16-le") in data
    saved: Any = None
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            saved = file.get_metadata().last_saved_time
    except MemoryError:
        raise
    except Exception:  # damaged properties, or an OLE file that only calamine understands
        saved = None
    known = isinstance(saved, datetime) and saved.year >= _EARLIEST
    return (saved.replace(tzinfo=UTC) if known else None), frozenset({"macros"} if macros else ())


def _cells(book: Any, name: str, meter: Meter) -> dict[tuple[int, int], RawCell]:
    sheet = book.get_sheet_by_name(name)
    if sheet.start is None:
        return {}
    if (sheet.end[0] + 1) * sheet.width > _WIDE:
        raise too_large("cells")
    left = sheet.start[1] + 1
    cells: dict[tuple[int, int], RawCell] = {}
    for row, values in enumerate(sheet.iter_rows(), 1):
        for column, value in enumerate(values, left):
            if value != "":
                meter.count_cell()
                cells[row, column] = _cell(value, meter)
    return cells


def _cell(value: object, meter: Meter) -> RawCell:
    if isinstance(value, bool):
        return RawCell(RawKind.BOOLEAN, "TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        if not isfinite(value):
            raise unreadable("number")
        return RawCell(RawKind.NUMBER, f"{value:.15g}", float(value))
    if isinstance(value, date | time):
        return RawCell(RawKind.DATE, value.isoformat())
    if isinstance(value, timedelta):
        return RawCell(RawKind.DATE, str(value))
    text = str(value)
    meter.count_shown(text)
    return RawCell(RawKind.TEXT, text)
