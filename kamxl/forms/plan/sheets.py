"""What stands where in an account plan: its sheets and their columns, declared once.

The columns of a table carry the names of the fields of its record in ``core``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sized
from dataclasses import replace

from kamxl.forms.plan.choices import (
    ACTION_STATE,
    DEVELOPABLE,
    ECONOMIC,
    FIELD_KIND,
    IDEA_STATE,
    LEVEL,
    LEVER_KIND,
    MET,
    PROGRAMME_STATE,
    RHYTHM,
)
from kamxl.forms.plan.columns import MONEY, PLACE, WHOLE, choice, given, live, own_id, text
from kamxl.forms.plan.table import PlanColumn, PlanForm
from kamxl.forms.tables.columns import ANSWER, LABEL, LONG, NAME, ROLE, Kind
from kamxl.forms.tables.layouts import ending, newest

FIELDS = PlanForm(
    "fields",
    (
        own_id(required=True),
        PlanColumn("name", Kind.TEXT, 26, required=True, length=NAME),
        choice("kind", 13, FIELD_KIND, required=True),
        PlanColumn("segment", Kind.REF, 15, ref="lists.segments", strict=False, length=NAME),
        text("market", 9, NAME),
        PlanColumn("revenue_last", Kind.AMOUNT, 13),
        PlanColumn("revenue_now", Kind.AMOUNT, 13),
        PlanColumn("potential", Kind.AMOUNT, 13),
        PlanColumn("share_of_wallet", Kind.POINTS, 10),
        PlanColumn("margin", Kind.AMOUNT, 9, signed=True, shown="0.#", align="center"),
        choice("developable", 15, DEVELOPABLE),
        text("approach", 38),
        live("growth", 10, "+0%;-0%;0%"),
        live("white_space", 13, WHOLE),
    ),
    "plan",
    unique=("id",),
    rows=30,
    freeze=2,
    top=19,
    printed=10,
)

LADDER = PlanForm(
    "ladder",
    (
        own_id(),
        choice("level", 20, LEVEL, required=True),
        PlanColumn("text", Kind.TEXT, 58, required=True, length=LABEL),
        choice("met", 12, MET),
        text("evidence", 52),
        PlanColumn("place", Kind.LIVE, 6, helper=True),
    ),
    "plan",
    unique=("id",),
    rows=32,
    top=11,
    freeze=1,
)

DISCOVERY = PlanForm(
    "discovery",
    (
        own_id(),
        PlanColumn("question", Kind.TEXT, 42, required=True, length=LONG),
        text("answer", 46, 2000),
        PlanColumn("sureness", Kind.POINTS, 10),
        text("source", 17, LABEL),
        text("agreed_with", 17, LABEL),
        text("shared", 24),
        text("next_step", 26),
        text("owner", 14, NAME),
        PLACE,
    ),
    "plan",
    unique=("id",),
    rows=40,
    freeze=2,
    top=3,
)

ECONOMICS = PlanForm(
    "economics",
    (
        own_id(),
        choice("kind", 20, ECONOMIC, required=True),
        PlanColumn("item", Kind.TEXT, 38, required=True, length=LABEL),
        PlanColumn("share", Kind.POINTS, 10),
        PlanColumn("amount", Kind.AMOUNT, 14),
        PlanColumn("potential", Kind.AMOUNT, 14),
        text("contribution", 40),
        text("source", 24, LABEL),
    ),
    "plan",
    unique=("id",),
    rows=50,
    freeze=3,
    top=9,
)

IDEAS = PlanForm(
    "ideas",
    (
        own_id(),
        PlanColumn("idea", Kind.TEXT, 38, required=True, length=LONG),
        text("benefit_customer", 36),
        text("benefit_ours", 36),
        PlanColumn("potential", Kind.AMOUNT, 14),
        text("agreed_with", 22, LABEL),
        choice("state", 14, IDEA_STATE),
        live("mutual", 15),
    ),
    "plan",
    unique=("id",),
    rows=30,
    freeze=2,
    top=3,
)


# the sheet's key, the workspace, the number of the layout (none: the first)
MARK = re.compile(r"kamxl:plan:([a-z]+):(\S*?)(?::([1-9]\d{0,3}))?")
VISIT = "visit"  # the sheet that opens; it has no table of its own
LISTS = "lists"  # what the drop-downs offer

CONTACTS = PlanForm(
    "contacts",
    (
        PlanColumn("id", Kind.ID, 10, required=True, given=True),
        given("name", Kind.TEXT, 26),
        PlanColumn("function", Kind.REF, 20, ref="functions.name", strict=False, length=NAME,
                   given=True),
        PlanColumn("role", Kind.CHOICE, 16, choices=ROLE, given=True),
        choice("rhythm", 14, RHYTHM),
        text("counterpart", 24, NAME),
        PlanColumn("strength", Kind.POINTS, 12),
        text("remark", 38),
        live("regular", 12, '"✓";;""'),
    ),
    "plan",
    unique=("id",),
    rows=60,
    freeze=2,
    top=3,
)  # fmt: skip

FUNCTIONS = PlanForm(
    "functions",
    (
        own_id(),
        PlanColumn("name", Kind.TEXT, 30, required=True, length=NAME),
        choice("revenue_responsible", 22, ANSWER),
        live("contacts", 16),
        live("regular", 22),
        live("covered", 18, '"✓";;"–"'),
        text("remark", 60),
    ),
    "plan",
    unique=("id",),
    rows=16,
    freeze=2,
    top=3,
)

SELF = PlanForm(
    "self",
    (
        PlanColumn("segment", Kind.REF, 15, ref="lists.segments", strict=False, length=NAME,
                   required=True, given=True),
        PlanColumn("id", Kind.ID, 11, required=True, given=True),
        given("label", Kind.TEXT, 40),
        given("weight", Kind.POINTS, 11),
        PlanColumn("rating", Kind.POINTS, 14),
        given("customer", Kind.POINTS, 14),
        live("gap", 15, "+0.#;-0.#;0"),
        text("remark", 42),
        live("actions", 12),
    ),
    "plan",
    unique=("segment", "id"),
    rows=60,
    freeze=3,
    top=3,
)  # fmt: skip

WISHES = PlanForm(
    "wishes",
    (
        PlanColumn("id", Kind.VERBATIM, 20, required=True, given=True, length=NAME),
        given("who", Kind.TEXT, 20),
        given("issue", Kind.TEXT, 42),
        given("remedy", Kind.TEXT, 42),
        given("importance", Kind.POINTS, 12),
        text("reply", 42),
        live("actions", 12),
    ),
    "plan",
    unique=("id",),
    rows=30,
    freeze=1,
)

VALUE = PlanForm(
    "value",
    (
        own_id(),
        PlanColumn("lever", Kind.TEXT, 36, required=True, length=LABEL),
        choice("kind", 18, LEVER_KIND),
        PlanColumn("amount", Kind.AMOUNT, 16),
        text("proof", 46),
        choice("agreed", 12, ANSWER),
        text("agreed_with", 24, NAME),
        PlanColumn("agreed_on", Kind.DATE, 14),
    ),
    "plan",
    unique=("id",),
    rows=30,
    freeze=2,
    top=10,
    printed=10,
)

PROGRAMMES = PlanForm(
    "programmes",
    (
        own_id(required=True),
        PlanColumn("name", Kind.TEXT, 24, required=True, length=NAME),
        text("need", 28),
        text("argument", 28),
        choice("state", 15, PROGRAMME_STATE),
        PlanColumn("start", Kind.DATE, 12),
        PlanColumn("probability", Kind.POINTS, 10),
        text("owner", 14, NAME),
        text("customer_owner", 14, NAME),
        live("expected_revenue", 12, WHOLE),
        live("expected_profit", 12, WHOLE),
        live("customer_profit", 12, WHOLE),
        live("warning", 17, align="left"),
    ),
    "plan",
    unique=("id",),
    rows=20,
    freeze=2,
    top=3,
    lines=2,
)

EFFECTS = PlanForm(
    "effects",
    (
        PlanColumn("programme", Kind.REF, 14, ref="programmes.id", required=True),
        PlanColumn("year", Kind.AMOUNT, 10, required=True, shown="0", align="center"),
        PlanColumn("revenue", Kind.AMOUNT, 18, signed=True, shown=MONEY),
        PlanColumn("profit", Kind.AMOUNT, 18, signed=True, shown=MONEY),
        PlanColumn("customer_revenue", Kind.AMOUNT, 18, signed=True, shown=MONEY),
        PlanColumn("customer_profit", Kind.AMOUNT, 18, signed=True, shown=MONEY),
        live("counts", 14, "0%"),
        PlanColumn("active", Kind.LIVE, 5, helper=True),
        live("expected_revenue", 18, WHOLE),
        live("expected_profit", 18, WHOLE),
    ),
    "plan",
    unique=("programme", "year"),
    rows=60,
    freeze=2,
    top=8,
)

ACTIONS = PlanForm(
    "actions",
    (
        own_id(),
        PlanColumn("programme", Kind.REF, 13, ref="programmes.id", strict=False),
        PlanColumn("text", Kind.TEXT, 52, required=True, length=LONG),
        PlanColumn("closes", Kind.REF, 22, ref="lists.targets", strict=False),
        text("owner", 18, NAME),
        text("customer_owner", 18, NAME),
        PlanColumn("due", Kind.DATE, 13),
        choice("state", 13, ACTION_STATE),
        live("late", 12, "0;;"),
        PlanColumn("sort", Kind.LIVE, 6, helper=True),
        PLACE,
    ),
    "plan",
    unique=("id",),
    rows=80,
    freeze=1,
    top=3,
)

# Single values: a key in small type, what it is, the value. They stand above other things.
SINGLES = PlanForm(
    "singles",
    (
        PlanColumn("id", Kind.TEXT, 0),
        PlanColumn("what", Kind.NOTE, 0),
        PlanColumn("value", Kind.RAW, 0),
    ),
    "plan",
)
OF_VISIT = (
    PlanColumn("account_name", Kind.TEXT, 0, given=True, length=NAME),
    PlanColumn("as_of", Kind.DATE, 0),
)
RETURNS = (
    PlanColumn("value_target", Kind.AMOUNT, 0),
    PlanColumn("revenue_last", Kind.AMOUNT, 0),
    PlanColumn("cost_last", Kind.AMOUNT, 0),
    PlanColumn("revenue_now", Kind.AMOUNT, 0),
    PlanColumn("cost_now", Kind.AMOUNT, 0),
    PlanColumn("improvement_target", Kind.AMOUNT, 0, shown="0.0#"),
)

FORMS = (
    FIELDS, LADDER, DISCOVERY, ECONOMICS, IDEAS, CONTACTS, FUNCTIONS, SELF, WISHES, VALUE,
    PROGRAMMES, EFFECTS, ACTIONS,
)  # fmt: skip
Forms = Mapping[str, PlanForm]
LAYOUT = newest((*FORMS, SINGLES), (*OF_VISIT, *RETURNS))  # what a plan is drawn in


def sized(rows: Mapping[str, Sized]) -> Forms:
    """Every form by key, with room for more rows than are to be filled in."""
    return {
        form.key: replace(form, rows=max(form.rows, len(rows.get(form.key, ())) + 5))
        for form in FORMS
    }


def mark_text(key: str, workspace: str) -> str:
    """The small mark in A1 of a sheet, by which it is recognised."""
    return f"kamxl:plan:{key}:{workspace}{ending(LAYOUT)}"


__all__ = [
    "ACTIONS", "CONTACTS", "DISCOVERY", "ECONOMICS", "EFFECTS", "FIELDS", "FORMS", "FUNCTIONS",
    "IDEAS", "LADDER", "LISTS", "MARK", "OF_VISIT", "PROGRAMMES", "RETURNS", "SELF", "SINGLES",
    "VALUE", "VISIT", "WISHES", "Forms", "mark_text", "sized",
]  # fmt: skip
