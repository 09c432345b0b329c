"""What if: the raters' own cards, raised and worked out again."""

from __future__ import annotations

import pytest

from kamxl.core.ids import US, same_id
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.improving import improvements
from kamxl.core.portfolio.whatif import BEST, TARGET, Scenario, default_scenario, what_if
from kamxl.core.portfolio.whole import Portfolio
from tests.forms import portfolio_sample as sample


@pytest.fixture(scope="module")
def full() -> Portfolio:
    return sample.full()


def test_raised_to_all_points_it_wins_what_the_value_drivers_say(full: Portfolio) -> None:
    found = improvements(full.accounts, "en")
    for one in found.found[:6]:
        tried = what_if(full.accounts, found, Scenario(one.label, BEST))
        assert (tried.segments, tried.accounts) == (one.segments, one.accounts)
        assert tried.money == pytest.approx(one.money)
        assert tried.points == pytest.approx(one.points / one.segments)


def test_each_rater_s_own_card_is_raised_and_never_lowered(full: Portfolio) -> None:
    """By hand: the mean of the raters' own totals, each with its ratings below 60 at 60."""
    found = improvements(full.accounts, "en")
    label = found.found[0].label
    tried = what_if(full.accounts, found, Scenario(label, 60.0))
    assert {len(one.segment.replies) for one in tried.raised} > {1}
    for one in tried.raised:
        ids = {
            key.requirement
            for key, said in found.labels.items()
            if said == label and key[:2] == (same_id(one.account.id), same_id(one.segment.id))
        }
        totals = []
        for place in one.segment.rated.who:
            card = one.segment.replies[place].answers.scorecard
            pairs = [
                (r.weight, max(given, 60.0) if same_id(r.id) in ids else given)
                for r in card.requirements
                if r.weight is not None and (given := card.rating(US, r.id)) is not None
            ]
            totals.append(sum(w * r for w, r in pairs) / sum(w for w, _ in pairs))
        assert one.then.total == pytest.approx(sum(totals) / len(totals))
        assert one.points >= 0
        assert one.now.total == one.segment.total
        assert one.now.lead == one.segment.lead
        assert one.then.lead.basis == one.now.lead.basis or one.now.lead.points is None


def test_a_list_is_a_part_of_all(full: Portfolio) -> None:
    found = improvements(full.accounts, "en")
    label = found.found[0].label
    parts = [what_if(full.accounts, found, Scenario(label, TARGET, one)) for one in AccountList]
    every = what_if(full.accounts, found, Scenario(label, TARGET))
    assert sum(part.segments for part in parts) == every.segments
    assert sum(part.money or 0.0 for part in parts) == pytest.approx(every.money)
    assert min(part.segments for part in parts) < every.segments


def test_what_is_tried_at_first_wins_something(full: Portfolio) -> None:
    found = improvements(full.accounts, "en")
    scenario = default_scenario(found, full.accounts)
    assert scenario == Scenario(found.found[0].label, TARGET)
    assert what_if(full.accounts, found, scenario).segments > 0
    assert default_scenario(improvements((), "en"), ()) is None
