"""Replies: what we understood and what we do, a small workbook for each card that was answered.

It goes out between two cards, once; the next card takes up the same, see ``issue``. The record of
what a page says is written before the page itself, and names the card that it answers.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from kamxl.core.cards import seal
from kamxl.core.cards.changes import asks_the_same
from kamxl.core.cards.last import Memories
from kamxl.core.cards.replies import is_hers
from kamxl.core.finding import Fate, Finding, finding
from kamxl.core.ids import same_id
from kamxl.core.period import in_order
from kamxl.core.portfolio.replying import lines_of
from kamxl.core.records.page import Asks
from kamxl.core.records.register import CardKey, CardOrder, FileResult, Reply
from kamxl.store import atomic, memory
from kamxl.store.issued_log import IssuedLog
from kamxl.store.reading import beginning
from kamxl.workflow.cards import CardPress, mark_of, paths_of
from kamxl.workflow.guard.proving import WayOut
from kamxl.workflow.incoming.answering import Asked, Period, asked_in
from kamxl.workflow.outgoing.letters import Desk, by_mail
from kamxl.workflow.outgoing.pages import Pages
from kamxl.workflow.outgoing.posting import Posting, Wanted
from kamxl.workflow.outgoing.recipients import keep_list
from kamxl.workflow.results import Apart, Progress, ReplyResult, Unreplied, WithoutPage, WrittenMail
from kamxl.workflow.start.identity import in_turn
from kamxl.workflow.start.remembered import damaged_records


def reply(
    root: str | os.PathLike[str],
    accounts: Iterable[str] = (),
    period: str | None = None,
    language: str | None = None,
    progress: Progress | None = None,
    *,
    now: datetime | None = None,
    press: CardPress | None = None,
) -> ReplyResult:
    """A reply page for everybody whose answer to a card of the period counts, and one draft each.

    Only for those of whom something is written in the plan for the customer; who left, or is not
    reached by mails, gets none. A page that is out and says the same stays as it is; one that was
    answered comes again only with what is new.
    KamxlError: no workspace, register, account or period; a broken template; somebody else at work
    there. OSError: something is not written.
    """
    with in_turn(root, "reply"):
        found = asked_in(Path(root), accounts, period, now=now)
        return _Replies(found, press or CardPress()).written(language, progress)


_PLANS = "plans/"  # what lies there is one, whatever is left of it
_OF_THE_FILE = frozenset({"saved-in-future", "other-format", "macros-ignored"})  # all was read


@dataclass(frozen=True, slots=True)
class _Due:
    """A page that goes out, or is out: ``order`` is its record, ``today`` what it is by now."""

    asked: Asked
    today: CardOrder
    order: CardOrder


@dataclass(frozen=True, slots=True)
class _Made:
    """A page as a workbook at ``path``, not yet written; ``leaks``: why it must not go out."""

    due: _Due
    path: Path
    key: bytes
    data: bytes
    leaks: tuple[Finding, ...]


class _Replies:
    """The replies to the answers of a period."""

    def __init__(self, found: Period, press: CardPress) -> None:
        self._found, self._press, self._workspace = found, press, found.workspace
        self._log = IssuedLog(found.workspace)
        self._memories = Memories(found.intake.replies, found.intake.files)
        self._records = self._in_order(found.issued)
        now = max(found.period, found.register.settings.period, key=in_order)
        self._pages = Pages(found.intake, self._records, now)
        self._way_out = WayOut(found.workspace, found.register, found.issued)
        for key, own in self._records.items():
            if key.asks is Asks.REPLY and key.period == found.period:
                self._pages.stands(next(reversed(own.values())))
        self._answered = {one.order.key for one in found.intake.pages if is_hers(one)}

    def written(self, language: str | None, progress: Progress | None) -> ReplyResult:
        """Make all, then write them: what fails does so before the first is written."""
        found, of_memory = self._found, damaged_records(self._workspace)
        due, without, left, unreached = self._sorted_out()
        self._press.prove([one.order for one in due])
        paths = paths_of(self._workspace, [one.order for one in due])
        made = []
        for done, (one, path) in enumerate(zip(due, paths, strict=True), 1):
            made.append(self._made(one, path))
            if progress:
                progress(done, len(due))
        posting = self._posting(made)
        atomic.sweep(self._workspace.outbox / found.period)
        states = {
            one.due.order.key: self._write(one)
            for one in made
            if not (one.leaks or posting.held.get(one.due.order.key))
        }
        posting.write()
        self._take_back(without)
        self._keep_list()
        return ReplyResult(
            "reply",
            found.period,
            language or found.register.settings.language,
            tuple(self._told(one, states, posting) for one in made),
            tuple(posting.mails),
            len(found.asked),
            undeliverable=tuple(unreached),
            left=tuple(left),
            memory=of_memory,
            without=tuple(without),
            plans=self._plans(),
        )

    # --- who gets one ----------------------------------------------------------------------------

    def _sorted_out(self) -> tuple[list[_Due], list[WithoutPage], list[Apart], list[Apart]]:
        due: list[_Due] = []
        without: list[WithoutPage] = []
        left: list[Apart] = []
        unreached: list[Apart] = []
        for asked in self._found.asked:
            if asked.order.asks is not Asks.CARD:
                continue
            one = self._due(asked)
            if not isinstance(one, _Due):
                without.append(_without(asked, one))
            elif asked.left:
                told = finding(asked.left, value=asked.order.respondent_email)
                left.append(self._apart(asked, told))
            elif asked.failed is not None and asked.failed.permanent:
                file = (asked.failed.file,)
                unreached.append(self._apart(asked, asked.failed.finding, file))
            else:
                due.append(one)
                self._pages.stands(one.order)
        return due, without, left, unreached

    def _due(self, asked: Asked) -> _Due | Unreplied:
        """Her page, or why she gets none."""
        own = self._own(asked)
        if own is None:
            return "other_person" if asked.replies else "unanswered"
        out = self._records.get(_as_page(asked.to).key, {})
        before = next(reversed(list(out.values())), None)
        answered = _as_page(asked.to).key in self._answered
        page = self._pages.page(asked.to, own, again=answered)
        if page is None:
            if answered:
                return "said"
            if self._pages.page(asked.to, own, alone=True) is not None:
                return "elsewhere"
            return self._unwritten(asked.to.account)
        today = replace(_as_page(asked.to), page=page)
        if before is not None and _says_the_same(before, today):
            return _Due(asked, today, before)
        known = {line for order in out.values() if order.page for line in lines_of(order.page)}
        if answered and known.issuperset(lines_of(page)):
            return "said"  # and left the rest open, which nobody is chased for
        return _Due(asked, today, today)

    def _unwritten(self, account: str) -> Unreplied:
        """Why there is nothing in the account's plan."""
        if self._pages.planned(account):
            return "unwritten"
        unread = (file.account or "" for file in self._plans())
        return "unread" if same_id(account) in map(same_id, unread) else "no_plan"

    def _plans(self) -> tuple[FileResult, ...]:
        """The plans of the accounts asked for, of which something was not read."""
        accounts = {same_id(asked.order.account) for asked in self._found.asked}
        return tuple(
            file
            for file in self._found.intake.files
            if (file.kind == "plan" or file.source.startswith(_PLANS))
            and file.fate in (Fate.ATTENTION, Fate.PROVISIONAL)
            and any(found.code not in _OF_THE_FILE for found in file.findings)
            and (file.account is None or same_id(file.account) in accounts)
        )

    def _own(self, asked: Asked) -> Reply | None:
        """The answer that surely is that of whom the register has under her id by now."""
        own = [one for one in asked.replies if self._memories.hers(one, asked.to)]
        return own[-1] if own else None

    def _apart(self, asked: Asked, told: Finding, files: tuple[str, ...] = ()) -> Apart:
        to, path = asked.to, self._workspace.relative(asked.path)
        ids = to.account, to.segment, to.respondent
        return Apart(*ids, to.respondent_name, to.respondent_email, path, told, files)

    # --- what goes out ---------------------------------------------------------------------------

    def _made(self, due: _Due, path: Path) -> _Made:
        key = memory.key_for(self._workspace, due.order, self._found.issued)
        data = self._press.press(due.order, mark_of(self._workspace, due.order, key))
        return _Made(due, path, key, data, self._way_out.of_card(due.today, path, data, due.order))

    def _posting(self, made: Iterable[_Made]) -> Posting:
        """The mails; a draft about a page that is not to go out any more is taken back."""
        found = self._found
        desk = Desk(found.workspace, found.register, found.issued)
        posting = Posting.of(
            found.workspace, found.register, desk, self._way_out, "reply", found.period,
            found.issued,
        )  # fmt: skip
        by = {one.due.order.key: one for one in made}
        wanted = []
        for asked in found.asked:
            page = _as_page(asked.to)
            one = by.get(page.key)
            mailed = None
            if one is not None and not one.leaks and by_mail(one.due.today):
                due = one.due
                mailed = desk.carried(due.today, one.path, one.data, issued=due.order)
            if one is None or not one.leaks:
                wanted.append(Wanted(page, mailed))
        posting.add(wanted)
        return posting

    def _write(self, made: _Made) -> str:
        """The page's state: its record is there before it is."""
        order = made.due.order
        digest, before = seal.digest(order, made.key), self._records.get(order.key, {})
        there = None
        with contextlib.suppress(OSError):
            there = beginning(made.path, len(made.data) + 1)
        if digest not in before:
            memory.remember(self._workspace, order, made.key)
        self._log.put_out(digest, before)
        if there != made.data:
            atomic.write(made.path, made.data)
        if digest in before and there == made.data:
            return "unchanged"
        return "new" if there is None and not before else "changed"

    def _take_back(self, without: Iterable[WithoutPage]) -> None:
        """Pages of which nothing is written for her any more: nobody shall send one by mistake."""
        keys = {
            (one.account, one.segment, one.respondent)
            for one in without
            if one.why in ("unwritten", "no_plan")
        }
        pages = [_as_page(one.to) for one in self._found.asked]
        gone = [page for page in pages if (page.account, page.segment, page.respondent) in keys]
        for path in paths_of(self._workspace, gone):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def _keep_list(self) -> None:
        """The list of recipients, with the pages that are out by now."""
        issued = memory.load(self._workspace).orders
        keep_list(replace(self._found, issued=issued))

    def _told(self, made: _Made, states: Mapping[CardKey, str], posting: Posting) -> WrittenMail:
        order, relative = made.due.order, self._workspace.relative
        mail = posting.by_card.get(order.key)
        return WrittenMail(
            order.account,
            order.segment,
            order.respondent,
            relative(made.path),
            None if mail is None else relative(mail.path),
            states.get(order.key, "skipped"),
            made.leaks or posting.held.get(order.key, ()),
        )

    def _in_order(self, issued: Mapping[str, CardOrder]) -> dict[CardKey, dict[str, CardOrder]]:
        """The records of each card, the newest last: as the log says, else by their files."""
        found: dict[CardKey, dict[str, CardOrder]] = {}
        for digest, order in issued.items():
            if not order.test:
                found.setdefault(order.key, {})[digest] = order
        return {key: self._by_age(own) for key, own in found.items()}

    def _by_age(self, own: Mapping[str, CardOrder]) -> dict[str, CardOrder]:
        if len(own) < 2:
            return dict(own)
        newest = self._log.newest(own)
        rest = [d for d in memory.by_age(self._workspace, own) if d != newest]
        return {digest: own[digest] for digest in (*rest, *filter(None, (newest,)))}


def _as_page(order: CardOrder) -> CardOrder:
    """A card's order as that of its reply page, still without one: it asks nothing else."""
    return replace(
        order, asks=Asks.REPLY, page=None, requirements=(), competitors=(), last=(),
        last_period="", feedback="", due=None,
    )  # fmt: skip


def _says_the_same(before: CardOrder, today: CardOrder) -> bool:
    """Whether the page that is out is still the one to go out, whoever sends it by now."""
    old, new = before.page, today.page
    if old is None or new is None or old.answers != new.answers or lines_of(old) != lines_of(new):
        return False
    return asks_the_same(replace(before, page=new), today)


def _without(asked: Asked, why: Unreplied) -> WithoutPage:
    to = asked.to
    return WithoutPage(to.account, to.segment, to.respondent, to.respondent_name, why)
