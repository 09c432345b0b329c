"""Issuing: right states, right names, nothing twice, nothing changed that is not ours."""

import shutil
from dataclasses import replace

import pytest

from kamxl.commands.issue import words as issue_lines
from kamxl.errors import KamxlError, WorkspaceError
from kamxl.excel.reading.book import read
from kamxl.forms.tables.mark import find_marks
from kamxl.store import memory
from kamxl.wording.texts import texts
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.start.init import init
from tests.workflow.making import KEY, NOW, PERIOD, hashes, loaded, new_team, register


def states(result):
    return {(c.account, c.segment, c.respondent): c.state for c in result.issued}


def change(team, old, new):
    """Somebody retypes every cell of the register that holds ``old``."""
    path = team.root / "Register.xlsx"
    workbook = loaded(path)
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    found = [cell for cell in cells if cell.value == old]
    assert found
    for cell in found:
        cell.value = new
    workbook.save(path)


@pytest.mark.proof
def test_first_everything_is_new_then_unchanged(tmp_path):
    team = new_team(tmp_path / "w")
    before = hashes(team.root, "Register.xlsx")
    first = issue(team.root)
    assert first.period == PERIOD
    assert list(states(first).items()) == [
        (("ALPHA", "pumps", "c1"), "new"),
        (("ALPHA", "pumps", "c2"), "new"),
        (("ALPHA", "valves", "c1"), "new"),
        (("BETA", "pumps", "c1"), "new"),
        (("GAMMA", "pumps", "c1"), "new"),
    ]
    assert first.issued[0].path == "outbox/2026-H1/ALPHA--pumps--c1.xlsx"
    made = hashes(team.root, "outbox", ".kamxl")
    second = issue(team.root)
    assert set(states(second).values()) == {"unchanged"}
    assert hashes(team.root, "outbox", ".kamxl") == made
    assert hashes(team.root, "Register.xlsx") == before


@pytest.mark.proof
def test_the_same_input_gives_the_same_bytes_anywhere(tmp_path):
    teams = [new_team(tmp_path / name) for name in ("one", "two")]
    contents = []
    for team in teams:
        issue(team.root)
        contents.append({n: h.split()[0] for n, h in hashes(team.root, "outbox", ".kamxl").items()})
    assert contents[0] == contents[1]


@pytest.mark.proof
def test_each_card_carries_its_verified_mark_and_record(team):
    for card in issue(team.root).issued:
        ((mark, _, _),) = find_marks(read((team.root / card.path).read_bytes()))
        assert (mark.account, mark.segment, mark.respondent) == (
            card.account,
            card.segment,
            card.respondent,
        )
        record = memory.load(team.workspace).orders[mark.digest]
        assert record.key.plain == (card.account.casefold(), card.segment, card.respondent, PERIOD)


@pytest.mark.proof
def test_only_what_changed_changes(team):
    change(team, "Bo Muster", "Bo Neumann")
    changed = states(issue(team.root))
    assert changed.pop(("ALPHA", "pumps", "c2")) == "changed"
    assert set(changed.values()) == {"unchanged"}
    assert len(memory.load(team.workspace).orders) == 6  # the earlier record stays


def test_a_lost_or_touched_card_is_made_again(team):
    lost = team.root / "outbox/2026-H1/ALPHA--pumps--c1.xlsx"
    touched = team.root / "outbox/2026-H1/ALPHA--pumps--c2.xlsx"
    before = lost.read_bytes(), touched.read_bytes()
    lost.unlink()
    touched.write_bytes(b"somebody typed into it")
    again = states(issue(team.root))
    assert again["ALPHA", "pumps", "c1"] == "changed"
    assert again["ALPHA", "pumps", "c2"] == "changed"
    assert (lost.read_bytes(), touched.read_bytes()) == before


@pytest.mark.proof
def test_several_periods_side_by_side(team):
    before = hashes(team.root, "outbox")
    result = issue(team.root, period="2026-Q4")
    assert {c.state for c in result.issued} == {"new"}
    assert all(c.path.startswith("outbox/2026-Q4/") for c in result.issued)
    after = hashes(team.root, "outbox")
    assert {n: h for n, h in after.items() if "2026-H1" in n} == before
    kept = sorted(p.parent.name for p in (team.root / ".kamxl/periods").rglob("Register-*.xlsx"))
    assert kept == ["2026-H1", "2026-Q4"]


@pytest.mark.proof
def test_only_the_accounts_asked_for(tmp_path):
    team = new_team(tmp_path / "w")
    assert {c.account for c in issue(team.root, ["gamma"]).issued} == {"GAMMA"}
    with pytest.raises(KamxlError, match="DELTA"):
        issue(team.root, ["GAMMA", "DELTA"])
    with pytest.raises(KamxlError, match="soon"):
        issue(team.root, period="soon")


@pytest.mark.proof
def test_a_card_that_shows_a_mistake_waits_and_all_others_go_out_as_they_were(tmp_path):
    good, team = new_team(tmp_path / "good"), new_team(tmp_path / "w")
    change(team, "Ventile", "#REF!")
    issue(good.root)
    result = issue(team.root)
    (waiting,) = result.waiting
    assert (waiting.account, waiting.segment, waiting.respondent) == ("ALPHA", "valves", "c1")
    assert (waiting.path, waiting.mail) == (None, None)
    assert [(f.code, f.sheet, f.cell) for f in waiting.findings] == [
        ("number-error", "Segmente", "C8")
    ]
    assert len(result.issued) == 5
    for card in result.issued:
        if card.state != "skipped":
            assert (team.root / card.path).read_bytes() == (good.root / card.path).read_bytes()
            if (card.account, card.respondent) != ("ALPHA", "c1") and card.mail:  # hers lacks one
                assert (team.root / card.mail).read_bytes() == (good.root / card.mail).read_bytes()
    assert not list(team.root.rglob("ALPHA--valves--*"))
    assert result.attention
    assert result.nothing is None


@pytest.mark.proof
def test_a_wrong_address_costs_the_mail_and_not_the_card(tmp_path):
    team = new_team(tmp_path / "w")
    change(team, "bo@alpha.example", "bo at alpha")
    result = issue(team.root)
    cards = {(c.account, c.respondent): (c.state, c.mail) for c in result.issued}
    assert cards["ALPHA", "c2"] == ("new", None)
    assert cards["ALPHA", "c1"][1] is not None
    assert not result.waiting
    assert "email-bad" in {f.code for f in result.register}
    assert result.attention


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_where_nothing_goes_out_that_is_said_first_and_in_one_line(tmp_path, language):
    team = new_team(tmp_path / "w")
    change(team, "Muster AG", None)
    result = issue(team.root, language=language)
    assert [c.state for c in result.issued] == ["skipped"] * 5
    assert result.nothing is not None
    first, *others = issue_lines(result)
    assert texts(language).sentence(result.nothing) in first
    assert "Einstellungen!C7" in first
    assert sum("Einstellungen!C7" in line for line in others) == 1  # each cell to mend, once
    assert not list(team.root.glob("outbox/*/*.xlsx"))


@pytest.mark.proof
def test_where_a_part_goes_out_it_is_said_how_many_wait_for_which_cell(tmp_path):
    team = new_team(tmp_path / "w")
    change(team, "Ventile", "#REF!")
    change(team, "borel", "us")
    change(team, 900, "2,4 Mio. €")
    lines = issue_lines(issue(team.root, language="en"))
    at = next(n for n, line in enumerate(lines) if "wait" in line)
    assert lines[at].startswith("1 scorecard went out, 4 wait")
    shown = [line.split()[1] for line in lines[at + 1 : at + 5 : 2]]
    assert shown == ["Segmente!C8", "Mitbewerber!C7"]
    assert lines[at + 2].strip() == "holds back 1: ALPHA--valves--c1"
    rest = lines[at + 5 :]
    errors = [n for n, line in enumerate(rest) if line.startswith("  error")]
    assert ["Segmente!G7" in rest[n] for n in errors] == [True]  # said, and it holds nothing
    assert errors < [n for n, line in enumerate(rest) if line.startswith("  warning")]


def test_accounts_that_nobody_is_asked_of_are_nothing_that_went_out(tmp_path):
    made = register()
    asked = tuple(replace(contact, asked=False) for contact in made.contacts)
    result = issue(new_team(tmp_path / "w", replace(made, contacts=asked)).root)
    assert result.issued == ()
    assert result.nothing is not None
    assert result.nothing.code == "no-respondent"
    assert result.attention


def test_a_register_without_accounts_has_nothing_to_issue(tmp_path):
    made = register()
    empty = replace(made, accounts=(), segments=(), contacts=(), competitors=())
    result = issue(new_team(tmp_path / "w", empty).root)
    assert (result.issued, result.nothing, result.attention) == ((), None, False)


def test_a_contact_without_address_gets_a_card_and_a_warning(team):
    result = issue(team.root)
    assert "email-missing" in {f.code for f in result.register}
    assert (team.root / "outbox/2026-H1/BETA--pumps--c1.xlsx").exists()


@pytest.mark.parametrize("content", [None, b"", b"no workbook", b"PK\x03\x04"])
def test_a_register_that_cannot_be_read_is_one_sentence(team, content):
    path = team.root / "Register.xlsx"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WorkspaceError) as caught:
        issue(team.root)
    assert "Register.xlsx" in str(caught.value)
    assert caught.value.hint
    assert "\n" not in str(caught.value)


@pytest.mark.proof
def test_a_folder_that_is_too_deep_is_refused_before_anything_is_written(tmp_path):
    record = "/.kamxl/issued/" + "0" * 32 + ".json"  # the longest path here
    deep = tmp_path
    while len(str(deep)) < 100:
        deep = deep / "abcdefghi"
    root = deep / ("x" * (200 - len(record) - len(str(deep)) - 1))
    assert len(str(root) + record) == 200
    team = new_team(root)
    assert {c.state for c in issue(team.root, ["ALPHA"]).issued} == {"new"}
    longer = root.with_name(root.name + "x")
    shutil.copytree(root, longer)
    shutil.rmtree(longer / "outbox")
    before = hashes(longer, ".kamxl")
    with pytest.raises(WorkspaceError, match="200"):
        issue(longer, ["ALPHA"])
    assert not (longer / "outbox").exists()
    assert hashes(longer, ".kamxl") == before


@pytest.mark.proof
def test_an_interrupted_run_is_finished_by_the_next(tmp_path, monkeypatch):
    import os

    team = new_team(tmp_path / "w")
    real, left = os.replace, [5]

    def fails(source, target):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="space"):
        issue(team.root)
    monkeypatch.undo()
    result = issue(team.root)
    assert len(result.issued) == 5
    assert set(states(issue(team.root)).values()) == {"unchanged"}
    assert not list(team.root.rglob(".kamxl-tmp-*"))


@pytest.mark.proof
def test_init_never_overwrites(tmp_path):
    root = tmp_path / "w"
    made = init(root, "en", workspace_id="ws", key=KEY, now=NOW)
    assert made.created == ("Register.xlsx", "inbox", "outbox", "plans")
    before = hashes(root, "Register.xlsx", ".kamxl")
    with pytest.raises(WorkspaceError, match="already"):
        init(root, "en", with_sample=True, workspace_id="ws2", key=bytes(32), now=NOW)
    assert hashes(root, "Register.xlsx", ".kamxl") == before


def test_init_keeps_a_register_that_is_there(tmp_path):
    root = tmp_path / "w"
    root.mkdir()
    (root / "Register.xlsx").write_bytes(b"mine")
    made = init(root, "en", workspace_id="ws", key=KEY, now=NOW)
    assert made.kept == ("Register.xlsx",)
    assert (root / "Register.xlsx").read_bytes() == b"mine"


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_sample_can_be_issued(tmp_path, language, few_rows):
    init(tmp_path, language, with_sample=True, workspace_id="ws", key=KEY, now=NOW)
    result = issue(tmp_path)
    assert not any(c.state == "skipped" for c in result.issued)
    assert len({c.account for c in result.issued}) >= 12
