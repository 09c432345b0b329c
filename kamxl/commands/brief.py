"""``kamxl brief`` and the button Account brief: one page about a customer, for the visit."""

from __future__ import annotations

from kamxl.commands.parts.declared import Button, Command, Option
from kamxl.commands.parts.options import PERIOD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kamxl.commands.parts.given import Chance, Given
    from kamxl.workflow.buttons.desk import Desk, Said
    from kamxl.workflow.outgoing.briefing import BriefResult


def run(given: Given) -> BriefResult:
    """Write the page, and its PDF where something here can print."""
    from kamxl.workflow.outgoing.briefing import brief

    options = given.options
    return brief(
        given.folder, options.account, options.period, given.language,
        external=options.external, pdf=not options.no_pdf,
        now=given.now(), progress=given.progress,
    )  # fmt: skip


def as_json(result: BriefResult) -> dict[str, Any]:
    """The facts of the page, unrounded, and where it is."""
    from kamxl.workflow.shown.briefing import brief_json

    return brief_json(result)


def words(result: BriefResult) -> list[str]:
    """Where the page is; why there is no PDF, or nothing at all."""
    from kamxl.workflow.shown.briefing import brief_lines

    return brief_lines(result)


def press(desk: Desk, chance: Chance) -> Said:
    """Make the brief of the account in front, and show it."""
    from kamxl.workflow.buttons.briefing import brief_pressed

    return brief_pressed(desk)


COMMAND = Command(
    "brief",
    place=73,
    help="one A4 page about an account for the visit, as a page and as PDF in briefs/",
    options=(
        Option("account", metavar="ACCOUNT", help="the account's ID"),
        Option("--external", action="store_true",
               help="what the customer may have of it, in her language"),
        Option("--no-pdf", action="store_true", help="the page alone"),
        PERIOD,
    ),
    run=run,
    as_json=as_json,
    words=words,
    button=Button("brief", group="portfolio", place=74, image="FilePrintPreview", press=press),
)  # fmt: skip
