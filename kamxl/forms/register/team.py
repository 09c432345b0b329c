"""The sheet *Team*: who writes to the customers. A register of layout 1 has none."""

from __future__ import annotations

from kamxl.core.cards.internal_words import words_of
from kamxl.core.cards.writers import namesakes
from kamxl.core.ids import same_id
from kamxl.forms.register.draft import Draft, Touch, scope
from kamxl.forms.register.repeats import Once, double
from kamxl.forms.register.sheets import TEAM
from kamxl.forms.tables.reading import Row


def read_team(draft: Draft) -> None:
    """The members, each once; read after the accounts, whose cards name them as the sender."""
    once = Once()
    for row in draft.tables[TEAM.key].rows:
        touches = _of_accounts(draft, row)
        draft.report_all(row.findings)
        draft.hold(row.wrong, *touches)
        own = row.words("id")
        if not own:
            continue
        if first := once.again(row, scope(own)):
            double(draft, TEAM.key, row, first, *touches)
        elif row["name"]:
            draft.team.append(TEAM.record_of(row))
    _check_names(draft)


def _check_names(draft: Draft) -> None:
    """A manager must be one: a name that two members have does not say who writes."""
    ids = {same_id(one.id) for one in draft.team}
    several = namesakes(draft.team)
    for account, row in draft.accounts:
        if words_of(account.manager) in several and same_id(account.manager.strip()) not in ids:
            draft.report(row.flag("manager-ambiguous", "manager", account.manager))


def _of_accounts(draft: Draft, row: Row) -> tuple[Touch, ...]:
    """The cards of the accounts whose manager the row is."""
    own, name = same_id(row.seen("id")), words_of(row.seen("name"))
    return tuple(
        Touch(account.id)
        for account in draft.named.accounts
        if account.manager
        and (same_id(account.manager.strip()) == own or words_of(account.manager) == name)
    )
