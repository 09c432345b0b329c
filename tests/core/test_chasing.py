"""Whom to call: by manager, the earliest date first, and counts that add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kamxl.core.portfolio.chasing import CHASED, Chase, Reached, in_turn, tallies

TODAY = date(2026, 11, 2)
ONE = Chase("Jana", "A", "Account", "S", "Segment", "P", "Pia", "p@a.example", TODAY, Reached.OPEN)


def test_days_overdue_are_counted_of_whom_somebody_has_to_call() -> None:
    late = replace(ONE, due=date(2026, 10, 30))
    assert (ONE.late(TODAY), late.late(TODAY), late.late(None)) == (0, 3, None)
    assert replace(ONE, due=None).late(TODAY) is None
    for state in Reached:
        assert (replace(late, reached=state).late(TODAY) == 3) is (state in CHASED)


def test_each_manager_s_cards_stand_together_whom_to_call_first_on_top() -> None:
    cards = [
        replace(ONE, manager="", account="Z"),
        replace(ONE, account="B", reached=Reached.ANSWERED, due=date(2026, 1, 1)),
        replace(ONE, account="C", due=None),
        replace(ONE, account="D", due=date(2026, 10, 1), reached=Reached.SENT),
        replace(ONE, manager="ada", account="E", reached=Reached.LEFT),
        replace(ONE, manager="Ada", account="F", reached=Reached.UNDELIVERED),
        replace(ONE, manager="jana ", account="G"),
    ]
    found = in_turn(cards)
    assert "".join(one.account for one in found) == "FEDGCBZ"
    assert len({one.manager for one in found}) == 3  # however the name was typed
    assert in_turn(found) == found


def test_counts_add_up() -> None:
    states = [*Reached, Reached.OPEN]
    cards = in_turn(replace(ONE, account=f"A{n}", reached=s, due=date(2026, 10, 1 + n))
                    for n, s in enumerate(states))  # fmt: skip
    (tally,) = tallies(cards, TODAY)
    assert tally.asked == sum(tally.by.values()) == 6
    assert (tally.by[Reached.OPEN], tally.overdue, tally.next) == (2, 4, date(2026, 10, 1))
    assert tallies((), TODAY) == ()
