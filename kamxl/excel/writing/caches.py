"""The numbers and texts a chart shows until somebody calculates: copied from the cells it reads."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import unescape

from kamxl.excel.writing.cells import ERRORS, number_text
from kamxl.excel.writing.filling import Filling, Piece, plain
from kamxl.excel.writing.xmltext import cell_text, escape
from kamxl.forms.paper.book import Content, Scalar

_REFERENCE = re.compile(r"<(num|str)Ref><f>([^<]*)</f>(?=</\1Ref>)")
Lookup = Callable[[str], list[Content]]


@dataclass(frozen=True, slots=True)
class Cache:
    """The values behind one reference of a chart; blanks and errors are left out, as in Excel."""

    kind: str  # "num" or "str"
    contents: tuple[Content, ...]

    def fill(self, filling: Filling) -> str:
        values = [filling.value(content) for content in self.contents]
        texts = [_number(value) if self.kind == "num" else _text(value) for value in values]
        points = "".join(
            f'<pt idx="{at}"><v>{text}</v></pt>' for at, text in enumerate(texts) if text
        )
        code = "<formatCode>General</formatCode>" if self.kind == "num" else ""
        name = f"{self.kind}Cache"
        return f'<{name}>{code}<ptCount val="{len(values)}"/>{points}</{name}>'


def _number(value: Scalar) -> str:
    if value is None or isinstance(value, str):
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value!r} is no number a chart can show")
    return number_text(value)


def _text(value: Scalar) -> str:
    if isinstance(value, str):
        return "" if value in ERRORS else cell_text(value)
    return escape(value.isoformat() if isinstance(value, date) else plain(value))


def with_caches(piece: str | Piece, lookup: Lookup) -> list[str | Piece]:
    """A stretch of a drawn chart with a cache behind each of its references."""
    if not isinstance(piece, str):
        return [piece]
    out: list[str | Piece] = []
    end = 0
    for match in _REFERENCE.finditer(piece):
        out.append(piece[end : match.end()])
        out.append(Cache(match[1], tuple(lookup(unescape(match[2])))))
        end = match.end()
    return [*out, piece[end:]]
