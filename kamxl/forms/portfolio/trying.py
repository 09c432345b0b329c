"""What a manager typed into the three cells of *What if*, so that the next portfolio tries it, too.

Those cells say themselves whether they are hers: they differ from what kamxl wrote, or she typed
them before and kamxl carried them on. Else the next portfolio tries what is worth most by then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kamxl.core.ids import same_name
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.whatif import BEST, Scenario
from kamxl.forms.paper.raw import RawCell, RawSheet
from kamxl.forms.portfolio import prints
from kamxl.forms.tables.fields import plain
from kamxl.forms.tables.locate import find_tables
from kamxl.wording.texts import spoken

REQUIREMENT, TO, LIST = INPUTS = ("set_requirement", "set_to", "set_list")
OWN = "set_own"  # 1: what is tried is hers
_LABEL = 400  # letters of a requirement


class Trial(NamedTuple):
    """What she tried, as it stands there; ``to``: points, None: no number."""

    requirement: str
    to: float | None
    list: str


def inputs(sheet: RawSheet) -> dict[str, tuple[int, int]]:
    """Where the three cells are, by their keys; nowhere if somebody took the keys away."""
    tables = find_tables(sheet, INPUTS)
    if not tables:
        return {}
    found = {key: tables[0].column(key) for key in INPUTS}
    return {key: (tables[0].row + 1, column) for key, column in found.items() if column}


def trial_in(sheet: RawSheet | None) -> Trial | None:
    """What she typed there; None: nothing, it is what kamxl wrote."""
    places = inputs(sheet) if sheet else {}
    if sheet is None or not places:
        return None
    cells = {key: sheet.cells.get(place) for key, place in places.items()}
    tables = find_tables(sheet, (*INPUTS, OWN))
    own = tables[0].cell(tables[0].row + 1, OWN) if tables else None
    carried = own is not None and own.number == 1
    if not carried and all(_ours(sheet, cell) for cell in cells.values()):
        return None
    requirement, to, wanted = (cells[key] for key in INPUTS)
    return Trial(_text(requirement), to.number if to else None, _text(wanted))


def _ours(sheet: RawSheet, cell: RawCell | None) -> bool:
    """Whether kamxl wrote it: what is blank now, it did not."""
    known = prints.found(sheet.cells) or frozenset()
    return cell is not None and prints.of_cell((), "", prints.said_in(cell)) in known


def _text(cell: RawCell | None) -> str:
    return plain(cell.text)[:_LABEL] if cell else ""


def scenario_of(trials: Sequence[Trial | None], places: Mapping[str, int]) -> Scenario | None:
    """The newest trial (the last one) that can be tried; None: there is none.

    ``places``: the requirements to choose from.
    """
    labels = {same_name(label): label for label in places}
    for trial in reversed(trials):
        if trial is None:
            continue
        label = labels.get(same_name(trial.requirement))
        if label is not None and trial.to is not None and 0 <= trial.to <= BEST:
            return Scenario(label, trial.to, _list(trial.list))
        return None  # the newest counts, be it out of date
    return None


def _list(word: str) -> AccountList | None:
    """The list that a word of any language means; None: all accounts."""
    said = {
        plain(name).casefold(): one
        for one in AccountList
        for name in spoken(f"portfolio.lists.{one.value}")
    }
    return said.get(word.casefold())
