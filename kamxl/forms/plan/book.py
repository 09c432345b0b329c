"""The account plan (Kundenplan): one workbook per account and period, the manager's own.

``book`` draws it with everything known filled in, ``read`` takes it back, ``is_plan`` and
``identity`` know it by its content; ``sheets`` declares its tables. Nothing in it is for the
customer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from kamxl.core.records.plan import AccountPlan
from kamxl.forms.paper.book import Book, Sheet
from kamxl.forms.paper.places import At
from kamxl.forms.plan.effects import draw_effects
from kamxl.forms.plan.ladder import NEXT, draw_ladder
from kamxl.forms.plan.lists import draw_lists, list_ranges
from kamxl.forms.plan.live import Facts
from kamxl.forms.plan.mark import identity, identity_text, is_plan
from kamxl.forms.plan.prefill import PlanPrefill, SegmentKnown, first_plan
from kamxl.forms.plan.reading import read
from kamxl.forms.plan.rows import forms_for, lines_of
from kamxl.forms.plan.sheets import LISTS, mark_text, sized
from kamxl.forms.plan.showing import hidden
from kamxl.forms.plan.tops import ABOVE, Tops
from kamxl.forms.plan.value import draw_value
from kamxl.forms.plan.visit import Visit, as_of_cell
from kamxl.forms.tables.declared import Line, Table, placed
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
    drawn = forms_for(plan)
    lines = lines_of(plan, drawn)
    forms = sized(lines, drawn)
    at = placed(forms, language, list_ranges(plan, language))
    t = texts(language)
    visit = Visit(plan, prefill, at).draw(identity_text(plan.identity))
    tables = _tables(forms, plan, at, lines)
    lists = draw_lists(plan, prefill, language, mark_text(LISTS, workspace))
    sheets, away = [visit, *tables, lists], hidden(plan)
    about = {"account": prefill.account.name, "period": prefill.period}
    for sheet in sheets:
        sheet.footer = f"{t('plan.footer', **about)} · {sheet.title}"
        sheet.hidden = sheet.key in away
    return Book(sheets, stamp, language, title=t("plan.title", **about))


def _tables(
    forms: Iterable[Table[Any]], plan: AccountPlan, at: At, lines: Mapping[str, list[Line]]
) -> list[Sheet]:
    whose = texts(at.language)("plan.whose", account=plan.account_name, period=plan.period)
    facts = Facts(plan, at.language, as_of_cell(at.language), NEXT)
    above, away = _above(plan, at), hidden(plan)
    return [
        (replace(form, paper=False) if form.key in away else form).draw(
            at,
            lines[form.key],
            mark=mark_text(form.key, plan.workspace),
            facts=facts,
            whose=whose,
            above=above.get(form.key),
        )
        for form in forms
    ]


def _above(plan: AccountPlan, at: At) -> dict[str, Callable[[Sheet], None]]:
    """What draws above which table (an unknown table raises, as does one that lacks its piece)."""
    tops = Tops(plan, at)
    found: dict[str, Callable[[Sheet], None]] = {
        "ladder": partial(draw_ladder, plan=plan, at=at),
        "effects": partial(draw_effects, plan=plan, at=at),
        "value": partial(draw_value, plan=plan, at=at),
    }
    return found | {at.place(key).name: partial(draw, tops) for key, draw in ABOVE.items()}
