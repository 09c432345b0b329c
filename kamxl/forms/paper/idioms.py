"""The turns of phrase in formulas on which Excel, LibreOffice and Gnumeric agree, each once.

Each takes references (or formulas) as texts and gives a text. A cell is known if it holds a number;
an unknown result is the empty text, which no sum or mean counts. A test is what stands in brackets
("$A$7:$A$9=$B7"); of a block it holds in some rows. ``tests/forms/test_idioms.py`` has each of them
calculated by all engines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

NOTHING = '""'
DASH = '"–"'  # what people see where there is nothing to take a mean of
_MOST = 10**12
_MARK = "\ue000"  # no letter of any text
_LEAST = f">-{_MOST}"  # every amount of money is nearer to nothing than that
KNOWN = f'"{_LEAST}"'  # the condition that a number meets, and nothing else
_DIGITS = 9  # as the core compares
_ONE_CELL = re.compile(r"(?:.*!)?(\$?[A-Z]+\$?\d+):\1")
_BLOCK = re.compile(r"(\$[A-Z]+\$\d+):\$?[A-Z]+\$?\d+")
# Of a formula: texts, names of sheets, calls, blocks and brackets, and the letters between them.
_PARTS = re.compile(
    r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|[A-Z]*\(|\$[A-Z]+\$\d+:\$?[A-Z]+\$?\d+|.', re.S
)
_CALL = re.compile(r"[A-Z]\(")
_ALONE = re.compile(r"(?:'(?:[^']|'')+'!)?\$?[A-Z]+\$?\d+")
_NEVER_TEXT = re.compile(r"<\d")  # no text is less than a number


def quoted(word: str) -> str:
    """A text as a formula holds it."""
    return '"' + word.replace('"', '""') + '"'


def worded(
    words: Callable[..., str],
    key: str,
    formulas: Mapping[str, str],
    fixed: Mapping[str, object] = MappingProxyType({}),
) -> str:
    """The text under ``key`` with formulas where its figures and names stand.

    Figures are whole numbers: a spreadsheet writes decimals as its own language does, not as the
    text. ``fixed``: values of the text that do not change.
    """
    # a sentence shows control characters, so that these would not come back as they were
    marked = words(key, **{name: f"{_MARK}{name}{_MARK}" for name in formulas}, **fixed)
    pieces = re.split(f"{_MARK}({'|'.join(map(re.escape, formulas))}){_MARK}", marked)
    told = (formulas[p] if odd % 2 else quoted(p) for odd, p in enumerate(pieces) if p)
    return "&".join(told)


def decimal(value: str, point: str) -> str:
    """A number of 0 or more in words, with the one or two decimals it has.

    ``point``: what the text's language writes before them; a spreadsheet would write its own.
    """
    cents = f"ROUND(100*{value},0)"
    tenth = f'IF(MOD({cents},10)=0,MOD({cents},100)/10,RIGHT("0"&MOD({cents},100),2))'
    return f"INT({cents}/100)&IF(MOD({cents},100)=0,{NOTHING},{quoted(point)}&{tenth})"


def any_known(cells: str, then: str, none: str = NOTHING) -> str:
    """Something that is only said if one of the cells is known."""
    return f"IF(COUNT({cells})=0,{none},{then})"


def both_known(one: str, other: str, then: str) -> str:
    """Something that is only said if two cells are known: ``known`` in fewer letters."""
    return f"IF(COUNT({one},{other})=2,{then},{NOTHING})"


def known(*cells: str, then: str, none: str = NOTHING) -> str:
    """Something that is only said if all these cells are known."""
    tests = ",".join(f"ISNUMBER({cell})" for cell in cells)
    return f"IF({f'AND({tests})' if len(cells) > 1 else tests},{then},{none})"


def filled(cell: str, then: str) -> str:
    """Something that is only said once anything stands in a cell."""
    return f"IF({cell}={NOTHING},{NOTHING},{then})"


def where(*tests: str) -> str:
    """1 in the rows in which a test holds, else 0, for each test: factors of ``total``."""
    return ",".join(f"--({test})" for test in tests)


def holds(cells: str) -> str:
    """A test of a block: anything stands in a row; Gnumeric knows no ISNUMBER of a block."""
    return f"{cells}<>{NOTHING}"


def total(*blocks: str, of: Sequence[str] = ()) -> str:
    """The products of blocks of one size, row by row, summed; texts count as 0.

    ``of``: over the rows only in which all these tests hold.
    """
    if blocks and all(map(_ONE_CELL.fullmatch, blocks)):
        # Gnumeric's SUMPRODUCT fails at a block that is one blank cell.
        return "*".join((*([_rows(of)] if of else ()), *(f"SUM({block})" for block in blocks)))
    return f"SUMPRODUCT({','.join((*map(where, of), *blocks))})"


def total_known(*blocks: str, of: Sequence[str] = (), none: str = NOTHING) -> str:
    """The same, only said if some row in question has numbers in all blocks."""
    return f"IF({_rows([*of, *numbers(*blocks)])}=0,{none},{total(*blocks, of=of)})"


def numbers(*blocks: str) -> Iterator[str]:
    """Tests that hold in the rows in which all blocks are known.

    A function like ISNUMBER would not do: Gnumeric takes it for the first row only.
    """
    for block in blocks:
        yield f"{block}<{_MOST}"  # no text is
        yield f"{block}<>{NOTHING}"


def _rows(tests: Sequence[str]) -> str:
    """How many rows all tests hold in, the first of their blocks with the others."""
    return total(of=tests)


def count(*tests: str) -> str:
    """How many rows of a table all tests hold in.

    The blocks are columns of a table that people fill in (``places.Ref.all``): they begin at its
    key row, which is no record. It is counted with the others, and taken off where it may count.
    """
    if any(map(_NEVER_TEXT.search, tests)):
        return _rows(tests)
    heads = "*".join(f"({_at_key_row(test)})" for test in tests)
    return f"({_rows(tests)}-{heads})"


def _at_key_row(test: str) -> str:
    """A test of blocks as it is of their first row; what a function looks up stays as it is."""
    if not _CALL.search(test):
        return _BLOCK.sub(r"\1", test)
    inside: list[bool] = []  # of each open bracket: whether it is a function's
    parts: list[str] = []
    for part in _PARTS.findall(test):
        if part.endswith("("):
            inside.append(len(part) > 1)
        elif part == ")":
            inside.pop()
        parts.append(part if any(inside) else _BLOCK.sub(r"\1", part))
    return "".join(parts)


def head_of(block: str) -> str:
    """The first cell of a block."""
    return _BLOCK.sub(r"\1", block)


def below_head(block: str) -> str:
    """A test that holds in all rows of a block but the first."""
    return f"ROW({block})>ROW({head_of(block)})"


def safe(formula: str, otherwise: str = NOTHING) -> str:
    """Something that is left unsaid where what it rests on is gone, as when its row was deleted."""
    if _ALONE.fullmatch(formula):  # LibreOffice's IFERROR passes on a reference that is gone
        return f"IF(ISERROR({formula}),{otherwise},{formula})"
    return f"IFERROR({formula},{otherwise})"


def sum_known(cells: str, none: str = NOTHING) -> str:
    """The sum of the known cells."""
    return any_known(cells, f"SUM({cells})", none)


def mean_known(cells: str, none: str = NOTHING) -> str:
    """The mean of the known cells."""
    return any_known(cells, f"AVERAGE({cells})", none)


def difference(one: str, other: str) -> str:
    """One less another, both known."""
    return both_known(one, other, f"{one}-{other}")


def ratio(part: str, whole: str) -> str:
    """A part of a whole that there is (above 0)."""
    return f"IF({whole}>0,{part}/{whole},{NOTHING})"


def bounded(points: str) -> str:
    """A number of points, at least 0 and at most 100."""
    return f"MAX(0,MIN(100,{points}))"


def sign_of(cell: str) -> str:
    """1, -1 or 0: whether a number is above, below or (to nine digits) at 0."""
    return f"SIGN(ROUND({cell},{_DIGITS}))"


def verdict(cell: str, within: str) -> str:
    """1, -1 or 0: whether a known lead is ahead, behind or level, nearer to 0 than ``within``."""
    return known(cell, then=f"IF({below(f'ABS({cell})', within)},0,{sign_of(cell)})")


def at_least(value: str, limit: str, less: str = "") -> str:
    """Whether a number reaches a limit, or stays so much ``less`` below it, to nine digits."""
    less = f"+{less}" if less else ""
    return f"ROUND({value}-{limit}{less},{_DIGITS})>=0"


def below(value: str, limit: str) -> str:
    """Whether a number misses a limit, to nine digits."""
    return f"ROUND({value}-{limit},{_DIGITS})<0"


def weight_of_known(weights: str, *values: str) -> str:
    """What the rows weigh together whose values are all known: 0 or more, as ratings are."""
    if len(values) == 1:
        return f'SUMIF({values[0]},">=0",{weights})'
    tests = ",".join(f'{one},">=0"' for one in values)
    return f"SUMIFS({weights},{tests})"


def weighted_mean(weights: str, values: str) -> str:
    """The mean of known values, each as often as it weighs."""
    known = weight_of_known(weights, values)
    return f"IF({known}>0,{total(weights, values)}/{known},{NOTHING})"


def coverage(weights: str, values: str) -> str:
    """How much of the whole weight the known values have, 0..1."""
    known = weight_of_known(weights, values)
    return f"IF(SUM({weights})>0,{known}/SUM({weights}),{NOTHING})"


def count_of(cells: str, wanted: str) -> str:
    """How many cells meet a condition: a text in quotes, a number, or '">0"'."""
    return f"COUNTIF({cells},{wanted})"


def sum_of(cells: str, wanted: str, values: str) -> str:
    """The sum of the values in the rows that meet a condition."""
    return f"SUMIF({cells},{wanted},{values})"


def mean_of(cells: str, wanted: str, values: str) -> str:
    """The mean of the known values in the rows that meet a condition; there has to be one."""
    return f"AVERAGEIF({cells},{wanted},{values})"


def counted_matches(*pairs: str) -> str:
    """How many rows meet several conditions: cells, condition, cells, condition, ..."""
    return f"COUNTIFS({','.join(pairs)})"


def known_matches(cells: str, wanted: str, *values: str) -> str:
    """How many of the rows that meet a condition have all these values known."""
    known = (part for one in values for part in (one, quoted(_LEAST)))
    return counted_matches(cells, wanted, *known)


def sum_of_matches(cells: str, wanted: str, values: str, *more: str, none: str = NOTHING) -> str:
    """The sum of the known values in the rows that meet a condition, if there is one.

    ``more``: cells and conditions that these rows have to meet, too.
    """
    rows = cells, wanted, *more
    known = counted_matches(*rows, values, quoted(_LEAST))
    return f"IF({known}=0,{none},SUMIFS({values},{','.join(rows)}))"


def unknown_matches(cells: str, wanted: str, values: str) -> str:
    """How many of the rows that meet a condition have no known value."""
    return f"{count_of(cells, wanted)}-{known_matches(cells, wanted, values)}"


def sum_of_known(weights: str, values: str, cells: str, wanted: str) -> str:
    """What the rows that meet a condition weigh whose values are known, be they below 0 or not."""
    return f"SUMIFS({weights},{cells},{wanted},{values},{quoted(_LEAST)})"


def joined(formulas: Sequence[str], by: str) -> str:
    """Results one after the other, as one text: "3 / 2"."""
    return f"&{quoted(by)}&".join(formulas)


def item(block: str, place: str | int) -> str:
    """The n-th of a block, from 1. Gnumeric needs its column named, too."""
    return f"INDEX({block},{place},1)"


def found_at(key: str | int, keys: str) -> str:
    """Where a key stands among some, from 1; an error: nowhere."""
    return f"MATCH({key},{keys},0)"


def looked_up(values: str, key: str | int, keys: str) -> str:
    """The value in the row in which a key stands among ``keys``; ranges of two rows and more."""
    return item(values, found_at(key, keys))


def folded_words(cell: str, between: str, stroke: str) -> str:
    """The words in a cell without case, each between strokes: "__head_of_sales__".

    ``between``: letters that stand between words as blanks do. Nothing from a blank.
    """
    text = f"LOWER({cell})"
    for letter in between:
        named = f"CHAR({ord(letter)})" if letter < " " else quoted(letter)
        text = f'SUBSTITUTE({text},{named}," ")'
    ends, words = quoted(2 * stroke), f'SUBSTITUTE(TRIM({text})," ",{quoted(stroke)})'
    return f'IF(TRIM({cell})="","",{ends}&{words}&{ends})'


def any_within(parts: Sequence[str], text: str) -> str:
    """A test: whether any of some fixed parts stands in a text, case and all.

    At most 255 parts; programs do not agree on looking for a block of them at once.
    """
    return f"COUNT({','.join(f'FIND({quoted(part)},{text})' for part in parts)})>0"


def place_among(cell: str, block: str) -> str:
    """Which of a block a cell is, from 1: as ``found_at`` counts, wherever the block was moved."""
    return f"1+{_rows([f'ROW({block})<ROW({cell})'])}"


def spelled(cell: str) -> str:
    """A text as words are compared: in small letters, without spaces that nobody sees."""
    return f'LOWER(TRIM(SUBSTITUTE({cell},"\xa0"," ")))'


def none_of(cell: str, words: str, end: str = "|") -> str:
    """Whether something else than one of some words stands in a cell.

    ``words``: a text that holds them as ``spelled``, each between "|" and ``end``: "|n/a|-|".
    """
    return f'ISERROR(FIND("|"&{spelled(cell)}&"{end}",{words}))'


def code_of(cell: str, words: str, otherwise: str) -> str:
    """The letter that the word in a cell stands for.

    ``words``: a text that holds them as ``spelled``, each with its letter: "|ja=y|nein=n".
    """
    found = f'FIND("|"&{spelled(cell)}&"=",{words})+LEN({spelled(cell)})+2'
    return f"IFERROR(MID({words},{found},1),{quoted(otherwise)})"


def weight_between(weights: str, *bounds: tuple[str, str]) -> str:
    """What the cells add up to whose row (or column) meets all conditions on other cells.

    ``bounds``: cells and a condition on numbers ('">1"'); texts and errors meet none. A single
    cell is written as a range of one ("$A1:$A1").
    """
    return f"SUMIFS({weights},{','.join(f'{cells},{wanted}' for cells, wanted in bounds)})"
