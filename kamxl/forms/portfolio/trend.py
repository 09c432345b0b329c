"""The sheet *Trend*: each account's total by period, and why it is another one than last time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kamxl.core.method.trend import Trend
from kamxl.core.portfolio.changing import AccountChange
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.waterfall import (
    CAUSES,
    Bar,
    InMeans,
    Waterfall,
    in_means,
    overall,
    waterfall_of,
)
from kamxl.core.portfolio.whole import HistoryPoint, Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Chart, Content, Series, Sheet
from kamxl.forms.paper.parts import lines_of, live, row_height, section
from kamxl.forms.paper.places import At
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import BEHIND_SOFT, HEADER, HEADER_RIVAL, MUTED, NOTE, Style
from kamxl.forms.portfolio.changed import change_said, changed_most, rival_said
from kamxl.forms.portfolio.lists import Lists
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
from kamxl.forms.portfolio.waterfall import END, Choice, Columns, draw_waterfalls
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable, folding
from kamxl.wording.texts import Texts

MAX_PERIODS = 12
_LATEST = 2  # periods beside the change; the others stand at the right end
_ROW = 8  # the key row, below the sentence or the block and its chart
_TOP = 5  # the row in which the block begins, below the waterfalls if there are any
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
}
_CAME_WENT = (Bar.RATERS, Bar.REQUIREMENTS, Bar.SEGMENTS)


@dataclass(frozen=True, slots=True)
class TrendRow:
    """An account's points by period; what changed, None: nothing to compare; what of it is in the
    means of all accounts.
    """

    account: AccountResult
    points: Mapping[str, HistoryPoint]
    change: AccountChange | None
    means: InMeans

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
        TrendRow(
            means.account, points[means.account.id], portfolio.changes.get(means.account.id), means
        )
        for means in in_means(portfolio)
        if means.account.id in points
    ]
    key_row = _begin(rows) + 3 + (TOP + 20 if _charted(rows) else 0)
    periods = _periods(portfolio)
    return table_of(
        t,
        "trend",
        _columns(portfolio, t),
        rows,
        lambda at: _Formulas(at, periods, portfolio.period),
        key_row=key_row,
        repeated=2,
    )


def trend_sheet(
    table: ShownTable[TrendRow, _Formulas], portfolio: Portfolio, t: Texts, lists: Lists
) -> Sheet:
    """The sheet of all of it, drawn."""
    sheet, charted, begin = table.sheet, _charted(table.records), _begin(table.records)
    printed = max(table.index(Bar.RATERS.value) - 1, _PAGE)
    frame(sheet, t, portfolio, printed)
    if charted:
        series = _block(sheet, t, charted, _periods(portfolio), begin)
    else:
        sheet.put(begin, 1, t("portfolio.trend.one_period"), NOTE.but(wrap=False))
        sheet.heights[begin] = 20
    table.draw(t, t("portfolio.no_answers"), _PAGE)
    table.print_until(table.last, printed)
    if charted:
        _chart(table, _found(charted, t), series, begin, _some(table.records, t))
    if begin > _TOP:
        whole = overall(portfolio, lists.improvements.label)
        _waterfalls(table, portfolio, t, whole)
    if table.records:
        table.rule("check", f"{table.head('check')}=-1", BEHIND_SOFT)
    return sheet


def _begin(rows: Sequence[TrendRow]) -> int:
    """The row below the waterfalls, which are there once a change may be told."""
    return END + 1 if any(row.told for row in rows) else _TOP


def _waterfalls(
    table: ShownTable[TrendRow, _Formulas], portfolio: Portfolio, t: Texts, whole: Waterfall | None
) -> None:
    """Both on a page of their own; chosen at first: whose total changed most."""
    rows = {row.account.id: row for row in table.records}
    most = next((a.id for a in changed_most(portfolio)), "")
    row = rows.get(most) or next(row for row in table.records if row.told)
    by = "name" if len({r.account.name.casefold() for r in rows.values()}) == len(rows) else "id"

    def named(one: TrendRow) -> str:
        return one.account.name if by == "name" else one.account.id

    choice = Choice(
        [named(one) for one in table.records],
        named(row),
        waterfall_of(row.change) if row.change else None,
        change_said(t, portfolio, row.account),
    )
    at, last = table.made.columns[by], next(iter(table.sheet.column_breaks), table.width)
    draw_waterfalls(table.sheet, t, at, whole, choice, (last, table.width + 2))
    table.sheet.page_breaks.append(END)


def _last(table: ShownTable[TrendRow, _Formulas]) -> int:
    """The last column of the first page, or of what charts need of it."""
    return min(next(iter(table.sheet.column_breaks), table.width), _PAGE + 2)


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
        Live("came_went", 9, _Formulas.came_went, _PART),
        Live("check", 9, _Formulas.check, fits),
        Shown("common", 9, lambda r: r.change.trend.common if r.change else None, PERCENT),
        Shown("rival", 15, lambda r: _rival(t, r), TEXT_CELL, left(HEADER_RIVAL)),
        Shown("said", 46, lambda r: change_said(t, portfolio, r.account), TEXT_CELL, left()),
        *map(total, periods[:-_LATEST]),
        *folding(
            *(_came_went(bar) for bar in _CAME_WENT),
            Shown("before", 9, lambda r: r.means.then, LIVE),
            Live("now", 9, _Formulas.now, LIVE),
            Live("compared", 9, _Formulas.compared, COUNT),
        ),
    )


def _came_went(bar: Bar) -> Shown[TrendRow]:
    """What came and went of one kind, which are told together in the column of both."""
    return Shown(bar.value, 9, lambda r: r.told.sum_of(*CAUSES[bar]) if r.told else None, _PART)


def _rival(t: Texts, row: TrendRow) -> str | None:
    return rival_said(t, row.change.rival) or None if row.change and row.told else None


class _Formulas:
    """The change out of the totals, that the parts sum to it, and who is in the means of all."""

    def __init__(self, at: At, periods: Sequence[str], period: str) -> None:
        self._totals = {
            period: at.own(_period_key(period))[0] for period in periods
        }  # what is older is not on the sheet
        (self._change,) = at.own("change")
        self._parts = at.own(*_PARTS, "came_went")
        self._kinds = at.own(*(bar.value for bar in _CAME_WENT))
        self._id, self._before, self._now, compared = at.own("id", "before", "now", "compared")
        (self._counted,) = at.lookups("accounts", "counted")
        names = dict(zip(("name", "id"), at.own("name", "id"), strict=True))
        parts = dict(zip(CAUSES, (*self._parts[:3], *self._kinds), strict=True))
        self.columns = {
            key: Columns(
                named, at.own("said")[0], self._change, self._totals.get(period, self._change),
                self._before, self._now, compared, parts,
            )
            for key, named in names.items()
        }  # fmt: skip

    def came_went(self, row: TrendRow, at: int) -> Content:
        if row.told is None:
            return None
        return live("+".join(kind.here(at) for kind in self._kinds), row.told.came_went)

    def now(self, row: TrendRow, at: int) -> Content:
        """The total as it stands in the headline's mean."""
        if row.means.now is None:
            return None
        counted = self._counted.of(self._id.here(at))
        return live(idioms.known(counted, then=counted), row.means.now)

    def compared(self, row: TrendRow, at: int) -> Content:
        """1: it is in both means, and what changed may be told."""
        cells = ",".join(one.here(at) for one in (self._before, self._now, self._change))
        return live(f"IF(COUNT({cells})=3,1,{idioms.NOTHING})", 1 if row.means.change else None)

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
    lines = [row for row in rows if _has_line(row)]
    return sorted(lines, key=lambda r: -(r.account.total or 0))[:TOP]


def _some(rows: Sequence[TrendRow], t: Texts) -> str:
    """Which accounts the lines are of, where not all have one."""
    every = sum(1 for one in rows if _has_line(one))
    return t("portfolio.trend.some", count=TOP, of=every) if every > TOP else ""


def _has_line(row: TrendRow) -> bool:
    """Whether its totals count in two periods or more."""
    return sum(p.counted is not None for p in row.points.values()) > 1


def _block(
    sheet: Sheet, t: Texts, rows: Sequence[TrendRow], periods: Sequence[str], begin: int
) -> list[Series]:
    """The block of the top accounts from a row on, and the lines that are drawn of it."""
    head, first = begin + 1, begin + 2
    section(sheet, begin, 1, t("portfolio.trend.top"))
    sheet.put(head, 2, t("portfolio.trend.name"), left())
    for column, period in enumerate(periods, 3):
        sheet.put(head, column, period, HEADER)
    sheet.heights[head] = 20
    last_column, series = 2 + len(periods), []
    for row, record in enumerate(rows, first):
        sheet.put(row, 2, record.account.name, TEXT_CELL)
        sheet.heights[row] = row_height(lines_of(record.account.name, _NAME - 1))
        for column, period in enumerate(periods, 3):
            sheet.put(row, column, record.counted(period), POINTS)
        series.append(
            Series(
                values=sheet.ref(a1(row, 3), a1(row, last_column)),
                categories=sheet.ref(a1(head, 3), a1(head, last_column)),
                title_ref=sheet.ref(a1(row, 2)),
                color=_LINES[row - first],
            )
        )
    return series


def _found(rows: Sequence[TrendRow], t: Texts) -> str:
    """How many of the lines last went up, and how many down, as they are printed."""
    known = [[p.counted for p in row.points.values() if p.counted is not None] for row in rows]
    steps = [round(points[-1], 1) - round(points[-2], 1) for points in known]
    up, down = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    return t("portfolio.trend.chart", up=up, down=down, of=len(steps))


def _chart(
    table: ShownTable[TrendRow, _Formulas], title: str, series: Sequence[Series], begin: int,
    some: str,
) -> None:  # fmt: skip
    """The lines below the block, beside the columns that every page shows: it is on the first."""
    sheet = table.sheet
    end = _last(table) + 1
    chart = Chart(
        "line", a1(begin + 3 + TOP, table.repeated + 1), a1(begin + 20 + TOP, end), tuple(series),
        title=title, x_title=some, y_min=0, y_max=100, description=f"{title} {some}".strip(),
    )  # fmt: skip
    sheet.charts.append(chart)
