"""Cards that do not go out, because the register has a mistake in what they show."""

from __future__ import annotations

from dataclasses import dataclass

from kamxl.core.finding import Finding


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card that waits until mistakes in the register are mended: whose it is, and why.

    ``segment`` and ``respondent`` are None where the register does not tell them.
    """

    account: str
    segment: str | None
    respondent: str | None
    findings: tuple[Finding, ...]
