"""The sheet *Views*: requirers and purchasers side by side, and our own view against theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kamxl.core.ids import US, same_id
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.portfolio.standing import SegmentViews
from kamxl.core.portfolio.views import PerceptionRow, View, ViewRow
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.roles import Role
from kamxl.forms.paper.book import Conditional, Content, Sheet, span
from kamxl.forms.paper.style import BEHIND, BEHIND_SOFT, HEADER, HEADER_RIVAL, HEADER_US, WARN_SOFT
from kamxl.forms.portfolio.data import role_word
from kamxl.forms.portfolio.parts import (
    LEAD,
    LIVE,
    POINTS,
    SMALL_CELL,
    TABLE_ROW,
    TEXT_CELL,
    Field,
    as_table,
    blank_sheet,
    draw_table,
    frame,
    grid_of,
    left,
    live,
)
from kamxl.forms.portfolio.places import Places
from kamxl.forms.portfolio.position import plan_period
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


def views_sheet(portfolio: Portfolio, t: Texts, places: Places) -> Sheet:
    """One row per account, segment and requirement where there are two views to compare."""
    sheet = blank_sheet(t, "views")
    lines = [line for account in portfolio.accounts for line in _lines(account)]
    fields = _fields(t, places)
    grid = grid_of(sheet, TABLE_ROW + 1, [f.key for f in fields])
    frame(sheet, t, portfolio, len(fields))
    last = draw_table(grid, t, fields, lines, t("portfolio.no_views"))
    if lines:
        first = grid.row + 1
        as_table(grid, last, len(fields))
        limit = portfolio.settings.disagreement
        for key, fill in (("rating_difference", WARN_SOFT), ("gap", BEHIND_SOFT)):
            column, cell = grid.columns[key], grid.here(key, first)
            far = f"ABS({cell})>{limit:g}" if key != "gap" else f"{cell}>{limit:g}"
            rule = f"IF(ISNUMBER({cell}),{far},FALSE)"
            color = BEHIND if key == "gap" else None
            ranges = span(first, column, last, column)
            sheet.conditionals.append(
                Conditional(ranges, formula=rule, fill=fill, color=color, bold=True)
            )
    return sheet


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


def _fields(t: Texts, places: Places) -> tuple[Field[Line], ...]:
    at = _Formulas(t, places)
    own = HEADER_US
    return (
        Field("account", 23, lambda r, _: r.account.name, TEXT_CELL.but(bold=True), left()),
        Field("segment", 18, lambda r, _: r.segment.name, TEXT_CELL, left()),
        Field("requirement", 27, lambda r, _: r.label, TEXT_CELL, left()),
        Field("requirer_weight", 12, at.weight(Role.REQUIRER), _WEIGHT),
        Field("purchaser_weight", 12, at.weight(Role.PURCHASER), _WEIGHT),
        Field("weight_difference", 11, at.difference("weight"), LEAD, HEADER),
        Field("requirer_rating", 12, at.rating(Role.REQUIRER), LIVE, HEADER_RIVAL),
        Field("purchaser_rating", 12, at.rating(Role.PURCHASER), LIVE, HEADER_RIVAL),
        Field("rating_difference", 11, at.difference("rating"), LEAD, HEADER_RIVAL),
        Field("ours", 9, lambda r, _: r.own.ours if r.own else None, POINTS, own),
        Field("theirs", 10, at.theirs, LIVE, own),
        Field("gap", 11, at.gap, LEAD.but(bold=True), own),
        Field("said", 32, lambda r, _: _said(t, r), SMALL_CELL, left()),
        Field("plan", 11, lambda r, _: plan_period(t, r.account) if r.own else None, SMALL_CELL),
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


@dataclass(frozen=True, slots=True)
class _Formulas:
    """The views, over the answers of one role in *Data*."""

    t: Texts
    places: Places

    def _block(self, line: Line, key: str) -> str:
        rows = self.places.requirement(line.segment, line.requirement)
        return self.places.data.block(key, *rows)

    def _segment(self, line: Line, key: str) -> str:
        rows = self.places.segment_data[line.account.id, line.segment.id]
        return self.places.data.block(key, *rows)

    def weight(self, role: Role) -> Callable[[Line, int], Content]:
        def content(line: Line, _: int) -> Content:
            value = _view(line, role).weight
            if value is None:
                return None
            word = role_word(self.t, role)
            own = f'SUMIF({self._block(line, "role")},"{word}",{self._block(line, "share")})'
            whole = f'SUMIF({self._segment(line, "role")},"{word}",{self._segment(line, "share")})'
            return live(f"100*{own}/{whole}", value)

        return content

    def rating(self, role: Role) -> Callable[[Line, int], Content]:
        def content(line: Line, _: int) -> Content:
            value = _view(line, role).rating
            if value is None:
                return None
            roles, ratings = self._block(line, "role"), self._block(line, US)
            return live(f'AVERAGEIF({roles},"{role_word(self.t, role)}",{ratings})', value)

        return content

    def difference(self, kind: str) -> Callable[[Line, int], Content]:
        first, second = ("D", "E") if kind == "weight" else ("G", "H")  # of this very table

        def content(line: Line, row: int) -> Content:
            if line.row is None:
                return None
            value = getattr(line.row, f"{kind}_difference")
            cells = f"${first}{row}", f"${second}{row}"
            return live(f'IF(COUNT({cells[0]},{cells[1]})=2,{cells[0]}-{cells[1]},"")', value)

        return content

    def theirs(self, line: Line, _: int) -> Content:
        if line.own is None:
            return None
        row = self.places.requirement(line.segment, line.requirement)[0]
        return live(self.places.data.cell("mean", row), line.own.theirs)

    def gap(self, line: Line, row: int) -> Content:
        return live(f"$J{row}-$K{row}", line.own.gap) if line.own else None
