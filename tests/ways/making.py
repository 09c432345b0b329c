"""One workspace consolidated once, and what each way says of it."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kamxl.commands.consolidate import as_json
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.portfolio import book as portfolio_book
from kamxl.forms.portfolio.lists import lists_of
from kamxl.forms.tables.shown import ShownTable, laid_out
from kamxl.wording.texts import Texts, texts
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.results import ConsolidateResult
from tests.proof import recalc
from tests.ways.looking import Around, number

Row = dict[str, Any]


@dataclass
class Drawn:
    """A table of the workbook: its records as Python has them, its rows as LibreOffice has them."""

    key: str
    sheet: str
    title: str
    titles: dict[str, str]  # column to what stands above it
    records: Sequence[Any]
    rows: Sequence[Row]
    first: int

    @property
    def columns(self) -> list[str]:
        """Its columns by their keys."""
        return list(self.titles)

    def cells(self, column: str) -> list[Any]:
        """What stands in a column, without what is empty."""
        return [row[column] for row in self.rows if row[column] not in (None, "")]


@dataclass
class Ways:
    """One workspace: Python's result, the JSON, the sheets recalculated, the page."""

    root: Path
    t: Texts
    result: ConsolidateResult
    json: dict[str, Any]
    tables: dict[str, Drawn]
    book: Any
    html: bytes
    charts: list[tuple[str, str]]  # of each picture its sheet and its title

    @cached_property
    def around(self) -> Around:
        """What records do not know of themselves."""
        return Around(self.python, lists_of(self.python, self.t), self.t.language)

    @cached_property
    def loose(self) -> dict[str, dict[str, list[tuple[str, float]]]]:
        """Numbers outside of the tables: by sheet and what stands above them (else below)."""
        inside = {
            (table.title, table.first + row, column)
            for table in self.tables.values()
            for row in range(len(table.rows))
            for column in range(1, len(table.columns) + 1)
        }
        found: dict[str, dict[str, list[tuple[str, float]]]] = {}
        for sheet in self.book:
            key = str(sheet["A1"].value).rpartition(":")[2]
            for column in sheet.iter_cols():
                above = ""
                for cell in column:
                    if isinstance(cell.value, str) and cell.value not in ("", "–"):
                        above = cell.value
                    elif number(cell.value) and (sheet.title, cell.row, cell.column) not in inside:
                        label = above or _below(column[cell.row :])
                        of = found.setdefault(key, {}).setdefault(label, [])
                        of.append((cell.coordinate, cell.value))
        return found

    @property
    def python(self) -> Portfolio:
        """The portfolio as Python has it."""
        return self.result.portfolio


def ways_of(root: Path, folder: Path, language: str | None = None) -> Ways:
    """Consolidates a workspace once, and reads what came of it in every way."""
    met: list[tuple[ShownTable[Any, Any], ...]] = []

    def seen(language: str, *tables: ShownTable[Any, Any]) -> object:
        met.append(tables)
        return laid_out(language, *tables)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(portfolio_book, "laid_out", seen)
        result = consolidate(root, language)
    (made,) = recalc.in_libreoffice([root / "Portfolio.xlsx"], folder).values()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(made, data_only=True)
    t = texts(result.language)
    tables = {table.key: _drawn(table, book[table.sheet.title], t) for table in met[-1]}
    said = json.loads(json.dumps(as_json(result)))
    html = (root / "Portfolio.html").read_bytes()
    sheets = {table.sheet.title: table.sheet for table in met[-1]}
    charts = [(title, str(chart.title)) for title, one in sheets.items() for chart in one.charts]
    return Ways(root, t, result, said, tables, book, html, charts)


def _drawn(table: ShownTable[Any, Any], sheet: Any, t: Texts) -> Drawn:
    keys = [column.id for column in table.columns]
    titles = {column.id: table.title(t, column) for column in table.columns}
    last = table.first + len(table.records) - 1
    lines = sheet.iter_rows(
        min_row=table.first, max_row=last, max_col=len(keys), values_only=True
    ) if table.records else ()  # fmt: skip
    rows = [dict(zip(keys, line, strict=True)) for line in lines]
    return Drawn(
        table.key, table.sheet.key, table.sheet.title, titles, table.records, rows, table.first
    )


def _below(cells: Sequence[Any]) -> str:
    """The first text further down."""
    return next((one.value for one in cells if isinstance(one.value, str) and one.value), "")


def leaves(said: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf of a JSON answer with its place: ``accounts[].basis.raters``."""
    if isinstance(said, dict):
        for key, value in said.items():
            yield from leaves(value, f"{place}.{key}".lstrip("."))
    elif isinstance(said, list):
        for value in said:
            yield from leaves(value, f"{place}[]")
    else:
        yield place, said
