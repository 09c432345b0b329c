"""The first sheet: on one screen and one page, nothing cut, each line a link, whatever is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kamxl.core.portfolio.screen import screen_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Formula, Sheet
from kamxl.forms.paper.raw import place_of
from kamxl.forms.portfolio import dashboard
from kamxl.forms.portfolio.book import book
from kamxl.forms.portfolio.dashboard import FIRST, LAST, LINES, NAME, SCREEN
from kamxl.wording.texts import languages, texts
from tests.forms import portfolio_sample as sample

_LETTER = 5.7  # pixels of a letter of 10 points, on average, with some to spare


def long_names() -> Portfolio:
    """The full portfolio, its accounts called as long as people type."""
    full = sample.full()
    name = "Vereinigte Überlandwerke und Wasserversorgung Nord-Süd Verwaltungsgesellschaft mbH"
    return replace(full, accounts=tuple(replace(a, name=f"{name} {a.id}") for a in full.accounts))


KINDS = sample.KINDS | {"long": long_names}
CASES = [(kind, language) for kind in KINDS for language in languages()]


@pytest.fixture(scope="module")
def firsts() -> dict[tuple[str, str], tuple[Portfolio, Sheet]]:
    found = {}
    for kind, language in CASES:
        portfolio = KINDS[kind]()
        sheet = book(portfolio, language, sample.STAMP, {}).sheet("dashboard")
        found[kind, language] = portfolio, sheet
    return found


def across(sheet: Sheet, *columns: int) -> float:
    """Pixels of some columns, as Excel draws them."""
    return sum(sheet.widths[column] * 7 + 5 for column in columns)


@pytest.mark.proof
def test_it_fits_on_a_small_screen_and_one_page(firsts) -> None:
    wide, high = SCREEN
    for case, (_, sheet) in firsts.items():
        assert sheet.print_area is not None
        rows, _ = place_of(sheet.print_area.split(":")[1])
        down = sum(sheet.heights.get(row, 15.0) for row in range(1, rows + 1))
        assert down * 4 / 3 <= high, case
        assert across(sheet, *range(1, LAST + 1)) <= wide, case
        assert sheet.scale is not None
        assert sheet.scale >= 90, case  # of 10 points: 9
        assert down * sheet.scale / 100 <= 509
        assert not sheet.page_breaks
        assert not sheet.column_breaks
        sizes = {cell.style.size for (row, _), cell in sheet.cells.items()
                 if row > 1 and cell.content is not None}  # fmt: skip
        assert min(sizes) >= 10
        assert all(row <= rows for (row, column), _ in sheet.cells.items() if column <= LAST)
        assert all(place_of(chart.bottom_right)[0] <= rows + 1 for chart in sheet.charts)


@pytest.mark.proof
def test_nothing_is_cut(firsts) -> None:
    """A text ends before the next cell that holds something, and before the page does."""
    for case, (_, sheet) in firsts.items():
        for (row, column), cell in sheet.cells.items():
            value = cell.content.value if isinstance(cell.content, Formula) else cell.content
            if row < 2 or not isinstance(value, str) or not value or column > LAST:
                continue
            assert "…" not in value, case
            taken = [c for (r, c), other in sheet.cells.items()
                     if r == row and c > column and other.content not in (None, "")]  # fmt: skip
            room = across(sheet, *range(column, min(taken, default=LAST + 1)))
            needed = len(value) * _LETTER * cell.style.size / 10
            assert needed <= room + 8, (case, row, column, value)


@pytest.mark.proof
def test_each_focus_account_has_its_lines_or_is_counted(firsts) -> None:
    for (kind, language), (portfolio, sheet) in firsts.items():
        t, screen = texts(language), screen_of(portfolio, language)
        told = [str(sheet.cells[row, NAME].content) for row in range(FIRST, FIRST + LINES)
                if (row, NAME) in sheet.cells and sheet.cells[row, NAME].content]  # fmt: skip
        leads = [row for row in range(FIRST, FIRST + LINES) if (row, dashboard.LEAD) in sheet.cells
                 and sheet.cells[row, dashboard.LEAD].content is not None]  # fmt: skip
        more = len(screen.rows) - len(leads)
        assert len(leads) >= min(len(screen.rows), {"full": 7, "long": 3}.get(kind, 4)), kind
        key = "more" if screen.focused else "more_unfocused"
        assert (t(f"portfolio.answers.{key}", count=more) in told) == (more > 0)
        for line, row in zip(leads, screen.rows, strict=False):
            cell = sheet.cells[line, dashboard.LEAD].content
            points = row.account.lead.points
            assert isinstance(cell, Formula)
            assert cell.value == ("–" if points is None else points)
            left, right = (sheet.cells[line, c].content for c in (dashboard.LAG, dashboard.AHEAD))
            assert isinstance(left, Formula)
            assert isinstance(right, Formula)
            assert not (left.value and right.value)


@pytest.mark.proof
def test_each_line_leads_to_rows_that_are_there() -> None:
    full = sample.full()
    made = book(full, "de", sample.STAMP, {})
    sheets = {sheet.title: sheet for sheet in made.sheets}
    first = made.sheet("dashboard")
    for row in (*range(5, 8), *range(FIRST, FIRST + LINES)):
        for column in range(1, LAST + 1):
            cell = first.cells.get((row, column))
            shown = cell.content if cell else None
            shown = shown.value if isinstance(shown, Formula) else shown
            if cell is None or shown in (None, ""):
                continue
            assert cell.link, (row, column, cell.content)
            title, place = cell.link.rsplit("!", 1)
            assert sheets[title.strip("'")].cells[place_of(place)].content is not None

    def led(said: str) -> set[object]:
        (link,) = {cell.link for (row, column), cell in first.cells.items()
                   if row in range(5, 8) and column > 1 and said in str(cell.content)}  # fmt: skip
        assert link
        title, place = link.rsplit("!", 1)
        cells = sheets[title.strip("'")].cells.items()
        return {cell.content for (row, _), cell in cells if row == place_of(place)[0]}

    screen = screen_of(full, "de")
    assert screen.monday.card is not None
    assert {screen.monday.card.name, screen.monday.card.segment_name} <= led("anzurufen")
    assert screen.monday.answer in led("zu entscheiden")
    assert screen.whom.sold in led("nur Verkauf")
    assert screen.whom.planless in led("ohne Kundenplan")


@pytest.mark.proof
@pytest.mark.parametrize("language", languages())
def test_the_words_of_an_answer(language: str) -> None:
    t, full = texts(language), sample.full()
    sheet = book(full, language, sample.STAMP, {}).sheet("dashboard")
    said = {row: [str(c.content) for (r, _), c in sorted(sheet.cells.items()) if r == row
                  and c.content] for row in (5, 6, 7)}  # fmt: skip
    whom, what, monday = said.values()
    screen = screen_of(full, language)
    assert whom[1:] == [
        t("portfolio.answers.focus", count=7),
        t("portfolio.answers.selling", count=screen.whom.selling),
        t("portfolio.answers.unplanned", count=screen.whom.unplanned),
    ]
    assert screen.what is not None
    assert what[1].startswith(f"{screen.what.label}: {screen.what.segments} ")
    counts = (screen.monday.overdue, screen.monday.call, screen.monday.decide)
    assert [int(one.split()[0]) for one in monday[1:]] == [count for count in counts if count]


@pytest.mark.parametrize("language", languages())
def test_a_clause_without_room_is_counted(language: str) -> None:
    t = texts(language)
    parts = ("a" * 40, "b" * 40, "c" * 40)
    said = dashboard._brief(parts, 70, t)
    assert said == f"A{'a' * 39}; {t('portfolio.answers.more_said', count=2)}"
    assert dashboard._brief(parts, 130, t).endswith("c" * 40)
