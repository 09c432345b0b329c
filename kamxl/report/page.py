"""What stands on the page: the answer on one screen, then the lists behind it.

All of it comes out of the ``Book`` that the workbook is drawn from, so its numbers are the same;
only the sentences, which the dashboard cuts to its lines, are handed over whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kamxl.forms.paper.book import Book, Sheet
from kamxl.forms.paper.style import BEHIND
from kamxl.forms.portfolio.intake import TILES
from kamxl.forms.portfolio.map import FIRST, HEAD, KEYS, LAST
from kamxl.forms.portfolio.tiles import ROWS
from kamxl.report.looks import is_old, verdict_look
from kamxl.report.numbers import Shown, number_of, value_of
from kamxl.report.picture import Picture, picture_of
from kamxl.report.tables import (
    Block,
    Head,
    Shape,
    Source,
    block_above,
    block_of,
    folded,
    source_of,
)
from kamxl.wording.texts import Texts

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
_MAP = ("number", "name", "list", "score", "relative", "quadrant", "revenue")
# What stands in a block above a sheet's table: its heading, a column of numbers, what is left out.
_ABOVE = {
    "competitors": ("report.overall", "sum_number", ("sum_number",)),
    "drivers": ("portfolio.drivers.overall", "sum_number", ("sum_number",)),
    "whatif": ("portfolio.whatif.tried", "sum_segments", ("sum_number", "set_own")),
    "programmes": ("report.by_state", "sum_count", ()),
    "follow": ("portfolio.follow.sums", "sum_n", ()),
    "benefits": ("portfolio.benefits.sums", "sum_confirmed", ()),
    "chase": ("portfolio.chase.sums", "sum_asked", ()),
}
_ABOVE_ROW = 7  # its key row
_BEHIND, _AHEAD = 8, 4  # accounts shown of many: where we lag most, where we lead most
_STEPS = 10  # actions of what to do next
_SENTENCES = 4  # of a list that stand on the page at once


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline number."""

    label: str
    value: str
    alarming: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A list in words: the first sentences, and those that unfold. ``none``: there is nothing."""

    key: str
    title: str
    shown: tuple[str, ...]
    folded: tuple[str, ...] = ()
    none: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A table under its heading; ``more``: what is not in it."""

    title: str
    block: Block
    more: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One sheet's part of the page."""

    key: str
    title: str
    sentence: str
    parts: tuple[Part, ...]
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template gets."""

    language: str
    title: str
    heading: str
    sentence: str
    day: str
    figures: tuple[Figure, ...]
    chart: Section
    picture: Picture | None
    leads: Part
    steps: Part
    lists: tuple[Said, ...]
    sections: tuple[Section, ...]
    elsewhere: str


def page_of(book: Book, news: Mapping[str, Sequence[str]], t: Texts) -> Page:
    """The page of a portfolio's book. ``news``: the dashboard's lists in words, whole, by key."""
    shown = Shown(t)
    dashboard, accounts = book.sheet("dashboard"), source_of(book.sheet("accounts"))
    left_out = [s.title for s in book.sheets if s.key not in (*SECTIONS, "dashboard", "map")]
    data = book.sheet("data").title
    others = ", ".join(title for title in left_out if title != data)
    return Page(
        language=t.language,
        title=str(book.title),
        heading=_said(dashboard, shown, 2),
        sentence=_said(dashboard, shown, 3),
        day=t("report.as_of", day=t.day(book.stamp)),
        figures=tuple(figure for row in ROWS for figure in figures_of(dashboard, row, shown)),
        chart=_chart(book.sheet("map"), shown),
        picture=picture_of(book.sheet("map"), shown),
        leads=_leads(accounts, shown),
        steps=_steps(source_of(book.sheet("actions")), shown),
        lists=tuple(_list(key, sentences, t) for key, sentences in news.items()),
        sections=tuple(_sections(book, shown)),
        elsewhere=t("report.elsewhere", data=data, sheets=others),
    )


def figures_of(sheet: Sheet, row: int, shown: Shown) -> Iterator[Figure]:
    """The tiles of a sheet whose labels stand in ``row``."""
    for (at, column), cell in sorted(sheet.cells.items(), key=lambda found: found[0]):
        if at == row and value_of(cell) is not None:
            below = sheet.cells.get((row + 1, column))
            alarming = below is not None and below.style.color == BEHIND and bool(number_of(below))
            yield Figure(shown.cell(cell), shown.cell(below), alarming)


def _said(sheet: Sheet, shown: Shown, row: int) -> str:
    return shown.cell(sheet.cells.get((row, 1)))


def _list(key: str, sentences: Sequence[str], t: Texts) -> Said:
    every = tuple(sentences)
    title = t(f"portfolio.dashboard.{key}")
    none = "" if every else t(f"portfolio.dashboard.{key}_none")
    # A fold that hides a single sentence hides more than it saves.
    most = _SENTENCES if len(every) > _SENTENCES + 1 else len(every)
    return Said(
        key, title + (f" ({len(every)})" if every else ""), every[:most], every[most:], none
    )


def _chart(sheet: Sheet, shown: Shown) -> Section:
    """The map's own table, which tells what the numbers in the picture mean, and its notes."""
    columns = {key: at for at, key in enumerate(KEYS, 1)}
    rows = tuple(
        row for row in range(FIRST, LAST) if number_of(sheet.cells.get((row, 1))) is not None
    )
    title, sentence = shown.t("portfolio.map.chart"), shown.t("portfolio.map.sentence")
    if not rows:
        said = (_said(sheet, shown, row) for row in (5, 6))
        return Section("map", title, sentence, (Part("", Block((), (), " ".join(said))),))
    block = block_of(Source(sheet, HEAD, columns, rows), shown, _MAP)
    notes = [sentence, *(_said(sheet, shown, row) for row in range(rows[-1] + 1, LAST + 1))]
    return Section("map", title, " ".join(filter(None, notes)), (Part("", block),))


def _leads(accounts: Source, shown: Shown) -> Part:
    """Where we lag, then where we lead, what says so, and the gap that is worth most.

    An account without a verdict has no lead there.
    """
    t = shown.t
    rated = [(lead, row) for row in accounts.rows
             if (lead := accounts.number(row, "lead")) is not None]  # fmt: skip
    rated.sort()
    if not rated:
        empty = t("portfolio.dashboard.no_lead")
        return Part(t("report.leads"), Block((), (), empty))
    many = len(rated) > _BEHIND + _AHEAD
    chosen = rated[:_BEHIND] + rated[-_AHEAD:] if many else rated
    widest = max(abs(lead) for lead, _ in rated) or 1.0
    heads: tuple[Head, ...] = (
        Head("name", t("portfolio.dashboard.name")),
        Head("lead", t("portfolio.accounts.lead"), "mid"),
        Head("best", t("portfolio.dashboard.best"), "rival"),
        Head("basis", t("portfolio.accounts.basis")),
        Head("gap", t("report.lever")),
        Head("points", t("report.worth"), "mid"),
    )
    if any(is_old(accounts.cell(row, "lead")) for _, row in chosen):
        heads += (Head("period", t("portfolio.accounts.period")),)
    lines = []
    for lead, row in chosen:
        cells = {head.key: shown.cell(accounts.cell(row, head.key)) for head in heads}
        swing = round(100 * lead / widest, 1)
        verdict = verdict_look(accounts.number(row, "position")).strip()
        looks = {"name": "strong", "lead": verdict, "points": "mid"}
        if is_old(accounts.cell(row, "lead")):
            looks = dict.fromkeys(cells, "old") | {"points": "mid old"}
        lines.append(tuple(
            folded(Shape(text, looks.get(key, ""), swing=swing if key == "lead" else None))
            for key, text in cells.items()
        ))  # fmt: skip
    more = _more(t, len(rated) - len(chosen), accounts)
    return Part(t("report.leads"), Block(heads, tuple(lines)), more)


def _more(t: Texts, count: int, source: Source) -> str:
    """How many records are only in the section further down."""
    return t("report.below", count=count, section=source.sheet.title) if count > 0 else ""


def _steps(actions: Source, shown: Shown) -> Part:
    """The open actions of all accounts, those due first on top."""
    title = shown.t("report.next")
    # Only open actions say for how many days they are overdue.
    found = [row for row in actions.rows if actions.number(row, "late") is not None]
    if not found:
        return Part(title, Block((), (), shown.t("report.next_none")))
    found.sort(key=lambda row: (_day(actions, row), row))
    block = block_of(actions, shown, ("due", "account_name", "text", "owner"), found[:_STEPS])
    return Part(title, block, _more(shown.t, len(found) - _STEPS, actions))


def _day(actions: Source, row: int) -> str:
    """When an action is due, to sort by; without a date last."""
    due = value_of(actions.cell(row, "due"))
    return due.isoformat() if isinstance(due, date) else "~"


def _sections(book: Book, shown: Shown) -> Iterator[Section]:
    for key, columns in SECTIONS.items():
        sheet = book.sheet(key)
        parts = [Part("", block_of(source_of(sheet), shown, columns))]
        if key in _ABOVE and (above := block_above(sheet, _ABOVE_ROW, _ABOVE[key][1])):
            title, _, left_out = _ABOVE[key]
            keys = [k for k in above.columns if k not in left_out]
            note = _note(sheet, shown, above.rows[-1] + 1) if above.rows else ""
            parts.insert(0, Part(shown.t(title), block_of(above, shown, keys), note))
        tiles = tuple(figures_of(sheet, 5, shown)) if key == "intake" else ()
        # Where the sheet's own sentence speaks of the workbook, the page has another one.
        own = f"report.sentences.{key}"
        sentence = shown.t(own) if shown.t.has(own) else _said(sheet, shown, 3)
        yield Section(key, sheet.title, sentence, tuple(parts), tiles[: len(TILES)])


def _note(sheet: Sheet, shown: Shown, row: int) -> str:
    """What stands below a block, in as many rows as it takes."""
    lines = []
    begins = (2, sheet.title_columns + 1)  # it stands right of the columns of every page
    while said := next(filter(None, (shown.cell(sheet.cells.get((row, c))) for c in begins)), ""):
        lines.append(said)
        row += 1
    return " ".join(lines)
