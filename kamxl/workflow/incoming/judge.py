"""One file, judged alone: what it is, whose it is, what it says, and what that is worth.

A function over bytes and issued records that any process can run; whatever a file holds, it ends
here as findings. A mistake of ours does so too, as "unexpected": one bad file costs only itself.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC

from kamxl.core.cards import seal
from kamxl.core.cards.deciding import UNMARKED
from kamxl.core.cards.forgetting import Forgetting
from kamxl.core.finding import Fate, Finding, Severity, finding
from kamxl.core.ids import same_id
from kamxl.core.records.dated import DISK, INSIDE, Dated
from kamxl.core.records.decision import Decision
from kamxl.core.records.page import Asks
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import Answers, CardKey, CardOrder, Competitor, FileResult
from kamxl.errors import DEBUG, KamxlError
from kamxl.excel.reading.book import Refused, read
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.plan import book as plan_form
from kamxl.forms.plan import companion
from kamxl.forms.scorecard import reading as scorecard_reading
from kamxl.forms.scorecard.doubts import waits
from kamxl.forms.scorecard.reading import CardReading
from kamxl.forms.scorecard.recognised import is_ours
from kamxl.forms.tables.layouts import too_new
from kamxl.forms.tables.mark import LAYOUT, FoundMark, Mark, card_in, find_marks, find_traces
from kamxl.store.inbox import Entry
from kamxl.workflow.cards import stamp_of
from kamxl.workflow.files import registers
from kamxl.workflow.files.refused import of_entry, of_refusal
from kamxl.workflow.incoming.decided import assigned, left_out, read_as_decided
from kamxl.workflow.incoming.issued_records import IssuedRecords
from kamxl.workflow.incoming.undelivered import of_notice

Reading = Callable[[bytes], RawBook]

FLAGS = {
    "macros": "macros-ignored",
    "external-links": "external-links",
    "notes-unread": "notes-unread",
}
# An error of these means that the file as a whole is not used; any other, a value in it.
WHOLE_FILE = frozenset(
    {
        "mark-missing",
        "mark-unknown",
        "mark-altered",
        "mark-foreign",
        "several-cards",
        "layout-newer",
        "empty-card",
        "table-missing",
        "label-contradicts",
        "rows-unknown",
        "header-contradicts",
        "rows-shifted",
    }
)
# What is said of a plan, or of a reply page, in other words than of a card.
OF_PLAN = frozenset({"mark-missing", "several-cards", "sheet-missing", "period-bad"})
OF_PAGE = frozenset({"mark-unknown", "mark-altered", "mark-foreign", "empty-card", "test-card"})
INCOMPLETE = frozenset({"requirement-missing", "column-missing"})


@dataclass(frozen=True, slots=True)
class Judged(FileResult):
    """A file with the suppliers that stand on its card, named as it names them, or its plan.

    ``own``: what a register says of itself when it is read as one; ``beside``: whose companion it
    is, if it is one.
    """

    suppliers: tuple[Competitor, ...] = ()
    plan: AccountPlan | None = None
    own: tuple[Finding, ...] = ()
    beside: companion.Marked | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a workspace knows: its id, its keys (newest first), the issued records by digest.

    ``decisions``: what the team settled about answers; ``newest``: of cards that one of them names
    with a file, the digest of the record that went out last.
    """

    workspace: str
    keys: tuple[bytes, ...] = field(repr=False)
    orders: IssuedRecords = field(default_factory=IssuedRecords, repr=False)
    decisions: tuple[Decision, ...] = ()
    newest: Mapping[CardKey, str] = field(default_factory=dict)

    @property
    def held(self) -> int:
        """Bytes that it takes in a process apart."""
        return self.orders.held

    @property
    def forgetting(self) -> Forgetting:
        """What is known of those who were forgotten."""
        return Forgetting.of(self.keys[-1], self.orders.of_forgotten)


def unjudged(entry: Entry) -> Judged:
    """What is said of a file before anybody knows what it is."""
    source = entry.source or entry.path
    dates = (Dated(DISK, entry.modified),) if entry.modified else ()
    return Judged(entry.path, source, "unknown", Fate.ATTENTION, saved=entry.modified, dates=dates)


def judge(entry: Entry, known: Known | None, reading: Reading = read) -> Judged:
    """One file as it is worth by itself. ``known`` None: judged without a workspace.

    ``reading`` makes a workbook of bytes (Refused: it cannot); files from outside are better judged
    by ``looking``, which survives whatever they do to it. KamxlError, MemoryError: no file could be
    judged here now; texts are missing, or memory.
    """
    judged = _judged(entry, known, reading)
    return left_out(judged, known.decisions) if known is not None else judged


def _judged(entry: Entry, known: Known | None, reading: Reading) -> Judged:
    blank = unjudged(entry)
    if entry.data is None:
        if entry.reason == "mail-undelivered" and entry.mail is not None:
            note = known.forgetting.note(entry.mail) if known else entry.mail
            return of_notice(blank, note, known.orders if known else IssuedRecords())
        return of_entry(blank, entry.reason or "no-access")
    try:
        return _judge(blank, reading(entry.data), known)
    except Refused as refused:
        return of_refusal(blank, refused.code, refused.reason)
    except (KamxlError, MemoryError):  # as bad for any other file
        raise
    except Exception as problem:  # one bad file costs only itself, whatever is bad about it
        if os.environ.get(DEBUG):
            raise
        return of_refusal(blank, "unexpected", type(problem).__name__)


def _judge(blank: Judged, raw: RawBook, known: Known | None) -> Judged:
    flags = [finding(FLAGS[flag]) for flag in sorted(raw.flags) if flag in FLAGS]
    blank = replace(blank, findings=tuple(flags))
    marks = find_marks(raw)
    if plan_form.is_plan(raw):
        return _plan(blank, raw, marks, known)
    blank = _dated(blank, raw, marks[0].mark.period if marks else None)
    if marks:
        return _marked(blank, raw, marks, known)
    beside = companion.marked(raw)
    if beside is not None:
        own = replace(blank, kind="companion", fate=Fate.ACCEPTED, beside=beside)
        return replace(own, account=beside.whose.account, period=beside.whose.period)
    what = sheet_mark(raw)
    if what:
        said = tuple(registers.understood(raw).findings) if what == "register" else ()
        return replace(blank, kind=what, fate=Fate.ACCEPTED, own=said)
    return _assigned(blank, raw, known, lambda: _unmarked(blank, raw, known))


def sheet_mark(raw: RawBook) -> str | None:
    """What the register and the portfolio say of themselves in the first cell of a sheet."""
    for sheet in raw.sheets:
        cell = sheet.cells.get((1, 1))
        parts = cell.text.strip().split(":") if cell else []
        if len(parts) >= 2 and parts[0] == "kamxl" and parts[1] in ("register", "portfolio"):
            return parts[1]
    return None


def _plan(blank: Judged, raw: RawBook, marks: list[FoundMark], known: Known | None) -> Judged:
    """An account plan: the team's own, so nothing in it is signed."""
    plan, findings = plan_form.read(raw)
    found = [_about("plan", one) if one.code in OF_PLAN else one for one in findings]
    if marks:  # somebody put a customer's card in beside the plan
        found.insert(0, finding("card-in-plan", sheet=marks[0].sheet, cell=marks[0].cell))
    foreign = plan is not None and known is not None and plan.workspace != known.workspace
    if plan is not None and foreign:
        found.insert(0, finding("mark-foreign", workspace=plan.workspace, what="plan"))
    unread = plan is None or foreign or any(one.code == "layout-newer" for one in found)
    wrong = any(one.severity is Severity.ERROR for one in found)
    fate = Fate.PROVISIONAL if wrong else Fate.ACCEPTED
    return replace(
        _dated(blank, raw, plan.period if plan else None),
        kind="plan",
        fate=Fate.ATTENTION if unread else fate,
        account=plan.account if plan else None,
        period=plan.period if plan else None,
        findings=(*blank.findings, *found),
        plan=plan,
    )


def _about(what: str, found: Finding) -> Finding:
    return replace(found, details=tuple(sorted((*found.details, ("what", what)))))


def _unmarked(blank: Judged, raw: RawBook, known: Known | None) -> Judged:
    """A card that lost its mark is still somebody's answer; anything else is none of ours."""
    traces = find_traces(raw)
    reading = scorecard_reading.read(raw, None)
    if traces:
        problem = finding("mark-altered", sheet=traces[0].sheet, cell=traces[0].cell)
        blank = replace(blank, named=tuple(k for t in traces if (k := card_in(t.text))))
    elif any(found.code != "table-missing" for found in reading.findings) or reading.answers:
        problem = finding("mark-missing")
    elif is_ours(raw, known.orders.asking_alike if known else ()):
        return _card(blank, CardReading(None, ()), finding("mark-missing"))
    else:
        found = (finding("not-ours"), *blank.findings)
        return replace(blank, fate=Fate.IGNORED, findings=found)
    return _card(blank, reading, problem)


def _marked(blank: Judged, raw: RawBook, marks: list[FoundMark], known: Known | None) -> Judged:
    blank = replace(blank, named=tuple(dict.fromkeys(found.mark.card for found in marks)))
    count = len({found.mark for found in marks})
    if count > 1:
        sheet, cell = marks[1].sheet, marks[1].cell
        several = finding("several-cards", sheet=sheet, cell=cell, count=count)
        return _card(blank, CardReading(None, ()), several)
    mark, sheet, cell = marks[0]
    whose = replace(
        blank,
        account=mark.account,
        segment=mark.segment,
        respondent=mark.respondent,
        period=mark.period,
    )
    code, order = ("signature-unchecked", None) if known is None else _verified(mark, known)
    details = {"workspace": mark.workspace} if code == "mark-foreign" else {}
    problem = None if code is None else finding(code, sheet=sheet, cell=cell, **details)
    newer = max((mark.layout for mark, _, _ in marks), default=LAYOUT)
    if newer > LAYOUT and code in (None, "signature-unchecked"):
        problem = too_new(newer, LAYOUT, (sheet, cell))
    if order is None:

        def unverified() -> Judged:
            return _card(whose, scorecard_reading.read(raw, None), problem)

        return _assigned(blank, raw, known, unverified) if code in UNMARKED else unverified()
    if order.test:
        judged = _card(_whose(whose, order), scorecard_reading.read(raw, order), problem)
        return _of_test(_without_her(judged, known), sheet, cell)
    return _as_decided(whose, raw, order, known, problem)


def _whose(blank: Judged, order: CardOrder) -> Judged:
    """The file as one of the card that a record asked."""
    return replace(
        blank,
        order=order,
        account=order.account,
        segment=order.segment,
        respondent=order.respondent,
        period=order.period,
    )


def _assigned(
    blank: Judged, raw: RawBook, known: Known | None, otherwise: Callable[[], Judged]
) -> Judged:
    """A card without a sound mark, of which somebody decided whose it is; ``otherwise``: nobody."""
    found = assigned(known.decisions, known.orders, known.newest, blank.path) if known else None
    if found is None or found.order is None:
        judged = otherwise()
        return replace(judged, findings=(*judged.findings, *(found.wrong if found else ())))
    judged = _as_decided(blank, raw, found.order, known, None, found.decision)
    sure = judged.fate is Fate.ACCEPTED
    return replace(judged, fate=Fate.PROVISIONAL) if sure else judged


def _as_decided(
    blank: Judged, raw: RawBook, order: CardOrder, known: Known | None,
    problem: Finding | None, given: Decision | None = None,
) -> Judged:  # fmt: skip
    """A card as it stands there, or as somebody decided that it is to be read."""
    decisions, orders = (known.decisions, known.orders) if known else ((), IssuedRecords())
    found = read_as_decided(raw, order, decisions, orders.values(), blank.path, given)
    judged = _card(_whose(blank, found.order), found.reading, problem)
    told = (*judged.findings, *found.findings)
    judged = replace(judged, findings=told, decision=found.decision)
    judged = judged if known is None or _is_chained(order, known) else _unchained(judged)
    return _without_her(judged, known)


def _is_chained(order: CardOrder, known: Known) -> bool:
    """Whether we still know the card that a reply page answers, and it was the same person's."""
    if order.asks is not Asks.REPLY or order.page is None:
        return True
    card = known.orders.get(order.page.answers)
    return card is not None and card.key[:3] == order.key[:3]


def _unchained(judged: Judged) -> Judged:
    """What she says stands on the page's own record: it counts, and is marked."""
    fate = Fate.PROVISIONAL if judged.fate is Fate.ACCEPTED else judged.fate
    page = judged.order.page if judged.order else None
    told = finding("page-unchained", value=page.period if page else None)
    return replace(judged, fate=fate, findings=(*judged.findings, told))


def _without_her(judged: Judged, known: Known | None) -> Judged:
    """An answer on the card of somebody who was forgotten: hers is under her pseudonym.

    What stands beside the cells is left out: our own words there name her.
    """
    order, answers = judged.order, judged.answers
    if known is None or order is None or order.forgotten is None or answers is None:
        return judged
    found = tuple(one for one in judged.findings if one.code != "words-beside")
    answers = replace(answers, beside=())
    judged = replace(judged, findings=found, answers=answers)
    told, decision = known.forgetting.answers(order, answers), judged.decision
    if told is answers:
        return judged
    if decision is not None and decision.name:
        decision = replace(decision, name=told.name)
    if decision is not None and known.forgetting.is_hers(decision.person):
        decision = replace(decision, person=told.name)
    name = told.name if judged.name else None
    return replace(judged, answers=told, name=name, decision=decision)


def _of_test(judged: Judged, sheet: str, cell: str) -> Judged:
    """A test card is no answer, whatever stands on it; what would be said of it still is."""
    told = finding("test-card", sheet=sheet, cell=cell)
    told = _about("reply", told) if judged.kind == "reply" else told
    return replace(judged, fate=Fate.IGNORED, findings=(told, *judged.findings))


def _verified(mark: Mark, known: Known) -> tuple[str | None, CardOrder | None]:
    """What is wrong with a mark (None: nothing), and the record of what its card asked."""
    if mark.workspace != known.workspace:
        return "mark-foreign", None
    key = next((k for k in known.keys if _signed(mark, known.workspace, k)), None)
    if key is None:
        return "mark-altered", None
    order = known.orders.get(mark.digest)
    if order is None:
        return "mark-unknown", None
    if seal.digest(order, key) != mark.digest:
        # A key that was given up signs nothing that was issued after it.
        return "mark-altered", None
    ids = (mark.account, mark.segment, mark.respondent)
    asked = (order.account, order.segment, order.respondent)
    if tuple(map(same_id, ids)) != tuple(map(same_id, asked)) or mark.period != order.period:
        return "mark-altered", None
    if mark.asks != order.asks:  # as if the answer to a reply page were a card, or the other way
        return "mark-altered", None
    return None, order


def _signed(mark: Mark, workspace: str, key: bytes) -> bool:
    return seal.verify(key, workspace, mark.digest, mark.signature)


def _dated(blank: Judged, raw: RawBook, period: str | None) -> Judged:
    """The file with when it was last saved as it says inside, before what the disk says.

    The time that we wrote into the card ourselves says nothing about the customer's program.
    """
    inside = raw.modified
    if inside is None:
        return blank
    inside = inside if inside.tzinfo else inside.replace(tzinfo=UTC)
    with contextlib.suppress(ValueError):
        if period and inside == stamp_of(period):
            return blank
    return replace(blank, saved=inside, dates=(Dated(INSIDE, inside), *blank.dates))


def _card(blank: Judged, reading: CardReading, problem: Finding | None) -> Judged:
    """A scorecard's result, with its fate; ``problem`` is with its mark."""
    answers = reading.answers
    findings = (*((problem,) if problem else ()), *reading.findings)
    page = _is_page(blank)
    if page:
        findings = tuple(_about("reply", f) if f.code in OF_PAGE else f for f in findings)
    name = answers.name.strip() if answers else ""
    return replace(
        blank,
        kind="reply" if page else "scorecard",
        fate=_fate(answers, findings, blank.order, page=page),
        name=name or None,
        findings=(*blank.findings, *findings),
        answers=answers,
        suppliers=reading.suppliers,
    )


def _is_page(file: FileResult) -> bool:
    """Whether a file is a reply page alone, as its record says, else its mark."""
    if file.order is not None:
        return file.order.asks is Asks.REPLY
    return any(key.asks is Asks.REPLY for key in file.named[:1])


def _fate(
    answers: Answers | None,
    findings: tuple[Finding, ...],
    order: CardOrder | None = None,
    *,
    page: bool = False,
) -> Fate:
    codes = {found.code for found in findings}
    if answers is None or answers.empty or codes & WHOLE_FILE or any(map(waits, findings)):
        return Fate.ATTENTION
    wrong = any(found.severity is Severity.ERROR for found in findings)
    profile = order is not None and order.profile_first and not answers.rates
    card = answers.scorecard
    lacking = codes & INCOMPLETE or (card.unsettled if profile else card.provisional)
    if wrong or (not page and lacking):
        return Fate.PROVISIONAL
    return Fate.ACCEPTED
