"""What somebody typed into a cell or exported: amounts, ratings, days, periods, ids, addresses."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from kamxl.core.finding import CODES
from kamxl.forms.exports import amounts
from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.forms.tables import fields, typed
from kamxl.forms.tables.fields import MAX_TEXT, Parsed
from kamxl.wording.periods import periods_meant
from kamxl.wording.understood import is_blank
from tests.fuzz import held
from tests.fuzz.answers import made_cell

_AMOUNT, _POINTS = (0, 1e15), (0, 100)
_NUMBERS: dict[str, tuple[Callable[[RawCell], Parsed[float]], tuple[float, float]]] = {
    "number": (fields.number, (-math.inf, math.inf)),
    "points": (fields.points, _POINTS),
    "weight": (fields.weight, _POINTS),
    "amount": (fields.amount, _AMOUNT),
    "export": (amounts.amount, _AMOUNT),
    "export,": (lambda cell: amounts.amount(cell, ","), _AMOUNT),
    "export.": (lambda cell: amounts.amount(cell, ".", 1000.0), _AMOUNT),
}
_TEXTS: dict[str, Callable[[RawCell], Parsed[Any]]] = {
    "text": fields.text,
    "answer": fields.answer,
    "words": fields.words,
    "id": typed.an_id,
    "ids": typed.some_ids,
    "email": typed.email,
    "language": typed.language_code,
}


def understood(data: bytes) -> str:
    """How every kind of field reads a cell: a value in its range, or a code that has a sentence."""
    text = data[1:].decode("utf-8", "replace")
    cell = made_cell(data[0] if data else 2, text) or RawCell(RawKind.TEXT, text or "x")
    said = []
    for name, (field, (least, most)) in _NUMBERS.items():
        parsed = _parsed(field, cell)
        if parsed.value is not None:
            assert math.isfinite(parsed.value)
            assert least <= parsed.value <= most, (name, parsed)
            said.append(f"{name} read")
        said += [parsed.code] if parsed.code else []
    for name, field in _TEXTS.items():
        parsed = _parsed(field, cell)
        for part in parsed.value if isinstance(parsed.value, tuple) else (parsed.value or "",):
            assert len(part) <= MAX_TEXT
            if name not in ("text", "answer", "words"):
                held.showable(part)
            said += [f"{name} read"] if part else []
    day, period = _parsed(fields.day, cell), _parsed(typed.period, cell)
    assert day.value is None or 1900 <= day.value.year <= 9999
    assert period.value is None or len(periods_meant(period.value)) == 1, "it does not mean itself"
    marks = amounts.decimal_marks([text])
    assert marks <= {".", ","}
    said += [f"day {day.code}", f"period {period.code}", f"{is_blank(text)}", *sorted(marks)]
    return ", ".join(dict.fromkeys(said))


def _parsed(field: Callable[[RawCell], Parsed[Any]], cell: RawCell) -> Parsed[Any]:
    parsed = field(cell)
    assert parsed.code is None or parsed.code in CODES, parsed
    return parsed


SEEDS = tuple(
    bytes([how]) + text.encode()
    for how, text in (
        (1, "85"), (1, "85 %"), (1, "0,85"), (1, "1.234,56 €"), (1, "1,234.56 EUR"), (1, "ca. 80"),
        (1, "1'234"), (1, "TEUR 12"), (1, "(500)"), (1, "12 Mio."), (1, "k. A."), (1, "n/a"),
        (1, "2026-09-15"), (1, "15. September 2026"), (1, "Sep 15, 2026"), (1, "2. Halbjahr 2026"),
        (1, "Q3/2026"), (1, "ada@müller.example"), (1, "A-1; B-2"), (1, "Deutsch"), (0, "0.85"),
        (8, "0.85"), (16, "46280"), (33, "85"), (3, "#N/A"), (4, "2026-09-15"), (2, "TRUE"),
        (1, "８５"), (1, "85\u200b"), (1, "\ufeff85"), (1, "-85"), (1, "1e3"), (1, "½"), (1, "85*"),
    )
)  # fmt: skip

_WORDS = (
    "85", " %", "0,85", "1.000", "1.234,56", "1,234.56", "'", "\u2019", "\u00a0", "\u202f", "€",
    "EUR", "TEUR", "k€", "Mio.", "Mrd.", "million", "ca. ", "~", "≈", "von 100", "/100", "of 100",
    "Punkte", "points", "(", ")", "-", "–", "−", "+", "1e308", "1e-9", "inf", "nan", "½", "²", "٣",
    "８", "k. A.", "n/a", "keine", "?", "2026-09-15", "15.09.2026", "9/15/26", "September", "März",
    "Sep", "Q3", "H2", "2. Halbjahr", "half", "quarter", "KW 12", "FY26", "GJ", "2026/27", "@",
    "mailto:", ".example", "xn--", "ü", "\u00ad", "\u200b", "\u202e", "\ufeff", ";", "\n", ",",
)  # fmt: skip
WORDS = tuple(word.encode().decode("latin-1") for word in _WORDS)  # bytes, as all targets have them
