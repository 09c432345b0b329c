"""A register while it is being read: records, their rows, what is wrong, who is blocked.

An error blocks the accounts it concerns and no other: a segment's its account, a shared
catalogue's the accounts that use it, a competitor's that holds for all accounts all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from kamxl.core.choosing import candidates_of
from kamxl.core.finding import CODES, Finding, Severity
from kamxl.core.ids import same_id
from kamxl.core.records import (
    SELECTION_WEIGHTS,
    Account,
    AskedRequirement,
    Competitor,
    Contact,
    Register,
    Segment,
    Settings,
)
from kamxl.core.selection import Candidate
from kamxl.forms.raw import column_number
from kamxl.forms.table_reading import Row, TableRead

Scope = tuple[str, ...]


def scope(*ids: str) -> Scope:
    """Ids in the form under which they are compared."""
    return tuple(map(same_id, ids))


@dataclass(slots=True)
class Draft:
    """What is known so far.

    ``known`` maps (account,) and (account, segment) to the spelling to use; ``doubtful`` are those
    that stand there and are wrong: what refers to them is no second mistake. ``asked`` holds
    (catalogue,) and (account, segment) with a requirement row, right or wrong.
    """

    settings: Settings
    tables: dict[str, TableRead]
    accounts: list[tuple[Account, Row]] = field(default_factory=list)
    segments: list[tuple[Segment, Row]] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    requirements: list[tuple[str, str, str, AskedRequirement]] = field(default_factory=list)
    requirement_rows: list[Row] = field(default_factory=list)
    competitors: list[tuple[str, str, Competitor]] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
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

    def owner(self, row: Row) -> str | None:
        """The account a row names, in its own spelling; None, and a finding, if there is none."""
        named = row.words("account")
        key = scope(named)
        accounts = self.tables["accounts"]
        if not named or key in self.known or accounts.broken:
            return self.known.get(key, named) or None
        if key not in self.doubtful:
            lost = row.flag("account-unknown", "account", named, accounts=accounts.sheet)
            self.report(lost, account=named)
        return None

    def part(self, row: Row, account: str, named: str, key: str) -> str | None:
        """The account's segment that a row names under ``key``, in its own spelling, or None."""
        wanted = scope(account, named)
        if wanted in self.known or self.tables["segments"].broken:
            return self.known.get(wanted, named)
        if wanted not in self.doubtful:
            lost = row.flag("segment-unknown", key, named, account=account)
            self.report(lost, account=account)
        return None

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
        )
        return replace(made, candidates=candidates_of(made))


def _place(found: Finding, order: dict[str, int]) -> tuple[int, int, int]:
    cell = found.cell or "A0"
    letters = cell.rstrip("0123456789")
    row = int(cell[len(letters) :])
    return order.get(found.sheet or "", len(order)), row, column_number(letters)
