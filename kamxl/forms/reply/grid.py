"""The authority for where things stand on a reply page: sections, rows, columns and keys, by size.

Every line of a section has its id in the first column; what she says of it stands in the columns
whose keys are in the row below the headers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kamxl.core.records.page import ReplyPage

ID = "id"
# No two keys of these are alike: each names its section, too.
UNDERSTOOD, DOING, WHO, FIT, SAID = ":understood", ":doing", ":owners", ":fit", ":said"
RESULT, COMMENT = ":result", ":comment"
METRIC, CHANGE, SEEN, AMOUNT, NOTE = ":metric", ":change", ":seen", ":amount", ":note"
MEANT, CORRECTION, VIEW = ":meant", ":correction", ":view"
GOAL, GAIN, OWNERS, JOINT, REMARK = ":goal", ":gain", ":both", ":joint", ":remark"

PERSON = ("name", "date")  # who answers, where the page is a workbook of its own
FACTS = ("to", "contact")  # and nothing by when: nobody is chased for it


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the page.

    ``label``: the key of the column that says what a line is about, ``choice``: of her answer.
    ``columns``: each key with the column it stands in; ``inputs``: those that she fills in.
    """

    name: str
    label: str
    choice: str
    columns: Mapping[str, str]
    inputs: tuple[str, ...]


SECTIONS = (
    Section(
        "rows", UNDERSTOOD, FIT,
        {UNDERSTOOD: "text", DOING: "more", WHO: "who", FIT: "choice", SAID: "last",
         RESULT: "second", COMMENT: "words"},
        (FIT, RESULT, COMMENT),
    ),
    Section(
        "benefits", METRIC, SEEN,
        {METRIC: "text", CHANGE: "more", SEEN: "choice", AMOUNT: "second", NOTE: "words"},
        (SEEN, AMOUNT, NOTE),
    ),
    Section(
        "statements", MEANT, VIEW,
        {MEANT: "text", CORRECTION: "more", VIEW: "choice"},
        (CORRECTION, VIEW),
    ),
    Section(
        "programmes", GOAL, JOINT,
        {GOAL: "text", GAIN: "more", OWNERS: "who", JOINT: "choice", REMARK: "words"},
        (JOINT, REMARK),
    ),
)  # fmt: skip
KEYS = frozenset(key for one in SECTIONS for key in one.columns)
# Columns of different sections that are called alike.
_CALLED = {NOTE: COMMENT, REMARK: COMMENT, JOINT: FIT}


def called(key: str) -> str:
    """What names the texts of a column: its header, and the help for whoever fills it in."""
    return _CALLED.get(key, key)[1:]


@dataclass(frozen=True, slots=True)
class PageSize:
    """What the layout of a page depends on: how many lines its sections have.

    ``said``: whether any says what she last said of it; ``alone``: it is a workbook of its own.
    """

    rows: int = 0
    benefits: int = 0
    statements: int = 0
    programmes: int = 0
    said: bool = False
    alone: bool = False

    def count(self, section: Section) -> int:
        """How many lines a section has."""
        return int(getattr(self, section.name))


def size_of_page(page: ReplyPage | None, *, alone: bool = False) -> PageSize:
    """The size of a page; of none, that of an empty one."""
    page = page or ReplyPage("", "")
    return PageSize(
        rows=len(page.rows),
        benefits=len(page.benefits),
        statements=len(page.statements),
        programmes=len(page.programmes),
        said=any(row.said for row in page.rows),
        alone=alone,
    )


_WIDTHS = {"id": 6.0, "text": 42.0, "more": 42.0, "who": 23.0, "choice": 15.0, "second": 15.0,
           "words": 29.0, "room": 1.0}  # fmt: skip
_WITH_LAST = {**_WIDTHS, "text": 38.0, "more": 38.0, "last": 9.0}
_ORDER = ("id", "text", "more", "who", "choice", "last", "second", "words", "room")


@dataclass(frozen=True, slots=True)
class PageGrid:
    """Rows and columns (from 1) of the sheet."""

    size: PageSize

    MARK = 1
    BAND = 2
    GREETING = 5  # of a workbook of its own

    @property
    def widths(self) -> Mapping[int, float]:
        """The width of each column."""
        said = _WITH_LAST if self.size.said else _WIDTHS
        return {self.column(name): said[name] for name in self._columns}

    @property
    def _columns(self) -> tuple[str, ...]:
        return tuple(name for name in _ORDER if name != "last" or self.size.said)

    def column(self, name: str) -> int:
        """A column by what stands in it (ValueError: this page has none such)."""
        return self._columns.index(name) + 1

    @property
    def to(self) -> int:
        """The row that says which answer this replies to; what to do stands below."""
        return self.GREETING + (1 if self.size.alone else 0)

    @property
    def facts(self) -> int:
        """The first row of by when, to whom and who answers, of a workbook of its own."""
        return self.to + 2

    def person(self, key: str) -> int:
        """The row of one of ``PERSON``."""
        return self.facts + len(FACTS) + PERSON.index(key)

    @property
    def first(self) -> int:
        """The row of the first section's title."""
        return self.person(PERSON[-1]) + 2 if self.size.alone else self.to + 3

    def sections(self) -> Iterator[tuple[Section, int]]:
        """Each section that has lines, and the row of its title."""
        row = self.first
        for section in SECTIONS:
            if count := self.size.count(section):
                yield section, row
                row += count + 5  # title, its sentence, headers, keys, and room below

    def lines(self, section: Section) -> range:
        """The rows of a section's lines."""
        first = next((row + 4 for one, row in self.sections() if one is section), 0)
        return range(first, first + self.size.count(section))

    @property
    def data(self) -> int:
        """The row that says who sees her answers, of a workbook of its own."""
        ends = [row + 5 + self.size.count(section) for section, row in self.sections()]
        return max(ends, default=self.first)

    @property
    def last(self) -> int:
        """The last row that is printed."""
        return self.data if self.size.alone else self.data - 2

    def headed(self, section: Section) -> Iterator[tuple[str, int]]:
        """The keys of a section with their columns."""
        for key, name in section.columns.items():
            if name != "last" or self.size.said:
                yield key, self.column(name)
