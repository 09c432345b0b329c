"""A workbook as somebody curious sees it: every text in every part, and what else is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from kamxl.excel.limits import LIMITS, Limits
from kamxl.excel.package import open_package

_TAG = re.compile(r"<[^>]*>")
_ATTRIBUTE = re.compile(r"[\w:.-]+\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PATH = re.compile(
    r"(?<![\w/])(?:[A-Za-z]:\\{1,2}[^\s\"<>|]+|file:/+[^\s\"<>]+|\\\\[\w.-]+\\[^\s\"<>]+"
    r"|/(?:home|Users|mnt|var|tmp|root)/[^\s\"<>]+)"
)
_OWN_NAME = re.compile(r"kx_\w+|_xlnm\.(?:Print_Area|Print_Titles|_FilterDatabase)", re.IGNORECASE)
_OBJECTS = (
    "externallinks/", "embeddings/", "vbaproject", "printersettings", "connections", "querytables/",
    "pivot", "customxml/", "revisions/", "usernames", "docprops/custom", "activex/", "webextension",
    "slicer", "xl/media/", "model/", "ctrlprops/",
)  # fmt: skip
_REMARKS = ("comments", "threadedcomments", "persons/")
_ABOUT = re.compile(
    r"<(?:\w+:)?(creator|lastModifiedBy|Company|Manager|HyperlinkBase|description|keywords|category"
    r"|contentStatus|subject)[^>]*>([^<]+)<"
)
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_NAME = re.compile(r"<(?:\w+:)?definedName\s([^>]*)>")
_HIDDEN = re.compile(r"<(?:\w+:)?(row|col)\s[^>]*\bhidden=\"(?:1|true)\"")
_OUTSIDE = re.compile(r"<(?:\w+:)?Relationship\s[^>]*TargetMode=\"External\"[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """A stretch of text and the part it stands in; ``attribute``: of markup, sizes among it."""

    part: str
    text: str
    attribute: bool = False


@dataclass(frozen=True, slots=True)
class Odd:
    """Something that has no business in a file for outsiders: a finding's code, part and value."""

    code: str
    part: str
    value: str


def texts_in(data: bytes, limits: Limits = LIMITS) -> Iterator[Seen]:
    """All texts of a workbook's parts, markup taken away (Refused: it is none we can read).

    Runs of formatted text are seen both joined and apart, attributes and raw bytes as well.
    """
    for part, content in open_package(data, limits).items():
        text = decoded(content)
        if part.endswith((".xml", ".rels", ".vml")):
            yield Seen(part, unescape(_TAG.sub(" ", text)))
            yield Seen(part, unescape(_TAG.sub("", text)))
            values = (one or other for one, other in _ATTRIBUTE.findall(text))
            yield Seen(part, unescape(" | ".join(values)), attribute=True)
        else:
            yield Seen(part, text)
            yield Seen(part, content.decode("utf-16-le", "replace"))


def decoded(content: bytes) -> str:
    """Bytes as text: UTF-16 where they say so, else UTF-8, else one letter a byte."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def oddities(data: bytes, limits: Limits = LIMITS) -> Iterator[Odd]:
    """What a file for outsiders must not have, whatever it says (Refused: as above)."""
    for part, content in open_package(data, limits).items():
        text = decoded(content)
        if any(sign in part for sign in _REMARKS):
            yield Odd("leak-comment", part, part.rsplit("/", 1)[-1])
        elif any(sign in part for sign in _OBJECTS):
            yield Odd("leak-object", part, part.rsplit("/", 1)[-1])
        if part.startswith("docprops/"):
            for name, value in _ABOUT.findall(text):
                yield Odd("leak-metadata", part, f"{name}: {unescape(value)}")
        if part == "xl/workbook.xml":
            yield from _of_book(part, text)
        yield from _of_part(part, text)


def _of_book(part: str, text: str) -> Iterator[Odd]:
    for sheet in _SHEET.findall(text):
        if re.search(r"state=\"(?:hidden|veryHidden)\"", sheet):
            yield Odd("leak-hidden", part, _value(sheet, "name"))
    for attributes in _NAME.findall(text):
        name = _value(attributes, "name")
        if not _OWN_NAME.fullmatch(name):
            yield Odd("leak-name", part, name)


def _of_part(part: str, text: str) -> Iterator[Odd]:
    if part.startswith("xl/worksheets/") and (hidden := _HIDDEN.search(text)):
        yield Odd("leak-hidden", part, hidden[1])
    for link in _OUTSIDE.findall(text):
        yield Odd("leak-link", part, unescape(_value(link, "Target")))
    for path in _PATH.findall(unescape(text)):
        yield Odd("leak-path", part, path)


def _value(text: str, attribute: str) -> str:
    found = re.search(rf"\b{attribute}=\"([^\"]*)\"", text)
    return unescape(found[1]) if found else ""
