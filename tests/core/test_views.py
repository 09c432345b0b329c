"""Requirers and purchasers side by side; we and they."""

from __future__ import annotations

import pytest

from kamxl.core.method.panel import Panel
from kamxl.core.method.respondents import profile_of
from kamxl.core.method.scoring import Requirement, Scorecard
from kamxl.core.portfolio.views import PerceptionRow, View, perception, role_of, two_views, views_of
from kamxl.core.records.register import Answers, CardOrder, Reply
from kamxl.core.roles import Role

REQUIRER, PURCHASER, BOTH = Role


def card(weights, **ratings):
    return Scorecard([Requirement(i, i.upper(), w) for i, w in weights.items()], ratings)


ANNA = card({"price": 20, "quality": 80}, us={"price": 90, "quality": 50})
BERND = card({"price": 40, "quality": 60}, us={"price": 70, "quality": 40})
CLARA = card({"price": 90, "quality": 10}, us={"price": 40, "quality": 80})


def test_both_views_and_the_difference():
    views = two_views([(REQUIRER, ANNA), (PURCHASER, CLARA), (REQUIRER, BERND)])
    assert views.requirers == Panel([ANNA, BERND])
    assert views.purchasers == Panel([CLARA])
    price, quality = views.rows
    assert (price.requirement, price.label) == ("price", "PRICE")
    assert (price.requirers, price.purchasers) == (View(30, 80), View(90, 40))
    assert (price.rating_difference, price.weight_difference) == (40, -60)
    assert (quality.rating_difference, quality.weight_difference) == (-35, 60)
    assert views.both
    # Anna sees us at 58 and Bernd at 52: 55 together, whatever their weights; Clara at 44
    assert views.difference == pytest.approx(55 - 44)


def test_who_needs_it_and_buys_it_speaks_in_both_views():
    views = two_views([(REQUIRER, ANNA), (BOTH, BERND), (PURCHASER, CLARA)])
    assert (views.requirers, views.purchasers) == (Panel([ANNA, BERND]), Panel([BERND, CLARA]))
    assert [BOTH.includes(one) for one in (REQUIRER, PURCHASER)] == [True, True]
    assert [REQUIRER.includes(one) for one in (REQUIRER, PURCHASER)] == [True, False]


def test_one_group_alone_has_no_difference():
    views = two_views([(PURCHASER, CLARA), (None, ANNA)])
    assert views.requirers is None
    assert not views.both
    assert views.difference is None
    assert [r.rating_difference for r in views.rows] == [None, None]
    assert views.rows[0].requirers == View(None, None)
    assert views.rows[0].purchasers == View(90, 40)


def test_who_only_weighed_did_not_rate():
    views = two_views([(REQUIRER, card({"price": 100})), (PURCHASER, CLARA)])
    assert not views.both
    assert views.rows[0].weight_difference == 10
    assert views.rows[0].rating_difference is None


def test_what_one_group_was_not_asked_stays_unknown():
    views = two_views(
        [
            (REQUIRER, card({"Price": 50, "own1": 50}, us={"Price": 1, "own1": 9})),
            (PURCHASER, CLARA),
            (None, card({"ghost": 100}, us={"ghost": 1})),
        ]
    )
    assert [r.requirement for r in views.rows] == ["Price", "own1", "quality"]
    own = views.rows[1]
    assert (own.requirers, own.purchasers) == (View(50, 9), View(None, None))
    assert views.rows[0].rating_difference == -39


def test_nobody_answered():
    views = two_views([])
    assert (views.rows, views.both) == ((), False)


def reply(scorecard, issued, typed):
    order = CardOrder("a", "A", "s", "S", "r", "R", "2026", "en", "C", (), role=issued)
    return Reply("inbox/x.xlsx", order, Answers(scorecard, role=typed))


def test_the_role_typed_into_the_card_counts():
    assert role_of(reply(ANNA, PURCHASER, REQUIRER)) is REQUIRER
    assert role_of(reply(ANNA, PURCHASER, None)) is PURCHASER
    assert role_of(reply(ANNA, None, None)) is None
    replies = [reply(ANNA, PURCHASER, REQUIRER), reply(CLARA, PURCHASER, None)]
    assert views_of(replies) == two_views([(REQUIRER, ANNA), (PURCHASER, CLARA)])


def test_we_think_85_they_say_60():
    own = card({"Price": None, "quality": None, "safety": None}, us={"Price": 85, "quality": 0})
    customer = profile_of([card({"quality": 50, "price": 50}, us={"price": 60, "quality": 30})])
    assert perception(own, customer) == (
        PerceptionRow("Price", "PRICE", 85, 60, 25),
        PerceptionRow("quality", "QUALITY", 0, 30, -30),
    )
    assert perception(card({"a": 1}), customer) == ()
