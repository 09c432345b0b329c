"""What there is to say of each account of the first screen, whole: for whoever has room for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kamxl.core.portfolio.screen import Row, Screen
from kamxl.forms.portfolio.answers import basis_said, causes, clauses, sentence
from kamxl.forms.portfolio.dashboard import finding
from kamxl.forms.portfolio.words import dated
from kamxl.wording.texts import Texts


@dataclass(frozen=True, slots=True)
class Told:
    """An account in words; ``lead``: points against its best competitor, None: there is none.

    ``earlier``: by answers of an earlier period; ``up``: whether its total went up, None: neither.
    """

    account: str  # id
    name: str
    called: str
    lead: float | None
    earlier: bool
    up: bool | None
    basis: str
    cause: str
    said: str


@dataclass(frozen=True, slots=True)
class Front:
    """The accounts of the first screen, and what they amount to."""

    finding: str
    rows: Sequence[Told]


def front_of(screen: Screen, t: Texts) -> Front:
    """The accounts of a screen, all of them."""
    return Front(finding(screen, t), tuple(_told(row, t) for row in screen.rows))


def _told(row: Row, t: Texts) -> Told:
    account = row.account
    return Told(
        account.id, account.name, dated(t, account), account.lead.points, account.earlier,
        row.moved.up, basis_said(row, t), causes(row, t)[0], sentence(clauses(row, t)),
    )  # fmt: skip
