"""What is kept aside: found again whole, or not at all; never an error, never anybody else's."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import platformdirs
import pytest

from kamxl.store import atomic, cache
from kamxl.store.cache import OFF, VARIABLE, Cache

SECRET = bytes(range(32))


def kept(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def folder() -> Path:
    found = cache.place()
    assert found is not None
    return found


def test_the_tests_keep_away_from_the_cache_of_whoever_runs_them(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert folder.is_relative_to(tmp_path_factory.getbasetemp())
    assert not folder.exists()


def test_it_stands_where_the_system_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)
    own = cache.place()
    assert own is not None
    assert own.is_relative_to(platformdirs.user_cache_dir("kamxl", appauthor=False))


@pytest.mark.parametrize("said", [OFF, "OFF", " off "])
def test_who_wants_none_has_none(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv(VARIABLE, said)
    assert cache.place() is None
    own = Cache(SECRET)
    own.keep(own.name("a"), b"b")
    assert own.find(own.name("a")) is None


def test_what_is_kept_is_found_and_nobody_else_may_look(folder: Path) -> None:
    own = Cache(SECRET)
    name = own.name("file", b"bytes")
    assert own.find(name) is None
    own.keep(name, b"worth")
    assert own.find(name) == b"worth"
    assert Cache(SECRET).find(name) == b"worth"
    if os.name == "posix":
        (path,) = kept(folder)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert {stat.S_IMODE(one.stat().st_mode) for one in (path.parent, folder)} == {0o700}


def test_a_name_says_all_that_it_is_made_of() -> None:
    own = Cache(SECRET)
    names = [own.name(*parts) for parts in (("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""))]
    assert len(set(names)) == 4
    assert Cache(b"another").name("abc") not in names


def test_whatever_was_done_to_an_entry_it_is_none_any_more(folder: Path) -> None:
    own = Cache(SECRET)
    name = own.name("x")
    own.keep(name, b"what it was worth")
    (path,) = kept(folder)
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert own.find(name) is None, place
        path.write_bytes(whole[:place])
        assert own.find(name) is None, place
    path.write_bytes(whole + b"x")
    assert own.find(name) is None
    path.write_bytes(whole)
    assert own.find(name) == b"what it was worth"


def test_an_entry_of_another_workspace_or_under_another_name_is_none(folder: Path) -> None:
    own, other = Cache(SECRET), Cache(b"another")
    first, second = own.name("1"), own.name("2")
    own.keep(first, b"worth")
    assert other.find(first) is None
    (path,) = kept(folder)
    moved = folder / second[:2] / second[2:]
    moved.parent.mkdir(exist_ok=True)
    path.replace(moved)
    assert own.find(second) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes")
def test_what_lies_in_the_place_of_an_entry_keeps_nobody_waiting(folder: Path) -> None:
    own = Cache(SECRET)
    name = own.name("pipe")
    (folder / name[:2]).mkdir(parents=True)
    os.mkfifo(folder / name[:2] / name[2:])
    assert own.find(name) is None
    own.keep(name, b"worth")
    assert own.find(name) == b"worth"


def test_where_nothing_can_be_kept_nobody_complains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"x")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file"))
    own = Cache(SECRET)
    own.keep(own.name("a"), b"b")
    own.tidy()
    assert own.find(own.name("a")) is None
    with pytest.raises(OSError, match=r"."):
        cache.try_out(tmp_path / "file" / "entries")


def test_trying_leaves_nothing_behind(folder: Path) -> None:
    cache.try_out(folder)
    assert not folder.parent.exists()
    own = Cache(SECRET)
    own.keep(own.name("a"), b"b")
    cache.try_out(folder)
    assert own.find(own.name("a")) == b"b"
    assert len(kept(folder)) == 1


def test_a_full_disk_leaves_nothing_half(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = Cache(SECRET)
    own.keep(own.name("first"), b"worth")

    def full(path: Path, data: bytes) -> None:
        path.write_bytes(data[:3])
        raise OSError(28, "no space")

    monkeypatch.setattr(cache, "_write", full)
    own.keep(own.name("first"), b"another")
    own.keep(own.name("second"), b"another")
    assert own.find(own.name("first")) == b"worth"
    assert len(kept(folder)) == 1


def test_the_oldest_go_and_what_was_asked_for_is_young(folder: Path) -> None:
    own = Cache(SECRET)
    names = [own.name(str(n)) for n in range(8)]
    for n, name in enumerate(names):
        own.keep(name, bytes(5000))
        path = folder / name[:2] / name[2:]
        os.utime(path, (1000 + n, 1000 + n))
    assert own.find(names[0]) is not None
    own.tidy(20_500)
    assert [n for n, name in enumerate(names) if own.find(name)] == [0, 5, 6, 7]
    assert cache.size_of(folder).entries == 4


def test_an_entry_that_is_far_too_large_is_not_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_LARGEST", 1000)
    own = Cache(SECRET)
    own.keep(own.name("a"), bytes(1000))
    assert kept(folder) == []


def test_all_of_it_is_deleted_and_nothing_of_anybody_elses(folder: Path) -> None:
    for secret in (SECRET, b"another"):
        own = Cache(secret)
        own.keep(own.name("a"), b"b")
    left = [folder.parent / "hers.txt", next(folder.iterdir()) / "notes.txt"]
    for path in left:
        path.write_bytes(b"mine")
    begun = next(folder.iterdir()) / f"{atomic.TEMPORARY}0-1-1"
    begun.write_bytes(b"half")
    cache.remove(folder)
    assert kept(folder.parent) == sorted(left)
    cache.remove(folder)
    cache.remove(folder.parent / "nowhere")


def test_many_may_keep_the_same_at_once(folder: Path) -> None:
    own = Cache(SECRET)
    name = own.name("a")
    found: list[bytes | None] = []

    def work() -> None:
        for _ in range(50):
            own.keep(name, b"worth" * 1000)
            found.append(own.find(name))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert set(found) == {b"worth" * 1000}
    assert len(kept(folder)) == 1
