"""What a book's description must keep to, checked before anything is drawn.

A breach is a mistake in a form, not in anybody's data: it raises ValueError and says where.
"""

from __future__ import annotations

import re
from itertools import combinations

from kamxl.excel.writing.filling import check_name
from kamxl.excel.writing.references import Area, area, areas
from kamxl.excel.writing.xmltext import units
from kamxl.forms.paper.book import Book, Chart, Conditional, Formula, Name, Sheet, Table, Validation
from kamxl.forms.paper.packed import loose

# Excel allows an apostrophe inside a title, but Gnumeric cannot read references to such a sheet.
_BAD_IN_TITLE = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_LONGEST_FORMULA = 8192
_LITERALS = re.compile(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'')
_BRACKETS = re.compile(r"[()]")
_STYLE_COLOR = re.compile(r"[0-9A-Fa-f]{6}")


def check(book: Book) -> None:
    """ValueError unless a book can be drawn as a valid workbook."""
    if not book.sheets:
        raise ValueError("a book needs a sheet")
    if not 0 <= book.active < len(book.sheets):
        raise ValueError(f"there is no sheet number {book.active} to open")
    _check_titles(book)
    titles = {sheet.title for sheet in book.sheets}
    for sheet in book.sheets:
        try:
            _check_sheet(sheet, titles)
        except ValueError as error:
            raise ValueError(f"sheet {sheet.key!r}: {error}") from error
    _check_names(book.names, titles)
    _check_tables(book)


def _check_titles(book: Book) -> None:
    seen: set[str] = set()
    for sheet in book.sheets:
        title = sheet.title
        wrong = not title or units(title) > 31 or _BAD_IN_TITLE.search(title)
        if wrong or title.casefold() == "history":
            raise ValueError(f"{title!r} cannot be the title of a sheet")
        if title.casefold() in seen:
            raise ValueError(f"two sheets are called {title!r}")
        seen.add(title.casefold())


def _check_sheet(sheet: Sheet, titles: set[str]) -> None:
    for (row, column), cell in loose(sheet).items():
        if isinstance(cell.content, Formula):
            check_formula(cell.content.text, _LONGEST_FORMULA)
        if cell.link is not None:
            _in_book(area(cell.link.removeprefix("#")), titles)
        if row < 1 or column < 1:
            raise ValueError(f"there is no cell in row {row}, column {column}")
    for validation in sheet.validations:
        _check_validation(validation)
    for conditional in sheet.conditionals:
        _check_conditional(conditional)
    for chart in sheet.charts:
        _check_chart(chart, titles)
    for reference in (sheet.print_area, sheet.autofilter, sheet.freeze, sheet.active_cell):
        if reference is not None:
            area(reference)


def check_formula(text: str, longest: int) -> None:
    """ValueError unless a formula is written as these workbooks need it."""
    if not text or text.startswith("=") or units(text) > longest:
        raise ValueError(f"a formula is empty, begins with '=' or is too long: {text[:60]!r}")
    depth = 0
    for bracket in _BRACKETS.findall(_LITERALS.sub("", text)):
        depth += 1 if bracket == "(" else -1
        if depth < 0:
            break
    if depth:
        raise ValueError(f"parentheses do not match in {text[:60]!r}")


def _check_validation(validation: Validation) -> None:
    areas(validation.ranges)
    limits = (
        (validation.prompt_title, 32),
        (validation.prompt, 255),
        (validation.error_title, 32),
        (validation.error, 255),
    )
    for text, limit in limits:
        if units(text) > limit:
            raise ValueError(f"a validation's text has over {limit} characters: {text[:40]!r}")
    if validation.kind != "none":
        check_formula(validation.formula, 255)
    if validation.formula2:
        check_formula(validation.formula2, 255)


def _check_conditional(rule: Conditional) -> None:
    areas(rule.ranges)
    if rule.kind == "formula":
        check_formula(rule.formula, 255)
        if not rule.fill and not rule.color and rule.bold is None:
            raise ValueError(f"a conditional format changes nothing: {rule.formula!r}")
    for color in (rule.fill, rule.color, rule.low, rule.middle, rule.high):
        if color is not None and not _STYLE_COLOR.fullmatch(color):
            raise ValueError(f"{color!r} is no colour")


def _check_chart(chart: Chart, titles: set[str]) -> None:
    first, last = area(chart.top_left), area(chart.bottom_right)
    if last.row <= first.row or last.column <= first.column:
        raise ValueError(f"a chart has no size: {chart.top_left} to {chart.bottom_right}")
    if not chart.series:
        raise ValueError("a chart has no series")
    for series in chart.series:
        for reference in (series.values, series.categories, series.title_ref, series.sizes):
            if reference is not None:
                _in_book(area(reference), titles)
        if chart.kind in ("scatter", "bubble") and series.categories is None:
            raise ValueError(f"a {chart.kind} chart needs x values (categories)")
        if chart.kind == "bubble" and series.sizes is None:
            raise ValueError("a bubble chart needs sizes")


def _in_book(found: Area, titles: set[str]) -> None:
    if found.sheet not in titles:
        raise ValueError(f"there is no sheet {found.sheet!r} to refer to")


def _check_names(names: list[Name], titles: set[str]) -> None:
    for name in names:
        if isinstance(name.name, str):
            check_name(name.name)
        _in_book(area(name.ref), titles)


def _check_tables(book: Book) -> None:
    taken = {name.name.casefold() for name in book.names if isinstance(name.name, str)}
    for sheet in book.sheets:
        for table in sheet.tables:
            check_name(table.name)
            if table.name.casefold() in taken:
                raise ValueError(f"the table name {table.name!r} is taken")
            taken.add(table.name.casefold())
            _check_place(sheet, table)
        for one, other in combinations(sheet.tables, 2):
            if area(one.ref).meets(area(other.ref)):
                raise ValueError(f"the tables {one.name!r} and {other.name!r} overlap")


def _check_place(sheet: Sheet, table: Table) -> None:
    place = area(table.ref)
    if place.last_row == place.row:
        raise ValueError(f"the table {table.name!r} has no row below its headers")
    for column in range(place.column, place.last_column + 1):
        cell = sheet.cells.get((place.row, column))
        if cell is None or not cell.content or isinstance(cell.content, Formula):
            raise ValueError(f"the table {table.name!r} lacks a header in column {column}")
