"""What stands on the page: the answer on one screen, then the lists behind it.

All of it comes out of the ``Book`` that the workbook is drawn from, so its numbers are the same;
only the sentences, which the dashboard cuts to its lines, are handed over whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kamxl.forms.paper.book import Book
from kamxl.forms.portfolio.front import Front
from kamxl.forms.portfolio.map import FIRST, HEAD, KEYS, LAST
from kamxl.forms.portfolio.map_chart import called, size_of
from kamxl.forms.portfolio.spots import CHART
from kamxl.forms.portfolio.tiles import FIGURES_ROW, TILES_ROW
from kamxl.report.budget import within
from kamxl.report.charts import Drawing, drawing_of
from kamxl.report.front import Answer, accounts_of, answers_of, told_instead
from kamxl.report.looks import is_old, verdict_look
from kamxl.report.numbers import Shown, number_of, plain_value, value_of
from kamxl.report.sections import (
    FRONT,
    Figure,
    Part,
    Section,
    figures_of,
    said_in,
    sections_of,
)
from kamxl.report.tables import Block, Head, Shape, Source, block_of, folded, link_of, source_of
from kamxl.wording.texts import Texts

_MAP = ("number", "name", "list", "score", "relative", "before", "quadrant", "revenue")
_BEHIND, _AHEAD = 8, 4  # accounts shown of many: where we lag most, where we lead most
_CHOICES = ("manager", "list")
_KEY = ("read", "before_mark", "hollow", "pale")  # notes of the map: how it is read
_STEPS = 10  # actions of what to do next
_SENTENCES = 4  # of a list that stand on the page at once
_LISTED = 200  # of one that are on the page at all


@dataclass(frozen=True, slots=True)
class Said:
    """A list in words: the first sentences, and those that unfold. ``none``: there is nothing."""

    key: str
    title: str
    shown: tuple[str, ...]
    folded: tuple[str, ...] = ()
    none: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What rows can be chosen by: a column of *Accounts*, and what stands in it, by a word each."""

    key: str
    title: str
    options: Mapping[str, str]  # what it says: the word in the rows' groups


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template gets."""

    language: str
    title: str
    heading: str
    sentence: str
    day: str
    answers: tuple[Answer, ...]
    figures: tuple[Figure, ...]
    further: tuple[Figure, ...]
    rows: Part
    chart: Section
    key: str  # how the map is read
    leads: Part
    steps: Part
    lists: tuple[Said, ...]
    sections: tuple[Section, ...]
    elsewhere: str
    file: str
    choices: tuple[Choice, ...]
    groups: Mapping[str, str]  # an account's name or id: the words of its groups


def page_of(
    book: Book,
    news: Mapping[str, Sequence[str]],
    t: Texts,
    file: str = "Portfolio.xlsx",
    front: Front | None = None,
) -> Page:
    """The page of a portfolio's book. ``news``: the dashboard's lists in words, whole, by key.

    ``file``: the workbook beside the page, to which its numbers lead; ``front``: the
    accounts of the first screen, None: they are left out.
    """
    shown = Shown(t, file)
    dashboard, accounts = book.sheet("dashboard"), source_of(book.sheet("accounts"))
    sections = tuple(within(tuple(sections_of(book, shown)), shown))
    choices = tuple(_choices(accounts, t))
    there = {*(section.key for section in sections), *FRONT, "data", "contents"}
    chart, key = _chart(book, shown)
    others = ", ".join(sheet.title for sheet in book.sheets if sheet.key not in there)
    data = book.sheet("data").title
    rows = Part("", Block((), (), told_instead(dashboard, shown)))
    if front is not None and front.rows:
        rows = accounts_of(front, accounts, shown)
    return Page(
        language=t.language,
        title=str(book.title),
        heading=said_in(dashboard, shown, 2),
        sentence=said_in(dashboard, shown, 3),
        day=t("report.as_of", day=t.day(book.stamp)),
        answers=tuple(answers_of(book, shown)),
        figures=tuple(figures_of(dashboard, FIGURES_ROW, shown)),
        further=tuple(figures_of(book.sheet("news"), TILES_ROW, shown)),
        rows=rows,
        chart=chart,
        key=key,
        leads=_leads(accounts, shown),
        steps=_steps(source_of(book.sheet("actions")), shown),
        lists=tuple(_list(key, sentences, t) for key, sentences in news.items()),
        sections=sections,
        file=file,
        choices=choices,
        groups=_groups(accounts, choices),
        elsewhere=t("report.elsewhere", data=data, sheets=others),
    )


def _choices(accounts: Source, t: Texts) -> Iterator[Choice]:
    """Account manager and list, where there is more than one."""
    shown = Shown(t)
    for key in _CHOICES:
        said = [shown.cell(accounts.cell(row, key)) for row in accounts.rows]
        found = sorted({one for one in said if one}, key=str.casefold)
        if len(found) > 1:
            title = shown.cell(accounts.sheet.cells.get((accounts.head, accounts.columns[key])))
            yield Choice(key, title, {one: f"{key}-{at}" for at, one in enumerate(found)})


def _groups(accounts: Source, choices: Sequence[Choice]) -> dict[str, str]:
    """Of a name that several accounts have, the words of all: none of their rows is hidden."""
    groups: dict[str, dict[str, None]] = {}
    for row in accounts.rows:
        said = ((one, str(value_of(accounts.cell(row, one.key)) or "")) for one in choices)
        words = [one.options[text] for one, text in said if text in one.options]
        for key in ("id", "name"):
            name = str(value_of(accounts.cell(row, key)) or "")
            groups.setdefault(name, {}).update(dict.fromkeys(words))
    return {name: " ".join(words) for name, words in groups.items()}


def _list(key: str, sentences: Sequence[str], t: Texts) -> Said:
    every = tuple(sentences)
    title = t(f"portfolio.dashboard.{key}")
    none = "" if every else t(f"portfolio.dashboard.{key}_none")
    # A fold that hides a single sentence hides more than it saves.
    most = _SENTENCES if len(every) > _SENTENCES + 1 else len(every)
    more = t("report.more", count=len(every) - _LISTED)
    rest = (*every[most:_LISTED], *([f"… {more}"] if len(every) > _LISTED else []))
    return Said(key, title + (f" ({len(every)})" if every else ""), every[:most], rest, none)


def _chart(book: Book, shown: Shown) -> tuple[Section, str]:
    """The map, its own table, which tells what stands in the picture, its notes; and its key."""
    sheet, t = book.sheet("map"), shown.t
    columns = {key: at for at, key in enumerate(KEYS, 1)}
    rows = tuple(
        row for row in range(FIRST, LAST) if number_of(sheet.cells.get((row, 1))) is not None
    )
    title, sentence = t("portfolio.map.chart"), t("portfolio.map.sentence")
    if not rows:
        said = (said_in(sheet, shown, row) for row in (CHART, CHART + 1))
        return Section("map", title, sentence, (Part("", Block((), (), " ".join(said))),)), ""
    block = block_of(Source(sheet, HEAD, columns, rows), shown, _MAP)
    last = max(row for row, _ in sheet.cells)
    below = " ".join(
        filter(None, (said_in(sheet, shown, r) for r in range(rows[-1] + 1, last + 1)))
    )
    read = [one for key in _KEY if (one := t(f"portfolio.map.{key}")) in below]
    for one in read:
        below = below.replace(one, "")
    notes = " ".join(f"{sentence} {below}".split())
    drawings = tuple(_picture(book, shown))
    part = Part("", block, sheet=title)
    return Section("map", title, notes, (part,), drawings=drawings), " ".join(read)


def _picture(book: Book, shown: Shown) -> Iterator[Drawing]:
    """The map as it stands on the dashboard."""
    sheet, names = book.sheet("dashboard"), called(book.sheet("map"), len(KEYS))
    for chart in sheet.charts[:1]:
        size = size_of(sheet, (chart.top_left, chart.bottom_right))
        if (drawn := drawing_of(chart, book, shown, size, names)) is not None:
            yield drawn


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
            folded(Shape(
                text, looks.get(key, ""), swing=swing if key == "lead" else None,
                value=plain_value(accounts.cell(row, key)),
                link=link_of(accounts, shown, row, key),
            ))
            for key, text in cells.items()
        ))  # fmt: skip
    more = _more(t, len(rated) - len(chosen), accounts)
    whose = tuple(shown.cell(accounts.cell(row, "id")) for _, row in chosen)
    return Part(t("report.leads"), Block(heads, tuple(lines), "", whose), more, "#accounts")


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
    return Part(title, block, _more(shown.t, len(found) - _STEPS, actions), "#actions")


def _day(actions: Source, row: int) -> str:
    """When an action is due, to sort by; without a date last."""
    due = value_of(actions.cell(row, "due"))
    return due.isoformat() if isinstance(due, date) else "~"
