"""How the usual programs spell the rows of a sheet: a pattern, and what is told of their cells.

What does not match, character by character, is understood elsewhere (``sheet``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from kamxl.excel.reading.told import ENTITIES, Told

TEXT = r"[^<]*+"  # its entities, and signs that may not be there, are looked at by themselves
T = rf'<t(?: xml:space="preserve")?>{TEXT}</t>'
_F = rf"(?:<f(?: [^<>]*+)?+(?:(?<=/)>|(?<!/)>{TEXT}</f>)|<f/>)?+"
# Always finite, and without anything around it. Columns end at XFD, rows at 1,048,576.
NUMBER = r"[+-]?[0-9]{1,40}(?:\.[0-9]{0,40})?(?:[eE][+-]?[0-9]{1,2})?"
INDEX, TRUTH, ERROR = r"[0-9]{1,9}", "[01]", "[#A-Za-z0-9/?!_:]{1,40}"
_EMPTY = r"(?:<v></v>|<v ?/>)?"
_VALUE = (
    rf'(?: t="n")?>{_F}(?:<v>{NUMBER}</v>|{_EMPTY})</c>'
    rf'| t="s">{_F}(?:<v>{INDEX}</v>|{_EMPTY})</c>'
    rf'| t="str">{_F}(?:<v>{TEXT}</v>|{_EMPTY})</c>'
    rf'| t="inlineStr">(?:<is>{T}</is>)?</c>'
    rf'| t="b">{_F}(?:<v>{TRUTH}</v>|{_EMPTY})</c>'
    rf'| t="e">{_F}(?:<v>{ERROR}</v>|{_EMPTY})</c>'
)
_CELL = (
    r'<c r="(?:[A-Z]{1,2}|[A-W][A-Z]{2})\1"(?: s="[0-9]{1,5}")?'
    rf'(?:(?: t="[A-Za-z]{{1,9}}")? ?/>|{_VALUE})'
)
_ROW = rf'<row r="([1-9][0-9]{{0,5}})"[^<>]*+(?:(?<=/)>|(?<!/)>(?:{_CELL})*+</row>)'
_ROWS = re.compile(rf"(?:{_ROW})*+")

# What no parser takes, or takes for something else: control characters, ends of lines, "]]>".
_ALLOWED = bytes((*b"\t\n", *range(0x20, 0x100)))
_STRANGE = ("\ufffe".encode(), "\uffff".encode(), b"]]>")
_KNOWN = tuple(map(str.encode, ENTITIES))

ROW_NAMES = (
    "spans", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed",
    "thickTop", "thickBot", "ph",
)  # fmt: skip
DYED = "x14ac:dyDescent"  # Excel's, of a namespace that the sheet declares
FORMULA_NAMES = (
    "t", "ref", "si", "ca", "aca", "bx", "dt2D", "dtr", "r1", "r2", "del1", "del2",
)  # fmt: skip
_NAMES = frozenset((*ROW_NAMES, DYED, *FORMULA_NAMES))
_ATTRIBUTE = re.compile(r' ([A-Za-z0-9:]{1,20})="([^"<>&\n\t]{0,200})"')
_ROW_HEADS = re.compile(r'<row r="[0-9]+"([^<>]*)>')
_FORMULAS = re.compile(r"<f( [^<>]*)>")
_FORMULA = re.compile(r"<f[^<>]*>[^<]*</f>")
# Of each cell: its address, style, type, whether there is a formula, its value.
_CELLS = re.compile(
    r'<c r="([A-Z]+[0-9]+)"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?(?: ?/>|>'
    r"(?:(<f)[^<>]*>)?(?:(?:<v>|<is><t[^<>]*>)([^<]*))?)"
)


class Rows(NamedTuple):
    """Rows as usual: all ``cells``, what their formulas fill (references), how many ``elements``.

    ``dyed``: whether an attribute of Excel's is among those of the rows.
    """

    cells: Sequence[Told]
    areas: list[str]
    elements: int
    dyed: bool


def rows_in(text: str) -> Rows | None:
    """What is told of these rows; None: they are not spelled as usual."""
    if _ROWS.fullmatch(text) is None:
        return None
    told = _FORMULAS.findall(text) if "<f " in text else []
    text = _FORMULA.sub("<f>", text)  # none of them is read
    if not all(map(_is_usual, {*told, *_ROW_HEADS.findall(text)})):
        return None
    filling = (one for one in told if 't="array"' in one or "dataTable" in one)
    areas = [dict(_ATTRIBUTE.findall(one)).get("ref", "") for one in filling]
    return Rows(_CELLS.findall(text), areas, text.count("<") - text.count("</"), DYED in text)


def decoded(piece: bytes) -> str | None:
    """A piece as text, if it is in UTF-8 and holds no sign that may not be there."""
    if piece.translate(None, _ALLOWED) or any(
        one[:1] in piece and one in piece for one in _STRANGE
    ):
        return None
    signs = piece.count(b"&")
    for name in _KNOWN if signs else ():
        signs -= piece.count(name)
        if not signs:
            break
    try:
        return None if signs else piece.decode("utf-8")
    except UnicodeDecodeError:
        return None


@lru_cache(1_000)
def _is_usual(told: str) -> bool:
    """Whether the attributes of a row or formula are well spelled, known, and there once each."""
    bare = told.removesuffix("/").removesuffix(" ")
    found = _ATTRIBUTE.findall(bare)
    names = [name for name, _ in found]
    length = sum(len(name) + len(value) + 4 for name, value in found)
    return length == len(bare) and len(set(names)) == len(names) and _NAMES.issuperset(names)
