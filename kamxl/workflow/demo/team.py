"""The team's side of the demo: managers who keep their account plans, mostly well."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from kamxl.core.ids import same_id
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import Account, Register
from kamxl.forms.plan.prefill import PlanPrefill, first_plan
from kamxl.store import atomic
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import texts
from kamxl.workflow.demo import edits as demo_edits
from kamxl.workflow.demo.plans import Manager
from kamxl.workflow.incoming.intake import take_in_replies
from kamxl.workflow.outgoing.plan_known import Knowledge, drawn
from kamxl.workflow.results import IssuedPlan

WORKED_ON = 6  # days ago


class Team:
    """Plays the managers. ``now`` is the day the plans are read."""

    def __init__(self, workspace: Workspace, register: Register, now: datetime) -> None:
        self._workspace, self._register, self._now = workspace, register, now
        self._language = register.settings.language
        self._said = texts(self._language)

    def fill_earlier(self, plan: IssuedPlan, period: str, on: datetime) -> AccountPlan:
        """Fill in a plan of the period before, as it stood ``on`` that day; what it says then."""
        replies = take_in_replies(self._workspace, self._register.decisions, self._now)
        known = Knowledge(self._register, period, replies, (), on.date())
        given, filled = self._filled(plan.account, known, "full", on, shared=True)
        path = self._workspace.root / (plan.path or "")
        self._save(path, self._drawn(given, filled), on)
        return filled

    def fill(self, plans: Sequence[IssuedPlan], period: str, earlier: AccountPlan) -> None:
        """Fill in the plans that were made for the period, each in its own way.

        The third has a mistake in it, the fourth is filled in half way, the fifth was renamed and
        moved, and the last account is one that the team only sells to.
        """
        replies = take_in_replies(self._workspace, self._register.decisions, self._now)
        day = self._now - timedelta(days=WORKED_ON)
        known = Knowledge(self._register, period, replies, (earlier,), day.date())
        for place, plan in enumerate(plans, 1):
            depth = "selling" if place == len(plans) else "half" if place == 4 else "full"
            given, filled = self._filled(plan.account, known, depth, day, shared=place == 1)
            path = self._workspace.root / (plan.path or "")
            data = self._vague(given, filled, day) if place == 3 else self._drawn(given, filled)
            if place == 5:
                path.unlink()
                name = f"{plan.account} {self._said('demo.plan.file')}.xlsx"
                path = path.parent / self._said("demo.plan.folder") / name
            self._save(path, data, day)

    def _drawn(self, given: PlanPrefill, filled: AccountPlan) -> bytes:
        return drawn(self._workspace, replace(given, earlier=filled), self._language)

    def _vague(self, given: PlanPrefill, filled: AccountPlan, day: datetime) -> bytes:
        """The plan with a probability of its first programme that is no number."""
        first, *others = filled.programmes
        unsure = replace(filled, programmes=(replace(first, probability=None), *others))
        data, sheet = self._drawn(given, unsure), self._said("plan.programmes.title")
        cell = demo_edits.first_of(data, sheet, "probability")
        return demo_edits.typed_into(data, sheet, cell, self._said("demo.plan.vague"), day)

    def _filled(
        self, account: str, known: Knowledge, depth: str, day: datetime, *, shared: bool
    ) -> tuple[PlanPrefill, AccountPlan]:
        """What was known, and the plan after its manager worked on it.

        ``shared``: she also wrote what the customer is to read.
        """
        found = _account(self._register.accounts, account)
        given = replace(known.prefill(found), as_of=day.date())
        plan = first_plan(given, self._language, self._workspace.id)
        written_for = (found.language or self._language) if shared else ""
        return given, Manager(plan, found.manager, day.date(), written_for).filled(depth)

    def put_aside(self, name: str, data: bytes, saved: datetime) -> None:
        """A customer's answer that somebody saved among the plans."""
        self._save(self._workspace.plans / name, data, saved)

    def _save(self, path: Path, data: bytes, saved: datetime) -> None:
        atomic.make_folder(path.parent)
        path.write_bytes(data)
        os.utime(path, (saved.timestamp(), saved.timestamp()))


def _account(accounts: Iterable[Account], wanted: str) -> Account:
    return next(account for account in accounts if same_id(account.id) == same_id(wanted))
