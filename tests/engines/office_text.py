"""Formulas and references between Excel's spelling and that of LibreOffice's programming side."""

from __future__ import annotations

import re

from tests.engines.cells import Box, quoted

_PARTS = re.compile(r'("(?:[^"]|"")*")|(\'(?:[^\']|\'\')+\')')
_EXCEL_SHEET = re.compile(r"(?:'((?:[^']|'')+)'|(?<![\w.])([^\W\d][\w.]*))!")
_OFFICE_SHEET = re.compile(
    r"\$?(?:'((?:[^']|'')+)'|(?<![\w.])([^\W\d]\w*))\.(?=\$?[A-Z]{1,3}\$?\d)"
)
_OFFICE_RANGE = re.compile(r"(:)\$?(?:'(?:[^']|'')+'|[^\W\d]\w*)\.(?=\$?[A-Z]{1,3}\$?\d)")
_CONSTANT = re.compile(r"\b(TRUE|FALSE)\b(?!\s*\()")
_CALLED = re.compile(r"\b(TRUE|FALSE)\(\)")


def _outside_texts(formula: str, change: tuple[str, str]) -> str:
    """Separators are swapped outside of texts and sheets' names."""
    parts, last = [], 0
    for match in _PARTS.finditer(formula):
        parts += [formula[last : match.start()].replace(*change), match[0]]
        last = match.end()
    return "".join([*parts, formula[last:].replace(*change)])


def _by_texts(formula: str) -> list[str]:
    """What is no text at even places, the texts at odd ones."""
    return re.split(r'("(?:[^"]|"")*")', formula)


def to_office(formula: str) -> str:
    """=SUM('My sheet'!A1,2) as =SUM($'My sheet'.A1;2)."""
    if "{" in formula or "[" in formula:
        raise NotImplementedError(f"a formula with {{}} or []: {formula}")
    parts = _by_texts(_outside_texts(formula, (",", ";")))
    for at in range(0, len(parts), 2):
        part = _EXCEL_SHEET.sub(lambda m: f"$'{m[1] or m[2]}'.", parts[at])
        parts[at] = _CONSTANT.sub(r"\1()", part)
    return "".join(parts)


def to_excel(formula: str) -> str:
    """The way back; every sheet's name gets its quotes."""
    if formula.startswith("{="):
        formula = formula[1:-1]
    parts = _by_texts(_outside_texts(formula, (";", ",")))
    for at in range(0, len(parts), 2):
        part = _OFFICE_RANGE.sub(r"\1", parts[at])
        part = _OFFICE_SHEET.sub(lambda m: f"'{m[1] or m[2]}'!", part)
        parts[at] = _CALLED.sub(r"\1", part)
    return "".join(parts)


def office_reference(sheet: str, box: Box) -> str:
    """$'My sheet'.$A$1:$B$2."""
    return f"${quoted(sheet)}.{box.address()}"
