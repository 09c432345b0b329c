"""A mail as its reader, or somebody curious, sees it: headers, texts, and what is attached."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from html import unescape

_TAG = re.compile(r"<[^>]*>")
_STYLE = re.compile(r"<(style|script)\b.*?</\1>|\bstyle=\"[^\"]*\"", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(r"\b(?:href|src|alt|title)=\"([^\"]*)\"", re.IGNORECASE)
_TECHNICAL = {"content-type", "content-transfer-encoding", "mime-version", "content-id"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Something in a mail: where ("Subject", "text/html", a file name), its text or its bytes."""

    where: str
    text: str = ""
    data: bytes | None = field(default=None, repr=False)


def pieces(data: bytes) -> Iterator[Piece]:
    """Everything a mail of ours shows or carries, one by one (ValueError: it cannot be read)."""
    try:
        message = email.message_from_bytes(data, policy=default)
        yield from _of(message)
    except (LookupError, RecursionError, TypeError, AttributeError) as problem:
        raise ValueError(f"the mail cannot be read: {problem}") from problem


def _of(message: EmailMessage) -> Iterator[Piece]:
    for header, value in message.items():
        if header.casefold() not in _TECHNICAL:
            yield Piece(header, str(value))
    for part in message.walk():
        if part.is_multipart():
            continue
        name = part.get_filename()
        if name:
            yield Piece("Content-Disposition", name)
        if part.get_content_maintype() == "text" and not name:
            yield from _text(part)
        else:
            payload = part.get_payload(decode=True)
            yield Piece(name or part.get_content_type(), data=bytes(payload or b""))


def _text(part: EmailMessage) -> Iterator[Piece]:
    kind, content = part.get_content_type(), str(part.get_content())
    if kind == "text/html":
        yield Piece(kind, " | ".join(map(unescape, _ATTRIBUTE.findall(content))))
        content = unescape(_TAG.sub(" ", _STYLE.sub(" ", content)))
    yield Piece(kind, content)
