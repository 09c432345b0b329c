"""Issuing: one card per account, segment and respondent; running it again changes nothing.

The record of what a card asks is written before the card itself: there is never a card outside that
nobody can verify. Account plans that are missing are made afterwards.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from kamxl.core import seal
from kamxl.core.asking import orders
from kamxl.core.finding import Finding
from kamxl.core.ids import same_id
from kamxl.core.records import CardOrder, Register
from kamxl.store import atomic, memory
from kamxl.store.paths import folded
from kamxl.store.workspace import Workspace
from kamxl.workflow import letters
from kamxl.workflow.answering import alternative, cards_of, wanted_accounts
from kamxl.workflow.cards import CardPress, mark_of
from kamxl.workflow.identity import opened
from kamxl.workflow.intake import Progress
from kamxl.workflow.leaks import guard_of
from kamxl.workflow.letters import Outgoing
from kamxl.workflow.plans_out import focus_accounts, issue_plans
from kamxl.workflow.reading import period_of, read_register
from kamxl.workflow.recipients import keep_list
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
    workspace = opened(root)
    read = read_register(workspace)
    register = read.register
    chosen = period_of(register, period)
    asked = list(accounts)
    wanted = wanted_accounts(register, asked)
    cards = [o for o in orders(register, chosen, alternative) if same_id(o.account) in wanted]
    paths = _paths(workspace, cards)
    memory.check_room(workspace, chosen)
    _sweep(workspace, chosen)
    memory.keep_register(workspace, chosen, read.data)
    desk = _Desk(workspace, register, press or CardPress())
    issued = []
    for done, (order, path) in enumerate(zip(cards, paths, strict=True), 1):
        issued.append(desk.issue(order, path))
        if progress:
            progress(done, len(cards))
    keep_list(cards_of(workspace, register, chosen, wanted_accounts(register, ())))
    today = (now or datetime.now(UTC)).date()
    to_plan = (asked or focus_accounts(register)) if planned is None else planned
    return IssueResult(
        chosen,
        language or register.settings.language,
        (*issued, *_skipped(register, wanted)),
        register.findings,
        issue_plans(workspace, register, chosen, to_plan, today),
        tuple(desk.outgoing),
    )


class _Desk:
    """Issues cards one by one, each with its mail; ``outgoing`` are the mails."""

    def __init__(self, workspace: Workspace, register: Register, press: CardPress) -> None:
        self._workspace, self._press = workspace, press
        self._records = {d: o.key for d, o in memory.load(workspace).orders.items()}
        self._asked = set(self._records.values())
        self._letters = letters.Desk(workspace, register.settings, self._records)
        self._guard = guard_of(workspace, register)
        self.outgoing: list[Outgoing] = []

    def issue(self, order: CardOrder, path: Path) -> IssuedCard:
        """Remember what the card asks, then make it and its mail, if they are not there already."""
        key = memory.key_for(self._workspace, order, self._records)
        data = self._press.press(order, mark_of(self._workspace, order, key))
        mail = self._letters.invite(order, path, data)
        leaks = self._leaks(order, path, data, mail)
        if leaks:
            return IssuedCard(*_ids(order), None, "skipped", findings=leaks)
        state = self._write(order, path, data, known=seal.digest(order, key) in self._records)
        if mail is not None:
            letters.write(mail)
            self.outgoing.append(mail)
        relative = self._workspace.relative
        return IssuedCard(
            *_ids(order), relative(path), state, None if mail is None else relative(mail.path)
        )

    def _leaks(
        self, order: CardOrder, path: Path, data: bytes, mail: Outgoing | None
    ) -> tuple[Finding, ...]:
        """What must not go out: the mail carries the card, so one look is enough for both."""
        outgoing, name = (data, path.name) if mail is None else (mail.data, mail.path.name)
        return self._guard.findings(outgoing, order, name)

    def _write(self, order: CardOrder, path: Path, data: bytes, *, known: bool) -> str:
        asked_before = order.key in self._asked
        if not known:
            memory.remember(self._workspace, order)
        there = _content(path)
        if there != data:
            atomic.write(path, data)
        if known and there == data:
            return "unchanged"
        return "new" if there is None and not asked_before else "changed"


def _ids(order: CardOrder) -> tuple[str, str, str]:
    return order.account, order.segment, order.respondent


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
