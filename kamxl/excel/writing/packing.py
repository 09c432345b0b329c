"""A zip put together from parts that are packed already, byte for byte as ``draw.render``'s is.

It says nothing beside its parts: no times, no owner, no machine.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_LOCAL = struct.Struct("<4s5H3L2H")
_LISTED = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION, _DEFLATED = 20, 8
_FIRST_DAY = 0x21  # 1 January 1980, the earliest that a zip can say
_OWNER_ONLY = 0o600 << 16  # as the standard library writes entries that say nothing


@dataclass(frozen=True, slots=True)
class Packed:
    """A part as it stands in a zip: its packed bytes, how long it is, and its checksum."""

    data: bytes
    size: int
    checksum: int


class Stretch:
    """The first part of a text, packed: what follows may be another one each time.

    Mostly it is the one of the last time, and then nothing is packed again.
    """

    __slots__ = ("_begun", "_checksum", "_engine", "_last", "_size")

    def __init__(self, text: str) -> None:
        content = text.encode()
        self._engine: Any = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        self._begun = self._engine.compress(content)
        self._size, self._checksum = len(content), zlib.crc32(content)
        self._last: tuple[str, Packed] | None = None

    def ended(self, text: str) -> Packed:
        """The whole of a part that goes on like this."""
        if self._last is not None and self._last[0] == text:
            return self._last[1]
        content, engine = text.encode(), self._engine.copy()
        data = self._begun + engine.compress(content) + engine.flush()
        whole = Packed(data, self._size + len(content), zlib.crc32(content, self._checksum))
        self._last = text, whole
        return whole


def packed(text: str) -> Packed:
    """A text packed at once."""
    content, engine = text.encode(), zlib.compressobj(wbits=-zlib.MAX_WBITS)
    data = engine.compress(content) + engine.flush()
    return Packed(data, len(content), zlib.crc32(content))


def package(parts: Sequence[tuple[str, Packed]]) -> bytes:
    """The zip that holds these parts, in this order, under names of plain letters."""
    written: list[bytes] = []
    listed: list[bytes] = []
    at = 0
    for name, part in parts:
        plain = name.encode("ascii")
        about = _DEFLATED, 0, _FIRST_DAY, part.checksum, len(part.data), part.size, len(plain), 0
        written += (_LOCAL.pack(b"PK\3\4", _VERSION, 0, *about), plain, part.data)
        more = 0, 0, 0, _OWNER_ONLY, at
        listed += (_LISTED.pack(b"PK\1\2", _VERSION, _VERSION, 0, *about, *more), plain)
        at += _LOCAL.size + len(plain) + len(part.data)
    size = sum(map(len, listed))
    end = _END.pack(b"PK\5\6", 0, 0, len(parts), len(parts), size, at, 0)
    return b"".join((*written, *listed, end))
