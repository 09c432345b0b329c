"""What stands where in Register.xlsx: its sheets and their columns, declared once."""

from __future__ import annotations

import re

from kamxl.forms.columns import Choices, Column, Kind
from kamxl.forms.tables import FIRST_ROW, TableForm

MARK = re.compile(r"kamxl:register:([a-z]+):(\S*)")

ANSWER = Choices("register.choices.answer", ("yes", "no"))
RIVALS = Choices("register.choices.rivals", ("named", "alternative"))
ROLE = Choices("register.choices.role", ("requirer", "purchaser"))
SOURCE = Choices("register.choices.source", ("mailed", "interview", "joint"))

NAME = 80  # characters: a name fits into a header or a tile of the card
LABEL = 160
LONG = 600

SETTINGS = TableForm(
    "settings",
    (
        Column("id", Kind.TEXT, 15),
        Column("what", Kind.NOTE, 32),
        Column("value", Kind.RAW, 38),
        Column("explanation", Kind.NOTE, 84),
    ),
    "register",
    rows=9,
)

# The rows of Settings: each a value with its own type, under the ids of ``records.Settings``.
FIELDS = (
    Column("company", Kind.TEXT, 0, required=True, length=NAME),
    Column("language", Kind.LANGUAGE, 0),
    Column("period", Kind.PERIOD, 0, required=True),
    Column("due", Kind.DATE, 0),
    Column("sender_name", Kind.TEXT, 0, length=NAME),
    Column("sender_email", Kind.EMAIL, 0),
    Column("sender_phone", Kind.VERBATIM, 0, length=40),
    Column("rating_threshold", Kind.POINTS, 0),
    Column("disagreement", Kind.POINTS, 0),
)

ACCOUNTS = TableForm(
    "accounts",
    (
        Column("id", Kind.ID, 18, required=True),
        Column("name", Kind.TEXT, 38, required=True, length=NAME),
        Column("language", Kind.LANGUAGE, 13),
        Column("manager", Kind.TEXT, 26, length=NAME),
        Column("segments", Kind.LIVE, 12),
        Column("asked", Kind.LIVE, 14),
        Column("remark", Kind.NOTE, 48),
    ),
    "register",
    unique=("id",),
)

SEGMENTS = TableForm(
    "segments",
    (
        Column("account", Kind.REF, 15, required=True, ref="accounts.id"),
        Column("id", Kind.ID, 15, required=True),
        Column("name", Kind.TEXT, 32, required=True, length=NAME),
        Column("revenue", Kind.AMOUNT, 15),
        Column("catalogue", Kind.REF, 20, ref="catalogues", strict=False, length=NAME),
        Column("rivals", Kind.CHOICE, 18, choices=RIVALS),
        Column("requirements", Kind.LIVE, 15),
        Column("feedback", Kind.TEXT, 48, length=LONG),
        Column("remark", Kind.NOTE, 30),
    ),
    "register",
    unique=("account", "id"),
    freeze=2,
)

CONTACTS = TableForm(
    "contacts",
    (
        Column("account", Kind.REF, 15, required=True, ref="accounts.id"),
        Column("id", Kind.ID, 10, required=True),
        Column("name", Kind.TEXT, 26, required=True, length=NAME),
        Column("email", Kind.EMAIL, 38),
        Column("function", Kind.TEXT, 22, length=NAME),
        Column("role", Kind.CHOICE, 17, choices=ROLE),
        Column("language", Kind.LANGUAGE, 12),
        Column("asked", Kind.CHOICE, 11, choices=ANSWER),
        Column("segments", Kind.IDS, 20, length=LONG),
        Column("source", Kind.CHOICE, 17, choices=SOURCE),
        Column("remark", Kind.NOTE, 26),
    ),
    "register",
    unique=("account", "id"),
    freeze=3,
)

REQUIREMENTS = TableForm(
    "requirements",
    (
        Column("catalogue", Kind.TEXT, 20, length=NAME),
        Column("account", Kind.REF, 15, ref="accounts.id"),
        Column("segment", Kind.REF, 15, ref="segments.id"),
        Column("id", Kind.ID, 16, required=True),
        Column("label", Kind.TEXT, 40, required=True, length=LABEL),
        Column("minimum", Kind.POINTS, 15),
        Column("anchor0", Kind.TEXT, 30, length=LABEL),
        Column("anchor50", Kind.TEXT, 30, length=LABEL),
        Column("anchor100", Kind.TEXT, 30, length=LABEL),
    ),
    "register",
    unique=("catalogue", "account", "segment", "id"),
    freeze=0,  # the key columns are too wide to stay in view
)

COMPETITORS = TableForm(
    "competitors",
    (
        Column("account", Kind.REF, 18, ref="accounts.id"),
        Column("segment", Kind.REF, 18, ref="segments.id"),
        Column("id", Kind.ID, 18, required=True),
        Column("name", Kind.TEXT, 40, required=True, length=NAME),
        Column("remark", Kind.NOTE, 60),
    ),
    "register",
    unique=("account", "segment", "id"),
    freeze=3,
)

FORMS = (SETTINGS, ACCOUNTS, SEGMENTS, CONTACTS, REQUIREMENTS, COMPETITORS)

# Below the settings: the catalogues in use, calculated, which Segments offers to choose from.
CATALOGUE_TITLE_ROW = FIRST_ROW + len(FIELDS) + 1
CATALOGUE_HEADER_ROW = CATALOGUE_TITLE_ROW + 1
CATALOGUE_FIRST_ROW = CATALOGUE_TITLE_ROW + 2
CATALOGUE_ROWS = 12


def mark_text(form: TableForm, workspace: str) -> str:
    """The small mark in A1 of a sheet, by which it is recognised."""
    return f"kamxl:register:{form.key}:{workspace}"
