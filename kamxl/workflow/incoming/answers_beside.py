"""The answers that are too many for a sheet of Portfolio.xlsx: a file beside, swapped with it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from kamxl.core.finding import Finding, finding
from kamxl.forms.portfolio.beside import is_ours
from kamxl.forms.portfolio.carrying import Carried
from kamxl.store import atomic
from kamxl.store.reading import beginning
from kamxl.store.workspace import Workspace

_BEGINNING = 2_000  # bytes
Put = Callable[[Path, date], list[Finding]]


@contextlib.contextmanager
def prepared(workspace: Workspace, carried: Carried) -> Iterator[Put]:
    """Have the answers on the disk before the workbook is replaced, so that putting them beside it
    is a rename (OSError: there is no room, and nothing was replaced).

    What is given puts them beside a workbook that was written, under its name. Of a portfolio whose
    answers are a sheet it takes away those that an earlier one had.
    """
    staged = (
        atomic.stage(workspace.answers, carried.answers(), durable=True)
        if carried.answers
        else None
    )
    try:
        yield lambda workbook, today: _put(staged, workbook.with_suffix(".csv"), today)
    finally:
        if staged is not None:
            staged.unlink(missing_ok=True)


def _put(staged: Path | None, target: Path, today: date) -> list[Finding]:
    ours = _is_ours(target)
    if staged is None:
        if ours:
            with contextlib.suppress(OSError):  # open elsewhere: the next run takes it away
                target.unlink()
        return []
    try:
        if target.exists() and not ours:
            atomic.move_aside(target, today)
        atomic.move(staged, target)
    except PermissionError:
        written = next(p for p in atomic.siblings(target, today) if atomic.link(staged, p))
        return [finding("answers-locked", file=target.name, written=written.name)]
    return []


def _is_ours(path: Path) -> bool:
    """Whether kamxl wrote what lies there."""
    try:
        return is_ours(beginning(path, _BEGINNING))
    except OSError:
        return False
