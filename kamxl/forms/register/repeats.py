"""What rows of the register have in common: an id that stands there twice, a missing value."""

from __future__ import annotations

from kamxl.forms.register.draft import Draft, Scope, Touch
from kamxl.forms.tables.reading import Row


class Once:
    """Ids already seen, each with its first row."""

    def __init__(self) -> None:
        self._first: dict[Scope, Row] = {}

    def again(self, row: Row, key: Scope) -> Row | None:
        """The first row with this key; None if it is this one."""
        first = self._first.setdefault(key, row)
        return None if first is row else first


def missing(draft: Draft, table: str, row: Row, key: str, *touches: Touch) -> None:
    """A value that only this row needs is missing: said, with what that touches."""
    read = draft.tables[table]
    if read.broken:  # the column is gone, and that has been said
        return
    header = read.form.header(read.form.column(key), read.language)
    found = row.flag("value-missing", key, column=header)
    draft.report(found, account=row.words("account"))
    draft.hold((found,), *touches)


def double(
    draft: Draft, table: str, row: Row, first: Row, *touches: Touch,
    account: str = "", catalogue: str = "", everybody: bool = False,
) -> None:  # fmt: skip
    """A second row of one id: once more the same is harmless, else nobody knows which one is right.

    Rows that differ in what no card shows keep none back.
    """
    form = draft.tables[table].form
    columns = [c for c in form.columns if c.read and c.id not in form.unique]
    other = [c for c in columns if row[c.id] != first[c.id] or c.id in row.faulty | first.faulty]
    told = row.flag(
        "id-duplicate" if other else "row-repeated",
        "id",
        row.seen("id"),
        first=first.cells.get("id", ""),
    )
    draft.report(told, account=account, catalogue=catalogue, everybody=everybody)
    if not all(c.aside for c in other):
        draft.hold((told,), *touches)
