"""What to do next in a sample workspace, after each command: the loop, step by step, in words."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from kamxl.core.records.register import CardKey, CardOrder
from kamxl.errors import KamxlError
from kamxl.forms.paper.raw import column_letters
from kamxl.forms.scorecard.grid import TableGrid, size_of
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import Texts, texts
from kamxl.workflow.demo.beginning import her_card
from kamxl.workflow.demo.sample import is_sample
from kamxl.workflow.start.identity import opened

_AFTER = {
    "init": ("intro", "issue", "fill", "save", "consolidate", "look"),
    "issue": ("fill", "save", "consolidate", "look"),
    "consolidate": ("look",),
}


def next_steps(
    root: Path, command: str, language: str, answered: Collection[CardKey] = ()
) -> list[str]:
    """The lines after a command; none where the folder is no sample, or its own card is gone.

    ``answered``: the cards of which an answer counts; her own may be among them.
    """
    if command not in _AFTER or not is_sample(root):
        return []
    try:
        order = her_card(root)
        return (
            [] if order is None else list(_lines(opened(root), order, command, language, answered))
        )
    except (KamxlError, OSError, ValueError, KeyError):  # she changed it: it is hers now
        return []


def _lines(
    workspace: Workspace,
    order: CardOrder,
    command: str,
    language: str,
    answered: Collection[CardKey],
) -> Iterator[str]:
    said, values = texts(language), _values(workspace, order, texts(language))
    keys = _AFTER[command]
    if command == "consolidate":
        there = order.key in answered
        keys = ("look", "done") if there else ("look", "missing", "fill", "save", "consolidate")
    yield ""
    if command != "init":
        yield said("guide.next")
    for key in keys:
        yield said(f"guide.{key}", **values)


def _values(workspace: Workspace, order: CardOrder, said: Texts) -> dict[str, object]:
    grid, spoken = TableGrid(size_of(order)), texts(order.language)
    ids = (order.period, order.account, order.segment, order.respondent)
    first, last = grid.row(0), grid.row(grid.size.requirements - 1)
    weight, us = column_letters(grid.weight), column_letters(grid.us)
    return {
        "command": "kamxl"
        if workspace.root == Path.cwd()
        else f"kamxl -C {_quoted(workspace.root)}",
        "root": workspace.root,
        "card": workspace.relative(workspace.card_path(*ids)),
        "sheet": spoken("scorecard.table.sheet"),
        "weights": f"{weight}{first}:{weight}{last}",
        "ratings": f"{us}{first}:{us}{last}",
        "name": order.respondent_name,
        "account": order.account_name,
        "dashboard": said("portfolio.dashboard.sheet"),
        "drivers": said("portfolio.drivers.sheet"),
        "intake": said("portfolio.intake.sheet"),
    }


def _quoted(path: Path) -> str:
    text = str(path)
    if sys.platform == "win32":
        return f'"{text}"' if " " in text else text
    return shlex.quote(text)
