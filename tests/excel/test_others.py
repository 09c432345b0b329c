"""The readers of .ods, .xls and .xlsb: what cells say of themselves, and what is beside them."""

from __future__ import annotations

import struct
from datetime import date

import pytest

from kamxl.excel.reading.limits import Refused
from kamxl.excel.reading.others import NOT_UNDERSTOOD, read_other
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawNote
from kamxl.forms.tables import fields
from tests.hostile.binary import (
    biff,
    biff_text,
    ods,
    ods_cell,
    ods_row,
    record,
    shorts,
    table,
    xls,
    xlsb,
    xlsb_sheet,
)

N, T, E = RawKind.NUMBER, RawKind.TEXT, RawKind.ERROR


def cells(book: RawBook) -> dict[tuple[int, int], RawCell]:
    return dict(book.sheets[0].cells)


def refusal(data: bytes, kind: str) -> Refused:
    with pytest.raises(Refused) as caught:
        read_other(data, kind)
    return caught.value


# --- .ods --------------------------------------------------------------------------------------

MORE = (
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
)
COMMON = f"""<office:document-styles {MORE}><office:styles>
<number:percentage-style style:name="P"><number:number number:decimal-places="1"
 number:min-integer-digits="1"/><number:text> %</number:text></number:percentage-style>
<number:number-style style:name="Z"><number:text>K-</number:text><number:number
 number:min-integer-digits="5"/></number:number-style>
<number:number-style style:name="L"><number:number number:min-integer-digits="1"/>
<number:text> %</number:text></number:number-style>
<style:style style:name="parent" style:family="table-cell"><style:text-properties
 style:text-line-through-style="solid"/></style:style>
<style:style style:name="struck" style:family="table-cell" style:parent-style-name="parent"/>
<style:style style:name="un" style:family="table-cell" style:parent-style-name="parent">
<style:text-properties style:text-line-through-style="none"/></style:style>
<number:number-style style:name="N"><number:number number:decimal-places="2"
 number:min-integer-digits="1"/></number:number-style>
<style:style style:name="n" style:family="table-cell" style:data-style-name="N"/>
<style:style style:name="p" style:family="table-cell" style:data-style-name="P"/>
<style:style style:name="z" style:family="table-cell" style:data-style-name="Z"/>
<style:style style:name="l" style:family="table-cell" style:data-style-name="L"/>
<style:style style:name="ring" style:family="table-cell" style:parent-style-name="ring"/>
<style:style style:name="gone" style:family="text"><style:text-properties
 style:text-line-through-type="single"/></style:style>
</office:styles></office:document-styles>""".encode()


def odf(rows: str) -> dict[tuple[int, int], RawCell]:
    return cells(read_other(ods(table(rows), **{"styles.xml": COMMON}), "ods"))


def odf_cell(more: str, text: str = "x", name: str = "table-cell") -> str:
    return f"<table:{name} {more}><text:p>{text}</text:p></table:{name}>"


def floating(value: object, more: str = "", text: str = "x") -> str:
    return odf_cell(f'office:value-type="float" office:value="{value}" {more}', text)


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        (odf_cell('office:value-type="percentage" office:value="1"'), 100),
        (floating(1, 'table:style-name="p"'), 100),
        (floating(30, 'table:style-name="l"', "30 %"), 30),  # the sign is only a word there
        (floating(0.855, "", "85,5 %"), 85.5),  # a writer without styles
        (floating(30, "", "30 %"), 30),
        (floating(1, 'table:style-name="n"', "100%"), 100),  # a format that depends on the value
    ],
)
def test_a_percentage_in_an_ods(cell: str, means: float) -> None:
    found = odf(ods_row(cell + floating(85, 'table:style-name="z"')))
    assert fields.points(found[1, 1]).value == means
    assert found[1, 2].number_format == '"K-"00000'


def test_one_is_asked_about_where_no_number_looks_like_anything() -> None:
    found = cells(read_other(ods(table(ods_row(ods_cell(1.0) + ods_cell(46280.0)))), "ods"))
    assert fields.points(found[1, 1]).code == "rating-scale"
    assert fields.weight(found[1, 1]).code == "weight-scale"
    assert fields.day(found[1, 2]).value == date(2026, 9, 15)
    assert fields.points(odf(ods_row(floating(1, 'table:style-name="z"')))[1, 1]).value == 1


def test_cells_of_every_type_in_an_ods() -> None:
    spaced = 'a<text:s text:c="2"/>b<text:span>c<text:tab/></text:span>\n   d'
    error = 'office:value-type="string" table:formula="of:={}"'
    found = odf(
        ods_row(
            odf_cell('office:value-type="date" office:date-value="2026-05-01"')
            + odf_cell('office:value-type="boolean" office:boolean-value="true"')
            + odf_cell('office:value-type="string"', spaced)
            + odf_cell(error.format("1/0"), "#DIV/0!")
            + odf_cell(error.format("#N/A"), "#NV")
            + odf_cell('table:formula="of:=[.A1]" office:value-type="float" office:value="3"')
            + '<table:table-cell table:formula="of:=X"/>'
            + odf_cell('office:value-type="string"', "hidden", "covered-table-cell")
            + odf_cell('table:style-name="struck" office:value-type="string"', "off")
            + odf_cell('table:style-name="un" office:value-type="string"', "on")
            + odf_cell(
                'office:value-type="string"', '<text:span text:style-name="gone">8</text:span>5'
            )
            + odf_cell('table:style-name="ring" office:value-type="string"', "r")
        )
    )
    assert [found[1, n] for n in range(1, 13)] == [
        RawCell(RawKind.DATE, "2026-05-01"),
        RawCell(RawKind.BOOLEAN, "TRUE"),
        RawCell(T, "a  bc\t d"),
        RawCell(E, "#DIV/0!", formula=True),
        RawCell(E, "#N/A"),
        RawCell(N, "3", 3.0, "", formula=True),
        RawCell(T, "", formula=True),
        RawCell(T, "hidden", covered=True),
        RawCell(T, "off", struck=True),
        RawCell(T, "on"),
        RawCell(T, "85", struck=True),
        RawCell(T, "r"),
    ]


def test_what_is_repeated_stands_there_each_time() -> None:
    found = odf(
        "<table:table-row-group>"
        + ods_row(ods_cell("a", 2) + "<table:table-cell/>" + ods_cell("b"), 2)
        + "</table:table-row-group>"
        + ods_row('<table:table-cell table:number-columns-repeated="16384"/>', 1_048_573)
        + ods_row(ods_cell("last"))
    )
    assert {place: cell.text for place, cell in found.items()} == {
        **{(row, column): "a" for row in (1, 2) for column in (1, 2)},
        **{(row, 4): "b" for row in (1, 2)},
        (1_048_576, 1): "last",
    }


def test_results_of_a_matrix_formula_are_formulas() -> None:
    matrix = 'table:formula="of:=X" table:number-matrix-columns-spanned="2" '
    found = odf(ods_row(floating(1, f'{matrix}table:number-matrix-rows-spanned="1"') + floating(2)))
    assert [cell.formula for cell in found.values()] == [True, True]


def test_notes_and_boxes_of_an_ods() -> None:
    note = "<office:annotation><dc:creator>Anke</dc:creator><text:p>only</text:p><text:list>"
    note += "<text:list-item><text:p>30</text:p></text:list-item></text:list></office:annotation>"
    box = "<draw:g><draw:frame><draw:text-box><text:p>a box</text:p></draw:text-box></draw:frame>"
    shape = "<draw:custom-shape><text:p>loose</text:p></draw:custom-shape>"
    body = table(
        f"<table:shapes>{shape}</table:shapes>"
        + ods_row(
            f"<table:table-cell/><table:table-cell>{note}<text:p>x</text:p>{box}</draw:g>"
            "</table:table-cell>"
        )
    ).replace("<table:table ", f"<table:table {MORE} ", 1)
    book = read_other(ods(body), "ods")
    assert book.sheets[0].notes == (
        RawNote("loose", 0, 0, box=True),
        RawNote("only\n30", 1, 2),
        RawNote("a box", 1, 2, box=True),
    )
    assert cells(book)[1, 2].text == "x"
    assert "notes" in book.flags


def test_what_is_kept_of_another_file_is_no_sheet_of_this_one() -> None:
    row = ods_row(ods_cell("x"))
    book = read_other(ods(table(row) + table(row, "'file:///a.ods'#$S")), "ods")
    assert ([sheet.title for sheet in book.sheets], set(book.flags)) == (
        ["Card"], {"external-links"},
    )  # fmt: skip


def test_an_encrypted_ods_asks_for_its_password() -> None:
    data = ods(table(ods_row(ods_cell("x"))), manifested="<manifest:encryption-data/>")
    assert refusal(data, "ods").code == "password"


@pytest.mark.parametrize(
    ("rows", "code", "reason"),
    [
        (ods_row(floating("8_5")), "unreadable", NOT_UNDERSTOOD),
        (ods_row(floating("NaN")), "unreadable", NOT_UNDERSTOOD),
        (ods_row(ods_cell("x", 200_001)), "too-large", "cells"),
        (ods_row(ods_cell("x"), 4_000_000_000), "too-large", "cells"),
        (ods_row('<table:table-cell table:number-columns-repeated="0"/>'), "unreadable",
         NOT_UNDERSTOOD),
        (ods_row(odf_cell("", '<text:s text:c="9999999"/>')), "unreadable", NOT_UNDERSTOOD),
    ],
)  # fmt: skip
def test_an_ods_that_is_refused(rows: str, code: str, reason: str) -> None:
    found = refusal(ods(table(rows)), "ods")
    assert (found.code, found.reason) == (code, reason)


# --- .xls --------------------------------------------------------------------------------------


def real(row: int, column: int, value: float, style: int = 0) -> bytes:
    return biff(0x203, shorts(row - 1, column - 1, style), struct.pack("<d", value))


def formula(row: int, column: int, result: bytes) -> bytes:
    return biff(0x06, shorts(row - 1, column - 1, 0), result, bytes(8))


def test_cells_of_every_type_in_an_xls() -> None:
    texts = [("plain", b""), ("85", shorts(0, 5)), ("85", shorts(1, 5)), ("x", shorts(0, 0))]
    shared = b"".join(
        shorts(len(text)) + b"\x08" + shorts(len(runs) // 4) + text.encode() + runs
        for text, runs in texts
    )
    pointers = b"".join(
        biff(0xFD, shorts(4, n, 0), struct.pack("<I", n)) for n in range(len(texts))
    )
    sheet = (
        real(1, 1, 1.0, 1)
        + biff(0x27E, shorts(0, 1, 0), struct.pack("<I", 85 << 2 | 2))
        + biff(0x27E, shorts(0, 2, 0), struct.pack("<i", -850 << 2 | 3))
        + biff(0xBD, shorts(1, 0), shorts(0), struct.pack("<I", 0x40554000), shorts(1),
               struct.pack("<I", 3), shorts(1))
        + biff(0x205, shorts(2, 0, 0), b"\x07\x01") + biff(0x205, shorts(2, 1, 0), b"\x01\x00")
        + biff(0x204, shorts(2, 2, 0), biff_text("Maßstab")) + real(2, 4, 55.0, 2)
        + formula(4, 1, struct.pack("<d", 3.0)) + formula(4, 2, b"\0" * 6 + b"\xff\xff")
        + biff(0x207, biff_text("said", wide=False)) + formula(4, 3, b"\2\0\x2a\0\0\0\xff\xff")
        + formula(4, 4, b"\0" * 6 + b"\xff\xff") + formula(4, 5, b"\3" + b"\0" * 5 + b"\xff\xff")
        + pointers + biff(0xE5, shorts(1, 3, 4, 4, 4)) + real(6, 1, 46280.0, 3)
    )  # fmt: skip
    book = xls({"Card": sheet}, biff(0xFC, struct.pack("<II", 4, 4), shared), biff(0x22, shorts(1)))
    found = {
        place: (cell.kind, cell.text, cell.number_format, cell.formula, cell.struck)
        for place, cell in cells(read_other(book, "xls")).items()
    }
    assert found == {
        (1, 1): (N, "1", "0%", False, False),
        (1, 2): (N, "85", "General", False, False),
        (1, 3): (N, "-8.5", "General", False, False),
        (2, 1): (N, "85", "General", False, False),
        (2, 2): (N, "0", "0%", False, False),
        (2, 4): (N, "55", "General", False, True),
        (3, 1): (E, "#DIV/0!", "General", False, False),
        (3, 2): (RawKind.BOOLEAN, "TRUE", "General", False, False),
        (3, 3): (T, "Maßstab", "General", False, False),
        (4, 1): (N, "3", "General", True, False),
        (4, 2): (T, "said", "General", True, False),
        (4, 3): (E, "#N/A", "General", True, False),
        (4, 4): (T, "", "General", True, False),
        (4, 5): (T, "", "General", True, False),
        (5, 1): (T, "plain", "General", False, False),
        (5, 2): (T, "85", "General", False, True),
        (5, 3): (T, "85", "General", False, True),
        (5, 4): (T, "x", "General", False, False),
        (6, 1): (N, "46280", "mm-dd-yy", False, False),
    }
    day = cells(read_other(book, "xls"))[6, 1]
    assert fields.day(day).value == date(2030, 9, 16)  # from 1904 on


def test_texts_that_go_on_in_the_next_record() -> None:
    """Letters may change their width there, and runs and phonetics may be cut anywhere."""
    first = struct.pack("<II", 2, 2) + shorts(6) + b"\0" + b"abc"
    second = b"\1" + "déf".encode("utf-16-le") + shorts(2) + b"\x0c" + shorts(1)
    second += struct.pack("<I", 3) + b"gh" + shorts(0)
    third = shorts(0) + b"pho"
    shared = biff(0xFC, first) + biff(0x3C, second) + biff(0x3C, third)
    sheet = b"".join(biff(0xFD, shorts(0, n, 0), struct.pack("<I", n)) for n in range(2))
    found = cells(read_other(xls({"Card": sheet}, shared), "xls"))
    assert [cell.text for cell in found.values()] == ["abcdéf", "gh"]


def shape(kind: int, number: int, text: str) -> bytes:
    about = biff(0x5D, shorts(0x15, 0x12, kind, number), bytes(14))
    head = biff(0x1B6, bytes(10), shorts(len(text), 16), bytes(4))
    return about + head + biff(0x3C, b"\0", text.encode("latin-1")) + biff(0x3C, bytes(16))


def test_notes_and_boxes_of_an_xls() -> None:
    drawn = biff(
        0xEC, bytes(8), b"\x10\xf0", struct.pack("<I", 18), shorts(2, 13, 0, 14), bytes(10)
    )
    old = "[Thread] Learn more: https://x/?linkid=870924\n\nComment:\n    better now"
    chart = biff(0x809, shorts(0x600, 0x20), bytes(12)) + real(1, 1, 99.0) + biff(0x0A)
    sheet = (
        real(1, 1, 85.0) + shape(0x19, 1, "only 30") + drawn + shape(6, 2, "a box")
        + shape(0x19, 3, "lost") + shape(0x19, 4, old)
        + chart + biff(0x1C, shorts(11, 4, 0, 1), biff_text("Anke"))
        + biff(0x1C, shorts(20, 5, 0, 4), biff_text("Anke"))
    )  # fmt: skip
    book = read_other(xls({"Card": sheet}), "xls")
    box, thread = RawNote("a box", 15, 14, box=True), RawNote("better now", 21, 6)
    assert book.sheets[0].notes == (RawNote("only 30", 12, 5), box, thread)
    assert len(cells(book)) == 1


@pytest.mark.parametrize(
    ("sheet", "before", "reason"),
    [
        (real(1, 1, 1.0) * 2, b"", NOT_UNDERSTOOD),  # two at one address
        (real(1, 1, float("inf")), b"", NOT_UNDERSTOOD),
        (real(1, 1, 1.0, 99), b"", NOT_UNDERSTOOD),  # a style that is not there
        (biff(0xFD, shorts(0, 0, 0), struct.pack("<I", 7)), b"", NOT_UNDERSTOOD),
        (b"", biff(0xFC, struct.pack("<II", 2**31, 2**31)), NOT_UNDERSTOOD),
        (b"\x03\x02\xff\x7f", b"", NOT_UNDERSTOOD),  # says that it is longer than the file
        (b"", biff(0x2F, bytes(54)), "encrypted-records"),
    ],
)
def test_an_xls_that_is_refused(sheet: bytes, before: bytes, reason: str) -> None:
    assert refusal(xls({"Card": sheet}, before), "xls").reason == reason


def test_an_older_xls_is_for_another_program() -> None:
    assert refusal(xls({"Card": real(1, 1, 1.0)}, version=0x400), "xls").reason == "unknown-format"


def test_an_xls_whose_container_is_damaged_is_damaged() -> None:
    data = xls({"Card": real(1, 1, 1.0) * 2})
    assert refusal(data[:-1024], "xls").reason == "damaged"


# --- .xlsb -------------------------------------------------------------------------------------


def test_cells_of_every_type_in_an_xlsb() -> None:
    place, wide = struct.pack("<II", 4, 0), struct.pack("<I", 2) + "ab".encode("utf-16-le")
    short = struct.pack("<I", 1)  # the style alone: it stands behind its neighbour
    sheet = b"".join(
        (
            record(0, struct.pack("<I", 1) + bytes(13)),
            record(5, struct.pack("<IId", 0, 1, 1.0)),
            record(16, short + struct.pack("<d", 0.85)),
            record(12, short),
            record(13, bytes(4) + struct.pack("<I", 85 << 2 | 2)),
            record(8, place + wide + bytes(6)),
            record(14, bytes(4) + b"\x07"),
            record(11, struct.pack("<II", 6, 0) + b"\x2a"),
            record(15, bytes(4) + b"\x01"),
            record(17, bytes(4) + wide),
            record(5, struct.pack("<IId", 9, 2, 55.0)),
            record(176, struct.pack("<4I", 1, 1, 0, 1)),
        )
    )
    looks = record(43, shorts(200, 0)) + record(43, shorts(200, 8)) + record(617)
    looks += b"".join(record(47, shorts(0, *one)) for one in ((0, 0), (9, 0), (0, 1)))
    book = read_other(xlsb({"Card": sheet}, looks=looks + record(618)), "xlsb")
    found = {
        place[1]: (c.kind, c.text, c.number_format, c.formula, c.struck, c.covered)
        for place, c in cells(book).items()
    }
    assert found == {
        1: (N, "1", "0%", False, False, False),
        2: (N, "0.85", "0%", False, False, True),
        4: (N, "85", "General", False, False, False),
        5: (T, "ab", "General", True, False, False),
        6: (E, "#DIV/0!", "General", False, False, False),
        7: (E, "#N/A", "General", True, False, False),
        8: (RawKind.BOOLEAN, "TRUE", "General", False, False, False),
        9: (T, "ab", "General", False, False, False),
        10: (N, "55", "General", False, True, False),
    }


def test_notes_and_calendar_of_an_xlsb() -> None:
    note = record(635, struct.pack("<5I", 0, 11, 11, 4, 4) + bytes(16))
    note += record(637, b"\0" + struct.pack("<I", 4) + "only".encode("utf-16-le"))
    sheet = xlsb_sheet([((1, 1), 44818.0)])
    book = read_other(xlsb({"Card": sheet}, notes=note, since_1904=True), "xlsb")
    assert book.sheets[0].notes == (RawNote("only", 12, 5),)
    assert fields.day(cells(book)[1, 1]).value == date(2026, 9, 15)


def test_an_xlsb_that_is_refused() -> None:
    twice = xlsb_sheet([((1, 1), 1.0), ((1, 1), 2.0)])
    assert refusal(xlsb({"Card": twice}), "xlsb").reason == NOT_UNDERSTOOD
