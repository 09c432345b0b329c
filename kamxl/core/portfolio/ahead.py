"""At how many accounts we are ahead: of those we want to grow with, where there are any."""

from __future__ import annotations

from dataclasses import dataclass

from kamxl.core.method.basis import Verdict
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.whole import Portfolio


@dataclass(frozen=True, slots=True)
class Ahead:
    """``ahead`` of ``of`` accounts with a verdict in this period; ``focus``: of the focus list."""

    focus: bool
    ahead: int
    of: int


def ahead(portfolio: Portfolio) -> Ahead:
    """Of the focus accounts, where one of them is compared, else of all accounts.

    What an earlier period says counts for neither.
    """
    judged = [a for a in portfolio.accounts if a.lead.verdict is not None and not a.earlier]
    selected = ((a, a.standing.selected) for a in judged)
    focus = [a for a, found in selected if found and found.list is AccountList.FOCUS]
    counted = focus or judged
    best = sum(account.lead.verdict is Verdict.AHEAD for account in counted)
    return Ahead(bool(focus), best, len(counted))
