"""Where somebody is named in what belongs to the team: listed, for only people may change it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import asdict, dataclass
from html import unescape
from pathlib import Path
from typing import Literal

from kamxl.apart import Died, call
from kamxl.core.records.page import ReplyPage
from kamxl.core.records.register import FileResult
from kamxl.excel.reading.book import Refused
from kamxl.excel.reading.limits import LIMITS
from kamxl.forms.paper.raw import a1
from kamxl.store import inbox, memory
from kamxl.store.inbox import Entry
from kamxl.store.workspace import Workspace
from kamxl.workflow.cards import paths_of
from kamxl.workflow.files.opening import read_any, unpacked
from kamxl.workflow.forgetting.whom import Person, Words
from kamxl.workflow.start.register import MOST

Kind = Literal["inbox", "plan", "register", "portfolio", "unread", "open", "page"]
_CELLS = 5  # of a sheet that are named
_TEXTS = (".html", ".csv", ".txt")
Cell = tuple[str, str]  # sheet and cell


@dataclass(frozen=True, slots=True)
class ByHand:
    """A file that names her, or holds what she sent; ``cells``: where, in a workbook.

    "unread": it cannot be looked into; "open": it is ours, and could not be deleted just now.
    """

    kind: Kind
    path: str
    cells: tuple[Cell, ...] = ()
    more: int = 0


def in_inbox(files: Iterable[FileResult], person: Person) -> list[ByHand]:
    """The files that came from her."""
    records = {order.key for order in (*person.orders.values(), *person.gone.values())}
    emails = {one.casefold() for one in person.emails}
    hers = {
        file.source
        for file in files
        if (file.order is not None and _is_of(file, person))
        or (file.order is None and not records.isdisjoint(file.named))
        or (file.mail is not None and _addresses(file) & emails)
    }
    return [ByHand("inbox", path) for path in sorted(hers)]


def _is_of(file: FileResult, person: Person) -> bool:
    return file.order in person.orders.values() or file.order in person.gone.values()


def _addresses(file: FileResult) -> set[str]:
    if file.mail is None:
        return set()
    failed = (one.address for one in file.mail.undelivered)
    return {one.casefold() for one in (file.mail.address, *file.mail.others, *failed)}


def in_pages(workspace: Workspace, person: Person, words: Words) -> list[ByHand]:
    """The replies to colleagues of hers that say who at the customer's does something: she."""
    others = (
        order
        for digest, order in memory.load(workspace).orders.items()
        if digest not in person.orders and digest not in person.gone and order.page is not None
    )
    named = [order for order in others if words.are_in(_said_on(order.page))]
    paths = sorted(set(paths_of(workspace, named)))
    return [ByHand("page", workspace.relative(path)) for path in paths]


def _said_on(page: ReplyPage | None) -> str:
    """All texts of a page, each on a line."""
    return "\n".join(_texts(asdict(page))) if page is not None else ""


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _texts(one)


def companions_naming(
    workspace: Workspace, companions: Iterable[FileResult], words: Words
) -> list[Path]:
    """The companions of plans that name her: our own, and consolidating makes those of today
    anew. Of those that cannot be looked into nobody knows.
    """
    paths = [workspace.root / one.path for one in companions]
    return [path for path in sorted(paths) if any(_in_file("plan", path, workspace, words))]


def briefs_naming(workspace: Workspace, account: str, words: Words) -> Iterator[Path]:
    """The briefs of her account, which is what they are about, and others that name her: our own,
    and they can be made anew. What was printed of a page goes with it.
    """
    for path in sorted(workspace.briefs.glob("*.html")) if workspace.briefs.is_dir() else ():
        entry = inbox.read(path, workspace.relative(path), workspace.root, MOST_BYTES)
        said = unescape((entry.data or b"").decode("utf-8", "replace"))
        if _is_brief_of(path, account) or words.are_in(said):
            yield from (path, path.with_suffix(".pdf"))
    for path in sorted(workspace.briefs.glob("*.pdf")) if workspace.briefs.is_dir() else ():
        if _is_brief_of(path, account):
            yield path


def _is_brief_of(path: Path, account: str) -> bool:
    name = path.name.casefold().removeprefix("brief--")
    return name.startswith(f"{account.casefold()}--")


def in_team_files(
    workspace: Workspace, words: Words, ours: Container[Path] = ()
) -> Iterator[ByHand]:
    """Plans, the register and portfolios of earlier days that name her; ``ours`` go anyway."""
    for path in inbox.listing(workspace.plans):
        if path not in ours:
            yield from _in_file("plan", path, workspace, words)
    for path in sorted(workspace.root.glob("*.*")):
        made_anew = (workspace.portfolio, workspace.report, workspace.answers)
        if path in made_anew or not path.is_file():
            continue
        kind: Kind = "register" if path.name.startswith("Register") else "portfolio"
        yield from _in_file(kind, path, workspace, words)


def register_cells(workspace: Workspace, words: Words) -> tuple[Cell, ...]:
    """Where the register names her."""
    found = _in_file("register", workspace.register, workspace, words)
    return tuple(cell for one in found for cell in one.cells)


def _in_file(kind: Kind, path: Path, workspace: Workspace, words: Words) -> Iterator[ByHand]:
    name = workspace.relative(path)
    entry = inbox.read(path, name, workspace.root, MOST_BYTES)
    if entry.data is None:
        if path.suffix.casefold() in _TEXTS and path.is_file():  # answers may be very many
            yield ByHand("unread", name)
        return
    if path.suffix.casefold() in _TEXTS:
        if words.are_in(entry.data.decode("utf-8", "replace")):
            yield ByHand(kind, name)
        return
    try:
        cells = call(cells_naming, entry, words, MOST)
    except Died:
        yield ByHand("unread", name)
        return
    if cells:
        yield ByHand(kind, name, tuple(cells[:_CELLS]), max(0, len(cells) - _CELLS))


MOST_BYTES = LIMITS.file


def cells_naming(entry: Entry, words: Words) -> list[Cell]:
    """What the process apart does: which cells of a workbook, packed or not, name her."""
    found: list[Cell] = []
    for member in unpacked(entry) or [entry]:
        try:
            raw = read_any(member.data or b"")
        except Refused:
            continue
        found += [
            (sheet.title, a1(*place))
            for sheet in raw.sheets
            for place, cell in sorted(sheet.cells.items())
            if cell.text and words.are_in(cell.text)
        ]
    return found
