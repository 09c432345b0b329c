"""A card that somebody has open costs no other card anything, and is repaired by the next run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kamxl.store import atomic, memory
from kamxl.store.workspace import Workspace
from kamxl.workflow.outgoing import issue as issuing
from kamxl.workflow.outgoing.issue import issue
from tests.workflow.making import NOW, PERIOD, hashes, new_team
from tests.workflow.test_issue import states


@pytest.mark.proof
@pytest.mark.parametrize("ending", [".xlsx", ".eml"])
def test_whatever_comes_after_it_goes_out(tmp_path, monkeypatch, ending):
    team, alike = new_team(tmp_path / "w"), new_team(tmp_path / "alike")
    issue(alike.root, now=NOW)
    held = {"xlsx": "ALPHA--pumps--c1.xlsx", "eml": "ALPHA--c1.eml"}[ending[1:]]
    real = os.replace

    def replaced(source: Path, target: Path) -> None:
        if Path(target).name == held:
            raise PermissionError(13, "in use", str(source), None, str(target))
        real(source, target)

    monkeypatch.setattr(issuing, "_AT_ONCE", 1)  # each account gets to the disk by itself
    monkeypatch.setattr(atomic, "_RETRY_SECONDS", 0)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replaced)
        with pytest.raises(PermissionError) as caught:
            issue(team.root, now=NOW)
    outbox = team.root / "outbox" / PERIOD
    assert caught.value.filename == str(outbox / held)
    assert not [path for path in outbox.iterdir() if path.name.startswith(atomic.TEMPORARY)]
    wanted = hashes(alike.root, "outbox", ".kamxl/issued")
    there = hashes(team.root, "outbox", ".kamxl/issued")
    assert {name for name in wanted if name not in there} == {f"outbox/{PERIOD}/{held}"}
    assert len(memory.load(Workspace.open(team.root)).orders) == 5
    again = issue(team.root, now=NOW)
    assert states(again)["GAMMA", "pumps", "c1"] == "unchanged"
    assert hashes(team.root, "outbox").keys() == hashes(alike.root, "outbox").keys()
    assert [path.read_bytes() for path in sorted(outbox.iterdir())] == [
        path.read_bytes() for path in sorted((alike.root / "outbox" / PERIOD).iterdir())
    ]
