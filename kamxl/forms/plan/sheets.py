"""What stands where in an account plan: its sheets and their columns, declared once.

A column carries the name of the field of its table's record, or says which one it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sized
from dataclasses import fields, replace
from typing import Any

from kamxl.core.method.programmes import Action, Actual, Effect, ProgrammeState
from kamxl.core.records.plan import (
    ContactCare,
    DiscoveryAnswer,
    Economic,
    Idea,
    Lever,
    OwnRating,
    PlanField,
    PlanFunction,
    PlanIndicator,
    PlanProgramme,
    PlanWish,
)
from kamxl.forms.plan import functions
from kamxl.forms.plan import live as lives
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
    SEEN,
)
from kamxl.forms.plan.columns import (
    MONEY,
    WHOLE,
    an_id,
    choice,
    counted,
    given,
    hers,
    over,
    table,
    text,
)
from kamxl.forms.tables.columns import (
    ANSWER,
    LABEL,
    LONG,
    NAME,
    ROLE,
    Column,
    Kind,
    calculated,
    note,
)
from kamxl.forms.tables.declared import Table
from kamxl.forms.tables.layouts import ending, newest
from kamxl.wording.functions import LABELS

OUTCOMES = tuple(one.name for one in fields(Actual))  # of an effect, on both sides
FACT = "#,##0.##"  # as a metric is written

FIELDS = table(
    "fields",
    PlanField,
    (
        an_id(required=True),
        Column("name", Kind.TEXT, 26, required=True, length=NAME),
        choice("kind", 13, FIELD_KIND, required=True),
        Column("segment", Kind.REF, 15, ref="lists.segments", strict=False, length=NAME),
        text("market", 9, NAME),
        Column("revenue_last", Kind.AMOUNT, 13),
        Column("revenue_now", Kind.AMOUNT, 13),
        Column("potential", Kind.AMOUNT, 13),
        Column("share_of_wallet", Kind.POINTS, 10, page=True),
        Column("margin", Kind.AMOUNT, 9, signed=True, shown="0.#", align="center"),
        choice("developable", 15, DEVELOPABLE),
        text("approach", 38),
        calculated("growth", 10, lives.growth, "+0%;-0%;0%"),
        calculated("white_space", 13, lives.white_space, WHOLE),
    ),
    rows=30,
    freeze=2,
    top=19,
)

LADDER = table(
    "ladder",
    PlanIndicator,
    (
        an_id(),
        choice("level", 20, LEVEL, required=True),
        Column("text", Kind.TEXT, 58, required=True, length=LABEL),
        choice("met", 12, MET),
        text("evidence", 52),
        calculated("place", 6, lives.needed, helper=True),
    ),
    rows=32,
    top=11,
    freeze=1,
    print_to="evidence",  # what follows is for formulas alone
)

DISCOVERY = table(
    "discovery",
    DiscoveryAnswer,
    (
        an_id(13),
        Column("question", Kind.TEXT, 38, required=True, length=LONG),
        text("answer", 32, 2000),
        Column("sureness", Kind.POINTS, 10),
        over(text("source", 17, LABEL)),
        text("agreed_with", 12, LABEL),
        over(text("shared", 24)),
        text("next_step", 20),
        text("owner", 11, NAME),
        Column("due", Kind.DATE, 11, since=2),
        hers("share", 21),
        calculated("place", 4, lives.asked, helper=True),
    ),
    rows=40,
    freeze=2,
    top=3,
    paper=True,
    printed=0,
    print_to="share",  # what follows is for formulas alone
)

ECONOMICS = table(
    "economics",
    Economic,
    (
        an_id(),
        choice("kind", 20, ECONOMIC, required=True),
        Column("item", Kind.TEXT, 66, required=True, length=LABEL),
        over(Column("share", Kind.POINTS, 10)),
        Column("amount", Kind.AMOUNT, 14),
        Column("potential", Kind.AMOUNT, 14),
        over(text("contribution", 33)),
        over(text("source", 24, LABEL)),
    ),
    rows=50,
    freeze=3,
    top=9,
)

IDEAS = table(
    "ideas",
    Idea,
    (
        an_id(),
        Column("idea", Kind.TEXT, 33, required=True, length=LONG),
        text("benefit_customer", 31),
        text("benefit_ours", 31),
        Column("potential", Kind.AMOUNT, 14),
        over(text("agreed_with", 18, LABEL)),
        choice("state", 14, IDEA_STATE),
        calculated("mutual", 15, lives.mutual),
    ),
    rows=30,
    freeze=2,
    top=3,
)


# the sheet's key, the workspace, the number of the layout (none: the first)
MARK = re.compile(r"kamxl:plan:([a-z]+):(\S*?)(?::([1-9]\d{0,3}))?")
VISIT = "visit"  # the sheet that opens; it has no table of its own
LISTS = "lists"  # what the drop-downs offer

CONTACTS = table(
    "contacts",
    ContactCare,
    (
        an_id(10, required=True, given=True),
        given("name", Kind.TEXT, 24),
        Column("function", Kind.REF, 18, ref="functions.name", strict=False, length=NAME,
                   given=True),
        calculated("counts_as", 16, functions.counts_as, align="left"),
        Column("role", Kind.CHOICE, 16, choices=ROLE, given=True),
        choice("rhythm", 14, RHYTHM),
        text("counterpart", 22, NAME),
        Column("strength", Kind.POINTS, 11),
        over(text("remark", 25)),
        calculated("regular", 12, lives.regular, '"✓";;""'),
        calculated("words", 4, functions.words_in("function"), align="left", helper=True),
        calculated("code", 4, functions.contact_code, helper=True),
        calculated("place", 4, functions.contact_place, helper=True),
    ),
    rows=60,
    freeze=2,
    top=3,
    print_to="regular",  # what follows is for formulas alone
)  # fmt: skip

FUNCTIONS = table(
    "functions",
    PlanFunction,
    (
        an_id(),
        Column("name", Kind.TEXT, 30, required=True, length=NAME, offers=LABELS, strict=False),
        choice("revenue_responsible", 22, ANSWER),
        calculated("contacts", 16, lives.contacts),
        calculated("regular", 22, lives.kept_contacts),
        calculated("covered", 18, lives.covered, '"✓";;"–"'),
        over(text("remark", 48)),
        calculated("words", 4, functions.words_in("name"), align="left", helper=True),
        calculated("code", 4, functions.function_code, helper=True),
    ),
    rows=30,
    freeze=2,
    top=3,
    print_to="covered",
)

SELF = table(
    "self",
    OwnRating,
    (
        Column("segment", Kind.REF, 15, ref="lists.segments", strict=False, length=NAME,
                   required=True, given=True),
        an_id(required=True, given=True),
        given("label", Kind.TEXT, 36),
        given("weight", Kind.POINTS, 11),
        Column("rating", Kind.POINTS, 14),
        given("customer", Kind.POINTS, 14),
        calculated("gap", 15, lives.gap, "+0.#;-0.#;0"),
        over(text("remark", 37)),
        calculated("actions", 12, lives.closing),
    ),
    unique=("segment", "id"),
    rows=60,
    freeze=3,
    top=3,
)  # fmt: skip

WISHES = table(
    "wishes",
    PlanWish,
    (
        Column("id", Kind.VERBATIM, 18, required=True, given=True, length=NAME),
        given("who", Kind.TEXT, 18),
        given("issue", Kind.TEXT, 36),
        given("remedy", Kind.TEXT, 36),
        given("importance", Kind.POINTS, 12),
        text("reply", 34),
        hers("share", 34),
        calculated("actions", 12, lives.answering),
        calculated("alone", 4, lives.alone, helper=True),
        calculated("promise", 4, lives.granted, helper=True),
    ),
    rows=30,
    freeze=1,
    print_to="actions",  # what follows is for formulas alone
)

VALUE = table(
    "value",
    Lever,
    (
        an_id(),
        Column("lever", Kind.TEXT, 33, required=True, length=LABEL),
        over(choice("kind", 18, LEVER_KIND)),
        Column("amount", Kind.AMOUNT, 16),
        over(text("proof", 40)),
        choice("agreed", 12, ANSWER),
        choice("seen", 16, SEEN, since=2),
        text("agreed_with", 20, NAME),
        Column("agreed_on", Kind.DATE, 13),
        Column("asks", Kind.REF, 12, ref="contacts.id", strict=False, length=NAME, since=2),
        hers("share", 28),
        hers("unit", 8, NAME),
        Column("baseline", Kind.AMOUNT, 10, signed=True, shown=FACT, align="center", hers=True,
               since=2),
        Column("now", Kind.AMOUNT, 10, signed=True, shown=FACT, align="center", hers=True,
               since=2),
        calculated("place", 4, lives.unconfirmed, helper=True),
    ),
    rows=30,
    freeze=2,
    top=12,
)  # fmt: skip

PROGRAMMES = table(
    "programmes",
    PlanProgramme,
    (
        an_id(9, required=True),
        Column("name", Kind.TEXT, 16, required=True, length=NAME),
        text("need", 16),
        over(text("argument", 28)),
        choice("state", 14, PROGRAMME_STATE, blank=ProgrammeState.IDEA),
        Column("start", Kind.DATE, 11),
        Column("probability", Kind.POINTS, 8),
        text("owner", 11, NAME),
        text("customer_owner", 11, NAME),
        hers("goal", 15),
        hers("gain_theirs", 14),
        hers("gain_ours", 14),
        hers("step", 14),
        hers("stop", 14),
        calculated("expected_revenue", 14, lives.expected("revenue"), WHOLE),
        calculated("expected_profit", 14, lives.expected("profit"), WHOLE),
        calculated("customer_profit", 14, lives.expected("customer_profit"), WHOLE),
        calculated("warning", 17, lives.warning, align="left"),
    ),
    rows=30,
    freeze=2,
    top=3,
    lines=2,
    paper=True,
    printed=8,
    print_to="stop",  # what follows is summed up above
)

EFFECTS = table(
    "effects",
    Effect,
    (
        Column("programme", Kind.REF, 14, ref="programmes.id", required=True, beside=True),
        Column("year", Kind.AMOUNT, 10, required=True, shown="0", align="center"),
        Column("revenue", Kind.AMOUNT, 18, signed=True, shown=MONEY),
        Column("profit", Kind.AMOUNT, 18, signed=True, shown=MONEY),
        Column("customer_revenue", Kind.AMOUNT, 18, signed=True, shown=MONEY),
        Column("customer_profit", Kind.AMOUNT, 18, signed=True, shown=MONEY),
        *(
            Column(f"actual_{key}", Kind.AMOUNT, 18, signed=True, shown=MONEY, beside=True, since=2)
            for key in OUTCOMES
        ),
        calculated("counts", 14, lives.counts, "0%"),
        calculated("expected_revenue", 18, lives.effect("revenue"), WHOLE),
        calculated("expected_profit", 18, lives.effect("profit"), WHOLE),
        calculated("active", 5, lives.active, helper=True),
    ),
    unique=("programme", "year"),
    rows=60,
    freeze=2,
    top=12,
    print_to="expected_profit",  # what follows is for formulas alone
)

ACTIONS = table(
    "actions",
    Action,
    (
        an_id(9),
        Column("programme", Kind.REF, 11, ref="programmes.id", strict=False),
        Column("text", Kind.TEXT, 40, required=True, length=LONG),
        Column("closes", Kind.REF, 19, ref="lists.targets", strict=False, beside=True),
        text("owner", 14, NAME),
        text("customer_owner", 14, NAME),
        Column("due", Kind.DATE, 11),
        choice("state", 10, ACTION_STATE),
        hers("share", 29),
        calculated("late", 10, lives.late, "0;;"),
        calculated("sort", 6, lives.sort, helper=True),
        calculated("place", 4, lives.rank, helper=True),
        calculated("promise", 4, lives.promised, helper=True),
    ),
    rows=80,
    freeze=1,
    top=3,
    paper=True,
    printed=11,
    print_to="share",  # what follows stands on Visit, or is for formulas alone
)

# Single values: a key in small type, what it is, the value. They stand above other things.
SINGLES: Table[Any] = Table(
    "singles",
    (Column("id", Kind.TEXT, 0), note("what", 0), Column("value", Kind.RAW, 0)),
    "plan",
)
OF_VISIT = (
    Column("account_name", Kind.TEXT, 0, given=True, length=NAME),
    Column("as_of", Kind.DATE, 0),
)
_RETURNS = (
    Column("value_target", Kind.AMOUNT, 0),
    Column("revenue_last", Kind.AMOUNT, 0),
    Column("cost_last", Kind.AMOUNT, 0),
    Column("revenue_now", Kind.AMOUNT, 0),
    Column("cost_now", Kind.AMOUNT, 0),
    Column("improvement_target", Kind.AMOUNT, 0, shown="0.0#"),
)
RETURNS = counted(_RETURNS)

FORMS: tuple[Table[Any], ...] = (
    FIELDS, LADDER, DISCOVERY, ECONOMICS, IDEAS, CONTACTS, FUNCTIONS, SELF, WISHES, VALUE,
    PROGRAMMES, EFFECTS, ACTIONS,
)  # fmt: skip
LAYOUT = newest((*FORMS, SINGLES), (*OF_VISIT, *RETURNS))  # what a plan is drawn in
# The field of ``AccountPlan`` that holds the records of a table.
HOLDS = {
    "fields": "fields", "ladder": "indicators", "discovery": "discovery",
    "economics": "economics", "ideas": "ideas", "contacts": "contacts",
    "functions": "functions", "self": "ratings", "wishes": "wishes", "value": "levers",
    "programmes": "programmes", "actions": "actions",
}  # fmt: skip


def sized(
    rows: Mapping[str, Sized], forms: tuple[Table[Any], ...] = FORMS
) -> tuple[Table[Any], ...]:
    """Every table, with room for more rows than are to be filled in."""
    return tuple(replace(one, rows=max(one.rows, len(rows[one.key]) + 5)) for one in forms)


def mark_text(key: str, workspace: str) -> str:
    """The small mark in A1 of a sheet, by which it is recognised."""
    return f"kamxl:plan:{key}:{workspace}{ending(LAYOUT)}"
