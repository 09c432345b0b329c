"""Amounts as other programs write them; of a column, which mark its decimals have.

"1.234" is a thousand in Berlin and one in Boston: what the other amounts of its column show
decides, and where they show nothing it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.forms.tables.fields import Parsed, deliberate_blanks, is_date_format, plain
from kamxl.wording.understood import any_of, folded

COMMA, POINT = ",", "."
_LONGEST = 60
_GROUPED = re.compile(r"\d{1,3}(?:([ '’.,])\d{3})(?:\1\d{3})*")
_CODES = {"€": "EUR", "EURO": "EUR", "$": "USD", "£": "GBP"}
_CURRENCY = re.compile(
    r"[€$£]|(?<![A-Z])(?:EURO?|USD|GBP|CHF|SEK|DKK|NOK|PLN|CZK|HUF|JPY|CNY)(?![A-Z])"
)
_WHOLE = re.compile(r"(\d+|\d{1,3}(?:([ '’.,])\d{3})(?:\2\d{3})*)(?:([.,])(\d+))?")


def decimal_marks(texts: Iterable[str]) -> frozenset[str]:
    """The decimal marks that these amounts show; none, one, or both: then they disagree."""
    return frozenset(mark for text in texts if (mark := _shown(_bare(text)[0])))


def amount(cell: RawCell | None, decimal: str = "", times: float = 1.0) -> Parsed[float]:
    """An amount, ``times`` what its header says (thousands); a blank is None.

    ``decimal``: the mark of its column ("": not known). The codes are those of ``fields.amount``.
    """
    if cell is None or not plain(cell.text):
        return Parsed()
    if cell.kind is RawKind.NUMBER and cell.number is not None:
        if is_date_format(cell.number_format):
            return Parsed(code="number-date")
        return _checked(cell.number * times)
    if cell.kind is not RawKind.TEXT:
        return Parsed(code="number-error" if cell.kind is RawKind.ERROR else "number-text")
    if plain(cell.text).casefold() in deliberate_blanks():
        return Parsed(deliberate=True)
    bare, own = _bare(cell.text)
    match = _WHOLE.fullmatch(bare.strip("+-()"))
    if match is None or (match[2] is not None and match[2] == match[3]):
        return Parsed(code="number-text")
    if _is_negative(bare):
        return Parsed(code="number-negative")
    mark = _shown(bare) or decimal
    if not mark and _ambiguous(bare):
        return Parsed(code="number-ambiguous")
    if mark and (match[2] == mark or match[3] not in (None, mark)):
        return _regrouped(bare, mark, own or times)
    digits = re.sub(r"\D", "", match[1])
    return _checked(float(f"{digits}.{match[4] or '0'}") * (own or times))


def _regrouped(bare: str, mark: str, times: float) -> Parsed[float]:
    """ "1.234" in a column whose decimals have the other mark, or have this one."""
    whole, _, decimals = bare.strip("+-()").rpartition(mark)
    if not whole:  # there are no decimals
        whole, decimals = decimals, ""
    digits = re.sub(r"\D", "", whole)
    known = _GROUPED.fullmatch(whole) is not None or whole.isdigit()
    if not known or (decimals and not decimals.isdigit()):
        return Parsed(code="number-text")
    return _checked(float(f"{digits}.{decimals or '0'}") * times)


def currency_of(text: str) -> str:
    """The currency that a text or a number format names, in its code; "" for none."""
    found = _CURRENCY.search(plain(text).upper())
    return _CODES.get(found[0], found[0]) if found else ""


def looks_formatted(text: str) -> bool:
    """Whether a text is an amount by its looks: grouped, with decimals, a currency, or a factor."""
    bare, times = _bare(text)
    if _WHOLE.fullmatch(bare) is None:
        return False
    return bool(times) or bare != plain(text) or not bare.isdigit()


def thousands_in(header: str) -> float:
    """What amounts under this header count in: 1000 where it says "TEUR"."""
    return _factor(r"(?:^|[\s(\[/,_-]){}(?:$|[\s)\]/,_-])", plain(header).casefold())


def _factor(shape: str, text: str) -> float:
    for kind, times in (("thousands", 1e3), ("millions", 1e6)):
        words = "|".join(sorted(map(re.escape, folded(kind)), key=len, reverse=True))
        if re.search(shape.replace("{}", f"(?:{words})"), text):
            return times
    return 1.0


def _checked(value: float) -> Parsed[float]:
    if value < 0:
        return Parsed(code="number-negative")
    return Parsed(round(value, 6)) if value < 1e15 else Parsed(code="number-range")


def _is_negative(bare: str) -> bool:
    return bare[:1] in "-(" or bare[-1:] == "-"


@cache
def _marks() -> re.Pattern[str]:
    """A currency or a factor, before or behind."""
    thousands, millions = any_of("thousands"), any_of("millions")
    one = rf"(?P<{{0}}k>{thousands})|(?P<{{0}}m>{millions})|{any_of('currencies')}"
    before, behind = one.format("b"), one.format("e")
    return re.compile(rf"(?:{before})?\s*(.*?)\s*(?:{behind})?", re.IGNORECASE)


def _bare(text: str) -> tuple[str, float]:
    """The digits of an amount and what stands between them; what factor it says, 0 for none."""
    seen, times = plain(text).replace("−", "-"), 0.0
    if len(seen) > _LONGEST:
        return "", 0.0
    for _ in range(3):  # "1,2 Mio. €"
        found = _marks().fullmatch(seen)
        inner = found[3] if found else seen
        if found is None or inner == seen or not any(map(str.isdigit, inner)):
            break
        times = 1e3 if found["bk"] or found["ek"] else 1e6 if found["bm"] or found["em"] else times
        seen = inner
    return seen, times


def _shown(bare: str) -> str:
    """The decimal mark that an amount shows beyond doubt; "" for none."""
    digits = bare.strip("+-()")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}", digits):
        return COMMA
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}", digits):
        return POINT
    last = re.fullmatch(r"(\d[\d '’]*)([.,])(\d+)", digits)
    if last is None:
        return ""
    grouped = len(last[3]) == 3 and re.fullmatch(r"[1-9]\d{0,2}", last[1]) is not None
    return "" if grouped else last[2]


def _ambiguous(bare: str) -> bool:
    return re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", bare.strip("+-()")) is not None
