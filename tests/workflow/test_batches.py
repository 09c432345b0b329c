"""Work given out in batches: in order, within bounds, and nothing of it lost."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import replace

import pytest

from kamxl import apart
from kamxl.store.inbox import Entry, entry_of
from kamxl.workflow.incoming import batches, looking
from kamxl.workflow.incoming.batches import Threads, given_out
from kamxl.workflow.incoming.intake import known_of
from kamxl.workflow.incoming.judge import Judged, Known
from tests.workflow.making import answers_to


def doubled(some: Sequence[int], by: int) -> list[int]:
    return [one * by for one in some]


class Now(Executor):
    """Does at once what it is given; how many were not asked for yet is counted."""

    def __init__(self, fails: BaseException | None = None) -> None:
        self.fails, self.out, self.most, self.cancelled = fails, 0, 0, 0

    def submit(self, work, /, *given, **_):
        self.out += 1
        self.most = max(self.most, self.out)
        executor = self

        class Told(Future):
            def result(self, timeout=None):
                executor.out -= 1
                if executor.fails is not None:
                    raise executor.fails
                return work(*given)

            def cancel(self):
                executor.cancelled += 1
                return True

        return Told()


def done(executor: Executor, pieces: Sequence[int], size=lambda _: 1) -> list[int]:
    each = batches.batches(pieces, size, executor)
    return [one for _, found in given_out(executor, doubled, 2, each, size) for one in found]


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 500])
def test_results_come_in_order(count: int) -> None:
    expected = [2 * n for n in range(count)]
    assert done(Now(), range(count)) == expected
    with Threads(3) as threads:
        assert done(threads, range(count)) == expected


@pytest.mark.parametrize("problem", [BrokenExecutor("gone"), None])
def test_what_a_worker_loses_is_done_here(problem: BaseException | None) -> None:
    if problem is None:
        with ThreadPoolExecutor(1) as closed:
            pass
        assert done(closed, range(40)) == [2 * n for n in range(40)]
    else:
        assert done(Now(problem), range(40)) == [2 * n for n in range(40)]


def test_what_is_out_at_a_time_is_bounded() -> None:
    many = Now()
    done(many, range(1_000))
    assert many.most == batches._AHEAD
    big = Now()
    done(big, range(40), lambda _: batches._AT_HAND // 2)
    assert big.most <= 3


def test_a_batch_is_no_larger_than_it_may_be() -> None:
    sizes = [10, 400_000, 400_000, 400_000, 3_000_000, 10, 10]
    found = list(batches.batches(range(7), sizes.__getitem__))
    assert found == [[0, 1, 2], [3], [4], [5, 6]]


def test_where_one_fails_the_others_are_not_waited_for() -> None:
    executor = Now(KeyError("ours"))
    with pytest.raises(KeyError):
        done(executor, range(200))
    assert executor.cancelled == batches._AHEAD - 1


# --- several files asked of at once --------------------------------------------------------------


@pytest.fixture
def cards(team) -> list[Entry]:
    """Answers of every kind, strange ones and others among them."""
    order = team.order()
    filled = team.filled(order, answers_to(order))
    other = team.filled(team.order("GAMMA"))
    data = {
        "a.xlsx": filled,
        "b.xlsx": other,
        "b-again.xlsx": other,
        "c.xlsm": filled,
        "d.ods": filled,
        "half.xlsx": filled[: len(filled) // 2],
        "register.xlsx": (team.root / "Register.xlsx").read_bytes(),
        "text.txt": b"words",
        "zip.xlsx": b"PK\x05\x06" + bytes(18),
    }
    return [entry_of(f"inbox/{name}", one, None) for name, one in data.items()]


def one_by_one(entries: Sequence[Entry], known: Known | None) -> list[looking.Found]:
    """As it was: each asked of alone."""
    return [found for entry in entries for found in looking.look(entry, known)]


@pytest.mark.proof
def test_asked_of_together_a_file_is_worth_what_it_is_worth_alone(team, cards) -> None:
    known = known_of(team.workspace)
    alone = one_by_one(cards, known)
    assert looking.look_all(cards, known) == alone
    assert list(looking.looked_into(cards, known)) == alone
    with Threads(2) as threads:
        assert list(looking.looked_into(cards, known, threads)) == alone
    assert all(entry.data is None for entry, _ in alone)


def test_small_workbooks_alone_are_asked_of_together(cards) -> None:
    plain = [entry.path for entry in cards if looking._is_plain(entry)]
    names = ["a.xlsx", "b.xlsx", "b-again.xlsx", "c.xlsm", "half.xlsx", "zip.xlsx"]
    small = [f"inbox/{name}" for name in names]
    assert set(plain) - {"inbox/register.xlsx"} == set(small)
    huge = replace(cards[0], data=b"PK" + bytes(looking._SMALL))
    assert not looking._is_plain(huge)
    assert not looking._is_plain(Entry("inbox/a.xlsx", reason="no-access"))


def ends(entries: list[Entry], known: Known | None) -> list[Judged | None]:
    os.abort()


def too_few(entries: list[Entry], known: Known | None) -> list[Judged | None]:
    return [looking._look_alone(entry, known) for entry in entries[1:]]


@pytest.mark.proof
@pytest.mark.parametrize("work", [ends, too_few])
def test_what_goes_wrong_together_costs_no_file_anything(team, cards, monkeypatch, work) -> None:
    known = known_of(team.workspace)
    alone = one_by_one(cards, known)
    monkeypatch.setattr(looking, "_look_together", work)
    assert looking.look_all(cards, known) == alone


@pytest.mark.proof
def test_one_question_for_many_cards(team, monkeypatch) -> None:
    """What makes two workers worth while: who asks has little to do."""
    order = team.order()
    card = team.filled(order, answers_to(order))
    entries = [entry_of(f"inbox/{n}.xlsx", card, None) for n in range(33)]
    asked = []
    real = apart.Sitting.call

    def counted(sitting, function, argument, *more):
        asked.append(function)
        return real(sitting, function, argument, *more)

    monkeypatch.setattr(apart.Sitting, "call", counted)
    found = list(looking.looked_into(entries, known_of(team.workspace)))
    assert len(found) == 33
    assert asked == [looking._look_together, looking._look_together, looking._look]


@pytest.mark.proof
def test_a_record_that_came_back_is_there_once(team, cards) -> None:
    """Ten thousand answers bring ten thousand records that are all there already."""
    known = known_of(team.workspace)
    ours = {id(order) for order in known.orders.values()}
    found = [judged.order for _, judged in looking.looked_into(cards, known) if judged.order]
    assert len(found) >= 4
    assert {id(order) for order in found} <= ours
