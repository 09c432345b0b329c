"""What an earlier portfolio means for the next one: what is hers in it, and what it holds already.

Data that travels: a portfolio may come from anywhere, so it is read in a process apart, and of all
its cells only this comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from kamxl.forms.paper.raw import RawBook
from kamxl.forms.portfolio.merged import Holds, merged_in
from kamxl.forms.portfolio.own import Hers, Keys, hers
from kamxl.forms.portfolio.prints import of_row
from kamxl.forms.portfolio.reading import (
    account_names,
    foreign_sheets,
    remarks,
    shown_sheets,
    used_files,
)
from kamxl.forms.portfolio.trying import Trial, trial_in


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier portfolio, as the next one needs it.

    ``saved``: when, as it says itself. ``foreign``: its sheets that are not ours. ``remarks`` and
    ``names`` by account; ``used``: the files that counted in it. ``merged``: the portfolios that it
    holds, by their digests. ``trial``: what the manager tries on *What if*.
    """

    saved: datetime | None = None
    foreign: tuple[str, ...] = ()
    remarks: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    used: frozenset[str] = frozenset()
    hers: Hers = field(default_factory=Hers)
    merged: Mapping[str, Holds] = field(default_factory=dict)
    trial: Trial | None = None


def earlier(raw: RawBook, keys: Mapping[str, Keys]) -> Earlier:
    """What a portfolio says; ``keys`` by sheet, of the next one."""
    return Earlier(
        raw.modified,
        foreign_sheets(raw),
        remarks(raw),
        account_names(raw),
        used_files(raw),
        hers(raw, keys),
        merged_in(raw),
        trial_in(shown_sheets(raw).get("whatif")),
    )


def without_rows(said: Earlier) -> Earlier:
    """The same of one whose rows nobody asks for."""
    return replace(said, hers=replace(said.hers, rows={}))


def beyond(older: Earlier, there: Earlier) -> Earlier:
    """What of an older portfolio found no place when ``there`` was made of it: rows it lacks.

    All else stood in that one, and what of it is gone by now was taken out on purpose.
    """
    entries = tuple(
        entry
        for entry in older.hers.entries
        if entry.identity is None
        or of_row(entry.identity[0]) not in there.hers.rows.get(entry.sheet, ())
    )
    return replace(older, remarks={}, used=frozenset(), hers=Hers(entries), trial=None)
