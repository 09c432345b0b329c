"""Rows and cells as XML: every formula with its stored value, every text a shared string."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from kamxl.excel.writing.filling import Filling
from kamxl.excel.writing.xmltext import cell_text, escape
from kamxl.forms.paper.book import RISKY, Content, Formula, Scalar, Slot
from kamxl.forms.paper.parts import fitted
from kamxl.forms.paper.style import Style

ERRORS = frozenset(
    ["#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"]
)
_EPOCH = date(1899, 12, 30)
_PLAIN = 10**15


@dataclass(frozen=True, slots=True)
class Place:
    """One cell as it will be written: address, style index, content.

    The style index after it is the same style with ``quotePrefix`` (see ``styles``).
    """

    address: str
    style: int
    content: Content


@dataclass(frozen=True, slots=True)
class Rows:
    """The cells of one sheet, rows in order; ``heights`` are in points, of ``fitting`` rows only
    until somebody types: then a program makes them as high as the text is. ``wrapping`` are the
    cells of these rows whose texts are given when the card is made: content, column width, style.
    ``given`` are rows whose height is.
    """

    rows: tuple[tuple[int, tuple[Place, ...]], ...]
    heights: Mapping[int, float]
    fitting: frozenset[int] = frozenset()
    wrapping: Mapping[int, Sequence[tuple[Content, float, Style]]] = field(default_factory=dict)
    given: Mapping[int, Slot] = field(default_factory=dict)

    def head(self, number: int, value: Callable[[Content], Scalar]) -> str:
        """How a row begins; ``value`` tells what is put into a slot."""
        height = self.heights.get(number)
        if height is None:
            return f'<row r="{number}">'
        if number in self.given:
            height = _points(value(self.given[number]))
        elif number in self.wrapping:
            height = fitted(self.wrapping[number], value, height)
        fixed = "" if number in self.fitting else ' customHeight="1"'
        return f'<row r="{number}" ht="{height:g}"{fixed}>'

    def fill(self, filling: Filling) -> str:
        """The sheet's rows with their values."""
        out = ["<sheetData>"]
        out.extend([self.row(number, places, filling) for number, places in self.rows])
        out.append("</sheetData>")
        return "".join(out)

    def row(self, number: int, places: Sequence[Place], filling: Filling) -> str:
        """One row with its values."""
        cells = "".join([cell(place, filling) for place in places])
        return f"{self.head(number, filling.value)}{cells}</row>"


def _points(height: Scalar) -> float:
    if not isinstance(height, int | float):
        raise TypeError(f"{height!r} is no height of a row")
    return height


@dataclass(frozen=True, slots=True)
class Strings:
    """The shared strings; rendered after all rows, which number them."""

    def fill(self, filling: Filling) -> str:
        items = "".join([f"<si>{_item(text)}</si>" for text in filling.strings])
        counts = f'count="{filling.uses}" uniqueCount="{len(filling.strings)}"'
        return f"{counts}>{items}</sst>"


def _item(text: str) -> str:
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<t{keep}>{text}</t>"


def cell(place: Place, filling: Filling) -> str:
    """One cell with its value."""
    content = place.content
    return held(place, filling.given(content) if isinstance(content, Slot) else content, filling)


def held(place: Place, content: Scalar | Formula, filling: Filling) -> str:
    """A cell that holds this: its own content, or what was given for its slot."""
    head = f'<c r="{place.address}" s="{place.style}"'
    if content is None or content == "":
        return head + "/>"
    if isinstance(content, str):
        return _text(place, content, filling)
    if isinstance(content, Formula):
        return head + calculated(place, formula_text(content), filling.value(content))
    return head + _number(place, content, filling)


def looks(place: Place, text: str) -> int:
    """The style of a cell with a text: quoted where it might be taken for a formula."""
    return place.style + 1 if text.startswith(RISKY) else place.style


def _text(place: Place, text: str, filling: Filling) -> str:
    index = filling.shared(cell_text(text))
    return f'<c r="{place.address}" s="{looks(place, text)}" t="s"><v>{index}</v></c>'


def _number(place: Place, value: bool | float | date, filling: Filling) -> str:
    if isinstance(value, bool):
        return f' t="b"><v>{value:d}</v></c>'
    if isinstance(value, date) and serial(value) is None:
        index = filling.shared(value.isoformat())
        return f' t="s"><v>{index}</v></c>'
    return f"><v>{number_text(value, place.address)}</v></c>"


def formula_text(formula: Formula) -> str:
    """A formula as it stands before its value."""
    return f"<f>{escape(formula.text)}</f>"


def calculated(place: Place, text: str, value: Scalar) -> str:
    """The rest of a cell with a formula (``formula_text``), from its type to its end."""
    if value is None:
        raise ValueError(f"{place.address}: the formula has no value to store: {text}")
    if isinstance(value, bool):
        return f' t="b">{text}<v>{value:d}</v></c>'
    if value == "":  # most of them, until somebody types
        return f' t="str">{text}<v></v></c>'
    if isinstance(value, str):
        kind = "e" if value in ERRORS else "str"
        return f' t="{kind}">{text}<v>{cell_text(value)}</v></c>'
    return f">{text}<v>{number_text(value, place.address)}</v></c>"


def number_text(value: float | date, where: str = "") -> str:
    """A number as it stands in a file; ValueError: it is none that a file can hold."""
    if (
        value.__class__ is int and -_PLAIN < value < _PLAIN
    ):  # most are, and nothing else need be asked
        return str(value)
    number: float | None = serial(value) if isinstance(value, date) else value
    try:
        if number is not None and math.isfinite(number):
            # repr() keeps every digit; a whole number goes without ".0", and never as "-0".
            whole = isinstance(number, int) or (number.is_integer() and abs(number) < 1e15)
            return str(int(number)) if whole else repr(float(number))
    except OverflowError:
        pass
    raise ValueError(f"{where}: {value!r} is no number a workbook can hold")


def serial(value: date) -> float | None:
    """A date as Excel counts it; None before March 1900, which Excel counts differently."""
    if value.year < 1900 or (value.year == 1900 and value.month < 3):
        return None
    if not isinstance(value, datetime):
        return (value - _EPOCH).days
    if value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    past = value - datetime.combine(_EPOCH, time())
    return past.days + past.seconds / 86_400
