"""The sheet *News*: all that is said in words, whole, each sentence a link to its rows."""

from __future__ import annotations

import textwrap

from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Sheet, span
from kamxl.forms.paper.pages import paged
from kamxl.forms.paper.parts import section
from kamxl.forms.paper.places import At
from kamxl.forms.paper.style import MUTED, PLAIN, Style
from kamxl.forms.portfolio.links import Links
from kamxl.forms.portfolio.news import news
from kamxl.forms.portfolio.parts import blank_sheet, frame
from kamxl.forms.portfolio.tiles import TILES_ROW, by_revenue, by_year, further_tiles
from kamxl.wording.texts import Texts

WIDTHS = (23.0, 18.0, 13.0, 19.0, 38.0, 22.0, 15.0)  # of tiles; sentences run over all of them
COLUMNS = len(WIDTHS)
_FIRST = TILES_ROW + 3
_LINE, _APART = 14.0, 18.0  # points of a line, and of the first one of a sentence
_PER_WIDTH = 1.2  # letters of a line in one unit of column width
_MARK, _INDENT = "→  ", "     "  # before a line that leads somewhere, and before what follows it
_WHOLE = 10_000  # letters of a change: here it is told whole


def news_sheet(at: At, portfolio: Portfolio, t: Texts, attention: str, links: Links) -> Sheet:
    """What is counted besides the headline numbers, then every list with all of its sentences.

    ``attention``: where the number of files that need somebody stands.
    """
    sheet = blank_sheet(t, "news")
    sheet.widths = dict(enumerate(WIDTHS, 1))
    frame(sheet, t, portfolio, COLUMNS)
    further_tiles(sheet, portfolio, t, at, attention, links)
    row, muted = _FIRST, PLAIN.but(color=MUTED)
    for said, rows in (
        (by_revenue(portfolio, t), "accounts"),
        (by_year(portfolio, t), "programmes"),
    ):
        if said:
            row = _told(sheet, row, said, muted, links.to(rows))
    for key, sentences in news(portfolio, t, _WHOLE).items():
        title = t(f"portfolio.dashboard.{key}")
        section(sheet, row, 1, f"{title} ({len(sentences)})" if sentences else title)
        row += 1
        for one in sentences:
            row = _told(sheet, row, one, PLAIN, links.of(one))
        if not sentences:
            row = _told(sheet, row, t(f"portfolio.dashboard.{key}_none"), muted, None)
    sheet.print_area = span(1, 1, row - 1, COLUMNS)
    sheet.title_rows = (2, 3)
    paged(sheet, COLUMNS)
    return sheet


def _told(sheet: Sheet, row: int, said: str, look: Style, link: str | None) -> int:
    """A sentence in as many lines as it takes; the row below it."""
    lines = textwrap.wrap(
        said, int(sum(WIDTHS) * _PER_WIDTH),
        initial_indent=_MARK if link else "", subsequent_indent=_INDENT if link else "",
        break_long_words=True,
    )  # fmt: skip
    for place, line in enumerate(lines):
        sheet.put(row + place, 1, line, look, link)
        sheet.heights[row + place] = _LINE if place else _APART
    return row + len(lines)
