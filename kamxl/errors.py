"""The exceptions of kamxl: they mean "cannot go on". What is wrong *in* a file is a Finding."""

from __future__ import annotations


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


class SetupError(KamxlError):
    """The Excel add-in cannot be installed, looked at or removed on this machine."""


class MailError(KamxlError):
    """No mail can be sent: no usable settings, no password, or no mail server that takes any."""
