"""Files that were not read: why, and whether somebody has to do something about it.

A stray text file is nobody's concern. A picture, or something that calls itself a workbook, was
sent by somebody who thinks to have answered.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TypeVar

from kamxl.core.finding import Fate, finding
from kamxl.core.records.register import FileResult

File = TypeVar("File", bound=FileResult)

WORKBOOK_ENDINGS = frozenset(
    {
        ".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam", ".xlsb", ".xls", ".xlt",
        ".ods", ".ots", ".fods", ".et", ".numbers",
    }
)  # fmt: skip
DOCUMENT_ENDINGS = frozenset(
    {".doc", ".docx", ".odt", ".rtf", ".ppt", ".pptx", ".odp", ".pages"}
)  # fmt: skip
TABLE_ENDINGS = frozenset({".csv", ".tsv"})
CONTAINER_ENDINGS = frozenset({".eml", ".msg", ".zip"})


def of_entry(blank: File, reason: str) -> File:
    """A file without bytes, for the reason the inbox gave."""
    stray = reason in ("owner-file", "not-a-workbook", "inline-picture", "mail-automatic")
    fate = Fate.IGNORED if stray else Fate.ATTENTION
    return replace(blank, fate=fate, findings=(finding(reason),))


def of_refusal(blank: File, code: str, reason: str) -> File:
    """A file that the reader refused; ``reason`` is its key word ("picture", "zip", "crc")."""
    ending = PurePosixPath(blank.path).suffix.casefold()
    if code == "not-a-workbook" or reason == "empty":
        code, reason = _by_name(ending, reason)
    stray = code == "not-a-workbook" and reason == "stray"
    fate = Fate.IGNORED if stray else Fate.ATTENTION
    return replace(blank, fate=fate, findings=(*blank.findings, finding(code, reason=reason)))


def _by_name(ending: str, kind: str) -> tuple[str, str]:
    """Code and reason of what is no workbook, by what it calls itself."""
    if ending in WORKBOOK_ENDINGS:
        return "unreadable", kind
    if kind in ("picture", "pdf"):
        return "not-a-workbook", kind
    if ending in DOCUMENT_ENDINGS:
        return "not-a-workbook", "document"
    if ending in CONTAINER_ENDINGS:
        return "container-damaged", kind  # it only calls itself one, or it would have been opened
    if ending in TABLE_ENDINGS:
        return "format-unsupported", "table"
    return "not-a-workbook", "stray"
