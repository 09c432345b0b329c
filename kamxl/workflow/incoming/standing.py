"""A repeated run with nothing new: what it would say is known, and what it would write stands.

All that goes into a run, and all that came of it, is hashed anew each time, byte for byte, with the
time of each file: whatever changed, and be it the day, is consolidated anew. Cards in outbox/ are
only asked which record is theirs: of those their size and times tell.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import zlib
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec

from kamxl.core.records.register import CardKey
from kamxl.excel.reading.limits import LIMITS
from kamxl.store import inbox
from kamxl.store.cache import Cache, place
from kamxl.store.names import reason_of_name
from kamxl.store.reading import content
from kamxl.store.turns import is_of_turns
from kamxl.store.workspace import Workspace
from kamxl.workflow.files.sure import is_sure, reading_with
from kamxl.workflow.results import ConsolidateResult, Progress
from kamxl.workflow.stamps import made_by
from kamxl.workflow.start.identity import in_turn

# What is said once, of what this very run met; the next one says something else.
_ONCE = frozenset(
    {
        "no-longer-used", "portfolio-set-aside", "portfolio-unread", "portfolio-locked",
        "portfolio-not-refreshed", "report-locked", "answers-locked", "companion-not-written",
        "companion-beside",
    }
)  # fmt: skip
# Of these files another look may find more, though nothing about them changed.
_PASSING = frozenset({"still-changing", "no-access", "cloud-placeholder"})
_PIECE = 1_000_000  # bytes of a long text that are unpacked at a time
_LARGEST = 100_000_000  # bytes of a file of the team's or of ours


@dataclass(frozen=True, slots=True)
class Standing:
    """What a run with nothing new says: as ``ConsolidateResult``, but only what is said of it.

    ``lines``: in words; ``answered``: the cards of which an answer counts; ``json``: the JSON as it
    was written, in pieces, if that was asked for.
    """

    language: str
    attention: bool
    lines: tuple[str, ...]
    answered: frozenset[CardKey]
    json: Iterable[str] | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """A run as it is kept. ``files``: a digest of all that went in and came out."""

    files: bytes
    moment: datetime
    language: str
    attention: bool
    lines: tuple[str, ...]
    answered: frozenset[CardKey]


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it lies there: nanoseconds of its last change, and a digest of it."""

    changed: int
    digest: bytes


_Files = Mapping[str, _File]


def consolidated(
    root: str | os.PathLike[str],
    language: str | None,
    period: str | None,
    workers: int | str = 1,
    executor: Executor | None = None,
    *,
    share: bool = False,
    now: datetime,
    words: Callable[[ConsolidateResult], list[str]],
    pieces: Callable[[ConsolidateResult], Iterable[str]],
    json: bool = False,
    progress: Progress | None = None,
) -> ConsolidateResult | Standing:
    """As ``consolidate``; where nothing at all is new, nothing is done and the same is said.

    ``words``, ``pieces`` (of its JSON): how a result is told; ``json``: whether the JSON is wanted
    now. Both are kept: who reads the words wants to look into it next.
    """
    with in_turn(root, "consolidate") as workspace:
        runs = _Runs(workspace, language, period) if place() is not None else None
        before = _files(workspace) if runs is not None else None
        if runs is not None and before is not None:
            found = runs.standing(before, now, json)
            if found is not None:
                return found
        from kamxl.workflow.incoming.consolidate import consolidate  # where nothing stands

        asked = (language, period, workers, executor)
        result = consolidate(workspace.root, *asked, share=share, now=now, progress=progress)
        if runs is not None and before is not None and _will_stand(result, workspace, now):
            after = _files(workspace)
            if after is not None and _only_written(result, before, after, now):
                again = _again(result)
                told = runs.keep(again, after, now, words, pieces)
                if told is not None and again == result:
                    result = replace(result, json=_unpacked(told))
        return result


class _Runs:
    """The last run with these options, as it is kept, if it is."""

    def __init__(self, workspace: Workspace, language: str | None, period: str | None) -> None:
        self._cache = Cache(workspace.keys[-1])
        options = (language or "", period or "")
        root = os.fspath(workspace.root)
        self._made = (made_by(), *reading_with(), workspace.id, root, *options)

    def standing(self, files: _Files, now: datetime, json: bool) -> Standing | None:
        """What is said again; None: something is new, or nobody knows the answer."""
        data = self._cache.find(self._name())
        try:
            run = _decoder().decode(data or b"")
        except msgspec.MsgspecError:
            return None
        if run.files != _digest(files) or not run.moment <= now or run.moment.date() != now.date():
            return None
        told = self._cache.find(self._name_of_json(run)) if json else None
        if json and told is None:
            return None
        pieces = _unpacked(told) if told is not None else None
        return Standing(run.language, run.attention, run.lines, run.answered, pieces)

    def keep(
        self,
        result: ConsolidateResult,
        files: _Files,
        now: datetime,
        words: Callable[[ConsolidateResult], list[str]],
        pieces: Callable[[ConsolidateResult], Iterable[str]],
    ) -> bytes | None:
        """Keep what is said of a run; its JSON, packed (None: it has none)."""
        lines, said = tuple(words(result)), (result.language, result.attention)
        run = _Run(_digest(files), now, *said, lines, result.answered)
        told = None
        with contextlib.suppress(ValueError):  # a number has no JSON: who asks for it is told
            told = _packed(pieces(result))
            self._cache.keep(self._name_of_json(run), told)
        self._cache.keep(self._name(), msgspec.msgpack.encode(run))
        self._cache.tidy()
        return told

    def _name(self) -> str:
        return self._cache.name("run", *self._made)

    def _name_of_json(self, run: _Run) -> str:
        return self._cache.name("json", *self._made, run.files, run.moment.isoformat())


def _packed(pieces: Iterable[str]) -> bytes:
    """A long text, which is never there as a whole."""
    made = zlib.compressobj(1)
    parts = [made.compress(piece.encode("utf-8", "surrogatepass")) for piece in pieces]
    return b"".join((*parts, made.flush()))


def _unpacked(data: bytes) -> Iterator[str]:
    made, text = zlib.decompressobj(), getincrementaldecoder("utf-8")("surrogatepass")
    while data:
        yield text.decode(made.decompress(data, _PIECE))
        data = made.unconsumed_tail
    yield text.decode(made.flush(), final=True)


@cache
def _decoder() -> msgspec.msgpack.Decoder[_Run]:
    return msgspec.msgpack.Decoder(_Run)


def _again(result: ConsolidateResult) -> ConsolidateResult:
    """What the next run finds, if nothing changes: companions that were just written stand, and no
    worker loses a file.
    """
    beside = tuple(replace(one, state="unchanged") for one in result.companions)
    return replace(result, companions=beside, read_here=0)


def _will_stand(result: ConsolidateResult, workspace: Workspace, now: datetime) -> bool:
    """Whether the next run would say the same, as far as what was found here tells."""
    from kamxl.core.cards.timing import is_ahead

    written = (workspace.relative(workspace.portfolio), workspace.relative(workspace.report))
    if (result.written, result.report) != written:
        return False
    if not _ONCE.isdisjoint(found.code for found in result.findings):
        return False
    for file in result.files:
        passing = not _PASSING.isdisjoint(found.code for found in file.findings)
        if passing or not is_sure(file) or any(is_ahead(one.at, now) for one in file.dates):
            return False
    return True


def _only_written(result: ConsolidateResult, before: _Files, after: _Files, now: datetime) -> bool:
    """Whether nobody changed anything meanwhile but the run itself, which wrote its results."""
    ours = {result.written, result.report, str(Path(result.written).with_suffix(".csv"))}
    ours |= {one.path for one in result.companions if one.state != "unchanged"}
    others = {path: file for path, file in after.items() if path not in ours}
    if others != {path: file for path, file in before.items() if path not in ours}:
        return False
    # the time of one that says none itself orders it among the others: not before it has come
    dated = (file for path, file in others.items() if path.startswith("Portfolio-"))
    return all(file.changed <= now.timestamp() * 1e9 for file in dated)


def _digest(files: _Files) -> bytes:
    made = hashlib.sha256()
    for path, file in sorted(files.items()):
        made.update(f"{path}\0{file.changed}\0".encode("utf-8", "surrogatepass") + file.digest)
    return made.digest()


def _files(workspace: Workspace) -> dict[str, _File] | None:
    """All that goes into a run and comes out of it; None: something cannot be told."""
    try:
        return dict(_each(workspace))
    except (OSError, _Untold):
        return None


class _Untold(Exception):  # noqa: N818 nothing went wrong
    """Something lies there that is no file of the workspace's own, as a link."""


def _each(workspace: Workspace) -> Iterator[tuple[str, _File]]:
    root = workspace.root
    for name in sorted(os.listdir(root)):  # noqa: PTH208 names only
        path = root / name
        if (
            (path.suffix in {".xlsx", ".csv"} and name.startswith("Portfolio"))
            or path == workspace.register
            or path == workspace.report
        ):
            yield name, _hashed(path, _LARGEST)
        else:
            yield name, _File(0, b"")  # what else lies beside is only called something
    for folder in (workspace.inbox, workspace.plans):
        for path in inbox.listing(folder):
            yield _named(path, root), _put_in(path)
    for path in inbox.listing(workspace.memory):
        if not is_of_turns(path):
            yield _named(path, root), _hashed(path, _LARGEST)
    for path in inbox.listing(workspace.outbox):
        yield _named(path, root), _seen(path)


def _named(path: Path, root: Path) -> str:
    """As ``Workspace.relative``, which for thousands of files takes longer than to hash them."""
    return os.fspath(path)[len(os.fspath(root)) :].replace(os.sep, "/").lstrip("/")


def _put_in(path: Path) -> _File:
    """A file from outside: what is not read is seen."""
    read = not reason_of_name(path.name) and path.lstat().st_size <= LIMITS.file
    return _hashed(path, LIMITS.file) if read else _seen(path)


def _hashed(path: Path, most: int) -> _File:
    """A file by all that is in it (OSError, _Untold: it is none)."""
    changed = _status(path).st_mtime_ns
    digest = hashlib.sha256(content(path, most)).digest()
    return _File(changed, digest)


def _seen(path: Path) -> _File:
    status = _status(path)
    told = f"{status.st_size} {status.st_ino} {status.st_ctime_ns}"
    return _File(status.st_mtime_ns, told.encode())


def _status(path: Path) -> os.stat_result:
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        raise _Untold
    return status
