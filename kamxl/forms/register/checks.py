"""What only shows when all tables of the register have been read: is every card complete?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kamxl.core.cards.asking import Asking
from kamxl.core.finding import Severity, finding
from kamxl.core.ids import MAX_REQUIREMENTS, same_id, same_name
from kamxl.core.records.decision import Ruling
from kamxl.core.records.register import Segment
from kamxl.forms.register.draft import Draft, Touch, scope
from kamxl.forms.register.settings import rows_by_setting
from kamxl.forms.register.sheets import REQUIREMENTS, SEGMENTS, SETTINGS
from kamxl.forms.scorecard.grid import MAX_COMPETITORS
from kamxl.forms.tables.reading import Row

RECOMMENDED_REQUIREMENTS = 12


def check(draft: Draft) -> None:
    """Every account and segment, judged whole; a missing sheet is not reported once per segment."""
    _check_doubles(draft)
    asking = _check_own(draft, Asking(draft.register()))
    broken = {key for key, table in draft.tables.items() if table.broken}
    if "segments" not in broken:
        _check_accounts(draft)
        _check_rivals(draft)
    for segment, row in draft.segments:
        if not broken & {"requirements", "segments"}:
            _check_requirements(draft, asking, segment, row)
        if "competitors" not in broken:
            _check_competitors(draft, asking, segment, row)
        if "contacts" not in broken and not asking.respondents(segment):
            draft.report(row.flag("no-respondent", "id", segment.id))


def _check_rivals(draft: Draft) -> None:
    """Whether rivals may be named is asked before the first card, unless each segment says it."""
    asked = rows_by_setting(draft.tables[SETTINGS.key]).get("rivals")
    open_ = draft.settings.rivals is None and any(not r.seen("rivals") for _, r in draft.segments)
    if open_ and not (asked and asked.seen("value")):
        sheet = draft.tables[SETTINGS.key].sheet
        cell = asked.cells.get("value") if asked else None
        draft.report(finding("rivals-unsaid", sheet=sheet, cell=cell))


def _check_accounts(draft: Draft) -> None:
    owners = {key[0] for key in (*draft.known, *draft.doubtful) if len(key) == 2}
    for account, row in draft.accounts:
        if same_id(account.id) not in owners:
            draft.report(row.flag("no-segments", "id", account.id))


def _check_requirements(draft: Draft, asking: Asking, segment: Segment, row: Row) -> None:
    count = len(asking.listed(segment))
    own, catalogue = scope(segment.account, segment.id), scope(segment.catalogue)
    found = None
    if segment.catalogue and catalogue not in draft.asked:
        found = row.flag("catalogue-unknown", "catalogue", segment.catalogue)
    elif not count and own not in draft.asked and catalogue not in draft.asked:
        found = row.flag("no-requirements", "id", segment.id)
    elif count > MAX_REQUIREMENTS:
        details = {"count": count, "limit": MAX_REQUIREMENTS}
        found = row.flag("too-many-requirements", "id", segment.id, **details)
    elif count > RECOMMENDED_REQUIREMENTS:
        found = row.flag("many-requirements", "id", segment.id, count=count)
    if found is not None:
        draft.report(found, account=segment.account)
        if found.severity is Severity.ERROR:
            draft.hold((found,), Touch(segment.account, segment.id))


def _check_new(draft: Draft, asking: Asking, by: Mapping[tuple[str, ...], Segment]) -> None:
    """Say which new ones of customers' own have the id of another one that is asked."""
    for one in [d for d in draft.decisions if d.ruling is Ruling.REQUIREMENT_NEW]:
        segment = by.get(scope(one.account, one.segment))
        listed = asking.listed(segment) if segment else ()
        there = next((r for r in listed if same_id(r.id) == same_id(one.under)), None)
        if there is not None and same_name(there.label) != same_name(one.requirement):
            row = draft.decision_rows[one]
            told = row.flag("own-asked", "under", one.under, own=one.requirement, label=there.label)
            draft.report(told)


def _check_own(draft: Draft, asking: Asking) -> Asking:
    """The same without the decisions that a requirement is one which the segment does not ask; what
    of the customers' own requirements finds no room is said.
    """
    if draft.tables[REQUIREMENTS.key].broken or draft.tables[SEGMENTS.key].broken:
        return asking
    by = {scope(one.account, one.id): one for one, _ in draft.segments}
    _check_new(draft, asking, by)
    for one in [d for d in draft.decisions if d.ruling is Ruling.REQUIREMENT_SAME]:
        segment = by.get(scope(one.account, one.segment))
        asked = (*asking.listed(segment), *asking.added(segment)) if segment else ()
        if segment and all(same_id(one.under) != same_id(r.id) for r in asked):
            names = ", ".join(r.id for r in asked)
            row = draft.decision_rows[one]
            draft.report(row.flag("decision-under", "under", one.under, asked=names))
            draft.decisions.remove(one)
    for segment, row in draft.segments:
        listed, added = asking.listed(segment), asking.added(segment)
        over = added[max(0, MAX_REQUIREMENTS - len(listed)) :]
        if over and len(listed) <= MAX_REQUIREMENTS:
            names = ", ".join(one.label for one in over)
            details = {"limit": MAX_REQUIREMENTS, "count": len(over)}
            draft.report(row.flag("own-many", "id", names, **details))
    return Asking(draft.register())


def _check_competitors(draft: Draft, asking: Asking, segment: Segment, row: Row) -> None:
    if not segment.named_rivals:
        return
    count = len(asking.named_competitors(segment))
    if not count:
        draft.report(row.flag("no-competitors", "id", segment.id))
    elif count > MAX_COMPETITORS:
        details = {"count": count, "limit": MAX_COMPETITORS}
        found = row.flag("too-many-competitors", "id", segment.id, **details)
        draft.report(found, account=segment.account)
        draft.hold((found,), Touch(segment.account, segment.id))


def _check_doubles(draft: Draft) -> None:
    """A segment's own requirement must not have the id of one in its catalogue.

    One that says the same is asked once.
    """
    asked = list(zip(draft.requirements, draft.requirement_rows, strict=True))
    shared = {
        scope(one.catalogue, one.asked.id): (one.asked, row) for one, row in asked if one.catalogue
    }
    uses = {scope(s.account, s.id): s.catalogue for s, _ in draft.segments}
    for whole, row in asked:
        account, segment, requirement = whole.account, whole.segment, whole.asked
        used = "" if whole.catalogue else uses.get(scope(account, segment), "")
        found = shared.get(scope(used, requirement.id)) if used else None
        if found is None:
            continue
        first, of = found
        same = replace(requirement, id=first.id) == first
        code, cell = "row-repeated" if same else "id-duplicate", of.cells.get("id", "")
        told = row.flag(code, "id", requirement.id, first=cell)
        draft.report(told, account=account)
        if same:
            draft.requirements.remove(whole)
            draft.requirement_rows.remove(row)
        else:
            draft.hold((told,), Touch(account, segment))
