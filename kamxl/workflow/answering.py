"""Who was asked in a period, and who has answered: for reminders, thanks and the list of both."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kamxl.core import seal
from kamxl.core.asking import orders
from kamxl.core.ids import same_id
from kamxl.core.records import CardOrder, Register, Reply
from kamxl.errors import KamxlError
from kamxl.forms.texts import texts
from kamxl.store import memory
from kamxl.store.workspace import Workspace
from kamxl.workflow.cards import CardPress, mark_of
from kamxl.workflow.identity import opened
from kamxl.workflow.intake import take_in_replies
from kamxl.workflow.reading import period_of, read_register


@dataclass(frozen=True, slots=True)
class Asked:
    """One issued card of the period, and the replies to it that count."""

    order: CardOrder
    path: Path
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A period's cards as the register asks them now, those that were issued, in its order."""

    workspace: Workspace
    register: Register
    period: str
    asked: tuple[Asked, ...]
    issued: frozenset[str]

    def card(self, asked: Asked, press: CardPress) -> bytes:
        """The card's bytes, as they were issued."""
        key = memory.key_for(self.workspace, asked.order, self.issued)
        return press.press(asked.order, mark_of(self.workspace, asked.order, key))


def asked_in(root: Path, accounts: Iterable[str] = (), period: str | None = None) -> Period:
    """The cards of a period that went out (KamxlError: no workspace, register, account or period).

    ``accounts``: only these ids (default: all).
    """
    workspace = opened(root)
    register = read_register(workspace).register
    chosen = period_of(register, period)
    return cards_of(workspace, register, chosen, wanted_accounts(register, list(accounts)))


def cards_of(
    workspace: Workspace, register: Register, chosen: str, wanted: Container[str]
) -> Period:
    """The same of a register that is read already; ``wanted``: compared ids of accounts."""
    issued = memory.load(workspace).orders.keys()
    replies = take_in_replies(workspace)
    asked = []
    for order in orders(register, chosen, alternative):
        if same_id(order.account) not in wanted or not _issued(workspace, order, issued):
            continue
        path = workspace.card_path(chosen, order.account, order.segment, order.respondent)
        mine = tuple(reply for reply in replies if reply.order.key == order.key)
        asked.append(Asked(order, path, mine))
    return Period(workspace, register, chosen, tuple(asked), frozenset(issued))


def _issued(workspace: Workspace, order: CardOrder, issued: Container[str]) -> bool:
    return any(seal.digest(order, key) in issued for key in workspace.keys)


def alternative(language: str) -> str:
    """What the one unnamed rival is called."""
    return texts(language)("scorecard.alternative")


def wanted_accounts(register: Register, asked: Sequence[str]) -> set[str]:
    """The compared ids of the accounts asked for, of all if none is (KamxlError: unknown)."""
    known = {same_id(account.id) for account in register.accounts} | register.blocked
    unknown = [account for account in asked if same_id(account) not in known]
    if unknown:
        raise KamxlError(
            f"There is no account {unknown[0]!r} in Register.xlsx.",
            "Ids stand in the first column of its sheet of accounts.",
        )
    return {same_id(account) for account in asked} or known


def own_reply(asked: Asked) -> Reply | None:
    """The reply of the person the card was issued to: by her name, or without one.

    Another name on the same card is a further respondent, whose answers are not hers.
    """
    name = asked.order.respondent_name.casefold().strip()
    own = [r for r in asked.replies if r.answers.name.casefold().strip() in ("", name)]
    return own[-1] if own else None
