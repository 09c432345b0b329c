"""The sheet *Competitors*: who beats us where, and how firmly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kamxl.core.ids import US, same_id
from kamxl.core.portfolio.results import AccountResult, RivalResult, SegmentResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live, section
from kamxl.forms.paper.places import At
from kamxl.forms.paper.style import (
    BEHIND,
    BEHIND_SOFT,
    GOOD,
    GOOD_SOFT,
    HEADER_RIVAL,
    HEADER_US,
    NOTE,
)
from kamxl.forms.portfolio.lists import Lists, rival_key
from kamxl.forms.portfolio.parts import (
    COUNT,
    KEY_ROW,
    LEAD,
    LIVE,
    MUTED_CELL,
    PERCENT,
    SMALL_CELL,
    TEXT_CELL,
    frame,
    left,
    sign_style,
    stay,
    table_of,
)
from kamxl.forms.portfolio.words import rival_name, rival_sentence, strengths
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts

OVERALL_ROW = 7  # the key row of the block on top
MAX_SUMMARY = 20  # competitors in the block on top


@dataclass(frozen=True, slots=True)
class Contest:
    """Us and one competitor in one segment; ``number`` is the competitor's in the block on top."""

    account: AccountResult
    segment: SegmentResult
    rival: RivalResult
    number: int


@dataclass(frozen=True, slots=True)
class Overall:
    """A competitor over all segments, as a row of the block on top."""

    number: int
    name: str
    contests: tuple[Contest, ...]

    def count(self, sign: int | None = None) -> int:
        """In how many segments we are compared; and ahead (1), level (0) or behind (-1)."""
        return sum(
            c.rival.ahead is not None and sign in (None, c.rival.ahead) for c in self.contests
        )

    @property
    def mean(self) -> float | None:
        """Our mean lead; None: nowhere compared."""
        known = [c.rival.lead for c in self.contests if c.rival.lead is not None]
        return sum(known) / len(known) if known else None


def contests(portfolio: Portfolio, lists: Lists) -> list[Contest]:
    """Every competitor in every segment, where we are furthest behind first; unknown last."""
    numbers = {same_id(rival): n for n, rival in enumerate(lists.suppliers, 1)}
    found = [
        Contest(account, segment, rival, numbers[same_id(rival.id)])
        for account in portfolio.accounts
        for segment in account.segments
        for rival in segment.rivals
    ]
    return sorted(found, key=lambda c: (c.rival.lead is None, c.rival.lead or 0.0))


def rivals_table(portfolio: Portfolio, t: Texts, lists: Lists) -> ShownTable[Contest, _Formulas]:
    """One row per segment and competitor, below the block of all competitors."""
    key_row = _table_row(min(len(lists.suppliers), MAX_SUMMARY))
    rivals = tuple(lists.suppliers)
    return table_of(
        t, "competitors", _columns(t), contests(portfolio, lists),
        lambda at: _Formulas(at, rivals), key_row=key_row,
    )  # fmt: skip


def overall_table(
    table: ShownTable[Contest, _Formulas], lists: Lists
) -> ShownTable[Overall, _OverallFormulas]:
    """The block above the table, in rows that do not depend on the table's length."""
    suppliers = list(lists.suppliers.items())[:MAX_SUMMARY]
    records = [
        Overall(n, name, tuple(c for c in table.records if same_id(c.rival.id) == same_id(rival)))
        for n, (rival, name) in enumerate(suppliers, 1)
    ]
    return ShownTable(
        "overall", table.sheet, OVERALL_ROW, _OVERALL, records, _OverallFormulas,
        "portfolio.competitors",
    )  # fmt: skip


def rivals_sheet(
    table: ShownTable[Contest, _Formulas],
    overall: ShownTable[Overall, _OverallFormulas],
    portfolio: Portfolio,
    t: Texts,
    lists: Lists,
) -> Sheet:
    """The sheet of both, drawn."""
    sheet = table.sheet
    frame(sheet, t, portfolio, table.width)
    if overall.records:
        section(sheet, 5, 1, t("portfolio.competitors.overall"))
        overall.draw_block(t)
        section(sheet, table.key_row - 2, 1, t("portfolio.competitors.where"))
    left_out = len(lists.suppliers) - len(overall.records)
    if left_out:
        text = t("portfolio.competitors.left_out", count=left_out)
        sheet.put(overall.last + 1, overall.index("sum_name"), text, NOTE.but(wrap=False))
    table.draw(t, t("portfolio.no_rivals"))
    if not overall.records:
        stay(table)
    if table.records:
        table.as_table()
        for sign, fill, color in ((1, GOOD_SOFT, GOOD), (-1, BEHIND_SOFT, BEHIND)):
            table.rule("position", f"{table.head('position')}={sign}", fill, color)
    return sheet


def _table_row(shown: int) -> int:
    """The key row of the table: below the block, a line for its note and a heading."""
    return KEY_ROW if not shown else OVERALL_ROW + shown + 2 + 2


class _OverallFormulas:
    """The counts of a competitor, over the table below."""

    def __init__(self, at: At) -> None:
        self._numbers, self._signs, self._leads = at.columns(
            "competitors", "number", "position", "lead"
        )
        self._number, self._compared = at.own("sum_number", "sum_compared")

    def count(self, record: Overall, row: int, sign: int | None = None) -> Content:
        wanted = quoted(">=-1") if sign is None else str(sign)
        cells = self._numbers.all(), self._number.here(row), self._signs.all(), wanted
        return live(idioms.counted_matches(*cells), record.count(sign))

    def behind(self, record: Overall, row: int) -> Content:
        return self.count(record, row, -1)

    def level(self, record: Overall, row: int) -> Content:
        return self.count(record, row, 0)

    def ahead(self, record: Overall, row: int) -> Content:
        return self.count(record, row, 1)

    def mean(self, record: Overall, row: int) -> Content:
        compared = self._compared.here(row)
        summed = idioms.sum_of(self._numbers.all(), self._number.here(row), self._leads.all())
        return live(f'IF({compared}=0,"",{summed}/{compared})', record.mean)


_WHOLE = LIVE.but(format="0")
_OVERALL: tuple[Column[Overall, _OverallFormulas], ...] = (
    Shown("sum_number", 0, lambda r: r.number, COUNT),
    Shown("sum_name", 0, lambda r: r.name, TEXT_CELL.but(bold=True), left()),
    Live("sum_compared", 0, _OverallFormulas.count, _WHOLE),
    Live("sum_ahead", 0, _OverallFormulas.behind, _WHOLE),
    Live("sum_level", 0, _OverallFormulas.level, _WHOLE),
    Live("sum_behind", 0, _OverallFormulas.ahead, _WHOLE),
    Live("sum_mean", 0, _OverallFormulas.mean, LEAD),
)


def _columns(t: Texts) -> tuple[Column[Contest, _Formulas], ...]:
    return (
        Shown("number", 6, lambda r: r.number, COUNT),
        Shown(
            "competitor", 20, lambda r: rival_name(t, r.rival), TEXT_CELL.but(bold=True),
            left(HEADER_RIVAL),
        ),
        Shown("account", 20, lambda r: r.account.name, TEXT_CELL, left()),
        Shown("segment", 18, lambda r: r.segment.name, TEXT_CELL, left()),
        Shown("period", 11, lambda r: r.segment.period, MUTED_CELL),
        Live("ours", 9, _Formulas.ours, LIVE, HEADER_US),
        Live("theirs", 9, _Formulas.theirs, LIVE, HEADER_RIVAL),
        Live("position", 10, _Formulas.position, sign_style(t)),
        Live("lead", 9, _Formulas.lead, LEAD),
        Live("lead_coverage", 10, _Formulas.lead_coverage, PERCENT),
        Shown("strengths", 32, lambda r: strengths(t, r.segment, r.rival), SMALL_CELL, left()),
        Shown("flip", 38, lambda r: rival_sentence(t, r.segment, r.rival), SMALL_CELL, left()),
    )  # fmt: skip


class _Formulas:
    """The numbers of a contest: each requirement's weight (a sum) times its rating (a mean)."""

    def __init__(self, at: At, rivals: Sequence[str]) -> None:
        self._weight, self._mean = at.columns("data", "share", "mean")
        self._rivals = {rival_key(one): at.column("data", rival_key(one)) for one in rivals}
        self._total = at.column("segments", "total")
        (self._lead,) = at.own("lead")

    def _terms(self, record: Contest, us: bool, theirs: bool) -> list[tuple[str, str, str]]:
        """(weight, our mean, their mean) of the weighted requirements rated as asked for."""
        card, rival = record.segment.card, record.rival.id
        ratings, terms = self._rivals[rival_key(rival)], []
        for requirement in card.requirements if card else ():
            rated = card and card.rating(US, requirement.id) is not None
            compared = card and card.rating(rival, requirement.id) is not None
            if requirement.weight is None or (us and not rated) or (theirs and not compared):
                continue
            key = (record.segment.account, record.segment.id, same_id(requirement.id))
            weight, mean = self._weight.cell(*key), ratings.cell(*key)
            if self._weight.rows_of(*key) > 1:
                weight = f"SUM({self._weight.of(*key)})"
                mean = f"AVERAGE({ratings.of(*key)})"
            terms.append((weight, self._mean.cell(*key), mean))
        return terms

    def ours(self, record: Contest, _: int) -> Content:
        cell = self._total.cell(record.account.id, record.segment.id)
        return live(cell, record.segment.total)

    def theirs(self, record: Contest, _: int) -> Content:
        if record.rival.total is None:
            return None
        terms = self._terms(record, us=False, theirs=True)
        points = "+".join(f"{weight}*{mean}" for weight, _, mean in terms)
        return live(f"({points})/({_sum(terms)})", record.rival.total)

    def position(self, record: Contest, row: int) -> Content:
        return live(idioms.sign(self._lead.here(row)), record.rival.ahead)

    def lead(self, record: Contest, _: int) -> Content:
        if record.rival.lead is None:
            return None
        terms = self._terms(record, us=True, theirs=True)
        points = "+".join(f"{weight}*({us}-{mean})" for weight, us, mean in terms)
        return live(f"({points})/({_sum(terms)})", record.rival.lead)

    def lead_coverage(self, record: Contest, _: int) -> Content:
        if record.rival.lead is None:
            return None
        whole = f"SUM({self._weight.of(record.account.id, record.segment.id)})"
        terms = self._terms(record, us=True, theirs=True)
        return live(f"({_sum(terms)})/{whole}", record.rival.lead_coverage)


def _sum(terms: Sequence[tuple[str, str, str]]) -> str:
    return "+".join(weight for weight, _, _ in terms)
