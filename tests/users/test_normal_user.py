"""The whole loop as a normal user, and what she may not read or write: one sentence each."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from kamxl.store import atomic
from tests.users.conftest import Furnished
from tests.users.running import ADA, STRANGER, Place, is_root

pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes"),
]
_RIGHTS = 0o7777


def seen(root: Path) -> dict[str, str]:
    """Every file of a folder, by its path, with what is in it."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_the_whole_loop(house: Place, furnished: Furnished) -> None:
    root = furnished()
    house.done(ADA, "-C", root, "issue")
    assert json.loads(house.done(ADA, "-C", root, "consolidate", "--json"))["counts"]
    house.done(ADA, "-C", root, "remind")
    house.done(ADA, "-C", root, "thank")
    house.done(ADA, "-C", root, "check", *(root / "inbox").glob("*.xlsx"))
    told = json.loads(house.done(ADA, "-C", root, "doctor", "--json", "--language", "en"))
    blocked = [look for look in told["looks"] if look["state"] == "blocked"]
    assert blocked == []
    assert {path.stat().st_uid for path in root.rglob("*")} == {root.stat().st_uid}
    secret = root / ".kamxl" / "workspace.json"
    assert secret.stat().st_mode & _RIGHTS == 0o600  # a folder of hers alone
    assert not list(root.rglob(f"{atomic.TEMPORARY}*"))
    assert not (root / ".kamxl" / "turn.json").exists()


def test_what_she_may_not_read_among_the_answers(house: Place, furnished: Furnished) -> None:
    root = furnished()
    (closed, *_) = sorted((root / "inbox").glob("*.xlsx"))
    closed.chmod(0)
    (root / "inbox" / "shut").mkdir(mode=0)
    files = json.loads(house.done(ADA, "-C", root, "consolidate", "--json"))["files"]
    told = {file["path"]: [found["code"] for found in file["findings"]] for file in files}
    assert told[f"inbox/{closed.name}"] == ["no-access"]
    assert told["inbox/shut"] == ["no-access"]
    assert [file["status"] for file in files].count("accepted") == 1


CLOSED = {
    "root": ("", 0o555, "consolidate"),
    "outbox": ("outbox", 0o555, "issue"),
    "memory": (".kamxl", 0o555, "issue"),
    "hidden": (".kamxl", 0o000, "consolidate"),
    "identity": (".kamxl/workspace.json", 0o000, "issue"),
    "register": ("Register.xlsx", 0o000, "issue"),
}


@pytest.mark.parametrize("case", CLOSED)
def test_a_missing_right_is_one_sentence(house: Place, furnished: Furnished, case: str) -> None:
    """And nothing is half written: with the right back, it goes on as if nothing had been."""
    name, mode, command = CLOSED[case]
    root = furnished()
    shutil.rmtree(root / "outbox")
    (root / "outbox").mkdir()
    if is_root():
        os.chown(root / "outbox", ADA.uid, ADA.uid)
    before, path = seen(root), root / name
    rights = path.stat().st_mode & _RIGHTS
    path.chmod(mode)
    try:
        said = house.refused(ADA, "-C", root, command, "--language", "en")
    finally:
        path.chmod(rights)
    assert "chmod -R u+rwX" in said
    after = {name: what for name, what in seen(root).items() if name in before}
    assert after == before
    assert not list(root.rglob(f"{atomic.TEMPORARY}*"))
    assert not list(root.rglob("turn*"))
    house.done(ADA, "-C", root, command)


def test_what_only_reads_works_where_nothing_can_be_written(
    house: Place, furnished: Furnished
) -> None:
    root = furnished()
    folders = [root, *(path for path in root.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        house.done(ADA, "-C", root, "check", *(root / "inbox").glob("*.xlsx"))
        looks = json.loads(house.done(ADA, "-C", root, "doctor", "--json", "--language", "en"))
    finally:
        for folder in folders:
            folder.chmod(0o755)
    closed = [look for look in looks["looks"] if look["part"] == "write"]
    assert {look["state"] for look in closed} == {"blocked"}
    assert all("chmod -R u+rwX" in look["message"] for look in closed)


def test_no_workspace_in_a_read_only_folder(house: Place) -> None:
    folder = house.folder("read-only", ADA, 0o555)
    assert "chmod -R u+rwX" in house.refused(ADA, "init", folder / "w", "--language", "en")
    assert "chmod -R u+rwX" in house.refused(ADA, "-C", folder, "demo", "--language", "en")
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not is_root(), reason="only root can be two users")
def test_someone_elses_workspace_is_one_sentence(house: Place, furnished: Furnished) -> None:
    """Who owns it, and what she has to type."""
    root = furnished()
    for command in (["issue"], ["consolidate"], ["check", root / "Register.xlsx"]):
        said = house.refused(STRANGER, "-C", root, *command, "--language", "en")
        assert f"uid {ADA.uid} can give it: chmod -R g+rwX {root}" in said
        assert f"in the group gid {ADA.uid}" in said
    told = house.done(STRANGER, "-C", root, "doctor", "--language", "en")
    assert f"uid {ADA.uid} can give it" in told
