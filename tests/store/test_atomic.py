"""An interrupted write leaves the old file or the new one, whole, and nothing beside it."""

import os
from datetime import date
from pathlib import Path

import pytest

from kamxl.store import atomic

DAY = date(2026, 5, 4)


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_writes_new_and_old_files_whole(tmp_path):
    target = tmp_path / "deep" / "Portfolio.xlsx"
    assert atomic.write(target, b"one") == target
    assert atomic.write(target, b"two" * 100_000) == target
    assert target.read_bytes() == b"two" * 100_000
    assert names(target.parent) == ["Portfolio.xlsx"]


@pytest.mark.parametrize("call", ["fsync", "replace", "open", "fdopen"])
@pytest.mark.parametrize("problem", [OSError(28, "No space left"), KeyboardInterrupt()])
def test_a_fault_at_any_step_leaves_the_old_file(tmp_path, monkeypatch, call, problem):
    target = tmp_path / "Portfolio.xlsx"
    target.write_bytes(b"old")

    def fails(*_: object, **__: object) -> None:
        raise problem

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fails)
        with pytest.raises(type(problem)) as caught:
            atomic.write(target, b"new", DAY)
    assert getattr(caught.value, "filename", str(target)) == str(target)  # not the temporary
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["Portfolio.xlsx"]


def test_a_killed_run_leaves_a_temporary_that_the_next_run_sweeps(tmp_path, monkeypatch):
    target = tmp_path / "Portfolio.xlsx"
    target.write_bytes(b"old")
    pid = os.fork() if hasattr(os, "fork") else pytest.skip("no fork on this system")
    if pid == 0:  # dies between writing and renaming, as if the power failed
        monkeypatch.setattr(os, "replace", lambda *_: os._exit(9))
        atomic.write(target, b"new")
    os.waitpid(pid, 0)
    assert target.read_bytes() == b"old"
    assert len(names(tmp_path)) == 2
    assert atomic.sweep(tmp_path) == 1
    assert names(tmp_path) == ["Portfolio.xlsx"]


def locked(monkeypatch, refusals):
    """os.replace refuses Portfolio.xlsx that many times, as Windows does while Excel holds it."""
    real, counted = os.replace, []

    def replace(source, target):
        if Path(target).name == "Portfolio.xlsx" and len(counted) < refusals:
            counted.append(1)
            raise PermissionError(13, "in use")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)


def test_waits_for_a_program_that_holds_the_file(tmp_path, monkeypatch):
    target = tmp_path / "Portfolio.xlsx"
    target.write_bytes(b"old")
    locked(monkeypatch, 3)
    monkeypatch.setattr(atomic, "_PAUSE", 0.001)
    assert atomic.write(target, b"new", DAY) == target
    assert target.read_bytes() == b"new"


def test_then_writes_a_dated_sibling(tmp_path, monkeypatch):
    target = tmp_path / "Portfolio.xlsx"
    target.write_bytes(b"old")
    locked(monkeypatch, 10**9)
    monkeypatch.setattr(atomic, "_PAUSE", 0.001)
    monkeypatch.setattr(atomic, "_RETRY_SECONDS", 0.01)
    first = atomic.write(target, b"new", DAY)
    second = atomic.write(target, b"newer", DAY)
    assert (first.name, second.name) == ("Portfolio-2026-05-04.xlsx", "Portfolio-2026-05-04-2.xlsx")
    assert target.read_bytes() == b"old"
    assert (first.read_bytes(), second.read_bytes()) == (b"new", b"newer")
    assert len(names(tmp_path)) == 3


def test_without_a_day_there_is_no_sibling(tmp_path, monkeypatch):
    target = tmp_path / "Portfolio.xlsx"
    target.write_bytes(b"old")
    locked(monkeypatch, 10**9)
    monkeypatch.setattr(atomic, "_RETRY_SECONDS", 0)
    with pytest.raises(PermissionError):
        atomic.write(target, b"new")
    assert names(tmp_path) == ["Portfolio.xlsx"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_private_files_are_private(tmp_path):
    target = atomic.write(tmp_path / "workspace.json", b"{}", mode=0o600)
    assert target.stat().st_mode & 0o777 == 0o600


# --- files that must not be there yet ------------------------------------------------------------


def test_create_writes_what_is_not_there(tmp_path):
    path = tmp_path / "new" / "plan.xlsx"
    assert atomic.create(path, b"one")
    assert path.read_bytes() == b"one"
    assert not atomic.create(path, b"two")
    assert path.read_bytes() == b"one"
    assert [p.name for p in path.parent.iterdir()] == ["plan.xlsx"]


def test_create_without_links_still_overwrites_nothing(tmp_path, monkeypatch):
    def no_links(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    test_create_writes_what_is_not_there(tmp_path)


def test_create_on_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    path = tmp_path / "plan.xlsx"
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space") as caught:
        atomic.create(path, b"one")
    assert caught.value.filename == str(path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_use_gets_one_dated_sibling(tmp_path, monkeypatch):
    """``again``: nobody writes into it, so the last of today is written over."""
    path, day = tmp_path / "page.html", date(2026, 5, 4)
    path.write_bytes(b"old")
    real = atomic._place

    def locked(target, data, mode):
        if target == path:
            raise PermissionError(13, "in use", str(target))
        real(target, data, mode)

    monkeypatch.setattr(atomic, "_place", locked)
    assert atomic.last_sibling(path, day) is None
    made = [atomic.write(path, data, day, again=True) for data in (b"1", b"2")]
    assert made == [tmp_path / "page-2026-05-04.html"] * 2
    assert made[0].read_bytes() == b"2"
    assert atomic.write(path, b"3", day).name == "page-2026-05-04-2.html"
    assert atomic.last_sibling(path, day).name == "page-2026-05-04-2.html"
    assert path.read_bytes() == b"old"
