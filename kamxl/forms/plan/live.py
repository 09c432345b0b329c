"""The live columns of the plan's tables: one formula each, with the value the core makes of it.

The formulas carry no relative reference to another row, so sorting does them no harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kamxl.core.ids import same_id
from kamxl.core.method.programmes import AHEAD, Action, ActionState
from kamxl.core.records.plan import AccountPlan, ContactCare, PlanProgramme
from kamxl.forms.paper.book import Formula, Scalar
from kamxl.forms.plan.choices import ACTION_STATE, FIELD_KIND, MET, PROGRAMME_STATE, RHYTHM
from kamxl.forms.plan.rows import Cells, requirement_target, target_of
from kamxl.forms.plan.sheets import Forms
from kamxl.forms.tables.declared import Live, Values
from kamxl.wording.texts import texts

UNDATED = 2958465  # 31 December 9999 as spreadsheets count: an action without a date comes last
_EPOCH = date(1899, 12, 30).toordinal()


def live(text: str, value: Scalar) -> Formula:
    """A formula with its value; an unknown one is the empty text."""
    return Formula(text, "" if value is None else value)


def days(day: date) -> int:
    """A date as spreadsheets count."""
    return day.toordinal() - _EPOCH


class BusinessColumns:
    """The live columns of one plan. ``as_of``: the cell with the date, from any sheet;
    ``next_level``: the one with the label of the next level, from its own sheet.
    """

    def __init__(
        self, plan: AccountPlan, forms: Forms, language: str, as_of: str, next_level: str
    ) -> None:
        self.plan, self.language, self.as_of, self.next_level = plan, language, as_of, next_level
        self.cells, self.t = Cells(forms, language), texts(language)
        self.programmes = {same_id(p.id): p for p in plan.programmes}
        self.open_order = open_actions(plan.actions)
        self.ask_order = questions_to_ask(plan)
        self.targets = [same_id(target_of(a)) for a in plan.actions]

    # --- fields ----------------------------------------------------------------------------------

    def _growth(self, row: int, values: Values) -> Formula:
        at = self.cells.here("fields", row)
        last, now = at("revenue_last"), at("revenue_now")
        text = f'IF(AND(ISNUMBER({last}),ISNUMBER({now})),IF({last}>0,{now}/{last}-1,""),"")'
        before, after = values.get("revenue_last"), values.get("revenue_now")
        grown = after / before - 1 if before and after is not None else None
        return live(text, grown)

    def _white_space(self, row: int, values: Values) -> Formula:
        at = self.cells.here("fields", row)
        now, potential, kind = at("revenue_now"), at("potential"), at("kind")
        new = FIELD_KIND.label("new", self.language)
        known = f'AND(ISNUMBER({potential}),OR(ISNUMBER({now}),{kind}="{new}"))'
        field = self._of(self.plan.fields, values)
        text = f'IF({known},MAX({potential}-SUM({now}),0),"")'
        return live(text, field.white_space if field else None)

    @staticmethod
    def _of(records: Any, values: Values) -> Any:
        """The record that a row shows; None for an empty row."""
        wanted = values.get("id")
        return next((r for r in records if r.id == wanted), None) if wanted else None

    # --- ladder and discovery --------------------------------------------------------------------

    def _needed(self, row: int, values: Values) -> Formula:
        at, own = self.cells.here("ladder", row), self.cells.own
        level, met, text = (own("ladder", key) for key in ("level", "met", "text"))
        yes = MET.label("yes", self.language)
        place = (
            f'SUMPRODUCT(--({level}={self.next_level}),--({text}<>""),--({met}<>"{yes}"),'
            f"--(ROW({level})<=ROW({at('level')})))"
        )
        open_ = f'{at("level")}={self.next_level},{at("text")}<>"",{at("met")}<>"{yes}"'
        needs = [one.id for one in self.plan.ladder.next_needs]
        value = needs.index(values["id"]) + 1 if values and values["id"] in needs else None
        return live(f'IF(AND({self.next_level}<>"",{open_}),{place},"")', value)

    def _asked(self, row: int, values: Values) -> Formula:
        at, own = self.cells.here("discovery", row), self.cells.own
        question, sure = own("discovery", "question"), own("discovery", "sureness")
        here = at("sureness")
        less = f'SUMPRODUCT(--({question}<>""),--({sure}<SUM({here})))'
        same = f'SUMPRODUCT(--({question}<>""),--({sure}=SUM({here})),--(ROW({sure})<ROW({here})))'
        text = f'IF(OR({at("question")}="",SUM({here})>=100),"",1+{less}+{same})'
        return live(text, place_in(self.ask_order, values))

    # --- ideas, contacts, functions --------------------------------------------------------------

    def _mutual(self, row: int, values: Values) -> Formula:
        at = self.cells.here("ideas", row)
        both, one = self.t("plan.ideas.both"), self.t("plan.ideas.one")
        named = f'AND({at("benefit_customer")}<>"",{at("benefit_ours")}<>"")'
        idea = self._of(self.plan.ideas, values)
        value = None if idea is None else both if idea.mutual else one
        return live(f'IF({at("idea")}="","",IF({named},"{both}","{one}"))', value)

    def _regular(self, row: int, values: Values) -> Formula:
        at = self.cells.here("contacts", row)
        rhythms = (RHYTHM.label(code, self.language) for code in RHYTHM.codes if code != "none")
        rhythm = ",".join(f'{at("rhythm")}="{label}"' for label in rhythms)
        text = f'IF({at("id")}="","",IF(AND(OR({rhythm}),{at("counterpart")}<>""),1,0))'
        contact = self._of(self.plan.contacts, values)
        return live(text, None if contact is None else int(kept(contact)))

    def _contacts(self, row: int, values: Values) -> Formula:
        name = self.cells.here("functions", row)("name")
        text = f'IF({name}="","",SUMPRODUCT(--({self.cells.all("contacts", "function")}={name})))'
        return live(text, len(self._people(values)) if values else None)

    def _kept(self, row: int, values: Values) -> Formula:
        name = self.cells.here("functions", row)("name")
        function, regular = (self.cells.all("contacts", key) for key in ("function", "regular"))
        text = f'IF({name}="","",SUMPRODUCT(--({function}={name}),{regular}))'
        return live(text, sum(map(kept, self._people(values))) if values else None)

    def _covered(self, row: int, values: Values) -> Formula:
        at = self.cells.here("functions", row)
        value = int(values["id"] in self.plan.breadth.covered) if values else None
        return live(f'IF({at("name")}="","",IF({at("regular")}>0,1,0))', value)

    def _people(self, values: Values) -> list[ContactCare]:
        wanted = same_id(values.get("name") or "")
        return [c for c in self.plan.contacts if wanted and same_id(c.function) == wanted]

    # --- self-assessment, wishes -----------------------------------------------------------------

    def _gap(self, row: int, values: Values) -> Formula:
        at = self.cells.here("self", row)
        ours, theirs = at("rating"), at("customer")
        text = f'IF(AND(ISNUMBER({ours}),ISNUMBER({theirs})),{ours}-{theirs},"")'
        both = values.get("rating"), values.get("customer")
        return live(text, None if None in both else both[0] - both[1])  # type: ignore[operator]

    def _closing(self, row: int, values: Values) -> Formula:
        at, closes = self.cells.here("self", row), self.cells.all("actions", "closes")
        segment, own = at("segment"), at("id")
        both = f'SUMPRODUCT(--({closes}={segment}&"/"&{own}))+SUMPRODUCT(--({closes}={own}))'
        text = f'IF({own}="","",{both})'
        if not values:
            return live(text, None)
        names = requirement_target(values["segment"], values["id"]), values["id"]
        return live(text, sum(self.targets.count(same_id(name)) for name in names))

    def _answering(self, row: int, values: Values) -> Formula:
        own, closes = self.cells.here("wishes", row)("id"), self.cells.all("actions", "closes")
        text = f'IF({own}="","",SUMPRODUCT(--({closes}={own})))'
        return live(text, self.targets.count(same_id(values["id"])) if values else None)


def kept(contact: ContactCare) -> bool:
    """Whether somebody of ours speaks to a contact regularly."""
    return contact.regular and bool(contact.counterpart.strip())


def due_of(action: Action) -> int:
    """When an action is due, as spreadsheets count; without a date: last."""
    return days(action.due) if action.due else UNDATED


def place_in(order: list[str], values: Values) -> int | None:
    """The place of a row among ids in order, from 1; None if it is none of them."""
    own = values.get("id")
    return order.index(own) + 1 if own in order else None


def open_actions(actions: tuple[Action, ...]) -> list[str]:
    """The ids of the open actions, the earliest due first, in the order of the rows."""
    waiting = [a for a in actions if a.state is ActionState.OPEN]
    return [a.id for a in sorted(waiting, key=due_of)]


def questions_to_ask(plan: AccountPlan) -> list[str]:
    """The ids of the questions we are not wholly sure of, the least sure first."""
    unsure = [d for d in plan.discovery if (d.sureness or 0) < 100]
    return [d.id for d in sorted(unsure, key=lambda one: one.sureness or 0)]


def late_by(action: Action, as_of: date | None) -> int | None:
    """Days by which an open action is overdue, 0 if it is in time; None: no date to tell by."""
    if action.state is not ActionState.OPEN or action.due is None or as_of is None:
        return None
    return max(days(as_of) - days(action.due), 0)


def expected_sum(programme: PlanProgramme, key: str) -> float | None:
    """One expected effect of a programme over all years; None if nothing is known of it."""
    known = [x for x in (getattr(e, key) for e in programme.effects) if x is not None]
    if programme.probability is None or not known:
        return None
    return float(sum(known)) * programme.probability / 100


class LiveColumns(BusinessColumns):
    """All live columns of one plan."""

    def columns(self) -> Mapping[str, Mapping[str, Live]]:
        """Form key and column key to what makes the formula of a row."""
        return {
            "fields": {"growth": self._growth, "white_space": self._white_space},
            "ladder": {"place": self._needed},
            "discovery": {"place": self._asked},
            "ideas": {"mutual": self._mutual},
            "contacts": {"regular": self._regular},
            "functions": {
                "contacts": self._contacts, "regular": self._kept, "covered": self._covered,
            },
            "self": {"gap": self._gap, "actions": self._closing},
            "wishes": {"actions": self._answering},
            "programmes": {
                "expected_revenue": self._expected("revenue"),
                "expected_profit": self._expected("profit"),
                "customer_profit": self._expected("customer_profit"),
                "warning": self._warning,
            },
            "effects": {
                "counts": self._counts,
                "active": self._active,
                "expected_revenue": self._effect("revenue"),
                "expected_profit": self._effect("profit"),
            },
            "actions": {"late": self._late, "sort": self._sort, "place": self._rank},
        }  # fmt: skip

    # --- programmes and their effects ------------------------------------------------------------

    def _expected(self, key: str) -> Live:
        def formula(row: int, values: Values) -> Formula:
            at = self.cells.here("programmes", row)
            own, share = at("id"), at("probability")
            programme, effect = (self.cells.all("effects", one) for one in ("programme", key))
            known = f'SUMPRODUCT(--({programme}={own}),--({effect}<1E+12),--({effect}<>""))'
            total = f"SUMPRODUCT(--({programme}={own}),{effect})*{share}/100"
            found = self.programmes.get(same_id(values.get("id") or ""))
            text = f'IF(AND({own}<>"",ISNUMBER({share})),IF({known}>0,{total},""),"")'
            return live(text, expected_sum(found, key) if found else None)

        return formula

    def _warning(self, row: int, values: Values) -> Formula:
        at, warning = self.cells.here("programmes", row), self.t("plan.programmes.no_benefit")
        programme = self.cells.all("effects", "programme")
        gains = ",".join(
            f"SUMPRODUCT(--({programme}={at('id')}),{self.cells.all('effects', key)})>0"
            for key in ("customer_revenue", "customer_profit")
        )
        over = (PROGRAMME_STATE.label(code, self.language) for code in ("done", "stopped"))
        done = ",".join(f'{at("state")}="{label}"' for label in over)
        found = self.programmes.get(same_id(values.get("id") or ""))
        poor = found is not None and found.state in AHEAD and not found.customer_benefit
        text = f'IF(OR({at("name")}="",{done}),"",IF(OR({gains}),"","{warning}"))'
        return live(text, warning if poor else None)

    def _counts(self, row: int, values: Values) -> Formula:
        programme = self.cells.here("effects", row)("programme")
        ids, share = (self.cells.all("programmes", key) for key in ("id", "probability"))
        known = f'SUMPRODUCT(--({ids}={programme}),--({share}<1000),--({share}<>""))'
        found = self.programmes.get(same_id(values.get("programme") or ""))
        value = None if found is None or found.probability is None else found.probability / 100
        text = f"SUMPRODUCT(--({ids}={programme}),{share})/100"
        return live(f'IF({programme}="","",IF({known}=0,"",{text}))', value)

    def _active(self, row: int, values: Values) -> Formula:
        programme = self.cells.here("effects", row)("programme")
        ids, state = (self.cells.all("programmes", key) for key in ("id", "state"))
        labels = [PROGRAMME_STATE.label(code, self.language) for code in ("agreed", "running")]
        counts = "+".join(f'SUMPRODUCT(--({ids}={programme}),--({state}="{x}"))' for x in labels)
        found = self.programmes.get(same_id(values.get("programme") or ""))
        value = None if found is None else int(found.active)
        return live(f'IF({programme}="","",{counts})', value)

    def _effect(self, key: str) -> Live:
        def formula(row: int, values: Values) -> Formula:
            at = self.cells.here("effects", row)
            share, effect = at("counts"), at(key)
            text = f'IF(AND(ISNUMBER({share}),ISNUMBER({effect})),{share}*{effect},"")'
            found = self.programmes.get(same_id(values.get("programme") or ""))
            of_year = [e for e in found.expected if e.year == values["year"]] if found else []
            return live(text, getattr(of_year[0], key) if of_year else None)

        return formula

    # --- actions ---------------------------------------------------------------------------------

    def _late(self, row: int, values: Values) -> Formula:
        at = self.cells.here("actions", row)
        due, done = at("due"), ACTION_STATE.label("done", self.language)
        open_ = f'{at("text")}<>"",{at("state")}<>"{done}"'
        text = (
            f'IF(AND({open_},ISNUMBER({due}),ISNUMBER({self.as_of})),MAX({self.as_of}-{due},0),"")'
        )
        action = self._of(self.plan.actions, values)
        return live(text, late_by(action, self.plan.as_of) if action else None)

    def _sort(self, row: int, values: Values) -> Formula:
        at = self.cells.here("actions", row)
        due, done = at("due"), ACTION_STATE.label("done", self.language)
        text = (
            f'IF(OR({at("text")}="",{at("state")}="{done}"),"",IF(ISNUMBER({due}),{due},{UNDATED}))'
        )
        action = self._of(self.plan.actions, values)
        open_ = action is not None and action.state is ActionState.OPEN
        return live(text, due_of(action) if open_ else None)

    def _rank(self, row: int, values: Values) -> Formula:
        sort, own = self.cells.here("actions", row)("sort"), self.cells.own("actions", "sort")
        before = f"SUMPRODUCT(--({own}<{sort}))"
        same = f"SUMPRODUCT(--({own}={sort}),--(ROW({own})<=ROW({sort})))"
        text = f'IF({sort}="","",{before}+{same})'
        return live(text, place_in(self.open_order, values))
