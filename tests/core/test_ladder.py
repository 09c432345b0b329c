"""The status ladder: derived status and what the next level needs."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.method.ladder import DEFAULT_INDICATORS, Indicator, SupplierStatus, derive_status

OCCASIONAL, REGULAR, PREFERRED, SYSTEM_PARTNER = SupplierStatus


def asked(*answers):
    return [replace(i, met=a) for i, a in zip(DEFAULT_INDICATORS, answers, strict=True)]


def test_the_ladder_is_ordered():
    assert OCCASIONAL < REGULAR < PREFERRED < SYSTEM_PARTNER
    assert [level.id for level in SupplierStatus] == [
        "occasional",
        "regular",
        "preferred",
        "system_partner",
    ]


def test_the_floor_needs_nothing():
    found = derive_status(DEFAULT_INDICATORS)
    assert (found.status, found.next_level) == (OCCASIONAL, REGULAR)
    assert [i.id for i in found.next_needs] == ["collaboration", "information"]
    assert (found.known, found.indicators) == (0, 7)


def test_the_next_level_names_what_is_unmet_or_unknown():
    found = derive_status(asked(True, True, False, True, None, None, None))
    assert (found.status, found.next_level) == (REGULAR, PREFERRED)
    assert [i.id for i in found.next_needs] == ["early_warning"]
    assert found.known == 4
    unknown = derive_status(asked(True, True, True, None, None, None, None))
    assert [i.id for i in unknown.next_needs] == ["early_involvement"]


def test_all_below_must_be_met():
    found = derive_status(asked(True, False, True, True, True, True, True))
    assert (found.status, found.next_level) == (OCCASIONAL, REGULAR)
    assert [i.id for i in found.next_needs] == ["information"]


def test_the_top():
    found = derive_status(asked(*[True] * 7))
    assert (found.status, found.next_level, found.next_needs) == (SYSTEM_PARTNER, None, ())


def test_a_level_without_indicators_is_not_reached_and_does_not_bar():
    assert derive_status([]).status is OCCASIONAL
    assert derive_status([]).next_level is None
    met = [Indicator("r", REGULAR, True), Indicator("s", SYSTEM_PARTNER, False)]
    found = derive_status(met)
    assert (found.status, found.next_level) == (REGULAR, SYSTEM_PARTNER)
    assert derive_status([replace(i, met=True) for i in met]).status is SYSTEM_PARTNER


def test_indicators_of_the_floor_do_not_count():
    found = derive_status([Indicator("o", OCCASIONAL, False), Indicator("r", REGULAR, True)])
    assert (found.status, found.known, found.indicators) == (REGULAR, 1, 1)


LEVELS = st.sampled_from(SupplierStatus)
ANSWERS = st.sampled_from([True, False, None])


@given(st.lists(st.builds(Indicator, st.text("ab"), LEVELS, ANSWERS)), st.integers(0, 20))
def test_meeting_one_more_never_lowers_the_status(indicators, place):
    before = derive_status(indicators)
    for found in indicators:
        assert found.level > before.status or found.level is OCCASIONAL or found.met
    assert bool(before.next_needs) == (before.next_level is not None)
    if place < len(indicators):
        better = list(indicators)
        better[place] = replace(better[place], met=True)
        assert derive_status(better).status >= before.status
