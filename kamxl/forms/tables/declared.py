"""Declared input tables: one declaration from which drawing, reading and documentation come.

A table stands on a sheet of its own: title band, header row, the small grey key row right under it,
then prepared input rows. ``reading`` finds it again wherever people have moved it. Each column is
bound to a field of the table's record: ``record_of`` makes the record of a row that was read,
``line`` the row of a record that is drawn. Keys, order, widths, what is printed and what formulas
refer to follow from the order of the columns, and from nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from functools import cached_property
from typing import Any, Generic, TypeVar

from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Conditional, Content, Formula, Sheet, span
from kamxl.forms.paper.pages import paged, said_once
from kamxl.forms.paper.parts import band, height_of
from kamxl.forms.paper.places import At, Place
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    BAND_SMALL,
    BEHIND,
    BEHIND_SOFT,
    GOOD,
    HEADER_LEFT,
    MUTED,
    Style,
)
from kamxl.forms.tables.columns import HELPER, Calculated, Column, Kind
from kamxl.forms.tables.held import Row, held
from kamxl.forms.tables.laid import Laid
from kamxl.forms.tables.prepared import (
    EDGE,
    EDGE_WIDTH,
    SOME_ROW,
    beyond,
    free_rows,
    settled,
)
from kamxl.forms.tables.reckoning import numeric, unread
from kamxl.forms.tables.validation import cell_validation
from kamxl.wording.texts import texts, whole

HEADER_ROW, KEY_ROW, FIRST_ROW = 5, 6, 7  # of a table that stands alone on its sheet
PREPARED_ROWS = 500
_MORE_ROWS = 100  # at least so many free ones where more than those are filled
LINE_HEIGHT = 17.0
MARK_WIDTH = 30  # units of column width that a mark in small type takes
_UNPRINTED = BAND_SMALL.but(fill=None, color=MUTED)
_MORE = Style(color=BEHIND, bold=True)
NEEDED = Style(bold=True, color=ACCENT)

R = TypeVar("R")


_WIDE = {Kind.TEXT, Kind.REF, Kind.CHOICE, Kind.ID, Kind.IDS, Kind.NOTE}


@dataclass(frozen=True, slots=True)
class Line:
    """What one row is drawn with: its record, and the value of each column that is read.

    False, and blank in every column, for a prepared row that holds nothing yet.
    """

    record: Any = None
    values: Mapping[str, Any] | None = None

    def __bool__(self) -> bool:
        return self.values is not None

    def __getitem__(self, column: str) -> Any:
        return None if self.values is None else self.values[column]


EMPTY = Line()


def is_helper(column: Column) -> bool:
    """Whether a column is for formulas alone."""
    return isinstance(column, Calculated) and column.helper


@dataclass(frozen=True)  # no slots: with them a generic class cannot be called in Python 3.11
class Table(Laid, Generic[R]):
    """A table: ``key`` names its sheet, ``texts`` the place of its wording ("register").

    ``record`` is what a row says, each column one of its fields. ``unique`` are the columns that
    together tell one row from another, without case: a second one turns red while it is typed.
    ``freeze`` is the number of columns that stay in view. ``since``: the first layout that has the
    sheet. Columns whose ``until`` is over stand in ``ended`` after all: they are read where a
    workbook still has them, and never drawn.

    ``marked``: above the headers of columns that must be filled in stands so, in a word.

    ``top`` rows for other things stand between title and headers, which are ``head`` points high,
    stay in view (``freeze_head``) and, with ``centred``, stand in the middle of numbers. A row has
    room for ``lines`` lines of text, the first of ``first_line`` points. Printed are the filled
    rows and ``spare`` ones, at least ``printed``, to ``print_to`` ("": all), if ``paper``.
    Not ``live``: where something stands, calculated columns hold values, and that is said.
    ``repeated`` first columns stand on every page (None: those that stay in view). ``whose`` stands
    at the right end of the first page.

    Raises ValueError where two columns are called alike, or one says a field that the record lacks.
    """

    key: str
    columns: tuple[Column, ...]
    texts: str
    record: type[R] | None = None
    unique: tuple[str, ...] = ()
    rows: int = PREPARED_ROWS
    freeze: int = 1
    top: int = 0
    head: float = 34
    freeze_head: bool = True
    centred: bool = False
    first_line: float = LINE_HEIGHT
    lines: int = 1
    spare: int = 24
    printed: int = 40
    print_to: str = ""
    repeated: int | None = None
    paper: bool = True
    live: bool = True
    since: int = 1
    ended: tuple[Column, ...] = ()
    marked: bool = False

    def __post_init__(self) -> None:
        over = tuple(column for column in self.columns if column.until is not None)
        if over:
            going_on = tuple(column for column in self.columns if column.until is None)
            object.__setattr__(self, "columns", going_on)
            object.__setattr__(self, "ended", (*self.ended, *over))
        names = [column.id for column in self.known]
        unknown = set(self.unique) - set(names)
        if self.record is not None:
            unknown |= {one for one in self._bound if one not in self._defaults}
        self._told_apart(self.known)
        if unknown:
            raise ValueError(f"table {self.key!r}: {names}, unknown: {sorted(unknown)}")

    # --- wording ---------------------------------------------------------------------------------

    def text(self, language: str, name: str) -> str:
        """One of its texts: text("de", "title")."""
        return texts(language)(f"{self.texts}.{self.key}.{name}")

    def title(self, language: str) -> str:
        """What its sheet is called."""
        return self.text(language, "title")

    def header(self, column: Column, language: str) -> str:
        """What a column is called."""
        return whole(self.headers(column, language)[0])

    def headers(self, column: Column, language: str) -> tuple[str, ...]:
        """What stands above a column, and then what stood there in earlier versions."""
        name = f"columns.{column.id}.header"
        before = texts(language).before(f"{self.texts}.{self.key}.{name}")
        return (self.text(language, name), *before)

    def help(self, column: Column, language: str) -> str:
        """What a person should know before typing into a column."""
        return self.text(language, f"columns.{column.id}.help")

    def documentation(self, language: str) -> tuple[tuple[str, str, str], ...]:
        """(key, header, help) of every column, for whoever documents the workbook."""
        return tuple((c.id, self.header(c, language), self.help(c, language)) for c in self.columns)

    # --- places ----------------------------------------------------------------------------------

    def column(self, key: str) -> Column:
        """The column with this key (KeyError: none)."""
        for column in self.known:
            if column.id == key:
                return column
        raise KeyError(key)

    @property
    def known(self) -> tuple[Column, ...]:
        """All columns that any layout has."""
        return (*self.columns, *self.ended)

    @property
    def key_row(self) -> int:
        """Its key row as drawn; headers stand above it, input below."""
        return KEY_ROW + self.top

    @property
    def last(self) -> int:
        """The last prepared row as drawn."""
        return self.key_row + self.rows

    def for_rows(self, filled: int, *, live: bool = True) -> Table[R]:
        """The same with rows prepared for so many filled ones: some more, if they are many."""
        rows = self.rows if filled <= self.rows else (-(-filled // _MORE_ROWS) + 1) * _MORE_ROWS
        return (
            self if (rows, live) == (self.rows, self.live) else replace(self, rows=rows, live=live)
        )

    def place(self, language: str) -> Place:
        """Where it stands as drawn in a language, for the formulas of its book."""
        return self._placed(Sheet(self.key, self.title(language)), grows=True)

    # --- rows and records ------------------------------------------------------------------------

    @cached_property
    def _bound(self) -> Mapping[str, tuple[Column, ...]]:
        """The fields of the record that columns say something of, each with its columns."""
        found: dict[str, tuple[Column, ...]] = {}
        for column in self.known:
            name = column.bound
            if name and not (column in self.ended and name not in self._defaults):
                found[name] = (*found.get(name, ()), column)
        return found

    @cached_property
    def _defaults(self) -> Mapping[str, Any]:
        """What each field of the record is by itself; ``MISSING``: it must be given."""
        return {
            one.name: one.default if one.default_factory is MISSING else one.default_factory()
            for one in fields(self.record)  # type: ignore[arg-type]
        }

    def record_of(self, row: Row, **given: Any) -> R:
        """The record that a row says; ``given`` are fields that do not come from its cells.

        ``row[key]`` is the value of a column, None where it is blank: then the field is what it is
        by itself (a text that must be given: ""), or what the column says a blank is.
        """
        if self.record is None:
            raise TypeError(f"the rows of {self.key!r} are no records")
        made = {
            name: held(row, columns, self._defaults[name])
            for name, columns in self._bound.items()
            if name not in given
        }
        return self.record(**made, **given)

    def line(self, record: R, **beside: Any) -> Line:
        """What a record's row holds; ``beside`` are the values that it does not hold itself."""
        values = {}
        for column in self.columns:
            if not column.read:
                continue
            if column.beside:
                values[column.id] = beside.pop(column.id)
                continue
            value = getattr(record, column.bound or "")
            if isinstance(column.item, int):
                value = value[column.item]
            elif column.item is not None:
                value = value.get(column.item)
            values[column.id] = column.code(value)
        if beside:
            raise TypeError(f"{self.key!r} has no column beside its record for {sorted(beside)}")
        return Line(record, values)

    def says(self, column: Column, records: Iterable[R]) -> bool:
        """Whether any record says more in a column's field than it does by itself."""
        name = column.bound or ""
        blank = self._defaults.get(name)
        return any(getattr(record, name) not in (None, "", blank) for record in records)

    # --- drawing ---------------------------------------------------------------------------------

    def draw(
        self,
        at: At,
        lines: Sequence[Line],
        *,
        mark: str,
        facts: Any = None,
        whose: str = "",
        above: Callable[[Sheet], None] | None = None,
    ) -> Sheet:
        """Its sheet with ``lines`` filled in.

        ``at``: where the tables of its book stand; ``facts``: what its live columns know. ``above``
        draws into the rows kept free over the headers; it has to be there if there are any, and
        only then. ``whose`` stands at the right end of the title band.
        """
        if (above is not None) != bool(self.top):
            raise ValueError(f"{self.key!r}: {self.top} rows above it, drawn by {above}")
        language = at.language
        sheet = Sheet(self.key, self.title(language), landscape=True, tab_color=ACCENT)
        helpers = sum(map(is_helper, self.columns))
        last = len(self.columns) - helpers  # they stand at the right end
        sheet.widths = {i: c.width for i, c in enumerate(self.columns, 1)}
        starts = (self.index(column.id) for column in self.columns if column.page)
        repeated = self.freeze if self.repeated is None else self.repeated
        paged(sheet, self._printed_to, repeated, starts)
        if whose:
            edge = next(iter(sheet.column_breaks), self._printed_to)
            sheet.put(2, edge, whose, BAND_SMALL.but(align="right"))
        band(sheet, range(1, last + 1), self.title(language), self.text(language, "intro"), mark)
        titles = [self.headers(column, language)[0] for column in self.columns]
        self._draw_heads(sheet, titles, [*map(self._header_style, self.columns)], self.head)
        if self.marked:
            self._mark_needed(sheet, language)
        self._draw_rows(sheet, at, lines, facts)
        for column in self.columns:
            title, note = self.header(column, language), self.help(column, language)
            sheet.validations.append(
                cell_validation(column, self.cells(column.id), at, title, note)
            )
        sheet.conditionals += [*self._doubles(at), *self._unread(at)]
        self._lay_out(sheet, len(lines), language)
        if above is not None:
            above(sheet)
        return sheet

    def _draw_rows(self, sheet: Sheet, at: At, lines: Sequence[Line], facts: Any) -> None:
        styles = tuple([column.style(at.language) for column in self.columns])
        free = tuple([self._content(c, at, SOME_ROW, EMPTY, facts) for c in self.columns])
        if not self.live:
            free = tuple(map(settled, free))
        least = self.height((), styles)
        # those of a usual table are the same on the next book; those of a large one are not kept
        made = free_rows if self.rows <= PREPARED_ROWS else free_rows.__wrapped__
        prepared = made(free, styles, self.first, self.first + self.rows)
        for number in range(max(self.rows, len(lines))):
            line, row = lines[number] if number < len(lines) else EMPTY, self.first + number
            shown: Sequence[Content] = ()
            if line or number >= self.rows:
                shown = [self._content(column, at, row, line, facts) for column in self.columns]
                if not self.live:
                    shown = [settled(content) for content in shown]
                for index, (content, style) in enumerate(zip(shown, styles, strict=True), 1):
                    sheet.put(row, index, content, style)
                sheet.put(row, len(self.columns) + 1, None, EDGE)
            else:
                sheet.cells.update(prepared[number])
            sheet.heights[row] = self.height(shown, styles) if line else least
            sheet.fitting.add(row)
        sheet.widths[len(self.columns) + 1] = EDGE_WIDTH

    def height(self, shown: Sequence[Content], styles: Sequence[Style]) -> float:
        """Points for a row with the longest text in it; the least without any."""
        widths = (column.width for column in self.columns)
        cells = zip(shown, widths, styles, strict=False)
        return height_of(cells, self.first_line, self.lines)

    def _content(self, column: Column, at: At, row: int, line: Line, facts: Any) -> Content:
        if not isinstance(column, Calculated):
            return column.show(line[column.id], at.language) if column.read else None
        if column.formula is None:
            raise ValueError(f"{self.key!r}: {column.id!r} has no formula")
        made: Formula = column.formula(facts, at.row(self.key, row), line)
        return made

    def _header_style(self, column: Column) -> Style:
        if is_helper(column):
            return HELPER.but(borders="")
        wide = column.kind in _WIDE or column.align == "left"
        if column.kind is Kind.LIVE or column.given:
            return HEADER_LEFT.but(fill=MUTED, align="left" if wide else "center")
        look = HEADER_LEFT.but(fill=ACCENT) if self.marked and column.needed else HEADER_LEFT
        if column.hers:
            look = HEADER_LEFT.but(fill=GOOD)
        return look if wide or not self.centred else look.but(align="center", indent=0)

    def _mark_needed(self, sheet: Sheet, language: str) -> None:
        """The word above the columns that a row needs; a colour alone is not printed by all."""
        row, word = self.header_row - 1, texts(language)(f"{self.texts}.needs.mark")
        for number, column in enumerate(self.columns, 1):
            if column.needed:
                align = self._header_style(column).align
                sheet.put(row, number, word, NEEDED.but(align=align, indent=int(align == "left")))
        sheet.heights[row] = 13

    def _lay_out(self, sheet: Sheet, filled: int, language: str) -> None:
        """What stays in view and is printed: the filled rows and some, as no area grows."""
        t = texts(language)
        printed = max(filled + self.spare, self.printed)
        last = min(self.first + printed - 1, max(self.last, self.first + filled - 1))
        sheet.heights[1] = 14
        if self.paper:
            sheet.print_area = span(1, 1, last, self._printed_to)
            if self.live:
                self._say_more(sheet, last, t("tables.printed_to"))
            sheet.title_rows = (self.header_row - self.marked, self.key_row)
        else:  # a page with nothing at all on it is left out by every program
            sheet.print_area = a1(1, len(self.columns) + 3)
            sheet.put(
                1,
                self._beside_mark(0),
                t("tables.not_printed"),
                BAND_SMALL.but(fill=None, color=MUTED),
            )
            sheet.title_columns, sheet.column_breaks = 0, []
        if not self.live:
            settled = t("tables.settled")
            sheet.put(1, self._beside_mark(sheet.title_columns), settled, _MORE)
        said_once(sheet, 3)
        sheet.outline = self._folds()
        sheet.freeze = a1(self.first if self.freeze_head else 1, self.freeze + 1)
        sheet.active_cell = a1(self.first, 1)

    def _say_more(self, sheet: Sheet, last: int, more: str) -> None:
        """Say it above the table once something stands below the last row that is printed."""
        typed = [n for n, one in enumerate(self.columns, 1) if not isinstance(one, Calculated)]
        said = beyond(typed, self.key_row, last, max(self.last, last) + 1, more)
        sheet.put(1, self._beside_mark(sheet.title_columns), said, _MORE)

    def _beside_mark(self, repeated: int) -> int:
        """The first column that leaves the mark in A1 its room, and stands on one page alone."""
        room = 0.0
        for number, column in enumerate(self.columns, 1):
            if room >= MARK_WIDTH and number > repeated:
                return number
            room += column.width
        return len(self.columns)

    @property
    def _printed_to(self) -> int:
        """The last column that is printed."""
        return self.index(self.print_to) if self.print_to else len(self.columns)

    def _doubles(self, at: At) -> list[Conditional]:
        """An id that stands there twice turns red while it is typed."""
        if not self.unique:
            return []
        own = at.row(self.key)
        same = idioms.count(*(f"{own.own(key)}={own(key)}" for key in self.unique))
        last = self.unique[-1]
        formula = f'AND({own(last)}<>"",{same}>1)'
        return [Conditional(self.cells(last), formula=formula, fill=BEHIND_SOFT)]

    def _unread(self, at: At) -> list[Conditional]:
        """What neither the reader nor the formulas can take turns red while it is typed."""
        own = at.row(self.key)
        return [
            Conditional(self.cells(one.id), formula=unread(one, own(one.id), at), fill=BEHIND_SOFT)
            for one in self.columns
            if one.reckoned or numeric(one)
        ]


def placed(
    tables: Iterable[Table[Any]], language: str, offers: Mapping[str, str] | None = None
) -> At:
    """Where the tables of a book in one language stand; ``offers``: see ``At``."""
    return At((table.place(language) for table in tables), language, offers)
