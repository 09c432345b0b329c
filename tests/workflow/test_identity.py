"""Identity is never thrown away: a folder that lost it refuses, and a backup brings it back."""

import json
import shutil
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kamxl.cli import main as cli
from kamxl.core.finding import Fate
from kamxl.errors import KamxlError
from kamxl.excel.reading.book import LIMITS, read
from kamxl.forms.register import book as register_form
from kamxl.store import backup as backups
from kamxl.store.workspace import Workspace, is_workspace
from kamxl.workflow.cards import mark_of
from kamxl.workflow.incoming.check import workspace_at
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.start.identity import above
from kamxl.workflow.start.init import init
from kamxl.workflow.start.key import backup, restore, rotate
from kamxl.workflow.start.register import read_register
from tests.workflow.making import (
    KEY,
    NOW,
    Team,
    drawn_register,
    edited,
    hashes,
    new_team,
    register,
)

NEW = bytes(range(100, 132))
SECRET = "ein Satz, den keiner errät"  # noqa: S105 of nobody
COMMANDS = [
    ["init"],
    ["issue"],
    ["remind"],
    ["thank"],
    ["consolidate"],
    ["check", "Register.xlsx"],
    ["key", "rotate"],
    ["key", "backup", "b.kamxl"],
]


@pytest.fixture(autouse=True)
def cheap(monkeypatch, few_rows):
    """The passphrase of a test is worth no half second, and its register no three."""
    monkeypatch.setattr(backups, "COST", backups._COSTS[0])
    monkeypatch.setenv("KAMXL_KEY_PASSPHRASE", SECRET)


def saved(team, name="backup.kamxl"):
    file = team.root.parent / name
    backup(team.root, file, SECRET, chance=bytes)
    return file


def everything(root):
    return remembered(root, "")


def remembered(root, *names):
    """What stands there; not when it was written."""
    found = hashes(root, *(names or (".kamxl",)))
    return {n: told.split()[0] for n, told in found.items() if "/periods/" not in n or names}


def without_memory(root):
    shutil.rmtree(root / ".kamxl")


def only(root, *names):
    without_memory(root)
    for path in root.iterdir():
        if path.name not in names:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def answered(root):
    team = Team(root)
    team.put("sub/answer.xlsx", team.filled(team.order()))
    only(root, "inbox")


def planned(root):
    team = Team(root)
    team.keep("moved/plan.xlsx", team.plan())
    only(root, "plans")


LOSSES = {
    "identity": lambda root: (root / ".kamxl" / "workspace.json").unlink(),
    "memory": without_memory,
    "all but the records": lambda root: (
        [
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            for path in root.rglob("*")
            if path.exists() and ".kamxl" not in path.parts[-3:] and path.name != ".kamxl"
        ]
        + [(root / ".kamxl" / "workspace.json").unlink()]
    ),
    "all but the register": lambda root: only(root, "Register.xlsx"),
    "all but the cards": lambda root: only(root, "outbox"),
    "all but an answer": answered,
    "all but a plan": planned,
}


@pytest.mark.proof
@pytest.mark.parametrize("loss", LOSSES)
def test_every_command_refuses_and_says_how_to_restore(team, loss, capsys, monkeypatch):
    LOSSES[loss](team.root)
    monkeypatch.chdir(team.root)
    before = everything(team.root)
    # each looks through the folder by itself: where that takes long, some stand for all
    for command in COMMANDS if loss in ("identity", "memory") else [["init"], ["issue"]]:
        if command[0] == "check" and not (
            Path("Register.xlsx").exists() and Path("inbox").exists()
        ):
            continue
        assert cli.main([*command, "--json"]) == 2, command
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1
        for word in ("lost its identity", "workspace.json", "key restore", "version history"):
            assert word in err, command
    assert everything(team.root) == before


@pytest.mark.proof
def test_a_copy_of_the_identity_that_a_client_renamed_shows_it_was_there(tmp_path):
    init(tmp_path / "w", "de", workspace_id="ws-a", key=KEY, now=NOW)
    memory = tmp_path / "w" / ".kamxl"
    (memory / "workspace.json").rename(memory / "workspace (conflict).json")
    (tmp_path / "w" / "Register.xlsx").unlink()
    with pytest.raises(KamxlError, match=r"workspace \(conflict\)\.json"):
        init(tmp_path / "w", "de", workspace_id="ws-b", key=NEW, now=NOW)


@pytest.mark.proof
@pytest.mark.parametrize("left", ["", ".kamxl/.kamxl-tmp-x-1-2", "inbox/notes.txt", "plans/x.xlsx"])
def test_what_was_never_one_becomes_one(tmp_path, left):
    """An empty folder, an interrupted init, folders of that name with something else in them."""
    if left:
        (tmp_path / left).parent.mkdir()
        (tmp_path / left).write_bytes(b"something else")
    init(tmp_path, "de", workspace_id="ws-a", key=KEY, now=NOW)
    assert Workspace.open(tmp_path).id == "ws-a"


@pytest.mark.proof
def test_an_interrupted_init_goes_on_with_the_identity_it_made(tmp_path):
    init(tmp_path, "de", workspace_id="ws-a", key=KEY, now=NOW)
    (tmp_path / "Register.xlsx").unlink()
    init(tmp_path, "de", workspace_id="ws-b", key=NEW, now=NOW)
    raw = read((tmp_path / "Register.xlsx").read_bytes(), LIMITS)
    assert [told for told, *_ in register_form.workspaces(raw)] == ["ws-a"]
    assert Workspace.open(tmp_path).key == KEY


@pytest.mark.proof
def test_a_register_that_does_not_say_is_kept(tmp_path):
    made = drawn_register(register())
    unmarked = edited(made, lambda book: [s.__setitem__("A1", None) for s in book.worksheets])
    (tmp_path / "Register.xlsx").write_bytes(unmarked)
    result = init(tmp_path, "de", workspace_id="ws-a", key=KEY, now=NOW)
    assert result.kept == ("Register.xlsx",)


def test_a_register_that_cannot_be_read_might_belong_to_one(tmp_path):
    (tmp_path / "Register.xlsx").write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(KamxlError, match="cannot be read"):
        init(tmp_path, "de", workspace_id="ws-a", key=KEY, now=NOW)
    assert not is_workspace(tmp_path)


def test_a_file_in_a_folder_that_lost_its_identity_is_not_taken_for_somebody_elses(team):
    card = next((team.root / "outbox").rglob("*.xlsx"))
    assert above(card) == team.root
    without_memory(team.root)
    assert above(card) == team.root


def test_a_register_or_an_answer_that_came_by_mail_makes_no_workspace_of_its_folder(team, tmp_path):
    """Both can be checked where they were saved; only a new identity is not made beside them."""
    folder = tmp_path / "Downloads"
    (folder / "cards").mkdir(parents=True)
    card = folder / "cards" / "card.xlsx"
    card.write_bytes(team.filled(team.order()))
    (folder / "Register.xlsx").write_bytes((team.root / "Register.xlsx").read_bytes())
    assert workspace_at(folder) is above(card) is None
    (folder / "Register.xlsx").unlink()
    (folder / "cards").rename(folder / "inbox")
    assert workspace_at(folder) is None
    with pytest.raises(KamxlError, match=r"inbox/card\.xlsx is a scorecard of"):
        init(folder, "de", workspace_id="ws-new", key=NEW, now=NOW)


@pytest.mark.proof
def test_somebody_elses_card_in_the_inbox_stops_no_restore(team):
    file = saved(team)
    mark = replace(mark_of(team.workspace, team.order()), workspace="ws-other")
    team.put("0.xlsx", team.filled(team.order(), mark=mark))
    only(team.root, "inbox")
    assert "workspace.json" in restore(team.root, file, SECRET).restored


def test_what_was_unpacked_within_a_workspace_is_not_one_by_itself(team):
    inner = team.root / "inbox" / "from a colleague"
    inner.mkdir()
    shutil.copy(team.root / "Register.xlsx", inner)
    (inner / "x.txt").write_text("x")
    assert above(inner / "x.txt") == team.root


# --- beginning anew on purpose -------------------------------------------------------------------


@pytest.mark.proof
def test_a_colleagues_register_as_a_pattern(team, tmp_path, capsys):
    """In place it is refused, with both ways said; from another name it makes a new identity."""
    folder = tmp_path / "new"
    folder.mkdir()
    shutil.copy(team.root / "Register.xlsx", folder / "Register.xlsx")
    assert cli.main(["-C", str(folder), "init"]) == 2
    told = capsys.readouterr().err
    assert "ws-test" in told
    assert "key restore" in told
    assert "init --from" in told
    assert [p.name for p in folder.iterdir()] == ["Register.xlsx"]

    pattern = folder / "Vorlage.xlsx"
    (folder / "Register.xlsx").rename(pattern)
    before = pattern.read_bytes()
    assert cli.main(["-C", str(folder), "init", "--from", str(pattern), "--json"]) == 0
    assert "Register.xlsx" in json.loads(capsys.readouterr().out)["created"]
    assert pattern.read_bytes() == before
    made = Workspace.open(folder)
    assert made.id != "ws-test"
    read_again = read_register(made).register
    assert read_again == read_register(team.workspace).register  # no finding, too
    assert {card.state for card in issue(folder, now=NOW).issued} == {"new"}


@pytest.mark.proof
def test_a_pattern_keeps_what_its_owner_added(team, tmp_path):
    def painted(book):
        book.worksheets[1]["Z9"] = "kamxl:register:accounts:ws-test, says a note"
        book.worksheets[1].column_dimensions["B"].width = 77

    pattern = tmp_path / "p.xlsx"
    pattern.write_bytes(edited((team.root / "Register.xlsx").read_bytes(), painted))
    init(tmp_path / "new", "de", workspace_id="ws-new", key=NEW, now=NOW, pattern=pattern)
    raw = read((tmp_path / "new" / "Register.xlsx").read_bytes(), LIMITS)
    assert [told for told, *_ in register_form.workspaces(raw)] == ["ws-new"]
    assert "ws-test, says a note" in raw.sheets[1].cells[9, 26].text


@pytest.mark.parametrize("wrong", ["nothing", "card", "text", "twice"])
def test_what_is_no_pattern(team, tmp_path, wrong):
    folder, pattern = tmp_path / "new", tmp_path / "p.xlsx"
    if wrong == "card":
        pattern.write_bytes(team.filled(team.order()))
    if wrong == "text":
        pattern.write_bytes(b"hello")
    if wrong == "twice":
        pattern.write_bytes((team.root / "Register.xlsx").read_bytes())
        folder = team.root
    before = everything(team.root)
    with pytest.raises(KamxlError):
        init(folder, "de", workspace_id="ws-new", key=NEW, now=NOW, pattern=pattern)
    assert not (tmp_path / "new").exists()
    assert everything(team.root) == before


@pytest.mark.proof
def test_a_register_of_another_workspace_is_read_and_said(team):
    held = register_form.book("de", register(), "ws-other", NOW)
    from kamxl.excel.writing.draw import build, render

    (team.root / "Register.xlsx").write_bytes(render(build(held)))
    result = issue(team.root, now=NOW)
    (found,) = [f for f in result.register if f.code == "register-foreign"]
    assert (found.value, found.cell) == ("ws-other", "A1")
    assert {card.state for card in result.issued} == {"unchanged"}
    assert not result.attention
    assert "register-foreign" in {f.code for f in consolidate(team.root, now=NOW).findings}


@pytest.mark.proof
def test_the_workspaces_own_register_says_nothing(team):
    told = {found.code for found in issue(team.root, now=NOW).register}
    assert "register-foreign" not in told


# --- keys that are lost --------------------------------------------------------------------------


def rotated(team, times=1):
    for number in range(times):
        rotate(team.root, bytes([number + 1]) * 32, now=NOW)


def refuses(root, *words):
    before = everything(root)
    for work in (
        lambda: issue(root, now=NOW),
        lambda: consolidate(root, now=NOW),
        lambda: rotate(root, NEW, now=NOW),
        lambda: backup(root, root.parent / "b", SECRET, chance=bytes),
    ):
        with pytest.raises(KamxlError) as told:
            work()
        for word in (*words, "key restore", "version history"):
            assert word in str(told.value)
    left = everything(root)
    periods = {name for name in left.keys() ^ before.keys() if "/periods/" not in name}
    assert not periods
    assert {n: left[n] for n in before} == before


@pytest.mark.parametrize("lost", [2, 3])
def test_a_lost_key_is_damage_and_never_a_step_back(team, lost):
    rotated(team, 2)
    (team.root / ".kamxl" / "keys" / f"000{lost}.json").unlink()
    refuses(team.root, f"lost key {lost}", f"keys/000{lost}.json")


def test_the_folder_of_keys_is_lost(team):
    rotated(team, 2)
    shutil.rmtree(team.root / ".kamxl" / "keys")
    refuses(team.root, "lost key 2")


@pytest.mark.proof
def test_the_newest_key_is_lost_and_only_a_record_names_it(team):
    """As where an earlier version rotated, which left no trace."""
    rotated(team)
    held = register()
    segments = tuple(replace(s, name=s.name + " neu") for s in held.segments)
    (team.root / "Register.xlsx").write_bytes(drawn_register(replace(held, segments=segments)))
    issue(team.root, now=NOW)
    shutil.rmtree(team.root / ".kamxl" / "rotated")
    assert {card.state for card in issue(team.root, now=NOW).issued} == {"unchanged"}
    (team.root / ".kamxl" / "keys" / "0002.json").unlink()
    refuses(team.root, "lost key 2")


def test_records_name_their_key(team):
    (record, *_) = (team.root / ".kamxl" / "issued").glob("*.json")
    told = json.loads(record.read_text())
    assert (told["key"], told["workspace"]) == (1, "ws-test")


@pytest.mark.proof
def test_records_of_an_earlier_version_name_none_and_go_on_working(team):
    answer = team.filled(team.order())
    for record in (team.root / ".kamxl" / "issued").glob("*.json"):
        told = json.loads(record.read_text())
        del told["key"], told["workspace"]
        record.write_text(json.dumps(told))
    rotated(team)
    shutil.rmtree(team.root / ".kamxl" / "rotated")
    before = hashes(team.root, ".kamxl")
    assert {card.state for card in issue(team.root, now=NOW).issued} == {"unchanged"}
    team.put("a.xlsx", answer)
    assert consolidate(team.root, now=NOW).files[0].fate is Fate.ACCEPTED
    assert {n: h for n, h in hashes(team.root, ".kamxl").items() if n in before} == before


def test_a_record_from_elsewhere_names_no_key_of_ours(team):
    (record, *_) = (team.root / ".kamxl" / "issued").glob("*.json")
    told = json.loads(record.read_text()) | {"workspace": "ws-other", "key": 7}
    (record.parent / f"{'a' * 32}.json").write_text(json.dumps(told))
    assert {card.state for card in issue(team.root, now=NOW).issued} == {"unchanged"}


# --- backup and restore --------------------------------------------------------------------------


@pytest.mark.proof
def test_back_from_nothing_but_the_backup(team):
    answer = team.filled(team.order())
    rotated(team)
    file, before = saved(team), remembered(team.root)
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    without_memory(team.root)
    result = restore(team.root, file, SECRET)
    assert result.keys == 2
    assert remembered(team.root) == before
    if sys.platform != "win32":
        for name in ("workspace.json", "keys/0002.json"):
            assert stat.S_IMODE((team.root / ".kamxl" / name).stat().st_mode) == 0o600
    team.put("a.xlsx", answer)
    assert consolidate(team.root, now=NOW).files[0].fate is Fate.ACCEPTED
    assert {card.state for card in issue(team.root, now=NOW).issued} == {"unchanged"}


@pytest.mark.proof
@pytest.mark.parametrize("lost", ["workspace.json", "keys/0002.json"])
def test_only_what_is_missing_is_written(team, lost):
    rotated(team)
    file, before = saved(team), everything(team.root)
    (team.root / ".kamxl" / lost).unlink()
    assert restore(team.root, file, SECRET).restored == (lost,)
    assert everything(team.root) == before
    assert restore(team.root, file, SECRET).restored == ()


@pytest.mark.proof
def test_the_commands_say_what_they_did_in_both_languages(team, tmp_path, capsys):
    file = tmp_path / "b.kamxl"
    start = ["-C", str(team.root), "key"]
    assert cli.main([*start, "backup", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"backup": str(file), "workspace": "ws-test", "keys": 1, "cards": 5}
    (team.root / ".kamxl" / "workspace.json").unlink()
    shutil.rmtree(team.root / ".kamxl" / "issued")
    assert cli.main([*start, "restore", str(file), "--language", "de"]) == 0
    said = capsys.readouterr().out
    assert "Wieder vorhanden: .kamxl/workspace.json, 5 Einträge" in said
    assert cli.main([*start, "restore", str(file), "--language", "en"]) == 0
    assert "nothing was changed" in capsys.readouterr().out
    assert cli.main([*start, "restore", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["restored"] == []
    assert SECRET not in said


@pytest.mark.proof
def test_init_says_that_there_should_be_a_backup(tmp_path, capsys):
    assert cli.main(["init", str(tmp_path / "a"), "--language", "en"]) == 0
    assert "kamxl key backup FILE" in capsys.readouterr().out
    assert cli.main(["init", str(tmp_path / "b"), "--language", "de", "--json"]) == 0
    assert "kamxl key backup" in json.loads(capsys.readouterr().out)["hint"]


def damaged(data, kind):
    head, _, rest = data.partition(b"\n")
    told = json.loads(head)
    if kind == "cost":  # 2**40: a terabyte
        told["cost"] = 2**40
    if kind == "no power":
        told["cost"] += 1
    changed = json.dumps(told).encode() + b"\n"
    whole = changed + rest[:-32]
    return {
        "empty": b"",
        "foreign": b"PK\x03\x04" + bytes(5000),
        "cut": data[:-10],
        "cut short": data[: len(head) + 20],
        "bit": data[:-40] + bytes([data[-40] ^ 1]) + data[-39:],
        "cost": whole + backups.hashlib.sha256(whole).digest(),
        "no power": whole + backups.hashlib.sha256(whole).digest(),
        "list": b"[]\n" + bytes(40),
        "deep": b"[" * 900 + b"\n" + bytes(40),
    }[kind]


@pytest.mark.proof
@pytest.mark.parametrize(
    "kind",
    ["empty", "foreign", "cut", "cut short", "bit", "cost", "no power", "list", "deep"],
)
def test_no_backup_or_a_damaged_one_writes_nothing(team, kind, capsys):
    file = saved(team)
    file.write_bytes(damaged(file.read_bytes(), kind))
    (team.root / ".kamxl" / "workspace.json").unlink()
    before = everything(team.root)
    assert cli.main(["-C", str(team.root), "key", "restore", str(file)]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "Nothing was changed" in told
    assert everything(team.root) == before


@pytest.mark.proof
def test_another_passphrase_opens_nothing(team, monkeypatch, capsys):
    file = saved(team)
    (team.root / ".kamxl" / "workspace.json").unlink()
    before = everything(team.root)
    monkeypatch.setenv("KAMXL_KEY_PASSPHRASE", SECRET.upper())
    assert cli.main(["-C", str(team.root), "key", "restore", str(file)]) == 2
    assert "passphrase does not open" in capsys.readouterr().err
    assert everything(team.root) == before


@pytest.mark.proof
def test_an_umlaut_typed_on_another_system_is_the_same(team):
    file = team.root.parent / "b"
    backup(team.root, file, "Schlüssel", chance=bytes)
    assert restore(team.root, file, "Schlu\u0308ssel").restored == ()


@pytest.mark.proof
def test_a_backup_that_names_other_files_is_none(team, tmp_path):
    """Made by somebody who knows the passphrase: still it writes nothing outside."""
    held = backups.collected(team.workspace)
    for name in ("../x.json", "issued/../../x", "/x", "demo", "keys/2.json", "issued/a/b/c"):
        lock = backups.Lock(bytes(16), bytes(12), backups.COST)
        data = backups.locked(held | {name: b"{}"}, SECRET, lock)
        (tmp_path / "b").write_bytes(data)
        with pytest.raises(KamxlError, match="damaged"):
            restore(team.root, tmp_path / "b", SECRET)


def other_team(tmp_path, key=NEW, workspace_id="ws-other"):
    root = tmp_path / "other"
    init(root, "de", workspace_id=workspace_id, key=key, now=NOW)
    return Team(root)


@pytest.mark.proof
@pytest.mark.parametrize("kept", ["all", "no identity", "register", "cards", "records"])
def test_a_folder_of_another_workspace_is_left_alone(team, tmp_path, kept):
    file = saved(other_team(tmp_path))
    if kept != "all":
        (team.root / ".kamxl" / "workspace.json").unlink()
    if kept in ("register", "cards"):
        only(team.root, {"register": "Register.xlsx", "cards": "outbox"}[kept])
    if kept == "records":
        for path in team.root.iterdir():
            if path.name != ".kamxl":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    before = everything(team.root)
    with pytest.raises(KamxlError, match="ws-other") as told:
        restore(team.root, file, SECRET)
    assert "Nothing was changed" in str(told.value)
    assert everything(team.root) == before


@pytest.mark.proof
@pytest.mark.parametrize("number", [1, 2])
def test_a_copy_that_went_its_own_way_is_another_identity(team, tmp_path, number):
    twin = other_team(tmp_path, workspace_id="ws-test", key=NEW if number == 1 else KEY)
    if number == 2:
        rotate(twin.root, NEW, now=NOW)
        rotated(team)
    file, before = saved(twin), everything(team.root)
    with pytest.raises(KamxlError, match="other keys"):
        restore(team.root, file, SECRET)
    assert everything(team.root) == before


@pytest.mark.proof
def test_a_backup_from_before_the_lost_key_is_not_enough(team):
    file = saved(team)
    rotated(team)
    (team.root / ".kamxl" / "keys" / "0002.json").unlink()
    with pytest.raises(KamxlError, match=r"not enough.*lost key 2.*later backup"):
        restore(team.root, file, SECRET)


@pytest.mark.proof
def test_a_damaged_key_is_put_aside_by_a_person(team):
    rotated(team)
    file = saved(team)
    key = team.root / ".kamxl" / "keys" / "0002.json"
    whole = key.read_bytes()
    key.write_bytes(b"{")
    with pytest.raises(KamxlError, match=r"0002\.json.*damaged.*Rename"):
        restore(team.root, file, SECRET)
    key.rename(key.with_suffix(".bad"))
    assert restore(team.root, file, SECRET).restored == ("keys/0002.json",)
    assert key.read_bytes() == whole


def test_nothing_is_overwritten_by_a_backup(team, tmp_path, capsys):
    taken = tmp_path / "b"
    taken.write_bytes(b"precious")
    assert cli.main(["-C", str(team.root), "key", "backup", str(taken)]) == 2
    assert "nothing was overwritten" in capsys.readouterr().err
    assert taken.read_bytes() == b"precious"
    nowhere = str(tmp_path / "nowhere" / "b")
    assert cli.main(["-C", str(team.root), "key", "backup", nowhere]) == 2
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.proof
def test_an_interrupted_restore_still_refuses_and_can_be_run_again(team, monkeypatch):
    rotated(team)
    file, before = saved(team), remembered(team.root)
    without_memory(team.root)
    real, done = backups.atomic.create, []

    def killed(path, data, **more):
        if len(done) == 4:
            raise KeyboardInterrupt
        done.append(path)
        return real(path, data, **more)

    monkeypatch.setattr(backups.atomic, "create", killed)
    with pytest.raises(KeyboardInterrupt):
        restore(team.root, file, SECRET)
    with pytest.raises(KamxlError, match="lost its identity"):
        issue(team.root, now=NOW)
    monkeypatch.setattr(backups.atomic, "create", real)
    restore(team.root, file, SECRET)
    assert remembered(team.root) == before


@pytest.mark.proof
def test_the_same_input_gives_the_same_backup(team, tmp_path):
    first, second = tmp_path / "1", tmp_path / "2"
    for file in (first, second):
        backup(team.root, file, SECRET, chance=bytes)
    assert first.read_bytes() == second.read_bytes()
    assert team.workspace.key.hex().encode() not in first.read_bytes()


@pytest.mark.proof
def test_what_was_sent_comes_back_too(team):
    sent = team.root / ".kamxl" / "sent" / f"{'a' * 32}-{'b' * 32}-001-sent.json"
    sent.parent.mkdir()
    sent.write_text("{}")
    file = saved(team)
    without_memory(team.root)
    restore(team.root, file, SECRET)
    assert sent.read_text() == "{}"


# --- the passphrase ------------------------------------------------------------------------------


class Terminal:
    def isatty(self):
        return True


def typing(monkeypatch, *words):
    monkeypatch.delenv("KAMXL_KEY_PASSPHRASE")
    told = iter(words)
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("kamxl.cli.screen.attended", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda _: next(told))


@pytest.mark.proof
def test_it_is_typed_twice_for_a_backup_and_once_to_restore(team, tmp_path, monkeypatch):
    file = tmp_path / "b"
    typing(monkeypatch, SECRET, SECRET, SECRET)
    assert cli.main(["-C", str(team.root), "key", "backup", str(file)]) == 0
    assert cli.main(["-C", str(team.root), "key", "restore", str(file)]) == 0


@pytest.mark.parametrize("words", [("one", "two"), ("", ""), ("  ", "  ")])
def test_two_different_ones_or_none_write_nothing(team, tmp_path, monkeypatch, words, capsys):
    typing(monkeypatch, *words)
    assert cli.main(["-C", str(team.root), "key", "backup", str(tmp_path / "b")]) == 2
    assert "assphrase" in capsys.readouterr().err
    assert not (tmp_path / "b").exists()


def test_without_a_terminal_it_comes_from_the_environment(team, tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("KAMXL_KEY_PASSPHRASE")
    monkeypatch.setattr("kamxl.cli.screen.attended", lambda: False)
    assert cli.main(["-C", str(team.root), "key", "backup", str(tmp_path / "b")]) == 2
    assert "KAMXL_KEY_PASSPHRASE" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["rotate", "x"], ["backup"], ["restore"], ["backup", "a", "b"]])
def test_what_makes_no_sense_is_said(team, words, capsys):
    assert cli.main(["-C", str(team.root), "key", *words]) == 2
    assert "--help" in capsys.readouterr().err
    assert len(team.workspace.keys) == 1


def test_two_at_once_make_one_identity(tmp_path):
    new_team(tmp_path / "w")
    memory = tmp_path / "w" / ".kamxl" / "workspace.json"
    before = memory.read_bytes()
    with pytest.raises(KamxlError, match="already"):
        Workspace.create(tmp_path / "w", "ws-b", NEW)
    assert memory.read_bytes() == before
