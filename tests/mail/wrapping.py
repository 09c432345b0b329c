"""Writes what wraps mails and files for the tests: signatures, mailboxes, streams, tapes."""

from __future__ import annotations

import io
import tarfile
import zlib

OIDS = {
    "data": "2a864886f70d010701", "signed": "2a864886f70d010702", "enveloped": "2a864886f70d010703",
    "compressed": "2a864886f70d0109100109", "sealed": "2a864886f70d0109100117",
}  # fmt: skip


def der(tag: int, *content: bytes) -> bytes:
    """A value with a length."""
    inside = b"".join(content)
    if len(inside) < 0x80:
        return bytes([tag, len(inside)]) + inside
    size = (len(inside).bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + len(inside).to_bytes(size, "big") + inside


def ber(tag: int, *content: bytes) -> bytes:
    """The same without a length, as programs write that do not know it yet."""
    return bytes([tag, 0x80]) + b"".join(content) + b"\0\0"


def oid(name: str) -> bytes:
    return der(0x06, bytes.fromhex(OIDS[name]))


def signed(content: bytes | None, *, pieces: int = 0, name: str = "signed") -> bytes:
    """What was signed, with a signature that proves nothing; None: it lies elsewhere.

    ``pieces``: of so many bytes, without lengths.
    """
    make = ber if pieces else der
    held = b""
    if content is not None:
        octets = der(0x04, content)
        if pieces:
            cut = (content[at : at + pieces] for at in range(0, len(content), pieces))
            octets = ber(0x24, *(der(0x04, piece) for piece in cut))
        held = make(0xA0, octets)
    digest = der(0x31, der(0x30, der(0x06, b"\x60\x86\x48\x01\x65\x03\x04\x02\x01"), der(0x05)))
    inner = make(0x30, der(0x02, b"\1"), digest, make(0x30, oid("data"), held), der(0x31, b""))
    return make(0x30, oid(name), make(0xA0, inner))


def enveloped(name: str = "enveloped") -> bytes:
    """Something encrypted."""
    inner = der(
        0x30, der(0x02, b"\0"), der(0x31, b""), der(0x30, oid("data"), der(0x80, b"x" * 99))
    )
    return der(0x30, oid(name), der(0xA0, inner))


def compressed(content: bytes) -> bytes:
    """What was made smaller."""
    held = der(0x30, oid("data"), der(0xA0, der(0x04, zlib.compress(content))))
    inner = der(0x30, der(0x02, b"\0"), der(0x30, oid("data")), held)
    return der(0x30, oid("compressed"), der(0xA0, inner))


def tar(*files: tuple[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        folder = tarfile.TarInfo("folder/")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return made.getvalue()


def mbox(*mails: bytes) -> bytes:
    return b"".join(
        b"From ada@alpha.example Mon Mar  2 09:30:00 2026\n" + m + b"\n\n" for m in mails
    )


def emlx(mail: bytes) -> bytes:
    notes = b'<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict/></plist>\n'
    return b"%-10d\n" % len(mail) + mail + notes
