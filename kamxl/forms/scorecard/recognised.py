"""Whether a workbook without a mark and without our table is a card of ours all the same.

Sheets are copied, columns deleted, tables typed again; then neither mark nor keys are left, and
what is left, our names, headers, sentences or what was asked, still shows that it is an answer.
Words that stand in any workbook ("Name", "Weight", "ID") show nothing, however many there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import islice

from kamxl.core.ids import US
from kamxl.core.records.register import CardOrder
from kamxl.forms.paper.raw import RawBook, RawKind, RawSheet
from kamxl.forms.scorecard.columns import headers_of
from kamxl.forms.scorecard.grid import ANCHOR, COMMENT, GAP, GOOD, ID, LABEL, LAST, WEIGHT
from kamxl.forms.scorecard.ours import folded_text, sentences
from kamxl.forms.scorecard.values import OWN_NAMES
from kamxl.wording.texts import spoken

_MOST = 20_000  # texts that are looked at
_LABELS = 3  # of one card below one another: fewer any list of criteria has
_KEYS = frozenset({ID, LABEL, ANCHOR, WEIGHT, GAP, COMMENT, GOOD, LAST, US})
_ROW_ID = re.compile(r":(?:sum|total|coverage|rank|name|function|role|date)")
_TITLES = ("start", "table", "profile", "result", "wishes", "reply")


def is_ours(raw: RawBook, orders: Iterable[CardOrder] = ()) -> bool:
    """Whether a card of ours shows in a workbook; ``orders``: what was asked, if it is known."""
    if sum(name.removeprefix("kx_") in OWN_NAMES for name in raw.names if name[:3] == "kx_") > 1:
        return True
    asked = [{folded_text(r.label) for r in order.requirements} for order in orders]
    every = frozenset().union(*asked)
    said: set[str] = set()
    for sheet in raw.sheets:
        texts = _texts(sheet)
        said |= sentences().intersection(texts.values())
        ids = {one for one in texts.values() if _ROW_ID.fullmatch(one)}
        if len(ids) > 1 or _has_headers(texts) or _asked(texts, asked, every):
            return True
    titles = {folded_text(sheet.title) for sheet in raw.sheets} & _titles()
    return len(said) + (len(titles) > 2) > 1


def _texts(sheet: RawSheet) -> dict[tuple[int, int], str]:
    """The texts of a sheet, folded."""
    cells = islice(sheet.cells.items(), _MOST)
    return {at: folded_text(cell.text) for at, cell in cells if cell.kind is RawKind.TEXT}


@cache
def _titles() -> frozenset[str]:
    return frozenset(folded_text(o) for key in _TITLES for o in spoken(f"scorecard.{key}.sheet"))


@cache
def _heads() -> Mapping[str, str]:
    anchor = {folded_text(said): ANCHOR for said in spoken("scorecard.table.anchor")}
    return headers_of(None) | anchor


def _has_headers(texts: Mapping[tuple[int, int], str]) -> bool:
    """Whether a row holds so many of our headers, or of our keys, that chance cannot have it."""
    rows: dict[int, tuple[set[str], set[str]]] = {}
    for (row, _), text in texts.items():
        key = _heads().get(text)
        if key or text in _KEYS:
            heads, keys = rows.setdefault(row, (set(), set()))
            heads |= {key} if key else set()
            keys |= {text} & _KEYS
    rare = {GAP, GOOD}
    return any(
        (WEIGHT in heads and len(heads) > (2 if heads & rare else 3))
        or (WEIGHT in keys and len(keys) > 3 and not keys.isdisjoint({US, GAP}))
        for heads, keys in rows.values()
    )


def _asked(
    texts: Mapping[tuple[int, int], str], asked: list[set[str]], every: frozenset[str]
) -> bool:
    """Whether at least half of what a card asked stands below one another."""
    columns: dict[int, set[str]] = {}
    for (_, column), text in texts.items():
        if text in every:
            columns.setdefault(column, set()).add(text)
    listed = [found for found in columns.values() if len(found) >= _LABELS]
    return any(
        len(found & labels) >= max(_LABELS, (len(labels) + 1) // 2)
        for found in listed
        for labels in asked
    )
