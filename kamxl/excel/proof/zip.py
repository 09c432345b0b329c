"""A zip that says nothing beside its entries: no times, no remarks, no room between them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from kamxl.excel.proof.texts import UnprovenError

_LOCAL = struct.Struct("<4s5H3L2H")
_LISTED = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION, _DEFLATED = 20, 8
_FIRST_DAY = 0x21  # 1 January 1980, the earliest that a zip can say
_OWNER_ONLY = 0o600 << 16
_MOST = 64_000_000  # bytes of one part


@dataclass(frozen=True, slots=True)
class Entry:
    """One part in the zip: where its packed bytes stand, and how large and what they must be."""

    name: str
    begin: int
    end: int
    size: int
    checksum: int


def entries(data: bytes, names: Sequence[str]) -> dict[str, Entry]:
    """The entries by name: exactly ``names``, in this order, nothing besides (UnprovenError)."""
    found: dict[str, Entry] = {}
    at = 0
    try:
        for name in names:
            entry = _local(data, at, name)
            found[name] = entry
            at = entry.end
        directory = begin = at
        start = 0
        for entry in found.values():
            at = _listed(data, at, entry, start)
            start = entry.end
        end = _END.pack(b"PK\5\6", 0, 0, len(found), len(found), at - directory, begin, 0)
    except struct.error as problem:
        raise UnprovenError("the zip is cut") from problem
    if data[at:] != end:
        raise UnprovenError("the zip does not end where it should")
    return found


def _local(data: bytes, at: int, name: str) -> Entry:
    head = _LOCAL.unpack_from(data, at)
    checksum, packed, size = head[6], head[7], head[8]
    plain = name.encode("ascii")
    expected = _LOCAL.pack(
        b"PK\3\4", _VERSION, 0, _DEFLATED, 0, _FIRST_DAY, checksum, packed, size, len(plain), 0
    )
    begin = at + _LOCAL.size + len(plain)
    if data[at:begin] != expected + plain or begin + packed > len(data):
        raise UnprovenError(f"the entry {name!r} is not as expected")
    return Entry(name, begin, begin + packed, size, checksum)


def _listed(data: bytes, at: int, entry: Entry, start: int) -> int:
    """The entry's line in the table of contents, which tells nothing else; where it ends."""
    plain = entry.name.encode("ascii")
    packed = entry.end - entry.begin
    expected = _LISTED.pack(
        b"PK\1\2", _VERSION, _VERSION, 0, _DEFLATED, 0, _FIRST_DAY, entry.checksum, packed,
        entry.size, len(plain), 0, 0, 0, 0, _OWNER_ONLY, start,
    )  # fmt: skip
    end = at + len(expected) + len(plain)
    if data[at:end] != expected + plain:
        raise UnprovenError(f"the contents list {entry.name!r} otherwise")
    return end


def inflated(data: bytes, entry: Entry) -> bytes:
    """What is packed in an entry, whole, and nothing behind it (UnprovenError)."""
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    if entry.size > _MOST:
        raise UnprovenError("is far too large")
    try:
        content = engine.decompress(data[entry.begin : entry.end], entry.size + 1)
    except zlib.error as problem:
        raise UnprovenError("cannot be unpacked") from problem
    whole = engine.eof and not engine.unused_data and not engine.unconsumed_tail
    if not whole or len(content) != entry.size or zlib.crc32(content) != entry.checksum:
        raise UnprovenError("is not what its checksum says")
    return content
