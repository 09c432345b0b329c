"""Which cards are out: of each person's issued records in a period the newest.

What a card asked is in its record, whatever the register says by now. Which of several records is
the newest tells the log of issuing; in a workspace that had none yet, the card in outbox/.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kamxl.apart import Died, call
from kamxl.core.cards import seal
from kamxl.core.records.register import CardKey, CardOrder
from kamxl.excel.reading.limits import LIMITS
from kamxl.store.issued_log import IssuedLog
from kamxl.store.reading import content
from kamxl.store.workspace import Workspace
from kamxl.workflow.cards import paths_of
from kamxl.workflow.files.opening import cards_in


@dataclass(frozen=True, slots=True)
class CardOut:
    """A card that went out: its newest record, the ``older`` ones of the same card, its path."""

    order: CardOrder
    digest: str
    path: Path
    older: tuple[CardOrder, ...] = field(default=())

    @property
    def addresses(self) -> frozenset[str]:
        """Where it went to, in small letters."""
        orders = (self.order, *self.older)
        return frozenset(o.respondent_email.casefold() for o in orders if o.respondent_email)


def cards_out(
    workspace: Workspace,
    records: Mapping[str, CardOrder],
    period: str,
    today: Callable[[], Mapping[CardKey, CardOrder]],
) -> list[CardOut]:
    """The cards of ``period`` in the issued ``records`` (by digest), sorted by their keys.

    ``today``: what would be asked now, which only decides, and is asked for, where nothing else
    does.
    """
    by_key: dict[CardKey, list[str]] = {}
    for digest, order in records.items():
        if order.period == period:
            by_key.setdefault(order.key, []).append(digest)
    log = IssuedLog(workspace)
    keys = sorted(by_key)
    paths = paths_of(workspace, [records[by_key[key][0]] for key in keys])
    found = []
    for key, path in zip(keys, paths, strict=True):
        digests = by_key[key]
        newest = digests[0] if len(digests) == 1 else log.newest(digests)
        newest = newest or named_by(path, digests)
        newest = newest or _likeliest(workspace, digests, records, today())
        older = tuple(records[d] for d in digests if d != newest)
        found.append(CardOut(records[newest], newest, path, older))
    return found


def named_by(path: Path, digests: Collection[str]) -> str | None:
    """The record that the card in outbox/ names; None: none of these."""
    with contextlib.suppress(OSError):
        told = cards_named(content(path, LIMITS.file))
        return next((digest for digest in told if digest in digests), None)
    return None


def cards_named(data: bytes) -> list[str]:
    """The records that a workbook in outbox/ names, which anybody may have put there."""
    with contextlib.suppress(Died):
        return call(cards_in, data, None)
    return []


def _likeliest(
    workspace: Workspace,
    digests: Sequence[str],
    records: Mapping[str, CardOrder],
    today: Mapping[CardKey, CardOrder],
) -> str:
    """Where nobody can know: the record that the register asks for, else the one due last."""
    asked = today.get(records[digests[0]].key)
    now = {seal.digest(asked, key) for key in workspace.keys} if asked else set()
    return max(digests, key=lambda d: (d in now, records[d].due or date.min, d))
