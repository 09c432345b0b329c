"""The status ladder: from occasional supplier to system partner. Seed: 2.2.2, Abb. 2.1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class SupplierStatus(IntEnum):
    """Our role at the customer; a higher one is better."""

    OCCASIONAL = 1  # gelegentlicher Lieferant
    REGULAR = 2  # Stammlieferant
    PREFERRED = 3  # Vorzugslieferant
    SYSTEM_PARTNER = 4  # Systempartner

    @property
    def id(self) -> str:
        """The name as files and texts spell it: "occasional" .. "system_partner"."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Indicator:
    """A sign by which a level is recognised; ``met`` None: not known. ``text`` as the team says."""

    id: str
    level: SupplierStatus
    met: bool | None = None
    text: str = ""


# By the seed: quality of collaboration and information exchange; problems and needs perceived
# early, thinking along; systems, processes and data used together.
DEFAULT_INDICATORS = (
    Indicator("collaboration", SupplierStatus.REGULAR),
    Indicator("information", SupplierStatus.REGULAR),
    Indicator("early_warning", SupplierStatus.PREFERRED),
    Indicator("early_involvement", SupplierStatus.PREFERRED),
    Indicator("linked_systems", SupplierStatus.SYSTEM_PARTNER),
    Indicator("linked_processes", SupplierStatus.SYSTEM_PARTNER),
    Indicator("shared_data", SupplierStatus.SYSTEM_PARTNER),
)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where we stand, and what the next level needs (its indicators that are not met, or unknown).

    ``next_level`` is None at the top. ``known`` of ``indicators`` were answered: the evidence.
    """

    status: SupplierStatus
    next_level: SupplierStatus | None
    next_needs: tuple[Indicator, ...]
    known: int
    indicators: int


def derive_status(indicators: Sequence[Indicator]) -> Ladder:
    """The highest level whose indicators are all met, as are all below; unknown is not met.

    OCCASIONAL is the floor and needs none. A level without indicators cannot be reached, for
    nothing would show it, and does not bar the next one.
    """
    status, next_level = SupplierStatus.OCCASIONAL, None
    needs: tuple[Indicator, ...] = ()
    asked = [i for i in indicators if i.level > SupplierStatus.OCCASIONAL]
    for level in sorted({i.level for i in asked}):
        needs = tuple(i for i in asked if i.level == level and not i.met)
        if needs:
            next_level = level
            break
        status = level
    known = sum(i.met is not None for i in asked)
    return Ladder(status, next_level, needs, known, len(asked))
