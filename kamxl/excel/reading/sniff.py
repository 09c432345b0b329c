"""What a file is, by what stands in it; its name may say anything.

Nothing here raises (but MemoryError), and nothing reads more than a file's head, a zip's table of
contents and, in an OLE file, the names of its streams.
"""

from __future__ import annotations

import codecs
import re
import struct
import zipfile
from collections.abc import Iterable, Mapping

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
_MINI = 4096  # bytes: a shorter stream stands elsewhere
_FILEPASS, _RECORDS = 0x2F, 5
_BEFORE_PASSWORD = {0x809, 0x409, 0x209, 0x09, 0x86, 0xE1, 0xC1, 0xE2}  # how a workbook begins
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Archives that are unpacked, and (after them) those that are not; a mailbox of Outlook's.
_PACKED = ((b"\x1f\x8b\x08", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\0", "xz"))
_BZIP_BLOCK = b"1AY&SY"
_ARCHIVES = (
    b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"MSCF\0\0\0\0", b"\x28\xb5\x2f\xfd", b"xar!\0\x1c",
    b"\x1f\x9d", b"LZIP\1", b"!BDN",
)  # fmt: skip
_LZH = re.compile(rb"..-l[hz][0-9ds]-", re.DOTALL)
_TAR = b"ustar"  # 257 bytes after the beginning
# What Outlook and Windows write around a protected mail, and where Office says that it did.
_RIGHTS_MAIL = b"\x76\xe8\x04\x60\xc4\x11\xe3\x86"
_RIGHTS = (
    "DRMEncryptedTransform", "DRMEncryptedDataSpace", "DRMTransform", "DRMDataSpace",
    "\x09DRMContent", "DRMContent", "\x09DRMViewerContent",
)  # fmt: skip
_PGP = re.compile(rb"-----BEGIN PGP MESSAGE-----")
_CMS_TEXT = re.compile(rb"-----BEGIN (?:PKCS7|CMS|PKCS #7 SIGNED DATA)-----")
# A sequence, long or without end, that begins with the name of one of the kinds of CMS.
_CMS = re.compile(
    rb"\x30(?:[\x0b-\x7f]|\x80|\x81.|\x82..|\x83.{3}|\x84.{4})"
    rb"\x06(?:\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07|\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01)",
    re.DOTALL,
)
_SHORTCUT = b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F"  # Windows' .lnk
_ALIAS = b"book\0\0\0\0mark\0\0\0\0"  # a Mac's
_LINK = re.compile(
    r"\[(?:InternetShortcut|Desktop Entry)[^\]]{0,40}\]|\{\s*\"(?:doc_id|resource_id)\"\s*:"
    r"|<\?xml[^<]{0,200}(?:<!DOCTYPE plist[^>]{0,200}>\s*)?<plist[^>]{0,40}>\s*<dict>\s*"
    r"<key>URL</key>",
    re.IGNORECASE,
)
_UNFETCHED = (b"bplist00", b"NSURLNameKey")  # what iCloud leaves in a file's place
_LOCKED_ODS = (b"encryption-data", b"encrypted-package")
_MANIFEST = "meta-inf/manifest.xml"
_BEFORE_MAIL = re.compile(r"(?:From [^\n]{1,200}|\d{1,10}[ \t]*)\n")  # in mailboxes; Apple's .emlx
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
    """One of xlsx, xlsb, ods, zip, xls, encrypted, rights, ole, pdf, picture, mail, pgp, cms, html,
    fods, xml, gzip, bzip2, xz, tar, archive, link, unfetched, text, empty, unknown."""
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
    if head.startswith(b"MZ") and _unpacks_itself(data):
        return "archive"
    known = _wrapped(head)
    if known is not None:
        return known
    if head.startswith(b"PK") or data.rfind(b"PK\x05\x06", max(0, len(data) - _HEAD)) >= 0:
        return _zip(data)
    return _text(_decoded(head))


def _unpacks_itself(data: bytes) -> bool:
    """Whether a program carries an archive, which it unpacks when somebody runs it."""
    return any(mark in data for mark in (*_ARCHIVES[:3], b"PK\x05\x06"))


def _wrapped(head: bytes) -> str | None:
    """What is wrapped around a file, or stands in its place."""
    packed = next((kind for mark, kind in _PACKED if head.startswith(mark)), None)
    if packed is not None and (packed != "bzip2" or head[4:10] == _BZIP_BLOCK):
        return packed
    if head.startswith(_ARCHIVES) or _LZH.match(head):
        return "archive"
    if head[257:262] == _TAR:
        return "tar"
    if head.startswith(_RIGHTS_MAIL):
        return "rights"
    if _CMS.match(head) or _CMS_TEXT.match(head.lstrip()):
        return "cms"
    if _PGP.match(head.lstrip()):
        return "pgp"
    if head.startswith(_UNFETCHED[0]) and _UNFETCHED[1] in head:
        return "unfetched"
    return "link" if head.startswith((_SHORTCUT, _ALIAS)) else None


def _is_picture(head: bytes) -> bool:
    if head.startswith(b"BM"):  # two letters are not enough: "BMW;85"
        return head[6:10] == b"\0\0\0\0"
    if head[:4] == b"RIFF":
        return head[8:12] == b"WEBP"
    return head.startswith(_PICTURES) or (head[4:8] == b"ftyp" and head[8:12] in _BRANDS)


def _ole(data: bytes) -> str:
    if any(_stream(data, name) for name in _RIGHTS):
        return "rights"
    if _stream(data, "EncryptedPackage"):
        return "encrypted"
    if _stream(data, "WordDocument") or _stream(data, "PowerPoint Document"):
        return "ole"  # a workbook embedded in it makes it no workbook
    book = _place(data, "Workbook") or _place(data, "Book")
    if not book:
        return "ole"
    return "encrypted" if _is_locked(data, book) else "xls"


def _is_locked(data: bytes, entry: int) -> bool:
    """Whether the stream of an .xls has a password: the record that says so is one of its first."""
    if entry + 124 > len(data):
        return False
    first, size = struct.unpack_from("<II", data, entry + 116)
    shift = struct.unpack_from("<H", data, 30)[0]
    if size < _MINI or shift not in (9, 12):
        return False
    at = (first + 1) << shift
    for _ in range(_RECORDS):
        if at + 4 > len(data):
            return False
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == _FILEPASS:
            return True
        if kind not in _BEFORE_PASSWORD:
            return False
        at += 4 + length
    return False


def _stream(data: bytes, name: str) -> bool:
    """Whether the directory of an OLE file has this name."""
    return _place(data, name) is not None


def _place(data: bytes, name: str) -> int | None:
    """Where a name stands in the directory of an OLE file: its entries are at multiples of 128."""
    wanted, position = (name + "\0").encode("utf-16-le"), 0
    for _ in range(1_000):
        position = data.find(wanted, position)
        if position < 0:
            return None
        if position % 128 == 0:
            return position
        position += 1
    return None


def _zip(data: bytes) -> str:
    ods = data[30:84].startswith(b"mimetype" + _ODS)
    try:
        entries = {normal(entry.orig_filename): entry for entry in directory(data, LIMITS)}
    except Exception:  # too many entries, damaged, encrypted: the reader will say which
        return "ods" if ods else _damaged_zip(data)
    kind = _by_names(entries)
    if ods or ("mimetype" in entries and inflate(data, entries["mimetype"], 256).startswith(_ODS)):
        return "encrypted" if _is_locked_ods(data, entries) else "ods"
    if kind == "zip" and _TYPES in entries:
        types = inflate(data, entries[_TYPES], _HEAD * 16).replace(b"\0", b"")
        if b"sheet.binary.macroEnabled.main" in types:
            return "xlsb"
        if re.search(rb"(?:sheet|template|addin)(?:\.macroEnabled)?\.main\+xml", types):
            return "xlsx" if b"spreadsheetml" in types or b"ms-excel" in types else "zip"
    return kind


def _is_locked_ods(data: bytes, entries: Mapping[str, zipfile.ZipInfo]) -> bool:
    """Whether an .ods has a password: its list of parts says how each is encrypted."""
    if _MANIFEST not in entries:
        return False
    try:
        told = inflate(data, entries[_MANIFEST], _HEAD * 4)
    except Exception:  # the reader will say what is wrong with it
        return False
    return any(mark in told for mark in _LOCKED_ODS)


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
    if _LINK.match(start) is not None:
        return "link"
    if start.startswith("<"):
        return _markup(start)
    text = text[before.end() :] if (before := _BEFORE_MAIL.match(text)) is not None else text
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
