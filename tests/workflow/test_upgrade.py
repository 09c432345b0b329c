"""``kamxl upgrade``, and a workspace that an earlier version made.

``layout1.zip`` is such a workspace: register, cards, mails, a plan and an answer of layout 1, drawn
by the version before there were numbers (its register saved by another program, with two remarks).
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment

from kamxl.cli.main import main
from kamxl.commands.upgrade import as_json as upgrade_json
from kamxl.commands.upgrade import words as upgrade_lines
from kamxl.core.finding import Fate
from kamxl.errors import WorkspaceError
from kamxl.excel.reading.book import read as read_workbook
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind
from kamxl.forms.register import book as form
from kamxl.forms.register.carrying import _with_notes
from kamxl.forms.register.sheets import CONTACTS, DECISIONS, FORMS, LAYOUT, MARK, TEAM, mark_text
from kamxl.forms.tables.columns import Column, Kind
from kamxl.forms.tables.declared import Table
from kamxl.forms.tables.reading import read_tables
from kamxl.wording.texts import texts
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.writing import remind, thank
from kamxl.workflow.start.upgrade import upgrade
from tests.workflow.making import Team, hashes, new_team

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
NAME = "Register (neues Layout).xlsx"


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("layout1") / "w"
    with zipfile.ZipFile(Path(__file__).with_name("layout1.zip")) as packed:
        packed.extractall(root)
    return root


@pytest.fixture
def old(kept: Path, tmp_path: Path, few_rows: None) -> Team:
    """A workspace of layout 1."""
    shutil.copytree(kept, tmp_path / "w")
    for path in (tmp_path / "w").rglob("*.xlsx"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    return Team(tmp_path / "w")


def codes(findings) -> list[str]:
    return sorted(found.code for found in findings)


# --- an earlier workspace goes on ----------------------------------------------------------------


def test_a_workspace_of_layout_1_issues_reads_and_consolidates_without_a_new_finding(old: Team):
    cards = {n: digest for n, digest in hashes(old.root, "outbox").items() if "ALPHA" in n}
    cards = {name: digest for name, digest in cards.items() if name.endswith(".xlsx")}
    assert len(cards) == 3
    issued = issue(old.root, ["ALPHA"], now=NOW)
    # its cards are drawn as they look today, once; what they ask is what it was
    assert {change.name for card in issued.issued for change in card.changed} == {"layout"}
    assert codes(issued.register) == ["email-missing"]
    again = issue(old.root, ["ALPHA"], now=NOW)
    assert {card.state for card in again.issued} == {"unchanged"}
    read = consolidate(old.root, now=NOW)
    assert codes(read.findings) == ["email-missing"]
    assert {file.path: (file.fate, file.findings) for file in read.files} == {
        "inbox/antwort.xlsx": (Fate.ACCEPTED, ()),
        "plans/ALPHA--2026-H1.xlsx": (Fate.ACCEPTED, ()),
    }
    assert {mail.state for mail in remind(old.root).mails} == {"new"}
    assert {mail.state for mail in thank(old.root).mails} == {"new"}


# --- upgrade -------------------------------------------------------------------------------------

_ODD: Mapping[str, Mapping[str, object]] = {  # sheet, cell: what people type, right or wrong
    "Kunden": {
        "C8": "Latein",
        "D8": "TB",
        "H5": "Besuche", "H7": 12, "H8": "=1+2",  # a column of their own
        "G12": "ganz unten, ohne Kunde",
        "G2": "bitte bis Freitag!",  # beside the title
    },
    "Segmente": {"D7": "ca. 5 Mio.", "D8": 1_234.5, "I9": "=TODAY()"},
    "Ansprechpartner": {"D8": "bo at alpha", "B9": date(2026, 5, 1), "H10": True},
    "Anforderungen": {"F7": 0.85, "F8": "55,5 %"},
    "Einstellungen": {"C10": "bald", "C11": "Jana R.", "B60": "Farbe", "C60": "blau"},
    "Auswahl": {"D9": 31, "D11": "over a key", "D12": 400},
}  # fmt: skip


def typed_into(root: Path, changes: Mapping[str, Mapping[str, object]]) -> None:
    book = openpyxl.load_workbook(root / "Register.xlsx")
    for sheet, cells in changes.items():
        for cell, value in cells.items():
            book[sheet][cell] = value
            if cell == "F7":
                book[sheet][cell].number_format = "0%"
    book.create_sheet("Notizen")["B2"] = "meins"
    book.save(root / "Register.xlsx")


def typed_rows(raw: RawBook) -> dict[str, list[dict[str, tuple[object, ...]]]]:
    """What stands in the columns that people type into, row by row, as a reader takes it."""
    found = {}
    tables = read_tables(raw, FORMS, MARK)
    for table in tables.values():
        located, rows = table.located, []
        assert located is not None or table.form in (TEAM, DECISIONS)
        columns = [c.id for c in table.form.columns if c.kind is not Kind.LIVE]
        numbers = located.rows() if located and table.form.key != "settings" else ()
        for number in (n for n in numbers if n not in table.labels):
            cells = {key: located.cell(number, key) for key in columns}
            told = {
                key: (c.kind, c.text if c.number is None else c.number, c.number_format)
                if c.kind is RawKind.NUMBER
                else (c.kind, c.text)
                for key, c in cells.items()
                if c is not None and c.text
            }
            rows += [told] if told else []
        found[table.form.key] = rows
    return found


def raw_of(path: Path) -> RawBook:
    return read_workbook(path.read_bytes())


@pytest.mark.proof
def test_everything_typed_comes_along_right_or_wrong(old: Team):
    typed_into(old.root, _ODD)
    register, before = old.root / "Register.xlsx", hashes(old.root)
    made = upgrade(old.root, now=NOW)
    assert (made.layout, made.newest, made.path, made.language) == (1, LAYOUT, NAME, "de")
    now = hashes(old.root)
    assert {name: now[name] for name in before} == before  # nothing else was touched
    old_raw, new_raw = raw_of(register), raw_of(old.root / NAME)
    had, has = typed_rows(old_raw), typed_rows(new_raw)
    for later in ("team", "decisions"):
        assert has.pop(later) == had.pop(later) == []
    judged = has.pop("selection")
    assert judged[: len(had["selection"])] == had.pop("selection")
    for key, rows in had.items():
        assert has[key] == rows, key
    assert {cell.text for sheet in new_raw.sheets for cell in sheet.cells.values()} >= {
        "Besuche", "12", "ganz unten, ohne Kunde", "war 2024 bei uns im Werk", "mag keine Anrufe",
        "bald", "Jana R.", "31",
    }  # fmt: skip
    was, is_now = form.read(old_raw), form.read(new_raw)
    assert codes(is_now.findings) == codes(was.findings)
    assert is_now.settings == was.settings
    for name in ("accounts", "segments", "contacts", "requirements", "competitors", "held"):
        told, tells = getattr(was, name), getattr(is_now, name)
        assert [str(one)[:60] for one in tells] == [str(one)[:60] for one in told]
    assert is_now.selection_weights == was.selection_weights


@pytest.mark.proof
def test_what_does_not_come_along_is_said(old: Team):
    typed_into(old.root, _ODD)
    made = upgrade(old.root, now=NOW)
    assert made.own == ("Kunden: Besuche",)
    left = {(one.sheet, one.cell, one.value) for one in made.left}
    assert left == {
        ("Kunden", "G2", "bitte bis Freitag!"),
        ("Kunden", "H8", ""),  # never calculated
        ("Segmente", "I9", ""),
        ("Einstellungen", "B60", "Farbe"),
        ("Einstellungen", "C60", "blau"),
        ("Notizen", None, None),
    }
    assert made.attention
    for language in ("de", "en"):
        said = "\n".join(upgrade_lines(upgrade(old.root, language, now=NOW)))
        for word in ("Kunden!G2", "Notizen", "Kunden: Besuche", "Register.xlsx"):
            assert word in said
    told = upgrade_json(made)
    assert (told["layout"], told["newest"], told["path"]) == (1, LAYOUT, NAME)
    assert {"sheet": "Notizen", "cell": None, "value": None} in told["left"]
    assert told["rows"] == made.rows > 15


@pytest.mark.proof
def test_what_was_never_calculated_and_notes_are_said_and_nothing_of_ours(old: Team):
    book = openpyxl.load_workbook(old.root / "Register.xlsx")
    settings, contacts, segments = (
        book[n] for n in ("Einstellungen", "Ansprechpartner", "Segmente")
    )
    book.save(old.root / "Register.xlsx")
    clean = upgrade(old.root, now=NOW)
    assert (clean.left, clean.notes, clean.formulas) == ((), False, 0)
    assert not any(texts("de")("upgrade.notes") == line for line in upgrade_lines(clean))
    settings["C11"], settings["F9"], contacts["C7"] = "=1+1", "beiseite", '="Anna"&" Kern"'
    segments["D8"].comment = Comment("ruft montags an", "Team")
    book.save(old.root / "Register.xlsx")
    made = upgrade(old.root, now=NOW)
    assert {(one.sheet, one.cell, one.value) for one in made.left} == {
        ("Einstellungen", "C11", ""),
        ("Einstellungen", "F9", "beiseite"),
        ("Ansprechpartner", "C7", ""),
    }
    assert (made.notes, made.formulas, upgrade_json(made)["notes_left"]) == (True, 0, True)
    assert texts("de")("upgrade.notes") in upgrade_lines(made)


@pytest.mark.proof
def test_swapped_it_goes_on_as_before_and_has_the_new_columns(old: Team):
    upgrade(old.root, now=NOW)
    (old.root / "Register.xlsx").rename(old.root / "Register (alt).xlsx")
    (old.root / NAME).rename(old.root / "Register.xlsx")
    issued = issue(old.root, ["ALPHA"], now=NOW)
    assert {change.name for card in issued.issued for change in card.changed} == {"layout"}
    assert codes(issued.register) == ["email-missing"]
    raw = raw_of(old.root / "Register.xlsx")
    assert form.read(raw).layout == LAYOUT
    tables = read_tables(raw, FORMS, MARK)
    assert all(table.located is not None for table in tables.values())
    assert not upgrade(old.root, now=NOW).path


@pytest.mark.proof
def test_nothing_is_written_over_and_the_one_beside_is_said(old: Team):
    assert upgrade(old.root, now=NOW).path == NAME
    before = hashes(old.root)
    again = upgrade(old.root, now=NOW)
    assert again.path == "Register (neues Layout)-2026-05-04.xlsx"
    assert {k: v for k, v in hashes(old.root).items() if k in before} == before
    issued, read = issue(old.root, ["ALPHA"], now=NOW), consolidate(old.root, now=NOW)
    for found in (issued.register, read.findings):
        (told,) = [one for one in found if one.code == "register-upgraded"]
        assert told.value == again.path
        assert "Register.xlsx" in texts("de").sentence(told)


@pytest.mark.proof
def test_of_a_register_in_the_newest_layout_there_is_nothing_to_do(tmp_path: Path, capsys):
    team = new_team(tmp_path / "w")
    (team.root / NAME).write_bytes(b"left over after a swap")
    before = hashes(team.root)
    made = upgrade(team.root, now=NOW)
    assert (made.path, made.layout, made.attention) == (None, LAYOUT, False)
    assert hashes(team.root) == before
    assert "register-upgraded" not in codes(issue(team.root, now=NOW).register)
    assert main(["-C", str(team.root), "upgrade", "--json", "--strict"]) == 0
    assert json.loads(capsys.readouterr().out)["path"] is None
    assert main(["-C", str(team.root), "upgrade", "--language", "en"]) == 0
    assert "nothing to do" in capsys.readouterr().out


def newer(root: Path) -> None:
    """The register as a later kamxl would mark it."""
    book = openpyxl.load_workbook(root / "Register.xlsx")
    for sheet in book.worksheets:
        match = MARK.fullmatch(str(sheet["A1"].value))
        assert match is not None
        sheet["A1"] = mark_text(match[1], match[2], LAYOUT + 1)
    book.save(root / "Register.xlsx")


@pytest.mark.proof
def test_a_register_of_a_newer_kamxl_is_refused_and_says_what_to_do(tmp_path: Path):
    team = new_team(tmp_path / "w")
    newer(team.root)
    with pytest.raises(WorkspaceError, match="Update kamxl"):
        upgrade(team.root, now=NOW)
    issued = issue(team.root, now=NOW)
    assert {card.state for card in issued.issued} == {"skipped"}
    assert codes(issued.nothing and [issued.nothing]) == ["layout-newer"]


# --- columns that ended --------------------------------------------------------------------------


def test_what_an_ended_column_held_becomes_a_remark():
    ended = Table(
        "contacts",
        (
            Column("id", Kind.ID, 9),
            Column("function", Kind.TEXT, 9, until=1),
            Column("role", Kind.TEXT, 9, until=1),
            Column("remark", Kind.NOTE, 9),
        ),
        "register",
    )
    text = {key: RawCell(RawKind.TEXT, key.upper()) for key in ("function", "remark")}
    assert _with_notes(ended, text, "de")["remark"].text == "REMARK · Funktion: FUNCTION"
    del text["remark"]
    assert _with_notes(ended, text, "en")["remark"].text == "Function: FUNCTION"
    assert _with_notes(CONTACTS, text, "en") == text


@pytest.mark.proof
def test_the_new_columns_are_used_at_once(old: Team):
    """Typed into the upgraded register: another form of address, and who writes."""
    upgrade(old.root, now=NOW)
    (old.root / NAME).replace(old.root / "Register.xlsx")
    book = openpyxl.load_workbook(old.root / "Register.xlsx")
    people, team = book["Ansprechpartner"], book["Team"]
    people.cell(CONTACTS.first, CONTACTS.index("form")).value = "Frau"
    for key, value in (("id", "TB"), ("name", "Tilo Brandis"), ("email", "tilo@muster.example")):
        team.cell(TEAM.first, TEAM.index(key)).value = value
    book.save(old.root / "Register.xlsx")
    issued = issue(old.root, ["ALPHA"], now=NOW)
    assert codes(issued.register) == ["email-missing"]
    # its draft lay there, beside its card, as that version wrote it
    assert issued.issued[0].mail == "outbox/2026-H1/ALPHA--pumps--c1.eml"
    mail = (old.root / issued.issued[0].mail).read_text("utf-8", "replace")
    assert "From: Tilo Brandis <tilo@muster.example>" in mail
    assert "Sehr geehrte Frau Beispiel," in mail
