"""The sheet *Accounts*: one row each, every number a formula over the account's own answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kamxl.core.ids import same_id
from kamxl.core.method.position import PositionMeasure
from kamxl.core.method.selection import AccountList, SelectedAccount
from kamxl.core.portfolio.results import AccountResult, sign_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Conditional, Content, Scalar, Sheet, span
from kamxl.forms.paper.style import (
    ACCENT_SOFT,
    BEHIND,
    BEHIND_SOFT,
    ENTRY_TEXT,
    GOOD,
    GOOD_SOFT,
    HEADER,
    HEADER_RIVAL,
    HEADER_US,
    SOFT,
    WARN_SOFT,
    Style,
)
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    COUNT,
    ID_CELL,
    LEAD,
    LIVE,
    LIVE_MONEY,
    PERCENT,
    SMALL_CELL,
    SMALL_LIST,
    TEXT_CELL,
    Field,
    as_table,
    draw_table,
    frame,
    left,
    live,
    looked_up,
    sign_style,
)
from kamxl.forms.portfolio.places import MEASURES, Places
from kamxl.forms.portfolio.position import level_word, spots
from kamxl.forms.portfolio.selection import GATES, LOOKS, WORD, gate_word, list_word
from kamxl.forms.portfolio.words import account_flip, best_name, disagreement, knockouts, period_of
from kamxl.wording.texts import Texts


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
            "gate": (12, WORD.but(size=9), lambda s: gate_word(self.t, s.gate.gate)),
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


def accounts_sheet(
    portfolio: Portfolio, t: Texts, places: Places, remarks: Mapping[str, str]
) -> Sheet:
    """All accounts, then the remarks whose account is gone."""
    lines = _lines(portfolio, remarks)
    fields = _fields(t, places)
    sheet = places.accounts.sheet
    frame(sheet, t, portfolio, len(fields))
    last = draw_table(places.accounts, t, fields, lines, t("portfolio.no_accounts"))
    sheet.freeze = f"C{places.accounts.row + 1}"
    # what is to the right of the remarks is printed with the sheets it comes from
    sheet.print_area = span(1, 1, last, places.accounts.columns["remarks"])
    if lines:
        as_table(places.accounts, last, len(fields))
        _colour(sheet, places, last)
        colour_growth(sheet, t, places, last)
    return sheet


def _lines(portfolio: Portfolio, remarks: Mapping[str, str]) -> list[AccountLine]:
    by_id = {same_id(key): (key, text) for key, text in remarks.items() if text}
    lines = [
        AccountLine(a.id, a, by_id.pop(same_id(a.id), ("", ""))[1]) for a in portfolio.accounts
    ]
    return lines + [AccountLine(i, None, text) for _, (i, text) in sorted(by_id.items())]


def _colour(sheet: Sheet, places: Places, last: int) -> None:
    grid, first = places.accounts, places.accounts.row + 1
    column = grid.columns["position"]
    cell = grid.here("position", first)
    for sign, fill, color in ((1, GOOD_SOFT, GOOD), (-1, BEHIND_SOFT, BEHIND)):
        ranges, formula = span(first, column, last, column), f"{cell}={sign}"
        sheet.conditionals.append(Conditional(ranges, formula=formula, fill=fill, color=color))


def _fields(t: Texts, places: Places) -> tuple[Field[AccountLine], ...]:
    at = _Formulas(places)
    texts = _Words(t)
    growth = GrowthColumns(t, places)
    return (
        Field("id", 9, lambda r, _: r.id, ID_CELL, left()),
        Field("name", 22, texts.name, TEXT_CELL.but(bold=True), left()),
        *_grown(growth.chosen, ("list", "rank", "score", "gate", "abc")),
        Field("total", 8, at.total, BOLD_LIVE, HEADER_US),
        Field("position", 9, at.position, sign_style(t)),
        Field("best", 13, texts.best, TEXT_CELL, left(HEADER_RIVAL)),
        Field("lead", 9, at.lead, LEAD),
        Field("gap", 18, texts.gap, TEXT_CELL, left()),
        Field("points", 8, at.points, LEAD),
        *_grown(growth.stood, ("mean", "known", "level")),
        *_grown(growth.promised, ("revenue", "profit", "overdue")),
        Field("remarks", 30, lambda r, _: r.remark or None, ENTRY_TEXT, left()),
        Field("manager", 14, lambda r, _: r.account.manager if r.account else None, SMALL_CELL),
        Field("coverage", 9, at.coverage, PERCENT),
        *_grown(growth.measured, MEASURES),
        *_grown(growth.stood, ("next", "breadth", "requirers")),
        growth.promised("active"),
        growth.stood("spots"),
        Field("flip", 34, texts.flip, SMALL_CELL, left()),
        Field("respondents", 8, texts.respondents, COUNT),
        Field("period", 11, texts.period, _period_style),
        Field("state", 12, texts.state, TEXT_CELL),
        Field("disagreement", 22, texts.disagreement, SMALL_CELL, left()),
        Field("knockouts", 26, texts.knockouts, SMALL_CELL.but(color=BEHIND), left()),
    )


def _grown(
    make: Callable[[str], Field[AccountLine]], keys: Sequence[str]
) -> tuple[Field[AccountLine], ...]:
    return tuple(map(make, keys))


def _period_style(line: AccountLine) -> Style:
    earlier = line.account is not None and line.account.earlier
    return TEXT_CELL.but(fill=WARN_SOFT) if earlier else TEXT_CELL


@dataclass(frozen=True, slots=True)
class _Words:
    """The cells of a row that are texts."""

    t: Texts

    def name(self, line: AccountLine, _: int) -> Content:
        if line.account is None:
            return self.t("portfolio.words.orphan")
        name = line.account.name
        return name if line.account.in_register else self.t("portfolio.words.gone", name=name)

    def best(self, line: AccountLine, _: int) -> Content:
        return best_name(self.t, line.account) if line.account else None

    def gap(self, line: AccountLine, _: int) -> Content:
        if line.account is None or line.account.gap is None:
            return None
        gap = line.account.gap
        if len(line.account.segments) < 2:
            return gap.label
        name = next(s.name for s in line.account.segments if s.id == gap.segment)
        return self.t("portfolio.words.label_in_segment", label=gap.label, segment=name)

    def flip(self, line: AccountLine, _: int) -> Content:
        return account_flip(self.t, line.account) if line.account else None

    def respondents(self, line: AccountLine, _: int) -> Content:
        return line.account.respondents if line.account else None

    def period(self, line: AccountLine, _: int) -> Content:
        if line.account is None:
            return None
        shown = {s.period: s.earlier for s in line.account.answered}
        return "\n".join(period_of(self.t, period, earlier=e) for period, e in shown.items())

    def state(self, line: AccountLine, _: int) -> Content:
        if line.account is None:
            return None
        if not line.account.answered:
            return self.t("portfolio.words.unanswered")
        return self.t("portfolio.words.provisional") if line.account.provisional else None

    def disagreement(self, line: AccountLine, _: int) -> Content:
        return disagreement(self.t, line.account) if line.account else None

    def knockouts(self, line: AccountLine, _: int) -> Content:
        return knockouts(self.t, line.account.segments) if line.account else None


@dataclass(frozen=True, slots=True)
class _Formulas:
    """The cells of a row that are formulas over the account's block in Data and Segments."""

    places: Places

    def _data(self, account: AccountResult, key: str) -> str:
        return self.places.data.block(key, *self.places.account_data[account.id])

    def total(self, line: AccountLine, _: int) -> Content:
        account = line.account
        if account is None or not account.answered:
            return None
        counts, mean = self._data(account, "in_total"), self._data(account, "mean")
        return live(f'IF(COUNT({counts})=0,"",SUMPRODUCT({counts},{mean}))', account.total)

    def lead(self, line: AccountLine, _: int) -> Content:
        account = line.account
        if account is None or not account.answered:
            return None
        counts, lead = self._data(account, "in_lead"), self._data(account, "difference")
        return live(f'IF(COUNT({counts})=0,"",SUMPRODUCT({counts},{lead}))', account.lead)

    def coverage(self, line: AccountLine, _: int) -> Content:
        account = line.account
        if account is None or not account.answered:
            return None
        rows = self.places.account_segments[account.id]
        share, coverage, total = (
            self.places.segments.block(key, *rows) for key in ("share", "coverage", "total")
        )
        known = f"SUMPRODUCT({share},{coverage})/SUM({share})"
        return live(f'IF(COUNT({total})=0,"",{known})', account.coverage)

    def position(self, line: AccountLine, row: int) -> Content:
        if line.account is None or not line.account.answered:
            return None
        lead = self.places.accounts.here("lead", row)
        text = f'IF(ISNUMBER({lead}),SIGN(ROUND({lead},9)),"")'
        return live(text, sign_of(line.account.lead))

    def points(self, line: AccountLine, _: int) -> Content:
        """What closing the most valuable gap adds to the account's total."""
        account = line.account
        if account is None or account.gap is None:
            return None
        gap = account.gap
        data, key = self.places.data, (account.id, gap.segment)
        first, last = self.places.requirement_data[*key, same_id(gap.requirement)]
        weight = f"SUM({data.block('share', first, last)})"
        whole = f"SUM({data.block('share', *self.places.segment_data[key])})"
        share = self.places.segments.cell("share", self.places.segment_rows[key])
        return live(f"{weight}*(100-{data.cell('mean', first)})/{whole}*{share}", gap.points)
