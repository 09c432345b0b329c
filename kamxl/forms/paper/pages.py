"""How a sheet comes to paper: never smaller than one can read, wide ones over several pages.

Type is 10 points on the screen, so that 80 % of it is the least that is printed (8 points). What is
too wide for that is split between columns; those that say whose row it is stand on every page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kamxl.forms.paper.book import Cell, Sheet

LEAST = 80  # %: of 10 points, 8 are left
_WIDTH = 5.6  # points a column takes for each unit of its width; in Excel a little less
_PAGE = {True: 768.0, False: 521.0}  # points of an A4 page between its margins: landscape, portrait
_SPARE = 0.985  # of a page: no two programs draw columns equally wide


def paged(
    sheet: Sheet,
    last: int,
    repeated: int = 0,
    starts: Iterable[int] = (),
    most: int = 90,
    groups: Iterable[int] = (),
    *,
    even: bool = True,
) -> None:
    """Set scale and breaks of a sheet that is printed up to its column ``last``.

    ``repeated``: so many first columns stand on every page. ``starts``: columns that begin one, if
    all do not fit on one. ``most``: the largest scale, in %. ``groups``: columns that begin some
    which belong together, and are not parted where a page holds them. ``even``: no page is much
    fuller than another; else the first ones are as full as can be.
    """
    widths = {number: sheet.widths.get(number, 9.14) * _WIDTH for number in range(1, last + 1)}
    page = _PAGE[sheet.landscape] * _SPARE
    room = page * 100 / LEAST
    pages = [list(range(1, last + 1))]
    if sum(widths.values()) > room:
        split = _split if even else _filled
        pages = split(widths, repeated, room, frozenset(starts), tuple(groups))
        sheet.title_columns = repeated
        sheet.column_breaks = [columns[-1] for columns in pages[:-1]]
    keys = sum(widths[number] for number in range(1, repeated + 1))
    widest = max(
        sum(widths[number] for number in columns) + (keys if place else 0)
        for place, columns in enumerate(pages)
    )
    sheet.scale = max(min(int(page * 100 / widest), most), LEAST)


def said_once(sheet: Sheet, *rows: int) -> None:
    """Let the long texts of these rows stand on the first page alone.

    They begin in the first column and run over its neighbours: where that column is repeated, each
    page showed a piece of them. So they begin right of it, and end where the page does.
    """
    if not sheet.column_breaks:
        return
    begin = sheet.title_columns + 1
    for row in rows:
        if begin > 1 and (row, 1) in sheet.cells:
            told, blank = sheet.cells[row, 1], sheet.cells.get((row, begin), Cell())
            sheet.cells[row, begin] = told
            sheet.cells[row, 1] = Cell(None, blank.style)
        for column in sheet.column_breaks:
            blank = sheet.cells.get((row, column + 1), Cell())
            if blank.content is None:
                sheet.cells[row, column + 1] = Cell(" ", blank.style)


def _split(
    widths: Mapping[int, float],
    repeated: int,
    room: float,
    starts: frozenset[int],
    groups: tuple[int, ...],
) -> list[list[int]]:
    """The columns of each page: as few pages as hold them, none much fuller than another."""
    fewest = _filled(widths, repeated, room, starts, groups)
    keys = sum(widths[number] for number in range(1, repeated + 1))
    for part in range(50, 100):
        pages = _filled(widths, repeated, keys + (room - keys) * part / 100, starts, groups)
        if len(pages) == len(fewest):
            return pages
    return fewest


def _filled(
    widths: Mapping[int, float],
    repeated: int,
    room: float,
    starts: frozenset[int],
    groups: tuple[int, ...],
) -> list[list[int]]:
    keys = sum(widths[number] for number in range(1, repeated + 1))
    pages: list[list[int]] = [[]]
    used = 0.0
    for number, width in widths.items():
        begun = number > repeated + 1 and bool(pages[-1])
        least = _whole(widths, number, groups, width, room - keys)
        if begun and (number in starts or used + least > room):
            pages.append([])
            used = keys
        pages[-1].append(number)
        used += width
    return pages


def _whole(
    widths: Mapping[int, float], number: int, groups: tuple[int, ...], width: float, room: float
) -> float:
    """What a column needs to begin: the first of a group all of it, if a page holds that."""
    if number not in groups:
        return width
    end = min((other for other in groups if other > number), default=max(widths) + 1)
    group = sum(widths[of] for of in range(number, end))
    return group if group <= room else width
