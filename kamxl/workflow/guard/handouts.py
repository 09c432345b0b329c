"""Proof of the page for a meeting, before it is written: nothing on it but what she may read.

Byte for byte it is the template, which saw none of her texts, and texts that the plan holds as
written for her, in their places; what they are is derived here once more, from the plan itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from markupsafe import escape

from kamxl.core.ids import is_spare, same_id
from kamxl.core.portfolio.handout import Handout
from kamxl.core.records.page import Asks, RowKind
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import CardOrder
from kamxl.excel.proof.workbook import Doubt
from kamxl.forms.portfolio.handout import handout_page
from kamxl.forms.portfolio.one_page import told
from kamxl.report.html import render_page
from kamxl.report.plain import plain

_TOKEN = re.compile("\ue000(\\d+)\ue001")  # of letters that nobody's text has: plain shows no such
_NO_TEXT = frozenset({"id", "language", "period"})
R = TypeVar("R")


def handout_doubt(
    handout: Handout, account: str, plan: AccountPlan, cards: Mapping[str, CardOrder], data: bytes
) -> Doubt | None:
    """What of a page is not proven; None: all is. ``cards``: those it says it belongs to."""
    if any(same_id(one.account) != same_id(account) or one.test for one in cards.values()):
        return Doubt("cards", "there is something of somebody else in it")
    for part, entry in _not_hers(handout, plan, cards):
        return Doubt(part, f"it is not written for her: {entry}")
    values: list[str] = []
    layout = render_page(handout_page(_emptied(handout, values), tuple(cards))).decode()
    whole = _TOKEN.sub(lambda found: str(escape(plain(told(values[int(found[1])])))), layout)
    return None if whole.encode() == data else Doubt("page", "it says more than its record")


def _emptied(value: R, values: list[str], field: str = "") -> R:
    """A record with a token in place of each text, which goes to ``values``."""
    if isinstance(value, str) and not isinstance(value, Enum):
        if not value.strip() or field in _NO_TEXT:
            return value
        if "\ue000" in value or "\ue001" in value:
            raise ValueError("a token in a text")
        values.append(value)
        return f"\ue000{len(values) - 1}\ue001"  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(_emptied(one, values) for one in value)  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        made: dict[str, Any] = {
            one.name: _emptied(getattr(value, one.name), values, one.name) for one in fields(value)
        }
        return replace(value, **made)
    return value


def _not_hers(
    handout: Handout, plan: AccountPlan, cards: Mapping[str, CardOrder]
) -> Iterator[tuple[str, str]]:
    """The entries that are not, word for word and figure for figure, what is written for her."""
    labels = {
        (same_id(asked.id), asked.label)
        for order in cards.values()
        if order.asks is not Asks.REPLY
        for asked in order.requirements
        if not is_spare(asked.id)
    }
    acted = {
        (same_id(a.requirement), _bare(a.share), _bare(a.customer_owner), _bare(a.owner), a.due)
        for a in plan.actions
        if a.share.strip() and not a.wish
    }
    for row in handout.rows:
        asked = (same_id(row.id), row.understood)
        done = same_id(row.id), row.doing, row.theirs, row.ours, row.due
        if row.kind is not RowKind.GAP or row.said or asked not in labels or done not in acted:
            yield "rows", row.id
    yield from _others(handout.statements, {(d.id, _bare(d.share)) for d in plan.discovery},
                       lambda one: (one.id, one.text), "statements")  # fmt: skip
    shared = {
        (v.id, _bare(v.share), _bare(v.unit), v.baseline, v.now)
        for v in plan.levers
        if not v.asks.strip()
    }
    yield from _others(handout.benefits, shared,
                       lambda one: (one.id, one.metric, one.unit, one.baseline, one.now),
                       "benefits")  # fmt: skip
    agreed = {
        (p.id, *map(_bare, (p.goal, p.gain_theirs, p.gain_ours, p.customer_owner, p.owner,
                            p.step, p.stop)))
        for p in plan.programmes
        if p.active
    }  # fmt: skip
    yield from _others(handout.programmes, agreed, lambda p: (
        p.id, p.goal, p.gain_theirs, p.gain_ours, p.owner_theirs, p.owner_ours, p.step, p.stop,
    ), "programmes")  # fmt: skip


def _others(
    entries: tuple[Any, ...], known: set[Any], said: Callable[[Any], Any], part: str
) -> Iterator[tuple[str, str]]:
    """Those of a part that are not ``known``, or say nothing."""
    yield from ((part, one.id) for one in entries if said(one) not in known or not said(one)[1])


def _bare(text: str) -> str:
    return text.strip()
