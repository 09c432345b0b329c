"""The sheet *Programmes*: what joint programmes are expected to bring, to us and the customer."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kamxl.core.method.economics import sum_known
from kamxl.core.method.programmes import ACTIVE, Effect, Programme, ProgrammeState, summarise
from kamxl.core.portfolio.benefits import MEASURES, achieved
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.plan import PlanProgramme
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Chart, Content, Series, Sheet
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import headers, live, section
from kamxl.forms.paper.places import At, Key, Ref
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
    MUTED,
    NOTE,
    PLAIN,
    SOFT,
    Style,
)
from kamxl.forms.portfolio.lists import Lists, year_title
from kamxl.forms.portfolio.parts import (
    COUNT,
    ID_CELL,
    LIVE_MONEY,
    MUTED_CELL,
    POINTS,
    TEXT_CELL,
    frame,
    left,
    settled_sentence,
    table_of,
)
from kamxl.forms.portfolio.words import money, unvalued
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts

_NOTE = 95  # letters of a line about what the sums do not hold
KEY_ROW = 22  # above stands the block with the chart
SUM_ROW = 6  # the header of the block on top, its key row below
_FIRST = SUM_ROW + 2  # a row per state, then that of all active ones
_ACTIVE = _FIRST + len(ProgrammeState)
Of = Callable[[Effect], float | None]
_OURS: dict[str, Of] = {"r": lambda e: e.revenue, "p": lambda e: e.profit}
# In the columns of the customer's effects the block counts what our sums do not hold.
_UNVALUED: dict[str, tuple[str, Of]] = {
    "customer_revenue": ("revenue", _OURS["r"]),
    "customer_profit": ("profit", _OURS["p"]),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A programme with its account, as a row of *Programmes*."""

    account: AccountResult
    programme: Programme

    def key(self) -> Key:
        """Whose row it is."""
        return (self.account.id,)


def programmes_table(t: Texts, lists: Lists) -> ShownTable[Line, _Formulas]:
    """One row per programme."""
    lines = [Line(account, programme) for account, programme in lists.programmes]
    columns, years = _columns(t, lists.years), lists.years
    return table_of(
        t,
        "programmes",
        columns,
        lines,
        lambda at: _Formulas(at, t, years),
        Line.key,
        KEY_ROW,
        repeated=4,
    )


def programmes_sheet(
    table: ShownTable[Line, _Formulas], at: At, portfolio: Portfolio, t: Texts, lists: Lists
) -> Sheet:
    """Its sheet, with sums per state and year and a chart above."""
    sheet, sums = table.sheet, _Sums(table, at, t, lists.years)
    frame(sheet, t, portfolio, table.width, settled_sentence(table, t))
    if table.records:
        section(sheet, 5, 1, t("portfolio.programmes.chart"))
        sums.draw()
        _chart(table, t, lists.years)
        first = table.index(year_key("r", 0) if lists.years else "revenue")
        for row, line in enumerate(_in_lines(unvalued(portfolio, t)), _ACTIVE + 2):
            sheet.put(row, first, line, NOTE.but(wrap=False, color=BEHIND))
    else:
        # nothing stands above the table then
        sheet.heights |= dict.fromkeys(range(5, table.key_row - 1), 3)
    table.draw(t, t("portfolio.no_programmes"))
    if table.records:
        table.as_table()
        table.rule("state", f"{table.head('active')}=1", GOOD_SOFT)
    return sheet


def _in_lines(said: Sequence[str]) -> list[str]:
    """Sentences in the rows between the sums and the table, which names every programme anyway."""
    room = KEY_ROW - 1 - (_ACTIVE + 2)
    lines = [line for one in said for line in textwrap.wrap(one, _NOTE)]
    if len(lines) <= room:
        return lines
    most = room // len(said)
    cut = (textwrap.wrap(one, _NOTE, max_lines=most, placeholder=" …") for one in said)
    return [line for one in cut for line in one]


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


def year_key(kind: str, number: int) -> str:
    """The column of one of the years: "r", our revenue, or "p", our profit."""
    return f"{kind}:{number}"


def _columns(t: Texts, years: Sequence[Sequence[int]]) -> tuple[Column[Line, _Formulas], ...]:
    def year(kind: str, number: int) -> Live[_Formulas, Line]:
        def content(at: _Formulas, line: Line, row: int) -> Content:
            return at.year(kind, number, line, row)

        title = t(f"portfolio.programmes.year_{kind}", year=year_title(t, years[number]))
        head = HEADER_US if kind == "r" else HEADER
        return Live(
            year_key(kind, number), 10.5, content, LIVE_MONEY, head, title, page=number == 0
        )

    numbers, bold = range(len(years)), LIVE_MONEY.but(bold=True)
    state, chance = TEXT_CELL, POINTS.but(format="0.#")
    dot = COUNT.but(format='"●";;"–"', fill=SOFT)
    return (
        Shown("account", 11, lambda r: r.account.id, ID_CELL, left()),
        Shown("account_name", 20, lambda r: r.account.name, TEXT_CELL, left()),
        Shown("id", 8, lambda r: r.programme.id, ID_CELL, left()),
        Shown("name", 23, lambda r: r.programme.name, TEXT_CELL.but(bold=True), left()),
        Shown("need", 24, lambda r: _said(r, lambda p: p.need), TEXT_CELL, left()),
        Shown("state", 14, lambda r: state_word(t, r.programme.state), state),
        Shown("start", 11, lambda r: r.programme.start, _day_style(t)),
        Shown("probability", 9, lambda r: r.programme.probability, chance),
        Shown("owner", 12, lambda r: _said(r, lambda p: p.owner), TEXT_CELL, left()),
        Shown("customer_owner", 16, _customer_owner, TEXT_CELL, left()),
        *(year("r", n) for n in numbers),
        Live("revenue", 12, _Formulas.revenue, bold, HEADER_US),
        *(year("p", n) for n in numbers),
        Live("profit", 12, _Formulas.profit, bold),
        Live("customer_revenue", 12, _Formulas.customer_revenue, LIVE_MONEY, HEADER_RIVAL),
        Live("customer_profit", 12, _Formulas.customer_profit, LIVE_MONEY, HEADER_RIVAL),
        *_done(t),
        Live("active", 7, _Formulas.active, dot),
        Shown("hint", 17, lambda r: _hint(t, r), MUTED_CELL.but(color=BEHIND), left()),
    )


def _done(t: Texts) -> Iterable[Column[Line, _Formulas]]:
    """What was planned and what it did, on both sides, in the years of which that is known."""
    for key in MEASURES:
        side = HEADER_RIVAL if key.startswith("customer") else HEADER_US
        for part in ("planned", "actual"):
            yield _done_column(key, part, side, page=key == "revenue" and part == "planned")
    title = t("portfolio.programmes.done_years")
    yield Shown("done_years", 12, _done_years, MUTED_CELL, title=title)


def _done_column(key: str, part: str, head: Style, *, page: bool) -> Column[Line, _Formulas]:
    look = LIVE_MONEY.but(bold=part == "actual")

    def content(_: _Formulas, line: Line, __: int) -> Content:
        found = achieved(line.programme)
        if found is None:
            return None
        known = [e for e in line.programme.effects if getattr(e.actual, key, None) is not None]
        of = known if part == "planned" else [e.actual for e in known]
        amounts = [value for one in of if (value := getattr(one, key)) is not None]
        value = getattr(found.planned if part == "planned" else found.actual, key)
        text = "+".join(f"{amount:.15g}" for amount in amounts).replace("+-", "-")
        return live(text, value) if amounts else None

    return Live(f"{part}_{key}", 12, content, look, head, page=page)


def _done_years(line: Line) -> str | None:
    found = achieved(line.programme)
    return ", ".join(map(str, found.years)) if found else None


def _day_style(t: Texts) -> Style:
    return COUNT.but(format=t("language.excel_date"))


def _said(line: Line, what: Callable[[PlanProgramme], str]) -> str | None:
    """What only an account plan says of a programme."""
    planned = line.programme
    return (what(planned) or None) if isinstance(planned, PlanProgramme) else None


def _customer_owner(line: Line) -> str | None:
    return _said(line, lambda programme: programme.customer_owner)


def _hint(t: Texts, line: Line) -> str:
    summary = line.account.standing.programmes
    if summary is None:
        return ""
    poor = line.programme in summary.without_customer_benefit
    hints = [t("portfolio.programmes.no_benefit")] if poor else []
    revenue = line.programme in summary.unvalued_revenue
    profit = line.programme in summary.unvalued_profit
    if revenue or profit:
        lacks = "chance" if line.programme.probability is None else "effect"
        measure = "both" if revenue and profit else "revenue" if revenue else "profit"
        found = lacks if measure == "both" else f"{measure}_unknown"
        hints.append(t(f"portfolio.programmes.no_{found}"))
    return "; ".join(hints)


class _Formulas:
    """Effects, as the plan gives them, times probability; and their sums."""

    def __init__(self, at: At, t: Texts, years: Sequence[Sequence[int]]) -> None:
        self._t, self._years = t, years
        self._probability, self._state = at.own("probability", "state")
        self._of_years = {
            kind: at.run(*(year_key(kind, n) for n in range(len(years)))) for kind in _OURS if years
        }

    def _times(self, line: Line, years: Iterable[int], of: Of, row: int) -> Content:
        """The known effects of some years times the probability; None: no effect is known."""
        years = list(years)
        amounts = _amounts(line.programme, years, of)
        if not amounts:
            return None
        chance = self._probability.here(row)
        whole = "+".join(f"{amount:.15g}" for amount in amounts).replace("+-", "-")
        text = idioms.known(chance, then=f"({whole})*{chance}/100")
        return live(text, _expected(line.programme, years, of))

    def year(self, kind: str, number: int, line: Line, row: int) -> Content:
        return self._times(line, self._years[number], _OURS[kind], row)

    def _total(self, kind: str, line: Line, row: int) -> Content:
        if not self._years:
            return None
        cells = self._of_years[kind].across(row)
        value = _expected(line.programme, _all_years(line.programme), _OURS[kind])
        return live(idioms.sum_known(cells), value)

    def revenue(self, line: Line, row: int) -> Content:
        return self._total("r", line, row)

    def profit(self, line: Line, row: int) -> Content:
        return self._total("p", line, row)

    def customer_revenue(self, line: Line, row: int) -> Content:
        years = _all_years(line.programme)
        return self._times(line, years, lambda effect: effect.customer_revenue, row)

    def customer_profit(self, line: Line, row: int) -> Content:
        years = _all_years(line.programme)
        return self._times(line, years, lambda effect: effect.customer_profit, row)

    def active(self, line: Line, row: int) -> Content:
        state = self._state.here(row)
        words = (quoted(state_word(self._t, one)) for one in sorted(ACTIVE))
        text = f"IF(OR({','.join(f'{state}={word}' for word in words)}),1,0)"
        return live(text, int(line.programme.active))


class _Sums:
    """Sums per state, in the columns of the table below them."""

    def __init__(
        self, table: ShownTable[Line, _Formulas], at: At, t: Texts, years: Sequence[Sequence[int]]
    ) -> None:
        self._table, self._t = table, t
        self._label, self._count = table.index("account_name"), table.index("name")
        yearly = {year_key(kind, n): (kind, one) for kind in _OURS for n, one in enumerate(years)}
        every = [year for one in years for year in one]
        summed = yearly | {"revenue": ("r", every), "profit": ("p", every)}
        seen = at.inside(table.key)
        self._summed: dict[str, tuple[Ref, Of, Sequence[int]]] = {
            key: (seen.own(key)[0], _OURS[kind], of) for key, (kind, of) in summed.items()
        }
        self._state, self._active = seen.own("state", "active")

    def draw(self) -> None:
        """The header and one row per state; the last one is of all that are active."""
        sheet, t = self._table.sheet, self._t
        heads: list[tuple[int, Content, Content, Style | None]] = [
            (self._count, t("portfolio.programmes.count"), "sum_count", None),
            (self._label, t("portfolio.programmes.state"), "sum_state", left()),
        ]
        for column in self._table.columns:
            title, style = self._table.title(t, column), column.header
            if column.id in _UNVALUED:
                title = t(f"portfolio.programmes.unvalued_{_UNVALUED[column.id][0]}")
                style = HEADER
            elif column.id not in self._summed:
                continue
            place = self._table.index(column.id)
            heads.append((place, title, f"sum_{column.id}", style))
        headers(sheet, SUM_ROW, heads, 48)
        states: list[ProgrammeState | None] = [*ProgrammeState, None]
        for row, state in enumerate(states, _FIRST):
            self._row(row, state)
            sheet.heights[row] = 18

    def _row(self, row: int, state: ProgrammeState | None) -> None:
        sheet, t, all_active = self._table.sheet, self._t, state is None
        programmes = [line.programme for line in self._table.records]
        of = [p for p in programmes if p.state is state or (all_active and p.active)]
        word = state_word(t, state) if state else t("portfolio.programmes.active_all")
        fill = ACCENT_SOFT if all_active else None
        look = TEXT_CELL.but(bold=all_active, fill=fill, wrap=False)
        sheet.put(row, self._label, word, look)
        tests = (self._state if state else self._active).all()
        wanted = quoted(word) if state else "1"
        counts = COUNT.but(fill=fill or SOFT, bold=all_active)
        sheet.put(row, self._count, live(idioms.count_of(tests, wanted), len(of)), counts)
        for column, effect, years in self._summed.values():
            text = idioms.sum_of_matches(tests, wanted, column.all())
            value = sum_known(_expected(p, years, effect) for p in of).value
            sheet.put(
                row,
                column.column,
                live(text, value),
                LIVE_MONEY.but(fill=counts.fill, bold=counts.bold),
            )
        for key, (measure, effect) in _UNVALUED.items():
            column, _, years = self._summed[measure]
            text = idioms.unknown_matches(tests, wanted, column.all())
            lacking = sum(_expected(p, years, effect) is None for p in of)
            sheet.put(row, self._table.index(key), live(text, lacking), counts)


def _finding(table: ShownTable[Line, _Formulas], t: Texts) -> str:
    """What the active programmes are expected to bring in all years."""
    expected = summarise([line.programme for line in table.records]).expected
    revenue, profit = (money(t, one.value) for one in (expected.revenue, expected.profit))
    return t("portfolio.programmes.finding", revenue=revenue, profit=profit)


def _chart(table: ShownTable[Line, _Formulas], t: Texts, years: Sequence[Sequence[int]]) -> None:
    """The active programmes by year, over the last row of the block."""
    if not years:
        return
    sheet, row = table.sheet, _ACTIVE

    def across(kind: str, at: int) -> str:
        run = table.place.run(*(year_key(kind, n) for n in range(len(years))))
        return sheet.ref(a1(at, run.first), a1(at, run.last))

    # the header's words carry "revenue" or "profit"; the chart needs the bare years
    for number, one in enumerate(years):
        bare = PLAIN.but(color=MUTED, align="center")
        sheet.put(5, table.index(year_key("r", number)), year_title(t, one), bare)
    years_cells = across("r", 5)
    series = tuple(
        Series(
            across(kind, row), years_cells, t(f"portfolio.programmes.series_{kind}"), color=color
        )
        for kind, color in (("r", ACCENT), ("p", INK))
    )
    chart = Chart(
        "column", a1(SUM_ROW, table.repeated + 1), a1(table.key_row - 1, table.index("owner")),
        series,
        title=_finding(table, t), y_format="#,##0", description=t("portfolio.programmes.chart"),
    )  # fmt: skip
    sheet.charts.append(chart)
    rest = range(_ACTIVE + 1, table.key_row - 1)
    sheet.heights |= dict.fromkeys(rest, 14)
    sheet.heights[5] = 24
