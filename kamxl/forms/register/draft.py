"""A register while it is being read: records, their rows, what is wrong, and what that touches.

A mistake touches the cards that show what is wrong, and no other; the accounts it concerns are
noted, too, because a plan takes over more of the register than a card shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from kamxl.core.finding import CODES, Finding, Severity
from kamxl.core.ids import same_id
from kamxl.core.method.selection import Candidate
from kamxl.core.portfolio.choosing import candidates_of
from kamxl.core.records.decision import Decision
from kamxl.core.records.register import (
    SELECTION_WEIGHTS,
    Account,
    Contact,
    ListedCompetitor,
    ListedRequirement,
    Register,
    Segment,
    Settings,
    TeamMember,
)
from kamxl.forms.paper.raw import column_number
from kamxl.forms.tables.reading import Row, TableRead

Scope = tuple[str, ...]


def scope(*ids: str) -> Scope:
    """Ids in the form under which they are compared."""
    return tuple(map(same_id, ids))


@dataclass(frozen=True, slots=True)
class Touch:
    """The cards that a mistake touches: those of these ids ("": of any), or those in ``catalogue``.

    ``rivals``: only those that name rivals; ``rival``: only those on which it stands; ``spoken``:
    only those that take their language from there (account "": the settings); ``second``: only
    those in the register's second language. ``lost``: none of
    those that are known, but one that would be there if the row could be read; ids are what is
    known of it.
    """

    account: str = ""
    segment: str = ""
    respondent: str = ""
    catalogue: str = ""
    rivals: bool = False
    rival: str = ""
    spoken: bool = False
    second: bool = False
    lost: bool = False


@dataclass(slots=True)
class Named:
    """All rows that name a card, right or wrong, as records as far as they can be read."""

    accounts: list[Account] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    competitors: list[ListedCompetitor] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """What is known so far.

    ``known`` maps (account,) and (account, segment) to the spelling to use; ``doubtful`` are those
    that stand there and are wrong: what refers to them is no second mistake. ``asked`` holds
    (catalogue,) and (account, segment) with a requirement row, right or wrong; ``unsure`` the
    accounts with a segment without an id.
    """

    settings: Settings
    tables: dict[str, TableRead]
    accounts: list[tuple[Account, Row]] = field(default_factory=list)
    segments: list[tuple[Segment, Row]] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    requirements: list[ListedRequirement] = field(default_factory=list)
    requirement_rows: list[Row] = field(default_factory=list)
    competitors: list[ListedCompetitor] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    team: list[TeamMember] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    decision_rows: dict[Decision, Row] = field(default_factory=dict)
    selection_weights: dict[str, float | None] = field(
        default_factory=lambda: dict(SELECTION_WEIGHTS)
    )
    findings: list[Finding] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    blocked_catalogues: set[str] = field(default_factory=set)
    all_blocked: bool = False
    known: dict[Scope, str] = field(default_factory=dict)
    doubtful: set[Scope] = field(default_factory=set)
    asked: set[Scope] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    named: Named = field(default_factory=Named)
    owners: dict[str, list[str]] = field(default_factory=dict)
    holds: list[tuple[Finding, Touch]] = field(default_factory=list)

    def hold(self, found: Iterable[Finding], *touches: Touch) -> None:
        """Keep back the cards that these mistakes touch."""
        self.holds += [(one, touch) for one in found for touch in touches]

    def report(
        self, found: Finding, *, account: str = "", catalogue: str = "", everybody: bool = False
    ) -> None:
        """Keep a finding; if it is an error, block whom it concerns (nobody: not known whom)."""
        self.findings.append(found)
        if CODES[found.code] is not Severity.ERROR:
            return
        self.all_blocked |= everybody
        if account:
            self.blocked.add(same_id(account))
        if catalogue:
            self.blocked_catalogues.add(same_id(catalogue))

    def report_all(
        self, found: Iterable[Finding], *, account: str = "", catalogue: str = "",
        everybody: bool = False,
    ) -> None:  # fmt: skip
        """The same for several."""
        for one in found:
            self.report(one, account=account, catalogue=catalogue, everybody=everybody)

    def owner(self, row: Row, *touches: Touch) -> str | None:
        """The account a row names, in its own spelling; None, and a finding, if there is none.

        ``touches``: what it touches if there is none.
        """
        named = row.words("account")
        key = scope(named)
        accounts = self.tables["accounts"]
        if not named or key in self.known or accounts.broken:
            return self.known.get(key, named) or None
        if key not in self.doubtful:
            lost = row.flag("account-unknown", "account", named, accounts=accounts.sheet)
            self.report(lost, account=named)
            self.hold((lost,), *touches)
        return None

    def part(self, row: Row, account: str, named: str, key: str, *touches: Touch) -> str | None:
        """The account's segment that a row names under ``key``, in its own spelling, or None."""
        wanted = scope(account, named)
        if wanted in self.known or self.tables["segments"].broken:
            return self.known.get(wanted, named)
        if wanted not in self.doubtful:
            lost = row.flag("segment-unknown", key, named, account=account)
            self.report(lost, account=account)
            self.hold((lost,), *touches)
        return None

    def meant(self, row: Row, *, rivals: bool = False) -> tuple[Touch, ...]:
        """The cards that a row belongs to by its account and segment, as far as they tell."""
        account, segment = row.words("account"), row.words("segment")
        if scope(account) in self.known or (account and self.tables["accounts"].broken):
            known = scope(account, segment) in self.known
            if segment and not known and same_id(account) in self.unsure:
                return ()  # it is the one without an id, most likely: that one waits already
            return (Touch(account, segment if known else "", rivals=rivals),)
        # Whose it is is not said; a segment that only one account has says it.
        owners = self._owners().get(same_id(segment), []) if segment else []
        return (Touch(owners[0], segment, rivals=rivals),) if len(owners) == 1 else ()

    def _owners(self) -> dict[str, list[str]]:
        """The accounts that have a segment of an id."""
        if not self.owners:
            for segment in self.named.segments:
                self.owners.setdefault(same_id(segment.id), []).append(segment.account)
        return self.owners

    def register(self) -> Register:
        """The record, complete as far as it is right; findings in sheet and row order."""
        catalogues = self.blocked_catalogues
        users = {same_id(s.account) for s, _ in self.segments if same_id(s.catalogue) in catalogues}
        everybody = {same_id(a.id) for a, _ in self.accounts} if self.all_blocked else set()
        order = {table.sheet: place for place, table in enumerate(self.tables.values())}
        made = Register(
            self.settings,
            tuple(account for account, _ in self.accounts),
            tuple(segment for segment, _ in self.segments),
            tuple(self.contacts),
            tuple(self.requirements),
            tuple(self.competitors),
            frozenset({one for one in self.blocked if (one,) in self.known} | users | everybody),
            tuple(sorted(self.findings, key=lambda found: _place(found, order))),
            tuple(self.candidates),
            self.selection_weights,
            team=tuple(self.team),
            decisions=tuple(self.decisions),
        )
        return replace(made, candidates=candidates_of(made))


def _place(found: Finding, order: dict[str, int]) -> tuple[int, int, int]:
    cell = found.cell or "A0"
    letters = cell.rstrip("0123456789")
    row = int(cell[len(letters) :])
    return order.get(found.sheet or "", len(order)), row, column_number(letters)
