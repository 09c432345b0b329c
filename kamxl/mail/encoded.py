"""A usual mail, put together by hand: the bytes are those that the library gives, in less time.

What is usual is known by plain rules; whatever else comes, a header or a whole mail, goes the way
of the library (``message``).
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Iterable
from email.contentmanager import raw_data_manager
from email.header import Header
from email.message import MIMEPart
from email.policy import EmailPolicy, Policy, compat32
from typing import Any

_LONGEST = 78  # letters of a line
_END = "\r\n"
_PLAIN = re.compile(r"[A-Za-z0-9](?:[ -~]*[!-~])?")  # a line of ASCII
_WORDS = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")  # a name that needs no quotes
_ATOM = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_FILE = re.compile(r"[A-Za-z0-9._+-]+")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BASE64_LINE = 76


def text_header(name: str, text: str) -> str | None:
    """A header with a text of one line, as it is written; None: it is none of the usual."""
    if text.isascii():
        line = f"{name}: {text}"
        usual = _PLAIN.fullmatch(text) and len(line) <= _LONGEST
        return line + _END if usual else None
    return coded(name, text, "")


def address_header(name: str, display: str, address: str) -> str | None:
    """A header with one address, as it is written; None: it is none of the usual."""
    if not _ATOM.fullmatch(address):
        return None
    if not display.isascii():
        return coded(name, display, f" <{address}>")
    if display and not _WORDS.fullmatch(display):
        return None
    line = f"{name}: {display} <{address}>" if display else f"{name}: {address}"
    return line + _END if len(line) <= _LONGEST else None


def coded(name: str, text: str, after: str, limit: int = _LONGEST) -> str:
    """A header with other letters than ASCII, and what stands behind them.

    The library's own folding loses a blank where two encoded words meet.
    """
    lines = Header(text, "utf-8", header_name=name).encode(linesep=_END)
    *_, last = f"{name}: {lines}".split(_END)
    if len(last + after) > limit:
        after = _END + after
    return f"{name}: {lines}{after}{_END}"


def whole(
    headers: Iterable[str],
    text: str,
    html: str,
    workbooks: Iterable[tuple[str, bytes]],
    policy: EmailPolicy,
) -> bytes | None:
    """A mail with a text, the same as HTML, and attached files; None: a file has an odd name.

    ``headers`` are the lines before those that say how it is put together.
    """
    files = []
    for name, data in workbooks:
        disposition = f'Content-Disposition: attachment; filename="{name}"'
        if not _FILE.fullmatch(name) or len(disposition) > _LONGEST:
            return None
        files.append((disposition, _base64(data)))
    # Nobody sees the headers that are made beside a text, so they need not be taken apart.
    bare = compat32.clone(
        linesep=policy.linesep, max_line_length=policy.max_line_length, cte_type=policy.cte_type
    )
    texts = [_text(text, "plain", bare), _text(html, "html", bare)]
    payloads = [*(payload for _, payload in texts), *(payload for _, payload in files)]
    digest = hashlib.sha256("\n".join(payloads).encode("utf-8", "surrogateescape")).hexdigest()
    outer, inner = (f"=_kamxl_{number}_{digest[:24]}" for number in (0, 1))
    once = f"MIME-Version: 1.0{_END}"
    said = [
        *headers, once, f'Content-Type: multipart/mixed; boundary="{outer}"', _END, _END,
        f"--{outer}{_END}Content-Type: multipart/alternative;{_END} ", f'boundary="{inner}"{_END}',
    ]  # fmt: skip
    for (code, payload), kind, more in zip(texts, ("plain", "html"), ("", once), strict=True):
        about = f'Content-Type: text/{kind}; charset="utf-8"{_END}'
        said += (_END, f"--{inner}{_END}", about, f"Content-Transfer-Encoding: {code}{_END}", more)
        said += (_END, _lines(payload))
    said.append(f"{_END}--{inner}--{_END}")
    for disposition, payload in files:
        said += (_END, f"--{outer}{_END}Content-Type: {_XLSX}{_END}")
        said += (f"Content-Transfer-Encoding: base64{_END}", disposition, _END, once, _END)
        said.append(_lines(payload))
    said.append(f"{_END}--{outer}--{_END}")
    return "".join(said).encode("utf-8", "surrogateescape")


def _text(text: str, kind: str, policy: Policy[Any]) -> tuple[str, str]:
    """How a text is encoded, and the encoded text, as the library has it."""
    part: Any = MIMEPart(policy=policy)
    part.set_content(text, subtype=kind, content_manager=raw_data_manager)
    return part["Content-Transfer-Encoding"], part.get_payload()


def _lines(payload: str) -> str:
    return _END.join(payload.split("\n"))


def _base64(data: bytes) -> str:
    text = binascii.b2a_base64(data, newline=False).decode()
    ends = range(0, len(text), _BASE64_LINE)
    return "".join([text[at : at + _BASE64_LINE] + "\n" for at in ends])
