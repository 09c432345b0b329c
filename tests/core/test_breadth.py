"""Contact breadth: covered functions, white spots, requirers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.method.breadth import (
    DEFAULT_FUNCTIONS,
    ContactPoint,
    CustomerFunction,
    contact_breadth,
)
from kamxl.core.roles import Role

FUNCTIONS = [
    CustomerFunction("purchasing"),
    CustomerFunction("sales", revenue_responsible=True),
    CustomerFunction("Development", revenue_responsible=True),
    CustomerFunction("quality"),
]


def test_covered_takes_one_contact_who_is_regular_and_has_a_counterpart():
    contacts = [
        ContactPoint("c1", "Purchasing ", Role.PURCHASER, True, "Ms Lind"),
        ContactPoint("c2", "sales", Role.REQUIRER, True),  # nobody of ours
        ContactPoint("c3", "sales", None, False, "Mr Roth"),  # by chance
        ContactPoint("c4", "quality", Role.REQUIRER, True, "  "),
    ]
    found = contact_breadth(FUNCTIONS, contacts)
    assert found.covered == ("purchasing",)
    assert found.white_spots == ("sales", "Development", "quality")
    assert found.without_contact == ("Development",)
    assert found.revenue_spots == ("sales", "Development")
    assert found.breadth == 0.25


def test_requirers_among_the_known_roles():
    roles = [Role.REQUIRER, Role.PURCHASER, Role.REQUIRER, None, Role.PURCHASER]
    found = contact_breadth([], [ContactPoint(f"c{i}", role=r) for i, r in enumerate(roles)])
    assert (found.requirers, found.roles_known, found.contacts) == (0.5, 4, 5)


def test_unknown_is_not_zero():
    nobody = contact_breadth(FUNCTIONS, [])
    assert (nobody.breadth, nobody.requirers) == (0, None)
    assert contact_breadth(FUNCTIONS, [ContactPoint("c")]).requirers is None
    assert contact_breadth([], []).breadth is None


def test_contacts_elsewhere_cover_nothing():
    found = contact_breadth(
        FUNCTIONS,
        [ContactPoint("c1", "Legal", None, True, "X"), ContactPoint("c2", "", None, True, "X")],
    )
    assert (found.covered, found.breadth, found.contacts) == ((), 0, 2)


def test_the_seeds_functions():
    assert len(DEFAULT_FUNCTIONS) == 9
    found = contact_breadth(DEFAULT_FUNCTIONS, [])
    assert found.revenue_spots == ("sales", "marketing", "development")


@given(
    st.lists(
        st.builds(
            ContactPoint,
            st.text("abc"),
            st.sampled_from(["purchasing", "SALES", "development", "other"]),
            st.none() | st.sampled_from(Role),
            st.booleans(),
            st.sampled_from(["", "X"]),
        )
    ),
    st.randoms(),
)
def test_every_function_is_covered_or_a_white_spot(contacts, random):
    found = contact_breadth(FUNCTIONS, contacts)
    assert sorted(found.covered + found.white_spots) == sorted(f.id for f in FUNCTIONS)
    assert set(found.without_contact) <= set(found.white_spots)
    assert set(found.revenue_spots) <= set(found.white_spots)
    shuffled = list(contacts)
    random.shuffle(shuffled)
    other = contact_breadth(FUNCTIONS, shuffled)
    assert (other.covered, other.requirers) == (found.covered, found.requirers)
