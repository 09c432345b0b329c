"""The sheet *Benchmark*: each account against the mean of all others, requirement by requirement.

Above, each requirement over all accounts; below, an account's line and what it is made of. The
others of a row are the requirement's sum without the account's own rating: no name is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kamxl.core.ids import same_id
from kamxl.core.method.basis import rounded_percent
from kamxl.core.portfolio.benchmark import LEAST, Benchmark, Benchmarks, Cited, Compared
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live, section
from kamxl.forms.paper.places import At, Key, Ref
from kamxl.forms.paper.style import BEHIND_SOFT, GOOD_SOFT, HEADER_US, SOFT, Style
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    COUNT,
    FAINT_CELL,
    FEW,
    ID_CELL,
    KEY_ROW,
    LEAD,
    LIVE,
    MUTED_CELL,
    TEXT_CELL,
    frame,
    left,
    stay,
    table_of,
)
from kamxl.forms.tables.judged import enough
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable, folding
from kamxl.wording.texts import Texts

SUM_ROW = 7  # the key row of the block
_PAGE = 8
_BOLD = TEXT_CELL.but(bold=True)
_FAINT_POINTS = FAINT_CELL.but(format="0.0")


@dataclass(frozen=True, slots=True)
class Row:
    """An account's line, or one requirement of it (``of``)."""

    account: AccountResult
    line: Benchmark
    of: Compared | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement over all accounts: how many rate us on it, and the mean of their ratings."""

    place: int
    requirement: str
    accounts: int
    mean: float


def benchmark_table(
    portfolio: Portfolio, t: Texts, found: Benchmarks
) -> ShownTable[Row, _Formulas]:
    """A line for each account, below it one row per requirement that can be compared."""
    rows = []
    for account in portfolio.accounts:
        line = found.accounts.get(account.id)
        if line is not None:
            rows += [Row(account, line), *(Row(account, line, of) for of in line.requirements)]
    places = {label: place for place, (label, _, _) in enumerate(found.requirements, 1)}
    shown = len(found.requirements)
    key_row = SUM_ROW + shown + 4 if shown else KEY_ROW
    return table_of(
        t, "benchmark", _columns(t, places), rows, _Formulas, key_row=key_row, repeated=2
    )


def requirements_table(
    below: ShownTable[Row, _Formulas], found: Benchmarks
) -> ShownTable[Asked, _Sums]:
    """The block above it."""
    records = [Asked(place, *one) for place, one in enumerate(found.requirements, 1)]
    columns: tuple[Column[Asked, _Sums], ...] = (
        Shown("sum_number", 0, lambda r: r.place, COUNT),
        Shown("sum_requirement", 0, lambda r: r.requirement, _BOLD, left()),
        Live("sum_mean", 0, _Sums.mean, BOLD_LIVE),
        Live("sum_accounts", 0, _Sums.accounts, COUNT),
    )
    return ShownTable(
        "benchmarks", below.sheet, SUM_ROW, columns, records, _Sums, "portfolio.benchmark"
    )


def benchmark_sheet(
    table: ShownTable[Row, _Formulas],
    sums: ShownTable[Asked, _Sums],
    portfolio: Portfolio,
    t: Texts,
) -> Sheet:
    """The sheet of both, drawn."""
    sheet, printed = table.sheet, table.index("said")
    frame(sheet, t, portfolio, printed)
    table.draw(t, t("portfolio.benchmark.none", least=LEAST + 1), _PAGE)
    table.print_until(table.last, printed)
    if not sums.records:
        stay(table)
        return sheet
    section(sheet, SUM_ROW - 2, 1, t("portfolio.benchmark.overall"))
    sums.draw_block(t)
    section(sheet, table.key_row - 2, 1, t("portfolio.benchmark.each"))
    if len(table.records) > FEW < len(sums.records):
        sheet.page_breaks = [table.key_row - 3]
    table.as_table()
    within, cell = portfolio.settings.level_within, table.head("difference")
    for sign, fill in (("", GOOD_SOFT), ("-", BEHIND_SOFT)):
        reached = idioms.at_least(f"{sign}SUM({cell})", f"{within:g}")
        table.rule("difference", f"AND(ISNUMBER({cell}),{reached})", fill)
    return sheet


def _columns(t: Texts, places: Mapping[str, int]) -> tuple[Column[Row, _Formulas], ...]:
    def place(row: Row) -> int | None:
        return places[row.of.requirement] if row.of else None

    def requirement(row: Row) -> str:
        return row.of.requirement if row.of else t("portfolio.benchmark.all")

    return (
        Shown("account", 27, lambda r: r.account.name, _text, left()),
        Shown("requirement", 34, requirement, _text, left()),
        Live("own", 11, _Formulas.own, _number, HEADER_US),
        Live("others", 11, _Formulas.others, _number),
        Live("difference", 11, _Formulas.difference, _difference),
        Live("n", 10, _Formulas.n, COUNT),
        Live("weight", 11, _Formulas.weight, _number),
        Shown("said", 40, lambda r: None if r.of else _said(t, r.line), MUTED_CELL, left()),
        *folding(
            Shown("place", 11, place, FAINT_CELL),
            Live("own_part", 11, _Formulas.own_part, _FAINT_POINTS),
            Live("others_part", 11, _Formulas.others_part, _FAINT_POINTS),
            Live("weighed", 11, _Formulas.weighed, _FAINT_POINTS),
            Shown("account_id", 13, lambda r: r.account.id, ID_CELL, left()),
        ),
    )


def _text(row: Row) -> Style:
    return TEXT_CELL if row.of else _BOLD.but(fill=SOFT)


def _number(row: Row) -> Style:
    return LIVE.but(fill=None) if row.of else BOLD_LIVE


def _difference(row: Row) -> Style:
    return LEAD.but(fill=None) if row.of else LEAD.but(bold=True)


def _said(t: Texts, line: Benchmark) -> str:
    """What an account's line rests on, and what is missing where that is too little."""
    share, count = t.number(rounded_percent(line.weights), 0), len(line.requirements)
    key = "rests" if line.enough else "too_little"
    return t(f"portfolio.benchmark.{key}", share=share, count=count)


class _Formulas:
    """An account's ratings and weights out of *Data*, the others' out of the block above."""

    def __init__(self, at: At) -> None:
        self._mean, self._weights = at.columns("data", "mean", "share")
        self._shares = at.column("segments", "share")
        self._number, self._means, self._counts = at.columns(
            "benchmarks", "sum_number", "sum_mean", "sum_accounts"
        )
        self._own, self._others, self._n, self._weight = at.own("own", "others", "n", "weight")
        self._place, self._id = at.own("place", "account_id")
        self._parts, (self._weighed,) = at.own("own_part", "others_part"), at.own("weighed")

    def own(self, row: Row, at: int) -> Content:
        if row.of is None:
            return live(self._line(self._parts[0], at), _judged(row.line, row.line.own))
        rated = [one for one in row.of.cited if one.rating is not None]
        pairs = [(self._share(row, one), self._mean.cell(*_key(row, one))) for one in rated]
        if len(pairs) == 1:
            return live(pairs[0][1], row.of.own)
        products, shares = "+".join("*".join(pair) for pair in pairs), "+".join(s for s, _ in pairs)
        return live(f"({products})/({shares})", row.of.own)

    def _share(self, row: Row, one: Cited) -> str:
        return self._shares.cell(row.account.id, one.segment)

    def _line(self, part: Ref, at: int) -> str:
        """An account's mean: what its rows weigh, if that is half of the account."""
        weight = self._weight.here(at)
        mean = f"{self._sum(part, at)}/{weight}"
        return f"IF({enough(f'SUM({weight})/100')},100*{mean},{idioms.NOTHING})"

    def _sum(self, values: Ref, at: int) -> str:
        rows = (self._id.all(), self._id.here(at), self._place.all(), quoted(">0"))
        return f"SUMIFS({values.all()},{','.join(rows)})"

    def _above(self, values: Ref, at: int) -> str:
        columns = values.and_below(), self._place.here(at), self._number.and_below()
        return idioms.looked_up(*columns)

    def others(self, row: Row, at: int) -> Content:
        """What the requirement's mean is without this account's own rating."""
        if row.of is None:
            return live(self._line(self._parts[1], at), _judged(row.line, row.line.others))
        mean, count, own = (
            self._above(self._means, at), self._above(self._counts, at), self._own.here(at)
        )  # fmt: skip
        enough_others = f"{self._n.here(at)}>={LEAST}"
        text = f"IF({enough_others},({mean}*{count}-{own})/({count}-1),{idioms.NOTHING})"
        return live(text, row.of.others)

    def difference(self, row: Row, at: int) -> Content:
        value = row.of.difference if row.of else _judged(row.line, row.line.difference)
        return live(idioms.difference(self._own.here(at), self._others.here(at)), value)

    def n(self, row: Row, at: int) -> Content:
        """How many others; of an account's line, the fewest of its requirements."""
        if row.of is None:
            return row.line.n
        return live(f"{self._above(self._counts, at)}-1", row.of.n)

    def weight(self, row: Row, at: int) -> Content:
        """In % of the account; of its line, what of it can be compared."""
        if row.of is None:
            return live(self._sum(self._weighed, at), 100 * row.line.weights)
        if row.of.weight is None:
            return None
        weighed = [one for one in row.of.cited if one.weight is not None]
        parts = (f"{self._share(row, w)}*SUM({self._weights.of(*_key(row, w))})" for w in weighed)
        return live("+".join(parts), row.of.weight)

    def weighed(self, row: Row, at: int) -> Content:
        """A requirement's weight once more: an account's line cannot sum its own column."""
        if row.of is None or row.of.weight is None:
            return None
        return live(self._weight.here(at), row.of.weight)

    def own_part(self, row: Row, at: int) -> Content:
        return self._part(row, at, self._own, row.of.own if row.of else None)

    def others_part(self, row: Row, at: int) -> Content:
        return self._part(row, at, self._others, row.of.others if row.of else None)

    def _part(self, row: Row, at: int, of: Ref, points: float | None) -> Content:
        """What a requirement adds to the account's line, in points."""
        if row.of is None or row.of.weight is None or points is None:
            return None
        cells = self._weight.here(at), of.here(at)
        return live(
            idioms.both_known(*cells, f"{'*'.join(cells)}/100"), row.of.weight * points / 100
        )


def _judged(line: Benchmark, value: float | None) -> float | None:
    return value if line.enough else None


def _key(row: Row, one: Cited) -> Key:
    return row.account.id, one.segment, same_id(one.requirement)


class _Sums:
    """A requirement over all accounts, out of the rows below that carry its number."""

    def __init__(self, at: At) -> None:
        (self._number,) = at.own("sum_number")
        self._places, self._own = at.columns("benchmark", "place", "own")

    def mean(self, record: Asked, at: int) -> Content:
        number = self._number.here(at)
        return live(idioms.mean_of(self._places.all(), number, self._own.all()), record.mean)

    def accounts(self, record: Asked, at: int) -> Content:
        number, own = self._number.here(at), self._own.all()
        return live(idioms.known_matches(self._places.all(), number, own), record.accounts)
