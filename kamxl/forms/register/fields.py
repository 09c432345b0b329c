"""The rows of *Settings*: each a value with its own type, under the ids of ``records.Settings``."""

from __future__ import annotations

from typing import Any

from kamxl.forms.tables.columns import LABEL, NAME, Choices, Column, Kind, note
from kamxl.forms.tables.declared import Table

RIVALS = Choices("register.choices.rivals", ("named", "alternative"), (True, False), "rivals")
KEEP_YEARS = Choices(
    "register.choices.keep_years", tuple(map(str, range(1, 11))), tuple(range(1, 11))
)
SECURITY = Choices("register.choices.security", ("starttls", "tls", "none"))

SETTINGS: Table[Any] = Table(
    "settings",
    (
        Column("id", Kind.TEXT, 15),
        note("what", 32),
        Column("value", Kind.RAW, 38),
        note("explanation", 80),
    ),
    "register",
    rows=24,
)

# what a first card needs or shows, in the order in which a team thinks of it
NOW = (
    Column("company", Kind.TEXT, 0, required=True, length=NAME, first=True),
    Column("period", Kind.PERIOD, 0, required=True, aside=True, first=True),  # --period does too
    Column("sender_email", Kind.EMAIL, 0, first=True),
    Column("rivals", Kind.CHOICE, 0, choices=RIVALS, since=4),
    Column("sender_name", Kind.TEXT, 0, length=NAME),
    Column("sender_function", Kind.TEXT, 0, length=NAME, since=4),
    Column("sender_phone", Kind.VERBATIM, 0, length=40),
    Column("reply_to", Kind.EMAIL, 0, since=4),
    Column("due", Kind.DATE, 0),
    Column("keep_years", Kind.CHOICE, 0, choices=KEEP_YEARS, since=6),
    Column("language", Kind.LANGUAGE, 0),  # of the cards whose customers have none of their own
)
LATER = (
    Column("language2", Kind.LANGUAGE, 0, since=4),  # of what requirements say a second time
    Column("signature", Kind.TEXT, 0, length=LABEL),
    Column("rating_threshold", Kind.POINTS, 0),
    Column("disagreement", Kind.POINTS, 0, aside=True),
    Column("level_within", Kind.POINTS, 0, aside=True, since=3),
    Column("focus_score", Kind.POINTS, 0, aside=True, reckoned=True),
    Column("focus_coverage", Kind.POINTS, 0, aside=True, reckoned=True),
    Column("build_up", Kind.POINTS, 0, aside=True, reckoned=True),
    Column("smtp_host", Kind.VERBATIM, 0, aside=True),
    Column("smtp_port", Kind.VERBATIM, 0, length=5, aside=True),
    Column("smtp_security", Kind.CHOICE, 0, choices=SECURITY, aside=True),
    Column("smtp_user", Kind.VERBATIM, 0, aside=True),
)
FIELDS = (*NOW, *LATER)
LATER_ROW = SETTINGS.first + len(NOW)  # the line between the two
ROWS = {
    **{field.id: row for row, field in enumerate(NOW, SETTINGS.first)},
    **{field.id: row for row, field in enumerate(LATER, LATER_ROW + 1)},
}
LAST_ROW = LATER_ROW + len(LATER)
