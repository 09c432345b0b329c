"""The sheet *Benefits*: what customers gain by us, then and now, and whether they see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.benefits import Benefit, BenefitSum, Known, summed
from kamxl.core.records.page import PageBenefit
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At
from kamxl.forms.paper.style import ACCENT_SOFT, GOOD_SOFT, WARN_SOFT
from kamxl.forms.portfolio.above import SUM_ROW, draw_below, key_row_below
from kamxl.forms.portfolio.parts import (
    COUNT,
    ID_CELL,
    LIVE,
    LIVE_MONEY,
    MONEY,
    MUTED_CELL,
    POINTS,
    TEXT_CELL,
    left,
    table_of,
)
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts

_FIGURE = POINTS.but(format="#,##0.##")
_CHANGE = LIVE.but(format="+#,##0.##;-#,##0.##;0")


@dataclass(frozen=True, slots=True)
class Line:
    """A benefit with its account, as a row."""

    account: AccountResult
    benefit: Benefit


@dataclass(frozen=True, slots=True)
class Summed:
    """One account's benefits, summed."""

    account: AccountResult
    sums: BenefitSum


def benefits_table(portfolio: Portfolio, t: Texts) -> ShownTable[Line, _Formulas]:
    """One row per benefit, each account's together."""
    lines = [Line(a, one) for a in portfolio.accounts for one in portfolio.benefits.get(a.id, ())]
    accounts = {line.account.id for line in lines}
    return table_of(
        t, "benefits", _columns(t), lines, _Formulas, lambda line: (line.account.id,),
        key_row_below(len(accounts)), repeated=2,
    )  # fmt: skip


def benefit_sums(below: ShownTable[Line, _Formulas], portfolio: Portfolio, t: Texts) -> Sums:
    """The block above: one row per account that has any."""
    records = [
        Summed(account, summed(found))
        for account in portfolio.accounts
        if (found := portfolio.benefits.get(account.id, ()))
    ]

    def of(known: Known) -> Live[_Sums, Summed]:
        def content(at: _Sums, one: Summed, _: int) -> Content:
            return live(at.counted(one, known), one.sums.counts[known])

        key, title = f"sum_{known.value}", _known(t, known)
        return Live(key, 0, content, LIVE.but(format="0"), title=title)

    columns: tuple[Column[Summed, _Sums], ...] = (
        Shown("sum_account", 0, lambda r: r.account.name, TEXT_CELL.but(bold=True), left()),
        of(Known.CONFIRMED),
        of(Known.CLAIMED),
        of(Known.NOT_SEEN),
        of(Known.UNKNOWN),
        Live("sum_named", 0, _Sums.named, LIVE_MONEY.but(bold=True)),
        Live("sum_money", 0, _Sums.claimed, LIVE_MONEY),
    )
    return ShownTable(
        "benefit_sums", below.sheet, SUM_ROW, columns, records, lambda at: _Sums(at, t),
        "portfolio.benefits",
    )  # fmt: skip


def benefits_sheet(
    table: ShownTable[Line, _Formulas], sums: Sums, portfolio: Portfolio, t: Texts
) -> Sheet:
    """The sheet of both, drawn."""
    draw_below(table, sums, portfolio, t, (t("portfolio.benefits.how"),))
    if table.records:
        for known, fill in ((Known.CONFIRMED, GOOD_SOFT), (Known.CLAIMED, WARN_SOFT),
                            (Known.NOT_SEEN, ACCENT_SOFT)):  # fmt: skip
            table.rule("known", f"{table.head('known')}={quoted(_known(t, known))}", fill)
    return table.sheet


def _known(t: Texts, known: Known) -> str:
    return t(f"portfolio.known.{known.value}")


def _figures(t: Texts, shown: PageBenefit | None) -> str | None:
    """The figures that she saw, where the plan has others by now."""
    if shown is None:
        return None
    then, now = (t.number(v, 2) if v is not None else "–" for v in (shown.baseline, shown.now))
    return t("portfolio.benefits.figures", then=then, now=now, unit=shown.unit)


def _others(t: Texts, one: Benefit) -> str | None:
    """What else was said of it there, by whom."""
    said = [f"{who}: {t(f'portfolio.seen.{seen.value}')}" for who, seen in one.others]
    return "\n".join(said) or None


def _columns(t: Texts) -> Sequence[Column[Line, _Formulas]]:
    day = COUNT.but(format=t("language.excel_date"))

    def seen(line: Line) -> str | None:
        found = line.benefit.seen
        return t(f"portfolio.seen.{found.value}") if found else None

    def how(line: Line) -> str | None:
        if line.benefit.seen is None:
            return None
        return t(f"portfolio.benefits.{'oral' if line.benefit.oral else 'written'}")

    # the sums above need the widths of figures: texts may make a column narrower
    return (
        Shown("account", 22, lambda r: r.account.name, TEXT_CELL.but(bold=True), left()),
        Shown("lever", 26, lambda r: r.benefit.lever.lever, TEXT_CELL, left()),
        Shown("metric", 22, lambda r: r.benefit.lever.share or None, TEXT_CELL, left()),
        Shown("baseline", 12, lambda r: r.benefit.lever.baseline, _FIGURE),
        Shown("now", 12, lambda r: r.benefit.lever.now, _FIGURE),
        Live("change", 13, _Formulas.change, _CHANGE),
        Shown("amount", 13, lambda r: r.benefit.lever.amount, MONEY),
        Shown("known", 13, lambda r: _known(t, r.benefit.known), TEXT_CELL),
        Shown("unit", 10, lambda r: r.benefit.lever.unit or None, MUTED_CELL),
        Shown("seen", 16, seen, TEXT_CELL, page=True),
        Shown("by", 20, lambda r: r.benefit.by or None, TEXT_CELL, left()),
        Shown("on", 11, lambda r: r.benefit.on, day),
        Shown("said_how", 14, how, MUTED_CELL),
        Shown("named", 14, lambda r: r.benefit.amount, MONEY),
        Shown("former", 22, lambda r: _figures(t, r.benefit.former), MUTED_CELL, left()),
        Shown("others", 24, lambda r: _others(t, r.benefit), TEXT_CELL, left()),
        Shown("proof", 26, lambda r: r.benefit.lever.proof or None, MUTED_CELL, left()),
        Shown("id", 8, lambda r: r.benefit.lever.id, ID_CELL, left()),
        Shown("account_id", 11, lambda r: r.account.id, ID_CELL, left()),
    )


class _Formulas:
    """How a metric changed."""

    def __init__(self, at: At) -> None:
        self._baseline, self._now = at.own("baseline", "now")

    def change(self, line: Line, row: int) -> Content:
        then, now = self._baseline.here(row), self._now.here(row)
        return live(idioms.both_known(now, then, f"{now}-{then}"), line.benefit.change)


class _Sums:
    """Counts and money over an account's own rows."""

    def __init__(self, at: At, t: Texts) -> None:
        self._known, self._named, self._amount = at.columns("benefits", "known", "named", "amount")
        self._words = {known: quoted(_known(t, known)) for known in Known}

    def counted(self, one: Summed, known: Known) -> str:
        return idioms.count_of(self._known.of(one.account.id), self._words[known])

    def named(self, one: Summed, _: int) -> Content:
        of, word = self._known.of(one.account.id), self._words[Known.CONFIRMED]
        text = idioms.sum_of_matches(of, word, self._named.of(one.account.id))
        return live(text, one.sums.named.value)

    def claimed(self, one: Summed, _: int) -> Content:
        of, word = self._known.of(one.account.id), self._words[Known.CLAIMED]
        text = idioms.sum_of_matches(of, word, self._amount.of(one.account.id))
        return live(text, one.sums.money[Known.CLAIMED].value)


Sums = ShownTable[Summed, _Sums]
