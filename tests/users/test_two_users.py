"""Two users in one shared folder: in turn, at once, and with what only one of them made."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from kamxl.store import atomic
from tests.users.conftest import Furnished
from tests.users.running import ADA, BO, STRANGER, TEAM, Place, User, ended, is_root
from tests.waiting import PATIENCE

pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif(not is_root(), reason="only root can be two users"),
]
SHARED = 0o2770
_HOLDS = """
import sys
from pathlib import Path
from kamxl.store.turns import one_at_a_time
with one_at_a_time(Path(sys.argv[1]), "issue"):
    print("mine", flush=True)
    sys.stdin.readline()
"""


def holding(house: Place, user: User, root: Path) -> subprocess.Popen[str]:
    """Somebody at work until she reads a line, or dies."""
    process = house.script(user, _HOLDS, root)
    assert process.stdout is not None
    assert process.stdout.readline() == "mine\n"
    return process


def rights(root: Path) -> dict[str, int]:
    return {
        path.relative_to(root).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in sorted(root.rglob("*"))
    }


@pytest.mark.parametrize("mode", [SHARED, 0o770])
def test_what_one_made_the_other_goes_on_with(house: Place, mode: int) -> None:
    """Begun by one, with or without a folder that hands its group on, whatever their umask."""
    ada, bo = User(ADA.uid, umask=0o077), BO
    root = house.folder(f"team-{mode:o}", ADA, mode, TEAM)
    house.done(ada, "init", root, "--sample", "--language", "en")
    house.done(bo, "-C", root, "issue")
    house.done(ada, "-C", root, "consolidate")
    house.done(bo, "-C", root, "key", "rotate")
    house.done(bo, "-C", root, "consolidate")
    house.done(ada, "-C", root, "issue", "--period", "2031")  # adds to the log that Bo began
    for name, bits in rights(root).items():
        own = bits & 0o070
        assert own == (0o070 if (root / name).is_dir() else 0o060), (name, oct(bits))
        assert (root / name).stat().st_gid == TEAM, name
    for name in ("workspace.json", "keys/0002.json"):
        assert (root / ".kamxl" / name).stat().st_mode & 0o007 == 0
    assert {path.stat().st_uid for path in root.rglob("*")} == {ADA.uid, BO.uid}
    told = json.loads(house.done(bo, "-C", root, "doctor", "--json", "--language", "en"))
    assert [look for look in told["looks"] if look["state"] == "blocked"] == []
    for command in ("issue", "consolidate"):
        said = house.refused(STRANGER, "-C", root, command, "--language", "en")
        assert f"uid {ADA.uid} can give it: chmod -R g+rwX {root}" in said
        assert f"in the group gid {TEAM}" in said
    assert "can give it" in house.done(STRANGER, "-C", root, "doctor", "--language", "en")


def test_both_at_once(house: Place, furnished: Furnished) -> None:
    root = furnished(ADA, SHARED, private=False)
    begun = [
        house.begun(user, "-C", root, *command.split())
        for command in ("consolidate --json", "issue", "consolidate --json")
        for user in (ADA, BO)
    ]
    results = [ended(process) for process in begun]
    assert [(status, err) for status, _, err in results] == [(0, "")] * len(begun)
    counted = [json.loads(out)["counts"] for _, out, _ in results if out[0] == "{"]
    # What comes after the first issuing finds its plans there, too.
    assert counted
    assert all(found["accepted"] == found["files"] >= 2 for found in counted), counted
    assert [path.name for path in root.glob("Portfolio*.xlsx")] == ["Portfolio.xlsx"]
    lines = (root / ".kamxl" / "issued" / "log").read_text().split("\n")
    assert len(lines) == len(set(lines))  # each card went out once
    assert not list(root.rglob(f"{atomic.TEMPORARY}*"))
    assert not list(root.rglob("turn*"))


def test_the_second_is_told_and_what_died_is_passed_over(
    house: Place, furnished: Furnished
) -> None:
    root = furnished(ADA, SHARED, private=False)
    process = holding(house, ADA, root)
    said = house.refused(BO, "-C", root, "issue", "--language", "en", patience=0)
    assert f"{ADA.name} on {os.uname().nodename} is at work in the folder “{root.name}”" in said
    assert "making scorecards" in said
    house.done(BO, "-C", root, "check", root / "Register.xlsx")  # who only reads does not wait
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    assert (root / ".kamxl" / "turn.json").exists()
    house.done(BO, "-C", root, "issue", patience=0)
    assert not list(root.rglob("turn*"))


def test_a_workspace_that_was_one_users_is_opened_by_one_command(
    house: Place, furnished: Furnished
) -> None:
    """Made by an earlier kamxl, or before the folder was shared: the owner is told what to type."""
    root = furnished(ADA, SHARED)
    said = house.refused(BO, "-C", root, "issue", "--language", "en")
    assert f"uid {ADA.uid} can give it: chmod -R g+rwX {root}" in said
    assert "in the group" not in said  # she is in it
    assert f"chmod -R g+rwX {root}" in house.done(BO, "-C", root, "doctor", "--language", "en")
    mend = "import os, sys; os.execvp('chmod', ['chmod', '-R', 'g+rwX', sys.argv[1]])"
    assert ended(house.script(ADA, mend, root))[0] == 0
    house.done(BO, "-C", root, "issue")
    house.done(BO, "-C", root, "consolidate")
    house.done(ADA, "-C", root, "issue")


def test_files_that_one_keeps_for_herself(house: Place, furnished: Furnished) -> None:
    """A key or a record that the other may not read is not called damaged, nor written anew."""
    root = furnished(ADA, SHARED, private=False)
    record = next((root / ".kamxl" / "issued").glob("*.json"))
    record.chmod(0o600)
    before = record.read_bytes()
    said = house.refused(BO, "-C", root, "issue", "--language", "en")
    assert f"uid {ADA.uid} can give it: chmod -R g+rwX {root}" in said
    assert record.read_bytes() == before
    assert record.stat().st_uid == ADA.uid
