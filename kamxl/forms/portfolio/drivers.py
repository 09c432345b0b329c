"""The sheet *Value drivers*: all gaps of all accounts, those worth most first."""

from __future__ import annotations

from dataclasses import dataclass

from kamxl.core.ids import US, same_id
from kamxl.core.method.programmes import Action, RequirementKey, closing
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.portfolio.results import AccountResult, SegmentResult, person_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Conditional, Content, Sheet, span
from kamxl.forms.paper.style import ACCENT_SOFT, BEHIND, HEADER_RIVAL, HEADER_US, Style
from kamxl.forms.portfolio.actions import due_of, owners_of, said_of
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    COUNT,
    LEAD,
    LIVE,
    SMALL_CELL,
    SMALL_LIST,
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
from kamxl.forms.portfolio.words import best_name_of, points, supplier_name
from kamxl.wording.texts import Texts


@dataclass(frozen=True, slots=True)
class Driver:
    """One gap: ``points`` of the segment's total, ``worth`` of the account's."""

    account: AccountResult
    segment: SegmentResult
    requirement: str
    points: float
    worth: float

    @property
    def lead_part(self) -> float | None:
        """What the requirement adds to our lead over the segment's best competitor."""
        return self.segment.best.parts.get(self.requirement) if self.segment.best else None

    def rating(self, supplier: str) -> float | None:
        """The mean rating of a supplier here."""
        card = self.segment.card
        return card.rating(supplier, self.requirement) if card else None


def drivers(portfolio: Portfolio) -> list[Driver]:
    """All gaps, the one worth most to its account's total first."""
    found = [
        Driver(account, segment, requirement, gap, gap * account.result.weights[segment.id])
        for account in portfolio.accounts
        for segment in account.segments
        for requirement, gap in segment.gaps.items()
        if round(gap, TIE_DIGITS) > 0
    ]
    return sorted(found, key=lambda d: (-round(d.worth, TIE_DIGITS), -round(d.points, TIE_DIGITS)))


def drivers_sheet(portfolio: Portfolio, t: Texts, places: Places) -> Sheet:
    """One row per gap, every number from the Data rows behind it."""
    sheet = blank_sheet(t, "drivers")
    records = drivers(portfolio)
    fields = _fields(t, places)
    grid = grid_of(sheet, TABLE_ROW + 1, [f.key for f in fields])
    frame(sheet, t, portfolio, len(fields))
    last = draw_table(grid, t, fields, list(enumerate(records, 1)), t("portfolio.no_answers"))
    if records:
        first = grid.row + 1
        as_table(grid, last, len(fields))
        column = grid.columns["worth"]
        bars = Conditional(
            span(first, column, last, column), kind="bar", fill=ACCENT_SOFT, low_at=0,
            high_at=max(5.0, records[0].worth),
        )  # fmt: skip
        sheet.conditionals.append(bars)
    return sheet


Numbered = tuple[int, Driver]


def _fields(t: Texts, places: Places) -> tuple[Field[Numbered], ...]:
    at = _Formulas(places)
    day = COUNT.but(format=t("language.excel_date"))
    return (
        Field("number", 6, lambda r, _: r[0], COUNT),
        Field("account", 24, lambda r, _: r[1].account.name, TEXT_CELL.but(bold=True), left()),
        Field("segment", 18, lambda r, _: r[1].segment.name, TEXT_CELL, left()),
        Field("requirement", 25, lambda r, _: _label(r[1]), TEXT_CELL, left()),
        Field("weight", 9, at.weight, LIVE),
        Field("us", 8, at.us, LIVE, HEADER_US),
        Field("points", 10, at.points, LIVE),
        Field("worth", 11, at.worth, BOLD_LIVE.but(fill=None)),
        Field("best", 16, lambda r, _: best_name_of(t, r[1].segment), TEXT_CELL, HEADER_RIVAL),
        Field("rival", 9, at.rival, LIVE, HEADER_RIVAL),
        Field("lead", 10, at.lead, LEAD),
        Field("strongest", 18, lambda r, _: _strongest(t, r[1]), SMALL_CELL, HEADER_RIVAL),
        Field("knockout", 19, lambda r, _: _knockout(t, r[1]), SMALL_CELL.but(color=BEHIND)),
        Field("action", 34, lambda r, _: said_of(t, closers(r[1])), _action_style, left()),
        Field("owner", 15, lambda r, _: owners_of(closers(r[1])), SMALL_LIST, left()),
        Field("due", 11, lambda r, _: due_of(closers(r[1])), day),
        Field("comment", 30, lambda r, _: _comments(t, r[1]), SMALL_CELL, left()),
    )


def closers(driver: Driver) -> tuple[Action, ...]:
    """The actions of the account's plan that close this gap, the most urgent first."""
    key = RequirementKey(driver.account.id, driver.segment.id, driver.requirement)
    return closing(driver.account.standing.actions, [key])[key]


def _action_style(record: Numbered) -> Style:
    return SMALL_LIST if closers(record[1]) else SMALL_CELL.but(italic=True)


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


@dataclass(frozen=True, slots=True)
class _Formulas:
    """The numbers of a gap, over its requirement's Data rows and its segment's block."""

    places: Places

    def _rows(self, driver: Driver) -> tuple[int, int]:
        return self.places.requirement(driver.segment, driver.requirement)

    def _share(self, driver: Driver) -> str:
        return f"SUM({self.places.data.block('share', *self._rows(driver))})"

    def _mean(self, driver: Driver, key: str) -> str:
        return self.places.data.cell(key, self._rows(driver)[0])

    def _block(self, driver: Driver, key: str) -> str:
        rows = self.places.segment_data[driver.account.id, driver.segment.id]
        return self.places.data.block(key, *rows)

    def weight(self, record: Numbered, _: int) -> Content:
        driver = record[1]
        weight = driver.segment.requirement(driver.requirement).weight
        return live(self._share(driver), weight)

    def us(self, record: Numbered, _: int) -> Content:
        return live(self._mean(record[1], "mean"), record[1].rating(US))

    def points(self, record: Numbered, _: int) -> Content:
        driver = record[1]
        whole = f"SUM({self._block(driver, 'share')})"
        text = f"{self._share(driver)}*(100-{self._mean(driver, 'mean')})/{whole}"
        return live(text, driver.points)

    def worth(self, record: Numbered, row: int) -> Content:
        driver = record[1]
        at = self.places.segment_rows[driver.account.id, driver.segment.id]
        own = self.points(record, row)
        share = self.places.segments.cell("share", at)
        return live(f"{getattr(own, 'text', '')}*{share}", driver.worth)

    def rival(self, record: Numbered, _: int) -> Content:
        driver = record[1]
        if driver.segment.best is None or driver.rating(driver.segment.best.id) is None:
            return None
        return live(self._mean(driver, "best"), driver.rating(driver.segment.best.id))

    def lead(self, record: Numbered, _: int) -> Content:
        driver = record[1]
        if driver.lead_part is None:
            return None
        blocks = (self._block(driver, key) for key in ("share", "mean", "best"))
        both = 'SUMIFS({},{},">=0",{},">=0")'.format(*blocks)
        text = f"{self._share(driver)}*{self._mean(driver, 'difference')}/{both}"
        return live(text, driver.lead_part)
