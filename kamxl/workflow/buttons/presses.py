"""What each button of the add-in does: a use case, its progress, and one message at the end.

Each loads its own use case, when pressed: who asks for help waits for nothing that reads workbooks.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kamxl import __version__
from kamxl.core.finding import Finding, Severity
from kamxl.errors import KamxlError
from kamxl.excel.live import opened, program
from kamxl.excel.live.bridge import xw
from kamxl.store import atomic
from kamxl.wording.texts import Texts
from kamxl.workflow.buttons.desk import Desk, Stopped
from kamxl.workflow.results import ConsolidateResult, needs_attention
from kamxl.workflow.shown import summary

if TYPE_CHECKING:
    from kamxl.core.records.register import FileResult
    from kamxl.forms.letters import findings_list
    from kamxl.workflow.buttons.onscreen import OpenPortfolio

_SHOWN = 6  # lines of what needs attention in a message: a box has no scroll bar


@dataclass(frozen=True, slots=True)
class Said:
    """What a button says at the end; ``wrong``: it did not do what was asked."""

    text: str
    wrong: bool = False


class Chance(Protocol):
    """Where ids and keys come from (the module ``secrets``)."""

    def token_bytes(self, nbytes: int | None = None) -> bytes: ...

    def token_hex(self, nbytes: int | None = None) -> str: ...


def new(desk: Desk, chance: Chance) -> Said:
    """Make a workspace in a folder that the user picks, and open its register."""
    folder = program.choose_folder(desk.app, desk.said("addin.choose_new"))
    if folder is None:
        raise Stopped
    register = folder / "Register.xlsx"
    from kamxl.workflow.start.identity import refuse_lost

    refuse_lost(folder)
    if not register.exists():
        with desk.at_work():
            from kamxl.workflow.start.init import init

            init(
                folder,
                desk.language,
                workspace_id=f"ws-{chance.token_hex(6)}",
                key=chance.token_bytes(32),
                now=desk.now,
            )
        text = desk.said("addin.made", folder=folder.name)
    else:
        text = desk.said("addin.there_already", folder=folder.name)
    desk.remember(folder)
    return Said(_joined(text, desk.show(register)))


def issue_cards(desk: Desk, chance: Chance) -> Said:
    """Make the scorecards and plans of the period."""
    root = desk.workspace()
    desk.settle(root / "Register.xlsx")
    with desk.at_work() as progress:
        from kamxl.workflow.outgoing.issue import issue

        result = issue(root, language=desk.language, progress=progress, now=desk.now)
    lines = summary.issue_lines(result)
    return Said(_cut(lines, desk.said, "Register.xlsx"), wrong=result.nothing is not None)


def check_active(desk: Desk, chance: Chance) -> Said:
    """Judge the workbook in front, and list what is wrong with a way to each cell."""
    book = program.active_book(desk.app)
    if book is None:
        raise Stopped(desk.said("addin.no_book"))
    path = opened.here(book, desk.synced)
    if path is None or not path.exists():
        key = "addin.nowhere" if opened.address_of(book) is None else "addin.in_cloud"
        raise Stopped(desk.said(key, name=book.name))
    desk.settle(path)
    with desk.at_work() as progress:
        from kamxl.forms.letters import findings_list
        from kamxl.workflow.incoming.check import check
        from kamxl.workflow.start.identity import above

        result = check([path], above(path), desk.language, progress)
        file = result.files[0]
        rows = findings_list.listed(file.findings)
        listed = _list_of(desk, file, path, rows) if rows else None
    fate = desk.said(f"cli.fate_{file.fate.value}", count=1)
    beside = "".join(f"\n{desk.said.sentence(found)}" for found in result.memory)
    if listed is None:
        return Said(desk.said("addin.nothing_wrong", name=path.name, fate=fate) + beside)
    listed.activate()
    wrong = sum(row.finding.severity is Severity.ERROR for row in rows)
    words = {"name": path.name, "fate": fate, "errors": wrong, "others": len(rows) - wrong}
    return Said(desk.said("addin.checked", **words) + beside)


def _list_of(
    desk: Desk, file: FileResult, path: Path, rows: Sequence[findings_list.Listed]
) -> xw.Book:
    """The list as an open workbook; each place is a link into the workbook that was checked."""
    from kamxl.excel.writing.draw import build, render
    from kamxl.forms.letters import findings_list

    fate = desk.said(f"cli.fate_{file.fate.value}", count=1)
    drawn = findings_list.book(path.name, fate, rows, desk.language, desk.now)
    target = desk.places.scratch / f"{desk.said('addin.list.sheet')}.xlsx"
    before = opened.find(desk.app, target)
    if before is not None:
        before.book.close()
    if opened.named(desk.app, target.name) is not None:  # Excel holds one workbook of a name
        raise Stopped(desk.said("addin.same_name", name=target.name))
    book = desk.app.books.open(str(atomic.write(target, render(build(drawn)))))
    sheet = book.sheets[0]
    for row in rows:
        if row.finding.sheet:
            title = row.finding.sheet.replace("'", "''")
            link = f"{path}#'{title}'!{row.finding.cell or 'A1'}"
            sheet.range((row.row, findings_list.PLACE)).add_hyperlink(link, row.place)
    return book


def consolidate_here(desk: Desk, chance: Chance) -> Said:
    """Consolidate, and refresh the portfolio where it is open; else write and open it."""
    from kamxl.workflow.buttons.onscreen import OpenPortfolio
    from kamxl.workflow.incoming.consolidate import consolidate

    root = desk.workspace()
    desk.settle(root / "Register.xlsx")
    there = desk.shown_at(root / "Portfolio.xlsx")
    screen = OpenPortfolio(there, desk.places.scratch, desk.opened) if there is not None else None
    try:
        with desk.at_work() as progress:
            result = consolidate(root, progress=progress, screen=screen, now=desk.now)
    except Exception as problem:
        if _refreshed(screen) is None:
            raise
        raise KamxlError(desk.said("addin.half_done")) from problem
    shown = _refreshed(screen)
    said = _consolidated(desk.said, result, shown, root)
    if shown is not None:  # and whose it is, was settled
        shown.book.activate()
        return Said(said)
    return Said(_joined(said, desk.show(root / result.written)))


def _refreshed(screen: OpenPortfolio | None) -> OpenPortfolio | None:
    """The open workbook that is no longer the old one: the portfolio, or its dated sibling."""
    found = (one for one in (screen, screen and screen.sibling) if one is not None and one.begun)
    return next(found, None)


def _consolidated(
    said: Texts, result: ConsolidateResult, shown: OpenPortfolio | None, root: Path
) -> str:
    """One sentence, then what needs attention."""
    period, files = result.portfolio.period, summary.counts_line(result.files, said)
    lines = [said("addin.consolidated", period=period, files=files)]
    if not (root / "inbox").is_dir():
        lines.append(said("addin.no_inbox"))
    if shown is not None and not shown.saved:
        lines.append(said("addin.save_yourself"))
    if shown is not None and shown.lost:
        lines.append(said("addin.lost_filters", columns=", ".join(shown.lost)))
    if shown is not None and shown.pages_lost:
        lines.append(said("addin.lost_pages"))
    lines += _attention(said, result)
    return "\n".join(lines)


def _attention(said: Texts, result: ConsolidateResult) -> list[str]:
    waiting = [file for file in result.files if needs_attention(file)]
    own = [found for found in (*result.memory, *result.findings) if _speaks(found)]
    sentences = [said.sentence(found) for found in own]
    sentences += [f"{f.path}: {said.sentence(summary.first_reason(f))}" for f in waiting]
    if not sentences:
        return [said("addin.all_well")]
    shown = [f"• {sentence}" for sentence in sentences[:_SHOWN]]
    rest = len(sentences) - len(shown)
    more = [said("addin.more_in_intake", count=rest)] if rest else []
    return ["", said("addin.attention", count=len(sentences)), *shown, *more]


def _speaks(found: Finding) -> bool:
    """An error, or something about the portfolio itself, is said; other warnings are on a sheet."""
    return found.severity is Severity.ERROR or found.code in summary.OF_PORTFOLIO


def open_portfolio(desk: Desk, chance: Chance) -> Said:
    """Open Portfolio.xlsx."""
    path = desk.workspace() / "Portfolio.xlsx"
    if not path.exists():
        raise Stopped(desk.said("addin.no_portfolio"))
    said = desk.show(path)
    return Said(said, wrong=bool(said))


def _joined(*sentences: str) -> str:
    return "\n".join(filter(None, sentences))


def about(desk: Desk, chance: Chance) -> Said:
    """Versions, interpreter, log file, and whether every part of the add-in is in order."""
    from kamxl.workflow.buttons import setup as addin_setup
    from kamxl.workflow.buttons import status as addin_status

    said, places = desk.said, desk.places
    parts = [
        said("addin.about", version=__version__, xlwings=xw.__version__, excel=desk.app.version),
        said("addin.python", version=platform.python_version(), path=sys.executable),
        said("addin.log", path=places.log),
        "",
    ]
    result = addin_status.status(addin_setup.this_machine(desk.language), desk.language)
    told = [
        f"{said(f'setup.part_{part.part}')}: {part.sentence}" for part in result.parts if part.told
    ]
    parts += [*told, *([] if result.attention else [said("addin.self_test_well")])]
    return Said("\n".join(parts), wrong=result.attention)


def _cut(lines: Iterable[str], said: Texts, where: str) -> str:
    """The first lines, and how many more there are."""
    every = list(lines)
    if len(every) > _SHOWN + 4:
        every = [
            *every[: _SHOWN + 3],
            said("addin.more_in", count=len(every) - _SHOWN - 3, where=where),
        ]
    return "\n".join(every)


BUTTONS: dict[str, Callable[[Desk, Chance], Said]] = {
    "new": new,
    "issue": issue_cards,
    "check": check_active,
    "consolidate": consolidate_here,
    "open": open_portfolio,
    "about": about,
}
