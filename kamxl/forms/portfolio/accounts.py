"""The sheet *Accounts*: one row each, every number a formula over the account's own answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kamxl.core.ids import same_id
from kamxl.core.method.basis import ENOUGH
from kamxl.core.method.position import PositionMeasure
from kamxl.core.method.programmes import EffectSum, ProgrammeSummary
from kamxl.core.method.selection import AccountList, SelectedAccount
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Scalar, Sheet, span
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At, Key, Ref
from kamxl.forms.paper.style import (
    BEHIND,
    BEHIND_SOFT,
    ENTRY_TEXT,
    GOOD,
    GOOD_SOFT,
    HEADER,
    HEADER_RIVAL,
    HEADER_US,
    SOFT,
    Style,
)
from kamxl.forms.portfolio.grounds import grounds_of_account
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
    frame,
    left,
    sign_style,
    stay,
    table_of,
)
from kamxl.forms.portfolio.position import MEASURES, draw_bars, level_word, spots
from kamxl.forms.portfolio.selection import GATES, LOOKS, WORD, gate_word, list_word
from kamxl.forms.portfolio.words import (
    account_flip,
    best_name,
    disagreement,
    knockouts,
    period_of,
    period_style,
)
from kamxl.forms.tables.reasons import reasons_said
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A row of *Accounts*; ``account`` None: only a remark is left of it."""

    id: str
    account: AccountResult | None
    remark: str

    def old(self) -> bool:
        """Whether some of it is from an earlier period."""
        return self.account is not None and self.account.earlier

    def key(self) -> Key | None:
        """Whose row it is: a remark alone is no account's."""
        return (self.id,) if self.account else None


_SMALL = HEADER.but(size=8)
_US_SMALL = HEADER_US.but(size=8)


def accounts_table(
    portfolio: Portfolio, t: Texts, remarks: Mapping[str, str]
) -> ShownTable[AccountLine, _Formulas]:
    """All accounts, then the remarks whose account is gone."""
    lines = _lines(portfolio, remarks)
    within = portfolio.settings.level_within
    return table_of(
        t, "accounts", _columns(t), lines, lambda at: _Formulas(at, t, within), AccountLine.key,
        old=AccountLine.old,
    )  # fmt: skip


def accounts_sheet(
    table: ShownTable[AccountLine, _Formulas], portfolio: Portfolio, t: Texts
) -> Sheet:
    """Its sheet, drawn."""
    sheet = table.sheet
    frame(sheet, t, portfolio, table.width)
    table.draw(t, t("portfolio.no_accounts"))
    stay(table, 2)
    # what is to the right of the remarks is printed with the sheets it comes from
    sheet.print_area = span(1, 1, table.last, table.index("remarks"))
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


def _colour(table: ShownTable[AccountLine, _Formulas], t: Texts) -> None:
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


def _columns(t: Texts) -> tuple[Column[AccountLine, _Formulas], ...]:
    texts = _Words(t)
    of_five = COUNT.but(fill=SOFT, format=f'0"{t("portfolio.of_five")}"')
    small_text, soft = TEXT_CELL.but(size=9), COUNT.but(fill=SOFT)
    word = WORD.but(size=9)
    return (
        Shown("id", 9, lambda r: r.id, ID_CELL, left()),
        Shown("name", 22, texts.name, TEXT_CELL.but(bold=True), left()),
        Live("list", 9, _Formulas.list, word.but(bold=True), _SMALL),
        Shown("why", 22, texts.why, SMALL_CELL, left(_SMALL)),
        Live("rank", 6, _Formulas.rank, soft, _SMALL),
        Live("score", 8, _Formulas.score, BOLD_LIVE, _SMALL),
        Live("gate", 12, _Formulas.gate, word, _SMALL),
        Live("abc", 6, _Formulas.abc, WORD.but(fill=SOFT), _SMALL),
        Live("total", 8, _Formulas.total, BOLD_LIVE, HEADER_US),
        Live("position", 9, _Formulas.position, sign_style(t)),
        Shown("best", 15, texts.best, TEXT_CELL, left(HEADER_RIVAL)),
        Live("lead", 9, _Formulas.lead, LEAD),
        Shown("basis", 26, texts.basis, SMALL_CELL, left()),
        Shown("gap", 18, texts.gap, TEXT_CELL, left()),
        Live("points", 8, _Formulas.points, LEAD),
        Shown("missed", 8, texts.missed, COUNT.but(color=BEHIND, bold=True), _SMALL),
        Live("known", 7, _Formulas.known, of_five, _US_SMALL),
        Shown("level", 14, texts.level, small_text, left(_SMALL)),
        Live("revenue", 10, _Formulas.revenue, LIVE_MONEY, _SMALL),
        Live("profit", 10, _Formulas.profit, LIVE_MONEY, _SMALL),
        Live("overdue", 8, _Formulas.overdue, soft, _SMALL),
        Shown("remarks", 30, lambda r: r.remark or None, ENTRY_TEXT, left()),
        # from here on not printed: it is with the sheets it comes from
        Shown("fresh", 8, texts.fresh, COUNT.but(format=f'"{t("portfolio.words.complete")}"')),
        Live("counted", 9, _Formulas.counted, LIVE),
        Live("counted_lead", 9, _Formulas.counted_lead, LEAD),
        Live("size", 11, _Formulas.size, LIVE_MONEY),
        Shown("manager", 14, lambda r: r.account.manager if r.account else None, SMALL_CELL),
        Live("coverage", 9, _Formulas.coverage, PERCENT),
        Live("lead_coverage", 9, _Formulas.lead_coverage, PERCENT),
        *(_measure(t, measure) for measure in PositionMeasure),
        Shown("next", 21, texts.next, small_text, left(_SMALL)),
        Live("breadth", 8, _Formulas.breadth, PERCENT, _SMALL),
        Live("requirers", 8, _Formulas.requirers, PERCENT, _SMALL),
        Live("active", 9, _Formulas.active, soft, _SMALL),
        Live("unvalued_revenue", 10, _Formulas.unvalued_revenue, soft, _SMALL),
        Live("unvalued_profit", 10, _Formulas.unvalued_profit, soft, _SMALL),
        Shown("spots", 44, texts.spots, SMALL_LIST, left()),
        Shown("flip", 34, texts.flip, SMALL_CELL, left()),
        Shown("respondents", 8, texts.respondents, COUNT),
        Shown("period", 11, texts.period, _period_style),
        Shown("state", 12, texts.state, TEXT_CELL),
        Shown("disagreement", 22, texts.disagreement, SMALL_CELL, left()),
        Shown("knockouts", 50, texts.knockouts, SMALL_CELL.but(color=BEHIND), left()),
    )


def _measure(t: Texts, measure: PositionMeasure) -> Live[_Formulas, AccountLine]:
    def content(at: _Formulas, line: AccountLine, row: int) -> Content:
        return at.measure(measure, line, row)

    title = t(f"portfolio.measures.{measure.value}")
    return Live(measure.value, 8.5, content, LIVE, _US_SMALL, title)


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


class _Formulas:
    """The cells of a row that are formulas: over its account's rows, or looked up by its id."""

    def __init__(self, at: At, t: Texts, within: float) -> None:
        self._t = t
        self._id, self._lead, self._rests = at.own("id", "lead", "lead_coverage")
        self._own_total, self._covered = at.own("total", "coverage")
        (self._revenues,) = at.lookups("selection", "revenue")
        self._gap = at.column("data", "gap")
        segments = at.columns("segments", "share", "coverage", "total", "in_total")
        self._share, self._coverage, self._total, self._in_total = segments
        self._in_lead, self._leads, self._compared = at.columns(
            "segments", "in_lead", "lead", "lead_coverage"
        )
        self._within = within
        chosen = ("list", "rank", "score", "gate", "abc")
        self._selection = dict(zip(chosen, at.lookups("selection", *chosen), strict=True))
        stood = (*MEASURES, "known")
        self._position = dict(zip(stood, at.lookups("position", *stood), strict=True))
        self._breadth, self._requirers = at.lookups("contacts", "breadth", "requirers")
        self._active, self._revenue, self._profit = at.columns(
            "programmes", "active", "revenue", "profit"
        )
        self._late = at.column("actions", "late")

    # --- from what customers answered ------------------------------------------------------------

    def total(self, line: AccountLine, _: int) -> Content:
        account = line.account
        if account is None or not account.answered:
            return None
        return live(_counted(account, self._in_total, self._total), account.total)

    def lead(self, line: AccountLine, row: int) -> Content:
        """Only where it rests on enough: the number alone would say more than it knows."""
        account = line.account
        if account is None or not account.answered:
            return None
        firm = idioms.at_least(f"SUM({self._rests.here(row)})", f"{ENOUGH:g}")
        mean = _counted(account, self._in_lead, self._leads)
        return live(f"IF({firm},{mean},{idioms.NOTHING})", account.lead.points)

    def lead_coverage(self, line: AccountLine, _: int) -> Content:
        """How much of the account the lead rests on: of its compared segments."""
        account = line.account
        if account is None or not account.answered:
            return None
        blocks = (self._share, self._compared, self._in_lead)
        share, compared, counts = (one.of(account.id) for one in blocks)
        text = idioms.total(share, compared, of=(idioms.holds(counts),))
        return live(text, account.lead.basis.weights)

    def coverage(self, line: AccountLine, _: int) -> Content:
        account = line.account
        if account is None or not account.answered:
            return None
        share, coverage, total = (
            one.of(account.id) for one in (self._share, self._coverage, self._total)
        )
        known = f"{idioms.total(share, coverage)}/SUM({share})"
        return live(idioms.any_known(total, known), account.coverage)

    def position(self, line: AccountLine, row: int) -> Content:
        if line.account is None or not line.account.answered:
            return None
        text = idioms.verdict(self._lead.here(row), f"{self._within:g}")
        return live(text, line.account.lead.verdict)

    def points(self, line: AccountLine, _: int) -> Content:
        """What closing the most valuable gap adds to the account's total."""
        if line.account is None or line.account.gap is None:
            return None
        gap, key = line.account.gap, (line.account.id, line.account.gap.segment)
        requirement = (*key, same_id(gap.requirement))
        return live(f"SUM({self._gap.of(*requirement)})*{self._share.cell(*key)}", gap.points)

    # --- what may stand in a mean over accounts --------------------------------------------------

    def counted(self, line: AccountLine, row: int) -> Content:
        """The total, if it is of this period and rests on half of the weights."""
        account = line.account
        if account is None or not account.fresh or account.earlier:
            return None
        total, covered = self._own_total.here(row), self._covered.here(row)
        firm = idioms.at_least(f"SUM({covered})", f"{ENOUGH:g}")
        return live(f"IF({firm},{total},{idioms.NOTHING})", account.counted)

    def counted_lead(self, line: AccountLine, row: int) -> Content:
        """The lead, if it is of this period."""
        account = line.account
        if account is None or not account.fresh or account.earlier:
            return None
        return live(idioms.known(self._lead.here(row), then=self._lead.here(row)),
                    account.counted_lead)  # fmt: skip

    def size(self, line: AccountLine, row: int) -> Content:
        """The account's revenue a year, by which means are weighted."""
        account = line.account
        selected = account.standing.selected if account else None
        if selected is None or selected.candidate.revenue is None:
            return None
        return live(self._revenues.of(self._id.here(row)), selected.candidate.revenue)

    # --- from the selection ----------------------------------------------------------------------

    def _chosen(
        self, line: AccountLine, row: int, key: str, value: Callable[[SelectedAccount], Scalar]
    ) -> Content:
        selected = line.account.standing.selected if line.account else None
        if selected is None:
            return None
        return live(self._selection[key].of(self._id.here(row)), value(selected))

    def list(self, line: AccountLine, row: int) -> Content:
        return self._chosen(line, row, "list", lambda s: list_word(self._t, s.list))

    def rank(self, line: AccountLine, row: int) -> Content:
        return self._chosen(line, row, "rank", lambda s: s.rank)

    def score(self, line: AccountLine, row: int) -> Content:
        return self._chosen(line, row, "score", lambda s: s.score)

    def gate(self, line: AccountLine, row: int) -> Content:
        return self._chosen(line, row, "gate", lambda s: gate_word(self._t, s.gate.gate))

    def abc(self, line: AccountLine, row: int) -> Content:
        return self._chosen(line, row, "abc", lambda s: s.abc.value if s.abc else None)

    # --- from the five measures, and from contacts -----------------------------------------------

    def _stood(self, line: AccountLine, row: int, key: str, value: Scalar) -> Content:
        return live(self._position[key].of(self._id.here(row)), value)

    def measure(self, measure: PositionMeasure, line: AccountLine, row: int) -> Content:
        if line.account is None:
            return None
        value = line.account.standing.position.measures[measure]
        return self._stood(line, row, measure.value, value)

    def known(self, line: AccountLine, row: int) -> Content:
        if line.account is None:
            return None
        return self._stood(line, row, "known", line.account.standing.position.known)

    def breadth(self, line: AccountLine, row: int) -> Content:
        breadth = line.account.standing.breadth if line.account else None
        if breadth is None:
            return None
        return live(self._breadth.of(self._id.here(row)), breadth.breadth)

    def requirers(self, line: AccountLine, row: int) -> Content:
        breadth = line.account.standing.breadth if line.account else None
        if breadth is None:
            return None
        return live(self._requirers.of(self._id.here(row)), breadth.requirers)

    # --- from programmes and actions -------------------------------------------------------------

    def overdue(self, line: AccountLine, _: int) -> Content:
        """How many of its actions are overdue; empty without a plan."""
        account = line.account
        if account is None or account.standing.plan is None:
            return None
        if not self._late.has(account.id):
            return 0
        text = idioms.count_of(self._late.of(account.id), '">0"')
        return live(text, len(account.standing.overdue))

    def active(self, line: AccountLine, _: int) -> Content:
        """How many of its programmes are active; empty without a plan."""
        account = line.account
        if account is None or account.standing.plan is None:
            return None
        summary = account.standing.programmes
        if summary is None or not self._active.has(account.id):
            return 0
        return live(f"SUM({self._active.of(account.id)})", summary.active)

    def _expected(
        self, line: AccountLine, column: Ref, of: Callable[[EffectSum], float | None]
    ) -> Content:
        """What its active programmes are expected to bring; empty without any."""
        account = line.account
        summary = account.standing.programmes if account else None
        if account is None or summary is None or account.standing.plan is None:
            return None
        if not column.has(account.id):
            return None
        active, values = self._active.of(account.id), column.of(account.id)
        text = idioms.sum_of_matches(active, "1", values)
        return live(text, of(summary.expected))

    def revenue(self, line: AccountLine, _: int) -> Content:
        return self._expected(line, self._revenue, lambda sums: sums.revenue.value)

    def profit(self, line: AccountLine, _: int) -> Content:
        return self._expected(line, self._profit, lambda sums: sums.profit.value)

    def _unvalued(
        self, line: AccountLine, column: Ref, of: Callable[[ProgrammeSummary], int]
    ) -> Content:
        """How many of its active programmes such a sum does not hold; empty without a plan."""
        account = line.account
        if account is None or account.standing.plan is None:
            return None
        summary = account.standing.programmes
        if summary is None or not column.has(account.id):
            return 0
        active, values = self._active.of(account.id), column.of(account.id)
        return live(idioms.unknown_matches(active, "1", values), of(summary))

    def unvalued_revenue(self, line: AccountLine, _: int) -> Content:
        return self._unvalued(line, self._revenue, lambda found: len(found.unvalued_revenue))

    def unvalued_profit(self, line: AccountLine, _: int) -> Content:
        return self._unvalued(line, self._profit, lambda found: len(found.unvalued_profit))


def _counted(account: AccountResult, counts: Ref, values: Ref) -> str:
    """An account's values, each times what it counts."""
    factors = counts.of(account.id)
    return idioms.any_known(factors, idioms.total(factors, values.of(account.id)))
