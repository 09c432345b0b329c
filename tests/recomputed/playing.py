"""Plays the nasty cases through the project's own commands: a register, cards out, cards back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.recomputed.nasty import (
    EARLIER,
    GONE,
    NOW,
    REQUIREMENTS,
    RIVALS,
    Case,
    Filled,
    Percent,
    Typed,
)
from tests.recomputed.reading import CONDITIONS, CRITERIA
from tests.recomputed.typed import marked, opened, word

PLANNED_BEFORE = "SILENT"  # has a plan of the earlier period alone
Fill = Callable[[str, Any], None]  # told the key of a sheet, and the sheet


def told(root: Path, command: str, *options: str) -> Any:
    """What a command answers, run as a program."""
    line = [sys.executable, "-m", "kamxl", "-C", str(root), "--json", command, *options]
    done = subprocess.run(line, capture_output=True, check=True, text=True)
    return json.loads(done.stdout)


def play(root: Path, cases: Mapping[str, Case]) -> None:
    """A workspace with these cases, everything answered, nothing consolidated."""
    subprocess.run(
        [sys.executable, "-m", "kamxl", "--language", "en", "init", str(root)],
        check=True,
        capture_output=True,
    )
    _register(root, cases, {**RIVALS, GONE[0]: GONE[1]}, EARLIER)
    before = [a for a, case in cases.items() if any(c.period == EARLIER for c in case.cards)]
    only = [said for a in (*before, PLANNED_BEFORE) for said in ("--account", a)]
    told(root, "issue", "--period", EARLIER, *only)
    _register(root, cases, RIVALS, NOW)
    told(root, "issue")
    for account, case in cases.items():
        for number, card in enumerate(case.cards):
            _answer(root, account, number, card)
    (root / "plans" / f"{PLANNED_BEFORE}--{NOW}.xlsx").unlink()
    for path in sorted((root / "plans").glob("*.xlsx")):
        _edit(path, "kamxl:plan:", _planned)


# -- the register ------------------------------------------------------------------------------


def _register(root: Path, cases: Mapping[str, Case], rivals: dict[str, str], period: str) -> None:
    rows: dict[str, list[dict[str, Any]]] = {
        "accounts": [{"id": a, "name": f"{a.title()} Ltd"} for a in cases],
        "segments": [row for a, case in cases.items() for row in _segments(a, case)],
        "contacts": [row for a, case in cases.items() for row in _contacts(a, case)],
        "requirements": [
            {"catalogue": "all", "id": i, "label": label, "minimum": low}
            for i, label, low in REQUIREMENTS
        ],
        "competitors": [{"id": i, "name": name} for i, name in rivals.items()],
        "selection": [_judged(a, case) for a, case in cases.items() if case.conditions],
    }

    def fill(key: str, sheet: Any) -> None:
        if key == "settings":
            _settings(sheet, period)
        elif key in rows:
            put(sheet, rows[key])

    _edit(root / "Register.xlsx", "kamxl:register:", fill)


def _settings(sheet: Any, period: str) -> None:
    said = {
        "company": "Nasty Ltd",
        "period": period,
        "sender_name": "Nora Nast",
        "sender_email": "nora@nasty.example",
    }
    row, columns = keys_of(sheet)
    for cells in sheet.iter_rows(min_row=row + 1):
        if word(cells[0]) in said:
            cells[columns["value"] - 1].value = said[word(cells[0])]


def _segments(account: str, case: Case) -> Iterable[dict[str, Any]]:
    for segment, revenue in case.segments.items():
        yield {
            "account": account,
            "id": segment,
            "name": f"Segment {segment}",
            "revenue": None if revenue == "." else revenue,
            "catalogue": "all",
            "rivals": "by name" if case.named else "best other supplier",
        }


def _contacts(account: str, case: Case) -> Iterable[dict[str, Any]]:
    """Everybody who answers, in functions as people call them; and one who is not asked."""
    functions = ("Fertigung", "Purchasing", "Astrology", "")
    for n, who in enumerate([*sorted({card.who for card in case.cards} | {"r1"}), "extra"]):
        segments = sorted({card.segment for card in case.cards if card.who == who})
        yield {
            "account": account,
            "id": who,
            "name": f"{who.upper()} of {account.title()}",
            "email": f"{who}@{account.lower()}.example",
            "function": functions[n % 4],
            "role": ("Requirer", "Purchaser", "Requirer", "")[n % 4],
            "asked": "No" if who == "extra" else "Yes",
            "segments": ", ".join(segments),
        }


def _judged(account: str, case: Case) -> dict[str, Any]:
    rated = dict(zip((f"rate_{key}" for key in CRITERIA), case.judged, strict=False))
    grows = dict(zip((f"grow_{key}" for key in CONDITIONS), case.conditions, strict=True))
    return {"account": account} | {k: v for k, v in (rated | grows).items() if v != "."}


# -- cards and plans ---------------------------------------------------------------------------


def _answer(root: Path, account: str, number: int, card: Filled) -> None:
    name = f"{account}--{card.segment}--{card.who}"
    book = opened(str(root / "outbox" / card.period / f"{name}.xlsx"))
    for sheet in book:
        row, columns = keys_of(sheet)
        if "weight" in columns:
            _fill(sheet, row, columns, card)
    book.save(root / "inbox" / f"{name}--{number}.xlsx")


def _name(book: Any) -> Any:
    """The cell for who rated: left of its key, on whatever sheet."""
    found = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    return next(cell.offset(0, -1) for cell in found if cell.value == ":name")


def _fill(sheet: Any, first: int, columns: dict[str, int], card: Filled) -> None:
    rows = {word(r[0]): r[0].row for r in sheet.iter_rows(min_row=first + 1) if word(r[0])}
    asked = [rows[i] for i, _, _ in REQUIREMENTS]
    _column(sheet, columns["weight"], asked, card.weights)
    for supplier, ratings in card.ratings.items():
        key = supplier if supplier in columns else supplier.lower()
        _column(sheet, columns[key], asked, ratings)
    for number, (label, weight, given) in enumerate(card.own, 1):
        row = rows[f"own{number}"]
        typed = {"label": label, "weight": weight, **given}
        for key, value in typed.items():
            _column(sheet, columns[key], [row], (value,))
    if card.name:
        _name(sheet.parent).value = card.name


def _column(sheet: Any, column: int, rows: list[int], values: Typed) -> None:
    for row, value in zip(rows, values, strict=True):
        cell = sheet.cell(row, column)
        if isinstance(value, Percent):
            cell.value, cell.number_format = value.value, "0%"
        elif value not in (".", ""):
            cell.value = value


def _planned(key: str, sheet: Any) -> None:
    """Every plan the same: what is half filled in, and what cannot be valued."""
    if key == "value":
        figures = {"value_target": 400, "revenue_last": 1000, "cost_last": 800,
                   "revenue_now": 1200, "cost_now": 900, "improvement_target": 10}  # fmt: skip
        for cells in sheet.iter_rows():
            if word(cells[0]) in figures:
                cells[2].value = figures[word(cells[0])]
        put(sheet, [{"id": "V1", "lever": "Less waste", "amount": 100, "agreed": "Yes"},
                    {"id": "V2", "lever": "No proof", "agreed": "Yes"},
                    {"id": "V3", "lever": "Talk", "amount": 900, "agreed": "No"}])  # fmt: skip
    elif key == "programmes":
        put(sheet, [{"id": "P1", "name": "Sure", "state": "running", "probability": 80},
                    {"id": "P2", "name": "Unsaid", "state": "agreed"},
                    {"id": "P3", "name": "Maybe", "state": "idea", "probability": 50}])  # fmt: skip
    elif key == "effects":
        put(sheet, [{"programme": "P1", "year": 2026, "revenue": 500},
                    {"programme": "P1", "year": 2027, "revenue": 250},
                    {"programme": "P2", "year": 2026, "revenue": 7000, "profit": 70},
                    {"programme": "P3", "year": 2026, "revenue": 9000, "profit": 90}])  # fmt: skip
    elif key == "contacts":
        row, columns = keys_of(sheet)
        for cells in sheet.iter_rows(min_row=row + 1):
            if word(cells[0]) in ("r1", "extra"):
                cells[columns["rhythm"] - 1].value = "monthly"
                cells[columns["counterpart"] - 1].value = "Nora Nast"
    elif key == "ladder":
        row, columns = keys_of(sheet)
        for cells in sheet.iter_rows(min_row=row + 1):
            level = word(cells[columns["level"] - 1])
            if level in ("Regular supplier", "System partner"):
                cells[columns["met"] - 1].value = "Yes"


# -- sheets ------------------------------------------------------------------------------------


def _edit(path: Path, start: str, fill: Fill) -> None:
    book = opened(str(path))
    for key, sheet in marked(book, start):
        fill(key, sheet)
    book.save(path)


def keys_of(sheet: Any) -> tuple[int, dict[str, int]]:
    """The last row of keys and the column of each: {"id": 1, "label": 2, ...}."""
    found: tuple[int, dict[str, int]] = (0, {})
    for cells in sheet.iter_rows(max_row=60):
        words = {word(c): c.column for c in cells if word(c)}
        first = word(cells[0])
        if first in ("id", "account", "catalogue", "programme") and len(words) > 2:
            found = (cells[0].row, words)
    return found


def put(sheet: Any, rows: list[dict[str, Any]]) -> None:
    """Types rows under the keys of a sheet."""
    first, columns = keys_of(sheet)
    for number, row in enumerate(rows, 1):
        for key, value in row.items():
            if value is not None:
                _column(sheet, columns[key], [first + number], (value,))
