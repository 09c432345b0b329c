"""The sample team: plausible, invented, and large enough to show every case."""

from __future__ import annotations

import pytest

from kamxl.core.cards.asking import Asking, orders
from kamxl.core.ids import is_id
from kamxl.core.roles import Role
from kamxl.workflow.start.sample import sample

SEED = (
    "Leistungsfähigkeit des Systems",
    "Sicherheit des Systems",
    "Preis",
    "Normung nach Standards",
    "Lieferzuverlässigkeit",
)


def test_the_seeds_requirements_lead_the_catalogue() -> None:
    first = sample("de").requirements[:5]
    assert tuple(r.asked.label for r in first) == SEED
    english = sample("en").requirements[:5]
    assert [r.asked.id for r in english] == [r.asked.id for r in first]
    assert english[2].asked.label == "Price"


@pytest.mark.parametrize("language", ["de", "en"])
def test_it_shows_every_case(language: str) -> None:
    register = sample(language)
    asking = Asking(register)
    sizes = [len(asking.requirements(segment)) for segment in register.segments]
    assert len(register.accounts) >= 14
    assert {account.language for account in register.accounts} == {"de", "en"}
    assert max(len(asking.segments(account)) for account in register.accounts) == 3
    assert min(sizes) >= 5
    assert sum(size > 12 for size in sizes) == 1
    assert len({segment.catalogue for segment in register.segments}) >= 3
    assert [s.named_rivals for s in register.segments].count(False) == 1
    assert [s.revenue for s in register.segments].count(None) == 1
    assert 5 <= len({listed.competitor.id for listed in register.competitors}) <= 7
    roles = [{c.role for c in asking.respondents(segment)} for segment in register.segments]
    assert roles.count({Role.REQUIRER, Role.PURCHASER}) >= 5
    assert max(len(asking.respondents(segment)) for segment in register.segments) == 3
    assert any(any(r.asked.anchors) for r in register.requirements)
    assert any(r.asked.minimum for r in register.requirements)


@pytest.mark.parametrize("language", ["de", "en"])
def test_it_is_whole_and_invented(language: str) -> None:
    register = sample(language)
    accounts = {account.id for account in register.accounts}
    segments = {(segment.account, segment.id) for segment in register.segments}
    assert {account for account, _ in segments} == accounts
    assert {contact.account for contact in register.contacts} == accounts
    for contact in register.contacts:
        assert {(contact.account, own) for own in contact.segments} <= segments
        assert contact.email.endswith(".example") or not contact.email
        assert contact.email.isascii()
    owners = {own for c in register.competitors for own in (c.account, c.segment) if own}
    assert owners <= accounts | {own for _, own in segments}
    everything = [*accounts, *(own for _, own in segments), *(c.id for c in register.contacts)]
    assert all(is_id(one) for one in everything)


def test_it_makes_orders_in_both_languages() -> None:
    made = orders(sample("de"), "2026-H2", str)
    assert len(made) >= 25
    assert {order.language for order in made} == {"de", "en"}
    assert all(order.requirements for order in made)
    assert len({order.key for order in made}) == len(made)
