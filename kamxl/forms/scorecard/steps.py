"""Reading the next steps of the sheet *Minutes*: what, who, by when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kamxl.core.finding import Finding, finding
from kamxl.core.records.page import Step
from kamxl.forms.paper.raw import RawBook, RawCell, a1
from kamxl.forms.scorecard.about import MOST_TABLES, one_saying
from kamxl.forms.scorecard.grid import ID
from kamxl.forms.scorecard.minutes import STEP_KEYS
from kamxl.forms.tables import fields
from kamxl.forms.tables.fields import plain
from kamxl.forms.tables.locate import Located, find_headers, find_tables
from kamxl.wording.texts import spoken
from kamxl.wording.understood import unseen

MOST = 50  # steps of one meeting; rows may have been inserted
_STEP_ID = re.compile(r"S\d{1,3}", re.IGNORECASE)
_, _WHAT, _BY, _WHO = STEP_KEYS
_SAID = {_WHAT: "what", _BY: "by", _WHO: "who"}


def read_steps(raw: RawBook) -> tuple[tuple[Step, ...], list[Finding]]:
    """The steps that say what is to be done, from the top; findings for what cannot be read."""
    tables = _tables(raw)
    return one_saying(tables, [_steps(table) for table in tables])


def step_places(raw: RawBook) -> set[tuple[str, int, int]]:
    """The cells that are read here, by the title of their sheet."""
    return {
        (table.sheet.title, row, column)
        for table in _tables(raw)
        for row in _rows(table)
        for key in _SAID
        if (column := table.column(key))
    }


def _tables(raw: RawBook) -> list[Located]:
    """By key rows, else by header texts."""
    tables = [table for sheet in raw.sheets for table in find_tables(sheet, STEP_KEYS)]
    if not tables:
        said = {
            plain(text).casefold(): key
            for key, name in _SAID.items()
            for text in spoken(f"scorecard.minutes.{name}")
        }
        keys = tuple(_SAID)
        tables = [one for sheet in raw.sheets for one in find_headers(sheet, said, keys)]
    return tables[:MOST_TABLES]


def _rows(table: Located) -> list[int]:
    """The rows of steps: those with an id S1, S2, ..., between them and right below; without any

    id, all.
    """
    cells = {row: table.cell(row, ID) for row in table.rows()}
    named = [row for row, cell in cells.items() if cell and _STEP_ID.fullmatch(plain(cell.text))]
    last = max(named, default=table.last_row)
    return [row for row in table.rows() if row <= last + bool(named)][:MOST]


def _steps(table: Located) -> tuple[tuple[Step, ...], list[Finding]]:
    found: list[Finding] = []
    return tuple(_read(table, found)), found


def _read(table: Located, found: list[Finding]) -> Iterator[Step]:
    for row in _rows(table):
        what, who = (_words(table, row, key, found) for key in (_WHAT, _WHO))
        cell = table.cell(row, _BY)
        day = fields.day(cell)
        if cell is not None and day.code:  # "next week" is her word, and none of ours to refuse
            what = " – ".join(filter(None, (what, _plain(cell))))
        if what or who or day.value:
            yield Step(what, who, day.value)


def _words(table: Located, row: int, key: str, found: list[Finding]) -> str:
    cell = table.cell(row, key)
    parsed = fields.answer(cell)
    column = table.column(key)
    if parsed.code and cell is not None and column:
        place = {"sheet": table.sheet.title, "cell": a1(row, column)}
        found.append(finding(parsed.code, value=cell.text, **place))
    return " ".join(unseen(parsed.value or "").split())


def _plain(cell: RawCell) -> str:
    return " ".join(unseen(fields.words(cell).value or "").split())
