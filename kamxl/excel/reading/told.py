"""The cells of a sheet as its file tells of them: each is made when somebody asks for it.

Most of a card is nobody's answer, and of most of its cells only the text is looked at.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from functools import lru_cache
from itertools import islice
from typing import TypeVar, overload

from kamxl.excel.reading.parts import Strings
from kamxl.excel.reading.xml import unescape
from kamxl.forms.paper.raw import Place, RawCell, RawCells, RawKind

Told = tuple[str, str, str, str, str]  # address, style ("": the first), type, "<f" or "", value

T = TypeVar("T")

_TEXTS = frozenset({"s", "str", "inlineStr"})
_SHORT = 60  # letters of a text that is worth remembering ...
_FEW = 2_000  # ... in a sheet of no more cells: others have too many that are not alike
_PLAIN = frozenset({"", "n", "e"})  # types whose values are their texts
_ENTITIES = (("&quot;", '"'), ("&gt;", ">"), ("&lt;", "<"), ("&apos;", "'"), ("&amp;", "&"))
ENTITIES = tuple(name for name, _ in _ENTITIES)


class ToldCells(RawCells):
    """Cells with content by their places; ``told`` was proved: each value is of its type.

    ``results`` fill the area of an array formula, ``covered`` lie under merged cells.
    """

    def __init__(
        self,
        told: dict[Place, Told],
        strings: Strings,
        styles: Mapping[str, tuple[str, bool]],
        since_1904: bool = False,
    ) -> None:
        self._told, self._strings, self._styles = told, strings, styles
        self._since_1904 = since_1904
        self._results: frozenset[Place] = frozenset()
        self._covered: frozenset[Place] = frozenset()
        self._whole: dict[Place, RawCell] | None = None

    def mark(self, results: Iterable[Place], covered: Iterable[Place]) -> None:
        """Say which cells are results of a formula elsewhere, and which nobody sees."""
        self._results, self._covered = frozenset(results), frozenset(covered)

    def __getitem__(self, place: Place) -> RawCell:
        if self._whole is not None:
            return self._whole[place]
        return self._cell(place, self._told[place])

    @overload
    def get(self, key: Place, /) -> RawCell | None: ...

    @overload
    def get(self, key: Place, /, default: RawCell | T) -> RawCell | T: ...

    def get(self, key: Place, /, default: object = None) -> object:
        """The cell there, as of any mapping."""
        if self._whole is not None:
            return self._whole.get(key, default)
        told = self._told.get(key)
        return default if told is None else self._cell(key, told)

    def __contains__(self, place: object) -> bool:
        return place in self._told

    def __iter__(self) -> Iterator[Place]:
        return iter(self._told)

    def __len__(self) -> int:
        return len(self._told)

    def items(self) -> ItemsView[Place, RawCell]:
        """All cells: now each of them is made."""
        return self._all().items()

    def values(self) -> ValuesView[RawCell]:
        """The same without their places."""
        return self._all().values()

    def _all(self) -> dict[Place, RawCell]:
        if self._whole is None:
            self._whole = {place: self._cell(place, told) for place, told in self._told.items()}
        return self._whole

    def texts(self) -> dict[Place, str]:
        """The text of each cell that has one."""
        shared, found = self._strings.texts, {}
        for place, told in self._told.items():
            _, _, kind, _, value = told
            if value:
                plain = kind in _PLAIN
                text = value if plain else shared[int(value)] if kind == "s" else self._text(told)
                if text:
                    found[place] = text
        return found

    def words(self, most: int) -> list[tuple[Place, str]]:
        """Those of the first cells that hold a text which no formula made."""
        results = self._results
        return [
            (place, self._text(told))
            for place, told in islice(self._told.items(), most)
            if told[2] in _TEXTS and not told[3] and place not in results
        ]

    def _text(self, told: Told) -> str:
        _, _, kind, _, value = told
        if kind == "s" and value:
            return self._strings.texts[int(value)]
        if kind == "b" and value:
            return "TRUE" if value == "1" else "FALSE"
        return said(value) if kind in _TEXTS else value

    def _cell(self, place: Place, told: Told) -> RawCell:
        _, style, kind, formula, value = told
        code, struck = self._styles[style or "0"]
        if kind == "s" and value:
            struck = self._strings.struck.get(int(value), struck)
        looks = (code, bool(formula) or place in self._results, struck, place in self._covered)
        few = len(self._told) <= _FEW
        if value and kind in ("", "n"):
            made = _number if few else _a_number
            return made(value, *looks, self._since_1904)
        what = RawKind.TEXT
        if value and kind not in _TEXTS:
            what = RawKind.BOOLEAN if kind == "b" else RawKind.ERROR
        text = self._text(told)
        alike = few and len(text) <= _SHORT
        return _alike(what, text, None, *looks) if alike else RawCell(what, text, None, *looks)


def _a_number(
    text: str, code: str, formula: bool, struck: bool, covered: bool, since_1904: bool
) -> RawCell:
    number = float(text)
    return RawCell(RawKind.NUMBER, text, number, code, formula, struck, covered, since_1904)


# Formulas without a result, our own labels, what people answer.
_alike, _number = lru_cache(5_000)(RawCell), lru_cache(5_000)(_a_number)


def said(text: str) -> str:
    """A text as it was meant: entities and escapes resolved."""
    return unescape(resolved(text))


def resolved(text: str) -> str:
    """A text with its entities resolved."""
    if "&" in text:
        for name, sign in _ENTITIES:
            text = text.replace(name, sign)
    return text
