"""Opening a mail saved as .eml, or a mailbox: who sent it when, and what is attached.

A signature is no level of its own: what was signed is the mail's, as if nobody had signed it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from kamxl.mail import delivery
from kamxl.mail.headers import Headers
from kamxl.mail.links import leads_to_portal, link_in
from kamxl.mail.mime import Part, bare, content, mails_in, parts_of
from kamxl.mail.opening import LARGEST, Budget, CannotOpen, Member, Opened, Postmark, member_name
from kamxl.mail.signed import is_mime, unsigned

_TEXTS = ("text/plain", "text/html")
_MAILS = ("message/rfc822", "message/global")
_STATUS = ("message/delivery-status", "message/global-delivery-status")
_HEADERS = ("text/rfc822-headers", "message/global-headers", "message/rfc822-headers")
# Their content is a mail in itself, or an encrypted one.
WRAPPERS = ("application/pkcs7-mime", "application/x-pkcs7-mime")
# Parts that mail programs add: signatures, visiting cards, invitations to meetings.
_ASIDE = (
    "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature",
    "application/pgp-keys", "application/pgp-encrypted", "text/calendar", "text/vcard",
    "text/x-vcard", "text/directory", "text/x-amp-html", "text/watch-html", "text/enriched",
    "application/ics",
)  # fmt: skip
_MOST = 1_000  # mails in one mailbox
PGP = "-----BEGIN PGP MESSAGE-----"


@dataclass(slots=True)
class Said:
    """What a mail says besides its attachments; ``original``: headers of what came back."""

    texts: dict[str, str] = field(default_factory=dict)
    status: list[str] = field(default_factory=list)
    original: list[Headers] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The mail's own words."""
        return self.texts.get("text/plain") or delivery.plain(self.texts.get("text/html", ""))

    @property
    def link(self) -> str:
        """Where on the web its words say that a file lies."""
        return link_in(*self.texts.values())

    @property
    def locked(self) -> bool:
        """Whether its words are encrypted."""
        return any(PGP in text or leads_to_portal(text) for text in self.texts.values())


def open_eml(data: bytes, budget: Budget) -> Opened:
    """The attachments of a mail, forwarded mails among them, and its postmark.

    Of a mailbox: its mails, without a postmark.
    """
    try:
        mails = mails_in(data, _MOST)
        if len(mails) > 1:
            return _mailbox(mails, budget)
        data = bare(data)
        headers, parts = parts_of(data, budget)
        said = Said()
        members = tuple(_members(data, parts, said, budget, report=bool(headers.report)))
        return Opened(members, _postmark(headers, said))
    except (CannotOpen, MemoryError):  # too little memory says nothing about the file
        raise
    except Exception as problem:  # whatever is bad about it, it costs only itself
        raise CannotOpen("damaged") from problem


def _mailbox(mails: list[bytes], budget: Budget) -> Opened:
    budget.many_mails()
    members = []
    for mail in map(bare, mails):
        budget.member()
        budget.take(len(mail))
        name = member_name(_mail_name("", mail, budget), "mail")
        whole = len(mail) <= LARGEST
        members.append(Member(name, mail) if whole else Member(name, reason="too-large"))
    return Opened(tuple(members))


def _postmark(headers: Headers, said: Said) -> Postmark:
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
        link=said.link,
        locked=said.locked,
    )


def _members(
    data: bytes, parts: Iterator[Part], said: Said, budget: Budget, *, report: bool
) -> Iterator[Member]:
    for number, part in enumerate(parts, 1):
        kind, name = part.headers.content_type, part.headers.file_name
        if kind in _TEXTS and not (name and _is_attached(part, said)):
            said.texts.setdefault(kind, _text(data, part))
            continue
        if kind.startswith("multipart/") or _is_of_report(data, part, said, budget, report=report):
            continue
        named = member_name(name, f"attachment {number}")
        left = budget.passed(named)
        found = None if left is not None else content(data, part)
        if part.headers.elsewhere:
            yield Member(named, reason="link")
        elif found is None:
            yield Member(named, reason=left or "damaged")
        elif kind in WRAPPERS or named.casefold().endswith(".p7m"):
            yield from unwrapped(found, name or "smime.p7m", said, budget)
        else:
            if kind in _MAILS:
                if report:
                    said.original.append(parts_of(found, budget)[0])
                named = member_name(_mail_name(name, found, budget), named)
            yield _member(named, found, part.headers, budget)


def _is_attached(part: Part, said: Said) -> bool:
    """Whether a text with a name is a file; some programs name the words of the mail itself."""
    html = part.headers.content_type == "text/html" and "text/html" not in said.texts
    return not html or part.headers.disposition == "attachment"


def _member(name: str, found: bytes, headers: Headers, budget: Budget) -> Member:
    budget.take(len(found))
    if len(found) > LARGEST:
        return Member(name, reason="too-large")
    aside = headers.content_type in _ASIDE
    return Member(name, found, inline=_inline(headers), aside=aside)


def unwrapped(found: bytes, name: str, said: Said, budget: Budget) -> Iterator[Member]:
    """What a part holds that is signed or encrypted as a whole; the words go to ``said``."""
    budget.unwrap()
    budget.take(len(found))
    try:
        inner = found if is_mime(found) else unsigned(found)
    except CannotOpen as problem:
        yield Member(member_name(name, "smime.p7m"), reason=problem.reason)
        return
    if is_mime(inner):
        yield from _members(inner, parts_of(inner, budget)[1], said, budget, report=False)
    elif len(inner) > LARGEST:
        yield Member(member_name(name, "smime.p7m"), reason="too-large")
    else:
        budget.take(len(inner))
        yield Member(member_name(name.removesuffix(".p7m"), "smime"), inner)


def _is_of_report(data: bytes, part: Part, said: Said, budget: Budget, *, report: bool) -> bool:
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
