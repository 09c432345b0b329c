"""What a customer said beside the cells: in notes and text boxes, by the table, on a new sheet.

Nothing asks for it, so no reader of answers sees it; it is her word all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import is_id, same_id
from kamxl.core.records.register import Answers, CardOrder
from kamxl.core.records.remark import Remark
from kamxl.forms.paper.raw import RawBook, RawCell, RawSheet, a1, place_of
from kamxl.forms.reply.reading import page_texts
from kamxl.forms.scorecard.columns import Columns, sum_row
from kamxl.forms.scorecard.grid import ANCHOR, COMMENT, GAP, GOOD, ID, LABEL, LAST, OWN_KEYS, WEIGHT
from kamxl.forms.scorecard.ours import Ours, folded_text, is_nobodys, letters
from kamxl.forms.tables import fields

MOST_REMARKS = 30
MOST_SAID = 3  # said one by one; all stand on the portfolio's sheet
_STRANGE = 10  # cells of a sheet that she added: more of them are a table of hers, shown by its top
_WORDS = 3  # in a cell for a number: less is a slip, and said as such
_SHOWN = 1_000
_ENOUGH = 500  # of them nobody reads more
_HEADERS = {"supplier-unknown"}  # their headers are said with the numbers below
_LOOKED = 20_000  # cells with texts: no card has so many


@dataclass(frozen=True)
class _Said:
    """A text and where it stands (row 0: the file does not tell)."""

    sheet: RawSheet
    row: int
    column: int
    text: str
    note: bool = False

    @property
    def place(self) -> tuple[str, int, int]:
        """The title of its sheet, row and column."""
        return self.sheet.title, self.row, self.column

    @property
    def remark(self) -> Remark:
        """It, as a record."""
        cell = a1(self.row, self.column) if self.row and self.column else ""
        return Remark(self.sheet.title, cell, fields.harmless(self.text)[:_SHOWN])


def read_beside(
    raw: RawBook,
    columns: Columns | None,
    order: CardOrder | None,
    answers: Answers,
    answered: Callable[[], Collection[tuple[str, int, int]]],
    said_at: Collection[tuple[str | None, str | None]] = (),
) -> tuple[tuple[Remark, ...], list[Finding]]:
    """The customer's words outside of the cells that ask, each with its place, and what is said.

    ``columns`` None: there is no table of ratings, as where only our reply was asked about.

    ``answered`` tells the places of other answers that were read (who rated, wishes), if it is
    asked; ``said_at``: sheet and cell of all that is said of the card already.
    """
    own = _own_words(answers) | {folded_text(text) for text in page_texts(order)}
    is_ours = _Known(Ours(order), own)
    said: list[_Said] = []
    title = columns.table.sheet.title if columns else ""
    for sheet in raw.sheets:
        first = columns.table.row if order is None and columns else 0
        said += _on(sheet, first, is_ours) if order is not None or sheet.title == title else ()
        notes = (_Said(sheet, n.row, n.column, n.text, note=True) for n in sheet.notes)
        said += [one for one in notes if letters(one.text) and not is_ours(one.text)]
        if len(said) > _ENOUGH:
            break
    if said:
        read = answered()
        is_answer = _answering(columns, read, known_order=order is not None)
        said = [one for one in said if one.note or not is_answer(one)]
    typed = _in_numbers(columns) if columns else ()
    remarks = tuple(o.remark for o in islice((*said, *typed), MOST_REMARKS))
    unsaid = [one for one in said if (one.sheet.title, one.remark.cell) not in said_at]
    return remarks, _findings(unsaid)


def _answering(
    columns: Columns | None, read: Collection[tuple[str, int, int]], *, known_order: bool
) -> Callable[[_Said], bool]:
    """Whether a text stands where it is read as an answer; ``read``: the places besides a table."""
    if columns is None:
        return lambda one: one.place in read
    asks = _asking(columns, known_order=known_order)
    title, ids = columns.table.sheet.title, columns.table.column(ID)

    def is_answer(one: _Said) -> bool:
        if one.place in read or one.sheet.title != title:
            return one.place in read
        numbered = one.column == ids and is_id(fields.plain(one.text))  # said as ids gone
        return numbered or asks(one.row, one.column)

    return is_answer


def _on(sheet: RawSheet, first: int, is_ours: _Known) -> list[_Said]:
    """The words in the cells of a sheet from a row on, in reading order; our results are none."""
    texts = [(at, text) for at, text in sheet.words(_LOOKED) if at[0] >= first]
    strange = [one for one in texts if not is_nobodys(one[1]) and not is_ours(one[1])]
    words = sorted(one for one in strange if _is_words(sheet.cells[one[0]]))
    said = [_Said(sheet, *at, text) for at, text in words]
    return [_top(said)] if _STRANGE < len(said) == len(texts) else said


@dataclass(frozen=True)
class _Known:
    """Whether a text is ours, or repeats what she typed where it was asked."""

    ours: Ours
    own: Collection[str]

    def __call__(self, text: str) -> bool:
        folded = folded_text(text)
        return folded in self.own or folded in self.ours


def _findings(said: list[_Said]) -> list[Finding]:
    """The first ones one by one, the others together."""
    shown = [one.remark for one in said[:MOST_SAID]]
    found = [
        finding("words-beside", sheet=r.sheet, cell=r.cell or None, value=r.text) for r in shown
    ]
    more = len(said) - len(shown)
    return [*found, finding("words-beside", more=more)] if more > 0 else found


def _own_words(answers: Answers) -> set[str]:
    """What she typed where it was asked, and what our results repeat of it."""
    told = [r.label for r in answers.scorecard.requirements]
    told += [*answers.comments.values(), *answers.good.values(), answers.name, answers.function]
    told += [text for wish in answers.wishes for text in (wish.issue, wish.remedy)]
    page = answers.page
    told += [one.comment for one in page.rows]
    told += [one.comment for one in page.benefits]
    told += [one.comment for one in page.programmes]
    told += [one.correction for one in page.statements]
    return {folded_text(text) for text in (*told, *(e.comment for e in answers.efforts))}


def _is_words(cell: RawCell) -> bool:
    """Whether a cell says something in words: neither a number nor a blank nor a sum of hers."""
    if fields.plain(cell.text).casefold().strip(" :=") in fields.sum_words():
        return False
    number = fields.number(cell)
    return number.value is None and not number.deliberate and number.code == "number-text"


def _top(said: list[_Said]) -> _Said:
    """A whole sheet of hers, as it begins."""
    first = said[0]
    return _Said(first.sheet, first.row, first.column, " · ".join(o.text for o in said[:_STRANGE]))


def _asking(columns: Columns, *, known_order: bool) -> Callable[[int, int], bool]:
    """Whether a cell of the table asks, or is a label or header whose text is said already."""
    table, last, rated = columns.table, sum_row(columns.table), _rated(columns)
    told = (LABEL, COMMENT, GOOD) if known_order else (LABEL, COMMENT, GOOD, ANCHOR, GAP, LAST)
    asking = {*rated, *(c for key in told for c in table.columns.get(key, ()))}
    ids = table.column(ID)
    keys = {*OWN_KEYS, *(same_id(one.id) for one in columns.suppliers)}
    heads = {column for key in keys for column in table.columns.get(key, ())}
    heads |= {place_of(f.cell)[1] for f in columns.findings if f.code in _HEADERS and f.cell}

    def asks(row: int, column: int) -> bool:
        if row in (table.row - 1, table.row):
            return column in heads
        if column == ids and not known_order:
            cell = table.sheet.cells.get((row, column))
            return cell is not None and is_id(fields.plain(cell.text))
        if column not in asking or not table.row < row < last:
            return False
        cell = table.cell(row, ID)
        asked = cell is not None and is_id(fields.plain(cell.text))
        return asked or any(_holds_number(columns, row, at) for at in rated)

    return asks


def _rated(columns: Columns) -> list[int]:
    """The columns of numbers that are read."""
    places = (columns.table.column(WEIGHT), *columns.by_supplier.values())
    return [column for column in places if column]


def _holds_number(columns: Columns, row: int, column: int) -> bool:
    cell = columns.table.sheet.cells.get((row, column))
    return cell is not None and not cell.formula and fields.number(cell).value is not None


def _in_numbers(columns: Columns) -> Iterator[_Said]:
    """Sentences in cells for a number: said as no number, and carried along as her words."""
    table, last = columns.table, sum_row(columns.table)
    for row in table.rows():
        id_ = table.cell(row, ID)
        if row < last and id_ and is_id(fields.plain(id_.text)):
            for column in _rated(columns):
                cell = table.sheet.cells.get((row, column))
                if cell and len(cell.text.split()) >= _WORDS and _is_words(cell):
                    yield _Said(table.sheet, row, column, cell.text)
