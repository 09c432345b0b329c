"""What is in a signed file or mail (CMS, RFC 5652), and whether one is encrypted.

A signature proves nothing here that the check line of a card does not prove better, so it is not
verified: what was signed is taken out, as if nobody had signed it. Every length is held against the
bytes there are.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from kamxl.mail.opening import LARGEST, Budget, CannotOpen, Member, Opened

_SIGNED = bytes.fromhex("2a864886f70d010702")
_COMPRESSED = bytes.fromhex("2a864886f70d0109100109")
_DATA = bytes.fromhex("2a864886f70d010701")
_SEQUENCE, _SET, _OCTETS, _CHUNKS, _NAME, _INSIDE = 0x30, 0x31, 0x04, 0x24, 0x06, 0xA0
_DEEP = 8  # values in values; of a text in pieces, too
_PIECES = 200_000  # of a text without a length: programs write 1,000 bytes and more in each
_TEXT = re.compile(rb"\s*(?:-----BEGIN [^\n-]{1,40}-----)?([A-Za-z0-9+/=\s]+)(?:-----END|\Z)")
_MIME = re.compile(
    rb"\s*(?:content-[a-z-]{1,40}|mime-version|x-[a-z-]{1,60}|from|to|subject|date|received)"
    rb"[ \t]*:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Value:
    """A value: its tag, and where its content stands; ``after``: where the next one begins."""

    tag: int
    begin: int
    end: int
    after: int


def open_signed(data: bytes, budget: Budget) -> Opened:
    """The file that was signed; its name is "" (the signed file's own tells it), of a mail "mail".

    CannotOpen: "encrypted", "aside" (a signature or certificates and nothing that was signed),
    "damaged", "too-large".
    """
    budget.unwrap()
    found = unsigned(data)
    budget.member()
    budget.take(len(found))
    return Opened((Member("signed.eml" if is_mime(found) else "", found),))


def is_mime(data: bytes) -> bool:
    """Whether something begins with the headers of a part of a mail."""
    return _MIME.match(data[:200]) is not None


def unsigned(data: bytes) -> bytes:
    """What was signed (CannotOpen, as above)."""
    try:
        return _unsigned(_binary(data), 0)
    except (IndexError, ValueError, zlib.error) as problem:
        raise CannotOpen("damaged") from problem


def _binary(data: bytes) -> bytes:
    """The bytes of what may have been saved as text."""
    if data[:1] == b"\x30" and data[1:2] >= b"\x80":
        return data
    text = _TEXT.match(data)
    if text is None:
        return data
    try:
        return base64.b64decode(b"".join(text[1].split()), validate=True)
    except binascii.Error as problem:
        raise CannotOpen("damaged") from problem


def _unsigned(data: bytes, deep: int) -> bytes:
    name, wrapped = _kind(data, _value(data, 0, len(data)))
    if name not in (_SIGNED, _COMPRESSED):
        raise CannotOpen("encrypted" if name != _DATA else "damaged")
    inside = list(_values(data, wrapped, 8))
    held = next((one for one in inside if one.tag == _SEQUENCE and _is_held(data, one)), None)
    if held is None:  # a signature alone: what was signed lies elsewhere
        raise CannotOpen("aside")
    found = _octets(data, _kind(data, held)[1])
    if name == _COMPRESSED:
        found = _inflated(found)
    again = deep < _DEEP and found[:1] == b"\x30" and _names_cms(found)
    return _unsigned(found, deep + 1) if again else found


def _is_held(data: bytes, value: _Value) -> bool:
    """Whether a sequence says what kind of thing it holds, and holds it."""
    inside = list(_values(data, value, 2))
    return [one.tag for one in inside] == [_NAME, _INSIDE]


def _names_cms(data: bytes) -> bool:
    """Whether what was signed was signed before."""
    try:
        name, _ = _kind(data, _value(data, 0, len(data)))
    except (CannotOpen, IndexError):
        return False
    return name in (_SIGNED, _COMPRESSED)


def _kind(data: bytes, value: _Value) -> tuple[bytes, _Value]:
    """What kind of thing a sequence holds, and the thing."""
    inside = list(_values(data, value, 2))
    if value.tag != _SEQUENCE or len(inside) < 2 or inside[0].tag != _NAME:
        raise CannotOpen("damaged")
    if inside[1].tag != _INSIDE:
        raise CannotOpen("damaged")
    return data[inside[0].begin : inside[0].end], _value(data, inside[1].begin, inside[1].end)


def _octets(data: bytes, value: _Value, deep: int = 0) -> bytes:
    """A text of bytes, whole or in pieces."""
    if value.tag == _OCTETS:
        return data[value.begin : value.end]
    if value.tag != _CHUNKS or deep > _DEEP:
        raise CannotOpen("damaged")
    return b"".join(_octets(data, one, deep + 1) for one in _values(data, value, _PIECES))


def _inflated(data: bytes) -> bytes:
    found = zlib.decompressobj().decompress(data, LARGEST + 1)
    if len(found) > LARGEST:
        raise CannotOpen("too-large")
    return found


def _values(data: bytes, value: _Value, most: int) -> Iterator[_Value]:
    """The values in a value, as many as are looked at."""
    at = value.begin
    for _ in range(most):
        if at >= value.end or data[at : at + 2] == b"\0\0":
            return
        found = _value(data, at, value.end)
        yield found
        at = found.after
    if most == _PIECES and at < value.end:
        raise CannotOpen("too-large")


def _value(data: bytes, at: int, end: int) -> _Value:
    """The value that begins here (CannotOpen, IndexError: there is none)."""
    tag, length = data[at], data[at + 1]
    begin = at + 2
    if length == 0x80:
        return _endless(data, tag, begin, end)
    if length > 0x80:
        size = length - 0x80
        if size > 4:
            raise CannotOpen("damaged")
        length = int.from_bytes(data[begin : begin + size], "big")
        begin += size
    if begin + length > end:
        raise CannotOpen("damaged")
    return _Value(tag, begin, begin + length, begin + length)


def _endless(data: bytes, tag: int, begin: int, end: int) -> _Value:
    """A value whose end is marked, found in one pass however deep it is."""
    at, open_ones = begin, 1
    for _ in range(_PIECES):
        if not open_ones:
            return _Value(tag, begin, at - 2, at)
        if data[at : at + 2] == b"\0\0":
            at, open_ones = at + 2, open_ones - 1
        elif data[at + 1] == 0x80:
            at, open_ones = at + 2, open_ones + 1
        else:
            at = _value(data, at, end).after
        if at > end:
            raise CannotOpen("damaged")
    raise CannotOpen("too-large")
