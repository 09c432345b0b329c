"""The list of what is wrong in a workbook, as a workbook of its own: read, jump, mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kamxl.core.finding import Finding, Severity
from kamxl.forms.paper.book import Book, Sheet, Table, span
from kamxl.forms.paper.parts import band, lines_of, row_height
from kamxl.forms.paper.style import BEHIND, BODY, CELL, HEADER, HEADER_LEFT, LINK, MUTED, NUMBER
from kamxl.wording.texts import Texts, texts

HEAD = 5
PLACE = 3  # the column whose cells lead to the place
_WIDTHS = (5.0, 12.0, 24.0, 22.0, 84.0)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list: the finding and where it stands, "Scorecard!D12", if anywhere."""

    row: int
    finding: Finding
    place: str


def listed(findings: Sequence[Finding]) -> tuple[Listed, ...]:
    """The findings with the rows they get, errors first, else in the order they were found."""
    ordered = sorted(findings, key=lambda found: found.severity is not Severity.ERROR)
    return tuple(
        Listed(row, found, "!".join(part for part in (found.sheet, found.cell) if part))
        for row, found in enumerate(ordered, HEAD + 1)
    )


def book(name: str, fate: str, rows: Sequence[Listed], language: str, stamp: datetime) -> Book:
    """The list of one file ``name``, judged ``fate``; without findings it says so."""
    t = texts(language)
    sheet = Sheet("findings", t("addin.list.sheet"))
    band(sheet, range(1, len(_WIDTHS) + 1), t("addin.list.title", name=name), fate)
    sheet.widths = dict(enumerate(_WIDTHS, 1))
    for column, key in enumerate(("number", "severity", "place", "value", "sentence"), 1):
        sheet.put(HEAD, column, t(f"addin.list.{key}"), HEADER_LEFT if column > 1 else HEADER)
    sheet.heights[HEAD] = 24
    for listed_row in rows:
        _row(sheet, t, listed_row)
    last = rows[-1].row if rows else HEAD + 1
    if rows:
        sheet.tables.append(Table("kx_findings", span(HEAD, 1, last, len(_WIDTHS)), banded=False))
    else:
        sheet.put(last, 1, t("addin.list.none"), BODY.but(wrap=False))
    sheet.freeze = f"A{HEAD + 1}"
    sheet.landscape, sheet.title_rows = True, (HEAD, HEAD)
    sheet.print_area = span(1, 1, last, len(_WIDTHS))
    sheet.footer = t("addin.list.title", name=name)
    return Book([sheet], stamp, t.language, t("addin.list.title", name=name))


def _row(sheet: Sheet, t: Texts, listed_row: Listed) -> None:
    found, row = listed_row.finding, listed_row.row
    wrong = found.severity is Severity.ERROR
    text = CELL.but(indent=1)
    sentence = t.sentence(found)
    link = LINK.but(borders="tb", indent=1, wrap=True) if listed_row.place else text
    sheet.put(row, 1, row - HEAD, NUMBER.but(format="0", color=MUTED))
    color = {"color": BEHIND, "bold": True} if wrong else {}
    sheet.put(row, 2, t(f"cli.severity_{found.severity.value}"), text.but(**color))
    sheet.put(row, PLACE, listed_row.place or None, link)
    sheet.put(row, 4, found.value, text.but(color=MUTED))
    sheet.put(row, 5, sentence, text)
    tall = max(lines_of(sentence, _WIDTHS[4] - 2), lines_of(found.value or "", _WIDTHS[3] - 2))
    sheet.heights[row] = row_height(tall, least=20, edge=8)
