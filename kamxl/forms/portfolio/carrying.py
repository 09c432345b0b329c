"""What a manager typed into earlier portfolios, put into a new one by whose row it is.

Her columns stand right of ours, in their order. Where kamxl leaves a reply empty hers stands in its
place. Notes, and what she typed over cells of ours, get a column that says so. What finds no row is
named, so that the file in which it stands is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kamxl.core.ids import same_id
from kamxl.forms.paper.book import Book, Cell, Content, Formula, Sheet, span
from kamxl.forms.paper.packed import Block, blocks, copied, height_of, loose
from kamxl.forms.paper.parts import lines_of, row_height
from kamxl.forms.paper.raw import RawCell, RawKind, place_of
from kamxl.forms.paper.style import ENTRY_TEXT, HEADER_LEFT, KEY, Style
from kamxl.forms.portfolio import prints
from kamxl.forms.portfolio.earlier import Earlier
from kamxl.forms.portfolio.merged import Holds, telling
from kamxl.forms.portfolio.own import REPLY, TELLING, Entry, Hers, Keys
from kamxl.forms.portfolio.parts import KEYS
from kamxl.forms.portfolio.prints import Identity
from kamxl.forms.tables.fields import MAX_TEXT, is_date_format, is_percent_format, text
from kamxl.forms.tables.shown import Column, Live, ShownTable
from kamxl.wording.texts import Texts

_WIDTH = 26.0
_MOST_COLUMNS = 60  # of hers on a sheet
_Whose = tuple[Identity, int]  # a row, and which of those that are called alike
Tables = Mapping[str, ShownTable[Any, Any]]


@dataclass(frozen=True, slots=True)
class Carried:
    """A portfolio with what a manager typed.

    ``book`` has all of it; ``plain`` what stands in cells of ours only: in an open workbook her
    columns stand already. ``left``: of each book that was read what could not be carried over.
    ``beside``: of each whether something that stood in a cell of ours moved to a column of hers.
    ``answers``: makes the file beside the workbook, if its answers are too many for a sheet.
    """

    book: Book
    plain: Book
    left: tuple[tuple[Entry, ...], ...] = ()
    beside: tuple[bool, ...] = ()
    answers: Callable[[], bytes] | None = None

    def telling(self, merged: Mapping[str, Holds]) -> Carried:
        """The same, saying which earlier portfolios it holds, by digest."""
        book = telling(self.book, merged, self.plain)
        return replace(self, book=book, plain=telling(self.plain, merged))


def stamped(book: Book, tables: Tables) -> None:
    """Let every sheet tell what kamxl wrote on it (see ``prints``)."""
    for sheet in book.sheets:
        prints.stamp(sheet, _prints(sheet, tables.get(sheet.key)))


def carried(book: Book, tables: Tables, earlier: Sequence[Earlier], t: Texts) -> Carried:
    """The book with what was typed into earlier ones, which are given from the oldest on."""
    plain = replace(book, sheets=[copied(sheet) for sheet in book.sheets])
    carrying = _Carrying({sheet.key: sheet for sheet in plain.sheets}, tables, t)
    for one in earlier:
        carrying.take(one.hers, one.names)
    carrying.reply()
    whole = replace(plain, sheets=[copied(sheet) for sheet in plain.sheets])
    carrying.draw({sheet.key: sheet for sheet in whole.sheets})
    return Carried(whole, plain, tuple(map(tuple, carrying.left)), tuple(carrying.beside))


def keys_of(tables: Iterable[ShownTable[Any, Any]]) -> dict[str, Keys]:
    """By what her entries are told from ours on every sheet; a table need not be drawn for it."""
    bare = Keys(frozenset(), frozenset())
    return {**dict.fromkeys(KEYS, bare), **{table.key: _keys(table) for table in tables}}


def _keys(table: ShownTable[Any, Any]) -> Keys:
    live = {column.id for column in table.columns if isinstance(column, Live)}
    return Keys(frozenset(column.id for column in table.columns), frozenset(live))


def _prints(sheet: Sheet, table: ShownTable[Any, Any] | None) -> Iterator[str]:
    packed = blocks(sheet)
    rows = _identities(table) if table and not packed else {}
    settled = {column.id for column in table.columns if _calculated(table, column)} if table else ()
    columns = [column.id for column in table.columns] if table else []
    for identity, _ in rows.values():
        yield prints.of_row(identity)
    for offered in sheet.offers:
        yield prints.of_cell((), "", prints.said(offered))
    for (row, column), cell in loose(sheet).items():
        said = prints.said(cell.content)
        if not said and cell.link and cell.content is None:
            said = prints.said(cell.link.removeprefix("#"))  # as openpyxl writes it into the cell
        if not said:
            continue
        if row in rows and column <= len(columns):
            if columns[column - 1] in settled:
                continue
            yield prints.of_cell(rows[row][0], columns[column - 1], said)
        else:
            yield prints.of_cell((), "", said)
    if table:
        for block in packed:
            yield from _packed_prints(block, table)


def _packed_prints(block: Block, table: ShownTable[Any, Any]) -> Iterator[str]:
    telling = [table.index(key) - 1 for key in TELLING[table.key]]
    typed = [(at, one.id) for at, one in enumerate(table.columns) if not _calculated(table, one)]
    for _, line, _ in block.rows():
        identity = prints.whose(prints.said(line[at]) for at in telling)
        yield prints.of_row(identity)
        for at, key in typed:
            if said := prints.said(line[at]):
                yield prints.of_cell(identity, key, said)


def _calculated(table: ShownTable[Any, Any], column: Column[Any, Any]) -> bool:
    """Whether a column shows what formulas came to: nobody takes that for an entry of hers."""
    return table.settled and isinstance(column, Live)


def _identities(table: ShownTable[Any, Any]) -> dict[int, tuple[Identity, int]]:
    """Whose each row is."""
    found, seen = {}, Counter[Identity]()
    columns = [table.index(key) for key in TELLING[table.key]]
    for row in range(table.first, table.first + len(table.records)):
        cells = (table.sheet.cells.get((row, column)) for column in columns)
        identity = prints.whose(prints.said(cell.content if cell else None) for cell in cells)
        found[row] = (identity, seen[identity])
        seen[identity] += 1
    return found


def _accounts(tables: Tables) -> dict[str, str]:
    table = tables.get("accounts")
    if table is None:
        return {}
    id_, name = table.index("id"), table.index("name")
    found: dict[str, str] = {}
    for row in range(table.first, table.first + len(table.records)):
        cells = (table.sheet.cells.get((row, column)) for column in (id_, name))
        told = [prints.said(cell.content if cell else None) for cell in cells]
        found[same_id(told[0])] = told[1].casefold()
    return found


@dataclass
class _Carrying:
    """What is gathered from one file after the other; the newest comes last, and wins."""

    sheets: Mapping[str, Sheet]
    tables: Tables
    t: Texts
    left: list[list[Entry]] = field(default_factory=list)
    beside: list[bool] = field(default_factory=list)
    replies: dict[tuple[str, int, int], RawCell] = field(default_factory=dict)
    hers: dict[tuple[str, int], dict[str, RawCell]] = field(default_factory=dict)
    titles: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows: dict[str, dict[_Whose, int]] = {}  # by sheet, once something stands there
        self.accounts: Mapping[str, str] | None = None  # id to name, both folded

    def take(self, hers: Hers, called: Mapping[str, str]) -> None:
        """What was typed into one book; ``called``: the accounts there, by id."""
        if self.accounts is None:
            self.accounts = _accounts(self.tables)
        new = {called[id_]: name for id_, name in self.accounts.items() if id_ in called}
        left: list[Entry] = []
        noted: dict[tuple[str, int], list[str]] = {}
        self.left.append(left)
        self.beside.append(False)
        for sheet, titles in hers.titles.items():
            newer = [title for title in titles if title]
            older = [one for one in self.titles.get(sheet, ()) if one not in newer]
            self.titles[sheet] = [*newer, *older]
        for entry in hers.entries:
            row = self._row(entry, new)
            if row is None:
                left.append(entry)
            elif (cell := entry.cell) is None:
                noted.setdefault((entry.sheet, row), []).append(entry.note)
                self.beside[-1] = True
            else:
                if cell.formula or len(cell.text) > MAX_TEXT:
                    left.append(entry)  # its value is carried, and what made it is not lost
                titled = hers.titles.get(entry.sheet, ())
                title = entry.title if entry.key else self._named(entry.title, titled)
                self._place(entry, cell, row, title)
        for (sheet, row), notes in noted.items():
            self._note(sheet, row, notes)
        left += [
            Entry(sheet, self.sheets[sheet].title, title=title)
            for sheet, titles in self.titles.items()
            for title in titles[_MOST_COLUMNS:]
        ]

    def _row(self, entry: Entry, new: Mapping[str, str]) -> int | None:
        """Her row in the new book; ``new``: what accounts are called by now, by what they were."""
        if entry.identity is None:
            return None
        rows = self._rows(entry.sheet)
        row = rows.get(entry.identity)
        keys, (told, nth) = TELLING[entry.sheet], entry.identity
        if row is not None or "account" not in keys:
            return row
        at = keys.index("account")
        renamed = (*told[:at], new.get(told[at], told[at]), *told[at + 1 :])
        return rows.get((renamed, nth))

    def _rows(self, sheet: str) -> Mapping[_Whose, int]:
        """Whose row of a new sheet is which."""
        if sheet not in self.rows:
            table = self.tables.get(sheet)
            whose = _identities(table) if table else {}
            self.rows[sheet] = {one: row for row, one in whose.items()}
        return self.rows[sheet]

    def _named(self, title: str, titles: Sequence[str]) -> str:
        """A column without a header gets one, so that it is known again."""
        named, number = title or self.t("portfolio.kept.own"), 1
        while not title and named in titles:
            number += 1
            named = f"{self.t('portfolio.kept.own')} ({number})"
        return named

    def _place(self, entry: Entry, cell: RawCell, row: int, title: str) -> None:
        sheet, table = self.sheets[entry.sheet], self.tables[entry.sheet]
        if entry.key:
            there = self._there(sheet, table, row, entry.key)
            if prints.said(there) == prints.said_in(cell):
                return
            if (entry.sheet, entry.key) == REPLY and not prints.said(there):
                self.replies[entry.sheet, row, table.index(entry.key)] = cell
                return
            title = self.t("portfolio.kept.typed", header=title)
            self.beside[-1] = True
        self._listed(entry.sheet, title)
        self.hers.setdefault((entry.sheet, row), {})[title] = cell

    def _there(self, sheet: Sheet, table: ShownTable[Any, Any], row: int, key: str) -> Content:
        """What kamxl writes now where she typed."""
        numbers = {column.id: number for number, column in enumerate(table.columns, 1)}
        cell = sheet.cells.get((row, numbers.get(key, 0)))
        there = cell.content if cell else None
        return there.value if isinstance(there, Formula) else there

    def _note(self, sheet: str, row: int, notes: Sequence[str]) -> None:
        """Notes join what stands in their column already."""
        title = self.t("portfolio.kept.notes")
        self._listed(sheet, title)
        line = self.hers.setdefault((sheet, row), {})
        said = [line[title].text] if title in line else []
        said += [note for note in map(str.strip, notes) if note and note not in "\n".join(said)]
        line[title] = RawCell(RawKind.TEXT, "\n".join(said))

    def _listed(self, sheet: str, title: str) -> None:
        titles = self.titles.setdefault(sheet, [])
        if title not in titles:
            titles.append(title)

    def reply(self) -> None:
        """Put her replies where kamxl leaves them empty."""
        for (key, row, column), cell in self.replies.items():
            sheet = self.sheets[key]
            sheet.cells[row, column] = Cell(_content(cell), sheet.cells[row, column].style)
            _grow(sheet, row, cell, sheet.widths.get(column, _WIDTH))

    def draw(self, sheets: Mapping[str, Sheet]) -> None:
        """Put her columns right of ours."""
        for key, titles in self.titles.items():
            shown = titles[:_MOST_COLUMNS]
            if key in self.tables and shown:
                self._draw(sheets[key], self.tables[key], shown)

    def _draw(self, sheet: Sheet, table: ShownTable[Any, Any], titles: Sequence[str]) -> None:
        first = table.width + 1
        for number, title in enumerate(titles):
            column = first + number
            sheet.cells[table.header_row, column] = Cell(title, HEADER_LEFT)
            sheet.cells[table.key_row, column] = Cell(f"own {number + 1}", KEY)
            sheet.widths[column] = _WIDTH
            for row in range(table.first, table.first + len(table.records)):
                cell = self.hers.get((table.sheet.key, row), {}).get(title)
                content = _content(cell) if cell else None
                sheet.cells[row, column] = Cell(content, self._style(cell))
                if cell:
                    _grow(sheet, row, cell, _WIDTH)
        last = first + len(titles) - 1
        sheet.tables = [_wider(one, table, last) for one in sheet.tables]

    def _style(self, cell: RawCell | None) -> Style:
        """A plain look: that of an entry, and dates and percents as such."""
        if cell is None or cell.number is None:
            return ENTRY_TEXT
        if is_date_format(cell.number_format):
            hours = "" if cell.number == int(cell.number) else " hh:mm"
            day = "" if 0 <= cell.number < 1 else self.t("language.excel_date")
            return ENTRY_TEXT.but(format=(day + hours).strip() or "hh:mm", wrap=False)
        if is_percent_format(cell.number_format):
            return ENTRY_TEXT.but(format="0.##%", wrap=False)
        return ENTRY_TEXT.but(wrap=False)


def _wider(shown: Any, table: ShownTable[Any, Any], last: int) -> Any:
    """Excel's own table takes her columns in: sorting it has to move them, too."""
    if not shown.ref.startswith(span(table.key_row, 1, table.key_row, 1).split(":")[0] + ":"):
        return shown
    return replace(shown, ref=span(table.key_row, 1, place_of(shown.ref.split(":")[1])[0], last))


def _grow(sheet: Sheet, row: int, cell: RawCell, width: float) -> None:
    """Make a row high enough for what she typed."""
    if cell.kind is RawKind.TEXT:
        needed = row_height(lines_of(cell.text[:MAX_TEXT], width - 1), least=16)
        sheet.heights[row] = max(height_of(sheet, row, 16), needed)


def _content(cell: RawCell) -> Content:
    """A cell's value; text stays text."""
    if cell.kind is RawKind.BOOLEAN:
        return cell.text == "TRUE"
    if cell.number is not None:
        return cell.number
    return text(cell).value
