"""Reading a scorecard that came back: by ids, never by position; every problem is a finding.

Input cells only. What stands in result cells is computed again by the core.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import US, is_id, is_spare, same_id
from kamxl.core.records import (
    Answers,
    AskedRequirement,
    CardOrder,
    Competitor,
    Requirement,
    Scorecard,
)
from kamxl.forms import fields
from kamxl.forms.fields import Parsed, plain
from kamxl.forms.locate import Located
from kamxl.forms.raw import RawBook, RawCell, a1
from kamxl.forms.scorecard_about import read_efforts, read_who, read_wishes
from kamxl.forms.scorecard_columns import Columns, locate, match_columns
from kamxl.forms.scorecard_grid import SUM, WEIGHT

WEIGHTS_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class CardReading:
    """What a card says, and what is wrong with it. ``answers`` None: there is no table to read.

    ``suppliers`` are those of the order, or without one those found on the card.
    """

    answers: Answers | None
    findings: tuple[Finding, ...]
    suppliers: tuple[Competitor, ...] = ()


def read(raw: RawBook, order: CardOrder | None) -> CardReading:
    """Read the card in ``raw`` as the answer to ``order``; without one, by what the card tells."""
    table = locate(raw, order)
    if table is None:
        return CardReading(None, (finding("table-missing"),))
    columns = match_columns(table, order)
    reader = _Reader(table, columns, order, list(columns.findings))
    card = reader.card()
    who, who_findings = read_who(raw, table)
    wishes, wish_findings = read_wishes(raw)
    efforts, effort_findings = read_efforts(raw)
    answers = Answers(card, reader.comments, **who, wishes=wishes, efforts=efforts)
    if answers.empty:
        return CardReading(
            answers,
            (*reader.hard(), finding("empty-card", sheet=table.sheet.title)),
            columns.suppliers,
        )
    found = [*reader.findings, *who_findings, *wish_findings, *effort_findings]
    return CardReading(answers, tuple(found), columns.suppliers)


@dataclass
class _Row:
    """One requirement row: its place, its id as on the order, and what was typed."""

    row: int
    id: str
    label: str
    minimum: float | None = None
    weight: float | None = None
    ratings: dict[str, float | None] = field(default_factory=dict)


class _Reader:
    """Reads the rows of one table and collects findings; made for one card, used once."""

    def __init__(
        self,
        table: Located,
        columns: Columns,
        order: CardOrder | None,
        findings: list[Finding],
    ) -> None:
        self.table, self.columns, self.order = table, columns, order
        self.findings = findings
        self.comments: dict[str, str] = {}
        self.sheet = table.sheet.title
        self._silent: set[tuple[int, int]] = set()  # cells whose blank is said or wanted already

    def hard(self) -> Iterator[Finding]:
        """The findings that matter for an empty card too: those about its structure."""
        soft = {"weights-none", "weights-sum", "weight-missing", "rating-missing"}
        return (f for f in self.findings if f.code not in soft)

    def card(self) -> Scorecard:
        """The scorecard as answered, asked requirements first, in the order of the card asked."""
        rows = self._asked() + self._own()
        self._weights(rows)
        for row in rows:
            self._ratings(row)
            self._comment(row)
        self._whole(rows)
        requirements = tuple(Requirement(r.id, r.label, r.weight, r.minimum) for r in rows)
        ratings = {s.id: {r.id: r.ratings.get(s.id) for r in rows} for s in self.columns.suppliers}
        return Scorecard(requirements, ratings)

    # -- which rows there are -------------------------------------------------------------------

    def _ids(self) -> dict[str, list[int]]:
        """The rows of each id that is no mark of ours (those begin with ":"), from the top."""
        found: dict[str, list[int]] = {}
        for row in self.table.rows():
            cell = self.table.cell(row, "id")
            seen = plain(cell.text) if cell else ""
            if seen and not seen.startswith(":") and is_id(seen):
                found.setdefault(same_id(seen), []).append(row)
        return found

    def _asked(self) -> list[_Row]:
        rows, ids = [], self._ids()
        asked = self.order.requirements if self.order else self._on_card(ids)
        for requirement in asked:
            places = ids.pop(same_id(requirement.id), [])
            rows.append(self._asked_row(requirement, places))
        for key, places in ids.items():
            if not is_spare(key) and self.order:
                for row in places:
                    self._say("requirement-unknown", row, "id", value=self._text(row, "id"))
        return rows

    def _on_card(self, ids: dict[str, list[int]]) -> list[AskedRequirement]:
        """Without an order: what the card itself lists, as far as it holds a requirement."""
        return [
            AskedRequirement(self._text(rows[0], "id"), self._text(rows[0], "label"))
            for key, rows in ids.items()
            if not is_spare(key) and (self._text(rows[0], "label") or self._numbers(rows[0]))
        ]

    def _asked_row(self, asked: AskedRequirement, places: list[int]) -> _Row:
        row = _Row(places[0] if places else 0, asked.id, asked.label, asked.minimum)
        if not places:
            self.findings.append(
                finding("requirement-missing", sheet=self.sheet, value=asked.id, label=asked.label)
            )
            return row
        if len(places) > 1:
            for place in places[1:]:
                self._say("requirement-duplicate", place, "id", value=asked.id, label=asked.label)
            if len({self._typed(place) for place in places}) > 1:
                row.row = 0  # two rows that say different things: neither is used
                return row
        seen = self._text(row.row, "label")
        if plain(seen).casefold() != plain(asked.label).casefold():
            self._say("label-changed", row.row, "label", value=seen, label=asked.label)
        return row

    def _typed(self, row: int) -> tuple[str, ...]:
        """What was typed into a row, for telling two copies apart."""
        columns = (self.table.column(WEIGHT), *self.columns.by_supplier.values())
        cells = (self.table.sheet.cells.get((row, c)) for c in columns if c)
        return tuple(cell.text if cell else "" for cell in cells)

    def _own(self) -> list[_Row]:
        """The customer's own requirements: spare rows in use, and rows inserted without an id."""
        rows: list[_Row] = []
        taken: set[str] = set()
        for key, places in self._ids().items():
            for place in places if is_spare(key) else ():
                label = self._text(place, "label")
                if not label and not self._numbers(place):
                    continue
                own = key if key not in taken else self._next_own(taken)
                taken.add(own)
                if not label:
                    self._say("label-missing", place, "label", value=own)
                rows.append(_Row(place, own, label or own))
        for place in self._inserted():
            own = self._next_own(taken | set(self._ids()))
            taken.add(own)
            label = self._text(place, "label")
            self._say("requirement-inserted", place, "label", value=label, label=label)
            rows.append(_Row(place, own, label))
        return rows

    def _inserted(self) -> list[int]:
        """Rows without an id, above the sums, with a label and a typed number."""
        last = self._sum_row()
        return [
            row
            for row in self.table.rows()
            if row < last
            and not self._text(row, "id")
            and self._text(row, "label")
            and self._numbers(row)
        ]

    def _sum_row(self) -> int:
        for row in self.table.rows():
            if self._text(row, "id") == SUM:
                return row
        return self.table.last_row + 1

    @staticmethod
    def _next_own(taken: set[str]) -> str:
        number = 1
        while f"own{number}" in taken:
            number += 1
        return f"own{number}"

    def _numbers(self, row: int) -> bool:
        """Whether a weight or a rating was typed into a row."""
        columns = (self.table.column(WEIGHT), *self.columns.by_supplier.values())
        cells = (self.table.sheet.cells.get((row, c)) for c in columns if c)
        return any(cell and not cell.formula and plain(cell.text) for cell in cells)

    # -- what was typed -------------------------------------------------------------------------

    def _weights(self, rows: list[_Row]) -> None:
        column = self.table.column(WEIGHT)
        if column is None:
            return
        fractions = []
        for row in rows:
            parsed = fields.weight(self._cell(row.row, column))
            row.weight = parsed.value
            if parsed.code == "weight-scale":
                fractions.append(row)
            else:
                self._note(parsed, row.row, column)
        whole = sum(row.weight or 0 for row in rows)
        if abs(whole - 100) <= WEIGHTS_TOLERANCE:
            return  # half a percent is what it says: beside the others it makes 100
        for row in fractions:
            self._note(Parsed(code="weight-scale"), row.row, column)
            row.weight = None

    def _ratings(self, row: _Row) -> None:
        for supplier, column in self.columns.by_supplier.items():
            if column is None or not row.row:
                continue
            parsed = fields.points(self._cell(row.row, column))
            row.ratings[supplier] = parsed.value
            self._note(parsed, row.row, column)

    def _comment(self, row: _Row) -> None:
        column = self.table.column("comment")
        if column is None or not row.row:
            return
        parsed = fields.text(self._cell(row.row, column))
        self._note(Parsed(code=parsed.code), row.row, column)
        if parsed.value:
            self.comments[row.id] = parsed.value

    def _whole(self, rows: list[_Row]) -> None:
        column, ours = self.table.column(WEIGHT), self.columns.by_supplier.get(US)
        whole = sum(row.weight or 0 for row in rows)
        if column is not None and whole <= 0:
            self._place("weights-none", self.table.row, column)
        elif column is not None:
            if abs(whole - 100) > WEIGHTS_TOLERANCE:
                left = round(100 - whole, 6)
                at = self._sum_row()
                shown = f"{whole:.6g}"
                self._place("weights-sum", at, column, value=shown, sum=whole, left=left)
            for row in rows:
                if row.weight is None:
                    self._blank("weight-missing", row, column)
        for row in rows if ours else ():
            if row.ratings.get(US) is None and ours:
                self._blank("rating-missing", row, ours)

    def _blank(self, code: str, row: _Row, column: int) -> None:
        """Say that a cell is empty, unless its blank was wanted or its content is said already."""
        if row.row and (row.row, column) not in self._silent:
            self._place(code, row.row, column, label=row.label)

    # -- saying so ------------------------------------------------------------------------------

    def _note(self, parsed: Parsed[float] | Parsed[str], row: int, column: int) -> None:
        if parsed.deliberate:
            self._silent.add((row, column))
        if parsed.code and row:
            self._silent.add((row, column))
            cell = self._cell(row, column)
            self._place(parsed.code, row, column, value=cell.text if cell else "")

    def _cell(self, row: int, column: int) -> RawCell | None:
        return self.table.sheet.cells.get((row, column))

    def _text(self, row: int, key: str) -> str:
        return fields.text(self.table.cell(row, key)).value or ""

    def _say(self, code: str, row: int, key: str, value: object = None, **details: str) -> None:
        self._place(code, row, self.table.column(key) or 1, value=value, **details)

    def _place(
        self, code: str, row: int, column: int, value: object = None, **details: str | float
    ) -> None:
        self.findings.append(
            finding(code, sheet=self.sheet, cell=a1(row, column), value=value, **details)
        )
