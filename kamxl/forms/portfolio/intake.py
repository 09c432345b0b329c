"""The sheet *Intake*: every file that was put in, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kamxl.core.finding import Fate, Finding, Severity
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.register import FileResult, MailNote
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet, absolute
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live, tile
from kamxl.forms.paper.places import At
from kamxl.forms.paper.raw import a1
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
    TEXT_CELL,
    frame,
    left,
    stay,
    table_of,
)
from kamxl.forms.portfolio.words import how_asked
from kamxl.forms.tables.shown import Column, Shown, ShownTable, without
from kamxl.wording.texts import Texts

FATES = (Fate.ATTENTION, Fate.PROVISIONAL, Fate.ACCEPTED, Fate.SUPERSEDED, Fate.IGNORED)
_TOLD = 200  # letters of a path that a finding tells
TILE_ROW, KEY_ROW = 5, 9
TILES = {"files": (1,), Fate.ATTENTION: (2,), Fate.PROVISIONAL: (3, 4), Fate.ACCEPTED: (5, 6),
         Fate.SUPERSEDED: (7, 8), Fate.IGNORED: (9,)}  # fmt: skip
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

    ``file`` None: a finding of the register. What the run says of a file stands above all files.
    """

    file: FileResult | None
    first: bool
    finding: Finding | None


def intake_lines(portfolio: Portfolio) -> list[Line]:
    """The register's findings, then the files: what needs somebody first, else by path."""
    files = {file.path[:_TOLD]: file for file in portfolio.files}
    lines = [Line(_about(found, files), False, found) for found in portfolio.findings]
    order = {fate: at for at, fate in enumerate(FATES)}
    for file in sorted(portfolio.files, key=lambda f: (order[f.fate], f.path)):
        findings: Sequence[Finding | None] = file.findings or (None,)
        lines += [Line(file, at == 0, found) for at, found in enumerate(findings)]
    return lines


def _about(found: Finding, files: Mapping[str, FileResult]) -> FileResult | None:
    """The file that a finding of the run is about; None: it is about the register."""
    return files.get(found.value or "") if found.code == "no-longer-used" else None


def intake_table(portfolio: Portfolio, t: Texts) -> ShownTable[Line, None]:
    """One row per file and finding."""
    lines = intake_lines(portfolio)
    return table_of(t, "intake", _columns(t), lines, without, key_row=KEY_ROW)


def intake_sheet(table: ShownTable[Line, None], at: At, portfolio: Portfolio, t: Texts) -> Sheet:
    """Its sheet, below counts that add up."""
    sheet = table.sheet
    frame(sheet, t, portfolio, table.width)
    table.draw(t, t("portfolio.intake.none"))
    _tiles(table, at, portfolio, t)
    stay(table)
    if table.records:
        table.as_table()
    return sheet


def fate_word(t: Texts, fate: Fate) -> str:
    """What a fate is called."""
    return t(f"portfolio.fates.{fate.value}")


def _tiles(table: ShownTable[Line, None], at: At, portfolio: Portfolio, t: Texts) -> None:
    """The counts: files = the sum of the five fates."""
    fates = at.seen_from(table.sheet).column("intake", "fate").all()
    for key, columns in TILES.items():
        if isinstance(key, Fate):
            count = sum(file.fate is key for file in portfolio.files)
            word = fate_word(t, key)
            content = live(idioms.count_of(fates, quoted(word)), count)
            color = {Fate.ATTENTION: BEHIND, Fate.ACCEPTED: GOOD}.get(key, TILE_VALUE.color)
            tile(table.sheet, TILE_ROW, columns, word, content, TILE_VALUE.but(color=color))
        else:
            cells = "+".join(absolute(_value_cell(fate)) for fate in FATES)
            label = t("portfolio.intake.files")
            tile(table.sheet, TILE_ROW, columns, label, live(cells, len(portfolio.files)))
    table.sheet.heights[7] = 8


def _value_cell(fate: Fate) -> str:
    """Where the number of a fate's files stands, in its tile."""
    return a1(TILE_ROW + 1, TILES[fate][0])


def attention_cell(intake: Sheet) -> str:
    """Where the number of files that need somebody stands, as seen from another sheet."""
    return intake.ref(_value_cell(Fate.ATTENTION))


def _columns(t: Texts) -> tuple[Column[Line, None], ...]:
    shown = f"{t('language.excel_date')} hh:mm"
    moment = MUTED_CELL.but(format=shown, align="center", indent=0)
    return (
        Shown("path", 46, lambda r: r.file.path if r.file else "Register.xlsx", _path, left()),
        Shown("fate", 17, lambda r: _fate(t, r), _fate_style),
        Shown("kind", 12, lambda r: t(f"portfolio.kinds.{_kind(r)}"), MUTED_CELL),
        Shown("account", 11, lambda r: r.file.account if r.file else None, ID_CELL),
        Shown("segment", 11, lambda r: r.file.segment if r.file else None, ID_CELL),
        Shown("respondent", 11, lambda r: r.file.respondent if r.file else None, ID_CELL),
        Shown("name", 16, lambda r: r.file.name if r.file else None, TEXT_CELL),
        Shown("period", 11, lambda r: r.file.period if r.file else None, ID_CELL),
        Shown("place", 18, lambda r: _place(r.finding), MUTED_CELL, left()),
        Shown("finding", 58, lambda r: _sentence(t, r.finding), _finding_style, left()),
        Shown(
            "sender",
            30,
            lambda r: _said(r, lambda mail: mail.address),
            MUTED_CELL,
            left(),
            page=True,
        ),
        Shown("subject", 34, lambda r: _said(r, lambda mail: mail.subject), MUTED_CELL, left()),
        Shown("received", 16, lambda r: _said(r, lambda mail: mail.date), moment),
        Shown("how", 20, lambda r: _how(t, r), MUTED_CELL),
    )


def _how(t: Texts, line: Line) -> str | None:
    """How she was asked who answered, on the file's first line."""
    order = line.file.order if line.file and line.first else None
    if order is None or line.file is None:
        return None
    return how_asked(t, order.source, profile_only=line.file.profile_only)


def _said(line: Line, what: Callable[[MailNote], Content]) -> Content:
    """What the mail said in which a file came, on the file's first line."""
    mail = line.file.mail if line.file and line.first else None
    return (what(mail) or None) if mail else None


def _path(line: Line) -> Style:
    return TEXT_CELL if line.first or line.file is None else MUTED_CELL


_KINDS = ("scorecard", "reply", "plan", "companion", "register", "portfolio")


def _kind(line: Line) -> str:
    kind = line.file.kind if line.file else "register"
    return kind if kind in _KINDS else "unknown"


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
