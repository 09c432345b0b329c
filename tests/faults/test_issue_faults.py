"""Whatever happens while cards are issued: files are absent or whole, and issuing again completes.

A sample: all files are written by the same few lines, whose every call is tried with the portfolio.
"""

from __future__ import annotations

import pytest

from kamxl.store.atomic import TEMPORARY
from tests.faults.driver import BROKEN
from tests.faults.stage import contents
from tests.faults.tracing import KILL, KILLED

# Before the first of these a temporary file is empty, before the others it is whole.
SAMPLE = {KILL: {"write", "rename", "link", "unlink"}, "error=ENOSPC": {"write"}}


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("fault", SAMPLE)
def test_issuing_is_completed_by_issuing_again(stage, record_property, fault, half):
    scene = stage["issued"]
    sample = [call for call in scene.calls if call.kind in SAMPLE[KILL]]
    chosen = [call for call in sample if call.kind in SAMPLE[fault]][half::2]
    before = contents(scene.prepared)
    whole = {**before, **scene.result}
    for call in chosen:
        run = scene.disturbed(call.fails(fault))
        (hit,) = run.hit()
        assert hit.is_same_as(call), f"{fault} hit {hit} instead of {call}"
        assert (run.code == KILLED) == (fault == KILL)
        assert run.code != BROKEN, call
        left = contents(scene.root)
        finished = {path: data for path, data in left.items() if TEMPORARY not in path}
        assert before.items() <= finished.items() <= whole.items(), f"{fault} at {call}: not whole"
        assert fault == KILL or finished == left, f"{call}: a temporary file is left"
        scene.next_run()
        assert contents(scene.root) == scene.result, f"{fault} at {call}: not completed"
    assert len(chosen) >= 4
    record_property("injections", len(chosen))
    record_property("states", len(chosen))
    record_property("calls", ("issued", len(sample)))
