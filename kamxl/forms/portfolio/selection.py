"""The sheet *Selection*: with which accounts we grow, and why the others are not on that list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kamxl.core.method.gate import Answer, Gate
from kamxl.core.method.revenues import B_BEFORE, PARETO
from kamxl.core.method.selection import (
    AccountList,
    GrowthCondition,
    Mismatch,
    SelectedAccount,
    Selection,
    SelectionCriterion,
)
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.register import Settings
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Conditional, Content, Sheet
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live, tile
from kamxl.forms.paper.places import At, Key
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
    Style,
)
from kamxl.forms.portfolio.lists import selection_order
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    COUNT,
    ID_CELL,
    MONEY,
    MUTED_CELL,
    PERCENT,
    POINTS,
    TEXT_CELL,
    frame,
    left,
    stay,
    table_of,
)
from kamxl.forms.tables.judged import Limits, gate_text, list_text
from kamxl.forms.tables.reasons import reasons_said
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable, folding
from kamxl.wording.texts import Texts

KEY_ROW = 11  # above stand tiles and weights
WEIGHTS = 9  # the row with the weights of the criteria
LOOKS = {AccountList.FOCUS: GOOD_SOFT, AccountList.BUILD_UP: WARN_SOFT, AccountList.SERVE: SOFT}
GATES = {Gate.OPEN: GOOD_SOFT, Gate.CLARIFY: WARN_SOFT, Gate.CLOSED: BEHIND_SOFT}
WORD = TEXT_CELL.but(align="center", indent=0)


@dataclass(frozen=True, slots=True)
class Line:
    """A candidate, as a row of *Selection*."""

    account: AccountResult
    selected: SelectedAccount

    def key(self) -> Key:
        """Whose row it is."""
        return (self.account.id,)


def list_word(t: Texts, found: AccountList) -> str:
    """How a list is called."""
    return t(f"portfolio.lists.{found.value}")


def gate_word(t: Texts, found: Gate) -> str:
    """How a gate is called."""
    return t(f"portfolio.gates.{found.value}")


def pareto_sentence(t: Texts, selection: Selection | None) -> str:
    """80:20 in words; empty if no revenue is known."""
    found = selection.pareto if selection else None
    if found is None:
        return ""
    return t(
        "portfolio.selection.pareto",
        largest=found.largest, of=found.of, share=100 * found.share, brings=100 * found.brings,
        unknown=found.unknown, partly=found.partly,
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


def selection_table(portfolio: Portfolio, t: Texts) -> ShownTable[Line, _Formulas]:
    """One row per account: ratings, score, gate, revenue class, and where they disagree."""
    placed = [(a, a.standing.selected) for a in selection_order(portfolio)]
    lines = [Line(a, selected) for a, selected in placed if selected is not None]
    settings = portfolio.settings

    def formulas(at: At) -> _Formulas:
        return _Formulas(at, t, settings)

    return table_of(t, "selection", _columns(t), lines, formulas, Line.key, KEY_ROW, repeated=2)


def selection_sheet(
    table: ShownTable[Line, _Formulas], at: At, portfolio: Portfolio, t: Texts
) -> Sheet:
    """Its sheet: how many are on which list and the weights above the table."""
    sheet = table.sheet
    frame(sheet, t, portfolio, table.width)
    _tiles(sheet, portfolio, t, at)
    _weights(table, portfolio, t)
    table.draw(t, t("portfolio.no_accounts"))
    stay(table, 2)
    if table.records:
        table.as_table()
        _colour(table, t)
    return sheet


def _tiles(sheet: Sheet, portfolio: Portfolio, t: Texts, at: At) -> None:
    """How many accounts are on which list, and what is to be said of all of them."""
    selection = portfolio.selection
    cells = at.seen_from(sheet).column("selection", "list").all()
    places = {AccountList.FOCUS: (1,), AccountList.BUILD_UP: (2,), AccountList.SERVE: (3, 4)}
    for found, columns in places.items():
        word = list_word(t, found)
        number = len(selection.on(found)) if selection else 0
        content = live(idioms.count_of(cells, quoted(word)), number)
        tile(sheet, 5, columns, word, content, TILE_VALUE.but(format="0", fill=LOOKS[found]))
    said = PLAIN.but(size=11)
    if not portfolio.chosen:
        sheet.put(5, 5, t("portfolio.selection.not_yet"), said.but(bold=True))
    lines = [line for line in (pareto_sentence(t, selection), days_sentence(t, selection)) if line]
    for row, line in enumerate(lines, 6):
        sheet.put(row, 5, line, said)
    settings = portfolio.settings
    rule = t(
        "portfolio.selection.rule",
        score=settings.focus_score, coverage=settings.focus_coverage, within=settings.build_up,
    )  # fmt: skip
    sheet.put(8, 1, rule, PLAIN.but(color=MUTED))
    sheet.heights |= {7: 18, 8: 16}


def _weights(table: ShownTable[Line, _Formulas], portfolio: Portfolio, t: Texts) -> None:
    sheet = table.sheet
    label = PLAIN.but(bold=True, align="right", color=MUTED)
    before = table.place.run(*RATINGS).first - 1
    sheet.put(WEIGHTS, before, t("portfolio.selection.weights"), label)
    for criterion in SelectionCriterion:
        weight = portfolio.selection_weights.get(criterion)
        sheet.put(WEIGHTS, table.index(_rated(criterion)), weight, NUMBER.but(format="0.##"))
    sheet.heights[WEIGHTS] = 18


def _colour(table: ShownTable[Line, _Formulas], t: Texts) -> None:
    for found, fill in LOOKS.items():
        table.rule("list", f"{table.head('list')}={quoted(list_word(t, found))}", fill)
    for gate, fill in GATES.items():
        table.rule("gate", f"{table.head('gate')}={quoted(gate_word(t, gate))}", fill)
    ratings = table.cells(*RATINGS)
    table.sheet.conditionals.append(Conditional(ratings, kind="scale"))


def _rated(criterion: SelectionCriterion) -> str:
    """The column of a criterion's ratings."""
    return f"c:{criterion.value}"


def _answered(condition: GrowthCondition) -> str:
    """The column of the answers on a condition."""
    return f"g:{condition.value}"


RATINGS = tuple(map(_rated, SelectionCriterion))
ANSWERS = tuple(map(_answered, GrowthCondition))


def _columns(t: Texts) -> tuple[Column[Line, _Formulas], ...]:
    share = PERCENT.but(format="0.0%")
    return (
        Shown("id", 13, lambda r: r.account.id, ID_CELL, left()),
        Shown("name", 23, lambda r: r.account.name, TEXT_CELL.but(bold=True), left()),
        Live("rank", 7, _Formulas.rank, COUNT.but(fill=SOFT)),
        Live("list", 11, _Formulas.list, WORD.but(bold=True)),
        Shown("reason", 36, lambda r: reasons_said(t, r.selected.reasons), MUTED_CELL, left()),
        Shown("revenue", 14, lambda r: r.selected.candidate.revenue, _money(t)),
        *folding(
            Live("share", 9, _Formulas.share, share),
            Live("cumulated", 9, _Formulas.cumulated, share),
            Live("abc", 7, _Formulas.abc, WORD.but(fill=SOFT, bold=True)),
            Shown("days", 9, lambda r: r.selected.candidate.days, POINTS.but(format="0.#")),
            Shown("mismatch", 22, lambda r: mismatch(t, r.selected.mismatch), TEXT_CELL, left()),
        ),
        Live("score", 9, _Formulas.score, BOLD_LIVE, HEADER_US, page=True),
        *folding(
            Live("coverage", 10, _Formulas.coverage, PERCENT),
            *(_rating(t, criterion) for criterion in SelectionCriterion),
        ),
        Live("gate", 14, _Formulas.gate, WORD),
        *folding(*(_answer(t, condition) for condition in GrowthCondition)),
    )


def _money(t: Texts) -> Callable[[Line], Style]:
    """How a revenue looks; what is only the known part of it says "at least"."""
    partly = MONEY.but(format=f'"{t("register.selection.at_least")} "#,##0')
    return lambda line: partly if line.selected.candidate.at_least else MONEY


def _rating(t: Texts, criterion: SelectionCriterion) -> Shown[Line]:
    def content(line: Line) -> Content:
        return line.selected.candidate.ratings.get(criterion.value)

    title, look = t(f"portfolio.criteria.{criterion.value}"), HEADER
    return Shown(_rated(criterion), 11, content, POINTS.but(format="0.#"), look, title)


def _answer(t: Texts, condition: GrowthCondition) -> Shown[Line]:
    def content(line: Line) -> Content:
        given = line.selected.candidate.conditions.get(condition.value) or Answer.UNKNOWN
        return t(f"portfolio.answers.{given.value}")

    title, look = t(f"portfolio.conditions.{condition.value}"), HEADER
    return Shown(_answered(condition), 11, content, WORD, look, title)


def mismatch(t: Texts, found: Mismatch | None) -> str:
    """Where revenue class and suitability disagree, in words."""
    return t(f"portfolio.selection.{found.value}") if found else ""


class _Formulas:
    """The numbers of a row, over its ratings, the weights above and all revenues."""

    def __init__(self, at: At, t: Texts, settings: Settings) -> None:
        self._t = t
        self._gates = {gate: quoted(gate_word(t, gate)) for gate in Gate}
        self._lists = {found: quoted(list_word(t, found)) for found in AccountList}
        points = (settings.focus_score, settings.focus_coverage / 100, settings.build_up)
        self._limits = Limits(*(f"{number:.12g}" for number in points))
        self._ratings, self._answers = at.run(*RATINGS), at.own(*ANSWERS)
        self._score, self._coverage, self._gate, self._revenue = at.own(
            "score", "coverage", "gate", "revenue"
        )

    def _rated(self, row: int) -> tuple[str, str]:
        """The weights, and the row's ratings."""
        return self._ratings.above(WEIGHTS), self._ratings.across(row)

    def score(self, line: Line, row: int) -> Content:
        return live(idioms.weighted_mean(*self._rated(row)), line.selected.score)

    def coverage(self, line: Line, row: int) -> Content:
        return live(idioms.coverage(*self._rated(row)), line.selected.coverage)

    def rank(self, line: Line, row: int) -> Content:
        # ties are ties to 1e-9, as in the core
        score = self._score.here(row)
        better = idioms.count_of(self._score.all(), f'">"&({score}+0.0000000005)')
        return live(idioms.known(score, then=f"1+{better}"), line.selected.rank)

    def gate(self, line: Line, row: int) -> Content:
        cells = [answer.here(row) for answer in self._answers]
        said = {answer: quoted(self._t(f"portfolio.answers.{answer.value}")) for answer in Answer}
        tests = {answer: [f"{cell}={word}" for cell in cells] for answer, word in said.items()}
        return live(gate_text(tests, self._gates), gate_word(self._t, line.selected.gate.gate))

    def list(self, line: Line, row: int) -> Content:
        gate, score, coverage = (one.here(row) for one in (self._gate, self._score, self._coverage))
        text = list_text(gate, score, coverage, self._limits, self._gates, self._lists)
        return live(text, list_word(self._t, line.selected.list))

    def _of_whole(self, row: int, text: str) -> str:
        """A part of all revenues, for accounts with a known one; the others stay empty."""
        own, whole = self._revenue.here(row), f"SUM({self._revenue.all()})"
        return f'IF(AND(ISNUMBER({own}),{whole}>0),{text}/{whole},"")'

    def _larger(self, row: int, sign: str) -> str:
        """What the accounts bring whose revenue is larger (">"), or as large (">=")."""
        every = self._revenue.all()
        return idioms.total(every, of=(f"{every}{sign}{self._revenue.here(row)}",))

    def share(self, line: Line, row: int) -> Content:
        text = self._of_whole(row, self._revenue.here(row))
        return live(text, line.selected.revenue_share)

    def cumulated(self, line: Line, row: int) -> Content:
        text = self._of_whole(row, self._larger(row, ">="))
        return live(text, line.selected.cumulated_share)

    def abc(self, line: Line, row: int) -> Content:
        own, every = self._revenue.here(row), self._revenue.all()
        before = f"ROUND({self._larger(row, '>')}/SUM({every}),9)"
        by_share = f'IF({before}<{PARETO},"A",IF({before}<{B_BEFORE},"B","C"))'
        text = idioms.known(own, then=f'IF({own}<=0,"C",{by_share})')
        return live(text, line.selected.abc.value if line.selected.abc else None)
