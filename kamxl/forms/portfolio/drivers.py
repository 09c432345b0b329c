"""The sheet *Value drivers*: each requirement over all accounts, then all gaps one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kamxl.core.cards.replies import person_of
from kamxl.core.ids import US, same_id
from kamxl.core.method.programmes import Action, RequirementKey, closing
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.portfolio.improving import Improvements
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At, Key
from kamxl.forms.paper.style import (
    ACCENT_SOFT,
    BEHIND,
    HEADER_RIVAL,
    HEADER_US,
    WARN_SOFT,
    Style,
)
from kamxl.forms.portfolio.actions import due_of, owners_of, said_of
from kamxl.forms.portfolio.improving import Sums, draw_sums, key_row_below
from kamxl.forms.portfolio.lists import Lists
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    COUNT,
    FAINT_CELL,
    FEW,
    LEAD,
    LIVE,
    LIVE_MONEY,
    MUTED_CELL,
    TEXT_CELL,
    frame,
    left,
    stay,
    table_of,
)
from kamxl.forms.portfolio.words import best_name_of, period_of, points, rival_name
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable, folding
from kamxl.wording.texts import Texts


@dataclass(frozen=True, slots=True)
class Driver:
    """One gap: ``points`` of the segment's total, ``worth`` of the account's; its place from 1.

    ``place``: of the requirement over all accounts, in whose sums it is, and ``counts``: what it
    adds to their counts; None: it is in none.
    """

    account: AccountResult
    segment: SegmentResult
    requirement: str
    points: float
    worth: float
    number: int = 0
    place: int | None = None
    counts: int | None = None

    @property
    def key(self) -> Key:
        """Whose rows of *Data* it is about."""
        return self.account.id, self.segment.id, same_id(self.requirement)

    @property
    def lead_part(self) -> float | None:
        """What the requirement adds to our lead over the segment's best competitor."""
        return self.segment.lead_part(self.requirement)

    @property
    def money(self) -> float | None:
        """What the gap is about, in money a year."""
        return self.segment.worth(self.points)

    def rating(self, supplier: str) -> float | None:
        """The mean rating of a supplier here."""
        seen = self.segment.profile
        return seen.rating(supplier, self.requirement) if seen else None


def drivers(portfolio: Portfolio, of: Improvements) -> list[Driver]:
    """All gaps, the one worth most to its account's total first."""
    found = []
    for account in portfolio.accounts:
        for segment in account.segments:
            share = account.result.weights[segment.id]
            for requirement, gap in segment.gaps.items():
                place, summed = of.gap(RequirementKey(account.id, segment.id, requirement))
                counts = summed.counts if summed else None
                if round(gap, TIE_DIGITS) > 0:
                    one = Driver(account, segment, requirement, gap, gap * share)
                    found.append(replace(one, place=place, counts=counts))
    found.sort(key=lambda d: (-round(d.worth, TIE_DIGITS), -round(d.points, TIE_DIGITS)))
    return [replace(driver, number=number) for number, driver in enumerate(found, 1)]


def drivers_table(portfolio: Portfolio, t: Texts, lists: Lists) -> ShownTable[Driver, _Formulas]:
    """One row per gap, every number from the Data rows behind it, below the block of sums."""
    found = drivers(portfolio, lists.improvements)
    key_row = key_row_below(lists)
    return table_of(
        t, "drivers", _columns(t), found, _Formulas, key_row=key_row,
        old=lambda driver: driver.segment.earlier, repeated=3,
    )  # fmt: skip


def drivers_sheet(
    table: ShownTable[Driver, _Formulas], sums: Sums, portfolio: Portfolio, t: Texts, lists: Lists
) -> Sheet:
    """The sheet of both, drawn."""
    sheet = table.sheet
    frame(sheet, t, portfolio, table.width)
    table.draw(t, t("portfolio.no_answers"))
    draw_sums(sums, t, lists, table.key_row - 2)
    if sums.records and len(table.records) > FEW:
        sheet.page_breaks = [table.key_row - 3]
    if not sums.records:
        stay(table)
    if table.records:
        table.as_table()
        table.bars(ACCENT_SOFT, max(5.0, table.records[0].worth), "worth")
    return sheet


def _columns(t: Texts) -> tuple[Column[Driver, _Formulas], ...]:
    day = COUNT.but(format=t("language.excel_date"))
    return (
        Shown("number", 6, lambda r: r.number, COUNT),
        Shown("account", 26, lambda r: r.account.name, TEXT_CELL.but(bold=True), left()),
        Shown("requirement", 28, _label, TEXT_CELL, left()),
        Shown("segment", 18, lambda r: r.segment.name, TEXT_CELL, left()),
        Live("revenue", 13, _Formulas.revenue, LIVE_MONEY),
        Live("money", 13, _Formulas.money, LIVE_MONEY),
        Live("points", 10, _Formulas.points, LIVE),
        Live("worth", 11, _Formulas.worth, BOLD_LIVE.but(fill=None)),
        *folding(
            Live("weight", 9, _Formulas.weight, LIVE),
            Live("us", 10, _Formulas.us, LIVE, HEADER_US),
            Shown("best", 17, lambda r: best_name_of(t, r.segment), TEXT_CELL, HEADER_RIVAL),
            Live("rival", 12, _Formulas.rival, LIVE, HEADER_RIVAL),
            Live("lead", 12, _Formulas.lead, LEAD, page=True),
            Shown("period", 14, lambda r: _period(t, r), _period_style),
            Shown("strongest", 20, lambda r: _strongest(t, r), MUTED_CELL, HEADER_RIVAL),
            Shown("knockout", 19, lambda r: _knockout(t, r), MUTED_CELL.but(color=BEHIND)),
            Shown("place", 11, lambda r: r.place, FAINT_CELL),
            Shown("counts", 11, lambda r: r.counts, FAINT_CELL),
        ),
        Shown("list", 12, lambda r: _list(t, r), MUTED_CELL),
        Shown("action", 36, lambda r: said_of(t, closers(r)), _action_style, left(), page=True),
        *folding(
            Shown("owner", 16, lambda r: owners_of(closers(r)), TEXT_CELL, left()),
            Shown("due", 11, lambda r: due_of(closers(r)), day),
            Shown("comment", 36, lambda r: _comments(t, r), MUTED_CELL, left()),
        ),
    )


def closers(driver: Driver) -> tuple[Action, ...]:
    """The actions of the account's plan that close this gap, the most urgent first."""
    key = RequirementKey(driver.account.id, driver.segment.id, driver.requirement)
    return closing(driver.account.standing.actions, [key])[key]


def _action_style(driver: Driver) -> Style:
    return TEXT_CELL if closers(driver) else MUTED_CELL.but(italic=True)


def _list(t: Texts, driver: Driver) -> str | None:
    selected = driver.account.standing.selected
    return t(f"portfolio.lists.{selected.list.value}") if selected else None


def _period(t: Texts, driver: Driver) -> str:
    return period_of(t, driver.segment.period, earlier=driver.segment.earlier)


def _period_style(driver: Driver) -> Style:
    return MUTED_CELL.but(fill=WARN_SOFT) if driver.segment.earlier else MUTED_CELL


def _label(driver: Driver) -> str:
    return driver.segment.requirement(driver.requirement).label


def _strongest(t: Texts, driver: Driver) -> str:
    """Who is best on this very requirement: another measure than the best competitor overall."""
    found = driver.segment.best_per_requirement.get(driver.requirement)
    if found is None:
        return ""
    rival, rating = found
    name = rival_name(t, driver.segment.rival(rival))
    return t("portfolio.words.rated", name=name, rating=points(t, rating))


def _knockout(t: Texts, driver: Driver) -> str:
    rating = driver.segment.knockouts.get(driver.requirement)
    if rating is None:
        return ""
    minimum = driver.segment.requirement(driver.requirement).minimum
    return t("portfolio.words.below_minimum", rating=points(t, rating), minimum=points(t, minimum))


def _comments(t: Texts, driver: Driver) -> str:
    """What the customers wrote beside it, each with the name if there are several."""
    wanted = same_id(driver.requirement)
    said = [
        (person_of(reply), text)
        for reply in driver.segment.replies
        for requirement, text in reply.answers.comments.items()
        if same_id(requirement) == wanted and text
    ]
    if driver.segment.respondents == 1:
        return "\n".join(text for _, text in said)
    return "\n".join(t("portfolio.words.said", name=name, text=text) for name, text in said)


class _Formulas:
    """The numbers of a gap, over its requirement's Data rows and its segment's block."""

    def __init__(self, at: At) -> None:
        data = at.columns("data", "share", "mean", "best", "gap", "part")
        self._share, self._mean, self._best, self._gap, self._part = data
        self._counts, self._revenues = at.columns("segments", "share", "revenue")
        self._revenue, self._worth = at.own("revenue", "points")

    def weight(self, driver: Driver, _: int) -> Content:
        weight = driver.segment.requirement(driver.requirement).weight
        return live(f"SUM({self._share.of(*driver.key)})", weight)

    def us(self, driver: Driver, _: int) -> Content:
        return live(self._mean.cell(*driver.key), driver.rating(US))

    def _points(self, driver: Driver) -> str:
        return f"SUM({self._gap.of(*driver.key)})"

    def revenue(self, driver: Driver, _: int) -> Content:
        revenue = self._revenues.cell(*driver.key[:2])
        return live(idioms.known(revenue, then=revenue), driver.segment.revenue)

    def money(self, driver: Driver, row: int) -> Content:
        revenue, gap = self._revenue.here(row), self._worth.here(row)
        return live(idioms.both_known(revenue, gap, f"{revenue}*{gap}/100"), driver.money)

    def points(self, driver: Driver, _: int) -> Content:
        return live(self._points(driver), driver.points)

    def worth(self, driver: Driver, _: int) -> Content:
        counts = self._counts.cell(*driver.key[:2])
        return live(f"{self._points(driver)}*{counts}", driver.worth)

    def rival(self, driver: Driver, _: int) -> Content:
        if driver.segment.best is None or driver.rating(driver.segment.best.id) is None:
            return None
        return live(self._best.cell(*driver.key), driver.rating(driver.segment.best.id))

    def lead(self, driver: Driver, _: int) -> Content:
        if driver.lead_part is None:
            return None
        return live(idioms.sum_known(self._part.of(*driver.key)), driver.lead_part)
