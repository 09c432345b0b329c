"""Finding the table of a returned scorecard, and which of its columns belongs to which supplier."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import US, is_id, same_id
from kamxl.core.records.register import CardOrder, Competitor
from kamxl.forms.paper.raw import RawBook, RawSheet, a1
from kamxl.forms.scorecard.grid import (
    COMMENT,
    GAP,
    GOOD,
    ID,
    LABEL,
    LAST,
    OWN_KEYS,
    SUM,
    WEIGHT,
)
from kamxl.forms.scorecard.values import OWN_NAMES, range_name
from kamxl.forms.tables import fields
from kamxl.forms.tables.fields import plain
from kamxl.forms.tables.locate import Located, find_headers, find_tables, name_target
from kamxl.wording.texts import languages, spoken, texts
from kamxl.wording.understood import folded, unseen

_NEEDED = (ID, WEIGHT, US)
MOST_TABLES = 10
MOST = 50  # findings of one kind from one card: nobody reads more, and a file may hold 16,000


@dataclass(frozen=True, slots=True)
class Columns:
    """The suppliers of a card and the column of each (None: it is missing, or stands there twice).

    ``table`` is the table without those of our own columns that stand there twice and differ.
    """

    table: Located
    suppliers: tuple[Competitor, ...]
    by_supplier: Mapping[str, int | None]
    findings: tuple[Finding, ...]


def locate(raw: RawBook, order: CardOrder | None) -> list[Located]:
    """The tables of ratings: by key rows, else by defined names, else by header texts.

    Of more than ``MOST_TABLES`` one more: that many are no card any more.
    """
    headers = _headers(order)
    keyed = [table for sheet in raw.sheets for table in find_tables(sheet, _NEEDED)]
    if keyed:
        return [_mended(table, headers) for table in keyed[: MOST_TABLES + 1]]
    named = _by_names(raw, order)
    if named:
        return [_mended(named, headers)]
    found = [table for sheet in raw.sheets for table in find_headers(sheet, headers, _NEEDED)]
    return found[: MOST_TABLES + 1]


def _headers(order: CardOrder | None) -> dict[str, str]:
    """The headers we write, in all our languages (folded), with the key of each."""
    found = {}
    for key, name in _SAID.items():
        for said in spoken(f"scorecard.table.{name}"):
            found[plain(said).casefold()] = key
    for key in (GAP, COMMENT):  # as earlier cards said
        found |= dict.fromkeys(folded(f"header_{key}"), key)
    if order and order.last_period:
        for words in map(texts, languages()):
            last = words("scorecard.table.last", period=order.last_period)
            found[plain(last).casefold()] = LAST
    for supplier in order.suppliers if order else ():
        found[plain(supplier.name).casefold()] = same_id(supplier.id)
    return found


_SAID = {ID: "id", LABEL: "requirement", WEIGHT: "weight", GAP: "gap", GOOD: "good",
         COMMENT: "comment"}  # fmt: skip


def _mended(table: Located, headers: Mapping[str, str]) -> Located:
    """The table, with columns whose key is gone found again by their header."""
    ours = OWN_KEYS | set(headers.values())
    keyed = {place for key in ours for place in table.columns.get(key, ())}
    found: dict[str, tuple[int, ...]] = {}
    for (row, column), cell in sorted(table.sheet.cells.items()):
        if row in (table.row - 1, table.row) and column not in keyed:
            key = headers.get(plain(cell.text).casefold())
            if key and key not in table.columns:
                found[key] = (*found.get(key, ()), column)
    return replace(table, columns={**table.columns, **found})


def _by_names(raw: RawBook, order: CardOrder | None) -> Located | None:
    """The table by the defined names of its columns, if ids really stand where they say."""
    ids = name_target(raw, "kx_ids")
    if ids is None:
        return None
    sheet, first, column, last, _ = ids
    columns = {ID: (column,)}
    for key, name in _names(raw, order).items():
        target = name_target(raw, name)
        if target and target[0] is sheet:
            columns[key] = (target[2],)
    if not set(_NEEDED) <= columns.keys():
        return None
    asked = {same_id(r.id) for r in order.requirements} if order else None
    rows = [r for r in _id_rows(sheet, column, asked) if asked or first <= r <= last]
    # a program that deletes rows without moving names leaves them a row too low
    return Located(sheet, min(first, *rows) - 1, columns) if rows else None


def _names(raw: RawBook, order: CardOrder | None) -> dict[str, str]:
    """The key of each column but the ids', and the name of its range."""
    named = {LABEL: "kx_label", WEIGHT: "kx_weight", COMMENT: "kx_comment", US: "kx_us"}
    named[GOOD] = "kx__good"
    taken: set[str] = set()
    for supplier in order.suppliers if order else ():
        named[same_id(supplier.id)] = range_name(supplier.id, taken)
    if order is None:
        found = (name[3:] for name in raw.names if name.startswith("kx_"))
        named |= {name: f"kx_{name}" for name in found if name not in OWN_NAMES}
    return named


def _id_rows(sheet: RawSheet, column: int, asked: set[str] | None) -> list[int]:
    """The rows with an id in this column; only with the asked ids where there are any."""
    found = []
    for (row, at), cell in sheet.cells.items():
        seen = plain(cell.text) if at == column else ""
        if is_id(seen) and (asked is None or same_id(seen) in asked):
            found.append(row)
    return found


def sum_row(table: Located) -> int:
    """The row with the sum of the weights, or the one after the last."""
    for row in table.rows():
        cell = table.cell(row, ID)
        if cell and plain(cell.text) == SUM:
            return row
    return table.last_row + 1


def match_columns(table: Located, order: CardOrder | None) -> Columns:
    """Which column rates whom. Columns that are missing, double or unknown are findings."""
    suppliers = order.suppliers if order else _on_card(table)
    content = _contents(table)
    found: list[Finding] = []
    columns = dict(table.columns)
    for key in (ID, LABEL, WEIGHT, COMMENT, GOOD):
        if len({content.get(place) for place in columns.get(key, ())}) > 1:
            found += _double(table, key, key)
            del columns[key]
    chosen: dict[str, int | None] = {}
    for supplier in suppliers:
        key = same_id(supplier.id)
        places = table.columns.get(key, ())
        if not places:
            found.append(_missing(table, supplier))
        double = len({content.get(place) for place in places}) > 1
        chosen[supplier.id] = places[0] if places and not double else None
        found += _double(table, key, supplier.name) if double else ()
        found += _renamed(table, places[0], supplier, suppliers) if places and order else ()
    keys = (*(same_id(s.id) for s in suppliers), *OWN_KEYS)
    known = {place for key in keys for place in table.columns.get(key, ())}
    found += islice(_unknown(table, known), MOST)
    return Columns(replace(table, columns=columns), tuple(suppliers), chosen, tuple(found))


def _contents(table: Located) -> dict[int, tuple[tuple[int, str], ...]]:
    """What stands in each column that has a key twice, above the sums."""
    double = {place for places in table.columns.values() if len(places) > 1 for place in places}
    last = sum_row(table)
    found: dict[int, list[tuple[int, str]]] = {place: [] for place in double}
    for (row, column), cell in sorted(table.sheet.cells.items()) if double else ():
        if column in double and table.row < row < last:
            found[column].append((row, cell.text))
    return {column: tuple(content) for column, content in found.items()}


def _double(table: Located, key: str, label: str) -> Iterator[Finding]:
    """A column that stands there twice is used only if both say the same."""
    for place in table.columns[key][1 : 1 + MOST]:
        where = {"sheet": table.sheet.title, "cell": a1(table.row, place)}
        yield finding("column-duplicate", value=key, label=label, **where)


def _missing(table: Located, supplier: Competitor) -> Finding:
    title = table.sheet.title
    return finding("column-missing", sheet=title, value=supplier.id, label=supplier.name)


def _renamed(
    table: Located, column: int, supplier: Competitor, suppliers: Iterable[Competitor]
) -> Iterator[Finding]:
    """A header that now names somebody else: the ratings may be about that one.

    "Supplier A" names nobody: a customer may not be allowed to, and the column stays the rival's.
    """
    row, seen = _header(table, column)
    said = plain(seen).casefold()
    others = {same_text(other.name) for other in suppliers if other is not supplier}
    if seen and said != same_text(supplier.name) and (said in others or not _neutral(said)):
        where = {"sheet": table.sheet.title, "cell": a1(row, column)}
        yield finding("label-changed", value=seen, label=supplier.name, **where)


_WORD = re.compile(r"\w+")
_COUNTED = re.compile(r"[a-z]?\d{0,3}|[ivx]{1,4}")  # A, 2, B1, iv; alone it may be somebody's name


def _neutral(said: str) -> bool:
    """Whether a folded text says "supplier" in whatever words, with a letter or number, or less."""
    words, general = _WORD.findall(said), folded("nobody_named")
    if not any(word in general for word in words):
        return len("".join(words)) == 1
    return all(word in general or _COUNTED.fullmatch(word) for word in words)


def same_text(text: str) -> str:
    """The form under which labels are compared: as a card can hold them, without case."""
    return plain(unseen(fields.harmless(text))).casefold()


def _on_card(table: Located) -> tuple[Competitor, ...]:
    """Without an order: every other key is a supplier, named by its header."""
    ours = Competitor(US, _header(table, table.column(US) or 0)[1] or US)
    rivals = []
    for key, columns in sorted(table.columns.items(), key=lambda item: item[1]):
        if key in OWN_KEYS or not is_id(key):
            continue
        cell = table.sheet.cells.get((table.row, columns[0]))
        seen = plain(cell.text) if cell else ""
        id_ = seen if same_id(seen) == key else key
        rivals.append(Competitor(id_, _header(table, columns[0])[1] or id_))
    return (ours, *rivals)


def _header(table: Located, column: int) -> tuple[int, str]:
    """The header of a column and its row: above the key, or in the row found without keys."""
    at = table.sheet.cells.get((table.row, column))
    seen = plain(at.text) if at else ""
    if seen and column not in table.columns.get(seen.casefold(), ()):
        return table.row, seen
    above = table.sheet.cells.get((table.row - 1, column))
    return max(table.row - 1, 1), plain(above.text) if above else ""


def _unknown(table: Located, known: set[int]) -> Iterator[Finding]:
    """Columns with numbers that nobody asked for: another supplier, added by the customer."""
    rows = _requirement_rows(table)
    columns: set[int] = set()
    for (row, column), cell in table.sheet.cells.items():
        new = row in rows and column not in known and column not in columns and not cell.formula
        if new and fields.number(cell).value is not None:
            columns.add(column)
    for column in sorted(columns):
        row, seen = _header(table, column)
        name = seen or a1(1, column).rstrip("0123456789")
        where = {"sheet": table.sheet.title, "cell": a1(row, column)}
        yield finding("supplier-unknown", value=name, label=name, **where)


def _requirement_rows(table: Located) -> set[int]:
    """The rows with an id, above the sums."""
    last = sum_row(table)
    cells: Sequence[tuple[int, str]] = [
        (row, plain(cell.text))
        for row in table.rows()
        if row < last and (cell := table.cell(row, ID))
    ]
    return {row for row, text in cells if is_id(text)}
