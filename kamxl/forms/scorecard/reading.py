"""Reading a scorecard that came back: by ids, never by position; every problem is a finding.

Input cells only. What stands in result cells is computed again by the core.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kamxl.core.finding import Finding, finding
from kamxl.core.method.scales import Scale
from kamxl.core.records.page import Asks
from kamxl.core.records.register import Answers, CardOrder, Competitor, Scorecard
from kamxl.forms.paper.raw import RawBook, a1
from kamxl.forms.reply import reading as reply_reading
from kamxl.forms.scorecard.about import (
    answered_places,
    person_places,
    read_efforts,
    read_who,
    read_wishes,
)
from kamxl.forms.scorecard.beside import read_beside
from kamxl.forms.scorecard.columns import MOST_TABLES, Columns, locate, match_columns
from kamxl.forms.scorecard.doubts import CODE, once
from kamxl.forms.scorecard.grid import ID
from kamxl.forms.scorecard.rows import RowReader
from kamxl.forms.scorecard.steps import read_steps, step_places
from kamxl.forms.tables.locate import Located

_SOFT = frozenset(
    {"weights-none", "weights-sum", "weight-missing", "rating-missing", "ratings-none"}
)
_VALUES = ("number-", "rating-scale", "weight-scale", CODE, "formula-no-value")


@dataclass(frozen=True, slots=True)
class CardReading:
    """What a card says, and what is wrong with it. ``answers`` None: there is no table to read.

    ``suppliers`` are those of the order, or without one those found on the card.
    """

    answers: Answers | None
    findings: tuple[Finding, ...]
    suppliers: tuple[Competitor, ...] = ()


@dataclass(frozen=True)
class _TableReading:
    """One table of ratings, read by itself."""

    table: Located
    answers: Answers | None
    findings: tuple[Finding, ...]
    columns: Columns
    typed: tuple[float, ...] = ()  # all ratings, on whatever scale

    @property
    def suppliers(self) -> tuple[Competitor, ...]:
        """Whose columns it has, or should have."""
        return self.columns.suppliers

    @property
    def blank(self) -> bool:
        """Whether nothing was typed into it, not even something that cannot be read."""
        return not self.unread and (self.answers is None or self.answers.empty)

    @property
    def unread(self) -> list[tuple[str, str | None]]:
        """What was typed and could not be understood."""
        return [(f.code, f.value) for f in self.findings if f.code.startswith(_VALUES)]

    def says(self, other: _TableReading) -> bool:
        """Whether the other table says the same."""
        return self.answers == other.answers and self.unread == other.unread


def read(raw: RawBook, order: CardOrder | None, scale: Scale | None = None) -> CardReading:
    """Read the card in ``raw`` as the answer to ``order``; without one, by what the card tells.

    ``scale``: what somebody decided that its doubtful columns are on (None: nobody did).
    """
    if order is not None and order.asks is Asks.REPLY:
        return _reply(raw, order)
    tables = locate(raw, order)
    if not tables:
        return CardReading(None, (finding("table-missing"),))
    if len(tables) > MOST_TABLES:
        return CardReading(None, (_double(tables[0], tables[1]),))
    readings = [_table(raw, table, order, scale) for table in tables]
    filled = [one for one in readings if not one.blank] or readings[:1]
    chosen = filled[0]
    # a copy of the sheet does no harm while it is empty or says the same
    other = next((one for one in filled if not one.says(chosen)), None)
    if other:
        return CardReading(None, (_double(chosen.table, other.table),), chosen.suppliers)
    return _with_the_rest(raw, chosen, order, scale)


def _double(table: Located, other: Located) -> Finding:
    place = {"sheet": other.sheet.title, "cell": a1(other.row, other.column(ID) or 1)}
    return finding("table-duplicate", value=other.sheet.title, first=table.sheet.title, **place)


def _table(
    raw: RawBook, table: Located, order: CardOrder | None, scale: Scale | None
) -> _TableReading:
    columns = match_columns(table, order)
    if columns.table.column(ID) is None:
        return _TableReading(table, None, columns.findings, columns)
    reader = RowReader(columns, order, scale)
    card = reader.card()
    who, who_findings = read_who(raw, columns.table)
    answers = Answers(card, reader.comments, **who, good=reader.good)
    found = (*columns.findings, *reader.findings, *who_findings)
    return _TableReading(columns.table, answers, found, columns, reader.typed)


def _with_the_rest(
    raw: RawBook, reading: _TableReading, order: CardOrder | None, scale: Scale | None
) -> CardReading:
    """The table's answers with what was said on the sheet of wishes, and where nothing asks."""
    if reading.answers is None:
        return CardReading(None, reading.findings, reading.suppliers)
    wishes, wish_findings = read_wishes(raw, reading.typed, scale)
    efforts, effort_findings = read_efforts(raw, reading.typed, scale)
    page, page_findings = reply_reading.read(raw, order)
    steps, step_findings = read_steps(raw)
    answers = replace(reading.answers, wishes=wishes, efforts=efforts, page=page, steps=steps)

    def answered() -> set[tuple[str, int, int]]:
        others = reply_reading.page_places(raw, order) | step_places(raw)
        return answered_places(raw, reading.table) | others

    found = (*wish_findings, *effort_findings, *page_findings, *step_findings)
    told = once((*reading.findings, *found))
    places = {(one.sheet, one.cell) for one in told}
    beside, words = read_beside(raw, reading.columns, order, answers, answered, places)
    answers = replace(answers, beside=beside)
    found = (*told, *words)
    if not answers.empty:
        return CardReading(answers, found, reading.suppliers)
    hard = tuple(f for f in found if f.code not in _SOFT)
    if not any(f.code.startswith((*_VALUES, "rows-unknown")) for f in hard):
        hard = (*hard, finding("empty-card", sheet=reading.table.sheet.title))
    return CardReading(answers, hard, reading.suppliers)


def _reply(raw: RawBook, order: CardOrder) -> CardReading:
    """A page that came back alone: what she says of it, who she is, and her words beside."""
    tables = reply_reading.page_tables(raw)
    if not tables:
        return CardReading(None, (finding("table-missing"),))
    page, page_findings = reply_reading.read(raw, order)
    who, who_findings = read_who(raw, tables[0])
    answers = Answers(Scorecard((), {}), **who, page=page)

    def answered() -> set[tuple[str, int, int]]:
        return person_places(raw, tables[0]) | reply_reading.page_places(raw, order)

    told = once((*page_findings, *who_findings))
    places = {(one.sheet, one.cell) for one in told}
    beside, words = read_beside(raw, None, order, answers, answered, places)
    answers = replace(answers, beside=beside)
    found = (*told, *words)
    if answers.empty and not page_findings:
        found = (*found, finding("empty-card", sheet=tables[0].sheet.title))
    return CardReading(answers, found)
