"""A real cluster on this computer: workers that are processes of their own, and may die."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kamxl.cli import main as cli
from kamxl.errors import KamxlError
from kamxl.store.cache import OFF, VARIABLE
from kamxl.workflow.incoming import cluster as module
from kamxl.workflow.incoming.cluster import cluster, is_address
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.incoming.intake import take_in
from tests.workflow.making import NOW, Team, answers_to, hashes

distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("dask://localhost:8786", True), ("dask+tls://10.0.0.7:8786", True),
        ("dask://[fe80::1]:8786", True), ("dask://host", False), ("dask://:8786", False),
        ("tcp://host:8786", False), ("dask://host:8786/x", False), ("dask://a b:1", False),
        ("dask://host:٣", False),
    ],
)  # fmt: skip
def test_addresses(text: str, fits: bool) -> None:
    assert is_address(text) is fits


@pytest.fixture(autouse=True)
def nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run gives every file out."""
    monkeypatch.setenv(VARIABLE, OFF)


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    """Two workers, each a process of its own."""
    made = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    )
    with made:
        yield made


def address(engine: Any) -> str:
    return engine.scheduler_address.replace("tcp://", "dask://")


@pytest.fixture
def answered(team: Team) -> Team:
    order = team.order()
    card = team.filled(order, answers_to(order))
    for n in range(80):  # in several batches
        team.put(f"{n:03}.xlsx", card + bytes(n))
    team.put("beta.xlsx", team.filled(team.order("BETA")))
    team.put("half.xlsx", card[:900])
    return team


@pytest.mark.proof
@pytest.mark.parametrize("share", [False, True])
def test_the_portfolio_is_the_same_byte_for_byte(engine, answered: Team, share: bool) -> None:
    alone = consolidate(answered.root, now=NOW)
    names = (alone.written, alone.report)
    made = [(answered.root / name).read_bytes() for name in names if name]
    away = consolidate(answered.root, workers=address(engine), share=share, now=NOW)
    assert (away.read_here, away.files) == (0, alone.files)
    assert [(answered.root / name).read_bytes() for name in names if name] == made


@pytest.mark.proof
def test_a_worker_that_is_killed_loses_no_file(engine, answered: Team) -> None:
    here = take_in(answered.workspace, now=NOW)
    killed = []

    def kill(done: int, _: int) -> None:
        if not killed:
            killed.append(next(iter(engine.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    with cluster(address(engine)) as executor:
        assert take_in(answered.workspace, executor, kill, now=NOW) == here
    assert killed


@pytest.mark.proof
def test_without_the_cluster_the_rest_is_read_here_and_that_is_said(
    answered: Team, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    alone = consolidate(answered.root, now=NOW)
    own = distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    )
    closed = []

    def close(done: int, _: int) -> None:
        if not closed:
            closed.append(done)
            own.close()

    away = consolidate(answered.root, workers=address(own), now=NOW, progress=close)
    assert closed
    assert away.files == alone.files
    assert away.read_here > 0


@pytest.mark.proof
def test_the_command(engine, answered: Team, capsys: pytest.CaptureFixture[str]) -> None:
    root = str(answered.root)
    assert cli.main(["-C", root, "consolidate", "--workers", address(engine), "--share"]) == 0
    assert capsys.readouterr().err == ""


def failed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line of a command that could not."""
    assert cli.main(list(words)) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    return err


@pytest.mark.proof
def test_what_cannot_be_is_one_line_and_replaces_nothing(
    team: Team, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    before = hashes(team.root, "inbox", "plans", ".kamxl")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"dask://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setattr(module, "_CONNECT", 1)
    root = ("-C", str(team.root), "consolidate", "--workers")
    assert nobody in failed(capsys, *root, nobody)
    assert "dask://HOST:PORT" in failed(capsys, *root, "dask://nowhere")
    assert "--share" in failed(capsys, *root, "2", "--share")
    with monkeypatch.context() as meanwhile:  # though nothing has to be read
        meanwhile.setenv(VARIABLE, str(team.root.parent / "kept"))
        assert cli.main([*root[:-1]]) == 0
        capsys.readouterr()
        assert "dask://HOST:PORT" in failed(capsys, *root, "dask://a b:1")
    monkeypatch.setattr(module, "import_module", _is_not_there)
    assert "pip install kamxl[dask]" in failed(capsys, *root, nobody)
    assert hashes(team.root, "inbox", "plans", ".kamxl") == before


def _is_not_there(name: str) -> None:
    raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@pytest.mark.proof
def test_others_than_the_same_versions_are_refused(engine, monkeypatch, tmp_path: Path) -> None:
    at = address(engine)
    monkeypatch.setattr(module, "__version__", "9.9")
    with pytest.raises(KamxlError) as found, cluster(at):
        pass
    assert found.value.code == "cluster-other-version"
    assert "kamxl 9.9" in str(found.value)
    monkeypatch.undo()
    monkeypatch.setattr(module, "kamxl_here", os.getpid)  # as one that has no kamxl answers
    with pytest.raises(KamxlError, match="without this kamxl"), cluster(at):
        pass
    monkeypatch.undo()
    monkeypatch.setattr(module, "_versions", lambda of: str(id(of)))
    with pytest.raises(KamxlError) as found, cluster(at):
        pass
    assert found.value.code == "cluster-other-version"
    monkeypatch.undo()
    with pytest.raises(KamxlError) as found, cluster(at, tmp_path / "not there"):
        pass
    assert found.value.code == "cluster-not-shared"


@pytest.mark.proof
def test_a_cluster_without_workers_is_refused() -> None:
    with distributed.LocalCluster(n_workers=0, dashboard_address=None) as empty:
        with pytest.raises(KamxlError) as found, cluster(address(empty)):
            pass
        assert found.value.code == "cluster-empty"
