"""The sheets of the workbook as sections of the page: their numbers, charts and tables.

A sheet that nothing here names has its section too, with all columns that are not folded away on
the sheet: a new sheet is on the page without a word here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kamxl.forms.paper.book import Book, Chart, Sheet
from kamxl.forms.paper.packed import loose
from kamxl.forms.paper.raw import place_of
from kamxl.forms.paper.style import BEHIND
from kamxl.forms.portfolio import waterfall
from kamxl.forms.portfolio.intake import TILES
from kamxl.report.charts import Drawing, drawing_of
from kamxl.report.numbers import Shown, number_of, value_of
from kamxl.report.places import cell_link
from kamxl.report.tables import Block, Source, block_above, block_of, source_of

SECTIONS: dict[str, tuple[str, ...]] = {
    "accounts": (
        "name", "list", "why", "rank", "score", "gate", "total", "lead", "best", "basis",
        "gap", "points", "missed", "period", "known", "level", "revenue", "overdue", "state",
        "manager", "remarks",
    ),
    "drivers": (
        "number", "account", "segment", "requirement", "money", "weight", "us", "worth", "best",
        "rival", "lead", "period", "knockout", "action", "owner", "due", "comment",
    ),
    "whatif": ("account", "segment", "weight", "rating", "points", "money", "total", "total_then",
               "rank", "rank_then", "of", "lead", "lead_then", "best", "basis"),
    "programmes": ("account_name", "name", "state", "probability", "revenue", "profit",
                   "customer_revenue", "customer_profit", "planned_revenue", "actual_revenue",
                   "planned_profit", "actual_profit", "planned_customer_revenue",
                   "actual_customer_revenue", "planned_customer_profit", "actual_customer_profit",
                   "done_years", "hint"),
    "benefits": ("account", "lever", "metric", "baseline", "now", "unit", "change", "known", "seen",
                 "by", "on", "said_how", "named", "former", "others", "amount"),
    "actions": ("account_name", "text", "closes", "owner", "customer_owner", "due", "state",
                "late"),
    "chase": ("manager", "name", "account", "segment", "reached", "due", "late", "email", "source"),
    "competitors": ("competitor", "account", "segment", "period", "ours", "theirs", "lead", "basis",
                    "strengths", "flip", "outlook"),
    "wishes": ("account", "name", "function", "period", "issue", "remedy", "requirement",
               "importance", "complicated", "time", "cost", "action", "owner", "due", "fit",
               "result"),
    "follow": ("account", "name", "label", "period", "rating", "handled", "reply", "on", "fit",
               "action", "owner", "due", "result", "next", "change", "elsewhere", "more"),
    "intake": ("path", "fate", "kind", "account", "name", "period", "how", "place",
               "finding"),
}  # fmt: skip
FRONT = ("dashboard", "map")  # what stands on the first screen
# Sheets that are only in the workbook: every answer, how each respondent counts, what leads where.
ELSEWHERE = ("data", "raters", "contents", "news")
_CODES = {"id", "order", "check", "plan", "place", "group", "rater", "account_id", "segment_id",
          "respondent", "number"}  # fmt: skip
_UNSEEN: Mapping[str, tuple[str, ...]] = {
    "segments": ("account", "segment", "position", "raters", "share", "in_total", "in_lead",
                 "weighting", "profile"),
    "fields": ("account",),
}  # fmt: skip
# What stands in a block above a sheet's table: its heading, a column of numbers, what is left out.
_ABOVE = {
    "competitors": ("report.overall", "sum_number", ("sum_number",)),
    "drivers": ("portfolio.drivers.overall", "sum_number", ("sum_number",)),
    "benchmark": ("portfolio.benchmark.overall", "sum_number", ("sum_number",)),
    "whatif": ("portfolio.whatif.tried", "sum_segments", ("sum_number", "set_own")),
    "programmes": ("report.by_state", "sum_count", ()),
    "follow": ("portfolio.follow.sums", "sum_n", ()),
    "benefits": ("portfolio.benefits.sums", "sum_confirmed", ()),
    "chase": ("portfolio.chase.sums", "sum_asked", ()),
}
_ABOVE_ROW = 7  # its key row


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline number."""

    label: str
    value: str
    alarming: bool = False
    note: str = ""  # what it rests on, and how it changed
    link: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A table under its heading; ``more``: what is not in it; ``link``: where that is."""

    title: str
    block: Block
    more: str = ""
    link: str = ""
    sheet: str = ""  # what a table without a heading is called
    grows: bool = False  # one of records: without an end


@dataclass(frozen=True, slots=True)
class Section:
    """One sheet's part of the page."""

    key: str
    title: str
    sentence: str
    parts: tuple[Part, ...]
    figures: tuple[Figure, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    link: str = ""  # to its sheet


def sections_of(book: Book, shown: Shown) -> Iterator[Section]:
    """A section for each sheet, in the workbook's order."""
    for sheet in book.sheets:
        if sheet.key not in (*FRONT, *ELSEWHERE) and sheet.title_rows is not None:
            yield _section(book, sheet, shown)


def _section(book: Book, sheet: Sheet, shown: Shown) -> Section:
    key, source = sheet.key, source_of(sheet)
    link = cell_link(shown.file, sheet.title, 1, 1)
    table = Part("", block_of(source, shown, _columns(source)), sheet=sheet.title, grows=True)
    parts = [told(table, link, shown)]
    if above := _above(sheet, shown):
        parts.insert(0, above)
    tiles = tuple(figures_of(sheet, 5, shown)) if key == "intake" else ()
    # Where the sheet's own sentence speaks of the workbook, the page has another one.
    own = f"report.sentences.{key}"
    sentence = shown.t(own) if shown.t.has(own) else _sentence(sheet, shown)
    drawn = (_drawing(chart, book, sheet, shown) for chart in sheet.charts)
    drawings = tuple(one for one in drawn if one is not None)
    return Section(key, sheet.title, sentence, tuple(parts), tiles[: len(TILES)], drawings, link)


def _drawing(chart: Chart, book: Book, sheet: Sheet, shown: Shown) -> Drawing | None:
    """A chart of the sheet; a waterfall with whose it is, and with the sentence above it."""
    drawn = drawing_of(chart, book, shown)
    if drawn is None or sheet.key != "trend" or chart.kind != "stacked":
        return drawn
    _, column = place_of(chart.top_left)
    above = (
        shown.cell(sheet.cells.get((row, column)))
        for row in range(waterfall.FIRST, waterfall.CHART)
    )
    whose, *lines = [said for said in above if said]
    if column > waterfall.HALF:  # of the account that is chosen on the sheet
        whose, source = lines[0], source_of(sheet)
        lines = [shown.cell(source.cell(row, "said")) for row in source.rows
                 if shown.cell(source.cell(row, "name")) == whose] or lines[1:]  # fmt: skip
    return replace(drawn, title=f"{whose}: {drawn.title}", said=" ".join(lines))


def told(part: Part, link: str, shown: Shown) -> Part:
    """Of a table that is too long for the page: where the other rows are."""
    if not part.block.left:
        return part
    said = shown.t("report.on_sheet", count=part.block.left, sheet=part.sheet)
    return replace(part, more=said, link=link)


def _columns(source: Source) -> Sequence[str]:
    """The columns of a sheet that the page shows."""
    key = source.sheet.key
    if key in SECTIONS:
        return SECTIONS[key]
    left_out = {*_CODES, *_UNSEEN.get(key, ())}
    folded = {at for first, last in source.sheet.outline for at in range(first, last + 1)}
    return [k for k, at in source.columns.items() if k not in left_out and at not in folded]


def _above(sheet: Sheet, shown: Shown) -> Part | None:
    if sheet.key not in _ABOVE:
        return None
    title, first, left_out = _ABOVE[sheet.key]
    above = block_above(sheet, _ABOVE_ROW, first)
    if above is None:
        return None
    keys = [k for k in above.columns if k not in left_out]
    note = _note(sheet, shown, above.rows[-1] + 1) if above.rows else ""
    # above the titles of the block may stand what it finds
    found = next(
        filter(None, (shown.cell(sheet.cells.get((_ABOVE_ROW - 2, c))) for c in range(2, 9))), ""
    )
    return Part(
        (found if sheet.key == "whatif" else "") or shown.t(title),
        block_of(above, shown, keys),
        note,
    )


def _sentence(sheet: Sheet, shown: Shown) -> str:
    """What a sheet says of itself below its title, in two lines at most."""
    found = ((at, shown.cell(cell)) for at, cell in loose(sheet).items() if at[0] in (3, 4))
    return " ".join(said for _, said in sorted(found) if said)


def said_in(sheet: Sheet, shown: Shown, row: int) -> str:
    """What stands at the beginning of a row."""
    return shown.cell(sheet.cells.get((row, 1)))


def figures_of(sheet: Sheet, row: int, shown: Shown) -> Iterator[Figure]:
    """The tiles of a sheet whose labels stand in ``row``; below a value may stand its note."""
    for (at, column), cell in sorted(loose(sheet).items(), key=lambda found: found[0]):
        if at == row and value_of(cell) is not None:
            below, note = (sheet.cells.get((row + down, column)) for down in (1, 2))
            alarming = below is not None and below.style.color == BEHIND and bool(number_of(below))
            link = cell_link(shown.file, sheet.title, row + 1, column)
            yield Figure(shown.cell(cell), shown.cell(below), alarming, shown.cell(note), link)


def _note(sheet: Sheet, shown: Shown, row: int) -> str:
    """What stands below a block, in as many rows as it takes."""
    lines = []
    begins = (2, sheet.title_columns + 1)  # it stands right of the columns of every page
    while said := next(filter(None, (shown.cell(sheet.cells.get((row, c))) for c in begins)), ""):
        lines.append(said)
        row += 1
    return " ".join(lines)
