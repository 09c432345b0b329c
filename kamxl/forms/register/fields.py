"""The rows of *Settings*: each a value with its own type, under the ids of ``records.Settings``."""

from __future__ import annotations

from typing import Any

from kamxl.forms.tables.columns import LABEL, NAME, Choices, Column, Kind, note
from kamxl.forms.tables.declared import Table

SECURITY = Choices("register.choices.security", ("starttls", "tls", "none"))

SETTINGS: Table[Any] = Table(
    "settings",
    (
        Column("id", Kind.TEXT, 15),
        note("what", 32),
        Column("value", Kind.RAW, 38),
        note("explanation", 84),
    ),
    "register",
    rows=20,
)

FIELDS = (
    Column("company", Kind.TEXT, 0, required=True, length=NAME),
    Column("language", Kind.LANGUAGE, 0),  # of the cards whose customers have none of their own
    Column("period", Kind.PERIOD, 0, required=True, aside=True),  # --period does as well
    Column("due", Kind.DATE, 0),
    Column("sender_name", Kind.TEXT, 0, length=NAME),
    Column("sender_function", Kind.TEXT, 0, length=NAME, since=4),
    Column("sender_email", Kind.EMAIL, 0),
    Column("sender_phone", Kind.VERBATIM, 0, length=40),
    Column("reply_to", Kind.EMAIL, 0, since=4),
    Column("rating_threshold", Kind.POINTS, 0),
    Column("disagreement", Kind.POINTS, 0, aside=True),
    Column("level_within", Kind.POINTS, 0, aside=True, since=3),
    Column("focus_score", Kind.POINTS, 0, aside=True, reckoned=True),
    Column("focus_coverage", Kind.POINTS, 0, aside=True, reckoned=True),
    Column("build_up", Kind.POINTS, 0, aside=True, reckoned=True),
    Column("signature", Kind.TEXT, 0, length=LABEL),
    Column("smtp_host", Kind.VERBATIM, 0, aside=True),
    Column("smtp_port", Kind.VERBATIM, 0, length=5, aside=True),
    Column("smtp_security", Kind.CHOICE, 0, choices=SECURITY, aside=True),
    Column("smtp_user", Kind.VERBATIM, 0, aside=True),
)
