"""Which row of the register is meant by what another program tells.

By its number there, as remembered; else by its name, letter for letter but for case and blanks; an
account also by the address of a contact. Names that are only alike are two: that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kamxl.core.cards.internal_words import short_names, words_of
from kamxl.core.finding import Finding, finding
from kamxl.core.ids import same_id, same_name
from kamxl.core.records.imported import Keys, Place, Told, ToldAccount, ToldContact
from kamxl.forms.paper.raw import a1
from kamxl.forms.register.sheets import ACCOUNTS, CONTACTS
from kamxl.forms.tables.reading import Row, TableRead
from kamxl.wording.understood import folded


@dataclass(slots=True)
class Matched:
    """For each account and contact that was told (by its place): its row, None where it is new.

    ``skipped`` are those nobody can tell, of which nothing is written.
    """

    accounts: dict[int, Row | None] = field(default_factory=dict)
    contacts: dict[int, Row | None] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)
    findings: list[tuple[str, Finding]] = field(default_factory=list)

    def report(self, code: str, place: Place, value: object, **more: str | int) -> None:
        """A finding at the row that told it."""
        cell = a1(place.row, 1)
        sheet = place.sheet or None
        self.findings.append(
            (place.file, finding(code, sheet=sheet, cell=cell, value=value, **more))
        )


def matched(told: Told, tables: Mapping[str, TableRead], keys: Keys) -> Matched:
    """Every account and contact with its row in the register."""
    made = Matched()
    rows = [row for row in tables[ACCOUNTS.key].rows if row.words("id") or row.words("name")]
    people = [row for row in tables[CONTACTS.key].rows if not _without_id(row)]
    _accounts(made, told, rows, people, keys)
    _alike(made, told, rows)
    by_account: dict[str, list[Row]] = {}
    for row in people:
        by_account.setdefault(same_id(row.words("account")), []).append(row)
    used: set[int] = set()
    for place, contact in enumerate(told.contacts):
        if contact.account in made.skipped:
            continue
        owner = made.accounts[contact.account]
        there = by_account.get(same_id(owner.words("id")), []) if owner is not None else []
        there = [one for one in there if one.number not in used]
        made.contacts[place] = person = _contact(contact, there, keys)
        if person is not None:
            used.add(person.number)
    return made


def _accounts(made: Matched, told: Told, rows: list[Row], people: list[Row], keys: Keys) -> None:
    """By number, then by name, then by the address of a contact; no row is meant twice."""
    by_id = {same_id(row.words("id")): row for row in rows if row.words("id")}
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        by_name.setdefault(same_name(row.words("name")), []).append(row)
    taken: set[int] = set()
    for place, account in enumerate(told.accounts):
        known = keys.accounts.get(account.number, "") if account.number else ""
        _take(made, place, by_id.get(same_id(known)) if known else None, taken)
    for place, account in enumerate(told.accounts):
        if place not in made.accounts and account.name:
            same = [r for r in by_name.get(same_name(account.name), []) if r.number not in taken]
            _by_name(made, place, account, same, taken)
    addresses = _by_address(people, by_id)
    written: dict[int, set[str]] = {}
    for contact in told.contacts:
        if contact.email:
            written.setdefault(contact.account, set()).add(contact.email.casefold())
    for place, account in enumerate(told.accounts):
        if place in made.accounts or place in made.skipped:
            continue
        mine = written.get(place, ())
        found = {row.number: row for one in mine for row in addresses.get(one, [])}
        only = next(iter(found.values())) if len(found) == 1 else None
        if not _take(made, place, only, taken):
            _new(made, place, account)


def _take(made: Matched, place: int, row: Row | None, taken: set[int]) -> bool:
    if row is None or row.number in taken:
        return False
    taken.add(row.number)
    made.accounts[place] = row
    return True


def _by_name(
    made: Matched, place: int, account: ToldAccount, same: list[Row], taken: set[int]
) -> None:
    wrong = next((row for row in same if _without_id(row)), None)
    if wrong is not None:
        cell = f"{wrong.sheet}!{wrong.cells.get('id', '')}"
        made.report("import-row-wrong", account.place, account.name, where=cell)
        made.skipped.add(place)
    elif len(same) > 1:
        made.report("import-ambiguous", account.place, account.name, count=len(same))
        made.skipped.add(place)
    elif same:
        _take(made, place, same[0], taken)


def _without_id(row: Row) -> bool:
    """Whether what stands as a row's id is none; a blank can be filled in."""
    return bool(row.seen("id")) and not row.words("id")


def _new(made: Matched, place: int, account: ToldAccount) -> None:
    if account.only_named or not account.name:
        made.report("import-account-unknown", account.place, account.name or account.number)
        made.skipped.add(place)
    else:
        made.accounts[place] = None


def _by_address(people: Iterable[Row], by_id: Mapping[str, Row]) -> dict[str, list[Row]]:
    """The accounts of each address of a contact."""
    found: dict[str, list[Row]] = {}
    for person in people:
        owner = by_id.get(same_id(person.words("account")))
        if owner is not None and person.words("email"):
            found.setdefault(person.words("email").casefold(), []).append(owner)
    return found


def _alike(made: Matched, told: Told, rows: Iterable[Row]) -> None:
    """Names that are the same but for legal form and spelling are kept apart, and that is said."""
    bases: dict[str, list[str]] = {}
    for row in rows:
        bases.setdefault(_base(row.words("name")), []).append(row.words("name"))
    for place, account in sorted(enumerate(told.accounts), key=lambda one: one[1].name):
        if place in made.skipped or made.accounts.get(place) is not None:
            continue
        base = _base(account.name)
        other = [name for name in bases.get(base, []) if base]
        if other:
            same = same_name(other[0]) == same_name(account.name)
            code = "import-same-name" if same else "import-alike"
            made.report(code, account.place, account.name, other=other[0])
        bases.setdefault(base, []).append(account.name)


def _base(name: str) -> str:
    """A name as it is compared for being alike: without legal form, blanks and accents."""
    words = words_of(short_names(name, folded("legal_forms"))[-1])
    return "".join(words).translate(_SPELLED)


_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def _contact(contact: ToldContact, free: list[Row], keys: Keys) -> Row | None:
    _, known = keys.contacts.get(contact.number, ("", "")) if contact.number else ("", "")
    by_key = (row for row in free if known and same_id(row.words("id")) == same_id(known))
    address = contact.email.casefold()
    by_email = (
        row for row in free
        if address and row.words("email").casefold() == address
        and same_name(row.words("name")) == same_name(contact.name)
    )  # fmt: skip
    by_name = (r for r in free if same_name(r.words("name")) == same_name(contact.name))
    renamed = [row for row in free if address and row.words("email").casefold() == address]
    once = renamed if len(renamed) == 1 else []
    return next((row for some in (by_key, by_email, by_name, once) for row in some), None)
