"""From one row of a table of the plan to one record."""

from __future__ import annotations

from datetime import date

from kamxl.core.economics import FieldKind
from kamxl.core.ladder import SupplierStatus
from kamxl.core.plan import (
    ContactCare,
    DiscoveryAnswer,
    Economic,
    EconomicKind,
    Idea,
    IdeaState,
    Lever,
    LeverKind,
    OwnRating,
    PlanField,
    PlanFunction,
    PlanIndicator,
    PlanProgramme,
    PlanWish,
)
from kamxl.core.programmes import Effect, ProgrammeState
from kamxl.core.records import Role
from kamxl.core.selection import Answer
from kamxl.forms.table_reading import Row


def field_of(row: Row, own: str) -> PlanField:
    """The field in a row."""
    return PlanField(
        own,
        row["name"],
        FieldKind(row["kind"]),
        row.words("market"),
        row["revenue_last"],
        row["revenue_now"],
        row["potential"],
        row["share_of_wallet"],
        row["margin"],
        Answer(row["developable"] or "unknown"),
        row.words("approach"),
        segment=row.words("segment"),
    )


def indicator_of(row: Row, own: str) -> PlanIndicator:
    """The indicator in a row."""
    level = SupplierStatus[row["level"].upper()]
    met = {"yes": True, "no": False}.get(row.words("met"))
    return PlanIndicator(own, level, met, row["text"], row.words("evidence"))


def answer_of(row: Row, own: str) -> DiscoveryAnswer:
    """The answer in a row."""
    return DiscoveryAnswer(
        own,
        row["question"],
        row.words("answer"),
        row["sureness"],
        row.words("source"),
        row.words("agreed_with"),
        row.words("shared"),
        row.words("next_step"),
        row.words("owner"),
    )


def economic_of(row: Row, own: str) -> Economic:
    """The economic in a row."""
    return Economic(
        own,
        EconomicKind(row["kind"]),
        row["item"],
        row["share"],
        row["amount"],
        row["potential"],
        row.words("contribution"),
        row.words("source"),
    )


def idea_of(row: Row, own: str) -> Idea:
    """The idea in a row."""
    return Idea(
        own,
        row["idea"],
        row.words("benefit_customer"),
        row.words("benefit_ours"),
        row["potential"],
        row.words("agreed_with"),
        IdeaState(row["state"] or "idea"),
    )


def contact_of(row: Row, own: str) -> ContactCare:
    """The contact in a row."""
    return ContactCare(
        own,
        row.words("name"),
        row.words("function"),
        Role(row["role"]) if row["role"] else None,
        row.words("rhythm"),
        row.words("counterpart"),
        row["strength"],
        row.words("remark"),
    )


def function_of(row: Row, own: str) -> PlanFunction:
    """The function in a row."""
    responsible = row["revenue_responsible"] == "yes"
    return PlanFunction(own, responsible, row["name"], row.words("remark"))


def rating_of(row: Row, own: str) -> OwnRating:
    """The rating in a row."""
    return OwnRating(
        row["segment"],
        own,
        row.words("label"),
        row["weight"],
        row["rating"],
        row["customer"],
        row.words("remark"),
    )


def wish_of(row: Row, own: str) -> PlanWish:
    """The wish in a row."""
    return PlanWish(
        own,
        row.words("who"),
        row.words("issue"),
        row.words("remedy"),
        row["importance"],
        row.words("reply"),
    )


def lever_of(row: Row, own: str) -> Lever:
    """The lever in a row."""
    return Lever(
        own,
        row["lever"],
        LeverKind(row["kind"] or "other"),
        row["amount"],
        row.words("proof"),
        None if row["agreed"] is None else row["agreed"] == "yes",
        row.words("agreed_with"),
        row["agreed_on"],
    )


def effect_of(row: Row) -> Effect:
    """The effect in a row."""
    return Effect(
        int(row["year"]),
        row["revenue"],
        row["profit"],
        row["customer_revenue"],
        row["customer_profit"],
    )


def programme_of(row: Row, own: str, effects: list[Effect]) -> PlanProgramme:
    """The programme in a row."""
    start: date | None = row["start"]
    return PlanProgramme(
        own,
        row["name"],
        ProgrammeState(row["state"] or "idea"),
        row["probability"],
        start,
        tuple(effects),
        need=row.words("need"),
        argument=row.words("argument"),
        owner=row.words("owner"),
        customer_owner=row.words("customer_owner"),
    )
