"""What follows from all accounts of a portfolio is worked out once, however many sheets show it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar, cast

from kamxl.core.portfolio.results import AccountResult

Made = TypeVar("Made")


class Accounts(tuple[AccountResult, ...]):
    """The accounts of a portfolio: none of them ever changes, so what follows from all is kept."""

    _made: dict[Hashable, Any]

    def __new__(cls, accounts: Iterable[AccountResult] = ()) -> Accounts:
        """The same accounts, of which nothing was worked out yet."""
        made = super().__new__(cls, accounts)
        made._made = {}
        return made

    def __reduce__(self) -> tuple[object, ...]:
        # What was worked out does not travel.
        return Accounts, (tuple(self),)


def once(accounts: Iterable[AccountResult], key: Hashable, make: Callable[[], Made]) -> Made:
    """What ``make`` gives for these accounts, kept under ``key`` where they are a portfolio's."""
    if not isinstance(accounts, Accounts):
        return make()
    if key not in accounts._made:
        accounts._made[key] = make()
    return cast("Made", accounts._made[key])
