"""Which mail was sent already: it counts by the card it is about, not by its words.

Rewording a template, or a newer kamxl that writes it otherwise, makes no new mail of it. A card
whose record changed is a new one, and so is thanks for another answer. A test counts by all it
says: its readers want to see just that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from kamxl.core.records.register import Answers, CardKey
from kamxl.mail.dispatch import content_hash
from kamxl.store import memory
from kamxl.store.sent import KEY_DIGITS, Key, SentLog, State
from kamxl.store.workspace import Workspace
from kamxl.workflow.results import Outgoing

CARD = "card"  # in a record of the log: the digest of the card; earlier versions wrote none
_CLOCKS = timedelta(minutes=10)  # by which a file server's clock may differ from ours


def key_of(mail: Outgoing) -> Key:
    """Under which key a mail stands in the log, the same on every machine."""
    place = [mail.kind, *mail.order.key, mail.recipient.casefold()]
    if mail.kind == "test":
        return Key(_short(place), content_hash(mail.data)[:KEY_DIGITS])
    return Key(_short(place), _short([mail.about, _answered(mail.answers)]))


class SentBefore:
    """What the log of a workspace knows of a mail, whichever version of kamxl wrote it."""

    def __init__(self, workspace: Workspace, log: SentLog) -> None:
        self._workspace, self._log = workspace, log

    def of(self, mail: Outgoing, key: Key) -> tuple[State, Key]:
        """What is known of a mail, and the key that tells it; ``key``: the mail's own."""
        found = {key: self._log.state(key)} | self._earlier(mail, key)
        for state in (State.SENT, State.DOUBT):
            for one, known in found.items():
                if known is state:
                    return state, one
        return State.OPEN, key

    def _earlier(self, mail: Outgoing, key: Key) -> dict[Key, State]:
        """What an earlier version wrote down about this very mail, or perhaps about it."""
        found: dict[Key, State] = {}
        for other in self._log.others(key) if mail.kind != "test" else ():
            state, told = self._log.state(other), self._log.told(other)
            if state is State.OPEN or CARD in told:
                continue
            same = self._same(mail, other, told)
            if same is not False:
                found[other] = state if same else State.DOUBT
        return found

    def _same(self, mail: Outgoing, other: Key, told: Mapping[str, Any]) -> bool | None:
        """Whether a mail that names no card was about this one; None: nobody can tell.

        It was about the newest record that there was at its time, and that did not name its key:
        the version that began to name cards in the log began with that, too.
        """
        if other.content == content_hash(mail.data)[:KEY_DIGITS]:
            return True
        every = {*self._records.get(mail.order.key, ()), mail.about}
        digests = {d for d in every if not memory.names_key(self._workspace, d)} or every
        if digests == {mail.about}:
            return True
        if mail.about not in digests:
            return False
        moment = _moment(told)
        if moment is None:
            return None
        written = {d: memory.written(self._workspace, d) for d in digests}
        before = {d: at for d, at in written.items() if at is not None and at <= moment}
        if max(before, key=lambda d: before[d], default=None) == mail.about:
            return True
        own = written[mail.about]
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
