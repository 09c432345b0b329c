"""Above the indicators: the ladder as a picture of cells, today's status, the next level.

Seed: Abb. 2.1, vom gelegentlichen Lieferanten zum Systempartner.
"""

from __future__ import annotations

from kamxl.core.method.ladder import SupplierStatus
from kamxl.core.records.plan import AccountPlan
from kamxl.forms.paper.book import Conditional, Formula, Sheet, fixed, fixed_span, here, span
from kamxl.forms.paper.idioms import count, looked_up
from kamxl.forms.paper.parts import height_of, live, tile
from kamxl.forms.paper.places import At
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
from kamxl.forms.plan.choices import MET
from kamxl.forms.tables.columns import HELPER
from kamxl.forms.tables.declared import LINE_HEIGHT
from kamxl.wording.texts import Texts, texts

STATUS_ROW = 5  # labels; the values stand in the row below
HEAD_ROW = 8
FIRST_RUNG = 9
NEEDS = 6  # how many needs of the next level are listed
STATE_COLUMN = 6  # in small type: 1 all signs met, 0 not all, 2 no signs
LABELS = 2  # the column of the levels' names
STATUS, NEXT = fixed(STATUS_ROW + 1, 1), fixed(STATUS_ROW + 1, 4)  # from the sheet itself
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


def draw_ladder(sheet: Sheet, plan: AccountPlan, at: At) -> None:
    """Add the picture to the sheet of the indicators."""
    t = texts(at.language)
    status, following = _status(plan, t), _next(plan, t)
    big = TILE_VALUE.but(size=15, color=ACCENT)
    tile(sheet, STATUS_ROW, (1, 2, 3), t("plan.ladder.status"), status, big)
    tile(sheet, STATUS_ROW, (4, 5), t("plan.ladder.next"), following, big.but(color=MUTED))
    sheet.heights[STATUS_ROW + 2] = 8
    grey = HEADER_LEFT.but(fill=MUTED)
    sheet.put(HEAD_ROW, 5, t("plan.ladder.needs"), grey)
    sheet.heights[HEAD_ROW] = 18
    for level in SupplierStatus:
        _rung(sheet, level, plan, at, t)
    _needs(sheet, plan, at)
    sheet.heights[FIRST_RUNG + NEEDS] = 6
    last = FIRST_RUNG + len(SupplierStatus) - 1
    rungs, label = span(FIRST_RUNG, 1, last, 3), here(FIRST_RUNG, LABELS)
    labels = fixed_span(FIRST_RUNG, LABELS, last, LABELS)
    below = f"ROW({label})>=MATCH({STATUS},{labels},0)+ROW({fixed(FIRST_RUNG, LABELS)})-1"
    sheet.conditionals.append(
        Conditional(rungs, formula=f"{label}={STATUS}", fill=ACCENT, color=WHITE, bold=True)
    )
    sheet.conditionals.append(Conditional(rungs, formula=below, fill=ACCENT_SOFT, color=ACCENT))


def _rung(sheet: Sheet, level: SupplierStatus, plan: AccountPlan, at: At, t: Texts) -> None:
    row, label = row_of(level), level_label(level, t)
    # each rung stands a little further to the right: a ladder one can see
    step = _RUNG.but(indent=2 * (level - 1))
    sheet.put(row, 1, int(level), _RUNG.but(align="center", bold=True))
    sheet.put(row, 2, label, _RUNG.but(bold=True, indent=1, wrap=True))
    if level is SupplierStatus.OCCASIONAL:
        sheet.put(row, 3, t("plan.ladder.floor"), step)
        return
    held = [i for i in plan.indicators if i.level is level]
    met = sum(bool(i.met) for i in held)
    own = at.row("ladder").own
    levels, texts_, answers = (own(key) for key in ("level", "text", "met"))
    yes = MET.label("yes", plan.language)
    mine = f'{levels}="{label}"', f'{texts_}<>""'
    every, known = count(*mine), count(*mine, f'{answers}="{yes}"')
    of, signs = t("plan.ladder.of").strip(), t("plan.ladder.signs")
    said = f'{known}&" {of} "&{every}&" {signs}"'
    sheet.put(row, 3, live(said, f"{met} {of} {len(held)} {signs}"), step)
    state = _WITHOUT if not held else _ALL_MET if met == len(held) else _OPEN
    text = f"IF({every}=0,{_WITHOUT},IF({known}={every},{_ALL_MET},{_OPEN}))"
    sheet.put(row, STATE_COLUMN, live(text, state), HELPER.but(borders=""))


def _state(level: SupplierStatus) -> str:
    return fixed(row_of(level), STATE_COLUMN)


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


def _needs(sheet: Sheet, plan: AccountPlan, at: At) -> None:
    needs = [one.text for one in plan.ladder.next_needs]
    own = at.row("ladder").own
    signs, place = own("text"), own("place")
    style = Style(borders="b", wrap=True, indent=1)
    for number in range(NEEDS):
        row = FIRST_RUNG + number
        text = f'IFERROR({looked_up(signs, number + 1, place)},"")'
        sheet.put(row, 5, live(text, needs[number] if number < len(needs) else None), style)
        sheet.put(row, 4, None, Style(color=FAINT))
        told = [(needs[number] if number < len(needs) else "", sheet.widths[5], style)]
        sheet.heights[row] = height_of(told, LINE_HEIGHT, 2)
