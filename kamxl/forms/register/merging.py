"""What another program tells, put into the cells of a register: rows added, values changed.

Nothing is taken away: a blank there erases nothing here, and a row that is not told any more stays.
The cells are those of a register as it was read; who draws it anew carries them over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kamxl.core.cards.internal_words import words_of
from kamxl.core.finding import Finding, finding
from kamxl.core.ids import TakenIds, by_name, proposed, proposed_person, same_id, same_name
from kamxl.core.records.imported import Keys, RowChange, Told, ToldAccount
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet
from kamxl.forms.register.matching import Matched, matched
from kamxl.forms.register.sheets import ACCOUNTS, CONTACTS, LIVE_ROWS, SEGMENTS, TEAM
from kamxl.forms.tables.declared import Table
from kamxl.forms.tables.reading import MOST_ROWS, Row, TableRead
from kamxl.wording.texts import texts
from kamxl.wording.understood import folded

TABLES = (TEAM, ACCOUNTS, SEGMENTS, CONTACTS)
_AMOUNT = "#,##0"


@dataclass(slots=True)
class Merged:
    """The register with what was told in its cells, what that changes, and what to remember."""

    raw: RawBook
    changes: list[RowChange] = field(default_factory=list)
    findings: list[tuple[str, Finding]] = field(default_factory=list)
    keys: Keys = field(default_factory=Keys)


@dataclass(slots=True)
class _Work:
    """What is written into one register: cells by sheet, and how far each table reaches by now."""

    tables: Mapping[str, TableRead]
    language: str
    cells: dict[str, dict[tuple[int, int], RawCell]]
    ends: dict[str, int]
    changes: list[RowChange] = field(default_factory=list)
    _segments: dict[str, list[Row]] | None = None

    def segments(self) -> dict[str, list[Row]]:
        """The segments of each account that the register has."""
        if self._segments is None:
            self._segments = {}
            for row in self.tables[SEGMENTS.key].rows:
                self._segments.setdefault(same_id(row.words("account")), []).append(row)
        return self._segments

    def put(self, key: str, row: int, column: str, value: str | float) -> None:
        """One cell, by the keys of its table and column."""
        located = self.tables[key].located
        at = located.column(column) if located is not None else None
        if at is None or value == "":
            return
        if isinstance(value, float):
            cell = RawCell(RawKind.NUMBER, f"{value:.15g}", value, _AMOUNT)
        else:
            cell = RawCell(RawKind.TEXT, value)
        self.cells[key][row, at] = cell

    def add(self, key: str, values: Mapping[str, str | float], account: str = "") -> None:
        """A row below all others of its table."""
        self.ends[key] += 1
        for column, value in values.items():
            self.put(key, self.ends[key], column, value)
        own, name = str(values["id"]), str(values["name"])
        self.changes.append(RowChange("new", key, own, name, account=account))

    def change(self, form: Table[Any], row: Row, told: Mapping[str, str | float | None]) -> None:
        """The values of a row that are told and differ; a blank changes nothing."""
        for column, value in told.items():
            if value in ("", None) or value is None:
                continue
            before = row[column] if row.values.get(column) is not None else row.seen(column)
            if _says_the_same(before, value):
                continue
            shown = value if isinstance(value, float) else self.shown(form, column, value)
            self.put(form.key, row.number, column, shown)
            old = self.number(before) if isinstance(before, float) else row.seen(column)
            own, name = str(told.get("id") or row.words("id")), row.words("name")
            self.changes.append(
                RowChange(
                    "changed", form.key, own, name, column, old, self.number(shown), _owner(row)
                )
            )

    def number(self, value: str | float) -> str:
        """A value as people read it."""
        if isinstance(value, str):
            return value
        return texts(self.language).number(value, 0 if value.is_integer() else 2)

    def shown(self, form: Table[Any], column: str, value: str) -> str:
        """A code as the register's language says it."""
        return str(form.column(column).show(value, self.language) or "")


def _owner(row: Row) -> str:
    return row.words("account") if "account" in row.values else ""


def _says_the_same(before: Any, value: str | float) -> bool:
    if isinstance(value, float):
        return isinstance(before, float) and abs(before - value) < 0.005
    return same_name(str(before)) == same_name(value)


def merged(raw: RawBook, tables: Mapping[str, TableRead], told: Told, keys: Keys) -> Merged:
    """The register in ``raw``, of the newest layout, with all that was told and is sure.

    ``tables`` are its own, none of ``TABLES`` broken.
    """
    found = matched(told, tables, keys)
    work = _Work(tables, tables[ACCOUNTS.key].language, {}, {})
    for form in TABLES:
        located = tables[form.key].located
        work.cells[form.key] = dict(located.sheet.cells) if located is not None else {}
        work.ends[form.key] = located.last_row if located is not None else 0
    made = Merged(raw)
    _team(work, told)
    ids = _account_ids(found, told, tables, keys)
    for place in sorted(ids, key=lambda one: ids[one]):
        _account(work, found, told.accounts[place], found.accounts[place], ids[place])
    people = _contacts(work, found, told, ids)
    work.changes += _vanished(found, told, tables)
    made.changes, made.findings = work.changes, [*found.findings, *_too_many(work)]
    made.keys = _keys(told, ids, people)
    made.raw = _with_cells(raw, work)
    return made


def _with_cells(raw: RawBook, work: _Work) -> RawBook:
    new: dict[int, RawSheet] = {}
    for key, cells in work.cells.items():
        located = work.tables[key].located
        if located is not None:
            new[id(located.sheet)] = replace(located.sheet, cells=cells)
    return replace(raw, sheets=tuple(new.get(id(sheet), sheet) for sheet in raw.sheets))


# --- team and accounts ---------------------------------------------------------------------------


def _team(work: _Work, told: Told) -> None:
    rows = work.tables[TEAM.key].rows
    by_name = {words_of(row.words("name")): row for row in rows}
    ids = {same_id(row.words("id")) for row in rows if row.words("id")}
    used = [row.words("id") for row in rows]
    for member in sorted(told.team, key=lambda one: same_name(one.name)):
        row = by_name.get(words_of(member.name))
        if row is not None:
            work.change(TEAM, row, {"email": member.email})
        elif same_id(member.name) not in ids:
            used.append(proposed_person(member.name, used))
            work.add(TEAM.key, {"id": used[-1], "name": member.name, "email": member.email})


def _account_ids(
    found: Matched, told: Told, tables: Mapping[str, TableRead], keys: Keys
) -> dict[int, str]:
    """The id of each account that is written; new ones by their names, whatever their order."""
    ids = {place: row.words("id") for place, row in found.accounts.items() if row is not None}
    ids = {place: own for place, own in ids.items() if own}
    rows = tables[ACCOUNTS.key].rows
    taken = TakenIds(same_id(row.words("id") or row.seen("id")) for row in rows)
    new = [place for place in found.accounts if place not in ids]  # without an id, too
    for place in sorted(
        new, key=lambda at: (*by_name(told.accounts[at].name), told.accounts[at].number)
    ):
        account = told.accounts[place]
        before = keys.accounts.get(account.number, "") if account.number else ""
        free = before and same_id(before) not in taken
        ids[place] = before if free else proposed(account.name, taken, folded("legal_forms"))
        taken.add(same_id(ids[place]))
    return ids


def _account(work: _Work, found: Matched, account: ToldAccount, row: Row | None, own: str) -> None:
    manager = _manager(work, account.manager, row)
    language = account.language
    if row is None:
        shown = work.shown(ACCOUNTS, "language", language) if language else ""
        told = {"id": own, "name": account.name, "language": shown, "manager": manager}
        work.add(ACCOUNTS.key, told)
    else:
        told = {"id": own, "name": account.name, "language": language, "manager": manager}
        work.change(ACCOUNTS, row, told)
    there = work.segments().get(same_id(own), [])
    used = [one.words("id") for one in there]
    for name, revenue in sorted(account.revenues.items()):
        _segment(work, found, account, there, (own, name, revenue), used)


def _manager(work: _Work, name: str, row: Row | None) -> str:
    """The manager as told; "" where the register names the same person by her id."""
    before = row.words("manager") if row is not None else ""
    for member in work.tables[TEAM.key].rows:
        if before and same_id(member.words("id")) == same_id(before):
            return "" if words_of(member.words("name")) == words_of(name) else name
    return name


def _segment(
    work: _Work, found: Matched, account: ToldAccount, there: list[Row],
    told: tuple[str, str, float | None], used: list[str],
) -> None:  # fmt: skip
    """A segment with its revenue; what is told of all an account buys is that of its only one."""
    own, name, revenue = told
    same = [row for row in there if same_name(row.words("name")) == same_name(name)]
    if not name and len(there) == 1:
        same = there
    if same:
        new = "" if same[0].seen("id") else proposed(same[0].words("name"), used)
        work.change(SEGMENTS, same[0], {"id": new, "revenue": revenue})
    elif not name and there:
        if revenue is not None:
            amount = work.number(revenue)
            names = ", ".join(row.words("name") for row in there)
            found.report(
                "import-revenue-split", account.place, amount, name=account.name, names=names
            )
    else:
        name = name or texts(work.language)("import.whole")
        used.append(proposed(name, used))
        values: dict[str, str | float] = {"account": own, "id": used[-1], "name": name}
        values |= {} if revenue is None else {"revenue": revenue}
        work.add(SEGMENTS.key, values, own)


# --- contacts ------------------------------------------------------------------------------------


def _contacts(
    work: _Work, found: Matched, told: Told, ids: Mapping[int, str]
) -> dict[int, tuple[str, str]]:
    """Every contact's account and id, by her place among those told."""
    used: dict[str, list[str]] = {}
    for one in work.tables[CONTACTS.key].rows:
        used.setdefault(same_id(one.words("account")), []).append(one.words("id"))
    made: dict[int, tuple[str, str]] = {}
    order = sorted(
        found.contacts,
        key=lambda at: (ids[told.contacts[at].account], same_name(told.contacts[at].name),
                        told.contacts[at].email, told.contacts[at].number),
    )  # fmt: skip
    for place in order:
        contact, row = told.contacts[place], found.contacts[place]
        owner = ids[contact.account]
        said: dict[str, str | float] = {
            "name": contact.name, "form": contact.form, "title": contact.title,
            "email": contact.email, "function": contact.function, "language": contact.language,
        }  # fmt: skip
        there = used.setdefault(same_id(owner), [])
        if row is not None and row.words("id"):
            work.change(CONTACTS, row, said)
            made[place] = owner, row.words("id")
            continue
        there.append(proposed_person(contact.name, there))
        if row is not None:
            work.change(CONTACTS, row, {"id": there[-1], **said})
            made[place] = owner, there[-1]
            continue
        for column in ("form", "language"):
            said[column] = work.shown(CONTACTS, column, str(said[column])) if said[column] else ""
        work.add(CONTACTS.key, {"account": owner, "id": there[-1], **said}, owner)
        made[place] = owner, there[-1]
    return made


# --- what is gone, what is too much, what to remember ---------------------------------------------


def _vanished(found: Matched, told: Told, tables: Mapping[str, TableRead]) -> Iterator[RowChange]:
    """Rows of the register that are not told: they stay, and are only named."""
    kept = {row.number for row in found.accounts.values() if row is not None}
    owners = {same_id(r.words("id")) for r in found.accounts.values() if r is not None}
    for row in tables[ACCOUNTS.key].rows:
        if row.number not in kept and row.words("id"):
            yield RowChange("vanished", ACCOUNTS.key, row.words("id"), row.words("name"))
    if not told.contacts_told:
        return
    people = {row.number for row in found.contacts.values() if row is not None}
    for row in tables[CONTACTS.key].rows:
        owner = row.words("account")
        if row.number not in people and row.words("id") and same_id(owner) in owners:
            yield RowChange(
                "vanished", CONTACTS.key, row.words("id"), row.words("name"), account=owner
            )


def _too_many(work: _Work) -> Iterator[tuple[str, Finding]]:
    """Tables that grow beyond the rows that are read, or beyond those that are reckoned live."""
    for form in TABLES:
        read = work.tables[form.key]
        added = sum(one.what == "new" and one.table == form.key for one in work.changes)
        count = len(read.rows) + added
        if added and count > LIVE_ROWS:
            code = "import-too-many" if count > MOST_ROWS else "import-many"
            limit = MOST_ROWS if count > MOST_ROWS else LIVE_ROWS
            yield "Register.xlsx", finding(code, sheet=read.sheet, count=count, limit=limit)


def _keys(told: Told, ids: Mapping[int, str], people: Mapping[int, tuple[str, str]]) -> Keys:
    accounts = {
        told.accounts[at].number: own for at, own in ids.items() if told.accounts[at].number
    }
    contacts = {
        told.contacts[at].number: key for at, key in people.items() if told.contacts[at].number
    }
    return Keys(accounts, contacts)
