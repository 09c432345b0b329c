"""The sheet *Accounts*: one row each, every number a formula over the account's own answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kamxl.core.ids import same_id
from kamxl.core.method.position import PositionMeasure
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.style import (
    BEHIND,
    BEHIND_SOFT,
    ENTRY_TEXT,
    GOOD,
    GOOD_SOFT,
    HEADER_RIVAL,
    HEADER_US,
    SOFT,
    Style,
)
from kamxl.forms.portfolio.account_cells import AccountLine, Formulas
from kamxl.forms.portfolio.grounds import grounds_of_account
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    COUNT,
    ID_CELL,
    LEAD,
    LIVE,
    LIVE_MONEY,
    MUTED_CELL,
    PERCENT,
    TEXT_CELL,
    frame,
    left,
    settled_sentence,
    sign_style,
    stay,
    table_of,
)
from kamxl.forms.portfolio.position import draw_bars, level_word, spots
from kamxl.forms.portfolio.selection import GATES, LOOKS, WORD, gate_word, list_word
from kamxl.forms.portfolio.words import (
    account_flip,
    account_outlook,
    best_name,
    disagreement,
    knockouts,
    period_of,
    period_style,
)
from kamxl.forms.tables.reasons import reasons_said
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable, folding
from kamxl.wording.texts import Texts


def accounts_table(
    portfolio: Portfolio, t: Texts, remarks: Mapping[str, str]
) -> ShownTable[AccountLine, Formulas]:
    """All accounts, then the remarks whose account is gone."""
    lines = _lines(portfolio, remarks)
    within = portfolio.settings.level_within
    return table_of(
        t, "accounts", _columns(t), lines, lambda at: Formulas(at, t, within), AccountLine.key,
        old=AccountLine.old, repeated=2,
    )  # fmt: skip


def accounts_sheet(
    table: ShownTable[AccountLine, Formulas], portfolio: Portfolio, t: Texts
) -> Sheet:
    """Its sheet, drawn."""
    sheet = table.sheet
    frame(sheet, t, portfolio, table.width, settled_sentence(table, t))
    table.draw(t, t("portfolio.no_accounts"))
    stay(table, 2)
    if table.records:
        table.as_table()
        _colour(table, t)
    return sheet


def _lines(portfolio: Portfolio, remarks: Mapping[str, str]) -> list[AccountLine]:
    by_id = {same_id(key): (key, text) for key, text in remarks.items() if text}
    lines = [
        AccountLine(a.id, a, by_id.pop(same_id(a.id), ("", ""))[1]) for a in portfolio.accounts
    ]
    return lines + [AccountLine(i, None, text) for _, (i, text) in sorted(by_id.items())]


def _colour(table: ShownTable[AccountLine, Formulas], t: Texts) -> None:
    """The looks of signs, lists and gates, of overdue actions; bars behind the measures."""
    for sign, fill, color in ((1, GOOD_SOFT, GOOD), (-1, BEHIND_SOFT, BEHIND)):
        table.rule("position", f"{table.head('position')}={sign}", fill, color)
    for found, fill in LOOKS.items():
        if found is not AccountList.SERVE:
            table.rule("list", f"{table.head('list')}={quoted(list_word(t, found))}", fill)
    for gate, fill in GATES.items():
        table.rule("gate", f"{table.head('gate')}={quoted(gate_word(t, gate))}", fill)
    late = table.head("overdue")
    table.rule("overdue", f"AND(ISNUMBER({late}),{late}>0)", BEHIND_SOFT, BEHIND)
    draw_bars(table)


def _columns(t: Texts) -> tuple[Column[AccountLine, Formulas], ...]:
    texts = _Words(t)
    of_five = COUNT.but(fill=SOFT, format=f'0"{t("portfolio.of_five")}"')
    soft = COUNT.but(fill=SOFT)
    return (
        Shown("id", 13, lambda r: r.id, ID_CELL, left()),
        Shown("name", 23, texts.name, TEXT_CELL.but(bold=True), left()),
        Live("list", 11, Formulas.list, WORD.but(bold=True)),
        *folding(
            Shown("why", 34, texts.why, MUTED_CELL, left()),
            Live("rank", 7, Formulas.rank, soft),
            Live("score", 9, Formulas.score, BOLD_LIVE),
            Live("gate", 13, Formulas.gate, WORD),
            Live("abc", 7, Formulas.abc, WORD.but(fill=SOFT)),
            Live("size", 12, Formulas.size, LIVE_MONEY),
            Shown("manager", 17, lambda r: r.account.manager if r.account else None, MUTED_CELL),
        ),
        Live("total", 9, Formulas.total, BOLD_LIVE, HEADER_US, page=True),
        Live("position", 10, Formulas.position, sign_style(t)),
        *folding(
            Shown("best", 18, texts.best, TEXT_CELL, left(HEADER_RIVAL)),
            Live("lead", 10, Formulas.lead, LEAD),
            Shown("basis", 29, texts.basis, MUTED_CELL, left()),
            Shown("gap", 20, texts.gap, TEXT_CELL, left()),
            Live("points", 9, Formulas.points, LEAD),
            Shown("missed", 9, texts.missed, COUNT.but(color=BEHIND, bold=True)),
        ),
        Live("overdue", 10, Formulas.overdue, soft, page=True),
        *folding(
            Live("revenue", 11, Formulas.revenue, LIVE_MONEY),
            Live("profit", 11, Formulas.profit, LIVE_MONEY),
            Live("active", 9, Formulas.active, soft),
            Live("unvalued_revenue", 10, Formulas.unvalued_revenue, soft),
            Live("unvalued_profit", 10, Formulas.unvalued_profit, soft),
            Live("breadth", 10, Formulas.breadth, PERCENT),
            Live("requirers", 10, Formulas.requirers, PERCENT),
        ),
        Shown("remarks", 48, lambda r: r.remark or None, ENTRY_TEXT, left(), page=True),
        *folding(
            Shown("spots", 38, texts.spots, TEXT_CELL, left()),
            Shown("disagreement", 28, texts.disagreement, MUTED_CELL, left()),
        ),
        Live("known", 9, Formulas.known, of_five, HEADER_US, page=True),
        *folding(
            *(_measure(t, measure) for measure in PositionMeasure),
            Shown("level", 15, texts.level, TEXT_CELL, left()),
            Shown("next", 22, texts.next, TEXT_CELL, left()),
        ),
        *_evidence(t, texts),
    )


def _evidence(t: Texts, texts: _Words) -> tuple[Column[AccountLine, Formulas], ...]:
    """What the results of an account rest on, and what could change them."""
    return (
        Shown("state", 13, texts.state, TEXT_CELL, page=True),
        *folding(
            Shown("period", 13, texts.period, _period_style),
            Shown("respondents", 9, texts.respondents, COUNT),
            Shown("fresh", 9, texts.fresh, COUNT.but(format=f'"{t("portfolio.words.complete")}"')),
            Live("coverage", 9, Formulas.coverage, PERCENT),
            Live("counted", 9, Formulas.counted, LIVE),
            Live("lead_coverage", 9, Formulas.lead_coverage, PERCENT),
            Live("counted_lead", 9, Formulas.counted_lead, LEAD),
            Shown("flip", 44, texts.flip, MUTED_CELL, left(), page=True),
            Shown("outlook", 34, texts.outlook, MUTED_CELL, left()),
            Shown("knockouts", 54, texts.knockouts, MUTED_CELL.but(color=BEHIND), left()),
        ),
    )


def _measure(t: Texts, measure: PositionMeasure) -> Live[Formulas, AccountLine]:
    def content(at: Formulas, line: AccountLine, row: int) -> Content:
        return at.measure(measure, line, row)

    title = t(f"portfolio.measures.{measure.value}")
    return Live(measure.value, 9.5, content, LIVE, HEADER_US, title)


def _next(t: Texts, account: AccountResult) -> str:
    """How many signs the next level still needs; which, says *Position*."""
    ladder = account.standing.ladder
    if ladder is None:
        return ""
    if ladder.next_level is None:
        return t("portfolio.position.top")
    level = t(f"plan.choices.level.{ladder.next_level.id}")
    return t("portfolio.accounts.needs", level=level, count=len(ladder.next_needs))


def _period_style(line: AccountLine) -> Style:
    return period_style(earlier=line.account is not None and line.account.earlier)


@dataclass(frozen=True, slots=True)
class _Words:
    """The cells of a row that are texts."""

    t: Texts

    def name(self, line: AccountLine) -> Content:
        if line.account is None:
            return self.t("portfolio.words.orphan")
        name = line.account.name
        return name if line.account.in_register else self.t("portfolio.words.gone", name=name)

    def why(self, line: AccountLine) -> Content:
        selected = line.account.standing.selected if line.account else None
        return reasons_said(self.t, selected.reasons) if selected else None

    def best(self, line: AccountLine) -> Content:
        return best_name(self.t, line.account) if line.account else None

    def fresh(self, line: AccountLine) -> Content:
        """1: something of it was answered in this period."""
        return 1 if line.account and line.account.fresh else None

    def basis(self, line: AccountLine) -> Content:
        """What the verdict rests on, or what is missing for one."""
        return (grounds_of_account(self.t, line.account) or None) if line.account else None

    def level(self, line: AccountLine) -> Content:
        return (level_word(self.t, line.account) or None) if line.account else None

    def next(self, line: AccountLine) -> Content:
        return (_next(self.t, line.account) or None) if line.account else None

    def spots(self, line: AccountLine) -> Content:
        if line.account is None:
            return None
        return spots(self.t, line.account).replace("\n", "; ") or None

    def gap(self, line: AccountLine) -> Content:
        if line.account is None or line.account.gap is None:
            return None
        gap = line.account.gap
        if len(line.account.segments) < 2:
            return gap.label
        name = next(s.name for s in line.account.segments if s.id == gap.segment)
        return self.t("portfolio.words.label_in_segment", label=gap.label, segment=name)

    def flip(self, line: AccountLine) -> Content:
        return account_flip(self.t, line.account) if line.account else None

    def outlook(self, line: AccountLine) -> Content:
        return account_outlook(self.t, line.account) or None if line.account else None

    def respondents(self, line: AccountLine) -> Content:
        return line.account.respondents if line.account else None

    def period(self, line: AccountLine) -> Content:
        if line.account is None:
            return None
        shown = {s.period: s.earlier for s in line.account.answered}
        return "\n".join(period_of(self.t, period, earlier=e) for period, e in shown.items())

    def state(self, line: AccountLine) -> Content:
        if line.account is None:
            return None
        if not line.account.answered:
            return self.t("portfolio.words.unanswered")
        return self.t("portfolio.words.provisional") if line.account.provisional else None

    def disagreement(self, line: AccountLine) -> Content:
        return disagreement(self.t, line.account) if line.account else None

    def missed(self, line: AccountLine) -> Content:
        """How many ratings are below their minimum: which, *knockouts* says."""
        segments = line.account.segments if line.account else ()
        return sum(len(segment.knockouts) for segment in segments) or None

    def knockouts(self, line: AccountLine) -> Content:
        return knockouts(self.t, line.account.segments) if line.account else None
