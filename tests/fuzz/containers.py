"""Mails and zips for the fuzzer: as they are, or described by a short input.

An Outlook file is 20 KB at least, and changed at random it is damaged only. So an input may also
say which of the bytes of a sound one to change, or which entries a zip has.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from functools import cache

from tests.hostile.workbooks import Entry, raw_zip
from tests.mail.outlook import forwarded, mail

KINDS = ("eml", "zip", "msg", "outlook", "entries")
_CHANGE = struct.Struct("<HB")
_MOST = 40  # entries of one zip
_METHODS = (8, 0, 12, 99)


def container(data: bytes) -> tuple[str, bytes]:
    """What an input is or describes: "eml", "zip" or "msg", and its bytes."""
    kind, rest = KINDS[data[0] % len(KINDS)] if data else "eml", data[1:]
    if kind == "outlook":
        return "msg", changed(_outlook(), rest)
    if kind == "entries":
        return "zip", _zip(rest)
    return kind, rest


@cache
def _outlook() -> bytes:
    sent = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    given = ("Ada", "ada@alpha.example", sent)
    inner = mail("in", *given, [("b.xlsx", b"inner")])
    return forwarded(mail("out", *given, [("a.xlsx", b"outer")], ("logo",)), inner)


def changed(base: bytes, changes: bytes) -> bytes:
    """A file with some of its bytes changed: of those that are not zero, or right after them."""
    told = [at for at, byte in enumerate(base) if byte or (at and base[at - 1])]
    found = bytearray(base)
    for at in range(0, len(changes) - _CHANGE.size + 1, _CHANGE.size):
        place, value = _CHANGE.unpack_from(changes, at)
        found[told[place % len(told)]] = value
    return bytes(found)


def _zip(data: bytes) -> bytes:
    """A zip of entries, each a line "<how><name>" and a line of content."""
    lines = data.split(b"\n")[: 2 * _MOST]
    found = []
    for head, content in zip(lines[::2], [*lines[1::2], b""], strict=False):
        how = head[0] if head else 0
        entry = Entry(head[1:].decode("latin-1"), content, _METHODS[how % 4])
        entry.flags = 1 if how & 4 else 0
        entry.size = 20_000_000 if how & 8 else None
        entry.crc = 1 if how & 16 else None
        entry.offset = 0 if how & 128 else None
        found.append(entry)
    return raw_zip(found)


_EML = (
    b"From: Ada <ada@alpha.example>\r\nSubject: =?utf-8?q?Bogen?=\r\nDate: Mon, 2 Mar 2026 09:30:00"
    b' +0000\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n'
    b'Content-Type: application/octet-stream; name="a.xlsx"\r\nContent-Disposition: attachment;'
    b" filename*=UTF-8''B%C3%B6gen.xlsx\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n"
    b"--b--\r\n"
)
_FORWARDED = (
    b"From: a@b.c\nSubject: f\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
    b"Content-Type: message/rfc822\n\nFrom: d@e.f\nSubject: in/side\n\nhello\n--x\n"
    b"Content-Type: image/png\nContent-ID: <1>\nContent-Transfer-Encoding: quoted-printable\n\n"
    b"=89PNG\n--x--\n"
)


def seeds() -> tuple[bytes, ...]:
    """One input for each kind, and some more for mails."""
    return (
        b"\0" + _EML,
        b"\0" + _FORWARDED,
        b"\1" + raw_zip([Entry("a.xlsx", b"a" * 9), Entry("b/c.eml", _FORWARDED)]),
        b"\3",
        b"\3\x40\1\x07\x80\2\xff",
        b"\4\0a.xlsx\nhello\n\0b/\n\n\4c.xlsx\nsecret\n\x08d\nx\n\x02e\ny",
        b"\4\0__MACOSX/a\nx\n\0../../a\ny\n\0\xc3\xb6.xlsx\nz\n\x10[Content_Types].xml\n",
    )


WORDS = (
    "From: ", "Sender: ", "Subject: ", "Date: ", "Content-Type: ", "Content-Disposition: ",
    "Content-Transfer-Encoding: ", "Content-ID: <1>", "multipart/mixed; boundary=b", "\n--b\n",
    "\n--b--\n", "\r\n\r\n", "\n\n", "message/rfc822", "text/plain", "image/png", "base64",
    "quoted-printable", "attachment; filename=", "inline", "filename*0*=UTF-8''", "name*1*=",
    "=?utf-8?q?=C3=B6?=", "=?utf-8?b?", "?=", "<a@b.c>", "\r\n\t", "..\\", "../", "C:/",
    "[Content_Types].xml", "__MACOSX/", "PK\x01\x02", "PK\x03\x04", "PK\x05\x06",
)  # fmt: skip
