"""The exceptions of kamxl: they mean "cannot go on". What is wrong *in* a file is a Finding."""

from __future__ import annotations

import errno

DEBUG = "KAMXL_DEBUG"  # set in the environment, our own mistakes raise instead of being findings


class KamxlError(Exception):
    """kamxl could not do what was asked.

    ``message`` says why, ``hint`` what to do about it; both are whole sentences for people.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        # Both arguments reach Exception: otherwise it does not unpickle in a process pool.
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


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

    No file is to blame for it, so nothing is said about any. ``why`` is the cause in a few words,
    for a sentence of others; empty: the message is all.
    """

    why = ""


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
    name = f" {problem.filename}" if problem.filename else ""
    return MachineError(
        f"This computer could not read{name or ' a file'}: {problem.strerror or problem}.",
        "Close other programs, look after the disk and the connection to it, and run it again.",
    )


def too_little_memory() -> MachineError:
    """The error that there is too little memory."""
    return MachineError(
        "This computer has too little free memory for the work.",
        "Close other programs and run it again.",
    )
