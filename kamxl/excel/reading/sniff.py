"""What a file is, by what stands in it; its name may say anything.

Nothing here raises (but MemoryError), and nothing reads more than a file's head, a zip's table of
contents and, in an OLE file, the names of its streams.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from kamxl.excel.reading.limits import LIMITS
from kamxl.excel.reading.package import directory, inflate, normal

_HEAD = 64 * 1024
_PICTURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"II*\0",
    b"MM\0*",
    b"BM",
)
_BRANDS = {b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1", b"avif"}
_BLANK = b"\0 \t\r\n"  # a failed synchronisation leaves a file of zeros
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_WORKBOOK = re.compile(r"(?:.*/)?workbook[^/]*\.(xml|bin)")
_TYPES = "[content_types].xml"
_OWN_NAMES = ("[content_types].xml", "_rels/", "xl/", "docprops/", "customxml/")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]?[^\n]*(?:\n[ \t][^\n]*)*\n")
_MAIL = re.compile(
    r"^(?:from|to|subject|date|received|return-path|mime-version|message-id|delivered-to)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_BEFORE_HTML = re.compile(r"<\?xml[^>]{0,200}>|<!--.{0,500}?-->|<!doctype\s", re.I | re.S)
_HTML = re.compile(r"<?(?:html|table|head|body|meta|style)\b", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def kind_of(data: bytes) -> str:
    """One of xlsx, xlsb, ods, zip, xls, encrypted, ole, pdf, picture, mail, html, fods, xml,
    text, empty, unknown."""
    try:
        return _kind_of(data)
    except MemoryError:
        raise
    except Exception:  # a guess is never worth a crash
        return "unknown"


def is_outlook(data: bytes) -> bool:
    """Whether it is a mail that Outlook saved (.msg), whatever that carries."""
    return data.startswith(_OLE) and _stream(data, "__properties_version1.0")


def _kind_of(data: bytes) -> str:
    head = data[:_HEAD]
    if not head.strip(_BLANK) and not data.strip(_BLANK):
        return "empty"
    if head.startswith(_OLE):
        return _ole(data)
    if head.startswith(b"%PDF-") or b"%PDF-" in head[:1024]:
        return "pdf"
    if _is_picture(head):
        return "picture"
    if head.startswith(b"PK") or data.rfind(b"PK\x05\x06", max(0, len(data) - _HEAD)) >= 0:
        return _zip(data)
    return _text(_decoded(head))


def _is_picture(head: bytes) -> bool:
    if head.startswith(b"BM"):  # two letters are not enough: "BMW;85"
        return head[6:10] == b"\0\0\0\0"
    if head[:4] == b"RIFF":
        return head[8:12] == b"WEBP"
    return head.startswith(_PICTURES) or (head[4:8] == b"ftyp" and head[8:12] in _BRANDS)


def _ole(data: bytes) -> str:
    if _stream(data, "EncryptedPackage"):
        return "encrypted"
    if _stream(data, "WordDocument") or _stream(data, "PowerPoint Document"):
        return "ole"  # a workbook embedded in it makes it no workbook
    return "xls" if _stream(data, "Workbook") or _stream(data, "Book") else "ole"


def _stream(data: bytes, name: str) -> bool:
    """Whether the directory of an OLE file has this name: its entries stand at multiples of 128."""
    wanted, position = (name + "\0").encode("utf-16-le"), 0
    for _ in range(1_000):
        position = data.find(wanted, position)
        if position < 0 or position % 128 == 0:
            return position >= 0
        position += 1
    return False


def _zip(data: bytes) -> str:
    if data[30:84].startswith(b"mimetype" + _ODS):
        return "ods"
    try:
        entries = {normal(entry.orig_filename): entry for entry in directory(data, LIMITS)}
    except Exception:  # too many entries, damaged, encrypted: the reader will say which
        return _damaged_zip(data)
    kind = _by_names(entries)
    if "mimetype" in entries and inflate(data, entries["mimetype"], 256).startswith(_ODS):
        return "ods"
    if kind == "zip" and _TYPES in entries:
        types = inflate(data, entries[_TYPES], _HEAD * 16).replace(b"\0", b"")
        if b"sheet.binary.macroEnabled.main" in types:
            return "xlsb"
        if re.search(rb"(?:sheet|template|addin)(?:\.macroEnabled)?\.main\+xml", types):
            return "xlsx" if b"spreadsheetml" in types or b"ms-excel" in types else "zip"
    return kind


def _by_names(names: Iterable[str]) -> str:
    endings = {match[1] for name in names if (match := _WORKBOOK.fullmatch(name))}
    if not endings:
        return "zip"
    return "xlsx" if "xml" in endings else "xlsb"


def _damaged_zip(data: bytes) -> str:
    """A zip whose table of contents is not to be had: judged by its first entry's name."""
    first = normal(data[30:80].decode("cp437"))
    if not first.startswith(_OWN_NAMES) or b"word/document" in data or b"ppt/pres" in data:
        # The name of the first entry may be what is damaged.
        return "xlsx" if b"xl/workbook.xml" in data and b"[Content_T" in data[:_HEAD] else "zip"
    return "xlsb" if b"xl/workbook.bin" in data else "xlsx"


def _text(text: str) -> str:
    if _CONTROL.search(text):
        return "unknown"
    text = text.lstrip("\ufeff \t\r\n").replace("\r\n", "\n")
    start = text[:4096]
    if start.startswith("<"):
        return _markup(start)
    headers = text.split("\n\n", 1)[0]
    if _HEADER.match(text) is not None and len(_MAIL.findall(headers)) >= 2:
        return "mail"
    return "text"


def _markup(start: str) -> str:
    if "urn:oasis:names:tc:opendocument" in start and "office:document" in start:
        return "fods"
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        # Excel's own "save as web page" names the same namespace inside of HTML.
        return "html" if re.search(r"<html\b", start, re.I) else "xml"
    while (before := _BEFORE_HTML.match(start)) is not None:
        start = start[before.end() :].lstrip()
    return "html" if _HTML.match(start) else "text"


def _decoded(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    try:
        # The head may end inside a character.
        return codecs.getincrementaldecoder("utf-8")().decode(head, len(head) < _HEAD)
    except UnicodeDecodeError:
        return head.decode("cp1252", "replace")
