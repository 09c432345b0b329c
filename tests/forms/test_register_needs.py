"""What each row of the register still needs, and what Start says: as the cards that go out say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from kamxl.core.cards.asking import orders
from kamxl.core.finding import Severity
from kamxl.core.ids import is_id, same_id, slug
from kamxl.core.records.register import Register
from kamxl.excel.reading.book import read as read_workbook
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Formula, Sheet
from kamxl.forms.plan.sheets import FORMS as PLAN_FORMS
from kamxl.forms.register import book as form
from kamxl.forms.register.calculation import Places, word_cells
from kamxl.forms.register.fields import NOW
from kamxl.forms.register.sheets import CONTACTS, FORMS, SETTINGS
from kamxl.forms.register.standing import READY
from kamxl.forms.register.start import CALC, FIRST, NEXT_ROW, STATE_ROW, offered
from kamxl.forms.tables.columns import Kind
from kamxl.forms.tables.declared import placed
from kamxl.forms.tables.reading import free_id
from kamxl.wording.periods import period_meant
from kamxl.workflow.start.sample import sample
from kamxl.workflow.start.starter import starter
from tests.forms.registers import (
    LANGUAGES,
    SMALL,
    STAMP,
    WORKSPACE,
    place,
    raw_cell,
    setting,
    table,
)
from tests.proof import need, recalc
from tests.workflow.making import prepared

ROWS = 45
OFFERED = word_cells("de")
NEEDS = ("accounts", "segments", "contacts")


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Meier", "MEIER"),
        ("Müller & Söhne", "MUELLER-SOEHNE"),
        ("  Großhandel  Nord/Süd ", "GROSSHANDEL-NORD-SUED"),
        ("Crédit d'Été", "CREDIT-DETE"),
        ("3M", "3M"),
        ("x" * 40, "X" * 32),
        ("日本", ""),
        ("- -", ""),
        ("", ""),
    ],
)
def test_a_name_makes_an_id(name: str, made: str) -> None:
    assert slug(name) == made
    assert not made or is_id(made)


def sheet_of(register: Register, key: str, language: str = "de") -> Sheet:
    with prepared(ROWS):
        return form.book(language, register, WORKSPACE, STAMP).sheet(key)


def said(register: Register, key: str, language: str = "de") -> list[Any]:
    """What the rows of a table still need, as drawn."""
    form_, sheet = table(key), sheet_of(register, key, language)
    column = form_.index("needs")
    cells = (sheet.cells[row, column].content for row in range(form_.first, form_.first + ROWS))
    return [cell.value for cell in cells if isinstance(cell, Formula) and cell.value]


def test_a_whole_register_has_a_tick_in_each_row() -> None:
    for key in NEEDS:
        assert {one[:1] for one in said(SMALL, key)} == {READY}
    # who is asked in an interview needs no address; who is not asked needs nothing
    assert said(SMALL, "contacts") == [READY] * 3


Change = Callable[[Register], Register]
CASES: list[tuple[str, Change, str, str]] = [
    ("no company", lambda r: replace(r, settings=replace(r.settings, company="")),
     "segments", "Angaben auf dem Blatt Einstellungen"),
    ("nobody asked", lambda r: replace(r, contacts=()), "segments", "wer gefragt wird"),
    ("nobody asked there", lambda r: replace(r, contacts=()), "accounts", "wer gefragt wird"),
    ("no segment", lambda r: replace(r, segments=()), "accounts", "ein Segment"),
    ("no requirements", lambda r: replace(r, requirements=()), "segments",
     "Anforderungen zu diesem Katalog"),
    ("no account", lambda r: replace(r, accounts=()), "contacts",
     "Kunde, der auf dem Blatt Kunden steht, ein vollständiges Segment"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "key", "wanted"), CASES, ids=[c[0] for c in CASES])
def test_a_row_says_what_is_missing(name: str, change: Change, key: str, wanted: str) -> None:
    assert wanted in said(change(SMALL), key)


def test_a_mailed_contact_without_an_address_gets_a_card_and_is_told_so() -> None:
    contacts = (replace(SMALL.contacts[0], email=""), *SMALL.contacts[1:])
    assert said(replace(SMALL, contacts=contacts), "contacts")[0] == f"{READY} ohne E-Mail"


# --- Start ---------------------------------------------------------------------------------------


def start(register: Register, language: str = "de") -> tuple[str, str]:
    """What Start says: what to do next, and how far the cards are."""
    sheet = sheet_of(register, "start", language)
    values = (sheet.cells[row, 2].content for row in (NEXT_ROW, STATE_ROW))
    return tuple(one.value for one in values if isinstance(one, Formula))  # type: ignore[return-value]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_opens_on_start_and_its_lines_lead_to_the_sheets(language: str) -> None:
    with prepared(ROWS):
        book = form.book(language, SMALL, WORKSPACE, STAMP)
    assert book.sheets[book.active].key == "start"
    order = ["start", "settings", "accounts", "segments", "contacts", "requirements",
             "competitors", "selection", "picture", "team", "decisions"]  # fmt: skip
    assert [sheet.key for sheet in book.sheets] == order
    links = [cell.link for _, cell in sorted(book.sheets[0].cells.items()) if cell.link]
    assert links == [f"'{sheet.title}'!A1" for sheet in book.sheets[1:]]
    later = {sheet.tab_color for sheet in book.sheets[7:]}
    assert not later & {sheet.tab_color for sheet in book.sheets[:7]}


def test_start_leads_from_nothing_to_the_first_card() -> None:
    register = starter("de", STAMP)
    assert start(register)[0].startswith("Blatt Einstellungen: Unser Unternehmen, Absender: E-Mail")
    settings = replace(register.settings, company="Wir", sender_email="wir@wir.example")
    register = replace(register, settings=settings)
    for part in ("accounts", "segments", "contacts"):
        title = table(part).title("de")
        assert start(register)[0].startswith(f"Blatt {title}: "), part
        register = replace(register, **{part: getattr(SMALL, part)})
    # two segments name a catalogue that is not there, the third has no requirements of its own
    assert "Anforderungen zu diesem Katalog" in start(register)[0]
    segments = tuple(replace(one, catalogue="Grundkatalog") for one in register.segments)
    next_, state = start(replace(register, segments=segments))
    assert next_.startswith("Scorecards ausgeben")
    assert state == "4 von 4 sind bereit."


def test_what_is_marked_is_what_the_first_card_needs() -> None:
    """No more and no fewer cells than Start counts, and all of them together make a card."""
    first = {one.key: [c.id for c in one.columns if c.first] for one in FORMS}
    cells = {key: columns for key, columns in first.items() if columns}
    assert cells == {
        "accounts": ["id", "name"],
        "segments": ["account", "id", "name", "catalogue"],
        "contacts": ["account", "id", "name", "email", "asked"],
    }
    assert CONTACTS.marked
    told = sheet_of(starter("en", STAMP), "start", "en").cells[NEXT_ROW + 2, 2].content
    assert "14 cells" in str(told)


# --- the formulas, in a real register that somebody fills in -------------------------------------

SAID: dict[str, tuple[object, ...]] = {
    "id": ("", "Ä1", "A B", "own1", "us", "x" * 33, "X#"),
    "name": ("",),
    "label": ("",),
    "account": ("", "NIX", "alfa", "007"),
    "segment": ("", "NIX", "LINES", "1.2"),
    "catalogue": ("", "Kern", "kern", "Nix"),
    "language": ("Englisch", "deutsch", "EN", "Latein", "k. A."),
    "asked": ("", "nein", "Yes", "vielleicht"),
    "role": ("", "purchaser", "Chef"),
    "source": ("", "im Gespräch", "Brief"),
    "rivals": ("", "beste Alternative", "keine"),
    "segments": ("", "LINES", "lines;PARTS", "PARTS, NIX", "Ü"),
    "email": ("", "x@y.example"),
    "manager": ("", "TB"),
}


UNSOUND = (  # settings with which no card goes out
    ("company", ""), ("period", "bald"), ("rivals", "ja"), ("sender_email", "wir"),
    ("due", "bald"), ("rating_threshold", "viel"),
)  # fmt: skip


def spoiled_at_random(random: Random) -> dict[tuple[str, str, int], object]:
    """A few cells of the small register, typed anew."""
    rows = {
        "accounts": 2,
        "segments": 3,
        "contacts": 4,
        "requirements": 4,
        "competitors": 3,
        "team": 2,
    }
    changes: dict[tuple[str, str, int], object] = {}
    for _ in range(random.randint(1, 4)):
        key = random.choice(list(rows))
        columns = [c.id for c in table(key).columns if c.read and c.id in SAID]
        column = random.choice(columns)
        changes[key, column, random.randrange(rows[key])] = random.choice(SAID[column])
    if random.random() < 0.15:
        key, value = UNSOUND[len(changes) % len(UNSOUND)]
        changes["settings", "value", setting(key)] = value
    return changes


def typed_into(path: Path, changes: Mapping[tuple[str, str, int], object]) -> Path:
    with prepared(ROWS):
        path.write_bytes(render(build(form.book("de", SMALL, WORKSPACE, STAMP))))
    workbook = openpyxl.load_workbook(path)
    for (key, column, row), value in changes.items():
        cell = workbook[table(key).title("de")].cell(*place(key, column, row))
        cell.value = value or None
    workbook.save(path)
    return path


def ticks(sheets: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[int, str]]:
    """What each row needs, by table and row, as LibreOffice calculates it."""
    found: dict[str, dict[int, str]] = {}
    for key in NEEDS:
        form_ = table(key)
        letter = openpyxl.utils.get_column_letter(form_.index("needs"))
        cells = sheets[form_.title("de")]
        rows = range(form_.first, form_.first + ROWS)
        found[key] = {row: str(cells.get(f"{letter}{row}") or "") for row in rows}
    return found


@pytest.mark.proof
def test_rows_that_say_they_are_ready_are_those_whose_cards_go_out(tmp_path: Path) -> None:
    """And where one says so, the reader has found no mistake in it."""
    need(recalc.available())
    random = Random(15)  # noqa: S311
    made = [
        typed_into(tmp_path / f"r{number}.xlsx", spoiled_at_random(random)) for number in range(16)
    ]
    answers = recalc.in_libreoffice(made, tmp_path / "out")
    both = set()
    for path, calculated in answers.items():
        register = form.read(read_workbook(path.read_bytes()))
        wrong = {(f.sheet, f.cell) for f in register.findings if f.severity is Severity.ERROR}
        out = orders(register, register.settings.period, str)
        raw = openpyxl.load_workbook(path)
        for key, rows in ticks(recalc.read(calculated)).items():
            sheet = raw[table(key).title("de")]
            for row, told in rows.items():
                own = {c: sheet.cell(row, table(key).index(c)).value for c in ("id", "account")
                       if c in {x.id for x in table(key).columns}}  # fmt: skip
                goes = any(_is_of(order, key, own) for order in out)
                faulty = any(s == sheet.title and c and c.lstrip("ABCDEFGHIJKLMNOP") == str(row)
                             for s, c in wrong)  # fmt: skip
                ready = told.startswith(READY)
                both.add(ready)
                assert not (ready and not goes), (path.name, key, row, told)
                assert ready or not goes or faulty, (path.name, key, row, told)
    assert both == {True, False}


def _is_of(order: Any, key: str, own: Mapping[str, object]) -> bool:
    ids = {name: same_id(str(value or "")) for name, value in own.items()}
    if key == "accounts":
        return same_id(order.account) == ids["id"]
    part = order.segment if key == "segments" else order.respondent
    return (same_id(order.account), same_id(part)) == (ids["account"], ids["id"])


COMPANIES = (
    "Meier", "Müller & Söhne GmbH", "BASF SE", "Meier GmbH & Co. KG", " Nord/Süd  AG", "d'Été S.A.",
    "Anlagenbau Weber Maschinen GmbH", "AG Weser", "Brackenley Foods Ltd.", "Kraft - Werke", "3M",
    "Donaudampfschifffahrt GmbH", "x" * 40, "12345678901234", "abc def ghi jkl mno",
)  # fmt: skip
PEOPLE = ("Anke Keller", "Dr. Petra Möller", "Hans-Peter Groß", "Ursula von der Leyen", "Cher")
NO_NAMES = ("日本", "A#B", "-")


@pytest.mark.proof
def test_proposed_ids_are_those_that_the_reader_proposes(tmp_path: Path) -> None:
    need(recalc.available())
    changes: dict[tuple[str, str, int], object] = {}
    names = {"accounts": (*COMPANIES, *NO_NAMES), "team": PEOPLE}
    for key, some in names.items():
        changes |= {(key, "name", row): name for row, name in enumerate(some, 4)}
    path = typed_into(tmp_path / "names.xlsx", changes)
    for engine, sheets in recalc.recalculate([path])[path].items():
        for key, some in names.items():
            ids = table(key).column("id")
            letter = openpyxl.utils.get_column_letter(table(key).index("needs"))
            for row, name in enumerate(some, table(key).first + 4):
                told = str(sheets[table(key).title("de")][f"{letter}{row}"])
                wanted = "" if name in NO_NAMES else f"(Vorschlag: {free_id(ids, name, ())})"
                assert wanted in told, (engine, name, told)
                assert ("Vorschlag" in told) == bool(wanted), (engine, name, told)


PERIODS = (
    "2027", "2027-h1", "1. Halbjahr 2027", "Q3/2027", "III/2027", "07/2027", "2027/12", "Mai  2027",
    "GJ 2027", "FY2027", "2027H1", "1st half of 2027", "im Juli 2027", "2027 (H1)",
    "Quartal IV 2027",
    "2027-1", "H12027", "202707", "Q3-27", "GJ 2026/27", "2027 Q5", "13/2027", "bald", "2027 2028",
    "0000", "46000", "H1/H2 2027", "",
)  # fmt: skip


@pytest.mark.proof
def test_start_knows_a_period_in_every_spelling_that_is_read(tmp_path: Path) -> None:
    need(recalc.available())
    sheet = sheet_of(SMALL, "start")
    told = {one.content: sheet.cells[row, column + 1].content
            for (row, column), one in sorted(sheet.cells.items()) if column == CALC}  # fmt: skip
    cells = offered("de")
    offers = {**OFFERED, **cells}
    setting_ = Places(placed(FORMS, "de", offers), inside=False).setting("period")
    typed, sound = told["typed"].text, told["period"].text
    assert setting_ in typed
    book = openpyxl.Workbook()
    page = book.active
    page.title = "P"
    page["Z1"] = told["periods"]
    for row, period in enumerate(PERIODS, 1):
        page.cell(row, 1, period or None)
        page.cell(row, 2, "=" + typed.replace(setting_, f"$A{row}"))
        known = sound.replace(cells["needs.typed"], f"$B{row}").replace(
            cells["needs.periods"], "$Z$1"
        )
        page.cell(row, 3, f"={known}")
    book.save(tmp_path / "p.xlsx")
    for engine, sheets in recalc.recalculate([tmp_path / "p.xlsx"])[tmp_path / "p.xlsx"].items():
        found = [int(sheets["P"][f"C{row}"]) for row in range(1, len(PERIODS) + 1)]
        assert found == [int(period_meant(one) is not None) for one in PERIODS], engine


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_register_brings_seven_requirements_in_both_languages(language: str) -> None:
    register = starter(language, STAMP)
    assert len(register.requirements) == 7
    second = register.settings.language2
    assert {language, second} == {"de", "en"}
    for one in register.requirements:
        texts = (one.asked.label, *one.asked.anchors, one.label2, *one.anchors2)
        assert all(texts)
        assert len(set(texts)) == 8
    with prepared(ROWS):
        drawn = render(build(form.book(language, register, WORKSPACE, STAMP)))
    again = form.read(read_workbook(drawn))
    assert again.requirements == register.requirements
    assert again.settings.language2 == second


def test_a_card_in_the_second_language_has_its_texts_and_the_first_ones_where_there_are_none() -> (
    None
):
    register = replace(sample("de"), held=())
    cards = {(o.account, o.segment): o for o in orders(register, "2026-H2", str)}
    english = {one.id: one for one in cards["BRACKENLEY", "LINES"].requirements}
    german = {one.id: one for one in cards["MOLTIDE", "LINIEN"].requirements}
    assert (english["PERF"].label, german["PERF"].label) == (
        "Performance of the system", "Leistungsfähigkeit des Systems",
    )  # fmt: skip
    assert english["PERF"].anchors[0] == "below 80 % of the output agreed"
    assert english["SAFE"].minimum == german["SAFE"].minimum == 60
    bare = replace(register, requirements=tuple(
        replace(one, label2="", anchors2=("", "", "")) for one in register.requirements
    ))  # fmt: skip
    cards = {(o.account, o.segment): o for o in orders(bare, "2026-H2", str)}
    assert cards["BRACKENLEY", "LINES"].requirements[0].label == "Leistungsfähigkeit des Systems"


def test_settings_that_the_first_card_needs_stand_above_the_line() -> None:
    sheet = sheet_of(SMALL, "settings")
    titles = [sheet.cells[row, 2].content for row in range(SETTINGS.first, SETTINGS.first + 20)]
    line = next(n for n, one in enumerate(titles) if str(one).startswith("Später"))
    needed = [one for one in titles if one in ("Unser Unternehmen", "Zeitraum", "Absender: E-Mail")]
    assert titles[:3] == needed
    assert line == len(NOW)
    assert FIRST > NEXT_ROW


@pytest.mark.parametrize("one", [*FORMS[1:], *PLAN_FORMS], ids=lambda one: one.key)
def test_text_in_a_column_of_numbers_turns_red(one: Any) -> None:
    """In the register and in the plan; what kamxl fills in itself needs no such rule."""
    at = placed([*FORMS, *PLAN_FORMS] if one in FORMS else PLAN_FORMS, "de", OFFERED)
    rules = {rule.ranges: rule.formula for rule in one._unread(at)}
    typed = [c for c in one.columns if c.kind in (Kind.AMOUNT, Kind.POINTS) and not c.given]
    assert set(rules) >= {one.cells(column.id) for column in typed}
    for column in typed:
        if not column.reckoned:
            assert rules[one.cells(column.id)].startswith("AND(ISTEXT(")


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Englisch", "en"), ("deutsch", "de"), ("EN", "en"), ("englisch", "en"), ("German", "de"),
     ("en-GB", "en"), ("DE", "de")],
)  # fmt: skip
def test_languages_are_understood_by_any_of_their_names(typed: str, code: str) -> None:
    for key in ("accounts", "contacts"):
        assert table(key).column("language").parse(raw_cell(typed)).value == code
