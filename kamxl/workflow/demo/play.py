"""The demo: invented accounts, cards and plans issued, both sides played, all consolidated."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from kamxl.core.ids import same_id
from kamxl.core.period import Period
from kamxl.core.records.page import Asks
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import CardKey, CardOrder
from kamxl.errors import KamxlError
from kamxl.store import atomic, memory
from kamxl.store.turns import is_of_turns, one_at_a_time
from kamxl.store.workspace import Workspace, memory_of
from kamxl.workflow.cards import CardPress
from kamxl.workflow.demo.replies import Customers, Sent
from kamxl.workflow.demo.team import Team
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.replying import reply
from kamxl.workflow.results import DemoResult, IssueResult, Progress
from kamxl.workflow.start.identity import opened
from kamxl.workflow.start.init import init
from kamxl.workflow.start.register import read_register

WORKSPACE_ID = "demo"
PLANNED = timedelta(days=40)  # before the day of the demo the plans were made
REPLIED = timedelta(days=75)  # before it the first customer was replied to
HALF_A_YEAR = timedelta(days=180)
_MARKER = "demo"


def demo(
    root: Path,
    language: str,
    *,
    key: bytes,
    now: datetime,
    progress: Progress | None = None,
) -> DemoResult:
    """Play a full loop in ``root``, replies included, some of them imperfect on purpose.

    KamxlError: ``root`` holds something that is no demo; nothing in it was touched.
    """
    root = root.expanduser().resolve()
    _refuse_others(root)
    with one_at_a_time(root, "demo"):
        _refuse_others(root)
        _make_room(root)
        _mark(root)
        return _played(root, language, key, now, progress)


def _played(
    root: Path, language: str, key: bytes, now: datetime, progress: Progress | None
) -> DemoResult:
    init(root, language, with_sample=True, workspace_id=WORKSPACE_ID, key=key, now=now)
    press = CardPress()
    workspace = opened(root)
    customers = Customers(workspace, now, press)
    team = Team(workspace, read_register(workspace).register, now)
    earlier = _before(workspace, customers, team, press, now)
    with _kept_on(workspace, now - PLANNED):
        current = issue(root, press=press, now=now - PLANNED)
    asked = _orders(workspace, current)
    team.fill(current.plans, current.period, earlier)
    _deliver(workspace, customers.replies(asked))
    astray = customers.misplaced(asked)
    team.put_aside(astray.path, astray.data, astray.saved)
    result = consolidate(root, language, now=now, progress=progress)
    plan = current.plans[0].path or ""
    return DemoResult(
        str(root), len(asked), len(current.plans), current.issued[0].path or "", plan, result
    )


def _before(
    workspace: Workspace, customers: Customers, team: Team, press: CardPress, now: datetime
) -> AccountPlan:
    """The period before: some cards, their answers, and the first account's plan, as it was."""
    register = read_register(workspace).register
    period = Period.parse(register.settings.period)
    if period is None:
        raise ValueError(f"{register.settings.period!r} is no period")
    ids = [account.id for account in register.accounts]
    chosen = customers.of_earlier(ids)
    before, then = previous(period), now - HALF_A_YEAR
    with _kept_on(workspace, then):
        issued = issue(workspace.root, chosen, before, press=press, planned=ids[:1], now=then)
    _deliver(workspace, customers.earlier(_orders(workspace, issued)))
    plan = team.fill_earlier(issued.plans[0], before, then)
    with _kept_on(workspace, now - REPLIED):
        reply(workspace.root, ids[:1], before, press=press, now=now - REPLIED)
    _deliver(workspace, customers.of_pages(_pages(workspace)))
    return plan


def _orders(workspace: Workspace, issued: IssueResult) -> list[CardOrder]:
    """What the cards ask, in the order in which they were issued."""
    orders = {order.key: order for order in memory.load(workspace).orders.values()}
    keys = (
        CardKey(
            same_id(card.account),
            same_id(card.segment or ""),
            same_id(card.respondent or ""),
            issued.period,
        )
        for card in issued.issued
    )
    return [orders[key] for key in keys]


def _pages(workspace: Workspace) -> list[CardOrder]:
    """The reply pages that went out, in the order of their keys."""
    orders = memory.load(workspace).orders.values()
    return sorted((o for o in orders if o.asks is Asks.REPLY), key=lambda order: order.key)


def previous(period: Period) -> str:
    """The period of the same length before this one: 2026-H1 comes after 2025-H2."""
    head, _, tail = period.text.partition("-")
    year = int(head)
    if not tail:
        return f"{year - 1:04}"
    letter, number = (tail[0], int(tail[1:])) if tail[0] in "HQ" else ("", int(tail))
    last = {"H": 2, "Q": 4, "": 12}[letter]
    width = 1 if letter else 2
    if number > 1:
        return f"{year:04}-{letter}{number - 1:0{width}}"
    return f"{year - 1:04}-{letter}{last:0{width}}"


def _refuse_others(root: Path) -> None:
    """KamxlError if there is anything that is no demo; it stays as it is."""
    if not root.exists():
        return
    if not root.is_dir() or not (_is_bare(root) or (memory_of(root) / _MARKER).is_file()):
        raise KamxlError("no-demo", root=root)


def _is_bare(root: Path) -> bool:
    """Whether there is nothing in a folder, but for whose turn it is."""
    memory = memory_of(root)
    inside = memory.iterdir() if memory.is_dir() else ()
    return set(root.iterdir()) <= {memory} and all(map(is_of_turns, inside))


def _make_room(root: Path) -> None:
    """Clear an old demo away, but for whose turn it is.

    The memory goes last, and in it the marker: an interrupted clearing can be continued.
    OSError: no folder can be made here.
    """
    atomic.make_folder(root)
    memory = memory_of(root)
    _cleared(path for path in root.iterdir() if path != memory)
    if memory.is_dir():
        marker = memory / _MARKER
        _cleared(p for p in memory.iterdir() if p != marker and not is_of_turns(p))
        marker.unlink(missing_ok=True)


def _cleared(paths: Iterable[Path]) -> None:
    for path in sorted(paths):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


@contextmanager
def _kept_on(workspace: Workspace, moment: datetime) -> Iterator[None]:
    """What is kept of a step is as old as it: by that the portfolio tells when a page went out."""
    kept = memory_of(workspace.root) / "issued"
    before = set(kept.glob("*.json"))
    yield
    fresh = sorted(set(kept.glob("*.json")) - before, key=lambda one: one.stat().st_mtime_ns)
    for place, path in enumerate(fresh):
        os.utime(path, ns=(round(moment.timestamp()) * 10**9 + place,) * 2)


def _mark(root: Path) -> None:
    atomic.write(memory_of(root) / _MARKER, b"This folder is a demo: 'kamxl demo' replaces it.\n")


def _deliver(workspace: Workspace, replies: Iterable[Sent]) -> None:
    """Put what came back into inbox/, as a mail program would."""
    for sent in replies:
        path = workspace.inbox / sent.path
        atomic.make_folder(path.parent)
        path.write_bytes(sent.data)
        moment = sent.saved.timestamp()
        os.utime(path, (moment, moment))
