"""Account plans that are missing are made; one that is there is never touched.

A plan belongs to the manager from the moment it exists. Which ones exist is asked of their content:
they may be renamed, moved and copied like any file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from kamxl.core.finding import Finding, Severity, finding
from kamxl.core.ids import same_id
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.choosing import selection_of
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import Account, FileResult, Register
from kamxl.errors import DEBUG, KamxlError, MachineError
from kamxl.store import atomic
from kamxl.store.batch import Batch
from kamxl.store.paths import folded
from kamxl.store.workspace import Workspace
from kamxl.wording.mistakes import reason
from kamxl.workflow.incoming.intake import take_in_plans, take_in_replies
from kamxl.workflow.incoming.judge import Judged
from kamxl.workflow.incoming.plans import PlanKey, plan_key, plan_of
from kamxl.workflow.outgoing.plan_known import Knowledge, drawn
from kamxl.workflow.results import IssuedPlan
from kamxl.workflow.start.revenues import remembered_revenues

_AT_ONCE = 250  # plans, which get to the disk together


def focus_accounts(register: Register) -> tuple[str, ...]:
    """The ids of the accounts to grow with, that is, those that get a plan unasked."""
    focus = selection_of(register).on(AccountList.FOCUS)
    return tuple(found.candidate.account for found in focus)


def issue_plans(
    workspace: Workspace, register: Register, period: str, accounts: Iterable[str], now: datetime
) -> tuple[IssuedPlan, ...]:
    """Make the plans of a period that are missing, for ``accounts`` (ids), as of now.

    Whatever goes wrong is a finding with the plan that was not made; only MachineError is raised.
    """
    wanted = {same_id(account) for account in accounts}
    chosen = [account for account in register.accounts if same_id(account.id) in wanted]
    if not chosen:
        return ()
    atomic.sweep(workspace.plans)
    held = take_in_plans(workspace, register, now)
    desk = _Desk(workspace, register, period, held, now)
    with desk.batch:
        made = [desk.issue(account) for account in chosen]
        desk.place()
    return tuple(
        desk.failed.get(account.id, one) for account, one in zip(chosen, made, strict=True)
    )


class _Desk:
    """Makes plans one by one; the answers are read when the first one is to be made."""

    def __init__(
        self,
        workspace: Workspace,
        register: Register,
        period: str,
        held: Sequence[FileResult],
        now: datetime,
    ) -> None:
        self._workspace, self._register = workspace, register
        self._period, self._now = period, now
        self._names = {folded(file.path) for file in held}
        self._held: dict[PlanKey, str] = {}
        self._partly: dict[PlanKey, FileResult] = {}
        for file in held:
            plan = file.plan if isinstance(file, Judged) else None
            # One that is superseded is a plan, too: a manager's work is never doubted away.
            if plan is not None and plan.workspace == workspace.id:
                counts = plan_of(file) is not None
                if counts or plan_key(plan) not in self._held:
                    self._held[plan_key(plan)] = file.path
                if counts and any(f.severity is Severity.ERROR for f in file.findings):
                    self._partly[plan_key(plan)] = file
        self._plans = [plan for file in held if (plan := plan_of(file)) is not None]
        self._known: Knowledge | None = None
        self.batch, self.failed = Batch(), dict[str, IssuedPlan]()
        self._staged: dict[Path, Account] = {}

    def place(self) -> None:
        """Get the plans made so far to their places; which did not get there, ``failed`` tells."""
        staged, self._staged = self._staged, {}
        try:
            lost = self.batch.place()
        except OSError as disk:
            lost = dict.fromkeys(staged, disk)
        for path, problem in lost.items():
            account = staged[path]
            self.failed[account.id] = self._unplaced(account, path, problem)

    def _unplaced(self, account: Account, path: Path, problem: OSError) -> IssuedPlan:
        if isinstance(problem, FileExistsError):
            return _failed(account, "plan-path-taken", path=self._workspace.relative(path))
        told = reason(problem, self._register.settings.language)
        return _failed(account, "plan-not-written", reason=told)

    def issue(self, account: Account) -> IssuedPlan:
        """The plan of one account: there already, made now, or why not."""
        there = self._held.get(PlanKey(same_id(account.id), self._period))
        if there is not None:
            return IssuedPlan(account.id, there, "exists")
        if same_id(account.id) in self._register.blocked:
            return IssuedPlan(account.id, None, "skipped")
        try:
            return self._make(account)
        except OSError as problem:
            told = reason(problem, self._register.settings.language)
            return _failed(account, "plan-not-written", reason=told)
        except MachineError:  # no plan could be made, and nothing is wrong with this one
            raise
        except KamxlError as problem:
            told = problem.said(self._register.settings.language)
            return _failed(account, "plan-not-written", reason=told)
        except Exception as problem:  # a mistake of ours must not cost the cards
            if os.environ.get(DEBUG):
                raise
            return _failed(account, "unexpected", reason=type(problem).__name__, what="plan")

    def _make(self, account: Account) -> IssuedPlan:
        path = self._workspace.plan_path(self._period, account.id)
        shown = self._workspace.relative(path)
        if folded(shown) in self._names or path.exists() or path.is_symlink():
            return _failed(account, "plan-path-taken", path=shown)
        known = self._knowledge()
        prefill = known.prefill(account)
        data = drawn(self._workspace, prefill, self._register.settings.language)
        self.batch.put(path, data, new=True)
        self._staged[path] = account
        if len(self.batch) >= _AT_ONCE:
            self.place()
        return IssuedPlan(account.id, shown, "new", tuple(self._carried(prefill.earlier)))

    def _carried(self, earlier: AccountPlan | None) -> Iterable[Finding]:
        """A warning if what the earlier plan says could not all be read."""
        file = self._partly.get(plan_key(earlier)) if earlier else None
        if file is not None:
            yield finding("plan-carried-partly", value=file.account, path=file.path)

    def _knowledge(self) -> Knowledge:
        if self._known is None:
            replies = take_in_replies(self._workspace, self._register.decisions, self._now)
            answered = (reply.order.period for reply in replies)
            self._known = Knowledge(
                self._register,
                self._period,
                replies,
                self._plans,
                self._now.date(),
                remembered_revenues(self._workspace, answered, self._period),
            )
        return self._known


def _failed(account: Account, code: str, **details: str) -> IssuedPlan:
    problem = finding(code, value=account.id, **details)
    return IssuedPlan(account.id, None, "skipped", (problem,))
