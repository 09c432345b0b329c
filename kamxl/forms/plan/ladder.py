"""Above the indicators: the ladder as a picture of cells, today's status, the next level.

Seed: Abb. 2.1, vom gelegentlichen Lieferanten zum Systempartner.
"""

from __future__ import annotations

from kamxl.core.method.ladder import SupplierStatus
from kamxl.core.records.plan import AccountPlan
from kamxl.forms.paper.book import Conditional, Formula, Sheet
from kamxl.forms.paper.parts import tile
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    ACCENT_SOFT,
    FAINT,
    HEADER_LEFT,
    MUTED,
    SOFT,
    TILE_VALUE,
    WHITE,
    Style,
)
from kamxl.forms.plan.choices import LEVEL, MET
from kamxl.forms.plan.live import live
from kamxl.forms.plan.rows import Cells
from kamxl.forms.plan.sheets import Forms
from kamxl.forms.plan.table import HELPER
from kamxl.wording.texts import Texts, texts

STATUS_ROW = 5  # labels; the values stand in the row below
HEAD_ROW = 8
FIRST_RUNG = 9
NEEDS = 6  # how many needs of the next level are listed
STATE_COLUMN = 6  # in small type: 1 all signs met, 0 not all, 2 no signs
STATUS_CELL, NEXT_CELL = a1(STATUS_ROW + 1, 1), a1(STATUS_ROW + 1, 4)
_RUNG = Style(fill=SOFT, borders="tblr", line=WHITE, edge="medium", color=MUTED, size=11)
_OPEN, _ALL_MET, _WITHOUT = 0, 1, 2


def level_label(level: SupplierStatus, t: Texts) -> str:
    """What a level is called."""
    return t(f"plan.choices.level.{level.id}")


def next_label(plan: AccountPlan, t: Texts) -> str:
    """What the next level is called; "" at the top."""
    following = plan.ladder.next_level
    return level_label(following, t) if following else ""


def row_of(level: SupplierStatus) -> int:
    """The row of a rung: the highest level stands on top."""
    return FIRST_RUNG + SupplierStatus.SYSTEM_PARTNER - level


def draw_ladder(sheet: Sheet, plan: AccountPlan, forms: Forms, language: str) -> None:
    """Add the picture to the sheet of the indicators."""
    t, cells = texts(language), Cells(forms, language)
    status, following = _status(plan, t), _next(plan, t)
    big = TILE_VALUE.but(size=15, color=ACCENT)
    tile(sheet, STATUS_ROW, (1, 2, 3), t("plan.ladder.status"), status, big)
    tile(sheet, STATUS_ROW, (4, 5), t("plan.ladder.next"), following, big.but(color=MUTED))
    sheet.heights[STATUS_ROW + 2] = 8
    grey = HEADER_LEFT.but(fill=MUTED)
    sheet.put(HEAD_ROW, 5, t("plan.ladder.needs"), grey)
    sheet.heights[HEAD_ROW] = 18
    for level in SupplierStatus:
        _rung(sheet, level, plan, cells, t)
    _needs(sheet, plan, cells)
    sheet.heights[FIRST_RUNG + NEEDS] = 6
    rungs = f"A{FIRST_RUNG}:C{FIRST_RUNG + len(SupplierStatus) - 1}"
    labels = f"$B{FIRST_RUNG}"
    current = f"${STATUS_CELL[0]}${STATUS_CELL[1:]}"
    below = (
        f"ROW({labels})>=MATCH({current},$B${FIRST_RUNG}:$B${FIRST_RUNG + 3},0)+{FIRST_RUNG - 1}"
    )
    sheet.conditionals.append(
        Conditional(rungs, formula=f"{labels}={current}", fill=ACCENT, color=WHITE, bold=True)
    )
    sheet.conditionals.append(Conditional(rungs, formula=below, fill=ACCENT_SOFT, color=ACCENT))


def _rung(sheet: Sheet, level: SupplierStatus, plan: AccountPlan, cells: Cells, t: Texts) -> None:
    row, label = row_of(level), level_label(level, t)
    # each rung stands a little further to the right: a ladder one can see
    step = _RUNG.but(indent=2 * (level - 1))
    sheet.put(row, 1, int(level), _RUNG.but(align="center", bold=True))
    sheet.put(row, 2, label, _RUNG.but(bold=True, indent=1, wrap=True))
    sheet.heights[row] = 26
    if level is SupplierStatus.OCCASIONAL:
        sheet.put(row, 3, t("plan.ladder.floor"), step)
        return
    held = [i for i in plan.indicators if i.level is level]
    met = sum(bool(i.met) for i in held)
    levels, texts_, answers = (cells.own("ladder", key) for key in ("level", "text", "met"))
    yes = MET.label("yes", plan.language)
    own = f'--({levels}="{label}"),--({texts_}<>"")'
    count, known = f"SUMPRODUCT({own})", f'SUMPRODUCT({own},--({answers}="{yes}"))'
    of, signs = t("plan.ladder.of").strip(), t("plan.ladder.signs")
    said = f'{known}&" {of} "&{count}&" {signs}"'
    sheet.put(row, 3, live(said, f"{met} {of} {len(held)} {signs}"), step)
    state = _WITHOUT if not held else _ALL_MET if met == len(held) else _OPEN
    text = f"IF({count}=0,{_WITHOUT},IF({known}={count},{_ALL_MET},{_OPEN}))"
    sheet.put(row, STATE_COLUMN, live(text, state), HELPER.but(borders=""))


def _state(level: SupplierStatus) -> str:
    return f"${a1(row_of(level), STATE_COLUMN)[0]}${row_of(level)}"


def _status(plan: AccountPlan, t: Texts) -> Formula:
    """The highest level whose signs are all met, as are all below."""
    regular, preferred, partner = list(SupplierStatus)[1:]
    two, three, four = map(_state, (regular, preferred, partner))
    labels = [f'"{level_label(level, t)}"' for level in SupplierStatus]
    text = (
        f"IF(AND({four}=1,{three}<>0,{two}<>0),{labels[3]},"
        f"IF(AND({three}=1,{two}<>0),{labels[2]},IF({two}=1,{labels[1]},{labels[0]})))"
    )
    return live(text, level_label(plan.ladder.status, t))


def _next(plan: AccountPlan, t: Texts) -> Formula:
    text = '""'
    for level in reversed(list(SupplierStatus)[1:]):
        text = f'IF({_state(level)}=0,"{level_label(level, t)}",{text})'
    return live(text, next_label(plan, t))


def _needs(sheet: Sheet, plan: AccountPlan, cells: Cells) -> None:
    needs = [one.text for one in plan.ladder.next_needs]
    signs, place = cells.own("ladder", "text"), cells.own("ladder", "place")
    style = Style(borders="b", wrap=True, indent=1)
    for number in range(NEEDS):
        row = FIRST_RUNG + number
        text = f'IFERROR(INDEX({signs},MATCH({number + 1},{place},0),1),"")'
        sheet.put(row, 5, live(text, needs[number] if number < len(needs) else None), style)
        sheet.put(row, 4, None, Style(color=FAINT))
        sheet.heights[row] = 30


__all__ = ["LEVEL", "NEXT_CELL", "STATUS_CELL", "draw_ladder", "level_label", "next_label"]
