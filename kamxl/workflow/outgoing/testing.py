"""A test card: what one customer would get, sent to the team itself and marked as a test.

Its record carries ``CardOrder.test``, which its mark signs: a test is recognised when it comes
back, and nobody was asked by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kamxl.core.ids import same_id
from kamxl.core.records.register import CardOrder, Register
from kamxl.core.roles import Source
from kamxl.errors import KamxlError
from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.forms.tables.typed import email
from kamxl.store.paths import check_length
from kamxl.store.workspace import Workspace
from kamxl.workflow.cards import place_of


def as_tests(register: Register, cards: Sequence[CardOrder], typed: str) -> list[CardOrder]:
    """The cards of the first account among these, as tests for an address (KamxlError: none).

    An account that is asked by mail comes before one that is asked in person: there is more to see.
    """
    address = _team_address(register, typed)
    mailed = (order for order in cards if order.source is Source.MAILED)
    first = next(mailed, cards[0] if cards else None)
    return [
        replace(order, test=address, respondent_email=address)
        for order in cards
        if first is not None and same_id(order.account) == same_id(first.account)
    ]


def place_of_test(workspace: Workspace, order: CardOrder) -> Path:
    """Where a test card stands: beside no real one, and called otherwise."""
    return tested_place(place_of(workspace, order))


def tested_place(real: Path) -> Path:
    """Where the test of a card or mail stands that has the place ``real``."""
    return check_length(real.parent / "test" / f"test--{real.name}")


def _team_address(register: Register, typed: str) -> str:
    """The one address that was typed (KamxlError: it is none, or a customer's)."""
    plain = typed.isprintable()
    address = email(RawCell(RawKind.TEXT, typed)).value if plain else None
    if not address:
        raise KamxlError("test-no-address", value=typed)
    if any(contact.email.casefold() == address.casefold() for contact in register.contacts):
        raise KamxlError("test-to-customer", address=address)
    return address
