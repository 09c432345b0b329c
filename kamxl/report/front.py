"""The page's first screen: the three answers, and what there is to say of each focus account.

The answers stand on the sheet *Dashboard*; the accounts' sentences are cut to its lines there, so
they come whole from the ``Front``, in the words that the sheet has them in, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kamxl.forms.paper.book import Book, Sheet
from kamxl.forms.paper.packed import loose
from kamxl.forms.portfolio.answers import KEYS
from kamxl.forms.portfolio.dashboard import ANSWERS, HEADING, NAME
from kamxl.forms.portfolio.front import Front, Told
from kamxl.report.looks import verdict_look
from kamxl.report.numbers import Shown, plain_value, value_of
from kamxl.report.sections import Part
from kamxl.report.tables import Block, Head, Shape, Source, folded, link_of

_MOST = 100  # accounts of the first screen that are there at all
_FEW = 8  # accounts that stand on the first screen at once, as on the dashboard


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, and its answer in parts that lead each to its section: (text, link)."""

    question: str
    parts: tuple[tuple[str, str], ...]


def answers_of(book: Book, shown: Shown) -> Iterator[Answer]:
    """With whom, what, and what on Monday, as the dashboard says them."""
    sheet = book.sheet("dashboard")
    sections = {f"'{s.title.replace(chr(39), chr(39) * 2)}'": s.key for s in book.sheets}
    for row in range(ANSWERS, ANSWERS + len(KEYS)):
        found = sorted((at[1], cell) for at, cell in loose(sheet).items() if at[0] == row)
        parts = [
            (shown.cell(cell), "#" + sections.get((cell.link or "").rpartition("!")[0], "main"))
            for _, cell in found if value_of(cell) is not None
        ]  # fmt: skip
        if len(parts) > 1:
            yield Answer(parts[0][0], tuple(parts[1:]))


def accounts_of(front: Front, accounts: Source, shown: Shown) -> Part:
    """A row for each account of the screen: how we stand there, why, and what is missing."""
    t = shown.t
    places = {value_of(accounts.cell(row, "id")): row for row in accounts.rows}
    every = [(one, places[one.account]) for one in front.rows if one.account in places]
    rows, left = every[:_MOST], len(every) - _MOST

    def titled(key: str) -> str:
        return shown.cell(accounts.sheet.cells.get((accounts.head, accounts.columns[key])))

    heads = (
        Head("name", titled("name")),
        Head("lead", titled("lead"), "mid"),
        Head("basis", t("portfolio.answers.basis")),
        Head("cause", t("portfolio.answers.cause")),
        Head("said", t("report.said")),
    )
    widest = max((abs(p) for one, _ in rows if (p := one.lead) is not None),
                 default=0.0)  # fmt: skip
    lines = tuple(_line(one, row, accounts, shown, widest or 1.0) for one, row in rows)
    whose = tuple(one.account for one, _ in rows)
    section = accounts.sheet.title
    more = t("report.below", count=left, section=section) if left > 0 else ""
    block = Block(heads, lines, "", whose, few=_FEW)
    return Part(front.finding, block, more, "#accounts", section)


def _line(one: Told, row: int, accounts: Source, shown: Shown, widest: float) -> tuple[Shape, ...]:
    lead = one.lead
    cell = accounts.cell(row, "lead")
    old = "old" if one.earlier else ""
    swing = None if lead is None else round(100 * lead / widest, 1)
    verdict = old or verdict_look(accounts.number(row, "position")).strip()
    way = {True: "good", False: "bad", None: "muted"}[one.up]
    return (
        folded(Shape(one.called, old or "strong")),
        Shape(
            shown.cell(cell) or "–", verdict, swing=swing if shown.cell(cell) else None,
            value=plain_value(cell), link=link_of(accounts, shown, row, "lead"),
        ),
        Shape(one.basis, old or "keep"),
        folded(Shape(one.cause, old or way)),
        folded(Shape(one.said, old)),
    )  # fmt: skip


def told_instead(sheet: Sheet, shown: Shown) -> str:
    """What stands where the accounts would, if there is none."""
    found = sorted((at[0], at) for at in sheet.cells if at[1] == NAME)
    return " ".join(
        said for row, at in found if row >= HEADING and (said := shown.cell(sheet.cells[at]))
    )
