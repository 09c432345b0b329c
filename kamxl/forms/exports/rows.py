"""From the rows of exports to what they tell: each account and contact once, however often told.

A revenue that stands beside each contact is told once; amounts that differ are nobody's sum. What
cannot be understood is a finding at its cell, and the rest of its row counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import same_name
from kamxl.core.records.imported import Place, Told, ToldAccount, ToldContact, ToldMember
from kamxl.forms.exports import contents
from kamxl.forms.exports.amounts import amount, thousands_in
from kamxl.forms.exports.found import FoundTable
from kamxl.forms.exports.headers import OWN_REVENUE, Part, named
from kamxl.forms.exports.mapping import Understood
from kamxl.forms.exports.people import Person, person_of
from kamxl.forms.paper.raw import RawCell, a1
from kamxl.forms.tables.fields import MAX_TEXT, harmless, plain
from kamxl.forms.tables.figures import currency_of
from kamxl.forms.tables.typed import email, typed_text

_PEOPLE = frozenset({Part.PERSON, Part.FIRST_NAME, Part.LAST_NAME})
_NAMED_ROWS = 12  # in a sentence


@dataclass(frozen=True, slots=True)
class Source:
    """One table of a file, and what its columns say."""

    file: str
    table: FoundTable
    understood: Understood

    @property
    def has_people(self) -> bool:
        """Whether it tells contacts."""
        return not _PEOPLE.isdisjoint(self.understood.columns)

    @property
    def usable(self) -> bool:
        """Whether it tells whose its rows are."""
        return not {Part.ACCOUNT, Part.ACCOUNT_NUMBER}.isdisjoint(self.understood.columns)


@dataclass(slots=True)
class _Account:
    """An account while rows tell of it."""

    name: str
    number: str
    place: Place
    listed: bool = False
    texts: dict[Part, str] = field(default_factory=dict)
    amounts: dict[str, dict[float, Place]] = field(default_factory=dict)
    segments: dict[str, str] = field(default_factory=dict)  # compared, to as it is written
    told: set[str] = field(default_factory=set)  # what was said of it already


@dataclass(slots=True)
class _Telling:
    accounts: list[_Account] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[int]] = field(default_factory=dict)
    contacts: list[ToldContact] = field(default_factory=list)
    people: dict[int, list[int]] = field(default_factory=dict)  # of each account
    team: dict[str, ToldMember] = field(default_factory=dict)
    findings: list[tuple[str, Finding]] = field(default_factory=list)


class _Row:
    """One row of a source: its texts by part, and findings at its cells."""

    def __init__(self, source: Source, number: int, telling: _Telling) -> None:
        self._source, self._telling = source, telling
        self.place = Place(source.file, source.table.sheet, number)
        self.has_people = source.has_people

    def cell(self, part: Part) -> RawCell | None:
        at = self._source.understood.columns.get(part)
        return None if at is None else self._source.table.column(at).cells.get(self.place.row)

    def text(self, part: Part) -> str:
        """One line; numbers as one sees them, a deliberate blank is none."""
        cell = self.cell(part)
        typed = typed_text(cell) if cell is not None else None
        return plain(harmless(typed or ""))[:MAX_TEXT]

    def flag(self, code: str, part: Part | None, value: object = None, **more: str | int) -> None:
        columns = self._source.understood.columns
        at = columns.get(part) if part is not None else None
        header = self._source.table.column(at).header if at is not None else ""
        cell = a1(self.place.row, at if at is not None else self._source.table.columns[0].at)
        sheet = self.place.sheet or None
        told = finding(code, sheet=sheet, cell=cell, value=value, column=header, **more)
        self._telling.findings.append((self.place.file, told))


def told(sources: Iterable[Source]) -> Told:
    """What the sources tell together; those that list accounts come before those of contacts."""
    ordered = sorted(sources, key=lambda one: one.has_people)
    listing = any(not one.has_people for one in ordered)
    telling = _Telling()
    for source in ordered:
        _tell(telling, source, lists=not (listing and source.has_people))
    return Told(
        tuple(_account(telling, one) for one in telling.accounts),
        tuple(telling.contacts),
        tuple(telling.team.values()),
        tuple(telling.findings),
        any(one.has_people for one in ordered),
    )


def _tell(telling: _Telling, source: Source, *, lists: bool) -> None:
    _tell_about(telling, source)
    currency = _usual_currency(source)
    for number in source.table.rows:
        row = _Row(source, number, telling)
        at = _whose(telling, row, lists=lists)
        if at is None:
            continue
        account = telling.accounts[at]
        account.listed |= lists
        _about_account(telling, account, row)
        _revenue(account, row, source, currency)
        if source.has_people:
            _contact(telling, at, row)


def _tell_about(telling: _Telling, source: Source) -> None:
    """Of a table as a whole: rows that were left out, a revenue that may be another one."""
    table, columns = source.table, source.understood.columns
    sheet = table.sheet or None
    if table.left:
        shown = ", ".join(map(str, table.left[:_NAMED_ROWS]))
        more = max(len(table.left) - _NAMED_ROWS, 0)
        left = finding(
            "import-rows-left", sheet=sheet, value=shown, count=len(table.left), more=more
        )
        telling.findings.append((source.file, left))
    if Part.REVENUE in columns:
        column = table.column(columns[Part.REVENUE])
        if named(column.header, OWN_REVENUE)[0]:
            cell = a1(table.head or 1, column.at)
            own = finding("import-own-revenue", sheet=sheet, cell=cell, value=column.header)
            telling.findings.append((source.file, own))


# --- accounts ------------------------------------------------------------------------------------


def _whose(telling: _Telling, row: _Row, *, lists: bool) -> int | None:
    """The place of the account that a row tells of, a new one where it was not told before."""
    parts = (row.text(Part.ACCOUNT), row.text(Part.ACCOUNT_MORE))
    name, number = " ".join(filter(None, parts)), row.text(Part.ACCOUNT_NUMBER)
    if not name and not number:
        row.flag("import-without-account", None)
        return None
    if number and number in telling.numbers:
        at = telling.numbers[number]
        _compare_name(telling.accounts[at], name, row)
        return at
    same = telling.names.get(same_name(name), []) if name else []
    if number:  # another number is another account, unless it had none yet
        same = [at for at in same if not telling.accounts[at].number]
    if len(same) > 1:
        row.flag("import-ambiguous", Part.ACCOUNT, name, count=len(same))
        return None
    if not same:
        telling.accounts.append(_Account(name, number, row.place))
        same = [len(telling.accounts) - 1]
        telling.names.setdefault(same_name(name), []).append(same[0])
    if number:
        telling.numbers[number] = same[0]
        telling.accounts[same[0]].number = number
    return same[0]


def _compare_name(account: _Account, name: str, row: _Row) -> None:
    if not account.name:
        account.name = name
    elif name and same_name(name) != same_name(account.name) and name not in account.told:
        account.told.add(name)
        row.flag("import-differs", Part.ACCOUNT, name, name=account.name, first=account.name)


def _about_account(telling: _Telling, account: _Account, row: _Row) -> None:
    manager = row.text(Part.MANAGER)
    for part, value in ((Part.MANAGER, manager), (Part.LANGUAGE, _account_language(row))):
        first = account.texts.setdefault(part, value) if value else ""
        if same_name(first) != same_name(value) and f"{part} {value}" not in account.told:
            account.told.add(f"{part} {value}")
            row.flag("import-differs", part, value, name=account.name, first=first)
    if manager:
        known = telling.team.get(same_name(manager), ToldMember(manager))
        address = known.email or _address(row, Part.MANAGER_EMAIL)
        telling.team[same_name(manager)] = ToldMember(known.name, address)


def _account_language(row: _Row) -> str:
    """Beside contacts a language is theirs."""
    return "" if row.has_people else _language(row)


def _language(row: _Row) -> str:
    cell = row.cell(Part.LANGUAGE)
    if cell is None or not row.text(Part.LANGUAGE):
        return ""
    found = contents.language_of(cell)
    if found is None:
        row.flag("import-value", Part.LANGUAGE, plain(cell.text))
    return found or ""


def _usual_currency(source: Source) -> str:
    """What most amounts of a table are in; "" where no currency is told."""
    columns, table = source.understood.columns, source.table
    if Part.REVENUE not in columns:
        return ""
    told = [_currency(source, row) for row in table.column(columns[Part.REVENUE]).cells]
    known = Counter(filter(None, told))
    return known.most_common(1)[0][0] if known else ""


def _currency(source: Source, row: int) -> str:
    columns, table = source.understood.columns, source.table
    cell = table.column(columns[Part.REVENUE]).cells.get(row)
    own = currency_of(cell.text) or currency_of(cell.number_format) if cell else ""
    if not own and Part.CURRENCY in columns:
        beside = table.column(columns[Part.CURRENCY]).cells.get(row)
        own = currency_of(beside.text) or plain(beside.text).upper() if beside else ""
    return own


def _revenue(account: _Account, row: _Row, source: Source, currency: str) -> None:
    segment = row.text(Part.SEGMENT)
    key = same_name(segment)
    if segment:
        account.segments.setdefault(key, segment)
    if Part.REVENUE not in source.understood.columns:
        return
    header = source.table.column(source.understood.columns[Part.REVENUE]).header
    read = amount(row.cell(Part.REVENUE), source.understood.decimal, thousands_in(header))
    if read.code is not None:
        unclear = "import-unclear" if read.code == "number-ambiguous" else "import-value"
        why = {"reason": "negative"} if read.code == "number-negative" else {}
        row.flag(unclear, Part.REVENUE, row.text(Part.REVENUE), **why)
    if read.value is None:
        return
    own = _currency(source, row.place.row)
    if own and currency and own != currency:
        row.flag("import-currency", Part.REVENUE, row.text(Part.REVENUE), own=own, usual=currency)
        return
    amounts = account.amounts.setdefault(key, {})
    if amounts and read.value not in amounts:
        row.flag("import-revenue-differs", Part.REVENUE, row.text(Part.REVENUE), name=account.name)
    amounts.setdefault(read.value, row.place)


def _account(telling: _Telling, one: _Account) -> ToldAccount:
    """The account as told by all rows; of amounts that differ none counts."""
    keys = dict.fromkeys((*one.segments, *one.amounts)) or {"": None}
    if one.segments:
        keys.pop("", None)
    sums: Mapping[str, dict[float, Place]] = one.amounts
    revenues = {
        one.segments.get(key, ""): next(iter(sums[key])) if len(sums.get(key, {})) == 1 else None
        for key in keys
    }
    texts = one.texts
    return ToldAccount(
        one.name, one.number, one.place, texts.get(Part.MANAGER, ""), texts.get(Part.LANGUAGE, ""),
        revenues, not one.listed,
    )  # fmt: skip


# --- contacts ------------------------------------------------------------------------------------


def _contact(telling: _Telling, account: int, row: _Row) -> None:
    person = person_of(*map(row.text, _NAME_PARTS))
    address = _address(row, Part.EMAIL)
    if not person.name:
        if address:
            row.flag("import-nameless", Part.EMAIL, address)
        return
    made = _told_contact(account, person, address, row)
    of_account = telling.people.setdefault(account, [])
    for place in of_account:
        if _same(telling.contacts[place], made):
            telling.contacts[place] = _completed(telling.contacts[place], made)
            return
    of_account.append(len(telling.contacts))
    telling.contacts.append(made)


_NAME_PARTS = (Part.PERSON, Part.FIRST_NAME, Part.LAST_NAME, Part.FORM, Part.TITLE)


def _told_contact(account: int, person: Person, address: str, row: _Row) -> ToldContact:
    return ToldContact(
        account, person.name, row.place, row.text(Part.CONTACT_NUMBER), person.form, person.title,
        address, row.text(Part.FUNCTION), _language(row),
    )  # fmt: skip


def _same(one: ToldContact, other: ToldContact) -> bool:
    """Whether two rows tell of one person: her number, else name and address."""
    if one.number and other.number:
        return one.number == other.number
    addresses = {one.email.casefold(), other.email.casefold()} - {""}
    return same_name(one.name) == same_name(other.name) and len(addresses) < 2


def _completed(one: ToldContact, more: ToldContact) -> ToldContact:
    """The first row's word, and of the second what the first does not say."""
    blank = {
        name: getattr(more, name)
        for name in ("number", "form", "title", "email", "function", "language")
        if not getattr(one, name)
    }
    return replace(one, **blank)


def _address(row: _Row, part: Part) -> str:
    cell = row.cell(part)
    if cell is None:
        return ""
    parsed = email(cell)
    if parsed.code is not None:
        row.flag("import-value", part, plain(cell.text))
    return parsed.value or ""
