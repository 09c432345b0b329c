"""The sheet *Competitors*: who beats us where, and how firmly."""

from __future__ import annotations

from dataclasses import dataclass

from kamxl.core.ids import same_id
from kamxl.core.portfolio.results import AccountResult, RivalResult, SegmentResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live, section
from kamxl.forms.paper.places import At, Key
from kamxl.forms.paper.style import (
    BEHIND,
    BEHIND_SOFT,
    GOOD,
    GOOD_SOFT,
    HEADER_RIVAL,
    HEADER_US,
    NOTE,
    Style,
)
from kamxl.forms.portfolio.grounds import grounds_of_rival
from kamxl.forms.portfolio.lists import Lists
from kamxl.forms.portfolio.parts import (
    COUNT,
    FEW,
    KEY_ROW,
    LEAD,
    LIVE,
    MUTED_CELL,
    PERCENT,
    TEXT_CELL,
    frame,
    left,
    sign_style,
    stay,
    table_of,
)
from kamxl.forms.portfolio.raters import Means
from kamxl.forms.portfolio.words import (
    outlook_sentence,
    period_of,
    period_style,
    points,
    rival_name,
    rival_sentence,
    strengths,
)
from kamxl.forms.tables.judged import if_enough
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

    @property
    def key(self) -> Key:
        """Whose rows of *Raters* it is about."""
        return self.account.id, self.segment.id, same_id(self.rival.id)


@dataclass(frozen=True, slots=True)
class Overall:
    """A competitor over all segments, as a row of the block on top."""

    number: int
    name: str
    contests: tuple[Contest, ...]

    @property
    def fresh(self) -> tuple[Contest, ...]:
        """Those of this period: earlier ones are in no count and no mean."""
        return tuple(contest for contest in self.contests if not contest.segment.earlier)

    @property
    def earlier(self) -> int:
        """In how many segments only an earlier period has a verdict."""
        before = [c for c in self.contests if c.segment.earlier]
        return sum(contest.rival.lead.verdict is not None for contest in before)

    def count(self, verdict: int | None = None) -> int:
        """In how many segments there is a verdict; and one: ahead (1), level (0), behind (-1)."""
        found = [contest.rival.lead.verdict for contest in self.fresh]
        return sum(one is not None and verdict in (None, one) for one in found)

    @property
    def mean(self) -> float | None:
        """Our mean lead where there is a verdict; None: nowhere."""
        known = [p for c in self.fresh if (p := c.rival.lead.points) is not None]
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
    return sorted(found, key=_furthest_behind)


def _furthest_behind(contest: Contest) -> tuple[bool, float]:
    lead = contest.rival.lead.points
    return lead is None, lead or 0.0


def rivals_table(portfolio: Portfolio, t: Texts, lists: Lists) -> ShownTable[Contest, _Formulas]:
    """One row per segment and competitor, below the block of all competitors."""
    key_row = _table_row(min(len(lists.suppliers), MAX_SUMMARY))
    return table_of(
        t, "competitors", _columns(t), contests(portfolio, lists),
        lambda at: _Formulas(at, portfolio.settings.level_within), key_row=key_row,
        old=lambda contest: contest.segment.earlier, repeated=4,
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
    within = points(t, portfolio.settings.level_within)
    frame(sheet, t, portfolio, table.width, t("portfolio.competitors.sentence", within=within))
    table.draw(t, t("portfolio.no_rivals"))
    if overall.records:
        section(sheet, 5, 1, t("portfolio.competitors.overall"))
        overall.draw_block(t)
        section(sheet, table.key_row - 2, 1, t("portfolio.competitors.where"))
        if len(table.records) > FEW:
            sheet.page_breaks = [table.key_row - 3]
    left_out = len(lists.suppliers) - len(overall.records)
    if left_out:
        text = t("portfolio.competitors.left_out", count=left_out)
        sheet.put(overall.last + 1, overall.index("sum_name"), text, NOTE.but(wrap=False))
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
        self._numbers, self._signs, self._leads, self._fresh = at.columns(
            "competitors", "number", "position", "lead", "fresh"
        )
        self._number, self._compared = at.own("sum_number", "sum_compared")

    def count(self, record: Overall, row: int, sign: int | None = None) -> Content:
        wanted = quoted(">=-1") if sign is None else str(sign)
        text = idioms.counted_matches(*self._own(row), self._signs.all(), wanted)
        return live(text, record.count(sign))

    def _own(self, row: int) -> tuple[str, ...]:
        """The conditions of the competitor's rows of this period."""
        return self._numbers.all(), self._number.here(row), self._fresh.all(), "1"

    def earlier(self, record: Overall, row: int) -> Content:
        cells = self._numbers.all(), self._number.here(row), self._signs.all(), quoted(">=-1")
        both = idioms.counted_matches(*cells)
        return live(f"{both}-{self._compared.here(row)}", record.earlier)

    def behind(self, record: Overall, row: int) -> Content:
        return self.count(record, row, -1)

    def level(self, record: Overall, row: int) -> Content:
        return self.count(record, row, 0)

    def ahead(self, record: Overall, row: int) -> Content:
        return self.count(record, row, 1)

    def mean(self, record: Overall, row: int) -> Content:
        compared = self._compared.here(row)
        numbers, own, *fresh = self._own(row)
        summed = idioms.sum_of_matches(numbers, own, self._leads.all(), *fresh)
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
    Live("sum_earlier", 0, _OverallFormulas.earlier, LIVE.but(format='0;-0;"–"')),
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
        Shown("period", 14, lambda r: _period(t, r), _period_style),
        Live("ours", 9, _Formulas.ours, LIVE, HEADER_US),
        Live("theirs", 9, _Formulas.theirs, LIVE, HEADER_RIVAL),
        Live("position", 10, _Formulas.position, sign_style(t)),
        Live("lead", 9, _Formulas.lead, LEAD),
        Live("raters", 9, _Formulas.raters, COUNT),
        Live("lead_coverage", 10, _Formulas.lead_coverage, PERCENT),
        Shown("basis", 34, lambda r: grounds_of_rival(t, r.segment, r.rival), MUTED_CELL, left()),
        Shown("strengths", 36, lambda r: strengths(t, r.segment, r.rival), MUTED_CELL, left()),
        Shown("flip", 44, lambda r: rival_sentence(t, r.segment, r.rival), MUTED_CELL, left()),
        Shown("outlook", 34, lambda r: outlook_sentence(t, r.rival.outlook), MUTED_CELL, left()),
        Shown("fresh", 9, _fresh, COUNT.but(format=f'"{t("portfolio.words.complete")}"')),
    )  # fmt: skip


def _fresh(contest: Contest) -> int | None:
    """1: it is of this period."""
    return None if contest.segment.earlier else 1


def _period(t: Texts, contest: Contest) -> str:
    return period_of(t, contest.segment.period, earlier=contest.segment.earlier)


def _period_style(contest: Contest) -> Style:
    return period_style(earlier=contest.segment.earlier)


class _Formulas:
    """The numbers of a contest: means of the raters' own results in *Raters*."""

    def __init__(self, at: At, within: float) -> None:
        self._means = Means(at)
        self._total = at.column("segments", "total")
        self._lead, self._rests = at.own("lead", "lead_coverage")
        self._within = within

    def ours(self, record: Contest, _: int) -> Content:
        cell = self._total.cell(record.account.id, record.segment.id)
        return live(cell, record.segment.total)

    def theirs(self, record: Contest, _: int) -> Content:
        return live(self._means.mean(record.key, "in_total", "total"), record.rival.total)

    def position(self, record: Contest, row: int) -> Content:
        text = idioms.verdict(self._lead.here(row), f"{self._within:g}")
        return live(text, record.rival.lead.verdict)

    def lead(self, record: Contest, row: int) -> Content:
        """Only where it rests on enough."""
        mean = self._means.mean(record.key, "in_lead", "lead")
        return live(if_enough(self._rests.here(row), mean), record.rival.lead.points)

    def raters(self, record: Contest, _: int) -> Content:
        """How many compared."""
        return live(self._means.comparing(record.key), len(record.rival.leads.who))

    def lead_coverage(self, record: Contest, _: int) -> Content:
        return live(self._means.mean(record.key, "in_lead", "compared"), record.rival.leads.share)
