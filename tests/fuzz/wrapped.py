"""Signatures, mailboxes, tapes and streams for the fuzzer: as they are, or described.

A tape's header has a sum and a stream a checksum, so what is changed in them at random is damaged
only: an input may also say what a tape holds, or what is packed, and which bytes change then.
"""

from __future__ import annotations

import base64
import bz2
import gzip
import lzma

from tests.fuzz.containers import changed
from tests.mail.wrapping import compressed, emlx, enveloped, mbox, signed, tar

KINDS = (
    "cms", "signed", "pieces", "mbox", "emlx", "tar", "tape", "gzip", "bzip2", "xz", "streams",
    "clear", "opaque",
)  # fmt: skip
_BLOCK = 512
_MOST = 30  # entries of one tape
_TYPES = b"0\x00L5x21gSKV"  # what a header says that follows
_PACK = {"gzip": lambda data: gzip.compress(data, mtime=0), "bzip2": bz2.compress,
         "xz": lzma.compress}  # fmt: skip
_MIXED = b'multipart/signed; micalg=sha-256; protocol="application/pkcs7-signature"; boundary=s'


def container(data: bytes) -> tuple[str, str, bytes]:
    """What an input is or describes: what opens it, what it is called, its bytes."""
    kind, rest = KINDS[data[0] % len(KINDS)] if data else "cms", data[1:]
    match kind:
        case "cms":
            return "cms", "inbox/a.p7m", rest
        case "signed" | "pieces":
            told, _, inside = rest.partition(b"\n")
            made = signed(inside, pieces=7 if kind == "pieces" else 0)
            return "cms", "inbox/a.xlsx.p7m", changed(made, told)
        case "mbox" | "emlx":
            return "eml", f"inbox/a.{kind}", rest
        case "tar":
            return "tar", "inbox/a.tar", rest
        case "tape":
            return "tar", "inbox/a.tar", tape(rest)
        case "streams":
            return _streams(rest)
        case "clear":
            return "eml", "inbox/a.eml", _head(_MIXED) + rest
        case "opaque":
            told, _, inside = rest.partition(b"\n")
            letters = base64.encodebytes(changed(signed(inside), told))
            return "eml", "inbox/a.eml", _head(_PKCS7, b"base64") + letters
        case _:
            return kind, f"inbox/a.{kind}", rest


_PKCS7 = b"application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"


def _head(kind: bytes, encoding: bytes = b"") -> bytes:
    coded = b"Content-Transfer-Encoding: " + encoding + b"\r\n" if encoding else b""
    return b"From: a@b.example\r\nContent-Type: " + kind + b"\r\n" + coded + b"\r\n"


def _streams(data: bytes) -> tuple[str, str, bytes]:
    """A stream, or several: with what it is packed, which bytes to change, and what is in it."""
    how, rest = (data[0], data[1:]) if data else (0, b"")
    kind = tuple(_PACK)[how % 3]
    told, _, inside = rest.partition(b"\n")
    content = tape(inside) if how & 4 else inside
    made = b"".join([_PACK[kind](content)] * (1 + (how >> 3 & 3)))
    ending = {"gzip": "gz", "bzip2": "bz2", "xz": "xz"}[kind]
    return kind, f"inbox/a.{'t' if how & 4 else 'csv.'}{ending}", changed(made, told)


def tape(data: bytes) -> bytes:
    """A tape of entries, each a line "<how><type><name>" and a line of content; its sums fit."""
    lines = data.split(b"\n")[: 2 * _MOST]
    made = b""
    for head, content in zip(lines[::2], [*lines[1::2], b""], strict=False):
        how, kind = (head + b"\0\0")[:2]
        size = b"%011o\0" % (len(content) if not how & 1 else 10_000_000)
        if how & 2:
            size = b"\x80" + (len(content) << (40 if how & 4 else 0)).to_bytes(11, "big")
        header = bytearray(_BLOCK)
        header[: len(head[2:102])] = head[2:102]
        header[124:136] = size
        header[156] = _TYPES[kind % len(_TYPES)]
        if not how & 8:
            header[257:265] = b"ustar\x0000"
        told = sum(header) - sum(header[148:156]) + 8 * 32
        header[148:156] = b"%06o\0 " % (told if not how & 16 else told ^ 1)
        made += bytes(header) + content.ljust(-(-len(content) // _BLOCK) * _BLOCK, b"\0")
    return made + bytes(2 * _BLOCK)


def seeds() -> tuple[bytes, ...]:
    """One input for each kind at least."""
    mail = b"From: a@b.example\nSubject: s\n\nhello\n"
    part = b"--s\r\n\r\nhello\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nx\r\n--s--"
    made = {
        "cms": (
            signed(b"hello"), signed(mail, pieces=5), signed(signed(b"twice")), enveloped(),
            compressed(b"hello"), signed(None), base64.encodebytes(signed(b"letters")),
        ),
        "signed": (b"\nhello", b"\x04\0\x80\nhello", b"\n" + mail),
        "pieces": (b"\nhello, in pieces", b"\x06\0\0\nhello"),
        "mbox": (mbox(mail, mail), b"From \n" + mail),
        "emlx": (emlx(mail), b"9999999999\n" + mail),
        "tar": (tar(("a.xlsx", b"hello")),),
        "tape": (
            b"\0\0a.xlsx\nhello", b"\0\2x\na/long/name\n\0\0a\nx",
            b"\0\4\n30 path=b.eml\n\0\0a\nx",
        ),
        "gzip": (gzip.compress(b"hello", mtime=0),),
        "bzip2": (bz2.compress(b"hello"),),
        "xz": (lzma.compress(b"hello"),),
        "streams": (b"\0\nhello", b"\x04\n\0\0a.xlsx\nhello", b"\x09\nhello", b"\2\x05\0\1\nhello"),
        "clear": (part, b"--s\r\n\r\n" + mail),
        "opaque": (b"\n" + mail, b"\x04\0\x80\n" + mail),
    }  # fmt: skip
    return tuple(
        bytes([KINDS.index(kind)]) + data for kind, inputs in made.items() for data in inputs
    )


WORDS = (
    "From ", "From: ", "Subject: ", "Content-Type: ", "\n\n", "\r\n\r\n", "--s\r\n", "--s--\r\n",
    "Content-Length: 9\n", "X-Mozilla-Status: ", "<?xml", "<plist>", "0123456789\n", "ustar\x00",
    "ustar  \x00", "\x30\x80", "\x30\x82", "\x24\x80", "\x04\x05", "\xa0\x80", "\x00\x00",
    "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01", "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
    "\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09", "-----BEGIN PKCS7-----\n",
    "-----END PKCS7-----", "\x1f\x8b\x08", "BZh9", "\xfd7zXZ\x00", "30 path=", "GNU.sparse.",
    "\n\x00\x00a.xlsx\n", "\n\x00\x02", "\n\x00\x04", "../../", "PK\x03\x04",
)  # fmt: skip
