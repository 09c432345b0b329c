"""What is known of an account when its plan is made: from the register, the replies, the plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from kamxl.core.cards.asking import Asking
from kamxl.core.ids import same_id
from kamxl.core.method.programmes import ActionState
from kamxl.core.period import in_order
from kamxl.core.portfolio.changing import Revenues
from kamxl.core.portfolio.companion import account_now, segment_now
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.standing import plan_wishes
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.plan import AccountPlan, PlanWish
from kamxl.core.records.register import (
    Account,
    Competitor,
    Contact,
    Effort,
    Register,
    Reply,
    Segment,
)
from kamxl.excel.writing.patterns import Patterns
from kamxl.forms.plan import book as plan_form
from kamxl.forms.plan.prefill import PlanPrefill, SegmentKnown
from kamxl.store.workspace import Workspace
from kamxl.workflow.cards import stamp_of

_PATTERNS = Patterns()


def drawn(workspace: Workspace, prefill: PlanPrefill, language: str) -> bytes:
    """The workbook of a plan: the same knowledge, the same bytes."""
    stamp: datetime = stamp_of(prefill.period)
    return _PATTERNS.stamped(plan_form.book(prefill, language, workspace.id, stamp))


class Knowledge:
    """Everything known in ``period``: what answers and plans up to then say."""

    def __init__(
        self,
        register: Register,
        period: str,
        replies: Sequence[Reply],
        plans: Sequence[AccountPlan],
        as_of: date,
        revenues: Revenues | None = None,
    ) -> None:
        self._register, self._period, self._as_of = register, period, as_of
        self._replies = replies
        self._asking = Asking(register)
        self._portfolio: Portfolio = assemble(register, period, replies, (), revenues=revenues)
        self._results = {same_id(found.id): found for found in self._portfolio.accounts}
        selection = self._portfolio.selection
        selected = selection.accounts if selection else ()
        self._selected = {same_id(one.candidate.account): one for one in selected}
        self._contacts: defaultdict[str, list[Contact]] = defaultdict(list)
        for contact in register.contacts:
            self._contacts[same_id(contact.account)].append(contact)
        self._earlier: dict[str, AccountPlan] = {}
        for plan in plans:
            own = same_id(plan.account)
            if in_order(plan.period) < in_order(period):
                first = self._earlier.setdefault(own, plan)
                if in_order(plan.period) > in_order(first.period):
                    self._earlier[own] = plan

    def prefill(self, account: Account) -> PlanPrefill:
        """What the plan of an account begins with."""
        result = self._results[same_id(account.id)]
        earlier = self.earlier(account)
        now = account_now(self._portfolio, result)
        replies = [reply for segment in result.segments for reply in segment.replies]
        return PlanPrefill(
            account=account,
            period=self._period,
            as_of=self._as_of,
            company=self._register.settings.company,
            contacts=tuple(self._contacts.get(same_id(account.id), ())),
            segments=tuple(self._segment(s, result) for s in self._asking.segments(account)),
            competitors=self._competitors(account),
            position=result.standing.position,
            position_period=now.period,
            total=now.total,
            earlier_total=now.earlier_total,
            earlier_period=now.earlier,
            wishes=_wishes(replies, earlier),
            efforts=_efforts(replies),
            selection=self._selected[same_id(account.id)] if self._selected else None,
            earlier=earlier,
        )

    def earlier(self, account: Account) -> AccountPlan | None:
        """The account's latest plan of a period before this one."""
        return self._earlier.get(same_id(account.id))

    def _segment(self, segment: Segment, result: AccountResult) -> SegmentKnown:
        requirements = self._asking.requirements(segment)
        found = next((s for s in result.segments if same_id(s.id) == same_id(segment.id)), None)
        if found is None or found.profile is None:
            return SegmentKnown(segment, requirements)
        now = segment_now(found, self._replies)
        return SegmentKnown(
            segment, requirements, found.profile, now.total, now.period, now.earlier_total,
            now.earlier,
        )  # fmt: skip

    def _competitors(self, account: Account) -> tuple[Competitor, ...]:
        """Every rival known in one of the account's segments, named on cards or not."""
        found: dict[str, Competitor] = {}
        for segment in self._asking.segments(account):
            for competitor in self._asking.named_competitors(segment):
                found.setdefault(same_id(competitor.id), competitor)
        return tuple(found[key] for key in sorted(found))


def _wishes(replies: Iterable[Reply], earlier: AccountPlan | None) -> tuple[PlanWish, ...]:
    """What customers wish now, and earlier wishes that are still being worked on."""
    now = {same_id(wish.id): wish for wish in plan_wishes(replies)}
    actions = earlier.actions if earlier else ()
    open_ones = {same_id(a.wish) for a in actions if a.wish and a.state is ActionState.OPEN}
    for wish in earlier.wishes if earlier else ():
        key = same_id(wish.id)
        if key in now:
            now[key] = replace(now[key], reply=wish.reply)
        elif key in open_ones:
            now[key] = wish
    return tuple(now.values())


def _efforts(replies: Sequence[Reply]) -> tuple[Effort, ...]:
    """How hard it is to work with us: the mean of who rated it, and what they said."""
    by: dict[str, list[Effort]] = {}
    for reply in replies:
        for effort in reply.answers.efforts:
            by.setdefault(effort.id, []).append(effort)
    return tuple(_mean(key, efforts) for key, efforts in by.items())


def _mean(key: str, efforts: Sequence[Effort]) -> Effort:
    rated = [e.rating for e in efforts if e.rating is not None]
    said = dict.fromkeys(e.comment for e in efforts if e.comment)
    return Effort(key, sum(rated) / len(rated) if rated else None, " · ".join(said))
