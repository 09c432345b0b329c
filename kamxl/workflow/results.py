"""What the use cases give back: frozen values that a screen, a JSON or a button can show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kamxl.core.finding import Fate, Finding, Severity

if TYPE_CHECKING:  # only named: whoever looks at the add-in loads no portfolio
    from datetime import date

    from kamxl.core.portfolio import Portfolio
    from kamxl.core.records import FileResult
    from kamxl.workflow.letters import Kind, Outgoing


@dataclass(frozen=True, slots=True)
class InitResult:
    """A new workspace: paths under it that were ``created``, and those ``kept`` as they were."""

    root: str
    language: str
    created: tuple[str, ...]
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """One card; ``state`` is "new", "unchanged", "changed" or "skipped" (an account with errors,
    or something internal on the card: see ``findings``). ``mail`` is the draft beside it, if any.

    ``path`` is under the workspace, None if there is none; so are the ids of a skipped account.
    """

    account: str
    segment: str | None
    respondent: str | None
    path: str | None
    state: str
    mail: str | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class IssuedPlan:
    """One account's plan; ``state`` is "new", "exists" or "skipped" (not made: see ``findings``).

    ``path`` is under the workspace, None if there is none.
    """

    account: str
    path: str | None
    state: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenMail:
    """One draft; ``state`` is "new", "unchanged", "changed" or "skipped" (see ``findings``).

    ``path`` is the card's under the workspace, ``mail`` the draft's, None if there is none.
    """

    account: str
    segment: str
    respondent: str
    path: str
    mail: str | None
    state: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class MailResult:
    """The reminders or thanks of a period (``kind``); ``outgoing`` are those that may be sent."""

    kind: Kind
    period: str
    language: str
    mails: tuple[WrittenMail, ...]
    outgoing: tuple[Outgoing, ...] = ()

    @property
    def attention(self) -> bool:
        """Whether somebody has to do something."""
        return any(mail.findings for mail in self.mails)


@dataclass(frozen=True, slots=True)
class IssueResult:
    """The cards and plans of one period, in the order of the register, and its findings."""

    period: str
    language: str
    issued: tuple[IssuedCard, ...]
    register: tuple[Finding, ...] = ()
    plans: tuple[IssuedPlan, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()

    @property
    def attention(self) -> bool:
        """Whether somebody has to do something."""
        states = {*(card.state for card in self.issued), *(plan.state for plan in self.plans)}
        return has_errors(self.register) or "skipped" in states


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Some workbooks, each judged alone."""

    language: str
    files: tuple[FileResult, ...]

    @property
    def attention(self) -> bool:
        """Whether somebody has to do something."""
        return any(needs_attention(file) for file in self.files)


@dataclass(frozen=True, slots=True)
class ConsolidateResult:
    """Every file that came back and its fate, the portfolio, and where that was written.

    ``findings`` are the register's, the portfolio's and those about the old Portfolio.xlsx;
    ``written`` is the path under the workspace, ``report`` that of the page to read, mail and print
    (None: it could not be written).
    """

    language: str
    portfolio: Portfolio
    findings: tuple[Finding, ...]
    written: str
    report: str | None = None

    @property
    def files(self) -> tuple[FileResult, ...]:
        """Every file that was put in, exactly once."""
        return self.portfolio.files

    @property
    def attention(self) -> bool:
        """Whether somebody has to do something."""
        return has_errors(self.findings) or any(needs_attention(file) for file in self.files)


def counts(files: Iterable[FileResult]) -> dict[str, int]:
    """How many files met each fate; "files" is the sum of the others."""
    by = Counter(file.fate for file in files)
    return {"files": by.total(), **{fate.value: by[fate] for fate in Fate}}


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of them is an error."""
    return any(found.severity is Severity.ERROR for found in findings)


def needs_attention(file: FileResult) -> bool:
    """Whether a file is not used, or a value in it is not, until somebody acts."""
    if file.fate in (Fate.SUPERSEDED, Fate.IGNORED):
        return False
    return file.fate is Fate.ATTENTION or has_errors(file.findings)


@dataclass(frozen=True, slots=True)
class KeyResult:
    """A new signing key, the ``number``-th of its workspace, which signs from ``since`` on."""

    language: str
    number: int
    since: date


@dataclass(frozen=True, slots=True)
class DemoResult:
    """A demo played: its folder, how many cards and plans were made, and what became of them.

    ``card`` is the path of one card as it went out, ``plan`` that of an account plan.
    """

    root: str
    cards: int
    plans: int
    card: str
    plan: str
    consolidated: ConsolidateResult

    @property
    def attention(self) -> bool:
        """Whether somebody has to do something: in a demo, always."""
        return self.consolidated.attention


# What an installation may look like without anybody having to act.
_WELL = frozenset({"ok", "signed", "shared", "new", "updated", "unchanged", "removed", "absent"})
_NOTED = frozenset({"synced", "newer"})  # and what is well, but worth a sentence


@dataclass(frozen=True, slots=True)
class SetupPart:
    """One part of the add-in's installation: its ``state``, and a ``sentence`` on what to do.

    ``part`` is "addin", "conf", "script", "interpreter", "xlwings", "apart" (child processes),
    "folder", "workspace", "update"; on Windows also "mark" (of the web), "start" (the start-up
    folder) and "rule", one for each that stands in the way; when signing "windows", "signtool",
    "packages", "certificate" and "copy".
    """

    part: str
    path: str | None
    state: str
    sentence: str

    @property
    def well(self) -> bool:
        """Whether nobody has to act."""
        return self.state in _WELL | _NOTED

    @property
    def told(self) -> bool:
        """Whether its sentence is worth reading."""
        return self.state not in _WELL


@dataclass(frozen=True, slots=True)
class SetupResult:
    """What ``action`` ("install", "status", "uninstall", "sign") did or found, part by part."""

    platform: str
    language: str
    action: str
    parts: tuple[SetupPart, ...]

    @property
    def attention(self) -> bool:
        """Whether somebody has to act: something is not well, or was left behind."""
        return not all(part.well for part in self.parts)
