"""The sheet *Intake*: every file that was put in, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kamxl.core.finding import Fate, Finding, Severity
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.register import FileResult
from kamxl.forms.paper.book import Content, Sheet, span
from kamxl.forms.paper.parts import tile
from kamxl.forms.paper.style import (
    BEHIND,
    BEHIND_SOFT,
    GOOD,
    GOOD_SOFT,
    MUTED,
    SOFT,
    TILE_VALUE,
    WARN_SOFT,
    Style,
)
from kamxl.forms.portfolio.parts import (
    ID_CELL,
    MUTED_CELL,
    SMALL_CELL,
    TEXT_CELL,
    Field,
    Grid,
    as_table,
    blank_sheet,
    draw_table,
    frame,
    grid_of,
    left,
    live,
)
from kamxl.wording.texts import Texts

FATES = (Fate.ATTENTION, Fate.PROVISIONAL, Fate.ACCEPTED, Fate.SUPERSEDED, Fate.IGNORED)
KEY_ROW = 9
TILES = {"files": (1,), Fate.ATTENTION: (2,), Fate.PROVISIONAL: (3, 4), Fate.ACCEPTED: (5, 6),
         Fate.SUPERSEDED: (7, 8), Fate.IGNORED: (9,)}  # fmt: skip
DATE_CELL = SMALL_CELL.but(format="dd.mm.yyyy hh:mm", align="center", indent=0)
_LOOKS = {
    Fate.ATTENTION: TEXT_CELL.but(bold=True, color=BEHIND, fill=BEHIND_SOFT),
    Fate.PROVISIONAL: TEXT_CELL.but(bold=True, fill=WARN_SOFT),
    Fate.ACCEPTED: TEXT_CELL.but(bold=True, color=GOOD, fill=GOOD_SOFT),
    Fate.SUPERSEDED: TEXT_CELL.but(color=MUTED, fill=SOFT),
    Fate.IGNORED: TEXT_CELL.but(color=MUTED, fill=SOFT),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A file with one of its findings; its fate stands on its first line only, to be counted once.

    ``file`` None: a finding of the register.
    """

    file: FileResult | None
    first: bool
    finding: Finding | None


def intake_lines(portfolio: Portfolio) -> list[Line]:
    """The register's findings, then the files: what needs somebody first, else by path."""
    lines = [Line(None, False, found) for found in portfolio.findings]
    order = {fate: at for at, fate in enumerate(FATES)}
    for file in sorted(portfolio.files, key=lambda f: (order[f.fate], f.path)):
        findings: Sequence[Finding | None] = file.findings or (None,)
        lines += [Line(file, at == 0, found) for at, found in enumerate(findings)]
    return lines


def intake_sheet(portfolio: Portfolio, t: Texts) -> Sheet:
    """One row per file and finding, below counts that add up."""
    sheet = blank_sheet(t, "intake")
    fields = _fields(t)
    grid = grid_of(sheet, KEY_ROW, [f.key for f in fields])
    records = intake_lines(portfolio)
    frame(sheet, t, portfolio, len(fields))
    last = draw_table(grid, t, fields, records, t("portfolio.intake.none"))
    _tiles(grid, t, portfolio, last)
    sheet.freeze = f"A{KEY_ROW + 1}"
    sheet.print_area = span(1, 1, last, _PRINTED)
    if records:
        as_table(grid, last, len(fields))
    return sheet


def fate_word(t: Texts, fate: Fate) -> str:
    """What a fate is called."""
    return t(f"portfolio.fates.{fate.value}")


def _tiles(grid: Grid, t: Texts, portfolio: Portfolio, last: int) -> None:
    """The counts: files = the sum of the five fates."""
    fates = grid.block_here("fate", grid.row + 1, last)
    for key, columns in TILES.items():
        if isinstance(key, Fate):
            count = sum(file.fate is key for file in portfolio.files)
            word = fate_word(t, key)
            content = live(f'COUNTIF({fates},"{word}")', count)
            color = {Fate.ATTENTION: BEHIND, Fate.ACCEPTED: GOOD}.get(key, TILE_VALUE.color)
            tile(grid.sheet, 5, columns, word, content, TILE_VALUE.but(color=color))
        else:
            cells = "+".join(f"${chr(64 + TILES[fate][0])}$6" for fate in FATES)
            label = t("portfolio.intake.files")
            tile(grid.sheet, 5, columns, label, live(cells, len(portfolio.files)))
    grid.sheet.heights[7] = 8


def attention_cell(intake: Sheet) -> str:
    """Where the number of files that need somebody stands, as seen from another sheet."""
    return intake.ref(f"{chr(64 + TILES[Fate.ATTENTION][0])}6")


def _fields(t: Texts) -> tuple[Field[Line], ...]:
    return (
        Field("path", 48, lambda r, _: r.file.path if r.file else "Register.xlsx", _path, left()),
        Field("fate", 17, lambda r, _: _fate(t, r), _fate_style),
        Field("kind", 12, lambda r, _: t(f"portfolio.kinds.{_kind(r)}"), SMALL_CELL),
        Field("account", 11, lambda r, _: r.file.account if r.file else None, ID_CELL),
        Field("segment", 11, lambda r, _: r.file.segment if r.file else None, ID_CELL),
        Field("respondent", 11, lambda r, _: r.file.respondent if r.file else None, ID_CELL),
        Field("name", 16, lambda r, _: r.file.name if r.file else None, TEXT_CELL),
        Field("period", 11, lambda r, _: r.file.period if r.file else None, ID_CELL),
        Field("place", 18, lambda r, _: _place(r.finding), SMALL_CELL, left()),
        Field("finding", 66, lambda r, _: _sentence(t, r.finding), _finding_style, left()),
        # from here on not printed
        Field("sender", 28, lambda r, _: _said(r, "address"), SMALL_CELL, left()),
        Field("subject", 34, lambda r, _: _said(r, "subject"), SMALL_CELL, left()),
        Field("received", 16, lambda r, _: _said(r, "date"), DATE_CELL),
    )


_PRINTED = 10  # columns


def _said(line: Line, what: str) -> Content:
    """What the mail said in which a file came, on the file's first line."""
    mail = line.file.mail if line.file and line.first else None
    return getattr(mail, what) or None if mail else None


def _path(line: Line) -> Style:
    return TEXT_CELL if line.first or line.file is None else MUTED_CELL


def _kind(line: Line) -> str:
    kind = line.file.kind if line.file else "register"
    return kind if kind in ("scorecard", "plan", "register", "portfolio") else "unknown"


def _fate(t: Texts, line: Line) -> str | None:
    return fate_word(t, line.file.fate) if line.file and line.first else None


def _fate_style(line: Line) -> Style:
    return _LOOKS[line.file.fate] if line.file and line.first else TEXT_CELL


def _place(found: Finding | None) -> str:
    if found is None:
        return ""
    return "!".join(part for part in (found.sheet, found.cell) if part)


def _sentence(t: Texts, found: Finding | None) -> str:
    return t.sentence(found) if found else ""


def _finding_style(line: Line) -> Style:
    error = line.finding is not None and line.finding.severity is Severity.ERROR
    return TEXT_CELL.but(color=BEHIND) if error else TEXT_CELL
