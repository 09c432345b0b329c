"""A small workbook with other text in the places that the reader looks at, always a sound zip.

Bytes that are changed in a zip fail its checksum before anything reads them. So an input of the
fuzzer is a list of pieces, each for one place: "c" and what follows it is one more cell.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.hostile import workbooks as hostile

SPLIT = b"\n@"  # between two pieces
MOST = 12  # pieces of one input

_HOLE = "HOLE"
_BEFORE, _AFTER = (b'<row r="3">', b"</row>")


def _around(part: str, content: bytes) -> bytes:
    """``content`` in the place of the hole of a part."""
    before, after = part.encode().split(_HOLE.encode())
    return before + content + after


# Each letter: the part, and how the text that follows the letter becomes one.
PLACES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "S": (hostile.SHEET, bytes),
    "B": (hostile.BOOK, bytes),
    "L": (hostile.LINKS, bytes),
    "Y": (hostile.STYLES, bytes),
    "T": (hostile.STRINGS, bytes),
    "R": (hostile.ROOT, bytes),
    "C": (hostile.CORE, bytes),
    "r": (hostile.SHEET, lambda text: _around(hostile.sheet(hostile.ROWS + _HOLE), text)),
    "c": (
        hostile.SHEET,
        lambda text: _around(hostile.sheet(hostile.ROWS + _HOLE), _BEFORE + text + _AFTER),
    ),
    "a": (hostile.SHEET, lambda text: _around(hostile.sheet(after=_HOLE), text)),
    "s": (hostile.BOOK, lambda text: _around(hostile.book(_HOLE), text)),
    "n": (hostile.BOOK, lambda text: _around(hostile.book(names=_HOLE), text)),
    "l": (hostile.LINKS, lambda text: _around(_links(hostile.LINKS), text)),
    "o": (hostile.ROOT, lambda text: _around(_links(hostile.ROOT), text)),
    "t": (hostile.STRINGS, lambda text: _around(hostile.strings("<t>Price</t>", _HOLE), text)),
    "f": (hostile.STYLES, lambda text: _around(hostile.styles(_HOLE), text)),
    "m": (hostile.CORE, lambda text: _core().replace(b"2025-03-01T10:00:00Z", text)),
}


def _links(part: str) -> str:
    """A part of pointers with room for more."""
    text = hostile.plain_parts()[part]
    assert isinstance(text, str)
    return text.replace("</Relationships>", f"{_HOLE}</Relationships>")


def _core() -> bytes:
    text = hostile.plain_parts()[hostile.CORE]
    return text.encode() if isinstance(text, str) else text


def workbook(data: bytes) -> bytes:
    """The workbook that an input describes; "x" and a name on a line of its own adds a part."""
    parts: dict[str, str | bytes] = hostile.plain_parts()
    for piece in data.split(SPLIT)[:MOST]:
        letter, text = piece[:1].decode("latin-1"), piece[1:]
        if letter in PLACES:
            part, made = PLACES[letter]
            parts[part] = made(text)
        elif letter == "x":
            name, _, content = text.partition(b"\n")
            parts[name.decode("latin-1")] = content
    # Stored, not packed: that is what a fuzzer's time is for.
    return hostile.raw_zip(
        hostile.Entry(name, part.encode() if isinstance(part, str) else part, method=0)
        for name, part in parts.items()
    )


SEEDS = (
    b'c<c r="A3" t="inlineStr"><is><r><t>a_x0041_</t></r></is></c>',
    b'c<c r="A3"><f t="array" ref="A3:B4">1</f><v>1e3</v></c><c t="b"><v>1</v></c>',
    b'c<c r="A3" t="e"><v>#N/A</v></c><c r="B3" t="d"><v>2026-01-01</v></c><c s="1"/>',
    b'c<c r="A3" t="str"><f>B1</f><v>x</v></c><c r="B3" t="s"><v>1</v></c>',
    b'r<row><c><v>-1.5E-2</v></c></row><row r="9"><c r="B9"/></row>',
    b'n<definedName name="KX_ids" localSheetId="0">Card!$A$1</definedName>',
    b's<sheet name="Card" sheetId="1" r:id="rId1"/><sheet name="b" r:id="rId9"/>\n@'
    b'l<Relationship Id="rId9" Type="x/chartsheet" Target="../a.xml"/>\n@xxl/a.xml\n<a/>',
    b'f<numFmt numFmtId="9" formatCode="dd.mm.yyyy"/><numFmt numFmtId="9" formatCode="0"/>',
    b"m2026-01-01T00:00+25:00",
    b'l<Relationship Id="rId9" Type="x/hyperlink" Target="http://a" TargetMode="External"/>',
    b'xxl/externalLinks/_rels/a.xml.rels\n<Relationships xmlns="http://schemas.openxmlformats.org'
    b'/package/2006/relationships"><Relationship Id="a" Type="x/oleObject" TargetMode="External"/>'
    b"</Relationships>",
    b"xxl/vbaProject.bin\nx\n@xxl/embeddings/a.bin\nx\n@xxl/externalLinks/a.xml\nddeLink",
    b"t<si><t>b</t></si><si><r><t>c</t></r><rPh><t>d</t></rPh></si>",
    b"a<b><![CDATA[x]]></b><!-- c --><?d e?>",
    # what one meets by chance seldom
    b"a" + b"<a>" * 101,
    b'c<c r="A3" t="s"><v>9</v></c>',
    b'c<c r="A3" t="str"><v>_xD83D__xDE00_</v></c>',
    b'r<row r="1048576"/><row/>',
    b'n<definedName name="a">b</definedName><definedName name="A">c</definedName>',
    b's<sheet name="a" r:id="rId1"/><sheet name="b" r:id="rId1"/>',
    b'o<Relationship Id="rId9" Type="x/officeDocument" Target="a"/>\n@xa\n',
    b'S<?xml version="1.0" encoding="cp037"?><a/>',
)

WORDS = (
    '<c r="A3"><v>1</v></c>', '<c t="s"><v>0</v></c>', '<c t="b">', '<c t="e">', '<c t="d">',
    '<c t="str">', '<c t="inlineStr">', "<is><t>", "</t></is>", "<f>", "</f>", "<v>", "</v>",
    "<row>", "</row>", '<row r="4">', ' r="B3"', ' s="1"', ' t="n"', '<f t="array" ref="A1:B9"/>',
    '<f t="shared" si="0"/>', "<r><t>", "</t></r>", "_x000D_", "_xD83D__xDE00_", "<si>", "</si>",
    "<!DOCTYPE a>", "<![CDATA[", "]]>", "<!--", "-->", "<?a?>", "&#10;", "&lt;", "&a;", "1e308",
    "1e309", "-0", "0x1", "1_0", "A1", "XFD1048576", "XFE1", "$A$1:$B$2", "#N/A", "#REF!",
    '<sheet name="b" r:id="rId1"/>', '<definedName name="a">Card!$A$1</definedName>',
    ' localSheetId="0"', '<numFmt numFmtId="9" formatCode="0.0"/>', '<xf numFmtId="14"/>',
    '<Relationship Id="rId9" Type="x/worksheet" Target="a.xml"/>', ' TargetMode="External"',
    "/worksheet", "/chartsheet", "/sharedStrings", "/styles", "/core-properties", "/oleObject",
    "../", "%2e%2e/", "\\", "xl/", ".rels", "vbaProject.bin", "externalLinks/", "ddeLink",
    'encoding="UTF-16"', 'encoding="iso-8859-1"', "2026-02-30T00:00:00Z", "+14:00", "\n@", "\n@c",
    "\n@r", "\n@l", "\n@s", "\n@n", "\n@t", "\n@f", "\n@m", "\n@x", "\n@a", "\n@o",
)  # fmt: skip
