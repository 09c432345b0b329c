"""What the sheets of the portfolio share: the frame of a page, and how its cells look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Sheet
from kamxl.forms.paper.idioms import head_of, quoted, safe, total
from kamxl.forms.paper.parts import band, live, upright_width
from kamxl.forms.paper.places import At, Key
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    BEHIND,
    CELL,
    HEADER,
    HEADER_LEFT,
    MUTED,
    NUMBER,
    SOFT,
    Style,
)
from kamxl.forms.tables.shown import Column, Live, ShownTable
from kamxl.wording.texts import Texts

T = TypeVar("T")
F = TypeVar("F")

MARK_PREFIX = "kamxl:portfolio:"
KEYS = (
    "dashboard", "news", "contents", "map", "accounts", "segments", "heatmap", "drivers",
    "whatif", "competitors", "benchmark", "trend", "wishes", "follow", "views", "voices",
    "selection", "position", "fields", "contacts", "programmes", "benefits", "actions", "chase",
    "intake", "raters", "data",
)  # fmt: skip
FEW = 12  # records that may stand below a block on its page; more begin one
KEY_ROW = 6  # below a table's header, unless something comes before the table

TEXT_CELL = CELL.but(indent=1)
MUTED_CELL = TEXT_CELL.but(color=MUTED)
ID_CELL = MUTED_CELL
POINTS = NUMBER
LIVE = NUMBER.but(fill=SOFT)
BOLD_LIVE = LIVE.but(bold=True)
PERCENT = LIVE.but(format="0%")
COUNT = NUMBER.but(format="0")
FAINT_CELL = COUNT.but(color=MUTED)
_ALARM = Style(bold=True, color=BEHIND)
ALARM_AT = (1, 4)  # above the title band, right of the mark and the way back
LEAD = LIVE.but(format="+0.0;-0.0;0.0")
MONEY = POINTS.but(format="#,##0", align="right", indent=1)
LIVE_MONEY = MONEY.but(fill=SOFT)


def blank_sheet(t: Texts, key: str) -> Sheet:
    """A sheet with its key and title and nothing else."""
    return Sheet(key, t(f"portfolio.{key}.sheet"))


def table_of(
    t: Texts,
    key: str,
    columns: Sequence[Column[T, F]],
    records: Sequence[T],
    formulas: Callable[[At], F],
    whose: Callable[[T], Key | None] = lambda _: (),
    key_row: int = KEY_ROW,
    old: Callable[[T], bool] = lambda _: False,
    repeated: int = 1,
) -> ShownTable[T, F]:
    """The table that a sheet of its own is there for; ``whose``, ``old``, ``repeated``: see it."""
    words = f"portfolio.{key}"
    return ShownTable(
        key, blank_sheet(t, key), key_row, columns, records, formulas, words, whose, old, repeated
    )


def frame(sheet: Sheet, t: Texts, portfolio: Portfolio, columns: int, sentence: str = "") -> None:
    """Mark, title band and the explaining sentence; A4 landscape with a footer."""
    title = t(f"portfolio.{sheet.key}.title", period=portfolio.period)
    sentence = sentence or t(f"portfolio.{sheet.key}.sentence")
    band(sheet, range(1, columns + 1), title, sentence, MARK_PREFIX + sheet.key)
    sheet.landscape = True
    company = portfolio.settings.company
    footer = t("portfolio.footer", company=company, period=portfolio.period)
    sheet.footer = f"{footer} – {sheet.title}"


def stay(table: ShownTable[Any, Any], columns: int = 0) -> None:
    """Keep what is above a table's records in view, and so many columns."""
    table.sheet.freeze = a1(table.first, columns + 1)


def settled_sentence(table: ShownTable[Any, Any], t: Texts) -> str:
    """What explains a sheet whose table holds values, where that is something else; else ""."""
    own = f"portfolio.{table.sheet.key}.sentence_values"
    return t(own) if table.settled and t.has(own) else ""


def draw_page(
    table: ShownTable[Any, Any],
    t: Texts,
    portfolio: Portfolio,
    empty: str,
    stays: int = 0,
    page: int = 0,
    sentence: str = "",
) -> None:
    """A sheet that is one table: its frame, the table, and what stays in view.

    ``empty`` is said without any record; ``stays``: columns that stay in view; ``page``: columns
    that are printed at least.
    """
    frame(table.sheet, t, portfolio, max(table.width, page), sentence or settled_sentence(table, t))
    table.draw(t, empty, page)
    stay(table, stays)


# --- rows that people delete and sort ------------------------------------------------------------


def order_column(t: Texts) -> Column[Any, Any]:
    """The last column of a table whose rows others read by their place: that place, from 1."""
    title = t("portfolio.words.order")
    return Live("order", 7, lambda _, __, row: row - KEY_ROW, FAINT_CELL, title=title)


def watch_order(table: ShownTable[Any, Any], t: Texts) -> None:
    """Say above such a table that its rows stand elsewhere: what rests on them would be wrong."""
    if len(table.records) < 2 or table.settled:
        return
    cells = table.sheet.ref(*table.cells("order").split(":")).rpartition("!")[2]
    moved = total(of=(f"{cells}<>1+ROW({cells})-ROW({head_of(cells)})",))
    sound = f"AND(ROWS({cells})={len(table.records)},{moved}=0)"
    alarm = quoted(t("portfolio.words.moved"))
    text = safe(f'IF({sound},"",{alarm})', alarm)
    table.sheet.put(*ALARM_AT, live(text, None), _ALARM)


def order_alarm(sheet: Sheet, tables: Sequence[ShownTable[Any, Any]], t: Texts) -> None:
    """The same on a sheet whose figures rest on these tables."""
    live_ones = (one for one in tables if len(one.records) > 1 and not one.settled)
    said = [one.sheet.ref(a1(*ALARM_AT)) for one in live_ones]
    if said:
        named = {one.key: one.sheet.title for one in tables}
        alarm = quoted(t("portfolio.words.moved_somewhere", **named))
        sheet.put(*ALARM_AT, live(f'IF({"&".join(said)}="","",{alarm})', None), _ALARM)


def sign_style(t: Texts) -> Style:
    """1, −1 and 0 as words: sorting and counting work on the number."""
    words = (t(f"portfolio.words.{key}") for key in ("ahead", "behind", "level"))
    return LIVE.but(format=";".join(f'"{word}"' for word in words))


def headings(
    labels: Sequence[str], width: float, room: float, header: Style
) -> list[tuple[float, Style]]:
    """Width and look of columns with headings from outside.

    They stand upright where a word does not fit in ``width``, or not all of them in ``room``.
    """
    longest = max((len(word) for label in labels for word in label.split()), default=0)
    if longest + 1.5 <= width and width * len(labels) <= room:
        return [(width, header)] * len(labels)
    upright = header.but(rotation=90)
    return [(upright_width(label), upright) for label in labels]


def left(header: Style = HEADER) -> Style:
    """A header over text."""
    return header.but(align=HEADER_LEFT.align, indent=HEADER_LEFT.indent)
