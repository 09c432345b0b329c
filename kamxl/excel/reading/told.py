"""The cells of a sheet as its file tells of them: each is made when somebody asks for it.

Most of a card is nobody's answer, and of most of its cells only the text is looked at.
"""

from __future__ import annotations

from collections.abc import (
    Container,
    ItemsView,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    ValuesView,
)
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TypeVar, overload

from kamxl.excel.reading.parts import Strings
from kamxl.excel.reading.xml import unescape
from kamxl.forms.paper.raw import Place, RawCell, RawCells, RawKind

Told = tuple[str, str, str, str, str]  # address, style ("": the first), type, "<f" or "", value
Look = tuple[str, str, str]  # of those, what is neither an address nor a value


@dataclass(frozen=True, slots=True)
class Content:
    """Of the cells of a sheet: which by its place, and the looks and values of each.

    ``index`` and ``looks`` may be those of other sheets as well.
    """

    index: Mapping[Place, int]
    looks: Sequence[Look]
    values: Sequence[str]

    def filled(self, blank: Container[int]) -> Content:
        """Those that hold something: no formula is what shows none; ``blank``: empty texts."""
        every = enumerate(zip(self.looks, self.values, strict=True))
        kept = [
            at
            for at, ((_, kind, formula), value) in every
            if formula or (value and not (kind == "s" and int(value) in blank))
        ]
        if len(kept) == len(self.values):
            return self
        places = list(self.index)
        index = {places[n]: at for at, n in enumerate(kept)}
        return Content(index, [self.looks[n] for n in kept], [self.values[n] for n in kept])


T = TypeVar("T")

_TEXTS = frozenset({"s", "str", "inlineStr"})
_SHORT = 60  # letters of a text that is worth remembering ...
_FEW = 2_000  # ... in a sheet of no more cells: others have too many that are not alike
_TRUTHS = {"1": "TRUE", "0": "FALSE"}
_PLAIN = frozenset({"", "n", "e"})  # types whose values are their texts
_ENTITIES = (("&quot;", '"'), ("&gt;", ">"), ("&lt;", "<"), ("&apos;", "'"), ("&amp;", "&"))
ENTITIES = tuple(name for name, _ in _ENTITIES)


class ToldCells(RawCells):
    """Cells with content by their places; ``told`` was proved: each value is of its type.

    ``results`` fill the area of an array formula, ``covered`` lie under merged cells.
    """

    def __init__(
        self,
        told: Content,
        strings: Strings,
        styles: Mapping[str, tuple[str, bool]],
        since_1904: bool = False,
    ) -> None:
        self._index, self._looks, self._values = told.index, told.looks, told.values
        self._strings, self._styles = strings, styles
        self._since_1904 = since_1904
        self._results: frozenset[Place] = frozenset()
        self._covered: frozenset[Place] = frozenset()
        self._made: dict[Place, RawCell] = {}  # those that somebody asked for
        self._texts: dict[Place, str] | None = None
        self._whole = False  # whether these are all of them, in their order

    def mark(self, results: Iterable[Place], covered: Iterable[Place]) -> None:
        """Say which cells are results of a formula elsewhere, and which nobody sees."""
        self._results, self._covered = frozenset(results), frozenset(covered)

    def __getitem__(self, place: Place) -> RawCell:
        cell = self._made.get(place)
        return self._cell(place, self._index[place]) if cell is None else cell

    @overload
    def get(self, key: Place, /) -> RawCell | None: ...

    @overload
    def get(self, key: Place, /, default: RawCell | T) -> RawCell | T: ...

    def get(self, key: Place, /, default: object = None) -> object:
        """The cell there, as of any mapping."""
        cell = self._made.get(key)
        if cell is not None:
            return cell
        at = self._index.get(key)
        return default if at is None else self._cell(key, at)

    def __contains__(self, place: object) -> bool:
        return place in self._index

    def __iter__(self) -> Iterator[Place]:
        return iter(self._index)

    def __len__(self) -> int:
        return len(self._index)

    def items(self) -> ItemsView[Place, RawCell]:
        """All cells: now each of them is made."""
        return self._all().items()

    def values(self) -> ValuesView[RawCell]:
        """The same without their places."""
        return self._all().values()

    def _all(self) -> dict[Place, RawCell]:
        if not self._whole:
            self._made = {place: self[place] for place in self._index}
            self._whole = True
        return self._made

    def texts(self) -> Mapping[Place, str]:
        """The text of each cell that has one."""
        if self._texts is None:
            self._texts = self._all_texts()
        return self._texts

    def _all_texts(self) -> dict[Place, str]:
        shared, found = self._strings.texts, {}
        for place, (_, kind, _), value in zip(self._index, self._looks, self._values, strict=True):
            if kind in _PLAIN:
                text = value
            elif not value:
                continue
            elif kind == "s":
                text = shared[int(value)]
            else:
                text = _TRUTHS[value] if kind == "b" else said(value)
            if text:
                found[place] = text
        return found

    def words(self, most: int) -> list[tuple[Place, str]]:
        """Those of the first cells that hold a text which no formula made."""
        results, texts = self._results, self.texts()
        return [
            (place, texts.get(place, ""))
            for place, (_, kind, formula) in islice(
                zip(self._index, self._looks, strict=True), most
            )
            if kind in _TEXTS and not formula and place not in results
        ]

    def _text(self, kind: str, value: str) -> str:
        if kind == "s" and value:
            return self._strings.texts[int(value)]
        if kind == "b" and value:
            return _TRUTHS[value]
        return said(value) if kind in _TEXTS else value

    def _cell(self, place: Place, at: int) -> RawCell:
        """A cell, made once."""
        (style, kind, formula), value = self._looks[at], self._values[at]
        code, struck = self._styles[style or "0"]
        if kind == "s" and value:
            struck = self._strings.struck.get(int(value), struck)
        looks = (code, bool(formula) or place in self._results, struck, place in self._covered)
        few = len(self._index) <= _FEW
        if value and kind in ("", "n"):
            cell = (_number if few else _a_number)(value, *looks, self._since_1904)
        else:
            text = self._text(kind, value)
            if value and kind not in _TEXTS:
                what = RawKind.BOOLEAN if kind == "b" else RawKind.ERROR
                cell = RawCell(what, text, None, *looks)
            else:
                alike = few and len(text) <= _SHORT
                cell = (_a_text if alike else _text)(text, *looks)
        self._made[place] = cell
        return cell


def _a_number(
    text: str, code: str, formula: bool, struck: bool, covered: bool, since_1904: bool
) -> RawCell:
    number = float(text)
    return RawCell(RawKind.NUMBER, text, number, code, formula, struck, covered, since_1904)


def _text(text: str, code: str, formula: bool, struck: bool, covered: bool) -> RawCell:
    return RawCell(RawKind.TEXT, text, None, code, formula, struck, covered)


# Formulas without a result, our own labels, what people answer.
_a_text, _number = lru_cache(5_000)(_text), lru_cache(5_000)(_a_number)


def said(text: str) -> str:
    """A text as it was meant: entities and escapes resolved."""
    return unescape(resolved(text)) if "&" in text or "_x" in text else text


def resolved(text: str) -> str:
    """A text with its entities resolved."""
    if "&" in text:
        for name, sign in _ENTITIES:
            text = text.replace(name, sign)
    return text
