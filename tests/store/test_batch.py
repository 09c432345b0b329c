"""Many files at once: nothing is seen before it is on the disk, and records before all else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kamxl.store import atomic, batch
from kamxl.store.batch import Batch


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def filled(folder: Path, count: int) -> Batch:
    """A batch of so many cards, each with its record."""
    made = Batch()
    for number in range(count):
        made.put(folder / "out" / f"{number}.xlsx", b"card" * number)
        made.put(folder / "issued" / f"{number}.json", b"record", first=True)
    return made


@pytest.mark.parametrize("count", [1, 30])
def test_files_are_seen_once_all_are_on_the_disk_records_first(tmp_path, monkeypatch, count):
    seen = []
    for module, call in ((os, "replace"), (os, "fsync"), (batch, "_file_system_to_disk")):
        real = getattr(module, call)

        def watched(*args, _real=real, _call=call):
            path = Path(args[-1]) if _call == "replace" else None
            seen.append(path.parent.name if path else "disk")
            return _real(*args)

        monkeypatch.setattr(module, call, watched)
    made = filled(tmp_path, count)
    assert len(made) == 2 * count
    assert not [name for name in names(tmp_path) if atomic.TEMPORARY not in name]
    assert not seen
    assert made.place(lambda: seen.append("between")) == {}
    order = [one for place, one in enumerate(seen) if seen[place - 1 : place] != [one]]
    assert order == ["disk", "issued", "disk", "between", "out", "disk"]
    assert len(names(tmp_path)) == 2 * count
    assert not any(atomic.TEMPORARY in name for name in names(tmp_path))
    assert (tmp_path / "out" / f"{count - 1}.xlsx").read_bytes() == b"card" * (count - 1)
    assert len(made) == 0


@pytest.mark.parametrize("count", [2, 30])
@pytest.mark.parametrize("problem", [OSError(28, "No space left"), KeyboardInterrupt()])
@pytest.mark.parametrize("call", ["open", "fdopen", "fsync", "replace"])
def test_a_fault_leaves_no_card_without_its_record(tmp_path, monkeypatch, call, problem, count):
    real, calls = getattr(os, call), []
    monkeypatch.setattr(batch, "_file_system_to_disk", lambda _: False)

    def fails(*args, **options):
        calls.append(args)
        if len(calls) == count:
            raise problem
        return real(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fails)
        with pytest.raises(type(problem)) as caught, filled(tmp_path, count) as made:
            made.place()
    assert atomic.TEMPORARY not in str(getattr(caught.value, "filename", ""))
    left = names(tmp_path)
    assert not any(name.startswith("out") and atomic.TEMPORARY not in name for name in left)
    if call in ("fsync", "replace"):  # staged, and given up
        assert not any(atomic.TEMPORARY in name for name in left)


def test_one_that_cannot_be_placed_costs_no_other(tmp_path):
    (tmp_path / "b.xlsx").mkdir()
    made = Batch()
    for name in ("a", "b", "c"):
        made.put(tmp_path / f"{name}.xlsx", b"x")
    failed = made.place()
    assert [path.name for path in failed] == ["b.xlsx"]
    assert failed[tmp_path / "b.xlsx"].filename == str(tmp_path / "b.xlsx")
    assert names(tmp_path) == ["a.xlsx", "c.xlsx"]


def test_a_new_file_takes_nobodys_place(tmp_path):
    made = Batch()
    made.put(tmp_path / "plan.xlsx", b"ours", new=True)
    made.put(tmp_path / "other.xlsx", b"ours", new=True)
    (tmp_path / "plan.xlsx").write_bytes(b"hers")
    (failed,) = made.place().values()
    assert isinstance(failed, FileExistsError)
    assert (tmp_path / "plan.xlsx").read_bytes() == b"hers"
    assert names(tmp_path) == ["other.xlsx", "plan.xlsx"]


def test_left_with_an_exception_nothing_lies_about(tmp_path):
    with pytest.raises(RuntimeError), filled(tmp_path, 3):
        raise RuntimeError
    assert names(tmp_path) == []


def test_without_one_call_for_all_each_file_gets_to_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "_file_system_to_disk", lambda _: False)
    synced, real = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(handle) or real(handle))
    made = filled(tmp_path, 10)
    made.place()
    assert len(synced) == 20 + 2  # and both folders
