"""The plan's tables on the customer's business: fields, ladder, discovery, economics, ideas."""

from __future__ import annotations

from kamxl.forms.columns import Kind
from kamxl.forms.plan_choices import (
    DEVELOPABLE,
    ECONOMIC,
    FIELD_KIND,
    IDEA_STATE,
    LEVEL,
    MET,
)
from kamxl.forms.plan_columns import PLACE, WHOLE, choice, live, own_id, text
from kamxl.forms.plan_table import PlanColumn, PlanForm
from kamxl.forms.register_forms import LABEL, LONG, NAME

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
