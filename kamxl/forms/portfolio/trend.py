"""The sheet *Trend*: each account's total by period, and why it is another one than last time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kamxl.core.method.trend import Trend
from kamxl.core.portfolio.changing import AccountChange
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import HistoryPoint, Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Chart, Content, Series, Sheet
from kamxl.forms.paper.parts import lines_of, live, row_height, section
from kamxl.forms.paper.places import At
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import BEHIND_SOFT, HEADER, HEADER_RIVAL, MUTED, NOTE, Style
from kamxl.forms.portfolio.changed import change_said, rival_said
from kamxl.forms.portfolio.parts import (
    COUNT,
    ID_CELL,
    LEAD,
    LIVE,
    PERCENT,
    POINTS,
    TEXT_CELL,
    frame,
    left,
    table_of,
)
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts

MAX_PERIODS = 12
_LATEST = 2  # periods beside the change; the others stand at the right end
_ROW = 8  # the key row, below the sentence or the block and its chart
TOP = 6  # accounts in the line chart
_NAME = 24  # the width of its column
_PAGE = 9  # columns a page has at least, so that the title and the chart fit
_LINES = ("0F7173", "B9822B", "1B2A41", "B5452C", "6B7785", "5B8E7D")
_LITTLE = LIVE.but(format="(0.0)", color=MUTED)  # rests on less than half of the account
_PART = LEAD.but(fill=None)
_PARTS: Mapping[str, Callable[[Trend], float]] = {
    "opinion": lambda trend: trend.opinion,
    "weights": lambda trend: trend.weights,
    "mix": lambda trend: trend.mix,
    "came_went": lambda trend: trend.came_went,
}


@dataclass(frozen=True, slots=True)
class TrendRow:
    """An account's points by period; what changed, None: nothing to compare."""

    account: AccountResult
    points: Mapping[str, HistoryPoint]
    change: AccountChange | None

    @property
    def told(self) -> Trend | None:
        """The change in its parts, where the two periods have enough in common."""
        return self.change.trend if self.change and self.change.enough else None

    def total(self, period: str) -> float | None:
        """The total of a period; None: no answer, or none that gives one."""
        return self.points[period].total if period in self.points else None

    def counted(self, period: str) -> float | None:
        """The same where it rests on half of the account."""
        return self.points[period].counted if period in self.points else None


def trend_table(portfolio: Portfolio, t: Texts) -> ShownTable[TrendRow, _Formulas]:
    """Accounts × periods and parts, below lines of the top accounts over a block of fixed rows."""
    points: defaultdict[str, dict[str, HistoryPoint]] = defaultdict(dict)
    for point in portfolio.history:
        points[point.account][point.period] = point
    rows = [
        TrendRow(account, points[account.id], portfolio.changes.get(account.id))
        for account in portfolio.accounts
        if account.id in points
    ]
    key_row = _ROW + TOP + 20 if _charted(rows) else _ROW
    periods = _periods(portfolio)
    return table_of(
        t,
        "trend",
        _columns(portfolio, t),
        rows,
        lambda at: _Formulas(at, periods),
        key_row=key_row,
        repeated=2,
    )


def trend_sheet(table: ShownTable[TrendRow, _Formulas], portfolio: Portfolio, t: Texts) -> Sheet:
    """The sheet of both, drawn."""
    sheet, charted = table.sheet, _charted(table.records)
    frame(sheet, t, portfolio, max(table.width, _PAGE))
    if charted:
        series = _block(sheet, t, charted, _periods(portfolio))
    else:
        sheet.put(5, 1, t("portfolio.trend.one_period"), NOTE.but(wrap=False))
        sheet.heights[5] = 20
    table.draw(t, t("portfolio.no_answers"), _PAGE)
    if charted:
        _chart(table, t, series)
    if table.records:
        table.rule("check", f"{table.head('check')}=-1", BEHIND_SOFT)
    return sheet


def _periods(portfolio: Portfolio) -> Sequence[str]:
    return portfolio.periods[-MAX_PERIODS:]


def _period_key(period: str) -> str:
    return f"p:{period}"


def _columns(portfolio: Portfolio, t: Texts) -> tuple[Column[TrendRow, _Formulas], ...]:
    def total(period: str) -> Shown[TrendRow]:
        def look(row: TrendRow) -> Style:
            return LIVE if row.counted(period) is not None else _LITTLE

        return Shown(_period_key(period), 9, lambda r: r.total(period), look, title=period)

    def part(key: str) -> Shown[TrendRow]:
        of = _PARTS[key]
        return Shown(key, 9, lambda r: of(r.told) if r.told else None, _PART)

    periods = _periods(portfolio)
    fits = COUNT.but(format=f'"{t("portfolio.trend.fits")}";"{t("portfolio.trend.wrong")}"')
    return (
        Shown("id", 13, lambda r: r.account.id, ID_CELL, left()),
        Shown("name", _NAME, lambda r: r.account.name, TEXT_CELL, left()),
        *map(total, periods[-_LATEST:]),
        Live("change", 9, _Formulas.change, LEAD.but(bold=True)),
        *map(part, _PARTS),
        Live("check", 9, _Formulas.check, fits),
        Shown("common", 9, lambda r: r.change.trend.common if r.change else None, PERCENT),
        Shown("rival", 15, lambda r: _rival(t, r), TEXT_CELL, left(HEADER_RIVAL)),
        Shown("said", 46, lambda r: change_said(t, portfolio, r.account), TEXT_CELL, left()),
        *map(total, periods[:-_LATEST]),
    )


def _rival(t: Texts, row: TrendRow) -> str | None:
    return rival_said(t, row.change.rival) or None if row.change and row.told else None


class _Formulas:
    """The change out of the totals, and that the parts sum to it."""

    def __init__(self, at: At, periods: Sequence[str]) -> None:
        self._totals = {
            period: at.own(_period_key(period))[0] for period in periods
        }  # what is older is not on the sheet
        (self._change,) = at.own("change")
        self._parts = at.own(*_PARTS)

    def change(self, row: TrendRow, at: int) -> Content:
        if row.told is None or row.change is None:
            return None
        since, now = (self._totals.get(p) for p in (row.change.since, row.change.period))
        if since is None or now is None:
            return row.told.points
        return live(idioms.difference(now.here(at), since.here(at)), row.told.points)

    def check(self, row: TrendRow, at: int) -> Content:
        """1: the parts sum to the change, to six digits; -1: somebody changed a cell."""
        if row.told is None:
            return None
        change, parts = self._change.here(at), [part.here(at) for part in self._parts]
        fits = f"IF(ROUND(SUM({parts[0]}:{parts[-1]})-{change},6)=0,1,-1)"
        return live(idioms.known(change, then=fits), 1)


def _charted(rows: Sequence[TrendRow]) -> list[TrendRow]:
    """The top accounts among those with totals that count in two periods or more."""
    lines = [r for r in rows if sum(p.counted is not None for p in r.points.values()) > 1]
    return sorted(lines, key=lambda r: -(r.account.total or 0))[:TOP]


def _block(
    sheet: Sheet, t: Texts, rows: Sequence[TrendRow], periods: Sequence[str]
) -> list[Series]:
    """The block of the top accounts (from row 7), and the lines that are drawn of it."""
    section(sheet, 5, 1, t("portfolio.trend.top"))
    sheet.put(6, 2, t("portfolio.trend.name"), left())
    for column, period in enumerate(periods, 3):
        sheet.put(6, column, period, HEADER)
    sheet.heights[6] = 20
    last_column, series = 2 + len(periods), []
    for row, record in enumerate(rows, 7):
        sheet.put(row, 2, record.account.name, TEXT_CELL)
        sheet.heights[row] = row_height(lines_of(record.account.name, _NAME - 1))
        for column, period in enumerate(periods, 3):
            sheet.put(row, column, record.counted(period), POINTS)
        series.append(
            Series(
                values=sheet.ref(a1(row, 3), a1(row, last_column)),
                categories=sheet.ref("C6", a1(6, last_column)),
                title_ref=sheet.ref(a1(row, 2)),
                color=_LINES[row - 7],
            )
        )
    return series


def _chart(table: ShownTable[TrendRow, _Formulas], t: Texts, series: Sequence[Series]) -> None:
    """The lines below the block, beside the columns that every page shows: it is on the first."""
    sheet = table.sheet
    end = min(next(iter(sheet.column_breaks), table.width), _PAGE + 2) + 1
    chart = Chart(
        "line", a1(8 + TOP, table.repeated + 1), a1(25 + TOP, end), tuple(series),
        title=t("portfolio.trend.chart"), y_min=0, y_max=100,
        description=t("portfolio.trend.chart"),
    )  # fmt: skip
    sheet.charts.append(chart)
