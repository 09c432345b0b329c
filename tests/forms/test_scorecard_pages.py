"""No printed page of a scorecard breaks inside a picture, its explanation or the list of gaps."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kamxl.forms.paper.book import Sheet
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard.grid import CardSize, ResultGrid

DEFAULT_HEIGHT = 15.0
PAGE = 830.0  # points of rows that fit on A4 upright at the width of this sheet (LibreOffice)


def stretches(sheet: Sheet, last: int) -> list[float]:
    """The heights of the stretches between the page breaks."""
    breaks = [0, *sheet.page_breaks, last]
    return [
        sum(sheet.heights.get(row, DEFAULT_HEIGHT) for row in range(first + 1, end + 1))
        for first, end in pairwise(breaks)
    ]


@pytest.mark.parametrize("competitors", range(7))
@pytest.mark.parametrize("requirements", [1, 2, 5, 6, 7, 8, 10, 12, 13, 20])
def test_what_belongs_together_fits_on_a_page(requirements: int, competitors: int) -> None:
    size = CardSize(requirements, competitors)
    sheet = scorecard.book("en", size).sheet("result")
    last = ResultGrid(size).gap_row(size.rows - 1)
    heights = stretches(sheet, last)
    assert max(heights) <= PAGE, heights


def test_the_longest_list_starts_a_page_of_its_own() -> None:
    size = CardSize(40, 6)
    grid, sheet = ResultGrid(size), scorecard.book("en", size).sheet("result")
    assert sheet.page_breaks == [grid.picture - 1, grid.gaps - 2]
    assert max(stretches(sheet, grid.gaps - 2)) <= PAGE
