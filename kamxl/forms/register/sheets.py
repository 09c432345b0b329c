"""What stands where in Register.xlsx: its sheets and their columns, declared once."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from kamxl.core.method.gate import GrowthCondition
from kamxl.core.method.selection import Candidate, SelectionCriterion
from kamxl.core.records.decision import Decision, Ruling
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
from kamxl.forms.register import needs
from kamxl.forms.register.calculation import PICTURE
from kamxl.forms.register.criteria import CONDITIONS, GROWTH, RATINGS, WEIGHTS_KEY, WEIGHTS_ROW
from kamxl.forms.register.fields import FIELDS, LAST_ROW, RIVALS, SETTINGS
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
from kamxl.forms.tables.declared import HEADER_ROW, Table
from kamxl.forms.tables.layouts import ending, newest
from kamxl.wording.functions import LABELS
from kamxl.wording.texts import texts

# the sheet's key, the workspace, the number of the layout (none: the first)
MARK = re.compile(r"kamxl:register:([a-z]+):(\S*?)(?::([1-9]\d{0,3}))?")

SOURCE = Choices.of("register.choices.source", Source)
DECISION = Choices.of("register.choices.decision", Ruling, typed="decision")
FORM = Choices.of("register.choices.form", Form, typed="form")


def _needs(width: float) -> Calculated:
    """What a row still needs, in words."""
    return calculated("needs", width, needs.needs, align="left", strong=True, since=4)


def _helper(key: str, formula: lives.Made) -> Calculated:
    return calculated(key, 6, formula, helper=True, align="left", since=4)


_SPELLED = (_helper("raw", needs.raw), _helper("code", needs.code), _helper("lacks", needs.lacks))

TEAM = Table(
    "team",
    (
        Column("id", Kind.ID, 14, required=True, named="name", person=True),
        Column("name", Kind.TEXT, 28, required=True, length=NAME),
        Column("function", Kind.TEXT, 28, length=NAME, said=True, since=4),
        Column("email", Kind.EMAIL, 34),
        Column("phone", Kind.VERBATIM, 22, length=40, said=True),
        _needs(30),
        Column("signature", Kind.TEXT, 40, length=LABEL, said=True, page=True),
        calculated("accounts", 12, lives.accounts),
        note("remark", 40),
        *_SPELLED,
    ),
    "register",
    TeamMember,
    unique=("id",),
    print_to="remark",
    since=2,
    marked=True,
)

LIVE_ROWS = 2_000  # filled ones of a table; with more, programs would reckon for minutes

ACCOUNTS = Table(
    "accounts",
    (
        Column("id", Kind.ID, 16, required=True, first=True, named="name", company=True),
        Column("name", Kind.TEXT, 31, required=True, length=NAME, first=True),
        Column("language", Kind.LANGUAGE, 11),
        Column("manager", Kind.TEXT, 22, length=NAME, aside=True, ref="team.name", strict=False),
        calculated("segments", 11, lives.segments),
        calculated("asked", 11, lives.asked),
        _needs(38),
        note("remark", 26),
        *_SPELLED,
    ),
    "register",
    Account,
    unique=("id",),
    printed=60,
    print_to="remark",
    marked=True,
)

SEGMENTS = Table(
    "segments",
    (
        Column("account", Kind.REF, 15, required=True, ref="accounts.id", first=True),
        Column("id", Kind.ID, 15, required=True, first=True, named="name"),
        Column("name", Kind.TEXT, 28, required=True, length=NAME, first=True),
        Column("catalogue", Kind.REF, 18, ref="catalogues", strict=False, length=NAME, first=True),
        calculated("requirements", 14, lives.requirements),
        _needs(40),
        Column("revenue", Kind.AMOUNT, 15, aside=True, reckoned=True, page=True),
        Column("rivals", Kind.CHOICE, 18, choices=RIVALS, field="named_rivals"),
        Column("feedback", Kind.TEXT, 48, length=LONG),
        note("remark", 30),
        *_SPELLED,
        _helper("cards", needs.cards),
        _helper("whole", needs.whole),
    ),
    "register",
    Segment,
    unique=("account", "id"),
    freeze=2,
    printed=60,
    print_to="remark",
    marked=True,
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
        item=condition, align="center", reckoned=True,
    )  # fmt: skip


def _words(key: str, width: float, formula: lives.Made) -> Calculated:
    """A long text."""
    return calculated(key, width, formula, align="left", strong=True)


def _figure(
    key: str, width: float, formula: lives.Made, shown: str = "", **more: Any
) -> Calculated:
    return calculated(key, width, formula, shown, strong=True, **more)


SELECTION = SelectionTable(
    "selection",
    (
        Column("account", Kind.REF, 13, required=True, ref="accounts.id"),
        _words("name", 24, lives.name),
        _figure("revenue", 11, lives.revenue, "#,##0"),
        *(replace(_rating(one), fold=True) for one in SelectionCriterion),
        *(replace(_condition(one), fold=True) for one in GrowthCondition),
        Column("days", Kind.AMOUNT, 6.8, reckoned=True),
        _figure("score", 7.8, lives.score, "0.0"),
        _figure("coverage", 9.2, lives.coverage, "0 %", page=True),
        _figure("rank", 5.8, lives.rank),
        _figure("gate", 12, lives.gate),
        _figure("list", 10, lives.listed),
        _words("reason", 36, lives.reason),
        _figure("known", 10.5, lives.known, page=True, fold=True),
        _figure("share", 8, lives.share, "0.0 %", fold=True),
        _figure("cumulated", 9.2, lives.cumulated, "0.0 %", fold=True),
        _figure("abc", 6.5, lives.abc),
        _figure("mismatch", 17, lives.mismatch),
        note("remark", 36),
        calculated("answers", 6, lives.answers, helper=True),
    ),
    "register",
    Candidate,
    unique=("account",),
    freeze=2,
    printed=60,
    print_to="remark",
    top=WEIGHTS_ROW + 1 - HEADER_ROW,  # the headers stand right below the weights
)

CONTACTS = Table(
    "contacts",
    (
        Column("account", Kind.REF, 15, required=True, ref="accounts.id", first=True),
        Column("id", Kind.ID, 12, required=True, first=True, named="name", person=True),
        Column("name", Kind.TEXT, 24, required=True, length=NAME, first=True),
        Column("email", Kind.EMAIL, 33, aside=True, first=True),  # without it no mail, but a card
        Column("asked", Kind.CHOICE, 9, choices=ANSWER, blank=False, first=True),
        _needs(36),
        Column("role", Kind.CHOICE, 15, choices=ROLE),
        Column("function", Kind.TEXT, 18, length=NAME, offers=LABELS, strict=False),
        Column("segments", Kind.IDS, 15, length=LONG, page=True),
        Column("source", Kind.CHOICE, 14, choices=SOURCE),
        Column("language", Kind.LANGUAGE, 10),
        Column("form", Kind.CHOICE, 9, choices=FORM, aside=True, since=2),
        Column("title", Kind.TEXT, 10, length=40, aside=True, said=True, since=2),
        Column("salutation", Kind.TEXT, 20, length=NAME, aside=True, said=True, since=2),
        note("remark", 16),
        *_SPELLED,
        _helper("listed", needs.listed),
        _helper("about", needs.about),
    ),
    "register",
    Contact,
    unique=("account", "id"),
    freeze=3,
    printed=100,
    print_to="remark",
    marked=True,
)

SECOND = ("label2", "second0", "second50", "second100")  # in the second language

REQUIREMENTS = Table(
    "requirements",
    (
        Column("catalogue", Kind.TEXT, 18, length=NAME, beside=True),
        Column("account", Kind.REF, 13, ref="accounts.id", beside=True),
        Column("segment", Kind.REF, 13, ref="segments.id", beside=True),
        Column("id", Kind.ID, 15, required=True, named="label"),
        Column("label", Kind.TEXT, 36, required=True, length=LABEL),
        _needs(30),
        Column("minimum", Kind.POINTS, 14.5, aside=True),
        Column("anchor0", Kind.TEXT, 28, length=LABEL, field="anchors", item=0, page=True),
        Column("anchor50", Kind.TEXT, 28, length=LABEL, field="anchors", item=1),
        Column("anchor100", Kind.TEXT, 28, length=LABEL, field="anchors", item=2),
        *(
            Column(key, Kind.TEXT, 27, length=LABEL, beside=True, page=key == SECOND[0], since=4)
            for key in SECOND
        ),
        *_SPELLED,
        _helper("touches", needs.touches),
    ),
    "register",
    AskedRequirement,
    unique=("catalogue", "account", "segment", "id"),
    freeze=0,  # the key columns are too wide to stay in view
    repeated=4,
    printed=100,
    print_to=SECOND[-1],
    marked=True,
)

COMPETITORS = Table(
    "competitors",
    (
        Column("account", Kind.REF, 18, ref="accounts.id", beside=True),
        Column("segment", Kind.REF, 18, ref="segments.id", beside=True),
        Column("id", Kind.ID, 18, required=True, named="name", company=True),
        Column("name", Kind.TEXT, 36, required=True, length=NAME),
        _needs(36),
        note("remark", 40),
        *_SPELLED,
        _helper("touches", needs.touches),
    ),
    "register",
    Competitor,
    unique=("account", "segment", "id"),
    freeze=3,
    print_to="remark",
    marked=True,
)

# What only a person can settle about an answer: no card shows any of it.
DECISIONS = Table(
    "decisions",
    (
        Column("account", Kind.REF, 13, ref="accounts.id", aside=True),
        Column("segment", Kind.REF, 13, ref="segments.id", strict=False, aside=True),
        Column("respondent", Kind.REF, 12, ref="contacts.id", strict=False, aside=True),
        Column("period", Kind.PERIOD, 11, aside=True),
        Column("name", Kind.TEXT, 22, length=NAME, aside=True),
        Column("file", Kind.TEXT, 30, length=LONG, aside=True),
        Column("decision", Kind.CHOICE, 32, required=True, choices=DECISION, field="ruling",
               aside=True),
        Column("person", Kind.TEXT, 22, length=NAME, aside=True, page=True),
        Column("requirement", Kind.TEXT, 32, length=LONG, aside=True, since=6),
        Column("under", Kind.ID, 18, aside=True, since=6),
        calculated("needs", 30, needs.needs, align="left", strong=True),
        Column("who", Kind.TEXT, 16, length=NAME, aside=True, page=True),
        Column("on", Kind.DATE, 12, aside=True),
        Column("why", Kind.TEXT, 40, length=LABEL, aside=True),
        note("remark", 20),
        calculated("lacks", 6, needs.lacks, helper=True, align="left"),
    ),
    "register",
    Decision,
    freeze=4,
    print_to="remark",
    since=5,
)  # fmt: skip

FORMS: tuple[Table[Any], ...] = (
    SETTINGS,
    ACCOUNTS,
    SEGMENTS,
    CONTACTS,
    REQUIREMENTS,
    COMPETITORS,
    SELECTION,
    TEAM,
    DECISIONS,
)  # fmt: skip  in the order of work
LATER = (SELECTION, TEAM, DECISIONS)  # not before the first card
LAYOUT = newest(FORMS, FIELDS)  # what a register is drawn in

# Below the settings: the catalogues in use, calculated, which Segments offers to choose from.
CATALOGUE_TITLE_ROW = LAST_ROW + 2
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
    "ACCOUNTS",
    "CATALOGUE_FIRST_ROW",
    "CATALOGUE_HEADER_ROW",
    "CATALOGUE_ROWS",
    "CATALOGUE_TITLE_ROW",
    "COMPETITORS",
    "CONDITIONS",
    "CONTACTS",
    "DECISION",
    "DECISIONS",
    "FIELDS",
    "FORMS",
    "GROWTH",
    "LATER",
    "LAYOUT",
    "LIVE_ROWS",
    "MARK",
    "PICTURE",
    "RATINGS",
    "REQUIREMENTS",
    "SECOND",
    "SEGMENTS",
    "SELECTION",
    "SETTINGS",
    "TEAM",
    "WEIGHTS_KEY",
    "WEIGHTS_ROW",
    "mark_text",
]  # fmt: skip
