"""Waiting for what happens elsewhere: until it did, however long a busy machine takes for it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from kamxl.store import holder
from kamxl.store.holder import Holder
from kamxl.store.turns import NOTE
from kamxl.store.workspace import memory_of

PATIENCE = 600.0  # seconds; what has not come by then is not coming: no test is about this figure


def until(true: Callable[[], object]) -> None:
    """Return as soon as it is (AssertionError: it never is)."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.02)


def busy(root: Path) -> None:
    """Jana is at work in a workspace, on this computer: the process that started this one."""
    parent = os.getppid()
    other = Holder.here("issue", datetime(2026, 5, 4, 9, 30, tzinfo=UTC))
    other = replace(other, user="jana", process=parent, born=holder._born(parent) or "")
    (memory_of(root) / NOTE).write_bytes(other.written())
