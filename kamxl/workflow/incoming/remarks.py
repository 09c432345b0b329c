"""What a manager added to Portfolio.xlsx: remarks are carried over, own sheets are never lost."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import same_id
from kamxl.errors import WorkspaceError, machine_fault, too_little_memory
from kamxl.excel.reading.book import LIMITS, Refused, read
from kamxl.excel.reading.limits import MEMORY
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.portfolio import reading as portfolio_reading
from kamxl.store import atomic
from kamxl.store.workspace import Workspace

_DATED = re.compile(r"Portfolio-\d{4}-\d{2}-\d{2}(?:-\d+)?\.xlsx")


@dataclass(frozen=True, slots=True)
class Kept:
    """Remarks by account id; ``set_aside`` says why Portfolio.xlsx must not be replaced, if so."""

    remarks: Mapping[str, str] = field(default_factory=dict)
    set_aside: str | None = None  # "unreadable" or "foreign"
    foreign: tuple[str, ...] = ()


def kept_remarks(workspace: Workspace, shown: RawBook | None = None) -> Kept:
    """The remarks in Portfolio.xlsx and its dated siblings; per account the newest file counts.

    ``shown``: Portfolio.xlsx as it is open in Excel; it stands for the file and is the newest.
    """
    paths = (path for path in _siblings(workspace) if shown is None or path != workspace.portfolio)
    found = [(path, raw) for path in paths if (raw := _raw(path)) is not None]
    found.sort(key=lambda one: _age(*one))
    books = [raw for _, raw in found] + ([] if shown is None else [shown])
    remarks: dict[str, tuple[str, str]] = {}
    for raw in books:
        for account, remark in portfolio_reading.remarks(raw).items():
            # A blank in a newer file may be a deletion, or a file that never had the remark:
            # bringing one back costs a second deletion, losing one costs the remark.
            remarks[same_id(account)] = (account, remark)
    why, foreign = _state(workspace.portfolio)
    return Kept(dict(remarks.values()), why, foreign)


def _age(path: Path, raw: RawBook) -> tuple[datetime, str]:
    """When a portfolio was last saved: as it says inside, else as the file says."""
    inside = raw.modified
    if inside is None:
        inside = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return (inside if inside.tzinfo else inside.replace(tzinfo=UTC)), path.name


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
    return finding("portfolio-set-aside", why=kept.set_aside, kept=target.name, sheets=sheets)


def replaceable(path: Path) -> bool:
    """Whether a portfolio may be written over: every sheet is ours, its remarks are carried on."""
    return _state(path)[0] is None


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


def _state(path: Path) -> tuple[str | None, tuple[str, ...]]:
    """Why a portfolio must not be replaced (None: it may), and its foreign sheets."""
    if not (path.exists() or path.is_symlink()):
        return None, ()
    raw = _raw(path)
    if raw is None:
        return "unreadable", ()
    foreign = tuple(portfolio_reading.foreign_sheets(raw))
    return ("foreign", foreign) if foreign else (None, ())
