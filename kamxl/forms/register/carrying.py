"""A register drawn anew in the newest layout, with everything typed into an earlier one.

What people typed is carried cell by cell, understood or not: a mistake stays the same mistake. The
records say only what the calculated cells show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kamxl.core.ids import same_id
from kamxl.forms.paper.book import Book, Cell, Scalar, Sheet
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, a1
from kamxl.forms.paper.style import HEADER_LEFT, MUTED
from kamxl.forms.register.book import book, lines_of
from kamxl.forms.register.choosing import weights_row
from kamxl.forms.register.fields import ROWS
from kamxl.forms.register.needs import LETTERS
from kamxl.forms.register.reading import read
from kamxl.forms.register.settings import VALUE_COLUMN, ours_below, rows_by_setting
from kamxl.forms.register.sheets import (
    FORMS,
    MARK,
    PICTURE,
    RATINGS,
    SELECTION,
    SETTINGS,
    WEIGHTS_ROW,
)
from kamxl.forms.register.start import START
from kamxl.forms.tables.columns import AS_TYPED, Kind
from kamxl.forms.tables.declared import EMPTY, Line, Table
from kamxl.forms.tables.fields import harmless, plain, usual_number
from kamxl.forms.tables.locate import Located
from kamxl.forms.tables.reading import TableRead, read_tables
from kamxl.wording.texts import languages, texts

_OWN_WIDTH = 24.0  # characters of a column that the team added
_LONGEST_FORMAT = 60


@dataclass(frozen=True, slots=True)
class Left:
    """Something that could not be carried: a whole sheet, or one cell and what stands there."""

    sheet: str
    cell: str | None = None
    value: str | None = None


@dataclass(slots=True)
class Carried:
    """The new workbook, and what came along: ``rows``, the team's ``own`` columns ("Sheet: Header")
    and ``formulas`` of which only the values did. ``left`` is what did not.
    """

    book: Book
    rows: int = 0
    formulas: int = 0
    own: list[str] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    notes: bool = False


_Typed = Mapping[str, RawCell]  # of one row, by column key


@dataclass(slots=True)
class _Table:
    """A table of the earlier register, as it was typed: its rows from the top, nothing else."""

    form: Table[Any]
    located: Located
    read: TableRead
    ours: dict[str, int]  # column key to its column
    own: list[int]  # columns that are none of ours
    numbers: list[int] = field(default_factory=list)

    def typed(self, number: int) -> dict[str, RawCell]:
        """What stands in a row, by column key, without what is calculated."""
        cells = {key: self.located.sheet.cells.get((number, at)) for key, at in self.ours.items()}
        return {
            key: cell
            for key, cell in cells.items()
            if cell is not None and self.form.column(key).kind is not Kind.LIVE
        }


def carried(raw: RawBook, workspace: str, stamp: datetime) -> Carried:
    """The register in ``raw`` in the newest layout, in its own language."""
    tables = read_tables(raw, FORMS, MARK)
    language = tables[SETTINGS.key].language
    register = read(raw)
    typed = {
        form.key: _table(form, tables[form.key], located)
        for form in FORMS
        if form is not SETTINGS and (located := tables[form.key].located) is not None
    }
    lines = lines_of(register)
    for key, table in typed.items():
        lines[key] = _with_missing(key, list(_lines(table)), lines[key])
    made = Carried(book(language, register, workspace, stamp, lines))
    _settings(made, tables[SETTINGS.key])
    for table in typed.values():
        _fill(made, table, language)
    _sheets(made, raw, tables)
    made.notes = "notes" in raw.flags
    return made


def _table(form: Table[Any], read_: TableRead, located: Located) -> _Table:
    known = {column.id for column in (form.known if _notes(form) else form.columns)}
    ours = {key: places[0] for key, places in located.columns.items() if key in known}
    cells = located.sheet.cells
    apart = read_.labels | _weights_of(form, located)
    rows = [row for row in located.rows() if row not in apart]
    inside = set(rows)
    other = {column for row, column in cells if row in inside} - {*ours.values()}
    table = _Table(form, located, read_, ours, sorted(other))
    table.numbers = [
        row
        for row in rows
        if table.typed(row) or any((row, column) in cells for column in table.own)
    ]
    return table


def _weights_of(form: Table[Any], located: Located) -> set[int]:
    """The row of the weights on Selection, wherever it stands: above the table, or sorted in."""
    return {weights_row(located)} if form is SELECTION else set()


def _lines(table: _Table) -> Iterator[Line]:
    """What each row means, as far as its calculated cells need it; empty where that is unknown."""
    understood = {row.number: row for row in table.read.rows}
    needed = [column.id for column in table.form.columns if column.required]
    for number in table.numbers:
        row = understood.get(number)
        if row is None or any(row.values.get(key) is None for key in needed):
            yield EMPTY
        else:
            yield Line(table.form.record_of(row), row.values)


def _with_missing(key: str, typed: list[Line], drawn: list[Line]) -> list[Line]:
    """The rows of a table; on Selection also those of accounts that nobody judged yet."""
    if key != SELECTION.key:
        return typed
    there = {same_id(str(line["account"])) for line in typed if line}
    return [*typed, *(one for one in drawn if same_id(one["account"]) not in there)]


# --- filling in ----------------------------------------------------------------------------------


def _fill(made: Carried, table: _Table, language: str) -> None:
    form, sheet = table.form, made.book.sheet(table.form.key)
    made.rows += len(table.numbers)
    for row, number in enumerate(table.numbers, form.first):
        typed = _with_notes(form, table.typed(number), language)
        for index, column in enumerate(form.columns, 1):
            if column.kind is not Kind.LIVE:
                _put(made, sheet, (row, index), typed.get(column.id))
        drawn = [sheet.cells[row, index] for index in range(1, len(form.columns) + 1)]
        sheet.heights[row] = form.height([c.content for c in drawn], [c.style for c in drawn])
    for place, own in enumerate(table.own, len(form.columns) + 1):
        _own_column(made, table, sheet, own, place)
    if form is SELECTION:
        _weights(made, table.located, sheet)
    _above(made, table)
    made.left += _without_value(table)


def _without_value(table: _Table) -> Iterator[Left]:
    """Formulas that were never calculated: there is nothing of them that could come along."""
    title = table.located.sheet.title
    for number in table.numbers:
        places = {table.ours[key]: cell for key, cell in table.typed(number).items()}
        cells = table.located.sheet.cells
        places |= {at: cells[number, at] for at in table.own if (number, at) in cells}
        for column, cell in sorted(places.items()):
            if _never_calculated(cell):
                yield _cell(title, number, column, cell)


def _never_calculated(cell: RawCell | None) -> bool:
    return cell is not None and cell.formula and not cell.text


def _with_notes(form: Table[Any], typed: _Typed, language: str) -> dict[str, RawCell]:
    """What stands in a row; what an ended column held goes to the remark."""
    kept = dict(typed)
    texts = [
        f"{form.header(column, language)}: {plain(typed[column.id].text)}"
        for column in form.ended
        if column.id in typed and plain(typed[column.id].text)
    ]
    if texts:
        note = _notes(form)[-1]
        before = kept.get(note)
        parts = ([before.text] if before is not None and before.text else []) + texts
        kept[note] = RawCell(RawKind.TEXT, " · ".join(parts))
    return kept


def _notes(form: Table[Any]) -> list[str]:
    """Its columns for remarks; without one, what an ended column held stays a column of its own."""
    return [column.id for column in form.columns if column.kind is Kind.NOTE]


def _put(made: Carried, sheet: Sheet, place: tuple[int, int], cell: RawCell | None) -> None:
    """What was typed into a cell of the new register, in its place and with its number format."""
    drawn = sheet.cells[place]
    style = drawn.style
    if cell is not None and cell.kind is RawKind.NUMBER:
        shown = cell.number_format or "General"
        style = style.but(format=shown if len(shown) <= _LONGEST_FORMAT else "General")
    made.formulas += cell is not None and cell.formula and bool(cell.text)
    sheet.cells[place] = Cell(_scalar(cell), style)


def _scalar(cell: RawCell | None) -> Scalar:
    if cell is None:
        return None
    if cell.kind is RawKind.NUMBER:
        return usual_number(cell)
    if cell.kind is RawKind.BOOLEAN:
        return cell.text.casefold() in ("1", "true")
    if cell.kind is RawKind.DATE:
        try:
            return date.fromisoformat(cell.text[:10])
        except ValueError:
            return cell.text
    return harmless(cell.text)


def _own_column(made: Carried, table: _Table, sheet: Sheet, column: int, place: int) -> None:
    """A column that the team added, at the right end of ours."""
    located, form = table.located, table.form
    cells = located.sheet.cells
    heads = (cells.get((row, column)) for row in (located.row - 1, located.row))
    header = next((plain(cell.text) for cell in heads if cell is not None and cell.text), "")
    head = (form.header_row, place)
    sheet.cells[head] = Cell(header or None, HEADER_LEFT.but(fill=MUTED))
    sheet.widths[place] = _OWN_WIDTH
    for row, number in enumerate(table.numbers, form.first):
        cell = cells.get((number, column))
        if cell is not None:
            sheet.cells[row, place] = Cell(None, AS_TYPED)
            _put(made, sheet, (row, place), cell)
    name = header or a1(1, column).rstrip("1")
    made.own.append(f"{located.sheet.title}: {name}")


def _weights(made: Carried, located: Located, sheet: Sheet) -> None:
    row = weights_row(located)
    for rating in RATINGS if row else ():
        _put(made, sheet, (WEIGHTS_ROW, SELECTION.index(rating)), located.cell(row, rating))


def _above(made: Carried, table: _Table) -> None:
    """What somebody wrote above the table, beside our own words, comes not along."""
    located, drawn = table.located, made.book.sheet(table.form.key).cells
    ours, first = _weights_of(table.form, located), min(table.read.labels)
    marks = {LETTERS, *(texts(one)("register.needs.mark") for one in languages())}
    marks |= {plain(str(c.content)) for (row, _), c in drawn.items() if row < table.form.first}
    for (row, column), cell in sorted(located.sheet.cells.items()):
        above = row < first and row not in ours and column > 1
        above &= plain(cell.text) not in marks
        if above and not cell.formula and plain(cell.text):
            made.left.append(_cell(located.sheet.title, row, column, cell))


def _settings(made: Carried, table: TableRead) -> None:
    """The values of the settings; what the team wrote around them does not come along."""
    sheet, rows = made.book.sheet(SETTINGS.key), rows_by_setting(table)
    for setting, row in ROWS.items():
        known = rows.get(setting)
        if known is not None:
            _put(made, sheet, (row, VALUE_COLUMN), known["value"])
            if _never_calculated(known["value"]):
                made.left.append(Left(table.sheet, known.cells.get("value"), ""))
    located = table.located
    if located is None:
        return
    used = {row.number for row in rows.values()} | table.labels
    ours = {place for places in located.columns.values() for place in places}
    drawn = {plain(str(cell.content)) for cell in sheet.cells.values()}
    for (row, column), cell in sorted(located.sheet.cells.items()):
        # above the headers the first column holds the mark, our title and what is said below it
        own = column not in ours if row in used else row > min(used) or column > 1
        if own and plain(cell.text) not in {*drawn, ""} and not ours_below(cell):
            made.left.append(_cell(located.sheet.title, row, column, cell))


def _sheets(made: Carried, raw: RawBook, tables: Mapping[str, TableRead]) -> None:
    """Sheets that are none of ours, or that cannot be told, stay where they are."""
    used = {id(table.located.sheet) for table in tables.values() if table.located is not None}
    for sheet in raw.sheets:
        mark = sheet.cells.get((1, 1))
        match = MARK.fullmatch(mark.text.strip()) if mark is not None else None
        calculated = match is not None and match[1] in (PICTURE, START)
        if id(sheet) not in used and sheet.cells and not calculated:
            made.left.append(Left(sheet.title))


def _cell(sheet: str, row: int, column: int, cell: RawCell) -> Left:
    return Left(sheet, a1(row, column), plain(cell.text)[:200])
