"""The sheet *Lists*: what the drop-downs of the other sheets offer. Nothing is read from it."""

from __future__ import annotations

from kamxl.core.records.plan import AccountPlan
from kamxl.forms.paper.book import Sheet
from kamxl.forms.paper.parts import band
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import CELL, HEADER_LEFT, MUTED
from kamxl.forms.plan.prefill import PlanPrefill
from kamxl.forms.plan.sheets import LISTS
from kamxl.forms.plan.targets import requirement_target
from kamxl.wording.texts import texts

HEADER, FIRST = 5, 6
SEGMENT, TARGET = 1, 4
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
    """The ranges that the drop-downs take; of at least two cells, as Gnumeric needs it."""
    sheet = Sheet(LISTS, texts(language)("plan.lists.sheet"))

    def block(column: int, count: int) -> str:
        return sheet.ref(a1(FIRST, column), a1(FIRST + max(count, 2) - 1, column))

    return {
        "lists.segments": block(SEGMENT, len(segments_of(plan))),
        "lists.targets": block(TARGET, len(targets(plan))),
    }


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
    style = CELL.but(format="@", indent=1)
    for row, one in enumerate(segments_of(plan), FIRST):
        sheet.put(row, SEGMENT, one, style)
        sheet.put(row, SEGMENT + 1, names.get(one), style)
    for row, (target, text) in enumerate(targets(plan), FIRST):
        sheet.put(row, TARGET, target, style)
        sheet.put(row, TARGET + 1, text, style)
    sheet.print_area = a1(1, max(WIDTHS) + 3)  # nothing: what it offers stands elsewhere
    sheet.freeze = a1(FIRST, 1)
    return sheet
