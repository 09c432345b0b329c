"""Workbooks nobody should have made: attacks, damage, and the merely odd.

Each group returns {name: (bytes, the code the reader must refuse it with)}; None as the code means
that the file is odd but whole, and must read like the plain one.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

Case = tuple[bytes, str | None]
MB = 1024 * 1024

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STRICT = {
    MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    LINK: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}

TYPES, ROOT, BOOK = "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"
LINKS, SHEET, STYLES = "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/styles.xml"
STRINGS, CORE = "xl/sharedStrings.xml", "docProps/core.xml"

# The plain workbook's cells: two numbers (85, and 0.85 as a percentage), two texts.
ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>85</v></c></row>'
    '<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" s="1"><v>0.85</v></c></row>'
)


def link(key: str, kind: str, target: str, more: str = "") -> str:
    """One relationship."""
    return f'<Relationship Id="{key}" Type="{LINK}/{kind}" Target="{target}"{more}/>'


def links(*relationships: str) -> str:
    """One .rels part."""
    body = "".join(relationships)
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{body}</Relationships>'


def sheet(rows: str = ROWS, before: str = "", after: str = "") -> str:
    """One worksheet part."""
    data = f"{before}<sheetData>{rows}</sheetData>{after}"
    return f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{LINK}">{data}</worksheet>'


def book(sheets: str = '<sheet name="Card" sheetId="1" r:id="rId1"/>', names: str = "") -> str:
    """The workbook part."""
    names = names or '<definedName name="KX_mark">Card!$A$1</definedName>'
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{LINK}"><sheets>{sheets}</sheets>'
        f"<definedNames>{names}</definedNames></workbook>"
    )


def strings(*items: str) -> str:
    """The shared strings part."""
    body = "".join(f"<si>{item}</si>" for item in items)
    return f'{HEAD}<sst xmlns="{MAIN}">{body}</sst>'


def styles(formats: str = "", second: int = 9) -> str:
    """The styles part with two cell styles: General, and ``second``."""
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>'
        f'<cellXfs><xf numFmtId="0"/><xf numFmtId="{second}"/></cellXfs></styleSheet>'
    )


def plain_parts() -> dict[str, str | bytes]:
    """The parts of a small valid workbook."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return {
        TYPES: f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>',
        ROOT: links(
            link("rId1", "officeDocument", "xl/workbook.xml"),
            f'<Relationship Id="rId2" Target="docProps/core.xml" '
            f'Type="{PACKAGE}/relationships/metadata/core-properties"/>',
        ),
        BOOK: book(),
        LINKS: links(
            link("rId1", "worksheet", "worksheets/sheet1.xml"),
            link("rId2", "styles", "styles.xml"),
            link("rId3", "sharedStrings", "sharedStrings.xml"),
        ),
        SHEET: sheet(),
        STYLES: styles(),
        STRINGS: strings("<t>Price</t>", "<r><t>Deliv</t></r><r><t>ery</t></r>"),
        CORE: f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dcterms="http://purl.org/dc/terms/"><dcterms:modified>2025-03-01T10:00:00Z'
        "</dcterms:modified></cp:coreProperties>",
    }


@dataclass
class Entry:
    """One entry of a zip, and what its two headers shall say about it."""

    name: str
    content: bytes
    method: int = 8
    flags: int = 0
    size: int | None = None
    crc: int | None = None
    local_name: str | None = None
    tail: bytes = b""  # put after the compressed stream, and counted as part of it
    offset: int | None = None
    hole: bytes = b""  # put after it, and counted nowhere

    def packed(self) -> bytes:
        if self.method != 8:
            return self.content + self.tail
        engine = zlib.compressobj(6, zlib.DEFLATED, -15)
        return engine.compress(self.content) + engine.flush() + self.tail


def raw_zip(entries: Iterable[Entry]) -> bytes:
    """A zip exactly as told, however wrong."""
    out, table, count = bytearray(), bytearray(), 0
    for entry in entries:
        packed = entry.packed()
        size = len(entry.content) if entry.size is None else entry.size
        crc = zlib.crc32(entry.content) if entry.crc is None else entry.crc
        offset = len(out) if entry.offset is None else entry.offset
        name = entry.name.encode()
        local = name if entry.local_name is None else entry.local_name.encode()
        flags = entry.flags | (0 if entry.name.isascii() else 0x800)
        common = (flags, entry.method, 0, 33, crc, len(packed), size)
        out += (
            struct.pack("<4s5H3L2H", b"PK\3\4", 20, *common, len(local), 0)
            + local
            + packed
            + entry.hole
        )
        table += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 20, 20, *common, len(name), 0, 0, 0, 0, 0, offset
        )
        table += name
        count += 1
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(table), len(out), 0)
    return bytes(out + table + end)


def entries(changes: Mapping[str, str | bytes | None] | None = None) -> list[Entry]:
    """The plain workbook's entries, some changed, added, or (None) left out."""
    parts = {**plain_parts(), **(changes or {})}
    return [
        Entry(name, part.encode() if isinstance(part, str) else part)
        for name, part in parts.items()
        if part is not None
    ]


def workbook(changes: Mapping[str, str | bytes | None] | None = None) -> bytes:
    """The plain workbook, some of its parts changed."""
    return raw_zip(entries(changes))


def with_rows(rows: str) -> bytes:
    """The plain workbook with other rows."""
    return workbook({SHEET: sheet(rows)})


def with_cell(cell: str) -> bytes:
    """The plain workbook with one cell more, in row 3."""
    return with_rows(f'{ROWS}<row r="3">{cell}</row>')


def _altered(name: str, **changes: object) -> bytes:
    found = entries()
    for entry in found:
        if entry.name == name:
            for key, value in changes.items():
                setattr(entry, key, value)
    return raw_zip(found)


def bombs() -> dict[str, Case]:
    """Files that are much more than they seem."""
    zeros, many = b"\0" * (20 * MB), b" " * (33 * MB)
    lying = Entry("xl/media/a.bin", zeros, size=1_000)
    parts = [Entry(f"xl/media/{n}.bin", zeros) for n in range(4)]
    inner = raw_zip(Entry(f"{n}.bin", zeros) for n in range(3))
    big = random.Random(1).randbytes(11 * MB)  # noqa: S311 - must only not shrink
    empty = [Entry(f"xl/media/{n}.bin", b"") for n in range(3_000)]
    return {
        "bomb-lying-size": (raw_zip([*entries(), lying]), "unreadable"),
        "bomb-part": (raw_zip([*entries(), Entry("xl/media/b.bin", many)]), "too-large"),
        "bomb-total": (raw_zip([*entries(), *parts]), "too-large"),
        "bomb-nested": (raw_zip([*entries(), Entry("xl/media/c.zip", inner)]), None),
        "bomb-sheet": (workbook({SHEET: sheet() + " " * (33 * MB)}), "too-large"),
        "many-entries": (raw_zip([*entries(), *empty]), "too-large"),
        "big-file": (raw_zip([*entries(), Entry("xl/media/d.bin", big, method=0)]), "too-large"),
    }


def names() -> dict[str, Case]:
    """Parts whose names mean two things, or none."""
    other = sheet('<row r="1"><c r="B1"><v>100</v></c></row>').encode()
    alike = {
        "same": SHEET,
        "case": SHEET.upper(),
        "backslash": SHEET.replace("/", "\\"),
        "slash": "/" + SHEET,
    }
    found: dict[str, Case] = {
        f"duplicate-{key}": (raw_zip([*entries(), Entry(name, other)]), "unreadable")
        for key, name in alike.items()
    }
    odd = {"nul": SHEET + "\0.xml", "up": "../xl/a.xml", "double": "xl//a.xml", "dot": "xl/./a.xml"}
    for key, name in odd.items():
        found[f"name-{key}"] = (raw_zip([*entries(), Entry(name, other)]), "unreadable")
    found["name-two-headers"] = (
        _altered(SHEET, local_name="xl/worksheets/sheet2.xml"),
        "unreadable",
    )
    found["name-folder-with-content"] = (
        raw_zip([*entries(), Entry("xl/media/", b"x")]),
        "unreadable",
    )
    return found


def _overlap(whole: bool) -> bytes:
    """Two entries that share bytes: the same header twice, or one that swallows the next."""
    if whole:
        # The first entry, told again under another name that its header does not have.
        return raw_zip([*entries(), Entry("xl/a.xml", b"", local_name=TYPES, offset=0)])
    inner = raw_zip([Entry("xl/a.xml", b"<a/>")])
    found = [Entry("xl/media/a.bin", inner, method=0), *entries()]
    hidden = Entry("xl/a.xml", b"<a/>", offset=30 + len("xl/media/a.bin"))
    return raw_zip([*found, hidden])


def _hole() -> Entry:
    """An entry with bytes after it that belong to nothing."""
    return Entry("xl/a.bin", b"a", hole=b"hidden")


def _two_directories() -> bytes:
    """A zip in whose comment stands a second table of contents, with another sheet."""
    other = Entry(SHEET, sheet('<row r="1"><c r="B1"><v>100</v></c></row>').encode())
    both = [*entries(), other]
    first, second = raw_zip(entries()), raw_zip(both)
    body = second.index(b"PK\1\2")
    second_table = second[body:]
    first_table = first[first.index(b"PK\1\2") :]
    end = first_table[:-6] + struct.pack("<L", body) + struct.pack("<H", len(second_table))
    offset = struct.pack("<L", body + len(end))
    return second[:body] + end + second_table[:-6] + offset + second_table[-2:]


def damage() -> dict[str, Case]:
    """Zips that are broken, or broken on purpose."""
    plain = workbook()
    found: dict[str, Case] = {
        f"truncated-{part}-of-10": (plain[: len(plain) * part // 10], "unreadable")
        for part in range(1, 10)
    }
    end = plain.rindex(b"PK\5\6")
    far = plain[: end + 16] + struct.pack("<L", 2**31) + plain[end + 20 :]
    return found | {
        "truncated-last-byte": (plain[:-1], "unreadable"),
        "crc-sheet": (_altered(SHEET, crc=1), "unreadable"),
        "crc-unused-part": (raw_zip([*entries(), Entry("xl/a.bin", b"a", crc=1)]), "unreadable"),
        "size-too-large": (_altered(SHEET, size=5_000), "unreadable"),
        "size-too-small": (_altered(SHEET, size=10), "unreadable"),
        "gap": (raw_zip([*entries()[:3], _hole(), *entries()[3:]]), "unreadable"),
        "size-4-gb": (_altered(SHEET, size=2**32 - 2), "too-large"),
        "stored-size": (_altered(SHEET, method=0, size=10), "unreadable"),
        "stream-with-tail": (_altered(SHEET, tail=b"tail"), "unreadable"),
        "method-bzip2": (_altered(SHEET, method=12), "unreadable"),
        "method-99": (_altered(SHEET, method=99), "unreadable"),
        "encrypted-entry": (_altered(SHEET, flags=1), "password"),
        "overlap-same-header": (_overlap(True), "unreadable"),
        "overlap-swallowed": (_overlap(False), "unreadable"),
        "prefix": (b"GARBAGE" + plain, "unreadable"),
        "directory-far-away": (far, "unreadable"),
        "two-directories": (_two_directories(), "unreadable"),
        "empty-zip": (plain[end:][:4] + b"\0" * 18, "not-a-workbook"),
        "no-content-types": (workbook({TYPES: None}), "unreadable"),
        "no-root-links": (workbook({ROOT: None}), "unreadable"),
    }


def _with_dtd(part: str, declaration: str, use: str = "") -> str:
    head, _, rest = part.partition("?>")
    begin = rest.index(">", rest.index("<")) + 1
    return f"{head}?>{declaration}{rest[:begin]}{use}{rest[begin:]}"


def doctypes() -> dict[str, Case]:
    """Document types in every part, and what is done with them."""
    parts = {name: part for name, part in plain_parts().items() if isinstance(part, str)}
    empty, found = "<!DOCTYPE a [<!ELEMENT a ANY>]>", dict[str, Case]()
    for name, part in parts.items():
        marked = _with_dtd(part, empty)
        wide = marked.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
        found[f"dtd {name}"] = (workbook({name: marked}), "unreadable")
        found[f"dtd utf-16 {name}"] = (workbook({name: wide}), "unreadable")
    laughs = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    tricks = {
        "billion-laughs": (f"<!DOCTYPE a [{laughs}]>", "&a9;"),
        "quadratic": (f'<!DOCTYPE a [<!ENTITY b "{"x" * 100_000}">]>', "&b;" * 10_000),
        "external-file": ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>', "&b;"),
        "external-dtd": ('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">', ""),
        "parameter": ('<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/"> %b;]>', ""),
    }
    for key, (declaration, use) in tricks.items():
        found[key] = (workbook({SHEET: _with_dtd(sheet(), declaration, use)}), "unreadable")
    found["laughs in a part without .xml"] = (
        workbook(
            {
                "xl/sheet.bin": _with_dtd(sheet(), *tricks["billion-laughs"]),
                LINKS: links(link("rId1", "worksheet", "sheet.bin")),
            }
        ),
        "unreadable",
    )
    return found


def markup() -> dict[str, Case]:
    """XML that is too much, or no XML."""
    many = "".join(f' a{n}="1"' for n in range(101))
    flood = "".join(f' a{n}="1"' for n in range(60_000))
    names = "".join(f"<a{n}/>" for n in range(50_000))
    space = f'<a xmlns="{"u" * 500_000}">' + "<b/>" * 2_000_000 + "</a>"
    wide = sheet().replace('encoding="UTF-8"', 'encoding="cp037"')
    return {
        "depth-101": (workbook({SHEET: sheet(after="<a>" * 100 + "</a>" * 100)}), "too-large"),
        "depth-5-million": (workbook({SHEET: sheet(after="<a>" * 5_000_000)}), "too-large"),
        "attributes-101": (with_rows(f"<row{many}/>"), "too-large"),
        "attributes-60000": (with_rows(f"<row{flood}/>"), "too-large"),
        "token-attribute": (with_rows(f'<row a="{"x" * (2 * MB)}"/>'), "too-large"),
        "token-comment": (with_rows(f"<!--{'x' * (2 * MB)}-->"), "too-large"),
        "token-unclosed": (with_rows('<row a="' + "x" * (30 * MB)), "too-large"),
        "names-50000": (with_rows(names), "too-large"),
        "namespace-long": (workbook({SHEET: sheet(after=space)}), "too-large"),
        "elements-4-million": (workbook({SHEET: sheet(after="<a/>" * 4_000_000)}), "too-large"),
        "xml-broken": (workbook({SHEET: sheet()[:-5]}), "unreadable"),
        "xml-empty": (workbook({SHEET: ""}), "unreadable"),
        "xml-bad-utf8": (
            workbook({STRINGS: strings("<t>\xe9</t>").encode("latin-1")}),
            "unreadable",
        ),
        "xml-nul": (workbook({STRINGS: strings("<t>\0</t>")}), "unreadable"),
        "xml-unknown-entity": (workbook({STRINGS: strings("<t>&foo;</t>")}), "unreadable"),
        "xml-ebcdic": (workbook({SHEET: wide}), "unreadable"),
        "xml-other-root": (workbook({SHEET: strings()}), "unreadable"),
        "xml-no-namespace": (
            workbook({SHEET: sheet().replace("xmlns=", "xmlns:x=")}),
            "unreadable",
        ),
        "xml-junk-after": (workbook({SHEET: sheet() + sheet()}), "unreadable"),
    }


def values() -> dict[str, Case]:
    """Cells that look like values and are none."""
    bad = {
        "shared-minus-1": '<c r="A3" t="s"><v>-1</v></c>',
        "shared-out-of-range": '<c r="A3" t="s"><v>2</v></c>',
        "shared-huge": f'<c r="A3" t="s"><v>{"9" * 5_000}</v></c>',
        "shared-underscore": '<c r="A3" t="s"><v>0_1</v></c>',
        "shared-other-digit": '<c r="A3" t="s"><v>\u0661</v></c>',
        "number-1e999": '<c r="A3"><v>1e999</v></c>',
        "number-8_5": '<c r="A3"><v>8_5</v></c>',
        "number-nan": '<c r="A3"><v>NaN</v></c>',
        "number-inf": '<c r="A3"><v>-INF</v></c>',
        "number-hex": '<c r="A3"><v>0x1p3</v></c>',
        "number-comma": '<c r="A3"><v>8,5</v></c>',
        "number-other-digit": '<c r="A3"><v>\u0668</v></c>',
        "number-long": f'<c r="A3"><v>{"1" * 500_000}</v></c>',
        "boolean-2": '<c r="A3" t="b"><v>2</v></c>',
        "boolean-true": '<c r="A3" t="b"><v>TRUE</v></c>',
        "type-unknown": '<c r="A3" t="x"><v>1</v></c>',
        "type-inline-in-number": '<c r="A3"><is><t>1</t></is></c>',
        "two-values": '<c r="A3"><v>1</v><v>2</v></c>',
        "style-out-of-range": '<c r="A3" s="2"><v>1</v></c>',
        "style-minus-1": '<c r="A3" s="-1"><v>1</v></c>',
        "duplicate-cell": '<c r="A3"><v>1</v></c><c r="A3"><v>2</v></c>',
        "duplicate-of-empty": '<c r="A3"/><c r="A3"><v>2</v></c>',
        "address-xfe": '<c r="XFE3"><v>1</v></c>',
        "address-zzz": '<c r="ZZZ3"><v>1</v></c>',
        "address-row-0": '<c r="A0"><v>1</v></c>',
        "address-none": '<c r=""><v>1</v></c>',
        "address-other-row": '<c r="A4"><v>1</v></c>',
        "address-after-last": '<c r="XFD3"/><c><v>1</v></c>',
    }
    found: dict[str, Case] = {key: (with_cell(cell), "unreadable") for key, cell in bad.items()}
    for key, row in (("0", "0"), ("last", "1048577"), ("minus", "-1"), ("word", "x")):
        found[f"row-{key}"] = (with_rows(f'<row r="{row}"><c><v>1</v></c></row>'), "unreadable")
    return found


def _one_text_everywhere() -> bytes:
    """A million characters, shown by a hundred thousand cells."""
    rows = "<row>" + '<c t="s"><v>0</v></c>' * 10_000 + "</row>"
    return workbook({SHEET: sheet(rows * 10), STRINGS: strings(f"<t>{'x' * MB}</t>")})


def amounts() -> dict[str, Case]:
    """More of everything than a card has."""
    cells = "<row>" + "<c/>" * 10_000 + "</row>"
    text = f"<t>{'x' * 900_000}</t>"
    sheets = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(65))
    areas = "".join(
        f'<row r="{n}"><c r="A{n}"><f t="array" ref="A1:XFD1048576"/><v>1</v></c></row>'
        for n in range(1, 3_000)
    )
    return {
        "cells-200000": (with_rows(cells * 21), "too-large"),
        "cells-4-million": (with_rows(cells * 400), "too-large"),
        "rows-4-million": (with_rows("<row/>" * 4_000_000), "too-large"),
        "strings-100001": (workbook({STRINGS: strings(*["<t/>"] * 100_001)}), "too-large"),
        "text-9-mb": (workbook({STRINGS: strings(*[text] * 10)}), "too-large"),
        "sheets-65": (workbook({BOOK: book(sheets)}), "too-large"),
        "one-text-everywhere": (_one_text_everywhere(), "too-large"),
        "array-areas": (with_rows(areas), "too-large"),
    }


def structure() -> dict[str, Case]:
    """Workbooks whose parts do not fit together."""

    def sheet_at(target: str, more: str = "") -> bytes:
        return workbook({LINKS: links(link("rId1", "worksheet", target, more))})

    def sheets(*pairs: tuple[str, str]) -> bytes:
        body = "".join(f'<sheet name="{n}" sheetId="1" r:id="{key}"/>' for n, key in pairs)
        second = link("rId9", "worksheet", "/xl/worksheets/sheet2.xml")
        return workbook(
            {
                BOOK: book(body),
                LINKS: links(link("rId1", "worksheet", "worksheets/sheet1.xml"), second),
                "xl/worksheets/sheet2.xml": sheet(""),
                SHEET: sheet('<row><c r="A1"><v>1</v></c></row>'),
            }
        )

    two = "".join(f'<definedName name="{name}">Card!${name}$1</definedName>' for name in ("K", "k"))
    twice = link("rId1", "worksheet", "worksheets/sheet1.xml")
    external = ' TargetMode="External"'
    bad = {
        "sheet-part-missing": workbook({SHEET: None}),
        "sheet-link-missing": sheets(("A", "rId77")),
        "sheet-external": sheet_at("http://127.0.0.1:9/sheet1.xml", external),
        "sheet-outside": sheet_at("../../../etc/passwd"),
        "sheet-is-workbook": sheet_at("workbook.xml"),
        "sheet-kind": workbook({LINKS: links(link("rId1", "image", "worksheets/sheet1.xml"))}),
        "sheet-names-twice": sheets(("Card", "rId1"), ("CARD", "rId9")),
        "sheet-part-twice": sheets(("A", "rId1"), ("B", "rId1")),
        "sheet-without-name": sheets(("", "rId1")),
        "sheets-none": workbook({BOOK: book(" ")}),
        "link-twice": workbook({LINKS: links(twice, twice)}),
        "names-twice": workbook({BOOK: book(names=two)}),
        "styles-missing": workbook({STYLES: None}),
        "strings-missing": workbook({STRINGS: None}),
        "workbook-missing": workbook({BOOK: None}),
        "formats-twice": workbook(
            {
                STYLES: styles(
                    '<numFmt numFmtId="170" formatCode="0%"/>'
                    '<numFmt numFmtId="170" formatCode="0"/>'
                )
            }
        ),
    }
    found: dict[str, Case] = {key: (data, "unreadable") for key, data in bad.items()}
    found["workbook-missing"] = (bad["workbook-missing"], "unreadable")
    return found


def _strict() -> bytes:
    parts = plain_parts()
    for name, part in parts.items():
        for old, new in STRICT.items():
            part = part.replace(old, new) if isinstance(part, str) else part
        parts[name] = part
    return workbook(parts)


def _prefixed() -> bytes:
    part = sheet().replace("<", "<q:").replace("<q:/", "</q:").replace("<q:?", "<?")
    return workbook({SHEET: part.replace("xmlns=", "xmlns:q=")})


def _through_zipfile(zip64: bool) -> bytes:
    """As streaming writers do it: sizes after the data, or in 64 bits."""

    class Stream(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries():
            with archive.open(entry.name, "w", force_zip64=zip64) as part:
                part.write(entry.content)
    return stream.getvalue()


def harmless() -> dict[str, Case]:
    """Odd, and whole: every cell is read."""
    reverse = "".join(reversed(ROWS.replace("</row>", "</row>\n").splitlines()))
    trap = "[" * 5_000 + "$-" + "\\" * 5_000 + '"' * 999
    trap = trap.replace('"', "&quot;")
    titles = (
        f"<definedName name='_xlnm.Print_Titles' localSheetId='0'>{'A:' * 20_000}</definedName>"
    )
    mark = '<definedName name="KX_mark">Card!$A$1</definedName>'
    wide = sheet().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    comment = workbook()[:-2] + struct.pack("<H", 5) + b"hello"
    merge = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    cases = {
        "plain": workbook(),
        "dimension-too-small": workbook({SHEET: sheet(before='<dimension ref="A1"/>')}),
        "dimension-nonsense": workbook({SHEET: sheet(before='<dimension ref="A1:ZZZ9"/>')}),
        "rows-out-of-order": with_rows(reverse),
        "merged-sheet": workbook({SHEET: sheet(after=merge)}),
        "format-trap": workbook({STYLES: styles(f'<numFmt numFmtId="170" formatCode="{trap}"/>')}),
        "titles-trap": workbook({BOOK: book(names=mark + titles)}),
        "strict": _strict(),
        "utf-16-sheet": workbook({SHEET: wide}),
        "prefixed": _prefixed(),
        "stored": raw_zip([Entry(e.name, e.content, method=0) for e in entries()]),
        "stream": _through_zipfile(zip64=False),
        "zip64": _through_zipfile(zip64=True),
        "zip-comment": comment,
        "mail-gateway-newline": workbook() + b"\r\n",
        "folders": raw_zip([*entries(), Entry("xl/media/", b"", method=0)]),
        "names-case": raw_zip([Entry(e.name.lower(), e.content) for e in entries()]),
        "svg-with-dtd": workbook({"xl/media/a.svg": "<!DOCTYPE svg><svg/>"}),
        "no-addresses": with_rows(
            ROWS.replace(' r="A1"', "").replace(' r="B1"', "").replace(' r="1"', "")
        ),
    }
    return {key: (data, None) for key, data in cases.items()}


def _ole(*streams: str) -> bytes:
    """Just enough of an OLE file: a header, and directory entries with these names."""
    table = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2) + bytes(62)
        for name in ("Root Entry", *streams)
    )
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + table + bytes(512)


def foreign() -> dict[str, Case]:
    """Other files under the name of a workbook."""
    types = plain_parts()[TYPES]
    assert isinstance(types, str)
    ods = Entry("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", method=0)
    mail = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: Card\r\n\r\nHello"
    found: dict[str, dict[str, bytes]] = {
        "not-a-workbook": {
            "picture-png": b"\x89PNG\r\n\x1a\n" + bytes(99),
            "picture-jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(99),
            "picture-heic": b"\0\0\0\x18ftypheic" + bytes(99),
            "picture-webp": b"RIFF\0\0\0\0WEBPVP8 " + bytes(99),
            "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
            "html": b"<html><body><table><tr><td>85</td></tr></table></body></html>",
            "html-doctype": b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n<html lang='de'></html>",
            "text": b"Please find our ratings attached.",
            "text-bmw": b"BMW;85;90\r\nAudi;80;70\r\n",
            "text-latin": "Qualität;85\r\n".encode("cp1252"),
            "text-utf16": "Qualität\t85\r\n".encode("utf-16"),
            "mail": mail,
            "zip": raw_zip([Entry("card.xlsx", workbook(), method=0)]),
            "zip-docx": raw_zip(
                [Entry(TYPES, types.encode()[:99]), Entry("word/document.xml", b"")]
            ),
            "ole-doc": _ole("WordDocument", "Workbook"),
            "ole-msg": _ole("__properties_version1.0"),
            "unknown": bytes(range(1, 256)) * 4,
        },
        "unreadable": {"empty": b"", "zeros": bytes(5_000)},
        "password": {"encrypted": _ole("EncryptionInfo", "EncryptedPackage")},
        "format-unsupported": {
            "xls": _ole("Workbook"),
            "xls-95": _ole("Book"),
            "ods": raw_zip([ods, Entry("content.xml", b"<a/>")]),
            "xlsb": raw_zip([Entry(TYPES, b"<a/>"), Entry("xl/workbook.bin", b"")]),
            "fods": b'<?xml version="1.0"?>\n<office:document xmlns:office='
            b'"urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>',
            "xml": b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        },
    }
    return {key: (data, code) for code, group in found.items() for key, data in group.items()}


@cache
def everything() -> dict[str, Case]:
    """All groups together."""
    groups = (
        bombs,
        names,
        damage,
        doctypes,
        markup,
        values,
        amounts,
        structure,
        harmless,
        foreign,
    )
    found: dict[str, Case] = {}
    for group in groups:
        for key, case in group().items():
            found[f"{group.__name__}: {key}"] = case
    return found
