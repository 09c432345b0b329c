"""What came back: every file in the inbox, accounted for exactly once.

The result depends on what the files hold and are called, never on the order in which they are met
or on how many processes judge them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from kamxl.core.cards.addressing import contacts_of
from kamxl.core.cards.pages import settle_pages
from kamxl.core.cards.replies import Settled, settle
from kamxl.core.cards.timing import claimed, timed
from kamxl.core.finding import Fate, Finding, finding
from kamxl.core.records.decision import Decision
from kamxl.core.records.page import Asks
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import (
    CardKey,
    CardOrder,
    FileResult,
    MailNote,
    Register,
    Reply,
)
from kamxl.excel.reading.limits import LIMITS
from kamxl.store import inbox, memory
from kamxl.store.inbox import Entry
from kamxl.store.issued_log import IssuedLog
from kamxl.store.workspace import Workspace
from kamxl.workflow.files.came_along import beside_answers, with_mail
from kamxl.workflow.incoming.judge import Judged, Known, judge
from kamxl.workflow.incoming.known_files import Shelf
from kamxl.workflow.incoming.plans import of_register, plan_of, settled_plans
from kamxl.workflow.results import Progress


@dataclass(frozen=True, slots=True)
class Intake:
    """``files``: all of them, by path. ``replies`` and ``plans``: those that count.

    ``pages``: of what counts, all that says something of a reply page of ours, whether that was on
    a card (then it is among ``replies``, too) or a workbook of its own. ``findings``: what is said
    once, of all of them. ``companions``: our own beside the plans, which nobody put in.
    """

    files: tuple[FileResult, ...]
    replies: tuple[Reply, ...]
    plans: tuple[AccountPlan, ...] = ()
    findings: tuple[Finding, ...] = ()
    pages: tuple[Reply, ...] = ()
    companions: tuple[Judged, ...] = ()


def known_of(
    workspace: Workspace,
    decisions: Sequence[Decision] = (),
    issued: Mapping[str, CardOrder] | None = None,
) -> Known:
    """What the workspace can verify cards with, and what its team decided about answers.

    ``issued``: its records, where they are read already.
    """
    orders = dict(memory.load(workspace).orders if issued is None else issued)
    newest = _newest(workspace, orders) if any(one.file for one in decisions) else {}
    return Known(workspace.id, workspace.keys, orders, tuple(decisions), newest)


def _newest(workspace: Workspace, orders: Mapping[str, CardOrder]) -> dict[CardKey, str]:
    """The record of each card that went out last, where the log tells it."""
    by_key: dict[CardKey, list[str]] = {}
    for digest, order in orders.items():
        if not order.test:
            by_key.setdefault(order.key, []).append(digest)
    log = IssuedLog(workspace)
    return {key: last for key, some in by_key.items() if (last := log.newest(some)) is not None}


def take_in(
    workspace: Workspace,
    executor: Executor | None = None,
    progress: Progress | None = None,
    *,
    now: datetime | None = None,
    register: Register | None = None,
    decisions: Sequence[Decision] = (),
    issued: Mapping[str, CardOrder] | None = None,
) -> Intake:
    """Read and judge everything in inbox/ and plans/; nothing there is changed.

    ``now``: the run's clock, after which no date can be true (None: they stand as they are).
    ``register``: plans of accounts that are not in it say so, and an answer from the address that
    somebody has by now is hers (None: nobody asks). ``decisions``: what its team settled about
    answers, where the register itself is not given. ``issued``: the workspace's records, where they
    are read already.
    """
    folders = (workspace.inbox, workspace.plans)
    paths = [inbox.listing(folder) for folder in folders]
    counted = _Counted(progress, sum(map(len, paths)))
    known = known_of(workspace, register.decisions if register else decisions, issued)
    shelf = Shelf(workspace, known)
    arrived, kept = (
        _Folder(workspace, folder, listed, shelf, executor, counted, _addresses(register))
        for folder, listed in zip(folders, paths, strict=True)
    )
    inboxed = [_in_inbox(file, arrived, kept) for file in arrived.files]
    companions = kept.companions(workspace.id)
    ours = {file.path for file in companions}
    plans = [_in_plans(file, kept, arrived) for file in kept.files if file.path not in ours]
    copies = [file for file in kept.duplicates if _first_of(file) not in ours]
    dated, said = timed([*inboxed, *plans], now)
    inboxed, plans = dated[: len(inboxed)], dated[len(inboxed) :]
    files, replies = _settled(inboxed, known.orders.values(), _pages_out(workspace, known.orders))
    plans = settled_plans(plans if register is None else of_register(plans, register))
    everything = (*files, *arrived.duplicates, *plans, *copies)
    return Intake(
        tuple(sorted(everything, key=lambda f: (f.path.casefold(), f.path))),
        _of_cards(replies),
        tuple(plan for file in plans if (plan := plan_of(file)) is not None),
        said,
        tuple(reply for reply in replies if not reply.answers.page.empty),
        companions,
    )


def _of_cards(replies: Iterable[Reply]) -> tuple[Reply, ...]:
    """Those that weigh or rate: what she says of our reply makes no figure."""
    return tuple(reply for reply in replies if reply.order.asks is not Asks.REPLY)


def take_in_plans(
    workspace: Workspace, register: Register, now: datetime | None = None
) -> tuple[FileResult, ...]:
    """The files of plans/ alone, duplicates left out."""
    known = Known(workspace.id, workspace.keys)
    plans, _ = timed(_alone(workspace, workspace.plans, known), now)
    return tuple(settled_plans(of_register(plans, register)))


def take_in_replies(
    workspace: Workspace, decisions: Sequence[Decision], now: datetime | None = None
) -> tuple[Reply, ...]:
    """The replies in inbox/ that count, as the team decided about them."""
    known = known_of(workspace, decisions)
    files, _ = timed(_alone(workspace, workspace.inbox, known), now)
    _, replies = _settled(files, known.orders.values())
    return _of_cards(replies)


def _alone(workspace: Workspace, folder: Path, known: Known) -> list[FileResult]:
    listed = inbox.listing(folder)
    shelf = Shelf(workspace, known)
    return _Folder(workspace, folder, listed, shelf, None, _Counted(None, 0), _Addresses()).files


@dataclass(frozen=True, slots=True)
class _Addresses:
    """Of the people who are asked, today, by (folded) ids; and the team's ``own``, all folded."""

    now: Mapping[tuple[str, str], str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()


def _addresses(register: Register | None) -> _Addresses:
    if register is None:
        return _Addresses()
    now = {ids: contact.email.casefold() for ids, contact in contacts_of(register).items()}
    own = (register.settings.sender_email, *(member.email for member in register.team))
    return _Addresses(now, frozenset(one.casefold() for one in own if one))


class _Counted:
    """Tells how many files of all folders are done."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def more(self, count: int) -> None:
        """So many more than the folders showed: they were packed."""
        self._total += count

    def add(self, done: int) -> None:
        """So many more."""
        self._done += done
        if self._progress and done:
            self._progress(self._done, self._total)


class _Folder:
    """One folder, read and judged: ``files``, each content once, and the ``duplicates``.

    The first path in order stands for all that hold the same.
    """

    def __init__(
        self,
        workspace: Workspace,
        folder: Path,
        paths: list[Path],
        shelf: Shelf,
        executor: Executor | None,
        counted: _Counted,
        team: _Addresses,
    ) -> None:
        walked = _Walked(workspace, folder, paths)
        found: list[tuple[Entry, FileResult]] = []
        for entry, judged in shelf.looked_into(walked, executor, counted.more):
            found.append((replace(entry, data=None), judged))
            counted.add(1)
        self.files: list[FileResult] = []
        self.duplicates: list[FileResult] = []
        self._paths: dict[str, str] = {}  # by content
        copies: dict[
            str, list[FileResult]
        ] = {}  # of the same content, by the path that stands for it
        mails: dict[str, MailNote] = {}  # by path; a mail's word on a content is not lost
        for entry, file in _settled_down(found, walked.changed()):
            first = self._first(entry)
            if entry.mail is not None:
                mails.setdefault(first, entry.mail)
            if first == entry.path:
                self.files.append(file)
            else:
                self.duplicates.append(_duplicate(entry, first))
                copies.setdefault(first, []).append(self.duplicates[-1])
        forgetting = shelf.known.forgetting
        hers = {
            file.path: forgetting.note(note, file.order)
            for file in self.files
            if (note := mails.get(file.path)) is not None
        }
        noted = (with_mail(f, hers.get(f.path), team.now, team.own) for f in self.files)
        self.files = beside_answers(noted, copies)
        self._contents = {path: content for content, path in self._paths.items()}

    def _first(self, entry: Entry) -> str:
        return self._paths.setdefault(entry.sha256, entry.path) if entry.sha256 else entry.path

    def companions(self, workspace: str) -> tuple[Judged, ...]:
        """Those of its files that kamxl wrote beside the plans of this workspace."""
        judged = (file for file in self.files if isinstance(file, Judged) and file.beside)
        return tuple(f for f in judged if f.beside and f.beside.whose.workspace == workspace)

    def twin(self, file: FileResult, other: _Folder) -> str | None:
        """The path under which ``other`` holds the same bytes as one of this folder's files."""
        return other._paths.get(self._contents.get(file.path, ""))


class _Walked:
    """The files of a folder, and which of them are others by now."""

    def __init__(self, workspace: Workspace, folder: Path, paths: list[Path]) -> None:
        self._entries = inbox.walk(folder, workspace.root, LIMITS.file, paths)
        self._paths = paths
        self._read: list[tuple[Entry, Path]] = []

    def __iter__(self) -> Iterator[Entry]:
        for path, entry in zip(self._paths, self._entries, strict=True):
            self._read.append((replace(entry, data=None), path))
            yield entry

    def changed(self) -> frozenset[str]:
        """Those that are still being copied: what was read of them may be half of it."""
        return frozenset(
            entry.path
            for entry, path in self._read
            if entry.stamp is not None and inbox.changed(path, entry.stamp)
        )


def _settled_down(
    found: list[tuple[Entry, FileResult]], changed: frozenset[str]
) -> Iterator[tuple[Entry, FileResult]]:
    """What was found, with one result that says so for each file that is still being copied."""
    said: set[str] = set()
    for entry, judged in found:
        source = entry.source or entry.path
        if source not in changed:
            yield entry, judged
        elif source not in said:
            said.add(source)
            whole = Entry(source, reason="still-changing", modified=entry.modified)
            yield whole, judge(whole, None)


def _duplicate(entry: Entry, first: str) -> FileResult:
    source = entry.source or entry.path
    file = FileResult(entry.path, source, "unknown", Fate.IGNORED, saved=entry.modified)
    return _duplicate_of(replace(file, mail=entry.mail), first)


def _duplicate_of(file: FileResult, first: str) -> FileResult:
    return replace(file, fate=Fate.IGNORED, findings=(finding("duplicate-file", of=first),))


def _first_of(duplicate: FileResult) -> object:
    """The path that stands for all files of its content."""
    return dict(duplicate.findings[0].details)["of"]


def _in_inbox(file: FileResult, arrived: _Folder, plans: _Folder) -> FileResult:
    """One of the team's own workbooks is no answer, wherever it lies in the inbox."""
    if file.kind == "plan":
        return _misplaced(file, arrived.twin(file, plans))
    return _left_alone(file, "inbox")


def _in_plans(file: FileResult, plans: _Folder, arrived: _Folder) -> FileResult:
    """A customer's answer is no plan; it does not count here, and must not be lost here."""
    if (
        file.kind in ("scorecard", "reply") and file.fate is not Fate.IGNORED
    ):  # a test card is lost nowhere
        return _misplaced(file, plans.twin(file, arrived))
    return _left_alone(_as_note(file), "plans")


def _as_note(file: FileResult) -> FileResult:
    """What the team itself wrote down beside its plans is no answer of anybody."""
    reasons = {(found.code, dict(found.details).get("reason")) for found in file.findings}
    if reasons.isdisjoint({("not-a-workbook", reason) for reason in ("text", "html", "unknown")}):
        return file
    stray = finding("not-a-workbook", reason="stray")
    return replace(file, fate=Fate.IGNORED, findings=(stray,))


def _misplaced(file: FileResult, twin: str | None) -> FileResult:
    """A file that belongs into the other folder: somebody has to move it, if it is not there."""
    if twin is not None:
        return _duplicate_of(file, twin)
    what = "scorecard" if file.kind == "reply" else file.kind  # both are a customer's answer
    found = finding("wrong-folder", what=what)
    return replace(file, fate=Fate.ATTENTION, findings=(found, *file.findings))


def _left_alone(file: FileResult, folder: str) -> FileResult:
    if file.kind not in ("register", "portfolio", "companion"):
        return file
    found = finding("wrong-folder", what=file.kind, folder=folder)
    return replace(file, fate=Fate.IGNORED, findings=(found, *file.findings))


def _pages_out(workspace: Workspace, orders: Mapping[str, CardOrder]) -> dict[CardKey, CardOrder]:
    """The record of each reply page that went out last."""
    pages = {digest: order for digest, order in orders.items() if order.asks is Asks.REPLY}
    return {key: pages[d] for key, d in _newest(workspace, pages).items()} if pages else {}


def _settled(
    files: list[FileResult],
    asked: Iterable[CardOrder],
    out: Mapping[CardKey, CardOrder] | None = None,
) -> tuple[list[FileResult], list[Reply]]:
    """The files with the fate they have among the others, and the replies that count.

    ``out``: the reply pages that went out last; who does not ask for pages needs none.
    """
    replies = {file.path: reply for file in files if (reply := _reply(file))}
    cards = [reply for reply in replies.values() if reply.order.asks is not Asks.REPLY]
    pages = [reply for reply in replies.values() if reply.order.asks is Asks.REPLY]
    every = (*settle(cards, asked), *settle_pages(pages, asked, out or {}))
    settled = {found.reply.source: found for found in every}
    final = [_final(file, settled.get(file.path)) for file in files]
    counting = [
        settled[file.path].reply for file in final if file.path in settled and _counts(file)
    ]
    return final, counting


def _reply(file: FileResult) -> Reply | None:
    if not _counts(file) or file.order is None or file.answers is None:
        return None
    said = (file.findings, file.saved, file.decision, claimed(file))
    return Reply(file.path, file.order, file.answers, *said)


def _counts(file: FileResult) -> bool:
    return file.fate in (Fate.ACCEPTED, Fate.PROVISIONAL)


def _final(file: FileResult, settled: Settled | None) -> FileResult:
    if settled is None:
        return file
    fate = Fate.PROVISIONAL if settled.unsure else file.fate
    if not settled.counts:
        fate = Fate.ATTENTION if settled.waits else Fate.SUPERSEDED
    return replace(file, fate=fate, findings=(*file.findings, *settled.findings))
