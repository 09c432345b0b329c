"""The lower part of *Visit*: what changed since the last answers, and how firm our position is."""

from __future__ import annotations

from collections.abc import Sequence

from kamxl.core.plan import AccountPlan
from kamxl.core.position import PositionMeasure
from kamxl.forms.book import Conditional, Content, Formula, Sheet, span
from kamxl.forms.parts import section
from kamxl.forms.plan_forms import VISIT, Forms
from kamxl.forms.plan_live_business import live
from kamxl.forms.plan_prefill import PlanPrefill
from kamxl.forms.plan_rows import Cells
from kamxl.forms.plan_tops import Tops
from kamxl.forms.plan_value import result_cell
from kamxl.forms.style import (
    ACCENT,
    BEHIND,
    CELL,
    HEADER,
    HEADER_LEFT,
    MUTED,
    NOTE,
    NUMBER,
)
from kamxl.forms.texts import texts

WIDTHS = (4, 46, 36, 20, 15, 13)
DUE, ASKED, SEGMENTS = 6, 3, 5  # how many of each the page holds
KEYS_ROW = 5
AS_OF_ROW = 7
TILES = 9
GUIDE = 11
ACTIONS = 13
QUESTIONS = ACTIONS + 3 + DUE
CHANGES = QUESTIONS + 3 + ASKED
POSITION = CHANGES + 3 + 1 + SEGMENTS
LAST = POSITION + 2 + len(PositionMeasure) + 1
FIGURES = ("then", "now", "change", "value", "sureness", "due", "late")
TEXT_CELL = CELL.but(indent=1)
SURE = NUMBER.but(format="0.#")
HEAD = HEADER.but(fill=MUTED)
HEAD_LEFT = HEADER_LEFT.but(fill=MUTED)


class Standing:
    """What stands in the lower part of the sheet of one plan, and what both parts share."""

    def __init__(
        self, plan: AccountPlan, prefill: PlanPrefill, forms: Forms, language: str
    ) -> None:
        self.plan, self.prefill, self.forms, self.language = plan, prefill, forms, language
        self.t, self.cells = texts(language), Cells(forms, language)
        self.tops = Tops(plan, forms, language)
        self.sheet = Sheet(VISIT, self.t("plan.visit.sheet"), tab_color=ACCENT)

    def _heads(self, row: int, keys: Sequence[tuple[int, str]]) -> None:
        self.sheet.put(row, 1, None, HEAD)
        for column, key in keys:
            style = HEAD_LEFT if column <= 4 and key not in FIGURES else HEAD
            self.sheet.put(row, column, self.t(f"plan.visit.{key}") if key else None, style)
        self.sheet.heights[row] = 18

    def _title(self, row: int, key: str, note: Content = None) -> None:
        section(self.sheet, row, 1, self.t(f"plan.visit.{key}"))
        if note is not None:
            right = NOTE.but(wrap=False, valign="bottom", align="right")
            self.sheet.put(row, len(WIDTHS), note, right)

    # --- what changed ----------------------------------------------------------------------------

    def _changes(self) -> None:
        known = self.prefill
        now = known.position_period
        dates = self.t("plan.visit.dated", now=now, then=known.earlier_period)
        self._title(CHANGES, "changes", dates)
        self._heads(CHANGES + 1, ((2, "score"), (3, ""), (4, "then"), (5, "now"), (6, "change")))
        rows: list[tuple[str, float | None, float | None]] = [
            (self.t("plan.visit.whole"), known.earlier_total, known.total)
        ]
        rows += [(s.segment.name, s.earlier_total, s.total) for s in known.segments[:SEGMENTS]]
        for place in range(SEGMENTS + 1):
            row = CHANGES + 2 + place
            self.sheet.heights[row] = 16
            if place >= len(rows):
                self.sheet.heights[row] = 2
                continue
            name, before, after = rows[place]
            bold = {"bold": place == 0}
            self.sheet.put(row, 1, None, CELL)
            self.sheet.put(row, 2, name, TEXT_CELL.but(**bold))
            self.sheet.put(row, 3, None, CELL)
            self.sheet.put(row, 4, before, NUMBER)
            self.sheet.put(row, 5, after, NUMBER.but(**bold))
            change = None if before is None or after is None else after - before
            text = f'IF(AND(ISNUMBER($D{row}),ISNUMBER($E{row})),$E{row}-$D{row},"")'
            self.sheet.put(row, 6, live(text, change), NUMBER.but(format="+0.0;-0.0;0.0", **bold))
        cells = span(CHANGES + 2, 6, CHANGES + 2 + SEGMENTS, 6)
        first = f"$F{CHANGES + 2}"
        rule = f"AND(ISNUMBER({first}),ROUND({first},9)<0)"
        self.sheet.conditionals.append(Conditional(cells, formula=rule, color=BEHIND, bold=True))

    # --- where we stand --------------------------------------------------------------------------

    def _measure_cells(self) -> str:
        first = POSITION + 2
        return f"$F${first}:$F${first + len(PositionMeasure) - 1}"

    def _mean(self, measures: str) -> Formula:
        position = self.plan.position(self.prefill.position)
        text = f'IF(COUNT({measures})=0,"–",AVERAGE({measures}))'
        return live(text, "–" if position.mean is None else position.mean)

    def _position(self) -> None:
        t, known = self.t, self.prefill.position
        position = self.plan.position(known)
        note = t("plan.visit.position_dated", period=self.prefill.position_period)
        self._title(POSITION, "position", note)
        keys = ((2, "measure"), (3, "evidence"), (4, ""), (5, ""), (6, "value"))
        self._heads(POSITION + 1, keys)
        returns = Sheet("value", self.forms["value"].title(self.language))
        for row, (measure, value) in enumerate(position.measures.items(), POSITION + 2):
            key = measure.value
            evidence = t(
                f"plan.visit.made.{key}",
                completed=known.completed, segments=known.segments, lead=known.lead,
            )  # fmt: skip
            content: Content = value
            if measure in (PositionMeasure.CUSTOMER_RETURN, PositionMeasure.OWN_RETURN):
                content = live(returns.ref(result_cell(key).replace("$", "")), value)
            self.sheet.put(row, 1, None, CELL)
            self.sheet.put(row, 2, t(f"plan.visit.measures.{key}"), TEXT_CELL)
            self.sheet.put(row, 3, evidence, CELL.but(wrap=False, color=MUTED, indent=1))
            self.sheet.fill(row, (4, 5), CELL)
            self.sheet.put(row, 6, content, NUMBER)
            self.sheet.heights[row] = 17
        bars = span(POSITION + 2, 6, POSITION + 1 + len(PositionMeasure), 6)
        self.sheet.conditionals.append(Conditional(bars, kind="bar", fill="BFE0D8"))
        row = POSITION + 2 + len(PositionMeasure)
        text = f'COUNT({self._measure_cells()})&"{t("plan.visit.of_five")}"'
        self.sheet.put(row, 2, t("plan.visit.mean"), TEXT_CELL.but(bold=True, borders=""))
        count = live(text, f"{position.known}{t('plan.visit.of_five')}")
        self.sheet.put(row, 3, count, TEXT_CELL.but(borders=""))
        self.sheet.put(row, 6, self._mean(self._measure_cells()), NUMBER.but(bold=True))
        self.sheet.heights[row] = 18
