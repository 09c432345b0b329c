"""Choosing (Auswahl): from what the register says to the selection of its accounts."""

from __future__ import annotations

import math
from dataclasses import replace

from kamxl.core.ids import same_id
from kamxl.core.method.selection import Candidate, Selection, rank_accounts
from kamxl.core.records.register import Register

NO_AMOUNT = 1e15  # a number of that size is a slip, no revenue; sums of smaller ones stay finite


def revenues_of(register: Register) -> dict[str, tuple[float, bool]]:
    """Account id (folded) to its running revenue a year: the sum over its segments that tell one,
    and whether there is more, because others do not.

    An account none of whose segments has a known revenue is not in it.
    """
    known: dict[str, list[float]] = {}
    untold: set[str] = set()
    for segment in register.segments:
        account = same_id(segment.account)
        if segment.revenue is not None and 0 <= segment.revenue < NO_AMOUNT:
            known.setdefault(account, []).append(segment.revenue)
        else:
            untold.add(account)
    return {own: (math.fsum(revenues), own in untold) for own, revenues in known.items()}


def candidates_of(register: Register) -> tuple[Candidate, ...]:
    """Every account as a candidate, with its name and revenue: first those that have been judged.

    Those stand in the order of ``register.candidates``, the others, of whom everything else is
    unknown, in the order of the accounts. A candidate that is no account is left out, and so is a
    rating or answer of None.
    """
    accounts = {same_id(account.id): account for account in register.accounts}
    judged: dict[str, Candidate] = {}
    for candidate in register.candidates:
        if same_id(candidate.account) in accounts:
            judged.setdefault(same_id(candidate.account), _without_blanks(candidate))
    revenues = revenues_of(register)
    made = []
    for key in (*judged, *(key for key in accounts if key not in judged)):
        revenue, at_least = revenues.get(key, (None, False))
        candidate, account = judged.get(key, Candidate("")), accounts[key]
        candidate = replace(candidate, account=account.id, name=account.name)
        made.append(replace(candidate, revenue=revenue, at_least=at_least))
    return tuple(made)


def _without_blanks(candidate: Candidate) -> Candidate:
    return replace(
        candidate,
        ratings={key: points for key, points in candidate.ratings.items() if points is not None},
        conditions={key: said for key, said in candidate.conditions.items() if said is not None},
    )


def selection_of(register: Register) -> Selection:
    """All accounts of a register, judged by its weights and thresholds."""
    settings = register.settings
    return rank_accounts(
        candidates_of(register),
        register.selection_weights,
        threshold=settings.focus_score,
        coverage_needed=settings.focus_coverage / 100,
        build_up_within=settings.build_up,
    )
