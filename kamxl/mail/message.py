"""A mail as a draft: text and HTML, perhaps pictures in it, files attached.

Equal input gives equal bytes: no date, no message id, fixed boundaries. Mail programs that know
``X-Unsent`` open it as a draft that only has to be sent.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy
from typing import Any

from kamxl.mail.encoded import address_header, coded, text_header, whole

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NO_PHRASE = re.compile(r'[][()<>@,;:\\"]')  # in a name without quotes each means something else
_XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_NAME = 60  # characters: longer ones are split into parts that some programs do not join


@dataclass(frozen=True, slots=True)
class Person:
    """A name and an address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a mail holds. ``workbooks`` are (file name, bytes), under names as mail programs show
    them; ``pictures`` (content id, PNG).

    ``cards`` names the cards it is about, for whoever looks through the draft later. ``reply_to``:
    the address that answers go to ("": the sender's).
    """

    subject: str
    text: str
    html: str
    recipient: Person
    sender: Person | None = None
    workbooks: tuple[tuple[str, bytes], ...] = ()
    pictures: tuple[tuple[str, bytes], ...] = ()
    cards: tuple[str, ...] = ()
    reply_to: str = ""


CARD_HEADER = "X-Kamxl-Card"


class _Whole(EmailPolicy):
    """Long headers with other letters than ASCII as they were given, and names as one name.

    Where a name has to be folded, the library forgets its quotes: a comma in it would begin the
    next recipient.
    """

    def _fold(self, name: str, value: Any, refold_binary: bool = False) -> str:
        text, after, longest = str(value), "", self.max_line_length or 78
        usual = text.isascii()
        if isinstance(value, AddressHeader):
            (one,) = value.addresses
            fits = len(f"{name}: {text}") <= longest
            usual = usual and (fits or not _NO_PHRASE.search(one.display_name))
            text, after = one.display_name, f" <{one.addr_spec}>"
        if usual:
            folded: str = super()._fold(name, value, refold_binary)  # type: ignore[misc]
            return folded
        return coded(name, text, after, longest)


_POLICY = _Whole(linesep="\r\n")


def draft(given: Draft) -> bytes:
    """The mail as the bytes of an .eml (ValueError: an address that is none)."""
    if given.workbooks and not given.pictures:
        made = whole(_headers(given), given.text, given.html, given.workbooks, _POLICY)
        if made is not None:
            return made
    return by_library(given)


def by_library(given: Draft) -> bytes:
    """The same, all of it made by the library, which takes its time."""
    message = EmailMessage(policy=_POLICY)
    for name, value in _about(given):
        message[name] = value if isinstance(value, str) else _address(value)
    message.set_content(given.text)
    message.add_alternative(given.html, subtype="html")
    if given.pictures:
        _add_pictures(message, given.pictures)
    for name, data in given.workbooks:
        message.add_attachment(data, "application", _XLSX, filename=name)
    _fix_boundaries(message)
    return message.as_bytes()


def _about(given: Draft) -> Iterator[tuple[str, str | Person]]:
    """The headers of a mail that say whom and what it is about."""
    yield "Subject", clean(given.subject)
    if given.sender is not None:
        yield "From", given.sender
    yield "To", given.recipient
    if given.reply_to:
        yield "Reply-To", Person("", given.reply_to)
    yield "X-Unsent", "1"
    if given.cards:
        yield CARD_HEADER, " ".join(given.cards)


def _headers(given: Draft) -> list[str]:
    """The same as they are written, each by hand if it is a usual one."""
    return [_usual(name, value) or _folded(name, value) for name, value in _about(given)]


def _usual(name: str, value: str | Person) -> str | None:
    if isinstance(value, str):
        return text_header(name, value)
    return address_header(name, clean(value.name), clean(value.address))


def _folded(name: str, value: str | Person) -> str:
    message = EmailMessage(policy=_POLICY)
    message[name] = value if isinstance(value, str) else _address(value)
    return str(_POLICY.fold(name, message[name]))


def clean(text: str) -> str:
    """A text as a header takes it: one line, no control characters, nothing that is a code."""
    return " ".join(_CONTROL.sub(" ", text).split()).replace("=?", "= ?")


def short_name(name: str) -> str:
    """A file name that every mail program shows: short, and plain letters only."""
    stem, dot, ending = name.rpartition(".")
    plain = (
        re.sub(r"[^A-Za-z0-9._-]+", "_", stem or name)[: _LONGEST_NAME - 5].strip("._") or "file"
    )
    return f"{plain}{dot}{ending}" if stem else plain


def short_names(names: Iterable[str]) -> list[str]:
    """The same for all files of one mail, each another: whoever saves them loses none."""
    found: list[str] = []
    for name in names:
        short, number = short_name(name), 2
        stem, dot, ending = short.rpartition(".")
        while short.casefold() in map(str.casefold, found):
            short = f"{stem[: _LONGEST_NAME - 8]}-{number}{dot}{ending}"
            number += 1
        found.append(short)
    return found


def _address(person: Person) -> Address:
    address = clean(person.address)
    if not address.isascii():
        # Before the mail server takes such addresses (SMTPUTF8) only the domain can be written so.
        local, _, domain = address.rpartition("@")
        address = f"{local}@{domain.encode('idna').decode()}"
    try:
        return Address(clean(person.name), addr_spec=address)
    except Exception as problem:  # the library raises errors of several kinds
        raise ValueError(f"{person.address!r} is no address") from problem


def _add_pictures(message: EmailMessage, pictures: Iterable[tuple[str, bytes]]) -> None:
    html = message.get_body(("html",))
    if not isinstance(html, MIMEPart):
        raise TypeError("a mail without HTML has no place for a picture")
    for content_id, data in pictures:
        html.add_related(data, "image", "png", cid=f"<{content_id}>", disposition="inline")


def _fix_boundaries(message: EmailMessage) -> None:
    """Boundaries that depend on the content alone, and cannot occur in it."""
    parts = [part for part in message.walk() if part.is_multipart()]
    leaves = [part.get_payload() for part in message.walk() if not part.is_multipart()]
    digest = hashlib.sha256("\n".join(map(str, leaves)).encode("utf-8", "surrogateescape"))
    for number, part in enumerate(parts):
        part.set_boundary(f"=_kamxl_{number}_{digest.hexdigest()[:24]}")
