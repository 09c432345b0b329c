"""Finding the table of a returned scorecard, and which of its columns belongs to which supplier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import US, is_id, same_id
from kamxl.core.records.page import Asks
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
from kamxl.forms.scorecard.headers import by_headers, header_of
from kamxl.forms.scorecard.identity import identified, same_text
from kamxl.forms.scorecard.shifted import Shifts
from kamxl.forms.scorecard.values import OWN_NAMES, range_name
from kamxl.forms.tables import fields
from kamxl.forms.tables.fields import plain
from kamxl.forms.tables.locate import Located, find_headers, find_tables, name_target
from kamxl.wording.texts import languages, spoken, texts
from kamxl.wording.understood import folded

_NEEDED, _ROWS = (WEIGHT, US), (ID, LABEL)  # all of those, and one of these
_OF_PROFILE = (WEIGHT, GOOD)  # what is needed of a table that rates nobody
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
    if order is not None:
        profile = order.asks is Asks.PROFILE
        return _located(raw, order, _OF_PROFILE if profile else _NEEDED)
    return _located(raw, None, _NEEDED) or _located(raw, None, _OF_PROFILE)


def _located(raw: RawBook, order: CardOrder | None, needed: tuple[str, ...]) -> list[Located]:
    """The tables with the columns that are ``needed``."""
    headers = headers_of(order)
    keyed = [table for sheet in raw.sheets for table in find_tables(sheet, needed, _ROWS)]
    if keyed:
        return [_mended(table, headers) for table in keyed[: MOST_TABLES + 1]]
    named = _by_names(raw, order, needed)
    if named:
        return [_mended(named, headers)]
    found = (find_headers(sheet, headers, needed, _ROWS) for sheet in raw.sheets)
    return [table for tables in found for table in tables][: MOST_TABLES + 1]


def headers_of(order: CardOrder | None) -> dict[str, str]:
    """The headers we write, in all our languages (folded), with the key of each."""
    found = dict(_on_every_card())
    if order and order.last_period:
        for words in map(texts, languages()):
            last = words("scorecard.table.last", period=order.last_period)
            found[plain(last).casefold()] = LAST
    for supplier in order.suppliers if order else ():
        found[plain(supplier.name).casefold()] = same_id(supplier.id)
    return found


@cache
def _on_every_card() -> Mapping[str, str]:
    found = {}
    for key, name in _SAID.items():
        for said in spoken(f"scorecard.table.{name}"):
            found[plain(said).casefold()] = key
    for said in spoken("scorecard.first.good"):
        found[plain(said).casefold()] = GOOD
    for key in (GAP, COMMENT):  # as earlier cards said
        found |= dict.fromkeys(folded(f"header_{key}"), key)
    return found


_SAID = {ID: "id", LABEL: "requirement", WEIGHT: "weight", GAP: "gap", GOOD: "good",
         COMMENT: "comment"}  # fmt: skip


def _mended(table: Located, headers: Mapping[str, str]) -> Located:
    """The table, with columns whose key is gone found again by their header."""
    ours = OWN_KEYS | set(headers.values())
    keyed = {place for key in ours for place in table.columns.get(key, ())}
    found: dict[str, tuple[int, ...]] = {}
    for row in (table.row - 1, table.row):
        for column in sorted(table.sheet.columns().get(row, ())):
            if column in keyed:
                continue
            key = headers.get(plain(table.sheet.cells[row, column].text).casefold())
            if key and key not in table.columns:
                found[key] = (*found.get(key, ()), column)
    return replace(table, columns={**table.columns, **found})


def _by_names(raw: RawBook, order: CardOrder | None, needed: tuple[str, ...]) -> Located | None:
    """The table by the defined names of its columns, if ids or labels really stand there."""
    targets = {key: name_target(raw, name) for key, name in _names(raw, order).items()}
    rows = targets[ID] or targets[LABEL]
    if rows is None:
        return None
    sheet, first, _, last, _ = rows
    columns = {key: (at[2],) for key, at in targets.items() if at and at[0] is sheet}
    if not set(needed) <= columns.keys():
        return None
    found = [r for r in _identified(sheet, columns, order) if order or first <= r <= last]
    # a program that deletes rows without moving names leaves them a row too low
    return Located(sheet, min(first, *found) - 1, columns) if found else None


def _names(raw: RawBook, order: CardOrder | None) -> dict[str, str]:
    """The key of each column, and the name of its range."""
    named = {ID: "kx_ids", LABEL: "kx_label", WEIGHT: "kx_weight", COMMENT: "kx_comment"}
    named |= {US: "kx_us", GOOD: "kx__good"}
    taken: set[str] = set()
    for supplier in order.suppliers if order else ():
        named[same_id(supplier.id)] = range_name(supplier.id, taken)
    if order is None:
        found = (name[3:] for name in raw.names if name.startswith("kx_"))
        named |= {name: f"kx_{name}" for name in found if name not in OWN_NAMES}
    return named


def _identified(
    sheet: RawSheet, columns: Mapping[str, tuple[int, ...]], order: CardOrder | None
) -> list[int]:
    """The rows with an id or a label; only with asked ones where it is known what was asked."""
    asked = {same_id(r.id) for r in order.requirements} if order else set()
    labels = {same_text(r.label) for r in order.requirements} if order else set()
    places = {*columns.get(ID, ()), *columns.get(LABEL, ())}
    found = []
    for (row, at), cell in sheet.cells.items():
        seen = plain(cell.text) if at in places else ""
        if (
            same_text(seen) in labels
            if at in columns.get(LABEL, ())
            else (is_id(seen) and (not asked or same_id(seen) in asked))
        ):
            found.append(row)
    return found


def sum_row(table: Located) -> int:
    """The row with the sum of the weights, or the one after the last."""
    for row in table.rows():
        cell = table.cell(row, ID)
        if cell and plain(cell.text).casefold() == SUM:
            return row
    return table.last_row + 1


def match_columns(table: Located, order: CardOrder | None) -> Columns:
    """Which column rates whom. Columns that are missing, double or unknown are findings."""
    table, found = identified(table, order)
    suppliers = order.suppliers if order else _on_card(table)
    content = _contents(table)
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
    if order:
        chosen, said = by_headers(table, suppliers, chosen)
        found += said
        shifts = Shifts(
            replace(table, columns=columns), {same_id(r.id) for r in order.requirements}
        )
        if all(one.code != "label-contradicts" for one in found):  # said already, of all columns
            chosen, said = shifts.found(chosen)
            found += said
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


def _on_card(table: Located) -> tuple[Competitor, ...]:
    """Without an order: every other key is a supplier, named by its header."""
    if table.column(US) is None:  # a profile
        return ()
    ours = Competitor(US, header_of(table, table.column(US) or 0)[1] or US)
    rivals = []
    for key, columns in sorted(table.columns.items(), key=lambda item: item[1]):
        if key in OWN_KEYS or not is_id(key):
            continue
        cell = table.sheet.cells.get((table.row, columns[0]))
        seen = plain(cell.text) if cell else ""
        id_ = seen if same_id(seen) == key else key
        rivals.append(Competitor(id_, header_of(table, columns[0])[1] or id_))
    return (ours, *rivals)


def _unknown(table: Located, known: set[int]) -> Iterator[Finding]:
    """Columns with numbers that nobody asked for: another supplier, added by the customer."""
    columns: set[int] = set()
    for row in _requirement_rows(table):
        for column in table.sheet.columns()[row]:
            if column in known or column in columns:
                continue
            cell = table.sheet.cells[row, column]
            if not cell.formula and fields.number(cell).value is not None:
                columns.add(column)
    for column in sorted(columns):
        row, seen = header_of(table, column)
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
