"""Which mail was sent already: it counts by the cards it is about, not by its words.

Each card of a mail stands in the log for itself, whatever else is in the mail. Rewording a
template, or a newer kamxl that writes it otherwise, makes no new mail of it. A card whose record
changed is a new one, and so is thanks for another answer. A test counts by all it says: its readers
want to see just that.

A new address makes no new mail, either: who has a card has it. Only a reminder goes to the new
address again, as that is how somebody gets her card whom the mail before did not reach.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from kamxl.core.records.register import Answers, CardKey
from kamxl.mail.dispatch import content_hash
from kamxl.store import memory
from kamxl.store.sent import KEY_DIGITS, Key, SentLog, State
from kamxl.store.workspace import Workspace
from kamxl.workflow.results import Carried, Kind, Outgoing

# In a record of the log: the digest of the card (earlier versions wrote none), the id and the kind
# of the mail.
CARD, MESSAGE, KIND = "card", "message_id", "kind"
_ONCE_FOR_ALL: tuple[Kind, ...] = ("invitation", "thanks")
_CLOCKS = timedelta(minutes=10)  # by which a file server's clock may differ from ours


def keys_of(mail: Outgoing) -> tuple[Key, ...]:
    """Under which keys a mail stands in the log, one for each of its cards, on every machine."""
    if mail.kind == "test":
        content = content_hash(mail.data)[:KEY_DIGITS]
        return tuple(Key(_place(mail.kind, card), content) for card in mail.cards)
    return tuple(key_of(mail.kind, card) for card in mail.cards)


def key_of(kind: Kind, card: Carried) -> Key:
    """Under which key it stands that a mail of a kind about a card went to its respondent."""
    return Key(_place(kind, card), _short([card.about, _answered(card.answers)]))


def _place(kind: Kind, card: Carried) -> str:
    order = card.order
    *key, asks = order.key  # earlier versions knew cards alone, and what they sent was sent
    return _short([kind, *key, *([asks] if asks else []), order.respondent_email.casefold()])


class SentBefore:
    """What the log of a workspace knows of mails, whichever version of kamxl wrote it."""

    def __init__(self, workspace: Workspace, log: SentLog) -> None:
        self._workspace, self._log = workspace, log

    def of(self, mail: Outgoing) -> tuple[State, Key]:
        """What is known of a whole mail, and a key that tells it.

        It is SENT if it was for each of its cards, also where only one record says so that all left
        together; where they differ otherwise, it is in DOUBT.
        """
        known = [
            self.of_card(mail.kind, card, key)
            for card, key in zip(mail.cards, keys_of(mail), strict=True)
        ]
        states = {state for state, _ in known}
        told = dict(reversed(known))
        if states == {State.SENT, State.DOUBT}:
            ids = {self._log.told(key).get(MESSAGE) for _, key in known}
            if len(ids) == 1 and None not in ids:
                return State.SENT, told[State.SENT]
        if len(states) == 1:
            return known[0]
        return State.DOUBT, told.get(State.DOUBT) or told[State.SENT]

    def gone(self, kind: Kind, card: Carried) -> bool:
        """Whether a mail of a kind about a card left, or may have left."""
        return self.of_card(kind, card, key_of(kind, card))[0] is not State.OPEN

    def of_card(self, kind: Kind, card: Carried, key: Key) -> tuple[State, Key]:
        """What is known of one card in a mail, and the key that tells it; ``key``: its own."""
        found = {key: self._log.state(key)} | self._earlier(kind, card, key)
        if kind in _ONCE_FOR_ALL:
            found |= self._elsewhere(kind, key)
        for state in (State.SENT, State.DOUBT):
            for one, known in found.items():
                if known is state:
                    return state, one
        return State.OPEN, key

    def _elsewhere(self, kind: Kind, key: Key) -> dict[Key, State]:
        """What went to another address of the same person about the same card."""
        found: dict[Key, State] = {}
        for other in self._log.alike(key):
            state, told = self._log.state(other), self._log.told(other).get(KIND)
            if told == kind:
                found[other] = state
            elif told is None and state is not State.OPEN:
                found[other] = State.DOUBT  # its record is damaged: it may have been of this kind
        return found

    def _earlier(self, kind: Kind, card: Carried, key: Key) -> dict[Key, State]:
        """What an earlier version wrote down about this very mail, or perhaps about it.

        It issued a card anew for each new address: so it wrote to the one in the record.
        """
        found: dict[Key, State] = {}
        others = self._log.others(key) if kind != "test" else []
        if kind in _ONCE_FOR_ALL:
            others += self._log.others(key_of(kind, replace(card, order=card.issued)))
        for other in others:
            state, told = self._log.state(other), self._log.told(other)
            if state is State.OPEN or CARD in told:
                continue
            same = self._same(card, told)
            if same is not False:
                found[other] = state if same else State.DOUBT
        return found

    def _same(self, card: Carried, told: Mapping[str, Any]) -> bool | None:
        """Whether a mail that names no card was about this one; None: nobody can tell.

        It was about the newest record that there was at its time, and that did not name its key:
        the version that began to name cards in the log began with that, too.
        """
        every = {*self._records.get(card.order.key, ()), card.about}
        digests = {d for d in every if not memory.names_key(self._workspace, d)} or every
        if digests == {card.about}:
            return True
        if card.about not in digests:
            return False
        moment = _moment(told)
        if moment is None:
            return None
        written = {d: memory.written(self._workspace, d) for d in digests}
        before = {d: at for d, at in written.items() if at is not None and at <= moment}
        if max(before, key=lambda d: before[d], default=None) == card.about:
            return True
        own = written[card.about]
        unclear = not before or own is None or own <= moment + _CLOCKS
        return None if unclear else False

    @cached_property
    def _records(self) -> dict[CardKey, list[str]]:
        found: dict[CardKey, list[str]] = {}
        for digest, order in memory.load(self._workspace).orders.items():
            if not order.test:
                found.setdefault(order.key, []).append(digest)
        return found


def _moment(told: Mapping[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(str(told.get("at"))).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def _answered(answers: Answers | None) -> object:
    """Weights and ratings of an answer, as plain values."""
    if answers is None:
        return None
    card = answers.scorecard
    rows = sorted(card.requirements, key=lambda row: row.id)
    rated = [[_number(card.rating(s, row.id)) for s in sorted(card.suppliers)] for row in rows]
    weighted = [[row.id, _number(row.weight)] for row in rows]
    return [weighted, sorted(card.suppliers), rated]


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _short(told: object) -> str:
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:KEY_DIGITS]
