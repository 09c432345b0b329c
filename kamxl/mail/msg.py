"""Opening a mail that Outlook saved as .msg: an OLE file with a stream for each property."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import olefile

from kamxl.mail.opening import (
    DEEP,
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

_SUBJECT, _SENDER, _ADDRESS, _SMTP = "0037", "0C1A", "0C1F", "5D01"
_LONG_NAME, _NAME, _DATA, _CONTENT_ID = "3707", "3704", "3701", "3712"
_SENT, _DELIVERED = 0x0039, 0x0E06
_ATTACHED = "__attach_version1.0_#"
_EMBEDDED = "__substg1.0_3701000D"
_PROPERTIES = "__properties_version1.0"
_TEXT = 4_000  # bytes of a text property that are read
_ENTRY = struct.Struct("<HHIQ")  # type, property, flags, value
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
Place = tuple[str, ...]


def open_msg(data: bytes, budget: Budget) -> Opened:
    """The attachments of a mail, those of forwarded mails among them, and its postmark."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            members = tuple(_members(ole, (), "", budget, DEEP))
            return Opened(members, _postmark(ole))
    except CannotOpen:
        raise
    except Exception as problem:  # the library raises whatever a damaged file leads it to
        raise CannotOpen("damaged") from problem


def _members(ole: Any, at: Place, before: str, budget: Budget, deep: int) -> Iterator[Member]:
    storages = sorted(
        {
            entry[len(at)]
            for entry in ole.listdir(streams=True, storages=True)
            if len(entry) > len(at)
            and tuple(entry[: len(at)]) == at
            and entry[len(at)].startswith(_ATTACHED)
        }
    )
    for number, storage in enumerate(storages, 1):
        here = (*at, storage)
        name = _text(ole, here, _LONG_NAME) or _text(ole, here, _NAME)
        budget.member()
        if ole.exists([*here, _EMBEDDED]):
            inner = (*here, _EMBEDDED)
            subject = member_name(_text(ole, inner, _SUBJECT) or name, "mail")
            if deep <= 1:
                yield Member(f"{before}{subject}.msg", reason="too-large")
            else:
                yield from _members(ole, inner, f"{before}{subject}.msg!", budget, deep - 1)
            continue
        yield _attached(ole, here, before + member_name(name, f"attachment {number}"), budget)


def _attached(ole: Any, here: Place, name: str, budget: Budget) -> Member:
    stream = [*here, f"__substg1.0_{_DATA}0102"]
    if not ole.exists(stream):
        return Member(name, reason="damaged")
    size = ole.get_size(stream)
    budget.take(min(size, LARGEST))
    if size > LARGEST:
        return Member(name, reason="too-large")
    with ole.openstream(stream) as opened:
        content = opened.read()
    return Member(name, content, inline=bool(_text(ole, here, _CONTENT_ID)))


def _postmark(ole: Any) -> Postmark:
    address = _text(ole, (), _SMTP) or _text(ole, (), _ADDRESS)
    if "@" not in address:  # inside a company, Exchange writes a directory path instead
        address = ""
    return Postmark(
        shown(_text(ole, (), _SUBJECT)), shown(_text(ole, (), _SENDER)), shown(address), _date(ole)
    )


def _text(ole: Any, at: Place, tag: str) -> str:
    for kind, codec in (("001F", "utf-16-le"), ("001E", "cp1252")):
        stream = [*at, f"__substg1.0_{tag}{kind}"]
        if ole.exists(stream):
            with ole.openstream(stream) as opened:
                return str(opened.read(_TEXT).decode(codec, "replace")).rstrip("\0")
    return ""


def _date(ole: Any) -> datetime | None:
    """When it was sent, else delivered: fixed properties stand in one stream, 16 bytes each."""
    if not ole.exists(_PROPERTIES):
        return None
    with ole.openstream(_PROPERTIES) as opened:
        content = opened.read(64 * 1024)[32:]
    found = {}
    for at in range(0, len(content) - 15, 16):
        kind, tag, _, value = _ENTRY.unpack_from(content, at)
        if kind == 0x0040:
            found[tag] = value
    ticks = found.get(_SENT) or found.get(_DELIVERED)
    if not ticks:
        return None
    try:
        return day(_EPOCH + timedelta(microseconds=ticks // 10))
    except OverflowError:
        return None
