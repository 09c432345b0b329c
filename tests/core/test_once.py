"""What follows from all accounts is worked out once, and is what it would be without that."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from kamxl.core.cards.common_ids import _renamed, one_language
from kamxl.core.method.panel import Panel
from kamxl.core.portfolio.benchmark import benchmarks
from kamxl.core.portfolio.disagreeing import voices
from kamxl.core.portfolio.improving import improvements
from kamxl.core.portfolio.once import Accounts, once
from kamxl.core.portfolio.whatif import default_scenario, what_if
from kamxl.core.portfolio.whole import Portfolio
from tests.forms import portfolio_sample


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    return portfolio_sample.full()


def plainly(portfolio: Portfolio) -> Portfolio:
    """The same, and nothing is kept."""
    return replace(portfolio, accounts=tuple(portfolio.accounts))


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_kept_is_what_is_worked_out_anew(portfolio, language) -> None:
    plain = plainly(portfolio)
    assert type(plain.accounts) is tuple
    for work in (improvements, benchmarks):
        kept = work(portfolio.accounts, language)
        assert kept is work(portfolio.accounts, language)
        assert work(plain.accounts, language) is not work(plain.accounts, language)
        assert repr(kept) == repr(work(plain.accounts, language))
    assert voices(portfolio) is voices(replace(portfolio, findings=()))
    assert repr(voices(portfolio)) == repr(voices(plain))


def test_languages_and_scenarios_are_kept_apart(portfolio) -> None:
    german, english = (improvements(portfolio.accounts, one) for one in ("de", "en"))
    assert german is not english
    scenario = default_scenario(german, portfolio.accounts)
    assert scenario is not None
    tried = what_if(portfolio.accounts, german, scenario)
    assert tried is what_if(portfolio.accounts, german, scenario)
    assert tried is not what_if(portfolio.accounts, english, scenario)
    assert what_if(portfolio.accounts, german, replace(scenario, to=90.0)).scenario.to == 90.0
    plain = tuple(portfolio.accounts)
    assert repr(tried) == repr(what_if(plain, improvements(plain, "de"), scenario))


def test_the_accounts_are_a_tuple_like_any_other(portfolio) -> None:
    assert portfolio.accounts == tuple(portfolio.accounts)
    again = pickle.loads(pickle.dumps(Accounts(("a", "b"))))  # noqa: S301 our own
    assert again == ("a", "b")
    made = iter("xy")
    assert [once(again, "key", lambda: next(made)) for _ in range(2)] == ["x", "x"]
    anew = iter("xy")
    assert [once(("a",), "key", lambda: next(anew)) for _ in range(2)] == ["x", "y"]


def test_the_parts_of_a_profile_are_those_of_the_whole(portfolio) -> None:
    for account in portfolio.accounts:
        for segment in account.answered:
            panel = Panel([reply.answers.scorecard for reply in segment.replies])
            assert repr(panel.requirements) == repr(panel.profile.requirements)
            assert panel.suppliers == panel.profile.suppliers
            assert panel.competitors == panel.profile.competitors


def test_a_reply_that_has_the_common_ids_already_is_no_copy(portfolio) -> None:
    kept, replies = 0, [r for a in portfolio.accounts for s in a.segments for r in s.replies]
    for reply in replies:
        (same,) = one_language([reply])
        ids = {r.id: r.id for r in reply.answers.scorecard.requirements}
        assert repr(same) == repr(_renamed(reply, ids))
        kept += same is reply
    assert kept > 5
