"""Attacks and damage in mails and zip files, and in the files of other programs."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from tests.hostile import others, workbooks
from tests.hostile.workbooks import workbook
from tests.mail.outlook import msg

# File name, content, and the code (with its reason) of each file found in it, in order.
Packed = tuple[str, bytes, tuple[str, ...]]

_HEAD = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: Card\r\n"
_SENT = datetime(2026, 3, 2, tzinfo=UTC)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _zip(method: int = zipfile.ZIP_DEFLATED, **files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_xlsx", ".xlsx"), content)
    return made.getvalue()


def _named(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def _nested(levels: int, content: bytes) -> bytes:
    for level in range(levels):
        content = _named(f"{level}.zip", content)
    return content


def _patched(data: bytes, local: int, central: int, value: bytes) -> bytes:
    """A zip whose two headers both say something else."""
    changed = bytearray(data)
    for mark, at in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        place = data.index(mark) + at
        changed[place : place + len(value)] = value
    return bytes(changed)


def zips() -> dict[str, Packed]:
    """Zip files."""
    card = workbook()
    whole = _named("card.xlsx", card)
    huge = _zip(**{f"{n}_xlsx": bytes(9_000_000) for n in range(30)})
    return {
        "zip-sound": ("a.zip", whole, ("not-ours",)),
        "zip-way-up": ("a.zip", _named("../../etc/card.xlsx", card), ("not-ours",)),
        "zip-drive": ("a.zip", _named("C:\\Windows\\card.xlsx", card), ("not-ours",)),
        "zip-name-with-nul": ("a.zip", _named("a\0b.xlsx", card), ("not-ours",)),
        "zip-quine-like": ("a.zip", _nested(3, card), ("not-ours",)),
        "zip-too-deep": ("a.zip", _nested(9, card), ("container-deep",)),
        "zip-bomb": ("a.zip", huge, ("too-large",)),
        "zip-one-large": ("a.zip", _zip(a_xlsx=bytes(20_000_000)), ("too-large",)),
        "zip-1500-files": ("a.zip", _zip(**{f"f{n}": b"" for n in range(1_500)}), ("too-large",)),
        "zip-password": ("a.zip", _patched(whole, 6, 8, b"\x01\0"), ("password",)),
        "zip-lzma": ("a.zip", _zip(zipfile.ZIP_LZMA, a_xlsx=card), ("archive-unsupported",)),
        "zip-size-lies-small": ("a.zip", _patched(whole, 22, 24, b"\x10\0\0\0"),
                                ("container-damaged",)),
        "zip-size-lies-large": ("a.zip", _patched(whole, 22, 24, b"\xff\xff\xff\x7f"),
                                ("container-damaged",)),
        "zip-crc": ("a.zip", _patched(whole, 14, 16, b"\0\0\0\0"), ("container-damaged",)),
        "zip-cut": ("a.zip", whole[: len(whole) // 2], ("unreadable/damaged-zip",)),
        "zip-no-workbook": ("a.zip", _named("hello.txt", b"hello"),
                            ("zip-without-workbook", "not-a-workbook/text")),
        "zip-mac": ("a.zip", _zip(**{"__MACOSX/._a_xlsx": b"x", "a_xlsx": card}),
                    ("not-a-workbook", "not-ours")),
        "zip-same-names": ("a.zip", _twice(card), ("not-ours", "not-ours")),
        "zip-of-attacks": (
            "a.zip",
            _zip(bomb_xlsx=workbooks.everything()["bombs: bomb-total"][0],
                 dtd_xlsx=workbooks.everything()["doctypes: billion-laughs"][0],
                 far_xlsb=others.everything()["xlsb-far-cell"][0], good_xlsx=card),
            ("too-large/inflated", "unreadable/dtd", "not-ours", "not-ours")),
    }  # fmt: skip


def _twice(card: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("card.xlsx", card)
        with archive.open(zipfile.ZipInfo("CARD.xlsx"), "w") as other:
            other.write(card)
    return made.getvalue()


def _attached(name: str, content: str, encoding: str = "base64") -> bytes:
    return (
        _HEAD + b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: text/plain\r\n\r\nHello\r\n--b\r\n"
        + f"Content-Type: {_XLSX}\r\nContent-Transfer-Encoding: {encoding}\r\n"
        f"Content-Disposition: attachment; filename={name}\r\n\r\n{content}\r\n--b--\r\n".encode()
    )


def mails() -> dict[str, Packed]:
    """Mails as text (.eml)."""
    import base64

    card = base64.encodebytes(workbook()).decode()
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(5_000)
    )
    words = b"=?utf-8?q?x?= " * 100_000
    return {
        "mail-sound": ("a.eml", _attached('"card.xlsx"', card), ("not-ours",)),
        "mail-way-up": ("a.eml", _attached('"../../.ssh/card.xlsx"', card), ("not-ours",)),
        "mail-name-endless": ("a.eml", _attached('"' + "x" * 50_000 + '.xlsx"', card), ("*",)),
        "mail-no-base64": ("a.eml", _attached('"card.xlsx"', "!!!! no such letters ????"),
                           ("container-damaged",)),
        "mail-base64-cut": ("a.eml", _attached('"card.xlsx"', card[: len(card) // 2]),
                            ("container-damaged",)),
        "mail-unknown-encoding": ("a.eml", _attached('"card.xlsx"', card, "rot13"), ("*",)),
        "mail-5000-levels": ("a.eml", _HEAD + deep, ("container-damaged",)),
        "mail-in-mail-500": (
            "a.eml", _HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 500, ("container-deep",)),
        "mail-subject-endless": ("a.eml", _HEAD[:-2] + words + b"\r\n\r\nx", ("*",)),
        "mail-100000-headers": ("a.eml", _HEAD + b"X-A: b\r\n" * 100_000 + b"\r\nx", ("*",)),
        "mail-20000-parts": (
            "a.eml",
            _HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
            + b"--b\r\n\r\nx\r\n" * 20_000, ("too-large",)),
        "mail-no-workbook": ("a.eml", _HEAD + b"\r\nHello", ("mail-without-workbook",)),
        "mail-unknown-charset": (
            "a.eml", _HEAD + b"Content-Type: text/plain; charset=klingon\r\n\r\n\xff\xfe",
            ("mail-without-workbook",)),
        "mail-date-nonsense": (
            "a.eml", b"Date: Fri, 99 Foo 99999 99:99:99 +9999\r\n" + _attached('"c.xlsx"', card),
            ("not-ours",)),
        "mail-control-characters": (
            "a.eml", b"Subject: a\x00\x1b[31mb\r\n" + _attached('"c.xlsx"', card), ("not-ours",)),
    }  # fmt: skip


def outlook() -> dict[str, Packed]:
    """Mails as Outlook saves them (.msg)."""
    sound = msg("Card", "Ada", "ada@alpha.example", _SENT, [("card.xlsx", workbook())])
    half = sound[: len(sound) // 2]
    flipped = bytearray(sound)
    for place in range(600, len(flipped), 701):
        flipped[place] ^= 0x55
    return {
        "msg-sound": ("a.msg", sound, ("not-ours",)),
        "msg-cut": ("a.msg", half, ("container-damaged",)),
        "msg-flipped": ("a.msg", bytes(flipped), ("*",)),
        "msg-only-a-head": ("a.msg", sound[:512], ("container-damaged/ole",)),
        "msg-noise": ("a.msg", sound[:8] + bytes(range(256)) * 40, ("container-damaged/ole",)),
    }


def everything() -> dict[str, Packed]:
    """All of them; ("*",) means that any honest end will do."""
    return {**zips(), **mails(), **outlook()}
