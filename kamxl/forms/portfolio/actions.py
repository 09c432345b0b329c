"""The sheet *Actions*: every step of every plan, the overdue ones first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kamxl.core.ids import same_id
from kamxl.core.method.programmes import Action, ActionState
from kamxl.core.portfolio.disagreeing import disagreements
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Conditional, Content, Sheet, fixed, span
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live, tile
from kamxl.forms.paper.places import At, Key
from kamxl.forms.paper.style import BEHIND, BEHIND_SOFT, MUTED, TILE_VALUE
from kamxl.forms.portfolio.lists import Lists
from kamxl.forms.portfolio.parts import (
    COUNT,
    ID_CELL,
    MUTED_CELL,
    TEXT_CELL,
    frame,
    left,
    settled_sentence,
    stay,
    table_of,
)
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts

TILES, KEY_ROW = 5, 9
AS_OF = (1, 2)  # the columns of the tile with the day by which actions are overdue
DAY = (TILES + 1, AS_OF[0])  # where the day stands


@dataclass(frozen=True, slots=True)
class Line:
    """An action with its account, as a row of *Actions*."""

    account: AccountResult
    action: Action

    def key(self) -> Key:
        """Whose row it is."""
        return (self.account.id,)


def actions_table(portfolio: Portfolio, t: Texts, lists: Lists) -> ShownTable[Line, _Formulas]:
    """One row per action."""
    lines = [Line(account, action) for account, action in lists.actions]

    def formulas(at: At) -> _Formulas:
        return _Formulas(at, t, portfolio.as_of)

    return table_of(t, "actions", _columns(t), lines, formulas, Line.key, KEY_ROW, repeated=4)


def actions_sheet(
    table: ShownTable[Line, _Formulas], at: At, portfolio: Portfolio, t: Texts
) -> Sheet:
    """Its sheet, with counts above."""
    sheet = table.sheet
    frame(sheet, t, portfolio, table.width, settled_sentence(table, t))
    _tiles(table, at, portfolio, t)
    table.draw(t, t("portfolio.no_actions"))
    stay(table)
    if table.records:
        table.as_table()
        late, state = table.head("late"), table.head("state")
        done = quoted(t(f"plan.choices.action_state.{ActionState.DONE.value}"))
        rule = f"AND(ISNUMBER({late}),{late}>0)"
        days = table.cells("due", "state", "late")
        whole = span(table.first, 1, table.last, table.width)
        sheet.conditionals += [
            Conditional(days, formula=rule, fill=BEHIND_SOFT, color=BEHIND, bold=True),
            Conditional(whole, formula=f"{state}={done}", color=MUTED),
        ]
    return sheet


def late_days(action: Action, as_of: date | None) -> int | None:
    """How many days an open action is overdue, 0 if it is in time; None: done or undated."""
    if as_of is None or action.due is None or action.state is not ActionState.OPEN:
        return None
    return max((as_of - action.due).days, 0)


def aim(t: Texts, account: AccountResult, action: Action) -> str:
    """What an action answers: a requirement or a wish, in its own words."""
    plan = account.standing.plan
    barriers = plan.barriers if plan else ()
    if barrier := next((b for b in barriers if same_id(b.id) == same_id(action.id)), None):
        return t("portfolio.actions.barrier", text=barrier.answer or barrier.question)
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


def _tiles(table: ShownTable[Line, _Formulas], at: At, portfolio: Portfolio, t: Texts) -> None:
    sheet, day = table.sheet, portfolio.as_of
    columns = at.seen_from(sheet).columns("actions", "state", "late", "due")
    states, lates, dues = (column.all() for column in columns)
    word = quoted(t(f"plan.choices.action_state.{ActionState.OPEN.value}"))
    open_ = [line.action for line in table.records if line.action.state is ActionState.OPEN]
    overdue = sum(bool(late_days(action, day)) for action in open_)
    undated = sum(action.due is None for action in open_)
    without = idioms.counted_matches(states, word, dues, quoted(""))
    tiles: tuple[tuple[tuple[int, ...], str, Content, str], ...] = (
        (AS_OF, "as_of", day, t("language.excel_date")),
        ((3, 4), "open", live(idioms.count_of(states, word), len(open_)), "0"),
        ((5,), "overdue", live(idioms.count_of(lates, '">0"'), overdue), "0"),
        ((6,), "undated", live(without, undated), "0"),
        ((7, 8, 9), "to_talk", _to_talk(at, portfolio, t), "0"),
    )
    talks = at.seen_from(sheet).column("voices", "account").all().split(":")[0].replace("$", "")
    for places, key, content, shown in tiles:
        style = TILE_VALUE.but(format=shown)
        if key == "overdue" and overdue:
            style = style.but(color=BEHIND)
        link = talks if key == "to_talk" else None
        tile(sheet, TILES, places, t(f"portfolio.actions.{key}"), content, style, link)
    sheet.heights[7] = 8


def _to_talk(at: At, portfolio: Portfolio, t: Texts) -> Content:
    """How many disagreements nothing is planned about."""
    states = at.column("voices", "state").all()
    open_ = sum(one.open for one in disagreements(portfolio))
    return live(idioms.count_of(states, quoted(t("portfolio.voices.open"))), open_)


def _columns(t: Texts) -> tuple[Column[Line, _Formulas], ...]:
    day = COUNT.but(format=t("language.excel_date"))

    def state(line: Line) -> str:
        return t(f"plan.choices.action_state.{line.action.state.value}")

    return (
        Shown("account", 11, lambda r: r.account.id, ID_CELL, left()),
        Shown("account_name", 20, lambda r: r.account.name, TEXT_CELL.but(bold=True), left()),
        Shown("id", 10, lambda r: r.action.id, ID_CELL, left()),
        Shown("text", 42, lambda r: r.action.text, TEXT_CELL, left()),
        Shown("programme", 10, lambda r: r.action.programme or None, ID_CELL),
        Shown("closes", 27, lambda r: aim(t, r.account, r.action), TEXT_CELL, left()),
        Shown("owner", 15, lambda r: r.action.owner or None, TEXT_CELL, left()),
        Shown("customer_owner", 15, lambda r: r.action.customer_owner or None, TEXT_CELL, left()),
        Shown("due", 11, lambda r: r.action.due, day),
        Shown("state", 9, state, MUTED_CELL),
        Live("late", 9, _Formulas.late, COUNT.but(format="0;;")),
    )


class _Formulas:
    """By how many days an action is overdue, on the day above the table."""

    def __init__(self, at: At, t: Texts, as_of: date | None) -> None:
        self._due, self._state = at.own("due", "state")
        self._open = quoted(t(f"plan.choices.action_state.{ActionState.OPEN.value}"))
        self._as_of = as_of

    def late(self, line: Line, row: int) -> Content:
        if self._as_of is None:
            return None
        due, state, day = self._due.here(row), self._state.here(row), fixed(*DAY)
        text = f'IF(AND({state}={self._open},ISNUMBER({due})),MAX({day}-{due},0),"")'
        return live(text, late_days(line.action, self._as_of))
