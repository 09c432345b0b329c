"""One purse for all work on a source: what is charged, and what happens once it is empty."""

from __future__ import annotations

import math
import os
import time
from dataclasses import replace

import pytest

from kamxl import apart
from kamxl.apart import calling
from kamxl.apart.limits import Died
from kamxl.apart.purses import Purse, endless
from tests.apart.test_apart import aborts, double, spins, where

SMALL = Purse(seconds=0.5, ordinary=0.1, total=3.0)


@pytest.fixture(autouse=True)
def _alone():
    apart.close()
    yield
    apart.close()


def works(seconds: float, _: object) -> float:
    begin = sum(os.times()[:2])
    while sum(os.times()[:2]) - begin < seconds:
        pass
    return seconds


def test_what_is_ordinary_is_charged_to_the_total_alone():
    purse = Purse()
    for _ in range(300):
        purse.charge(0.09)
    assert purse.seconds == Purse().seconds
    assert purse.total == pytest.approx(Purse().total - 27)
    purse.charge(1.1)
    assert purse.seconds == pytest.approx(Purse().seconds - 1)
    purse.charge_all(0.05)  # a process begun anew is never ordinary
    assert purse.seconds == pytest.approx(Purse().seconds - 1.05)


@pytest.mark.parametrize(
    "purse", [Purse(seconds=0.0), Purse(total=0.0), Purse(deaths=0)], ids=["time", "all", "deaths"]
)
def test_nothing_is_begun_with_an_empty_purse(purse):
    with pytest.raises(Died, match="source"):
        apart.Sitting(purse).call(double, 1, None)
    with pytest.raises(Died, match="source"):
        apart.program(["true"], apart.ALLOWANCE, dict(os.environ), purse)


def test_no_piece_of_work_gets_more_than_is_left():
    assert Purse(seconds=0.7).allowed(apart.ALLOWANCE).seconds == pytest.approx(0.8)
    assert Purse(total=0.3).allowed(apart.ALLOWANCE).seconds == 0.3
    assert Purse().allowed(apart.ALLOWANCE) == apart.ALLOWANCE
    assert endless().allowed(apart.ALLOWANCE) == apart.ALLOWANCE
    assert endless().programs == math.inf


def test_one_process_for_all_of_a_source():
    other = apart.Sitting(Purse())
    with apart.Sitting(Purse()) as sitting:
        first = sitting.call(where, 0, None)
        assert other.call(where, 0, None) != first
        assert {sitting.call(where, n, None) for n in range(20)} == {first}
        assert sitting.purse.seconds == Purse().seconds
    assert first in {worker._process.pid for worker in calling._free}
    other.__exit__()


@pytest.mark.proof
def test_what_a_killed_process_used_is_charged_and_so_is_the_next_ones_beginning():
    with apart.Sitting(Purse()) as sitting:
        with pytest.raises(Died, match="time"):
            sitting.call(spins, 0, None, apart.Allowance(seconds=0.6, patience=60))
        killed = replace(sitting.purse)
        assert killed.seconds <= Purse().seconds - 0.5
        assert killed.deaths == Purse().deaths - 1
        assert sitting.call(double, 1, None) == 2
        assert sitting.purse.seconds < killed.seconds


@pytest.mark.proof
def test_work_that_is_cut_short_because_of_all_before_is_not_blamed_itself():
    with apart.Sitting(replace(SMALL)) as sitting:
        assert sitting.call(works, 0.4, None) == 0.4
        with pytest.raises(Died, match="source"):
            sitting.call(works, 1.5, None)
    with apart.Sitting(Purse()) as sitting:
        assert sitting.call(works, 1.5, None) == 1.5


@pytest.mark.proof
def test_what_ends_its_process_does_so_a_few_times_only():
    ends = []
    with apart.Sitting(Purse(deaths=3)) as sitting:
        for _ in range(6):
            with pytest.raises(Died) as caught:
                sitting.call(aborts, 0, None)
            ends.append(caught.value.reason)
    assert ends == ["crashed", *["source"] * 5]
    assert sitting.purse.deaths == 0


@pytest.mark.proof
def test_a_program_is_paid_from_the_same_purse():
    purse = replace(SMALL, seconds=0.9)
    spin = ["sh", "-c", "while :; do :; done"]
    with pytest.raises(Died, match="source"):  # it would have had two seconds
        apart.program(spin, apart.ALLOWANCE, dict(os.environ), purse)
    assert purse.seconds <= 0.1
    assert purse.deaths == SMALL.deaths - 1


def starved(how: tuple[int, float], _: object) -> int:
    """Works a little again and again, as one does that many others leave little time."""
    times, pause = how
    for _n in range(times):
        works(0.03, None)
        time.sleep(pause)
    return times


@pytest.mark.proof
def test_who_gets_on_slowly_does_not_wait():
    most = apart.Allowance(seconds=60, patience=2.0)
    assert apart.call(starved, (8, 0.4), None, most) == 8
    with pytest.raises(Died, match="time"):
        apart.call(starved, (1, 100.0), None, replace(most, patience=0.5))
