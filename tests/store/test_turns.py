"""Whose turn it is: who waits, for how long, and what nobody waits for."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kamxl.errors import MachineError, WorkspaceError
from kamxl.store import atomic, holder, turns
from kamxl.store.holder import Holder
from kamxl.store.turns import NOTE, Manner, is_of_turns, manner, one_at_a_time
from kamxl.wording.texts import texts
from tests.waiting import until

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
ELSEWHERE = Holder("t1", "jana", "PC7", "issue", NOW, "another computer", 4711, "12")
_HOLDS = """
import sys
from pathlib import Path
from kamxl.store.turns import one_at_a_time
with one_at_a_time(Path(sys.argv[1]), "issue"):
    print("mine", flush=True)
    sys.stdin.readline()
"""


@dataclass
class Waiting:
    """Somebody who waits: her clock goes on when she pauses, and then ``meanwhile`` happens."""

    meanwhile: Callable[[float], None] = lambda _: None
    passed: float = 0.0

    def clock(self) -> float:
        return 1000.0 + self.passed

    def pause(self, seconds: float) -> None:
        self.passed += seconds
        self.meanwhile(self.passed)


@contextmanager
def waiting(**how: object) -> Iterator[Waiting]:
    """Whoever takes a turn within it waits by a clock of ours."""
    one = Waiting()
    chosen = Manner(clock=one.clock, pause=one.pause, now=lambda: NOW, look=1.0)
    token = manner.set(replace(chosen, **how))  # type: ignore[arg-type]
    try:
        yield one
    finally:
        manner.reset(token)


def note_of(root: Path) -> Path:
    return root / ".kamxl" / NOTE


@pytest.fixture
def note(tmp_path: Path) -> Path:
    """Where the note of a folder stands that has a memory already."""
    (tmp_path / ".kamxl").mkdir()
    return note_of(tmp_path)


def held(tmp_path: Path) -> subprocess.Popen[str]:
    """A process that has the turn until it reads a line, or dies."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "mine\n"
    return process


def refused(root: Path) -> WorkspaceError:
    """Why the turn does not come."""
    with pytest.raises(WorkspaceError) as caught, one_at_a_time(root, "issue"):
        raise AssertionError
    return caught.value


def moment(language: str) -> str:
    """When the others began, as it is said."""
    return texts(language).manner.moment(NOW.astimezone())


def alive_here(what: str = "issue") -> Holder:
    """Somebody at work on this computer: the process that started this one."""
    parent = os.getppid()
    born = holder._born(parent) or ""
    return replace(Holder.here(what, NOW), token=f"of {parent}", process=parent, born=born)


# --- one after the other --------------------------------------------------------------------------


def test_the_second_comes_when_the_first_is_done(tmp_path: Path) -> None:
    order, inside = [], threading.Event()

    def second() -> None:
        inside.set()
        with one_at_a_time(tmp_path, "issue"):
            order.append("second")

    with one_at_a_time(tmp_path, "consolidate"):
        thread = threading.Thread(target=second)
        thread.start()
        inside.wait()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert list(tmp_path.iterdir()) == []  # and nothing is left of either


def test_another_process_is_waited_for(tmp_path: Path) -> None:
    process = held(tmp_path)
    assert process.stdin is not None
    with waiting() as one:
        one.meanwhile = lambda _: process.communicate("go\n") and None
        with one_at_a_time(tmp_path, "issue"):
            assert process.returncode == 0
    assert one.passed


def test_who_has_the_turn_may_take_it_again(tmp_path: Path) -> None:
    with one_at_a_time(tmp_path, "demo"):
        with one_at_a_time(tmp_path, "issue"):
            told = holder.told(note_of(tmp_path).read_bytes())
        assert told is not None
        assert told.what == "demo"
        assert note_of(tmp_path).exists()
    assert not note_of(tmp_path).exists()


def test_the_turn_ends_however_the_work_does(note: Path, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), one_at_a_time(tmp_path, "issue"):
        raise ZeroDivisionError
    assert not note.exists()


def test_a_computer_that_starts_no_thread_says_so_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def starts_none(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", starts_none)
    with pytest.raises(MachineError) as caught, one_at_a_time(tmp_path, "issue"):
        raise AssertionError
    assert caught.value.code == "no-threads"
    assert list(tmp_path.iterdir()) == []


# --- the second is told ---------------------------------------------------------------------------


def test_who_waits_in_vain_is_told_who_where_what_and_since_when(
    note: Path, tmp_path: Path
) -> None:
    other = alive_here("consolidate")
    note.write_bytes(other.written())
    with waiting() as one:
        caught = refused(tmp_path)
    assert one.passed == Manner().patience
    english, german = caught.said("en"), caught.said("de")
    assert english.startswith(f"{other.user} on {other.computer} is at work in the folder")
    assert f"consolidating, since {moment('en')}. Try it again" in english
    assert f"Antworten auswerten, seit {moment('de')}. Warten Sie" in german
    assert note.read_bytes() == other.written()


@pytest.mark.parametrize("since", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00", "x"])
@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows has one time zone for all")
def test_a_time_that_nobody_believes_is_not_said(
    note: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, since: str
) -> None:
    """East and west of Greenwich: some zone has no such time."""
    told = alive_here("consolidate").written()
    note.write_bytes(told.replace(NOW.isoformat().encode(), since.encode()))
    try:
        for zone in ("Asia/Tokyo", "America/Los_Angeles"):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            with waiting():
                assert "consolidating. Try it again" in refused(tmp_path).said("en")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_that_one_waits_is_said_once(note: Path, tmp_path: Path) -> None:
    note.write_bytes(alive_here().written())
    said: list[WorkspaceError] = []
    with waiting(tell=said.append) as one:
        one.meanwhile = lambda passed: note.unlink() if passed == 10 else None
        with one_at_a_time(tmp_path, "issue"):
            pass
    assert [problem.code for problem in said] == ["workspace-busy"]


def test_another_computer_shows_that_it_lives(note: Path, tmp_path: Path) -> None:
    """However long it takes: its note changes while one looks on."""

    def lives(passed: float) -> None:
        if passed % 20 == 0:
            note.write_bytes(replace(ELSEWHERE, beat=int(passed)).written())

    note.write_bytes(ELSEWHERE.written())
    with waiting(patience=90.0, silence=60.0) as one:
        one.meanwhile = lives
        assert "jana on PC7" in str(refused(tmp_path))
    assert one.passed == 90


def test_signs_of_life_are_given(note: Path, tmp_path: Path) -> None:
    with waiting(beat=0.01), one_at_a_time(tmp_path, "issue"):
        first = note.read_bytes()
        until(lambda: note.exists() and note.read_bytes() != first)
    assert not note.exists()


# --- what heals -----------------------------------------------------------------------------------


@pytest.mark.parametrize("since", ["1970-01-01T00:00:00+00:00", "2199-12-31T23:59:59+00:00", "x"])
def test_a_computer_that_died_is_passed_over(note: Path, tmp_path: Path, since: str) -> None:
    """By the clock of her who waits: what another's clock said is nothing to go by."""
    note.write_bytes(ELSEWHERE.written().replace(NOW.isoformat().encode(), since.encode()))
    with waiting(patience=10.0, silence=60.0) as one, one_at_a_time(tmp_path, "issue"):
        told = holder.told(note.read_bytes())
        assert told is not None
        assert told.process == os.getpid()
    assert one.passed == 60
    assert not note.exists()


def test_a_process_of_this_computer_that_died_is_passed_over_at_once(tmp_path: Path) -> None:
    process = held(tmp_path)
    process.kill()  # and nobody waits for it: to the system it is there still
    until(lambda: holder._born(process.pid) is None)
    with waiting() as one, one_at_a_time(tmp_path, "issue"):
        pass
    process.communicate()
    assert one.passed == 0


def test_another_process_with_its_number_is_not_it(note: Path, tmp_path: Path) -> None:
    note.write_bytes(replace(alive_here(), born="1").written())
    with waiting() as one, one_at_a_time(tmp_path, "issue"):
        pass
    assert one.passed == 0


def test_what_this_process_left_is_its_own(note: Path, tmp_path: Path) -> None:
    note.write_bytes(Holder.here("issue", NOW).written())
    with waiting() as one, one_at_a_time(tmp_path, "issue"):
        pass
    assert one.passed == 0


def _pipe(note: Path) -> None:
    os.mkfifo(note)


def _link(note: Path) -> None:
    (note.parent / "victim").write_bytes(b"stays")
    note.symlink_to(note.parent / "victim")


STRANGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda note: note.write_bytes(b""),
    "half": lambda note: note.write_bytes(ELSEWHERE.written()[:50]),
    "list": lambda note: note.write_bytes(b"[1, 2]"),
    "deep": lambda note: note.write_bytes(b"[" * 9_000),
    "number": lambda note: note.write_bytes(ELSEWHERE.written().replace(b"4711", b"-1")),
    "huge": lambda note: note.write_bytes(b"x" * 50_000_000),
    "folder": lambda note: note.mkdir(),
    "nowhere": lambda note: note.symlink_to(note.parent / "nothing"),
    "link": _link,
    "pipe": _pipe,
}


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.skipif(os.name == "nt", reason="links and pipes need rights on Windows, or are not")
def test_what_is_no_note_holds_nobody_up_for_long(note: Path, tmp_path: Path, kind: str) -> None:
    STRANGE[kind](note)
    with waiting(patience=10.0) as one, one_at_a_time(tmp_path, "issue"):
        assert holder.told(note.read_bytes()) is not None
    assert one.passed == Manner().silence
    assert {path.name for path in note.parent.iterdir()} <= {"victim"}
    assert kind != "link" or (note.parent / "victim").read_bytes() == b"stays"


@pytest.mark.parametrize("links", [True, False])
def test_two_who_wait_for_a_dead_one_do_not_both_begin(
    note: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    """The slower one finds the quicker one's note, and puts it back, whatever the file system."""

    def has_none(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    if not links:
        monkeypatch.setattr(Path, "hardlink_to", has_none)
    note.write_bytes(ELSEWHERE.written())
    seen = turns._look(note)
    assert seen is not None
    note.write_bytes(alive_here().written())
    turns._pass_over(note, seen)
    assert note.read_bytes() == alive_here().written()
    assert [path.name for path in note.parent.iterdir()] == [NOTE]


# --- shares and synced folders --------------------------------------------------------------------


def test_copies_that_a_sync_client_made_are_cleared_away(note: Path, tmp_path: Path) -> None:
    copies = (
        "turn-PC7.json", "turn (Janas in Konflikt stehende Kopie 2026-05-04).json",
        "turn.sync-conflict-20260504-093000-ABCDEFG.json", "turn (1).json",
    )  # fmt: skip
    for name in copies:
        (note.parent / name).write_bytes(ELSEWHERE.written())
    (note.parent / "workspace.json").write_bytes(b"kept")
    assert all(is_of_turns(note.parent / name) for name in (*copies, NOTE))
    with waiting() as one, one_at_a_time(tmp_path, "issue"):
        pass
    assert one.passed == 0
    assert [path.name for path in note.parent.iterdir()] == ["workspace.json"]


def test_a_note_that_came_late_is_left_to_its_writer(note: Path, tmp_path: Path) -> None:
    """The client brought another computer's over ours: both work, and neither takes it away."""
    with waiting(beat=0.01), one_at_a_time(tmp_path, "issue"):
        note.write_bytes(ELSEWHERE.written())
    assert note.read_bytes() == ELSEWHERE.written()


@pytest.mark.parametrize("there", [False, True])
def test_where_no_note_can_be_written_nobody_waits(
    note: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    """But somebody who is at work there is seen, and waited for."""

    def refuses(path: Path, *_: object, **__: object) -> bool:
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setattr(atomic, "create", refuses)
    if there:
        note.write_bytes(alive_here().written())
    with waiting() as one:
        one.meanwhile = lambda passed: note.unlink() if passed == 3 else None
        with one_at_a_time(tmp_path, "issue"):
            pass
    assert one.passed == (3 if there else 0)


def test_two_computers_of_one_name_are_two(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Holder.here("issue", NOW)
    assert here.is_here
    assert not replace(here, machine="0" * 16).is_here


def test_what_a_note_says_cannot_move_the_cursor() -> None:
    strange = replace(ELSEWHERE, user="jana\x1b[2J\u202eKLM\n" + "x" * 5_000)
    told = holder.told(strange.written())
    assert told is not None
    assert told.user.isprintable()
    assert len(told.user) < 300
