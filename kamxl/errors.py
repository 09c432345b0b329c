"""The exceptions of kamxl: they mean "cannot go on". What is wrong *in* a file is a Finding."""

from __future__ import annotations

import errno

TYPE_CHECKING = False  # the module typing is what a start waits for
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

DEBUG = "KAMXL_DEBUG"  # set in the environment, our own mistakes raise instead of being findings


def _unspoken(problem: KamxlError, part: str, language: str) -> str:
    """Who only has this module hears the code."""
    return problem.code if part == "why" else ""


def _unproven(problem: KamxlError) -> bool:
    return False


# Whether what an error says about this installation is so; handed in like the next one.
prover: Callable[[KamxlError], bool] = _unproven
# What makes sentences of an error; the package, which may import the texts, hands it in.
speaker: Callable[[KamxlError, str, str], str] = _unspoken


class KamxlError(Exception):
    """kamxl could not do what was asked.

    ``code`` is stable ("no-workspace"), ``values`` are what its sentences name: texts, numbers,
    paths, or an OSError, a ``Reason`` or another of these errors, each of which is said
    in words. Why, and what to do now, stands for each code under ``errors`` in every language file;
    whoever talks to somebody asks for it in her language, and ``str`` says it in English.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __reduce__(self) -> tuple[Any, ...]:  # it travels out of processes apart
        return _again, (type(self), self.code, self.values)

    def why(self, language: str = "en") -> str:
        """Why it could not be done: a sentence."""
        return speaker(self, "why", language)

    def next(self, language: str = "en") -> str:
        """What to do now: a sentence, or several."""
        return speaker(self, "next", language)

    def said(self, language: str = "en") -> str:
        """Both, one after the other."""
        return f"{self.why(language)} {self.next(language)}".strip()

    @property
    def message(self) -> str:
        """Why, in English."""
        return self.why()

    @property
    def hint(self) -> str:
        """What to do now, in English."""
        return self.next()

    def __str__(self) -> str:
        return self.said()


def _again(kind: type[KamxlError], code: str, values: dict[str, object]) -> KamxlError:
    return kind(code, **values)


class Reason:
    """A few words within the sentence of an error: those under ``reasons.<code>`` in the texts."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values


class WorkspaceError(KamxlError):
    """The folder is no workspace, or its memory cannot be read or written."""


class TemplateError(KamxlError):
    """A text template is broken: names template, line and variable."""


class TemplateMissing(TemplateError):  # noqa: N818 a TemplateError is what it is
    """A template is not there at all: what is installed here is not whole."""


class SetupError(KamxlError):
    """The Excel add-in cannot be installed, looked at or removed on this machine."""


class MailError(KamxlError):
    """No mail can be sent: no usable settings, no password, or no mail server that takes any."""


class MachineError(KamxlError):
    """The computer refuses what the work needs: processes, memory, open files, a disk that reads.

    No file is to blame for it, so nothing is said about any. The value ``reason``, if there is one,
    is the cause in a few words, for a sentence of others.
    """


# What a disk, a network or a shortage says; a missing right or a bad name is a matter of one file.
_OF_THE_MACHINE = frozenset(
    number
    for name in (
        "EAGAIN", "EDQUOT", "EHOSTDOWN", "EHOSTUNREACH", "EIO", "EMFILE", "ENETDOWN",
        "ENETUNREACH", "ENFILE", "ENOBUFS", "ENOMEM", "ENOSPC", "ENOTCONN", "EREMOTEIO",
        "ESTALE", "ETIMEDOUT",
    )
    if (number := getattr(errno, name, None)) is not None
)  # fmt: skip
# The same in Windows' own numbers: memory, a device or a share that does not answer, a file that
# OneDrive holds back.
_OF_WINDOWS = frozenset(
    {4, 8, 14, 21, 53, 55, 59, 64, 112, 121, 1117, 1231, 1450, 1455}
    | {358, 362, 388, 389, 390, 396, 397, 398, 404, 426}
)


def machine_fault(problem: OSError) -> MachineError | None:
    """The error that this is, if the computer is at fault and not the file it happened on."""
    if problem.errno not in _OF_THE_MACHINE and getattr(problem, "winerror", 0) not in _OF_WINDOWS:
        return None
    return MachineError("computer-reads-not", path=problem.filename or "", reason=problem)


def too_little_memory() -> MachineError:
    """The error that there is too little memory."""
    return MachineError("too-little-memory")


def is_so_here(problem: BaseException) -> bool:
    """Whether what somebody else says is wrong with this installation is wrong with it."""
    return isinstance(problem, KamxlError) and prover(problem)


def announced(problem: BaseException) -> KamxlError | None:
    """What a failure says to people; None: it is a mistake of our own."""
    if isinstance(problem, KamxlError):
        return problem
    if isinstance(problem, MemoryError):
        return too_little_memory()
    if isinstance(problem, OSError):
        return KamxlError("file-unusable", path=problem.filename or "", reason=problem)
    return None
