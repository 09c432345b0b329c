"""Reading Register.xlsx back: every mistake at once, each with its sheet and cell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kamxl.core.finding import Finding
from kamxl.core.records.register import Register
from kamxl.forms.paper.raw import RawBook, a1
from kamxl.forms.register.checks import check
from kamxl.forms.register.choosing import read_selection, without_selection
from kamxl.forms.register.deciding import read_decisions
from kamxl.forms.register.draft import Draft, Touch
from kamxl.forms.register.holding import held_cards
from kamxl.forms.register.over import hold_over, note_over
from kamxl.forms.register.rivals import read_competitors
from kamxl.forms.register.rows import (
    read_accounts,
    read_contacts,
    read_requirements,
    read_segments,
)
from kamxl.forms.register.settings import read_settings, with_second_language
from kamxl.forms.register.sheets import (
    COMPETITORS,
    DECISIONS,
    FIELDS,
    FORMS,
    LAYOUT,
    MARK,
    SELECTION,
    SETTINGS,
    mark_text,
)
from kamxl.forms.register.team import read_team
from kamxl.forms.tables.declared import Table
from kamxl.forms.tables.layouts import FIRST, Layouts
from kamxl.forms.tables.locate import find_texts
from kamxl.forms.tables.reading import read_tables

# what cards are made of: a mistake here keeps them from going out
_CARD_FORMS = tuple(form for form in FORMS if form not in (SETTINGS, SELECTION, DECISIONS))
_ASKS_ABOUT_RIVALS = next(field.since for field in FIELDS if field.id == "rivals")


def read(raw: RawBook) -> Register:
    """The register in a workbook, as far as it is right; never raises, whatever stands there.

    ``held`` are the cards that show something wrong: a sheet or a column that is missing, or a
    setting that cards show, touches all of them; anything on Selection or Decisions, a revenue
    or a minimum touches none. Settings that are wrong hold a safe default, "" for company and
    period.
    """
    tables = read_tables(raw, FORMS, MARK)
    tables[SELECTION.key] = without_selection(tables[SELECTION.key])
    layouts = Layouts.of(raw, MARK)
    settings, found, wrong = read_settings(tables[SETTINGS.key])
    if layouts.newest < _ASKS_ABOUT_RIVALS:
        settings = replace(settings, rivals=True)  # before anybody was asked, they were named
    draft = Draft(settings, tables)
    draft.report_all((*tables[SETTINGS.key].findings, *found))
    draft.hold(tables[SETTINGS.key].wrong, Touch())
    newer = layouts.too_new(LAYOUT)
    draft.report_all(newer, everybody=True)
    draft.hold(newer, Touch())
    for key, problem in wrong:
        if key != "language2":
            draft.hold((problem,), Touch(spoken=key == "language"))
    for form in _CARD_FORMS:
        draft.report_all(tables[form.key].findings, everybody=True)
        _hold_all(draft, form)
    note_over(draft)
    read_accounts(draft)
    read_team(draft)
    read_segments(draft)
    read_selection(draft)
    read_contacts(draft)
    read_requirements(draft)
    read_competitors(draft)
    read_decisions(draft)
    hold_over(draft)
    check(draft)
    _second_language(draft, [problem for key, problem in wrong if key == "language2"])
    register = draft.register()
    return replace(register, held=held_cards(draft, register), layout=layouts.newest)


def _second_language(draft: Draft, wrong: list[Finding]) -> None:
    """In what language requirements are said a second time; if that is wrong, their cards wait."""
    second = [one for one in draft.requirements if one.translated != one.asked]
    if second:
        draft.settings = with_second_language(draft.settings)
    for one in second:
        draft.hold(wrong, Touch(one.account, one.segment, catalogue=one.catalogue))


def _hold_all(draft: Draft, form: Table[Any]) -> None:
    """What is wrong with a table as a whole touches all cards that show anything of it."""
    table = draft.tables[form.key]
    draft.hold(table.wrong, Touch(rivals=form is COMPETITORS))


def is_register(raw: RawBook) -> bool:
    """Whether a workbook is a register: one of its sheets carries the mark, or all look like it."""
    if any(MARK.fullmatch(cell.text.strip()) for s in raw.sheets for cell in s.cells.values()):
        return True
    tables = read_tables(raw, FORMS, MARK)
    return not any(tables[form.key].broken for form in (SETTINGS, *_CARD_FORMS))


def workspaces(raw: RawBook) -> list[tuple[str, str, str]]:
    """The workspaces whose register it is, each once: (id, sheet title, cell).

    None: it is no register, or one that does not say.
    """
    found: dict[str, tuple[str, str, str]] = {}
    for sheet, row, column, text in find_texts(raw, MARK):
        match = MARK.fullmatch(text)
        if match is not None and match[2]:
            found.setdefault(match[2], (match[2], sheet.title, a1(row, column)))
    return list(found.values())


def renamed_marks(raw: RawBook, workspace: str) -> dict[str, str]:
    """Each text by which a sheet says whose register it is, and what it would say of another's."""
    marks = (found for *_, text in find_texts(raw, MARK) if (found := MARK.fullmatch(text)))
    return {m[0]: mark_text(m[1], workspace, int(m[3] or FIRST)) for m in marks}
