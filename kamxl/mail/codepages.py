"""The letters of texts that name a Windows code page, or none: Outlook's older kind of .msg."""

from __future__ import annotations

import codecs
from collections.abc import Iterable

_WESTERN = "cp1252"
# Those that Python does not call "cp" and the number (1250 to 1258, 874, 932, 936, 949, 950, …).
_NAMES = {
    708: "iso8859_6", 936: "gb18030", 10000: "mac_roman", 10006: "mac_greek",
    10007: "mac_cyrillic", 10029: "mac_latin2", 10081: "mac_turkish", 20127: _WESTERN,
    20866: "koi8_r", 20932: "euc_jp", 20936: "gb18030", 20949: "euc_kr", 21866: "koi8_u",
    28591: _WESTERN, 28603: "iso8859_13", 28605: "iso8859_15", 38598: "iso8859_8",
    50220: "iso2022_jp", 50221: "iso2022_jp", 50222: "iso2022_jp", 50225: "iso2022_kr",
    51932: "euc_jp", 51936: "gb18030", 51949: "euc_kr", 52936: "hz", 54936: "gb18030",
    65000: "utf_7", 65001: "utf_8",
} | {28590 + n: f"iso8859_{n}" for n in range(2, 10)}  # fmt: skip


def codec_of(page: int) -> str | None:
    """Python's name for a code page; None: there is no such, or it is none of single letters."""
    name = _NAMES.get(page, f"cp{page}")
    try:
        # what is looked up decides, not its name: some codecs of Python's turn bytes into bytes
        return name if isinstance(codecs.decode(b"a", name), str) else None
    except (LookupError, UnicodeError, TypeError):
        return None


def decoded(content: bytes, pages: Iterable[int]) -> str:
    """A text in the first of these code pages that it can be in.

    If it can be in none, or none is known, it is UTF-8 if it can be; else what cannot be read of it
    is replaced.
    """
    content = content.rstrip(b"\0")
    known = [*filter(None, map(codec_of, pages))]
    for codec in [*known, "utf_8"]:
        try:
            return content.decode(codec)
        except UnicodeError:
            continue
    single = (codec for codec in [*known, _WESTERN] if codec != "utf_8")
    return content.decode(next(single), "replace")
