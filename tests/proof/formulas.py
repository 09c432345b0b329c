"""What a formula in our workbooks must not contain: it has to work in Excel 2016 and elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

_TEXT = re.compile(r'"(?:[^"]|"")*"')
_QUOTED_SHEET = re.compile(r"'((?:[^']|'')+)'!")
_PLAIN_SHEET = re.compile(r"(?<![\w.'!])([A-Za-z_][\w.]*)!")
_FUNCTION = re.compile(r"([A-Za-z_][\w.]*)\s*\(")
_PLACE = re.compile(
    r"(?:('(?:[^']|'')+'|(?<![\w.'])[A-Za-z_][\w.]*)!)?"
    r"(?<![\w.$])(\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)(?![\w.(])"
)
_WHERE = re.compile(r"\b(?:ROWS?|COLUMNS?)\([^()]*\)")  # asks where a cell is, not what it says
_SPILL = re.compile(r"\$?[A-Z]{1,3}\$?\d+#")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VOLATILE = _words("TODAY NOW OFFSET INDIRECT RAND RANDBETWEEN CELL INFO")
# Only a cell's format tells 85 % from 0.85; of all that CELL can say, nothing else is needed.
_OF_FORMAT = re.compile(r'\bCELL\((?="format",)')
_OUTSIDE = _words("WEBSERVICE FILTERXML ENCODEURL RTD CALL REGISTER HYPERLINK IMAGE")
_NEWER = _words(
    """ARRAYTOTEXT BYCOL BYROW CHOOSECOLS CHOOSEROWS CONCAT DROP EXPAND FIELDVALUE FILTER GROUPBY
    HSTACK IFS ISOMITTED LAMBDA LET MAKEARRAY MAP MAXIFS MINIFS PIVOTBY RANDARRAY REDUCE
    REGEXEXTRACT REGEXREPLACE REGEXTEST SCAN SEQUENCE SORT SORTBY STOCKHISTORY SWITCH TAKE
    TEXTAFTER TEXTBEFORE TEXTJOIN TEXTSPLIT TOCOL TOROW TRIMRANGE UNIQUE VALUETOTEXT VSTACK
    WRAPCOLS WRAPROWS XLOOKUP XMATCH"""
)
# In Excel 2016, but only under the prefix "_xlfn.", which other programs do not all know.
_PREFIXED = _words(
    """ACOT AGGREGATE ARABIC BASE BITAND BITOR BITXOR COMBINA DAYS DECIMAL FORMULATEXT IFNA
    ISFORMULA ISOWEEKNUM NUMBERVALUE PHI PDURATION RRI SHEET SHEETS UNICHAR UNICODE XOR"""
)


def faults(formula: str, sheets: Collection[str], longest: int = 8192) -> Iterator[str]:
    """What is wrong with a formula (as a file holds it, without "=")."""
    if formula.startswith("="):
        yield "begins with '='"
    if len(formula) > longest:
        yield f"has over {longest} characters"
    if "#REF!" in formula:
        yield "refers to nothing (#REF!)"
    bare = _TEXT.sub('""', _OF_FORMAT.sub("LEN(", formula))
    if bare.count('"') % 2:
        yield "has an open text"
    yield from _sheets(bare, sheets)
    bare = _QUOTED_SHEET.sub("", bare)
    if not _balanced(bare):
        yield "has unbalanced parentheses"
    yield from _syntax(bare)
    for name in _FUNCTION.findall(bare):
        yield from _function(name.upper())


def _sheets(bare: str, sheets: Collection[str]) -> Iterator[str]:
    quoted = [name.replace("''", "'") for name in _QUOTED_SHEET.findall(bare)]
    for name in quoted + _PLAIN_SHEET.findall(_QUOTED_SHEET.sub("", bare)):
        if "[" in name:
            yield f"refers to another file ({name})"
        elif name.casefold() not in {sheet.casefold() for sheet in sheets}:
            yield f"refers to a missing sheet ({name})"


def _syntax(bare: str) -> Iterator[str]:
    if "[" in bare:
        yield "has a structured or external reference"
    if _SPILL.search(bare) or "@" in bare:
        yield "uses dynamic arrays"
    if "{" in bare:
        yield "holds an array constant"
    if "|" in bare:
        yield "talks to another program (DDE)"


def _function(name: str) -> Iterator[str]:
    if name in _VOLATILE:
        yield f"is volatile ({name})"
    elif name in _OUTSIDE:
        yield f"reaches outside ({name})"
    elif name in _NEWER or name.startswith(("_XLFN", "_XLWS", "_XLUDF")):
        yield f"needs a newer Excel than 2016 ({name})"
    elif name in _PREFIXED or "." in name:
        yield f"would need a prefix in the file ({name})"


def _balanced(bare: str) -> bool:
    depth = 0
    for character in bare:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0


def reads_itself(formula: str, title: str, address: str) -> bool:
    """Whether one of a formula's ranges holds its own cell: Excel refuses it, others may not."""
    row, column = coordinate_to_tuple(address)
    for sheet, place in _PLACE.findall(_WHERE.sub("", _TEXT.sub('""', formula))):
        left, top, right, bottom = range_boundaries(place)
        here = not sheet or sheet.strip("'").replace("''", "'") == title
        if here and left <= column <= right and top <= row <= bottom:
            return True
    return False
