"""Looking into files from outside: each in a process apart, so that it can only harm itself.

There a file is taken apart, or read and judged. A file that ends the process, or uses more than one
may, is a finding like any other. That there is no such process, or no memory, is the computer's
fault: a MachineError, and nothing is said about any file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import replace
from itertools import islice

from kamxl import apart
from kamxl.apart import Died, call
from kamxl.core.finding import finding
from kamxl.excel.reading.book import LIMITS, Refused, read
from kamxl.excel.reading.limits import MEMORY
from kamxl.excel.reading.office import NoOffice, as_xlsx
from kamxl.excel.reading.others import NOT_UNDERSTOOD, OTHERS
from kamxl.excel.reading.sniff import kind_of
from kamxl.store import inbox
from kamxl.store.inbox import Entry
from kamxl.store.workspace import Workspace
from kamxl.workflow.files.opening import only_if_sure, read_any, unpacked
from kamxl.workflow.files.refused import of_refusal
from kamxl.workflow.incoming.judge import Judged, Known, judge, unjudged

Looked = Judged | tuple[Entry, ...]
Container = tuple[Known | None, Entry]
More = Callable[[int], None]

_BATCH_FILES = 32
_BATCH_BYTES = 4_000_000
_AHEAD = 4  # batches given out at a time: bounded memory, busy workers
_FOR_OFFICE = frozenset({"fods", "xml"})  # what only LibreOffice understands
# What holds nothing, or is in words of another's, in a container that is sound: of what is damaged,
# no other may make a guess.
_NOTHING = frozenset({"blank", "unknown-format", NOT_UNDERSTOOD})
_LOCKED = ("password", "encrypted-records")  # perhaps only with the password that Excel itself uses


def looked_into(
    entries: Iterable[Entry],
    known: Known | None,
    executor: Executor | None = None,
    more: More | None = None,
) -> Iterator[tuple[Entry, Judged]]:
    """Every file, and every file in a container, with what it is worth; in order.

    ``executor``: who waits for the processes apart (None: this thread). ``more``: so many files
    were packed in one. What is packed comes without its bytes: they never leave those processes.
    """
    for entry, looked in _each(entries, known, executor):
        if isinstance(looked, Judged):
            yield entry, looked
            continue
        if more is not None:
            more(len(looked) - 1)
        container = (known, entry)
        for place, member in enumerate(looked):
            yield member, _look_at_member(member, place, container)


def ready() -> None:
    """Have a process apart ready (MachineError: no file could be looked into on this computer)."""
    apart.ready(_look)


def ready_for(workspace: Workspace) -> None:
    """The same before the register is read, if a file will be looked into afterwards.

    What can look into files can read a register, too: one process is started and not two.
    """
    if any(map(inbox.listing, (workspace.inbox, workspace.plans))):
        ready()


def look_all(entries: Iterable[Entry], known: Known | None) -> list[Looked]:
    """Several files: what an executor is given at a time."""
    return [look(entry, known) for entry in entries]


def look(entry: Entry, known: Known | None) -> Looked:
    """One file as it is worth by itself, or what is in it."""
    if entry.data is None:
        return judge(entry, known)
    try:
        looked = call(_look, entry, known)
        if isinstance(looked, Judged) and _says_nothing(looked):
            return _by_office(entry, known, looked)
    except Died as died:
        return _of_death(entry, died)
    return looked


def _look_at_member(member: Entry, place: int, container: Container) -> Judged:
    """One file in a container; it is unpacked again there if the process before it died."""
    if member.reason is not None:
        return judge(member, container[0])
    try:
        judged, data = call(_judge_member, place, container)
        if data is not None:
            return _by_office(replace(member, data=data), container[0], judged)
    except Died as died:
        return _of_death(member, died)
    return judged


def _of_death(entry: Entry, died: Died) -> Judged:
    code = "too-large" if died.reason in ("time", "memory") else "unreadable"
    return of_refusal(unjudged(entry), code, died.reason)


# --- what the processes apart do ---


def _look(entry: Entry, known: Known | None) -> Looked:
    members = unpacked(entry)
    if members is None:
        return _judge_any(entry, known)
    alone = members[0] if len(members) == 1 and members[0].path == entry.path else None
    if alone is not None and alone.mail is None:  # it only looked like a container
        return _judge_any(alone, known)
    return tuple(replace(member, data=None) for member in members)


def _judge_member(place: int, container: Container) -> tuple[Judged, bytes | None]:
    """What a packed file is worth; its bytes, if another program has to read it."""
    known, entry = container
    member = (unpacked(entry) or ())[place]
    judged = _judge_any(member, known)
    return judged, member.data if _says_nothing(judged) else None


def _judge_any(entry: Entry, known: Known | None) -> Judged:
    judged = judge(entry, known, read_any)
    only_if_sure(found.code for found in judged.findings)
    kind = kind_of(entry.data) if entry.data is not None else ""
    return _marked(judged, kind) if kind in OTHERS else judged


def _says_nothing(judged: Judged) -> bool:
    reasons = {(f.code, dict(f.details).get("reason")) for f in judged.findings}
    nothing = {("unreadable", reason) for reason in _NOTHING}
    nothing |= {_LOCKED, *(("format-unsupported", reason) for reason in _FOR_OFFICE)}
    return not reasons.isdisjoint(nothing)


def _by_office(entry: Entry, known: Known | None, without: Judged) -> Judged:
    """The file as LibreOffice understands it; ``without`` it, if it finds nothing either."""
    kind = kind_of(entry.data or b"")
    try:
        converted = as_xlsx(entry.data or b"", kind)
    except NoOffice as problem:
        return _without_office(without, problem.why)
    if converted is None:
        return without
    judged = call(_judge_converted, replace(entry, data=converted), known)
    return without if judged is None else _marked(judged, kind, "office")


def _without_office(judged: Judged, why: str) -> Judged:
    """It is the computer that lacks LibreOffice: no word against a file that only that reads."""
    said = []
    for found in judged.findings:
        details = dict(found.details)
        if found.code == "format-unsupported":
            details["office"] = why
        said.append(replace(found, details=tuple(sorted(details.items()))))
    return replace(judged, findings=tuple(said))


def _judge_converted(entry: Entry, known: Known | None) -> Judged | None:
    try:
        raw = read(entry.data or b"", LIMITS)
    except Refused as refused:
        if refused.reason == MEMORY:
            raise MemoryError from None
        return None
    return None if raw.blank else judge(entry, known, lambda _: raw)


def _marked(judged: Judged, kind: str, by: str = "") -> Judged:
    """An answer from another kind of file says so: not all can be seen there."""
    if judged.kind not in ("scorecard", "plan"):
        return judged
    found = finding("other-format", value=f".{kind}", by=by)
    return replace(judged, findings=(found, *judged.findings))


def _each(
    entries: Iterable[Entry], known: Known | None, executor: Executor | None
) -> Iterator[tuple[Entry, Looked]]:
    batches = _batches(entries)
    if executor is None:
        for batch in batches:
            yield from zip(batch, look_all(batch, known), strict=True)
        return
    while group := list(islice(batches, _AHEAD)):
        futures = [_submitted(executor, batch, known) for batch in group]
        try:
            for batch, future in zip(group, futures, strict=True):
                yield from zip(batch, _result(future, batch, known), strict=True)
        finally:  # where one could not be looked at, the others are not waited for
            for future in futures:
                _ = future is not None and future.cancel()


def _submitted(
    executor: Executor, batch: Sequence[Entry], known: Known | None
) -> Future[list[Looked]] | None:
    """The batch given out; None if there are no workers left to give it to, or none can start."""
    try:
        return executor.submit(look_all, batch, known)
    except (RuntimeError, OSError):  # BrokenExecutor is a RuntimeError, "no more threads", too
        return None


def _result(
    future: Future[list[Looked]] | None, batch: Sequence[Entry], known: Known | None
) -> list[Looked]:
    if future is not None:
        try:
            return future.result()
        except BrokenExecutor:  # a worker died: what it was given is looked at from here
            pass
    return look_all(batch, known)


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
