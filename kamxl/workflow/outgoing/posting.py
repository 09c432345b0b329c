"""From cards to the mails about them: gathered by person, made, proven, and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kamxl.core.finding import Finding
from kamxl.core.records.register import CardKey, CardOrder, PersonKey, Register
from kamxl.store.sent import SentLog
from kamxl.store.workspace import Workspace
from kamxl.workflow.guard.proving import WayOut
from kamxl.workflow.outgoing import letters
from kamxl.workflow.outgoing.gathering import Gathering
from kamxl.workflow.outgoing.sent_before import SentBefore
from kamxl.workflow.results import Carried, Kind, Outgoing

Held = dict[CardKey, tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A card to write to its respondent about; ``mailed``: None where there is to be no mail."""

    order: CardOrder
    mailed: Carried | None = None


@dataclass(slots=True)
class Posting:
    """The mails of one kind in a period.

    ``mails`` are those that may go out, ``by_card`` the same for each card; what is ``held`` back
    is so card by card, with the reasons.
    """

    desk: letters.Desk
    way_out: WayOut
    gathering: Gathering
    mails: list[Outgoing] = field(default_factory=list)
    by_card: dict[CardKey, Outgoing] = field(default_factory=dict)
    held: Held = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        workspace: Workspace,
        register: Register,
        desk: letters.Desk,
        way_out: WayOut,
        kind: Kind,
        period: str,
        records: Mapping[str, CardOrder],
    ) -> Posting:
        """For a workspace: ``records`` are the issued ones, by digest."""
        before = SentBefore(workspace, SentLog(workspace))

        def gone(card: Carried) -> bool:
            return kind != "test" and before.gone(kind, card)

        # Where nobody can know, what lies in outbox/ was sent; a reminder is made up anew.
        settled = not register.settings.smtp_host.strip() and kind in (
            "invitation",
            "thanks",
            "reply",
        )
        return cls(desk, way_out, Gathering(workspace, period, kind, records, gone, settled))

    def add(self, cards: Sequence[Wanted]) -> None:
        """Make and prove the mails about all cards of some people, each of them to one."""
        people: dict[PersonKey, list[Wanted]] = {}
        for card in cards:
            people.setdefault(card.order.key.person, []).append(card)
        for own in people.values():
            mailed = [card.mailed for card in own if card.mailed is not None]
            seen = {card.order.key for card in own}
            for path, together in self.gathering.mails(own[0].order, mailed, seen):
                self._made(self.desk.mail(self.gathering.kind, path, together))

    def _made(self, mail: Outgoing) -> None:
        found = self.way_out.of_mail(mail)
        for card in mail.cards:
            if found:
                self.held[card.order.key] = found
            else:
                self.by_card[card.order.key] = mail
        if not found:
            self.mails.append(mail)

    def taken(self) -> list[Outgoing]:
        """The mails made since the last time, which are the caller's to write from here on."""
        mails, self.mails = self.mails, []
        self.by_card.clear()
        return mails

    def write(self) -> dict[CardKey, str]:
        """Put the drafts where they stand; what became of that of each card (OSError: not all)."""
        states: dict[CardKey, str] = {}
        for mail in self.mails:
            state = letters.write(mail)
            states |= {card.order.key: state for card in mail.cards}
        self.gathering.take_back()
        return states
