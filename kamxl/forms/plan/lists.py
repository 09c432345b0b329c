"""The sheet *Lists*: what the drop-downs of the other sheets offer. Nothing is read from it.

Below each list there is room: what comes back after the plan was made is offered, too, once the
plan is refreshed.
"""

from __future__ import annotations

import re

from kamxl.core.records.plan import AccountPlan
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Sheet
from kamxl.forms.paper.parts import band
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import CELL, HEADER_LEFT, KEY, MUTED
from kamxl.forms.plan.prefill import PlanPrefill
from kamxl.forms.plan.sheets import LISTS
from kamxl.forms.plan.targets import requirement_target
from kamxl.wording.texts import texts

HEADER, FIRST = 5, 6
SEGMENT, TARGET = 1, 4
SPARE = 60  # free rows below each list
ROOM = re.compile(r"room:([1-9]\d{0,3})")  # how many rows there are below the headers
WIDTHS = {1: 14, 2: 26, 3: 3, 4: 20, 5: 50}


def targets(plan: AccountPlan) -> list[tuple[str, str]]:
    """What actions may aim at, and its text: requirements by segment, then wishes."""
    asked = [(requirement_target(r.segment, r.id), r.label) for r in plan.ratings]
    return asked + [(w.id, w.issue or w.remedy) for w in plan.wishes]


def segments_of(plan: AccountPlan) -> list[str]:
    """The ids of the segments that have requirements or fields."""
    known = [r.segment for r in plan.ratings] + [f.segment for f in plan.fields]
    return list(dict.fromkeys(one for one in known if one))


def list_ranges(plan: AccountPlan, language: str) -> dict[str, str]:
    """The ranges that drop-downs take: what is filled, at least two cells, as Gnumeric needs it."""
    sheet = Sheet(LISTS, texts(language)("plan.lists.sheet"))

    def block(column: int) -> str:
        whole = sheet.ref(a1(FIRST, column), a1(FIRST + rows_of(plan) - 1, column))
        last = idioms.item(whole, f"MAX(2,COUNTA({whole}))")
        return f"{whole.partition(':')[0]}:{last}"

    return {"lists.segments": block(SEGMENT), "lists.targets": block(TARGET)}


def rows_of(plan: AccountPlan) -> int:
    """How many rows the lists have, filled and free."""
    return max(len(targets(plan)), len(segments_of(plan))) + SPARE


def draw_lists(plan: AccountPlan, prefill: PlanPrefill, language: str, mark: str) -> Sheet:
    """The sheet with the segments, and the requirements and wishes."""
    t = texts(language)
    sheet = Sheet(LISTS, t("plan.lists.sheet"), tab_color=MUTED)
    sheet.widths = dict(WIDTHS)
    band(sheet, range(1, 6), t("plan.lists.title"), t("plan.lists.intro"), mark)
    heads = ((1, "segments"), (2, "segment_name"), (4, "targets"), (5, "target_text"))
    for column, key in heads:
        sheet.put(HEADER, column, t(f"plan.lists.{key}"), HEADER_LEFT.but(fill=MUTED))
    sheet.heights[HEADER] = 22
    names = {s.segment.id: s.segment.name for s in prefill.segments}
    sheet.put(HEADER - 1, SEGMENT, f"room:{rows_of(plan)}", KEY.but(align="left"))
    style = CELL.but(format="@", indent=1)
    for row, one in enumerate(segments_of(plan), FIRST):
        sheet.put(row, SEGMENT, one, style)
        sheet.put(row, SEGMENT + 1, names.get(one), style)
    for row, (target, text) in enumerate(targets(plan), FIRST):
        sheet.put(row, TARGET, target, style)
        sheet.put(row, TARGET + 1, text, style)
    for row in range(FIRST, FIRST + rows_of(plan)):
        sheet.fill(row, (SEGMENT, SEGMENT + 1, TARGET, TARGET + 1), style)
    sheet.print_area = a1(1, max(WIDTHS) + 3)  # nothing: what it offers stands elsewhere
    sheet.freeze = a1(FIRST, 1)
    return sheet
