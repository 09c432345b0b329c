"""A drawn workbook put into the place of an open one, sheet by sheet, cell by cell.

The blocks are those that ``draw`` would write into a file. Looks come from a drawn copy that is
opened beside: one copy and one paste per sheet instead of thousands of calls. Column widths,
filters, own sheets and what stands beside our blocks stay as they are.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kamxl.excel.live import blocks, charts, filters, opened, own
from kamxl.excel.live.bridge import xw
from kamxl.excel.live.reading import extent
from kamxl.excel.writing.references import Area, area
from kamxl.forms.paper.book import Book, Sheet, Table
from kamxl.forms.paper.packed import loose
from kamxl.forms.paper.raw import column_letters

_FITTED = 500  # rows of a table that are fitted to their texts


@dataclass(frozen=True, slots=True)
class Standing:
    """What an open sheet shows of ours: its title, our last column, and the keys of its table."""

    title: str
    columns: int
    keys: tuple[str, ...]


def misfit(live: xw.Book, book: Book, standing: Mapping[str, Standing]) -> str | None:
    """Why an open workbook cannot take a new one in; None: it can.

    "moved": a sheet, table or chart of ours is missing or elsewhere; "own": something that a
    manager wrote would be overwritten, or would stand beside another row.
    """
    for sheet in book.sheets:
        there = standing.get(sheet.key)
        if there is None:
            return "moved"
        if not charts.fit(live.sheets[there.title], sheet, moved=there.keys != keys_of(sheet)):
            return "moved"
        tables = {table.name: table for table in live.sheets[there.title].tables}
        if not all(_stands(tables.get(table.name), table) for table in sheet.tables):
            return "moved"
    for sheet in book.sheets:
        there = standing[sheet.key]
        if own.beside(live.sheets[there.title], sheet, there.columns).lost:
            return "own"
    return None


def keys_of(sheet: Sheet) -> tuple[str, ...]:
    """The texts of the row of keys (the last of the printed titles), from the left."""
    if sheet.title_rows is None:
        return ()
    row = sheet.title_rows[1]
    found = sorted((c, cell.content) for (r, c), cell in loose(sheet).items() if r == row)
    return tuple(str(content) for _, content in found if content is not None)


def _stands(live: xw.main.Table | None, table: Table) -> bool:
    """Whether a table can get its new place: it may move up or down, as blocks above it grow."""
    return live is None or live.range.column == area(table.ref).column


@dataclass(frozen=True, slots=True)
class Lost:
    """What could not be set again: the columns of filters; what is printed."""

    filters: tuple[str, ...] = ()
    pages: bool = False


def refresh(live: xw.Book, book: Book, copy: Path, standing: Mapping[str, Standing]) -> Lost:
    """Bring an open workbook that is no ``misfit`` up to date.

    ``copy``: the same book as a file, drawn, which is opened and closed again.
    """
    titles = {sheet.title: standing[sheet.key].title for sheet in book.sheets}
    lost: list[str] = []
    paged = True
    with _opened(live.app, copy) as drawn:
        for sheet in book.sheets:
            target = live.sheets[titles[sheet.title]]
            columns = standing[sheet.key].columns
            lost += _refresh_sheet(target, drawn.sheets[sheet.title], sheet, columns, titles)
            paged = _set_pages(target, sheet) and paged
    for sheet in book.sheets:  # when all numbers are in their places
        charts.follow(live.sheets[titles[sheet.title]], sheet, titles)
    return Lost(tuple(lost), pages=not paged)


@contextlib.contextmanager
def _opened(app: xw.App, path: Path) -> Iterator[xw.Book]:
    left = opened.find(app, path)
    if left is not None:  # by a refresh that was broken off
        left.book.close()
    book = app.books.open(str(path), update_links=False, read_only=True, add_to_mru=False)
    try:
        yield book
    finally:
        app.cut_copy_mode = False
        book.close()


def _refresh_sheet(
    live: xw.Sheet, drawn: xw.Sheet, sheet: Sheet, columns: int, titles: blocks.Titles
) -> list[str]:
    kept = {table.name: filters.take_off(table) for table in live.tables}
    found = own.beside(live, sheet, columns)
    _clear(live, sheet, columns)
    _resize(live, sheet, columns)
    blocks.write(live, sheet, titles)
    _link(live, sheet, titles)
    _dress(live, drawn, sheet)
    own.move(live, found)
    blocks.set_heights(live, sheet)
    _fit(live, sheet)
    lost: list[str] = []
    for table in live.tables:
        lost += filters.put_back(table, kept.get(table.name, ()))
    return lost


def _set_pages(live: xw.Sheet, sheet: Sheet) -> bool:
    """What is printed, and the rows repeated on each page: the headers may have moved.

    False: not to be set. Without any printer Excel knows no pages, and nothing else suffers.
    """
    try:
        if sheet.print_area:
            live.page_setup.print_area = sheet.print_area
        if sheet.title_rows:
            rows = "${}:${}".format(*sheet.title_rows)
            setup = live.page_setup.api
            if sys.platform == "darwin":
                setup.print_title_rows.set(rows)
            else:
                setup.PrintTitleRows = rows
    except Exception:  # each platform's bridge has an exception of its own
        return False
    _break_pages(live, sheet)
    return True


def _break_pages(live: xw.Sheet, sheet: Sheet) -> None:
    """Scale, repeated columns, and where pages begin; only Excel on Windows can be told all of it.

    What cannot be set stays as it was: the sheet is printed, if not as well.
    """
    if sys.platform == "darwin" or sheet.scale is None:
        return
    with contextlib.suppress(Exception):  # each platform's bridge has an exception of its own
        setup = live.page_setup.api
        keys = f"$A:${column_letters(sheet.title_columns)}" if sheet.title_columns else ""
        setup.PrintTitleColumns = keys
        setup.Zoom = sheet.scale
        live.api.ResetAllPageBreaks()
        for column in sheet.column_breaks:
            live.api.VPageBreaks.Add(Before=live.range((1, column + 1)).api)
        for row in sheet.page_breaks:
            live.api.HPageBreaks.Add(Before=live.range((row + 1, 1)).api)


def _link(live: xw.Sheet, sheet: Sheet, titles: blocks.Titles) -> None:
    """Where clicks lead: rows have moved. Looks come later, as a new link brings its own."""
    linked = {place: cell.link for place, cell in loose(sheet).items() if cell.link}
    if sys.platform == "darwin" or not linked:
        return
    with contextlib.suppress(Exception):  # without them the sheet says the same
        live.range((1, 1), blocks.size_of(sheet)).api.Hyperlinks.Delete()
        for place, link in linked.items():
            cell = live.range(place).api
            live.api.Hyperlinks.Add(cell, "", blocks.renamed(link, titles))


def _fit(live: xw.Sheet, sheet: Sheet) -> None:
    """Make rows that people type into as high as their texts, and growing again.

    A height that is set stays whatever is typed. Long tables are left as drawn: fitting takes long.
    """
    rows = sorted(sheet.fitting)
    if rows and len(rows) <= _FITTED:
        with contextlib.suppress(Exception):  # they are as high as drawn, which holds the texts
            live.range(f"{rows[0]}:{rows[-1]}").rows.autofit()


def _clear(live: xw.Sheet, sheet: Sheet, columns: int) -> None:
    """Remove what the old block covered and the new one does not, and all of its looks."""
    rows, wide = blocks.size_of(sheet)
    old_rows = max(extent(live)[0], rows)
    live.range((1, 1), (old_rows, max(wide, columns))).clear_formats()
    if old_rows > rows:
        live.range((rows + 1, 1), (old_rows, max(wide, columns))).clear_contents()
    if columns > wide:
        live.range((1, wide + 1), (old_rows, columns)).clear_contents()


def _resize(live: xw.Sheet, sheet: Sheet, columns: int) -> None:
    """Give our tables their new size, and those that have nothing now one empty row.

    Columns that a manager added to one stay in it.
    """
    declared = {table.name: table for table in sheet.tables}
    for table in live.tables:
        found = declared.pop(table.name, None)
        if found is not None:
            place, added = area(found.ref), table.range.last_cell.column - columns
            _move(live, table, place)
            last = (place.last_row, place.last_column + max(added, 0))
            table.resize(live.range((place.row, place.column), last))
        elif table.name.startswith("kx_"):
            header = table.range
            last = (header.row + 1, header.column + header.shape[1] - 1)
            table.resize(live.range((header.row, header.column), last))
    for name, table_now in declared.items():
        _add(live, sheet, name, area(table_now.ref))


def _move(live: xw.Sheet, table: xw.main.Table, place: Area) -> None:
    """Resizing needs the headers in their row: bring the whole table there first."""
    if table.range.row != place.row:
        table.range.move(live.range((place.row, place.column)))


def _add(live: xw.Sheet, sheet: Sheet, name: str, place: Area) -> None:
    # its headers have to stand there before it is made
    header = live.range((place.row, place.column), (place.row, place.last_column))
    header.value = [
        str(sheet.cells[place.row, column].content)
        for column in range(place.column, place.last_column + 1)
    ]
    block = live.range((place.row, place.column), (place.last_row, place.last_column))
    live.tables.add(block, name=name, has_headers=True, table_style_name="")


def _dress(live: xw.Sheet, drawn: xw.Sheet, sheet: Sheet) -> None:
    rows, columns = blocks.size_of(sheet)
    drawn.range((1, 1), (rows, columns)).copy()
    live.range((1, 1), (rows, columns)).paste(paste="formats")
