"""The sheet Selection: what is read of it, what is wrong with it, and whether it calculates."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kamxl.core.cards.asking import orders
from kamxl.core.finding import Severity
from kamxl.core.method.gate import Answer, Gate, GrowthCondition
from kamxl.core.method.selection import Candidate, SelectionCriterion, rank_accounts
from kamxl.core.portfolio.choosing import selection_of
from kamxl.core.records.register import SELECTION_WEIGHTS, Account, Register, Segment, Settings
from kamxl.excel.reading.book import read as read_workbook
from kamxl.forms.paper.book import Book, Formula
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet, a1
from kamxl.forms.register import book as form
from kamxl.forms.register.calculation import (
    BLOCKS,
    FACT_COLUMN,
    FACTS,
    LEFT,
    NAMES_UP_TO,
    START,
)
from kamxl.forms.register.sheets import PICTURE, RATINGS, SELECTION, WEIGHTS_KEY, WEIGHTS_ROW
from kamxl.forms.tables.reasons import reasons_said
from kamxl.wording.texts import texts
from tests.forms.registers import (
    LANGUAGES,
    SHEETS,
    SMALL,
    STAMP,
    WORKSPACE,
    at,
    drawn,
    found,
    raw_cell,
    small,
    spoiled,
)
from tests.proof import need, recalc
from tests.workflow.making import FEW, drawn_register, prepared

S = "selection"
Change = dict[tuple[str, str, int], object]
PLACE = SHEETS.index(S)

# --- reading -------------------------------------------------------------------------------------

MISTAKES: list[tuple[str, Change, list[tuple[str, str, int]]]] = [
    ("unknown account", {(S, "account", 2): "GAMA"}, [("account-unknown", "account", 2)]),
    ("twice", {(S, "account", 2): "alfa", (S, "days", 2): 5}, [("id-duplicate", "account", 2)]),
    ("whose", {(S, "days", 2): 5}, [("value-missing", "account", 2)]),
    ("too many points", {(S, "rate_return", 1): 120}, [("number-range", "rate_return", 1)]),
    ("fraction", {(S, "rate_return", 1): 0.85}, [("rating-scale", "rate_return", 1)]),
    ("words", {(S, "rate_openness", 1): "gut"}, [("number-text", "rate_openness", 1)]),
    ("negative days", {(S, "days", 1): -1}, [("number-negative", "days", 1)]),
    ("endless days", {(S, "days", 1): 1e300}, [("number-text", "days", 1)]),
    ("answer", {(S, "grow_willing", 1): "vielleicht"}, [("choice-unknown", "grow_willing", 1)]),
    ("error", {(S, "rate_revenue", 0): RawCell(RawKind.ERROR, "#REF!")},
     [("number-error", "rate_revenue", 0)]),
]  # fmt: skip


@pytest.mark.proof
@pytest.mark.parametrize(
    ("changes", "expected"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mistake_is_one_finding_with_its_cell_and_keeps_no_card_back(
    changes: Change, expected: list[tuple[str, str, int]], language: str
) -> None:
    raw = spoiled(small(language), changes)
    register = form.read(raw)
    places = {(code, *at(S, column, row)) for code, column, row in expected}
    assert found(register, raw) == places
    assert register.blocked == frozenset()
    assert orders(register, "2026-H2", str) == orders(SMALL, "2026-H2", str)


@pytest.mark.proof
def test_a_value_with_a_mistake_is_unknown_and_the_rest_is_used() -> None:
    raw = spoiled(small("de"), {(S, "rate_return", 1): 120, (S, "grow_growing", 1): "naja"})
    alfa = form.read(raw).candidates[1]
    assert alfa.account == "ALFA"
    assert dict(alfa.ratings) == {"revenue": 80, "philosophy": 62.5, "potential": 70}
    assert dict(alfa.conditions) == {"potential": Answer.YES, "willing": Answer.UNKNOWN}


def test_points_that_are_all_low_are_said_once() -> None:
    rates = [c.id for c in SELECTION.columns if c.id.startswith("rate_")]
    low: Change = {(S, rate, row): 4 + row for rate in rates for row in (0, 1)}
    raw = spoiled(small("de"), low)
    register = form.read(raw)
    assert found(register, raw) == {("scale-low", *at(S, rates[0], 0))}
    assert register.candidates[1].ratings["revenue"] == 5  # used as it stands
    assert form.read(spoiled(small("de"), low | {(S, rates[2], 1): 11})).findings == ()
    few: Change = {(S, rate, 0): None for rate in rates} | {
        (S, rate, 1): None for rate in rates[5:]
    }
    assert form.read(spoiled(small("de"), low | few)).findings == ()


def test_of_two_rows_of_an_account_the_first_counts() -> None:
    twice: Change = {(S, "account", 2): "alfa", (S, "rate_revenue", 2): 5}
    assert form.read(spoiled(small("de"), twice)).candidates == SMALL.candidates


@pytest.mark.proof
def test_accounts_without_a_row_are_candidates_of_whom_nothing_is_known() -> None:
    changes: Change = {(S, c.id, 1): None for c in SELECTION.columns}
    register = form.read(spoiled(small("en"), changes))
    assert register.findings == ()
    assert register.candidates == (
        SMALL.candidates[0],
        Candidate("ALFA", "Alfa AG", revenue=1_200_000.0),
    )
    assert selection_of(register).account("ALFA").gate.gate is Gate.CLARIFY


def test_answers_of_the_other_language_are_understood() -> None:
    changes: Change = {(S, "grow_growing", 0): "nein", (S, "grow_growing", 1): "teilweise"}
    assert form.read(spoiled(small("en"), changes)) == SMALL


def test_a_bad_id_is_no_second_mistake_here() -> None:
    changes: Change = {
        ("accounts", "id", 2): "Ä B",
        ("accounts", "name", 2): "Neu",
        (S, "account", 2): "Ä B",
        (S, "days", 2): 3,
    }
    assert [f.code for f in form.read(spoiled(small("de"), changes)).findings] == ["id-bad"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_register_of_the_earlier_layout_still_reads(language: str) -> None:
    raw = small(language)
    earlier = RawBook(
        tuple(s for s, key in zip(raw.sheets, SHEETS, strict=True) if key not in (S, PICTURE))
    )
    assert form.is_register(earlier)
    register = form.read(earlier)
    assert [(f.code, f.severity, f.sheet, f.cell) for f in register.findings] == [
        ("selection-missing", Severity.WARNING, SELECTION.title(language), None)
    ]
    assert "kamxl init" in texts(language).sentence(register.findings[0])
    assert register.blocked == frozenset()
    assert register.candidates == (
        Candidate("ALFA", "Alfa AG", revenue=1_200_000.0),
        Candidate("007", "Betha Ltd"),
    )
    assert register.selection_weights == SELECTION_WEIGHTS
    assert register.accounts == SMALL.accounts


def test_the_earlier_layout_without_marks_is_still_a_register() -> None:
    raw = small("de")
    bare = tuple(
        RawSheet(f"T{i}", {p: c for p, c in s.cells.items() if p != (1, 1)})
        for i, (s, key) in enumerate(zip(raw.sheets, SHEETS, strict=True))
        if key not in (S, PICTURE)
    )
    assert form.is_register(RawBook(bare))


@pytest.mark.parametrize("column", [c.id for c in SELECTION.columns if c.read])
def test_a_missing_column_is_one_finding_and_keeps_no_card_back(column: str) -> None:
    raw = small("en")
    gone = SELECTION.index(column)
    sheets = list(raw.sheets)
    cells = {p: c for p, c in sheets[PLACE].cells.items() if p[1] != gone}
    sheets[PLACE] = RawSheet("Selection", cells)
    register = form.read(replace(raw, sheets=tuple(sheets)))
    assert [f.code for f in register.findings] == ["column-missing"]
    assert register.blocked == frozenset()
    assert len(register.candidates) == 2


# --- weights -------------------------------------------------------------------------------------


def weighed(raw: RawBook, weights: Mapping[str, object]) -> RawBook:
    """The book with other weights by rating column; None empties a cell."""
    sheets = list(raw.sheets)
    cells = dict(sheets[PLACE].cells)
    for rating, weight in weights.items():
        cells.pop((WEIGHTS_ROW, SELECTION.index(rating)), None)
        if weight is not None:
            cells[WEIGHTS_ROW, SELECTION.index(rating)] = raw_cell(weight)
    sheets[PLACE] = RawSheet(sheets[PLACE].title, cells)
    return replace(raw, sheets=tuple(sheets))


@pytest.mark.parametrize(
    ("weights", "codes", "kept"),
    [
        ({"rate_revenue": 25}, [("selection-weights-sum", "D9")], {"revenue": 25}),
        ({"rate_revenue": "30 %"}, [("number-as-text", "D9")], {"revenue": None}),
        ({"rate_revenue": 29.995}, [], {"revenue": 29.995}),
        ({"rate_revenue": 29.98}, [("selection-weights-sum", "D9")], {"revenue": 29.98}),
        ({"rate_revenue": 29.5, "rate_barriers": 0.5}, [], {"revenue": 29.5, "barriers": 0.5}),
        ({"rate_revenue": "viel"}, [("number-text", "D9")], {"revenue": None}),
        ({"rate_return": 200}, [("number-range", "H9")], {"return": None}),
        ({"rate_return": 0.2}, [("selection-weights-sum", "D9")], {"return": 0.2}),
        ({"rate_return": -20}, [("number-negative", "H9")], {"return": None}),
        (
            dict.fromkeys(RATINGS),
            [("selection-weights-sum", "D9")],
            dict.fromkeys(SelectionCriterion),
        ),
    ],
)
def test_weights_are_read_and_their_sum_is_checked(
    weights: dict[str, object],
    codes: list[tuple[str, str]],
    kept: dict[str, float | None],
) -> None:
    raw = weighed(small("de"), weights)
    register = form.read(raw)
    assert found(register, raw) == {(code, S, cell) for code, cell in codes}
    expected = {**SMALL.selection_weights, **kept}
    assert register.selection_weights == {k: w for k, w in expected.items() if w is not None}
    assert register.blocked == frozenset()


def test_weights_that_were_sorted_into_the_table_are_still_the_weights() -> None:
    raw = small("de")
    sheets = list(raw.sheets)
    cells = {
        (SELECTION.last + 3 if row == WEIGHTS_ROW else row, column): cell
        for (row, column), cell in sheets[PLACE].cells.items()
    }
    sheets[PLACE] = RawSheet(sheets[PLACE].title, cells)
    assert form.read(replace(raw, sheets=tuple(sheets))) == SMALL


def test_without_the_row_of_weights_none_is_known() -> None:
    raw = small("de")
    sheets = list(raw.sheets)
    cells = {p: c for p, c in sheets[PLACE].cells.items() if p[0] != WEIGHTS_ROW}
    sheets[PLACE] = RawSheet(sheets[PLACE].title, cells)
    register = form.read(replace(raw, sheets=tuple(sheets)))
    assert [(f.code, f.cell, f.value) for f in register.findings] == [
        ("selection-weights-sum", None, "0")
    ]
    assert register.selection_weights == {}


# --- drawing -------------------------------------------------------------------------------------


@pytest.mark.proof
def test_a_new_register_weighs_already_and_offers_its_choices() -> None:
    sheet = form.book("de", None, WORKSPACE, STAMP).sheet(S)
    assert sheet.cells[WEIGHTS_ROW, 1].content == WEIGHTS_KEY
    weights = [sheet.cells[WEIGHTS_ROW, SELECTION.index(r)].content for r in RATINGS]
    assert weights == [SELECTION_WEIGHTS[c] for c in SelectionCriterion]
    rules = {v.ranges: v for v in sheet.validations}
    assert (
        rules[SELECTION.cells("account")].formula
        == "INDEX('Kunden'!$A$6:$A$507,2,1):'Kunden'!$A$507"
    )
    assert rules[SELECTION.cells("grow_willing")].formula == '"Ja,Teilweise,Nein,Unbekannt"'
    prompt = rules[SELECTION.cells("rate_barriers")].prompt
    assert prompt.splitlines()[1:] == [
        "0 = unüberwindbare Barrieren",
        "50 = Barrieren, mit Aufwand zu überwinden",
        "100 = nichts steht im Weg",
    ]


@pytest.mark.proof
def test_every_account_gets_a_row_when_the_register_is_drawn() -> None:
    bare = replace(SMALL, candidates=())
    register = form.read(read_workbook(drawn(bare, "en")))
    sheet = form.book("en", bare, WORKSPACE, STAMP).sheet(S)
    first = SELECTION.first
    assert [sheet.cells[first + i, 1].content for i in range(3)] == ["ALFA", "007", None]
    assert register == replace(
        bare,
        candidates=(Candidate("ALFA", "Alfa AG", revenue=1.2e6), Candidate("007", "Betha Ltd")),
    )


def reason(language: str, **changes: object) -> str:
    """What is said of an account with a score of 70 and an open gate, but for the changes."""
    ratings: dict[str, float | None] = dict.fromkeys(SelectionCriterion, 70.0)
    answers: dict[str, Answer | None] = dict.fromkeys(GrowthCondition, Answer.YES)
    for key, value in changes.items():
        if isinstance(value, Answer):
            answers[key] = value
        else:
            ratings[key.removeprefix("rate_")] = value  # type: ignore[assignment]
    candidate = Candidate("A", ratings=ratings, conditions=answers)
    (found,) = rank_accounts([candidate], SELECTION_WEIGHTS).accounts
    return reasons_said(texts(language), found.reasons)


NOBODY = dict.fromkeys(f"rate_{one}" for one in SelectionCriterion)


@pytest.mark.parametrize(
    ("changes", "english", "german"),
    [
        ({}, "all conditions met", "alle Bedingungen erfüllt"),
        ({"growing": Answer.PARTLY}, "all conditions met", "alle Bedingungen erfüllt"),
        (
            {"willing": Answer.UNKNOWN},
            "clarify: wants to grow with us",
            "Klären: will mit uns wachsen",
        ),
        (
            {"willing": Answer.PARTLY, "potential": Answer.PARTLY},
            "only partly: has potential of its own, wants to grow with us",
            "Nur teilweise: hat eigenes Potenzial, will mit uns wachsen",
        ),
        (
            {"growing": Answer.NO, "willing": Answer.NO, "rate_potential": None},
            "does not grow, does not want to grow with us",
            "wächst nicht, will nicht mit uns wachsen",
        ),
        (
            {"rate_potential": None, "rate_return": None},
            "rate: revenue potential and return",
            "Bewerten: Umsatzpotenzial und Ertrag",
        ),
        (
            {"rate_potential": None, "rate_return": None, "rate_openness": None,
             "willing": Answer.UNKNOWN, "rate_revenue": 0.0, "rate_base_load": 5.5},
            "clarify: wants to grow with us; rate: revenue potential, return and openness; "
            "points to the threshold: 24",
            "Klären: will mit uns wachsen; Bewerten: Umsatzpotenzial, Ertrag und Offenheit; "
            "Punkte bis zur Schwelle: 24",
        ),
        (NOBODY, "rate the criteria", "Gesichtspunkte bewerten"),
    ],
)  # fmt: skip
def test_a_list_says_why(changes: dict[str, object], english: str, german: str) -> None:
    assert (reason("en", **changes), reason("de", **changes)) == (english, german)


def fact(book: Book, name: str) -> object:
    content = book.sheet(PICTURE).cells[START + FACTS.index(name), FACT_COLUMN + 1].content
    assert isinstance(content, Formula)
    return content.value


def line(book: Book, row: int) -> object:
    found = (book.sheet(S).cells[row, column].content for column in (1, SELECTION.freeze + 1))
    content = next(one for one in found if one)
    assert isinstance(content, Formula)
    return content.value


def team(*accounts: tuple[float | None, float | None, float | None], **more: object) -> Register:
    """Accounts of (revenue, points in all criteria, days), their gates open."""
    ids = [f"A{i}" for i in range(len(accounts))]
    return Register(
        Settings("We", "en", "2026"),
        tuple(Account(own, f"Account {own}") for own in ids),
        tuple(
            Segment(own, "S", "S", revenue)
            for own, (revenue, _, _) in zip(ids, accounts, strict=True)
        ),
        (),
        (),
        (),
        candidates=tuple(
            Candidate(
                own,
                ratings={} if points is None else dict.fromkeys(SelectionCriterion, points),
                conditions=dict.fromkeys(GrowthCondition, Answer.YES),
                days=days,
            )
            for own, (_, points, days) in zip(ids, accounts, strict=True)
        ),
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.proof
def test_the_sentences_say_what_the_core_found() -> None:
    register = team((600.0, 30.0, 40), (300.0, 80.0, 20), (100.0, 80.0, None), (None, 55.0, 5))
    book = form.book("en", register, WORKSPACE, STAMP)
    assert [line(book, row) for row in (5, 6, 7)] == [
        "90% of the known revenue comes from 2 of 4 accounts (50%). "
        "Accounts without a known revenue: 1.",
        "Outside the focus list: 45 of 65 account management days a year (69%). "
        "Accounts without a figure: 1.",
        "Focus 2 · build up 1 · serve 1. Large but wrong: 1. Small but right: 1.",
    ]
    assert (fact(book, "class_a"), fact(book, "boundary")) == (2, 200)


@pytest.mark.proof
def test_without_revenue_and_days_the_sentences_say_so() -> None:
    book = form.book("de", team((None, 70.0, None), (0.0, 70.0, 0)), WORKSPACE, STAMP)
    assert line(book, 5) == texts("de")("register.selection.pareto_none")
    assert line(book, 6) == texts("de")("register.selection.days_none")
    assert fact(book, "days_total") == fact(book, "days_outside") == 0
    silent = form.book("de", team((None, 70.0, None), (0.0, 70.0, None)), WORKSPACE, STAMP)
    assert line(silent, 6) == texts("de")("register.selection.days_none")
    assert fact(silent, "days_total") == fact(silent, "days_outside") == ""


@pytest.mark.proof
def test_a_list_of_names_ends_where_there_is_no_more_room() -> None:
    many = team(*((1000.0, 10.0, None) for _ in range(60)))
    book = form.book("en", many, WORKSPACE, STAMP)
    column = LEFT + BLOCKS.index("wrong")
    content = book.sheet(PICTURE).cells[START + 499, column].content
    assert isinstance(content, Formula)
    assert str(content.value).endswith(" …")
    assert NAMES_UP_TO < len(str(content.value)) < NAMES_UP_TO + 20


# --- calculating ---------------------------------------------------------------------------------


def many(seed: int, count: int) -> Register:
    """Random accounts with ties, unknown and zero revenue, some without segments or a row."""
    rng = random.Random(seed)  # noqa: S311
    points = [None, 0.0, 2.0, 33.3, 50.0, 60.0, 62.5, 70.0, 100.0]
    revenues = [None, 0.0, 1000.0, 1000.0, 2500.5, 40_000.0, 123_456.78, 1e6]
    ids = [f"{i:03}" for i in range(count)]  # texts that a spreadsheet would take for numbers
    rng.shuffle(ids)
    weights = [rng.choice([0.0, 5.0, 12.5, 20.0]) for _ in SelectionCriterion]
    return Register(
        Settings("We", "en", "2026", focus_score=50.0, focus_coverage=70.0, build_up=7.5),
        tuple(Account(own, f"Account {own}") for own in sorted(ids)),
        tuple(
            Segment(own, f"S{n}", "S", rng.choice(revenues))
            for own in ids
            for n in range(rng.choice([0, 1, 1]) if count > 400 else rng.choice([0, 1, 1, 2]))
        ),
        (),
        (),
        (),
        candidates=tuple(
            Candidate(
                own,
                ratings={
                    c: points_
                    for c in SelectionCriterion
                    if (points_ := rng.choice([*points, rng.randint(30, 90)])) is not None
                },
                conditions={
                    c: answer
                    for c in GrowthCondition
                    if (answer := rng.choice([*Answer, Answer.YES, Answer.YES, None]))
                },
                days=rng.choice([None, 0.0, 2.0, 4.5, 30.0]),
            )
            for own in ids
            if rng.random() < 0.9
        ),
        selection_weights=dict(zip(SelectionCriterion, weights, strict=True)),
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("selections")
    cases = {
        "full": ("en", many(1, 500)),
        "some": ("de", many(2, 60)),
        "few": ("de", many(3, 7)),
        "zero": ("en", team((0.0, 70.0, 3), (0.0, 20.0, None), (None, None, None))),
        "edges": ("en", team((80.0, 60.0, 1), (15.0, 50.0, 1), (5.0, 49.999, 1), (0.0, 60.0, 1))),
        "ties": ("de", team(*((10.0, 70.0, 1),) * 12)),
        "unweighed": ("en", replace(SMALL, selection_weights={})),
        "wrong": ("en", team(*((1000.0, 10.0, None) for _ in range(60)))),
    }
    made = []
    for name, (language, register) in cases.items():
        path = folder / f"{name}.xlsx"
        # all prepared rows once: what five hundred of them cost, eight workbooks need not
        whole = name == "full"
        path.write_bytes(
            drawn(register, language) if whole else drawn_register(register, language, FEW)
        )
        made.append(path)
    return made


@pytest.mark.proof
@pytest.mark.long
def test_every_formula_calculates_to_what_the_core_says(files: list[Path]) -> None:
    need(recalc.available())
    assert sum(len(cells) for cells in recalc.formulas(files[0]).values()) > 11_000
    # what four engines say of seven workbooks, one need not be asked of five hundred rows
    assert recalc.differences(*files[1:]) == []
    assert recalc.differences_in_libreoffice(files[0]) == []


TYPED: dict[str, dict[str, object]] = {
    # what people type where no core has been: the sheet must take it as the reader does
    "selection": {
        "A14": "nobody",  # no account
        "D14": 80,
        "A15": "alfa",  # the second row of an account
        "E13": "gut",
        "G12": "60 %",
        "H12": True,
        "I12": "=1/0",
        "L12": "JA ",
        "D13": 250,
        "E12": 0.4,
        "F12": -3,
        "N12": "viele",
        "K12": "vielleicht",
    },
    "accounts": {"A9": "NEU", "B9": "Neu AG", "A10": "alfa", "B10": "Again"},
    "segments": {"A10": "NEU", "B10": "S", "C10": "S", "G10": 9_000_000, "G8": "n/a", "G9": 1e20},
}


@pytest.mark.proof
def test_the_sheet_takes_what_is_typed_as_the_reader_does(tmp_path: Path) -> None:
    """Typed into the drawn sheet, calculated by both engines, and compared with the core's view."""
    need(recalc.available())
    import openpyxl

    path = tmp_path / "typed.xlsx"
    with prepared(FEW):
        path.write_bytes(drawn(SMALL, "en"))
    book = openpyxl.load_workbook(path)
    for sheet, cells in TYPED.items():
        for cell, value in cells.items():
            book[SELECTION.title("en") if sheet == S else sheet.title()][cell] = value
    book.save(path)
    register = form.read(read_workbook(path.read_bytes()))
    chosen = selection_of(register)
    assert chosen.account("NEU").revenue_share == pytest.approx(9 / 10.2)
    for engine, values in recalc.recalculate([path])[path].items():
        shown = values["Selection"]
        for row, account in ((12, "007"), (13, "ALFA")):
            one = chosen.account(account)
            expected = {
                "revenue": one.candidate.revenue,
                "score": one.score,
                "coverage": one.coverage,
                "rank": one.rank,
                "list": texts("en")(f"register.selection.lists.{one.list}"),
                "share": one.revenue_share,
                "cumulated": one.cumulated_share,
                "abc": one.abc,
            }
            for key, value in expected.items():
                cell = shown.get(a1(row, SELECTION.index(key)))
                assert recalc.agree(cell, value), (engine, account, key, cell, value)
        for row in (14, 15):
            live = [c.id for c in SELECTION.columns if not c.read and c.id != "remark"]
            seen = [shown.get(a1(row, SELECTION.index(key))) or "" for key in live]
            assert set(seen) == {""}, (engine, row, seen)
        said = str(shown[a1(7, SELECTION.freeze + 1)])
        assert "Not yet on this sheet, and therefore on Build up: 1." in said
