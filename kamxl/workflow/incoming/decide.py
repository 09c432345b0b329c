"""What waits for a decision, and a decision written into a register beside the team's own.

The register is the team's: what is decided here is shown, and on their word a register is written
that has it, with everything typed into the present one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from kamxl.core.cards.deciding import (
    NAMING,
    UNMARKED,
    meant_by,
    names_file,
    rulings_for,
    waiting,
)
from kamxl.core.cards.own import UNDER
from kamxl.core.finding import Fate, Finding
from kamxl.core.ids import same_id
from kamxl.core.period import Period
from kamxl.core.records.decision import Decision, Ruling
from kamxl.core.records.page import Asks
from kamxl.core.records.register import CardOrder, FileResult, Register
from kamxl.errors import KamxlError, WorkspaceError
from kamxl.forms.register.carrying import carried
from kamxl.forms.register.deciding import cells_of, with_decisions
from kamxl.forms.register.sheets import DECISION, DECISIONS, FORMS, MARK
from kamxl.forms.tables.reading import read_tables
from kamxl.store import memory
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import texts
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming import own as own_requirements
from kamxl.workflow.incoming.decided import settled_of
from kamxl.workflow.incoming.intake import take_in
from kamxl.workflow.incoming.own import Waiting
from kamxl.workflow.results import NotCarried, Progress
from kamxl.workflow.start.beside import in_newest, write_beside
from kamxl.workflow.start.identity import in_turn, opened
from kamxl.workflow.start.register import RawRegister, raw_register
from kamxl.workflow.start.remembered import damaged_records
from kamxl.workflow.start.upgrade import refuse_newer

_OF_PERSON = frozenset({Ruling.SAME_PERSON, Ruling.OTHER_PERSON})
_CARD = "--"  # between the ids in the name of a card


@dataclass(frozen=True, slots=True)
class DecideResult:
    """What waits for a decision, what was decided now, and where the register with it stands.

    ``state``: "listed" (nothing was decided), "shown" (decided, and nobody was asked whether to
    write it), "declined" or "written" (at ``path``).
    """

    language: str
    waiting: tuple[Waiting, ...]
    state: str = "listed"
    decided: tuple[Decision, ...] = ()
    path: str | None = None
    memory: tuple[Finding, ...] = ()
    left: tuple[NotCarried, ...] = ()
    notes: bool = False
    asked: bool = field(default=False, compare=False)  # somebody saw what waits already

    @property
    def attention(self) -> bool:
        """Whether somebody has to act: something waits, or did not come along."""
        return bool(self.waiting) or bool(self.left) or self.notes


Choose = Callable[[Waiting], Decision | None]
Agree = Callable[[DecideResult], bool]


def decide(
    root: str | os.PathLike[str],
    language: str | None = None,
    *,
    now: datetime,
    said: Sequence[str] = (),
    own: Sequence[str] = (),
    by: Decision | None = None,
    choose: Choose | None = None,
    agree: Agree | None = None,
    progress: Progress | None = None,
) -> DecideResult:
    """List what waits for a decision; write what is decided into a register beside the team's.

    ``said``: decisions as typed, "FILE=DECISION" or "FILE=DECISION:PERSON"; ``own``: those about
    requirements of a customer's own, "ACCOUNT/SEGMENT/TEXT=new:ID". Without any ``choose`` is
    asked about each that waits (None: it goes on waiting). ``by``: who decides, and why.
    ``agree`` is asked once, with all that was decided; without it nothing is written. KamxlError: a
    file, decision or person is not there; WorkspaceError: no workspace or readable register.
    """
    workspace = opened(root)
    looking.ready_for(workspace)
    register = raw_register(workspace)
    spoken = language or register.register.settings.language
    refuse_newer(register.register.layout)
    files = take_in(workspace, progress=progress, now=now, register=register.register).files
    waits = _waiting(files, register.register)
    found = (*waits, *own_requirements.waiting(files, register.register))
    known = _Known(workspace, register.register, files, found)
    shown = DecideResult(spoken, found, memory=damaged_records(workspace))
    if said or own:
        given = [known.typed(one, spoken) for one in said]
        given += [own_requirements.typed(one, found) for one in own]
    else:
        chosen = (choose(one) for one in found) if choose is not None else ()
        given = [known.whole(one) for one in chosen if one is not None]
    if not given:
        return shown
    dated = tuple(_signed(one, by, now) for one in given)
    shown = replace(shown, state="shown", decided=dated)
    if agree is None:
        return shown
    if not agree(shown):
        return replace(shown, state="declined")
    return _written(shown, workspace, register, now)


def _signed(one: Decision, by: Decision | None, now: datetime) -> Decision:
    who, why = (by.who, by.why) if by is not None else ("", "")
    return replace(one, who=one.who or who, why=one.why or why, on=now.date())


def _written(
    shown: DecideResult, workspace: Workspace, register: RawRegister, now: datetime
) -> DecideResult:
    raw, first = in_newest(register, workspace, now)
    tables = read_tables(raw, FORMS, MARK)
    if tables[DECISIONS.key].located is None:
        raise WorkspaceError("import-broken", sheet=tables[DECISIONS.key].sheet)
    made = carried(with_decisions(raw, tables, shown.decided), workspace.id, now)
    with in_turn(workspace.root, "decide"):
        path = workspace.relative(write_beside(workspace, made.book, "decided", now))
    kept = first or made
    left = tuple(NotCarried(one.sheet, one.cell, one.value) for one in kept.left)
    return replace(shown, state="written", path=path, left=left, notes=kept.notes)


# --- what waits ----------------------------------------------------------------------------------


def _waiting(files: Iterable[FileResult], register: Register) -> Iterable[Waiting]:
    every = tuple(files)
    for file in every:
        if file.kind not in ("scorecard", "reply") or file.fate in (Fate.IGNORED, Fate.SUPERSEDED):
            continue
        # whose a reply page without a sound check line is, nobody can say: it is asked for again
        lost = UNMARKED if file.kind == "reply" else ()
        about = [one for one in file.findings if one.code not in lost]
        found = waiting(about, settled_of(file, register.decisions))
        if found:
            rulings = rulings_for(found)
            yield Waiting(file, found, rulings, _row(file, rulings[0], every))


def _row(file: FileResult, ruling: Ruling, files: Iterable[FileResult]) -> Decision:
    """The row that a decision about a file begins with: whose card it is, and which file."""
    order = file.order
    name = file.name or ""
    told = _name_of(file, files)
    if order is None:
        return Decision(ruling, file=told)
    by_name = ruling in _OF_PERSON and bool(name)
    return Decision(
        ruling, order.account, order.segment, order.respondent, order.period,
        name if by_name else "", "" if by_name else told,
    )  # fmt: skip


def _name_of(file: FileResult, files: Iterable[FileResult]) -> str:
    """A file's name, with so many of its folders that no other is called so."""
    parts = file.path.split("/")
    others = [one.path for one in files if one.path != file.path]
    for start in range(len(parts) - 1, 0, -1):
        told = "/".join(parts[start:])
        if not any(names_file(told, other) for other in others):
            return told
    return file.path


# --- what is decided -----------------------------------------------------------------------------


@dataclass(slots=True)
class _Known:
    """What decisions can name: the files that came back, and the cards that went out."""

    workspace: Workspace
    register: Register
    files: Sequence[FileResult]
    waiting: Sequence[Waiting]

    def typed(self, text: str, language: str) -> Decision:
        """What "FILE=DECISION:PERSON" says (KamxlError: something of it is not there)."""
        name, _, rest = text.rpartition("=")
        ruling_, _, person = rest.partition(":")
        code = DECISION.code(ruling_)
        if not name.strip() or code is None or code in UNDER:
            offered = ", ".join(one.value for one in Ruling if one not in UNDER)
            raise KamxlError("decide-unclear", value=text, offered=offered)
        kinds = ("scorecard", "reply", "unknown")
        found = [
            f for f in self.files
            if f.kind in kinds and names_file(name, f.path) and not _is_double(f)
        ]  # fmt: skip
        if not found:
            raise KamxlError("decide-no-file", value=name.strip())
        if len(found) > 1:
            names = ", ".join(one.path for one in found)
            raise KamxlError("decide-files", value=name.strip(), names=names)
        ruling = Ruling(code)
        row = _row(found[0], ruling, self.files)
        return self.whole(replace(row, ruling=ruling, person=person.strip()))

    def whole(self, one: Decision) -> Decision:
        """A decision with whose card it is, where only the person tells (KamxlError: nobody is)."""
        if one.requirement:
            return own_requirements.whole(one, self.waiting)
        if one.ruling not in NAMING:
            return replace(one, person="")
        if not one.person:
            raise KamxlError("decide-person", value=one.file or one.name)
        if one.account or one.ruling is not Ruling.ANSWER_OF:
            return one
        card = self._card(one.person)
        if card is None:
            raise KamxlError("decide-card", value=one.person)
        ids = (card.account, card.segment, card.respondent, card.period)
        return replace(
            one, account=ids[0], segment=ids[1], respondent=ids[2], period=ids[3], person=""
        )

    def _card(self, named: str) -> CardOrder | None:
        """The card that somebody names, as its file is called, or by whom it went to alone."""
        issued = memory.load(self.workspace).orders.values()
        orders = [o for o in issued if not o.test and o.asks is not Asks.REPLY]
        orders.sort(key=lambda o: (_ends(o.period), o.asks is Asks.CARD))
        stem = same_id(named.replace("\\", "/").rpartition("/")[2]).removesuffix(".xlsx")
        stem, _, _ = stem.partition("+")  # her profile is called as her card
        called = [o for o in orders if same_id(_CARD.join(_ids(o))) == stem]
        if called:
            return called[-1]
        now = [o for o in orders if o.period == self.register.settings.period]
        mine = meant_by(named, now)
        if mine is None:
            return None
        keys = {o.key[:4] for o in now if o.key.respondent == mine.key.respondent}
        return mine if len(keys) == 1 else None


def _is_double(file: FileResult) -> bool:
    return any(found.code == "duplicate-file" for found in file.findings)


def _ids(order: CardOrder) -> tuple[str, str, str]:
    return order.account, order.segment, order.respondent


def _ends(period: str) -> tuple[str, str]:
    parsed = Period.parse(period)
    return (parsed.last_day.isoformat() if parsed else "", period)


def row_of(one: Decision, language: str) -> dict[str, str | date]:
    """What stands in its row on the sheet, by the keys of the columns."""
    return cells_of(one, language)


def labelled(ruling: Ruling, language: str) -> str:
    """What a ruling is called on the sheet."""
    return texts(language)(f"{DECISION.texts}.{ruling.value}")
