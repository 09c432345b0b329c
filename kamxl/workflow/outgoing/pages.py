"""The reply pages of a run: whose answer each takes up, and no line on two pages of one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

from kamxl.core.portfolio.replying import Line, lines_of, page_for, plan_for, said_by
from kamxl.core.records.page import ReplyPage
from kamxl.core.records.register import CardKey, CardOrder, PersonKey, Reply
from kamxl.workflow.incoming.intake import Intake

Records = Mapping[CardKey, Mapping[str, CardOrder]]  # of each card by digest, the newest last


@dataclass(slots=True)
class Pages:
    """Makes pages of what came back and of the plans of periods until ``until``."""

    intake: Intake
    records: Records
    until: str
    _out: dict[PersonKey, dict[CardKey, tuple[Line, ...]]] = field(default_factory=dict, repr=False)

    def planned(self, account: str) -> bool:
        """Whether there is a plan of the account."""
        return plan_for(self.intake.plans, account, self.until) is not None

    def page(
        self, to: CardOrder, reply: Reply, *, again: bool = False, alone: bool = False
    ) -> ReplyPage | None:
        """What answers a reply of the respondent of ``to``, as she is called by now.

        What is settled is not asked again, nor what stands on another page of hers; ``again``: nor
        what she said anything of at all; ``alone``: as if she had no other page. None: nothing is
        left, or nothing is written for her.
        """
        plan = plan_for(self.intake.plans, to.account, self.until)
        digest = self._digest(reply)
        if plan is None or digest is None:
            return None
        said = said_by(to, self.intake.pages)
        known = said.shown if again else said.settled
        pages = {}.items() if alone else self._out.get(to.key.person, {}).items()
        # of the same segment it is the one that this one replaces
        others = (lines for key, lines in pages if key.segment != to.key.segment)
        return page_for(reply, digest, plan, said, {*known, *chain(*others)})

    def stands(self, order: CardOrder) -> None:
        """A page goes out, or is out: its lines are on no other one of hers."""
        if order.page is not None:
            own = self._out.setdefault(order.key.person, {})
            own[order.key] = lines_of(order.page)

    def _digest(self, reply: Reply) -> str | None:
        """Of the record that was answered; where a decision made it another's, of hers."""
        own = self.records.get(reply.order.key, {})
        found = [digest for digest, order in own.items() if order == reply.order]
        return next(reversed(found or list(own)), None)
