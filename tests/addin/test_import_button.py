"""The button Import: the export in front or one that is picked, questions in boxes, one answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from kamxl.excel.reading.book import read as read_workbook
from kamxl.forms.register import book as register_form
from tests.addin.pressing import Office
from tests.workflow.making import Team, hashes, prepared

BESIDE = "Register (Import).xlsx"
ROWS = (
    "Firma;Ansprechpartner;E-Mail privat;E-Mail Büro\r\nNeu GmbH;Nina Neu;a@n.example;b@n.example"
)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr("kamxl.apart.child.apart", True)
    with prepared(40):
        yield


@pytest.fixture
def export(team: Team) -> Path:
    path = team.root.parent / "export.csv"
    path.write_bytes(ROWS.encode("cp1252"))
    return path


def pressed(desk: Office, team: Team, file: Path | None, *answers: str) -> str | None:
    desk.open(team.root / "Register.xlsx")
    desk.excel.folders.append(None if file is None else str(file))
    desk.excel.answers.extend(answers)
    return desk.press("import", "de")


def test_a_picked_export_is_asked_about_and_its_register_opened(desk, team, export):
    before = hashes(team.root, "Register.xlsx")
    said = pressed(desk, team, export, "no", "yes", "yes")
    assert BESIDE in said
    assert desk.app.books.active.name == BESIDE
    assert hashes(team.root, "Register.xlsx") == before
    made = register_form.read(read_workbook((team.root / BESIDE).read_bytes()))
    nina = next(contact for contact in made.contacts if contact.name == "Nina Neu")
    assert (nina.account, nina.email) == ("NEU", "b@n.example")
    asked = [alert.prompt for alert in desk.excel.alerts]
    assert "E-Mail privat" in asked[0]
    assert "NEU (Neu GmbH)" in asked[2]


@pytest.mark.parametrize(
    ("file", "answers"),
    [(False, ()), (True, ("cancel",)), (True, ("no", "yes", "no"))],
    ids=["nothing picked", "cancelled", "not agreed"],
)
def test_without_consent_nothing_is_written(desk, team, export, file, answers):
    before = hashes(team.root, "")
    pressed(desk, team, export if file else None, *answers)
    assert hashes(team.root, "") == before


def test_the_export_in_front_is_offered_first(desk, team, export):
    desk.open(team.root / "Register.xlsx")
    book = desk.app.books.add()
    book.sheets[0].range("A1:B2").value = [["Firma", "Ort"], ["Neu GmbH", "Kiel"]]
    path = export.with_suffix(".xlsx")
    book.save(str(path))
    book.activate()
    desk.excel.answers.extend(["yes", "yes"])
    said = desk.press("import", "de")
    assert BESIDE in said
    assert path.name in desk.excel.alerts[0].prompt
