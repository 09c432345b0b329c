"""The field types under anything that can stand in a cell: a value in its range, or a word why not.

What is read is worked out once more here, in another way; nothing may be read that was not written.
"""

from __future__ import annotations

import math
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import from_excel

from kamxl.core.cards.shown import shown_card
from kamxl.core.finding import CODES
from kamxl.core.records.register import Answers
from kamxl.excel.reading.book import read
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet, a1
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard import reading as scorecard_reading
from kamxl.forms.scorecard.grid import TableGrid, size_of
from kamxl.forms.tables import fields
from kamxl.forms.tables.columns import ANSWER, Column, Kind
from kamxl.forms.tables.fields import MAX_TEXT, Parsed, plain
from kamxl.wording.texts import texts
from kamxl.wording.understood import is_blank
from tests.forms.cards import MARK, answers, filled, order, random_answers

# No deadline: a text or a template is loaded in the first example, on machines that do other work.
SLOWLY = settings(
    deadline=None,
    max_examples=int(os.environ.get("KAMXL_EXAMPLES", "60")),  # 2000 to search in earnest
    suppress_health_check=[HealthCheck.too_slow],
)
USED = {None, "formula-value", "weight-scale", "text-cut", "text-cleaned"}  # codes beside a value
NUMBERS: dict[str, Callable[[RawCell | None], Parsed[float]]] = {
    "number": fields.number,
    "points": fields.points,
    "weight": fields.weight,
    "amount": fields.amount,
}
RANGES = {
    "number": (-math.inf, math.inf),
    "points": (0, 100),
    "weight": (0, 100),
    "amount": (0, math.inf),
}

# --- what can stand in a cell ----------------------------------------------------------------

ZEROS = "0٠۰०０𝟎"  # zeros of several scripts; their other digits follow them
UNSEEN = ("", "\u200b", "\ufeff", "\u200e", "\xad", "\u2060")
SPACES = ("", " ", "\xa0", "\u202f", "\n", "\t")
SCRAPS = st.sampled_from(
    (
        *"0123456789.,-+%/'’ \xa0\u200b٫٪−²½①⒈eExX_()<>~",
        *("85", "1.000", "100", "0,5", " %", "Punkte", "points", "€", "EUR", "euro", "$", "k. A.",
          "n/a", "#N/A", "nan", "inf", "1e9", "T", "15.09.2026", "2026-09-15", "٨٥"),
    )
)  # fmt: skip
TEXTS = st.lists(SCRAPS, max_size=8).map("".join) | st.text(max_size=12) | st.text(ZEROS + ".,% €")
FINITE = st.floats(allow_nan=False, allow_infinity=False)
FIGURES = FINITE | st.floats(-5, 105) | st.integers(-5, 50_000).map(float)
FORMATS = st.sampled_from(
    ("General", "0%", "0.0 %", '0" %"', "dd.mm.yyyy", "[h]:mm", "@", "#,##0.00 [$€-407]", '"', "")
) | st.text(max_size=6)


def _stored(figure: float, code: str, formula: bool) -> RawCell:
    return RawCell(RawKind.NUMBER, repr(figure), figure, code, formula)


CELLS = (
    st.builds(_stored, FIGURES, FORMATS, st.booleans())
    | st.builds(
        RawCell,
        st.sampled_from([kind for kind in RawKind if kind is not RawKind.NUMBER]),
        TEXTS | st.text(max_size=100),
        st.none(),
        FORMATS,
        st.booleans(),
    )
    # what no reader hands over, and an engine might
    | st.builds(RawCell, st.sampled_from(RawKind), TEXTS, st.none() | FIGURES, FORMATS)
)


def typed(text: str) -> RawCell:
    return RawCell(RawKind.TEXT, text)


def seen(text: str) -> str:
    """A text without the marks that cannot be seen."""
    return plain("".join(c for c in text if unicodedata.category(c) != "Cf"))


# --- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NUMBERS)
@SLOWLY
@given(cell=st.none() | CELLS)
@example(cell=_stored(1e308, "0%", False))
@example(cell=_stored(-1e308, "0.0 %", False))
@example(cell=typed("1" + " 000" * 200))
def test_any_cell_gives_a_number_in_its_range_or_says_why_not(name: str, cell: RawCell) -> None:
    parsed, (low, high) = NUMBERS[name](cell), RANGES[name]
    assert parsed.code is None or parsed.code in CODES
    if parsed.value is not None:
        assert math.isfinite(parsed.value)
        assert low <= parsed.value <= high
        assert math.copysign(1, parsed.value) > 0 or parsed.value < 0  # no -0
        assert parsed.code in USED
        assert not parsed.deliberate
        assert cell.kind in (RawKind.NUMBER, RawKind.TEXT)
    elif parsed.code is None:  # a blank: nothing stands there, or that nothing shall
        nothing = cell is None or not seen(cell.text) or seen(cell.text).casefold() in CURRENCIES
        assert nothing or parsed.deliberate
        assert not parsed.deliberate or cell.text == "#N/A" or _is_blank(cell.text)
    if cell is not None and cell.formula:
        assert parsed.code or (parsed.value is None and (parsed.deliberate or not seen(cell.text)))


CURRENCIES = {"€", "$", "£", "eur", "euro", "usd", "chf", "gbp"}


def _is_blank(text: str) -> bool:
    """Whether a deliberate blank stands there, perhaps beside a currency."""
    bare = seen(text).casefold()
    beside = {bare.removeprefix(c).removesuffix(c).strip() for c in ("", *CURRENCIES)}
    return any(is_blank(one, among_numbers=True) for one in beside)


def _worth(text: str) -> Fraction | None:
    """What a text of digits with one decimal mark at most is worth."""
    worth, digits, scale = Fraction(0), 0, None
    for c in text:
        if c in ".,٫" and scale is None:
            scale = 0
        elif c.isdecimal():
            worth = worth * 10 + unicodedata.decimal(c)
            digits += 1
            scale = None if scale is None else scale + 1
        else:
            return None
    return worth / 10 ** (scale or 0) if digits else None


def _without_remark(text: str) -> str:
    """Without "!" and without brackets that have no digit in them."""
    text = text.rstrip("! \n\t\xa0\u202f")
    if text.endswith(")") and text.count("(") == text.count(")") == 1:
        before, _, remark = text.partition("(")
        text = before.strip() if before.strip() and not re.search(r"\d", remark) else text
    return text


def _ungrouped(text: str) -> str:
    """Without the marks between thousands, and without ",-" for no cents."""
    text = re.sub(r"[.,]--?$|[.,][–—]$", "", text)
    for gap, mark in (
        (" ", "[.,]"),
        ("[\xa0\u202f]", "[.,]"),
        ("['’]", "[.,]"),
        ("[.]", ","),
        (",", "[.]"),
    ):
        whole = rf"[+-]?\d{{1,3}}(?:{gap}\d{{3}})"
        if re.fullmatch(rf"{whole}+{mark}\d+|{whole}{{2,}}", text) or (
            gap not in ("[.]", ",") and re.fullmatch(rf"{whole}+", text)
        ):
            return re.sub(gap, "", text)
    return text


UNITS = ("%", "٪", "％", "punkte", "punkt", "pkt.", "pkt", "points", "point", "pts.", "pts")


@pytest.mark.parametrize("name", ["number", "points", "weight"])
@SLOWLY
@given(text=TEXTS)
@example(text="8①")
@example(text="8⒈5")
@example(text="85 % %")
def test_no_text_is_taken_for_a_number_that_it_is_not(name: str, text: str) -> None:
    value = NUMBERS[name](typed(text)).value
    if value is None:
        return
    bare = "".join(c for c in text if unicodedata.category(c) != "Cf").strip().casefold()
    bare = _without_remark(bare)
    bare = next((bare.removesuffix(unit) for unit in UNITS if bare.endswith(unit)), bare).strip()
    bare = _ungrouped(bare)
    sign = -1 if bare.startswith(("-", "−", "－", "﹣")) else 1
    worth = _worth(bare.lstrip("+-−－＋﹢﹣").replace("．", ".").replace("，", ","))
    assert worth is not None, f"{text!r} was read as {value}"
    assert value == float(sign * worth)


@st.composite
def spellings(draw: st.DrawFn) -> tuple[Decimal, str]:
    """A number of 0 to 100 and one of the ways to type it."""
    places = draw(st.integers(0, 2))
    worth = Decimal(draw(st.integers(0, 100 * 10**places))).scaleb(-places)
    assume(worth == 0 or worth >= 1)
    zero = ord(draw(st.sampled_from(ZEROS)))
    mark = draw(st.sampled_from(".,٫"))
    digits = "".join(chr(zero + int(c)) if c.isdigit() else mark for c in f"{worth:f}")
    unit = draw(st.sampled_from(("", *UNITS, "Punkte", "PTS")))
    pieces = [draw(st.sampled_from(("", "+"))), digits, draw(st.sampled_from(SPACES[:4])), unit]
    hidden = draw(st.sampled_from(UNSEEN))
    ends = st.sampled_from(SPACES)
    return worth, draw(ends) + hidden.join(pieces) + draw(ends)


@SLOWLY
@given(spellings())
def test_every_accepted_spelling_is_understood(spelled: tuple[Decimal, str]) -> None:
    worth, text = spelled
    for name in ("number", "points", "weight"):
        assert NUMBERS[name](typed(text)) == Parsed(float(worth)), text


@pytest.mark.parametrize("name", NUMBERS)
@SLOWLY
@given(cell=CELLS)
def test_a_value_typed_again_is_the_same_or_asked(name: str, cell: RawCell) -> None:
    """Its own spelling never means another number; with three decimals it may mean two."""
    value = NUMBERS[name](cell).value
    if value is None:
        return
    exact = f"{Decimal(repr(value)):f}"
    for text in (exact, exact.replace(".", ","), f"{exact} %"):
        again = NUMBERS[name](typed(text))
        if again.value is None:
            assert again.code in {"number-ambiguous", "number-range", "number-text"}
            assert re.search(r"[.,]\d{3}( %)?$", text) or len(text) > 15
        else:
            assert again.value == value
    assert NUMBERS[name](_stored(value, "General", False)).value == value


@SLOWLY
@given(CELLS)
def test_what_is_a_bare_one_is_one(cell: RawCell) -> None:
    if fields.is_bare_one(cell):
        assert fields.number(cell).value == fields.points(cell).value == 1
        assert "%" not in plain(cell.text)


# --- amounts ---------------------------------------------------------------------------------

MONEY = ("€", "EUR", "eur", "Euro", "$", "USD", "CHF", "£", "GBP")


@SLOWLY
@given(
    st.integers(0, 10**15 - 1),
    st.sampled_from((" ", "'", "’", "\xa0", "\u202f")),
    st.sampled_from(("", *MONEY)),
    st.booleans(),
    st.sampled_from(("", " ")),
)
@example(250_000, " ", "Euro", False, " ")
def test_amounts_in_groups(whole: int, gap: str, unit: str, before: bool, space: str) -> None:
    grouped = f"{whole:,}".replace(",", gap)
    text = f"{unit}{space}{grouped}" if before else f"{grouped}{space}{unit}"
    assert fields.amount(typed(text)) == Parsed(float(whole))


@SLOWLY
@given(TEXTS)
@example("1 € 50")
@example("12€50")
@example("8²")
@example("8①")
@example("5 eur 5")
def test_an_amount_has_all_its_digits_side_by_side(text: str) -> None:
    """Between the digits of an amount stands nothing but what groups them, and one mark."""
    value = fields.amount(typed(text)).value
    if value is None:
        return
    shown = seen(text).casefold()
    digits = re.search(r"\d.*\d|\d", shown)
    assert digits is not None
    number = _ungrouped(digits[0])
    worth = _worth(number)
    assert worth is not None, f"{text!r} was read as {value}"
    assert value == float(worth)
    around = (
        shown[: digits.start()],
        _without_remark(f"{digits[0]}{shown[digits.end() :]}")[len(digits[0]) :],
    )
    known = CURRENCIES | set(UNITS) | {"", "+", ",-", ".-"}
    assert all(piece.strip() in known or not value for piece in around), text
    assert not any(c for c in text if not c.isdecimal() and unicodedata.digit(c, None) is not None)


# --- dates -----------------------------------------------------------------------------------


@SLOWLY
@given(st.none() | CELLS | st.builds(typed, st.from_regex(r"\d{1,4}[-./]\d\d?[-./]\d{1,4}")))
@example(typed("1².9.2026"))
@example(typed("2026-01-0①"))
@example(typed("2026-01-01Tuesday or so"))
@example(RawCell(RawKind.DATE, "2026-01-01T12:30:00.000Z"))
def test_a_date_has_the_numbers_that_stand_there(cell: RawCell | None) -> None:
    parsed = fields.day(cell)
    if parsed.value is None:
        blank = cell is None or not seen(cell.text)
        assert blank or parsed.code in {"date-bad", "formula-no-value"} or parsed.deliberate
        return
    assert parsed.code is None
    if cell.kind is RawKind.NUMBER and cell.number is not None:
        assert parsed.value == _calendar(cell.number)
        return
    said = [int(run) for run in re.findall(r"\d+", seen(cell.text))][:3]
    found = parsed.value
    assert Counter(said) in (
        Counter((found.year, found.month, found.day)),
        Counter((found.year - 2000, found.month, found.day)),
    )
    assert not any(unicodedata.digit(c, 0) for c in cell.text if not c.isdecimal())
    assert {c for c in cell.text if c.isalpha()} <= {"T", "Z"}


def _calendar(serial: float) -> date:
    """What openpyxl makes of a serial day."""
    found = from_excel(int(serial))
    assert isinstance(found, datetime)
    return found.date()


@SLOWLY
@given(st.dates(date(1900, 3, 1)))
def test_every_way_to_write_a_date(day: date) -> None:
    year, month, this = f"{day.year:04}", day.month, day.day
    for text in (
        f"{this}.{month}.{year}",
        f"{this:02}. {month:02}. {year}",
        f"{year}-{month:02}-{this:02}",
        f"{year}-{month}-{this}",
    ):
        assert fields.day(typed(text)) == Parsed(day), text
    serial = (day - date(1899, 12, 30)).days
    for part in (0, 0.25, 0.999):
        assert fields.day(_stored(serial + part, "TT.MM.JJJJ", False)) == Parsed(day)
    british, american = f"{this}/{month}/{year}", f"{month}/{this}/{year}"
    clear = this > 12 or this == month
    expected = Parsed(day) if clear else Parsed[date](code="date-bad")
    assert fields.day(typed(british)) == fields.day(typed(american)) == expected


# --- texts -----------------------------------------------------------------------------------

LONG = st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=9), st.just(900))


@pytest.mark.parametrize("name", ["text", "words"])
@SLOWLY
@given(cell=st.none() | CELLS | st.builds(typed, LONG))
@example(cell=typed("x" * (MAX_TEXT - 1) + " yz"))
def test_a_text_is_harmless_bounded_and_read_again_the_same(name: str, cell: RawCell) -> None:
    parse: Callable[[RawCell | None], Parsed[str]] = getattr(fields, name)
    parsed = parse(cell)
    value = parsed.value
    assert value is not None
    assert len(value) <= MAX_TEXT
    assert value == value.strip()
    assert not [
        c for c in value if unicodedata.category(c) == "Cc" and c < "\x80" and c not in "\n\t"
    ]
    assert parsed.code is None or parsed.code in CODES
    assert parse(typed(value)) == Parsed(value)
    if cell is not None and value:
        kept = Counter(cell.text.replace("\r", "\n"))
        assert not Counter(value) - kept, "something was added"


EACH = [Column(kind.value, kind, 10, choices=ANSWER) for kind in Kind]


@pytest.mark.parametrize("column", EACH, ids=lambda column: column.id)
@SLOWLY
@given(cell=st.none() | CELLS | st.builds(typed, st.text("aAbB1 -_.,;@ä\nhqH26", max_size=20)))
def test_a_column_gives_a_value_or_says_why_not(column: Column, cell: RawCell | None) -> None:
    """Of every kind; and what was understood is understood again as it is shown."""
    parsed = column.parse(cell)
    if column.kind is Kind.RAW or not column.read:
        assert parsed.value in (cell, None)
        return
    assert parsed.code is None or parsed.code in CODES
    assert parsed.value is None or parsed.code in USED
    if parsed.value is None and parsed.code is None and not parsed.deliberate:
        blank = cell is None or seen(cell.text).casefold() in {"", *CURRENCIES}
        assert blank or _is_blank(cell.text) or not plain(fields.harmless(cell.text))
    if isinstance(parsed.value, str | tuple) and parsed.value:
        shown = column.show(parsed.value, "en")
        assert isinstance(shown, str)
        assert column.parse(typed(shown)).value == parsed.value


# --- ratings and weights of a card -------------------------------------------------------------

ASKED = order("en", 3, 1)


@cache
def _card() -> tuple[RawBook, int]:
    """A card that was answered, and which of its sheets has the table."""
    book = read(filled(ASKED, answers(ASKED)))
    titles = [sheet.title for sheet in book.sheets]
    return book, titles.index(texts("en")("scorecard.table.sheet"))


@pytest.mark.proof
@SLOWLY
@given(st.data())
def test_each_cell_of_a_card_is_taken_as_it_stands_or_named(data: st.DataObject) -> None:
    book, at = _card()
    grid = TableGrid(size_of(ASKED))
    rows = [grid.row(n) for n in range(3)]
    columns = {"weight": grid.weight, "us": grid.us, "rival": grid.supplier(1)}
    places = [(row, column) for row in rows for column in columns.values()]
    changed = data.draw(st.dictionaries(st.sampled_from(places), st.none() | CELLS, max_size=6))
    cells: dict[tuple[int, int], Any] = {**book.sheets[at].cells, **changed}
    cells = {place: cell for place, cell in cells.items() if cell is not None}
    sheets = list(book.sheets)
    sheets[at] = RawSheet(sheets[at].title, cells)
    found = scorecard_reading.read(RawBook(tuple(sheets), book.names), ASKED)
    said = {one.cell for one in found.findings if one.sheet == sheets[at].title}
    doubt = next((dict(f.details) for f in found.findings if f.code == "scale-doubt"), {})
    left_out = {"weight": "weights", "us": "us", "rival": "rivals"}
    assert found.answers is not None
    card = found.answers.scorecard
    rival = ASKED.competitors[0].id
    for number, asked in enumerate(ASKED.requirements):
        for key, column in columns.items():
            place = (rows[number], column)
            supplier = rival if key == "rival" else key
            rated = key != "weight"
            value = card.ratings[supplier][asked.id] if rated else card.requirements[number].weight
            parsed = (fields.points if rated else fields.weight)(cells.get(place))
            whole = bool(doubt.get(left_out[key]))  # said of the column
            _as_it_stands(value, parsed, a1(*place) in said or (whole and value is None))


def _as_it_stands(value: float | None, parsed: Parsed[float], said: bool) -> None:
    """What the card says of a cell is what the cell says, or there is a finding for it."""
    assert value is None or (0 <= value <= 100 and value == parsed.value)
    if value is None and (parsed.code or parsed.value is not None):
        assert said
    if value is not None and parsed.code == "formula-value":
        assert said


@pytest.mark.proof
@SLOWLY
@given(random_answers(ASKED))
def test_every_number_of_a_filled_card_is_one(told: Answers) -> None:
    """Whatever was answered, also nothing: no result is infinite or none."""
    shown = scorecard.values(shown_card(ASKED), MARK, told)
    numbers = [value for value in shown.values() if isinstance(value, int | float)]
    assert numbers
    assert all(math.isfinite(value) for value in numbers)
