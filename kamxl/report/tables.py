"""Tables of the page, each out of one sheet of the book: the columns asked for, and every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kamxl.forms.paper.book import Cell, Sheet
from kamxl.forms.paper.packed import blocks, extent, row_of
from kamxl.report.looks import Rule, bar_of, head_look, is_old, look_of, rules_of, verdict_look
from kamxl.report.numbers import Shown, number_of, plain_value, value_of
from kamxl.report.places import cell_link, source_link

LONG = 600  # letters of a cell that stand on the page at once; the rest unfolds
_SAMPLE = 200
_WORD = 18  # letters of a word that a column is widened for
OPEN = 15  # rows shown of a table with more than MANY; the others unfold
MANY = 50
MOST = 300  # rows of a table on the page; of a longer one it says where the others are
# The column that says which account a row is about; by its id where there is one, as a name may be
# that of two accounts, or stand with the period that it speaks of.
_WHOSE = ("account_id", "account", "account_name", "id", "name")
_FILES = {"path": "place", "source": ""}  # a file's name, and the column with the place in it


@dataclass(frozen=True, slots=True)
class Shape:
    """A cell on the page. ``whole``: the text, if ``text`` is only its beginning.

    ``bar``: per cent of the cell behind the number; ``swing``: per cent to the right of the middle,
    below zero to its left. ``value``: a number or day in full; ``link``: where it comes from.
    """

    text: str
    look: str = ""
    bar: float | None = None
    whole: str = ""
    swing: float | None = None
    value: str = ""
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its key for code, its title for people."""

    key: str
    title: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A table on the page; ``empty`` is said if it has no row.

    ``whose``: the account that each row is about, as the row calls it. ``left``: rows that are on
    the sheet only. ``few``: how many rows stand on a screen at once, where not as many as usual.
    """

    heads: tuple[Head, ...]
    rows: tuple[tuple[Shape, ...], ...]
    empty: str = ""
    whose: tuple[str, ...] = ()
    left: int = 0
    few: int = 0

    @property
    def shown(self) -> tuple[tuple[Shape, ...], ...]:
        """The rows that stand on the page at once."""
        many = self.few + 1 if self.few else MANY  # a fold that hides one row saves nothing
        return self.rows[: self.few or OPEN] if len(self.rows) > many else self.rows

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
    last = max(keys, extent(sheet)[2])
    columns = _keys(sheet, keys)
    rows = range(keys + 1, last + 1)
    if not sheet.tables and not blocks(sheet):  # below its titles may stand a single sentence
        rows = range(keys + 1, keys + 1 + _records(sheet, rows))
    return Source(sheet, head, columns, tuple(rows))


def _records(sheet: Sheet, rows: Sequence[int]) -> int:
    """How many rows from the first on hold more than a sentence."""
    filled = Counter(row for (row, _), cell in sheet.cells.items() if value_of(cell) is not None)
    return next((n for n, row in enumerate(rows) if filled[row] < 2), len(rows))


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
    found = {column: cell.content for column, cell in row_of(sheet, row).items()}
    return {key: column for column, key in found.items() if isinstance(key, str)}


def block_of(
    source: Source, shown: Shown, keys: Sequence[str], rows: Sequence[int] | None = None
) -> Block:
    """The columns under ``keys`` of all records (or of ``rows``); those empty everywhere are not.

    Without a record: what the sheet says instead.
    """
    sheet = source.sheet
    if not source.rows:
        said = sheet.cells.get((source.head + 2, 1))
        return Block((), (), shown.cell(said))
    chosen = source.rows if rows is None else rows
    rules = rules_of(sheet)
    most = chosen[:MOST]
    lines = [tuple(_shape(source, shown, rules, row, key) for key in keys) for row in most]
    used = [at for at in range(len(keys)) if any(line[at].text for line in lines)]
    heads = tuple(_head(source, shown, keys[at]) for at in used)
    told = next((key for key in _WHOSE if key in source.columns), None)
    whose = tuple(shown.cell(source.cell(row, told)) for row in most) if told else ()
    cells = tuple(tuple(line[at] for at in used) for line in lines)
    return Block(heads, cells, "", whose, len(chosen) - len(most))


def _shape(source: Source, shown: Shown, rules: list[Rule], row: int, key: str) -> Shape:
    sheet, column = source.sheet, source.columns[key]
    cell = sheet.cells.get((row, column))
    text = shown.cell(cell)
    if not text:
        return Shape("", look_of(sheet, rules, row, column))
    look = look_of(sheet, rules, row, column)
    if key == "lead" and "position" in source.columns and not is_old(cell):
        look += verdict_look(source.number(row, "position"))
    link = link_of(source, shown, row, key)
    return folded(
        Shape(text, look, bar_of(sheet, rules, row, column), value=plain_value(cell), link=link)
    )


def link_of(source: Source, shown: Shown, row: int, key: str) -> str | None:
    """Where a cell leads: a file's name to the file, a number or day to its cell."""
    cell = source.cell(row, key)
    if key in _FILES and (place := _FILES[key]) in ("", *source.columns):
        at = shown.cell(source.cell(row, place)) if place else ""
        return source_link(shown.cell(cell), at)
    if not plain_value(cell):
        return None
    return cell_link(shown.file, source.sheet.title, row, source.columns[key])


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
