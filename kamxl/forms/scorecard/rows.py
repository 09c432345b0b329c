"""Reading the rows of a scorecard's table: matched by id, every value as people type it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, count, islice

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import SPARE_PREFIX, US, is_id, is_spare, same_id
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.scales import Scale, in_percent, judged, weights_like
from kamxl.core.method.scoring import WEIGHTS_SUM, WEIGHTS_TOLERANCE
from kamxl.core.records.register import AskedRequirement, CardOrder, Requirement, Scorecard
from kamxl.forms.paper.raw import RawCell, a1
from kamxl.forms.scorecard.columns import MOST, Columns, sum_row
from kamxl.forms.scorecard.doubts import Doubt, decided, names_it, of_own_scale, said
from kamxl.forms.scorecard.grid import COMMENT, GOOD, ID, LABEL, WEIGHT
from kamxl.forms.scorecard.identity import same_text
from kamxl.forms.tables import fields
from kamxl.forms.tables.fields import Parsed, plain
from kamxl.wording.texts import spoken
from kamxl.wording.understood import is_blank, unseen

MOST_OWN = 100  # own requirements of one customer; more of them are no card any more


@dataclass
class _Row:
    """One requirement row: its place (0: none), its id as on the order, and what was typed."""

    row: int
    id: str
    label: str
    minimum: float | None = None
    weight: float | None = None
    ratings: dict[str, float | None] = field(default_factory=dict)


def off(weights: Iterable[float]) -> bool:
    """Whether weights do not add up to 100."""
    return round(abs(sum(weights) - WEIGHTS_SUM), TIE_DIGITS) > WEIGHTS_TOLERANCE


class RowReader:
    """Reads the rows of one table and collects findings; made for one card, used once."""

    def __init__(
        self, columns: Columns, order: CardOrder | None, scale: Scale | None = None
    ) -> None:
        self.table, self.columns, self.order = columns.table, columns, order
        self.scale = scale
        self.findings: list[Finding] = []
        self.comments: dict[str, str] = {}
        self.good: dict[str, str] = {}
        self.sheet = self.table.sheet.title
        self.typed: tuple[float, ...] = ()  # all ratings of suppliers, on whatever scale
        self._doubts: list[Doubt] = []
        self._lost = False  # whether no requirement can be found
        self._silent: set[tuple[int, int]] = set()  # cells whose blank is said or wanted already
        self._wanted: set[tuple[int, int]] = set()  # cells left blank on purpose
        self._sum_row = sum_row(self.table)
        weight = self.table.column(WEIGHT)
        answers = (weight, *columns.by_supplier.values())
        self._answers = tuple(column for column in answers if column)
        self._ids = self._rows_by_id()

    def card(self) -> Scorecard:
        """The scorecard as answered, asked requirements first, in the order of the card asked."""
        rows = [*self._asked(), *self._own()]
        if not self._lost:
            self._strange()
        self._weights(rows)
        self._ratings(rows)
        for row in rows:
            self._words(row, COMMENT, self.comments)
            self._words(row, GOOD, self.good)
        self._whole(rows)
        requirements = tuple(Requirement(r.id, r.label, r.weight, r.minimum) for r in rows)
        ratings = {s.id: {r.id: r.ratings.get(s.id) for r in rows} for s in self.columns.suppliers}
        left = (self.table.column(WEIGHT), self.columns.by_supplier.get(US))
        unweighted, unrated = (
            frozenset(r.id for r in rows if column and (r.row, column) in self._wanted)
            for column in left
        )
        return Scorecard(requirements, ratings, unweighted, unrated)

    # -- which rows there are -------------------------------------------------------------------

    def _rows_by_id(self) -> Mapping[str, list[int]]:
        """The rows of each id, from the top; those that begin with ":" are marks of ours."""
        found: dict[str, list[int]] = {}
        for row in self.table.rows():
            seen = self._text(row, ID)
            if is_id(seen) and (row < self._sum_row or self._typed(row, below=True)):
                found.setdefault(same_id(seen), []).append(row)
        for heading in _headings(ID):  # the headers of a copy below
            found.pop(heading, None)
        return found

    def _asked(self) -> list[_Row]:
        asked = self.order.requirements if self.order else self._on_card()
        self._lost = self.order is not None and all(same_id(r.id) not in self._ids for r in asked)
        if self._lost and asked:
            where = {"sheet": self.sheet, "cell": a1(self.table.row, self.table.column(LABEL) or 1)}
            self.findings.append(finding("rows-unknown", count=len(asked), **where))
            return [_Row(0, r.id, r.label, r.minimum) for r in asked]
        return [self._asked_row(r, self._ids.get(same_id(r.id), [])) for r in asked]

    def _on_card(self) -> list[AskedRequirement]:
        """Without an order: what the card itself lists, as far as it holds a requirement."""
        return [
            AskedRequirement(self._text(rows[0], ID), self._text(rows[0], LABEL))
            for key, rows in self._ids.items()
            if not is_spare(key) and (self._text(rows[0], LABEL) or self._typed(rows[0]))
        ]

    def _asked_row(self, asked: AskedRequirement, places: list[int]) -> _Row:
        row = _Row(places[0] if places else 0, asked.id, asked.label, asked.minimum)
        if not places:
            self.findings.append(
                finding("requirement-missing", sheet=self.sheet, value=asked.id, label=asked.label)
            )
            return row
        for place in places[1 : 1 + MOST]:
            self._say("requirement-duplicate", place, ID, value=asked.id, label=asked.label)
        if len({self._content(place) for place in places}) > 1:
            row.row = 0  # two rows that say different things: neither is used
            return row
        seen = self._text(row.row, LABEL)
        waits = any(one.code == "label-contradicts" for one in self.columns.findings)
        if same_text(seen) != same_text(asked.label) and self.table.column(LABEL) and not waits:
            self._say("label-changed", row.row, LABEL, value=seen, label=asked.label)
        return row

    def _content(self, row: int) -> tuple[str, ...]:
        """What was typed into a row, for telling two copies apart."""
        columns = (*self._answers, *(self.table.column(key) or 0 for key in (COMMENT, GOOD)))
        return tuple(cell.text if (cell := self._cell(row, c)) else "" for c in columns)

    def _own(self) -> list[_Row]:
        """The customer's own requirements: spare rows in use, and rows inserted without an id."""
        if self._lost:
            return []  # nobody can tell which of them are hers
        spare = [(row, key) for key, rows in self._ids.items() if is_spare(key) for row in rows]
        told = (LABEL, COMMENT, GOOD)
        used = [
            (row, key)
            for row, key in spare
            if self._typed(row) or any(_says(self._text(row, key_)) for key_ in told)
        ]
        inserted = [(row, "") for row in self._inserted()]
        places = islice([*used, *inserted], MOST_OWN + 1)
        free = (own for n in count(1) if (own := f"{SPARE_PREFIX}{n}") not in self._ids)
        rows: list[_Row] = []
        taken: set[str] = set()
        for place, key in places:
            if len(rows) == MOST_OWN:
                self._say("requirement-unknown", place, LABEL, value=self._label(place))
                break
            own = key if key and key not in taken else next(free)
            taken.add(own)
            rows.append(self._own_row(place, own, inserted=not key))
        return rows

    def _own_row(self, place: int, own: str, *, inserted: bool) -> _Row:
        label, column = self._text(place, LABEL), self.table.column(LABEL)
        if not label:
            self._say("label-missing", place, LABEL, value=own)
        elif inserted:
            self._say("requirement-inserted", place, LABEL, value=label, label=label)
        if column:
            self._note(Parsed(code=fields.words(self._cell(place, column)).code), place, column)
        return _Row(place, own, label or own)

    def _inserted(self) -> Iterator[int]:
        """Rows without an id, above the sums, with a typed number: requirements of their own."""
        for row in self.table.rows():
            nameless = row < self._sum_row and not self._text(row, ID) and self._typed(row)
            if nameless and not self._adds_up(row):
                yield row

    def _adds_up(self, row: int) -> bool:
        """Whether a row without id is a sum of the customer's own."""
        label = self._text(row, LABEL).casefold().strip(" :=")
        cells = [c for column in self._answers if (c := self._cell(row, column))]
        return label in fields.sum_words() or (not label and all(c.formula for c in cells))

    def _strange(self) -> None:
        """Rows with numbers that belong to no requirement: said, and not used."""
        asked = {same_id(r.id) for r in self.order.requirements} if self.order else set(self._ids)
        wrong = [row for key, rows in self._ids.items() for row in rows if key not in asked
                 and not is_spare(key)]  # fmt: skip
        headings = _headings(ID)
        for row in self.table.rows():
            seen = self._text(row, ID)
            ours = is_id(seen) or seen.startswith(":") or seen.casefold() in headings
            if not ours and (seen or row > self._sum_row or self._adds_up(row)):
                wrong += [row] if self._points(row) else []
        for row in sorted(wrong)[:MOST]:
            key = ID if self._text(row, ID) else LABEL
            self._say("requirement-unknown", row, key, value=self._text(row, key))

    def _points(self, row: int) -> bool:
        """Whether a number that could be a weight or a rating was typed into a row."""
        cells = (self._cell(row, column) for column in self._answers)
        return any(c and not c.formula and fields.points(c).value is not None for c in cells)

    def _typed(self, row: int, *, below: bool = False) -> bool:
        """Whether there is anything in the cells for weight and ratings of a row but blanks.

        ``below``: the sums, where formulas are ours.
        """
        cells = (self._cell(row, column) for column in self._answers)
        return any(c and (not below if c.formula else _says(c.text)) for c in cells)

    # -- what was typed -------------------------------------------------------------------------

    def _weights(self, rows: list[_Row]) -> None:
        column = self.table.column(WEIGHT)
        if column is None:
            return
        numbers = self._numbers(rows, column)
        given = [number.value for _, number in numbers if number.value is not None]
        if weights_like(given, sum(not is_spare(row.id) for row in rows)):
            self._doubtful_weights(column, numbers, given)
            return
        asked = []  # which may be shares that lost their sign: how many per cent all make, tells
        marked = any(fields.has_percent_sign(self._cell(row.row, column)) for row, _ in numbers)
        for row, _ in numbers:
            cell = self._cell(row.row, column)
            parsed = fields.weight(cell)
            row.weight = parsed.value
            if parsed.code == "weight-scale" or (marked and fields.is_bare_one(cell)):
                asked.append(row)
            else:
                self._note(parsed, row.row, column)
        if not off(row.weight or 0 for row in rows):
            return  # half a percent is what it says: beside the others it makes 100
        for row in asked:
            self._note(Parsed(code="weight-scale"), row.row, column)
            row.weight = None

    def _doubtful_weights(
        self, column: int, numbers: list[tuple[_Row, Parsed[float]]], given: list[float]
    ) -> None:
        if self.scale is None:
            self._doubt(WEIGHT, WEIGHT, column, numbers)
            return
        percents = iter(in_percent(self.scale, given))
        for row, number in numbers:
            if number.value is not None:
                number = fields.as_typed(Parsed(next(percents), number.code))
            row.weight = number.value
            self._note(number, row.row, column)

    def _ratings(self, rows: list[_Row]) -> None:
        """Each supplier's column, judged whole; the one of a rival that is in doubt stays out."""
        columns = [(s, c) for s in self.columns.suppliers if (c := self._column_of(s.id))]
        read = [self._numbers(rows, column) for _, column in columns]
        named = [self._of_own_scale(n, c) for n, (_, c) in zip(read, columns, strict=True)]
        given = [[n.value for _, n in numbers if n.value is not None] for numbers in named]
        self.typed = tuple(chain(*given))
        for (supplier, column), numbers, own, in_doubt in zip(
            columns, read, named, judged(given), strict=True
        ):
            if in_doubt and self.scale is None:
                self._doubt(supplier.id, supplier.name, column, own)
                continue
            scale = self.scale if in_doubt else None
            numbers = own if in_doubt else numbers
            for row, one in self._in_points(column, numbers, scale):
                row.ratings[supplier.id] = one.value
                self._note(one, row.row, column, decided=scale)
        self.findings += said(self._doubts, self.sheet, suppliers=sum(map(bool, given)))

    def _in_points(
        self, column: int, numbers: list[tuple[_Row, Parsed[float]]], scale: Scale | None
    ) -> Iterator[tuple[_Row, Parsed[float]]]:
        """The numbers of a column as ratings; ``scale``: what somebody decided they are on."""
        cells = {row.row: self._cell(row.row, column) for row, _ in numbers}
        read = [(row, fields.as_points(number, cells[row.row])) for row, number in numbers]
        shares = any(one.code == "rating-scale" for _, one in read)
        shares = shares or any(map(fields.has_percent_sign, cells.values()))
        for (row, number), (_, one) in zip(numbers, read, strict=True):
            if scale is not None:
                one = decided(number, scale)
            elif shares and fields.is_bare_one(cells[row.row]):
                one = Parsed(code="rating-scale")  # 1 beside 0.85 or 85 % may be 100 %
            yield row, one

    def _of_own_scale(
        self, numbers: list[tuple[_Row, Parsed[float]]], column: int
    ) -> list[tuple[_Row, Parsed[float]]]:
        """A column as it is where it is in doubt: with what names another scale, "8/10"."""
        found = []
        for row, number in numbers:
            own = of_own_scale(self._cell(row.row, column)) if number.code else None
            fits = own is not None and (self.scale is None or names_it(own[1], self.scale))
            found.append((row, Parsed(own[0]) if own is not None and fits else number))
        return found

    def _column_of(self, supplier: str) -> int | None:
        return self.columns.by_supplier.get(supplier)

    def _numbers(self, rows: list[_Row], column: int) -> list[tuple[_Row, Parsed[float]]]:
        """What stands in a column as numbers of any size, row by row."""
        return [(row, fields.number(self._cell(row.row, column))) for row in rows if row.row]

    def _doubt(
        self, what: str, name: str, column: int, numbers: list[tuple[_Row, Parsed[float]]]
    ) -> None:
        """Leave a column out: all its numbers are said at once, what is none by itself."""
        found = tuple((row.row, n.value) for row, n in numbers if n.value is not None)
        own = (of_own_scale(self._cell(row, column)) for row, _ in found)
        scale = next((one[1] for one in own if one is not None), None)
        self._doubts.append(Doubt(what, name, column, found, scale))
        self._silent.update((row, column) for row, _ in found)
        for row, number in numbers:
            if number.value is None:
                self._note(number, row.row, column)

    def _words(self, row: _Row, key: str, found: dict[str, str]) -> None:
        column = self.table.column(key)
        if column is None or not row.row:
            return
        parsed = fields.answer(self._cell(row.row, column))
        self._note(Parsed(code=parsed.code), row.row, column)
        if parsed.value:
            found[row.id] = parsed.value

    def _whole(self, rows: list[_Row]) -> None:
        if self._lost:
            return
        column, ours = self.table.column(WEIGHT), self.columns.by_supplier.get(US)
        whole = sum(row.weight or 0 for row in rows)
        unread = any(doubt.what == WEIGHT for doubt in self._doubts)
        if column is not None and whole <= 0 and not unread:
            self._place("weights-none", self.table.row, column)
        elif column is not None:
            if off([whole]) and not unread:
                left, at = round(WEIGHTS_SUM - whole, 6), self._sum_row
                shown = f"{whole:.6g}"
                self._place("weights-sum", at, column, value=shown, sum=whole, left=left)
            for row in rows:
                if row.weight is None:
                    self._blank("weight-missing", row, column)
        if self.order and self.order.meeting and all(r.ratings.get(US) is None for r in rows):
            return  # first the profile: the points have time
        for row in rows if ours else ():
            if row.ratings.get(US) is None and ours:
                self._blank("rating-missing", row, ours)
        if ours and rows and all((row.row, ours) in self._wanted for row in rows):
            self._place("ratings-none", self.table.row, ours)

    def _blank(self, code: str, row: _Row, column: int) -> None:
        """Say that a cell is empty, unless its blank was wanted or its content is said already."""
        if row.row and (row.row, column) not in self._silent:
            self._place(code, row.row, column, label=row.label)

    # -- saying so ------------------------------------------------------------------------------

    def _note(
        self,
        parsed: Parsed[float] | Parsed[str],
        row: int,
        column: int,
        decided: Scale | None = None,
    ) -> None:
        """Say what is wrong with a cell; ``decided``: with it on this scale."""
        if parsed.deliberate:
            self._silent.add((row, column))
            self._wanted.add((row, column))
        if parsed.code and row:
            self._silent.add((row, column))
            cell = self._cell(row, column)
            scale = {"scale": decided.value} if decided not in (None, Scale.POINTS) else {}
            self._place(parsed.code, row, column, value=cell.text if cell else "", **scale)

    def _cell(self, row: int, column: int) -> RawCell | None:
        return self.table.sheet.cells.get((row, column))

    def _text(self, row: int, key: str) -> str:
        """A text in one line."""
        return " ".join(unseen(fields.words(self.table.cell(row, key)).value or "").split())

    def _label(self, row: int) -> str:
        return self._text(row, LABEL) or self._text(row, ID)

    def _say(self, code: str, row: int, key: str, value: object = None, **details: str) -> None:
        self._place(code, row, self.table.column(key) or 1, value=value, **details)

    def _place(
        self, code: str, row: int, column: int, value: object = None, **details: str | float
    ) -> None:
        self.findings.append(
            finding(code, sheet=self.sheet, cell=a1(row, column), value=value, **details)
        )


def _says(text: str) -> bool:
    """Whether a text says anything, and not that there is nothing to say."""
    return bool(plain(text)) and not is_blank(text, among_numbers=True)


@cache
def _headings(key: str) -> frozenset[str]:
    """What the header of a column says, in any of our languages (folded)."""
    return frozenset({key}) | {plain(one).casefold() for one in spoken(f"scorecard.table.{key}")}
