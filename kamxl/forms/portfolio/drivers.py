"""The sheet *Value drivers*: all gaps of all accounts, those worth most first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kamxl.core.ids import US, same_id
from kamxl.core.method.programmes import Action, RequirementKey, closing
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.portfolio.results import AccountResult, SegmentResult, person_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At, Key
from kamxl.forms.paper.style import ACCENT_SOFT, BEHIND, HEADER_RIVAL, HEADER_US, Style
from kamxl.forms.portfolio.actions import due_of, owners_of, said_of
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    COUNT,
    LEAD,
    LIVE,
    SMALL_CELL,
    SMALL_LIST,
    TEXT_CELL,
    draw_page,
    left,
    table_of,
)
from kamxl.forms.portfolio.words import best_name_of, points, supplier_name
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts


@dataclass(frozen=True, slots=True)
class Driver:
    """One gap: ``points`` of the segment's total, ``worth`` of the account's; its place from 1."""

    account: AccountResult
    segment: SegmentResult
    requirement: str
    points: float
    worth: float
    number: int = 0

    @property
    def key(self) -> Key:
        """Whose rows of *Data* it is about."""
        return self.account.id, self.segment.id, same_id(self.requirement)

    @property
    def lead_part(self) -> float | None:
        """What the requirement adds to our lead over the segment's best competitor."""
        best = self.segment.best
        return best.parts.get(self.requirement) if best and best.lead.basis.enough else None

    def rating(self, supplier: str) -> float | None:
        """The mean rating of a supplier here."""
        seen = self.segment.profile
        return seen.rating(supplier, self.requirement) if seen else None


def drivers(portfolio: Portfolio) -> list[Driver]:
    """All gaps, the one worth most to its account's total first."""
    found = [
        Driver(account, segment, requirement, gap, gap * account.result.weights[segment.id])
        for account in portfolio.accounts
        for segment in account.segments
        for requirement, gap in segment.gaps.items()
        if round(gap, TIE_DIGITS) > 0
    ]
    found.sort(key=lambda d: (-round(d.worth, TIE_DIGITS), -round(d.points, TIE_DIGITS)))
    return [replace(driver, number=number) for number, driver in enumerate(found, 1)]


def drivers_table(portfolio: Portfolio, t: Texts) -> ShownTable[Driver, _Formulas]:
    """One row per gap, every number from the Data rows behind it."""
    return table_of(t, "drivers", _columns(t), drivers(portfolio), _Formulas)


def drivers_sheet(table: ShownTable[Driver, _Formulas], portfolio: Portfolio, t: Texts) -> Sheet:
    """Its sheet, drawn."""
    draw_page(table, t, portfolio, t("portfolio.no_answers"))
    if table.records:
        table.as_table()
        table.bars(ACCENT_SOFT, max(5.0, table.records[0].worth), "worth")
    return table.sheet


def _columns(t: Texts) -> tuple[Column[Driver, _Formulas], ...]:
    day = COUNT.but(format=t("language.excel_date"))
    return (
        Shown("number", 6, lambda r: r.number, COUNT),
        Shown("account", 24, lambda r: r.account.name, TEXT_CELL.but(bold=True), left()),
        Shown("segment", 18, lambda r: r.segment.name, TEXT_CELL, left()),
        Shown("requirement", 25, _label, TEXT_CELL, left()),
        Live("weight", 9, _Formulas.weight, LIVE),
        Live("us", 8, _Formulas.us, LIVE, HEADER_US),
        Live("points", 10, _Formulas.points, LIVE),
        Live("worth", 11, _Formulas.worth, BOLD_LIVE.but(fill=None)),
        Shown("best", 16, lambda r: best_name_of(t, r.segment), TEXT_CELL, HEADER_RIVAL),
        Live("rival", 9, _Formulas.rival, LIVE, HEADER_RIVAL),
        Live("lead", 10, _Formulas.lead, LEAD),
        Shown("strongest", 18, lambda r: _strongest(t, r), SMALL_CELL, HEADER_RIVAL),
        Shown("knockout", 19, lambda r: _knockout(t, r), SMALL_CELL.but(color=BEHIND)),
        Shown("action", 34, lambda r: said_of(t, closers(r)), _action_style, left()),
        Shown("owner", 15, lambda r: owners_of(closers(r)), SMALL_LIST, left()),
        Shown("due", 11, lambda r: due_of(closers(r)), day),
        Shown("comment", 30, lambda r: _comments(t, r), SMALL_CELL, left()),
    )


def closers(driver: Driver) -> tuple[Action, ...]:
    """The actions of the account's plan that close this gap, the most urgent first."""
    key = RequirementKey(driver.account.id, driver.segment.id, driver.requirement)
    return closing(driver.account.standing.actions, [key])[key]


def _action_style(driver: Driver) -> Style:
    return SMALL_LIST if closers(driver) else SMALL_CELL.but(italic=True)


def _label(driver: Driver) -> str:
    return driver.segment.requirement(driver.requirement).label


def _strongest(t: Texts, driver: Driver) -> str:
    """Who is best on this very requirement: another measure than the best competitor overall."""
    found = driver.segment.best_per_requirement.get(driver.requirement)
    if found is None:
        return ""
    rival, rating = found
    name = supplier_name(t, rival, driver.segment.rival(rival).name)
    return t("portfolio.words.rated", name=name, rating=rating)


def _knockout(t: Texts, driver: Driver) -> str:
    if driver.requirement not in driver.segment.knockouts:
        return ""
    minimum = driver.segment.requirement(driver.requirement).minimum
    return t("portfolio.words.below_minimum", minimum=points(t, minimum))


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
        self._counts = at.column("segments", "share")

    def weight(self, driver: Driver, _: int) -> Content:
        weight = driver.segment.requirement(driver.requirement).weight
        return live(f"SUM({self._share.of(*driver.key)})", weight)

    def us(self, driver: Driver, _: int) -> Content:
        return live(self._mean.cell(*driver.key), driver.rating(US))

    def _points(self, driver: Driver) -> str:
        return f"SUM({self._gap.of(*driver.key)})"

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
