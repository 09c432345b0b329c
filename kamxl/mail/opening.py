"""Opening what came back packed: mails and zip files, from people nobody knows.

Pure functions over bytes. Nothing is written, followed or run; every size is counted while it is
unpacked. A name from inside is only ever shown. What cannot be opened raises ``CannotOpen``.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

MB = 1024 * 1024
DEEP = 3  # a card in a mail in a mail in a zip
MEMBERS = 200  # in one file
UNPACKED = 64 * MB  # from one file, all levels together
LARGEST = 10 * MB  # one member
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]+")
_LONGEST = 200  # characters of a name or subject that are shown


class CannotOpen(Exception):  # noqa: N818 the file is refused; nothing of ours went wrong
    """A container that is not opened; ``reason`` is a short key word ("damaged", "too-large")."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Postmark:
    """What a mail says of itself; whoever sent it may have written anything there."""

    subject: str = ""
    name: str = ""
    address: str = ""
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One thing inside; without bytes, ``reason`` says why ("password", "too-large", "damaged").

    ``inline``: a picture of the text itself, such as the logo in a signature.
    """

    name: str
    data: bytes | None = field(default=None, repr=False)
    reason: str | None = None
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A container's members in order, and its postmark if it is a mail."""

    members: tuple[Member, ...]
    postmark: Postmark | None = None


@dataclass(slots=True)
class Budget:
    """What may still be unpacked from one file on the disk, over all levels."""

    members: int = MEMBERS
    size: int = UNPACKED

    def member(self) -> None:
        """One more member (CannotOpen: too many)."""
        self.members -= 1
        if self.members < 0:
            raise CannotOpen("too-large")

    def take(self, size: int) -> None:
        """So many more bytes (CannotOpen: too many)."""
        self.size -= size
        if self.size < 0:
            raise CannotOpen("too-large")


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


def open_zip(data: bytes, budget: Budget) -> Opened:
    """The files in a zip; folders are none."""
    if data.count(b"PK\x01\x02") > MEMBERS * 5:  # before anybody builds a record for each
        raise CannotOpen("too-large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if not {"[Content_Types].xml", "mimetype"}.isdisjoint(archive.namelist()):
                raise CannotOpen("document")  # a text document is built as a zip, too
            return Opened(tuple(_zipped(archive, budget)))
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as problem:
        raise CannotOpen("damaged") from problem


def _zipped(archive: zipfile.ZipFile, budget: Budget) -> Iterator[Member]:
    for number, info in enumerate(archive.infolist(), 1):
        name = member_name(info.filename, f"file {number}")
        if info.is_dir() or name.split("/")[0] == "__MACOSX":
            continue
        budget.member()
        if info.flag_bits & 0x1:
            yield Member(name, reason="password")
        else:
            yield _unzipped(archive, info, name, budget)


def _unzipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, budget: Budget) -> Member:
    try:
        with archive.open(info) as file:
            content = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError):
        return Member(name, reason="damaged")
    budget.take(len(content))
    if len(content) > LARGEST:
        return Member(name, reason="too-large")
    return Member(name, content)
