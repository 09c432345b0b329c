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
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

from kamxl.excel.reading.between import outline_of
from kamxl.excel.reading.limits import Meter
from kamxl.excel.reading.parts import Strings
from kamxl.excel.reading.rows import DYED, FORMULA_NAMES, ROW_NAMES, T, decoded, rows_in
from kamxl.excel.reading.told import Content, Look, ToldCells, resolved, said
from kamxl.forms.paper.raw import Place, place_of

_STRINGS = re.compile(
    r'<sst xmlns="http://schemas\.openxmlformats\.org/spreadsheetml/2006/main"'
    r'(?: count="[0-9]{1,9}")?(?: uniqueCount="[0-9]{1,9}")?>'
    rf"((?:<si>{T}</si>|<si><t ?/></si>)*+)</sst>[ \n]*"
)

_FIRST = re.compile(
    rb'<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?'
    rb'(?: standalone="(?:yes|no)")? ?\?>[ \r\n]*'
)
_BEGIN = re.compile(rb"<[A-Za-z]|" + _FIRST.pattern)  # of what is in UTF-8: the others say so
_BLANK = '{}="" '.format
_OPEN, _CLOSE, _DATA = b"<sheetData>", b"</sheetData>", b"sheetData"
_STAND_IN = (
    f'<row r="" {"".join(map(_BLANK, ROW_NAMES))}><c r="" s="" t="">'
    f'<f {"".join(map(_BLANK, FORMULA_NAMES))}/><v/><is><t xml:space=""/></is></c></row>'
)
_STOOD_IN = 6  # elements of it
_DEPTH, _ATTRIBUTES = 3, 2  # of the texts
_TAG = 10_000  # letters: no tag that matches is longer
_PIECE, _MOST = 500_000, 2_000_000  # bytes of rows that are read at a time; of one row and them

_PAGE_WORDS = re.compile(rb"<((?:odd|even|first)(?:Header|Footer))>([^<]*)</\1>")
# Excel and LibreOffice make these anew with each saving.
_IDS = re.compile(
    rb'\{(?:(?<= id="\{)|(?<= xr:uid="\{)|(?<=<x14:id>\{))'
    rb'[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}(?=["<])'
)
_NO_ID = b"{00000000-0000-0000-0000-000000000000}"
_ITEM = re.compile(r"<si><t[^<>]*>(?:([^<]*)</t>)?</si>")


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
    if not rows.take_known(content, begin, end):
        for piece in _pieces(content, begin, end):
            if piece is None or not rows.take(piece):
                return None
    if rows.count != len(rows.addresses):
        return None
    stand_in = _STAND_IN.replace(" ph=", f' {DYED}="" ph=', 1) if rows.dyed else _STAND_IN
    meter.elements -= _STOOD_IN
    cells = ToldCells(rows.content(), strings, styles, since_1904)
    head, tail = content[:begin], content[end:]
    if b"<!" not in head and b"<!" not in tail and b"<?" not in tail:
        head, tail = (_IDS.sub(_NO_ID, one) for one in (head, tail))
        tail = _PAGE_WORDS.sub(_unsaid, tail)
    return Sheet(cells, rows.areas, head + stand_in.encode() + tail)


@dataclass(frozen=True)
class Sheet:
    """The cells with content, what its formulas fill (references), and the part without its rows:

    in their place stand elements of the same names, as deep as they are. The words at the edges of
    pages and the ids of looks, which nobody reads, are left out: often they are all that differs
    from other cards.
    """

    cells: ToldCells
    areas: Sequence[str]
    rest: bytes


class _Rows:
    """Takes the rows of one sheet, piece by piece."""

    def __init__(
        self, strings: Strings, styles: Mapping[str, tuple[str, bool]], meter: Meter
    ) -> None:
        self.strings, self.styles, self.meter = strings, styles, meter
        self.places: list[Place] = []
        self.looks: list[Look] = []
        self.values: list[str] = []
        self.index: Mapping[Place, int] | None = None
        self.filled = True  # whether each of these holds something, or is a formula
        self.areas: list[str] = []
        self.same: dict[Look, Look] = {}
        self.addresses: set[str] = set()
        self.count = 0
        self.dyed = False

    def take_known(self, content: bytes, begin: int, end: int) -> bool:
        """Take all rows at once, if all but their values is known; else nothing is taken."""
        if end - begin > _PIECE or _BEGIN.match(content) is None:
            return False
        found = outline_of(content[begin:end])
        if found is None:
            return False
        outline, values = found
        shared = outline.shared(values)
        before = self.meter.counted()
        if not self._counted(outline.styles, shared, values, outline.count, outline.elements):
            self.meter.count_from(before)
            return False
        self.index, self.looks, self.values = outline.index, outline.looks, values
        self.filled = "" not in compress(values, outline.typed)
        self.areas, self.dyed = [*outline.areas], outline.dyed
        return True

    def take(self, text: str) -> bool:
        """Take these rows; False: they are not as usual, or one more than may be."""
        rows = rows_in(text)
        if rows is None:
            return False
        self.dyed = self.dyed or rows.dyed
        self.areas += rows.areas
        found = rows.cells
        addresses, styles, kinds, formulas, values = zip(*found, strict=True) if found else [()] * 5
        shared = [int(value) for kind, value in zip(kinds, values, strict=True)
                  if kind == "s" and value]  # fmt: skip
        used = {style or "0" for style in set(styles)}
        if not self._counted(used, shared, values, len(found), rows.elements):
            return False
        self.count += len(addresses)
        self.addresses.update(addresses)
        content = [bool(one or other) for one, other in zip(values, formulas, strict=True)]
        looks = compress(zip(styles, kinds, formulas, strict=True), content)
        self.places += map(_place, compress(addresses, content))
        self.looks += [self.same.setdefault(one, one) for one in looks]
        self.values += compress(values, content)
        return True

    def _counted(
        self,
        used: Set[str],
        shared: Sequence[int],
        values: Sequence[str],
        cells: int,
        elements: int,
    ) -> bool:
        """Whether the styles and texts are there to which cells point, and nothing is too much."""
        texts, meter, most = self.strings.texts, self.meter, self.meter.limits
        if not self.styles.keys() >= used or (shared and max(shared) >= len(texts)):
            return False
        meter.cells += cells
        meter.elements += elements
        meter.text += _length(values)
        meter.shown += sum([len(texts[index]) for index in shared])
        return (
            meter.cells <= most.cells
            and meter.elements <= most.elements
            and meter.text <= most.text
            and meter.shown <= most.shown
        )

    def content(self) -> Content:
        """What is told of cells that hold something."""
        index = self.index
        if index is None:
            index = {place: at for at, place in enumerate(self.places)}
        found = Content(index, self.looks, self.values)
        blank = self.strings.blank
        return found.filled(blank) if blank or not self.filled else found


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
    return decoded(content[begin:end])


def _unsaid(found: re.Match[bytes]) -> bytes:
    """An element without its text, if that is a text and nothing else."""
    return found[0] if decoded(found[2]) is None else b"<%b></%b>" % (found[1], found[1])


_place = lru_cache(10_000)(place_of)


def _length(texts: Sequence[str]) -> int:
    """How many letters these are, once entities are resolved."""
    whole = "<".join(texts)
    if not whole:
        return 0
    return len(resolved(whole)) - whole.count("<")
