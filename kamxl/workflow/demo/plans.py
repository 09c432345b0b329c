"""Invented account plans: what a manager may have found out, the same every time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from kamxl.core.method.economics import FieldKind
from kamxl.core.method.gate import Answer
from kamxl.core.method.programmes import Action, ActionState, Effect, ProgrammeState
from kamxl.core.records.plan import (
    AccountPlan,
    ContactCare,
    DiscoveryAnswer,
    Economic,
    EconomicKind,
    Idea,
    IdeaState,
    Lever,
    OwnRating,
    PlanField,
    PlanIndicator,
    PlanProgramme,
    Returns,
)
from kamxl.wording.texts import Texts, texts
from kamxl.workflow.demo.answers import STEP, pick

ASKED = (
    "business", "business_model", "strategy", "hopes", "rivals", "earns", "own_customers",
    "unused_growth", "dissatisfied", "really_needs", "barriers",
)  # fmt: skip
RHYTHMS = ("monthly", "quarterly", "half_yearly", "weekly", "none")
_OF_PROGRAMME = ("goal", "gain_theirs", "gain_ours", "step", "stop")


class Manager:
    """The key account manager of one account, who fills in its plan on ``today``.

    ``written_for``: the language of the customer, for whom she writes what the reply page says;
    empty: she writes nothing for the customer.
    """

    def __init__(self, plan: AccountPlan, manager: str, today: date, written_for: str = "") -> None:
        self._plan, self._manager, self._today = plan, manager, today
        self._said = texts(plan.language)
        self._for_her = texts(written_for) if written_for else None

    def filled(self, depth: str = "full") -> AccountPlan:
        """The plan after work on it: "full", "selling" (no joint programme), or "half" way."""
        plan = self._plan
        business = replace(
            plan,
            as_of=self._today,
            fields=self._fields(),
            indicators=tuple(self._indicator(n, i) for n, i in enumerate(plan.indicators)),
            discovery=tuple(self._answer(answer) for answer in plan.discovery),
            contacts=tuple(self._contact(contact) for contact in plan.contacts),
        )
        if depth == "half":
            return business
        whole = replace(
            business,
            economics=self._economics(),
            ideas=self._ideas(),
            ratings=tuple(self._rating(rating) for rating in plan.ratings),
            wishes=tuple(
                replace(w, reply=w.reply or self._text("reply", 3, w.id)) for w in plan.wishes
            ),
            levers=self._levers(),
            returns=self._returns(),
            programmes=self._programmes(active=depth == "full"),
            actions=self._actions(),
        )
        return whole if self._for_her is None else self._shared(whole, self._for_her)

    # --- what is written for the customer --------------------------------------------------------

    def _shared(self, plan: AccountPlan, said: Texts) -> AccountPlan:
        """The plan with what the customer is to read, in her language."""
        statements, measured = {"strategy", "hopes"}, self._said("demo.plan.lever1")
        return replace(
            plan,
            discovery=tuple(
                replace(one, share=said(f"demo.plan.share_{one.id}"))
                if one.id in statements and one.answer
                else replace(one, due=self._today + timedelta(days=90))
                if one.id == "barriers" and one.answer
                else one
                for one in plan.discovery
            ),
            wishes=tuple(
                replace(wish, share=said(f"demo.plan.share_wish{1 + place % 3}"))
                for place, wish in enumerate(plan.wishes)
            ),
            levers=tuple(
                replace(one, **self._measured(said)) if one.lever == measured else one
                for one in plan.levers
            ),
            programmes=tuple(
                replace(one, **self._agreed(said)) if place == 0 else one
                for place, one in enumerate(plan.programmes)
            ),
            actions=tuple(
                replace(one, share=said("demo.plan.share_gap"))
                if one.requirement or one.wish
                else one
                for one in plan.actions
            ),
        )

    @staticmethod
    def _agreed(said: Texts) -> dict[str, Any]:
        """What the first programme says to both sides."""
        return {key: said(f"demo.plan.{key}") for key in _OF_PROGRAMME}

    @staticmethod
    def _measured(said: Texts) -> dict[str, Any]:
        """Less downtime as a fact: from 40 to 25 hours."""
        metric, unit = (said(f"demo.plan.{key}") for key in ("metric", "unit"))
        return {"share": metric, "unit": unit, "baseline": 40.0, "now": 25.0}

    # --- how it is made --------------------------------------------------------------------------

    def _pick(self, n: int, *parts: object) -> int:
        return pick(n, self._plan.account, "plan", *parts)

    def _text(self, key: str, n: int, *parts: object) -> str:
        return self._said(f"demo.plan.{key}{1 + self._pick(n, key, *parts)}")

    @property
    def _revenue(self) -> float:
        """What the account buys from us this year, in money."""
        return sum(f.revenue_now or f.revenue_last or 0 for f in self._plan.fields) or 400_000.0

    def _fields(self) -> tuple[PlanField, ...]:
        """Today's fields, judged, and a new one where there is none yet."""
        running = [self._running(field) for field in self._plan.fields]
        if any(field.kind is FieldKind.NEW for field in running):
            return tuple(running)
        n = 1 + self._pick(3, "new")
        new = PlanField(
            f"NEW{n}",
            self._said(f"demo.plan.field{n}"),
            FieldKind.NEW,
            "B2B",
            potential=10_000.0 * (4 + self._pick(30, "potential")),
            developable=Answer.YES,
            approach=self._said(f"demo.plan.start{n}"),
        )
        return (*running, new)

    def _running(self, field: PlanField) -> PlanField:
        if field.approach:  # judged in an earlier period
            return field
        now = field.revenue_now
        share = 25.0 + STEP * self._pick(11, field.id, "share")
        return replace(
            field,
            market="B2B",
            revenue_last=now and round(now * (0.88 + self._pick(20, field.id, "last") / 100), -3),
            potential=now and round(100 * now / share, -4),
            share_of_wallet=share,
            margin=12.0 + self._pick(14, field.id, "margin"),
            developable=(Answer.YES, Answer.PARTLY)[self._pick(2, field.id, "open")],
            approach=self._text("approach", 3, field.id),
        )

    def _indicator(self, place: int, indicator: PlanIndicator) -> PlanIndicator:
        met = place < 2 + self._pick(6, "status")
        known = met or self._pick(3, indicator.id, "known") > 0
        evidence = self._text("evidence", 3, indicator.id) if met else ""
        return replace(indicator, met=met if known else None, evidence=evidence)

    def _answer(self, answer: DiscoveryAnswer) -> DiscoveryAnswer:
        if answer.answer or answer.id not in ASKED or self._pick(4, answer.id) == 0:
            return answer
        return replace(
            answer,
            answer=self._text(answer.id, 2),
            sureness=30.0 + 10 * self._pick(7, answer.id, "sure"),
            agreed_with=self._customer(answer.id) if self._pick(2, answer.id, "agreed") else "",
            next_step=self._text("next", 3, answer.id),
            owner=self._manager,
        )

    def _customer(self, *parts: object) -> str:
        contacts = self._plan.contacts
        return contacts[self._pick(len(contacts), *parts)].name if contacts else ""

    def _contact(self, contact: ContactCare) -> ContactCare:
        if contact.rhythm:
            return contact
        rhythm = RHYTHMS[self._pick(len(RHYTHMS), contact.id)]
        strength = 30.0 + STEP * self._pick(12, contact.id, "strength")
        return replace(contact, rhythm=rhythm, counterpart=self._manager, strength=strength)

    def _rating(self, rating: OwnRating) -> OwnRating:
        """Most teams flatter themselves, not everywhere."""
        base = 70.0 if rating.customer is None else rating.customer
        flattery = self._pick(7, rating.segment, rating.id) - 1
        points = STEP * (round(base / STEP) + flattery)
        return replace(rating, rating=float(min(100, max(10, points))))

    # --- the customer's economics and both returns -----------------------------------------------

    def _economics(self) -> tuple[Economic, ...]:
        if self._plan.economics:
            return self._plan.economics
        return tuple(self._economic(place, kind) for place, kind in enumerate(EconomicKind, 1))

    def _economic(self, place: int, kind: EconomicKind) -> Economic:
        item = self._text(kind.value, 2)
        own = Economic(f"E{place}", kind, item)
        if kind in (EconomicKind.COST, EconomicKind.EARNINGS, EconomicKind.BENEFIT):
            return own
        gain = round(self._revenue * (0.05 + self._pick(15, item) / 100), -4)
        return replace(own, potential=gain)

    def _ideas(self) -> tuple[Idea, ...]:
        if self._plan.ideas:
            return self._plan.ideas
        first = self._pick(3, "idea")
        return tuple(
            Idea(
                f"N{place}",
                self._said(f"demo.plan.idea{n}"),
                self._said(f"demo.plan.idea_theirs{n}"),
                self._said(f"demo.plan.idea_ours{n}"),
                round(self._revenue * (0.03 + self._pick(6, n) / 100), -3),
                state=state,
            )
            for place, (n, state) in enumerate(
                ((1 + first, IdeaState.DISCUSSED), (1 + (first + 1) % 3, IdeaState.IDEA)), 1
            )
        )

    def _levers(self) -> tuple[Lever, ...]:
        if self._plan.levers:
            return self._plan.levers
        first = self._pick(3, "lever")
        found = []
        for place, (n, agreed) in enumerate(((first, True), ((first + 1) % 3, False)), 1):
            amount = round(self._revenue * (0.03 + self._pick(6, "lever", n) / 100), -3)
            name = self._said(f"demo.plan.lever{n + 1}")
            day = self._today - timedelta(days=40 + self._pick(50, n)) if agreed else None
            whom = self._customer(n) if agreed else ""
            made = Lever(f"V{place}", name, amount=amount, agreed=agreed)
            found.append(replace(made, agreed_with=whom, agreed_on=day))
        return tuple(found)

    def _returns(self) -> Returns:
        """Revenue and cost of both years; targets that are within reach."""
        held = self._plan.returns
        revenue = round(self._revenue, -3)
        last = held.revenue_last or round(revenue * 0.95, -3)
        share = 0.76 + self._pick(6, "cost") / 100
        before = share + (self._pick(4, "before") - 1) / 100
        target = round(revenue * 0.1, -3)
        cost_last = held.cost_last or round(last * before, -3)
        return Returns(target, last, cost_last, revenue, round(revenue * share, -3), 3.0)

    # --- programmes and actions ------------------------------------------------------------------

    def _programmes(self, *, active: bool) -> tuple[PlanProgramme, ...]:
        if self._plan.programmes:
            return self._plan.programmes
        first = self._pick(3, "programme")
        states = (ProgrammeState.RUNNING, ProgrammeState.AGREED)
        state = states[self._pick(2, "state")] if active else ProgrammeState.IDEA
        return (
            self._programme("P1", 1 + first, state, 60.0 + STEP * self._pick(7, "sure")),
            self._programme("P2", 1 + (first + 1) % 3, ProgrammeState.IDEA, 30.0),
        )

    def _programme(
        self, own: str, n: int, state: ProgrammeState, probability: float
    ) -> PlanProgramme:
        scale = self._revenue * (0.04 + self._pick(8, own) / 100)
        effects = tuple(
            Effect(
                self._today.year + year,
                round(scale * part, -3),
                round(scale * part * 0.3, -3),
                None,
                round(scale * part * 0.5, -3),
            )
            for year, part in enumerate((0.4, 1.0, 1.3))
        )
        return PlanProgramme(
            own,
            self._said(f"demo.plan.programme{n}"),
            state,
            probability,
            self._today.replace(day=1) if state is not ProgrammeState.IDEA else None,
            effects,
            need=self._said(f"demo.plan.need{n}"),
            owner=self._manager,
            customer_owner=self._customer(own),
        )

    def _actions(self) -> tuple[Action, ...]:
        """The weakest requirement, a wish, the next steps: one overdue, one done."""
        weakest = min(
            (r for r in self._plan.ratings if r.customer is not None),
            key=lambda r: r.customer or 0,
            default=None,
        )
        found = [
            self._action("act_visit", 12, "P1"),
            self._action("act_offer", 35, "P1"),
            replace(self._action("act_done", -30), state=ActionState.DONE),
        ]
        if weakest is not None:
            asked = self._action("act_gap", -9, label=weakest.label)
            found.append(replace(asked, segment=weakest.segment, requirement=weakest.id))
        if self._plan.wishes:
            found.append(replace(self._action("act_wish", 20), wish=self._plan.wishes[0].id))
        # Of those of the period before, the ones of a programme are done by now.
        carried = [
            replace(a, state=ActionState.DONE) if a.programme else a for a in self._plan.actions
        ]
        held = {action.text for action in carried}
        new = [action for action in found if action.text not in held]
        numbered = (replace(a, id=f"A{n}") for n, a in enumerate(new, len(carried) + 1))
        return (*carried, *numbered)

    def _action(self, key: str, days: int, programme: str = "", label: str = "") -> Action:
        due = self._today + timedelta(days=days + self._pick(9, key))
        text = self._said(f"demo.plan.{key}", requirement=label)
        whom = self._customer(key)
        return Action("", text, programme, owner=self._manager, customer_owner=whom, due=due)
