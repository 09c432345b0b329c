"""In which capacity somebody rates, how her card came about, how she is addressed."""

from __future__ import annotations

from enum import StrEnum


class Source(StrEnum):
    """How a scorecard came about (seed: "beim Kunden erfragt oder gemeinsam erarbeitet")."""

    MAILED = "mailed"
    INTERVIEW = "interview"
    JOINT = "joint"


class Role(StrEnum):
    """REQUIRER: who needs (Bedarfsträger). PURCHASER: who buys (Bedarfsdecker). BOTH: both."""

    REQUIRER = "requirer"
    PURCHASER = "purchaser"
    BOTH = "both"

    def includes(self, view: Role) -> bool:
        """Whether somebody in this role speaks as a requirer, or as a purchaser."""
        return self in (view, Role.BOTH)


class Form(StrEnum):
    """The form of address (Anrede): Frau or Ms, Herr or Mr, Mx."""

    MS = "ms"
    MR = "mr"
    MX = "mx"
