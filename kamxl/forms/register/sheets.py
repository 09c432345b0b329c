"""What stands where in Register.xlsx: its sheets and their columns, declared once."""

from __future__ import annotations

import re
from typing import Any

from kamxl.core.method.gate import GrowthCondition
from kamxl.core.method.selection import Candidate, SelectionCriterion
from kamxl.core.records.register import (
    Account,
    AskedRequirement,
    Competitor,
    Contact,
    Segment,
    TeamMember,
)
from kamxl.core.roles import Form, Source
from kamxl.forms.register import live as lives
from kamxl.forms.register.calculation import PICTURE
from kamxl.forms.register.criteria import CONDITIONS, GROWTH, RATINGS, WEIGHTS_KEY, WEIGHTS_ROW
from kamxl.forms.register.fields import FIELDS, SETTINGS
from kamxl.forms.tables.columns import (
    ANSWER,
    LABEL,
    LONG,
    NAME,
    ROLE,
    Calculated,
    Choices,
    Column,
    Kind,
    calculated,
    note,
)
from kamxl.forms.tables.declared import FIRST_ROW, HEADER_ROW, Table
from kamxl.forms.tables.layouts import ending, newest
from kamxl.wording.functions import LABELS
from kamxl.wording.texts import texts

# the sheet's key, the workspace, the number of the layout (none: the first)
MARK = re.compile(r"kamxl:register:([a-z]+):(\S*?)(?::([1-9]\d{0,3}))?")

RIVALS = Choices("register.choices.rivals", ("named", "alternative"), (True, False))
SOURCE = Choices.of("register.choices.source", Source)
FORM = Choices.of("register.choices.form", Form, typed="form")

TEAM = Table(
    "team",
    (
        Column("id", Kind.ID, 14, required=True),
        Column("name", Kind.TEXT, 26, required=True, length=NAME),
        Column("function", Kind.TEXT, 26, length=NAME, said=True, since=4),
        Column("email", Kind.EMAIL, 32),
        Column("phone", Kind.VERBATIM, 20, length=40, said=True),
        Column("signature", Kind.TEXT, 36, length=LABEL, said=True),
        calculated("accounts", 12, lives.accounts),
        note("remark", 32),
    ),
    "register",
    TeamMember,
    unique=("id",),
    since=2,
)

ACCOUNTS = Table(
    "accounts",
    (
        Column("id", Kind.ID, 18, required=True),
        Column("name", Kind.TEXT, 38, required=True, length=NAME),
        Column("language", Kind.LANGUAGE, 13),
        Column("manager", Kind.TEXT, 26, length=NAME, aside=True, ref="team.name", strict=False),
        calculated("segments", 12, lives.segments),
        calculated("asked", 14, lives.asked),
        note("remark", 48),
    ),
    "register",
    Account,
    unique=("id",),
)

SEGMENTS = Table(
    "segments",
    (
        Column("account", Kind.REF, 15, required=True, ref="accounts.id"),
        Column("id", Kind.ID, 15, required=True),
        Column("name", Kind.TEXT, 32, required=True, length=NAME),
        Column("revenue", Kind.AMOUNT, 15, aside=True, reckoned=True),
        Column("catalogue", Kind.REF, 20, ref="catalogues", strict=False, length=NAME),
        Column("rivals", Kind.CHOICE, 18, choices=RIVALS, field="named_rivals"),
        calculated("requirements", 15, lives.requirements),
        Column("feedback", Kind.TEXT, 48, length=LONG),
        note("remark", 30),
    ),
    "register",
    Segment,
    unique=("account", "id"),
    freeze=2,
)


class SelectionTable(Table[Candidate]):
    """The table *Selection*: what the figures of all accounts say, and the weights, stand above."""

    def help(self, column: Column, language: str) -> str:
        """What a person should know; for a criterion what 0, 50 and 100 points mean."""
        if column.field != "ratings":
            return super().help(column, language)
        words = texts(language)
        told = [words(f"register.criteria.{column.item}.about")]
        told += [f"{p} = {words(f'register.criteria.{column.item}.p{p}')}" for p in (0, 50, 100)]
        return "\n".join(told)


def _rating(criterion: str) -> Column:
    return Column(
        f"rate_{criterion}", Kind.POINTS, 9.5, field="ratings", item=criterion, reckoned=True
    )


def _condition(condition: str) -> Column:
    """One word from a list; it is not broken into two lines."""
    return Column(
        f"grow_{condition}", Kind.CHOICE, 10.2, choices=GROWTH, field="conditions",
        item=condition, align="center", shrink=True, reckoned=True,
    )  # fmt: skip


def _words(key: str, width: float, formula: lives.Made) -> Calculated:
    """A long text; it shrinks, because nobody makes the row higher for it."""
    return calculated(key, width, formula, align="left", shrink=True, strong=True)


def _figure(key: str, width: float, formula: lives.Made, shown: str = "") -> Calculated:
    return calculated(key, width, formula, shown, strong=True)


SELECTION = SelectionTable(
    "selection",
    (
        Column("account", Kind.REF, 13, required=True, ref="accounts.id"),
        _words("name", 24, lives.name),
        _figure("revenue", 11, lives.revenue, "#,##0"),
        *map(_rating, SelectionCriterion),
        *map(_condition, GrowthCondition),
        Column("days", Kind.AMOUNT, 6.8, reckoned=True),
        _figure("score", 7.8, lives.score, "0.0"),
        _figure("coverage", 9.2, lives.coverage, "0 %"),
        _figure("rank", 5.8, lives.rank),
        _figure("gate", 12, lives.gate),
        _figure("list", 10, lives.listed),
        _words("reason", 36, lives.reason),
        _figure("known", 10.5, lives.known),
        _figure("share", 8, lives.share, "0.0 %"),
        _figure("cumulated", 9.2, lives.cumulated, "0.0 %"),
        _figure("abc", 6.5, lives.abc),
        _figure("mismatch", 17, lives.mismatch),
        note("remark", 36),
        calculated("answers", 6, lives.answers, helper=True),
    ),
    "register",
    Candidate,
    unique=("account",),
    freeze=2,
    print_to="mismatch",  # remarks would make the print too small
    top=WEIGHTS_ROW + 1 - HEADER_ROW,  # the headers stand right below the weights
)

CONTACTS = Table(
    "contacts",
    (
        Column("account", Kind.REF, 15, required=True, ref="accounts.id"),
        Column("id", Kind.ID, 10, required=True),
        Column("name", Kind.TEXT, 24, required=True, length=NAME),
        Column("form", Kind.CHOICE, 9, choices=FORM, aside=True, since=2),
        Column("title", Kind.TEXT, 10, length=40, aside=True, said=True, since=2),
        Column("salutation", Kind.TEXT, 20, length=NAME, aside=True, said=True, since=2),
        Column("email", Kind.EMAIL, 30, aside=True, shrink=True),  # no mail, but the card goes out
        Column("function", Kind.TEXT, 18, length=NAME, offers=LABELS, strict=False),
        Column("role", Kind.CHOICE, 15, choices=ROLE),
        Column("language", Kind.LANGUAGE, 10),
        Column("asked", Kind.CHOICE, 9, choices=ANSWER, blank=False),
        Column("segments", Kind.IDS, 15, length=LONG, shrink=True),
        Column("source", Kind.CHOICE, 14, choices=SOURCE),
        note("remark", 16),
    ),
    "register",
    Contact,
    unique=("account", "id"),
    freeze=3,
)

REQUIREMENTS = Table(
    "requirements",
    (
        Column("catalogue", Kind.TEXT, 20, length=NAME, beside=True),
        Column("account", Kind.REF, 15, ref="accounts.id", beside=True),
        Column("segment", Kind.REF, 15, ref="segments.id", beside=True),
        Column("id", Kind.ID, 16, required=True),
        Column("label", Kind.TEXT, 40, required=True, length=LABEL),
        Column("minimum", Kind.POINTS, 15, aside=True),
        Column("anchor0", Kind.TEXT, 30, length=LABEL, field="anchors", item=0),
        Column("anchor50", Kind.TEXT, 30, length=LABEL, field="anchors", item=1),
        Column("anchor100", Kind.TEXT, 30, length=LABEL, field="anchors", item=2),
    ),
    "register",
    AskedRequirement,
    unique=("catalogue", "account", "segment", "id"),
    freeze=0,  # the key columns are too wide to stay in view
)

COMPETITORS = Table(
    "competitors",
    (
        Column("account", Kind.REF, 18, ref="accounts.id", beside=True),
        Column("segment", Kind.REF, 18, ref="segments.id", beside=True),
        Column("id", Kind.ID, 18, required=True),
        Column("name", Kind.TEXT, 40, required=True, length=NAME),
        note("remark", 60),
    ),
    "register",
    Competitor,
    unique=("account", "segment", "id"),
    freeze=3,
)

FORMS: tuple[Table[Any], ...] = (
    SETTINGS, TEAM, ACCOUNTS, SEGMENTS, SELECTION, CONTACTS, REQUIREMENTS, COMPETITORS,
)  # fmt: skip
LAYOUT = newest(FORMS, FIELDS)  # what a register is drawn in

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


# one import for whoever asks what stands where in Register.xlsx
__all__ = [
    "ACCOUNTS", "CATALOGUE_FIRST_ROW", "CATALOGUE_HEADER_ROW", "CATALOGUE_ROWS",
    "CATALOGUE_TITLE_ROW", "COMPETITORS", "CONDITIONS", "CONTACTS", "FIELDS", "FORMS", "GROWTH",
    "LAYOUT", "MARK", "PICTURE", "RATINGS", "REQUIREMENTS", "SEGMENTS", "SELECTION", "SETTINGS",
    "TEAM", "WEIGHTS_KEY", "WEIGHTS_ROW", "mark_text",
]  # fmt: skip
