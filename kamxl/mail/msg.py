"""Opening a mail that Outlook saved as .msg: an OLE file with a stream for each property."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kamxl.mail import delivery
from kamxl.mail.codepages import decoded, pages_of
from kamxl.mail.eml import PGP, WRAPPERS, Said, unwrapped
from kamxl.mail.headers import Headers
from kamxl.mail.links import leads_to_portal, link_in
from kamxl.mail.ole import OleFile, Storage, stretches
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
_CLASS, _HEADERS, _BODY, _HTML = "001A", "007D", "1000", "__substg1.0_10130102"
_MIME_TYPE, _PATHS = "370E", ("370D", "3708")
_METHOD, _LINKED = 0x3705, frozenset({2, 3, 4, 7})  # how it is attached: as a path, as an address
_SIGNED = ("multipart/signed", *WRAPPERS)
_REPORT, _SUPPLEMENT = "1001", "0C1B"  # what the server says, of the mail or of a recipient
_SHOWN_NAME = "3001"
_RECIPIENT = "__recip_version1.0_#"
_RECIPIENT_ADDRESSES = ("39FE", "3003", _SHOWN_NAME)
_RECIPIENTS = 20  # that are looked at
_SENT, _DELIVERED = 0x0039, 0x0E06
_LETTERS = (0x3FFD, 0x3FDE, 0x3FF1)  # the code pages of its texts, of the mail it was; its locale
_ATTACHED = "__attach_version1.0_#"
_EMBEDDED = "__substg1.0_3701000D"
_PROPERTIES = "__properties_version1.0"
_TEXT = 64 * 1024  # bytes of a text property
_WEB_PAGE = 256 * 1024
_INTEGER, _TIME = 0x0003, 0x0040
# Where the properties begin: in the file itself, in a mail within it, in an attachment.
_BEGIN, _INNER, _WITHIN = 32, 24, 8
_ENTRY = struct.Struct("<HHIQ")  # type, property, flags, value
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def open_msg(data: bytes, budget: Budget) -> Opened:
    """The attachments of a mail, those of forwarded mails among them, and its postmark."""
    try:
        mail = _lettered(OleFile(data).root, _BEGIN)
        said = Said()
        members = tuple(_members(mail, "", said, budget, DEEP))
        reports = [m for m in members if m.data is not None and delivery.is_status(_plain(m.data))]
        texts = tuple(_plain(m.data or b"") for m in reports)
        others = tuple(m for m in members if m not in reports)
        return Opened(others, _postmark(mail, texts, said, budget))
    except (CannotOpen, MemoryError):  # too little memory says nothing about the file
        raise
    except Exception as problem:  # the library raises whatever a damaged file leads it to
        raise CannotOpen("damaged") from problem


def _members(mail: Storage, before: str, said: Said, budget: Budget, deep: int) -> Iterator[Member]:
    attached = (mail.storage(name) for name in mail.names if name.startswith(_ATTACHED))
    for number, one in enumerate(filter(None, attached), 1):
        name = _text(one, _LONG_NAME) or _text(one, _NAME) or _text(one, _SHOWN_NAME)
        inner = one.storage(_EMBEDDED)
        if inner is None:
            found = _attached(one, before + member_name(name, f"attachment {number}"), budget)
            if found.data is not None and _is_wrapper(mail, one, name):
                for member in unwrapped(found.data, name or "smime.p7m", said, budget):
                    yield replace(member, name=before + member.name)
            else:
                yield found
            continue
        budget.member()
        _lettered(inner, _INNER)
        subject = (_text(inner, _SUBJECT) or name).replace("/", "-").replace("\\", "-")
        path = before + member_name(subject, "mail")
        if inner.size(_PROPERTIES) is None:  # an object in the mail's text
            yield Member(path, reason="damaged")
        elif deep <= 1:
            yield Member(f"{path}.msg", reason="deep")
        else:
            yield from _members(inner, f"{path}.msg!", Said(), budget, deep - 1)


def _is_wrapper(mail: Storage, attached: Storage, name: str) -> bool:
    """Whether the whole mail is in an attachment, because it was signed or encrypted."""
    if "SMIME" in _text(mail, _CLASS).upper().split("."):
        return True
    kind = _text(attached, _MIME_TYPE).casefold().split(";")[0].strip()
    return kind in _SIGNED or name.casefold().endswith("smime.p7m")


def _attached(attached: Storage, name: str, budget: Budget) -> Member:
    stream = f"__substg1.0_{_DATA}0102"
    left = budget.passed(name)
    if left is not None:
        return Member(name, reason=left)
    size = attached.size(stream)
    if not size and _is_elsewhere(attached):
        return Member(name, reason="link")
    if size is None:
        return Member(name, reason="damaged")
    if size > LARGEST:
        return Member(name, reason="too-large")
    budget.take(size)
    inline = bool(_text(attached, _CONTENT_ID))
    return Member(name, attached.content(stream, LARGEST), inline=inline)


def _is_elsewhere(attached: Storage) -> bool:
    """Whether an attachment only points to a file: in a cloud, or on a server."""
    method = _fixed(attached, _WITHIN).get((_INTEGER, _METHOD), 0) & 0xFFFFFFFF
    return method in _LINKED or any(_text(attached, path) for path in _PATHS)


def _postmark(mail: Storage, status: tuple[str, ...], said: Said, budget: Budget) -> Postmark:
    address = _text(mail, _SMTP) or _text(mail, _ADDRESS)
    if "@" not in address:  # inside a company, Exchange writes a directory path instead
        address = ""
    made = Postmark(
        shown(_text(mail, _SUBJECT)), shown(_text(mail, _SENDER)), shown(address), _date(mail)
    )
    signs = replace(_signs(mail, budget), subject=made.subject, name=made.name, address=address)
    signs = replace(signs, status=status)
    html = (mail.content(_HTML, _WEB_PAGE) or b"").decode("utf-8", "replace")
    return replace(
        made,
        quoted=delivery.quoted_senders(signs.text),
        automatic=delivery.automatic(signs),
        undelivered=delivery.undelivered(signs),
        link=link_in(signs.text, html) or said.link,
        locked=said.locked or PGP in signs.text or leads_to_portal(signs.text + html),
    )


def _signs(mail: Storage, budget: Budget) -> delivery.Signs:
    """What tells whether a person wrote it: the headers it came with, and what Outlook calls it."""
    block = _text(mail, _HEADERS).replace("\r\n", "\n").encode("utf-8", "replace")
    signs = Headers(block, budget).signs()
    names = _text(mail, _CLASS).upper().split(".")
    text = "\n".join(filter(None, (_text(mail, _BODY), _text(mail, _REPORT))))
    if names[0] != "REPORT":
        away = "OOFTEMPLATE" in names
        return replace(signs, text=text, automatic=signs.automatic or ("oof" if away else ""))
    if names[-1] not in ("NDR", "DELAYED"):  # a receipt
        return replace(signs, text=text, report="receipt")
    found = [mail.storage(name) for name in mail.names if name.startswith(_RECIPIENT)]
    recipients = [one for one in found if one is not None][:_RECIPIENTS]
    failed = [next(filter(None, map(delivery.addresses, _of(r, _RECIPIENT_ADDRESSES))), [""])[0]
              for r in recipients]  # fmt: skip
    said = (text, *(line for r in recipients for line in _of(r, (_REPORT, _SUPPLEMENT))))
    late = "delayed\n" if names[-1] == "DELAYED" else ""
    return replace(
        signs, text=late + "\n".join(said), report="delivery-status", failed=" ".join(failed)
    )


def _of(storage: Storage, tags: tuple[str, ...]) -> list[str]:
    return [text for tag in tags if (text := _text(storage, tag))]


def _plain(data: bytes) -> str:
    return data[: delivery.TEXT].decode("utf-8", "replace")


def _text(storage: Storage, tag: str) -> str:
    content = storage.content(f"__substg1.0_{tag}001F", _TEXT)
    if content is not None:
        return content.decode("utf-16-le", "replace").rstrip("\0")
    content = storage.content(f"__substg1.0_{tag}001E", _TEXT)
    return "" if content is None else decoded(content, storage.pages)


def _lettered(mail: Storage, begin: int) -> Storage:
    """The mail, which knows now in which letters its texts and its attachments' may be."""
    fixed = _fixed(mail, begin)
    said = (fixed.get((_INTEGER, tag)) for tag in _LETTERS)
    mail.pages = pages_of(*(None if page is None else page & 0xFFFFFFFF for page in said))
    return mail


def _fixed(mail: Storage, begin: int) -> dict[tuple[int, int], int]:
    """The properties of a fixed size, by type and number: one stream, 16 bytes for each."""
    content = mail.content(_PROPERTIES, _TEXT) or b""
    entries = (_ENTRY.unpack(entry) for entry in stretches(content, begin, _ENTRY.size))
    return {(kind, tag): value for kind, tag, _, value in entries}


def _date(mail: Storage) -> datetime | None:
    """When it was sent, else delivered."""
    fixed = _fixed(mail, _BEGIN)
    ticks = fixed.get((_TIME, _SENT)) or fixed.get((_TIME, _DELIVERED))
    if not ticks:
        return None
    try:
        return day(_EPOCH + timedelta(microseconds=ticks // 10))
    except OverflowError:
        return None
