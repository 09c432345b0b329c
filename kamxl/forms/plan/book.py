"""The account plan (Kundenplan): one workbook per account and period, the manager's own.

``book`` draws it with everything known filled in, ``read`` takes it back, ``is_plan`` and
``identity`` know it by its content; ``plan_forms`` declares its tables. Nothing in it is for the
customer.
"""

from __future__ import annotations

from datetime import datetime

from kamxl.core.records.plan import AccountPlan
from kamxl.forms.paper.book import Book, Sheet
from kamxl.forms.plan.ladder import NEXT_CELL, draw_ladder
from kamxl.forms.plan.lists import draw_lists, list_ranges
from kamxl.forms.plan.live import LiveColumns
from kamxl.forms.plan.mark import identity, identity_text, is_plan
from kamxl.forms.plan.prefill import PlanPrefill, SegmentKnown, first_plan
from kamxl.forms.plan.reading import read
from kamxl.forms.plan.rows import rows_of
from kamxl.forms.plan.sheets import FORMS, LISTS, Forms, mark_text, sized
from kamxl.forms.plan.tops import Tops
from kamxl.forms.plan.value import draw_value
from kamxl.forms.plan.visit import Visit, as_of_cell
from kamxl.wording.texts import texts

__all__ = [
    "PlanPrefill",
    "SegmentKnown",
    "book",
    "first_plan",
    "identity",
    "is_plan",
    "read",
]


def book(prefill: PlanPrefill, language: str, workspace: str, stamp: datetime) -> Book:
    """A plan for the account and period of ``prefill``, in ``language``.

    ``workspace`` is the workspace's id, ``stamp`` the time that its properties tell.
    """
    plan = first_plan(prefill, language, workspace)
    rows = rows_of(plan)
    forms = sized(rows)
    t = texts(language)
    visit = Visit(plan, prefill, forms, language).draw(identity_text(plan.identity))
    tables = _tables(plan, forms, language)
    lists = draw_lists(plan, prefill, language, mark_text(LISTS, workspace))
    sheets = [visit, *tables, lists]
    about = {"account": prefill.account.name, "period": prefill.period}
    for sheet in sheets:
        sheet.footer = f"{t('plan.footer', **about)} · {sheet.title}"
    return Book(sheets, stamp, language, title=t("plan.title", **about))


def _tables(plan: AccountPlan, forms: Forms, language: str) -> list[Sheet]:
    rows = rows_of(plan)
    whose = texts(language)("plan.whose", account=plan.account_name, period=plan.period)
    next_level = f"${NEXT_CELL[0]}${NEXT_CELL[1:]}"
    live = LiveColumns(plan, forms, language, as_of_cell(language), next_level).columns()
    refs = {
        **list_ranges(plan, language),
        "functions.name": forms["functions"].reference("name", language),
        "programmes.id": forms["programmes"].reference("id", language),
    }
    tops = Tops(plan, forms, language)
    sheets = []
    for form in (forms[one.key] for one in FORMS):
        sheet = form.drawn(
            language,
            rows[form.key],
            mark=mark_text(form.key, plan.workspace),
            whose=whose,
            refs=refs,
            live=live.get(form.key),
        )
        tops.draw(sheet)
        if form.key == "ladder":
            draw_ladder(sheet, plan, forms, language)
        if form.key == "value":
            draw_value(sheet, plan, forms, language)
        sheets.append(sheet)
    return sheets
