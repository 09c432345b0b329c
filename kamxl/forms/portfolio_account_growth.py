"""The columns of *Accounts* that come from the selection and the plans, looked up by id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kamxl.core.position import PositionMeasure
from kamxl.core.results import AccountResult
from kamxl.core.selection import AccountList, SelectedAccount
from kamxl.forms.book import Conditional, Content, Scalar, Sheet, span
from kamxl.forms.portfolio_parts import (
    BOLD_LIVE,
    COUNT,
    LIVE,
    LIVE_MONEY,
    PERCENT,
    SMALL_LIST,
    TEXT_CELL,
    Field,
    left,
    live,
    looked_up,
)
from kamxl.forms.portfolio_places import MEASURES, Places
from kamxl.forms.portfolio_position import level_word, spots
from kamxl.forms.portfolio_selection import GATES, LOOKS, WORD, gate_word, list_word
from kamxl.forms.style import ACCENT_SOFT, BEHIND, BEHIND_SOFT, HEADER, HEADER_US, SOFT, Style
from kamxl.forms.texts import Texts


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A row of *Accounts*; ``account`` None: only a remark is left of it."""

    id: str
    account: AccountResult | None
    remark: str


Value = Callable[[SelectedAccount], Scalar]
_SMALL = HEADER.but(size=8)


def _next(t: Texts, account: AccountResult) -> str:
    """How many signs the next level still needs; which, says *Position*."""
    ladder = account.standing.ladder
    if ladder is None:
        return ""
    if ladder.next_level is None:
        return t("portfolio.position.top")
    level = t(f"plan.choices.level.{ladder.next_level.id}")
    return t("portfolio.accounts.needs", level=level, count=len(ladder.next_needs))


@dataclass(frozen=True, slots=True)
class GrowthColumns:
    """The columns, by key."""

    t: Texts
    places: Places

    # --- from the selection ----------------------------------------------------------------------

    def chosen(self, key: str) -> Field[AccountLine]:
        """List, rank, score, gate or revenue class."""
        looks: dict[str, tuple[float, Style, Value]] = {
            "list": (9, WORD.but(size=9, bold=True), lambda s: list_word(self.t, s.list)),
            "rank": (6, COUNT.but(fill=SOFT), lambda s: s.rank),
            "score": (8, BOLD_LIVE, lambda s: s.score),
            "gate": (8, WORD.but(size=9), lambda s: gate_word(self.t, s.gate.gate)),
            "abc": (6, WORD.but(fill=SOFT), lambda s: s.abc.value if s.abc else None),
        }
        width, style, value = looks[key]

        def content(line: AccountLine, row: int) -> Content:
            selected = line.account.standing.selected if line.account else None
            if selected is None:
                return None
            rows = self.places.growth.selection_rows.values()
            text = looked_up(self.places.growth.selection, rows, key, f"$A{row}")
            return live(text, value(selected))

        return Field(key, width, content, style, _SMALL)

    # --- from the five measures ------------------------------------------------------------------

    def _position(self, key: str, row: int, value: Scalar) -> Content:
        growth = self.places.growth
        text = looked_up(growth.position, growth.position_rows.values(), key, f"$A{row}")
        return live(text, value)

    def measured(self, key: str) -> Field[AccountLine]:
        """One of the five measures."""

        def content(line: AccountLine, row: int) -> Content:
            if line.account is None:
                return None
            value = line.account.standing.position.measures[PositionMeasure(key)]
            return self._position(key, row, value)

        title = self.t(f"portfolio.measures.{key}")
        return Field(key, 8.5, content, LIVE, HEADER_US.but(size=8), title)

    def stood(self, key: str) -> Field[AccountLine]:
        """Mean and number of the measures, status, contact breadth, white spots."""
        of_five = COUNT.but(fill=SOFT, format=f'0"{self.t("portfolio.of_five")}"')
        looks: dict[str, tuple[float, Style, Style]] = {
            "mean": (8, BOLD_LIVE, HEADER_US.but(size=8)),
            "known": (7, of_five, HEADER_US.but(size=8)),
            "level": (14, TEXT_CELL.but(size=9), left(_SMALL)),
            "breadth": (8, PERCENT, _SMALL),
            "requirers": (8, PERCENT, _SMALL),
            "next": (21, TEXT_CELL.but(size=9), left(_SMALL)),
            "spots": (44, SMALL_LIST, left()),
        }
        width, style, head = looks[key]

        def content(line: AccountLine, row: int) -> Content:
            if line.account is None:
                return None
            return self._standing(key, line.account, row)

        return Field(key, width, content, style, head)

    def _standing(self, key: str, account: AccountResult, row: int) -> Content:
        position, growth = account.standing.position, self.places.growth
        if key == "mean":
            return self._position(key, row, position.mean)
        if key == "known":
            return self._position(key, row, position.known)
        if key in ("breadth", "requirers"):
            breadth = account.standing.breadth
            if breadth is None:
                return None
            rows = growth.contacts_rows.values()
            text = looked_up(growth.contacts, rows, key, f"$A{row}")
            return live(text, getattr(breadth, key))
        if key == "spots":
            return spots(self.t, account).replace("\n", "; ") or None
        return (level_word if key == "level" else _next)(self.t, account) or None

    # --- from programmes and actions -------------------------------------------------------------

    def promised(self, key: str) -> Field[AccountLine]:
        """Active programmes, what they are expected to bring, overdue actions."""
        looks: dict[str, tuple[float, Style]] = {
            "active": (9, COUNT.but(fill=SOFT)),
            "revenue": (10, LIVE_MONEY),
            "profit": (10, LIVE_MONEY),
            "overdue": (8, COUNT.but(fill=SOFT)),
        }
        width, style = looks[key]

        def content(line: AccountLine, _: int) -> Content:
            if line.account is None or line.account.standing.plan is None:
                return None
            return self._promise(key, line.account)

        return Field(key, width, content, style, _SMALL)

    def _promise(self, key: str, account: AccountResult) -> Content:
        growth, summary = self.places.growth, account.standing.programmes
        if key == "overdue":
            rows = growth.action_rows.get(account.id)
            if rows is None:
                return 0
            cells = growth.actions.block("late", *rows)
            return live(f'COUNTIF({cells},">0")', len(account.standing.overdue))
        rows = growth.programme_rows.get(account.id)
        if rows is None or summary is None:
            return 0 if key == "active" else None
        active = growth.programmes.block("active", *rows)
        if key == "active":
            return live(f"SUM({active})", summary.active)
        values = growth.programmes.block(key, *rows)
        known = f'COUNTIFS({active},1,{values},">-1000000000000")'
        text = f'IF({known}=0,"",SUMIFS({values},{active},1))'
        return live(text, getattr(summary.expected, key).value)


def colour_growth(sheet: Sheet, t: Texts, places: Places, last: int) -> None:
    """The looks of lists and gates, of overdue actions; bars behind the measures."""
    grid, first = places.accounts, places.accounts.row + 1

    def rule(key: str, formula: str, fill: str, color: str | None = None) -> None:
        column = grid.columns[key]
        ranges = span(first, column, last, column)
        sheet.conditionals.append(Conditional(ranges, formula=formula, fill=fill, color=color))

    for found, fill in LOOKS.items():
        if found is not AccountList.SERVE:
            rule("list", f'{grid.here("list", first)}="{list_word(t, found)}"', fill)
    for gate, fill in GATES.items():
        rule("gate", f'{grid.here("gate", first)}="{gate_word(t, gate)}"', fill)
    late = grid.here("overdue", first)
    rule("overdue", f"AND(ISNUMBER({late}),{late}>0)", BEHIND_SOFT, BEHIND)
    for left_key, right_key in ((MEASURES[0], MEASURES[-1]), ("mean", "mean")):
        ranges = span(first, grid.columns[left_key], last, grid.columns[right_key])
        bars = Conditional(ranges, kind="bar", fill=ACCENT_SOFT, low_at=0, high_at=100)
        sheet.conditionals.append(bars)
