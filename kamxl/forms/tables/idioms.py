"""Formulas that come again: what Excel, LibreOffice and Gnumeric calculate alike, written once.

A test is what stands in brackets ("$A$7:$A$9=$B7"); of a block it holds in some rows.
"""

from __future__ import annotations

from kamxl.forms.paper.book import Formula, Scalar

NOTHING = '"–"'  # what stands where there is nothing to take a mean of


def text(words: str) -> str:
    """Words as a formula takes them."""
    return '"' + words.replace('"', '""') + '"'


def where(*tests: str) -> str:
    """1 in the rows in which a test holds, else 0, for each test: factors of SUMPRODUCT."""
    return ",".join(f"--({test})" for test in tests)


def count(*tests: str) -> str:
    """How many rows all tests hold in."""
    return f"SUMPRODUCT({where(*tests)})"


def total(*blocks: str, of: tuple[str, ...] = ()) -> str:
    """The sum of the products of some blocks, over the rows in which all tests ``of`` hold."""
    return f"SUMPRODUCT({','.join((*map('--({})'.format, of), *blocks))})"


def mean(block: str) -> str:
    """The mean of the numbers in a block; a dash where there is none."""
    return f"IF(COUNT({block})=0,{NOTHING},AVERAGE({block}))"


def item(block: str, place: str | int) -> str:
    """The n-th of a block, from 1. Gnumeric needs its column named, too."""
    return f"INDEX({block},{place},1)"


def found_at(key: str | int, keys: str) -> str:
    """Where a key stands among some, from 1; an error: nowhere."""
    return f"MATCH({key},{keys},0)"


def looked_up(block: str, key: str | int, keys: str) -> str:
    """What stands in a block in the row in which a key stands among ``keys``."""
    return item(block, found_at(key, keys))


def filled(cell: str, then: str) -> str:
    """``then``, once something stands in a cell; else the empty text."""
    return f'IF({cell}="","",{then})'


def numbers(*cells: str) -> str:
    """Whether all these cells hold numbers; the tests alone, for AND."""
    return ",".join(f"ISNUMBER({cell})" for cell in cells)


def known(*cells: str, then: str) -> str:
    """``then``, if all these cells hold numbers; else the empty text."""
    tests = numbers(*cells)
    return f'IF({f"AND({tests})" if len(cells) > 1 else tests},{then},"")'


def formula(made: str, value: Scalar) -> Formula:
    """A formula with its value; an unknown one is the empty text."""
    return Formula(made, "" if value is None else value)
