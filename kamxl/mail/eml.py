"""Opening a mail saved as .eml: who sent it when, and what is attached."""

from __future__ import annotations

from collections.abc import Iterator

from kamxl.mail.headers import Headers
from kamxl.mail.mime import Part, content, parts_of
from kamxl.mail.opening import LARGEST, Budget, CannotOpen, Member, Opened, member_name

_TEXTS = ("text/plain", "text/html")
_MAILS = ("message/rfc822", "message/global")


def open_eml(data: bytes, budget: Budget) -> Opened:
    """The attachments of a mail, forwarded mails among them, and its postmark."""
    try:
        headers, parts = parts_of(data, budget)
        return Opened(tuple(_members(data, parts, budget)), headers.postmark())
    except (CannotOpen, MemoryError):  # too little memory says nothing about the file
        raise
    except Exception as problem:  # whatever is bad about it, it costs only itself
        raise CannotOpen("damaged") from problem


def _members(data: bytes, parts: Iterator[Part], budget: Budget) -> Iterator[Member]:
    for number, part in enumerate(parts, 1):
        kind, name = part.headers.content_type, part.headers.file_name
        if kind.startswith("multipart/") or (kind in _TEXTS and not name):
            continue  # the text of the mail itself
        budget.member()
        found = content(data, part)
        if found is None:
            yield Member(member_name(name, f"attachment {number}"), reason="damaged")
            continue
        budget.take(len(found))
        if kind in _MAILS:
            name = _mail_name(name, found, budget)
        shown_name = member_name(name, f"attachment {number}")
        if len(found) > LARGEST:
            yield Member(shown_name, reason="too-large")
        else:
            yield Member(shown_name, found, inline=_inline(part.headers))


def _mail_name(name: str, mail: bytes, budget: Budget) -> str:
    """What a forwarded mail is called: by its name, else by its subject."""
    if not name:
        headers, _ = parts_of(mail, budget)
        name = headers.subject.replace("/", "-").replace("\\", "-") or "mail"
    return name if name.casefold().endswith(".eml") else f"{name}.eml"


def _inline(headers: Headers) -> bool:
    """A picture that the text shows, not one that somebody attached."""
    if not headers.content_type.startswith("image/"):
        return False
    disposition = headers.disposition
    return disposition == "inline" or (headers.has_id and disposition != "attachment")
