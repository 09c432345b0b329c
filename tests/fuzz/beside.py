"""A small sound workbook with other text in what stands beside its cells.

Whatever that is costs only itself: no answer in the cells may be lost for a note.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from kamxl.excel.reading.book import read
from kamxl.excel.reading.sheet import Cells
from tests.excel.test_beside import CHOICES, DRAWN, LETTERS, THREADED, THREADS
from tests.hostile import workbooks as hostile

SPLIT = b"\n@"  # between two pieces
MOST = 12  # pieces of one input

_HEAD = hostile.HEAD.encode()
_COMMENTS = f'<comments xmlns="{hostile.MAIN}"><commentList>'.encode()
_THREADED = f'<ThreadedComments xmlns="{THREADS}">'.encode()
_DRAWN = f'<d:wsDr xmlns:d="{DRAWN}" xmlns:a="{LETTERS}" xmlns:c="{CHOICES}">'.encode()
_ANCHOR = b"<d:twoCellAnchor><d:from><d:col>1</d:col><d:row>4</d:row></d:from>"

# Each letter: the part, and how the text that follows the letter becomes one.
PLACES: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "C": ("comments", bytes),
    "T": ("threadedComment", bytes),
    "D": ("drawing", bytes),
    "c": ("comments", lambda x: _HEAD + _COMMENTS + x + b"</commentList></comments>"),
    "t": ("threadedComment", lambda x: _HEAD + _THREADED + x + b"</ThreadedComments>"),
    "d": ("drawing", lambda x: _HEAD + _DRAWN + x + b"</d:wsDr>"),
    "s": (
        "drawing",
        lambda x: _HEAD + _DRAWN + _ANCHOR + x + b"</d:twoCellAnchor></d:wsDr>",
    ),
}


def workbook(data: bytes) -> bytes:
    """The workbook that an input describes: of each part the last piece counts."""
    parts: dict[str, str | bytes] = hostile.plain_parts()
    found: dict[str, bytes] = {}
    for piece in data.split(SPLIT)[:MOST]:
        letter, text = piece[:1].decode("latin-1"), piece[1:]
        if letter in PLACES:
            kind, made = PLACES[letter]
            found[kind] = made(text)
    names = {kind: f"xl/beside/{kind}.xml" for kind in found}
    links = "".join(hostile.link(kind, kind, f"/{name}") for kind, name in names.items())
    links = links.replace(f'"{hostile.LINK}/threadedComment"', f'"{THREADED}"')
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = hostile.links(links)
    parts |= {names[kind]: content for kind, content in found.items()}
    return hostile.raw_zip(
        hostile.Entry(name, part.encode() if isinstance(part, str) else part, method=0)
        for name, part in parts.items()
    )


@cache
def cells() -> list[Cells]:
    """What stands in the cells, whatever stands beside them."""
    return [dict(sheet.cells) for sheet in read(workbook(b"")).sheets]


SEEDS = (
    b"",
    b'c<comment ref="B2"><text><t>too dear</t></text></comment>',
    b'c<comment ref="A1"><text><r><t>a</t></r><r><rPr><strike/></rPr><t>b</t></r></text></comment>'
    b'<comment ref="ZZ9"><text/></comment>',
    b't<threadedComment ref="B2" id="{1}"><text>why?</text></threadedComment>'
    b'<threadedComment ref="B2" id="{2}" parentId="{1}"><text>so</text></threadedComment>\n@'
    b'c<comment ref="B2"><text><t>[Kommentarthread]\n\nIhre Version ... https://go.microsoft.com/'
    b"fwlink/?linkid=870924\n\nKommentar:\n    why?</t></text></comment>",
    b"s<d:sp><d:txBody><a:p><a:r><a:t>in a box</a:t></a:r></a:p></d:txBody></d:sp>",
    b's<d:sp textlink="$A$1"><d:txBody><a:p><a:fld><a:t>x</a:t></a:fld><a:br/></a:p></d:txBody>'
    b"</d:sp><d:grpSp><d:sp><d:txBody><a:p/></d:txBody></d:sp></d:grpSp>",
    b"d<c:AlternateContent><c:Choice><d:oneCellAnchor><d:sp><d:txBody><a:p><a:r><a:t>x</a:t></a:r>"
    b"</a:p></d:txBody></d:sp></d:oneCellAnchor></c:Choice></c:AlternateContent>",
    b"C<comments",
    b"D<broken txBody",
    b"T<!DOCTYPE a>",
)

WORDS = (
    '<comment ref="A1">', "</comment>", "<text>", "</text>", "<t>", "</t>", "<r>", "</r>",
    "<rPr><strike/></rPr>", '<threadedComment ref="A1">', "</threadedComment>", ' ref="XFD1048576"',
    ' ref="A0"', ' ref="$A$1:B2"', "<d:twoCellAnchor>", "<d:oneCellAnchor>", "<d:absoluteAnchor>",
    "<d:from>", "<d:col>", "<d:row>", "99999999", "-1", "<d:sp>", "</d:sp>", "<d:grpSp>",
    "<d:txBody>", "</d:txBody>", "<a:p>", "</a:p>", "<a:r>", "<a:t>", "<a:fld>", "<a:br/>",
    ' textlink="A1"', "<c:AlternateContent>", "<c:Choice>", "linkid=870924", "Kommentar:\n",
    "<![CDATA[", "]]>", "<!DOCTYPE a>", "&#10;", "&a;", "_x000D_", "\n@c", "\n@t", "\n@s", "\n@d",
    "\n@C", "\n@T", "\n@D",
)  # fmt: skip
