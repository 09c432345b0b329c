"""Formats in LibreOffice: one property of a range for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.engines.backend import MIXED

if TYPE_CHECKING:
    from tests.engines.office import OfficeBook

_PROPERTIES = {
    "number_format": "NumberFormat",
    "bold": "CharWeight",
    "italic": "CharPosture",
    "size": "CharHeight",
    "font_name": "CharFontName",
    "font_color": "CharColor",
    "fill": "CellBackColor",
    "wrap": "IsTextWrapped",
    "horizontal": "HoriJustify",
    "vertical": "VertJustify",
}
_HORIZONTAL = {
    "STANDARD": "general",
    "LEFT": "left",
    "CENTER": "center",
    "RIGHT": "right",
    "BLOCK": "justify",
    "REPEAT": "fill",
}
_VERTICAL = {0: "bottom", 1: "top", 2: "center", 3: "bottom", 4: "justify"}


def number_format(book: OfficeBook, code: str) -> int:
    """The key of a number format, which is added if it is new."""
    formats, locale = book.document.NumberFormats, book.office.struct("lang.Locale")
    locale.Language, locale.Country = "en", "US"
    key = formats.queryKey(code, locale, False)
    return int(key if key != -1 else formats.addNew(code, locale))


def _colour(value: int) -> str | None:
    return None if value == -1 else f"{value:06X}"


_READ: dict[str, Callable[[OfficeBook, Any], Any]] = {
    "number_format": lambda book, v: str(book.document.NumberFormats.getByKey(v).FormatString),
    "bold": lambda book, v: v > 100,
    "italic": lambda book, v: v.value != "NONE",
    "size": lambda book, v: round(v, 2),
    "font_name": lambda book, v: str(v),
    "font_color": lambda book, v: _colour(v) or "000000",
    "fill": lambda book, v: _colour(v),
    "wrap": lambda book, v: bool(v),
    "horizontal": lambda book, v: _HORIZONTAL[v.value],
    "vertical": lambda book, v: _VERTICAL[v],
}


def get_style(book: OfficeBook, cells: Any, style: str) -> Any:
    """The format all cells have, or MIXED."""
    name = _PROPERTIES[style]
    if cells.getPropertyState(name).value == "AMBIGUOUS_VALUE":
        return MIXED
    return _READ[style](book, cells.getPropertyValue(name))


def _number(colour: str | None) -> int:
    return -1 if colour is None else int(colour, 16)


def _justify(book: OfficeBook, value: str) -> Any:
    name = next((own for own, said in _HORIZONTAL.items() if said == value), None)
    if name is None:
        raise NotImplementedError(f"Range.horizontal_alignment = {value}")
    return book.office.enum("table.CellHoriJustify", name)


def _vertical(book: OfficeBook, value: str) -> int:
    found = {"top": 1, "center": 2, "bottom": 3, "justify": 4}
    if value not in found:
        raise NotImplementedError(f"Range.vertical_alignment = {value}")
    return found[value]


_WRITTEN: dict[str, Callable[[OfficeBook, Any], Any]] = {
    "number_format": number_format,
    "bold": lambda book, v: 150.0 if v else 100.0,
    "italic": lambda book, v: book.office.enum("awt.FontSlant", "ITALIC" if v else "NONE"),
    "size": lambda book, v: float(v),
    "font_name": lambda book, v: str(v),
    "font_color": lambda book, v: _number(v),
    "fill": lambda book, v: _number(v),
    "wrap": lambda book, v: bool(v),
    "horizontal": _justify,
    "vertical": _vertical,
}


def set_style(book: OfficeBook, cells: Any, style: str, value: Any) -> None:
    """Set one format for all cells."""
    cells.setPropertyValue(_PROPERTIES[style], _WRITTEN[style](book, value))
