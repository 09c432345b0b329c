"""What an account plan says in figures: status, returns, breadth of contact, programmes."""

from __future__ import annotations

from tests.recomputed.method import clipped
from tests.recomputed.reading import Plan, Register
from tests.recomputed.typed import YES, Row, folded, number, points, word

LEVELS = {
    "regular": {"regular supplier", "stammlieferant"},
    "preferred": {"preferred supplier", "vorzugslieferant"},
    "system_partner": {"system partner", "systempartner"},
}
REGULAR = {
    "weekly", "monthly", "quarterly", "half-yearly", "yearly",
    "wöchentlich", "monatlich", "vierteljährlich", "halbjährlich", "jährlich",
}  # fmt: skip
ACTIVE = {"agreed", "running", "vereinbart", "läuft"}
REQUIRER = {"requirer", "bedarfsträger"}
PURCHASER = {"purchaser", "bedarfsdecker"}
FUNCTIONS = (  # the words of the usual functions, in the languages of the workbooks
    {"purchasing", "einkauf", "beschaffung", "procurement"},
    {"sales", "verkauf", "vertrieb"},
    {"marketing"},
    {"development", "entwicklung", "r&d", "forschung und entwicklung"},
    {"production", "produktion", "fertigung", "manufacturing"},
    {"quality", "qualität", "qualitätssicherung"},
    {"logistics", "logistik"},
    {"finance", "finanzen"},
    {"management", "geschäftsführung", "geschäftsleitung"},
)


def status(plan: Plan) -> str:
    """The highest level whose signs, and those of all below, are met; a level without signs asks
    for nothing, and is not reached by that alone."""
    signs = [r for r in plan.rows("ladder") if word(r["text"])]
    reached = "occasional"
    for level, words in LEVELS.items():
        asked = [folded(row["met"]) in YES for row in signs if folded(row["level"]) in words]
        if not all(asked):
            break
        reached = level if asked else reached
    return reached


def returns(plan: Plan) -> tuple[float | None, float | None]:
    """(contribution to the customer's return, improvement of our own), each 0..100 or unknown."""
    figures = {word(row["id"]): number(row["value"]) for row in plan.rows("value", 0)}
    levers = [row for row in plan.rows("value") if word(row["lever"])]
    agreed = sum(number(r["amount"]) or 0.0 for r in levers if folded(r["agreed"]) in YES)
    target = figures["value_target"]
    theirs = clipped(100 * agreed / target) if target and levers else None
    before = _margin(figures["revenue_last"], figures["cost_last"])
    now = _margin(figures["revenue_now"], figures["cost_now"])
    wanted = figures["improvement_target"]
    if before is None or now is None or not wanted:
        return theirs, None
    return theirs, clipped(50 + 50 * (now - before) / wanted)


def _margin(revenue: float | None, cost: float | None) -> float | None:
    return 100 * (revenue - cost) / revenue if revenue and cost is not None else None


def contacts(plan: Plan, register: Register) -> dict[str, float | None]:
    """Functions with a contact who is seen, of all; requirers, of those with a role."""
    people = [row for (account, _), row in register.contacts.items() if account == plan.account]
    kept = {
        folded(row["id"])
        for row in plan.rows("contacts")
        if folded(row["rhythm"]) in REGULAR and word(row["counterpart"])
    }
    reached = {_function(folded(p["function"])) for p in people if folded(p["id"]) in kept}
    functions = [_function(folded(r["name"])) for r in plan.rows("functions") if word(r["name"])]
    roles = [_role(folded(person["role"])) for person in people]
    known = [role for role in roles if role is not None]
    return {
        "breadth": len(reached.intersection(functions)) / len(functions) if functions else None,
        "requirers": sum(known) / len(known) if known else None,
    }


def _function(name: str) -> str:
    return next((min(words) for words in FUNCTIONS if name in words), name)


def _role(name: str) -> bool | None:
    return True if name in REQUIRER else False if name in PURCHASER else None


def programmes(plan: Plan) -> dict[str, float | None]:
    """Active ones, and what they bring us times how likely that is."""
    active = {
        folded(row["id"]): points(row["probability"])
        for row in plan.rows("programmes")
        if word(row["name"]) and folded(row["state"]) in ACTIVE
    }
    effects = [r for r in plan.rows("effects") if active.get(folded(r["programme"])) is not None]
    return {
        "active": len(active),
        "expected_revenue": _expected(effects, "revenue", active),
        "expected_profit": _expected(effects, "profit", active),
    }


def _expected(effects: list[Row], key: str, likely: dict[str, float | None]) -> float | None:
    valued = [
        value * (likely[folded(row["programme"])] or 0.0) / 100
        for row in effects
        if (value := number(row[key])) is not None
    ]
    return sum(valued) if valued else None
