"""The inputs of a workspace: register, cards that count, account plans, as they were typed."""

from __future__ import annotations

import email
import email.policy
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.recomputed.typed import (
    NO,
    PARTLY,
    YES,
    Row,
    folded,
    marked,
    number,
    opened,
    points,
    stored,
    stored_points,
    tables,
    word,
)

US = "us"
CRITERIA = ("revenue", "philosophy", "base_load", "potential", "return", "openness", "barriers")
CONDITIONS = ("potential", "growing", "willing")


@dataclass(frozen=True)
class Line:
    """One requirement on one card: its weight in %, and the points of who was rated."""

    weight: float | None
    ratings: Mapping[str, float]


@dataclass(frozen=True)
class Card:
    account: str
    segment: str
    period: str
    person: str
    lines: tuple[Line, ...]
    rivals: Mapping[str, str]  # id as compared -> as spelled


@dataclass(frozen=True)
class Judged:
    """An account on the sheet Selection."""

    ratings: Mapping[str, float] = field(default_factory=dict)
    conditions: tuple[str, ...] = ("unknown",) * len(CONDITIONS)


@dataclass(frozen=True)
class Register:
    settings: Mapping[str, Any]
    accounts: tuple[str, ...]
    revenues: Mapping[str, Mapping[str, float | None]]  # account -> segment -> a year
    contacts: Mapping[tuple[str, str], Row]
    weights: Mapping[str, float]
    judged: Mapping[str, Judged]

    @property
    def period(self) -> str:
        return word(self.settings["period"])

    def setting(self, key: str, default: float) -> float:
        found = number(self.settings.get(key))
        return default if found is None else found


def read_register(path: Path) -> Register:
    found = dict(marked(opened(str(path)), "kamxl:register:"))
    rows = {key: rows[-1] for key, sheet in found.items() if (rows := tables(sheet))}
    revenues: dict[str, dict[str, float | None]] = {}
    for row in rows["segments"]:
        revenues.setdefault(folded(row["account"]), {})[word(row["id"])] = number(row["revenue"])
    return Register(
        {word(row["id"]): row["value"] for row in rows["settings"]},
        tuple(word(row["id"]) for row in rows["accounts"] if word(row["id"])),
        revenues,
        {(folded(r["account"]), folded(r["id"])): r for r in rows["contacts"] if word(r["id"])},
        _criteria(found["selection"]),
        {folded(row["account"]): _judged(row) for row in rows["selection"] if word(row["account"])},
    )


def _criteria(sheet: Any) -> dict[str, float]:
    """The weights of the criteria, which stand over their columns."""
    rows = list(sheet.iter_rows())
    (weights,) = (row for row in rows if word(row[0]) == "selection:weights")
    (keys,) = (row for row in rows if word(row[0]) == "account")
    above = zip(keys, weights, strict=True)
    typed = {word(key).removeprefix("rate_"): stored(cell) for key, cell in above}
    return {key: w for key, w in typed.items() if key in CRITERIA and w is not None}


def _judged(row: Row) -> Judged:
    rated = {key: stored_points(row[f"rate_{key}"]) for key in CRITERIA}
    return Judged(
        {key: r for key, r in rated.items() if r is not None},
        tuple(_condition(row[f"grow_{key}"]) for key in CONDITIONS),
    )


def _condition(cell: Any) -> str:
    said = {"yes": YES, "no": NO, "partly": PARTLY}
    return next((key for key, words in said.items() if folded(cell) in words), "unknown")


# -- cards -------------------------------------------------------------------------------------


def read_cards(root: Path, counting: Iterable[str], register: Register) -> list[Card]:
    """The cards under these paths; "a.zip!b.xlsx" is a workbook in a file."""
    return [_card(opened(io.BytesIO(_bytes(root, path))), register) for path in counting]


def _bytes(root: Path, path: str) -> bytes:
    outer, *inner = path.split("!")
    data = (root / outer).read_bytes()
    for name in inner:
        if data[:2] == b"PK":
            data = zipfile.ZipFile(io.BytesIO(data)).read(name)
        else:
            message = email.message_from_bytes(data, policy=email.policy.default)
            (part,) = (p for p in message.walk() if p.get_filename() == name)
            data = bytes(part.get_content())
    return data


def _card(book: Any, register: Register) -> Card:
    marked_sheets = [
        (sheet, word(cell))
        for sheet in book
        for cells in sheet.iter_rows()
        for cell in cells
        if word(cell).startswith("kx1|")
    ]
    ((sheet, mark),) = (one for one in marked_sheets if _header(one[0]) is not None)
    assert {other for _, other in marked_sheets} == {
        mark
    }  # the reply page's, too: it has no points
    _, _, period, account, segment, respondent, *_ = mark.split("|")
    keys, rows = _grid(sheet)
    rivals = {
        key.casefold(): key
        for key in keys
        if key not in ("id", "label", "anchor", "weight", US, "gap", "comment")
    }
    columns = {US: US, **rivals}
    lines = []
    for row in rows:
        if not word(row["id"]).startswith(":"):
            rated = {s: p for s, key in columns.items() if (p := points(row[key])) is not None}
            weight = points(row["weight"])
            if (
                not re.fullmatch(r"own\d+", word(row["id"]))
                or word(row["label"])
                or rated
                or weight
            ):
                lines.append(Line(weight, rated))
    person = _person(account, respondent, _name(book), register)
    return Card(account.casefold(), segment.casefold(), period, person, tuple(lines), rivals)


def _name(book: Any) -> str:
    """Who rated, as typed: left of its key, on whatever sheet."""
    rows = (list(map(word, cells)) for sheet in book for cells in sheet.iter_rows())
    return next((row[row.index(":name") - 1] for row in rows if ":name" in row), "")


def _header(sheet: Any) -> int | None:
    """The row of the keys, from 0; None on a sheet that has no requirements."""
    rows = enumerate(sheet.iter_rows())
    return next((i for i, r in rows if {"id", "label", "weight"} <= set(map(word, r))), None)


def _grid(sheet: Any) -> tuple[list[str], list[Row]]:
    """The keys of the table and all rows below it that have an id."""
    rows = [tuple(cells) for cells in sheet.iter_rows()]
    start = _header(sheet)
    assert start is not None
    places = {word(cell): i for i, cell in enumerate(rows[start]) if word(cell)}
    below = [{key: row[i] for key, i in places.items()} for row in rows[start + 1 :]]
    return list(places), [row for row in below if word(row["id"])]


def _person(account: str, respondent: str, typed: str, register: Register) -> str:
    """Who filled it in: the addressee, unless another name stands there."""
    addressee = register.contacts.get((account.casefold(), respondent.casefold()), {})
    hers = {folded(addressee.get("name")), folded(addressee.get("email")), respondent.casefold()}
    name = typed.casefold()
    return respondent.casefold() if not name or name in hers else f"{respondent}/{name}".casefold()


# -- plans -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    account: str
    period: str
    tables: Mapping[str, list[list[Row]]]  # key of the sheet -> its tables

    def rows(self, key: str, which: int = -1) -> list[Row]:
        found = self.tables.get(key, [])
        return found[which] if found else []


def read_plans(root: Path, counting: Iterable[str]) -> list[Plan]:
    plans = []
    for path in counting:
        book = opened(io.BytesIO(_bytes(root, path)))
        (mark,) = {
            word(c) for s in book for cells in s.iter_rows() for c in cells
            if word(c).startswith("kxp1|")
        }  # fmt: skip
        _, _, account, period, *_ = mark.split("|")
        found = {key: tables(sheet) for key, sheet in marked(book, "kamxl:plan:")}
        plans.append(Plan(account.casefold(), period, found))
    return plans
