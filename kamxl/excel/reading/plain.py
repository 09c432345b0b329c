"""The quick way through a sheet and its texts, where they are spelled as the usual programs do.

One pattern describes all that is understood here, character by character; what does not match it
goes the long way (``sheet``, ``parts``), which judges and refuses. Nothing is refused here, nor is
anything taken that the long way would not take, with the same cells and the same counts: where a
rule of the long way cannot be held here, the pattern is narrower than the rule.

What stands around the cells (views, merged cells, rules) goes through the parser of the long way in
any case, with the same elements and names in the place of the cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kamxl.excel.reading.limits import Meter
from kamxl.excel.reading.parts import Strings
from kamxl.excel.reading.told import ENTITIES, Told, ToldCells, resolved, said
from kamxl.forms.paper.raw import Place, place_of

_TEXT = r"[^<]*+"  # its entities, and signs that may not be there, are looked at by themselves
_T = rf'<t(?: xml:space="preserve")?>{_TEXT}</t>'
_F = rf"(?:<f(?: [^<>]*+)?+(?:(?<=/)>|(?<!/)>{_TEXT}</f>)|<f/>)?+"
# Always finite, and without anything around it. Columns end at XFD, rows at 1,048,576.
_NUMBER = r"[+-]?[0-9]{1,40}(?:\.[0-9]{0,40})?(?:[eE][+-]?[0-9]{1,2})?"
_EMPTY = r"(?:<v></v>|<v ?/>)?"
_VALUE = (
    rf'(?: t="n")?>{_F}(?:<v>{_NUMBER}</v>|{_EMPTY})</c>'
    rf'| t="s">{_F}(?:<v>[0-9]{{1,9}}</v>|{_EMPTY})</c>'
    rf'| t="str">{_F}(?:<v>{_TEXT}</v>|{_EMPTY})</c>'
    rf'| t="inlineStr">(?:<is>{_T}</is>)?</c>'
    rf'| t="b">{_F}(?:<v>[01]</v>|{_EMPTY})</c>'
    rf'| t="e">{_F}(?:<v>[#A-Za-z0-9/?!_:]{{1,40}}</v>|{_EMPTY})</c>'
)
_CELL = (
    r'<c r="(?:[A-Z]{1,2}|[A-W][A-Z]{2})\1"(?: s="[0-9]{1,5}")?'
    rf'(?:(?: t="[A-Za-z]{{1,9}}")? ?/>|{_VALUE})'
)
_ROW = rf'<row r="([1-9][0-9]{{0,5}})"[^<>]*+(?:(?<=/)>|(?<!/)>(?:{_CELL})*+</row>)'
_ROWS = re.compile(rf"(?:{_ROW})*+")
_STRINGS = re.compile(
    r'<sst xmlns="http://schemas\.openxmlformats\.org/spreadsheetml/2006/main"'
    r'(?: count="[0-9]{1,9}")?(?: uniqueCount="[0-9]{1,9}")?>'
    rf"((?:<si>{_T}</si>|<si><t ?/></si>)*+)</sst>[ \n]*"
)

_FIRST = re.compile(
    rb'<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?'
    rb'(?: standalone="(?:yes|no)")? ?\?>[ \r\n]*'
)
_BEGIN = re.compile(rb"<[A-Za-z]|" + _FIRST.pattern)  # of what is in UTF-8: the others say so
# What no parser takes, or takes for something else: control characters, ends of lines, "]]>".
_ALLOWED = bytes((*b"\t\n", *range(0x20, 0x100)))
_STRANGE = ("\ufffe".encode(), "\uffff".encode(), b"]]>")
_OPEN, _CLOSE, _DATA = b"<sheetData>", b"</sheetData>", b"sheetData"
_ROW_NAMES = (
    "spans", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed",
    "thickTop", "thickBot", "ph",
)  # fmt: skip
_DYED = "x14ac:dyDescent"  # Excel's, of a namespace that the sheet declares
_FORMULA_NAMES = (
    "t", "ref", "si", "ca", "aca", "bx", "dt2D", "dtr", "r1", "r2", "del1", "del2",
)  # fmt: skip
_BLANK = '{}="" '.format
_NAMES = frozenset((*_ROW_NAMES, _DYED, *_FORMULA_NAMES))
_ATTRIBUTE = re.compile(r' ([A-Za-z0-9:]{1,20})="([^"<>&\n\t]{0,200})"')
_STAND_IN = (
    f'<row r="" {"".join(map(_BLANK, _ROW_NAMES))}><c r="" s="" t="">'
    f'<f {"".join(map(_BLANK, _FORMULA_NAMES))}/><v/><is><t xml:space=""/></is></c></row>'
)
_STOOD_IN = 6  # elements of it
_DEPTH, _ATTRIBUTES = 3, 2  # of the texts
_TAG = 10_000  # letters: no tag that matches is longer
_PIECE, _MOST = 500_000, 2_000_000  # bytes of rows that are read at a time; of one row and them

_ROW_HEADS = re.compile(r'<row r="[0-9]+"([^<>]*)>')
_FORMULAS = re.compile(r"<f( [^<>]*)>")
_FORMULA = re.compile(r"<f[^<>]*>[^<]*</f>")
# Of each cell: its address, style, type, whether there is a formula, its value.
_CELLS = re.compile(
    r'<c r="([A-Z]+[0-9]+)"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?(?: ?/>|>'
    r"(?:(<f)[^<>]*>)?(?:(?:<v>|<is><t[^<>]*>)([^<]*))?)"
)
_PAGE_WORDS = re.compile(rb"<((?:odd|even|first)(?:Header|Footer))>([^<]*)</\1>")
_ITEM = re.compile(r"<si><t[^<>]*>(?:([^<]*)</t>)?</si>")
_KNOWN = tuple(map(str.encode, ENTITIES))


def sheet_in(
    content: bytes,
    strings: Strings,
    styles: Mapping[str, tuple[str, bool]],
    meter: Meter,
    since_1904: bool,
) -> Sheet | None:
    """The cells of a sheet, counted, if all rows are spelled as usual and nothing is too much.

    ``meter`` may have counted a part of them where the answer is None.
    """
    begin, end = content.find(_OPEN), content.rfind(_CLOSE)
    if not (0 <= begin < end and meter.limits.token >= _TAG):
        return None
    begin += len(_OPEN)
    # What lies between is looked at character by character. Elsewhere nothing may be called so:
    # these rows may stand in a comment, or deeper than a sheet's do.
    if content.count(_DATA, 0, begin) > 1 or content.count(_DATA, end) > 1:
        return None
    rows = _Rows(strings, styles, meter)
    for piece in _pieces(content, begin, end):
        if piece is None or not rows.take(piece):
            return None
    if rows.count != len(rows.addresses):
        return None
    stand_in = _STAND_IN.replace(" ph=", f' {_DYED}="" ph=', 1) if rows.dyed else _STAND_IN
    meter.elements -= _STOOD_IN
    cells = ToldCells(rows.without_blank(), strings, styles, since_1904)
    head, tail = content[:begin], content[end:]
    if b"<!" not in head and b"<!" not in tail and b"<?" not in tail:
        tail = _PAGE_WORDS.sub(_unsaid, tail)
    return Sheet(cells, rows.areas, head + stand_in.encode() + tail)


@dataclass(frozen=True)
class Sheet:
    """The cells with content, what its formulas fill (references), and the part without its rows:

    in their place stand elements of the same names, as deep as they are. The words at the edges of
    pages, which nobody reads, are left out: often they are all that differs from other cards.
    """

    cells: ToldCells
    areas: list[str]
    rest: bytes


class _Rows:
    """Takes the rows of one sheet, piece by piece."""

    def __init__(
        self, strings: Strings, styles: Mapping[str, tuple[str, bool]], meter: Meter
    ) -> None:
        self.strings, self.styles, self.meter = strings, styles, meter
        self.told: dict[Place, Told] = {}
        self.areas: list[str] = []
        self.addresses: set[str] = set()
        self.count = 0
        self.dyed = False

    def take(self, rows: str) -> bool:
        """Take these rows; False: they are not as usual, or one more than may be."""
        if _ROWS.fullmatch(rows) is None:
            return False
        told = _FORMULAS.findall(rows) if "<f " in rows else []
        rows = _FORMULA.sub("<f>", rows)  # none of them is read
        if not all(map(_is_usual, {*told, *_ROW_HEADS.findall(rows)})):
            return False
        self.dyed = self.dyed or _DYED in rows
        filling = (one for one in told if 't="array"' in one or "dataTable" in one)
        self.areas += [dict(_ATTRIBUTE.findall(one)).get("ref", "") for one in filling]
        found = _CELLS.findall(rows)
        self.meter.elements += rows.count("<") - rows.count("</")
        self.meter.cells += len(found)
        return not found or self._take(found)

    def _take(self, found: Sequence[Told]) -> bool:
        """Take these cells; False: what one points to is not there, or they are too many."""
        addresses, styles, kinds, _, values = zip(*found, strict=True)
        shared = [int(value) for kind, value in zip(kinds, values, strict=True)
                  if kind == "s" and value]  # fmt: skip
        texts, meter, most = self.strings.texts, self.meter, self.meter.limits
        used = {style or "0" for style in set(styles)}
        if not self.styles.keys() >= used or (shared and max(shared) >= len(texts)):
            return False
        meter.text += _length(values)
        meter.shown += sum([len(texts[index]) for index in shared])
        if (
            meter.cells > most.cells
            or meter.elements > most.elements
            or meter.text > most.text
            or meter.shown > most.shown
        ):
            return False
        self.count += len(addresses)
        self.addresses.update(addresses)
        self.told |= {_place(told[0]): told for told in found if told[4] or told[3]}
        return True

    def without_blank(self) -> dict[Place, Told]:
        """What is told of cells; none of them points to a text of no letters and is no formula."""
        blank = {index for index, text in enumerate(self.strings.texts) if not text}
        if not blank:
            return self.told
        return {
            place: told
            for place, told in self.told.items()
            if told[3] or told[2] != "s" or int(told[4]) not in blank
        }


def _pieces(content: bytes, begin: int, end: int) -> Iterator[str | None]:
    """The rows of a sheet as text, a few at a time, so that not all of it is there twice."""
    while begin < end:
        cut = content.find(b"<row ", begin + _PIECE, end) if end - begin > _PIECE else -1
        cut = end if cut < 0 else cut
        yield _text(content, begin, cut) if cut - begin <= _MOST else None
        begin = cut


def strings_in(content: bytes, meter: Meter) -> Strings | None:
    """The texts that cells point to, if all are spelled as usual and within the limits."""
    first = _FIRST.match(content)
    text = _text(content, first.end() if first else 0, len(content))
    found = _STRINGS.fullmatch(text) if text is not None else None
    if found is None:
        return None
    texts = _ITEM.findall(found[1])
    elements, length = 1 + 2 * len(texts), _length(texts)
    most = meter.limits
    if (
        most.depth < _DEPTH
        or most.attributes < _ATTRIBUTES
        or meter.elements + elements > most.elements
        or meter.text + length > most.text
        or meter.strings + len(texts) > most.strings
    ):
        return None
    meter.elements += elements
    meter.text += length
    meter.strings += len(texts)
    return Strings(list(map(said, texts)))


def _text(content: bytes, begin: int, end: int) -> str | None:
    """A piece of a part as text; None: not surely in UTF-8, or no plain text."""
    if _BEGIN.match(content) is None:
        return None
    return _decoded(content[begin:end])


def _decoded(piece: bytes) -> str | None:
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


def _unsaid(found: re.Match[bytes]) -> bytes:
    """An element without its text, if that is a text and nothing else."""
    return found[0] if _decoded(found[2]) is None else b"<%b></%b>" % (found[1], found[1])


@lru_cache(1_000)
def _is_usual(told: str) -> bool:
    """Whether the attributes of a row or formula are well spelled, known, and there once each."""
    bare = told.removesuffix("/").removesuffix(" ")
    found = _ATTRIBUTE.findall(bare)
    names = [name for name, _ in found]
    length = sum(len(name) + len(value) + 4 for name, value in found)
    return length == len(bare) and len(set(names)) == len(names) and _NAMES.issuperset(names)


_place = lru_cache(10_000)(place_of)


def _length(texts: Sequence[str]) -> int:
    """How many letters these are, once entities are resolved."""
    whole = "<".join(texts)
    if not whole:
        return 0
    return len(resolved(whole)) - whole.count("<")
