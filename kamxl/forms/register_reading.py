"""Reading Register.xlsx back: every mistake at once, each with its sheet and cell."""

from __future__ import annotations

from kamxl.core.records import Register
from kamxl.forms.raw import RawBook
from kamxl.forms.register_checks import check
from kamxl.forms.register_draft import Draft
from kamxl.forms.register_forms import FORMS, MARK, SETTINGS
from kamxl.forms.register_rows import (
    read_accounts,
    read_competitors,
    read_contacts,
    read_requirements,
    read_segments,
)
from kamxl.forms.register_settings import read_settings
from kamxl.forms.table_reading import read_tables


def read(raw: RawBook) -> Register:
    """The register in a workbook, as far as it is right; never raises, whatever stands there.

    A sheet or a column that is missing blocks all accounts; a wrong setting none: the finding says
    what cannot be done without it, and the settings hold "" for company and period.
    """
    tables = read_tables(raw, FORMS, MARK)
    settings, found = read_settings(tables[SETTINGS.key])
    draft = Draft(settings, tables)
    draft.report_all((*tables[SETTINGS.key].findings, *found))
    for form in FORMS[1:]:
        draft.report_all(tables[form.key].findings, everybody=True)
    read_accounts(draft)
    read_segments(draft)
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
    return not any(table.broken for table in tables.values())
