"""What a team types and sends, looked through at its source: does it name another customer?

Only the cards that carry such a text are held back, and the finding names the cell of the Register
or the line of the team's own template. Figures are never looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from kamxl.apart import Died, call
from kamxl.core.cards.addressing import contacts_of
from kamxl.core.cards.naming import Named, Names
from kamxl.core.cards.writers import Writers
from kamxl.core.finding import Finding, finding
from kamxl.core.ids import same_id
from kamxl.core.records.register import CardOrder, Register
from kamxl.errors import WorkspaceError
from kamxl.excel.reading.limits import Refused
from kamxl.forms.letters.reading import PARTS, Shelf
from kamxl.forms.register.places import Places
from kamxl.store.workspace import Workspace
from kamxl.wording.understood import folded
from kamxl.workflow.files.registers import places_in
from kamxl.workflow.start.register import MOST, register_bytes

_Typed = tuple[str, tuple[str, ...]]  # a text, and what the register calls its place


class FreeTexts:
    """Looks through the typed texts of one order after the other."""

    def __init__(self, workspace: Workspace, register: Register) -> None:
        self._workspace = workspace
        self._writers, self._contacts = Writers(register), contacts_of(register)
        self._names = Names(register, folded("legal_forms"))
        self._templates = workspace.root / "templates" / "mail"
        self._lines: dict[Path, list[str]] = {}
        self._files: dict[tuple[str, str], tuple[Path, ...]] = {}

    def findings(self, order: CardOrder, kind: str | None) -> tuple[Finding, ...]:
        """Other customers named in what goes out with an order; ``kind``: of its mail, if any."""
        found = [
            self._told(named, *(self._cell(text, key) or (None, None)))
            for text, key in self._typed(order, kind)
            for named in self._names.others(text, order)
        ]
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
        for path in self._own_files(order.language, kind) if kind else ():
            file = path.relative_to(self._workspace.root).as_posix()
            for number, line in enumerate(self._read(path), 1):
                for named in self._names.others(line, order):
                    yield self._told(named, file=file, line=number)

    def _own_files(self, language: str, kind: str) -> Iterable[Path]:
        """The team's own files in the mails of a kind, each once."""
        if (language, kind) not in self._files:
            shelf = Shelf(self._templates, language)
            every = (path for part in PARTS for path in shelf.own_files(f"{kind}.{part}"))
            self._files[language, kind] = tuple(dict.fromkeys(every))
        return self._files[language, kind]

    def _read(self, path: Path) -> list[str]:
        if path not in self._lines:
            self._lines[path] = path.read_text(encoding="utf-8", errors="replace").splitlines()
        return self._lines[path]

    def _told(
        self,
        named: Named,
        sheet: str | None = None,
        cell: str | None = None,
        file: str = "",
        line: int = 0,
    ) -> Finding:
        code = "other-customer" if named.sure else "other-customer-word"
        return finding(
            code, sheet=sheet, cell=cell, value=named.shown, what=named.what, file=file, line=line
        )

    def _cell(self, text: str, key: tuple[str, ...]) -> tuple[str, str] | None:
        return self._places.find(text, *key)

    @cached_property
    def _places(self) -> Places:
        """The register once more, this time with its cells: read only if there is something."""
        try:
            return call(places_in, register_bytes(self._workspace), None, MOST)
        except (Refused, Died, WorkspaceError):
            return Places()
