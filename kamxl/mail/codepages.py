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


# A mail goes over the net in one of these; Outlook's own texts are then in that of Windows.
_WINDOWS = {
    20866: 1251, 21866: 1251, 28592: 1250, 28594: 1257, 28595: 1251, 28596: 1256, 28597: 1253,
    28598: 1255, 28599: 1254, 28603: 1257, 38598: 1255, 50220: 932, 50221: 932, 50222: 932,
    50225: 949, 51932: 932, 51936: 936, 51949: 949, 52936: 936, 54936: 936,
}  # fmt: skip
_SEVEN_BITS = {50220, 50221, 50222, 50225, 52936}  # nothing else can be taken for these
_LATIN = {1252, 20127, 28591, 28605}  # told of mails in any language
# What Windows writes where it speaks a language (by the lower ten bits of a locale's number).
_SPOKEN = {
    0x01: 1256, 0x02: 1251, 0x04: 936, 0x05: 1250, 0x08: 1253, 0x0D: 1255, 0x0E: 1250, 0x11: 932,
    0x12: 949, 0x15: 1250, 0x18: 1250, 0x19: 1251, 0x1A: 1250, 0x1B: 1250, 0x1C: 1250, 0x1E: 874,
    0x1F: 1254, 0x20: 1256, 0x22: 1251, 0x23: 1251, 0x24: 1250, 0x25: 1257, 0x26: 1257,
    0x27: 1257, 0x29: 1256, 0x2A: 1258, 0x2C: 1254, 0x2F: 1251, 0x3F: 1251, 0x40: 1251,
}  # fmt: skip
_OTHERWISE = {  # Taiwan, Hong Kong, Macau; Serbian and Bosnian in Cyrillic letters
    0x0404: 950, 0x0C04: 950, 0x1404: 950, 0x0C1A: 1251, 0x1C1A: 1251, 0x201A: 1251, 0x281A: 1251,
}  # fmt: skip


def pages_of(message: int | None, internet: int | None, locale: int | None) -> list[int]:
    """The code pages in which the texts of a mail may be, the likeliest first.

    ``message``: the one its texts are said to be in, which many leave out; ``internet``: that of
    the mail as it went over the net; ``locale``: that of the computer that wrote it.
    """
    found = [] if message is None else [message]
    if internet is not None and internet not in _LATIN:
        windows = _WINDOWS.get(internet, internet)
        found += [internet, windows] if internet in _SEVEN_BITS else [windows]
    if locale is not None:
        spoken = _OTHERWISE.get(locale & 0xFFFF, _SPOKEN.get(locale & 0x3FF))
        found += [spoken] if spoken else []
    return found


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
