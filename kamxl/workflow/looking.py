"""Looking into files from outside: each in a process apart, so that it can only harm itself.

There a file is taken apart, or read and judged. A file that ends the process, or uses more than one
may, is a finding like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import replace
from itertools import islice

from kamxl.apart import Died, call
from kamxl.core.finding import Fate, Finding, finding
from kamxl.excel.office import as_xlsx
from kamxl.excel.others import OTHERS, read_other
from kamxl.excel.reader import LIMITS, Refused, read
from kamxl.excel.sniff import kind_of
from kamxl.forms import register as register_form
from kamxl.forms.raw import RawBook
from kamxl.store.inbox import Entry
from kamxl.workflow.containers import taken_apart
from kamxl.workflow.judge import Judged, Known, judge
from kamxl.workflow.refused import of_refusal

Looked = Judged | tuple[Entry, ...]
More = Callable[[int], None]

_BATCH_FILES = 32
_BATCH_BYTES = 4_000_000
_AHEAD = 4  # batches given out at a time: bounded memory, busy workers
_FOR_OFFICE = frozenset({"fods", "xml"})  # what only LibreOffice understands
# What calamine does not know, or finds nothing in; of what is damaged, no other may make a guess.
_NOTHING = frozenset({"blank", "unknown-format"})


def looked_into(
    entries: Iterable[Entry],
    known: Known | None,
    executor: Executor | None = None,
    more: More | None = None,
) -> Iterator[tuple[Entry, Judged]]:
    """Every file, and every file in a container, with what it is worth; in order.

    ``executor``: who waits for the processes apart (None: this thread). ``more``: so many files
    were packed in one.
    """
    for entry, looked in _each(entries, known, executor):
        if isinstance(looked, Judged):
            yield entry, looked
            continue
        if more is not None:
            more(len(looked) - 1)
        for member, judged in _each(looked, known, executor):
            if isinstance(judged, Judged):  # members were taken apart as far as it goes
                yield member, judged


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
            return _by_office(entry, known) or looked
    except Died as died:
        code, reason = "too-large", died.reason
        if died.reason == "crashed":
            code = "unreadable"
        return of_refusal(_blank(entry), code, reason)
    return looked


def register_findings(data: bytes) -> tuple[Finding, ...]:
    """What is wrong in a register."""
    try:
        return call(_findings, data, None)
    except Died as died:
        return (finding("too-large", reason=died.reason),)


def _blank(entry: Entry) -> Judged:
    source = entry.source or entry.path
    return Judged(entry.path, source, "unknown", Fate.ATTENTION, saved=entry.modified)


def _findings(data: bytes, _: None) -> tuple[Finding, ...]:
    return tuple(register_form.read(read(data, LIMITS)).findings)


def _look(entry: Entry, known: Known | None) -> Looked:
    """What the process apart does."""
    members = None if entry.source else taken_apart(entry)
    if members is not None and not (len(members) == 1 and members[0].path == entry.path):
        return tuple(members)
    only = members[0] if members else entry
    judged = judge(only, known, _read_any)
    kind = kind_of(only.data) if only.data is not None else ""
    return _marked(judged, kind) if kind in OTHERS else judged


def _read_any(data: bytes) -> RawBook:
    """A workbook of any kind that is read here; Refused."""
    try:
        return read(data, LIMITS)
    except Refused as refused:
        kind = refused.reason
        if refused.code != "format-unsupported" or kind not in OTHERS:
            raise
    raw = read_other(data, kind)
    if not any(sheet.cells for sheet in raw.sheets):
        raise Refused("unreadable", "blank")
    return raw


def _says_nothing(judged: Judged) -> bool:
    reasons = {(f.code, dict(f.details).get("reason")) for f in judged.findings}
    nothing = {("unreadable", reason) for reason in _NOTHING}
    nothing |= {("format-unsupported", reason) for reason in _FOR_OFFICE}
    return not reasons.isdisjoint(nothing)


def _by_office(entry: Entry, known: Known | None) -> Judged | None:
    """The file as LibreOffice understands it; None: it does not, or finds nothing either."""
    kind = kind_of(entry.data or b"")
    converted = as_xlsx(entry.data or b"", kind)
    if converted is None:
        return None
    judged = call(_judge_converted, replace(entry, data=converted), known)
    return None if judged is None else _marked(judged, kind, "office")


def _judge_converted(entry: Entry, known: Known | None) -> Judged | None:
    try:
        raw = read(entry.data or b"", LIMITS)
    except Refused:
        return None
    if not any(sheet.cells for sheet in raw.sheets):
        return None
    return judge(entry, known, lambda _: raw)


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
        for batch, future in zip(group, futures, strict=True):
            yield from zip(batch, _result(future, batch, known), strict=True)


def _submitted(
    executor: Executor, batch: Sequence[Entry], known: Known | None
) -> Future[list[Looked]] | None:
    """The batch given out; None if there are no workers left to give it to."""
    try:
        return executor.submit(look_all, batch, known)
    except BrokenExecutor:
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
