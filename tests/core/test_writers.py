"""Who writes to an account: its manager, if the team's list has her."""

from dataclasses import replace

import pytest

from kamxl.core.cards.asking import orders
from kamxl.core.cards.writers import Writer, Writers
from kamxl.core.records.register import TeamMember
from tests.forms.registers import SMALL

USUAL = Writer("Jana Rehfeldt", "jana@velmora.example", "+49305550142", "Velmora, Feldweg 3")
TILO = TeamMember("TB", "Tilo Brandis", "tilo@velmora.example", "+49 30 2", "Key Accounts")


def managed(manager, *team):
    account, *others = SMALL.accounts
    return replace(SMALL, accounts=(replace(account, manager=manager), *others), team=team)


@pytest.mark.parametrize("manager", ["Tilo Brandis", "tilo  BRANDIS", "TB", " tb "])
def test_a_manager_is_known_by_name_or_id(manager):
    writers = Writers(managed(manager, TILO))
    assert writers.of("alfa") == Writer(TILO.name, TILO.email, TILO.phone, TILO.signature)
    assert writers.of("007") == USUAL


@pytest.mark.parametrize("manager", ["", "Tilo", "Maeve Corrin"])
def test_whoever_is_not_in_the_list_writes_as_the_settings_say(manager):
    assert Writers(managed(manager, TILO)).of("ALFA") == USUAL
    assert Writers(managed(manager)).of("ALFA") == USUAL


def test_what_a_row_leaves_blank_is_as_in_the_settings():
    found = Writers(managed("TB", TeamMember("TB", "Tilo Brandis"))).of("ALFA")
    assert found == replace(USUAL, name="Tilo Brandis")


def test_cards_name_the_manager_as_the_sender():
    made = managed("TB", TILO)
    senders = {o.account: o.sender_email for o in orders(made, "2026-H2", lambda _: "x")}
    assert senders == {"ALFA": TILO.email, "007": USUAL.email}
