"""From the register to orders: who is asked what, in which language, beside which rivals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kamxl.core.cards.asking import Asking, orders
from kamxl.core.records.register import (
    Account,
    AskedRequirement,
    Competitor,
    Contact,
    HeldCard,
    ListedCompetitor,
    ListedRequirement,
    Register,
    Segment,
    Settings,
)
from kamxl.core.roles import Role, Source

SETTINGS = Settings(
    "Velmora", "de", "2026-H2", date(2026, 10, 30), "Jana", "j@v.example", "1", 65.0
)
LINES = Segment("ALFA", "LINES", "Linien", 10.0, "Kern", True, "Danke")
PARTS = Segment("ALFA", "PARTS", "Teile", named_rivals=False)
PUMPS = Segment("BETA", "LINES", "Pumps", catalogue="kern")
KEY = AskedRequirement("KEY", "Schlüssel", 50.0)
REGISTER = Register(
    SETTINGS,
    (Account("BETA", "Beta Ltd", "en"), Account("ALFA", "Alfa AG"), Account("GAMA", "Gama")),
    (LINES, PARTS, PUMPS),
    (
        Contact("alfa", "K1", "Anke", "a@a.example", "Einkauf", Role.PURCHASER),
        Contact("ALFA", "K2", "Bo", segments=("parts",), language="en", source=Source.JOINT),
        Contact("ALFA", "K3", "Cem", asked=False),
        Contact("BETA", "K1", "Dee"),
    ),
    (
        ListedRequirement("", "ALFA", "lines", AskedRequirement("OWN", "Eigenes")),
        ListedRequirement("KERN", "", "", KEY),
        ListedRequirement("", "ALFA", "PARTS", AskedRequirement("P", "Teil")),
        ListedRequirement("", "BETA", "PARTS", AskedRequirement("X", "Fremd")),
        ListedRequirement("Andere", "", "", AskedRequirement("Y", "Fremd")),
    ),
    (
        ListedCompetitor("alfa", "LINES", Competitor("zeta", "Zeta")),
        ListedCompetitor("", "", Competitor("OMBRA", "Ombra")),
        ListedCompetitor("ALFA", "", Competitor("Borel", "Borel")),
        ListedCompetitor("ALFA", "", Competitor("ombra", "Ombra")),
        ListedCompetitor("ALFA", "PARTS", Competitor("kest", "Kest")),
        ListedCompetitor("BETA", "LINES", Competitor("aaa", "Aaa")),
    ),
)
ASKING = Asking(REGISTER)


def ids(found: tuple[AskedRequirement, ...] | tuple[Competitor, ...] | tuple[Contact, ...]) -> str:
    return " ".join(one.id for one in found)


def test_requirements_are_the_catalogues_then_its_own() -> None:
    assert ids(ASKING.requirements(LINES)) == "KEY OWN"
    assert ids(ASKING.requirements(PARTS)) == "P"
    assert ASKING.requirements(PUMPS) == (KEY,)


def test_a_segment_without_catalogue_takes_none() -> None:
    # "" is the catalogue of every requirement that has none
    assert ASKING.requirements(Segment("GAMA", "X", "X")) == ()


def test_competitors_are_those_of_all_of_the_account_and_of_the_segment() -> None:
    assert ids(ASKING.competitors(LINES)) == "Borel OMBRA zeta"
    assert ids(ASKING.competitors(PUMPS)) == "aaa OMBRA"


def test_where_rivals_are_not_named_there_is_one_alternative() -> None:
    assert ASKING.competitors(PARTS, "Beste") == (Competitor("alternative", "Beste"),)
    assert ids(ASKING.named_competitors(PARTS)) == "Borel kest OMBRA"


def test_who_is_asked() -> None:
    assert ids(ASKING.respondents(LINES)) == "K1"
    assert ids(ASKING.respondents(PARTS)) == "K1 K2"
    assert ASKING.segments(REGISTER.accounts[1]) == (LINES, PARTS)


def test_orders_follow_accounts_segments_and_respondents() -> None:
    made = orders(REGISTER, "2027-Q1", lambda language: f"alternative in {language}")
    assert [(o.account, o.segment, o.respondent, o.language) for o in made] == [
        ("BETA", "LINES", "K1", "en"),
        ("ALFA", "LINES", "K1", "de"),
        ("ALFA", "PARTS", "K1", "de"),
        ("ALFA", "PARTS", "K2", "en"),
    ]
    assert [o.competitors[0].name for o in made if not o.named_rivals] == [
        "alternative in de",
        "alternative in en",
    ]


def test_an_order_carries_what_the_card_needs() -> None:
    order = orders(REGISTER, "2027-Q1", str)[1]
    assert (order.account_name, order.segment_name, order.respondent_name) == (
        "Alfa AG",
        "Linien",
        "Anke",
    )
    assert (order.respondent_email, order.function, order.role) == (
        "a@a.example",
        "Einkauf",
        Role.PURCHASER,
    )
    assert (order.period, order.company, order.due) == ("2027-Q1", "Velmora", SETTINGS.due)
    assert (order.sender_name, order.sender_email, order.sender_phone) == (
        "Jana",
        "j@v.example",
        "1",
    )
    assert (order.rating_threshold, order.feedback, order.named_rivals) == (65.0, "Danke", True)
    assert orders(REGISTER, "2027-Q1", str)[3].source is Source.JOINT


def test_a_card_that_is_held_back_is_not_ordered_and_all_others_are() -> None:
    whole = orders(REGISTER, "2026-H2", str)
    for waits in whole:
        held = HeldCard(waits.account.upper(), waits.segment.lower(), waits.respondent.upper(), ())
        made = orders(replace(REGISTER, held=(held,)), "2026-H2", str)
        assert made == tuple(order for order in whole if order != waits)


def test_an_error_that_no_card_shows_keeps_no_card_back() -> None:
    blocked = replace(REGISTER, blocked=frozenset({"alfa", "beta"}))
    assert orders(blocked, "2026-H2", str) == orders(REGISTER, "2026-H2", str)
