"""Beside each plan lies what came back since it was made; consolidating alone writes it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kamxl.cli.main import main as cli
from kamxl.core.finding import Fate
from kamxl.core.records.register import Wish
from kamxl.excel.reading.book import read as read_workbook
from kamxl.forms.plan import companion as form
from kamxl.store import atomic
from kamxl.workflow.incoming.check import check
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from tests.workflow.making import NOW, Team, answers_to, codes, focused, hashes, new_team, prepared

PLAN = "plans/ALPHA--2026-H1.xlsx"
BESIDE = "plans/ALPHA--2026-H1.answers.xlsx"
WISH = Wish("W1", "Ersatzteile kommen zu spät", "Lager in der Nähe", 90.0)


@pytest.fixture(autouse=True)
def small(in_this_process):
    with prepared(40):
        yield


@pytest.fixture(scope="module")
def planned_root(tmp_path_factory):
    root = tmp_path_factory.mktemp("planned") / "w"
    with prepared(40):
        new_team(root, focused("ALPHA"))
        issue(root, now=NOW)
    return root


@pytest.fixture
def team(planned_root, tmp_path) -> Team:
    import shutil

    shutil.copytree(planned_root, tmp_path / "w")
    return Team(tmp_path / "w")


def answer(team: Team, us: tuple[float, ...] = (80.0, 60.0, 40.0)) -> None:
    order = team.order()
    said = replace(answers_to(order, us=us), wishes=(WISH,))
    team.put("ALPHA.xlsx", team.filled(order, said))


def texts_in(path: Path) -> set[str]:
    book = read_workbook(path.read_bytes())
    return {cell.text for sheet in book.sheets for cell in sheet.cells.values()}


def test_it_is_written_beside_the_plan_which_stays(team: Team) -> None:
    answer(team)
    before = hashes(team.root, "plans", "inbox")
    result = consolidate(team.root, now=NOW)
    assert [(one.account, one.path, one.state) for one in result.companions] == [
        ("ALPHA", BESIDE, "new")
    ]
    after = hashes(team.root, "plans", "inbox")
    assert after.keys() - before.keys() == {BESIDE}
    assert {key: after[key] for key in before} == before
    assert WISH.issue in texts_in(team.root / BESIDE)


def test_once_more_changes_nothing_and_it_is_no_file_that_came_in(team: Team) -> None:
    answer(team)
    first = consolidate(team.root, now=NOW)
    before = hashes(team.root, "plans", "Portfolio.xlsx")
    (team.root / "plans" / "Kopie.xlsx").write_bytes((team.root / BESIDE).read_bytes())
    second = consolidate(team.root, now=NOW)
    assert [one.state for one in second.companions] == ["unchanged"]
    assert [file.path for file in second.files] == [file.path for file in first.files]
    (team.root / "plans" / "Kopie.xlsx").unlink()
    after = hashes(team.root, "plans", "Portfolio.xlsx")
    assert after[BESIDE] == before[BESIDE]
    answer(team, (80.0, 20.0, 40.0))
    third = consolidate(team.root, now=NOW)
    assert [one.state for one in third.companions] == ["changed"]
    assert hashes(team.root, "plans")[PLAN] == before[PLAN]


def test_it_is_called_as_the_plan_is(team: Team) -> None:
    moved = team.root / "plans" / "Nord" / "Alpha, mein Plan.xlsx"
    moved.parent.mkdir()
    (team.root / PLAN).rename(moved)
    (one,) = consolidate(team.root, now=NOW).companions
    assert one.path == "plans/Nord/Alpha, mein Plan.answers.xlsx"
    assert (team.root / one.path).is_file()


@pytest.mark.parametrize("held", [b"", b"my notes", b"PK\x03\x04 broken"])
def test_what_is_not_ours_is_never_replaced(team: Team, held: bytes) -> None:
    (team.root / BESIDE).write_bytes(held)
    result = consolidate(team.root, now=NOW)
    assert (team.root / BESIDE).read_bytes() == held
    dated = "plans/ALPHA--2026-H1.answers-2026-05-04.xlsx"
    assert [(one.path, one.state) for one in result.companions] == [(dated, "new")]
    assert "companion-beside" in {found.code for found in result.findings}
    again = consolidate(team.root, now=NOW + timedelta(days=1))
    assert [(one.path, one.state) for one in again.companions] == [(dated, "unchanged")]
    answer(team)
    later = consolidate(team.root, now=NOW + timedelta(days=2))
    assert [(one.path, one.state) for one in later.companions] == [(dated, "changed")]


def test_one_that_cannot_be_written_costs_itself_only(team: Team, monkeypatch) -> None:
    def refuse(path: Path, *_given: object, **_named: object) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(atomic, "create", refuse)
    result = consolidate(team.root, now=NOW)
    assert result.companions == ()
    (said,) = [found for found in result.findings if found.code == "companion-not-written"]
    assert said.value == BESIDE
    assert (team.root / "Portfolio.xlsx").is_file()
    assert (team.root / "Portfolio.html").is_file()


def test_one_in_the_inbox_or_of_another_workspace_is_left_alone(team: Team) -> None:
    consolidate(team.root, now=NOW)
    data = (team.root / BESIDE).read_bytes()
    team.put("Antworten.xlsx", data)
    from tests.workflow.test_plans_in import rewritten

    mark = form.marked(read_workbook(data))
    assert mark is not None
    said = f"kamxl:companion:ws-test:ALPHA:2026-H1:{mark.digest}"
    team.keep("fremd.answers.xlsx", rewritten(data, said, said.replace("ws-test", "ws-other")))
    files = {file.path: file for file in consolidate(team.root, now=NOW).files}
    for path in ("inbox/Antworten.xlsx", "plans/fremd.answers.xlsx"):
        assert (files[path].kind, files[path].fate) == ("companion", Fate.IGNORED)
        assert codes(files[path]) == {"wrong-folder"}
    assert BESIDE not in files


def test_without_its_plan_it_stays_and_a_check_knows_it(team: Team) -> None:
    consolidate(team.root, now=NOW)
    (team.root / PLAN).unlink()
    held = (team.root / BESIDE).read_bytes()
    assert consolidate(team.root, now=NOW).companions == ()
    assert (team.root / BESIDE).read_bytes() == held
    (file,) = check([team.root / BESIDE], team.root, now=NOW).files
    assert (file.kind, file.fate, file.account) == ("companion", Fate.ACCEPTED, "ALPHA")


def test_refresh_says_what_the_plan_lacks_and_writes_nothing(team: Team, capsys) -> None:
    answer(team)
    before = hashes(team.root, "")
    assert cli(["-C", str(team.root), "refresh", str(team.root / PLAN), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["kind"], said["account"], said["period"]) == ("companion", "ALPHA", "2026-H1")
    assert [(w["issue"], w["in_plan"]) for w in said["wishes"]] == [(WISH.issue, False)]
    assert {r["rating"] for r in said["requirements"]} == {80.0, 60.0, 40.0}
    assert {r["rating_in_plan"] for r in said["requirements"]} == {None}
    assert cli(["-C", str(team.root), "refresh", str(team.root / PLAN), "--strict"]) == 1
    assert "ein neuer Wunsch" in capsys.readouterr().out
    assert hashes(team.root, "") == before


@pytest.mark.parametrize("path", ["Register.xlsx", "plans/none.xlsx"])
def test_refresh_of_what_is_no_plan(team: Team, path: str, capsys) -> None:
    assert cli(["-C", str(team.root), "refresh", str(team.root / path)]) == 2
    assert Path(path).name in capsys.readouterr().err
