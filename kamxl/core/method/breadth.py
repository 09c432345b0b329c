"""Contact breadth (Kundenbeziehung auf breiterer Basis): whom do we know there? Seed: 2.2.2.

Too often only purchasing and sales talk; requirements are set where revenue is answered for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kamxl.core.ids import same_name
from kamxl.core.roles import Role


@dataclass(frozen=True, slots=True)
class CustomerFunction:
    """A department of the customer; ``revenue_responsible`` (umsatzverantwortlicher Bereich)."""

    id: str
    revenue_responsible: bool = False


# The seed names marketing, sales and development as those who answer for revenue.
DEFAULT_FUNCTIONS = (
    CustomerFunction("purchasing"),
    CustomerFunction("sales", revenue_responsible=True),
    CustomerFunction("marketing", revenue_responsible=True),
    CustomerFunction("development", revenue_responsible=True),
    CustomerFunction("production"),
    CustomerFunction("quality"),
    CustomerFunction("logistics"),
    CustomerFunction("finance"),
    CustomerFunction("management"),
)


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """A contact (Kontaktpunkt): in which function, whether spoken to regularly, by whom of ours.

    ``function`` is the id of a CustomerFunction, compared without case, "" if nothing is known of
    it, anything else if it is another one; ``counterpart`` the name of our colleague, empty if
    nobody is.
    """

    id: str
    function: str = ""
    role: Role | None = None
    regular: bool = False
    counterpart: str = ""

    @property
    def kept(self) -> bool:
        """Whether somebody of ours speaks to this contact regularly."""
        return self.regular and bool(self.counterpart.strip())


@dataclass(frozen=True, slots=True)
class Breadth:
    """How broad the relationship is; function ids in the order of the functions.

    ``covered``: with a regular contact who has a counterpart on our side; ``white_spots``: the
    others; ``without_contact``: those of them where we know nobody at all; ``revenue_spots``: the
    revenue-responsible white spots. ``contacts``: how many; ``others``: those whose function is
    none of these; ``roles_known``: with a role.
    """

    covered: tuple[str, ...]
    white_spots: tuple[str, ...]
    without_contact: tuple[str, ...]
    revenue_spots: tuple[str, ...]
    contacts: int
    others: int
    roles_known: int
    requirers_known: int

    @property
    def breadth(self) -> float | None:
        """The share 0..1 of the functions that are covered; None without a function."""
        functions = len(self.covered) + len(self.white_spots)
        return len(self.covered) / functions if functions else None

    @property
    def requirers(self) -> float | None:
        """The share 0..1 of requirers (Bedarfsträger) among the contacts whose role is known."""
        return self.requirers_known / self.roles_known if self.roles_known else None


def contact_breadth(
    functions: Sequence[CustomerFunction], contacts: Sequence[ContactPoint]
) -> Breadth:
    """The breadth of the relationship with one customer."""
    touched = {same_name(contact.function) for contact in contacts}
    kept = {same_name(contact.function) for contact in contacts if contact.kept}
    known = {same_name(f.id) for f in functions} | {""}
    spots = [f for f in functions if same_name(f.id) not in kept]
    strange = [f for f in spots if same_name(f.id) not in touched]
    roles = [contact.role for contact in contacts if contact.role is not None]
    return Breadth(
        covered=_ids([f for f in functions if same_name(f.id) in kept]),
        white_spots=_ids(spots),
        without_contact=_ids(strange),
        revenue_spots=_ids([f for f in spots if f.revenue_responsible]),
        contacts=len(contacts),
        others=sum(same_name(contact.function) not in known for contact in contacts),
        roles_known=len(roles),
        requirers_known=sum(role.includes(Role.REQUIRER) for role in roles),
    )


def _ids(functions: Sequence[CustomerFunction]) -> tuple[str, ...]:
    return tuple(function.id for function in functions)
