"""What stands where in Register.xlsx: its sheets and their columns, declared once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kamxl.core.method.gate import Answer, GrowthCondition
from kamxl.core.method.selection import SelectionCriterion
from kamxl.core.roles import Form
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import TEXT, Style
from kamxl.forms.tables.columns import ANSWER, LABEL, LONG, NAME, ROLE, Choices, Column, Kind
from kamxl.forms.tables.declared import FIRST_ROW, TableForm
from kamxl.forms.tables.layouts import ending, newest
from kamxl.wording.texts import texts

# the sheet's key, the workspace, the number of the layout (none: the first)
MARK = re.compile(r"kamxl:register:([a-z]+):(\S*?)(?::([1-9]\d{0,3}))?")

RIVALS = Choices("register.choices.rivals", ("named", "alternative"))
SOURCE = Choices("register.choices.source", ("mailed", "interview", "joint"))
FORM = Choices("register.choices.form", tuple(form.value for form in Form))
SECURITY = Choices("register.choices.security", ("starttls", "tls", "none"))

GROWTH = Choices("register.choices.growth", tuple(answer.value for answer in Answer))

SETTINGS = TableForm(
    "settings",
    (
        Column("id", Kind.TEXT, 15),
        Column("what", Kind.NOTE, 32),
        Column("value", Kind.RAW, 38),
        Column("explanation", Kind.NOTE, 84),
    ),
    "register",
    rows=17,
)

# The rows of Settings: each a value with its own type, under the ids of ``records.Settings``.
FIELDS = (
    Column("company", Kind.TEXT, 0, required=True, length=NAME),
    Column("language", Kind.LANGUAGE, 0),  # of the cards whose customers have none of their own
    Column("period", Kind.PERIOD, 0, required=True, aside=True),  # --period does as well
    Column("due", Kind.DATE, 0),
    Column("sender_name", Kind.TEXT, 0, length=NAME),
    Column("sender_email", Kind.EMAIL, 0),
    Column("sender_phone", Kind.VERBATIM, 0, length=40),
    Column("rating_threshold", Kind.POINTS, 0),
    Column("disagreement", Kind.POINTS, 0, aside=True),
    Column("focus_score", Kind.POINTS, 0, aside=True),
    Column("focus_coverage", Kind.POINTS, 0, aside=True),
    Column("build_up", Kind.POINTS, 0, aside=True),
    Column("signature", Kind.TEXT, 0, length=LABEL),
    Column("smtp_host", Kind.VERBATIM, 0, aside=True),
    Column("smtp_port", Kind.VERBATIM, 0, length=5, aside=True),
    Column("smtp_security", Kind.CHOICE, 0, choices=SECURITY, aside=True),
    Column("smtp_user", Kind.VERBATIM, 0, aside=True),
)

TEAM = TableForm(
    "team",
    (
        Column("id", Kind.ID, 14, required=True),
        Column("name", Kind.TEXT, 30, required=True, length=NAME),
        Column("email", Kind.EMAIL, 38),
        Column("phone", Kind.VERBATIM, 24, length=40),
        Column("signature", Kind.TEXT, 40, length=LABEL),
        Column("accounts", Kind.LIVE, 12),
        Column("remark", Kind.NOTE, 40),
    ),
    "register",
    unique=("id",),
    since=2,
)

ACCOUNTS = TableForm(
    "accounts",
    (
        Column("id", Kind.ID, 18, required=True),
        Column("name", Kind.TEXT, 38, required=True, length=NAME),
        Column("language", Kind.LANGUAGE, 13),
        Column("manager", Kind.TEXT, 26, length=NAME, aside=True, ref="team.name", strict=False),
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
        Column("revenue", Kind.AMOUNT, 15, aside=True),
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


@dataclass(frozen=True, slots=True)
class LiveColumn(Column):
    """A calculated column: ``shown`` is its number format; ``wide`` ones hold texts."""

    shown: str = "0"
    wide: bool = False

    def style(self, language: str) -> Style:
        """How its cells look; a long text shrinks, because nobody makes the row higher for it."""
        base = Column.style(self, language).but(format=self.shown, color=TEXT)
        return base.but(align="left", indent=1, shrink=True) if self.wide else base


@dataclass(frozen=True, slots=True)
class AnswerColumn(Column):
    """A narrow column with one word from a list."""

    def style(self, language: str) -> Style:
        """How its cells look: no word is broken into two lines."""
        return Column.style(self, language).but(align="center", indent=0, wrap=False, shrink=True)


@dataclass(frozen=True, slots=True)
class SelectionForm(TableForm):
    """The table *Selection*: what the figures of all accounts say, and the weights, stand above."""

    @property
    def header_row(self) -> int:
        """Where its headers stand."""
        return WEIGHTS_ROW + 1

    def help(self, column: Column, language: str) -> str:
        """What a person should know; for a criterion what 0, 50 and 100 points mean."""
        kind, _, criterion = column.id.partition("_")
        if kind != "rate":
            return self.text(language, f"columns.{column.id}.help")
        words = texts(language)
        told = [words(f"register.criteria.{criterion}.about")]
        told += [f"{p} = {words(f'register.criteria.{criterion}.p{p}')}" for p in (0, 50, 100)]
        return "\n".join(told)

    def here(self, key: str, row: int) -> str:
        """The cell of a column in a row, as seen from the row: "$C7"."""
        return "$" + a1(row, self.index(key))


WEIGHTS_ROW = 9  # the weights, right above the criteria they weigh
WEIGHTS_KEY = "selection:weights"  # by which the row is found again, wherever it was moved
RATINGS = tuple(f"rate_{criterion}" for criterion in SelectionCriterion)
CONDITIONS = tuple(f"grow_{condition}" for condition in GrowthCondition)

SELECTION = SelectionForm(
    "selection",
    (
        Column("account", Kind.REF, 13, required=True, ref="accounts.id"),
        LiveColumn("name", Kind.LIVE, 24, wide=True),
        LiveColumn("revenue", Kind.LIVE, 11, shown="#,##0"),
        *(Column(rating, Kind.POINTS, 9.5) for rating in RATINGS),
        *(AnswerColumn(condition, Kind.CHOICE, 10.2, choices=GROWTH) for condition in CONDITIONS),
        Column("days", Kind.AMOUNT, 6.8),
        LiveColumn("score", Kind.LIVE, 7.8, shown="0.0"),
        LiveColumn("coverage", Kind.LIVE, 9.2, shown="0 %"),
        LiveColumn("rank", Kind.LIVE, 5.8),
        LiveColumn("gate", Kind.LIVE, 12),
        LiveColumn("reason", Kind.LIVE, 27, wide=True),
        LiveColumn("list", Kind.LIVE, 10),
        LiveColumn("share", Kind.LIVE, 8, shown="0.0 %"),
        LiveColumn("cumulated", Kind.LIVE, 9.2, shown="0.0 %"),
        LiveColumn("abc", Kind.LIVE, 6.5),
        LiveColumn("mismatch", Kind.LIVE, 17),
        Column("remark", Kind.NOTE, 36),
    ),
    "register",
    unique=("account",),
    freeze=2,
)

CONTACTS = TableForm(
    "contacts",
    (
        Column("account", Kind.REF, 15, required=True, ref="accounts.id"),
        Column("id", Kind.ID, 10, required=True),
        Column("name", Kind.TEXT, 24, required=True, length=NAME),
        Column("form", Kind.CHOICE, 9, choices=FORM, aside=True, since=2),
        Column("title", Kind.TEXT, 10, length=40, aside=True, since=2),
        Column("salutation", Kind.TEXT, 20, length=NAME, aside=True, since=2),
        Column("email", Kind.EMAIL, 30, aside=True),  # the card goes out, only no mail
        Column("function", Kind.TEXT, 18, length=NAME),
        Column("role", Kind.CHOICE, 15, choices=ROLE),
        Column("language", Kind.LANGUAGE, 10),
        Column("asked", Kind.CHOICE, 9, choices=ANSWER),
        Column("segments", Kind.IDS, 15, length=LONG),
        Column("source", Kind.CHOICE, 14, choices=SOURCE),
        Column("remark", Kind.NOTE, 16),
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
        Column("minimum", Kind.POINTS, 15, aside=True),
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

FORMS = (SETTINGS, TEAM, ACCOUNTS, SEGMENTS, SELECTION, CONTACTS, REQUIREMENTS, COMPETITORS)
LAYOUT = newest(FORMS, FIELDS)  # what a register is drawn in
PICTURE = "picture"  # the key of the sheet beside Selection that is only calculated, never read

# Below the settings: the catalogues in use, calculated, which Segments offers to choose from.
CATALOGUE_TITLE_ROW = FIRST_ROW + len(FIELDS) + 1
CATALOGUE_HEADER_ROW = CATALOGUE_TITLE_ROW + 1
CATALOGUE_FIRST_ROW = CATALOGUE_TITLE_ROW + 2
CATALOGUE_ROWS = 12


def mark_text(key: str, workspace: str, layout: int | None = None) -> str:
    """The small mark in A1 of the sheet with this key, by which it is recognised.

    ``layout``: that of a sheet that stays as it is (default: the newest one).
    """
    return f"kamxl:register:{key}:{workspace}{ending(layout or LAYOUT)}"
