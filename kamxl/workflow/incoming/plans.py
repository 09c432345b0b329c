"""Account plans that came in: whose they are, and which one of an account and period counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from kamxl.core.cards.timing import claimed, lateness
from kamxl.core.finding import Fate, finding
from kamxl.core.ids import same_id
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import FileResult, Register
from kamxl.wording.functions import folded_words
from kamxl.workflow.incoming.judge import Judged

USED = (Fate.ACCEPTED, Fate.PROVISIONAL)


class PlanKey(NamedTuple):
    """Account, as it is compared, and period."""

    account: str
    period: str


def plan_of(file: FileResult) -> AccountPlan | None:
    """The plan that a file gives, None if it gives none that counts."""
    return file.plan if isinstance(file, Judged) and file.fate in USED else None


def plan_key(plan: AccountPlan) -> PlanKey:
    """Account and period of a plan, comparable."""
    return PlanKey(same_id(plan.account), plan.period)


def of_register(files: Iterable[FileResult], register: Register) -> list[FileResult]:
    """The files; a plan of an account that is not in the register any more says so, and counts."""
    known = {same_id(account.id) for account in register.accounts} | register.blocked
    return [_known(file, known) for file in files]


def _known(file: FileResult, known: Collection[str]) -> FileResult:
    plan = plan_of(file)
    if plan is None or same_id(plan.account) in known:
        return file
    name = plan.account_name or plan.account
    lost = finding("account-not-in-register", value=plan.account, name=name, only_plan=1)
    return replace(file, findings=(*file.findings, lost))


def without_own_functions(register: Register, plans: Iterable[AccountPlan]) -> Register:
    """The register; that nobody knows a function is no news of one that a plan has as its own."""
    own = {folded_words(function.name) for plan in plans for function in plan.functions}
    left = (
        one
        for one in register.findings
        if one.code != "function-unknown" or folded_words(one.value or "") not in own
    )
    return replace(register, findings=tuple(left))


def settled_plans(files: Sequence[FileResult]) -> list[FileResult]:
    """The files with their fate among the others: the plan saved last counts, then the later path.

    When that was, ``timing`` tells.
    """
    latest: dict[PlanKey, FileResult] = {}
    for file in sorted(files, key=lambda f: lateness(f.saved, claimed(f), f.path)):
        plan = plan_of(file)
        if plan is not None:
            latest[plan_key(plan)] = file
    return [_settled(file, latest) for file in files]


def _settled(file: FileResult, latest: dict[PlanKey, FileResult]) -> FileResult:
    plan = plan_of(file)
    counts = latest[plan_key(plan)] if plan is not None else file
    if counts is file:
        return file
    late = finding("superseded", by=counts.path, what="plan")
    return replace(file, fate=Fate.SUPERSEDED, findings=(*file.findings, late))
