"""What a manager added to Portfolio.xlsx: it is carried over, or the file that has it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from kamxl.core.finding import Fate, Finding, Severity, finding
from kamxl.core.ids import same_id
from kamxl.core.records.register import FileResult
from kamxl.errors import WorkspaceError
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.portfolio.carrying import Carried
from kamxl.forms.portfolio.earlier import Earlier, beyond, earlier
from kamxl.forms.portfolio.merged import Holds
from kamxl.forms.portfolio.own import Keys
from kamxl.store import atomic
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import texts
from kamxl.workflow.incoming.portfolios import Found, dated_in, portfolio_in, saved

_NAMED = 4  # places that are named
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a manager added to the portfolios that there are.

    ``remarks`` by account id; ``earlier``: what each of them says that has anything new, from the
    oldest on, and ``paths``, where it stands; ``files``: all that lie there. ``set_aside`` says why
    Portfolio.xlsx must not be replaced, if so: "unreadable", "foreign" (``foreign``: its sheets),
    or "own": then ``left`` are the places of what could not be carried over. ``merged``: what the
    next portfolio holds of which, by digest, and ``free`` the dated siblings that may be written
    over.
    """

    remarks: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[Earlier, ...] = ()
    paths: tuple[Path, ...] = ()
    files: tuple[Found, ...] = ()
    set_aside: str | None = None
    foreign: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    merged: Mapping[str, Holds] = field(default_factory=dict)
    free: frozenset[Path] = frozenset()

    def beside(self, path: Path) -> Mapping[str, Holds]:
        """What a portfolio holds that is written in the place of this sibling."""
        replaced = {one.digest for one in self.files if one.path == path}
        return {digest: how for digest, how in self.merged.items() if digest not in replaced}


def kept_portfolios(
    workspace: Workspace, keys: Mapping[str, Keys], now: datetime, shown: RawBook | None = None
) -> Kept:
    """What is in Portfolio.xlsx and its dated siblings, as the next one with ``keys`` needs it.

    The newest file counts; Portfolio.xlsx is newer than what it holds, and a time after ``now``
    makes no file newer than it. ``shown``: Portfolio.xlsx as it is open in Excel; it stands for the
    file and is the newest.
    """
    file = portfolio_in(workspace, keys)
    newest = earlier(shown, keys) if shown is not None else file.said if file else None
    dated = dated_in(workspace, keys, newest.merged if newest else {})
    found = [(_age(one, now), one.path, _news(one, newest)) for one in dated if one.said]
    if newest is not None:
        age = (saved(file, now) if file and shown is None else None) or now
        found.append((age, workspace.portfolio, newest))
    # held already: before all others; of equal ages Portfolio.xlsx is the later one
    found.sort(key=lambda one: (one[0], one[1] == workspace.portfolio, one[1].name))
    remarks: dict[str, tuple[str, str]] = {}
    for *_, said in found:
        for account, remark in said.remarks.items():
            # A blank in a newer file may be a deletion, or a file that never had the remark:
            # bringing one back costs a second deletion, losing one costs the remark.
            remarks[same_id(account)] = (account, remark)
    why, foreign = _state(file)
    return Kept(
        dict(remarks.values()),
        tuple(said for *_, said in found),
        tuple(path for _, path, _ in found),
        (*([file] if file else []), *dated),
        why,
        foreign,
    )


def _age(one: Found, now: datetime) -> datetime:
    """How old a dated portfolio is: what Portfolio.xlsx saw already is older than it."""
    return (saved(one, now) if one.held is None else None) or _LONG_AGO


def _news(one: Found, newest: Earlier | None) -> Earlier:
    """What a dated portfolio says that Portfolio.xlsx does not hold."""
    said = one.said or Earlier()
    return said if one.held is None or newest is None else beyond(said, newest)


def judged(kept: Kept, workspace: Workspace, carried: Carried) -> Kept:
    """The same, knowing what of it could be carried over into the new portfolio."""
    left = {path: one for path, one in zip(kept.paths, carried.left, strict=True) if one}
    own = tuple(entry.place for entry in left.get(workspace.portfolio, ()))
    why = kept.set_aside or ("own" if own else None)
    holds = [(one, _holds(one, one.path in left)) for one in kept.files]
    return replace(
        kept,
        set_aside=why,
        left=own,
        # Portfolio.xlsx itself is replaced, or becomes one of its siblings
        merged={
            one.digest: how
            for one, how in holds
            if one.digest and (why or one.path != workspace.portfolio)
        },
        free=frozenset(one.path for one, how in holds if how is Holds.ALL),
    )


def _holds(one: Found, left: bool) -> Holds:
    """What the next portfolio holds of one."""
    if one.held is not None:
        return one.held
    if left:
        return Holds.PARTLY
    return Holds.MOST if one.said is None or one.said.foreign else Holds.ALL


def unread(kept: Kept, workspace: Workspace) -> list[Finding]:
    """A warning for each dated sibling in which nobody knows what is; told once of each."""
    dated = (one for one in kept.files if one.path != workspace.portfolio)
    return [finding("portfolio-unread", value=one.path.name) for one in dated if one.unread]


def no_longer_used(kept: Kept, files: Sequence[FileResult], language: str) -> list[Finding]:
    """The files that counted in the newest portfolio and need somebody now, as after an upgrade.

    Once: the next portfolio says itself that they do not count. A later answer, a copy and what
    somebody decided are no news.
    """
    used = kept.earlier[-1].used if kept.earlier else frozenset()
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


def _state(file: Found | None) -> tuple[str | None, tuple[str, ...]]:
    """Why a portfolio must not be replaced (None: it may), and its foreign sheets."""
    if file is None:
        return None, ()
    if file.said is None:
        return "unreadable", ()
    return ("foreign", file.said.foreign) if file.said.foreign else (None, ())
