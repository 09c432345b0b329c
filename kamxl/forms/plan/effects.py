"""Above the effects: what is expected and what came of it, by year and altogether."""

from __future__ import annotations

from collections.abc import Sequence

from kamxl.core.method.programmes import outcome, summarise
from kamxl.core.records.plan import AccountPlan
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Formula, Sheet
from kamxl.forms.paper.idioms import DASH, total_known
from kamxl.forms.paper.parts import live, section
from kamxl.forms.paper.places import At
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import HEADER, HEADER_LEFT, LABEL
from kamxl.forms.plan.sheets import OUTCOMES
from kamxl.forms.tables.columns import LIVE
from kamxl.wording.texts import texts

ROW = 5  # where the figures begin
YEARS = 4  # years in the overview
MONEY = "#,##0;-#,##0;0"


def draw_effects(sheet: Sheet, plan: AccountPlan, at: At) -> None:
    """Add the overview to the sheet of the effects."""
    _Overview(plan, at).draw(sheet)


class _Overview:
    def __init__(self, plan: AccountPlan, at: At) -> None:
        self.plan = plan
        self.t = texts(at.language)
        self.own = at.row("effects").own

    def draw(self, sheet: Sheet) -> None:
        """By year and altogether: what is expected, what came of it, and what was planned for that.

        Expected are active programmes times their chance; what came of it is of all programmes.
        """
        own = self.own
        start = min(
            (e.year for p in self.plan.programmes for e in p.effects),
            default=int(self.plan.period[:4]),
        )
        year = own("year")
        section(sheet, ROW, 1, self.t("plan.effects.both"))
        heads = [f"IF(COUNT({year})=0,{int(self.plan.period[:4])},MIN({year}))"]
        heads += [f"{a1(ROW + 1, 2 + n)}+1" for n in range(1, YEARS)]
        years = [live(text, start + n) for n, text in enumerate(heads)]
        self._year_heads(sheet, ROW + 1, self.t("plan.effects.expected"), years)
        again = [live(a1(ROW + 1, 3 + n), start + n) for n in range(YEARS)]
        self._year_heads(
            sheet, ROW + 6, self.t("plan.effects.actual"), again, self.t("plan.effects.planned")
        )
        for place, key in enumerate(OUTCOMES):
            self._expected_row(sheet, ROW + 2 + place, key, start)
            self._actual_row(sheet, ROW + 7 + place, key, start)
        sheet.heights |= {ROW + 1: 18, ROW + 6: 18, ROW + 11: 8}

    def _year_heads(
        self, sheet: Sheet, row: int, name: str, years: Sequence[Formula], *more: str
    ) -> None:
        sheet.put(row, 1, name, HEADER_LEFT)
        sheet.put(row, 2, None, HEADER)
        for n, year in enumerate(years):
            sheet.put(row, 3 + n, year, HEADER.but(format="0"))
        for column, word in enumerate((self.t("plan.effects.all"), *more), 3 + YEARS):
            sheet.put(row, column, word, HEADER)

    def _expected_row(self, sheet: Sheet, row: int, key: str, start: int) -> None:
        own = self.own
        factors, active = (own("counts"), own(key)), f"{own('active')}=1"
        self._effect_label(sheet, row, self.t(f"plan.effects.{key}"))
        for n in (*range(YEARS), None):
            of = [active] + ([] if n is None else [f"{own('year')}={a1(ROW + 1, 3 + n)}"])
            made = total_known(*factors, of=of, none=DASH)
            year = None if n is None else start + n
            value = getattr(summarise(self.plan.programmes, year).expected, key).value
            self._effect(sheet, row, 3 + (YEARS if n is None else n), made, value)

    def _actual_row(self, sheet: Sheet, row: int, key: str, start: int) -> None:
        own, programmes = self.own, self.plan.programmes
        did = own(f"actual_{key}")
        self._effect_label(sheet, row, self.t(f"plan.effects.{key}"))
        for n in (*range(YEARS), None):
            of = [] if n is None else [f"{own('year')}={a1(ROW + 1, 3 + n)}"]
            year = None if n is None else start + n
            value = getattr(outcome(programmes, year).actual, key).value
            made = total_known(did, of=of, none=DASH)
            self._effect(sheet, row, 3 + (YEARS if n is None else n), made, value)
        planned = getattr(outcome(programmes).planned, key).value
        made = total_known(own(key), of=[*idioms.numbers(did)], none=DASH)
        self._effect(sheet, row, 4 + YEARS, made, planned)

    def _effect_label(self, sheet: Sheet, row: int, text: str) -> None:
        sheet.put(row, 1, text, LABEL.but(wrap=False))
        sheet.put(row, 2, None, LABEL)
        sheet.heights[row] = 17

    def _effect(self, sheet: Sheet, row: int, column: int, text: str, value: float | None) -> None:
        style = LIVE.but(format=MONEY, align="right", indent=1)
        sheet.put(row, column, live(text, "–" if value is None else value), style)
