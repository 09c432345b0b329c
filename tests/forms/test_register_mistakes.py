"""Every mistake in a register has its code, its cell and the cards it keeps back, and no other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kamxl.core.cards.asking import orders
from kamxl.core.finding import Severity
from kamxl.core.records.register import Register
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet
from kamxl.forms.register import book as form
from kamxl.forms.register.fields import ROWS
from kamxl.wording.texts import texts
from tests.forms.registers import (
    LANGUAGES,
    SMALL,
    at,
    found,
    raw_cell,
    setting,
    small,
    spoiled,
    table,
)

OUR, LANG, TIME, DUE, SENDER, LIMIT, APART = (
    setting(one)
    for one in ("company", "language", "period", "due", "sender_email", "rating_threshold",
                "disagreement")
)  # fmt: skip
Change = dict[tuple[str, str, int], object]
Place = tuple[str, str]


ALFA, BETH, BOTH, NONE = {"alfa"}, {"007"}, {"alfa", "007"}, set[str]()


def error(cell: str) -> RawCell:
    return RawCell(RawKind.ERROR, cell)


S, A, G, C, R, M = "settings", "accounts", "segments", "contacts", "requirements", "competitors"
D = "decisions"
_FOURTH = {(D, "account", 3): "alfa", (D, "segment", 3): "lines", (D, "respondent", 3): "k1",
           (D, "period", 3): "2. Halbjahr 2026"}  # fmt: skip
MISTAKES: list[tuple[str, Change, list[tuple[str, str, str, int]], set[str]]] = [
    # settings
    ("no company", {(S, "value", OUR): None}, [("setting-missing", S, "value", OUR)], NONE),
    ("odd language", {(S, "value", LANG): "Latein"}, [("choice-unknown", S, "value", LANG)], NONE),
    ("no period", {(S, "value", TIME): None}, [("setting-missing", S, "value", TIME)], NONE),
    ("bad period", {(S, "value", TIME): "2026-H3"}, [("period-bad", S, "value", TIME)], NONE),
    ("odd due date", {(S, "value", DUE): "3/4/2026"}, [("date-bad", S, "value", DUE)], NONE),
    ("bad sender", {(S, "value", SENDER): "jana@"}, [("email-bad", S, "value", SENDER)], NONE),
    ("no sender", {(S, "value", SENDER): None}, [("email-missing", S, "value", SENDER)], NONE),
    ("threshold", {(S, "value", LIMIT): "hoch"}, [("number-text", S, "value", LIMIT)], NONE),
    ("threshold scale", {(S, "value", LIMIT): 0.7}, [("rating-scale", S, "value", LIMIT)], NONE),
    ("threshold range", {(S, "value", APART): 250}, [("number-range", S, "value", APART)], NONE),
    ("twice a setting", {(S, "id", LANG): "due"}, [("id-duplicate", S, "id", LANG)], NONE),
    # accounts
    ("no name", {(A, "name", 0): None}, [("value-missing", A, "name", 0)], ALFA),
    ("name is an error", {(A, "name", 0): error("#REF!")}, [("number-error", A, "name", 0)], ALFA),
    ("odd language of an account", {(A, "language", 0): "Latein"},
     [("choice-unknown", A, "language", 0)],
     ALFA),
    ("double id", {(A, "id", 2): "Alfa", (A, "name", 2): "X"}, [("id-duplicate", A, "id", 2)],
     ALFA),
    ("no id", {(A, "name", 2): "Neu"}, [("id-missing", A, "id", 2)], NONE),
    ("bad id", {(A, "id", 2): "Ä B", (A, "name", 2): "Neu"}, [("id-bad", A, "id", 2)], NONE),
    (
        "bad id, and a segment of it",
        {(A, "id", 2): "Ä B", (A, "name", 2): "Neu", (G, "account", 3): "ä b", (G, "id", 3): "S",
         (G, "name", 3): "T"},
        [("id-bad", A, "id", 2)],
        NONE,
    ),
    ("alone", {(A, "id", 2): "NEU", (A, "name", 2): "Neu"}, [("no-segments", A, "id", 2)], NONE),
    # segments
    (
        "unknown account",
        {(G, "account", 3): "GAMA", (G, "id", 3): "S", (G, "name", 3): "T"},
        [("account-unknown", G, "account", 3)],
        NONE,
    ),
    (
        "no account",
        {(G, "id", 3): "S", (G, "name", 3): "T"},
        [("value-missing", G, "account", 3)],
        NONE,
    ),
    (
        "double segment",
        {(G, "account", 3): "ALFA", (G, "id", 3): "lines", (G, "name", 3): "T"},
        [("id-duplicate", G, "id", 3)],
        ALFA,
    ),
    ("negative revenue", {(G, "revenue", 0): -1}, [("number-negative", G, "revenue", 0)], ALFA),
    ("odd revenue", {(G, "revenue", 0): "1,2 Mio"}, [("number-as-text", G, "revenue", 0)], ALFA),
    ("revenue as text", {(G, "revenue", 0): "1.200.000 €"},
     [("number-as-text", G, "revenue", 0)], ALFA),
    ("unknown catalogue", {(G, "catalogue", 0): "Kren"}, [("catalogue-unknown", G, "catalogue", 0)],
     ALFA),
    ("odd rivals", {(G, "rivals", 0): "vielleicht"}, [("choice-unknown", G, "rivals", 0)], ALFA),
    ("no requirements", {(G, "catalogue", 0): None}, [("no-requirements", G, "id", 0)], ALFA),
    (
        "formula",
        {(G, "revenue", 0): RawCell(RawKind.NUMBER, "1200000", 1.2e6, formula=True)},
        [("formula-value", G, "revenue", 0)],
        NONE,
    ),
    (
        "formula without value",
        {(G, "revenue", 0): RawCell(RawKind.TEXT, "", formula=True)},
        [("formula-no-value", G, "revenue", 0)],
        ALFA,
    ),
    # contacts
    ("bad e-mail", {(C, "email", 0): "anke@alfa"}, [("email-bad", C, "email", 0)], ALFA),
    ("no e-mail", {(C, "email", 0): None}, [("email-missing", C, "email", 0)], NONE),
    ("unknown segment", {(C, "segments", 2): "LINES, X"}, [("segment-unknown", C, "segments", 2)],
     ALFA),
    ("bad segments", {(C, "segments", 2): "LINES PARTS"}, [("id-bad", C, "segments", 2)], ALFA),
    ("double contact", {(C, "id", 2): "k1"}, [("id-duplicate", C, "id", 2)], ALFA),
    ("odd role", {(C, "role", 0): "Chef"}, [("choice-unknown", C, "role", 0)], ALFA),
    ("function of nobody's", {(C, "function", 0): "Abteilung 7"},
     [("function-unknown", C, "function", 0)], NONE),
    ("two functions", {(C, "function", 0): "Vertrieb & Marketing"},
     [("function-unknown", C, "function", 0)], NONE),
    ("a usual word", {(C, "function", 0): "Leiterin Fertigung"}, [], NONE),
    ("unknown account of contact", {(C, "account", 3): "X"}, [("account-unknown", C, "account", 3)],
     NONE),
    ("nobody asked", {(C, "asked", 1): None}, [("no-respondent", G, "id", 1)], NONE),
    # requirements
    ("reserved", {(R, "id", 3): "OWN1"}, [("id-reserved", R, "id", 3)], BETH),
    ("no label", {(R, "label", 0): None}, [("value-missing", R, "label", 0)], ALFA),
    ("minimum too high", {(R, "minimum", 0): 120}, [("number-range", R, "minimum", 0)], ALFA),
    ("double in catalogue", {(R, "id", 1): "perf"}, [("id-duplicate", R, "id", 1)], ALFA),
    ("double in segment", {(R, "id", 3): "price"}, [("id-duplicate", R, "id", 3)], BETH),
    ("double across", {(G, "catalogue", 1): "kern"}, [("id-duplicate", R, "id", 2)], BETH),
    ("both scopes", {(R, "catalogue", 3): "Kern"}, [("requirement-scope", R, "catalogue", 3)],
     BOTH),
    ("no scope", {(R, "account", 3): None, (R, "segment", 3): None},
     [("value-missing", R, "catalogue", 3)], NONE),
    ("no segment", {(R, "segment", 3): None}, [("value-missing", R, "segment", 3)], BETH),
    ("unknown segment of requirement", {(R, "segment", 3): "x"},
     [("segment-unknown", R, "segment", 3)], BETH),
    # competitors
    ("us", {(M, "id", 0): "US"}, [("id-reserved", M, "id", 0)], BOTH),
    ("a key of the card", {(M, "id", 1): "weight"}, [("id-reserved", M, "id", 1)], ALFA),
    ("the alternative", {(M, "id", 2): "alternative"}, [("id-reserved", M, "id", 2)], BETH),
    ("two names", {(M, "name", 2): "Ombra AG"}, [("name-conflict", M, "name", 2)], BETH),
    ("no name for all", {(M, "name", 0): None}, [("value-missing", M, "name", 0)], BOTH),
    ("segment of nobody", {(M, "account", 2): None}, [("value-missing", M, "account", 2)], NONE),
    ("double competitor",
     {(M, "account", 3): "alfa", (M, "id", 3): "ombra", (M, "name", 3): "Ombra"},
     [("row-repeated", M, "id", 3)], NONE),
    ("unknown account of competitor", {(M, "account", 1): "X"},
     [("account-unknown", M, "account", 1)], NONE),
    # decisions: a mistake costs its row, and no card
    ("a decision about an unknown account", {(D, "account", 0): "X"},
     [("account-unknown", D, "account", 0)], NONE),
    ("about no answer", {(D, "file", 2): None}, [("decision-whose", D, "account", 2)], NONE),
    ("nobody named", {(D, "person", 1): None}, [("decision-person", D, "person", 1)], NONE),
    ("no decision", {(D, "decision", 0): None}, [("value-missing", D, "decision", 0)], NONE),
    ("odd decision", {(D, "decision", 0): "vielleicht"}, [("choice-unknown", D, "decision", 0)],
     NONE),
    ("a decision in no period", {(D, "period", 0): "2026-H3"}, [("period-bad", D, "period", 0)],
     NONE),
    ("two decisions", {**_FOURTH, (D, "decision", 3): "Schulnoten"},
     [("decision-contradicts", D, "decision", 0), ("decision-contradicts", D, "decision", 3)],
     NONE),
    ("decided twice the same", {**_FOURTH, (D, "decision", 3): "scale 1-5"},
     [("row-repeated", D, "decision", 3)], NONE),
    ("another thing decided", {**_FOURTH, (D, "decision", 3): "eine weitere  Person"}, [], NONE),
    ("text too long", {(C, "name", 1): "n" * 81}, [("text-cut", C, "name", 1)], NONE),
    ("text unclean", {(A, "name", 0): "Alfa\x07 AG"}, [("text-cleaned", A, "name", 0)], NONE),
]  # fmt: skip


# The cards of the small register, and which of them each mistake above keeps back (else none).
LINES, PARTS, JOINT, PUMPS = "ALFA LINES K1", "ALFA PARTS K1", "ALFA PARTS K3", "007 1.2 K1"
CARDS, OF_ALFA, NAMED = {LINES, PARTS, JOINT, PUMPS}, {LINES, PARTS, JOINT}, {LINES, PUMPS}
OF_LINES, OF_ANKE, OF_BETH = {LINES}, {LINES, PARTS}, {PUMPS}
HELD: dict[str, set[str]] = {
    **dict.fromkeys(
        ("no company", "odd due date", "bad sender", "threshold", "threshold scale",
         "twice a setting", "both scopes"), CARDS),
    **dict.fromkeys(
        ("no name", "name is an error", "odd language of an account", "double id", "no label",
         "double in catalogue"), OF_ALFA),
    **dict.fromkeys(
        ("double segment", "unknown catalogue", "odd rivals", "no requirements",
         "a key of the card"), OF_LINES),
    **dict.fromkeys(("double contact", "odd role"), OF_ANKE),
    **dict.fromkeys(
        ("reserved", "double in segment", "double across", "no segment",
         "unknown segment of requirement", "the alternative", "segment of nobody"), OF_BETH),
    # on a card without rivals' names nothing of them is wrong
    **dict.fromkeys(("us", "two names", "no name for all"), NAMED),
    # cards that would be there if the row could be read
    "bad id": {"Ä B - -"},
    "bad id, and a segment of it": {"Ä B - -"},
    "unknown account": {"GAMA S -"},
    "unknown account of contact": {"X - K3"},
}  # fmt: skip
GONE = {"nobody asked": {PUMPS}, "unknown account of contact": {JOINT}}


def held(register: Register) -> set[str]:
    """The cards that wait; each says why, with an error."""
    for one in register.held:
        assert one.findings
        assert all(found in register.findings for found in one.findings)
        assert all(found.severity is Severity.ERROR for found in one.findings)
    return {" ".join(x or "-" for x in (h.account, h.segment, h.respondent)) for h in register.held}


def out(register: Register) -> set[str]:
    """The cards that go out."""
    made = orders(register, "2026-H2", str)
    return {f"{o.account} {o.segment} {o.respondent}" for o in made}


@pytest.mark.proof
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "changes", "expected", "blocked"), MISTAKES, ids=[case[0] for case in MISTAKES]
)
def test_each_mistake_has_its_code_its_cell_and_keeps_back_what_shows_it(
    name: str,
    changes: Change,
    expected: list[tuple[str, str, str, int]],
    blocked: set[str],
    language: str,
) -> None:
    raw = spoiled(small(language), changes)
    register = form.read(raw)
    assert found(register, raw) == {(code, *at(key, c, row)) for code, key, c, row in expected}
    assert register.blocked == blocked
    waiting = HELD.get(name, set())
    assert held(register) == waiting
    assert out(register) == CARDS - waiting - GONE.get(name, set())


def test_all_mistakes_are_reported_at_once_and_the_others_go_on() -> None:
    changes: Change = {
        ("settings", "value", DUE): "bald",
        ("accounts", "language", 0): "Latein",
        ("segments", "revenue", 2): "viel",
        ("segments", "catalogue", 2): "Kren",
        ("contacts", "email", 0): "anke",
        ("contacts", "email", 2): "cem@",
        ("competitors", "id", 1): "us",
    }
    raw = spoiled(small("de"), changes)
    register = form.read(raw)
    assert [f.code for f in register.findings] == [
        "date-bad",
        "choice-unknown",
        "catalogue-unknown",
        "number-text",
        "email-bad",
        "email-bad",
        "id-reserved",
    ]
    assert {(f.sheet, f.cell) for f in register.findings} == {
        (table(key).title("de"), at(key, column, row)[1]) for key, column, row in changes
    }
    assert register.blocked == {"alfa"}
    # The date stands on every card; without it only what the account's own mistakes touch waits.
    assert held(register) == CARDS
    del changes["settings", "value", DUE]
    register = form.read(spoiled(small("de"), changes))
    assert (held(register), out(register)) == (OF_ALFA, {PUMPS})


@pytest.mark.proof
@pytest.mark.parametrize(
    ("count", "code", "blocked"),
    [(12, None, NONE), (13, "many-requirements", NONE), (40, "many-requirements", NONE),
     (41, "too-many-requirements", BETH)],
)  # fmt: skip
def test_how_many_requirements(count: int, code: str | None, blocked: set[str]) -> None:
    changes: Change = {}
    for row in range(4, 4 + count - 2):
        new = {"account": "007", "segment": "1.2", "id": f"N{row}", "label": "x"}
        changes |= {("requirements", column, row): value for column, value in new.items()}
    raw = spoiled(small("en"), changes)
    register = form.read(raw)
    assert found(register, raw) == ({(code, "segments", "B8")} if code else set())
    assert register.blocked == blocked


@pytest.mark.parametrize(
    ("count", "code", "blocked"), [(6, None, NONE), (7, "too-many-competitors", BETH)]
)
def test_how_many_competitors(count: int, code: str | None, blocked: set[str]) -> None:
    changes: Change = {}
    for row in range(3, 3 + count - 2):
        new = {"account": "007", "id": f"N{row}", "name": f"N{row}"}
        changes |= {("competitors", column, row): value for column, value in new.items()}
    raw = spoiled(small("en"), changes)
    register = form.read(raw)
    assert found(register, raw) == ({(code, "segments", "B8")} if code else set())
    assert register.blocked == blocked


def test_no_competitor_at_all() -> None:
    changes: Change = {("competitors", c, r): None for c in ("account", "segment", "id", "name")
                       for r in range(3)}  # fmt: skip
    raw = spoiled(small("en"), changes)
    # the third segment asks for the best other supplier: no names are missing there
    assert found(form.read(raw), raw) == {
        ("no-competitors", "segments", "B7"), ("no-competitors", "segments", "B8")
    }  # fmt: skip


def test_a_wrong_setting_leaves_a_safe_default() -> None:
    wrong = (
        "rivals",
        "language",
        "period",
        "due",
        "sender_email",
        "rating_threshold",
        "disagreement",
    )
    changes: Change = {
        ("settings", "value", setting(one)): "?!" for one in (*wrong, "level_within")
    }
    settings_ = form.read(spoiled(small("de"), changes)).settings
    assert (settings_.language, settings_.period, settings_.due) == ("de", "", None)
    assert (settings_.sender_email, settings_.rating_threshold, settings_.disagreement) == (
        "",
        70,
        25,
    )
    assert settings_.level_within == 3


def test_a_register_from_before_a_setting_has_its_default() -> None:
    row = setting("level_within")
    raw = spoiled(small("de"), {("settings", c, row): None for c in ("id", "what", "value")})
    register = form.read(raw)
    assert (register.settings.level_within, register.findings) == (3, SMALL.findings)
    typed = spoiled(small("de"), {("settings", "value", row): "0"})
    assert form.read(typed).settings.level_within == 0
    odd = spoiled(small("de"), {("settings", "value", row): "ca. 3"})
    assert found(form.read(odd), odd) == {("number-text", "settings", f"C{ROWS['level_within']}")}


def test_a_setting_is_known_by_its_name_when_its_id_is_gone() -> None:
    changes: Change = {("settings", "id", row): None for row in range(9)}
    assert form.read(spoiled(small("de"), changes)) == SMALL


def test_sentences_name_the_choices_in_the_language_of_the_register() -> None:
    raw = spoiled(small("de"), {("contacts", "asked", 0): "vielleicht"})
    one = next(f for f in form.read(raw).findings if f.code == "choice-unknown")
    assert "Ja, Nein" in texts("de").sentence(one)


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["ALFA", "LINES", "Kern", "us", "own1", "id", "account", "name", "-", "1e9"]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.sampled_from([error("#REF!"), RawCell(RawKind.TEXT, "", formula=True),
                     RawCell(RawKind.DATE, "2026-01-01")]),
)  # fmt: skip


@pytest.mark.proof
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 7), st.integers(1, 14), st.integers(1, 15)), CELLS, max_size=30
    )
)
def test_nothing_in_a_cell_makes_reading_fail(cells: dict[tuple[int, int, int], object]) -> None:
    raw = small("de")
    sheets = [dict(sheet.cells) for sheet in raw.sheets]
    for (sheet, row, column), value in cells.items():
        sheets[sheet][row, column] = raw_cell(value)
    titles = [sheet.title for sheet in raw.sheets]
    spoilt = replace(raw, sheets=tuple(map(RawSheet, titles, sheets)))
    register = form.read(spoilt)
    found(register, spoilt)
    errors = [f for f in register.findings if f.severity is Severity.ERROR]
    assert not register.blocked or errors


def test_a_workbook_that_is_no_register() -> None:
    stranger = RawBook((RawSheet("Tabelle1", {(1, 1): raw_cell("Umsatz"), (2, 1): raw_cell(3)}),))
    assert not form.is_register(stranger)
    assert form.is_register(small("de"))
    codes = [f.code for f in form.read(stranger).findings]
    assert sorted(codes) == ["selection-missing", *["sheet-missing"] * 6]


def test_a_mistake_among_decisions_costs_its_row_alone() -> None:
    raw = small("de")
    assert len(form.read(raw).decisions) == len(SMALL.decisions) == 3
    against = {**_FOURTH, (D, "decision", 3): "Schulnoten"}
    assert form.read(spoiled(raw, against)).decisions == SMALL.decisions[1:]  # neither counts
    same = {**_FOURTH, (D, "decision", 3): "Skala 1–5"}
    assert form.read(spoiled(raw, same)).decisions == SMALL.decisions
    more = {**_FOURTH, (D, "decision", 3): "Antwort von", (D, "person", 3): "K3"}
    assert len(form.read(spoiled(raw, more)).decisions) == 4
    odd = form.read(spoiled(raw, {(D, "on", 0): "neulich"}))
    assert [one.on for one in odd.decisions] == [None] * 3  # when it was, is not what it says
