"""The log of issuing: what went out last, whatever happened to a line."""

import subprocess
import sys
from pathlib import Path

import pytest

from kamxl.store.issued_log import IssuedLog
from kamxl.store.workspace import Workspace

A, B, C = ("a" * 32, "b" * 32, "c" * 32)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def workspace(tmp_path):
    return Workspace.create(tmp_path / "w", "ws-test", bytes(range(32)))


def path_of(workspace):
    return workspace.memory / "issued" / "log"


def test_the_last_line_tells_the_newest(workspace):
    log = IssuedLog(workspace)
    assert (log.newest([A, B]), log.run) == (None, 1)
    log.put_out(A, [])
    log.put_out(B, [A])
    assert log.newest([A, B, C]) == B
    again = IssuedLog(workspace)
    assert (again.newest([A, B]), again.run) == (B, 2)
    again.put_out(A, [B])  # a card that returns to what it asked before
    assert IssuedLog(workspace).newest([A, B]) == A
    assert path_of(workspace).read_text() == f"1 {A}\n1 {B}\n2 {A}\n"


def test_what_did_not_change_adds_no_line(workspace):
    IssuedLog(workspace).put_out(A, [])
    before = path_of(workspace).read_bytes()
    IssuedLog(workspace).put_out(A, [A])
    IssuedLog(workspace).put_out(A, [])
    assert path_of(workspace).read_bytes() == before


@pytest.mark.parametrize(
    "torn", [f"1 {B}"[:-1], "1", "1 ", "\0\0\0", f"x {B}\n", f"1 {B.upper()}\n"]
)
def test_a_torn_line_is_none_and_costs_no_other(workspace, torn):
    IssuedLog(workspace).put_out(A, [])
    with path_of(workspace).open("a") as file:
        file.write(torn)
    log = IssuedLog(workspace)
    assert log.newest([A, B]) == A
    log.put_out(C, [A])
    found = IssuedLog(workspace)
    assert found.newest([A, B, C]) == C
    assert found.newest([A, B]) == A


def test_a_whole_line_without_its_end_counts(workspace):
    path_of(workspace).parent.mkdir(parents=True)
    path_of(workspace).write_text(f"1 {A}\r\n7 {B}")
    log = IssuedLog(workspace)
    assert (log.newest([A, B]), log.run) == (B, 8)
    log.put_out(A, [B])
    assert IssuedLog(workspace).newest([A, B]) == A


def test_a_log_that_cannot_be_read_tells_nothing(workspace):
    path_of(workspace).mkdir(parents=True)
    assert IssuedLog(workspace).newest([A]) is None
    with pytest.raises(OSError, match="log"):
        IssuedLog(workspace).put_out(A, [])


_RUN = """
import sys
from pathlib import Path
from kamxl.store.issued_log import IssuedLog
from kamxl.store.workspace import Workspace
log = IssuedLog(Workspace.open(Path(sys.argv[1])))
sys.stdin.readline()
for n in range(100):
    log.put_out(f"{sys.argv[2]}{n:031}", [])
"""


@pytest.mark.proof
def test_two_writers_lose_nothing(workspace):
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", _RUN, str(workspace.root), letter],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            text=True,
        )
        for letter in "def"
    ]
    for run in runs:
        run.stdin.write("\n")
        run.stdin.close()
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    lines = path_of(workspace).read_text().splitlines()
    digests = [line.split()[1] for line in lines]
    assert sorted(digests) == sorted(f"{letter}{n:031}" for letter in "def" for n in range(100))
    for letter in "def":  # each in its own order
        own = [d for d in digests if d[0] == letter]
        assert own == sorted(own)
