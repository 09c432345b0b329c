"""The turns of phrase in formulas: each calculated by every engine, and compared with Python."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Book, Formula, Scalar, Sheet
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At, Lookup, Place, Ref
from tests.proof import need, recalc, witness

STAMP = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
UNKNOWN = ""  # what a formula says that knows nothing; None is a blank cell
COLUMNS: dict[str, Sequence[Scalar]] = {
    "id": ("k1", "k2", "k3", "k4", "k5"),
    "weight": (40, 25, 20, 15, None),
    "rating": (80, 0, UNKNOWN, 60, 50),
    "best": (70, 55, 60, UNKNOWN, None),
    "signed": (-5, 12.5, UNKNOWN, 0, None),
    "word": ("a", "b", "a", 'say "a"', "b"),
    "nothing": (UNKNOWN, None, UNKNOWN, UNKNOWN, None),
    "none": (0, 0, 0, 0, 0),
    "typed": (" JA\xa0", "n/a", "60", 60, None),
}
NUMBERS = {name: n for n, name in enumerate(COLUMNS, 1)}
DATA = Sheet("data", "Answers of one")  # a title in quotes
PLACE = Place("data", DATA, 3, NUMBERS, {}, 8)
ONE = Place("one", DATA, 3, NUMBERS, {}, 4)  # the same, as if the first row were all
FILLED = Place("filled", DATA, 3, NUMBERS, {}, 8, grows=True)  # the same, as people fill it in
AT = At([PLACE, FILLED], "en")


def column(name: str) -> str:
    return AT.column("data", name).all()


def filled(name: str) -> str:
    """The column with its key row and the row below."""
    return AT.column("filled", name).all()


def cell(name: str, place: int) -> str:
    return AT.column("data", name).some(place - 1, place - 1).split(":", maxsplit=1)[0]


W, R, B, S = (column(name) for name in ("weight", "rating", "best", "signed"))
TYPED = [cell("typed", place) for place in range(1, 6)]
TEXT = f"{TYPED[2]}:{TYPED[2].rpartition('!')[2]}"  # a range of one
ONLY, BLANK = (f"{c}:{c.rpartition('!')[2]}" for c in (cell("weight", 1), TYPED[4]))
MET, KIND, BEST = filled("rating"), filled("word"), filled("best")
WORDS, BLANKS = idioms.quoted("|ja=y|nein=n"), idioms.quoted("||n/a|-|")
WORD, NOTHING, NONE = (column(name) for name in ("word", "nothing", "none"))
EMPTY, A, SAY, SAID = idioms.NOTHING, '"a"', 'say "', idioms.quoted('say "a"')


def said_text(key: str, **values: object) -> str:
    """Texts with places for figures, as a language file has them."""
    form = {"of": '{n} of "{m}"', "only": "{n} in {m}", "plain": "nothing"}[key]
    return form.format(**values)


# function -> formulas made with it, each with what Python makes of the same numbers
CASES: dict[str, list[tuple[str, Scalar]]] = {
    "quoted": [(f"IF({cell('word', 4)}={SAID},1,0)", 1), (idioms.quoted('"'), '"')],
    "worded": [
        (idioms.worded(said_text, "of", {"n": "2+1", "m": cell("word", 4)}), '3 of "say "a""'),
        (idioms.worded(said_text, "only", {"n": "INT(7.9)"}, {"m": 5}), "7 in 5"),
        (idioms.worded(said_text, "plain", {}), "nothing"),
    ],
    "decimal": [
        (idioms.decimal("ABS(100-85)", ","), "15"),
        (idioms.decimal("12.5", ","), "12,5"),
        (idioms.decimal("0.05", "."), "0.05"),
        (idioms.decimal("7.999", "."), "8"),
        (idioms.decimal("120.34", ","), "120,34"),
        (idioms.decimal("0", ","), "0"),
    ],
    "any_known": [(idioms.any_known(R, f"MAX({R})"), 80), (idioms.any_known(NOTHING, "1"), "")],
    "both_known": [
        (idioms.both_known(cell("rating", 1), cell("best", 1), "7"), 7),
        (idioms.both_known(cell("rating", 3), cell("best", 3), "7"), ""),
        (idioms.both_known(cell("rating", 5), cell("best", 5), "7"), ""),
    ],
    "known": [
        (idioms.known(cell("rating", 2), then="7"), 7),
        (idioms.known(cell("rating", 3), then="7", none=idioms.DASH), "–"),
        (idioms.known(cell("rating", 1), cell("best", 1), then="7"), 7),
        (idioms.known(cell("rating", 5), cell("best", 5), then="7"), ""),
    ],
    "filled": [
        (idioms.filled(cell("word", 1), "7"), 7),
        (idioms.filled(cell("nothing", 1), "7"), ""),  # an empty text
        (idioms.filled(cell("nothing", 2), "7"), ""),  # a blank
    ],
    "where": [
        (f"SUMPRODUCT({idioms.where(f'{WORD}={A}', f'{W}>20')},{W})", 40),
        (f"SUMPRODUCT({idioms.where(f'{R}<50', f'{R}<>{EMPTY}')},{W})", 25),
    ],
    "total": [
        (idioms.total(W, R), 40 * 80 + 25 * 0 + 15 * 60),
        (idioms.total(W, R, B), 40 * 80 * 70),
        (idioms.total(W, R, of=(f"{WORD}={A}",)), 40 * 80),
        (idioms.total(S, of=(f"{WORD}={A}", f"{W}>50")), 0),
        (idioms.total(ONLY, BLANK, of=(f"{ONLY}<>{EMPTY}",)), 0),  # one cell, and it is blank
        (idioms.total(ONLY, ONLY), 40 * 40),
    ],
    "total_known": [
        (idioms.total_known(W, R), 40 * 80 + 25 * 0 + 15 * 60),
        (idioms.total_known(S, of=(f"{WORD}={A}",)), -5),
        (idioms.total_known(R, S, of=(f'{WORD}="b"',), none=idioms.DASH), 0),
        (idioms.total_known(R, B, of=(f"{WORD}={SAID}",), none=idioms.DASH), "–"),
        (idioms.total_known(W, NOTHING), ""),
    ],
    "numbers": [
        (idioms.count(*idioms.numbers(R)), 4),
        (idioms.count(*idioms.numbers(MET)), 4),
        (idioms.count(*idioms.numbers(R, B)), 2),
        (idioms.count(*idioms.numbers(S), f"{WORD}={A}"), 1),
        (idioms.count(*idioms.numbers(NOTHING)), 0),
        (idioms.count(*idioms.numbers(WORD)), 0),
    ],
    "count": [
        (idioms.count(f"{KIND}={A}"), 2),
        (idioms.count(f"{KIND}={SAID}", f"{MET}<>{EMPTY}"), 1),
        (idioms.count(f"{KIND}<>{EMPTY}", f"{BEST}={EMPTY}"), 2),
        (idioms.count(f"{KIND}<>{EMPTY}"), 5),
        (idioms.count(f"{KIND}<>{A}", idioms.holds(KIND)), 3),
        (idioms.count(f'{KIND}="Word"'), 0),  # the key row is no row, whatever somebody types
        (f"7-{idioms.count(f'({KIND}={A})+({KIND}={SAID})>0')}", 4),
        (idioms.count(f"{MET}<50", idioms.holds(MET)), 1),
    ],
    "head_of": [(idioms.head_of(KIND), "word"), (idioms.head_of(WORD), "a")],
    "below_head": [
        (f"SUMPRODUCT(--({idioms.below_head(KIND)}),--({idioms.holds(KIND)}))", 5),
    ],
    "safe": [
        (idioms.safe("1/0"), ""),
        (idioms.safe("1/2", "7"), 0.5),
        (idioms.safe(f"INDEX({KIND},99,1)", "7"), 7),
        (idioms.safe(cell("rating", 1)), 80),
        (idioms.safe(cell("word", 1).rpartition("!")[0] + "!$A$3"), "id"),
    ],
    "sum_known": [(idioms.sum_known(S), 7.5), (idioms.sum_known(NOTHING, '"–"'), "–")],
    "mean_known": [
        (idioms.mean_known(S), 2.5),
        (idioms.mean_known(NOTHING), ""),
        (idioms.mean_known(NOTHING, idioms.DASH), "–"),
    ],
    "difference": [
        (idioms.difference(cell("rating", 2), cell("best", 2)), -55),
        (idioms.difference(cell("rating", 4), cell("best", 4)), ""),
    ],
    "ratio": [
        (idioms.ratio(cell("rating", 1), cell("weight", 1)), 2),
        (idioms.ratio(cell("rating", 1), cell("none", 1)), ""),
    ],
    "bounded": [
        (idioms.bounded(cell("signed", 1)), 0),
        (idioms.bounded(cell("signed", 2)), 12.5),
        (idioms.bounded(f"2*{cell('rating', 1)}"), 100),
    ],
    "verdict": [
        (idioms.verdict(cell("signed", 1), "3"), -1),
        (idioms.verdict(cell("signed", 2), "3"), 1),
        (idioms.verdict(cell("signed", 2), "13"), 0),
        (idioms.verdict(cell("signed", 3), "3"), ""),
        (idioms.verdict(cell("signed", 4), "3"), 0),
        (idioms.verdict(cell("signed", 1), "5"), -1),  # what is not nearer is not level
    ],
    "sign_of": [
        (idioms.sign_of(cell("signed", 1)), -1),
        (idioms.sign_of(cell("signed", 2)), 1),
        (idioms.sign_of("(0.1+0.2-0.3)"), 0),  # level to nine digits, as the core compares
    ],
    "holds": [
        (idioms.count(idioms.holds(filled("signed"))), 3),
        (idioms.total(of=(idioms.holds(S),)), 3),
    ],
    "at_least": [
        (f"IF({idioms.at_least(cell('rating', 1), '80')},1,0)", 1),
        (f"IF({idioms.at_least('(0.1+0.2)', '0.3')},1,0)", 1),
        (f"IF({idioms.at_least(cell('rating', 1), '80.00000001')},1,0)", 0),
        (f"IF({idioms.at_least(cell('rating', 1), '90', '10')},1,0)", 1),
        (f"IF({idioms.at_least(cell('rating', 1), '90', '9.9')},1,0)", 0),
    ],
    "below": [
        (f"IF({idioms.below(cell('rating', 1), '80')},1,0)", 0),
        (f"IF({idioms.below('0.3', '(0.1+0.2)')},1,0)", 0),
        (f"IF({idioms.below(cell('rating', 1), '80.00000001')},1,0)", 1),
    ],
    "weight_of_known": [
        (idioms.weight_of_known(W, R), 40 + 25 + 15),
        (idioms.weight_of_known(W, R, B), 40 + 25),
        (idioms.weight_of_known(W, NOTHING), 0),
    ],
    "weighted_mean": [
        (idioms.weighted_mean(W, R), (40 * 80 + 15 * 60) / 80),
        (idioms.weighted_mean(W, NOTHING), ""),
    ],
    "coverage": [(idioms.coverage(W, R), 0.8), (idioms.coverage(NONE, R), "")],
    "count_of": [
        (idioms.count_of(WORD, A), 2),
        (idioms.count_of(WORD, SAID), 1),
        (idioms.count_of(S, '">0"'), 1),
        (idioms.count_of(NONE, "0"), 5),
    ],
    "sum_of": [(idioms.sum_of(WORD, A, W), 60), (idioms.sum_of(WORD, '"x"', W), 0)],
    "mean_of": [(idioms.mean_of(WORD, '"b"', R), 25), (idioms.mean_of(WORD, A, R), 80)],
    "counted_matches": [
        (idioms.counted_matches(WORD, A, R, '">=0"'), 1),
        (idioms.counted_matches(WORD, '"b"', W, '""'), 1),
    ],
    "sum_of_matches": [
        (idioms.sum_of_matches(WORD, A, S), -5),
        (idioms.sum_of_matches(WORD, SAID, S), 0),
        (idioms.sum_of_matches(WORD, A, NOTHING), ""),
        (idioms.sum_of_matches(WORD, A, NOTHING, none=idioms.DASH), "–"),
        (idioms.sum_of_matches(WORD, '"b"', S, R, '">=0"'), 12.5),
        (idioms.sum_of_matches(WORD, '"b"', S, R, '">90"'), ""),
        (idioms.sum_of_matches(WORD, '"b"', W, B, idioms.quoted("<>55")), ""),
    ],
    "unknown_matches": [
        (idioms.unknown_matches(WORD, A, S), 1),
        (idioms.unknown_matches(WORD, '"b"', W), 1),
        (idioms.unknown_matches(WORD, A, NOTHING), 2),
        (idioms.unknown_matches(WORD, SAID, S), 0),
    ],
    "known_matches": [
        (idioms.known_matches(WORD, A, S), 1),
        (idioms.known_matches(WORD, '"b"', R, S), 1),
        (idioms.known_matches(WORD, '"b"', NOTHING), 0),
    ],
    "sum_of_known": [
        (idioms.sum_of_known(W, S, WORD, A), 40),
        (idioms.sum_of_known(W, NOTHING, WORD, A), 0),
    ],
    "folded_words": [
        (idioms.folded_words(said, "/-\n\xa0", "_"), folded)
        for said, folded in (
            ('" Head  of/R&D "', "__head_of_r&d__"),
            ('"QS-Leitung"&CHAR(10)&"Öl\xa0"', "__qs_leitung_öl__"),
            ('"/"', "____"),
            ('"  "', ""),
            (cell("nothing", 2), ""),
        )
    ],
    "any_within": [
        (f"IF({idioms.any_within(('x', 'y'), cell('word', 4))},1,0)", 1),
        (f"IF({idioms.any_within(('x', 'Y'), cell('word', 4))},1,0)", 0),
        (f"2*({idioms.any_within(('x', SAY), cell('word', 4))})", 2),
        (f"3*({idioms.any_within(('x',), cell('nothing', 2))})", 0),
    ],
    "place_among": [
        (idioms.place_among(cell("word", 4), WORD), 4),
        (idioms.place_among(cell("word", 1), column("id")), 1),
        (idioms.place_among(cell("word", 1), filled("id")), 2),  # after the key row
    ],
    "spelled": [(idioms.spelled(TYPED[0]), "ja"), (idioms.spelled(TYPED[4]), "")],
    "none_of": [
        (f"IF({idioms.none_of(TYPED[1], BLANKS)},1,0)", 0),
        (f"IF({idioms.none_of(TYPED[2], BLANKS)},1,0)", 1),
        (f"IF({idioms.none_of(TYPED[3], BLANKS)},1,0)", 1),
        (f"IF({idioms.none_of(TYPED[4], BLANKS)},1,0)", 0),
        (f"IF({idioms.none_of(TYPED[0], WORDS, '=')},1,0)", 0),
        (f"IF({idioms.none_of('(1/0)', BLANKS)},1,0)", 1),  # an error
    ],
    "code_of": [
        (idioms.code_of(TYPED[0], WORDS, "?"), "y"),
        (idioms.code_of(TYPED[1], WORDS, "?"), "?"),
        (idioms.code_of("(1/0)", WORDS, "?"), "?"),
    ],
    "weight_between": [
        (idioms.weight_between(W, (W, '">0"'), (R, '">1"'), (R, '"<=100"')), 40 + 15),
        (idioms.weight_between(W, (R, "0")), 25),  # and no blank
        (idioms.weight_between(W, (column("typed"), '">1"')), 15),  # no text
        (idioms.weight_between(TEXT, (TEXT, '">1"')), 0),
    ],
    "joined": [(idioms.joined((f"COUNT({R})", f"COUNT({B})"), " / "), "4 / 3")],
    "item": [(idioms.item(WORD, 2), "b"), (idioms.item(W, f"COUNT({W})"), 15)],
    "found_at": [
        (idioms.found_at('"k4"', column("id")), 4),
        (f'IFERROR({idioms.found_at(7, W)},"–")', "–"),
    ],
    "looked_up": [
        (idioms.looked_up(R, '"k4"', column("id")), 60),
        (idioms.looked_up(MET, '"k4"', filled("id")), 60),
        (AT.lookups("data", "word")[0].of('"k4"'), 'say "a"'),
        (Lookup(*(Ref(ONE, n, local=False) for n in (2, 1))).of('"k1"'), 40),
    ],
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data, said = Sheet("data", DATA.title), Sheet("said", "Said")
    for number, (name, cells) in enumerate(COLUMNS.items(), 1):
        data.put(PLACE.key_row, number, name)
        for row, content in enumerate(cells, PLACE.first):
            unknown = isinstance(content, str) and content == UNKNOWN
            data.put(row, number, Formula('IF(1=1,"","")', "") if unknown else content)
    for row, (name, formulas) in enumerate(CASES.items(), 1):
        said.put(row, 1, name)
        for number, (text, value) in enumerate(formulas, 2):
            said.put(row, number, live(text, value))
    path = tmp_path_factory.mktemp("idioms") / "idioms.xlsx"
    path.write_bytes(render(build(Book([said, data], STAMP, "en"))))
    return path


def test_every_turn_of_phrase_is_proved() -> None:
    functions = inspect.getmembers(idioms, inspect.isfunction)
    assert {name for name, _ in functions if not name.startswith("_")} == set(CASES)


@pytest.mark.proof
def test_two_engines_that_see_no_value_say_what_python_says(written: Path) -> None:
    stored = recalc.read(written)["Said"]
    for engine, sheets in witness.values(written).items():
        for place in recalc.formulas(written)["Said"]:
            assert recalc.agree(stored.get(place), sheets["Said"][place]), (engine, place)


def test_four_engines_say_what_python_says(written: Path) -> None:
    need(recalc.available())
    assert recalc.differences(written) == []


def test_a_wrong_value_would_be_found(written: Path, tmp_path: Path) -> None:
    sheet = Sheet("said", "Said")
    sheet.put(1, 1, Formula(idioms.total("A2:A3", "B2:B3"), 12))
    for row, pair in enumerate(((1, 3), (2, 4)), 2):
        for number, content in enumerate(pair, 1):
            sheet.put(row, number, content)
    path = tmp_path / "wrong.xlsx"
    path.write_bytes(render(build(Book([sheet], STAMP, "en"))))
    said = [sheets["Said"]["A1"] for sheets in witness.values(path).values()]
    assert said == [11, 11]
