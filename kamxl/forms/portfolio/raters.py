"""The sheet *Raters*: each rater's own results of each supplier, which all others are means of."""

from __future__ import annotations

from kamxl.core.ids import US, same_id
from kamxl.core.portfolio.evidence import RaterRow
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At, Key, Ref
from kamxl.forms.paper.style import HEADER_RIVAL, HEADER_US, Style
from kamxl.forms.portfolio.data import WEIGHT, role_word
from kamxl.forms.portfolio.lists import Lists, rival_key
from kamxl.forms.portfolio.parts import (
    COUNT,
    ID_CELL,
    LEAD,
    LIVE,
    MUTED_CELL,
    PERCENT,
    TEXT_CELL,
    draw_page,
    left,
    order_column,
    table_of,
    watch_order,
)
from kamxl.forms.portfolio.words import how_asked, period_of, period_style
from kamxl.forms.tables.judged import REACHED, enough
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable, folding
from kamxl.wording.texts import Texts

_RAISED = LIVE.but(format='0.0;-0.0;"–"')


def raters_table(portfolio: Portfolio, t: Texts, lists: Lists) -> ShownTable[RaterRow, _Formulas]:
    """One row per segment, supplier and reply."""
    columns = _columns(portfolio, t, lists)
    return table_of(
        t, "raters", columns, lists.raters, lambda at: _Formulas(at, lists), whose,
        old=lambda row: row.earlier, repeated=4,
    )  # fmt: skip


def raters_sheet(table: ShownTable[RaterRow, _Formulas], portfolio: Portfolio, t: Texts) -> Sheet:
    """Its sheet, drawn."""
    draw_page(table, t, portfolio, t("portfolio.no_answers"))
    watch_order(table, t)
    return table.sheet


def whose(row: RaterRow) -> Key:
    """Whose row it is: a segment's, of a supplier, on a reply."""
    return row.account, row.segment, same_id(row.supplier), str(row.answer)


def _columns(
    portfolio: Portfolio, t: Texts, lists: Lists
) -> tuple[Column[RaterRow, _Formulas], ...]:
    us = portfolio.settings.company or t("portfolio.data.us")
    names = {same_id(rival): name for rival, name in lists.suppliers.items()}
    yes = COUNT.but(format=f'"{t("portfolio.words.counts")}";;"–"')

    def supplier(row: RaterRow) -> str:
        return us if row.supplier == US else names[same_id(row.supplier)]

    def named(row: RaterRow) -> Style:
        return TEXT_CELL.but(bold=row.supplier == US)

    return (
        Shown("account", 13, lambda r: r.account, ID_CELL, left()),
        Shown("segment", 12, lambda r: r.segment, ID_CELL, left()),
        Shown("supplier", 18, supplier, named, left()),
        Shown("name", 18, lambda r: r.name, TEXT_CELL, left()),
        Shown("role", 12, lambda r: role_word(t, r.role), MUTED_CELL),
        Shown("period", 13, lambda r: period_of(t, r.period, earlier=r.earlier), _period_style),
        Shown("answer", 8, lambda r: r.answer, COUNT),
        Live("sum", 10, _Formulas.sum, LIVE.but(format=WEIGHT.format)),
        Live("coverage", 10, _Formulas.coverage, PERCENT),
        Live("total", 9, _Formulas.total, LIVE.but(bold=True), HEADER_US),
        Live("in_total", 9, _Formulas.in_total, yes, HEADER_US),
        Live("compared", 10, _Formulas.compared, PERCENT, HEADER_RIVAL),
        Live("lead", 9, _Formulas.lead, LEAD, HEADER_RIVAL),
        Live("in_lead", 9, _Formulas.in_lead, yes, HEADER_RIVAL),
        *folding(
            Live("raised", 9, _Formulas.raised, _RAISED, HEADER_US),
            Live("now", 9, _Formulas.now, LEAD, HEADER_RIVAL),
            Live("then", 9, _Formulas.then, LEAD, HEADER_RIVAL),
        ),
        Shown("source", 44, lambda r: r.source, ID_CELL, left()),
        Shown("how", 20, lambda r: how_asked(t, r.how, profile_only=r.profile_only), MUTED_CELL),
        order_column(t),
    )


def _period_style(row: RaterRow) -> Style:
    return period_style(earlier=row.earlier)


class _Formulas:
    """The results of a reply: over its rows among those of its segment in *Data*."""

    def __init__(self, at: At, lists: Lists) -> None:
        self._answers, self._weights, self._us = at.columns("data", "answer", "weight", US)
        self._rivals = {
            rival_key(rival): at.column("data", rival_key(rival)) for rival in lists.suppliers
        }
        self._answer, self._coverage, self._total = at.own("answer", "coverage", "total")
        self._sum, self._compared, self._lead = at.own("sum", "compared", "lead")
        self._in_lead, self._raised, self._now = at.own("in_lead", "raised", "now")
        self._topics = at.column("data", "topic")
        self._topic, self._to = (one.only for one in at.columns("tried", "sum_number", "set_to"))
        self._tried, self._leads = lists.tried, lists.leads

    def _cells(self, row: RaterRow, column: Ref) -> str:
        return column.of(row.account, row.segment)

    def _ratings(self, row: RaterRow) -> str:
        own = self._us if row.supplier == US else self._rivals[rival_key(row.supplier)]
        return self._cells(row, own)

    def _tests(self, row: RaterRow, at: int, *ratings: str) -> tuple[str, ...]:
        """Which rows of the segment are this reply's and rated."""
        own = f"{self._cells(row, self._answers)}={self._answer.here(at)}"
        return (own, *map(idioms.holds, ratings))

    def sum(self, row: RaterRow, at: int) -> Content:
        answers, weights = (self._cells(row, one) for one in (self._answers, self._weights))
        return live(idioms.sum_of(answers, self._answer.here(at), weights), row.weights_sum)

    def coverage(self, row: RaterRow, at: int) -> Content:
        weights, ratings = self._cells(row, self._weights), self._ratings(row)
        rated = idioms.total(weights, of=self._tests(row, at, ratings))
        return live(self._share(at, rated), row.coverage)

    def _share(self, at: int, weight: str) -> str:
        whole = self._sum.here(at)
        return idioms.ratio(weight, whole)

    def total(self, row: RaterRow, at: int) -> Content:
        weights, ratings = self._cells(row, self._weights), self._ratings(row)
        points = idioms.total(weights, ratings, of=self._tests(row, at, ratings))
        return live(self._mean(self._coverage, at, points), row.total)

    def _mean(self, share: Ref, at: int, points: str) -> str:
        """Points over what they weigh: a share of all the weight of the reply."""
        rests, whole = share.here(at), self._sum.here(at)
        return f"IF(SUM({rests})>0,{points}/({rests}*{whole}),{idioms.NOTHING})"

    def in_total(self, row: RaterRow, at: int) -> Content:
        return live(self._counts(row, at, self._total, self._coverage), int(row.in_total) or None)

    def _counts(self, row: RaterRow, at: int, own: Ref, share: Ref) -> str:
        """1 for who rests on half of the weights, or for everybody if nobody does."""
        nobody = f"{idioms.count_of(share.of(*whose(row)[:3]), REACHED)}=0"
        firm = f"OR({enough(share.here(at))},{nobody})"
        return idioms.known(own.here(at), then=f"IF({firm},1,{idioms.NOTHING})")

    def compared(self, row: RaterRow, at: int) -> Content:
        if row.supplier == US:
            return None
        weights, us = self._cells(row, self._weights), self._cells(row, self._us)
        them = self._ratings(row)
        both = idioms.total(weights, of=self._tests(row, at, us, them))
        return live(self._share(at, both), row.compared)

    def lead(self, row: RaterRow, at: int) -> Content:
        if row.supplier == US:
            return None
        weights, us = self._cells(row, self._weights), self._cells(row, self._us)
        them = self._ratings(row)
        tests = self._tests(row, at, us, them)
        points = idioms.total(weights, f"{us}-{them}", of=tests)
        return live(self._mean(self._compared, at, points), row.lead)

    def in_lead(self, row: RaterRow, at: int) -> Content:
        if row.supplier == US:
            return None
        return live(self._counts(row, at, self._lead, self._compared), int(row.in_lead) or None)

    # --- with our ratings raised: what *What if* tries --------------------------------------------

    def raised(self, row: RaterRow, at: int) -> Content:
        """What the reply's own total, or its lead over a rival, would rise by."""
        share, known = (
            (self._coverage, row.total) if row.supplier == US else (self._compared, row.lead)
        )
        if self._tried is None or row.earlier or known is None:
            return None
        weights, us = self._cells(row, self._weights), self._cells(row, self._us)
        others = () if row.supplier == US else (self._ratings(row),)
        tests = self._tests(row, at, us, *others)
        asked = f"{self._cells(row, self._topics)}={self._topic}"
        to = f"SUM({self._to})"  # of a text 0: a number less a text would be an error
        points = idioms.total(weights, f"{to}-{us}", of=(*tests, asked, f"{us}<{to}"))
        found = self._tried.of(row.account, row.segment)
        value = found.won(row.supplier, row.answer - 1) if found else 0.0
        return live(self._mean(share, at, points), value)

    def now(self, row: RaterRow, _: int) -> Content:
        """The segment's lead over a rival, beside the first reply, where it rests on enough."""
        if not self._first(row):
            return None
        counts = self._in_lead.of(*whose(row)[:3])
        rests, lead = (
            idioms.mean_of(counts, "1", one.of(*whose(row)[:3]))
            for one in (self._compared, self._lead)
        )
        text = f"IF({enough(rests)},{lead},{idioms.NOTHING})"
        return live(idioms.any_known(counts, text), self._leads[whose(row)[:3]].points)

    def then(self, row: RaterRow, at: int) -> Content:
        """The same with our ratings raised."""
        if not self._first(row) or self._tried is None:
            return None
        more = idioms.mean_of(
            self._in_lead.of(*whose(row)[:3]), "1", self._raised.of(*whose(row)[:3])
        )
        now, found = self._now.here(at), self._tried.of(row.account, row.segment)
        lead = found.after.lead(row.supplier) if found else self._leads[whose(row)[:3]]
        return live(idioms.known(now, then=f"{now}+{more}"), lead.points)

    def _first(self, row: RaterRow) -> bool:
        return row.supplier != US and row.answer == 1 and not row.earlier


class Means:
    """What other sheets show of a supplier in a segment: means of the raters' own results.

    ``whose``: account, segment and supplier, as ``whose`` begins.
    """

    def __init__(self, at: At) -> None:
        keys = ("total", "coverage", "in_total", "lead", "compared", "in_lead")
        self._columns = dict(zip(keys, at.columns("raters", *keys), strict=True))

    def mean(self, whose: Key, counts: str, values: str) -> str:
        """The mean of the raters who count."""
        cells, own = (self._columns[key].of(*whose) for key in (counts, values))
        return idioms.any_known(cells, idioms.mean_of(cells, "1", own))

    def comparing(self, whose: Key) -> str:
        """How many raters' leads are averaged."""
        return f"COUNT({self._columns['in_lead'].of(*whose)})"

    def own_total(self, whose: Key, place: int) -> str:
        """The cell of one rater's total, numbered from 0."""
        return self._columns["total"].cell(*whose, str(place + 1))
