"""A workspace is made once, opened safely, and its paths hold on every system."""

import json
from datetime import date
from pathlib import Path

import pytest

from kamxl.errors import WorkspaceError
from kamxl.store import memory
from kamxl.store.paths import folded, is_reserved
from kamxl.store.workspace import Workspace

KEY = bytes(range(32))


def test_is_made_once_and_opened_again(tmp_path):
    made = Workspace.create(tmp_path, "ws-1", KEY)
    opened = Workspace.open(tmp_path)
    assert opened == made
    assert opened.key == KEY
    before = (tmp_path / ".kamxl" / "workspace.json").read_bytes()
    with pytest.raises(WorkspaceError, match="already"):
        Workspace.create(tmp_path, "ws-2", bytes(32))
    assert (tmp_path / ".kamxl" / "workspace.json").read_bytes() == before


def test_the_key_is_in_no_repr(tmp_path):
    made = Workspace.create(tmp_path, "ws-1", KEY)
    assert KEY.hex() not in repr(made)
    assert repr(KEY) not in repr(made)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"[" * 50_000,
        b'{"id": "ws", "layout": 1}',
        b'{"id": "ws", "layout": 1, "key": "zz"}',
        b'{"id": "ws", "layout": 1, "key": ""}',
        b'{"id": "../ws", "layout": 1, "key": "' + b"00" * 32 + b'"}',
        b'{"id": "ws", "layout": 99, "key": "' + b"00" * 32 + b'"}',
        b"\xff\xfe\x00",
    ],
)
def test_a_damaged_memory_is_one_sentence_with_what_to_do(tmp_path, content):
    (tmp_path / ".kamxl").mkdir()
    (tmp_path / ".kamxl" / "workspace.json").write_bytes(content)
    with pytest.raises(WorkspaceError) as caught:
        Workspace.open(tmp_path)
    assert caught.value.hint
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("where", ["", "nowhere"])
def test_no_workspace_says_what_to_do(tmp_path, where):
    with pytest.raises(WorkspaceError, match="kamxl init"):
        Workspace.open(tmp_path / where)


def test_cards_of_different_ids_have_different_paths(tmp_path):
    workspace = Workspace(tmp_path, "ws", KEY)
    keys = [
        ("A", "b", "c"),
        ("A", "b--c", "d"),
        ("A--b", "c", "d"),
        ("A", "b", "c--d"),
        ("con", "b", "c"),
        ("con.1", "b", "c"),
        ("nul.", "x", "y"),
        ("a-", "b", "c"),
        ("a.", "b.", "c."),
    ]
    paths = [workspace.card_path("2026", *key) for key in keys]
    assert len({folded(str(p)) for p in paths}) == len(keys)
    assert not any(is_reserved(p.name) for p in paths)
    assert paths[0].name == "A--b--c.xlsx"


def test_long_ids_in_a_long_folder_are_refused_with_what_to_do(tmp_path):
    longest = "a" * 32
    fits = Path("/" + "r" * (200 - len("//outbox/2026-Q1/.xlsx") - 32 * 3 - 4))
    card = Workspace(fits, "ws", KEY).card_path("2026-Q1", longest, longest, longest)
    assert len(str(card)) == 200
    with pytest.raises(WorkspaceError, match="shorter"):
        Workspace(Path(f"{fits}r"), "ws", KEY).card_path("2026-Q1", longest, longest, longest)


def test_a_plan_has_a_short_obvious_name_that_holds_everywhere(tmp_path):
    workspace = Workspace(tmp_path, "ws", KEY)
    assert workspace.plan_path("2026-H1", "ACME") == tmp_path / "plans" / "ACME--2026-H1.xlsx"
    keys = [
        ("2026-H1", "A--2025"),
        ("2025", "A"),
        ("2026", "con"),
        ("2026", "CON.A"),
        ("2026", "n."),
    ]
    paths = [workspace.plan_path(*key) for key in keys]
    assert len({folded(p.name) for p in paths}) == len(keys)
    assert not any(is_reserved(p.name) for p in paths)
    with pytest.raises(WorkspaceError, match="shorter"):
        Workspace(Path("/" + "r" * 170), "ws", KEY).plan_path("2026-H1", "a" * 32)


def test_reserved_names():
    assert all(map(is_reserved, ["CON", "nul.xlsx", "Com1", "a.", "b "]))
    assert not any(map(is_reserved, ["console", "con--a.xlsx", "a.b"]))


def test_records_are_written_once_and_damage_costs_only_itself(tmp_path, order):
    workspace = Workspace.create(tmp_path, "ws", KEY)
    digest = memory.remember(workspace, order)
    record = tmp_path / ".kamxl" / "issued" / f"{digest}.json"
    written = record.stat().st_mtime_ns
    assert memory.remember(workspace, order) == digest
    assert record.stat().st_mtime_ns == written
    assert memory.load(workspace).orders == {digest: order}

    (record.parent / f"{'0' * 32}.json").write_text(record.read_text())  # not what its name says
    (record.parent / f"{'1' * 32}.json").write_text('{"version": 1')
    (record.parent / f"{'2' * 32}.json").write_text("[" * 100_000)
    (record.parent / "notes.txt").write_text("not ours")
    found = memory.load(workspace)
    assert found.orders == {digest: order}
    assert found.damaged == tuple(f"{n * 32}.json" for n in "012")

    record.write_text(record.read_text().replace("Quality", "Price"))
    assert memory.load(workspace).orders == {}
    memory.remember(workspace, order)  # issuing again brings it back
    assert memory.load(workspace).orders == {digest: order}


def test_a_record_that_names_a_folder_is_no_record(tmp_path, order):
    workspace = Workspace.create(tmp_path, "ws", KEY)
    digest = memory.remember(workspace, order)
    record = tmp_path / ".kamxl" / "issued" / f"{digest}.json"
    data = json.loads(record.read_text())
    data["account"] = "../../x"
    record.write_text(json.dumps(data))
    assert memory.load(workspace).damaged == (record.name,)


def test_the_register_is_kept_once_per_content(tmp_path):
    workspace = Workspace.create(tmp_path, "ws", KEY)
    first = memory.keep_register(workspace, "2026", b"one")
    assert memory.keep_register(workspace, "2026", b"one") == first
    second = memory.keep_register(workspace, "2026", b"two")
    third = memory.keep_register(workspace, "2027", b"two")
    assert len({first, second, third}) == 3
    assert first.read_bytes() == b"one"
    assert first.parent.name == "2026"


# --- keys ----------------------------------------------------------------------------------------


def test_keys_are_only_added(tmp_path):
    made = Workspace.create(tmp_path, "ws-test", b"1" * 32)
    first = (made.memory / "workspace.json").read_bytes()
    made.rotate(b"2" * 32, date(2026, 5, 4)).rotate(b"3" * 32, date(2026, 6, 1))
    found = Workspace.open(tmp_path)
    assert found.key == b"3" * 32
    assert found.keys == (b"3" * 32, b"2" * 32, b"1" * 32)
    assert (made.memory / "workspace.json").read_bytes() == first
    assert "333" not in repr(found)
    record = json.loads((made.memory / "keys" / "0003.json").read_text())
    assert record["since"] == "2026-06-01"


def test_two_rotations_at_once_leave_one(tmp_path):
    made = Workspace.create(tmp_path, "ws-test", b"1" * 32)
    made.rotate(b"2" * 32, date(2026, 5, 4))
    with pytest.raises(WorkspaceError, match="just now"):
        made.rotate(b"4" * 32, date(2026, 5, 4))
    assert Workspace.open(tmp_path).key == b"2" * 32


def test_a_damaged_later_key_is_no_reason_to_sign_with_an_older_one(tmp_path):
    made = Workspace.create(tmp_path, "ws-test", b"1" * 32)
    made.rotate(b"2" * 32, date(2026, 5, 4))
    (made.memory / "keys" / "0002.json").write_text('{"key": "22"}')
    with pytest.raises(WorkspaceError, match=r"keys/0002\.json"):
        Workspace.open(tmp_path)
