"""Checking workbooks, each judged alone: what is wrong in them, before anything counts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from kamxl.core.cards.timing import one_timed
from kamxl.core.finding import Fate
from kamxl.core.records.register import FileResult
from kamxl.errors import KamxlError
from kamxl.excel.reading.limits import LIMITS
from kamxl.store import inbox
from kamxl.store.paths import shown
from kamxl.workflow.files.came_along import beside_answers, with_mail
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming.intake import known_of
from kamxl.workflow.incoming.judge import Known
from kamxl.workflow.incoming.looking import looked_into
from kamxl.workflow.results import CheckResult, Progress, has_errors
from kamxl.workflow.start.identity import opened, stands_in
from kamxl.workflow.start.register import register_if_any
from kamxl.workflow.start.remembered import damaged_records


def check(
    paths: Iterable[str | os.PathLike[str]],
    workspace_root: str | os.PathLike[str] | None = None,
    language: str | None = None,
    progress: Progress | None = None,
    *,
    now: datetime | None = None,
) -> CheckResult:
    """Judge each file alone. Without a workspace a card is judged by what stands on it.

    ``now``: after which nothing can have been saved (default: the clock's).
    KamxlError: a file is not there, or ``workspace_root`` is no workspace.
    """
    files = [Path(path) for path in paths]
    for path in files:
        must_be_there(path)
    workspace = opened(workspace_root) if workspace_root is not None else None
    if workspace:
        looking.ready()
    register = register_if_any(workspace) if workspace else None
    known = known_of(workspace, register.decisions if register else ()) if workspace else None
    judged: list[FileResult] = []
    moment = now or datetime.now(UTC)
    for done, path in enumerate(files, 1):
        judged += (one_timed(file, moment) for file in _checked(path, known))
        if progress:
            progress(done, len(files))
    spoken = language or (register.settings.language if register else "en")
    return CheckResult(spoken, tuple(judged), damaged_records(workspace) if workspace else ())


def workspace_at(folder: Path) -> Path | None:
    """``folder`` if it is a workspace: a check in it knows its cards, one elsewhere does not."""
    return folder if stands_in(folder) else None


def must_be_there(path: Path) -> None:
    """KamxlError unless there is a file."""
    if path.is_dir():
        raise KamxlError("is-folder", path=path)
    if not path.exists() and not path.is_symlink():
        raise KamxlError("no-file", path=path)


def _checked(path: Path, known: Known | None) -> Iterator[FileResult]:
    """A file, or each that is in it."""
    entry = inbox.read(path, shown(str(path)), None, LIMITS.file)
    found = [with_mail(judged, inner.mail) for inner, judged in looked_into([entry], known)]
    for judged in beside_answers(found):
        result: FileResult = judged
        if judged.kind == "register":  # it is judged by what it would do when issued
            fate = Fate.ATTENTION if has_errors(judged.own) else Fate.ACCEPTED
            result = replace(result, fate=fate, findings=(*result.findings, *judged.own))
        yield result
