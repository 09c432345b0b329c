"""Files read by workers elsewhere: what they are sent, what they lack, and that none is lost."""

from __future__ import annotations

import pickle
import shutil
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from pathlib import Path

import pytest

from kamxl.errors import MachineError
from kamxl.store.cache import OFF, VARIABLE
from kamxl.workflow.incoming import elsewhere
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.incoming.elsewhere import Elsewhere, Parcel, look_away
from kamxl.workflow.incoming.intake import take_in
from tests.workflow.making import NOW, Team, answers_to

FILES = 9


@pytest.fixture(autouse=True)
def nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run gives every file out."""
    monkeypatch.setenv(VARIABLE, OFF)


@pytest.fixture
def answered(team: Team) -> Team:
    """Some answers, some of them strange."""
    order = team.order()
    card = team.filled(order, answers_to(order))
    for n in range(FILES - 3):
        team.put(f"{n}.xlsx", card + bytes(n))
    team.put("beta.xlsx", team.filled(team.order("BETA")))
    team.put("half.xlsx", card[:900])
    team.put("words.txt", b"words")
    return team


class Far(Executor):
    """Workers of which each forgets what it was told, as one does that has just begun.

    ``sent``: each parcel as it travelled. ``fails``: what happens to it, instead.
    """

    def __init__(self, forgets: int = 0, fails: BaseException | None = None) -> None:
        self.forgets, self.fails = forgets, fails
        self.sent: list[Parcel] = []
        self.bytes = 0

    def submit(self, work, /, *given, **_):
        data = pickle.dumps((work, given))
        self.bytes += len(data)
        work, (parcel,) = pickle.loads(data)  # noqa: S301 our own
        self.sent.append(parcel)
        future: Future[object] = Future()
        if self.fails is not None:
            future.set_exception(self.fails)
            return future
        if len(self.sent) <= self.forgets:
            elsewhere._memory.clear()
        answer = pickle.dumps(work(parcel))
        future.set_result(pickle.loads(answer))  # noqa: S301 our own
        return future


def few(executor: Executor, **how: object) -> Elsewhere:
    """With little in each batch, and what is known brought to the first alone."""
    return Elsewhere(executor, pieces=2, ahead=1, **how)


@pytest.mark.proof
def test_the_result_is_the_same(answered: Team) -> None:
    here = take_in(answered.workspace, now=NOW)
    far = Far()
    away = few(far)
    assert take_in(answered.workspace, away, now=NOW) == here
    assert away.read_here == 0
    assert [parcel.known is not None for parcel in far.sent] == [True] + [False] * 4
    assert len({parcel.ticket for parcel in far.sent}) == 1


@pytest.mark.proof
def test_who_does_not_know_the_workspace_is_told(answered: Team) -> None:
    here = take_in(answered.workspace, now=NOW)
    elsewhere._memory.clear()
    far = Far(forgets=4)
    assert take_in(answered.workspace, away := few(far), now=NOW) == here
    assert away.read_here == 0
    assert sum(parcel.known is not None for parcel in far.sent) > 1


@pytest.mark.proof
def test_on_a_share_no_bytes_travel(answered: Team) -> None:
    here = take_in(answered.workspace, now=NOW)
    sent, shared = Far(), Far()
    assert take_in(answered.workspace, few(sent), now=NOW) == here
    away = few(shared, share=answered.root)
    assert take_in(answered.workspace, away, now=NOW) == here
    assert away.read_here == 0
    assert {entry.data for parcel in shared.sent for entry in parcel.entries} == {None}
    assert shared.bytes * 3 < sent.bytes


@pytest.mark.proof
def test_a_file_that_is_another_one_there_is_sent(answered: Team, tmp_path: Path) -> None:
    here = take_in(answered.workspace, now=NOW)
    other = tmp_path / "other"
    shutil.copytree(answered.root, other)
    (other / "inbox" / "0.xlsx").write_bytes(b"another one")
    (other / "inbox" / "words.txt").unlink()
    far = Far()
    away = few(far, share=other)
    assert take_in(answered.workspace, away, now=NOW) == here
    assert away.read_here == 0
    whole = [parcel for parcel in far.sent if parcel.root is None]
    assert {entry.path for parcel in whole for entry in parcel.entries} == {
        "inbox/0.xlsx", "inbox/1.xlsx", "inbox/words.txt",
    }  # fmt: skip


def test_another_kamxl_reads_nothing(answered: Team) -> None:
    assert look_away(Parcel("0.0.9", (), None, "", None)) == elsewhere._NOTHING


@pytest.mark.proof
@pytest.mark.parametrize(
    "problem", [BrokenExecutor("gone"), CancelledError(), OSError("closed"), MachineError("x")]
)
def test_what_workers_on_other_computers_do_not_give_back_is_read_here(
    answered: Team, problem: BaseException
) -> None:
    here = take_in(answered.workspace, now=NOW)
    away = few(Far(fails=problem), foreign=True)
    assert take_in(answered.workspace, away, now=NOW) == here
    assert away.read_here == FILES


@pytest.mark.proof
def test_where_all_workers_are_gone_nobody_waits_for_ever(answered: Team, monkeypatch) -> None:
    class Silent(Executor):
        def submit(self, work, /, *given, **_):
            return Future()

    looks = []
    monkeypatch.setattr(elsewhere, "_LOOK", 0.001)

    def alive() -> bool:
        looks.append(len(looks))
        return len(looks) == 3  # one came, and went

    here = take_in(answered.workspace, now=NOW)
    away = few(Silent(), alive=alive, foreign=True)
    assert take_in(answered.workspace, away, now=NOW) == here
    assert away.read_here == FILES
    assert len(looks) == 3 + elsewhere._PATIENT  # once, and not for each batch


@pytest.mark.proof
def test_any_executor_will_do(answered: Team) -> None:
    alone = consolidate(answered.root, now=NOW)
    book = (answered.root / alone.written).read_bytes()
    for executor in (ThreadPoolExecutor(2), ProcessPoolExecutor(2)):
        with executor:
            result = consolidate(answered.root, executor=executor, now=NOW)
        assert result.files == alone.files
        assert result.read_here == 0
        assert (answered.root / result.written).read_bytes() == book


def test_nothing_but_files_goes_elsewhere() -> None:
    with pytest.raises(TypeError):
        Elsewhere(Far()).submit(print, 1, 2)
