"""What the sheets of the portfolio share: the frame of a page, declared tables, places by key."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Content, Formula, Scalar, Sheet, Table, span
from kamxl.forms.paper.parts import band, headers, lines_of
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import CELL, HEADER, HEADER_LEFT, MUTED, NUMBER, SOFT, Style
from kamxl.wording.texts import Texts, texts

T = TypeVar("T")

MARK_PREFIX = "kamxl:portfolio:"
KEYS = (
    "dashboard", "map", "accounts", "selection", "position", "segments", "fields", "heatmap",
    "drivers", "competitors", "views", "wishes", "contacts", "programmes", "actions", "trend",
    "intake", "data",
)  # fmt: skip
TABLE_ROW = 5  # where a table's header stands unless something comes before it

TEXT_CELL = CELL.but(indent=1)
MUTED_CELL = TEXT_CELL.but(color=MUTED)
ID_CELL = MUTED_CELL.but(wrap=False, shrink=True)
SMALL_CELL = TEXT_CELL.but(size=9, color=MUTED)
POINTS = NUMBER
LIVE = NUMBER.but(fill=SOFT)
BOLD_LIVE = LIVE.but(bold=True)
PERCENT = LIVE.but(format="0%")
COUNT = NUMBER.but(format="0")
LEAD = LIVE.but(format="+0.0;-0.0;0.0")
SMALL_LIST = TEXT_CELL.but(size=9)
MONEY = POINTS.but(format="#,##0", align="right", indent=1)
LIVE_MONEY = MONEY.but(fill=SOFT)

_LINE = 13.2  # points a line of 10-point type takes
_WIDEST = 16  # how far a header may widen its column


@dataclass(frozen=True)  # no slots: Field[Row](...) sets an attribute on the instance
class Field(Generic[T]):
    """A column, declared once: key, width in characters, and what a record shows in it.

    ``content`` gets the record and its row; ``title`` stands in for the text "portfolio.<sheet>.
    <key>" (a supplier's name); ``style`` may depend on the record.
    """

    key: str
    width: float
    content: Callable[[T, int], Content]
    style: Style | Callable[[T], Style] = TEXT_CELL
    header: Style = HEADER
    title: str | None = None


def looked_up(grid: Grid, rows: Collection[int], key: str, cell: str) -> str:
    """A formula's text: the value under a key of the row whose first column says ``cell``.

    ``rows`` are the table's. One more is looked through: in Gnumeric, INDEX of a single cell with a
    column number is #REF!. A blank there would be 0: only for cells that hold something.
    """
    first, last = grid.row + 1, max(rows, default=grid.row + 1) + 1
    ids = grid.sheet.ref(a1(first, 1), a1(last, 1))
    return f"INDEX({grid.block(key, first, last)},MATCH({cell},{ids},0),1)"


@dataclass(slots=True)
class Grid:
    """Where a table stands: its sheet, key row and columns by key. Data begins below ``row``."""

    sheet: Sheet
    row: int
    columns: dict[str, int] = field(default_factory=dict)

    def here(self, key: str, row: int) -> str:
        """A cell as seen from the sheet itself: "$C7", so that sorting carries it along."""
        return "$" + a1(row, self.columns[key])

    def block_here(self, key: str, first: int, last: int) -> str:
        """Some rows of a column as seen from the sheet itself: "$C$7:$C$9"."""
        column = self.columns[key]
        return self.sheet.ref(a1(first, column), a1(last, column)).rsplit("!", 1)[1]

    def cell(self, key: str, row: int) -> str:
        """A cell as seen from another sheet: "'Data'!$C$7"."""
        return self.sheet.ref(a1(row, self.columns[key]))

    def block(self, key: str, first: int, last: int) -> str:
        """Some rows of a column as seen from another sheet."""
        column = self.columns[key]
        return self.sheet.ref(a1(first, column), a1(last, column))


def live(text: str, value: Scalar) -> Formula:
    """A formula with the core's value; an unknown one is the empty text."""
    return Formula(text, "" if value is None else value)


def blank_sheet(t: Texts, key: str) -> Sheet:
    """A sheet with its key and title and nothing else."""
    return Sheet(key, t(f"portfolio.{key}.sheet"))


def frame(sheet: Sheet, t: Texts, portfolio: Portfolio, columns: int, sentence: str = "") -> None:
    """Mark, title band and the explaining sentence; A4 landscape with a footer."""
    title = t(f"portfolio.{sheet.key}.title", period=portfolio.period)
    sentence = sentence or t(f"portfolio.{sheet.key}.sentence")
    band(sheet, range(1, columns + 1), title, sentence, MARK_PREFIX + sheet.key)
    sheet.landscape = True
    company = portfolio.settings.company
    sheet.footer = t("portfolio.footer", company=company, period=portfolio.period)


def draw_table(
    grid: Grid,
    t: Texts,
    fields: Sequence[Field[T]],
    records: Sequence[T],
    empty: str,
    page: int = 0,
) -> int:
    """Headers, key row and one row per record; the last row used. ``empty``: said if there is none.

    Sets widths, print titles, print area and frozen headers: it is the last thing on its sheet.
    ``page``: columns that are printed at least.
    """
    sheet = grid.sheet
    heads = [
        (column, f.title or t(f"portfolio.{sheet.key}.{f.key}"), f.key, f.header)
        for column, f in enumerate(fields, 1)
    ]
    widths = [_wide_enough(f, str(head[1])) for f, head in zip(fields, heads, strict=True)]
    high = max(lines_of(str(h[1]), w * 0.92, h[3].size) for h, w in zip(heads, widths, strict=True))
    headers(sheet, grid.row - 1, heads, max(34.0, high * _LINE + 8))
    sheet.widths.update(dict(enumerate(widths, 1)))
    for column in range(len(fields) + 1, page + 1):
        sheet.widths[column] = 12
    for row, record in enumerate(records, grid.row + 1):
        tall = 1.0
        for column, f in enumerate(fields, 1):
            content = f.content(record, row)
            style = f.style if isinstance(f.style, Style) else f.style(record)
            sheet.put(row, column, content, style)
            if style.wrap and isinstance(content, str):
                room = widths[column - 1] * (0.93 if style.bold else 1) - style.indent
                tall = max(tall, lines_of(content, room, style.size))
        sheet.heights[row] = min(max(18.0, tall * _LINE + 4), 400)
    last = grid.row + len(records)
    if not records:
        last += 1
        sheet.put(last, 1, empty, MUTED_CELL.but(wrap=False, borders=""))
        sheet.heights[last] = 24
    _pages(sheet, grid.row, last, max(len(fields), page))
    return last


def as_table(grid: Grid, last: int, columns: int) -> None:
    """Make the rows from the key row on a table: it filters, and grows when refreshed in Excel.

    The key row is its header: its texts are unique and the same in every language.
    """
    ref = span(grid.row, 1, last, columns)
    grid.sheet.tables.append(Table(f"kx_{grid.sheet.key}", ref, banded=False))


def _pages(sheet: Sheet, key_row: int, last: int, columns: int) -> None:
    sheet.print_area = span(1, 1, last, columns)
    sheet.title_rows = (key_row - 1, key_row)
    if key_row == TABLE_ROW + 1:
        sheet.freeze = a1(key_row + 1, 1)


def _wide_enough(f: Field[T], title: str) -> float:
    """The column's width, a little more if a word of its header would not fit otherwise."""
    if f.title is not None:  # a name from outside may be of any length
        return f.width
    longest = max((len(word) for word in title.replace("-", " ").split()), default=0)
    return max(f.width, min(longest * 1.05 * f.header.size / 10 + 1.2, _WIDEST))


def sign_style(t: Texts) -> Style:
    """1, −1 and 0 as words: sorting and counting work on the number."""
    words = (t(f"portfolio.words.{key}") for key in ("ahead", "behind", "level"))
    return LIVE.but(format=";".join(f'"{word}"' for word in words))


def grid_of(sheet: Sheet, key_row: int, keys: Sequence[str]) -> Grid:
    """A grid whose columns stand in the order of ``keys`` from the first."""
    return Grid(sheet, key_row, {key: column for column, key in enumerate(keys, 1)})


def left(header: Style = HEADER) -> Style:
    """A header over text."""
    return header.but(align=HEADER_LEFT.align, indent=HEADER_LEFT.indent)


__all__ = [
    "KEYS",
    "MARK_PREFIX",
    "Field",
    "Grid",
    "as_table",
    "draw_table",
    "frame",
    "live",
    "texts",
]
