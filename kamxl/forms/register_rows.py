"""From the rows of the register's tables to records, one table after the other."""

from __future__ import annotations

from kamxl.core.ids import ALTERNATIVE, US, is_spare, same_id
from kamxl.core.records import (
    Account,
    AskedRequirement,
    Competitor,
    Contact,
    Role,
    Segment,
    Source,
)
from kamxl.forms.register_draft import Draft, Scope, scope
from kamxl.forms.scorecard_grid import OWN_KEYS
from kamxl.forms.table_reading import Row

# What stands beside the competitors' ids in a card's key row and in its defined names.
RESERVED = (
    frozenset({US, ALTERNATIVE, "mark", "ids", "name", "function", "role", "date"}) | OWN_KEYS
)


class _Once:
    """Ids already seen, each with the cell of its first row."""

    def __init__(self) -> None:
        self._first: dict[Scope, str] = {}

    def again(self, row: Row, key: Scope) -> str | None:
        """The cell of the first row with this key; None if it is this one."""
        first = self._first.setdefault(key, row.cells.get("id", ""))
        return None if first == row.cells.get("id", "") else first


def _missing(draft: Draft, table: str, row: Row, key: str) -> None:
    """A value that only this row needs is missing: said, and its account blocked."""
    read = draft.tables[table]
    if read.broken:  # the column is gone, and that has been said
        return
    header = read.form.header(read.form.column(key), read.language)
    draft.report(row.flag("value-missing", key, column=header), account=row.words("account"))


def _double(draft: Draft, row: Row, first: str, *, account: str = "", catalogue: str = "") -> None:
    found = row.flag("id-duplicate", "id", row.seen("id"), first=first)
    draft.report(found, account=account, catalogue=catalogue)


def read_accounts(draft: Draft) -> None:
    """Accounts, and which ids there are."""
    once = _Once()
    for row in draft.tables["accounts"].rows:
        draft.report_all(row.findings, account=row.seen("id"))
        own = row.words("id")
        if not own:
            draft.doubtful.add(scope(row.seen("id")))
        elif first := once.again(row, scope(own)):
            _double(draft, row, first, account=own)
        else:
            draft.known[scope(own)] = own
            if row["name"]:
                account = Account(own, row["name"], row.words("language"), row.words("manager"))
                draft.accounts.append((account, row))


def read_segments(draft: Draft) -> None:
    """Segments of known accounts."""
    once = _Once()
    for row in draft.tables["segments"].rows:
        draft.report_all(row.findings, account=row.seen("account"))
        account, own = draft.owner(row), row.words("id")
        if account is None or not own:
            draft.doubtful.add(scope(row.seen("account"), row.seen("id")))
        elif first := once.again(row, scope(account, own)):
            _double(draft, row, first, account=account)
        else:
            draft.known[scope(account, own)] = own
            if row["name"]:
                draft.segments.append((_segment(row, account), row))


def _segment(row: Row, account: str) -> Segment:
    return Segment(
        account,
        row["id"],
        row["name"],
        row["revenue"],
        row.words("catalogue"),
        row["rivals"] != "alternative",
        row.words("feedback"),
    )


def read_contacts(draft: Draft) -> None:
    """Contacts of known accounts, asked about known segments."""
    once = _Once()
    for row in draft.tables["contacts"].rows:
        draft.report_all(row.findings, account=row.seen("account"))
        account, own = draft.owner(row), row.words("id")
        if account is None or not own:
            continue
        if first := once.again(row, scope(account, own)):
            _double(draft, row, first, account=account)
            continue
        named = row["segments"] or ()
        segments = [draft.part(row, account, one, "segments") for one in named]
        known = tuple(one for one in segments if one is not None)
        # Whoever is asked about segments that do not exist is not asked about all of them.
        if row["name"] and bool(known) == bool(named) and "segments" not in row.faulty:
            _keep_contact(draft, row, _contact(row, account, known))


def _contact(row: Row, account: str, segments: tuple[str, ...]) -> Contact:
    return Contact(
        account,
        row["id"],
        row["name"],
        row.words("email"),
        row.words("function"),
        Role(row["role"]) if row["role"] else None,
        row.words("language"),
        row["asked"] == "yes",
        segments,
        Source(row["source"]) if row["source"] else Source.MAILED,
    )


def _keep_contact(draft: Draft, row: Row, contact: Contact) -> None:
    draft.contacts.append(contact)
    mailed = contact.asked and contact.source is Source.MAILED
    broken = draft.tables["contacts"].broken
    if mailed and not contact.email and "email" not in row.faulty and not broken:
        found = row.flag("email-missing", "email", name=contact.name)
        draft.report(found, account=contact.account)


def read_requirements(draft: Draft) -> None:
    """Requirements of catalogues and of single segments."""
    once = _Once()
    for row in draft.tables["requirements"].rows:
        catalogue = row.words("catalogue")
        draft.report_all(row.findings, account=row.seen("account"), catalogue=catalogue)
        if catalogue:
            draft.asked.add(scope(catalogue))
        if catalogue and (row["account"] or row["segment"]):
            both = row.flag("requirement-scope", "catalogue", row.seen("id"))
            draft.report(both, account=row.words("account"), catalogue=catalogue)
            continue
        owner = (catalogue, "", "") if catalogue else _of_segment(draft, row)
        if owner is None or not row["id"]:
            continue
        if is_spare(row["id"]):
            found = row.flag("id-reserved", "id", row["id"])
            draft.report(found, account=owner[1], catalogue=catalogue)
        elif first := once.again(row, scope(*owner, row["id"])):
            _double(draft, row, first, account=owner[1], catalogue=catalogue)
        elif row["label"]:
            draft.requirements.append((*owner, _requirement(row)))
            draft.requirement_rows.append(row)


def _of_segment(draft: Draft, row: Row) -> tuple[str, str, str] | None:
    """("", account, segment) of a requirement outside of the catalogues; None if it has none."""
    if not row["account"]:
        if "account" not in row.faulty and "catalogue" not in row.faulty:
            _missing(draft, "requirements", row, "catalogue")
        return None
    account = draft.owner(row)
    if account is None:
        return None
    if not row["segment"]:
        if "segment" not in row.faulty:
            _missing(draft, "requirements", row, "segment")
        return None
    segment = draft.part(row, account, row["segment"], "segment")
    if segment is None:
        return None
    draft.asked.add(scope(account, segment))
    return "", account, segment


def _requirement(row: Row) -> AskedRequirement:
    anchors = (row.words("anchor0"), row.words("anchor50"), row.words("anchor100"))
    return AskedRequirement(row["id"], row["label"], row["minimum"], anchors)


def read_competitors(draft: Draft) -> None:
    """Competitors of all accounts, of one, or of one segment."""
    once = _Once()
    names: dict[str, tuple[str, str]] = {}
    for row in draft.tables["competitors"].rows:
        everybody = not row.seen("account")
        draft.report_all(row.findings, account=row.seen("account"), everybody=everybody)
        owner = _of_account(draft, row)
        own = row.words("id")
        if owner is None or not own:
            continue
        if same_id(own) in RESERVED or is_spare(own):
            draft.report(row.flag("id-reserved", "id", own), account=owner[0], everybody=everybody)
            continue
        if first := once.again(row, scope(*owner, own)):
            found = row.flag("id-duplicate", "id", own, first=first)
            draft.report(found, account=owner[0], everybody=everybody)
            continue
        name = row.words("name")
        other, cell = names.setdefault(same_id(own), (name, row.cells.get("name", "")))
        if name and other and name != other:
            found = row.flag("name-conflict", "name", name, id=own, other=other, first=cell)
            draft.report(found, account=owner[0], everybody=everybody)
        elif name:
            draft.competitors.append((*owner, Competitor(own, name)))


def _of_account(draft: Draft, row: Row) -> tuple[str, str] | None:
    """(account, segment) of a competitor, each "" for all; None if it names one there is not."""
    if not row.seen("account"):
        if not row.seen("segment"):
            return "", ""
        _missing(draft, "competitors", row, "account")
        return None
    account = draft.owner(row)
    if account is None or not row["segment"]:
        return None if account is None or "segment" in row.faulty else (account, "")
    segment = draft.part(row, account, row["segment"], "segment")
    return None if segment is None else (account, segment)
