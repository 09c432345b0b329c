"""Workspaces of so many accounts, for the bench: made, issued, and answered by everybody.

One segment and one respondent each, eight requirements from a catalogue, three rivals. All is
invented, and the same each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kamxl.core.method.selection import Answer, Candidate, GrowthCondition, SelectionCriterion
from kamxl.core.records.register import (
    Account,
    Answers,
    AskedRequirement,
    CardOrder,
    Competitor,
    Contact,
    ListedCompetitor,
    ListedRequirement,
    Register,
    Requirement,
    Scorecard,
    Segment,
    Settings,
)
from kamxl.core.roles import Role
from kamxl.store import memory
from kamxl.store.workspace import Workspace
from kamxl.workflow.cards import CardPress, mark_of, place_of
from tests.workflow.making import PERIOD, new_team

REQUIREMENTS, RIVALS = 8, 3
HOME = "w"  # the workspace in a folder of the bench


def register_of(accounts: int, plans: bool = False) -> Register:
    """The register of a team with so many accounts; ``plans``: all of them are in focus."""
    ids = [f"A{n:05}" for n in range(accounts)]
    asked = [AskedRequirement(f"R{n}", f"Anforderung Nummer {n}") for n in range(REQUIREMENTS)]
    return Register(
        Settings("Muster AG", "de", PERIOD, sender_name="Kim Muster", sender_email="kim@m.example"),
        tuple(Account(i, f"Kunde {i} GmbH", manager=f"Manager {int(i[1:]) % 40}") for i in ids),
        tuple(Segment(i, "S1", "Anlagen", _revenue(n), "CAT") for n, i in enumerate(ids)),
        tuple(
            Contact(i, "C0", f"Person {i}", f"p.{i}@k.example", "Einkauf", Role.PURCHASER)
            for i in ids
        ),
        tuple(ListedRequirement("CAT", "", "", one) for one in asked),
        tuple(ListedCompetitor("", "", Competitor(f"K{n}", f"Rivale {n}")) for n in range(RIVALS)),
        candidates=tuple(_candidate(i) for i in ids) if plans else (),
    )


def _revenue(n: int) -> float:
    return 10_000.0 * (1 + n * 7919 % 500)


def _candidate(account: str) -> Candidate:
    return Candidate(
        account,
        ratings=dict.fromkeys(SelectionCriterion, 80.0),
        conditions=dict.fromkeys(GrowthCondition, Answer.YES),
        days=10,
    )


def made(folder: Path, accounts: int, plans: bool = False) -> Path:
    """A workspace in ``folder``, from which nothing was issued."""
    return new_team(folder / HOME, register_of(accounts, plans)).root


def cards(workspace: Workspace) -> Iterator[CardOrder]:
    """What was issued, in order."""
    yield from sorted(memory.load(workspace).orders.values(), key=lambda order: order.key)


def first(folder: Path) -> tuple[Workspace, CardOrder]:
    """The workspace in a folder, and what the first of its cards asks."""
    workspace = Workspace.open(folder / HOME)
    return workspace, next(cards(workspace))


def card_in(folder: Path) -> bytes:
    """The first card that was issued."""
    return place_of(*first(folder)).read_bytes()


def answered(root: Path) -> int:
    """Everybody answers; how many that are."""
    workspace, press = Workspace.open(root), CardPress()
    count = 0
    for n, order in enumerate(cards(workspace)):
        data = press.press(order, mark_of(workspace, order), answers_to(order, n))
        (workspace.inbox / place_of(workspace, order).name).write_bytes(data)
        count += 1
    return count


def answers_to(order: CardOrder, n: int) -> Answers:
    """All weights and ratings; another answer for each ``n``."""
    ids = [asked.id for asked in order.requirements]
    asked = [Requirement(r.id, r.label, 100 / len(ids)) for r in order.requirements]
    ratings = {
        supplier.id: {id_: float(20 + (n * 31 + s * 17 + r * 7) % 81) for r, id_ in enumerate(ids)}
        for s, supplier in enumerate(order.suppliers)
    }
    return Answers(Scorecard(asked, ratings), name=order.respondent_name)
