"""Field types: what a typed value means, decided once for every workbook.

Values as people type them are understood where there is one meaning; where there are two, or none,
the value is not used and a finding says so. Nothing is guessed, and nothing raises.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from math import isfinite
from typing import Generic, TypeVar

from kamxl.core.portfolio.choosing import NO_AMOUNT
from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.forms.tables import figures
from kamxl.forms.tables.figures import Figure
from kamxl.wording.periods import month_meant
from kamxl.wording.understood import BLANKS, any_of, as_seen, folded, is_blank, understood

T = TypeVar("T")

_SHORT_SIGNS = frozenset({"-", "–", "—", "--", "./.", "/", "?", "...", "…"})
_SUM_SIGNS = frozenset({"σ", "∑"})
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DAYS_TO_1904 = 1462  # from Excel's first calendar to its second, which begins with day 0
_TODAYS = range(36526, 73051)  # days from 2000 to 2099: no other number looks like one of those
MAX_TYPED = 60  # longer than any number or date: what is longer is a sentence
_KEPT = 300  # letters of a text that is worth remembering
MAX_TEXT = 4000  # longer than anybody types into a comment; keeps a hostile text small


@dataclass(frozen=True)  # no slots: with them Parsed[str]() is a TypeError in Python 3.11
class Parsed(Generic[T]):
    """A value that was understood (None: blank), or the code of what is wrong with it.

    A code with a value is a warning: the value is used all the same.
    """

    value: T | None = None
    code: str | None = None
    deliberate: bool = False  # left blank on purpose


def spelled(text: str) -> str:
    """A text as formulas compare it (``idioms.spelled``): in small letters, spaces single."""
    return " ".join(part for part in text.replace("\xa0", " ").lower().split(" ") if part)


@cache
def spelled_blanks() -> tuple[str, ...]:
    """The usual deliberate blanks as formulas compare them, and nothing at all.

    A formula has room for no more; the reader knows others, see ``is_blank``.
    """
    kinds = (understood(kind) for kind in ("blanks", "short_blanks"))
    words = sorted({spelled(word) for kind in kinds for word in kind} | _SHORT_SIGNS)
    return ("", *words)


@cache
def every_blank() -> tuple[str, ...]:
    """All deliberate blanks as formulas compare them, and nothing at all: for a list in a cell.

    They are those of ``is_blank``, with and without the full stop at the end, with either
    apostrophe; of repeated signs the usual ones.
    """
    words = {spelled(word) for kind in BLANKS for word in understood(kind)}
    words |= {re.sub(r"\s*([./])\s*", r"\1", word) for word in words}
    words |= {word.rstrip(".") for word in words} - {""}
    words |= {word.replace("'", "’") for word in words}
    signs = {sign * times for sign in "-–—_.?" for times in (1, 2, 3)}
    return ("", *sorted(words | signs | _SHORT_SIGNS))


@cache
def sum_words() -> frozenset[str]:
    """What people call a row of their own that adds up the others, folded."""
    return _SUM_SIGNS | folded("sums")


@cache
def _date_codes() -> re.Pattern[str]:
    return re.compile(rf"m{{1,5}}|{any_of('date_codes')}", re.IGNORECASE)


def plain(text: str) -> str:
    """Text as a person sees it: compatibility forms folded, odd spaces single, ends stripped."""
    return _seen(text) if len(text) <= _KEPT else _as_seen(text)


def _as_seen(text: str) -> str:
    seen = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(seen.split())


_seen = lru_cache(5_000)(_as_seen)  # labels and ids are asked of again and again


def is_date_format(code: str) -> bool:
    """Whether a number format shows a date or a time ("dd.mm.yyyy", "TT.MM.JJJJ", "[h]:mm")."""
    return _usual_date(code) if len(code) <= _KEPT else _shows_date(code)


def _shows_date(code: str) -> bool:
    if code.lower().startswith("general") or code == "@":
        return False
    elapsed = re.search(r"\[[hms]+\]", code, re.IGNORECASE) is not None
    bare = _QUOTED.sub("", code).split(";")[0]  # a quoted text may hold a semicolon
    return elapsed or _date_codes().search(bare.replace("E+", "").replace("E-", "")) is not None


_usual_date = lru_cache(500)(_shows_date)  # a workbook has few formats, and many cells


def is_percent_format(code: str) -> bool:
    """Whether a number format shows a hundred times the stored number."""
    return "%" in code and "%" in _QUOTED.sub("", code).split(";")[0]


def harmless(text: str) -> str:
    """Text without control characters, its line breaks alike, its ends stripped."""
    if text.isprintable():
        return text.strip()
    return _CONTROL.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def text(cell: RawCell | None) -> Parsed[str]:
    """Free text, harmless and bounded; numbers and dates keep the text they are stored with."""
    if cell is None:
        return Parsed("")
    cleaned = harmless(cell.text)
    if len(cleaned) > MAX_TEXT:
        return Parsed(cleaned[:MAX_TEXT].rstrip(), "text-cut")
    return Parsed(cleaned, "text-cleaned" if _CONTROL.search(cell.text) else None)


def withdrawn(cell: RawCell | None) -> str | None:
    """The code of a value that is there, but not to be read: struck out, or out of sight."""
    if cell is None or not (cell.struck or cell.covered) or not (cell.formula or plain(cell.text)):
        return None
    return "value-struck" if cell.struck else "value-covered"


def answer(cell: RawCell | None) -> Parsed[str]:
    """What a customer said in words; what she struck out, she does not say."""
    code = withdrawn(cell)
    return Parsed("", code) if code else words(cell)


def words(cell: RawCell | None) -> Parsed[str]:
    """Free text that a customer typed; an error is none ("+good" becomes #NAME? in Excel)."""
    if cell is not None and cell.kind is RawKind.ERROR:
        return Parsed("") if cell.text == "#N/A" else Parsed("", "number-error")
    if cell is not None and cell.formula and not cell.text:
        return Parsed("", "formula-no-value")
    return text(cell)


def number(cell: RawCell | None) -> Parsed[float]:
    """A number of any sign and size; a percentage counts in hundredths ("85 %" is 85)."""
    if cell is None or (cell.kind is RawKind.TEXT and not plain(cell.text) and not cell.formula):
        return Parsed()
    if code := withdrawn(cell):
        return Parsed(code=code)
    if cell.formula and cell.kind is RawKind.TEXT and not cell.text:
        return Parsed(code="formula-no-value")
    match cell.kind:
        case RawKind.BOOLEAN:
            return Parsed(code="number-boolean")
        case RawKind.ERROR:
            return _error(cell)
        case RawKind.DATE:
            return Parsed(code="number-date")
        case RawKind.NUMBER:
            parsed = _stored(cell)
        case _:
            parsed = _typed(cell.text)
    if cell.formula and parsed.code is None and parsed.value is not None:
        return Parsed(parsed.value, "formula-value")
    return parsed


def _error(cell: RawCell) -> Parsed[float]:
    """Excel turns a typed "#N/A" into an error value: still a deliberate blank, unless computed."""
    if cell.text == "#N/A" and not cell.formula:
        return Parsed(deliberate=True)
    return Parsed(code="number-error")


def _stored(cell: RawCell) -> Parsed[float]:
    if is_date_format(cell.number_format):
        return Parsed(code="number-date")
    value = cell.number
    if value is None:
        return Parsed(code="number-text")
    if is_percent_format(cell.number_format):
        value = round(value * 100, 9)
    if not isfinite(value):  # the largest numbers have no hundredfold
        return Parsed(code="number-range")
    return Parsed(value + 0.0)  # no -0


def _typed(raw: str, *, priced: bool = False) -> Parsed[float]:
    """A number as somebody typed it; ``priced``: one that may have a currency and a factor."""
    if _is_sentence(raw):
        return Parsed(code="number-text")
    seen = _ascii_digits(plain(as_seen(raw)))
    beside = figures.without_currency(seen) if priced else seen
    if not beside:
        return Parsed()
    if is_blank(beside, among_numbers=True):
        return Parsed(deliberate=True)
    if _has_footnote(raw):
        return Parsed(code="number-text")
    seen = seen.translate(_SIGNS)
    found = figures.money(figures.unremarked(seen)) if priced else Figure(code="number-text")
    if found.code == "number-text":  # of a rating, or with the sign of one: "12 %"
        bare = figures.without_unit(seen) if priced else figures.in_points(seen)
        found = figures.figure(bare)
    return Parsed(*found)


_SIGNS = str.maketrans({"−": "-", "٪": "%", "٫": "."})  # minus, and what Arabic keyboards type


def _is_sentence(raw: str) -> bool:
    return len(raw) > MAX_TYPED and len(raw.strip()) > MAX_TYPED


def _has_footnote(raw: str) -> bool:
    """Whether there is a sign that only folding makes a digit: "8²" and "8①" are 8, not 82."""
    odd = (c for c in raw if not c.isascii() and not c.isdecimal())
    return any(d.isdecimal() for c in odd for d in unicodedata.normalize("NFKC", c))


def _ascii_digits(seen: str) -> str:
    """Digits of any script as 0 to 9 (Arabic-Indic keyboards)."""
    return "".join(str(unicodedata.decimal(c, c)) for c in seen)


def points(cell: RawCell | None) -> Parsed[float]:
    """A rating, 0 to 100 points. Between 0 and 1 Excel may have turned 85 % into 0.85: asked."""
    return as_points(number(cell), cell)


def as_points(parsed: Parsed[float], cell: RawCell | None) -> Parsed[float]:
    """What a number that was read from a cell is as a rating (``points``)."""
    if parsed.value == 1 and _hides_percent(cell):
        return Parsed(code="rating-scale")
    return _bounded(parsed, "rating-scale")


def as_typed(parsed: Parsed[float]) -> Parsed[float]:
    """A number as points or per cent where somebody decided that it says what it says: 0.85, too.

    Only what is no such number at all is left out: a negative one, or one above 100.
    """
    return _bounded(parsed, parsed.code, keep=True)


def reckoned(cell: RawCell | None) -> Parsed[float]:
    """A number as the formulas of its workbook take it: what is stored, in whatever format.

    A text is none, however much it looks like one: a formula would not count it.
    """
    if cell is None:
        return Parsed()
    if code := withdrawn(cell):
        return Parsed(code=code)
    if cell.kind is RawKind.TEXT:
        if spelled(cell.text) in spelled_blanks():
            return Parsed(deliberate=bool(spelled(cell.text)))
        like_one = _typed(cell.text, priced=True).value is not None
        return Parsed(code="number-as-text" if like_one else "number-text")
    if cell.kind is RawKind.NUMBER and cell.number is not None:
        return Parsed(cell.number + 0.0)
    return Parsed(code="number-error") if cell.kind is RawKind.ERROR else number(cell)


def reckoned_points(cell: RawCell | None) -> Parsed[float]:
    """A rating as formulas take it. "100 %" is stored as 1: that, too, is asked."""
    parsed = reckoned(cell)
    return Parsed(code="rating-scale") if parsed.value == 1 else _bounded(parsed, "rating-scale")


def reckoned_weight(cell: RawCell | None) -> Parsed[float]:
    """A weight, 0 to 100 %, as formulas take it; whether all make 100, their sum tells."""
    return _bounded(reckoned(cell), None, keep=True)


def reckoned_amount(cell: RawCell | None) -> Parsed[float]:
    """An amount as formulas take it; a date is none, although a formula would count its days."""
    if cell is not None and cell.kind is RawKind.NUMBER and is_date_format(cell.number_format):
        return Parsed(code="number-date")
    parsed = reckoned(cell)
    if parsed.value is not None and parsed.value < 0:
        return Parsed(code="number-negative")
    return Parsed(code="number-text") if (parsed.value or 0) >= NO_AMOUNT else parsed


def is_bare_one(cell: RawCell | None) -> bool:
    """Whether a cell says 1 without a percent sign: beside fractions it may be a whole."""
    return not has_percent_sign(cell) and number(cell).value == 1


def has_percent_sign(cell: RawCell | None) -> bool:
    """Whether a cell shows a number with a percent sign, typed or by its format."""
    if cell is None or cell.kind not in (RawKind.NUMBER, RawKind.TEXT):
        return False
    return is_percent_format(cell.number_format) or "%" in plain(as_seen(cell.text))


def _hides_percent(cell: RawCell | None) -> bool:
    """Whether the file does not tell how a number is shown: its 1 may be 100 %."""
    return cell is not None and cell.kind is RawKind.NUMBER and not cell.number_format


def weight(cell: RawCell | None) -> Parsed[float]:
    """A weight, 0 to 100 %. Between 0 and 1 it comes with ``weight-scale``: the card decides.

    One weight of 0.5 % beside others that sum to 99.5 is what it says; weights that sum to 1 are
    percentages that lost their sign.
    """
    parsed = number(cell)
    if parsed.value == 1 and _hides_percent(cell):
        return Parsed(1.0, "weight-scale")
    return _bounded(parsed, "weight-scale", keep=True)


def _bounded(parsed: Parsed[float], scale: str | None, *, keep: bool = False) -> Parsed[float]:
    value = parsed.value
    if value is None:
        return parsed
    if value < 0:
        return Parsed(code="number-negative")
    if value > 100:
        return Parsed(code="number-range")
    if 0 < value < 1:
        return Parsed(value if keep else None, scale)
    return parsed


def amount(cell: RawCell | None, *, signed: bool = False) -> Parsed[float]:
    """An amount of money or a count, 0 or more (``signed``: or less), see ``figures``."""
    if cell is not None and cell.kind is RawKind.TEXT and not (cell.formula or withdrawn(cell)):
        parsed = _typed(cell.text, priced=True)
    else:
        parsed = number(cell)
    if parsed.value is not None and parsed.value < 0 and not signed:
        return Parsed(code="number-negative")
    return parsed


def day(cell: RawCell | None) -> Parsed[date]:
    """A date: a date cell, or a text with one reading (15.09.2026, 2026-09-15, 31/12/2026)."""
    if cell is None or (cell.kind is RawKind.TEXT and not plain(cell.text)):
        return Parsed(code="formula-no-value") if cell is not None and cell.formula else Parsed()
    if code := withdrawn(cell):
        return Parsed(code=code)
    if cell.kind is RawKind.NUMBER and cell.number is not None:
        unseen = not cell.number_format and cell.number in _TODAYS
        if not (unseen or is_date_format(cell.number_format)):
            return Parsed(code="date-bad")
        return _serial(usual_number(cell))
    if cell.kind not in (RawKind.TEXT, RawKind.DATE):
        return Parsed(code="date-bad")
    if _is_sentence(cell.text) or _has_footnote(cell.text):
        return Parsed(code="date-bad")
    return _typed_day(plain(as_seen(cell.text)))


def usual_number(cell: RawCell) -> float:
    """The number of a NUMBER cell; a day's is that of Excel's usual calendar, whatever its own."""
    day_of_1904 = cell.since_1904 and (not cell.number_format or is_date_format(cell.number_format))
    return (cell.number or 0.0) + (_DAYS_TO_1904 if day_of_1904 else 0)


def _serial(number_of_days: float) -> Parsed[date]:
    """Excel's serial day; before 1 March 1900 its calendar is wrong, and no plan is that old."""
    if not 61 <= number_of_days < 2958466:
        return Parsed(code="date-bad")
    return Parsed(date(1899, 12, 30) + timedelta(days=int(number_of_days)))


_BETWEEN = r"(?:\.|st|nd|rd|th)?(?: of)?[ /-]*"
_DAY_FIRST = re.compile(rf"(\d{{1,2}}){_BETWEEN}([^\W\d_]+)\.?,?[ /-]*(\d{{4}}|\d{{2}})", re.I)
_MONTH_FIRST = re.compile(r"([^\W\d_]+)\.?[ /-]*(\d{1,2})(?:st|nd|rd|th)?[.,]?[ /-]+(\d{4})", re.I)


def _in_words(seen: str) -> tuple[int, int, int] | None:
    """Year, month and day where the month is a word: "30. September 2026", "Sept 30, 2026"."""
    day_name = re.match(r"([^\W\d_]+)[.,]+ ?(?=[^\W_])", seen)
    if day_name and day_name[1].casefold() in folded("weekdays"):
        seen = seen[day_name.end() :]
    if found := _DAY_FIRST.fullmatch(seen):
        this, word, year = found.groups()
    elif found := _MONTH_FIRST.fullmatch(seen):
        word, this, year = found.groups()
    else:
        return None
    month = month_meant(word)
    return (
        None if month is None else (int(year) + (2000 if len(year) == 2 else 0), month, int(this))
    )


def _typed_day(seen: str) -> Parsed[date]:
    if is_blank(seen, among_numbers=True):
        return Parsed(deliberate=True)
    iso = re.fullmatch(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:T[\d:.,Z+-]*)?", seen)
    dotted = re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})", seen)
    slashed = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", seen)
    if iso:
        year, month, this = int(iso[1]), int(iso[3]), int(iso[4])
    elif dotted:
        this, month, year = (int(g) for g in dotted.groups())
        year += 2000 if year < 100 else 0
    elif slashed:
        first, second, year = (int(g) for g in slashed.groups())
        if first <= 12 and second <= 12 and first != second:
            return Parsed(code="date-bad")  # 3/4 is March in New York and April in London
        this, month = (second, first) if second > 12 else (first, second)
    elif (worded := _in_words(seen)) is not None:
        year, month, this = worded
    else:
        return Parsed(code="date-bad")
    try:
        return Parsed(date(year, month, this))
    except ValueError:
        return Parsed(code="date-bad")
