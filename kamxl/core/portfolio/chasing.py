"""Whom to ask again, by account manager: asked, answered, sent something, and call by when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from kamxl.core.ids import same_id, same_name
from kamxl.core.roles import Source


class Reached(StrEnum):
    """Where a card stands, in the order in which somebody has to do something.

    SENT: something came that is no answer yet; UNDELIVERED: her mail came back; LEFT: she is not
    asked any more.
    """

    OPEN = "open"
    UNDELIVERED = "undelivered"
    SENT = "sent"
    LEFT = "left"
    ANSWERED = "answered"


CHASED = frozenset({Reached.OPEN, Reached.UNDELIVERED, Reached.SENT})


@dataclass(frozen=True, slots=True)
class Chase:
    """One card that is out: whom it was sent to, under which manager, and what came of it.

    ``source``: how she is asked; who is asked in a meeting gets no mail. ``profile``: only weights
    are asked.
    """

    manager: str
    account: str
    account_name: str
    segment: str
    segment_name: str
    respondent: str
    name: str
    email: str
    due: date | None
    reached: Reached
    source: Source = Source.MAILED
    profile: bool = False

    def late(self, as_of: date | None) -> int | None:
        """By how many days it is overdue, 0: in time; None: nobody is to be called, or no date."""
        if as_of is None or self.due is None or self.reached not in CHASED:
            return None
        return max((as_of - self.due).days, 0)


@dataclass(frozen=True, slots=True)
class Tally:
    """One manager's cards, counted; ``next``: the first day by which somebody is to be called."""

    manager: str
    asked: int
    by: dict[Reached, int]
    overdue: int
    next: date | None


def in_turn(cards: Iterable[Chase]) -> tuple[Chase, ...]:
    """By manager (as last spelled; cards of none last), whom to call first on top."""
    found = list(cards)
    spelled = {same_name(one.manager): one.manager for one in found}

    def place(one: Chase) -> tuple[object, ...]:
        manager = same_name(one.manager)
        done = one.reached not in CHASED
        due = one.due or date.max
        return (
            not manager, manager, done, list(Reached).index(one.reached) if done else 0, due,
            same_id(one.account), same_id(one.segment), same_id(one.respondent),
        )  # fmt: skip

    return tuple(
        replace(one, manager=spelled[same_name(one.manager)]) for one in sorted(found, key=place)
    )


def tallies(cards: Iterable[Chase], as_of: date | None) -> tuple[Tally, ...]:
    """The cards of each manager, counted; in their order."""
    by: defaultdict[str, list[Chase]] = defaultdict(list)
    for one in cards:
        by[one.manager].append(one)
    return tuple(
        Tally(
            manager,
            len(own),
            {state: sum(one.reached is state for one in own) for state in Reached},
            sum(bool(one.late(as_of)) for one in own),
            min((one.due for one in own if one.due and one.reached in CHASED), default=None),
        )
        for manager, own in by.items()
    )
