"""The door to xlwings: nothing of it waits for the end of Python, and Excel is waited for."""

import atexit
import types

from kamxl.excel.live import bridge


def test_a_hook_that_comes_in_later_is_seen():
    def cleanup():
        raise AssertionError("never")

    cleanup.__module__ = "xlwings._xlwindows"
    atexit.register(cleanup)
    try:
        assert bridge.exit_hooks() == [cleanup]
        bridge._tame()
        assert bridge.exit_hooks() == []
    finally:
        atexit.unregister(cleanup)


def test_hooks_of_others_stay():
    ran = []
    atexit.register(ran.append, 1)
    try:
        bridge._tame()
        seen = bridge._Listener()
        atexit.unregister(seen)
        assert ran.append in seen.seen
    finally:
        atexit.unregister(ran.append)


def test_a_busy_excel_is_waited_for_once_not_with_every_call(monkeypatch):
    clock = [0.0]

    def sleep(seconds):
        clock[0] += seconds

    monkeypatch.setattr(
        bridge, "time", types.SimpleNamespace(monotonic=lambda: clock[0], sleep=sleep)
    )
    patience = bridge._Patience(bridge._TRIES)

    def refused():
        """A call that Excel refuses: how long it was asked."""
        began, tried = clock[0], 1
        while tried < patience:
            tried += 1
        return clock[0] - began

    assert 9.9 < refused() < 10.1
    assert refused() == 0  # the next one fails at once
    clock[0] += 0.5
    assert refused() == 0
    clock[0] += 2  # meanwhile Excel answered
    assert 9.9 < refused() < 10.1
    assert bool(patience)
    assert len(range(patience + 1)) > 10 / bridge._PAUSE
