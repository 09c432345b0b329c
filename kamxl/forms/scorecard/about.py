"""Reading what stands around the ratings: who rated, wishes, and how easy we are to work with."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TypedDict, TypeVar

from kamxl.core.finding import Finding, finding
from kamxl.core.method.scales import Scale, efforts_judged, importance_judged
from kamxl.core.records.page import Step
from kamxl.core.records.person import Called
from kamxl.core.records.register import Effort, Wish
from kamxl.core.roles import Role
from kamxl.forms.paper.raw import RawBook, RawCell, RawSheet, a1
from kamxl.forms.scorecard.doubts import EFFORT, IMPORTANCE, Doubt, decided, said
from kamxl.forms.scorecard.grid import EFFORT_IDS, EFFORTS, ID, LABEL, WEIGHT, WHO
from kamxl.forms.tables import fields
from kamxl.forms.tables.fields import Parsed, plain
from kamxl.forms.tables.locate import Located, find_headers, find_tables, name_target, places_of
from kamxl.wording.functions import function_of
from kamxl.wording.people import called
from kamxl.wording.texts import spoken
from kamxl.wording.understood import folded, folded_word, is_blank, unseen


class Who(TypedDict):
    """Who rated, as far as the card says."""

    name: str
    function: str
    role: Role | None
    rated_on: date | None
    called: Called


Place = tuple[RawSheet, int, int]

MOST_WISHES, MOST_TABLES = 100, 10  # more than any customer has, fewer than a file may hold
_BELOW = ("effort", "effort_lead", "effort_question")
_HEADERS = {"rating": "effort_rating", "reason": "effort_comment"}
PURCHASING = "purchasing"  # the function whose people buy
_WISH_ID = re.compile(r"W\d{1,3}", re.IGNORECASE)


def read_who(raw: RawBook, table: Located) -> tuple[Who, list[Finding]]:
    """Name, function, role and date, from the sheet *Start*, or from the rows below the table."""
    found: list[Finding] = []
    name, function = (_text(_place(raw, table, key), found) for key in ("name", "function"))
    place = _place(raw, table, "role")
    role = _role(place, found)
    place = _place(raw, table, "date")
    day = fields.day(_cell(place))
    _say(day, place, found)
    who = Who(name=name, function=function, role=role, rated_on=day.value, called=called(name))
    return who, found


def _place(raw: RawBook, table: Located, key: str) -> Place | None:
    """Where the answer to ":name" stands: in the row of that id, under the weights.

    Failing that, in the first cell of that row that is not ours: columns may have been moved. Cards
    of today ask on another sheet, in a row with the same id.
    """
    column = table.column(WEIGHT)
    for row in table.rows():
        cell = table.cell(row, ID)
        if cell and plain(cell.text).casefold() == f":{key}":
            if column and (row, column) in table.sheet.cells:
                return table.sheet, row, column
            others = _answers_in(table.sheet, row, key, {table.column(ID), table.column(LABEL)})
            at = others[0] if others else column
            return (table.sheet, row, at) if at else None
    asked = list(_asked_elsewhere(raw, key))
    answered = [(sheet, row, columns[0]) for sheet, row, columns in asked if columns]
    if answered:
        return answered[0]
    target = name_target(raw, f"kx_{key}")
    return (target[0], target[1], target[2]) if target else None


def _asked_elsewhere(raw: RawBook, key: str) -> Iterator[tuple[RawSheet, int, list[int]]]:
    """The rows of any sheet with the id ":name", and the columns in which something is answered."""
    for sheet in raw.sheets:
        for row, column in sorted(places_of(sheet).get(f":{key}", ())):
            yield sheet, row, _answers_in(sheet, row, key, {column})


def _answers_in(sheet: RawSheet, row: int, key: str, ours: Container[int | None]) -> list[int]:
    """The columns of a row that hold neither its id nor its label; ``ours``: columns of such."""
    no_answer = {"", *_labels(key)}
    return sorted(
        column
        for column in sheet.columns().get(row, ())
        if column not in ours and plain(sheet.cells[row, column].text).casefold() not in no_answer
    )


@cache
def _labels(key: str) -> frozenset[str]:
    """What the row of who rated is labelled in every language (folded)."""
    return frozenset(plain(one).casefold() for one in spoken(f"scorecard.table.who_{key}"))


def _cell(place: Place | None) -> RawCell | None:
    return place[0].cells.get((place[1], place[2])) if place else None


def _text(place: Place | None, found: list[Finding]) -> str:
    parsed = fields.words(_cell(place))
    _say(parsed, place, found)
    return " ".join(unseen(parsed.value or "").split())


def _role(place: Place | None, found: list[Finding]) -> Role | None:
    cell = _cell(place)
    typed = folded_word(cell.text) if cell else ""
    if not typed or is_blank(typed, among_numbers=True):
        return None
    for role in Role:
        labels = {folded_word(one) for one in spoken(f"scorecard.table.role_{role}")}
        # and what earlier cards offered, or what people type instead of choosing
        if typed in labels | folded(f"role_{role}") | {role.value}:
            return role
    asks = folded("role_requirer") & set(re.findall(r"\w+", typed))
    if function_of(typed) == PURCHASING and not asks:  # "strategischer Einkäufer"
        return Role.PURCHASER
    _say(Parsed[str](code="choice-unknown"), place, found)
    return None


def _say(
    parsed: Parsed[str] | Parsed[float] | Parsed[date],
    place: Place | None,
    found: list[Finding],
    decided: Scale | None = None,
) -> None:
    """Say what is wrong with a cell; ``decided``: with it on this scale."""
    if parsed.code and place:
        cell, where = _cell(place), a1(place[1], place[2])
        value = cell.text if cell else ""
        scale = {"scale": decided.value} if decided not in (None, Scale.POINTS) else {}
        found.append(finding(parsed.code, sheet=place[0].title, cell=where, value=value, **scale))


def read_wishes(
    raw: RawBook, ratings: Sequence[float] = (), scale: Scale | None = None
) -> tuple[tuple[Wish, ...], list[Finding]]:
    """What the customer is unhappy with, what would help, and how important it is.

    ``ratings``: all those of suppliers on the card, as typed: a wish or two are judged beside them.
    ``scale``: what somebody decided that numbers in doubt are on.
    """
    tables = _tables(raw, ("issue", "remedy", "importance"))
    return one_saying(tables, [_wishes(table, ratings, scale) for table in tables])


def _wishes(
    table: Located, ratings: Sequence[float], scale: Scale | None
) -> tuple[tuple[Wish, ...], list[Finding]]:
    found: list[Finding] = []
    wishes: list[Wish] = []
    places: list[Place | None] = []
    for row, id_ in _wish_rows(table):
        issue, remedy = (_text(_at(table, row, key), found) for key in ("issue", "remedy"))
        if not (issue or remedy):
            continue
        if len(wishes) == MOST_WISHES:
            _say(Parsed[str](code="text-cut"), _at(table, row, "issue"), found)
            break
        places.append(_at(table, row, "importance"))
        wishes.append(Wish(id_, issue, remedy))
    values = _points(IMPORTANCE, places, ratings, scale, found)
    return tuple(replace(w, importance=v) for w, v in zip(wishes, values, strict=True)), found


def _points(
    what: str,
    places: Sequence[Place | None],
    ratings: Sequence[float],
    scale: Scale | None,
    found: list[Finding],
) -> list[float | None]:
    """What stands in a column of points (IMPORTANCE or EFFORT), judged whole.

    Without a decision a column in doubt is left out: nothing but itself depends on it.
    """
    numbers = [fields.number(_cell(place)) for place in places]
    given = [number.value for number in numbers if number.value is not None]
    doubted = efforts_judged if what == EFFORT else importance_judged
    in_doubt = doubted(given, ratings)
    if in_doubt and scale is None:
        where = [(p[1], n.value) for p, n in zip(places, numbers, strict=True)
                 if p and n.value is not None]  # fmt: skip
        sheet, column = next((place[0].title, place[2]) for place in places if place)
        found += said([Doubt(what, "", column, tuple(where))], sheet)
    values = []
    for place, number in zip(places, numbers, strict=True):
        if not in_doubt:
            parsed = fields.as_points(number, _cell(place))
        elif scale is not None:
            parsed = decided(number, scale, what)
        else:
            parsed = Parsed[float]() if number.value is not None else number
        values.append(parsed.value)
        _say(parsed, place, found, scale if in_doubt else None)
    return values


def _wish_rows(table: Located) -> list[tuple[int, str]]:
    """The rows of wishes with their ids: W1, W2, ...; any between them and right below (no id)."""
    ids = {row: plain(cell.text) for row in table.rows() if (cell := table.cell(row, ID))}
    last = max((row for row, id_ in ids.items() if _WISH_ID.fullmatch(id_)), default=table.row)
    ours = _below()
    rows: list[tuple[int, str]] = []
    for row in table.rows():
        below = row > last
        issue = table.cell(row, "issue")
        if below and (row > last + 1 or row in ids or (issue and plain(issue.text) in ours)):
            break
        last = max(last, row)
        rows.append((row, id_ if _WISH_ID.fullmatch(id_ := ids.get(row, "")) else ""))
    return rows


@cache
def _below() -> frozenset[str]:
    """What we say below the wishes, in every language."""
    return frozenset(plain(one) for key in _BELOW for one in spoken(f"scorecard.wishes.{key}"))


def read_efforts(
    raw: RawBook, ratings: Sequence[float] = (), scale: Scale | None = None
) -> tuple[tuple[Effort, ...], list[Finding]]:
    """How complicated, time-consuming and costly it is to work with us; as ``read_wishes``."""
    tables = _tables(raw, ("rating", "reason"))
    return one_saying(tables, [_efforts(table, ratings, scale) for table in tables])


def _efforts(
    table: Located, ratings: Sequence[float], scale: Scale | None
) -> tuple[tuple[Effort, ...], list[Finding]]:
    found: list[Finding] = []
    rows: dict[str, int] = {}
    for row in table.rows():
        seen = table.cell(row, ID)
        key = plain(seen.text).casefold() if seen else ""
        key = EFFORT_IDS.get(key, key)
        if key in EFFORTS:
            rows.setdefault(key, row)
    places = [_at(table, row, "rating") for row in rows.values()]
    values = _points(EFFORT, places, ratings, scale, found)
    reasons = [_text(_at(table, row, "reason"), found) for row in rows.values()]
    efforts = map(Effort, rows, values, reasons)
    return tuple(e for e in efforts if e.rating is not None or e.comment), found


def _tables(raw: RawBook, keys: tuple[str, ...]) -> list[Located]:
    """The tables with these keys: by key rows, else by header texts."""
    tables = [table for sheet in raw.sheets for table in find_tables(sheet, (ID, *keys))]
    if tables:
        return tables[:MOST_TABLES]
    said = {
        plain(one).casefold(): key
        for key in keys
        for one in spoken(f"scorecard.wishes.{_HEADERS.get(key, key)}")
    }
    # the ids have no header; they stand in the column left of the first that has one
    found = [table for sheet in raw.sheets for table in find_headers(sheet, said, keys)]
    return [_with_ids(table) for table in found[:MOST_TABLES]]


def _with_ids(table: Located) -> Located:
    ours = {"w1", *EFFORTS, *EFFORT_IDS}
    cells = table.sheet.cells.items()
    left = {column for (_, column), cell in cells if plain(cell.text).casefold() in ours}
    return replace(table, columns={**table.columns, ID: tuple(sorted(left))})


_Said = TypeVar("_Said", Wish, Effort, Step)


def one_saying(
    tables: list[Located], readings: list[tuple[tuple[_Said, ...], list[Finding]]]
) -> tuple[tuple[_Said, ...], list[Finding]]:
    """What the tables say if those that say anything say the same; else nothing, and a finding."""
    filled = [place for place, (said, found) in enumerate(readings) if said or found]
    if not filled:
        return (), []
    first = filled[0]
    for place in filled[1:]:
        if readings[place][0] != readings[first][0]:
            table, other = tables[first], tables[place]
            where = {"sheet": other.sheet.title, "cell": a1(other.row, other.column(ID) or 1)}
            names = {"value": other.sheet.title, "first": table.sheet.title}
            return (), [finding("table-duplicate", **names, **where)]
    return readings[first]


def _at(table: Located, row: int, key: str) -> Place | None:
    column = table.column(key)
    return (table.sheet, row, column) if column else None


def answered_places(raw: RawBook, table: Located) -> set[tuple[str, int, int]]:
    """The cells that are read here, by the title of their sheet: what stands beside them is not."""
    found: list[Place] = []
    for wishes in _tables(raw, ("issue", "remedy", "importance")):
        rows = [row for row, _ in _wish_rows(wishes)]
        found += _places(wishes, rows, ("issue", "remedy", "importance"))
    for efforts in _tables(raw, ("rating", "reason")):
        found += _places(efforts, efforts.rows(), ("rating", "reason"))
    places = {(sheet.title, row, column) for sheet, row, column in found}
    return places | person_places(raw, table)


def person_places(raw: RawBook, table: Located) -> set[tuple[str, int, int]]:
    """The cells that say who rated."""
    found = [place for key in WHO if (place := _place(raw, table, key))]
    return {(sheet.title, row, column) for sheet, row, column in found}


def _places(table: Located, rows: Iterable[int], keys: tuple[str, ...]) -> list[Place]:
    return [place for row in rows for key in keys if (place := _at(table, row, key))]
