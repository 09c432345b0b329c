"""What a layout itself says, to be held against the texts of its language before it is relied on.

Cards are proven against their layout byte for byte; this looks at the layout once. Everything in
it that a person can read, or that says something of the file, is given out; what has no business
in a file for outsiders is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from openpyxl.writer.theme import theme_xml

from kamxl.excel.proof.oddities import oddities_of
from kamxl.excel.writing.cells import Rows
from kamxl.excel.writing.draw import Layout
from kamxl.excel.writing.filling import Hole
from kamxl.forms.paper.book import Content, Formula

_OPEN = "\0"  # stands where a place is filled later
_ASIDE = re.compile(r"<!--|<!\[CDATA\[|<\?(?!xml version=\"1.0\" encoding=\"UTF-8\")")
_TEXT = re.compile(r">([^<>]*[^<>\s][^<>]*)<")
_READ = re.compile(
    r"\b(?:prompt|promptTitle|error|errorTitle|descr|title|tooltip|display|location|name"
    r"|codeName|formatCode)"
    r'="([^"]*)"'
)
_VALUE = re.compile(r'="([^"]*)"')
_THEME = "xl/theme/"  # names of typefaces: the library's own, and no other


def odd(layout: Layout) -> str | None:
    """Something that no layout of ours has: a part, a remark, an author, a name, a hidden row."""
    parts = {name: _finished(pieces) for name, pieces in layout.parts}
    for name, text in parts.items():
        if _ASIDE.search(text):
            return f"{name}: a remark"
        if name.startswith(_THEME) and not _is_theme(text):
            return f"{name}: another theme"
    folded = {name.casefold(): text.replace(_OPEN, "kx_open") for name, text in parts.items()}
    found = next(iter(oddities_of(folded)), None)
    return None if found is None else f"{found.part}: {found.value}"


def _is_theme(text: str) -> bool:
    """Whether a theme says only what the library's says, in whatever order."""
    body = text.rpartition("?>")[2]
    said, known = ({unescape(v) for v in _VALUE.findall(one)} for one in (body, theme_xml))
    return not _TEXT.search(body) and said <= known


def sayings(layout: Layout) -> Iterator[tuple[str, str]]:
    """Every text of a layout, and every formula, with the part it stands in."""
    for name, pieces in layout.parts:
        for piece in pieces:
            if isinstance(piece, Hole) and isinstance(piece.content, str):
                yield name, piece.content
            elif isinstance(piece, Rows):
                for _, places in piece.rows:
                    for place in places:
                        yield from ((name, text) for text in _texts(place.content))
        if not name.startswith(_THEME):
            text = _finished(pieces)
            for said in (*_TEXT.findall(text), *_READ.findall(text)):
                yield name, unescape(said).replace(_OPEN, " ")


def _texts(content: Content) -> Iterator[str]:
    if isinstance(content, Formula):
        yield content.text
        content = content.value
    if isinstance(content, str):
        yield content


def _finished(pieces: tuple[object, ...]) -> str:
    return "".join(piece if isinstance(piece, str) else _OPEN for piece in pieces)
