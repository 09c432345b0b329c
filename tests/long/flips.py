"""An answer with one bit turned, or cut short, in every format that comes back.

``same``: it reads as before; ``refused``: it has a reason; ``changed``: it reads otherwise and
nobody is told. What has a checksum, or holds what has one, never ends so. An .xls has none: there
a turned bit of a number is another number, and only that nothing else happens can be held.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from pathlib import Path

from kamxl.excel.reading.book import Refused, read
from kamxl.excel.reading.others import read_other
from kamxl.forms.paper.raw import RawBook, RawKind
from kamxl.store.inbox import entry_of
from kamxl.workflow.files.containers import taken_apart
from kamxl.workflow.files.opening import read_any
from tests.hostile import binary, changes
from tests.long.journal import Result
from tests.proof.saving import saved_by

CHUNK = 2_000  # of one piece of work


@dataclass(frozen=True)
class Format:
    """An answer as it comes back, and how it is read: None if it is refused."""

    made: Callable[[], bytes]
    read: Callable[[bytes], object | None]
    checked: bool = True  # whether a change can be told


def _book(data: bytes) -> RawBook | None:
    try:
        return read(data)
    except Refused:
        return None


def _other(kind: str) -> Callable[[bytes], RawBook | None]:
    def reading(data: bytes) -> RawBook | None:
        try:
            return read_other(data, kind)
        except Refused:
            return None

    return reading


def _inside(name: str) -> Callable[[bytes], tuple[RawBook, ...] | None]:
    """The workbooks in a mail or an archive; a name, a subject or a text says nothing of them."""

    def reading(data: bytes) -> tuple[RawBook, ...] | None:
        found = []
        for entry in taken_apart(entry_of(name, data, None)) or ():
            if entry.data is not None:
                try:
                    found.append(read_any(entry.data))
                except Refused:
                    continue
        return tuple(found) or None

    return reading


def _mail() -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = "Ada <ada@alpha.example>", "kam@muster.example"
    made["Subject"], made["Date"] = "Scorecard", "Mon, 02 Mar 2026 09:30:00 +0000"
    made.set_content("Please find it attached.")
    made.add_attachment(changes.card(), "application", "octet-stream", filename="card.xlsx")
    made.set_boundary("=_b")
    return made.as_bytes()


def _zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("card.xlsx"), changes.card())
    return made.getvalue()


def _saved(kind: str) -> bytes:
    """The card as LibreOffice saves it."""
    with tempfile.TemporaryDirectory() as folder:
        return saved_by("soffice", changes.card(), Path(folder), kind)


def _xlsb() -> bytes:
    """The card's texts and numbers as .xlsb, which no program here writes."""
    return binary.xlsb(
        {
            sheet.title: binary.xlsb_sheet(
                (place, cell.text if cell.number is None else cell.number)
                for place, cell in sorted(sheet.cells.items())
                if cell.kind in (RawKind.TEXT, RawKind.NUMBER)
            )
            for sheet in changes.whole().sheets
        }
    )


FORMATS: dict[str, Format] = {
    "xlsx": Format(changes.card, _book),
    "ods": Format(lambda: _saved("ods"), _other("ods")),
    "xlsb": Format(_xlsb, _other("xlsb")),
    "xls": Format(lambda: _saved("xls"), _other("xls"), checked=False),
    "eml": Format(_mail, _inside("card.eml")),
    "zip": Format(_zip, _inside("card.zip")),
}


@cache
def made(name: str) -> bytes:
    """An answer in this format."""
    return FORMATS[name].made()


def pieces(name: str, every: int) -> Iterator[str]:
    """The pieces of work on a format: its kind, then from where to where."""
    data = made(name)
    for kind, total in (("bits", len(data) * 8), ("lengths", len(data))):
        for begin in range(0, total, CHUNK * every):
            yield f"{kind} {begin} {min(begin + CHUNK * every, total)} {every}"


def tried(name: str, data: bytes, piece: str) -> Result:
    """How all changes of one piece ended."""
    kind, begin, end, every = piece.split()
    reading, ends = FORMATS[name].read, Counter[str]()
    whole = reading(data)
    if whole is None:
        return {kind: {"not read at all": 1}}
    for number in range(int(begin), int(end), int(every)):
        found = reading(_turned(data, number) if kind == "bits" else data[:number])
        ends["refused" if found is None else "same" if found == whole else "changed"] += 1
    return {kind: dict(ends)}


def _turned(data: bytes, number: int) -> bytes:
    """The n-th bit turned."""
    turned = bytearray(data)
    turned[number // 8] ^= 1 << number % 8
    return bytes(turned)


def wrong(name: str, ends: Counter[str]) -> bool:
    """Whether something ended as nothing may."""
    return bool(ends["not read at all"] or (FORMATS[name].checked and ends["changed"]))
