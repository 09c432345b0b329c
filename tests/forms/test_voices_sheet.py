"""The sheet *Voices*: pictures of ranges, each disagreement a row, and what is said without any."""

from __future__ import annotations

import pytest

from kamxl.forms.paper.book import Book, Formula, Sheet
from kamxl.forms.paper.raw import place_of
from kamxl.forms.portfolio.book import book
from kamxl.wording.texts import languages, texts
from tests.core.test_disagreeing import WHO, portfolio, said
from tests.forms import portfolio_sample as sample


def voices_of(found: Book) -> Sheet:
    return found.sheet("voices")


def numbers(sheet: Sheet, ref: str) -> list[object]:
    """What a series of one row or one column reads."""
    ends = [place_of(cell.replace("$", "")) for cell in ref.rsplit("!", 1)[1].split(":")]
    (top, left), (bottom, right) = ends[0], ends[-1]
    cells = [sheet.cells.get((r, c)) for r in range(top, bottom + 1)
             for c in range(left, right + 1)]  # fmt: skip
    contents = [cell.content if cell else None for cell in cells]
    return [one.value if isinstance(one, Formula) else one for one in contents]


@pytest.mark.parametrize("language", languages())
def test_a_range_is_drawn_from_its_cells(language: str) -> None:
    t = texts(language)
    sheet = voices_of(book(portfolio(*map(said, WHO)), language, sample.STAMP, {}))
    (chart,) = sheet.charts
    assert chart.title == t("portfolio.voices.finding", account="Account A", segment="", apart=60)
    bars = [one for one in chart.series if one.line]
    assert numbers(sheet, bars[0].categories or "") == [30, 90]
    assert numbers(sheet, bars[1].categories or "") == [80, 80]
    marks = {one.title: one for one in chart.series if one.title and not one.line}
    requirers = marks[t("portfolio.voices.mark_requirers")]
    assert numbers(sheet, requirers.categories or "")[:2] == [80, 80]
    ours = marks[t("portfolio.voices.mark_ours")]
    assert set(numbers(sheet, ours.values)) == {None}  # no plan: nothing is drawn at 0
    contents = [cell.content for cell in sheet.cells.values()]
    assert t("portfolio.voices.open") in contents
    assert "Purchasing 30, Quality 70, Production 90" in contents


@pytest.mark.parametrize("language", languages())
def test_who_is_alone_is_no_picture(language: str) -> None:
    made = book(portfolio(said("P")), language, sample.STAMP, {})
    sheet = voices_of(made)
    assert not sheet.charts
    contents = [cell.content for cell in sheet.cells.values()]
    assert texts(language)("portfolio.voices.alone") in contents


def test_actions_count_what_is_to_be_talked_about() -> None:
    t = texts("en")
    cells = book(portfolio(*map(said, WHO)), "en", sample.STAMP, {}).sheet("actions").cells
    ((row, column),) = [
        at for at, c in cells.items() if c.content == t("portfolio.actions.to_talk")
    ]
    count = cells[row + 1, column].content
    assert isinstance(count, Formula)
    assert count.value == 1
