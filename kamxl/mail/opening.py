"""Opening what came back packed: mails, mailboxes and archives, from people nobody knows.

Pure functions over bytes. Nothing is written, followed or run; every size is counted while it is
unpacked. A name from inside is only ever shown. What cannot be opened raises ``CannotOpen``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kamxl.core.records.mails import Undelivered

MB = 1024 * 1024
DEEP = 3  # a card in a mail in a mail in a zip
MEMBERS = 200  # in one file
ASIDE = 1_000  # of them, that their names tell to be clutter
WRAPPED = 10  # signatures around signatures
MAILBOX = 5  # times as much of all that is counted may be in a mailbox
UNPACKED = 32 * MB  # from one file, all levels together
LARGEST = 10 * MB  # one member
PARTS = 1_000  # of mails, their texts included
BOUNDARIES = 20_000  # lines that look as if they separated parts
HEADERS = 100_000  # bytes of headers that are understood: those of about 300 attachments
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]+")
_LONGEST = 200  # characters of a name or subject that are shown


class CannotOpen(Exception):  # noqa: N818 the file is refused; nothing of ours went wrong
    """A container that is not opened; ``reason`` is a short key word.

    "damaged", "too-large", "deep", "password"; "document": it is none; "kind": packed in a way
    that is not opened here; "encrypted": only the addressee's mail program opens it; "aside": a
    signature, without what was signed.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Postmark:
    """What a mail says of itself; whoever sent it may have written anything there.

    ``quoted``: the senders whom its text names above what they wrote. ``link``: the place on the
    web where its text says that a file lies; ``locked``: its text is encrypted. For ``automatic``,
    ``undelivered`` and ``cards`` see ``MailNote``.
    """

    subject: str = ""
    name: str = ""
    address: str = ""
    date: datetime | None = None
    quoted: tuple[str, ...] = ()
    automatic: bool = False
    undelivered: tuple[Undelivered, ...] = ()
    cards: tuple[str, ...] = ()
    link: str = ""
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """One thing inside; without bytes, ``reason`` says why.

    It is one of ``CannotOpen``, "link" (the file lies elsewhere), or what ``Budget.named`` said.
    ``name`` "": as the file around it, without its last ending. ``inline``: a picture of the text
    itself, such as the logo in a signature; ``aside``: it belongs to the mail and is no attachment
    that a person made, such as an invitation to a meeting.
    """

    name: str
    data: bytes | None = field(default=None, repr=False)
    reason: str | None = None
    inline: bool = False
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A container's members in order, and its postmark if it is a mail."""

    members: tuple[Member, ...]
    postmark: Postmark | None = None


@dataclass(slots=True)
class Budget:
    """What may still be unpacked from one file on the disk, over all levels.

    ``named``: why a member of this name (slashes between folders) is not looked into, or None.
    ``streams``: bytes of all that was packed as a stream, the files of a tape left alone among it.
    """

    named: Callable[[str], str | None] = lambda _: None
    members: int = MEMBERS
    aside: int = ASIDE
    wrapped: int = WRAPPED
    mailbox: bool = False
    size: int = UNPACKED
    streams: int = UNPACKED
    parts: int = PARTS
    boundaries: int = BOUNDARIES
    headers: int = HEADERS

    def member(self) -> None:
        """One more member (CannotOpen: too many)."""
        self.members -= 1
        if self.members < 0:
            raise CannotOpen("too-large")

    def passed(self, name: str) -> str | None:
        """Why a member of this name is left alone; None: it is one more (CannotOpen: too many)."""
        reason = self.named(name)
        if reason is None:
            self.member()
            return None
        self.aside -= 1
        if self.aside < 0:
            raise CannotOpen("too-large")
        return reason

    def unwrap(self) -> None:
        """One more signature taken off (CannotOpen: too many)."""
        self.wrapped -= 1
        if self.wrapped < 0:
            raise CannotOpen("deep")

    def many_mails(self) -> None:
        """It is a mailbox: more of all but of bytes is what many people sent (once for a file)."""
        if not self.mailbox:
            self.mailbox = True
            self.members += (MAILBOX - 1) * MEMBERS
            self.parts += (MAILBOX - 1) * PARTS
            self.headers += (MAILBOX - 1) * HEADERS
            self.wrapped += MAILBOX * MEMBERS  # each mail in it may be signed

    def take(self, size: int) -> None:
        """So many more bytes (CannotOpen: too many)."""
        self.size -= size
        if self.size < 0:
            raise CannotOpen("too-large")

    def inflated(self, size: int) -> None:
        """A stream held so many bytes, whatever is kept of them (CannotOpen: too many)."""
        self.streams -= size
        if self.streams < 0:
            raise CannotOpen("too-large")

    def part(self) -> None:
        """One more part of a mail (CannotOpen: too many)."""
        self.parts -= 1
        if self.parts < 0:
            raise CannotOpen("too-large")

    def boundary(self) -> None:
        """One more line that may separate parts (CannotOpen: too many)."""
        self.boundaries -= 1
        if self.boundaries < 0:
            raise CannotOpen("damaged")

    def header(self, size: int) -> None:
        """So many more bytes of headers to be understood (CannotOpen: too many)."""
        self.headers -= size
        if self.headers < 0:
            raise CannotOpen("damaged")


def shown(text: str, longest: int = _LONGEST) -> str:
    """A text from outside as it can be shown: one line, no control characters, not endless."""
    plain = " ".join(_CONTROL.sub(" ", text[: longest * 4]).split())
    plain = plain.encode("utf-8", "replace").decode("utf-8")
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def member_name(name: str, otherwise: str) -> str:
    """A name from inside, as part of a path that is only shown: no way up, no drive."""
    steps = (shown(step) for step in re.split(r"[/\\]+", name))
    kept = [step.replace("!", "_").replace(":", "_") for step in steps if step not in ("", ".")]
    return "/".join("_" if step == ".." else step for step in kept) or otherwise


def day(value: datetime | None) -> datetime | None:
    """A date with its time zone, if it is one that can be; ordered dates need both."""
    if value is None:
        return None
    try:
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        aware = aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return aware if 1990 <= aware.year < 2200 else None
