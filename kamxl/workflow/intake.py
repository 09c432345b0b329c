"""What came back: every file in the inbox, accounted for exactly once.

The result depends on what the files hold and are called, never on the order in which they are met
or on how many processes judge them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from kamxl.core.finding import Fate, finding
from kamxl.core.plan import AccountPlan
from kamxl.core.records import FileResult, MailNote, Register, Reply
from kamxl.core.replies import Settled, settle
from kamxl.excel.reader import LIMITS
from kamxl.store import inbox, memory
from kamxl.store.inbox import Entry
from kamxl.store.workspace import Workspace
from kamxl.workflow.containers import opened, with_mail
from kamxl.workflow.judge import Judged, Known, judge_all
from kamxl.workflow.plans_in import of_register, plan_of, settled_plans

Progress = Callable[[int, int], None]

_BATCH_FILES = 32
_BATCH_BYTES = 16_000_000
_AHEAD = 4  # batches given out at a time: bounded memory, busy workers


@dataclass(frozen=True, slots=True)
class Intake:
    """``files``: all of them, by path. ``replies`` and ``plans``: those that count."""

    files: tuple[FileResult, ...]
    replies: tuple[Reply, ...]
    plans: tuple[AccountPlan, ...] = ()


def known_of(workspace: Workspace) -> Known:
    """What the workspace can verify cards with."""
    return Known(workspace.id, workspace.keys, dict(memory.load(workspace).orders))


def take_in(
    workspace: Workspace,
    executor: Executor | None = None,
    progress: Progress | None = None,
    *,
    register: Register | None = None,
) -> Intake:
    """Read and judge everything in inbox/ and plans/; nothing there is changed.

    ``register``: plans of accounts that are not in it say so (None: nobody asks).
    """
    folders = (workspace.inbox, workspace.plans)
    paths = [inbox.listing(folder) for folder in folders]
    counted = _Counted(progress, sum(map(len, paths)))
    known = known_of(workspace)
    arrived, kept = (
        _Folder(workspace, folder, listed, known, executor, counted)
        for folder, listed in zip(folders, paths, strict=True)
    )
    files, replies = _settled([_in_inbox(file, arrived, kept) for file in arrived.files])
    plans = [_in_plans(file, kept, arrived) for file in kept.files]
    plans = settled_plans(plans if register is None else of_register(plans, register))
    everything = (*files, *arrived.duplicates, *plans, *kept.duplicates)
    return Intake(
        tuple(sorted(everything, key=lambda f: (f.path.casefold(), f.path))),
        tuple(replies),
        tuple(plan for file in plans if (plan := plan_of(file)) is not None),
    )


def take_in_plans(workspace: Workspace, register: Register) -> tuple[FileResult, ...]:
    """The files of plans/ alone, duplicates left out."""
    known = Known(workspace.id, workspace.keys)
    return tuple(settled_plans(of_register(_alone(workspace, workspace.plans, known), register)))


def take_in_replies(workspace: Workspace) -> tuple[Reply, ...]:
    """The replies in inbox/ that count."""
    _, replies = _settled(_alone(workspace, workspace.inbox, known_of(workspace)))
    return tuple(replies)


def _alone(workspace: Workspace, folder: Path, known: Known) -> list[FileResult]:
    listed = inbox.listing(folder)
    return _Folder(workspace, folder, listed, known, None, _Counted(None, 0)).files


class _Counted:
    """Tells how many files of all folders are done."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def more(self, count: int) -> None:
        """So many more than the folders showed: they were packed."""
        self._total += count

    def add(self, done: int) -> None:
        """So many more."""
        self._done += done
        if self._progress and done:
            self._progress(self._done, self._total)


class _Folder:
    """One folder, read and judged: ``files``, each content once, and the ``duplicates``."""

    def __init__(
        self,
        workspace: Workspace,
        folder: Path,
        paths: list[Path],
        known: Known,
        executor: Executor | None,
        counted: _Counted,
    ) -> None:
        walked = inbox.walk(folder, workspace.root, LIMITS.file, paths)
        entries = _Unique(opened(walked, counted.more))
        self.files: list[FileResult] = []
        seen = 0
        for results in _judged(entries, known, executor):
            self.files += results
            counted.add(len(results) + len(entries.duplicates) - seen)
            seen = len(entries.duplicates)
        self.duplicates = entries.duplicates
        counted.add(len(self.duplicates) - seen)
        self.files = [with_mail(file, entries.mails.get(file.path)) for file in self.files]
        self._paths = entries.paths
        self._contents = {path: content for content, path in entries.paths.items()}

    def twin(self, file: FileResult, other: _Folder) -> str | None:
        """The path under which ``other`` holds the same bytes as one of this folder's files."""
        return other._paths.get(self._contents.get(file.path, ""))


class _Unique:
    """The entries of a folder, each content once: the first path in order stands for the others."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = entries
        self.paths: dict[str, str] = {}  # by content
        self.duplicates: list[FileResult] = []
        self.mails: dict[str, MailNote] = {}  # by path; a mail's word on a content is not lost

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._entries:
            first = self.paths.setdefault(entry.sha256, entry.path) if entry.sha256 else entry.path
            if entry.mail is not None:
                self.mails.setdefault(first, entry.mail)
            if first == entry.path:
                yield entry
            else:
                self.duplicates.append(_duplicate(entry, first))


def _duplicate(entry: Entry, first: str) -> FileResult:
    source = entry.source or entry.path
    file = FileResult(entry.path, source, "unknown", Fate.IGNORED, saved=entry.modified)
    return _duplicate_of(replace(file, mail=entry.mail), first)


def _duplicate_of(file: FileResult, first: str) -> FileResult:
    return replace(file, fate=Fate.IGNORED, findings=(finding("duplicate-file", of=first),))


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


def _in_inbox(file: FileResult, arrived: _Folder, plans: _Folder) -> FileResult:
    """One of the team's own workbooks is no answer, wherever it lies in the inbox."""
    if file.kind == "plan":
        return _misplaced(file, arrived.twin(file, plans))
    return _left_alone(file, "inbox")


def _in_plans(file: FileResult, plans: _Folder, arrived: _Folder) -> FileResult:
    """A customer's answer is no plan; it does not count here, and must not be lost here."""
    if file.kind == "scorecard":
        return _misplaced(file, plans.twin(file, arrived))
    return _left_alone(file, "plans")


def _misplaced(file: FileResult, twin: str | None) -> FileResult:
    """A file that belongs into the other folder: somebody has to move it, if it is not there."""
    if twin is not None:
        return _duplicate_of(file, twin)
    found = finding("wrong-folder", what=file.kind)
    return replace(file, fate=Fate.ATTENTION, findings=(found, *file.findings))


def _left_alone(file: FileResult, folder: str) -> FileResult:
    if file.kind not in ("register", "portfolio"):
        return file
    found = finding("wrong-folder", what=file.kind, folder=folder)
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
