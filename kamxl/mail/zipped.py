"""Opening a zip: the files in it, each inflated only as far as it says and may."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from kamxl.mail.opening import (
    LARGEST,
    MEMBERS,
    Budget,
    CannotOpen,
    Member,
    Opened,
    member_name,
)

_RECORDS = 20_000  # of all zips in it, too: a workbook that is stored as it is has 15 or so
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED, _UTF8 = 0x1, 0x800
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_PACKAGES = {"[Content_Types].xml", "mimetype"}


def open_zip(data: bytes, budget: Budget) -> Opened:
    """The files in a zip; folders are none."""
    if data.count(b"PK\x01\x02") > _RECORDS:  # before anybody builds a record for each
        raise CannotOpen("too-large")
    if _is_piece(data):
        raise CannotOpen("kind")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
        _refuse(entries)
        return Opened(tuple(_members(data, entries, budget)))
    except (CannotOpen, MemoryError):  # too little memory says nothing about the file
        raise
    except Exception as problem:  # whatever is bad about it, it costs only itself
        raise CannotOpen("damaged") from problem


def _refuse(entries: list[zipfile.ZipInfo]) -> None:
    if not _PACKAGES.isdisjoint(entry.filename for entry in entries):
        raise CannotOpen("document")  # a text document is built as a zip, too
    if len(entries) > MEMBERS * 5:
        raise CannotOpen("too-large")


def _is_piece(data: bytes) -> bool:
    """Whether it is the last of several files into which an archive was split."""
    end = data.rfind(b"PK\x05\x06")
    if end < 0:
        return data.startswith(b"PK\x07\x08PK\x03\x04")  # or the first
    disk = struct.unpack_from("<H", data, end + 4)[0] if end + 6 <= len(data) else 0
    return 0 < disk < 0xFFFF


def _members(data: bytes, entries: list[zipfile.ZipInfo], budget: Budget) -> Iterator[Member]:
    for number, entry in enumerate(entries, 1):
        name = member_name(_letters(entry), f"file {number}")
        if entry.is_dir():
            continue
        left = budget.passed(name)
        if left is not None:
            yield Member(name, reason=left)
        elif entry.flag_bits & _ENCRYPTED:
            yield Member(name, reason="password")
        elif entry.file_size > LARGEST:
            yield Member(name, reason="too-large")
        elif entry.compress_type not in _METHODS:  # never zipfile's own reading: it has no bound
            yield Member(name, reason="kind")
        else:
            budget.take(entry.file_size)
            content = _inflated(data, entry)
            yield Member(name, content, None if content is not None else "damaged")


def _letters(entry: zipfile.ZipInfo) -> str:
    """The name; many programs write UTF-8 and do not say so."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.orig_filename.encode("cp437").decode("utf-8")
    except ValueError:
        return entry.filename


def _inflated(data: bytes, entry: zipfile.ZipInfo) -> bytes | None:
    """The content of an entry; None unless size and checksum are as it says."""
    if entry.header_offset + _LOCAL.size > len(data):
        return None
    head = _LOCAL.unpack_from(data, entry.header_offset)
    begin = entry.header_offset + _LOCAL.size + int(head[9]) + int(head[10])
    raw = data[begin : begin + entry.compress_size]
    if head[0] != b"PK\x03\x04" or len(raw) != entry.compress_size:
        return None
    if entry.compress_type == zipfile.ZIP_STORED:
        content = raw
    else:
        try:
            content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw, entry.file_size + 1)
        except zlib.error:
            return None
    right = len(content) == entry.file_size and zlib.crc32(content) == entry.CRC
    return content if right else None
