"""Two consolidations of one workspace, and one while files are still being copied in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from kamxl.core.finding import Fate
from kamxl.store import atomic, inbox
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.results import counts
from tests.waiting import PATIENCE
from tests.workflow.making import NOW, answers_to, codes, hashes

_RUN = """
import sys
from datetime import UTC, datetime
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.results import counts
from kamxl.store.turns import Manner, manner
import json
now = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
manner.set(Manner(patience=float(sys.argv[2])))
sys.stdin.readline()
result = consolidate(sys.argv[1], now=now)
print(json.dumps([counts(result.files), result.written]))
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def filled(team):
    """Answers of several respondents, some of them wrong."""
    for number, (account, segment) in enumerate(
        (("ALPHA", "pumps"), ("ALPHA", "valves"), ("BETA", "pumps"), ("GAMMA", "pumps"))
    ):
        team.put(f"{number}.xlsx", team.filled(team.order(account, segment)))
    team.put("empty.xlsx", b"")
    team.put("copy.xlsx", (team.root / "inbox" / "0.xlsx").read_bytes())
    return team


def started(root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _RUN, str(root), str(PATIENCE)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.proof
def test_two_runs_at_once_end_like_one(filled, tmp_path):
    alone = tmp_path / "alone"
    shutil.copytree(filled.root, alone)
    expected = consolidate(alone, now=NOW)
    before = hashes(filled.root, "inbox", "plans", "Register.xlsx", ".kamxl")
    runs = [started(filled.root) for _ in range(3)]
    results = []
    for run in runs:  # they wait, imported and ready, for the same moment
        run.stdin.write("go\n")
        run.stdin.flush()
    for run in runs:
        out, _ = run.communicate(timeout=PATIENCE)
        assert run.returncode == 0
        results.append(json.loads(out))
    assert results == [[counts(expected.files), "Portfolio.xlsx"]] * 3
    written = (filled.root / "Portfolio.xlsx").read_bytes()
    assert written == (alone / "Portfolio.xlsx").read_bytes()
    assert sorted(p.name for p in filled.root.glob("Portfolio*.xlsx")) == ["Portfolio.xlsx"]
    assert hashes(filled.root, "inbox", "plans", "Register.xlsx", ".kamxl") == before
    assert not list(filled.root.rglob(f"{atomic.TEMPORARY}*"))


@pytest.mark.proof
def test_two_runs_find_a_portfolio_to_set_aside(filled):
    (filled.root / "Portfolio.xlsx").write_bytes(b"somebody's own")
    runs = [started(filled.root) for _ in range(2)]
    for run in runs:
        run.stdin.write("go\n")
        run.stdin.flush()
    assert [run.communicate(timeout=PATIENCE) and run.returncode for run in runs] == [0, 0]
    kept = [p for p in filled.root.glob("Portfolio-*.xlsx") if p.read_bytes() == b"somebody's own"]
    assert len(kept) == 1
    assert (filled.root / "Portfolio.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.proof
def test_a_run_while_files_are_copied_in(filled, inputs_may_change):
    """Whatever is caught half copied says so or is a finding; the run after it has all."""
    card = filled.filled(
        filled.order("ALPHA", "valves"),
        answers_to(filled.order("ALPHA", "valves"), name="Somebody else"),
    )
    stop, copied = threading.Event(), []

    def copy_slowly() -> None:
        number = 0
        while not stop.is_set():
            with (filled.root / "inbox" / f"slow-{number}.xlsx").open("wb") as file:
                for begin in range(0, len(card), 3_000):
                    file.write(card[begin : begin + 3_000])
                    file.flush()
                    time.sleep(0.01)
            copied.append(number)
            number += 1
            time.sleep(0.02)

    copying = threading.Thread(target=copy_slowly)
    copying.start()
    results = []
    try:
        while len(results) < 4 or len(copied) < 2:
            results.append(consolidate(filled.root, now=NOW))
    finally:
        stop.set()
        copying.join()
    for result in results:
        by = counts(result.files)
        assert sum(number for fate, number in by.items() if fate != "files") == by["files"]
        assert max(Counter(file.path for file in result.files).values()) == 1
        read = [f for f in result.files if f.fate is Fate.ACCEPTED and "slow" in f.path]
        assert len(read) <= 1  # all of them are the same bytes
    final = consolidate(filled.root, now=NOW)
    slow = [file for file in final.files if "slow" in file.path]
    assert len(slow) == len(list((filled.root / "inbox").glob("slow-*")))
    assert sorted({file.fate for file in slow}) == [Fate.ACCEPTED, Fate.IGNORED]
    assert [file.fate for file in slow].count(Fate.ACCEPTED) == 1


@pytest.mark.proof
def test_a_file_that_changes_after_it_was_read(filled, monkeypatch, inputs_may_change):
    """Its first half may even read well: it is not used until it stands still."""
    path = filled.root / "inbox" / "0.xlsx"
    real = looking.looked_into

    def then_it_grows(*args):
        yield from real(*args)
        with path.open("ab") as file:
            file.write(b"more")

    monkeypatch.setattr(looking, "looked_into", then_it_grows)
    files = {file.path: file for file in consolidate(filled.root, now=NOW).files}
    grown, copy = files["inbox/0.xlsx"], files["inbox/copy.xlsx"]
    assert (codes(grown), grown.fate) == ({"still-changing"}, Fate.ATTENTION)
    assert copy.fate is Fate.ACCEPTED  # the same bytes elsewhere are not lost with it


def test_a_file_that_is_gone_when_its_turn_comes(filled):
    listed = inbox.listing(filled.workspace.inbox)
    (filled.root / "inbox" / "0.xlsx").unlink()
    found = {e.path: e for e in inbox.walk(filled.workspace.inbox, filled.root, 10**7, listed)}
    assert found["inbox/0.xlsx"].reason == "still-changing"
    assert len(found) == len(listed)


def test_a_sweep_leaves_what_somebody_is_writing(tmp_path):
    mine = atomic.temporary(tmp_path / "Portfolio.xlsx")
    dead = mine.with_name(mine.name.replace(f"-{os.getpid()}-", "-999999999-"))
    fresh = tmp_path / f"{atomic.TEMPORARY}0123abcd-{os.getpid()}-1"  # another computer's
    old = tmp_path / f"{atomic.TEMPORARY}0123abcd-{os.getpid()}-2"
    before = tmp_path / f"{mine.name}7"  # of a process with the same number
    for path in (mine, dead, fresh, old, before):
        path.write_bytes(b"half")
    for path in (old, before):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    atomic.sweep(tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {mine.name, fresh.name}


def test_a_name_beside_is_never_taken_twice(tmp_path):
    target, today = tmp_path / "Portfolio.xlsx", NOW.date()
    taken = [atomic.write_beside(target, bytes([n]), today) for n in range(3)]
    assert [p.read_bytes() for p in taken] == [b"\0", b"\1", b"\2"]
    target.write_bytes(b"old")
    aside = atomic.move_aside(target, today)
    assert aside.read_bytes() == b"old"
    assert aside not in taken
    with pytest.raises(FileNotFoundError):
        atomic.move_aside(target, today)
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.proof
def test_a_run_that_touched_its_inputs_would_fail(filled, monkeypatch):
    """The watch that stands around every consolidation of the tests (tests/conftest.py)."""
    real = looking.looked_into

    def touches(*args):
        yield from real(*args)
        os.utime(filled.root / "inbox" / "0.xlsx")

    monkeypatch.setattr(looking, "looked_into", touches)
    with pytest.raises(AssertionError):
        consolidate(filled.root, now=NOW)
