"""Reads .xlsx and .xlsm from anywhere: strict, bounded, with one way to say no.

``read`` either gives back every cell of a workbook or raises ``Refused``; there is no third way
out. Nothing in the file is executed, followed or fetched.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError

from kamxl.excel.reading.alike import Alike
from kamxl.excel.reading.limits import LIMITS, MEMORY, Limits, Meter, Refused, too_large, unreadable
from kamxl.excel.reading.notes import UNREAD, Notes
from kamxl.excel.reading.package import Relationship, open_package, relationships, resolve
from kamxl.excel.reading.parts import cell_styles, flags, is_true, modified, shared_strings
from kamxl.excel.reading.plain import strings_in
from kamxl.excel.reading.sheet import read_cells
from kamxl.excel.reading.sniff import kind_of
from kamxl.excel.reading.xml import Node, link_id, main, parse, unescape
from kamxl.forms.paper.raw import RawBook, RawSheet

__all__ = ["LIMITS", "Limits", "Refused", "read"]

_NO_CELLS = {"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"}
_CODES = {
    "empty": "unreadable",
    "encrypted": "password",
    "rights": "rights-managed",
    "archive": "archive-unsupported",
    "link": "cloud-link",
    "unfetched": "cloud-placeholder",
    **dict.fromkeys(("pgp", "cms"), "mail-encrypted"),
    **dict.fromkeys(("xls", "xlsb", "ods", "fods", "xml"), "format-unsupported"),
}


def read(data: bytes, limits: Limits = LIMITS) -> RawBook:
    """The workbook in ``data``, whole; or Refused, and never anything else."""
    try:
        return _read(data, limits)
    except Refused as refused:
        problem = refused
    except MemoryError:
        problem = too_large(MEMORY)
    except Exception as error:  # the one boundary: whatever a library raises ends here
        problem = unreadable(_reason(error), f"{type(error).__name__}: {error}")
    # A new exception outside of the handlers: a kept traceback would keep all parts in memory.
    raise Refused(problem.code, problem.reason, problem.detail)


def _reason(error: Exception) -> str:
    if isinstance(error, ExpatError):
        return "xml"
    if isinstance(error, zipfile.BadZipFile | zlib.error | struct.error | NotImplementedError):
        return "damaged-zip"
    return "damaged"


def _read(data: bytes, limits: Limits) -> RawBook:
    kind = kind_of(data)
    if kind != "xlsx":
        raise Refused(_CODES.get(kind, "not-a-workbook"), kind)
    if len(data) > limits.file:
        raise too_large("file")
    parts, meter = open_package(data, limits), Meter(limits)
    if "[content_types].xml" not in parts:
        raise unreadable("content-types")
    roots = relationships(parts, "", meter)
    book = _one(parts, "", roots, "officeDocument")
    if book is None:
        raise unreadable("no-workbook")
    core = _one(parts, "", roots, "core-properties", may_dangle=True)
    notes = Notes(parts, limits)
    sheets, names = _workbook(parts, book, meter, notes)
    seen = flags(parts, meter)
    return RawBook(
        sheets,
        names,
        modified=modified(parts.get(core or "docprops/core.xml"), meter),
        flags=seen if notes.whole else seen | {UNREAD},
    )


def _one(
    parts: Mapping[str, bytes],
    source: str,
    links: Mapping[str, Relationship],
    kind: str,
    may_dangle: bool = False,
) -> str | None:
    """The name of the only part of a kind; None if there is none."""
    names = set()
    for link in links.values():
        if link.kind == kind:
            try:
                names.add(resolve(parts, source, link))
            except Refused as refused:
                if not may_dangle or refused.reason != "part-missing":
                    raise
    if len(names) > 1:  # several pointers to one part are harmless
        raise unreadable("two-parts", kind)
    return names.pop() if names else None


@dataclass(slots=True)
class _Outline:
    """What workbook.xml says: the sheets' (title, relationship id), and the defined names."""

    limits: Limits
    sheets: list[tuple[str, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    name: str | None = None
    since_1904: bool = False

    def properties(self, attributes: dict[str, str]) -> None:
        self.since_1904 = is_true(attributes.get("date1904", ""))

    def sheet(self, attributes: dict[str, str]) -> None:
        title, link = unescape(attributes.get("name", "")), link_id(attributes)
        if not title or link is None:
            raise unreadable("sheet", title)
        if any(title.lower() == other.lower() for other, _ in self.sheets):
            raise unreadable("duplicate-sheet", title)
        self.sheets.append((title, link))
        if len(self.sheets) > self.limits.sheets:
            raise too_large("sheets")

    def begin_name(self, attributes: dict[str, str]) -> None:
        whole = "localSheetId" not in attributes
        self.name = unescape(attributes.get("name", "")).lower() if whole else None

    def end_name(self, text: str) -> None:
        text = unescape(text).strip()
        if self.name and self.names.setdefault(self.name, text) != text:
            raise unreadable("duplicate-name", self.name)

    def tree(self) -> dict[str, Node]:
        name = Node(begin=self.begin_name, end=self.end_name, text=True)
        sheets = Node(main(sheet=Node(begin=self.sheet)))
        names, properties = Node(main(definedName=name)), Node(begin=self.properties)
        inside = main(workbookPr=properties, sheets=sheets, definedNames=names)
        return main(workbook=Node(inside))


@Alike
def _outline(content: bytes, meter: Meter) -> _Outline:
    outline = _Outline(meter.limits)
    parse(content, outline.tree(), meter)
    return outline


def _workbook(
    parts: Mapping[str, bytes], book: str, meter: Meter, notes: Notes
) -> tuple[tuple[RawSheet, ...], dict[str, str]]:
    """All worksheets in their order, and the defined names of the whole workbook."""
    outline = _outline(parts[book], meter)
    if not outline.sheets:
        raise unreadable("no-sheets")
    links = relationships(parts, book, meter)
    styles = _one(parts, book, links, "styles")
    # Some writers point to strings they do not have; a cell that wants one is refused anyway.
    texts = _one(parts, book, links, "sharedStrings", may_dangle=True)
    looks = cell_styles(parts[styles] if styles else None, meter)
    said = parts[texts] if texts else None
    strings = strings_in(said, meter) if said is not None else None
    if strings is None:
        strings = shared_strings(said, meter)
    sheets = [
        RawSheet(
            title,
            read_cells(parts[name], strings, looks, meter, outline.since_1904),
            notes.of_sheet(name),
        )
        for title, name in _worksheets(parts, book, links, outline.sheets)
    ]
    return tuple(sheets), outline.names


def _worksheets(
    parts: Mapping[str, bytes],
    book: str,
    links: Mapping[str, Relationship],
    sheets: list[tuple[str, str]],
) -> list[tuple[str, str]]:
    """The (title, part) of every sheet that has cells."""
    found: dict[str, str] = {}
    for title, key in sheets:
        link = links.get(key)
        if link is None:
            raise unreadable("sheet-missing", title)
        if link.kind in _NO_CELLS:
            continue
        if link.kind != "worksheet":
            raise unreadable("sheet-kind", title)
        name = resolve(parts, book, link)
        if found.setdefault(name, title) != title:
            raise unreadable("sheet-shared", title)  # one part would be read many times
    return [(title, name) for name, title in found.items()]
