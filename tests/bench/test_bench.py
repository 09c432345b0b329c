"""The bench runs, tells what it should, and its peers really do what they are compared by.

No ratio is asserted here: that is for people to read.
"""

from __future__ import annotations

import importlib.util
import json
import tempfile
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="the bench measures on Linux and macOS")

from tests.bench import readers, writers
from tests.bench.__main__ import GROUPS, main
from tests.bench.cells import kept, places, sheets_in, titles_in, written
from tests.bench.goals import GOALS, Goal, held
from tests.bench.measuring import Row
from tests.bench.workspaces import answered, card_in, made
from tests.forms.cards import reading

READING_PEERS = [name for name, peer in readers.PEERS.items() if peer.gives]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """One card, issued and answered, and what the peers need of it."""
    from kamxl.workflow.outgoing.issue import issue

    folder = tmp_path_factory.mktemp("bench")
    root = made(folder, 1)
    issue(root)
    assert answered(root) == 1
    (answer,) = (root / "inbox").iterdir()
    kept(folder, card_in(folder), answer.read_bytes())
    return folder


def needs(module: str) -> None:
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed")


def said(folder: Path) -> dict[str, dict[tuple[int, int], object]]:
    return {s.title: {(r, c): v for r, c, v, _ in s.cells if v not in (None, "")}
            for s in sheets_in(folder)}  # fmt: skip


@pytest.mark.parametrize("name", writers.PEERS)
def test_all_write_the_same_cells(prepared, name) -> None:
    needs(writers.PEERS[name].needs)
    wanted = said(prepared)
    assert sum(map(len, wanted.values())) > 200
    assert written(writers.PEERS[name].ready(prepared)()) == wanted


@pytest.mark.parametrize("name", READING_PEERS)
def test_all_read_the_same_cells(prepared, name) -> None:
    """Numbers and texts as typed: other types are not told apart by all of them."""
    peer = readers.PEERS[name]
    needs(peer.needs)
    wanted = readers.PEERS[readers.FULL].ready(prepared)()
    titles = titles_in(prepared)[:1] if peer.gives == "one" else list(wanted)
    found = peer.ready(prepared)()
    assert list(found) == titles
    for title in titles:
        assert places(found[title]) == places(wanted[title])


def test_what_kamxl_reads_is_the_answer(prepared) -> None:
    from tests.bench.workspaces import answers_to, first

    _, order = first(prepared)
    read = readers.PEERS[readers.OURS].ready(prepared)()
    assert read.answers.scorecard == answers_to(order, 0).scorecard
    assert read == reading((prepared / "answer.xlsx").read_bytes(), order)


def test_the_table_is_the_sheet_that_is_rated_on(prepared) -> None:
    table, *others = titles_in(prepared)
    assert table == "Scorecard"
    assert others
    data = (prepared / "answer.xlsx").read_bytes()
    assert len(readers.needed_parts(data, [table])) == 4


def test_a_goal_is_judged_where_it_is_meant_for() -> None:
    least, most = Goal("a", "", least=3), Goal("a", "", most=3, at=100)
    assert [least.reached(value, 1) for value in (2.9, 3.0, None)] == [False, True, None]
    assert [most.reached(value, 100) for value in (2.9, 3.1)] == [True, False]
    assert most.reached(2.9, 99) is None


@pytest.mark.proof
def test_it_runs_and_tells_all_that_is_aimed_at(tmp_path, monkeypatch, capsys) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    target = tmp_path / "told.json"
    main(["--accounts", "2", "--rounds", "1", "--sweeps", "1", "--json", str(target)])
    told = json.loads(target.read_text(encoding="utf-8"))
    assert set(told) == {"machine", "accounts", "groups", "figures", "goals"}
    assert list(told["groups"]) == list(GROUPS)
    for group in told["groups"].values():
        assert set(group) == {"title", "rows", "said"}
        assert group["rows"]
        assert all(set(row) == set(Row._fields) for row in group["rows"])
    assert told["goals"] == held(told["figures"], 2)
    measured = {"issue.plain", "render.plain", "read.readonly", "read.floor", "whole.readonly",
                "whole.repeat", "whole.memory", "whole.portfolio", "whole.page"}  # fmt: skip
    assert measured <= set(told["figures"]) <= {goal.figure for goal in GOALS}
    shown = capsys.readouterr().out
    assert all(goal.words in shown for goal in GOALS)
    assert not list(scratch.glob("kamxl-bench-*"))
