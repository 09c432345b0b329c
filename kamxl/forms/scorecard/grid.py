"""The authority for where things stand on a scorecard: columns, rows and keys, by size.

Writer, formulas, names and reader all ask here; no other module holds an address.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kamxl.core.cards.shown import ShownCard
from kamxl.core.ids import SPARE_PREFIX, SPARE_ROWS, US
from kamxl.core.records.page import MOST_STEPS, Asks
from kamxl.core.records.register import CardOrder
from kamxl.forms.paper.book import fixed, fixed_span
from kamxl.forms.paper.parts import lines_of
from kamxl.forms.reply.grid import PageSize, size_of_page

MAX_COMPETITORS = 6
WISH_ROWS = 8
EFFORTS = ("complicated", "time", "cost")
EFFORT_IDS = {f"e{n}": effort for n, effort in enumerate(EFFORTS, 1)}  # what their rows are called
WHO = ("name", "function", "role", "date")

# Keys in the key row. Row ids that begin with ":" are ours and never a requirement's.
ID, LABEL, ANCHOR, WEIGHT, GAP, COMMENT = "id", "label", "anchor", "weight", "gap", "comment"
GOOD, LAST = ":good", ":last"  # later than the others: no supplier that is out is called so
OWN_KEYS = frozenset({ID, LABEL, ANCHOR, WEIGHT, GAP, COMMENT, GOOD, LAST, US})
SUM, TOTAL, COVERAGE, RANK, CHECK = ":sum", ":total", ":coverage", ":rank", ":check"


_NARROW = 34.0  # the width of the narrowest column of labels in such lines, without its margins


@dataclass(frozen=True, slots=True)
class CardSize:
    """What a layout depends on: requirements 1..40, competitors 0..6, a column for anchors,

    and two for what the respondent said the last time. ``lines``: for how many of a requirement's
    label there is room where lines change places, and no program fits a row to its text. ``page``:
    of our reply to her, if there is one; where that is all that is asked, nothing else counts.
    ``profile``: nobody is rated on it; ``meeting``: it is filled in together.
    """

    requirements: int
    competitors: int
    anchors: bool = False
    last: bool = False
    lines: int = 2
    page: PageSize | None = None
    profile: bool = False
    meeting: bool = False

    @property
    def minutes(self) -> bool:
        """Whether there is a page of what was found out together."""
        return self.profile or self.meeting

    @property
    def rows(self) -> int:
        """Requirement rows in all: the asked ones and the customer's own."""
        return self.requirements + SPARE_ROWS


def size_of(order: CardOrder | ShownCard) -> CardSize:
    """The size of the card that asks ``order``."""
    if order.asks is Asks.REPLY:
        return CardSize(0, 0, page=size_of_page(order.page, alone=True))
    anchored = any(any(r.anchors) for r in order.requirements)
    size = len(order.requirements), len(order.competitors)
    said = (text for r in order.requirements for text in (r.label, *r.anchors[-1:]))
    lines = max((math.ceil(lines_of(text, _NARROW)) for text in said), default=2)
    page = size_of_page(order.page) if order.page is not None else None
    kind = {"profile": order.asks is Asks.PROFILE, "meeting": order.meeting}
    return CardSize(*size, anchored, bool(order.last), max(lines, 2), page, **kind)


def supplier_keys(size: CardSize) -> tuple[str, ...]:
    """Placeholders for the suppliers in column order: "us", "c1", "c2", ..."""
    if size.profile:
        return ()
    return (US, *(f"c{j}" for j in range(1, size.competitors + 1)))


def row_ids(order: CardOrder | ShownCard) -> tuple[str, ...]:
    """The ids of all requirement rows: the asked ones, then own1 to own5."""
    asked = tuple(r.id for r in order.requirements)
    return asked + tuple(f"{SPARE_PREFIX}{i}" for i in range(1, SPARE_ROWS + 1))


@dataclass(frozen=True, slots=True)
class TableGrid:
    """Rows and columns (from 1) of the sheet *Scorecard*."""

    size: CardSize

    MARK_ROW = 1
    BAND = 2
    SUBTITLE = 3
    STATE = 4  # what of the whole card is missing or cannot be right
    STEPS = 5  # what to do in the columns below, in its order
    LIVE = 6  # what is left to do there
    HEADER = 8
    KEYS = 9
    FIRST = 10

    @property
    def weight(self) -> int:
        return 4 if self.size.anchors else 3

    @property
    def us(self) -> int:
        return self.weight + 1 + self.size.last + self.size.meeting

    @property
    def lasts(self) -> tuple[int, ...]:
        """The columns of the last weights and of our last ratings, right of today's."""
        lasts = (self.weight + 1, self.us + 1)
        return lasts[: 1 if self.size.profile else 2] if self.size.last else ()

    @property
    def first_rival(self) -> int:
        return self.us + 1 + self.size.last

    @property
    def last_rival(self) -> int:
        """The column before ``first_rival`` if there is no competitor."""
        return self.first_rival + self.size.competitors - 1

    @property
    def suppliers(self) -> tuple[int, ...]:
        """The columns of all suppliers, us first."""
        if self.size.profile:
            return ()
        return (self.us, *range(self.first_rival, self.last_rival + 1))

    @property
    def gap(self) -> int:
        return self.last_rival + 1

    @property
    def comment(self) -> int:
        return self.good + 1 if self.size.profile else self.gap + 1

    @property
    def good(self) -> int:
        """What is good: right after the weight, where a profile is to be found out."""
        return self.weight + 1 + self.size.last if self.size.minutes else self.comment + 1

    @property
    def end(self) -> int:
        """The last column of the page."""
        return max(self.good, self.comment)

    @property
    def own_row(self) -> int:
        """The row that invites the customer's own requirements."""
        return self.FIRST + self.size.requirements

    @property
    def last(self) -> int:
        return self.FIRST + self.size.rows

    @property
    def sum_row(self) -> int:
        return self.last + 1

    @property
    def check_row(self) -> int:
        """The row below the totals that doubts the scale of a column; the last of the page."""
        return self.sum_row if self.size.profile else self.sum_row + 4

    def row(self, index: int) -> int:
        """The row of requirement ``index`` (from 0, asked ones first)."""
        return self.FIRST + index + (index >= self.size.requirements)

    def supplier(self, index: int) -> int:
        """The column of supplier ``index`` (0 is us)."""
        return self.suppliers[index]

    def column(self, column: int) -> str:
        """All requirement rows of a column, absolute: "$C$10:$C$20"."""
        return fixed_span(self.FIRST, column, self.last, column)


@dataclass(frozen=True, slots=True)
class StartGrid:
    """Where the sheet *Start* asks who rates: the answer, and its key beyond the printed page."""

    WHO = 12  # the first of the rows
    ANSWER = 2
    KEY = 3

    def row(self, key: str) -> int:
        """The row of one of ``WHO``."""
        return self.WHO + WHO.index(key)


CALC_COLUMNS = (
    "label",
    "weight",
    "us",
    "best",
    "gap",
    "key",
    "both",
    "lead",
    "rank",
    "index",
    "x",
    "y",
    "given",
    "good",
    "weight_key",
    "weight_rank",
    "weight_index",
    "odd",
)
FACTS = (
    "sum",
    "best",
    "common",
    "lead",
    "share",
    "verdict",
    "mean",
    "top",
    "threshold",
    "zero",
    "hundred",
    "judged",
    "unjudged",
    "odd_wishes",
)
CONTEST_COLUMNS = (
    "name",
    "short",
    "total",
    "coverage",
    "rank",
    "common",
    "apart",
    "word",
    "ranked",
    "lead",
    "verdict",
    "contest",
    "heavy",
    "by_id",
    "named",
    "standing",
    "listed",
    "doubt",
)


@dataclass(frozen=True, slots=True)
class ResultGrid:
    """Rows and columns of the sheet *Result*: what is printed (A to G), and the calculation.

    The calculation stands in the open, but so far right of the page that no screen shows both.
    """

    size: CardSize

    LAST_COLUMN = 7
    TILE_LABELS = 5
    TILE_VALUES = 6
    SENTENCE = 7
    SUPPLIERS = 8  # header row of the table of suppliers
    CALC = 27  # column AA: first column of the calculation
    BETWEEN = 20.0  # the width of the empty columns before it
    CALC_FIRST = 9

    def supplier_row(self, index: int) -> int:
        """The row of supplier ``index`` (0 is us)."""
        return self.SUPPLIERS + 1 + index

    @property
    def bars(self) -> int:
        """How many requirements the bar chart shows: all of a usual card, else the largest gaps."""
        return min(self.size.requirements, 12)

    @property
    def chart(self) -> int:
        """First row of the bar chart."""
        return self.supplier_row(self.size.competitors) + 2

    @property
    def picture(self) -> int:
        """First row of the importance-performance picture: it opens the second page."""
        return self.chart + 5 + 2 * self.bars

    @property
    def picture_text(self) -> int:
        """First of the six rows that explain the picture."""
        return self.picture + 17

    @property
    def gaps(self) -> int:
        """Header row of the sorted gaps."""
        return self.picture_text + 8

    def gap_row(self, place: int) -> int:
        """The row of the gap in ``place`` (from 0)."""
        return self.gaps + 1 + place

    def calc(self, name: str, row: int | None = None) -> str:
        """A calculation column, absolute: whole ("$J$9:$J$18"), or requirement ``row``'s cell."""
        column = self.CALC + CALC_COLUMNS.index(name)
        if row is not None:
            return fixed(self.CALC_FIRST + row, column)
        last = self.CALC_FIRST + self.size.rows - 1
        return fixed_span(self.CALC_FIRST, column, last, column)

    @property
    def facts(self) -> int:
        """The column of the single figures' names; the figures stand right of it."""
        return self.CALC + len(CALC_COLUMNS) + 1

    def fact(self, name: str) -> str:
        """A single calculated figure, absolute."""
        return fixed(self.CALC_FIRST + FACTS.index(name), self.facts + 1)

    def contest_column(self, name: str) -> int:
        """A column of what is calculated of each supplier, right of the single figures."""
        return self.facts + 3 + CONTEST_COLUMNS.index(name)

    def contest(self, name: str, index: int) -> str:
        """What is calculated of supplier ``index``, absolute."""
        return fixed(self.supplier_row(index), self.contest_column(name))

    def contests(self, name: str) -> str:
        """The same of all competitors."""
        column, last = self.contest_column(name), self.supplier_row(self.size.competitors)
        return fixed_span(self.supplier_row(1), column, last, column)

    def of_all(self, name: str) -> str:
        """The same of all suppliers, ours too."""
        column, last = self.contest_column(name), self.supplier_row(self.size.competitors)
        return fixed_span(self.supplier_row(0), column, last, column)

    def doubt_of_best(self) -> str:
        """Whether what is said of us and the competitor compared is in doubt: 1 or 0."""
        if not self.size.competitors:
            return self.contest("doubt", 0)
        return f"INDEX({self.of_all('doubt')},{self.fact('best')}+1,1)"

    def listed(self, name: str, place: int) -> str:
        """What is calculated of the supplier in a place (from 0); Gnumeric has none in one cell."""
        if not self.size.competitors:
            return self.contest(name, 0)
        return f"INDEX({self.of_all(name)},{self.contest('listed', place)},1)"

    @property
    def numbers(self) -> int:
        """The column of the weights as they are reckoned with; those of the ratings follow."""
        return self.contest_column(CONTEST_COLUMNS[-1]) + 2


@dataclass(frozen=True, slots=True)
class ProfileGrid:
    """Rows and columns of the sheet *Profile*, which a customer takes to her own board."""

    size: CardSize

    LAST_COLUMN = 6
    TILES = 5
    NOTE = 8
    HEADER = 10

    def row(self, place: int) -> int:
        """The row of the requirement in ``place`` (from 0)."""
        return self.HEADER + 1 + place


@dataclass(frozen=True, slots=True)
class MinutesGrid:
    """Rows and columns of the sheet *Minutes*: what matters, what good means, what we do next.

    Of a profile, which has no sheet *Result*, the calculation stands far right on it.
    """

    size: CardSize

    WITH = 5  # who filled it in, and when
    NOTE = 6
    HEADER = 8
    WHAT, DUE = 2, 3

    @property
    def met(self) -> int:
        """The column of our points, where there are any."""
        return 0 if self.size.profile else 4

    @property
    def good(self) -> int:
        return 4 if self.size.profile else 5

    @property
    def who(self) -> int:
        """The column of who does the next step."""
        return self.good

    def row(self, place: int) -> int:
        """The row of the requirement in ``place`` (from 0)."""
        return self.HEADER + 1 + place

    @property
    def steps(self) -> int:
        """The title of the next steps; their header is right below, then their keys."""
        return self.row(self.size.rows) + 1

    def step(self, number: int) -> int:
        """The row of a next step (from 0)."""
        return self.steps + 3 + number

    @property
    def last(self) -> int:
        """The last row of the page."""
        return self.step(MOST_STEPS - 1)


def rated(cells: str) -> str:
    """1 where a cell holds a number, 0 elsewhere, as an array that Excel, LibreOffice and Gnumeric

    all evaluate inside SUMPRODUCT (Gnumeric does not iterate ISNUMBER there). Text counts as larger
    than any number, an empty cell as 0.
    """
    return f'({cells}<1000000)*({cells}<>"")'
