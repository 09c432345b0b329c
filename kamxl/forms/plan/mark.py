"""Whose plan a workbook is, found by its content: never by the name of its file or of a sheet."""

from __future__ import annotations

import re

from kamxl.core.records.plan import PlanIdentity
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.plan.sheets import MARK
from kamxl.forms.tables.locate import find_texts

_ID = r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}"
IDENTITY = re.compile(rf"kxp1\|([^|\s]*)\|({_ID})\|(\d{{4}}[0-9HQ-]*)")


def identity_text(whose: PlanIdentity) -> str:
    """The text on the first sheet that says whose plan it is."""
    return f"kxp1|{whose.workspace}|{whose.account}|{whose.period}"


def identities(raw: RawBook) -> list[tuple[PlanIdentity, str, int, int]]:
    """Every different identity in a workbook: (identity, sheet title, row, column)."""
    found: dict[PlanIdentity, tuple[PlanIdentity, str, int, int]] = {}
    for sheet, row, column, text in find_texts(raw, IDENTITY):
        match = IDENTITY.fullmatch(text)
        if match is not None:
            whose = PlanIdentity(*match.groups())
            found.setdefault(whose, (whose, sheet.title, row, column))
    return list(found.values())


def identity(raw: RawBook) -> PlanIdentity | None:
    """Whose plan a workbook is; None if it does not say, or says two things."""
    found = identities(raw)
    return found[0][0] if len(found) == 1 else None


def is_plan(raw: RawBook) -> bool:
    """Whether a workbook is an account plan: it carries an identity or the mark of a sheet."""
    return bool(identities(raw)) or bool(find_texts(raw, MARK))
