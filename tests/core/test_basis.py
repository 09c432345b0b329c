"""What a comparison rests on, and what may be said because of it."""

from __future__ import annotations

import pickle

import pytest

from kamxl.core.method.basis import ENOUGH, LEVEL_WITHIN, Basis, Lead, Verdict, enough

WHOLE = Basis(1, 1, 1.0, 1.0)


def test_the_line_is_half_whatever_the_last_bit_says():
    assert ENOUGH == 0.5
    assert enough(0.5)
    assert enough(1.0)
    assert enough(0.1 + 0.7 - 0.3 - 1e-15)  # just below a half
    assert not enough(0.5 - 1e-8)
    assert not enough(0.0)
    assert not enough(None)


def test_enough_is_somebody_and_half_of_the_weights():
    assert Basis(1, 3, 0.5).enough
    assert not Basis(1, 3, 0.4999).enough
    assert not Basis(0, 3, 1.0).enough
    assert not Basis().enough
    # the revenue does not decide by itself: an account's weights are shares of it already
    assert Basis(1, 1, 0.6, 0.6).enough
    assert not Basis(1, 1, 0.4, 1.0).enough


@pytest.mark.parametrize(
    ("points", "verdict"),
    [
        (40, Verdict.AHEAD),
        (LEVEL_WITHIN, Verdict.AHEAD),
        (3 - 1e-12, Verdict.AHEAD),  # 3 but for the last bit
        (2.999, Verdict.LEVEL),
        (0, Verdict.LEVEL),
        (-2.999, Verdict.LEVEL),
        (-3, Verdict.BEHIND),
        (-100, Verdict.BEHIND),
        (None, None),
    ],
)
def test_under_three_points_either_way_is_level(points, verdict):
    assert Lead(points, WHOLE).verdict is verdict
    # as with everything else: below the line nothing is said
    assert Lead(points, Basis(1, 1, 0.49)).verdict is None


def test_the_points_of_level_are_a_setting():
    assert Lead(2, WHOLE, level_within=1).verdict is Verdict.AHEAD
    assert Lead(-9, WHOLE, level_within=10).verdict is Verdict.LEVEL
    assert Lead(1e-6, WHOLE, level_within=0).verdict is Verdict.AHEAD
    # no difference is level, whatever the setting
    assert Lead(1e-12, WHOLE, level_within=0).verdict is Verdict.LEVEL
    assert Lead(0, WHOLE, level_within=0).verdict is Verdict.LEVEL


def test_below_the_line_the_number_is_there_and_no_verdict():
    thin = Lead(40, Basis(1, 1, 0.1, 0.03))
    assert (thin.unjudged, thin.points, thin.verdict, thin.tied) == (40, None, None, False)
    # where nobody compared, there is no number either
    nothing = Lead()
    assert (nothing.unjudged, nothing.points, nothing.verdict, nothing.tied) == (None,) * 3 + (
        False,
    )


def test_tied_is_no_difference_at_all():
    assert Lead(0, WHOLE).tied
    assert Lead(1e-10, WHOLE).tied
    assert not Lead(1e-8, WHOLE).tied
    assert not Lead(0, Basis(1, 1, 0.1)).tied
    assert not Lead(2.5, WHOLE).tied  # level, and yet not tied


def test_a_lead_travels_between_processes():
    lead = Lead(-15, Basis(1, 3, 0.8, 0.5), 2)
    assert pickle.loads(pickle.dumps(lead)) == lead  # noqa: S301
    assert hash(lead) == hash(Lead(-15, Basis(1, 3, 0.8, 0.5), 2))


@pytest.mark.parametrize(
    ("weights", "said"),
    [(0.0, 0), (0.4949, 49), (0.4999, 49), (0.5, 50), (0.5 - 1e-12, 50), (0.845, 85), (0.999, 99),
     (1.0, 100), (1 - 1e-12, 100)],
)  # fmt: skip
def test_a_share_never_shows_as_the_line_or_the_whole_that_it_misses(weights, said):
    assert Basis(1, 1, weights).percent == said
