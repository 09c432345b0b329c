"""What the figures above the plan's tables share, and those of fields, discovery and ideas."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kamxl.core.economics import FieldKind, sum_known
from kamxl.core.plan import AccountPlan, EconomicKind, IdeaState
from kamxl.forms.book import Chart, Formula, Series, Sheet
from kamxl.forms.columns import LIVE
from kamxl.forms.parts import tile
from kamxl.forms.plan_choices import ECONOMIC, FIELD_KIND, IDEA_STATE
from kamxl.forms.plan_forms import Forms
from kamxl.forms.plan_live_business import live
from kamxl.forms.plan_rows import Cells
from kamxl.forms.raw import a1
from kamxl.forms.style import (
    ACCENT,
    HEADER,
    HEADER_LEFT,
    LABEL,
    MUTED,
    RIVAL,
    TILE_VALUE,
)
from kamxl.forms.texts import texts

ROW = 5  # where the figures begin
CHARTED = 10  # fields in the chart
MONEY = "#,##0;-#,##0;0"
SHARE = "0%"
COUNT = "0"

Tile = tuple[Sequence[int], str, Formula, str]  # columns, key of its label, formula, format


class EarlyTops:
    """The figures above the sheets on the customer's business."""

    def __init__(self, plan: AccountPlan, forms: Forms, language: str) -> None:
        self.plan, self.forms, self.language = plan, forms, language
        self.cells, self.t = Cells(forms, language), texts(language)

    def draw(self, sheet: Sheet) -> None:
        """Add the figures to a sheet whose table has room for them."""
        drawer = getattr(self, f"_{sheet.key}", None)
        if drawer is not None:
            drawer(sheet)

    def _tiles(self, sheet: Sheet, tiles: Sequence[Tile]) -> None:
        for columns, key, formula, shown in tiles:
            style = TILE_VALUE.but(format=shown, size=16)
            tile(sheet, ROW, columns, self.t(f"plan.{sheet.key}.{key}"), formula, style)
        sheet.heights[ROW + 2] = 8

    # --- fields ----------------------------------------------------------------------------------

    def _fields(self, sheet: Sheet) -> None:
        own = self.cells.own
        fields = self.plan.fields
        kind, space = own("fields", "kind"), own("fields", "white_space")

        def of_kind(wanted: FieldKind) -> Formula:
            label = FIELD_KIND.label(wanted.value, self.language)
            known = sum_known(f.white_space for f in fields if f.kind is wanted)
            return live(f'SUMPRODUCT(--({kind}="{label}"),{space})', known.value or 0)

        def total(key: str) -> Formula:
            known = sum_known(getattr(f, key) for f in fields)
            return live(f"SUM({own('fields', key)})", known.value or 0)

        self._tiles(
            sheet,
            (
                ((1, 2), "last", total("revenue_last"), MONEY),
                ((3, 4, 5), "now", total("revenue_now"), MONEY),
                ((6, 7, 8), "potential_sum", total("potential"), MONEY),
                ((9, 10, 11), "running_space", of_kind(FieldKind.RUNNING), MONEY),
                ((12, 13, 14), "new_space", of_kind(FieldKind.NEW), MONEY),
            ),
        )
        self._field_chart(sheet)

    def _field_chart(self, sheet: Sheet) -> None:
        form = self.forms["fields"]
        first, last = form.first_row, form.first_row + CHARTED - 1

        def block(key: str) -> str:
            column = form.index(key)
            return sheet.ref(a1(first, column), a1(last, column))

        series = tuple(
            Series(block(key), block("name"), title=form.header(form.column(key), self.language),
                   color=color)
            for key, color in (("revenue_now", ACCENT), ("white_space", RIVAL))
        )  # fmt: skip
        for row in range(ROW + 3, form.header_row):
            sheet.heights[row] = 16
        sheet.charts.append(
            Chart(
                "stacked",
                a1(ROW + 3, 1),
                a1(form.header_row - 1, len(form.columns) + 1),
                series,
                title=self.t("plan.fields.chart"),
                x_format="#,##0",
                y_format="#,##0",
                description=self.t("plan.fields.chart_text"),
            )
        )

    # --- discovery, economics, ideas -------------------------------------------------------------

    def _discovery(self, sheet: Sheet) -> None:
        own = self.cells.own
        question, sure = own("discovery", "question"), own("discovery", "sureness")
        known = [d.sureness for d in self.plan.discovery if d.sureness is not None]
        mean = math.fsum(known) / len(known) if known else None

        def filled(key: str, attribute: str) -> Formula:
            count = sum(bool(getattr(d, attribute)) for d in self.plan.discovery)
            cells = own("discovery", key)
            return live(f'SUMPRODUCT(--({question}<>""),--({cells}<>""))', count)

        total = f'SUMPRODUCT(--({question}<>""))'
        answered = filled("answer", "answer")
        of = self.t("plan.ladder.of").strip()
        text = f'{answered.text}&" {of} "&{total}'
        self._tiles(
            sheet,
            (
                ((1, 2), "answered",
                 live(text, f"{answered.value} {of} {len(self.plan.discovery)}"), "General"),
                ((3,), "mean", live(f'IF(COUNT({sure})=0,"–",AVERAGE({sure}))',
                                    "–" if mean is None else mean), COUNT),
                ((4, 5, 6), "agreed", filled("agreed_with", "agreed_with"), COUNT),
                ((7, 8, 9), "shared_count", filled("shared", "shared"), COUNT),
            ),
        )  # fmt: skip

    def _economics(self, sheet: Sheet) -> None:
        own, form = self.cells.own, self.forms["economics"]
        kind = own("economics", "kind")
        columns = ((4, "count"), (5, "amounts"), (6, "potentials"))
        sheet.put(ROW, 2, self.t("plan.economics.sums"), HEADER_LEFT.but(fill=MUTED))
        sheet.put(ROW, 3, None, HEADER_LEFT.but(fill=MUTED))
        for column, key in columns:
            sheet.put(ROW, column, self.t(f"plan.economics.{key}"), HEADER.but(fill=MUTED))
        for row, one in enumerate(EconomicKind, ROW + 1):
            label = ECONOMIC.label(one.value, self.language)
            lines = [e for e in self.plan.economics if e.kind is one]
            sheet.put(row, 2, label, LABEL)
            sheet.put(row, 3, None, LABEL)
            count = live(f'SUMPRODUCT(--({kind}="{label}"))', len(lines))
            sheet.put(row, 4, count, LIVE.but(format=COUNT))
            for column, key in ((5, "amount"), (6, "potential")):
                text = f'SUMPRODUCT(--({kind}="{label}"),{own("economics", key)})'
                value = sum_known(getattr(e, key) for e in lines).value or 0
                sheet.put(row, column, live(text, value), LIVE.but(format=MONEY, align="right"))
            sheet.heights[row] = 16
        sheet.heights[ROW] = 20
        for row in range(ROW + 1 + len(EconomicKind), form.header_row):
            sheet.heights[row] = 6

    def _ideas(self, sheet: Sheet) -> None:
        own = self.cells.own
        dropped = IDEA_STATE.label("dropped", self.language)
        play = [i for i in self.plan.ideas if i.state is not IdeaState.DROPPED]
        mutual = self.t("plan.ideas.both")
        idea, state, both = (own("ideas", key) for key in ("idea", "state", "mutual"))
        inplay = f'--({idea}<>""),--({state}<>"{dropped}")'
        potential = sum_known(i.potential for i in play).value or 0
        self._tiles(
            sheet,
            (
                ((1, 2), "count", live(f"SUMPRODUCT({inplay})", len(play)), COUNT),
                ((3,), "both_count", live(f'SUMPRODUCT({inplay},--({both}="{mutual}"))',
                                          sum(i.mutual for i in play)), COUNT),
                ((4, 5), "sum", live(f"SUMPRODUCT({inplay},{own('ideas', 'potential')})",
                                     potential), MONEY),
            ),
        )  # fmt: skip
