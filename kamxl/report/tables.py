"""Tables of the page, each out of one sheet of the book: the columns asked for, and every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kamxl.forms.paper.book import Cell, Sheet
from kamxl.report.looks import bar_of, head_look, is_old, look_of, rules_of, verdict_look
from kamxl.report.numbers import Shown, number_of

LONG = 600  # letters of a cell that stand on the page at once; the rest unfolds
_SAMPLE = 200
_WORD = 18  # letters of a word that a column is widened for
OPEN = 15  # rows shown of a table with more than MANY; the others unfold
MANY = 50


@dataclass(frozen=True, slots=True)
class Shape:
    """A cell on the page. ``whole``: the text, if ``text`` is only its beginning.

    ``bar``: per cent of the cell behind the number; ``swing``: per cent to the right of the middle,
    below zero to its left.
    """

    text: str
    look: str = ""
    bar: float | None = None
    whole: str = ""
    swing: float | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its key for code, its title for people."""

    key: str
    title: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A table on the page; ``empty`` is said if it has no row."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Shape, ...], ...]
    empty: str = ""

    @property
    def shown(self) -> tuple[tuple[Shape, ...], ...]:
        """The rows that stand on the page at once."""
        return self.rows[:OPEN] if len(self.rows) > MANY else self.rows

    @property
    def folded(self) -> tuple[tuple[Shape, ...], ...]:
        """The rows that unfold."""
        return self.rows[len(self.shown) :]


@dataclass(frozen=True, slots=True)
class Source:
    """A table as it stands on a sheet: its columns by key, and the rows of its records."""

    sheet: Sheet
    head: int  # the row of its titles
    columns: dict[str, int]
    rows: tuple[int, ...]

    def cell(self, row: int, key: str) -> Cell | None:
        """The cell of a record under a key."""
        return self.sheet.cells.get((row, self.columns[key]))

    def number(self, row: int, key: str) -> float | None:
        """The number of a record under a key."""
        return number_of(self.cell(row, key))


def source_of(sheet: Sheet) -> Source:
    """The one growing table of a sheet, which repeats its titles on every printed page."""
    if sheet.title_rows is None:
        raise ValueError(f"the sheet {sheet.key} has no table")
    head, keys = sheet.title_rows
    last = max((row for row, _ in sheet.cells), default=keys)
    rows = range(keys + 1, last + 1) if sheet.tables else ()
    return Source(sheet, head, _keys(sheet, keys), tuple(rows))


def block_above(sheet: Sheet, keys: int, first: str) -> Source | None:
    """A block of fixed rows, whose key row is ``keys``; its records end with an empty cell.

    None: no such block stands there, as there is nothing to sum.
    """
    columns = _keys(sheet, keys)
    if first not in columns:
        return None
    row = keys + 1
    while number_of(sheet.cells.get((row, columns[first]))) is not None:
        row += 1
    return Source(sheet, keys - 1, columns, tuple(range(keys + 1, row)))


def _keys(sheet: Sheet, row: int) -> dict[str, int]:
    found = {column: cell.content for (r, column), cell in sheet.cells.items() if r == row}
    return {key: column for column, key in found.items() if isinstance(key, str)}


def block_of(
    source: Source, shown: Shown, keys: Sequence[str], rows: Sequence[int] | None = None
) -> Block:
    """The columns under ``keys`` of all records (or of ``rows``); those empty everywhere are not.

    Without a record: what the sheet says instead.
    """
    sheet = source.sheet
    chosen = source.rows if rows is None else rows
    if not source.rows:
        said = sheet.cells.get((source.head + 2, 1))
        return Block((), (), shown.cell(said))
    rules = rules_of(sheet)

    def shape(row: int, key: str) -> Shape:
        column = source.columns[key]
        text = shown.cell(sheet.cells.get((row, column)))
        look = look_of(sheet, rules, row, column)
        judged = key == "lead" and "position" in source.columns
        if judged and not is_old(sheet.cells.get((row, column))):
            look += verdict_look(source.number(row, "position"))
        return folded(Shape(text, look, bar_of(sheet, rules, row, column)))

    lines = [tuple(shape(row, key) for key in keys) for row in chosen]
    used = [at for at in range(len(keys)) if any(line[at].text for line in lines)]
    heads = tuple(_head(source, shown, keys[at]) for at in used)
    return Block(heads, tuple(tuple(line[at] for at in used) for line in lines))


def _head(source: Source, shown: Shown, key: str) -> Head:
    cell = source.sheet.cells.get((source.head, source.columns[key]))
    return Head(key, shown.cell(cell), head_look(cell))


def folded(shape: Shape) -> Shape:
    """A cell that keeps to its column: a word too long for it breaks, a very long text is cut."""
    if any(len(word) > _WORD for word in shape.text.split()):
        shape = replace(shape, look=f"{shape.look} any".strip())
    if len(shape.text) <= LONG:
        return shape
    return replace(shape, text=shape.text[:_SAMPLE].rstrip() + " …", whole=shape.text)
