"""A place where normal users can run kamxl, and a small workspace that one of them has made."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.users.running import ADA, TEAM, Place, User, is_root, place

Furnished = Callable[..., Path]


@pytest.fixture(scope="session")
def house() -> Iterator[Place]:
    with place() as found:
        yield found


@pytest.fixture(scope="session")
def begun(house: Place) -> Path:
    """A workspace with invented accounts and two answers, made by Ada in a folder of her own."""
    root = house.folder("begun", ADA)
    house.done(ADA, "init", root, "--sample", "--language", "en")
    return root


@pytest.fixture
def furnished(house: Place, begun: Path, request: pytest.FixtureRequest) -> Furnished:
    """A copy of it, of hers or of a team's whose folder has this ``mode``.

    ``private``: as kamxl makes it where the folder is hers alone, and did everywhere once.
    """

    def made(owner: User = ADA, mode: int = 0o755, *, private: bool = True) -> Path:
        root = house.folder(request.node.name.translate(_PLAIN), owner, mode, TEAM)
        shutil.copytree(begun, root, dirs_exist_ok=True)
        root.chmod(mode)
        for path in root.rglob("*"):
            if is_root():
                os.chown(path, owner.uid, TEAM if mode & stat.S_IWGRP else owner.uid)
            if not private:
                path.chmod(_shared(path, mode))
        return root

    return made


_PLAIN = str.maketrans("[]", "--")


def _shared(path: Path, mode: int) -> int:
    """The rights of what kamxl makes in a folder that a team shares."""
    now = stat.S_IMODE(path.stat().st_mode)
    return now | 0o070 | (mode & stat.S_ISGID) if path.is_dir() else now | 0o060
