"""The sheet *Selection*: with which accounts we grow, and why the others are not on that list."""

from __future__ import annotations

from dataclasses import dataclass

from kamxl.core.method.gate import Answer, Gate
from kamxl.core.method.revenues import B_BEFORE, PARETO
from kamxl.core.method.selection import AccountList, Mismatch, SelectedAccount, Selection
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Conditional, Content, Sheet, span
from kamxl.forms.paper.parts import tile
from kamxl.forms.paper.style import (
    BEHIND_SOFT,
    GOOD_SOFT,
    HEADER,
    HEADER_US,
    MUTED,
    NUMBER,
    PLAIN,
    SOFT,
    TILE_VALUE,
    WARN_SOFT,
)
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    COUNT,
    ID_CELL,
    MONEY,
    PERCENT,
    POINTS,
    SMALL_CELL,
    TEXT_CELL,
    Field,
    as_table,
    draw_table,
    frame,
    left,
    live,
)
from kamxl.forms.portfolio.places import CONDITIONS, CRITERIA, Growth, selection_order
from kamxl.wording.texts import Texts

WEIGHTS = 9  # the row with the weights of the criteria
LOOKS = {AccountList.FOCUS: GOOD_SOFT, AccountList.BUILD_UP: WARN_SOFT, AccountList.SERVE: SOFT}
GATES = {Gate.OPEN: GOOD_SOFT, Gate.CLARIFY: WARN_SOFT, Gate.CLOSED: BEHIND_SOFT}
WORD = TEXT_CELL.but(align="center", indent=0)

Line = tuple[AccountResult, SelectedAccount]


def list_word(t: Texts, found: AccountList) -> str:
    """How a list is called."""
    return t(f"portfolio.lists.{found.value}")


def gate_word(t: Texts, found: Gate) -> str:
    """How a gate is called."""
    return t(f"portfolio.gates.{found.value}")


def reason(t: Texts, found: SelectedAccount) -> str:
    """Why the gate is as it is: every condition that is not simply met."""
    return t.reason(found.gate) or t("portfolio.gates.because_open")


def pareto_sentence(t: Texts, selection: Selection | None) -> str:
    """80:20 in words; empty if no revenue is known."""
    found = selection.pareto if selection else None
    if found is None:
        return ""
    return t(
        "portfolio.selection.pareto",
        largest=found.largest, of=found.of, share=100 * found.share, brings=100 * found.brings,
        unknown=found.unknown,
    )  # fmt: skip


def days_sentence(t: Texts, selection: Selection | None) -> str:
    """How much of the account managers' time goes outside the focus list; empty if unknown."""
    days = selection.days if selection else None
    if days is None or days.outside_share is None:
        return ""
    return t(
        "portfolio.selection.days_said",
        outside=days.outside, total=days.total, share=100 * days.outside_share,
        unknown=days.unknown,
    )  # fmt: skip


def selection_sheet(portfolio: Portfolio, t: Texts, growth: Growth) -> Sheet:
    """One row per account: ratings, score, gate, revenue class, and where they disagree."""
    grid = growth.selection
    sheet = grid.sheet
    lines = [(a, a.standing.selected) for a in selection_order(portfolio)]
    records: list[Line] = [(a, s) for a, s in lines if s is not None]
    fields = _fields(t, portfolio, growth, len(records))
    frame(sheet, t, portfolio, len(fields))
    _tiles(sheet, portfolio, t, growth, len(records))
    _weights(sheet, portfolio, t, growth)
    last = draw_table(grid, t, fields, records, t("portfolio.no_accounts"))
    sheet.freeze = f"C{grid.row + 1}"
    if records:
        as_table(grid, last, len(fields))
        _colour(sheet, t, growth, last)
    return sheet


def _tiles(sheet: Sheet, portfolio: Portfolio, t: Texts, growth: Growth, count: int) -> None:
    """How many accounts are on which list, and what is to be said of all of them."""
    grid, selection = growth.selection, portfolio.selection
    cells = grid.block_here("list", grid.row + 1, grid.row + max(count, 1))
    places = {AccountList.FOCUS: (1, 2), AccountList.BUILD_UP: (3, 4, 5), AccountList.SERVE: (6, 7)}
    for found, columns in places.items():
        word = list_word(t, found)
        number = len(selection.on(found)) if selection else 0
        content = live(f'COUNTIF({cells},"{word}")', number)
        tile(sheet, 5, columns, word, content, TILE_VALUE.but(format="0", fill=LOOKS[found]))
    said = PLAIN.but(size=11)
    if not portfolio.chosen:
        sheet.put(5, 8, t("portfolio.selection.not_yet"), said.but(bold=True))
    lines = [line for line in (pareto_sentence(t, selection), days_sentence(t, selection)) if line]
    for row, line in enumerate(lines, 6):
        sheet.put(row, 8, line, said)
    settings = portfolio.settings
    rule = t(
        "portfolio.selection.rule",
        score=settings.focus_score, coverage=settings.focus_coverage, within=settings.build_up,
    )  # fmt: skip
    sheet.put(8, 1, rule, PLAIN.but(size=9, color=MUTED))
    sheet.heights |= {7: 18, 8: 16}


def _weights(sheet: Sheet, portfolio: Portfolio, t: Texts, growth: Growth) -> None:
    columns = growth.selection.columns
    label = PLAIN.but(bold=True, align="right", color=MUTED)
    sheet.put(WEIGHTS, columns[f"c:{CRITERIA[0]}"] - 1, t("portfolio.selection.weights"), label)
    for criterion in CRITERIA:
        weight = portfolio.selection_weights.get(criterion)
        sheet.put(WEIGHTS, columns[f"c:{criterion}"], weight, NUMBER.but(format="0.##"))
    sheet.heights[WEIGHTS] = 18


def _colour(sheet: Sheet, t: Texts, growth: Growth, last: int) -> None:
    grid, first = growth.selection, growth.selection.row + 1
    looks = [("list", list_word(t, found), fill) for found, fill in LOOKS.items()]
    looks += [("gate", gate_word(t, found), fill) for found, fill in GATES.items()]
    for key, word, fill in looks:
        column = grid.columns[key]
        ranges = span(first, column, last, column)
        rule = f'{grid.here(key, first)}="{word}"'
        sheet.conditionals.append(Conditional(ranges, formula=rule, fill=fill))
    ratings = span(first, grid.columns[f"c:{CRITERIA[0]}"], last, grid.columns[f"c:{CRITERIA[-1]}"])
    sheet.conditionals.append(Conditional(ratings, kind="scale"))


def _fields(t: Texts, portfolio: Portfolio, growth: Growth, count: int) -> tuple[Field[Line], ...]:
    at = _Formulas(t, portfolio, growth, count)

    def rated(criterion: str) -> Field[Line]:
        title = t(f"portfolio.criteria.{criterion}")
        content = lambda r, _: r[1].candidate.ratings.get(criterion)  # noqa: E731
        return Field(
            f"c:{criterion}", 12.5, content, POINTS.but(format="0.#"), HEADER.but(size=8), title
        )

    def answered(condition: str) -> Field[Line]:
        title = t(f"portfolio.conditions.{condition}")
        content = lambda r, _: at.answer(r, condition)  # noqa: E731
        return Field(f"g:{condition}", 10.5, content, WORD.but(size=9), HEADER.but(size=8), title)

    return (
        Field("id", 11, lambda r, _: r[0].id, ID_CELL, left()),
        Field("name", 23, lambda r, _: r[0].name, TEXT_CELL.but(bold=True), left()),
        Field("rank", 6, at.rank, COUNT.but(fill=SOFT)),
        Field("list", 11, at.list, WORD.but(bold=True)),
        Field("score", 9, at.score, BOLD_LIVE, HEADER_US),
        Field("coverage", 9, at.coverage, PERCENT),
        Field("gate", 13, at.gate, WORD),
        Field("reason", 30, lambda r, _: reason(t, r[1]), SMALL_CELL, left()),
        *map(rated, CRITERIA),
        *map(answered, CONDITIONS),
        Field("revenue", 12, lambda r, _: r[1].candidate.revenue, MONEY),
        Field("share", 8, at.share, PERCENT.but(format="0.0%")),
        Field("cumulated", 9, at.cumulated, PERCENT.but(format="0.0%")),
        Field("abc", 6, at.abc, WORD.but(fill=SOFT, bold=True)),
        Field("days", 8, lambda r, _: r[1].candidate.days, POINTS.but(format="0.#")),
        Field("mismatch", 18, lambda r, _: mismatch(t, r[1].mismatch), TEXT_CELL, left()),
    )


def mismatch(t: Texts, found: Mismatch | None) -> str:
    """Where revenue class and suitability disagree, in words."""
    return t(f"portfolio.selection.{found.value}") if found else ""


@dataclass(frozen=True, slots=True)
class _Formulas:
    """The numbers of a row, over its ratings, the weights above and all revenues."""

    t: Texts
    portfolio: Portfolio
    growth: Growth
    count: int

    def _here(self, key: str, row: int) -> str:
        return self.growth.selection.here(key, row)

    def _all(self, key: str) -> str:
        first = self.growth.selection.row + 1
        return self.growth.selection.block_here(key, first, first + max(self.count, 1) - 1)

    def _ratings(self, row: int) -> tuple[str, str]:
        """The row's ratings and the weights."""
        keys = f"c:{CRITERIA[0]}", f"c:{CRITERIA[-1]}"
        first, last = (self._here(key, row) for key in keys)
        above = (self._here(key, WEIGHTS).rstrip("0123456789") for key in keys)
        weights = ":".join(f"{column}${WEIGHTS}" for column in above)
        return f"{first}:{last}", weights

    def score(self, line: Line, row: int) -> Content:
        ratings, weights = self._ratings(row)
        whole = f'SUMIF({ratings},">=0",{weights})'
        text = f'IF({whole}>0,SUMPRODUCT({weights},{ratings})/{whole},"")'
        return live(text, line[1].score)

    def coverage(self, line: Line, row: int) -> Content:
        ratings, weights = self._ratings(row)
        text = f'IF(SUM({weights})>0,SUMIF({ratings},">=0",{weights})/SUM({weights}),"")'
        return live(text, line[1].coverage)

    def rank(self, line: Line, row: int) -> Content:
        # ties are ties to 1e-9, as in the core
        score = self._here("score", row)
        better = f'COUNTIF({self._all("score")},">"&({score}+0.0000000005))'
        return live(f'IF(ISNUMBER({score}),1+{better},"")', line[1].rank)

    def answer(self, line: Line, condition: str) -> str:
        given = line[1].candidate.conditions.get(condition) or Answer.UNKNOWN
        return self.t(f"portfolio.answers.{given.value}")

    def gate(self, line: Line, row: int) -> Content:
        first, last = (self._here(f"g:{c}", row) for c in (CONDITIONS[0], CONDITIONS[-1]))
        counts = {
            answer: f'COUNTIF({first}:{last},"{self.t(f"portfolio.answers.{answer.value}")}")'
            for answer in Answer
        }
        opened, clarify, closed = (gate_word(self.t, gate) for gate in Gate)
        doubt = f"OR({counts[Answer.UNKNOWN]}>0,{counts[Answer.PARTLY]}>1)"
        text = f'IF({counts[Answer.NO]}>0,"{closed}",IF({doubt},"{clarify}","{opened}"))'
        return live(text, gate_word(self.t, line[1].gate.gate))

    def list(self, line: Line, row: int) -> Content:
        settings, gate = self.portfolio.settings, self._here("gate", row)
        score, coverage = (self._here(key, row) for key in ("score", "coverage"))
        points = f"IF(ISNUMBER({score}),ROUND({score},9),-1)"
        needed, low = settings.focus_score, settings.focus_score - settings.build_up
        opened, clarify, _ = (gate_word(self.t, found) for found in Gate)
        focus, build_up, serve = (list_word(self.t, found) for found in AccountList)
        rested = f"ROUND(SUM({coverage}),9)>={settings.focus_coverage / 100:.12g}"
        is_focus = f'AND({gate}="{opened}",{points}>={needed:.12g},{rested})'
        near = f"AND({points}>={max(low, 0):.12g},{points}<{needed:.12g})"
        grows = f'OR({gate}="{clarify}",AND({gate}="{opened}",{near}))'
        text = f'IF({is_focus},"{focus}",IF({grows},"{build_up}","{serve}"))'
        return live(text, list_word(self.t, line[1].list))

    def _of_whole(self, row: int, text: str, value: object) -> Content:
        """A formula for accounts with a known revenue; the others stay empty."""
        own, whole = self._here("revenue", row), f"SUM({self._all('revenue')})"
        known = f"AND(ISNUMBER({own}),{whole}>0)"
        return live(f'IF({known},{text}/{whole},"")', value)  # type: ignore[arg-type]

    def share(self, line: Line, row: int) -> Content:
        return self._of_whole(row, self._here("revenue", row), line[1].revenue_share)

    def cumulated(self, line: Line, row: int) -> Content:
        own, every = self._here("revenue", row), self._all("revenue")
        larger = f'SUMIF({every},">"&({own}-0.0000005))'
        return self._of_whole(row, larger, line[1].cumulated_share)

    def abc(self, line: Line, row: int) -> Content:
        own, every = self._here("revenue", row), self._all("revenue")
        before = f'ROUND(SUMIF({every},">"&({own}+0.0000005))/SUM({every}),9)'
        by_share = f'IF({before}<{PARETO},"A",IF({before}<{B_BEFORE},"B","C"))'
        text = f'IF(ISNUMBER({own}),IF({own}<=0,"C",{by_share}),"")'
        return live(text, line[1].abc.value if line[1].abc else None)
