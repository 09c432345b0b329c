"""The issued records of each card, the newest last: what is out, and what was before."""

from __future__ import annotations

from collections.abc import Mapping

from kamxl.core.records.register import CardKey, CardOrder
from kamxl.store import memory
from kamxl.store.workspace import Workspace


def by_card(orders: Mapping[str, CardOrder]) -> dict[CardKey, dict[str, CardOrder]]:
    """The issued records by the card they ask for, then by digest; a test asked for none.

    Whoever is asked under the id of somebody who was forgotten is another person.
    """
    found: dict[CardKey, dict[str, CardOrder]] = {}
    for digest, order in orders.items():
        if not order.test and order.forgotten is None:
            found.setdefault(order.key, {})[digest] = order
    return found


def in_order(
    workspace: Workspace, records: Mapping[str, CardOrder], newest: str | None
) -> dict[str, CardOrder]:
    """Records of one card, the ``newest`` last, if that is known; the others by their files."""
    if len(records) < 2:
        return dict(records)
    by_age = [digest for digest in memory.by_age(workspace, records) if digest != newest]
    return {digest: records[digest] for digest in (*by_age, *filter(None, (newest,)))}
