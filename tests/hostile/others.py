"""Attacks and damage in .ods, .xls and .xlsb, and harmless ones that must be told from them."""

from __future__ import annotations

import random
import struct
from functools import cache

from tests.hostile.binary import ods, ods_cell, ods_row, record, table, xlsb, xlsb_sheet
from tests.hostile.workbooks import Case, _ole

_SOUND = [((1, 1), "Price"), ((1, 2), 85.0)]
_CELL = '<table:table-cell office:value-type="float" office:value="1"'
_ODD = "unreadable/not-understood"  # in a sound container
_FAR = ' table:number-columns-repeated="16384"/>'


def opendocuments() -> dict[str, Case]:
    """.ods."""
    one = ods_row(ods_cell("Price") + ods_cell(85.0))
    lol = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(12)
    )
    empty = ods_row("<table:table-cell/>")
    return {
        "ods-sound": (ods(table(one)), "not-ours"),
        "ods-entities": (
            ods(table(ods_row("<table:table-cell><text:p>&l11;</text:p></table:table-cell>")),
                head=f"<!DOCTYPE x [{lol}]>"), "unreadable/dtd"),
        "ods-external-entity": (
            ods(table(one), head='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
            "unreadable/dtd"),
        "ods-every-cell": (
            ods(table(ods_row(ods_cell(1.0, 16_384), 1_048_576))), "too-large/cells"),
        "ods-far-cell": (
            ods(table(one + ods_row("<table:table-cell/>", 1_048_574) + ods_row(
                f'<table:table-cell table:number-columns-repeated="16383"/>{ods_cell(1.0)}'))),
            "not-ours"),
        "ods-repeated-by-more-than-there-is": (
            ods(table(ods_row(ods_cell(1.0, 4_000_000_000), 4_000_000_000))), "too-large/cells"),
        "ods-negative-repeat": (
            ods(table(ods_row(f'{_CELL} table:number-columns-repeated="-5"/>'))),
            _ODD),
        "ods-cells-300000": (
            ods(table("".join(ods_row(ods_cell(1.0, 100)) for _ in range(3_000)))),
            "too-large/cells"),
        "ods-text-repeated": (
            ods(table("".join(ods_row(ods_cell("x" * 20_000, 100)) for _ in range(20)))),
            "too-large/shown"),
        "ods-bomb": (ods(table(ods_row(ods_cell("x" * 60_000_000)))), "too-large/part"),
        "ods-blank": (ods(table(empty)), "unreadable/blank"),
        "ods-no-sheet": (ods(""), "unreadable/blank"),
        "ods-nan": (
            ods(table(ods_row('<table:table-cell office:value-type="float" '
                              'office:value="NaN"/>'))), _ODD),
        "ods-infinite": (
            ods(table(ods_row('<table:table-cell office:value-type="float" '
                              'office:value="1e999"/>'))), _ODD),
        "ods-no-number": (
            ods(table(ods_row('<table:table-cell office:value-type="float" '
                              'office:value="8_5"/>'))), _ODD),
        "ods-cut": (ods(table(one))[:-60], "unreadable/damaged"),
        "ods-not-xml": (ods(table(one) + "</wrong>"), _ODD),
        "ods-same-titles": (ods(table(one) + table(one)), "unreadable/duplicate-sheet"),
        "ods-sheets-100": (
            ods("".join(table(one, f"S{n}") for n in range(100))), "too-large/sheets"),
        "ods-deep": (
            ods(table("<table:table-row-group>" * 200_000)), "too-large/depth"),
    }  # fmt: skip


def binaries() -> dict[str, Case]:
    """.xlsb."""
    sound = xlsb({"Card": xlsb_sheet(_SOUND)})
    far = xlsb_sheet([((1, 1), 1.0), ((1_048_576, 16_384), 1.0)])
    long_text = struct.pack("<II", 0, 0) + struct.pack("<I", 0x7FFFFFFF) + b"x\0"
    head = record(129) + record(148, bytes(16)) + record(145) + record(0, bytes(17))
    many = [((row, column), 1.0) for row in range(1, 2_102) for column in range(1, 101)]
    return {
        "xlsb-sound": (sound, "not-ours"),
        "xlsb-far-cell": (xlsb({"Card": far}), "not-ours"),
        "xlsb-says-4-billion-rows": (
            xlsb({"Card": xlsb_sheet(_SOUND, (4_000_000_000, 16_384))}), "*"),
        "xlsb-far-row": (
            xlsb({"Card": xlsb_sheet([((1, 1), 1.0), ((4_000_000_000, 1), 1.0)])}), "*"),
        "xlsb-text-of-4-gb": (xlsb({"Card": head + record(6, long_text)}), _ODD),
        "xlsb-record-of-256-mb": (
            xlsb({"Card": head + b"\x05\xff\xff\xff\x7f"}), _ODD),
        "xlsb-record-cut": (xlsb({"Card": xlsb_sheet(_SOUND)[:-9]}), "*"),
        "xlsb-cells-210100": (xlsb({"Card": xlsb_sheet(many)}), "too-large/cells"),
        "xlsb-nan": (xlsb({"Card": xlsb_sheet([((1, 1), float("nan"))])}), _ODD),
        "xlsb-infinite": (
            xlsb({"Card": xlsb_sheet([((1, 1), float("-inf"))])}), _ODD),
        "xlsb-blank": (xlsb({"Card": xlsb_sheet([])}), "unreadable/blank"),
        "xlsb-no-sheet": (xlsb({}), "unreadable/blank"),
        "xlsb-cut": (sound[:-50], "unreadable"),
        "xlsb-crc": (_flipped(sound, b"xl/worksheets/sheet1.bin"), "unreadable/crc"),
        "xlsb-bomb": (
            xlsb({"Card": record(129) + bytes(40_000_000)}), "too-large/part"),
        "xlsb-dtd": (
            xlsb({"Card": xlsb_sheet(_SOUND)}, **{"docProps/core.xml": b"<!DOCTYPE a><a/>"}),
            "unreadable/dtd"),
    }  # fmt: skip


def old_binaries() -> dict[str, Case]:
    """.xls: what is no such file inside, or only begins like one."""
    chance = random.Random(5)  # noqa: S311
    noise = bytes(chance.randrange(256) for _ in range(20_000))
    return {
        "xls-empty-stream": (_ole("Workbook"), "unreadable"),
        "xls-of-excel-95": (_ole("Book"), "unreadable"),
        "xls-noise": (_ole("Workbook") + noise, "unreadable"),
        "xls-only-a-head": (_ole("Workbook")[:700], "unreadable"),
        "xls-circle": (_circle(), "unreadable/damaged"),
    }


def _flipped(data: bytes, after: bytes) -> bytes:
    """One bit flipped in the content that follows a part's name."""
    place = data.index(after) + len(after) + 5
    return data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]


def _circle() -> bytes:
    """An OLE file whose chains of sectors lead back to themselves."""
    data = bytearray(_ole("Workbook") + bytes(512 * 8))
    head = struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    data[24 : 24 + len(head)] = head
    struct.pack_into("<I", data, 44, 1)  # one sector of the table, which is number 1
    struct.pack_into("<I", data, 48, 0)  # the directory begins in sector 0
    struct.pack_into("<I", data, 76, 1)
    struct.pack_into("<128I", data, 512 * 2, *([0] * 128))  # each sector is followed by the first
    return bytes(data)


@cache
def everything() -> dict[str, Case]:
    """All of them; "*" means that any honest end will do."""
    return {**opendocuments(), **binaries(), **old_binaries()}
