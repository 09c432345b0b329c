"""What came back: every file in the inbox, accounted for exactly once.

The result depends on what the files hold and are called, never on the order in which they are met
or on how many processes judge them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, replace
from itertools import islice

from kamxl.core.finding import Fate, finding
from kamxl.core.records import FileResult, Reply
from kamxl.core.replies import Settled, settle
from kamxl.excel.reader import LIMITS
from kamxl.store import inbox, memory
from kamxl.store.inbox import Entry
from kamxl.store.workspace import Workspace
from kamxl.workflow.judge import Judged, Known, judge_all

Progress = Callable[[int, int], None]

_BATCH_FILES = 32
_BATCH_BYTES = 16_000_000
_AHEAD = 4  # batches given out at a time: bounded memory, busy workers


@dataclass(frozen=True, slots=True)
class Intake:
    """``files``: all of them, by path. ``replies``: those that count, for the portfolio."""

    files: tuple[FileResult, ...]
    replies: tuple[Reply, ...]


def known_of(workspace: Workspace) -> Known:
    """What the workspace can verify cards with."""
    return Known(workspace.id, workspace.key, dict(memory.load(workspace).orders))


def take_in(
    workspace: Workspace, executor: Executor | None = None, progress: Progress | None = None
) -> Intake:
    """Read and judge everything in inbox/; nothing there is changed."""
    paths = inbox.listing(workspace.inbox)
    entries = _Unique(inbox.walk(workspace.inbox, workspace.root, LIMITS.file, paths))
    judged: list[FileResult] = []
    for results in _judged(entries, known_of(workspace), executor):
        judged += results
        if progress:
            progress(len(judged) + len(entries.duplicates), len(paths))
    judged = [_in_its_folder(file) for file in judged]
    files, replies = _settled(judged)
    everything = sorted([*files, *entries.duplicates], key=lambda f: (f.path.casefold(), f.path))
    return Intake(tuple(everything), tuple(replies))


class _Unique:
    """The entries of a folder, each content once: the first path in order stands for the others."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = entries
        self._seen: dict[str, str] = {}
        self.duplicates: list[FileResult] = []

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            first = self._seen.setdefault(entry.sha256, entry.path) if entry.sha256 else entry.path
            if first == entry.path:
                yield entry
            else:
                self.duplicates.append(_duplicate(entry, first))


def _duplicate(entry: Entry, first: str) -> FileResult:
    found = finding("duplicate-file", of=first)
    return FileResult(
        entry.path, entry.path, "unknown", Fate.IGNORED, findings=(found,), saved=entry.modified
    )


def _judged(
    entries: Iterable[Entry], known: Known, executor: Executor | None
) -> Iterator[Sequence[FileResult]]:
    """The files judged, batch by batch in order; in this process if there is no other."""
    batches = _batches(entries)
    if executor is None:
        for batch in batches:
            yield judge_all(batch, known)
        return
    while group := list(islice(batches, _AHEAD)):
        yield from _by_executor(executor, group, known)


def _by_executor(
    executor: Executor, batches: list[list[Entry]], known: Known
) -> Iterator[Sequence[FileResult]]:
    futures = [_submitted(executor, batch, known) for batch in batches]
    for batch, future in zip(batches, futures, strict=True):
        if future is None:
            yield judge_all(batch, known)
            continue
        try:
            yield future.result()
        except BrokenExecutor:
            # A worker died (killed, out of memory): what it was given is judged here instead.
            yield judge_all(batch, known)


def _submitted(executor: Executor, batch: list[Entry], known: Known) -> Future[list[Judged]] | None:
    """The batch given out; None if there are no workers left to give it to."""
    try:
        return executor.submit(judge_all, batch, known)
    except BrokenExecutor:
        return None


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        batch.append(entry)
        size += len(entry.data or b"")
        if len(batch) >= _BATCH_FILES or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _in_its_folder(file: FileResult) -> FileResult:
    """One of the team's own workbooks is no answer, wherever it lies in the inbox."""
    if file.kind not in ("register", "portfolio", "plan"):
        return file
    found = finding("wrong-folder", what=file.kind)
    return replace(file, fate=Fate.IGNORED, findings=(found, *file.findings))


def _settled(files: list[FileResult]) -> tuple[list[FileResult], list[Reply]]:
    """The files with the fate they have among the others, and the replies that count."""
    replies = {file.path: reply for file in files if (reply := _reply(file))}
    settled = {found.reply.source: found for found in settle(tuple(replies.values()))}
    final = [_final(file, settled.get(file.path)) for file in files]
    counting = [replies[file.path] for file in final if file.path in settled and _counts(file)]
    return final, counting


def _reply(file: FileResult) -> Reply | None:
    if not _counts(file) or file.order is None or file.answers is None:
        return None
    return Reply(file.path, file.order, file.answers, file.findings, file.saved)


def _counts(file: FileResult) -> bool:
    return file.fate in (Fate.ACCEPTED, Fate.PROVISIONAL)


def _final(file: FileResult, settled: Settled | None) -> FileResult:
    if settled is None:
        return file
    fate = file.fate if settled.counts else Fate.SUPERSEDED
    return replace(file, fate=fate, findings=(*file.findings, *settled.findings))
