"""The sheet *Views*: requirers and purchasers side by side, and our own view against theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kamxl.core.ids import US, same_id
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.portfolio.standing import SegmentViews
from kamxl.core.portfolio.views import PerceptionRow, View, ViewRow
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.roles import Role
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Conditional, Content, Sheet
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At, Key, Ref
from kamxl.forms.paper.style import BEHIND, BEHIND_SOFT, HEADER, HEADER_RIVAL, HEADER_US, WARN_SOFT
from kamxl.forms.portfolio.data import role_word
from kamxl.forms.portfolio.parts import (
    LEAD,
    LIVE,
    MUTED_CELL,
    POINTS,
    TEXT_CELL,
    draw_page,
    left,
    table_of,
)
from kamxl.forms.portfolio.position import plan_period
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts

_WEIGHT = LIVE.but(format="0.#")


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement of a segment; ``row`` None: not both groups rated; ``own`` None: no own."""

    account: AccountResult
    segment: SegmentResult
    requirement: str
    label: str
    row: ViewRow | None
    own: PerceptionRow | None

    @property
    def key(self) -> Key:
        """Whose rows of *Data* it is about."""
        return self.account.id, self.segment.id, same_id(self.requirement)


def views_table(portfolio: Portfolio, t: Texts) -> ShownTable[Line, _Formulas]:
    """One row per account, segment and requirement where there are two views to compare."""
    lines = [line for account in portfolio.accounts for line in _lines(account)]
    return table_of(
        t, "views", _columns(t), lines, lambda at: _Formulas(at, t),
        old=lambda line: line.segment.earlier, repeated=2,
    )  # fmt: skip


def views_sheet(table: ShownTable[Line, _Formulas], portfolio: Portfolio, t: Texts) -> Sheet:
    """Its sheet, drawn."""
    draw_page(table, t, portfolio, t("portfolio.no_views"))
    if table.records:
        table.as_table()
        limit = portfolio.settings.disagreement
        apart, behind = table.head("rating_difference"), table.head("gap")
        _stands_out(table, "rating_difference", f"ABS({apart})>{limit:g}", WARN_SOFT)
        _stands_out(table, "gap", f"{behind}>{limit:g}", BEHIND_SOFT, BEHIND)
    return table.sheet


def _stands_out(
    table: ShownTable[Line, _Formulas], key: str, far: str, fill: str, color: str | None = None
) -> None:
    rule = idioms.known(table.head(key), then=far, none="FALSE")
    found = Conditional(table.cells(key), formula=rule, fill=fill, color=color, bold=True)
    table.sheet.conditionals.append(found)


def _lines(account: AccountResult) -> Iterator[Line]:
    segments = {segment.id: segment for segment in account.segments}
    for views in account.standing.views:
        yield from _of_segment(account, segments[views.segment], views)


def _of_segment(
    account: AccountResult, segment: SegmentResult, views: SegmentViews
) -> Iterator[Line]:
    own = {same_id(row.requirement): row for row in views.perception}
    for row in views.views.rows if views.views else ():
        mine = own.pop(same_id(row.requirement), None)
        yield Line(account, segment, row.requirement, row.label, row, mine)
    for rest in own.values():
        requirement = segment.requirement(rest.requirement).id
        yield Line(account, segment, requirement, rest.label, None, rest)


def _columns(t: Texts) -> tuple[Column[Line, _Formulas], ...]:
    own = HEADER_US
    return (
        Shown("account", 29, lambda r: r.account.name, TEXT_CELL.but(bold=True), left()),
        Shown("requirement", 33, lambda r: r.label, TEXT_CELL, left()),
        Shown("segment", 18, lambda r: r.segment.name, TEXT_CELL, left()),
        Live("requirer_weight", 12, _Formulas.requirer_weight, _WEIGHT),
        Live("purchaser_weight", 12, _Formulas.purchaser_weight, _WEIGHT),
        Live("weight_difference", 11, _Formulas.weight_difference, LEAD, HEADER),
        Live("requirer_rating", 12, _Formulas.requirer_rating, LIVE, HEADER_RIVAL),
        Live("purchaser_rating", 12, _Formulas.purchaser_rating, LIVE, HEADER_RIVAL),
        Live("rating_difference", 11, _Formulas.rating_difference, LEAD, HEADER_RIVAL),
        Shown("ours", 9, lambda r: r.own.ours if r.own else None, POINTS, own, page=True),
        Live("theirs", 10, _Formulas.theirs, LIVE, own),
        Live("gap", 11, _Formulas.gap, LEAD.but(bold=True), own),
        Shown("said", 32, lambda r: _said(t, r), MUTED_CELL, left()),
        Shown("plan", 11, lambda r: plan_period(t, r.account) if r.own else None, MUTED_CELL),
    )


def _said(t: Texts, line: Line) -> str:
    """ "We think 85, they say 60." """
    if line.own is None:
        return ""
    return t("portfolio.views.perception", ours=line.own.ours, theirs=line.own.theirs)


def _view(line: Line, role: Role) -> View:
    if line.row is None:
        return View(None, None)
    return line.row.requirers if role is Role.REQUIRER else line.row.purchasers


class _Formulas:
    """The views, over the answers of one role in *Data*."""

    def __init__(self, at: At, t: Texts) -> None:
        both = quoted(role_word(t, Role.BOTH))
        self._words = {role: (quoted(role_word(t, role)), both) for role in Role}
        data = at.columns("data", "role", "share", US, "mean")
        self._role, self._share, self._us, self._mean = data
        self._weights = at.own("requirer_weight", "purchaser_weight")
        self._ratings = at.own("requirer_rating", "purchaser_rating")
        self._ours, self._theirs = at.own("ours", "theirs")

    def _weight(self, line: Line, role: Role) -> Content:
        value = _view(line, role).weight
        if value is None:
            return None
        own, whole = (self._sum(role, self._share, key) for key in (line.key, line.key[:2]))
        return live(f"100*{own}/{whole}", value)

    def _sum(self, role: Role, column: Ref, key: Key) -> str:
        """The sum over who answered in a role, or in both."""
        roles, values = self._role.of(*key), column.of(*key)
        sums = (idioms.sum_of(roles, word, values) for word in self._words[role])
        return f"({'+'.join(sums)})"

    def requirer_weight(self, line: Line, _: int) -> Content:
        return self._weight(line, Role.REQUIRER)

    def purchaser_weight(self, line: Line, _: int) -> Content:
        return self._weight(line, Role.PURCHASER)

    def _rating(self, line: Line, role: Role) -> Content:
        value = _view(line, role).rating
        if value is None:
            return None
        roles, ratings = self._role.of(*line.key), self._us.of(*line.key)
        rated = (
            idioms.counted_matches(roles, word, ratings, quoted(">=0"))
            for word in self._words[role]
        )
        return live(f"{self._sum(role, self._us, line.key)}/({'+'.join(rated)})", value)

    def requirer_rating(self, line: Line, _: int) -> Content:
        return self._rating(line, Role.REQUIRER)

    def purchaser_rating(self, line: Line, _: int) -> Content:
        return self._rating(line, Role.PURCHASER)

    def weight_difference(self, line: Line, row: int) -> Content:
        if line.row is None:
            return None
        one, other = (column.here(row) for column in self._weights)
        return live(idioms.difference(one, other), line.row.weight_difference)

    def rating_difference(self, line: Line, row: int) -> Content:
        if line.row is None:
            return None
        one, other = (column.here(row) for column in self._ratings)
        return live(idioms.difference(one, other), line.row.rating_difference)

    def theirs(self, line: Line, _: int) -> Content:
        return live(self._mean.cell(*line.key), line.own.theirs) if line.own else None

    def gap(self, line: Line, row: int) -> Content:
        if line.own is None:
            return None
        return live(f"{self._ours.here(row)}-{self._theirs.here(row)}", line.own.gap)
