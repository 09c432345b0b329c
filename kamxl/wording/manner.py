"""How a language writes numbers, days and times: as Babel knows it, by the patterns of its file.

Babel is loaded when the first of them is written; who only says plain sentences waits for nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

UNKNOWN = "–"
_DIGITS = 400  # the largest number has 309
_STORED = re.compile(r"-?\d+(?:\.\d+)?(?:E[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_MOST_PLACES = 9
_MOST_STORED = 30  # decimals of a stored number that matter to a person
_AS_SHEETS = Context(prec=_DIGITS, rounding=ROUND_HALF_UP)


def rounded(value: float, digits: int) -> Decimal:
    """A number as spreadsheets round it, half away from zero, from 15 digits: a sentence says the
    figure that the cell beside it shows.
    """
    return Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-digits), context=_AS_SHEETS)


@dataclass(frozen=True, slots=True)
class Manner:
    """The manner of one language.

    ``locale``: Babel's name of it ("de", "fr_CH"); one that Babel does not know writes as English
    does. ``day_pattern``, ``time_pattern``: in the letters of CLDR ("dd.MM.yyyy", "HH:mm"); "" is
    the locale's usual one.
    """

    locale: str = "en"
    day_pattern: str = ""
    time_pattern: str = "HH:mm"

    def number(self, value: float | None, digits: int = 1) -> str:
        """A number with so many decimals; unknown is a dash, and nothing is below zero."""
        return UNKNOWN if value is None else _number(self, value, digits)

    def grouped(self, value: int) -> str:
        """A whole number, its digits in groups."""
        return self.exact(Decimal(value), "#,##0")

    def shortest(self, value: float) -> str:
        """A number with the decimals it has, at most six digits in all."""
        return self.exact(Decimal(f"{value:.6g}"), "0" + _decimals("#", _MOST_PLACES))

    def figure(self, stored: str) -> str:
        """What a cell holds, as it shows: a stored number ("0.6", "1E-3") as this language writes
        it, anything else as it stands. Excel stores 0.6 as 0.59999999999999998 and shows 0.6.
        """
        if _STORED.fullmatch(stored) is None:
            return stored
        number = Decimal(f"{float(stored):.15g}")
        return (
            self.exact(number, "0" + _decimals("#", _MOST_STORED)) if number.is_finite() else stored
        )

    def exact(self, value: Decimal, pattern: str) -> str:
        """A number in a pattern of CLDR ("#,##0.0#"), rounded as the caller's context rounds."""
        shown = value if value else abs(value)  # no -0
        with localcontext() as exact:
            exact.prec = _DIGITS
            return str(_pattern(pattern).apply(shown, _locale(self.locale)))

    @property
    def point(self) -> str:
        """What stands before the decimals: "." or ","."""
        return self.exact(Decimal("0.5"), "0.0")[1:-1]

    def day(self, value: date | None) -> str:
        """A date; none is empty."""
        if value is None:
            return ""
        from babel.dates import format_date

        return format_date(value, self.day_pattern or "medium", locale=_locale(self.locale))

    def moment(self, value: datetime) -> str:
        """A date and its time, as its own clock shows it."""
        from babel.dates import format_time

        bare = value.replace(tzinfo=None)
        shown = format_time(bare, self.time_pattern or "short", locale=_locale(self.locale))
        return f"{self.day(value)} {shown}"


ENGLISH = Manner()


@lru_cache(maxsize=4_096)  # points and percents are the same again and again
def _number(manner: Manner, value: float, digits: int) -> str:
    return manner.exact(rounded(value, digits), "0" + _decimals("0", digits))


def _decimals(sign: str, digits: int) -> str:
    return "." + sign * digits if digits else ""


@cache
def _pattern(pattern: str) -> NumberPattern:
    from babel.numbers import parse_pattern

    return parse_pattern(pattern)


@cache
def _locale(name: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale.parse("en")
