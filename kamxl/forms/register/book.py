"""Register.xlsx, the team's own workbook: settings, team, accounts, segments, selection, contacts,
requirements, competitors. ``book`` draws it, ``read`` takes it back; ``register_forms`` declares
both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from kamxl.core.method.selection import Candidate
from kamxl.core.portfolio.choosing import candidates_of
from kamxl.core.records.register import Register, Settings
from kamxl.forms.paper.book import Book, Conditional
from kamxl.forms.paper.style import BEHIND_SOFT, WARN_SOFT
from kamxl.forms.register.calculation import Chosen, Places
from kamxl.forms.register.live import live_formulas, selection_formulas
from kamxl.forms.register.picture import draw_picture
from kamxl.forms.register.reading import is_register, read, renamed_marks, workspaces
from kamxl.forms.register.selection import finish
from kamxl.forms.register.settings import catalogue_range, draw_settings
from kamxl.forms.register.sheets import (
    ACCOUNTS,
    COMPETITORS,
    CONTACTS,
    FORMS,
    REQUIREMENTS,
    SEGMENTS,
    SELECTION,
    TEAM,
    mark_text,
)
from kamxl.forms.tables.declared import TableForm, Values
from kamxl.wording.texts import texts

__all__ = ["book", "empty_register", "is_register", "read", "renamed_marks", "workspaces"]


def empty_register(language: str, stamp: datetime) -> Register:
    """A register without any account: the settings' defaults, the period that holds ``stamp``."""
    half = 1 if stamp.month <= 6 else 2
    settings = Settings(company="", language=language, period=f"{stamp.year:04}-H{half}")
    return Register(settings, (), (), (), (), ())


def book(
    language: str,
    register: Register | None,
    workspace: str,
    stamp: datetime,
    rows: Mapping[str, list[Values]] | None = None,
) -> Book:
    """The register as a workbook in ``language``; None draws an empty one.

    ``workspace`` is the workspace's id, ``stamp`` the time that its properties tell. ``rows``:
    those of each table, by its key (default: as ``rows_of`` says).
    """
    words = texts(language)
    held = register or empty_register(language, stamp)
    rows = rows_of(held) if rows is None else rows
    refs = {
        "team.name": TEAM.reference("name", language),
        "accounts.id": ACCOUNTS.reference("id", language),
        "segments.id": SEGMENTS.reference("id", language),
        "catalogues": catalogue_range(language),
    }
    chosen, at = Chosen(held), Places(language, inside=False)
    live = {**live_formulas(held, language), **selection_formulas(at, chosen)}
    sheets = [draw_settings(held, language, workspace)]
    for form in FORMS[1:]:
        mark = mark_text(form.key, workspace)
        own = {c: formula for (key, c), formula in live.items() if key == form.key}
        sheet = form.draw(language, rows[form.key], mark=mark, refs=refs, live=own)
        sheet.conditionals += _hints(form)
        sheets.append(sheet)
        if form is SELECTION:
            finish(sheet, at, held, chosen)
            sheets.append(draw_picture(language, held, workspace, chosen))
    for sheet in sheets:
        sheet.footer = f"{words('register.footer')} · {sheet.title}"
    return Book(sheets, stamp, language, title=words("register.title"))


def _hints(form: TableForm) -> list[Conditional]:
    """Colours for counts that call for something: none at all, or more than is good."""
    hints = []
    for column in ("segments", "requirements"):
        if any(c.id == column and not c.read for c in form.columns):
            cell = "$" + form.cells(column).split(":")[0]
            none = f"AND(ISNUMBER({cell}),{cell}=0)"
            hints.append(Conditional(form.cells(column), formula=none, fill=BEHIND_SOFT))
            if column == "requirements":
                many = f"AND(ISNUMBER({cell}),{cell}>12)"
                hints.append(Conditional(form.cells(column), formula=many, fill=WARN_SOFT))
    return hints


def rows_of(register: Register) -> dict[str, list[Values]]:
    """What stands in the rows of each table, by the form's key."""
    return {
        TEAM.key: [asdict(one) for one in register.team],
        ACCOUNTS.key: [
            {"id": a.id, "name": a.name, "language": a.language, "manager": a.manager}
            for a in register.accounts
        ],
        SEGMENTS.key: [
            {
                "account": s.account,
                "id": s.id,
                "name": s.name,
                "revenue": s.revenue,
                "catalogue": s.catalogue,
                "rivals": "named" if s.named_rivals else "alternative",
                "feedback": s.feedback,
            }
            for s in register.segments
        ],
        SELECTION.key: [_judged(candidate) for candidate in candidates_of(register)],
        CONTACTS.key: [
            {
                "account": c.account,
                "id": c.id,
                "name": c.name,
                "email": c.email,
                "function": c.function,
                "role": c.role and c.role.value,
                "language": c.language,
                "asked": "yes" if c.asked else "no",
                "segments": c.segments,
                "source": c.source.value,
                "form": c.form and c.form.value,
                "title": c.title,
                "salutation": c.salutation,
            }
            for c in register.contacts
        ],
        REQUIREMENTS.key: [
            {
                "catalogue": catalogue,
                "account": account,
                "segment": segment,
                "id": r.id,
                "label": r.label,
                "minimum": r.minimum,
                **dict(zip(("anchor0", "anchor50", "anchor100"), r.anchors, strict=True)),
            }
            for catalogue, account, segment, r in register.requirements
        ],
        COMPETITORS.key: [
            {"account": account, "segment": segment, "id": c.id, "name": c.name}
            for account, segment, c in register.competitors
        ],
    }


def _judged(candidate: Candidate) -> Values:
    """The row of an account on the sheet Selection."""
    return {
        "account": candidate.account,
        **{f"rate_{criterion}": points for criterion, points in candidate.ratings.items()},
        **{f"grow_{condition}": answer for condition, answer in candidate.conditions.items()},
        "days": candidate.days,
    }
