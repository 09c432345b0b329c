"""Reading declared tables back, wherever and in whatever order people have left them.

Columns are found by the key row, else by header texts of any language; rows stand below whichever
comes first (sorting may have moved the key row). Nothing depends on a position.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from typing import Any

from kamxl.core.finding import CODES, Finding, Severity, finding
from kamxl.core.ids import TakenIds, by_name, proposed, proposed_person, same_id, same_name
from kamxl.core.method.scales import LOW
from kamxl.forms.paper.raw import RawBook, RawCell, RawSheet, a1
from kamxl.forms.tables.columns import Column, Kind
from kamxl.forms.tables.declared import Table
from kamxl.forms.tables.fields import plain
from kamxl.forms.tables.layouts import Layouts
from kamxl.forms.tables.locate import Located, find_texts, labelled, rows_of
from kamxl.wording.texts import languages, spoken
from kamxl.wording.understood import folded

SEVERAL_OWN = 6  # points of the team itself: a first row, half filled in, says nothing yet
MOST_ROWS = 50_000  # a hundred times the prepared ones; whatever is typed below is not read


@dataclass(frozen=True, slots=True)
class Row:
    """One filled row: ``values`` by column key, None where blank or not understood.

    ``cells`` are its addresses and ``raw`` its texts by column key; ``faulty`` are the columns with
    an error, ``findings`` all that is wrong or odd in it, ``wrong`` the errors among them that
    matter beyond this cell (not in a column that stands ``aside``).
    """

    sheet: str
    number: int
    values: Mapping[str, Any]
    cells: Mapping[str, str]
    raw: Mapping[str, str]
    faulty: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    wrong: tuple[Finding, ...] = ()

    def __getitem__(self, key: str) -> Any:
        return self.values[key]  # a column that is not read raises: nothing would ever stand there

    def words(self, key: str) -> str:
        """The text of a column, "" for a blank."""
        return str(self.values[key] or "")

    def seen(self, key: str) -> str:
        """What stands in a cell as a person sees it, understood or not."""
        return self.raw.get(key, "")

    def flag(
        self, code: str, key: str, value: object = None, **details: str | int | float
    ) -> Finding:
        """A finding at one of the row's cells."""
        return finding(code, sheet=self.sheet, cell=self.cells.get(key), value=value, **details)


@dataclass(frozen=True, slots=True)
class TableRead:
    """One table, read whole. ``sheet`` is its title in the file (as expected if it is missing).

    ``findings`` are those of the table as a whole; each row holds its own. ``broken``: the table or
    a column is missing or stands there twice, so nothing below it is sure; ``wrong`` says why (a
    column that stands ``aside`` breaks nothing).
    ``language``: the one its headers speak. ``located``: where its columns stand; ``labels``: all
    rows that hold its headers or keys. ``over``: rows beyond the ``MOST_ROWS`` that are read.
    """

    form: Table[Any]
    sheet: str
    language: str
    rows: tuple[Row, ...] = ()
    findings: tuple[Finding, ...] = ()
    broken: bool = False
    located: Located | None = None
    wrong: tuple[Finding, ...] = ()
    labels: frozenset[int] = frozenset()
    over: tuple[Row, ...] = ()


@dataclass(slots=True)
class _Labels:
    """The rows of a sheet that label columns: the best of them, all, and the languages spoken."""

    best: Located | None = None
    rows: set[int] = field(default_factory=set)
    spoken: Counter[str] = field(default_factory=Counter)


def read_tables(
    book: RawBook, forms: Sequence[Table[Any]], mark: re.Pattern[str]
) -> dict[str, TableRead]:
    """Every form's table, by key. ``mark`` finds a sheet's mark; its first group is the form's key.

    A table without a mark is known by its labels; of several sheets of one form the first counts.
    What the layout of a sheet does not have yet is blank, and that is no finding.
    """
    layouts = Layouts.of(book, mark)
    marked = _marked(book, mark)
    free = [sheet for sheet in book.sheets if not any(sheet in one for one in marked.values())]
    lost = [form for form in forms if form.key not in marked]
    for sheet in free if lost else ():
        alike = _most_alike(sheet, forms, layouts.newest)
        if alike in lost:
            marked.setdefault(alike.key, []).append(sheet)
    spoken: Counter[str] = Counter()
    for form in forms:
        for sheet in marked.get(form.key, ())[:1]:
            spoken += _labels(rows_of(sheet), sheet, form, layouts.of_sheet(sheet)).spoken
    guess = _language(spoken)
    return {form.key: _read_form(form, marked.get(form.key, []), guess, layouts) for form in forms}


def low_points(rows: Sequence[Row], keys: Sequence[str]) -> tuple[Finding, ...]:
    """One warning where all the points in these columns, ``SEVERAL_OWN`` or more, are below 10."""
    given = [(row, key) for row in rows for key in keys if row.values.get(key) is not None]
    points = [row.values[key] for row, key in given]
    if len(points) < SEVERAL_OWN or not any(points) or max(points) > LOW:
        return ()
    (row, key), count = given[0], len(points)
    return (row.flag("scale-low", key, row.seen(key), count=count, most=max(points)),)


def _marked(book: RawBook, mark: re.Pattern[str]) -> dict[str, list[RawSheet]]:
    """The sheets that carry a mark, by the key it names."""
    marked: dict[str, list[RawSheet]] = {}
    for sheet, _, _, text in find_texts(book, mark):
        found = mark.fullmatch(text)
        sheets = marked.setdefault(found[1] if found else "", [])
        if not any(sheet is one for one in sheets):
            sheets.append(sheet)
    return marked


def _most_alike(sheet: RawSheet, forms: Sequence[Table[Any]], layout: int) -> Table[Any] | None:
    """The form whose columns the sheet has the largest part of; None if it has none's."""
    rows, scores = rows_of(sheet), []
    for form in forms:
        best = _labels(rows, sheet, form, layout).best
        telling = _telling(form, layout)
        scores.append(0.0 if best is None else len(telling & best.columns.keys()) / len(telling))
    return forms[scores.index(max(scores))] if any(scores) else None


def _read_form(
    form: Table[Any], sheets: list[RawSheet], language: str, layouts: Layouts
) -> TableRead:
    titles = {plain(one).casefold() for one in spoken(f"{form.texts}.{form.key}.title")}
    sheets = sorted(sheets, key=lambda sheet: plain(sheet.title).casefold() not in titles)
    if not sheets:
        expected = form.title(language)
        if form.since > layouts.newest:
            return TableRead(form, expected, language)
        missing = finding("sheet-missing", sheet=expected, value=expected)
        return TableRead(form, expected, language, (), (missing,), broken=True, wrong=(missing,))
    sheet, *copies = sheets
    read = read_table(sheet, form, language, layouts.of_sheet(sheet))
    extra = tuple(
        finding("sheet-duplicate", sheet=copy.title, value=copy.title, counts=sheet.title)
        for copy in copies
    )
    return replace(read, findings=read.findings + extra)


def read_table(
    sheet: RawSheet, form: Table[Any], language: str = "en", layout: int = 1
) -> TableRead:
    """One form's table on one sheet; every mistake in it is a finding, none raises.

    ``layout``: that of the sheet, as ``Layouts`` tells.
    """
    labels = _labels(rows_of(sheet), sheet, form, layout)
    if labels.best is None:
        lost = finding("table-missing", sheet=sheet.title, label=form.title(language))
        return TableRead(form, sheet.title, language, (), (lost,), broken=True, wrong=(lost,))
    language = _language(labels.spoken, language)
    located = labels.best
    of_columns = _column_findings(located, form, language, layout)
    findings = [found for _, found in of_columns]
    wrong = [found for column, found in of_columns if not column.aside]
    first = min(labels.rows)
    numbers = sorted({row for row, _ in sheet.cells if row > first} - labels.rows)
    made = (_read_row(located, number, form, language) for number in numbers)
    every = [row for row in made if row is not None]
    rows, over = every[:MOST_ROWS], tuple(every[MOST_ROWS:])
    if over:
        cell = a1(over[0].number, 1)
        findings.append(finding("too-many-rows", sheet=sheet.title, cell=cell, limit=MOST_ROWS))
    return TableRead(
        form,
        sheet.title,
        language,
        tuple(_with_ids_proposed(form, rows)),
        tuple(findings),
        bool(wrong),
        located,
        tuple(wrong),
        frozenset(labels.rows),
        over,
    )


@cache
def _telling(form: Table[Any], layout: int) -> frozenset[str]:
    """The columns by which a table of a layout is known; calculated ones are alike in several."""
    ours = (column for column in form.known if column.stands_in(layout))
    return frozenset(column.id for column in ours if column.kind is not Kind.LIVE)


def _labels(
    rows: Mapping[int, Mapping[int, str]], sheet: RawSheet, form: Table[Any], layout: int
) -> _Labels:
    """Which rows hold this table's keys or headers: at least three in five of its layout's."""
    keys = {column.id: column.id for column in form.known}
    headers = _headers(form)
    telling = _telling(form, layout)
    least = max(2, round(0.6 * len(telling)))

    def means(text: str) -> str | None:
        return keys.get(text) or headers.get(text, ("", ()))[0]

    def enough(columns: Mapping[str, tuple[int, ...]]) -> bool:
        return len(telling & columns.keys()) >= least

    found, best = _Labels(), (0, 0, 0)
    for one in labelled(sheet, means, enough, rows):
        seen = [text.casefold() for text in rows[one.row].values()]
        found.rows.add(one.row)
        found.spoken.update(
            language for text in seen for language in headers.get(text, ("", ()))[1]
        )
        # On a tie the key row, which is the one with more keys, else the lower one.
        rank = (len(one.columns), sum(text in keys for text in seen), one.row)
        if rank > best:
            best, found.best = rank, one
    return found


@cache
def _headers(form: Table[Any]) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Header text (folded) to the column it stands for and the languages that call it so.

    What a header said in an earlier version counts where no other one says it today.
    """
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    before: dict[str, tuple[str, tuple[str, ...]]] = {}
    for language in languages():
        for column in form.known:
            for number, said in enumerate(form.headers(column, language)):
                text, known = plain(said).casefold(), before if number else found
                known[text] = (column.id, (*known.get(text, ("", ()))[1], language))
    return before | found


def _language(spoken: Counter[str], otherwise: str = "en") -> str:
    """The language most headers speak; ``otherwise`` if they are gone or speak it as well."""
    most = max(spoken.values(), default=0)
    if spoken[otherwise] == most:
        return otherwise
    return min(language for language, count in spoken.items() if count == most)


def _column_findings(
    located: Located, form: Table[Any], language: str, layout: int
) -> list[tuple[Column, Finding]]:
    findings = []
    for column in form.columns:
        places = located.columns.get(column.id, ())
        header = form.header(column, language)
        if column.read and not places and column.since <= layout:
            lost = finding("column-missing", sheet=located.sheet.title, value=header, label=header)
            findings.append((column, lost))
        elif column.read and len(places) > 1:
            cell = a1(located.row, places[1])
            twice = finding("column-duplicate", sheet=located.sheet.title, cell=cell, value=header,
                            label=header)  # fmt: skip
            findings.append((column, twice))
    return findings


def _read_row(located: Located, number: int, form: Table[Any], language: str) -> Row | None:
    cells = {column.id: located.cell(number, column.id) for column in form.known}
    read = [column for column in form.columns if column.read]
    if not any(_holds(cells[column.id]) for column in read):
        return None
    places = {key: a1(number, at) for key in cells if (at := located.column(key)) is not None}
    raw = {key: plain(cell.text) for key, cell in cells.items() if cell is not None}
    values: dict[str, Any] = {}
    codes: dict[str, str] = {}
    for column in (column for column in form.known if column.read):
        values[column.id], code = understand(column, cells[column.id])
        if code is not None and column.id in places and column not in form.ended:
            codes[column.id] = code
    faulty = frozenset(key for key, code in codes.items() if CODES[code] is Severity.ERROR)
    row = Row(located.sheet.title, number, values, places, raw, faulty)
    found = {}
    for key, code in codes.items():
        column = form.column(key)
        found[key] = explain(row, key, column, code, form.header(column, language), language)
    wrong = (found[key] for key in codes if key in faulty and not form.column(key).aside)
    return replace(row, findings=tuple(found.values()), wrong=tuple(wrong))


def _with_ids_proposed(form: Table[Any], rows: list[Row]) -> Iterator[Row]:
    """The rows; whoever pasted names without ids is told an id that is free for each of them."""
    column = next((one for one in form.columns if one.named), None)
    if column is None:
        return iter(rows)
    scope = [key for key in form.unique if key != column.id]
    beside: dict[tuple[str, ...], TakenIds] = {}  # the ids of each account, segment, catalogue
    named: dict[str, str] = {}
    for row in rows:
        own = row.words(column.id)
        beside.setdefault(_scope_of(row, scope), TakenIds()).add(same_id(own))
        if own:
            named.setdefault(same_name(row.words(column.named)), own)
    every = TakenIds(chain.from_iterable(beside.values()))
    # in the order of the names: what is proposed does not depend on how the rows are sorted
    without = [row for row in rows if row.words(column.named) and not row.seen(column.id)]
    made = {}
    order = same_name if column.person else by_name
    for row in sorted(without, key=lambda row: (order(row.words(column.named)), row.number)):
        name, there = row.words(column.named), beside[_scope_of(row, scope)]
        known = named.get(same_name(name), "")  # a rival, a requirement: the same one elsewhere
        if not known or same_id(known) in there:
            # two people may share initials; what is called otherwise gets another id everywhere
            known = free_id(column, name, there if column.person else every)
        made[row.number] = known
        named.setdefault(same_name(name), known)
        there.add(same_id(known))
        every.add(same_id(known))
    return (_proposing(row, column, made.get(row.number)) for row in rows)


def _scope_of(row: Row, scope: list[str]) -> tuple[str, ...]:
    return tuple(same_id(row.words(key)) for key in scope)


def free_id(column: Column, name: str, taken: Iterable[str]) -> str:
    """An id made from a name for this column of ids, none of ``taken``."""
    if column.person:
        return proposed_person(name, taken)
    return proposed(name, taken, folded("legal_forms") if column.company else ())


def _proposing(row: Row, column: Column, example: str | None) -> Row:
    """The row; that its id is missing is said with an ``example`` of one."""
    if example is None:
        return row

    def told(found: Finding) -> Finding:
        if found.code != "value-missing" or found.cell != row.cells.get(column.id):
            return found
        return row.flag("id-missing", column.id, row.seen(column.named), example=example)

    findings, wrong = (tuple(map(told, some)) for some in (row.findings, row.wrong))
    return replace(row, findings=findings, wrong=wrong)


def _holds(cell: RawCell | None) -> bool:
    return cell is not None and (bool(plain(cell.text)) or cell.formula)


def understand(column: Column, cell: RawCell | None) -> tuple[Any, str | None]:
    """A cell's value, None if blank or wrong, and the code of what is wrong or odd with it."""
    parsed = column.parse(cell)
    if parsed.code is not None and CODES[parsed.code] is Severity.ERROR:
        return None, parsed.code
    if parsed.value is None and column.required and column.kind is not Kind.RAW:
        return None, "value-missing"
    return parsed.value, parsed.code


def explain(row: Row, place: str, column: Column, code: str, header: str, language: str) -> Finding:
    """The finding for a value, under the key ``place``, that was not or not quite understood."""
    if code == "value-missing":
        return row.flag(code, place, column=header)
    value = row.seen(place) or None
    if code == "choice-unknown":
        offered = ", ".join(column.options(language)).removesuffix(
            "."
        )  # the sentence ends with one
        return row.flag(code, place, value, choices=offered)
    return row.flag(code, place, value)
