"""Ctrl-C at any moment, in real processes: one sentence, status 130, and nothing half done."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from kamxl.store import atomic
from kamxl.store.turns import NOTE
from kamxl.store.workspace import memory_of
from kamxl.workflow.outgoing.issue import issue
from tests.waiting import PATIENCE, until
from tests.workflow.making import answers_to, hashes, new_team

pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise there"),
]
CARDS = 60
TEAMS = ("Register.xlsx", "inbox")
SENTENCE = "kamxl: Interrupted; nothing is half done. Run it again to finish.\n"


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a portfolio, and more answers than are read in a moment."""
    root = tmp_path_factory.mktemp("interrupted") / "w"
    team = new_team(root)
    issue(root)
    order = team.order()
    card = team.filled(order, answers_to(order))
    team.put("first.xlsx", card)
    assert run(root, "consolidate").returncode == 0
    for n in range(CARDS):
        team.put(f"{n}.xlsx", card + bytes(n))
    return root


def command(root: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "kamxl", "-C", str(root), *words]


def run(root: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command(root, *words), capture_output=True, check=False)


# --- moments -------------------------------------------------------------------------------------


def at_work(root: Path, _: psutil.Process) -> bool:
    """It has its turn."""
    return (memory_of(root) / NOTE).exists()


def with_children(_: Path, process: psutil.Process) -> bool:
    """It has a process apart, which may just be starting."""
    return bool(process.children())


def reading(_: Path, process: psutil.Process) -> bool:
    """Its processes apart have worked for a while."""
    return any(sum(child.cpu_times()[:2]) > 0.5 for child in process.children())


def written(root: Path, _: psutil.Process) -> bool:
    """A first card of many is there."""
    return any((root / "outbox").rglob("*.xlsx"))


def writing(root: Path, _: psutil.Process) -> bool:
    """The portfolio is just being written, or was."""
    return any(root.glob(f"{atomic.TEMPORARY}*")) or any(root.glob("Portfolio*-*.*"))


MOMENTS = {
    "consolidate": (("consolidate",), [at_work, with_children, reading, writing]),
    "two workers": (("consolidate", "--workers", "2"), [with_children, reading]),
    "issue": (("issue",), [at_work, with_children, written]),
}
CASES = [
    pytest.param(words, moment, id=f"{name}, {moment.__name__}")
    for name, (words, moments) in MOMENTS.items()
    for moment in moments
]


def interrupted(
    root: Path, words: tuple[str, ...], moment: Callable[[Path, psutil.Process], bool]
) -> tuple[int, str, list[psutil.Process]]:
    """Its exit status, what it said, and all that it had started by then.

    As at a terminal, the whole group hears of it.
    """
    with subprocess.Popen(
        command(root, *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, env={**os.environ, "LC_ALL": "C", "LANGUAGE": ""},
    ) as process:  # fmt: skip
        seen = psutil.Process(process.pid)
        until(lambda: process.poll() is not None or _true(moment, root, seen))
        children = seen.children(recursive=True) if process.poll() is None else []
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
    return process.returncode, said, children


def _true(moment: Callable[[Path, psutil.Process], bool], root: Path, seen: psutil.Process) -> bool:
    try:
        return moment(root, seen)
    except psutil.Error:  # it ended
        return True


@pytest.mark.parametrize(("words", "moment"), CASES)
def test_nothing_is_half_done(answered: Path, tmp_path: Path, words, moment) -> None:
    root = tmp_path / "w"
    shutil.copytree(answered, root)
    if words == ("issue",):
        shutil.rmtree(root / "outbox")
    before, old = hashes(root, *TEAMS), hashes(root, "Portfolio.xlsx", "Portfolio.html")
    status, said, children = interrupted(root, words, moment)
    assert (status, said) in [(130, SENTENCE), (0, "")]
    until(lambda: not any(map(_lives, children)))
    assert hashes(root, *TEAMS) == before
    assert not (memory_of(root) / NOTE).exists()
    assert [path for path in root.rglob(f"{atomic.TEMPORARY}*") if path.is_file()] == []
    for path in root.rglob("*.xlsx"):
        with zipfile.ZipFile(path) as package:
            assert package.testzip() is None, path
    if moment in (at_work, with_children, reading):
        assert (status, hashes(root, *old)) == (130, old)
    again = run(root, *words)
    assert (again.returncode, again.stderr) == (0, b"")


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


ENDING = """
import atexit, os, signal, sys
from kamxl.__main__ import main
atexit.register(lambda: os.kill(os.getpid(), signal.SIGINT))
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(("words", "status"), [((), 0), (("publish",), 2)])
def test_what_is_done_stays_done_while_python_ends(words: tuple[str, ...], status: int) -> None:
    """Its exit status is what it said, though Ctrl-C comes after that."""
    undisturbed = subprocess.run(
        [sys.executable, "-m", "kamxl", *words], capture_output=True, check=False
    )
    ended = subprocess.run([sys.executable, "-c", ENDING, *words], capture_output=True, check=False)
    assert ended.returncode == undisturbed.returncode == status
    assert ended.stderr == undisturbed.stderr
