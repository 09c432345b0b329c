"""``kamxl import``: a CRM's export in a register beside the team's, shown before and asked once."""

from __future__ import annotations

import io
import json
import random
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kamxl.cli.main import main
from kamxl.core.ids import is_id
from kamxl.core.records.register import Register
from kamxl.errors import KamxlError, WorkspaceError
from kamxl.excel.reading.book import read as read_workbook
from kamxl.forms.register import book as register_form
from kamxl.forms.register.sheets import LAYOUT
from kamxl.workflow.imported import Asked, ImportResult
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.start.importing import import_files
from tests.forms.exports import Rows, csv, dynamics, nameless, salesforce
from tests.workflow.making import NOW, Team, hashes, new_team, prepared, register

BESIDE = "Register (Import).xlsx"
EMPTY = replace(
    register(),
    accounts=(),
    segments=(),
    contacts=(),
    candidates=(),
    requirements=(),
    competitors=(),
)


@pytest.fixture(autouse=True)
def small(in_this_process: None) -> Iterator[None]:
    """Registers of few prepared rows, and no process apart for each file."""
    with prepared(12):
        yield


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two workspaces that tests begin with; to be copied, drawing a register takes time."""
    folder = tmp_path_factory.mktemp("kept")
    with prepared(12):
        new_team(folder / "empty", EMPTY)
        new_team(folder / "mine")
    return folder


@pytest.fixture
def empty(kept: Path, tmp_path: Path) -> Team:
    shutil.copytree(kept / "empty", tmp_path / "w")
    return Team(tmp_path / "w")


@pytest.fixture
def mine(kept: Path, tmp_path: Path) -> Team:
    """The team's own register: ALPHA, BETA and others with contacts and revenues."""
    shutil.copytree(kept / "mine", tmp_path / "w")
    return Team(tmp_path / "w")


def put(team: Team, rows: Rows, name: str = "export.csv", encoding: str = "utf-8") -> Path:
    path = team.root.parent / name
    path.write_bytes(csv(rows).encode(encoding))
    return path


def run(team: Team, *files: Path, write: bool = True, **more: Any) -> ImportResult:
    agree = (lambda _: True) if write else None
    return import_files(team.root, files, "en", now=NOW, agree=agree, **more)


def beside(team: Team, name: str = BESIDE) -> Register:
    raw = read_workbook((team.root / name).read_bytes())
    return register_form.read(raw)


def swap(team: Team, name: str = BESIDE) -> None:
    (team.root / name).replace(team.root / "Register.xlsx")


def codes(result: ImportResult) -> list[str]:
    return sorted(found.code for _, found in result.findings)


# --- what comes into the register ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "encoding"),
    [(salesforce(), "utf-8-sig"), (dynamics(), "cp1252"), (nameless(), "utf-16")],
    ids=["salesforce", "dynamics", "nameless"],
)
def test_three_exports_fill_an_empty_register(empty: Team, rows: Rows, encoding: str) -> None:
    before = hashes(empty.root, "Register.xlsx")
    result = run(empty, put(empty, rows, encoding=encoding))
    assert (result.state, result.path) == ("written", BESIDE)
    assert hashes(empty.root, "Register.xlsx") == before
    assert result.left == ()
    made = beside(empty)
    assert [(a.id, a.name) for a in made.accounts] == [
        ("MEIER", "Meier GmbH"),
        ("MUELLER-SOEHNE", "Müller & Söhne GmbH"),
        ("NORDWERK", "Nordwerk SE"),
    ]
    assert {(s.account, s.revenue) for s in made.segments} == {
        ("MEIER", 80000.25), ("MUELLER-SOEHNE", 1234567.89), ("NORDWERK", 250000.5)
    }  # fmt: skip
    assert {(c.account, c.id, c.name) for c in made.contacts} == {
        ("MEIER", "MW", "Max Weiß"), ("MUELLER-SOEHNE", "AK", "Anke Keller"),
        ("MUELLER-SOEHNE", "JG", "Jörg Groß"), ("NORDWERK", "UV", "Ute Voss"),
    }  # fmt: skip
    assert not any(contact.asked for contact in made.contacts)
    # what is missing now is for the team to add, and nothing of it is a mistake of the import
    assert {found.code for found in made.findings} <= {
        "no-requirements", "no-respondent", "no-competitors", "rivals-unsaid"
    }  # fmt: skip


def test_managers_and_forms_of_address_come_along(empty: Team) -> None:
    run(empty, put(empty, dynamics()))
    made = beside(empty)
    assert {(one.id, one.name) for one in made.team} >= {("JR", "Jana Roth"), ("PA", "Peter Adam")}
    assert {a.id: a.manager for a in made.accounts}["NORDWERK"] == "Peter Adam"
    anke = next(contact for contact in made.contacts if contact.id == "AK")
    assert (anke.form, anke.title, anke.function) == ("ms", "Dr.", "Leiterin Einkauf")


@pytest.mark.proof
def test_cards_go_out_of_an_imported_register(empty: Team) -> None:
    run(empty, put(empty, dynamics()))
    swap(empty)
    path = empty.root / "Register.xlsx"
    workbook = openpyxl.load_workbook(path)
    wanted = workbook["Anforderungen"]
    for row, (own, label) in enumerate((("Q", "Qualität"), ("T", "Termine")), 7):
        for column, value in zip("ADE", ("basis", own, label), strict=True):
            wanted[f"{column}{row}"] = value
    heads = {c.value: c.column for c in workbook["Segmente"][6]}
    asked = {c.value: c.column for c in workbook["Ansprechpartner"][6]}
    for row in range(7, 10):
        workbook["Segmente"].cell(row, heads["catalogue"], "basis")
    for row in range(7, 11):
        workbook["Ansprechpartner"].cell(row, asked["asked"], "Ja")
    workbook.save(path)
    cards = issue(empty.root, now=NOW).issued
    assert sorted((card.account, card.respondent, card.state) for card in cards) == [
        ("MEIER", "MW", "new"), ("MUELLER-SOEHNE", "AK", "new"), ("MUELLER-SOEHNE", "JG", "new"),
        ("NORDWERK", "UV", "new"),
    ]  # fmt: skip


def test_a_workbook_with_numbers_and_two_sheets(empty: Team) -> None:
    workbook = openpyxl.Workbook()
    first = workbook.active
    first.title = "Firmen"
    for row in (["Kundennr.", "Kunde", "Umsatz"], ["007", "A GmbH", 1234567.89], [8, "B GmbH", 5]):
        first.append(row)
    second = workbook.create_sheet("Kontakte")
    for row in (
        ["Kundennr.", "Nachname", "Vorname"],
        ["007", "Keller", "Anke"],
        [8, "Weiß", "Max"],
    ):
        second.append(row)
    workbook.create_sheet("Legende").append(["nichts"])
    made = io.BytesIO()
    workbook.save(made)
    path = empty.root.parent / "export.xlsx"
    path.write_bytes(made.getvalue())
    result = run(empty, path)
    assert codes(result) == []
    held = beside(empty)
    assert {(s.account, s.revenue) for s in held.segments} == {("A", 1234567.89), ("B", 5)}
    assert {(c.account, c.name) for c in held.contacts} == {("A", "Anke Keller"), ("B", "Max Weiß")}


def test_what_looks_like_a_formula_is_a_text_in_the_register(empty: Team) -> None:
    run(empty, put(empty, [["Kunde", "Ort"], ["=cmd|' /C calc'!A0", "Kiel"]]))
    sheet = openpyxl.load_workbook(empty.root / BESIDE)["Kunden"]
    assert (sheet["B7"].value, sheet["B7"].data_type) == ("=cmd|' /C calc'!A0", "s")


# --- a second time -------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [salesforce(), dynamics(), nameless()])
def test_the_same_file_once_more_changes_nothing(empty: Team, rows: Rows) -> None:
    path = put(empty, rows)
    run(empty, path)
    swap(empty)
    again = run(empty, path)
    assert (again.state, again.changes) == ("unchanged", ())
    assert not (empty.root / BESIDE).exists()


def test_ids_do_not_depend_on_the_order_of_the_rows(empty: Team, tmp_path: Path) -> None:
    head, *rows = [
        ["Kunde", "Ansprechpartner", "Ort"],
        ["Meier GmbH", "Anke Keller", "Kiel"], ["Meier AG", "Anton Kurz", "Ulm"],
        ["Meier GmbH & Co. KG", "Max Weiß", "Bonn"], ["Meier GmbH", "Anton Kurz", "Kiel"],
        ["Газпром", "Иван Петров", "Köln"], ["中国石油", "王伟", "Bonn"],
    ]  # fmt: skip
    found = []
    for seed in range(3):
        shuffled = random.Random(seed).sample(rows, len(rows))  # noqa: S311 no secret
        result = run(empty, put(empty, [head, *shuffled]), write=False)
        new = {(c.table, c.account, c.id, c.name) for c in result.changes if c.what == "new"}
        assert all(is_id(own) for _, _, own, _ in new)
        found.append(new)
    assert found[0] == found[1] == found[2]
    accounts = [own for table, _, own, _ in found[0] if table == "accounts"]
    assert len(set(accounts)) == 5
    assert {"MEIER", "MEIER-GMBH"} <= set(accounts)


def test_a_number_finds_an_account_again_that_was_renamed_on_either_side(empty: Team) -> None:
    run(empty, put(empty, [["Kundennr.", "Kunde"], ["007", "Meier GmbH"]]))
    swap(empty)
    result = run(empty, put(empty, [["Kundennr.", "Kunde"], ["007", "Meier Holding GmbH"]]))
    (change,) = result.changes
    assert (change.what, change.id, change.old, change.new) == (
        "changed", "MEIER", "Meier GmbH", "Meier Holding GmbH"
    )  # fmt: skip


def test_new_changed_and_vanished_rows_are_shown_and_nothing_is_blanked(mine: Team) -> None:
    before = register()
    account, contact = before.accounts[0], before.contacts[0]
    rows = [
        ["Kunde", "Ansprechpartner", "E-Mail", "Abteilung", "Umsatz"],
        [account.name, contact.name, "new@alpha.example", "", ""],
        ["Neu GmbH", "Nina Neu", "nina@neu.example", "Einkauf", "5"],
    ]
    shown = run(mine, put(mine, rows), write=False)
    assert shown.state == "shown"
    assert not (mine.root / BESIDE).exists()
    assert {(c.table, c.id) for c in shown.changes if c.what == "new"} == {
        ("accounts", "NEU"), ("segments", "GESAMTBEDARF"), ("contacts", "NN")
    }  # fmt: skip
    changed = [c for c in shown.changes if c.what == "changed"]
    assert [(c.id, c.column, c.new) for c in changed] == [
        (contact.id, "email", "new@alpha.example")
    ]
    vanished = {c.id for c in shown.changes if c.what == "vanished" and c.table == "accounts"}
    assert vanished == {one.id for one in before.accounts[1:]}


def test_what_the_team_typed_stays(mine: Team) -> None:
    before = register()
    account, contact = before.accounts[0], before.contacts[0]
    rows = [
        ["Kunde", "Ansprechpartner", "E-Mail", "Abteilung", "Umsatz"],
        [account.name, contact.name, "new@alpha.example", "", ""],
        ["Neu GmbH", "Nina Neu", "nina@neu.example", "Einkauf", "5"],
    ]
    run(mine, put(mine, rows))
    made = beside(mine)
    kept = next(one for one in made.contacts if one.id == contact.id)
    assert kept == replace(contact, email="new@alpha.example")
    assert {one.id for one in made.accounts} == {*(one.id for one in before.accounts), "NEU"}
    assert set(before.requirements) == set(made.requirements)


def test_rows_pasted_without_an_id_get_one_and_a_wrong_one_is_said(empty: Team) -> None:
    path = empty.root / "Register.xlsx"
    workbook = openpyxl.load_workbook(path)
    accounts, contacts = workbook["Kunden"], workbook["Ansprechpartner"]
    accounts["B7"], accounts["A8"], accounts["B8"] = "Meier GmbH", "zu groß?", "Groß AG"
    accounts["A9"], accounts["B9"] = "NORD", "Nordwerk SE"
    contacts["A7"], contacts["C7"] = "NORD", "Ute Voss"
    workbook.save(path)
    rows = [
        ["Kunde", "Ansprechpartner"], ["Meier GmbH", "Max Weiß"], ["Groß AG", "Jo Kurz"],
        ["Nordwerk SE", "Ute Voss"],
    ]  # fmt: skip
    result = run(empty, put(empty, rows))
    assert [(f.code, f.value, dict(f.details)["where"]) for _, f in result.findings] == [
        ("import-row-wrong", "Groß AG", "Kunden!A8")
    ]
    changed = {(c.table, c.column, c.new) for c in result.changes if c.what == "changed"}
    assert changed == {("accounts", "id", "MEIER"), ("contacts", "id", "UV")}
    made = beside(empty)
    assert {(a.id, a.name) for a in made.accounts} == {
        ("MEIER", "Meier GmbH"), ("NORD", "Nordwerk SE")
    }  # fmt: skip
    assert {(c.account, c.id, c.name) for c in made.contacts} == {
        ("MEIER", "MW", "Max Weiß"), ("NORD", "UV", "Ute Voss")
    }  # fmt: skip


def test_nothing_is_written_over_what_is_there(empty: Team) -> None:
    rows = [["Kunde", "Ort"], ["A GmbH", "Kiel"]]
    run(empty, put(empty, rows))
    first = (empty.root / BESIDE).read_bytes()
    again = run(empty, put(empty, [*rows, ["B GmbH", "Ulm"]]))
    assert again.path not in (BESIDE, "Register.xlsx")
    assert (empty.root / BESIDE).read_bytes() == first


@pytest.mark.proof
def test_a_register_of_an_earlier_layout_takes_the_columns_it_lacks(tmp_path: Path) -> None:
    with zipfile.ZipFile(Path(__file__).with_name("layout1.zip")) as packed:
        packed.extractall(tmp_path / "w")
    team = Team(tmp_path / "w")
    old = register_form.read(read_workbook((team.root / "Register.xlsx").read_bytes()))
    before = hashes(team.root, "Register.xlsx", "outbox", "inbox", "plans")
    result = run(team, put(team, dynamics()))
    assert hashes(team.root, "Register.xlsx", "outbox", "inbox", "plans") == before
    assert result.state == "written"
    made = beside(team)
    assert made.layout == LAYOUT
    assert {one.id for one in made.accounts} == {
        *(one.id for one in old.accounts), "MEIER", "MUELLER-SOEHNE", "NORDWERK"
    }  # fmt: skip
    assert {(c.id, c.form) for c in made.contacts} >= {("AK", "ms"), ("JG", "mr")}
    assert set(old.requirements) == set(made.requirements)


# --- what is asked -------------------------------------------------------------------------------

UNSURE = [
    ["Firma", "Ansprechpartner", "E-Mail privat", "E-Mail Büro", "Umsatz"],
    ["Meier GmbH", "Anke Keller", "a@x.example", "b@x.example", "12.500"],
]


def test_what_is_not_sure_is_asked_once_and_remembered(empty: Team) -> None:
    questions: list[Asked] = []

    def settle(question: Asked) -> int | None:
        questions.append(question)
        return {"email": 1, "decimal": 0}[question.part]

    run(empty, put(empty, UNSURE), settle=settle)
    assert {question.part for question in questions} == {"email", "decimal"}
    assert questions[0].choices[0].samples
    made = beside(empty)
    assert made.contacts[0].email == "b@x.example"
    assert made.segments[0].revenue == 12500
    questions.clear()
    turned = [row[::-1] for row in UNSURE]
    more = [*turned, ["800", "c@x.example", "d@x.example", "Max Weiß", "Groß AG"]]
    again = run(empty, put(empty, more), settle=settle)
    assert questions == []
    assert {column.way for table in again.tables for column in table.columns} == {"remembered"}
    assert beside(empty, again.path or "").contacts[0].email == "c@x.example"


def test_an_answer_leaves_no_question_about_what_the_contents_tell_then(empty: Team) -> None:
    rows = [
        ["Feld 1", "Feld 2", "Feld 3", "Feld 4", "Feld 5"],
        ["Nordwerk Technik", "12500", "Anke Keller", "a.keller@nord.example", "Jana Roth"],
        ["Südwerk Anlagen", "800", "Max Groß", "m.gross@sued.example", "Jana Roth"],
    ]
    asked: list[str] = []

    def settle(question: Asked) -> int | None:
        asked.append(question.part)
        return 0

    result = run(empty, put(empty, rows), write=False, settle=settle)
    assert asked == ["account", "revenue", "manager"]
    assert {c.part: (c.header, c.way) for c in result.tables[0].columns} == {
        "account": ("Feld 1", "asked"), "revenue": ("Feld 2", "asked"),
        "person": ("Feld 3", "content"), "email": ("Feld 4", "content"),
        "manager": ("Feld 5", "asked"),
    }  # fmt: skip


def test_that_no_column_is_meant_is_remembered_too(empty: Team) -> None:
    path = put(empty, UNSURE)
    run(empty, path, settle=lambda question: None if question.part == "email" else 0)
    asked: list[Asked] = []
    again = run(empty, path, write=False, settle=asked.append)
    assert asked == []
    assert "email" not in {c.part for table in again.tables for c in table.columns}


def test_without_anybody_to_ask_it_is_left_out_and_said(empty: Team) -> None:
    result = run(empty, put(empty, UNSURE))
    assert codes(result).count("import-unsure") == 2
    assert result.attention
    made = beside(empty)
    assert made.contacts[0].email == ""
    assert made.segments[0].revenue is None


def test_what_a_user_says_wins_over_what_is_proposed(empty: Team) -> None:
    told = {"email": "E-Mail privat", "revenue": "E", "decimal": ".", "person": "-"}
    result = run(empty, put(empty, UNSURE), mapped=told, write=False)
    (table,) = result.tables
    assert {c.part: (c.letters, c.way) for c in table.columns} == {
        "account": ("A", "header"), "email": ("C", "given"), "revenue": ("E", "given")
    }  # fmt: skip
    assert codes(result) == []
    for wrong in ({"nonsense": "A"}, {"email": "Fax"}, {"decimal": ":"}):
        with pytest.raises(KamxlError):
            run(empty, put(empty, UNSURE), mapped=wrong, write=False)


def test_two_names_that_are_alike_stay_two_and_that_is_said(mine: Team) -> None:
    name = f"{register().accounts[0].name} GmbH & Co. KG"
    result = run(mine, put(mine, [["Kunde", "Ort"], [name, "Kiel"]]), write=False)
    assert "import-alike" in codes(result)
    assert [c.name for c in result.changes if c.what == "new" and c.table == "accounts"] == [name]


# --- what is wrong with a file -------------------------------------------------------------------

_K = ["Kunde", "Kundennr.", "Umsatz", "Whg", "Ansprechpartner", "E-Mail"]
WRONG: dict[str, Rows] = {
    "import-no-table": [["nur ein Satz"]],
    "import-no-accounts": [["Telefon", "Ort"], ["040 123456", "Kiel"]],
    "import-unsure": UNSURE,
    "import-rows-left": [_K, ["A GmbH", "1", "5,5"], ["Summe", None, "5,5"]],
    "import-own-revenue": [["Account Name", "Annual Revenue"], ["A Ltd", "5.5"]],
    "import-without-account": [_K, ["A GmbH", "1"], [None, None, "5,5", "EUR"]],
    "import-ambiguous": [_K, ["A GmbH", "1"], ["A GmbH", "2"], ["A GmbH", None, "5,5"]],
    "import-same-name": [_K, ["A GmbH", "1"], ["A GmbH", "2"]],
    "import-differs": [_K, ["A GmbH", "1"], ["B GmbH", "1"]],
    "import-value": [_K, ["A GmbH", "1", "5,5", "EUR", "Anke Keller", "a@@x"]],
    "import-currency": [_K, ["A GmbH", "1", "5,5", "EUR"], ["B GmbH", "2", "6,5", "EUR"],
                        ["C GmbH", "3", "7,5", "USD"]],
    "import-revenue-differs": [_K, ["A GmbH", "1", "5,5"], ["A GmbH", "1", "6,5"]],
    "import-nameless": [_K, ["A GmbH", "1", "5,5", "EUR", "Anke Keller", "k@x.example"],
                        ["A GmbH", "1", "5,5", "EUR", None, "a@x.example"]],
}  # fmt: skip


@pytest.mark.parametrize("code", WRONG)
def test_each_mistake_in_a_file_has_its_code(empty: Team, code: str) -> None:
    result = run(empty, put(empty, WRONG[code]), write=False)
    assert code in codes(result)
    assert {file for file, _ in result.findings} == {"export.csv"}


def test_mistakes_name_their_cell_and_the_rest_counts(empty: Team) -> None:
    result = run(empty, put(empty, WRONG["import-value"]))
    (found,) = (found for _, found in result.findings)
    assert (found.cell, found.value) == ("F2", "a@@x")
    assert beside(empty).contacts[0].name == "Anke Keller"


def test_an_amount_nobody_can_tell_is_left_out(empty: Team) -> None:
    rows = [["Kunde", "Umsatz"], ["A GmbH", "1.234"], ["B GmbH", "5,5"], ["C GmbH", "5.5"]]
    result = run(empty, put(empty, rows), write=False)
    assert codes(result) == ["import-unclear", "import-unsure"]


def test_a_revenue_of_several_segments_is_not_shared_out(mine: Team) -> None:
    held = register()
    extra = replace(held.segments[0], id="zweites", name="Zweites")
    team = new_team(mine.root.parent / "w2", replace(held, segments=(*held.segments, extra)))
    owner = next(a for a in held.accounts if a.id == extra.account)
    result = run(team, put(team, [["Kunde", "Umsatz"], [owner.name, "5,5"]]), write=False)
    assert "import-revenue-split" in codes(result)
    assert not [c for c in result.changes if c.column == "revenue"]


def test_contacts_of_an_account_that_nobody_lists_are_said(empty: Team) -> None:
    accounts = put(empty, [["Kunde", "Ort"], ["A GmbH", "Kiel"]], "a.csv")
    contacts = put(empty, [["Kunde", "Ansprechpartner"], ["B GmbH", "Max Weiß"]], "b.csv")
    result = run(empty, accounts, contacts, write=False)
    assert [(file, f.code, f.value) for file, f in result.findings] == [
        ("b.csv", "import-account-unknown", "B GmbH")
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b'a;b\n"x;"y;1;2\nu;v\n', "quotes"), (b"%PDF-1.7 ...", "other"),
     (b"a;b\n" * 2_700_000, "too-large")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_a_finding(empty: Team, data: bytes, reason: str) -> None:
    path = empty.root.parent / "export.csv"
    path.write_bytes(data)
    result = run(empty, path)
    (found,) = (found for _, found in result.findings)
    assert (found.code, dict(found.details)["reason"]) == ("import-unread", reason)
    assert result.state == "refused"


def test_a_register_is_no_export(empty: Team) -> None:
    result = run(empty, empty.root / "Register.xlsx")
    assert [dict(found.details)["reason"] for _, found in result.findings] == ["register"]


def test_more_rows_than_are_prepared_work_and_more_than_are_read_are_refused(
    empty: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [["Kunde", "Ort"], *([f"Firma {n:03} GmbH", "Kiel"] for n in range(30))]
    monkeypatch.setattr("kamxl.forms.register.merging.LIVE_ROWS", 12)
    result = run(empty, put(empty, rows))
    assert set(codes(result)) == {"import-many"}
    assert len(beside(empty).accounts) == 30
    monkeypatch.setattr("kamxl.forms.register.merging.MOST_ROWS", 20)
    refused = run(empty, put(empty, rows))
    assert (refused.state, set(codes(refused))) == ("refused", {"import-too-many"})


def test_what_is_not_there_is_refused(empty: Team, tmp_path: Path) -> None:
    with pytest.raises(KamxlError, match="no file"):
        run(empty, tmp_path / "nothing.csv")
    with pytest.raises(WorkspaceError):
        import_files(tmp_path, [put(empty, UNSURE)], now=NOW)


# --- the command ---------------------------------------------------------------------------------


def command(team: Team, *words: object, capsys: Any) -> tuple[int, str, str]:
    status = main(["import", "-C", str(team.root), *map(str, words)])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_in_a_pipe_it_shows_and_writes_only_with_yes(empty: Team, capsys: Any) -> None:
    path = put(empty, dynamics())
    status, out, _ = command(empty, path, "--json", capsys=capsys)
    shown = json.loads(out)
    assert (status, shown["state"], shown["path"]) == (0, "shown", None)
    assert shown["counts"] == {"new": 12, "changed": 0, "vanished": 0}
    assert {one["part"] for one in shown["tables"][0]["mapping"]} >= {"account", "revenue"}
    assert command(empty, path, "--strict", capsys=capsys)[0] == 1
    status, out, _ = command(empty, path, "--yes", "--language", "de", capsys=capsys)
    assert status == 0
    assert "Umsatz mit uns im Jahr" in out
    assert BESIDE in out
    assert (empty.root / BESIDE).exists()


@pytest.mark.parametrize("language", ["de", "en"])
def test_somebody_at_a_terminal_is_asked(
    empty: Team, language: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kamxl.cli.screen.attended", lambda: True)
    path = put(empty, UNSURE)
    monkeypatch.setattr("sys.stdin", io.StringIO("2\n1\nn\n"))
    _, out, err = command(empty, path, "--language", language, capsys=capsys)
    assert "E-Mail Büro" in err
    assert "MEIER (Meier GmbH)" in err
    assert len(out.splitlines()) == 1  # what was shown is not said twice
    assert not (empty.root / BESIDE).exists()
    yes = {"de": "j", "en": "y"}[language]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"2\n1\n{yes}\n"))
    command(empty, path, "--language", language, capsys=capsys)
    assert beside(empty).contacts[0].email == "b@x.example"


def test_map_is_understood_or_explained(empty: Team, capsys: Any) -> None:
    path = put(empty, UNSURE)
    status, _, err = command(empty, path, "--map", "email", "--language", "de", capsys=capsys)
    assert (status, "--map revenue=Umsatz" in err) == (2, True)
    status, out, _ = command(empty, path, "--json", "--map", "email=D", capsys=capsys)
    assert [q["part"] for q in json.loads(out)["tables"][0]["unsure"]] == ["decimal"]


def test_a_damaged_memory_of_imports_costs_a_question_only(empty: Team) -> None:
    path = put(empty, UNSURE)
    run(empty, path, mapped={"email": "C", "decimal": ","})
    (record,) = (empty.root / ".kamxl" / "imports").glob("*.json")
    assert "Keller" not in record.read_text(encoding="utf-8")
    record.write_text('{"layouts": {"x": [1]}, "accounts": {"7": 5}}', encoding="utf-8")
    assert "import-unsure" in codes(run(empty, path, write=False))
