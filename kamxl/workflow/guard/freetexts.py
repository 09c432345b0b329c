"""What a team types and sends, looked through at its source: does it name another customer?

Only the cards that carry such a text are held back, and the finding names the cell of the Register
or the line of the team's own template. Figures are never looked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from kamxl.apart import Died, call
from kamxl.core.cards.addressing import contacts_of
from kamxl.core.cards.naming import Named, Names
from kamxl.core.cards.writers import Writers
from kamxl.core.finding import Finding, finding
from kamxl.core.ids import same_id
from kamxl.core.portfolio.replying import lines_of, words_for_her
from kamxl.core.records.register import CardOrder, Register
from kamxl.errors import WorkspaceError
from kamxl.excel.reading.limits import Refused
from kamxl.forms.letters.letter import PARTS
from kamxl.forms.register.places import Places
from kamxl.store.templates import shown
from kamxl.store.workspace import Workspace
from kamxl.wording.understood import folded
from kamxl.workflow.files.registers import places_in
from kamxl.workflow.lettering.saying import Saying
from kamxl.workflow.start.register import MOST, register_bytes

_Typed = tuple[str, tuple[str, ...]]  # a text, and what the register calls its place


_PLAN = "plan"  # where something stands that no cell of the register says


def _plan(key: tuple[str, ...]) -> str:
    return key[1] if key[0] == _PLAN else ""


def own_files(letters: Saying, language: str, kind: str) -> tuple[str, ...]:
    """The team's own templates in the mails of a kind, each once."""
    every = (name for part in PARTS for name in letters.own_files(f"{kind}.{part}", language))
    return tuple(dict.fromkeys(every))


class FreeTexts:
    """Looks through the typed texts of one order after the other."""

    def __init__(self, workspace: Workspace, register: Register, letters: Saying) -> None:
        self._workspace, self._letters = workspace, letters
        self._writers, self._contacts = Writers(register), contacts_of(register)
        self._names = Names(register, folded("legal_forms"))
        self._lines: dict[tuple[str, str], list[tuple[int, str]]] = {}

    def findings(self, order: CardOrder, kind: str | None) -> tuple[Finding, ...]:
        """Other customers named in what goes out with an order; ``kind``: of its mail, if any."""
        found = []
        for text, key in self._typed(order, kind):
            for named in self._names.others(text, order):
                sheet, cell = self._cell(text, key) or (None, None)
                found.append(self._told(named, sheet, cell, plan=_plan(key)))
        return tuple(dict.fromkeys((*found, *self._in_templates(order, kind))))

    def _typed(self, order: CardOrder, kind: str | None) -> Iterator[_Typed]:
        """The texts of an order that somebody typed freely, ids in file names among them."""
        of = order.account, order.segment
        yield order.account, ("account", order.account)
        yield order.segment, ("segment.id", *of)
        yield order.respondent, ("contact", order.account, order.respondent)
        yield order.segment_name, ("segment.name", *of)
        yield order.feedback, ("segment.feedback", *of)
        yield order.sender_function, self._place_of_writer(order, "function", "sender_function")
        for asked in order.requirements:
            yield asked.id, ("requirement.id", *of, asked.id)
            yield asked.label, ("requirement.label", *of, asked.id)
            for points, anchor in zip((0, 50, 100), asked.anchors, strict=True):
                yield anchor, (f"requirement.anchor{points}", *of, asked.id)
        for line in lines_of(order.page) if order.page else ():
            for text in words_for_her(line):
                yield text, (_PLAN, order.account)
        if kind is not None:
            signature = self._writers.of(order.account).signature
            yield signature, self._place_of_writer(order, "signature", "signature")
            ids = order.account, order.respondent
            contact = self._contacts.get((same_id(order.account), same_id(order.respondent)))
            for name in ("title", "salutation") if contact is not None else ():
                yield getattr(contact, name), (f"contact.{name}", *ids)

    def _place_of_writer(self, order: CardOrder, of_member: str, usual: str) -> tuple[str, ...]:
        """Where it stands what is said of the account's writer: in her row, else the settings."""
        member = self._writers.member(order.account)
        if member is not None and getattr(member, of_member):
            return f"team.{of_member}", member.id
        return "settings", usual

    def _in_templates(self, order: CardOrder, kind: str | None) -> Iterator[Finding]:
        for name in own_files(self._letters, order.language, kind) if kind else ():
            for number, line in self._read(order.language, name):
                for named in self._names.others(line, order):
                    file = shown(f"{order.language}/{name}")
                    yield self._told(named, file=file, line=number)

    def _read(self, language: str, name: str) -> list[tuple[int, str]]:
        """The lines of a template in which anybody is named, and their numbers."""
        if (language, name) not in self._lines:
            text = self._letters.own.text(language, name) or ""
            every = enumerate(text.splitlines(), 1)
            self._lines[language, name] = [(n, line) for n, line in every if self._names.met(line)]
        return self._lines[language, name]

    def _told(
        self,
        named: Named,
        sheet: str | None = None,
        cell: str | None = None,
        file: str = "",
        line: int = 0,
        plan: str = "",
    ) -> Finding:
        code = "other-customer" if named.sure else "other-customer-word"
        where = {"plan": plan} if plan else {}
        return finding(
            code, sheet=sheet, cell=cell, value=named.shown, what=named.what, file=file, line=line,
            **where,
        )  # fmt: skip

    def _cell(self, text: str, key: tuple[str, ...]) -> tuple[str, str] | None:
        return None if key[0] == _PLAN else self._places.find(text, *key)

    @cached_property
    def _places(self) -> Places:
        """The register once more, this time with its cells: read only if there is something."""
        try:
            return call(places_in, register_bytes(self._workspace), None, MOST)
        except (Refused, Died, WorkspaceError):
            return Places()
