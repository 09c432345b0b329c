"""The parts of a mail, found in one pass over its bytes.

The standard library's parser makes an object of every part and tries every boundary on every
line: a mail of 10 MB can keep it busy for minutes. Here both are counted.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kamxl.mail.headers import Headers
from kamxl.mail.opening import Budget, CannotOpen

_HEADERS = 256 * 1024  # bytes of the headers of one part
_NESTED = 20  # multipart in multipart
_BLANK = (b"\n\n", b"\n\r\n")
_FIRST_LINE = re.compile(rb"[!-9;-~]{1,100}[ \t]*:")
_FROM = rb"From \S[^\n]{0,200}\d\d:\d\d[^\n]{0,100}\n(?=[!-9;-~]{1,100}[ \t]*:)"
_FROM_LINE = re.compile(rb">?From [^\n]{0,300}\n(?=>?[!-9;-~]{1,100}[ \t]*:)")
_NEXT_MAIL = re.compile(rb"\n\r?\n(?=" + _FROM + rb")")
# As mailboxes write it that tell no time there: nothing, or one word.
_PLAIN_FROM = rb"From (?:\S{1,200})?[ \t]*\r?\n(?=[!-9;-~]{1,100}[ \t]*:)"
_NEXT_PLAIN = re.compile(rb"\n\r?\n(?=" + _PLAIN_FROM + rb"|" + _FROM + rb")")
_APPLE_LINE = re.compile(rb"(\d{1,10})[ \t]*\r?\n(?=[!-9;-~]{1,100}[ \t]*:)")
_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A part that holds something, and where in the mail its content stands."""

    headers: Headers
    begin: int
    end: int


def begins_as_mail(data: bytes) -> bool:
    """Whether the first line is a header, or what mailboxes write before one."""
    return _FIRST_LINE.match(bare(data[:_HEADERS]).lstrip(b"\r\n")[:200]) is not None


def bare(data: bytes) -> bytes:
    """A mail without what a mailbox keeps around it: the line "From …" of others, Apple's length.

    Apple's own notes on a mail stand behind it; the length says where.
    """
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    apple = _APPLE_LINE.match(data)
    if apple is not None:
        return data[apple.end() : apple.end() + int(apple[1])]
    line = _FROM_LINE.match(data)
    return data[line.end() :] if line else data


def mails_in(data: bytes, most: int) -> list[bytes]:
    """The mails of a mailbox (mbox); one: it is a mail of its own. CannotOpen: more than ``most``.

    Only what begins with the line "From …" is a mailbox: in any other mail, it is text.
    """
    data = data.lstrip(b"\r\n")
    if _FROM_LINE.match(data) is None:
        return [data]
    plain = re.match(_PLAIN_FROM, data) is not None
    found = (_NEXT_PLAIN if plain else _NEXT_MAIL).split(data, most)
    if len(found) > most:
        raise CannotOpen("too-large")
    return found


def parts_of(data: bytes, budget: Budget) -> tuple[Headers, Iterator[Part]]:
    """The headers of a mail, and its parts in order; a forwarded mail is one.

    CannotOpen: headers without end, or more parts than anybody sends.
    """
    begin = len(data) - len(data.lstrip(b"\r\n"))
    headers, body = _headers(data, begin, len(data), budget)
    return headers, _leaves(data, Part(headers, body, len(data)), budget, _NESTED)


def content(data: bytes, part: Part) -> bytes | None:
    """The content of a part, decoded; None if it is not encoded as it says."""
    raw = data[part.begin : part.end]
    encoding = part.headers.encoding
    if encoding == "base64":
        return _base64(raw)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(raw)
    return raw if encoding in ("", "7bit", "8bit", "binary") else None


def _base64(raw: bytes) -> bytes | None:
    # Some mail programs break lines oddly or add a signature: only the letters count.
    letters = _BASE64.sub(b"", raw.split(b"=", 1)[0])
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return None


def _leaves(data: bytes, part: Part, budget: Budget, deep: int) -> Iterator[Part]:
    boundary = part.headers.boundary
    if not part.headers.content_type.startswith("multipart/") or not boundary:
        yield part
        return
    if deep < 1:
        raise CannotOpen("damaged")
    for begin, end in _between(data, part, b"--" + boundary, budget):
        budget.part()
        headers, body = _headers(data, begin, end, budget)
        if part.headers.content_type == "multipart/digest" and not headers.typed:
            headers = Headers(b"Content-Type: message/rfc822", budget)
        yield from _leaves(data, Part(headers, body, end), budget, deep - 1)


def _between(data: bytes, part: Part, line: bytes, budget: Budget) -> Iterator[tuple[int, int]]:
    """Where the parts stand that lines like this one separate; what is before and after is none."""
    begin: int | None = None
    at = max(part.begin - 1, 0)  # the line may be the first
    while (at := data.find(line, at, part.end)) >= 0:
        budget.boundary()
        until = data.find(b"\n", at, part.end)
        until = part.end if until < 0 else until
        rest = data[at + len(line) : min(until, at + len(line) + 100)].rstrip()
        if rest in (b"", b"--") and (at == 0 or data[at - 1] == 10):
            if begin is not None:
                yield begin, _before(data, begin, at)
            begin = None if rest else until + 1
            if rest:
                return
        at = until
    if begin is not None and begin <= part.end:  # cut off, or the writer saved the last line
        yield begin, part.end


def _before(data: bytes, begin: int, at: int) -> int:
    """The line break before a boundary belongs to it."""
    end = max(at - 1, begin)
    return end - 1 if end > begin and data[end - 1] == 13 else end


def _headers(data: bytes, begin: int, end: int, budget: Budget) -> tuple[Headers, int]:
    """The headers that begin here, and where the content after them does."""
    for newline in (b"\n", b"\r\n"):
        if data.startswith(newline, begin, end):
            return Headers(b"", budget), begin + len(newline)
    until = min(end, begin + _HEADERS)
    found = [(at, len(gap)) for gap in _BLANK if (at := data.find(gap, begin, until)) >= 0]
    if found:
        at, size = min(found)
        return Headers(data[begin:at], budget), at + size
    if until < end:
        raise CannotOpen("damaged")
    return Headers(data[begin:end], budget), end
