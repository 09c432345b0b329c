"""Answers beside the workbook: where a sheet would be too long for them, they are a file of text.

A spreadsheet opens it as a table: fields are parted as the language's lists are, numbers have its
decimals, and no text can be taken for a formula. Nothing refers to its rows: what formulas would
have read there is shown as what they come to.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from kamxl.forms.paper.book import RISKY, Content, Formula, Scalar, Sheet, Slot
from kamxl.forms.paper.packed import loose
from kamxl.forms.tables.shown import ShownTable
from kamxl.wording.texts import Texts, languages, texts

MARK = "\ufeff"  # by which spreadsheets know UTF-8
_FIRST = ("account", "respondent", "label", "segment")  # columns, which no portfolio lacks
_LINES = 1_000  # that are made into bytes at once


def emptied(table: ShownTable[Any, Any]) -> ShownTable[Any, Any]:
    """The same table without its records, drawn in its place."""
    made = replace(table, records=())
    made.made, made.rested = table.made, table.rested
    return made


def settled_formulas(sheets: Iterable[Sheet], away: Sheet) -> None:
    """Let formulas that read the rows of a sheet which stand elsewhere be what they come to."""
    named = away.ref("A1").rpartition("!")[0] + "!"
    for sheet in sheets:
        cells = loose(sheet)
        for place, cell in cells.items():
            made = cell.content
            if isinstance(made, Formula) and named in made.text:
                cells[place] = replace(cell, content=None if made.value == "" else made.value)


def is_ours(beginning: bytes) -> bool:
    """Whether a file begins as one that was written so: with our first headers, in any language."""
    text = beginning.decode("utf-8", "replace")
    return any(text.startswith(MARK + _first(texts(one))) for one in languages())


def _first(t: Texts) -> str:
    """How the first line begins, whatever columns there are."""
    return _part(t).join(t(f"portfolio.data.{key}") for key in _FIRST)


def _part(t: Texts) -> str:
    return ";" if t.manner.point == "," else ","


def heading(table: ShownTable[Any, Any], t: Texts) -> bytes:
    """The first line: what the columns are called."""
    return _encoded([[table.title(t, column) for column in table.columns]], t, MARK)


def written(table: ShownTable[Any, Any], t: Texts) -> bytes:
    """The whole file: a line for each record."""
    whole = bytearray(heading(table, t))
    waiting: list[list[str]] = []
    for _, contents, _ in table.rows():
        waiting.append([_field(content, t) for content in contents])
        if len(waiting) == _LINES:
            whole += _encoded(waiting, t)
            waiting = []
    whole += _encoded(waiting, t)
    return bytes(whole)


def _encoded(lines: Iterable[list[str]], t: Texts, before: str = "") -> bytes:
    out = io.StringIO(newline="")
    out.write(before)
    csv.writer(out, delimiter=_part(t)).writerows(lines)
    return out.getvalue().encode("utf-8", "replace")


def _field(content: Content, t: Texts) -> str:
    """A content as a spreadsheet of the language reads it; text stays text."""
    seen: Scalar | Slot = content.value if isinstance(content, Formula) else content
    if seen is None or isinstance(seen, Slot):
        return ""
    if isinstance(seen, str):
        return f"'{seen}" if seen.startswith(RISKY) else seen
    if isinstance(seen, date):
        return seen.isoformat()
    whole = isinstance(seen, float) and seen.is_integer() and abs(seen) < 1e15
    told = str(int(seen)) if whole else str(seen)
    return told.replace(".", t.manner.point)
