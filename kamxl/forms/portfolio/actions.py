"""The sheet *Actions*: every step of every plan, the overdue ones first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kamxl.core.ids import same_id
from kamxl.core.method.programmes import Action, ActionState
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Conditional, Content, Sheet, span
from kamxl.forms.paper.parts import tile
from kamxl.forms.paper.style import BEHIND, BEHIND_SOFT, MUTED, TILE_VALUE
from kamxl.forms.portfolio.parts import (
    COUNT,
    ID_CELL,
    SMALL_CELL,
    SMALL_LIST,
    TEXT_CELL,
    Field,
    as_table,
    draw_table,
    frame,
    left,
    live,
)
from kamxl.forms.portfolio.places import Growth
from kamxl.wording.texts import Texts

Line = tuple[AccountResult, Action]
AS_OF = (6, 1)  # where the day stands by which actions are overdue


def actions_sheet(portfolio: Portfolio, t: Texts, growth: Growth) -> Sheet:
    """One row per action."""
    grid, lines = growth.actions, growth.action_list
    fields = _fields(t, portfolio, growth)
    frame(grid.sheet, t, portfolio, len(fields))
    _tiles(portfolio, t, growth)
    last = draw_table(grid, t, fields, lines, t("portfolio.no_actions"))
    grid.sheet.freeze = f"A{grid.row + 1}"
    if lines:
        first = grid.row + 1
        as_table(grid, last, len(fields))
        late, state = grid.here("late", first), grid.here("state", first)
        done = t(f"plan.choices.action_state.{ActionState.DONE.value}")
        columns = (grid.columns["due"], grid.columns["late"])
        ranges = span(first, columns[0], last, columns[1])
        rule = f"AND(ISNUMBER({late}),{late}>0)"
        whole = span(first, 1, last, len(fields))
        grid.sheet.conditionals += [
            Conditional(ranges, formula=rule, fill=BEHIND_SOFT, color=BEHIND, bold=True),
            Conditional(whole, formula=f'{state}="{done}"', color=MUTED),
        ]
    return grid.sheet


def late_days(action: Action, as_of: date | None) -> int | None:
    """How many days an open action is overdue, 0 if it is in time; None: done or undated."""
    if as_of is None or action.due is None or action.state is not ActionState.OPEN:
        return None
    return max((as_of - action.due).days, 0)


def aim(t: Texts, account: AccountResult, action: Action) -> str:
    """What an action answers: a requirement or a wish, in its own words."""
    plan = account.standing.plan
    if action.wish:
        wishes = plan.wishes if plan else ()
        found = next((w for w in wishes if same_id(w.id) == same_id(action.wish)), None)
        return (
            t("portfolio.actions.wish", text=found.issue or found.remedy) if found else action.wish
        )
    if not action.requirement:
        return ""
    ratings = plan.ratings if plan else ()
    label = next((r.label for r in ratings if same_id(r.id) == same_id(action.requirement)), "")
    return label or action.requirement


def said_of(t: Texts, actions: Sequence[Action]) -> str:
    """The actions that close a gap or answer a wish, the most urgent first; "none yet"."""
    if not actions:
        return t("portfolio.actions.none_yet")
    words = []
    for action in actions:
        done = action.state is ActionState.DONE
        words.append(t("portfolio.actions.done", text=action.text) if done else action.text)
    return "\n".join(words)


def owners_of(actions: Sequence[Action]) -> str:
    """Who does them, each once."""
    return "\n".join(dict.fromkeys(action.owner for action in actions if action.owner))


def due_of(actions: Sequence[Action]) -> date | None:
    """The next day on which an open one is due."""
    days = [a.due for a in actions if a.due and a.state is ActionState.OPEN]
    return min(days, default=None)


def _tiles(portfolio: Portfolio, t: Texts, growth: Growth) -> None:
    grid, lines = growth.actions, growth.action_list
    sheet, day = grid.sheet, portfolio.as_of
    first, last = grid.row + 1, grid.row + max(len(lines), 1)
    states, lates, dues = (grid.block_here(k, first, last) for k in ("state", "late", "due"))
    word = t(f"plan.choices.action_state.{ActionState.OPEN.value}")
    open_ = [action for _, action in lines if action.state is ActionState.OPEN]
    overdue = sum(bool(late_days(action, day)) for action in open_)
    undated = sum(action.due is None for action in open_)
    tiles: tuple[tuple[tuple[int, ...], str, Content, str], ...] = (
        ((1, 2), "as_of", day, t("language.excel_date")),
        ((3, 4), "open", live(f'COUNTIF({states},"{word}")', len(open_)), "0"),
        ((5, 6), "overdue", live(f'COUNTIF({lates},">0")', overdue), "0"),
        ((7, 8), "undated", live(f'COUNTIFS({states},"{word}",{dues},"")', undated), "0"),
    )
    for columns, key, content, shown in tiles:
        style = TILE_VALUE.but(format=shown)
        if key == "overdue" and overdue:
            style = style.but(color=BEHIND)
        tile(sheet, 5, columns, t(f"portfolio.actions.{key}"), content, style)
    sheet.heights[7] = 8


def _fields(t: Texts, portfolio: Portfolio, growth: Growth) -> tuple[Field[Line], ...]:
    at = _Formulas(portfolio, growth, t)
    day = COUNT.but(format=t("language.excel_date"))

    def state(line: Line, _: int) -> str:
        return t(f"plan.choices.action_state.{line[1].state.value}")

    return (
        Field("account", 11, lambda r, _: r[0].id, ID_CELL, left()),
        Field("account_name", 23, lambda r, _: r[0].name, TEXT_CELL.but(bold=True), left()),
        Field("id", 8, lambda r, _: r[1].id, ID_CELL, left()),
        Field("text", 46, lambda r, _: r[1].text, TEXT_CELL, left()),
        Field("programme", 12, lambda r, _: r[1].programme or None, ID_CELL),
        Field("closes", 30, lambda r, _: aim(t, *r), SMALL_LIST, left()),
        Field("owner", 18, lambda r, _: r[1].owner or None, TEXT_CELL, left()),
        Field("customer_owner", 18, lambda r, _: r[1].customer_owner or None, SMALL_LIST, left()),
        Field("due", 12, lambda r, _: r[1].due, day),
        Field("state", 10, state, SMALL_CELL),
        Field("late", 10, at.late, COUNT.but(format="0;;")),
    )


@dataclass(frozen=True, slots=True)
class _Formulas:
    """By how many days an action is overdue, on the day above the table."""

    portfolio: Portfolio
    growth: Growth
    t: Texts

    def late(self, line: Line, row: int) -> Content:
        if self.portfolio.as_of is None:
            return None
        here = self.growth.actions.here
        due, state = here("due", row), here("state", row)
        word = self.t(f"plan.choices.action_state.{ActionState.OPEN.value}")
        text = f'IF(AND({state}="{word}",ISNUMBER({due})),MAX($A${AS_OF[0]}-{due},0),"")'
        return live(text, late_days(line[1], self.portfolio.as_of))
