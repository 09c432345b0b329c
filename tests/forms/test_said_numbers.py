"""Every number that the first screen says in words is one of what the sentence is about.

``tests/test_four_ways.py`` asks whether a sentence's numbers stand on the sheet it leads to; here
they have to be those of its own account, figure or answer, as the JSON has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kamxl.commands.consolidate import _account, _improvements
from kamxl.core.method.programmes import Action
from kamxl.core.portfolio.screen import Row, screen_of
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.portfolio.answers import (
    KEYS,
    answers_said,
    basis_said,
    causes,
    clauses,
    label_of,
    note_of,
)
from kamxl.forms.portfolio.dashboard import finding
from kamxl.forms.portfolio.map_chart import finding as on_map
from kamxl.forms.portfolio.news import news
from kamxl.wording.texts import Texts, texts
from kamxl.workflow.shown.heard import disagreements_json
from kamxl.workflow.shown.screen import screen_json
from tests.forms import portfolio_sample as sample
from tests.forms.judged_portfolios import made
from tests.ways.looking import number
from tests.ways.making import leaves
from tests.ways.sentences import figures, names_of

Facts = Any
SEEDS = (3, 5)
COUNTING = ("unknown", "spots")  # say at how many accounts, and name the first of them


def told(portfolio: Portfolio, t: Texts) -> Iterator[tuple[str, Facts]]:
    """Each sentence of the screen with what it is about."""
    screen, facts = screen_of(portfolio, t.language), screen_json(portfolio, t.language)
    for key in KEYS:
        for said in answers_said(screen, t)[key]:
            yield said, facts[key]
    for figure in screen.figures:
        yield label_of(figure, t), facts["figures"][figure.key]
        yield note_of(figure, screen, t), facts["figures"][figure.key]
    for row, known in zip(screen.rows, facts["accounts"], strict=True):
        for said in (*clauses(row, t), *causes(row, t), basis_said(row, t)):
            yield said, [known, _besides(row)]
    yield finding(screen, t), facts["gaps"]
    yield on_map(portfolio, t), facts["map"]


def _besides(row: Row) -> dict[str, int]:
    """How many minima are missed besides the one that is named and that of the largest gap."""
    missed = {s.requirement(i).label for s in row.account.segments for i in s.knockouts}
    gap = row.account.gap if row.gap else None
    return {"missed_besides": len(missed - {gap.label if gap else ""}) - 1}


def strays(portfolio: Portfolio, t: Texts) -> Iterator[str]:
    """The numbers of sentences that are none of their facts."""
    names = names_of(portfolio)
    for said, facts in told(portfolio, t):
        yield from stray(said, facts, names, t)


def stray(said: str, facts: Facts, names: list[str], t: Texts) -> Iterator[str]:
    known = [value for _, value in leaves(facts) if number(value)]
    for figure, value, within in figures(said, names, t):
        times = (1, 100) if "%" in figure else (1,)  # weights are kept in % of 100
        if not any(
            abs(abs(value) - abs(one) / by) <= within + 1e-9 for one in known for by in times
        ):
            yield f"{figure!r} of {said!r} is none of its facts"


def strays_of_news(portfolio: Portfolio, t: Texts) -> Iterator[str]:
    """The numbers of *News* that are none of the accounts it names."""
    by = {account.name: account for account in portfolio.accounts}
    worth, apart = _improvements(portfolio, t.language), disagreements_json(portfolio)
    for key, sentences in news(portfolio, t).items():
        for said in sentences if key not in COUNTING else ():
            named = [account for name, account in by.items() if name in said]
            facts = [_account(account, portfolio, None) for account in named]
            facts += [one for one in apart if one["account"] in {a.id for a in named}]
            facts += [_days(action, portfolio) for a in named for action in a.standing.overdue]
            facts += [one for one in worth if key == "value" and one["requirement"] in said]
            yield from stray(said, [key, facts], names_of(portfolio), t)


def _days(action: Action, portfolio: Portfolio) -> dict[str, int]:
    assert action.due
    assert portfolio.as_of
    return {"days_overdue": (portfolio.as_of - action.due).days}


@pytest.fixture(scope="module")
def portfolios() -> list[Portfolio]:
    return [sample.full(), sample.empty(), *(made(seed)[1] for seed in SEEDS)]


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_number_that_is_said_is_one_of_the_facts(portfolios, language: str) -> None:
    t = texts(language)
    for one in portfolios:
        assert list(strays(one, t)) == []
        assert list(strays_of_news(one, t)) == []
