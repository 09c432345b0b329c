"""Proof that a draft is the mail it should be: these headers, these texts, these files, no more.

The bytes are taken apart by hand, not by the library that wrote them; what is encoded is decoded
and compared.
"""

from __future__ import annotations

import binascii
import quopri
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header

from kamxl.mail.message import CARD_HEADER, Draft, Person

_FOLD = re.compile(r"\r\n(?=[ \t])")
_MULTIPART = re.compile(
    r'multipart/(mixed|alternative|related);\s*boundary="(=_kamxl_\d_[0-9a-f]{24})"'
)
_ADDRESS = re.compile(r"(.*?)\s*<([^<>]*)>", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_TEXT_CODES = ("7bit", "8bit", "quoted-printable", "base64")
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LINE_END = re.compile("\r\n|\r")
_ONCE = {"MIME-Version": "1.0"}


class UnprovenError(ValueError):
    """Something in a mail is not what belongs there."""


@dataclass(frozen=True, slots=True)
class _Part:
    headers: dict[str, str]
    body: bytes
    kind: str = ""  # of a multipart: "mixed", "alternative", "related"
    parts: tuple[_Part, ...] = ()


def doubt(data: bytes, expected: Draft) -> str | None:
    """What of a draft is not proven; None: it is exactly ``expected``, encoded."""
    try:
        message = _part(data)
        _headers(message, expected)
        _bodies(message, expected)
    except UnprovenError as problem:
        return str(problem)
    return None


def _part(data: bytes) -> _Part:
    """A part taken apart: every byte of it is a header, a body, or what separates parts."""
    head, blank, body = data.partition(b"\r\n\r\n")
    if not blank:
        raise UnprovenError("a part has no end of its headers")
    headers: dict[str, str] = {}
    try:
        lines = re.split("\r\n", _FOLD.sub("", head.decode("ascii")))
    except UnicodeDecodeError as problem:
        raise UnprovenError("a header is not plain") from problem
    for line in lines:
        name, colon, value = line.partition(": ")
        if not colon or name in headers or re.search("[\r\n]", value):
            raise UnprovenError(f"the header {name[:40]!r} is odd")
        headers[name] = value
    several = _MULTIPART.fullmatch(headers.get("Content-Type", ""))
    if not several:
        return _Part(headers, body)
    return _Part(headers, b"", several[1], tuple(map(_part, _split(body, several[2]))))


def _split(body: bytes, boundary: str) -> Sequence[bytes]:
    line = b"--" + boundary.encode()
    first, *parts = (b"\r\n" + body).split(b"\r\n" + line)
    if first or len(parts) < 2 or parts.pop() != b"--\r\n":
        raise UnprovenError("something stands around the parts")
    if not all(part.startswith(b"\r\n") for part in parts):
        raise UnprovenError("something stands between the parts")
    return [part[2:] for part in parts]


def _headers(message: _Part, expected: Draft) -> None:
    found = dict(message.headers)
    found.pop("Content-Type", None)
    if not _says(found.pop("Subject", ""), expected.subject):
        raise UnprovenError("the subject says something else")
    if expected.sender is not None:
        _person(found.pop("From", ""), expected.sender)
    _person(found.pop("To", ""), expected.recipient)
    if expected.reply_to:
        _person(found.pop("Reply-To", ""), Person("", expected.reply_to))
    if tuple(found.pop(CARD_HEADER, "").split()) != expected.cards:
        raise UnprovenError("it says to be about other cards")
    if found != {"X-Unsent": "1", **_ONCE}:
        raise UnprovenError("there are other headers")


def _bodies(message: _Part, expected: Draft) -> None:
    text = message
    if expected.workbooks:
        text, *attached = _inside(message, "mixed", 1 + len(expected.workbooks))
        for part, workbook in zip(attached, expected.workbooks, strict=True):
            _workbook(part, *workbook)
    plain, html = _inside(text, "alternative", 2)
    _text(plain, "plain", expected.text)
    if expected.pictures:
        html, *drawn = _inside(html, "related", 1 + len(expected.pictures))
        for part, picture in zip(drawn, expected.pictures, strict=True):
            _picture(part, *picture)
    _text(html, "html", expected.html)


def _inside(part: _Part, kind: str, count: int) -> tuple[_Part, ...]:
    """The parts of a multipart, of which there have to be so many."""
    if part.kind != kind or len(part.parts) != count:
        raise UnprovenError(f"the mail is put together otherwise ({kind})")
    inner = [child for child in part.parts if child.kind]
    if any(child.headers.keys() - {"Content-Type", "MIME-Version"} for child in inner):
        raise UnprovenError("a part has headers of its own")
    if any(child.headers.get("MIME-Version", "1.0") != "1.0" for child in inner):
        raise UnprovenError("a part has headers of its own")
    return part.parts


def _text(part: _Part, kind: str, expected: str) -> None:
    code = part.headers.get("Content-Transfer-Encoding", "")
    headers = {
        "Content-Type": f'text/{kind}; charset="utf-8"', "Content-Transfer-Encoding": code,
    }  # fmt: skip
    if part.headers not in (headers, headers | _ONCE) or code not in _TEXT_CODES:
        raise UnprovenError(f"the {kind} text has other headers")
    try:
        found = _content(part.body, code).decode()
    except UnicodeDecodeError as problem:
        raise UnprovenError(f"the {kind} text is no text") from problem
    if _LINE_END.sub("\n", found).rstrip("\n") != _LINE_END.sub("\n", expected).rstrip("\n"):
        raise UnprovenError(f"the {kind} text says something else")


def _workbook(part: _Part, name: str, data: bytes) -> None:
    expected = {
        "Content-Type": _SHEET,
        "Content-Transfer-Encoding": "base64",
        "Content-Disposition": f'attachment; filename="{name}"',
        **_ONCE,
    }
    found = {key: " ".join(value.split()) for key, value in part.headers.items()}
    if found != expected or _content(part.body, "base64") != data:
        raise UnprovenError("another file is attached")


def _picture(part: _Part, content_id: str, data: bytes) -> None:
    expected = {
        "Content-Type": "image/png",
        "Content-Transfer-Encoding": "base64",
        "Content-Disposition": "inline",
        "Content-ID": f"<{content_id}>",
        **_ONCE,
    }
    if part.headers != expected or _content(part.body, "base64") != data:
        raise UnprovenError("another picture is in it")


def _content(body: bytes, code: str) -> bytes:
    if code == "quoted-printable":
        return quopri.decodestring(body)
    if code != "base64":
        return body
    try:
        return binascii.a2b_base64(body.replace(b"\r\n", b""), strict_mode=True)
    except binascii.Error as problem:
        raise UnprovenError("something stands between the lines of a file") from problem


def _person(header: str, person: Person) -> None:
    match = _ADDRESS.fullmatch(header)
    name, address = (match[1], match[2]) if match else ("", header)
    quoted = _QUOTED.fullmatch(name)
    if quoted:
        name = re.sub(r"\\(.)", r"\1", quoted[1])
    elif re.search(r'[][()<>@,;:\\"]', name):
        raise UnprovenError("somebody is named in an unusual way")
    if not _says(name, person.name) or address != _on_the_wire(person.address):
        raise UnprovenError("somebody else is named")


def _on_the_wire(address: str) -> str:
    bare = "".join(letter for letter in address if not _is_control(letter))
    if bare.isascii():
        return bare
    local, _, domain = bare.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def _decoded(header: str) -> str:
    try:
        pieces = decode_header(header)
        return "".join(
            piece if isinstance(piece, str) else piece.decode(charset or "ascii")
            for piece, charset in pieces
        )
    except (HeaderParseError, UnicodeDecodeError, LookupError) as problem:
        raise UnprovenError("a header cannot be read") from problem


def _says(found: str, expected: str) -> bool:
    """Whether a header says a line, as it stands or encoded; folded, spaces come and go."""
    if found == expected and "=?" not in found:
        return True
    return _bare(expected) in (_bare(found), _bare(_decoded(found)))


def _bare(text: str) -> str:
    if text.isprintable():  # nothing of it is a space but the usual one, nor a control character
        return text.replace(" ", "")
    return "".join(letter for letter in text if not letter.isspace() and not _is_control(letter))


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Zl", "Zp")
