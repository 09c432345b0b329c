"""What a mail said that came back, and mail servers of mails that did not arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A mail server's word on a mail that did not arrive.

    ``permanent`` False: it may still arrive, or another try may help. ``reason`` are its own words.
    """

    address: str
    permanent: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MailNote:
    """What the mail said in which a file came: anybody can write anything there.

    ``others``: addresses of those whose mails it passes on. ``automatic``: no person wrote it.
    ``undelivered``: it says that a mail did not arrive, and whose; ``cards`` are the digests of the
    cards which that one was about.
    """

    subject: str
    sender: str
    address: str
    date: datetime | None
    others: tuple[str, ...] = ()
    automatic: bool = False
    undelivered: tuple[Undelivered, ...] = ()
    cards: tuple[str, ...] = ()
