"""Opening .gz, .bz2, .xz and .tar: streams that are unpacked only as far as they may.

The standard library unpacks the streams; the tar is read here, in which a size is believed only as
far as there are bytes.
"""

from __future__ import annotations

import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from kamxl.mail.opening import (
    LARGEST,
    Budget,
    CannotOpen,
    Member,
    Opened,
    member_name,
)

_BLOCK = 512
_FILES = b"0\x007"
_LONG_NAME, _HEADERS = b"L", b"x"
_NAMES = 64 * 1024  # bytes of a long name, or of the headers of one file
_STREAMS = 100  # of one file, one after the other
_DICTIONARY = 80 * 1024 * 1024  # bytes: what the strongest usual setting takes
_SPARSE = (b"GNU.sparse.", b"SCHILY.realsize")
_OCTAL = re.compile(rb"[ \0]*([0-7]{1,11})?[ \0]*")
_GZIP = zlib.MAX_WBITS | 16


def open_gzip(data: bytes, budget: Budget) -> Opened:
    """What a .gz or .tgz holds (CannotOpen)."""
    return _opened(data, budget, lambda: zlib.decompressobj(_GZIP), zlib.error)


def open_bzip2(data: bytes, budget: Budget) -> Opened:
    """What a .bz2 or .tar.bz2 holds (CannotOpen)."""
    return _opened(data, budget, bz2.BZ2Decompressor, OSError)


def open_xz(data: bytes, budget: Budget) -> Opened:
    """What an .xz or .tar.xz holds (CannotOpen)."""
    return _opened(
        data, budget, lambda: lzma.LZMADecompressor(memlimit=_DICTIONARY), lzma.LZMAError
    )


def open_tar(data: bytes, budget: Budget) -> Opened:
    """The files in a .tar; folders and links are none (CannotOpen)."""
    return Opened(tuple(_members(data, budget)))


def is_tar(data: bytes) -> bool:
    """Whether it begins with the header of a tar, the oldest kind included."""
    return len(data) >= _BLOCK and _is_header(data[:_BLOCK])


def _opened(
    data: bytes, budget: Budget, start: Callable[[], Any], problem: type[Exception]
) -> Opened:
    try:
        found = _streams(data, start, budget)
    except problem as fault:  # also of a dictionary that takes more memory than it may
        raise CannotOpen("damaged") from fault
    if is_tar(found):
        return open_tar(found, budget)
    budget.member()
    if len(found) > LARGEST:
        return Opened((Member("", reason="too-large"),))
    budget.take(len(found))
    return Opened((Member("", found),))


def _streams(data: bytes, start: Callable[[], Any], budget: Budget) -> bytes:
    """All that the streams in a file hold, one after the other; paid for, whatever is kept."""
    found: list[bytes] = []
    for _ in range(_STREAMS):
        budget.inflated(0)  # with nothing left, engines would take it for no limit
        engine = start()
        part = engine.decompress(data, budget.streams + 1)
        found.append(part)
        budget.inflated(len(part))
        if not engine.eof:
            raise CannotOpen("damaged")
        data = engine.unused_data.lstrip(b"\0")  # files on tapes are filled up
        if not data:
            return b"".join(found)
    raise CannotOpen("too-large")


def _members(data: bytes, budget: Budget) -> Iterator[Member]:
    at, number, name = 0, 0, ""
    while at + _BLOCK <= len(data):
        header = data[at : at + _BLOCK]
        if not header.strip(b"\0"):
            return
        size, kind = _number(header[124:136]), header[156:157]
        if size is None or not _is_header(header):
            raise CannotOpen("damaged")
        at += _BLOCK
        content = data[at : at + size]
        at += -(-size // _BLOCK) * _BLOCK
        if kind in (_LONG_NAME, _HEADERS):
            name = _told(kind, content) or name
            continue
        number += 1
        if kind in _FILES and not (kind == b"\0" and _name(header).endswith("/")):
            yield _member(
                member_name(name or _name(header), f"file {number}"), content, size, budget
            )
        name = ""


def _member(name: str, content: bytes, size: int, budget: Budget) -> Member:
    left = budget.passed(name)
    if left is not None:
        return Member(name, reason=left)
    if size > LARGEST:
        return Member(name, reason="too-large")
    if len(content) < size:
        return Member(name, reason="damaged")
    budget.take(size)
    return Member(name, content)


def _is_header(header: bytes) -> bool:
    """Whether the sum that a header tells is its own (of signed bytes in the oldest ones)."""
    told = _number(header[148:156])
    rest = header[:148] + b" " * 8 + header[156:]
    return bool(told) and told in (sum(rest), sum(b - 256 if b > 127 else b for b in rest))


def _number(field: bytes) -> int | None:
    """A number as a tar writes it: octal digits, or bytes if it is large; nothing else is one."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    found = _OCTAL.fullmatch(field)
    return int(found[1] or b"0", 8) if found else None


def _name(header: bytes) -> str:
    first = header[:100].split(b"\0", 1)[0]
    folder = header[345:500].split(b"\0", 1)[0] if header[257:263] == b"ustar\0" else b""
    return _letters(folder + b"/" + first if folder else first)


def _told(kind: bytes, content: bytes) -> str:
    """The name that stands before a file, because it is long or has letters of its own."""
    content = content[:_NAMES]
    if kind == _LONG_NAME:
        return _letters(content.rstrip(b"\0"))
    lines = content.split(b"\n")
    if any(mark in line for line in lines for mark in _SPARSE):
        raise CannotOpen("damaged")  # a file with holes, which no answer is
    found = [line.partition(b" path=")[2] for line in lines if b" path=" in line]
    return _letters(found[-1]) if found else ""


def _letters(name: bytes) -> str:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("cp1252", "replace")
