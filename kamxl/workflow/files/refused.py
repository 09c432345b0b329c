"""Files that were not read: why, and whether somebody has to do something about it.

Whatever is sent in may be somebody's answer: a picture, a text, a recording. Left alone is only
what surely is none: what systems and programs keep for themselves, by its name.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TypeVar

from kamxl.core.finding import Fate, finding
from kamxl.core.records.register import FileResult
from kamxl.mail.links import is_portal

File = TypeVar("File", bound=FileResult)

WORKBOOK_ENDINGS = frozenset(
    {
        ".xlsx", ".xlsm", ".xltx", ".xltm", ".xlam", ".xlsb", ".xls", ".xlt",
        ".ods", ".ots", ".fods", ".et", ".numbers",
    }
)  # fmt: skip
DOCUMENT_ENDINGS = frozenset(
    {".doc", ".docx", ".odt", ".rtf", ".ppt", ".pptx", ".odp", ".pages", ".key", ".vsdx", ".one"}
)
TABLE_ENDINGS = frozenset({".csv", ".tsv", ".gnumeric"})
CONTAINER_ENDINGS = frozenset(
    {".eml", ".emlx", ".msg", ".zip", ".mbox", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".p7m"}
)
PICTURE_ENDINGS = frozenset(
    {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".svg", ".svgz",
     ".emf", ".wmf", ".emz", ".wmz"}
)  # fmt: skip
# Archives and mailboxes that only other programs open.
ARCHIVE_ENDINGS = frozenset(
    {".7z", ".rar", ".cab", ".lzh", ".ace", ".arj", ".zst", ".iso", ".dmg", ".pst", ".ost", ".olm",
     ".sit", ".sitx", ".zipx", ".lz", ".lzma", ".lz4", ".z", ".wim", ".br"}
)  # fmt: skip
LINK_ENDINGS = frozenset(
    {".url", ".webloc", ".website", ".desktop", ".lnk", ".gdoc", ".gsheet", ".gslides", ".gform"}
)
RIGHTS_ENDINGS = frozenset({".rpmsg", ".pfile", ".pxlsx", ".pxlsm", ".ppdf"})
PGP_ENDINGS = frozenset({".pgp", ".gpg"})
_SPLIT = re.compile(r"\.(?:[zr]\d\d|\d{3})")  # into several files
# What mail programs add to mails by themselves: signatures, visiting cards, invitations.
ASIDE_ENDINGS = frozenset(
    {".p7s", ".p7c", ".p7b", ".cer", ".crt", ".sig", ".vcf", ".vcard", ".ics", ".vcs", ".ifb"}
)
# What no person fills in.
STRAY_ENDINGS = ASIDE_ENDINGS | frozenset(
    {".ini", ".db", ".log", ".lock", ".lck", ".exe", ".dll", ".msi", ".bat", ".cmd", ".sh",
     ".ps1", ".vbs", ".com", ".scr", ".jar", ".css", ".js", ".ttf", ".otf", ".woff", ".woff2",
     ".ico", ".py", ".sqlite", ".plist", ".thmx", ".mso"}
)  # fmt: skip
_IGNORED = frozenset(
    {"owner-file", "not-a-workbook", "inline-picture", "mail-automatic", "mail-part"}
)
_STRAY = "stray"


def of_entry(blank: File, reason: str) -> File:
    """A file without bytes, for the reason the inbox gave."""
    fate = Fate.IGNORED if reason in _IGNORED else Fate.ATTENTION
    return replace(blank, fate=fate, findings=(finding(reason),))


def of_refusal(blank: File, code: str, reason: str) -> File:
    """A file that the reader refused; ``reason`` is its key word ("picture", "zip", "crc")."""
    ending = PurePosixPath(blank.path).suffix.casefold()
    if code == "not-a-workbook" or reason == "empty":
        code, reason = _by_name(ending, reason)
    if code in ("unreadable", "container-damaged", "not-a-workbook") and is_split(blank.path):
        code = "archive-unsupported"
    if code == "not-a-workbook" and is_portal(blank.path, b""):
        code = "mail-encrypted"
    stray = code == "not-a-workbook" and reason == _STRAY
    fate = Fate.IGNORED if stray else Fate.ATTENTION
    return replace(blank, fate=fate, findings=(*blank.findings, finding(code, reason=reason)))


def _by_name(ending: str, kind: str) -> tuple[str, str]:
    """Code and reason of what is no workbook, by what it calls itself."""
    if ending in WORKBOOK_ENDINGS:
        return "unreadable", kind
    if kind in ("picture", "pdf"):
        return "not-a-workbook", kind
    for endings, code in _CALLED:
        if ending in endings:
            return code, kind
    if ending in DOCUMENT_ENDINGS:
        return "not-a-workbook", "document"
    if ending in TABLE_ENDINGS:
        return "format-unsupported", "table"
    if ending in STRAY_ENDINGS:
        return "not-a-workbook", _STRAY
    if ending in PICTURE_ENDINGS:
        return "not-a-workbook", "picture"
    if kind == "empty":  # of what says nothing of itself either
        return ("unreadable", kind) if ending == ".pdf" else ("not-a-workbook", _STRAY)
    return "not-a-workbook", kind if kind in ("text", "html") else "unknown"


def is_split(path: str) -> bool:
    """Whether a name is that of a part of an archive that was split."""
    return _SPLIT.fullmatch(PurePosixPath(path).suffix.casefold()) is not None


def is_named(path: str) -> bool:
    """Whether a name alone tells what else it is than a workbook, and what to do about it."""
    ending = PurePosixPath(path).suffix.casefold()
    return is_split(path) or any(ending in endings for endings, _ in _CALLED)


_CALLED = (
    (CONTAINER_ENDINGS, "container-damaged"),  # or it would have been opened
    (ARCHIVE_ENDINGS, "archive-unsupported"),
    (LINK_ENDINGS, "cloud-link"),
    (RIGHTS_ENDINGS, "rights-managed"),
    (PGP_ENDINGS, "mail-encrypted"),
)
