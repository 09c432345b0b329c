"""Whatever happens while cards are issued: files are absent or whole, and issuing again completes.

A sample: all files are written by the same few lines, whose every call is tried with the portfolio.
"""

from __future__ import annotations

import pytest

from kamxl.store.atomic import TEMPORARY
from tests.faults.driver import BROKEN
from tests.faults.stage import contents
from tests.faults.tracing import KILL, KILLED

pytestmark = pytest.mark.proof

# Before the first of these a temporary file is empty, before the others it is whole.
SAMPLE = {KILL: {"write", "rename", "link", "unlink"}, "error=ENOSPC": {"write"}}
LOG = ".kamxl/issued/log"


def issued(log: bytes) -> list[bytes]:
    """The digests in a log of issuing, in order; every line is whole."""
    return [line.split(b" ")[1] for line in log.split(b"\n")[:-1]]


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
        log = issued(finished.pop(LOG, b""))
        assert log == issued(whole[LOG])[: len(log)]
        left.pop(LOG, None)
        assert before.items() <= finished.items() <= whole.items(), f"{fault} at {call}: not whole"
        assert fault == KILL or finished == left, f"{call}: a temporary file is left"
        scene.next_run()
        after = contents(scene.root)
        # Only the log says that it took two runs.
        assert issued(after[LOG]) == issued(scene.result[LOG])
        assert after | {LOG: b""} == scene.result | {LOG: b""}, f"{fault} at {call}: not completed"
    assert len(chosen) >= 4
    record_property("injections", len(chosen))
    record_property("states", len(chosen))
    record_property("calls", ("issued", len(sample)))
