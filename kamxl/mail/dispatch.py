"""From a draft to the message that leaves, and what makes two drafts the same message."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

_LINE_END = re.compile(rb"\r\n|\r|\n")
# A header with the lines that continue it; only these are ours to set or to drop.
_OURS = re.compile(rb"^(?:X-Unsent|Date|Message-ID):.*\r\n(?:[ \t].*\r\n)*", re.IGNORECASE | re.M)


def dispatched(draft: bytes, message_id: str, moment: datetime, on_behalf: str = "") -> bytes:
    """The draft with its date and Message-ID, no longer marked as a draft.

    ``on_behalf``: the address that sends it where somebody else wrote it (RFC 5322, Sender); who
    answers answers the writer.
    Everything else stays byte for byte; only a draft with bytes beyond ASCII is encoded anew,
    because not every server takes those.
    """
    if not draft.isascii():
        draft = message_from_bytes(draft, policy=SMTP).as_bytes(policy=SMTP.clone(cte_type="7bit"))
    # A lone CR or LF is read as a line end by some servers only: that hides mails within mails.
    head, gap, body = _LINE_END.sub(b"\r\n", draft).partition(b"\r\n\r\n")
    head = _OURS.sub(b"", head + b"\r\n")
    own = f"Date: {format_datetime(moment)}\r\nMessage-ID: {message_id}\r\n"
    own += f"Sender: {on_behalf}\r\n" if on_behalf else ""
    return own.encode("ascii") + head + gap[2:] + body


def content_hash(draft: bytes) -> str:
    """What a draft says, as a hash: equal wherever it was made.

    The bytes themselves are not: zlib compresses differently on different machines, and a
    colleague's computer would send everything again. So workbooks count by what is in them;
    pictures do not count, they only draw what the text says.
    """
    message = message_from_bytes(draft, policy=SMTP)
    told = hashlib.sha256()
    for name in ("From", "To", "Subject"):
        _tell(told, str(message[name] or "").encode("utf-8", "replace"))
    if message["Reply-To"]:
        _tell(told, str(message["Reply-To"]).encode("utf-8", "replace"))
    for part in message.walk():
        kind = part.get_content_maintype()
        if kind not in {"multipart", "image"}:
            for piece in _pieces(part):
                _tell(told, piece)
    return told.hexdigest()


def _pieces(part: EmailMessage) -> list[bytes]:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    name = (part.get_filename() or "").encode("utf-8", "replace")
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return [name, _LINE_END.sub(b"\n", data)]
    with zipfile.ZipFile(io.BytesIO(data)) as workbook:
        inside = sorted(workbook.namelist())
        return [name, *(x for n in inside for x in (n.encode(), workbook.read(n)))]


def _tell(told: hashlib._Hash, piece: bytes) -> None:
    told.update(len(piece).to_bytes(8, "big") + piece)
