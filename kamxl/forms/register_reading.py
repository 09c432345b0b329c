"""Reading Register.xlsx back: every mistake at once, each with its sheet and cell."""

from __future__ import annotations

from kamxl.core.records import Register
from kamxl.forms.raw import RawBook
from kamxl.forms.register_checks import check
from kamxl.forms.register_choosing import read_selection, without_selection
from kamxl.forms.register_draft import Draft
from kamxl.forms.register_forms import FORMS, MARK, SELECTION, SETTINGS
from kamxl.forms.register_rows import (
    read_accounts,
    read_competitors,
    read_contacts,
    read_requirements,
    read_segments,
)
from kamxl.forms.register_settings import read_settings
from kamxl.forms.table_reading import read_tables

# what cards are made of: a mistake here keeps them from going out
_CARD_FORMS = tuple(form for form in FORMS if form not in (SETTINGS, SELECTION))


def read(raw: RawBook) -> Register:
    """The register in a workbook, as far as it is right; never raises, whatever stands there.

    A sheet or a column that is missing blocks all accounts; a wrong setting none: the finding says
    what cannot be done without it, and the settings hold "" for company and period. Nor does
    anything on Selection, which no card needs; without the sheet everything there is unknown.
    """
    tables = read_tables(raw, FORMS, MARK)
    tables[SELECTION.key] = without_selection(tables[SELECTION.key])
    settings, found = read_settings(tables[SETTINGS.key])
    draft = Draft(settings, tables)
    draft.report_all((*tables[SETTINGS.key].findings, *found))
    for form in _CARD_FORMS:
        draft.report_all(tables[form.key].findings, everybody=True)
    read_accounts(draft)
    read_segments(draft)
    read_selection(draft)
    read_contacts(draft)
    read_requirements(draft)
    read_competitors(draft)
    check(draft)
    return draft.register()


def is_register(raw: RawBook) -> bool:
    """Whether a workbook is a register: one of its sheets carries the mark, or all look like it."""
    if any(MARK.fullmatch(cell.text.strip()) for s in raw.sheets for cell in s.cells.values()):
        return True
    tables = read_tables(raw, FORMS, MARK)
    return not any(tables[form.key].broken for form in (SETTINGS, *_CARD_FORMS))


def workspaces_of(raw: RawBook) -> frozenset[str]:
    """The ids of the workspaces that a register's marks name; empty if it has none."""
    cells = (cell.text.strip() for sheet in raw.sheets for cell in sheet.cells.values())
    return frozenset(text.rpartition(":")[2] for text in cells if MARK.fullmatch(text))
