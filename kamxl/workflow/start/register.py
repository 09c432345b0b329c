"""Reading the team's Register.xlsx, and the language the workspace speaks."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kamxl.core.finding import Finding, finding
from kamxl.core.records.decision import Decision
from kamxl.core.records.register import Register
from kamxl.errors import KamxlError, Reason, WorkspaceError, too_little_memory
from kamxl.excel.reading.book import LIMITS, Refused, read
from kamxl.excel.reading.limits import MEMORY
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.register import book as register_form
from kamxl.forms.register.sheets import LAYOUT
from kamxl.store.workspace import Workspace
from kamxl.wording.periods import periods_meant
from kamxl.wording.texts import languages, texts
from kamxl.workflow.start.copies import copies, names_in, other_formats


@dataclass(frozen=True, slots=True)
class ReadRegister:
    """The register, and the very bytes it was read from."""

    register: Register
    data: bytes


def read_register(workspace: Workspace) -> ReadRegister:
    """Read Register.xlsx (WorkspaceError: it is missing, or is no register any more)."""
    found = raw_register(workspace)
    return ReadRegister(found.register, found.data)


@dataclass(frozen=True, slots=True)
class RawRegister(ReadRegister):
    """The register with its cells as they stand there."""

    raw: RawBook


def raw_register(workspace: Workspace) -> RawRegister:
    """Read Register.xlsx, and keep its cells (WorkspaceError: as above)."""
    data = register_bytes(workspace)
    try:
        raw = read(data, LIMITS)
    except Refused as refused:
        if refused.reason == MEMORY:
            raise too_little_memory() from None
        raise WorkspaceError("register-unreadable", reason=Reason(refused.code)) from None
    register = register_form.read(raw)
    about = (*_foreign(raw, workspace), *_upgraded(workspace, register), *_beside(workspace))
    return RawRegister(replace(register, findings=(*about, *register.findings)), data, raw)


def upgraded_name(language: str) -> str:
    """What a register of the newest layout is called beside the one in use, without ending."""
    return texts(language)("register.upgraded")


def _upgraded(workspace: Workspace, register: Register) -> Iterator[Finding]:
    """That an upgraded register lies beside one of an earlier layout, and is not read."""
    if register.layout >= LAYOUT:
        return
    known = tuple(map(upgraded_name, languages()))
    with contextlib.suppress(OSError):
        there = sorted(path.name for path in workspace.root.iterdir() if path.suffix == ".xlsx")
        # the dated ones are later than the first, and a second of a day than the day's first
        newest = sorted((name for name in there if name.startswith(known)), key=len)[-1:]
        yield from (finding("register-upgraded", value=name) for name in newest)


def _beside(workspace: Workspace) -> Iterator[Finding]:
    """A warning for each file that may be taken for the register, and is not read."""
    there, name = names_in(workspace.root), workspace.register.name
    for other in (*other_formats(there, name), *copies(there, name)):
        yield finding("register-copy", value=other)


def _foreign(raw: RawBook, workspace: Workspace) -> Iterator[Finding]:
    """A warning if a sheet was made for another workspace; earlier registers may not say."""
    for told, sheet, cell in register_form.workspaces(raw):
        if told != workspace.id:
            yield finding(
                "register-foreign", sheet=sheet, cell=cell, value=told, workspace=workspace.id
            )
            return


def register_bytes(workspace: Workspace) -> bytes:
    """What is in Register.xlsx (WorkspaceError: it is missing or too large)."""
    path = workspace.register
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LIMITS.file else b""
    except FileNotFoundError:
        raise _missing(workspace) from None
    except OSError as problem:
        raise WorkspaceError("register-locked", reason=problem) from problem
    if size > LIMITS.file:
        raise WorkspaceError("register-large", size=size // 1_000_000)
    return data


def _missing(workspace: Workspace) -> WorkspaceError:
    """The error that there is no register, and what lies in its place."""
    there, name = names_in(workspace.root), workspace.register.name
    if formats := other_formats(there, name):
        return WorkspaceError("register-other-format", root=workspace.root, name=formats[0])
    if others := copies(there, name):
        return WorkspaceError("register-other-name", root=workspace.root, name=others[0])
    return WorkspaceError("no-register", root=workspace.root)


def period_of(register: Register, wanted: str | None) -> str:
    """The period to work in (KamxlError: it is none)."""
    period = wanted or register.settings.period
    if not period:
        raise KamxlError("no-period")
    found = periods_meant(period)
    if len(found) > 1:
        raise KamxlError("period-several", value=period, meant=", ".join(map(str, found)))
    if not found:
        raise KamxlError("period-bad", value=period)
    return found[0].text


def decisions_in(workspace: Workspace) -> tuple[Decision, ...]:
    """What the team decided about answers; nothing where its register cannot be read."""
    try:
        return read_register(workspace).register.decisions
    except KamxlError:
        return ()


def spoken_in(workspace: Workspace) -> str:
    """The language of the team's settings; English where they cannot be read."""
    try:
        return read_register(workspace).register.settings.language
    except KamxlError:
        return "en"
