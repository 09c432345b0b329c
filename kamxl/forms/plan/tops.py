"""The live figures above the plan's tables: tiles and sums. Their values come from the core."""

from __future__ import annotations

import math
from collections.abc import Sequence

from kamxl.core.method.economics import FieldKind, sum_known
from kamxl.core.method.programmes import ActionState, summarise
from kamxl.core.records.plan import AccountPlan, EconomicKind, IdeaState
from kamxl.forms.paper.book import Chart, Conditional, Formula, Series, Sheet
from kamxl.forms.paper.parts import section, tile
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import (
    ACCENT,
    BEHIND,
    BEHIND_SOFT,
    HEADER,
    HEADER_LEFT,
    LABEL,
    MUTED,
    RIVAL,
    TILE_VALUE,
)
from kamxl.forms.plan.choices import ACTION_STATE, ECONOMIC, FIELD_KIND, IDEA_STATE, PROGRAMME_STATE
from kamxl.forms.plan.live import kept, late_by, live
from kamxl.forms.plan.rows import Cells
from kamxl.forms.plan.sheets import Forms
from kamxl.forms.tables.columns import LIVE
from kamxl.wording.texts import texts

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


YEARS = 4  # years in the overview of effects
OVERRATED = 10  # points above the customer's view


class Tops(EarlyTops):
    """What stands above the tables of one plan."""

    # --- contacts, functions, self-assessment ----------------------------------------------------

    def breadth(self) -> Formula:
        """Covered functions ÷ functions, from any sheet."""
        covered, name = self.cells.all("functions", "covered"), self.cells.all("functions", "name")
        text = f'IF(SUMPRODUCT(--({name}<>""))=0,"–",SUM({covered})/SUMPRODUCT(--({name}<>"")))'
        value = self.plan.breadth.breadth
        return live(text, "–" if value is None else value)

    def _contacts(self, sheet: Sheet) -> None:
        own = self.cells.own
        role, regular, strength = (own("contacts", k) for k in ("role", "regular", "strength"))
        form = self.forms["contacts"].column("role")
        requirer, purchaser = form.options(self.language)
        roles = f'(SUMPRODUCT(--({role}="{requirer}"))+SUMPRODUCT(--({role}="{purchaser}")))'
        share = f'IF({roles}=0,"–",SUMPRODUCT(--({role}="{requirer}"))/{roles})'
        known = [c.strength for c in self.plan.contacts if c.strength is not None]
        mean = math.fsum(known) / len(known) if known else "–"
        requirers = self.plan.breadth.requirers
        self._tiles(
            sheet,
            (
                ((1, 2), "breadth", self.breadth(), SHARE),
                ((3, 4), "requirers", live(share, "–" if requirers is None else requirers), SHARE),
                ((5, 6), "kept", live(f"SUM({regular})", sum(map(kept, self.plan.contacts))),
                 COUNT),
                ((7, 8), "strength_mean",
                 live(f'IF(COUNT({strength})=0,"–",AVERAGE({strength}))', mean), COUNT),
            ),
        )  # fmt: skip

    def _functions(self, sheet: Sheet) -> None:
        own, breadth = self.cells.own, self.plan.breadth
        revenue, covered, name = (
            own("functions", k) for k in ("revenue_responsible", "covered", "name")
        )
        yes = self.forms["functions"].column("revenue_responsible").options(self.language)[0]
        spots = f'SUMPRODUCT(--({revenue}="{yes}"),--({covered}=0),--({name}<>""))'
        of = self.t("plan.ladder.of").strip()
        counted = f'SUM({covered})&" {of} "&SUMPRODUCT(--({name}<>""))'
        value = f"{len(breadth.covered)} {of} {len(self.plan.functions)}"
        self._tiles(
            sheet,
            (
                ((1, 2), "breadth", self.breadth(), SHARE),
                ((3, 4), "covered_of", live(counted, value), "General"),
                ((5, 6), "revenue_spots", live(spots, len(breadth.revenue_spots)), COUNT),
            ),
        )
        form = self.forms["functions"]
        first = form.first_row
        here = (f"${a1(first, form.index(k))}" for k in ("revenue_responsible", "covered"))
        marked, kept_ = here
        rule = f'AND({marked}="{yes}",ISNUMBER({kept_}),{kept_}=0)'
        sheet.conditionals.append(
            Conditional(form.cells("covered"), formula=rule, fill=BEHIND_SOFT, color=BEHIND)
        )

    def _self(self, sheet: Sheet) -> None:
        own, form = self.cells.own, self.forms["self"]
        rating, gap = own("self", "rating"), own("self", "gap")
        gaps = [r.gap for r in self.plan.ratings if r.gap is not None]
        rated = sum(r.rating is not None for r in self.plan.ratings)
        mean = math.fsum(gaps) / len(gaps) if gaps else "–"
        over = f'COUNTIF({gap},">{OVERRATED}")'
        self._tiles(
            sheet,
            (
                ((1, 2), "rated", live(f"COUNT({rating})", rated), COUNT),
                ((3,), "compared", live(f"COUNT({gap})", len(gaps)), COUNT),
                ((4, 5, 6), "mean", live(f'IF(COUNT({gap})=0,"–",AVERAGE({gap}))', mean),
                 "+0.0;-0.0;0.0"),
                ((7, 8), "over", live(over, sum(g > OVERRATED for g in gaps)), COUNT),
            ),
        )  # fmt: skip
        cell = "$" + form.cells("gap").split(":")[0]
        rule = f"AND(ISNUMBER({cell}),{cell}>{OVERRATED})"
        sheet.conditionals.append(
            Conditional(form.cells("gap"), formula=rule, fill=BEHIND_SOFT, color=BEHIND)
        )

    # --- programmes, effects, actions ------------------------------------------------------------

    def active(self) -> Formula:
        """How many programmes are active, from any sheet."""
        name, state = (self.cells.all("programmes", key) for key in ("name", "state"))
        labels = [PROGRAMME_STATE.label(code, self.language) for code in ("agreed", "running")]
        text = "+".join(f'SUMPRODUCT(--({name}<>""),--({state}="{x}"))' for x in labels)
        return live(text, summarise(self.plan.programmes).active)

    def _programmes(self, sheet: Sheet) -> None:
        all_, active = self.cells.all, self.active()
        summary = summarise(self.plan.programmes)
        running, counts = all_("effects", "active"), all_("effects", "counts")

        def expected(key: str, factor: str) -> Formula:
            text = f"SUMPRODUCT({running},{counts},{all_('effects', factor)})"
            return live(text, getattr(summary.expected, key).value or 0)

        selling, more = (self.t(f"plan.programmes.{key}") for key in ("selling", "developing"))
        self._tiles(
            sheet,
            (
                ((1, 2), "active", active, COUNT),
                ((3,), "revenue", expected("revenue", "revenue"), MONEY),
                ((4,), "profit", expected("profit", "profit"), MONEY),
                ((5, 6, 7, 8), "theirs", expected("customer_profit", "customer_profit"), MONEY),
                ((9, 10, 11, 12, 13), "none",
                 live(f'IF({active.text}=0,"{selling}","{more}")',
                      selling if summary.selling_only else more), "General"),
            ),
        )  # fmt: skip
        alarm = f"${a1(ROW + 1, 1)}=0"
        for cells in (a1(ROW + 1, 1), a1(ROW + 1, 9)):
            sheet.conditionals.append(Conditional(cells, formula=alarm, color=BEHIND))
        form = self.forms["programmes"]
        cell = "$" + form.cells("warning").split(":")[0]
        sheet.conditionals.append(
            Conditional(form.cells("warning"), formula=f'{cell}<>""', fill=BEHIND_SOFT,
                        color=BEHIND)
        )  # fmt: skip

    def _effects(self, sheet: Sheet) -> None:
        own = self.cells.own
        programmes = self.plan.programmes
        given = [e.year for p in programmes for e in p.effects]
        start = min(given, default=int(self.plan.period[:4]))
        year, running, counts = (own("effects", key) for key in ("year", "active", "counts"))
        section(sheet, ROW, 1, self.t("plan.effects.sums"))
        for column in (1, 2):
            sheet.put(ROW + 1, column, None, HEADER)
        heads = [f"IF(COUNT({year})=0,{int(self.plan.period[:4])},MIN({year}))"]
        heads += [f"{a1(ROW + 1, 2 + n)}+1" for n in range(1, YEARS)]
        for n, text in enumerate(heads):
            sheet.put(ROW + 1, 3 + n, live(text, start + n), HEADER.but(format="0"))
        whole = 3 + YEARS + 2
        sheet.put(ROW + 1, whole, self.t("plan.effects.all"), HEADER)
        keys = ("revenue", "profit", "customer_revenue", "customer_profit")
        for row, key in enumerate(keys, ROW + 2):
            sheet.put(row, 1, self.t(f"plan.effects.{key}"), LABEL.but(wrap=False))
            sheet.put(row, 2, None, LABEL)
            each = f"{running},{counts},{own('effects', key)}"
            for n in range(YEARS):
                text = f"SUMPRODUCT(--({year}={a1(ROW + 1, 3 + n)}),{each})"
                self._sum(sheet, row, 3 + n, text, key, start + n)
            self._sum(sheet, row, whole, f"SUMPRODUCT({each})", key, None)
            sheet.heights[row] = 17
        sheet.heights |= {ROW + 1: 18, ROW + 6: 8, ROW + 7: 4}

    def _sum(
        self, sheet: Sheet, row: int, column: int, text: str, key: str, year: int | None
    ) -> None:
        value = getattr(summarise(self.plan.programmes, year).expected, key).value or 0
        sheet.put(row, column, live(text, value), LIVE.but(format=MONEY, align="right", indent=1))

    def open_actions(self) -> Formula:
        """How many actions are open, from any sheet."""
        text, state = (self.cells.all("actions", key) for key in ("text", "state"))
        done = ACTION_STATE.label("done", self.language)
        count = sum(a.state is ActionState.OPEN for a in self.plan.actions)
        return live(f'SUMPRODUCT(--({text}<>""),--({state}<>"{done}"))', count)

    def late_actions(self) -> Formula:
        """How many actions are overdue, from any sheet."""
        late = (late_by(a, self.plan.as_of) for a in self.plan.actions)
        text = f'COUNTIF({self.cells.all("actions", "late")},">0")'
        return live(text, sum(bool(one) for one in late))

    def _actions(self, sheet: Sheet) -> None:
        own = self.cells.own
        state, due = own("actions", "state"), own("actions", "due")
        done = ACTION_STATE.label("done", self.language)
        waiting = [a for a in self.plan.actions if a.state is ActionState.OPEN]
        undated = f'SUMPRODUCT(--({own("actions", "text")}<>""),--({state}<>"{done}"),--({due}=""))'
        finished = live(f'SUMPRODUCT(--({state}="{done}"))', len(self.plan.actions) - len(waiting))
        self._tiles(
            sheet,
            (
                ((1, 2), "open", self.open_actions(), COUNT),
                ((3,), "late_count", self.late_actions(), COUNT),
                ((4, 5), "undated", live(undated, sum(a.due is None for a in waiting)), COUNT),
                ((6, 7, 8, 9), "done", finished, COUNT),
            ),
        )
        form = self.forms["actions"]
        cell = "$" + form.cells("late").split(":")[0]
        rule = f"AND(ISNUMBER({cell}),{cell}>0)"
        sheet.conditionals.append(
            Conditional(form.cells("late"), formula=rule, fill=BEHIND_SOFT, color=BEHIND)
        )
