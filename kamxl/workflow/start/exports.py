"""Files that other programs exported: read apart, their tables found and understood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from kamxl.apart import Died, call
from kamxl.core.finding import Finding, finding
from kamxl.core.ids import same_name
from kamxl.errors import KamxlError
from kamxl.excel.reading.limits import LIMITS, Refused
from kamxl.forms.exports.contents import share
from kamxl.forms.exports.found import FoundTable
from kamxl.forms.exports.headers import Part
from kamxl.forms.exports.mapping import (
    TESTS,
    Understood,
    completed,
    proposed_mapping,
    with_decimal,
)  # fmt: skip
from kamxl.forms.exports.telling import DECIMAL, Question
from kamxl.forms.paper.raw import column_letters
from kamxl.store import inbox
from kamxl.store.imports import Layout, Remembered, headers_key
from kamxl.store.paths import shown
from kamxl.workflow.files.exported import tables_of
from kamxl.workflow.imported import Asked, SeenColumn

Settle = Callable[[Asked], int | None]  # the place of the choice that is meant
Told = Mapping[str, str]  # part, or "decimal", to a header, a column's letters, "-" or a mark
Unread = tuple[str, Finding]

_NONE = "-"
_KNOWN_REASONS = frozenset(
    {"letters", "quotes", "password", "too-large", "empty", "time", "memory", "register"}
)


def read_files(
    files: Iterable[Path],
) -> Iterator[tuple[str, list[FoundTable] | Finding]]:
    """Each file by its name, with its tables or why there are none (KamxlError: no such file)."""
    paths = list(files)
    for path in paths:
        if not path.is_file():
            raise KamxlError("no-file", path=path)
    for path in paths:
        name = shown(path.name)
        entry = inbox.read(path, name, None, LIMITS.file)
        tables = _tables(entry.data, entry.reason or "")
        if isinstance(tables, str):
            reason = tables if tables in _KNOWN_REASONS else "other"
            yield name, finding("import-unread", value=name, reason=reason)
            continue
        yield name, tables or finding("import-no-table", value=name)


def _tables(data: bytes | None, reason: str) -> list[FoundTable] | str:
    """The tables of a file, or in one word why it cannot be read."""
    if data is None:
        return reason
    try:
        tables = call(tables_of, data, None)
    except Died as died:
        return died.reason
    except Refused as refused:
        return refused.code if refused.code in _KNOWN_REASONS else refused.reason
    return "register" if tables is None else tables


def understood(
    table: FoundTable, known: Remembered, told: Told, settle: Settle | None, language: str
) -> Understood:
    """What the columns say: as remembered of these headers, as ``told``, and what was settled."""
    found = _remembered(table, known) or proposed_mapping(table)
    for part, where in told.items():
        found = _as_told(found, table, part, where, language)
    passed: list[Question] = []  # a decimal mark that nobody can tell stays a question
    while settle and (left := [q for q in found.questions if q not in passed]):
        question = left[0]
        picked = settle(asked_of(question))
        chosen = question.choices[picked] if picked is not None else None
        if question.part == DECIMAL:
            passed.append(question)
            found = found if chosen is None else found.marked(chosen.header)
        else:
            at = chosen.at if chosen is not None else None
            found = completed(found.said(Part(question.part), at, "asked"), table)
    return found


def asked_of(question: Question) -> Asked:
    """A question as those see it who answer it."""
    choices = (SeenColumn(c.header, column_letters(c.at), c.samples) for c in question.choices)
    return Asked(question.part, tuple(choices))


def _remembered(table: FoundTable, known: Remembered) -> Understood | None:
    """The mapping that was agreed on for these headers, as far as the columns still look so.

    What it does not tell is proposed anew: a column may have been empty then.
    """
    layout = known.layouts.get(headers_key(table.headers)) if table.head else None
    if layout is None:
        return None
    found = proposed_mapping(table)
    for name, told in layout.columns.items():
        at = _still(table, name, told) if told is not None else None
        if name not in set(Part) or (told is not None and at is None):
            return None
        found = found.said(Part(name), at, "remembered")
    # what this file shows itself wins over what another one showed
    found = with_decimal(replace(found, decimal=""), table)
    open_still = any(question.part == DECIMAL for question in found.questions)
    return found.marked(layout.decimal) if open_still and layout.decimal else found


def _still(table: FoundTable, part: str, told: tuple[str, int]) -> int | None:
    """Where the column stands that said a part; None if there is none, or it looks otherwise."""
    header, which = told
    same = [c for c in table.columns if same_name(c.header) == same_name(header)]
    if part not in set(Part) or which >= len(same):
        return None
    column = same[which]
    alike = not column.cells or share(column.sample, TESTS[Part(part)]) >= _STILL
    return column.at if alike else None


_STILL = 0.3  # of a remembered column's cells at least look like what it says


def layout_of(table: FoundTable, found: Understood) -> Layout:
    """What to remember of a table's mapping: its headers, for columns are moved."""
    columns: dict[str, tuple[str, int] | None] = dict.fromkeys(p.value for p in found.none)
    for part, at in found.columns.items():
        header = table.column(at).header
        same = [c.at for c in table.columns if same_name(c.header) == same_name(header)]
        columns[part.value] = (header, same.index(at))
    return Layout(columns, found.decimal)


def _as_told(
    found: Understood, table: FoundTable, part: str, where: str, language: str
) -> Understood:
    """The mapping with what ``--map`` says; a header that this table has not says nothing of it."""
    if part == DECIMAL:
        return found.marked(where)
    if where == _NONE:
        return completed(found.said(Part(part), None, "given"), table)
    named = [c.at for c in table.columns if same_name(c.header) == same_name(where)]
    lettered = [c.at for c in table.columns if column_letters(c.at) == where.strip().upper()]
    if not (named or lettered):
        return found
    at = (named or lettered)[0]
    found = found.said(Part(part), at, "given")
    decimal = "" if part == Part.REVENUE else found.decimal
    return completed(replace(found, decimal=decimal), table)


def mapped_of(options: Iterable[str]) -> dict[str, str]:
    """What ``--map`` says, by part (KamxlError: one says nothing)."""
    found = {}
    for text in options:
        part, equal, where = text.partition("=")
        if not equal or not part.strip() or not where.strip():
            raise KamxlError("import-bad-map", text=text)
        found[part.strip()] = where.strip()
    return found


def check_told(told: Told, tables: Iterable[FoundTable]) -> None:
    """KamxlError if ``--map`` names a part that there is not, or a column that no table has."""
    every = list(tables)
    for part, where in told.items():
        parts = ", ".join((*Part, DECIMAL))
        if part not in {*Part, DECIMAL} or (part == DECIMAL and where not in (",", ".")):
            raise KamxlError("import-no-part", part=part, parts=parts)
        there = {same_name(c.header) for table in every for c in table.columns}
        there |= {column_letters(c.at).casefold() for table in every for c in table.columns}
        if part != DECIMAL and where != _NONE and same_name(where) not in there:
            headers = ", ".join(dict.fromkeys(h for table in every for h in table.headers))
            raise KamxlError("import-no-column", column=where, headers=headers)
