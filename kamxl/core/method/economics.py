"""Fields of business (Ausgangsfeld, Felder der Geschäftsausweitung) and what is left in them.

Seed: 2.2, 2.3. The running ones are bread and butter; new ones are where growth comes from.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kamxl.core.ids import most_typed, same_id, same_name
from kamxl.core.method.gate import Answer
from kamxl.core.method.robustness import weighted_mean


class FieldKind(StrEnum):
    """RUNNING: business of today. NEW: business that does not exist with this account yet."""

    RUNNING = "running"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one account. Money a year in the team's currency; ``share_of_wallet`` and
    ``margin`` in %; ``potential``: all the customer could buy from us there, today's included.
    None: unknown.
    """

    id: str
    name: str
    kind: FieldKind
    market: str = ""
    revenue_last: float | None = None
    revenue_now: float | None = None
    potential: float | None = None
    share_of_wallet: float | None = None
    margin: float | None = None
    developable: Answer = Answer.UNKNOWN
    approach: str = ""
    account: str = ""

    @property
    def same(self) -> tuple[bool, str]:
        """What makes two fields of different accounts one: their kind and their name.

        Ids do not: they are unique within one account only. The running ones sort first.
        """
        return self.kind is FieldKind.NEW, same_name(self.name)

    @property
    def current(self) -> float | None:
        """This year's revenue; a NEW field has none by definition, unless one is given."""
        if self.revenue_now is None and self.kind is FieldKind.NEW:
            return 0.0
        return self.revenue_now

    @property
    def white_space(self) -> float | None:
        """Potential − current revenue, never negative; None if one of them is unknown."""
        if self.potential is None or self.current is None:
            return None
        return max(self.potential - self.current, 0.0)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of what is known: ``value`` (None: nothing is) over ``known`` of ``of`` figures."""

    value: float | None
    known: int
    of: int

    @property
    def whole(self) -> bool:
        """Whether all of the figures are known; if not, the sum is only what is known of it."""
        return self.known == self.of


def sum_known(values: Iterable[float | None]) -> Sum:
    """Add up what is known; what is not stays visible in the counts."""
    given = list(values)
    known = [value for value in given if value is not None]
    return Sum(math.fsum(known) if known else None, len(known), len(given))


@dataclass(frozen=True, slots=True)
class FieldSum:
    """One field over all accounts that have it as this kind; ``name`` as typed most often.

    ``margin``: mean in %, weighted by this year's revenue, of the ``margins`` rows in which both
    are known.
    """

    name: str
    kind: FieldKind
    accounts: int
    revenue_last: Sum
    revenue_now: Sum
    potential: Sum
    white_space: Sum
    margin: float | None
    margins: int


def sum_fields(fields: Sequence[Field]) -> tuple[FieldSum, ...]:
    """Sums per field (see ``Field.same``): the running ones first, each by name."""
    groups: dict[tuple[bool, str], list[Field]] = {}
    for found in fields:
        groups.setdefault(found.same, []).append(found)
    return tuple(_sum(groups[key]) for key in sorted(groups))


def _sum(fields: Sequence[Field]) -> FieldSum:
    margins = [
        (f.revenue_now, f.margin)
        for f in fields
        if f.revenue_now is not None and f.margin is not None
    ]
    return FieldSum(
        name=most_typed(f.name for f in fields),
        kind=fields[0].kind,
        accounts=len({same_id(f.account) for f in fields}),
        revenue_last=sum_known(f.revenue_last for f in fields),
        revenue_now=sum_known(f.revenue_now for f in fields),
        potential=sum_known(f.potential for f in fields),
        white_space=sum_known(f.white_space for f in fields),
        margin=weighted_mean(margins),
        margins=len(margins),
    )
