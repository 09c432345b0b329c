"""Formats in memory: reading, setting and carrying them from one book to another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.formula.translate import Translator
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.colors import Color
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange

from tests.engines.backend import MIXED
from tests.engines.cells import Box

_ACROSS = {"centerContinuous": "center_across_selection", None: "general"}


def plain() -> StyleArray:
    """The style of a cell nobody touched."""
    return StyleArray()


def _key(cell: Cell | None) -> bytes:
    return bytes(cell._style or plain()) if cell is not None else b""


def _hex(colour: Color | None) -> str | None:
    if colour is None:
        return None
    if colour.type == "theme" and colour.theme == 1 and not colour.tint:
        return "000000"
    if colour.type == "indexed" and colour.indexed in (8, 64):
        return "000000"
    if colour.type != "rgb":
        raise NotImplementedError(f"a colour by {colour.type}")
    return str(colour.rgb)[-6:].upper()


_GET: dict[str, Callable[[Any], Any]] = {
    "number_format": lambda cell: cell.number_format,
    "bold": lambda cell: bool(cell.font.b),
    "italic": lambda cell: bool(cell.font.i),
    "size": lambda cell: float(cell.font.sz or 11),
    "font_name": lambda cell: cell.font.name,
    "font_color": lambda cell: _hex(cell.font.color) or "000000",
    "fill": lambda cell: _hex(cell.fill.fgColor) if cell.fill.fill_type == "solid" else None,
    "wrap": lambda cell: bool(cell.alignment.wrap_text),
    "horizontal": lambda cell: _ACROSS.get(cell.alignment.horizontal, cell.alignment.horizontal),
    "vertical": lambda cell: cell.alignment.vertical or "bottom",
}


def get_style(rows: Iterable[Iterable[Cell | None]], style: str) -> Any:
    """The format all cells have, or MIXED."""
    get, known, found = _GET[style], dict[bytes, Any](), list[Any]()
    for row in rows:
        for cell in row:
            key = _key(cell)
            if key not in known:
                blank = cell if cell is not None else _Blank
                known[key] = get(blank)
                found += [known[key]] if known[key] not in found else []
    return found[0] if len(found) == 1 else MIXED


class _Blank:
    """A cell that is not there looks like this."""

    number_format = "General"
    font = Font(name="Calibri", sz=11)
    fill = PatternFill()
    alignment = Alignment()


def _font(cell: Any, **change: Any) -> None:
    font = copy(cell.font)
    for key, value in change.items():
        setattr(font, key, value)
    cell.font = font


def _aligned(cell: Any, **change: Any) -> None:
    alignment = copy(cell.alignment)
    for key, value in change.items():
        setattr(alignment, key, value)
    cell.alignment = alignment


def _filled(cell: Any, value: str | None) -> None:
    cell.fill = PatternFill("solid", fgColor=value) if value else PatternFill()


_NAMES = {name: own for own, name in _ACROSS.items()}
_SET: dict[str, Callable[[Any, Any], None]] = {
    "number_format": lambda cell, value: setattr(cell, "number_format", value),
    "quoted": lambda cell, value: setattr(cell._style, "quotePrefix", int(value)),
    "bold": lambda cell, value: _font(cell, b=bool(value)),
    "italic": lambda cell, value: _font(cell, i=bool(value)),
    "size": lambda cell, value: _font(cell, sz=value),
    "font_name": lambda cell, value: _font(cell, name=value, scheme=None),
    "font_color": lambda cell, value: _font(cell, color=value),
    "fill": _filled,
    "wrap": lambda cell, value: _aligned(cell, wrap_text=bool(value)),
    "horizontal": lambda cell, value: _aligned(cell, horizontal=_NAMES.get(value, value)),
    "vertical": lambda cell, value: _aligned(cell, vertical=value),
}


def set_style(cells: Iterable[Cell], style: str, value: Any) -> None:
    """Set one format; what is alike before is alike after, so each kind is worked out once."""
    known: dict[bytes, StyleArray] = {}
    for cell in cells:
        key = _key(cell)
        if key not in known:
            cell._style = copy(cell._style) or plain()
            _SET[style](cell, value)
            known[key] = cell._style
        cell._style = copy(known[key])


def paste_formats(source: Any, box: Box, target: Any, place: Box) -> None:
    """Formats and rules of conditional formats, from any book; sizes stay as they are."""
    known: dict[bytes, StyleArray] = {}
    cells = source._cells
    for row, at in box.cells():
        cell = cells.get((row, at))
        there = (place.row + row - box.row, place.column + at - box.column)
        if cell is None and there not in target._cells:
            continue
        key = _key(cell)
        if key not in known:
            known[key] = _carried(cell, target.parent) if cell is not None else plain()
        target.cell(*there)._style = copy(known[key])
    rules = _rules_in(source, box)  # before clearing: it may be the same sheet
    clear_rules(target, place)
    for part, origin, rule in rules:
        _add_rule(target, _moved(part, box, place), origin, rule)


def _carried(cell: Cell, book: Any) -> StyleArray:
    if cell.parent.parent is book:
        return copy(cell._style) or plain()
    carrier = Cell(book.worksheets[0], style_array=plain())
    carrier.font, carrier.fill = copy(cell.font), copy(cell.fill)
    carrier.border, carrier.alignment = copy(cell.border), copy(cell.alignment)
    carrier.number_format, carrier.protection = cell.number_format, copy(cell.protection)
    carrier._style.quotePrefix = int(bool(cell.quotePrefix))
    return carrier._style


def _box(part: CellRange) -> Box:
    rows, columns = part.max_row - part.min_row + 1, part.max_col - part.min_col + 1
    return Box(part.min_row, part.min_col, rows, columns)


def _moved(part: Box, box: Box, place: Box) -> Box:
    down, right = place.row - box.row, place.column - box.column
    return part._replace(row=part.row + down, column=part.column + right)


Found = tuple[Box, str, Any]  # the part of a rule's range, the cell its formulas speak of, the rule


def _rules_in(sheet: Any, box: Box) -> list[Found]:
    found: list[Found] = []
    for formatting in sheet.conditional_formatting:
        parts = [_box(part) for part in formatting.sqref.ranges]
        cuts = [cut for part in parts if (cut := part.meet(box))]
        found += [(cut, _first(parts), rule) for cut in cuts for rule in formatting.rules]
    return found


def _first(parts: list[Box]) -> str:
    """The cell that the formulas of a rule speak of."""
    return Box(min(p.row for p in parts), min(p.column for p in parts)).plain


def _add_rule(sheet: Any, place: Box, origin: str, rule: Any) -> None:
    """A rule for other cells; relative references of its formulas keep their distance."""
    first = place.plain.split(":")[0]
    moved = copy(rule)
    moved.formula = [
        Translator("=" + formula, origin=origin).translate_formula(first)[1:]
        for formula in rule.formula
    ]
    sheet.conditional_formatting.add(place.plain, moved)


def clear_rules(sheet: Any, box: Box) -> None:
    """No rule holds for these cells any more; around them it still does."""
    kept = sheet.conditional_formatting._cf_rules
    for formatting, rules in list(kept.items()):
        parts = [_box(part) for part in formatting.sqref.ranges]
        if not any(part.meet(box) for part in parts):
            continue
        del kept[formatting]
        for rest in (rest for part in parts for rest in part.without(box)):
            for rule in rules:
                _add_rule(sheet, rest, _first(parts), rule)


def restyled(formula: str, origin: str, at: tuple[int, int]) -> str:
    """A formula as it reads at another place."""
    there = f"{get_column_letter(at[1])}{at[0]}"
    return str(Translator(formula, origin=origin).translate_formula(there))
