"""Fields of business: white space, and sums over accounts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.method.economics import Field, FieldKind, Sum, sum_fields, sum_known

RUNNING, NEW = FieldKind


def field(account, name, kind=RUNNING, **values):
    return Field(name.lower(), name, kind, account=account, **values)


@pytest.mark.parametrize(
    ("kind", "now", "potential", "space"),
    [
        (RUNNING, 40, 100, 60),
        (RUNNING, 100, 100, 0),
        (RUNNING, 120, 100, 0),
        (RUNNING, None, 100, None),
        (RUNNING, 40, None, None),
        (NEW, None, 100, 100),
        (NEW, 5, 100, 95),
        (NEW, None, None, None),
    ],
)
def test_white_space(kind, now, potential, space):
    assert field("a", "F", kind, revenue_now=now, potential=potential).white_space == space


def test_sums_say_what_they_rest_on():
    assert sum_known([1, None, 2]) == Sum(3, 2, 3)
    assert sum_known([None]) == Sum(None, 0, 1)
    assert sum_known([]) == Sum(None, 0, 0)
    assert sum_known([0, None]) == Sum(0, 1, 2)


def test_sums_per_field_running_and_new_apart():
    sums = sum_fields(
        [
            field("a", "Pumps", NEW, potential=70),
            field("a", "Valves", revenue_last=8, revenue_now=10, potential=30, margin=20),
            field("b", "VALVES", revenue_now=30, potential=20, margin=40),
            field("c", "Pumps", revenue_now=None, potential=50, margin=10),
            field("A", "Valves", margin=99),
        ]
    )
    assert [(s.name, s.kind, s.accounts) for s in sums] == [
        ("Pumps", RUNNING, 1),
        ("Valves", RUNNING, 2),
        ("Pumps", NEW, 1),
    ]
    running, valves, new = sums
    assert valves.revenue_last == Sum(8, 1, 3)
    assert valves.revenue_now == Sum(40, 2, 3)
    assert valves.potential == Sum(50, 2, 3)
    assert valves.white_space == Sum(20, 2, 3)
    assert valves.margin == 35
    assert (running.white_space, running.margin) == (Sum(None, 0, 1), None)
    assert new.white_space == Sum(70, 1, 1)


def test_a_field_is_one_by_its_name_not_by_an_id_of_one_account():
    sums = sum_fields(
        [
            Field("F1", "Pumps", RUNNING, revenue_now=1, account="a"),
            Field("F1", "Valves", RUNNING, revenue_now=20, account="b"),
            Field("F9", " pumps ", RUNNING, revenue_now=300, account="c"),
            Field("F2", "pumps", RUNNING, revenue_now=4000, account="d"),
            Field("F1", "pumps", RUNNING, revenue_now=50_000, account="d"),
        ]
    )
    assert [(s.name, s.accounts, s.revenue_now.value) for s in sums] == [
        ("pumps", 3, 54_301),
        ("Valves", 1, 20),
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Pumps", "PUMPS", True),
        ("Große  Ventile", "große\u00a0VENTILE ", True),
        ("Gro\u0308ße", "Größe", True),
        ("Größe", "Grosse", False),
        ("Pumps", "Pump", False),
    ],
)
def test_names_are_compared_as_people_type_them(one, other, same):
    sums = sum_fields([Field("x", one, NEW, account="a"), Field("y", other, NEW, account="b")])
    assert len(sums) == (1 if same else 2)


def test_a_mean_says_of_how_many_it_is_one():
    (found,) = sum_fields(
        [
            field("a", "F", revenue_now=10, margin=20),
            field("b", "F", revenue_now=30, margin=40),
            field("c", "F", revenue_now=30),
            field("d", "F", margin=90),
        ]
    )
    assert (found.margin, found.margins, found.revenue_now.of) == (35, 2, 4)
    assert (found.revenue_now.whole, found.potential.whole) == (False, False)
    assert sum_known([1, 2]).whole
    assert sum_known([]).whole


MONEY = st.none() | st.integers(0, 1000)
FIELDS = st.builds(
    Field,
    st.sampled_from(["f1", "F1", "f2"]),
    st.sampled_from(["Pumps", "pumps", " Pumps", "Valves"]),
    st.sampled_from(FieldKind),
    revenue_now=MONEY,
    potential=MONEY,
    account=st.sampled_from(["a", "b"]),
)


@given(st.lists(FIELDS))
def test_nothing_is_lost_in_the_sums(fields):
    sums = sum_fields(fields)
    assert sum(s.potential.of for s in sums) == len(fields)
    for kind in FieldKind:
        known = [f.potential for f in fields if f.kind is kind and f.potential is not None]
        assert sum(s.potential.value or 0 for s in sums if s.kind is kind) == sum(known)
    assert all((s.white_space.value or 0) >= 0 for s in sums)
    assert [(s.name.strip().lower(), s.kind) for s in sums] == sorted(
        {(f.name.strip().lower(), f.kind) for f in fields},
        key=lambda found: (found[1] is NEW, found[0]),
    )


@given(st.lists(FIELDS), st.randoms())
def test_the_order_of_the_rows_and_their_ids_do_not_matter(fields, chance):
    def said(found):
        return [(s.name.strip().lower(), s.accounts, s.revenue_now, s.white_space) for s in found]

    mixed = [replace(f, id=f"x{n}") for n, f in enumerate(fields)]
    chance.shuffle(mixed)
    assert said(sum_fields(mixed)) == said(sum_fields(fields))
