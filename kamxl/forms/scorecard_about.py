"""Reading what stands around the ratings: who rated, wishes, and how easy we are to work with."""

from __future__ import annotations

import re
from datetime import date
from typing import TypedDict

from kamxl.core.finding import Finding, finding
from kamxl.core.records import Effort, Role, Wish
from kamxl.forms import fields
from kamxl.forms.fields import Parsed, plain
from kamxl.forms.locate import Located, find_sheet, name_target
from kamxl.forms.raw import RawBook, RawCell, RawSheet, a1
from kamxl.forms.scorecard_grid import EFFORTS, ID, WEIGHT
from kamxl.forms.texts import languages, texts


class Who(TypedDict):
    """Who rated, as far as the card says."""

    name: str
    function: str
    role: Role | None
    rated_on: date | None


Place = tuple[RawSheet, int, int]

_WISH_ID = re.compile(r"W\d{1,3}", re.IGNORECASE)


def read_who(raw: RawBook, table: Located) -> tuple[Who, list[Finding]]:
    """Name, function, role and date, from the rows below the table."""
    found: list[Finding] = []
    name, function = (_text(_place(raw, table, key), found) for key in ("name", "function"))
    place = _place(raw, table, "role")
    role = _role(place, found)
    place = _place(raw, table, "date")
    day = fields.day(_cell(place))
    _say(day, place, found)
    return Who(name=name, function=function, role=role, rated_on=day.value), found


def _place(raw: RawBook, table: Located, key: str) -> Place | None:
    """Where the answer to ":name" stands: in the row of that id, under the weights."""
    column = table.column(WEIGHT)
    for row in table.rows():
        cell = table.cell(row, ID)
        if cell and column and plain(cell.text).casefold() == f":{key}":
            return table.sheet, row, column
    target = name_target(raw, f"kx_{key}")
    return (target[0], target[1], target[2]) if target else None


def _cell(place: Place | None) -> RawCell | None:
    return place[0].cells.get((place[1], place[2])) if place else None


def _text(place: Place | None, found: list[Finding]) -> str:
    parsed = fields.text(_cell(place))
    _say(parsed, place, found)
    return " ".join((parsed.value or "").split())


def _role(place: Place | None, found: list[Finding]) -> Role | None:
    cell = _cell(place)
    typed = plain(cell.text).casefold() if cell else ""
    if not typed or typed in fields.DELIBERATE_BLANKS:
        return None
    for role in Role:
        labels = {plain(texts(la)(f"scorecard.table.role_{role}")).casefold() for la in languages()}
        # the label's first word too: people type "Einkauf" instead of choosing it
        if typed in labels | {label.split(" (")[0] for label in labels} | {role.value}:
            return role
    _say(Parsed[str](code="choice-unknown"), place, found)
    return None


def _say(
    parsed: Parsed[str] | Parsed[float] | Parsed[date], place: Place | None, found: list[Finding]
) -> None:
    if parsed.code and place:
        cell, where = _cell(place), a1(place[1], place[2])
        value = cell.text if cell else ""
        found.append(finding(parsed.code, sheet=place[0].title, cell=where, value=value))


def read_wishes(raw: RawBook) -> tuple[tuple[Wish, ...], list[Finding]]:
    """What the customer is unhappy with, what would help, and how important it is."""
    table = find_sheet(raw, (ID, "issue", "remedy", "importance"))
    found: list[Finding] = []
    wishes = []
    for row, id_ in _wish_rows(table) if table else ():
        if table is None:
            break
        issue, remedy = (_text(_at(table, row, key), found) for key in ("issue", "remedy"))
        if not (issue or remedy):
            continue
        place = _at(table, row, "importance")
        importance = fields.points(_cell(place))
        _say(importance, place, found)
        wishes.append(Wish(id_, issue, remedy, importance.value))
    return tuple(wishes), found


def _wish_rows(table: Located) -> list[tuple[int, str]]:
    """The rows of wishes with their ids: W1, W2, ... and rows inserted between them (no id)."""
    ids = {row: plain(cell.text) for row in table.rows() if (cell := table.cell(row, ID))}
    last = max((row for row, id_ in ids.items() if _WISH_ID.fullmatch(id_)), default=0)
    rows = ((row, ids.get(row, "")) for row in table.rows() if row <= last)
    return [(row, id_) for row, id_ in rows if not id_ or _WISH_ID.fullmatch(id_)]


def read_efforts(raw: RawBook) -> tuple[tuple[Effort, ...], list[Finding]]:
    """How complicated, time-consuming and costly it is to work with us."""
    table = find_sheet(raw, (ID, "rating", "reason"))
    found: list[Finding] = []
    efforts = []
    for row in table.rows() if table else ():
        seen = table.cell(row, ID) if table else None
        key = plain(seen.text).casefold() if seen else ""
        if table is None or key not in EFFORTS:
            continue
        place = _at(table, row, "rating")
        rating = fields.points(_cell(place))
        _say(rating, place, found)
        reason = _text(_at(table, row, "reason"), found)
        if rating.value is not None or reason:
            efforts.append(Effort(key, rating.value, reason))
    return tuple(efforts), found


def _at(table: Located, row: int, key: str) -> Place | None:
    column = table.column(key)
    return (table.sheet, row, column) if column else None
