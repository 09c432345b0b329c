"""Waiting for what happens elsewhere: until it did, however long a busy machine takes for it."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 600.0  # seconds; what has not come by then is not coming: no test is about this figure


def until(true: Callable[[], object]) -> None:
    """Return as soon as it is (AssertionError: it never is)."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.02)
