"""The few headers of a mail or of one of its parts that are understood.

The standard library decodes them. It gets short ones, one at a time, because its time grows with
the square of their length; whatever it raises means that the header says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any, TypeVar

from kamxl.mail.opening import Budget, Postmark, day, shown

T = TypeVar("T")

_LONGEST = 2_000  # bytes of one header
_WANTED = re.compile(
    rb"^(from|sender|subject|date|content-type|content-disposition|content-transfer-encoding"
    rb"|content-id)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)",
    re.IGNORECASE | re.MULTILINE,
)
_NOTHING = EmailMessage()
# Where a header names its letters: =?gb2312?B?…?= and filename*=gb2312''…
_CHARSET = re.compile(
    rb"(=\?)([\w.:-]{1,40})(?=(?:\*[\w-]*)?\?[bq]\?)|(\*=[ \t]*\"?)([\w.:-]{1,40})(?=')",
    re.IGNORECASE,
)
# What programs write with these names has letters that only the larger set knows, as browsers know.
_LARGER = {
    b"ascii": b"cp1252", b"us-ascii": b"cp1252", b"iso-8859-1": b"cp1252", b"latin1": b"cp1252",
    b"iso-8859-9": b"cp1254", b"iso-8859-11": b"cp874", b"tis-620": b"cp874",
    b"shift_jis": b"cp932", b"shift-jis": b"cp932", b"x-sjis": b"cp932", b"windows-31j": b"cp932",
    b"euc-kr": b"cp949", b"ks_c_5601-1987": b"cp949", b"ks_c_5601": b"cp949",
    b"gb2312": b"gb18030", b"gb_2312-80": b"gb18030", b"gbk": b"gb18030", b"x-gbk": b"gb18030",
}  # fmt: skip
_NAMED = ("content-type", "content-disposition")
_BARE_WORD = re.compile(rb'(name[ \t]*=[ \t]*)(=\?[^\s;"]+\?=)', re.IGNORECASE)
_CODED_NAME = re.compile(rb"name\*(?:0\*?)?[ \t]*=", re.IGNORECASE)
_PLAIN_NAME = re.compile(
    rb';[ \t\r\n]*(?:file)?name[ \t]*=[ \t]*(?:"[^"]*"|[^;\s]*)', re.IGNORECASE
)
_SURROGATE = re.compile("[\ud800-\udfff]")


class Headers:
    """What a header block says; "" where it says nothing."""

    def __init__(self, block: bytes, budget: Budget) -> None:
        """CannotOpen: with these there are more headers to be understood than anybody needs."""
        self._lines: dict[str, bytes] = {}
        for match in _WANTED.finditer(block):
            name, value = match[1].decode("ascii").lower(), match[2][:_LONGEST].strip()
            if name not in self._lines:
                budget.header(len(value))
                self._lines[name] = _named(name, _CHARSET.sub(_larger, _utf8(value)))
        self._parsed: dict[str, EmailMessage] = {}

    @property
    def content_type(self) -> str:
        """ "multipart/mixed", in small letters; "text/plain" if nothing is said."""
        return _tried(self._message("content-type").get_content_type, "text/plain")

    @property
    def boundary(self) -> bytes:
        """What separates the parts, b"" if nothing does."""
        found = _tried(self._message("content-type").get_boundary, None)
        return str(found or "").encode("utf-8", "surrogateescape").rstrip()

    @property
    def encoding(self) -> str:
        """How the content is encoded: "base64", "quoted-printable", "7bit" ..."""
        value = self._lines.get("content-transfer-encoding", b"")
        return value.decode("ascii", "replace").strip(' "').casefold()

    @property
    def disposition(self) -> str:
        """ "attachment", "inline" or ""."""
        found = _tried(self._message("content-disposition").get_content_disposition, None)
        return found or ""

    @property
    def has_id(self) -> bool:
        """Whether the mail's text can show this part."""
        return bool(self._lines.get("content-id"))

    @property
    def file_name(self) -> str:
        """The name of the attachment as it was sent, in whatever letters it was written."""
        for name in ("content-disposition", "content-type"):
            found = _tried(self._message(name).get_filename, None)
            if found:
                return _letters(found)
        return ""

    @property
    def subject(self) -> str:
        """The subject, whole."""
        return _letters(_tried(lambda: str(self._header("subject") or ""), ""))

    def postmark(self) -> Postmark:
        """Subject, sender and date, as they can be shown."""
        name, address = self._sender()
        date: datetime | None = _tried(lambda: self._header("date").datetime, None)
        return Postmark(shown(self.subject), shown(name), shown(address), day(date))

    def _sender(self) -> tuple[str, str]:
        for header in ("from", "sender"):
            found = _tried(lambda one=header: self._header(one).addresses[0], None)  # type: ignore[misc]
            if found is not None and "@" in found.addr_spec:
                return _letters(found.display_name), _letters(found.addr_spec)
        value = self._lines.get("from", b"").decode("utf-8", "replace")
        return _tried(lambda: parseaddr(value), ("", ""))

    def _header(self, name: str) -> Any:
        return self._message(name)[name]

    def _message(self, name: str) -> EmailMessage:
        """A message with this header and no other; without it if it cannot be understood."""
        if name not in self._parsed:
            self._parsed[name] = _tried(lambda: _message_of(name, self._lines[name]), _NOTHING)
        return self._parsed[name]


def _message_of(name: str, value: bytes) -> EmailMessage:
    line = name.encode() + b": " + value + b"\r\n\r\n"
    made = message_from_bytes(line, policy=policy.default)
    parsed = made[name]
    del made[name]
    made[name] = parsed  # otherwise it is parsed again each time it is asked for
    return made


def _larger(match: re.Match[bytes]) -> bytes:
    before, charset = match[1] or match[3], match[2] or match[4]
    return before + _LARGER.get(charset.lower(), charset)


def _named(header: str, value: bytes) -> bytes:
    """The value with one name, as the library takes it: quoted, and the better of two."""
    if header not in _NAMED:
        return value
    if _CODED_NAME.search(value):  # the other is for programs that know no letters beyond ASCII
        value = _PLAIN_NAME.sub(b"", value)
    return _BARE_WORD.sub(rb'\1"\2"', value)


def _utf8(value: bytes) -> bytes:
    """Bytes that do not say what letters they are, as UTF-8."""
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace").encode()
    return value


def _letters(text: str) -> str:
    """Text in which bytes were kept as they came."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _tried(ask: Callable[[], T], otherwise: T) -> T:
    """What the library says of a header; it raises all kinds of things on bad ones."""
    try:
        return ask()
    except Exception:
        return otherwise
