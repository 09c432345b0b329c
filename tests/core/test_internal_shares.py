"""What is written for a customer is internal to every other one; figures of it are nothing."""

from __future__ import annotations

from dataclasses import replace

from kamxl.core.cards.internal import secrets_of
from kamxl.core.method.programmes import Action, ProgrammeState
from kamxl.core.records.plan import (
    AccountPlan,
    DiscoveryAnswer,
    Lever,
    PlanProgramme,
    PlanWish,
)
from kamxl.workflow.guard.leaks import _Open
from tests.core.test_changing import ROWS, reply
from tests.workflow.making import register

SHARED = ("Wir liefern samstags", "Stunden Stillstand", "Stillstand der Linie",
          "Sie wollen wachsen", "Gemeinsam liefern", "Ihr Vorteil steigt", "Unser Vorteil auch",
          "Termin im Mai", "Schluss nach zwei Jahren",
          "Sie bekommen einen Ansprechpartner")  # fmt: skip
INNER = ("Rabatt nur im Notfall", "Chefin ist unsicher")


def made() -> AccountPlan:
    first = PlanProgramme("P1", "P", ProgrammeState.IDEA, None)
    return AccountPlan(
        "w", "A", "2026", "de",
        actions=(Action("A1", INNER[0], share=SHARED[0]),),
        levers=(Lever("V1", "L", unit=SHARED[1], share=SHARED[2]),),
        discovery=(DiscoveryAnswer("d1", "?", INNER[1], share=SHARED[3]),),
        programmes=(
            replace(first, goal=SHARED[4], gain_theirs=SHARED[5], gain_ours=SHARED[6],
                    step=SHARED[7], stop=SHARED[8]),
        ),
        wishes=(PlanWish("w1", share=SHARED[9]),),
    )  # fmt: skip


def test_shares_are_no_secret_to_their_customer_and_one_to_all_others() -> None:
    secrets = {s.shown: s for s in secrets_of(register(), [made()], ())}
    order = reply(ROWS).order
    own, other = (_Open((replace(order, account=key),)) for key in ("a", "B"))
    assert [one for one in SHARED if not own.says(secrets[one])] == []
    assert [one for one in (*SHARED, *INNER) if other.says(secrets[one])] == []
    assert [one for one in INNER if own.says(secrets[one])] == []
    assert [one for one in SHARED if _Open().says(secrets[one])] == []  # nobody's file
