"""Numbers as people write them: grouped, with a currency, in thousands; what has one meaning only.

"1.234" is a thousand in Berlin and one in Boston: asked, unless somebody knows which mark the other
amounts of its column have. "1.250.000,50", "1,2 Mio. €" and "T€ 420" can be read in one way.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from kamxl.wording.understood import any_of

COMMA, POINT = ",", "."
MOST_DIGITS = 15  # a number keeps no more
LONGEST = 60  # longer than any number
_SHAPE = re.compile(r"([+-]?)(\d+|\d{1,3}(?:([ '’.,])\d{3})(?:\3\d{3})*)(?:([.,])(\d+))?", re.ASCII)
_NO_CENTS = re.compile(r"(.*\d)([.,])(?:-{1,2}|–|—)", re.DOTALL)  # "1.500,–"
FACTORS = (("thousands", 1e3), ("millions", 1e6), ("billions", 1e9))
_CURRENCIES = "currencies"
_KINDS = (*(kind for kind, _ in FACTORS), _CURRENCIES)
_BELOW_ZERO = re.compile(r"\(.*\)|[^-]*\d-", re.DOTALL)
_REMARK = re.compile(r"(.*\d.*?)\s*(?:\([^()\d?]*\)|\[[^\[\]\d?]*\])", re.DOTALL)
_CODES = {"€": "EUR", "EURO": "EUR", "$": "USD", "£": "GBP"}
_CURRENCY = re.compile(
    r"[€$£]|(?<![A-Z])(?:EURO?|USD|GBP|CHF|SEK|DKK|NOK|PLN|CZK|HUF|JPY|CNY)(?![A-Z])"
)


class Figure(NamedTuple):
    """A number, or the code of what is wrong with it."""

    value: float | None = None
    code: str | None = None


def figure(bare: str, decimal: str = "", times: float = 1.0) -> Figure:
    """What digits and the marks between them are worth, ``times`` what stands beside.

    ``decimal``: the mark of the decimals ("": not known).
    """
    whole_price = _NO_CENTS.fullmatch(bare)
    if whole_price:
        bare, decimal = whole_price[1], whole_price[2]
    match = _SHAPE.fullmatch(bare)
    if match is None or (match[3] and match[3] == match[4]):
        return Figure(code="number-text")
    sign, whole, decimals = match[1], re.sub(r"\D", "", match[2]), match[5] or ""
    if _is_either(match):
        if not decimal:
            return Figure(code="number-ambiguous")
        if decimal != match[4]:
            whole, decimals = whole + decimals, ""
    if len(whole) > MOST_DIGITS:
        return Figure(code="number-range")
    value = float(f"{sign}{whole}.{decimals or '0'}")
    return Figure((round(value * times, 6) if times != 1 else value) + 0.0)  # no -0


def shown_mark(bare: str) -> str:
    """The decimal mark that digits show beyond doubt; "" for none."""
    match = _SHAPE.fullmatch(bare.strip("+-()"))
    if match is None or _is_either(match) or (match[3] and match[3] == match[4]):
        return ""
    if match[3] in (COMMA, POINT):
        return POINT if match[3] == COMMA else COMMA
    return match[4] or ""


def _is_either(match: re.Match[str]) -> bool:
    """Whether it is thousands or decimals. "0.850" can only be a fraction."""
    short = not match[3] and len(match[2]) <= 3 and bool(match[2].strip("0"))
    return short and match[5] is not None and len(match[5]) == 3


def money(seen: str, decimal: str = "", times: float = 1.0) -> Figure:
    """What an amount is worth; one below zero has a minus before or behind it, or brackets.

    ``times`` what its header says, unless it says so itself.
    """
    bare, own = bare_of(seen)
    if _BELOW_ZERO.fullmatch(bare):
        found = figure(bare.strip("()-"), decimal, own or times)
        return found if found.value is None else Figure(-found.value + 0.0)
    return figure(bare, decimal, own or times)


def is_negative(seen: str) -> bool:
    """Whether an amount is below zero, whatever it is worth."""
    bare, _ = bare_of(seen)
    return bare.startswith("-") or _BELOW_ZERO.fullmatch(bare) is not None


def bare_of(seen: str) -> tuple[str, float]:
    """The digits of an amount and what stands between them; what factor it says, 0 for none."""
    if len(seen) > LONGEST:
        return "", 0.0
    bare, said = seen.replace("−", "-"), list[tuple[str, str, str]]()
    for _ in range(3):  # "1,2 Mio. €"
        found = _marks().fullmatch(bare)
        if found is None or found["digits"] == bare or not any(map(str.isdigit, found["digits"])):
            break
        said += [
            (end, kind, word) for end in "be" for kind in _KINDS if (word := found[end + kind])
        ]
        bare = found["digits"]
    factors = [worth for kind, worth in FACTORS for _, one, _ in said if one == kind]
    priced = [(end, currency_of(word)) for end, kind, word in said if kind == _CURRENCIES]
    twice = len(priced) != len(dict(priced)) or len({code for _, code in priced}) > 1
    if len(factors) > 1 or twice:
        return "", 0.0  # thousand millions, euros in dollars: nobody knows
    return bare, factors[0] if factors else 0.0


def currency_of(text: str) -> str:
    """The currency that a text or a number format names, in its code; "" for none."""
    found = _CURRENCY.search(unicodedata.normalize("NFKC", text).upper())
    return _CODES.get(found[0], found[0]) if found else ""


def without_currency(seen: str) -> str:
    """What stands beside a currency: nothing perhaps, or a blank ("- €", as accounts write 0)."""
    currency = any_of("currencies")
    return re.sub(rf"^{currency}\s*|\s*{currency}$", "", seen, flags=re.IGNORECASE)


@cache
def _marks() -> re.Pattern[str]:
    """A currency or a factor, before or behind; letters only where no other letter continues."""

    def one(end: str) -> str:
        return "|".join(f"(?P<{end}{kind}>{any_of(kind)})" for kind in _KINDS)

    before = rf"(?:(?:{one('b')})(?![^\W\d_])\s*)?"
    behind = rf"(?:\s*(?<![^\W\d_])(?:{one('e')}))?"
    return re.compile(rf"{before}(?P<digits>.*?){behind}", re.IGNORECASE | re.DOTALL)


def unremarked(seen: str) -> str:
    """A number without what somebody added in brackets or to stress it: "85 (good)", "85!"."""
    bare = seen.rstrip("!").rstrip()
    found = _REMARK.fullmatch(bare)
    return found[1].rstrip() if found else bare


@cache
def _units() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:%|{any_of('units')})$", re.IGNORECASE)


@cache
def _of_hundred() -> re.Pattern[str]:
    return re.compile(rf"(.*\d.*?)\s*(?:/|{any_of('out_of')})\s*100", re.IGNORECASE | re.DOTALL)


def without_unit(seen: str) -> str:
    """What stands before "%" or "points"."""
    return _units().sub("", unremarked(seen))


def in_points(seen: str) -> str:
    """What stands before "%", "points", "/100" or "out of 100"."""
    bare = without_unit(seen)
    found = _of_hundred().fullmatch(bare)
    return _units().sub("", found[1]) if found else bare
