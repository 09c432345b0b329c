"""The sheets that are matrices: *Heatmap* (accounts × requirements) and *Trend* (× periods)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kamxl.core.ids import US
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.portfolio.topics import Topic, topics
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Chart, Conditional, Content, Series, Sheet, span
from kamxl.forms.paper.parts import section
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import HEADER, NOTE
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    ID_CELL,
    LIVE,
    POINTS,
    TABLE_ROW,
    TEXT_CELL,
    Field,
    blank_sheet,
    draw_table,
    frame,
    grid_of,
    left,
    live,
)
from kamxl.forms.portfolio.places import Places
from kamxl.wording.texts import Texts

MAX_LABELS = 20
MAX_PERIODS = 12
TOP = 6  # accounts in the line chart
PAGE = 9  # columns a page has at least, so that the title and the chart fit
LINES = ("0F7173", "B9822B", "1B2A41", "B5452C", "6B7785", "5B8E7D")

Cited = tuple[SegmentResult, str]  # a segment and the id of one of its requirements


@dataclass(frozen=True, slots=True)
class HeatRow:
    """An account and, by the place of a topic, where we were rated on it."""

    account: AccountResult
    cited: Mapping[int, Sequence[Cited]]


def heatmap_sheet(portfolio: Portfolio, t: Texts, places: Places) -> Sheet:
    """Our mean rating per account and requirement, those that most segments ask first."""
    sheet = blank_sheet(t, "heatmap")
    accounts = [account for account in portfolio.accounts if account.answered]
    found = _rated_topics(accounts, t.language)
    shown = found[:MAX_LABELS]
    rows = _heat_rows(accounts, shown)
    width = 13.0 if len(shown) <= 16 else 11.0
    fields = (
        Field[HeatRow]("id", 11, lambda r, _: r.account.id, ID_CELL, left()),
        Field[HeatRow]("name", 24, lambda r, _: r.account.name, TEXT_CELL, left()),
        Field[HeatRow]("total", 9, lambda r, at: _total(places, r.account, at), BOLD_LIVE),
        *(_heat_field(places, topic.label, n, width) for n, topic in enumerate(shown)),
    )
    grid = grid_of(sheet, TABLE_ROW + 1, [f.key for f in fields])
    count = len(found) - len(shown)
    key = "sentence_cut" if count else "sentence"
    sentence = t(f"portfolio.heatmap.{key}", count=count)
    frame(sheet, t, portfolio, max(len(fields), PAGE), sentence)
    last = draw_table(grid, t, fields, rows, t("portfolio.no_answers"), PAGE)
    if rows:
        sheet.freeze = f"C{grid.row + 1}"
        ranges = span(grid.row + 1, 3, last, len(fields))
        sheet.conditionals.append(Conditional(ranges, kind="scale"))
    return sheet


def _rated_topics(accounts: Sequence[AccountResult], language: str) -> list[Topic]:
    """The topics that somebody rated us on, with only these members."""
    segments = [segment for account in accounts for segment in account.answered]
    found = []
    for topic in topics(segments, language):
        rated = tuple(
            one
            for one in topic.members
            if one.segment.card and one.segment.card.rating(US, one.requirement) is not None
        )
        if rated:
            found.append(Topic(topic.label, rated))
    return found


def _heat_rows(accounts: Sequence[AccountResult], shown: Sequence[Topic]) -> list[HeatRow]:
    cited: defaultdict[str, defaultdict[int, list[Cited]]] = defaultdict(lambda: defaultdict(list))
    for place, topic in enumerate(shown):
        for segment, requirement in topic.members:
            cited[segment.account][place].append((segment, requirement))
    return [HeatRow(account, cited[account.id]) for account in accounts]


def _heat_field(places: Places, label: str, number: int, width: float) -> Field[HeatRow]:
    def content(row: HeatRow, _: int) -> Content:
        cited = row.cited.get(number)
        if not cited:
            return None
        means = [places.requirement(segment, i)[0] for segment, i in cited]
        cells = ",".join(places.data.cell("mean", mean) for mean in means)
        found = [s.card.rating(US, i) for s, i in cited if s.card]
        known = [rating for rating in found if rating is not None]
        return live(f"AVERAGE({cells})", sum(known) / len(known))

    look = HEADER.but(size=8)
    return Field(f"q{number + 1}", width, content, POINTS.but(format="0"), look, label)


def _total(places: Places, account: AccountResult, row: int) -> Content:
    """The account's total, looked up by its id (column A): *Accounts* may be sorted."""
    return live(places.look_up("total", f"$A{row}"), account.total)


@dataclass(frozen=True, slots=True)
class TrendRow:
    """An account's totals by period."""

    account: AccountResult
    totals: Mapping[str, float | None]


def trend_sheet(portfolio: Portfolio, t: Texts) -> Sheet:
    """Accounts × periods, and lines of the top accounts over a block of fixed rows."""
    sheet = blank_sheet(t, "trend")
    periods = portfolio.periods[-MAX_PERIODS:]
    totals: defaultdict[str, dict[str, float | None]] = defaultdict(dict)
    for point in portfolio.history:
        totals[point.account][point.period] = point.total
    rows = [TrendRow(a, totals[a.id]) for a in portfolio.accounts if a.id in totals]
    charted = _charted(rows)
    fields = _trend_fields(periods)
    frame(sheet, t, portfolio, max(len(fields), PAGE))
    if charted:
        _chart(sheet, t, charted, periods)
    else:
        sheet.put(5, 1, t("portfolio.trend.one_period"), NOTE.but(wrap=False))
        sheet.heights[5] = 20
    key_row = 8 if not charted else 8 + TOP + 20
    grid = grid_of(sheet, key_row, [f.key for f in fields])
    draw_table(grid, t, fields, rows, t("portfolio.no_answers"), PAGE)
    return sheet


def _trend_fields(periods: Sequence[str]) -> tuple[Field[TrendRow], ...]:
    def of(period: str) -> Field[TrendRow]:
        return Field(f"p:{period}", 11, lambda r, _: r.totals.get(period), LIVE, title=period)

    return (
        Field[TrendRow]("id", 11, lambda r, _: r.account.id, ID_CELL, left()),
        Field[TrendRow]("name", 28, lambda r, _: r.account.name, TEXT_CELL, left()),
        *map(of, periods),
    )


def _charted(rows: Sequence[TrendRow]) -> list[TrendRow]:
    """The top accounts among those with totals in two periods or more."""
    lines = [r for r in rows if sum(total is not None for total in r.totals.values()) > 1]
    return sorted(lines, key=lambda r: -(r.account.total or 0))[:TOP]


def _chart(sheet: Sheet, t: Texts, rows: Sequence[TrendRow], periods: Sequence[str]) -> None:
    """The block of the top accounts (from row 7) and its line chart below."""
    section(sheet, 5, 1, t("portfolio.trend.top"))
    sheet.put(6, 2, t("portfolio.trend.name"), left())
    for column, period in enumerate(periods, 3):
        sheet.put(6, column, period, HEADER)
    sheet.heights[6] = 20
    last_column, series = 2 + len(periods), []
    for row, record in enumerate(rows, 7):
        sheet.put(row, 2, record.account.name, TEXT_CELL)
        for column, period in enumerate(periods, 3):
            sheet.put(row, column, record.totals.get(period), POINTS)
        series.append(
            Series(
                values=sheet.ref(a1(row, 3), a1(row, last_column)),
                categories=sheet.ref("C6", a1(6, last_column)),
                title_ref=sheet.ref(a1(row, 2)),
                color=LINES[row - 7],
            )
        )
    chart = Chart(
        "line", a1(8 + TOP, 1), a1(25 + TOP, PAGE + 1), tuple(series),
        title=t("portfolio.trend.chart"), y_min=0, y_max=100,
        description=t("portfolio.trend.chart"),
    )  # fmt: skip
    sheet.charts.append(chart)
