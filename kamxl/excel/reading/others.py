"""Reads .ods, .xls and .xlsb: each by a small strict reader, with one way to say no."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import olefile

from kamxl.excel.reading.limits import LIMITS, MEMORY, Limits, Meter, Refused, too_large, unreadable
from kamxl.excel.reading.notes import UNREAD, Notes
from kamxl.excel.reading.opendocument import sheets_of
from kamxl.excel.reading.package import open_package
from kamxl.excel.reading.parts import flags, modified, saved_as_ods, when
from kamxl.excel.reading.xls import sheets_of_xls
from kamxl.excel.reading.xlsb import comments, sheets_of_xlsb
from kamxl.forms.paper.raw import RawBook, RawSheet

OTHERS = frozenset({"ods", "xls", "xlsb"})
NOT_UNDERSTOOD = "not-understood"
# What is odd inside of a sound container: another program may know better.
_ODD = frozenset(
    {
        "number",
        "boolean",
        "address",
        "repeat",
        "root",
        "no-workbook",
        "record",
        "duplicate-cell",
        "sheet-missing",
    }
)


def read_other(data: bytes, kind: str, limits: Limits = LIMITS) -> RawBook:
    """The workbook in ``data`` (``kind``: one of ``OTHERS``), or Refused and nothing else.

    Refused as NOT_UNDERSTOOD: its container is sound; what is in it, another may understand.
    """
    try:
        return _read(data, kind, limits)
    except Refused as refused:
        problem = _odd(refused, data, kind) if refused.reason in _ODD else refused
    except MemoryError:
        problem = too_large(MEMORY)
    except (OSError, zipfile.BadZipFile, zlib.error) as error:  # the container
        problem = unreadable("damaged", f"{type(error).__name__}: {error}")
    except Exception as error:
        problem = _odd(error, data, kind)
    raise Refused(problem.code, problem.reason, problem.detail)


def _read(data: bytes, kind: str, limits: Limits) -> RawBook:
    if len(data) > limits.file:
        raise too_large("file")
    # Every part of a zip is inflated and proved on the way.
    parts = {} if kind == "xls" else open_package(data, limits)
    return _with_unseen(_READERS[kind](data, parts, limits))


def _with_unseen(book: RawBook) -> RawBook:
    """Some writers leave out how numbers look. Where none looks like anything, nobody can tell
    whether 1 was 100 %: their formats are unseen.
    """
    numbers = (cell for sheet in book.sheets for cell in sheet.cells.values() if cell.number)
    if any(cell.number_format != "General" for cell in numbers):
        return book
    return replace(book, sheets=tuple(map(_unseen, book.sheets)))


def _unseen(sheet: RawSheet) -> RawSheet:
    cells = {
        place: cell if cell.number is None else replace(cell, number_format="")
        for place, cell in sheet.cells.items()
    }
    return replace(sheet, cells=cells)


def _odd(problem: Exception, data: bytes, kind: str) -> Refused:
    sound = kind != "xls" or _is_sound(data)
    why = f"{type(problem).__name__}: {problem}"
    return unreadable(NOT_UNDERSTOOD if sound else "damaged", why)


def _is_sound(data: bytes) -> bool:
    """Whether an OLE file is whole as a container; it has no checksums, but many cross-checks."""
    try:
        with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_INCORRECT) as file:
            return all(file.openstream(name).read() is not None for name in file.listdir())
    except MemoryError:
        raise
    except Exception:
        return False


def _read_ods(_: bytes, parts: Mapping[str, bytes], limits: Limits) -> RawBook:
    if b"encryption-data" in parts.get("meta-inf/manifest.xml", b""):
        raise Refused("password", "encrypted")
    meter = Meter(limits)
    sheets, seen = sheets_of(parts, limits, meter)
    if any(name.startswith(("basic/", "scripts/")) for name in parts):
        seen |= {"macros"}
    return RawBook(sheets, modified=saved_as_ods(parts.get("meta.xml"), meter), flags=seen)


def _read_xlsb(_: bytes, parts: Mapping[str, bytes], limits: Limits) -> RawBook:
    notes, meter = Notes(parts, limits, comments), Meter(limits)
    sheets = sheets_of_xlsb(parts, notes, meter)
    saved, seen = modified(parts.get("docprops/core.xml"), meter), flags(parts, meter)
    return RawBook(sheets, modified=saved, flags=_with_notes(seen, sheets, notes))


def _read_xls(data: bytes, _: Mapping[str, bytes], limits: Limits) -> RawBook:
    notes = Notes({}, limits)
    sheets = sheets_of_xls(data, notes, Meter(limits))
    saved, seen = _about_ole(data)
    return RawBook(sheets, modified=saved, flags=_with_notes(seen, sheets, notes))


def _with_notes(seen: frozenset[str], sheets: Iterable[RawSheet], notes: Notes) -> frozenset[str]:
    if any(sheet.notes for sheet in sheets):
        seen |= {"notes"}
    return seen if notes.whole else seen | {UNREAD}


def _about_ole(data: bytes) -> tuple[datetime | None, frozenset[str]]:
    """When an .xls was saved and what it carries; what is not told is no reason to lose it."""
    macros = "_VBA_PROJECT_CUR\0".encode("utf-16-le") in data
    saved: Any = None
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            saved = file.get_metadata().last_saved_time
    except MemoryError:
        raise
    except Exception:  # damaged properties
        saved = None
    known = when(saved) if isinstance(saved, datetime) else None
    return known, frozenset({"macros"} if macros else ())


_READERS = {"ods": _read_ods, "xlsb": _read_xlsb, "xls": _read_xls}
