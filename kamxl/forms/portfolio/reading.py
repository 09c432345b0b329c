"""What an earlier Portfolio.xlsx says: remarks, sheets that are not ours, what counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kamxl.core.finding import Fate
from kamxl.core.ids import is_id, same_id
from kamxl.forms.paper.raw import RawBook, RawSheet
from kamxl.forms.portfolio.parts import KEYS, MARK_PREFIX
from kamxl.forms.tables.fields import plain, text
from kamxl.forms.tables.locate import Located, find_headers, find_tables, find_texts
from kamxl.wording.texts import spoken

_MARK = re.compile(re.escape(MARK_PREFIX) + r"([a-z]+)")
_NEEDED = ("id", "remarks")
_COUNTED = (Fate.ACCEPTED, Fate.PROVISIONAL)


def remarks(raw: RawBook) -> dict[str, str]:
    """Account id to remark, as on the sheet marked *Accounts*; blank ones are left out.

    If an id stands twice (a copied row), both texts are kept, one below the other.
    """
    found: dict[str, str] = {}
    for table in _tables(raw):
        for row in table.rows():
            cell = table.cell(row, "id")
            account = plain(cell.text) if cell is not None else ""
            said = text(table.cell(row, "remarks")).value or ""
            if said and is_id(account):
                _keep(found, account, said)
    return found


def account_names(raw: RawBook) -> dict[str, str]:
    """Account id to the name that it had then, as on the sheet marked *Accounts*; both folded."""
    found: dict[str, str] = {}
    for table in _tables(raw):
        for row in table.rows():
            ids, name = table.cell(row, "id"), table.cell(row, "name")
            if ids is not None and name is not None and is_id(plain(ids.text)):
                found.setdefault(same_id(ids.text), plain(name.text).casefold())
    return found


def _keep(found: dict[str, str], account: str, said: str) -> None:
    spelled = next((i for i in found if same_id(i) == same_id(account)), account)
    before = found.get(spelled)
    if before is None:
        found[spelled] = said
    elif said not in before.split("\n"):
        found[spelled] = f"{before}\n{said}"


def _tables(raw: RawBook) -> list[Located]:
    """The tables of all sheets marked as *Accounts* (a copied sheet has remarks, too).

    By the key row; by the headers in any language where somebody deleted it.
    """
    tables: list[Located] = []
    for sheet in raw.sheets:
        if "accounts" in _marks(sheet):
            tables += find_tables(sheet, _NEEDED) or find_headers(sheet, _headers(), _NEEDED)
    return tables


def _headers() -> dict[str, str]:
    """Header of a needed column in any language, folded, to its key."""
    return {
        plain(said).casefold(): key
        for key in _NEEDED
        for said in spoken(f"portfolio.accounts.{key}")
    }


def _marks(sheet: RawSheet) -> Sequence[str]:
    """What the marks on a sheet call it, by their keys, in reading order."""
    return sheet.found(_marked)


def _marked(sheet: RawSheet) -> Sequence[str]:
    own = RawBook((sheet,))
    found = [_MARK.fullmatch(seen) for *_, seen in find_texts(own, _MARK)]
    return [match[1] for match in found if match and match[1] in KEYS]


def shown_sheets(raw: RawBook) -> dict[str, RawSheet]:
    """Our sheets by their keys, whatever they are called now; of copies the first."""
    found: dict[str, RawSheet] = {}
    for sheet in raw.sheets:
        for key in _marks(sheet):
            found.setdefault(key, sheet)
    return found


def used_files(raw: RawBook) -> frozenset[str]:
    """The paths of the files that counted, as the sheet *Intake* of any language says."""
    sheet = shown_sheets(raw).get("intake")
    words = {plain(word) for fate in _COUNTED for word in spoken(f"portfolio.fates.{fate.value}")}
    return frozenset(
        path.text
        for table in (find_tables(sheet, ("path", "fate"))[-1:] if sheet else ())
        for row in table.rows()
        if (path := table.cell(row, "path")) and (fate := table.cell(row, "fate"))
        if plain(fate.text) in words
    )


def foreign_sheets(raw: RawBook) -> tuple[str, ...]:
    """Titles of the sheets that are not ours: without a mark, or with one that stands before."""
    seen: Counter[str] = Counter()
    foreign = []
    for sheet in raw.sheets:
        marks = _marks(sheet)
        if len(marks) != 1 or seen[marks[0]]:
            foreign.append(sheet.title)
        seen.update(marks[:1])
    return tuple(foreign)
