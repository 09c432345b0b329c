"""Who writes to an account: its manager if the team's list has her, else whom the settings name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kamxl.core.cards.internal_words import words_of
from kamxl.core.ids import same_id
from kamxl.core.records.register import Account, CardOrder, Register, TeamMember


@dataclass(frozen=True, slots=True)
class Writer:
    """Who asks, by what cards and mails say of her; ``signature`` stands below mails alone.

    ``reply_to``: the team's one mailbox for answers ("": they go to ``email``).
    """

    name: str
    email: str
    phone: str
    signature: str
    function: str = ""
    reply_to: str = ""


def signed(order: CardOrder, writer: Writer) -> CardOrder:
    """An order in the name of ``writer``: itself, where it is so already, as nearly all are."""
    is_so = (
        order.sender_name == writer.name
        and order.sender_email == writer.email
        and order.sender_phone == writer.phone
        and order.sender_function == writer.function
        and order.reply_to == writer.reply_to
    )
    if is_so:
        return order
    return replace(
        order,
        sender_name=writer.name,
        sender_email=writer.email,
        sender_phone=writer.phone,
        sender_function=writer.function,
        reply_to=writer.reply_to,
    )


def namesakes(team: Iterable[TeamMember]) -> frozenset[tuple[str, ...]]:
    """The names, as compared words, that several members have: such a name tells nobody."""
    counted = Counter(words_of(one.name) for one in team)
    return frozenset(name for name, count in counted.items() if count > 1)


class Writers:
    """The writers of a register, to be asked by account."""

    def __init__(self, register: Register) -> None:
        settings = register.settings
        self._usual = Writer(
            settings.sender_name,
            settings.sender_email,
            settings.sender_phone,
            settings.signature,
            settings.sender_function,
            settings.reply_to,
        )
        by_id = {same_id(one.id): one for one in reversed(register.team)}
        by_name = {words_of(one.name): one for one in register.team}
        for name in namesakes(register.team):
            del by_name[name]
        self._members: dict[str, TeamMember] = {}
        for account in register.accounts:
            typed = account.manager.strip()
            member = by_id.get(same_id(typed)) or by_name.get(words_of(typed))
            if typed and member is not None:
                self._members[same_id(account.id)] = member

    def member(self, account: str) -> TeamMember | None:
        """The account's manager, if the team's list has her."""
        return self._members.get(same_id(account))

    def manager(self, account: Account) -> str:
        """What an account's manager is called: her name, where the register has only her id."""
        member = self.member(account.id)
        return (member.name if member else "") or account.manager

    def of(self, account: str) -> Writer:
        """Who writes to an account; what her row leaves blank is as in the settings.

        But for her function: that of another person would be wrong below her name.
        """
        member, usual = self.member(account), self._usual
        if member is None:
            return usual
        return Writer(
            member.name or usual.name,
            member.email or usual.email,
            member.phone or usual.phone,
            member.signature or usual.signature,
            member.function,
            usual.reply_to,
        )
