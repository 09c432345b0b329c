"""What the use cases give back: frozen values that a screen, a JSON or a button can show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Literal

from kamxl.core.finding import Fate, Finding, Severity

if TYPE_CHECKING:  # only named: whoever looks at the add-in loads no portfolio
    from pathlib import Path

    from kamxl.core.cards.changes import Change
    from kamxl.core.portfolio.whatif import WhatIf
    from kamxl.core.portfolio.whole import Portfolio
    from kamxl.core.records.register import Answers, CardKey, CardOrder, FileResult

Progress = Callable[[int, int], None]  # how many are done, of how many
Kind = Literal["invitation", "reminder", "thanks", "reply", "test"]  # of a mail
# Why a card gets no reply page, in the order in which somebody may do something about it.
Unreplied = Literal[
    "unwritten", "unread", "no_plan", "other_person", "elsewhere", "said", "unanswered"
]


@dataclass(frozen=True, slots=True)
class NotCarried:
    """What an upgraded register lacks: a whole ``sheet``, or the ``value`` of one cell."""

    sheet: str
    cell: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class UpgradeResult:
    """A register of layout ``newest`` at ``path`` beside the one in use, of ``layout``.

    ``path`` None: there was nothing to do. ``rows`` came along, the team's ``own`` columns
    ("Sheet: Header"), and of ``formulas`` the values; ``left`` did not, nor the ``notes`` at cells.
    """

    language: str
    layout: int
    newest: int
    path: str | None = None
    rows: int = 0
    own: tuple[str, ...] = ()
    formulas: int = 0
    left: tuple[NotCarried, ...] = ()
    notes: bool = False

    @property
    def attention(self) -> bool:
        """Whether somebody has to look: something did not come along."""
        return bool(self.left) or self.notes


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


@dataclass(frozen=True, slots=True)
class Carried:
    """One card that a mail is about, and what of it the mail is made with, to be proven.

    ``order``: what the card asks, with the names and addresses of today; ``issued``: its record,
    ``about``: that record's digest; ``path``: where the card stands. ``card``: its bytes, if it is
    attached; ``answers``: those it thanks for, with their ``picture``.
    """

    order: CardOrder
    issued: CardOrder
    path: Path
    about: str
    card: bytes | None = field(default=None, repr=False)
    answers: Answers | None = field(default=None, repr=False)
    picture: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One mail as it may be sent: ``data`` is the draft as it stands at ``path`` (an .eml).

    ``cards``: those it is about, at least one, all of one person.
    """

    kind: Kind
    path: Path
    data: bytes = field(repr=False)
    recipient: str  # the address
    subject: str
    cards: tuple[Carried, ...]

    @property
    def order(self) -> CardOrder:
        """Who writes to whom, in which language: the same for all of its cards."""
        return self.cards[0].order

    @property
    def letter_kind(self) -> str:
        """The kind of its letter: a test is the invitation, to somebody else."""
        return "invitation" if self.kind == "test" else self.kind


@dataclass(frozen=True, slots=True)
class InitResult:
    """A new workspace: paths under it that were ``created``, and those ``kept`` as they were.

    ``sample``: it is one to try things out.
    """

    root: str
    language: str
    created: tuple[str, ...]
    kept: tuple[str, ...] = ()
    sample: bool = False


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """One card; ``state`` is "new", "unchanged", "changed", "test" or "skipped" (it shows a mistake
    of the register, or something internal: see ``findings``). ``mail`` is the draft it is attached
    to; several cards of one person have the same.

    ``path`` is under the workspace, None if there is none; so are ids that nobody can tell.
    ``changed``: what is new about a card that changed.
    """

    account: str
    segment: str | None
    respondent: str | None
    path: str | None
    state: str
    mail: str | None = None
    findings: tuple[Finding, ...] = ()
    changed: tuple[Change, ...] = ()


# Of these alone a register may have no card although it has accounts.
_NOBODY_ASKED = frozenset({"no-segments", "no-respondent"})


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
    """One card that is written about; ``state`` is the draft's: "new", "unchanged", "changed" or
    "skipped" (see ``findings``).

    ``path`` is the card's under the workspace, ``mail`` the draft's, None if there is none; several
    cards of one person have the same.
    """

    account: str
    segment: str
    respondent: str
    path: str
    mail: str | None
    state: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Apart:
    """Somebody who has not answered and is not simply reminded: ``finding`` says why.

    ``name`` and ``email`` are those of today; ``path`` is the card's, ``files`` what came instead.
    """

    account: str
    segment: str
    respondent: str
    name: str
    email: str
    path: str
    finding: Finding
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MailResult:
    """The reminders or thanks of a period (``kind``); ``outgoing`` are those that may be sent.

    ``asked``: how many cards are out. Who did not answer and is not reminded like the others: who
    sent something (``sent_something``), whom mails do not reach (``undeliverable``), who ``left``;
    all but the second are reminded if ``everyone`` is. ``delayed``: reminded, though a mail before
    did not get through yet. ``memory``: what is wrong with the workspace's own records, here as in
    every result.
    """

    kind: Kind
    period: str
    language: str
    mails: tuple[WrittenMail, ...]
    outgoing: tuple[Outgoing, ...] = ()
    asked: int = 0
    everyone: bool = False
    sent_something: tuple[Apart, ...] = ()
    undeliverable: tuple[Apart, ...] = ()
    left: tuple[Apart, ...] = ()
    delayed: tuple[Apart, ...] = ()
    memory: tuple[Finding, ...] = ()

    @property
    def attention(self) -> bool:
        """Whether somebody has to do something."""
        waiting = self.sent_something or self.undeliverable
        unwritten = any(mail.findings for mail in self.mails)
        return bool(waiting) or unwritten or has_errors(self.memory)


@dataclass(frozen=True, slots=True)
class WithoutPage:
    """A card that gets no reply page now, and ``why``."""

    account: str
    segment: str
    respondent: str
    name: str
    why: Unreplied


@dataclass(frozen=True, slots=True)
class ReplyResult(MailResult):
    """The reply pages of a period, each with the state of its workbook (``mails``), and who has
    none. ``undeliverable`` and ``left`` would have one if they could be reached. ``plans``: those
    of which something was not read, so that it is on no page.
    """

    without: tuple[WithoutPage, ...] = ()
    plans: tuple[FileResult, ...] = ()

    @property
    def attention(self) -> bool:
        """Whether somebody has to do something."""
        wrong = any(needs_attention(plan) for plan in self.plans)
        return wrong or super(ReplyResult, self).attention


@dataclass(frozen=True, slots=True)
class IssueResult:
    """The cards and plans of one period, in the order of the register, and its findings.

    ``outgoing``: the mails that may be sent, each read from its draft when it is asked for.
    """

    period: str
    language: str
    issued: tuple[IssuedCard, ...]
    register: tuple[Finding, ...] = ()
    plans: tuple[IssuedPlan, ...] = ()
    outgoing: Sequence[Outgoing] = ()
    memory: tuple[Finding, ...] = ()

    @property
    def attention(self) -> bool:
        """Whether somebody has to do something."""
        states = {*(card.state for card in self.issued), *(plan.state for plan in self.plans)}
        wrong = has_errors((*self.register, *self.memory))
        return wrong or "skipped" in states or self.nothing is not None

    @property
    def waiting(self) -> tuple[IssuedCard, ...]:
        """The cards that did not go out."""
        return tuple(card for card in self.issued if card.state == "skipped")

    @property
    def nothing(self) -> Finding | None:
        """Why no card at all went out though some should; None if one did, or none should."""
        if len(self.waiting) < len(self.issued):
            return None
        reasons = (found for card in self.waiting for found in card.findings)
        errors = (found for found in self.register if found.severity is Severity.ERROR)
        asked = (found for found in self.register if found.code in _NOBODY_ASKED)
        return next(chain(reasons, errors, asked), None)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Some workbooks, each judged alone."""

    language: str
    files: tuple[FileResult, ...]
    memory: tuple[Finding, ...] = ()

    @property
    def attention(self) -> bool:
        """Whether somebody has to do something."""
        return any(needs_attention(file) for file in self.files) or has_errors(self.memory)


@dataclass(frozen=True, slots=True)
class WrittenCompanion:
    """The companion of an account's plan at ``path`` under the workspace; ``state`` is "new",
    "changed" or "unchanged".
    """

    account: str
    path: str
    state: str


@dataclass(frozen=True, slots=True)
class ConsolidateResult:
    """Every file that came back and its fate, the portfolio, and where that was written.

    ``findings`` are the register's, the portfolio's and those about the old Portfolio.xlsx;
    ``written`` is the path under the workspace, ``report`` that of the page to read, mail and print
    (None: it could not be written). ``companions``: what stands beside the plans. ``tried``: what
    *What if* tries. ``read_here``: files that workers on other computers did not give back.
    ``json``: all of this in pieces, if it was made already.
    """

    language: str
    portfolio: Portfolio
    findings: tuple[Finding, ...]
    written: str
    report: str | None = None
    memory: tuple[Finding, ...] = ()
    companions: tuple[WrittenCompanion, ...] = ()
    tried: WhatIf | None = None
    read_here: int = 0
    json: Iterable[str] | None = field(default=None, compare=False, repr=False)

    @property
    def files(self) -> tuple[FileResult, ...]:
        """Every file that was put in, exactly once."""
        return self.portfolio.files

    @property
    def answered(self) -> frozenset[CardKey]:
        """The cards of which an answer counts."""
        used = (file.order for file in self.files if file.fate in (Fate.ACCEPTED, Fate.PROVISIONAL))
        return frozenset(order.key for order in used if order is not None)

    @property
    def attention(self) -> bool:
        """Whether somebody has to do something."""
        own = has_errors((*self.findings, *self.memory))
        return own or any(needs_attention(file) for file in self.files)


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
