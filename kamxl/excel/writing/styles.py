"""Styles as openpyxl keeps them: one cell format per ``Style``, made once per workbook."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import BUILTIN_FORMATS_MAX_SIZE, BUILTIN_FORMATS_REVERSE

from kamxl.forms.paper.book import Conditional
from kamxl.forms.paper.style import FONT, Style

_SIDES = {"t": "top", "b": "bottom", "l": "left", "r": "right"}
# The schema's order of a font's parts; openpyxl writes another, which Microsoft's validator
# faults.
_FONT_ORDER = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)


class StyleBook:
    """The cell formats of one workbook.

    Each style has two formats side by side, the second with ``quotePrefix``: a text that begins
    like a formula is written with it, so that editing the cell keeps it a text. Both are there from
    the start because which texts come is known only when the layout is rendered.
    """

    def __init__(self, workbook: Workbook) -> None:
        self._book: Any = workbook  # the tables below are openpyxl's own and not in its stubs
        self._known: dict[Style, int] = {}
        self._seen: dict[int, int] = {}  # by identity: hashing a Style for each cell would be slow

    def index(self, style: Style) -> int:
        """The index of a style's format; the one after it is its quoted twin."""
        found = self._seen.get(id(style))
        if found is None:
            found = self._known.get(style)
            if found is None:
                found = self._known[style] = self._add(style)
            self._seen[id(style)] = found
        return found

    def _add(self, style: Style) -> int:
        book = self._book
        ids = [
            book._fonts.add(_font(style)),
            book._fills.add(_fill(style)),
            book._borders.add(_border(style)),
            self._format(style.format),
            book._protections.add(Protection(locked=style.locked)),
            book._alignments.add(_alignment(style)),
            0,
        ]
        first: int = book._cell_styles.add(StyleArray([*ids, 0, 0]))
        second: int = book._cell_styles.add(StyleArray([*ids, 1, 0]))
        if second != first + 1:
            raise AssertionError("a style and its quoted twin must be neighbours")
        return first

    def _format(self, code: str) -> int:
        if code in BUILTIN_FORMATS_REVERSE:
            return BUILTIN_FORMATS_REVERSE[code]
        added: int = self._book._number_formats.add(code)
        return BUILTIN_FORMATS_MAX_SIZE + added


def _font(style: Style) -> Font:
    return Font(
        name=FONT,
        family=2,
        sz=style.size,
        b=style.bold or None,
        i=style.italic or None,
        u="single" if style.underline else None,
        color="FF" + style.color,
    )


def _fill(style: Style) -> PatternFill:
    if style.fill is None:
        return PatternFill()
    return PatternFill(patternType="solid", fgColor="FF" + style.fill)


def _border(style: Style) -> Border:
    side = Side(style=style.edge, color="FF" + style.line)
    sides: dict[str, Any] = {_SIDES[letter]: side for letter in style.borders}
    return Border(**sides)


def _alignment(style: Style) -> Alignment:
    # Excel ignores an indent unless the text is aligned to a side.
    align = style.align or ("left" if style.indent else None)
    return Alignment(
        horizontal=align,
        vertical=style.valign,
        wrap_text=style.wrap or None,
        indent=style.indent,
        text_rotation=style.rotation or None,
    )


def differential(rule: Conditional) -> DifferentialStyle:
    """The look a conditional format adds (its fill needs the *background* colour)."""
    font = fill = None
    if rule.color or rule.bold is not None:
        font = Font(color="FF" + rule.color if rule.color else None, b=rule.bold)
    if rule.fill:
        fill = PatternFill(bgColor="FF" + rule.fill)
    return DifferentialStyle(font=font, fill=fill)


def order_fonts(tree: Any) -> None:
    """Put the parts of every font of a stylesheet into the schema's order."""
    for font in tree.iter():
        if str(font.tag).rpartition("}")[2] == "font":
            font[:] = sorted(font, key=lambda part: _FONT_ORDER.index(part.tag.rpartition("}")[2]))
