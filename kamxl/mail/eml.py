"""Opening a mail saved as .eml: who sent it when, and what is attached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kamxl.mail import delivery
from kamxl.mail.headers import Headers
from kamxl.mail.mime import Part, content, parts_of
from kamxl.mail.opening import LARGEST, Budget, CannotOpen, Member, Opened, Postmark, member_name

_TEXTS = ("text/plain", "text/html")
_MAILS = ("message/rfc822", "message/global")
_STATUS = ("message/delivery-status", "message/global-delivery-status")
_HEADERS = ("text/rfc822-headers", "message/global-headers", "message/rfc822-headers")


@dataclass(slots=True)
class _Said:
    """What a mail says besides its attachments; ``original``: headers of what came back."""

    texts: dict[str, str] = field(default_factory=dict)
    status: list[str] = field(default_factory=list)
    original: list[Headers] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The mail's own words."""
        return self.texts.get("text/plain") or delivery.plain(self.texts.get("text/html", ""))


def open_eml(data: bytes, budget: Budget) -> Opened:
    """The attachments of a mail, forwarded mails among them, and its postmark."""
    try:
        headers, parts = parts_of(data, budget)
        said = _Said()
        members = tuple(_members(data, parts, said, budget, report=bool(headers.report)))
        return Opened(members, _postmark(headers, said))
    except (CannotOpen, MemoryError):  # too little memory says nothing about the file
        raise
    except Exception as problem:  # whatever is bad about it, it costs only itself
        raise CannotOpen("damaged") from problem


def _postmark(headers: Headers, said: _Said) -> Postmark:
    signs = replace(
        headers.signs(),
        status=tuple(said.status),
        text=said.text,
        original=tuple(a for one in said.original for a in one.recipients),
    )
    cards = [card for one in said.original for card in one.cards]
    return replace(
        headers.postmark(),
        quoted=delivery.quoted_senders(said.text),
        automatic=delivery.automatic(signs),
        undelivered=delivery.undelivered(signs),
        cards=tuple(dict.fromkeys(cards)),
    )


def _members(
    data: bytes, parts: Iterator[Part], said: _Said, budget: Budget, *, report: bool
) -> Iterator[Member]:
    for number, part in enumerate(parts, 1):
        kind, name = part.headers.content_type, part.headers.file_name
        if kind in _TEXTS and not name:
            said.texts.setdefault(kind, _text(data, part))
            continue
        if kind.startswith("multipart/") or _is_of_report(data, part, said, budget, report=report):
            continue
        budget.member()
        found = content(data, part)
        if found is None:
            yield Member(member_name(name, f"attachment {number}"), reason="damaged")
            continue
        budget.take(len(found))
        if kind in _MAILS:
            if report:
                said.original.append(parts_of(found, budget)[0])
            name = _mail_name(name, found, budget)
        shown_name = member_name(name, f"attachment {number}")
        if len(found) > LARGEST:
            yield Member(shown_name, reason="too-large")
        else:
            yield Member(shown_name, found, inline=_inline(part.headers))


def _is_of_report(data: bytes, part: Part, said: _Said, budget: Budget, *, report: bool) -> bool:
    """Whether a part is what a server says of a mail, or the headers of that mail."""
    kind = part.headers.content_type
    if kind in _HEADERS and report:
        headers, _ = parts_of(_text(data, part).encode("utf-8", "replace"), budget)
        said.original.append(headers)
        return True
    if kind not in (*_STATUS, "text/plain", "application/octet-stream"):
        return False
    text = _text(data, part)
    if kind not in _STATUS and not delivery.is_status(text):
        return False
    said.status.append(text)
    return True


def _text(data: bytes, part: Part) -> str:
    """A text, as much of it as is looked at, in whatever letters."""
    end = min(part.end, part.begin + delivery.TEXT)
    found = content(data, replace(part, end=end)) or b""
    try:
        return found.decode("utf-8")
    except UnicodeDecodeError as problem:
        if problem.start > len(found) - 4:  # cut within a letter
            return found.decode("utf-8", "replace")
        return found.decode("cp1252", "replace")


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
