"""Rows beyond those that are read: each costs the cards that would show it, and no others."""

from __future__ import annotations

from collections.abc import Iterator

from kamxl.forms.register.draft import Draft, Touch, scope
from kamxl.forms.register.sheets import (
    ACCOUNTS,
    COMPETITORS,
    CONTACTS,
    REQUIREMENTS,
    SEGMENTS,
)
from kamxl.forms.tables.reading import Row


def note_over(draft: Draft) -> None:
    """Which accounts and segments stand there too late: what names them is no second mistake."""
    for row in draft.tables[ACCOUNTS.key].over:
        draft.doubtful.add(scope(row.seen("id")))
    for row in draft.tables[SEGMENTS.key].over:
        draft.doubtful.add(scope(row.seen("account"), row.seen("id")))


def hold_over(draft: Draft) -> None:
    """Keep back the cards that such rows would have, or would stand on."""
    for form in (ACCOUNTS, SEGMENTS, CONTACTS, REQUIREMENTS, COMPETITORS):
        table = draft.tables[form.key]
        found = tuple(one for one in table.findings if one.code == "too-many-rows")
        for row in table.over:
            draft.hold(found, *_touches(draft, form.key, row))


def _touches(draft: Draft, key: str, row: Row) -> Iterator[Touch]:
    account, own = row.seen("account") if key != ACCOUNTS.key else "", row.words("id")
    if key == ACCOUNTS.key:
        yield Touch(own, lost=True)
    elif key == SEGMENTS.key:
        yield Touch(account, own, lost=True)
    elif key == CONTACTS.key:
        if row["asked"] == "yes":
            yield Touch(account, "", own, lost=True)
    elif key == COMPETITORS.key and not row.seen("account") and not row.seen("segment"):
        yield Touch(rivals=True)
    else:
        if key == REQUIREMENTS.key and row.words("catalogue"):
            yield Touch(catalogue=row.words("catalogue"))
        yield from draft.meant(row, rivals=key == COMPETITORS.key)
