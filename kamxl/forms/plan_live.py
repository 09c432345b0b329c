"""The live columns of the plan's tables: one formula each, with the value the core makes of it.

The formulas carry no relative reference to another row, so sorting does them no harm.
"""

from __future__ import annotations

from collections.abc import Mapping

from kamxl.core.ids import same_id
from kamxl.core.programmes import AHEAD, ActionState
from kamxl.forms.book import Formula
from kamxl.forms.plan_choices import ACTION_STATE, PROGRAMME_STATE
from kamxl.forms.plan_live_business import (
    UNDATED,
    BusinessColumns,
    due_of,
    expected_sum,
    late_by,
    live,
    place_in,
)
from kamxl.forms.tables import Live, Values


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
