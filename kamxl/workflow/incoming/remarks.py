"""What a manager added to Portfolio.xlsx: it is carried over, or the file that has it is kept."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from kamxl.core.finding import Fate, Finding, Severity, finding
from kamxl.core.ids import same_id
from kamxl.core.records.register import FileResult
from kamxl.errors import WorkspaceError, machine_fault, too_little_memory
from kamxl.excel.reading.book import LIMITS, Refused, read
from kamxl.excel.reading.limits import MEMORY
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.portfolio import reading as portfolio_reading
from kamxl.forms.portfolio.carrying import Carried
from kamxl.store import atomic
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import texts

_DATED = re.compile(r"Portfolio-\d{4}-\d{2}-\d{2}(?:-\d+)?\.xlsx")
_NAMED = 4  # places that are named


@dataclass(frozen=True, slots=True)
class Kept:
    """What a manager added to the portfolios that there are.

    ``remarks`` by account id; ``books`` as they were read, from the oldest on, and where each
    stands. ``set_aside`` says why Portfolio.xlsx must not be replaced, if so: "unreadable",
    "foreign" (``foreign``: its sheets), or "own": then ``left`` are the places of what could not be
    carried over, and ``free`` the dated siblings that may be written over.
    """

    remarks: Mapping[str, str] = field(default_factory=dict)
    books: tuple[RawBook, ...] = ()
    paths: tuple[Path, ...] = ()
    set_aside: str | None = None
    foreign: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    free: frozenset[Path] = frozenset()


def kept_portfolios(workspace: Workspace, shown: RawBook | None = None) -> Kept:
    """What is in Portfolio.xlsx and its dated siblings, each read once; the newest file counts.

    ``shown``: Portfolio.xlsx as it is open in Excel; it stands for the file and is the newest.
    """
    there = [path for path in _siblings(workspace) if path.exists() or path.is_symlink()]
    raws = {path: _raw(path) for path in there}
    found = [(path, raw) for path, raw in raws.items() if raw is not None]
    if shown is not None:
        found = [one for one in found if one[0] != workspace.portfolio]
    found.sort(key=lambda one: _age(*one))
    if shown is not None:
        found.append((workspace.portfolio, shown))
    remarks: dict[str, tuple[str, str]] = {}
    for _, raw in found:
        for account, remark in portfolio_reading.remarks(raw).items():
            # A blank in a newer file may be a deletion, or a file that never had the remark:
            # bringing one back costs a second deletion, losing one costs the remark.
            remarks[same_id(account)] = (account, remark)
    states = {path: _state(raw) for path, raw in raws.items()}
    why, foreign = states.get(workspace.portfolio, (None, ()))
    free = frozenset(path for path, (reason, _) in states.items() if reason is None)
    paths, books = tuple(path for path, _ in found), tuple(raw for _, raw in found)
    return Kept(dict(remarks.values()), books, paths, why, foreign, free=free)


def judged(kept: Kept, workspace: Workspace, carried: Carried) -> Kept:
    """The same, knowing what of it could be carried over into the new portfolio."""
    left = {path: one for path, one in zip(kept.paths, carried.left, strict=True) if one}
    own = tuple(entry.place for entry in left.get(workspace.portfolio, ()))
    why = kept.set_aside or ("own" if own else None)
    return replace(kept, set_aside=why, left=own, free=kept.free - left.keys())


def _age(path: Path, raw: RawBook) -> tuple[datetime, str]:
    """When a portfolio was last saved: as it says inside, else as the file says."""
    inside = raw.modified
    if inside is None:
        inside = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return (inside if inside.tzinfo else inside.replace(tzinfo=UTC)), path.name


def no_longer_used(kept: Kept, files: Sequence[FileResult], language: str) -> list[Finding]:
    """The files that counted in the newest portfolio and need somebody now, as after an upgrade.

    Once: the next portfolio says itself that they do not count. A later answer, a copy and what
    somebody decided are no news.
    """
    used = portfolio_reading.used_files(kept.books[-1]) if kept.books else frozenset()
    said = texts(language)
    lost = [file for file in files if file.path in used and _is_out(file)]
    return [
        finding("no-longer-used", value=file.path, name=_whose(file), why=said.sentence(_why(file)))
        for file in lost
    ]


def _is_out(file: FileResult) -> bool:
    copied = any(found.code == "duplicate-file" for found in file.findings)
    out = file.fate in (Fate.ATTENTION, Fate.IGNORED)
    return out and bool(file.findings) and not copied and file.decision is None


def _why(file: FileResult) -> Finding:
    errors = (found for found in file.findings if found.severity is Severity.ERROR)
    return next(errors, file.findings[0])


def _whose(file: FileResult) -> str:
    return " · ".join(part for part in (file.account, file.segment, file.name) if part)


def set_aside(workspace: Workspace, kept: Kept, today: date) -> Finding | None:
    """Rename a Portfolio.xlsx that must not be replaced; the finding that says so.

    WorkspaceError: it cannot be renamed, so nothing may be written in its place.
    """
    if kept.set_aside is None:
        return None
    try:
        target = atomic.move_aside(workspace.portfolio, today)
    except FileNotFoundError:  # another run did so in this moment
        return None
    except OSError as problem:
        raise WorkspaceError("portfolio-stuck", reason=problem) from problem
    sheets = ", ".join(kept.foreign)
    return finding(
        "portfolio-set-aside",
        why=kept.set_aside,
        kept=target.name,
        sheets=sheets,
        places=", ".join(kept.left[:_NAMED]),
        more=max(len(kept.left) - _NAMED, 0),
    )


def _siblings(workspace: Workspace) -> Iterator[Path]:
    yield workspace.portfolio
    with contextlib.suppress(OSError):
        names = sorted(os.listdir(workspace.root))  # noqa: PTH208 names only
        yield from (workspace.root / name for name in names if _DATED.fullmatch(name))


def _raw(path: Path) -> RawBook | None:
    try:
        if path.stat().st_size > LIMITS.file:
            return None
        return read(path.read_bytes(), LIMITS)
    except OSError as problem:
        fault = machine_fault(problem)
        if fault is not None:  # nothing is wrong with the file, which may be full of remarks
            raise fault from problem
        return None
    except Refused as refused:
        if refused.reason == MEMORY:
            raise too_little_memory() from None
        return None


def _state(raw: RawBook | None) -> tuple[str | None, tuple[str, ...]]:
    """Why a portfolio must not be replaced (None: it may), and its foreign sheets."""
    if raw is None:
        return "unreadable", ()
    foreign = portfolio_reading.foreign_sheets(raw)
    return ("foreign", foreign) if foreign else (None, ())
