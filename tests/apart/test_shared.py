"""What work in a process apart is to know travels once, and is not counted as the work's."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from kamxl import apart

SIZE = 180 * 1024 * 1024
SMALL = 20 * 1024 * 1024
SHORT = apart.Allowance(memory=100 * 1024 * 1024)


@dataclass
class Knowledge:
    """Something to know; it is sent as often as it is pickled."""

    words: str
    held: int = 0
    bulk: int = 0
    sent: int = 0

    def __reduce__(self) -> tuple[object, ...]:
        self.sent += 1
        return _Many, (self.words, self.bulk)


class _Many:
    def __init__(self, words: str, size: int) -> None:
        self.words, self.bulk = words, b"\xff" * size


def says(_: object, shared: object) -> tuple[int, list[str]]:
    parts = shared if isinstance(shared, tuple) else (shared,)
    return os.getpid(), [getattr(part, "words", "nothing") for part in parts]


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    apart.close()
    yield
    apart.close()


def test_each_part_of_what_is_shared_travels_once_though_the_others_change() -> None:
    known = Knowledge("known")
    one, other = Knowledge("one"), Knowledge("other")
    told = [
        apart.call(says, 0, shared)
        for shared in (known, (known, one), (known, one), None, (known, other), (known, one), known)
    ]
    assert len({pid for pid, _ in told}) == 1
    assert [words for _, words in told] == [
        ["known"], ["known", "one"], ["known", "one"], ["nothing"], ["known", "other"],
        ["known", "one"], ["known"],
    ]  # fmt: skip
    assert (known.sent, one.sent, other.sent) == (1, 2, 1)


def fills(size: int, _: object) -> int:
    return len(b"\xff" * size)


def test_a_process_that_knows_much_is_not_tired_of_it_nor_short_of_memory() -> None:
    known = Knowledge("known", held=SIZE, bulk=SIZE)
    first, second = apart.call(says, 0, known), apart.call(says, 0, known)
    assert first == second
    assert known.sent == 1
    assert apart.call(fills, SMALL, known, SHORT) == SMALL


@pytest.mark.skipif(sys.platform != "linux", reason="only there it fails at once")
def test_what_is_not_said_to_be_held_is_the_works() -> None:
    with pytest.raises(apart.Died) as died:
        apart.call(fills, SMALL, Knowledge("known", bulk=SIZE), SHORT)
    assert died.value.reason == "memory"
