"""Where a click leads: the row that is found at once is the one that looking at each row finds."""

from __future__ import annotations

import pytest

from kamxl.forms.paper.book import Book, Sheet
from kamxl.forms.portfolio.book import book
from kamxl.forms.portfolio.links import Links, _keys
from tests.forms import portfolio_sample


def looked_for(sheet: Sheet, **where: object) -> int | None:
    """The first row below the keys that says all of it, by looking at every one."""
    keys = _keys(sheet)
    places = [keys[column] for column in where]
    last = max(row for row, _ in sheet.cells)
    for row in range(max(row for row, _ in places) + 1, last + 1):
        cells = [sheet.cells.get((row, column)) for _, column in places]
        if all(c and c.content == v for c, v in zip(cells, where.values(), strict=True)):
            return row
    return None


@pytest.fixture(scope="module")
def made() -> Book:
    return book(portfolio_sample.full(), "de", portfolio_sample.STAMP, {})


@pytest.mark.proof
def test_every_row_is_found_as_by_looking(made) -> None:
    links, seen = Links(made.sheets), 0
    for sheet in made.sheets:
        if sheet.title_rows is None:
            continue
        keys = {key: at for key, at in _keys(sheet).items() if at[0] == sheet.title_rows[1]}
        for first, second in zip(keys, list(keys)[1:], strict=False):
            for row in range(sheet.title_rows[1] + 1, max(r for r, _ in sheet.cells) + 1, 5):
                cells = [sheet.cells.get((row, keys[key][1])) for key in (first, second)]
                if None in cells:
                    continue
                where = {k: c.content for k, c in zip((first, second), cells, strict=True)}
                found = looked_for(sheet, **where)
                assert links.to(sheet.key, **where).endswith(f"!A{found}")
                seen += 1
    assert seen > 50


@pytest.mark.proof
def test_what_is_not_there_leads_to_the_first_row(made) -> None:
    sheet = made.sheet("accounts")
    first = _keys(sheet)["id"][0] + 1
    assert Links(made.sheets).to("accounts", id="nobody").endswith(f"!A{first}")
