"""The sheet *Accounts*: one row each, every number a formula over the account's own answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kamxl.core.ids import same_id
from kamxl.core.portfolio import Portfolio
from kamxl.core.results import AccountResult, sign_of
from kamxl.forms.book import Conditional, Content, Sheet, span
from kamxl.forms.portfolio_account_growth import AccountLine, GrowthColumns, colour_growth
from kamxl.forms.portfolio_parts import (
    BOLD_LIVE,
    COUNT,
    ID_CELL,
    LEAD,
    PERCENT,
    SMALL_CELL,
    TEXT_CELL,
    Field,
    as_table,
    draw_table,
    frame,
    left,
    live,
    sign_style,
)
from kamxl.forms.portfolio_places import MEASURES, Places
from kamxl.forms.portfolio_words import account_flip, best_name, disagreement, knockouts, period_of
from kamxl.forms.style import (
    BEHIND,
    BEHIND_SOFT,
    ENTRY_TEXT,
    GOOD,
    GOOD_SOFT,
    HEADER_RIVAL,
    HEADER_US,
    WARN_SOFT,
    Style,
)
from kamxl.forms.texts import Texts


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
