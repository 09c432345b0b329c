"""Periods: YYYY, YYYY-Hn, YYYY-Qn or YYYY-MM, ordered by their last day."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_PATTERN = re.compile(r"([0-9]{4})(?:-(?:H([12])|Q([1-4])|(0[1-9]|1[0-2])))?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A year, half-year, quarter or month; made by ``Period.parse``.

    Compared by last day; of those that end on the same day the longer comes first
    (2026 < 2026-H2 < 2026-Q4 < 2026-12), so that the order is total and equal means equal text.
    """

    # The order of the fields is the order of comparing.
    last_day: date
    first_day: date
    text: str

    @classmethod
    def parse(cls, text: str) -> Period | None:
        """The period ``text`` stands for; None if it is none. Strict."""
        found = _PATTERN.fullmatch(text)
        if found is None or int(found[1]) == 0:
            return None
        year, (first, last) = int(found[1]), _months(*found.group(2, 3, 4))
        last_day = date(year, last, calendar.monthrange(year, last)[1])
        return cls(last_day, date(year, first, 1), text)

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=256)  # a register has few, and asks of each reply and plan
def in_order(period: str) -> tuple[bool, date, date, str]:
    """By what periods that are told as texts are sorted; a text that is none stands before all."""
    parsed = Period.parse(period)
    if parsed is None:
        return False, date.min, date.min, period
    return True, parsed.last_day, parsed.first_day, parsed.text


def _months(half: str | None, quarter: str | None, month: str | None) -> tuple[int, int]:
    """The first and the last month, 1..12."""
    if half is not None:
        return 6 * int(half) - 5, 6 * int(half)
    if quarter is not None:
        return 3 * int(quarter) - 2, 3 * int(quarter)
    if month is not None:
        return int(month), int(month)
    return 1, 12
