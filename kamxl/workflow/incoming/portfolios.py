"""The portfolios that lie in a workspace: each read apart, and only while it has anything new.

They may come from anywhere, like the files of the inbox: a pipe, a bomb or a damaged one costs no
run. What Portfolio.xlsx says to hold already is known by its bytes, and not read again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path

from kamxl.apart import Died
from kamxl.errors import machine_fault
from kamxl.excel.reading.limits import Refused
from kamxl.forms.portfolio.earlier import Earlier
from kamxl.forms.portfolio.merged import DIGITS, Holds
from kamxl.forms.portfolio.own import Keys
from kamxl.store import reading
from kamxl.store.workspace import Workspace
from kamxl.workflow.incoming.looking import PORTFOLIO, look_at_portfolio

_DATED = re.compile(r"Portfolio-\d{4}-\d{2}-\d{2}(?:-\d+)?\.xlsx")
_ROOM = 64_000_000  # bytes, about, that all which dated ones say may take
_EACH = 60  # bytes of a text or record beside its letters


@dataclass(frozen=True, slots=True)
class Found:
    """A portfolio on the disk.

    ``said``: what it says; None: it could not be read, or need not be: then Portfolio.xlsx holds
    (``held``) it already. ``digest``: of its bytes; "": there were none, or nobody read them all.
    """

    path: Path
    digest: str = ""
    said: Earlier | None = None
    held: Holds | None = None

    @property
    def unread(self) -> bool:
        """Whether nobody knows what is in it."""
        return self.said is None and self.held is None


def portfolio_in(workspace: Workspace, keys: Mapping[str, Keys]) -> Found | None:
    """Portfolio.xlsx, if anything is there; its rows only if there are others to be compared."""
    found = _looked(workspace.portfolio, keys, {}, rows=any(_dated(workspace)))
    # a link to nowhere is something
    return None if found.unread and not os.path.lexists(found.path) else found


def dated_in(
    workspace: Workspace, keys: Mapping[str, Keys], held: Mapping[str, Holds]
) -> list[Found]:
    """Its dated siblings; ``held``: what Portfolio.xlsx holds of which already, by digest."""
    found, taken = [], 0
    for path in _dated(workspace):
        one = _looked(path, keys, held, rows=False)
        if one.said is not None:
            taken += _weight(one.said)
        found.append(one if taken <= _ROOM else Found(path))
    return found


def saved(one: Found, now: datetime) -> datetime | None:
    """When it was saved: as it says inside, else as the disk says. A time to come is no answer:
    some clock is wrong.
    """
    inside = one.said.saved if one.said else None
    if inside is not None and not inside.tzinfo:
        inside = inside.replace(tzinfo=UTC)
    if inside is not None and inside <= now:
        return inside
    with contextlib.suppress(OSError, OverflowError, ValueError):
        changed = datetime.fromtimestamp(one.path.stat().st_mtime, UTC)
        return changed if changed <= now else None
    return None


def _dated(workspace: Workspace) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        names = sorted(os.listdir(workspace.root))  # noqa: PTH208 names only
        yield from (workspace.root / name for name in names if _DATED.fullmatch(name))


def _looked(
    path: Path, keys: Mapping[str, Keys], held: Mapping[str, Holds], *, rows: bool
) -> Found:
    try:
        data = reading.content(path, PORTFOLIO.file)
    except OSError as problem:
        fault = machine_fault(problem)
        if fault is not None:  # nothing is wrong with the file, which may be full of remarks
            raise fault from problem
        return Found(path)
    digest = hashlib.sha256(data).hexdigest()[:DIGITS]
    known = held.get(digest)
    if known in (Holds.ALL, Holds.MOST):
        return Found(path, digest, held=known)
    try:
        return Found(path, digest, look_at_portfolio(data, keys, rows=rows), known)
    except Died as died:
        # what somebody else ended says nothing about the file: another run tries again
        return Found(path, "" if died.reason == "killed" else digest)
    except Refused:
        return Found(path, digest)


def _weight(said: object) -> int:
    """How much room something takes, about: its letters, and each thing for itself."""
    if isinstance(said, str):
        return _EACH + len(said)
    if isinstance(said, Mapping):
        return sum(_weight(key) + _weight(value) for key, value in said.items())
    if is_dataclass(said):
        return _EACH + sum(_weight(getattr(said, field.name)) for field in fields(said))
    return sum(map(_weight, said)) if isinstance(said, tuple | frozenset) else _EACH
