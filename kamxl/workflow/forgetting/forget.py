"""Forgetting a person of a customer, at her request.

What kamxl keeps says a pseudonym from then on; cards that are out can still be read. What holds
her name goes last from the records, for by them everything else of hers is found: whoever is
interrupted does it once more.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from kamxl.apart import Died, call
from kamxl.core.cards import forgetting, seal
from kamxl.core.cards.persons import Addressee, Who, called, who
from kamxl.core.finding import Finding
from kamxl.core.ids import same_id
from kamxl.core.records.decision import Ruling
from kamxl.core.records.register import CardOrder, FileResult, Register
from kamxl.errors import KamxlError
from kamxl.excel.reading.limits import Refused
from kamxl.excel.writing.replacing import Unsuitable, with_said
from kamxl.store import cache, memory, sent
from kamxl.store.issued_log import IssuedLog
from kamxl.store.reading import content
from kamxl.store.workspace import Workspace
from kamxl.wording.texts import languages, texts
from kamxl.workflow.cards import paths_of
from kamxl.workflow.files.registers import REGISTER, register_in
from kamxl.workflow.forgetting.traces import (
    ByHand,
    briefs_naming,
    companions_naming,
    in_inbox,
    in_pages,
    in_team_files,
    register_cells,
)
from kamxl.workflow.forgetting.whom import Person, Words, person_of
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming.answering import Period, cards_of
from kamxl.workflow.incoming.intake import Intake, take_in
from kamxl.workflow.outgoing.gathering import drafts_in
from kamxl.workflow.outgoing.recipients import keep_list
from kamxl.workflow.outgoing.testing import tested_place
from kamxl.workflow.results import Progress
from kamxl.workflow.start.identity import in_turn, opened
from kamxl.workflow.start.register import MOST, read_register
from kamxl.workflow.start.remembered import damaged_records

_OTHERS = frozenset({Ruling.OTHER_PERSON, Ruling.AS_TYPED})


@dataclass(frozen=True, slots=True)
class ForgetResult:
    """Who is forgotten, what of hers kamxl changes, and what only people can delete.

    ``state``: "shown" (nobody was asked whether to do it), "declined" or "forgotten". ``records``,
    ``registers`` and ``mails``: how many name her; ``files`` of ours that go, under the
    workspace.
    """

    language: str
    account: str
    contact: str
    pseudonym: str
    name: str = field(compare=False)
    state: str = "shown"
    records: int = 0
    registers: int = 0
    mails: int = 0
    files: tuple[str, ...] = ()
    by_hand: tuple[ByHand, ...] = ()
    memory: tuple[Finding, ...] = ()

    @property
    def attention(self) -> bool:
        """Whether something is left for people to do."""
        return bool(self.by_hand)


Agree = Callable[[ForgetResult], bool]


def forget(
    root: str | os.PathLike[str],
    contact: str,
    account: str | None = None,
    language: str | None = None,
    *,
    agree: Agree | None = None,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> ForgetResult:
    """Forget a person, by id ("K1", "ALPHA/K1") or name; without ``agree`` it is only shown.

    KamxlError: nobody or several are meant, or the register still has her; WorkspaceError: no
    workspace or readable register. OSError: not all was done; doing it again does the rest.
    """
    workspace = opened(root)
    looking.ready_for(workspace)
    register = read_register(workspace).register
    spoken = language or register.settings.language
    person = person_of(workspace, contact, account)
    words = Words.of(person)
    _refuse_listed(workspace, register, person, words)
    moment = now or datetime.now(UTC)
    intake = take_in(workspace, progress=progress, now=moment, register=register)
    beside = tuple(companions_naming(workspace, intake.companions, words))
    work = _Work(workspace, register, person, intake, moment, beside)
    found = (
        *in_inbox(intake.files, person),
        *in_pages(workspace, person, words),
        *in_team_files(workspace, words, beside),
    )
    shown = ForgetResult(
        spoken, person.account, person.id, work.pseudonym, person.name,
        records=len(person.orders), registers=len(list(work.registers())),
        files=tuple(map(workspace.relative, work.files())),
        by_hand=found, memory=damaged_records(workspace),
    )  # fmt: skip
    if agree is None:
        return shown
    if not agree(shown):
        return replace(shown, state="declined")
    with in_turn(workspace.root, "forget") as held:
        again = person_of(held, contact, account)  # somebody may have issued meanwhile
        return _Work(held, register, again, intake, moment, beside).done(shown)


def _refuse_listed(workspace: Workspace, register: Register, person: Person, words: Words) -> None:
    """KamxlError if the register still has her: she would be asked again."""
    key = workspace.keys[-1]
    listed = any(
        (same_id(one.account), same_id(one.id)) == (same_id(person.account), same_id(person.id))
        and (
            person.is_called(one.name, one.email)
            or forgetting.tag(key, one.name) in person.tags(key)
        )
        for one in register.contacts
    )
    if listed:
        cells = register_cells(workspace, words)
        where = ", ".join(f"{sheet}!{cell}" for sheet, cell in cells[:3])
        raise KamxlError("forget-listed", name=person.name, where=where)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be done about one person; ``beside``: the companions of plans that name her."""

    workspace: Workspace
    register: Register
    person: Person
    intake: Intake
    now: datetime
    beside: tuple[Path, ...]

    @property
    def pseudonym(self) -> str:
        word = texts(self.register.settings.language)("forget.contact")
        return self.person.pseudonym(self.workspace.keys[-1], word)

    def done(self, shown: ForgetResult) -> ForgetResult:
        """Do it; the records last."""
        unread = [self._in_register(path) for path in self.registers()]
        words, pseudonym = Words.of(self.person), self.pseudonym
        mails = sent.forget(self.workspace, lambda text: words.without(text, pseudonym))
        files = list(self.files())
        held = [one for path in files if (one := self._removed(path))]
        cache.remove(cache.left())  # her words are in what was read before
        self._in_records()
        self._lists_anew()
        left = (*shown.by_hand, *filter(None, unread), *held)
        names = tuple(map(self.workspace.relative, files))
        return replace(shown, state="forgotten", mails=mails, files=names, by_hand=left)

    def registers(self) -> Iterator[Path]:
        """The copies of registers that name her, and those that cannot be read."""
        words = Words.of(self.person)
        for path in memory.kept_registers(self.workspace) if self.person.known else ():
            try:
                if _says(content(path, REGISTER.file), words):
                    yield path
            except (OSError, Unsuitable):
                yield path

    def _in_register(self, path: Path) -> ByHand | None:
        """A copy of a register without her; what it is, if it cannot be written."""
        words, pseudonym = Words.of(self.person), self.pseudonym
        try:
            data = content(path, REGISTER.file)
            call(register_in, data, None, MOST)  # within limits, before it is taken apart here
            made = with_said(data, lambda t: words.without(t, pseudonym), REGISTER.inflated)
        except (OSError, Unsuitable, Refused, Died):
            return ByHand("unread", self.workspace.relative(path))
        memory.write_as_old(path, made)
        return None

    def files(self) -> Iterator[Path]:
        """Her cards and drafts in outbox/, and what names her beside the plans."""
        digests = {*self.person.orders, *self.person.gone}
        for folder in self._folders():
            for one in (folder, folder / "test"):
                yield from (d.path for d in drafts_in(one) if digests.intersection(d.cards))
        words = Words.of(self.person)
        briefs = dict.fromkeys(briefs_naming(self.workspace, self.person.account, words))
        yield from (path for path in (*self._cards(), *self.beside, *briefs) if path.is_file())

    def _lists_anew(self) -> None:
        """The lists of recipients without her, where there are any."""
        for folder in self._folders():
            there = [folder / name for name in _list_names() if (folder / name).is_file()]
            made = keep_list(self._asked_in(folder.name)) if there else None
            for path in there:
                if self.workspace.relative(path) != made:
                    path.unlink(missing_ok=True)

    def _asked_in(self, period: str) -> Period:
        return cards_of(self.workspace, self.register, period, intake=self.intake, now=self.now)

    def _folders(self) -> list[Path]:
        """The folders in outbox/ of the periods in which she was asked."""
        orders = (*self.person.orders.values(), *self.person.gone.values())
        return [self.workspace.outbox / period for period in sorted({o.period for o in orders})]

    def _cards(self) -> list[Path]:
        """Where her cards stand; not where somebody else has the same id by now."""
        orders = memory.load(self.workspace).orders
        log = IssuedLog(self.workspace)
        hers = {*self.person.orders, *self.person.gone}
        found = []
        for digest in sorted(hers):
            order = orders[digest]
            same = [d for d, o in orders.items() if o.key == order.key and not o.test]
            if order.test or (log.newest(same) or digest) in hers:
                found.append(order)
        paths = zip(found, paths_of(self.workspace, found), strict=True)
        return sorted({tested_place(path) if order.test else path for order, path in paths})

    def _removed(self, path: Path) -> ByHand | None:
        try:
            path.unlink(missing_ok=True)
        except PermissionError:  # a program has it open
            return ByHand("open", self.workspace.relative(path))
        return None

    def _in_records(self) -> None:
        first = self.workspace.keys[-1]
        own = self.person.tags(first)
        for digest, order in sorted(self.person.orders.items()):
            key = next(k for k in self.workspace.keys if seal.digest(order, k) == digest)
            names = _others(self.intake.files, order)
            others = forgetting.named_otherwise(first, order, names, own)
            made = forgetting.forgotten(order, key, self.pseudonym, own, others)
            memory.forget(self.workspace, digest, made)


def _others(files: Iterable[FileResult], order: CardOrder) -> list[str]:
    """The names of those who answered on a card beside her."""
    return [
        file.answers.name
        for file in files
        if file.order == order
        and file.answers is not None
        and (
            who(called(file.answers), Addressee.of(order)) is Who.OTHER
            or (file.decision is not None and file.decision.ruling in _OTHERS)
        )
    ]


def _says(data: bytes, words: Words) -> bool:
    """Whether a workbook names her (Unsuitable)."""
    found: list[str] = []

    def seen(text: str) -> str:
        found.extend([text] if words.are_in(text) else [])
        return text

    with_said(data, seen, REGISTER.inflated)
    return bool(found)


def _list_names() -> list[str]:
    """What the list of recipients is called, in any language."""
    return [f"{texts(language)('mail.list.file')}.xlsx" for language in languages()]


__all__ = ["ByHand", "ForgetResult", "forget"]
