"""The competitors of the register: of all accounts, of one, or of one segment."""

from __future__ import annotations

from kamxl.core.ids import is_spare, same_id
from kamxl.core.records.register import ListedCompetitor
from kamxl.forms.register.draft import Draft, Touch, scope
from kamxl.forms.register.repeats import Once, double, missing
from kamxl.forms.register.sheets import COMPETITORS
from kamxl.forms.register.standing import RESERVED
from kamxl.forms.tables.reading import Row


def read_competitors(draft: Draft) -> None:
    """Competitors of all accounts, of one, or of one segment."""
    once = Once()
    names: dict[str, tuple[str, str]] = {}
    for row in draft.tables["competitors"].rows:
        everybody = not row.seen("account") and not row.seen("segment")
        touches = (Touch(rivals=True),) if everybody else draft.meant(row, rivals=True)
        draft.report_all(row.findings, account=row.seen("account"), everybody=everybody)
        draft.hold(row.wrong, *touches)
        owner = _of_account(draft, row, touches)
        own = row.words("id")
        if owner is None or not own:
            continue
        if same_id(own) in RESERVED or is_spare(own):
            found = row.flag("id-reserved", "id", own)
            draft.report(found, account=owner[0], everybody=everybody)
            draft.hold((found,), *touches)
            continue
        competitor = COMPETITORS.record_of(row)
        draft.named.competitors.append(ListedCompetitor(*owner, competitor))
        everywhere = Touch(rival=own)
        if first := once.again(row, scope(*owner, own)):
            account = owner[0]
            double(
                draft, "competitors", row, first, everywhere, account=account, everybody=everybody
            )
            continue
        name, here = competitor.name, row.cells.get("name", "")
        other, cell = names.setdefault(same_id(own), (name, here))
        if name and other and name != other:
            found = row.flag("name-conflict", "name", name, id=own, other=other, first=cell)
            draft.report(found, account=owner[0], everybody=everybody)
            # Which of the names is right is not known, so no card goes out with either.
            draft.hold((found,), everywhere)
        elif name:
            draft.competitors.append(ListedCompetitor(*owner, competitor))


def _of_account(draft: Draft, row: Row, touches: tuple[Touch, ...]) -> tuple[str, str] | None:
    """(account, segment) of a competitor, each "" for all; None if it names one there is not."""
    if not row.seen("account"):
        if not row.seen("segment"):
            return "", ""
        missing(draft, "competitors", row, "account", *touches)
        return None
    account = draft.owner(row, *touches)
    if account is None or not row["segment"]:
        return None if account is None or "segment" in row.faulty else (account, "")
    segment = draft.part(row, account, row["segment"], "segment", *touches)
    return None if segment is None else (account, segment)
