"""The sheet *Programmes*: what joint programmes are expected to bring, to us and the customer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kamxl.core.method.economics import sum_known
from kamxl.core.method.programmes import ACTIVE, Effect, Programme, ProgrammeState
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.plan import PlanProgramme
from kamxl.forms.paper.book import Chart, Conditional, Content, Series, Sheet, span
from kamxl.forms.paper.parts import section
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    ACCENT_SOFT,
    BEHIND,
    GOOD_SOFT,
    HEADER,
    HEADER_RIVAL,
    HEADER_US,
    INK,
    PLAIN,
    SOFT,
    Style,
)
from kamxl.forms.portfolio.parts import (
    COUNT,
    ID_CELL,
    LIVE_MONEY,
    POINTS,
    SMALL_CELL,
    SMALL_LIST,
    TEXT_CELL,
    Field,
    as_table,
    draw_table,
    frame,
    left,
    live,
)
from kamxl.forms.portfolio.places import Growth, programme_keys
from kamxl.wording.texts import Texts

SUM_ROW = 6  # the header of the block on top
_WIDE = 10**12  # every amount of money is nearer to nothing than that
Line = tuple[AccountResult, Programme]
Of = Callable[[Effect], float | None]
_OURS: dict[str, Of] = {"r": lambda e: e.revenue, "p": lambda e: e.profit}
_THEIRS: dict[str, Of] = {
    "customer_revenue": lambda e: e.customer_revenue,
    "customer_profit": lambda e: e.customer_profit,
}
_TOTALS = {"revenue": "r", "profit": "p"}


def programmes_sheet(portfolio: Portfolio, t: Texts, growth: Growth) -> Sheet:
    """Sums per state and year with a chart, then one row per programme."""
    grid = growth.programmes
    lines = growth.programme_list
    fields = _fields(t, growth)
    frame(grid.sheet, t, portfolio, len(fields))
    if lines:
        section(grid.sheet, 5, 1, t("portfolio.programmes.chart"))
        _block(t, growth)
        _chart(t, growth)
    else:
        # nothing stands above the table then
        grid.sheet.heights |= dict.fromkeys(range(5, grid.row - 1), 3)
    last = draw_table(grid, t, fields, lines, t("portfolio.no_programmes"))
    grid.sheet.freeze = None
    if lines:
        as_table(grid, last, len(fields))
        column = grid.columns["state"]
        first = grid.row + 1
        grid.sheet.conditionals.append(
            Conditional(
                span(first, column, last, column),
                formula=f"{grid.here('active', first)}=1",
                fill=GOOD_SOFT,
            )
        )
    return grid.sheet


def state_word(t: Texts, state: ProgrammeState) -> str:
    """How a state is called."""
    return t(f"plan.choices.programme_state.{state.value}")


def _amounts(programme: Programme, years: Iterable[int], of: Of) -> list[float]:
    """The known effects of some years."""
    values = (of(effect) for effect in programme.effects if effect.year in set(years))
    return [value for value in values if value is not None]


def _expected(programme: Programme, years: Iterable[int], of: Of) -> float | None:
    """What these years are expected to bring; None if nothing is known."""
    wanted = set(years)
    return sum_known(of(e) for e in programme.expected if e.year in wanted).value


def _all_years(programme: Programme) -> list[int]:
    return [effect.year for effect in programme.effects]


def _fields(t: Texts, growth: Growth) -> tuple[Field[Line], ...]:
    at = _Formulas(t, growth)

    def year(kind: str, number: int) -> Field[Line]:
        title = growth.year_title(t, growth.years[number])
        head = HEADER_US if kind == "r" else HEADER
        title = t(f"portfolio.programmes.year_{kind}", year=title)
        return Field(f"{kind}:{number}", 10.5, at.year(kind, number), LIVE_MONEY, head, title)

    numbers = range(len(growth.years))
    bold = LIVE_MONEY.but(bold=True)
    own: dict[str, Field[Line]] = {
        f.key: f
        for f in (
            Field[Line]("account", 9, lambda r, _: r[0].id, ID_CELL, left()),
            Field[Line]("account_name", 20, lambda r, _: r[0].name, TEXT_CELL, left()),
            Field[Line]("id", 8, lambda r, _: r[1].id, ID_CELL, left()),
            Field[Line]("name", 23, lambda r, _: r[1].name, TEXT_CELL.but(bold=True), left()),
            Field[Line]("need", 24, lambda r, _: _said(r[1], "need"), SMALL_LIST, left()),
            Field[Line]("state", 14, lambda r, _: state_word(t, r[1].state), TEXT_CELL),
            Field[Line]("start", 11, lambda r, _: r[1].start, _day_style(t)),
            Field[Line]("probability", 9, lambda r, _: r[1].probability, POINTS.but(format="0.#")),
            Field[Line]("owner", 12, lambda r, _: _said(r[1], "owner"), SMALL_LIST, left()),
            Field[Line]("customer_owner", 12, lambda r, _: _said(r[1], "customer_owner"),
                        SMALL_LIST, left()),
            *(year("r", n) for n in numbers),
            Field[Line]("revenue", 12, at.total("r"), bold, HEADER_US),
            *(year("p", n) for n in numbers),
            Field[Line]("profit", 12, at.total("p"), bold),
            Field[Line]("customer_revenue", 12, at.theirs("customer_revenue"), LIVE_MONEY,
                        HEADER_RIVAL),
            Field[Line]("customer_profit", 12, at.theirs("customer_profit"), LIVE_MONEY,
                        HEADER_RIVAL),
            Field[Line]("active", 7, at.active, COUNT.but(format='"●";;"–"', fill=SOFT)),
            Field[Line]("hint", 17, lambda r, _: _hint(t, r), SMALL_CELL.but(color=BEHIND), left()),
        )
    }  # fmt: skip
    return tuple(own[key] for key in programme_keys(growth.years))


def _day_style(t: Texts) -> Style:
    return COUNT.but(format=t("language.excel_date"))


def _said(programme: Programme, name: str) -> str | None:
    """What only an account plan says of a programme."""
    return getattr(programme, name) or None if isinstance(programme, PlanProgramme) else None


def _hint(t: Texts, line: Line) -> str:
    summary = line[0].standing.programmes
    poor = summary is not None and line[1] in summary.without_customer_benefit
    return t("portfolio.programmes.no_benefit") if poor else ""


@dataclass(frozen=True, slots=True)
class _Formulas:
    """Effects, as the plan gives them, times probability; and their sums."""

    t: Texts
    growth: Growth

    def _times(self, amounts: Sequence[float], row: int) -> str:
        chance = self.growth.programmes.here("probability", row)
        whole = "+".join(f"{amount:.15g}" for amount in amounts).replace("+-", "-")
        return f'IF(ISNUMBER({chance}),({whole})*{chance}/100,"")'

    def year(self, kind: str, number: int) -> Callable[[Line, int], Content]:
        def content(line: Line, row: int) -> Content:
            years = self.growth.years[number]
            amounts = _amounts(line[1], years, _OURS[kind])
            if not amounts:
                return None
            return live(self._times(amounts, row), _expected(line[1], years, _OURS[kind]))

        return content

    def total(self, kind: str) -> Callable[[Line, int], Content]:
        def content(line: Line, row: int) -> Content:
            if not self.growth.years:
                return None
            here, last = self.growth.programmes.here, len(self.growth.years) - 1
            cells = f"{here(f'{kind}:0', row)}:{here(f'{kind}:{last}', row)}"
            value = _expected(line[1], _all_years(line[1]), _OURS[kind])
            return live(f'IF(COUNT({cells})=0,"",SUM({cells}))', value)

        return content

    def theirs(self, key: str) -> Callable[[Line, int], Content]:
        def content(line: Line, row: int) -> Content:
            years = _all_years(line[1])
            amounts = _amounts(line[1], years, _THEIRS[key])
            if not amounts:
                return None
            return live(self._times(amounts, row), _expected(line[1], years, _THEIRS[key]))

        return content

    def active(self, line: Line, row: int) -> Content:
        state = self.growth.programmes.here("state", row)
        words = ",".join(f'{state}="{state_word(self.t, one)}"' for one in sorted(ACTIVE))
        return live(f"IF(OR({words}),1,0)", int(line[1].active))


def _block(t: Texts, growth: Growth) -> None:
    """Sums per state, in the columns of the table below them."""
    grid, lines = growth.programmes, growth.programme_list
    sheet, columns = grid.sheet, grid.columns
    label, count = columns["customer_owner"], columns["owner"]
    kinds = [("r", HEADER_US), ("p", HEADER)]
    sheet.put(SUM_ROW, count, t("portfolio.programmes.count"), HEADER)
    sheet.put(SUM_ROW, label, t("portfolio.programmes.state"), left())
    for kind, head in kinds:
        for number, years in enumerate(growth.years):
            title = growth.year_title(t, years)
            text = t(f"portfolio.programmes.year_{kind}", year=title)
            sheet.put(SUM_ROW, columns[f"{kind}:{number}"], text, head)
    for key in ("revenue", "profit"):
        sheet.put(SUM_ROW, columns[key], t(f"portfolio.programmes.{key}"),
                  HEADER_US if key == "revenue" else HEADER)  # fmt: skip
    sheet.heights[SUM_ROW] = 34
    states: list[ProgrammeState | None] = [*ProgrammeState, None]
    for row, state in enumerate(states, SUM_ROW + 1):
        of = [p for _, p in lines if p.state is state or (state is None and p.active)]
        word = t("portfolio.programmes.active_all") if state is None else state_word(t, state)
        fill = ACCENT_SOFT if state is None else None
        look = TEXT_CELL.but(bold=state is None, fill=fill, wrap=False, shrink=True)
        sheet.put(row, label, word, look)
        first, last = grid.row + 1, grid.row + len(lines)
        tests = grid.block_here("state" if state else "active", first, last)
        wanted = f'"{word}"' if state else "1"
        counted = live(f"COUNTIF({tests},{wanted})", len(of))
        sheet.put(row, count, counted, COUNT.but(fill=look.fill or SOFT, bold=state is None))
        for key in (*_year_keys(growth), *_TOTALS):
            values = grid.block_here(key, first, last)
            known = f'COUNTIFS({tests},{wanted},{values},">-{_WIDE}")'
            text = f'IF({known}=0,"",SUMIFS({values},{tests},{wanted}))'
            content = live(text, _sum(growth, of, key))
            style = LIVE_MONEY.but(bold=state is None, fill=look.fill or SOFT)
            sheet.put(row, columns[key], content, style)
        sheet.heights[row] = 18


def _year_keys(growth: Growth) -> list[str]:
    return [f"{kind}:{n}" for kind in _OURS for n in range(len(growth.years))]


def _sum(growth: Growth, programmes: Sequence[Programme], key: str) -> float | None:
    """What a column of the block says for some programmes."""
    kind, _, number = key.partition(":")
    of = _OURS[_TOTALS.get(kind, kind)]
    years = growth.years[int(number)] if number else [y for ys in growth.years for y in ys]
    return sum_known(_expected(p, years, of) for p in programmes).value


def _chart(t: Texts, growth: Growth) -> None:
    """The active programmes by year, over the last row of the block."""
    grid = growth.programmes
    if not growth.years:
        return
    row, last = SUM_ROW + 1 + len(ProgrammeState), len(growth.years) - 1

    def across(kind: str, at: int) -> str:
        columns = grid.columns
        return grid.sheet.ref(a1(at, columns[f"{kind}:0"]), a1(at, columns[f"{kind}:{last}"]))

    # the header's words carry "revenue" or "profit"; the chart needs the bare years
    for number, years in enumerate(growth.years):
        column = grid.columns[f"r:{number}"]
        grid.sheet.put(5, column, growth.year_title(t, years), PLAIN.but(color="FFFFFF", size=6))
    years_cells = across("r", 5)
    series = tuple(
        Series(across(kind, row), years_cells, t(f"portfolio.programmes.{key}"), color=color)
        for kind, key, color in (("r", "revenue", ACCENT), ("p", "profit", INK))
    )
    chart = Chart(
        "column", a1(SUM_ROW, 1), a1(grid.row - 1, grid.columns["probability"]), series,
        y_format="#,##0", description=t("portfolio.programmes.chart"),
    )  # fmt: skip
    grid.sheet.charts.append(chart)
    rest = range(SUM_ROW + 2 + len(ProgrammeState), grid.row - 1)
    grid.sheet.heights |= dict.fromkeys(rest, 14)
    grid.sheet.heights[5] = 24
