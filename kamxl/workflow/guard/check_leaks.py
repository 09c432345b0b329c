"""Checking what goes out: is anything internal in these files?"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from kamxl.apart import Allowance, Died, call
from kamxl.core.finding import Fate, Finding, finding
from kamxl.core.records.register import CardOrder, FileResult
from kamxl.excel.reading.limits import LIMITS, MB
from kamxl.store import inbox
from kamxl.store.paths import shown
from kamxl.workflow.files.refused import of_entry
from kamxl.workflow.guard.leaks import Guard, guard_of
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming.check import must_be_there
from kamxl.workflow.results import CheckResult, Progress
from kamxl.workflow.start.identity import above, opened
from kamxl.workflow.start.register import read_register


def check_leaks(
    paths: Iterable[str | os.PathLike[str]],
    workspace_root: Path | None = None,
    language: str | None = None,
    progress: Progress | None = None,
) -> CheckResult:
    """Look through each file as a customer's; without a workspace only for what none may hold.

    The workspace is the one given, else the one the first file stands in. KamxlError: a file is
    not there, or the workspace cannot be read.
    """
    files = [Path(path) for path in paths]
    for path in files:
        must_be_there(path)
    root = workspace_root or above(files[0].absolute())
    guard, spoken = None, "en"
    if root is not None:
        workspace = opened(root)
        looking.ready_for(workspace)
        register = read_register(workspace).register
        guard, spoken = guard_of(workspace, register), register.settings.language
    judged = []
    for done, path in enumerate(files, 1):
        judged.append(_looked_through(path, guard))
        if progress:
            progress(done, len(files))
    return CheckResult(language or spoken, tuple(judged))


# Getting ready is part of it: what every card says is made once for each process.
_MOST = Allowance(seconds=30, memory=500 * MB, patience=120)


def _found(
    question: tuple[bytes, str], guard: Guard | None
) -> tuple[tuple[Finding, ...], tuple[CardOrder, ...]]:
    """What the process apart does: the files may come from anywhere."""
    data, name = question
    found = (guard or Guard()).findings(data, None, name)
    return found, guard.orders_in(data) if guard else ()


def _looked_through(path: Path, guard: Guard | None) -> FileResult:
    """``accepted``: nothing of the kind is in it; ``attention``: it must not go out."""
    name = shown(str(path))
    entry = inbox.read(path, name, None, LIMITS.file * 2)  # a mail is a third larger than its card
    blank = FileResult(name, name, "unknown", Fate.ATTENTION)
    if entry.data is None:
        return of_entry(blank, entry.reason or "no-access")
    try:
        found, orders = call(_found, (entry.data, path.name), guard, _MOST)
    except Died as died:
        found, orders = (finding("leak-unreadable", value=path.name, reason=died.reason),), ()
    fate = Fate.ATTENTION if found else Fate.ACCEPTED
    if guard is None:
        return replace(blank, fate=fate, findings=(*found, finding("leak-words-unchecked")))
    if not orders:
        return replace(blank, fate=fate, findings=found)
    order, several = orders[0], len({one.key.segment for one in orders}) > 1
    return replace(
        blank,
        kind="scorecard",
        fate=fate,
        account=order.account,
        segment=None if several else order.segment,
        respondent=order.respondent,
        period=order.period,
        findings=found,
    )
