"""Issuing: one card per account, segment and respondent; running it again changes nothing.

The record of what a card asks is written before the card itself: there is never a card outside that
nobody can verify. Account plans that are missing are made afterwards.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from kamxl.core import seal
from kamxl.core.asking import orders
from kamxl.core.ids import same_id
from kamxl.core.records import CardOrder, Register
from kamxl.errors import KamxlError
from kamxl.forms.texts import texts
from kamxl.store import atomic, memory
from kamxl.store.paths import folded
from kamxl.store.workspace import Workspace
from kamxl.workflow.cards import CardPress, mark_of
from kamxl.workflow.intake import Progress
from kamxl.workflow.plans_out import focus_accounts, issue_plans
from kamxl.workflow.reading import period_of, read_register
from kamxl.workflow.results import IssuedCard, IssueResult


def issue(
    root: str | os.PathLike[str],
    accounts: Iterable[str] = (),
    period: str | None = None,
    language: str | None = None,
    progress: Progress | None = None,
    *,
    press: CardPress | None = None,
    planned: Iterable[str] | None = None,
    now: datetime | None = None,
) -> IssueResult:
    """Make the scorecards of a period (default: that of the settings), and missing account plans.

    ``accounts``: only these ids (default: all). Accounts with errors in the register are skipped.
    ``press``: one to share with other makers of cards. ``planned``: accounts that are to have a
    plan (default: ``accounts``, else those on the focus list); ``now``: the moment for which new
    plans say what is due (default: the clock's).
    KamxlError: no workspace, no readable register, an unknown account, a bad period.
    """
    workspace = Workspace.open(Path(root))
    read = read_register(workspace)
    register = read.register
    chosen = period_of(register, period)
    asked = list(accounts)
    wanted = _wanted(register, asked)
    cards = [o for o in orders(register, chosen, _alternative) if same_id(o.account) in wanted]
    paths = _paths(workspace, cards)
    memory.check_room(workspace, chosen)
    _sweep(workspace, chosen)
    memory.keep_register(workspace, chosen, read.data)
    desk = _Desk(workspace, press or CardPress())
    issued = []
    for done, (order, path) in enumerate(zip(cards, paths, strict=True), 1):
        issued.append(desk.issue(order, path))
        if progress:
            progress(done, len(cards))
    today = (now or datetime.now(UTC)).date()
    to_plan = (asked or focus_accounts(register)) if planned is None else planned
    return IssueResult(
        chosen,
        language or register.settings.language,
        (*issued, *_skipped(register, wanted)),
        register.findings,
        issue_plans(workspace, register, chosen, to_plan, today),
    )


class _Desk:
    """Issues cards one by one."""

    def __init__(self, workspace: Workspace, press: CardPress) -> None:
        self._workspace, self._press = workspace, press
        self._records = {d: o.key for d, o in memory.load(workspace).orders.items()}
        self._asked = set(self._records.values())

    def issue(self, order: CardOrder, path: Path) -> IssuedCard:
        """Remember what the card asks, then make it, if it is not there already."""
        key = memory.key_for(self._workspace, order, self._records)
        data = self._press.press(order, mark_of(self._workspace, order, key))
        known = seal.digest(order, key) in self._records
        asked_before = order.key in self._asked
        if not known:
            memory.remember(self._workspace, order)
        there = _content(path)
        if known and there == data:
            state = "unchanged"
        else:
            state = "new" if there is None and not asked_before else "changed"
        if there != data:
            atomic.write(path, data)
        return IssuedCard(
            order.account,
            order.segment,
            order.respondent,
            self._workspace.relative(path),
            state,
        )


def _alternative(language: str) -> str:
    return texts(language)("scorecard.alternative")


def _wanted(register: Register, asked: Sequence[str]) -> set[str]:
    """The compared ids of the accounts to issue (KamxlError: one is not in the register)."""
    known = {same_id(account.id) for account in register.accounts} | register.blocked
    unknown = [account for account in asked if same_id(account) not in known]
    if unknown:
        raise KamxlError(
            f"There is no account {unknown[0]!r} in Register.xlsx.",
            "Ids stand in the first column of its sheet of accounts.",
        )
    return {same_id(account) for account in asked} or known


def _paths(workspace: Workspace, cards: Iterable[CardOrder]) -> list[Path]:
    """Where each card goes, all before the first is written (WorkspaceError: a path too long).

    Where an earlier card was spelled "ACME" and the id is "acme" now, the file stays one.
    """
    existing: dict[Path, dict[str, str]] = {}
    found = []
    for order in cards:
        path = workspace.card_path(order.period, order.account, order.segment, order.respondent)
        if path.parent not in existing:
            existing[path.parent] = {folded(name): name for name in _names(path.parent)}
        found.append(path.with_name(existing[path.parent].get(folded(path.name), path.name)))
    return found


def _names(folder: Path) -> Iterator[str]:
    with contextlib.suppress(OSError):
        yield from sorted(path.name for path in folder.iterdir())


def _content(path: Path) -> bytes | None:
    with contextlib.suppress(OSError):
        return path.read_bytes()
    return None


def _sweep(workspace: Workspace, period: str) -> None:
    memory.sweep(workspace)
    atomic.sweep(workspace.outbox / period)


def _skipped(register: Register, wanted: set[str]) -> Iterator[IssuedCard]:
    """One entry for each account that has an error and was to be issued."""
    names = {same_id(account.id): account.id for account in register.accounts}
    for blocked in sorted(register.blocked & wanted):
        yield IssuedCard(names.get(blocked, blocked), None, None, None, "skipped")
