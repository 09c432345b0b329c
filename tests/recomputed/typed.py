"""What was typed into a workbook: cells as numbers and words, tables by their rows of keys."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

import openpyxl

Row = dict[str, Any]  # key of the column -> its cell

BLANKS = {"", "-", "–", "—", "n/a", "na", "n.a.", "k. a.", "k.a."}
YES, NO, PARTLY = {"yes", "ja"}, {"no", "nein"}, {"partly", "teilweise"}

_NUMBER = re.compile(r"(\d+(?:[.,]\d{1,2})?)\s*(%?)")
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_FIRST_KEYS = {"id", "account", "catalogue", "programme"}


def opened(source: str | BinaryIO) -> Any:
    """The workbook; what openpyxl does not keep is of no interest here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(source)


def word(cell: Any) -> str:
    """The text of a cell as typed; nothing for a formula."""
    value = None if cell is None or cell.data_type == "f" else cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else " ".join(unicodedata.normalize("NFKC", str(value)).split())


def folded(cell: Any) -> str:
    """The same, as ids and words are compared."""
    return word(cell).casefold()


def number(cell: Any) -> float | None:
    """A plain number (an amount, a threshold), or None for anything else."""
    value = None if cell is None else cell.value
    if isinstance(value, bool | date) or not isinstance(value, int | float):
        text = word(cell)
        return float(text.replace(",", ".")) if re.fullmatch(r"\d+([.,]\d{1,2})?", text) else None
    return float(value)


def points(cell: Any) -> float | None:
    """A weight or a rating, 0 to 100; None where it is blank, unreadable or of another scale."""
    value = None if cell is None else cell.value
    if isinstance(value, bool | date):
        return None
    if isinstance(value, int | float):
        percent = "%" in re.sub(r'"[^"]*"|\\.', "", cell.number_format or "")
        return _of_scale(value * 100 if percent else float(value), known=percent)
    found = _NUMBER.fullmatch(word(cell))
    return None if found is None else _of_scale(float(found[1].replace(",", ".")), bool(found[2]))


def stored(cell: Any) -> float | None:
    """What the register's own formulas calculate with, 0 to 100: a number as stored, no text."""
    value = None if cell is None else cell.value
    if isinstance(value, bool | date) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 100 else None


def stored_points(cell: Any) -> float | None:
    """The same of a rating: of 0.75 or 1 no formula can see that 75 % or 100 % is meant."""
    value = stored(cell)
    return None if value is None or 0 < value <= 1 else value


def _of_scale(value: float, known: bool) -> float | None:
    """Excel turns 85 % into 0.85: between 0 and 1 only a percent format tells what is meant."""
    if not 0 <= value <= 100 or (0 < value < 1 and not known):
        return None
    return value


def tables(sheet: Any) -> list[list[Row]]:
    """Every table of a sheet: what stands under a row of keys, as far as anything was typed."""
    found: list[list[Row]] = []
    keys: dict[int, str] = {}
    for cells in sheet.iter_rows():
        words = {i: word(c) for i, c in enumerate(cells) if word(c)}
        if (
            words.get(0) in _FIRST_KEYS
            and len(words) > 2
            and all(map(_KEY.fullmatch, words.values()))
        ):
            keys = words
            found.append([])
        elif keys:
            row = {key: cells[i] for i, key in keys.items() if i < len(cells)}
            if any(word(cell) for cell in row.values()):
                found[-1].append(row)
    return found


def marked(book: Any, start: str) -> Iterator[tuple[str, Any]]:
    """(key, sheet) of every sheet whose first cell starts so: "kamxl:register:accounts:..."."""
    for sheet in book:
        mark = word(sheet["A1"])
        if mark.startswith(start):
            yield mark.removeprefix(start).split(":")[0], sheet
