"""The live figures above the plan's tables: tiles and sums. Their values come from the core."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from kamxl.core.method.economics import FieldKind, sum_known
from kamxl.core.method.programmes import ActionState, summarise
from kamxl.core.records.page import MOST_PROGRAMMES, MOST_STATEMENTS
from kamxl.core.records.plan import AccountPlan, EconomicKind, IdeaState
from kamxl.core.roles import Role
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Chart, Conditional, Formula, Series, Sheet, here
from kamxl.forms.paper.idioms import DASH, count, total_known
from kamxl.forms.paper.parts import live, tile
from kamxl.forms.paper.places import At, Place
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
from kamxl.forms.plan.functions import others
from kamxl.forms.plan.live import kept, late_by
from kamxl.forms.plan.sheets import FIELDS, FUNCTIONS, HOLDS
from kamxl.forms.tables.columns import LIVE, ROLE
from kamxl.wording.texts import texts

ROW = 5  # where the figures begin
CHARTED = 10  # fields in the chart
MONEY = "#,##0;-#,##0;0"
SHARE = "0%"
COUNT = "0"

YEARS = 4  # years in the overview of effects
OVERRATED = 10  # points above the customer's view

Tile = tuple[Sequence[int], str, Formula, str]  # columns, key of its label, formula, format


class Tops:
    """What stands above the tables of one plan; ``ABOVE`` says which piece above which."""

    def __init__(self, plan: AccountPlan, at: At) -> None:
        self.plan, self.at, self.language = plan, at, at.language
        self.t = texts(at.language)

    def _own(self, sheet: Sheet) -> Callable[[str], str]:
        """The columns of a sheet's own table, from the sheet itself."""
        return self.at.row(sheet.key).own

    def _place(self, sheet: Sheet) -> Place:
        return self.at.place(sheet.key)

    def _alarm(self, sheet: Sheet, column: str, rule: str) -> None:
        """A column whose cells call for something while ``rule`` holds: "{0}" is the cell."""
        cell = self.at.row(sheet.key)(column)
        look = Conditional(
            self._place(sheet).cells(column), formula=rule.format(cell), fill=BEHIND_SOFT,
            color=BEHIND,
        )  # fmt: skip
        sheet.conditionals.append(look)

    def _mean(self, block: str, values: Iterable[float | None]) -> Formula:
        """The mean of what is known; a dash where nothing is."""
        known = [value for value in values if value is not None]
        value = math.fsum(known) / len(known) if known else "–"
        return live(idioms.mean_known(block, idioms.DASH), value)

    def _sum(self, text: str, value: float | None) -> Formula:
        """A sum whose formula says a dash where nothing is known: that is not 0."""
        return live(text, "–" if value is None else value)

    def _of(self, part: str, part_value: int, whole: str, whole_value: int) -> Formula:
        """So many of so many, as one text."""
        of = self.t("plan.ladder.of").strip()
        return live(f'{part}&" {of} "&{whole}', f"{part_value} {of} {whole_value}")

    def _tiles(self, sheet: Sheet, tiles: Sequence[Tile]) -> None:
        for columns, key, content, shown in tiles:
            style = TILE_VALUE.but(format=shown, size=16)
            tile(sheet, ROW, columns, self.t(f"plan.{sheet.key}.{key}"), content, style)
        sheet.heights[ROW + 2] = 8

    # --- fields ----------------------------------------------------------------------------------

    def _fields(self, sheet: Sheet) -> None:
        own = self._own(sheet)
        fields = self.plan.fields
        kind, space = own("kind"), own("white_space")

        def of_kind(wanted: FieldKind) -> Formula:
            label = FIELD_KIND.label(wanted.value, self.language)
            known = sum_known(f.white_space for f in fields if f.kind is wanted)
            made = total_known(space, of=(f'{kind}="{label}"',), none=DASH)
            return self._sum(made, known.value)

        def whole(key: str) -> Formula:
            known = sum_known(getattr(f, key) for f in fields)
            return self._sum(idioms.sum_known(own(key), DASH), known.value)

        self._tiles(
            sheet,
            (
                ((1, 2), "last", whole("revenue_last"), MONEY),
                ((3, 4, 5), "now", whole("revenue_now"), MONEY),
                ((6, 7, 8), "potential_sum", whole("potential"), MONEY),
                ((9, 10, 11), "running_space", of_kind(FieldKind.RUNNING), MONEY),
                ((12, 13, 14), "new_space", of_kind(FieldKind.NEW), MONEY),
            ),
        )
        self._field_chart(sheet)

    def _field_chart(self, sheet: Sheet) -> None:
        place = self._place(sheet)
        edge, begin = next(iter(sheet.column_breaks), len(place.columns)), sheet.title_columns + 1

        def block(key: str) -> str:
            return self.at.column(sheet.key, key).some(0, CHARTED - 1)

        def bars(key: str, color: str) -> Series:
            title = FIELDS.header(FIELDS.column(key), self.language)
            return Series(block(key), block("name"), title=title, color=color)

        series = bars("revenue_now", ACCENT), bars("white_space", RIVAL)
        for row in range(ROW + 3, place.key_row - 1):
            sheet.heights[row] = 16
        sheet.charts.append(
            Chart(
                "stacked",
                a1(ROW + 3, begin),  # a part of it stood on each page otherwise
                a1(place.key_row - 2, edge + 1),
                series,
                title=self.t("plan.fields.chart"),
                x_format="#,##0",
                y_format="#,##0",
                description=self.t("plan.fields.chart_text"),
            )
        )

    # --- discovery, economics, ideas -------------------------------------------------------------

    def _discovery(self, sheet: Sheet) -> None:
        own = self._own(sheet)
        question, sure = own("question"), own("sureness")
        asked, answers = f'{question}<>""', self.plan.discovery

        def given(key: str) -> Formula:
            value = sum(bool(getattr(one, key)) for one in answers)
            return live(count(asked, f'{own(key)}<>""'), value)

        answered = sum(bool(one.answer) for one in answers)
        self._tiles(
            sheet,
            (
                ((1, 2), "answered",
                 self._of(given("answer").text, answered, count(asked), len(answers)), "General"),
                ((3,), "mean", self._mean(sure, (one.sureness for one in answers)), COUNT),
                ((4, 5), "agreed", given("agreed_with"), COUNT),
                ((7, 8, 9), "written", self._written(sheet, "share", MOST_STATEMENTS), "General"),
            ),
        )  # fmt: skip

    def _written(self, sheet: Sheet, key: str, most: int) -> Formula:
        """How many rows are written for the customer, and how many one page shows at the most."""
        records = getattr(self.plan, HOLDS[sheet.key])
        written = sum(bool(getattr(one, key).strip()) for one in records)
        return self._of(count(f'{self._own(sheet)(key)}<>""'), written, str(most), most)

    def _economics(self, sheet: Sheet) -> None:
        own = self._own(sheet)
        kind = own("kind")
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
            mine = f'{kind}="{label}"'
            sheet.put(row, 4, live(count(mine), len(lines)), LIVE.but(format=COUNT))
            for column, key in ((5, "amount"), (6, "potential")):
                value = sum_known(getattr(e, key) for e in lines).value
                made = self._sum(total_known(own(key), of=(mine,), none=DASH), value)
                sheet.put(row, column, made, LIVE.but(format=MONEY, align="right"))
            sheet.heights[row] = 16
        sheet.heights[ROW] = 20
        for row in range(ROW + 1 + len(EconomicKind), self._place(sheet).key_row - 1):
            sheet.heights[row] = 6

    def _ideas(self, sheet: Sheet) -> None:
        own = self._own(sheet)
        dropped = IDEA_STATE.label("dropped", self.language)
        play = [i for i in self.plan.ideas if i.state is not IdeaState.DROPPED]
        mutual = self.t("plan.ideas.both")
        idea, state, both = (own(key) for key in ("idea", "state", "mutual"))
        inplay = f'{idea}<>""', f'{state}<>"{dropped}"'
        potential = sum_known(i.potential for i in play).value
        whole = total_known(own("potential"), of=inplay, none=DASH)
        self._tiles(
            sheet,
            (
                ((1, 2), "count", live(count(*inplay), len(play)), COUNT),
                (
                    (3,),
                    "both_count",
                    live(count(*inplay, f'{both}="{mutual}"'), sum(i.mutual for i in play)),
                    COUNT,
                ),
                ((4,), "sum", self._sum(whole, potential), MONEY),
            ),
        )

    # --- contacts, functions, self-assessment ----------------------------------------------------

    def breadth(self) -> Formula:
        """Covered functions ÷ functions, from any sheet."""
        covered, name = self.at.all("functions", "covered"), self.at.all("functions", "name")
        named, value = count(f'{name}<>""'), self.plan.breadth.breadth
        share = f"IF({named}=0,{idioms.DASH},SUM({covered})/{named})"
        return live(share, "–" if value is None else value)

    def _contacts(self, sheet: Sheet) -> None:
        own = self._own(sheet)
        role, regular, strength, place = (own(k) for k in ("role", "regular", "strength", "place"))
        choices = {one: ROLE.label(one.value, self.language) for one in Role}
        counts = {one: count(f'{role}="{word}"') for one, word in choices.items()}
        known = "+".join(counts.values())
        needs = "+".join(told for one, told in counts.items() if one.includes(Role.REQUIRER))
        share = f"IF(({known})=0,{idioms.DASH},({needs})/({known}))"
        requirers = self.plan.breadth.requirers
        people = self.plan.contacts
        self._tiles(
            sheet,
            (
                ((1, 2), "breadth", self.breadth(), SHARE),
                (
                    (3, 4),
                    "requirers",
                    live(share, "–" if requirers is None else requirers),
                    SHARE,
                ),
                ((5, 6), "kept", live(f"SUM({regular})", sum(map(kept, people))), COUNT),
                (
                    (7, 8),
                    "strength_mean",
                    self._mean(strength, (c.strength for c in people)),
                    COUNT,
                ),
                ((9,), "others", live(others(place), self.plan.breadth.others), COUNT),
            ),
        )
        self._alarm(sheet, "counts_as", f"{self.at.row(sheet.key)('place')}=0")

    def _functions(self, sheet: Sheet) -> None:
        own, breadth = self._own(sheet), self.plan.breadth
        revenue, covered, name = (own(k) for k in ("revenue_responsible", "covered", "name"))
        yes = FUNCTIONS.column("revenue_responsible").options(self.language)[0]
        named = f'{name}<>""'
        spots = count(f'{revenue}="{yes}"', f"{covered}=0", named)
        counted = self._of(
            f"SUM({covered})", len(breadth.covered), count(named), len(self.plan.functions)
        )
        self._tiles(
            sheet,
            (
                ((1, 2), "breadth", self.breadth(), SHARE),
                ((3,), "covered_of", counted, "General"),
                ((4, 5), "revenue_spots", live(spots, len(breadth.revenue_spots)), COUNT),
            ),
        )
        marked = self.at.row(sheet.key)("revenue_responsible")
        self._alarm(sheet, "covered", f'AND({marked}="{yes}",ISNUMBER({{0}}),{{0}}=0)')

    def _self_assessment(self, sheet: Sheet) -> None:
        own = self._own(sheet)
        rating, gap = own("rating"), own("gap")
        gaps = [r.gap for r in self.plan.ratings if r.gap is not None]
        rated = sum(r.rating is not None for r in self.plan.ratings)
        over = idioms.count_of(gap, f'">{OVERRATED}"')
        self._tiles(
            sheet,
            (
                ((1, 2), "rated", live(f"COUNT({rating})", rated), COUNT),
                ((3,), "compared", live(f"COUNT({gap})", len(gaps)), COUNT),
                ((4, 5, 6), "mean", self._mean(gap, gaps), "+0.0;-0.0;0.0"),
                ((7, 8), "over", live(over, sum(g > OVERRATED for g in gaps)), COUNT),
            ),
        )
        self._alarm(sheet, "gap", f"AND(ISNUMBER({{0}}),{{0}}>{OVERRATED})")

    # --- programmes, effects, actions ------------------------------------------------------------

    def _active(self, *tests: str) -> str:
        """How many programmes are active and pass some tests, from any sheet."""
        name, state = (self.at.all("programmes", key) for key in ("name", "state"))
        labels = [PROGRAMME_STATE.label(code, self.language) for code in ("agreed", "running")]
        return "+".join(count(f'{name}<>""', f'{state}="{x}"', *tests) for x in labels)

    def active(self) -> Formula:
        """How many programmes are active, from any sheet."""
        return live(self._active(), summarise(self.plan.programmes).active)

    def _unvalued(self) -> Formula:
        """How many of the active ones the sums do not hold, of revenue and of profit: "1 / 0"."""
        summary = summarise(self.plan.programmes)
        texts_ = []
        for key in ("expected_revenue", "expected_profit"):
            valued = self._active(*idioms.numbers(self.at.all("programmes", key)))
            texts_.append(f"({self._active()}-({valued}))")
        value = f"{len(summary.unvalued_revenue)} / {len(summary.unvalued_profit)}"
        return live(idioms.joined(texts_, " / "), value)

    def _programmes(self, sheet: Sheet) -> None:
        all_, active = self.at.all, self.active()
        summary = summarise(self.plan.programmes)
        running, counts = all_("effects", "active"), all_("effects", "counts")

        def expected(key: str, factor: str) -> Formula:
            made = total_known(counts, all_("effects", factor), of=(f"{running}=1",), none=DASH)
            return self._sum(made, getattr(summary.expected, key).value)

        self._tiles(
            sheet,
            (
                ((1, 2), "active", active, COUNT),
                ((3, 4), "revenue", expected("revenue", "revenue"), MONEY),
                ((5, 6, 7), "profit", expected("profit", "profit"), MONEY),
                ((8, 9), "theirs", expected("customer_profit", "customer_profit"), MONEY),
                ((10, 11), "unvalued", self._unvalued(), "General"),
                ((12, 13), "written", self._written(sheet, "goal", MOST_PROGRAMMES), "General"),
            ),
        )  # fmt: skip
        alarm = f"{here(ROW + 1, 1)}=0"
        sheet.conditionals.append(Conditional(a1(ROW + 1, 1), formula=alarm, color=BEHIND))
        self._alarm(sheet, "warning", '{0}<>""')

    def open_actions(self) -> Formula:
        """How many actions are open, from any sheet."""
        text, state = (self.at.all("actions", key) for key in ("text", "state"))
        done = ACTION_STATE.label("done", self.language)
        value = sum(a.state is ActionState.OPEN for a in self.plan.actions)
        return live(count(f'{text}<>""', f'{state}<>"{done}"'), value)

    def late_actions(self) -> Formula:
        """How many actions are overdue, from any sheet."""
        late = (late_by(a, self.plan.as_of) for a in self.plan.actions)
        text = idioms.count_of(self.at.all("actions", "late"), '">0"')
        return live(text, sum(bool(one) for one in late))

    def _actions(self, sheet: Sheet) -> None:
        own = self._own(sheet)
        state, due = own("state"), own("due")
        done = ACTION_STATE.label("done", self.language)
        waiting = [a for a in self.plan.actions if a.state is ActionState.OPEN]
        undated = count(f'{own("text")}<>""', f'{state}<>"{done}"', f'{due}=""')
        finished = live(count(f'{state}="{done}"'), len(self.plan.actions) - len(waiting))
        self._tiles(
            sheet,
            (
                ((1, 2), "open", self.open_actions(), COUNT),
                ((3,), "late_count", self.late_actions(), COUNT),
                ((4, 5), "undated", live(undated, sum(a.due is None for a in waiting)), COUNT),
                ((6, 7, 8, 9), "done", finished, COUNT),
            ),
        )
        self._alarm(sheet, "late", "AND(ISNUMBER({0}),{0}>0)")


# What draws above which table.
ABOVE: Mapping[str, Callable[[Tops, Sheet], None]] = {
    "fields": Tops._fields,
    "discovery": Tops._discovery,
    "economics": Tops._economics,
    "ideas": Tops._ideas,
    "contacts": Tops._contacts,
    "functions": Tops._functions,
    "self": Tops._self_assessment,
    "programmes": Tops._programmes,
    "actions": Tops._actions,
}
