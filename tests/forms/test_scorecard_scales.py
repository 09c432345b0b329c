"""Cards on another scale than 0 to 100: asked about once, left out, and read as somebody decides.

On the card of ``scorecard_faults``: weights in C10:C14, ours in D, rivals in E to G; importance of
the wishes in C9:C15 of the other sheet, efforts in C23:C25.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import pytest

from kamxl.core.finding import Fate, Finding
from kamxl.core.method.scales import Scale
from kamxl.core.records.register import Answers
from kamxl.excel.reading.book import read as read_book
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, column_number
from kamxl.forms.scorecard import reading as scorecard_reading
from kamxl.wording.texts import texts
from kamxl.workflow.incoming import judge
from tests.forms.cards import answers, filled
from tests.forms.scorecard_faults import CARD, TABLE, WISHES

Typed = float | str | None | tuple[float, str]  # a number, a text, nothing, a number and its format
RIVALS = ("C1", "C2", "C3")
PERCENT = "0%"


@cache
def card() -> RawBook:
    return read_book(filled(CARD, answers(CARD)))


def cell(typed: Typed) -> RawCell:
    if isinstance(typed, str):
        return RawCell(RawKind.TEXT, typed)
    number, shown = typed if isinstance(typed, tuple) else (typed, "General")
    assert number is not None
    return RawCell(RawKind.NUMBER, f"{number:g}", number, shown)


def with_columns(columns: Mapping[str, Sequence[Typed]]) -> RawBook:
    """The card with other values from row 10 on in some columns; "wishes C9": on that sheet."""
    sheets = {sheet.title: dict(sheet.cells) for sheet in card().sheets}
    for place, values in columns.items():
        title = WISHES if " " in place else TABLE
        first = int(place.split()[1][1:]) if " " in place else 10
        column = column_number(place.split()[-1][0])
        for row, typed in enumerate(values, first):
            sheets[title].pop((row, column), None)
            if typed is not None:
                sheets[title][row, column] = cell(typed)
    made = tuple(replace(sheet, cells=sheets[sheet.title]) for sheet in card().sheets)
    return replace(card(), sheets=made)


def read(
    columns: Mapping[str, Sequence[Typed]], scale: Scale | None = None
) -> tuple[Answers, tuple[Finding, ...]]:
    found = scorecard_reading.read(with_columns(columns), CARD, scale)
    assert found.answers is not None
    return found.answers, found.findings


def given(said: Answers, who: str) -> list[float | None]:
    return [said.scorecard.rating(who, r.id) for r in said.scorecard.requirements]


def weights(said: Answers) -> list[float | None]:
    return [requirement.weight for requirement in said.scorecard.requirements]


FIVES = (4, 2, 5, 3, 4)
SENTENCES = {
    "ours": ({"D": FIVES}, "Our points: 2 to 5,", True),
    "a rival": ({"F": FIVES}, "Points of Quandt & Reuter KG: 2 to 5,", False),
    "all": (
        {"D": FIVES, "E": (1, 2, 9, 3, 4), "F": FIVES, "G": FIVES},
        "All points: 1 to 9,",
        True,
    ),
    "rivals": (
        dict.fromkeys("EFG", FIVES),
        "Points of Borel Systèmes SA, Quandt & Reuter KG, Ostrava Motion: 2 to 5,",
        False,
    ),
    "weights": ({"C": (8, 5, 9, 3, 10)}, "Weights: 3 to 10, 35 in all instead of 100.", True),
    "per mille": ({"C": (200, 90, 310, 90, 310)}, "Perhaps 0 to 1000 is meant", True),
    "weights and ours": ({"C": (8, 5, 9, 3, 10), "D": FIVES}, "Weights, our points: 2 to 5,", True),
    "shares of 1": ({"C": (0.2, 0.2, 0.2, 0.3, 0.1)}, "Perhaps 0 to 1 is meant", True),
    "texts": ({"D": ("4", "2 ", "5", "3,5", "4")}, "Our points: 2 to 5,", True),
    "a blank and a word": ({"D": (4, None, "n/a", 3, 4)}, "Our points: 3 to 4,", True),
    "fractions": ({"D": (0.8, 0.75, 1, 0.6, 0)}, "Perhaps 0 to 1 is meant", True),
    "thousands": ({"D": (800, 750, 1000, 90, 0)}, "Perhaps 0 to 1000 is meant", True),
    "unseen percent": ({"E": ((1, ""),) * 5}, "Points of Borel Systèmes SA: 1 to 1,", False),
    "out of 10": ({"D": ("8/10", "7 von 10", "9 out of 10", "6/10", 5)}, "Perhaps 0 to 10", True),
    "out of 5": ({"F": ("4/5", "3 / 5", "5/5", "3.5/5", None)}, "Perhaps 1 to 5 is meant", False),
    "grades": ({"D": ("2-", "1+", "3 -", "2", "2,5")}, "Perhaps school grades", True),
    "weights 1 to 5": ({"C": (4, 5, 3, 2, 1)}, "Perhaps 1 to 5 or 1 to 10 is meant", True),
    "importance": ({"wishes C9": (8, 10)}, "Importance of the wishes: 8 to 10,", False),
    "efforts": ({"wishes C23": (2, 4, 1)}, "Effort of working with us: 1 to 4,", False),
    "all over": (
        {**dict.fromkeys("DEFG", FIVES), "wishes C9": (5, None), "wishes C23": (0, 5, 5)},
        "All points, importance of the wishes, effort of working with us: 2 to 5,",
        True,
    ),
}


@pytest.mark.parametrize(("columns", "sentence", "waits"), SENTENCES.values(), ids=SENTENCES)
def test_a_doubt_is_said_once(
    columns: Mapping[str, Sequence[Typed]], sentence: str, waits: bool
) -> None:
    said, findings = read(columns)
    (found,) = (one for one in findings if one.code == "scale-doubt")
    assert sentence in texts("en").sentence(found)
    assert len(texts("de").sentence(found).split()) <= 52  # three names and two scales in it
    assert {one.code for one in findings} <= {"scale-doubt", "rating-missing"}
    assert judge._fate(said, findings) is (Fate.ATTENTION if waits else Fate.PROVISIONAL)


def test_only_what_is_in_doubt_is_left_out() -> None:
    said, findings = read({"F": FIVES, "wishes C23": (2, 4, 1)})
    assert given(said, "C2") == [None] * 5
    whole = answers(CARD)
    for who in ("us", "C1", "C3"):
        assert given(said, who) == given(whole, who)
    assert said.wishes == whole.wishes
    assert [(e.id, e.rating, e.comment) for e in said.efforts] == [
        ("complicated", None, "viele Formulare")
    ]
    assert [(f.cell, f.value) for f in findings] == [("F10", "4, 2, 5, 3, 4")]


SOUND: dict[str, Mapping[str, Sequence[Typed]]] = {
    "one low rating": {"E": (4, 60, 80, 70, 90)},
    "one above 10": {"E": (4, 5, 10, 3, 11)},
    "nothing but zeros": {"E": (0, 0, 0, 0, 0)},
    "one rating of a rival": {"E": (4, None, None, None, None)},
    "percent, typed": {"D": ("85 %", "70%", "100 %", "60 %", "90%")},
    "percent, by format": {"D": ((0.85, PERCENT), (1, "0.00 %"), (0.07, "#,##0 %"), 60, 1)},
    "weights in percent": {"C": ((0.3, PERCENT), (0.05, PERCENT), (0.05, "0.00%"), "10 %", 50)},
    "hardly any effort": {"wishes C23": (0, 5, 10)},
    "one wish": {"wishes C9": (8, None)},
}


@pytest.mark.parametrize("columns", SOUND.values(), ids=SOUND)
def test_what_may_be_meant_is_not_doubted(columns: Mapping[str, Sequence[Typed]]) -> None:
    _, findings = read(columns)
    assert {f.code for f in findings} <= {"rating-scale"}
    if findings:  # 1 beside percentages may be 100 %
        assert [f.cell for f in findings] == ["D14"]


@pytest.mark.parametrize("percent", [(1, PERCENT), (1, "0.00\\\xa0%"), "100 %", "100%", 100])
def test_100_percent_is_100(percent: Typed) -> None:
    said, findings = read({"D": (percent, 80, 75, (0.85, PERCENT), "60 %"), "E": (percent,) * 5})
    assert findings == ()
    assert given(said, "us") == [100, 80, 75, 85, 60]
    assert given(said, "C1") == [100] * 5


@pytest.mark.parametrize("neighbour", [(0.85, PERCENT), "85 %", 0.85])
def test_a_bare_1_beside_percentages_or_shares_is_asked(neighbour: Typed) -> None:
    said, findings = read({"D": (1, 80, 75, neighbour, 60)})
    assert given(said, "us")[0] is None
    assert ("rating-scale", "D10") in {(f.code, f.cell) for f in findings}


def test_a_1_whose_format_the_file_does_not_tell_is_asked() -> None:
    said, findings = read({"D": ((1, ""), 80, 75, 85, 60), "C": ((1, ""), 30, 30, 30, 10)})
    assert [(f.code, f.cell) for f in findings if f.code.endswith("-scale")] == [
        ("weight-scale", "C10"), ("rating-scale", "D10")
    ]  # fmt: skip
    assert given(said, "us")[0] is None
    said, findings = read({"C": ((1, ""), 30, 30, 30, 9)})
    assert findings == ()  # beside the others it makes 100


# -- decided -----------------------------------------------------------------------------------

DECIDED = {
    Scale.FIVE: [75, 25, 100, 50, None],
    Scale.TEN: [pytest.approx(33.333333333), pytest.approx(11.111111111),
                pytest.approx(44.444444444), pytest.approx(22.222222222), None],
    Scale.FROM_ZERO: [40, 20, 50, 30, 0],
    Scale.GRADES: [40, 80, 20, 60, None],
    Scale.THOUSAND: [0.4, 0.2, 0.5, 0.3, 0],
    Scale.SHARES: [None, None, None, None, 0],
    Scale.POINTS: [4, 2, 5, 3, 0],
}  # fmt: skip


@pytest.mark.parametrize(("scale", "expected"), DECIDED.items())
def test_what_is_in_doubt_is_read_as_decided(scale: Scale, expected: list[float | None]) -> None:
    said, findings = read({"D": (4, 2, 5, 3, 0), "E": (4, 60, 80, 70, 90)}, scale)
    assert given(said, "us") == expected
    assert given(said, "C1") == [4, 60, 80, 70, 90]  # it never was in doubt
    missing = [f"D{10 + row}" for row, one in enumerate(expected) if one is None]
    assert [(f.code, f.cell) for f in findings] == [("number-range", one) for one in missing[:1]]
    for found in findings:  # once for all
        more = f" (and {len(missing) - 1} more values)" if missing[1:] else ""
        assert f"{more} does not exist on the scale" in texts("en").sentence(found)


def test_a_rating_that_names_its_scale_is_read_on_that_one_alone() -> None:
    eights = {"D": ("8/10", "7 von 10", 9, "6/10", "5/10")}
    said, findings = read(eights, Scale.FROM_ZERO)
    assert (given(said, "us"), findings) == ([80, 70, 90, 60, 50], ())
    for scale in (Scale.POINTS, Scale.FIVE):
        said, findings = read(eights, scale)
        assert [f.code for f in findings].count("number-text") == 4
    said, findings = read({"D": ("2-", "1+", "6-", "2", "2,5")}, Scale.GRADES)
    assert (given(said, "us"), findings) == ([74, 100, 0, 80, 70], ())
    said, findings = read({"D": ("8/10", 70, 80, 60, 50)})  # among points it is no number
    assert [(f.code, f.cell) for f in findings] == [("number-text", "D10")]


def test_as_typed_takes_what_points_can_be_and_nothing_else() -> None:
    said, findings = read({"D": (0.85, 1, 0, 0.5, -1), "E": (150, 120, 80, 70, 90)}, Scale.POINTS)
    assert given(said, "us") == [0.85, 1, 0, 0.5, None]
    assert given(said, "C1") == [None, None, 80, 70, 90]
    assert [(f.code, f.cell) for f in findings] == [
        ("number-negative", "D14"), ("number-range", "E10"), ("number-range", "E11"),
        ("rating-missing", "D14"),
    ][:3]  # fmt: skip
    assert "too large" in texts("en").sentence(findings[1])


def test_decided_weights_stay_as_typed_and_their_sum_is_said() -> None:
    said, findings = read({"C": (8, 5, 9, 3, 10)}, Scale.TEN)
    assert weights(said) == [8, 5, 9, 3, 10]
    assert [f.code for f in findings] == ["weights-sum"]
    said, findings = read({"C": (0.2, 0.2, 0.2, 0.3, 0.1), "D": FIVES}, Scale.FIVE)
    assert weights(said) == [20, 20, 20, 30, 10]
    assert findings == ()
    said, findings = read({"C": (0.2, 0.2, 0.2, 0.3, 0.1)}, Scale.POINTS)
    assert weights(said) == [0.2, 0.2, 0.2, 0.3, 0.1]
    assert [f.code for f in findings] == ["weights-sum"]


def test_wishes_and_efforts_are_read_as_decided() -> None:
    columns = {"D": FIVES, "wishes C9": (5, 3), "wishes C23": (1, 2, None)}
    said, findings = read(columns, Scale.FIVE)
    assert findings == ()
    assert [w.importance for w in said.wishes] == [100, 50]
    assert [e.rating for e in said.efforts] == [0, 25]
    said, _ = read(columns, Scale.GRADES)  # 1 is best: hardly any effort
    assert [e.rating for e in said.efforts] == [0, 20]


@pytest.mark.parametrize("scale", [None, *Scale])
def test_numbers_beyond_everything_are_errors_and_end(scale: Scale | None) -> None:
    huge = (1e308, 1e308, -1e308, 1e308, 5)
    said, findings = read({"C": huge, "D": huge, "wishes C9": (1e308, 1e308)}, scale)
    assert given(said, "us")[:4] == [None] * 4
    if scale is None:
        assert len(texts("en").sentence(findings[0])) < 250


def test_copies_of_the_sheet_that_differ_in_doubtful_columns_are_said() -> None:
    book = with_columns({"D": FIVES})
    table = next(sheet for sheet in book.sheets if sheet.title == TABLE)
    copy = replace(table, title="Copy", cells={**table.cells, (10, 4): cell(5)})
    found = scorecard_reading.read(replace(book, sheets=(*book.sheets, copy)), CARD)
    assert [one.code for one in found.findings] == ["table-duplicate"]
