"""What was sent out and what came of it, for the portfolio: cards, reply pages, whom to call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from kamxl.core.ids import same_id
from kamxl.core.portfolio.chasing import Chase, Reached, in_turn
from kamxl.core.portfolio.following import PageOut
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.page import Asks
from kamxl.core.records.register import Register
from kamxl.store import memory
from kamxl.store.workspace import Workspace
from kamxl.workflow.incoming.answering import Asked, cards_of
from kamxl.workflow.incoming.intake import Intake


def with_asked(
    portfolio: Portfolio, workspace: Workspace, register: Register, intake: Intake, now: datetime
) -> Portfolio:
    """The portfolio with who was asked, as the issued records say, and what came of each card.

    ``now``: by which the answers in ``intake`` were settled.
    """
    out = cards_of(
        workspace, register, portfolio.period, intake=intake, now=now, issued=intake.issued
    )
    asked = (
        (same_id(order.account), same_id(order.segment))
        for order in out.issued.values()
        if order.period == portfolio.period and not order.test and order.asks is not Asks.REPLY
    )
    found = out.everybody
    sent = (same_id(one.order.account) for one in found if one.standing == "sent")
    managers = {same_id(account.id): account.manager for account in portfolio.accounts}
    chase = in_turn(_chased(one, managers) for one in found)
    return replace(portfolio, asked=frozenset(asked), sent=frozenset(sent), chase=chase)


def pages_out(workspace: Workspace, issued: memory.Issued | None = None) -> list[PageOut]:
    """The reply pages that went out, with the day of their records (``issued``: all there are)."""
    return [
        PageOut(order, made.date() if (made := memory.written(workspace, digest)) else None)
        for digest, order in (issued or memory.load(workspace)).orders.items()
        if order.page is not None and not order.test
    ]


def _chased(one: Asked, managers: Mapping[str, str]) -> Chase:
    """A card that is out, as the list of whom to call has it."""
    order = one.order
    return Chase(
        managers.get(same_id(order.account), ""),
        order.account,
        order.account_name,
        order.segment,
        order.segment_name,
        order.respondent,
        one.to.respondent_name or order.respondent_name,
        one.to.respondent_email,
        order.due,
        Reached(one.standing),
        one.to.source,
        order.asks is Asks.PROFILE,
    )
