"""The first loop, by hand: a small invented workspace, two answers in it, and what to do next.

Which card she fills in herself stands in the memory; while it does, each command ends with the next
step. Nothing of it is a demo played to the end: what she does is what she will do with customers.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from kamxl.core.cards.asking import orders
from kamxl.core.ids import same_id
from kamxl.core.records.register import CardOrder, Register
from kamxl.store import atomic, memory
from kamxl.store.reading import content
from kamxl.store.workspace import Workspace
from kamxl.workflow.cards import CardPress, mark_of
from kamxl.workflow.demo.answers import answer
from kamxl.workflow.demo.sample import MARKER
from kamxl.workflow.incoming.answering import alternative
from kamxl.workflow.start.identity import in_turn, opened
from kamxl.workflow.start.register import period_of, read_register
from kamxl.workflow.start.sample import sample

# For each language three accounts with one segment each; the first has two people who are asked.
_SMALL = {
    "de": (("KORNGOLD", "LINIEN"), ("LUMENTA", "MONTAGE"), ("CALDERBY", "FILLING")),
    "en": (("BRACKENLEY", "LINES"), ("CALDERBY", "FILLING"), ("LUMENTA", "MONTAGE")),
}
_INVENTED = {"de": "(erfunden)", "en": "(invented)"}
_LARGEST = 10_000  # bytes of it
_DAYS = 3  # ago the two answers came


def small(language: str) -> Register:
    """A register of three invented accounts, the name of each saying that it is."""
    spoken = language if language in _SMALL else "en"
    whole, chosen = sample(language), _SMALL[spoken]
    accounts = {account for account, _ in chosen}
    known = {account.id: account for account in whole.accounts}
    segments = {(s.account, s.id): s for s in whole.segments}
    kept = [segments[pair] for pair in chosen]
    catalogues = {segment.catalogue for segment in kept}
    company = f"{whole.settings.company} {_INVENTED[spoken]}"
    return replace(
        whole,
        settings=replace(whole.settings, company=company),
        accounts=tuple(
            replace(known[a], name=f"{known[a].name} {_INVENTED[known[a].language]}")
            for a, _ in chosen
        ),
        segments=tuple(kept),
        contacts=tuple(
            replace(c, segments=()) for a, _ in chosen for c in whole.contacts if c.account == a
        ),
        requirements=tuple(r for r in whole.requirements if r.catalogue in catalogues),
        competitors=tuple(c for c in whole.competitors if not c.account or c.account in accounts),
        candidates=tuple(c for c in whole.candidates if c.account in accounts),
    )


def begin(root: Path, now: datetime) -> None:
    """Put two cards that went out, and their answers, into a new workspace of the ``small`` kind.

    The first card is left to her who tries it.
    """
    with in_turn(root, "init") as workspace:
        _begun(workspace, now)


def _begun(workspace: Workspace, now: datetime) -> None:
    register = read_register(workspace).register
    asked = orders(register, period_of(register, None), alternative)
    hers, *others = asked
    press, came = CardPress(), now - timedelta(days=_DAYS)
    for order in others[:2]:
        memory.remember(workspace, order)
        mark, ids = mark_of(workspace, order), (order.account, order.segment, order.respondent)
        path = workspace.card_path(order.period, *ids)
        atomic.write(path, press.press(order, mark))
        filled = press.press(order, mark, answer(order, came.date()))
        atomic.write(workspace.inbox / path.name, filled)
    told = {name: getattr(hers, name) for name in ("period", "account", "segment", "respondent")}
    atomic.write(workspace.memory / MARKER, json.dumps(told).encode())


def her_card(root: Path) -> CardOrder | None:
    """The card that is left to her who tries it; None: the register has none such any more."""
    workspace = opened(root)
    told = json.loads(content(workspace.memory / MARKER, _LARGEST))
    register = read_register(workspace).register
    wanted = tuple(same_id(told[name]) for name in ("account", "segment", "respondent"))
    asked = orders(register, period_of(register, None), alternative)
    return next((order for order in asked if order.key[:3] == wanted), None)
