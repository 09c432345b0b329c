"""Looking into files from outside: each in a process apart, so that it can only harm itself.

There a file is taken apart, or read and judged. A file that ends the process, or uses more than one
may, is a finding like any other. That there is no such process, or no memory, is the computer's
fault: a MachineError, and nothing is said about any file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from kamxl import apart
from kamxl.apart import ALLOWANCE, Allowance, Died, Purse, Sitting, call, once, raises
from kamxl.core.finding import finding
from kamxl.core.records.register import CardKey, CardOrder
from kamxl.errors import DEBUG
from kamxl.excel.reading.book import LIMITS, Refused, read
from kamxl.excel.reading.limits import MB, MEMORY
from kamxl.excel.reading.office import NoOffice, as_xlsx
from kamxl.excel.reading.others import NOT_UNDERSTOOD, OTHERS
from kamxl.excel.reading.sniff import kind_of
from kamxl.forms.portfolio.earlier import Earlier, earlier, without_rows
from kamxl.forms.portfolio.own import Keys
from kamxl.mail.opening import ASIDE, MAILBOX, MEMBERS, UNPACKED
from kamxl.store import inbox
from kamxl.store.inbox import Entry
from kamxl.store.workspace import Workspace
from kamxl.workflow.files.opening import only_if_sure, read_any, unpacked
from kamxl.workflow.files.refused import of_refusal
from kamxl.workflow.incoming.batches import batches, given_out
from kamxl.workflow.incoming.judge import Judged, Known, judge, unjudged

Container = tuple[Known | None, Entry]
Found = tuple[Entry, Judged]
More = Callable[[int], None]

# A card has some 40 KB. What is asked of with others begins as a workbook and is called like one.
_SMALL = 256 * 1024
_PACKED = b"PK"
_WORKBOOKS = (".xlsx", ".xlsm")
_A_MEGABYTE = (
    0.25  # seconds of a slow computer: a mail of that size is decoded, an archive unpacked
)
# kamxl writes it itself: one of 10,000 accounts that all answered has 5,200,000 cells, 244 MB in
# 9 MB. What is large must be so on the disk, too: by that it may take time and memory.
PORTFOLIO = replace(
    LIMITS, file=32 * MB, part=192 * MB, inflated=640 * MB, cells=24_000_000,
    elements=96_000_000, strings=24_000_000, text=1_024 * MB, shown=4_096 * MB,
)  # fmt: skip
_OF_PORTFOLIO = Allowance(seconds=30, memory=400 * MB, patience=120)  # the largest take a half
_SECONDS_OF_MB, _MEMORY_OF_MB = 24.0, 400  # for each megabyte of it
_FOR_OFFICE = frozenset({"fods", "xml"})  # what only LibreOffice understands
# What holds nothing, or is in words of another's, in a container that is sound: of what is damaged,
# no other may make a guess.
_NOTHING = frozenset({"blank", "unknown-format", NOT_UNDERSTOOD})
_INSIDE = (MEMBERS + ASIDE) * MAILBOX  # files, clutter among them, that are told of in one
_LOCKED = ("password", "encrypted-records")  # perhaps only with the password that Excel itself uses


def looked_into(
    entries: Iterable[Entry],
    known: Known | None,
    executor: Executor | None = None,
    more: More | None = None,
) -> Iterator[Found]:
    """Every file, and every file in a container, with what it is worth; in order.

    ``executor``: who waits for the processes apart (None: this thread). ``more``: so many files
    were packed in one. None comes with its bytes: those of what is packed never leave there.
    """
    tell, each = more or _nobody, batches(entries, _weight, executor)
    ours = _records(known)
    if executor is None:
        for batch in each:
            for found in _looked_at_all(batch, known, tell):
                yield _with_ours(found, ours)
        return
    for batch, some in given_out(executor, look_all, known, each, _weight):
        tell(len(some) - len(batch))
        for found in some:
            yield _with_ours(found, ours)


def _records(known: Known | None) -> dict[CardKey, list[CardOrder]]:
    """What the workspace knows of each card."""
    ours: dict[CardKey, list[CardOrder]] = {}
    for order in known.orders.values() if known else ():
        ours.setdefault(order.key, []).append(order)
    return ours


def _with_ours(found: Found, ours: Mapping[CardKey, Sequence[CardOrder]]) -> Found:
    """The same with our own record, where an equal one came back: each is there once, not twice."""
    entry, judged = found
    order = judged.order
    if order is None:
        return found
    own = next((one for one in ours.get(order.key, ()) if one == order), order)
    return entry, replace(judged, order=own)


def _weight(entry: Entry) -> int:
    return len(entry.data or b"")


def _nobody(_: int) -> None:
    """Nobody asks how many there are."""


def ready() -> None:
    """Have a process apart ready (MachineError: no file could be looked into on this computer)."""
    apart.ready(_look)


def ready_for(workspace: Workspace) -> None:
    """The same before the register is read, if a file will be looked into afterwards.

    What can look into files can read a register, too: one process is started and not two.
    """
    if any(map(inbox.listing, (workspace.inbox, workspace.plans))):
        ready()


def look_all(entries: Sequence[Entry], known: Known | None) -> list[Found]:
    """Several files: what an executor is given at a time."""
    return list(_looked_at_all(entries, known, _nobody))


def _looked_at_all(entries: Sequence[Entry], known: Known | None, more: More) -> Iterator[Found]:
    """Several files, small cards among them together; the others one by one."""
    plain = [entry for entry in entries if _is_plain(entry)]
    told = dict(zip((entry.path for entry in plain), _together(plain, known), strict=True))
    for entry in entries:
        judged = told.get(entry.path)
        if judged is None:
            yield from look(entry, known, more)
        else:
            yield _of(replace(entry, data=None), judged)


def _is_plain(entry: Entry) -> bool:
    """Whether a file may be asked of with others: small, and most likely one workbook."""
    data = entry.data
    return (
        data is not None
        and len(data) <= _SMALL
        and data.startswith(_PACKED)
        and (entry.path.casefold().endswith(_WORKBOOKS))
    )


def _together(entries: Sequence[Entry], known: Known | None) -> Sequence[Judged | None]:
    """What each is worth, asked at once; None: it has to be asked of alone.

    One that ends the process, or all that take more than one may, cost no other anything.
    """
    nothing: list[Judged | None] = [None] * len(entries)
    if len(entries) <= 1:
        return nothing
    with Sitting(once()) as sitting:
        try:
            told = sitting.call(_look_together, list(entries), known)
        except Died:
            return nothing
    return told if len(told) == len(entries) else nothing


def look(entry: Entry, known: Known | None, more: More = _nobody) -> Iterator[Found]:
    """One file as it is worth by itself, or each that is in it.

    All that is in it is paid from one purse. Once that is empty, those that still wait are told to
    be put here by themselves; those that were read count. Whatever is answered, it is of this file.
    """
    for found, judged in _looked_at(entry, known, more):
        yield _of(found, judged)


def _of(entry: Entry, judged: Judged) -> Found:
    """What was answered of a file, as said of that file and no other."""
    return entry, replace(judged, path=entry.path, source=entry.source or entry.path)


def _looked_at(entry: Entry, known: Known | None, more: More) -> Iterator[Found]:
    bare = replace(entry, data=None)
    if entry.data is None:
        yield bare, judge(entry, known)
        return
    with Sitting(purse()) as sitting:
        try:
            whole, inside = sitting.call(_look, entry, known, _may(entry))
            if whole is not None:
                yield bare, _once_more(whole, entry, known, sitting)
                return
        except Died as died:
            yield bare, _of_death(entry, died)
            return
        if not _is_in(inside, entry):
            yield bare, _of_death(entry, Died("strange"))
            return
        more(len(inside) - 1)
        sitting.purse.size -= sum(size for _, size in inside)
        container = (known, entry)
        for place, (member, _) in enumerate(inside):
            yield member, _look_at_member(member, place, container, sitting)


def _is_in(inside: Sequence[tuple[Entry, int]], entry: Entry) -> bool:
    """Whether it can be that this is in a file: not too much, and each under a name of its own."""
    paths = {member.path for member, _ in inside}
    ours = all(path == entry.path or path.startswith(f"{entry.path}!") for path in paths)
    sources = {member.source or entry.path for member, _ in inside}
    return ours and sources <= {entry.path} and len(paths) == len(inside) <= _INSIDE


def _may(entry: Entry) -> Allowance:
    """What taking it apart may use: hundreds of honest answers in a mailbox are many megabytes."""
    size = len(entry.data or b"") / MB
    return replace(ALLOWANCE, seconds=ALLOWANCE.seconds + size * _A_MEGABYTE)


def purse() -> Purse:
    """What there is for one file on the disk."""
    return Purse(size=UNPACKED)


def look_at_portfolio(data: bytes, keys: Mapping[str, Keys], *, rows: bool = True) -> Earlier:
    """What an earlier portfolio means for the next one (Refused, Died); ``keys``: of that.

    ``rows``: whether somebody asks which rows it had; of ten thousand accounts 400,000.
    """
    size = len(data) / MB
    most = replace(
        _OF_PORTFOLIO,
        seconds=_OF_PORTFOLIO.seconds + size * _SECONDS_OF_MB,
        memory=_OF_PORTFOLIO.memory + int(size * _MEMORY_OF_MB * MB),
    )
    if rows:
        return call(_portfolio, data, keys, most)
    return call(_portfolio_alone, data, keys, most)


def _look_at_member(member: Entry, place: int, container: Container, sitting: Sitting) -> Judged:
    """One file in a container; it is unpacked again there if the process before it died."""
    known, _ = container
    if member.reason is not None:
        return judge(member, known)
    try:
        judged, data = sitting.call(_judge_member, place, container, _may(container[1]))
        if data is not None:
            return _once_more(judged, replace(member, data=data), known, sitting)
    except Died as died:
        return _of_death(member, died)
    return judged


def _once_more(judged: Judged, entry: Entry, known: Known | None, sitting: Sitting) -> Judged:
    """The file as another program understands it, if none was found to understand it here."""
    return _by_office(entry, known, judged, sitting) if _says_nothing(judged) else judged


def _of_death(entry: Entry, died: Died) -> Judged:
    alone = entry.source in (None, entry.path)  # then nothing beside it took the time
    reason = "time" if alone and died.reason == "source" else died.reason
    code = "too-large" if reason in ("time", "memory", "source") else "unreadable"
    return of_refusal(unjudged(entry), code, reason)


# --- what the processes apart do ---


def _look(entry: Entry, known: Known | None) -> tuple[Judged | None, list[tuple[Entry, int]]]:
    """What a file is worth; or None, and the files in it: without their bytes, but how many."""
    members = unpacked(entry)
    if members is None:
        return _judge_any(entry, known), []
    alone = members[0] if len(members) == 1 and members[0].path == entry.path else None
    if alone is not None and alone.mail is None:  # it only looked like a container
        return _judge_any(alone, known), []
    return None, [(replace(member, data=None), len(member.data or b"")) for member in members]


def _look_together(entries: list[Entry], known: Known | None) -> list[Judged | None]:
    """What each of several small files is worth; None of one that is more than a workbook."""
    return [_look_alone(entry, known) for entry in entries]


def _look_alone(entry: Entry, known: Known | None) -> Judged | None:
    judged, _ = _look(entry, known)
    return None if judged is None or _says_nothing(judged) else judged


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


@raises(Refused)
def _portfolio_alone(data: bytes, keys: Mapping[str, Keys]) -> Earlier:
    """An earlier portfolio without the rows that it had."""
    return without_rows(_portfolio(data, keys))


@raises(Refused)
def _portfolio(data: bytes, keys: Mapping[str, Keys]) -> Earlier:
    try:
        return earlier(read(data, PORTFOLIO), keys)
    except Refused as refused:
        if refused.reason == MEMORY:
            raise MemoryError from None
        only_if_sure((refused.code,))
        raise
    except MemoryError:
        raise
    except Exception as problem:  # one strange portfolio is set aside, and costs no run
        if os.environ.get(DEBUG):
            raise
        raise Refused("unreadable", "unexpected", type(problem).__name__) from None


def _says_nothing(judged: Judged) -> bool:
    reasons = {(f.code, dict(f.details).get("reason")) for f in judged.findings}
    nothing = {("unreadable", reason) for reason in _NOTHING}
    nothing |= {_LOCKED, *(("format-unsupported", reason) for reason in _FOR_OFFICE)}
    return not reasons.isdisjoint(nothing)


def _by_office(entry: Entry, known: Known | None, without: Judged, sitting: Sitting) -> Judged:
    """The file as LibreOffice understands it; ``without`` it, if it finds nothing either (Died)."""
    kind = kind_of(entry.data or b"")
    try:
        converted = as_xlsx(entry.data or b"", kind, sitting.purse)
    except NoOffice as problem:
        return _without_office(without, problem.why)
    if converted is None:
        return without
    judged = sitting.call(_judge_converted, replace(entry, data=converted), known)
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
    if judged.kind not in ("scorecard", "reply", "plan"):
        return judged
    found = finding("other-format", value=f".{kind}", by=by)
    return replace(judged, findings=(found, *judged.findings))
