"""Portfolio.xlsx while it is open in Excel: read as it stands there, and refreshed in place."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from kamxl.excel.live import own
from kamxl.excel.live.bridge import xw
from kamxl.excel.live.opened import Opened
from kamxl.excel.live.program import read_only, saving_by_hand, unsaved
from kamxl.excel.live.reading import raw_sheet
from kamxl.excel.live.refresh import Standing, keys_of, misfit, refresh
from kamxl.forms.paper.book import Book, Sheet
from kamxl.forms.paper.raw import RawBook, RawSheet
from kamxl.forms.portfolio.reading import foreign_sheets, shown_sheets
from kamxl.forms.tables.locate import find_table, rows_of
from kamxl.store import atomic

_HEAD = 60  # rows: every mark and every row of keys stands above
_LONG = frozenset({"data"})
_PASSING = re.compile(r"[a-z]+:.+|[a-z]\d+")


class OpenPortfolio:
    """An open Portfolio.xlsx (a ``consolidate.Screen``).

    ``scratch``: a folder for the drawn copy that Excel opens for a moment; ``find``: the open
    workbook that is a file. Afterwards ``saved``
    says whether the file on the disk is up to date too, ``lost`` which columns' filters (by colour
    or icon) could not be set again; ``begun`` that what is on the screen is no longer the old one.
    """

    def __init__(
        self, book: xw.Book, scratch: Path, find: Callable[[Path], Opened | None] = lambda _: None
    ) -> None:
        self.book = book
        self._find = find
        self.saved = False
        self.begun = False
        self.lost: tuple[str, ...] = ()
        self.pages_lost = False
        self.why: str | None = None
        self.sibling: OpenPortfolio | None = None  # one that is open, too, and was refreshed
        self._scratch = scratch
        self._clean = not unsaved(book)
        self._new: Book | None = None

    def read(self) -> RawBook:
        """All sheets, of those that may be very long the heads."""
        heads = RawBook(tuple(raw_sheet(sheet, _HEAD) for sheet in self.book.sheets))
        long = {s.title for key, s in shown_sheets(heads).items() if key in _LONG}
        return RawBook(
            tuple(
                sheet if sheet.title in long else raw_sheet(self.book.sheets[sheet.title])
                for sheet in heads.sheets
            )
        )

    def refresh(self, book: Book, data: bytes) -> bool:
        """Show ``book`` in place of what stands there; False, and nothing changed: it does not fit.

        What was saved before is saved again; unsaved changes of the manager's stay hers to save.
        """
        heads = RawBook(tuple(raw_sheet(sheet, _HEAD) for sheet in self.book.sheets))
        standing = _standing(shown_sheets(heads), book)
        self._new = book
        self.why = misfit(self.book, book, standing)
        if self.why is not None:
            return False
        copy = atomic.write(self._scratch / "kamxl-drawn.xlsx", data)
        self.begun = True
        try:
            with saving_by_hand(self.book):
                lost = refresh(self.book, book, copy, standing)
        finally:
            with contextlib.suppress(OSError):
                copy.unlink()
        self.lost, self.pages_lost = lost.filters, lost.pages
        self.book.app.calculate()  # what is saved, or looked at, must be what the formulas give
        if self._clean and not read_only(self.book):
            self.book.save()
            self.saved = True
        return True

    def release(self) -> bool:
        """Close the workbook if it is saved and nothing of a manager's is in it."""
        heads = RawBook(tuple(raw_sheet(sheet, _HEAD) for sheet in self.book.sheets))
        if self._new is None or not self._clean or read_only(self.book) or foreign_sheets(heads):
            return False
        there = {sheet.title: key for key, sheet in shown_sheets(heads).items()}
        new = {sheet.key: sheet for sheet in self._new.sheets}
        if any(own.anything(live, new[there[live.name]]) for live in self.book.sheets):
            return False
        self.book.close()
        return True

    def beside(self, path: Path) -> OpenPortfolio | None:
        """A dated sibling that is open, too (a ``consolidate.Screen``)."""
        found = self._find(path)
        self.sibling = OpenPortfolio(found.book, self._scratch) if found is not None else None
        return self.sibling


def _standing(there: Mapping[str, RawSheet], book: Book) -> dict[str, Standing]:
    """What each open sheet shows of ours; one whose row of keys is gone is left out."""
    found = {}
    for sheet in book.sheets:
        raw = there.get(sheet.key)
        if raw is None:
            continue
        standing = _of_sheet(raw, sheet)
        if standing is not None:
            found[sheet.key] = standing
    return found


def _of_sheet(raw: RawSheet, sheet: Sheet) -> Standing | None:
    keys = keys_of(sheet)
    if not keys:
        return Standing(raw.title, max(column for _, column in sheet.cells), ())
    table = find_table(raw, keys[:2])
    if table is None:
        return None
    row = rows_of(raw)[table.row]
    ours = [column for column in sorted(row) if _is_key(row[column], keys)]
    return Standing(raw.title, max(ours), tuple(row[c] for c in sorted(row) if c <= max(ours)))


def _is_key(text: str, keys: Sequence[str]) -> bool:
    """Whether a header is one of ours: of now, or of a column that comes and goes ("p:2026-H1").

    A column that a manager adds to a table has its header in the same row.
    """
    return text in keys or _PASSING.fullmatch(text) is not None
