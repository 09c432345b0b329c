"""Finding the table of a returned scorecard, and which of its columns belongs to which supplier."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import US, is_id, same_id
from kamxl.core.records import CardOrder, Competitor
from kamxl.forms.fields import plain
from kamxl.forms.locate import Located, find_sheet, name_target, rows_of
from kamxl.forms.raw import RawBook, RawKind, RawSheet, a1
from kamxl.forms.scorecard_grid import COMMENT, GAP, ID, LABEL, OWN_KEYS, SUM, WEIGHT
from kamxl.forms.scorecard_values import range_name
from kamxl.forms.texts import languages, texts

_NEEDED = (ID, WEIGHT, US)
_NUMERIC = re.compile(r"\s*\d{1,3}([.,]\d+)?\s*%?\s*")


@dataclass(frozen=True, slots=True)
class Columns:
    """The suppliers of a card and the column of each (None: it is missing)."""

    suppliers: tuple[Competitor, ...]
    by_supplier: Mapping[str, int | None]
    findings: tuple[Finding, ...]


def locate(raw: RawBook, order: CardOrder | None) -> Located | None:
    """The table of ratings: by its key row, else by defined names, else by its header texts."""
    return find_sheet(raw, _NEEDED) or _by_names(raw, order) or _by_headers(raw, order)


def _by_names(raw: RawBook, order: CardOrder | None) -> Located | None:
    ids = name_target(raw, "kx_ids")
    if ids is None:
        return None
    sheet, first, column, _, _ = ids
    columns = {ID: (column,)}
    taken: set[str] = set()
    named = {LABEL: "kx_label", WEIGHT: "kx_weight", COMMENT: "kx_comment", US: "kx_us"}
    for supplier in order.suppliers if order else ():
        named[same_id(supplier.id)] = range_name(supplier.id, taken)
    for key, name in named.items():
        target = name_target(raw, name)
        if target and target[0] is sheet:
            columns[key] = (target[2],)
    return Located(sheet, first - 1, columns) if set(_NEEDED) <= columns.keys() else None


def _by_headers(raw: RawBook, order: CardOrder | None) -> Located | None:
    """The last resort: a row with the headers we write, in any of our languages."""
    if order is None:
        return None
    suppliers = {plain(s.name).casefold(): same_id(s.id) for s in order.suppliers}
    for language in languages():
        said = texts(language)
        known = dict(suppliers)
        for key in (ID, "requirement", WEIGHT, GAP, COMMENT):
            text = plain(said(f"scorecard.table.{key}")).casefold()
            known.setdefault(text, LABEL if key == "requirement" else key)
        for sheet in raw.sheets:
            found = _header_row(sheet, known)
            if found:
                return found
    return None


def _header_row(sheet: RawSheet, known: Mapping[str, str]) -> Located | None:
    for row, cells in sorted(rows_of(sheet).items()):
        columns: dict[str, tuple[int, ...]] = {}
        for column, text in sorted(cells.items()):
            key = known.get(text.casefold())
            if key:
                columns[key] = (*columns.get(key, ()), column)
        if set(_NEEDED) <= columns.keys():
            return Located(sheet, row, columns)
    return None


def match_columns(table: Located, order: CardOrder | None) -> Columns:
    """Which column rates whom. Columns that are missing, double or unknown are findings."""
    suppliers = order.suppliers if order else _on_card(table)
    found: list[Finding] = []
    if table.column(WEIGHT) is None:
        found.append(_missing(table, WEIGHT, WEIGHT))
    chosen: dict[str, int | None] = {}
    for supplier in suppliers:
        places = table.columns.get(same_id(supplier.id), ())
        chosen[supplier.id] = _chosen(table, places)
        if not places:
            found.append(_missing(table, supplier.id, supplier.name))
        for place in places[1:]:
            where = {"sheet": table.sheet.title, "cell": a1(table.row, place)}
            found.append(
                finding("column-duplicate", value=supplier.id, label=supplier.name, **where)
            )
    if order:
        found += _unknown(table, {same_id(s.id) for s in suppliers})
    return Columns(tuple(suppliers), chosen, tuple(found))


def _chosen(table: Located, places: tuple[int, ...]) -> int | None:
    """A column that stands twice is used only if both copies say the same."""
    if not places:
        return None
    copies = {_content(table, place) for place in places}
    return places[0] if len(copies) == 1 else None


def _content(table: Located, column: int) -> tuple[tuple[int, str], ...]:
    cells = table.sheet.cells
    return tuple((row, cells[row, column].text) for row in table.rows() if (row, column) in cells)


def _missing(table: Located, key: str, label: str) -> Finding:
    return finding("column-missing", sheet=table.sheet.title, value=key, label=label)


def _on_card(table: Located) -> tuple[Competitor, ...]:
    """Without an order: every key between the known ones is a supplier, named by its header."""
    ours = Competitor(US, _header(table, table.column(US) or 0) or US)
    stop = table.column(GAP) or table.column(COMMENT) or 10**6
    rivals = []
    for key, columns in sorted(table.columns.items(), key=lambda item: item[1]):
        if key in OWN_KEYS or not is_id(key) or not (table.column(US) or 0) < columns[0] < stop:
            continue
        cell = table.sheet.cells.get((table.row, columns[0]))
        id_ = plain(cell.text) if cell else key
        rivals.append(Competitor(id_, _header(table, columns[0]) or id_))
    return (ours, *rivals)


def _header(table: Located, column: int) -> str:
    """The header above a key."""
    cell = table.sheet.cells.get((table.row - 1, column))
    return plain(cell.text) if cell else ""


def _unknown(table: Located, asked: set[str]) -> Iterable[Finding]:
    """Columns with numbers that nobody asked for: another supplier, added by the customer."""
    known = {table.column(key) for key in (*asked, *OWN_KEYS)}
    known |= {place for key in asked for place in table.columns.get(key, ())}
    rows = _requirement_rows(table)
    columns = {c for (row, c) in table.sheet.cells if row in rows and c not in known}
    for column in sorted(columns):
        cells = [table.sheet.cells.get((row, column)) for row in rows]
        numbers = [c for c in cells if c and not c.formula and _is_number(c.kind, c.text)]
        if numbers:
            name = _header(table, column) or a1(table.row, column).rstrip("0123456789")
            where = {"sheet": table.sheet.title, "cell": a1(max(table.row - 1, 1), column)}
            yield finding("supplier-unknown", value=name, label=name, **where)


def _is_number(kind: RawKind, text: str) -> bool:
    return kind is RawKind.NUMBER or _NUMERIC.fullmatch(text) is not None


def _requirement_rows(table: Located) -> set[int]:
    """The rows with an id, above the sums."""
    rows = set()
    for row in table.rows():
        cell = table.cell(row, ID)
        if cell and plain(cell.text) == SUM:
            break
        if cell and is_id(plain(cell.text)):
            rows.add(row)
    return rows
