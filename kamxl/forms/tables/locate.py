"""Finding a table again in a sheet that has been through many hands.

Each of our tables carries a *key row* (small grey ids under its headers: "id", "weight", "us", ...)
and an id column. Both are cell values: the only anchor that every program, a copied sheet and a CSV
keep. Nothing here depends on a position.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from kamxl.forms.paper.raw import RawBook, RawCell, RawSheet, column_number
from kamxl.forms.tables.fields import plain

_SHORT = 200  # letters of a text that is worth remembering


@dataclass(frozen=True, slots=True)
class Located:
    """A table found: ``columns`` maps each key (casefolded) to its columns, left to right.

    More than one column for a key means that somebody copied a column. Data stands below ``row``
    and above ``end``, where the next table of this kind begins.
    """

    sheet: RawSheet
    row: int
    columns: Mapping[str, tuple[int, ...]]
    end: int = 2**31
    _rows: list[int] = field(default_factory=list, init=False, repr=False, compare=False)

    def cell(self, row: int, key: str) -> RawCell | None:
        """The cell of a row under a key; None if it is empty or there is no such column."""
        columns = self.columns.get(key.casefold())
        return self.sheet.cells.get((row, columns[0])) if columns else None

    def column(self, key: str) -> int | None:
        """The first column of a key."""
        columns = self.columns.get(key.casefold())
        return columns[0] if columns else None

    @property
    def last_row(self) -> int:
        """The last row with anything in it."""
        rows = self.rows()
        return rows[-1] if rows else self.row

    def rows(self) -> Sequence[int]:
        """The rows below the key row that hold anything, from the top."""
        if not self._rows:  # sorted once: a hostile sheet has 200,000 cells
            rows = self.sheet.columns()
            self._rows.extend(sorted(row for row in rows if self.row < row < self.end))
        return self._rows


def rows_of(sheet: RawSheet) -> Mapping[int, Mapping[int, str]]:
    """The texts of a sheet by row and column, as a person sees them."""
    return sheet.found(_rows)


def _rows(sheet: RawSheet) -> dict[int, dict[int, str]]:
    found = defaultdict[int, dict[int, str]](dict)
    for (row, column), text in sheet.texts().items():
        found[row][column] = plain(text)
    return dict(found)


def places_of(sheet: RawSheet) -> Mapping[str, Sequence[tuple[int, int]]]:
    """Where each text of a sheet stands, as a person sees it and without case; rows as they are."""
    return sheet.found(_places)


def _places(sheet: RawSheet) -> dict[str, list[tuple[int, int]]]:
    found = defaultdict[str, list[tuple[int, int]]](list)
    for place, text in sheet.texts().items():
        found[_known(text) if len(text) <= _SHORT else _folded(text)].append(place)
    return dict(found)


def _folded(text: str) -> str:
    return plain(text).casefold()


_known = lru_cache(10_000)(_folded)  # most texts are the same on every card


def labelled(
    sheet: RawSheet,
    means: Callable[[str], str | None],
    enough: Callable[[Mapping[str, tuple[int, ...]]], bool],
    rows: Mapping[int, Mapping[int, str]] | None = None,
) -> list[Located]:
    """Every row of a sheet that labels columns, from the top: each way to find a table ends here.

    ``means``: the key that a text (folded) stands for, None: it is no label. ``enough``: whether
    these keys make the row one of labels. ``rows``: the sheet's texts, if they are known already.
    """
    found = []
    for row, texts in sorted((rows_of(sheet) if rows is None else rows).items()):
        columns: dict[str, tuple[int, ...]] = {}
        for column, text in sorted(texts.items()):
            if key := means(text.casefold()):
                columns[key] = (*columns.get(key, ()), column)
        if enough(columns):
            found.append(Located(sheet, row, columns))
    return found


def find_tables(
    sheet: RawSheet, needed: Collection[str], either: Collection[str] = ()
) -> list[Located]:
    """Every table whose key row holds all ``needed`` keys (compared without case), from the top.

    ``either``: keys of which one will do.
    """
    wanted = [(key.casefold(),) for key in needed]
    some = [key.casefold() for key in either]
    rows = _rows_with(sheet, [*wanted, some] if some else wanted)
    return _ended(labelled(sheet, lambda text: text, _enough(needed, either), rows))


def find_table(sheet: RawSheet, needed: Collection[str]) -> Located | None:
    """The first table that holds all ``needed`` keys (compared without case), or None."""
    tables = find_tables(sheet, needed)
    return tables[0] if tables else None


def find_headers(
    sheet: RawSheet,
    known: Mapping[str, str],
    needed: Collection[str],
    either: Collection[str] = (),
) -> list[Located]:
    """Every row of headers that names all ``needed`` keys; ``known``: folded header to its key."""
    seen: dict[str, list[str]] = {}  # the texts there that name each key
    for text in known.keys() & places_of(sheet).keys():
        seen.setdefault(known[text], []).append(text)
    wanted = [seen.get(key.casefold(), ()) for key in needed]
    some = [text for key in either for text in seen.get(key.casefold(), ())]
    rows = _rows_with(sheet, [*wanted, some] if either else wanted)
    return _ended(labelled(sheet, known.get, _enough(needed, either), rows))


def _rows_with(sheet: RawSheet, texts: Iterable[Iterable[str]]) -> Mapping[int, Mapping[int, str]]:
    """The rows in which of each of these groups of texts (folded) one stands at least."""
    places = places_of(sheet)
    rows: set[int] | None = None
    for group in texts:
        here = {row for text in group for row, _ in places.get(text, ())}
        rows = here if rows is None else rows & here
        if not rows:
            return {}
    if rows is None:
        return rows_of(sheet)
    columns, every = sheet.columns(), sheet.texts()
    return {
        row: {at: plain(text) for at in columns[row] if (text := every.get((row, at)))}
        for row in rows
    }


def _enough(
    needed: Iterable[str], either: Iterable[str]
) -> Callable[[Mapping[str, tuple[int, ...]]], bool]:
    """Whether keys hold all ``needed`` ones, and one of ``either`` if there are any."""
    wanted, some = ({key.casefold() for key in keys} for keys in (needed, either))
    return lambda keys: wanted <= keys.keys() and (not some or not some.isdisjoint(keys))


def _ended(tables: list[Located]) -> list[Located]:
    """Tables of one sheet, each ending where the next one begins."""
    below = {one.row: other.row for one, other in pairwise(tables)}
    return [replace(one, end=below.get(one.row, one.end)) for one in tables]


def find_texts(book: RawBook, pattern: re.Pattern[str]) -> list[tuple[RawSheet, int, int, str]]:
    """Every cell whose whole text matches: (sheet, row, column, text), in reading order.

    ``pattern``: of a mark; it begins with letters that stand for themselves, two at least.
    """
    begins, found = pattern.pattern[:2], []
    for sheet in book.sheets:
        if begins not in sheet.found(_joined):
            continue
        texts = sheet.texts().items()
        seen = [(at, text.strip()) for at, text in texts if begins in text]
        for (row, column), text in sorted(one for one in seen if pattern.fullmatch(one[1])):
            found.append((sheet, row, column, text))
    return found


def _joined(sheet: RawSheet) -> str:
    return "\n".join(sheet.texts().values())


def name_target(book: RawBook, name: str) -> tuple[RawSheet, int, int, int, int] | None:
    """Where a defined name points: (sheet, first row, first column, last row, last column)."""
    reference = book.names.get(name.lower(), "")
    match = re.fullmatch(
        r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?",
        reference.lstrip("="),
    )
    if match is None:
        return None
    title = (match[1] or match[2]).replace("''", "'")
    sheet = next((s for s in book.sheets if s.title == title), None)
    if sheet is None:
        return None
    row, column = int(match[4]), column_number(match[3])
    return sheet, row, column, int(match[6] or row), column_number(match[5] or match[3])
