"""What is known of an account when its plan is made, and the plan that it begins with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from kamxl.core.ids import US, same_id
from kamxl.core.method.breadth import DEFAULT_FUNCTIONS
from kamxl.core.method.economics import FieldKind
from kamxl.core.method.ladder import DEFAULT_INDICATORS, SupplierStatus
from kamxl.core.method.position import Position
from kamxl.core.method.respondents import Profile
from kamxl.core.method.selection import SelectedAccount
from kamxl.core.records.plan import (
    AccountPlan,
    ContactCare,
    DiscoveryAnswer,
    OwnRating,
    PlanField,
    PlanFunction,
    PlanIndicator,
    PlanWish,
    carried_over,
)
from kamxl.core.records.register import (
    Account,
    AskedRequirement,
    Competitor,
    Contact,
    Effort,
    Segment,
)
from kamxl.forms.plan.functions import settled
from kamxl.wording.functions import label
from kamxl.wording.texts import Texts, texts

# The seed's questions (2.1 to 2.2.2); their texts are "plan.questions.<id>".
QUESTIONS = (
    "business",
    "business_model",
    "strategy",
    "options",
    "hopes",
    "rivals",
    "complicated",
    "time",
    "cost",
    "earns",
    "own_customers",
    "unused_growth",
    "dissatisfied",
    "really_needs",
    "own_potential",
    "growing",
    "willing",
    "barriers",
)
# Beside the core's: what the seed says of lower and higher roles as a supplier.
MORE_INDICATORS = (
    PlanIndicator("early_solutions", SupplierStatus.PREFERRED),
    PlanIndicator("new_products", SupplierStatus.SYSTEM_PARTNER),
)


@dataclass(frozen=True)
class SegmentKnown:
    """A segment and what its customer last answered.

    ``profile``: what the latest answers wanted and rated, None: none yet. ``total`` in
    points, of ``period``; ``earlier_total`` of the period before it with answers.
    """

    segment: Segment
    requirements: tuple[AskedRequirement, ...] = ()
    profile: Profile | None = None
    total: float | None = None
    period: str = ""
    earlier_total: float | None = None
    earlier_period: str = ""


@dataclass(frozen=True)
class PlanPrefill:
    """Everything known of an account when its plan for a period is made.

    ``as_of``: the day it is made. ``position``: the measures known then; ``position_period``: of
    which period. ``total`` and ``earlier_total``: the account's. ``efforts``: how the customer last
    rated working with us. ``earlier``: the plan of the period before, to carry over.
    """

    account: Account
    period: str
    as_of: date
    company: str = ""
    contacts: tuple[Contact, ...] = ()
    segments: tuple[SegmentKnown, ...] = ()
    competitors: tuple[Competitor, ...] = ()
    position: Position = field(default_factory=Position)
    position_period: str = ""
    total: float | None = None
    earlier_total: float | None = None
    earlier_period: str = ""
    wishes: tuple[PlanWish, ...] = ()
    efforts: tuple[Effort, ...] = ()
    selection: SelectedAccount | None = None
    earlier: AccountPlan | None = None


def first_plan(prefill: PlanPrefill, language: str, workspace: str) -> AccountPlan:
    """The plan as the key account manager first opens it: what is known, and the seed's defaults.

    From an earlier plan comes what still holds; contacts, requirements and wishes are the
    register's and the customer's, with what the earlier plan said about them.
    """
    t, earlier = texts(language), prefill.earlier
    account = prefill.account
    blank = AccountPlan(workspace, account.id, prefill.period, language, account.name)
    plan = carried_over(earlier, prefill.period) if earlier else blank
    functions = plan.functions or _functions(t)
    return replace(
        plan,
        workspace=workspace,
        account=account.id,
        account_name=account.name,
        language=language,
        as_of=prefill.as_of,
        fields=plan.fields or _fields(prefill),
        indicators=plan.indicators or _indicators(t),
        discovery=_discovery(plan.discovery, prefill, t),
        contacts=settled(_contacts(prefill.contacts, plan.contacts), functions),
        functions=functions,
        ratings=tuple(_ratings(prefill, plan.ratings)),
        wishes=_wishes(prefill.wishes, plan.wishes),
    )


def _fields(prefill: PlanPrefill) -> tuple[PlanField, ...]:
    """The fields of today's business: one per segment."""
    segments = (known.segment for known in prefill.segments)
    return tuple(
        PlanField(s.id, s.name, FieldKind.RUNNING, revenue_now=s.revenue, segment=s.id)
        for s in segments
    )


def _indicators(t: Texts) -> tuple[PlanIndicator, ...]:
    both = sorted((*DEFAULT_INDICATORS, *MORE_INDICATORS), key=lambda one: one.level)
    return tuple(PlanIndicator(i.id, i.level, None, t(f"plan.indicators.{i.id}")) for i in both)


def _functions(t: Texts) -> tuple[PlanFunction, ...]:
    return tuple(
        PlanFunction(f.id, f.revenue_responsible, label(f.id, t.language))
        for f in DEFAULT_FUNCTIONS
    )


def _discovery(
    earlier: Iterable[DiscoveryAnswer], prefill: PlanPrefill, t: Texts
) -> tuple[DiscoveryAnswer, ...]:
    """All of the seed's questions; how easy we are to work with, customers may have said."""
    held = {same_id(answer.id): answer for answer in earlier}
    found = []
    for key in QUESTIONS:
        answer = held.pop(key, None) or DiscoveryAnswer(key, t(f"plan.questions.{key}"))
        said = next((e for e in prefill.efforts if e.id == key), None)
        if said is not None and not answer.answer:
            answer = _as_said(answer, said, prefill, t)
        found.append(answer)
    return (*found, *held.values())


def _as_said(
    answer: DiscoveryAnswer, said: Effort, prefill: PlanPrefill, t: Texts
) -> DiscoveryAnswer:
    if said.rating is None and not said.comment:
        return answer
    period = prefill.position_period or prefill.period
    text = t("plan.effort_said", period=period, value=said.rating, comment=said.comment)
    return replace(answer, answer=text)


def _contacts(
    contacts: Iterable[Contact], earlier: Iterable[ContactCare]
) -> tuple[ContactCare, ...]:
    held = {same_id(care.id): care for care in earlier}
    return tuple(
        replace(
            held.get(same_id(c.id), ContactCare(c.id)),
            id=c.id, name=c.name, function=c.function, role=c.role,
        )
        for c in contacts
    )  # fmt: skip


def _ratings(prefill: PlanPrefill, earlier: Iterable[OwnRating]) -> Iterable[OwnRating]:
    held: Mapping[tuple[str, str], OwnRating] = {
        (same_id(r.segment), same_id(r.id)): r for r in earlier
    }
    for known in prefill.segments:
        seen = known.profile
        weights = {same_id(r.id): r.weight for r in seen.requirements} if seen else {}
        for asked in known.requirements:
            before = held.get((same_id(known.segment.id), same_id(asked.id)))
            yield OwnRating(
                known.segment.id,
                asked.id,
                asked.label,
                weights.get(same_id(asked.id)),
                before.rating if before else None,
                seen.rating(US, asked.id) if seen else None,
                before.remark if before else "",
            )


def _wishes(wishes: Iterable[PlanWish], earlier: Iterable[PlanWish]) -> tuple[PlanWish, ...]:
    """The wishes with what was replied before, inside and in the customer's words."""
    held = {same_id(w.id): w for w in earlier}
    before = ((w, held.get(same_id(w.id), w)) for w in wishes)
    return tuple(replace(w, reply=w.reply or b.reply, share=w.share or b.share) for w, b in before)
