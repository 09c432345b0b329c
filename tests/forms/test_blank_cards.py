"""What follows from what is asked is found once for all who are asked the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kamxl.core.cards.shown import ShownCard, shown_card
from kamxl.core.records.page import Asks
from kamxl.forms.scorecard import slots as stated
from kamxl.forms.scorecard import values as filled
from kamxl.wording.texts import texts
from tests.forms.cards import MARK, ORDERS


def others(card: ShownCard) -> list[ShownCard]:
    """The same card to somebody else, of something else, from somebody else, and another."""
    named = replace(
        card, account="B", account_name="Süd <&> Söhne", segment="S", segment_name="Öfen",
        respondent="c9", respondent_name="Ben Bär", sender_name="Kim", sender_email="k@x.example",
        sender_phone="+49 1", sender_function="Leitung", feedback="Danke", due=None,
    )  # fmt: skip
    return [card, named, replace(card, asks=Asks.PROFILE), replace(card, meeting=True), named]


@pytest.mark.parametrize("name", ORDERS)
def test_a_blank_card_says_what_it_would_say_alone(name: str) -> None:
    for card in others(shown_card(ORDERS[name])):
        said = filled.values(card, MARK)
        alone = filled._card(card, None, texts(card.language))
        assert {key: said[key] for key in alone} == alone
        expected = stated.slots(card, MARK)
        both = said.keys() & expected.keys()
        assert {k: said[k] or "" for k in both} == {k: expected[k] or "" for k in both}
        assert len(both) > 300


def test_nobody_is_shown_what_another_was() -> None:
    first, other, *_ = others(shown_card(ORDERS["five, three"]))
    for of in (lambda card: filled.values(card, MARK), lambda card: stated.slots(card, MARK)):
        before, then = of(first), of(other)
        assert "Anke" in str(before.values())
        assert "Anke" not in str(then.values())
        assert before == of(first)
