"""The sheet *Dashboard*: the portfolio on one screen and one page."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Literal

from kamxl.core.finding import Fate
from kamxl.core.portfolio import Portfolio
from kamxl.core.results import AccountResult, sign_of
from kamxl.forms.book import Chart, Content, Formula, Series, Sheet, span
from kamxl.forms.parts import section, tile
from kamxl.forms.portfolio_intake import attention_cell
from kamxl.forms.portfolio_news import concerns, flips, unknowns
from kamxl.forms.portfolio_parts import LEAD, PERCENT, TEXT_CELL, blank_sheet, frame, left, live
from kamxl.forms.portfolio_places import Places
from kamxl.forms.portfolio_words import best_name
from kamxl.forms.raw import a1
from kamxl.forms.style import (
    ACCENT,
    BEHIND,
    FAINT,
    HEADER,
    HEADER_RIVAL,
    HEADER_US,
    KEY,
    MUTED,
    NUMBER,
    PLAIN,
    RIVAL,
    SUBTITLE,
    TILE_VALUE,
)
from kamxl.forms.texts import Texts

TOP = 12
WIDTHS = (6, 24, 9, 9, 9, 9, 18, 2, 13, 13, 13, 13, 13, 13)
LEFT, RIGHT = 1, 9  # first columns of the two halves
LAST = len(WIDTHS)
CHART_ROW = 8  # the charts' first row; how high they are depends on the accounts in them
_ROW = 16.5  # every row from the charts on: both halves share them
_LINE = 92  # letters a line of the right half holds
_LIST_ROWS = 19  # of the three lists together, headings included
_MOST = {"unknown": 4, "flips": 5}  # lines; what needs attention gets the rest


def _table_row(shown: int) -> int:
    """Where the lower half begins: below the charts, if there is an account to show."""
    return CHART_ROW + min(5 + shown, 12) + 1 if shown else CHART_ROW


def dashboard_sheet(portfolio: Portfolio, t: Texts, places: Places, intake: Sheet) -> Sheet:
    """Tiles, two charts over the block of the top accounts, and three short lists in words."""
    top = ranked(portfolio)[:TOP]
    row = _table_row(len(top))
    last_row = row + _LIST_ROWS - 1
    sheet = blank_sheet(t, "dashboard")
    sheet.widths = dict(enumerate(map(float, WIDTHS), 1))
    sheet.heights = dict.fromkeys(range(CHART_ROW, last_row + 1), _ROW)
    frame(sheet, t, portfolio, LAST)
    _tiles(sheet, portfolio, t, places, intake)
    if top:
        _table(sheet, portfolio, t, places, top)
        _charts(sheet, t, top)
    else:
        section(sheet, row, LEFT, t("portfolio.dashboard.empty"))
        hint = textwrap.wrap(t("portfolio.dashboard.empty_hint"), 85)
        for at, line in enumerate(hint, row + 1):
            sheet.put(at, LEFT, line, PLAIN)
    _lists(sheet, portfolio, t, row)
    sheet.print_area = span(1, 1, last_row, LAST)
    sheet.pages_tall = 1
    sheet.zoom = 90
    return sheet


def ranked(portfolio: Portfolio) -> list[AccountResult]:
    """The accounts that have a total, the highest first."""
    rated = [(a.total, a) for a in portfolio.accounts if a.total is not None]
    return [account for _, account in sorted(rated, key=lambda found: -round(found[0], 9))]


def _tiles(sheet: Sheet, portfolio: Portfolio, t: Texts, places: Places, intake: Sheet) -> None:
    accounts = portfolio.accounts
    signs = [sign_of(account.lead) for account in accounts]
    answered = sum(account.respondents > 0 for account in accounts)
    respondents, position = places.account_column("respondents"), places.account_column("position")
    of, word = t("portfolio.dashboard.of"), t("portfolio.words.provisional")
    # an orphaned remark's row is below the accounts, so ROWS counts accounts only
    rows = f"ROWS({respondents})" if accounts else "0"
    tiles: tuple[tuple[tuple[int, ...], str, Content], ...] = (
        ((1, 2), "answered", live(f'COUNTIF({respondents},">0")&" {of} "&{rows}',
                                  f"{answered} {of} {len(accounts)}")),
        ((3, 4, 5), "mean_total", _mean(places, "total", [a.total for a in accounts])),
        ((6, 7), "mean_lead", _mean(places, "lead", [a.lead for a in accounts])),
        ((9, 10), "ahead_behind", live(f'COUNTIF({position},1)&" / "&COUNTIF({position},-1)',
                                       f"{signs.count(1)} / {signs.count(-1)}")),
        ((11, 12), "provisional", live(f'COUNTIF({places.account_column("state")},"{word}")',
                                       sum(account.provisional for account in accounts))),
        ((13, 14), "attention", live(attention_cell(intake), _attention(portfolio))),
    )  # fmt: skip
    for columns, key, content in tiles:
        style = TILE_VALUE.but(format="+0.0;-0.0;0.0" if key == "mean_lead" else "0.0")
        if key in ("provisional", "attention"):
            style = style.but(format="0")
        if key == "attention" and _attention(portfolio):
            style = style.but(color=BEHIND)
        tile(sheet, 5, columns, t(f"portfolio.dashboard.{key}"), content, style)
    sheet.heights[7] = 10


def _attention(portfolio: Portfolio) -> int:
    return sum(file.fate is Fate.ATTENTION for file in portfolio.files)


def _mean(places: Places, key: str, values: Sequence[float | None]) -> Formula:
    known = [value for value in values if value is not None]
    cells = places.account_column(key)
    mean = sum(known) / len(known) if known else "–"
    return live(f'IF(COUNT({cells})=0,"–",AVERAGE({cells}))', mean)


def _table(
    sheet: Sheet, portfolio: Portfolio, t: Texts, places: Places, top: Sequence[AccountResult]
) -> None:
    """The block the charts read: the top accounts, looked up by id."""
    first = _table_row(len(top))
    section(sheet, first, LEFT, t("portfolio.dashboard.top"))
    keys = ("id", "name", "total", "coverage", "ahead", "behind", "best")
    looks = (left(), left(), HEADER_US, HEADER, HEADER, HEADER, left(HEADER_RIVAL))
    heads = [
        (column, t(f"portfolio.dashboard.{key}"), look)
        for column, (key, look) in enumerate(zip(keys, looks, strict=True), 1)
    ]
    for column, title, look in heads:
        sheet.put(first + 1, column, title, look)
    for row, account in enumerate(top, first + 2):
        lead = places.look_up("lead", f"$A{row}")
        sheet.put(row, 1, account.id, KEY.but(color=FAINT, shrink=True))
        sheet.put(row, 2, account.name, TEXT_CELL.but(wrap=False, shrink=True))
        total = live(places.look_up("total", f"$A{row}"), account.total)
        sheet.put(row, 3, total, NUMBER.but(bold=True, format="0.0"))
        coverage = live(places.look_up("coverage", f"$A{row}"), account.coverage)
        sheet.put(row, 4, coverage, PERCENT.but(fill=None))
        for column, sign, test in ((5, 1, ">0"), (6, -1, "<0")):
            value = account.lead if sign_of(account.lead) == sign else None
            text = f'IF(ISNUMBER({lead}),IF(ROUND({lead},9){test},{lead},""),"")'
            color = ACCENT if sign > 0 else BEHIND
            sheet.put(row, column, live(text, value), LEAD.but(fill=None, color=color))
        sheet.put(row, 7, best_name(t, account), TEXT_CELL.but(wrap=False, shrink=True))
    more = len(portfolio.accounts) - len(top)
    if more:
        note = t("portfolio.dashboard.more", count=more)
        sheet.put(first + 2 + len(top), 2, note, PLAIN.but(size=9, color=MUTED))


def _charts(sheet: Sheet, t: Texts, top: Sequence[AccountResult]) -> None:
    """Totals on the left, leads on the right, both over the rows of the table."""
    first = _table_row(len(top)) + 2
    last = first + len(top) - 1
    names = sheet.ref(a1(first, 2), a1(last, 2))

    def series(column: int, key: str, color: str, label: Literal["", "value"] = "") -> Series:
        return Series(
            values=sheet.ref(a1(first, column), a1(last, column)),
            categories=names,
            title=t(f"portfolio.dashboard.{key}"),
            color=color,
            label=label,
        )

    upper, lower = CHART_ROW, _table_row(len(top)) - 1
    totals = Chart(
        "bar", a1(upper, LEFT), a1(lower, 8), (series(3, "total", ACCENT, "value"),),
        title=t("portfolio.dashboard.totals"), x_min=0, x_max=100, legend=False,
        description=t("portfolio.dashboard.totals"),
    )  # fmt: skip
    sheet.charts.append(totals)
    if all(account.lead is None for account in top):
        sheet.put(upper + 2, RIGHT, t("portfolio.dashboard.no_lead"), SUBTITLE)
        return
    bound = _bound(top)
    leads = Chart(
        "stacked", a1(upper, RIGHT), a1(lower, LAST + 1),
        (series(5, "ahead", ACCENT), series(6, "behind", RIVAL)),
        title=t("portfolio.dashboard.leads"), x_min=-bound, x_max=bound, legend=False,
        description=t("portfolio.dashboard.leads"),
    )  # fmt: skip
    sheet.charts.append(leads)


def _bound(top: Sequence[AccountResult]) -> float:
    """The end of the lead's scale, a round number of points, the same to both sides."""
    widest = max(abs(a.lead) for a in top if a.lead is not None)
    return next(
        bound
        for bound in (5, 10, 20, 30, 40, 60, 80, 100)
        if widest <= bound * 0.98 or bound == 100
    )


def _lists(sheet: Sheet, portfolio: Portfolio, t: Texts, row: int) -> None:
    """Three lists in words; what the last two leave free, the first one may fill."""
    said = {
        "attention": concerns(portfolio, t),
        "flips": flips(portfolio, t),
        "unknown": unknowns(portfolio, t),
    }
    made: dict[str, list[str]] = {}
    room = _LIST_ROWS - len(said)
    for key in ("unknown", "flips", "attention"):
        sentences = said[key] or [t(f"portfolio.dashboard.{key}_none")]
        made[key] = _fitted(t, sentences, min(room, _MOST.get(key, room)))
        room -= len(made[key])
    for key in said:
        section(sheet, row, RIGHT, t(f"portfolio.dashboard.{key}"))
        sheet.heights[row] = _ROW
        for at, line in enumerate(made[key], row + 1):
            sheet.put(at, RIGHT, line, PLAIN)
        row += 1 + len(made[key])


def _fitted(t: Texts, sentences: Sequence[str], room: int) -> list[str]:
    """The sentences that fit into ``room`` lines, two each at most, and how many more there are."""
    lines: list[str] = []
    for at, sentence in enumerate(sentences):
        wrapped = textwrap.wrap(sentence, _LINE, max_lines=2, placeholder=" …")
        rest = len(sentences) - at - 1
        if len(lines) + len(wrapped) > room - (1 if rest else 0):
            return [*lines, t("portfolio.dashboard.more_lines", count=rest + 1)]
        marked = [("•  " if n == 0 else "    ") + line for n, line in enumerate(wrapped)]
        lines += marked
    return lines
