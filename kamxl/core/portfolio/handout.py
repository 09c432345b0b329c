"""What a customer may have of an account brief: one page to talk about, for everybody at hers.

A typed record that holds what was written for her, and nothing else: actions that close the gap of
a requirement her cards asked, benefits and how we understand her, joint programmes that are agreed.
No rating, weight or wish is in it, nor what answers a wish: what one of her people said is not
another one's to read. What is for one person alone stands on her reply page (``replying``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kamxl.core.ids import is_spare, same_id
from kamxl.core.method.programmes import RequirementKey, closing
from kamxl.core.period import in_order
from kamxl.core.portfolio.replying import (
    for_her,
    page_row,
    shared_benefits,
    shared_programmes,
    shared_statements,
)
from kamxl.core.portfolio.standing import of_account
from kamxl.core.records.page import (
    Asks,
    PageBenefit,
    PageProgramme,
    PageRow,
    PageStatement,
    RowKind,
)
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import Account, CardOrder


@dataclass(frozen=True, slots=True)
class Handout:
    """The page of one customer; ``company``: ours. ``rows``: requirements, as her cards call them.

    ``left``: how many of all did not fit on one page.
    """

    account: str
    company: str
    period: str
    language: str
    rows: tuple[PageRow, ...] = ()
    statements: tuple[PageStatement, ...] = ()
    benefits: tuple[PageBenefit, ...] = ()
    programmes: tuple[PageProgramme, ...] = ()
    left: int = 0

    @property
    def empty(self) -> bool:
        """Whether nothing is written for her."""
        return not (self.rows or self.statements or self.benefits or self.programmes)

    def past(self, day: date) -> int:
        """How many of its rows name a date that is over."""
        return sum(row.due is not None and row.due < day for row in self.rows)


def handout_of(
    account: Account,
    company: str,
    period: str,
    language: str,
    plan: AccountPlan | None,
    orders: Iterable[CardOrder],
) -> Handout:
    """The page of an account; ``orders``: all cards that were issued, ``plan``: its latest."""
    made = Handout(account.name or account.id, company, period, language)
    if plan is None:
        return made
    agreed = replace(plan, programmes=tuple(p for p in plan.programmes if p.active))
    own = of_account(agreed, account.id)
    return replace(
        made,
        rows=tuple(_rows(own, orders_of(account.id, period, language, orders))),
        statements=tuple(shared_statements(own)),
        benefits=tuple(shared_benefits(own)),
        programmes=tuple(shared_programmes(own)),
    )


def orders_of(
    account: str, period: str, language: str, orders: Iterable[CardOrder]
) -> tuple[CardOrder, ...]:
    """The cards that went out to an account up to a period: in ``language`` first, the latest first

    of those. Tests went to nobody; who was forgotten is asked nothing more.
    """
    own = [
        order
        for order in orders
        if same_id(order.account) == same_id(account)
        and not order.test
        and order.forgotten is None
        and order.asks is not Asks.REPLY
        and in_order(order.period) <= in_order(period)
    ]
    own.sort(key=lambda one: one.key)
    own.sort(key=lambda one: in_order(one.period), reverse=True)
    return tuple(sorted(own, key=lambda one: one.language != language))


def _rows(plan: AccountPlan, cards: Sequence[CardOrder]) -> Iterator[PageRow]:
    """What we do about requirements, each action once, those due first on top."""
    labels: dict[RequirementKey, str] = {}
    for order in cards:
        for asked in order.requirements:
            if not is_spare(asked.id):
                key = RequirementKey(plan.account, *map(same_id, (order.segment, asked.id)))
                labels.setdefault(key, asked.label)
    acted = closing([action for action in for_her(plan) if not action.wish], labels)
    found: dict[tuple[str, str], PageRow] = {}
    for key, actions in acted.items():
        row = page_row(key.requirement, RowKind.GAP, labels[key], actions)
        if row is not None:
            found.setdefault((row.understood, row.doing), row)
    yield from sorted(found.values(), key=lambda row: row.due or date.max)
