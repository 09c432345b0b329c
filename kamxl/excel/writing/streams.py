"""The rows of a long sheet, written one after the other: no text of the whole sheet is ever made.

The cells of a packed block (``paper.packed``) follow one another from the first column on, so they
need not say where they stand. Each holds its text itself: a list of shared strings would have to be
kept until the last row is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import repeat

from kamxl.excel.writing.cells import (
    ERRORS,
    Place,
    Rows,
    cell,
    number_text,
    serial,
)
from kamxl.excel.writing.filling import Filling
from kamxl.excel.writing.xmltext import cell_text, escape
from kamxl.forms.paper.book import RISKY, Content, Formula, Scalar, Slot
from kamxl.forms.paper.packed import Block, Line
from kamxl.forms.paper.raw import column_letters, place_of

Heads = tuple[tuple[str, str], ...]  # the style of each cell of a look, and if it is quoted


@dataclass(frozen=True, slots=True)
class Flow:
    """The rows of one sheet: its blocks', each with what its looks begin with, and all others."""

    rows: Rows
    blocks: tuple[tuple[Block, tuple[Heads, ...]], ...]

    def fill(self, filling: Filling) -> str:
        """The sheet's rows with their values, at once."""
        return "".join(self.texts(filling))

    def texts(self, filling: Filling) -> Iterator[str]:
        """The same, row by row."""
        own = dict(self.rows.rows)
        waiting = sorted(own, reverse=True)
        yield "<sheetData>"
        for block, looks in self.blocks:
            letters = list(map(column_letters, range(1, block.width + 1))) if block.placed else []
            while waiting and waiting[-1] < block.first:
                yield self.rows.row(number := waiting.pop(), own[number], filling)
            for number, line, look in block.rows():
                begin = _begin(number, self.rows.heights.get(number, block.height(number)))
                told = _cells(line, looks[look], _begins(letters, number))
                yield f"{begin}{_with(told, own.get(number, ()), filling)}</row>"
            waiting = [number for number in waiting if number > block.last]
        for number in reversed(waiting):
            yield self.rows.row(number, own[number], filling)
        yield "</sheetData>"


def heads_of(styles: Sequence[int]) -> Heads:
    """The styles of the cells of a look, from their numbers (see ``styles``)."""
    return tuple((f' s="{style}"', f' s="{style + 1}"') for style in styles)


def _begin(number: int, height: float) -> str:
    """How a row begins that grows with what is typed into it."""
    return f'<row r="{number}" ht="{height:g}">'


def _begins(letters: Sequence[str], row: int) -> Iterable[str]:
    """How each cell of a row begins; ``letters``: of the columns, where cells say theirs."""
    return [f'<c r="{column}{row}"' for column in letters] if letters else repeat("<c")


def _cells(line: Line, heads: Heads, begins: Iterable[str]) -> list[str]:
    """The packed cells of a row."""
    return [
        f"{begin}{_cell(content, head)}"
        for content, head, begin in zip(line, heads, begins, strict=False)
    ]


def _with(told: list[str], own: Sequence[Place], filling: Filling) -> str:
    """The same with cells that stand in the place of one, or right of them all."""
    wide = len(told)
    for place in own:
        _, column = place_of(place.address)
        if column <= wide:
            told[column - 1] = cell(place, filling)
        else:
            told.append(cell(place, filling))
    return "".join(told)


def _cell(content: Content, heads: tuple[str, str]) -> str:
    if content is None or content == "":
        return f"{heads[0]}/>"
    if isinstance(content, str):
        return f"{heads[content.startswith(RISKY)]}{_text(content)}"
    if isinstance(content, Formula):
        return f"{heads[0]}{_formula(content)}"
    if isinstance(content, Slot):
        raise TypeError(f"a packed row has no slots: {content.key}")
    return f"{heads[0]}{_number(content)}"


@lru_cache(maxsize=4_096)  # of an account or a requirement the same stands in row after row
def _text(text: str) -> str:
    text = cell_text(text)
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f' t="inlineStr"><is><t{keep}>{text}</t></is></c>'


def _number(value: bool | float | date) -> str:
    if isinstance(value, bool):
        return f' t="b"><v>{value:d}</v></c>'
    if isinstance(value, date) and serial(value) is None:
        return _text(value.isoformat())
    return f"><v>{number_text(value)}</v></c>"


def _formula(formula: Formula) -> str:
    value: Scalar | Slot = formula.value
    text = f"<f>{escape(formula.text)}</f>"
    if isinstance(value, bool):
        return f' t="b">{text}<v>{value:d}</v></c>'
    if isinstance(value, str):
        kind = "e" if value in ERRORS else "str"
        return f' t="{kind}">{text}<v>{cell_text(value)}</v></c>'
    if value is None or isinstance(value, Slot):
        raise ValueError(f"the formula has no value to store: {formula.text}")
    return f">{text}<v>{number_text(value)}</v></c>"
