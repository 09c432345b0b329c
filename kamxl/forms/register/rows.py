"""From the rows of the register's tables to records, one table after the other."""

from __future__ import annotations

from dataclasses import replace

from kamxl.core.ids import is_spare, same_id
from kamxl.core.records.register import Contact, ListedRequirement
from kamxl.core.roles import Source
from kamxl.forms.register.draft import Draft, Touch, scope
from kamxl.forms.register.repeats import Once, double, missing
from kamxl.forms.register.sheets import ACCOUNTS, CONTACTS, REQUIREMENTS, SECOND, SEGMENTS
from kamxl.forms.tables.functions import unknown_function
from kamxl.forms.tables.reading import Row


def read_accounts(draft: Draft) -> None:
    """Accounts, and which ids there are."""
    once = Once()
    for row in draft.tables["accounts"].rows:
        seen, own = row.seen("id"), row.words("id")
        touch = Touch(own) if own else Touch(seen, lost=True)
        draft.report_all(row.findings, account=seen)
        for found in row.wrong:
            speech = found.cell == row.cells.get("language")
            draft.hold((found,), replace(touch, spoken=speech) if own else touch)
        if not own:
            draft.doubtful.add(scope(seen))
        elif first := once.again(row, scope(own)):
            double(draft, "accounts", row, first, touch, account=own)
        else:
            draft.known[scope(own)] = own
            account = ACCOUNTS.record_of(row)
            draft.named.accounts.append(account)
            if account.name:
                draft.accounts.append((account, row))


def read_segments(draft: Draft) -> None:
    """Segments of known accounts."""
    once = Once()
    for row in draft.tables["segments"].rows:
        seen, own = row.seen("account"), row.words("id")
        draft.report_all(row.findings, account=seen)
        lost = (Touch(seen, own, lost=True), *((Touch(seen, own),) if own else ()))
        account = draft.owner(row, *lost)
        if account is None or not own:
            draft.hold(row.wrong, Touch(account or seen, own, lost=True))
            if seen and own:  # of an account that there is not: its cards are named all the same
                draft.named.segments.append(SEGMENTS.record_of(row, account=seen))
            draft.doubtful.add(scope(seen, row.seen("id")))
            draft.unsure.add(same_id(account or seen))
            continue
        touch = Touch(account, own)
        draft.hold(row.wrong, touch)
        if first := once.again(row, scope(account, own)):
            double(draft, "segments", row, first, touch, account=account)
        else:
            draft.known[scope(account, own)] = own
            segment = SEGMENTS.record_of(row, account=account)
            if row["rivals"] is None:  # the cautious one, until the team has said
                segment = replace(segment, named_rivals=draft.settings.rivals or False)
            draft.named.segments.append(segment)
            if segment.name:
                draft.segments.append((segment, row))


def read_contacts(draft: Draft) -> None:
    """Contacts of known accounts, asked about known segments."""
    once = Once()
    for row in draft.tables["contacts"].rows:
        seen, own = row.seen("account"), row.words("id")
        draft.report_all(row.findings, account=seen)
        draft.report_all(unknown_function(row, draft.tables["contacts"].language))
        unknown = Touch(seen, "", own)
        account = draft.owner(row, *_of_asked(row, unknown, replace(unknown, lost=True)))
        lost = account is None or not own or "segments" in row.faulty
        touch = Touch(account or seen, "", own, lost=lost)
        draft.hold(row.wrong, *_of_asked(row, touch))
        if account is None or not own:
            if seen and own:
                draft.named.contacts.append(CONTACTS.record_of(row, account=seen))
            continue
        first = once.again(row, scope(account, own))
        if first is not None:
            both = (*_of_asked(row, touch), *_of_asked(first, touch))
            double(draft, "contacts", row, first, *both, account=account)
        _read_contact(draft, row, account, again=first is not None)


def _of_asked(row: Row, *touches: Touch) -> tuple[Touch, ...]:
    """What a contact's row touches: nothing if she is not asked anyway."""
    return touches if row["asked"] == "yes" or "asked" in row.faulty else ()


def _read_contact(draft: Draft, row: Row, account: str, *, again: bool) -> None:
    named = row["segments"] or ()
    segments = [] if again else [_asked_about(draft, row, account, one) for one in named]
    known = tuple(one for one in segments if one is not None)
    # Whoever is asked about segments that do not exist is not asked about all of them.
    if bool(known) != bool(named) or "segments" in row.faulty:
        return
    contact = CONTACTS.record_of(row, account=account, segments=known)
    draft.named.contacts.append(replace(contact, asked=bool(_of_asked(row, Touch()))))
    if contact.name and not again:
        _keep_contact(draft, row, contact)


def _asked_about(draft: Draft, row: Row, account: str, named: str) -> str | None:
    touch = Touch(account, named, row.words("id"), lost=True)
    return draft.part(row, account, named, "segments", *_of_asked(row, touch))


def _keep_contact(draft: Draft, row: Row, contact: Contact) -> None:
    draft.contacts.append(contact)
    mailed = contact.asked and contact.source is Source.MAILED
    said = "email" in row.faulty or "email" not in row.cells or draft.tables["contacts"].broken
    if mailed and not contact.email and not said:
        found = row.flag("email-missing", "email", name=contact.name)
        draft.report(found, account=contact.account)


def read_requirements(draft: Draft) -> None:
    """Requirements of catalogues and of single segments."""
    once = Once()
    for row in draft.tables["requirements"].rows:
        catalogue = row.words("catalogue")
        shared = (Touch(catalogue=catalogue),) if catalogue else ()
        touches = (*shared, *draft.meant(row))
        draft.report_all(row.findings, account=row.seen("account"), catalogue=catalogue)
        second = {row.cells.get(key) for key in SECOND}
        draft.hold([one for one in row.wrong if one.cell not in second], *touches)
        translated = (replace(touch, second=True) for touch in touches)
        draft.hold([one for one in row.wrong if one.cell in second], *translated)
        if catalogue:
            draft.asked.add(scope(catalogue))
        if catalogue and (row["account"] or row["segment"]):
            both = row.flag("requirement-scope", "catalogue", row.seen("id"))
            draft.report(both, account=row.words("account"), catalogue=catalogue)
            draft.hold((both,), *touches)
            continue
        owner = (catalogue, "", "") if catalogue else _of_segment(draft, row, touches)
        if owner is not None and row["id"]:
            _read_requirement(draft, row, owner, once, touches)


def _read_requirement(
    draft: Draft, row: Row, owner: tuple[str, str, str], once: Once, touches: tuple[Touch, ...]
) -> None:
    catalogue, account, _ = owner
    if is_spare(row["id"]):
        found = row.flag("id-reserved", "id", row["id"])
        draft.report(found, account=account, catalogue=catalogue)
        draft.hold((found,), *touches)
    elif first := once.again(row, scope(*owner, row["id"])):
        double(draft, "requirements", row, first, *touches, account=account, catalogue=catalogue)
    elif row["label"]:
        draft.requirements.append(_listed(owner, row))
        draft.requirement_rows.append(row)


def _listed(owner: tuple[str, str, str], row: Row) -> ListedRequirement:
    label, low, middle, high = (row[key] or "" for key in SECOND)
    return ListedRequirement(*owner, REQUIREMENTS.record_of(row), label, (low, middle, high))


def _of_segment(draft: Draft, row: Row, touches: tuple[Touch, ...]) -> tuple[str, str, str] | None:
    """("", account, segment) of a requirement outside of the catalogues; None if it has none."""
    if not row["account"]:
        if "account" not in row.faulty and "catalogue" not in row.faulty:
            missing(draft, "requirements", row, "catalogue", *touches)
        return None
    account = draft.owner(row, *touches)
    if account is None:
        return None
    if not row["segment"]:
        if "segment" not in row.faulty:
            missing(draft, "requirements", row, "segment", *touches)
        return None
    segment = draft.part(row, account, row["segment"], "segment", *touches)
    if segment is None:
        return None
    draft.asked.add(scope(account, segment))
    return "", account, segment
