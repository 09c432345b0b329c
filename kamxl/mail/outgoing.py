"""A mail as its reader, or somebody curious, sees it: headers, texts, and what is attached."""

from __future__ import annotations

import email
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.policy import default
from html import unescape

_PNG = b"\x89PNG\r\n\x1a\n"
_LONGEST = 1_000_000  # bytes of a text inside a picture
_INLINE = re.compile(r"</?(?:b|i|em|strong|span|a|u|font|wbr|small|sub|sup)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_ASIDE = re.compile(r"<!--.*?-->|<(style|script)\b.*?</\1>", re.IGNORECASE | re.DOTALL)
_TECHNICAL = {"content-type", "content-transfer-encoding", "mime-version"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Something in a mail: where ("Subject", "text/html", a file name), its text or its bytes.

    ``markup``: words of HTML itself are among the text.
    """

    where: str
    text: str = ""
    data: bytes | None = field(default=None, repr=False)
    markup: bool = False


def pieces(data: bytes) -> Iterator[Piece]:
    """Everything a mail shows or carries, one by one (ValueError: it cannot be read)."""
    try:
        message = email.message_from_bytes(data, policy=default)
        for part in message.walk():  # mails in mails included
            yield from _of(part)
    except (LookupError, RecursionError, TypeError, AttributeError) as problem:
        raise ValueError(f"the mail cannot be read: {problem}") from problem


def _of(part: Message) -> Iterator[Piece]:
    for header, value in part.items():
        if header.casefold() not in _TECHNICAL:
            yield Piece(header, str(value))
    for _, value in part.get_params(failobj=[])[1:]:
        yield Piece("Content-Type", str(value))
    for outside in (part.preamble, part.epilogue):
        if outside and outside.strip():
            yield Piece(part.get_content_type(), str(outside))
    if part.is_multipart():
        return
    name = part.get_filename()
    if name:
        yield Piece("Content-Disposition", name)
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    if part.get_content_maintype() == "text" and not name:
        yield from _text(part.get_content_type(), _decoded(content, part.get_content_charset()))
    else:
        yield Piece(name or part.get_content_type(), data=content)


def _decoded(content: bytes, charset: str | None) -> str:
    try:
        return content.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return content.decode("latin-1")


def _text(kind: str, content: str) -> Iterator[Piece]:
    if kind != "text/html":
        yield Piece(kind, content)
        return
    yield Piece(kind, unescape(content), markup=True)
    yield Piece(kind, unescape(_TAG.sub(" ", _INLINE.sub("", _ASIDE.sub(" ", content)))))


def texts_of_picture(data: bytes) -> Iterator[str]:
    """The texts that a PNG carries beside its points, packed ones unpacked."""
    at = len(_PNG)
    while data.startswith(_PNG) and at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        kind, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        if kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf"):
            yield content.decode("utf-8", "replace")
            yield from _unpacked(content)
        at += size + 12


def _unpacked(content: bytes) -> Iterator[str]:
    begin = content.find(b"\x78")  # the first byte of what zlib packs
    while begin >= 0:
        try:
            yield (
                zlib.decompressobj()
                .decompress(content[begin:], _LONGEST)
                .decode("utf-8", "replace")
            )
        except zlib.error:
            begin = content.find(b"\x78", begin + 1)
        else:
            return
