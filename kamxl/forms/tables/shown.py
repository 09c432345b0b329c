"""Tables that are shown: each column declared once, from which everything about it follows.

Keys, order, headers, widths, the rows, the print range and the references that formulas are written
with (``paper.places``) all come from ``ShownTable.columns``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from kamxl.forms.paper import book
from kamxl.forms.paper.book import Conditional, Content, Formula, Sheet, here, span
from kamxl.forms.paper.packed import Block, pack
from kamxl.forms.paper.pages import LEAST, paged
from kamxl.forms.paper.parts import row_height, unbroken_content
from kamxl.forms.paper.places import At, Groups, Key, Rows, groups_of
from kamxl.forms.paper.style import CELL, HEADER, MUTED, Style
from kamxl.forms.tables import measured
from kamxl.forms.tables.laid import Laid
from kamxl.wording.texts import Texts

T = TypeVar("T")  # a record
F = TypeVar("F")  # what makes the formulas of its row
_Drawn = tuple[int, int, Content, Style]  # row, column, what stands there, how it looks

_TEXT = CELL.but(indent=1)
LONG = 1_000  # records: the rows of more are packed


@dataclass(frozen=True)  # no slots: Shown[Row](...) sets an attribute on the instance
class Shown(Generic[T]):
    """A column of values: its key, its width in characters, and what a record shows in it.

    ``width`` 0: the column is as wide as something below or above it makes it.
    ``title`` stands in for the text of its key (a supplier's name); ``style`` may depend on the
    record. ``page``: it begins columns that stand on one printed page together if they fit.
    ``fold``: it folds away on the screen, together with its neighbours that do.
    """

    id: str
    width: float
    content: Callable[[T], Content]
    style: Style | Callable[[T], Style] = _TEXT
    header: Style = HEADER
    title: str | None = None
    page: bool = False
    fold: bool = False


@dataclass(frozen=True)
class Live(Generic[F, T]):
    """A column of formulas: ``content`` gets who makes them, the record and its row.

    Who makes them has asked for all columns when the book was built: see ``ShownTable.formulas``.
    """

    id: str
    width: float
    content: Callable[[F, T, int], Content]
    style: Style | Callable[[T], Style] = _TEXT
    header: Style = HEADER
    title: str | None = None
    page: bool = False
    fold: bool = False


Column = Shown[T] | Live[F, T]


def folding(*columns: Column[T, F]) -> tuple[Column[T, F], ...]:
    """Columns side by side that fold away on the screen."""
    return tuple(replace(column, fold=True) for column in columns)


def aged(style: Style) -> Style:
    """How what was said in an earlier period looks, wherever it stands."""
    return style.but(color=MUTED, italic=True, bold=False)


def without(_: At) -> None:
    """The ``formulas`` of a table that has none."""
    return


@dataclass
class ShownTable(Laid, Generic[T, F]):
    """A table on a sheet: its columns and its records, one a row below the key row.

    ``formulas`` makes, from where the tables stand, what the ``Live`` columns write with: it asks
    for every column it will need. ``whose`` row a record is, from the largest to the smallest
    (account, segment, requirement); None: nobody's, and no formula reads it. ``words``: where the
    columns' titles stand among the texts. ``old``: whether a record is of an earlier period, so
    that its whole row looks so. ``repeated``: so many first columns stand on every printed page.
    ``settled``: what its formulas come to is shown instead of them. ``long``: of more records the
    rows are packed (``paper.packed``). ``compact``: packed cells do not say where they stand.
    """

    key: str
    sheet: Sheet
    key_row: int
    columns: Sequence[Column[T, F]]
    records: Sequence[T]
    formulas: Callable[[At], F]
    words: str
    whose: Callable[[T], Key | None] = lambda _: ()
    old: Callable[[T], bool] = lambda _: False
    repeated: int = 1
    settled: bool = False
    long: int = LONG
    compact: bool = False
    made: F = field(init=False)  # what ``formulas`` made: see ``laid_out``
    rested: F = field(init=False)  # the same for its own rows, where references may not matter

    def __post_init__(self) -> None:
        self._told_apart(self.columns)
        if len(self.records) > self.long:
            groups: Mapping[Key, Rows] = Groups(self._whose, self.first)
            last = max(self.first, self.last - _nobodys(self.records, self.whose))
        else:
            groups, last = groups_of(self._whose(), self.first)
        self.place = self._placed(self.sheet, groups, last)

    def _whose(self) -> Iterable[Key | None]:
        return map(self.whose, self.records)

    # --- where it stands ---------------------------------------------------------------------

    @property
    def last(self) -> int:
        """The last row: of the last record, or of the line that says that there is none."""
        return self.key_row + max(len(self.records), 1)

    def head(self, key: str) -> str:
        """The cell of the first record, as a rule for all of them is written: "$C7"."""
        return here(self.first, self.index(key))

    # --- drawing it --------------------------------------------------------------------------

    def rows(self) -> Iterator[tuple[int, list[Content], list[Style]]]:
        """Of every record its row, and what stands in its cells with their styles, row by row."""
        plain = [column.style for column in self.columns]
        given = [(at, style) for at, style in enumerate(plain) if not isinstance(style, Style)]
        for row, record in enumerate(self.records, self.first):
            contents = self._contents(record, row)
            looks: list[Any] = plain.copy()
            for at, style in given:
                looks[at] = style(record)
            yield row, contents, [*map(aged, looks)] if self.old(record) else looks

    def _contents(self, record: T, row: int) -> list[Content]:
        contents: list[Content] = []
        for column in self.columns:
            if isinstance(column, Shown):
                contents.append(column.content(record))
            else:
                made = column.content(self.rested, record, row)
                contents.append(_settled(made) if self.settled else made)
        return contents

    def contents(self) -> Iterator[_Drawn]:
        """Row, column, content and style of every record's cells, row by row."""
        for row, contents, looks in self.rows():
            for number, (content, style) in enumerate(zip(contents, looks, strict=True), 1):
                yield row, number, content, style

    def draw(self, t: Texts, empty: str, page: int = 0) -> None:
        """Headers, key row and one row per record; ``empty`` is said if there is none.

        Sets widths, print titles and print area: it is the last thing on its sheet.
        ``page``: columns that are printed at least.
        """
        sheet = self.sheet
        if len(self.records) > self.long:
            self._packed(t)
        else:
            cells, needs = list(self.contents()), self._needs(t)
            for _, number, content, style in cells:
                if said := measured.said(content, style):
                    needs[number - 1].add(said, style)
            widths = self._heads(t, needs)
            self._draw_rows(cells, dict(enumerate(widths, 1)))
            sheet.fitting.update(range(self.first, self.first + len(self.records)))
        for number in range(self.width + 1, page + 1):
            sheet.widths[number] = 12
        if not self.records:
            sheet.put(self.last, 1, empty, _TEXT.but(color=MUTED, wrap=False, borders=""))
            sheet.heights[self.last] = 24
        sheet.print_area = span(1, 1, self.last, max(self.width, page))
        groups = (self.index(column.id) for column in self.columns if column.page)
        paged(sheet, max(self.width, page), self.repeated, (), LEAST, groups, even=False)
        sheet.title_rows = (self.header_row, self.key_row)
        sheet.outline += self._folds()

    def print_until(self, row: int, column: int) -> None:
        """Print no more than up to this row and column of a table that is drawn."""
        sheet = self.sheet
        sheet.print_area = span(1, 1, row, column)
        sheet.column_breaks, sheet.title_columns = [], 0
        groups = [at for one in self.columns if one.page and (at := self.index(one.id)) <= column]
        paged(sheet, column, self.repeated, (), LEAST, groups, even=False)

    def draw_block(self, t: Texts) -> None:
        """Headers, key row and rows above another table, whose columns give the widths.

        Long texts have the room they need if that table is drawn already.
        """
        titles, styles = self._titles(t)
        widths = [self.sheet.widths.get(n, len(title)) for n, title in enumerate(titles, 1)]
        self._draw_heads(self.sheet, titles, styles, measured.head_height(titles, widths, styles))
        self._draw_rows(self.contents(), self.sheet.widths)

    def _draw_rows(self, cells: Iterable[_Drawn], widths: Mapping[int, float]) -> None:
        """Every record's cells; a row is as high as its longest text, where widths are known."""
        tall = dict.fromkeys(range(self.first, self.first + len(self.records)), 1.0)
        for row, number, content, style in cells:
            self.sheet.put(row, number, content, style)
            if number in widths and (said := measured.said(content, style)):
                tall[row] = max(tall[row], measured.lines(said, widths[number], style))
        self.sheet.heights |= {row: row_height(lines, least=16) for row, lines in tall.items()}

    def _packed(self, t: Texts) -> None:
        """The same of very many rows: packed as they come, so that no cell of theirs is kept."""
        block, needs = Block(self.first, self.width, placed=not self.compact), self._needs(t)
        for _, contents, looks in self.rows():
            block.add([*map(unbroken_content, contents)], looks)
            for own, content, style in zip(needs, contents, looks, strict=True):
                if style.wrap and (said := measured.said(content, style)):
                    own.add(said, style)
        block.close()
        block.heights.extend(_heights(block, self._heads(t, needs)))
        pack(self.sheet, block)

    def title(self, t: Texts, column: Column[T, F]) -> str:
        """What a column is called."""
        return column.title if column.title is not None else t(f"{self.words}.{column.id}")

    def _titles(self, t: Texts) -> tuple[list[str], list[Style]]:
        """The titles of all columns, and how they look."""
        titles = [self.title(t, column) for column in self.columns]
        return titles, [column.header for column in self.columns]

    def _needs(self, t: Texts) -> list[measured.Needs]:
        """What the columns need for their headers; that of their texts is added."""
        return [
            measured.Needs(
                measured.for_header(
                    column.width,
                    self.title(t, column),
                    column.header,
                    named=column.title is not None,
                )
            )
            for column in self.columns
        ]

    def _heads(self, t: Texts, needs: Sequence[measured.Needs]) -> list[float]:
        """Headers and key row; the width of each column."""
        titles, styles = self._titles(t)
        widths = [
            own.width(column.width, repeated=number <= self.repeated)
            for number, (column, own) in enumerate(zip(self.columns, needs, strict=True), 1)
        ]
        self._draw_heads(self.sheet, titles, styles, measured.head_height(titles, widths, styles))
        self.sheet.widths.update(dict(enumerate(widths, 1)))
        return widths

    # --- what else a table may be ------------------------------------------------------------

    def as_table(self) -> None:
        """Make the rows from the key row on a table of Excel's: it filters, and grows.

        The key row is its header: its texts are unique and the same in every language.
        """
        ref = span(self.key_row, 1, self.last, self.width)
        self.sheet.tables.append(book.Table(f"kx_{self.sheet.key}", ref, banded=False))

    def rule(self, key: str, formula: str, fill: str, color: str | None = None) -> None:
        """The look of a column's cells where a formula over the first record's row holds."""
        rule = Conditional(self.cells(key), formula=formula, fill=fill, color=color)
        self.sheet.conditionals.append(rule)

    def hollow(self, key: str, formula: str) -> None:
        """No bar, and pale, where a formula over the first record's row holds: before ``bars``."""
        rule = Conditional(self.cells(key), formula=formula, color=MUTED, stops=True)
        self.sheet.conditionals.append(rule)

    def bars(self, fill: str, high: float, *keys: str) -> None:
        """Bars behind the numbers of columns side by side, from 0 to ``high``."""
        rule = Conditional(self.cells(*keys), kind="bar", fill=fill, low_at=0, high_at=high)
        self.sheet.conditionals.append(rule)


def laid_out(language: str, *tables: ShownTable[Any, Any]) -> At:
    """Where the tables of a book in one language stand; each has asked for the columns it needs.

    UnknownReferenceError: one asked for a column that there is not; with records or without.
    """
    at = At((table.place for table in tables), language)
    for table in tables:
        seen = at.inside(table.key)
        table.made = table.rested = table.formulas(seen)
        seen.close()
        if table.settled:
            unsaid = at.inside(table.key, unsaid=True)
            table.rested = table.formulas(unsaid)
            unsaid.close()
    return at


def _nobodys(records: Sequence[T], whose: Callable[[T], Key | None]) -> int:
    """How many records at the end are nobody's."""
    return next((n for n, one in enumerate(reversed(records)) if whose(one) is not None),
                len(records))  # fmt: skip


def _settled(content: Content) -> Content:
    """What a formula comes to; an empty text is nothing."""
    seen = content.value if isinstance(content, Formula) else content
    return None if seen == "" else seen


def _heights(block: Block, widths: Sequence[float]) -> Iterator[float]:
    """Points of the rows of a block in columns so wide."""
    breaking = [
        [
            (at, measured.Lines(width, style), style)
            for at, (width, style) in enumerate(zip(widths, look, strict=True))
            if style.wrap
        ]
        for look in block.looks
    ]
    for _, line, look in block.rows():
        tall = 1.0
        for at, lines, style in breaking[look]:
            if said := measured.said(line[at], style):
                tall = max(tall, lines.of(said))
        yield row_height(tall, least=16)
