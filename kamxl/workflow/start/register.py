"""Reading the team's Register.xlsx, and the language the workspace speaks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from kamxl.apart import Allowance, Died, call
from kamxl.core.finding import Finding, finding
from kamxl.core.records.register import Register
from kamxl.errors import KamxlError, Reason, WorkspaceError
from kamxl.excel.reading.limits import MB, Refused
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.register.sheets import LAYOUT
from kamxl.store.reading import NotAFile, TooLarge, content
from kamxl.store.workspace import Workspace
from kamxl.wording.periods import periods_meant
from kamxl.wording.texts import languages, texts
from kamxl.workflow.files.registers import (
    REGISTER,
    RegisterRead,
    Told,
    register_in,
    register_with_cells,
)
from kamxl.workflow.start.copies import copies, names_in, other_formats

# More than a file from a customer may use: one of 10,000 accounts takes a quarter of the time on a
# slow computer, and the largest register that is read (1,500,000 cells) nearly all of the memory.
MOST = Allowance(seconds=60, memory=1200 * MB, patience=120)


@dataclass(frozen=True, slots=True)
class ReadRegister:
    """The register, and the very bytes it was read from."""

    register: Register
    data: bytes


def read_register(workspace: Workspace) -> ReadRegister:
    """Read Register.xlsx (WorkspaceError: it is missing, or is no register any more)."""
    data = register_bytes(workspace)
    return ReadRegister(_understood(register_in, data, workspace).register, data)


@dataclass(frozen=True, slots=True)
class RawRegister(ReadRegister):
    """The register with its cells as they stand there."""

    raw: RawBook


def raw_register(workspace: Workspace) -> RawRegister:
    """Read Register.xlsx, and keep its cells (WorkspaceError: as above)."""
    data = register_bytes(workspace)
    found = _understood(register_with_cells, data, workspace)
    return RawRegister(found.register, data, found.raw or RawBook(()))


def _understood(
    function: Callable[[bytes, None], RegisterRead], data: bytes, workspace: Workspace
) -> RegisterRead:
    """What a process apart finds in the register, and what is wrong around it (WorkspaceError)."""
    try:
        found = call(function, data, None, MOST)
    except (Refused, Died) as problem:
        raise WorkspaceError("register-unreadable", reason=reason_of(problem)) from None
    register = found.register
    about = (
        *_foreign(found.told, workspace), *_upgraded(workspace, register), *_beside(workspace),
    )  # fmt: skip
    return replace(found, register=replace(register, findings=(*about, *register.findings)))


def reason_of(problem: Refused | Died) -> Reason:
    """Why a workbook of the team's cannot be read, in a few words."""
    if isinstance(problem, Died):
        return Reason("reading_ended", why=problem.reason)
    return Reason(problem.code)


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


def _foreign(told: Told, workspace: Workspace) -> Iterator[Finding]:
    """A warning if a sheet was made for another workspace; earlier registers may not say."""
    for of, sheet, cell in told:
        if of != workspace.id:
            yield finding(
                "register-foreign", sheet=sheet, cell=cell, value=of, workspace=workspace.id
            )
            return


def register_bytes(workspace: Workspace) -> bytes:
    """What is in Register.xlsx (WorkspaceError: it is missing, too large, or no file)."""
    path = workspace.register
    try:
        return content(path, REGISTER.file)
    except FileNotFoundError:
        raise _missing(workspace) from None
    except TooLarge:
        size = max(path.stat().st_size, REGISTER.file)
        raise WorkspaceError("register-large", size=size // 1_000_000) from None
    except (NotAFile, IsADirectoryError) as problem:
        raise WorkspaceError("register-no-file", reason=problem) from None
    except OSError as problem:
        raise WorkspaceError("register-locked", reason=problem) from problem


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


def register_if_any(workspace: Workspace) -> Register | None:
    """The register; None where it cannot be read (MachineError: that is the computer's fault)."""
    try:
        return read_register(workspace).register
    except WorkspaceError:
        return None


def spoken_in(workspace: Workspace) -> str:
    """The language of the team's settings; English where they cannot be read."""
    try:
        return read_register(workspace).register.settings.language
    except KamxlError:
        return "en"
