"""Opening a mail saved as .eml: who sent it when, and what is attached."""

from __future__ import annotations

import contextlib
import email
import re
from collections.abc import Iterator
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from kamxl.mail.opening import (
    LARGEST,
    Budget,
    CannotOpen,
    Member,
    Opened,
    Postmark,
    day,
    member_name,
    shown,
)

_HEADER = 2_000  # characters of a header that are looked at: decoding long ones takes forever
_NESTED = 60  # multiparts in one mail; more make the parser slow, and no honest mail has them
_FORWARDED = 12
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_MESSAGE = re.compile(rb"message/rfc822", re.IGNORECASE)
_TEXTS = ("text/plain", "text/html")


def open_eml(data: bytes, budget: Budget) -> Opened:
    """The attachments of a mail, forwarded mails among them, and its postmark."""
    if len(_BOUNDARY.findall(data)) > _NESTED or len(_MESSAGE.findall(data)) > _FORWARDED:
        raise CannotOpen("damaged")
    try:
        message = email.message_from_bytes(data)
        members = tuple(_members(message, budget))
        return Opened(members, _postmark(message))
    except CannotOpen:
        raise
    except Exception as problem:  # the library raises whatever its depths raise
        raise CannotOpen("damaged") from problem


def _members(message: Message, budget: Budget) -> Iterator[Member]:
    for number, part in enumerate(_leaves(message), 1):
        kind = part.get_content_type()
        name = _file_name(part)
        if kind in _TEXTS and not name:
            continue  # the text of the mail itself
        budget.member()
        if kind == "message/rfc822":
            inner: Any = part.get_payload()
            forwarded = inner[0] if isinstance(inner, list) and inner else Message()
            content = forwarded.as_bytes()
            name = name or f"{_decoded(forwarded.get('Subject')) or 'mail'}.eml"
        else:
            payload: Any = part.get_payload(decode=True)
            content = bytes(payload or b"")
        budget.take(len(content))
        shown_name = member_name(name, f"attachment {number}")
        if len(content) > LARGEST:
            yield Member(shown_name, reason="too-large")
        else:
            yield Member(shown_name, content, inline=_inline(part))


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something; a forwarded mail is one, with all it holds."""
    if message.get_content_maintype() == "multipart" and isinstance(message.get_payload(), list):
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _leaves(part)
    else:
        yield message


def _inline(part: Message) -> bool:
    """A picture that the text shows, not one that somebody attached."""
    if part.get_content_maintype() != "image":
        return False
    disposition = str(part.get("Content-Disposition", ""))[:_HEADER].strip().casefold()
    return disposition.startswith("inline") or (
        bool(part.get("Content-ID")) and not disposition.startswith("attachment")
    )


def _file_name(part: Message) -> str:
    for header in ("Content-Disposition", "Content-Type"):
        if len(str(part.get(header, ""))) > _HEADER * 2:
            return ""
    return _decoded(part.get_filename())


def _postmark(message: Message) -> Postmark:
    name, address = parseaddr(_decoded(message.get("From")))
    date = None
    with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
        date = parsedate_to_datetime(str(message.get("Date", ""))[:200])
    return Postmark(shown(_decoded(message.get("Subject"))), shown(name), shown(address), day(date))


def _decoded(value: object) -> str:
    """A header as text, in whatever letters it was written."""
    text = str(value or "")[:_HEADER]
    try:
        parts = decode_header(text)
    except Exception:  # damaged encodings have many ways to fail
        return text
    return "".join(_letters(content, charset) for content, charset in parts)


def _letters(content: bytes | str, charset: str | None) -> str:
    if isinstance(content, str):
        return content.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        return content.decode(charset or "utf-8", "replace")
    except LookupError:
        return content.decode("latin-1")
