"""A small team for the tests: its register, its workspace, and customers who fill in cards."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import io
import os
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from kamxl.core.method.selection import (
    Answer,
    Candidate,
    GrowthCondition,
    SelectionCriterion,
)
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import (
    Account,
    Answers,
    AskedRequirement,
    Asks,
    CardKey,
    CardOrder,
    Competitor,
    Contact,
    FileResult,
    ListedCompetitor,
    ListedRequirement,
    Register,
    Requirement,
    Scorecard,
    Segment,
    Settings,
)
from kamxl.excel.writing.draw import build, render
from kamxl.forms.plan.prefill import first_plan
from kamxl.forms.register import book as register_form
from kamxl.forms.register.sheets import FORMS
from kamxl.forms.scorecard.grid import TableGrid, size_of
from kamxl.forms.tables.declared import PREPARED_ROWS
from kamxl.forms.tables.mark import Mark
from kamxl.store import memory
from kamxl.store.atomic import TEMPORARY
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import texts
from kamxl.workflow.cards import CardPress, mark_of
from kamxl.workflow.incoming.intake import take_in_replies
from kamxl.workflow.outgoing.plan_known import Knowledge, drawn
from kamxl.workflow.start.init import init
from kamxl.workflow.start.register import read_register

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
KEY = bytes(range(32))
PERIOD = "2026-H1"
PlanEdit = Callable[[AccountPlan], AccountPlan]
PRESS = CardPress()  # layouts are the same for all tests

SPARE = (
    12  # empty rows of each table of the register: each costs a millisecond in thousands of tests
)
FEW = 30  # the same, for recalculations: the picture lists so many accounts
_ASKED = (("q", "Qualität", 50.0), ("t", "Termintreue", None), ("p", "Preis", None))


def register(**settings: Any) -> Register:
    """Two segments and two respondents; rivals without names; one account in English."""
    asked = [
        ListedRequirement("basis", "", "", AskedRequirement(i, label, m)) for i, label, m in _ASKED
    ]
    return Register(
        Settings("Muster AG", "de", PERIOD, sender_email="kam@muster.example", **settings),
        (
            Account("ALPHA", "Alpha Werke", "de"),
            Account("BETA", "Beta Bau", "de"),
            Account("GAMMA", "Gamma Foods", "en"),
        ),
        (
            Segment("ALPHA", "pumps", "Pumpen", 900.0, "basis"),
            Segment("ALPHA", "valves", "Ventile", 100.0, "basis"),
            Segment("BETA", "pumps", "Pumpen", 500.0, "basis", named_rivals=False),
            Segment("GAMMA", "pumps", "Pumps", 200.0, "basis"),
        ),
        (
            Contact("ALPHA", "c1", "Ada Beispiel", "ada@alpha.example"),
            Contact("ALPHA", "c2", "Bo Muster", "bo@alpha.example", segments=("pumps",)),
            Contact("BETA", "c1", "Cem Probe", ""),
            Contact("GAMMA", "c1", "Dee Sample", "dee@gamma.example"),
        ),
        tuple(asked),
        (
            ListedCompetitor("", "", Competitor("borel", "Borel")),
            ListedCompetitor("ALPHA", "", Competitor("ombra", "Ombra")),
        ),
    )


def focused(*accounts: str, held: Register | None = None) -> Register:
    """The register with these accounts on the focus list, and no others."""
    judged = (
        Candidate(
            account,
            ratings=dict.fromkeys(SelectionCriterion, 80.0),
            conditions=dict.fromkeys(GrowthCondition, Answer.YES),
        )
        for account in accounts
    )
    return replace(held or register(), candidates=tuple(judged))


def register_bytes(language: str = "de") -> bytes:
    return drawn_register(register(), language)


_drawn: dict[str, bytes] = {}


def drawn_register(made: Register, language: str = "de", spare: int = SPARE) -> bytes:
    """Its workbook, with few empty rows: far cheaper to write and to read than all five hundred.

    What is drawn in full is tested with the forms, and through all commands with the demo.
    ``spare``: empty rows of each table; where all is recalculated by engines that read formulas
    slowly, a few say as much as many.
    """
    words = f"{language} {spare} {made!r}"  # records hold mappings, so their words stand for them
    if words not in _drawn:
        with prepared(spare + max(map(len, register_form.lines_of(made).values()))):
            book = register_form.book(language, made, "ws-test", NOW)
        _drawn[words] = render(build(book))
    return _drawn[words]


@contextlib.contextmanager
def prepared(rows: int) -> Iterator[None]:
    """The tables of the register, and what calculates with all rows of one, have so many rows."""
    tables = [form for form in FORMS if form.rows == PREPARED_ROWS]
    with contextlib.ExitStack() as stack:
        for table in tables:  # they are frozen, and for everybody else in this process they stay so
            object.__setattr__(table, "rows", rows)
            stack.callback(object.__setattr__, table, "rows", PREPARED_ROWS)
        yield


@dataclass(frozen=True)
class Team:
    """A workspace and the cards that went out from it."""

    root: Path

    @property
    def workspace(self) -> Workspace:
        return Workspace.open(self.root)

    def order(
        self,
        account: str = "ALPHA",
        segment: str = "pumps",
        respondent: str = "c1",
        period: str = PERIOD,
        asks: Asks = Asks.CARD,
    ) -> CardOrder:
        """The newest record of a card."""
        wanted = CardKey(account.casefold(), segment, respondent, period, asks)
        orders = memory.load(self.workspace).orders.values()
        return [o for o in orders if o.key == wanted][-1]

    def filled(
        self, order: CardOrder, answers: Answers | None = None, mark: Mark | None = None
    ) -> bytes:
        """A card as its respondent would send it back."""
        return PRESS.press(
            order, mark or mark_of(self.workspace, order), answers or answers_to(order)
        )

    def plan(
        self, account: str = "ALPHA", period: str = PERIOD, edit: PlanEdit | None = None
    ) -> bytes:
        """An account plan after its manager worked on it."""
        read = read_register(self.workspace).register
        (found,) = [a for a in read.accounts if a.id == account]
        replies = take_in_replies(self.workspace, read.decisions)
        given = Knowledge(read, period, replies, (), NOW.date()).prefill(found)
        plan = first_plan(given, "de", self.workspace.id)
        ready = replace(given, earlier=edit(plan) if edit else plan)
        return drawn(self.workspace, ready, "de")

    def keep(self, name: str, data: bytes, saved: datetime | None = None) -> Path:
        """A file among the plans."""
        return self.put(name, data, saved, "plans")

    def put(
        self, name: str, data: bytes, saved: datetime | None = None, folder: str = "inbox"
    ) -> Path:
        """A file in the inbox, there since ``saved`` (None: since ``NOW``)."""
        path = self.root / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        moment = (saved or NOW).timestamp()
        os.utime(path, (moment, moment))
        return path


def new_team(root: Path, made: Register | None = None) -> Team:
    """A workspace with the register of above (or another), nothing issued."""
    shutil.copytree(_empty(), root, dirs_exist_ok=True)
    (root / "Register.xlsx").write_bytes(drawn_register(made or register()))
    return Team(root)


@cache
def _empty() -> Path:
    """A workspace that was just made, to be copied: drawing its register takes a second."""
    folder = Path(tempfile.mkdtemp(prefix="kamxl-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    init(folder / "w", "de", workspace_id="ws-test", key=KEY, now=NOW)
    return folder / "w"


def answers_to(
    order: CardOrder,
    *,
    weights: tuple[float | None, ...] = (50.0, 30.0, 20.0),
    us: tuple[float | None, ...] = (80.0, 60.0, 40.0),
    rival: tuple[float | None, ...] = (70.0, 70.0, 50.0),
    name: str | None = None,
) -> Answers:
    """Answers to the three requirements; every rival gets the same ratings."""
    ids = [r.id for r in order.requirements]
    requirements = [
        Requirement(r.id, r.label, w) for r, w in zip(order.requirements, weights, strict=True)
    ]
    ratings = {c.id: dict(zip(ids, rival, strict=True)) for c in order.competitors}
    if order.suppliers:  # a profile rates nobody
        ratings = {"us": dict(zip(ids, us, strict=True)), **ratings}
    card = Scorecard(requirements, ratings)
    return Answers(card, name=order.respondent_name if name is None else name)


def loaded(source: Any) -> Any:
    """A workbook opened by another program (openpyxl tells what it does not keep)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(source)


def edited(data: bytes, edit: Callable[[Any], None]) -> bytes:
    """A workbook after somebody worked on it in another program."""
    workbook = loaded(io.BytesIO(data))
    edit(workbook)
    made = io.BytesIO()
    workbook.save(made)
    return made.getvalue()


def table_of(workbook: Any, order: CardOrder) -> tuple[Any, TableGrid]:
    """The sheet with the table, and where things stand on it."""
    title = texts(order.language)("scorecard.table.sheet")
    return workbook[title], TableGrid(size_of(order))


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The package with one part more, or replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        for part in source.namelist():
            if part != name:
                target.writestr(part, source.read(part))
        target.writestr(name, content)
    return made.getvalue()


def forged(mark: Mark, **changes: str) -> Mark:
    return replace(mark, **changes)


def hashes(root: Path, *names: str) -> dict[str, str]:
    """What stands under some paths of a workspace, to see whether anything changed."""
    found = {}
    for name in names:
        top = root / name
        for path in [top] if top.is_file() else sorted(p for p in top.rglob("*") if p.is_file()):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[path.relative_to(root).as_posix()] = f"{digest} {path.stat().st_mtime_ns}"
    return found


def put_in(found: dict[str, str]) -> dict[str, str]:
    """Of ``hashes``, what people put in: companions, and what a killed run left, are ours."""
    ours = (".answers", TEMPORARY)
    return {path: held for path, held in found.items() if not any(one in path for one in ours)}


def codes(file: FileResult) -> set[str]:
    return {found.code for found in file.findings}
