"""A workbook as somebody curious sees it: every text in every part, and what else is in it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from kamxl.excel.proof.oddities import Odd, oddities_of
from kamxl.excel.reading.limits import LIMITS, Limits
from kamxl.excel.reading.package import open_package
from kamxl.excel.reading.xml import unescape as unescape_excel

_TAG = re.compile(r"<[^>]*>")
_ATTRIBUTE = re.compile(r"[\w:.-]+\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
# What markup hides: comments, raw sections, instructions.
_ASIDE = re.compile(r"<!--(.*?)-->|<!\[CDATA\[(.*?)\]\]>|<\?(.*?)\?>", re.DOTALL)
# Where one text ends: runs of the same text are joined, neighbours are not.
_BLOCK = re.compile(r"</(?:\w+:)?(?:si|is|v|f|p|pt|row|c|text|definedName|tx|oddHeader)\s*>")
_RUN = re.compile(r"<(?:\w+:)?r(?:\s[^>]*)?>")
_WORD = 4  # letters: shorter values are addresses of cells and numbers of styles
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)[\"']")
_XML = (".xml", ".rels", ".vml")


@dataclass(frozen=True, slots=True)
class Seen:
    """A stretch of text and its part; ``attribute``: of markup, whose words are many."""

    part: str
    text: str
    attribute: bool = False


def texts_in(data: bytes, limits: Limits = LIMITS) -> Iterator[Seen]:
    """All texts of a workbook's parts, markup taken away (Refused: it is none we can read).

    Runs of formatted text are seen both joined and apart, attributes and raw bytes as well.
    """
    yield from texts_around(data)
    for part, content in open_package(data, limits).items():
        yield from texts_of(part, content)


def texts_around(data: bytes) -> Iterator[Seen]:
    """What a zip says besides its parts: their names, and remarks (BadZipFile)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        asides = [archive.comment, *(e.comment + e.extra for e in archive.infolist())]
        names = [entry.filename for entry in archive.infolist()]
    yield Seen("zip", " | ".join(decoded(aside) for aside in asides))
    yield Seen("zip", " | ".join(names), attribute=True)


def texts_of(part: str, content: bytes) -> Iterator[Seen]:
    """The texts of one part, which depend on nothing else."""
    if part.endswith(_XML):
        yield from _markup(part, decoded(content))
    else:
        yield from (Seen(part, text) for text in every_way(content))


def _markup(part: str, text: str) -> Iterator[Seen]:
    asides = " | ".join(" ".join(found) for found in _ASIDE.findall(text))
    plain = _ASIDE.sub(lambda found: found[2] or "", text)  # a raw section is text like any other
    yield Seen(part, _plain(_TAG.sub(" ", plain)))
    if _RUN.search(plain):
        yield Seen(part, _plain(_TAG.sub("", _BLOCK.sub(" | ", plain))))
    values = dict.fromkeys(one or other for one, other in _ATTRIBUTE.findall(text))
    attributes = " | ".join((*(value for value in values if len(value) >= _WORD), asides))
    yield Seen(part, _plain(attributes), attribute=True)


def _plain(text: str) -> str:
    return unescape_excel(unescape(text))


def decoded(content: bytes) -> str:
    """Bytes as text: UTF-16 where they look so, as XML declares, UTF-8, else one letter a byte."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if content[:4:2] == b"\0\0" or content[1:4:2] == b"\0\0":
        return content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le", "replace")
    declared = _DECLARED.match(content.lstrip(b"\xef\xbb\xbf \r\n\t"))
    for code in (declared[1].decode() if declared else "utf-8", "utf-8"):
        try:
            return content.decode(code)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("latin-1")


def every_way(content: bytes) -> Iterator[str]:
    """Bytes of no known kind as text, in all the ways in which text may stand in them."""
    yield decoded(content)
    yield content.decode("latin-1")
    for begin in (0, 1):
        yield content[begin:].decode("utf-16-le", "replace")
        yield content[begin:].decode("utf-16-be", "replace")


def oddities(data: bytes, parts: Mapping[str, bytes]) -> Iterator[Odd]:
    """What a file for outsiders must not have, whatever it says; ``parts``: what is in it."""
    yield from oddities_of({name: decoded(content) for name, content in parts.items()})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for remark in (archive.comment, *(entry.comment for entry in archive.infolist())):
            if remark:
                yield Odd("leak-metadata", next(iter(parts), ""), decoded(remark))
