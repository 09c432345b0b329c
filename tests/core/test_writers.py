"""Who writes to an account: its manager, if the team's list has her."""

from dataclasses import fields, replace

import pytest

from kamxl.core.cards.asking import orders
from kamxl.core.cards.changes import BY_WHOM_AND_WHERE, asks_the_same
from kamxl.core.cards.writers import Writer, Writers
from kamxl.core.records.register import CardOrder, Competitor, TeamMember
from kamxl.core.roles import Source
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


def test_a_function_is_hers_alone_and_answers_go_to_one_mailbox():
    settings = replace(
        SMALL.settings, sender_function="Head of Sales", reply_to="answers@velmora.example"
    )
    tilo, maeve = replace(TILO, function="Key Accounts"), TeamMember("MC", "Maeve Corrin")
    for manager, function in (("TB", "Key Accounts"), ("MC", ""), ("", "Head of Sales")):
        made = replace(managed(manager, tilo, maeve), settings=settings)
        found = Writers(made).of("ALFA")
        assert (found.function, found.reply_to) == (function, "answers@velmora.example")
        (order, *_) = orders(made, "2026-H2", lambda _: "x")
        assert (order.sender_function, order.reply_to) == (function, found.reply_to)


@pytest.mark.parametrize("field", [f.name for f in fields(CardOrder)])
def test_a_card_asks_the_same_by_whomever_and_wherever(field):
    (before, *_) = orders(managed("TB", TILO), "2026-H2", lambda _: "x")
    other = {
        "requirements": (), "competitors": (Competitor("b", "B"),), "role": None, "due": None,
        "named_rivals": not before.named_rivals, "source": Source.JOINT, "rating_threshold": 1.0,
    }  # fmt: skip
    after = replace(before, **{field: other.get(field, "other")})
    assert after != before
    assert asks_the_same(before, after) == (field in BY_WHOM_AND_WHERE)
