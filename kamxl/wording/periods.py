"""Which period people mean: "1. Halbjahr 2027", "H1 2027", "III/2027", "Juli 2027", "FY 2027".

The words of every language count everywhere (``period_*`` in the tables [typed]). What could be two
periods is none: which ones, can be said.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from kamxl.core.period import Period
from kamxl.wording.understood import folded

_MONTHS = 12
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_HALF, _QUARTER, _MONTH = "H", "Q", "M"
_MOST = {_HALF: 2, _QUARTER: 4, _MONTH: _MONTHS}
_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+")
_LONGEST = 60


def period_meant(text: str) -> Period | None:
    """The one period that a text means; None: none, or it could be several."""
    found = periods_meant(text)
    return found[0] if len(found) == 1 else None


def periods_meant(text: str) -> tuple[Period, ...]:
    """All periods that a text may mean: "2027-1" is the first month, quarter or half-year."""
    plain = unicodedata.normalize("NFKC", text).strip()
    exact = Period.parse(plain.upper())
    if exact is not None:
        return (exact,)
    if len(plain) > _LONGEST:
        return ()
    words = [word for word in _TOKEN.findall(plain.casefold()) if word not in _said("filler")]
    years = [word for word in words if len(word) == 4 and word.isdecimal()]
    others = [word for word in words if word not in years]
    if len(years) != 1:
        return ()
    found = (Period.parse(f"{years[0]}{part}") for part in _parts(others))
    return tuple(one for one in found if one is not None)


def fillers() -> tuple[str, ...]:
    """The words that say nothing beside a period ("Geschäftsjahr 2027"), the longest first."""
    return tuple(sorted(_said("filler"), key=lambda word: (-len(word), word)))


@cache
def spelled_ends() -> tuple[str, ...]:
    """All that may stand beside a year, in small letters, "_" for what is between: "_h1".

    For formulas, which know a period by looking among these; "" is a whole year. What could be
    several periods is none here, either.
    """
    plain = [*_ROMAN, *map(str, range(1, _MONTHS + 1)), "1st", "2nd", "3rd", "4th"]
    numbers = plain + [word for n in range(1, 5) for word in _said(f"ordinal_{n}")]
    kinds = [word for name in ("half", "quarter", "month") for word in _said(name)]
    months = [word for n in range(1, _MONTHS + 1) for word in _said(f"month_{n}")]
    both = (
        f"_{first}{between}{second}"
        for kind in kinds for number in numbers for between in ("_", "")
        for first, second in ((kind, number), (number, kind))
    )  # fmt: skip
    alone = (f"_{end}" for end in (*plain, *(f"0{n}" for n in range(1, 10)), *months))
    glued = (f"{kind}{number}" for kind in kinds for number in "1234" if len(kind) == 1)
    every = sorted(end for end in {*both, *alone, *glued} if period_meant(f"2027{end}"))
    return ("", *every)


def month_meant(word: str) -> int | None:
    """The month 1..12 that a word names in any language: "Sept", "März"; None: none."""
    return _month(word.casefold())


def _parts(words: list[str]) -> tuple[str, ...]:
    """How the ends of the periods are spelled that the words beside a year may mean."""
    if not words:
        return ("",)
    if len(words) == 1 and (month := _month(words[0])):
        return (_spelled(_MONTH, month),)
    kinds = [kind for word in words if (kind := _kind(word))]
    rest = [word for word in words if not _kind(word)]
    if len(rest) != 1 or len(kinds) > 1:
        return ()
    number = _number(rest[0])
    if number is None:
        return ()
    if kinds:
        return (_spelled(kinds[0], number),) if number <= _MOST[kinds[0]] else ()
    if rest[0] in _ROMAN:
        return (_spelled(_QUARTER, number),)
    if not rest[0].isdecimal():
        return ()
    may_be = [kind for kind in (_MONTH, _QUARTER, _HALF) if number <= _MOST[kind]]
    return tuple(_spelled(kind, number) for kind in (may_be[:1] if len(rest[0]) > 1 else may_be))


def _spelled(kind: str, number: int) -> str:
    return f"-{number:02}" if kind == _MONTH else f"-{kind}{number}"


def _number(word: str) -> int | None:
    """1 from "1", "erstes", "i"."""
    if word.isdecimal():
        return int(word) if 0 < int(word[:4]) <= _MONTHS and len(word) < 3 else None
    named = (n for n in range(1, 5) if word in _said(f"ordinal_{n}"))
    return _ROMAN.get(word) or next(named, None)


def _month(word: str) -> int | None:
    return next((n for n in range(1, _MONTHS + 1) if word in _said(f"month_{n}")), None)


def _kind(word: str) -> str:
    for kind, name in ((_HALF, "half"), (_QUARTER, "quarter"), (_MONTH, "month")):
        if word in _said(name):
            return kind
    return ""


@cache
def _said(kind: str) -> frozenset[str]:
    return folded(f"period_{kind}")
