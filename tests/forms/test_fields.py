"""What typed values mean: every way in which people write a number, a date or a text."""

from __future__ import annotations

from datetime import date

import pytest

from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.forms.tables import fields
from kamxl.forms.tables.fields import Parsed

BLANK = Parsed[float]()
WANTED = Parsed[float](deliberate=True)


def typed(text: str) -> RawCell:
    return RawCell(RawKind.TEXT, text)


def stored(value: float, code: str = "General", *, formula: bool = False) -> RawCell:
    return RawCell(RawKind.NUMBER, f"{value:g}", value, code, formula)


def bad(code: str) -> Parsed[float]:
    return Parsed(code=code)


TEXTS: dict[str, Parsed[float]] = {
    "85": Parsed(85.0),
    "85 %": Parsed(85.0),
    "85%": Parsed(85.0),
    "85,5": Parsed(85.5),
    "85.5": Parsed(85.5),
    " 85 ": Parsed(85.0),
    "\xa085\xa0": Parsed(85.0),
    "85\u202f%": Parsed(85.0),
    "８５": Parsed(85.0),
    "８５％": Parsed(85.0),
    "٨٥": Parsed(85.0),
    "٨٥٫٥": Parsed(85.5),
    "٨٥٪": Parsed(85.0),
    "۸۵": Parsed(85.0),
    "85\n": Parsed(85.0),
    "\u200b85\ufeff": Parsed(85.0),  # pasted from a browser
    "\u200e85": Parsed(85.0),
    "85 Punkte": Parsed(85.0),
    "85 points": Parsed(85.0),
    "85 Pkt.": Parsed(85.0),
    "+85": Parsed(85.0),
    "100": Parsed(100.0),
    "0": Parsed(0.0),
    "0 %": Parsed(0.0),
    "0,0": Parsed(0.0),
    "-0": Parsed(0.0),
    "007": Parsed(7.0),
    "1 %": Parsed(1.0),
    "": BLANK,
    "  ": BLANK,
    "\xa0": BLANK,
    "\u200b": BLANK,
    "n/a": WANTED,
    "N/A": WANTED,
    "#N/A": WANTED,
    "k. A.": WANTED,
    "k.A.": WANTED,
    "K. A.": WANTED,
    "-": WANTED,
    "–": WANTED,
    "—": WANTED,
    "./.": WANTED,
    "keine Angabe": WANTED,
    **dict.fromkeys(
        (
            "85/100",
            "85 / 100",
            "85 von 100",
            "85 out of 100",
            "85 of 100",
            "85 Punkte von 100",
            "85 von 100 Punkten",
            "85 Prozent",
            "85 percent",
            "85 v. H.",
            "85 (gut)",
            "85 [gut]",
            "85!",
            "85 %!",
            "85 Pkt",
            "85 % (Lager)",
        ),
        Parsed(85.0),
    ),
    **dict.fromkeys(
        (
            "?",
            "...",
            "…",
            "weiß nicht",
            "WEISS NICHT",
            "don’t know",
            "dont know",
            "keine Ahnung",
            "n. b.",
            "n.b.",
            "none",
            "k.A",
            "k . A .",
            "N / A",
            "nicht bekannt",
            "unbekannt",
            "trifft nicht zu",
            "k.A.!",
            "- -",
            "−",
            "kei\u00adne Angabe",
        ),
        WANTED,
    ),
    # another scale, another measure, or no measure at all: asked
    **dict.fromkeys(
        (
            "8/10",
            "4/5",
            "3/4",
            "85/90",
            "85 von 120",
            "85 (von 120)",
            "85/100/100",
            "~85",
            "85?",
            "85 (?)",
            "85 oder 90",
            "(85)",
            "85 (90)",
            "100 von 85",
            "von 100",
            "/100",
            "x",
            "+",
        ),
        bad("number-text"),
    ),
    "185/100": bad("number-range"),
    "0,85/100": bad("rating-scale"),
    "-5 von 100": bad("number-negative"),
    "ca. 80": bad("number-text"),
    "80-90": bad("number-text"),
    "85\n90": bad("number-text"),
    "8 5": bad("number-text"),
    "85,": bad("number-text"),
    "8²": bad("number-text"),  # a footnote, not 82
    "8₂": bad("number-text"),
    "8½": bad("number-text"),
    "gut": bad("number-text"),
    "1e2": bad("number-text"),
    "0x10": bad("number-text"),
    "8_5": bad("number-text"),
    "NaN": bad("number-text"),
    "inf": bad("number-text"),
    "1.000,5": bad("number-range"),
    "x" * 100_000: bad("number-text"),
    "8" * 5_000: bad("number-text"),
    "85" + " " * 5_000: Parsed(85.0),
    "1.000": bad("number-ambiguous"),
    "1,000": bad("number-ambiguous"),
    "85.000": bad("number-ambiguous"),
    "-1": bad("number-negative"),
    "−5": bad("number-negative"),
    "101": bad("number-range"),
    "100,01": bad("number-range"),
    "850 %": bad("number-range"),
    "9" * 40: bad("number-range"),
    "0,85": bad("rating-scale"),
    "0.85": bad("rating-scale"),
    "0,850": bad("rating-scale"),  # three digits, but no thousand begins with 0
    "0,85 %": bad("rating-scale"),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.items(), ids=lambda v: repr(v)[:24])
def test_a_rating_typed_as_text(text: str, expected: Parsed[float]) -> None:
    parsed = fields.points(typed(text))
    assert parsed == expected
    assert str(parsed.value) != "-0.0"


CELLS: dict[str, tuple[RawCell | None, Parsed[float]]] = {
    "nothing": (None, BLANK),
    "number": (stored(85), Parsed(85.0)),
    "minus zero": (stored(-0.0), Parsed(0.0)),
    "percent": (stored(0.85, "0%"), Parsed(85.0)),
    "percent, spaced": (stored(0.855, "0.0 %"), Parsed(85.5)),
    "percent without rounding noise": (stored(0.07, "0%"), Parsed(7.0)),
    "percent, one": (stored(0.01, "0%"), Parsed(1.0)),
    "percent, whole": (stored(1, "0%"), Parsed(100.0)),
    "percent, coloured": (stored(0.5, "[Red]0%;[Blue]-0%"), Parsed(50.0)),
    "percent of more than all": (stored(85, "0%"), bad("number-range")),
    "percent in quotes": (stored(85, '0" %"'), Parsed(85.0)),
    "percent escaped": (stored(85, "0\\ \\%"), Parsed(85.0)),
    "semicolon in quotes": (stored(85, '"a; d"0'), Parsed(85.0)),
    "percent after quoted semicolon": (stored(0.85, '"a;"0%'), Parsed(85.0)),
    "date letters in quotes": (stored(85, '0" Stunden/day"'), Parsed(85.0)),
    "date letters escaped": (stored(85, "0\\d\\s"), Parsed(85.0)),
    "currency": (stored(85, "#,##0.00 [$€-407]"), Parsed(85.0)),
    "scientific": (stored(85, "0.00E+00"), Parsed(85.0)),
    "text format": (stored(85, "@"), Parsed(85.0)),
    "fraction of one": (stored(0.85), bad("rating-scale")),
    "smallest fraction": (stored(1e-9), bad("rating-scale")),
    "one": (stored(1), Parsed(1.0)),
    "first of May": (stored(46143, "dd. mmm"), bad("number-date")),
    "German date": (stored(46143, "TT.MM.JJJJ"), bad("number-date")),
    "system date": (stored(46143, "[$-F800]dddd\\,\\ mmmm"), bad("number-date")),
    "elapsed time": (stored(1.5, "[h]:mm"), bad("number-date")),
    "time": (stored(0.5, "h:mm"), bad("number-date")),
    "true": (RawCell(RawKind.BOOLEAN, "TRUE"), bad("number-boolean")),
    "iso date": (RawCell(RawKind.DATE, "2026-05-01"), bad("number-date")),
    "error": (RawCell(RawKind.ERROR, "#DIV/0!"), bad("number-error")),
    "name error": (RawCell(RawKind.ERROR, "#NAME?"), bad("number-error")),
    "typed #N/A": (RawCell(RawKind.ERROR, "#N/A"), WANTED),
    "calculated #N/A": (RawCell(RawKind.ERROR, "#N/A", formula=True), bad("number-error")),
    "negative": (stored(-1), bad("number-negative")),
    "too large": (stored(100.5), bad("number-range")),
    "huge": (stored(1e300), bad("number-range")),
    "formula": (stored(85, formula=True), Parsed(85.0, "formula-value")),
    "formula, fraction": (stored(0.85, formula=True), bad("rating-scale")),
    "formula, text": (RawCell(RawKind.TEXT, "85", formula=True), Parsed(85.0, "formula-value")),
    "formula without value": (RawCell(RawKind.TEXT, "", formula=True), bad("formula-no-value")),
    "formula, true": (RawCell(RawKind.BOOLEAN, "TRUE", formula=True), bad("number-boolean")),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_rating_as_it_is_stored(name: str) -> None:
    cell, expected = CELLS[name]
    assert fields.points(cell) == expected
    assert str(fields.points(cell).value) != "-0.0"


def test_a_fraction_is_kept_as_a_weight_for_the_card_to_decide() -> None:
    assert fields.weight(stored(0.5)) == Parsed(0.5, "weight-scale")
    assert fields.weight(typed("0,5")) == Parsed(0.5, "weight-scale")
    assert fields.weight(stored(0.5, "0%")) == Parsed(50.0)
    assert fields.weight(stored(-1)) == Parsed(code="number-negative")
    assert fields.weight(stored(101)) == Parsed(code="number-range")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (stored(1), True),
        (typed("1"), True),
        (stored(0.01, "0%"), False),
        (typed("1 %"), False),
        (stored(2), False),
        (RawCell(RawKind.BOOLEAN, "TRUE"), False),
        (None, False),
    ],
)
def test_a_one_that_may_be_a_whole(cell: RawCell | None, expected: bool) -> None:
    assert fields.is_bare_one(cell) is expected


DAYS: list[tuple[RawCell | None, Parsed[date]]] = [
    (None, Parsed()),
    (typed(" "), Parsed()),
    (typed("-"), Parsed(deliberate=True)),
    (typed("15.09.2026"), Parsed(date(2026, 9, 15))),
    (typed("15. 9. 2026"), Parsed(date(2026, 9, 15))),
    (typed("15.9.26"), Parsed(date(2026, 9, 15))),
    (typed("\u200e15.09.2026"), Parsed(date(2026, 9, 15))),
    (typed("2026-09-15"), Parsed(date(2026, 9, 15))),
    (typed("31/12/2026"), Parsed(date(2026, 12, 31))),
    (typed("12/31/2026"), Parsed(date(2026, 12, 31))),
    (typed("4/4/2026"), Parsed(date(2026, 4, 4))),
    (typed("3/4/2026"), Parsed(code="date-bad")),  # March in New York, April in London
    (typed("31.02.2026"), Parsed(code="date-bad")),
    (typed("99.99.9999"), Parsed(code="date-bad")),
    (typed("0000-01-01"), Parsed(code="date-bad")),
    *(
        (typed(text), Parsed(date(2026, 9, 30)))
        for text in (
            "30. September 2026",
            "30. Sept. 26",
            "Sept 30, 2026",
            "30 sep 2026",
            "30-Sep-2026",
            "30th of September 2026",
            "Mittwoch, 30. September 2026",
            "2026/09/30",
            "2026.9.30",
        )
    ),
    (typed("1. März 2027"), Parsed(date(2027, 3, 1))),
    (typed("Oct 1, 2027"), Parsed(date(2027, 10, 1))),
    (typed("31. Februar 2026"), Parsed(code="date-bad")),
    (typed("30. Herbst 2026"), Parsed(code="date-bad")),
    (typed("September 2026"), Parsed(code="date-bad")),
    (typed("Sept 26"), Parsed(code="date-bad")),
    (typed("Anke, 30. September 2026"), Parsed(code="date-bad")),
    (typed("2026-09.30"), Parsed(code="date-bad")),
    (typed("September"), Parsed(code="date-bad")),
    (typed("1" * 10_000), Parsed(code="date-bad")),
    (stored(46280, "dd.mm.yyyy"), Parsed(date(2026, 9, 15))),
    (stored(46280.75, "dd.mm.yyyy hh:mm"), Parsed(date(2026, 9, 15))),
    (stored(61, "dd.mm.yyyy"), Parsed(date(1900, 3, 1))),
    (stored(60, "dd.mm.yyyy"), Parsed(code="date-bad")),  # Excel's 29 February 1900
    (stored(-5, "dd.mm.yyyy"), Parsed(code="date-bad")),
    (stored(1e12, "dd.mm.yyyy"), Parsed(code="date-bad")),
    (stored(46280), Parsed(code="date-bad")),
    (RawCell(RawKind.DATE, "2026-09-15T00:00:00"), Parsed(date(2026, 9, 15))),
    (RawCell(RawKind.BOOLEAN, "TRUE"), Parsed(code="date-bad")),
    (RawCell(RawKind.ERROR, "#VALUE!"), Parsed(code="date-bad")),
    (RawCell(RawKind.TEXT, "", formula=True), Parsed(code="formula-no-value")),
]


@pytest.mark.parametrize(("cell", "expected"), DAYS)
def test_a_date(cell: RawCell | None, expected: Parsed[date]) -> None:
    assert fields.day(cell) == expected


WORDS: list[tuple[RawCell | None, Parsed[str]]] = [
    (None, Parsed("")),
    (typed(" gut\r\nund schnell "), Parsed("gut\nund schnell")),
    (typed("=SUM(A1)"), Parsed("=SUM(A1)")),
    (typed("a\x07b\x00"), Parsed("ab", "text-cleaned")),
    (typed("x" * 4_000), Parsed("x" * 4_000)),
    (typed("x" * 4_001), Parsed("x" * 4_000, "text-cut")),
    (stored(5), Parsed("5")),
    (RawCell(RawKind.ERROR, "#NAME?"), Parsed("", "number-error")),  # "+gut" typed into Excel
    (RawCell(RawKind.ERROR, "#N/A"), Parsed("")),
    (RawCell(RawKind.TEXT, "", formula=True), Parsed("", "formula-no-value")),
]


@pytest.mark.parametrize(("cell", "expected"), WORDS, ids=range(len(WORDS)))
def test_free_text(cell: RawCell | None, expected: Parsed[str]) -> None:
    assert fields.words(cell) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.234.567", Parsed(1234567.0)),
        ("1 234 567", Parsed(1234567.0)),
        ("1'234", Parsed(1234.0)),
        ("1.234", Parsed(code="number-ambiguous")),
        ("250000 €", Parsed(250000.0)),
        ("EUR 250000", Parsed(250000.0)),
        ("-5", Parsed(code="number-negative")),
        ("n/a", Parsed(deliberate=True)),
        ("viel", Parsed(code="number-text")),
        ("1.250.000,50", Parsed(1250000.5)),
        ("1,250,000.50", Parsed(1250000.5)),
        ("1 250 000,50", Parsed(1250000.5)),
        ("1\xa0250\u202f000,50", Parsed(1250000.5)),
        ("1'250'000.50", Parsed(1250000.5)),
        ("1.250,5", Parsed(1250.5)),
        ("1,2 Mio. €", Parsed(1200000.0)),
        ("€ 1.2 million", Parsed(1200000.0)),
        ("420 T€", Parsed(420000.0)),
        ("420 TEUR", Parsed(420000.0)),
        ("420k", Parsed(420000.0)),
        ("2,5 Mrd", Parsed(2500000000.0)),
        ("EUR 1.234,50", Parsed(1234.5)),
        ("1.500,- €", Parsed(1500.0)),
        ("1.500,–", Parsed(1500.0)),
        ("12 % (geschätzt)", Parsed(12.0)),
        ("- €", Parsed(deliberate=True)),
        ("€", Parsed()),
        ("1.234 T€", Parsed(code="number-ambiguous")),
        ("1 € 50", Parsed(code="number-text")),
        ("1.250.00", Parsed(code="number-text")),
        ("1.25.000", Parsed(code="number-text")),
        ("5 Tsd. Mio.", Parsed(code="number-text")),
        ("85/100", Parsed(code="number-text")),
        ("2 Metern", Parsed(code="number-text")),
        ("1.234,00-", Parsed(code="number-negative")),
        ("9" * 16, Parsed(code="number-range")),
    ],
)
def test_an_amount(text: str, expected: Parsed[float]) -> None:
    assert fields.amount(typed(text)) == expected


def test_an_amount_that_may_be_below_zero() -> None:
    for text in ("-1.234,5", "(1.234,5)", "1.234,5-", "−1.234,5 €"):
        assert fields.amount(typed(text), signed=True) == Parsed(-1234.5)
        assert fields.amount(typed(text)) == bad("number-negative")
