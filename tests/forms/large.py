"""A portfolio of as many accounts as one likes, each with a segment, a reply and its rivals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kamxl.core.cards.asking import orders
from kamxl.core.portfolio.chasing import Chase, Reached, in_turn
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.register import (
    SELECTION_WEIGHTS,
    Account,
    AskedRequirement,
    Competitor,
    Contact,
    ListedCompetitor,
    ListedRequirement,
    Register,
    Segment,
    Settings,
)
from tests.forms.portfolio_plans import AS_OF, PERIOD, crowded_plan
from tests.forms.portfolio_sample import candidate_of, files, reply_of

REQUIREMENTS, RIVALS, PLANNED = 8, 3, 5  # every fifth account has a plan


def register_of(accounts: int) -> Register:
    """Accounts that are asked the same of one catalogue."""
    ids = [f"A{n:05}" for n in range(accounts)]
    return Register(
        Settings("Muster AG", "de", PERIOD),
        tuple(
            Account(one, f"Kunde {n:05} GmbH", manager=f"Kim {n % 40}") for n, one in enumerate(ids)
        ),
        tuple(
            Segment(one, "S1", "Anlagen", 10_000.0 * (1 + n % 500), "CAT")
            for n, one in enumerate(ids)
        ),
        tuple(
            Contact(one, "C1", f"Ada {n:05}", f"ada@k{n:05}.example", "Einkauf", asked=True)
            for n, one in enumerate(ids)
        ),
        tuple(
            ListedRequirement("CAT", "", "", AskedRequirement(f"R{n}", f"Anforderung Nummer {n}"))
            for n in range(REQUIREMENTS)
        ),
        tuple(ListedCompetitor("", "", Competitor(f"K{n}", f"Rivale {n}")) for n in range(RIVALS)),
        selection_weights=SELECTION_WEIGHTS,
        candidates=tuple(candidate_of(one, n) for n, one in enumerate(ids)),
    )


def large(accounts: int, silent: int = 0) -> Portfolio:
    """Their portfolio: all answered but the first ``silent``, some have a plan, each is chased."""
    of = register_of(accounts)
    asked = orders(of, PERIOD, lambda language: "Beste Alternative")
    answered = [reply_of(order) for order in asked[silent:]]
    planned = [crowded_plan(a.id, a.name, n) for n, a in enumerate(of.accounts[::PLANNED])]
    made = assemble(of, PERIOD, answered, files(answered), planned, AS_OF)
    chased = in_turn(
        Chase(
            f"Kim {n % 40}", o.account, o.account_name, o.segment, o.segment_name, o.respondent,
            o.respondent_name, o.respondent_email, date(2026, 10, 1 + n % 28), Reached.ANSWERED,
        )
        for n, o in enumerate(asked)
    )  # fmt: skip
    return replace(made, chase=chased)
