"""What goes into a plan that is open to know what came back: into kamxl's own cells, and no others.

Rows are found by their ids, wherever they are; new ones go into prepared rows that hold nothing.
What people type (a rating, a reply, a remark) is never touched, and nothing is taken out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kamxl.core.ids import same_id, same_name
from kamxl.core.portfolio.companion import Companion, Given, RequirementNow
from kamxl.core.records.plan import OwnRating
from kamxl.forms.paper.book import Scalar
from kamxl.forms.paper.raw import RawBook, RawSheet
from kamxl.forms.plan.lists import ROOM, SEGMENT, TARGET
from kamxl.forms.plan.sheets import FORMS, LISTS, MARK, SELF, VISIT, WISHES
from kamxl.forms.plan.targets import requirement_target
from kamxl.forms.tables.fields import plain
from kamxl.forms.tables.locate import find_texts, rows_of
from kamxl.forms.tables.reading import TableRead, read_tables
from kamxl.wording.texts import spoken, texts

Cells = dict[tuple[int, int], Scalar]


@dataclass(slots=True)
class Refreshed:
    """``cells`` to enter by sheet title, and what of it is new, in numbers.

    ``changed``: rows of the self-assessment with other figures; ``requirements``, ``wishes``: new
    rows; ``reweighed``: wishes of another importance; ``visit``: totals of the first page.
    ``fresh``: the new rows by sheet title. ``crowded``: ids for which no prepared row was left, or
    no table was found; ``unoffered``: those that its drop-downs have no room for.
    """

    cells: dict[str, Cells] = field(default_factory=dict)
    changed: int = 0
    requirements: int = 0
    wishes: int = 0
    reweighed: int = 0
    visit: int = 0
    fresh: dict[str, list[int]] = field(default_factory=dict)
    crowded: list[str] = field(default_factory=list)
    unoffered: list[str] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Whether the plan knows all of it already."""
        return not any(self.cells.values()) and not self.crowded

    def put(self, sheet: str, row: int, column: int | None, value: Scalar) -> None:
        """One cell; without a column there is no place for it."""
        if column is not None:
            self.cells.setdefault(sheet, {})[row, column] = value


def refreshed(
    raw: RawBook, prepared: Mapping[str, frozenset[int]], companion: Companion
) -> Refreshed:
    """What goes into the open plan ``raw`` of which this is the companion.

    ``prepared``: by sheet title, the rows that hold a formula: a free row of a table is one.
    """
    made = Refreshed()
    tables = read_tables(raw, FORMS, MARK)
    offered = [
        *_requirements(made, tables[SELF.key], prepared, companion),
        *_wishes(made, tables[WISHES.key], prepared, companion),
    ]
    segments = [(one.id, one.name) for one in companion.segments]
    _offer(made, raw, offered, segments)
    for sheet in _marked(raw, VISIT):
        _visit(made, sheet, companion, tables[SELF.key].language)
    return made


# --- self-assessment and wishes ------------------------------------------------------------------


def _requirements(
    made: Refreshed, table: TableRead, prepared: Mapping[str, frozenset[int]], of: Companion
) -> Iterator[tuple[str, str]]:
    """Their cells; what actions may aim at then, and its text."""
    rows = {(same_id(row.words("segment")), same_id(row.words("id"))): row for row in table.rows}
    free = _free(table, prepared)
    for one in (one for one in of.requirements if not one.taken):
        target = requirement_target(one.segment, one.id)
        row = rows.get((same_id(one.segment), same_id(one.id)))
        if row is not None:
            new = {"weight": one.weight, "customer": one.rating}
            made.changed += _update(made, table, row.number, new, row.values)
        elif (number := next(free, None)) is None:
            made.crowded.append(target)
            continue
        else:
            _begin(made, table, number, SELF.line(_row_of(one)).values or {})
            made.requirements += 1
        yield target, one.label


def _row_of(one: RequirementNow) -> OwnRating:
    return OwnRating(one.segment, one.id, one.label, one.weight.now, customer=one.rating.now)


def _wishes(
    made: Refreshed, table: TableRead, prepared: Mapping[str, frozenset[int]], of: Companion
) -> Iterator[tuple[str, str]]:
    rows = {same_id(row.words("id")): row for row in table.rows}
    free = _free(table, prepared)
    for one in of.wishes:
        row = rows.get(same_id(one.wish.id))
        if row is not None:
            new = {"importance": one.importance}
            made.reweighed += _update(made, table, row.number, new, row.values)
        elif (number := next(free, None)) is None:
            made.crowded.append(one.wish.id)
            continue
        else:
            _begin(made, table, number, WISHES.line(one.wish).values or {})
            made.wishes += 1
        yield one.wish.id, one.wish.issue or one.wish.remedy


def _free(table: TableRead, prepared: Mapping[str, frozenset[int]]) -> Iterator[int]:
    """The prepared rows of a table that hold nothing, those below all others first."""
    located = table.located
    if table.broken or located is None:
        return
    read = [column.id for column in table.form.columns if column.read]
    rows = [row for row in sorted(prepared.get(table.sheet, ())) if row > located.row]
    held = {
        row
        for row in rows
        if any((cell := located.cell(row, key)) and plain(cell.text) for key in read)
    }
    last = max(held, default=located.row)
    free = [row for row in rows if row not in held]
    yield from sorted(free, key=lambda row: (row < last, row))


def _update(
    made: Refreshed, table: TableRead, row: int, new: Mapping[str, Given], old: Mapping[str, Any]
) -> bool:
    """Other figures in a row that is there; whether any is another one."""
    differs = False
    for key, value in new.items():
        if table.located is not None and Given(old[key], value.now).differs:
            made.put(table.sheet, row, table.located.column(key), value.now)
            differs = True
    return differs


def _begin(made: Refreshed, table: TableRead, row: int, values: Mapping[str, Any]) -> None:
    """A row that is new."""
    for key, value in values.items():
        if table.located is not None and value not in (None, ""):
            shown = table.form.column(key).show(value, table.language)
            made.put(table.sheet, row, table.located.column(key), shown)
    made.fresh.setdefault(table.sheet, []).append(row)


# --- what drop-downs offer -----------------------------------------------------------------------


def _offer(
    made: Refreshed,
    raw: RawBook,
    targets: Iterable[tuple[str, str]],
    segments: Iterable[tuple[str, str]],
) -> None:
    """The entries that the lists lack, below theirs; a plan of before has no room for more."""
    wanted = list(targets)
    for sheet in _marked(raw, LISTS):
        room = [
            (row, column, int(found[1]))
            for (row, column), cell in sheet.cells.items()
            if (found := ROOM.fullmatch(cell.text.strip()))
        ]
        for row, column, rows in room[:1]:
            first = row + 2  # below the headers
            _append(made, sheet, (first, first + rows), column, segments)
            left = _append(made, sheet, (first, first + rows), column + TARGET - SEGMENT, wanted)
            made.unoffered += left
        if not room:
            there = {plain(cell.text).casefold() for cell in sheet.cells.values()}
            made.unoffered += [one for one, _ in wanted if same_id(one) not in there]


def _append(
    made: Refreshed,
    sheet: RawSheet,
    rows: tuple[int, int],
    column: int,
    entries: Iterable[tuple[str, str]],
) -> list[str]:
    """Put what is missing into a list and its text beside; what found no room."""
    held = {
        row: plain(cell.text)
        for row in range(*rows)
        if (cell := sheet.cells.get((row, column))) and plain(cell.text)
    }
    there = {same_id(text) for text in held.values()}
    row, left = max(held, default=rows[0] - 1), []
    for entry, text in entries:
        if same_id(entry) in there:
            continue
        row += 1
        if row >= rows[1]:
            left.append(entry)
            continue
        there.add(same_id(entry))
        made.put(sheet.title, row, column, entry)
        made.put(sheet.title, row, column + 1, text)
    return left


# --- the first page ------------------------------------------------------------------------------


def _visit(made: Refreshed, sheet: RawSheet, of: Companion, language: str) -> None:
    """The totals of then and now, by the names of the segments; a page without them stays."""
    rows = rows_of(sheet)
    found = _totals_in(rows)
    if found is None:
        return
    row, columns = found
    whole = _spoken("plan.visit.whole")
    totals = {same_name(one.name): one for one in of.segments}
    for below in range(row + 1, row + 2 + len(of.segments)):
        name = same_name(rows.get(below, {}).get(columns["score"], ""))
        one = of.total if name in whole else totals.get(name)
        if one is None or one.total is None:
            continue
        for key, value in (("then", one.earlier_total), ("now", one.total)):
            cell = sheet.cells.get((below, columns[key]))
            if Given(cell.number if cell else None, value).differs:
                made.put(sheet.title, below, columns[key], value)
                made.visit += 1
    said = rows.get(row - 1, {})
    if made.visit and len(said) > 1:
        now, then = of.total.period, of.total.earlier
        dated = texts(language)("plan.visit.dated", now=now, then=then)
        made.put(sheet.title, row - 1, max(said), dated)


def _totals_in(rows: Mapping[int, Mapping[int, str]]) -> tuple[int, dict[str, int]] | None:
    """The row of headers above the totals, and their columns; None: it is not there."""
    heads = {key: _spoken(f"plan.visit.{key}") for key in ("score", "then", "now")}
    for row, line in sorted(rows.items()):
        columns = {
            key: column
            for key, words in heads.items()
            for column, text in line.items()
            if same_name(text) in words
        }
        if len(columns) == len(heads):
            return row, columns
    return None


def _spoken(key: str) -> set[str]:
    return {same_name(word) for word in spoken(key)}


def _marked(raw: RawBook, key: str) -> list[RawSheet]:
    """The first sheet with this mark, if there is any."""
    found = (sheet for sheet, _, _, text in find_texts(raw, MARK) if _key(text) == key)
    return list(found)[:1]


def _key(text: str) -> str:
    match = MARK.fullmatch(text)
    return match[1] if match else ""
